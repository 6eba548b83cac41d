//! Links that people write into texts: those into the site must lead somewhere.

use pulldown_cmark::{Event, Options, Parser, Tag};

use crate::diagnostic::{Finding, Place, cut_short};
use crate::model::disclosure::Disclosure;
use crate::model::site::Site;
use crate::model::stored::stored;
use crate::render::links::Links;

/// A link of a text that does not lead out of the site or to its own page.
#[derive(Clone, Debug)]
pub(super) struct TextLink {
    target: String,
    place: Place,
}

stored!(TextLink { target, place });

/// The links in the texts that all disclosures have in common.
pub(super) fn of_site(site: &Site) -> Vec<TextLink> {
    let pages = site.pages.iter().map(|page| (page.body.value.as_str(), page.body.place));
    let terms = site.terms.values().map(|term| (term.body.as_str(), term.place));
    pages.chain(terms).flat_map(|(text, place)| links_in(text, place)).collect()
}

/// The links in the texts that a unit wrote itself.
pub(super) fn of_disclosure(disclosure: &Disclosure) -> Vec<TextLink> {
    let texts = [&disclosure.performance_text, &disclosure.work_text].into_iter().flatten();
    let sections = disclosure.narrative_text.iter().map(|section| &section.text);
    texts.chain(sections).flat_map(|text| links_in(&text.value, text.place)).collect()
}

fn links_in(text: &str, place: Place) -> Vec<TextLink> {
    // Without a bracket there is no link.
    if !text.contains(['[', '<']) {
        return Vec::new();
    }
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let targets = Parser::new_ext(text, options).into_offset_iter().filter_map(|(event, range)| match event {
        Event::Start(Tag::Link { dest_url, .. }) => Some((dest_url, range)),
        _ => None,
    });
    let base = place.start as usize;
    let inward = targets
        .filter(|(target, _)| !target.starts_with('#') && !target.starts_with("mailto:") && !target.contains("://"));
    let link = inward.map(|(target, range)| TextLink {
        target: target.into_string(),
        place: Place::new(place.file, base + range.start..base + range.end),
    });
    link.collect()
}

/// Those that lead nowhere.
pub(super) fn dead<'l>(
    found: impl IntoIterator<Item = impl std::borrow::Borrow<TextLink> + 'l>,
    links: &Links,
) -> Vec<Finding> {
    let is_there = |target: &str| {
        target.strip_prefix('/').is_some_and(|path| links.has(path.split('#').next().unwrap_or_default()))
    };
    let told = found.into_iter().filter_map(|link| {
        let TextLink { target, place } = link.borrow();
        let finding = || Finding::new("P003", format!("链接指向不存在的“{target}”")).at(*place);
        let help = "站内链接从网站根目录写起，并写明文件，如 /reading/index.html；站外链接写完整网址。";
        (!is_there(target)).then(|| finding().help(help))
    });
    cut_short(told.collect())
}
