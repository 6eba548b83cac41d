//! A unit: its years one by one and side by side, its 部门 and the units under it.

use serde::Serialize;

use crate::derive::chart;
use crate::derive::series::series;
use crate::model::form::Kind;
use crate::model::unit::Unit;
use crate::render::links::{DeadLink, PageLinks, unit_path};
use crate::render::pages::compare::{self, YearsView};
use crate::render::pages::{LISTED, Scene, concept_link, quality_link, version, year_link};
use crate::render::view::{Drawn, Head, Link, Section};

/// A unit, for `unit.html`.
#[derive(Serialize)]
struct View {
    /// The unit's full name.
    name: String,
    /// What it is: 部门, 单位.
    kind: String,
    /// Its level of government: 区级.
    level: String,
    /// Its region.
    region: String,
    /// Its legal nature: 行政单位.
    nature: Option<String>,
    /// The 部门 it stands under.
    parent: Option<Link>,
    /// The units under it.
    children: Vec<ChildView>,
    /// The scale of all amounts on the page.
    scale: &'static str,
    /// Its disclosures, newest first.
    years: Vec<YearView>,
    /// Years that stay as they were last published.
    kept: Vec<Link>,
    /// Its years side by side, 决算 and 预算 apart.
    trends: Vec<TrendView>,
}

#[derive(Serialize)]
struct ChildView {
    /// The unit's page.
    link: Link,
    /// Its disclosures, newest first.
    years: Vec<Link>,
}

#[derive(Serialize)]
struct YearView {
    /// The disclosure's page: `2023年度决算`.
    link: Link,
    /// The document's title.
    title: String,
    /// When it was published: `2024年9月20日`; empty where unknown.
    published: String,
    /// When it was last amended.
    amended: Option<String>,
    /// 收、支总计, 本年支出合计 and “三公”经费, each with its cell.
    totals: Vec<Link>,
    /// How its checks went.
    quality: Link,
}

/// The years of one kind side by side, with the charts of their totals.
#[derive(Serialize)]
struct TrendView {
    /// 决算 or 预算.
    kind: &'static str,
    /// Main figures by year.
    compared: YearsView,
    /// Charts of the totals; markup below.
    charts: Vec<String>,
}

/// The figures of a year, in the order of the template's headings.
const TOTALS: [&str; 3] = ["income_grand_total", "spending_total", "three_public_actual"];

/// The totals that are drawn as soon as there are two years of them.
const CHARTED: [&str; 4] = ["income_grand_total", "spending_total", "general_total", "three_public_actual"];

pub(super) fn draw(scene: &Scene<'_>, unit: &Unit, links: &PageLinks<'_>) -> Result<Drawn, DeadLink> {
    let parent = unit.parent.as_ref().and_then(|id| scene.site.units.get(id));
    let parent = parent.map(|parent| Ok(Link::new(&parent.name, links.to(&unit_path(&parent.id))?))).transpose()?;
    let children = scene.index.order.children.get(&unit.id).into_iter().flatten().map(|id| child(scene, id, links));
    let mut trends = Vec::new();
    for kind in [Kind::Final, Kind::Budget] {
        trends.extend(trend(scene, unit, kind, links)?);
    }
    let view = View {
        name: unit.name.clone(),
        kind: unit.kind.clone(),
        level: unit.level.clone(),
        region: unit.region.join(" "),
        nature: unit.nature.clone(),
        parent,
        children: children.collect::<Result<_, _>>()?,
        scale: LISTED.name(),
        years: years(scene, unit, links)?,
        kept: kept(scene, unit, links)?,
        trends,
    };
    let mut crumbs = scene.unit_crumbs(unit, links)?;
    crumbs.push(Link::here(&unit.short));
    let head = Head {
        title: unit.name.clone(),
        description: format!("{}历年公开的决算和预算。", unit.name),
        crumbs,
        section: Section::Units,
    };
    Ok(Drawn::new("unit.html", head, &view))
}

fn child(scene: &Scene<'_>, id: &str, links: &PageLinks<'_>) -> Result<ChildView, DeadLink> {
    let name = scene.site.units.get(id).map_or(id, |unit| unit.name.as_str());
    let years = scene.disclosures_of(id).rev().map(|disclosure| year_link(disclosure, links));
    Ok(ChildView { link: Link::new(name, links.to(&unit_path(id))?), years: years.collect::<Result<_, _>>()? })
}

fn years(scene: &Scene<'_>, unit: &Unit, links: &PageLinks<'_>) -> Result<Vec<YearView>, DeadLink> {
    let years = scene.places_of(&unit.id).rev().map(|at| {
        let disclosure = &scene.site.disclosures[at];
        Ok(YearView {
            link: year_link(disclosure, links)?,
            title: disclosure.title.clone(),
            published: disclosure.published.as_ref().map(|date| date.value.chinese()).unwrap_or_default(),
            amended: version::mark(disclosure),
            totals: TOTALS.iter().map(|concept| concept_link(disclosure, concept, links)).collect::<Result<_, _>>()?,
            quality: quality_link(scene, at, links)?,
        })
    });
    years.collect()
}

/// The disclosures of a unit that stay as they were last published, newest first.
pub(super) fn kept(scene: &Scene<'_>, unit: &Unit, links: &PageLinks<'_>) -> Result<Vec<Link>, DeadLink> {
    let own = format!("units/{}/", unit.id);
    let folder = |path: &String| path.strip_prefix(&own)?.strip_suffix("/index.html").map(str::to_owned);
    let first = scene.site.kept.partition_point(|path| *path < own);
    let kept = scene.site.kept[first..].iter().take_while(|path| path.starts_with(&own));
    let kept = kept.filter_map(|path| Some((path, folder(path)?)));
    let named = kept.filter_map(|(path, folder)| {
        let (year, kind) = folder.split_once('-').map_or((folder.as_str(), Kind::Final), |(y, _)| (y, Kind::Budget));
        let year: i32 = year.parse().ok()?;
        Some(links.to(path).map(|href| Link::new(format!("{year}年度{}", kind.name()), href)))
    });
    let mut found = named.collect::<Result<Vec<_>, _>>()?;
    found.reverse();
    Ok(found)
}

fn trend(scene: &Scene<'_>, unit: &Unit, kind: Kind, links: &PageLinks<'_>) -> Result<Option<TrendView>, DeadLink> {
    let Some(compared) = compare::years(scene, unit, kind, links)? else { return Ok(None) };
    let series = series(scene.site, &unit.id, kind);
    let drawn = series.iter().filter(|series| CHARTED.contains(&series.concept) && series.points.len() > 1);
    let trends = drawn.filter_map(|series| chart::trend(series, LISTED));
    let charts = trends.chain(portal_share(scene, unit, kind)).map(|chart| crate::render::chart::figure(&chart, None));
    Ok(Some(TrendView { kind: kind.name(), compared, charts: charts.collect() }))
}

/// What part of the portal's spending the unit's latest disclosure of a kind is.
fn portal_share(scene: &Scene<'_>, unit: &Unit, kind: Kind) -> Option<chart::Chart> {
    let at = scene.places_of(&unit.id).rev().find(|at| scene.site.disclosures[*at].kind == kind)?;
    let year = scene.site.disclosures[at].year;
    scene.index.portal.get(&(year, kind))?.part_of(scene.site, at, LISTED)
}
