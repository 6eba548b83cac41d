//! 名词解释: the index, and a page a term with where it is used: the disclosures that list it
//! among their terms, those that spend on the 项 it defines, and those whose narrative links it.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::glossary::Term;
use crate::render::links::{DeadLink, PageLinks, disclosure_path, term_path};
use crate::render::pages::{LISTED, Scene, year_and_kind};
use crate::render::view::{Drawn, Head, Link, Section, figure_text};
use crate::render::words;

/// The glossary, for `glossary.html`.
#[derive(Serialize)]
struct IndexView {
    /// How many terms there are.
    count: usize,
    /// Terms that define no code.
    terms: Vec<EntryView>,
    /// Terms that define a 项, by code.
    codes: Vec<EntryView>,
}

#[derive(Serialize)]
struct EntryView {
    /// The term.
    name: String,
    /// The term's page.
    href: String,
    /// Its other names.
    aliases: Vec<String>,
    /// The codes it defines.
    codes: Vec<String>,
    /// Its definition.
    html: String,
}

/// A term, for `term.html`.
#[derive(Serialize)]
struct TermView {
    /// The term.
    name: String,
    /// Its other names.
    aliases: Vec<String>,
    /// Its definition.
    html: String,
    /// The codes it defines.
    codes: Vec<Link>,
    /// The disclosures that use it.
    used: Vec<UseView>,
    /// The scale of the amounts.
    scale: &'static str,
}

#[derive(Serialize)]
struct UseView {
    /// The unit's full name.
    unit: String,
    /// The place in the disclosure.
    link: Link,
    /// What was spent on the 项 that the term defines, each with its row.
    spent: Vec<Link>,
}

pub(super) fn draw_index(scene: &Scene<'_>, links: &PageLinks<'_>) -> Result<Drawn, DeadLink> {
    let (mut codes, terms): (Vec<&Term>, Vec<&Term>) =
        scene.site.terms.values().partition(|term| !term.codes.is_empty());
    codes.sort_by_key(|term| &term.codes);
    let entries = |terms: Vec<&Term>| terms.into_iter().map(|term| entry(term, links)).collect::<Result<_, _>>();
    let view = IndexView { count: scene.site.terms.len(), terms: entries(terms)?, codes: entries(codes)? };
    let head = Head {
        title: "名词解释".into(),
        description: format!("决算和预算中常用的名词，共{}条。", view.count),
        crumbs: vec![Link::here("名词解释")],
        section: Section::Glossary,
    };
    Ok(Drawn::new("glossary.html", head, &view))
}

fn entry(term: &Term, links: &PageLinks<'_>) -> Result<EntryView, DeadLink> {
    Ok(EntryView {
        name: term.name.clone(),
        href: links.to(&term_path(&term.id))?,
        aliases: term.aliases.clone(),
        codes: term.codes.iter().map(ToString::to_string).collect(),
        html: definition(term, "本级", links),
    })
}

/// A definition as HTML, for a level of government.
pub(super) fn definition(term: &Term, level: &str, links: &PageLinks<'_>) -> String {
    words::markdown(&term.body.replace("{level}", level), 2, links)
}

/// The disclosures that list a term, spend on the 项 it defines or link it in their narrative, in
/// the order of the site.
fn uses(scene: &Scene<'_>, term: &Term, links: &PageLinks<'_>) -> Result<Vec<UseView>, DeadLink> {
    let listed = scene.listed_terms.get(term.id.as_str()).map_or(&[][..], |listed| listed);
    let mut uses: BTreeMap<u32, Vec<Link>> = listed.iter().map(|at| (*at, Vec::new())).collect();
    for code in &term.codes {
        for spending in scene.index.spending.get(&("functional".to_owned(), *code)).into_iter().flatten() {
            let (disclosure, cell) = (&scene.site.disclosures[spending.disclosure()], spending.cell(*code));
            let anchor = disclosure.set.form_of(cell).row_anchor(cell.row);
            let href = links.to_anchor(&disclosure_path(disclosure), &anchor)?;
            let text = format!("{code} {}", figure_text(spending.figure(scene.site, *code), LISTED));
            uses.entry(spending.number()).or_default().push(Link::new(text, href));
        }
    }
    let linked = scene.linked_terms.get(term.id.as_str()).map_or(&[][..], |linked| linked);
    for at in linked {
        uses.entry(*at).or_default();
    }
    let view = |(at, spent): (u32, Vec<Link>)| {
        let disclosure = &scene.site.disclosures[at as usize];
        let path = disclosure_path(disclosure);
        let href = if listed.binary_search(&at).is_ok() {
            links.to_anchor(&path, "glossary")?
        } else if linked.binary_search(&at).is_ok() {
            links.to_anchor(&path, "narrative")?
        } else {
            links.to(&path)?
        };
        let unit = scene.unit_name(disclosure).to_owned();
        Ok(UseView { unit, link: Link::new(year_and_kind(disclosure), href), spent })
    };
    uses.into_iter().map(view).collect()
}

pub(super) fn draw_term(scene: &Scene<'_>, term: &Term, links: &PageLinks<'_>) -> Result<Drawn, DeadLink> {
    let codes =
        term.codes.iter().filter_map(|code| Some(Link::new(code.to_string(), links.code("functional", *code)?)));
    let view = TermView {
        name: term.name.clone(),
        aliases: term.aliases.clone(),
        html: definition(term, "本级", links),
        codes: codes.collect(),
        used: uses(scene, term, links)?,
        scale: LISTED.name(),
    };
    let head = Head {
        title: term.name.clone(),
        description: format!("名词解释：{}。", term.name),
        crumbs: vec![Link::new("名词解释", links.to("glossary/index.html")?), Link::here(&term.name)],
        section: Section::Glossary,
    };
    Ok(Drawn::new("term.html", head, &view))
}
