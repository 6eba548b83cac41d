//! A 部门 beside the 单位 under it, in the same year and kind.
//!
//! A department's document is consolidated: it holds its units' grants and what was spent of
//! them. Only figures that consolidation cannot lessen are compared; 上级补助, 附属单位上缴 and
//! the totals that hold them cancel out between a department and its units. Scales may differ:
//! figures are compared in the coarsest.

use std::collections::BTreeMap;

use super::{Context, Rule, add_related};
use crate::amount::{Amount, Scale};
use crate::check::judge::{self, Judgement, Precision, Verdict};
use crate::check::listed::{Listed, Topic};
use crate::check::relation::{shown, shown_units, units};
use crate::diagnostic::{Finding, Related};
use crate::model::disclosure::Disclosure;
use crate::model::form::CellRef;
use crate::model::table::Figure;

pub(super) const RULE: Rule = Rule { name: "department", codes: &["C161", "C162", "C163", "C164"], run };

/// What a department's document holds of its units', as concepts, the widest first.
const HELD: [&str; 15] = [
    "grant_income_total",
    "income_general",
    "income_fund",
    "income_state",
    "grant_spending_total",
    "general_total",
    "general_basic",
    "general_project",
    "personnel_total",
    "running_total",
    "three_public_actual",
    "three_public_actual_abroad",
    "three_public_actual_purchase",
    "three_public_actual_operation",
    "three_public_actual_reception",
];

fn run(context: &Context<'_>) -> Vec<Finding> {
    let disclosure = context.disclosure();
    let mut findings: Vec<Finding> = wrong_word(context).into_iter().collect();
    if context.index.below(&disclosure.unit).is_empty() {
        return findings;
    }
    let units = units_below(context);
    findings.extend(units_exceed(context, &units));
    findings.extend(without_disclosure(context, units.len()));
    findings.extend(alike(context, &units));
    findings
}

/// The disclosures of the units below, of the same kind and year.
fn units_below<'a>(context: &'a Context<'_>) -> Vec<&'a Disclosure> {
    let (index, disclosure) = (context.index, context.disclosure());
    let below = index.below(&disclosure.unit).iter();
    below.filter_map(|unit| index.disclosure(&unit.id, disclosure.kind, disclosure.year)).collect()
}

/// Every figure of the department beside the sum of its units.
pub(super) fn listed(context: &Context<'_>) -> Vec<Listed> {
    let below = units_below(context);
    let scale = coarsest(context, &below);
    let one = |concept: &&str| {
        let held = holding(context, &below, scale, concept).filter(|held| !held.parts.is_empty())?;
        let (whole, sum) = (shown(context.disclosure().figure(held.cell), scale), shown_units(held.sum, scale, false));
        let known = held.parts.len();
        let open = if known < below.len() {
            format!("（另有 {} 个没有提供）", below.len() - known)
        } else {
            String::new()
        };
        let text = format!("部门 {whole}，{known} 个单位合计 {sum}{open}");
        // What is known of the units not exceeding the whole says nothing of the rest.
        let passes = held.judgement.verdict.passes();
        let verdict = if passes && known < below.len() { Verdict::NotCheckable } else { held.judgement.verdict };
        Some(Listed::named(Topic::Department, "C161", context.set().name_of(held.cell), text, verdict))
    };
    HELD.iter().filter_map(one).collect()
}

/// The scale in which figures of a department and its units can be compared.
fn coarsest(context: &Context<'_>, units: &[&Disclosure]) -> Scale {
    units.iter().map(|unit| unit.scale).fold(context.disclosure().scale, Ord::max)
}

/// The name of a disclosure's unit.
fn unit_name<'a>(context: &'a Context<'_>, disclosure: &'a Disclosure) -> &'a str {
    context.site.unit_of(disclosure).map_or(disclosure.unit.as_str(), |unit| unit.short.as_str())
}

/// What the units hold of a concept, beside what their department holds.
struct Holding<'a> {
    cell: CellRef,
    parts: Vec<(&'a Disclosure, CellRef)>,
    sum: i128,
    judgement: Judgement,
}

fn units_exceed(context: &Context<'_>, units: &[&Disclosure]) -> Option<Finding> {
    let scale = coarsest(context, units);
    let held = HELD.iter().filter_map(|concept| holding(context, units, scale, concept));
    let found: Vec<Holding<'_>> = held.filter(|held| !held.judgement.verdict.passes()).collect();
    let first = found.first()?;
    let name = context.set().name_of(first.cell);
    let whole = context.disclosure().figure(first.cell);
    let (held, sum) = (shown(whole, scale), shown_units(first.sum, scale, false));
    let over = shown_units(first.judgement.off, scale, false);
    let more = match found.len() {
        1 => String::new(),
        many => format!("；另有 {} 个数也是如此", many - 1),
    };
    let message = format!(
        "{name} 小于所属单位之和：部门 {held}，{} 个单位合计 {sum}，多出 {over} {scale}{more}",
        first.parts.len()
    );
    let mut finding = Finding::new("C161", message)
        .at(context.disclosure().place_of(first.cell))
        .cell(name)
        .help("部门的数应含所属单位的数：请核对部门是否只填了本级，各单位的数和单位（元、万元）有无填错。");
    (finding.actual, finding.expected, finding.difference) = (Some(held), Some(sum), Some(over));
    for (at, excess) in found.iter().enumerate() {
        let name = context.set().name_of(excess.cell);
        let held = context.disclosure().figure(excess.cell);
        if at > 0 {
            let place = context.disclosure().place_of(excess.cell);
            add_related(&mut finding, &name, &context.shown(held), Some(place));
        }
        finding.related.extend(excess.parts.iter().map(|(unit, cell)| of_unit(context, unit, *cell)));
    }
    Some(finding)
}

/// A unit's figure beside a finding of its department.
fn of_unit(context: &Context<'_>, unit: &Disclosure, cell: CellRef) -> Related {
    let (figure, name) = (shown(unit.figure(cell), unit.scale), unit.set.name_of(cell));
    let label = format!("{} {name}＝{figure} {}", unit_name(context, unit), unit.scale);
    Related { label, cell: None, place: Some(unit.place_of(cell)) }
}

fn holding<'a>(context: &Context<'_>, below: &[&'a Disclosure], scale: Scale, concept: &str) -> Option<Holding<'a>> {
    let cell = context.set().concept_cell(concept)?;
    let whole = match context.disclosure().figure(cell) {
        Figure::Unknown | Figure::NotRead => return None,
        figure => units(figure, scale),
    };
    let known = below.iter().filter_map(|unit| {
        let cell = unit.set.concept_cell(concept)?;
        Some(((*unit, cell), units(unit.figure(cell), scale)?))
    });
    let (parts, figures): (Vec<_>, Vec<_>) = known.map(|(part, figure)| (part, Some(figure))).unzip();
    let judgement = judge::at_most(&figures, &[whole], Precision::of(scale));
    let sum = figures.iter().flatten().sum();
    Some(Holding { cell, parts, sum, judgement })
}

fn without_disclosure(context: &Context<'_>, present: usize) -> Option<Finding> {
    let disclosure = context.disclosure();
    let below = context.index.below(&disclosure.unit);
    if present == below.len() {
        return None;
    }
    let missing =
        below.iter().filter(|unit| context.index.disclosure(&unit.id, disclosure.kind, disclosure.year).is_none());
    let missing: Vec<_> = missing.collect();
    let names: Vec<&str> = missing.iter().take(5).map(|unit| unit.short.as_str()).collect();
    let more = if missing.len() > names.len() { "等" } else { "" };
    let message = format!(
        "所属单位中有 {} 个没有{}年度的{}：{}{more}",
        missing.len(),
        disclosure.year,
        disclosure.kind.name(),
        names.join("、")
    );
    let finding = Finding::new("C162", message).at(disclosure.place);
    let finding = missing.iter().fold(finding, |finding, unit| finding.related(unit.name.as_str(), unit.place));
    Some(finding.help("所属单位也应各自公开：请补上；当年还没有成立或不单独核算的不用改。"))
}

/// 部门 for 单位 or the other way round, where the units of the site tell. A set that speaks of
/// 单位 only leaves no choice.
fn wrong_word(context: &Context<'_>) -> Option<Finding> {
    let disclosure = context.disclosure();
    let unit = context.site.unit_of(disclosure)?;
    let below = context.index.below(&unit.id).len();
    let (word, why) = match (disclosure.word.as_str(), &unit.parent) {
        ("单位", None) if below > 0 && context.set().word == "部门" => {
            ("部门", format!("本站有 {below} 个所属单位"))
        }
        ("部门", Some(parent)) if below == 0 => {
            let parent = context.site.units.get(parent).map_or(parent.as_str(), |parent| parent.name.as_str());
            ("单位", format!("它是“{parent}”的所属单位"))
        }
        _ => return None,
    };
    let message = format!("全文称“{}”，应称“{word}”：{why}", disclosure.word);
    let finding = Finding::new("C163", message).at(disclosure.place).related("单位的隶属关系", unit.place);
    Some(finding.help(format!("请把 disclosure.toml 的 word 改成 \"{word}\"，或者改正 unit.toml 的 parent。")))
}

/// Units of one department whose totals are alike to the last digit.
fn alike(context: &Context<'_>, units: &[&Disclosure]) -> Vec<Finding> {
    let mut seen: BTreeMap<[Amount; 3], &Disclosure> = BTreeMap::new();
    let mut findings = Vec::new();
    for unit in units {
        let totals = ["income_grand_total", "spending_total", "personnel_total"].map(|key| unit.concept(key).amount());
        let [Some(income), Some(spending), Some(personnel)] = totals else { continue };
        let key = [income, spending, personnel];
        if key.iter().any(|total| total.is_zero()) {
            continue;
        }
        match seen.get(&key) {
            Some(first) => findings.extend(alike_finding(context, first, unit)),
            None => _ = seen.insert(key, unit),
        }
    }
    findings
}

fn alike_finding(context: &Context<'_>, first: &Disclosure, second: &Disclosure) -> Option<Finding> {
    let cell = second.set.concept_cell("spending_total")?;
    let (one, other) = (unit_name(context, first), unit_name(context, second));
    let message = format!("“{other}”的收入、支出和人员经费与“{one}”的完全相同");
    let mut finding = Finding::new("C164", message)
        .at(second.place_of(cell))
        .help("像是把一个单位的表放到了另一个单位的目录里：请对照两个单位的原件。");
    finding.related.push(of_unit(context, first, first.set.concept_cell("spending_total")?));
    Some(finding)
}
