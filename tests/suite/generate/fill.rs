//! Filling every form of a set from the books: words first, then the set's relations.

use std::collections::{BTreeMap, BTreeSet};

use disclose::model::form::{CellRef, Form, FormSet, Layout, RowKey};

use super::ledger::Ledger;
use super::solve::{Rows, Values, instances, propagate};
use super::words;

/// The exact figures of every table of a disclosure, in 分.
#[derive(Clone, Debug)]
pub struct Filled {
    /// Every cell that the tables have; `None` is blank.
    pub values: Values,
    /// The rows of the by-code forms.
    pub rows: Rows,
}

impl Filled {
    /// Fills every form of a set.
    ///
    /// # Panics
    /// When the words and the relations of the set leave a cell undetermined, or contradict
    /// each other: the set is incomplete.
    pub fn from_books(set: &FormSet, ledger: &Ledger) -> Self {
        let rows = coded_rows(set, ledger);
        let (mut values, mut unknown) = (Values::new(), BTreeSet::new());
        for cell in cells(set, &rows) {
            if let Some(query) = words::question(set.form_of(cell), cell.row, usize::from(cell.column)) {
                values.insert(cell, ledger.total(&query).filter(|fen| *fen != 0));
            } else {
                unknown.insert(cell);
            }
        }
        let relations = instances(set, &rows);
        propagate(&relations, &mut unknown, &mut values);
        let names: Vec<String> = unknown.iter().map(|cell| set.name_of(*cell)).collect();
        assert!(names.is_empty(), "{}：没有词句也没有关系式能定出 {names:?}", set.id);
        for relation in &relations {
            assert!(relation.holds(&values), "{}：{} 不成立", set.id, relation.text);
        }
        Self { values, rows }
    }

    /// The exact amount in a cell, in 分.
    pub fn fen(&self, cell: CellRef) -> Option<i128> {
        self.values.get(&cell).copied().flatten()
    }

    /// The cells of a form's row that hold amounts, with their columns.
    pub fn row(&self, form: u16, row: RowKey, definition: &Form) -> Vec<(usize, i128)> {
        let columns = definition.columns_of(row);
        let cell = |column| CellRef { form, row, column: u16::try_from(column).unwrap() };
        columns.filter_map(|column| Some((column, self.fen(cell(column))?))).collect()
    }
}

/// 合计 and the 类, 款 and 项 of every by-code form for which the books hold anything.
fn coded_rows(set: &FormSet, ledger: &Ledger) -> Rows {
    let items: BTreeSet<_> = ledger.postings.iter().map(|posting| posting.item).collect();
    let mut rows = BTreeMap::new();
    for (index, form) in (0_u16..).zip(&set.forms) {
        if !matches!(form.layout, Layout::ByCode { .. }) {
            continue;
        }
        let mut keys = BTreeSet::from([RowKey::Total]);
        for item in &items {
            let key = RowKey::Code(*item);
            let asked = (0..form.columns.len()).filter_map(|column| words::question(form, key, column));
            if asked.filter_map(|query| ledger.total(&query)).any(|fen| fen != 0) {
                keys.extend([key, RowKey::Code(item.parent().unwrap()), RowKey::Code(item.class())]);
            }
        }
        rows.insert(index, keys);
    }
    rows
}

/// Every cell that can hold an amount.
pub fn cells(set: &FormSet, rows: &Rows) -> Vec<CellRef> {
    let mut out = Vec::new();
    for (index, form) in (0_u16..).zip(&set.forms) {
        let keys: Vec<RowKey> = match (&form.layout, rows.get(&index)) {
            (_, Some(keys)) => keys.iter().copied().collect(),
            (Layout::OneRow, None) => vec![RowKey::Only],
            _ => form.lines.iter().filter(|line| !line.label.is_empty()).map(|line| line.key).collect(),
        };
        for row in keys {
            out.extend(form.columns_of(row).map(|column| CellRef {
                form: index,
                row,
                column: u16::try_from(column).unwrap(),
            }));
        }
    }
    out
}
