//! What is written for disclosures before any page is drawn: narratives, and what amendments
//! changed. Made ready once, for a whole site or for its parts one after the other.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::derive::amendment::Difference;
use crate::derive::narrative::{Narrative, Narrator};
use crate::diagnostic::Finding;
use crate::model::disclosure::Disclosure;
use crate::model::site::Site;
use crate::model::stored::{Reader, Stored as _, stored};
use crate::render::finder::{Gatherer, Headings, OwnRows};
use crate::render::glossary::Linker;
use crate::render::links::term_path;
use crate::render::pages::version;
use crate::render::text_links::{self, TextLink};
use crate::render::words;

/// Writes narratives and tells what amendments changed.
pub struct Composer<'a> {
    narrator: Narrator,
    linker: Linker<'a>,
    gatherer: Gatherer,
    /// The places of the site's terms in the order of their ids, by id.
    terms: BTreeMap<&'a str, u32>,
}

/// What was written for the disclosures of a site or a part of it, in its order.
#[derive(Debug)]
pub struct Composed {
    /// The narratives.
    pub(crate) narratives: Vec<Narrative>,
    /// Those of the earlier versions of each disclosure, by the amendment that replaced them.
    pub(crate) earlier: Vec<Vec<Narrative>>,
    /// What each amendment of each disclosure changed.
    pub(crate) differences: Vec<Vec<Difference>>,
}

impl Composed {
    /// Keeps the narratives; see [`crate::model::stored::Stored::put`].
    pub(crate) fn put(&self, out: &mut Vec<u8>) {
        self.narratives.put(out);
        self.earlier.put(out);
    }

    /// What [`Self::put`] kept of what was written for a part of the site.
    pub(crate) fn take(part: &Site, from: &mut Reader<'_>) -> Option<Self> {
        let (narratives, earlier) = <(Vec<Narrative>, Vec<Vec<Narrative>>)>::take(from)?;
        let differences = part.disclosures.iter().map(|disclosure| version::differences(part, disclosure)).collect();
        Some(Self { narratives, earlier, differences })
    }
}

/// What pages about many disclosures ask of what was written for one.
#[derive(Clone, Debug, Default)]
pub struct Gist {
    /// The terms of the site that it lists, by their places in the order of ids.
    pub(crate) listed_terms: Box<[u32]>,
    /// The terms that its narrative links, likewise.
    pub(crate) linked_terms: Box<[u32]>,
    /// How many figures and texts its last amendment changed.
    pub(crate) changed: usize,
    /// The links in the texts that the unit wrote itself.
    pub(super) links: Vec<TextLink>,
    /// Its rows for the finder.
    pub(super) rows: OwnRows,
}

impl Gist {
    /// Keeps what pages show of it; see [`Stored::put`].
    pub(crate) fn put_for_lists(&self, out: &mut Vec<u8>) {
        self.listed_terms.put(out);
        self.linked_terms.put(out);
        self.changed.put(out);
    }
}

/// The terms that disclosures list, by id.
pub fn listed_terms<'s>(site: &'s Site, gists: &[Gist]) -> BTreeSet<&'s str> {
    let mut is_listed = vec![false; site.terms.len()];
    for term in gists.iter().flat_map(|gist| &gist.listed_terms) {
        is_listed[*term as usize] = true;
    }
    site.terms.keys().zip(is_listed).filter(|(_, is_listed)| *is_listed).map(|(id, _)| id.as_str()).collect()
}

stored!(Gist { listed_terms, linked_terms, changed, links, rows });

impl<'a> Composer<'a> {
    /// A composer with what the disclosures of a site have in common, and what is wrong with it.
    pub fn new(site: &'a Site) -> (Self, Vec<Finding>) {
        let (narrator, findings) = Narrator::new(site);
        let terms = site.terms.keys().map(String::as_str).zip(0..).collect();
        (Self { narrator, linker: words::linker(site), gatherer: Gatherer::default(), terms }, findings)
    }

    /// What pages about many disclosures ask of a part of the site, what was written for it, and
    /// what is wrong with that.
    pub fn survey(&self, part: &Site) -> (Vec<Gist>, Composed, Vec<Finding>) {
        let (composed, findings) = self.compose(part);
        let mut gists = self.gists(part, &composed);
        for (gist, disclosure) in gists.iter_mut().zip(&part.disclosures) {
            gist.rows = self.gatherer.rows(part, disclosure);
        }
        (gists, composed, findings)
    }

    /// Lets gists that were kept be of use: `headings` is what the rows in them are called.
    pub(crate) fn recall(&self, headings: Headings) {
        self.gatherer.recall(headings);
    }

    /// What the rows in the gists are called.
    pub(crate) fn headings(&self) -> Headings {
        self.gatherer.headings()
    }

    /// Writes for the disclosures of a site or a part of it. What was wrong with the earlier
    /// versions is not told: they were published, and are nobody's to mend.
    pub fn compose(&self, part: &Site) -> (Composed, Vec<Finding>) {
        let one = |disclosure: &Disclosure| {
            let (narrative, mut findings) = self.narrator.compose(part, disclosure);
            let versions = disclosure.amendments.iter().map(|amendment| &amendment.earlier);
            let earlier: Vec<Narrative> = versions.map(|earlier| self.narrator.compose(part, earlier).0).collect();
            let differences = version::differences(part, disclosure);
            findings.extend(version::unchanged(disclosure, &differences));
            (narrative, earlier, differences, findings)
        };
        let written: Vec<_> = part.disclosures.par_iter().map(one).collect();
        let mut composed = Composed { narratives: Vec::new(), earlier: Vec::new(), differences: Vec::new() };
        let mut findings = Vec::new();
        for (narrative, earlier, differences, found) in written {
            composed.narratives.push(narrative);
            composed.earlier.push(earlier);
            composed.differences.push(differences);
            findings.extend(found);
        }
        (composed, findings)
    }

    /// Links the site's terms.
    pub fn linker(&self) -> Linker<'a> {
        self.linker.leading(term_path)
    }

    pub(crate) fn gists(&self, part: &Site, composed: &Composed) -> Vec<Gist> {
        let linked = |narrative: &Narrative| {
            let passages = narrative.passages.iter();
            self.places_of(passages.flat_map(|passage| self.linker.linked_in(&passage.markdown)))
        };
        let linked: Vec<Box<[u32]>> = composed.narratives.par_iter().map(linked).collect();
        let gist = |((linked_terms, differences), disclosure): ((Box<[u32]>, &Vec<Difference>), &Disclosure)| Gist {
            listed_terms: self.places_of(disclosure.terms.iter().map(|term| term.value.as_str())),
            linked_terms,
            changed: differences.last().map_or(0, Difference::count),
            links: text_links::of_disclosure(disclosure),
            rows: OwnRows::default(),
        };
        linked.into_iter().zip(&composed.differences).zip(&part.disclosures).map(gist).collect()
    }

    /// The places of terms, each once, in order.
    fn places_of<'t>(&self, terms: impl Iterator<Item = &'t str>) -> Box<[u32]> {
        let mut places: Vec<u32> = terms.filter_map(|term| self.terms.get(term).copied()).collect();
        places.sort_unstable();
        places.dedup();
        places.into()
    }
}

impl std::fmt::Debug for Composer<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Composer").finish_non_exhaustive()
    }
}
