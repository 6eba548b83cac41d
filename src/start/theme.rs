//! `disclose theme eject`: the default theme, copied out of the program to be changed.

use std::fs;
use std::path::{Path, PathBuf};

use super::{StartError, must_be_a_site, write_new};
use crate::load::scaffold::is_theme_name;
use crate::load::{embedded_file, embedded_files};
use crate::text::nearest;

/// Where the default theme's files have their paths.
const DEFAULT: &str = "themes/default/";

/// What was copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ejected {
    /// The theme's folder.
    pub folder: PathBuf,
    /// The files below it, in order.
    pub files: Vec<String>,
}

/// Copies the default theme, or one file of it, to `themes/<name>`. Nothing is overwritten: of
/// files that are there already none is written at all.
///
/// # Errors
/// [`StartError`] when the name cannot be a folder, there is no such file, or one is there
/// already.
pub fn eject(root: &Path, name: &str, only: Option<&str>) -> Result<Ejected, StartError> {
    if !is_theme_name(name) {
        return Err(StartError::ThemeName(name.escape_debug().to_string()));
    }
    must_be_a_site(root)?;
    let files: Vec<(&str, &[u8])> = match only {
        Some(only) => vec![one(only)?],
        None => embedded_files().filter_map(|(path, bytes)| Some((path.strip_prefix(DEFAULT)?, bytes))).collect(),
    };
    let path = |file: &str| format!("themes/{name}/{file}");
    for folder in ["themes".to_owned(), format!("themes/{name}")] {
        let folder = root.join(folder);
        if fs::symlink_metadata(&folder).is_ok_and(|found| !found.is_dir()) {
            return Err(StartError::NotAFolder(folder));
        }
    }
    for (file, _) in &files {
        let full = root.join(path(file));
        if fs::symlink_metadata(&full).is_ok() {
            return Err(StartError::Taken(full));
        }
    }
    for (file, bytes) in &files {
        write_new(root, &path(file), bytes)?;
    }
    let files = files.into_iter().map(|(file, _)| file.to_owned()).collect();
    Ok(Ejected { folder: root.join("themes").join(name), files })
}

/// A file of the default theme by its path below it: `templates/base.html`.
fn one(file: &str) -> Result<(&'static str, &'static [u8]), StartError> {
    let written = file.strip_prefix(DEFAULT).unwrap_or(file).replace('\\', "/");
    let known: Vec<&'static str> = embedded_files().filter_map(|(path, _)| path.strip_prefix(DEFAULT)).collect();
    let found = known.iter().find(|known| **known == written);
    let bytes = found.and_then(|found| Some((*found, embedded_file(&format!("{DEFAULT}{found}"))?)));
    bytes.ok_or_else(|| {
        let near = nearest(&written, known.iter().copied());
        let help = near.map_or_else(|| known.join("、"), |near| format!("是不是 {near}？"));
        StartError::NoSuchFile { file: file.escape_debug().to_string(), help }
    })
}
