//! Control totals: how many figures a table holds, and what they add up to.
//!
//! Rounding lets a total and its parts lie a last digit apart, so a slip of that size passes
//! every sum. A control total reckoned from the document when it was entered does not let it
//! pass. It is the last net: it stays silent while anything else is wrong with the table.

use super::{Context, Rule, add_related};
use crate::amount::Amount;
use crate::check::judge::Verdict;
use crate::check::listed::{Listed, Topic};
use crate::check::relation::Source;
use crate::diagnostic::Finding;
use crate::model::disclosure::{Control, Target};
use crate::model::form::CellRef;
use crate::model::table::{Cell, Figure, TableState};

pub(super) const RULE: Rule = Rule { name: "control-totals", codes: &["C114"], run };

fn run(context: &Context<'_>) -> Vec<Finding> {
    context.disclosure().controls.iter().filter_map(|control| finding(context, control)).collect()
}

/// Every control total, beside what its table holds.
pub(super) fn listed(context: &Context<'_>) -> Vec<Listed> {
    let one = |control: &Control| {
        let code = context.set().forms[usize::from(control.form)].code.clone();
        let wanted = format!("应有 {} 个数、合计 {}", control.figures, context.shown(control.sum));
        let (text, verdict) = match held(context, control) {
            Some((amounts, sum)) => {
                let text =
                    format!("{wanted}；表里 {} 个数、合计 {}", amounts.len(), context.shown(Figure::Amount(sum)));
                let agrees = agrees(control, amounts.len(), sum);
                (text, if agrees { Verdict::Exact } else { Verdict::Fail })
            }
            None => (format!("{wanted}；表里的数没有提供全"), Verdict::NotCheckable),
        };
        Listed::named(Topic::Stated, "C114", code, text, verdict)
    };
    context.disclosure().controls.iter().map(one).collect()
}

/// The cells of a table that hold an amount.
type Amounts<'a> = Vec<(CellRef, &'a Cell, Amount)>;

/// The amounts of a table and their sum; `None` while the table is not wholly given.
fn held<'a>(context: &'a Context<'_>, control: &Control) -> Option<(Amounts<'a>, Amount)> {
    let table = context.disclosure().table(control.form);
    let open = |figure| matches!(figure, Figure::NotRead | Figure::Unknown);
    let given = matches!(table.state, TableState::Filled | TableState::Empty(_));
    if !given || table.cells().any(|(_, cell)| open(cell.figure)) {
        return None;
    }
    let amounts: Vec<_> = table.cells().filter_map(|(at, cell)| Some((at, cell, cell.figure.amount()?))).collect();
    let sum = amounts.iter().map(|(_, _, amount)| *amount).sum();
    Some((amounts, sum))
}

fn agrees(control: &Control, count: usize, sum: Amount) -> bool {
    i64::try_from(count) == Ok(control.figures) && control.sum.amount() == Some(sum)
}

fn finding(context: &Context<'_>, control: &Control) -> Option<Finding> {
    let (amounts, sum) = held(context, control)?;
    let (count, wanted) = (amounts.len(), control.sum.amount()?);
    if agrees(control, count, sum) || is_already_told(context, control.form) {
        return None;
    }
    let code = &context.set().forms[usize::from(control.form)].code;
    let shown = |amount| context.shown(Figure::Amount(amount));
    let (expected, actual) = (shown(wanted), shown(sum));
    let message = format!(
        "{code} 与校验数不符：按原件应有 {} 个数、合计 {expected}，表里有 {count} 个数、合计 {actual}",
        control.figures
    );
    let mut finding = Finding::new("C114", message)
        .at(control.place)
        .cell(code.clone())
        .help("请对照原件逐个核对这张表的数，看有没有录错、多录、漏录；校验数本身算错的，改正 stated.toml。");
    finding.difference = Some(shown((sum - wanted).abs()));
    (finding.expected, finding.actual) = (Some(expected), Some(actual));
    for (at, cell, amount) in amounts {
        add_related(&mut finding, &context.set().name_of(at), &shown(amount), Some(cell.place));
    }
    Some(finding)
}

/// Whether a relation or a stated figure already says that something is wrong with a table.
fn is_already_told(context: &Context<'_>, form: u16) -> bool {
    let touches = |source: &Source| source.cell().is_some_and(|cell| cell.form == form);
    let fails = context
        .instances
        .iter()
        .filter(|instance| matches!(instance.verdict, Verdict::Fail | Verdict::NotRead))
        .any(|instance| context.instances.operands(instance).iter().any(|operand| touches(&operand.source)));
    let scale = context.disclosure().scale;
    fails
        || context.disclosure().stated.iter().any(|stated| match &stated.target {
            Target::Cell(cell) if cell.form == form => {
                super::stated::differ(stated.figure.value, context.disclosure().figure(*cell), scale)
            }
            _ => false,
        })
}
