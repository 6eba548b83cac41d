//! What rules ask of the whole site, gathered once: disclosures by unit, kind and year, and
//! the units below each 部门.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::disclosure::Disclosure;
use crate::model::form::Kind;
use crate::model::site::{Common, Site};
use crate::model::unit::Unit;

/// The units that name each unit as their parent, by id.
pub(crate) type Below<'a> = BTreeMap<&'a str, Vec<&'a Unit>>;

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
}

impl<'a> Index<'a> {
    /// The index of a whole site.
    pub(crate) fn new(site: &'a Site) -> Self {
        Self { listed_terms: Some(listed_terms(&site.disclosures)), ..Self::of_part(site, Arc::new(below(site))) }
    }

    /// The index of a part of a site: which terms the others list is not known.
    pub(crate) fn of_part(site: &'a Site, below: Arc<Below<'a>>) -> Self {
        let keyed = site.disclosures.iter().map(|d| ((d.unit.as_str(), d.kind, d.year), d));
        Self { disclosures: keyed.collect(), below, listed_terms: None }
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
pub(crate) fn listed_terms(disclosures: &[Disclosure]) -> BTreeSet<&str> {
    disclosures.iter().flat_map(|disclosure| &disclosure.terms).map(|term| term.value.as_str()).collect()
}
