//! Last year's figure for a cell of this year's disclosure.
//!
//! 1. Last year's disclosure, where the site has it, by [`counterpart`]: the same cell of the
//!    same set, else the cell that means the same.
//! 2. Where that gives no figure, what this year's document says of last year (`[prior]`).
//! 3. Else the figure is unknown: never blank, never zero.

use crate::diagnostic::Place;
use crate::model::disclosure::Disclosure;
use crate::model::form::{CellRef, FormSet, RowKey};
use crate::model::table::Figure;

/// Last year's figure with where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prior {
    /// The figure.
    pub figure: Figure,
    /// Where it stands: in last year's source or in this year's; nowhere when nobody gives it.
    pub place: Option<Place>,
}

/// Last year's figure for a cell. A figure that last year's disclosure holds but does not give
/// (unknown, not read) stays what it is unless this year's document gives it.
pub fn of(prior: Option<&Disclosure>, disclosure: &Disclosure, cell: CellRef) -> Prior {
    let published = prior.and_then(|prior| {
        let counterpart = counterpart(&disclosure.set, cell, &prior.set)?;
        Some(Prior { figure: prior.figure(counterpart), place: Some(prior.place_of(counterpart)) })
    });
    let said = || disclosure.prior.get(&cell).map(|said| Prior { figure: said.value, place: Some(said.place) });
    match published {
        Some(Prior { figure: Figure::Unknown | Figure::NotRead, .. }) => said().or(published),
        Some(_) => published,
        None => said(),
    }
    .unwrap_or(Prior { figure: Figure::Unknown, place: None })
}

/// The cell of another set that means the same: the same cell of the same set, else by the
/// concept of the cell, else by the concept of its form.
pub fn counterpart(set: &FormSet, cell: CellRef, other: &FormSet) -> Option<CellRef> {
    if set.id == other.id {
        return Some(cell);
    }
    let by_cell = set.concepts.keys().find(|key| set.concept_cell(key) == Some(cell));
    by_cell.and_then(|key| other.concept_cell(key)).or_else(|| by_form(set, cell, other))
}

/// The cell of the same row and column heading in the form that stands for the same concept.
/// Only code and total rows are the same everywhere; line numbers move.
fn by_form(set: &FormSet, cell: CellRef, other: &FormSet) -> Option<CellRef> {
    if !matches!(cell.row, RowKey::Code(_) | RowKey::Total) {
        return None;
    }
    let is_form = |key: &&String| {
        let whole = set.concepts[*key].row.is_none() && set.concepts[*key].column.is_none();
        whole && set.concept_form(key).is_some_and(|(index, _)| index == cell.form)
    };
    let (form, definition) = other.concept_form(set.concepts.keys().find(is_form)?)?;
    let column = &set.form_of(cell).columns[usize::from(cell.column)];
    let same = definition.columns.iter().position(|candidate| candidate.heading.last() == column.heading.last())?;
    Some(CellRef { form, row: cell.row, column: u16::try_from(same).ok()? })
}
