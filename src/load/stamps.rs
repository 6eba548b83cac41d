//! What tells, without reading them, that files are those that were read before.

use std::fs;
use std::path::Path;

use sha2::{Digest as _, Sha256};

/// A moment of a file system: seconds since 1970, and nanoseconds.
pub type Moment = (i64, i64);

/// How the files of a family are told: of equal stamps the files are the same, unless one was
/// changed twice within what its file system takes for one moment ([`Self::are_settled`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamps {
    /// A hash of the paths, and of inode, size and times of each file.
    pub hash: [u8; 32],
    /// When the last of them was changed.
    newest: Moment,
}

/// For how long a file system may take changes for one moment: 2 seconds on a FAT drive.
const ONE_MOMENT: i64 = 3;

impl Stamps {
    /// Whether a change since `now`, by the clock of the same file system, could not go unseen.
    pub fn are_settled(&self, now: Moment) -> bool {
        self.newest.0.saturating_add(ONE_MOMENT) < now.0
    }
}

/// Takes the stamps of files one by one.
pub(super) struct Stamping {
    hash: Sha256,
    newest: Moment,
}

impl Stamping {
    pub(super) fn new() -> Self {
        Self { hash: Sha256::new(), newest: (i64::MIN, 0) }
    }

    /// Adds something that is known by its name: a folder.
    pub(super) fn name(&mut self, name: &str) {
        self.hash.update(name.len().to_le_bytes());
        self.hash.update(name);
    }

    /// Adds a plain file; `None` where it is none, or the system tells too little.
    #[cfg(unix)]
    pub(super) fn file(&mut self, name: &str, path: &Path) -> Option<()> {
        use std::os::unix::fs::MetadataExt as _;
        let meta = fs::symlink_metadata(path).ok().filter(fs::Metadata::is_file)?;
        self.name(name);
        let (changed, touched) = ((meta.mtime(), meta.mtime_nsec()), (meta.ctime(), meta.ctime_nsec()));
        for number in [changed.0, changed.1, touched.0, touched.1] {
            self.hash.update(number.to_le_bytes());
        }
        for number in [meta.ino(), meta.size()] {
            self.hash.update(number.to_le_bytes());
        }
        // Whatever is changed in a file, the system sets this time; the other one anybody may set.
        self.newest = self.newest.max(touched);
        Some(())
    }

    /// Adds a plain file; `None` where it is none, or the system tells too little.
    #[cfg(not(unix))]
    pub(super) fn file(&mut self, _name: &str, _path: &Path) -> Option<()> {
        None
    }

    pub(super) fn finish(self) -> Stamps {
        Stamps { hash: self.hash.finalize().into(), newest: self.newest }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_was_just_changed_is_not_settled() {
        let stamps = Stamps { hash: [0; 32], newest: (100, 5) };
        assert!(!stamps.are_settled((100, 9)) && !stamps.are_settled((103, 9)) && stamps.are_settled((104, 0)));
    }

    #[test]
    #[cfg(unix)]
    fn a_file_that_is_written_or_replaced_has_other_stamps_and_one_left_alone_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        let stamps = || {
            let mut stamping = Stamping::new();
            stamping.file("a", &path).map(|()| stamping.finish())
        };
        assert_eq!(stamps(), None);
        fs::write(&path, "1").unwrap();
        let first = stamps().unwrap();
        assert_eq!(stamps(), Some(first));
        fs::write(&path, "12").unwrap();
        assert_ne!(stamps().unwrap().hash, first.hash);
        let beside = folder.path().join("b");
        fs::write(&beside, "1").unwrap();
        fs::rename(beside, &path).unwrap();
        assert_ne!(stamps().unwrap().hash, first.hash);
        assert_ne!(Stamping::new().finish().hash, first.hash);
    }
}
