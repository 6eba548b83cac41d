//! Root causes: one wrong figure that explains every failing relation over it.
//!
//! A figure is the cause of failures when several relations fail over it, no equation over it
//! holds, one value for it makes all of them hold, and no other figure explains as much. Two
//! mistakes that meet in a relation explain nothing by themselves, so they stay two.

use std::collections::{BTreeMap, BTreeSet};

use super::Context;
use crate::check::judge::Verdict;
use crate::check::relation::{Instance, Source, units};
use crate::model::table::Figure;

/// A wrong figure with what it should be and the failures that follow from it.
pub(super) struct Cause<'a> {
    pub source: &'a Source,
    /// What it should be, in last units.
    pub right: i128,
    /// Positions in the list of failures, at least two.
    pub failures: Vec<usize>,
}

/// The figures that explain failures, each failure by one of them at most.
pub(super) fn causes<'a>(context: &Context<'a>, failures: &[&'a Instance]) -> Vec<Cause<'a>> {
    let explaining: Vec<Cause<'a>> = doubtful(context, failures)
        .into_iter()
        .filter_map(|(source, over)| {
            let right = right_value(context, source, &over, failures)?;
            Some(Cause { source, right, failures: over.into_iter().collect() })
        })
        .collect();
    let shares = |one: &Cause<'_>, other: &Cause<'_>| one.failures.iter().any(|at| other.failures.contains(at));
    let is_part = |one: &Cause<'_>, other: &Cause<'_>| {
        one.failures.len() < other.failures.len() && one.failures.iter().all(|at| other.failures.contains(at))
    };
    let has_rival: Vec<bool> = explaining
        .iter()
        .map(|cause| {
            let others = explaining.iter().filter(|other| !std::ptr::eq(*other, cause));
            others.into_iter().any(|other| shares(other, cause) && !is_part(other, cause))
        })
        .collect();
    explaining.into_iter().zip(has_rival).filter_map(|(cause, rival)| (!rival).then_some(cause)).collect()
}

/// The figures in several failures and in no equation that holds.
fn doubtful<'a>(context: &Context<'a>, failures: &[&'a Instance]) -> BTreeMap<&'a Source, BTreeSet<usize>> {
    let mut over: BTreeMap<&Source, BTreeSet<usize>> = BTreeMap::new();
    for (at, failure) in failures.iter().enumerate() {
        for operand in context.instances.operands(failure) {
            if !matches!(operand.source, Source::Prior(_)) {
                over.entry(&operand.source).or_default().insert(at);
            }
        }
    }
    over.retain(|_, failures| failures.len() > 1);
    if !over.is_empty() {
        let holds = |instance: &&Instance| instance.verdict.passes() && !instance.at_most;
        for operand in context.instances.iter().filter(holds).flat_map(|held| context.instances.operands(held)) {
            over.remove(&operand.source);
        }
    }
    over
}

/// The one value that makes every failure over a figure hold, and upsets nothing that holds.
fn right_value(context: &Context<'_>, source: &Source, over: &BTreeSet<usize>, failures: &[&Instance]) -> Option<i128> {
    let figure = context.scene.figure(source);
    if matches!(figure, Figure::Unknown | Figure::NotRead) {
        return None;
    }
    let wrong = units(figure, context.disclosure().scale).unwrap_or_default();
    let failing = || over.iter().map(|at| failures[*at]);
    let values: BTreeSet<i128> =
        failing().filter_map(|failure| Some(wrong + change(context, failure, source)?)).collect();
    let mut best: Option<(usize, i128)> = None;
    let mut is_tied = false;
    for value in values.into_iter().filter(|value| *value != wrong) {
        let Some(exact) = explained(context, source, value, failing()) else { continue };
        match best {
            Some((most, _)) if exact < most => {}
            Some((most, _)) if exact == most => is_tied = true,
            _ => (best, is_tied) = (Some((exact, value)), false),
        }
    }
    let (_, value) = best.filter(|_| !is_tied)?;
    upsets_nothing(context, source, value).then_some(value)
}

/// How many failures hold to the last digit with another value; `None` unless all hold.
fn explained<'a>(
    context: &Context<'_>,
    source: &Source,
    value: i128,
    failing: impl Iterator<Item = &'a Instance>,
) -> Option<usize> {
    let mut exact = 0;
    for failure in failing {
        let verdict = context.scene.rejudged(context.instances, failure, |of| (of == source).then_some(value))?;
        if !verdict.passes() {
            return None;
        }
        exact += usize::from(verdict == Verdict::Exact);
    }
    Some(exact)
}

/// Whether the inequalities over a figure that hold would still hold.
fn upsets_nothing(context: &Context<'_>, source: &Source, value: i128) -> bool {
    let touches = |instance: &&Instance| {
        instance.at_most
            && instance.verdict.passes()
            && context.instances.operands(instance).iter().any(|operand| operand.source == *source)
    };
    context.instances.iter().filter(touches).all(|instance| {
        let verdict = context.scene.rejudged(context.instances, instance, |of| (of == source).then_some(value));
        verdict.is_some_and(Verdict::passes)
    })
}

/// By how much a figure would have to change for an equation to hold; `None` for inequalities
/// and where it takes part more than once.
fn change(context: &Context<'_>, instance: &Instance, source: &Source) -> Option<i128> {
    if instance.at_most {
        return None;
    }
    let mut own = context.instances.operands(instance).iter().filter(|operand| operand.source == *source);
    let (operand, None) = (own.next()?, own.next()) else { return None };
    let on_first = context.instances.first(instance).iter().any(|one| std::ptr::eq(one, operand));
    let off = i128::from(instance.off);
    Some(if on_first == operand.negative { off } else { -off })
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
                "这一个数使 2 项合计或勾稽不符：公开05表208行1栏＝公开05表208行2栏＋公开05表208行3栏；\
                 公开05表合计行1栏＝公开05表201行1栏＋公开05表208行1栏。改为 5.00 就都相符，像是小数点错一位。\
                 请对照原件先核对 公开05表208行1栏 这个数。"
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
        assert!(blank.ends_with("公开09表3栏 空白，若为 3.47 即相符，可能漏填。"), "{blank}");
        let twice = help(["88.00", "25.00", "31.50"], None);
        assert!(twice.ends_with("公开09表3栏 的数，可能重复计入或漏计了它。"), "{twice}");
    }
}
