//! A small typed reader over the tree: takes the keys it knows, tells the ones it does not.
//!
//! Every finding goes to a [`Sink`]; a value that is wrong is left out and everything else is
//! still read. What a key's absence means is said by the method that asks for it.

use std::cell::{Cell, RefCell};

use super::tree::{Entry, Key, Kind, REST, Table, Value};
use crate::diagnostic::{Finding, Place, Placed, Severity};
use crate::model::code::ClassCode;
use crate::model::date::Date;
use crate::text::{fold_width, nearest};

/// Where findings are put while a file or a disclosure is read.
#[derive(Debug, Default)]
pub(crate) struct Sink {
    found: RefCell<Vec<Finding>>,
    about: Option<(String, i32)>,
}

impl Sink {
    /// A sink for what concerns no unit.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// A sink whose findings are about a unit's year.
    pub(crate) fn about(unit: &str, year: i32) -> Self {
        Self { found: RefCell::default(), about: Some((unit.to_owned(), year)) }
    }

    /// Adds a finding.
    pub(crate) fn add(&self, finding: Finding) {
        let finding = match &self.about {
            Some((unit, year)) => finding.about(unit, *year),
            None => finding,
        };
        self.found.borrow_mut().push(finding);
    }

    /// Adds findings.
    pub(crate) fn add_all(&self, findings: Vec<Finding>) {
        for finding in findings {
            self.add(finding);
        }
    }

    /// What was found so far.
    pub(crate) fn found(&self) -> Vec<Finding> {
        self.found.borrow().clone()
    }

    /// What was found.
    pub(crate) fn into_findings(self) -> Vec<Finding> {
        self.found.into_inner()
    }
}

/// A table that is being read.
pub(crate) struct Reader<'r> {
    table: &'r Table<'r>,
    /// Where the table stands.
    pub(crate) place: Place,
    sink: &'r Sink,
    known: RefCell<Vec<&'static str>>,
    strict: Cell<bool>,
}

impl<'r> Reader<'r> {
    /// A reader of a table at a place.
    pub(crate) fn new(table: &'r Table<'r>, place: Place, sink: &'r Sink) -> Self {
        Self { table, place, sink, known: RefCell::default(), strict: Cell::new(true) }
    }

    /// Whether the table has no key at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.table.entries.is_empty()
    }

    /// A reader of a value that should be a table.
    pub(crate) fn of(value: &'r Value<'r>, what: &str, sink: &'r Sink) -> Option<Self> {
        if let Kind::Table(table) = &value.kind {
            return Some(Self::new(table, value.place, sink));
        }
        wrong_type(value, what, "写成 { 键 = 值 } 的表", sink);
        None
    }

    /// The value of a key, whatever it is; the key counts as known.
    pub(crate) fn raw(&self, key: &'static str) -> Option<&'r Value<'r>> {
        self.entry(key).map(|entry| &entry.value)
    }

    fn entry(&self, key: &'static str) -> Option<&'r Entry<'r>> {
        self.known.borrow_mut().push(key);
        self.table.get(key)
    }

    /// All entries, for tables whose keys are data.
    pub(crate) fn entries(&self) -> &'r [Entry<'r>] {
        self.strict.set(false);
        &self.table.entries
    }

    /// The first key of a kind, without taking it.
    pub(crate) fn first_key(&self, is_one: impl Fn(&str) -> bool) -> Option<&'r Key<'r>> {
        self.table.entries.iter().map(|entry| &entry.key).find(|key| is_one(&key.value))
    }

    /// Whether the table has a key, without taking it.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.table.has(key)
    }

    /// A text.
    pub(crate) fn text(&self, key: &'static str) -> Option<Placed<String>> {
        text_of(self.raw(key)?, key, self.sink)
    }

    /// The value of a text, when its place does not matter.
    pub(crate) fn string(&self, key: &'static str) -> Option<String> {
        self.text(key).map(|text| text.value)
    }

    /// A text that must be there; empty when it is not.
    pub(crate) fn required(&self, key: &'static str, help: &str) -> Placed<String> {
        if !self.has(key) {
            self.missing(key, help);
        }
        self.text(key).unwrap_or(Placed::new(String::new(), self.place))
    }

    /// Tells that a key is missing.
    pub(crate) fn missing(&self, key: &'static str, help: &str) {
        self.sink.add(Finding::new("S008", format!("缺少“{key}”")).at(self.place).help(help));
    }

    /// A list of texts; one text is a list of one.
    pub(crate) fn texts(&self, key: &'static str) -> Option<Vec<Placed<String>>> {
        let value = self.raw(key)?;
        match &value.kind {
            Kind::Array(items) => Some(items.iter().filter_map(|item| text_of(item, key, self.sink)).collect()),
            _ => text_of(value, key, self.sink).map(|text| vec![text]),
        }
    }

    /// A list of texts without their places; empty when the key is absent.
    pub(crate) fn strings(&self, key: &'static str) -> Vec<String> {
        self.texts(key).unwrap_or_default().into_iter().map(|text| text.value).collect()
    }

    /// A whole number.
    pub(crate) fn integer(&self, key: &'static str) -> Option<i64> {
        integer_of(self.raw(key)?, key, self.sink)
    }

    /// `true` or `false`.
    pub(crate) fn boolean(&self, key: &'static str) -> Option<bool> {
        let value = self.raw(key)?;
        if let Kind::Bool(value) = &value.kind {
            return Some(*value);
        }
        wrong_type(value, key, "写 true 或 false，不加引号", self.sink);
        None
    }

    /// One of some texts, by what it stands for.
    pub(crate) fn choice<T: Copy>(&self, key: &'static str, choices: &[(&str, T)]) -> Option<T> {
        let text = self.text(key)?;
        if let Some((_, found)) = choices.iter().find(|(name, _)| *name == text.value) {
            return Some(*found);
        }
        let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
        self.bad_value(key, &text, &format!("写成 {} 之一", names.join("、")));
        None
    }

    /// Tells that a text is none of what it may be.
    pub(crate) fn bad_value(&self, key: &str, text: &Placed<impl AsRef<str>>, help: &str) {
        self.sink
            .add(Finding::new("S007", format!("“{key}”不能是“{}”", text.value.as_ref())).at(text.place).help(help));
    }

    /// A date, with or without quotes.
    pub(crate) fn date(&self, key: &'static str) -> Option<Placed<Date>> {
        let value = self.raw(key)?;
        let text = match &value.kind {
            Kind::Text(text) | Kind::Date(text) => Placed::new(fold_width(text.trim()), value.place),
            _ => {
                wrong_type(value, key, "日期写成 2024-11-11", self.sink);
                return None;
            }
        };
        let date = Date::parse(&text.value);
        if date.is_none() {
            self.bad_value(key, &text, "日期写成 2024-11-11，月和日都是两位");
        }
        date.map(|date| Placed::new(date, text.place))
    }

    /// A classification code, with or without quotes.
    pub(crate) fn code(&self, key: &'static str) -> Option<Placed<ClassCode>> {
        let text = code_text(self.raw(key)?, key, self.sink)?;
        let code = ClassCode::parse(&text.value);
        if code.is_none() {
            self.bad_value(key, &text, "科目编码是 3、5 或 7 位数字");
        }
        code.map(|code| Placed::new(code, text.place))
    }

    /// A table below a key.
    pub(crate) fn table(&self, key: &'static str) -> Option<Reader<'r>> {
        Reader::of(self.raw(key)?, key, self.sink)
    }

    /// The tables of a list below a key; empty when the key is absent.
    pub(crate) fn tables(&self, key: &'static str) -> Vec<Reader<'r>> {
        let Some(value) = self.raw(key) else { return Vec::new() };
        if let Kind::Array(items) = &value.kind {
            return items.iter().filter_map(|item| Reader::of(item, key, self.sink)).collect();
        }
        wrong_type(value, key, &format!("写成列表：[[{key}]] 或 {key} = [ … ]"), self.sink);
        Vec::new()
    }

    /// Tells every key that nobody asked for.
    pub(crate) fn finish(self) {
        if !self.strict.get() {
            return;
        }
        let known = self.known.borrow();
        let told = |entry: &&Entry<'_>| entry.key.value == REST || known.contains(&&*entry.key.value);
        for entry in self.table.entries.iter().filter(|entry| !told(entry)) {
            self.sink.add(unknown_key(&entry.key, &known));
        }
    }

    /// Where findings go.
    pub(crate) fn sink(&self) -> &'r Sink {
        self.sink
    }
}

/// A finding for a key that is not known, with the nearest one or all that are.
pub(crate) fn unknown_key(key: &Key<'_>, known: &[&str]) -> Finding {
    Finding::new("S004", format!("不认识的键“{}”", key.value)).at(key.place).help(suggestion(&key.value, known))
}

/// 是不是“…”, or what there is.
pub(crate) fn suggestion(name: &str, known: &[&str]) -> String {
    if let Some(near) = nearest(name, known.iter().copied()) {
        return format!("是不是“{near}”？");
    }
    match known.len() {
        0 => "这里什么也不能写，请删去".to_owned(),
        1..=24 => format!("可用的有：{}", known.join("、")),
        _ => format!("可用的有：{}、…、{}", known[..8].join("、"), known[known.len() - 1]),
    }
}

/// A finding for a value of another kind than is needed; silent about what was found before.
pub(crate) fn wrong_type(value: &Value<'_>, what: &str, help: &str, sink: &Sink) {
    if matches!(value.kind, Kind::Broken) {
        return;
    }
    sink.add(
        Finding::new("S005", format!("“{what}”的值不能是{}", value.kind.name())).at(value.place).help(help.to_owned()),
    );
}

/// The text of a value.
pub(crate) fn text_of(value: &Value<'_>, what: &str, sink: &Sink) -> Option<Placed<String>> {
    if let Kind::Text(text) = &value.kind {
        return Some(Placed::new(text.clone().into_owned(), value.place));
    }
    wrong_type(value, what, "写成文字，用英文双引号括起来", sink);
    None
}

/// A code or number, with or without quotes.
pub(crate) fn code_text(value: &Value<'_>, what: &str, sink: &Sink) -> Option<Placed<String>> {
    match &value.kind {
        Kind::Text(text) => Some(Placed::new(fold_width(text.trim()), value.place)),
        Kind::Number(digits) => Some(Placed::new(digits.clone().into_owned(), value.place)),
        _ => {
            wrong_type(value, what, "写成编码，例如 \"2010350\"", sink);
            None
        }
    }
}

/// The whole number of a value.
pub(crate) fn integer_of(value: &Value<'_>, what: &str, sink: &Sink) -> Option<i64> {
    if let Kind::Number(digits) = &value.kind {
        if let Ok(number) = digits.parse() {
            return Some(number);
        }
        sink.add(Finding::new("S007", format!("“{what}”应当是整数，现在是 {digits}")).at(value.place).help("写成整数"));
        return None;
    }
    let help = if matches!(value.kind, Kind::Text(_)) { "写成整数，不加引号" } else { "写成整数" };
    wrong_type(value, what, help, sink);
    None
}

/// A finding of the same text with the severity of a warning.
pub(crate) fn warning(finding: Finding) -> Finding {
    finding.severity(Severity::Warning)
}
