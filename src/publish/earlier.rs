//! The tree that is published now: what stays as it is, is not written again.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::memory::{Stamp, inode_of};
use super::readers::{Opening, mode, owner};
use super::tree::hash_of;
use super::{PublishError, manifest};
use crate::render::content::{Hash, Made};

/// The published tree, as far as files may be linked from it.
#[derive(Debug)]
pub struct Earlier {
    folder: PathBuf,
    hashes: BTreeMap<String, Hash>,
    /// A file that is made now.
    like: Like,
    /// Whether files can have two names here.
    can_link: bool,
    /// What is changed about files that are made now.
    opening: Opening,
    /// Files that the manifest lists as they were made again, and that are not as it lists them.
    altered: Mutex<BTreeSet<String>>,
}

/// What a published file must have in common with one that is made now: under another umask files
/// are made anew, and what is another user's need not be ours to link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Like {
    mode: u32,
    owner: u32,
}

impl Like {
    fn of(meta: &fs::Metadata) -> Self {
        Self { mode: mode(meta), owner: owner(meta) }
    }
}

impl Earlier {
    /// The tree at `folder`, without files where no build has published into it yet, or where files
    /// cannot have two names.
    ///
    /// # Errors
    /// A file error, when nothing can be written into `staging`.
    pub fn of(folder: &Path, staging: &Path) -> Result<Self, PublishError> {
        let probe = staging.join(manifest::FILE);
        fs::write(&probe, "").map_err(PublishError::io("写入", &probe))?;
        let opening = Opening::of(&probe).map_err(PublishError::io("查看", &probe))?;
        let like = fs::metadata(&probe).map(|meta| Like::of(&meta)).map_err(PublishError::io("查看", &probe))?;
        let linked = probe.with_extension("linked");
        let can_link = fs::hard_link(&probe, &linked).is_ok();
        for file in can_link.then_some(&linked).into_iter().chain([&probe]) {
            fs::remove_file(file).map_err(PublishError::io("清理", file))?;
        }
        let hashes = manifest::of_folder(folder).unwrap_or_default();
        Ok(Self { folder: folder.to_owned(), hashes, can_link, like, opening, altered: Mutex::default() })
    }

    /// What is changed about files that are made now, so that everybody may read them.
    pub fn opening(&self) -> Opening {
        self.opening
    }

    /// The inode of the published file when it holds exactly these bytes.
    ///
    /// The manifest alone is not believed: a file that was altered in place after it had been
    /// published would be handed on from build to build.
    pub fn same_bytes(&self, path: &str, made: &Made, bytes: &[u8]) -> Option<u64> {
        let (file, inode) = self.candidate(path, made)?;
        if !fs::read(&file).is_ok_and(|published| published == bytes) {
            self.tell_altered(path);
            return None;
        }
        Some(inode)
    }

    /// The inode of the published file when it holds what was made, by its hash.
    pub fn same_hash(&self, path: &str, made: &Made) -> Option<u64> {
        let (file, inode) = self.candidate(path, made)?;
        if !hash_of(&file).is_ok_and(|published| published == made.sha256) {
            self.tell_altered(path);
            return None;
        }
        Some(inode)
    }

    /// Whether the published file is still the very file that was written with this hash.
    pub fn is_untouched(&self, path: &str, sha256: &Hash, stamp: Stamp) -> bool {
        self.can_link
            && self.hashes.get(path).is_some_and(|listed| listed == sha256)
            && fs::symlink_metadata(self.folder.join(path))
                .is_ok_and(|meta| Stamp::of_meta(&meta) == Some(stamp) && Like::of(&meta) == self.like)
    }

    /// The published files that were found altered or missing, as far as they had to be the same.
    pub fn altered(self) -> BTreeSet<String> {
        self.altered.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell_altered(&self, path: &str) {
        self.altered.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned());
    }

    /// The bytes of a published file, as long as they are those that the manifest lists.
    pub fn published(&self, path: &str) -> Option<(Vec<u8>, Made)> {
        let listed = self.hashes.get(path)?;
        let file = self.folder.join(path);
        let bytes = fs::symlink_metadata(&file).is_ok_and(|meta| meta.is_file()).then(|| fs::read(&file).ok())??;
        let made = Made::of(&bytes);
        (made.sha256 == *listed).then_some((bytes, made))
    }

    /// The published file that may hold what was made, by all that is known without reading it, and
    /// its inode.
    fn candidate(&self, path: &str, made: &Made) -> Option<(PathBuf, u64)> {
        self.hashes.get(path).filter(|listed| **listed == made.sha256)?;
        let file = self.folder.join(path);
        let meta = fs::symlink_metadata(&file).ok().filter(|meta| meta.is_file() && meta.len() == made.bytes);
        let Some(meta) = meta else {
            self.tell_altered(path);
            return None;
        };
        (self.can_link && Like::of(&meta) == self.like).then(|| (file, inode_of(&meta)))
    }
}
