//! What a cell of a blank form asks of the books, read from the form's own words.
//!
//! The words are those of the law (一般公共预算, 年初结转和结余, 基本支出 …), not of a
//! province: title, side, headings and label narrow the question one after the other. A
//! total has no question of its own; the relations of the set determine it.

use crate::model::code::{ClassCode, Level};
use crate::model::form::{Column, Form, Layout, Line, RowKey, Side};

use super::ledger::{Flow, Fund, GRANTS, Nature, Query, Source, THREE_PUBLIC};

/// The question that a cell of a 项 row, a printed line or a one-row form asks, if any.
pub fn question(form: &Form, row: RowKey, column: usize) -> Option<Query> {
    let column = &form.columns[column];
    match (&form.layout, row) {
        (Layout::ByCode { .. }, RowKey::Code(code)) if code.level() == Level::Item => {
            Some(Query { under: Some(code), ..asked(form, None, column, "", None)? })
        }
        (Layout::OneRow, RowKey::Only) => asked(form, None, column, "", None),
        (Layout::Blocks { .. }, RowKey::Code(code)) if code.level() == Level::Section => {
            Some(Query { economic: vec![code], ..asked(form, None, column, "", None)? })
        }
        (Layout::TwoSided(sides), key) => side_question(form, sides, key, column),
        _ => None,
    }
}

fn side_question(form: &Form, sides: &[Side], key: RowKey, column: &Column) -> Option<Query> {
    let at = form.lines.iter().position(|line| line.key == key)?;
    let side = sides.iter().find(|side| side.lines.contains(&at))?;
    let line = &form.lines[at];
    if line.total {
        return None;
    }
    if let Some(class) = line.class {
        return Some(Query { under: Some(class), ..asked(form, Some(side), column, "", None)? });
    }
    let carried = flow_above(&form.lines[side.lines.start..at], line);
    asked(form, Some(side), column, &line.label, carried)
}

/// The flow that a line without an ordinal takes from the lines above it: under 年初财政拨款结转和结余,
/// the line 政府性基金预算财政拨款 is the opening balance of that fund.
fn flow_above(above: &[Line], line: &Line) -> Option<Flow> {
    let has_ordinal = |line: &Line| line.label.contains('、');
    if has_ordinal(line) {
        return None;
    }
    let labelled = above.iter().rev().filter(|line| !line.label.is_empty());
    labelled.take_while(|line| !has_ordinal(line)).find_map(|line| flow_in(&line.label))
}

/// The question asked by a column, under a side and beside a label.
fn asked(form: &Form, side: Option<&Side>, column: &Column, label: &str, carried: Option<Flow>) -> Option<Query> {
    let headings = || column.heading.iter().rev().map(String::as_str);
    let is_total = |text: &str| ["合计", "小计", "总计"].iter().any(|word| text.ends_with(word));
    // The only column of a form is no total of others, whatever its heading.
    if is_total(label) || (form.columns.len() > 1 && headings().any(is_total)) {
        return None;
    }
    let mut texts: Vec<&str> = vec![label];
    texts.extend(headings());
    texts.extend(side.map(|side| side.name.as_str()));
    texts.push(&form.title);
    let budgeted = texts.contains(&"预算数").then_some(Flow::ThreePublicBudget);
    let flow =
        budgeted.or_else(|| flow_in(label)).or(carried).or_else(|| texts.iter().find_map(|text| flow_in(text)))?;
    let mut query = Query::all(flow);
    for text in &texts {
        query = query.funds(funds_in(text));
    }
    query.nature = texts.iter().find_map(|text| nature_in(text));
    query.source = texts.iter().find_map(|text| source_in(text));
    query.economic = column.code.map_or_else(|| three_public_in(&texts), |code| vec![code]);
    Some(query)
}

fn flow_in(text: &str) -> Option<Flow> {
    let words = [
        ("年初", Flow::Opening),
        ("年末", Flow::Closing),
        ("结余分配", Flow::Distributed),
        ("使用非财政拨款结余", Flow::Reserve),
    ];
    let named = words.iter().find(|(word, _)| text.contains(word)).map(|(_, flow)| *flow);
    named.or_else(|| match (text.contains("收入") || text.contains("收 入"), text.contains("支出")) {
        (true, false) => Some(Flow::Income),
        (false, true) => Some(Flow::Spending),
        _ => None,
    })
}

fn funds_in(text: &str) -> &'static [Fund] {
    let words: [(&str, &[Fund]); 4] = [
        ("一般公共预算", &[Fund::General]),
        ("政府性基金", &[Fund::Government]),
        ("国有资本经营", &[Fund::Capital]),
        ("财政拨款", &GRANTS),
    ];
    let everything: &[Fund] = &[Fund::General, Fund::Government, Fund::Capital, Fund::Own];
    if text.contains("非财政拨款") {
        return everything;
    }
    words.iter().find(|(word, _)| text.contains(word)).map_or(everything, |(_, funds)| funds)
}

fn nature_in(text: &str) -> Option<Nature> {
    let words = [
        ("基本支出", Nature::Basic),
        ("项目支出", Nature::Project),
        ("上缴上级支出", Nature::Upward),
        ("经营支出", Nature::Operating),
        ("对附属单位补助支出", Nature::Affiliated),
    ];
    words.iter().find(|(word, _)| text.contains(word)).map(|(_, nature)| *nature)
}

fn source_in(text: &str) -> Option<Source> {
    let words = [
        ("上级补助收入", Source::Superior),
        ("事业收入", Source::Business),
        ("经营收入", Source::Operating),
        ("附属单位上缴收入", Source::Affiliated),
        ("其他收入", Source::Other),
    ];
    words.iter().find(|(word, _)| text.contains(word)).map(|(_, source)| *source)
}

fn three_public_in(texts: &[&str]) -> Vec<ClassCode> {
    let words = ["因公出国", "公务用车购置费", "公务用车运行维护费", "公务接待费"];
    let named = words.iter().position(|word| texts.iter().any(|text| text.contains(word)));
    named.map(|kind| THREE_PUBLIC[kind].iter().copied().map(ClassCode).collect()).unwrap_or_default()
}
