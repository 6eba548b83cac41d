//! TOML as programs and most people write it, read in one pass without copying.
//!
//! This is the part of TOML that needs no second look: tables and lists of tables by a single
//! key, keys bare or quoted, texts on one line without escapes, plain numbers, dates, lists and
//! inline tables. Whatever else a text holds, wrong or merely rare, is left to [`super::toml`],
//! which reads it from its beginning; what is read here is what would be read there, with nothing
//! found. The tests and the fuzz target hold the two together.

use std::borrow::Cow;
use std::ops::Range;

use memchr::{memchr, memchr_iter, memchr2, memchr3};

use super::toml::Source;
use super::tree::{Entry, Key, Kind, Table, Value};
use super::{hidden, limits};
use crate::diagnostic::{Place, Placed};

/// Deeper brackets are counted by whoever tells them.
const MOST_DEPTH: usize = 8;

/// Digits that any parser takes.
const MOST_DIGITS: usize = 18;

/// The table that a text holds; `None` where it needs a second look.
pub(super) fn read(source: Source<'_>) -> Option<Table<'_>> {
    let bytes = source.text.as_bytes();
    let is_odd = |byte: u8| matches!(byte, 0..=0x08 | 0x0B..=0x1F | 0x7F);
    let odd = bytes.iter().fold(false, |odd, byte| odd | is_odd(*byte));
    if odd && !has_plain_line_ends(bytes) {
        return None;
    }
    Plain { source, bytes, at: 0 }.document()
}

/// Whether the only control characters are tabs and ends of lines.
fn has_plain_line_ends(bytes: &[u8]) -> bool {
    let is_odd = |byte: &u8| byte.is_ascii_control() && !matches!(byte, b'\t' | b'\n' | b'\r');
    !bytes.iter().any(is_odd) && memchr_iter(b'\r', bytes).all(|at| bytes.get(at + 1) == Some(&b'\n'))
}

struct Plain<'s> {
    source: Source<'s>,
    bytes: &'s [u8],
    at: usize,
}

/// `[key]` or `[[key]]`.
struct Header<'s> {
    key: Key<'s>,
    place: Place,
    is_list: bool,
}

impl<'s> Plain<'s> {
    fn document(mut self) -> Option<Table<'s>> {
        let mut root = self.section()?;
        // The entries of the root that lists of tables stand in.
        let mut lists: Vec<usize> = Vec::new();
        while self.at < self.bytes.len() {
            let Header { key, place, is_list } = self.header()?;
            let table = Value { kind: Kind::Table(self.section()?), place };
            let at = lists.iter().copied().find(|at| is_list && root.entries[*at].key.value == key.value);
            if let Some(Kind::Array(tables)) = at.map(|at| &mut root.entries[at].value.kind) {
                tables.push(table);
                continue;
            }
            if root.has(&key.value) {
                return None;
            }
            let value = if is_list { Value { kind: Kind::Array(vec![table]), place } } else { table };
            lists.extend(is_list.then_some(root.entries.len()));
            root.push(Entry { key, value });
        }
        Some(root)
    }

    /// The entries up to the next header or the end.
    fn section(&mut self) -> Option<Table<'s>> {
        let mut table = Table::default();
        loop {
            self.skip_lines()?;
            if matches!(self.peek(), None | Some(b'[')) {
                return Some(table);
            }
            self.entry(&mut table, 0)?;
            self.end_of_line()?;
        }
    }

    fn header(&mut self) -> Option<Header<'s>> {
        let start = self.at;
        self.take(b'[')?;
        let is_list = self.take(b'[').is_some();
        self.skip_blanks();
        let key = self.key()?;
        self.skip_blanks();
        self.take(b']')?;
        if is_list {
            self.take(b']')?;
        }
        let place = self.place(start..self.at);
        self.end_of_line()?;
        Some(Header { key, place, is_list })
    }

    /// `key = value`; a key that is there already needs a second look.
    fn entry(&mut self, table: &mut Table<'s>, depth: usize) -> Option<()> {
        let key = self.key()?;
        self.skip_blanks();
        self.take(b'=')?;
        self.skip_blanks();
        let value = self.value(depth)?;
        if table.has(&key.value) {
            return None;
        }
        table.push(Entry { key, value });
        Some(())
    }

    fn key(&mut self) -> Option<Key<'s>> {
        let start = self.at;
        let name = if let quote @ (b'"' | b'\'') = self.peek()? {
            self.quoted(quote)?
        } else {
            let is_bare = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
            self.at += self.bytes[start..].iter().take_while(|byte| is_bare(byte)).count();
            self.source.text.get(start..self.at)?
        };
        let is_plain = !name.is_empty() && memchr(b'&', name.as_bytes()).is_none();
        is_plain.then(|| Placed::new(Cow::Borrowed(name), self.place(start..self.at)))
    }

    fn value(&mut self, depth: usize) -> Option<Value<'s>> {
        let start = self.at;
        let kind = match self.peek()? {
            quote @ (b'"' | b'\'') => {
                let text = self.quoted(quote)?;
                Kind::Text(Cow::Borrowed(self.without_traps(text, start)?))
            }
            b'-' | b'0'..=b'9' => self.number()?,
            b'[' => Kind::Array(self.list(depth + 1)?),
            b'{' => Kind::Table(self.inline_table(depth + 1)?),
            b't' => self.word("true", true)?,
            b'f' => self.word("false", false)?,
            _ => return None,
        };
        Some(Value { kind, place: self.place(start..self.at) })
    }

    /// What stands between two quotes of a line, without any escape.
    fn quoted(&mut self, quote: u8) -> Option<&'s str> {
        let start = self.at + 1;
        let rest = &self.bytes[start..];
        let end = if quote == b'"' { memchr3(b'"', b'\\', b'\n', rest)? } else { memchr2(b'\'', b'\n', rest)? };
        // Of three quotes the first two would be an empty text.
        if rest[end] != quote || (end == 0 && rest.get(1) == Some(&quote)) {
            return None;
        }
        self.at = start + end + 1;
        self.source.text.get(start..start + end)
    }

    /// A text in which nothing hides and nothing is nested.
    fn without_traps(&self, text: &'s str, start: usize) -> Option<&'s str> {
        let place = || self.place(start..self.at);
        let hides = memchr(b'&', text.as_bytes()).is_some() && hidden::in_string(text, text, place()).is_some();
        (!hides && limits::nested_too_deep(text).is_none()).then_some(text)
    }

    /// A plain decimal number, or a date.
    fn number(&mut self) -> Option<Kind<'s>> {
        let start = self.at;
        let _ = self.take(b'-');
        let whole = self.digits();
        if whole == 4 && self.at == start + 4 && self.peek() == Some(b'-') {
            return self.date(start);
        }
        let leads_with_zero = self.bytes.get(self.at - whole) == Some(&b'0') && whole > 1;
        let fraction = self.take(b'.').map(|()| self.digits());
        let is_plain = whole > 0 && !leads_with_zero && fraction != Some(0);
        let written = &self.source.text[start..self.at];
        (is_plain && written.len() <= MOST_DIGITS && self.ends_value()).then_some(Kind::Number(Cow::Borrowed(written)))
    }

    /// `2024-11-11`, from behind its year on.
    fn date(&mut self, start: usize) -> Option<Kind<'s>> {
        let written = self.source.text.get(start..start + "2024-11-11".len())?;
        self.at = start + written.len();
        let part = |range: Range<usize>| written.get(range)?.parse::<u8>().ok();
        let (month, day) = (part(5..7)?, part(8..10)?);
        let dashes = [4, 7].map(|at| written.as_bytes()[at]) == [b'-'; 2];
        let digits = written.bytes().filter(u8::is_ascii_digit).count() == 8 && !written.starts_with('0');
        let days = match month {
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => 0,
        };
        let is_date = dashes && digits && (1..=days).contains(&day) && self.ends_value();
        is_date.then_some(Kind::Date(Cow::Borrowed(written)))
    }

    fn word(&mut self, word: &str, value: bool) -> Option<Kind<'s>> {
        self.bytes[self.at..].starts_with(word.as_bytes()).then(|| self.at += word.len())?;
        self.ends_value().then_some(Kind::Bool(value))
    }

    fn list(&mut self, depth: usize) -> Option<Vec<Value<'s>>> {
        let mut values = Vec::new();
        self.take(b'[').filter(|()| depth <= MOST_DEPTH)?;
        loop {
            self.skip_lines()?;
            if self.take(b']').is_some() {
                return Some(values);
            }
            values.push(self.value(depth)?);
            self.skip_lines()?;
            if self.take(b',').is_none() {
                return self.take(b']').map(|()| values);
            }
        }
    }

    /// An inline table on one line.
    fn inline_table(&mut self, depth: usize) -> Option<Table<'s>> {
        let mut table = Table::default();
        self.take(b'{').filter(|()| depth <= MOST_DEPTH)?;
        self.skip_blanks();
        if self.take(b'}').is_some() {
            return Some(table);
        }
        loop {
            self.entry(&mut table, depth)?;
            self.skip_blanks();
            if self.take(b'}').is_some() {
                return Some(table);
            }
            self.take(b',')?;
            self.skip_blanks();
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        (self.peek() == Some(byte)).then(|| self.at += 1)
    }

    fn digits(&mut self) -> usize {
        let digits = self.bytes[self.at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += digits;
        digits
    }

    /// Whether nothing follows that could belong to a number or a word.
    fn ends_value(&self) -> bool {
        matches!(self.peek(), None | Some(b' ' | b'\t' | b'\n' | b'\r' | b',' | b']' | b'}'))
    }

    fn skip_blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t')) {
            self.at += 1;
        }
    }

    /// Skips blanks, ends of lines and comments.
    fn skip_lines(&mut self) -> Option<()> {
        loop {
            match self.peek() {
                Some(b' ' | b'\t' | b'\n') => self.at += 1,
                Some(b'\r') => self.take_return()?,
                Some(b'#') => self.skip_comment(),
                _ => return Some(()),
            }
        }
    }

    /// Skips what may stand behind an entry on its line, and the end of the line.
    fn end_of_line(&mut self) -> Option<()> {
        self.skip_blanks();
        if self.peek() == Some(b'#') {
            self.skip_comment();
        }
        match self.peek() {
            None => Some(()),
            Some(b'\r') => self.take_return(),
            _ => self.take(b'\n'),
        }
    }

    fn take_return(&mut self) -> Option<()> {
        self.take(b'\r')?;
        self.take(b'\n')
    }

    fn skip_comment(&mut self) {
        let rest = &self.bytes[self.at..];
        self.at += memchr(b'\n', rest).unwrap_or(rest.len());
    }

    fn place(&self, range: Range<usize>) -> Place {
        self.source.place(range)
    }
}

#[cfg(test)]
mod tests {
    use super::super::embedded::embedded_files;
    use super::super::has_extension;
    use super::super::toml::mended;
    use super::*;
    use crate::diagnostic::FileId;

    /// What is read here, held against what is read there; `None` where it is left to be read there.
    fn read_alike(text: &str) -> Option<Table<'_>> {
        let source = Source { file: FileId(3), text, start: 7 };
        let table = read(source)?;
        let mut findings = Vec::new();
        let other = mended(source, &mut findings);
        assert_eq!((Some(&table), findings.len()), (other.as_ref(), 0), "{text}\n{findings:?}");
        Some(table)
    }

    #[test]
    fn what_people_write_is_read_as_the_parser_reads_it() {
        for text in [
            "",
            "# 注\r\n\r\n",
            "a = 1",
            "a=\"甲\"# 注\n\t'b c' = '乙\\n'\r\n\"二\" = -0.10",
            "published = 2024-02-28 # 日\nheld=[2024-12-31,]",
            "[lines]\n27 = 373.97\n2 = { 3 = -0.10, 1 = 5 ,\"x\"={}}\n\n[ rows ] # 注\n",
            "[[a]]\nb = true\n[[a]]\n[c]\n[[a]]\nb = false\n[[d]]",
            "rows = [\n  { code = \"合计\", 1 = 5 }, # 甲\n\n  { code = '201', 1 = 0.00 },\n]\nx = []\ny = [ [1], [ ] ]",
            "a = { 1 = 5,200 = 6 }",
            "a = \"AT&T\"",
            "a = \"\"",
            "a = ''",
        ] {
            assert!(read_alike(text).is_some(), "{text}");
        }
    }

    #[test]
    fn what_needs_a_second_look_is_left_alone() {
        for text in [
            "a = 1,234",
            "a = 007",
            "a = 5.",
            "a = .5",
            "a = +5",
            "a = 1e5",
            "a = 1_000",
            "a = 0x1F",
            "a = ３",
            "a = 9999999999999999999",
            "a.b = 1",
            "[a.b]",
            "3.1 = 5",
            "a = 1\na = 2",
            "1 = 1\n01 = 2",
            "１ = 1\n1 = 2",
            "[a]\n[a]",
            "[[a]]\n[a]",
            "[a]\n[[a]]",
            "a = []\n[[a]]",
            "[[1]]\n[[01]]",
            "a = \"x\\n\"",
            "a = \"\"\"x\"\"\"",
            "a = '''x'''",
            "a = \"\n\"",
            "a = \"x",
            "a = {b = 1",
            "a = {\nb = 1}",
            "a = {b = 1,}",
            "a = [1",
            "a = [1 2]",
            "a = 2024-13-01",
            "a = 2024-02-30",
            "a = 2024-1-01",
            "a = 2024-01-01T00:00:00",
            "a = 2024-01-01 10:00:00",
            "a = 1 b = 2",
            "a",
            "a =",
            "= 1",
            "甲 = 1",
            "\"\" = 1",
            "a = 1 \u{3000}",
            "a = \"\u{0}\"",
            "a = 1\rb = 2",
            "# \u{7f}",
            "a = \"&#xE000;\"",
            "\"&lrm;\" = 1",
            "a = nan",
            "a = truex",
            "a = 1#",
            "a = 12%",
            "[a] b = 1",
        ] {
            assert!(read_alike(text).is_none(), "{text}");
        }
        assert!(read_alike(&format!("a = \"{}\"", ">".repeat(65))).is_none());
        assert!(read_alike(&format!("a = {}{}", "[".repeat(9), "]".repeat(9))).is_none());
    }

    #[test]
    fn embedded_files_are_read_alike_whatever_slips_into_them() {
        const SLIPS: [&str; 24] = [
            "", "\"", "'", "=", "[", "]", "{", "}", ",", ".", "-", "0", "1", "x", " ", "\n", "\r", "#", "\\", "&", "_",
            "＝", "a = 1\n", "\t",
        ];
        let mut state = 7_u64;
        let mut next = |most: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(state >> 33).unwrap() % most
        };
        let (mut plain, mut slipped) = (0, 0);
        for (_, bytes) in embedded_files().filter(|(path, _)| has_extension(path, "toml")) {
            let text = std::str::from_utf8(bytes).unwrap();
            plain += usize::from(read_alike(text).is_some());
            let lines: Vec<&str> = text.split_inclusive('\n').collect();
            for _ in 0..20 {
                // A few lines of a file are enough to slip in.
                let from = next(lines.len().max(1));
                let mut text = lines[from..lines.len().min(from + 12)].concat();
                for _ in 0..=next(2) {
                    let at = (0..=next(text.len() + 1)).rev().find(|at| text.is_char_boundary(*at)).unwrap();
                    let end = (at..=text.len()).nth(next(2)).filter(|end| text.is_char_boundary(*end)).unwrap_or(at);
                    text.replace_range(at..end, SLIPS[next(SLIPS.len())]);
                }
                slipped += usize::from(read_alike(&text).is_some());
            }
        }
        assert!(plain > 20 && slipped > 50, "{plain} {slipped}");
    }
}
