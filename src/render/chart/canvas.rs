//! What drawings are laid out on: labels, bars, slices, ribbons and lines on a canvas.

use plotters_backend::BackendCoord;
use unicode_width::UnicodeWidthChar;

use crate::amount::{Amount, Scale};
use crate::derive::chart::Point;

/// Positions are in tenths of a CSS pixel.
pub(super) type Unit = i32;

/// The width of every drawing: that of a column on a telephone.
pub(super) const WIDTH: Unit = 3_400;
/// The size of text.
pub(super) const TEXT: Unit = 140;
/// The pitch of lines.
pub(super) const LINE: Unit = 190;
/// Between a mark and its label.
pub(super) const GAP: Unit = 70;
/// What stays free at the sides.
pub(super) const MARGIN: Unit = 20;

/// A colour of the theme, `c1` to `c6`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ink(pub(super) u8);

/// How many colours there are.
pub(super) const INKS: usize = 6;
/// What the chart is about.
pub(super) const MAIN: Ink = Ink(1);
/// What it is compared with.
pub(super) const OTHER: Ink = Ink(5);

/// The colour of the part at an index.
pub(super) fn ink_of(index: usize) -> Ink {
    Ink(u8::try_from(index % INKS + 1).unwrap_or(1))
}

/// A drawing before it is drawn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) height: Unit,
    pub(super) labels: Vec<Label>,
    pub(super) bars: Vec<Bar>,
    pub(super) ring: Option<Ring>,
    pub(super) ribbons: Vec<Ribbon>,
    pub(super) lines: Vec<[BackendCoord; 2]>,
}

/// Which end of a label its `x` is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Left,
    Centre,
    Right,
}

/// A line of text, centred on `y`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Label {
    pub(super) text: String,
    pub(super) x: Unit,
    pub(super) y: Unit,
    pub(super) side: Side,
    pub(super) bold: bool,
}

/// A filled box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bar {
    pub(super) left: Unit,
    pub(super) top: Unit,
    pub(super) right: Unit,
    pub(super) bottom: Unit,
    pub(super) ink: Ink,
}

/// Slices around a centre.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ring {
    pub(super) centre: BackendCoord,
    pub(super) slices: Vec<Slice>,
}

/// A part of a ring, in millionths of a turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Slice {
    pub(super) from: i32,
    pub(super) to: i32,
    pub(super) ink: Ink,
}

/// A band from one edge to another: `x`, top and bottom of each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ribbon {
    pub(super) from: [Unit; 3],
    pub(super) to: [Unit; 3],
    pub(super) ink: Ink,
}

impl Layout {
    /// Places lines of one label downwards, the first centred on `y`; answers with the middle of
    /// the line after the last.
    pub(super) fn push_down(&mut self, lines: Vec<String>, x: Unit, y: Unit, side: Side, bold: bool) -> Unit {
        let after = y + small(lines.len()) * LINE;
        for (row, text) in lines.into_iter().enumerate() {
            self.labels.push(Label { text, x, y: y + small(row) * LINE, side, bold });
        }
        after
    }

    /// Places lines of one label, all of them centred on `y`.
    pub(super) fn push_around(&mut self, lines: Vec<String>, x: Unit, y: Unit, side: Side, bold: bool) {
        let first = y - (small(lines.len()) - 1) * LINE / 2;
        self.push_down(lines, x, first, side, bold);
    }

    /// Says the unit of money in the upper right corner; answers with the middle of the next line.
    pub(super) fn push_unit(&mut self, scale: Scale) -> Unit {
        let text = vec![format!("单位：{}", scale.name())];
        self.push_down(text, WIDTH - MARGIN, LINE / 2 + 10, Side::Right, false)
    }

    /// A name at the left and its figure at the right: on one line where both fit, else the
    /// figure below; answers with the middle of the next line.
    pub(super) fn push_named(&mut self, name: &str, value: &str, y: Unit, bold: bool) -> Unit {
        let room = WIDTH - 2 * MARGIN;
        let mut lines = wrap(name, room);
        let last = lines.last().map_or(0, |line| width(line));
        if last + 2 * GAP + width(value) > room {
            lines.push(String::new());
        }
        let at_last = y + (small(lines.len()) - 1) * LINE;
        lines.retain(|line| !line.is_empty());
        self.push_down(lines, MARGIN, y, Side::Left, bold);
        self.push_down(wrap(value, room), WIDTH - MARGIN, at_last, Side::Right, bold)
    }
}

/// How wide a text is at the size of text.
pub(super) fn width(text: &str) -> Unit {
    text.chars().map(char_width).sum()
}

/// Han characters are as wide as they are high, letters and digits by their kind; rather too
/// wide than too narrow, for the fonts of readers differ.
fn char_width(c: char) -> Unit {
    let hundredths = match c {
        _ if is_wide(c) => 100,
        '%' | '@' | 'W' | 'M' | 'm' | 'w' => 95,
        'A'..='Z' | '&' => 78,
        _ => 62,
    };
    TEXT * hundredths / 100
}

/// Whether fonts for Chinese draw a character as a full square: quotation marks too.
fn is_wide(c: char) -> bool {
    matches!(c, '“' | '”' | '‘' | '’' | '…' | '—' | '·') || c.width().is_some_and(|width| width > 1)
}

/// Breaks a label into lines no wider than `limit`, as few as can be and of like width. A closing
/// mark does not begin a line where the line before has two characters to give.
pub(super) fn wrap(text: &str, limit: Unit) -> Vec<String> {
    let lines = broken(text, limit);
    let even = width(text) / small(lines.len()) + TEXT;
    let evener = broken(text, even.min(limit));
    if evener.len() == lines.len() { evener } else { lines }
}

/// Breaks a text where its lines are full.
fn broken(text: &str, limit: Unit) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for c in text.chars().map(|c| if c.is_control() { ' ' } else { c }) {
        let wide = char_width(c);
        if used + wide > limit && used > 0 {
            let carried = carried(lines.last_mut(), c);
            used = carried.map_or(0, char_width);
            lines.push(carried.into_iter().collect());
        }
        if let Some(line) = lines.last_mut() {
            line.push(c);
        }
        used += wide;
    }
    lines
}

/// The last character of a line, taken to the next where that would begin with a closing mark.
fn carried(line: Option<&mut String>, next: char) -> Option<char> {
    let line = line.filter(|line| "）”、，。：；》".contains(next) && line.chars().count() > 2)?;
    line.pop()
}

/// A count as a position.
pub(super) fn small(count: usize) -> Unit {
    Unit::try_from(count).unwrap_or(Unit::MAX / 10_000)
}

/// `of` parts out of `whole` on a length, exactly and without floats.
pub(super) fn along(length: Unit, part: i128, whole: i128) -> Unit {
    let exact = i128::from(length).checked_mul(part).map(|product| product / whole.max(1));
    Unit::try_from(exact.unwrap_or(0)).unwrap_or(0)
}

/// The amount of a point in 分.
pub(super) fn in_fen(point: &Point) -> Option<i128> {
    point.amount().and_then(Amount::fen)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_before_the_limit_and_not_before_closing_marks() {
        assert_eq!(wrap("一般公共服务支出", 4 * TEXT), ["一般公共", "服务支出"]);
        assert_eq!(wrap("政府（室）及相关", 4 * TEXT), ["政府（", "室）及", "相关"]);
        assert_eq!(wrap("社会保障和就业支出", 8 * TEXT), ["社会保障和", "就业支出"], "no character is left alone");
        assert_eq!(wrap("123456789", 8 * TEXT), ["123456789"]);
        assert_eq!(wrap("", TEXT), [""]);
        assert_eq!(wrap("甲\n乙", 9 * TEXT), ["甲 乙"]);
    }

    #[test]
    fn figures_are_measured_by_their_glyphs() {
        assert_eq!(width("支出"), 2 * TEXT);
        assert!(width("61.49%") > width("61.490"));
        assert_eq!(width("“三公”"), 4 * TEXT, "quotation marks are squares");
    }
}
