//! What downloads call things: rows, columns, figures, files, one way in every format.

use std::ops::Range;

use crate::model::code::ClassCode;
use crate::model::disclosure::Disclosure;
use crate::model::form::{FactKind, Form, Layout, RowKey};
use crate::model::site::Site;
use crate::model::table::{Cell, Figure, Row, Table, TableState};

/// A disclosure with the site that knows its unit and the names of its codes.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The site.
    pub site: &'a Site,
    /// The disclosure.
    pub disclosure: &'a Disclosure,
}

/// A column of a table, as every figure in it names it.
#[derive(Clone, Debug)]
pub struct Column {
    /// The 栏次, or the ordinal where none is printed.
    pub number: u32,
    /// The headings above it, `车·小计`.
    pub name: String,
}

/// A row of a table with what its figures share: rows of tidy data, but for their columns.
#[derive(Clone, Copy, Debug)]
pub struct Entries<'e> {
    /// The printed 行次, where lines have one.
    pub line: Option<u32>,
    /// The classification code of the row or class row.
    pub code: Option<ClassCode>,
    /// The row's name.
    pub row: &'e str,
    /// What the names of its figures in the notation begin with: `公开01表27行`.
    pub name: &'e str,
    /// Whether their names go on with the column, `1栏`.
    pub names_columns: bool,
    /// The places of its columns in the form.
    pub columns: &'e Range<usize>,
    /// A cell for each of its columns.
    pub cells: &'e [Cell],
}

/// A fact outside the tables: a row of tidy data too.
#[derive(Clone, Copy, Debug)]
pub struct FactEntry<'e> {
    /// The classification code that its name ends with.
    pub code: Option<ClassCode>,
    /// Its name in the notation: `附注·政府采购·货物`.
    pub name: &'e str,
    /// The figure.
    pub figure: Figure,
    /// What it is counted in: 万元, 辆.
    pub unit: &'e str,
}

/// What stands for the title of a table beside a fact outside the tables.
pub const FACTS: &str = "表外数据";

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

    /// The columns of a table.
    pub fn columns(&self, table: &Table) -> Vec<Column> {
        let columns = self.form(table).columns.iter();
        columns.map(|column| Column { number: column.number, name: column.heading.join("·") }).collect()
    }

    /// Calls `visit` with every row of a table that may hold figures, blank ones too.
    pub fn each_row(&self, table: &'a Table, visit: &mut dyn FnMut(&Entries<'_>)) {
        let form = self.form(table);
        let mut name = form.code.clone();
        for row in table.rows.iter().filter(|row| holds_figures(form, row.key)) {
            name.truncate(form.code.len());
            name.push_str(&form.row_name(row.key));
            visit(&Entries {
                line: line_number(form, row.key),
                code: code_of(form, row.key),
                row: self.row_name(form, row),
                name: &name,
                names_columns: form.column_numbers || form.columns_of(row.key).len() != 1,
                columns: &row.columns,
                cells: &row.cells,
            });
        }
    }

    /// Calls `visit` with every fact outside the tables, in order of their names.
    pub fn each_fact(&self, visit: &mut dyn FnMut(&FactEntry<'_>)) {
        for (name, fact) in &self.disclosure.facts {
            let kind = self.disclosure.set.fact(name);
            let unit = match &kind {
                Some(FactKind::Count(unit)) => unit,
                _ => self.disclosure.set.scale.name(),
            };
            let code = name.rsplit('·').next().and_then(ClassCode::parse);
            visit(&FactEntry { code, name, figure: fact.value, unit });
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
