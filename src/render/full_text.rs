//! The texts of the narratives as they are to be searched: small HTML documents, a year's
//! together. They hold words, not amounts (those are what the finder is for): in place of a figure
//! stands an ellipsis, and charts and tables are left out.

use std::fmt::Write as _;

use crate::model::disclosure::Disclosure;
use crate::model::site::Site;
use crate::render::links::disclosure_path;
use crate::render::narrative;
use crate::render::pages::{Scene, year_and_kind};
use crate::text::escape_html;

/// The script of the page that searches.
pub(crate) const SCRIPT: &str = include_str!("full_text/page.js");

/// Where that script stands; a folder a year beside it holds what it searches.
pub(crate) const SCRIPT_PATH: &str = "search/text/page.js";

/// The texts of a year's disclosures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YearText {
    /// The fiscal year.
    pub year: i32,
    /// One document a disclosure, in the order of the site.
    pub documents: Vec<Document>,
}

impl YearText {
    /// The path of a file of what is searched in this year.
    pub fn path_of(&self, file: &str) -> String {
        format!("search/text/{}/{file}", self.year)
    }
}

/// The text of a narrative.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// The path of the page it stands on.
    pub path: String,
    /// The text as an HTML document; headings have the anchors that they have on the page.
    pub html: String,
}

/// The texts of all years, newest first.
pub(crate) fn texts(scene: &Scene<'_>) -> Vec<YearText> {
    let years = scene.index.by_year.iter().rev();
    years
        .map(|(year, disclosures)| YearText {
            year: *year,
            documents: disclosures.iter().map(|at| document(scene, *at)).collect(),
        })
        .collect()
}

fn document(scene: &Scene<'_>, at: usize) -> Document {
    let disclosure = &scene.site.disclosures[at];
    let text = narrative::html(&scene.narratives[at], 2, None).html;
    let mut html = String::from("<!doctype html><html lang=\"zh-CN\"><head>");
    let title = format!("{} {}", scene.unit_name(disclosure), year_and_kind(disclosure));
    let filters = [
        ("meta", "title", title),
        ("filter", "year", disclosure.year.to_string()),
        ("filter", "region", region(scene.site, disclosure)),
        ("filter", "kind", kind(disclosure).to_owned()),
    ];
    for (what, name, value) in filters.iter().filter(|(.., value)| !value.is_empty()) {
        let value = escape_html(value);
        let _ = write!(html, "<meta data-pagefind-{what}=\"{name}[content]\" content=\"{value}\">");
    }
    let words = without(&without(&without(&text, "figure", ""), "table", ""), "data", "…");
    let _ = write!(html, "</head><body data-pagefind-body>{words}</body></html>");
    Document { path: disclosure_path(disclosure), html }
}

/// What the documents of a disclosure's unit are filtered by: its region.
pub(crate) fn region(site: &Site, disclosure: &Disclosure) -> String {
    site.unit_of(disclosure).map(|unit| unit.region.join(" ")).unwrap_or_default()
}

/// What documents are filtered by: 决算 or 预算.
pub(crate) fn kind(disclosure: &Disclosure) -> &'static str {
    disclosure.kind.name()
}

/// HTML with every element of a name replaced by a text; elements of one name do not nest in the
/// texts of narratives.
fn without(html: &str, name: &str, instead: &str) -> String {
    let (open, close) = (format!("<{name}"), format!("</{name}>"));
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find(&open) {
        let after = &rest[start + open.len()..];
        let Some(end) = after.find(&close).filter(|_| after.starts_with([' ', '>'])) else {
            out.push_str(&rest[..start + open.len()]);
            rest = after;
            continue;
        };
        out.push_str(&rest[..start]);
        out.push_str(instead);
        rest = &after[end + close.len()..];
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_replaced_whole_and_others_of_a_like_name_stay() {
        let html = "<p>收入<a href=\"#c\"><data value=\"1\">1.00</data></a>万元<datalist></datalist></p>";
        assert_eq!(without(html, "data", "…"), "<p>收入<a href=\"#c\">…</a>万元<datalist></datalist></p>");
        assert_eq!(without("<figure>a</figure>b<figure>c", "figure", ""), "b<figure>c");
    }

    #[test]
    fn the_script_is_small_and_asks_no_other_origin() {
        assert!(SCRIPT.len() < 3_000, "{} bytes", SCRIPT.len());
        assert!(!SCRIPT.contains("http:") || !SCRIPT.contains("//"), "an address in the script");
        assert!(!SCRIPT.contains("innerHTML"));
    }
}
