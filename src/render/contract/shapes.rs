//! The views as their sources declare them: every serialised struct below `src/render`, field by
//! field, with what its doc comment says. The sources are formatted, so lines can be read one by
//! one; what does not look like a field fails the test.

use std::collections::BTreeMap;
use std::path::Path;

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Number,
    Truth,
    List(Box<Kind>),
    /// Another shape, by file and name.
    Shape(Key),
}

/// A struct by its file (below `src/render`, without `.rs`) and its name.
pub(super) type Key = (String, String);

/// A field of a view.
#[derive(Clone, Debug)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) kind: Kind,
    /// Whether it may be nothing.
    pub(super) optional: bool,
    pub(super) doc: String,
}

/// A view or a part of one.
#[derive(Clone, Debug, Default)]
pub(super) struct Shape {
    pub(super) doc: String,
    pub(super) fields: Vec<Field>,
}

impl Shape {
    pub(super) fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

/// All shapes.
pub(super) struct Shapes(pub(super) BTreeMap<Key, Shape>);

/// A struct as it is written: its doc, and its fields with their types as text.
type Written = (String, Vec<(String, String, String)>);

impl Shapes {
    pub(super) fn read() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/render");
        let mut written: BTreeMap<Key, Written> = BTreeMap::new();
        for entry in walkdir::WalkDir::new(&root).sort_by_file_name() {
            let entry = entry.unwrap();
            if entry.path().extension().is_some_and(|end| end == "rs") {
                let file = entry.path().strip_prefix(&root).unwrap().with_extension("");
                let file = file.to_str().unwrap().replace('\\', "/");
                read_file(&file, &std::fs::read_to_string(entry.path()).unwrap(), &mut written);
            }
        }
        let shape = |(key, (doc, fields)): (&Key, &Written)| {
            let fields = fields.iter().map(|(name, kind, doc)| {
                let inner = kind.strip_prefix("Option<").and_then(|rest| rest.strip_suffix('>'));
                let kind = kind_of(inner.unwrap_or(kind), &key.0, &written);
                Field { name: name.clone(), kind, optional: inner.is_some(), doc: doc.clone() }
            });
            (key.clone(), Shape { doc: doc.clone(), fields: fields.collect() })
        };
        Self(written.iter().map(shape).collect())
    }

    pub(super) fn get(&self, key: &Key) -> &Shape {
        &self.0[key]
    }

    /// The shapes of a template's page: those whose doc names it.
    pub(super) fn of_template(&self, template: &str) -> Vec<&Key> {
        let says = format!("for `{template}`");
        self.0.iter().filter(|(_, shape)| shape.doc.contains(&says)).map(|(key, _)| key).collect()
    }
}

fn read_file(file: &str, source: &str, written: &mut BTreeMap<Key, Written>) {
    let lines: Vec<&str> = source.lines().collect();
    for (at, line) in lines.iter().enumerate() {
        let is_derived = at > 0 && lines[at - 1].starts_with("#[derive(") && lines[at - 1].contains("Serialize");
        let Some(name) = is_derived.then(|| struct_name(line)).flatten() else { continue };
        let doc: Vec<&str> = lines[..at - 1].iter().rev().map_while(|line| line.strip_prefix("/// ")).collect();
        let doc = doc.into_iter().rev().collect::<Vec<_>>().join(" ");
        let (mut fields, mut docs) = (Vec::new(), Vec::new());
        for line in lines[at + 1..].iter().take_while(|line| **line != "}") {
            let line = line.trim();
            if let Some(doc) = line.strip_prefix("///") {
                docs.push(doc.trim());
                continue;
            }
            let (name, kind) =
                field(line).unwrap_or_else(|| panic!("{file}: {name} has a line that is no field: {line}"));
            fields.push((name.to_owned(), kind.to_owned(), std::mem::take(&mut docs).join(" ")));
        }
        written.insert((file.to_owned(), name.to_owned()), (doc, fields));
    }
}

/// The name in `pub(super) struct RowView {`; what borrows is no view.
fn struct_name(line: &str) -> Option<&str> {
    let (_, rest) = line.split_once("struct ")?;
    rest.strip_suffix(" {").filter(|name| !name.contains('<'))
}

fn field(line: &str) -> Option<(&str, &str)> {
    let (left, kind) = line.strip_suffix(',')?.split_once(": ")?;
    Some((left.rsplit(' ').next()?, kind))
}

fn kind_of(text: &str, file: &str, written: &BTreeMap<Key, Written>) -> Kind {
    match text {
        "String" | "&'static str" | "char" => return Kind::Text,
        "usize" | "u32" | "i32" | "u16" | "i64" => return Kind::Number,
        "bool" => return Kind::Truth,
        _ => {}
    }
    if let Some(inner) = text.strip_prefix("Vec<").and_then(|rest| rest.strip_suffix('>')) {
        return Kind::List(Box::new(kind_of(inner, file, written)));
    }
    let own = (file.to_owned(), text.to_owned());
    if written.contains_key(&own) {
        return Kind::Shape(own);
    }
    let named: Vec<&Key> = written.keys().filter(|(_, name)| name == text).collect();
    let [key] = named[..] else { panic!("{file}: the type {text} of a view is no shape, or several") };
    Kind::Shape(key.clone())
}
