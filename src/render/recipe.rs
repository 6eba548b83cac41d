//! Recipes: what the files of a site are made from, as hashes, so that a build takes over what
//! another build has made from the same.
//!
//! A file about a disclosure is made from
//! 1. what all files are made from: settings, forms, classifications, terms, texts, the theme,
//!    and the paths of the plan that pages ask for (codes that have a page, say);
//! 2. the sources and the paths of its unit, of the units above and of those below: other years are
//!    compared, a 部门 is the sum of its units;
//! 3. the page of the directory that its region begins on, which all units decide;
//! 4. what was found about it, settled: that may be of other units (a passage copied) or of the
//!    day (an exception that has ended).
//!
//! A link that is drawn in any case needs no path here: where there is nothing the build stops, and once
//! a path is gone everything is made again. A page that begins to ask whether a path outside its family
//! is there must find it among those of 1.
//!
//! The figures of a year are made from those of its disclosures. A page about many disclosures is
//! made from the files of the units and what lists keep of the disclosures, of which there is a hash
//! where a site was examined by families ([`Hashes`]). What is left has no recipe and is made in every
//! build. The program itself is no part of a recipe: who keeps recipes keeps them for one program.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

use rayon::prelude::*;
use sha2::{Digest as _, Sha256};

use crate::diagnostic::{FileId, Finding, SourceMap};
use crate::model::code::ClassCode;
use crate::model::disclosure::Disclosure;
use crate::model::form::Kind;
use crate::model::glossary::Term;
use crate::model::stored::Stored;
use crate::render::page::Page;
use crate::render::pages::Scene;

/// What a file is made from: of equal recipes one program makes equal bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Recipe(pub [u8; 32]);

impl fmt::Debug for Recipe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Hashes that were taken while a site was examined by families.
#[derive(Clone, Debug, Default)]
pub struct Hashes {
    /// Of everything in the years of each unit.
    pub years: BTreeMap<String, [u8; 32]>,
    /// Of what lists keep of each disclosure, its rows for the finder left out, in the site's order.
    pub briefs: Vec<[u8; 32]>,
}

/// The recipes of a plan.
#[derive(Debug)]
pub(crate) struct Recipes {
    /// What all pages about many disclosures are made from.
    lists: Recipe,
    /// All paths of the plan.
    paths: Recipe,
    /// The paths below the folder of each unit.
    own_paths: BTreeMap<String, Recipe>,
    /// Of the files about each disclosure, in the site's order.
    pub(crate) of_disclosures: Vec<Recipe>,
    /// Of the figures of each year.
    pub(crate) of_years: BTreeMap<i32, Recipe>,
    /// Of pages about many disclosures, by their places in the plan.
    pub(crate) of_pages: BTreeMap<usize, Recipe>,
}

/// The folder of the units' sources.
const UNITS: &str = "content/units/";

/// The folder of what is published about them.
const PUBLISHED: &str = "units/";

/// The addresses that were published before are held against the plan, and in no page.
const ADDRESSES: &str = "urls.lock";

impl Recipes {
    /// The recipes of everything that `scene` shows, at `paths`, read from `sources`, whose
    /// texts are not at hand any more where `hashes` were taken of them.
    pub(crate) fn new<'p>(
        scene: &Scene<'_>,
        paths: impl Iterator<Item = &'p str>,
        sources: &SourceMap,
        hashes: Option<&Hashes>,
    ) -> Self {
        let years = hashes.map(|hashes| &hashes.years);
        let is_wanted = |path: &str| years.is_none() || is_of_all(path);
        let texts: Vec<(&str, [u8; 32])> = sources
            .files()
            .filter(|(_, file)| is_wanted(file.path))
            .collect::<Vec<_>>()
            .into_par_iter()
            .map(|(_, file)| (file.path, Sha256::digest(file.text.as_bytes()).into()))
            .collect();
        let units = by_unit(&texts);
        let (mut all, mut own_paths, mut shared) = (Sink::default(), BTreeMap::new(), Sink::default());
        for path in paths {
            all.part(path, &[]);
            match path.strip_prefix(PUBLISHED).and_then(|below| below.split('/').next()) {
                Some(unit) => own_paths.entry(unit.to_owned()).or_insert_with(Sink::default).part(path, &[]),
                None if is_asked_for_by_its_list_alone(path) => {}
                None => shared.part(path, &[]),
            }
        }
        let own_paths = own_paths.into_iter().map(|(unit, paths)| (unit, paths.finish())).collect();
        let common = common(scene, shared, &texts);
        let recipe = |(at, disclosure): (usize, &Disclosure)| {
            let mut hash = Sink::from(common);
            for unit in family(scene, &disclosure.unit) {
                units.get(unit).into_iter().flatten().for_each(|(path, text)| hash.part(path, text));
                hash.paths(&own_paths, unit);
                years.and_then(|years| years.get(unit)).into_iter().for_each(|year| hash.part(unit, year));
                // Of those that were read some may be held back.
                for shown in scene.disclosures_of(unit) {
                    hash.stored(&(shown.year, shown.kind));
                }
            }
            if let Some(unit) = scene.site.unit_of(disclosure) {
                hash.part("region", scene.region_path(unit).as_bytes());
            }
            for attachment in disclosure.attached() {
                hash.part(&attachment.path, &attachment.bytes);
            }
            scene.standing_of(at).iter().for_each(|finding| hash.finding(finding, sources));
            hash.stored(&scene.prose.get(at).copied());
            hash.finish()
        };
        let of_disclosures: Vec<Recipe> = scene.site.disclosures.par_iter().enumerate().map(recipe).collect();
        let mut years: BTreeMap<i32, Sink> = BTreeMap::new();
        for (disclosure, recipe) in scene.site.disclosures.iter().zip(&of_disclosures) {
            let year = years.entry(disclosure.year).or_insert_with(|| Sink::from(common));
            year.part(&disclosure.unit, &recipe.0);
        }
        let of_years = years.into_iter().map(|(year, hash)| (year, hash.finish())).collect();
        let lists = lists(common, &texts);
        Self { lists, paths: all.finish(), own_paths, of_disclosures, of_years, of_pages: BTreeMap::new() }
    }

    /// Takes in the recipes of the pages about many disclosures.
    pub(crate) fn with_pages(self, scene: &Scene<'_>, pages: &[(usize, Page<'_>)], hashes: &Hashes) -> Self {
        let lists = Lists::new(&self, scene, hashes);
        let of_pages = pages.par_iter().filter_map(|(index, page)| Some((*index, lists.recipe(*page)?))).collect();
        Self { of_pages, ..self }
    }
}

/// What pages about many disclosures are made from.
struct Lists<'s, 'a> {
    scene: &'s Scene<'a>,
    recipes: &'s Recipes,
    briefs: &'s [[u8; 32]],
    /// Of everything that is kept of all disclosures, and all paths.
    all: Recipe,
    /// What all disclosures of a year and kind spent, which each of their units is a part of.
    portal: BTreeMap<(i32, Kind), Recipe>,
}

impl<'s, 'a> Lists<'s, 'a> {
    fn new(recipes: &'s Recipes, scene: &'s Scene<'a>, hashes: &'s Hashes) -> Self {
        let portal = scene.index.portal.iter().map(|(of, spending)| {
            let mut hash = Sink::from(recipes.lists);
            let _ = write!(hash, "{spending:?}"); // writing to a hash cannot fail
            (*of, hash.finish())
        });
        let mut all = Sink::from(recipes.lists);
        all.part("", &recipes.paths.0);
        hashes.briefs.iter().for_each(|brief| all.part("", brief));
        Self { scene, recipes, briefs: &hashes.briefs, all: all.finish(), portal: portal.collect() }
    }

    /// The recipe of a page; `None` of what is quickly made, or made from more.
    fn recipe(&self, page: Page<'_>) -> Option<Recipe> {
        let mut hash = Sink::from(self.recipes.lists);
        match page {
            Page::Unit(unit) => self.unit(&mut hash, &unit.id),
            Page::Year(list) => self.year(&mut hash, list.year),
            Page::Code(classification, code, _) => self.spending(&mut hash, classification, code),
            Page::Term(term) => self.term(&mut hash, term),
            Page::Home
            | Page::Glossary
            | Page::Codes
            | Page::Directory(_)
            | Page::Forms
            | Page::FormSet(_)
            | Page::Rules
            | Page::Text(_)
            | Page::NotFound
            | Page::Search
            | Page::Verify => return Some(self.all),
            _ => return None,
        }
        Some(hash.finish())
    }

    fn brief(&self, hash: &mut Sink, at: usize) {
        hash.part("", self.briefs.get(at).map_or(&[][..], |brief| brief));
    }

    fn briefs_of(&self, hash: &mut Sink, disclosures: Option<&Vec<usize>>) {
        disclosures.into_iter().flatten().for_each(|at| self.brief(hash, *at));
    }

    /// The disclosures of a year, and the years beside it: the page of a year that is all held back
    /// stands where it was, and is led to no more.
    fn year(&self, hash: &mut Sink, year: i32) {
        let years = &self.scene.index.by_year;
        self.briefs_of(hash, years.get(&year));
        let beside = [years.range(..year).next_back(), years.range(year + 1..).next()];
        hash.stored(&beside.map(|beside| beside.map(|(year, _)| *year)).to_vec());
    }

    /// A unit with those it belongs to and those that belong to it, and what it is a part of.
    fn unit(&self, hash: &mut Sink, unit: &str) {
        for unit in family(self.scene, unit) {
            self.briefs_of(hash, self.scene.index.by_unit.get(unit));
            hash.paths(&self.recipes.own_paths, unit);
        }
        for disclosure in self.scene.disclosures_of(unit) {
            let whole = self.portal.get(&(disclosure.year, disclosure.kind));
            hash.part("", whole.map_or(&[][..], |whole| &whole.0));
        }
    }

    /// A disclosure as lists name it.
    fn head(&self, hash: &mut Sink, at: usize) {
        let disclosure = &self.scene.site.disclosures[at];
        hash.part(&disclosure.unit, &disclosure.year.to_le_bytes());
        hash.stored(&disclosure.kind);
    }

    /// Who spent on a code, in which row of which forms.
    fn spending(&self, hash: &mut Sink, classification: &str, code: ClassCode) {
        for spending in self.scene.index.spending.get(&(classification.to_owned(), code)).into_iter().flatten() {
            self.head(hash, spending.disclosure());
            hash.part(&self.scene.site.disclosures[spending.disclosure()].set.id, &[]);
            hash.stored(&(spending.cell(code), spending.figure(self.scene.site, code)));
        }
    }

    /// Who lists a term, who links it, and who spends on its codes.
    fn term(&self, hash: &mut Sink, term: &Term) {
        for terms in [&self.scene.listed_terms, &self.scene.linked_terms] {
            hash.part("", &[]);
            let disclosures = terms.get(term.id.as_str()).into_iter().flatten();
            disclosures.for_each(|at| self.head(hash, *at as usize));
        }
        term.codes.iter().for_each(|code| self.spending(hash, "functional", *code));
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

/// Whether a source is none of a unit's years: files about many disclosures are made from it.
fn is_of_all(path: &str) -> bool {
    match path.strip_prefix(UNITS) {
        Some(below) => below.matches('/').count() == 1,
        None => path != ADDRESSES,
    }
}

/// Whether no page asks for a published file but those of the list that it is a part of, which are made
/// from what tells that it is there: lists of a year, further pages of a list, rows of the finder.
fn is_asked_for_by_its_list_alone(path: &str) -> bool {
    match path.split('/').collect::<Vec<_>>()[..] {
        ["assets", "finder", _] => true,
        ["years", _, ref rest @ ..] | ["codes", _, _, ref rest @ ..] => rest.len() > 1,
        _ => false,
    }
}

/// What all files are made from, with the paths that any of them may ask for.
fn common(scene: &Scene<'_>, mut hash: Sink, texts: &[(&str, [u8; 32])]) -> Recipe {
    for (path, text) in texts.iter().filter(|(path, _)| is_of_all(path) && !path.starts_with(UNITS)) {
        hash.part(path, text);
    }
    for file in &scene.site.theme.files {
        hash.part(&file.path, &file.bytes);
    }
    hash.finish()
}

/// What all pages about many disclosures are made from: the files of the units besides.
fn lists(common: Recipe, texts: &[(&str, [u8; 32])]) -> Recipe {
    let mut hash = Sink::from(common);
    for (path, text) in texts.iter().filter(|(path, _)| is_of_all(path) && path.starts_with(UNITS)) {
        hash.part(path, text);
    }
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
            self.part(sources.file(file).path, &[]);
        }
        self.stored(&plain);
    }

    /// The paths below a unit's folder.
    fn paths(&mut self, own: &BTreeMap<String, Recipe>, unit: &str) {
        self.part(unit, own.get(unit).map_or(&[][..], |paths| &paths.0));
    }

    /// A value as the program keeps it.
    fn stored(&mut self, value: &impl Stored) {
        let mut bytes = Vec::new();
        value.put(&mut bytes);
        self.part("", &bytes);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Report;
    use crate::derive::fixture;
    use crate::model::site::Site;
    use crate::model::unit::Unit;
    use crate::render::Plan;

    #[test]
    fn a_page_is_made_from_other_things_when_its_region_begins_on_another_page_of_the_directory() {
        let mut site = fixture::site("", vec![fixture::disclosure()]);
        let report = Report::default();
        let own = site.units["unit"].clone();
        // The last of the regions begins at the last place of the first page.
        for at in 0..398 {
            let region = if at < 199 { "乙" } else { "甲" };
            let unit = Unit { id: format!("u{at}"), region: vec![region.into()], parent: None, ..own.clone() };
            site.units.insert(unit.id.clone(), unit);
        }
        site.units.insert("unit".into(), Unit { region: vec!["甲".into()], ..own });
        let recipe = |site: &Site| {
            let plan = Plan::new(site, &report, Vec::new()).0.with_recipes(&SourceMap::default(), None);
            let page = plan.find("units/unit/2023/index.html").unwrap();
            (plan.scene().region_path(&site.units["unit"]), plan.len(), plan.recipe(page).unwrap())
        };
        let before = recipe(&site);
        let mut moved = site.clone();
        moved.units.get_mut("u300").unwrap().region = vec!["乙".into()];
        let after = recipe(&moved);
        assert_eq!([&*before.0, &*after.0], ["directory/index.html", "directory/2/index.html"]);
        assert_eq!(before.1, after.1, "all addresses are the same");
        assert_ne!(before.2, after.2);
        // Within the page it does not matter.
        let mut moved = site.clone();
        moved.units.get_mut("u1").unwrap().region = vec!["甲".into()];
        assert_eq!(recipe(&moved), before);
    }

    #[test]
    fn a_page_is_made_from_other_things_when_a_year_beside_it_is_held_back() {
        let year = |year| Disclosure { year, ..fixture::disclosure() };
        let whole = fixture::site("", vec![year(2023), year(2024)]);
        let report = Report::default();
        let planned = |site: &Site| {
            let plan = Plan::new(site, &report, Vec::new()).0.with_recipes(&SourceMap::default(), None);
            let paths: Vec<String> = (0..plan.len()).map(|index| plan.path(index).to_owned()).collect();
            let recipe = plan.recipe(plan.find("units/unit/2023/index.html").unwrap()).unwrap();
            (paths, recipe)
        };
        let (paths, recipe) = planned(&whole);
        assert_eq!(planned(&whole), (paths.clone(), recipe));
        let mut held = whole.clone();
        held.disclosures.truncate(1);
        held.kept.clone_from(&paths);
        let (same, other) = planned(&held);
        assert_eq!(same, paths);
        assert_ne!(other, recipe);
    }
}
