//! The narrative as HTML: figures that lead to their cells, numbered charts, linked terms.

use crate::derive::narrative::{Author, Narrative, Passage};
use crate::model::disclosure::Manner;
use crate::render::chart;
use crate::render::glossary::Linker;
use crate::render::markdown::{self, Options, Stretch};

/// What heading ids of a narrative begin with.
const ID_PREFIX: &str = "n";

/// Who wrote the text, above one that the unit wrote in part.
const ON_AUTHORS: &str =
    "<p class=\"quiet\"><small>注明由单位撰写、补充的文字以外，本部分的文字按各表的数字生成。</small></p>\n";
const REPLACES: &str = "<p class=\"quiet\"><small>本节由单位撰写</small></p>\n";
const ADDS: &str = "<p class=\"quiet\"><small>以下由单位补充</small></p>\n";

/// A narrative as HTML.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NarrativeHtml {
    /// The HTML.
    pub html: String,
    /// The ids and titles of its sections, for tables of contents.
    pub headings: Vec<(String, String)>,
}

/// The HTML of a narrative whose sections stand below a heading of level `under` (2: the
/// sections are `h3`). Printed charts are numbered 图1, 图2 … as they come; sections in the
/// unit's own words say so in small print.
pub fn html(narrative: &Narrative, under: usize, linker: Option<&Linker<'_>>) -> NarrativeHtml {
    let charts: Vec<String> =
        narrative.charts.iter().map(|placed| chart::figure(&placed.chart, placed.number)).collect();
    let options = Options {
        heading_shift: under.saturating_sub(1),
        id_prefix: ID_PREFIX,
        uses: &narrative.uses,
        charts: &charts,
        linker,
    };
    let stretches: Vec<Stretch<'_>> = narrative.passages.iter().map(stretch).collect();
    let mut rendered = markdown::render_all(&stretches, &options);
    if narrative.has_own() {
        rendered.html.insert_str(0, ON_AUTHORS);
    }
    let sections = rendered.headings.into_iter().filter(|heading| heading.depth == 1);
    NarrativeHtml { html: rendered.html, headings: sections.map(|heading| (heading.id, heading.title)).collect() }
}

fn stretch(passage: &Passage) -> Stretch<'_> {
    let (deeper, before) = match passage.author {
        Author::Composed => (0, ""),
        Author::Unit { manner: Manner::Replaces, deeper } => (deeper, REPLACES),
        Author::Unit { manner: Manner::Adds, deeper } => (deeper, ADDS),
    };
    Stretch { markdown: &passage.markdown, deeper, before }
}
