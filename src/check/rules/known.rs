//! Facts outside the tables, found by the keys of sources. Rules ask for them here, so no name
//! is put together before something is wrong.

use std::ops::Bound;

use super::Context;
use crate::diagnostic::{Place, Placed};
use crate::model::disclosure::Disclosure;
use crate::model::form::{FactGroup, FactItem};
use crate::model::table::Figure;

/// A fact that the form set has, with what the disclosure says of it.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    group: &'a FactGroup,
    /// The fact.
    pub item: &'a FactItem,
    given: Option<&'a Placed<Figure>>,
}

impl<'a> Known<'a> {
    /// The figure; blank when the source does not give it.
    pub(super) fn figure(self) -> Figure {
        self.given.map_or(Figure::Blank, |given| given.value)
    }

    /// Where it stands, where it is given.
    pub(super) fn place(self) -> Option<Place> {
        self.given.map(|given| given.place)
    }

    /// The name in the notation: `附注·车辆·其他用车`.
    pub(super) fn name(self) -> String {
        format!("{}·{}", self.group.name, self.item.name)
    }

    /// Whether it is a number or an amount above nothing.
    pub(super) fn is_some(self) -> bool {
        is_above_nothing(self.figure())
    }

    fn of(disclosure: &'a Disclosure, group: &'a FactGroup, item: &'a FactItem) -> Self {
        let given = given(disclosure, group).find(|(rest, _)| *rest == item.name).map(|(_, given)| given);
        Self { group, item, given }
    }
}

/// Whether a figure is known and above nothing.
pub(super) fn is_above_nothing(figure: Figure) -> bool {
    match figure {
        Figure::Amount(amount) => !amount.is_zero() && !amount.is_negative(),
        Figure::Count(count) => count > 0,
        Figure::Blank | Figure::Unknown | Figure::NotRead => false,
    }
}

/// A group of facts by its key.
pub(super) fn group<'a>(context: &'a Context<'_>, key: &str) -> Option<&'a FactGroup> {
    context.set().facts.iter().find(|group| group.key == key)
}

/// A fact by the keys of its group and of itself; `None` when the set has none.
pub(super) fn fact<'a>(context: &'a Context<'_>, in_group: &str, key: &str) -> Option<Known<'a>> {
    let group = group(context, in_group)?;
    let item = group.items.iter().find(|item| item.key == key)?;
    Some(Known::of(context.disclosure(), group, item))
}

/// The given facts of a group, by what follows the group's name: `货物`, `2010350`.
pub(super) fn given<'a>(
    disclosure: &'a Disclosure,
    group: &'a FactGroup,
) -> impl Iterator<Item = (&'a str, &'a Placed<Figure>)> {
    let prefix = group.name.as_str();
    let from = disclosure.facts.range::<str, _>((Bound::Included(prefix), Bound::Unbounded));
    let within = from.map_while(move |(name, given)| Some((name.strip_prefix(prefix)?, given)));
    within.filter_map(|(rest, given)| Some((rest.strip_prefix('·')?, given)))
}
