//! Where the money came from and where it went: bands from the sources to one total, and from
//! there to the ways.

use crate::amount::{Amount, Percent};
use crate::derive::chart::{Chart, Point, Role};
use crate::render::chart::canvas::{
    Bar, Ink, LINE, Layout, MAIN, MARGIN, OTHER, Ribbon, Side, Unit, WIDTH, along, in_fen, small, wrap,
};
use crate::render::chart::rest;

/// The room for labels on each side.
const LABELS: Unit = 1_150;
const NODE: Unit = 60;
const GAP: Unit = 50;
/// How high the total is.
const TALL: Unit = 1_300;
const BETWEEN: Unit = 90;
/// How many nodes a side has at most.
const MOST: usize = 8;
/// The thinnest band that can be seen.
const HAIR: Unit = 8;
/// The colours of what was spent; what is left has its own.
const SPENT: [u8; 5] = [2, 3, 4, 6, 1];

/// A source or a way before it is placed.
struct Node {
    lines: Vec<String>,
    fen: i128,
    ink: Ink,
}

/// The layout; `None` where a figure is not known or a side is empty.
pub(super) fn layout(chart: &Chart) -> Option<Layout> {
    let [came, went] = [nodes(chart, true)?, nodes(chart, false)?];
    let mut layout = Layout::default();
    let sum = chart.total.map(|total| format!("收、支总计{}{}", total.print(chart.scale), chart.scale.name()));
    let sum = sum.map_or_else(Vec::new, |sum| wrap(&sum, WIDTH - 2 * MARGIN));
    let y = layout.push_down(sum, WIDTH / 2, LINE / 2 + 10, Side::Centre, true);
    layout.push_down(vec!["来源".to_owned()], MARGIN + LABELS, y, Side::Right, true);
    layout.push_down(vec!["去向".to_owned()], WIDTH - MARGIN - LABELS, y, Side::Left, true);
    let top = y + LINE / 2 + 40;
    let tall = [&came, &went].map(|side| heights(side).iter().sum::<Unit>()).into_iter().max()?.max(TALL);
    let middle = WIDTH / 2;
    let from = top + (tall - TALL) / 2;
    layout.bars.push(Bar {
        left: middle - NODE / 2,
        top: from,
        right: middle + NODE / 2,
        bottom: from + TALL,
        ink: MAIN,
    });
    place(&mut layout, &came, true, top, tall);
    place(&mut layout, &went, false, top, tall);
    layout.height = top + tall + 20;
    Some(layout)
}

/// How high each node's slot is: its band or its label, whichever is higher.
fn heights(side: &[Node]) -> Vec<Unit> {
    let total = side.iter().map(|node| node.fen).sum();
    let of = |node: &Node| along(TALL, node.fen, total).max(small(node.lines.len()) * LINE) + BETWEEN;
    side.iter().map(of).collect()
}

/// Places a side: nodes beside their labels, bands between nodes and the total.
fn place(layout: &mut Layout, side: &[Node], comes: bool, top: Unit, tall: Unit) {
    let total: i128 = side.iter().map(|node| node.fen).sum();
    let heights = heights(side);
    let (edge, inner) = (MARGIN + LABELS, MARGIN + LABELS + GAP);
    let mut y = top + (tall - heights.iter().sum::<Unit>()) / 2;
    let from = top + (tall - TALL) / 2;
    let mut sum = 0;
    for (node, height) in side.iter().zip(heights) {
        let middle = y + height / 2;
        let (begin, end) = (from + along(TALL, sum, total), from + along(TALL, sum + node.fen, total));
        let band = (end - begin).max(HAIR);
        let (upper, lower) = (middle - band / 2, middle - band / 2 + band);
        let ribbon = Ribbon {
            from: [inner + NODE, upper, lower],
            to: [WIDTH / 2 - NODE / 2, begin, begin + band],
            ink: node.ink,
        };
        let bar = Bar { left: inner, top: upper, right: inner + NODE, bottom: lower, ink: node.ink };
        let (x, at) = if comes { (edge, Side::Right) } else { (WIDTH - edge, Side::Left) };
        layout.push_around(node.lines.clone(), x, middle, at, false);
        layout.ribbons.push(if comes { ribbon } else { ribbon.mirrored() });
        layout.bars.push(if comes { bar } else { Bar { left: WIDTH - bar.right, right: WIDTH - bar.left, ..bar } });
        sum += node.fen;
        y += height;
    }
}

impl Ribbon {
    /// The same on the other side.
    fn mirrored(self) -> Self {
        let [from, to] = [self.from, self.to].map(|[x, upper, lower]| [WIDTH - x, upper, lower]);
        Self { from, to, ..self }
    }
}

/// The nodes of a side: the greatest ones in their order, the rest as one; what was left over
/// always stands for itself.
fn nodes(chart: &Chart, comes: bool) -> Option<Vec<Node>> {
    let points: Vec<&Point> = chart.points.iter().filter(|point| point.comes() == comes).collect();
    let left_over = |point: &Point| matches!(point.role, Role::BroughtForward | Role::CarriedForward);
    let fen_of = |point: &Point| in_fen(point).filter(|fen| *fen >= 0);
    let (kept, rest) = rest::split(points, MOST, |point| (left_over(point), point.amount()));
    let mut nodes: Vec<Node> = Vec::with_capacity(MOST);
    for point in kept {
        let fen = fen_of(point)?;
        let ink = match point.role {
            _ if left_over(point) => OTHER,
            _ if comes => MAIN,
            _ => Ink(SPENT[nodes.len() % SPENT.len()]),
        };
        nodes.push(Node { lines: lines(chart, &point.label, point.amount()?, point.share), fen, ink });
    }
    if !rest.is_empty() {
        let known = rest.iter().map(|point| fen_of(point).and_then(|_| point.amount()));
        let sum: Amount = known.collect::<Option<Vec<_>>>()?.into_iter().sum();
        let lines = lines(chart, &rest::name(rest.len()), sum, chart.share_of(sum));
        nodes.push(Node { lines, fen: sum.fen()?, ink: if comes { MAIN } else { OTHER } });
    }
    (!nodes.is_empty()).then_some(nodes)
}

/// A name with its figure and share below.
fn lines(chart: &Chart, name: &str, amount: Amount, share: Option<Percent>) -> Vec<String> {
    let mut lines = wrap(name, LABELS);
    lines.extend(wrap(&amount.print(chart.scale).to_string(), LABELS));
    lines.extend(share.map(|share| share.to_string()));
    lines
}
