//! A small set of forms and a disclosure on it, for tests.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::amount::{Amount, Scale};
use crate::diagnostic::{FileId, Place, Placed};
use crate::model::code::ClassCode;
use crate::model::disclosure::Disclosure;
use crate::model::form::{Block, Column, FactGroup, FactItem, Form, FormSet, Kind, Layout, Line, RowKey, Side};
use crate::model::notation::Reference;
use crate::model::site::{Common, NarrativeTemplate, Site};
use crate::model::table::{Figure, Row, Table, TableState};
use crate::model::unit::{About, Unit};

pub const PLACE: Place = Place::start_of(FileId(0));

/// The figure written in a text: blank when empty, unknown for `?`.
pub fn wan(text: &str) -> Figure {
    match text {
        "" => Figure::Blank,
        "?" => Figure::Unknown,
        text => Figure::Amount(Amount::parse(text, Scale::TenThousand).unwrap()),
    }
}

fn column(number: u32, heading: &[&str]) -> Column {
    Column { number, heading: heading.iter().map(ToString::to_string).collect(), code: None }
}

fn line(key: RowKey, label: &str) -> Line {
    Line { key, label: label.into(), class: None, total: false, columns: 0..1 }
}

fn form(code: &str, layout: Layout, columns: Vec<Column>, lines: Vec<Line>) -> Form {
    Form {
        stem: code.chars().filter(char::is_ascii_digit).collect(),
        code: code.into(),
        title: format!("{code}的表"),
        layout,
        header: Vec::new(),
        notes: Vec::new(),
        formulas: Vec::new(),
        relations: Vec::new(),
        empty: Some("本{word}当年没有这项支出".into()),
        inferred: Vec::new(),
        columns,
        lines,
        line_numbers: true,
        column_numbers: true,
        place: PLACE,
    }
}

/// 甲01表 by lines, 甲02表 by code, 甲03表 in blocks; 年初预算, 附注·车辆 and 附注·机关运行经费.
pub fn set() -> FormSet {
    let lines = vec![
        line(RowKey::Line(1), "一、财政拨款收入"),
        line(RowKey::Line(2), "二、其他收入"),
        line(RowKey::Line(31), "总计"),
    ];
    let side = Side { name: "收入".into(), label: "项目".into(), columns: 0..1, lines: 0..3 };
    let by_line = form("甲01表", Layout::TwoSided(vec![side]), vec![column(1, &["金额"])], lines);
    let by_code = form(
        "甲02表",
        Layout::ByCode { total_last: false, classification: "functional".into() },
        vec![
            column(1, &["本年支出", "小计"]),
            column(2, &["本年支出", "基本支出"]),
            column(3, &["本年支出", "项目支出"]),
        ],
        vec![Line { columns: 0..3, ..line(RowKey::Total, "合计") }],
    );
    let code = |code| RowKey::Code(ClassCode(code));
    let items = vec![line(code(301), "工资福利支出"), line(code(30101), "基本工资"), line(code(30102), "津贴补贴")];
    let block = Block { heading: "人员经费".into(), lines: 0..3 };
    let layout = Layout::Blocks { classification: "economic".into(), blocks: vec![block], feet: Vec::new() };
    let blocks = form("甲03表", layout, vec![column(1, &["决算数"])], items);
    let concepts = [
        ("income_grand_total", "甲01表31行"),
        ("income_general", "甲01表1行"),
        ("income_other", "甲01表2行"),
        ("general_total", "甲02表合计行1栏"),
        ("general_by_function", "甲02表"),
        ("general_basic_by_item", "甲03表"),
    ];
    let concepts = concepts.map(|(key, text)| (key.to_owned(), Reference::parse(text).unwrap()));
    FormSet {
        id: "test".into(),
        name: "试".into(),
        region: "全国".into(),
        kind: Kind::Final,
        years: (2022, None),
        extends: None,
        scale: Scale::TenThousand,
        word: "部门".into(),
        forms: vec![by_line, by_code, blocks],
        narrative: "test".into(),
        source: String::new(),
        inferred: Vec::new(),
        parts: Vec::new(),
        part_titles: BTreeMap::new(),
        concepts: BTreeMap::from(concepts),
        relations: Vec::new(),
        facts: facts(),
    }
}

fn facts() -> Vec<FactGroup> {
    let group = |key: &str, name: &str, by_code, items: &[(&str, Option<&str>)]| FactGroup {
        key: key.into(),
        name: name.into(),
        items: items
            .iter()
            .map(|(name, unit)| FactItem { key: String::new(), name: (*name).into(), count_unit: unit.map(Into::into) })
            .collect(),
        by_code,
        relations: Vec::new(),
    };
    vec![
        group("opening", "年初预算", true, &[("合计", None)]),
        group("vehicles", "附注·车辆", false, &[("车辆总数", Some("辆")), ("其他用车", Some("辆"))]),
        group("running", "附注·机关运行经费", false, &[("本年", None), ("上年", None)]),
    ]
}

/// An empty disclosure for 2023 on [`set`].
pub fn disclosure() -> Disclosure {
    let set = Arc::new(set());
    let table = |(index, form): (usize, &Form)| {
        let index = u16::try_from(index).unwrap();
        let rows = form.lines.iter().map(|line| Row::blank(form, line.key, PLACE)).collect();
        Table::new(index, TableState::Filled, rows, None, PLACE)
    };
    let tables = set.forms.iter().enumerate().map(table).collect();
    Disclosure::bare(set, tables, PLACE)
}

/// The disclosure with a figure in the place a name says; `上年` sets last year's, a code row
/// that the table lacks is added.
pub fn fill(disclosure: &mut Disclosure, name: &str, figure: Figure) {
    let set = Arc::clone(&disclosure.set);
    let (prior, name) = name.strip_prefix("上年").map_or((false, name), |rest| (true, rest));
    if set.fact(name).is_some() {
        disclosure.facts.insert(name.to_owned(), Placed::new(figure, PLACE));
        return;
    }
    let cell = set.cell_named(name).unwrap();
    if prior {
        disclosure.prior.insert(cell, Placed::new(figure, PLACE));
        return;
    }
    let table = &mut disclosure.tables[usize::from(cell.form)];
    let mut rows = table.rows.to_vec();
    if !rows.iter().any(|row| row.key == cell.row) {
        rows.push(Row::blank(set.form_of(cell), cell.row, PLACE));
    }
    let row = rows.iter_mut().find(|row| row.key == cell.row).unwrap();
    row.cells[usize::from(cell.column) - row.columns.start].figure = figure;
    *table = Table::new(cell.form, table.state.clone(), rows, None, PLACE);
}

/// A site with one unit, these disclosures and one template named `test`.
pub fn site(template: &str, disclosures: Vec<Disclosure>) -> Site {
    let unit = Unit {
        id: "unit".into(),
        name: "某中心".into(),
        short: "某中心".into(),
        aliases: Vec::new(),
        region: Vec::new(),
        level: "区级".into(),
        kind: "单位".into(),
        parent: None,
        nature: None,
        about: About::default(),
        place: PLACE,
    };
    let template = NarrativeTemplate { id: "test".into(), body: Placed::new(template.to_owned(), PLACE) };
    let common = Common {
        narratives: BTreeMap::from([("test".to_owned(), template)]),
        units: BTreeMap::from([("unit".to_owned(), unit)]),
        ..Common::default()
    };
    Site { common: Arc::new(common), disclosures }
}
