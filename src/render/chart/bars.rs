//! Horizontal bars from zero: years, parts that are not all above zero, long lists.
//!
//! Short names stand beside their bars, long ones above them.

use crate::amount::Amount;
use crate::derive::chart::{Chart, Point};
use crate::render::chart::canvas::{
    Bar, GAP, LINE, Layout, MAIN, MARGIN, OTHER, Side, Unit, WIDTH, along, in_fen, width,
};
use crate::render::chart::rest;

const BAR: Unit = 260;
const THIN_BAR: Unit = 130;
const BETWEEN: Unit = 180;
/// The widest name that stands beside its bar.
const BESIDE: Unit = 900;
/// The shortest length that bars may have beside their names.
const LONG_ENOUGH: Unit = 1_000;
/// How many bars a drawing has at most.
const MOST: usize = 12;

/// A bar before it is placed.
struct Row {
    label: String,
    value: String,
    /// Nothing is drawn for a figure that is not known.
    fen: Option<i128>,
    current: bool,
}

/// The layout; `None` without points.
pub(super) fn layout(chart: &Chart) -> Option<Layout> {
    let rows = rows(chart);
    let names = rows.iter().map(|row| width(&row.label)).max()?;
    let values = rows.iter().map(|row| width(&row.value)).max()?;
    let length = WIDTH - 2 * MARGIN - names - values - 2 * GAP;
    let shares = chart.points.iter().any(|point| point.share.is_some());
    let mut layout = Layout::default();
    let top = layout.push_unit(chart.scale);
    if names <= BESIDE && length >= LONG_ENOUGH {
        beside(&mut layout, &rows, MARGIN + names + GAP, length, top, shares);
    } else {
        below(&mut layout, &rows, top, shares);
    }
    Some(layout)
}

/// The rows of a chart: of many years the last ones, of many parts the greatest and the rest.
fn rows(chart: &Chart) -> Vec<Row> {
    let points = &chart.points;
    if points.len() <= MOST {
        return rows_of(chart, points);
    }
    if points.iter().all(|point| point.share.is_none()) {
        return rows_of(chart, &points[points.len() - MOST..]);
    }
    let (kept, rest) = rest::split(points.clone(), MOST, Point::amount);
    let mut rows = rows_of(chart, &kept);
    rows.push(pooled(chart, &rest));
    rows
}

fn rows_of(chart: &Chart, points: &[Point]) -> Vec<Row> {
    let row = |(index, point): (usize, &Point)| Row {
        label: point.label.clone(),
        value: value_text(chart, point),
        fen: in_fen(point),
        current: index + 1 == points.len() && point.share.is_none(),
    };
    points.iter().enumerate().map(row).collect()
}

/// Points drawn as one.
fn pooled(chart: &Chart, rest: &[Point]) -> Row {
    let sum: Amount = rest.iter().filter_map(Point::amount).sum();
    Row { label: rest::name(rest.len()), value: sum_text(chart, sum), fen: sum.fen(), current: false }
}

/// A figure with its share as marks show it; blank is nothing.
pub(super) fn value_text(chart: &Chart, point: &Point) -> String {
    match (point.text(chart.scale), point.share) {
        (text, _) if text.is_empty() => "0.00".to_owned(),
        (text, Some(share)) => format!("{text}　{share}"),
        (text, None) => text,
    }
}

/// A sum with its share of the whole as marks show it.
pub(super) fn sum_text(chart: &Chart, sum: Amount) -> String {
    let share = chart.share_of(sum).map_or_else(String::new, |share| format!("　{share}"));
    format!("{}{share}", sum.print(chart.scale))
}

/// Where values lie on a length, from the lowest or zero to the highest or zero.
pub(super) struct Axis {
    left: Unit,
    length: Unit,
    low: i128,
    high: i128,
}

impl Axis {
    pub(super) fn of(values: impl Iterator<Item = i128>, left: Unit, length: Unit) -> Self {
        let (low, high) = values.fold((0, 0), |(low, high), value: i128| (low.min(value), high.max(value)));
        Self { left, length, low, high }
    }

    pub(super) fn at(&self, value: i128) -> Unit {
        let whole = self.high.saturating_sub(self.low);
        self.left + along(self.length, value.saturating_sub(self.low), whole)
    }

    /// The ends of a bar from zero; what is not nothing is at least a hair wide.
    pub(super) fn span(&self, value: i128) -> (Unit, Unit) {
        let (zero, end) = (self.at(0), self.at(value));
        let end = if value != 0 && end == zero { end + if value > 0 { 5 } else { -5 } } else { end };
        (zero.min(end), zero.max(end))
    }
}

fn beside(layout: &mut Layout, rows: &[Row], left: Unit, length: Unit, first: Unit, shares: bool) {
    let axis = Axis::of(rows.iter().filter_map(|row| row.fen), left, length);
    let mut middle = first + BAR / 2 - LINE / 4;
    let top = middle - BAR / 2 - 40;
    for row in rows {
        let bold = row.current;
        let (from, to) = axis.span(row.fen.unwrap_or(0));
        if row.fen.is_some() {
            let ink = if row.current || shares { MAIN } else { OTHER };
            layout.bars.push(Bar { left: from, top: middle - BAR / 2, right: to, bottom: middle + BAR / 2, ink });
        }
        layout.push_around(vec![row.label.clone()], left - GAP, middle, Side::Right, bold);
        layout.push_around(vec![row.value.clone()], to + GAP, middle, Side::Left, bold);
        middle += BAR + BETWEEN;
    }
    layout.height = middle - BETWEEN - BAR / 2 + 60;
    layout.lines.push([(axis.at(0), top), (axis.at(0), layout.height - 20)]);
}

fn below(layout: &mut Layout, rows: &[Row], first: Unit, shares: bool) {
    let axis = Axis::of(rows.iter().filter_map(|row| row.fen), MARGIN, WIDTH - 2 * MARGIN);
    let mut y = first + 40;
    for row in rows {
        let top = layout.push_named(&row.label, &row.value, y, row.current) - LINE / 2 + 30;
        let (left, right) = axis.span(row.fen.unwrap_or(0));
        if row.fen.is_some() {
            let ink = if row.current || shares { MAIN } else { OTHER };
            layout.bars.push(Bar { left, top, right, bottom: top + THIN_BAR, ink });
        }
        layout.lines.push([(axis.at(0), top - 10), (axis.at(0), top + THIN_BAR + 10)]);
        y = top + THIN_BAR + BETWEEN + LINE / 4;
    }
    layout.height = y - LINE / 2;
}
