//! Final accounts beside the budget of the same year, where the site has both.
//!
//! The 年初预算 of the final accounts is the published budget, in total and for every 项. The
//! 预算数 of 三公 may be the budget as adjusted during the year, so there a difference is only
//! told. Silent where either side was not provided.

use super::stated::agreement;
use super::{Context, Rule};
use crate::check::judge::Verdict;
use crate::check::listed::{Listed, Topic};
use crate::diagnostic::{Finding, Placed};
use crate::model::code::ClassCode;
use crate::model::disclosure::Disclosure;
use crate::model::form::{CellRef, Kind, RowKey};
use crate::model::table::Figure;

pub(super) const RULE: Rule = Rule { name: "budget-and-accounts", codes: &["C119", "C126"], run };

/// The facts 年初预算, by key, with the concept of the budget that each repeats.
const OPENING: [(&str, &str); 3] =
    [("total", "general_total"), ("basic", "general_basic"), ("project", "general_project")];

const THREE_PUBLIC: [&str; 6] = [
    "three_public_budget",
    "three_public_budget_abroad",
    "three_public_budget_vehicle",
    "three_public_budget_purchase",
    "three_public_budget_operation",
    "three_public_budget_reception",
];

fn run(context: &Context<'_>) -> Vec<Finding> {
    let Some(budget) = budget(context) else { return Vec::new() };
    let mut findings: Vec<Finding> =
        opening(context, budget).iter().filter_map(|beside| opening_differs(context, budget, beside)).collect();
    findings.extend(three_public(context, budget).iter().filter_map(|beside| differs(context, budget, beside)));
    findings
}

/// The budget of the same unit and year, of final accounts.
fn budget<'a>(context: &'a Context<'_>) -> Option<&'a Disclosure> {
    let disclosure = context.disclosure();
    let final_accounts = disclosure.kind == Kind::Final;
    final_accounts.then(|| context.index.disclosure(&disclosure.unit, Kind::Budget, disclosure.year)).flatten()
}

/// Every figure of the budget that the final accounts repeat.
pub(super) fn listed(context: &Context<'_>) -> Vec<Listed> {
    let Some(budget) = budget(context) else { return Vec::new() };
    let one = |code, beside: Beside| {
        let (said, planned) = (context.shown(beside.figure.value), context.shown(budget.figure(beside.cell)));
        let text = format!("这里 {said}，公开的预算 {planned}");
        let verdict = verdict(context, budget, &beside);
        Listed::named(Topic::Budget, code, beside.name, text, verdict)
    };
    let opening = opening(context, budget).into_iter().map(|beside| one("C119", beside));
    opening.chain(three_public(context, budget).into_iter().map(|beside| one("C126", beside))).collect()
}

/// A figure of the final accounts that repeats a cell of the budget.
struct Beside {
    name: String,
    figure: Placed<Figure>,
    cell: CellRef,
}

fn verdict(context: &Context<'_>, budget: &Disclosure, beside: &Beside) -> Verdict {
    let scale = context.disclosure().scale.max(budget.scale);
    agreement(beside.figure.value, budget.figure(beside.cell), scale)
}

fn opening(context: &Context<'_>, budget: &Disclosure) -> Vec<Beside> {
    let Some(group) = context.set().facts.iter().find(|group| group.key == "opening") else { return Vec::new() };
    let facts = &context.disclosure().facts;
    let named = OPENING.iter().filter_map(|(key, concept)| {
        let item = group.items.iter().find(|item| item.key == *key)?;
        let name = format!("{}·{}", group.name, item.name);
        let figure = *facts.get(&name)?;
        Some(Beside { name, figure, cell: budget.set.concept_cell(concept)? })
    });
    let coded = facts.iter().filter_map(|(name, figure)| {
        let code = ClassCode::parse(name.strip_prefix(&group.name)?.strip_prefix('·')?)?;
        let total = budget.set.concept_cell("general_total")?;
        Some(Beside { name: name.clone(), figure: *figure, cell: CellRef { row: RowKey::Code(code), ..total } })
    });
    named.chain(coded).collect()
}

fn three_public(context: &Context<'_>, budget: &Disclosure) -> Vec<Beside> {
    let beside = |concept: &&str| {
        let (here, cell) = (context.set().concept_cell(concept)?, budget.set.concept_cell(concept)?);
        let (figure, place) = (context.disclosure().figure(here), context.disclosure().place_of(here));
        Some(Beside { name: context.set().name_of(here), figure: Placed::new(figure, place), cell })
    };
    THREE_PUBLIC.iter().filter_map(beside).collect()
}

fn opening_differs(context: &Context<'_>, budget: &Disclosure, at: &Beside) -> Option<Finding> {
    if verdict(context, budget, at) != Verdict::Fail {
        return None;
    }
    let (name, said, planned) = (&at.name, context.shown(at.figure.value), context.shown(budget.figure(at.cell)));
    let message = format!("{name} 与公开的{}年度预算不一致：这里是 {said}，预算是 {planned}", budget.year);
    let help = "年初预算应照公开的预算填写，年中追加、划转的不改年初数：请对照预算改正。";
    let finding = Finding::new("C119", message).at(at.figure.place).cell(name.clone()).help(help);
    Some(beside(finding, budget, at.cell, said, planned))
}

fn differs(context: &Context<'_>, budget: &Disclosure, at: &Beside) -> Option<Finding> {
    if verdict(context, budget, at) != Verdict::Fail {
        return None;
    }
    let (name, said, planned) = (&at.name, context.shown(at.figure.value), context.shown(budget.figure(at.cell)));
    let message =
        format!("{name} “三公”经费预算数与公开的{}年度预算不一致：这里是 {said}，预算是 {planned}", budget.year);
    let finding = Finding::new("C126", message).at(at.figure.place).cell(name.clone());
    let help = "预算数是调整后的全年预算的，可以不等，应当说明；是年初预算的，请对照预算改正。";
    Some(beside(finding.help(help), budget, at.cell, said, planned))
}

/// The finding with the budget's figure beside it.
fn beside(finding: Finding, budget: &Disclosure, cell: CellRef, said: String, planned: String) -> Finding {
    let label = format!("{}年度预算 {}＝{planned}", budget.year, budget.set.name_of(cell));
    let mut finding = finding.related(label, budget.place_of(cell));
    (finding.actual, finding.expected) = (Some(said), Some(planned));
    finding
}
