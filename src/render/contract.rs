//! What themes can rely on: `docs/themes.md` is written from the views' sources and from pages
//! that the program draws, and these tests hold it, the views and the default theme together.
//!
//! `UPDATE_DOCS=1 cargo test --lib contract` writes the document anew.

mod document;
mod shapes;
mod uses;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use serde_json::Value;

use crate::load::{Loaded, load};
use crate::model::amendment::Amendment;
use crate::model::date::Date;
use crate::model::site::Site;
use crate::model::table::{Figure, Table};
use crate::render::Plan;
use crate::render::template::REQUIRED;
use crate::render::view::Drawn;
use shapes::{Key, Kind, Shape, Shapes};

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every page of the repository's site, drawn, by its path.
fn drawn(loaded: &Loaded) -> BTreeMap<String, Drawn> {
    let mut site = loaded.site.clone();
    site.config.full_text = true;
    // Downloads are made on a floor that this one does not know; without them nothing is missed.
    site.urls.clear();
    amend(&mut site);
    let report = crate::check::check(&site);
    let (plan, findings) = Plan::new(&site, &report, Vec::new());
    assert!(findings.is_empty(), "{findings:?}");
    let pages = (0..plan.len()).filter_map(|at| Some((plan.path(at).to_owned(), plan.drawn(at)?)));
    pages.collect()
}

/// Has a disclosure of the site amended: its last figure was another one before.
fn amend(site: &mut Site) {
    let disclosure = site.disclosures.iter_mut().find(|disclosure| disclosure.unit == AMENDED).unwrap();
    let mut earlier = disclosure.clone();
    let rows = earlier.tables.iter_mut().flat_map(Table::rows_mut).flat_map(|row| &mut row.cells);
    rows.filter(|cell| matches!(cell.figure, Figure::Amount(_))).last().unwrap().figure = Figure::Unknown;
    earlier.word = "另一个自称".into();
    disclosure.amendments.push(Amendment {
        date: Date::parse("2024-12-31").unwrap(),
        reason: "误填。".into(),
        version: 1,
        place: disclosure.place,
        earlier: Arc::new(earlier),
    });
}

/// The unit whose disclosure is amended here, and the page of its first version.
const AMENDED: &str = "luzhou-zwfw";
const VERSION: &str = "units/luzhou-zwfw/2023/versions/1/index.html";

fn templates() -> BTreeMap<String, String> {
    let embedded = crate::load::embedded_files();
    let own = embedded.filter_map(|(path, bytes)| Some((path.strip_prefix("themes/default/templates/")?, bytes)));
    own.map(|(name, bytes)| (name.to_owned(), String::from_utf8(bytes.to_vec()).unwrap())).collect()
}

#[test]
fn every_field_that_templates_see_is_documented() {
    let shapes = Shapes::read();
    let bare = shapes.0.iter().flat_map(|((file, name), shape)| {
        let fields = shape.fields.iter().filter(|field| field.doc.is_empty());
        fields.map(move |field| format!("{file}: {name}.{}", field.name))
    });
    let bare: Vec<String> = bare.collect();
    assert!(bare.is_empty(), "fields without a doc comment:\n{}", bare.join("\n"));
}

#[test]
fn the_default_theme_uses_only_fields_that_exist() {
    let (shapes, templates) = (Shapes::read(), templates());
    let mut checker = uses::Checker { shapes: &shapes, templates: &templates, wrong: Vec::new(), followed: 0 };
    for template in REQUIRED {
        shapes.of_template(template).into_iter().for_each(|page| checker.check(template, page));
    }
    assert!(checker.wrong.is_empty(), "{}", checker.wrong.join("\n"));
    assert!(checker.followed > 300, "only {} uses were followed", checker.followed);
}

#[test]
fn a_field_that_does_not_exist_is_found_in_loops_conditions_and_included_templates() {
    let shapes = Shapes::read();
    let wrong = |main: &str, part: &str| {
        let templates = BTreeMap::from([("home.html".into(), main.into()), ("part.html".into(), part.into())]);
        let mut checker = uses::Checker { shapes: &shapes, templates: &templates, wrong: Vec::new(), followed: 0 };
        checker.check("home.html", shapes.of_template("home.html")[0]);
        checker.wrong.len()
    };
    assert_eq!(wrong("{% for y in page.years %}{{ y.href | safe }}{% endfor %}{{ frame.site }}", ""), 0);
    assert_eq!(wrong("{% if page.yers %}{% endif %}", ""), 1);
    assert_eq!(wrong("{% for y in page.years %}{{ y.hrf }}{% endfor %}", ""), 1);
    assert_eq!(wrong("{% for y in page.years %}{% endfor %}{{ y.href }}", ""), 1);
    assert_eq!(wrong("{% include \"part.html\" %}", "{{ page.titel }}"), 1);
}

#[test]
fn pages_give_their_templates_what_the_sources_declare() {
    let (shapes, loaded) = (Shapes::read(), load(repository()).unwrap());
    let mut seen = BTreeSet::new();
    let drawn = drawn(&loaded);
    assert!(drawn.contains_key(VERSION), "no page of an earlier version");
    for (path, drawn) in &drawn {
        let declared = shapes.of_template(drawn.template);
        let value = serde_json::to_value(&drawn.view).unwrap();
        let fits = declared.iter().any(|key| mismatch(&value, &Kind::Shape((*key).clone()), &shapes).is_none());
        let told = || declared.first().and_then(|key| mismatch(&value, &Kind::Shape((*key).clone()), &shapes));
        assert!(fits, "{path}: {} is not as declared: {:?}", drawn.template, told());
        seen.insert(drawn.template);
    }
    let whole: BTreeSet<&str> = REQUIRED.into_iter().filter(|name| !shapes.of_template(name).is_empty()).collect();
    assert_eq!(seen, whole, "templates of pages");
    let parts: Vec<&str> = REQUIRED.into_iter().filter(|name| !whole.contains(name)).collect();
    assert_eq!(parts, ["base.html", "pager.html", "units-table.html"], "these are parts of others");
}

/// Where a value is not of a kind; `None` where it is.
fn mismatch(value: &Value, kind: &Kind, shapes: &Shapes) -> Option<String> {
    match (kind, value) {
        (Kind::Text, Value::String(_)) | (Kind::Number, Value::Number(_)) | (Kind::Truth, Value::Bool(_)) => None,
        (Kind::List(item), Value::Array(values)) => values.iter().find_map(|value| mismatch(value, item, shapes)),
        (Kind::Shape(key), Value::Object(map)) => {
            let shape = shapes.get(key);
            let names: Vec<&String> = shape.fields.iter().map(|field| &field.name).collect();
            if names != map.keys().collect::<Vec<_>>() {
                return Some(format!("{key:?} has {names:?}, the page gives {:?}", map.keys().collect::<Vec<_>>()));
            }
            shape.fields.iter().find_map(|field| match &map[&field.name] {
                Value::Null if field.optional => None,
                value => mismatch(value, &field.kind, shapes).map(|told| format!("{}: {told}", field.name)),
            })
        }
        _ => Some(format!("{kind:?} expected, not {value}")),
    }
}

#[test]
fn every_class_of_the_markup_is_documented() {
    let loaded = load(repository()).unwrap();
    let mut used = BTreeSet::new();
    for page in drawn(&loaded).values() {
        collect(&serde_json::to_value(&page.view).unwrap(), &mut used);
    }
    assert!(used.contains("am"), "no page of an amended disclosure was drawn");
    let documented: BTreeSet<String> = document::CLASSES.iter().map(|(class, _)| (*class).to_owned()).collect();
    let bare: Vec<&String> = used.difference(&documented).collect();
    assert!(bare.is_empty(), "classes of the markup that docs/themes.md does not tell: {bare:?}");
    let written = crate::render::contract::sources();
    let gone: Vec<&String> = documented.difference(&used).filter(|class| !written.contains(class.as_str())).collect();
    assert!(gone.is_empty(), "docs/themes.md tells classes that nothing writes: {gone:?}");
}

/// The sources that write markup, without their tests.
fn sources() -> String {
    let entries = walkdir::WalkDir::new(repository().join("src/render")).into_iter().map(Result::unwrap);
    let files =
        entries.filter(|entry| entry.file_type().is_file() && !entry.path().to_string_lossy().contains("contract"));
    let text = |entry: walkdir::DirEntry| std::fs::read_to_string(entry.path()).unwrap();
    files.map(|entry| text(entry).split("#[cfg(test)]").next().unwrap_or_default().to_owned()).collect()
}

/// Collects the classes in the HTML that a view holds.
fn collect(value: &Value, classes: &mut BTreeSet<String>) {
    match value {
        Value::String(text) if text.contains('<') => {
            for found in text.split(" class=\"").skip(1) {
                let names = found.split('"').next().unwrap_or_default().split_whitespace();
                classes.extend(names.map(str::to_owned));
            }
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, classes)),
        Value::Object(map) => map.values().for_each(|value| collect(value, classes)),
        _ => {}
    }
}

#[test]
fn the_document_is_what_the_code_says() {
    let loaded = load(repository()).unwrap();
    let written = document::write(&Shapes::read(), &drawn(&loaded));
    let path = repository().join("docs/themes.md");
    let stands = std::fs::read_to_string(&path).unwrap_or_default();
    if stands != written && std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &written).unwrap();
        return;
    }
    assert!(stands == written, "docs/themes.md is stale: UPDATE_DOCS=1 cargo test --lib contract");
}

/// The shapes of templates' pages, without the templates that are parts of others.
fn pages(shapes: &Shapes) -> Vec<(&'static str, Key)> {
    let page = |name: &&'static str| Some((*name, (*shapes.of_template(name).first()?).clone()));
    REQUIRED.iter().filter_map(page).collect()
}

/// The shapes that a shape uses, in the order of its fields, each once.
fn parts_of(shape: &Shape, shapes: &Shapes, found: &mut Vec<Key>) {
    for field in &shape.fields {
        let mut kind = &field.kind;
        while let Kind::List(item) = kind {
            kind = item;
        }
        if let Kind::Shape(key) = kind
            && !found.contains(key)
        {
            found.push(key.clone());
            parts_of(shapes.get(key), shapes, found);
        }
    }
}
