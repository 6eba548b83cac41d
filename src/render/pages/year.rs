//! A year: every disclosure of it side by side, concept by concept; a page each 200, and in the
//! order of each column, so that comparing needs no script.

use std::cmp::Reverse;

use serde::Serialize;

use crate::model::form::Kind;
use crate::model::site::Site;
use crate::model::table::Figure;
use crate::render::chart;
use crate::render::links::{DeadLink, PageLinks, disclosure_path, page_path, year_list_path, year_path};
use crate::render::pages::paging::{self, Pager, rows_of};
use crate::render::pages::{LISTED, Scene, concept_link, quality_link, version};
use crate::render::view::{Drawn, Head, Link, Section};

/// A year, for `year.html`.
#[derive(Serialize)]
struct View {
    /// The fiscal year.
    year: i32,
    /// The year before.
    earlier: Option<Link>,
    /// The year after.
    later: Option<Link>,
    /// The scale of the amounts.
    scale: &'static str,
    /// How many disclosures are listed, over all pages.
    count: usize,
    /// What the rows are ordered by, where not by region.
    order: Option<&'static str>,
    /// The list by region.
    by_region: Link,
    /// The one kind that is listed, or nothing.
    only: &'static str,
    /// The lists of each kind, where the year has both.
    kinds: Vec<Link>,
    /// The columns of amounts.
    columns: Vec<ColumnView>,
    /// The disclosures of this page.
    rows: Vec<RowView>,
    /// The pages of the list.
    pager: Option<Pager>,
    /// What was spent by 类; on the year's first page only.
    charts: Vec<String>,
}

/// A column of amounts; its heading leads to the page in its order.
#[derive(Serialize)]
struct ColumnView {
    /// The heading; leads to the list in its order.
    link: Link,
    /// Whether the list is in its order.
    sorted: bool,
}

#[derive(Serialize)]
struct RowView {
    /// The unit; leads to the disclosure.
    unit: Link,
    /// Its region.
    region: String,
    /// What the document is: 单位决算.
    kind: String,
    /// When it was published: `2024-09-20`; empty where unknown.
    published: String,
    /// When it was last amended.
    amended: Option<String>,
    /// An amount a column, with its cell.
    totals: Vec<Link>,
    /// How its checks went.
    quality: Link,
}

/// A concept that disclosures are compared by.
struct Column {
    concept: &'static str,
    /// Its part of paths.
    key: &'static str,
    name: &'static str,
}

const fn column(concept: &'static str, key: &'static str, name: &'static str) -> Column {
    Column { concept, key, name }
}

/// What disclosures of a year are compared by.
const COLUMNS: [Column; 7] = [
    column("income_grand_total", "by-total", "收、支总计"),
    column("spending_total", "by-spending", "本年支出合计"),
    column("spending_basic", "by-basic", "基本支出"),
    column("spending_project", "by-project", "项目支出"),
    column("general_total", "by-general", "一般公共预算支出"),
    column("three_public_actual", "by-three-public", "“三公”经费"),
    column("three_public_actual_reception", "by-reception", "公务接待费"),
];

/// Which of a year's disclosures are listed, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Listing {
    /// All by kind and region.
    ByRegion,
    /// All from the greatest amount of a column down, by its key.
    By(&'static str),
    /// Those of a kind by region; only where a year has both.
    Only(Kind),
}

impl Listing {
    /// The one kind it lists.
    const fn kind(self) -> Option<Kind> {
        match self {
            Self::Only(kind) => Some(kind),
            Self::ByRegion | Self::By(_) => None,
        }
    }
}

/// The listings of a year, each with how many disclosures it holds.
pub(crate) fn listings(site: &Site, year: &[usize]) -> Vec<(Listing, usize)> {
    let orders = COLUMNS.iter().map(|column| Listing::By(column.key));
    let all = std::iter::once(Listing::ByRegion).chain(orders).map(|listing| (listing, year.len()));
    all.chain(kinds(site, year).into_iter().map(|(kind, count)| (Listing::Only(kind), count))).collect()
}

/// How many disclosures of each kind a year has; empty where all are of one.
fn kinds(site: &Site, year: &[usize]) -> Vec<(Kind, usize)> {
    let count = |kind: Kind| year.iter().filter(|at| site.disclosures[**at].kind == kind).count();
    let counts = [Kind::Final, Kind::Budget].map(|kind| (kind, count(kind)));
    if counts.iter().all(|(_, count)| *count > 0) { counts.into() } else { Vec::new() }
}

/// A page of a year's disclosures.
#[derive(Clone, Copy, Debug)]
pub(crate) struct YearPage {
    /// The year.
    pub(crate) year: i32,
    /// What is listed.
    pub(crate) listing: Listing,
    /// The page, from 1.
    pub(crate) page: usize,
}

impl YearPage {
    /// The path of its list's first page.
    fn first(self) -> String {
        match self.listing {
            Listing::ByRegion => year_path(self.year),
            Listing::By(key) => year_list_path(self.year, key),
            Listing::Only(kind) => year_list_path(self.year, kind.key()),
        }
    }

    /// The column it is in the order of.
    fn column(self) -> Option<&'static Column> {
        COLUMNS.iter().find(|column| self.listing == Listing::By(column.key))
    }

    /// Its path.
    pub(crate) fn path(self) -> String {
        page_path(&self.first(), self.page)
    }
}

pub(super) fn draw(scene: &Scene<'_>, at: YearPage, links: &PageLinks<'_>) -> Result<Drawn, DeadLink> {
    let (year, years) = (at.year, &scene.index.by_year);
    let link = |other: Option<&i32>| {
        other.map(|year| Ok(Link::new(format!("{year}年度"), links.to(&year_path(*year))?))).transpose()
    };
    let listed = listed(scene, at);
    let rows = listed[rows_of(at.page, listed.len())].iter().map(|disclosure| row(scene, at, *disclosure, links));
    let view = View {
        year,
        earlier: link(years.range(..year).next_back().map(|(year, _)| year))?,
        later: link(years.range(year + 1..).next().map(|(year, _)| year))?,
        scale: LISTED.name(),
        count: listed.len(),
        order: at.column().map(|column| column.name),
        by_region: Link::new("按地区", links.to(&year_path(year))?),
        only: at.listing.kind().map_or("", Kind::name),
        kinds: kind_links(scene, year, at.listing.kind(), links)?,
        columns: columns(at, links)?,
        rows: rows.collect::<Result<_, _>>()?,
        pager: Pager::new(&at.first(), at.page, listed.len(), links)?,
        charts: charts(scene, at),
    };
    let (title, crumbs) = title(at, links)?;
    let description = format!("{year}年度公开的决算和预算，共{}份。", listed.len());
    Ok(Drawn::new("year.html", Head { title, description, crumbs, section: Section::Years }, &view))
}

/// What all disclosures of each kind spent by 类.
fn charts(scene: &Scene<'_>, at: YearPage) -> Vec<String> {
    if at.listing != Listing::ByRegion || at.page != 1 {
        return Vec::new();
    }
    let of = |kind: Kind| scene.index.portal.get(&(at.year, kind))?.chart(scene.site, LISTED);
    [Kind::Final, Kind::Budget].into_iter().filter_map(of).map(|chart| chart::figure(&chart, None)).collect()
}

/// What a page is called, with the way to it.
fn title(at: YearPage, links: &PageLinks<'_>) -> Result<(String, Vec<Link>), DeadLink> {
    let of_year = format!("{}年度", at.year);
    let listing = match at.listing {
        Listing::ByRegion => String::new(),
        Listing::By(_) => at.column().map(|column| format!("按{}排列", column.name)).unwrap_or_default(),
        Listing::Only(kind) => kind.name().to_owned(),
    };
    let parts: Vec<String> = [listing, paging::suffix(at.page)].into_iter().filter(|part| !part.is_empty()).collect();
    if parts.is_empty() {
        return Ok((of_year.clone(), vec![Link::here(of_year)]));
    }
    let here = parts.join(" · ");
    Ok((format!("{of_year} · {here}"), vec![Link::new(of_year, links.to(&year_path(at.year))?), Link::here(here)]))
}

/// The disclosures of a year in order: by kind and region, or from the greatest amount down,
/// those without one last.
fn listed(scene: &Scene<'_>, at: YearPage) -> Vec<usize> {
    let mut listed = scene.index.by_year.get(&at.year).cloned().unwrap_or_default();
    let disclosure = |at: &usize| &scene.site.disclosures[*at];
    let place = |at: &usize| scene.index.order.places.get(&disclosure(at).unit).copied();
    listed.sort_by_key(|at| (disclosure(at).kind, place(at)));
    if let Listing::Only(kind) = at.listing {
        listed.retain(|at| disclosure(at).kind == kind);
    }
    if let Some(column) = at.column() {
        listed.sort_by_key(|at| match disclosure(at).concept(column.concept) {
            Figure::Amount(amount) => Reverse(Some(amount)),
            _ => Reverse(None),
        });
    }
    listed
}

/// The way to the lists of each kind.
pub(super) fn kind_links(
    scene: &Scene<'_>,
    year: i32,
    here: Option<Kind>,
    links: &PageLinks<'_>,
) -> Result<Vec<Link>, DeadLink> {
    let listed = scene.index.by_year.get(&year).map_or(&[][..], Vec::as_slice);
    let link = |(kind, count): (Kind, usize)| {
        let text = format!("{}{count}份", kind.name());
        let href = if here == Some(kind) { None } else { Some(links.to(&year_list_path(year, kind.key()))?) };
        Ok(Link { text, href })
    };
    kinds(scene.site, listed).into_iter().map(link).collect()
}

/// The columns as a page shows them: the one that it is in the order of stands first, where a
/// phone shows it.
fn shown(at: YearPage) -> impl Iterator<Item = &'static Column> {
    let rest = COLUMNS.iter().filter(move |column| at.listing != Listing::By(column.key));
    at.column().into_iter().chain(rest)
}

fn columns(at: YearPage, links: &PageLinks<'_>) -> Result<Vec<ColumnView>, DeadLink> {
    let view = |column: &'static Column| {
        let sorted = at.listing == Listing::By(column.key);
        let href = if sorted { None } else { Some(links.to(&year_list_path(at.year, column.key))?) };
        Ok(ColumnView { link: Link { text: column.name.to_owned(), href }, sorted })
    };
    shown(at).map(view).collect()
}

fn row(scene: &Scene<'_>, page: YearPage, at: usize, links: &PageLinks<'_>) -> Result<RowView, DeadLink> {
    let disclosure = &scene.site.disclosures[at];
    let totals = shown(page).map(|column| concept_link(disclosure, column.concept, links));
    Ok(RowView {
        unit: Link::new(scene.unit_name(disclosure), links.to(&disclosure_path(disclosure))?),
        region: scene.site.unit_of(disclosure).map(|unit| unit.region.join(" ")).unwrap_or_default(),
        kind: format!("{}{}", disclosure.word, disclosure.kind.name()),
        published: disclosure.published.as_ref().map(|date| date.value.to_string()).unwrap_or_default(),
        amended: version::mark(disclosure),
        totals: totals.collect::<Result<_, _>>()?,
        quality: quality_link(scene, at, links)?,
    })
}
