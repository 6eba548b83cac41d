//! What the checks found, counted and said for readers: the only file here that knows the
//! shape of check results.

use serde::Serialize;

use crate::check::{Counts, DisclosureResults, Instance, Report, Verdict};
use crate::model::form::FormSet;

/// The columns of the table of check results; a kind of failure has none of its own.
pub const COLUMNS: [Verdict; 5] =
    [Verdict::Exact, Verdict::WithinRounding, Verdict::Improbable, Verdict::Fail, Verdict::NotCheckable];

/// Counts as pages show them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// All relations.
    pub total: u32,
    /// How many agree, tails included.
    pub passed: u32,
    /// `412项相符，2项尾数误差`; verdicts without a relation are left out.
    pub words: String,
    /// As `words`, without those that agree.
    pub others: String,
    /// One count for each of [`COLUMNS`].
    pub columns: Vec<u32>,
}

impl Tally {
    fn of(counts: Counts) -> Self {
        let say = |(verdict, count): (Verdict, u32)| format!("{count}项{}", verdict.name());
        let words: Vec<String> = counts.iter().map(say).collect();
        let others: Vec<String> = counts.iter().filter(|(verdict, _)| *verdict != Verdict::Exact).map(say).collect();
        let column = |verdict: Verdict| match verdict {
            Verdict::Fail => counts.of(Verdict::Fail) + counts.of(Verdict::FailTruncated),
            Verdict::NotCheckable => counts.of(Verdict::NotCheckable) + counts.of(Verdict::NotRead),
            verdict => counts.of(verdict),
        };
        Self {
            total: counts.total(),
            passed: counts.passed(),
            words: words.join("，"),
            others: others.join("，"),
            columns: COLUMNS.into_iter().map(column).collect(),
        }
    }

    /// Whether every relation was checked and agrees.
    pub fn all_passed(&self) -> bool {
        self.total > 0 && self.passed == self.total
    }
}

/// A relation that is worth a reader's look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Told {
    /// The relation over its cells.
    pub text: String,
    /// 尾数误差, 尾差偏大, 不符.
    pub verdict: &'static str,
}

/// The verdicts on one disclosure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdicts {
    /// On everything.
    pub total: Tally,
    /// On each form of the set: every relation in which it takes part.
    pub forms: Vec<Tally>,
    /// Relations that neither agree to the last digit nor went unchecked.
    pub told: Vec<Told>,
}

/// The verdicts on a disclosure, by its place in the site.
pub fn of(report: &Report, disclosure: usize, set: &FormSet) -> Verdicts {
    let Some(results) = report.of(disclosure) else { return Verdicts::default() };
    let forms = results.form_counts(set.forms.len()).into_iter().map(Tally::of);
    Verdicts { total: Tally::of(results.counts()), forms: forms.collect(), told: told(results, set) }
}

fn told(results: &DisclosureResults, set: &FormSet) -> Vec<Told> {
    let silent =
        |instance: &&Instance| !matches!(instance.verdict, Verdict::Exact | Verdict::NotCheckable | Verdict::NotRead);
    let tell =
        |instance: &Instance| Told { text: results.instances.text(instance, set), verdict: instance.verdict.name() };
    results.instances.iter().filter(silent).map(tell).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_without_a_relation_are_not_mentioned() {
        let mut counts = Counts::default();
        (0..3).for_each(|_| counts.add(Verdict::Exact));
        counts.add(Verdict::WithinRounding);
        let tally = Tally::of(counts);
        assert_eq!((tally.words.as_str(), tally.others.as_str()), ("3项相符，1项尾数误差", "1项尾数误差"));
        assert!(tally.all_passed());
    }

    #[test]
    fn what_was_not_checked_does_not_look_passed() {
        let mut counts = Counts::default();
        counts.add(Verdict::Exact);
        counts.add(Verdict::NotCheckable);
        assert!(!Tally::of(counts).all_passed());
    }
}
