//! A ring of parts of a whole, with a list of them at its right.
//!
//! Every slice bears the number of its entry in the list, so that colours are not needed. The
//! numbers of slivers are moved apart along the ring and led back by a line.

use plotters_backend::BackendCoord;

use crate::amount::Amount;
use crate::derive::chart::{Chart, Point};
use crate::render::chart::bars::{sum_text, value_text};
use crate::render::chart::canvas::{
    Bar, GAP, INKS, LINE, Label, Layout, MARGIN, Ring, Side, Slice, TEXT, Unit, WIDTH, in_fen, ink_of, small, width,
    wrap,
};
use crate::render::chart::rest;
use crate::render::chart::svg::on_circle;

const CENTRE: Unit = 800;
pub(super) const OUTER: Unit = 600;
pub(super) const INNER: Unit = 370;
/// How far from the centre the numbers of the slices stand.
const NUMBERS: Unit = 710;
/// A whole turn.
pub(super) const TURN: i32 = 1_000_000;
/// What stands between slices, in millionths of a turn.
const BREAK: i32 = 2_500;
/// How far the numbers of slices stand from each other, in millionths of a turn.
const APART: i32 = 42_000;
const LEGEND: Unit = 1_660;
const SWATCH: Unit = 120;
const ENTRY: Unit = LEGEND + SWATCH + 60;
const BETWEEN: Unit = 90;

/// An entry of the list.
struct Entry {
    label: String,
    fen: i128,
    value: String,
}

/// The layout; `None` where a part is not known or nothing is there.
pub(super) fn layout(chart: &Chart) -> Option<Layout> {
    let entries = entries(chart)?;
    let total: i128 = entries.iter().map(|entry| entry.fen).sum();
    if total <= 0 {
        return None;
    }
    let mut layout = Layout::default();
    let sum = chart.total.map(|total| total.print(chart.scale).to_string());
    let (inside, beside) = sum.into_iter().partition::<Vec<_>, _>(|sum| width(sum) <= 2 * INNER - 100);
    let list = list(&entries, beside.first().map(|sum| format!("合计{sum}{}", chart.scale.name())));
    let tall: Unit = list.iter().map(|(_, lines)| small(lines.len()) * LINE + BETWEEN).sum();
    layout.height = (tall - BETWEEN + 60).max(2 * NUMBERS + 2 * TEXT);
    let mut y = (layout.height - (tall - BETWEEN)) / 2 + LINE / 2;
    for (index, lines) in list {
        if let Some(index) = index {
            let swatch = y - SWATCH / 2;
            let (right, bottom) = (LEGEND + SWATCH, swatch + SWATCH);
            layout.bars.push(Bar { left: LEGEND, top: swatch, right, bottom, ink: ink_of(index) });
        }
        y = layout.push_down(lines, ENTRY, y, Side::Left, index.is_none()) + BETWEEN;
    }
    let centre = (CENTRE, layout.height / 2);
    for sum in inside {
        layout.push_around(vec![sum, chart.scale.name().to_owned()], CENTRE, centre.1, Side::Centre, true);
    }
    let slices = slices(&entries, total);
    number(&mut layout, &slices, centre);
    layout.ring = Some(Ring { centre, slices });
    Some(layout)
}

/// The parts to draw: at most six, the smallest ones together as one.
fn entries(chart: &Chart) -> Option<Vec<Entry>> {
    let mut known: Vec<(&Point, i128)> = Vec::with_capacity(chart.points.len());
    for point in &chart.points {
        known.push((point, in_fen(point)?));
    }
    let (kept, rest) = rest::split(known, INKS, |(_, fen)| *fen);
    let entry =
        |(point, fen): (&Point, i128)| Entry { label: point.label.clone(), fen, value: value_text(chart, point) };
    let mut entries: Vec<Entry> = kept.into_iter().map(entry).collect();
    if !rest.is_empty() {
        let fen = rest.iter().map(|(_, fen)| fen).sum();
        let value = sum_text(chart, Amount::from_fen(fen));
        entries.push(Entry { label: rest::name(rest.len()), fen, value });
    }
    Some(entries)
}

/// The lines of the list, each with the index of its slice; the sum has none.
fn list(entries: &[Entry], sum: Option<String>) -> Vec<(Option<usize>, Vec<String>)> {
    let room = WIDTH - MARGIN - ENTRY;
    let lines = |(index, entry): (usize, &Entry)| {
        let mut lines = wrap(&format!("{} {}", index + 1, entry.label), room);
        lines.extend(wrap(&entry.value, room));
        (Some(index), lines)
    };
    let sum = sum.map(|sum| (None, wrap(&sum, room)));
    entries.iter().enumerate().map(lines).chain(sum).collect()
}

fn slices(entries: &[Entry], total: i128) -> Vec<Slice> {
    let turn = |fen: i128| {
        let exact = fen.checked_mul(i128::from(TURN)).map(|product| product / total);
        exact.and_then(|turn| i32::try_from(turn).ok()).unwrap_or(TURN)
    };
    let mut sum = 0;
    let mut slices = Vec::with_capacity(entries.len());
    for (index, entry) in entries.iter().enumerate() {
        let from = turn(sum);
        sum += entry.fen;
        let to = turn(sum);
        // A sliver keeps its whole width: it would vanish in the break.
        let to = if to - from > 3 * BREAK { to - BREAK } else { to };
        slices.push(Slice { from, to, ink: ink_of(index) });
    }
    slices
}

/// Numbers the slices around the ring.
fn number(layout: &mut Layout, slices: &[Slice], centre: BackendCoord) {
    let middles: Vec<i32> = slices.iter().map(|slice| slice.from.midpoint(slice.to)).collect();
    for (index, (middle, place)) in middles.iter().zip(apart(&middles)).enumerate() {
        let (x, y) = on_circle(centre, place, NUMBERS);
        layout.labels.push(Label { text: (index + 1).to_string(), x, y, side: Side::Centre, bold: false });
        if (middle - place).abs() > APART / 4 {
            layout.lines.push([on_circle(centre, *middle, OUTER), on_circle(centre, place, NUMBERS - GAP - 30)]);
        }
    }
}

/// Places on a turn near the given ones, in their order, none nearer to another than [`APART`].
fn apart(middles: &[i32]) -> Vec<i32> {
    let mut places = middles.to_vec();
    let mut least = APART / 2;
    for place in &mut places {
        *place = (*place).max(least);
        least = *place + APART;
    }
    let mut most = TURN - APART / 2;
    for place in places.iter_mut().rev() {
        *place = (*place).min(most);
        most = *place - APART;
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::derive::chart::Shape;
    use crate::render::chart::clear::chart;

    #[test]
    fn more_than_six_parts_end_in_the_rest() {
        let parts = [("甲", "60"), ("乙", "1"), ("丙", "30"), ("丁", "2"), ("戊", "3"), ("己", "2.5"), ("庚", "1.5")];
        let entries = entries(&chart(Shape::Ring, &parts)).unwrap();
        let labels: Vec<_> = entries.iter().map(|entry| entry.label.as_str()).collect();
        assert_eq!(labels, ["甲", "丙", "丁", "戊", "己", "其余2项合计"]);
        assert_eq!(entries[5].value, "2.50　2.50%");
    }

    #[test]
    fn a_ring_is_one_whole_turn() {
        let ring = layout(&chart(Shape::Ring, &[("甲", "1"), ("乙", "2")])).unwrap().ring.unwrap();
        assert_eq!((ring.slices[0].from, ring.slices[1].to), (0, TURN - BREAK));
    }

    #[test]
    fn numbers_of_slivers_are_moved_apart_in_order() {
        let places = apart(&[1, 2, 3, 500_000, 999_998, 999_999]);
        assert!(places.windows(2).all(|pair| pair[1] - pair[0] >= APART), "{places:?}");
        assert!(places[0] >= APART / 2 && places[5] <= TURN - APART / 2);
        assert_eq!(places[3], 500_000, "a slice with room keeps its place");
    }
}
