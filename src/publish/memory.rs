//! What the last build remembers of its files, so that the next one takes over those that would
//! be made from the same: [`Memory`], kept in `.disclose-cache` of the site.
//!
//! A file is taken over when its recipe is the remembered one, the manifest of the published
//! tree lists it with the remembered hash, and it is still the very file that was written: same
//! inode, size, time and permissions. Whatever does not fit, a memory that is damaged or of
//! another program included, only costs the time to make the file again.
//!
//! The file has three parts:
//!
//! 1. the anchors of pages ([`super::anchors`]), each with a checksum of its own in the index;
//! 2. the index: the program, a hash of each path of the site, then the entries, in the order of
//!    their paths;
//! 3. where the index begins, and a hash of both.
//!
//! Only the index is read; anchors are when a page that is made links to them.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::anchors::{Place, Store, Stored};
use super::links::{Outward, hash};
use super::sealed;
use crate::render::content::{Hash, Made};
use crate::render::recipe::Recipe;

/// Its name; one that is being written has a number behind it.
const NAME: &str = "built";

/// What the index begins with: the format and the program.
const FORMAT: &str = "disclose-built-3";

/// The index is written in pieces of about so many bytes.
const PIECE: usize = 1 << 18;

/// The length of where the index begins and the hash, at the end.
const SEAL: u64 = 8 + 32;

/// What is remembered of the files of a build.
#[derive(Debug, Default)]
pub(super) struct Memory {
    file: PathBuf,
    /// The file, for the anchors in it.
    anchors: Option<File>,
    /// A hash of each path of the site: of the one that is remembered, and once these are known
    /// ([`Self::of_paths`]) of the present one.
    paths: Vec<u64>,
    /// The present place of each path, where it was another.
    moved: Option<Vec<u32>>,
    index: Vec<u8>,
    /// Where each entry of the index begins.
    entries: Vec<u32>,
}

/// What is remembered of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Remembered<'m> {
    /// What it was made from.
    pub(super) recipe: Recipe,
    /// Its hash.
    pub(super) sha256: Hash,
    /// The file as it was written.
    pub(super) stamp: Stamp,
    /// Its anchors, where it is a page.
    pub(super) anchors: Stored,
    /// Its links to other folders, to places of then.
    links: &'m [u8],
    moved: Option<&'m [u32]>,
}

/// A file that is to be remembered.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kept<'k> {
    /// Where it is published.
    pub(super) path: &'k str,
    /// What it was made from.
    pub(super) recipe: Recipe,
    /// Its size and hash.
    pub(super) made: &'k Made,
    /// The file as it was written.
    pub(super) stamp: Stamp,
    /// Whether it was taken over, links and all.
    pub(super) is_old: bool,
    /// Its links, where it is a page that was made.
    pub(super) outward: Option<&'k Outward>,
}

impl Remembered<'_> {
    /// The size and hash of the file.
    pub(super) const fn made(&self) -> Made {
        Made { bytes: self.stamp.bytes, sha256: self.sha256 }
    }
}

impl<'m> Remembered<'m> {
    /// Its links to other folders: the place of the page they lead to, and the anchor.
    pub(super) fn links(&self) -> impl Iterator<Item = (u32, u32)> + Clone + use<'m> {
        let (words, moved) = (self.links.as_chunks().0.as_chunks().0.iter(), self.moved);
        words.map(move |[target, anchor]: &[[u8; 4]; 2]| {
            let then = u32::from_le_bytes(*target);
            let now = moved.map_or(then, |moved| moved.get(then as usize).copied().unwrap_or(u32::MAX));
            (now, u32::from_le_bytes(*anchor))
        })
    }
}

/// What tells that a file is the one that was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    inode: u64,
    bytes: u64,
    seconds: i64,
    nanoseconds: u32,
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
            nanoseconds: u32::try_from(meta.mtime_nsec()).ok()?,
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
        let folder = sealed::folder(root);
        sealed::forget_unfinished(&folder);
        let file = folder.join(NAME);
        Self::read(&file).unwrap_or_else(|| Self { file, ..Self::default() })
    }

    /// Reads the index; `None` where it is none of this program.
    fn read(file: &Path) -> Option<Self> {
        let mut anchors = File::open(file).ok()?;
        let body = anchors.metadata().ok()?.len().checked_sub(SEAL)?;
        let mut seal = [0; 8];
        anchors.seek(SeekFrom::Start(body)).and_then(|_| anchors.read_exact(&mut seal)).ok()?;
        let start = u64::from_le_bytes(seal);
        let mut index = vec![0; usize::try_from(body.checked_sub(start)?).ok()?];
        anchors.seek(SeekFrom::Start(start)).and_then(|_| anchors.read_exact(&mut index)).ok()?;
        let mut seal = Vec::new();
        anchors.read_to_end(&mut seal).ok()?;
        if seal != seal_of(start, sealing(start).chain_update(&index)) {
            return None;
        }
        let mut reader = Reader(index.strip_prefix(sealed::head(FORMAT)?.as_slice())?);
        let paths = reader.short()?;
        let paths = (0..paths).map(|_| reader.long()).collect::<Option<_>>()?;
        let mut entries = Vec::new();
        while !reader.0.is_empty() {
            entries.push(u32::try_from(index.len() - reader.0.len()).ok()?);
            reader.entry()?;
        }
        Some(Self { file: file.to_owned(), anchors: Some(anchors), paths, moved: None, index, entries })
    }

    /// Takes in the paths of the site as it is now. Links are remembered by the places of the pages
    /// they lead to, which other paths may have moved; once one of those is gone everything is
    /// forgotten, so that no link to it is taken for alive.
    pub(super) fn of_paths<'p>(mut self, paths: impl Iterator<Item = &'p str>) -> Self {
        let paths: Vec<u64> = paths.map(|path| hash(path.as_bytes())).collect();
        if self.paths != paths {
            let places: HashMap<u64, u32> = paths.iter().copied().zip(0..).collect();
            self.moved = self.paths.iter().map(|path| places.get(path).copied()).collect();
            if self.moved.is_none() || places.len() != paths.len() {
                self = Self { file: self.file, ..Self::default() };
            }
            self.paths = paths;
        }
        self
    }

    /// A place for the anchors of this build.
    pub(super) fn store(&self) -> Store {
        if self.file.as_os_str().is_empty() {
            return Store::default();
        }
        let unfinished = self.file.with_extension(std::process::id().to_string());
        Store::in_file(unfinished, self.anchors.as_ref().and_then(|anchors| anchors.try_clone().ok()))
    }

    /// A place for the anchors of pages that are only rehearsed: a file where there is one already.
    pub(super) fn store_if_any(&self) -> Store {
        if self.anchors.is_some() { self.store() } else { Store::default() }
    }

    /// What is remembered of the file at a path, if it was made from this.
    pub(super) fn find(&self, path: &str, recipe: Recipe) -> Option<Remembered<'_>> {
        self.at(path).filter(|remembered| remembered.recipe == recipe)
    }

    fn at(&self, path: &str) -> Option<Remembered<'_>> {
        let entry = |at: &u32| {
            let (path, found) = Reader(self.index.get(*at as usize..).unwrap_or_default()).entry()?;
            Some((path, Remembered { moved: self.moved.as_deref(), ..found }))
        };
        let found = self.entries.partition_point(|at| entry(at).is_some_and(|(other, _)| other < path.as_bytes()));
        entry(self.entries.get(found)?).filter(|(other, _)| *other == path.as_bytes()).map(|(_, remembered)| remembered)
    }

    /// Remembers these files instead, in the order of their paths. What cannot be written is
    /// forgotten.
    pub(super) fn keep<'k>(self, store: Store, files: impl Iterator<Item = Kept<'k>> + Clone) {
        let is_same = files.clone().all(|file| file.is_old) && files.clone().count() == self.entries.len();
        if is_same && self.anchors.is_some() && self.moved.is_none() {
            return;
        }
        if self.replace(store, files).is_none() {
            // A memory of another build would be of no use.
            let _ = fs::remove_file(&self.file);
        }
    }

    fn replace<'k>(&self, mut store: Store, files: impl Iterator<Item = Kept<'k>> + Clone) -> Option<()> {
        let mut still = Still { end: store.end(), runs: Vec::new() };
        let anchors: Option<Vec<Stored>> = files.clone().map(|file| still.bring(self.anchors_of(&file)?)).collect();
        store.bring(&still.runs).ok()?;
        let mut hash = sealing(still.end);
        let mut put = |piece: &mut Vec<u8>| {
            hash.update(&piece);
            store.append(piece).map(|()| piece.clear()).ok()
        };
        let mut index = sealed::head(FORMAT)?;
        index.extend(u32::try_from(self.paths.len()).ok()?.to_le_bytes());
        self.paths.iter().for_each(|path| index.extend(path.to_le_bytes()));
        for (file, anchors) in files.zip(anchors?) {
            if index.len() > PIECE {
                put(&mut index)?;
            }
            let old = if file.is_old { Some(self.at(file.path)?) } else { None };
            let links = match (old, file.outward) {
                (Some(old), _) => pairs(old.links()),
                (None, Some(outward)) => pairs(outward.links.iter().copied()),
                (None, None) => Vec::new(),
            };
            if file.made.bytes == file.stamp.bytes {
                write(&mut index, &file, anchors, &links)?;
            }
        }
        put(&mut index)?;
        store.append(&seal_of(still.end, hash)).ok()?;
        store.finish(&self.file).ok()
    }

    /// Where the anchors of a file are now; `None` where they were to be remembered and are not.
    fn anchors_of(&self, file: &Kept<'_>) -> Option<Stored> {
        let old = if file.is_old { Some(self.at(file.path)?) } else { None };
        let anchors = old.map(|old| old.anchors).or(file.outward.map(|outward| outward.anchors));
        Some(anchors.unwrap_or(Stored { place: Place::File, start: 0, length: 0, crc: 0 }))
    }
}

/// The anchors of the last build that are still of use, on their way behind those of this one.
struct Still {
    end: u64,
    runs: Vec<(u64, u64)>,
}

impl Still {
    /// Where anchors will be; `None` where they are in memory only.
    fn bring(&mut self, anchors: Stored) -> Option<Stored> {
        let length = u64::from(anchors.length);
        match anchors.place {
            Place::Memory => return None,
            Place::File => return Some(anchors),
            Place::Before if length == 0 => return Some(Stored { place: Place::File, start: 0, ..anchors }),
            Place::Before => {}
        }
        match self.runs.last_mut() {
            Some((start, run)) if *start + *run == anchors.start => *run += length,
            _ => self.runs.push((anchors.start, length)),
        }
        let start = self.end;
        self.end += length;
        Some(Stored { place: Place::File, start, ..anchors })
    }
}

/// A hash of where the index begins, to go on with the index.
fn sealing(start: u64) -> Sha256 {
    Sha256::default().chain_update(start.to_le_bytes())
}

/// Where the index begins, and the hash of that and of the index.
fn seal_of(start: u64, hash: Sha256) -> Vec<u8> {
    [&start.to_le_bytes()[..], &hash.finalize()].concat()
}

fn pairs(links: impl Iterator<Item = (u32, u32)>) -> Vec<u8> {
    links.flat_map(|(target, anchor)| [target.to_le_bytes(), anchor.to_le_bytes()]).flatten().collect()
}

/// Adds an entry to the index; `None` where a number is too large for it.
fn write(index: &mut Vec<u8>, file: &Kept<'_>, anchors: Stored, links: &[u8]) -> Option<()> {
    let Kept { path, recipe, made, stamp, .. } = file;
    for length in [path.len(), links.len()] {
        index.extend(u32::try_from(length).ok()?.to_le_bytes());
    }
    index.extend(path.as_bytes());
    index.extend(recipe.0);
    index.extend(made.sha256.0);
    for number in [stamp.inode, stamp.bytes, anchors.start] {
        index.extend(number.to_le_bytes());
    }
    index.extend(stamp.seconds.to_le_bytes());
    for number in [stamp.nanoseconds, stamp.mode, anchors.length, anchors.crc] {
        index.extend(number.to_le_bytes());
    }
    index.extend(links);
    Some(())
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

    fn long(&mut self) -> Option<u64> {
        self.array().map(u64::from_le_bytes)
    }

    fn short(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    /// The path and what is remembered of the file.
    fn entry(&mut self) -> Option<(&'b [u8], Remembered<'b>)> {
        let lengths = [self.short()?, self.short()?];
        let [path, links] = lengths.map(|length| usize::try_from(length).unwrap_or(usize::MAX));
        let path = self.take(path)?;
        let (recipe, sha256) = (Recipe(self.array()?), Hash(self.array()?));
        let (inode, bytes, start) = (self.long()?, self.long()?, self.long()?);
        let seconds = i64::from_le_bytes(self.array()?);
        let (nanoseconds, mode) = (self.short()?, self.short()?);
        let anchors = Stored { place: Place::Before, start, length: self.short()?, crc: self.short()? };
        let stamp = Stamp { inode, bytes, seconds, nanoseconds, mode };
        Some((path, Remembered { recipe, sha256, stamp, anchors, links: self.take(links)?, moved: None }))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    const PATHS: [&str; 3] = ["x", "y", "z"];

    fn memory(site: &Path) -> Memory {
        Memory::of(site).of_paths(PATHS.into_iter())
    }

    fn stamp(bytes: u64) -> Stamp {
        Stamp { inode: 7, bytes, seconds: -1, nanoseconds: 9, mode: 0o100_644 }
    }

    /// Keeps pages that were made, each with an anchor and a link of its number, and some of those
    /// that were there.
    fn keep(site: &Path, made: &[(&str, u32)], old: &[&str]) {
        let memory = memory(site);
        let mut store = memory.store();
        let outwards: Vec<Outward> = made
            .iter()
            .map(|(_, number)| Outward { anchors: store.add(&[*number, u32::MAX]), links: [(2, *number)].into() })
            .collect();
        let of = |number: u32| (Recipe([u8::try_from(number).unwrap(); 32]), Made::of(&[b'x'; 9][..number as usize]));
        let sizes: HashMap<&str, (Recipe, Made)> = made.iter().map(|(path, number)| (*path, of(*number))).collect();
        let before: Vec<_> = old.iter().map(|path| (*path, memory.at(path).unwrap())).collect();
        let before: Vec<_> = before.iter().map(|(path, old)| (*path, old.recipe, old.made(), old.stamp)).collect();
        let mut files: Vec<Kept<'_>> = made
            .iter()
            .zip(&outwards)
            .map(|((path, _), outward)| {
                let (recipe, made) = &sizes[path];
                Kept { path, recipe: *recipe, made, stamp: stamp(made.bytes), is_old: false, outward: Some(outward) }
            })
            .collect();
        files.extend(before.iter().map(|(path, recipe, made, stamp)| Kept {
            path,
            recipe: *recipe,
            made,
            stamp: *stamp,
            is_old: true,
            outward: None,
        }));
        files.sort_unstable_by_key(|file| file.path);
        memory.keep(store, files.into_iter());
    }

    /// What is found of a page: its anchors and links.
    type Found = Option<(Option<Vec<u32>>, Vec<(u32, u32)>)>;

    /// What is found of a page of this number.
    fn found(site: &Path, path: &str, number: u8) -> Found {
        let memory = memory(site);
        let remembered = memory.find(path, Recipe([number; 32]))?;
        assert_eq!(remembered.stamp, stamp(u64::from(number)));
        Some((memory.store().read(remembered.anchors), remembered.links().collect()))
    }

    fn whole(number: u32) -> Found {
        Some(number).map(|number| (Some(vec![number, u32::MAX]), vec![(2, number)]))
    }

    #[test]
    fn what_is_kept_is_found_by_the_same_recipe_and_paths_and_no_others() {
        let site = tempfile::tempdir().unwrap();
        assert_eq!(found(site.path(), "a.html", 1), None);
        keep(site.path(), &[("a.html", 1), ("b/c.html", 2)], &[]);
        assert_eq!([found(site.path(), "a.html", 1), found(site.path(), "b/c.html", 2)], [whole(1), whole(2)]);
        assert_eq!([found(site.path(), "a.html", 2), found(site.path(), "c.html", 1)], [None, None]);
    }

    #[test]
    fn links_lead_where_they_led_when_paths_have_come_in_between_and_none_is_believed_when_one_is_gone() {
        let site = tempfile::tempdir().unwrap();
        keep(site.path(), &[("a.html", 1)], &[]);
        let links = |paths: &[&str]| {
            let memory = Memory::of(site.path()).of_paths(paths.iter().copied());
            Some(memory.find("a.html", Recipe([1; 32]))?.links().collect::<Vec<_>>())
        };
        assert_eq!(links(&PATHS), Some(vec![(2, 1)]));
        assert_eq!(links(&["w", "x", "y", "z", "zz"]), Some(vec![(3, 1)]));
        assert_eq!([links(&["w", "x", "z"]), links(&[])], [None, None]);
        // What is kept with the new paths leads to the same page.
        let (paths, made) = (["w", "x", "y", "z"], Made::of(b"x"));
        let memory = Memory::of(site.path()).of_paths(paths.into_iter());
        let old = memory.at("a.html").unwrap();
        let kept =
            Kept { path: "a.html", recipe: old.recipe, made: &made, stamp: old.stamp, is_old: true, outward: None };
        let store = memory.store();
        memory.keep(store, std::iter::once(kept));
        assert_eq!(links(&paths), Some(vec![(3, 1)]));
        assert_eq!(links(&["w", "v", "x", "y", "z"]), Some(vec![(4, 1)]));
    }

    #[test]
    fn what_was_taken_over_is_kept_from_build_to_build_and_what_was_not_is_gone() {
        let site = tempfile::tempdir().unwrap();
        keep(site.path(), &[("a.html", 1), ("b.html", 2), ("c.html", 3), ("d.html", 4)], &[]);
        keep(site.path(), &[("b.html", 5)], &["a.html", "c.html"]);
        let all = || {
            let all = [("a.html", 1), ("b.html", 5), ("b.html", 2), ("c.html", 3), ("d.html", 4)];
            all.map(|(path, number)| found(site.path(), path, number))
        };
        assert_eq!(all(), [whole(1), whole(5), None, whole(3), None]);
        let before = fs::read(site.path().join(".disclose-cache/built")).unwrap();
        keep(site.path(), &[], &["a.html", "b.html", "c.html"]);
        assert_eq!(all(), [whole(1), whole(5), None, whole(3), None]);
        assert_eq!(fs::read(site.path().join(".disclose-cache/built")).unwrap(), before);
        keep(site.path(), &[], &["c.html"]);
        assert_eq!(all(), [None, None, None, whole(3), None]);
        assert_eq!(fs::read_dir(site.path().join(".disclose-cache")).unwrap().count(), 1);
    }

    #[test]
    fn what_was_altered_or_cut_off_is_not_believed() {
        let site = tempfile::tempdir().unwrap();
        let file = site.path().join(".disclose-cache/built");
        keep(site.path(), &[("a.html", 1)], &[]);
        let bytes = fs::read(&file).unwrap();
        for at in 0..bytes.len() {
            let mut altered = bytes.clone();
            altered[at] ^= 1;
            for bytes in [&altered[..], &bytes[..at]] {
                fs::write(&file, bytes).unwrap();
                let found = found(site.path(), "a.html", 1);
                // Anchors stand first; they are looked at by themselves.
                assert!(found.is_none_or(|(anchors, _)| anchors.is_none() && at < 8), "{at}");
            }
        }
        fs::write(&file, bytes).unwrap();
        assert_eq!(found(site.path(), "a.html", 1), whole(1));
    }

    #[test]
    fn what_a_killed_build_left_unfinished_is_removed_and_nothing_else() {
        let site = tempfile::tempdir().unwrap();
        keep(site.path(), &[("a.html", 1)], &[]);
        let names = ["built.123", "built.md", "full-text"].map(|name| sealed::folder(site.path()).join(name));
        for name in &names {
            fs::write(name, "x").unwrap();
        }
        assert_eq!(found(site.path(), "a.html", 1), whole(1));
        assert_eq!(names.map(|name| name.exists()), [false, true, true]);
    }
}
