//! `disclose new disclosure`: the files of a new year, ready to be filled in.

use std::path::{Path, PathBuf};

/// Why no skeleton was written.
#[derive(Debug, thiserror::Error)]
pub enum ScaffoldError {
    /// Not there yet.
    #[error("还没有做好")]
    Todo,
}

/// Writes the skeleton of a disclosure and returns its folder.
///
/// # Errors
/// [`ScaffoldError`] when the folder is there already or cannot be written.
pub fn new_disclosure(_root: &Path, _unit: &str, _year: i32, _set: &str) -> Result<PathBuf, ScaffoldError> {
    Err(ScaffoldError::Todo)
}
