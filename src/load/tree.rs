//! One tree for TOML and JSON: tables in the order of the source, every key and value with
//! its place, numbers as the source writes them.
//!
//! Invariant: a value that a syntax error touched is [`Kind::Broken`], never a number and
//! never absent, so nobody takes it for 1, 0 or blank. A finding says what is wrong with it.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::diagnostic::{Finding, Place, Placed};
use crate::text::fold_width;

/// A value and where it stands. What the source writes to the letter is borrowed from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Value<'s> {
    /// What it is.
    pub(crate) kind: Kind<'s>,
    /// Where it stands.
    pub(crate) place: Place,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind<'s> {
    /// Keys with values.
    Table(Table<'s>),
    /// Values one after the other.
    Array(Vec<Value<'s>>),
    /// A text, escapes resolved.
    Text(Cow<'s, str>),
    /// A plain decimal number as written; full-width digits folded, separators taken out.
    Number(Cow<'s, str>),
    /// `true` or `false`.
    Bool(bool),
    /// A date as written, without quotes.
    Date(Cow<'s, str>),
    /// JSON's `null`.
    Null,
    /// A value that could not be read; its finding has been made.
    Broken,
}

/// The key that stands for the rest of a row that could not be read; its value is broken.
pub(crate) const REST: &str = "\u{0}";

/// A key as written, with its place.
pub(crate) type Key<'s> = Placed<Cow<'s, str>>;

/// Keys with values, in the order of the source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Table<'s> {
    /// The entries; no two have the same [`normal_key`].
    pub(crate) entries: Vec<Entry<'s>>,
    /// Where the entry of each [`normal_key`] stands, once there are more than [`FEW`]: files may
    /// hold tens of thousands, and most tables a handful.
    #[expect(clippy::box_collection, reason = "a table that has none, as nearly all, stays small")]
    by_key: Option<Box<HashMap<String, usize>>>,
}

/// So many entries are looked through one by one.
const FEW: usize = 24;

/// A key with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry<'s> {
    /// The key as written.
    pub(crate) key: Key<'s>,
    /// Its value.
    pub(crate) value: Value<'s>,
}

impl Kind<'_> {
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

impl<'s> Table<'s> {
    /// The entry with this key.
    pub(crate) fn get(&self, key: &str) -> Option<&Entry<'s>> {
        self.position(key).map(|at| &self.entries[at])
    }

    /// Whether there is an entry with this key.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.position(key).is_some()
    }

    fn position(&self, key: &str) -> Option<usize> {
        if let Some(by_key) = &self.by_key {
            return by_key.get(&*normal_key(key)).copied();
        }
        if is_normal(key) {
            let same = |other: &str| other == key || (!is_normal(other) && normal_key(other) == key);
            return self.entries.iter().position(|entry| same(&entry.key.value));
        }
        let key = normal_key(key);
        self.entries.iter().position(|entry| normal_key(&entry.key.value) == key)
    }

    /// Adds an entry whose key is not there yet.
    pub(crate) fn push(&mut self, entry: Entry<'s>) {
        if let Some(by_key) = &mut self.by_key {
            by_key.insert(normal_key(&entry.key.value).into_owned(), self.entries.len());
        }
        self.entries.push(entry);
        if self.by_key.is_none() && self.entries.len() > FEW {
            self.index();
        }
    }

    fn index(&mut self) {
        let keys = self.entries.iter().map(|entry| normal_key(&entry.key.value).into_owned());
        self.by_key = (self.entries.len() > FEW).then(|| Box::new(keys.zip(0..).collect()));
    }

    /// Adds an entry; a key that is already there is found, with both places.
    ///
    /// Two tables of one name are read as one; of two other values neither is read.
    pub(crate) fn add(&mut self, entry: Entry<'s>, findings: &mut Vec<Finding>) {
        let Some(at) = self.position(&entry.key.value) else {
            self.push(entry);
            return;
        };
        let first = &mut self.entries[at];
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

    /// The table without the text below a key, where there is one.
    pub(crate) fn without_text(mut self, key: &str) -> Self {
        let is_text = |at: &usize| matches!(self.entries[*at].value.kind, Kind::Text(_));
        if let Some(at) = self.position(key).filter(is_text) {
            self.entries.remove(at);
            self.index();
        }
        self
    }
}

fn duplicate_key(first: &Key<'_>, second: &Key<'_>) -> Finding {
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

/// Whether a key is its own [`normal_key`] for sure.
fn is_normal(key: &str) -> bool {
    key.is_ascii() && !key.starts_with('0')
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
            key: Placed::new(key.to_string().into(), place),
            value: Value { kind: Kind::Number(key.to_string().into()), place },
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
        let table = |taken: Kind<'static>| {
            let mut table = Table::default();
            for (key, kind) in [("a", Kind::Bool(true)), ("$schema", taken), ("b", Kind::Bool(false))] {
                let entry = Entry { key: Placed::new(key.into(), place), value: Value { kind, place } };
                table.add(entry, &mut Vec::new());
            }
            table.without_text("$schema")
        };
        let without = table(Kind::Text("x".into()));
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
