//! Blank statutory tables as data: form sets, forms, their lines, columns and relations.
//!
//! Variation by province and year is data. A [`FormSet`] resolves the names of the notation
//! to [`CellRef`]s and prints them back; both directions are covered by a round-trip test
//! over every cell of every set.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::amount::{Scale, push_number};
use crate::diagnostic::{Place, Severity};
use crate::model::code::{ClassCode, Level};
use crate::model::notation::{ColumnRef, Equation, Reference, RowRef};

/// 决算 or 预算: what a set of forms, and a disclosure on it, is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// 决算, final accounts.
    #[default]
    Final,
    /// 预算, budget.
    Budget,
}

impl Kind {
    /// The key in sources and paths: `final`, `budget`.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Final => "final",
            Self::Budget => "budget",
        }
    }

    /// The Chinese word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Final => "决算",
            Self::Budget => "预算",
        }
    }

    /// The kind with this key.
    pub fn from_key(key: &str) -> Option<Self> {
        [Self::Final, Self::Budget].into_iter().find(|kind| kind.key() == key)
    }
}

/// A part of a disclosure document; a set gives their order and printed titles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// 概况: duties and organisation.
    Overview,
    /// The statutory tables.
    Tables,
    /// 情况说明: the narrative with its charts.
    Narrative,
    /// 重点工作完成情况.
    Work,
    /// 名词解释.
    Glossary,
    /// 附件: self-evaluation tables and files.
    Attachments,
}

impl Part {
    /// Every part, in the national order.
    pub const ALL: [Self; 6] =
        [Self::Overview, Self::Tables, Self::Narrative, Self::Work, Self::Glossary, Self::Attachments];

    /// The key in sources, anchors and templates.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Overview => "overview",
            Self::Tables => "tables",
            Self::Narrative => "narrative",
            Self::Work => "work",
            Self::Glossary => "glossary",
            Self::Attachments => "attachments",
        }
    }

    /// The part with this key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.key() == key)
    }
}

/// A set of forms: what a province prescribes for some years.
#[derive(Clone, Debug)]
pub struct FormSet {
    /// The directory name, `hubei-2023`.
    pub id: String,
    /// The name shown to readers.
    pub name: String,
    /// The region it is used in.
    pub region: String,
    /// 决算 or 预算.
    pub kind: Kind,
    /// The first and, where known, the last year it is used for.
    pub years: (i32, Option<i32>),
    /// The set it was derived from.
    pub extends: Option<String>,
    /// The unit of money in which its tables are printed.
    pub scale: Scale,
    /// How it calls the reporting body: 部门 or 单位.
    pub word: String,
    /// Its forms, in printed order.
    pub forms: Vec<Form>,
    /// The narrative template's id.
    pub narrative: String,
    /// What it was taken from.
    pub source: String,
    /// What no document showed.
    pub inferred: Vec<String>,
    /// The parts of a document, in printed order.
    pub parts: Vec<Part>,
    /// The printed titles of the parts; `{unit}`, `{year}` and `{word}` stand for themselves.
    pub part_titles: BTreeMap<Part, String>,
    /// What a line or column means across sets: ASCII key to reference.
    pub concepts: BTreeMap<String, Reference>,
    /// Relations between tables.
    pub relations: Vec<Relation>,
    /// Facts outside the tables.
    pub facts: Vec<FactGroup>,
}

/// A blank table.
#[derive(Clone, Debug)]
pub struct Form {
    /// The file stem, `01`: names the source files of its tables and its anchors.
    pub stem: String,
    /// The code, printed or declared: `公开01表`.
    pub code: String,
    /// The title without the year.
    pub title: String,
    /// How rows and columns lie on the page.
    pub layout: Layout,
    /// Header lines as printed; `{unit}` stands for the unit's name.
    pub header: Vec<String>,
    /// Notes as printed below.
    pub notes: Vec<String>,
    /// Formulas as printed below, line by line, to the letter.
    pub formulas: Vec<String>,
    /// The relations read from the printed formulas and from `relations`.
    pub relations: Vec<Relation>,
    /// The sentence an empty table carries, unless the unit writes its own.
    pub empty: Option<String>,
    /// What no document showed.
    pub inferred: Vec<String>,
    /// All amount columns, left to right; the sides and lines index into them.
    pub columns: Vec<Column>,
    /// Lines that are printed on the blank form; a by-code form has only 合计.
    pub lines: Vec<Line>,
    /// Whether 行次 are printed.
    pub line_numbers: bool,
    /// Whether 栏次 are printed.
    pub column_numbers: bool,
    /// Where the form is defined.
    pub place: Place,
}

/// How rows and columns lie on the page.
#[derive(Clone, Debug)]
pub enum Layout {
    /// 收入 and 支出 side by side, lines with 行次.
    TwoSided(Vec<Side>),
    /// Rows by classification code under a 合计.
    ByCode {
        /// Whether 合计 stands after the rows.
        total_last: bool,
        /// The classification of the row codes.
        classification: String,
    },
    /// Blocks of code, name and amount side by side, with feet.
    Blocks {
        /// The classification of the line codes.
        classification: String,
        /// The blocks, left to right.
        blocks: Vec<Block>,
        /// The totals below.
        feet: Vec<Foot>,
    },
    /// One row of figures.
    OneRow,
}

/// A side of a two-sided form.
#[derive(Clone, Debug)]
pub struct Side {
    /// 收入 or 支出.
    pub name: String,
    /// The heading of the label column, 项目.
    pub label: String,
    /// Its columns in [`Form::columns`].
    pub columns: Range<usize>,
    /// Its lines in [`Form::lines`].
    pub lines: Range<usize>,
}

/// A block of a form of blocks.
#[derive(Clone, Debug)]
pub struct Block {
    /// The heading above; neighbours with the same one share it.
    pub heading: String,
    /// Its lines in [`Form::lines`].
    pub lines: Range<usize>,
}

/// A total below blocks.
#[derive(Clone, Debug)]
pub struct Foot {
    /// The heading of the blocks it stands under.
    pub heading: String,
    /// Its line in [`Form::lines`].
    pub line: usize,
}

/// An amount column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The printed 栏次, or the ordinal where none is printed.
    pub number: u32,
    /// The headings above it, outermost first.
    pub heading: Vec<String>,
    /// The 经济分类 款 it stands for, in wide tables.
    pub code: Option<ClassCode>,
}

/// A line printed on the blank form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// How the line is addressed.
    pub key: RowKey,
    /// The printed label; empty for a numbered line without an item, which holds no amount.
    pub label: String,
    /// The 功能分类 类 of a class row.
    pub class: Option<ClassCode>,
    /// Whether it is printed as a total.
    pub total: bool,
    /// Its columns in [`Form::columns`].
    pub columns: Range<usize>,
}

/// How a row is addressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RowKey {
    /// A printed line number: `27行`.
    Line(u32),
    /// A classification code: `2010350行`.
    Code(ClassCode),
    /// A printed label, by its line in [`Form::lines`]: `人员经费合计行`.
    Label(u16),
    /// `合计行`.
    Total,
    /// The row of a one-row form.
    Only,
}

/// A cell, addressed as the forms address it: `公开01表27行1栏`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CellRef {
    /// The form in [`FormSet::forms`].
    pub form: u16,
    /// The row.
    pub row: RowKey,
    /// The column in [`Form::columns`].
    pub column: u16,
}

/// A relation between figures, with where and how it was given.
#[derive(Clone, Debug)]
pub struct Relation {
    /// The relation itself.
    pub equation: Equation,
    /// A short name in Chinese; empty for printed formulas.
    pub name: String,
    /// How grave it is when it fails.
    pub severity: Severity,
    /// Whether it is printed under the table.
    pub printed: bool,
    /// Whether no document showed it.
    pub inferred: bool,
    /// Where it is written.
    pub place: Place,
}

/// A group of facts outside the tables: `附注·政府采购`.
#[derive(Clone, Debug)]
pub struct FactGroup {
    /// The key in sources: `procurement`.
    pub key: String,
    /// The prefix in the notation: `附注·政府采购`.
    pub name: String,
    /// The facts with a name of their own.
    pub items: Vec<FactItem>,
    /// Whether any classification code is a fact too: `年初预算·2010350`.
    pub by_code: bool,
    /// Relations among facts, or between facts and tables.
    pub relations: Vec<Relation>,
}

/// A fact outside the tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactItem {
    /// The key in sources: `goods`.
    pub key: String,
    /// The name in the notation: `货物`.
    pub name: String,
    /// What is counted, for counts: 辆; `None` for money.
    pub count_unit: Option<String>,
}

/// Why a reference names no cell of a set.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnknownCell {
    /// The set has no such form.
    #[error("表式中没有“{0}”")]
    Form(String),
    /// The form has no such row.
    #[error("{form}没有“{row}”")]
    Row {
        /// The form's code.
        form: String,
        /// The row as written.
        row: String,
    },
    /// The row's side has no such column.
    #[error("{form}的这一行没有{column}栏")]
    Column {
        /// The form's code.
        form: String,
        /// The column as written.
        column: u32,
    },
    /// The side has several columns and none was named.
    #[error("{0}这一行有几栏，请写明是哪一栏")]
    ColumnMissing(String),
    /// The form has several rows and none was named.
    #[error("{0}有多行，请写明是哪一行")]
    RowMissing(String),
    /// A reference to many cells where one is needed.
    #[error("“{0}”指多个数，这里只能是一个数")]
    Many(String),
}

impl FormSet {
    /// The form with this code, and its index.
    pub fn form(&self, code: &str) -> Option<(u16, &Form)> {
        let index = self.forms.iter().position(|form| form.code == code)?;
        Some((u16::try_from(index).ok()?, &self.forms[index]))
    }

    /// The form of a cell.
    pub fn form_of(&self, cell: CellRef) -> &Form {
        &self.forms[usize::from(cell.form)]
    }

    /// The one cell that a reference names.
    ///
    /// # Errors
    /// [`UnknownCell`] says which part of the reference the set does not know.
    pub fn cell(&self, reference: &Reference) -> Result<CellRef, UnknownCell> {
        let code = reference.form.as_deref().unwrap_or_default();
        let (index, form) = self.form(code).ok_or_else(|| UnknownCell::Form(code.to_owned()))?;
        let row = form.row_key(reference.row.as_ref())?;
        let column = form.column_in(row, reference.column.as_ref())?;
        Ok(CellRef { form: index, row, column })
    }

    /// The one cell that a text names.
    ///
    /// # Errors
    /// A sentence in Chinese that says why the text names no cell.
    pub fn cell_named(&self, text: &str) -> Result<CellRef, String> {
        let reference = Reference::parse(text).map_err(|error| error.to_string())?;
        self.cell(&reference).map_err(|error| error.to_string())
    }

    /// The cell a concept stands for in this set.
    pub fn concept_cell(&self, key: &str) -> Option<CellRef> {
        self.cell(self.concepts.get(key)?).ok()
    }

    /// The form a concept stands for in this set.
    pub fn concept_form(&self, key: &str) -> Option<(u16, &Form)> {
        self.form(self.concepts.get(key)?.form.as_deref()?)
    }

    /// The 类 lines beside 本年支出合计, each by the cell in the column of that total.
    pub fn class_lines(&self) -> Vec<CellRef> {
        let Some(total) = self.concept_cell("spending_total") else { return Vec::new() };
        let lines = self.form_of(total).lines.iter().filter(|line| line.class.is_some());
        lines.map(|line| CellRef { row: line.key, ..total }).collect()
    }

    /// The forms that a concept stands for as a whole: who spent on which codes.
    pub fn listed_forms(&self) -> impl Iterator<Item = u16> {
        let whole = self.concepts.values().filter(|concept| concept.row.is_none() && concept.column.is_none());
        whole.filter_map(|concept| Some(self.form(concept.form.as_deref()?)?.0))
    }

    /// The canonical name of a cell: `公开01表27行1栏`, `公开09表7栏`, `公开06表30101行`.
    pub fn name_of(&self, cell: CellRef) -> String {
        let form = self.form_of(cell);
        let mut name = String::with_capacity(40);
        name.push_str(&form.code);
        form.push_plain_row_name(&mut name, cell.row);
        form.push_column_name(&mut name, cell);
        name
    }

    /// The fact with this name (`附注·政府采购·货物`, `年初预算·2010350`), if the set has it.
    pub fn fact(&self, name: &str) -> Option<FactKind> {
        self.facts.iter().find_map(|group| {
            let rest = name.strip_prefix(&group.name)?.strip_prefix('·')?;
            if group.by_code && ClassCode::parse(rest).is_some() {
                return Some(FactKind::Money);
            }
            let item = group.items.iter().find(|item| item.name == rest)?;
            Some(item.count_unit.clone().map_or(FactKind::Money, FactKind::Count))
        })
    }
}

/// What a fact measures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FactKind {
    /// An amount of money.
    Money,
    /// A number of things, with the word for one of them.
    Count(String),
}

impl Form {
    /// The line with this key.
    pub fn line(&self, key: RowKey) -> Option<&Line> {
        match key {
            RowKey::Label(index) => self.lines.get(usize::from(index)),
            RowKey::Line(number) => {
                // Most lines stand where their number says.
                let usual = self.lines.get((number as usize).wrapping_sub(1)).filter(|line| line.key == key);
                usual.or_else(|| self.lines.iter().find(|line| line.key == key))
            }
            key => self.lines.iter().find(|line| line.key == key),
        }
    }

    /// The columns a row has: its side's, or all.
    pub fn columns_of(&self, key: RowKey) -> Range<usize> {
        self.line(key).map_or(0..self.columns.len(), |line| line.columns.clone())
    }

    /// The key of a row named in a reference.
    ///
    /// # Errors
    /// When the form has no such row, or the reference names none or many.
    pub fn row_key(&self, row: Option<&RowRef>) -> Result<RowKey, UnknownCell> {
        let unknown = |row: String| UnknownCell::Row { form: self.code.clone(), row };
        match row {
            None if matches!(self.layout, Layout::OneRow) => Ok(RowKey::Only),
            None => Err(UnknownCell::RowMissing(self.code.clone())),
            Some(RowRef::Total) => match self.layout {
                Layout::ByCode { .. } => Ok(RowKey::Total),
                _ => self.label_key("合计").ok_or_else(|| unknown("合计行".into())),
            },
            Some(RowRef::Number(number)) => self.number_key(*number).ok_or_else(|| unknown(format!("{number}行"))),
            Some(RowRef::Label(label)) => self.label_key(label).ok_or_else(|| unknown(format!("{label}行"))),
            Some(RowRef::Each | RowRef::EachOf(_) | RowRef::SumOf(_)) => Err(UnknownCell::Many(self.code.clone())),
        }
    }

    /// A line number, a printed code, the class of a class row, or any code of a by-code form.
    fn number_key(&self, number: u32) -> Option<RowKey> {
        let line = RowKey::Line(number);
        if self.lines.iter().any(|candidate| candidate.key == line) {
            return Some(line);
        }
        let code = ClassCode::from_number(number)?;
        match self.layout {
            Layout::ByCode { .. } => Some(RowKey::Code(code)),
            _ => self
                .lines
                .iter()
                .find(|line| line.key == RowKey::Code(code) || line.class == Some(code))
                .map(|line| line.key),
        }
    }

    fn label_key(&self, label: &str) -> Option<RowKey> {
        self.lines.iter().find(|line| line.label == label).map(|line| line.key)
    }

    /// The column a reference names in a row; left out, the only one of its side.
    ///
    /// # Errors
    /// When the row has no such column, or several and none was named.
    pub fn column_in(&self, row: RowKey, column: Option<&ColumnRef>) -> Result<u16, UnknownCell> {
        let range = self.columns_of(row);
        let index = match column {
            Some(ColumnRef::Number(number)) => range
                .clone()
                .find(|index| self.columns[*index].number == *number)
                .ok_or_else(|| UnknownCell::Column { form: self.code.clone(), column: *number })?,
            Some(ColumnRef::EachOf(_)) => return Err(UnknownCell::Many(self.code.clone())),
            None if range.len() == 1 => range.start,
            None => return Err(UnknownCell::ColumnMissing(self.code.clone())),
        };
        u16::try_from(index).map_err(|_| UnknownCell::Many(self.code.clone()))
    }

    /// The row part of a cell's name, `27行`; empty in one-row forms.
    pub fn row_name(&self, key: RowKey) -> String {
        let mut name = String::new();
        self.push_plain_row_name(&mut name, key);
        name
    }

    /// Appends [`Self::row_name`] as it is; labels may hold any character.
    pub fn push_plain_row_name(&self, out: &mut String, key: RowKey) {
        match key {
            RowKey::Line(number) => push_number(out, number.into()),
            RowKey::Code(code) => push_number(out, code.0.into()),
            RowKey::Label(index) => out.push_str(&self.lines[usize::from(index)].label),
            RowKey::Total => out.push_str("合计"),
            RowKey::Only => return,
        }
        out.push('行');
    }

    /// The column part of a cell's name; `None` where no number is printed and the side has one.
    pub fn column_name(&self, cell: CellRef) -> Option<String> {
        let mut name = String::new();
        self.push_column_name(&mut name, cell);
        Some(name).filter(|name| !name.is_empty())
    }

    /// Appends [`Self::column_name`], where there is one.
    pub fn push_column_name(&self, out: &mut String, cell: CellRef) {
        if self.names_columns(cell.row) {
            push_number(out, self.columns[usize::from(cell.column)].number.into());
            out.push('栏');
        }
    }

    /// Whether the names of a row's cells tell their columns.
    pub fn names_columns(&self, key: RowKey) -> bool {
        self.column_numbers || self.columns_of(key).len() != 1
    }

    /// The anchor of a row: `t01-27`, `t02-2010350`, `t06-renyuan` has no pinyin, so labels
    /// are numbered: `t06-l58`.
    pub fn row_anchor(&self, key: RowKey) -> String {
        let mut anchor = String::with_capacity(16);
        self.push_row_anchor(&mut anchor, key);
        anchor
    }

    /// Appends [`Self::row_anchor`].
    pub fn push_row_anchor(&self, out: &mut String, key: RowKey) {
        out.push('t');
        out.push_str(&self.stem);
        match key {
            RowKey::Line(number) => {
                out.push('-');
                push_number(out, number.into());
            }
            RowKey::Code(code) => {
                out.push('-');
                push_number(out, code.0.into());
            }
            RowKey::Label(index) => {
                out.push_str("-l");
                push_number(out, index.into());
            }
            RowKey::Total => out.push_str("-total"),
            RowKey::Only => out.push_str("-row"),
        }
    }

    /// The anchor of a cell: the row's with the column number.
    pub fn cell_anchor(&self, cell: CellRef) -> String {
        let mut anchor = String::with_capacity(24);
        self.push_cell_anchor(&mut anchor, cell);
        anchor
    }

    /// Appends [`Self::cell_anchor`].
    pub fn push_cell_anchor(&self, out: &mut String, cell: CellRef) {
        self.push_row_anchor(out, cell.row);
        out.push_str("-c");
        push_number(out, self.columns[usize::from(cell.column)].number.into());
    }

    /// The classification of the rows' codes, where rows have codes.
    pub fn classification(&self) -> Option<&str> {
        match &self.layout {
            Layout::ByCode { classification, .. } | Layout::Blocks { classification, .. } => Some(classification),
            Layout::TwoSided(_) | Layout::OneRow => None,
        }
    }

    /// The printed codes of a level, for the fixed lines of a form.
    pub fn line_codes(&self, level: Level) -> impl Iterator<Item = ClassCode> {
        self.lines.iter().filter_map(move |line| match line.key {
            RowKey::Code(code) if code.level() == level => Some(code),
            _ => line.class.filter(|class| class.level() == level),
        })
    }
}
