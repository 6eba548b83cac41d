//! The tree that is published now: what stays as it is, is linked from it instead of written.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::memory::Stamp;
use super::readers::{Opening, mode};
use super::tree::hash_of;
use super::{PublishError, manifest};
use crate::render::content::Made;

/// The published tree, as far as files may be linked from it.
#[derive(Debug)]
pub struct Earlier {
    folder: PathBuf,
    hashes: BTreeMap<String, String>,
    /// The permissions of a file that is made now: under another umask files are made anew.
    mode: u32,
    /// What is changed about files that are made now.
    opening: Opening,
    /// Files that the manifest lists as they were made again, and that are not as it lists them.
    altered: Mutex<BTreeSet<String>>,
}

impl Earlier {
    /// The tree at `folder`, without files where no build has published into it yet.
    ///
    /// # Errors
    /// A file error, when nothing can be written into `staging`.
    pub fn of(folder: &Path, staging: &Path) -> Result<Self, PublishError> {
        let probe = staging.join(manifest::FILE);
        fs::write(&probe, "").map_err(PublishError::io("写入", &probe))?;
        let opening = Opening::of(&probe).map_err(PublishError::io("查看", &probe))?;
        let mode = fs::metadata(&probe).map(|meta| mode(&meta)).map_err(PublishError::io("查看", &probe))?;
        let hashes = manifest::of_folder(folder).unwrap_or_default();
        Ok(Self { folder: folder.to_owned(), hashes, mode, opening, altered: Mutex::default() })
    }

    /// What is changed about files that are made now, so that everybody may read them.
    pub fn opening(&self) -> Opening {
        self.opening
    }

    /// Lets everybody read a file that was made now.
    pub fn open(&self, file: &Path) {
        self.opening.open(file);
    }

    /// Links the published file to `to` when it holds exactly these bytes; says whether it did.
    ///
    /// The manifest alone is not believed: a file that was altered in place after it had been
    /// published would be handed on from build to build.
    pub fn link(&self, path: &str, sha256: &str, bytes: &[u8], to: &Path) -> bool {
        let Some(file) = self.candidate(path, sha256, bytes.len() as u64) else { return false };
        if !fs::read(&file).is_ok_and(|published| published == bytes) {
            self.tell_altered(path);
            return false;
        }
        fs::hard_link(&file, to).is_ok()
    }

    /// The published files that were found altered or missing, as far as they had to be the same.
    pub fn altered(self) -> BTreeSet<String> {
        self.altered.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell_altered(&self, path: &str) {
        self.altered.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned());
    }

    /// Links the published file to `to` when it is still the very file that was written with this
    /// hash; says whether it did.
    pub fn take_over(&self, path: &str, sha256: &str, stamp: Stamp, to: &Path) -> bool {
        let file = self.folder.join(path);
        self.hashes.get(path).is_some_and(|listed| listed == sha256)
            && Stamp::of(&file) == Some(stamp)
            && stamp.permissions() == self.mode
            && fs::hard_link(&file, to).is_ok()
    }

    /// Puts the published file in the place of one that had to be written to be known, when both
    /// are the same.
    ///
    /// # Errors
    /// A file error, when the written file can be neither replaced nor kept.
    pub fn link_over(&self, path: &str, made: &Made, to: &Path) -> io::Result<bool> {
        let Some(file) = self.candidate(path, &made.sha256, made.bytes) else { return Ok(false) };
        if !hash_of(&file).is_ok_and(|published| published == made.sha256) {
            self.tell_altered(path);
            return Ok(false);
        }
        let aside = to.with_extension("linked");
        if fs::hard_link(&file, &aside).is_err() {
            return Ok(false);
        }
        fs::rename(&aside, to).map(|()| true)
    }

    /// The bytes of a published file, as long as they are those that the manifest lists.
    pub fn published(&self, path: &str) -> Option<(Vec<u8>, Made)> {
        let listed = self.hashes.get(path)?;
        let file = self.folder.join(path);
        let bytes = fs::symlink_metadata(&file).is_ok_and(|meta| meta.is_file()).then(|| fs::read(&file).ok())??;
        let made = Made::of(&bytes);
        (made.sha256 == *listed).then_some((bytes, made))
    }

    /// The published file that may hold what was made, by all that is known without reading it.
    fn candidate(&self, path: &str, sha256: &str, bytes: u64) -> Option<PathBuf> {
        self.hashes.get(path).filter(|listed| *listed == sha256)?;
        let file = self.folder.join(path);
        let Some(meta) = fs::symlink_metadata(&file).ok().filter(|meta| meta.is_file() && meta.len() == bytes) else {
            self.tell_altered(path);
            return None;
        };
        (mode(&meta) == self.mode).then_some(file)
    }
}
