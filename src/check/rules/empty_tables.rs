//! Tables that say they are empty, or not provided, and hold figures all the same.
//!
//! Loading refuses the file; this rule names each figure, because one of them is what the
//! author has to look at. A 0.00 is a figure too.

use super::{Context, Rule, add_related};
use crate::diagnostic::Finding;
use crate::model::form::Form;
use crate::model::table::{Figure, Table, TableState};

pub(super) const RULE: Rule = Rule { name: "empty-tables", codes: &["C123"], run };

fn run(context: &Context<'_>) -> Vec<Finding> {
    let tables = context.set().forms.iter().zip(&context.disclosure().tables);
    tables.filter_map(|(form, table)| finding(context, form, table)).collect()
}

fn finding(context: &Context<'_>, form: &Form, table: &Table) -> Option<Finding> {
    let key = match table.state {
        TableState::Empty(_) => "empty",
        TableState::NotProvided(_) => "not_provided",
        TableState::Filled | TableState::Missing => return None,
    };
    let mut cells = table.cells().filter(|(_, cell)| cell.figure != Figure::Blank);
    let (first, cell) = cells.next()?;
    let name = context.set().name_of(first);
    let (code, figure) = (&form.code, context.shown(cell.figure));
    let mut finding = Finding::new("C123", format!("{code}写了 {key}，却填有数字：{name} 是 {figure}"))
        .at(cell.place)
        .cell(name)
        .help(format!("有数字就删去 {key} 一句；确实没有就删去数字。"));
    finding.actual = Some(figure);
    for (other, cell) in cells {
        add_related(&mut finding, &context.set().name_of(other), &context.shown(cell.figure), Some(cell.place));
    }
    Some(finding)
}
