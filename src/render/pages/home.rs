//! The home page: every unit by region with its latest totals, so that a reader is there in
//! one step.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::disclosure::Disclosure;
use crate::model::unit::Unit;
use crate::render::links::{DeadLink, PageLinks, disclosure_path, unit_path, year_path};
use crate::render::pages::{LISTED, Scene, concept_link, region_anchor, year_and_kind, year_link};
use crate::render::view::{Drawn, Head, Link, Section};

/// The home page, for `home.html`.
#[derive(Serialize)]
struct View {
    title: String,
    description: String,
    units: usize,
    disclosures: usize,
    scale: &'static str,
    /// Whether a unit has more than its latest disclosure.
    has_earlier: bool,
    years: Vec<YearView>,
    regions: Vec<RegionView>,
    latest: Vec<LatestView>,
}

#[derive(Serialize)]
struct YearView {
    year: i32,
    href: String,
    count: usize,
}

#[derive(Serialize)]
struct RegionView {
    id: String,
    name: String,
    units: Vec<UnitView>,
}

#[derive(Serialize)]
struct UnitView {
    name: String,
    kind: String,
    href: String,
    latest: Option<Link>,
    totals: Vec<Link>,
    earlier: Vec<Link>,
}

/// What the home page says of a unit's latest disclosure.
const TOTALS: [&str; 2] = ["income_grand_total", "spending_total"];

#[derive(Serialize)]
struct LatestView {
    unit: String,
    link: Link,
    published: String,
}

/// How many of the latest disclosures the home page names.
const LATEST: usize = 6;

pub(super) fn draw(scene: &Scene<'_>, links: &PageLinks<'_>) -> Result<Drawn, DeadLink> {
    let config = &scene.site.config;
    let regions = regions(scene, links)?;
    let view = View {
        title: config.title.clone(),
        description: config.description.clone(),
        units: scene.site.units.len(),
        disclosures: scene.site.disclosures.len(),
        scale: LISTED.name(),
        has_earlier: regions.iter().flat_map(|region| &region.units).any(|unit| !unit.earlier.is_empty()),
        years: years(scene, links)?,
        regions,
        latest: latest(scene, links)?,
    };
    let head = Head {
        title: config.title.clone(),
        description: config.description.clone(),
        crumbs: Vec::new(),
        section: Section::Units,
    };
    Ok(Drawn::new("home.html", head, &view))
}

fn years(scene: &Scene<'_>, links: &PageLinks<'_>) -> Result<Vec<YearView>, DeadLink> {
    let years = scene.index.by_year.iter().rev();
    years
        .map(|(year, list)| Ok(YearView { year: *year, href: links.to(&year_path(*year))?, count: list.len() }))
        .collect()
}

fn regions(scene: &Scene<'_>, links: &PageLinks<'_>) -> Result<Vec<RegionView>, DeadLink> {
    let mut regions: BTreeMap<&[String], Vec<&Unit>> = BTreeMap::new();
    for unit in scene.site.units.values() {
        regions.entry(&unit.region).or_default().push(unit);
    }
    regions
        .into_iter()
        .map(|(region, mut units)| {
            units.sort_by_key(|unit| (unit.kind != "部门", &unit.id));
            Ok(RegionView {
                id: region_anchor(units[0]),
                name: region.join(" "),
                units: units.into_iter().map(|unit| unit_view(scene, unit, links)).collect::<Result<_, DeadLink>>()?,
            })
        })
        .collect()
}

fn unit_view(scene: &Scene<'_>, unit: &Unit, links: &PageLinks<'_>) -> Result<UnitView, DeadLink> {
    let mut newest_first = scene.disclosures_of(&unit.id).rev();
    let latest = newest_first.next();
    let totals = TOTALS
        .iter()
        .map(|concept| latest.map_or(Ok(Link::here("")), |disclosure| concept_link(disclosure, concept, links)));
    Ok(UnitView {
        name: unit.name.clone(),
        kind: unit.kind.clone(),
        href: links.to(&unit_path(&unit.id))?,
        latest: latest.map(|disclosure| year_link(disclosure, links)).transpose()?,
        totals: totals.collect::<Result<_, _>>()?,
        earlier: newest_first.map(|disclosure| year_link(disclosure, links)).collect::<Result<_, _>>()?,
    })
}

/// The latest disclosures: by date, where it is known, then by year.
fn latest(scene: &Scene<'_>, links: &PageLinks<'_>) -> Result<Vec<LatestView>, DeadLink> {
    let mut all: Vec<&Disclosure> = scene.site.disclosures.iter().collect();
    all.sort_by_key(|disclosure| {
        let published = disclosure.published.as_ref().map(|date| date.value);
        (std::cmp::Reverse(disclosure.year), std::cmp::Reverse(published), &disclosure.unit)
    });
    all.into_iter()
        .take(LATEST)
        .map(|disclosure| {
            Ok(LatestView {
                unit: scene.unit_name(disclosure).to_owned(),
                link: Link::new(year_and_kind(disclosure), links.to(&disclosure_path(disclosure))?),
                published: disclosure.published.as_ref().map(|date| date.value.chinese()).unwrap_or_default(),
            })
        })
        .collect()
}
