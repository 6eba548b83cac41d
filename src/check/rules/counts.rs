//! “三公”经费 spent without the numbers that must be published with it: 团组数 and 人数,
//! 购置数, 保有量, 批次 and 人次.
//!
//! Silent where nothing was spent, and where the source says 未提供; the page says so too.

use super::{Context, Rule};
use crate::diagnostic::Finding;
use crate::model::table::Figure;

pub(super) const RULE: Rule = Rule { name: "missing-counts", codes: &["C125"], run };

/// The group of facts that holds the counts.
const GROUP: &str = "three_public";

/// Each kind of spending by its concept, with the facts that go with it.
const COUNTS: [(&str, &[&str]); 4] = [
    ("three_public_actual_abroad", &["abroad_groups", "abroad_people"]),
    ("three_public_actual_purchase", &["vehicles_bought"]),
    ("three_public_actual_operation", &["vehicles_kept"]),
    ("three_public_actual_reception", &["reception_groups", "reception_people"]),
];

fn run(context: &Context<'_>) -> Vec<Finding> {
    COUNTS.into_iter().filter_map(|(concept, keys)| finding(context, concept, keys)).collect()
}

fn finding(context: &Context<'_>, concept: &str, keys: &[&str]) -> Option<Finding> {
    let (set, disclosure) = (context.set(), context.disclosure());
    let cell = set.concept_cell(concept)?;
    let spent = disclosure.figure(cell);
    spent.amount().filter(|amount| !amount.is_zero())?;
    let group = set.facts.iter().find(|group| group.key == GROUP)?;
    let name = |item: &str| format!("{}·{item}", group.name);
    let items = group.items.iter().filter(|item| keys.contains(&item.key.as_str()));
    let missing: Vec<&str> =
        items.map(|item| item.name.as_str()).filter(|item| disclosure.fact(&name(item)) == Figure::Blank).collect();
    let first = missing.first()?;
    let (cell_name, shown) = (set.name_of(cell), context.shown(spent));
    let message = format!("{cell_name} 有支出 {shown}{}，却没有写{}", context.money(), missing.join("、"));
    let finding = Finding::new("C125", message).at(disclosure.place_of(cell)).cell(name(first));
    Some(
        finding.help(format!("按规定应当公开：填在 disclosure.toml 的 [facts.{GROUP}]；确实没有提供的写 \"未提供\"。")),
    )
}
