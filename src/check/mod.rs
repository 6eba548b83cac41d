//! Checks: whether the figures of a disclosure agree, and whether it is complete.
//!
//! 1. [`judge`] holds the exact verdicts on printed figures; [`vectors`] proves them on a file.
//! 2. [`compile`] resolves the names in a form set's relations, once a set.
//! 3. [`relation`] runs them over a disclosure: an instance a row, passes kept too.
//! 4. [`rules`] turns what failed, and everything else that a reviewer would mark, into
//!    findings; each rule is one file.
//!
//! [`check`] does this for every disclosure in parallel; results and findings come in the
//! order of the disclosures, whatever the thread count.

mod compile;
mod index;
pub mod judge;
pub mod relation;
mod rules;
mod slip;
#[cfg(test)]
mod testing;
pub mod vectors;

use std::collections::BTreeMap;

use rayon::prelude::*;

pub use compile::RelationId;
pub use judge::Verdict;
pub use relation::{Counts, Instance, Instances, Operand, Scene, Source};
pub use rules::{RULES, Rule};

use crate::diagnostic::Finding;
use crate::model::form::CellRef;
use crate::model::site::Site;
use compile::Compiled;
use index::Index;
use rules::Context;

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

impl DisclosureResults {
    /// The verdicts over all relations.
    pub fn counts(&self) -> Counts {
        self.instances.iter().collect()
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

    fn touching(&self, is_meant: impl Fn(CellRef) -> bool) -> impl Iterator<Item = &Instance> {
        let touches = move |instance: &&Instance| {
            self.instances.operands(instance).iter().any(|operand| operand.source.cell().is_some_and(&is_meant))
        };
        self.instances.iter().filter(touches)
    }
}

/// Judges every relation of every disclosure and runs every rule.
pub fn check(site: &Site) -> Report {
    let compiled = compile_sets(site);
    let index = Index::new(site);
    let checked: Vec<(DisclosureResults, Vec<Finding>)> = site
        .disclosures
        .par_iter()
        .map(|disclosure| {
            let prior = index.disclosure(&disclosure.unit, disclosure.kind, disclosure.year - 1);
            check_one(site, &index, &compiled[disclosure.set.id.as_str()], Scene { disclosure, prior })
        })
        .collect();
    let mut report = Report { findings: compiled.values().flat_map(rules::faults).collect(), ..Report::default() };
    for (results, findings) in checked {
        report.results.push(results);
        report.findings.extend(findings);
    }
    report
}

/// The sets that disclosures are filled in on, and those of the site.
fn compile_sets(site: &Site) -> BTreeMap<&str, Compiled<'_>> {
    let used = site.disclosures.iter().map(|disclosure| &disclosure.set);
    let sets: BTreeMap<&str, _> = site.sets.values().chain(used).map(|set| (set.id.as_str(), &**set)).collect();
    sets.into_iter().map(|(id, set)| (id, Compiled::new(set))).collect()
}

fn check_one(
    site: &Site,
    index: &Index<'_>,
    compiled: &Compiled<'_>,
    scene: Scene<'_>,
) -> (DisclosureResults, Vec<Finding>) {
    let instances = relation::run(compiled, scene);
    let context = Context { site, index, scene, instances: &instances };
    let about = |finding: Finding| finding.about(&scene.disclosure.unit, scene.disclosure.year);
    let findings = RULES.iter().flat_map(|rule| (rule.run)(&context)).map(about).collect();
    (DisclosureResults { instances }, findings)
}
