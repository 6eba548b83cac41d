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
use crate::check::slip::PercentSlip;
use crate::diagnostic::{Finding, Placed, Severity};
use crate::model::performance::Funding;
use crate::model::table::Figure;

pub(super) const RULE: Rule = Rule { name: "execution-rates", codes: &["C134", "C135", "C139"], run };

/// What a table prints where there is no rate, after folding to half width.
const NO_RATE: [&str; 7] = ["", "-", "--", "—", "——", "–", "/"];

fn run(context: &Context<'_>) -> Vec<Finding> {
    let rows = context.disclosure().evaluations.iter().flat_map(|evaluation| &evaluation.funding);
    rows.filter_map(|row| finding(context, row, row.rate.as_ref()?)).collect()
}

/// The budget that a row's rate is of, and its execution is held to.
pub(super) fn base(row: &Funding) -> Figure {
    [row.adjusted, row.budget, row.opening].into_iter().find(|figure| *figure != Figure::Blank).unwrap_or_default()
}

fn finding(context: &Context<'_>, row: &Funding, rate: &Placed<String>) -> Option<Finding> {
    let text = crate::text::fold_width(&rate.value);
    if NO_RATE.contains(&text.trim()) {
        return None;
    }
    let signed = text.trim_end().ends_with('%');
    let Some(percent) = judge::parse_percent(text.trim()).filter(|_| signed) else {
        return Some(unreadable(row, rate));
    };
    let (budget, executed) = (base(row).amount_or_nothing()?, row.executed.amount_or_nothing()?);
    if budget.is_zero() {
        let message = format!("“{}”没有预算，却印有执行率 {}", row.source, rate.value);
        let help = "预算数为 0 时没有执行率，宜留空或写“—”。";
        return Some(Finding::new("C135", message).at(rate.place).help(help));
    }
    let scale = context.disclosure().scale;
    let span = |amount: Amount| Span::of(amount.print(scale), Sign::NonNegative);
    let verdict = judge::ratio(span(executed), span(budget), percent);
    let severity = verdict.severity(Severity::Error)?;
    let right = Percent::of(executed, budget, percent.decimals)?;
    let help = format!("请核对预算数、执行数和执行率。{}", like(row, percent, right, (executed, budget)));
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

fn unreadable(row: &Funding, rate: &Placed<String>) -> Finding {
    let message = format!("“{}”的执行率不是百分比：“{}”", row.source, rate.value);
    let mut finding =
        Finding::new("C139", message).at(rate.place).help("写成百分比，如 \"98.48%\"；没有执行率的留空或写“—”。");
    finding.actual = Some(rate.value.clone());
    finding
}
