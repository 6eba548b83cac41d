//! Source files as one tree, written as TOML or as JSON: the two must mean the same.

use std::fmt::Write as _;

/// A value of a source file; numbers keep their digits.
#[derive(Clone, Debug)]
pub enum Value {
    /// A text.
    Text(String),
    /// A number, as written.
    Number(String),
    /// A list.
    List(Vec<Value>),
    /// A table, in written order.
    Table(Table),
}

/// Keys with their values, in written order.
pub type Table = Vec<(String, Value)>;

/// A text value.
pub fn text(text: impl Into<String>) -> Value {
    Value::Text(text.into())
}

/// A number value.
pub fn number(number: impl std::fmt::Display) -> Value {
    Value::Number(format!("{number}"))
}

/// A list of texts.
pub fn texts<T: Into<String>>(items: impl IntoIterator<Item = T>) -> Value {
    Value::List(items.into_iter().map(text).collect())
}

/// A table from borrowed keys.
pub fn table<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Value::Table(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

/// How a source file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `.toml`
    Toml,
    /// `.json`
    Json,
}

impl Format {
    /// The file extension.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Toml => "toml",
            Self::Json => "json",
        }
    }

    /// The text of a source file.
    pub fn write(self, table: &Table) -> String {
        match self {
            Self::Toml => toml(table),
            Self::Json => {
                let mut out = String::new();
                json(&mut out, &Value::Table(table.clone()));
                out.push('\n');
                out
            }
        }
    }
}

/// Plain entries first, then a `[table]` for each table: keys below a heading belong to it.
fn toml(table: &Table) -> String {
    let mut out = String::new();
    for (key, value) in table.iter().filter(|(_, value)| !matches!(value, Value::Table(_))) {
        let _ = writeln!(out, "{} = {}", toml_key(key), inline(value, true));
    }
    for (key, value) in table {
        let Value::Table(entries) = value else { continue };
        let _ = writeln!(out, "\n[{}]", toml_key(key));
        for (key, value) in entries {
            let _ = writeln!(out, "{} = {}", toml_key(key), inline(value, false));
        }
    }
    out
}

fn toml_key(key: &str) -> String {
    let bare = key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    if bare { key.to_owned() } else { quoted(key) }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

/// A value on one line; a list of a file's top level takes a line for each element.
fn inline(value: &Value, top: bool) -> String {
    match value {
        Value::Text(text) => quoted(text),
        Value::Number(number) => number.clone(),
        Value::List(items) if top => {
            let lines: Vec<String> = items.iter().map(|item| format!("  {},\n", inline(item, false))).collect();
            format!("[\n{}]", lines.concat())
        }
        Value::List(items) => {
            format!("[{}]", items.iter().map(|item| inline(item, false)).collect::<Vec<_>>().join(", "))
        }
        Value::Table(entries) => {
            let entries = entries.iter().map(|(key, value)| format!("{} = {}", toml_key(key), inline(value, false)));
            format!("{{ {} }}", entries.collect::<Vec<_>>().join(", "))
        }
    }
}

fn json(out: &mut String, value: &Value) {
    match value {
        Value::Text(text) => out.push_str(&quoted(text)),
        Value::Number(number) => out.push_str(number),
        Value::List(items) => sequence(out, ['[', ']'], items.iter(), json),
        Value::Table(entries) => sequence(out, ['{', '}'], entries.iter(), |out, (key, value)| {
            let _ = write!(out, "{}: ", quoted(key));
            json(out, value);
        }),
    }
}

fn sequence<T>(out: &mut String, ends: [char; 2], items: impl Iterator<Item = T>, mut one: impl FnMut(&mut String, T)) {
    out.push(ends[0]);
    for (index, item) in items.enumerate() {
        out.push_str(if index == 0 { "\n" } else { ",\n" });
        one(out, item);
    }
    out.push(ends[1]);
}
