//! Self-evaluations as wholes: one for each project, complete, within its budget, with a score
//! that its own text does not contradict, and as many as the document says.
//!
//! Lawful: not every evaluation is published, so fewer than the document counts is a note;
//! 绩效 amounts differ from 项目支出 and are held only to the evaluations themselves; scoring of
//! 预算执行率 has local scales, so it is a note and only where it is far off.

use std::collections::BTreeMap;

use super::execution_rate::base as budget;
use super::funding::{COLUMNS, Column, main_row};
use super::known::fact;
use super::measure::number;
use super::{Context, Rule, add_related};
use crate::amount::{Amount, Scale};
use crate::check::judge::{self, Precision, Verdict};
use crate::check::listed::{Listed, Topic, holds_unless};
use crate::check::relation::{shown_units, units};
use crate::diagnostic::{Finding, Placed, Severity};
use crate::model::performance::{Evaluation, Funding, Scope, Score, TextKind};
use crate::model::table::Figure;
use crate::text::fold_width;

pub(super) const RULE: Rule =
    Rule { name: "evaluations", codes: &["C231", "C232", "C233", "C234", "C235", "C236", "C237", "C238"], run };

/// 一级指标 that every project's evaluation has (财预〔2020〕10号): 产出, 效益, 满意度.
const KINDS: [&str; 3] = ["产出", "效益", "满意度"];

fn run(context: &Context<'_>) -> Vec<Finding> {
    let evaluations = &context.disclosure().evaluations;
    if evaluations.is_empty() {
        return Vec::new();
    }
    let mut findings = twice(evaluations);
    findings.extend(number_differs(context));
    findings.extend(amount_differs(context));
    findings.extend(whole_amount_differs(context));
    for evaluation in evaluations {
        findings.extend(over_budget(context, evaluation));
        findings.extend(parts_exceed(context, evaluation));
        findings.extend(execution_score(context, evaluation));
        findings.extend(conclusion_differs(evaluation));
        findings.extend(incomplete(evaluation));
    }
    findings
}

/// Evaluations beside the numbers and amounts that the document tells of them, and within
/// their budgets.
pub(super) fn listed(context: &Context<'_>) -> Vec<Listed> {
    let mut listed = told(context);
    for (at, evaluation) in context.disclosure().evaluations.iter().enumerate() {
        let of = |code, text, finding: Option<&Finding>| Listed::of_evaluation(at, code, text, holds_unless(finding));
        if let Some((row, planned)) = main_row(evaluation).and_then(|row| Some((row, budget(row).amount()?))) {
            let over = over_budget(context, evaluation);
            let explained = over.is_none() && row.executed.amount().is_some_and(|spent| spent > planned);
            let (spent, shown) = (context.shown(row.executed), context.shown(Figure::Amount(planned)));
            let why = if explained { "（超过，写明了原因）" } else { "" };
            let one = of("C234", format!("执行数 {spent}，应不超过预算数 {shown}{why}"), over.as_ref());
            let is_open = row.executed.amount_or_nothing().is_none();
            listed.push(if is_open { Listed { verdict: Verdict::NotCheckable, ..one } } else { one });
        }
        if let Some((told, total)) = conclusion(evaluation) {
            let text = format!("评价结论写总分 {}，合计行 {}", told.text, total.value.text);
            listed.push(of("C237", text, conclusion_differs(evaluation).as_ref()));
        }
    }
    listed
}

/// The facts of self-evaluation beside the tables, where there is something to compare.
fn told(context: &Context<'_>) -> Vec<Listed> {
    let told = |key| fact(context, "performance", key);
    let count = i64::try_from(projects(context).count()).unwrap_or(i64::MAX);
    let (number, amount, whole) = (told("self_evaluated"), told("evaluated_amount"), told("whole_amount"));
    let number = number.filter(|told| count > 0 && told.figure().count().is_some());
    let is_all = number.is_some_and(|told| told.figure().count() == Some(count));
    let is_open =
        |row: &Funding| COLUMNS.iter().any(|(_, column)| matches!(column(row), Figure::Unknown | Figure::NotRead));
    let is_open = projects(context).filter_map(main_row).any(is_open);
    let amount = amount.filter(|told| is_all && !is_open && told.figure().amount().is_some());
    let whole = whole.filter(|told| told.figure().amount().is_some_and(|amount| !amount.is_zero()));
    let equal = |finding: &Option<Finding>| if finding.is_none() { "等于" } else { "不等于" };
    let number = number.map(|told| {
        let found = number_differs(context);
        ("C232", told, format!("公开的项目自评表 {count} 张"), found)
    });
    let amount = amount.map(|told| {
        let found = amount_differs(context);
        ("C233", told, format!("{}这些项目的预算数或执行数之和", equal(&found)), found)
    });
    let whole = whole.map(|told| {
        let found = whole_amount_differs(context);
        ("C233", told, format!("{}全部支出或整体自评表的预算数", equal(&found)), found)
    });
    let listed = [number, amount, whole].into_iter().flatten().map(|(code, told, text, found)| {
        let text = format!("{}，{text}", context.shown(told.figure()));
        Listed::named(Topic::Performance, code, told.name(), text, holds_unless(found.as_ref()))
    });
    listed.collect()
}

fn projects<'a>(context: &'a Context<'_>) -> impl Iterator<Item = &'a Evaluation> {
    context.disclosure().evaluations.iter().filter(|evaluation| evaluation.scope == Scope::Project)
}

fn title(evaluation: &Evaluation) -> &str {
    evaluation.name.as_deref().unwrap_or(&evaluation.title)
}

/// One project in two evaluations: surely wrong where the code is the same.
fn twice(evaluations: &[Evaluation]) -> Vec<Finding> {
    let mut by_code: BTreeMap<&str, &Evaluation> = BTreeMap::new();
    let mut by_name: BTreeMap<&str, &Evaluation> = BTreeMap::new();
    let mut findings = Vec::new();
    for evaluation in evaluations.iter().filter(|evaluation| evaluation.scope == Scope::Project) {
        let same_code = evaluation.code.as_deref().and_then(|code| by_code.insert(code, evaluation));
        let same_name = evaluation.name.as_deref().and_then(|name| by_name.insert(name, evaluation));
        let (other, what, severity) = match (same_code, same_name) {
            (Some(other), _) => (other, "项目编码", Severity::Error),
            (None, Some(other)) => (other, "项目名称", Severity::Warning),
            (None, None) => continue,
        };
        let message = format!("“{}”与另一张自评表的{what}相同", title(evaluation));
        let finding = Finding::new("C231", message).severity(severity).at(evaluation.place);
        findings.push(
            finding
                .related(format!("另一张：“{}”", title(other)), other.place)
                .help("一个项目只有一张自评表。请核对项目名称和编码，删去重复的一张。"),
        );
    }
    findings
}

fn number_differs(context: &Context<'_>) -> Option<Finding> {
    let told = fact(context, "performance", "self_evaluated")?;
    let count = told.figure().count()?;
    let tables = i64::try_from(projects(context).count()).ok()?;
    if tables == 0 || tables == count {
        return None;
    }
    let severity = if tables > count { Severity::Warning } else { Severity::Note };
    let message = format!("{} 是 {count}，公开的项目自评表有 {tables} 张", told.name());
    let mut finding = Finding::new("C232", message).severity(severity).at(told.place()).cell(told.name());
    finding = finding.help("请核对自评项目数，补上漏掉的自评表；只公开一部分的，请在说明中写明。");
    (finding.actual, finding.expected) = (Some(count.to_string()), Some(tables.to_string()));
    for evaluation in projects(context) {
        finding = finding.related(title(evaluation), evaluation.place);
    }
    Some(finding)
}

/// 绩效评价资金 that no column of the project evaluations adds up to, where all are there.
fn amount_differs(context: &Context<'_>) -> Option<Finding> {
    let told = fact(context, "performance", "evaluated_amount")?;
    let count = fact(context, "performance", "self_evaluated")?.figure().count()?;
    let rows: Option<Vec<&Funding>> = projects(context).map(main_row).collect();
    let rows = rows.filter(|rows| !rows.is_empty() && i64::try_from(rows.len()) == Ok(count))?;
    let scale = context.disclosure().scale;
    let amount = units(Figure::Amount(told.figure().amount()?), scale);
    let sum = |column: Column| -> Vec<Option<i128>> { rows.iter().map(|row| units(column(row), scale)).collect() };
    let agrees = |terms: Vec<Option<i128>>| judge::sum(amount, &terms, Precision::of(scale)).verdict.passes();
    let is_open = |column: Column| rows.iter().any(|row| matches!(column(row), Figure::Unknown | Figure::NotRead));
    // A column with a figure that is not known may be the one that was meant.
    if COLUMNS.iter().any(|(_, column)| is_open(*column) || agrees(sum(*column))) {
        return None;
    }
    let executed = shown_units(sum(|row| row.executed).iter().flatten().sum(), scale, false);
    let shown = context.shown(told.figure());
    let message = format!("{} 是 {shown}，{count} 张项目自评表的执行数合计 {executed}", told.name());
    let mut finding = Finding::new("C233", message).at(told.place()).cell(told.name());
    finding = finding.help("评价资金应是这些项目的预算数或执行数之和。请核对附注和自评表。");
    (finding.actual, finding.expected) = (Some(shown), Some(executed));
    for evaluation in projects(context) {
        let row = main_row(evaluation)?;
        finding = finding.related(format!("{}＝{}", title(evaluation), context.shown(row.executed)), row.place);
    }
    Some(finding)
}

/// Totals of spending that 整体支出绩效评价资金 may be.
const WHOLES: [&str; 3] = ["spending_total", "grant_spending_total", "general_total"];

fn whole_amount_differs(context: &Context<'_>) -> Option<Finding> {
    let told = fact(context, "performance", "whole_amount")?;
    let amount = told.figure().amount()?;
    let disclosure = context.disclosure();
    let cells: Vec<_> = WHOLES.iter().filter_map(|key| context.set().concept_cell(key)).collect();
    let first = *cells.first()?;
    let unknown = |figure: Figure| matches!(figure, Figure::Unknown | Figure::NotRead);
    let whole = disclosure.evaluations.iter().filter(|evaluation| evaluation.scope == Scope::Whole);
    let budgets = whole.filter_map(main_row).flat_map(|row| COLUMNS.map(|(_, column)| column(row)));
    let known = cells.iter().map(|cell| disclosure.figure(*cell)).chain(budgets);
    let scale = disclosure.scale;
    let prints_same = |figure: Figure| units(figure, scale) == units(told.figure(), scale);
    if amount.is_zero() || unknown(disclosure.figure(first)) || known.into_iter().any(prints_same) {
        return None;
    }
    let (name, held) = (context.set().name_of(first), context.shown(disclosure.figure(first)));
    let shown = context.shown(told.figure());
    let message = format!("{} 是 {shown}，本年支出 {name} 是 {held}", told.name());
    let mut finding = Finding::new("C233", message).at(told.place()).cell(told.name());
    finding = finding.help("整体支出绩效评价的资金应是全部支出或整体自评表的预算数。请核对两处的数。");
    (finding.actual, finding.expected) = (Some(shown), Some(held.clone()));
    add_related(&mut finding, &name, &held, Some(disclosure.place_of(first)));
    Some(finding)
}

/// The text of an evaluation that may explain its figures.
fn explains(evaluation: &Evaluation) -> bool {
    let kinds = [TextKind::Deviation, TextKind::Problems, TextKind::Remark];
    let is_text = |text: &str| !matches!(text.trim(), "" | "无" | "无。" | "—" | "-" | "/");
    evaluation.texts.iter().any(|(kind, text)| kinds.contains(kind) && is_text(text))
}

fn over_budget(context: &Context<'_>, evaluation: &Evaluation) -> Option<Finding> {
    let row = main_row(evaluation)?;
    let (budget, executed) = (budget(row).amount()?, row.executed.amount()?);
    if executed <= budget || row.note.is_some() || explains(evaluation) {
        return None;
    }
    let (planned, spent) = (context.shown(Figure::Amount(budget)), context.shown(row.executed));
    let message = format!("“{}”的执行数 {spent} 超过预算数 {planned}，没有写原因", title(evaluation));
    let mut finding = Finding::new("C234", message).at(row.place);
    finding = finding.help("没有预算不得支出。请核对预算数（追加过的填 adjusted）和执行数；确实超过的写明原因。");
    finding.difference = Some(context.shown(Figure::Amount(executed - budget)));
    (finding.actual, finding.expected) = (Some(spent), Some(format!("不超过 {planned}")));
    Some(finding)
}

/// 其中 rows above the row they are part of. Parts of a 总额 at the top are added up instead.
fn parts_exceed(context: &Context<'_>, evaluation: &Evaluation) -> Vec<Finding> {
    let mut whole: Option<&Funding> = None;
    let mut findings = Vec::new();
    for row in &evaluation.funding {
        if !row.source.starts_with("其中") {
            whole = (!matches!(row.source.as_str(), "总额" | "合计" | "资金总额")).then_some(row);
            continue;
        }
        let Some(whole) = whole else { continue };
        for (name, column) in &COLUMNS {
            findings.extend(part_exceeds(context, (row, whole), name, *column));
        }
    }
    findings
}

fn part_exceeds(
    context: &Context<'_>,
    (part, whole): (&Funding, &Funding),
    name: &str,
    column: Column,
) -> Option<Finding> {
    let (amount, limit) = (column(part).amount()?, column(whole).amount()?);
    (amount > limit).then(|| {
        let (shown, held) = (context.shown(column(part)), context.shown(column(whole)));
        let message = format!("“{}”的{name} {shown} 大于“{}”的 {held}", part.source, whole.source);
        let mut finding = Finding::new("C235", message).at(part.place);
        finding = finding.help("其中的数不能大于它所属的数，请核对这两行。");
        (finding.actual, finding.expected) = (Some(shown), Some(format!("不超过 {held}")));
        finding.related(format!("{}＝{}", whole.source, context.shown(column(whole))), whole.place)
    })
}

/// How many tenths of its weight a score may differ from 权重×执行率.
const TENTHS: i128 = 1;

fn execution_score(context: &Context<'_>, evaluation: &Evaluation) -> Option<Finding> {
    let row = main_row(evaluation)?;
    let scored = row.scored.as_ref()?;
    let (budget, executed) = (budget(row).amount()?.fen()?, row.executed.amount()?.fen()?);
    let (weight, score) = (scored.weight.value.exact.fen()?, scored.score.value.exact.fen()?);
    if budget <= 0 || executed < 0 {
        return None;
    }
    let executed = executed.min(budget);
    let apart = (score * budget - weight * executed).abs();
    (apart * 10 > weight * budget * TENTHS).then(|| {
        let right = Amount::from_fen(weight * executed / budget).print(Scale::Yuan).trimmed();
        let (weight, score) = (&scored.weight.value.text, &scored.score.value.text);
        let message = format!(
            "“{}”预算执行的得分 {score} 与执行率相差较大：权重 {weight}，按执行率约得 {right}",
            title(evaluation)
        );
        let mut finding = Finding::new("C236", message).at(scored.score.place);
        finding = finding.help("多数地方按“权重×执行率”计分。请核对得分；当地另有计分办法的可以不同。");
        (finding.actual, finding.expected) = (Some(score.clone()), Some(right));
        let shown = (context.shown(row.executed), context.shown(self::budget(row)));
        finding.related(format!("执行数＝{}，预算数＝{}", shown.0, shown.1), row.place)
    })
}

/// The total score that the conclusion tells, 自评总分97.85分, beside the one in the table.
fn conclusion(evaluation: &Evaluation) -> Option<(Told, &Placed<Score>)> {
    let total = &evaluation.total.as_ref()?.score;
    let (_, text) = evaluation.texts.iter().find(|(kind, _)| *kind == TextKind::Conclusion)?;
    let text = fold_width(text);
    let after = text.split_once("总分")?.1.trim_start_matches(['为', '是', ':', ' ']);
    let (told, rest) = number(after)?;
    let score = Amount::parse(told, Scale::Yuan).ok().filter(|_| rest.starts_with('分'))?;
    // 总分100分，得97.85分: what the scale goes to, not what was scored.
    let is_scale = score == Amount::from_fen(10_000);
    (!is_scale).then(|| (Told { text: told.to_owned(), score }, total))
}

/// A score as a text tells it.
struct Told {
    text: String,
    score: Amount,
}

fn conclusion_differs(evaluation: &Evaluation) -> Option<Finding> {
    let (told, total) = conclusion(evaluation)?;
    (told.score != total.value.exact).then(|| {
        let (told, printed) = (told.text, &total.value.text);
        let message = format!("“{}”评价结论写总分 {told} 分，合计行是 {printed} 分", title(evaluation));
        let mut finding = Finding::new("C237", message).at(evaluation.place);
        finding = finding.help("结论里的分数应与合计行一致，请核对两处。");
        (finding.actual, finding.expected) = (Some(told), Some(printed.clone()));
        finding.related(format!("合计得分＝{printed}"), total.place)
    })
}

fn incomplete(evaluation: &Evaluation) -> Option<Finding> {
    let indicators = || evaluation.goals.iter().flat_map(|goal| &goal.indicators);
    let mut missing: Vec<&str> = Vec::new();
    if evaluation.funding.is_empty() {
        missing.push("预算执行情况");
    }
    if indicators().next().is_none() {
        missing.push("绩效指标");
    }
    let severity = if missing.is_empty() { Severity::Note } else { Severity::Warning };
    if missing.is_empty() && evaluation.scope == Scope::Project {
        let lacks = |kind: &&str| !indicators().any(|indicator| indicator.level1.contains(*kind));
        missing.extend(KINDS.iter().copied().filter(lacks));
    }
    if missing.is_empty() {
        return None;
    }
    let what = if severity == Severity::Note { "指标" } else { "" };
    let message = format!("“{}”自评表没有{}{what}", title(evaluation), missing.join("、"));
    let finding = Finding::new("C238", message).severity(severity).at(evaluation.place);
    Some(finding.help("项目自评表应有预算执行情况和产出、效益、满意度指标。请对照原件补上；原件没有的，请编报人说明。"))
}
