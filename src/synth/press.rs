//! A form set made ready for filling: which cells each sort of money goes into.
//!
//! 1. [`words`] reads from a cell's own words what it asks of the books.
//! 2. A cell without words is what the set's equalities make of cells that have them; this is
//!    solved once, with questions in place of figures.
//! 3. Turned round, this says for each [`Way`] of money which cells it is added to, so that
//!    [`Press::fill`] goes through the books once, whatever the number of cells.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use super::ledger::{Codes, Ledger, Query, Way, lies_under};
use super::relations::{Instance, Rows, instances};
use super::words;
use crate::model::code::{ClassCode, Level};
use crate::model::form::{CellRef, Form, FormSet, Layout, RowKey};
use crate::model::notation::Comparison;
use crate::model::site::Site;

/// A set whose words and relations leave cells open.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("表式 {set} 有 {} 格没有词句、也没有关系式能定出：{}", cells.len(), cells.join("、"))]
pub struct Incomplete {
    /// The set's id.
    pub set: String,
    /// The names of the cells.
    pub cells: Vec<String>,
}

/// What a cell asks of the books: signed questions, `true` subtracted.
type Answer = Vec<(bool, Query)>;

/// A form set made ready for filling.
#[derive(Clone, Debug)]
pub struct Press {
    /// The set.
    pub set: Arc<FormSet>,
    /// What units on the set may spend on.
    pub codes: Codes,
    forms: Vec<Prepared>,
    slots: usize,
    targets: BTreeMap<Way, Vec<Target>>,
    answers: BTreeMap<usize, Answer>,
}

/// A form made ready.
#[derive(Clone, Debug)]
enum Prepared {
    /// Printed lines, each with the slot of its first cell.
    Lines(Vec<(RowKey, Range<usize>, usize)>),
    /// Rows by code: what each column asks.
    ByCode(Vec<Answer>),
}

/// A cell that a sort of money is added to.
#[derive(Clone, Copy, Debug)]
enum Target {
    /// A cell of a printed line, where the money lies under a code.
    Slot { slot: usize, under: Option<ClassCode>, times: i128 },
    /// A column of a form by code.
    Column { form: usize, column: usize, times: i128 },
}

/// The exact figures of every table, in 分; 0 stands for blank.
#[derive(Clone, Debug)]
pub struct Filled {
    slots: Vec<i128>,
    /// The codes of the books with those above them, in code order.
    codes: Vec<ClassCode>,
    /// For each form by code: 合计, then a row for each of `codes`.
    coded: Vec<Vec<i128>>,
}

impl Press {
    /// Makes a set of a site ready.
    ///
    /// # Errors
    /// [`Incomplete`] names the cells that nothing determines.
    pub fn new(site: &Site, set: &Arc<FormSet>) -> Result<Self, Incomplete> {
        let codes = spendable(site, set);
        let sample = codes.items.first().copied().unwrap_or(ClassCode(2_010_101));
        let solver = Solver { set, sample, rows: sample_rows(set, sample) };
        let (columns, lines) = solver.solve()?;
        let mut press = Self {
            set: Arc::clone(set),
            codes,
            forms: Vec::new(),
            slots: 0,
            targets: BTreeMap::new(),
            answers: BTreeMap::new(),
        };
        press.lay_out(columns, &lines);
        press.targets = press.codes.ways().into_iter().map(|way| (way, press.targets_of(&way))).collect();
        Ok(press)
    }

    fn lay_out(&mut self, mut columns: BTreeMap<usize, Vec<Answer>>, lines: &BTreeMap<CellRef, Answer>) {
        let set = Arc::clone(&self.set);
        for (index, form) in set.forms.iter().enumerate() {
            if let Some(columns) = columns.remove(&index) {
                self.forms.push(Prepared::ByCode(columns));
                continue;
            }
            let mut rows = Vec::new();
            for (key, range) in printed(form) {
                for column in range.clone() {
                    if let Some(answer) = lines.get(&cell(index, key, column)) {
                        self.answers.insert(self.slots + column - range.start, answer.clone());
                    }
                }
                rows.push((key, range.clone(), self.slots));
                self.slots += range.len();
            }
            self.forms.push(Prepared::Lines(rows));
        }
    }

    /// The cells that a sort of money is added to.
    fn targets_of(&self, way: &Way) -> Vec<Target> {
        let mut targets = Vec::new();
        for (slot, answer) in &self.answers {
            for (under, times) in times_under(answer, way) {
                targets.push(Target::Slot { slot: *slot, under, times });
            }
        }
        for (form, prepared) in self.forms.iter().enumerate() {
            let Prepared::ByCode(columns) = prepared else { continue };
            for (column, answer) in columns.iter().enumerate() {
                for (_, times) in times_under(answer, way) {
                    targets.push(Target::Column { form, column, times });
                }
            }
        }
        targets
    }

    /// Fills every form from the books.
    pub fn fill(&self, ledger: &Ledger) -> Filled {
        let mut codes: Vec<ClassCode> = ledger.postings.iter().flat_map(|posting| lineage(posting.item)).collect();
        codes.sort_unstable_by_key(|code| code.sort_key());
        codes.dedup();
        let blank = |form: &Form| match form.layout {
            Layout::ByCode { .. } => vec![0; (codes.len() + 1) * form.columns.len()],
            _ => Vec::new(),
        };
        let tables = self.set.forms.iter().map(blank).collect();
        let mut filled = Filled { slots: vec![0; self.slots], codes, coded: tables };
        for posting in &ledger.postings {
            let other;
            let targets = if let Some(targets) = self.targets.get(&posting.way) {
                targets
            } else {
                other = self.targets_of(&posting.way);
                &other
            };
            let rows = filled.rows_of(posting.item);
            for target in targets {
                match *target {
                    Target::Slot { slot, under, times } => {
                        if under.is_none_or(|code| lies_under(posting.item, code)) {
                            filled.slots[slot] += times * posting.fen;
                        }
                    }
                    Target::Column { form, column, times } => {
                        let width = self.set.forms[form].columns.len();
                        for row in rows {
                            filled.coded[form][row * width + column] += times * posting.fen;
                        }
                    }
                }
            }
        }
        filled
    }

    /// The rows of a form with their exact figures, in the order in which the form prints
    /// them; of a form by code only those that the books have anything for.
    pub fn rows<'f>(&self, form: usize, filled: &'f Filled) -> Vec<(RowKey, Range<usize>, &'f [i128])> {
        match &self.forms[form] {
            Prepared::Lines(rows) => rows
                .iter()
                .map(|(key, columns, slot)| (*key, columns.clone(), &filled.slots[*slot..*slot + columns.len()]))
                .collect(),
            Prepared::ByCode(columns) => {
                let total_last = matches!(self.set.forms[form].layout, Layout::ByCode { total_last: true, .. });
                filled.coded_rows(form, columns.len(), total_last)
            }
        }
    }

    /// The exact figure of a cell in 分; `None` when it is blank.
    pub fn fen(&self, filled: &Filled, cell: CellRef) -> Option<i128> {
        let (form, column) = (usize::from(cell.form), usize::from(cell.column));
        let fen = match &self.forms[form] {
            Prepared::Lines(rows) => {
                let (_, columns, slot) = rows.iter().find(|(key, ..)| *key == cell.row)?;
                filled.slots[slot + column.checked_sub(columns.start)?]
            }
            Prepared::ByCode(columns) => filled.coded[form][filled.row(cell.row)? * columns.len() + column],
        };
        (fen != 0).then_some(fen)
    }

    /// The exact figure of a concept in 分; `None` when it is blank or the set lacks it.
    pub fn concept(&self, filled: &Filled, key: &str) -> Option<i128> {
        self.fen(filled, self.set.concept_cell(key)?)
    }
}

impl Filled {
    /// The row of a form by code: 0 is 合计.
    fn row(&self, key: RowKey) -> Option<usize> {
        match key {
            RowKey::Total => Some(0),
            RowKey::Code(code) => {
                self.codes.binary_search_by_key(&code.sort_key(), |known| known.sort_key()).ok().map(|at| at + 1)
            }
            RowKey::Line(_) | RowKey::Label(_) | RowKey::Only => None,
        }
    }

    /// 合计 and the rows of a 项 and the codes above it; 合计 again where one is not known.
    fn rows_of(&self, item: ClassCode) -> [usize; 4] {
        let mut rows = [0; 4];
        for (row, code) in rows[1..].iter_mut().zip(lineage(item)) {
            *row = self.row(RowKey::Code(code)).unwrap_or_default();
        }
        rows
    }

    fn coded_rows(&self, form: usize, width: usize, total_last: bool) -> Vec<(RowKey, Range<usize>, &[i128])> {
        let cells = |row: usize| &self.coded[form][row * width..(row + 1) * width];
        let filled = |row: usize| cells(row).iter().any(|fen| *fen != 0);
        let mut kept: BTreeSet<(u32, u32)> = BTreeSet::new();
        for (at, code) in self.codes.iter().enumerate() {
            if code.level() == Level::Item && filled(at + 1) {
                kept.extend(lineage(*code).map(ClassCode::sort_key));
            }
        }
        if kept.is_empty() {
            return Vec::new();
        }
        let codes = self.codes.iter().enumerate().filter(|(_, code)| kept.contains(&code.sort_key()));
        let mut rows: Vec<_> = codes.map(|(at, code)| (RowKey::Code(*code), 0..width, cells(at + 1))).collect();
        let at = if total_last { rows.len() } else { 0 };
        rows.insert(at, (RowKey::Total, 0..width, cells(0)));
        rows
    }
}

/// How often money of a sort counts in an answer, by the code that it must lie under.
fn times_under(answer: &Answer, way: &Way) -> BTreeMap<Option<ClassCode>, i128> {
    let mut times = BTreeMap::new();
    for (negative, query) in answer.iter().filter(|(_, query)| query.asks_for_way(way)) {
        *times.entry(query.under).or_default() += if *negative { -1 } else { 1 };
    }
    times.retain(|_, times| *times != 0);
    times
}

/// A code with the codes above it.
fn lineage(code: ClassCode) -> impl Iterator<Item = ClassCode> {
    std::iter::successors(Some(code), |code| code.parent())
}

fn cell(form: usize, row: RowKey, column: usize) -> CellRef {
    let small = |index: usize| u16::try_from(index).unwrap_or(u16::MAX);
    CellRef { form: small(form), row, column: small(column) }
}

/// The printed lines of a form that has no rows by code, with their columns.
fn printed(form: &Form) -> Vec<(RowKey, Range<usize>)> {
    match form.layout {
        Layout::OneRow => vec![(RowKey::Only, 0..form.columns.len())],
        _ => form.lines.iter().map(|line| (line.key, line.columns.clone())).collect(),
    }
}

/// What units on a set may spend on: known 项, the 款 of its by-item form, and those of its
/// wide columns.
fn spendable(site: &Site, set: &FormSet) -> Codes {
    let known: BTreeSet<ClassCode> =
        site.classifications.get("functional").map(|all| all.codes.keys().copied().collect()).unwrap_or_default();
    let complete = |code: &ClassCode| code.level() == Level::Item && lineage(*code).all(|above| known.contains(&above));
    let items = known.iter().copied().filter(complete).collect();
    let blocks = set.forms.iter().filter(|form| matches!(form.layout, Layout::Blocks { .. }));
    let basic: Vec<ClassCode> = blocks.flat_map(|form| form.line_codes(Level::Section)).collect();
    let columns: BTreeSet<ClassCode> =
        set.forms.iter().flat_map(|form| form.columns.iter().filter_map(|column| column.code)).collect();
    let project = if columns.is_empty() { basic.clone() } else { columns.into_iter().collect() };
    Codes::new(items, &basic, &project)
}

/// 合计 and one 项 with the codes above it, in every form by code.
fn sample_rows(set: &FormSet, sample: ClassCode) -> Rows {
    let keys: BTreeSet<RowKey> = std::iter::once(RowKey::Total).chain(lineage(sample).map(RowKey::Code)).collect();
    let by_code = (0_u16..).zip(&set.forms).filter(|(_, form)| matches!(form.layout, Layout::ByCode { .. }));
    by_code.map(|(index, _)| (index, keys.clone())).collect()
}

/// Finds what each cell asks, on tables with the rows of one 项.
struct Solver<'a> {
    set: &'a FormSet,
    sample: ClassCode,
    rows: Rows,
}

type Known = BTreeMap<CellRef, Answer>;

impl Solver<'_> {
    /// What each column of a form by code asks, and what each cell of the other forms asks.
    fn solve(&self) -> Result<(BTreeMap<usize, Vec<Answer>>, Known), Incomplete> {
        let relations = instances(self.set, &self.rows);
        let (mut known, mut open) = (Known::new(), BTreeSet::new());
        for cell in self.cells() {
            match words::question(self.set.form_of(cell), cell.row, usize::from(cell.column)) {
                Some(query) => {
                    known.insert(cell, vec![(false, query)]);
                }
                None => {
                    open.insert(cell);
                }
            }
        }
        let (mut lines, mut open_lines) = (known.clone(), open.clone());
        propagate(&relations, &mut known, &mut open);
        let columns = self.columns(&known)?;
        lines.retain(|cell, _| !self.rows.contains_key(&cell.form));
        open_lines.retain(|cell| !self.rows.contains_key(&cell.form));
        for (form, keys) in &self.rows {
            for (column, answer) in columns[&usize::from(*form)].iter().enumerate() {
                for key in keys {
                    lines.insert(cell(usize::from(*form), *key, column), below(answer, *key));
                }
            }
        }
        propagate(&relations, &mut lines, &mut open_lines);
        if open_lines.is_empty() { Ok((columns, lines)) } else { Err(self.incomplete(open_lines)) }
    }

    /// Every cell that can hold an amount.
    fn cells(&self) -> Vec<CellRef> {
        let mut cells = Vec::new();
        for (index, form) in self.set.forms.iter().enumerate() {
            let keys: Vec<(RowKey, Range<usize>)> = match u16::try_from(index).ok().and_then(|at| self.rows.get(&at)) {
                Some(keys) => keys.iter().map(|key| (*key, 0..form.columns.len())).collect(),
                None => printed(form),
            };
            let labelled = |key: RowKey| form.line(key).is_none_or(|line| !line.label.is_empty());
            for (key, columns) in keys.into_iter().filter(|(key, _)| labelled(*key)) {
                cells.extend(columns.map(|column| cell(index, key, column)));
            }
        }
        cells
    }

    /// What each column asks in the row of a 项, wherever that lies.
    fn columns(&self, known: &Known) -> Result<BTreeMap<usize, Vec<Answer>>, Incomplete> {
        let (mut columns, mut open) = (BTreeMap::new(), BTreeSet::new());
        for form in self.rows.keys() {
            let index = usize::from(*form);
            let mut asked = Vec::new();
            for column in 0..self.set.forms[index].columns.len() {
                let cell = cell(index, RowKey::Code(self.sample), column);
                match known.get(&cell) {
                    Some(answer) => asked.push(below(answer, RowKey::Total)),
                    None => {
                        open.insert(cell);
                    }
                }
            }
            columns.insert(index, asked);
        }
        if open.is_empty() { Ok(columns) } else { Err(self.incomplete(open)) }
    }

    fn incomplete(&self, open: BTreeSet<CellRef>) -> Incomplete {
        let cells = open.into_iter().map(|cell| self.set.name_of(cell)).collect();
        Incomplete { set: self.set.id.clone(), cells }
    }
}

/// The same questions, asked under the code of a row.
fn below(answer: &Answer, row: RowKey) -> Answer {
    let under = match row {
        RowKey::Code(code) => Some(code),
        _ => None,
    };
    answer.iter().map(|(negative, query)| (*negative, Query { under, ..query.clone() })).collect()
}

/// Lets an equality with a single open cell determine it, until nothing changes. A relation
/// with a cell that is neither known nor open is about other rows than the sample's.
fn propagate(relations: &[Instance], known: &mut Known, open: &mut BTreeSet<CellRef>) {
    let mut changed = true;
    while changed {
        changed = false;
        for relation in relations.iter().filter(|relation| relation.comparison == Comparison::Equal) {
            let mut unknown = relation.terms.iter().filter(|(_, cell)| !known.contains_key(cell));
            let (Some((negative, cell)), None) = (unknown.next(), unknown.next()) else { continue };
            if !open.contains(cell) {
                continue;
            }
            let mut answer = Answer::new();
            for (other_negative, other) in relation.terms.iter().filter(|(_, other)| other != cell) {
                for (minus, query) in &known[other] {
                    add(&mut answer, (*other_negative == *negative) != *minus, query);
                }
            }
            open.remove(cell);
            known.insert(*cell, answer);
            changed = true;
        }
    }
}

/// Adds a question; one that is subtracted already falls out.
fn add(answer: &mut Answer, negative: bool, query: &Query) {
    let opposite = answer.iter().position(|(other, asked)| *other != negative && asked == query);
    match opposite {
        Some(at) => {
            answer.remove(at);
        }
        None => answer.push((negative, query.clone())),
    }
}
