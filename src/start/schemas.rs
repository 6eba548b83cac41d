//! The JSON Schemas that a site keeps for editors.

use std::fs;
use std::path::Path;

use super::{StartError, must_be_a_site};
use crate::load::schema;

/// The schemas by their paths below a site.
pub fn files() -> impl Iterator<Item = (String, String)> {
    schema::files().map(|(name, text)| (format!("{}/{name}", schema::FOLDER), text))
}

/// Writes the schemas of this version of the program into a site, in place of those of another;
/// answers with how many were new or changed.
///
/// # Errors
/// [`StartError`] when the folder is no site or cannot be written.
pub fn refresh(root: &Path) -> Result<usize, StartError> {
    must_be_a_site(root)?;
    let mut changed = 0;
    for (path, text) in files() {
        let full = root.join(path);
        if fs::read(&full).is_ok_and(|old| old == text.as_bytes()) {
            continue;
        }
        let failed = |source| StartError::Write { path: full.clone(), source };
        if let Some(folder) = full.parent() {
            fs::create_dir_all(folder).map_err(failed)?;
        }
        // A link would lead the write somewhere else.
        if fs::symlink_metadata(&full).is_ok_and(|found| !found.is_file()) {
            return Err(StartError::Taken(full));
        }
        fs::write(&full, text).map_err(failed)?;
        changed += 1;
    }
    Ok(changed)
}
