//! Last year's figures that the document itself gives ([prior]) and that contradict each other:
//! 上年收入总计 against 上年支出总计, 上年 01表 against 上年 02表.
//!
//! The set's own relations are judged over them. Only relations all of whose figures are given
//! can be; what is left out is not taken for nothing. Soft and inferred relations stay silent.

use std::collections::BTreeSet;

use super::{Context, Rule, add_related};
use crate::check::judge::{self, Precision, Verdict};
use crate::check::relation::{Instance, Operand, shown_units, units};
use crate::diagnostic::{Finding, Placed, Severity};
use crate::model::table::Figure;

pub(super) const RULE: Rule = Rule { name: "prior-figures", codes: &["C115"], run };

fn run(context: &Context<'_>) -> Vec<Finding> {
    if context.disclosure().prior.len() < 2 {
        return Vec::new();
    }
    // Few figures are given: most relations are passed over by the table of their first figure.
    let given: BTreeSet<u16> = context.disclosure().prior.keys().map(|cell| cell.form).collect();
    let forms: Vec<bool> = (0_u16..).zip(&context.set().forms).map(|(form, _)| given.contains(&form)).collect();
    let begins = |instance: &&Instance| {
        let first = context.instances.first(instance).first().and_then(|operand| operand.source.cell());
        first.is_some_and(|cell| forms[usize::from(cell.form)])
    };
    context.instances.iter().filter(begins).filter_map(|instance| finding(context, instance)).collect()
}

/// The figure given for an operand's cell last year, with its place.
fn said(context: &Context<'_>, operand: &Operand) -> Option<Placed<Figure>> {
    context.disclosure().prior.get(&operand.source.cell()?).copied()
}

/// An operand's figure of last year in last units, with its sign.
fn signed(context: &Context<'_>, operand: &Operand) -> Option<i128> {
    let figure = units(said(context, operand)?.value, context.disclosure().scale)?;
    Some(if operand.negative { -figure } else { figure })
}

fn finding(context: &Context<'_>, instance: &Instance) -> Option<Finding> {
    let (first, second) = (context.instances.first(instance), context.instances.second(instance));
    // A sum over the rows of a table that has none tells nothing of last year.
    if first.is_empty() || second.is_empty() || matches!(instance.verdict, Verdict::NotRead | Verdict::NotCheckable) {
        return None;
    }
    let all =
        |side: &[Operand]| side.iter().map(|operand| signed(context, operand).map(Some)).collect::<Option<Vec<_>>>();
    let (one, other) = (all(first)?, all(second)?);
    let relation = instance.relation.of(context.set());
    let precision = Precision::of(context.disclosure().scale);
    let judgement = judge::sides(one.iter().copied(), other.iter().copied(), instance.at_most, precision);
    if relation.inferred || relation.severity != Severity::Error || judgement.verdict.passes() {
        return None;
    }
    let scale = context.disclosure().scale;
    let sum = |side: &[Option<i128>]| shown_units(side.iter().flatten().sum(), scale, false);
    let (actual, expected) = (sum(&one), sum(&other));
    let text = context.instances.text(instance, context.set());
    let message = format!("[prior] 里的上年数自相矛盾：按“{text}”，前者 {actual}，后者 {expected}");
    let name = |operand: &Operand| format!("上年{}", operand.source.name(context.set()));
    let primary = first.first()?;
    let mut finding = Finding::new("C115", message)
        .at(said(context, primary)?.place)
        .cell(name(primary))
        .help("请对照上年的公开文件，改正 disclosure.toml 里 [prior] 写错的那一个数。");
    finding.difference = Some(shown_units(judgement.off.abs(), scale, false));
    (finding.actual, finding.expected, finding.relation) = (Some(actual), Some(expected), Some(text));
    for operand in first.iter().chain(second).skip(1) {
        let figure = said(context, operand)?;
        add_related(&mut finding, &name(operand), &context.shown(figure.value), Some(figure.place));
    }
    Some(finding)
}
