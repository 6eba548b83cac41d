//! Mistakes, one in each disclosure, and whether the checks see them.
//!
//! A mistake is *detectable* when a relation that a set holds to be an error has a changed
//! figure in it and, reckoned anew from the figures as they now stand, is further off than
//! rounding allows: more than ⌊n/2⌋ last units for n figures that may have been rounded, at
//! all for figures in 元 and for counts. Whatever is detectable must be named by an error.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use disclose::amount::Scale;
use disclose::check::{self, DisclosureResults, Instance, Source, Verdict};
use disclose::diagnostic::{Finding, Severity};
use disclose::model::disclosure::{Disclosure, Target};
use disclose::model::table::Figure;
use disclose::synth::corrupt::{Among, Mistake, corrupt};
use disclose::synth::invent::{self, Request};
use disclose::synth::prng::Prng;
use rayon::prelude::*;

use super::{CHUNK, Works, is_error, line, names, seed_of};

/// How often a mistake is tried on other figures of the same disclosure, until one allows it.
const TRIES: usize = 30;

/// What is run: mistakes of every kind in turn, on every set in turn.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// What everything is drawn from.
    pub seed: u64,
    /// The scale of the disclosures.
    pub scale: Scale,
    /// Which figures.
    pub among: Among,
    /// How many disclosures, a mistake each.
    pub count: u64,
}

/// How many mistakes were made and seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Mistakes made.
    pub made: u64,
    /// Of these, detectable by a relation.
    pub detectable: u64,
    /// Of the detectable ones, told by an error that names a changed figure.
    pub detected: u64,
    /// Told by an error that names a changed figure.
    pub errors: u64,
    /// Not by such an error, but by a warning or note that names one.
    pub warnings: u64,
}

/// What a run came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// By kind of mistake.
    pub by_kind: BTreeMap<Mistake, Seen>,
    /// By form set.
    pub by_set: BTreeMap<String, Seen>,
    /// Detectable mistakes that no error names: there must be none.
    pub missed: Vec<String>,
    /// Where mistakes stood that no error names: form or fact, with how many.
    pub unseen: BTreeMap<String, u64>,
}

impl Tally {
    /// All kinds together.
    pub fn all(&self) -> Seen {
        let mut all = Seen::default();
        self.by_kind.values().for_each(|seen| all.add(*seen));
        all
    }
}

impl Seen {
    fn add(&mut self, other: Self) {
        self.made += other.made;
        self.detectable += other.detectable;
        self.detected += other.detected;
        self.errors += other.errors;
        self.warnings += other.warnings;
    }
}

/// A mistake made in a disclosure.
struct Made {
    set: String,
    mistake: Mistake,
    changed: Vec<Target>,
}

/// Makes the mistakes of a plan and counts what is seen.
pub fn run(works: &mut Works, plan: Plan) -> Tally {
    let mut tally = Tally::default();
    let mut draw = 0;
    while draw < plan.count {
        let end = plan.count.min(draw + CHUNK);
        chunk_of(works, plan, draw..end, &mut tally);
        draw = end;
    }
    tally
}

fn chunk_of(works: &mut Works, plan: Plan, draws: std::ops::Range<u64>, tally: &mut Tally) {
    let made = draws.into_par_iter().filter_map(|draw| drawn(works, plan, draw));
    let (mistakes, disclosures): (Vec<Made>, Vec<Disclosure>) = made.unzip();
    works.site.disclosures = disclosures;
    let report = check::check(&works.site);
    let mut told: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in &report.findings {
        told.entry(finding.unit.as_deref().unwrap_or_default()).or_default().push(finding);
    }
    for ((made, disclosure), results) in mistakes.iter().zip(&works.site.disclosures).zip(&report.results) {
        let findings = told.get(disclosure.unit.as_str()).map(Vec::as_slice).unwrap_or_default();
        count(made, disclosure, results, findings, tally);
    }
    works.site.disclosures.clear();
}

/// A disclosure with a mistake; none where no figure of it allows that kind.
fn drawn(works: &Works, plan: Plan, draw: u64) -> Option<(Made, Disclosure)> {
    let kinds = u64::try_from(Mistake::ALL.len()).unwrap_or(1);
    let sets = u64::try_from(works.presses.len()).unwrap_or(1);
    let mistake = Mistake::ALL[usize::try_from(draw / sets % kinds).ok()?];
    let unit = format!("u{draw:012}");
    let request = Request { unit: &unit, parent: None, scale: plan.scale, seed: seed_of(plan.seed, draw) };
    let mut disclosure = invent::invent(&works.site, works.press(draw), &request).disclosure;
    let mut random = Prng::new(seed_of(!plan.seed, draw));
    let changed = (0..TRIES).find_map(|_| corrupt(&mut disclosure, mistake, plan.among, &mut random))?;
    Some((Made { set: disclosure.set.id.clone(), mistake, changed }, disclosure))
}

fn count(made: &Made, disclosure: &Disclosure, results: &DisclosureResults, findings: &[&Finding], tally: &mut Tally) {
    let wanted: Vec<String> = made.changed.iter().map(|target| name(disclosure, target)).collect();
    let told = |error: bool| findings.iter().any(|finding| is_error(finding) == error && names(finding, &wanted));
    let detectable = is_detectable(made, disclosure, results);
    let (by_error, otherwise) = (told(true), told(false));
    let seen = Seen {
        made: 1,
        detectable: u64::from(detectable),
        detected: u64::from(detectable && by_error),
        errors: u64::from(by_error),
        warnings: u64::from(!by_error && otherwise),
    };
    tally.by_kind.entry(made.mistake).or_default().add(seen);
    tally.by_set.entry(made.set.clone()).or_default().add(seen);
    if !by_error {
        *tally.unseen.entry(where_it_stood(disclosure, &made.changed)).or_default() += 1;
    }
    if detectable && !by_error {
        let lines: Vec<String> = findings.iter().filter(|finding| is_error(finding)).map(|f| line(f)).collect();
        tally.missed.push(format!(
            "{} {}: {} of {}: {lines:?}",
            made.set,
            disclosure.unit,
            made.mistake.name(),
            wanted.join("、")
        ));
    }
}

fn name(disclosure: &Disclosure, target: &Target) -> String {
    match target {
        Target::Cell(cell) => disclosure.set.name_of(*cell),
        Target::Fact(name) => name.clone(),
    }
}

/// The form, or the fact (facts by code: their group).
fn where_it_stood(disclosure: &Disclosure, changed: &[Target]) -> String {
    match changed.first() {
        Some(Target::Cell(cell)) => disclosure.set.form_of(*cell).title.clone(),
        Some(Target::Fact(name)) => {
            let (group, item) = name.rsplit_once('·').unwrap_or(("", name));
            if item.starts_with(|c: char| c.is_ascii_digit()) { format!("{group}·各项") } else { name.clone() }
        }
        None => String::new(),
    }
}

fn is_detectable(made: &Made, disclosure: &Disclosure, results: &DisclosureResults) -> bool {
    results.instances.iter().any(|instance| {
        let touches = |source: &Source| {
            made.changed.iter().any(|target| match (target, source) {
                (Target::Cell(cell), Source::Cell(other)) => cell == other,
                (Target::Fact(name), Source::Fact(other)) => **other == **name,
                _ => false,
            })
        };
        let operands = results.instances.operands(instance);
        instance.relation.of(&disclosure.set).severity == Severity::Error
            && operands.iter().any(|operand| touches(&operand.source))
            && is_off(disclosure, results, instance)
    })
}

/// Whether a relation, reckoned anew, is further off than rounding allows. What is not known
/// (a fact that is not stated) cannot be reckoned.
fn is_off(disclosure: &Disclosure, results: &DisclosureResults, instance: &Instance) -> bool {
    if matches!(instance.verdict, Verdict::NotCheckable | Verdict::NotRead) {
        return false;
    }
    let (mut off, mut present, mut counts) = (0_i128, 0_i128, false);
    let sides = [(results.instances.first(instance), 1), (results.instances.second(instance), -1)];
    for (operand, side) in sides.iter().flat_map(|(operands, side)| operands.iter().map(move |o| (o, *side))) {
        let figure = match &operand.source {
            Source::Cell(cell) => disclosure.figure(*cell),
            Source::Fact(name) => disclosure.fact(name),
            Source::Prior(_) => return false,
        };
        let units = match figure {
            Figure::Amount(amount) => amount.print(disclosure.scale).last_units,
            Figure::Count(count) => {
                counts = true;
                i128::from(count)
            }
            _ => continue,
        };
        present += 1;
        off += side * if operand.negative { -units } else { units };
    }
    let exact = counts || disclosure.scale == Scale::Yuan;
    // Of an equality one figure is the total; of an inequality with a blank whole none is.
    let whole_is_blank = instance.at_most
        && results.instances.second(instance).iter().all(|operand| match &operand.source {
            Source::Cell(cell) => disclosure.figure(*cell) == Figure::Blank,
            Source::Fact(name) => disclosure.fact(name) == Figure::Blank,
            Source::Prior(_) => false,
        });
    let rounded = if whole_is_blank { present } else { present - 1 };
    let tolerance = if exact { 0 } else { rounded / 2 };
    if instance.at_most { off > tolerance } else { off.abs() > tolerance }
}

/// A Markdown table of what was seen, a row for each name.
pub fn markdown<'a>(heading: &str, rows: impl Iterator<Item = (&'a str, Seen)>) -> String {
    let mut out = format!(
        "| {heading} | made | detectable | of these caught | caught by an error | more by a warning |\n|---|--:|--:|--:|--:|--:|\n"
    );
    for (name, seen) in rows {
        let shares = [(seen.detected, seen.detectable), (seen.errors, seen.made), (seen.warnings, seen.made)];
        let [detected, errors, warnings] = shares.map(|(part, whole)| share(part, whole));
        let (made, detectable) = (seen.made, seen.detectable);
        // Writing to a text cannot fail.
        let _ = writeln!(out, "| {name} | {made} | {detectable} | {detected} | {errors} | {warnings} |");
    }
    out
}

/// A share in percent with two decimals, cut off: 100.00 % means all.
pub fn share(part: u64, whole: u64) -> String {
    let hundredths = (part * 10_000).checked_div(whole).unwrap_or(10_000);
    format!("{}.{:02} %", hundredths / 100, hundredths % 100)
}
