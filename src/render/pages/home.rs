//! The home page: the finder, every unit by region with its latest totals (of a big site the
//! regions alone), so that a reader is there in one step.

use serde::Serialize;

use crate::model::disclosure::Disclosure;
use crate::render::links::{DIRECTORY_PATH, DeadLink, PageLinks, disclosure_path, year_list_path, year_path};
use crate::render::pages::directory::{self, RegionLink, RegionView};
use crate::render::pages::{LISTED, Scene, year_and_kind};
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
    jump: Vec<RegionLink>,
    /// Every unit; empty where there are too many for one page.
    regions: Vec<RegionView>,
    directory: String,
    latest: Vec<LatestView>,
}

#[derive(Serialize)]
struct YearView {
    year: i32,
    href: String,
    count: usize,
    /// Its lists in the order of what readers ask for most.
    asked: Vec<Link>,
}

/// What readers ask for most: the key of its list, and its name.
const ASKED: [(&str, &str); 2] = [("by-three-public", "“三公”经费"), ("by-reception", "公务接待费")];

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
    let listed = if scene.home_lists_units() { scene.index.units.as_slice() } else { &[] };
    let regions = directory::regions(scene, listed, links)?;
    let view = View {
        title: config.title.clone(),
        description: config.description.clone(),
        units: scene.site.units.len(),
        disclosures: scene.site.disclosures.len(),
        scale: LISTED.name(),
        has_earlier: directory::has_earlier(&regions),
        years: years(scene, links)?,
        jump: directory::jump(scene, links)?,
        regions,
        directory: links.to(DIRECTORY_PATH)?,
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
        .map(|(year, list)| {
            let asked = ASKED.iter().map(|(key, name)| Ok(Link::new(*name, links.to(&year_list_path(*year, key))?)));
            let asked = asked.collect::<Result<_, DeadLink>>()?;
            Ok(YearView { year: *year, href: links.to(&year_path(*year))?, count: list.len(), asked })
        })
        .collect()
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
