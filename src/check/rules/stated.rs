//! Figures that the text states against the tables and facts they name.
//!
//! One figure in several places must be one amount: the intervals that the printings stand
//! for must meet, so 144 in prose is 144.00 in a table. A blank cell that the text calls 0 is
//! no contradiction; a cell that was not provided cannot be compared.

use std::collections::BTreeSet;

use super::cascade::{Kind, causes};
use super::money_unit::one_table;
use super::{Context, Rule, add_related};
use crate::amount::Scale;
use crate::check::judge::{self, Sign, Span, Verdict};
use crate::check::listed::{Listed, Topic};
use crate::check::relation::{Source, units};
use crate::diagnostic::{Finding, Placed};
use crate::model::disclosure::{Stated, Target};
use crate::model::form::CellRef;
use crate::model::table::Figure;

pub(super) const RULE: Rule = Rule { name: "stated-figures", codes: &["C111"], run };

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> =
        context.disclosure().stated.iter().filter_map(|stated| finding(context, stated)).collect();
    if !findings.is_empty() {
        let told = told_by_relations(context);
        findings.retain(|finding| !finding.cell.as_ref().is_some_and(|cell| told.contains(cell)));
    }
    findings
}

/// The figures that other rules show to be wrong in the tables, by the value that the text
/// states: by relations, or for being in a table in another unit.
fn told_by_relations(context: &Context<'_>) -> BTreeSet<String> {
    let causes = causes(context).into_iter().filter(|cause| cause.kind == Kind::Stated);
    let mut told: BTreeSet<String> =
        causes.flat_map(|cause| cause.remedy.into_keys()).map(|source| source.name(context.set())).collect();
    if let Some(table) = one_table(context) {
        let scale = context.disclosure().scale;
        let stated = context.disclosure().stated.iter().filter_map(|stated| match stated.target {
            Target::Cell(cell) => Some((cell, stated.figure.value)),
            Target::Fact(_) => None,
        });
        let is_told = |(cell, figure): &(CellRef, Figure)| {
            let right = table.put_right(context, &Source::Cell(*cell));
            right.is_some() && right == units(*figure, scale)
        };
        told.extend(stated.filter(is_told).map(|(cell, _)| context.set().name_of(cell)));
    }
    told
}

/// Every figure that the text states, beside the one it names.
pub(super) fn listed(context: &Context<'_>) -> Vec<Listed> {
    let one = |stated: &Stated| {
        let (source, held) = held(context, stated);
        let said = stated.figure.value;
        let there = if matches!(source, Source::Fact(_)) { "附注" } else { "表里" };
        let text = format!("正文 {}，{there} {}", context.shown(said), context.shown(held));
        let verdict = judged(context, said, held);
        Listed::named(Topic::Stated, "C111", source.name(context.set()), text, verdict)
    };
    context.disclosure().stated.iter().map(one).collect()
}

/// What a stated figure names, with the figure there.
fn held(context: &Context<'_>, stated: &Stated) -> (Source, Figure) {
    let source = match &stated.target {
        Target::Cell(cell) => Source::Cell(*cell),
        Target::Fact(name) => Source::Fact(name.as_str().into()),
    };
    let figure = context.scene.figure(&source);
    (source, figure)
}

fn judged(context: &Context<'_>, said: Figure, held: Figure) -> Verdict {
    if rounds(context, said, held) { Verdict::Exact } else { agreement(said, held, context.disclosure().scale) }
}

fn finding(context: &Context<'_>, stated: &Stated) -> Option<Finding> {
    let (source, held) = held(context, stated);
    (judged(context, stated.figure.value, held) == Verdict::Fail).then(|| {
        let name = source.name(context.set());
        let there = if matches!(source, Source::Fact(_)) { "附注里是" } else { "表里是" };
        two_places(context, &name, ["正文写的是", there], stated.figure, (held, context.scene.place(&source)))
    })
}

/// Whether prose in the printed scale rounds a figure that was entered more exactly.
fn rounds(context: &Context<'_>, stated: Figure, held: Figure) -> bool {
    let printed = context.set().scale;
    stated
        .amount()
        .zip(held.amount())
        .is_some_and(|(stated, exact)| stated.is_whole_in(printed) && judge::prints_as(exact, stated.print(printed)))
}

/// Whether two printings of one figure cannot be the same amount or number.
pub(super) fn differ(one: Figure, other: Figure, scale: Scale) -> bool {
    agreement(one, other, scale) == Verdict::Fail
}

/// Whether two printings of one figure can be the same amount or number.
pub(super) fn agreement(one: Figure, other: Figure, scale: Scale) -> Verdict {
    let either = |figure| one == figure || other == figure;
    if either(Figure::NotRead) {
        return Verdict::NotRead;
    }
    if either(Figure::Unknown) {
        return Verdict::NotCheckable;
    }
    match (one.count(), other.count()) {
        (None, None) => judge::same_figure(&[span(one, scale), span(other, scale)]),
        (one_count, other_count) => {
            let is_number = |figure: Figure| matches!(figure, Figure::Blank | Figure::Count(_));
            let same = one_count.unwrap_or_default() == other_count.unwrap_or_default();
            if same && is_number(one) && is_number(other) { Verdict::Exact } else { Verdict::Fail }
        }
    }
}

fn span(figure: Figure, scale: Scale) -> Span {
    figure.amount().map_or(Span::NOTHING, |amount| Span::of(amount.print(scale), Sign::Any))
}

/// The finding for one figure that stands in two places with two values.
pub(super) fn two_places(
    context: &Context<'_>,
    name: &str,
    [here, there]: [&str; 2],
    one: Placed<Figure>,
    (other, other_place): (Figure, Option<crate::diagnostic::Place>),
) -> Finding {
    let (stated, held) = (context.shown(one.value), context.shown(other));
    let mut finding = Finding::new("C111", format!("{name} 两处不一致：{here} {stated}，{there} {held}"))
        .at(one.place)
        .cell(name)
        .verdict(Verdict::Fail.key())
        .help("同一个数在各处应当一致。请对照原件，改正错的一处。");
    finding.actual = Some(stated);
    finding.expected = Some(held.clone());
    finding.difference = difference(context, one.value, other);
    add_related(&mut finding, name, &held, other_place);
    finding
}

fn difference(context: &Context<'_>, one: Figure, other: Figure) -> Option<String> {
    let (one, other) = (one.amount_or_nothing()?, other.amount_or_nothing()?);
    Some(context.shown(Figure::Amount((one - other).abs())))
}
