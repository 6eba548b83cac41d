//! The unit's own words in a narrative: `narrative.md` merged into the composed text.
//!
//! 1. The headings of the composed text are its sections (`## 一、…`) and subsections
//!    (`### （一）…`); each reaches to the next of its level or above.
//! 2. Every own section finds the one that its heading names, with or without the number.
//! 3. Its words replace what stands below the heading, or follow it. The heading stays, so its
//!    anchor does too; charts of what was replaced stay after the words, for they are drawn from
//!    the figures and the unit cannot place them.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::derive::narrative::words::{self, Piece};
use crate::derive::narrative::{Author, CHART, CHART_END, Passage, push_marker};
use crate::diagnostic::Finding;
use crate::model::disclosure::{Manner, OwnSection};
use crate::text::{fold_char, nearest};

/// A section or subsection of the composed text.
struct Section {
    title: String,
    /// The title by which it is found, with its number and without: [`folded`].
    keys: [String; 2],
    /// 0 for a section, 1 for its subsections.
    depth: usize,
    /// What stands below the heading, up to the next section of its level.
    below: Range<usize>,
}

/// Own words with their place in the composed text.
struct Edit<'o> {
    own: &'o OwnSection,
    at: usize,
    /// What of the composed text goes; nothing where the words are added.
    range: Range<usize>,
}

/// The passages of a narrative whose composed text is `text`, and what could not be placed.
pub(super) fn merge(text: &str, own: &[OwnSection]) -> (Vec<Passage>, Vec<Finding>) {
    if own.is_empty() {
        return (vec![composed(text)], Vec::new());
    }
    let sections = sections(text);
    let mut findings = Vec::new();
    let mut edits: Vec<Edit<'_>> = Vec::new();
    for own in own {
        let placed = find(&sections, &own.heading.value).map_err(|problem| Box::new(problem.at(own.heading.place)));
        match placed.and_then(|at| place(&sections, at, own, &edits)) {
            Ok(edit) => {
                findings.extend(lost_subsections(&sections, &edit));
                edits.push(edit);
            }
            Err(finding) => findings.push(*finding),
        }
    }
    // At one place the words for a subsection come before those for the section that it ends.
    edits.sort_by_key(|edit| (edit.range.start, std::cmp::Reverse(sections[edit.at].depth)));
    (passages(text, &sections, &edits), findings)
}

fn composed(text: &str) -> Passage {
    Passage { markdown: text.to_owned(), author: Author::Composed }
}

fn passages(text: &str, sections: &[Section], edits: &[Edit<'_>]) -> Vec<Passage> {
    let (mut passages, mut from) = (Vec::new(), 0);
    for edit in edits {
        passages.push(composed(&text[from..edit.range.start]));
        // Own headings begin at the third level: one below a section of the second.
        let author = Author::Unit { manner: edit.own.manner, deeper: sections[edit.at].depth };
        passages.push(Passage { markdown: edit.own.text.value.clone(), author });
        passages.push(composed(&charts(&text[edit.range.clone()])));
        from = edit.range.end;
    }
    passages.push(composed(&text[from..]));
    passages
}

/// The charts of a text without the text.
fn charts(text: &str) -> String {
    let mut charts = String::new();
    for piece in words::pieces(text) {
        if let Piece::Chart(index) = piece {
            push_marker(&mut charts, CHART, index, CHART_END);
            charts.push_str("\n\n");
        }
    }
    charts
}

/// The sections and subsections of a composed text, in its order.
fn sections(text: &str) -> Vec<Section> {
    let headings = headings(text);
    let top = headings.iter().map(|heading| heading.0).min().unwrap_or(1);
    let meant = headings.iter().filter(|heading| heading.0 <= top + 1);
    let section = |(level, title, range): &(usize, String, Range<usize>)| {
        let next = headings.iter().find(|other| other.2.start > range.start && other.0 <= *level);
        let end = next.map_or(text.len(), |next| next.2.start);
        Section { title: title.clone(), keys: keys(title), depth: level - top, below: range.end..end }
    };
    meant.map(section).collect()
}

/// The headings of a text outside of lists and quotations: level, title, range.
fn headings(text: &str) -> Vec<(usize, String, Range<usize>)> {
    let syntax = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let (mut found, mut depth, mut open) = (Vec::<(usize, String, Range<usize>)>::new(), 0_usize, false);
    for (event, range) in Parser::new_ext(text, syntax).into_offset_iter() {
        match event {
            Event::Start(Tag::Heading { level, .. }) if depth == 0 => {
                open = true;
                found.push((level as usize, String::new(), range));
            }
            Event::End(TagEnd::Heading(_)) => open = false,
            Event::Start(Tag::BlockQuote(_) | Tag::Item) => depth += 1,
            Event::End(TagEnd::BlockQuote(_) | TagEnd::Item) => depth -= 1,
            Event::Text(words) | Event::Code(words) if open => {
                if let Some((_, title, _)) = found.last_mut() {
                    title.push_str(&words);
                }
            }
            _ => {}
        }
    }
    found
}

/// The section that a heading names: with its number, else without.
fn find(sections: &[Section], heading: &str) -> Result<usize, Box<Finding>> {
    let wanted = keys(heading);
    let matches = |key: usize| {
        let found = sections.iter().enumerate().filter(|(_, section)| section.keys[key] == wanted[key]);
        found.map(|(at, _)| at).collect::<Vec<_>>()
    };
    let mut found = matches(0);
    if found.is_empty() {
        found = matches(1);
    }
    match found[..] {
        [one] => Ok(one),
        [] => Err(Box::new(unknown(sections, heading))),
        _ => {
            let finding = Finding::new("N004", format!("情况说明中有{}节叫“{heading}”", found.len()));
            Err(Box::new(finding.help("写上编号，如“## 二、…”，看得出是哪一节")))
        }
    }
}

fn unknown(sections: &[Section], heading: &str) -> Finding {
    let finding = Finding::new("N004", format!("情况说明中没有“{heading}”这一节"));
    let titles = || sections.iter().map(|section| unnumbered(&section.title));
    let help = nearest(unnumbered(heading), titles()).map_or_else(
        || {
            let top = sections.iter().filter(|section| section.depth == 0);
            let titles: Vec<&str> = top.map(|section| section.title.as_str()).collect();
            format!("可用的有：{}；自己的小标题写成三级（### ）", titles.join("，"))
        },
        |near| format!("是不是“{near}”？"),
    );
    finding.help(help)
}

/// What a title is found by: with its number, and without.
fn keys(title: &str) -> [String; 2] {
    [folded(title), folded(unnumbered(title))]
}

/// A title by which sections are compared: width, blanks and kinds of quotation marks aside.
fn folded(title: &str) -> String {
    let quotes = |c: &char| matches!(c, '“' | '”' | '"' | '\'' | '‘' | '’' | '「' | '」');
    title.chars().map(fold_char).filter(|c| !c.is_whitespace() && !quotes(c)).collect()
}

/// A title without its number: `一、`, `（一）`, `1.`, `1、`, `(1)`.
fn unnumbered(title: &str) -> &str {
    let title = title.trim();
    let is_digit = |c: char| c.is_ascii_digit() || "〇零一二三四五六七八九十百０１２３４５６７８９".contains(c);
    let (inner, closes): (&str, &[char]) = match title.strip_prefix(['（', '(']) {
        Some(inner) => (inner, &['）', ')']),
        None => (title, &['、', '.', '．', ' ']),
    };
    let rest = inner.trim_start_matches(is_digit);
    match rest.strip_prefix(closes) {
        Some(named) if rest.len() < inner.len() => named.trim_start(),
        _ => title,
    }
}

/// Own words at the section that they name; what is replaced can be named by no other.
fn place<'o>(
    sections: &[Section],
    at: usize,
    own: &'o OwnSection,
    edits: &[Edit<'_>],
) -> Result<Edit<'o>, Box<Finding>> {
    let section = &sections[at];
    let range = match own.manner {
        Manner::Replaces => section.below.clone(),
        Manner::Adds => section.below.end..section.below.end,
    };
    let clash = edits.iter().find(|other| {
        let replaces = |manner| manner == Manner::Replaces;
        let holds = |outer: &Section, inner: &Section| {
            outer.below.start <= inner.below.start && inner.below.end <= outer.below.end
        };
        other.at == at
            || (replaces(other.own.manner) && holds(&sections[other.at], section))
            || (replaces(own.manner) && holds(section, &sections[other.at]))
    });
    match clash {
        None => Ok(Edit { own, at, range }),
        Some(other) => {
            let message = format!("“{}”和“{}”写的是同一节的文字", other.own.heading.value, own.heading.value);
            let finding = Finding::new("N005", message).at(own.heading.place);
            let finding = finding.related("先写在这里", other.own.heading.place);
            Err(Box::new(finding.help("合在一个标题下写，只留一处")))
        }
    }
}

/// A warning when own words for a section write some of its subsections and not the others.
fn lost_subsections(sections: &[Section], edit: &Edit<'_>) -> Option<Finding> {
    let section = &sections[edit.at];
    if edit.own.manner == Manner::Adds || section.depth > 0 {
        return None;
    }
    let written: Vec<String> =
        headings(&edit.own.text.value).iter().map(|(_, title, _)| folded(unnumbered(title))).collect();
    let inner = sections[edit.at + 1..].iter().take_while(|inner| inner.depth > 0);
    let (kept, lost): (Vec<_>, Vec<_>) = inner.partition(|inner| written.contains(&inner.keys[1]));
    if kept.is_empty() || lost.is_empty() {
        return None;
    }
    let names = |sections: Vec<&Section>| {
        sections.iter().map(|section| format!("“{}”", section.title)).collect::<Vec<_>>().concat()
    };
    let (first, lost) = (kept[0].title.clone(), names(lost));
    let finding = Finding::new("N006", format!("“{}”改写后没有{lost}", section.title)).at(edit.own.heading.place);
    Some(finding.help(format!("只改“{first}”时，把它写成二级标题（## {first}）；整节改写时，把其余的小节也写上")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::derive::fixture::PLACE;
    use crate::diagnostic::Placed;

    const TEXT: &str = "## 一、收入情况\n\n甲。\n\n\u{E002}0\u{E003}\n\n## 二、支出情况\n\n### （一）总体情况\n\n乙。\n\n\
                        ### （二）具体情况\n\n丙。\n\n## 三、“三公”经费情况\n\n丁。\n";

    fn own(heading: &str, manner: Manner, text: &str) -> OwnSection {
        let placed = |text: &str| Placed::new(text.to_owned(), PLACE);
        OwnSection { heading: placed(heading), manner, text: placed(text) }
    }

    /// The narrative with `[…]` around the unit's words, and what was found.
    fn merged(own: &[OwnSection]) -> (String, Vec<String>) {
        let (passages, findings) = merge(TEXT, own);
        let shown = |passage: Passage| match passage.author {
            Author::Composed => passage.markdown,
            Author::Unit { deeper, .. } => format!("[{deeper}{}]", passage.markdown),
        };
        let told = findings.iter().map(|f| format!("{} {} {}", f.code.id, f.message, f.help.as_deref().unwrap()));
        (passages.into_iter().map(shown).collect(), told.collect())
    }

    fn replaced(heading: &str) -> (String, Vec<String>) {
        merged(&[own(heading, Manner::Replaces, "自写。")])
    }

    #[test]
    fn words_replace_a_section_named_with_or_without_its_number() {
        let expected = TEXT.replace("\n\n甲。\n\n\u{E002}0\u{E003}\n\n", "\n[0自写。]\u{E002}0\u{E003}\n\n");
        for heading in ["一、收入情况", "收入情况", " 收入 情况", "九、收入情况"] {
            assert_eq!(replaced(heading), (expected.clone(), vec![]), "{heading}");
        }
        let (text, found) = replaced("\"三公\"经费情况");
        assert!(text.ends_with("## 三、“三公”经费情况\n[0自写。]") && found.is_empty(), "{text}");
    }

    #[test]
    fn a_subsection_is_replaced_alone_and_its_headings_stand_deeper() {
        let (text, found) = replaced("（一）总体情况");
        assert!(text.contains("### （一）总体情况\n[1自写。]### （二）具体情况\n\n丙。"), "{text}");
        assert!(found.is_empty());
    }

    #[test]
    fn words_are_added_at_the_end_of_their_section() {
        let added = [own("支出情况", Manner::Adds, "后。"), own("具体情况", Manner::Adds, "先。")];
        let (text, found) = merged(&added);
        assert!(text.contains("丙。\n\n[1先。][0后。]## 三、"), "{text}");
        assert!(found.is_empty(), "{found:?}");
    }

    #[test]
    fn a_heading_of_no_section_is_told_with_the_nearest_one() {
        let (text, found) = replaced("四、收人情况");
        assert_eq!(
            (text.as_str(), found),
            (TEXT, vec!["N004 情况说明中没有“四、收人情况”这一节 是不是“收入情况”？".into()])
        );
        let (_, found) = replaced("机构设置和主要职责");
        assert!(
            found[0]
                .ends_with("可用的有：一、收入情况，二、支出情况，三、“三公”经费情况；自己的小标题写成三级（### ）")
        );
    }

    #[test]
    fn a_section_is_written_once() {
        let twice = [own("收入情况", Manner::Replaces, "甲"), own("一、收入情况", Manner::Adds, "乙")];
        assert_eq!(merged(&twice).1.len(), 1);
        let within = [own("支出情况", Manner::Replaces, "甲"), own("具体情况", Manner::Adds, "乙")];
        assert!(merged(&within).1[0].starts_with("N005 “支出情况”和“具体情况”写的是同一节的文字"));
        let apart = [own("具体情况", Manner::Replaces, "甲"), own("支出情况", Manner::Adds, "乙")];
        assert_eq!(merged(&apart).1, Vec::<String>::new());
    }

    #[test]
    fn a_section_that_keeps_only_some_of_its_subsections_is_warned_of() {
        let some = [own("二、支出情况", Manner::Replaces, "### （二）具体情况\n\n自写。")];
        let (text, found) = merged(&some);
        assert!(text.contains("[0### （二）具体情况"), "{text}");
        assert!(found[0].starts_with("N006 “二、支出情况”改写后没有“（一）总体情况”"), "{found:?}");
        let none = [own("二、支出情况", Manner::Replaces, "一段话。")];
        assert_eq!(merged(&none).1, Vec::<String>::new());
    }

    #[test]
    fn numbers_of_titles_are_left_out() {
        let cases = [
            ("十三、甲", "甲"),
            ("（一）甲", "甲"),
            ("(2) 甲", "甲"),
            ("3.甲", "甲"),
            ("一般公共预算", "一般公共预算"),
            ("2023年度", "2023年度"),
            ("（甲）乙", "（甲）乙"),
        ];
        for (title, expected) in cases {
            assert_eq!(unnumbered(title), expected);
        }
    }
}
