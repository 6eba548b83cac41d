//! What a document must hold and does not: parts without content, tables that were not
//! provided, and tables of nothing but 0.00 without the sentence of an empty table.
//!
//! Which parts a document has is the set's to say. A one-row table of zeros is a statement of
//! its own (三公 of a unit without cars) and stays silent.

use super::{Context, Rule};
use crate::diagnostic::{Finding, Severity};
use crate::model::form::{Kind, Layout, Part};
use crate::model::table::{Figure, Table, TableState};

pub(super) const RULE: Rule = Rule { name: "completeness", codes: &["C154", "C155", "C156"], run };

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = missing_parts(context);
    findings.extend(not_provided(context));
    findings.extend(context.disclosure().tables.iter().filter_map(|table| only_zeros(context, table)));
    findings
}

fn missing_parts(context: &Context<'_>) -> Vec<Finding> {
    let (set, disclosure) = (context.set(), context.disclosure());
    let about = &disclosure.about;
    let no_performance = || {
        let group = set.facts.iter().find(|group| group.key == "performance");
        let stated = |name: &str| disclosure.facts.keys().any(|fact| fact.starts_with(name));
        disclosure.kind == Kind::Final
            && disclosure.evaluations.is_empty()
            && disclosure.performance_text.is_none()
            && group.is_some_and(|group| !stated(&group.name))
    };
    let no_work = disclosure.work_items.is_empty() && disclosure.work_text.is_none();
    let parts = [
        (Part::Overview, about.duties.is_empty(), "主要职责", "在 unit.toml 或 disclosure.toml 写 duties"),
        (Part::Overview, about.organisation.is_none(), "机构设置", "在 unit.toml 或 disclosure.toml 写 organisation"),
        (Part::Narrative, no_performance(), "预算绩效情况", "写 performance.md，或在 performance 目录里放自评表"),
        (Part::Work, no_work, "重点工作完成情况", "写 work.md 或 work.toml"),
        (Part::Glossary, disclosure.terms.is_empty(), "名词解释", "在 disclosure.toml 的 [glossary] 列出名词"),
    ];
    let missing = parts.iter().filter(|(part, is_missing, ..)| *is_missing && set.parts.contains(part));
    missing
        .map(|(part, _, name, action)| {
            // No law names the key work: it is the province's to ask for.
            let severity = if *part == Part::Work { Severity::Note } else { Severity::Warning };
            let finding = Finding::new("C154", format!("缺少“{name}”")).at(disclosure.place).severity(severity);
            finding.help(format!("公开文件应有这一部分：请{action}。"))
        })
        .collect()
}

fn not_provided(context: &Context<'_>) -> Option<Finding> {
    let tables = context.set().forms.iter().zip(&context.disclosure().tables);
    let missing: Vec<_> = tables.filter(|(_, table)| matches!(table.state, TableState::NotProvided(_))).collect();
    let (_, first) = missing.first()?;
    let names: Vec<String> = missing.iter().map(|(form, _)| format!("{}《{}》", form.code, form.title)).collect();
    let message = format!("有 {} 张表没有提供，其中的数都没有核对：{}", missing.len(), names.join("、"));
    let finding = Finding::new("C155", message).at(first.place);
    let finding = missing
        .iter()
        .skip(1)
        .fold(finding, |finding, (form, table)| finding.related(format!("{}没有提供", form.code), table.place));
    Some(finding.help("除涉密外，规定的表都应公开：请向编报单位要来补上。"))
}

fn only_zeros(context: &Context<'_>, table: &Table) -> Option<Finding> {
    let form = &context.set().forms[usize::from(table.form)];
    if matches!(form.layout, Layout::OneRow) || table.state != TableState::Filled {
        return None;
    }
    let mut zeros = false;
    for (_, cell) in table.cells() {
        match cell.figure {
            Figure::Blank => {}
            Figure::Amount(amount) if amount.is_zero() => zeros = true,
            _ => return None,
        }
    }
    zeros.then(|| {
        let message = format!("{}《{}》全是 0.00，没有空表说明", form.code, form.title);
        let sentence = form.empty.as_deref().unwrap_or("本{word}当年无此项收支");
        let sentence = sentence.replace("{word}", &context.disclosure().word);
        Finding::new("C156", message)
            .at(table.place)
            .help(format!("没有数据的表写 empty = \"{sentence}\"，不填 0.00。"))
    })
}
