//! What rules ask of the whole site, gathered once: disclosures by unit, kind and year, and
//! the units below each 部门.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use crate::model::disclosure::Disclosure;
use crate::model::form::{Form, FormSet, Kind};
use crate::model::glossary::Term;
use crate::model::site::{Common, Site};
use crate::model::unit::Unit;

/// The units that name each unit as their parent, by id.
pub(crate) type Below<'a> = BTreeMap<&'a str, Vec<&'a Unit>>;

/// Of the site's terms those that each set's own words use, by where the set lies in memory:
/// hundreds of disclosures share one.
pub(crate) type Said = OnceLock<BTreeMap<usize, BTreeSet<String>>>;

/// Who is below whom.
pub(crate) fn below(common: &Common) -> Below<'_> {
    let mut below = Below::new();
    for unit in common.units.values() {
        if let Some(parent) = &unit.parent {
            below.entry(parent).or_default().push(unit);
        }
    }
    below
}

/// Disclosures and units of a site, to be looked up without a search through all of them.
pub(crate) struct Index<'a> {
    disclosures: BTreeMap<(&'a str, Kind, i32), &'a Disclosure>,
    below: Arc<Below<'a>>,
    listed_terms: Option<BTreeSet<&'a str>>,
    said: Arc<Said>,
    site: &'a Site,
}

impl<'a> Index<'a> {
    /// The index of a whole site.
    pub(crate) fn new(site: &'a Site) -> Self {
        Self {
            listed_terms: Some(listed_terms(&site.disclosures)),
            ..Self::of_part(site, Arc::new(below(site)), Arc::default())
        }
    }

    /// The index of a part of a site: which terms the others list is not known.
    pub(crate) fn of_part(site: &'a Site, below: Arc<Below<'a>>, said: Arc<Said>) -> Self {
        let keyed = site.disclosures.iter().map(|d| ((d.unit.as_str(), d.kind, d.year), d));
        Self { disclosures: keyed.collect(), below, listed_terms: None, said, site }
    }

    /// Whether a term's name stands in the forms, the facts or the narrative of a disclosure's set.
    pub(crate) fn is_said_by_set(&self, disclosure: &Disclosure, term: &str) -> bool {
        let terms = self.said.get_or_init(|| self.terms_of_sets());
        terms.get(&key_of(&disclosure.set)).is_some_and(|terms| terms.contains(term))
    }

    fn terms_of_sets(&self) -> BTreeMap<usize, BTreeSet<String>> {
        let mut terms = BTreeMap::new();
        let used = self.site.disclosures.iter().map(|disclosure| &disclosure.set);
        for set in self.site.sets.values().chain(used) {
            terms.entry(key_of(set)).or_insert_with(|| terms_of(set, self.site));
        }
        terms
    }

    /// A unit's disclosure of one kind and year.
    pub(crate) fn disclosure(&self, unit: &str, kind: Kind, year: i32) -> Option<&'a Disclosure> {
        self.disclosures.get(&(unit, kind, year)).copied()
    }

    /// The disclosure of the same unit and kind that goes before this one, of whatever year.
    pub(crate) fn before(&self, disclosure: &Disclosure) -> Option<&'a Disclosure> {
        let key = |year| (disclosure.unit.as_str(), disclosure.kind, year);
        Some(*self.disclosures.range(key(i32::MIN)..key(disclosure.year)).next_back()?.1)
    }

    /// The terms that some disclosure of the site lists, by id; `None` where that is not known.
    pub(crate) const fn listed_terms(&self) -> Option<&BTreeSet<&'a str>> {
        self.listed_terms.as_ref()
    }

    /// The units that name this one as their parent, by id.
    pub(crate) fn below(&self, unit: &str) -> &[&'a Unit] {
        self.below.get(unit).map_or(&[], Vec::as_slice)
    }
}

/// The terms that disclosures list, by id.
fn listed_terms(disclosures: &[Disclosure]) -> BTreeSet<&str> {
    disclosures.iter().flat_map(|disclosure| &disclosure.terms).map(|term| term.value.as_str()).collect()
}

fn key_of(set: &Arc<FormSet>) -> usize {
    Arc::as_ptr(set).addr()
}

/// The terms that the words of a set use.
fn terms_of(set: &FormSet, site: &Site) -> BTreeSet<String> {
    let words = words_of(set, site);
    let is_used = |term: &Term| spellings(term).any(|spelling| words.iter().any(|text| text.contains(spelling)));
    site.terms.iter().filter(|(_, term)| is_used(term)).map(|(id, _)| id.clone()).collect()
}

/// Every label and text of a set: its forms, its facts and the template of its narrative.
fn words_of<'a>(set: &'a FormSet, site: &'a Site) -> Vec<&'a str> {
    let mut words: Vec<&str> = set.forms.iter().flat_map(form_words).collect();
    let items = set.facts.iter().flat_map(|group| group.items.iter().map(|item| &item.name));
    words.extend(set.facts.iter().map(|group| &group.name).chain(items).map(String::as_str));
    words.extend(site.narratives.get(&set.narrative).map(|template| template.body.value.as_str()));
    words
}

fn form_words(form: &Form) -> impl Iterator<Item = &str> {
    let lines = form.lines.iter().map(|line| &line.label);
    let headings = form.columns.iter().flat_map(|column| &column.heading);
    std::iter::once(&form.title).chain(&form.notes).chain(lines).chain(headings).map(String::as_str)
}

/// The names by which a text may mean a term.
pub(super) fn spellings(term: &Term) -> impl Iterator<Item = &str> {
    std::iter::once(&term.name).chain(&term.aliases).map(String::as_str).filter(|name| name.chars().count() > 1)
}
