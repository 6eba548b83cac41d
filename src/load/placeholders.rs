//! Words of a skeleton or of model wording that nobody replaced: they must not be published.
//!
//! Every text of the site's settings and of a unit's files is looked at, but for corrections,
//! which quote what was wrong. The marks and words of model texts are [`placeholders`]'s; the
//! words of our own skeletons stand here.

use std::ops::Range;
use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::Input;
use super::reader::Sink;
use super::tree::{Kind, Table, Value};
use super::versions;
use crate::diagnostic::{Finding, Place};
use crate::text::charset::CharSet;
use crate::text::placeholders;

/// The unit's name in a skeleton.
pub(super) const UNIT: &str = "单位全称";

/// The sentence of an empty table in a skeleton.
pub(super) const EMPTY: &str = "空表说明";

/// What a reason should be, in a skeleton; `site.toml` says the same.
pub(super) const REASON: &str = "写成一句完整的话";

/// Who answers for an exception, in a skeleton.
pub(super) const PERSON: &str = "由谁负责说明";

/// What our own skeletons say where an author has to write.
const SKELETON: [&str; 8] =
    [UNIT, "发布机关全称", EMPTY, REASON, PERSON, "自评表的标题", "上级部门的目录名", "主要职责，一条一句"];

/// Model wording that names both words, or nothing; in prose the rules of hygiene look closer.
const MODEL: [&str; 5] = ["本部门(单位)", "本部门（单位）", "我部门(单位)", "我部门（单位）", "其他专用名词"];

/// Tells every placeholder in the data files whose paths begin so.
pub(super) fn tell(input: &Input<'_>, path: &str, sink: &Sink) {
    let below = input.trees.range(path..).take_while(|(file, _)| file.starts_with(path));
    // Earlier versions stand as they were published.
    let present = below.filter(|(file, _)| !file[path.len()..].starts_with(versions::FOLDER));
    for table in present.filter_map(|(_, tree)| tree.as_ref()) {
        table_texts(table, sink);
    }
}

fn table_texts(table: &Table<'_>, sink: &Sink) {
    for entry in table.entries.iter().filter(|entry| entry.key.value != "corrections") {
        value_texts(&entry.value, sink);
    }
}

fn value_texts(value: &Value<'_>, sink: &Sink) {
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

/// The words, made ready to be looked for: every text of every file is searched for all of them.
static WORDS: LazyLock<Vec<Finder<'static>>> =
    LazyLock::new(|| SKELETON.iter().chain(&MODEL).map(Finder::new).collect());

/// The first placeholder in a text.
fn first(text: &str) -> Option<Range<usize>> {
    // Codes, numbers and dates hold no words, and of marks only these.
    if text.is_ascii() && !text.contains(['x', 'X', '*', '_', '\\']) {
        return None;
    }
    let chars = CharSet::of(text);
    let found = |(word, finder): (&&str, &Finder<'_>)| {
        let at = chars.may_hold(word).then(|| finder.find(text.as_bytes())).flatten()?;
        Some(at..at + word.len())
    };
    let words = SKELETON.iter().chain(&MODEL).zip(WORDS.iter()).filter_map(found);
    words.chain(placeholders::left(text, &chars)).min_by_key(|found| found.start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_skeleton_and_of_model_texts_are_found_and_the_first_is_told() {
        let known = [
            ("单位全称的主要职责", "单位全称"),
            ("空表说明：增长xx%", "空表说明"),
            ("支出**万元，写成一句完整的话", "**"),
            ("其他（列明名称）", "（列明"),
        ];
        for (text, left) in known {
            assert_eq!(first(text).map(|found| &text[found]), Some(left), "{text}");
        }
        assert_eq!(first("全称见单位概况，支出**373.97**万元"), None);
    }
}
