//! A unit over the years: the main concepts in rows, the years in columns, each figure leading to
//! where it is disclosed.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::derive::series::{Series, series_of};
use crate::model::form::Kind;
use crate::model::table::Figure;
use crate::model::unit::Unit;
use crate::render::links::{DeadLink, PageLinks, disclosure_path};
use crate::render::pages::{LISTED, Scene};
use crate::render::view::{Link, figure_text};

/// Concepts under a heading, with the names that readers know them by.
type Group = (&'static str, &'static [(&'static str, &'static str)]);

/// What a unit's years are compared by; concepts without a figure in any year are left out.
const GROUPS: [Group; 5] = [
    (
        "收入和支出",
        &[
            ("income_grand_total", "收、支总计"),
            ("opening_balance", "年初结转和结余"),
            ("income_total", "本年收入合计"),
            ("spending_total", "本年支出合计"),
            ("closing_balance", "年末结转和结余"),
        ],
    ),
    (
        "收入来源",
        &[
            ("income_general", "一般公共预算财政拨款收入"),
            ("income_fund", "政府性基金预算财政拨款收入"),
            ("income_state", "国有资本经营预算财政拨款收入"),
            ("income_superior", "上级补助收入"),
            ("income_business", "事业收入"),
            ("income_operating", "经营收入"),
            ("income_affiliated", "附属单位上缴收入"),
            ("income_other", "其他收入"),
        ],
    ),
    (
        "支出构成",
        &[
            ("spending_basic", "基本支出"),
            ("spending_project", "项目支出"),
            ("spending_upward", "上缴上级支出"),
            ("spending_operating", "经营支出"),
            ("spending_affiliated", "对附属单位补助支出"),
        ],
    ),
    (
        "财政拨款支出",
        &[
            ("grant_spending_total", "财政拨款支出合计"),
            ("general_total", "一般公共预算财政拨款支出"),
            ("general_basic", "其中：基本支出"),
            ("general_project", "其中：项目支出"),
            ("personnel_total", "人员经费"),
            ("running_total", "公用经费"),
        ],
    ),
    (
        "“三公”经费",
        &[
            ("three_public_budget", "预算数"),
            ("three_public_actual", "支出数"),
            ("three_public_actual_abroad", "其中：因公出国（境）费"),
            ("three_public_actual_vehicle", "其中：公务用车购置及运行维护费"),
            ("three_public_actual_purchase", "公务用车购置费"),
            ("three_public_actual_operation", "公务用车运行维护费"),
            ("three_public_actual_reception", "其中：公务接待费"),
        ],
    ),
];

/// A unit's years of one kind side by side.
#[derive(Serialize)]
pub(super) struct YearsView {
    /// The years, oldest first.
    years: Vec<i32>,
    /// Years whose figures come from the following year's disclosure.
    told: Vec<String>,
    /// The figures, by subject.
    groups: Vec<GroupView>,
}

#[derive(Serialize)]
struct GroupView {
    /// The subject: 收入来源.
    name: &'static str,
    /// Its figures.
    rows: Vec<RowView>,
}

#[derive(Serialize)]
struct RowView {
    /// What the figure is.
    name: &'static str,
    /// An amount a year, in the order of `years`, with its cell.
    figures: Vec<Link>,
}

/// The years of a unit side by side; `None` where it published nothing of the kind.
pub(super) fn years(
    scene: &Scene<'_>,
    unit: &Unit,
    kind: Kind,
    links: &PageLinks<'_>,
) -> Result<Option<YearsView>, DeadLink> {
    let published: BTreeSet<i32> =
        scene.disclosures_of(&unit.id).filter(|d| d.kind == kind).map(|disclosure| disclosure.year).collect();
    if published.is_empty() {
        return Ok(None);
    }
    let groups = GROUPS.map(|(name, concepts)| (name, series_of(scene.site, &unit.id, kind, concepts)));
    let points = groups.iter().flat_map(|(_, series)| series).flat_map(|series| &series.points);
    let years: BTreeSet<i32> = points.map(|point| point.year).chain(published.iter().copied()).collect();
    let group = |(name, series): (&'static str, Vec<Series>)| {
        let rows = series.iter().map(|series| row(scene, unit, kind, &years, series, links));
        Ok(GroupView { name, rows: rows.collect::<Result<_, DeadLink>>()? })
    };
    let groups = groups.into_iter().filter(|(_, series)| !series.is_empty()).map(group);
    Ok(Some(YearsView {
        told: years.difference(&published).map(|year| format!("{year}年")).collect(),
        groups: groups.collect::<Result<_, DeadLink>>()?,
        years: years.into_iter().collect(),
    }))
}

fn row(
    scene: &Scene<'_>,
    unit: &Unit,
    kind: Kind,
    years: &BTreeSet<i32>,
    series: &Series,
    links: &PageLinks<'_>,
) -> Result<RowView, DeadLink> {
    let figures = years.iter().map(|year| {
        let point = series.points.iter().find(|point| point.year == *year);
        let text = figure_text(point.map_or(Figure::Blank, |point| point.figure), LISTED);
        Ok(Link { text, href: cell_href(scene, unit, kind, *year, series.concept, links)? })
    });
    Ok(RowView { name: series.name, figures: figures.collect::<Result<_, DeadLink>>()? })
}

/// The href of the cell a concept stands for in a unit's year, where the site has it.
fn cell_href(
    scene: &Scene<'_>,
    unit: &Unit,
    kind: Kind,
    year: i32,
    concept: &str,
    links: &PageLinks<'_>,
) -> Result<Option<String>, DeadLink> {
    let disclosure = scene.disclosures_of(&unit.id).find(|d| d.year == year && d.kind == kind);
    let shown = disclosure.and_then(|d| Some((d, d.set.concept_cell(concept).filter(|cell| d.shows(*cell))?)));
    let Some((disclosure, cell)) = shown else {
        return Ok(None);
    };
    let anchor = disclosure.set.form_of(cell).cell_anchor(cell);
    links.to_anchor(&disclosure_path(disclosure), &anchor).map(Some)
}
