//! `content/glossary/*.md`: one term a file.

use std::collections::BTreeMap;

use super::Input;
use super::config::is_slug;
use super::files::Source;
use super::markdown::Document;
use super::reader::Sink;
use crate::diagnostic::{Finding, Place, Placed};
use crate::model::code::ClassCode;
use crate::model::glossary::Term;
use crate::text::fold_width;

const FOLDER: &str = "content/glossary/";

/// Every term by its id.
pub(super) fn read(input: &Input<'_>, sink: &Sink) -> BTreeMap<String, Term> {
    let mut terms = BTreeMap::new();
    let mut spellings = BTreeMap::new();
    for (name, source) in input.files.below(FOLDER) {
        let Some(id) = name.strip_suffix(".md") else { continue };
        if !is_slug(id) {
            let finding = Finding::new("S018", format!("名词文件名“{name}”不能用作网址")).at(source.start());
            sink.add(finding.help("改用小写英文字母、数字和连字符，例如 basic-expenditure.md"));
        } else if let Some(term) = term(id, source, sink) {
            tell_same_spelling(&term, &mut spellings, sink);
            terms.insert(id.to_owned(), term);
        }
    }
    terms
}

fn term(id: &str, source: &Source, sink: &Sink) -> Option<Term> {
    let document = Document::read(source, sink)?;
    let reader = document.reader(sink);
    let name = reader.required("term", "写上名词，例如 term = \"基本支出\"").value;
    let aliases = reader.strings("aliases");
    let codes = reader.texts("codes").unwrap_or_default().into_iter().filter_map(|code| {
        let parsed = ClassCode::parse(&fold_width(&code.value));
        if parsed.is_none() {
            reader.bad_value("codes", &code, "科目编码是 3、5 或 7 位数字");
        }
        parsed
    });
    let codes = codes.collect();
    reader.finish();
    let body = document.body;
    if body.value.is_empty() {
        sink.add(
            Finding::new("S008", format!("名词“{name}”没有解释")).at(source.start()).help("在第二个 +++ 后面写上解释"),
        );
    }
    Some(Term { id: id.to_owned(), name, aliases, codes, body: body.value, place: body.place })
}

/// Two definitions of one spelling cannot both be linked; codes tell 项 of one name apart.
fn tell_same_spelling(term: &Term, spellings: &mut BTreeMap<String, Placed<String>>, sink: &Sink) {
    if !term.codes.is_empty() || term.name.is_empty() {
        return;
    }
    for spelling in std::iter::once(&term.name).chain(&term.aliases) {
        if let Some(first) = spellings.get(spelling) {
            let start = Place::start_of(term.place.file);
            let finding = Finding::new("S002", format!("名词“{spelling}”在 {}.md 中已有解释", first.value)).at(start);
            sink.add(finding.related("另一处", first.place).help("合并两个文件，或者改掉其中一个写法"));
        } else {
            spellings.insert(spelling.clone(), Placed::new(term.id.clone(), term.place));
        }
    }
}
