//! A unit's years side by side: the key totals, for trend pages.

use crate::derive::change::prior_of_cell;
use crate::derive::naming::Origin;
use crate::model::disclosure::Disclosure;
use crate::model::form::Kind;
use crate::model::site::Site;
use crate::model::table::Figure;

/// One total over the years of a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// The concept: `spending_total`.
    pub concept: &'static str,
    /// Its name: 本年支出合计.
    pub name: &'static str,
    /// A point a year, oldest first.
    pub points: Vec<YearPoint>,
}

/// A year of a series.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YearPoint {
    /// The fiscal year.
    pub year: i32,
    /// The figure; blank and unknown stay what they are.
    pub figure: Figure,
    /// Its cell in that year's disclosure.
    pub origin: Origin,
    /// Whether the figure is only given by the next year's document.
    pub from_next_year: bool,
}

/// The totals that trend pages follow, with their names.
pub const KEY_CONCEPTS: [(&str, &str); 6] = [
    ("income_grand_total", "收入支出总计"),
    ("income_total", "本年收入合计"),
    ("spending_total", "本年支出合计"),
    ("grant_spending_total", "财政拨款支出合计"),
    ("general_total", "一般公共预算财政拨款支出"),
    ("three_public_actual", "财政拨款“三公”经费支出"),
];

/// The key totals of a unit's disclosures of one kind. A year before the first is taken from
/// what the first document says of it; a series without any figure is left out.
pub fn series(site: &Site, unit: &str, kind: Kind) -> Vec<Series> {
    series_of(site, unit, kind, &KEY_CONCEPTS)
}

/// Concepts, each with its name, over a unit's disclosures of one kind; as [`series`].
pub fn series_of(site: &Site, unit: &str, kind: Kind, concepts: &[(&'static str, &'static str)]) -> Vec<Series> {
    let mut years: Vec<&Disclosure> = site.disclosures_of(unit).filter(|d| d.kind == kind).collect();
    years.sort_by_key(|disclosure| disclosure.year);
    let one =
        |&(concept, name): &(&'static str, &'static str)| Series { concept, name, points: points(&years, concept) };
    concepts.iter().map(one).filter(|series| !series.points.is_empty()).collect()
}

fn points(years: &[&Disclosure], concept: &str) -> Vec<YearPoint> {
    let mut points: Vec<YearPoint> = Vec::with_capacity(years.len() + 1);
    for disclosure in years {
        let Some(cell) = disclosure.set.concept_cell(concept) else { continue };
        let year = disclosure.year;
        if points.last().is_none_or(|last| last.year < year - 1)
            && let figure @ Figure::Amount(_) = prior_of_cell(None, disclosure, cell)
        {
            points.push(YearPoint { year: year - 1, figure, origin: Origin::default(), from_next_year: true });
        }
        let figure = disclosure.figure(cell);
        points.push(YearPoint { year, figure, origin: Origin::of(disclosure, cell), from_next_year: false });
    }
    if points.iter().any(|point| matches!(point.figure, Figure::Amount(_))) { points } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::derive::fixture::{disclosure, fill, site, wan};

    #[test]
    fn a_series_begins_with_the_year_that_the_first_document_looks_back_on() {
        let mut first = disclosure();
        fill(&mut first, "上年甲01表31行", wan("350.38"));
        fill(&mut first, "甲01表31行", wan("373.97"));
        let mut second = disclosure();
        second.year = 2024;
        fill(&mut second, "上年甲01表31行", wan("1"));
        fill(&mut second, "甲01表31行", wan("?"));
        let series = series(&site("", vec![second, first]), "unit", Kind::Final);
        let total = series.iter().find(|series| series.concept == "income_grand_total").unwrap();
        let points: Vec<_> =
            total.points.iter().map(|point| (point.year, point.figure, point.from_next_year)).collect();
        assert_eq!(points, [(2022, wan("350.38"), true), (2023, wan("373.97"), false), (2024, wan("?"), false)]);
    }

    #[test]
    fn a_series_without_any_figure_is_left_out() {
        assert_eq!(series(&site("", vec![disclosure()]), "unit", Kind::Final), []);
    }
}
