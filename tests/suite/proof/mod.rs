//! Proof by numbers: honest disclosures by the thousand that must give no error, and mistakes
//! by the thousand that must be caught. Shared by the tests and by `examples/prove.rs`.
//!
//! Everything is drawn from a seed and put together in order, so the same seed gives the same
//! numbers whatever the thread count. Work goes through one site in chunks, so memory does not
//! grow with the number.

pub mod honest;
pub mod mistakes;

use std::sync::Arc;

use disclose::amount::Scale;
use disclose::diagnostic::{Finding, Severity};
use disclose::model::form::FormSet;
use disclose::model::site::Site;
use disclose::synth::corrupt::Among;
use disclose::synth::press::{Incomplete, Press};

/// How many draws are checked together.
const CHUNK: u64 = 400;

/// A site without units, with a press for each of its sets.
pub struct Works {
    /// The site; its disclosures come and go.
    pub site: Site,
    /// A press for each set, in the order of their ids.
    pub presses: Vec<Press>,
}

impl Works {
    /// The works of a site.
    pub fn new(site: Site) -> Result<Self, Incomplete> {
        let sets: Vec<Arc<FormSet>> = site.sets.values().cloned().collect();
        let presses = sets.iter().map(|set| Press::new(&site, set)).collect::<Result<_, _>>()?;
        Ok(Self { site, presses })
    }

    /// The press for a draw: the sets take turns.
    fn press(&self, draw: u64) -> &Press {
        let sets = u64::try_from(self.presses.len()).unwrap_or(1).max(1);
        &self.presses[usize::try_from(draw % sets).unwrap_or_default()]
    }
}

/// A seed of a draw: draws of two runs have nothing in common.
const fn seed_of(seed: u64, draw: u64) -> u64 {
    seed.wrapping_mul(1_000_000_007).wrapping_add(draw)
}

/// The scale of a draw: every seventh round of the sets in 元, so that every shape of draw is.
const fn scale_of(draw: u64, sets: u64) -> Scale {
    if (draw / sets).is_multiple_of(7) { Scale::Yuan } else { Scale::TenThousand }
}

/// A finding on one line.
fn line(finding: &Finding) -> String {
    let cell = finding.cell.as_deref().unwrap_or("-");
    format!("{} {} [{cell}] {}", finding.code.id, finding.severity.key(), finding.message)
}

/// Whether a finding names one of some cells or facts.
fn names(finding: &Finding, wanted: &[String]) -> bool {
    let related = finding.related.iter().filter_map(|related| related.cell.as_ref());
    finding.cell.iter().chain(related).any(|cell| wanted.contains(cell))
}

fn is_error(finding: &Finding) -> bool {
    finding.severity == Severity::Error
}

/// A run of mistakes with its title in the document.
pub struct Section {
    /// What was run.
    pub title: &'static str,
    /// What it came to.
    pub tally: mistakes::Tally,
}

/// Mistakes among amounts in 元 and in 万元, so many of each, and among counts.
pub fn sections(works: &mut Works, seed: u64, count: u64) -> Vec<Section> {
    let plans = [
        ("Amounts entered in 元", Scale::Yuan, Among::Money),
        ("Amounts entered in 万元", Scale::TenThousand, Among::Money),
        ("Numbers of things", Scale::TenThousand, Among::Counts),
    ];
    let run = |(title, scale, among)| {
        let tally = mistakes::run(works, mistakes::Plan { seed, scale, among, count });
        Section { title, tally }
    };
    plans.into_iter().map(run).collect()
}

/// The tables of `docs/proof.md`.
pub fn document(sections: &[Section]) -> String {
    sections.iter().map(tables).collect::<Vec<_>>().join("\n")
}

fn tables(section: &Section) -> String {
    let tally = &section.tally;
    let all = || std::iter::once(("**all**", tally.all()));
    let kinds = tally.by_kind.iter().map(|(mistake, seen)| (mistake.name(), *seen));
    let sets = tally.by_set.iter().map(|(set, seen)| (set.as_str(), *seen));
    let (by_kind, by_set) =
        (mistakes::markdown("mistake", kinds.chain(all())), mistakes::markdown("form set", sets.chain(all())));
    format!("### {}\n\n{by_kind}\n{by_set}", section.title)
}
