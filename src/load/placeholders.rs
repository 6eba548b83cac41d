//! Words of a skeleton or of model wording that nobody replaced: they must not be published.
//!
//! Every text of the site's settings and of a unit's files is looked at, but for corrections,
//! which quote what was wrong. Markdown's own `**bold**` is no placeholder: what is marked by
//! `**` needs two of them, and text after the first.

use std::ops::Range;

use super::Input;
use super::reader::Sink;
use super::tree::{Kind, Table, Value};
use crate::diagnostic::{Finding, Place};

/// The unit's name in a skeleton.
pub(super) const UNIT: &str = "单位全称";

/// The sentence of an empty table in a skeleton.
pub(super) const EMPTY: &str = "空表说明";

/// What a reason should be, in a skeleton; `site.toml` says the same.
pub(super) const REASON: &str = "写成一句完整的话";

/// Who answers for an exception, in a skeleton.
pub(super) const PERSON: &str = "由谁负责说明";

/// Texts that hold one of these were not finished.
const PLACEHOLDERS: [&str; 20] = [
    UNIT,
    "发布机关全称",
    EMPTY,
    REASON,
    PERSON,
    "自评表的标题",
    "上级部门的目录名",
    "主要职责，一条一句",
    "增加/减少",
    "增长/下降",
    "增长（下降）",
    "增长(下降)",
    "本部门(单位)",
    "本部门（单位）",
    "我部门(单位)",
    "我部门（单位）",
    "其他专用名词",
    "某某",
    "（列明",
    "\\*\\*",
];

/// Characters that stand for a figure or a name still to be written: `增长xx%`, `××部门`.
const BLANKS: [char; 5] = ['x', 'X', 'ｘ', 'Ｘ', '×'];

/// Tells every placeholder in the data files whose paths begin so.
pub(super) fn tell(input: &Input<'_>, path: &str, sink: &Sink) {
    let below = input.trees.range(path..).take_while(|(file, _)| file.starts_with(path));
    for table in below.filter_map(|(_, tree)| tree.as_ref()) {
        table_texts(table, sink);
    }
}

fn table_texts(table: &Table, sink: &Sink) {
    for entry in table.entries.iter().filter(|entry| entry.key.value != "corrections") {
        value_texts(&entry.value, sink);
    }
}

fn value_texts(value: &Value, sink: &Sink) {
    match &value.kind {
        Kind::Table(table) => table_texts(table, sink),
        Kind::Array(items) => items.iter().for_each(|item| value_texts(item, sink)),
        Kind::Text(text) => {
            if let Some(left) = first(text) {
                sink.add(left_over(&text[left]).at(value.place));
            }
        }
        _ => {}
    }
}

fn left_over(left: &str) -> Finding {
    Finding::new("S044", format!("模板中的“{left}”没有改")).help("换成实际的内容；没有这项内容就删去这一行")
}

/// Tells the first placeholder of each paragraph in a stretch of a Markdown file.
pub(super) fn tell_prose(file: &str, stretch: Place, sink: &Sink) {
    let mut at = stretch.start as usize;
    let Some(text) = file.get(at..stretch.end as usize) else { return };
    let mut paragraph = at..at;
    for line in text.split_inclusive('\n') {
        at += line.len();
        if line.trim().is_empty() {
            tell_paragraph(file, paragraph, stretch, sink);
            paragraph = at..at;
        } else {
            paragraph.end = at;
        }
    }
    tell_paragraph(file, paragraph, stretch, sink);
}

fn tell_paragraph(file: &str, paragraph: Range<usize>, stretch: Place, sink: &Sink) {
    let start = paragraph.start;
    if let Some(left) = first(&file[paragraph]) {
        let place = Place::new(stretch.file, start + left.start..start + left.end);
        sink.add(left_over(&file[start..][left]).at(place));
    }
}

/// The first placeholder in a text.
fn first(text: &str) -> Option<Range<usize>> {
    let words = PLACEHOLDERS.iter().filter_map(|word| text.find(word).map(|at| at..at + word.len()));
    words.chain(blanks(text)).chain(stars(text)).min_by_key(|found| found.start)
}

/// Two or more [`BLANKS`] side by side, or one `×` before a unit; not part of a Latin word,
/// a number or an address.
fn blanks(text: &str) -> Option<Range<usize>> {
    runs(text, |c| BLANKS.contains(&c)).find(|run| {
        let (before, after) = (&text[..run.start], &text[run.end..]);
        let is_latin = |c: char| c.is_ascii_alphanumeric() || "./_-:@".contains(c);
        let joined = before.ends_with(is_latin) || after.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '.');
        let long = text[run.clone()].chars().nth(1).is_some();
        !joined && (long || (&text[run.clone()] == "×" && before_unit(after)))
    })
}

/// Two or more `*` that mark nothing: the first of a pair with no text after it, one without a
/// partner, or too many; a masked number (`138****1234`) and a line of stars are what they are.
fn stars(text: &str) -> Option<Range<usize>> {
    let mut open: Option<Range<usize>> = None;
    for run in runs(text, |c| c == '*').filter(|run| run.len() > 1) {
        let (before, after) = (&text[..run.start], &text[run.end..]);
        let digit = |c: char| c.is_ascii_alphanumeric();
        let is_mask = run.len() > 2 && before.ends_with(digit) && after.starts_with(digit);
        let line_before = before.rsplit('\n').next().unwrap_or_default();
        let line_after = after.split('\n').next().unwrap_or_default();
        if is_mask || (line_before.trim().is_empty() && line_after.trim().is_empty() && run.len() > 2) {
            continue;
        }
        let marks_nothing = after.is_empty()
            || before_unit(after)
            || after.starts_with(|c: char| c.is_whitespace() || "，。、；：）)|".contains(c));
        if run.len() > 3 || (open.is_none() && marks_nothing) {
            return Some(run);
        }
        open = if open.is_none() { Some(run) } else { None };
    }
    open
}

fn before_unit(after: &str) -> bool {
    ["万元", "%", "％", "个百分点"].iter().any(|unit| after.starts_with(unit))
}

/// The longest stretches of characters of a kind, in order.
fn runs(text: &str, is_one: impl Fn(char) -> bool) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text[at..].find(&is_one)?;
        at = text[start..].find(|c| !is_one(c)).map_or(text.len(), |length| start + length);
        Some(start..at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_for_a_figure_or_name_is_found() {
        let known = [
            ("增长xx%", "xx"),
            ("XX部门整体绩效", "XX"),
            ("ＸＸ局", "ＸＸ"),
            ("支出×万元", "×"),
            ("完成××项", "××"),
            ("接待某某单位", "某某"),
            ("其他（列明名称）", "（列明"),
            ("支出**万元，增长**%", "**"),
            ("共 ** 人", "**"),
            ("支出**", "**"),
            ("**小计：甲****乙", "****"),
            ("**甲**支出**乙", "**"),
            ("支出\\*\\*万元", "\\*\\*"),
        ];
        for (text, left) in known {
            assert_eq!(first(text).map(|found| &text[found]), Some(left), "{text}");
        }
    }

    #[test]
    fn bold_text_products_addresses_and_masks_are_no_placeholders() {
        let silent = [
            "**年初预算**和**决算**",
            "支出**373.97**万元，占**62**%",
            "***甲***",
            "前\n***\n后",
            "* 甲\n* 乙",
            "**甲\n乙**",
            "长×宽×高，3×5",
            "max、Linux、0xff、1xx",
            "https://xx.example.gov.cn/xxgk/",
            "图例.xxx",
            "电话138****1234",
            "x 轴",
            "列明的项目",
        ];
        for text in silent {
            assert_eq!(first(text).map(|found| &text[found]), None, "{text}");
        }
    }
}
