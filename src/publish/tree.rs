//! A tree of files held against its manifest: what was added, what is missing, what was altered.

use std::cell::RefCell;
use std::fs;
use std::io::{self, Read};
use std::path::Path;

use rayon::prelude::*;
use walkdir::WalkDir;

use super::readers::{mode, owner};
use super::{PublishError, manifest};
use crate::render::content::{Gauge, Hash};

/// How a tree differs from its manifest; every list is in order of the paths.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Differences {
    /// How many files the manifest lists.
    pub listed: usize,
    /// 新增: files that the manifest does not list.
    pub added: Vec<String>,
    /// 缺失: files that it lists and that are not there.
    pub missing: Vec<String>,
    /// 被改动: files whose bytes are not those that it lists.
    pub altered: Vec<String>,
}

impl Differences {
    /// Whether the tree is as its manifest says.
    pub const fn is_none(&self) -> bool {
        self.added.is_empty() && self.missing.is_empty() && self.altered.is_empty()
    }
}

/// Rereads every file below `folder` against its `MANIFEST`, or against a copy of the manifest
/// that was kept elsewhere: who alters files may alter the manifest beside them too.
///
/// # Errors
/// [`PublishError::NoManifest`] when there is none or it cannot be read, or a file error.
pub fn differences(folder: &Path, kept: Option<&Path>) -> Result<Differences, PublishError> {
    let own = folder.join(manifest::FILE);
    let text = manifest::read(kept.unwrap_or(&own))?;
    let mut expected = manifest::parse(&text).ok_or_else(|| {
        let reason = "有的行不是“校验值  路径”，或者路径写了两次".to_owned();
        PublishError::NoManifest { path: kept.unwrap_or(&own).to_owned(), reason }
    })?;
    let listed = expected.len();
    let mut found = Differences { listed, ..Differences::default() };
    let mut present = Vec::new();
    for entry in WalkDir::new(folder).min_depth(1).sort_by_file_name() {
        let entry = entry.map_err(|error| PublishError::io("查看", folder)(error.into()))?;
        if entry.file_type().is_dir() {
            continue;
        }
        let path = relative(folder, entry.path());
        if path == manifest::FILE {
            if fs::read_to_string(entry.path()).ok().as_ref() != Some(&text) {
                found.altered.push(path);
            }
            continue;
        }
        match expected.remove(&path) {
            None => found.added.push(path),
            // A link is not the file that was published, wherever it leads.
            Some(_) if !entry.file_type().is_file() => found.altered.push(path),
            Some(hash) => present.push((path, hash)),
        }
    }
    found.missing = expected.into_keys().collect();
    found.altered.extend(altered(folder, &present)?);
    found.altered.sort();
    found.added.sort();
    Ok(found)
}

fn altered(folder: &Path, present: &[(String, Hash)]) -> Result<Vec<String>, PublishError> {
    let checked: Result<Vec<Option<String>>, PublishError> = present
        .par_iter()
        .map(|(path, expected)| {
            let file = folder.join(path);
            let hash = hash_of(&file).map_err(PublishError::io("读取", &file))?;
            Ok((hash != *expected).then(|| path.clone()))
        })
        .collect();
    Ok(checked?.into_iter().flatten().collect())
}

/// What stands in a tree.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    /// As manifests write it; what is not text is replaced by `\u{FFFD}`.
    pub(super) path: String,
    pub(super) kind: Kind,
}

/// What something in a tree is.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Folder(Look),
    File {
        /// As its folder lists it; zero where the system has none.
        inode: u64,
    },
    /// A link, a pipe: nothing of ours.
    Other,
}

/// What folders that are made in one place by one user have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Look {
    device: u64,
    mode: u32,
    owner: u32,
}

impl Look {
    pub(super) fn of(meta: &fs::Metadata) -> Self {
        Self { device: device(meta), mode: mode(meta), owner: owner(meta) }
    }
}

#[cfg(unix)]
fn device(meta: &fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::dev(meta)
}

#[cfg(not(unix))]
fn device(_meta: &fs::Metadata) -> u64 {
    0
}

/// Everything in a tree, in order of the paths.
///
/// # Errors
/// A file error: a folder cannot be read.
pub(super) fn entries(tree: &Path) -> io::Result<Vec<Entry>> {
    let mut entries = walk(tree, "")?;
    entries.par_sort_unstable();
    Ok(entries)
}

fn walk(tree: &Path, below: &str) -> io::Result<Vec<Entry>> {
    let (mut entries, mut folders) = (Vec::new(), Vec::new());
    for entry in fs::read_dir(if below.is_empty() { tree.to_owned() } else { tree.join(below) })? {
        let entry = entry?;
        let (name, kind) = (entry.file_name(), entry.file_type()?);
        let name = name.to_string_lossy();
        let path = if below.is_empty() { name.into_owned() } else { [below, "/", &name].concat() };
        let kind = match (kind.is_dir(), kind.is_file()) {
            (true, _) => Kind::Folder(Look::of(&entry.metadata()?)),
            (_, true) => Kind::File { inode: listed_inode(&entry) },
            _ => Kind::Other,
        };
        if matches!(kind, Kind::Folder(_)) {
            folders.push(path.clone());
        }
        entries.push(Entry { path, kind });
    }
    let inside: io::Result<Vec<Vec<Entry>>> = folders.par_iter().map(|path| walk(tree, path)).collect();
    entries.extend(inside?.into_iter().flatten());
    Ok(entries)
}

/// The inode of a file as its folder lists it.
#[cfg(unix)]
fn listed_inode(entry: &fs::DirEntry) -> u64 {
    std::os::unix::fs::DirEntryExt::ino(entry)
}

#[cfg(not(unix))]
fn listed_inode(_entry: &fs::DirEntry) -> u64 {
    0
}

/// A path below a folder as manifests write it, with `/`.
pub(super) fn relative(folder: &Path, path: &Path) -> String {
    path.strip_prefix(folder).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

thread_local! {
    /// Where files are read into, kept from file to file: most fit into it whole.
    static PIECE: RefCell<Vec<u8>> = RefCell::new(vec![0; 512 * 1024]);
}

/// The hash of a file on disk.
pub(super) fn hash_of(file: &Path) -> io::Result<Hash> {
    let mut gauge = Gauge::default();
    read_pieces(file, |piece| gauge.add(piece))?;
    Ok(gauge.finish().sha256)
}

/// The checksum of a file on disk.
pub(super) fn checksum_of(file: &Path) -> io::Result<Checksum> {
    let mut checksum = Checksum::default();
    read_pieces(file, |piece| checksum.add(piece))?;
    Ok(checksum)
}

/// Reads a file, which may be larger than what should be in memory at once.
fn read_pieces(file: &Path, mut take: impl FnMut(&[u8])) -> io::Result<()> {
    let mut file = fs::File::open(file)?;
    PIECE.with_borrow_mut(|piece| {
        loop {
            match file.read(piece)? {
                0 => return Ok(()),
                length => take(&piece[..length]),
            }
        }
    })
}

/// The length and CRC-32 of what was written, to be held against what is read again.
///
/// What a file must be is said by its SHA-256 in the manifest, taken of the bytes in memory. This
/// only tells whether they stand in the file as they were handed over, against a disk that is
/// full or damaged and files that were cut short: accidents, of which a CRC-32 misses one in four
/// milliards, and none that stays within four bytes. It costs a tenth of a SHA-256.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Checksum {
    bytes: u64,
    crc: u32,
}

impl Checksum {
    /// The checksum of some bytes.
    pub(super) fn of(bytes: &[u8]) -> Self {
        let mut checksum = Self::default();
        checksum.add(bytes);
        checksum
    }

    /// Adds a piece.
    pub(super) fn add(&mut self, piece: &[u8]) {
        let mut hasher = crc32fast::Hasher::new_with_initial(self.crc);
        hasher.update(piece);
        *self = Self { bytes: self.bytes + piece.len() as u64, crc: hasher.finalize() };
    }
}
