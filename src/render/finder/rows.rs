//! Rows by their names: which disclosures have a row of that name with a figure in it.
//!
//! Gathered a disclosure at a time ([`Gatherer`]), so that no table need be kept for it, and
//! put together by name when all are there ([`Rows`]).

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use crate::model::classification::Classification;
use crate::model::code::ClassCode;
use crate::model::disclosure::Disclosure;
use crate::model::form::{CellRef, Column, Form, Layout, RowKey};
use crate::model::site::Site;
use crate::model::stored::{Reader, Stored, stored};
use crate::model::table::{Figure, Row, Table, TableState};
use crate::render::pages::LISTED;

/// What a row is called: `事业运行` with its code, `本年收入合计` without.
type Name<'a> = (Cow<'a, str>, Option<ClassCode>);

/// What parts a name, its code and its anchor in a heading; the last two are plain ASCII.
const PARTED: char = '\u{1f}';

/// The rows of a disclosure that hold a figure, in the order of its tables.
#[derive(Clone, Debug, Default)]
pub(crate) struct OwnRows {
    /// The heading of each, by its number in [`Headings`].
    headings: Box<[u32]>,
    /// The amount of each as the finder's files have it, ended by `;`.
    amounts: Box<str>,
}

stored!(OwnRows { headings, amounts });

/// What rows are called and where they lead, numbered: most disclosures have the same.
#[derive(Clone, Debug, Default)]
pub(crate) struct Headings {
    numbers: HashMap<Box<str>, u32>,
}

impl Stored for Headings {
    fn put(&self, out: &mut Vec<u8>) {
        let mut in_order: Vec<(&u32, &Box<str>)> =
            self.numbers.iter().map(|(heading, number)| (number, heading)).collect();
        in_order.sort_unstable();
        in_order.len().put(out);
        for (_, heading) in in_order {
            heading.put(out);
        }
    }

    fn take(from: &mut Reader<'_>) -> Option<Self> {
        let in_order: Vec<Box<str>> = Vec::take(from)?;
        Some(Self { numbers: in_order.into_iter().zip(0..).collect() })
    }
}

impl Headings {
    /// The number of a heading.
    fn number(&mut self, heading: &str) -> u32 {
        if let Some(number) = self.numbers.get(heading) {
            return *number;
        }
        let number = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
        self.numbers.insert(heading.into(), number);
        number
    }
}

/// Gathers the rows of disclosures, in any order.
#[derive(Debug, Default)]
pub(crate) struct Gatherer {
    headings: Mutex<Headings>,
}

impl Gatherer {
    /// The rows of a disclosure that hold a figure.
    pub(crate) fn rows(&self, site: &Site, disclosure: &Disclosure) -> OwnRows {
        let (mut headings, mut amounts) = (Vec::new(), String::new());
        for ((name, code), spot) in of_disclosure(site, disclosure) {
            let code = code.map_or_else(String::new, |code| code.0.to_string());
            headings.push(format!("{name}{PARTED}{code}{PARTED}{}", spot.anchor(disclosure)));
            push_amount(&mut amounts, disclosure.figure(spot.cell));
            amounts.push(';');
        }
        let mut known = self.headings.lock().unwrap_or_else(PoisonError::into_inner);
        let headings = headings.iter().map(|heading| known.number(heading)).collect();
        OwnRows { headings, amounts: amounts.into() }
    }

    /// Numbers headings as they were before, where none was numbered yet: rows that were kept then
    /// tell them by their numbers.
    pub(crate) fn recall(&self, headings: Headings) {
        let mut known = self.headings.lock().unwrap_or_else(PoisonError::into_inner);
        if known.numbers.is_empty() {
            *known = headings;
        }
    }

    /// The headings of everything that was gathered so far.
    pub(crate) fn headings(&self) -> Headings {
        self.headings.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Writes an amount as the finder's files have it: in 万元, `?` for 未提供, nothing for a blank.
fn push_amount(text: &mut String, figure: Figure) {
    // Writing to a String cannot fail.
    let _ = match figure {
        Figure::Amount(amount) => write!(text, "{}", amount.print(LISTED)),
        Figure::Count(count) => write!(text, "{count}"),
        Figure::Unknown => text.write_str("?"),
        Figure::Blank | Figure::NotRead => Ok(()),
    };
}

/// A place that a row name leads to: a row, or one cell where each column is a matter of its own.
#[derive(Clone, Copy, Debug)]
struct Spot {
    /// The cell whose figure is told: of a row's first column, which holds its total.
    cell: CellRef,
    /// Whether the whole row is meant.
    whole_row: bool,
}

impl Spot {
    /// The anchor on the disclosure's page.
    fn anchor(self, disclosure: &Disclosure) -> String {
        let form = disclosure.set.form_of(self.cell);
        if self.whole_row { form.row_anchor(self.cell.row) } else { form.cell_anchor(self.cell) }
    }
}

/// The row names of a site in order, each with the places that it leads to.
#[derive(Debug, Default)]
pub(super) struct Rows {
    /// The names in order.
    pub(super) names: Vec<(String, Option<ClassCode>)>,
    /// The places of each name.
    pub(super) places: Vec<Places>,
    /// The first name of each file.
    pub(super) starts: Vec<usize>,
}

/// The places of a name.
#[derive(Clone, Debug, Default)]
pub(super) struct Places {
    /// By anchor, the disclosures and amounts: see [`super::write::rows`].
    pub(super) by_anchor: BTreeMap<String, String>,
    /// How many they are.
    count: usize,
}

/// The rows under one heading in the making.
#[derive(Clone, Debug, Default)]
struct Run {
    text: String,
    last: usize,
    count: usize,
}

impl Run {
    /// Adds a row; disclosures come in the site's order.
    fn add(&mut self, disclosure: usize, amount: &str) {
        if self.count > 0 {
            self.text.push(';');
        }
        let step = disclosure - self.last;
        if step != 1 || self.count == 0 {
            let _ = write!(self.text, "{step}:"); // writing to a String cannot fail
        }
        self.text.push_str(amount);
        self.last = disclosure;
        self.count += 1;
    }
}

impl Rows {
    /// Puts the rows of all disclosures, in the site's order, together by name, and parts the
    /// names into so many files of about the same size.
    pub(super) fn new<'o>(headings: &Headings, own: impl Iterator<Item = &'o OwnRows>, shards: usize) -> Self {
        let mut runs = vec![Run::default(); headings.numbers.len()];
        for (disclosure, own) in own.enumerate() {
            for (heading, amount) in own.headings.iter().zip(own.amounts.split(';')) {
                runs[*heading as usize].add(disclosure, amount);
            }
        }
        let mut by_name: BTreeMap<(String, Option<ClassCode>), Places> = BTreeMap::new();
        for (heading, number) in &headings.numbers {
            let Run { mut text, count, .. } = std::mem::take(&mut runs[*number as usize]);
            text.shrink_to_fit();
            let mut parts = heading.rsplitn(3, PARTED);
            if let (Some(anchor), Some(code), Some(name)) = (parts.next(), parts.next(), parts.next())
                && count > 0
            {
                let code = code.parse().ok().map(ClassCode);
                let places = by_name.entry((name.to_owned(), code)).or_default();
                places.count += count;
                places.by_anchor.insert(anchor.to_owned(), text);
            }
        }
        let (names, places): (Vec<_>, Vec<Places>) = by_name.into_iter().unzip();
        let starts = starts(places.iter().map(|places| places.count), shards);
        Self { names, places, starts }
    }

    /// The names in a file.
    pub(super) fn range(&self, shard: usize) -> Range<usize> {
        let end = self.starts.get(shard + 1).copied().unwrap_or(self.names.len());
        self.starts[shard]..end
    }
}

/// The first name of each file: a name goes where the places before it end.
fn starts(counts: impl Iterator<Item = usize> + Clone, shards: usize) -> Vec<usize> {
    let total = counts.clone().sum::<usize>().max(1);
    let mut before = 0;
    let file_of: Vec<usize> = counts
        .map(|count| {
            let file = before * shards / total;
            before += count;
            file
        })
        .collect();
    (0..shards).map(|shard| file_of.partition_point(|file| *file < shard)).collect()
}

fn of_disclosure<'a>(site: &'a Site, disclosure: &'a Disclosure) -> Vec<(Name<'a>, Spot)> {
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
            push_row(&mut found, Filled { disclosure, table, form, names }, row);
        }
    }
    found
}

/// A table with what its rows are named from.
#[derive(Clone, Copy)]
struct Filled<'a> {
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
        Spot { cell, whole_row }
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
        let rows = |shards| starts([1, 1, 6, 1, 1, 1, 1].into_iter(), shards);
        assert_eq!(rows(1), [0]);
        assert_eq!(rows(3), [0, 3, 3]);
        assert_eq!(rows(2), [0, 3]);
        assert_eq!(starts(std::iter::empty(), 2), [0, 0]);
    }
}
