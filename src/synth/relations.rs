//! A set's own relations, spelled out cell by cell and used to fill what no words determine.
//!
//! [`instances`] binds every quantified row and column (各类行, Σ款行, 各款栏 …). It reads the same
//! relations as the program's checks, by code of its own: that the two agree is tested over
//! generated disclosures. [`super::press`] fills from them what no words determine.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::code::ClassCode;
use crate::model::form::{CellRef, Form, FormSet, Layout, RowKey};
use crate::model::notation::{ColumnRef, Comparison, Equation, Operand, Reference, RowRef};

/// The rows of every by-code form.
pub type Rows = BTreeMap<u16, BTreeSet<RowKey>>;

/// What is known of cells: an exact amount, or `None` for blank.
pub type Values = BTreeMap<CellRef, Option<i128>>;

/// A relation between named cells: the signed terms of both sides, the right ones negated.
#[derive(Clone, Debug)]
pub struct Instance {
    /// Signed cells; `true` is subtracted.
    pub terms: Vec<(bool, CellRef)>,
    /// How their sum compares with nothing.
    pub comparison: Comparison,
    /// The relation as its source writes it.
    pub text: String,
}

impl Instance {
    /// Whether the known figures satisfy the relation exactly.
    pub fn holds(&self, values: &Values) -> bool {
        let sum: i128 = self.terms.iter().map(|(negative, cell)| signed(*negative, known(values, *cell))).sum();
        match self.comparison {
            Comparison::Equal => sum == 0,
            Comparison::AtMost => sum <= 0,
            Comparison::AtLeast => sum >= 0,
        }
    }
}

fn known(values: &Values, cell: CellRef) -> i128 {
    values.get(&cell).copied().flatten().unwrap_or(0)
}

const fn signed(negative: bool, fen: i128) -> i128 {
    if negative { -fen } else { fen }
}

/// Every relation of a set among cells, bound to the rows that its tables have.
pub fn instances(set: &FormSet, rows: &Rows) -> Vec<Instance> {
    let binder = Binder { set, rows };
    let mut out = Vec::new();
    for (index, form) in (0_u16..).zip(&set.forms) {
        for relation in &form.relations {
            binder.bind(&relation.equation, Some(index), &mut out);
        }
    }
    for relation in &set.relations {
        binder.bind(&relation.equation, None, &mut out);
    }
    out
}

struct Binder<'a> {
    set: &'a FormSet,
    rows: &'a Rows,
}

/// A term whose form is known.
struct Part<'a> {
    negative: bool,
    form: u16,
    reference: &'a Reference,
}

/// What the quantifiers of a relation stand for at the moment.
#[derive(Clone, Copy)]
struct Bound {
    row: Option<RowKey>,
    column: Option<usize>,
}

impl Binder<'_> {
    fn bind(&self, equation: &Equation, home: Option<u16>, out: &mut Vec<Instance>) {
        let Some(parts) = self.parts(equation, home) else { return };
        for row in self.bound_rows(&parts, home) {
            for column in self.bound_columns(&parts, home, row) {
                let bound = Bound { row, column };
                let terms: Option<Vec<_>> = parts.iter().map(|part| self.cells(part, bound)).collect();
                let Some(terms) = terms else { continue };
                out.push(Instance {
                    terms: terms.into_iter().flatten().collect(),
                    comparison: equation.comparison,
                    text: equation.text.clone(),
                });
            }
        }
    }

    /// The terms of both sides; `None` for relations about facts or last year.
    fn parts<'e>(&'e self, equation: &'e Equation, home: Option<u16>) -> Option<Vec<Part<'e>>> {
        let left = equation.left.iter().map(|term| (term.negative, term));
        let right = equation.right.iter().map(|term| (!term.negative, term));
        left.chain(right)
            .map(|(negative, term)| {
                let reference = match &term.operand {
                    Operand::Cell(reference) => reference,
                    Operand::Concept(key) => self.set.concepts.get(key)?,
                    Operand::Fact(_) | Operand::FactSum(_) => return None,
                };
                let form = match &reference.form {
                    Some(code) => self.set.form(code)?.0,
                    None => home?,
                };
                (!reference.prior).then_some(Part { negative, form, reference })
            })
            .collect()
    }

    fn form(&self, index: u16) -> &Form {
        &self.set.forms[usize::from(index)]
    }

    /// Every row of a form that can hold amounts.
    fn all_rows(&self, form: u16) -> Vec<RowKey> {
        if let Some(rows) = self.rows.get(&form) {
            return rows.iter().copied().collect();
        }
        let definition = self.form(form);
        match definition.layout {
            Layout::OneRow => vec![RowKey::Only],
            _ => definition.lines.iter().filter(|line| !line.label.is_empty()).map(|line| line.key).collect(),
        }
    }

    /// What the rows of a relation are bound to, one after the other; once unbound, where no
    /// row is quantified. In `301行＝Σ款行` the row is the one named on the left.
    fn bound_rows(&self, parts: &[Part], home: Option<u16>) -> Vec<Option<RowKey>> {
        if parts.iter().any(|part| matches!(part.reference.row, Some(RowRef::SumOf(_))))
            && let [first, ..] = parts
        {
            let named = self.form(first.form).row_key(first.reference.row.as_ref());
            if let Ok(key) = named {
                return vec![Some(key)];
            }
        }
        let mut bound = BTreeSet::new();
        for part in parts {
            match &part.reference.row {
                Some(RowRef::Each) => bound.extend(self.all_rows(part.form)),
                Some(RowRef::EachOf(level)) => {
                    let of_level = |key: &RowKey| matches!(key, RowKey::Code(code) if code.level() == *level);
                    bound.extend(self.all_rows(part.form).into_iter().filter(of_level));
                    bound.extend(self.form(part.form).line_codes(*level).map(RowKey::Code));
                }
                None if home.is_some() => bound.extend(self.all_rows(part.form)),
                _ => {}
            }
        }
        if bound.is_empty() { vec![None] } else { bound.into_iter().map(Some).collect() }
    }

    /// What the columns of a form's own relation are bound to where it names none.
    fn bound_columns(&self, parts: &[Part], home: Option<u16>, row: Option<RowKey>) -> Vec<Option<usize>> {
        let (Some(home), true) = (home, parts.iter().all(|part| part.reference.column.is_none())) else {
            return vec![None];
        };
        let form = self.form(home);
        let row = row.or_else(|| form.row_key(parts[0].reference.row.as_ref()).ok());
        row.map_or_else(Vec::new, |row| form.columns_of(row).map(Some).collect())
    }

    /// The cells a term stands for; `None` where the bound row has no such cell at all.
    fn cells(&self, part: &Part, bound: Bound) -> Option<Vec<(bool, CellRef)>> {
        let form = self.form(part.form);
        let keys = self.keys(part, bound)?;
        keys.into_iter()
            .map(|row| {
                let column = match (&part.reference.column, bound.column) {
                    (Some(ColumnRef::EachOf(_)), _) => column_with_code(form, bound.row)?,
                    (None, Some(column)) => column,
                    (column, _) => usize::from(form.column_in(row, column.as_ref()).ok()?),
                };
                let cell = CellRef { form: part.form, row, column: u16::try_from(column).ok()? };
                form.columns_of(row).contains(&column).then_some((part.negative, cell))
            })
            .collect()
    }

    fn keys(&self, part: &Part, bound: Bound) -> Option<Vec<RowKey>> {
        let form = self.form(part.form);
        match &part.reference.row {
            Some(RowRef::SumOf(level)) => {
                let under = |code: &ClassCode| match bound.row {
                    Some(RowKey::Code(parent)) => code.parent() == Some(parent),
                    _ => true,
                };
                let summed = |key: &RowKey| matches!(key, RowKey::Code(code) if code.level() == *level && under(code));
                Some(self.all_rows(part.form).into_iter().filter(summed).collect())
            }
            Some(RowRef::Each | RowRef::EachOf(_)) | None => match (bound.row, &form.layout) {
                (Some(key), Layout::ByCode { .. } | Layout::OneRow) => Some(vec![key]),
                (Some(RowKey::Code(code)), _) => form.row_key(Some(&RowRef::Number(code.0))).ok().map(|key| vec![key]),
                (Some(key), _) => Some(vec![key]),
                (None, _) => form.row_key(None).ok().map(|key| vec![key]),
            },
            row => form.row_key(row.as_ref()).ok().map(|key| vec![key]),
        }
    }
}

fn column_with_code(form: &Form, row: Option<RowKey>) -> Option<usize> {
    let Some(RowKey::Code(code)) = row else { return None };
    form.columns.iter().position(|column| column.code == Some(code))
}
