//! TOML into the tree, with one finding for each line that is wrong and everything else read.
//!
//! The parser recovers by inventing values, and gives up a document half-way on some errors.
//! So the text is mended and parsed again until it has no error left:
//!
//! 1. numbers that only people read are written plainly ([`super::numerals`]);
//! 2. each error puts a [`Patch`] over what it touches, the smallest that may do first;
//! 3. what a patch covers is [`Kind::Broken`], or has the key that it stands for.
//!
//! Places always refer to the text as it was written. A text that needs none of this is read by
//! [`super::plain`] in one pass.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::hidden;
use super::limits;
use super::numerals::{self, Format};
use super::patches::{Mark, Marks, Patch, Patches};
use super::plain;
use super::slips::explain;
use super::tree::{Entry, Kind, Table, Value};
use crate::diagnostic::{FileId, Finding, Place, Placed};
use crate::text::fold_width;

/// How often a text is mended; each round mends every line that is still wrong.
const ROUNDS: usize = 64;

/// More findings than this in one file help nobody.
const MOST_FINDINGS: usize = 20;

/// A file with more slips than this is no file that somebody wrote by hand.
pub(super) const MOST_SLIPS: usize = 2_000;

/// A stretch of a file that is TOML.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source<'s> {
    /// The file.
    pub(super) file: FileId,
    /// The stretch.
    pub(super) text: &'s str,
    /// Where it begins in the file.
    pub(super) start: usize,
}

impl Source<'_> {
    /// Where a range of the stretch stands in its file.
    pub(super) fn place(&self, range: Range<usize>) -> Place {
        Place::new(self.file, self.start + range.start..self.start + range.end)
    }
}

/// The table that a text holds, or `None` when it cannot be read as a whole.
pub(super) fn parse<'s>(source: Source<'s>, findings: &mut Vec<Finding>) -> Option<Table<'s>> {
    plain::read(source).or_else(|| mended(source, findings))
}

/// The table that a text holds, whatever is wrong in it.
pub(super) fn mended(source: Source<'_>, findings: &mut Vec<Finding>) -> Option<Table<'static>> {
    let mut mender = Mender { source, patches: Patches::default(), tries: BTreeMap::new(), found: Vec::new() };
    let table = mender.mend();
    findings.append(&mut mender.found);
    table
}

struct Mender<'s> {
    source: Source<'s>,
    patches: Patches,
    /// How often each line (by its start) was mended.
    tries: BTreeMap<usize, usize>,
    found: Vec<Finding>,
}

impl Mender<'_> {
    fn mend(&mut self) -> Option<Table<'static>> {
        let scan = numerals::scan(self.source.text, Format::Toml);
        if let Some(unclosed) = scan.unclosed {
            self.found.push(
                Finding::new("S001", format!("这里的“{}”一直没有结束，整个文件没有读入", unclosed.sign))
                    .at(self.source.place(unclosed.at..unclosed.at + unclosed.sign.len()))
                    .help("补上与它成对的结束符号"),
            );
            return None;
        }
        if let Some(at) = scan.too_deep {
            self.found.push(numerals::too_deep(self.source.place(at..at + 1)));
            return None;
        }
        for number in scan.numbers {
            self.number(number);
        }
        for _ in 0..ROUNDS {
            let (text, marks) = self.patches.apply(self.source.text);
            let (table, errors) = DeTable::parse_recoverable(&text);
            if errors.is_empty() {
                let (source, findings) = (self.source, &mut self.found);
                return Some(TreeReader { source, text: &text, marks: &marks, findings }.table(table.get_ref()));
            }
            if errors.len() > MOST_SLIPS {
                self.found.push(too_many_slips(self.source.place(0..0)));
                break;
            }
            if !self.round(&marks, &errors) {
                break;
            }
        }
        None
    }

    fn number(&mut self, number: numerals::Written) {
        let Some(plain) = number.plain else {
            let written = &self.source.text[number.range.clone()];
            self.found.push(bad_grouping(written).at(self.source.place(number.range.clone())));
            self.patches.put(Patch { range: number.range, text: "\"\"".into(), mark: Mark::Broken });
            return;
        };
        self.patches.put(Patch { range: number.range, text: plain, mark: Mark::Same });
    }

    /// Mends what the errors of one parse touch; `false` when nothing more can be done.
    fn round(&mut self, marks: &Marks, errors: &[toml::de::Error]) -> bool {
        let mut lines = BTreeSet::new();
        let mut line = 0..0;
        let mut mended = false;
        for error in errors {
            let range = error.span().map_or(0..0, |span| marks.old(&span));
            let mut range = clamp(self.source.text, range);
            // What breaks off at the end of the file belongs to its last line.
            range.start = range.start.min(self.source.text.trim_end().len());
            // A line may have thousands of errors, and is long then.
            if lines.is_empty() || !line.contains(&range.start) {
                line = line_around(self.source.text, range.start);
            }
            if error.message().starts_with("duplicate key") {
                mended |= self.rename(range);
                continue;
            }
            if !lines.insert(line.start) {
                continue;
            }
            mended |= self.mend_line(&line, range, error.message());
        }
        mended
    }

    /// Gives a second key of one name a name of its own; it is found when the tree is read.
    fn rename(&mut self, key: Range<usize>) -> bool {
        if key.is_empty() || self.patches.has(&key, Mark::Duplicate) {
            return false;
        }
        let text = format!("\"\\u0000{}\"", key.start);
        self.patches.put(Patch { range: key, text, mark: Mark::Duplicate });
        true
    }

    fn mend_line(&mut self, line: &Range<usize>, error: Range<usize>, message: &str) -> bool {
        let tries = self.tries.entry(line.start).or_default();
        *tries += 1;
        let (tries, text) = (*tries, &self.source.text[line.clone()]);
        let token = token_around(self.source.text, line, error.start);
        if tries == 1 && self.mend_key(&token) {
            return true;
        }
        if tries <= 2 && self.found.len() < MOST_FINDINGS && !self.has_finding_on(line) {
            self.found.push(
                explain(text, &self.source.text[token.clone()], message).at(self.source.place(if token.is_empty() {
                    trimmed(self.source.text, line)
                } else {
                    token.clone()
                })),
            );
        }
        match tries {
            1 if follows_equals(self.source.text, line, token.start) && !token.is_empty() => {
                self.patches.put(Patch { range: token, text: "\"\"".into(), mark: Mark::Broken });
            }
            1 | 2 => self.blank_value(line),
            3 => self.patches.put(Patch { range: line.clone(), text: String::new(), mark: Mark::Broken }),
            _ => return false,
        }
        true
    }

    fn has_finding_on(&self, line: &Range<usize>) -> bool {
        let start = self.source.place(line.clone()).start;
        let end = self.source.place(line.clone()).end;
        self.found.iter().filter_map(|finding| finding.place).any(|place| (start..=end).contains(&place.start))
    }

    /// Quotes a key of Chinese characters, folds one of full-width digits.
    fn mend_key(&mut self, token: &Range<usize>) -> bool {
        let written = self.source.text;
        let key = &written[token.clone()];
        let is_key = written[token.end..].trim_start_matches([' ', '\t']).starts_with('=');
        if key.is_ascii() || !is_key || key.contains(['"', '\'', '\\', '.']) {
            return false;
        }
        let folded = fold_width(key);
        let text = if folded.bytes().all(|byte| byte.is_ascii_digit()) {
            folded
        } else {
            self.found.push(
                Finding::new("S003", format!("键“{key}”不是英文字母和数字，没有加引号"))
                    .at(self.source.place(token.clone()))
                    .help(format!("用英文引号括起来：\"{key}\" = …")),
            );
            format!("\"{key}\"")
        };
        self.patches.put(Patch { range: token.clone(), text, mark: Mark::Same });
        true
    }

    /// Keeps the code of a row, so that its figures are known not to be read instead of absent.
    fn keep_code(&mut self, line: &Range<usize>, code: &Range<usize>) {
        let (start, end) = (line.start + code.start, line.start + code.end);
        self.patches.put(Patch { range: line.start..start, text: "{ ".into(), mark: Mark::Same });
        self.patches.put(Patch { range: end..line.end, text: ", \"\\u0000\" = \"\" },".into(), mark: Mark::Broken });
    }

    /// Takes a whole line for a value that was not read.
    fn blank_value(&mut self, line: &Range<usize>) {
        let text = &self.source.text[line.clone()];
        let indent = text.len() - text.trim_start().len();
        let head = text.trim_start();
        if let Some(code) = code_of_row(text) {
            self.keep_code(line, &code);
            return;
        }
        let value = if head.starts_with('{') || head.starts_with('"') || head.starts_with('\'') {
            Some(indent)
        } else {
            text.find('=').map(|at| at + 1)
        };
        let (start, text) = match value {
            Some(at) if at == indent => (line.start + at, "\"\","),
            Some(at) => (line.start + at, " \"\""),
            // `39 34.03`: the key is known, its value is not.
            None => bare_key(text).map_or((line.start, ""), |key| (line.start + key.end, " = \"\"")),
        };
        self.patches.put(Patch { range: start..line.end, text: text.to_owned(), mark: Mark::Broken });
    }
}

/// Where `code = "…"` stands in a row that is one line.
fn code_of_row(line: &str) -> Option<Range<usize>> {
    let row = line.trim();
    if !row.starts_with('{') || !row.trim_end_matches(',').ends_with('}') {
        return None;
    }
    let start = line.find("code")?;
    let quoted = start + line[start..].find('"')?;
    let plain = line[start + 4..quoted].trim() == "=" && !line[..start].contains('"');
    let end = quoted + 1 + line[quoted + 1..].find('"')? + 1;
    plain.then_some(start..end)
}

/// The bare key that begins a line without `=`, with something after it.
fn bare_key(line: &str) -> Option<Range<usize>> {
    let start = line.len() - line.trim_start().len();
    let is_key = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let end = start + line[start..].find(|c| !is_key(c))?;
    (end > start && line[end..].starts_with([' ', '\t'])).then_some(start..end)
}

fn clamp(text: &str, range: Range<usize>) -> Range<usize> {
    let floor = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    floor(range.start)..floor(range.end)
}

/// The line around a byte, without its end.
pub(super) fn line_around(text: &str, at: usize) -> Range<usize> {
    let start = text[..at].rfind('\n').map_or(0, |before| before + 1);
    let end = text[at..].find('\n').map_or(text.len(), |after| at + after);
    start..start + text[start..end].trim_end_matches('\r').len()
}

/// The stretch without white space and punctuation around a byte of a line.
fn token_around(text: &str, line: &Range<usize>, at: usize) -> Range<usize> {
    let at = at.clamp(line.start, line.end);
    let stops = |c: char| c.is_whitespace() || matches!(c, ',' | '=' | '[' | ']' | '{' | '}' | '#' | '"' | '\'');
    let start = text[line.start..at].rfind(stops).map_or(line.start, |before| {
        let stop = line.start + before;
        stop + text[stop..].chars().next().map_or(1, char::len_utf8)
    });
    let end = text[at..line.end].find(stops).map_or(line.end, |after| at + after);
    start..end.max(start)
}

fn follows_equals(text: &str, line: &Range<usize>, at: usize) -> bool {
    text[line.start..at].trim_end_matches([' ', '\t']).ends_with('=')
}

fn trimmed(text: &str, line: &Range<usize>) -> Range<usize> {
    let whole = &text[line.clone()];
    let start = line.start + (whole.len() - whole.trim_start().len());
    start..(line.start + whole.trim_end().len()).max(start)
}

/// Told where mending has come to no end.
pub(super) fn too_many_slips(place: Place) -> Finding {
    Finding::new("S001", "错误太多，整个文件没有读入").at(place).help("先改正其他各处，再检查一次")
}

pub(super) fn bad_grouping(written: &str) -> Finding {
    let folded = fold_width(written);
    let plain = folded.replace([',', '_'], "");
    let help = match folded.split_once(',') {
        // `373,97`: a comma for a decimal point.
        Some((whole, tail)) if (1..=2).contains(&tail.len()) && tail.bytes().all(|byte| byte.is_ascii_digit()) => {
            format!("小数点用英文句点：{whole}.{tail}；确是整数的写成 {plain}")
        }
        _ => format!("核对数字，不写千分位最稳妥：{plain}"),
    };
    Finding::new("S006", format!("“{written}”的千分位不是每三位一隔，没有读入")).help(help)
}

/// Reads the parser's table into the tree.
struct TreeReader<'r> {
    source: Source<'r>,
    text: &'r str,
    marks: &'r Marks,
    findings: &'r mut Vec<Finding>,
}

impl TreeReader<'_> {
    fn table(&mut self, table: &DeTable<'_>) -> Table<'static> {
        let mut out = Table::default();
        for (key, value) in table {
            let entry = self.entry(key, value);
            out.add(entry, self.findings);
        }
        out
    }

    fn entry(&mut self, key: &Spanned<std::borrow::Cow<'_, str>>, value: &Spanned<DeValue<'_>>) -> Entry<'static> {
        let old = self.marks.old(&key.span());
        let duplicate = self.marks.mark_at(key.span().start).is_some_and(|mended| mended.mark == Mark::Duplicate);
        let name = if duplicate {
            self.source.text[old.clone()].trim_matches(['"', '\'']).to_owned()
        } else {
            key.get_ref().to_string()
        };
        let key_place = self.source.place(old.clone());
        let mut value = self.value(value, key_place);
        if !self.is_mended(key.span().start)
            && let Some(finding) = hidden::in_string(&name, &self.source.text[old.clone()], key_place)
        {
            self.findings.push(finding);
            value.kind = Kind::Broken;
        }
        if is_dotted_number(&name, &self.source.text[old.end.min(self.source.text.len())..]) {
            self.findings.push(dotted_number(&name, key_place));
            value.kind = Kind::Broken;
        }
        Entry { key: Placed::new(name.into(), key_place), value }
    }

    fn is_mended(&self, at: usize) -> bool {
        self.marks.mark_at(at).is_some()
    }

    /// A text, unless its escapes hide something.
    fn string(&mut self, text: &str, place: Place) -> Kind<'static> {
        let at = |byte: u32| (byte as usize).saturating_sub(self.source.start).min(self.source.text.len());
        let written = self.source.text.get(at(place.start)..at(place.end)).unwrap_or_default();
        let nested = || limits::nested_too_deep(text).map(|_| limits::tell_nested(place));
        match hidden::in_string(text, written, place).or_else(nested) {
            Some(finding) => {
                self.findings.push(finding);
                Kind::Broken
            }
            None => Kind::Text(text.to_owned().into()),
        }
    }

    fn value(&mut self, value: &Spanned<DeValue<'_>>, key: Place) -> Value<'static> {
        let span = value.span();
        let place = if span.is_empty() { key } else { self.source.place(self.marks.old(&span)) };
        let broken = self.marks.mark_at(span.start).is_some_and(|mended| mended.mark == Mark::Broken);
        if broken && !matches!(value.get_ref(), DeValue::Table(_)) {
            return Value { kind: Kind::Broken, place };
        }
        let kind = match value.get_ref() {
            DeValue::Table(table) => Kind::Table(self.table(table)),
            DeValue::Array(array) => Kind::Array(array.iter().map(|item| self.value(item, key)).collect()),
            DeValue::String(text) => self.string(text, place),
            DeValue::Boolean(value) => Kind::Bool(*value),
            DeValue::Datetime(_) => Kind::Date(self.text[span].to_owned().into()),
            DeValue::Integer(_) | DeValue::Float(_) => number(&self.text[span], place, self.findings),
        };
        Value { kind, place }
    }
}

/// Whether a numeric key is written `3.1 = …`, which TOML takes for a table.
fn is_dotted_number(key: &str, after: &str) -> bool {
    let numeric = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit());
    numeric && after.trim_start_matches([' ', '\t']).starts_with('.')
}

fn dotted_number(key: &str, place: Place) -> Finding {
    Finding::new("S005", format!("键“{key}.…”中有小数点，不知道指哪一行、哪一栏"))
        .at(place)
        .help(format!("一行有几栏时写成 {key} = {{ 1 = …, 2 = … }}；键本身有小数点时用引号括起来"))
}

/// A plain decimal number; other notations that the parsers take are refused.
pub(super) fn number(written: &str, place: Place, findings: &mut Vec<Finding>) -> Kind<'static> {
    let plain = written.strip_prefix('+').unwrap_or(written);
    let digits = plain.strip_prefix('-').unwrap_or(plain);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if all_digits(whole) && all_digits(fraction) {
        return Kind::Number(plain.to_owned().into());
    }
    findings.push(
        Finding::new("S006", format!("“{written}”不是普通的十进制数"))
            .at(place)
            .help("写成 373.97 这样的数；不用 0x、指数、inf、nan"),
    );
    Kind::Broken
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tree in short and the findings as `code line: message`.
    fn read(text: &str) -> (String, Vec<String>) {
        let mut findings = Vec::new();
        let table = parse(Source { file: FileId(0), text, start: 0 }, &mut findings);
        let shown = table.map_or("没有读入".to_owned(), |table| show_table(&table));
        let line = |place: Place| text[..place.start as usize].matches('\n').count() + 1;
        let found = findings.iter().map(|f| format!("{} {}: {}", f.code.id, f.place.map_or(0, line), f.message));
        (shown, found.collect())
    }

    fn show_table(table: &Table<'_>) -> String {
        let entries: Vec<_> = table.entries.iter().map(|e| format!("{}={}", e.key.value, show(&e.value))).collect();
        format!("{{{}}}", entries.join(" "))
    }

    fn show(value: &Value<'_>) -> String {
        match &value.kind {
            Kind::Table(table) => show_table(table),
            Kind::Array(items) => format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(" ")),
            Kind::Text(text) => format!("{text:?}"),
            Kind::Number(text) | Kind::Date(text) => text.to_string(),
            Kind::Bool(value) => value.to_string(),
            Kind::Null => "null".into(),
            Kind::Broken => "?".into(),
        }
    }

    #[test]
    fn order_and_written_digits_are_kept() {
        let (tree, found) = read("[lines]\n27 = 373.97\n10 = 144.00\n2 = { 3 = -0.10, 1 = 5 }\n");
        assert_eq!((tree.as_str(), found.len()), ("{lines={27=373.97 10=144.00 2={3=-0.10 1=5}}}", 0));
    }

    #[test]
    fn a_value_that_an_error_touches_is_not_read_and_its_neighbours_are() {
        for bad in ["5.", "007", "1.2.3", "abc", "＝5", "", "1,23", "0x10", "1e5", "nan", "12%", "3万"] {
            let (tree, found) = read(&format!("[lines]\n1 = 1.50\n2 = {bad}\n3 = 2.50\n"));
            assert_eq!(tree, "{lines={1=1.50 2=? 3=2.50}}", "{bad}: {found:?}");
            assert_eq!(found.len(), 1, "{bad}: {found:?}");
            assert!(found[0].contains(" 3: "), "{bad}: {found:?}");
        }
    }

    #[test]
    fn a_last_line_with_a_wrong_quote_is_told_once() {
        for text in ["empty = “本部门无此项\"\n", "empty = “本部门无此项\"\n\n", "empty = “本部门无此项”"]
        {
            let (tree, found) = read(text);
            assert_eq!(tree, "{empty=?}", "{found:?}");
            assert_eq!(found, ["S001 1: 这里用了中文标点 “ ，这一处没有读入"], "{text}");
        }
    }

    #[test]
    fn a_row_with_an_error_keeps_its_other_figures() {
        let (tree, found) = read("rows = [\n  { code = \"合计\", 1 = 5., 2 = 3 },\n  { code = \"201\", 1 = 7 },\n]\n");
        assert_eq!(tree, "{rows=[{code=\"合计\" 1=? 2=3} {code=\"201\" 1=7}]}");
        assert_eq!(found, ["S001 2: 数字“5.”的小数点后没有数字，这一处没有读入"]);
    }

    #[test]
    fn a_row_that_cannot_be_read_keeps_its_code() {
        let (tree, found) = read("rows = [\n  { code = \"合计\", 1 = 5 },\n  { code = \"201\", 1 = 7 2 = 8 },\n]\n");
        assert_eq!(tree, "{rows=[{code=\"合计\" 1=5} {code=\"201\" \0=?}]}", "{found:?}");
        assert_eq!(found, ["S001 3: 两项之间缺少逗号，或者多写了内容，这一处没有读入"]);
    }

    #[test]
    fn thousands_separators_and_full_width_digits_are_read() {
        let (tree, found) = read("1 = 1,234.56\n2 = ３７３．９７\n３ = 4\nrows = [{ 1 = 2,345, 2 = 5 }]\n");
        assert_eq!((tree.as_str(), found), ("{1=1234.56 2=373.97 3=4 rows=[{1=2345 2=5}]}", vec![]));
    }

    #[test]
    fn a_key_that_stands_twice_is_found_with_both_places() {
        let (tree, found) = read("[lines]\n1 = 5\n01 = 6\n2 = 7\n[lines]\n2 = 8\n3 = 9\n");
        assert_eq!(tree, "{lines={1=? 2=? 3=9}}");
        assert_eq!(found, ["S002 3: “1”和“01”是同一个键", "S002 5: “lines”写了两次", "S002 6: “2”写了两次"]);
    }

    #[test]
    fn a_bare_chinese_key_is_read_and_told_to_be_quoted() {
        let (tree, found) = read("人员经费合计 = 212.49\n");
        assert_eq!(tree, "{人员经费合计=212.49}");
        assert_eq!(found, ["S003 1: 键“人员经费合计”不是英文字母和数字，没有加引号"]);
    }

    #[test]
    fn a_dotted_number_is_no_key() {
        let (tree, found) = read("[lines]\n3.1 = 5\n");
        assert_eq!(tree, "{lines={3=?}}");
        assert_eq!(found, ["S005 2: 键“3.…”中有小数点，不知道指哪一行、哪一栏"]);
    }

    #[test]
    fn what_is_never_closed_is_one_finding() {
        let (tree, found) = read("rows = [\n  { code = \"合计\", 1 = 5 },\n\n[facts]\na = 1\n");
        assert_eq!(tree, "没有读入");
        assert_eq!(found, ["S001 1: 这里的“[”一直没有结束，整个文件没有读入"]);
    }

    #[test]
    fn a_date_is_a_date_and_a_byte_order_mark_or_crlf_is_no_error() {
        let (tree, found) = read("published = 2024-11-11\r\na = \"x\"\r\n");
        assert_eq!((tree.as_str(), found.len()), ("{published=2024-11-11 a=\"x\"}", 0));
    }

    #[test]
    fn escapes_hide_nothing() {
        let (tree, found) = read("a = \"x\\uE000\"\nb = \"\\u4e2d\\n\"\nc = '\\uE000'");
        assert_eq!(tree, "{a=? b=\"中\\n\" c=\"\\\\uE000\"}");
        assert_eq!(found, ["S012 1: 这里用转义写了看不见的字符 U+E000"]);
    }

    #[test]
    fn nasty_texts_do_not_panic() {
        for text in [
            "",
            "=",
            "[",
            "]",
            "[[",
            "[[]]",
            "[a",
            "a.b.c = 1\na.b = 2",
            "a = [1,2",
            "\"\"\"",
            "a = '''",
            "a = {",
            "a = {b = {c = }}",
            "\u{0}",
            "a = \"\\uD800\"",
            "[a]\n[a]\n[a.b]\n[a]",
            "[[a]]\n[a]\n[[a]]",
            "a = 1\na = 2\na = 3",
            "a = {1 = 2, 1 = 3, 01 = 4}",
            "一 = 二\n三 四 = 五",
            "，，，",
            "a = 1 b = 2",
            "a\nb\nc",
            "[x]]\ny = 1",
            "a = 1_",
            "a = _1",
            "a = ,",
            "a = 1,,2",
            "a = 1,234,",
            "。= 1",
            "a.1.b = 2",
            "\r\r",
            "a = \"\n\"",
            "{}",
            "[]",
        ] {
            read(text);
        }
        read(&"[".repeat(5_000));
        read(&format!("a = {}1{}", "[".repeat(500), "]".repeat(500)));
        read(&"x = 1.\n".repeat(500));
    }
}
