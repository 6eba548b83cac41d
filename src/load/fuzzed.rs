//! What must hold of the readers of data files, whatever bytes come: see [`crate::fuzzed`].

use std::sync::{Arc, LazyLock};

use super::files::{self, Source};
use super::reader::Sink;
use super::tree::{Kind, REST, Table, Value};
use super::{Input, hidden, limits, parse_tree, plain, read_common, toml, urls};
use crate::diagnostic::{Finding, Place, SourceMap};
use crate::model::site::Site;
use crate::text::is_forbidden;

/// What was found, with the files it was found in.
pub(crate) type Found = (Vec<Finding>, SourceMap);

/// A text as the walk hands it on; `None` where the walk itself refuses it.
fn source(path: &str, data: &[u8]) -> Option<(SourceMap, Source, Vec<Finding>)> {
    let text: Arc<str> = std::str::from_utf8(data).ok()?.into();
    if limits::long_line(path, &text).is_some() {
        return None;
    }
    let (mut sources, sink) = (SourceMap::default(), Sink::new());
    let id = sources.add(path.to_owned(), "");
    let text = hidden::cleaned(id, path, text, &sink);
    assert!(!text.contains(is_forbidden), "something hides in the text");
    sources.replace(id, Arc::clone(&text));
    Some((sources, Source { id, text }, sink.into_findings()))
}

/// The file of a text as the walk keeps it; `None` where it refuses it.
pub(crate) fn kept(path: &str, data: &[u8]) -> Option<SourceMap> {
    source(path, data).map(|(sources, ..)| sources)
}

/// Reads a data file. What is read stands inside the file, and numbers are plain; where nothing
/// is read, something is told; what a strict parser takes is read, with all its keys.
pub(crate) fn data(path: &str, data: &[u8], strict: impl Fn(&str) -> Option<Vec<String>>) -> Option<Found> {
    let (sources, source, mut findings) = source(path, data)?;
    let tree = parse_tree(path, &source, &mut findings);
    if !path.ends_with("json") {
        check_plain(toml::Source { file: source.id, text: &source.text, start: 0 });
    }
    match &tree {
        Some(table) => check_table(table, &source.text),
        None => assert!(!findings.is_empty(), "nothing is read and nothing told"),
    }
    let refused = findings.iter().any(|finding| matches!(finding.code.id, "S082" | "S083"));
    if let Some(keys) = strict(&source.text).filter(|_| !refused) {
        let table = tree.expect("a strict parser reads it");
        for key in keys.iter().filter(|key| *key != "$schema") {
            assert!(table.get(key).is_some(), "the key {key:?} is lost");
        }
    }
    Some((findings, sources))
}

/// What is read in one pass is what would be read with care, with nothing found.
fn check_plain(source: toml::Source<'_>) {
    let Some(table) = plain::read(source) else { return };
    let mut findings = Vec::new();
    let other = toml::mended(source, &mut findings);
    assert!(other.as_ref() == Some(&table) && findings.is_empty(), "{table:?}\n{other:?}\n{findings:?}");
}

fn check_table(table: &Table<'_>, text: &str) {
    for entry in &table.entries {
        check_place(entry.key.place, text);
        check_value(&entry.value, text);
        assert!(table.get(&entry.key.value).is_some(), "{:?} is not found", entry.key.value);
        assert!(entry.key.value == REST || !entry.key.value.contains(is_forbidden) || is_broken(&entry.value));
    }
}

fn is_broken(value: &Value<'_>) -> bool {
    matches!(value.kind, Kind::Broken)
}

fn check_value(value: &Value<'_>, text: &str) {
    check_place(value.place, text);
    match &value.kind {
        Kind::Table(table) => check_table(table, text),
        Kind::Array(items) => items.iter().for_each(|item| check_value(item, text)),
        Kind::Text(text) => assert!(!text.contains(is_forbidden), "something hides in {text:?}"),
        Kind::Number(digits) => assert!(is_plain(digits), "{digits:?} is no plain number"),
        Kind::Bool(_) | Kind::Date(_) | Kind::Null | Kind::Broken => {}
    }
}

fn is_plain(digits: &str) -> bool {
    let unsigned = digits.strip_prefix('-').unwrap_or(digits);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole) && digits(fraction)
}

fn check_place(place: Place, text: &str) {
    assert!(text.get(place.start as usize..place.end as usize).is_some(), "{place:?} is outside the source");
}

/// Reads `urls.lock`: every path that comes out stands there so, and leads nowhere else.
pub(crate) fn urls(data: &[u8]) -> Option<Found> {
    let (sources, source, mut findings) = source(urls::FILE, data)?;
    let sink = Sink::new();
    for url in urls::parse(&source, &sink) {
        let place = url.place.start as usize..url.place.end as usize;
        assert_eq!(source.text.get(place), Some(url.value.as_str()));
        let parts = url.value.split('/');
        let is_safe = |part: &str| !part.is_empty() && !part.starts_with('.') && part.is_ascii();
        assert!(parts.into_iter().all(is_safe) && !url.value.contains(['\\', ' ', '%', '?', '#']), "{url:?}");
    }
    findings.extend(sink.into_findings());
    Some((findings, sources))
}

/// The forms, terms and classifications that the program brings along, as a site without units.
pub(crate) static EMBEDDED: LazyLock<Site> = LazyLock::new(|| {
    let (mut sources, sink) = (SourceMap::default(), Sink::new());
    let files = files::embedded(&mut sources, &sink);
    let common = read_common(&Input::parse(&files, &sink), &sink);
    Site { common: Arc::new(common), disclosures: Vec::new() }
});
