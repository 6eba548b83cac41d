//! Families between their turns: examined first, all of them, and made into pages when everything was
//! cleared. What was read of one and written for it waits in a file of the build, so that neither is
//! done twice, and pages show what was checked, whatever happens to the sources meanwhile.

use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

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
    /// `None` where the site has no folder for it: everything is read again then.
    spill: Option<Mutex<Spill>>,
    /// Where each begins, and its length.
    places: Vec<OnceLock<(u64, usize)>>,
    known: Known,
}

impl Aside {
    /// Room for so many families.
    pub(super) fn new(shelf: &Shelf, families: usize) -> Self {
        let common = shelf.common();
        let folder = sealed::folder(shelf.root());
        let spill = folder.is_dir().then(|| Mutex::new(Spill::at(sealed::beside(&folder.join(FILE), "new"))));
        Self {
            spill,
            places: (0..families).map(|_| OnceLock::new()).collect(),
            known: Known { files: None, sets: common.site.sets.clone() },
        }
    }

    /// Puts a family aside with what was written for it; what cannot be kept is made again.
    pub(super) fn put(&self, family: usize, site: &Site, composed: &Composed) {
        let Some(spill) = &self.spill else { return };
        let attached = site.disclosures.iter().flat_map(Disclosure::attached);
        if attached.map(|attachment| attachment.bytes.len()).sum::<usize>() > ATTACHED {
            return;
        }
        let mut bytes = Vec::new();
        site.disclosures.put(&mut bytes);
        composed.put(&mut bytes);
        let start = spill.lock().unwrap_or_else(PoisonError::into_inner).append(&bytes);
        if let Ok(start) = start {
            // A family is examined once, unless what is there is forgotten first.
            let _ = self.places[family].set((start, bytes.len()));
        }
    }

    /// Forgets a family that is to be examined again.
    pub(super) fn forget(&mut self, family: usize) {
        self.places[family] = OnceLock::new();
    }

    /// A family as it was put aside; `None` where it was not.
    pub(super) fn take(&self, family: usize, site: &Site) -> Option<(Site, Composed)> {
        let (start, length) = *self.places[family].get()?;
        let mut bytes = vec![0; length];
        self.spill.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner).read(start, &mut bytes).ok()?;
        let mut reader = Reader::new(&bytes, &self.known);
        let disclosures = Vec::take(&mut reader)?;
        let site = Site { common: Arc::clone(&site.common), disclosures };
        let written = Composed::take(&site, &mut reader)?;
        reader.is_done().then_some((site, written))
    }
}

impl fmt::Debug for Aside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Aside").field("families", &self.places.len()).finish_non_exhaustive()
    }
}
