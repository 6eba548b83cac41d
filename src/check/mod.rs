//! Checks: whether the figures of a disclosure agree, and whether it is complete.
//!
//! 1. [`judge`] holds the exact verdicts on printed figures; [`vectors`] proves them on a file.
//! 2. [`compile`] resolves the names in a form set's relations, once a set.
//! 3. [`run`] runs them over a disclosure: an instance a row ([`relation`]), passes kept too.
//! 4. [`rules`] turns what failed, and everything else that a reviewer would mark, into
//!    findings; each rule is one file.
//!
//! [`check`] does this for every disclosure in parallel; results and findings come in the
//! order of the disclosures, whatever the thread count.

mod compile;
mod coverage;
mod exceptions;
mod index;
pub mod judge;
mod listed;
pub mod relation;
mod rules;
mod run;
mod slip;
#[cfg(test)]
pub(crate) mod testing;
pub mod vectors;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

pub use compile::RelationId;
pub use coverage::{CellIndex, Participation};
pub use exceptions::settle;
pub use judge::Verdict;
pub use listed::{About, Listed, Lister, Topic, compares};
pub use relation::{Counts, Instance, Instances, Operand, Scene, Source};
pub use rules::{RULES, Rule, Unlisted};

use crate::diagnostic::Finding;
use crate::model::code::ClassCode;
use crate::model::disclosure::Disclosure;
use crate::model::form::{CellRef, FormSet};
use crate::model::site::{Common, Site};
use crate::model::stored::{Reader, Stored};
use compile::Compiled;
use index::{Below, Index, Said};
use rules::Context;
use run::Scratch;

/// How a wrong figure may have come from the right one, both in last units: `相邻两位数字颠倒`.
pub(crate) fn slip_between(wrong: i128, right: i128) -> Option<&'static str> {
    slip::Slip::between(wrong, right).map(slip::Slip::name)
}

/// What the checks of a site came to.
#[derive(Debug, Default)]
pub struct Report {
    /// Every relation of every disclosure, in the order of [`Site::disclosures`].
    pub results: Vec<DisclosureResults>,
    /// What is to be mended or looked at.
    pub findings: Vec<Finding>,
}

/// Every relation of one disclosure with its verdict.
#[derive(Clone, Debug, Default)]
pub struct DisclosureResults {
    /// The relations over concrete cells, passes too.
    pub instances: Instances,
    /// The verdicts, where the relations themselves are not kept.
    counted: Option<Counts>,
}

impl Report {
    /// The results of a disclosure, by its position in [`Site::disclosures`].
    pub fn of(&self, disclosure: usize) -> Option<&DisclosureResults> {
        self.results.get(disclosure)
    }

    /// The verdicts over the whole site.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for results in &self.results {
            counts += results.counts();
        }
        counts
    }
}

/// In brief.
impl Stored for DisclosureResults {
    fn put(&self, out: &mut Vec<u8>) {
        self.counts().put(out);
    }

    fn take(from: &mut Reader<'_>) -> Option<Self> {
        Some(Self { instances: Instances::default(), counted: Some(Counts::take(from)?) })
    }
}

impl DisclosureResults {
    /// The verdicts over all relations.
    pub fn counts(&self) -> Counts {
        self.counted.unwrap_or_else(|| self.instances.iter().map(|instance| instance.verdict).collect())
    }

    /// The same without the relations themselves: for lists of many disclosures.
    #[must_use]
    pub fn in_brief(&self) -> Self {
        Self { instances: Instances::default(), counted: Some(self.counts()) }
    }

    /// The verdicts by the code of the finding that each relation would make.
    pub fn counts_by_code(&self, disclosure: &Disclosure) -> BTreeMap<&'static str, Counts> {
        let mut counts: BTreeMap<&str, Counts> = BTreeMap::new();
        for instance in &self.instances {
            let code = rules::code_of(&self.instances, instance, instance.relation.of(&disclosure.set));
            counts.entry(code).or_default().add(instance.verdict);
        }
        counts
    }

    /// The relations in which a form takes part: its own and those with other tables.
    pub fn for_form(&self, form: u16) -> impl Iterator<Item = &Instance> {
        self.touching(move |cell| cell.form == form)
    }

    /// The relations in which a cell takes part.
    pub fn for_cell(&self, cell: CellRef) -> impl Iterator<Item = &Instance> {
        self.touching(move |other| other == cell)
    }

    /// For each of a set's `forms`, the verdicts over the relations in which it takes part.
    pub fn form_counts(&self, forms: usize) -> Vec<Counts> {
        let mut counts = vec![Counts::default(); forms];
        // The last instance that each form was counted for: it counts once, whatever its cells.
        let mut counted = vec![None; forms];
        for (at, instance) in self.instances.iter().enumerate() {
            for cell in self.instances.operands(instance).iter().filter_map(|operand| operand.source.cell()) {
                let form = usize::from(cell.form);
                if form < forms && counted[form].replace(at) != Some(at) {
                    counts[form].add(instance.verdict);
                }
            }
        }
        counts
    }

    /// How many figures of the disclosure take part in a relation that was judged.
    pub fn participation(&self, disclosure: &Disclosure) -> Participation {
        Participation::of(&self.instances, disclosure)
    }

    /// The relations of every cell, for whoever asks for many cells.
    pub fn by_cell(&self) -> CellIndex {
        CellIndex::of(&self.instances)
    }

    fn touching(&self, is_meant: impl Fn(CellRef) -> bool) -> impl Iterator<Item = &Instance> {
        let touches = move |instance: &&Instance| {
            self.instances.operands(instance).iter().any(|operand| operand.source.cell().is_some_and(&is_meant))
        };
        self.instances.iter().filter(touches)
    }
}

/// Judges every relation of every disclosure and runs every rule.
pub fn check(site: &Site) -> Report {
    check_while(site, &|| true)
}

/// [`check`] as long as it is wanted: once `goes_on` says no, what is left is passed over, and the
/// report is of no use.
pub fn check_while(site: &Site, goes_on: &(dyn Fn() -> bool + Sync)) -> Report {
    let checks = Checks::of_site(site);
    let mut report = checks.run(site, &Index::new(site), goes_on);
    report.findings.splice(0..0, checks.faults());
    report
}

/// Judges every relation of every disclosure and runs no rule: what [`check`] begins with.
pub fn relations(site: &Site) -> Vec<DisclosureResults> {
    Checks::of_site(site).relations(site)
}

/// The checks made ready for what the disclosures of a site have in common: done once, however
/// many parts of the site are checked.
pub struct Checks<'a> {
    compiled: BTreeMap<&'a str, Compiled<'a>>,
    below: Arc<Below<'a>>,
    explained: Arc<BTreeSet<ClassCode>>,
    said: Arc<Said>,
}

impl<'a> Checks<'a> {
    /// The checks of sites and parts of sites that have this in common.
    pub fn new(common: &'a Common) -> Self {
        Self::over(common, common.sets.values())
    }

    /// The checks of a site, for the sets of its own and those that its disclosures are filled in on.
    fn of_site(site: &'a Site) -> Self {
        let used = site.disclosures.iter().map(|disclosure| &disclosure.set);
        Self::over(site, site.sets.values().chain(used))
    }

    fn over(common: &'a Common, sets: impl Iterator<Item = &'a Arc<FormSet>>) -> Self {
        let sets: BTreeMap<&str, _> = sets.map(|set| (set.id.as_str(), &**set)).collect();
        Self {
            compiled: sets.into_iter().map(|(id, set)| (id, Compiled::new(set))).collect(),
            below: Arc::new(index::below(common)),
            explained: Arc::new(rules::explained(common)),
            said: Arc::default(),
        }
    }

    /// What is wrong with the relations of the sets themselves.
    pub fn faults(&self) -> Vec<Finding> {
        self.compiled.values().flat_map(rules::faults).collect()
    }

    /// [`check`] for a part of the site, without [`Self::faults`] and without what rests on all
    /// disclosures of the site: [`Unlisted`].
    pub fn part(&self, part: &Site) -> Report {
        self.run(
            part,
            &Index::of_part(part, Arc::clone(&self.below) as Arc<Below<'_>>, Arc::clone(&self.said)),
            &|| true,
        )
    }

    /// [`relations`] for a part of the site.
    pub fn relations(&self, part: &Site) -> Vec<DisclosureResults> {
        let judge = |scratch: &mut Scratch, scene| run::run(self.compiled(scene), scene, scratch);
        let index = Index::of_part(part, Arc::clone(&self.below) as Arc<Below<'_>>, Arc::clone(&self.said));
        let judged = scenes(part, &index).into_par_iter().map_init(Scratch::default, judge);
        judged.map(|instances| DisclosureResults { instances, counted: None }).collect()
    }

    /// Lists the checks of a part of the site that are no relations.
    pub fn lister<'p>(&self, part: &'p Site) -> Lister<'p>
    where
        'a: 'p,
    {
        let index = Index::of_part(part, Arc::clone(&self.below) as Arc<Below<'p>>, Arc::clone(&self.said));
        Lister { site: part, index, explained: Arc::clone(&self.explained) }
    }

    fn run(&self, site: &Site, index: &Index<'_>, goes_on: &(dyn Fn() -> bool + Sync)) -> Report {
        let one = |scratch: &mut Scratch, scene| {
            if !goes_on() {
                return (DisclosureResults::default(), Vec::new());
            }
            let instances = run::run(self.compiled(scene), scene, scratch);
            let context = Context { site, index, scene, instances: &instances, explained: &self.explained };
            let findings = findings(&context);
            (DisclosureResults { instances, counted: None }, findings)
        };
        let checked: Vec<_> = scenes(site, index).into_par_iter().map_init(Scratch::default, one).collect();
        let mut report = Report::default();
        for (results, findings) in checked {
            report.results.push(results);
            report.findings.extend(findings);
        }
        report
    }

    /// The relations of a scene's set.
    fn compiled(&self, scene: Scene<'_>) -> &Compiled<'a> {
        &self.compiled[scene.disclosure.set.id.as_str()]
    }
}

impl std::fmt::Debug for Checks<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Checks").finish_non_exhaustive()
    }
}

/// Every disclosure with last year's, in the order of [`Site::disclosures`].
fn scenes<'a>(site: &'a Site, index: &Index<'a>) -> Vec<Scene<'a>> {
    let prior = |disclosure: &Disclosure| index.disclosure(&disclosure.unit, disclosure.kind, disclosure.year - 1);
    site.disclosures.iter().map(|disclosure| Scene { disclosure, prior: prior(disclosure) }).collect()
}

/// What every rule finds in a disclosure.
fn findings(context: &Context<'_>) -> Vec<Finding> {
    let disclosure = context.scene.disclosure;
    let about = |finding: Finding| finding.about(&disclosure.unit, disclosure.year);
    RULES.iter().flat_map(|rule| (rule.run)(context)).map(about).collect()
}
