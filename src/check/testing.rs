//! Small form sets, disclosures and sites for the tests of checks, built by hand.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::amount::{Amount, Scale};
use crate::check::{Report, check};
use crate::diagnostic::{FileId, Finding, Place, Placed, Severity};
use crate::model::code::ClassCode;
use crate::model::disclosure::{Disclosure, Target};
use crate::model::form::{
    Column, FactGroup, FactItem, Foot, Form, FormSet, Kind, Layout, Line, Relation, RowKey, Side,
};
use crate::model::notation::{ColumnRef, Equation, Reference};
use crate::model::site::Site;
use crate::model::table::{Cell, Figure, Row, Table, TableState};

pub(crate) fn place(at: u32) -> Place {
    Place { file: FileId(0), start: at, end: at + 1 }
}

pub(crate) fn relations(texts: &[&str], printed: bool) -> Vec<Relation> {
    let equations = texts.iter().flat_map(|text| Equation::parse_all(text).unwrap());
    equations
        .map(|equation| Relation {
            equation,
            name: String::new(),
            severity: Severity::Error,
            printed,
            inferred: false,
            place: place(0),
        })
        .collect()
}

fn form(code: &str, layout: Layout, columns: Vec<Column>, lines: Vec<Line>, formulas: &[&str]) -> Form {
    Form {
        stem: code.chars().filter(char::is_ascii_digit).collect(),
        code: code.to_owned(),
        title: String::new(),
        layout,
        header: Vec::new(),
        notes: Vec::new(),
        formulas: Vec::new(),
        relations: relations(formulas, true),
        empty: None,
        inferred: Vec::new(),
        columns,
        lines,
        line_numbers: true,
        column_numbers: true,
        place: place(0),
    }
}

fn columns(count: u32) -> Vec<Column> {
    (1..=count).map(|number| Column { number, heading: Vec::new(), code: None }).collect()
}

/// A form by functional code with columns 1 to `count` and these printed formulas.
pub(crate) fn by_code(code: &str, count: u32, formulas: &[&str]) -> Form {
    let layout = Layout::ByCode { total_last: false, classification: "functional".into() };
    form(code, layout, columns(count), Vec::new(), formulas)
}

pub(crate) fn one_row(code: &str, count: u32, formulas: &[&str]) -> Form {
    form(code, Layout::OneRow, columns(count), Vec::new(), formulas)
}

/// A two-sided form: lines `left` with column 1, lines `right` with the `wide` next columns;
/// a line given with a class is a class line.
pub(crate) fn two_sided(code: &str, left: &[u32], right: &[(u32, u32)], wide: u32, formulas: &[&str]) -> Form {
    let line = |number: u32, class: u32, columns: std::ops::Range<usize>| Line {
        key: RowKey::Line(number),
        label: format!("第{number}行"),
        class: ClassCode::from_number(class),
        total: false,
        columns,
    };
    let end = 1 + usize::try_from(wide).unwrap();
    let lines = left
        .iter()
        .map(|number| line(*number, 0, 0..1))
        .chain(right.iter().map(|(number, class)| line(*number, *class, 1..end)))
        .collect();
    let side = |columns, lines| Side { name: String::new(), label: String::new(), columns, lines };
    let middle = left.len();
    let sides = vec![side(0..1, 0..middle), side(1..end, middle..middle + right.len())];
    form(code, Layout::TwoSided(sides), columns(1 + wide), lines, formulas)
}

/// A form of blocks with one unnumbered column, lines by economic code, and feet.
pub(crate) fn blocks(code: &str, codes: &[u32], feet: &[&str], formulas: &[&str]) -> Form {
    let mut lines: Vec<Line> = codes.iter().map(|code| line_of(RowKey::Code(ClassCode(*code)), "")).collect();
    for label in feet {
        let key = RowKey::Label(u16::try_from(lines.len()).unwrap());
        lines.push(line_of(key, label));
    }
    let feet = (codes.len()..lines.len()).map(|line| Foot { heading: String::new(), line }).collect();
    let layout = Layout::Blocks { classification: "economic".into(), blocks: Vec::new(), feet };
    let mut form = form(code, layout, columns(1), lines, formulas);
    form.column_numbers = false;
    form
}

fn line_of(key: RowKey, label: &str) -> Line {
    Line { key, label: label.to_owned(), class: None, total: false, columns: 0..1 }
}

pub(crate) fn set(forms: Vec<Form>, between: &[&str]) -> FormSet {
    FormSet {
        id: "test".into(),
        name: String::new(),
        region: String::new(),
        kind: Kind::Final,
        years: (2022, None),
        extends: None,
        scale: Scale::TenThousand,
        word: "部门".into(),
        forms,
        narrative: String::new(),
        source: String::new(),
        inferred: Vec::new(),
        parts: Vec::new(),
        part_titles: BTreeMap::new(),
        concepts: BTreeMap::new(),
        relations: relations(between, false),
        facts: Vec::new(),
    }
}

/// A group of facts: names ending in `数` are counts.
pub(crate) fn facts(name: &str, items: &[&str], texts: &[&str]) -> FactGroup {
    let item = |name: &&str| FactItem {
        key: (*name).to_owned(),
        name: (*name).to_owned(),
        count_unit: name.ends_with('数').then(|| "个".to_owned()),
    };
    FactGroup {
        key: name.to_owned(),
        name: name.to_owned(),
        items: items.iter().map(item).collect(),
        by_code: items.is_empty() || items == ["合计"],
        relations: relations(texts, false),
    }
}

/// A figure as tests write it: `1.00`, `未提供`, `？` (not read), or empty for blank.
pub(crate) fn figure(text: &str, scale: Scale) -> Figure {
    match text {
        "" => Figure::Blank,
        "未提供" => Figure::Unknown,
        "？" => Figure::NotRead,
        _ => match text.parse::<i64>() {
            Ok(count) => Figure::Count(count),
            Err(_) => Figure::Amount(Amount::parse(text, scale).unwrap()),
        },
    }
}

/// A disclosure of 2023 with these cells and facts, each at its own place in file 0; `表` in a
/// name makes it a cell. Rows of by-code tables are those that are named, in this order.
pub(crate) fn disclosure(set: &FormSet, figures: &[(&str, &str)]) -> Disclosure {
    filled(set, figures, Scale::TenThousand)
}

pub(crate) fn filled(set: &FormSet, figures: &[(&str, &str)], scale: Scale) -> Disclosure {
    let mut rows: Vec<Vec<Row>> = set.forms.iter().map(printed_rows).collect();
    let mut facts = BTreeMap::new();
    for (index, (name, text)) in figures.iter().enumerate() {
        let at = place(u32::try_from(index + 1).unwrap() * 10);
        let figure = figure(text, scale);
        if !name.contains('表') {
            facts.insert((*name).to_owned(), Placed::new(figure, at));
            continue;
        }
        let cell = cell_named(set, name);
        let form = &set.forms[usize::from(cell.form)];
        let rows = &mut rows[usize::from(cell.form)];
        let row = rows.iter().position(|row| row.key == cell.row).unwrap_or_else(|| {
            rows.push(Row::blank(form, cell.row, at));
            rows.len() - 1
        });
        let column = usize::from(cell.column) - rows[row].columns.start;
        rows[row].cells[column] = Cell { figure, place: at };
    }
    let table = |(index, rows)| Table::new(u16::try_from(index).unwrap(), TableState::Filled, rows, None, place(0));
    let tables = rows.into_iter().enumerate().map(table).collect();
    Disclosure { scale, facts, ..Disclosure::bare(Arc::new(set.clone()), tables, place(1)) }
}

/// The rows that a blank form has: its lines, or its only row.
fn printed_rows(form: &Form) -> Vec<Row> {
    match form.layout {
        Layout::ByCode { .. } => Vec::new(),
        Layout::OneRow => vec![Row::blank(form, RowKey::Only, place(2))],
        Layout::TwoSided(_) | Layout::Blocks { .. } => {
            form.lines.iter().map(|line| Row::blank(form, line.key, place(2))).collect()
        }
    }
}

fn cell_named(set: &FormSet, name: &str) -> crate::model::form::CellRef {
    let mut reference = Reference::parse(name).unwrap();
    reference.column = reference.column.or(Some(ColumnRef::Number(1)));
    set.cell(&reference).unwrap()
}

/// The target with this name.
pub(crate) fn target(set: &FormSet, name: &str) -> Target {
    if name.contains('表') { Target::Cell(cell_named(set, name)) } else { Target::Fact(name.to_owned()) }
}

pub(crate) fn site(disclosures: Vec<Disclosure>) -> Site {
    Site { disclosures, ..Site::default() }
}

/// The report on one disclosure alone.
pub(crate) fn checked(disclosure: Disclosure) -> Report {
    check(&site(vec![disclosure]))
}

/// The findings with this code.
pub(crate) fn with_code<'a>(report: &'a Report, code: &str) -> Vec<&'a Finding> {
    report.findings.iter().filter(|finding| finding.code.id == code).collect()
}
