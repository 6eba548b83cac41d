//! Execution rates of self-evaluations: 执行率＝执行数÷预算数.
//!
//! The base is the adjusted budget, or the only one. Rates are judged by intervals, so a rate
//! of small amounts is not held to its recomputation. Without a budget there is no rate: a
//! printed 0.00% beside 0.00 is a note, nothing more. What stands for a rate and is none is found,
//! a number without its 百分号 too: a rate that cannot be read was not checked, and must not look
//! as if it was.

use super::{Context, Rule};
use crate::amount::Percent;
use crate::check::judge::{self, Sign, Span, Verdict};
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

/// The budget that a row's rate is of.
fn base(row: &Funding) -> Figure {
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
    let span = |amount: crate::amount::Amount| Span::of(amount.print(scale), Sign::NonNegative);
    let severity = judge::ratio(span(executed), span(budget), percent).severity(Severity::Error)?;
    let right = Percent::of(executed, budget, percent.decimals)?.to_string();
    let cut_off = judge::ratio(span(executed), span(budget), percent) == Verdict::FailTruncated;
    let why = if cut_off { "（未作四舍五入）" } else { "" };
    let (executed, budget) = (context.shown(row.executed), context.shown(base(row)));
    let message = format!("“{}”执行率应为 {right}：{executed}÷{budget}，印的是 {}{why}", row.source, rate.value);
    let mut finding =
        Finding::new("C134", message).severity(severity).at(rate.place).help("请核对预算数、执行数和执行率。");
    (finding.expected, finding.actual) = (Some(right), Some(rate.value.clone()));
    Some(finding.related(format!("执行数＝{executed}，预算数＝{budget}"), row.place))
}

fn unreadable(row: &Funding, rate: &Placed<String>) -> Finding {
    let message = format!("“{}”的执行率不是百分比：“{}”", row.source, rate.value);
    let mut finding =
        Finding::new("C139", message).at(rate.place).help("写成百分比，如 \"98.48%\"；没有执行率的留空或写“—”。");
    finding.actual = Some(rate.value.clone());
    finding
}
