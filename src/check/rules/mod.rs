//! The rules: one file a rule, each a function from a disclosure to findings.
//!
//! A rule's file says what it looks for, why it matters and what stays silent; the texts for
//! people stand beside the codes in [`crate::diagnostic`]. [`RULES`] is the registry.

mod budget;
mod cascade;
mod classification;
mod completeness;
mod control;
mod corrections;
mod counts;
mod dates;
mod department;
mod empty_tables;
mod evaluations;
mod execution_rate;
mod funding;
mod indicators;
mod known;
mod late;
mod mandatory;
mod measure;
mod money_unit;
mod negative;
mod opening;
mod prior;
mod prior_said;
mod reasons;
mod relations;
mod remedy;
mod rows;
mod sentences;
mod shifted;
mod stated;
mod term_use;
mod terms;
mod three_public;
mod titles;
mod weights;
mod wording;
mod work;
mod year_to_year;

#[cfg(test)]
mod trials;
#[cfg(test)]
mod trials_consistency;
#[cfg(test)]
mod trials_content;

pub(crate) use relations::faults;
pub use term_use::Unlisted;
pub(crate) use terms::explained;
pub(crate) use wording::code_of;

use std::collections::BTreeSet;

use crate::check::index::Index;
use crate::check::listed::Listed;
use crate::check::relation::{Instances, Scene, shown};
use crate::diagnostic::{Finding, Related};
use crate::model::code::ClassCode;
use crate::model::disclosure::Disclosure;
use crate::model::form::FormSet;
use crate::model::site::Site;
use crate::model::table::Figure;

/// A check that is run over every disclosure.
pub struct Rule {
    /// The stable ASCII name, `stated-figures`.
    pub name: &'static str,
    /// The codes of the findings it makes.
    pub codes: &'static [&'static str],
    pub(crate) run: fn(&Context<'_>) -> Vec<Finding>,
}

impl std::fmt::Debug for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rule").field("name", &self.name).field("codes", &self.codes).finish_non_exhaustive()
    }
}

/// Every rule, in the order in which their findings are told.
pub static RULES: &[Rule] = &[
    relations::RULE,
    stated::RULE,
    control::RULE,
    prior::RULE,
    rows::RULE,
    empty_tables::RULE,
    negative::RULE,
    counts::RULE,
    weights::RULE,
    execution_rate::RULE,
    funding::RULE,
    late::RULE,
    terms::RULE,
    term_use::RULE,
    three_public::RULE,
    mandatory::RULE,
    opening::RULE,
    reasons::RULE,
    indicators::RULE,
    evaluations::RULE,
    corrections::RULE,
    work::RULE,
    prior_said::RULE,
    year_to_year::RULE,
    budget::RULE,
    classification::RULE,
    dates::RULE,
    titles::RULE,
    sentences::RULE,
    money_unit::RULE,
    completeness::RULE,
    shifted::RULE,
    department::RULE,
];

/// Tells every check that it makes, passes too.
pub(super) type List = fn(&Context<'_>) -> Vec<Listed>;

/// The rules that compare figures other than by relations, in the order of pages.
pub(super) static LISTS: &[List] = &[
    stated::listed,
    control::listed,
    prior::listed,
    prior_said::listed,
    budget::listed,
    three_public::listed,
    evaluations::listed,
    funding::listed,
    execution_rate::listed,
    weights::listed,
    indicators::listed,
    late::listed,
    dates::listed,
    department::listed,
    corrections::listed,
];

/// What a rule looks at: a disclosure, the site it is part of, and its judged relations.
pub(crate) struct Context<'a> {
    pub site: &'a Site,
    pub index: &'a Index<'a>,
    pub scene: Scene<'a>,
    pub instances: &'a Instances,
    /// The codes that the site's glossary explains, gathered once.
    pub explained: &'a BTreeSet<ClassCode>,
}

impl Context<'_> {
    const fn disclosure(&self) -> &Disclosure {
        self.scene.disclosure
    }

    fn set(&self) -> &FormSet {
        &self.disclosure().set
    }

    /// A figure as it is printed in this disclosure: `373.97`, `空白`.
    fn shown(&self, figure: Figure) -> String {
        shown(figure, self.disclosure().scale)
    }

    /// The unit of money after a figure: ` 万元`.
    fn money(&self) -> String {
        format!(" {}", self.disclosure().scale)
    }
}

/// Adds an operand to a finding: `公开06表30101行＝42.45`, with its cell and place.
fn add_related(finding: &mut Finding, name: &str, figure: &str, place: Option<crate::diagnostic::Place>) {
    finding.related.push(Related { label: format!("{name}＝{figure}"), cell: Some(name.to_owned()), place });
}
