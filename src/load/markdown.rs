//! Markdown files: a front matter in TOML between `+++` lines, then the text.

use super::files::Source;
use super::reader::{Reader, Sink};
use super::toml;
use super::tree::Table;
use crate::diagnostic::{Finding, Place, Placed};

/// A Markdown file, front matter and text apart.
pub(super) struct Document<'s> {
    front: Table<'s>,
    start: Place,
    /// The text, without blank lines around it.
    pub(super) body: Placed<String>,
}

impl<'s> Document<'s> {
    /// The file with its front matter read; `None` when it has none or it cannot be read.
    pub(super) fn read(source: &'s Source, sink: &Sink) -> Option<Self> {
        let text = &*source.text;
        let Some((front, body)) = split(text) else {
            let finding = Finding::new("S008", "文件开头没有“+++”之间的说明").at(source.start());
            sink.add(finding.help("开头写：+++ 一行，键 = 值 若干行，+++ 一行，然后才是正文"));
            return None;
        };
        let mut findings = Vec::new();
        let stretch = toml::Source { file: source.id, text: &text[front.clone()], start: front.start };
        let front = toml::parse(stretch, &mut findings);
        sink.add_all(findings);
        Some(Self { front: front?, start: source.start(), body: trimmed(source, body) })
    }

    /// A reader of the front matter.
    pub(super) fn reader<'r>(&'r self, sink: &'r Sink) -> Reader<'r> {
        Reader::new(&self.front, self.start, sink)
    }
}

/// A whole file as text, without blank lines around it and without the comments that a
/// skeleton begins with.
pub(super) fn without_comments(source: &Source) -> Placed<String> {
    trimmed(source, comments_length(&source.text))
}

/// How long the comments (`<!-- … -->`) at the beginning of a text are.
fn comments_length(text: &str) -> usize {
    let mut rest = text;
    while let Some((_, after)) = rest.trim_start().strip_prefix("<!--").and_then(|inner| inner.split_once("-->")) {
        rest = after;
    }
    text.len() - rest.len()
}

fn trimmed(source: &Source, from: usize) -> Placed<String> {
    let body = &source.text[from..];
    let start = from + (body.len() - body.trim_start().len());
    let text = body.trim().replace("\r\n", "\n");
    let end = from + body.trim_end().len();
    Placed::new(text, Place::new(source.id, start..end.max(start)))
}

/// The stretch of the front matter, and where the text begins.
fn split(text: &str) -> Option<(std::ops::Range<usize>, usize)> {
    let mut lines = text.split_inclusive('\n');
    let first = lines.next().filter(|line| line.trim_end() == "+++")?;
    let mut at = first.len();
    for line in lines {
        if line.trim_end() == "+++" {
            return Some((first.len()..at, at + line.len()));
        }
        at += line.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_comments_at_the_beginning_are_left_out() {
        assert_eq!(comments_length("<!-- 甲 -->\n<!-- 乙 -->正文 <!-- 丙 -->"), "<!-- 甲 -->\n<!-- 乙 -->".len());
        assert_eq!(comments_length("正文 <!-- 丙 -->"), 0);
        assert_eq!(comments_length("<!-- 没有结束"), 0);
    }

    #[test]
    fn the_front_matter_ends_at_its_second_line_of_pluses() {
        assert_eq!(split("+++\na = 1\n+++\n正文"), Some((4..10, 14)));
        assert_eq!(split("+++\r\n+++\r\n"), Some((5..5, 10)));
        assert_eq!(split("正文"), None);
        assert_eq!(split("+++\na = 1\n"), None);
    }
}
