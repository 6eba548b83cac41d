//! Root causes: one mistake that explains every failing relation over what it touched.
//!
//! Each kind of mistake is tried as a [`Remedy`] in this order, and what one may explain is no
//! longer asked of the next, be it clear which figure is meant or not:
//!
//! 1. A figure that the document's own text states otherwise.
//! 2. A coded row under a miswritten code, whose name tells the right one.
//! 3. One wrong figure that several failures agree on.
//! 4. A figure in the row or column beside its own, confirmed by two relations.
//! 5. One mistake in two columns of a row, by the same amount.
//!
//! Two remedies that explain the same failure explain nothing. Two mistakes that meet in a
//! relation explain nothing by themselves, so they stay two.

use std::collections::{BTreeMap, BTreeSet};

use super::Context;
use super::relations;
use super::remedy::{Bench, Healed, Remedy, change, in_rows_beside, in_the_row};
use super::stated;
use crate::check::relation::{Source, units};
use crate::diagnostic::Severity;
use crate::model::code::ClassCode;
use crate::model::disclosure::Target;
use crate::model::form::{CellRef, Layout, RowKey};
use crate::model::table::Figure;

/// How a mistake came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// One figure is wrong.
    Figure,
    /// One figure is wrong, and the text states the right one.
    Stated,
    /// A coded row stands under another code, the first of the two.
    Miscoded(u16, ClassCode, ClassCode),
    /// A figure stands in the first cell and belongs into the second, or the two are swapped.
    Moved(CellRef, CellRef),
    /// Two figures of a row are wrong by the same amount.
    Row,
}

/// A mistake with what the figures should be and the failures that follow from it.
pub(super) struct Cause {
    pub kind: Kind,
    /// What each figure should be, in last units.
    pub remedy: Remedy,
    /// The positions of the failing relations.
    pub failures: BTreeSet<u32>,
}

/// The mistakes that explain failures, each failure by one of them at most.
pub(super) fn causes(context: &Context<'_>) -> Vec<Cause> {
    let failing = relations::failing(context);
    if failing.is_empty() {
        return Vec::new();
    }
    explain(&Bench::new(context, failing))
}

/// The mistakes that explain the failures on a bench.
pub(super) fn explain(bench: &Bench<'_>) -> Vec<Cause> {
    let mut causes: Vec<Cause> = Vec::new();
    let mut told: BTreeSet<u32> = BTreeSet::new();
    for candidates in [said_otherwise, miscoded, figures, moved, in_two_columns] {
        if told.len() == bench.failing.len() {
            break;
        }
        let fresh: Vec<Cause> =
            candidates(bench).into_iter().filter(|cause| cause.failures.is_disjoint(&told)).collect();
        told.extend(fresh.iter().flat_map(|cause| cause.failures.iter().copied()));
        causes.extend(without_rivals(fresh));
    }
    causes
}

/// Causes that share no failure with another, but for those that explain a part of theirs.
fn without_rivals(causes: Vec<Cause>) -> Vec<Cause> {
    let is_part = |one: &Cause, other: &Cause| {
        one.failures.len() < other.failures.len() && one.failures.is_subset(&other.failures)
    };
    let has_rival: Vec<bool> = (causes.iter().enumerate())
        .map(|(at, cause)| {
            let mut others = causes.iter().enumerate().filter(|(other, _)| *other != at);
            others.any(|(_, other)| !other.failures.is_disjoint(&cause.failures) && !is_part(other, cause))
        })
        .collect();
    causes.into_iter().zip(has_rival).filter_map(|(cause, rival)| (!rival).then_some(cause)).collect()
}

/// The remedy as a cause, where it heals `least` failures, all of them to the last digit when
/// it is `strict`, and more than notes.
fn cause(bench: &Bench<'_>, kind: Kind, remedy: Remedy, least: usize, strict: bool) -> Option<Cause> {
    let Healed { relations, exact } = bench.heals(&remedy)?;
    let heals = relations.len() >= least && (!strict || exact == relations.len());
    let is_grave = relations.iter().any(|at| bench.gravity(*at).is_some_and(|severity| severity < Severity::Note));
    (heals && is_grave).then_some(Cause { kind, remedy, failures: relations })
}

/// Figures for which the text states a value that makes everything hold.
fn said_otherwise(bench: &Bench<'_>) -> Vec<Cause> {
    let context = bench.context;
    let doubtful = bench.doubtful();
    let said = context.disclosure().stated.iter().filter_map(|stated| {
        let source = match &stated.target {
            Target::Cell(cell) => Source::Cell(*cell),
            Target::Fact(name) => Source::Fact(name.as_str().into()),
        };
        let figure = stated.figure.value;
        let held = context.scene.figure(&source);
        if !doubtful.contains(&source) || !stated::differ(figure, held, context.disclosure().scale) {
            return None;
        }
        let right = units(figure, context.disclosure().scale)?;
        cause(bench, Kind::Stated, Remedy::from([(source, right)]), 1, false)
    });
    said.collect()
}

/// Rows under a code that the classification does not list, with the name of one that it does.
fn miscoded(bench: &Bench<'_>) -> Vec<Cause> {
    miscoded_rows(bench.context)
        .into_iter()
        .filter_map(|(form, wrong, right)| {
            let row = bench.context.disclosure().table(form).row(RowKey::Code(wrong))?;
            let (mut remedy, mut taken_away) = (Remedy::new(), Remedy::new());
            for column in row.columns.clone().filter_map(|column| u16::try_from(column).ok()) {
                let cell = |code| Source::Cell(CellRef { form, row: RowKey::Code(code), column });
                if bench.context.scene.figure(&cell(wrong)) != Figure::Blank {
                    remedy.insert(cell(right), bench.units(&cell(wrong))?);
                    taken_away.insert(cell(wrong), 0);
                }
            }
            // A sum over the rows of this table alone knows the row by its wrong code only.
            let kind = Kind::Miscoded(form, wrong, right);
            let both = remedy.iter().chain(&taken_away).map(|(source, right)| (source.clone(), *right)).collect();
            cause(bench, kind, both, 1, false).or_else(|| cause(bench, kind, remedy, 1, false))
        })
        .collect()
}

/// Rows under an unlisted code with the listed code of their name, which the table lacks: of
/// the same level and 类, the only one.
pub(super) fn miscoded_rows(context: &Context<'_>) -> Vec<(u16, ClassCode, ClassCode)> {
    let mut found = Vec::new();
    for (form, table) in context.set().forms.iter().zip(&context.disclosure().tables) {
        let Layout::ByCode { classification, .. } = &form.layout else { continue };
        let Some(listed) = context.site.classifications.get(classification) else { continue };
        for row in table.rows.iter() {
            let RowKey::Code(wrong) = row.key else { continue };
            let Some(name) = table.name(row.key).filter(|_| !listed.codes.contains_key(&wrong)) else { continue };
            let is_meant = |code: &ClassCode| {
                code.level() == wrong.level()
                    && code.class() == wrong.class()
                    && listed.name_in(*code, context.disclosure().year) == Some(name)
                    && table.row(RowKey::Code(*code)).is_none()
            };
            let mut meant = listed.codes.keys().copied().filter(is_meant);
            if let (Some(right), None) = (meant.next(), meant.next()) {
                found.push((table.form, wrong, right));
            }
        }
    }
    found
}

/// Single figures on whose value several failures agree.
fn figures(bench: &Bench<'_>) -> Vec<Cause> {
    let doubtful = bench.doubtful().into_iter().filter(|source| bench.failures_over(source).nth(1).is_some());
    doubtful.filter_map(|source| figure(bench, source)).collect()
}

/// The one value for a figure that heals, and most of it to the last digit.
fn figure(bench: &Bench<'_>, source: &Source) -> Option<Cause> {
    let wrong = bench.units(source)?;
    let failing = bench.failures_over(source);
    let values: BTreeSet<i128> =
        failing.filter_map(|failure| Some(wrong + change(bench.context, failure, source)?)).collect();
    let mut best: BTreeMap<usize, Vec<Remedy>> = BTreeMap::new();
    for value in values.into_iter().filter(|value| *value != wrong) {
        let remedy = Remedy::from([(source.clone(), value)]);
        if let Some(healed) = bench.heals(&remedy) {
            best.entry(healed.exact).or_default().push(remedy);
        }
    }
    match &mut best.pop_last()?.1[..] {
        [only] => cause(bench, Kind::Figure, std::mem::take(only), 2, false),
        _ => None,
    }
}

/// Figures in the row above or below their own, or in the column beside it.
fn moved(bench: &Bench<'_>) -> Vec<Cause> {
    let context = bench.context;
    let mut pairs: BTreeSet<(CellRef, CellRef)> = BTreeSet::new();
    for cell in bench.doubtful().into_iter().filter_map(Source::cell) {
        let is_line = matches!(context.set().form_of(cell).layout, Layout::TwoSided(_) | Layout::Blocks { .. });
        let rows = in_rows_beside(context, cell).filter(|_| is_line);
        let columns = in_the_row(context, cell).filter(|(apart, _)| *apart == 1).map(|(_, beside)| beside);
        pairs.extend(rows.chain(columns).map(|beside| (cell.min(beside), cell.max(beside))));
    }
    pairs.into_iter().filter_map(|(one, other)| exchanged(bench, one, other)).collect()
}

fn exchanged(bench: &Bench<'_>, one: CellRef, other: CellRef) -> Option<Cause> {
    let figure = |cell| bench.context.disclosure().figure(cell);
    let [first, second] = [bench.units(&Source::Cell(one))?, bench.units(&Source::Cell(other))?];
    if first == second || matches!((figure(one), figure(other)), (Figure::Count(_), _) | (_, Figure::Count(_))) {
        return None;
    }
    let kind = if first == 0 { Kind::Moved(other, one) } else { Kind::Moved(one, other) };
    cause(bench, kind, Remedy::from([(Source::Cell(one), second), (Source::Cell(other), first)]), 2, true)
}

/// Two figures of a row that are wrong by the same amount.
fn in_two_columns(bench: &Bench<'_>) -> Vec<Cause> {
    let context = bench.context;
    let mut remedies: BTreeSet<Remedy> = BTreeSet::new();
    for source in bench.doubtful() {
        let (Some(cell), Some(held)) = (source.cell(), bench.units(source)) else { continue };
        let failing = bench.failures_over(source);
        let changes: BTreeSet<i128> = failing.filter_map(|failure| change(context, failure, source)).collect();
        for (_, beside) in in_the_row(context, cell) {
            let other = Source::Cell(beside);
            let Some(beside_held) = bench.units(&other).filter(|_| bench.failures_over(&other).next().is_some()) else {
                continue;
            };
            for by in changes.iter().filter(|by| **by != 0) {
                remedies.insert(Remedy::from([(source.clone(), held + by), (other.clone(), beside_held + by)]));
            }
        }
    }
    remedies.into_iter().filter_map(|remedy| cause(bench, Kind::Row, remedy, 2, true)).collect()
}

#[cfg(test)]
mod tests {
    use crate::check::check;
    use crate::check::testing::{by_code, checked, disclosure, one_row, set, site};
    use crate::diagnostic::Finding;
    use crate::model::disclosure::Disclosure;
    use crate::model::form::FormSet;

    /// A spending table with its row formula and the sum of its 类, or all its roll-ups.
    fn spending(deep: bool) -> FormSet {
        let roll_ups = if deep {
            "合计行＝Σ类行；各类行＝Σ款行；各款行＝Σ项行"
        } else {
            "合计行＝Σ类行"
        };
        set(vec![by_code("公开05表", 3, &["1栏各行＝（2+3）栏各行", roll_ups])], &[])
    }

    /// A row of a spending table: its code and columns 1 to 3.
    type Row = (&'static str, [&'static str; 3]);

    /// The findings on a spending table with these rows.
    fn found_in(set: &FormSet, rows: &[Row]) -> Vec<Finding> {
        let name = |code: &str, column: usize| format!("公开05表{code}行{}栏", column + 1);
        let cells = rows.iter().flat_map(|(code, figures)| {
            figures.iter().enumerate().map(move |(column, figure)| (name(code, column), *figure))
        });
        let cells: Vec<(String, &str)> = cells.collect();
        let figures: Vec<(&str, &str)> = cells.iter().map(|(name, figure)| (name.as_str(), *figure)).collect();
        checked(disclosure(set, &figures)).findings
    }

    fn found(rows: &[Row]) -> Vec<Finding> {
        found_in(&spending(false), rows)
    }

    fn found_deep(rows: &[Row]) -> Vec<Finding> {
        found_in(&spending(true), rows)
    }

    fn messages(findings: &[Finding]) -> Vec<&str> {
        findings.iter().filter(|finding| finding.code.id != "C151").map(|finding| finding.message.as_str()).collect()
    }

    #[test]
    fn one_wrong_figure_is_one_finding_that_says_what_it_should_be() {
        let findings = found(&[
            ("合计", ["10.00", "6.00", "4.00"]),
            ("201", ["5.00", "1.00", "4.00"]),
            ("208", ["50.00", "5.00", ""]),
        ]);
        assert_eq!(messages(&findings), ["公开05表208行1栏 与 2 项关系不符：现为 50.00，应为 5.00"]);
        let finding = &findings[0];
        assert_eq!((finding.code.id, finding.cell.as_deref()), ("C101", Some("公开05表208行1栏")));
        assert_eq!(
            (finding.expected.as_deref(), finding.actual.as_deref(), finding.difference.as_deref()),
            (Some("5.00"), Some("50.00"), Some("45.00"))
        );
        assert_eq!(finding.verdict, Some("fail"));
        assert_eq!(finding.relation.as_deref(), Some("公开05表208行1栏＝公开05表208行2栏＋公开05表208行3栏"));
        let related: Vec<&str> = finding.related.iter().filter_map(|related| related.cell.as_deref()).collect();
        assert_eq!(related, ["公开05表208行2栏", "公开05表208行3栏", "公开05表合计行1栏", "公开05表201行1栏"]);
        assert_eq!(
            finding.help.as_deref(),
            Some(
                "改为 5.00 就都相符，像是小数点错一位。请对照原件先核对 公开05表208行1栏 这个数。\
                 与此不符的有 2 项：公开05表208行1栏＝公开05表208行2栏＋公开05表208行3栏；\
                 公开05表合计行1栏＝公开05表201行1栏＋公开05表208行1栏。"
            )
        );
    }

    #[test]
    fn a_blanked_figure_is_one_finding_too() {
        let findings =
            found(&[("合计", ["10.00", "6.00", "4.00"]), ("201", ["5.00", "1.00", "4.00"]), ("208", ["", "5.00", ""])]);
        assert_eq!(messages(&findings), ["公开05表208行1栏 与 2 项关系不符：现为 空白，应为 5.00"]);
    }

    #[test]
    fn two_mistakes_are_two_findings() {
        let findings = found(&[
            ("合计", ["10.00", "6.00", "4.00"]),
            ("201", ["5.50", "1.00", "4.00"]),
            ("208", ["50.00", "5.00", ""]),
        ]);
        // Both figures stand in the sum of the column, which neither explains by itself.
        assert_eq!(messages(&findings).len(), 3, "{:?}", messages(&findings));
        let apart = found_deep(&[
            ("合计", ["10.00", "6.00", "4.00"]),
            ("201", ["50.00", "1.00", "4.00"]),
            ("20103", ["5.00", "1.00", "4.00"]),
            ("208", ["5.00", "5.00", ""]),
            ("20805", ["5.00", "5.00", ""]),
            ("2080505", ["5.00", "0.50", "4.50"]),
        ]);
        let cells: Vec<&str> = apart
            .iter()
            .filter(|finding| finding.code.id.starts_with("C10"))
            .filter_map(|f| f.cell.as_deref())
            .collect();
        assert!(cells.contains(&"公开05表201行1栏") && cells.len() > 1, "{cells:?}");
    }

    #[test]
    fn two_figures_that_explain_the_same_failures_stay_apart() {
        let set = set(vec![one_row("公开09表", 4, &["1栏＝（2+3）栏", "4栏＝（2+3）栏"])], &[]);
        let figures =
            [("公开09表1栏", "5.00"), ("公开09表2栏", "1.00"), ("公开09表3栏", "1.00"), ("公开09表4栏", "5.00")];
        let findings = checked(disclosure(&set, &figures)).findings;
        assert_eq!(findings.len(), 2, "{:?}", messages(&findings));
    }

    #[test]
    fn a_missing_parent_is_told_once_and_nothing_that_follows_from_it() {
        let findings = found_deep(&[
            ("合计", ["5.00", "1.00", "4.00"]),
            ("201", ["5.00", "1.00", "4.00"]),
            ("2010350", ["5.00", "1.00", "4.00"]),
        ]);
        assert_eq!(messages(&findings), ["公开05表缺款级科目 20103行：表中有其下的 2010350行"]);
    }

    #[test]
    fn a_missing_row_is_told_once_for_all_its_columns() {
        let findings = found_deep(&[
            ("合计", ["5.00", "1.00", "4.00"]),
            ("201", ["5.00", "1.00", "4.00"]),
            ("20103", ["5.00", "1.00", "4.00"]),
            ("2010350", ["3.00", "0.50", "2.50"]),
        ]);
        assert_eq!(
            messages(&findings),
            ["公开05表20103行 有 3 栏大于各项之和：1栏相差 2.00，2栏相差 0.50，3栏相差 1.50"]
        );
    }

    /// The help of the only finding on `1栏＝（2+3）栏`.
    fn help(figures: [&'static str; 3], prior: Option<&'static str>) -> String {
        let set = set(vec![one_row("公开09表", 3, &["1栏＝（2+3）栏"])], &[]);
        let cells = [("公开09表1栏", figures[0]), ("公开09表2栏", figures[1]), ("公开09表3栏", figures[2])];
        let this = disclosure(&set, &cells);
        let last = prior.map(|prior| Disclosure { year: 2022, ..disclosure(&set, &[("公开09表3栏", prior)]) });
        let report = check(&site(last.into_iter().chain([this]).collect()));
        let found: Vec<&Finding> = report.findings.iter().filter(|finding| finding.code.id == "C101").collect();
        assert_eq!(found.last().unwrap().year, Some(2023));
        found.last().unwrap().help.clone().unwrap()
    }

    #[test]
    fn what_may_have_happened_is_said_when_only_one_thing_fits() {
        let copied = help(["91.30", "25.00", "78.40"], Some("78.40"));
        assert!(copied.ends_with("公开09表3栏 若是 66.30 就相符，像是误填了上年的数。"), "{copied}");
        let beside = help(["91.30", "25.00", "25.00"], None);
        assert!(beside.ends_with("须请编报人说明。"), "both columns may be copies: {beside}");
        let blank = help(["28.47", "25.00", ""], None);
        assert!(blank.ends_with("须请编报人说明。"), "any of the three may be wrong: {blank}");
        let twice = help(["88.00", "25.00", "31.50"], None);
        assert!(twice.ends_with("公开09表3栏 的数，可能重复计入或漏计了它。"), "{twice}");
    }
}
