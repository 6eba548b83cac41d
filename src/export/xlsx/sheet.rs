//! One sheet of a workbook, written cell by cell in reading order.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::style::Style;

/// Text of a workbook, each once.
#[derive(Default)]
pub struct Strings {
    ids: HashMap<String, u32>,
    xml: String,
    uses: u32,
    count: u32,
}

impl Strings {
    /// The number of a text.
    pub fn id(&mut self, text: &str) -> u32 {
        self.uses += 1;
        if let Some(id) = self.ids.get(text) {
            return *id;
        }
        let id = self.add(text);
        self.ids.insert(text.to_owned(), id);
        id
    }

    /// The number of a text that does not recur, such as the name of a figure: not looked up.
    pub fn fresh(&mut self, text: &str) -> u32 {
        self.uses += 1;
        self.add(text)
    }

    fn add(&mut self, text: &str) -> u32 {
        self.xml.push_str("<si><t xml:space=\"preserve\">");
        push_xml(&mut self.xml, cut(text, LONGEST_TEXT));
        self.xml.push_str("</t></si>");
        self.count += 1;
        self.count - 1
    }

    /// `sharedStrings.xml`.
    pub fn xml(&self) -> String {
        format!("{XML}<sst xmlns=\"{MAIN}\" count=\"{}\" uniqueCount=\"{}\">{}</sst>", self.uses, self.count, self.xml)
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
    // Nearly every text is as it is.
    if !text.bytes().any(|b| b < b' ' || matches!(b, b'&' | b'<' | b'>' | b'"' | 0xEF)) {
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
    merges: Vec<String>,
    row: String,
    rows: usize,
}

impl Sheet {
    /// A sheet without cells.
    pub fn new(name: String, widths: Vec<usize>) -> Self {
        Self {
            name,
            widths,
            frozen: 0,
            repeated: None,
            landscape: false,
            header: String::new(),
            filtered: false,
            data: String::with_capacity(8 * 1024),
            merges: Vec::new(),
            row: String::new(),
            rows: 0,
        }
    }

    /// Begins the next row, with a height in points where it is not the usual one.
    pub fn row(&mut self, height: Option<usize>) {
        self.end_row();
        self.rows += 1;
        self.row = self.rows.to_string();
        self.data.push_str("<row r=\"");
        self.data.push_str(&self.row);
        self.data.push('"');
        if let Some(height) = height {
            let _ = write!(self.data, " ht=\"{height}\" customHeight=\"1\""); // writing to a String cannot fail
        }
        self.data.push('>');
    }

    fn end_row(&mut self) {
        if self.rows > 0 {
            self.data.push_str("</row>");
        }
    }

    fn open(&mut self, column: usize, style: Style) {
        self.data.push_str("<c r=\"");
        push_column(&mut self.data, column);
        self.data.push_str(&self.row);
        self.data.push_str("\" s=\"");
        self.data.push_str(style.number());
        self.data.push('"');
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
        self.data.push_str(" t=\"s\"><v>");
        push_digits(&mut self.data, id);
        self.data.push_str("</v></c>");
    }

    /// A cell with a number, as its digits are.
    pub fn number(&mut self, column: usize, style: Style, number: impl std::fmt::Display) {
        self.open(column, style);
        let _ = write!(self.data, "><v>{number}</v></c>");
    }

    /// A cell without a value.
    pub fn blank(&mut self, column: usize, style: Style) {
        self.open(column, style);
        self.data.push_str("/>");
    }

    /// Joins the cells from one corner, row and column, to the other.
    pub fn merge(&mut self, from: (usize, usize), to: (usize, usize)) {
        if from != to {
            self.merges.push(format!("{}:{}", cell_name(from), cell_name(to)));
        }
    }

    /// How many rows it has.
    pub const fn rows(&self) -> usize {
        self.rows
    }

    /// The range of all its cells: `A1:F40`.
    pub fn range(&self) -> String {
        let last = (self.rows.saturating_sub(1), self.widths.len().saturating_sub(1));
        format!("A1:{}", cell_name(last))
    }

    /// The sheet as `sheetN.xml`; the first sheet is the one in front.
    pub fn xml(mut self, front: bool) -> String {
        self.end_row();
        let mut out = String::with_capacity(self.data.len() + 2 * 1024);
        out.push_str(XML);
        let range = self.range();
        let selected = if front { " tabSelected=\"1\"" } else { "" };
        // Writing to a String cannot fail.
        let _ = write!(
            out,
            "<worksheet xmlns=\"{MAIN}\"><sheetPr><pageSetUpPr fitToPage=\"1\"/></sheetPr><dimension ref=\"{range}\"/>\
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
        out.push_str(&self.data);
        out.push_str("</sheetData>");
        if self.filtered {
            let _ = write!(out, "<autoFilter ref=\"{range}\"/>");
        }
        if !self.merges.is_empty() {
            let _ = write!(out, "<mergeCells count=\"{}\">", self.merges.len());
            for merge in &self.merges {
                let _ = write!(out, "<mergeCell ref=\"{merge}\"/>");
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
pub fn cell_name((row, column): (usize, usize)) -> String {
    let mut name = String::new();
    push_column(&mut name, column);
    let _ = write!(name, "{}", row + 1);
    name
}

/// Appends the letters of a column: A to Z, AA to ZZ, AAA.
fn push_column(out: &mut String, column: usize) {
    if column >= 26 {
        push_column(out, column / 26 - 1);
    }
    out.push(char::from(b'A' + u8::try_from(column % 26).unwrap_or_default()));
}

/// Appends a number: half the cells of a workbook hold one, and formatting shows in the time.
fn push_digits(out: &mut String, number: u32) {
    if number >= 10 {
        push_digits(out, number / 10);
    }
    out.push(char::from(b'0' + u8::try_from(number % 10).unwrap_or_default()));
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
    fn numbers_are_written_digit_by_digit() {
        let written = |number| {
            let mut out = String::new();
            push_digits(&mut out, number);
            out
        };
        assert_eq!([0, 7, 10, 4_294_967_295].map(written), ["0", "7", "10", "4294967295"]);
    }

    #[test]
    fn a_text_is_cut_by_what_spreadsheets_count() {
        assert_eq!(cut(&"𠮷".repeat(20), 31), "𠮷".repeat(15));
        assert_eq!([cut("甲乙", 2), cut("甲乙", 1), cut("", 1)], ["甲乙", "甲", ""]);
    }

    #[test]
    fn a_text_that_recurs_is_kept_once_and_escaped() {
        let mut strings = Strings::default();
        assert_eq!(["甲", "<乙&\u{1}>", "甲"].map(|text| strings.id(text)), [0, 1, 0]);
        let xml = strings.xml();
        assert!(xml.contains("count=\"3\" uniqueCount=\"2\"") && xml.contains(">&lt;乙&amp;&gt;</t>"), "{xml}");
    }
}
