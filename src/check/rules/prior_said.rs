//! Last year's figures that the document itself gives ([prior]) and that contradict each other:
//! 上年收入总计 against 上年支出总计, 上年 01表 against 上年 02表.
//!
//! The set's own relations are judged over them. Only relations all of whose figures are given
//! can be; what is left out is not taken for nothing. Soft and inferred relations stay silent.

use std::collections::BTreeSet;

use super::{Context, Rule, add_related};
use crate::check::judge::{self, Judgement, Precision, Verdict};
use crate::check::listed::{Listed, Topic};
use crate::check::relation::{Instance, Operand, shown_units, units};
use crate::diagnostic::{Finding, Placed, Severity};
use crate::model::table::Figure;

pub(super) const RULE: Rule = Rule { name: "prior-figures", codes: &["C115"], run };

fn run(context: &Context<'_>) -> Vec<Finding> {
    judged(context).filter_map(|judged| finding(context, &judged)).collect()
}

/// Every relation all of whose figures the document gives for last year.
pub(super) fn listed(context: &Context<'_>) -> Vec<Listed> {
    let one = |judged: Judged<'_>| {
        let primary = context.instances.first(judged.instance).first()?;
        let text = context.instances.text(judged.instance, context.set());
        let (one, other) = sums(context, &judged);
        let text = format!("按“{text}”：前者 {one}，后者 {other}");
        let name = format!("上年{}", primary.source.name(context.set()));
        Some(Listed::named(Topic::PriorSaid, "C115", name, text, judged.judgement.verdict))
    };
    judged(context).filter_map(one).collect()
}

/// A relation over last year's figures.
struct Judged<'a> {
    instance: &'a Instance,
    one: Vec<Option<i128>>,
    other: Vec<Option<i128>>,
    judgement: Judgement,
}

fn judged<'a>(context: &'a Context<'_>) -> impl Iterator<Item = Judged<'a>> {
    // Few figures are given: most relations are passed over by the table of their first figure.
    let given: BTreeSet<u16> = context.disclosure().prior.keys().map(|cell| cell.form).collect();
    let forms: Vec<bool> = (0_u16..).zip(&context.set().forms).map(|(form, _)| given.contains(&form)).collect();
    let begins = move |instance: &&Instance| {
        let first = context.instances.first(instance).first().and_then(|operand| operand.source.cell());
        first.is_some_and(|cell| forms[usize::from(cell.form)])
    };
    let instances = (context.disclosure().prior.len() > 1).then(|| context.instances.iter());
    instances.into_iter().flatten().filter(begins).filter_map(|instance| judge(context, instance))
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

fn judge<'a>(context: &Context<'_>, instance: &'a Instance) -> Option<Judged<'a>> {
    let (first, second) = (context.instances.first(instance), context.instances.second(instance));
    let relation = instance.relation.of(context.set());
    let is_soft = relation.inferred || relation.severity != Severity::Error;
    // A sum over the rows of a table that has none tells nothing of last year.
    if is_soft
        || first.is_empty()
        || second.is_empty()
        || matches!(instance.verdict, Verdict::NotRead | Verdict::NotCheckable)
    {
        return None;
    }
    let all =
        |side: &[Operand]| side.iter().map(|operand| signed(context, operand).map(Some)).collect::<Option<Vec<_>>>();
    let (one, other) = (all(first)?, all(second)?);
    let precision = Precision::of(context.disclosure().scale);
    let judgement = judge::sides(one.iter().copied(), other.iter().copied(), instance.at_most, precision);
    Some(Judged { instance, one, other, judgement })
}

/// Both sides added up, as they are printed.
fn sums(context: &Context<'_>, judged: &Judged<'_>) -> (String, String) {
    let sum = |side: &[Option<i128>]| shown_units(side.iter().flatten().sum(), context.disclosure().scale, false);
    (sum(&judged.one), sum(&judged.other))
}

fn finding(context: &Context<'_>, judged: &Judged<'_>) -> Option<Finding> {
    if judged.judgement.verdict.passes() {
        return None;
    }
    let instance = judged.instance;
    let (first, second) = (context.instances.first(instance), context.instances.second(instance));
    let scale = context.disclosure().scale;
    let (actual, expected) = sums(context, judged);
    let text = context.instances.text(instance, context.set());
    let message = format!("[prior] 里的上年数自相矛盾：按“{text}”，前者 {actual}，后者 {expected}");
    let name = |operand: &Operand| format!("上年{}", operand.source.name(context.set()));
    let primary = first.first()?;
    let mut finding = Finding::new("C115", message)
        .at(said(context, primary)?.place)
        .cell(name(primary))
        .help("请对照上年的公开文件，改正 disclosure.toml 里 [prior] 写错的那一个数。");
    finding.difference = Some(shown_units(judged.judgement.off.abs(), scale, false));
    (finding.actual, finding.expected, finding.relation) = (Some(actual), Some(expected), Some(text));
    for operand in first.iter().chain(second).skip(1) {
        let figure = said(context, operand)?;
        add_related(&mut finding, &name(operand), &context.shown(figure.value), Some(figure.place));
    }
    Some(finding)
}
