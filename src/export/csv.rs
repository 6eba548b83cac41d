//! Tables and figures as CSV: UTF-8 with a byte order mark, RFC 4180 with CRLF, blanks empty,
//! 未提供 said. Text that a spreadsheet would take for a formula gets an apostrophe.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::naming::{self, STUB, Subject};
use crate::amount::{Scale, push_number};
use crate::model::table::{Figure, Table};

/// What a file begins with, so that spreadsheets take it for UTF-8.
pub const BOM: &str = "\u{FEFF}";

/// What stands for a figure that exists but was not given.
pub const UNKNOWN: &str = "未提供";

/// The columns of tidy data: one row a figure. A blank is no figure: most cells of the wide tables are
/// blank, and the tables' own files have them.
pub const TIDY: [&str; 14] = [
    "单位标识",
    "单位名称",
    "年度",
    "类型",
    "表号",
    "表名",
    "行次",
    "科目编码",
    "行名称",
    "栏次",
    "栏名称",
    VALUE,
    "计量单位",
    NAME,
];

/// The column of the figures, and that of their names in the notation.
const VALUE: &str = "数值";
const NAME: &str = "数据名称";

/// A table as CSV: 行次, 科目编码, 名称, then one field for each column, in the rows' order.
pub fn table(subject: Subject<'_>, table: &Table) -> Vec<u8> {
    let Subject { disclosure, .. } = subject;
    let form = subject.form(table);
    let mut out = Writer::with_bom();
    let titles = naming::column_titles(form);
    let titles: Vec<&str> = STUB.into_iter().chain(titles.iter().map(String::as_str)).collect();
    out.record(&titles);
    for row in table.rows.iter().filter(|row| naming::holds_figures(form, row.key)) {
        out.number(naming::line_number(form, row.key));
        out.number(naming::code_of(form, row.key).map(|code| code.0));
        out.text(subject.row_name(form, row));
        for column in 0..form.columns.len() {
            out.figure(row.cell(column).map_or(Figure::Blank, |cell| cell.figure), disclosure.set.scale);
        }
        out.end();
    }
    out.0.into_bytes()
}

/// Room for the tidy data of most disclosures, in bytes.
const ROOM: usize = 64 * 1024;

/// The figures of a disclosure as tidy data, with the header.
pub fn tidy(subject: Subject<'_>) -> Vec<u8> {
    let mut out = Writer::with_bom();
    out.0.reserve(ROOM);
    out.record(&TIDY);
    out.figures(subject);
    out.0.into_bytes()
}

/// The header of tidy data, for a file of many disclosures.
pub fn tidy_header() -> Vec<u8> {
    let mut out = Writer::with_bom();
    out.record(&TIDY);
    out.0.into_bytes()
}

/// The figures in tidy data by their names, both as written, whatever other columns there are and
/// in whatever order; `None` where the text is no such file. Files of earlier programs have rows for
/// blanks, which count as not there.
pub fn named_figures(bytes: &[u8]) -> Option<BTreeMap<String, String>> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut records = fields(text.strip_prefix(BOM).unwrap_or(text)).into_iter();
    let header = records.next()?;
    let [name, value] = [NAME, VALUE].map(|wanted| header.iter().position(|title| title == wanted));
    let (name, value) = (name?, value?);
    let pair = |record: Vec<String>| Some((record.get(name)?.clone(), record.get(value)?.clone()));
    let pairs = records.map(pair);
    pairs.filter(|pair| pair.as_ref().is_none_or(|(_, value)| !value.is_empty())).collect()
}

/// The records of a CSV text, each the list of its fields.
fn fields(text: &str) -> Vec<Vec<String>> {
    let mut records = Vec::new();
    let mut record: Vec<String> = Vec::new();
    let mut field = String::new();
    let mut quoted = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.next_if_eq(&'"').is_some() => field.push('"'),
            '"' => quoted = !quoted,
            ',' if !quoted => record.push(std::mem::take(&mut field)),
            '\r' if !quoted => {}
            '\n' if !quoted => {
                record.push(std::mem::take(&mut field));
                records.push(std::mem::take(&mut record));
            }
            c => field.push(c),
        }
    }
    if !(field.is_empty() && record.is_empty()) {
        record.push(field);
        records.push(record);
    }
    records
}

/// The figures of a disclosure as tidy data, without the header.
pub fn tidy_rows(subject: Subject<'_>) -> Vec<u8> {
    let mut out = Writer(String::with_capacity(ROOM));
    out.figures(subject);
    out.0.into_bytes()
}

/// Records as CSV with a header, each field a text.
pub fn records<'t>(header: &[&str], records: impl Iterator<Item = Vec<&'t str>>) -> Vec<u8> {
    let mut out = Writer::with_bom();
    out.record(header);
    records.for_each(|record| out.record(&record));
    out.0.into_bytes()
}

/// A CSV file while it is written.
struct Writer(String);

impl Writer {
    fn with_bom() -> Self {
        let mut text = String::with_capacity(16 * 1024);
        text.push_str(BOM);
        Self(text)
    }

    fn record(&mut self, fields: &[&str]) {
        for field in fields {
            self.text(field);
        }
        self.end();
    }

    fn figures(&mut self, subject: Subject<'_>) {
        let disclosure = subject.disclosure;
        let mut head = Self(String::new());
        head.text(&disclosure.unit);
        head.text(subject.unit());
        head.number(u32::try_from(disclosure.year).ok());
        head.text(disclosure.kind.name());
        subject.given().for_each(|table| self.table_figures(subject, table, &mut head));
        self.fact_figures(subject, &mut head);
    }

    /// The figures of a table; `head` begins every record, and may be written on.
    fn table_figures(&mut self, subject: Subject<'_>, table: &Table, head: &mut Self) {
        let (form, scale) = (subject.form(table), subject.disclosure.set.scale);
        let columns: Vec<TidyColumn> = subject.columns(table).iter().map(TidyColumn::new).collect();
        let of_disclosure = head.0.len();
        head.text(&form.code);
        head.text(&form.title);
        let of_table = head.0.len();
        subject.each_row(table, &mut |row| {
            head.0.truncate(of_table);
            head.number(row.line);
            head.number(row.code.map(|code| code.0));
            head.text(row.row);
            let is_plain = !is_formula(row.name) && !must_be_quoted(row.name);
            let cells = row.columns.clone().zip(row.cells);
            for (at, cell) in cells.filter(|(_, cell)| cell.figure != Figure::Blank) {
                let TidyColumn { fields, name } = &columns[at];
                self.0.push_str(&head.0);
                self.0.push_str(fields);
                self.figure(cell.figure, scale);
                self.0.push_str(scale.name());
                self.0.push(',');
                let column = if row.names_columns { name } else { "" };
                if is_plain {
                    self.0.push_str(row.name);
                    self.0.push_str(column);
                    self.0.push_str("\r\n");
                } else {
                    self.text(&format!("{}{column}", row.name));
                    self.end();
                }
            }
        });
        head.0.truncate(of_disclosure);
    }

    /// The facts outside the tables.
    fn fact_figures(&mut self, subject: Subject<'_>, head: &mut Self) {
        let scale = subject.disclosure.set.scale;
        head.text("");
        head.text(naming::FACTS);
        head.number(None);
        subject.each_fact(&mut |fact| {
            if fact.figure == Figure::Blank {
                return;
            }
            self.0.push_str(&head.0);
            self.number(fact.code.map(|code| code.0));
            self.text(fact.name);
            self.number(None);
            self.text("");
            self.figure(fact.figure, scale);
            self.text(fact.unit);
            self.text(fact.name);
            self.end();
        });
    }

    /// A text field, with its comma; quoted where it must be.
    fn text(&mut self, text: &str) {
        let guard = if is_formula(text) { "'" } else { "" };
        if must_be_quoted(text) {
            self.0.push('"');
            self.0.push_str(guard);
            self.0.push_str(&text.replace('"', "\"\""));
            self.0.push_str("\",");
        } else {
            self.0.push_str(guard);
            self.0.push_str(text);
            self.0.push(',');
        }
    }

    /// A number, or an empty field, with its comma.
    fn number(&mut self, number: Option<u32>) {
        if let Some(number) = number {
            push_number(&mut self.0, number.into());
        }
        self.0.push(',');
    }

    fn figure(&mut self, figure: Figure, scale: Scale) {
        push_figure(&mut self.0, figure, scale);
        self.0.push(',');
    }

    /// Ends a record: its last comma becomes the line break.
    fn end(&mut self) {
        self.0.pop();
        self.0.push_str("\r\n");
    }
}

/// What every figure of a column has in tidy data: its fields, 栏次 and 栏名称, with their commas,
/// and how its name ends, `1栏`.
struct TidyColumn {
    fields: String,
    name: String,
}

impl TidyColumn {
    fn new(column: &naming::Column) -> Self {
        let mut fields = Writer(String::new());
        fields.number(Some(column.number));
        fields.text(&column.name);
        Self { fields: fields.0, name: format!("{}栏", column.number) }
    }
}

/// Whether a text is no field unless it is quoted.
fn must_be_quoted(text: &str) -> bool {
    text.bytes().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r'))
}

/// Whether a spreadsheet may take a text for a formula: by its first character, the full-width
/// forms included, which East Asian versions fold.
fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

/// Appends a figure as downloads write it: blank stays empty, 0.00 stays 0.00.
fn push_figure(out: &mut String, figure: Figure, scale: Scale) {
    match figure {
        Figure::Blank => {}
        Figure::Unknown | Figure::NotRead => out.push_str(UNKNOWN),
        Figure::Amount(amount) => amount.print(scale).push(out),
        // Writing to a String cannot fail.
        Figure::Count(count) => drop(write!(out, "{count}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(fields: &[&str]) -> String {
        let mut out = Writer(String::new());
        out.record(fields);
        out.0
    }

    #[test]
    fn fields_are_quoted_where_they_must_be_and_only_there() {
        assert_eq!(
            written(&["甲,乙", "说\"话\"", "a\nb", "甲 乙；丙"]),
            "\"甲,乙\",\"说\"\"话\"\"\",\"a\nb\",甲 乙；丙\r\n"
        );
    }

    #[test]
    fn figures_are_found_by_their_names_whatever_else_a_file_has() {
        let found = |text: &str| named_figures(text.as_bytes());
        let pairs = |pairs: &[(&str, &str)]| {
            Some(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
        };
        let today = "\u{FEFF}行名称,数值,数据名称\r\n\"甲,\"\"乙\"\"\n丙\",1.00,一\r\n,0.00,二\r\n";
        assert_eq!(found(today), pairs(&[("一", "1.00"), ("二", "0.00")]));
        assert_eq!(found("数据名称,注,数值\n三,x,\n二,x,0.00\n一,\"\",1.00"), found(today));
        assert_ne!(found("数据名称,数值\n一,1.01\n二,0.00"), found(today));
        assert_eq!([found("<html>"), found(""), found("数据名称,数值\n一\n")], [None, None, None]);
    }

    #[test]
    fn what_a_spreadsheet_would_compute_is_neutralised_and_nothing_else() {
        let dangerous = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "＝1", "－1"];
        for text in dangerous {
            assert_eq!(written(&[text]), format!("'{text}\r\n"));
        }
        assert_eq!(written(&["\r=1", "=1,2"]), "\"'\r=1\",\"'=1,2\"\r\n");
        assert_eq!(written(&["1=1", "甲-乙", "（=）", "'x"]), "1=1,甲-乙,（=）,'x\r\n");
    }

    #[test]
    fn blank_zero_negative_and_unknown_stay_apart() {
        let amount = |text: &str| Figure::Amount(crate::amount::Amount::parse(text, Scale::TenThousand).unwrap());
        let mut out = Writer(String::new());
        for figure in [Figure::Blank, amount("0"), amount("-0.01"), Figure::Unknown, Figure::Count(3)] {
            out.figure(figure, Scale::TenThousand);
        }
        out.end();
        assert_eq!(out.0, ",0.00,-0.01,未提供,3\r\n");
    }
}
