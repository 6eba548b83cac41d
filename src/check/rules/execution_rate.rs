//! Execution rates of self-evaluations: 执行率＝执行数÷预算数.
//!
//! The base is the adjusted budget, or the only one. Rates are judged by intervals, so a rate
//! of small amounts is not held to its recomputation. Without a budget there is no rate: a
//! printed 0.00% beside 0.00 is a note, nothing more. What stands for a rate and is none is found,
//! a number without its 百分号 too: a rate that cannot be read was not checked, and must not look
//! as if it was.

use super::{Context, Rule};
use crate::amount::{Amount, Percent};
use crate::check::judge::{self, Sign, Span, Verdict};
use crate::check::listed::Listed;
use crate::check::slip::PercentSlip;
use crate::diagnostic::{Finding, Placed, Related, Severity};
use crate::model::performance::Funding;
use crate::model::table::Figure;

pub(super) const RULE: Rule = Rule { name: "execution-rates", codes: &["C134", "C135", "C139"], run };

/// What a table prints where there is no rate, after folding to half width.
const NO_RATE: [&str; 7] = ["", "-", "--", "—", "——", "–", "/"];

fn run(context: &Context<'_>) -> Vec<Finding> {
    context.disclosure().evaluations.iter().flat_map(|evaluation| in_rows(context, &evaluation.funding)).collect()
}

/// What is found in the rows of one table: a wrong rate that stands again on a line with the
/// same figures is one mistake.
fn in_rows(context: &Context<'_>, rows: &[Funding]) -> Vec<Finding> {
    let mut findings: Vec<(&Funding, Finding)> = Vec::new();
    for row in rows {
        let Some(found) = row.rate.as_ref().and_then(|rate| finding(context, row, rate)) else { continue };
        let is_same = |(other, first): &&mut (&Funding, Finding)| {
            first.code.id == found.code.id
                && (first.actual.as_ref(), first.expected.as_ref()) == (found.actual.as_ref(), found.expected.as_ref())
                && (other.executed, base(other)) == (row.executed, base(row))
        };
        match findings.iter_mut().find(is_same).filter(|_| found.code.id == "C134") {
            Some((_, first)) => {
                let place = found.place;
                first.related.push(Related { label: format!("“{}”也是这样", row.source), cell: None, place });
            }
            None => findings.push((row, found)),
        }
    }
    findings.into_iter().map(|(_, finding)| finding).collect()
}

/// The budget that a row's rate is of, and its execution is held to.
pub(super) fn base(row: &Funding) -> Figure {
    [row.adjusted, row.budget, row.opening].into_iter().find(|figure| *figure != Figure::Blank).unwrap_or_default()
}

/// Every rate that is printed, beside the figures it is of.
pub(super) fn listed(context: &Context<'_>) -> Vec<Listed> {
    let evaluations = context.disclosure().evaluations.iter().enumerate();
    let rows = evaluations.flat_map(|(at, evaluation)| evaluation.funding.iter().map(move |row| (at, row)));
    rows.filter_map(|(at, row)| of_row(context, at, row)).collect()
}

fn of_row(context: &Context<'_>, at: usize, row: &Funding) -> Option<Listed> {
    let rate = row.rate.as_ref()?;
    let (code, verdict) = match read(&rate.value) {
        Rate::None => return None,
        Rate::Unreadable => ("C139", Verdict::NotRead),
        Rate::Of(percent) => match quotient(row) {
            None => ("C134", Verdict::NotCheckable),
            Some((_, budget)) if budget.is_zero() => ("C135", Verdict::NotCheckable),
            Some(quotient) => ("C134", judged(context, quotient, percent)),
        },
    };
    let (executed, budget) = (context.shown(row.executed), context.shown(base(row)));
    let text = format!("“{}”执行率 {}，{executed}÷{budget}", row.source, rate.value);
    Some(Listed::of_evaluation(at, code, text, verdict))
}

/// What stands in the column of rates.
enum Rate {
    /// Nothing, or a dash.
    None,
    Unreadable,
    Of(Percent),
}

fn read(text: &str) -> Rate {
    let text = crate::text::fold_width(text);
    let text = text.trim();
    if NO_RATE.contains(&text) {
        return Rate::None;
    }
    let percent = text.ends_with('%').then(|| judge::parse_percent(text)).flatten();
    percent.map_or(Rate::Unreadable, Rate::Of)
}

/// What was executed and the budget that it is a part of; `None` where either was not given.
fn quotient(row: &Funding) -> Option<(Amount, Amount)> {
    Some((row.executed.amount_or_nothing()?, base(row).amount_or_nothing()?))
}

fn judged(context: &Context<'_>, (executed, budget): (Amount, Amount), percent: Percent) -> Verdict {
    let span = |amount: Amount| Span::of(amount.print(context.disclosure().scale), Sign::NonNegative);
    judge::ratio(span(executed), span(budget), percent)
}

fn finding(context: &Context<'_>, row: &Funding, rate: &Placed<String>) -> Option<Finding> {
    let percent = match read(&rate.value) {
        Rate::None => return None,
        Rate::Unreadable => return Some(unreadable(row, rate)),
        Rate::Of(percent) => percent,
    };
    let (executed, budget) = quotient(row)?;
    if budget.is_zero() {
        let message = format!("“{}”没有预算，却印有执行率 {}", row.source, rate.value);
        let help = "预算数为 0 时没有执行率，宜留空或写“—”。";
        return Some(Finding::new("C135", message).at(rate.place).help(help));
    }
    let verdict = judged(context, (executed, budget), percent);
    let severity = verdict.severity(Severity::Error)?;
    let right = Percent::of(executed, budget, percent.decimals)?;
    let like = like(row, percent, right, (executed, budget));
    let help = format!("请核对预算数、执行数和执行率。{like}{}", by_score(row, percent, right));
    let right = right.to_string();
    let cut_off = verdict == Verdict::FailTruncated;
    let why = if cut_off { "（未作四舍五入）" } else { "" };
    let (executed, budget) = (context.shown(row.executed), context.shown(base(row)));
    let message = format!("“{}”执行率应为 {right}：{executed}÷{budget}，印的是 {}{why}", row.source, rate.value);
    let mut finding = Finding::new("C134", message).severity(severity).at(rate.place).help(help).verdict(verdict.key());
    (finding.expected, finding.actual) = (Some(right), Some(rate.value.clone()));
    Some(finding.related(format!("执行数＝{executed}，预算数＝{budget}"), row.place))
}

/// How a wrong rate may have come about, as a sentence; empty where that is not clear.
fn like(row: &Funding, printed: Percent, right: Percent, (executed, budget): (Amount, Amount)) -> String {
    let bases = [("年初预算", row.opening), ("预算数", row.budget), ("调整后预算数", row.adjusted)];
    let bases: Vec<(&str, Amount)> =
        bases.into_iter().filter_map(|(name, figure)| Some((name, figure.amount()?))).collect();
    let amounts: Vec<Amount> = bases.iter().map(|(_, amount)| *amount).collect();
    match PercentSlip::between(printed, right, executed, budget, &amounts) {
        Some(PercentSlip::Truncated) => "像是截去了尾数，没有四舍五入。".to_owned(),
        Some(PercentSlip::WrongBase(at)) => format!("像是用{}作了分母。", bases[at].0),
        Some(PercentSlip::Written(slip)) => format!("像是{}。", slip.name()),
        None => String::new(),
    }
}

/// Which figure is the odd one by the score, which is the rate's share of the weight; empty
/// where the score agrees with neither rate, or with both.
fn by_score(row: &Funding, printed: Percent, right: Percent) -> &'static str {
    let Some(scored) = &row.scored else { return "" };
    let (weight, score) = (&scored.weight.value, &scored.score.value);
    let agrees = |rate: Percent| is_share(score.exact, &score.text, weight.exact, rate).unwrap_or(false);
    match (agrees(printed), agrees(right)) {
        (true, false) => "得分与印的执行率相符，像是执行数或预算数有误。",
        (false, true) => "得分与算得的执行率相符，像是印的执行率有误。",
        _ => "",
    }
}

/// Whether a score, rounded as it is written, is so much of the weight; `None` beyond all bounds.
fn is_share(score: Amount, written: &str, weight: Amount, rate: Percent) -> Option<bool> {
    let decimals = written.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let unit = 10_i128.checked_pow(u32::try_from(2_usize.checked_sub(decimals)?).ok()?)?;
    let whole = 10_i128.checked_pow(rate.decimals.checked_add(2)?)?;
    let share = weight.fen()?.checked_mul(rate.last_units)?;
    let off = score.fen()?.checked_mul(whole)?.checked_sub(share)?.checked_abs()?;
    Some(off.checked_mul(2)? <= unit.checked_mul(whole)?)
}

fn unreadable(row: &Funding, rate: &Placed<String>) -> Finding {
    let message = format!("“{}”的执行率不是百分比：“{}”", row.source, rate.value);
    let mut finding =
        Finding::new("C139", message).at(rate.place).help("写成百分比，如 \"98.48%\"；没有执行率的留空或写“—”。");
    finding.actual = Some(rate.value.clone());
    finding
}

#[cfg(test)]
mod tests {
    use crate::check::check;
    use crate::check::rules::trials::{funding, weight_and_score};
    use crate::check::testing::{disclosure, place, set, site};
    use crate::diagnostic::{Finding, Placed};
    use crate::model::disclosure::Disclosure;
    use crate::model::performance::Funding;

    fn found(rows: Vec<Funding>) -> Vec<Finding> {
        let evaluation = crate::check::rules::trials::evaluation(rows);
        let bare = disclosure(&set(Vec::new(), &[]), &[]);
        let findings = check(&site(vec![Disclosure { evaluations: vec![evaluation], ..bare }])).findings;
        findings.into_iter().filter(|finding| finding.code.id == "C134").collect()
    }

    fn row(source: &str, rate: &str, score: &str) -> Funding {
        let scored = Some(weight_and_score("20", score));
        Funding { rate: Some(Placed::new(rate.into(), place(7))), scored, ..funding(source, "19.80", "19.50") }
    }

    #[test]
    fn a_wrong_rate_on_several_lines_with_the_same_figures_is_one_finding() {
        let rows = ["总额", "财政拨款", "其中：当年"].map(|source| row(source, "98.84%", "19.70"));
        let findings = found(rows.into());
        assert_eq!(findings.len(), 1);
        let labels: Vec<&str> = findings[0].related.iter().map(|related| related.label.as_str()).collect();
        assert_eq!(labels, ["执行数＝19.50，预算数＝19.80", "“财政拨款”也是这样", "“其中：当年”也是这样"]);
    }

    #[test]
    fn the_score_tells_whether_the_rate_or_the_executed_figure_is_odd() {
        let help = |rate, score| found(vec![row("总额", rate, score)])[0].help.clone().unwrap();
        assert!(help("98.84%", "19.70").ends_with("得分与算得的执行率相符，像是印的执行率有误。"));
        assert!(help("90.00%", "18.00").ends_with("得分与印的执行率相符，像是执行数或预算数有误。"));
        assert!(!help("90.00%", "15.00").contains("得分"));
    }
}
