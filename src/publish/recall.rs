//! What the examination of each family came to, kept from one build to the next: a family whose
//! files nobody has touched, in a site whose common texts are the same, is not read and checked
//! again ([`Recall`]). What the day settles (exceptions that end) is settled anew each time.
//!
//! Files are told by their stamps ([`Stamps`]). A family whose files were changed so lately that
//! another change might not show in them is not kept.

use std::collections::HashMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::{fs, io};

use super::sealed::{self, Writer};
use super::survey::KeptFamily;
use crate::diagnostic::{FileId, SourceMap};
use crate::load::{Loaded, Moment, Shelf, Stamps};
use crate::model::stored::{Known, Reader, Stored};
use crate::render::Headings;

/// The name of the file.
const FILE: &str = "examined";

/// What it begins with.
const FORMAT: &str = "disclose-examined-1";

/// What was kept of the families of a site, and what is kept for the next build.
#[derive(Debug)]
pub(super) struct Recall {
    file: PathBuf,
    /// When it was looked at, by the clock of the files; `None` where nothing can be kept.
    now: Option<Moment>,
    /// What is common to all families, as it is now.
    common: [u8; 32],
    bytes: Vec<u8>,
    known: Known,
    /// Whether all files have the numbers that they had.
    is_in_place: bool,
    /// The hash of a family's stamps, and where in the bytes it is kept, by its first unit.
    families: HashMap<String, ([u8; 32], Range<usize>)>,
    /// What is written for the next build, once there is something new to write.
    next: Mutex<Option<io::Result<Writer>>>,
}

/// What stands before a family.
const FAMILY: u8 = 1;

/// What stands before the end: what the rows are called, and the paths of the files by their numbers.
const END: u8 = 0;

impl Recall {
    /// What was kept of a site, with what the rows in it are called; nothing where what all
    /// families have in common has changed. Kept is only where the folder for it stands.
    pub(super) fn of(shelf: &Shelf) -> (Self, Headings) {
        let folder = sealed::folder(shelf.root());
        sealed::forget_unfinished(&folder);
        let file = folder.join(FILE);
        let bytes = sealed::read(&file, FORMAT).unwrap_or_default();
        let mut recall = Self {
            now: moment(&sealed::beside(&file, "now")),
            file,
            common: shelf.common_hash(),
            bytes: Vec::new(),
            known: Known::default(),
            is_in_place: false,
            families: HashMap::new(),
            next: Mutex::default(),
        };
        let headings = recall.index(&bytes, shelf.common()).unwrap_or_default();
        recall.bytes = bytes;
        (recall, headings)
    }

    /// Finds out where what is kept; `None` where nothing is of use.
    fn index(&mut self, bytes: &[u8], site: &Loaded) -> Option<Headings> {
        let nothing = Known::default();
        let mut reader = Reader::new(bytes, &nothing);
        if <[u8; 32]>::take(&mut reader)? != self.common {
            return None;
        }
        let mut families = HashMap::new();
        while u8::take(&mut reader)? == FAMILY {
            let (unit, stamps) = (Stored::take(&mut reader)?, Stored::take(&mut reader)?);
            let length = usize::take(&mut reader)?;
            let start = bytes.len() - reader.left();
            reader.bytes(length)?;
            families.insert(unit, (stamps, start..start + length));
        }
        let headings = Headings::take(&mut reader)?;
        let then: Vec<Box<str>> = Vec::take(&mut reader)?;
        let now: HashMap<&str, FileId> = site.sources.files().map(|(id, file)| (file.path, id)).collect();
        let files: Vec<Option<FileId>> = then.iter().map(|path| now.get(&**path).copied()).collect();
        self.is_in_place = files.iter().zip(0..).all(|(id, at)| *id == Some(FileId(at)));
        self.known = Known { files: Some(files), sets: site.site.sets.clone() };
        self.families = families;
        Some(headings)
    }

    /// What was kept of a family whose files have these stamps.
    pub(super) fn family(&self, units: &[String], stamps: &Stamps) -> Option<KeptFamily> {
        let (then, range) = self.families.get(units.first()?)?;
        if *then != stamps.hash {
            return None;
        }
        let mut reader = Reader::new(self.bytes.get(range.clone())?, &self.known);
        KeptFamily::take(&mut reader).filter(|_| reader.is_done())
    }

    /// Keeps a family for the next build: its stamps were taken before it was read. Not one whose
    /// files were changed so lately that another change might not show.
    pub(super) fn keep(&self, units: &[String], stamps: &Stamps, family: &[u8]) {
        if let Some(unit) = units.first().filter(|_| self.now.is_some_and(|now| stamps.are_settled(now))) {
            self.write(&record(unit, &stamps.hash, family));
        }
    }

    fn write(&self, piece: &[u8]) {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let begin = || {
            let mut writer = Writer::create(&self.file, FORMAT)?;
            writer.add(&self.common)?;
            Ok(writer)
        };
        if let Ok(writer) = next.get_or_insert_with(begin)
            && let Err(error) = writer.add(piece)
        {
            *next = Some(Err(error));
        }
    }

    /// Whether what was kept of a family can be kept as it is.
    pub(super) const fn is_in_place(&self) -> bool {
        self.is_in_place
    }

    /// Keeps everything together for the next build, `recalled` as they were.
    pub(super) fn finish<'f>(
        self,
        recalled: impl ExactSizeIterator<Item = &'f str>,
        headings: &Headings,
        sources: &SourceMap,
    ) {
        let is_new = self.next.lock().unwrap_or_else(PoisonError::into_inner).is_some();
        if self.now.is_none() || (!is_new && recalled.len() == self.families.len()) {
            return;
        }
        for unit in recalled {
            if let Some((stamps, range)) = self.families.get(unit) {
                self.write(&record(unit, stamps, &self.bytes[range.clone()]));
            }
        }
        let mut end = vec![END];
        headings.put(&mut end);
        let paths: Vec<Box<str>> = sources.files().map(|(_, file)| file.path.into()).collect();
        paths.put(&mut end);
        self.write(&end);
        let next = self.next.into_inner().unwrap_or_else(PoisonError::into_inner);
        // What was kept before is still of use: stamps tell of what.
        let _ = next.map(|next| next.and_then(Writer::finish));
    }
}

/// A family as it is kept.
fn record(unit: &str, stamps: &[u8; 32], bytes: &[u8]) -> Vec<u8> {
    let mut record = vec![FAMILY];
    Box::<str>::from(unit).put(&mut record);
    stamps.put(&mut record);
    bytes.len().put(&mut record);
    record.extend_from_slice(bytes);
    record
}

/// Forgets what was kept of a site's families: it turned out not to be what their files hold.
pub fn forget(root: &Path) {
    // Nothing may have been kept at all.
    let _ = fs::remove_file(sealed::folder(root).join(FILE));
}

/// The time by the clock of the files in a folder.
#[cfg(unix)]
fn moment(file: &Path) -> Option<Moment> {
    use std::os::unix::fs::MetadataExt as _;
    let meta = fs::File::create_new(file).and_then(|file| file.metadata()).ok()?;
    let _ = fs::remove_file(file);
    Some((meta.mtime(), meta.mtime_nsec()))
}

/// Elsewhere stamps tell too little.
#[cfg(not(unix))]
fn moment(_file: &Path) -> Option<Moment> {
    None
}
