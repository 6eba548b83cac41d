//! Dates that do not fit the fiscal year: final accounts are approved and published in the next
//! year, budgets in their own (or at the end of the one before), and a year is evaluated when it
//! is over and before the evaluation is published.
//!
//! Whether publication is later than 20 days after approval is [`super::late`]'s.

use super::{Context, Rule};
use crate::check::listed::{Listed, Topic, holds_unless};
use crate::diagnostic::{Finding, Placed};
use crate::model::date::Date;
use crate::model::form::Kind;
use crate::model::performance::Evaluation;

pub(super) const RULE: Rule = Rule { name: "dates", codes: &["C143", "C144"], run };

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> =
        dates(context).filter_map(|(name, date)| out_of_season(context, name, date)).collect();
    findings.extend(evaluations(context).filter_map(|(_, evaluation)| filed(context, evaluation)));
    findings
}

/// Every date beside the year it belongs to.
pub(super) fn listed(context: &Context<'_>) -> Vec<Listed> {
    let year = context.disclosure().year;
    let dates = dates(context).map(|(name, date)| {
        let text = format!("{name} {}，{year}年度的{}", date.value.chinese(), context.disclosure().kind.name());
        let found = out_of_season(context, name, date);
        Listed::of_document(Topic::Dates, "C143", text, holds_unless(found.as_ref()))
    });
    let filed = evaluations(context).filter_map(|(at, evaluation)| {
        let text = format!("{}填报：年度终了以后、公开以前", evaluation.filed?.chinese());
        let verdict = holds_unless(filed(context, evaluation).as_ref());
        Some(Listed { topic: Topic::Dates, ..Listed::of_evaluation(at, "C144", text, verdict) })
    });
    dates.chain(filed).collect()
}

fn dates(context: &Context<'_>) -> impl Iterator<Item = (&'static str, Placed<Date>)> {
    let disclosure = context.disclosure();
    let dates = [("公开日期", disclosure.published), ("批复日期", disclosure.approved)];
    dates.into_iter().filter_map(|(name, date)| Some((name, date?)))
}

/// The self-evaluations, of final accounts.
fn evaluations<'a>(context: &'a Context<'_>) -> impl Iterator<Item = (usize, &'a Evaluation)> {
    let is_final = context.disclosure().kind == Kind::Final;
    context.disclosure().evaluations.iter().enumerate().filter(move |_| is_final)
}

fn out_of_season(context: &Context<'_>, name: &str, date: Placed<Date>) -> Option<Finding> {
    let (kind, year) = (context.disclosure().kind, context.disclosure().year);
    let season = match kind {
        Kind::Final => year + 1..=year + 1,
        Kind::Budget => year - 1..=year,
    };
    if season.contains(&date.value.year()) {
        return None;
    }
    let when = match kind {
        Kind::Final => format!("次年（{}年）", year + 1),
        Kind::Budget => format!("当年（{year}年）或上年年末"),
    };
    let message = format!("{name} {}与{year}年度的{}不合：应在{when}", date.value.chinese(), kind.name());
    Some(Finding::new("C143", message).at(date.place).help("请核对日期的年份和年度目录名；确属补办的，应当说明。"))
}

fn filed(context: &Context<'_>, evaluation: &Evaluation) -> Option<Finding> {
    let (date, published) = (evaluation.filed?, context.disclosure().published);
    let name = evaluation.name.as_deref().unwrap_or(&evaluation.title);
    let why = if date.year() <= context.disclosure().year {
        format!("{}年度还没有结束", context.disclosure().year)
    } else {
        let published = published.filter(|published| date > published.value)?;
        format!("晚于公开日期 {}", published.value.chinese())
    };
    let message = format!("“{name}”自评表的填报日期不对：{}填报，{why}", date.chinese());
    let mut finding = Finding::new("C144", message).at(evaluation.place);
    if let Some(published) = published {
        finding = finding.related(format!("公开日期 {}", published.value), published.place);
    }
    Some(finding.help("自评在年度终了之后、公开之前完成：请核对自评表的 filed 和 disclosure.toml 的 published。"))
}
