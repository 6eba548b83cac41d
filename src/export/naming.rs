//! What downloads call things: rows, columns, figures, files, one way in every format.

use crate::model::code::ClassCode;
use crate::model::disclosure::Disclosure;
use crate::model::form::{CellRef, FactKind, Form, Layout, RowKey};
use crate::model::site::Site;
use crate::model::table::{Figure, Row, Table, TableState};

/// A disclosure with the site that knows its unit and the names of its codes.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The site.
    pub site: &'a Site,
    /// The disclosure.
    pub disclosure: &'a Disclosure,
}

/// A figure with everything that says which one it is: a row of tidy data.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'e> {
    /// The table's code, `公开01表`; empty for a fact outside the tables.
    pub table: &'e str,
    /// The table's title.
    pub title: &'e str,
    /// The printed 行次, where lines have one.
    pub line: Option<u32>,
    /// The classification code of the row or class row.
    pub code: Option<ClassCode>,
    /// The row's name.
    pub row: &'e str,
    /// The 栏次, or the ordinal where none is printed.
    pub column: Option<u32>,
    /// The headings above the column, `车·小计`.
    pub column_name: &'e str,
    /// The figure.
    pub figure: Figure,
    /// What it is counted in: 万元, 辆.
    pub unit: &'e str,
    /// Its name in the notation: `公开01表27行1栏`.
    pub name: &'e str,
}

impl<'a> Subject<'a> {
    /// The unit's full name; its id where the site lacks the unit.
    pub fn unit(&self) -> &'a str {
        self.site.unit_of(self.disclosure).map_or(self.disclosure.unit.as_str(), |unit| unit.name.as_str())
    }

    /// `某单位2023年度部门决算`
    pub fn title(&self) -> String {
        let Disclosure { year, word, kind, .. } = self.disclosure;
        format!("{}{year}年度{word}{}", self.unit(), kind.name())
    }

    /// The form of a table.
    pub fn form(&self, table: &Table) -> &'a Form {
        &self.disclosure.set.forms[usize::from(table.form)]
    }

    /// The tables that were given: filled in, or empty with a sentence that says so.
    pub fn given(&self) -> impl Iterator<Item = &'a Table> + use<'a> {
        let is_given = |table: &&Table| matches!(table.state, TableState::Filled | TableState::Empty(_));
        self.disclosure.tables.iter().filter(is_given)
    }

    /// A text of a form with `{unit}`, `{word}` and `{year}` filled in.
    pub fn fill(&self, text: &str) -> String {
        let Disclosure { year, word, .. } = self.disclosure;
        text.replace("{unit}", self.unit()).replace("{word}", word).replace("{year}", &year.to_string())
    }

    /// The name of a row: as printed, as the source gives it, or as the classification does.
    pub fn row_name(&self, form: &'a Form, row: &'a Row) -> &'a str {
        let printed = form.line(row.key).map(|line| line.label.as_str());
        let own = || row.name.as_ref().map(|name| name.value.as_str());
        let known = || {
            let RowKey::Code(code) = row.key else { return None };
            self.site.classifications.get(form.classification()?)?.name_in(code, self.disclosure.year)
        };
        let total = if row.key == RowKey::Total { "合计" } else { "" };
        printed.or_else(own).or_else(known).unwrap_or(total)
    }

    /// Calls `visit` with every figure of a table, blank ones too, row by row.
    pub fn each_figure(&self, table: &'a Table, visit: &mut dyn FnMut(&Entry<'_>)) {
        let form = self.form(table);
        let columns: Vec<String> = form.columns.iter().map(|column| column.heading.join("·")).collect();
        let unit = self.disclosure.set.scale.name();
        let mut name = form.code.clone();
        for row in table.rows.iter().filter(|row| holds_figures(form, row.key)) {
            name.truncate(form.code.len());
            name.push_str(&form.row_name(row.key));
            let (row_name, end) = (self.row_name(form, row), name.len());
            for (at, cell) in row.columns.clone().zip(&row.cells) {
                let column = u16::try_from(at).unwrap_or(u16::MAX);
                name.truncate(end);
                name.extend(form.column_name(CellRef { form: table.form, row: row.key, column }));
                visit(&Entry {
                    table: &form.code,
                    title: &form.title,
                    line: line_number(form, row.key),
                    code: code_of(form, row.key),
                    row: row_name,
                    column: Some(form.columns[at].number),
                    column_name: &columns[at],
                    figure: cell.figure,
                    unit,
                    name: &name,
                });
            }
        }
    }

    /// Calls `visit` with every fact outside the tables, in order of their names.
    pub fn each_fact(&self, visit: &mut dyn FnMut(&Entry<'_>)) {
        for (name, fact) in &self.disclosure.facts {
            let unit = match self.disclosure.set.fact(name) {
                Some(FactKind::Count(unit)) => unit,
                _ => self.disclosure.set.scale.name().to_owned(),
            };
            visit(&Entry {
                table: "",
                title: "表外数据",
                line: None,
                code: name.rsplit('·').next().and_then(ClassCode::parse),
                row: name,
                column: None,
                column_name: "",
                figure: fact.value,
                unit: &unit,
                name,
            });
        }
    }
}

/// Whether a row may hold figures: a numbered line without an item does not.
pub fn holds_figures(form: &Form, key: RowKey) -> bool {
    form.line(key).is_none_or(|line| !line.label.is_empty() || key == RowKey::Only)
}

/// The printed 行次 of a row.
pub const fn line_number(form: &Form, key: RowKey) -> Option<u32> {
    match key {
        RowKey::Line(number) if form.line_numbers => Some(number),
        _ => None,
    }
}

/// The classification code of a row, or of a class row.
pub fn code_of(form: &Form, key: RowKey) -> Option<ClassCode> {
    match key {
        RowKey::Code(code) => Some(code),
        key => form.line(key).and_then(|line| line.class),
    }
}

/// What the columns of a form are called, each differently: `1栏 金额`, `支出·合计`.
pub fn column_titles(form: &Form) -> Vec<String> {
    let mut titles: Vec<String> = Vec::with_capacity(form.columns.len());
    for (at, column) in form.columns.iter().enumerate() {
        let words = column.heading.join("·");
        let mut title = if form.column_numbers { format!("{}栏 {words}", column.number) } else { words };
        if titles.contains(&title) || STUB.contains(&title.as_str()) {
            title = side_name(form, at).map(|side| format!("{side}·{title}")).unwrap_or(title);
        }
        if titles.contains(&title) || STUB.contains(&title.as_str()) {
            title = format!("{title}（{}）", column.number);
        }
        titles.push(title);
    }
    titles
}

/// The columns that every table has before its figures.
pub const STUB: [&str; 3] = ["行次", "科目编码", "名称"];

/// The name of the side a column belongs to, `支出`, without the spaces that print spreads it with.
fn side_name(form: &Form, column: usize) -> Option<String> {
    let Layout::TwoSided(sides) = &form.layout else { return None };
    let side = sides.iter().find(|side| side.columns.contains(&column))?;
    Some(side.name.split_whitespace().collect())
}
