//! The anchors of pages, kept while a site is made: in a file, since those of thousands of
//! disclosures take more memory than everything else that is known of their pages.
//!
//! A page that links to an anchor of another seldom comes before it, and then its anchors are read
//! back. The file becomes part of what the next build remembers ([`super::memory`]).

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use super::spill::{Spill, read_at};

/// The anchors of a page in a [`Store`]: hashes of four bytes each, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stored {
    pub(super) place: Place,
    /// Where they begin, in bytes.
    pub(super) start: u64,
    /// How many bytes they are.
    pub(super) length: u32,
    /// The CRC-32 of these bytes.
    pub(super) crc: u32,
}

/// Which part of a [`Store`] something is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// The file of this build.
    File,
    /// The file that the last build left.
    Before,
    /// Memory, where there is no file.
    Memory,
}

/// Where anchors are kept.
#[derive(Debug, Default)]
pub(super) struct Store {
    memory: Vec<u8>,
    file: Option<Spill>,
    before: Option<File>,
}

impl Store {
    /// A store in the file at `path`, beside the one that the last build left.
    pub(super) const fn in_file(path: PathBuf, before: Option<File>) -> Self {
        Self { memory: Vec::new(), file: Some(Spill::at(path)), before }
    }

    /// Keeps the anchors of a page. Where the file cannot be written they are kept in memory.
    pub(super) fn add(&mut self, anchors: &[u32]) -> Stored {
        let bytes: Vec<u8> = anchors.iter().flat_map(|anchor| anchor.to_le_bytes()).collect();
        let start = self.file.as_mut().and_then(|spill| spill.append(&bytes).ok());
        let place = if start.is_some() { Place::File } else { Place::Memory };
        let start = start.unwrap_or_else(|| {
            self.memory.extend(&bytes);
            (self.memory.len() - bytes.len()) as u64
        });
        let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        Stored { place, start, length, crc: crc32fast::hash(&bytes) }
    }

    /// The anchors of a page; `None` where they cannot be read, or are not those that were kept.
    pub(super) fn read(&self, stored: Stored) -> Option<Vec<u32>> {
        let mut bytes = vec![0; usize::try_from(stored.length).ok()?];
        match stored.place {
            Place::Memory => {
                let kept = self.memory.get(usize::try_from(stored.start).ok()?..)?.get(..bytes.len())?;
                bytes.copy_from_slice(kept);
            }
            Place::File => self.file.as_ref()?.read(stored.start, &mut bytes).ok()?,
            Place::Before => read_at(self.before.as_ref()?, stored.start, &mut bytes).ok()?,
        }
        let words = bytes.as_chunks().0.iter().map(|word| u32::from_le_bytes(*word)).collect();
        (crc32fast::hash(&bytes) == stored.crc).then_some(words)
    }

    /// Brings over what the last build left, where it is `still` of use: runs of bytes, one after
    /// the other.
    ///
    /// # Errors
    /// A file error.
    pub(super) fn bring(&mut self, still: &[(u64, u64)]) -> io::Result<()> {
        for (start, length) in still {
            let before = self.before.as_ref().ok_or(io::ErrorKind::NotFound)?;
            self.file.as_mut().ok_or(io::ErrorKind::Unsupported)?.bring(before, *start, *length)?;
        }
        Ok(())
    }

    /// Writes something behind the anchors, of which no more come.
    ///
    /// # Errors
    /// A file error, also where anchors are in memory because of an earlier one.
    pub(super) fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        let file = self.file.as_mut().filter(|_| self.memory.is_empty()).ok_or(io::ErrorKind::Unsupported)?;
        file.append(bytes).map(drop)
    }

    /// Puts the file of this build in its place.
    ///
    /// # Errors
    /// A file error.
    pub(super) fn finish(self, to: &Path) -> io::Result<()> {
        self.file.ok_or(io::ErrorKind::Unsupported)?.take(to)
    }

    /// How long the file of this build is.
    pub(super) fn end(&self) -> u64 {
        self.file.as_ref().map_or(0, Spill::end)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn what_is_kept_is_read_back_wherever_it_is() {
        let dir = tempfile::tempdir().unwrap();
        let folder_is_a_file = dir.path().join("file");
        fs::write(&folder_is_a_file, "").unwrap();
        let stores = [
            Store::default(),
            Store::in_file(dir.path().join("a/anchors"), None),
            Store::in_file(folder_is_a_file.join("anchors"), None),
        ];
        let places = [Place::Memory, Place::File, Place::Memory];
        for (mut store, place) in stores.into_iter().zip(places) {
            let kept = [&[1, u32::MAX][..], &[], &[7]].map(|anchors| (store.add(anchors), anchors));
            for (page, anchors) in kept {
                assert_eq!((page.place, store.read(page)), (place, Some(anchors.to_vec())));
            }
            let (first, _) = kept[0];
            assert_eq!(store.read(Stored { length: 4, ..first }), None);
            assert_eq!(store.read(Stored { start: 400, ..first }), None);
        }
        assert!(!dir.path().join("a/anchors").exists());
    }

    #[test]
    fn a_finished_file_holds_what_is_still_of_use() {
        let dir = tempfile::tempdir().unwrap();
        let [before, after] = ["before", "after"].map(|name| dir.path().join(name));
        fs::write(&before, "0123456789").unwrap();
        let mut store = Store::in_file(dir.path().join("new"), File::open(&before).ok());
        store.add(&[u32::from_le_bytes(*b"word")]);
        assert_eq!(store.end(), 4);
        store.bring(&[(7, 2), (1, 3)]).and_then(|()| store.append(b"end")).unwrap();
        store.finish(&after).unwrap();
        assert_eq!(fs::read_to_string(&after).unwrap(), "word78123end");
        let mut store = Store::in_file(dir.path().join("new"), File::open(&before).ok());
        assert!(store.bring(&[(7, 4)]).is_err());
        drop(store);
        assert!(!dir.path().join("new").exists());
    }
}
