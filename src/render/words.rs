//! Markdown and narratives as pages take them: links made relative, terms linked.

use crate::derive::change::{Change, prior_figure, rate_text};
use crate::derive::narrative::Narrative;
use crate::model::disclosure::Disclosure;
use crate::model::form::CellRef;
use crate::model::site::Site;
use crate::render::glossary::Linker;
use crate::render::links::{PageLinks, term_path};
use crate::render::markdown::{self, Options};
use crate::render::narrative::{self, NarrativeHtml};

/// Markdown as HTML, its headings moved down; links from the site's root become relative.
pub fn markdown(text: &str, heading_shift: usize, links: &PageLinks<'_>) -> String {
    relative(&markdown::html(text, &Options { heading_shift, ..Options::default() }), links)
}

/// Markdown as HTML with the site's terms linked.
pub fn linked_markdown(
    text: &str,
    heading_shift: usize,
    id_prefix: &str,
    site: &Site,
    links: &PageLinks<'_>,
) -> String {
    let linker = linker(site, links);
    let options = Options { heading_shift, id_prefix, linker: Some(&linker), ..Options::default() };
    relative(&markdown::html(text, &options), links)
}

/// Replaces the site's root in links by the way up from the page.
fn relative(html: &str, links: &PageLinks<'_>) -> String {
    html.replace("href=\"/", &format!("href=\"{}", links.root()))
}

/// Links the site's terms from a page.
fn linker<'a>(site: &'a Site, links: &PageLinks<'_>) -> Linker<'a> {
    let up = links.root().to_owned();
    linker_to(site, move |id| format!("{up}{}", term_path(id)))
}

pub(crate) fn linker_to<'a>(site: &'a Site, href: impl Fn(&str) -> String + Send + Sync + 'a) -> Linker<'a> {
    let functional = site.classifications.get("functional");
    let name_of = |code| Some(functional?.codes.get(&code)?.name.clone());
    Linker::new(site.terms.values(), name_of, href)
}

/// A narrative below a heading of the second level.
pub fn narrative(site: &Site, text: &Narrative, links: &PageLinks<'_>) -> NarrativeHtml {
    let linker = linker(site, links);
    let mut shown = narrative::html(text, 2, Some(&linker));
    shown.html = relative(&shown.html, links);
    shown
}

/// How a figure changed from last year: a signed difference, and the rate in words.
pub fn change(site: &Site, disclosure: &Disclosure, cell: CellRef) -> Option<(String, String)> {
    let scale = disclosure.set.scale;
    match Change::between(prior_figure(site, disclosure, cell), disclosure.figure(cell), scale) {
        Change::Unknown => None,
        Change::Same => Some(("持平".into(), String::new())),
        Change::Nearly => Some(("基本持平".into(), String::new())),
        Change::Moved(moved) => {
            use crate::derive::change::Direction;
            let sign = if moved.direction == Direction::Up { '+' } else { '\u{2212}' };
            let rate = match moved.rate {
                Ok(rate) => format!("{}{}", moved.direction.by_rate(), rate_text(rate)),
                Err(none) => none.words().to_owned(),
            };
            Some((format!("{sign}{}", moved.difference.print(scale)), rate))
        }
    }
}
