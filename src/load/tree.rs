//! One tree for TOML and JSON: tables in the order of the source, every key and value with
//! its place, numbers as the source writes them.
//!
//! Invariant: a value that a syntax error touched is [`Kind::Broken`], never a number and
//! never absent, so nobody takes it for 1, 0 or blank. A finding says what is wrong with it.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::diagnostic::{Finding, Place, Placed};
use crate::text::fold_width;

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Value {
    /// What it is.
    pub(crate) kind: Kind,
    /// Where it stands.
    pub(crate) place: Place,
}

/// What a value is.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    /// Keys with values.
    Table(Table),
    /// Values one after the other.
    Array(Vec<Value>),
    /// A text, escapes resolved.
    Text(String),
    /// A plain decimal number as written; full-width digits folded, separators taken out.
    Number(String),
    /// `true` or `false`.
    Bool(bool),
    /// A date as written, without quotes.
    Date(String),
    /// JSON's `null`.
    Null,
    /// A value that could not be read; its finding has been made.
    Broken,
}

/// The key that stands for the rest of a row that could not be read; its value is broken.
pub(crate) const REST: &str = "\u{0}";

/// Keys with values, in the order of the source.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    /// The entries; no two have the same [`normal_key`].
    pub(crate) entries: Vec<Entry>,
    /// Where the entry of each [`normal_key`] stands: files may hold tens of thousands.
    by_key: HashMap<String, usize>,
}

/// A key with its value.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// The key as written.
    pub(crate) key: Placed<String>,
    /// Its value.
    pub(crate) value: Value,
}

impl Kind {
    /// The Chinese word for the kind, as messages use it.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Table(_) => "表（键和值）",
            Self::Array(_) => "列表",
            Self::Text(_) => "文字",
            Self::Number(_) => "数字",
            Self::Bool(_) => "true 或 false",
            Self::Date(_) => "日期",
            Self::Null => "null",
            Self::Broken => "没有读懂的值",
        }
    }
}

impl Table {
    /// The entry with this key.
    pub(crate) fn get(&self, key: &str) -> Option<&Entry> {
        self.by_key.get(&*normal_key(key)).map(|at| &self.entries[*at])
    }

    /// Adds an entry; a key that is already there is found, with both places.
    ///
    /// Two tables of one name are read as one; of two other values neither is read.
    pub(crate) fn add(&mut self, entry: Entry, findings: &mut Vec<Finding>) {
        let key = normal_key(&entry.key.value).into_owned();
        let Some(at) = self.by_key.get(&key) else {
            self.by_key.insert(key, self.entries.len());
            self.entries.push(entry);
            return;
        };
        let first = &mut self.entries[*at];
        findings.push(duplicate_key(&first.key, &entry.key));
        match (&mut first.value.kind, entry.value.kind) {
            (Kind::Table(table), Kind::Table(more)) => {
                for entry in more.entries {
                    table.add(entry, findings);
                }
            }
            (kind, _) => *kind = Kind::Broken,
        }
    }
}

impl Table {
    /// The table without the text below a key, where there is one.
    pub(crate) fn without_text(mut self, key: &str) -> Self {
        let is_text = |at: &&usize| matches!(self.entries[**at].value.kind, Kind::Text(_));
        if let Some(at) = self.by_key.get(key).filter(is_text).copied() {
            self.by_key.remove(key);
            self.entries.remove(at);
            self.by_key.values_mut().filter(|other| **other > at).for_each(|other| *other -= 1);
        }
        self
    }
}

fn duplicate_key(first: &Placed<String>, second: &Placed<String>) -> Finding {
    let message = if first.value == second.value {
        format!("“{}”写了两次", second.value)
    } else {
        format!("“{}”和“{}”是同一个键", first.value, second.value)
    };
    Finding::new("S002", message)
        .at(second.place)
        .related("第一次写在这里", first.place)
        .help("核对两处的值，只留下对的那一处")
}

/// The key by which entries are compared: full-width digits folded, `01` taken for `1`.
pub(crate) fn normal_key(key: &str) -> Cow<'_, str> {
    let folded = if key.is_ascii() { Cow::Borrowed(key) } else { Cow::Owned(fold_digits(key)) };
    let numeric = !folded.is_empty() && folded.bytes().all(|byte| byte.is_ascii_digit());
    if !numeric || !folded.starts_with('0') {
        return folded;
    }
    let digits = folded.trim_start_matches('0');
    Cow::Owned(if digits.is_empty() { "0".to_owned() } else { digits.to_owned() })
}

/// Folds a text made of full-width digits only; other texts are kept, labels among them.
fn fold_digits(key: &str) -> String {
    let folded = fold_width(key);
    if folded.bytes().all(|byte| byte.is_ascii_digit()) { folded } else { key.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_found_among_very_many_and_told_when_it_stands_twice() {
        let place = Place::start_of(crate::diagnostic::FileId(0));
        let entry = |key: usize| Entry {
            key: Placed::new(key.to_string(), place),
            value: Value { kind: Kind::Number(key.to_string()), place },
        };
        let (mut table, mut findings) = (Table::default(), Vec::new());
        let start = std::time::Instant::now();
        (0..80_000).for_each(|key| table.add(entry(key), &mut findings));
        assert!(start.elapsed().as_secs() < 5, "adding is not linear");
        assert!(findings.is_empty());
        table.add(entry(79_999), &mut findings);
        assert_eq!((findings.len(), table.entries.len()), (1, 80_000));
        assert!(matches!(table.get("079999").unwrap().value.kind, Kind::Broken));
    }

    #[test]
    fn only_a_text_is_taken_out_and_the_others_are_still_found() {
        let place = Place::start_of(crate::diagnostic::FileId(0));
        let table = |taken: Kind| {
            let mut table = Table::default();
            for (key, kind) in [("a", Kind::Bool(true)), ("$schema", taken), ("b", Kind::Bool(false))] {
                let entry = Entry { key: Placed::new(key.to_owned(), place), value: Value { kind, place } };
                table.add(entry, &mut Vec::new());
            }
            table.without_text("$schema")
        };
        let without = table(Kind::Text("x".to_owned()));
        assert_eq!((without.entries.len(), without.get("$schema").is_none()), (2, true));
        assert!(matches!(without.get("a").unwrap().value.kind, Kind::Bool(true)));
        assert!(matches!(without.get("b").unwrap().value.kind, Kind::Bool(false)));
        assert_eq!(table(Kind::Bool(true)).entries.len(), 3);
    }

    #[test]
    fn leading_zeros_and_width_do_not_make_another_key() {
        assert_eq!(normal_key("01"), "1");
        assert_eq!(normal_key("２７"), "27");
        assert_eq!(normal_key("00"), "0");
        assert_eq!(normal_key("人员经费合计"), "人员经费合计");
    }
}
