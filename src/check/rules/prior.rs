//! Last year's figures: what this document says of them, and what last year's own says.
//!
//! Both checks need last year's disclosure of the same unit and kind on the site. Figures that
//! the document states for last year are looked up in it by [`counterpart`]; opening balances must
//! be last year's closing balances, in total and for every 项 of a table that has both. Accounts
//! are lawfully adjusted between the years: such a difference is accepted by an exception that
//! says so.

use std::collections::BTreeSet;

use super::year_to_year::last_years;
use super::{Context, Rule, add_related, stated};
use crate::check::judge::Verdict;
use crate::check::listed::{Listed, Topic};
use crate::diagnostic::{Finding, Placed};
use crate::model::code::{ClassCode, Level};
use crate::model::disclosure::Disclosure;
use crate::model::form::{CellRef, Form, Layout, RowKey};
use crate::model::prior::counterpart;
use crate::model::table::Figure;

pub(super) const RULE: Rule = Rule { name: "prior-year", codes: &["C112", "C113"], run };

/// Opening balances with the closing balances they carry on, as concepts.
const CARRIED_OVER: [(&str, &str, &str); 2] = [
    ("opening_balance", "closing_balance", "年初结转和结余"),
    ("grant_opening", "grant_closing", "年初财政拨款结转和结余"),
];

fn run(context: &Context<'_>) -> Vec<Finding> {
    let Some(prior) = context.scene.prior else { return Vec::new() };
    let figures = context.disclosure().prior.iter();
    let said = figures.filter_map(|(cell, figure)| said_of_last_year(context, prior, *cell, *figure));
    let mut findings = of_another_year(prior, said.collect());
    findings.extend(balances(context, prior).filter_map(|balance| carried(context, prior, &balance)));
    findings
}

/// What the document says of last year, and every balance it carries on.
pub(super) fn listed(context: &Context<'_>) -> Vec<Listed> {
    let Some(prior) = context.scene.prior else { return without_last_year(context) };
    let scale = context.disclosure().scale.max(prior.scale);
    let said = context.disclosure().prior.iter().filter_map(|(cell, said)| {
        let held = prior.figure(counterpart(context.set(), *cell, &prior.set)?);
        let name = format!("上年{}", context.set().name_of(*cell));
        let text = format!("这里 {}，{}年公开 {}", context.shown(said.value), prior.year, context.shown(held));
        Some(Listed::named(Topic::Prior, "C112", name, text, stated::agreement(said.value, held, scale)))
    });
    let carried = balances(context, prior).map(|Balance { opening, closing, title }| {
        let (opened, closed) = (context.disclosure().figure(opening), prior.figure(closing));
        let text = format!("{title}：这里 {}，{}年年末 {}", context.shown(opened), prior.year, context.shown(closed));
        let verdict = stated::agreement(opened, closed, scale);
        Listed::named(Topic::Prior, "C113", context.set().name_of(opening), text, verdict)
    });
    said.chain(carried).collect()
}

/// What cannot be compared while the site lacks last year's disclosure.
fn without_last_year(context: &Context<'_>) -> Vec<Listed> {
    let (disclosure, said) = (context.disclosure(), context.disclosure().prior.len());
    let last = format!("{}年度的{}不在本站", disclosure.year - 1, disclosure.kind.name());
    let open = |code, text| Listed::of_document(Topic::Prior, code, text, Verdict::NotCheckable);
    let said = (said > 0).then(|| open("C112", format!("{last}，所列 {said} 个上年数没有和它核对")));
    let carried = open("C113", format!("{last}，年初结转和结余没有和它的年末数核对"));
    said.into_iter().chain([carried]).collect()
}

/// An opening balance with last year's closing balance that it carries on.
struct Balance {
    opening: CellRef,
    closing: CellRef,
    title: &'static str,
}

fn balances<'a>(context: &'a Context<'_>, prior: &'a Disclosure) -> impl Iterator<Item = Balance> + 'a {
    let totals = CARRIED_OVER.iter().filter_map(|(opening, closing, title)| {
        let (opening, closing) = (context.set().concept_cell(opening)?, prior.set.concept_cell(closing)?);
        Some(Balance { opening, closing, title })
    });
    totals.chain(item_balances(context, prior))
}

/// Differing figures, as one finding when there are so many that another year was copied.
fn of_another_year(prior: &Disclosure, said: Vec<Finding>) -> Vec<Finding> {
    const MANY: usize = 3;
    if said.len() < MANY {
        return said;
    }
    let message = format!("{} 个上年数与{}年公开的不一致，像是抄了别的年度", said.len(), prior.year);
    let mut whole = Finding::new("C112", message)
        .at(said[0].place)
        .verdict(Verdict::Fail.key())
        .help("请核对 [prior] 抄的是不是上年的公开文件；上年数经过调整的，应当说明。");
    whole.cell.clone_from(&said[0].cell);
    for finding in said {
        let (actual, expected) = (finding.actual.unwrap_or_default(), finding.expected.unwrap_or_default());
        let cell = finding.cell.unwrap_or_default();
        add_related(&mut whole, &cell, &format!("{actual}（{}年公开的是 {expected}）", prior.year), finding.place);
        whole.related.extend(finding.related);
    }
    vec![whole]
}

/// The balances by 项 in the tables that have both: 政府性基金, 国有资本经营. A 项 that either
/// year lacks has no balance there.
fn item_balances(context: &Context<'_>, prior: &Disclosure) -> Vec<Balance> {
    let mut balances = Vec::new();
    for (form, table) in context.set().forms.iter().zip(&context.disclosure().tables) {
        let columns = balance_column(form, "年初结转").zip(balance_column(form, "年末结转"));
        let Some(((opening, closing), last)) = columns.zip(last_years(context, prior, table)) else { continue };
        let items: BTreeSet<ClassCode> =
            table.rows.iter().chain(last.rows.iter()).filter_map(|row| item(row.key)).collect();
        balances.extend(items.into_iter().map(|code| {
            let cell = |form, column| CellRef { form, row: RowKey::Code(code), column };
            let title = "该项的年初结转和结余";
            Balance { opening: cell(table.form, opening), closing: cell(last.form, closing), title }
        }));
    }
    balances
}

/// The column of a by-code form whose heading begins so.
fn balance_column(form: &Form, heading: &str) -> Option<u16> {
    matches!(form.layout, Layout::ByCode { .. }).then_some(())?;
    let named = |text: &String| text.starts_with(heading);
    u16::try_from(form.columns.iter().position(|column| column.heading.iter().any(named))?).ok()
}

fn item(key: RowKey) -> Option<ClassCode> {
    match key {
        RowKey::Code(code) if code.level() == Level::Item => Some(code),
        _ => None,
    }
}

fn said_of_last_year(
    context: &Context<'_>,
    prior: &Disclosure,
    cell: CellRef,
    said: Placed<Figure>,
) -> Option<Finding> {
    let counterpart = counterpart(context.set(), cell, &prior.set)?;
    let held = prior.figure(counterpart);
    let scale = context.disclosure().scale.max(prior.scale);
    stated::differ(said.value, held, scale).then(|| {
        let name = format!("上年{}", context.set().name_of(cell));
        let (said_text, held_text) = (context.shown(said.value), context.shown(held));
        let message =
            format!("{name} 与上年公开的不一致：这里写的是 {said_text}，{}年公开的是 {held_text}", prior.year);
        let mut finding = Finding::new("C112", message)
            .at(said.place)
            .cell(name)
            .verdict(Verdict::Fail.key())
            .help("请对照上年的公开文件改正；上年数经过调整的，应当说明。");
        (finding.actual, finding.expected) = (Some(said_text), Some(held_text.clone()));
        add_related(&mut finding, &prior.set.name_of(counterpart), &held_text, Some(prior.place_of(counterpart)));
        finding
    })
}

/// The finding for an opening balance that is not last year's closing one.
fn carried(context: &Context<'_>, prior: &Disclosure, balance: &Balance) -> Option<Finding> {
    let Balance { opening, closing, title } = *balance;
    let (opened, closed) = (context.disclosure().figure(opening), prior.figure(closing));
    let scale = context.disclosure().scale.max(prior.scale);
    stated::differ(opened, closed, scale).then(|| {
        let name = context.set().name_of(opening);
        let (opened, closed) = (context.shown(opened), context.shown(closed));
        let message = format!("{name} {title}应等于上年年末数：这里是 {opened}，{}年年末是 {closed}", prior.year);
        let mut finding = Finding::new("C113", message)
            .at(context.disclosure().place_of(opening))
            .cell(name)
            .verdict(Verdict::Fail.key())
            .help("请核对两年的结转数；年初数经过调整的，在 disclosure.toml 写一条 [[exceptions]]（code = \"C113\"）说明。");
        (finding.actual, finding.expected) = (Some(opened), Some(closed.clone()));
        let prior_name = format!("上年{}", prior.set.name_of(closing));
        add_related(&mut finding, &prior_name, &closed, Some(prior.place_of(closing)));
        finding
    })
}

#[cfg(test)]
mod tests {
    use crate::amount::Scale;
    use crate::check::check;
    use crate::check::testing::{disclosure, figure, one_row, place, set, site};
    use crate::diagnostic::Placed;
    use crate::model::disclosure::Disclosure;

    #[test]
    fn figures_copied_from_another_year_are_one_finding() {
        let set = set(vec![one_row("公开09表", 4, &[])], &[]);
        let names = ["公开09表1栏", "公开09表2栏", "公开09表3栏", "公开09表4栏"];
        let last: Vec<(&str, &str)> = names.iter().copied().zip(["1.00", "2.00", "3.00", "4.00"]).collect();
        let found = |said: [&str; 4]| {
            let mut this = disclosure(&set, &[]);
            for (name, text) in names.iter().zip(said) {
                let cell = set.cell_named(name).unwrap();
                this.prior.insert(cell, Placed::new(figure(text, Scale::TenThousand), place(800)));
            }
            let prior = Disclosure { year: 2022, ..disclosure(&set, &last) };
            let findings = check(&site(vec![prior, this])).findings;
            findings.into_iter().filter(|finding| finding.code.id == "C112").collect::<Vec<_>>()
        };
        let many = found(["1.50", "2.50", "3.50", "4.00"]);
        assert_eq!(many.len(), 1);
        assert_eq!(many[0].message, "3 个上年数与2022年公开的不一致，像是抄了别的年度");
        assert_eq!(many[0].related.len(), 6);
        assert_eq!(many[0].related[0].label, "上年公开09表1栏＝1.50（2022年公开的是 1.00）");
        assert_eq!(found(["1.50", "2.50", "3.00", "4.00"]).len(), 2, "two differences stay two");
    }
}
