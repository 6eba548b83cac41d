//! What the last build remembers of its files, so that the next one takes over those that would
//! be made from the same: [`Memory`], kept in `.disclose-cache` of the site.
//!
//! A file is taken over when its recipe is the remembered one, the manifest of the published
//! tree lists it with the remembered hash, and it is still the very file that was written: same
//! inode, size, time and permissions. Whatever does not fit, a memory that is damaged or of
//! another program included, only costs the time to make the file again.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io::Write as _;
use std::ops::Range;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::links::Outward;
use crate::render::content::{Hash, Made};
use crate::render::recipe::Recipe;

/// Where it is kept, below the site's folder.
const FILE: &str = ".disclose-cache/built";

/// What it begins with: the format and the program.
const FORMAT: &str = "disclose-built-1";

/// The length of the hash that it ends with.
const SEAL: usize = 32;

/// What is remembered of the files of a build.
#[derive(Debug, Default)]
pub(super) struct Memory {
    file: PathBuf,
    bytes: Vec<u8>,
    /// Where each file's entry is, by its path.
    entries: HashMap<String, Range<usize>>,
}

/// What is remembered of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Remembered {
    /// What it was made from.
    pub(super) recipe: Recipe,
    /// Its size and hash.
    pub(super) made: Made,
    /// The file as it was written.
    pub(super) stamp: Stamp,
    /// Its anchors, and its links to other folders.
    pub(super) outward: Outward,
}

/// What tells that a file is the one that was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    inode: u64,
    bytes: u64,
    seconds: i64,
    nanoseconds: i64,
    mode: u32,
}

impl Stamp {
    /// The number of the file, as [`inode_of`] gives it.
    pub(super) const fn inode(self) -> u64 {
        self.inode
    }

    /// The stamp of a plain file; `None` where the system tells too little.
    pub(super) fn of(file: &Path) -> Option<Self> {
        Self::of_meta(&fs::symlink_metadata(file).ok()?)
    }

    /// The stamp of a plain file by what the system says of it.
    #[cfg(unix)]
    pub(super) fn of_meta(meta: &fs::Metadata) -> Option<Self> {
        use std::os::unix::fs::MetadataExt as _;
        let stamp = Self {
            inode: meta.ino(),
            bytes: meta.size(),
            seconds: meta.mtime(),
            nanoseconds: meta.mtime_nsec(),
            mode: meta.mode(),
        };
        meta.is_file().then_some(stamp)
    }

    /// The stamp of a plain file by what the system says of it; `None` where that is too little.
    #[cfg(not(unix))]
    pub(super) fn of_meta(_meta: &fs::Metadata) -> Option<Self> {
        None
    }
}

/// The number of a file by which all its names lead to it; zero where the system has none.
#[cfg(unix)]
pub(super) fn inode_of(meta: &fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(meta)
}

#[cfg(not(unix))]
pub(super) fn inode_of(_meta: &fs::Metadata) -> u64 {
    0
}

impl Memory {
    /// What is remembered below a site's folder.
    pub(super) fn of(root: &Path) -> Self {
        let file = root.join(FILE);
        let bytes = fs::read(&file).unwrap_or_default();
        let entries = entries(&bytes).unwrap_or_default();
        Self { file, bytes, entries }
    }

    /// What is remembered of the file at a path, if it was made from this.
    pub(super) fn find(&self, path: &str, recipe: Recipe) -> Option<Remembered> {
        let entry = self.bytes.get(self.entries.get(path)?.clone())?;
        Reader(entry).remembered().filter(|remembered| remembered.recipe == recipe)
    }

    /// Remembers these files instead. What cannot be written is forgotten.
    pub(super) fn keep(self, files: BTreeMap<String, Remembered>) {
        let mut bytes = head();
        for (path, remembered) in files {
            let mut entry = Vec::new();
            write(&mut entry, &remembered);
            push(&mut bytes, path.as_bytes());
            push(&mut bytes, &entry);
        }
        let seal = Sha256::digest(&bytes);
        bytes.extend(seal);
        if bytes == self.bytes {
            return;
        }
        let beside = self.file.with_extension("new");
        let written = self.file.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| {
            fs::File::create(&beside)?.write_all(&bytes)?;
            fs::rename(&beside, &self.file)
        });
        if written.is_err() {
            // A memory of another build would be of no use.
            let _ = fs::remove_file(&self.file);
        }
    }
}

/// The format and the program: its version, and the file that it runs from.
fn head() -> Vec<u8> {
    let mut head = Vec::new();
    push(&mut head, FORMAT.as_bytes());
    push(&mut head, env!("CARGO_PKG_VERSION").as_bytes());
    let program = std::env::current_exe().ok().and_then(|program| Stamp::of(&program));
    push(&mut head, format!("{program:?}").as_bytes());
    head
}

/// Where the entries are; `None` where the bytes are no memory of this program.
fn entries(bytes: &[u8]) -> Option<HashMap<String, Range<usize>>> {
    let (body, seal) = bytes.split_at_checked(bytes.len().checked_sub(SEAL)?)?;
    let rest = body.strip_prefix(head().as_slice())?;
    if Sha256::digest(body)[..] != *seal {
        return None;
    }
    let (mut reader, mut entries) = (Reader(rest), HashMap::new());
    while !reader.0.is_empty() {
        let path = std::str::from_utf8(reader.piece()?).ok()?.to_owned();
        let entry = reader.piece()?;
        let end = body.len() - reader.0.len();
        entries.insert(path, end - entry.len()..end);
    }
    Some(entries)
}

/// A piece with its length.
fn push(out: &mut Vec<u8>, piece: &[u8]) {
    out.extend((piece.len() as u64).to_le_bytes());
    out.extend(piece);
}

fn write(out: &mut Vec<u8>, remembered: &Remembered) {
    let Remembered { recipe, made, stamp, outward } = remembered;
    out.extend(recipe.0);
    out.extend(made.sha256.0);
    for number in [made.bytes, stamp.inode, stamp.bytes, u64::from(stamp.mode)] {
        out.extend(number.to_le_bytes());
    }
    for number in [stamp.seconds, stamp.nanoseconds] {
        out.extend(number.to_le_bytes());
    }
    let anchors: Vec<u8> = outward.anchors.iter().flat_map(|anchor| anchor.to_le_bytes()).collect();
    push(out, &anchors);
    for (target, anchor) in &outward.links {
        out.extend(target.to_le_bytes());
        out.extend(anchor.to_le_bytes());
    }
}

/// Reads what was written; `None` where it ends too early.
struct Reader<'b>(&'b [u8]);

impl<'b> Reader<'b> {
    fn take(&mut self, length: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    fn number(&mut self) -> Option<u64> {
        self.array().map(u64::from_le_bytes)
    }

    fn piece(&mut self) -> Option<&'b [u8]> {
        let length = usize::try_from(self.number()?).ok()?;
        self.take(length)
    }

    fn remembered(mut self) -> Option<Remembered> {
        let recipe = Recipe(self.array()?);
        let sha256 = Hash(self.array()?);
        let made = Made { bytes: self.number()?, sha256 };
        let (inode, bytes, permissions) = (self.number()?, self.number()?, u32::try_from(self.number()?).ok()?);
        let [seconds, nanoseconds] = [self.array()?, self.array()?].map(i64::from_le_bytes);
        let words = |piece: &[u8]| -> Vec<u32> {
            piece.chunks_exact(4).filter_map(|word| word.try_into().ok().map(u32::from_le_bytes)).collect()
        };
        let anchors = words(self.piece()?).into();
        let links = words(self.0).chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
        let stamp = Stamp { inode, bytes, seconds, nanoseconds, mode: permissions };
        Some(Remembered { recipe, made, stamp, outward: Outward { anchors, links } })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn remembered(number: u8) -> Remembered {
        Remembered {
            recipe: Recipe([number; 32]),
            made: Made::of(&[number]),
            stamp: Stamp { inode: 7, bytes: 1, seconds: -1, nanoseconds: 9, mode: 0o100_644 },
            outward: Outward { anchors: [1, u32::MAX].into(), links: [(2, 3), (u32::MAX, 0)].into() },
        }
    }

    #[test]
    fn what_is_kept_is_found_by_the_same_recipe_and_no_other() {
        let site = tempfile::tempdir().unwrap();
        assert_eq!(Memory::of(site.path()).find("a.html", Recipe([1; 32])), None);
        let files = [("a.html", remembered(1)), ("b/c.html", remembered(2))];
        let files = BTreeMap::from(files.map(|(path, kept)| (path.to_owned(), kept)));
        Memory::of(site.path()).keep(files.clone());
        let memory = Memory::of(site.path());
        for (path, kept) in files {
            assert_eq!(memory.find(&path, kept.recipe), Some(kept));
        }
        assert_eq!(memory.find("a.html", Recipe([2; 32])), None);
        assert_eq!(memory.find("c.html", Recipe([1; 32])), None);
    }

    #[test]
    fn a_memory_that_was_altered_or_cut_off_is_none() {
        let site = tempfile::tempdir().unwrap();
        let file = site.path().join(FILE);
        Memory::of(site.path()).keep(BTreeMap::from([("a.html".to_owned(), remembered(1))]));
        let whole = fs::read(&file).unwrap();
        for at in 0..whole.len() {
            let mut altered = whole.clone();
            altered[at] ^= 1;
            for bytes in [&altered[..], &whole[..at]] {
                fs::write(&file, bytes).unwrap();
                assert_eq!(Memory::of(site.path()).find("a.html", Recipe([1; 32])), None, "{at}");
            }
        }
        fs::write(&file, whole).unwrap();
        assert!(Memory::of(site.path()).find("a.html", Recipe([1; 32])).is_some());
    }
}
