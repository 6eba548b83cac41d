//! The facts of an invented disclosure, each in keeping with the amounts it goes with.

use std::collections::BTreeMap;

use super::invent::{Draft, NOWHERE};
use super::ledger::{Flow, Fund, GRANTS, Nature, Query, THREE_PUBLIC};
use crate::diagnostic::Placed;
use crate::model::form::FactGroup;
use crate::model::performance::{Evaluation, Scope};
use crate::model::table::Figure;

/// Facts by their keys in sources.
type Entries = Vec<(String, Figure)>;

/// The facts of every group whose meaning is part of the contract with the narratives, by
/// their names; of other groups, none.
pub(super) fn facts(draft: &Draft<'_>, evaluations: &[Evaluation]) -> BTreeMap<String, Placed<Figure>> {
    let mut facts = BTreeMap::new();
    for group in &draft.press.set.facts {
        for (key, figure) in of_group(draft, group, evaluations) {
            let declared = group.items.iter().find(|item| item.key == key).map(|item| item.name.as_str());
            if let Some(name) = declared.or_else(|| group.by_code.then_some(key.as_str())) {
                facts.insert(format!("{}·{name}", group.name), Placed::new(figure, NOWHERE));
            }
        }
    }
    facts
}

fn of_group(draft: &Draft<'_>, group: &FactGroup, evaluations: &[Evaluation]) -> Entries {
    match group.key.as_str() {
        "opening" => by_item(draft, &Query::all(Flow::OpeningBudget)),
        // 全年预算: whatever was budgeted at first, in the end what was spent.
        "budget" => by_item(draft, &Query::all(Flow::Spending).funds(&[Fund::General])),
        "procurement" => procurement(draft),
        "vehicles" => vehicles(draft),
        "equipment" => equipment(draft),
        "running" => running(draft),
        "three_public" => three_public(draft),
        "performance" => performance(draft, evaluations),
        _ => Vec::new(),
    }
}

/// A budget as a whole, by nature and by 项.
fn by_item(draft: &Draft<'_>, query: &Query) -> Entries {
    let sum = |query: &Query| draft.money(draft.sum(query));
    let mut entries = vec![
        ("total".to_owned(), sum(query)),
        ("basic".to_owned(), sum(&query.clone().nature(Nature::Basic))),
        ("project".to_owned(), sum(&query.clone().nature(Nature::Project))),
    ];
    for item in draft.general_items() {
        entries.push((item.to_string(), sum(&Query { under: Some(item), ..query.clone() })));
    }
    entries
}

/// What was bought is a part of what was spent.
fn procurement(draft: &Draft<'_>) -> Entries {
    let mut random = draft.random(3);
    let spent = draft.sum(&Query::all(Flow::Spending)).max(0);
    let total = spent * random.between(5, 60) / 100;
    let goods = total * random.between(0, 60) / 100;
    let works = (total - goods) * random.between(0, 70) / 100;
    let parts = [goods, works, total - goods - works];
    let small = parts.map(|fen| fen * random.between(50, 100) / 100);
    let sme: i128 = small.iter().sum();
    let micro = sme * random.between(30, 100) / 100;
    let amounts = [
        ("total", total),
        ("goods", parts[0]),
        ("works", parts[1]),
        ("services", parts[2]),
        ("sme", sme),
        ("micro", micro),
        ("goods_sme", small[0]),
        ("works_sme", small[1]),
        ("services_sme", small[2]),
    ];
    amounts.into_iter().map(|(key, fen)| (key.to_owned(), draft.money(fen))).collect()
}

fn counts(entries: impl IntoIterator<Item = (&'static str, i128)>) -> Entries {
    let count = |count| Figure::Count(i64::try_from(count).unwrap_or(i64::MAX));
    entries.into_iter().map(|(key, number)| (key.to_owned(), count(number))).collect()
}

/// What was spent on a kind of 三公, in 分.
fn spent_on(draft: &Draft<'_>, kind: usize) -> i128 {
    draft.sum(&Query::all(Flow::Spending).funds(&GRANTS).economic(THREE_PUBLIC[kind]))
}

/// So many as are paid for at a price; none where nothing was spent, one at least where
/// something was.
fn paid_for(fen: i128, price: i128) -> i128 {
    if fen > 0 { (fen / price).max(1) } else { 0 }
}

/// Vehicles bought (at 180,000 元) and kept (at 30,000 元 a year).
fn bought_and_kept(draft: &Draft<'_>) -> (i128, i128) {
    let bought = paid_for(spent_on(draft, 1), 18_000_000);
    (bought, bought.max(paid_for(spent_on(draft, 2), 3_000_000)))
}

fn vehicles(draft: &Draft<'_>) -> Entries {
    let mut random = draft.random(4);
    let total = bought_and_kept(draft).1 + random.between(0, 2);
    let confidential = total.min(random.between(0, 1));
    let enforcement = (total - confidential).min(random.between(0, 2));
    counts([
        ("total", total),
        ("minister", 0),
        ("chief", 0),
        ("confidential", confidential),
        ("emergency", 0),
        ("enforcement", enforcement),
        ("special", 0),
        ("retired", 0),
        ("other", total - confidential - enforcement),
    ])
}

fn equipment(draft: &Draft<'_>) -> Entries {
    let mut random = draft.random(5);
    let dearer = random.between(0, 2);
    let dear = dearer + random.between(0, 3);
    counts([("over_500k", dear), ("over_1m", dearer), ("special_over_1m", random.between(0, 1))])
}

/// 机关运行经费 is a part of 公用经费, and was about as much last year.
fn running(draft: &Draft<'_>) -> Entries {
    let mut random = draft.random(6);
    let current = draft.concept("running_total").max(0) * random.between(40, 100) / 100;
    let prior = current * random.between(80, 120) / 100;
    vec![("current".to_owned(), draft.money(current)), ("prior".to_owned(), draft.money(prior))]
}

fn three_public(draft: &Draft<'_>) -> Entries {
    let mut random = draft.random(7);
    let (bought, kept) = bought_and_kept(draft);
    let people_abroad = paid_for(spent_on(draft, 0), 5_000_000);
    let reception = spent_on(draft, 3);
    let foreign = if random.chance(15) { reception / 4 } else { 0 };
    let guests = paid_for(reception - foreign, 13_000);
    let guests_abroad = paid_for(foreign, 40_000);
    let mut entries = counts([
        ("abroad_groups", people_abroad.min(1 + people_abroad / 4)),
        ("abroad_people", people_abroad),
        ("vehicles_bought", bought),
        ("vehicles_kept", kept),
        ("reception_groups", guests.min(1 + guests / 8)),
        ("reception_people", guests),
        ("foreign_groups", guests_abroad.min(1 + guests_abroad / 6)),
        ("foreign_people", guests_abroad),
    ]);
    entries.push(("reception_domestic".to_owned(), draft.money(reception - foreign)));
    entries.push(("reception_foreign".to_owned(), draft.money(foreign)));
    entries
}

fn performance(draft: &Draft<'_>, evaluations: &[Evaluation]) -> Entries {
    let projects = || evaluations.iter().filter(|evaluation| evaluation.scope == Scope::Project);
    let number = i128::try_from(projects().count()).unwrap_or_default();
    let executed = projects().filter_map(|project| project.funding.first()?.executed.amount()).sum();
    let mut entries =
        counts([("ex_ante", 0), ("with_goals", number), ("monitored", number), ("self_evaluated", number)]);
    entries.push(("evaluated_amount".to_owned(), Figure::Amount(executed)));
    entries.push(("whole_amount".to_owned(), draft.money(draft.sum(&Query::all(Flow::Spending)))));
    entries
}
