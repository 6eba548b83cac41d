//! A code across units: who spent on it, unit by unit, the years side by side.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::model::code::ClassCode;
use crate::model::form::Kind;
use crate::render::index::{Index, Spending};
use crate::render::links::{DeadLink, PageLinks, disclosure_path, unit_path};
use crate::render::pages::paging::rows_of;
use crate::render::pages::{LISTED, Scene};
use crate::render::view::{Link, figure_text};

/// The spending of units on a code.
#[derive(Serialize)]
pub(super) struct SpentView {
    /// The years, newest first.
    years: Vec<i32>,
    /// The units in the order of the directory, 决算 and 预算 apart.
    rows: Vec<RowView>,
}

/// A unit's spending in its 决算 or 预算, a figure a year.
#[derive(Serialize)]
struct RowView {
    /// The unit's page.
    unit: Link,
    /// 决算 or 预算.
    kind: &'static str,
    /// An amount a year, with its row; “—” where there is none.
    figures: Vec<Link>,
}

/// Spending by year, of units in the order of the directory.
type ByUnit<'s> = BTreeMap<(Option<usize>, &'s str, Kind), BTreeMap<i32, &'s Spending>>;

fn by_unit<'s>(scene: &'s Scene<'_>, list: &'s [Spending]) -> ByUnit<'s> {
    let mut rows = ByUnit::new();
    for spending in list {
        let disclosure = &scene.site.disclosures[spending.disclosure()];
        let place = scene.index.order.places.get(&disclosure.unit).copied();
        let key = (place, disclosure.unit.as_str(), disclosure.kind);
        rows.entry(key).or_default().insert(disclosure.year, spending);
    }
    rows
}

/// How many units spent on a code, 决算 and 预算 counted apart: the rows of its list.
pub(crate) fn count(site: &crate::model::site::Site, index: &Index, classification: &str, code: ClassCode) -> usize {
    let list = index.spending.get(&(classification.to_owned(), code)).map_or(&[][..], Vec::as_slice);
    let rows: BTreeSet<(&str, Kind)> = list
        .iter()
        .map(|spending| &site.disclosures[spending.disclosure()])
        .map(|d| (d.unit.as_str(), d.kind))
        .collect();
    rows.len()
}

/// A page of the list, and how many rows the whole list has.
pub(super) fn spent(
    scene: &Scene<'_>,
    (code, list): (ClassCode, &[Spending]),
    page: usize,
    links: &PageLinks<'_>,
) -> Result<(SpentView, usize), DeadLink> {
    let by_unit = by_unit(scene, list);
    let years: BTreeSet<i32> = by_unit.values().flat_map(BTreeMap::keys).copied().collect();
    let range = rows_of(page, by_unit.len());
    let row = |((_, unit, kind), spent): (&(Option<usize>, &str, Kind), &BTreeMap<i32, &Spending>)| {
        let name = scene.site.units.get(*unit).map_or(*unit, |unit| unit.name.as_str());
        let figures = years.iter().rev().map(|year| figure(scene, code, spent.get(year).copied(), links));
        Ok(RowView {
            unit: Link::new(name, links.to(&unit_path(unit))?),
            kind: kind.name(),
            figures: figures.collect::<Result<_, DeadLink>>()?,
        })
    };
    let rows = by_unit.iter().skip(range.start).take(range.len()).map(row).collect::<Result<_, DeadLink>>()?;
    Ok((SpentView { years: years.iter().rev().copied().collect(), rows }, by_unit.len()))
}

fn figure(
    scene: &Scene<'_>,
    code: ClassCode,
    spending: Option<&Spending>,
    links: &PageLinks<'_>,
) -> Result<Link, DeadLink> {
    let Some(spending) = spending else { return Ok(Link::here("—")) };
    let disclosure = &scene.site.disclosures[spending.disclosure()];
    let cell = spending.cell(code);
    let href = links.to_anchor(&disclosure_path(disclosure), &disclosure.set.form_of(cell).row_anchor(cell.row))?;
    Ok(Link::new(figure_text(spending.figure(scene.site, code), LISTED), href))
}
