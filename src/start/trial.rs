//! `disclose synth`: an invented site that passes every check, as large as asked for.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;

use super::{StartError, empty_folder, write_new};
use crate::load::load;
use crate::synth::site::{Size, Works};

/// How much was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// How many files.
    pub files: u64,
    /// How many bytes in them.
    pub bytes: u64,
}

/// Writes an invented site into an empty folder. Units are made, written and dropped one by
/// one; the same size gives the same bytes.
///
/// # Errors
/// [`StartError`] when the folder is not empty or cannot be written.
pub fn trial_site(root: &Path, size: Size) -> Result<Written, StartError> {
    empty_folder(root)?;
    let blank = load(root)?.site;
    let works = Works::new(&blank, size)?;
    let (files, bytes) = (AtomicU64::new(0), AtomicU64::new(0));
    let write = |(path, text): (String, String)| {
        files.fetch_add(1, Ordering::Relaxed);
        bytes.fetch_add(u64::try_from(text.len()).unwrap_or_default(), Ordering::Relaxed);
        write_new(root, &path, text.as_bytes())
    };
    write(works.settings())?;
    (0..size.units).into_par_iter().try_for_each(|number| works.unit(number).into_iter().try_for_each(write))?;
    Ok(Written { files: files.into_inner(), bytes: bytes.into_inner() })
}
