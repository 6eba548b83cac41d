//! The figures of a table without its rows: sixteen bytes each, for a large site keeps very many.

use super::code::ClassCode;
use super::form::RowKey;
use super::table::Figure;
use crate::amount::Amount;

/// The number of a row's key; numbers are in the order of the keys.
pub(super) const fn number(key: RowKey) -> u64 {
    let (kind, value) = match key {
        RowKey::Line(line) => (0, line),
        RowKey::Code(code) => (1, code.0),
        RowKey::Label(index) => (2, index as u32),
        RowKey::Total => (3, 0),
        RowKey::Only => (4, 0),
    };
    (kind << 32) | value as u64
}

/// The key that has this number.
#[expect(clippy::cast_possible_truncation, reason = "the lower half is the value")]
const fn key(number: u64) -> RowKey {
    let value = number as u32;
    match number >> 32 {
        0 => RowKey::Line(value),
        1 => RowKey::Code(ClassCode(value)),
        2 => RowKey::Label(value as u16),
        3 => RowKey::Total,
        _ => RowKey::Only,
    }
}

/// A cell as one number, in the order of rows and columns.
const fn place(row: RowKey, column: u16) -> u64 {
    (number(row) << 16) | column as u64
}

/// Figures by row and column.
#[derive(Clone, Debug, Default)]
pub(super) struct Brief {
    /// By their cells in order.
    figures: Box<[(u64, Packed)]>,
    /// Those that have too many digits.
    long: Box<[Figure]>,
}

/// A figure in eight bytes: what it is in the lowest three bits, above them a count, the place of
/// a figure that has too many digits, or the decimals of an amount (five bits) and its digits.
#[derive(Clone, Copy, Debug)]
struct Packed(i64);

const BLANK: i64 = 0;
const UNKNOWN: i64 = 1;
const NOT_READ: i64 = 2;
const AMOUNT: i64 = 3;
const COUNT: i64 = 4;
const LONG: i64 = 5;

/// A number with `bits` bits below it, where it leaves room for them.
const fn above(number: i64, bits: u32) -> Option<i64> {
    let moved = number << bits;
    if moved >> bits == number { Some(moved) } else { None }
}

impl Packed {
    /// `None` where there are too many digits.
    fn of(figure: Figure) -> Option<Self> {
        let (kind, value) = match figure {
            Figure::Blank => (BLANK, 0),
            Figure::Unknown => (UNKNOWN, 0),
            Figure::NotRead => (NOT_READ, 0),
            Figure::Amount(amount) => {
                let (digits, decimals) = amount.parts()?;
                (AMOUNT, above(digits, 5)? | i64::from(decimals))
            }
            Figure::Count(count) => (COUNT, count),
        };
        above(value, 3).map(|value| Self(value | kind))
    }

    fn figure(self, long: &[Figure]) -> Figure {
        let value = self.0 >> 3;
        match self.0 & 7 {
            UNKNOWN => Figure::Unknown,
            NOT_READ => Figure::NotRead,
            AMOUNT => Figure::Amount(Amount::from_parts(value >> 5, (value & 31).unsigned_abs())),
            COUNT => Figure::Count(value),
            LONG => usize::try_from(value).ok().and_then(|at| long.get(at)).copied().unwrap_or_default(),
            _ => Figure::Blank,
        }
    }
}

impl Brief {
    /// These figures, in any order.
    pub(super) fn new(figures: impl IntoIterator<Item = (RowKey, u16, Figure)>) -> Self {
        let mut long = Vec::new();
        let mut pack = |figure| {
            Packed::of(figure).unwrap_or_else(|| {
                long.push(figure);
                Packed((i64::try_from(long.len() - 1).unwrap_or_default() << 3) | LONG)
            })
        };
        let figures = figures.into_iter().map(|(row, column, figure)| (place(row, column), pack(figure)));
        let mut figures: Vec<(u64, Packed)> = figures.collect();
        figures.sort_unstable_by_key(|(place, _)| *place);
        Self { figures: figures.into(), long: long.into() }
    }

    /// The figures with their rows and columns, in order.
    pub(super) fn iter(&self) -> impl ExactSizeIterator<Item = (RowKey, u16, Figure)> {
        self.figures.iter().map(|(place, packed)| self.figure(*place, *packed))
    }

    /// The figure in a cell, where it is one of those that are kept.
    pub(super) fn get(&self, row: RowKey, column: u16) -> Option<Figure> {
        let at = self.figures.binary_search_by_key(&place(row, column), |(place, _)| *place).ok()?;
        Some(self.figures[at].1.figure(&self.long))
    }

    /// Whether a figure of a row is kept.
    pub(super) fn has_row(&self, row: RowKey) -> bool {
        let at = self.figures.partition_point(|(other, _)| *other < place(row, 0));
        self.figures.get(at).is_some_and(|(place, _)| place >> 16 == number(row))
    }

    /// The first figure of each row, with its column.
    pub(super) fn firsts(&self) -> impl Iterator<Item = (RowKey, u16, Figure)> {
        let rows = self.figures.chunk_by(|one, next| one.0 >> 16 == next.0 >> 16);
        rows.filter_map(<[_]>::first).map(|(place, packed)| self.figure(*place, *packed))
    }

    #[expect(clippy::cast_possible_truncation, reason = "the lowest bits are the column")]
    fn figure(&self, place: u64, packed: Packed) -> (RowKey, u16, Figure) {
        (key(place >> 16), place as u16, packed.figure(&self.long))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::amount::Scale;

    fn amount(text: &str) -> Figure {
        Figure::Amount(Amount::parse(text, Scale::Yuan).unwrap())
    }

    #[test]
    fn every_figure_is_told_as_it_was_however_many_digits_it_has() {
        let rows = [
            RowKey::Line(0),
            RowKey::Line(u32::MAX),
            RowKey::Code(ClassCode(2_010_301)),
            RowKey::Label(u16::MAX),
            RowKey::Total,
            RowKey::Only,
        ];
        let figures = [
            Figure::Blank,
            Figure::Unknown,
            Figure::NotRead,
            amount("0.00"),
            amount("-373.97"),
            amount("99999999999999.99"),
            amount("-999999999999999.99"),
            Figure::Count(-3),
            Figure::Count(i64::MIN),
            Figure::Count(i64::MAX),
        ];
        let cells = rows.iter().flat_map(|row| figures.iter().zip(0..).map(|(figure, column)| (*row, column, *figure)));
        let cells: Vec<(RowKey, u16, Figure)> = cells.collect();
        let brief = Brief::new(cells.iter().rev().copied());
        assert_eq!(brief.iter().collect::<Vec<_>>(), cells);
        assert!(cells.iter().all(|(row, column, figure)| brief.get(*row, *column) == Some(*figure)));
        let digits = |figure: Figure| figure.amount().map(Amount::to_bytes);
        assert!(brief.iter().zip(&cells).all(|(one, other)| digits(one.2) == digits(other.2)));
        assert_eq!(
            brief.firsts().collect::<Vec<_>>(),
            cells.chunks(figures.len()).map(|row| row[0]).collect::<Vec<_>>()
        );
        assert!(rows.iter().all(|row| brief.has_row(*row)));
        assert!(!brief.has_row(RowKey::Line(1)) && brief.get(RowKey::Total, 99).is_none());
    }

    #[test]
    fn rows_are_in_the_order_of_their_keys() {
        let mut keys = [
            RowKey::Only,
            RowKey::Total,
            RowKey::Label(2),
            RowKey::Label(1),
            RowKey::Code(ClassCode(20_103)),
            RowKey::Line(9),
        ];
        keys.sort_unstable();
        assert!(keys.is_sorted_by_key(|key| number(*key)));
    }
}
