//! What rules ask of the whole site, gathered once: disclosures by unit, kind and year, and
//! the units below each 部门.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::disclosure::Disclosure;
use crate::model::form::Kind;
use crate::model::site::Site;
use crate::model::unit::Unit;

/// Disclosures and units of a site, to be looked up without a search through all of them.
pub(crate) struct Index<'a> {
    disclosures: BTreeMap<(&'a str, Kind, i32), &'a Disclosure>,
    below: BTreeMap<&'a str, Vec<&'a Unit>>,
    listed_terms: BTreeSet<&'a str>,
}

impl<'a> Index<'a> {
    pub(crate) fn new(site: &'a Site) -> Self {
        let keyed = site.disclosures.iter().map(|d| ((d.unit.as_str(), d.kind, d.year), d));
        let mut below: BTreeMap<&str, Vec<&Unit>> = BTreeMap::new();
        for unit in site.units.values() {
            if let Some(parent) = &unit.parent {
                below.entry(parent).or_default().push(unit);
            }
        }
        let terms = site.disclosures.iter().flat_map(|disclosure| &disclosure.terms);
        let listed_terms = terms.map(|term| term.value.as_str()).collect();
        Self { disclosures: keyed.collect(), below, listed_terms }
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

    /// The terms that some disclosure of the site lists, by id.
    pub(crate) const fn listed_terms(&self) -> &BTreeSet<&'a str> {
        &self.listed_terms
    }

    /// The units that name this one as their parent, by id.
    pub(crate) fn below(&self, unit: &str) -> &[&'a Unit] {
        self.below.get(unit).map_or(&[], Vec::as_slice)
    }
}
