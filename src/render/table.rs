//! Statutory tables as HTML, laid out as the forms print them.
//!
//! One string, written once. The markup is a contract for themes, links and readers:
//!
//! ```html
//! <div class="sheet" data-form="公开01表">
//!   <div class="sheet-head"><p class="header"><span>公开01表</span>…</p></div>
//!   <div class="frame two" tabindex="0" role="group" aria-label="收入支出决算总表">
//!     <table>…<tr id="t01-27"><th id="t01-27-n" scope="row">本年收入合计</th><td class="no">27</td>
//!       <td class="n" id="t01-27-c1" data-cell="公开01表27行1栏" headers="t01-27-n t01-s0 t01-k1">373.97</td></tr>
//!   </div>
//!   <div class="notes">…notes, formulas…</div>
//! </div>
//! ```
//!
//! - A two-sided form is two tables in one frame (`two`), a form of blocks one table a block,
//!   grouped under their shared heading with the foot below (`blocks`); both have the same
//!   number of heading rows in every table, so that rows stand level as in print.
//! - Every amount cell has `data-cell` with its canonical name and an id to link to. Blank
//!   is blank, 0.00 is 0.00, unknown is 未提供 with the class `u`.
//! - On a disclosure's page a figure is a link (class `fig`) to the relations it takes part in;
//!   one that no relation was judged over has the class `un`, and a note below says so.
//! - A figure that an amendment changed is followed by ※ (class `am`), a link to 更正说明.
//! - 行次 and 栏次 are visible cells (class `no`), never named in `headers`.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::ops::Range;

use crate::amount::Scale;
use crate::check::Verdict;
use crate::model::classification::Classification;
use crate::model::code::{ClassCode, Level};
use crate::model::form::{Block, CellRef, Column, Foot, Form, FormSet, Layout, Line, RowKey, Side};
use crate::model::table::{Figure, Row, Table, TableState};
use crate::render::cells::{push_figure, push_number};
use crate::render::links::PageLinks;
use crate::render::verdicts::{self, Ledger, Standing, is_printed};
use crate::text::{escape_html, push_escaped};

/// A table to be shown: a filled one, or the blank form.
#[derive(Clone, Copy, Debug)]
pub struct Sheet<'a> {
    /// The set the form belongs to.
    pub set: &'a FormSet,
    /// The form in the set's list.
    pub form: u16,
    /// The filled table; `None` shows the blank form.
    pub table: Option<&'a Table>,
    /// The reporting unit's name, for `{unit}` in header lines.
    pub unit: &'a str,
    /// How the document calls the unit, for `{word}`.
    pub word: &'a str,
    /// The fiscal year.
    pub year: Option<i32>,
    /// Why the tables were rebuilt from the text, where they were.
    pub rebuilt: Option<&'a str>,
    /// Names of codes that rows do not name.
    pub names: Option<&'a Classification>,
    /// The links of the page it stands on.
    pub links: &'a PageLinks<'a>,
    /// HTML that stands at the right of the header lines: checks, downloads.
    pub tools: &'a str,
    /// Where a figure's relations are told; `None` leaves figures unlinked.
    pub checked: Option<Checked<'a>>,
    /// The cells that an amendment changed, which are marked.
    pub amended: Option<Amended<'a>>,
}

/// Cells that an amendment changed.
#[derive(Clone, Copy, Debug)]
pub struct Amended<'a> {
    /// The cells.
    pub cells: &'a BTreeSet<CellRef>,
    /// The href of what tells the amendments.
    pub href: &'a str,
}

/// What the figures of a sheet link to.
#[derive(Clone, Copy, Debug)]
pub struct Checked<'a> {
    /// The relations of every figure.
    pub ledger: &'a Ledger<'a>,
    /// The href of the page that tells them; it has the same anchors for cells.
    pub href: &'a str,
}

/// Appends a table with its header lines, notes and formulas.
pub fn push_html(out: &mut String, sheet: &Sheet<'_>) {
    let painter = Painter::new(*sheet);
    let _ = write!(out, "<div class=\"sheet{}\" data-form=\"", width_class(sheet, painter.form.columns.len()));
    push_escaped(out, &painter.form.code);
    out.push_str("\">\n");
    painter.push_head(out);
    painter.push_body(out);
    painter.push_notes(out);
    out.push_str("</div>\n");
}

/// A table as HTML; see [`push_html`].
pub fn html(sheet: &Sheet<'_>) -> String {
    // Rows with their names, and amounts with their links, as long as most are.
    let (rows, cells) = sheet.table.map_or((0, 0), |table| (table.rows.len(), table.cells().count()));
    let mut out = String::with_capacity(8 * 1024 + rows * 192 + cells * 144);
    push_html(&mut out, sheet);
    out
}

/// How many characters of amounts, with what stands between them, fit an upright page.
const UPRIGHT: usize = 9 * 10;

/// How many of them fit where no names of lines stand before them.
const UPRIGHT_ALONE: usize = 12 * 9;

/// More than nine amount columns do not fit an upright page, nor fewer of long amounts, unless short
/// ones stand there alone; more than thirty fit no page.
fn width_class(sheet: &Sheet<'_>, columns: usize) -> &'static str {
    let characters = columns * (longest(sheet) + 3);
    match columns {
        0..=9 if characters <= UPRIGHT => "",
        0..=12 if characters <= UPRIGHT_ALONE && is_alone(sheet) => " broad upright",
        0..=30 => " broad",
        _ => " huge",
    }
}

/// Whether the form has one row, without a name before it.
fn is_alone(sheet: &Sheet<'_>) -> bool {
    matches!(sheet.set.forms[usize::from(sheet.form)].layout, Layout::OneRow)
}

/// How many characters the longest amount of a table has as it is printed.
fn longest(sheet: &Sheet<'_>) -> usize {
    let scale = sheet.set.scale;
    let amounts = sheet.table.into_iter().flat_map(Table::cells).filter_map(|(_, cell)| cell.figure.amount());
    let greatest = amounts.map(crate::amount::Amount::abs).max();
    greatest.map_or(0, |greatest| greatest.print(scale).to_string().len())
}

/// What one table needs while it is written.
struct Painter<'a> {
    sheet: Sheet<'a>,
    form: &'a Form,
    scale: Scale,
    /// For each column, the ids of the headings above it: ` t01-g0-1 t01-k2`.
    headings: Vec<String>,
    /// Whether a figure was marked that no relation was judged over.
    unchecked: Cell<bool>,
}

/// A heading cell over amount columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Heading {
    pub(crate) level: usize,
    pub(crate) columns: Range<usize>,
    pub(crate) rows: usize,
    leaf: bool,
}

/// The heading cells over columns, row by row: equal neighbours share one, the innermost
/// heading of each column reaches down to the last row.
pub(crate) fn heading_rows(columns: &[Column], range: Range<usize>, depth: usize) -> Vec<Vec<Heading>> {
    let mut rows = vec![Vec::new(); depth];
    for (level, row) in rows.iter_mut().enumerate() {
        let mut at = range.start;
        while at < range.end {
            let path = &columns[at].heading;
            if path.len() <= level {
                at += 1;
                continue;
            }
            let leaf = path.len() == level + 1;
            let shares =
                |other: &Column| !leaf && other.heading.len() > level + 1 && other.heading[..=level] == path[..=level];
            let end = (at + 1..range.end).find(|next| !shares(&columns[*next])).unwrap_or(range.end);
            row.push(Heading { level, columns: at..end, rows: if leaf { depth - level } else { 1 }, leaf });
            at = end;
        }
    }
    rows
}

pub(crate) fn depth_of(columns: &[Column]) -> usize {
    columns.iter().map(|column| column.heading.len()).max().unwrap_or(1).max(1)
}

impl<'a> Painter<'a> {
    fn new(sheet: Sheet<'a>) -> Self {
        let form = &sheet.set.forms[usize::from(sheet.form)];
        let headings = (0..form.columns.len()).map(|at| heading_ids(form, at)).collect();
        Self { sheet, form, scale: sheet.set.scale, headings, unchecked: Cell::new(false) }
    }

    /// Replaces `{unit}`, `{word}` and `{year}` in a text of the form.
    fn fill(&self, text: &str) -> String {
        let year = self.sheet.year.map(|year| year.to_string()).unwrap_or_default();
        text.replace("{unit}", self.sheet.unit).replace("{word}", self.sheet.word).replace("{year}", &year)
    }

    fn push_head(&self, out: &mut String) {
        out.push_str("<div class=\"sheet-head\"><p class=\"header\">");
        for line in &self.form.header {
            out.push_str("<span>");
            push_escaped(out, &self.fill(line));
            out.push_str("</span> ");
        }
        out.push_str("</p>");
        out.push_str(self.sheet.tools);
        out.push_str("</div>\n");
        // A table that the document does not give is not rebuilt: its own reason stands alone.
        let given = !matches!(self.sheet.table, Some(Table { state: TableState::NotProvided(_), .. }));
        if let Some(rebuilt) = self.sheet.rebuilt.filter(|_| given) {
            push_paragraph(out, "rebuilt", rebuilt);
        }
    }

    fn push_body(&self, out: &mut String) {
        if let Some(Table { state: TableState::NotProvided(reason), .. }) = self.sheet.table {
            out.push_str("<p class=\"absent\"><strong class=\"u\">未提供</strong>　");
            push_escaped(out, reason);
            out.push_str(if reason.ends_with('。') { "</p>\n" } else { "。</p>\n" });
            return;
        }
        if matches!(self.sheet.table, Some(Table { state: TableState::Missing, .. })) {
            push_paragraph(out, "absent", "缺少本表的数据。");
            return;
        }
        match &self.form.layout {
            Layout::TwoSided(sides) => self.push_two_sided(out, sides),
            Layout::ByCode { total_last, classification } => self.push_by_code(out, *total_last, classification),
            Layout::Blocks { classification, blocks, feet } => self.push_blocks(out, classification, blocks, feet),
            Layout::OneRow => self.push_one_row(out),
        }
        if let Some(Table { state: TableState::Empty(sentence), .. }) = self.sheet.table {
            push_paragraph(out, "empty", sentence);
        }
    }

    fn push_notes(&self, out: &mut String) {
        let own = self.sheet.table.and_then(|table| table.note.as_deref());
        let unchecked = self.unchecked.get();
        if self.form.notes.is_empty() && self.form.formulas.is_empty() && own.is_none() && !unchecked {
            return;
        }
        out.push_str("<div class=\"notes\">\n");
        for note in &self.form.notes {
            push_paragraph(out, "note", &self.fill(note));
        }
        for formula in &self.form.formulas {
            push_paragraph(out, "formula", formula);
        }
        if let Some(note) = own {
            push_paragraph(out, "own", note);
        }
        if unchecked {
            push_paragraph(out, "unchecked", "带点线的数字没有参加核对。");
        }
        out.push_str("</div>\n");
    }

    fn open_frame(&self, out: &mut String, class: &str) {
        let _ = write!(out, "<div class=\"frame {class}\" tabindex=\"0\" role=\"group\" aria-label=\"");
        push_escaped(out, &self.form.title);
        out.push_str("\">\n");
    }

    /// Opens a table with its caption: year, title and part, then code, unit and scale.
    fn open_table(&self, out: &mut String, class: &str, part: &str) {
        let _ = write!(out, "<table class=\"{class}\"><caption>");
        if let Some(year) = self.sheet.year {
            let _ = write!(out, "{year}年度");
        }
        push_escaped(out, &self.form.title);
        if !part.is_empty() {
            out.push('·');
            push_escaped(out, part);
        }
        out.push('　');
        push_escaped(out, &self.form.code);
        out.push('　');
        push_escaped(out, self.sheet.unit);
        let _ = write!(out, "　金额单位：{}</caption>\n<thead>\n", self.scale);
    }

    fn push_two_sided(&self, out: &mut String, sides: &[Side]) {
        self.open_frame(out, "two");
        let depth = sides.iter().map(|side| depth_of(&self.form.columns[side.columns.clone()])).max().unwrap_or(1);
        let tall = sides.iter().any(|side| self.has_long_heading(side.columns.clone()));
        for (index, side) in sides.iter().enumerate() {
            self.open_table(out, if tall { "side tall" } else { "side" }, &side.name);
            self.push_side_head(out, index, side, depth);
            out.push_str("</thead>\n<tbody>\n");
            for line in &self.form.lines[side.lines.clone()] {
                self.push_side_line(out, index, line);
            }
            out.push_str("</tbody></table>\n");
        }
        out.push_str("</div>\n");
    }

    /// Whether a heading is longer than one line of its column.
    fn has_long_heading(&self, columns: Range<usize>) -> bool {
        columns.len() > 1 && self.form.columns[columns].iter().flat_map(|c| &c.heading).any(|h| h.chars().count() > 6)
    }

    fn push_side_head(&self, out: &mut String, index: usize, side: &Side, depth: usize) {
        let stem = &self.form.stem;
        let numbers = usize::from(self.form.line_numbers);
        let _ = write!(
            out,
            "<tr><th class=\"mid\" id=\"t{stem}-s{index}\" scope=\"colgroup\" colspan=\"{}\">",
            1 + numbers + side.columns.len()
        );
        push_escaped(out, &side.name);
        out.push_str("</th></tr>\n");
        for (level, row) in heading_rows(&self.form.columns, side.columns.clone(), depth).iter().enumerate() {
            out.push_str("<tr>");
            if level == 0 {
                let _ = write!(out, "<th class=\"stub\" scope=\"col\" rowspan=\"{depth}\">");
                push_escaped(out, &side.label);
                out.push_str("</th>");
                if self.form.line_numbers {
                    let _ = write!(out, "<th class=\"no\" scope=\"col\" rowspan=\"{depth}\">行次</th>");
                }
            }
            self.push_headings(out, row);
            out.push_str("</tr>\n");
        }
        if self.form.column_numbers {
            out.push_str("<tr class=\"numbers\"><td class=\"stub\">栏次</td>");
            if self.form.line_numbers {
                out.push_str("<td></td>");
            }
            self.push_column_numbers(out, side.columns.clone());
            out.push_str("</tr>\n");
        }
    }

    fn push_side_line(&self, out: &mut String, side: usize, line: &Line) {
        let anchor = self.form.row_anchor(line.key);
        let holds_amounts = !line.label.is_empty();
        let class = match (holds_amounts, line.total) {
            (false, _) => " class=\"void\"",
            (true, true) => " class=\"sum\"",
            (true, false) => "",
        };
        push_all(out, ["<tr id=\"", &anchor, "\"", class, ">"]);
        if holds_amounts {
            push_row_heading(out, &anchor);
            self.push_linked(out, "functional", line.class, &line.label);
            out.push_str("</th>");
        } else {
            out.push_str("<td class=\"stub\"></td>");
        }
        if self.form.line_numbers {
            out.push_str("<td class=\"no\">");
            if let RowKey::Line(number) = line.key {
                push_number(out, number.into());
            }
            out.push_str("</td>");
        }
        if holds_amounts {
            let row = PaintedRow::new(self, line.key, Some(side));
            self.push_amounts(out, &row, line.columns.clone());
        } else {
            line.columns.clone().for_each(|_| out.push_str("<td class=\"n\"></td>"));
        }
        out.push_str("</tr>\n");
    }

    fn push_by_code(&self, out: &mut String, total_last: bool, classification: &str) {
        self.open_frame(out, "by-code");
        self.open_table(out, "codes", "");
        self.push_code_head(out);
        out.push_str("</thead>\n<tbody>\n");
        let rows = self.sheet.table.map_or(&[][..], |table| &table.rows);
        let has_total = rows.iter().any(|row| row.key == RowKey::Total);
        if !has_total && !total_last {
            self.push_code_row(out, RowKey::Total, None, classification);
        }
        for row in rows {
            self.push_code_row(out, row.key, Some(row), classification);
        }
        if !has_total && total_last {
            self.push_code_row(out, RowKey::Total, None, classification);
        }
        out.push_str("</tbody></table></div>\n");
    }

    /// The fixed stub, 项目 over 功能分类科目编码 (类 款 项) and 科目名称, and the headings.
    fn push_code_head(&self, out: &mut String) {
        let columns = 0..self.form.columns.len();
        let depth = depth_of(&self.form.columns).max(2);
        // 类 款 项 stand in the row of the 栏次; without one the headings reach down beside them.
        let beside = usize::from(!self.form.column_numbers);
        for (level, row) in heading_rows(&self.form.columns, columns.clone(), depth + beside).iter().enumerate() {
            out.push_str("<tr>");
            match level {
                0 => out.push_str("<th class=\"mid\" scope=\"colgroup\" colspan=\"4\">项目</th>"),
                1 => {
                    let rows = depth - 1;
                    let _ = write!(
                        out,
                        "<th class=\"mid\" scope=\"colgroup\" colspan=\"3\" rowspan=\"{rows}\">{}</th>\
                         <th class=\"stub\" scope=\"col\" rowspan=\"{}\">科目名称</th>",
                        code_heading(&self.form.layout),
                        rows + beside,
                    );
                }
                level if level == depth => out.push_str(LEVEL_HEADINGS),
                _ => {}
            }
            self.push_headings(out, row);
            out.push_str("</tr>\n");
        }
        if self.form.column_numbers {
            let _ = write!(out, "<tr class=\"numbers\">{LEVEL_HEADINGS}<td class=\"stub\">栏次</td>");
            self.push_column_numbers(out, columns);
            out.push_str("</tr>\n");
        }
    }

    fn push_code_row(&self, out: &mut String, key: RowKey, row: Option<&Row>, classification: &str) {
        let anchor = self.form.row_anchor(key);
        let class = match key {
            RowKey::Code(code) => level_class(code.level()),
            _ => "sum",
        };
        push_all(out, ["<tr id=\"", &anchor, "\" class=\"", class, "\"><td class=\"code\" colspan=\"3\">"]);
        let mut name = "合计";
        if let RowKey::Code(code) = key {
            name = self.name_of_code(row, code);
            self.push_code(out, classification, code);
        }
        out.push_str("</td>");
        push_row_heading(out, &anchor);
        push_escaped(out, name);
        out.push_str("</th>");
        let painted = PaintedRow::new(self, key, None);
        self.push_amounts(out, &painted, 0..self.form.columns.len());
        out.push_str("</tr>\n");
    }

    /// The name the row gives itself, or the name in force in the year.
    fn name_of_code<'b>(&'b self, row: Option<&'b Row>, code: ClassCode) -> &'b str {
        let own = row.and_then(|row| row.name.as_ref()).map(|name| name.value.as_str());
        let known = || self.sheet.names?.name_in(code, self.sheet.year?);
        own.or_else(known).unwrap_or_default()
    }

    fn push_blocks(&self, out: &mut String, classification: &str, blocks: &[Block], feet: &[Foot]) {
        self.open_frame(out, "blocks");
        let mut at = 0;
        while at < blocks.len() {
            let heading = &blocks[at].heading;
            let end = (at..blocks.len()).find(|next| blocks[*next].heading != *heading).unwrap_or(blocks.len());
            let _ = write!(out, "<div class=\"group of-{}\"><p class=\"group-head\" aria-hidden=\"true\">", end - at);
            push_escaped(out, heading);
            out.push_str("</p><div class=\"group-body\">\n");
            for (index, block) in blocks.iter().enumerate().take(end).skip(at) {
                out.push_str("<div class=\"column\">");
                self.push_block(out, index, block, classification);
                out.push_str("</div>\n");
            }
            out.push_str("</div>\n");
            for foot in feet.iter().filter(|foot| foot.heading == *heading) {
                self.push_foot(out, foot);
            }
            out.push_str("</div>\n");
            at = end;
        }
        out.push_str("</div>\n");
    }

    fn push_block(&self, out: &mut String, index: usize, block: &Block, classification: &str) {
        self.open_table(out, "block", &block.heading);
        let stem = &self.form.stem;
        out.push_str(
            "<tr><th class=\"code\" scope=\"col\">科目代码</th><th class=\"stub\" scope=\"col\">科目名称</th>",
        );
        for column in &self.form.columns {
            let _ = write!(out, "<th class=\"n\" id=\"t{stem}-b{index}-k{}\" scope=\"col\">", column.number);
            push_escaped(out, column.heading.last().map_or("", String::as_str));
            out.push_str("</th>");
        }
        out.push_str("</tr>\n");
        if self.form.column_numbers {
            out.push_str("<tr class=\"numbers\"><td></td><td class=\"stub\">栏次</td>");
            self.push_column_numbers(out, 0..self.form.columns.len());
            out.push_str("</tr>\n");
        }
        out.push_str("</thead>\n<tbody>\n");
        for line in &self.form.lines[block.lines.clone()] {
            self.push_block_line(out, index, line, classification);
        }
        out.push_str("</tbody></table>\n");
    }

    fn push_block_line(&self, out: &mut String, index: usize, line: &Line, classification: &str) {
        let anchor = self.form.row_anchor(line.key);
        push_all(out, ["<tr id=\"", &anchor, "\"", if line.total { " class=\"sum\"" } else { "" }]);
        out.push_str("><td class=\"code\">");
        if let RowKey::Code(code) = line.key {
            self.push_code(out, classification, code);
        }
        out.push_str("</td>");
        push_row_heading(out, &anchor);
        push_escaped(out, &line.label);
        out.push_str("</th>");
        let row = PaintedRow::new(self, line.key, None);
        for at in line.columns.clone() {
            let heading = format!(" t{}-b{index}-k{}", self.form.stem, self.form.columns[at].number);
            self.push_amount(out, &row, at, &heading);
        }
        out.push_str("</tr>\n");
    }

    fn push_foot(&self, out: &mut String, foot: &Foot) {
        let line = &self.form.lines[foot.line];
        let anchor = self.form.row_anchor(line.key);
        out.push_str("<table class=\"foot\"><caption>");
        push_escaped(out, &line.label);
        push_all(out, ["</caption>\n<tbody><tr id=\"", &anchor, "\" class=\"sum\">"]);
        push_row_heading(out, &anchor);
        push_escaped(out, &line.label);
        out.push_str("</th>");
        let row = PaintedRow::new(self, line.key, None);
        for at in line.columns.clone() {
            self.push_amount(out, &row, at, "");
        }
        out.push_str("</tr></tbody></table>\n");
    }

    fn push_one_row(&self, out: &mut String) {
        self.open_frame(out, "one-row");
        self.open_table(out, "row", "");
        let columns = 0..self.form.columns.len();
        for row in heading_rows(&self.form.columns, columns.clone(), depth_of(&self.form.columns)) {
            out.push_str("<tr>");
            self.push_headings(out, &row);
            out.push_str("</tr>\n");
        }
        if self.form.column_numbers {
            out.push_str("<tr class=\"numbers\">");
            self.push_column_numbers(out, columns.clone());
            out.push_str("</tr>\n");
        }
        let _ = write!(out, "</thead>\n<tbody><tr id=\"{}\">", self.form.row_anchor(RowKey::Only));
        let row = PaintedRow::new(self, RowKey::Only, None);
        self.push_amounts(out, &row, columns);
        out.push_str("</tr></tbody></table></div>\n");
    }

    fn push_headings(&self, out: &mut String, row: &[Heading]) {
        for heading in row {
            let first = &self.form.columns[heading.columns.start];
            let stem = &self.form.stem;
            if heading.leaf {
                let _ = write!(out, "<th class=\"n\" id=\"t{stem}-k{}\" scope=\"col\"", first.number);
            } else {
                let _ = write!(
                    out,
                    "<th class=\"mid\" id=\"t{stem}-g{}-{}\" scope=\"colgroup\"",
                    heading.level, first.number
                );
            }
            push_span(out, "colspan", heading.columns.len());
            push_span(out, "rowspan", heading.rows);
            out.push('>');
            let code = if heading.leaf { first.code } else { None };
            self.push_linked(out, "economic", code, &first.heading[heading.level]);
            out.push_str("</th>");
        }
    }

    fn push_column_numbers(&self, out: &mut String, columns: Range<usize>) {
        for column in &self.form.columns[columns] {
            out.push_str("<td class=\"no\">");
            push_number(out, column.number.into());
            out.push_str("</td>");
        }
    }

    /// Appends a text, linked to its code's page where there is one.
    fn push_linked(&self, out: &mut String, classification: &str, code: Option<ClassCode>, text: &str) {
        let linked = code.is_some_and(|code| self.sheet.links.open_code(out, classification, code));
        push_escaped(out, text);
        if linked {
            out.push_str("</a>");
        }
    }

    /// Appends a code, linked to its page where there is one.
    fn push_code(&self, out: &mut String, classification: &str, code: ClassCode) {
        let linked = self.sheet.links.open_code(out, classification, code);
        push_number(out, code.0.into());
        out.push_str(if linked { "</a>" } else { "" });
    }

    fn push_amounts(&self, out: &mut String, row: &PaintedRow<'_>, columns: Range<usize>) {
        for at in columns {
            self.push_amount(out, row, at, &self.headings[at]);
        }
    }

    fn push_amount(&self, out: &mut String, row: &PaintedRow<'_>, at: usize, headings: &str) {
        let figure = row.figure(at);
        let number = self.form.columns[at].number.into();
        let cell = CellRef { form: self.sheet.form, row: row.key, column: u16::try_from(at).unwrap_or(u16::MAX) };
        out.push_str(if figure == Figure::Unknown { "<td class=\"n u\" id=\"" } else { "<td class=\"n\" id=\"" });
        push_all(out, [&row.anchor, "-c"]);
        push_number(out, number);
        push_all(out, ["\" data-cell=\"", &row.name]);
        if row.names_columns {
            push_number(out, number);
            out.push('栏');
        }
        let headings = if row.headers.is_empty() { headings.trim_start() } else { headings };
        push_all(out, ["\" headers=\"", &row.headers, headings, "\">"]);
        match self.sheet.checked.filter(|_| is_printed(figure)) {
            Some(checked) => self.push_checked(out, checked, cell, row, figure),
            None => push_figure(out, figure, self.scale),
        }
        if let Some(amended) = self.sheet.amended.filter(|amended| amended.cells.contains(&cell)) {
            let _ = write!(out, "<a class=\"am\" href=\"{}\" title=\"更正过，看更正说明\">※</a>", amended.href);
        }
        out.push_str("</td>");
    }

    /// Appends a figure as a link to its relations; without any it is marked instead.
    fn push_checked(
        &self,
        out: &mut String,
        checked: Checked<'_>,
        cell: CellRef,
        row: &PaintedRow<'_>,
        figure: Figure,
    ) {
        let standing = checked.ledger.of_cell(cell).1;
        if !matches!(standing, Standing::Judged(_)) {
            self.unchecked.set(true);
        }
        let class = match standing {
            Standing::Alone => {
                out.push_str("<span class=\"un\">");
                push_figure(out, figure, self.scale);
                return out.push_str("</span>");
            }
            Standing::NotJudged => "un",
            Standing::Judged(Verdict::Exact) => "",
            Standing::Judged(verdict) => verdicts::class(verdict),
        };
        out.push_str(if class.is_empty() { "<a class=\"fig" } else { "<a class=\"fig " });
        push_all(out, [class, "\" href=\"", checked.href, "#", &row.anchor, "-c"]);
        push_number(out, self.form.columns[usize::from(cell.column)].number.into());
        out.push_str("\">");
        push_figure(out, figure, self.scale);
        out.push_str("</a>");
    }
}

/// What every amount cell of a row shares.
struct PaintedRow<'a> {
    key: RowKey,
    anchor: String,
    /// The beginning of the cells' canonical names, escaped: `公开01表27行`.
    name: String,
    /// Whether the names go on with the column.
    names_columns: bool,
    /// The ids of the headings that belong to the row.
    headers: String,
    /// The figures, where the table has the row.
    filled: Option<&'a Row>,
    /// What a cell holds that the table does not have.
    missing: Figure,
}

impl<'a> PaintedRow<'a> {
    /// A row, of a side where the form has sides.
    fn new(painter: &Painter<'a>, key: RowKey, side: Option<usize>) -> Self {
        let form = painter.form;
        let anchor = form.row_anchor(key);
        let headers = match (key, side) {
            (RowKey::Only, _) => String::new(),
            (_, Some(side)) => format!("{anchor}-n t{}-s{side}", form.stem),
            (_, None) => format!("{anchor}-n"),
        };
        let mut name = escape_html(&form.code);
        form.push_row_name(&mut name, key);
        let table = painter.sheet.table;
        let is_given = |table: &&Table| matches!(table.state, TableState::Filled | TableState::Empty(_));
        Self {
            key,
            anchor,
            name,
            names_columns: form.names_columns(key),
            headers,
            filled: table.filter(is_given).and_then(|table| table.row(key)),
            missing: if table.is_none_or(|table| is_given(&table)) { Figure::Blank } else { Figure::Unknown },
        }
    }

    /// As [`Table::figure`] gives it.
    fn figure(&self, column: usize) -> Figure {
        self.filled.and_then(|row| row.cell(column)).map_or(self.missing, |cell| cell.figure)
    }
}

/// Appends texts one after the other.
fn push_all<const N: usize>(out: &mut String, texts: [&str; N]) {
    for text in texts {
        out.push_str(text);
    }
}

/// Opens the heading of a row.
fn push_row_heading(out: &mut String, anchor: &str) {
    push_all(out, ["<th class=\"stub\" id=\"", anchor, "-n\" scope=\"row\">"]);
}

const LEVEL_HEADINGS: &str = "<th class=\"lv\" scope=\"col\">类</th><th class=\"lv\" scope=\"col\">款</th><th class=\"lv\" scope=\"col\">项</th>";

pub(crate) fn code_heading(layout: &Layout) -> &'static str {
    match layout {
        Layout::ByCode { classification, .. } if classification == "economic" => "经济分类科目编码",
        _ => "功能分类科目编码",
    }
}

const fn level_class(level: Level) -> &'static str {
    match level {
        Level::Class => "l1",
        Level::Section => "l2",
        Level::Item => "l3",
    }
}

/// The ids of the headings above a column, each after a space.
fn heading_ids(form: &Form, at: usize) -> String {
    let column = &form.columns[at];
    let range = form.layout_range(at);
    let mut ids = String::new();
    for level in 0..column.heading.len().saturating_sub(1) {
        let shares =
            |other: &Column| other.heading.len() > level + 1 && other.heading[..=level] == column.heading[..=level];
        let first = (range.start..=at).rev().take_while(|index| shares(&form.columns[*index])).last().unwrap_or(at);
        let _ = write!(ids, " t{}-g{level}-{}", form.stem, form.columns[first].number);
    }
    let _ = write!(ids, " t{}-k{}", form.stem, column.number);
    ids
}

impl Form {
    /// The columns that stand in one table with a column: its side's, or all.
    fn layout_range(&self, at: usize) -> Range<usize> {
        match &self.layout {
            Layout::TwoSided(sides) => sides
                .iter()
                .map(|side| side.columns.clone())
                .find(|columns| columns.contains(&at))
                .unwrap_or(0..self.columns.len()),
            _ => 0..self.columns.len(),
        }
    }
}

fn push_span(out: &mut String, attribute: &str, span: usize) {
    if span > 1 {
        let _ = write!(out, " {attribute}=\"{span}\"");
    }
}

pub(crate) fn push_paragraph(out: &mut String, class: &str, text: &str) {
    let _ = write!(out, "<p class=\"{class}\">");
    push_escaped(out, text);
    out.push_str("</p>\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::amount::Amount;
    use crate::diagnostic::{FileId, Place, Placed};
    use crate::model::form::Kind;
    use crate::model::table::Cell;
    use crate::render::links::Links;

    const PLACE: Place = Place::start_of(FileId(0));

    fn column(number: u32, heading: &[&str]) -> Column {
        Column { number, heading: heading.iter().map(|text| (*text).to_owned()).collect(), code: None }
    }

    fn line(key: RowKey, label: &str, columns: Range<usize>) -> Line {
        Line { key, label: label.into(), class: None, total: false, columns }
    }

    fn set_of(layout: Layout, columns: Vec<Column>, lines: Vec<Line>) -> FormSet {
        let form = Form {
            stem: "01".into(),
            code: "公开01表".into(),
            title: "总表".into(),
            layout,
            header: vec!["公开01表".into(), "部门：{unit}".into()],
            notes: vec!["注：本{word}。".into()],
            formulas: vec!["1行＝（2+3）行。".into()],
            relations: Vec::new(),
            empty: None,
            inferred: Vec::new(),
            columns,
            lines,
            line_numbers: true,
            column_numbers: true,
            place: PLACE,
        };
        FormSet {
            id: "test".into(),
            name: String::new(),
            region: String::new(),
            kind: Kind::Final,
            years: (2023, None),
            extends: None,
            scale: Scale::TenThousand,
            word: "部门".into(),
            forms: vec![form],
            narrative: String::new(),
            source: String::new(),
            inferred: Vec::new(),
            parts: Vec::new(),
            part_titles: std::collections::BTreeMap::new(),
            concepts: std::collections::BTreeMap::new(),
            relations: Vec::new(),
            facts: Vec::new(),
        }
    }

    fn amount(text: &str) -> Figure {
        Figure::Amount(Amount::parse(text, Scale::TenThousand).unwrap())
    }

    fn row(key: RowKey, columns: Range<usize>, figures: &[Figure]) -> Row {
        let cells = figures.iter().map(|figure| Cell { figure: *figure, place: PLACE }).collect();
        Row { key, name: None, place: PLACE, columns, cells }
    }

    fn shown(set: &FormSet, state: TableState, rows: Vec<Row>) -> String {
        let links = Links::new(vec!["codes/functional/201/index.html".into()]);
        let page = links.from("units/a/2023/index.html");
        let table = Table::new(0, state, rows, None, PLACE);
        html(&Sheet {
            set,
            form: 0,
            table: Some(&table),
            unit: "甲<乙",
            word: "单位",
            year: Some(2023),
            rebuilt: None,
            names: None,
            links: &page,
            tools: "",
            checked: None,
            amended: None,
        })
    }

    fn two_sided() -> FormSet {
        let side = |name: &str, at: usize| Side {
            name: name.into(),
            label: "项目".into(),
            columns: at..at + 1,
            lines: at..at + 1,
        };
        let lines = vec![line(RowKey::Line(1), "收入", 0..1), line(RowKey::Line(2), "支出", 1..2)];
        let columns = vec![column(1, &["金额"]), column(2, &["金额"])];
        set_of(Layout::TwoSided(vec![side("收 入", 0), side("支 出", 1)]), columns, lines)
    }

    fn by_code(columns: Vec<Column>) -> FormSet {
        let lines = vec![line(RowKey::Total, "合计", 0..columns.len())];
        set_of(Layout::ByCode { total_last: false, classification: "functional".into() }, columns, lines)
    }

    #[test]
    fn an_amount_cell_names_itself_and_its_headings() {
        let rows = vec![row(RowKey::Line(1), 0..1, &[amount("373.97")]), row(RowKey::Line(2), 1..2, &[amount("0")])];
        let html = shown(&two_sided(), TableState::Filled, rows);
        assert!(html.contains(
            "<td class=\"n\" id=\"t01-1-c1\" data-cell=\"公开01表1行1栏\" headers=\"t01-1-n t01-s0 t01-k1\">373.97</td>"
        ));
        assert!(html.contains("data-cell=\"公开01表2行2栏\" headers=\"t01-2-n t01-s1 t01-k2\">0.00</td>"));
        assert_eq!(html.matches("<table").count(), 2);
    }

    #[test]
    fn blank_zero_and_unknown_are_three_things() {
        let set = by_code(vec![column(1, &["甲"]), column(2, &["乙"]), column(3, &["丙"])]);
        let figures = [Figure::Blank, amount("0.00"), Figure::Unknown];
        let html = shown(&set, TableState::Filled, vec![row(RowKey::Total, 0..3, &figures)]);
        assert!(html.contains("t01-k1\"></td>") && html.contains(">0.00</td>"));
        assert!(html.contains("<td class=\"n u\"") && html.contains(">未提供</td>"));
    }

    #[test]
    fn header_notes_and_formulas_stand_to_the_letter_and_are_escaped() {
        let html = shown(&two_sided(), TableState::Filled, Vec::new());
        assert!(html.contains("<span>部门：甲&lt;乙</span>"));
        assert!(html.contains("<p class=\"note\">注：本单位。</p>"));
        assert!(html.contains("<p class=\"formula\">1行＝（2+3）行。</p>"));
    }

    #[test]
    fn equal_neighbouring_headings_share_one_cell() {
        let columns =
            [column(1, &["合计"]), column(2, &["车", "小计"]), column(3, &["车", "购置"]), column(4, &["接待"])];
        let rows = heading_rows(&columns, 0..4, 2);
        let spans: Vec<_> = rows[0].iter().map(|cell| (cell.columns.clone(), cell.rows)).collect();
        assert_eq!(spans, [(0..1, 2), (1..3, 1), (3..4, 2)]);
        assert_eq!(rows[1].iter().map(|cell| cell.columns.start).collect::<Vec<_>>(), [1, 2]);
    }

    #[test]
    fn a_cell_under_a_spanning_heading_names_both() {
        let set = by_code(vec![column(1, &["合计"]), column(2, &["车", "小计"]), column(3, &["车", "购置"])]);
        let html = shown(&set, TableState::Filled, vec![row(RowKey::Total, 0..3, &[Figure::Blank; 3])]);
        assert!(html.contains("id=\"t01-g0-2\" scope=\"colgroup\" colspan=\"2\">车</th>"));
        assert!(html.contains("headers=\"t01-total-n t01-g0-2 t01-k3\"></td>"));
    }

    #[test]
    fn codes_lead_to_their_pages_where_there_is_one() {
        let set = by_code(vec![column(1, &["合计"])]);
        let mut coded = row(RowKey::Code(ClassCode(201)), 0..1, &[amount("1")]);
        coded.name = Some(Placed::new("一般公共服务支出".into(), PLACE));
        let html =
            shown(&set, TableState::Filled, vec![coded, row(RowKey::Code(ClassCode(208)), 0..1, &[amount("2")])]);
        assert!(html.contains("<a href=\"../../../codes/functional/201/index.html\">201</a>"));
        assert!(html.contains("<td class=\"code\" colspan=\"3\">208</td>"));
    }

    #[test]
    fn an_empty_table_keeps_its_form_and_carries_its_sentence() {
        let set = by_code(vec![column(1, &["合计"])]);
        let html = shown(&set, TableState::Empty("本单位当年无此项".into()), Vec::new());
        assert!(html.contains("id=\"t01-total\"") && html.contains("<p class=\"empty\">本单位当年无此项</p>"));
    }

    #[test]
    fn a_table_that_was_not_provided_gives_the_reason_in_place_of_the_grid() {
        let set = by_code(vec![column(1, &["合计"])]);
        let html = shown(&set, TableState::NotProvided("原件没有附表".into()), Vec::new());
        assert!(html.contains("未提供</strong>　原件没有附表") && !html.contains("<table"));
    }
}
