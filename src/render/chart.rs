//! Charts as figures: a sentence, an SVG drawing and the same points as a table.
//!
//! 1. [`layout`] places bars, slices and labels; widths are measured by East Asian width, so
//!    labels wrap and never collide. All positions are whole tenths of a CSS pixel.
//! 2. [`draw`] hands the layout to plotters' SVG backend through [`Measured`], which knows
//!    how wide Chinese text is (plotters counts bytes).
//! 3. [`polish`] takes sizes away, names the colours by classes and hides the picture from
//!    assistive technology: the sentence and the table say the same.

use std::io;

use plotters::prelude::{
    DrawingBackend, IntoDrawingArea, IntoFont, IntoTextStyle, PathElement, Polygon, RGBColor, Rectangle, SVGBackend,
    ShapeStyle, Text,
};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontStyle};
use plotters_backend::{BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingErrorKind};
use unicode_width::UnicodeWidthChar;

use crate::amount::{Amount, Percent};
use crate::derive::chart::{Chart, Point, Shape};
use crate::text::{escape_html, push_escaped};

/// A chart as a figure: title, sentence, drawing and table. `number` is the 图 number.
pub fn figure(chart: &Chart, number: Option<usize>) -> String {
    let title = number.map_or_else(|| chart.title.clone(), |number| format!("图{number}　{}", chart.title));
    let mut html = format!("<figure class=\"chart\" id=\"chart-{}\">\n<figcaption>", escape_html(&chart.id));
    push_escaped(&mut html, &title);
    html.push_str("</figcaption>\n<p>");
    push_escaped(&mut html, &chart.sentence);
    html.push_str("</p>\n");
    html.push_str(&svg(chart));
    if !chart.points.is_empty() {
        push_table(&mut html, chart, &title);
    }
    html.push_str("</figure>");
    html
}

/// The points of a chart as a table that can be opened.
fn push_table(html: &mut String, chart: &Chart, title: &str) {
    let shares = chart.points.iter().any(|point| point.share.is_some());
    html.push_str("<details><summary>查看数据</summary>\n<table><caption>");
    push_escaped(html, title);
    html.push_str("</caption>\n<thead><tr><th scope=\"col\">项目</th><th scope=\"col\" class=\"n\">金额（");
    html.push_str(chart.scale.name());
    html.push_str("）</th>");
    html.push_str(if shares { "<th scope=\"col\" class=\"n\">占比</th>" } else { "" });
    html.push_str("</tr></thead>\n<tbody>\n");
    for point in &chart.points {
        push_row(html, chart, point, shares);
    }
    html.push_str("</tbody></table></details>\n");
}

fn push_row(html: &mut String, chart: &Chart, point: &Point, shares: bool) {
    html.push_str("<tr><th scope=\"row\">");
    push_escaped(html, &point.label);
    html.push_str("</th><td class=\"n\"");
    if let Some(cell) = &point.cell {
        html.push_str(" data-cell=\"");
        push_escaped(html, cell);
        html.push('"');
    }
    html.push('>');
    let text = point.text(chart.scale);
    match &point.anchor {
        Some(anchor) if !text.is_empty() => {
            html.push_str("<a href=\"");
            push_escaped(html, anchor);
            html.push_str("\">");
            push_escaped(html, &text);
            html.push_str("</a>");
        }
        _ => push_escaped(html, &text),
    }
    html.push_str("</td>");
    if shares {
        html.push_str("<td class=\"n\">");
        html.push_str(&point.share.map_or_else(String::new, |share| share.to_string()));
        html.push_str("</td>");
    }
    html.push_str("</tr>\n");
}

/// The drawing of a chart; empty for one that is a sentence.
pub fn svg(chart: &Chart) -> String {
    layout(chart).map_or_else(String::new, |layout| draw(&layout).map_or_else(|_| String::new(), |svg| polish(&svg)))
}

/// Positions are in tenths of a CSS pixel.
type Unit = i32;

const WIDTH: Unit = 4_400;
const TEXT: Unit = 145;
const LINE: Unit = 200;

/// A colour of the theme, `c1` to `c6`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Ink(u8);

/// The colours in the light theme, for where no stylesheet reaches.
const INKS: [&str; 6] = ["#0f5563", "#b98a2f", "#6b8e6e", "#8a5a83", "#7c8a94", "#c2693f"];
/// Drawn as the colour of the text.
const OF_TEXT: RGBColor = RGBColor(1, 1, 1);

impl Ink {
    /// A stand-in colour that [`polish`] names by its class.
    const fn stand_in(self) -> RGBColor {
        RGBColor(0, 0, self.0)
    }
}

/// A drawing before it is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Layout {
    height: Unit,
    labels: Vec<Label>,
    bars: Vec<Bar>,
    slices: Vec<Slice>,
    /// The zero line of bars.
    axis: Option<[BackendCoord; 2]>,
}

/// Which end of a label its `x` is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Left,
    Centre,
    Right,
}

impl Side {
    const fn anchor(self) -> HPos {
        match self {
            Self::Left => HPos::Left,
            Self::Centre => HPos::Center,
            Self::Right => HPos::Right,
        }
    }
}

/// A line of text, centred on `y`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Label {
    text: String,
    x: Unit,
    y: Unit,
    side: Side,
    size: Unit,
    bold: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Bar {
    left: Unit,
    top: Unit,
    right: Unit,
    bottom: Unit,
    ink: Ink,
}

/// A part of a ring, in millionths of a turn.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Slice {
    from: i32,
    to: i32,
    ink: Ink,
}

fn layout(chart: &Chart) -> Option<Layout> {
    match chart.shape {
        Shape::Bars => bars(chart),
        Shape::Ring => ring(chart),
        Shape::Sentence => None,
    }
}

/// How wide a text is: Han characters are as wide as they are high, others a little over half.
fn width(text: &str, size: Unit) -> Unit {
    let of = |c: char| if is_wide(c) { size } else { size * 6 / 10 };
    text.chars().map(of).sum()
}

/// Whether fonts for Chinese draw a character as a full square: quotation marks too.
fn is_wide(c: char) -> bool {
    matches!(c, '“' | '”' | '‘' | '’' | '…' | '—') || c.width() == Some(2)
}

/// Breaks a label into lines no wider than `limit`.
fn wrap(text: &str, limit: Unit) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for c in text.chars() {
        let wide = width(c.encode_utf8(&mut [0; 4]), TEXT);
        if used + wide > limit && used > 0 {
            lines.push(String::new());
            used = 0;
        }
        if let Some(line) = lines.last_mut() {
            line.push(c);
        }
        used += wide;
    }
    lines
}

fn small(count: usize) -> Unit {
    Unit::try_from(count).unwrap_or(Unit::MAX / 10_000)
}

/// Places lines of one label, centred on `y`.
fn push_lines(labels: &mut Vec<Label>, lines: Vec<String>, x: Unit, y: Unit, side: Side, bold: bool) {
    let first = y - (small(lines.len()) - 1) * LINE / 2;
    for (index, text) in lines.into_iter().enumerate() {
        labels.push(Label { text, x, y: first + small(index) * LINE, side, size: TEXT, bold });
    }
}

const BAR: Unit = 300;
const GAP: Unit = 80;
const LABEL_LIMIT: Unit = 1_300;

/// Horizontal bars from zero, values at their ends; unknown points have a label and no bar.
fn bars(chart: &Chart) -> Option<Layout> {
    let lines: Vec<Vec<String>> = chart.points.iter().map(|point| wrap(&point.label, LABEL_LIMIT)).collect();
    let stub = lines.iter().flatten().map(|line| width(line, TEXT)).max()?;
    let values: Vec<i128> = chart.points.iter().map(|point| in_fen(point).unwrap_or(0)).collect();
    let value_width = chart.points.iter().map(|point| width(&value_text(chart, point), TEXT)).max()?;
    let (low, high) = (values.iter().copied().min()?.min(0), values.iter().copied().max()?.max(0));
    let (left, right) = (stub + GAP + 20, WIDTH - value_width - 2 * GAP);
    let along =
        |value: i128| Unit::try_from(i128::from(right - left) * (value - low) / (high - low).max(1)).unwrap_or(0);
    let zero = left + along(0);
    let mut layout = Layout { height: 0, labels: Vec::new(), bars: Vec::new(), slices: Vec::new(), axis: None };
    let mut top = 140;
    for (index, (point, lines)) in chart.points.iter().zip(lines).enumerate() {
        let height = BAR.max(small(lines.len()) * LINE);
        let middle = top + height / 2;
        let current = index + 1 == chart.points.len();
        let ink = Ink(if current || point.share.is_some() { 1 } else { 5 });
        let end = left + along(values[index]);
        if in_fen(point).is_some() {
            let (from, to) = (zero.min(end), zero.max(end));
            layout.bars.push(Bar { left: from, top: middle - BAR / 2, right: to, bottom: middle + BAR / 2, ink });
        }
        push_lines(&mut layout.labels, lines, left - GAP - 20, middle, Side::Right, current);
        push_lines(
            &mut layout.labels,
            vec![value_text(chart, point)],
            zero.max(end) + GAP,
            middle,
            Side::Left,
            current,
        );
        top += height + 240;
    }
    layout.height = top - 100;
    layout.axis = Some([(zero, 60), (zero, layout.height - 60)]);
    Some(layout)
}

fn in_fen(point: &Point) -> Option<i128> {
    point.amount().and_then(Amount::fen)
}

fn value_text(chart: &Chart, point: &Point) -> String {
    match (point.text(chart.scale), point.share) {
        (text, _) if text.is_empty() => "0.00".to_owned(),
        (text, Some(share)) => format!("{text}　{share}"),
        (text, None) => text,
    }
}

const CENTRE: Unit = 950;
const OUTER: Unit = 810;
const INNER: Unit = 470;
const TURN: i32 = 1_000_000;
/// What stands between slices, in millionths of a turn.
const BREAK: i32 = 2_500;
const LEGEND: Unit = 2_000;
const SWATCH: Unit = 120;

/// An entry of a ring's legend.
struct Entry {
    label: String,
    fen: i128,
    value: String,
}

/// A ring with its list of parts at the right.
fn ring(chart: &Chart) -> Option<Layout> {
    let entries = entries(chart)?;
    let total: i128 = entries.iter().map(|entry| entry.fen).sum();
    if total <= 0 {
        return None;
    }
    let mut layout = Layout { height: 1_900, labels: Vec::new(), bars: Vec::new(), slices: Vec::new(), axis: None };
    layout.slices = slices(&entries, total);
    let blocks: Vec<Vec<String>> = entries.iter().map(legend_lines).collect();
    let heights: Vec<Unit> = blocks.iter().map(|lines| small(lines.len()) * LINE + 100).collect();
    let list: Unit = heights.iter().sum();
    layout.height = layout.height.max(list + 200);
    let mut top = (layout.height - list) / 2;
    for (index, ((entry, lines), height)) in entries.iter().zip(blocks).zip(heights).enumerate() {
        legend(&mut layout, index, entry, lines, top);
        top += height;
    }
    let middle = layout.height / 2;
    let sum = Amount::from_fen(total).print(chart.scale).to_string();
    let size = if width(&sum, 210) > 2 * INNER - 160 { TEXT } else { 210 };
    layout.labels.push(Label { text: sum, x: CENTRE, y: middle - 50, side: Side::Centre, size, bold: true });
    let unit = chart.scale.name().to_owned();
    layout.labels.push(Label { text: unit, x: CENTRE, y: middle + 130, side: Side::Centre, size: 120, bold: false });
    Some(layout)
}

/// The parts to draw: at most six, the smallest ones together as 其他.
fn entries(chart: &Chart) -> Option<Vec<Entry>> {
    let mut known: Vec<(&Point, i128)> = Vec::with_capacity(chart.points.len());
    for point in &chart.points {
        known.push((point, in_fen(point)?));
    }
    let mut largest: Vec<usize> = (0..known.len()).collect();
    largest.sort_by_key(|index| std::cmp::Reverse(known[*index].1));
    let kept = &largest[..if known.len() > INKS.len() { INKS.len() - 1 } else { known.len() }];
    let mut entries: Vec<Entry> = Vec::with_capacity(INKS.len());
    let mut rest = (0_usize, 0_i128);
    for (index, (point, fen)) in known.iter().enumerate() {
        if kept.contains(&index) {
            entries.push(Entry { label: point.label.clone(), fen: *fen, value: value_text(chart, point) });
        } else {
            rest = (rest.0 + 1, rest.1 + fen);
        }
    }
    if rest.0 > 0 {
        let total: i128 = known.iter().map(|(_, fen)| fen).sum();
        let value = Amount::from_fen(rest.1).print(chart.scale).to_string();
        let share = Percent::of(Amount::from_fen(rest.1), Amount::from_fen(total), 2);
        let value = share.map_or_else(|| value.clone(), |share| format!("{value}　{share}"));
        entries.push(Entry { label: format!("其他{}项", rest.0), fen: rest.1, value });
    }
    Some(entries)
}

fn slices(entries: &[Entry], total: i128) -> Vec<Slice> {
    let turn = |fen: i128| i32::try_from(fen * i128::from(TURN) / total).unwrap_or(TURN);
    let mut sum = 0;
    let mut slices = Vec::with_capacity(entries.len());
    for (index, entry) in entries.iter().enumerate() {
        let from = turn(sum);
        sum += entry.fen;
        let to = turn(sum);
        // A sliver keeps its whole width: it would vanish in the break.
        let to = if to - from > 3 * BREAK { to - BREAK } else { to };
        slices.push(Slice { from, to, ink: Ink(u8::try_from(index + 1).unwrap_or(6)) });
    }
    slices
}

/// The lines of a legend entry: label and value on one line where they fit, else below.
fn legend_lines(entry: &Entry) -> Vec<String> {
    let room = WIDTH - 100 - (LEGEND + SWATCH + 100);
    if width(&entry.label, TEXT) + TEXT + width(&entry.value, TEXT) <= room {
        return vec![entry.label.clone()];
    }
    let mut lines = wrap(&entry.label, room);
    lines.push(String::new());
    lines
}

fn legend(layout: &mut Layout, index: usize, entry: &Entry, lines: Vec<String>, top: Unit) {
    let ink = Ink(u8::try_from(index + 1).unwrap_or(6));
    let first = top + 50 + LINE / 2;
    let swatch = first - SWATCH / 2;
    layout.bars.push(Bar { left: LEGEND, top: swatch, right: LEGEND + SWATCH, bottom: swatch + SWATCH, ink });
    let last = first + (small(lines.len()) - 1) * LINE;
    for (row, text) in lines.into_iter().enumerate().filter(|(_, text)| !text.is_empty()) {
        let y = first + small(row) * LINE;
        layout.labels.push(Label { text, x: LEGEND + SWATCH + 100, y, side: Side::Left, size: TEXT, bold: false });
    }
    let text = entry.value.clone();
    layout.labels.push(Label { text, x: WIDTH - 100, y: last, side: Side::Right, size: TEXT, bold: false });
}

/// plotters' SVG backend, with text measured by East Asian width.
struct Measured<'a>(SVGBackend<'a>);

type Outcome<T = ()> = Result<T, DrawingErrorKind<io::Error>>;

impl DrawingBackend for Measured<'_> {
    type ErrorType = io::Error;

    fn get_size(&self) -> (u32, u32) {
        self.0.get_size()
    }

    fn ensure_prepared(&mut self) -> Outcome {
        self.0.ensure_prepared()
    }

    fn present(&mut self) -> Outcome {
        self.0.present()
    }

    fn draw_pixel(&mut self, point: BackendCoord, color: BackendColor) -> Outcome {
        self.0.draw_pixel(point, color)
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Outcome {
        self.0.draw_line(from, to, style)
    }

    fn draw_rect<S: BackendStyle>(&mut self, a: BackendCoord, b: BackendCoord, style: &S, fill: bool) -> Outcome {
        self.0.draw_rect(a, b, style, fill)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Outcome {
        self.0.draw_path(path, style)
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Outcome {
        self.0.fill_polygon(path, style)
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, at: BackendCoord) -> Outcome {
        self.0.draw_text(text, style, at)
    }

    #[expect(clippy::cast_possible_truncation, reason = "font sizes are whole and small")]
    fn estimate_text_size<S: BackendTextStyle>(&self, text: &str, style: &S) -> Outcome<(u32, u32)> {
        let size = style.size() as Unit;
        Ok((u32::try_from(width(text, size)).unwrap_or(0), u32::try_from(size).unwrap_or(0)))
    }
}

/// What the drawing area says went wrong; writing to a string never fails.
type DrawError = plotters::drawing::DrawingAreaErrorKind<io::Error>;

fn draw(layout: &Layout) -> Result<String, DrawError> {
    let mut svg = String::new();
    {
        let size = (WIDTH.unsigned_abs(), layout.height.unsigned_abs());
        let area = Measured(SVGBackend::with_string(&mut svg, size)).into_drawing_area();
        for slice in &layout.slices {
            let points = slice_outline(slice, (CENTRE, layout.height / 2));
            area.draw(&Polygon::new(points, slice.ink.stand_in().filled()))?;
        }
        for bar in &layout.bars {
            let corners = [(bar.left, bar.top), (bar.right, bar.bottom)];
            area.draw(&Rectangle::new(corners, bar.ink.stand_in().filled()))?;
        }
        if let Some(axis) = layout.axis {
            area.draw(&PathElement::new(axis.to_vec(), ShapeStyle::from(OF_TEXT).stroke_width(10)))?;
        }
        for label in &layout.labels {
            draw_label(&area, label)?;
        }
        area.present()?;
    }
    Ok(svg)
}

type Area<'a> = plotters::drawing::DrawingArea<Measured<'a>, plotters::coord::Shift>;

fn draw_label(area: &Area<'_>, label: &Label) -> Result<(), DrawError> {
    let weight = if label.bold { FontStyle::Bold } else { FontStyle::Normal };
    // The backend divides sizes by 1.24.
    let font = ("sans-serif", label.size * 124 / 100).into_font().style(weight);
    let style = font.into_text_style(area).color(&OF_TEXT).pos(Pos::new(label.side.anchor(), VPos::Center));
    area.draw(&Text::new(label.text.as_str(), (label.x, label.y), style))
}

/// The outline of a slice: along the outer arc and back along the inner one.
#[expect(clippy::disallowed_types, reason = "points on a circle; no amount passes through here")]
#[expect(clippy::cast_possible_truncation, reason = "coordinates are below ten thousand")]
fn slice_outline(slice: &Slice, centre: BackendCoord) -> Vec<BackendCoord> {
    let at = |turn: i32, radius: Unit| {
        let angle = f64::from(turn) / f64::from(TURN) * std::f64::consts::TAU;
        let (x, y) = (angle.sin() * f64::from(radius), -angle.cos() * f64::from(radius));
        (centre.0 + x.round() as i32, centre.1 + y.round() as i32)
    };
    let steps = ((slice.to - slice.from) / 8_000).max(1);
    let turns = (0..=steps).map(|step| slice.from + (slice.to - slice.from) / steps * step);
    let mut turns: Vec<i32> = turns.collect();
    if let Some(last) = turns.last_mut() {
        *last = slice.to;
    }
    let outer = turns.iter().map(|turn| at(*turn, OUTER));
    let inner = turns.iter().rev().map(|turn| at(*turn, INNER));
    outer.chain(inner).collect()
}

/// Makes the backend's SVG the site's: scalable, coloured by classes, hidden from readers.
fn polish(svg: &str) -> String {
    let mut out = String::with_capacity(svg.len());
    let mut lines = svg.lines();
    while let Some(line) = lines.next() {
        if line.starts_with("<svg") {
            out.push_str(&opening(line));
        } else if line.starts_with("<text") {
            // The backend breaks lines around the words; the space would move labels.
            out.push_str(&text_attributes(line));
            out.push_str(lines.next().unwrap_or_default());
            out.push_str(lines.next().unwrap_or_default());
        } else {
            out.push_str(&named_colours(line));
        }
        out.push('\n');
    }
    out
}

fn opening(line: &str) -> String {
    let view_box = attribute(line, "viewBox").unwrap_or_default();
    format!(
        "<svg class=\"chart-svg\" viewBox=\"{view_box}\" aria-hidden=\"true\" focusable=\"false\" \
         xmlns=\"http://www.w3.org/2000/svg\">"
    )
}

fn attribute<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = line.split_once(&format!(" {name}=\""))?;
    Some(rest.split_once('"')?.0)
}

/// The page's font, a whole size, and the words centred as Han characters are.
fn text_attributes(line: &str) -> String {
    let line = named_colours(line)
        .replace(" font-family=\"sans-serif\"", "")
        .replace("font-weight=\"bold\"", "font-weight=\"600\"")
        .replace("dy=\"0.5ex\"", "dy=\"0.35em\"");
    let size = attribute(&line, "font-size").unwrap_or_default();
    let whole = size.split_once('.').map_or(size, |(whole, _)| whole);
    line.replace(&format!("font-size=\"{size}\""), &format!("font-size=\"{whole}\""))
}

/// Names stand-in colours by class, with the light theme's colour where no stylesheet reaches.
fn named_colours(line: &str) -> String {
    let mut line =
        line.replace(" opacity=\"1\"", "").replace(" stroke=\"none\"", "").replace("#010101", "currentColor");
    for (index, ink) in INKS.iter().enumerate() {
        let number = index + 1;
        let stand_in = format!("fill=\"#{number:06X}\"");
        line = line.replace(&stand_in, &format!("class=\"c{number}\" fill=\"{ink}\""));
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::amount::Scale;
    use crate::model::table::Figure;

    fn chart(shape: Shape, points: &[(&str, &str)]) -> Chart {
        let wan = |text: &str| Amount::parse(text, Scale::TenThousand).unwrap();
        let total: Amount = points.iter().map(|(_, text)| wan(text)).sum();
        let point = |(label, text): &(&str, &str)| Point {
            label: (*label).into(),
            figure: Figure::Amount(wan(text)),
            share: if shape == Shape::Ring { Percent::of(wan(text), total, 2) } else { None },
            cell: Some("公开03表合计行2栏".into()),
            anchor: Some("#t03-total-c2".into()),
        };
        Chart {
            id: "spending-structure".into(),
            title: "支出决算结构".into(),
            sentence: "基本支出占61.49%，项目支出占38.51%。".into(),
            shape,
            points: points.iter().map(point).collect(),
            scale: Scale::TenThousand,
        }
    }

    /// The box a label fills: left, top, right, bottom.
    fn bounds(label: &Label) -> [Unit; 4] {
        let wide = width(&label.text, label.size);
        let left = match label.side {
            Side::Left => label.x,
            Side::Right => label.x - wide,
            Side::Centre => label.x - wide / 2,
        };
        [left, label.y - label.size / 2, left + wide, label.y + label.size / 2]
    }

    fn overlap(a: [Unit; 4], b: [Unit; 4]) -> bool {
        a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]
    }

    fn assert_clear(layout: &Layout) {
        let boxes: Vec<_> = layout.labels.iter().map(bounds).collect();
        for (index, a) in boxes.iter().enumerate() {
            let name = &layout.labels[index].text;
            assert!(a[0] >= 0 && a[1] >= 0 && a[2] <= WIDTH && a[3] <= layout.height, "“{name}” leaves the drawing");
            for (other, b) in boxes.iter().enumerate().skip(index + 1) {
                assert!(!overlap(*a, *b), "“{name}” and “{}” collide", layout.labels[other].text);
            }
            for bar in &layout.bars {
                assert!(!overlap(*a, [bar.left, bar.top, bar.right, bar.bottom]), "“{name}” stands on a bar");
            }
        }
    }

    #[test]
    fn labels_of_any_length_never_collide() {
        let long = "灾害防治及应急管理支出和资源勘探工业信息等支出以及其他各项支出";
        let few = [("基本支出", "229.97"), ("项目支出", "144")];
        let many: Vec<(&str, &str)> = std::iter::repeat_n((long, "123456789.12"), 9).collect();
        for shape in [Shape::Ring, Shape::Bars] {
            for points in [&few[..], &many[..], &[(long, "0.01"), ("甲", "99999999.99")]] {
                assert_clear(&layout(&chart(shape, points)).unwrap());
            }
        }
        assert_clear(&layout(&chart(Shape::Bars, &[("2022年度", "-50"), ("2023年度", "100")])).unwrap());
        assert_clear(&layout(&chart(Shape::Bars, &[("2022年度", "0"), ("2023年度", "-7.5")])).unwrap());
    }

    #[test]
    fn more_than_six_parts_end_in_the_rest() {
        let parts = [("甲", "60"), ("乙", "1"), ("丙", "30"), ("丁", "2"), ("戊", "3"), ("己", "2.5"), ("庚", "1.5")];
        let entries = entries(&chart(Shape::Ring, &parts)).unwrap();
        let labels: Vec<_> = entries.iter().map(|entry| entry.label.as_str()).collect();
        assert_eq!(labels, ["甲", "丙", "丁", "戊", "己", "其他2项"]);
        assert_eq!(entries[5].value, "2.50　2.50%");
    }

    #[test]
    fn a_ring_is_one_whole_turn() {
        let layout = layout(&chart(Shape::Ring, &[("甲", "1"), ("乙", "2")])).unwrap();
        assert_eq!((layout.slices[0].from, layout.slices[1].to), (0, TURN - BREAK));
    }

    #[test]
    fn the_drawing_has_classes_and_no_styles_or_sizes() {
        let svg = svg(&chart(Shape::Ring, &[("基本支出", "229.97"), ("项目支出", "144")]));
        assert!(svg.starts_with(
            "<svg class=\"chart-svg\" viewBox=\"0 0 4400 1900\" aria-hidden=\"true\" focusable=\"false\""
        ));
        assert!(svg.contains("<rect x=\"2000\"") && svg.contains("class=\"c2\" fill=\"#b98a2f\""), "{svg}");
        assert!(svg.contains(">项目支出</text>") && !svg.contains("style=") && !svg.contains("#000001"), "{svg}");
        assert!(!svg.contains("font-family") && svg.contains("fill=\"currentColor\""), "{svg}");
    }

    #[test]
    fn a_figure_says_draws_and_lists_the_same_points() {
        let html = figure(&chart(Shape::Ring, &[("基本支出", "229.97"), ("项目支出", "144")]), Some(3));
        assert!(html.starts_with(
            "<figure class=\"chart\" id=\"chart-spending-structure\">\n<figcaption>图3　支出决算结构</figcaption>"
        ));
        assert!(html.contains(
            "<tr><th scope=\"row\">项目支出</th><td class=\"n\" data-cell=\"公开03表合计行2栏\">\
             <a href=\"#t03-total-c2\">144.00</a></td><td class=\"n\">38.51%</td></tr>"
        ));
        let said = figure(&chart(Shape::Sentence, &[]), None);
        assert!(!said.contains("<svg") && !said.contains("<details>"));
    }
}
