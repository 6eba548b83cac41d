//! One sheet of a workbook, written cell by cell in reading order.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::hash::{BuildHasherDefault, Hasher};

use super::style::Style;
use crate::amount::{Printed, push_number};

/// Text of a workbook, each once.
pub struct Strings {
    ids: HashMap<String, u32, BuildHasherDefault<Quick>>,
    xml: String,
    uses: u32,
    count: u32,
}

impl Strings {
    /// No text, with room for those of an ordinary workbook.
    pub fn new() -> Self {
        let ids = HashMap::with_capacity_and_hasher(512, BuildHasherDefault::default());
        Self { ids, xml: String::with_capacity(64 * 1024), uses: 0, count: 0 }
    }

    /// The number of a text.
    pub fn id(&mut self, text: &str) -> u32 {
        self.uses += 1;
        if let Some(id) = self.ids.get(text) {
            return *id;
        }
        let id = self.add(text, "");
        self.ids.insert(text.to_owned(), id);
        id
    }

    /// The number of a text whose number is known from before.
    pub const fn again(&mut self, id: u32) -> u32 {
        self.uses += 1;
        id
    }

    /// The number of a text that does not recur, such as the name of a figure: not looked up. It
    /// comes in two parts.
    pub fn fresh(&mut self, text: &str, more: &str) -> u32 {
        self.uses += 1;
        self.add(text, more)
    }

    fn add(&mut self, text: &str, more: &str) -> u32 {
        let text = cut(text, LONGEST_TEXT);
        // Where nothing says otherwise, white space at the ends does not count.
        let is_bare = |c: &u8| c.is_ascii_whitespace();
        let ends = [text.as_bytes().first(), text.as_bytes().last(), more.as_bytes().last()];
        let is_kept = ends.into_iter().flatten().any(is_bare);
        self.xml.push_str(if is_kept { "<si><t xml:space=\"preserve\">" } else { "<si><t>" });
        push_xml(&mut self.xml, text);
        push_xml(&mut self.xml, more);
        self.xml.push_str("</t></si>");
        self.count += 1;
        self.count - 1
    }

    /// What stands before the texts in `sharedStrings.xml`, and the texts.
    pub fn xml(&self) -> (String, &str) {
        let Self { uses, count, .. } = self;
        (format!("{XML}<sst xmlns=\"{MAIN}\" count=\"{uses}\" uniqueCount=\"{count}\">"), &self.xml)
    }
}

/// What stands behind the texts in `sharedStrings.xml`.
pub const STRINGS_END: &str = "</sst>";

/// Hashes texts of our own, eight bytes at a time: nobody can choose them so that they collide, and
/// the order of what is hashed is told nowhere.
#[derive(Default)]
struct Quick(u64);

impl Hasher for Quick {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.write_u64(u64::from_le_bytes(*word));
        }
        for byte in rest {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517C_C1B7_2722_0A95);
    }

    fn finish(&self) -> u64 {
        self.0.rotate_left(26)
    }
}

/// The declaration that every file of a workbook begins with.
pub const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

/// The longest text that a cell may hold, and a good part of what a page's head may, in UTF-16
/// code units.
const LONGEST_TEXT: usize = 32_767;
const LONGEST_HEADER: usize = 100;

/// The namespace of workbooks.
pub const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

/// Appends text escaped for XML; characters that XML 1.0 cannot hold are left out.
pub fn push_xml(out: &mut String, text: &str) {
    // Nearly every text is as it is. All of it is looked at, which is faster than to stop early.
    let is_special = |b: u8| b < b' ' || matches!(b, b'&' | b'<' | b'>' | b'"');
    let special = text.bytes().fold(0, |found, byte| found | u8::from(is_special(byte)));
    // U+FFFE and U+FFFF begin with EF BF.
    let pairs = text.bytes().zip(text.bytes().skip(1));
    let special = pairs.fold(special, |found, (first, second)| found | u8::from(first == 0xEF && second == 0xBF));
    if special == 0 {
        return out.push_str(text);
    }
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(c),
            c if c < ' ' || matches!(c, '\u{FFFE}' | '\u{FFFF}') => {}
            c => out.push(c),
        }
    }
}

/// The beginning of a text, so many UTF-16 code units at most.
pub fn cut(text: &str, most: usize) -> &str {
    if text.len() <= most {
        return text; // no character has more code units than bytes
    }
    let mut units = 0;
    let end = text.char_indices().find(|(_, c)| {
        units += c.len_utf16();
        units > most
    });
    end.map_or(text, |(at, _)| &text[..at])
}

/// A sheet while its cells are written, rows and columns counted from nought.
pub struct Sheet {
    /// Its name, unique in its workbook.
    pub name: String,
    /// The widths of the columns, in half-width characters.
    pub widths: Vec<usize>,
    /// How many rows stay in sight when the rest is scrolled.
    pub frozen: usize,
    /// The rows that every printed page repeats, first and last.
    pub repeated: Option<(usize, usize)>,
    /// Whether it prints across the page.
    pub landscape: bool,
    /// What stands at the head of every printed page.
    pub header: String,
    /// Whether the first row is a header to filter by.
    pub filtered: bool,
    data: String,
    merges: Vec<[(usize, usize); 2]>,
    /// The number of the row that is being written, as text.
    row: String,
    rows: usize,
}

impl Sheet {
    /// A sheet without cells, which will be written into `data`.
    pub fn new(name: String, widths: Vec<usize>, mut data: String) -> Self {
        data.clear();
        Self {
            name,
            widths,
            frozen: 0,
            repeated: None,
            landscape: false,
            header: String::new(),
            filtered: false,
            data,
            merges: Vec::new(),
            row: String::new(),
            rows: 0,
        }
    }

    /// Begins the next row, with a height in points where it is not the usual one.
    pub fn row(&mut self, height: Option<usize>) {
        self.end_row();
        self.rows += 1;
        self.row.clear();
        push_number(&mut self.row, self.rows as u64);
        self.data.push_str("<row r=\"");
        self.data.push_str(&self.row);
        match height {
            // Writing to a String cannot fail.
            Some(height) => drop(write!(self.data, "\" ht=\"{height}\" customHeight=\"1\">")),
            None => self.data.push_str("\">"),
        }
    }

    fn end_row(&mut self) {
        if self.rows > 0 {
            self.data.push_str("</row>");
        }
    }

    /// What a cell begins with, `<c r="B3" s="4"`; the plain look goes without saying.
    fn open(&mut self, column: usize, style: Style) {
        self.data.push_str("<c r=\"");
        push_column(&mut self.data, column);
        self.data.push_str(&self.row);
        if style != Style::Plain {
            self.data.push_str("\" s=\"");
            self.data.push_str(style.number());
        }
    }

    /// A cell with a text.
    pub fn text(&mut self, strings: &mut Strings, column: usize, style: Style, text: &str) {
        if text.is_empty() {
            return self.blank(column, style);
        }
        self.shared(column, style, strings.id(text));
    }

    /// A cell with a text by its number.
    pub fn shared(&mut self, column: usize, style: Style, id: u32) {
        self.open(column, style);
        self.data.push_str("\" t=\"s\"><v>");
        push_number(&mut self.data, id.into());
        self.data.push_str("</v></c>");
    }

    /// A cell with a whole number.
    pub fn whole(&mut self, column: usize, style: Style, number: u32) {
        self.open(column, style);
        self.data.push_str("\"><v>");
        push_number(&mut self.data, number.into());
        self.data.push_str("</v></c>");
    }

    /// A cell with a number of things.
    pub fn count(&mut self, column: usize, style: Style, count: i64) {
        self.open(column, style);
        let _ = write!(self.data, "\"><v>{count}</v></c>"); // writing to a String cannot fail
    }

    /// A cell with an amount, digit by digit as it is printed.
    pub fn amount(&mut self, column: usize, style: Style, amount: Printed) {
        self.open(column, style);
        self.data.push_str("\"><v>");
        amount.push(&mut self.data);
        self.data.push_str("</v></c>");
    }

    /// A cell without a value.
    pub fn blank(&mut self, column: usize, style: Style) {
        self.open(column, style);
        self.data.push_str("\"/>");
    }

    /// Joins the cells from one corner, row and column, to the other.
    pub fn merge(&mut self, from: (usize, usize), to: (usize, usize)) {
        if from != to {
            self.merges.push([from, to]);
        }
    }

    /// How many rows it has.
    pub const fn rows(&self) -> usize {
        self.rows
    }

    /// The last of all its cells, from A1: `F40`.
    fn last_cell(&self) -> String {
        cell_name((self.rows.saturating_sub(1), self.widths.len().saturating_sub(1)))
    }

    /// What stands before the rows in `sheetN.xml`, the rows, and what stands behind; the first
    /// sheet is the one in front.
    pub fn xml(&self, front: bool) -> [Cow<'_, str>; 3] {
        [self.head(front).into(), (&self.data).into(), self.tail().into()]
    }

    /// The buffer that the sheet was written into.
    pub fn into_data(self) -> String {
        self.data
    }

    fn head(&self, front: bool) -> String {
        let mut out = String::with_capacity(1024);
        let last = self.last_cell();
        let selected = if front { " tabSelected=\"1\"" } else { "" };
        // Writing to a String cannot fail.
        let _ = write!(
            out,
            "{XML}<worksheet xmlns=\"{MAIN}\"><sheetPr><pageSetUpPr fitToPage=\"1\"/></sheetPr><dimension ref=\"A1:{last}\"/>\
             <sheetViews><sheetView{selected} workbookViewId=\"0\"",
        );
        match self.frozen {
            0 => out.push_str("/>"),
            rows => {
                let below = cell_name((rows, 0));
                let _ = write!(
                    out,
                    "><pane ySplit=\"{rows}\" topLeftCell=\"{below}\" activePane=\"bottomLeft\" state=\"frozen\"/></sheetView>"
                );
            }
        }
        out.push_str("</sheetViews><sheetFormatPr defaultRowHeight=\"15\"/><cols>");
        for (at, width) in self.widths.iter().enumerate() {
            let number = at + 1;
            let _ = write!(out, "<col min=\"{number}\" max=\"{number}\" width=\"{width}\" customWidth=\"1\"/>");
        }
        out.push_str("</cols><sheetData>");
        out
    }

    fn tail(&self) -> String {
        let mut out = String::with_capacity(1024);
        if self.rows > 0 {
            out.push_str("</row>");
        }
        out.push_str("</sheetData>");
        // Writing to a String cannot fail.
        if self.filtered {
            let _ = write!(out, "<autoFilter ref=\"A1:{}\"/>", self.last_cell());
        }
        if !self.merges.is_empty() {
            let _ = write!(out, "<mergeCells count=\"{}\">", self.merges.len());
            for [from, to] in &self.merges {
                out.push_str("<mergeCell ref=\"");
                push_cell(&mut out, *from);
                out.push(':');
                push_cell(&mut out, *to);
                out.push_str("\"/>");
            }
            out.push_str("</mergeCells>");
        }
        let orientation = if self.landscape { "landscape" } else { "portrait" };
        let _ = write!(
            out,
            "<printOptions horizontalCentered=\"1\"/><pageMargins left=\"0.6\" right=\"0.6\" top=\"0.7\" bottom=\"0.7\" header=\"0.3\" footer=\"0.3\"/>\
             <pageSetup paperSize=\"9\" orientation=\"{orientation}\" fitToHeight=\"0\"/>\
             <headerFooter>"
        );
        if !self.header.is_empty() {
            out.push_str("<oddHeader>&amp;L");
            // An ampersand begins a code here: two stand for one.
            push_xml(&mut out, &cut(&self.header, LONGEST_HEADER).replace('&', "&&"));
            out.push_str("</oddHeader>");
        }
        out.push_str("<oddFooter>&amp;C第 &amp;P 页，共 &amp;N 页</oddFooter></headerFooter></worksheet>");
        out
    }
}

/// `B3` for row 2 and column 1.
pub fn cell_name(cell: (usize, usize)) -> String {
    let mut name = String::new();
    push_cell(&mut name, cell);
    name
}

/// Appends the name of a cell.
fn push_cell(out: &mut String, (row, column): (usize, usize)) {
    push_column(out, column);
    push_number(out, row as u64 + 1);
}

/// Appends the letters of a column: A to Z, AA to ZZ, AAA.
fn push_column(out: &mut String, column: usize) {
    if column >= 26 {
        push_column(out, column / 26 - 1);
    }
    out.push(char::from(b'A' + u8::try_from(column % 26).unwrap_or_default()));
}

/// How wide a text is, in half-width characters.
pub fn width(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_counted_in_letters() {
        let names = [(0, 0), (9, 25), (0, 26), (0, 51), (0, 52), (0, 701), (0, 702)].map(cell_name);
        assert_eq!(names, ["A1", "Z10", "AA1", "AZ1", "BA1", "ZZ1", "AAA1"]);
    }

    #[test]
    fn a_text_is_cut_by_what_spreadsheets_count() {
        assert_eq!(cut(&"𠮷".repeat(20), 31), "𠮷".repeat(15));
        assert_eq!([cut("甲乙", 2), cut("甲乙", 1), cut("", 1)], ["甲乙", "甲", ""]);
    }

    #[test]
    fn a_text_that_recurs_is_kept_once_and_escaped() {
        let mut strings = Strings::new();
        assert_eq!(["甲", "<乙&\u{1}>", "甲"].map(|text| strings.id(text)), [0, 1, 0]);
        assert_eq!([strings.again(1), strings.fresh("丙", "1栏")], [1, 2]);
        let (head, texts) = strings.xml();
        assert!(head.contains("count=\"5\" uniqueCount=\"3\""), "{head}");
        assert_eq!(texts, "<si><t>甲</t></si><si><t>&lt;乙&amp;&gt;</t></si><si><t>丙1栏</t></si>");
    }

    #[test]
    fn white_space_at_the_ends_of_a_text_counts_and_what_xml_cannot_hold_is_left_out() {
        let mut strings = Strings::new();
        let _ = [" 甲", "乙\n", "丙 丁", "\u{FFFE}戊（\u{FFFD}）\u{FFFF}"].map(|text| strings.id(text));
        strings.fresh("己", " ");
        let kept = "<si><t xml:space=\"preserve\">";
        let expected = format!(
            "{kept} 甲</t></si>{kept}乙\n</t></si><si><t>丙 丁</t></si><si><t>戊（\u{FFFD}）</t></si>{kept}己 </t></si>"
        );
        assert_eq!(strings.xml().1, expected);
    }
}
