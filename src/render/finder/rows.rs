//! Rows by their names: which disclosures have a row of that name with a figure in it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use rayon::prelude::*;

use crate::model::classification::Classification;
use crate::model::code::ClassCode;
use crate::model::disclosure::Disclosure;
use crate::model::form::{CellRef, Column, Form, Layout, RowKey};
use crate::model::site::Site;
use crate::model::table::{Figure, Row, Table, TableState};

/// What a row is called: `事业运行` with its code, `本年收入合计` without.
pub(super) type Name<'a> = (Cow<'a, str>, Option<ClassCode>);

/// A place that a row name leads to: a row, or one cell where each column is a matter of its own.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spot {
    /// The disclosure in the site's list.
    pub(super) disclosure: usize,
    /// The cell whose figure is told.
    cell: CellRef,
    /// Whether the whole row is meant.
    whole_row: bool,
}

impl Spot {
    /// The anchor on the disclosure's page.
    pub(super) fn anchor(self, disclosure: &Disclosure) -> String {
        let form = disclosure.set.form_of(self.cell);
        if self.whole_row { form.row_anchor(self.cell.row) } else { form.cell_anchor(self.cell) }
    }

    /// The figure: of the row's first column, which holds its total.
    pub(super) fn figure(self, disclosure: &Disclosure) -> Figure {
        disclosure.figure(self.cell)
    }
}

/// The row names of a site in order, each with its places.
#[derive(Debug, Default)]
pub(super) struct Rows {
    /// The names in order.
    pub(super) names: Vec<(String, Option<ClassCode>)>,
    /// The places of each name, in the site's order.
    pub(super) spots: Vec<Vec<Spot>>,
    /// The first name of each file.
    pub(super) starts: Vec<usize>,
}

impl Rows {
    /// Gathers the rows that hold a figure, and parts the names into so many files of about the
    /// same size.
    pub(super) fn gather(site: &Site, shards: usize) -> Self {
        let found: Vec<Vec<(Name<'_>, Spot)>> =
            (0..site.disclosures.len()).into_par_iter().map(|at| of_disclosure(site, at)).collect();
        let mut by_name: BTreeMap<Name<'_>, Vec<Spot>> = BTreeMap::new();
        for (name, spot) in found.into_iter().flatten() {
            by_name.entry(name).or_default().push(spot);
        }
        let mut rows = Self::default();
        for ((text, code), mut spots) in by_name {
            spots.shrink_to_fit();
            rows.names.push((text.into_owned(), code));
            rows.spots.push(spots);
        }
        rows.starts = starts(&rows.spots, shards);
        rows
    }

    /// The names in a file.
    pub(super) fn range(&self, shard: usize) -> Range<usize> {
        let end = self.starts.get(shard + 1).copied().unwrap_or(self.names.len());
        self.starts[shard]..end
    }
}

/// The first name of each file: a name goes where the places before it end.
fn starts(spots: &[Vec<Spot>], shards: usize) -> Vec<usize> {
    let total = spots.iter().map(Vec::len).sum::<usize>().max(1);
    let mut before = 0;
    let file_of: Vec<usize> = spots
        .iter()
        .map(|spots| {
            let file = before * shards / total;
            before += spots.len();
            file
        })
        .collect();
    (0..shards).map(|shard| file_of.partition_point(|file| *file < shard)).collect()
}

fn of_disclosure(site: &Site, at: usize) -> Vec<(Name<'_>, Spot)> {
    let disclosure = &site.disclosures[at];
    let mut found = Vec::new();
    if site.unit_of(disclosure).is_none() {
        return found;
    }
    for table in &disclosure.tables {
        if !matches!(table.state, TableState::Filled | TableState::Empty(_)) {
            continue;
        }
        let form = &disclosure.set.forms[usize::from(table.form)];
        let names = form.classification().and_then(|id| site.classifications.get(id));
        for row in table.rows.iter().filter(|row| holds_figure(row)) {
            push_row(&mut found, Filled { at, disclosure, table, form, names }, row);
        }
    }
    found
}

/// A table with what its rows are named from.
#[derive(Clone, Copy)]
struct Filled<'a> {
    at: usize,
    disclosure: &'a Disclosure,
    table: &'a Table,
    form: &'a Form,
    names: Option<&'a Classification>,
}

fn holds_figure(row: &Row) -> bool {
    row.cells.iter().any(|cell| cell.figure != Figure::Blank)
}

fn push_row<'a>(found: &mut Vec<(Name<'a>, Spot)>, filled: Filled<'a>, row: &'a Row) {
    let spot = |column: usize, whole_row| {
        let column = u16::try_from(column).unwrap_or(u16::MAX);
        let cell = CellRef { form: filled.table.form, row: row.key, column };
        Spot { disclosure: filled.at, cell, whole_row }
    };
    let by_column =
        row.key == RowKey::Only || (row.key == RowKey::Total && matches!(filled.form.layout, Layout::ByCode { .. }));
    if by_column {
        let cells = row.columns.clone().zip(&row.cells).filter(|(_, cell)| cell.figure != Figure::Blank);
        let named = cells.filter_map(|(column, _)| Some((column, path(&filled.form.columns[column])?)));
        found.extend(named.map(|(column, text)| ((text, filled.form.columns[column].code), spot(column, false))));
    } else if let Some(name) = name(filled, row) {
        found.push((name, spot(row.columns.start, true)));
    }
}

/// What a row is called; `None` where it has no name of its own.
fn name<'a>(filled: Filled<'a>, row: &'a Row) -> Option<Name<'a>> {
    let line = filled.form.line(row.key).filter(|line| !line.label.is_empty());
    let text = match (row.key, &row.name, line) {
        (_, Some(given), _) => given.value.as_str(),
        (_, None, Some(line)) => without_ordinal(&line.label),
        (RowKey::Code(code), None, None) => filled.names?.name_in(code, filled.disclosure.year)?,
        _ => return None,
    };
    let code = match row.key {
        RowKey::Code(code) => Some(code),
        _ => line.and_then(|line| line.class),
    };
    is_telling(text).then_some((Cow::Borrowed(text), code))
}

/// The headings above a column: `决算数·公务接待费`.
fn path(column: &Column) -> Option<Cow<'_, str>> {
    let text = match column.heading.as_slice() {
        [only] => Cow::Borrowed(only.as_str()),
        several => Cow::Owned(several.join("·")),
    };
    is_telling(&text).then_some(text)
}

/// Whether a name says more than that something was added up.
fn is_telling(text: &str) -> bool {
    !matches!(text, "" | "合计" | "小计" | "总计" | "金额")
}

/// A label without its 一、, which moves from set to set.
fn without_ordinal(label: &str) -> &str {
    let is_numeral = |c: char| "一二三四五六七八九十".contains(c);
    match label.split_once('、') {
        Some((ordinal, rest)) if !ordinal.is_empty() && ordinal.chars().all(is_numeral) => rest,
        _ => label,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_loses_its_ordinal_and_nothing_else() {
        assert_eq!(without_ordinal("二十六、债务付息支出"), "债务付息支出");
        assert_eq!(without_ordinal("收、支总计"), "收、支总计");
        assert_eq!(without_ordinal("、甲"), "、甲");
    }

    #[test]
    fn names_are_parted_into_files_of_like_size_in_order() {
        let cell = CellRef { form: 0, row: RowKey::Total, column: 0 };
        let spot = Spot { disclosure: 0, cell, whole_row: true };
        let spots: Vec<Vec<Spot>> = [1, 1, 6, 1, 1, 1, 1].map(|count| vec![spot; count]).into();
        let rows = |shards| starts(&spots, shards);
        assert_eq!(rows(1), [0]);
        assert_eq!(rows(3), [0, 3, 3]);
        assert_eq!(rows(2), [0, 3]);
        assert_eq!(starts(&[], 2), [0, 0]);
    }
}
