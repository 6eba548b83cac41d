//! The home page: the finder, every unit by region with its latest totals (of a big site the
//! regions alone), so that a reader is there in one step.

use serde::Serialize;

use crate::model::disclosure::Disclosure;
use crate::render::links::{DIRECTORY_PATH, DeadLink, PageLinks, disclosure_path, year_list_path, year_path};
use crate::render::pages::directory::{self, RegionLink, RegionView};
use crate::render::pages::{LISTED, Scene, version, year_and_kind};
use crate::render::view::{Drawn, Head, Link, Section};

/// The home page, for `home.html`.
#[derive(Serialize)]
struct View {
    /// The site's title.
    title: String,
    /// The site's description.
    description: String,
    /// How many units it has.
    units: usize,
    /// How many disclosures it has.
    disclosures: usize,
    /// The scale of the amounts.
    scale: &'static str,
    /// Whether a unit has more than its latest disclosure.
    has_earlier: bool,
    /// The years, newest first.
    years: Vec<YearView>,
    /// Where each region begins.
    jump: Vec<RegionLink>,
    /// Every unit; empty where there are too many for one page.
    regions: Vec<RegionView>,
    /// The directory of all units.
    directory: String,
    /// The latest disclosures.
    latest: Vec<LatestView>,
}

#[derive(Serialize)]
struct YearView {
    /// The year.
    year: i32,
    /// Its page.
    href: String,
    /// How many disclosures it has.
    count: usize,
    /// Its lists in the order of what readers ask for most.
    asked: Vec<Link>,
}

/// What readers ask for most: the key of its list, and its name.
const ASKED: [(&str, &str); 2] = [("by-three-public", "“三公”经费"), ("by-reception", "公务接待费")];

#[derive(Serialize)]
struct LatestView {
    /// The unit's full name.
    unit: String,
    /// The disclosure: `2023年度决算`.
    link: Link,
    /// When it was published; empty where unknown.
    published: String,
    /// When it was last amended.
    amended: Option<String>,
}

/// How many of the latest disclosures the home page names.
const LATEST: usize = 6;

pub(super) fn draw(scene: &Scene<'_>, links: &PageLinks<'_>) -> Result<Drawn, DeadLink> {
    let config = &scene.site.config;
    let listed = if scene.home_lists_units() { scene.index.order.units.as_slice() } else { &[] };
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
                amended: version::mark(disclosure),
            })
        })
        .collect()
}
