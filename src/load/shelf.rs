//! A site whose disclosures are read when they are wanted, family by family, and let go again: a
//! build of thousands of unit-years holds only what pages of many disclosures ask for.
//!
//! A family is a 部门 with all units below it: what the checks and pages of a disclosure look at.
//! The files of the units' years are known by their paths; everything else is read at once.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use super::files::{self, Files, Later, LoadError, Source};
use super::reader::Sink;
use super::stamps::{Stamping, Stamps};
use super::{Input, Loaded, context, disclosure, has_extension, read_common, tell_strays, told, units, urls};
use crate::diagnostic::{FileId, SourceFile, SourceMap};
use crate::model::site::{Common, Site};
use crate::model::unit::Unit;

/// A site with its disclosures left where they are.
#[derive(Debug)]
pub struct Shelf {
    root: PathBuf,
    /// What the disclosures have in common, with what was found there.
    common: Loaded,
    files: Files,
    /// The files of each unit's years.
    later: BTreeMap<String, Vec<Later>>,
}

/// The disclosures of some units, read from their files.
#[derive(Debug)]
pub struct Family {
    /// The disclosures with what was found in them.
    pub loaded: Loaded,
    /// A hash of everything in each unit's years, by the unit's id.
    pub sources: BTreeMap<String, [u8; 32]>,
}

impl Shelf {
    /// The site in a folder; `None` where only [`super::load`] can tell what is wrong with it.
    ///
    /// # Errors
    /// [`LoadError`] when the folder cannot be read.
    pub fn open(root: &Path) -> Result<Option<Self>, LoadError> {
        let (sink, mut sources) = (Sink::new(), SourceMap::default());
        let Some((files, found)) = files::read_common(root, &mut sources, &sink)? else { return Ok(None) };
        tell_strays(&files, &sink);
        let common = read_common(&Input::parse(&files, &sink), &sink);
        let findings = told(sink, &[], &sources);
        let site = Site { common: Arc::new(common), disclosures: Vec::new() };
        let mut later: BTreeMap<String, Vec<Later>> = BTreeMap::new();
        for file in found {
            let Some(unit) = unit_of(sources.file(file.id).path) else { continue };
            match later.get_mut(unit) {
                Some(files) => files.push(file),
                None => drop(later.insert(unit.to_owned(), vec![file])),
            }
        }
        // A folder that is no unit's is told with everything in it.
        let is_known = later.keys().all(|unit| site.units.contains_key(unit));
        let common = Loaded { site, sources, findings };
        Ok(is_known.then(|| Self { root: root.to_owned(), common, files, later }))
    }

    /// What the disclosures have in common, with what was found there.
    pub const fn common(&self) -> &Loaded {
        &self.common
    }

    /// The units in families, each in the order of ids.
    pub fn families(&self) -> Vec<Vec<String>> {
        let units = &self.common.site.units;
        let head = |unit: &Unit| {
            // Units do not go round: loading refuses that.
            let above = std::iter::successors(Some(unit), |unit| units.get(unit.parent.as_ref()?));
            above.last().map_or_else(|| unit.id.clone(), |head| head.id.clone())
        };
        let mut families: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for unit in units.values() {
            families.entry(head(unit)).or_default().push(unit.id.clone());
        }
        families.into_values().collect()
    }

    /// The folder of the site.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A hash of the texts that were read at once: of everything that the disclosures have in common.
    /// The addresses that were published before are none of it: they are held against the plan.
    pub fn common_hash(&self) -> [u8; 32] {
        let later: BTreeSet<FileId> = self.later.values().flatten().map(|file| file.id).collect();
        let mut hash = Sha256::new();
        let is_common = |(id, file): &(FileId, SourceFile<'_>)| !later.contains(id) && file.path != urls::FILE;
        for (_, file) in self.common.sources.files().filter(is_common) {
            for part in [file.path.as_bytes(), file.text.as_bytes()] {
                hash.update((part.len() as u64).to_le_bytes());
                hash.update(part);
            }
        }
        // What could not be read is there all the same.
        for path in &self.files.unread {
            hash.update((path.len() as u64).to_le_bytes());
            hash.update(path);
        }
        hash.finalize().into()
    }

    /// The stamps of everything that [`Self::read`] reads for some units; `None` where the system tells
    /// too little.
    pub fn stamps(&self, family: &[String]) -> Option<Stamps> {
        let mut stamping = Stamping::new();
        for unit in family {
            stamping.name(unit);
            let folder = format!("{}{unit}/", units::FOLDER);
            let below = |paths: &BTreeSet<String>, stamping: &mut Stamping| {
                let paths = paths.range(folder.clone()..).take_while(|path| path.starts_with(&folder));
                paths.for_each(|path| stamping.name(path));
                stamping.name("");
            };
            below(&self.files.folders, &mut stamping);
            below(&self.files.unread, &mut stamping);
            for file in self.later.get(unit).into_iter().flatten() {
                let path = self.common.sources.file(file.id).path;
                stamping.file(path, &self.root.join(path))?;
            }
        }
        Some(stamping.finish())
    }

    /// Reads the disclosures of some units, which should be whole families.
    pub fn read(&self, family: &[String]) -> Family {
        let (sink, mut sources) = (Sink::new(), self.common.sources.clone());
        let later: Vec<Later> = family.iter().filter_map(|unit| self.later.get(unit)).flatten().copied().collect();
        let mut files = files::read_later(&self.root, &later, &mut sources, &sink);
        let hashes = family.iter().map(|unit| (unit.clone(), hash_of(&files, unit))).collect();
        for unit in family {
            self.add_surroundings(&mut files, unit);
        }
        let common: &Arc<Common> = &self.common.site.common;
        let units: BTreeMap<String, Unit> =
            family.iter().filter_map(|unit| Some((unit.clone(), common.units.get(unit)?.clone()))).collect();
        let input = Input::parse(&files, &sink);
        let disclosures = disclosure::read(&context(&input, common), &units, &sink);
        let findings = told(sink, &disclosures, &sources);
        let site = Site { common: Arc::clone(common), disclosures };
        Family { loaded: Loaded { site, sources, findings }, sources: hashes }
    }

    /// Reads the texts of files again that findings stand in.
    pub fn read_texts(&self, sources: &mut SourceMap, files: &BTreeSet<FileId>) {
        let wanted = self.later.values().flatten().filter(|file| files.contains(&file.id));
        let wanted: Vec<Later> = wanted.copied().collect();
        // What hides in them was told when they were read first.
        files::read_later(&self.root, &wanted, sources, &Sink::new());
    }

    /// What was read at once of a unit's folder: the folders, and files beside its years, which
    /// do not belong there.
    fn add_surroundings(&self, files: &mut Files, unit: &str) {
        let folder = format!("{}{unit}/", units::FOLDER);
        let folders = self.files.folders.range(folder.clone()..).take_while(|path| path.starts_with(&folder));
        files.folders.extend(folders.cloned());
        // Symlinks among the files of a year.
        let unread = self.files.unread.range(folder.clone()..).take_while(|path| path.starts_with(&folder));
        files.unread.extend(unread.cloned());
        for (name, source) in self.files.below(&folder) {
            if !matches!(name, "unit.toml" | "unit.json") {
                // What is in them was told when they were read: here they only stand in the way.
                let text = if has_extension(name, "json") { "{}" } else { "" };
                files.sources.insert(format!("{folder}{name}"), Source { id: source.id, text: text.into() });
            }
        }
    }
}

/// The unit that a file of a year belongs to.
fn unit_of(path: &str) -> Option<&str> {
    path.strip_prefix(units::FOLDER)?.split('/').next()
}

/// A hash of everything that was read of a unit.
fn hash_of(files: &Files, unit: &str) -> [u8; 32] {
    let folder = format!("{}{unit}/", units::FOLDER);
    let texts = files.below(&folder).map(|(name, source)| (name, source.text.as_bytes()));
    let attachments = files.attachments.range(folder.clone()..).take_while(|(path, _)| path.starts_with(&folder));
    let attachments = attachments.map(|(path, bytes)| (&path[folder.len()..], &**bytes));
    let mut hash = Sha256::new();
    for (name, bytes) in texts.chain(attachments) {
        for part in [name.as_bytes(), bytes] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
    }
    hash.finalize().into()
}
