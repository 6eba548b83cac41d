//! Honest disclosures: single units, a 部门 with its 单位, and units over three years.

use std::collections::BTreeMap;

use disclose::check::{self, Verdict};
use disclose::synth::invent::{self, Invented, Request};
use rayon::prelude::*;

use super::{CHUNK, Works, is_error, line, scale_of, seed_of};

/// How many disclosures with errors are told in full.
const TOLD: usize = 5;

/// What a run came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many disclosures were checked.
    pub disclosures: u64,
    /// How many of them in 元.
    pub in_yuan: u64,
    /// How many relations came to each verdict.
    pub relations: BTreeMap<Verdict, u64>,
    /// How many findings of each code, errors and others.
    pub findings: BTreeMap<(&'static str, &'static str), u64>,
    /// How many errors.
    pub errors: u64,
    /// The first disclosures with errors: set, seed and errors.
    pub told: Vec<String>,
}

/// Checks at least so many honest disclosures.
pub fn run(works: &mut Works, seed: u64, count: u64) -> Tally {
    let mut tally = Tally::default();
    let mut draw = 0;
    while tally.disclosures < count {
        let left = count - tally.disclosures;
        // Every ten draws make 14 disclosures.
        let chunk = CHUNK.min(left.div_ceil(14) * 10);
        chunk_of(works, seed, draw..draw + chunk, &mut tally);
        draw += chunk;
    }
    tally
}

/// The disclosures of a draw.
fn drawn(works: &Works, seed: u64, draw: u64) -> Vec<Invented> {
    let press = works.press(draw);
    let sets = u64::try_from(works.presses.len()).unwrap_or(1);
    let unit = format!("u{draw:012}");
    let scale = scale_of(draw, sets);
    let request = Request { unit: &unit, parent: None, scale, seed: seed_of(seed, draw) };
    match draw / sets % 10 {
        3 => invent::department(&works.site, press, &request),
        7 => invent::years(&works.site, press, &request, 3),
        _ => vec![invent::invent(&works.site, press, &request)],
    }
}

fn chunk_of(works: &mut Works, seed: u64, draws: std::ops::Range<u64>, tally: &mut Tally) {
    let made: Vec<Vec<Invented>> = draws.into_par_iter().map(|draw| drawn(works, seed, draw)).collect();
    let made: Vec<Invented> = made.into_iter().flatten().collect();
    works.site.units = made.iter().map(|one| (one.unit.id.clone(), one.unit.clone())).collect();
    works.site.disclosures = made.into_iter().map(|one| one.disclosure).collect();
    works.site.disclosures.sort_by(|a, b| (&a.unit, a.year).cmp(&(&b.unit, b.year)));
    let report = check::check(&works.site);
    tally.disclosures += u64::try_from(works.site.disclosures.len()).unwrap_or_default();
    let in_yuan = works.site.disclosures.iter().filter(|one| one.scale == disclose::amount::Scale::Yuan);
    tally.in_yuan += u64::try_from(in_yuan.count()).unwrap_or_default();
    for (verdict, number) in report.counts().iter() {
        *tally.relations.entry(verdict).or_default() += u64::from(number);
    }
    for finding in &report.findings {
        *tally.findings.entry((finding.severity.key(), finding.code.id)).or_default() += 1;
        if is_error(finding) {
            tally.errors += 1;
            if tally.told.len() < TOLD {
                let about = works.site.disclosures.iter().find(|one| Some(&one.unit) == finding.unit.as_ref());
                let set = about.map_or("?", |one| one.set.id.as_str());
                let unit = finding.unit.as_deref().unwrap_or("?");
                tally.told.push(format!("{set} draw {unit} of seed {seed}: {}", line(finding)));
            }
        }
    }
    works.site.disclosures.clear();
    works.site.units.clear();
}
