//! Remedies: figures put right in thought, and what every relation over them then comes to.
//!
//! A remedy heals when every failing relation over its figures holds and none that holds is
//! upset: an exact equation stays exact, and one that tolerated the error within its rounding
//! becomes exact. Relations that are only notes bind nobody.

use std::collections::{BTreeMap, BTreeSet};

use super::Context;
use crate::check::judge::Verdict;
use crate::check::relation::{Instance, Source, units};
use crate::diagnostic::Severity;
use crate::model::form::CellRef;

/// What some figures should be, in last units.
pub(super) type Remedy = BTreeMap<Source, i128>;

/// The relations of a disclosure with those that fail, found by the figures they are over.
pub(super) struct Bench<'a> {
    pub context: &'a Context<'a>,
    /// The relations that fail and are told, by their position.
    pub failing: BTreeSet<u32>,
    over: BTreeMap<&'a Source, Vec<u32>>,
}

/// What a remedy makes hold.
#[derive(Debug, Default)]
pub(super) struct Healed {
    /// The positions of the relations that failed.
    pub relations: BTreeSet<u32>,
    /// How many of them hold to the last digit.
    pub exact: usize,
}

impl<'a> Bench<'a> {
    pub fn new(context: &'a Context<'a>, failing: BTreeSet<u32>) -> Self {
        let mut over: BTreeMap<&Source, Vec<u32>> = BTreeMap::new();
        for (at, instance) in (0..).zip(context.instances) {
            for operand in context.instances.operands(instance) {
                over.entry(&operand.source).or_default().push(at);
            }
        }
        Self { context, failing, over }
    }

    pub fn failure(&self, at: u32) -> &'a Instance {
        &self.context.instances.instances[at as usize]
    }

    /// The figures in failing relations, other than last year's.
    pub fn doubtful(&self) -> BTreeSet<&'a Source> {
        let instances = self.context.instances;
        let operands = self.failing.iter().flat_map(|at| instances.operands(self.failure(*at)));
        operands.map(|operand| &operand.source).filter(|source| !matches!(source, Source::Prior(_))).collect()
    }

    /// The failing relations over a figure.
    pub fn failures_over(&self, source: &Source) -> impl Iterator<Item = &'a Instance> {
        let over = self.over.get(source).into_iter().flatten();
        over.filter(|at| self.failing.contains(at)).map(|at| self.failure(*at))
    }

    /// A figure in last units, a blank one as nothing; `None` where it is not known.
    pub fn units(&self, source: &Source) -> Option<i128> {
        let figure = self.context.scene.figure(source);
        let is_known = !matches!(figure, crate::model::table::Figure::Unknown | crate::model::table::Figure::NotRead);
        is_known.then(|| units(figure, self.context.disclosure().scale).unwrap_or_default())
    }

    /// What a remedy makes hold; `None` when it leaves a failure over its figures or upsets
    /// a relation that holds.
    pub fn heals(&self, remedy: &Remedy) -> Option<Healed> {
        let touched: BTreeSet<u32> =
            remedy.keys().filter_map(|source| self.over.get(source)).flatten().copied().collect();
        let mut healed = Healed::default();
        for at in touched {
            let instance = self.failure(at);
            let is_failing = self.failing.contains(&at);
            if !is_failing && !instance.verdict.passes() {
                continue;
            }
            let other = |source: &Source| remedy.get(source).copied();
            let after = self.context.scene.rejudged(self.context.instances, instance, other)?;
            let is_exact = after == Verdict::Exact;
            if is_failing && after.passes() {
                healed.relations.insert(at);
                healed.exact += usize::from(is_exact);
            } else if !(after.passes() && (is_exact || instance.at_most) || self.is_note(instance)) {
                return None;
            }
        }
        (!healed.relations.is_empty()).then_some(healed)
    }

    /// How grave a failure is.
    pub fn gravity(&self, at: u32) -> Option<Severity> {
        let instance = self.failure(at);
        instance.verdict.severity(instance.relation.of(self.context.set()).severity)
    }

    fn is_note(&self, instance: &Instance) -> bool {
        instance.relation.of(self.context.set()).severity == Severity::Note
    }
}

/// By how much a figure would have to change for an equation to hold; `None` for inequalities
/// and where it takes part more than once.
pub(super) fn change(context: &Context<'_>, instance: &Instance, source: &Source) -> Option<i128> {
    if instance.at_most {
        return None;
    }
    let mut own = context.instances.operands(instance).iter().filter(|operand| operand.source == *source);
    let (operand, None) = (own.next()?, own.next()) else { return None };
    let on_first = context.instances.first(instance).iter().any(|one| std::ptr::eq(one, operand));
    let off = i128::from(instance.off);
    Some(if on_first == operand.negative { off } else { -off })
}

/// The cells above and below a cell.
pub(super) fn in_rows_beside(context: &Context<'_>, cell: CellRef) -> impl Iterator<Item = CellRef> {
    let rows = &context.disclosure().table(cell.form).rows;
    let at = rows.iter().position(|row| row.key == cell.row);
    let beside = at.into_iter().flat_map(|at| [at.checked_sub(1), at.checked_add(1)]).flatten();
    let row = move |at: usize| rows.get(at).filter(|row| row.columns.contains(&usize::from(cell.column)));
    beside.filter_map(row).map(move |row| CellRef { row: row.key, ..cell })
}

/// The cells of a row other than this one, with how many columns away they are.
pub(super) fn in_the_row(context: &Context<'_>, cell: CellRef) -> impl Iterator<Item = (u16, CellRef)> {
    let row = context.disclosure().table(cell.form).row(cell.row);
    let columns = row.map(|row| row.columns.clone()).unwrap_or_default();
    let columns = columns.filter_map(|column| u16::try_from(column).ok()).filter(move |column| *column != cell.column);
    columns.map(move |column| (column.abs_diff(cell.column), CellRef { column, ..cell }))
}
