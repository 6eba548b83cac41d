//! Filled tables: a figure and a place for every cell.
//!
//! Four states are kept apart to the last page and download: an amount (0.00 is one), blank
//! (no amount), unknown (未提供) and not read (a value an error touched).

use std::ops::Range;
use std::sync::{Arc, LazyLock};

use super::brief::{Brief, number};
use crate::amount::Amount;
use crate::diagnostic::{Place, Placed};
use crate::model::code::ClassCode;
use crate::model::form::{CellRef, Form, RowKey};

/// What a cell or a fact holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Figure {
    /// 空白: there is no such amount.
    #[default]
    Blank,
    /// 未提供: the figure exists but was not given.
    Unknown,
    /// A value stands in the source but could not be read; never taken for zero.
    NotRead,
    /// An amount of money, 0.00 included.
    Amount(Amount),
    /// A number of things.
    Count(i64),
}

impl Figure {
    /// The amount, when the figure is one.
    pub const fn amount(self) -> Option<Amount> {
        match self {
            Self::Amount(amount) => Some(amount),
            _ => None,
        }
    }

    /// The amount, with blank as exactly nothing; `None` when it is not known.
    pub const fn amount_or_nothing(self) -> Option<Amount> {
        match self {
            Self::Amount(amount) => Some(amount),
            Self::Blank => Some(Amount::ZERO),
            _ => None,
        }
    }

    /// The count, when the figure is one.
    pub const fn count(self) -> Option<i64> {
        match self {
            Self::Count(count) => Some(count),
            _ => None,
        }
    }
}

/// A cell: its figure, and where it stands (a blank cell: where its row stands).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// What it holds.
    pub figure: Figure,
    /// Where it stands in the source.
    pub place: Place,
}

/// A row of a filled table.
#[derive(Clone, Debug)]
pub struct Row {
    /// How the row is addressed.
    pub key: RowKey,
    /// The name the source gives beside a code.
    pub name: Option<Placed<String>>,
    /// Where the row stands; a line that is not in the source has its table's place.
    pub place: Place,
    /// Its columns in [`Form::columns`].
    pub columns: Range<usize>,
    /// A cell for each of its columns.
    pub cells: Vec<Cell>,
}

/// Whether a table was filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TableState {
    /// It holds figures.
    Filled,
    /// There was nothing to report; the sentence says so.
    Empty(String),
    /// 未提供: it exists but was not given; the reason says why.
    NotProvided(String),
    /// Its source file is missing.
    Missing,
}

/// A filled table.
#[derive(Clone, Debug)]
pub struct Table {
    /// The form in the set's list.
    pub form: u16,
    /// Whether it was filled in.
    pub state: TableState,
    /// Its rows: every printed line, or the coded rows in the order of the source. Shared, because
    /// whoever writes the narrative holds the disclosure and the one before it.
    pub rows: Arc<Vec<Row>>,
    /// A note of the unit under the table.
    pub note: Option<String>,
    /// The beginning of its source file (of the disclosure's, when it has none).
    pub place: Place,
    /// The number of each row's key, in order, and its position in `rows`: numbers are quick to
    /// find, and rows are looked for more than anything else.
    keys: Box<[u64]>,
    positions: Box<[u32]>,
    /// In brief: instead of its rows the figures that are asked for.
    brief: Brief,
}

/// The rows of a table that has none: there are very many such tables where disclosures are in brief.
static NO_ROWS: LazyLock<Arc<Vec<Row>>> = LazyLock::new(Arc::default);

impl Table {
    /// A table with these rows.
    pub fn new(form: u16, state: TableState, rows: Vec<Row>, note: Option<String>, place: Place) -> Self {
        let mut index: Vec<(u64, u32)> = rows.iter().map(|row| number(row.key)).zip(0..).collect();
        index.sort_unstable();
        let (keys, positions): (Vec<u64>, Vec<u32>) = index.into_iter().unzip();
        let rows = if rows.is_empty() { Arc::clone(&NO_ROWS) } else { Arc::new(rows) };
        Self { form, state, rows, note, place, keys: keys.into(), positions: positions.into(), brief: Brief::default() }
    }

    /// The rows, to be changed; their keys stay what they are.
    pub fn rows_mut(&mut self) -> &mut Vec<Row> {
        Arc::make_mut(&mut self.rows)
    }

    /// The figures of the cells that are asked for, without their places and without any row.
    #[must_use]
    pub fn in_brief(&self, is_asked: impl Fn(&Row, CellRef) -> bool) -> Self {
        let mut brief = Vec::new();
        for row in self.rows.iter() {
            for (cell, column) in row.cells.iter().zip(row.columns.clone()) {
                let column = u16::try_from(column).unwrap_or(u16::MAX);
                if self.is_given() && is_asked(row, CellRef { form: self.form, row: row.key, column }) {
                    brief.push((row.key, column, cell.figure));
                }
            }
        }
        Self::new(self.form, self.state.clone(), Vec::new(), None, self.place).telling(Brief::new(brief))
    }

    /// The table in brief with these figures.
    pub(super) fn telling(self, brief: Brief) -> Self {
        Self { brief, ..self }
    }

    /// The figures of a table in brief.
    pub(super) const fn brief(&self) -> &Brief {
        &self.brief
    }

    /// Whether the table has a row, of one in brief with a figure that is asked for.
    pub fn has_row(&self, key: RowKey) -> bool {
        self.brief.has_row(key) || self.row(key).is_some()
    }

    /// The rows of codes, each with its first column and the figure there, in the table's order; in
    /// brief by code.
    pub fn codes(&self) -> impl Iterator<Item = (ClassCode, u16, Figure)> {
        let column = |row: &Row| u16::try_from(row.columns.start).unwrap_or(u16::MAX);
        let whole = self.rows.iter().filter_map(move |row| Some((row.key, column(row), row.cells.first()?.figure)));
        whole.chain(self.brief.firsts()).filter_map(|(row, column, figure)| match row {
            RowKey::Code(code) => Some((code, column, figure)),
            _ => None,
        })
    }

    /// Whether it was filled in, if only to say that there was nothing to report.
    const fn is_given(&self) -> bool {
        matches!(self.state, TableState::Filled | TableState::Empty(_))
    }

    /// The row with this key.
    pub fn row(&self, key: RowKey) -> Option<&Row> {
        // Printed forms keep their lines in order: most rows stand where their key says.
        let usual = match key {
            RowKey::Line(number) => (number as usize).wrapping_sub(1),
            RowKey::Label(index) => usize::from(index),
            RowKey::Only | RowKey::Total => 0,
            RowKey::Code(_) => usize::MAX,
        };
        if let Some(row) = self.rows.get(usual).filter(|row| row.key == key) {
            return Some(row);
        }
        let wanted = number(key);
        let at = self.keys.partition_point(|key| *key < wanted);
        (self.keys.get(at) == Some(&wanted)).then(|| &self.rows[self.positions[at] as usize])
    }

    /// The cell at a row and column; `None` when the table has no such row or cell.
    pub fn cell(&self, row: RowKey, column: usize) -> Option<&Cell> {
        self.row(row)?.cell(column)
    }

    /// The figure at a row and column. A row that a filled table does not have is blank; a
    /// table that was not given is unknown everywhere.
    pub fn figure(&self, row: RowKey, column: usize) -> Figure {
        let told = u16::try_from(column).ok().and_then(|column| self.brief.get(row, column));
        told.unwrap_or_else(|| self.figure_in(self.row(row), column))
    }

    /// [`Self::figure`] of a table that is not in brief, with the row already looked for.
    pub fn figure_in(&self, row: Option<&Row>, column: usize) -> Figure {
        match self.state {
            TableState::NotProvided(_) | TableState::Missing => Figure::Unknown,
            TableState::Empty(_) | TableState::Filled => {
                row.and_then(|row| row.cell(column)).map_or(Figure::Blank, |cell| cell.figure)
            }
        }
    }

    /// Where a cell stands; a blank one where its row or its table stands.
    pub fn place_of(&self, row: RowKey, column: usize) -> Place {
        self.row(row).map_or(self.place, |row| row.cell(column).map_or(row.place, |cell| cell.place))
    }

    /// Every cell that the filled table has, in reading order.
    pub fn cells(&self) -> impl Iterator<Item = (CellRef, &Cell)> {
        self.rows.iter().flat_map(move |row| {
            row.cells.iter().zip(row.columns.clone()).map(move |(cell, column)| {
                let column = u16::try_from(column).unwrap_or(u16::MAX);
                (CellRef { form: self.form, row: row.key, column }, cell)
            })
        })
    }

    /// Whether any cell holds an amount.
    pub fn has_amounts(&self) -> bool {
        self.cells().any(|(_, cell)| matches!(cell.figure, Figure::Amount(_)))
    }

    /// The name of a coded row as the source gives it.
    pub fn name(&self, key: RowKey) -> Option<&str> {
        Some(self.row(key)?.name.as_ref()?.value.as_str())
    }
}

impl Row {
    /// The cell in a column of [`Form::columns`].
    pub fn cell(&self, column: usize) -> Option<&Cell> {
        self.cells.get(column.checked_sub(self.columns.start)?)
    }

    /// A row of blank cells for a line of a form.
    pub fn blank(form: &Form, key: RowKey, place: Place) -> Self {
        Self::blank_over(form.columns_of(key), key, place)
    }

    /// A row of blank cells over these columns of its form.
    pub fn blank_over(columns: Range<usize>, key: RowKey, place: Place) -> Self {
        let cells = vec![Cell { figure: Figure::Blank, place }; columns.len()];
        Self { key, name: None, place, columns, cells }
    }
}
