//! Relations made ready to run: names resolved once for a form set, columns expanded.
//!
//! 1. Concepts become cells, forms indices, printed rows keys; what a set does not know is
//!    remembered as a [`Fault`], never skipped in silence.
//! 2. A column left out becomes one relation for each column that all its terms share.
//! 3. Rows that depend on a disclosure (`各款行`, `Σ项行`) stay open; [`crate::check::run`]
//!    fills them in.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::code::{ClassCode, Level};
use crate::model::form::{Form, FormSet, Layout, Relation, RowKey};
use crate::model::notation::{ColumnRef, Comparison, Operand, Reference, RowRef, Term};

/// Where a relation is given in its set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RelationId {
    /// Under a form's table, printed or not.
    InForm {
        /// The form in the set.
        form: u16,
        /// Its position in the form's relations.
        index: u16,
    },
    /// Between tables, or a table and facts.
    Between {
        /// Its position in the set's relations.
        index: u16,
    },
    /// With a group of facts.
    OfFacts {
        /// The group in the set.
        group: u16,
        /// Its position in the group's relations.
        index: u16,
    },
}

impl RelationId {
    /// The relation as its set gives it.
    pub fn of(self, set: &FormSet) -> &Relation {
        match self {
            Self::InForm { form, index } => &set.forms[usize::from(form)].relations[usize::from(index)],
            Self::Between { index } => &set.relations[usize::from(index)],
            Self::OfFacts { group, index } => &set.facts[usize::from(group)].relations[usize::from(index)],
        }
    }

    /// The form whose table prints or implies it, when it lies within one.
    pub const fn form(self) -> Option<u16> {
        match self {
            Self::InForm { form, .. } => Some(form),
            Self::Between { .. } | Self::OfFacts { .. } => None,
        }
    }
}

/// A set's relations with every name resolved.
pub(crate) struct Compiled<'a> {
    pub set: &'a FormSet,
    pub relations: Vec<Ready>,
    pub faults: Vec<Fault>,
    /// For each form, the line of each code that it prints; empty for by-code forms.
    pub lines: Vec<BTreeMap<ClassCode, RowKey>>,
    /// The same codes in code order.
    pub line_codes: Vec<Vec<ClassCode>>,
    /// The rows that relations run over, each once.
    pub groups: Vec<Group>,
}

/// The codes of these forms' tables, of one level or of all.
#[derive(PartialEq, Eq)]
pub(crate) struct Group {
    pub forms: Vec<u16>,
    pub level: Option<Level>,
}

/// A relation that names something its set does not have.
pub(crate) struct Fault {
    pub id: RelationId,
    pub reason: String,
}

/// A relation for one choice of columns.
#[derive(Clone)]
pub(crate) struct Ready {
    pub id: RelationId,
    pub comparison: Comparison,
    pub left: Vec<ReadyTerm>,
    pub right: Vec<ReadyTerm>,
    pub rows: Rows,
}

#[derive(Clone)]
pub(crate) struct ReadyTerm {
    pub negative: bool,
    pub what: What,
}

#[derive(Clone)]
pub(crate) enum What {
    Cell(CellTerm),
    Fact(Arc<str>),
    /// The facts by code of the group with this prefix: `年初预算·`.
    FactSum(Arc<str>),
}

#[derive(Clone)]
pub(crate) struct CellTerm {
    pub prior: bool,
    pub form: u16,
    pub row: RowTerm,
    pub column: ColumnTerm,
}

#[derive(Clone, Copy)]
pub(crate) enum RowTerm {
    Fixed(RowKey),
    /// The row that the relation runs over.
    Bound,
    /// The rows of a level under the row on the left.
    Under(Level),
}

#[derive(Clone, Copy)]
pub(crate) enum ColumnTerm {
    At(u16),
    /// One of the columns with this printed number; gone once columns are expanded.
    Each,
    /// The column whose code is the bound row's.
    OfCode,
}

/// The rows a relation runs over.
#[derive(Clone)]
pub(crate) enum Rows {
    /// It names its rows: one instance.
    Named,
    /// Printed lines.
    Lines(Vec<RowKey>),
    /// Coded rows, by their position in [`Compiled::groups`], and whether 合计 is one of them.
    Codes { group: usize, total: bool },
}

impl<'a> Compiled<'a> {
    /// The relations of a set, ready to run.
    pub fn new(set: &'a FormSet) -> Self {
        let lines: Vec<_> = set.forms.iter().map(lines_by_code).collect();
        let line_codes = lines.iter().map(|lines| in_order(lines.keys().copied())).collect();
        let (relations, faults, groups) = (Vec::new(), Vec::new(), Vec::new());
        let mut compiled = Self { set, relations, faults, lines, line_codes, groups };
        for (form, index, relation) in numbered(set.forms.iter().map(|form| &form.relations)) {
            compiled.add(RelationId::InForm { form, index }, relation);
        }
        for (_, index, relation) in numbered(std::iter::once(&set.relations)) {
            compiled.add(RelationId::Between { index }, relation);
        }
        for (group, index, relation) in numbered(set.facts.iter().map(|group| &group.relations)) {
            compiled.add(RelationId::OfFacts { group, index }, relation);
        }
        compiled
    }

    fn add(&mut self, id: RelationId, relation: &Relation) {
        match self.ready(id, relation) {
            Ok(ready) => self.relations.extend(ready),
            Err(reason) => self.faults.push(Fault { id, reason }),
        }
    }

    fn ready(&mut self, id: RelationId, relation: &Relation) -> Result<Vec<Ready>, String> {
        let equation = &relation.equation;
        let left = self.terms(id, &equation.left)?;
        let right = self.terms(id, &equation.right)?;
        let level = bound_level(equation.left.iter().chain(&equation.right));
        let open = Ready { id, comparison: equation.comparison, left, right, rows: Rows::Named };
        let mut ready = self.expand_columns(open)?;
        for relation in &mut ready {
            relation.rows = self.rows(relation, level);
        }
        Ok(ready)
    }

    fn terms(&self, id: RelationId, terms: &[Term]) -> Result<Vec<ReadyTerm>, String> {
        terms
            .iter()
            .map(|term| Ok(ReadyTerm { negative: term.negative, what: self.what(id, &term.operand)? }))
            .collect()
    }

    fn what(&self, id: RelationId, operand: &Operand) -> Result<What, String> {
        match operand {
            Operand::Cell(reference) => self.cell_term(id, reference).map(What::Cell),
            Operand::Concept(key) => {
                let reference = self.set.concepts.get(key).ok_or_else(|| format!("表式没有定义概念“{key}”"))?;
                self.cell_term(id, reference).map(What::Cell)
            }
            Operand::Fact(name) => match self.set.fact(name) {
                Some(_) => Ok(What::Fact(name.as_str().into())),
                None => Err(format!("表式没有表外数据“{name}”")),
            },
            Operand::FactSum(name) => match self.set.facts.iter().find(|group| group.name == *name && group.by_code) {
                Some(_) => Ok(What::FactSum(format!("{name}·").into())),
                None => Err(format!("表式没有按科目编码的表外数据“{name}”")),
            },
        }
    }

    fn cell_term(&self, id: RelationId, reference: &Reference) -> Result<CellTerm, String> {
        let form_index = match (&reference.form, id.form()) {
            (Some(code), _) => {
                self.set.form(code).map(|(index, _)| index).ok_or_else(|| format!("表式中没有“{code}”"))?
            }
            (None, Some(form)) => form,
            (None, None) => return Err(format!("“{reference}”没有写明是哪张表")),
        };
        let form = &self.set.forms[usize::from(form_index)];
        let row = row_term(form, reference.row.as_ref())?;
        let column = column_term(form, row, reference.column.as_ref())?;
        Ok(CellTerm { prior: reference.prior, form: form_index, row, column })
    }

    /// One relation for each printed column number that all terms without a column share.
    fn expand_columns(&self, open: Ready) -> Result<Vec<Ready>, String> {
        let cells = || open.left.iter().chain(&open.right).filter_map(ReadyTerm::cell);
        let mut shared: Option<BTreeSet<u32>> = None;
        for cell in cells().filter(|cell| matches!(cell.column, ColumnTerm::Each)) {
            let numbers: BTreeSet<u32> = self.candidates(cell).map(|(number, _)| number).collect();
            shared = Some(shared.map_or(numbers.clone(), |shared| &shared & &numbers));
        }
        match shared {
            None => Ok(vec![open]),
            Some(numbers) if numbers.is_empty() => Err("两边没有相同的栏，请写明是哪一栏".to_owned()),
            Some(numbers) => Ok(numbers.into_iter().map(|number| self.with_column(&open, number)).collect()),
        }
    }

    /// The columns a term without a column may mean, by printed number.
    fn candidates(&self, cell: &CellTerm) -> impl Iterator<Item = (u32, u16)> {
        let form = &self.set.forms[usize::from(cell.form)];
        let range = match cell.row {
            RowTerm::Fixed(key) => form.columns_of(key),
            RowTerm::Bound | RowTerm::Under(_) => 0..form.columns.len(),
        };
        range.filter_map(|index| Some((form.columns[index].number, u16::try_from(index).ok()?)))
    }

    fn with_column(&self, open: &Ready, number: u32) -> Ready {
        let mut chosen = open.clone();
        for term in chosen.left.iter_mut().chain(&mut chosen.right) {
            if let What::Cell(cell) = &mut term.what
                && matches!(cell.column, ColumnTerm::Each)
            {
                let index = self.candidates(cell).find(|(candidate, _)| *candidate == number).map(|(_, index)| index);
                cell.column = index.map_or(ColumnTerm::Each, ColumnTerm::At);
            }
        }
        chosen
    }

    fn rows(&mut self, relation: &Ready, level: Option<Level>) -> Rows {
        let bound: Vec<&CellTerm> = relation.cells().filter(|cell| matches!(cell.row, RowTerm::Bound)).collect();
        let forms: BTreeSet<u16> = bound.iter().map(|cell| cell.form).collect();
        let by_code = |form: &u16| matches!(self.set.forms[usize::from(*form)].layout, Layout::ByCode { .. });
        match forms.first() {
            None => Rows::Named,
            Some(only) if forms.len() == 1 && level.is_none() && !by_code(only) => {
                Rows::Lines(lines_with(&self.set.forms[usize::from(*only)], &bound))
            }
            Some(_) => {
                let total = level.is_none() && forms.iter().all(by_code);
                Rows::Codes { group: self.group(Group { forms: forms.into_iter().collect(), level }), total }
            }
        }
    }

    /// The position of a group of rows, which is added when it is new.
    fn group(&mut self, group: Group) -> usize {
        self.groups.iter().position(|known| *known == group).unwrap_or_else(|| {
            self.groups.push(group);
            self.groups.len() - 1
        })
    }
}

impl Ready {
    /// The sides in the order they are judged: the single figure first, parts before wholes.
    pub fn sides(&self) -> (&[ReadyTerm], &[ReadyTerm]) {
        let single = |terms: &[ReadyTerm]| matches!(terms, [term] if term.is_single());
        let swap = match self.comparison {
            Comparison::Equal => !single(&self.left) && single(&self.right),
            Comparison::AtMost => false,
            Comparison::AtLeast => true,
        };
        if swap { (&self.right, &self.left) } else { (&self.left, &self.right) }
    }

    fn cells(&self) -> impl Iterator<Item = &CellTerm> {
        self.left.iter().chain(&self.right).filter_map(ReadyTerm::cell)
    }
}

impl ReadyTerm {
    const fn is_single(&self) -> bool {
        match &self.what {
            What::Fact(_) => true,
            What::FactSum(_) => false,
            What::Cell(cell) => !matches!(cell.row, RowTerm::Under(_)),
        }
    }

    pub const fn cell(&self) -> Option<&CellTerm> {
        match &self.what {
            What::Cell(cell) => Some(cell),
            What::Fact(_) | What::FactSum(_) => None,
        }
    }
}

/// The relations of several lists, each with the number of its list and its own.
fn numbered<'a>(lists: impl Iterator<Item = &'a Vec<Relation>>) -> impl Iterator<Item = (u16, u16, &'a Relation)> {
    let small = |index: usize| u16::try_from(index).unwrap_or(u16::MAX);
    lists.enumerate().flat_map(move |(list, relations)| {
        relations.iter().enumerate().map(move |(index, relation)| (small(list), small(index), relation))
    })
}

/// The level that `各款行` binds; `None` for `各行` and where nothing is bound.
fn bound_level<'a>(mut terms: impl Iterator<Item = &'a Term>) -> Option<Level> {
    terms.find_map(|term| match &term.operand {
        Operand::Cell(Reference { row: Some(RowRef::EachOf(level)), .. }) => Some(*level),
        _ => None,
    })
}

fn row_term(form: &Form, row: Option<&RowRef>) -> Result<RowTerm, String> {
    match row {
        Some(RowRef::Each | RowRef::EachOf(_)) => Ok(RowTerm::Bound),
        Some(RowRef::SumOf(level)) => Ok(RowTerm::Under(*level)),
        None if !matches!(form.layout, Layout::OneRow) => Ok(RowTerm::Bound),
        row => form.row_key(row).map(RowTerm::Fixed).map_err(|error| error.to_string()),
    }
}

fn column_term(form: &Form, row: RowTerm, column: Option<&ColumnRef>) -> Result<ColumnTerm, String> {
    let range = match row {
        RowTerm::Fixed(key) => form.columns_of(key),
        RowTerm::Bound | RowTerm::Under(_) => 0..form.columns.len(),
    };
    let at = |index: usize| u16::try_from(index).map(ColumnTerm::At).map_err(|_| "栏太多".to_owned());
    match column {
        Some(ColumnRef::EachOf(_)) => Ok(ColumnTerm::OfCode),
        Some(ColumnRef::Number(number)) => {
            let found = range.clone().find(|index| form.columns[*index].number == *number);
            found.map_or_else(|| Err(format!("{}的这一行没有{number}栏", form.code)), at)
        }
        None if range.len() == 1 => at(range.start),
        None => Ok(ColumnTerm::Each),
    }
}

/// The lines that have all the columns which bound terms name.
fn lines_with(form: &Form, bound: &[&CellTerm]) -> Vec<RowKey> {
    let has = |columns: &std::ops::Range<usize>, cell: &CellTerm| match cell.column {
        ColumnTerm::At(column) => columns.contains(&usize::from(column)),
        ColumnTerm::Each | ColumnTerm::OfCode => true,
    };
    let lines = form.lines.iter().filter(|line| bound.iter().all(|cell| has(&line.columns, cell)));
    lines.map(|line| line.key).collect()
}

fn lines_by_code(form: &Form) -> BTreeMap<ClassCode, RowKey> {
    if matches!(form.layout, Layout::ByCode { .. }) {
        return BTreeMap::new();
    }
    let code = |key: RowKey, class: Option<ClassCode>| match key {
        RowKey::Code(code) => Some(code),
        _ => class,
    };
    form.lines.iter().filter_map(|line| Some((code(line.key, line.class)?, line.key))).collect()
}

/// Codes in code order, each once.
pub(crate) fn in_order(codes: impl Iterator<Item = ClassCode>) -> Vec<ClassCode> {
    let mut codes: Vec<ClassCode> = codes.collect();
    codes.sort_unstable_by_key(|code| code.sort_key());
    codes.dedup();
    codes
}

/// The line that prints a code, or the coded row itself, there or not.
pub(crate) fn row_in(lines: &BTreeMap<ClassCode, RowKey>, code: ClassCode) -> RowKey {
    lines.get(&code).copied().unwrap_or(RowKey::Code(code))
}
