//! What the checks found, counted and said for readers; [`Ledger`] tells it of one figure.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use crate::check::{CellIndex, Counts, DisclosureResults, Instance, Participation, Report, Source, Verdict};
use crate::model::disclosure::Disclosure;
use crate::model::form::{CellRef, FormSet};
use crate::model::notation::{self, Equation, Reference, RowRef};
use crate::model::table::Figure;

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
    /// As `words`, without those that agree, tails within rounding among them.
    pub others: String,
    /// One count for each of [`COLUMNS`].
    pub columns: Vec<u32>,
}

impl Tally {
    /// Verdicts, counted.
    pub fn of(counts: Counts) -> Self {
        let say = |(verdict, count): (Verdict, u32)| format!("{count}项{}", verdict.name());
        let words: Vec<String> = counts.iter().map(say).collect();
        let others: Vec<String> = counts.iter().filter(|(verdict, _)| !verdict.passes()).map(say).collect();
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

    /// The count in the column of a verdict.
    fn column(&self, verdict: Verdict) -> u32 {
        COLUMNS.iter().zip(&self.columns).find(|(column, _)| **column == verdict).map_or(0, |(_, count)| *count)
    }

    /// How many relations do not hold.
    pub fn failed(&self) -> u32 {
        self.column(Verdict::Fail)
    }

    fn conclusion(&self) -> Conclusion {
        let [_, tails, odd, bad, open] = COLUMNS.map(|verdict| self.column(verdict));
        let class = class(match (bad, odd, open) {
            (0, 0, 0) if self.total > 0 => Verdict::Exact,
            (0, 0, _) => Verdict::NotCheckable,
            (0, ..) => Verdict::Improbable,
            _ => Verdict::Fail,
        });
        let wrong = [(bad, Verdict::Fail), (odd, Verdict::Improbable)].into_iter().filter(|(count, _)| *count > 0);
        let wrong: Vec<String> = wrong.map(|(count, verdict)| format!("{count}项关系{}", verdict.name())).collect();
        let passed = match (self.passed, wrong.is_empty(), open) {
            (0, ..) => String::new(),
            (passed, true, 0) if tails > 0 => format!("{passed}项关系全部相符，其中{tails}项有尾数误差"),
            (passed, true, 0) => format!("{passed}项关系全部相符"),
            (passed, true, _) => format!("能核对的{passed}项关系都相符"),
            (passed, false, 0) => format!("其余{passed}项相符"),
            (passed, false, _) => format!("{passed}项相符"),
        };
        let open = if open > 0 { format!("{open}项缺数，无法核对，不算相符") } else { String::new() };
        let said: Vec<String> =
            [wrong.join("，"), passed, open].into_iter().filter(|words| !words.is_empty()).collect();
        let words = if said.is_empty() { "没有可以核对的关系".to_owned() } else { said.join("；") };
        Conclusion { class, words: format!("{words}。") }
    }

    fn in_brief(&self) -> String {
        if self.total == 0 {
            return "没有核对".to_owned();
        }
        if self.all_passed() {
            return format!("{}项关系全部相符", self.total);
        }
        let mut words = format!("{}项关系相符", self.passed);
        for (verdict, count) in COLUMNS.iter().zip(&self.columns).filter(|(v, count)| !v.passes() && **count > 0) {
            let _ = write!(words, "，{count}项{}", verdict.name()); // writing to a String cannot fail
        }
        words
    }

    /// Whether every relation was checked and agrees.
    pub fn all_passed(&self) -> bool {
        self.total > 0 && self.passed == self.total
    }
}

/// The verdicts on one disclosure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdicts {
    /// On everything.
    pub total: Tally,
    /// On each form of the set: every relation in which it takes part.
    pub forms: Vec<Tally>,
}

/// The verdicts on a disclosure, by its place in the site.
pub fn of(report: &Report, disclosure: usize, set: &FormSet) -> Verdicts {
    let Some(results) = report.of(disclosure) else { return Verdicts::default() };
    let forms = results.form_counts(set.forms.len()).into_iter().map(Tally::of);
    Verdicts { total: Tally::of(results.counts()), forms: forms.collect() }
}

/// The verdicts on a disclosure in the few words of a list: `207项关系全部相符`,
/// `202项关系相符，304项无法核对`; a tail within rounding agrees.
pub fn in_brief(report: &Report, disclosure: usize) -> String {
    let counts = report.of(disclosure).map(DisclosureResults::counts).unwrap_or_default();
    Tally::of(counts).in_brief()
}

/// What a relation is about, for counting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// 表内公式: within a table, printed below it or not.
    Formula,
    /// 分级汇总: 类, 款 and 项 add up.
    RollUp,
    /// 表间勾稽: between tables.
    Between,
    /// 表外数据: with facts outside the tables.
    Facts,
    /// 上年: with last year's figures.
    Prior,
}

impl Subject {
    /// Every subject, in the order of pages.
    pub const ALL: [Self; 5] = [Self::Formula, Self::RollUp, Self::Between, Self::Facts, Self::Prior];

    /// The Chinese words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Formula => "表内公式",
            Self::RollUp => "分级汇总",
            Self::Between => "表间勾稽",
            Self::Facts => "表外数据",
            Self::Prior => "与上年",
        }
    }

    /// What a relation of a disclosure is about.
    pub fn of(results: &DisclosureResults, instance: &Instance, set: &FormSet) -> Self {
        let operands = results.instances.operands(instance);
        let has = |is_meant: fn(&Source) -> bool| operands.iter().any(|operand| is_meant(&operand.source));
        if has(|source| matches!(source, Source::Prior(_))) {
            return Self::Prior;
        }
        if has(|source| matches!(source, Source::Fact(_))) {
            return Self::Facts;
        }
        let mut forms = operands.iter().filter_map(|operand| operand.source.cell()).map(|cell| cell.form);
        let first = forms.next();
        match forms.all(|form| Some(form) == first) {
            false => Self::Between,
            true if adds_up_levels(&instance.relation.of(set).equation) => Self::RollUp,
            true => Self::Formula,
        }
    }
}

/// Whether a relation adds up the rows of a level: `各类行＝Σ款行`.
fn adds_up_levels(equation: &Equation) -> bool {
    equation
        .left
        .iter()
        .chain(&equation.right)
        .any(|term| matches!(&term.operand, notation::Operand::Cell(Reference { row: Some(RowRef::SumOf(_)), .. })))
}

/// The verdicts by subject; subjects without a relation are left out.
pub fn by_subject(results: &DisclosureResults, set: &FormSet) -> Vec<(Subject, Tally)> {
    let mut counts: BTreeMap<Subject, Counts> = BTreeMap::new();
    for instance in &results.instances {
        counts.entry(Subject::of(results, instance, set)).or_default().add(instance.verdict);
    }
    counts.into_iter().map(|(subject, counts)| (subject, Tally::of(counts))).collect()
}

/// What the checks came to, for readers in a hurry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Conclusion {
    /// The class of the worst verdict, as of [`class`].
    pub class: &'static str,
    /// One sentence.
    pub words: String,
}

/// `207项关系全部相符。`, `能核对的248项关系都相符；304项缺数，无法核对，不算相符。`,
/// `1项关系不符，1项关系尾差偏大；其余247项相符。` A tail within rounding agrees.
/// Of the `others`, checks that are no relations, only what does not hold is named.
pub fn conclusion(results: &DisclosureResults, others: Counts) -> Conclusion {
    let conclusion = Tally::of(results.counts()).conclusion();
    let others = Tally::of(others);
    let wrong =
        |verdict| (others.column(verdict) > 0).then(|| format!("{}项{}", others.column(verdict), verdict.name()));
    let said: Vec<String> = [Verdict::Fail, Verdict::Improbable].into_iter().filter_map(wrong).collect();
    if said.is_empty() {
        return conclusion;
    }
    let class = if others.failed() > 0 || conclusion.class == class(Verdict::Fail) {
        Verdict::Fail
    } else {
        Verdict::Improbable
    };
    let words = format!("{}其他核对有{}。", conclusion.words, said.join("，"));
    Conclusion { class: self::class(class), words }
}

/// `共207项关系：相符206，尾数误差1，无法核对0。`; what should not be is named only where it is.
pub fn sentence(results: &DisclosureResults) -> String {
    let tally = Tally::of(results.counts());
    let always = [Verdict::Exact, Verdict::WithinRounding, Verdict::NotCheckable];
    let shown = COLUMNS.iter().zip(&tally.columns).filter(|(verdict, count)| **count > 0 || always.contains(verdict));
    let words: Vec<String> = shown.map(|(verdict, count)| format!("{}{count}", verdict.name())).collect();
    format!("共{}项关系：{}。", tally.total, words.join("，"))
}

/// `99.3%`, cut off: only all of them are 100%. A dash where there are none.
pub fn share(part: u32, whole: u32) -> String {
    match u64::from(part) * 1_000 / u64::from(whole.max(1)) {
        _ if whole == 0 => "—".to_owned(),
        1_000 => "100%".to_owned(),
        tenths => format!("{}.{}%", tenths / 10, tenths % 10),
    }
}

/// What the checks know of one figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It takes part in no relation.
    Alone,
    /// None of its relations could be judged.
    NotJudged,
    /// It takes part in relations that were judged; the worst verdict.
    Judged(Verdict),
}

/// The relations of every figure of a disclosure.
#[derive(Clone, Debug)]
pub struct Ledger<'a> {
    cells: CellIndex,
    /// What is known of each cell of `cells`.
    standings: Vec<Standing>,
    /// The relations of each fact, with what is known of it.
    facts: BTreeMap<&'a str, (Vec<u32>, Standing)>,
}

impl<'a> Ledger<'a> {
    /// The ledger of a disclosure's results.
    pub fn new(results: &'a DisclosureResults) -> Self {
        let mut facts: BTreeMap<&str, (Vec<u32>, Standing)> = BTreeMap::new();
        for (at, instance) in (0_u32..).zip(&results.instances) {
            for operand in results.instances.operands(instance) {
                let Source::Fact(name) = &operand.source else { continue };
                let (of_fact, _) = facts.entry(name).or_insert_with(|| (Vec::new(), Standing::Alone));
                if of_fact.last() != Some(&at) {
                    of_fact.push(at);
                }
            }
        }
        for (relations, known) in facts.values_mut() {
            *known = standing(results, relations);
        }
        let cells = results.by_cell();
        let standings = cells.iter().map(|(_, relations)| standing(results, relations)).collect();
        Self { cells, standings, facts }
    }

    /// The relations of a cell, as positions among the instances, and what they together say.
    pub fn of_cell(&self, cell: CellRef) -> (&[u32], Standing) {
        match self.cells.position(cell) {
            Some(at) => (self.cells.at(at), self.standings[at]),
            None => (&[], Standing::Alone),
        }
    }

    /// The relations of a fact, and what they together say.
    pub fn of_fact(&self, name: &str) -> (&[u32], Standing) {
        self.facts.get(name).map_or((&[], Standing::Alone), |(relations, known)| (relations, *known))
    }

    /// How many figures of the disclosure take part in a relation that was judged.
    pub fn participation(&self, disclosure: &Disclosure) -> Participation {
        let is_judged = |(_, standing): (&[u32], Standing)| matches!(standing, Standing::Judged(_));
        Participation::counted(disclosure, |cell| is_judged(self.of_cell(cell)), |name| is_judged(self.of_fact(name)))
    }
}

/// The relations of every figure of a disclosure, and how many figures take part in them.
#[derive(Clone, Debug)]
pub(crate) struct Judged<'a> {
    pub ledger: Ledger<'a>,
    pub participation: Participation,
}

impl<'a> Judged<'a> {
    pub fn new(results: &'a DisclosureResults, disclosure: &Disclosure) -> Self {
        let ledger = Ledger::new(results);
        let participation = ledger.participation(disclosure);
        Self { ledger, participation }
    }
}

/// What relations together say of their figure.
fn standing(results: &DisclosureResults, relations: &[u32]) -> Standing {
    let verdicts = relations.iter().filter_map(|at| results.instances.get(*at)).map(|found| found.verdict);
    let judged = verdicts.filter(|verdict| !matches!(verdict, Verdict::NotCheckable | Verdict::NotRead));
    match judged.max() {
        Some(worst) => Standing::Judged(worst),
        None if relations.is_empty() => Standing::Alone,
        None => Standing::NotJudged,
    }
}

/// Whether a figure is one that is printed: blanks and 未提供 are not checked by themselves.
pub(crate) const fn is_printed(figure: Figure) -> bool {
    matches!(figure, Figure::Amount(_) | Figure::Count(_))
}

/// The class that marks a verdict on pages, by a sign and not by its colour alone.
pub const fn class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Exact => "ok",
        Verdict::WithinRounding => "tail",
        Verdict::Improbable => "odd",
        Verdict::Fail | Verdict::FailTruncated => "bad",
        Verdict::NotCheckable | Verdict::NotRead => "none",
    }
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
        assert_eq!((tally.words.as_str(), tally.others.as_str()), ("3项相符，1项尾数误差", ""));
        assert!(tally.all_passed());
    }

    #[test]
    fn what_was_not_checked_does_not_look_passed() {
        let mut counts = Counts::default();
        counts.add(Verdict::Exact);
        counts.add(Verdict::NotCheckable);
        assert!(!Tally::of(counts).all_passed());
    }
    #[test]
    fn a_share_is_whole_only_when_nothing_is_left_out() {
        assert_eq!([share(164, 164), share(9_999, 10_000), share(1, 3)], ["100%", "99.9%", "33.3%"]);
        assert_eq!(share(0, 0), "—");
    }

    #[test]
    fn a_list_says_in_brief_what_agrees_and_what_does_not() {
        let brief = |verdicts: &[Verdict]| {
            let mut counts = Counts::default();
            for verdict in verdicts {
                counts.add(*verdict);
            }
            Tally::of(counts).in_brief()
        };
        assert_eq!(brief(&[Verdict::Exact, Verdict::WithinRounding]), "2项关系全部相符");
        let mixed = [Verdict::Exact, Verdict::NotCheckable, Verdict::Fail, Verdict::FailTruncated];
        assert_eq!(brief(&mixed), "1项关系相符，2项不符，1项无法核对");
        assert_eq!(brief(&[]), "没有核对");
    }

    #[test]
    fn the_conclusion_names_what_is_wrong_and_what_was_not_checked() {
        use Verdict::{Exact, Fail, Improbable, NotCheckable, WithinRounding};
        let conclude = |verdicts: &[Verdict]| {
            let mut counts = Counts::default();
            for verdict in verdicts {
                counts.add(*verdict);
            }
            let conclusion = Tally::of(counts).conclusion();
            (conclusion.class, conclusion.words)
        };
        let expected = [
            (&[Exact, Exact][..], "ok", "2项关系全部相符。"),
            (&[Exact, WithinRounding], "ok", "2项关系全部相符，其中1项有尾数误差。"),
            (&[Exact, NotCheckable], "none", "能核对的1项关系都相符；1项缺数，无法核对，不算相符。"),
            (&[NotCheckable], "none", "1项缺数，无法核对，不算相符。"),
            (&[Exact, Improbable], "odd", "1项关系尾差偏大；其余1项相符。"),
            (&[Exact, Improbable, Fail], "bad", "1项关系不符，1项关系尾差偏大；其余1项相符。"),
            (&[Exact, Fail, NotCheckable], "bad", "1项关系不符；1项相符；1项缺数，无法核对，不算相符。"),
            (&[Fail], "bad", "1项关系不符。"),
            (&[], "none", "没有可以核对的关系。"),
        ];
        for (verdicts, class, words) in expected {
            assert_eq!(conclude(verdicts), (class, words.to_owned()));
        }
    }
}
