//! What the examination of each family came to, kept from one build to the next: a family whose
//! files nobody has touched, in a site whose common texts are the same, is not read and checked
//! again ([`Recall`]). What the day settles (exceptions that end) is settled anew each time.
//!
//! Files are told by their stamps ([`Stamps`]). A family whose files were changed so lately that
//! another change might not show in them is not kept.

use std::collections::HashMap;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::sealed;
use super::survey::KeptFamily;
use crate::diagnostic::{FileId, SourceMap};
use crate::load::{Loaded, Moment, Shelf, Stamps};
use crate::model::stored::{Known, Reader, Stored};
use crate::render::Headings;

/// The name of the file.
const FILE: &str = "examined";

/// What it begins with.
const FORMAT: &str = "disclose-examined-1";

/// What was kept of the families of a site, and what is to be kept.
#[derive(Debug)]
pub(super) struct Recall {
    file: PathBuf,
    /// When it was looked at, by the clock of the files; `None` where nothing can be kept.
    now: Option<Moment>,
    /// What is common to all families, as it is now.
    common: [u8; 32],
    bytes: Vec<u8>,
    known: Known,
    /// The hash of a family's stamps, and where in the bytes it is kept, by its first unit.
    families: HashMap<String, ([u8; 32], Range<usize>)>,
}

/// A family to be kept.
#[derive(Debug)]
pub(super) struct ToKeep {
    stamps: Stamps,
    bytes: Vec<u8>,
    /// Whether it was kept before, by the same stamps.
    was_kept: bool,
}

impl ToKeep {
    /// Whether it was kept before, by the same stamps.
    pub(super) const fn was_kept(&self) -> bool {
        self.was_kept
    }
}

impl Recall {
    /// What was kept of a site, with what the rows in it are called; nothing where what all
    /// families have in common has changed. Kept is only where the folder for it stands.
    pub(super) fn of(shelf: &Shelf) -> (Self, Headings) {
        let file = sealed::folder(shelf.root()).join(FILE);
        let bytes = sealed::read(&file, FORMAT).unwrap_or_default();
        let mut recall = Self {
            now: moment(&file.with_extension("now")),
            file,
            common: shelf.common_hash(),
            bytes: Vec::new(),
            known: Known::default(),
            families: HashMap::new(),
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
        let now: HashMap<&str, FileId> = site.sources.files().map(|(id, file)| (file.path.as_str(), id)).collect();
        let then: Vec<Box<str>> = Vec::take(&mut reader)?;
        let headings = Headings::take(&mut reader)?;
        let mut families = HashMap::new();
        while !reader.is_done() {
            let (unit, stamps, length) =
                (Stored::take(&mut reader)?, Stored::take(&mut reader)?, usize::take(&mut reader)?);
            let start = bytes.len() - reader.left();
            reader.bytes(length)?;
            families.insert(unit, (stamps, start..start + length));
        }
        self.families = families;
        let sets = site.site.sets.iter().map(|(id, set)| (id.clone(), Arc::clone(set))).collect();
        self.known = Known { files: then.iter().map(|path| now.get(&**path).copied()).collect(), sets };
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

    /// A family to be kept: its stamps were taken before it was read. `None` where nothing can be
    /// kept, or its files were changed so lately that another change might not show.
    pub(super) fn to_keep(&self, stamps: Stamps, family: &KeptFamily, was_kept: bool) -> Option<ToKeep> {
        if !stamps.are_settled(self.now?) {
            return None;
        }
        let mut bytes = Vec::new();
        family.put(&mut bytes);
        Some(ToKeep { stamps, bytes, was_kept })
    }

    /// Keeps the families, each with its first unit. What cannot be written is forgotten.
    pub(super) fn keep(self, families: Vec<(String, ToKeep)>, headings: &Headings, sources: &SourceMap) {
        let same = families.len() == self.families.len() && families.iter().all(|(_, family)| family.was_kept);
        if self.now.is_none() || same {
            return;
        }
        let mut head = Vec::new();
        self.common.put(&mut head);
        let paths: Vec<&str> = sources.files().map(|(_, file)| file.path.as_str()).collect();
        paths.len().put(&mut head);
        for path in paths {
            Box::<str>::from(path).put(&mut head);
        }
        headings.put(&mut head);
        let pieces = families.into_iter().flat_map(|(unit, ToKeep { stamps, bytes, .. })| {
            let mut head = Vec::new();
            unit.put(&mut head);
            stamps.hash.put(&mut head);
            bytes.len().put(&mut head);
            [head, bytes]
        });
        if sealed::write(&self.file, FORMAT, std::iter::once(head).chain(pieces)).is_err() {
            let _ = fs::remove_file(&self.file);
        }
    }
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
    let meta = fs::File::create(file).and_then(|file| file.metadata()).ok()?;
    let _ = fs::remove_file(file);
    Some((meta.mtime(), meta.mtime_nsec()))
}

/// Elsewhere stamps tell too little.
#[cfg(not(unix))]
fn moment(_file: &Path) -> Option<Moment> {
    None
}
