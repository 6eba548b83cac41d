//! Whether the names in relations, concepts and sources mean something in a set of forms.

use crate::model::code::Level;
use crate::model::disclosure::Target;
use crate::model::form::{Form, FormSet, Layout};
use crate::model::notation::{ColumnRef, Equation, NotationError, Operand, Reference, RowRef};

/// Why a name means nothing in a set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unresolved {
    /// The set has no such form, or no such concept: an inherited relation falls away.
    NoForm(String),
    /// The form is there, but not the row, the column or the fact.
    Unknown(String),
}

impl Unresolved {
    pub(super) fn message(&self) -> &str {
        match self {
            Self::NoForm(message) | Self::Unknown(message) => message,
        }
    }
}

type Result = std::result::Result<(), Unresolved>;

fn unknown(message: impl std::fmt::Display) -> Unresolved {
    Unresolved::Unknown(message.to_string())
}

/// Whether every name in a relation means something; `own` is the form that it stands in.
pub(super) fn equation(set: &FormSet, own: Option<&Form>, equation: &Equation) -> Result {
    equation.left.iter().chain(&equation.right).try_for_each(|term| operand(set, own, &term.operand))
}

fn operand(set: &FormSet, own: Option<&Form>, operand: &Operand) -> Result {
    match operand {
        Operand::Cell(reference) => {
            let form = form_of(set, own, reference)?;
            cells(form, reference)
        }
        Operand::Fact(name) => set.fact(name).map(|_| ()).ok_or_else(|| unknown(format!("没有附注“{name}”"))),
        Operand::FactSum(group) => {
            let known = set.facts.iter().any(|candidate| candidate.by_code && candidate.name == *group);
            if known { Ok(()) } else { Err(unknown(format!("没有按科目填写的附注“{group}”"))) }
        }
        Operand::Concept(key) => match set.concepts.get(key) {
            None => Err(Unresolved::NoForm(format!("没有概念“{{{key}}}”"))),
            Some(reference) => set.cell(reference).map(|_| ()).map_err(unknown),
        },
    }
}

fn form_of<'s>(
    set: &'s FormSet,
    own: Option<&'s Form>,
    reference: &Reference,
) -> std::result::Result<&'s Form, Unresolved> {
    match (&reference.form, own) {
        (Some(code), _) => {
            set.form(code).map(|(_, form)| form).ok_or_else(|| Unresolved::NoForm(format!("表式中没有“{code}”")))
        }
        (None, Some(form)) => Ok(form),
        (None, None) => Err(unknown(format!("“{reference}”没有写明是哪张表"))),
    }
}

/// Whether a reference means one cell or several of a form.
fn cells(form: &Form, reference: &Reference) -> Result {
    let by_code = matches!(form.layout, Layout::ByCode { .. });
    match &reference.row {
        None if reference.column.is_none() => Err(unknown(format!("“{reference}”没有写明是哪一行、哪一栏"))),
        None | Some(RowRef::Each) => column(form, 0..form.columns.len(), reference),
        Some(RowRef::EachOf(level)) if by_code || form.line_codes(*level).next().is_some() => {
            column(form, 0..form.columns.len(), reference)
        }
        Some(RowRef::SumOf(_)) if form.classification().is_some() => column(form, 0..form.columns.len(), reference),
        Some(RowRef::EachOf(_) | RowRef::SumOf(_)) => {
            Err(unknown(format!("{}的行没有科目编码，不能用“{reference}”", form.code)))
        }
        row => {
            let key = form.row_key(row.as_ref()).map_err(unknown)?;
            column(form, form.columns_of(key), reference)
        }
    }
}

fn column(form: &Form, range: std::ops::Range<usize>, reference: &Reference) -> Result {
    let columns = &form.columns[range];
    let found = match &reference.column {
        None => true,
        Some(ColumnRef::Number(number)) => columns.iter().any(|column| column.number == *number),
        Some(ColumnRef::EachOf(level)) => columns.iter().any(|column| level_of(column.code) == Some(*level)),
    };
    if found { Ok(()) } else { Err(unknown(format!("{}没有“{reference}”这一栏", form.code))) }
}

fn level_of(code: Option<crate::model::code::ClassCode>) -> Option<Level> {
    code.map(crate::model::code::ClassCode::level)
}

/// Whether a concept's reference means a form, a row, a column or a cell.
pub(super) fn concept(set: &FormSet, reference: &Reference) -> Result {
    let form = form_of(set, None, reference)?;
    if reference.row.is_none() && reference.column.is_none() { Ok(()) } else { cells(form, reference) }
}

/// The cell or fact that a text in a source names.
pub(super) fn target(set: &FormSet, text: &str) -> std::result::Result<Target, String> {
    if text.contains('·') {
        return match set.fact(text) {
            Some(_) => Ok(Target::Fact(text.to_owned())),
            None => Err(format!("表式中没有附注“{text}”")),
        };
    }
    if let Some(key) = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
        return set.concept_cell(key).map(Target::Cell).ok_or_else(|| format!("表式中没有概念“{text}”"));
    }
    let reference = Reference::parse(text).map_err(|error: NotationError| error.to_string())?;
    if reference.prior {
        return Err("这里不能写“上年”".to_owned());
    }
    set.cell(&reference).map(Target::Cell).map_err(|error| error.to_string())
}
