//! A disclosure as a workbook: a sheet that explains it, a formal sheet a table as printed, a
//! tidy sheet a table with one row a figure, and a tidy sheet of the facts outside the tables.
//!
//! 1. [`formal`] lays a table out; tidy sheets are written here.
//! 2. [`sheet`] writes cells as XML, [`style`] is the list of their looks.
//! 3. [`book`] names sheets and ties the files together, [`zip`] packs them.
//!
//! Figures are written digit by digit as they are printed, never through a float, and nothing
//! knows the clock: equal disclosures give equal bytes. That, and a third of the time, is why
//! this is our own and not `rust_xlsxwriter`, which takes figures as floats only.

mod book;
mod formal;
mod sheet;
mod style;
mod zip;

use book::{About, Book};
use sheet::{Sheet, Strings};
use style::Style;

use super::csv::UNKNOWN;
use super::naming::{Entry, Subject};
use crate::model::table::Figure;

/// What a workbook is dated where the disclosure states no date: the first day that ZIP knows.
const UNDATED: &str = "1980-01-01";

/// The columns of a tidy sheet, with their widths.
const TIDY: [(&str, usize); 9] = [
    ("表号", 12),
    ("行次", 7),
    ("行名称", 34),
    ("科目编码", 11),
    ("栏次", 7),
    ("栏名称", 26),
    ("数值", 14),
    ("计量单位", 10),
    ("数据名称", 30),
];

/// A disclosure as a workbook.
pub fn disclosure(subject: Subject<'_>) -> Vec<u8> {
    let mut book = Book::default();
    let guide = book.name("说明");
    let tables = &subject.disclosure.tables;
    let names: Vec<String> = tables.iter().map(|table| book.name(&subject.form(table).code)).collect();
    let explained = explain(subject, guide, &names, &mut book.strings);
    book.add(explained);
    for (table, name) in tables.iter().zip(names) {
        let sheet = formal::sheet(subject, table, name, &mut book.strings);
        book.add(sheet);
    }
    for table in subject.given() {
        let name = book.name(&format!("{} 数据", subject.form(table).code));
        let mut tidy = Tidy::new(name, &mut book.strings, subject);
        subject.each_figure(table, &mut |entry| tidy.entry(entry));
        let sheet = tidy.sheet;
        book.add(sheet);
    }
    if !subject.disclosure.facts.is_empty() {
        let name = book.name("表外数据");
        let mut tidy = Tidy::new(name, &mut book.strings, subject);
        subject.each_fact(&mut |entry| tidy.entry(entry));
        let sheet = tidy.sheet;
        book.add(sheet);
    }
    let date = subject.disclosure.published.map_or_else(|| UNDATED.to_owned(), |date| date.value.to_string());
    book.finish(About { title: &subject.title(), creator: subject.unit(), date: &date })
}

/// A tidy sheet while figures are added.
struct Tidy<'t> {
    sheet: Sheet,
    strings: &'t mut Strings,
    subject: Subject<'t>,
}

impl<'t> Tidy<'t> {
    fn new(name: String, strings: &'t mut Strings, subject: Subject<'t>) -> Self {
        let mut sheet = Sheet::new(name, TIDY.map(|(_, width)| width).to_vec());
        sheet.row(None);
        TIDY.iter().enumerate().for_each(|(at, (title, _))| sheet.text(strings, at, Style::Heading, title));
        sheet.header = subject.title();
        sheet.frozen = 1;
        sheet.repeated = Some((0, 0));
        sheet.filtered = true;
        sheet.landscape = true;
        Self { sheet, strings, subject }
    }

    fn entry(&mut self, entry: &Entry<'_>) {
        self.sheet.row(None);
        self.text(0, entry.table);
        self.whole(1, entry.line);
        self.text(2, entry.row);
        if let Some(code) = entry.code {
            self.text(3, &code.to_string());
        }
        self.whole(4, entry.column);
        self.text(5, entry.column_name);
        match entry.figure {
            Figure::Blank => {}
            Figure::Amount(amount) => {
                self.sheet.number(6, Style::Number, amount.print(self.subject.disclosure.set.scale));
            }
            Figure::Count(count) => self.sheet.number(6, Style::Whole, count),
            Figure::Unknown | Figure::NotRead => self.text(6, UNKNOWN),
        }
        self.text(7, entry.unit);
        let name = self.strings.fresh(entry.name);
        self.sheet.shared(8, Style::Plain, name);
    }

    fn text(&mut self, column: usize, text: &str) {
        if !text.is_empty() {
            self.sheet.text(self.strings, column, Style::Plain, text);
        }
    }

    fn whole(&mut self, column: usize, number: Option<u32>) {
        if let Some(number) = number {
            self.sheet.number(column, Style::Whole, number);
        }
    }
}

/// The first sheet: what the workbook holds and how to read it.
fn explain(subject: Subject<'_>, name: String, forms: &[String], strings: &mut Strings) -> Sheet {
    let disclosure = subject.disclosure;
    let mut sheet = Sheet::new(name, vec![18, 76]);
    let mut line = |style, left: &str, right: &str| {
        sheet.row(None);
        sheet.text(strings, 0, style, left);
        sheet.text(strings, 1, Style::Note, right);
    };
    line(Style::Heading, "文件", &subject.title());
    line(Style::Plain, "单位", subject.unit());
    line(Style::Plain, "年度", &disclosure.year.to_string());
    line(Style::Plain, "表式", &disclosure.set.name);
    line(Style::Plain, "金额单位", disclosure.set.scale.name());
    if let Some(date) = &disclosure.published {
        line(Style::Plain, "公开日期", &date.value.chinese());
    }
    if let Some(rebuilt) = &disclosure.rebuilt {
        line(Style::Plain, "来源", rebuilt);
    }
    line(Style::Plain, "空白", "没有这项收支；0.00是填写的零。");
    line(Style::Plain, UNKNOWN, "有这个数，而原件没有给出。");
    line(
        Style::Plain,
        "数据工作表",
        "名称以“数据”结尾的工作表一行一个数，可筛选、汇总；“数据名称”是这个数在本站各处的统一名称。",
    );
    for correction in &disclosure.corrections {
        let text = format!(
            "{}：原件为“{}”，更正为“{}”。{}",
            correction.place_in_document, correction.printed, correction.right, correction.note
        );
        line(Style::Plain, "来源更正", &text);
    }
    line(Style::Heading, "工作表", "内容");
    for (table, form) in disclosure.tables.iter().zip(forms) {
        line(Style::Plain, form, &subject.form(table).title);
    }
    sheet
}
