//! 年初预算 (or 全年预算) by 项 against the 项 that were spent on.
//!
//! The narrative prints, for every 项 of the general budget, its budget, its outturn and how
//! much of the one the other is. Where a document gives budgets by 项 at all, a 项 without one
//! leaves a gap there. A 项 with a budget that nothing was spent on is lawful, so it is a note
//! only; a 款 or 类 among the 项 counts for nothing in their sum.

use super::known::given;
use super::{Context, Rule};
use crate::diagnostic::{Finding, Placed};
use crate::model::code::{ClassCode, Level};
use crate::model::form::{CellRef, FactGroup, Kind, RowKey};
use crate::model::table::{Figure, TableState};

pub(super) const RULE: Rule = Rule { name: "opening-budget", codes: &["C207", "C208"], run };

fn run(context: &Context<'_>) -> Vec<Finding> {
    let groups = || context.set().facts.iter().filter(|group| group.by_code);
    let mut findings: Vec<Finding> = groups().flat_map(|group| in_group(context, group)).collect();
    if !groups().any(|group| given(context.disclosure(), group).next().is_some()) {
        findings.extend(groups().next().and_then(|group| none_at_all(context, group)));
    }
    findings
}

/// A document with spending by 项 and no budget at all: its text cannot say how much of the
/// budget was carried out, which every model text does.
fn none_at_all(context: &Context<'_>, group: &FactGroup) -> Option<Finding> {
    let spent = items(context).filter(|(_, _, figure)| figure.amount().is_some_and(|amount| !amount.is_zero()));
    let count = spent.count();
    let is_final = context.disclosure().kind == Kind::Final;
    (count > 0 && is_final).then(|| {
        let word = &group.name;
        let message = format!("没有写{word}：有支出的 {count} 个项级科目都算不出完成率");
        Finding::new("C207", message).at(context.disclosure().place).cell(group.name.clone()).help(format!(
            "填在 disclosure.toml 的 [facts.{}]：total 和各项编码；年初没有安排的写 0，确实没有提供的写 \"未提供\"。",
            group.key
        ))
    })
}

/// The budgets by code that a disclosure gives.
pub(super) fn budgets<'a>(context: &'a Context<'_>, group: &'a FactGroup) -> Vec<(ClassCode, Placed<Figure>)> {
    let given = given(context.disclosure(), group);
    given.filter_map(|(name, figure)| Some((ClassCode::parse(name)?, *figure))).collect()
}

/// The cells of the 项 in the table of the general budget, each with its figure.
pub(super) fn items<'a>(context: &'a Context<'_>) -> impl Iterator<Item = (ClassCode, CellRef, Figure)> + 'a {
    let total = context.set().concept_cell("general_total");
    let table = total.map(|cell| (cell, context.disclosure().table(cell.form)));
    let filled = table.filter(|(_, table)| table.state == TableState::Filled);
    filled.into_iter().flat_map(|(cell, table)| {
        table.rows.iter().filter_map(move |row| match row.key {
            RowKey::Code(code) if code.level() == Level::Item => {
                let figure = row.cell(usize::from(cell.column)).map_or(Figure::Blank, |cell| cell.figure);
                Some((code, CellRef { row: row.key, ..cell }, figure))
            }
            _ => None,
        })
    })
}

fn in_group(context: &Context<'_>, group: &FactGroup) -> Vec<Finding> {
    let budgets = budgets(context, group);
    let items: Vec<_> = if budgets.is_empty() { Vec::new() } else { items(context).collect() };
    let Some(general) = context.set().concept_cell("general_total").filter(|_| !items.is_empty()) else {
        return Vec::new();
    };
    let has_budget = |code: ClassCode| budgets.iter().any(|(given, _)| *given == code);
    let spent = items.iter().filter(|(_, _, figure)| figure.amount().is_some_and(|amount| !amount.is_zero()));
    let mut findings: Vec<Finding> = spent
        .filter(|(code, ..)| !has_budget(*code))
        .map(|(code, cell, figure)| without_budget(context, group, *code, (*cell, *figure)))
        .collect();
    let is_item = |code: ClassCode| items.iter().any(|(item, ..)| *item == code);
    let idle = budgets.iter().filter(|(code, budget)| {
        code.level() != Level::Item
            || (!is_item(*code) && budget.value.amount().is_some_and(|amount| !amount.is_zero()))
    });
    findings.extend(idle.map(|(code, budget)| without_spending(context, group, (*code, *budget), general)));
    findings
}

fn without_budget(
    context: &Context<'_>,
    group: &FactGroup,
    code: ClassCode,
    (cell, figure): (CellRef, Figure),
) -> Finding {
    let (name, shown, word) = (context.set().name_of(cell), context.shown(figure), &group.name);
    let message = format!("{name} 有支出 {shown}{}，却没有写{word}，算不出完成率", context.money());
    Finding::new("C207", message)
        .at(context.disclosure().place_of(cell))
        .cell(name)
        .help(format!("请在 disclosure.toml 的 [facts.{}] 写上 {code} = …；没有预算的写 0。", group.key))
}

fn without_spending(
    context: &Context<'_>,
    group: &FactGroup,
    (code, budget): (ClassCode, Placed<Figure>),
    general: CellRef,
) -> Finding {
    let (name, shown) = (format!("{}·{code}", group.name), context.shown(budget.value));
    let form = &context.set().form_of(general).code;
    let (message, help) = if code.level() == Level::Item {
        (
            format!("{name} 有 {shown}{}，{form}却没有这一项", context.money()),
            "当年没有支出的可以如此；否则请核对科目编码。",
        )
    } else {
        (format!("{name} 是{}级科目，不计入各项之和", code.level().name()), "请只写项级（7位）科目的预算，删去类、款。")
    };
    Finding::new("C208", message).at(budget.place).cell(name).help(help)
}
