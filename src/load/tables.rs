//! `tables/<NN>.toml|json`: a filled table on a blank form.
//!
//! A form with printed lines always gives a row for each of them; a form by code gives the
//! rows of the source, in its order. A figure that is wrong is found and stays
//! [`Figure::NotRead`]; what is not written is blank.

use std::collections::BTreeMap;

use super::facts::figure_named;
use super::reader::{Reader, Sink, code_text, suggestion, text_of, warning, wrong_type};
use super::tree::{Entry, Key, Kind, REST, Value, normal_key};
use crate::amount::Scale;
use crate::diagnostic::{Finding, Place, Placed};
use crate::model::classification::Classification;
use crate::model::code::ClassCode;
use crate::model::form::{CellRef, Form, FormSet, Layout, RowKey};
use crate::model::table::{Cell, Figure, Row, Table, TableState};
use crate::text::{fold_width, nearest};

/// What a table is read with.
pub(super) struct TableContext<'t> {
    /// The set of its form.
    pub(super) set: &'t FormSet,
    /// The form's index in the set.
    pub(super) index: u16,
    /// The classification of its rows' codes.
    pub(super) classification: Option<&'t Classification>,
    /// The fiscal year: names of codes hold for years.
    pub(super) year: i32,
    /// The unit of money of the figures.
    pub(super) scale: Scale,
    /// 部门 or 单位, for the sentence of an empty table.
    pub(super) word: &'t str,
    /// Where findings go.
    pub(super) sink: &'t Sink,
}

impl TableContext<'_> {
    fn form(&self) -> &Form {
        &self.set.forms[usize::from(self.index)]
    }

    fn name(&self, row: RowKey, column: usize) -> String {
        let column = u16::try_from(column).unwrap_or(u16::MAX);
        self.set.name_of(CellRef { form: self.index, row, column })
    }

    /// The table that a file holds.
    pub(super) fn read(&self, reader: Reader<'_>) -> Table {
        let place = reader.place;
        let note = reader.string("note");
        let empty = self.empty_sentence(&reader);
        let not_provided = reader.string("not_provided");
        let rows = self.rows(&reader);
        let has_figures = rows.iter().flat_map(|row| &row.cells).any(|cell| cell.figure != Figure::Blank);
        let state = match (empty, not_provided) {
            (Some(sentence), _) => TableState::Empty(sentence),
            (None, Some(reason)) => TableState::NotProvided(reason),
            (None, None) => TableState::Filled,
        };
        let (is_filled, touched) = (state == TableState::Filled, reader.has("empty") || reader.has("not_provided"));
        if !is_filled && has_figures {
            self.refuse_figures(&state, place);
        }
        if is_filled && !touched && !has_figures {
            self.tell_no_figures(place);
        }
        reader.finish();
        Table::new(self.index, state, rows, note, place)
    }

    /// The table of a form that has no readable file.
    pub(super) fn missing(&self, place: Place) -> Table {
        Table::new(self.index, TableState::Missing, self.blank_rows(place), None, place)
    }

    /// A blank row for every printed line; a form by code has none.
    fn blank_rows(&self, place: Place) -> Vec<Row> {
        let form = self.form();
        match form.layout {
            Layout::ByCode { .. } => Vec::new(),
            Layout::OneRow => vec![Row::blank(form, RowKey::Only, place)],
            Layout::TwoSided(_) | Layout::Blocks { .. } => {
                form.lines.iter().map(|line| Row::blank_over(line.columns.clone(), line.key, place)).collect()
            }
        }
    }

    /// `empty = "…"`, or `empty = true` for the form's own sentence.
    fn empty_sentence(&self, reader: &Reader<'_>) -> Option<String> {
        let value = reader.raw("empty")?;
        let help = "写上空表说明，例如 empty = \"本部门当年无政府性基金预算财政拨款收入支出\"";
        match (&value.kind, &self.form().empty) {
            (Kind::Text(text), _) if !text.trim().is_empty() => return Some(text.clone().into_owned()),
            (Kind::Bool(true), Some(sentence)) => return Some(sentence.replace("{word}", self.word)),
            (Kind::Text(_), _) => self.sink.add(Finding::new("S007", "空表说明是空的").at(value.place).help(help)),
            _ => wrong_type(value, "empty", help, self.sink),
        }
        None
    }

    fn refuse_figures(&self, state: &TableState, place: Place) {
        let key = if matches!(state, TableState::Empty(_)) { "empty" } else { "not_provided" };
        let finding = Finding::new("S041", format!("{}写了 {key}，又填了数字", self.form().code)).at(place);
        self.sink.add(finding.help(format!("有数字就删去 {key}；确无数据就删去各行")));
    }

    fn tell_no_figures(&self, place: Place) {
        let finding = Finding::new("S042", format!("{}一个数字也没有", self.form().code)).at(place);
        self.sink
            .add(finding.help("填上数字；确无数据时写 empty = \"空表说明\"；没有提供时写 not_provided = \"原因\""));
    }

    fn rows(&self, reader: &Reader<'_>) -> Vec<Row> {
        let section = section_of(&self.form().layout);
        if let Some(rows) = self.rows_without_header(reader, section) {
            return rows;
        }
        for other in ["lines", "rows", "columns"].into_iter().filter(|other| *other != section) {
            if reader.has(other) {
                let _ = reader.raw(other);
                let finding = Finding::new("S043", format!("{}不用 {other} 填写", self.form().code)).at(reader.place);
                self.sink.add(finding.help(format!("这张表写成 {}", example_of(section))));
            }
        }
        match section {
            "rows" => self.coded_rows(reader),
            "columns" => self.only_row(reader.raw("columns"), reader.place),
            _ => self.line_rows(reader.raw("lines"), reader.place),
        }
    }

    /// Figures of a file that lacks its `[lines]` or `[columns]`: told once, and nothing of the
    /// table is taken for blank.
    fn rows_without_header(&self, reader: &Reader<'_>, section: &str) -> Option<Vec<Row>> {
        if section == "rows" || reader.has(section) {
            return None;
        }
        let first = reader.first_key(|key| normal_key(key.trim()).parse::<u32>().is_ok())?;
        let _ = reader.entries(); // None of them is unknown: they stand in the wrong place.
        let message = format!("{}的数字前面缺少一行 [{section}]，没有读入", self.form().code);
        let help = format!("在第一个数字的上面加一行 [{section}]");
        self.sink.add(Finding::new("S043", message).at(first.place).help(help));
        let mut rows = self.blank_rows(reader.place);
        rows.iter_mut().flat_map(|row| &mut row.cells).for_each(|cell| cell.figure = Figure::NotRead);
        Some(rows)
    }

    fn only_row(&self, value: Option<&Value<'_>>, place: Place) -> Vec<Row> {
        let mut row = Row::blank(self.form(), RowKey::Only, value.map_or(place, |value| value.place));
        if let Some(reader) = value.and_then(|value| Reader::of(value, "columns", self.sink)) {
            self.fill_cells(&mut row, reader.entries());
        }
        vec![row]
    }

    fn line_rows(&self, value: Option<&Value<'_>>, place: Place) -> Vec<Row> {
        let form = self.form();
        let mut rows = self.blank_rows(value.map_or(place, |value| value.place));
        let reader = value.and_then(|value| Reader::of(value, "lines", self.sink));
        for entry in reader.iter().flat_map(Reader::entries) {
            let Some(at) = self.line_of(&entry.key) else { continue };
            let row = &mut rows[at];
            row.place = entry.key.place;
            row.cells.iter_mut().for_each(|cell| cell.place = entry.key.place);
            self.fill_line(row, entry);
            if form.lines[at].label.is_empty() && row.cells.iter().any(|cell| cell.figure != Figure::Blank) {
                self.refuse_itemless(row, &entry.key);
            }
        }
        rows
    }

    /// The line that a key names: its number, its code, or the label of a total.
    fn line_of(&self, key: &Key<'_>) -> Option<usize> {
        let form = self.form();
        let name = normal_key(key.value.trim());
        let number = name.parse::<u32>().ok();
        let folded = fold_width(&name);
        let found = form.lines.iter().position(|line| match line.key {
            RowKey::Line(line) => Some(line) == number,
            RowKey::Code(code) => Some(code.0) == number,
            _ => line.label == folded || fold_width(&line.label) == folded,
        });
        if found.is_none() {
            self.tell_unknown_line(key, number);
        }
        found
    }

    fn tell_unknown_line(&self, key: &Key<'_>, number: Option<u32>) {
        let form = self.form();
        let same = form.lines.iter().find(|line| {
            let by_class = line.class.is_some_and(|class| Some(class.0) == number);
            by_class || (!line.label.is_empty() && line.label == key.value)
        });
        let names: Vec<String> = form.lines.iter().map(|line| form.row_name(line.key).replace('行', "")).collect();
        let help = match same {
            Some(line) => format!("“{}”写成 {}", line.label, form.row_name(line.key).replace('行', "")),
            None => near_line(&key.value, &names),
        };
        let finding = Finding::new("S032", format!("{}没有“{}”行", form.code, key.value)).at(key.place);
        self.sink.add(finding.help(help));
    }

    fn fill_line(&self, row: &mut Row, entry: &Entry<'_>) {
        let columns = row.columns.clone();
        match &entry.value.kind {
            Kind::Table(table) => self.fill_cells(row, &table.entries),
            Kind::Broken => row.cells.iter_mut().for_each(|cell| cell.figure = Figure::NotRead),
            _ if columns.len() == 1 => {
                let name = || self.name(row.key, columns.start);
                let figure = figure_named(&entry.value, self.scale, name, self.sink);
                row.cells[0] = Cell { figure, place: entry.value.place };
            }
            _ => {
                row.cells.iter_mut().for_each(|cell| cell.figure = Figure::NotRead);
                let numbers = self.column_numbers(columns);
                let finding = Finding::new(
                    "S033",
                    format!(
                        "{}{}有第 {numbers} 栏，不知道这个数在哪一栏",
                        self.form().code,
                        self.form().row_name(row.key)
                    ),
                );
                let first = numbers.split('、').next().unwrap_or_default();
                let help = format!("写成 {} = {{ {first} = … }}", entry.key.value);
                self.sink.add(finding.at(entry.value.place).help(help));
            }
        }
    }

    fn column_numbers(&self, columns: std::ops::Range<usize>) -> String {
        let numbers: Vec<String> =
            self.form().columns[columns].iter().map(|column| column.number.to_string()).collect();
        numbers.join("、")
    }

    fn fill_cells<'e>(&self, row: &mut Row, entries: impl IntoIterator<Item = &'e Entry<'e>>) {
        for entry in entries {
            if entry.key.value == REST {
                row.cells.iter_mut().for_each(|cell| cell.figure = Figure::NotRead);
                continue;
            }
            let number = normal_key(entry.key.value.trim()).parse::<u32>().ok();
            let columns = row.columns.clone();
            let found = columns.clone().find(|column| Some(self.form().columns[*column].number) == number);
            let Some(column) = found else {
                self.tell_unknown_column(row.key, columns, &entry.key);
                continue;
            };
            let figure = figure_named(&entry.value, self.scale, || self.name(row.key, column), self.sink);
            row.cells[column - columns.start] = Cell { figure, place: entry.value.place };
        }
    }

    fn tell_unknown_column(&self, row: RowKey, columns: std::ops::Range<usize>, key: &Key<'_>) {
        let form = self.form();
        let finding =
            Finding::new("S033", format!("{}{}没有“{}”栏", form.code, form.row_name(row), key.value)).at(key.place);
        self.sink.add(finding.help(format!("这一行的栏次是 {}", self.column_numbers(columns))));
    }

    fn refuse_itemless(&self, row: &mut Row, key: &Key<'_>) {
        let form = self.form();
        row.cells.iter_mut().filter(|cell| cell.figure != Figure::Blank).for_each(|cell| cell.figure = Figure::NotRead);
        let finding =
            Finding::new("S034", format!("{}{}没有项目，不能填数", form.code, form.row_name(row.key))).at(key.place);
        self.sink.add(finding.help("核对行次：这一行在表上是空的，数字应当填在别的行"));
    }

    fn coded_rows(&self, reader: &Reader<'_>) -> Vec<Row> {
        let mut rows: Vec<Row> = Vec::new();
        let mut places: BTreeMap<RowKey, Place> = BTreeMap::new();
        for source in reader.tables("rows") {
            let Some((row, code)) = self.coded_row(&source) else { continue };
            if let Some(first) = places.get(&row.key) {
                let name = self.form().row_name(row.key);
                let finding = Finding::new("S035", format!("{}{name}写了两次", self.form().code)).at(code);
                self.sink.add(finding.related("第一次写在这里", *first).help("核对编码，只留一行"));
                continue;
            }
            places.insert(row.key, code);
            rows.push(row);
        }
        rows
    }

    fn coded_row(&self, source: &Reader<'_>) -> Option<(Row, Place)> {
        if !source.has("code") {
            source.missing("code", "写上科目编码，例如 code = \"2010350\"；合计行写 code = \"合计\"");
        }
        let code = code_text(source.raw("code")?, "code", self.sink)?;
        let name = source.raw("name").and_then(|value| text_of(value, "name", self.sink));
        let key = self.row_key(&code)?;
        match key {
            RowKey::Code(class) => self.check_name(class, &code, name.as_ref()),
            _ => self.check_total_name(name.as_ref()),
        }
        let mut row = Row::blank(self.form(), key, source.place);
        row.name = name.filter(|_| key != RowKey::Total);
        let figures = source.entries().iter().filter(|e| !matches!(&*e.key.value, "code" | "name"));
        self.fill_cells(&mut row, figures);
        Some((row, code.place))
    }

    fn row_key(&self, code: &Placed<String>) -> Option<RowKey> {
        if code.value == "合计" {
            return Some(RowKey::Total);
        }
        let key = ClassCode::parse(&code.value).map(RowKey::Code);
        if key.is_none() {
            let finding = Finding::new("S039", format!("“{}”不是科目编码", code.value)).at(code.place);
            self.sink.add(finding.help("类 3 位、款 5 位、项 7 位数字；合计行写 \"合计\""));
        }
        key
    }

    fn check_total_name(&self, name: Option<&Placed<String>>) {
        if let Some(name) = name.filter(|name| name.value != "合计") {
            let finding = Finding::new("S040", format!("合计行的名称不能是“{}”", name.value)).at(name.place);
            self.sink.add(finding.help("删去 name"));
        }
    }

    /// The code must be known in the year, and have the name that it has in the year.
    fn check_name(&self, code: ClassCode, written: &Placed<String>, name: Option<&Placed<String>>) {
        let Some(classification) = self.classification else { return };
        match (classification.name_in(code, self.year), name) {
            (Some(known), Some(name)) if !same_name(known, &name.value) => {
                self.sink.add(name_differs(classification, code, self.year, known, name));
            }
            (Some(_), _) => {}
            (None, _) if !classification.knows_class(code) => {
                let finding = Finding::new("S039", format!("{}没有 {} 类", classification.name, code.class()));
                self.sink.add(finding.at(written.place).help("核对编码的前三位"));
            }
            (None, Some(name)) => {
                let message = format!("编码 {code}（{}）不在收录的{}中，名称没有核对", name.value, classification.name);
                let finding = warning(Finding::new("S038", message)).at(written.place);
                let near = code_named(classification, self.year, code, &name.value);
                self.sink.add(finding.help(format!("核对编码和名称{near}；确实有这个科目时不用改")));
            }
            (None, None) => {
                let message = format!("编码 {code} 不在收录的{}中，又没有写名称", classification.name);
                self.sink.add(
                    Finding::new("S039", message).at(written.place).help(format!(
                        "核对编码；确实有这个科目时写上 name = \"…\"{}",
                        near_code(classification, code)
                    )),
                );
            }
        }
    }
}

/// The only listed code of the same level and 类 that has this name.
fn code_named(classification: &Classification, year: i32, code: ClassCode, name: &str) -> String {
    let is_meant = |other: &ClassCode| {
        let is_near = other.level() == code.level() && other.class() == code.class();
        is_near && classification.name_in(*other, year).is_some_and(|known| same_name(known, name))
    };
    let mut meant = classification.codes.keys().filter(|other| is_meant(other));
    match (meant.next(), meant.next()) {
        (Some(other), None) => format!("，是不是 {other}？“{name}”的编码是 {other}"),
        _ => String::new(),
    }
}

fn near_code(classification: &Classification, code: ClassCode) -> String {
    let known: Vec<String> = classification.codes.keys().map(ToString::to_string).collect();
    nearest(&code.to_string(), known.iter().map(String::as_str).filter(|k| k.len() == code.to_string().len()))
        .and_then(ClassCode::parse)
        .and_then(|near| classification.codes.get(&near).map(|entry| format!("；是不是 {near}（{}）？", entry.name)))
        .unwrap_or_default()
}

fn near_line(key: &str, names: &[String]) -> String {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let is_number = key.bytes().all(|byte| byte.is_ascii_digit());
    match (names.first(), names.last()) {
        (Some(first), Some(last)) if is_number && first.len() < 3 => {
            format!("行次从 {first} 到 {last}，核对表上的行次")
        }
        _ => suggestion(key, &names),
    }
}

/// Whether two names are the same but for the width of signs and blanks.
fn same_name(a: &str, b: &str) -> bool {
    let plain = |name: &str| fold_width(name).replace([' ', '\t'], "");
    a == b || plain(a) == plain(b)
}

fn name_differs(
    classification: &Classification,
    code: ClassCode,
    year: i32,
    known: &str,
    name: &Placed<String>,
) -> Finding {
    let entry = classification.codes.get(&code);
    let old = entry.and_then(|entry| entry.formerly.iter().find(|(old, _)| same_name(old, &name.value)));
    let message = match old {
        Some((old, until)) => format!("{code} 的名称“{old}”只用到 {until} 年，{year} 年是“{known}”"),
        None => format!("{code} 的名称是“{known}”，不是“{}”", name.value),
    };
    let owner = classification.codes.iter().find(|(_, entry)| same_name(&entry.name, &name.value));
    let help = match owner {
        Some((other, _)) if old.is_none() => format!("“{}”的编码是 {other}：核对编码，或者改正名称", name.value),
        _ => "改正名称".to_owned(),
    };
    let mut finding = Finding::new("S040", message).at(name.place).help(help);
    finding.expected = Some(known.to_owned());
    finding.actual = Some(name.value.clone());
    finding
}

/// The key below which a form's figures stand.
pub(super) const fn section_of(layout: &Layout) -> &'static str {
    match layout {
        Layout::ByCode { .. } => "rows",
        Layout::OneRow => "columns",
        Layout::TwoSided(_) | Layout::Blocks { .. } => "lines",
    }
}

fn example_of(section: &str) -> &'static str {
    match section {
        "rows" => "rows = [{ code = \"合计\", 1 = 373.97 }, …]",
        "columns" => "[columns]，下面是“栏次 = 金额”各行",
        _ => "[lines]，下面是“行次 = 金额”各行",
    }
}
