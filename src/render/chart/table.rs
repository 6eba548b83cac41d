//! The points of a chart as a table that can be opened.

use crate::amount::Amount;
use crate::derive::chart::{Chart, Point, Role, Shape};
use crate::model::table::Figure;
use crate::text::push_escaped;

/// Writes the table of a chart.
pub(super) fn push(html: &mut String, chart: &Chart, title: &str) {
    let shares = chart.points.iter().any(|point| point.share.is_some());
    html.push_str("<details><summary>查看数据</summary>\n<table><caption>");
    push_escaped(html, title);
    html.push_str("</caption>\n<thead><tr><th scope=\"col\">项目</th>");
    let unit = chart.scale.name();
    match chart.shape {
        Shape::Pairs(word) => {
            push_heading(html, &format!("{word}（{unit}）"));
            push_heading(html, &format!("支出决算（{unit}）"));
        }
        _ => push_heading(html, &format!("金额（{unit}）")),
    }
    if shares {
        push_heading(html, if matches!(chart.shape, Shape::Pairs(_)) { "完成率" } else { "占比" });
    }
    html.push_str("</tr></thead>\n<tbody>\n");
    for (index, point) in chart.points.iter().enumerate() {
        let before = index.checked_sub(1).map(|before| &chart.points[before]);
        push_side(html, before, point, 2 + usize::from(shares));
        push_row(html, chart, point, shares);
    }
    html.push_str("</tbody></table></details>\n");
}

fn push_heading(html: &mut String, text: &str) {
    html.push_str("<th scope=\"col\" class=\"n\">");
    push_escaped(html, text);
    html.push_str("</th>");
}

/// A heading where the sources begin, and where the ways do.
fn push_side(html: &mut String, before: Option<&Point>, point: &Point, columns: usize) {
    if matches!(point.role, Role::Figure | Role::Against { .. }) {
        return;
    }
    if before.is_none_or(|before| before.comes() != point.comes()) {
        let side = if point.comes() { "来源" } else { "去向" };
        let parted = if before.is_some() { "</tbody>\n<tbody>\n" } else { "" };
        let more = format!("{parted}<tr><th scope=\"rowgroup\" colspan=\"{columns}\">{side}</th></tr>\n");
        html.push_str(&more);
    }
}

fn push_row(html: &mut String, chart: &Chart, point: &Point, shares: bool) {
    html.push_str("<tr><th scope=\"row\">");
    push_escaped(html, &point.label);
    html.push_str("</th>");
    if let Role::Against { budget, cell } = &point.role {
        let given = budget.amount().map(|_| cell.as_str());
        push_figure(html, &text(*budget, chart), given, None);
    }
    push_figure(html, &point.text(chart.scale), point.cell.as_deref(), point.anchor.as_deref());
    if shares {
        html.push_str("<td class=\"n\">");
        html.push_str(&point.share.map_or_else(|| no_share(point).to_owned(), |share| share.to_string()));
        html.push_str("</td>");
    }
    html.push_str("</tr>\n");
}

/// What stands where there is no rate; a share that cannot be said is left blank.
const fn no_share(point: &Point) -> &'static str {
    if matches!(point.role, Role::Against { .. }) { "—" } else { "" }
}

fn text(figure: Figure, chart: &Chart) -> String {
    figure.amount().map_or_else(|| "未提供".to_owned(), |amount: Amount| amount.print(chart.scale).to_string())
}

fn push_figure(html: &mut String, text: &str, cell: Option<&str>, anchor: Option<&str>) {
    html.push_str("<td class=\"n\"");
    if let Some(cell) = cell {
        html.push_str(" data-cell=\"");
        push_escaped(html, cell);
        html.push('"');
    }
    html.push('>');
    match anchor {
        Some(anchor) if !text.is_empty() => {
            html.push_str("<a href=\"");
            push_escaped(html, anchor);
            html.push_str("\">");
            push_escaped(html, text);
            html.push_str("</a>");
        }
        _ => push_escaped(html, text),
    }
    html.push_str("</td>");
}
