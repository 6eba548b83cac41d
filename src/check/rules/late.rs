//! Publication later than 20 days after approval (预算法 §14, 实施条例 §6).
//!
//! Silent where either date is not stated.

use super::{Context, Rule};
use crate::check::judge::Verdict;
use crate::check::listed::{Listed, Topic, holds_unless};
use crate::diagnostic::Finding;

pub(super) const RULE: Rule = Rule { name: "late-publication", codes: &["C141"], run };

/// The days in which departments and units must publish after approval.
const DAYS: i64 = 20;

fn run(context: &Context<'_>) -> Vec<Finding> {
    finding(context).into_iter().collect()
}

/// The days between approval and publication.
pub(super) fn listed(context: &Context<'_>) -> Vec<Listed> {
    let (published, approved) = (context.disclosure().published, context.disclosure().approved);
    let (text, verdict) = match (approved, published) {
        (Some(approved), Some(published)) => {
            let days = published.value.day_number() - approved.value.day_number();
            let dates = format!("{}批复，{}公开", approved.value.chinese(), published.value.chinese());
            (format!("{dates}，相隔 {days} 日，应在 {DAYS} 日内"), holds_unless(finding(context).as_ref()))
        }
        (None, _) => (format!("批复后 {DAYS} 日内公开：没有写批复日期"), Verdict::NotCheckable),
        (_, None) => (format!("批复后 {DAYS} 日内公开：没有写公开日期"), Verdict::NotCheckable),
    };
    vec![Listed::of_document(Topic::Dates, "C141", text, verdict)]
}

fn finding(context: &Context<'_>) -> Option<Finding> {
    let (published, approved) = (context.disclosure().published?, context.disclosure().approved?);
    let days = published.value.day_number() - approved.value.day_number();
    let dates = format!("{}批复，{}公开", approved.value.chinese(), published.value.chinese());
    let message = match days {
        0..=DAYS => return None,
        ..0 => format!("公开日期早于批复日期：{dates}"),
        _ => format!("应在批复后 {DAYS} 日内公开：{dates}，相隔 {days} 日"),
    };
    let finding = Finding::new("C141", message).at(published.place).related("批复日期", approved.place);
    Some(finding.help("请核对两个日期；确已逾期的，应按规定说明。"))
}
