//! What a site begins with: files that are written once, for people to go on from.
//!
//! - [`site`]: a new site, with an [`example`].
//! - [`theme`]: the default theme, to be changed.
//! - [`schemas`]: JSON Schemas for editors; only these are written again by a newer program.
//! - [`trial`]: invented sites of any size, for trials.
//!
//! Nothing else ever overwrites or deletes: a file is written where none stands, or not at all.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::load::{LoadError, ScaffoldError};
use crate::synth::press::Incomplete;
use crate::text::is_forbidden;

pub mod example;
pub mod schemas;
pub mod site;
pub mod theme;
pub mod trial;

/// Why nothing was begun.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The folder holds something.
    #[error("{path} 不是空目录，没有改动。里面有：{found}。\n请换一个新目录，或者先移走里面的文件")]
    NotEmpty {
        /// The folder.
        path: PathBuf,
        /// What it holds, as far as it is told.
        found: String,
    },
    /// The path is a file or something else that can hold no files.
    #[error("{0} 不是目录，没有改动；请换一个名字")]
    NotAFolder(PathBuf),
    /// The folder's name holds characters that cannot be seen.
    #[error("目录名“{0}”里有看不见的字符，没有新建；请换一个名字")]
    HiddenCharacters(String),
    /// The folder is no site.
    #[error("{0} 不是网站目录：没有 site.toml，也没有 content；用 --root 指明网站目录")]
    NotASite(PathBuf),
    /// Something stands where a file would be written.
    #[error("{0} 已经有了，没有改动；要重做请先移走它")]
    Taken(PathBuf),
    /// The name of a theme cannot be a folder, or is the one inside the program.
    #[error("主题名“{0}”只能用小写英文字母、数字和连字符，也不能是 default，例如 my-theme")]
    ThemeName(String),
    /// The default theme has no such file.
    #[error("默认主题中没有“{file}”；{help}")]
    NoSuchFile {
        /// What was asked for.
        file: String,
        /// What there is.
        help: String,
    },
    /// A folder cannot be read.
    #[error("不能读取 {path}：{}", crate::text::io_reason(source))]
    Read {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file or folder could not be written.
    #[error("不能写 {path}：{}", crate::text::io_reason(source))]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The site cannot be read.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// A skeleton could not be made.
    #[error(transparent)]
    Scaffold(#[from] ScaffoldError),
    /// The form set leaves cells open.
    #[error(transparent)]
    Set(#[from] Incomplete),
}

/// Makes sure that a folder is that of a site, so that a mistyped one gets no files.
fn must_be_a_site(root: &Path) -> Result<(), StartError> {
    let is_site = root.join("site.toml").is_file() || root.join("content").is_dir();
    if is_site { Ok(()) } else { Err(StartError::NotASite(root.to_owned())) }
}

/// How many of the names in a folder are told.
const MOST_NAMES: usize = 8;

/// Makes sure that a folder is there and holds nothing but, at most, `.git`.
///
/// # Errors
/// [`StartError`] when it holds something, is no folder or cannot be made; then nothing was
/// changed.
pub fn empty_folder(path: &Path) -> Result<(), StartError> {
    let written = path.to_string_lossy();
    if written.chars().any(is_forbidden) || written.contains(char::is_control) {
        return Err(StartError::HiddenCharacters(visible(&written)));
    }
    match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(source) => return Err(StartError::Read { path: path.to_owned(), source }),
        Ok(found) if !found.is_dir() => return Err(StartError::NotAFolder(path.to_owned())),
        Ok(_) => {
            let names = names_in(path)?;
            if !names.is_empty() {
                return Err(StartError::NotEmpty { path: path.to_owned(), found: told(&names) });
            }
        }
    }
    fs::create_dir_all(path).map_err(|source| StartError::Write { path: path.to_owned(), source })
}

/// The names in a folder but `.git`, sorted.
fn names_in(path: &Path) -> Result<Vec<String>, StartError> {
    let failed = |source| StartError::Read { path: path.to_owned(), source };
    let mut names = Vec::new();
    for entry in fs::read_dir(path).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name();
        if name != ".git" {
            names.push(visible(&name.to_string_lossy()));
        }
    }
    names.sort();
    Ok(names)
}

fn told(names: &[String]) -> String {
    let shown = names[..names.len().min(MOST_NAMES)].join("、");
    if names.len() > MOST_NAMES { format!("{shown} 等 {} 项", names.len()) } else { shown }
}

/// A name as messages may show it: what cannot be seen is a question mark.
fn visible(name: &str) -> String {
    name.chars().map(|c| if is_forbidden(c) || c.is_control() { '?' } else { c }).collect()
}

/// Writes a file of a site where none stands yet, with the folders it lies in.
fn write_new(root: &Path, path: &str, bytes: &[u8]) -> Result<(), StartError> {
    let path = root.join(path);
    let failed = |source| StartError::Write { path: path.clone(), source };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    let file = fs::OpenOptions::new().write(true).create_new(true).open(&path);
    file.and_then(|mut file| file.write_all(bytes)).map_err(failed)
}
