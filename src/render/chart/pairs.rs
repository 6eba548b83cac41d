//! Two bars an item: what was budgeted and what was spent, with the rate of completion.

use crate::amount::{Amount, Percent};
use crate::derive::change::RATE_DECIMALS;
use crate::derive::chart::budget::DRAWN_ITEMS;
use crate::derive::chart::{Chart, Point};
use crate::render::chart::bars::Axis;
use crate::render::chart::canvas::{Bar, GAP, LINE, Layout, MAIN, MARGIN, OTHER, Side, Unit, WIDTH, width};
use crate::render::chart::rest;

const BAR: Unit = 140;
const BETWEEN: Unit = 120;
/// The shortest length that bars may have beside their figures.
const LONG_ENOUGH: Unit = 900;

/// An item before it is placed.
struct Item {
    label: String,
    budget: Amount,
    spent: Amount,
}

/// The layout; `None` where nothing can be compared.
pub(super) fn layout(chart: &Chart, word: &str) -> Option<Layout> {
    let items = items(chart);
    let rows: Vec<[(String, i128); 2]> = items.iter().map(|item| row(chart, item, word)).collect();
    let widest = rows.iter().flatten().map(|(text, _)| width(text)).max()?;
    let length = WIDTH - 2 * MARGIN - GAP - widest;
    let beside = length >= LONG_ENOUGH;
    let length = if beside { length } else { WIDTH - 2 * MARGIN };
    let axis = Axis::of(rows.iter().flatten().map(|(_, fen)| *fen), MARGIN, length);
    let mut layout = Layout::default();
    let mut y = layout.push_unit(chart.scale) + 40;
    for (item, row) in items.iter().zip(rows) {
        y = layout.push_named(&item.label, &completion(item, word), y, true);
        for ((text, fen), ink) in row.into_iter().zip([OTHER, MAIN]) {
            if !beside {
                y = layout.push_down(vec![text.clone()], MARGIN, y, Side::Left, false);
            }
            let (left, right) = axis.span(fen);
            layout.bars.push(Bar { left, top: y - BAR / 2, right, bottom: y + BAR / 2, ink });
            if beside {
                layout.push_down(vec![text], right + GAP, y, Side::Left, false);
            }
            y += LINE;
        }
        let zero = axis.at(0);
        if beside {
            layout.lines.push([(zero, y - 2 * LINE - BAR / 2 - 10), (zero, y - LINE + BAR / 2 + 10)]);
        }
        y += BETWEEN;
    }
    layout.height = y - BETWEEN - LINE / 2 + 20;
    Some(layout)
}

/// The figures of an item with their words.
fn row(chart: &Chart, item: &Item, word: &str) -> [(String, i128); 2] {
    let said = |name: &str, amount: Amount| (format!("{name}{}", amount.print(chart.scale)), amount.fen().unwrap_or(0));
    [said(word, item.budget), said("支出决算", item.spent)]
}

/// `完成97.62%`; a budget of zero or below has no rate.
fn completion(item: &Item, word: &str) -> String {
    let rate = Percent::of(item.spent, item.budget, RATE_DECIMALS).filter(|_| !item.budget.is_negative());
    match rate {
        Some(rate) => format!("完成{rate}"),
        None if item.budget.is_zero() => format!("{word}为0"),
        None => format!("{word}为负数"),
    }
}

/// The items that can be compared: the greatest ones, and the rest as one.
fn items(chart: &Chart) -> Vec<Item> {
    let item =
        |point: &Point| Some(Item { label: point.label.clone(), budget: point.budget()?, spent: point.amount()? });
    let all: Vec<Item> = chart.points.iter().filter_map(item).collect();
    let (mut drawn, rest) = rest::split(all, DRAWN_ITEMS, |item| item.budget.abs().max(item.spent.abs()));
    if !rest.is_empty() {
        drawn.push(Item {
            label: rest::name(rest.len()),
            budget: rest.iter().map(|item| item.budget).sum(),
            spent: rest.iter().map(|item| item.spent).sum(),
        });
    }
    drawn
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::chart::clear::pairs;

    #[test]
    fn the_rest_is_the_exact_sum_of_what_is_not_drawn() {
        let all: Vec<(String, String, String)> =
            (1..=10).map(|n| (format!("科目{n}"), format!("{n}.01"), format!("{n}.02"))).collect();
        let all: Vec<(&str, &str, &str)> = all.iter().map(|(a, b, c)| (a.as_str(), b.as_str(), c.as_str())).collect();
        let items = items(&pairs(&all));
        assert_eq!(items.len(), DRAWN_ITEMS);
        let rest = items.last().unwrap();
        let print = |amount: Amount| amount.print(crate::amount::Scale::TenThousand).to_string();
        assert_eq!(
            (rest.label.as_str(), print(rest.budget), print(rest.spent)),
            ("其余3项合计", "6.03".to_owned(), "6.06".to_owned())
        );
    }

    #[test]
    fn what_is_not_known_is_not_drawn_and_a_budget_of_zero_has_no_rate() {
        let items = items(&pairs(&[("甲", "", "3"), ("乙", "0", "3"), ("丙", "4", "3")]));
        let said: Vec<String> = items.iter().map(|item| completion(item, "年初预算")).collect();
        assert_eq!(said, ["年初预算为0", "完成75.00%"]);
    }
}
