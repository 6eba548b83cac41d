//! Characters that hide behind escapes: `"\uE000"` in strings, `&#x202E;` in Markdown.
//!
//! The raw text is looked at when a file is read; here is what only decoding brings out.
//! Private-use characters would be taken for the markers of the narrative stage, and
//! directional ones make a text look other than it is.

use std::ops::Range;
use std::sync::Arc;

use super::has_extension;
use super::reader::Sink;
use crate::diagnostic::{FileId, Finding, Place, SourceMap};
use crate::text::{has_forbidden, is_forbidden};

/// What a decoded string hides that its written form does not show.
pub(super) fn in_string(decoded: &str, written: &str, place: Place) -> Option<Finding> {
    let escaped = decoded.chars().find(|c| is_forbidden(*c) && !written.contains(*c));
    let c = escaped.or_else(|| entities(decoded).next().map(|(.., c)| c))?;
    Some(finding(c, place))
}

/// A text as it goes on from here, once everything that hides in it was told: each such
/// character, raw or in Markdown as an entity, is `U+FFFD`, so that none reaches a terminal or a
/// page, whoever shows what was found.
pub(super) fn cleaned(id: FileId, path: &str, text: Arc<str>, sink: &Sink) -> Arc<str> {
    let is_markdown = has_extension(path, "md");
    let hides = |text: &str| has_forbidden(text) || text.contains('\r') || is_markdown && text.contains('&');
    if !hides(&text) {
        return text;
    }
    let mut found = raw(&text);
    if is_markdown {
        found.extend(entities(&text).map(|(start, end, c)| Hidden { range: start..end, c, is_raw: false }));
        found.sort_by_key(|hidden| hidden.range.start);
    }
    if found.is_empty() {
        return text;
    }
    let (mut out, mut at, mut last_line) = (String::with_capacity(text.len()), 0, None);
    let mut lines = Lines::default();
    for hidden in found {
        out.push_str(&text[at..hidden.range.start]);
        at = hidden.range.end;
        let place = Place::new(id, out.len()..out.len() + REPLACEMENT.len_utf8());
        out.push(REPLACEMENT);
        // Once a line: a text that was pasted is full of them.
        let line = lines.line_of(&text, hidden.range.start);
        if last_line.replace(line) != Some(line) || !hidden.is_raw {
            sink.add(if hidden.is_raw { raw_finding(hidden.c, place) } else { finding(hidden.c, place) });
        }
    }
    out.push_str(&text[at..]);
    out.into()
}

/// What stands in the place of what hides.
const REPLACEMENT: char = '\u{FFFD}';

/// Whether a finding tells of what [`cleaned`] took out of its text.
pub(super) fn is_gone(finding: &Finding, sources: &SourceMap) -> bool {
    let text = |place: Place| sources.file(place.file).text.get(place.start as usize..place.end as usize);
    let replaced = finding.place.and_then(text).is_some_and(|text| text.chars().eq([REPLACEMENT]));
    finding.code.id == "S012" && replaced
}

struct Hidden {
    range: Range<usize>,
    c: char,
    is_raw: bool,
}

/// The forbidden characters of a text, and carriage returns that end no line.
fn raw(text: &str) -> Vec<Hidden> {
    let is_lone = |at: usize, c: char| c == '\r' && !text[at + 1..].starts_with('\n');
    let found = text.char_indices().filter(|(at, c)| is_forbidden(*c) || is_lone(*at, *c));
    found.map(|(at, c)| Hidden { range: at..at + c.len_utf8(), c, is_raw: true }).collect()
}

/// Counts the lines of a text up to places that come in order.
#[derive(Default)]
struct Lines {
    at: usize,
    count: usize,
}

impl Lines {
    fn line_of(&mut self, text: &str, at: usize) -> usize {
        self.count += text[self.at..at].bytes().filter(|byte| *byte == b'\n').count();
        self.at = at;
        self.count
    }
}

fn raw_finding(c: char, place: Place) -> Finding {
    Finding::new("S012", format!("这里有看不见的字符 U+{:04X}", u32::from(c)))
        .at(place)
        .help("删去它；多半是从别处粘贴时带来的")
}

fn finding(c: char, place: Place) -> Finding {
    Finding::new("S012", format!("这里用转义写了看不见的字符 U+{:04X}", u32::from(c)))
        .at(place)
        .help("删去它；它会使显示的内容与实际不同")
}

/// The entities of a text that stand for a forbidden character: where they are, and for what.
fn entities(text: &str) -> impl Iterator<Item = (usize, usize, char)> {
    text.match_indices('&').filter_map(|(start, _)| {
        let length = text[start..].bytes().take(12).position(|byte| byte == b';')?;
        let c = decoded(&text[start + 1..start + length])?;
        is_forbidden(c).then_some((start, start + length + 1, c))
    })
}

fn decoded(name: &str) -> Option<char> {
    match name {
        "lrm" => return Some('\u{200E}'),
        "rlm" => return Some('\u{200F}'),
        _ => {}
    }
    let number = name.strip_prefix('#')?;
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => number.parse().ok(),
    };
    char::from_u32(code?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The cleaned text, and what was found, with where it stands in it.
    fn clean(path: &str, text: &str) -> (String, Vec<String>) {
        let sink = Sink::new();
        let cleaned = cleaned(FileId(0), path, text.into(), &sink);
        let places = sink.into_findings().into_iter().map(|finding| {
            let place = finding.place.unwrap();
            assert_eq!(&cleaned[place.start as usize..place.end as usize], "\u{FFFD}");
            finding.message
        });
        let places = places.collect();
        (cleaned.to_string(), places)
    }

    #[test]
    fn what_hides_is_told_once_a_line_and_goes_no_further() {
        let (text, found) = clean("a.toml", "a = \"\u{202E}x\u{1b}\"\r\nb = \"\u{9b}&#x202E;\"\n");
        assert_eq!(text, "a = \"\u{FFFD}x\u{FFFD}\"\r\nb = \"\u{FFFD}&#x202E;\"\n");
        assert_eq!(found, ["这里有看不见的字符 U+202E", "这里有看不见的字符 U+009B"]);
        let (text, found) = clean("a.md", "甲&#x202E;乙\u{7}\r丙&amp;");
        assert_eq!(text, "甲\u{FFFD}乙\u{FFFD}\u{FFFD}丙&amp;");
        assert_eq!(found, ["这里用转义写了看不见的字符 U+202E"]);
        let plain = "甲 & 乙\r\n\t“—”😀\n";
        assert_eq!(clean("a.md", plain), (plain.to_owned(), Vec::new()));
    }

    #[test]
    fn a_line_of_nothing_else_takes_no_longer_than_it_is() {
        let start = std::time::Instant::now();
        let (text, found) = clean("a.toml", &"\u{1}".repeat(1 << 20));
        assert!(start.elapsed().as_secs() < 10, "looking is not linear");
        assert_eq!((text.chars().count(), found.len()), (1 << 20, 1));
    }

    fn found(text: &str) -> Vec<u32> {
        entities(text).map(|(.., c)| u32::from(c)).collect()
    }

    #[test]
    fn entities_of_hidden_characters_are_found_and_others_are_not() {
        assert_eq!(found("甲&#xE000;乙&#8238;丙&#x0202e;&rlm;"), [0xE000, 0x202E, 0x202E, 0x200F]);
        assert_eq!(found("&#x4E2D; &amp;#xE000; &lt; & &#xE000 &#10; &#x110000;"), [0_u32; 0]);
    }
}
