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
use crate::check::relation::{Instance, Operand, Source, units};
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
    let one = one_table(context).map(|table| table_finding(context, &table));
    whole_document(context).into_iter().chain(one).collect()
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

/// A table in another unit than the others.
pub(super) struct OneTable<'a> {
    form: u16,
    /// How many times too large its figures are; below nothing, too small.
    factor: i128,
    /// The relations that show it.
    shown_by: Vec<&'a Instance>,
}

impl OneTable<'_> {
    /// Whether a failure is nothing but the other unit: between this table and others, and gone
    /// with it. Figures that are too small have lost the digits to prove it by.
    pub(super) fn explains(&self, context: &Context<'_>, instance: &Instance) -> bool {
        let is_own = |operand: &Operand| operand.source.cell().is_some_and(|cell| cell.form == self.form);
        let operands = context.instances.operands(instance);
        if !operands.iter().any(is_own) || operands.iter().all(is_own) {
            return false;
        }
        self.factor < 0
            || self.shown_by.iter().any(|shown| std::ptr::eq(*shown, instance))
            || context
                .scene
                .rejudged(context.instances, instance, |source| self.put_right(context, source))
                .is_some_and(Verdict::passes)
    }

    /// A figure of this table in the unit of the others, in last units.
    pub(super) fn put_right(&self, context: &Context<'_>, source: &Source) -> Option<i128> {
        source.cell().filter(|cell| cell.form == self.form)?;
        let held = units(context.scene.figure(source), context.disclosure().scale)?;
        if self.factor < 0 {
            return held.checked_mul(-self.factor);
        }
        let half = self.factor / 2 * held.signum();
        Some((held + half) / self.factor)
    }
}

/// The only table whose figures are all off by the same power of ten.
pub(super) fn one_table<'a>(context: &Context<'a>) -> Option<OneTable<'a>> {
    if !context.instances.iter().any(|instance| instance.verdict == Verdict::Fail) {
        return None;
    }
    let mut tallies: BTreeMap<u16, Tally<'_>> = BTreeMap::new();
    for instance in context.instances {
        let Some((one, other, [first, second])) = pair(context, instance) else { continue };
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
        let shown_by = instances.clone();
        (tally.off.len() == 1).then_some(OneTable { form: *form, factor: *factor, shown_by })
    });
    let mut wrong: Vec<OneTable<'_>> = wrong.collect();
    wrong.sort_by_key(|table| std::cmp::Reverse(table.shown_by.len()));
    let (first, others) = wrong.split_first()?;
    // A table that shares figures with the wrong one only looks as wrong as it.
    let is_part = |other: &OneTable<'_>| {
        let is_shown = |instance: &&Instance| first.shown_by.iter().any(|own| std::ptr::eq(*own, *instance));
        other.shown_by.len() < first.shown_by.len() && other.shown_by.iter().all(is_shown)
    };
    if others.iter().all(is_part) { wrong.into_iter().next() } else { None }
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

fn table_finding(context: &Context<'_>, table: &OneTable<'_>) -> Finding {
    let OneTable { form, factor, ref shown_by } = *table;
    let (definition, disclosure) = (&context.set().forms[usize::from(form)], context.disclosure());
    let size = if factor > 0 { "大" } else { "小" };
    let message = format!(
        "{}整张表的单位像是错了：与其他表相同的 {} 个数，都{size}了 {} 倍",
        definition.code,
        shown_by.len(),
        factor.abs()
    );
    let help = format!("请核对这张表的单位：各表都应以{}填写。", disclosure.scale);
    let mut finding = Finding::new("C149", message).at(disclosure.table(form).place).help(help);
    for operand in shown_by.iter().flat_map(|instance| context.instances.operands(instance)) {
        let figure = context.shown(context.scene.figure(&operand.source));
        let name = operand.source.name(context.set());
        super::add_related(&mut finding, &name, &figure, context.scene.place(&operand.source));
    }
    finding
}
