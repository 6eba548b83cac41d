//! Coded rows: no 项 without its 款, no 款 without its 类, and rows in the order of codes.
//!
//! A parent whose children hold no figures is not missed. Order is only a warning: nothing is
//! wrong with the figures.

use std::collections::BTreeMap;

use super::cascade::miscoded_rows;
use super::{Context, Rule, add_related};
use crate::diagnostic::Finding;
use crate::model::code::ClassCode;
use crate::model::form::{CellRef, Form, Layout, RowKey};
use crate::model::table::{Figure, Row, Table};

pub(super) const RULE: Rule = Rule { name: "coded-rows", codes: &["C121", "C122"], run };

fn run(context: &Context<'_>) -> Vec<Finding> {
    let miscoded = miscoded_rows(context);
    let tables = context.set().forms.iter().zip(&context.disclosure().tables);
    tables
        .filter(|(form, _)| matches!(form.layout, Layout::ByCode { .. }))
        .flat_map(|(form, table)| {
            let mut findings = missing_parents(context, form, table, &miscoded);
            findings.extend(out_of_order(form, table, &miscoded));
            findings
        })
        .collect()
}

fn coded(table: &Table) -> impl Iterator<Item = (ClassCode, &Row)> {
    table.rows.iter().filter_map(|row| match row.key {
        RowKey::Code(code) => Some((code, row)),
        _ => None,
    })
}

/// A row under a miswritten code: its table, the code it has, and the one it should have.
type Miscoded = (u16, ClassCode, ClassCode);

/// Missing parents, but for those that are there under a miswritten code, and those of such rows.
fn missing_parents(context: &Context<'_>, form: &Form, table: &Table, miscoded: &[Miscoded]) -> Vec<Finding> {
    let is_miscoded = |code: ClassCode| miscoded.iter().any(|(form, wrong, _)| (*form, *wrong) == (table.form, code));
    let is_meant = |code: ClassCode| miscoded.iter().any(|(form, _, meant)| (*form, *meant) == (table.form, code));
    let mut orphans: BTreeMap<ClassCode, Vec<&Row>> = BTreeMap::new();
    for (code, row) in coded(table).filter(|(_, row)| row.cells.iter().any(|cell| cell.figure != Figure::Blank)) {
        if is_miscoded(code) {
            continue;
        }
        for parent in std::iter::successors(code.parent(), |code| code.parent()) {
            if table.row(RowKey::Code(parent)).is_none() && !is_meant(parent) {
                orphans.entry(parent).or_default().push(row);
            }
        }
    }
    orphans.into_iter().map(|(parent, children)| missing_parent(context, form, table, parent, &children)).collect()
}

fn missing_parent(context: &Context<'_>, form: &Form, table: &Table, parent: ClassCode, children: &[&Row]) -> Finding {
    let codes: Vec<String> = children.iter().map(|row| form.row_name(row.key)).collect();
    let (row, level) = (form.row_name(RowKey::Code(parent)), parent.level().name());
    let message = format!("{}缺{level}级科目 {row}：表中有其下的 {}", form.code, codes.join("、"));
    let cell = CellRef { form: table.form, row: RowKey::Code(parent), column: 0 };
    let mut finding = Finding::new("C121", message)
        .at(children.first().map(|row| row.place))
        .cell(context.set().name_of(cell))
        .help(format!("请补上 {row}，填其下各科目之和。"));
    for row in children {
        for (column, cell) in row.columns.clone().zip(&row.cells).filter(|(_, cell)| cell.figure != Figure::Blank) {
            let column = u16::try_from(column).unwrap_or(u16::MAX);
            let name = context.set().name_of(CellRef { form: table.form, row: row.key, column });
            add_related(&mut finding, &name, &context.shown(cell.figure), Some(cell.place));
        }
    }
    finding
}

fn out_of_order(form: &Form, table: &Table, miscoded: &[Miscoded]) -> Option<Finding> {
    let is_miscoded = |code: ClassCode| miscoded.iter().any(|(form, wrong, _)| (*form, *wrong) == (table.form, code));
    let rows: Vec<(ClassCode, &Row)> = coded(table).filter(|(code, _)| !is_miscoded(*code)).collect();
    let wrong = rows.windows(2).find(|pair| pair[0].0.sort_key() > pair[1].0.sort_key())?;
    let [(before, first), (after, second)] = [wrong[0], wrong[1]];
    let message = format!("{}的科目没有按编码排列：{after} 排在 {before} 之后", form.code);
    let help = "请按编码从小到大排列：类在前，其下的款、项随后。";
    Some(Finding::new("C122", message).at(second.place).related(format!("{before} 在这里"), first.place).help(help))
}
