//! The order of the house: imports only go down.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::support::repository;

/// The floors of the house, lowest first. On one floor a module may use those left of it.
const FLOORS: [&[&str]; 8] = [
    &["amount", "text", "diagnostic"],
    &["model"],
    &["load", "derive", "check", "synth"],
    &["claims"],
    &["render", "export"],
    &["publish", "serve", "start"],
    &["fuzzed"],
    &["cli", "main"],
];

#[test]
fn imports_only_go_down() {
    let order: BTreeMap<&str, (usize, usize)> = FLOORS
        .iter()
        .enumerate()
        .flat_map(|(floor, modules)| modules.iter().enumerate().map(move |(at, module)| (*module, (floor, at))))
        .collect();
    let mut wrong = Vec::new();
    for path in source_files(&repository().join("src")) {
        let Some(importer) = module_of(&path) else { continue };
        let own = *order.get(importer.as_str()).unwrap_or_else(|| panic!("src/{importer} stands on no floor"));
        for imported in imports(&std::fs::read_to_string(&path).unwrap()) {
            let other = *order.get(imported.as_str()).unwrap_or_else(|| panic!("crate::{imported} stands on no floor"));
            if imported != importer && other >= own {
                wrong.push(format!("{}: crate::{imported}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "imports that go up:\n{}", wrong.join("\n"));
}

#[test]
fn the_ground_floor_knows_no_other_module() {
    for module in ["amount.rs", "text.rs"] {
        let path = repository().join("src").join(module);
        assert_eq!(imports(&std::fs::read_to_string(path).unwrap()), Vec::<String>::new(), "{module}");
    }
}

#[test]
fn only_the_amount_module_names_the_decimal_crate() {
    let named = |path: &PathBuf| code_lines(&std::fs::read_to_string(path).unwrap()).contains("rust_decimal");
    let files: Vec<PathBuf> = source_files(&repository().join("src")).into_iter().filter(named).collect();
    assert_eq!(files, [repository().join("src/amount.rs")]);
}

/// Every Rust file below a folder, sorted.
fn source_files(folder: &Path) -> Vec<PathBuf> {
    let entries = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().map(Result::unwrap);
    entries.map(walkdir::DirEntry::into_path).filter(|path| path.extension().is_some_and(|e| e == "rs")).collect()
}

/// The top module that a file belongs to; `None` for the crate's root.
fn module_of(path: &Path) -> Option<String> {
    let below = path.strip_prefix(repository().join("src")).unwrap();
    let first = Path::new(below.components().next()?.as_os_str());
    let module = first.file_stem()?.to_str()?;
    (module != "lib").then(|| module.to_owned())
}

/// A file without comments and without its unit tests, which may look up.
fn code_lines(source: &str) -> String {
    let lines = source.lines().take_while(|line| !line.starts_with("#[cfg(test)]"));
    lines.filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The top modules that a file names, `crate::…` and `use crate::{…}` alike.
fn imports(source: &str) -> Vec<String> {
    let code = code_lines(source);
    let mut found: Vec<String> = code
        .match_indices("crate::")
        .filter(|(at, _)| !code[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$'))
        .flat_map(|(at, word)| {
            let rest = &code[at + word.len()..];
            let list = rest.strip_prefix('{').and_then(|rest| rest.split('}').next());
            match list {
                Some(list) => list.split(',').map(first_name).collect(),
                None => vec![first_name(rest)],
            }
        })
        .filter(|name| name.starts_with(|c: char| c.is_ascii_lowercase()))
        .collect();
    found.sort();
    found.dedup();
    found
}

fn first_name(path: &str) -> String {
    path.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}
