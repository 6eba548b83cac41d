//! Coded rows that say nothing, say the same as their neighbour, or stand where their code does
//! not belong.
//!
//! Siblings are neighbours under one 款 with at least two equal figures of 10 万元 and more that
//! are no round sums: equal round sums are handed out lawfully, small ones are alike by chance. 223 and 234 are the classes that bear the name of
//! a budget of their own, so they can stand in no table of another.

use super::{Context, Rule, add_related};
use crate::diagnostic::Finding;
use crate::model::code::{ClassCode, Level};
use crate::model::form::{CellRef, Form, Layout, RowKey};
use crate::model::table::{Figure, Row, Table, TableState};

pub(super) const RULE: Rule = Rule { name: "classification", codes: &["C127", "C128", "C129", "C142"], run };

/// 项 that are paid for the staff, and so are 基本支出: 养老保险, 职业年金, 住房公积金.
const FOR_STAFF: [u32; 3] = [2_080_505, 2_080_506, 2_210_201];

/// Classes of one budget, with the tables of other budgets in which they cannot stand.
const FOREIGN: [(u32, &str, &[&str]); 2] = [
    (223, "国有资本经营预算支出", &["general_by_function", "fund_by_function"]),
    (234, "抗疫特别国债安排的支出", &["general_by_function", "state_by_function"]),
];

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (form, table) in context.set().forms.iter().zip(&context.disclosure().tables) {
        if matches!(form.layout, Layout::ByCode { .. }) && table.state == TableState::Filled {
            findings.extend(table.rows.iter().filter_map(|row| without_figures(form, row)));
            findings.extend(table.rows.windows(2).filter_map(|pair| copied(context, form, table, &pair[0], &pair[1])));
        }
    }
    findings.extend(FOR_STAFF.iter().filter_map(|code| staff_cost_in_project(context, ClassCode(*code))));
    findings
        .extend(FOREIGN.iter().flat_map(|(code, name, forms)| foreign_class(context, ClassCode(*code), name, forms)));
    findings
}

fn without_figures(form: &Form, row: &Row) -> Option<Finding> {
    let blank = row.cells.iter().all(|cell| cell.figure == Figure::Blank);
    blank.then(|| {
        let name = form.row_name(row.key);
        let finding = Finding::new("C127", format!("{}{name} 一个数也没有", form.code)).at(row.place);
        finding.help(format!("请补上这一行的金额；没有这项收支就删去 {name}。"))
    })
}

fn copied(context: &Context<'_>, form: &Form, table: &Table, above: &Row, row: &Row) -> Option<Finding> {
    let (RowKey::Code(first), RowKey::Code(second)) = (above.key, row.key) else { return None };
    if second.level() != Level::Item || first.parent() != second.parent() || !is_copy(above, row) {
        return None;
    }
    let (one, other) = (form.row_name(above.key), form.row_name(row.key));
    let mut finding = Finding::new("C128", format!("{}{other} 各栏的数与上一行 {one} 完全相同", form.code))
        .at(row.place)
        .help("像是把上一行的数又填了一遍：请对照原件；确实相等的不用改。");
    for (column, cell) in above.columns.clone().zip(&above.cells).filter(|(_, cell)| cell.figure != Figure::Blank) {
        let cell_ref = CellRef { form: table.form, row: above.key, column: u16::try_from(column).ok()? };
        add_related(&mut finding, &context.set().name_of(cell_ref), &context.shown(cell.figure), Some(cell.place));
    }
    Some(finding)
}

/// Whether two rows hold the same figures, at least two of them of four digits and no round sums:
/// smaller ones are alike by chance.
fn is_copy(above: &Row, row: &Row) -> bool {
    let one_wan_in_fen = 1_000_000;
    let telling = |figure: Figure| {
        let fen = figure.amount().and_then(crate::amount::Amount::fen);
        fen.is_some_and(|fen| fen.abs() >= 10 * one_wan_in_fen && fen % one_wan_in_fen != 0)
    };
    above.cells.iter().zip(&row.cells).all(|(one, other)| one.figure == other.figure)
        && row.cells.iter().filter(|cell| telling(cell.figure)).count() >= 2
}

fn staff_cost_in_project(context: &Context<'_>, code: ClassCode) -> Option<Finding> {
    let project = context.set().concept_cell("general_project")?;
    let cell = CellRef { row: RowKey::Code(code), ..project };
    let figure = context.disclosure().figure(cell);
    figure.amount().filter(|amount| !amount.is_zero())?;
    let (name, shown) = (context.set().name_of(cell), context.shown(figure));
    let message = format!("{name} 把在职人员的社会保险费、住房公积金列入了项目支出：{shown}{}", context.money());
    let finding = Finding::new("C129", message).at(context.disclosure().place_of(cell)).cell(name);
    Some(finding.help("这几项一般属于基本支出：请核对是不是填错了栏；确由项目经费列支的，应当说明。"))
}

fn foreign_class(context: &Context<'_>, code: ClassCode, name: &str, forms: &[&str]) -> Vec<Finding> {
    let found = forms.iter().filter_map(|concept| {
        let (index, form) = context.set().concept_form(concept)?;
        let row = context.disclosure().table(index).row(RowKey::Code(code))?;
        Some((form, row))
    });
    let finding = |(form, row): (&Form, &Row)| {
        let message = format!("{}不应有 {code}行：{name}不在《{}》的范围之内", form.code, form.title);
        let row_name = form.row_name(row.key);
        Finding::new("C142", message)
            .at(row.place)
            .help(format!("请核对 {row_name} 的编码，或移到它所属的预算的表里。"))
    };
    found.map(finding).collect()
}
