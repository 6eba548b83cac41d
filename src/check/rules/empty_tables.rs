//! Empty tables: the form stays and carries a sentence; a sentence goes with no figures.
//!
//! A table that was not provided, or whose file is missing, is another matter and stays silent
//! here.

use super::{Context, Rule};
use crate::diagnostic::Finding;
use crate::model::form::Form;
use crate::model::table::{Figure, Table, TableState};

pub(super) const RULE: Rule = Rule { name: "empty-tables", codes: &["C123", "C124"], run };

fn run(context: &Context<'_>) -> Vec<Finding> {
    let tables = context.set().forms.iter().zip(&context.disclosure().tables);
    tables.filter_map(|(form, table)| finding(form, table)).collect()
}

fn finding(form: &Form, table: &Table) -> Option<Finding> {
    let code = &form.code;
    let holds_anything = table.cells().any(|(_, cell)| cell.figure != Figure::Blank);
    match &table.state {
        TableState::Empty(_) if holds_anything => {
            let message = format!("{code}写明是空表，却填有数字");
            let help = "表中有数的，请删去 empty 一句；确是空表的，请删去数字。";
            Some(Finding::new("C124", message).at(table.place).help(help))
        }
        TableState::Empty(sentence) if !sentence.trim().is_empty() => None,
        TableState::Filled if holds_anything => None,
        TableState::Empty(_) | TableState::Filled => {
            let example = form.empty.as_deref().unwrap_or("本部门当年无此项收支").replace("{word}", "部门");
            let help =
                format!("空表应写明没有这项收支，例如 empty = \"{example}\"；数字未提供的，请写 not_provided 和缘由。");
            Some(Finding::new("C123", format!("{code}没有数字，也没有空表说明")).at(table.place).help(help))
        }
        TableState::NotProvided(_) | TableState::Missing => None,
    }
}
