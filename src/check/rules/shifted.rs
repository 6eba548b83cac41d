//! Figures one row away from their names.
//!
//! Where two tables must agree row by row and do not, the figure that one row lacks may stand
//! in the row above or below it, which lacks its own. Looked for in forms with printed lines:
//! coded rows carry their name with them.
//!
//! A figure whose move into the row or column beside it makes every relation over both hold
//! ([`super::cascade`]) is an error, and tells of those relations; a mere likeness is a warning.

use std::collections::{BTreeMap, BTreeSet};

use super::cascade::{Kind, causes};
use super::{Context, Rule, add_related};
use crate::check::judge::Verdict;
use crate::check::relation::Instance;
use crate::diagnostic::{Finding, Severity};
use crate::model::form::{CellRef, Layout};
use crate::model::table::Figure;

pub(super) const RULE: Rule = Rule { name: "shifted-rows", codes: &["C159"], run };

fn run(context: &Context<'_>) -> Vec<Finding> {
    let failing = failing_pairs(context);
    let mut findings = Vec::new();
    let mut told: Vec<CellRef> = Vec::new();
    let moves = causes(context).into_iter().filter_map(|cause| match cause.kind {
        Kind::Moved(from, to) => Some((from, to, cause.failures)),
        _ => None,
    });
    for (from, to, failures) in moves {
        told.extend([from, to]);
        let own = failing.get(&to).and_then(|other| finding(context, &failing, to, *other));
        let finding = own.filter(|_| is_nothing(context, to)).unwrap_or_else(|| moved(context, from, to));
        findings.push(with_failures(context, finding.severity(Severity::Warning), &failures));
    }
    let open = failing.iter().filter(|(cell, _)| !told.contains(*cell));
    let like = open.filter_map(|(cell, other)| finding(context, &failing, *cell, *other));
    findings.extend(like.map(|finding| finding.severity(Severity::Warning)));
    findings
}

fn is_nothing(context: &Context<'_>, cell: CellRef) -> bool {
    context.disclosure().figure(cell).amount().is_none_or(crate::amount::Amount::is_zero)
}

/// A figure in the row or column beside its own, or two that were swapped.
fn moved(context: &Context<'_>, from: CellRef, to: CellRef) -> Finding {
    let disclosure = context.disclosure();
    let [wrong, right] = [from, to].map(|cell| context.set().name_of(cell));
    let [held, beside] = [from, to].map(|cell| context.shown(disclosure.figure(cell)));
    let (line, column) = if from.row == to.row { ("一栏", "栏次") } else { ("一行", "行次") };
    let message = if is_nothing(context, to) {
        format!("{wrong} 的 {held} 像是错了{line}：应填在 {right}")
    } else {
        format!("{wrong} 的 {held} 与 {right} 的 {beside} 像是互换了")
    };
    let mut finding = Finding::new("C159", message)
        .at(disclosure.place_of(from))
        .cell(wrong)
        .help(format!("这样改就都相符。请对照原件核对{column}，把这个数移到它自己的格里。"));
    add_related(&mut finding, &right, &beside, Some(disclosure.place_of(to)));
    finding
}

/// The finding with the figures of the failures that follow from it, as grave as the gravest.
fn with_failures(context: &Context<'_>, mut finding: Finding, failures: &BTreeSet<u32>) -> Finding {
    let instances = failures.iter().filter_map(|at| context.instances.get(*at));
    let gravity = |instance: &Instance| instance.verdict.severity(instance.relation.of(context.set()).severity);
    finding.severity = instances.clone().filter_map(gravity).fold(finding.severity, Severity::min);
    for operand in instances.flat_map(|instance| context.instances.operands(instance)) {
        let name = operand.source.name(context.set());
        let is_known = finding.cell.as_deref() == Some(&name)
            || finding.related.iter().any(|related| related.cell.as_deref() == Some(&name));
        if !is_known {
            let figure = context.shown(context.scene.figure(&operand.source));
            add_related(&mut finding, &name, &figure, context.scene.place(&operand.source));
        }
    }
    finding
}

/// Cells of forms with printed lines that should equal one other cell and do not.
fn failing_pairs(context: &Context<'_>) -> BTreeMap<CellRef, CellRef> {
    let mut pairs = BTreeMap::new();
    for instance in context.instances.iter().filter(|found| found.verdict == Verdict::Fail && !found.at_most) {
        if let ([one], [other]) = (context.instances.first(instance), context.instances.second(instance))
            && let (Some(one), Some(other)) = (one.source.cell(), other.source.cell())
        {
            pairs.extend([(one, other), (other, one)]);
        }
    }
    pairs.retain(|cell, _| matches!(context.set().form_of(*cell).layout, Layout::TwoSided(_) | Layout::Blocks { .. }));
    pairs
}

fn finding(
    context: &Context<'_>,
    failing: &BTreeMap<CellRef, CellRef>,
    cell: CellRef,
    other: CellRef,
) -> Option<Finding> {
    let disclosure = context.disclosure();
    let figure = disclosure.figure(other);
    figure.amount().filter(|amount| !amount.is_zero())?;
    let held = neighbours(context, cell).into_iter().flatten().find(|neighbour| {
        let own = failing.get(neighbour).map(|counterpart| disclosure.figure(*counterpart));
        disclosure.figure(*neighbour) == figure && own.is_some_and(|own| own != figure)
    })?;
    let (wrong, right, shown) = (context.set().name_of(held), context.set().name_of(cell), context.shown(figure));
    let named = context.set().name_of(other);
    let message = format!("{wrong} 的 {shown} 像是错了一行：{named} 也是 {shown}，应填在 {right}");
    let mut finding = Finding::new("C159", message)
        .at(disclosure.place_of(held))
        .cell(wrong)
        .help("请对照原件核对行次，把这个数移到它自己的行里。");
    for cell in [cell, other] {
        let figure: Figure = disclosure.figure(cell);
        let place = disclosure.place_of(cell);
        add_related(&mut finding, &context.set().name_of(cell), &context.shown(figure), Some(place));
    }
    Some(finding)
}

/// The cells above and below a cell of a form with printed lines.
fn neighbours(context: &Context<'_>, cell: CellRef) -> [Option<CellRef>; 2] {
    let rows = &context.disclosure().table(cell.form).rows;
    let Some(at) = rows.iter().position(|row| row.key == cell.row) else { return [None, None] };
    let beside = |at: Option<usize>| {
        let row = rows.get(at?)?;
        row.columns.contains(&usize::from(cell.column)).then_some(CellRef { row: row.key, ..cell })
    };
    [beside(at.checked_sub(1)), beside(at.checked_add(1))]
}
