//! 查找: the page that the finder's script fills, and what to do without it.

use serde::Serialize;

use crate::render::links::{DIRECTORY_PATH, DeadLink, FULL_TEXT_PATH, PageLinks};
use crate::render::pages::{LISTED, Scene};
use crate::render::view::{Drawn, Head, Link, Section};

/// The page to search on, for `search.html`.
#[derive(Serialize)]
struct View {
    /// The scale in which amounts are found.
    scale: &'static str,
    /// How many units the site has.
    units: usize,
    /// How many disclosures it has.
    disclosures: usize,
    /// The complete lists, for readers without scripts.
    lists: Vec<Link>,
    /// The href of the page that searches the texts of the narratives, where the site has it.
    full_text: Option<String>,
}

pub(super) fn draw(scene: &Scene<'_>, links: &PageLinks<'_>) -> Result<Drawn, DeadLink> {
    let lists = [
        ("单位：按地区和部门，以及各年度", DIRECTORY_PATH),
        ("科目：功能分类、经济分类", "codes/index.html"),
        ("名词解释", "glossary/index.html"),
        ("表式：各张空白表", "forms/index.html"),
    ];
    let view = View {
        scale: LISTED.name(),
        units: scene.site.units.len(),
        disclosures: scene.site.disclosures.len(),
        lists: lists.into_iter().map(|(text, path)| Ok(Link::new(text, links.to(path)?))).collect::<Result<_, _>>()?,
        full_text: links.to(FULL_TEXT_PATH).ok(),
    };
    let head = Head {
        title: "查找".into(),
        description: "按单位、年度、表、行、科目和名词查找本站公开的数据。".into(),
        crumbs: vec![Link::here("查找")],
        section: Section::Other,
    };
    Ok(Drawn::new("search.html", head, &view))
}
