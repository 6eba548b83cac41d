//! Funding of self-evaluations: parts add up to the total, projects do not exceed 项目支出,
//! and the whole unit's 基本支出 and 项目支出 are those of the tables.
//!
//! A row 总额 at the top is the sum of the rows below it, a row 合计 at the bottom the sum of
//! those above it without their 其中. That all projects were evaluated is not required, so the
//! comparison with the tables is only a note, and only where projects exceed them.

use super::{Context, Rule, add_related, stated};
use crate::check::judge::{self, Judgement, Precision, Verdict};
use crate::check::listed::{Listed, Topic};
use crate::check::relation::{shown_units, units};
use crate::diagnostic::Finding;
use crate::model::form::CellRef;
use crate::model::performance::{Evaluation, Funding, Scope};
use crate::model::table::Figure;

pub(super) const RULE: Rule = Rule { name: "funding", codes: &["C136", "C137", "C138"], run };

/// How a column of the funding table is read.
pub(super) type Column = fn(&Funding) -> Figure;

/// The amount columns of the funding table, with their printed names.
pub(super) const COLUMNS: [(&str, Column); 4] = [
    ("年初预算", |row| row.opening),
    ("调整后预算数", |row| row.adjusted),
    ("预算数", |row| row.budget),
    ("预算执行数", |row| row.executed),
];

fn run(context: &Context<'_>) -> Vec<Finding> {
    let evaluations = &context.disclosure().evaluations;
    let mut findings: Vec<Finding> = evaluations.iter().flat_map(|evaluation| parts(context, evaluation)).collect();
    findings.extend(projects(context));
    findings.extend(wholes(context));
    findings
}

/// Every column of every funding table, and the evaluations beside the tables of the set.
pub(super) fn listed(context: &Context<'_>) -> Vec<Listed> {
    let evaluations = context.disclosure().evaluations.iter().enumerate();
    let mut listed: Vec<Listed> =
        evaluations.clone().flat_map(|(at, evaluation)| of_columns(context, at, evaluation)).collect();
    if let Some((cell, _, parts, judgement)) = project_sum(context) {
        let sum = shown_units(parts.iter().flatten().sum(), context.disclosure().scale, false);
        let text =
            format!("各项目自评的执行数合计 {sum}，项目支出 {}", context.shown(context.disclosure().figure(cell)));
        listed.push(Listed::named(Topic::Performance, "C137", context.set().name_of(cell), text, judgement.verdict));
    }
    let wholes = evaluations.filter(|(_, evaluation)| evaluation.scope == Scope::Whole);
    let given =
        wholes.flat_map(|(at, whole)| whole_figures(whole).map(|(concept, name, figure)| (at, concept, name, figure)));
    listed.extend(given.filter_map(|(at, concept, name, figure)| {
        let cell = context.set().concept_cell(concept).filter(|_| figure != Figure::Blank)?;
        let held = context.disclosure().figure(cell);
        let (said, shown) = (context.shown(figure), context.shown(held));
        let text = format!("自评表的{name} {said}，{} {shown}", context.set().name_of(cell));
        let verdict = stated::agreement(figure, held, context.disclosure().scale);
        Some(Listed::of_evaluation(at, "C138", text, verdict))
    }));
    listed
}

fn of_columns(context: &Context<'_>, at: usize, evaluation: &Evaluation) -> Vec<Listed> {
    let Some((total, parts)) = split(evaluation) else { return Vec::new() };
    let one = |(name, column): &(&str, Column)| {
        let (said, source) = (context.shown(column(total)), &total.source);
        let is_given = |figure| figure != Figure::Blank;
        let given = is_given(column(total)) || parts.iter().any(|row| is_given(column(row)));
        let (text, verdict) = match column_sum(context, total, &parts, *column) {
            Some((terms, judgement)) => {
                let sum = shown_units(terms.iter().flatten().sum(), context.disclosure().scale, false);
                (format!("“{source}”的{name} {said}，各项合计 {sum}"), judgement.verdict)
            }
            None => (format!("“{source}”的{name} {said}"), Verdict::NotCheckable),
        };
        given.then(|| Listed::of_evaluation(at, "C136", text, verdict))
    };
    COLUMNS.iter().filter_map(one).collect()
}

/// The total row with the rows that it adds up.
fn split(evaluation: &Evaluation) -> Option<(&Funding, Vec<&Funding>)> {
    let rows = &evaluation.funding;
    let (first, rest) = rows.split_first()?;
    let (last, before) = rows.split_last()?;
    let (total, parts): (_, Vec<&Funding>) = match (first.source.as_str(), last.source.as_str()) {
        ("总额" | "合计" | "资金总额", _) => (first, rest.iter().collect()),
        (_, "总额" | "合计") => (last, before.iter().filter(|row| !row.source.starts_with("其中")).collect()),
        _ => return None,
    };
    (!parts.is_empty()).then_some((total, parts))
}

fn parts(context: &Context<'_>, evaluation: &Evaluation) -> Vec<Finding> {
    let Some((total, parts)) = split(evaluation) else { return Vec::new() };
    COLUMNS.iter().filter_map(|(name, column)| column_differs(context, total, &parts, (name, *column))).collect()
}

/// The parts of a column in last units, and how they add up to its total; `None` where a figure
/// is not known.
fn column_sum(
    context: &Context<'_>,
    total: &Funding,
    parts: &[&Funding],
    column: Column,
) -> Option<(Vec<Option<i128>>, Judgement)> {
    let scale = context.disclosure().scale;
    let open = |figure: Figure| matches!(figure, Figure::Unknown | Figure::NotRead | Figure::Count(_));
    if open(column(total)) || parts.iter().any(|row| open(column(row))) {
        return None;
    }
    let terms: Vec<_> = parts.iter().map(|row| units(column(row), scale)).collect();
    let judgement = judge::sum(units(column(total), scale), &terms, Precision::of(scale));
    Some((terms, judgement))
}

fn column_differs(
    context: &Context<'_>,
    total: &Funding,
    parts: &[&Funding],
    (name, column): (&str, Column),
) -> Option<Finding> {
    let scale = context.disclosure().scale;
    let (terms, judgement) = column_sum(context, total, parts, column)?;
    let severity = judgement.verdict.severity(crate::diagnostic::Severity::Error)?;
    let shown = |units| shown_units(units, scale, false);
    let sum = shown(terms.iter().flatten().sum());
    let held = context.shown(column(total));
    let (apart, money) = (shown(judgement.off.abs()), context.money());
    let message =
        format!("“{}”的{name}应等于各项资金之和：写的是 {held}，各项合计 {sum}，相差 {apart}{money}", total.source);
    let mut finding =
        Finding::new("C136", message).severity(severity).at(total.place).help("请核对预算执行情况各行，改正填错的数。");
    (finding.expected, finding.actual, finding.difference) = (Some(sum), Some(held), Some(apart));
    for row in parts {
        finding = finding.related(format!("{}＝{}", row.source, context.shown(column(row))), row.place);
    }
    Some(finding)
}

/// The projects' evaluations with their main rows.
type Executed<'a> = Vec<(&'a Evaluation, &'a Funding)>;

/// The projects' executed amounts beside 项目支出, its cell; `None` where there is nothing to compare.
fn project_sum<'a>(context: &'a Context<'_>) -> Option<(CellRef, Executed<'a>, Vec<Option<i128>>, Judgement)> {
    let scale = context.disclosure().scale;
    let evaluations = context.disclosure().evaluations.iter().filter(|evaluation| evaluation.scope == Scope::Project);
    let executed: Executed<'_> =
        evaluations.filter_map(|evaluation| Some((evaluation, main_row(evaluation)?))).collect();
    let cell = context.set().concept_cell("spending_project")?;
    let whole = context.disclosure().figure(cell);
    if executed.is_empty() || matches!(whole, Figure::Unknown | Figure::NotRead) {
        return None;
    }
    let parts: Vec<_> = executed.iter().map(|(_, row)| units(row.executed, scale)).collect();
    let judgement = judge::at_most(&parts, &[units(whole, scale)], Precision::of(scale));
    Some((cell, executed, parts, judgement))
}

fn projects(context: &Context<'_>) -> Option<Finding> {
    let scale = context.disclosure().scale;
    let (cell, executed, parts, judgement) = project_sum(context)?;
    let whole = context.disclosure().figure(cell);
    (judgement.verdict == Verdict::Fail).then(|| {
        let (name, whole) = (context.set().name_of(cell), context.shown(whole));
        let sum = shown_units(parts.iter().flatten().sum(), scale, false);
        let message = format!("各项目自评的执行数合计 {sum}，大于项目支出 {name} 的 {whole}");
        let mut finding = Finding::new("C137", message).at(executed.first().map(|(_, row)| row.place));
        finding = finding.help("请核对各项目自评表的执行数；含有上年结转或其他资金的，宜说明。").cell(name.clone());
        add_related(&mut finding, &name, &whole, Some(context.disclosure().place_of(cell)));
        for (evaluation, row) in &executed {
            let title = evaluation.name.as_deref().unwrap_or(&evaluation.title);
            finding = finding.related(format!("{title}＝{}", context.shown(row.executed)), row.place);
        }
        finding
    })
}

/// The row with a project's whole funding.
pub(super) fn main_row(evaluation: &Evaluation) -> Option<&Funding> {
    split(evaluation).map(|(total, _)| total).or_else(|| evaluation.funding.first())
}

/// 基本支出 and 项目支出 of a whole-unit table, each with its concept.
fn whole_figures(whole: &Evaluation) -> [(&'static str, &'static str, Figure); 2] {
    [("spending_basic", "基本支出", whole.basic), ("spending_project", "项目支出", whole.project)]
}

/// 基本支出 and 项目支出 as whole-unit tables print them, where they differ from the tables.
fn wholes(context: &Context<'_>) -> Vec<Finding> {
    let wholes = context.disclosure().evaluations.iter().filter(|evaluation| evaluation.scope == Scope::Whole);
    let differs = |whole: &Evaluation| {
        whole_figures(whole).map(|(concept, name, figure)| whole_differs(context, whole, concept, name, figure))
    };
    wholes.flat_map(differs).flatten().collect()
}

fn whole_differs(
    context: &Context<'_>,
    whole: &Evaluation,
    concept: &str,
    name: &str,
    figure: Figure,
) -> Option<Finding> {
    let cell = context.set().concept_cell(concept)?;
    let held = context.disclosure().figure(cell);
    (figure != Figure::Blank && stated::differ(figure, held, context.disclosure().scale)).then(|| {
        let cell_name = context.set().name_of(cell);
        let (figure, held) = (context.shown(figure), context.shown(held));
        let message = format!("部门整体自评表的{name}与 {cell_name} 不一致：自评表是 {figure}，表里是 {held}");
        let mut finding = Finding::new("C138", message).at(whole.place).cell(cell_name.clone());
        finding = finding.help("自评表的支出总额应与支出决算表一致。请核对两处的数。");
        (finding.actual, finding.expected) = (Some(figure), Some(held.clone()));
        add_related(&mut finding, &cell_name, &held, Some(context.disclosure().place_of(cell)));
        finding
    })
}
