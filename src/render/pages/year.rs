//! A year: every disclosure of it, with its totals.

use serde::Serialize;

use crate::render::links::{DeadLink, PageLinks, disclosure_path, year_path};
use crate::render::pages::{LISTED, Scene, concept_link, quality_link};
use crate::render::view::{Drawn, Head, Link, Section};

/// A year, for `year.html`.
#[derive(Serialize)]
struct View {
    year: i32,
    earlier: Option<Link>,
    later: Option<Link>,
    scale: &'static str,
    rows: Vec<RowView>,
}

#[derive(Serialize)]
struct RowView {
    unit: Link,
    region: String,
    kind: String,
    published: String,
    totals: Vec<Link>,
    quality: Link,
}

/// The figures of a row, in the order of the template's headings.
const TOTALS: [&str; 4] = ["income_grand_total", "spending_total", "general_total", "three_public_actual"];

pub(super) fn draw(scene: &Scene<'_>, year: i32, links: &PageLinks<'_>) -> Result<Drawn, DeadLink> {
    let years = &scene.index.by_year;
    let link = |other: Option<&i32>| {
        other.map(|year| Ok(Link::new(format!("{year}年度"), links.to(&year_path(*year))?))).transpose()
    };
    let rows = years.get(&year).into_iter().flatten().map(|at| row(scene, *at, links));
    let view = View {
        year,
        earlier: link(years.range(..year).next_back().map(|(year, _)| year))?,
        later: link(years.range(year + 1..).next().map(|(year, _)| year))?,
        scale: LISTED.name(),
        rows: rows.collect::<Result<_, _>>()?,
    };
    let head = Head {
        title: format!("{year}年度"),
        description: format!("{year}年度公开的决算和预算，共{}份。", view.rows.len()),
        crumbs: vec![Link::here(format!("{year}年度"))],
        section: Section::Years,
    };
    Ok(Drawn::new("year.html", head, &view))
}

fn row(scene: &Scene<'_>, at: usize, links: &PageLinks<'_>) -> Result<RowView, DeadLink> {
    let disclosure = &scene.site.disclosures[at];
    Ok(RowView {
        unit: Link::new(scene.unit_name(disclosure), links.to(&disclosure_path(disclosure))?),
        region: scene.site.unit_of(disclosure).map(|unit| unit.region.join(" ")).unwrap_or_default(),
        kind: format!("{}{}", disclosure.word, disclosure.kind.name()),
        published: disclosure.published.as_ref().map(|date| date.value.chinese()).unwrap_or_default(),
        totals: TOTALS.iter().map(|concept| concept_link(disclosure, concept, links)).collect::<Result<_, _>>()?,
        quality: quality_link(scene, at, links)?,
    })
}
