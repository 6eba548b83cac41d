//! `narrative.md`: sections of the narrative in the unit's own words.
//!
//! 1. Headings of the first or second level cut the file into sections; deeper ones belong to
//!    the words of their section.
//! 2. A heading names a section of the generated narrative, whose text the words replace; one
//!    that ends in `（补充）` adds to it. Whether there is such a section is known only when the
//!    narrative has been composed.
//! 3. What stands under no heading, and headings with nothing under them, are told.

use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::files::Source;
use super::reader::Sink;
use crate::diagnostic::{Finding, Place, Placed};
use crate::model::disclosure::{Manner, OwnSection};

/// What a heading ends in when its words add to the section.
const ADDS: [&str; 2] = ["（补充）", "(补充)"];

/// A heading of the first or second level, in bytes of the stretch that was read.
struct Heading {
    range: Range<usize>,
    title: String,
}

/// The sections in a stretch of a file.
pub(super) fn sections(source: &Source, stretch: Place, sink: &Sink) -> Vec<OwnSection> {
    let start = stretch.start as usize;
    let text = &source.text[start..stretch.end as usize];
    let place = |range: Range<usize>| Place::new(source.id, start + range.start..start + range.end);
    let headings = headings(text);
    let first = headings.first().map_or(text.len(), |heading| heading.range.start);
    let astray = trimmed(text, 0..first);
    if !astray.is_empty() {
        let line = astray.start..astray.start + text[astray].lines().next().map_or(0, str::len);
        let finding = Finding::new("N005", "第一个标题前面有文字，不知道属于哪一节").at(place(line));
        sink.add(finding.help("先写一行“## ”和这一节的标题，如“## 二、收入决算情况说明”，再写正文"));
    }
    let mut sections = Vec::new();
    for (at, heading) in headings.iter().enumerate() {
        let end = headings.get(at + 1).map_or(text.len(), |next| next.range.start);
        let words = trimmed(text, heading.range.end..end);
        let named = place(trimmed(text, heading.range.clone()));
        if words.is_empty() {
            let finding = Finding::new("N005", format!("“{}”下面没有正文", heading.title)).at(named);
            sink.add(finding.help("写上正文；用生成的文字就删去这个标题"));
            continue;
        }
        let (title, manner) = meaning(&heading.title);
        let words = Placed::new(text[words.clone()].replace("\r\n", "\n"), place(words));
        sections.push(OwnSection { heading: Placed::new(title, named), manner, text: words });
    }
    sections
}

/// The headings of the first two levels that stand in no quotation or list.
fn headings(text: &str) -> Vec<Heading> {
    let syntax = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let (mut found, mut depth) = (Vec::<Heading>::new(), 0_usize);
    let mut in_heading = false;
    for (event, range) in Parser::new_ext(text, syntax).into_offset_iter() {
        match event {
            Event::Start(Tag::Heading { level: HeadingLevel::H1 | HeadingLevel::H2, .. }) if depth == 0 => {
                in_heading = true;
                found.push(Heading { range, title: String::new() });
            }
            Event::End(TagEnd::Heading(_)) => in_heading = false,
            Event::Start(Tag::BlockQuote(_) | Tag::Item) => depth += 1,
            Event::End(TagEnd::BlockQuote(_) | TagEnd::Item) => depth -= 1,
            Event::Text(words) | Event::Code(words) if in_heading => {
                if let Some(heading) = found.last_mut() {
                    heading.title.push_str(&words);
                }
            }
            _ => {}
        }
    }
    found
}

/// What a heading names, and whether its words replace or add.
fn meaning(title: &str) -> (String, Manner) {
    let title = title.trim();
    match ADDS.iter().find_map(|mark| title.strip_suffix(mark)) {
        Some(named) => (named.trim_end().to_owned(), Manner::Adds),
        None => (title.to_owned(), Manner::Replaces),
    }
}

/// A range without the blanks at its ends; empty at its start when there is nothing else.
fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let words = &text[range.clone()];
    let start = range.start + (words.len() - words.trim_start().len());
    start.min(range.end)..(start + words.trim().len()).min(range.end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::FileId;

    /// The sections of a file as `标题|方式|正文`, and what was found where.
    fn read(text: &str) -> (Vec<String>, Vec<(String, String)>) {
        let source = Source { id: FileId(0), text: text.into() };
        let sink = Sink::new();
        let sections = sections(&source, Place::new(FileId(0), 0..text.len()), &sink);
        let shown = |section: OwnSection| {
            let place = section.text.place;
            assert_eq!(text[place.start as usize..place.end as usize].replace("\r\n", "\n"), section.text.value);
            format!("{}|{:?}|{}", section.heading.value, section.manner, section.text.value)
        };
        let told = |finding: Finding| {
            let place = finding.place.unwrap();
            (finding.message, text[place.start as usize..place.end as usize].to_owned())
        };
        (sections.into_iter().map(shown).collect(), sink.into_findings().into_iter().map(told).collect())
    }

    #[test]
    fn headings_of_the_second_level_begin_sections_and_deeper_ones_do_not() {
        let (sections, found) =
            read("## 一、甲\r\n\r\n正文。\r\n\r\n### 小标题\r\n\r\n又一段。\r\n\r\n## 乙 （补充）\r\n补一句。\r\n");
        assert_eq!(sections, ["一、甲|Replaces|正文。\n\n### 小标题\n\n又一段。", "乙|Adds|补一句。"]);
        assert_eq!(found, []);
        assert_eq!(read("# 甲(补充)\n正文").0, ["甲|Adds|正文"]);
    }

    #[test]
    fn text_before_the_first_heading_is_told_where_it_stands() {
        let (sections, found) = read("\n先写的话。\n第二行。\n\n## 甲\n\n正文。\n");
        assert_eq!(sections, ["甲|Replaces|正文。"]);
        assert_eq!(found, [("第一个标题前面有文字，不知道属于哪一节".to_owned(), "先写的话。".to_owned())]);
        assert_eq!(read("只有话").1.len(), 1);
        assert_eq!(read("").1.len(), 0);
    }

    #[test]
    fn a_heading_without_text_is_told() {
        let (sections, found) = read("## 甲\n\n## 乙\n\n正文。\n");
        assert_eq!(sections, ["乙|Replaces|正文。"]);
        assert_eq!(found, [("“甲”下面没有正文".to_owned(), "## 甲".to_owned())]);
    }

    #[test]
    fn signs_of_headings_in_code_lists_and_quotations_begin_nothing() {
        let text = "## 甲\n\n```\n## 乙\n```\n\n> ## 丙\n\n- ## 丁\n";
        assert_eq!(read(text).0, ["甲|Replaces|```\n## 乙\n```\n\n> ## 丙\n\n- ## 丁"]);
    }
}
