//! Narratives, Markdown and changes, as pages take them from the stages that make them.

// STUBS until the narratives are merged: the signatures stay, the bodies call `derive`,
// `render::markdown` and `render::narrative`.

use crate::model::disclosure::Disclosure;
use crate::model::form::CellRef;
use crate::model::site::Site;
use crate::model::table::Figure;
use crate::render::links::PageLinks;
use crate::text::escape_html;

/// A narrative on its page.
#[derive(Clone, Debug, Default)]
pub struct Prose {
    /// The text, with its charts.
    pub html: String,
    /// Its headings: anchor and title.
    pub headings: Vec<(String, String)>,
}

/// Markdown as HTML; links from the site's root become relative.
pub fn markdown(text: &str, links: &PageLinks<'_>) -> String {
    let html: String = text.split("\n\n").map(|p| format!("<p>{}</p>\n", escape_html(p))).collect();
    relative(&html, links)
}

/// Replaces the site's root in links by the way up from the page.
fn relative(html: &str, links: &PageLinks<'_>) -> String {
    html.replace("href=\"/", &format!("href=\"{}", links.root()))
}

/// Last year's figure for a cell.
pub fn prior_figure(_site: &Site, disclosure: &Disclosure, cell: CellRef) -> Figure {
    disclosure.prior.get(&cell).map_or(Figure::Unknown, |given| given.value)
}

/// One total over the years of a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// Its name: 本年支出合计.
    pub name: &'static str,
    /// The concept.
    pub concept: &'static str,
    /// A year and its figure, oldest first.
    pub points: Vec<(i32, Figure)>,
}

/// The key totals of a unit.
pub fn series(site: &Site, unit: &str, kind: crate::model::form::Kind) -> Vec<Series> {
    let concepts = [
        ("income_grand_total", "收入支出总计"),
        ("spending_total", "本年支出合计"),
        ("three_public_actual", "财政拨款“三公”经费支出"),
    ];
    let one = |(concept, name)| {
        let years = site.disclosures_of(unit).filter(|d| d.kind == kind);
        Series { name, concept, points: years.map(|d| (d.year, d.concept(concept))).collect() }
    };
    concepts.into_iter().map(one).collect()
}

/// The narrative of a disclosure.
pub fn narrative(_site: &Site, _disclosure: &Disclosure, _links: &PageLinks<'_>) -> Prose {
    Prose::default()
}

/// The change of a figure in words: signed difference and rate.
pub fn change(_site: &Site, _disclosure: &Disclosure, _cell: CellRef) -> Option<(String, String)> {
    None
}
