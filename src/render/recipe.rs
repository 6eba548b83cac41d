//! Recipes: what the files of a site are made from, as hashes, so that a build takes over what
//! another build has made from the same.
//!
//! A file about a disclosure is made from
//! 1. what all files are made from: settings, forms, classifications, terms, texts, the theme,
//!    the file of every unit, and the paths of the plan, which links ask for;
//! 2. the sources of its unit, of the units above and of those below: other years are compared,
//!    a 部门 is the sum of its units;
//! 3. what was found about it, settled: that may be of other units (a passage copied) or of the
//!    day (an exception that has ended).
//!
//! Files about more than that have no recipe and are made in every build, but for the figures of
//! a year, which are those of its disclosures. The program itself is no part of a recipe: who
//! keeps recipes keeps them for one program.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

use rayon::prelude::*;
use sha2::{Digest as _, Sha256};

use crate::diagnostic::{FileId, Finding, SourceMap};
use crate::model::disclosure::{Attachment, Disclosure};
use crate::render::pages::Scene;

/// What a file is made from: of equal recipes one program makes equal bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Recipe(pub [u8; 32]);

impl fmt::Debug for Recipe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// The recipes of a plan.
#[derive(Debug)]
pub(crate) struct Recipes {
    /// Of the files about each disclosure, in the site's order.
    pub(crate) of_disclosures: Vec<Recipe>,
    /// Of the figures of each year.
    pub(crate) of_years: BTreeMap<i32, Recipe>,
}

/// The folder of the units, and the file that every unit is listed by.
const UNITS: &str = "content/units/";

/// The addresses that were published before are held against the plan, and in no page.
const ADDRESSES: &str = "urls.lock";

impl Recipes {
    /// The recipes of everything that `scene` shows, at `paths`, read from `sources`; `years` are
    /// hashes of everything in the years of each unit, where they were taken when it was read.
    pub(crate) fn new<'p>(
        scene: &Scene<'_>,
        paths: impl Iterator<Item = &'p str>,
        sources: &SourceMap,
        years: Option<&BTreeMap<String, [u8; 32]>>,
    ) -> Self {
        let is_wanted = |path: &str| years.is_none() || is_of_all(path);
        let texts: Vec<(&str, [u8; 32])> = sources
            .files()
            .filter(|(_, file)| is_wanted(&file.path))
            .collect::<Vec<_>>()
            .into_par_iter()
            .map(|(_, file)| (file.path.as_str(), Sha256::digest(file.text.as_bytes()).into()))
            .collect();
        let units = by_unit(&texts);
        let common = common(scene, paths, &texts);
        let recipe = |(at, disclosure): (usize, &Disclosure)| {
            let mut hash = Sink::from(common);
            for unit in family(scene, &disclosure.unit) {
                units.get(unit).into_iter().flatten().for_each(|(path, text)| hash.part(path, text));
                years.and_then(|years| years.get(unit)).into_iter().for_each(|year| hash.part(unit, year));
            }
            for attachment in attachments(disclosure) {
                hash.part(&attachment.path, &attachment.bytes);
            }
            scene.standing.get(at).into_iter().flatten().for_each(|finding| hash.finding(finding, sources));
            // Writing to a hash cannot fail.
            let _ = write!(hash, "{:?}", scene.prose.get(at));
            hash.finish()
        };
        let of_disclosures: Vec<Recipe> = scene.site.disclosures.par_iter().enumerate().map(recipe).collect();
        let mut years: BTreeMap<i32, Sink> = BTreeMap::new();
        for (disclosure, recipe) in scene.site.disclosures.iter().zip(&of_disclosures) {
            let year = years.entry(disclosure.year).or_insert_with(|| Sink::from(common));
            year.part(&disclosure.unit, &recipe.0);
        }
        Self { of_disclosures, of_years: years.into_iter().map(|(year, hash)| (year, hash.finish())).collect() }
    }
}

/// The texts of each unit's folder.
fn by_unit<'t>(texts: &[(&'t str, [u8; 32])]) -> BTreeMap<&'t str, Vec<(&'t str, [u8; 32])>> {
    let mut units: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    for (path, text) in texts {
        let Some((unit, _)) = path.strip_prefix(UNITS).and_then(|below| below.split_once('/')) else { continue };
        units.entry(unit).or_default().push((*path, *text));
    }
    units
}

/// Whether all files are made from a source.
fn is_of_all(path: &str) -> bool {
    match path.strip_prefix(UNITS) {
        Some(below) => below.matches('/').count() == 1,
        None => path != ADDRESSES,
    }
}

/// What all files are made from.
fn common<'p>(scene: &Scene<'_>, paths: impl Iterator<Item = &'p str>, texts: &[(&str, [u8; 32])]) -> Recipe {
    let mut hash = Sink::default();
    for (path, text) in texts.iter().filter(|(path, _)| is_of_all(path)) {
        hash.part(path, text);
    }
    for file in &scene.site.theme.files {
        hash.part(&file.path, &file.bytes);
    }
    paths.for_each(|path| hash.part(path, &[]));
    hash.finish()
}

/// A unit with those above it and all those below it.
fn family<'s>(scene: &'s Scene<'_>, unit: &'s str) -> Vec<&'s str> {
    let parent = |unit: &&str| scene.site.units.get(*unit)?.parent.as_deref();
    // Units do not go round: loading refuses that.
    let mut family: Vec<&str> = std::iter::successors(parent(&unit), parent).collect();
    let mut below = vec![unit];
    while let Some(unit) = below.pop() {
        family.push(unit);
        below.extend(scene.index.order.children.get(unit).into_iter().flatten().map(String::as_str));
    }
    family
}

/// The attachments of a disclosure and of its earlier versions.
fn attachments(disclosure: &Disclosure) -> impl Iterator<Item = &Attachment> {
    let earlier = disclosure.amendments.iter().flat_map(|amendment| &amendment.earlier.attachments);
    disclosure.attachments.iter().chain(earlier)
}

/// A hash in the making; parts are hashed with their lengths, so that no two lists are alike.
#[derive(Default)]
struct Sink(Sha256);

impl From<Recipe> for Sink {
    fn from(recipe: Recipe) -> Self {
        Self(Sha256::default().chain_update(recipe.0))
    }
}

impl Sink {
    fn part(&mut self, name: &str, bytes: &[u8]) {
        for part in [name.as_bytes(), bytes] {
            self.0.update((part.len() as u64).to_le_bytes());
            self.0.update(part);
        }
    }

    /// A finding, with the paths of its places: files are numbered anew when one is added.
    fn finding(&mut self, finding: &Finding, sources: &SourceMap) {
        let mut plain = finding.clone();
        let related = plain.related.iter_mut().map(|related| &mut related.place);
        for place in std::iter::once(&mut plain.place).chain(related).flatten() {
            let file = std::mem::replace(&mut place.file, FileId(0));
            self.part(&sources.file(file).path, &[]);
        }
        // Writing to a hash cannot fail.
        let _ = write!(self, "{plain:?}");
    }

    fn finish(self) -> Recipe {
        Recipe(self.0.finalize().into())
    }
}

impl fmt::Write for Sink {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.update(text.as_bytes());
        Ok(())
    }
}
