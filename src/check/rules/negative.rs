//! Negative amounts in tables: rare, sometimes lawful (refunds, corrections), so only a note.

use super::{Context, Rule};
use crate::diagnostic::Finding;

pub(super) const RULE: Rule = Rule { name: "negative-amounts", codes: &["C124"], run };

fn run(context: &Context<'_>) -> Vec<Finding> {
    let cells = context.disclosure().tables.iter().flat_map(crate::model::table::Table::cells);
    let negative = cells.filter(|(_, cell)| cell.figure.amount().is_some_and(crate::amount::Amount::is_negative));
    negative
        .map(|(cell_ref, cell)| {
            let (name, figure) = (context.set().name_of(cell_ref), context.shown(cell.figure));
            let mut finding = Finding::new("C124", format!("{name} 是负数：{figure}{}", context.money()))
                .at(cell.place)
                .cell(name)
                .help("收支数一般不为负。请核对原件；确为冲减的，宜在情况说明中写明。");
            finding.actual = Some(figure);
            finding
        })
        .collect()
}
