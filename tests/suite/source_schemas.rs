//! The JSON Schemas of source files: what they allow is what the loader reads.
//!
//! A sample of every kind of file, with every key that its schema has, is made from the
//! declarations and loaded. The loader itself tells what it knows: an unknown key is answered
//! with all keys that are known there, and a key that is missing is told by name.

use std::collections::BTreeSet;

use boon::{Compiler, SchemaIndex, Schemas};
use disclose::diagnostic::Finding;
use disclose::load::schema::{self, FileKind, KINDS, Object, Shape};
use rayon::prelude::*;
use serde_json::{Map, Value, json};

use crate::support::{TempSite, disclose, repository, tree};

/// The schemas of the program, ready to validate with.
struct Validator {
    schemas: Schemas,
    roots: Vec<(&'static str, SchemaIndex)>,
}

impl Validator {
    fn new() -> Self {
        let (mut schemas, mut compiler, mut roots) = (Schemas::new(), Compiler::new(), Vec::new());
        for kind in KINDS {
            let address = format!("https://example.org/{}", kind.file());
            compiler.add_resource(&address, serde_json::from_str(&kind.json()).unwrap()).unwrap();
            roots.push((kind.name, compiler.compile(&address, &mut schemas).unwrap()));
        }
        Self { schemas, roots }
    }

    fn complaint(&self, kind: &str, document: &Value) -> Option<String> {
        let (_, root) = self.roots.iter().find(|(name, _)| *name == kind).unwrap();
        self.schemas.validate(document, *root).err().map(|error| format!("{error:#}"))
    }
}

#[test]
fn the_published_schemas_are_those_of_the_program() {
    let folder = repository().join("docs/schema/source");
    let published: Vec<(String, String)> =
        tree(&folder).into_iter().map(|(name, bytes)| (name, String::from_utf8(bytes).unwrap())).collect();
    let mut made: Vec<(String, String)> = schema::files().collect();
    made.sort();
    assert_eq!(published, made, "disclose schema, then copy .disclose/schema to docs/schema/source");
}

/// The kind of a source file by its path below a site.
fn kind_of(path: &str) -> Option<&'static str> {
    let parts: Vec<&str> = path.split('/').collect();
    match parts.as_slice() {
        ["site.toml"] => Some("site"),
        ["content", "classifications", _] => Some("classification"),
        ["content", "glossary", _] => Some("term"),
        ["content", "pages", _] => Some("page"),
        ["content", "forms", _, "set.toml"] => Some("form-set"),
        ["content", "forms", _, _] => Some("form"),
        ["content", "units", _, file] if file.starts_with("unit.") => Some("unit"),
        ["content", "units", _, _, "tables", _] => Some("table"),
        ["content", "units", _, _, "performance", _] => Some("performance"),
        ["content", "units", _, _, file] => {
            let stem = file.split_once('.')?.0;
            ["disclosure", "stated", "work"].into_iter().find(|kind| *kind == stem)
        }
        _ => None,
    }
}

/// A data file as JSON; `None` for a text.
fn document(path: &str, text: &str) -> Option<Value> {
    let toml = |text: &str| serde_json::to_value(toml::from_str::<toml::Table>(text).unwrap()).unwrap();
    let is = |ending: &str| path.rsplit('.').next() == Some(ending);
    if is("json") {
        return Some(serde_json::from_str(text).unwrap());
    }
    if is("toml") {
        return Some(dates_as_texts(toml(text)));
    }
    let kind = kind_of(path)?;
    let front = text.strip_prefix("+++\n").filter(|_| ["term", "page"].contains(&kind))?;
    Some(toml(front.split_once("\n+++").unwrap().0))
}

/// Editors see a TOML date as its text; the `toml` crate gives a table of its own.
fn dates_as_texts(value: Value) -> Value {
    match value {
        Value::Object(map) if map.len() == 1 && map.contains_key("$__toml_private_datetime") => {
            map.into_iter().next().unwrap().1
        }
        Value::Object(map) => map.into_iter().map(|(key, value)| (key, dates_as_texts(value))).collect(),
        Value::Array(items) => items.into_iter().map(dates_as_texts).collect(),
        other => other,
    }
}

#[test]
fn every_file_of_the_repository_of_a_new_site_and_of_an_invented_one_is_valid() {
    let valid = Validator::new();
    let [begun, invented] = [(); 2].map(|()| tempfile::tempdir().unwrap());
    let at = |folder: &tempfile::TempDir| folder.path().to_str().unwrap().to_owned();
    for arguments in [vec!["init".to_owned(), at(&begun)], vec!["synth".to_owned(), at(&invented)]] {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        assert!(disclose(&arguments, &[]).status.success());
    }
    let mut files: Vec<(String, String)> = Vec::new();
    for root in [repository(), begun.path(), invented.path()] {
        files.push(("site.toml".to_owned(), std::fs::read_to_string(root.join("site.toml")).unwrap()));
        for (path, bytes) in tree(&root.join("content")) {
            files.extend(String::from_utf8(bytes).ok().map(|text| (format!("content/{path}"), text)));
        }
    }
    let mut seen = BTreeSet::new();
    for (path, text) in &files {
        let Some(kind) = kind_of(path) else { continue };
        let Some(document) = document(path, text) else { continue };
        assert_eq!(valid.complaint(kind, &document), None, "{path} as {kind}");
        seen.insert(kind);
    }
    let kinds: BTreeSet<&str> = KINDS.iter().map(|kind| kind.name).collect();
    assert_eq!(seen, kinds, "kinds without a file");
}

/// A place in a sample: the keys and list indices that lead to a table.
type Way = Vec<String>;

/// A sample value of a shape; the tables in it are noted with the way to them.
fn sample(shape: Shape, key: &str, way: &Way, tables: &mut Vec<(Way, Object)>) -> Value {
    match shape {
        Shape::Text | Shape::Texts if ["forms", "extends"].contains(&key) => json!("national-2022"),
        Shape::Text | Shape::Texts | Shape::Sentence => json!("甲"),
        Shape::Choice(known) => json!(known[0]),
        Shape::Bool => json!(false),
        // The first amendment is of the first version.
        Shape::Integer if key == "version" => json!(1),
        Shape::Integer => json!(2023),
        Shape::Years => json!([2023]),
        Shape::Date => json!("2024-11-11"),
        Shape::Code | Shape::RowCode => json!("201"),
        Shape::Codes => json!(["201"]),
        Shape::Number | Shape::Printed | Shape::Count | Shape::Figure | Shape::Line => json!(1),
        Shape::Money | Shape::Score => json!(1.5),
        Shape::Table(object) => sample_table(object, way, tables),
        Shape::Tables(object) | Shape::Relations(object) => {
            let way = [way.as_slice(), &["0".to_owned()]].concat();
            json!([sample_table(object, &way, tables)])
        }
    }
}

fn sample_table(object: &Object, way: &Way, tables: &mut Vec<(Way, Object)>) -> Value {
    tables.push((way.clone(), *object));
    let below = |name: &str| [way.as_slice(), &[name.to_owned()]].concat();
    let mut table = Map::new();
    for key in object.keys {
        table.insert(key.name.to_owned(), sample(key.shape, key.name, &below(key.name), tables));
    }
    if let Some(others) = object.others {
        // Any line, column or fact will do, but only vehicles that the forms know have a use.
        let key = if way.last().is_some_and(|last| last == "vehicle_use") { "other" } else { "1" };
        table.insert(key.to_owned(), sample(others.shape, key, &below(key), tables));
    }
    Value::Object(table)
}

/// The table at the end of a way.
fn table_at<'v>(document: &'v mut Value, way: &Way) -> &'v mut Map<String, Value> {
    let found = way.iter().fold(document, |value, step| match value {
        Value::Array(items) => &mut items[step.parse::<usize>().unwrap()],
        value => &mut value[step.as_str()],
    });
    found.as_object_mut().unwrap()
}

/// Where a sample of a kind stands, below a site.
fn path_of(kind: &FileKind, rows: bool) -> &'static str {
    match kind.name {
        "site" => "site.toml",
        "unit" => "content/units/u/unit.toml",
        "disclosure" => "content/units/u/2023/disclosure.toml",
        "table" if rows => "content/units/u/2023/tables/02.toml",
        "table" => "content/units/u/2023/tables/01.toml",
        "stated" => "content/units/u/2023/stated.toml",
        "performance" => "content/units/u/2023/performance/a.toml",
        "work" => "content/units/u/2023/work.toml",
        "form-set" => "content/forms/some/set.toml",
        "form" => "content/forms/some/01.toml",
        "classification" => "content/classifications/some.toml",
        "term" => "content/glossary/some.md",
        "page" => "content/pages/some.md",
        other => panic!("no path for {other}"),
    }
}

/// What loading a document as the file at a path finds.
fn found(path: &str, document: &Value) -> Vec<Finding> {
    let site = TempSite::new();
    site.write("content/units/u/unit.toml", UNIT);
    site.write("content/units/u/2023/disclosure.toml", "forms = \"national-2022\"\ntitle = \"甲\"\n");
    if path.starts_with("content/forms/") {
        site.write(
            "content/forms/some/set.toml",
            "name = \"甲\"\nyears = [2023]\nforms = [\"01\"]\nnarrative = \"x\"\n",
        );
    }
    let text = toml::to_string(document).unwrap();
    let text = if path.rsplit('.').next() == Some("md") { format!("+++\n{text}+++\n\n正文。\n") } else { text };
    site.write(path, &text);
    let loaded = disclose::load::load(site.root()).unwrap();
    let here = |finding: &Finding| finding.place.is_some_and(|place| loaded.sources.file(place.file).path == path);
    loaded.findings.iter().filter(|finding| here(finding)).cloned().collect()
}

const UNIT: &str = "name = \"甲\"\nregion = [\"甲省\"]\nlevel = \"县级\"\nkind = \"单位\"\n";

/// A file with every key of its kind.
struct Sample {
    kind: &'static FileKind,
    path: &'static str,
    document: Value,
    /// The tables in it, with the ways to them.
    tables: Vec<(Way, Object)>,
}

/// Samples of every kind and layout.
fn samples() -> Vec<Sample> {
    let mut all = Vec::new();
    for kind in KINDS {
        for shape in kind.shapes {
            for rows in [false, true] {
                if rows && kind.name != "table" {
                    continue;
                }
                let mut tables = Vec::new();
                let document = sample_table(shape, &Vec::new(), &mut tables);
                all.push(Sample { kind, path: path_of(kind, rows), document, tables });
            }
        }
    }
    all
}

/// The keys that the loader names in answer to one that it does not know.
fn known_keys(findings: &[Finding]) -> Option<BTreeSet<String>> {
    let unknown = findings.iter().find(|finding| finding.message.contains(UNKNOWN))?;
    let help = unknown.help.clone().unwrap_or_default();
    let known = help.strip_prefix("可用的有：").unwrap_or_else(|| panic!("no list of keys: {help}"));
    assert!(!known.contains('…'), "more keys than the loader lists: {known}");
    Some(known.split('、').map(str::to_owned).collect())
}

const UNKNOWN: &str = "这个键谁也不认识";

#[test]
fn every_key_that_the_loader_takes_is_in_the_schema_and_no_other() {
    let mut compared = 0;
    for Sample { kind, path, document, tables } in samples() {
        let plain = found(path, &document);
        let refused: Vec<_> = plain.iter().filter(|finding| finding.code.id == "S004").collect();
        assert!(refused.is_empty(), "{} {path}: {refused:?}", kind.name);
        for (way, object) in tables.iter().filter(|(_, object)| object.others.is_none()) {
            let mut document = document.clone();
            table_at(&mut document, way).insert(UNKNOWN.to_owned(), json!("甲"));
            let known = known_keys(&found(path, &document));
            let declared: BTreeSet<String> = object.keys.iter().map(|key| key.name.to_owned()).collect();
            assert_eq!(known, Some(declared), "{} at {way:?}", kind.name);
            compared += object.keys.len();
        }
    }
    assert!(compared > 200, "{compared} keys");
}

/// Keys that are needed only beside another one.
const IN_PAIRS: [&str; 2] = ["weight", "score"];

#[test]
fn what_the_schema_requires_is_what_the_loader_misses() {
    for Sample { kind, path, document, tables } in samples() {
        // A table on lines has no rows, one by rows has no lines: the loader looks at one of them.
        let is_read =
            |way: &Way| kind.name != "table" || way.is_empty() || (way[0] == "rows") == path.ends_with("02.toml");
        let plain = found(path, &document);
        let missed = |findings: &[Finding], key: &str| {
            let message = format!("缺少“{key}”");
            findings.iter().filter(|finding| finding.message == message).count()
        };
        tables.par_iter().filter(|(way, _)| is_read(way)).for_each(|(way, object)| {
            for key in object.keys.iter().filter(|key| key.required || !IN_PAIRS.contains(&key.name)) {
                let mut without = document.clone();
                table_at(&mut without, way).remove(key.name);
                let more = missed(&found(path, &without), key.name) > missed(&plain, key.name);
                let layout = kind.name == "form" && key.name == "layout";
                assert!(more == key.required || layout, "{}: {} at {way:?}", kind.name, key.name);
            }
        });
    }
}

#[test]
fn what_the_loader_refuses_the_schema_refuses_too() {
    let valid = Validator::new();
    let cases: [(&str, &str, &str); 12] = [
        ("unit", "S004", "nam = \"甲\"\n"),
        ("unit", "S007", "level = \"村级\"\n"),
        ("unit", "S005", "short = 1\n"),
        ("site", "S005", "title = [1]\n"),
        ("site", "S004", "them = \"default\"\n"),
        ("table", "S005", "[lines]\n1 = \"很多\"\n"),
        ("table", "S004", "emty = true\n"),
        ("table", "S005", "empty = 1\n"),
        ("stated", "S008", "[[control]]\ntable = \"公开01表\"\n[text]\n"),
        ("performance", "S005", "kind = \"whole\"\nstyle = \"targets\"\ntitle = \"甲\"\norder = \"1\"\n"),
        (
            "performance",
            "S005",
            "kind = \"whole\"\nstyle = \"targets\"\ntitle = \"甲\"\ntotal = { weight = \"1\", score = 1 }\n",
        ),
        ("work", "S008", "[[items]]\nno = 1\n"),
    ];
    for (kind, code, text) in cases {
        let text = if kind == "unit" && !text.starts_with("level") { format!("{UNIT}{text}") } else { text.to_owned() };
        let document = document("x.toml", &text).unwrap();
        let kind = FileKind::named(kind).unwrap();
        let findings = found(path_of(kind, false), &document);
        assert!(findings.iter().any(|finding| finding.code.id == code), "{text}: {findings:?}");
        assert!(valid.complaint(kind.name, &document).is_some(), "the schema lets pass:\n{text}");
    }
}

#[test]
fn a_file_may_name_its_schema_and_nothing_below_its_top_may() {
    let site = TempSite::new();
    site.write(
        "content/units/u/unit.json",
        r#"{"$schema": "../../../.disclose/schema/unit.schema.json", "name": "甲", "region": "甲省", "level": "县级", "kind": "单位"}"#,
    );
    site.write(
        "content/units/u/2023/disclosure.json",
        r#"{"$schema": "x", "forms": "national-2022", "title": "甲", "glossary": {"$schema": "x"}}"#,
    );
    let examined = site.examine();
    let unknown: Vec<&str> =
        examined.loading.iter().filter(|f| f.code.id == "S004").map(|f| f.message.as_str()).collect();
    assert_eq!(unknown, ["不认识的键“$schema”"]);
    assert_eq!(examined.site.units["u"].name, "甲");
}
