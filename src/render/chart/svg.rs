//! Layouts as SVG: plotters draws them on a backend of our own, which writes the site's SVG at once:
//! scalable, coloured by classes, hidden from readers. plotters' own backend writes another SVG, and
//! to make that the site's took longer than all the rest of a drawing.

use std::convert::Infallible;
use std::fmt::Write as _;

use plotters::prelude::{
    DrawingBackend, IntoDrawingArea, IntoFont, IntoTextStyle, PathElement, Polygon, RGBColor, Rectangle, ShapeStyle,
    Text,
};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontStyle};
use plotters_backend::{BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingErrorKind};

use crate::amount::push_number;
use crate::render::chart::canvas::{INKS, Ink, Label, Layout, Ribbon, Side, Slice, TEXT, Unit, WIDTH, width};
use crate::render::chart::ring::{INNER, OUTER, TURN};
use crate::text::push_escaped;

/// The colours in the light theme, for where no stylesheet reaches.
const COLOURS: [&str; INKS] = ["#0f5563", "#b98a2f", "#6b8e6e", "#8a5a83", "#7c8a94", "#c2693f"];
/// Drawn as the colour of the text.
const OF_TEXT: RGBColor = RGBColor(1, 1, 1);

impl Ink {
    /// A stand-in colour that [`push_paint`] names by its class.
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
    plotted(layout).unwrap_or_default()
}

/// A backend that writes SVG: what no layout has (pixels, circles' outlines) is drawn by plotters
/// from what it has.
struct Drawing<'a> {
    out: &'a mut String,
    height: u32,
}

type Outcome<T = ()> = Result<T, DrawingErrorKind<Infallible>>;

impl DrawingBackend for Drawing<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        (WIDTH.unsigned_abs(), self.height)
    }

    fn ensure_prepared(&mut self) -> Outcome {
        Ok(())
    }

    fn present(&mut self) -> Outcome {
        Ok(())
    }

    fn draw_pixel(&mut self, point: BackendCoord, color: BackendColor) -> Outcome {
        self.push_rectangle(point, (point.0 + 1, point.1 + 1), color);
        Ok(())
    }

    fn draw_rect<S: BackendStyle>(&mut self, a: BackendCoord, b: BackendCoord, style: &S, _fill: bool) -> Outcome {
        self.push_rectangle(a, b, style.color());
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Outcome {
        self.out.push_str("<polyline fill=\"none\" stroke=\"currentColor\" stroke-width=\"");
        push_number(self.out, style.stroke_width().into());
        self.out.push('"');
        self.push_points(path);
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Outcome {
        self.out.push_str("<polygon");
        push_paint(self.out, style.color());
        self.push_points(path);
        Ok(())
    }

    /// The words are centred as Han characters are; font, size and colour are the drawing's.
    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, (x, y): BackendCoord) -> Outcome {
        self.out.push_str("<text");
        push_attribute(self.out, "x", x);
        push_attribute(self.out, "y", y);
        self.out.push_str(" dy=\".35em\"");
        self.out.push_str(match style.anchor().h_pos {
            HPos::Left => "",
            HPos::Center => " text-anchor=\"middle\"",
            HPos::Right => " text-anchor=\"end\"",
        });
        self.out.push_str(if matches!(style.style(), FontStyle::Bold) { " font-weight=\"600\">" } else { ">" });
        push_escaped(self.out, text);
        self.out.push_str("</text>\n");
        Ok(())
    }

    #[expect(clippy::cast_possible_truncation, reason = "font sizes are whole and small")]
    fn estimate_text_size<S: BackendTextStyle>(&self, text: &str, style: &S) -> Outcome<(u32, u32)> {
        let size = style.size() as Unit;
        Ok((u32::try_from(width(text) * size / TEXT).unwrap_or(0), u32::try_from(size).unwrap_or(0)))
    }
}

impl Drawing<'_> {
    fn push_rectangle(&mut self, from: BackendCoord, to: BackendCoord, color: BackendColor) {
        self.out.push_str("<rect");
        for (name, value) in [("x", from.0), ("y", from.1), ("width", to.0 - from.0), ("height", to.1 - from.1)] {
            push_attribute(self.out, name, value);
        }
        push_paint(self.out, color);
        self.out.push_str("/>\n");
    }

    fn push_points(&mut self, path: impl IntoIterator<Item = BackendCoord>) {
        self.out.push_str(" points=");
        for (nth, (x, y)) in path.into_iter().enumerate() {
            self.out.push(if nth == 0 { '"' } else { ' ' });
            push_position(self.out, x);
            self.out.push(',');
            push_position(self.out, y);
        }
        self.out.push_str("\"/>\n");
    }
}

fn push_attribute(out: &mut String, name: &str, value: Unit) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    push_position(out, value);
    out.push('"');
}

fn push_position(out: &mut String, value: Unit) {
    out.push_str(if value < 0 { "-" } else { "" });
    push_number(out, value.unsigned_abs().into());
}

/// Names a colour by its class, with the light theme's colour where no stylesheet reaches.
fn push_paint(out: &mut String, color: BackendColor) {
    let (_, thin, number) = color.rgb;
    let at = usize::from(number).saturating_sub(1);
    let _ = write!(out, " class=\"c{number}\" fill=\"{}\"", COLOURS[at % INKS]); // writing to a String cannot fail
    out.push_str(if thin > 0 { " opacity=\".45\"" } else { "" });
}

/// What the drawing area says went wrong; writing to a string never fails.
type DrawError = plotters::drawing::DrawingAreaErrorKind<Infallible>;

fn plotted(layout: &Layout) -> Result<String, DrawError> {
    let mut svg = String::with_capacity(4 * 1024);
    let height = layout.height.unsigned_abs();
    push_opening(&mut svg, height);
    {
        let area = Drawing { out: &mut svg, height }.into_drawing_area();
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
    svg.push_str("</svg>\n");
    Ok(svg)
}

type Area<'a> = plotters::drawing::DrawingArea<Drawing<'a>, plotters::coord::Shift>;

fn draw_label(area: &Area<'_>, label: &Label) -> Result<(), DrawError> {
    let weight = if label.bold { FontStyle::Bold } else { FontStyle::Normal };
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

/// What all text has in common stands once, here.
fn push_opening(out: &mut String, height: u32) {
    // Writing to a String cannot fail.
    let _ = writeln!(
        out,
        "<svg class=\"chart-svg\" viewBox=\"0 0 {WIDTH} {height}\" aria-hidden=\"true\" focusable=\"false\" font-size=\"{TEXT}\" \
         fill=\"currentColor\" xmlns=\"http://www.w3.org/2000/svg\">"
    );
}
