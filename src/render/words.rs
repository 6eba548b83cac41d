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
    relative(markdown::html(text, &Options { heading_shift, ..Options::default() }), links)
}

/// Markdown as HTML with the site's terms linked.
pub fn linked_markdown(
    text: &str,
    heading_shift: usize,
    id_prefix: &str,
    linker: &Linker<'_>,
    links: &PageLinks<'_>,
) -> String {
    let linker = from_page(linker, links);
    let options = Options { heading_shift, id_prefix, linker: Some(&linker), ..Options::default() };
    relative(markdown::html(text, &options), links)
}

/// Replaces the site's root in links by the way up from the page.
fn relative(html: String, links: &PageLinks<'_>) -> String {
    const FROM_ROOT: &str = "href=\"/";
    if memchr::memmem::find(html.as_bytes(), FROM_ROOT.as_bytes()).is_none() {
        return html;
    }
    html.replace(FROM_ROOT, &format!("href=\"{}", links.root()))
}

/// Finds the site's terms; it leads to their paths below the site's root.
pub fn linker(site: &Site) -> Linker<'_> {
    let functional = site.classifications.get("functional");
    let name_of = |code| Some(functional?.codes.get(&code)?.name.clone());
    Linker::new(site.terms.values(), name_of, term_path)
}

/// The same from a page.
fn from_page<'a>(linker: &Linker<'a>, links: &PageLinks<'_>) -> Linker<'a> {
    let up = links.root().to_owned();
    linker.leading(move |id| up.clone() + &term_path(id))
}

/// A narrative below a heading of the second level.
pub fn narrative(linker: &Linker<'_>, text: &Narrative, links: &PageLinks<'_>) -> NarrativeHtml {
    let linker = from_page(linker, links);
    let mut shown = narrative::html(text, 2, Some(&linker));
    shown.html = relative(shown.html, links);
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
