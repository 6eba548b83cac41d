//! No label collides with another or with a mark, and none leaves the drawing, whatever the
//! figures and names: tried on drawings of every kind from invented data.

use crate::amount::{Amount, Percent, Scale};
use crate::derive::chart::{Chart, Point, Role, Sentence, Shape};
use crate::model::table::Figure;
use crate::render::chart::canvas::{LINE, Label, Layout, Side, TEXT, Unit, WIDTH, width};
use crate::render::chart::ring::{INNER, OUTER};
use crate::render::chart::{figure, layout, svg};
use crate::synth::prng::Prng;

fn wan(text: &str) -> Figure {
    match text {
        "" => Figure::Unknown,
        text => Figure::Amount(Amount::parse(text, Scale::TenThousand).unwrap()),
    }
}

fn of_points(id: &str, shape: Shape, points: Vec<Point>) -> Chart {
    // Sides of invented figures are not equal: the total is the greater one.
    let side = |comes| -> Amount { points.iter().filter(|p| p.comes() == comes).filter_map(Point::amount).sum() };
    let total = side(true).max(side(false));
    Chart {
        id: id.into(),
        total: Some(total),
        title: "支出决算结构".into(),
        sentence: Sentence::of("基本支出占61.49%，项目支出占38.51%。").unwrap(),
        shape,
        points,
        scale: Scale::TenThousand,
    }
}

/// A chart of figures in 万元, an empty text being unknown; rings have shares.
pub(super) fn chart(shape: Shape, points: &[(&str, &str)]) -> Chart {
    let total: Amount = points.iter().filter_map(|(_, text)| wan(text).amount()).sum();
    let point = |(label, text): &(&str, &str)| Point {
        share: wan(text).amount().filter(|_| shape == Shape::Ring).and_then(|part| Percent::of(part, total, 2)),
        cell: Some("公开03表合计行2栏".into()),
        anchor: Some("#t03-total-c2".into()),
        ..Point::new(*label, wan(text), Role::Figure)
    };
    of_points("spending-structure", shape, points.iter().map(point).collect())
}

/// A chart of budgets and what was spent.
pub(super) fn pairs(items: &[(&str, &str, &str)]) -> Chart {
    let point = |(label, budget, spent): &(&str, &str, &str)| {
        Point::new(*label, wan(spent), Role::Against { budget: wan(budget), cell: "年初预算·2010350".into() })
    };
    of_points("budget-items", Shape::Pairs("年初预算"), items.iter().map(point).collect())
}

/// A flow from sources to ways; the last of each side is what was left over.
fn flow(sources: &[(&str, &str)], ways: &[(&str, &str)]) -> Chart {
    let side = |parts: &[(&str, &str)], roles: [Role; 2]| -> Vec<Point> {
        let total: Amount = parts.iter().filter_map(|(_, text)| wan(text).amount()).sum();
        let role = |index: usize| roles[usize::from(index + 1 == parts.len())].clone();
        let point = |(index, (label, text)): (usize, &(&str, &str))| Point {
            share: wan(text).amount().and_then(|part| Percent::of(part, total, 2)),
            ..Point::new(*label, wan(text), role(index))
        };
        parts.iter().enumerate().map(point).collect()
    };
    let mut points = side(sources, [Role::Source, Role::BroughtForward]);
    points.extend(side(ways, [Role::Destination, Role::CarriedForward]));
    of_points("flow", Shape::Flow, points)
}

/// A box: left, top, right, bottom.
type Bounds = [Unit; 4];

fn bounds(label: &Label) -> Bounds {
    let wide = width(&label.text);
    let left = match label.side {
        Side::Left => label.x,
        Side::Right => label.x - wide,
        Side::Centre => label.x - wide / 2,
    };
    [left, label.y - TEXT / 2, left + wide, label.y + TEXT / 2]
}

fn overlap(a: Bounds, b: Bounds) -> bool {
    a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]
}

/// Whether some of a box lies on a ring around a centre.
fn on_ring(bounds: Bounds, centre: (Unit, Unit)) -> bool {
    let far = |a: Unit, b: Unit| a.abs().max(b.abs());
    let near = |a: Unit, b: Unit| if a.signum() * b.signum() < 0 { 0 } else { a.abs().min(b.abs()) };
    let [left, top, right, bottom] =
        [bounds[0] - centre.0, bounds[1] - centre.1, bounds[2] - centre.0, bounds[3] - centre.1];
    let square = |x: Unit, y: Unit| i64::from(x).pow(2) + i64::from(y).pow(2);
    let nearest = square(near(left, right), near(top, bottom));
    let farthest = square(far(left, right), far(top, bottom));
    nearest < i64::from(OUTER).pow(2) && farthest > i64::from(INNER).pow(2)
}

/// Everything that is wrong with a layout.
fn faults(layout: &Layout) -> Vec<String> {
    let mut faults = Vec::new();
    let boxes: Vec<Bounds> = layout.labels.iter().map(bounds).collect();
    let bands = layout.ribbons.iter().map(|ribbon| {
        let [a, b] = [ribbon.from, ribbon.to];
        [a[0].min(b[0]), a[1].min(b[1]), a[0].max(b[0]), a[2].max(b[2])]
    });
    let bars = layout.bars.iter().map(|bar| [bar.left, bar.top, bar.right, bar.bottom]);
    let lines = layout.lines.iter().filter(|_| layout.ring.is_none()).map(|[from, to]| [from.0, from.1, to.0, to.1]);
    let marks: Vec<Bounds> = bars.chain(bands).chain(lines).collect();
    for mark in &marks {
        if mark[0] < 0 || mark[1] < 0 || mark[2] > WIDTH || mark[3] > layout.height {
            faults.push(format!("a mark at {mark:?} leaves the drawing"));
        }
    }
    for (index, a) in boxes.iter().enumerate() {
        let name = &layout.labels[index].text;
        if a[0] < 0 || a[1] < 0 || a[2] > WIDTH || a[3] > layout.height {
            faults.push(format!("“{name}” leaves the drawing: {a:?} of {}", layout.height));
        }
        for (other, b) in boxes.iter().enumerate().skip(index + 1) {
            if overlap(*a, *b) {
                faults.push(format!("“{name}” and “{}” collide", layout.labels[other].text));
            }
        }
        if marks.iter().any(|mark| overlap(*a, *mark)) {
            faults.push(format!("“{name}” stands on a mark"));
        }
        if layout.ring.as_ref().is_some_and(|ring| on_ring(*a, ring.centre)) {
            faults.push(format!("“{name}” stands on the ring"));
        }
    }
    faults
}

fn assert_clear(chart: &Chart) {
    let layout = layout(chart).unwrap();
    assert_eq!(faults(&layout), Vec::<String>::new(), "{chart:?}");
}

const LONG: &str = "灾害防治及应急管理支出和资源勘探工业信息等支出以及其他各项支出";

/// An invented name: short, long, very long, with letters and quotation marks.
fn name(random: &mut Prng) -> String {
    let length = match random.below(4) {
        0 => 2,
        1 => 5 + random.below(8),
        2 => 15 + random.below(20),
        _ => 40 + random.below(80),
    };
    let chars: Vec<char> = format!("{LONG}“三公”经费（WTO，100%）").chars().collect();
    (0..length).map(|_| *random.pick(&chars)).collect()
}

/// An invented amount: nothing, a sliver, a usual one, a huge one, below zero where allowed.
fn money(random: &mut Prng, negative: bool) -> String {
    let text = match random.below(5) {
        0 => "0.00".to_owned(),
        1 => "0.01".to_owned(),
        2 => format!("{}.{:02}", random.below(1_000), random.below(100)),
        3 => format!("{}.99", 1_000_000 + random.below(99_000_000)),
        _ => format!("{}9999999.99", 1 + random.below(9_000)),
    };
    if negative && random.chance(25) { format!("-{text}") } else { text }
}

fn invented(random: &mut Prng, most: usize, negative: bool) -> Vec<(String, String)> {
    let count = 1 + random.below(most);
    let one = |_| (name(random), money(random, negative));
    (0..count).map(one).collect()
}

fn borrowed(points: &[(String, String)]) -> Vec<(&str, &str)> {
    points.iter().map(|(label, text)| (label.as_str(), text.as_str())).collect()
}

#[test]
fn labels_of_invented_bars_and_rings_never_collide() {
    let (mut rings, mut below, mut years) = (0, 0, 0);
    for seed in 0..400 {
        let random = &mut Prng::new(seed);
        let points = invented(random, 26, true);
        let mut bars = chart(Shape::Bars, &borrowed(&points));
        assert_clear(&bars);
        for point in &mut bars.points {
            point.share = Percent::of(point.amount().unwrap(), Amount::from_fen(77), 2);
        }
        assert_clear(&bars);
        below += 1;
        let named: Vec<(String, String)> =
            (2011..).zip(&points).map(|(year, (_, text))| (format!("{year}年度"), text.clone())).collect();
        assert_clear(&chart(Shape::Bars, &borrowed(&named)));
        years += 1;
        let parts = invented(random, 26, false);
        let ring = chart(Shape::Ring, &borrowed(&parts));
        if let Some(layout) = layout(&ring) {
            assert_eq!(faults(&layout), Vec::<String>::new(), "{ring:?}");
            rings += 1;
        }
    }
    assert!(rings > 300 && below == 400 && years == 400, "{rings} rings");
}

#[test]
fn labels_of_invented_pairs_and_flows_never_collide() {
    let mut flows = 0;
    for seed in 0..400 {
        let random = &mut Prng::new(seed);
        let budgets = invented(random, 20, true);
        let items: Vec<(String, String, String)> =
            budgets.into_iter().map(|(label, budget)| (label, budget, money(random, true))).collect();
        let items: Vec<_> = items.iter().map(|(a, b, c)| (a.as_str(), b.as_str(), c.as_str())).collect();
        assert_clear(&pairs(&items));
        let (sources, ways) = (invented(random, 10, false), invented(random, 28, false));
        let chart = flow(&borrowed(&sources), &borrowed(&ways));
        assert_clear(&chart);
        flows += 1;
    }
    assert_eq!(flows, 400);
}

#[test]
fn the_edges_of_the_possible_are_clear_too() {
    let many: Vec<(&str, &str)> = std::iter::repeat_n((LONG, "123456789.12"), 9).collect();
    for shape in [Shape::Ring, Shape::Bars] {
        for points in
            [&many[..], &[("基本支出", "229.97"), ("项目支出", "144")], &[(LONG, "0.01"), ("甲", "99999999.99")]]
        {
            assert_clear(&chart(shape, points));
        }
    }
    let slivers = [("甲", "0.01"), ("乙", "0.01"), ("丙", "99999"), ("丁", "0.01"), ("戊", "0.01"), ("己", "0.01")];
    assert_clear(&chart(Shape::Ring, &slivers));
    assert_clear(&chart(Shape::Bars, &[("2022年度", "-50"), ("2023年度", "100")]));
    assert_clear(&chart(Shape::Bars, &[("2022年度", "0"), ("2023年度", "-7.5")]));
    assert_clear(&chart(Shape::Bars, &[("2022年度", ""), ("2023年度", "0")]));
    assert_clear(&pairs(&[("甲", "0", "0"), ("乙", "-5", "3")]));
    assert_clear(&flow(&[("甲", "1")], &[("乙", "1")]));
}

#[test]
fn the_test_itself_sees_collisions() {
    let label = |x, y| Label { text: "基本支出".into(), x, y, side: Side::Left, bold: false };
    let of = |labels| faults(&Layout { height: 1_000, labels, ..Layout::default() });
    assert_eq!(of(vec![label(100, 500), label(100, 500 + LINE)]), Vec::<String>::new());
    assert_eq!(of(vec![label(100, 500), label(600, 560)]), ["“基本支出” and “基本支出” collide"]);
    assert_eq!(of(vec![label(WIDTH - 500, 500)]).len(), 1);
    assert_eq!(of(vec![label(100, 30)]).len(), 1);
}

#[test]
fn what_is_not_known_is_neither_a_slice_nor_a_band() {
    assert_eq!(layout(&chart(Shape::Ring, &[("甲", "1"), ("乙", "")])), None);
    assert_eq!(layout(&chart(Shape::Ring, &[("甲", "0"), ("乙", "0")])), None);
    assert_eq!(layout(&flow(&[("甲", "")], &[("乙", "1")])), None);
    assert_eq!(layout(&pairs(&[("甲", "", "1")])), None);
    assert_eq!(layout(&chart(Shape::Sentence, &[("甲", "1")])), None);
}

#[test]
fn a_drawing_prints_the_given_total_and_makes_none_up() {
    let says = |chart: &Chart, text: &str| layout(chart).unwrap().labels.iter().any(|label| label.text == text);
    let mut ring = chart(Shape::Ring, &[("甲", "70.01"), ("乙", "30")]);
    let mut banded = flow(&[("甲", "70.01"), ("乙", "30")], &[("丙", "50"), ("丁", "50")]);
    let total = wan("100").amount();
    (ring.total, banded.total) = (total, total);
    assert!(says(&ring, "100.00") && !says(&ring, "100.01"));
    assert!(says(&banded, "收、支总计100.00万元") && !says(&banded, "收、支总计100.01万元"));
    (ring.total, banded.total) = (None, None);
    let sums = |chart: &Chart| layout(chart).unwrap().labels.iter().any(|label| label.text.contains("100."));
    assert!(!sums(&ring) && !sums(&banded), "{ring:?} {banded:?}");
}

#[test]
fn what_is_drawn_as_one_is_a_share_of_the_given_total() {
    let parts: Vec<(String, &str)> = (0..13).map(|n| (format!("第{n}项"), "10")).collect();
    let parts: Vec<(&str, &str)> = parts.iter().map(|(label, text)| (label.as_str(), *text)).collect();
    for shape in [Shape::Bars, Shape::Ring] {
        let mut chart = chart(shape, &parts);
        for point in &mut chart.points {
            point.share = Percent::of(point.amount().unwrap(), wan("200").amount().unwrap(), 2);
        }
        chart.total = wan("200").amount();
        let pooled = if shape == Shape::Bars { "20.00　10.00%" } else { "80.00　40.00%" };
        assert!(layout(&chart).unwrap().labels.iter().any(|label| label.text == pooled), "{shape:?}");
    }
}

#[test]
fn both_sides_of_a_flow_fill_the_total() {
    let layout = layout(&flow(&[("甲", "70"), ("乙", "30")], &[("丙", "50"), ("丁", "25"), ("戊", "25")])).unwrap();
    let total = &layout.bars[0];
    let [came, went] = [&layout.ribbons[..2], &layout.ribbons[2..]];
    for side in [came, went] {
        assert_eq!((side[0].to[1], side.last().unwrap().to[2]), (total.top, total.bottom));
        assert!(side.windows(2).all(|pair| pair[0].to[2] == pair[1].to[1]), "bands meet without a gap");
    }
    assert!(came[0].to[0] < went[0].to[0], "one side each");
}

#[test]
fn the_drawing_has_classes_and_no_styles_or_sizes() {
    let drawn = svg(&chart(Shape::Ring, &[("基本支出", "229.97"), ("项目<支出&", "144")]));
    assert!(
        drawn.starts_with(
            "<svg class=\"chart-svg\" viewBox=\"0 0 3400 1700\" aria-hidden=\"true\" focusable=\"false\" \
         font-size=\"140\" fill=\"currentColor\""
        ),
        "{drawn}"
    );
    assert!(drawn.contains("class=\"c2\" fill=\"#b98a2f\""), "{drawn}");
    assert!(drawn.contains(">2 项目&lt;支出&amp;</text>"), "{drawn}");
    for never in ["style=", "#000001", "font-family", "<script", " width=\"3400\""] {
        assert!(!drawn.contains(never), "{never}: {drawn}");
    }
    let banded = svg(&flow(&[("甲", "70"), ("乙", "30")], &[("丙", "50"), ("丁", "50")]));
    assert!(banded.contains("class=\"c1\" fill=\"#0f5563\" opacity=\".45\"") && !banded.contains("#0001"), "{banded}");
}

#[test]
fn a_figure_says_draws_and_lists_the_same_points() {
    let html = figure(&chart(Shape::Ring, &[("基本支出", "229.97"), ("项目支出", "144")]), Some(3));
    assert!(html.starts_with(
        "<figure class=\"chart\" id=\"chart-spending-structure\">\n<figcaption>图3　支出决算结构</figcaption>\n\
         <p>基本支出占61.49%，项目支出占38.51%。</p>\n<svg"
    ));
    assert!(html.contains(
        "<tr><th scope=\"row\">项目支出</th><td class=\"n\" data-cell=\"公开03表合计行2栏\">\
         <a href=\"#t03-total-c2\">144.00</a></td><td class=\"n\">38.51%</td></tr>"
    ));
    let said = figure(&chart(Shape::Sentence, &[]), None);
    assert!(!said.contains("<svg") && !said.contains("<details>"));
}

#[test]
fn a_table_of_pairs_and_of_a_flow_has_its_columns_and_sides() {
    let html = figure(&pairs(&[("事业运行", "4", "3"), ("其他支出", "", "1")]), None);
    assert!(html.contains(
        "<th scope=\"col\" class=\"n\">年初预算（万元）</th><th scope=\"col\" class=\"n\">支出决算（万元）</th></tr>"
    ));
    assert!(
        html.contains("<tr><th scope=\"row\">其他支出</th><td class=\"n\">未提供</td><td class=\"n\">1.00</td></tr>")
    );
    let html = figure(&flow(&[("甲", "70"), ("乙", "30")], &[("丙", "50"), ("丁", "50")]), None);
    assert_eq!(html.matches("scope=\"rowgroup\" colspan=\"3\"").count(), 2);
    assert!(html.contains("<tr><th scope=\"rowgroup\" colspan=\"3\">去向</th></tr>\n<tr><th scope=\"row\">丙</th>"));
}
