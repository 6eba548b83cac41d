//! “三公”经费: numbers and money agree, spending stays within its budget, and the itemised
//! receptions add up to the spending on receptions.
//!
//! Money without the number of things it bought, or the other way round, is nearly always a
//! copied 0; a trip paid for in another year is lawful, so it is a warning. A cell that was not
//! provided stays silent. Spending above the budget needs a reason (公开操作规程: 增减变化说明);
//! any reason given for 三公 counts.

use super::counts::{COUNTS, GROUP};
use super::known::{Known, fact, is_above_nothing};
use super::{Context, Rule, add_related};
use crate::check::judge::{self, Judgement, Precision, Verdict};
use crate::check::listed::{Listed, Topic, holds_unless};
use crate::check::relation::{shown_units, units};
use crate::diagnostic::{Finding, Severity};
use crate::model::disclosure::Reception;
use crate::model::form::CellRef;
use crate::model::table::Figure;

pub(super) const RULE: Rule = Rule { name: "three-public", codes: &["C201", "C202", "C203"], run };

/// A stock of cars costs nothing in a year in which none is driven; other numbers do.
const STOCK: &str = "vehicles_kept";

/// Each kind of spending with its budget and the key of its reason; the total last.
const BUDGETED: [(&str, &str, &str); 5] = [
    ("three_public_actual_abroad", "three_public_budget_abroad", "three_public_abroad"),
    ("three_public_actual_purchase", "three_public_budget_purchase", "three_public_purchase"),
    ("three_public_actual_operation", "three_public_budget_operation", "three_public_operation"),
    ("three_public_actual_reception", "three_public_budget_reception", "three_public_reception"),
    ("three_public_actual", "three_public_budget", "three_public"),
];

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = COUNTS.iter().filter_map(|(c, keys)| contradicted(context, c, keys)).collect();
    findings.extend(over_budget(context));
    findings.extend(receptions(context));
    findings
}

/// Money with its numbers of things, spending with its budgets, and itemised receptions.
pub(super) fn listed(context: &Context<'_>) -> Vec<Listed> {
    let counted = COUNTS.iter().filter_map(|(concept, keys)| counted(context, concept, keys));
    let budgeted = BUDGETED.iter().filter_map(|names| budgeted(context, *names));
    counted.chain(budgeted).chain(itemised(context)).collect()
}

fn counted(context: &Context<'_>, concept: &str, keys: &[&str]) -> Option<Listed> {
    let (cell, figure) = spent(context, concept)?;
    let given: Vec<Known<'_>> = keys
        .iter()
        .filter_map(|key| fact(context, GROUP, key))
        .filter(|known| known.figure() != Figure::Blank)
        .collect();
    let numbers: Vec<String> =
        given.iter().map(|known| format!("{} {}", known.item.name, context.shown(known.figure()))).collect();
    let open = |figure: Figure| matches!(figure, Figure::Unknown | Figure::NotRead);
    let verdict = match contradicted(context, concept, keys) {
        None if open(figure) || given.iter().any(|known| open(known.figure())) => Verdict::NotCheckable,
        finding => holds_unless(finding.as_ref()),
    };
    let text = format!("{}{}，{}", context.shown(figure), context.money(), numbers.join("，"));
    (!given.is_empty()).then(|| Listed::named(Topic::ThreePublic, "C201", context.set().name_of(cell), text, verdict))
}

fn budgeted(context: &Context<'_>, names: (&str, &str, &str)) -> Option<Listed> {
    let (actual, budget) = (context.set().concept_cell(names.0)?, context.set().concept_cell(names.1)?);
    let [spent, planned] = [actual, budget].map(|cell| context.disclosure().figure(cell));
    if [spent, planned] == [Figure::Blank; 2] {
        return None;
    }
    let (verdict, why) = match (spent.amount_or_nothing(), planned.amount_or_nothing()) {
        (Some(spent), Some(planned)) if spent <= planned => (Verdict::Exact, ""),
        (Some(_), Some(_)) if has_reason(context, names.2) => (Verdict::Exact, "（超过，写明了原因）"),
        (Some(_), Some(_)) => (Verdict::Fail, "（超过，没有写原因）"),
        _ => (Verdict::NotCheckable, ""),
    };
    let text = format!("决算 {}，应不超过预算 {}{why}", context.shown(spent), context.shown(planned));
    Some(Listed::named(Topic::ThreePublic, "C202", context.set().name_of(actual), text, verdict))
}

fn itemised(context: &Context<'_>) -> impl Iterator<Item = Listed> {
    let measures = (!context.disclosure().receptions.is_empty()).then_some(&MEASURES);
    measures.into_iter().flatten().filter_map(|measure| {
        let found = reception_sum(context, measure)?;
        let shown = |units| shown_units(units, context.disclosure().scale, found.counts);
        let (sum, held) = (shown(found.sum), shown(found.total));
        let text = format!("逐项列出的公务接待{}合计 {sum}，附注 {held}", measure.0);
        Some(Listed::named(Topic::ThreePublic, "C203", found.totals[0].name(), text, found.judgement.verdict))
    })
}

/// The cell of a kind of spending, and what was spent on the things that its numbers count:
/// guests from abroad are counted apart.
fn spent(context: &Context<'_>, concept: &str) -> Option<(CellRef, Figure)> {
    let cell = context.set().concept_cell(concept)?;
    let is_reception = concept == "three_public_actual_reception";
    let abroad = is_reception && fact(context, GROUP, "reception_foreign").is_some_and(Known::is_some);
    let domestic = || fact(context, GROUP, "reception_domestic").map_or(Figure::Unknown, Known::figure);
    let figure = if abroad { domestic() } else { context.disclosure().figure(cell) };
    // A part that is not given is not known.
    let is_open = abroad && figure == Figure::Blank;
    Some((cell, if is_open { Figure::Unknown } else { figure }))
}

fn contradicted(context: &Context<'_>, concept: &str, keys: &[&str]) -> Option<Finding> {
    let (cell, figure) = spent(context, concept)?;
    let nothing = figure.amount_or_nothing()?.is_zero();
    let contradicts = |known: &Known<'_>| match known.figure() {
        Figure::Count(0) => is_above_nothing(figure),
        Figure::Count(count) => nothing && count > 0 && known.item.key != STOCK,
        _ => false,
    };
    let wrong: Vec<Known<'_>> = keys.iter().filter_map(|key| fact(context, GROUP, key)).filter(contradicts).collect();
    let first = wrong.first()?;
    let (name, shown) = (context.set().name_of(cell), context.shown(figure));
    let numbers: Vec<String> =
        wrong.iter().map(|known| format!("{}是 {}", known.item.name, context.shown(known.figure()))).collect();
    let message = format!("{name} 是 {shown}{}，{}，两者矛盾", context.money(), numbers.join("、"));
    let mut finding = Finding::new("C201", message).at(first.place()).cell(first.name()).help(
        "有支出就有数量，没有支出就没有数量，请核对两处的数；费用在别的年度支付的，请在情况说明中写明，并记为例外。",
    );
    add_related(&mut finding, &name, &shown, Some(context.disclosure().place_of(cell)));
    for known in &wrong[1..] {
        add_related(&mut finding, &known.name(), &context.shown(known.figure()), known.place());
    }
    Some(finding)
}

/// The kinds of spending above their budgets without a reason; the total where no kind is.
fn over_budget(context: &Context<'_>) -> Vec<Finding> {
    let (total, kinds) = (BUDGETED[4], &BUDGETED[..4]);
    let mut findings: Vec<Finding> = kinds.iter().filter_map(|names| kind_over_budget(context, *names)).collect();
    if findings.is_empty() {
        findings.extend(kind_over_budget(context, total));
    }
    findings
}

fn kind_over_budget(context: &Context<'_>, (actual, budget, key): (&str, &str, &str)) -> Option<Finding> {
    let (actual, budget) = (context.set().concept_cell(actual)?, context.set().concept_cell(budget)?);
    let figure = |cell: CellRef| context.disclosure().figure(cell);
    let (spent, planned) = (figure(actual).amount_or_nothing()?, figure(budget).amount_or_nothing()?);
    if spent <= planned || has_reason(context, key) {
        return None;
    }
    let [name, budget_name] = [actual, budget].map(|cell| context.set().name_of(cell));
    let (shown, planned_shown) = (context.shown(figure(actual)), context.shown(figure(budget)));
    let message = format!("“三公”经费 {name} 超过预算 {budget_name}：决算 {shown}，预算 {planned_shown}，没有写原因");
    let mut finding = Finding::new("C202", message)
        .at(context.disclosure().place_of(actual))
        .cell(name)
        .help(format!("请核对预算数和决算数；确实超支的，在 disclosure.toml 的 [reasons] 写明原因：{key} = \"…\"。"));
    finding.difference = Some(context.shown(Figure::Amount(spent - planned)));
    (finding.actual, finding.expected) = (Some(shown), Some(format!("不超过 {planned_shown}")));
    add_related(&mut finding, &budget_name, &planned_shown, Some(context.disclosure().place_of(budget)));
    Some(finding)
}

/// Whether a reason is given for a kind of 三公 spending, for vehicles together, or for all.
fn has_reason(context: &Context<'_>, key: &str) -> bool {
    let reasons = &context.disclosure().reasons;
    let of_vehicles = matches!(key, "three_public_purchase" | "three_public_operation");
    reasons.contains_key(key)
        || reasons.contains_key("three_public")
        || (of_vehicles && reasons.contains_key("three_public_vehicle"))
}

/// What itemised receptions are added up for: its name, its facts, and its figure in each.
type Measure = (&'static str, [&'static str; 2], fn(&Reception) -> Figure);

/// Money, groups and people, domestic and foreign.
const MEASURES: [Measure; 3] = [
    ("金额", ["reception_domestic", "reception_foreign"], |row| row.amount),
    ("批次", ["reception_groups", "foreign_groups"], |row| row.groups.map_or(Figure::Blank, Figure::Count)),
    ("人次", ["reception_people", "foreign_people"], |row| row.people.map_or(Figure::Blank, Figure::Count)),
];

fn receptions(context: &Context<'_>) -> Vec<Finding> {
    if context.disclosure().receptions.is_empty() {
        return Vec::new();
    }
    MEASURES.iter().filter_map(|measure| receptions_differ(context, measure)).collect()
}

/// Itemised receptions beside the total that the facts give.
struct ReceptionSum<'a> {
    totals: Vec<Known<'a>>,
    counts: bool,
    sum: i128,
    total: i128,
    judgement: Judgement,
}

fn reception_sum<'a>(context: &'a Context<'_>, (_, keys, of): &Measure) -> Option<ReceptionSum<'a>> {
    let (rows, scale) = (&context.disclosure().receptions, context.disclosure().scale);
    let totals: Vec<Known<'_>> = keys.iter().filter_map(|key| fact(context, GROUP, key)).collect();
    let unknown = |figure: Figure| matches!(figure, Figure::Unknown | Figure::NotRead);
    let given = totals.first().is_some_and(|total| total.figure() != Figure::Blank);
    if !given || totals.iter().any(|total| unknown(total.figure())) {
        return None;
    }
    let parts: Option<Vec<Option<i128>>> =
        rows.iter().map(|row| Some(units(of(row), scale)).filter(Option::is_some)).collect();
    let parts = parts?;
    let counts = matches!(totals[0].figure(), Figure::Count(_));
    let total: i128 = totals.iter().filter_map(|total| units(total.figure(), scale)).sum();
    let precision = if counts { Precision::Exact } else { Precision::of(scale) };
    let judgement = judge::sum(Some(total), &parts, precision);
    Some(ReceptionSum { totals, counts, sum: parts.iter().flatten().sum(), total, judgement })
}

fn receptions_differ(context: &Context<'_>, measure: &Measure) -> Option<Finding> {
    let (name, _, of) = measure;
    let (rows, scale) = (&context.disclosure().receptions, context.disclosure().scale);
    let ReceptionSum { totals, counts, sum, total, judgement } = reception_sum(context, measure)?;
    if judgement.verdict != Verdict::Fail {
        return None;
    }
    let shown = |units| shown_units(units, scale, counts);
    let held = shown(total);
    let severity = if sum > total { Severity::Error } else { Severity::Warning };
    let than = if sum > total { "多于" } else { "少于" };
    let message = format!("逐项列出的公务接待{name}合计 {}，{than}附注的 {held}", shown(sum));
    let mut finding = Finding::new("C203", message).severity(severity).at(rows[0].place).cell(totals[0].name());
    let missing = if sum > total { "改正错的一处" } else { "补上漏列的接待" };
    finding = finding.help(format!("请核对 [[receptions]] 各项和 [facts.three_public] 的数，{missing}。"));
    finding.difference = Some(shown((total - sum).abs()));
    (finding.actual, finding.expected) = (Some(shown(sum)), Some(held));
    for total in totals.iter().filter(|total| total.figure() != Figure::Blank) {
        add_related(&mut finding, &total.name(), &context.shown(total.figure()), total.place());
    }
    for row in rows {
        finding = finding.related(format!("{}＝{}", row.guests, context.shown(of(row))), row.place);
    }
    Some(finding)
}
