//! The prose in a unit's data files: strings that hold sentences, with their places, so that the
//! figures typed in them can be read and checked as those of its Markdown files are.

use super::Input;
use super::tree::{Kind, Table, Value};
use crate::diagnostic::Placed;

/// The tables of `disclosure.toml` whose every string is prose.
const TABLES: [&str; 3] = ["reasons", "uses", "vehicle_use"];

/// The keys of self-evaluations and of key work that hold prose.
const KEYS: [&str; 10] =
    ["goal", "result", "process", "conclusion", "problems", "deviation", "measures", "remark", "note", "matter"];

/// The prose in the data files of a year's folder, by file, then as it stands there.
pub(super) fn read(input: &Input<'_>, folder: &str) -> Vec<Placed<String>> {
    let mut found = Vec::new();
    let below = input.trees.range(folder..).take_while(|(path, _)| path.starts_with(folder));
    for (path, tree) in below.filter_map(|(path, tree)| Some((&path[folder.len()..], tree.as_ref()?))) {
        let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
        if stem == "disclosure" {
            let tables = TABLES.iter().filter_map(|key| tree.get(key));
            tables.for_each(|entry| strings(&entry.value, &|_| true, &mut found));
        } else if stem == "work" || stem.starts_with("performance/") {
            in_table(tree, &|key| KEYS.contains(&key), &mut found);
        }
    }
    found.sort_by_key(|text| text.place);
    found
}

fn in_table(table: &Table<'_>, is_prose: &dyn Fn(&str) -> bool, found: &mut Vec<Placed<String>>) {
    for entry in &table.entries {
        match &entry.value.kind {
            Kind::Text(text) if is_prose(&entry.key.value) => {
                found.push(Placed::new(text.clone().into_owned(), entry.value.place));
            }
            _ => strings(&entry.value, is_prose, found),
        }
    }
}

fn strings(value: &Value<'_>, is_prose: &dyn Fn(&str) -> bool, found: &mut Vec<Placed<String>>) {
    match &value.kind {
        Kind::Table(table) => in_table(table, is_prose, found),
        Kind::Array(values) => values.iter().for_each(|value| strings(value, is_prose, found)),
        _ => {}
    }
}
