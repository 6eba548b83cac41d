//! A table as the form prints it: title, header lines, the grid with joined headings, 行次 and
//! 栏次, then sentence, formulas and notes; ready to print.
//!
//! The grid is laid out cell by cell first, then written row by row. Two sides stand side by
//! side, as in print; so do blocks, with their totals below.

use std::borrow::Cow;
use std::ops::Range;

use super::book::Book;
use super::sheet::{Sheet, Strings, width};
use super::style::Style;
use crate::export::csv::UNKNOWN;
use crate::export::naming::{Subject, holds_figures};
use crate::model::code::Level;
use crate::model::form::{Block, Foot, Form, Layout, Line, RowKey, Side};
use crate::model::table::{Figure, Row, Table, TableState};
use crate::render::table::{code_heading, depth_of, heading_rows};

/// How wide an amount column is: `123456789.12`.
const AMOUNT_WIDTH: usize = 14;

/// More columns than this print across the page.
const UPRIGHT_COLUMNS: usize = 8;

/// The height of a heading row, two lines, and of the title, in points.
const HEAD_HEIGHT: usize = 30;
const TITLE_HEIGHT: usize = 28;
const LINE_HEIGHT: usize = 15;

/// The greatest height that a row may have.
const GREATEST_HEIGHT: usize = 405;

/// The formal sheet of a table.
pub fn sheet(subject: Subject<'_>, table: &Table, name: String, book: &mut Book) -> Sheet {
    let form = subject.form(table);
    let mut grid = Grid { subject, form, table, rows: Vec::new(), merges: Vec::new(), widths: Vec::new(), head: 0 };
    grid.lay_out();
    let (columns, total) = (grid.widths.len(), grid.widths.iter().sum::<usize>());
    let mut sheet = book.sheet(name, grid.widths.clone());
    sheet.landscape = columns > UPRIGHT_COLUMNS;
    sheet.header = subject.title();
    let mut lines = Lines { sheet: &mut sheet, strings: &mut book.strings, columns, total };
    lines.across(Style::Title, Some(TITLE_HEIGHT), &form.title);
    header_lines(&mut lines, subject, form);
    let top = lines.sheet.rows();
    grid.write(lines.sheet, lines.strings);
    closing_lines(&mut lines, subject, table);
    if grid.head > 0 {
        sheet.repeated = Some((top, top + grid.head - 1));
        sheet.frozen = top + grid.head;
    }
    sheet
}

/// The lines between the title and the grid: the unit at the left, what stands before it (the
/// form's code) above at the right, the rest at the right.
fn header_lines(lines: &mut Lines<'_>, subject: Subject<'_>, form: &Form) {
    let of_unit = form.header.iter().position(|line| line.contains("{unit}"));
    let is_scale = |line: &str| line.contains("金额单位");
    let left = of_unit.map(|at| subject.fill(&form.header[at])).unwrap_or_default();
    let others = || form.header.iter().enumerate().filter(|(at, _)| Some(*at) != of_unit).map(|(_, line)| line);
    for line in others().filter(|line| !is_scale(line)) {
        lines.across(Style::Right, None, &subject.fill(line));
    }
    let right: Vec<String> = others().filter(|line| is_scale(line)).map(|line| subject.fill(line)).collect();
    lines.both(&left, &right.join("　"));
}

/// What stands below the grid.
fn closing_lines(lines: &mut Lines<'_>, subject: Subject<'_>, table: &Table) {
    let form = subject.form(table);
    match &table.state {
        TableState::Empty(sentence) => lines.across(Style::Note, None, sentence),
        TableState::NotProvided(reason) => lines.across(Style::Note, None, &format!("{UNKNOWN}：{reason}")),
        TableState::Missing => lines.across(Style::Note, None, "缺少本表的数据。"),
        TableState::Filled => {}
    }
    form.notes.iter().for_each(|note| lines.across(Style::Note, None, &subject.fill(note)));
    form.formulas.iter().for_each(|formula| lines.across(Style::Note, None, formula));
    table.note.iter().for_each(|note| lines.across(Style::Note, None, note));
    let given = !matches!(table.state, TableState::NotProvided(_));
    let rebuilt = subject.disclosure.rebuilt.iter().filter(|_| given);
    rebuilt.for_each(|rebuilt| lines.across(Style::Note, None, rebuilt));
}

/// Lines of text above and below a grid.
struct Lines<'l> {
    sheet: &'l mut Sheet,
    strings: &'l mut Strings,
    columns: usize,
    /// How wide the grid is.
    total: usize,
}

impl Lines<'_> {
    /// A text across the whole grid, as high as it needs.
    fn across(&mut self, style: Style, height: Option<usize>, text: &str) {
        let lines: usize = text.lines().map(|line| width(line).div_ceil(self.total.max(20)).max(1)).sum();
        self.sheet.row(height.or_else(|| (lines > 1).then_some((lines * LINE_HEIGHT).min(GREATEST_HEIGHT))));
        self.sheet.text(self.strings, 0, style, text);
        let row = self.sheet.rows() - 1;
        self.sheet.merge((row, 0), (row, self.columns.saturating_sub(1)));
    }

    /// A text at the left and one at the right.
    fn both(&mut self, left: &str, right: &str) {
        self.sheet.row(None);
        let row = self.sheet.rows() - 1;
        let half = self.columns / 2;
        self.sheet.text(self.strings, 0, Style::Left, left);
        if half > 0 {
            self.sheet.text(self.strings, half, Style::Right, right);
            self.sheet.merge((row, 0), (row, half - 1));
            self.sheet.merge((row, half), (row, self.columns - 1));
        }
    }
}

/// A cell of the grid.
#[derive(Clone)]
struct Cell<'a> {
    style: Style,
    value: Value<'a>,
}

#[derive(Clone)]
enum Value<'a> {
    Blank,
    Text(Cow<'a, str>),
    Number(u32),
    Figure(Figure),
}

/// The grid of a table, laid out before it is written.
struct Grid<'a> {
    subject: Subject<'a>,
    form: &'a Form,
    table: &'a Table,
    rows: Vec<Vec<Option<Cell<'a>>>>,
    merges: Vec<[(usize, usize); 2]>,
    widths: Vec<usize>,
    /// How many rows the headings take.
    head: usize,
}

impl<'a> Grid<'a> {
    fn lay_out(&mut self) {
        if matches!(self.table.state, TableState::NotProvided(_) | TableState::Missing) {
            self.widths = vec![AMOUNT_WIDTH; 6];
            return;
        }
        let form = self.form;
        match &form.layout {
            Layout::TwoSided(sides) => self.two_sided(sides),
            Layout::ByCode { total_last, .. } => self.by_code(*total_last),
            Layout::Blocks { blocks, feet, .. } => self.blocks(blocks, feet),
            Layout::OneRow => self.one_row(),
        }
    }

    /// Puts a value over so many rows and columns.
    fn put(&mut self, at: (usize, usize), span: (usize, usize), style: Style, value: Value<'a>) {
        let (row, column) = at;
        if span == (1, 1) {
            return self.cell(row, column, Cell { style, value });
        }
        for below in row..row + span.0.max(1) {
            for right in column..column + span.1.max(1) {
                self.cell(below, right, Cell { style, value: Value::Blank });
            }
        }
        self.cell(row, column, Cell { style, value });
        let corner = (row + span.0.max(1) - 1, column + span.1.max(1) - 1);
        if corner != at {
            self.merges.push([at, corner]);
        }
    }

    fn cell(&mut self, row: usize, column: usize, cell: Cell<'a>) {
        if self.rows.len() <= row {
            // Most rows are as long as the first.
            let usual = self.rows.first().map_or(16, Vec::len);
            self.rows.resize_with(row + 1, || Vec::with_capacity(usual));
        }
        let cells = &mut self.rows[row];
        if cells.len() <= column {
            cells.resize_with(column + 1, || None);
        }
        cells[column] = Some(cell);
    }

    fn text(&mut self, at: (usize, usize), style: Style, text: impl Into<Cow<'a, str>>) {
        self.put(at, (1, 1), style, Value::Text(text.into()));
    }

    fn head_text(&mut self, at: (usize, usize), span: (usize, usize), text: &'a str) {
        self.put(at, span, Style::Head, Value::Text(text.into()));
    }

    /// The headings over columns, in `depth` rows from `top`; the first column stands at `left`.
    fn headings(&mut self, top: usize, left: usize, columns: Range<usize>, depth: usize) {
        let form = self.form;
        for (row, headings) in heading_rows(&form.columns, columns.clone(), depth).into_iter().enumerate() {
            for heading in headings {
                let at = (top + row, left + heading.columns.start - columns.start);
                let text = &form.columns[heading.columns.start].heading[heading.level];
                self.head_text(at, (heading.rows, heading.columns.len()), text);
            }
        }
    }

    fn column_numbers(&mut self, row: usize, left: usize, columns: Range<usize>) {
        for (at, column) in self.form.columns[columns].iter().enumerate() {
            self.put((row, left + at), (1, 1), Style::No, Value::Number(column.number));
        }
    }

    fn amounts(&mut self, row: usize, left: usize, key: RowKey, columns: Range<usize>, sum: bool) {
        let style = if sum { Style::AmountSum } else { Style::Amount };
        for (at, column) in columns.enumerate() {
            let figure = self.table.figure(key, column);
            self.put((row, left + at), (1, 1), style, Value::Figure(figure));
        }
    }

    fn two_sided(&mut self, sides: &'a [Side]) {
        let numbers = usize::from(self.form.line_numbers);
        let depth = sides.iter().map(|side| depth_of(&self.form.columns[side.columns.clone()])).max().unwrap_or(1);
        self.head = 1 + depth + usize::from(self.form.column_numbers);
        let longest = sides.iter().map(|side| side.lines.len()).max().unwrap_or_default();
        let mut left = 0;
        for side in sides {
            let across = 1 + numbers + side.columns.len();
            self.head_text((0, left), (1, across), &side.name);
            self.head_text((1, left), (depth, 1), &side.label);
            if numbers > 0 {
                self.head_text((1, left + 1), (depth, 1), "行次");
            }
            let amounts = left + 1 + numbers;
            self.headings(1, amounts, side.columns.clone(), depth);
            if self.form.column_numbers {
                self.text((1 + depth, left), Style::No, "栏次");
                if numbers > 0 {
                    self.put((1 + depth, left + 1), (1, 1), Style::No, Value::Blank);
                }
                self.column_numbers(1 + depth, amounts, side.columns.clone());
            }
            let lines = &self.form.lines[side.lines.clone()];
            for (at, line) in lines.iter().enumerate() {
                self.side_line(self.head + at, left, line);
            }
            for row in self.head + lines.len()..self.head + longest {
                (left..left + across).for_each(|column| self.put((row, column), (1, 1), Style::Stub, Value::Blank));
            }
            self.widths.push(label_width(lines.iter().map(|line| line.label.as_str())));
            self.widths.extend(std::iter::repeat_n(6, numbers));
            self.widths.extend(side.columns.clone().map(|_| AMOUNT_WIDTH));
            left += across;
        }
    }

    fn side_line(&mut self, row: usize, left: usize, line: &'a Line) {
        self.text((row, left), if line.total { Style::StubSum } else { Style::Stub }, line.label.as_str());
        let mut amounts = left + 1;
        if self.form.line_numbers {
            let number = if let RowKey::Line(number) = line.key { Value::Number(number) } else { Value::Blank };
            self.put((row, amounts), (1, 1), Style::No, number);
            amounts += 1;
        }
        if holds_figures(self.form, line.key) {
            self.amounts(row, amounts, line.key, line.columns.clone(), line.total);
        } else {
            (0..line.columns.len()).for_each(|at| self.put((row, amounts + at), (1, 1), Style::Amount, Value::Blank));
        }
    }

    /// 项目 over the code, three columns for 类, 款, 项, and the name; then the amounts.
    fn by_code(&mut self, total_last: bool) {
        let form = self.form;
        let depth = depth_of(&form.columns).max(2);
        let all = 0..form.columns.len();
        self.head = depth + 1;
        self.head_text((0, 0), (1, 4), "项目");
        self.head_text((1, 0), (depth - 1, 3), code_heading(&form.layout));
        for (column, level) in ["类", "款", "项"].into_iter().enumerate() {
            self.head_text((depth, column), (1, 1), level);
        }
        if form.column_numbers {
            self.head_text((1, 3), (depth - 1, 1), "科目名称");
            self.headings(0, 4, all.clone(), depth);
            self.text((depth, 3), Style::No, "栏次");
            self.column_numbers(depth, 4, all.clone());
        } else {
            self.head_text((1, 3), (depth, 1), "科目名称");
            self.headings(0, 4, all.clone(), depth + 1);
        }
        let table = self.table;
        let total = !table.rows.iter().any(|row| row.key == RowKey::Total);
        let first = self.head + usize::from(total && !total_last);
        for (at, row) in table.rows.iter().enumerate() {
            self.code_row(first + at, row);
        }
        if total {
            let row = if total_last { first + table.rows.len() } else { self.head };
            self.stub(row, "", "合计", Style::StubSum);
            self.amounts(row, 4, RowKey::Total, all.clone(), true);
        }
        let names = table.rows.iter().map(|row| self.subject.row_name(form, row));
        self.widths = [4, 4, 4, label_width(names)].into_iter().chain(all.map(|_| AMOUNT_WIDTH)).collect();
    }

    fn code_row(&mut self, at: usize, row: &'a Row) {
        let name = self.subject.row_name(self.form, row);
        let (code, style) = match row.key {
            RowKey::Code(code) => {
                let style = match code.level() {
                    Level::Class => Style::Stub,
                    Level::Section => Style::Stub2,
                    Level::Item => Style::Stub3,
                };
                (code.to_string(), style)
            }
            _ => (String::new(), Style::StubSum),
        };
        self.stub(at, code, name, style);
        self.amounts(at, 4, row.key, 0..self.form.columns.len(), style == Style::StubSum);
    }

    fn stub(&mut self, row: usize, code: impl Into<Cow<'a, str>>, name: &'a str, style: Style) {
        self.put((row, 0), (1, 3), Style::Code, Value::Text(code.into()));
        self.text((row, 3), style, name);
    }

    fn blocks(&mut self, blocks: &'a [Block], feet: &'a [Foot]) {
        let form = self.form;
        let across = 2 + form.columns.len();
        self.head = 2 + usize::from(form.column_numbers);
        let longest = blocks.iter().map(|block| block.lines.len()).max().unwrap_or_default();
        let mut from = 0;
        while from < blocks.len() {
            let heading = &blocks[from].heading;
            let to = (from..blocks.len()).find(|at| blocks[*at].heading != *heading).unwrap_or(blocks.len());
            let (left, wide) = (from * across, (to - from) * across);
            self.head_text((0, left), (1, wide), heading);
            for (at, foot) in feet.iter().filter(|foot| foot.heading == *heading).enumerate() {
                let (row, line) = (self.head + longest + at, &form.lines[foot.line]);
                let names = wide - line.columns.len();
                self.put((row, left), (1, names), Style::StubSum, Value::Text(line.label.as_str().into()));
                self.amounts(row, left + names, line.key, line.columns.clone(), true);
            }
            from = to;
        }
        for (index, block) in blocks.iter().enumerate() {
            self.block(index * across, block, longest);
        }
    }

    fn block(&mut self, left: usize, block: &'a Block, longest: usize) {
        let form = self.form;
        let all = 0..form.columns.len();
        self.head_text((1, left), (1, 1), "科目代码");
        self.head_text((1, left + 1), (1, 1), "科目名称");
        for (at, column) in form.columns.iter().enumerate() {
            self.head_text((1, left + 2 + at), (1, 1), column.heading.last().map_or("", String::as_str));
        }
        if form.column_numbers {
            self.put((2, left), (1, 1), Style::No, Value::Blank);
            self.text((2, left + 1), Style::No, "栏次");
            self.column_numbers(2, left + 2, all.clone());
        }
        let lines = &form.lines[block.lines.clone()];
        for (at, line) in lines.iter().enumerate() {
            let row = self.head + at;
            let code = if let RowKey::Code(code) = line.key { code.to_string() } else { String::new() };
            self.text((row, left), Style::Code, code);
            self.text((row, left + 1), if line.total { Style::StubSum } else { Style::Stub2 }, line.label.as_str());
            self.amounts(row, left + 2, line.key, line.columns.clone(), line.total);
        }
        for row in self.head + lines.len()..self.head + longest {
            (left..left + 2 + all.len()).for_each(|column| self.put((row, column), (1, 1), Style::Stub, Value::Blank));
        }
        self.widths.extend([9, label_width(lines.iter().map(|line| line.label.as_str()))]);
        self.widths.extend(all.map(|_| AMOUNT_WIDTH));
    }

    fn one_row(&mut self) {
        let columns = 0..self.form.columns.len();
        let depth = depth_of(&self.form.columns);
        self.head = depth + usize::from(self.form.column_numbers);
        self.headings(0, 0, columns.clone(), depth);
        if self.form.column_numbers {
            self.column_numbers(depth, 0, columns.clone());
        }
        self.amounts(self.head, 0, RowKey::Only, columns.clone(), false);
        self.widths = columns.map(|_| AMOUNT_WIDTH).collect();
    }

    /// Writes the grid below what the sheet has.
    fn write(&self, sheet: &mut Sheet, strings: &mut Strings) {
        let top = sheet.rows();
        let headings = self.head.saturating_sub(usize::from(self.form.column_numbers));
        for (at, row) in self.rows.iter().enumerate() {
            sheet.row((at < headings).then_some(HEAD_HEIGHT));
            for (column, cell) in row.iter().enumerate() {
                let Some(Cell { style, value }) = cell else { continue };
                match value {
                    Value::Blank | Value::Figure(Figure::Blank) => sheet.blank(column, *style),
                    Value::Text(text) => sheet.text(strings, column, *style, text),
                    Value::Number(number) => sheet.whole(column, *style, *number),
                    Value::Figure(Figure::Amount(amount)) => {
                        sheet.amount(column, *style, amount.print(self.subject.disclosure.set.scale));
                    }
                    Value::Figure(Figure::Count(count)) => sheet.count(column, *style, *count),
                    Value::Figure(Figure::Unknown | Figure::NotRead) => {
                        sheet.text(strings, column, Style::Unknown, UNKNOWN);
                    }
                }
            }
        }
        for [from, to] in &self.merges {
            sheet.merge((top + from.0, from.1), (top + to.0, to.1));
        }
    }
}

/// How wide a column of names is: as its longest name, within reason.
fn label_width<'n>(names: impl Iterator<Item = &'n str>) -> usize {
    names.map(|name| width(name) + 4).max().unwrap_or_default().clamp(16, 40)
}
