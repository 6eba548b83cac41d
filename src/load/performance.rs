//! `performance/*.toml`: self-evaluation tables.

use std::cell::Cell;

use super::Input;
use super::config::is_slug;
use super::facts::figure;
use super::reader::{Reader, Sink, code_text, text_of, wrong_type};
use super::tree::{Kind, Value};
use crate::amount::{Amount, Scale};
use crate::diagnostic::{Finding, Placed};
use crate::model::performance::{Evaluation, Funding, Goal, Indicator, Scope, Score, Style, TextKind, WeightAndScore};
use crate::model::table::Figure;

/// The self-evaluations of a disclosure, in printed order.
pub(super) fn read(input: &Input<'_>, folder: &str, scale: Scale, sink: &Sink) -> Vec<Evaluation> {
    let folder = format!("{folder}performance/");
    let mut evaluations = Vec::new();
    for (name, source) in input.files.below(&folder) {
        let stem = name.strip_suffix(".toml").or_else(|| name.strip_suffix(".json"));
        let Some(id) = stem.filter(|stem| is_slug(stem)) else {
            let finding = Finding::new("S016", format!("performance 中不认识的文件“{name}”")).at(source.start());
            sink.add(finding.help("一张自评表一个 .toml 文件，用小写英文字母、数字和连字符命名"));
            continue;
        };
        let reader = input.reader(&format!("{folder}{name}"), sink);
        // A skeleton that is still all comments is not there yet.
        if let Some(reader) = reader.filter(|reader| !reader.is_empty()) {
            evaluations.push(evaluation(id, reader, scale));
        }
    }
    evaluations.sort_by(|a, b| (a.order, &a.id).cmp(&(b.order, &b.id)));
    evaluations
}

fn evaluation(id: &str, reader: Reader<'_>, scale: Scale) -> Evaluation {
    for key in ["kind", "style"].into_iter().filter(|key| !reader.has(key)) {
        reader.missing(key, "kind 写 \"whole\" 或 \"project\"，style 写 \"targets\" 或 \"weighted\"");
    }
    let unread = Cell::new(false);
    let texts = TextKind::ALL.iter().filter_map(|(kind, key, _)| reader.string(key).map(|text| (*kind, text)));
    let evaluation = Evaluation {
        id: id.to_owned(),
        order: reader.integer("order").unwrap_or(i64::MAX),
        scope: reader.choice("kind", &[("whole", Scope::Whole), ("project", Scope::Project)]).unwrap_or(Scope::Project),
        style: reader
            .choice("style", &[("targets", Style::Targets), ("weighted", Style::Weighted)])
            .unwrap_or(Style::Targets),
        title: reader.required("title", "写上表的标题").value,
        name: reader.string("name"),
        code: reader.raw("code").and_then(|value| code_text(value, "code", reader.sink())).map(|code| code.value),
        filed: reader.date("filed"),
        department: reader.string("department"),
        implementer: reader.string("implementer"),
        basic: money(&reader, "basic", "基本支出总额", scale),
        project: money(&reader, "project", "项目支出总额", scale),
        texts: texts.collect(),
        funding: reader.tables("funding").into_iter().map(|row| funding(row, scale, &unread)).collect(),
        goals: reader.tables("goals").into_iter().map(|row| goal(row, &unread)).collect(),
        total: reader.table("total").and_then(|row| total(row, &unread)),
        scores_unread: false,
        place: reader.place,
    };
    reader.finish();
    Evaluation { scores_unread: unread.get(), ..evaluation }
}

fn money(reader: &Reader<'_>, key: &'static str, name: &str, scale: Scale) -> Figure {
    reader.raw(key).map_or(Figure::Blank, |value| figure(value, scale, name, reader.sink()))
}

fn funding(row: Reader<'_>, scale: Scale, unread: &Cell<bool>) -> Funding {
    let source = row.required("source", "写上资金来源，例如 source = \"总额\"").value;
    let amount = |key, name: &str| money(&row, key, &format!("{source}·{name}"), scale);
    let funding = Funding {
        opening: amount("opening", "年初预算"),
        adjusted: amount("adjusted", "调整后预算数"),
        budget: amount("budget", "预算数"),
        executed: amount("executed", "预算执行数"),
        rate: row.text("rate"),
        scored: weight_and_score(&row, unread),
        note: row.string("note"),
        place: row.place,
        source: source.clone(),
    };
    row.finish();
    funding
}

fn goal(reader: Reader<'_>, unread: &Cell<bool>) -> Goal {
    let goal = Goal {
        title: reader.string("title"),
        indicators: reader.tables("indicators").into_iter().map(|row| indicator(row, unread)).collect(),
    };
    reader.finish();
    goal
}

fn indicator(reader: Reader<'_>, unread: &Cell<bool>) -> Indicator {
    let indicator = Indicator {
        level1: reader.required("level1", "写上一级指标，例如 level1 = \"产出指标\"").value,
        level2: reader.required("level2", "写上二级指标，例如 level2 = \"数量指标\"").value,
        name: reader.required("name", "写上三级指标的名称").value,
        relation: reader.string("relation"),
        target: printed(&reader, "target", "写上目标值（指标值），照所印的写"),
        unit: reader.string("unit"),
        actual: printed(&reader, "actual", "写上实际完成值，照所印的写"),
        scored: weight_and_score(&reader, unread),
        note: reader.string("note"),
        place: reader.place,
    };
    reader.finish();
    indicator
}

/// A value as printed; a bare number is one too.
fn printed(reader: &Reader<'_>, key: &'static str, help: &str) -> String {
    let Some(value) = reader.raw(key) else {
        reader.missing(key, help);
        return String::new();
    };
    match &value.kind {
        Kind::Number(digits) => digits.to_string(),
        _ => text_of(value, key, reader.sink()).map(|text| text.value).unwrap_or_default(),
    }
}

fn total(reader: Reader<'_>, unread: &Cell<bool>) -> Option<WeightAndScore> {
    let total = weight_and_score(&reader, unread);
    reader.finish();
    total
}

/// A weight and a score; one without the other is told. What is there and cannot be read is
/// remembered in `unread`: no sum over it can be judged.
fn weight_and_score(reader: &Reader<'_>, unread: &Cell<bool>) -> Option<WeightAndScore> {
    for (key, other) in [("weight", "score"), ("score", "weight")] {
        if !reader.has(key) && reader.has(other) {
            reader.missing(key, "weight（权重）和 score（得分）要一起写");
        }
    }
    let weight = reader.raw("weight").map(|value| score(value, "weight", reader.sink()));
    let score = reader.raw("score").map(|value| score(value, "score", reader.sink()));
    let is_unread = [&weight, &score].into_iter().any(|value| matches!(value, Some(None)));
    unread.set(unread.get() || is_unread);
    Some(WeightAndScore { weight: weight??, score: score?? })
}

fn score(value: &Value<'_>, key: &str, sink: &Sink) -> Option<Placed<Score>> {
    let Kind::Number(text) = &value.kind else {
        wrong_type(value, key, "写成数字，例如 2.85，不加引号", sink);
        return None;
    };
    let Ok(exact) = Amount::parse(text, Scale::Yuan) else {
        sink.add(Finding::new("S006", format!("“{key}”的数字太长：{text}")).at(value.place).help("核对数字"));
        return None;
    };
    Some(Placed::new(Score { text: text.to_string(), exact }, value.place))
}
