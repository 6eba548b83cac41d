//! A disclosure as a workbook: a sheet that explains it, a formal sheet a table as printed, a
//! tidy sheet a table with one row a figure that is not blank, and a tidy sheet of the facts
//! outside the tables.
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
use super::naming::{FACTS, Subject};
use crate::amount::Scale;
use crate::model::code::ClassCode;
use crate::model::table::{Figure, Table};

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
    let tables = &subject.disclosure.tables;
    let has_facts = !subject.disclosure.facts.is_empty();
    let sheets = 1 + tables.len() + subject.given().count() + usize::from(has_facts);
    let date = subject.disclosure.published.map_or_else(|| UNDATED.to_owned(), |date| date.value.to_string());
    let title = subject.title();
    let mut book = Book::new(About { title: &title, creator: subject.unit(), date: &date }, sheets);
    let guide = book.name("说明");
    let names: Vec<String> = tables.iter().map(|table| book.name(&subject.form(table).code)).collect();
    let explained = explain(subject, guide, &names, &mut book);
    book.add(explained);
    for (table, name) in tables.iter().zip(names) {
        let sheet = formal::sheet(subject, table, name, &mut book);
        book.add(sheet);
    }
    for table in subject.given() {
        let name = book.name(&format!("{} 数据", subject.form(table).code));
        let mut tidy = Tidy::new(name, &mut book, &title);
        tidy.table(subject, table);
        let sheet = tidy.sheet;
        book.add(sheet);
    }
    if has_facts {
        let name = book.name(FACTS);
        let mut tidy = Tidy::new(name, &mut book, &title);
        tidy.facts(subject);
        let sheet = tidy.sheet;
        book.add(sheet);
    }
    book.finish()
}

/// A tidy sheet while figures are added.
struct Tidy<'t> {
    sheet: Sheet,
    strings: &'t mut Strings,
}

impl<'t> Tidy<'t> {
    fn new(name: String, book: &'t mut Book, title: &str) -> Self {
        let mut sheet = book.sheet(name, TIDY.map(|(_, width)| width).to_vec());
        let strings = &mut book.strings;
        sheet.row(None);
        TIDY.iter().enumerate().for_each(|(at, (title, _))| sheet.text(strings, at, Style::Heading, title));
        title.clone_into(&mut sheet.header);
        sheet.frozen = 1;
        sheet.repeated = Some((0, 0));
        sheet.filtered = true;
        sheet.landscape = true;
        Self { sheet, strings }
    }

    /// The figures of a table; most cells of a table are blank, and the formal sheet has them. Texts
    /// that recur from row to row are looked up once.
    fn table(&mut self, subject: Subject<'_>, table: &Table) {
        let scale = subject.disclosure.set.scale;
        let columns = subject.columns(table);
        let endings: Vec<String> = columns.iter().map(|column| format!("{}栏", column.number)).collect();
        let mut named: Vec<Option<u32>> = vec![None; columns.len()];
        let (mut code_of_table, mut unit) = (None, None);
        let code = &subject.form(table).code;
        subject.each_row(table, &mut |row| {
            let (mut name, mut class) = (None, None);
            let cells = row.columns.clone().zip(row.cells);
            for (at, cell) in cells.filter(|(_, cell)| cell.figure != Figure::Blank) {
                let column = &columns[at];
                self.sheet.row(None);
                self.shared(0, &mut code_of_table, code);
                self.whole(1, row.line);
                self.shared(2, &mut name, row.row);
                self.code(&mut class, row.code);
                self.whole(4, Some(column.number));
                self.shared(5, &mut named[at], &column.name);
                self.figure(cell.figure, scale);
                self.shared(7, &mut unit, scale.name());
                let id = self.strings.fresh(row.name, if row.names_columns { &endings[at] } else { "" });
                self.sheet.shared(8, Style::Plain, id);
            }
        });
    }

    fn facts(&mut self, subject: Subject<'_>) {
        let scale = subject.disclosure.set.scale;
        subject.each_fact(&mut |fact| {
            self.sheet.row(None);
            self.shared(2, &mut None, fact.name);
            self.code(&mut None, fact.code);
            self.figure(fact.figure, scale);
            self.shared(7, &mut None, fact.unit);
            let id = self.strings.fresh(fact.name, "");
            self.sheet.shared(8, Style::Plain, id);
        });
    }

    /// A cell with a text, whose number is remembered in `known`.
    fn shared(&mut self, column: usize, known: &mut Option<u32>, text: &str) {
        if text.is_empty() {
            return;
        }
        let id = match *known {
            Some(id) => self.strings.again(id),
            None => *known.insert(self.strings.id(text)),
        };
        self.sheet.shared(column, Style::Plain, id);
    }

    /// The classification code, as a text.
    fn code(&mut self, known: &mut Option<u32>, code: Option<ClassCode>) {
        let Some(code) = code else { return };
        match *known {
            Some(id) => {
                let id = self.strings.again(id);
                self.sheet.shared(3, Style::Plain, id);
            }
            None => self.shared(3, known, &code.to_string()),
        }
    }

    fn whole(&mut self, column: usize, number: Option<u32>) {
        if let Some(number) = number {
            self.sheet.whole(column, Style::Whole, number);
        }
    }

    fn figure(&mut self, figure: Figure, scale: Scale) {
        match figure {
            Figure::Blank => {}
            Figure::Amount(amount) => self.sheet.amount(6, Style::Number, amount.print(scale)),
            Figure::Count(count) => self.sheet.count(6, Style::Whole, count),
            Figure::Unknown | Figure::NotRead => self.sheet.text(self.strings, 6, Style::Plain, UNKNOWN),
        }
    }
}

/// The first sheet: what the workbook holds and how to read it.
fn explain(subject: Subject<'_>, name: String, forms: &[String], book: &mut Book) -> Sheet {
    let disclosure = subject.disclosure;
    let mut sheet = book.sheet(name, vec![18, 76]);
    let strings = &mut book.strings;
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
        "名称以“数据”结尾的工作表一行一个数，空白的栏不列，可筛选、汇总；“数据名称”是这个数在本站各处的统一名称。",
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
