//! 元 for 万元 throughout: a whole document, or one table beside the others.
//!
//! Sums and shares inside a table entered in the wrong unit all hold, so nothing but its size
//! and its neighbours can tell. A table is named when every figure that it shares with other
//! tables is off by the same power of ten, three of them at least, and no other table could be
//! the one that is wrong: of several, the one that is a side of every pair that is off.

use std::collections::BTreeMap;

use super::{Context, Rule};
use crate::amount::Scale;
use crate::check::judge::Verdict;
use crate::check::relation::{Instance, units};
use crate::diagnostic::Finding;
use crate::model::form::CellRef;

pub(super) const RULE: Rule = Rule { name: "money-unit", codes: &["C148", "C149"], run };

/// A unit of government that spends less than this in a year, in 分: a thousand 元.
const TOO_LITTLE: i128 = 100_000;

/// One accounting unit that spends more than this in a year, in 分: ten thousand million 元.
const TOO_MUCH: i128 = 1_000_000_000_000;

/// The factors by which units of money, or a decimal point, go wrong.
const FACTORS: [i128; 4] = [10, 100, 1_000, 10_000];

fn run(context: &Context<'_>) -> Vec<Finding> {
    whole_document(context).into_iter().chain(one_table(context)).collect()
}

fn whole_document(context: &Context<'_>) -> Option<Finding> {
    let disclosure = context.disclosure();
    let cell = context.set().concept_cell("spending_total")?;
    let spent = disclosure.figure(cell);
    let fen = spent.amount()?.fen()?;
    let is_unit = || context.site.unit_of(disclosure).is_some_and(|unit| unit.kind == "单位");
    let right = match disclosure.scale {
        Scale::Yuan if fen > 0 && fen < TOO_LITTLE => Scale::TenThousand,
        Scale::TenThousand if fen > TOO_MUCH && is_unit() => Scale::Yuan,
        _ => return None,
    };
    let (name, shown) = (context.set().name_of(cell), context.shown(spent));
    let message = format!("{name} 全年支出 {shown}{}，不像是一个单位的支出", context.money());
    let finding = Finding::new("C148", message).at(disclosure.place_of(cell)).cell(name);
    Some(finding.help(format!("各表的数若是{right}，请把 disclosure.toml 的 scale 改成 \"{right}\"。")))
}

/// How the figures that a form shares with other forms compare with theirs.
#[derive(Default)]
struct Tally<'a> {
    /// Figures that are so many times the other's (or, below nothing, a part of it).
    off: BTreeMap<i128, Vec<&'a Instance>>,
    /// Figures that agree, or differ in another way.
    others: usize,
}

fn one_table(context: &Context<'_>) -> Option<Finding> {
    if !context.instances.iter().any(|instance| instance.verdict == Verdict::Fail) {
        return None;
    }
    let mut tallies: BTreeMap<u16, Tally<'_>> = BTreeMap::new();
    let mut off = 0;
    for instance in context.instances {
        let Some((one, other, [first, second])) = pair(context, instance) else { continue };
        off += usize::from(factor(first, second).is_some());
        for (cell, factor) in [(one, factor(first, second)), (other, factor(second, first))] {
            let tally = tallies.entry(cell.form).or_default();
            match factor {
                Some(factor) => tally.off.entry(factor).or_default().push(instance),
                None => tally.others += 1,
            }
        }
    }
    let wrong = tallies.iter().filter(|(_, tally)| tally.others == 0).filter_map(|(form, tally)| {
        let (factor, instances) = tally.off.first_key_value().filter(|(_, instances)| instances.len() >= 3)?;
        (tally.off.len() == 1).then_some((*form, *factor, instances))
    });
    let mut wrong: Vec<_> = wrong.collect();
    if wrong.len() > 1 {
        wrong.retain(|(_, _, instances)| instances.len() == off);
    }
    match wrong.as_slice() {
        [found] => Some(table_finding(context, *found)),
        _ => None,
    }
}

/// The two cells of different forms that a relation equates, with their figures in last units,
/// both other than nothing.
fn pair(context: &Context<'_>, instance: &Instance) -> Option<(CellRef, CellRef, [i128; 2])> {
    let ([one], [other]) = (context.instances.first(instance), context.instances.second(instance)) else { return None };
    let (one, other) = (one.source.cell()?, other.source.cell()?);
    if instance.at_most || one.form == other.form {
        return None;
    }
    let disclosure = context.disclosure();
    let last_units = |cell| units(disclosure.figure(cell), disclosure.scale).filter(|units| *units != 0);
    Some((one, other, [last_units(one)?, last_units(other)?]))
}

/// How many times the other figure a figure is, when that is a power of ten but for rounding;
/// negative when it is so small a part of it.
fn factor(one: i128, other: i128) -> Option<i128> {
    let times = |large: i128, small: i128| {
        FACTORS.into_iter().find(|factor| (large - small.saturating_mul(*factor)).abs() <= factor / 2)
    };
    times(one, other).or_else(|| times(other, one).map(|factor| -factor))
}

fn table_finding(context: &Context<'_>, (form, factor, instances): (u16, i128, &Vec<&Instance>)) -> Finding {
    let (definition, disclosure) = (&context.set().forms[usize::from(form)], context.disclosure());
    let size = if factor > 0 { "大" } else { "小" };
    let message = format!(
        "{}整张表的单位像是错了：与其他表相同的 {} 个数，都{size}了 {} 倍",
        definition.code,
        instances.len(),
        factor.abs()
    );
    let help = format!("请核对这张表的单位：各表都应以{}填写。", disclosure.scale);
    let mut finding = Finding::new("C149", message).at(disclosure.table(form).place).help(help);
    for operand in instances.iter().flat_map(|instance| context.instances.operands(instance)) {
        let figure = context.shown(context.scene.figure(&operand.source));
        let name = operand.source.name(context.set());
        super::add_related(&mut finding, &name, &figure, context.scene.place(&operand.source));
    }
    finding
}
