//! What the concepts of a set ask of the books, spelled out: the generator reads words and
//! relations only, so that a concept at the wrong cell shows.

use disclose::model::form::FormSet;
use disclose::synth::ledger::{Flow, Fund, GRANTS, Nature, Query, Source, THREE_PUBLIC};

use super::Invented;

/// The concepts of a set whose cells disagree with the books, by name.
pub fn mistaken_concepts(set: &FormSet, invented: &Invented) -> Vec<String> {
    let wrong = |key: &&String| {
        let expected = concept(key).map(|query| invented.ledger.total(&query).filter(|fen| *fen != 0));
        expected.is_some_and(|expected| set.concept_cell(key).is_none_or(|cell| invented.fen(cell) != expected))
    };
    set.concepts.keys().filter(wrong).cloned().collect()
}

/// What a concept asks of the books, where the books know it.
pub fn concept(key: &str) -> Option<Query> {
    use Flow::{Closing, Distributed, Income, Opening, Reserve, Spending, ThreePublicBudget};
    let general = |flow| Query::all(flow).funds(&[Fund::General]);
    let grants = |flow| Query::all(flow).funds(&GRANTS);
    Some(match key {
        "income_general" => general(Income),
        "income_fund" => Query::all(Income).funds(&[Fund::Government]),
        "income_state" => Query::all(Income).funds(&[Fund::Capital]),
        "income_superior" => Query::all(Income).source(Source::Superior),
        "income_business" => Query::all(Income).source(Source::Business),
        "income_operating" => Query::all(Income).source(Source::Operating),
        "income_affiliated" => Query::all(Income).source(Source::Affiliated),
        "income_other" => Query::all(Income).source(Source::Other),
        "income_total" | "income_by_function_total" => Query::all(Income),
        "reserve_used" => Query::all(Reserve),
        "opening_balance" => Query::all(Opening),
        "spending_total" | "spending_function_total" => Query::all(Spending),
        "surplus_distributed" => Query::all(Distributed),
        "closing_balance" => Query::all(Closing),
        "spending_basic" => Query::all(Spending).nature(Nature::Basic),
        "spending_project" => Query::all(Spending).nature(Nature::Project),
        "spending_upward" => Query::all(Spending).nature(Nature::Upward),
        "spending_operating" => Query::all(Spending).nature(Nature::Operating),
        "spending_affiliated" => Query::all(Spending).nature(Nature::Affiliated),
        "grant_income_total" => grants(Income),
        "grant_opening" => grants(Opening),
        "grant_spending_total" => grants(Spending),
        "grant_spending_general" | "general_total" => general(Spending),
        "grant_spending_fund" => Query::all(Spending).funds(&[Fund::Government]),
        "grant_spending_state" => Query::all(Spending).funds(&[Fund::Capital]),
        "grant_closing" => grants(Closing),
        "general_basic" => general(Spending).nature(Nature::Basic),
        "general_project" => general(Spending).nature(Nature::Project),
        "three_public_budget" => Query::all(ThreePublicBudget),
        "three_public_budget_abroad" => Query::all(ThreePublicBudget).economic(THREE_PUBLIC[0]),
        "three_public_budget_purchase" => Query::all(ThreePublicBudget).economic(THREE_PUBLIC[1]),
        "three_public_budget_operation" => Query::all(ThreePublicBudget).economic(THREE_PUBLIC[2]),
        "three_public_budget_reception" => Query::all(ThreePublicBudget).economic(THREE_PUBLIC[3]),
        "three_public_actual" => grants(Spending).economic(&THREE_PUBLIC.concat()),
        "three_public_actual_abroad" => grants(Spending).economic(THREE_PUBLIC[0]),
        "three_public_actual_purchase" => grants(Spending).economic(THREE_PUBLIC[1]),
        "three_public_actual_operation" => grants(Spending).economic(THREE_PUBLIC[2]),
        "three_public_actual_reception" => grants(Spending).economic(THREE_PUBLIC[3]),
        _ => return None,
    })
}
