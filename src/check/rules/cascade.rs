//! Root causes: one wrong figure that explains every failing relation over it.
//!
//! A figure is the cause of failures when several relations fail over it, no equation over it
//! holds, one value for it makes all of them hold, and no other figure explains as much. Two
//! mistakes that meet in a relation explain nothing by themselves, so they stay two.

use std::collections::{BTreeMap, BTreeSet};

use super::Context;
use crate::check::judge::Verdict;
use crate::check::relation::{Instance, Source, units};
use crate::model::table::Figure;

/// A wrong figure with what it should be and the failures that follow from it.
pub(super) struct Cause<'a> {
    pub source: &'a Source,
    /// What it should be, in last units.
    pub right: i128,
    /// Positions in the list of failures, at least two.
    pub failures: Vec<usize>,
}

/// The figures that explain failures, each failure by one of them at most.
pub(super) fn causes<'a>(context: &Context<'a>, failures: &[&'a Instance]) -> Vec<Cause<'a>> {
    let explaining: Vec<Cause<'a>> = doubtful(context, failures)
        .into_iter()
        .filter_map(|(source, over)| {
            let right = right_value(context, source, &over, failures)?;
            Some(Cause { source, right, failures: over.into_iter().collect() })
        })
        .collect();
    let shares = |one: &Cause<'_>, other: &Cause<'_>| one.failures.iter().any(|at| other.failures.contains(at));
    let is_part = |one: &Cause<'_>, other: &Cause<'_>| {
        one.failures.len() < other.failures.len() && one.failures.iter().all(|at| other.failures.contains(at))
    };
    let has_rival: Vec<bool> = explaining
        .iter()
        .map(|cause| {
            let others = explaining.iter().filter(|other| !std::ptr::eq(*other, cause));
            others.into_iter().any(|other| shares(other, cause) && !is_part(other, cause))
        })
        .collect();
    explaining.into_iter().zip(has_rival).filter_map(|(cause, rival)| (!rival).then_some(cause)).collect()
}

/// The figures in several failures and in no equation that holds.
fn doubtful<'a>(context: &Context<'a>, failures: &[&'a Instance]) -> BTreeMap<&'a Source, BTreeSet<usize>> {
    let mut over: BTreeMap<&Source, BTreeSet<usize>> = BTreeMap::new();
    for (at, failure) in failures.iter().enumerate() {
        for operand in context.instances.operands(failure) {
            if !matches!(operand.source, Source::Prior(_)) {
                over.entry(&operand.source).or_default().insert(at);
            }
        }
    }
    over.retain(|_, failures| failures.len() > 1);
    if !over.is_empty() {
        let holds = |instance: &&Instance| instance.verdict.passes() && !instance.at_most;
        for operand in context.instances.iter().filter(holds).flat_map(|held| context.instances.operands(held)) {
            over.remove(&operand.source);
        }
    }
    over
}

/// The one value that makes every failure over a figure hold, and upsets nothing that holds.
fn right_value(context: &Context<'_>, source: &Source, over: &BTreeSet<usize>, failures: &[&Instance]) -> Option<i128> {
    let figure = context.scene.figure(source);
    if matches!(figure, Figure::Unknown | Figure::NotRead) {
        return None;
    }
    let wrong = units(figure, context.disclosure().scale).unwrap_or_default();
    let failing = || over.iter().map(|at| failures[*at]);
    let values: BTreeSet<i128> =
        failing().filter_map(|failure| Some(wrong + change(context, failure, source)?)).collect();
    let mut best: Option<(usize, i128)> = None;
    let mut is_tied = false;
    for value in values.into_iter().filter(|value| *value != wrong) {
        let Some(exact) = explained(context, source, value, failing()) else { continue };
        match best {
            Some((most, _)) if exact < most => {}
            Some((most, _)) if exact == most => is_tied = true,
            _ => (best, is_tied) = (Some((exact, value)), false),
        }
    }
    let (_, value) = best.filter(|_| !is_tied)?;
    upsets_nothing(context, source, value).then_some(value)
}

/// How many failures hold to the last digit with another value; `None` unless all hold.
fn explained<'a>(
    context: &Context<'_>,
    source: &Source,
    value: i128,
    failing: impl Iterator<Item = &'a Instance>,
) -> Option<usize> {
    let mut exact = 0;
    for failure in failing {
        let verdict = context.scene.rejudged(context.instances, failure, |of| (of == source).then_some(value))?;
        if !verdict.passes() {
            return None;
        }
        exact += usize::from(verdict == Verdict::Exact);
    }
    Some(exact)
}

/// Whether the inequalities over a figure that hold would still hold.
fn upsets_nothing(context: &Context<'_>, source: &Source, value: i128) -> bool {
    let touches = |instance: &&Instance| {
        instance.at_most
            && instance.verdict.passes()
            && context.instances.operands(instance).iter().any(|operand| operand.source == *source)
    };
    context.instances.iter().filter(touches).all(|instance| {
        let verdict = context.scene.rejudged(context.instances, instance, |of| (of == source).then_some(value));
        verdict.is_some_and(Verdict::passes)
    })
}

/// By how much a figure would have to change for an equation to hold; `None` for inequalities
/// and where it takes part more than once.
fn change(context: &Context<'_>, instance: &Instance, source: &Source) -> Option<i128> {
    if instance.at_most {
        return None;
    }
    let mut own = context.instances.operands(instance).iter().filter(|operand| operand.source == *source);
    let (operand, None) = (own.next()?, own.next()) else { return None };
    let on_first = context.instances.first(instance).iter().any(|one| std::ptr::eq(one, operand));
    let off = i128::from(instance.off);
    Some(if on_first == operand.negative { off } else { -off })
}
