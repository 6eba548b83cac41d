//! 更正: what a source note calls right must be what the site shows.
//!
//! Only a note whose right version is a bare figure (`83.92万元`, `1辆`) is held to its cell;
//! sentences are not taken apart. A note that points at a cell or fact the disclosure does not
//! show leads readers nowhere.

use super::measure::number;
use super::{Context, Rule, add_related, stated};
use crate::amount::{Amount, Scale};
use crate::check::listed::{Listed, Topic};
use crate::check::relation::Source;
use crate::diagnostic::Finding;
use crate::model::disclosure::Correction;
use crate::model::form::{CellRef, FactKind};
use crate::model::table::{Figure, TableState};
use crate::text::fold_width;

pub(super) const RULE: Rule = Rule { name: "corrections", codes: &["C241", "C242"], run };

fn run(context: &Context<'_>) -> Vec<Finding> {
    context.disclosure().corrections.iter().filter_map(|correction| finding(context, correction)).collect()
}

/// Every correction that is a bare figure, beside the figure of this site.
pub(super) fn listed(context: &Context<'_>) -> Vec<Listed> {
    let one = |correction: &Correction| {
        let name = correction.cell.as_deref()?;
        let source = source(context, name).filter(|source| is_shown(context, source))?;
        let held = context.scene.figure(&source);
        let right = right_figure(context, &correction.right, name, held)?;
        let text = format!("更正为 {}，本站 {}", correction.right, context.shown(held));
        let verdict = stated::agreement(right, held, context.disclosure().scale);
        Some(Listed::named(Topic::Corrections, "C241", name.to_owned(), text, verdict))
    };
    context.disclosure().corrections.iter().filter_map(one).collect()
}

/// Whether the disclosure has the figure that a correction points at.
fn is_shown(context: &Context<'_>, source: &Source) -> bool {
    match source {
        Source::Cell(cell) => context.disclosure().shows(*cell),
        Source::Fact(name) => context.disclosure().facts.contains_key(&**name),
        Source::Prior(_) => true,
    }
}

fn finding(context: &Context<'_>, correction: &Correction) -> Option<Finding> {
    let name = correction.cell.as_deref()?;
    let source = source(context, name)?;
    if !is_shown(context, &source) {
        // A table that is missing or could not be read is told by itself.
        let state = |cell: CellRef| &context.disclosure().table(cell.form).state;
        let is_told = source.cell().is_some_and(|cell| *state(cell) == TableState::Missing);
        return (!is_told).then(|| hidden(context, correction, name));
    }
    let held = context.scene.figure(&source);
    let right = right_figure(context, &correction.right, name, held)?;
    stated::differ(right, held, context.disclosure().scale).then(|| differs(context, correction, right, &source))
}

fn source(context: &Context<'_>, name: &str) -> Option<Source> {
    match context.set().cell_named(name) {
        Ok(cell) => Some(Source::Cell(cell)),
        Err(_) => context.set().fact(name).map(|_| Source::Fact(name.into())),
    }
}

/// The figure that a right version is, when it is nothing but one.
fn right_figure(context: &Context<'_>, text: &str, name: &str, held: Figure) -> Option<Figure> {
    let text = fold_width(text);
    let (number, unit) = number(text.trim())?;
    let unit = unit.trim_end_matches(['。', ' ']);
    if let Some(FactKind::Count(word)) = context.set().fact(name) {
        return (unit == word || unit.is_empty()).then(|| number.parse().ok().map(Figure::Count))?;
    }
    let scale = if unit.is_empty() { context.disclosure().scale } else { Scale::from_name(unit)? };
    let amount = Amount::parse(number, scale).ok()?;
    // A figure told in more digits than the tables print is held to what they print.
    let is_amount = matches!(held, Figure::Amount(_) | Figure::Blank);
    is_amount.then(|| Figure::Amount(amount.print(context.disclosure().scale).amount()))
}

fn differs(context: &Context<'_>, correction: &Correction, right: Figure, source: &Source) -> Finding {
    let (name, held) = (source.name(context.set()), context.shown(context.scene.figure(source)));
    let message = format!("更正写的是 {}，{name} 却是 {held}", correction.right);
    let mut finding = Finding::new("C241", message).at(correction.place).cell(name.clone());
    finding = finding.help("更正说明里的数应与本站所列一致，请核对原件，改正其中一处。");
    (finding.actual, finding.expected) = (Some(held.clone()), Some(context.shown(right)));
    add_related(&mut finding, &name, &held, context.scene.place(source));
    finding
}

fn hidden(context: &Context<'_>, correction: &Correction, name: &str) -> Finding {
    let word = &context.disclosure().word;
    let message = format!("更正指的是 {name}，这份{word}{}没有列出它", context.disclosure().kind.name());
    let finding = Finding::new("C242", message).at(correction.place).cell(name);
    finding.help("请核对 cell 的写法，或者补填这一格；不指某一格时删去 cell。")
}
