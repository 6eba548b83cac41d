//! JSON into the same tree as TOML; comments and trailing commas are not JSON.
//!
//! The parser stops at the first error, so the text is mended and parsed again, as TOML is:
//!
//! 1. numbers that only people read are written plainly ([`super::numerals`]);
//! 2. what breaks the rules and is clear (a comment, a last comma) is told and let pass;
//! 3. a value that an error touches is [`Kind::Broken`]; everything else is read.
//!
//! A bracket that is never closed may mean that the end is missing: then nothing is read.

use std::collections::BTreeMap;
use std::ops::Range;

use jsonc_parser::ast;
use jsonc_parser::common::Ranged;
use jsonc_parser::errors::ParseErrorKind;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use super::hidden;
use super::limits;
use super::numerals::{self, Format};
use super::patches::{Mark, Marks, Patch, Patches};
use super::toml;
use super::tree::{Entry, Kind, Table, Value};
use crate::diagnostic::{FileId, Finding, Place, Placed};

const STRICT: ParseOptions = ParseOptions {
    allow_comments: false,
    allow_loose_object_property_names: false,
    allow_trailing_commas: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

/// How often a text is mended; each round mends one place.
const ROUNDS: usize = 64;

/// The object that a text holds, or `None` when it cannot be read.
pub(super) fn parse(file: FileId, text: &str, findings: &mut Vec<Finding>) -> Option<Table<'static>> {
    let mut mender =
        Mender { file, text, options: STRICT, patches: Patches::default(), tries: BTreeMap::new(), found: Vec::new() };
    let table = mender.mend();
    findings.append(&mut mender.found);
    table
}

struct Mender<'s> {
    file: FileId,
    text: &'s str,
    /// What is let pass because it was told already and its meaning is clear.
    options: ParseOptions,
    patches: Patches,
    /// How often each line (by its start) was mended.
    tries: BTreeMap<usize, usize>,
    found: Vec<Finding>,
}

impl Mender<'_> {
    fn mend(&mut self) -> Option<Table<'static>> {
        let scan = numerals::scan(self.text, Format::Json);
        if let Some(at) = scan.too_deep {
            self.found.push(numerals::too_deep(Place::new(self.file, at..at + 1)));
            return None;
        }
        for number in scan.numbers {
            self.number(number);
        }
        self.unpaired_quotes();
        if self.found.len() > toml::MOST_SLIPS {
            self.found.truncate(1);
            return self.give_up();
        }
        for _ in 0..ROUNDS {
            let (text, marks) = self.patches.apply(self.text);
            let error = match parse_to_ast(&text, &CollectOptions::default(), &self.options) {
                Ok(parsed) => return self.table(&marks, parsed.value),
                Err(error) => error,
            };
            let range = marks.old(&(error.range().start..error.range().end));
            if !self.allow(error.kind(), &range) && !self.mend_line(error.kind(), range.start) {
                self.tell_lost(error.kind(), range);
                return None;
            }
        }
        self.give_up()
    }

    fn give_up(&mut self) -> Option<Table<'static>> {
        self.found.push(toml::too_many_slips(Place::new(self.file, 0..0)));
        None
    }

    fn tell(&mut self, range: Range<usize>, message: &str, help: &str) {
        self.found.push(Finding::new("S001", message).at(Place::new(self.file, range)).help(help));
    }

    fn tell_lost(&mut self, kind: &ParseErrorKind, range: Range<usize>) {
        let (what, help) = explain(kind);
        self.tell(range, &format!("{what}，整个文件没有读入"), help);
    }

    fn table(&mut self, marks: &Marks, value: Option<ast::Value<'_>>) -> Option<Table<'static>> {
        if let Some(ast::Value::Object(object)) = value {
            let (file, text, findings) = (self.file, self.text, &mut self.found);
            return Some(JsonReader { file, text, marks, findings }.object(&object));
        }
        let what = if value.is_none() { "文件是空的" } else { "JSON 文件的最外层不是对象" };
        self.tell(0..self.text.len().min(1), &format!("{what}，没有读入"), "最外层写成 { \"键\": 值, … }");
        None
    }

    /// A number as people write it; one that is not clear is not read.
    fn number(&mut self, number: numerals::Written) {
        let (text, mark) = if let Some(plain) = number.plain {
            (plain, Mark::Same)
        } else {
            let finding = toml::bad_grouping(&self.text[number.range.clone()]);
            self.found.push(finding.at(Place::new(self.file, number.range.clone())));
            ("\"\"".to_owned(), Mark::Broken)
        };
        self.patches.put(Patch { range: number.range, text, mark });
    }

    /// A text of JSON ends on its line: an unpaired quote touches that line and no other.
    fn unpaired_quotes(&mut self) {
        let mut start = 0;
        for whole in self.text.split_inclusive('\n') {
            let line = toml::line_around(self.text, start);
            start += whole.len();
            let is_comment = whole.trim_start().starts_with("//");
            if !is_comment && !outside_strings(&self.text[line.clone()]).1 {
                self.tell(trimmed(self.text, &line), "这一行的引号不成对，这一处没有读入", "补上英文双引号");
                self.break_line(&line);
            }
        }
    }

    /// Lets pass, once told, what breaks the rules and is clear all the same.
    fn allow(&mut self, kind: &ParseErrorKind, range: &Range<usize>) -> bool {
        let option = match kind {
            ParseErrorKind::CommentsNotAllowed => &mut self.options.allow_comments,
            ParseErrorKind::TrailingCommasNotAllowed => &mut self.options.allow_trailing_commas,
            ParseErrorKind::SingleQuotedStringsNotAllowed => &mut self.options.allow_single_quoted_strings,
            ParseErrorKind::ExpectedStringObjectProperty => &mut self.options.allow_loose_object_property_names,
            _ => return false,
        };
        if std::mem::replace(option, true) {
            return false;
        }
        let (what, help) = explain(kind);
        self.tell(range.clone(), what, help);
        true
    }

    /// Mends the line of an error: the value first, then the row, then the line.
    fn mend_line(&mut self, kind: &ParseErrorKind, at: usize) -> bool {
        use ParseErrorKind as E;
        let is_of_the_whole = matches!(
            kind,
            E::UnterminatedArray
                | E::UnterminatedObject
                | E::UnterminatedCommentBlock
                | E::NestingDepthExceeded
                | E::MultipleRootJsonValues
        );
        if is_of_the_whole || !self.text.is_char_boundary(at) {
            return false;
        }
        let line = self.line_to_blame(at);
        // A row that is not closed is found only at the next one.
        let kind = if at > line.end { &E::UnterminatedObject } else { kind };
        let rest = self.text[at.min(line.end)..line.end].trim_start();
        let lacks_comma = matches!(kind, E::ExpectedComma) && (rest.is_empty() || rest.starts_with('"'));
        if lacks_comma && !self.patches.has(&(at..at), Mark::Same) {
            self.tell_on(kind, &line, "");
            self.patches.put(Patch { range: at..at, text: ",".into(), mark: Mark::Same });
            return true;
        }
        let tries = self.tries.entry(line.start).or_default();
        *tries += 1;
        let tries = *tries;
        self.tell_on(kind, &line, "，这一处没有读入");
        match tries {
            1 => self.break_value(&line, at) || self.break_line(&line),
            2 => self.break_line(&line),
            3 => {
                self.patches.put(Patch { range: line, text: String::new(), mark: Mark::Broken });
                true
            }
            _ => false,
        }
    }

    /// Tells what is wrong with a line, once.
    fn tell_on(&mut self, kind: &ParseErrorKind, line: &Range<usize>, outcome: &str) {
        let range = trimmed(self.text, line);
        let place = Place::new(self.file, line.clone());
        let mut places = self.found.iter().filter_map(|finding| finding.place);
        if !places.any(|other| (place.start..=place.end).contains(&other.start)) {
            let (what, help) = explain(kind);
            self.tell(range, &format!("{what}{outcome}"), help);
        }
    }

    /// The line of an error; a row that is not closed is found only at the next one.
    fn line_to_blame(&self, at: usize) -> Range<usize> {
        let line = toml::line_around(self.text, at);
        let before = self.text[..line.start].trim_end();
        if !before.is_empty() && self.text[line.clone()].trim_start().starts_with(['{', ']']) {
            let earlier = toml::line_around(self.text, before.len());
            if self.is_open_row(&earlier) {
                return earlier;
            }
        }
        line
    }

    /// Whether a line begins a row and does not end it.
    fn is_open_row(&self, line: &Range<usize>) -> bool {
        let row = self.text[line.clone()].trim();
        row.starts_with('{') && row.len() > 1 && row_end(row).is_none()
    }

    /// Takes the value around a byte for one that was not read.
    fn break_value(&mut self, line: &Range<usize>, at: usize) -> bool {
        let text = &self.text[line.clone()];
        let outside = outside_strings(text).0;
        let before = (at.clamp(line.start, line.end) - line.start + 1).min(text.len());
        let colon = outside.iter().rev().find(|(place, c)| *c == ':' && *place < before).map(|(place, _)| *place);
        let Some(start) = colon.map(|colon| colon + 1) else { return false };
        if text[start..].trim_start().starts_with(['{', '[']) {
            return false;
        }
        let end = outside.iter().find(|(place, c)| *place >= start && matches!(c, ',' | '}' | ']'));
        let end = end.map_or(text.len(), |(place, _)| *place);
        let comma = if end == text.len() { self.comma_after(line) } else { "" };
        self.patches.put(Patch {
            range: line.start + start..line.start + end,
            text: format!(" \"\"{comma}"),
            mark: Mark::Broken,
        });
        true
    }

    /// Takes a whole row (but its code), or the value of the line's key, for not read.
    fn break_line(&mut self, line: &Range<usize>) -> bool {
        let text = &self.text[line.clone()];
        let mut indent = text.len() - text.trim_start().len();
        if text[indent..].starts_with('{') && self.text[..line.start + indent].trim().is_empty() {
            indent = text.len() - text[indent + 1..].trim_start().len(); // The root is no row.
        }
        let row = &text[indent..];
        if row.starts_with('{') {
            let end = row_end(row).map(|end| indent + end);
            let comma = if end.is_none() { self.comma_after(line) } else { "" };
            let end = line.start + end.unwrap_or(text.len());
            let (start, tail) = match code_of_row(row) {
                Some(code) => (line.start + indent + code, format!(", \"\\u0000\": \"\" }}{comma}")),
                None => (line.start + indent, format!("\"\"{comma}")),
            };
            self.patches.put(Patch { range: start..end, text: tail, mark: Mark::Broken });
            return true;
        }
        let Some(key) = string_end(row) else { return false };
        let start = line.start + indent + key;
        let end = line.start + text.trim_end_matches([' ', '\t', ',', '}', ']']).len().max(indent + key);
        let tail = &self.text[end..line.end];
        let comma = if tail.contains([',', '}', ']']) { "" } else { self.comma_after(line) };
        self.patches.put(Patch { range: start..end, text: format!(": \"\"{comma}"), mark: Mark::Broken });
        true
    }

    /// The comma that must follow what ends a line.
    fn comma_after(&self, line: &Range<usize>) -> &'static str {
        let next = self.text[line.end..].trim_start();
        if next.is_empty() || next.starts_with(['}', ']', ',']) { "" } else { "," }
    }
}

/// The characters of a line that stand outside texts, and whether its quotes are paired.
fn outside_strings(line: &str) -> (Vec<(usize, char)>, bool) {
    let (mut outside, mut inside, mut escaped) = (Vec::new(), false, false);
    for (at, c) in line.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if inside => escaped = true,
            '"' => inside = !inside,
            c if !inside => outside.push((at, c)),
            _ => {}
        }
    }
    (outside, !inside)
}

/// Where the row that begins a text ends, when it does.
fn row_end(row: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, c) in outside_strings(row).0 {
        match c {
            '{' | '[' => depth += 1,
            '}' | ']' => depth = depth.saturating_sub(1),
            _ => continue,
        }
        if depth == 0 {
            return Some(at + 1);
        }
    }
    None
}

/// Where the text that begins a line ends.
fn string_end(line: &str) -> Option<usize> {
    let inner = line.strip_prefix('"')?;
    let end = inner.find('"')?;
    (!inner[..end].contains('\\')).then_some(end + 2)
}

/// Where `"code": "…"` ends, when a row begins with it.
fn code_of_row(row: &str) -> Option<usize> {
    let after = row.strip_prefix('{')?.trim_start().strip_prefix("\"code\"")?.trim_start();
    let code = after.strip_prefix(':')?.trim_start();
    Some(row.len() - code.len() + string_end(code)?)
}

fn trimmed(text: &str, line: &Range<usize>) -> Range<usize> {
    let whole = &text[line.clone()];
    let start = line.start + (whole.len() - whole.trim_start().len());
    start..(line.start + whole.trim_end().len()).max(start)
}

struct JsonReader<'r> {
    file: FileId,
    text: &'r str,
    marks: &'r Marks,
    findings: &'r mut Vec<Finding>,
}

impl JsonReader<'_> {
    fn place(&self, range: jsonc_parser::common::Range) -> Place {
        Place::new(self.file, self.marks.old(&(range.start..range.end)))
    }

    /// What escapes hide in a text.
    fn hidden(&mut self, decoded: &str, range: jsonc_parser::common::Range) -> bool {
        let old = self.marks.old(&(range.start..range.end));
        let written = self.text.get(old).unwrap_or_default();
        let found = hidden::in_string(decoded, written, self.place(range));
        let found = found.filter(|_| self.marks.mark_at(range.start).is_none());
        let is_hiding = found.is_some();
        self.findings.extend(found);
        is_hiding
    }

    fn object(&mut self, object: &ast::Object<'_>) -> Table<'static> {
        let mut table = Table::default();
        for property in &object.properties {
            let (name, range) = match &property.name {
                ast::ObjectPropName::String(text) => (text.value.to_string(), text.range),
                ast::ObjectPropName::Word(word) => (word.value.to_owned(), word.range),
            };
            let mut value = self.value(&property.value);
            if self.hidden(&name, range) {
                value.kind = Kind::Broken;
            }
            table.add(Entry { key: Placed::new(name.into(), self.place(range)), value }, self.findings);
        }
        table
    }

    fn value(&mut self, value: &ast::Value<'_>) -> Value<'static> {
        let range = value.range();
        let place = self.place(range);
        if self.marks.mark_at(range.start).is_some_and(|mended| mended.mark == Mark::Broken) {
            return Value { kind: Kind::Broken, place };
        }
        let kind = match value {
            ast::Value::Object(object) => Kind::Table(self.object(object)),
            ast::Value::Array(array) => Kind::Array(array.elements.iter().map(|item| self.value(item)).collect()),
            ast::Value::StringLit(text) if self.hidden(&text.value, range) => Kind::Broken,
            ast::Value::StringLit(text) if limits::nested_too_deep(&text.value).is_some() => {
                self.findings.push(limits::tell_nested(place));
                Kind::Broken
            }
            ast::Value::StringLit(text) => Kind::Text(text.value.to_string().into()),
            ast::Value::NumberLit(number) => toml::number(number.value, place, self.findings),
            ast::Value::BooleanLit(value) => Kind::Bool(value.value),
            ast::Value::NullKeyword(_) => Kind::Null,
        };
        Value { kind, place }
    }
}

fn explain(kind: &jsonc_parser::errors::ParseErrorKind) -> (&'static str, &'static str) {
    use jsonc_parser::errors::ParseErrorKind as E;
    match kind {
        E::CommentsNotAllowed | E::UnterminatedCommentBlock => ("JSON 中不能写注释", "删去注释，或者改用 TOML"),
        E::TrailingCommasNotAllowed => ("最后一项的后面多了逗号", "删去这个逗号"),
        E::ExpectedComma => ("两项之间缺少逗号", "在两项之间加英文逗号"),
        E::ExpectedColonAfterObjectKey => ("键的后面缺少冒号", "写成 \"键\": 值"),
        E::ExpectedObjectValue => ("键的后面没有值", "补上值；没有这个数就删去这一项"),
        E::ExpectedStringObjectProperty | E::UnexpectedTokenInObject => ("键没有用英文双引号括起来", "写成 \"键\": 值"),
        E::SingleQuotedStringsNotAllowed => ("用了单引号", "改用英文双引号"),
        E::UnterminatedArray | E::UnterminatedObject => ("括号没有结束", "补上与它成对的结束括号"),
        E::UnexpectedCloseBrace | E::UnexpectedCloseBracket => ("多了一个结束括号", "删去它，或者补上开始的括号"),
        E::MultipleRootJsonValues => ("最外层有两个值", "一个文件只写一个 { … }"),
        E::HexadecimalNumbersNotAllowed
        | E::NonFiniteNumbersNotAllowed
        | E::UnaryPlusNumbersNotAllowed
        | E::BareDecimalPointNumbersNotAllowed
        | E::ExpectedDigit
        | E::ExpectedDigitFollowingNegativeSign
        | E::ExpectedPlusMinusOrDigitInNumberLiteral => ("数字的写法不对", "写成 373.97 这样的十进制数"),
        E::NestingDepthExceeded => ("括号套得太深", "减少层次"),
        E::String(_) => ("文字的引号或转义不对", "检查英文双引号和反斜线"),
        _ => ("不合 JSON 的写法", "应当是 \"键\": 值，用英文半角标点"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Option<Table<'static>>, Vec<String>) {
        let mut findings = Vec::new();
        let table = parse(FileId(0), text, &mut findings);
        (table, findings.iter().map(|f| format!("{} {}", f.code.id, f.message)).collect())
    }

    #[test]
    fn numbers_are_kept_as_written_and_order_is_kept() {
        let (table, found) = read("{\"lines\": {\"27\": 144.00, \"10\": 1}}");
        let table = table.unwrap();
        let Kind::Table(lines) = &table.entries[0].value.kind else { panic!("no table") };
        assert!(matches!(&lines.entries[0].value.kind, Kind::Number(digits) if digits == "144.00"));
        assert_eq!((&*lines.entries[1].key.value, found.len()), ("10", 0));
    }

    /// The tree in short, and the findings.
    fn shown(text: &str) -> (String, Vec<String>) {
        let (table, found) = read(text);
        (table.map_or("没有读入".into(), |table| show(&Kind::Table(table))), found)
    }

    fn show(kind: &Kind) -> String {
        match kind {
            Kind::Table(table) => {
                let entries = table.entries.iter().map(|e| format!("{}={}", e.key.value, show(&e.value.kind)));
                format!("{{{}}}", entries.collect::<Vec<_>>().join(" ")).replace('\0', "…")
            }
            Kind::Array(items) => {
                format!("[{}]", items.iter().map(|item| show(&item.kind)).collect::<Vec<_>>().join(" "))
            }
            Kind::Text(text) => format!("{text:?}"),
            Kind::Number(digits) => digits.to_string(),
            Kind::Broken => "?".into(),
            other => other.name().into(),
        }
    }

    fn is(text: &str, tree: &str, found: &[&str]) {
        let (shown, messages) = shown(text);
        assert_eq!((shown.as_str(), messages.as_slice()), (tree, found.map_owned().as_slice()), "{text}");
    }

    trait MapOwned {
        fn map_owned(&self) -> Vec<String>;
    }

    impl MapOwned for [&str] {
        fn map_owned(&self) -> Vec<String> {
            self.iter().map(|text| (*text).to_owned()).collect()
        }
    }

    #[test]
    fn what_is_clear_is_told_and_read() {
        is("{\"a\": 1, // x\n\"b\": 2}", "{a=1 b=2}", &["S001 JSON 中不能写注释"]);
        is("{\"a\": 1,}", "{a=1}", &["S001 最后一项的后面多了逗号"]);
        is("{\"a\": 1\n\"b\": 2}", "{a=1 b=2}", &["S001 两项之间缺少逗号"]);
        is("[]", "没有读入", &["S001 JSON 文件的最外层不是对象，没有读入"]);
    }

    #[test]
    fn numbers_are_read_as_people_write_them() {
        is("{\"a\": 1,234.56, \"b\": ３７３．９７}", "{a=1234.56 b=373.97}", &[]);
        is("{\"a\": 12,34.5,\n\"b\": 2}", "{a=? b=2}", &["S006 “12,34.5”的千分位不是每三位一隔，没有读入"]);
        is("{\"a\": [1,234]}", "{a=[1 234]}", &[]);
    }

    #[test]
    fn an_error_touches_one_value_and_the_rest_is_read() {
        is("{\"a\": 1,\n\"b\": ,\n\"c\": 3}", "{a=1 b=? c=3}", &["S001 不合 JSON 的写法，这一处没有读入"]);
        is("{\"a\": 1,\n\"b\": 3..5,\n\"c\": 3}", "{a=1 b=? c=3}", &["S001 数字的写法不对，这一处没有读入"]);
        is("{\"a\": 1,\n\"b\": 373 .97\n,\"c\": 3}", "{a=1 b=? c=3}", &["S001 数字的写法不对，这一处没有读入"]);
        is("{\"a\": 1,\n\"b\" 2,\n\"c\": 3}", "{a=1 b=? c=3}", &["S001 键的后面缺少冒号，这一处没有读入"]);
        is("{\"a\": \"x,\n\"b\": 2}", "{a=? b=2}", &["S001 这一行的引号不成对，这一处没有读入"]);
    }

    #[test]
    fn a_row_keeps_its_code_when_the_rest_of_it_is_not_read() {
        let rows = |second: &str| format!("{{\"rows\": [\n{{\"code\": \"合计\", \"1\": 5}},\n{second}\n]}}");
        let kept = "{rows=[{code=\"合计\" 1=5} {code=\"201\" …=?}]}";
        is(&rows("{\"code\": \"201\", \"1\": 5"), kept, &["S001 括号没有结束，这一处没有读入"]);
        is(&rows("{\"code\": \"201\", \"name: \"x\", \"1\": 5}"), kept, &["S001 这一行的引号不成对，这一处没有读入"]);
        is(&rows("{\"code\": \"201\", \"1\": 5}"), "{rows=[{code=\"合计\" 1=5} {code=\"201\" 1=5}]}", &[]);
    }

    #[test]
    fn a_file_that_may_be_cut_off_is_not_read() {
        assert_eq!(shown("{\"a\": 1,\n\"b\": 37").0, "没有读入");
        assert_eq!(shown("{\"a\": [1, 2").1.len(), 1);
    }

    #[test]
    fn escapes_hide_nothing() {
        is("{\"a\": \"x\\uE000y\", \"b\": \"\\u4e2d\"}", "{a=? b=\"中\"}", &["S012 这里用转义写了看不见的字符 U+E000"]);
        is("{\"a\": \"&#x202E;\", \"b\": \"&amp;\"}", "{a=? b=\"&amp;\"}", &["S012 这里用转义写了看不见的字符 U+202E"]);
    }

    #[test]
    fn a_key_that_stands_twice_is_found() {
        assert_eq!(read("{\"1\": 2, \"01\": 3}").1, ["S002 “1”和“01”是同一个键"]);
        assert_eq!(read("{\"a\": 1e5}").1, ["S006 “1e5”不是普通的十进制数"]);
    }

    #[test]
    fn nasty_texts_do_not_panic() {
        for text in
            ["", "{", "}", "\"", "{\"a\"", "{\"a\":}", "\u{0}", "{\"a\": \"\\ud800\"}", "nul", "{\"a\": -}", "，"]
        {
            read(text);
        }
        read(&"[".repeat(100_000));
        read(&"{\"a\":".repeat(100_000));
    }
}
