//! Numbers as people type them: `1,234.56`, `３７３．９７`, `1_234`; read from the source
//! text before any parser sees it, because no parser of TOML or JSON knows them.
//!
//! 1. [`scan`] walks the text outside strings and comments, and watches the brackets.
//! 2. A number after `=` (TOML) or `:` (JSON) that the parsers would not take, or would take
//!    for something else, becomes a [`Written`] with the plain digits it stands for.

use std::ops::Range;

use crate::diagnostic::{Finding, Place};
use crate::text::fold_width;

/// What the scan of a text saw.
#[derive(Debug, Default)]
pub(super) struct Scan {
    /// Numbers to be written otherwise, in order.
    pub(super) numbers: Vec<Written>,
    /// The first thing that is opened and never closed.
    pub(super) unclosed: Option<Unclosed>,
    /// Where brackets first stand deeper in each other than [`MOST_DEPTH`].
    pub(super) too_deep: Option<usize>,
}

/// How deep brackets may stand in each other. The files of a site need four; parsers and whoever
/// walks the tree call themselves once a level.
const MOST_DEPTH: usize = 32;

/// What is told where they stand deeper.
pub(super) fn too_deep(place: Place) -> Finding {
    Finding::new("S083", format!("括号套了 {MOST_DEPTH} 层以上，整个文件没有读入"))
        .at(place)
        .help("数据文件的括号不过三四层；多半放错了文件，请核对")
}

/// A number that must be written otherwise for a parser.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Written {
    /// Where it stands.
    pub(super) range: Range<usize>,
    /// The plain digits; `None` when its separators do not group by threes.
    pub(super) plain: Option<String>,
}

/// Something that is opened and never closed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unclosed {
    /// Where it is opened.
    pub(super) at: usize,
    /// What opens it: `[`, `{`, `"""`.
    pub(super) sign: &'static str,
}

/// The two formats; they differ in what stands before a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// `=`, comments, four kinds of strings.
    Toml,
    /// `:`, no comments, one kind of strings.
    Json,
}

/// Reads a text for numbers that need care, and for what is never closed.
pub(super) fn scan(text: &str, format: Format) -> Scan {
    let mut scanner = Scanner { text, format, at: 0, open: Vec::new(), scan: Scan::default() };
    scanner.run();
    scanner.scan
}

struct Scanner<'s> {
    text: &'s str,
    format: Format,
    at: usize,
    open: Vec<(usize, char)>,
    scan: Scan,
}

impl Scanner<'_> {
    fn run(&mut self) {
        while let Some(c) = self.rest().chars().next() {
            match c {
                '"' => self.string('"', "\"\"\""),
                '\'' if self.format == Format::Toml => self.string('\'', "'''"),
                '#' if self.format == Format::Toml => self.skip_line(),
                '[' | '{' => self.push(c),
                ']' | '}' => self.pop(c),
                '=' if self.format == Format::Toml => self.value(),
                ':' if self.format == Format::Json => self.value(),
                c => self.at += c.len_utf8(),
            }
        }
        // A row of TOML ends on its line, so a brace left open is what keeps its list open.
        let brace = self.open.iter().find(|(_, c)| *c == '{' && self.format == Format::Toml);
        if let Some((at, c)) = brace.or(self.open.first()).copied() {
            self.unclosed(at, if c == '[' { "[" } else { "{" });
        }
    }

    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn unclosed(&mut self, at: usize, sign: &'static str) {
        let earlier = self.scan.unclosed.as_ref().is_some_and(|unclosed| unclosed.at <= at);
        if !earlier {
            self.scan.unclosed = Some(Unclosed { at, sign });
        }
    }

    fn skip_line(&mut self) {
        self.at += self.rest().find('\n').unwrap_or(self.rest().len());
    }

    fn push(&mut self, c: char) {
        self.open.push((self.at, c));
        if self.open.len() > MOST_DEPTH {
            self.scan.too_deep.get_or_insert(self.at);
        }
        self.at += 1;
    }

    /// Closes the innermost bracket of the kind; a closing bracket without one is the
    /// parser's to report.
    fn pop(&mut self, c: char) {
        let partner = if c == ']' { '[' } else { '{' };
        if self.open.last().is_some_and(|(_, open)| *open == partner) {
            self.open.pop();
        }
        self.at += 1;
    }

    fn string(&mut self, quote: char, long: &'static str) {
        let start = self.at;
        if self.format == Format::Toml && self.rest().starts_with(long) {
            self.at += 3;
            if let Some(end) = find_end(self.rest(), long, quote == '"') {
                self.at += end + 3;
            } else {
                self.unclosed(start, long);
                self.at = self.text.len();
            }
            return;
        }
        self.at += 1;
        let line_end = self.rest().find('\n').unwrap_or(self.rest().len());
        let end = find_end(&self.rest()[..line_end], &long[..1], quote == '"');
        self.at += end.map_or(line_end, |end| end + 1);
    }

    fn value(&mut self) {
        self.at += 1;
        let blank = self.rest().len() - self.rest().trim_start_matches([' ', '\t', '\u{3000}']).len();
        let start = self.at + blank;
        let Some(length) = number_length(&self.text[start..], self.format) else { return };
        let written = &self.text[start..start + length];
        self.at = start + length;
        if !written.is_ascii() || written.contains([',', '_']) {
            let plain = plain_digits(&fold_width(written));
            self.scan.numbers.push(Written { range: start..start + length, plain });
        }
    }
}

/// Where a string ends, behind an even number of backslashes when it has escapes.
fn find_end(text: &str, quote: &str, escapes: bool) -> Option<usize> {
    let mut at = 0;
    loop {
        let found = at + text[at..].find(quote)?;
        let backslashes = text[..found].bytes().rev().take_while(|byte| *byte == b'\\').count();
        if !escapes || backslashes % 2 == 0 {
            return Some(found);
        }
        at = found + 1;
    }
}

/// How long the number at the start of a text is, separators included; `None` for anything
/// else. A last group that is the next key of an inline table (`5,200 = 6`) is not part of it.
fn number_length(text: &str, format: Format) -> Option<usize> {
    let digit_like = |c: char| matches!(fold(c), '0'..='9' | '.' | ',' | '_' | '+' | '-') || c == '−';
    let mut end = text.find(|c| !digit_like(c)).unwrap_or(text.len());
    let mut token = &text[..end];
    token = token.trim_end_matches([',', '，']);
    let after = text[end..].trim_start_matches([' ', '\t']);
    if format == Format::Toml && token.len() == end && after.starts_with('=') {
        token = &token[..token.rfind([',', '，'])?];
    }
    end = token.len();
    let stops = text[end..].chars().next().is_none_or(|c| !(c.is_alphanumeric() || matches!(c, ':' | '%' | '％')));
    let has_digit = token.chars().any(|c| fold(c).is_ascii_digit());
    (stops && has_digit).then_some(end)
}

fn fold(c: char) -> char {
    let mut buffer = [0; 4];
    fold_width(c.encode_utf8(&mut buffer)).chars().next().unwrap_or(c)
}

/// The digits of a number without separators; `None` when they do not group by threes.
pub(super) fn plain_digits(folded: &str) -> Option<String> {
    let (whole, fraction) = folded.split_once('.').map_or((folded, None), |(w, f)| (w, Some(f)));
    let unsigned = whole.trim_start_matches(['-', '+']);
    let well_grouped = grouped_by_threes(unsigned) && fraction.is_none_or(|f| !f.contains([',', '_']));
    well_grouped.then(|| folded.replace([',', '_'], ""))
}

/// Whether digits have no separators, or one kind of them between groups of three.
fn grouped_by_threes(digits: &str) -> bool {
    let Some(separator) = digits.chars().find(|c| matches!(c, ',' | '_')) else { return true };
    let groups: Vec<&str> = digits.split(separator).collect();
    let plain = |group: &&str| group.bytes().all(|byte| byte.is_ascii_digit());
    groups.iter().all(plain) && (1..=3).contains(&groups[0].len()) && groups[1..].iter().all(|group| group.len() == 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(text: &str) -> Vec<(String, Option<String>)> {
        let written = scan(text, Format::Toml).numbers;
        written.into_iter().map(|number| (text[number.range].to_owned(), number.plain)).collect()
    }

    #[test]
    fn separators_that_group_by_threes_are_taken_out() {
        assert_eq!(numbers("1 = 1,234.56"), [("1,234.56".into(), Some("1234.56".into()))]);
        assert_eq!(numbers("1 = -12_345"), [("-12_345".into(), Some("-12345".into()))]);
    }

    #[test]
    fn separators_that_do_not_group_by_threes_are_told() {
        assert_eq!(numbers("1 = 12,34.5"), [("12,34.5".into(), None)]);
        assert_eq!(numbers("1 = 1_23"), [("1_23".into(), None)]);
    }

    #[test]
    fn the_next_key_of_an_inline_table_is_no_group_of_digits() {
        assert_eq!(numbers("33 = { 2 = 5,200 = 6 }"), []);
        assert_eq!(numbers("33 = { 2 = 5,200, 3 = 6 }"), [("5,200".into(), Some("5200".into()))]);
    }

    #[test]
    fn full_width_digits_are_folded() {
        assert_eq!(numbers("1 = －３７３．９７ # 注"), [("－３７３．９７".into(), Some("-373.97".into()))]);
    }

    #[test]
    fn texts_and_comments_are_left_alone() {
        assert_eq!(numbers("a = \"x = 1,234\" # b = 1,234\nc = '''\nd = 1,234'''"), []);
    }

    #[test]
    fn what_is_never_closed_is_told_with_its_place() {
        assert_eq!(scan("a = [\n1,\nb = 2", Format::Toml).unclosed, Some(Unclosed { at: 4, sign: "[" }));
        assert_eq!(scan("a = \"\"\"x", Format::Toml).unclosed, Some(Unclosed { at: 4, sign: "\"\"\"" }));
        assert_eq!(scan("a = \"[\"", Format::Toml).unclosed, None);
        let row = "a = [\n  { 1 = 2,\n  { 1 = 3 },\n]";
        assert_eq!(scan(row, Format::Toml).unclosed, Some(Unclosed { at: 8, sign: "{" }));
    }
}
