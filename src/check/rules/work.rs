//! 重点工作: the table of key work numbers each matter once and tells its goal and its result.

use std::collections::BTreeMap;

use super::{Context, Rule};
use crate::diagnostic::Finding;
use crate::model::disclosure::WorkItem;

pub(super) const RULE: Rule = Rule { name: "key-work", codes: &["C245"], run };

fn run(context: &Context<'_>) -> Vec<Finding> {
    let items = &context.disclosure().work_items;
    let mut numbered: BTreeMap<&str, &WorkItem> = BTreeMap::new();
    let mut findings = Vec::new();
    for item in items {
        findings.extend(incomplete(item));
        if let Some(other) = numbered.insert(item.number.trim(), item) {
            let message = format!("重点工作的序号 {} 用了两次：“{}”和“{}”", item.number, other.matter, item.matter);
            let finding = Finding::new("C245", message).at(item.place).related("第一次用在这里", other.place);
            findings.push(finding.help("请改正序号；重复的事项删去一个。"));
        }
    }
    findings
}

fn incomplete(item: &WorkItem) -> Option<Finding> {
    let blank = |text: &str| text.trim().is_empty();
    let what = match (blank(&item.goal), blank(&item.result)) {
        (false, false) => return None,
        (true, false) => "工作内容及目标",
        (false, true) => "完成情况",
        (true, true) => "工作内容及目标、完成情况",
    };
    let message = format!("重点工作“{}”没有写{what}", item.matter);
    Some(Finding::new("C245", message).at(item.place).help("请照原件补填；没有完成的也要写明。"))
}
