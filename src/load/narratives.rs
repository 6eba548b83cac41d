//! `content/narratives/*.md`: the templates of the standard wording.

use std::collections::BTreeMap;

use super::Input;
use crate::diagnostic::{Place, Placed};
use crate::model::site::NarrativeTemplate;

const FOLDER: &str = "content/narratives/";

/// Every template by its id; the text is kept to the letter, its places count from the start.
pub(super) fn read(input: &Input<'_>) -> BTreeMap<String, NarrativeTemplate> {
    let mut all = BTreeMap::new();
    for (name, source) in input.files.below(FOLDER) {
        let Some(id) = name.strip_suffix(".md") else { continue };
        let place = Place::new(source.id, 0..source.text.len());
        let body = Placed::new(source.text.to_string(), place);
        all.insert(id.to_owned(), NarrativeTemplate { id: id.to_owned(), body });
    }
    all
}
