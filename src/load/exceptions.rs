//! `[[exceptions]]` of a disclosure and `[[levels]]` of `site.toml`: which findings a unit
//! stands by, and which rules a site takes more or less seriously.
//!
//! Both name a rule by its code or its name (`C113`, `opening-balance-differs`). Only rules
//! about data can be named: a source that cannot be read stays unread whatever is written
//! here. An entry that lacks anything is told and has no effect.

use super::reader::Reader;
use super::references;
use crate::diagnostic::{Code, Finding, Placed, Severity, codes};
use crate::model::date::Date;
use crate::model::disclosure::{Exception, Target};
use crate::model::form::FormSet;
use crate::model::site::LevelChange;
use crate::text::{fold_width, nearest};

/// A reason shorter than this, in characters, says nothing.
const SHORTEST_REASON: usize = 6;

/// A reason longer than this, in characters, is no explanation but a file put into a field.
const LONGEST_REASON: usize = 2_000;

/// Rules of checks, narratives and words that are not about data: a relation or page that cannot be
/// made, and what is wrong with exceptions and levels themselves.
const NOT_ABOUT_DATA: [&str; 8] = ["C109", "C191", "C192", "C193", "N001", "N002", "N004", "N005"];

/// Whether findings of a rule can be accepted and its level changed.
fn is_about_data(code: &Code) -> bool {
    match code.id.as_bytes().first() {
        Some(b'C' | b'N' | b'T') => !NOT_ABOUT_DATA.contains(&code.id),
        Some(b'S') => code.severity != Severity::Error,
        _ => false,
    }
}

/// The exceptions of a disclosure, in the order of its file.
pub(super) fn exceptions(rows: Vec<Reader<'_>>, set: &FormSet) -> Vec<Exception> {
    let mut kept: Vec<Exception> = Vec::new();
    for row in rows {
        let sink = row.sink();
        let Some(exception) = exception(row, set) else { continue };
        let cell = |exception: &Exception| exception.cell.as_ref().map(|cell| cell.value.clone());
        let same = |other: &&Exception| {
            other.code.id == exception.code.id && cell(other) == cell(&exception) && other.words == exception.words
        };
        if let Some(first) = kept.iter().find(same) {
            let finding = Finding::new("S002", format!("{}的例外写了两次", exception.code.id)).at(exception.place);
            sink.add(finding.related("第一次写在这里", first.place).help("只留一条；不同的格写不同的 cell"));
            continue;
        }
        kept.push(exception);
    }
    kept
}

fn exception(row: Reader<'_>, set: &FormSet) -> Option<Exception> {
    let code = rule(&row, "这种问题说明源文件读不了或网页做不出，不能作为例外，请改正它");
    let cell = row.text("cell").map(|cell| (canonical(&row, set, &cell), cell.place));
    let words = row.has("words").then(|| filled(&row, "words", "照检查结果写上所指的字样，例如 words = \"44.57亿元\""));
    let reason = reason(&row);
    let person = filled(&row, "person", "写上由谁负责说明，例如 person = \"财务科 某人\"");
    let date = required_date(&row);
    let expires = row.date("expires");
    let ends_before_it_begins = date.zip(expires.as_ref()).filter(|(date, expires)| expires.value < *date);
    if let Some((date, expires)) = ends_before_it_begins {
        let finding = Finding::new("S007", format!("例外的截止日期 {} 早于作出的日期 {date}", expires.value));
        row.sink().add(finding.at(expires.place).help("核对 date 和 expires"));
    }
    let is_too_wide = code.as_ref().is_some_and(|code| code.value.statutory) && !row.has("cell");
    if is_too_wide {
        row.missing("cell", "法定的关系要写明是哪一格，照检查结果中的名称写，例如 cell = \"公开01表58行2栏\"");
    }
    let is_of_text = code.as_ref().is_some_and(|code| code.value.id.starts_with('T'));
    if is_of_text && words.is_none() {
        row.missing("words", "文字中的问题要写明是哪一处，照检查结果写上所指的字样，例如 words = \"44.57亿元\"");
    }
    let is_too_wide = is_too_wide || (is_of_text && words.is_none());
    let is_whole = !is_too_wide && ends_before_it_begins.is_none() && (expires.is_some() || !row.has("expires"));
    row.finish();
    let cell = match cell {
        None => None,
        Some((name, place)) => Some(Placed::new(name?, place)),
    };
    let exception = Exception {
        place: code.as_ref()?.place,
        code: code?.value,
        cell,
        words: match words {
            None => None,
            Some(words) => Some(words?),
        },
        reason: reason?,
        person: person?,
        date: date?,
        expires: expires.map(|expires| expires.value),
    };
    is_whole.then_some(exception)
}

/// The changed levels of a site, in the order of `site.toml`.
pub(super) fn levels(rows: Vec<Reader<'_>>) -> Vec<LevelChange> {
    let mut kept: Vec<LevelChange> = Vec::new();
    for row in rows {
        let sink = row.sink();
        let Some(change) = level(row) else { continue };
        if let Some(first) = kept.iter().find(|other| other.code.id == change.code.id) {
            let finding = Finding::new("S002", format!("{}的级别写了两次", change.code.id)).at(change.place);
            sink.add(finding.related("第一次写在这里", first.place).help("一个代码只写一条"));
            continue;
        }
        kept.push(change);
    }
    kept
}

fn level(row: Reader<'_>) -> Option<LevelChange> {
    let code = rule(&row, "这种问题说明源文件读不了或网页做不出，级别不能改");
    if !row.has("level") {
        row.missing("level", "写上 off（不查）、note（提示）、warning（警告）或 error（错误）");
    }
    let choices = [
        ("off", None),
        ("note", Some(Severity::Note)),
        ("warning", Some(Severity::Warning)),
        ("error", Some(Severity::Error)),
    ];
    let severity = row.choice("level", &choices);
    let reason = reason(&row);
    row.finish();
    let code = code?;
    Some(LevelChange { code: code.value, severity: severity?, reason: reason?, place: code.place })
}

/// The rule that an entry names; `fixed` says what to do when it is not about data.
fn rule(row: &Reader<'_>, fixed: &str) -> Option<Placed<&'static Code>> {
    let text = row.required("code", "写上问题的代码，例如 code = \"C113\"");
    if !row.has("code") {
        return None;
    }
    let name = fold_width(text.value.trim());
    let Some(code) = codes().find(|code| code.id.eq_ignore_ascii_case(&name) || code.name == name) else {
        let known = codes().filter(|code| is_about_data(code)).flat_map(|code| [code.id, code.name]);
        let finding = Finding::new("S061", format!("没有代码为“{}”的问题", text.value)).at(text.place);
        let near = nearest(&name, known).map_or(String::new(), |near| format!("是不是“{near}”？"));
        let help = format!("{near}照检查结果方括号中的代码写；全部代码用 disclose explain 查看");
        row.sink().add(finding.help(help));
        return None;
    };
    if !is_about_data(code) {
        let finding = Finding::new("S062", format!("{}（{}）不是数据问题", code.id, code.title)).at(text.place);
        row.sink().add(finding.help(fixed));
        return None;
    }
    Some(Placed::new(code, text.place))
}

/// A text that must be there and say something.
fn filled(row: &Reader<'_>, key: &'static str, help: &str) -> Option<String> {
    let text = row.required(key, help);
    let value = text.value.trim();
    if value.is_empty() && row.has(key) {
        row.sink().add(Finding::new("S008", format!("“{key}”是空的")).at(text.place).help(help));
    }
    (!value.is_empty()).then(|| value.to_owned())
}

/// The reason: a sentence, not a word.
fn reason(row: &Reader<'_>) -> Option<String> {
    let help = "用一句完整的话写明理由，例如 reason = \"年初按审计意见调整，调整表见附件。\"";
    let reason = filled(row, "reason", help)?;
    if reason.chars().count() < SHORTEST_REASON {
        let text = row.text("reason")?;
        row.sink().add(Finding::new("S007", format!("理由“{reason}”太短，说不清楚")).at(text.place).help(help));
        return None;
    }
    if reason.chars().count() > LONGEST_REASON {
        let text = row.text("reason")?;
        let message = format!("理由超过 {LONGEST_REASON} 字，不像一条说明");
        row.sink().add(Finding::new("S007", message).at(text.place).help("写要点；详细情况放到附件"));
        return None;
    }
    Some(reason)
}

fn required_date(row: &Reader<'_>) -> Option<Date> {
    if !row.has("date") {
        row.missing("date", "写上作出例外的日期，例如 date = \"2024-11-11\"");
    }
    row.date("date").map(|date| date.value)
}

/// The canonical name of the cell, fact or table that an exception names; `上年` may stand
/// before a cell, as it does in findings about last year's figures.
fn canonical(row: &Reader<'_>, set: &FormSet, cell: &Placed<String>) -> Option<String> {
    let text = cell.value.trim();
    let (prior, name) = text.strip_prefix("上年").map_or(("", text), |name| ("上年", name));
    if let Some((_, form)) = set.form(name).filter(|_| prior.is_empty()) {
        return Some(form.code.clone());
    }
    match references::target(set, name) {
        Ok(Target::Cell(cell)) => Some(format!("{prior}{}", set.name_of(cell))),
        Ok(Target::Fact(fact)) => Some(format!("{prior}{fact}")),
        Err(why) => {
            let finding = Finding::new("S053", format!("“{text}”：{why}")).at(cell.place);
            let help = "照检查结果写“表号、行、栏”、附注的名称或表号；不指某一格时删去 cell";
            row.sink().add(finding.help(help));
            None
        }
    }
}
