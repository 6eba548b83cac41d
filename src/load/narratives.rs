//! `content/narratives/*.md`: the templates of the standard wording.

use std::collections::BTreeMap;

use super::Input;
use super::reader::Sink;
use crate::diagnostic::{Finding, Place, Placed};
use crate::model::site::NarrativeTemplate;

const FOLDER: &str = "content/narratives/";

/// Every template by its id; the text is kept to the letter, its places count from the start.
pub(super) fn read(input: &Input<'_>, sink: &Sink) -> BTreeMap<String, NarrativeTemplate> {
    let mut all = BTreeMap::new();
    for (name, source) in input.files.below(FOLDER) {
        let Some(id) = name.strip_suffix(".md") else {
            let finding = Finding::new("S016", format!("不认识的文件“{name}”")).at(source.start());
            sink.add(finding.help("情况说明的模板是 .md 文件；别的文件请移走"));
            continue;
        };
        let place = Place::new(source.id, 0..source.text.len());
        let body = Placed::new(source.text.to_string(), place);
        all.insert(id.to_owned(), NarrativeTemplate { id: id.to_owned(), body });
    }
    all
}
