//! 主要原因: changes that need one and have none, and reasons for what is not there.
//!
//! The narratives print 主要原因是… after a change against last year and after a completion
//! rate. A change below [`PERCENT`] of its base is read as 基本持平 and may stand alone. A place
//! that the narrative does not print needs no reason. A reason without a change is the
//! narrative's own warning; a reason or use for a code that no table has was copied from
//! another year.

use super::known::{Known, fact};
use super::opening::{budgets, items};
use super::{Context, Rule, add_related};
use crate::diagnostic::{Finding, Place, Placed};
use crate::model::code::{ClassCode, Level};
use crate::model::form::RowKey;
use crate::model::prior;
use crate::model::table::{Figure, TableState};

pub(super) const RULE: Rule = Rule { name: "reasons", codes: &["C211", "C212", "C213"], run };

/// From how many hundredths of its base a difference needs a reason.
const PERCENT: i128 = 5;

/// The totals that narratives compare with last year: the key of the reason, and the concept.
const TOTALS: [(&str, &str); 4] = [
    ("income_spending_total", "income_grand_total"),
    ("spending_total", "spending_function_total"),
    ("grant_total", "grant_grand_total"),
    ("general_total", "general_total"),
];

/// The reasons about 三公; one for a part explains the total.
const THREE_PUBLIC: [&str; 6] = [
    "three_public",
    "three_public_abroad",
    "three_public_vehicle",
    "three_public_purchase",
    "three_public_operation",
    "three_public_reception",
];

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> =
        TOTALS.iter().filter_map(|(key, concept)| total_changed(context, key, concept)).collect();
    findings.extend(three_public_changed(context));
    findings.extend(running_cost_changed(context));
    findings.extend(three_public_unspent(context));
    findings.extend(items_off_budget(context));
    findings.extend(for_nothing(context));
    findings
}

/// Whether a difference is large enough to need a reason; on a base of nothing any is.
fn is_large(base: Figure, figure: Figure) -> bool {
    let Some((base, figure)) = base.amount_or_nothing().zip(figure.amount_or_nothing()) else { return false };
    let Some((difference, base)) = (figure - base).abs().fen().zip(base.abs().fen()) else { return false };
    difference > 0 && difference.saturating_mul(100) > base.saturating_mul(PERCENT)
}

/// Whether the unit gives any of these reasons.
fn has_reason(context: &Context<'_>, keys: &[&str]) -> bool {
    keys.iter().any(|key| context.disclosure().reasons.get(*key).is_some_and(|reason| !reason.value.trim().is_empty()))
}

/// Whether the narrative has a place for the reason.
fn is_printed(context: &Context<'_>, argument: &str) -> bool {
    let template = context.site.narratives.get(&context.set().narrative);
    template.is_none_or(|template| template.body.value.contains(&format!("reason={argument}")))
}

/// A figure that moved away from another: where both stand, and what they are.
struct Moved {
    name: String,
    figure: Placed<Figure>,
    base_name: String,
    base: Figure,
    base_place: Option<Place>,
}

impl Moved {
    fn finding(self, context: &Context<'_>, code: &str, key: &str) -> Finding {
        let (shown, base) = (context.shown(self.figure.value), context.shown(self.base));
        let message = format!("{} 是 {shown}，{} 是 {base}，相差较大，没有写原因", self.name, self.base_name);
        let mut finding = Finding::new(code, message)
            .at(self.figure.place)
            .cell(self.name)
            .help(format!("请核对两个数；无误的，在 disclosure.toml 的 [reasons] 写明原因：{key} = \"…\"。"));
        (finding.actual, finding.expected) = (Some(shown), Some(base.clone()));
        let amounts = self.figure.value.amount_or_nothing().zip(self.base.amount_or_nothing());
        finding.difference = amounts.map(|(one, other)| context.shown(Figure::Amount((one - other).abs())));
        add_related(&mut finding, &self.base_name, &base, self.base_place);
        finding
    }
}

/// The move of a concept's cell away from last year's figure, where it is large.
fn against_last_year(context: &Context<'_>, concept: &str) -> Option<Moved> {
    let cell = context.set().concept_cell(concept)?;
    let (disclosure, prior) = (context.disclosure(), prior::of(context.scene.prior, context.disclosure(), cell));
    let figure = disclosure.figure(cell);
    is_large(prior.figure, figure).then(|| Moved {
        name: context.set().name_of(cell),
        figure: Placed::new(figure, disclosure.place_of(cell)),
        base_name: format!("上年{}", context.set().name_of(cell)),
        base: prior.figure,
        base_place: prior.place,
    })
}

fn total_changed(context: &Context<'_>, key: &str, concept: &str) -> Option<Finding> {
    if has_reason(context, &[key]) {
        return None;
    }
    let moved = against_last_year(context, concept)?;
    is_printed(context, &format!("\"{key}\"")).then(|| moved.finding(context, "C211", key))
}

fn three_public_changed(context: &Context<'_>) -> Option<Finding> {
    if has_reason(context, &THREE_PUBLIC) {
        return None;
    }
    let moved = against_last_year(context, "three_public_actual")?;
    is_printed(context, "\"three_public\"").then(|| moved.finding(context, "C211", "three_public"))
}

fn running_cost_changed(context: &Context<'_>) -> Option<Finding> {
    let [current, prior] = ["current", "prior"].map(|key| fact(context, "running", key));
    let (current, prior) = (current?, prior?);
    let given = |known: Known<'_>| known.figure() != Figure::Blank;
    if has_reason(context, &["running_cost"]) || !given(prior) || !is_large(prior.figure(), current.figure()) {
        return None;
    }
    let moved = Moved {
        name: current.name(),
        figure: Placed::new(current.figure(), current.place()?),
        base_name: prior.name(),
        base: prior.figure(),
        base_place: prior.place(),
    };
    is_printed(context, "\"running_cost\"").then(|| moved.finding(context, "C211", "running_cost"))
}

/// 三公 well below its budget without any reason; above it is a rule of its own.
fn three_public_unspent(context: &Context<'_>) -> Option<Finding> {
    let (set, disclosure) = (context.set(), context.disclosure());
    let (cell, budget) = (set.concept_cell("three_public_actual")?, set.concept_cell("three_public_budget")?);
    let (spent, planned) = (disclosure.figure(cell), disclosure.figure(budget));
    let below = spent.amount_or_nothing()? < planned.amount_or_nothing()?;
    if !below || !is_large(planned, spent) || has_reason(context, &THREE_PUBLIC) {
        return None;
    }
    let moved = Moved {
        name: set.name_of(cell),
        figure: Placed::new(spent, disclosure.place_of(cell)),
        base_name: set.name_of(budget),
        base: planned,
        base_place: Some(disclosure.place_of(budget)),
    };
    Some(moved.finding(context, "C212", "three_public"))
}

/// The 项 whose outturn is far from the budget without a reason.
fn items_off_budget(context: &Context<'_>) -> Vec<Finding> {
    let groups = context.set().facts.iter().filter(|group| group.by_code);
    let mut findings: Vec<Finding> = Vec::new();
    for group in groups {
        let budgets = budgets(context, group);
        if budgets.is_empty() {
            continue;
        }
        for (code, cell, figure) in items(context) {
            let Some((_, budget)) = budgets.iter().find(|(given, _)| *given == code) else { continue };
            if !is_large(budget.value, figure) {
                continue;
            }
            let key = code.to_string();
            if has_reason(context, &[&key]) || !is_printed(context, "row.code") {
                continue;
            }
            let moved = Moved {
                name: context.set().name_of(cell),
                figure: Placed::new(figure, context.disclosure().place_of(cell)),
                base_name: format!("{}·{code}", group.name),
                base: budget.value,
                base_place: Some(budget.place),
            };
            findings.push(moved.finding(context, "C212", &key));
        }
    }
    findings
}

/// Reasons and uses for a code that no table of the disclosure has a row for.
fn for_nothing(context: &Context<'_>) -> Vec<Finding> {
    let disclosure = context.disclosure();
    let is_filled = context
        .set()
        .concept_cell("general_total")
        .is_some_and(|cell| disclosure.table(cell.form).state == TableState::Filled);
    if !is_filled {
        return Vec::new();
    }
    let is_row = |code: ClassCode| disclosure.tables.iter().any(|table| table.row(RowKey::Code(code)).is_some());
    let texts = disclosure.reasons.iter().map(|entry| ("原因", "reasons", entry));
    let texts = texts.chain(disclosure.uses.iter().map(|entry| ("用途", "uses", entry)));
    let coded = texts.filter_map(|(what, section, (key, text))| Some((what, section, ClassCode::parse(key)?, text)));
    let idle = coded.filter(|(_, _, code, _)| code.level() != Level::Section && !is_row(*code));
    let finding = |(what, section, code, text): (&str, &str, ClassCode, &Placed<String>)| {
        Finding::new("C213", format!("写了科目 {code} 的{what}，各表却没有这个科目"))
            .at(text.place)
            .help(format!("情况说明里没有用它，多半是照抄了别的年度。请核对科目编码，或者从 [{section}] 删去。"))
    };
    idle.map(finding).collect()
}
