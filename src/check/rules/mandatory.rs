//! What must be told beside the tables: 政府采购, 国有资产 (vehicles), 机关运行经费, 绩效
//! (公开操作规程; the national narrative has a section for each). What is nothing is written 0,
//! what was not provided 未提供; what is left out altogether is marked by inspectors.
//!
//! 机关运行经费 is told by 行政单位 and units run like them only. A budget tells other things.

use super::known::{fact, given, group};
use super::{Context, Rule, add_related};
use crate::diagnostic::Finding;
use crate::model::form::{FactGroup, Kind};

pub(super) const RULE: Rule = Rule { name: "mandatory-facts", codes: &["C205", "C206"], run };

/// The groups, each with the key of its total; empty where any of its facts will do.
const MANDATORY: [(&str, &str); 4] =
    [("procurement", "total"), ("vehicles", "total"), ("running", "current"), ("performance", "")];

/// Parts that are told wherever their total is above nothing.
const PARTS: [(&str, &[&str], &str); 3] = [
    ("procurement", &["goods", "works", "services"], "货物、工程、服务各是多少"),
    ("procurement", &["sme", "micro", "goods_sme", "works_sme", "services_sme"], "授予中小企业的合同金额"),
    (
        "vehicles",
        &["minister", "chief", "confidential", "emergency", "enforcement", "special", "retired", "other"],
        "各类用车各有几辆",
    ),
];

/// What the nature of a unit says where 机关运行经费 must be told.
const RUN_AS_OFFICES: [&str; 5] = ["行政单位", "行政机关", "党政机关", "参公", "参照公务员"];

fn run(context: &Context<'_>) -> Vec<Finding> {
    if context.disclosure().kind != Kind::Final {
        return Vec::new();
    }
    let mut findings: Vec<Finding> =
        MANDATORY.iter().filter_map(|(group, total)| left_out(context, group, total)).collect();
    findings.extend(PARTS.iter().filter_map(|(group, keys, what)| parts_left_out(context, group, keys, what)));
    findings.extend(other_vehicles(context));
    findings
}

fn is_run_as_office(context: &Context<'_>) -> bool {
    let nature = context.site.unit_of(context.disclosure()).and_then(|unit| unit.nature.as_deref());
    nature.is_some_and(|nature| RUN_AS_OFFICES.iter().any(|word| nature.contains(word)))
}

fn left_out(context: &Context<'_>, key: &str, total: &str) -> Option<Finding> {
    let group = group(context, key)?;
    let total = group.items.iter().find(|item| item.key == total).map(|item| item.name.as_str());
    let told = given(context.disclosure(), group).any(|(name, _)| total.is_none_or(|total| name == total));
    if told || (key == "running" && !is_run_as_office(context)) {
        return None;
    }
    let what = short(group);
    let message = match total {
        Some(total) => format!("没有写{what}（{total}）"),
        None => format!("没有写{what}情况"),
    };
    let finding = Finding::new("C205", message).at(context.disclosure().place).cell(group.name.clone());
    Some(finding.help(format!(
        "这是必须公开的：填在 disclosure.toml 的 [facts.{key}]；没有的写 0，确实没有提供的写 \"未提供\"。"
    )))
}

/// The name of a group without the word before it: 政府采购 of 附注·政府采购.
fn short(group: &FactGroup) -> &str {
    group.name.rsplit('·').next().unwrap_or(&group.name)
}

fn parts_left_out(context: &Context<'_>, key: &str, keys: &[&str], what: &str) -> Option<Finding> {
    let total = fact(context, key, "total").filter(|total| total.is_some())?;
    let group = group(context, key)?;
    let parts = || group.items.iter().filter(|item| keys.contains(&item.key.as_str()));
    let is_part = |name: &str| parts().any(|item| item.name == name);
    if parts().next().is_none() || given(context.disclosure(), group).any(|(name, _)| is_part(name)) {
        return None;
    }
    let shown = context.shown(total.figure());
    let message = format!("{} 是 {shown}，却没有写{what}", total.name());
    let mut finding = Finding::new("C205", message).at(total.place()).cell(total.name());
    finding = finding.help(format!("请照原件补填 disclosure.toml 的 [facts.{key}] 的分项；没有的写 0。"));
    add_related(&mut finding, &total.name(), &shown, total.place());
    Some(finding)
}

/// 其他用车 that nobody says the use of; the printed sentence ends 其他用车主要是….
fn other_vehicles(context: &Context<'_>) -> Option<Finding> {
    let other = fact(context, "vehicles", "other").filter(|other| other.is_some())?;
    let used = context.disclosure().vehicle_use.get("other").is_some_and(|text| !text.trim().is_empty());
    if used {
        return None;
    }
    let message = format!("{} 有 {} 辆，没有写主要作什么用", other.name(), context.shown(other.figure()));
    let finding = Finding::new("C206", message).at(other.place()).cell(other.name());
    Some(finding.help("“其他用车”要写明用途：在 disclosure.toml 写 [vehicle_use]，other = \"…\"。"))
}
