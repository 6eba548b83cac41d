//! Dates that do not fit the fiscal year: final accounts are approved and published in the next
//! year, budgets in their own (or at the end of the one before), and a year is evaluated when it
//! is over and before the evaluation is published.
//!
//! Whether publication is later than 20 days after approval is [`super::late`]'s.

use std::ops::RangeInclusive;

use super::{Context, Rule};
use crate::check::judge::Verdict;
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
        let kind = context.disclosure().kind;
        let text = format!("{name} {}，应在{}", date.value.chinese(), season(kind, year).1);
        let found = out_of_season(context, name, date);
        Listed::of_document(Topic::Dates, "C143", text, holds_unless(found.as_ref()))
    });
    let filed = evaluations(context).filter_map(|(at, evaluation)| {
        let date = evaluation.filed?.value.chinese();
        let published = context.disclosure().published.map(|published| published.value.chinese());
        let before = published.as_deref().unwrap_or("公开日期（没有写）");
        let text = format!("填报日期 {date}，应在{year}年度终了以后、{before}以前");
        let verdict = match filed(context, evaluation) {
            None if published.is_none() => Verdict::NotCheckable,
            finding => holds_unless(finding.as_ref()),
        };
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

/// The years in which a document of a year is approved and published, and how they are called.
fn season(kind: Kind, year: i32) -> (RangeInclusive<i32>, String) {
    match kind {
        Kind::Final => (year + 1..=year + 1, format!("次年（{}年）", year + 1)),
        Kind::Budget => (year - 1..=year, format!("当年（{year}年）或上年年末")),
    }
}

fn out_of_season(context: &Context<'_>, name: &str, date: Placed<Date>) -> Option<Finding> {
    let (kind, year) = (context.disclosure().kind, context.disclosure().year);
    let (season, when) = season(kind, year);
    if season.contains(&date.value.year()) {
        return None;
    }
    let message = format!("{name} {}与{year}年度的{}不合：应在{when}", date.value.chinese(), kind.name());
    Some(Finding::new("C143", message).at(date.place).help("请核对日期的年份和年度目录名；确属补办的，应当说明。"))
}

fn filed(context: &Context<'_>, evaluation: &Evaluation) -> Option<Finding> {
    let (filed, published) = (evaluation.filed?, context.disclosure().published);
    let date = filed.value;
    let name = evaluation.name.as_deref().unwrap_or(&evaluation.title);
    let why = if date.year() <= context.disclosure().year {
        format!("{}年度还没有结束", context.disclosure().year)
    } else {
        // A date of publication that does not fit its year is told once, by itself.
        let in_season = |date: &Placed<Date>| {
            season(context.disclosure().kind, context.disclosure().year).0.contains(&date.value.year())
        };
        let published = published.filter(in_season).filter(|published| date > published.value)?;
        format!("晚于公开日期 {}", published.value.chinese())
    };
    let message = format!("“{name}”自评表的填报日期不对：{}填报，{why}", date.chinese());
    let mut finding = Finding::new("C144", message).at(filed.place);
    if let Some(published) = published {
        finding = finding.related(format!("公开日期 {}", published.value), published.place);
    }
    Some(finding.help("自评在年度终了之后、公开之前完成：请核对自评表的 filed 和 disclosure.toml 的 published。"))
}
