//! Figures one row away from their names.
//!
//! Where two tables must agree row by row and do not, the figure that one row lacks may stand
//! in the row above or below it, which lacks its own. Looked for in forms with printed lines:
//! coded rows carry their name with them.

use std::collections::BTreeMap;

use super::{Context, Rule, add_related};
use crate::check::judge::Verdict;
use crate::diagnostic::Finding;
use crate::model::form::{CellRef, Layout};
use crate::model::table::Figure;

pub(super) const RULE: Rule = Rule { name: "shifted-rows", codes: &["C159"], run };

fn run(context: &Context<'_>) -> Vec<Finding> {
    let failing = failing_pairs(context);
    failing.iter().filter_map(|(cell, other)| finding(context, &failing, *cell, *other)).collect()
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
