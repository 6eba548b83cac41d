//! Families between their turns: examined first, all of them, and made into pages when everything was
//! cleared. What was read of one and written for it waits in a file of the build, so that neither is
//! done twice, and pages show what was checked, whatever happens to the sources meanwhile.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::sealed;
use super::spill::Spill;
use crate::load::Shelf;
use crate::model::disclosure::Disclosure;
use crate::model::site::Site;
use crate::model::stored::{Known, Reader, Stored as _};
use crate::render::Composed;

/// The name of the file, before the number of the process.
const FILE: &str = "aside";

/// How many bytes the attachments of a family may have to wait with it; larger ones are read again.
const ATTACHED: usize = 1 << 20;

/// Families that wait for their pages, by their numbers.
pub(super) struct Aside {
    file: Mutex<Waiting>,
    known: Known,
}

struct Waiting {
    /// `None` where the site has no folder for it, or the disk is full: everything is read again then.
    spill: Option<Spill>,
    places: Vec<Option<Place>>,
}

/// Where a family stands in the file.
#[derive(Clone, Copy)]
struct Place {
    start: u64,
    length: usize,
    /// The CRC-32 of these bytes.
    crc: u32,
}

impl Aside {
    /// Room for so many families.
    pub(super) fn new(shelf: &Shelf, families: usize) -> Self {
        let folder = sealed::folder(shelf.root());
        let spill = folder.is_dir().then(|| Spill::passing(sealed::beside(&folder.join(FILE), "new")));
        Self {
            file: Mutex::new(Waiting { spill, places: vec![None; families] }),
            known: Known { files: None, sets: shelf.common().site.sets.clone() },
        }
    }

    /// Puts a family aside with what was written for it; what cannot be kept is made again.
    pub(super) fn put(&self, family: usize, site: &Site, composed: &Composed) {
        self.forget(family);
        let attached = site.disclosures.iter().flat_map(Disclosure::attached);
        if attached.map(|attachment| attachment.bytes.len()).sum::<usize>() > ATTACHED {
            return;
        }
        let mut bytes = Vec::new();
        site.disclosures.put(&mut bytes);
        composed.put(&mut bytes);
        let crc = crc32fast::hash(&bytes);
        let mut file = self.file();
        let Some(spill) = &mut file.spill else { return };
        match spill.append(&bytes) {
            Ok(start) => file.places[family] = Some(Place { start, length: bytes.len(), crc }),
            // What is left of the disk is for the site.
            Err(_) => *file = Waiting { spill: None, places: vec![None; file.places.len()] },
        }
    }

    /// Forgets a family that is to be examined again.
    pub(super) fn forget(&self, family: usize) {
        self.file().places[family] = None;
    }

    /// A family as it was put aside; `None` where it was not.
    pub(super) fn take(&self, family: usize, site: &Site) -> Option<(Site, Composed)> {
        let bytes = self.file().read(family)?;
        let mut reader = Reader::new(&bytes, &self.known);
        let disclosures = Vec::take(&mut reader)?;
        let site = Site { common: Arc::clone(&site.common), disclosures };
        let written = Composed::take(&site, &mut reader)?;
        reader.is_done().then_some((site, written))
    }

    fn file(&self) -> MutexGuard<'_, Waiting> {
        self.file.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    fn read(&self, family: usize) -> Option<Vec<u8>> {
        let Place { start, length, crc } = self.places[family]?;
        let mut bytes = vec![0; length];
        self.spill.as_ref()?.read(start, &mut bytes).ok()?;
        (crc32fast::hash(&bytes) == crc).then_some(bytes)
    }
}

impl fmt::Debug for Aside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Aside").field("families", &self.file().places.len()).finish_non_exhaustive()
    }
}
