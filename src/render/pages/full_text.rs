//! 全文检索: the page that searches the texts of the narratives; its script does the work.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::render::full_text::{SCRIPT_PATH, kind, region};
use crate::render::links::{DeadLink, PageLinks, SEARCH_PATH};
use crate::render::pages::Scene;
use crate::render::view::{Drawn, Head, Link, Section};

/// The page's title.
const TITLE: &str = "全文检索";

/// The page that searches the texts of the narratives, for `full-text.html`.
#[derive(Serialize)]
struct View {
    /// The title.
    title: &'static str,
    /// The href of the script that searches.
    script: String,
    /// The years with texts, newest first.
    years: Vec<i32>,
    /// The regions that texts can be filtered by.
    regions: Vec<String>,
    /// The kinds of documents that texts can be filtered by.
    kinds: Vec<&'static str>,
}

pub(super) fn draw(scene: &Scene<'_>, links: &PageLinks<'_>) -> Result<Drawn, DeadLink> {
    let disclosures = &scene.site.disclosures;
    let regions: BTreeSet<String> = disclosures.iter().map(|disclosure| region(scene.site, disclosure)).collect();
    let kinds: BTreeSet<&'static str> = disclosures.iter().map(kind).collect();
    let view = View {
        title: TITLE,
        script: links.to(SCRIPT_PATH)?,
        years: scene.index.by_year.keys().rev().copied().collect(),
        regions: regions.into_iter().filter(|region| !region.is_empty()).collect(),
        kinds: kinds.into_iter().collect(),
    };
    let head = Head {
        title: TITLE.into(),
        description: "在各单位决算、预算的情况说明中检索文字。".into(),
        crumbs: vec![Link::new("查找", links.to(SEARCH_PATH)?), Link::here(TITLE)],
        section: Section::Other,
    };
    Ok(Drawn::new("full-text.html", head, &view))
}
