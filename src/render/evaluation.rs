//! Self-evaluation tables and the key-work table as HTML, in both printed styles.
//!
//! The printed grid is one sheet of several matters; here each matter is a table of its own
//! in one frame: what it is about, the money, the indicators (first and second level span
//! their rows, a goal heads its rows), then the texts.

use std::fmt::Write as _;

use crate::amount::Scale;
use crate::model::disclosure::{Disclosure, Reception, WorkItem};
use crate::model::performance::{Evaluation, Funding, Goal, Indicator, Scope, Style, TextKind, WeightAndScore};
use crate::model::table::Figure;
use crate::render::cells::push_figure;
use crate::text::{escape_html, push_escaped};

/// The anchor of a self-evaluation table.
pub fn anchor(evaluation: &Evaluation) -> String {
    evaluation.anchor()
}

/// A self-evaluation table.
pub fn html(evaluation: &Evaluation, disclosure: &Disclosure, unit: &str) -> String {
    let mut out = String::with_capacity(8 * 1024);
    let scale = disclosure.set.scale;
    out.push_str("<div class=\"sheet evaluation\">\n<div class=\"sheet-head\"><p class=\"header\"><span>单位名称：");
    push_escaped(&mut out, unit);
    out.push_str("</span> ");
    if let Some(filed) = evaluation.filed {
        let _ = write!(out, "<span>填报日期：{}</span> ", filed.value.chinese());
    }
    let _ = write!(
        out,
        "<span>金额单位：{scale}</span></p></div>\n<div class=\"frame stack\" tabindex=\"0\" role=\"group\" aria-label=\""
    );
    push_escaped(&mut out, &evaluation.title);
    out.push_str("\">\n");
    push_about(&mut out, evaluation, scale, unit);
    push_texts(&mut out, evaluation, "项目基本情况", opens);
    push_funding(&mut out, evaluation, scale);
    push_indicators(&mut out, evaluation);
    push_texts(&mut out, evaluation, "评价和说明", |kind| !opens(kind));
    out.push_str("</div>\n</div>\n");
    out
}

fn push_about(out: &mut String, evaluation: &Evaluation, scale: Scale, unit: &str) {
    let mut facts: Vec<(&str, String)> = Vec::new();
    match evaluation.scope {
        Scope::Whole => {
            facts.push(("单位名称", evaluation.name.clone().unwrap_or_else(|| unit.to_owned())));
            facts.push(("基本支出总额", figure_text(evaluation.basic, scale)));
            facts.push(("项目支出总额", figure_text(evaluation.project, scale)));
        }
        Scope::Project => {
            let name = evaluation.name.clone().unwrap_or_default();
            let code = evaluation.code.as_ref().map(|code| format!("{code}-")).unwrap_or_default();
            facts.push(("项目名称", code + &name));
        }
    }
    facts.extend(evaluation.department.clone().map(|text| ("主管部门", text)));
    facts.extend(evaluation.implementer.clone().map(|text| ("实施单位", text)));
    out.push_str("<table class=\"about\"><caption>");
    push_escaped(out, &evaluation.title);
    out.push_str("</caption><tbody>\n");
    for (label, value) in facts.iter().filter(|(_, value)| !value.is_empty()) {
        let _ = writeln!(out, "<tr><th scope=\"row\">{label}</th><td>{}</td></tr>", escape_html(value));
    }
    out.push_str("</tbody></table>\n");
}

fn figure_text(figure: Figure, scale: Scale) -> String {
    let mut text = String::new();
    push_figure(&mut text, figure, scale);
    text
}

fn push_funding(out: &mut String, evaluation: &Evaluation, scale: Scale) {
    if evaluation.funding.is_empty() {
        return;
    }
    let columns = FundingColumns::of(&evaluation.funding);
    let _ = write!(out, "<table class=\"funding\"><caption>预算执行情况（{scale}）</caption>\n<thead><tr>");
    for (heading, numeric) in columns.headings(evaluation.style) {
        let class = if numeric { " class=\"n\"" } else { "" };
        let _ = write!(out, "<th scope=\"col\"{class}>{heading}</th>");
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for funding in &evaluation.funding {
        push_funding_row(out, funding, columns, scale);
    }
    out.push_str("</tbody></table>\n");
}

/// Which columns the funding rows use.
#[derive(Clone, Copy, Debug)]
struct FundingColumns {
    /// 年初预算 and 调整后预算数 in place of one 预算数.
    two_budgets: bool,
    scored: bool,
    note: bool,
}

impl FundingColumns {
    fn of(rows: &[Funding]) -> Self {
        Self {
            two_budgets: rows.iter().any(|row| row.opening != Figure::Blank || row.adjusted != Figure::Blank),
            scored: rows.iter().any(|row| row.scored.is_some()),
            note: rows.iter().any(|row| row.note.is_some()),
        }
    }

    /// Each heading, and whether its column is of figures.
    fn headings(self, style: Style) -> Vec<(&'static str, bool)> {
        let mut headings = vec![(if style == Style::Weighted { "预算执行情况" } else { "资金来源" }, false)];
        if self.two_budgets {
            headings.extend([("年初预算", true), ("调整后预算数", true), ("预算执行数", true), ("预算执行率", true)]);
        } else {
            headings.extend([("预算数（A）", true), ("执行数（B）", true), ("执行率（B/A）", true)]);
        }
        if self.scored {
            headings.extend([("权重", true), ("得分", true)]);
        }
        if self.note {
            headings.push(("原因", false));
        }
        headings
    }
}

fn push_funding_row(out: &mut String, funding: &Funding, columns: FundingColumns, scale: Scale) {
    out.push_str("<tr><th scope=\"row\">");
    push_escaped(out, &funding.source);
    out.push_str("</th>");
    let two = [funding.opening, funding.adjusted, funding.executed];
    let one = [funding.budget, funding.executed];
    for figure in if columns.two_budgets { &two[..] } else { &one[..] } {
        out.push_str(if *figure == Figure::Unknown { "<td class=\"n u\">" } else { "<td class=\"n\">" });
        push_figure(out, *figure, scale);
        out.push_str("</td>");
    }
    let rate = funding.rate.as_ref().map_or("", |rate| rate.value.as_str());
    let _ = write!(out, "<td class=\"n\">{}</td>", escape_html(rate));
    if columns.scored {
        push_score(out, funding.scored.as_ref());
    }
    if columns.note {
        let _ = write!(out, "<td>{}</td>", escape_html(funding.note.as_deref().unwrap_or_default()));
    }
    out.push_str("</tr>\n");
}

fn push_score(out: &mut String, scored: Option<&WeightAndScore>) {
    let text = |score: Option<&str>| escape_html(score.unwrap_or_default());
    let weight = text(scored.map(|scored| scored.weight.value.text.as_str()));
    let score = text(scored.map(|scored| scored.score.value.text.as_str()));
    let _ = write!(out, "<td class=\"n\">{weight}</td><td class=\"n\">{score}</td>");
}

fn push_indicators(out: &mut String, evaluation: &Evaluation) {
    let indicators = || evaluation.goals.iter().flat_map(|goal| &goal.indicators);
    if indicators().next().is_none() {
        return;
    }
    let has_note = indicators().any(|indicator| indicator.note.is_some());
    let headings = indicator_headings(evaluation, has_note);
    out.push_str("<table class=\"indicators\"><caption>绩效目标完成情况</caption>\n<thead><tr>");
    for heading in &headings {
        let class = if matches!(*heading, "权重" | "得分") { " class=\"n\"" } else { "" };
        let _ = write!(out, "<th scope=\"col\"{class}>{heading}</th>");
    }
    out.push_str("</tr></thead>\n");
    for goal in &evaluation.goals {
        push_goal(out, goal, evaluation.style, has_note, headings.len());
    }
    if let Some(total) = &evaluation.total {
        out.push_str("<tbody><tr class=\"sum\"><th scope=\"row\" colspan=\"7\">合计</th>");
        push_score(out, Some(total));
        out.push_str(if has_note { "<td></td></tr></tbody>\n" } else { "</tr></tbody>\n" });
    }
    out.push_str("</table>\n");
}

fn indicator_headings(evaluation: &Evaluation, has_note: bool) -> Vec<&'static str> {
    let mut headings = vec!["一级指标", "二级指标", "三级指标"];
    match (evaluation.style, evaluation.scope) {
        (Style::Weighted, _) => headings.extend(["指标性质", "指标值", "度量单位", "完成值", "权重", "得分"]),
        (Style::Targets, Scope::Whole) => headings.extend(["年初目标值", "实际完成值"]),
        (Style::Targets, Scope::Project) => headings.extend(["年度指标值", "实际完成值"]),
    }
    if has_note {
        headings.push(if evaluation.style == Style::Weighted {
            "未完成原因分析"
        } else {
            "未完成原因和改进措施"
        });
    }
    headings
}

fn push_goal(out: &mut String, goal: &Goal, style: Style, has_note: bool, columns: usize) {
    out.push_str("<tbody>\n");
    if let Some(title) = &goal.title {
        let _ = write!(out, "<tr class=\"goal\"><th scope=\"rowgroup\" colspan=\"{columns}\">");
        push_escaped(out, title);
        out.push_str("</th></tr>\n");
    }
    for (at, indicator) in goal.indicators.iter().enumerate() {
        out.push_str("<tr>");
        push_level(out, &goal.indicators, at, |indicator| &indicator.level1, |_, _| true);
        push_level(out, &goal.indicators, at, |indicator| &indicator.level2, |a, b| a.level1 == b.level1);
        let _ = write!(out, "<th scope=\"row\">{}</th>", escape_html(&indicator.name));
        push_indicator(out, indicator, style, has_note);
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n");
}

/// Appends a first- or second-level cell where its run of equal rows begins.
fn push_level<'a>(
    out: &mut String,
    indicators: &'a [Indicator],
    at: usize,
    level: impl Fn(&'a Indicator) -> &'a str,
    under_same: impl Fn(&Indicator, &Indicator) -> bool,
) {
    let same = |a: usize, b: usize| {
        level(&indicators[a]) == level(&indicators[b]) && under_same(&indicators[a], &indicators[b])
    };
    if at > 0 && same(at - 1, at) {
        return;
    }
    let rows = (at..indicators.len()).take_while(|next| same(at, *next)).count();
    let _ = write!(out, "<th class=\"level\" scope=\"row\"");
    if rows > 1 {
        let _ = write!(out, " rowspan=\"{rows}\"");
    }
    let _ = write!(out, ">{}</th>", escape_html(level(&indicators[at])));
}

fn push_indicator(out: &mut String, indicator: &Indicator, style: Style, has_note: bool) {
    let mut cell = |text: &str| {
        let _ = write!(out, "<td>{}</td>", escape_html(text));
    };
    if style == Style::Weighted {
        cell(indicator.relation.as_deref().unwrap_or_default());
        cell(&indicator.target);
        cell(indicator.unit.as_deref().unwrap_or_default());
    } else {
        cell(&indicator.target);
    }
    cell(&indicator.actual);
    if style == Style::Weighted {
        push_score(out, indicator.scored.as_ref());
    }
    if has_note {
        let _ = write!(out, "<td>{}</td>", escape_html(indicator.note.as_deref().unwrap_or_default()));
    }
}

/// Whether a text is printed before the figures: what the project was to do and did.
const fn opens(kind: TextKind) -> bool {
    matches!(kind, TextKind::Goal | TextKind::Result | TextKind::Process)
}

fn push_texts(out: &mut String, evaluation: &Evaluation, caption: &str, is_meant: impl Fn(TextKind) -> bool) {
    let texts: Vec<&(TextKind, String)> = evaluation.texts.iter().filter(|(kind, _)| is_meant(*kind)).collect();
    if texts.is_empty() {
        return;
    }
    let _ = writeln!(out, "<table class=\"texts\"><caption>{caption}</caption><tbody>");
    for (kind, text) in texts {
        let _ = writeln!(out, "<tr><th scope=\"row\">{}</th><td>{}</td></tr>", kind.name(), escape_html(text));
    }
    out.push_str("</tbody></table>\n");
}

/// The key-work table: 序号, 重要事项, 工作内容及目标, 完成情况.
pub fn work_html(items: &[WorkItem]) -> String {
    let mut out = String::from(
        "<div class=\"frame work\" tabindex=\"0\" role=\"group\" aria-label=\"重点工作完成情况\">\n\
         <table><caption>重点工作完成情况</caption>\n<thead><tr><th class=\"no\" scope=\"col\">序号</th>\
         <th scope=\"col\">重要事项</th><th scope=\"col\">工作内容及目标</th><th scope=\"col\">完成情况</th></tr></thead>\n<tbody>\n",
    );
    for item in items {
        let [number, matter, goal, result] =
            [&item.number, &item.matter, &item.goal, &item.result].map(|text| escape_html(text));
        let _ = writeln!(
            out,
            "<tr><td class=\"no\">{number}</td><th scope=\"row\">{matter}</th><td>{goal}</td><td>{result}</td></tr>"
        );
    }
    out.push_str("</tbody></table></div>\n");
    out
}

/// The itemised receptions.
pub fn receptions_html(receptions: &[Reception], scale: Scale) -> String {
    let mut out = format!(
        "<div class=\"sheet-head\"><p class=\"header\"><span>金额单位：{scale}</span></p></div>\n\
         <div class=\"frame receptions\" tabindex=\"0\" role=\"group\" aria-label=\"公务接待明细\">\n\
         <table><caption>公务接待明细　金额单位：{scale}</caption>\n<thead><tr><th scope=\"col\">接待对象</th>\
         <th scope=\"col\">事由</th><th class=\"n\" scope=\"col\">批次</th><th class=\"n\" scope=\"col\">人次</th>\
         <th class=\"n\" scope=\"col\">金额</th></tr></thead>\n<tbody>\n"
    );
    for reception in receptions {
        let count = |count: Option<i64>| count.map(|count| count.to_string()).unwrap_or_default();
        let _ = writeln!(
            out,
            "<tr><th scope=\"row\">{}</th><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td></tr>",
            escape_html(&reception.guests),
            escape_html(reception.purpose.as_deref().unwrap_or_default()),
            count(reception.groups),
            count(reception.people),
            figure_text(reception.amount, scale),
        );
    }
    out.push_str("</tbody></table></div>\n");
    out
}
