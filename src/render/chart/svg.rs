//! Layouts as SVG: drawn by plotters' backend, then made the site's.

use std::fmt::Write as _;
use std::io;

use plotters::prelude::{
    DrawingBackend, IntoDrawingArea, IntoFont, IntoTextStyle, PathElement, Polygon, RGBColor, Rectangle, SVGBackend,
    ShapeStyle, Text,
};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontStyle};
use plotters_backend::{BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingErrorKind};

use crate::render::chart::canvas::{INKS, Ink, Label, Layout, Ribbon, Side, Slice, TEXT, Unit, WIDTH, width};
use crate::render::chart::ring::{INNER, OUTER, TURN};

/// The colours in the light theme, for where no stylesheet reaches.
const COLOURS: [&str; INKS] = ["#0f5563", "#b98a2f", "#6b8e6e", "#8a5a83", "#7c8a94", "#c2693f"];
/// Drawn as the colour of the text.
const OF_TEXT: RGBColor = RGBColor(1, 1, 1);

impl Ink {
    /// A stand-in colour that [`polish`] names by its class.
    const fn stand_in(self) -> RGBColor {
        RGBColor(0, 0, self.0)
    }

    /// The stand-in of a colour that lets others through.
    const fn thin_stand_in(self) -> RGBColor {
        RGBColor(0, 1, self.0)
    }
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

/// The drawing of a layout.
pub(super) fn draw(layout: &Layout) -> String {
    plotted(layout).map_or_else(|_| String::new(), |svg| polish(&svg))
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
        Ok((u32::try_from(width(text) * size / TEXT).unwrap_or(0), u32::try_from(size).unwrap_or(0)))
    }
}

/// What the drawing area says went wrong; writing to a string never fails.
type DrawError = plotters::drawing::DrawingAreaErrorKind<io::Error>;

fn plotted(layout: &Layout) -> Result<String, DrawError> {
    let mut svg = String::new();
    {
        let size = (WIDTH.unsigned_abs(), layout.height.unsigned_abs());
        let area = Measured(SVGBackend::with_string(&mut svg, size)).into_drawing_area();
        for ribbon in &layout.ribbons {
            area.draw(&Polygon::new(ribbon_outline(ribbon), ribbon.ink.thin_stand_in().filled()))?;
        }
        if let Some(ring) = &layout.ring {
            for slice in &ring.slices {
                area.draw(&Polygon::new(slice_outline(slice, ring.centre), slice.ink.stand_in().filled()))?;
            }
        }
        for bar in &layout.bars {
            let corners = [(bar.left, bar.top), (bar.right, bar.bottom)];
            area.draw(&Rectangle::new(corners, bar.ink.stand_in().filled()))?;
        }
        for line in &layout.lines {
            area.draw(&PathElement::new(line.to_vec(), ShapeStyle::from(OF_TEXT).stroke_width(10)))?;
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
    // The backend divides sizes by 1.24; [`polish`] drops them.
    let font = ("sans-serif", TEXT).into_font().style(weight);
    let style = font.into_text_style(area).color(&OF_TEXT).pos(Pos::new(label.side.anchor(), VPos::Center));
    area.draw(&Text::new(label.text.as_str(), (label.x, label.y), style))
}

/// A point on a circle, `turn` millionths of a turn from its top.
#[expect(clippy::disallowed_types, reason = "points on a circle; no amount passes through here")]
#[expect(clippy::cast_possible_truncation, reason = "coordinates are below ten thousand")]
pub(super) fn on_circle(centre: BackendCoord, turn: i32, radius: Unit) -> BackendCoord {
    let angle = f64::from(turn) / f64::from(TURN) * std::f64::consts::TAU;
    let (x, y) = (angle.sin() * f64::from(radius), -angle.cos() * f64::from(radius));
    (centre.0 + x.round() as i32, centre.1 + y.round() as i32)
}

/// The outline of a slice: along the outer arc and back along the inner one.
fn slice_outline(slice: &Slice, centre: BackendCoord) -> Vec<BackendCoord> {
    let steps = ((slice.to - slice.from) / 14_000).max(1);
    let mut turns: Vec<i32> = (0..=steps).map(|step| slice.from + (slice.to - slice.from) / steps * step).collect();
    if let Some(last) = turns.last_mut() {
        *last = slice.to;
    }
    let outer = turns.iter().map(|turn| on_circle(centre, *turn, OUTER));
    let inner = turns.iter().rev().map(|turn| on_circle(centre, *turn, INNER));
    outer.chain(inner).collect()
}

/// How many pieces a band is drawn in.
const PIECES: Unit = 8;

/// The outline of a band: an even curve along its upper edge and back along the lower one.
fn ribbon_outline(ribbon: &Ribbon) -> Vec<BackendCoord> {
    let (from, to) = (ribbon.from, ribbon.to);
    // 3t² − 2t³ for t = step ÷ PIECES.
    let eased = |a: Unit, b: Unit, step: Unit| {
        let (part, whole) = ((3 * PIECES - 2 * step) * step * step, PIECES * PIECES * PIECES);
        a + (b - a) * part / whole
    };
    let at = |step: Unit, edge: usize| (from[0] + (to[0] - from[0]) * step / PIECES, eased(from[edge], to[edge], step));
    let upper = (0..=PIECES).map(|step| at(step, 1));
    upper.chain((0..=PIECES).rev().map(|step| at(step, 2))).collect()
}

/// Makes the backend's SVG the site's: scalable, coloured by classes, hidden from readers.
///
/// One pass: each tag is copied attribute by attribute, for a portal has tens of thousands of them.
fn polish(svg: &str) -> String {
    let mut out = String::with_capacity(svg.len());
    let mut lines = svg.lines();
    while let Some(line) = lines.next() {
        if line.starts_with("<svg") {
            push_opening(&mut out, line);
        } else if line.starts_with("<text") {
            // The backend breaks lines around the words; the space would move labels.
            push_tag(&mut out, line, text_attribute);
            out.push_str(lines.next().unwrap_or_default());
            out.push_str(lines.next().unwrap_or_default());
        } else {
            push_tag(&mut out, line, shape_attribute);
        }
        out.push('\n');
    }
    out
}

/// What all text has in common stands once, here.
fn push_opening(out: &mut String, line: &str) {
    let view_box = attributes(line).find(|(name, _)| *name == "viewBox").map_or("", |(_, value)| value);
    // Writing to a String cannot fail.
    let _ = write!(
        out,
        "<svg class=\"chart-svg\" viewBox=\"{view_box}\" aria-hidden=\"true\" focusable=\"false\" font-size=\"{TEXT}\" \
         fill=\"currentColor\" xmlns=\"http://www.w3.org/2000/svg\">"
    );
}

/// The attributes of a tag; the backend escapes their values.
fn attributes(line: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut parts = line.split('"');
    std::iter::from_fn(move || {
        let (before, value) = (parts.next()?, parts.next()?);
        let start = before.as_bytes().iter().rposition(|byte| *byte == b' ')? + 1;
        Some((before[start..].strip_suffix('=')?, value))
    })
}

/// Copies a tag, its attributes as `attribute` writes them.
fn push_tag(out: &mut String, line: &str, attribute: impl Fn(&mut String, &str, &str)) {
    let name = line.find([' ', '>']).unwrap_or(line.len());
    out.push_str(&line[..name]);
    attributes(line).for_each(|(name, value)| attribute(out, name, value));
    out.push_str(&line[line.rfind('"').map_or(name, |last| last + 1)..]);
}

fn push_attribute(out: &mut String, name: &str, value: &str) {
    for part in [" ", name, "=\"", value, "\""] {
        out.push_str(part);
    }
}

/// The words centred as Han characters are; font, size and colour are the drawing's.
fn text_attribute(out: &mut String, name: &str, value: &str) {
    match (name, value) {
        ("opacity" | "font-family" | "font-size" | "fill", _) | ("text-anchor", "start") => {}
        ("font-weight", "bold") => push_attribute(out, name, "600"),
        ("dy", "0.5ex") => push_attribute(out, name, ".35em"),
        _ => push_attribute(out, name, value),
    }
}

/// Names stand-in colours by class, with the light theme's colour where no stylesheet reaches.
fn shape_attribute(out: &mut String, name: &str, value: &str) {
    match (name, value) {
        ("opacity", "1") | ("stroke", "none") => {}
        (_, "#010101") => push_attribute(out, name, "currentColor"),
        ("points", points) => push_attribute(out, name, points.trim_end()),
        ("fill", value) => match stood_in(value) {
            Some((number, colour, thin)) => {
                let _ = write!(out, " class=\"c{number}\" fill=\"{colour}\"");
                out.push_str(if thin { " opacity=\".45\"" } else { "" });
            }
            None => push_attribute(out, name, value),
        },
        _ => push_attribute(out, name, value),
    }
}

/// The number and the colour that a colour of the backend stands for, and whether it is a thin one.
fn stood_in(colour: &str) -> Option<(usize, &'static str, bool)> {
    let (thin, number) = match colour.strip_prefix("#00")?.split_at_checked(2)? {
        ("00", number) => (false, number),
        ("01", number) => (true, number),
        _ => return None,
    };
    let number = usize::from_str_radix(number, 16).ok()?;
    Some((number, COLOURS.get(number.checked_sub(1)?)?, thin))
}
