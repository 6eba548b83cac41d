//! Text pages and the page for addresses that do not exist.

use serde::Serialize;

use crate::model::site::TextPage;
use crate::render::links::PageLinks;
use crate::render::pages::Scene;
use crate::render::view::{Drawn, Head, Link, Section};
use crate::render::words;

/// A text page, for `text.html`.
#[derive(Serialize)]
struct View {
    /// The title.
    title: String,
    /// The text.
    html: String,
}

pub(super) fn draw(scene: &Scene<'_>, page: &TextPage, links: &PageLinks<'_>) -> Drawn {
    let head = Head {
        title: page.title.clone(),
        description: page.title.clone(),
        crumbs: vec![Link::here(&page.title)],
        section: Section::Other,
    };
    let view =
        View { title: page.title.clone(), html: words::linked_markdown(&page.body.value, 0, "", &scene.linker, links) };
    Drawn::new("text.html", head, &view)
}

/// The page for addresses that do not exist, for `404.html`.
#[derive(Serialize)]
struct NotFound {
    /// How many units the site has.
    units: usize,
}

pub(super) fn draw_not_found(scene: &Scene<'_>) -> Drawn {
    let head = Head {
        title: "没有找到这一页".into(),
        description: "地址有误，或页面还没有发布。".into(),
        crumbs: vec![Link::here("没有找到")],
        section: Section::Other,
    };
    Drawn::new("404.html", head, &NotFound { units: scene.site.units.len() })
}
