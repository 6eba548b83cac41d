//! Final accounts beside the budget of the same year, where the site has both.
//!
//! The 年初预算 of the final accounts is the published budget, in total and for every 项. The
//! 预算数 of 三公 may be the budget as adjusted during the year, so there a difference is only
//! told. Silent where either side was not provided.

use super::stated::differ;
use super::{Context, Rule};
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
    let disclosure = context.disclosure();
    if disclosure.kind != Kind::Final {
        return Vec::new();
    }
    let Some(budget) = context.index.disclosure(&disclosure.unit, Kind::Budget, disclosure.year) else {
        return Vec::new();
    };
    let mut findings = opening_budgets(context, budget);
    findings.extend(THREE_PUBLIC.iter().filter_map(|concept| three_public(context, budget, concept)));
    findings
}

fn opening_budgets(context: &Context<'_>, budget: &Disclosure) -> Vec<Finding> {
    let Some(group) = context.set().facts.iter().find(|group| group.key == "opening") else { return Vec::new() };
    let facts = &context.disclosure().facts;
    let named = OPENING.iter().filter_map(|(key, concept)| {
        let item = group.items.iter().find(|item| item.key == *key)?;
        let name = format!("{}·{}", group.name, item.name);
        let fact = *facts.get(&name)?;
        Some((name, fact, budget.set.concept_cell(concept)?))
    });
    let coded = facts.iter().filter_map(|(name, fact)| {
        let code = ClassCode::parse(name.strip_prefix(&group.name)?.strip_prefix('·')?)?;
        let total = budget.set.concept_cell("general_total")?;
        Some((name.clone(), *fact, CellRef { row: RowKey::Code(code), ..total }))
    });
    named.chain(coded).filter_map(|(name, fact, cell)| opening_budget(context, budget, &name, fact, cell)).collect()
}

fn opening_budget(
    context: &Context<'_>,
    budget: &Disclosure,
    name: &str,
    fact: Placed<Figure>,
    cell: CellRef,
) -> Option<Finding> {
    let planned = budget.figure(cell);
    if !differ(fact.value, planned, context.disclosure().scale.max(budget.scale)) {
        return None;
    }
    let (said, planned) = (context.shown(fact.value), context.shown(planned));
    let message = format!("{name} 与公开的{}年度预算不一致：这里是 {said}，预算是 {planned}", budget.year);
    let help = "年初预算应照公开的预算填写，年中追加、划转的不改年初数：请对照预算改正。";
    Some(beside(Finding::new("C119", message).at(fact.place).cell(name).help(help), budget, cell, said, planned))
}

fn three_public(context: &Context<'_>, budget: &Disclosure, concept: &str) -> Option<Finding> {
    let (cell, budgeted) = (context.set().concept_cell(concept)?, budget.set.concept_cell(concept)?);
    let (figure, planned) = (context.disclosure().figure(cell), budget.figure(budgeted));
    if !differ(figure, planned, context.disclosure().scale.max(budget.scale)) {
        return None;
    }
    let (name, said, planned) = (context.set().name_of(cell), context.shown(figure), context.shown(planned));
    let message =
        format!("{name} “三公”经费预算数与公开的{}年度预算不一致：这里是 {said}，预算是 {planned}", budget.year);
    let finding = Finding::new("C126", message).at(context.disclosure().place_of(cell)).cell(name);
    let help = "预算数是调整后的全年预算的，可以不等，应当说明；是年初预算的，请对照预算改正。";
    Some(beside(finding.help(help), budget, budgeted, said, planned))
}

/// The finding with the budget's figure beside it.
fn beside(finding: Finding, budget: &Disclosure, cell: CellRef, said: String, planned: String) -> Finding {
    let label = format!("{}年度预算 {}＝{planned}", budget.year, budget.set.name_of(cell));
    let mut finding = finding.related(label, budget.place_of(cell));
    (finding.actual, finding.expected) = (Some(said), Some(planned));
    finding
}
