//! The narrative as HTML: figures that lead to their cells, numbered charts, linked terms.

use crate::derive::narrative::Narrative;
use crate::render::chart;
use crate::render::glossary::Linker;
use crate::render::markdown::{self, Options};

/// What heading ids of a narrative begin with.
const ID_PREFIX: &str = "n";

/// A narrative as HTML.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NarrativeHtml {
    /// The HTML.
    pub html: String,
    /// The ids and titles of its sections, for tables of contents.
    pub headings: Vec<(String, String)>,
}

/// The HTML of a narrative whose sections stand below a heading of level `under` (2: the
/// sections are `h3`). Charts are numbered 图1, 图2 … as they come.
pub fn html(narrative: &Narrative, under: usize, linker: Option<&Linker<'_>>) -> NarrativeHtml {
    let charts: Vec<String> =
        narrative.charts.iter().enumerate().map(|(index, shown)| chart::figure(shown, Some(index + 1))).collect();
    let options = Options {
        heading_shift: under.saturating_sub(1),
        id_prefix: ID_PREFIX,
        uses: &narrative.uses,
        charts: &charts,
        linker,
    };
    let rendered = markdown::render(&narrative.markdown, &options);
    let sections = rendered.headings.into_iter().filter(|heading| heading.depth == 1);
    NarrativeHtml { html: rendered.html, headings: sections.map(|heading| (heading.id, heading.title)).collect() }
}
