//! “三公”经费 without the numbers that must be published with it: 团组数 and 人数, 购置数,
//! 保有量, 批次 and 人次.
//!
//! Where nothing was spent a 0 is due all the same; that it is left out is a note, and only
//! where the document gives any of these numbers. Silent where the source says 未提供; the page
//! says so too.

use super::known::{Known, fact, given, group};
use super::{Context, Rule};
use crate::diagnostic::{Finding, Severity};
use crate::model::table::Figure;

pub(super) const RULE: Rule = Rule { name: "missing-counts", codes: &["C125"], run };

/// The group of facts that holds the counts.
pub(super) const GROUP: &str = "three_public";

/// Each kind of spending by its concept, with the facts that go with it.
pub(super) const COUNTS: [(&str, &[&str]); 4] = [
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
    let figure = disclosure.figure(cell);
    let spent = !figure.amount_or_nothing()?.is_zero();
    let facts = keys.iter().filter_map(|key| fact(context, GROUP, key));
    let missing: Vec<Known<'_>> = facts.filter(|known| known.figure() == Figure::Blank).collect();
    let first = *missing.first()?;
    if !spent && group(context, GROUP).is_none_or(|group| given(disclosure, group).next().is_none()) {
        return None;
    }
    let names: Vec<&str> = missing.iter().map(|known| known.item.name.as_str()).collect();
    let (cell_name, missing, amount) = (set.name_of(cell), names.join("、"), context.shown(figure));
    let finding = if spent {
        let message = format!("{cell_name} 有支出 {amount}{}，却没有写{missing}", context.money());
        Finding::new("C125", message)
    } else {
        Finding::new("C125", format!("{cell_name} 没有支出，{missing}也要写 0")).severity(Severity::Note)
    };
    let finding = finding.at(disclosure.place_of(cell)).cell(first.name());
    Some(
        finding.help(format!("按规定应当公开：填在 disclosure.toml 的 [facts.{GROUP}]；确实没有提供的写 \"未提供\"。")),
    )
}
