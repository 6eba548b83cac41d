//! This year's tables and totals beside last year's: a table copied whole, totals that did not
//! move by a 分, totals that moved more than tenfold, and a year that is missing in between.
//!
//! Money repeats itself lawfully now and then, so the first three ask for much before they
//! speak: six figures of four values for a table, two totals of four digits, ten 万元 for a leap.

use std::collections::BTreeSet;

use super::{Context, Rule, add_related};
use crate::amount::{Amount, Scale};
use crate::diagnostic::Finding;
use crate::model::disclosure::Disclosure;
use crate::model::form::{CellRef, Form};
use crate::model::prior::{self, Prior};
use crate::model::table::{Figure, Table, TableState};

pub(super) const RULE: Rule = Rule { name: "year-to-year", codes: &["C116", "C117", "C118", "C158"], run };

/// The totals that are held against last year's, as concepts.
const TOTALS: [&str; 6] = [
    "income_grand_total",
    "spending_total",
    "grant_spending_total",
    "general_total",
    "personnel_total",
    "running_total",
];

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = copied_tables(context);
    let totals = totals(context);
    findings.extend(leap(context, &totals));
    findings.extend(missing_year(context));
    findings.extend(unmoved(context, &totals));
    findings
}

/// Last year's table on the same blank form.
pub(super) fn last_years<'a>(context: &Context<'_>, prior: &'a Disclosure, table: &Table) -> Option<&'a Table> {
    let form = &context.set().forms[usize::from(table.form)];
    let same = |other: &Form| other.title == form.title && other.columns == form.columns && other.lines == form.lines;
    let at = if context.set().id == prior.set.id {
        usize::from(table.form)
    } else {
        prior.set.forms.iter().position(same)?
    };
    prior.tables.get(at)
}

fn copied_tables(context: &Context<'_>) -> Vec<Finding> {
    let Some(prior) = context.scene.prior else { return Vec::new() };
    let pairs =
        context.disclosure().tables.iter().filter_map(|table| Some((table, last_years(context, prior, table)?)));
    pairs
        .filter(|(table, last)| is_copy(table, last))
        .map(|(table, last)| copied(context, prior, table, last))
        .collect()
}

/// Whether two tables hold the same figures throughout, and enough of them to tell.
fn is_copy(table: &Table, last: &Table) -> bool {
    let filled = table.state == TableState::Filled && last.state == TableState::Filled;
    let same = |(cell, held): (CellRef, &crate::model::table::Cell)| {
        held.figure == last.figure(cell.row, usize::from(cell.column))
    };
    if !filled || table.rows.len() != last.rows.len() || !table.cells().all(same) {
        return false;
    }
    let amounts: Vec<Amount> =
        table.cells().filter_map(|(_, cell)| cell.figure.amount()).filter(|amount| !amount.is_zero()).collect();
    amounts.len() >= 6 && amounts.iter().collect::<BTreeSet<_>>().len() >= 4
}

fn copied(context: &Context<'_>, prior: &Disclosure, table: &Table, last: &Table) -> Finding {
    let form = &context.set().forms[usize::from(table.form)];
    let message = format!("{}《{}》的数与{}年度的完全相同", form.code, form.title, prior.year);
    Finding::new("C116", message)
        .at(table.place)
        .related(format!("{}年度的表", prior.year), last.place)
        .help("像是照抄了上年的表：请对照本年的决算改正；确实全无变动的，请编报人说明。")
}

/// A total of this year with last year's, both above or below nothing.
struct Total {
    cell: CellRef,
    this: Amount,
    last: Amount,
    prior: Prior,
}

fn totals(context: &Context<'_>) -> Vec<Total> {
    let disclosure = context.disclosure();
    let total = |key: &&str| {
        let cell = context.set().concept_cell(key)?;
        let this = disclosure.figure(cell).amount().filter(|amount| !amount.is_zero())?;
        let prior = last_of(context, key, cell);
        let last = prior.figure.amount().filter(|amount| !amount.is_zero())?;
        Some(Total { cell, this, last, prior })
    };
    TOTALS.iter().filter_map(total).collect()
}

/// Last year's figure of a concept: as last year's own disclosure has it, else as this one gives it.
fn last_of(context: &Context<'_>, key: &str, cell: CellRef) -> Prior {
    let published = context.scene.prior.and_then(|prior| {
        let cell = prior.set.concept_cell(key)?;
        let figure = Figure::Amount(prior.figure(cell).amount()?);
        Some(Prior { figure, place: Some(prior.place_of(cell)) })
    });
    published.unwrap_or_else(|| prior::of(None, context.disclosure(), cell))
}

/// An amount in 百元, the last unit of 万元, without its sign.
fn hundreds(amount: Amount) -> i128 {
    amount.print(Scale::TenThousand).last_units.abs()
}

/// Whether one of two amounts is more than so many times the other.
fn apart(one: Amount, other: Amount, times: i128) -> bool {
    let (one, other) = (hundreds(one), hundreds(other));
    one.max(other) > one.min(other).saturating_mul(times)
}

fn leap(context: &Context<'_>, totals: &[Total]) -> Option<Finding> {
    let ten_wan = 1_000;
    let large = |total: &Total| hundreds(total.this).max(hundreds(total.last)) >= ten_wan;
    let leaps: Vec<&Total> = totals.iter().filter(|total| large(total) && apart(total.this, total.last, 10)).collect();
    let first = leaps.first()?;
    let name = context.set().name_of(first.cell);
    let (this, last) = (context.shown(Figure::Amount(first.this)), context.shown(first.prior.figure));
    let message = format!("{name} 与上年相差十倍以上：本年 {this}，上年 {last}{}", context.money());
    let is_unit = apart(first.this, first.last, 3_000) && !apart(first.this, first.last, 30_000);
    let help = if is_unit {
        "两年相差一万倍上下，像是元与万元相混：请核对本年的 scale 和上年数的单位。"
    } else {
        "请核对小数点和单位；机构、职能有大的变动的，应在情况说明中写明。"
    };
    let mut finding = Finding::new("C117", message).at(context.disclosure().place_of(first.cell)).cell(name).help(help);
    (finding.actual, finding.expected) = (Some(this), Some(last));
    relate(context, &mut finding, &leaps);
    Some(finding)
}

/// Names last year's figure of the first total, and both figures of the others.
fn relate(context: &Context<'_>, finding: &mut Finding, totals: &[&Total]) {
    for (at, total) in totals.iter().enumerate() {
        let name = context.set().name_of(total.cell);
        if at > 0 {
            let place = context.disclosure().place_of(total.cell);
            add_related(finding, &name, &context.shown(Figure::Amount(total.this)), Some(place));
        }
        add_related(finding, &format!("上年{name}"), &context.shown(total.prior.figure), total.prior.place);
    }
}

fn missing_year(context: &Context<'_>) -> Option<Finding> {
    let disclosure = context.disclosure();
    let before = context.index.before(disclosure)?;
    let (first, last) = (before.year + 1, disclosure.year - 1);
    let missing = match last - first {
        ..0 => return None,
        0 => format!("{first}年度"),
        _ => format!("{first}—{last}年度"),
    };
    let message = format!("年度不连续：{}年度之后缺{missing}的{}", before.year, disclosure.kind.name());
    let finding = Finding::new("C118", message).at(disclosure.place);
    let finding = finding.related(format!("上一份是{}年度的", before.year), before.place);
    Some(finding.help("公开过的应长期保留在一处：请补上缺的年度；当年确实没有编报的不用改。"))
}

fn unmoved(context: &Context<'_>, totals: &[Total]) -> Option<Finding> {
    let same = |total: &&Total| total.this == total.last && hundreds(total.this) >= 1_000;
    let same: Vec<&Total> = totals.iter().filter(same).collect();
    let first = same.first().filter(|_| same.len() >= 2)?;
    let name = context.set().name_of(first.cell);
    let shown = context.shown(first.prior.figure);
    let message = format!("{name} 等 {} 个合计与上年分毫不差：两年都是 {shown}{}", same.len(), context.money());
    let mut finding = Finding::new("C158", message)
        .at(context.disclosure().place_of(first.cell))
        .cell(name)
        .help("像是把上年的数抄了过来，或把本年的数写成了上年数：请对照两年的文件；确实相等的不用改。");
    relate(context, &mut finding, &same);
    Some(finding)
}
