//! 目录: every unit by region and 部门, a page each 200, and the years by kind; complete without
//! scripts.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::unit::Unit;
use crate::render::links::{DIRECTORY_PATH, DeadLink, PageLinks, page_path, unit_path, year_path};
use crate::render::pages::paging::{A_PAGE, Pager, rows_of, titled};
use crate::render::pages::year::kind_links;
use crate::render::pages::{LISTED, Scene, concept_link, region_anchor, version, year_link};
use crate::render::view::{Drawn, Head, Link, Section};

/// A page of the directory, for `directory.html`.
#[derive(Serialize)]
struct View {
    /// How many units the site has.
    units: usize,
    /// How many disclosures it has.
    disclosures: usize,
    /// The scale of the amounts.
    scale: &'static str,
    /// Whether a unit has more than its latest disclosure.
    has_earlier: bool,
    /// Where each region begins; on the first page only.
    jump: Vec<RegionLink>,
    /// The years, newest first; on the first page only.
    years: Vec<YearView>,
    /// The units of this page by region.
    regions: Vec<RegionView>,
    /// The pages of the directory.
    pager: Option<Pager>,
    /// Which page it is, from 1.
    page: usize,
}

/// A region with how many units it has.
#[derive(Serialize)]
pub(super) struct RegionLink {
    /// The region's place in the directory.
    link: Link,
    /// How many units it has.
    units: usize,
}

/// A year with how many disclosures of each kind it has.
#[derive(Serialize)]
struct YearView {
    /// The page of the year.
    link: Link,
    /// Each kind with its count; a link where the year has both.
    kinds: Vec<Link>,
}

/// Units of a region, for the table of units.
#[derive(Serialize)]
pub(super) struct RegionView {
    /// Its anchor.
    pub(super) id: String,
    /// Its name.
    pub(super) name: String,
    /// Its units, each 部门 before those under it.
    pub(super) units: Vec<UnitView>,
}

/// A unit with its latest totals.
#[derive(Serialize)]
pub(super) struct UnitView {
    /// Its full name.
    name: String,
    /// What it is: 部门, 单位.
    kind: String,
    /// Whether it stands below its 部门.
    is_below: bool,
    /// The unit's page.
    href: String,
    /// Its latest disclosure.
    latest: Option<Link>,
    /// When that was last amended.
    amended: Option<String>,
    /// Where it has none, the latest that stays as it was last published.
    kept: Option<Link>,
    /// 收、支总计 and 本年支出合计 of that, each with its cell.
    totals: Vec<Link>,
    /// Its other disclosures, newest first.
    pub(super) earlier: Vec<Link>,
}

/// What lists say of a unit's latest disclosure.
const TOTALS: [&str; 2] = ["income_grand_total", "spending_total"];

pub(super) fn draw(scene: &Scene<'_>, page: usize, links: &PageLinks<'_>) -> Result<Drawn, DeadLink> {
    let all = &scene.index.order.units;
    let regions = regions(scene, &all[rows_of(page, all.len())], links)?;
    let is_first = page == 1;
    let view = View {
        units: all.len(),
        disclosures: scene.site.disclosures.len(),
        scale: LISTED.name(),
        has_earlier: has_earlier(&regions),
        jump: if is_first { jump(scene, links)? } else { Vec::new() },
        years: if is_first { years(scene, links)? } else { Vec::new() },
        regions,
        pager: Pager::new(DIRECTORY_PATH, page, all.len(), links)?,
        page,
    };
    let title = titled("单位目录", page);
    let head = Head {
        description: format!("全部{}个单位，按地区和部门排列。", all.len()),
        crumbs: vec![Link::here(&title)],
        title,
        section: Section::Units,
    };
    Ok(Drawn::new("directory.html", head, &view))
}

/// Whether any unit has more than its latest disclosure.
pub(super) fn has_earlier(regions: &[RegionView]) -> bool {
    regions.iter().flat_map(|region| &region.units).any(|unit| !unit.earlier.is_empty())
}

/// Where the list of each region begins.
pub(super) fn jump(scene: &Scene<'_>, links: &PageLinks<'_>) -> Result<Vec<RegionLink>, DeadLink> {
    let mut counts: BTreeMap<&[String], (usize, &Unit)> = BTreeMap::new();
    for unit in scene.site.units.values() {
        counts.entry(&unit.region).or_insert((0, unit)).0 += 1;
    }
    counts
        .into_iter()
        .map(|(region, (units, unit))| {
            Ok(RegionLink { link: Link::new(region.join(" "), scene.region_href(unit, links)?), units })
        })
        .collect()
}

fn years(scene: &Scene<'_>, links: &PageLinks<'_>) -> Result<Vec<YearView>, DeadLink> {
    let view = |(year, list): (&i32, &Vec<usize>)| {
        let mut kinds = kind_links(scene, *year, None, links)?;
        if let (true, Some(first)) = (kinds.is_empty(), list.first()) {
            kinds.push(Link::here(format!("{}{}份", scene.site.disclosures[*first].kind.name(), list.len())));
        }
        Ok(YearView { link: Link::new(format!("{year}年度"), links.to(&year_path(*year))?), kinds })
    };
    scene.index.by_year.iter().rev().map(view).collect()
}

/// Units, in the order of the directory, parted by region.
pub(super) fn regions(scene: &Scene<'_>, ids: &[String], links: &PageLinks<'_>) -> Result<Vec<RegionView>, DeadLink> {
    let units: Vec<&Unit> = ids.iter().filter_map(|id| scene.site.units.get(id)).collect();
    let region = |units: &[&Unit]| {
        Ok(RegionView {
            id: region_anchor(units[0]),
            name: units[0].region.join(" "),
            units: units.iter().map(|unit| unit_view(scene, unit, links)).collect::<Result<_, DeadLink>>()?,
        })
    };
    units.chunk_by(|one, other| one.region == other.region).map(region).collect()
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
        is_below: unit.parent.is_some(),
        href: links.to(&unit_path(&unit.id))?,
        latest: latest.map(|disclosure| year_link(disclosure, links)).transpose()?,
        amended: latest.and_then(version::mark),
        kept: if latest.is_none() { super::unit::kept(scene, unit, links)?.into_iter().next() } else { None },
        totals: totals.collect::<Result<_, _>>()?,
        earlier: newest_first.map(|disclosure| year_link(disclosure, links)).collect::<Result<_, _>>()?,
    })
}

impl Scene<'_> {
    /// Whether the home page lists every unit; a longer list is the directory's.
    pub(super) fn home_lists_units(&self) -> bool {
        self.index.order.units.len() <= A_PAGE
    }

    /// Where the list of a unit's region begins: on the home page, or in the directory.
    pub(super) fn region_href(&self, unit: &Unit, links: &PageLinks<'_>) -> Result<String, DeadLink> {
        links.to_anchor(&self.region_path(unit), &region_anchor(unit))
    }

    /// The page on which the list of a unit's region begins: how many units come before it tells.
    pub(crate) fn region_path(&self, unit: &Unit) -> String {
        if self.home_lists_units() {
            return "index.html".to_owned();
        }
        let first = self.index.order.region_start.get(&unit.region).copied().unwrap_or_default();
        page_path(DIRECTORY_PATH, first / A_PAGE + 1)
    }
}
