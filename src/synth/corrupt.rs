//! Mistakes that people make when they copy figures, one at a time, in a disclosure in memory.

use super::prng::Prng;
use crate::amount::{Printed, Scale};
use crate::model::disclosure::{Disclosure, Target};
use crate::model::form::CellRef;
use crate::model::table::{Figure, Table};

/// A kind of mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mistake {
    /// One digit is another.
    Digit,
    /// Two adjacent digits change places.
    Swapped,
    /// A digit is missing.
    Lost,
    /// A digit stands twice.
    Doubled,
    /// The decimal point is off by one.
    Point,
    /// The figure is missing.
    Blanked,
    /// Some figures of a column stand one row too low.
    Slipped,
    /// The figure of the next row or column.
    Neighbour,
    /// 元 for 万元, or the other way round.
    Unit,
    /// The sign is wrong.
    Sign,
}

impl Mistake {
    /// Every kind.
    pub const ALL: [Self; 10] = [
        Self::Digit,
        Self::Swapped,
        Self::Lost,
        Self::Doubled,
        Self::Point,
        Self::Blanked,
        Self::Slipped,
        Self::Neighbour,
        Self::Unit,
        Self::Sign,
    ];

    /// What happened, in English.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Digit => "one digit changed",
            Self::Swapped => "two adjacent digits swapped",
            Self::Lost => "a digit lost",
            Self::Doubled => "a digit doubled",
            Self::Point => "×10 or ÷10",
            Self::Blanked => "blanked",
            Self::Slipped => "block one row down",
            Self::Neighbour => "neighbour's figure",
            Self::Unit => "元 for 万元 or back",
            Self::Sign => "sign turned",
        }
    }
}

/// Which figures are corrupted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Among {
    /// Amounts of tables and facts, 0.00 left out.
    Money,
    /// Numbers of things, 0 left out.
    Counts,
}

/// Makes a mistake somewhere; answers with the cells and facts whose figures it changed, and
/// with `None` (nothing changed) where the drawn figure does not allow this mistake.
pub fn corrupt(disclosure: &mut Disclosure, mistake: Mistake, among: Among, random: &mut Prng) -> Option<Vec<Target>> {
    if mistake == Mistake::Slipped {
        return if among == Among::Money { slip(disclosure, random) } else { None };
    }
    let targets = targets(disclosure, among);
    if targets.is_empty() {
        return None;
    }
    let at = random.below(targets.len());
    let target = targets[at].clone();
    let old = figure(disclosure, &target);
    let new = match mistake {
        Mistake::Blanked => Figure::Blank,
        Mistake::Neighbour => neighbour(disclosure, &targets, at, random)?,
        _ => miswritten(old, disclosure.scale, mistake, random)?,
    };
    if new == old {
        return None;
    }
    put(disclosure, &target, new);
    Some(vec![target])
}

/// The figure of a cell or fact.
pub fn figure(disclosure: &Disclosure, target: &Target) -> Figure {
    match target {
        Target::Cell(cell) => disclosure.figure(*cell),
        Target::Fact(name) => disclosure.fact(name),
    }
}

/// Every figure that may be corrupted, tables first.
fn targets(disclosure: &Disclosure, among: Among) -> Vec<Target> {
    let meant = |figure: Figure| match among {
        Among::Money => figure.amount().is_some_and(|amount| !amount.is_zero()),
        Among::Counts => figure.count().is_some_and(|count| count != 0),
    };
    let cells = disclosure.tables.iter().flat_map(Table::cells);
    let cells = cells.filter(|(_, cell)| meant(cell.figure)).map(|(at, _)| Target::Cell(at));
    let facts = disclosure.facts.iter().filter(|(_, fact)| meant(fact.value));
    cells.chain(facts.map(|(name, _)| Target::Fact(name.clone()))).collect()
}

fn put(disclosure: &mut Disclosure, target: &Target, figure: Figure) {
    match target {
        Target::Cell(cell) => put_cell(&mut disclosure.tables[usize::from(cell.form)], *cell, figure),
        Target::Fact(name) if figure == Figure::Blank => {
            disclosure.facts.remove(name);
        }
        Target::Fact(name) => {
            if let Some(fact) = disclosure.facts.get_mut(name) {
                fact.value = figure;
            }
        }
    }
}

fn put_cell(table: &mut Table, at: CellRef, figure: Figure) {
    let row = table.rows_mut().iter_mut().find(|row| row.key == at.row);
    let cell = row.and_then(|row| {
        let column = usize::from(at.column).checked_sub(row.columns.start)?;
        row.cells.get_mut(column)
    });
    if let Some(cell) = cell {
        cell.figure = figure;
    }
}

/// The figure beside, above or below the drawn one.
fn neighbour(disclosure: &Disclosure, targets: &[Target], at: usize, random: &mut Prng) -> Option<Figure> {
    let near: Vec<usize> = match &targets[at] {
        Target::Fact(_) => [at.wrapping_sub(1), at + 1].to_vec(),
        Target::Cell(cell) => {
            let near = |other: &Target| match other {
                Target::Cell(other) => {
                    other.form == cell.form && (other.row == cell.row || other.column == cell.column)
                }
                Target::Fact(_) => false,
            };
            let before = (0..at).rev().filter(|other| near(&targets[*other])).take(1);
            let below = (at + 1..targets.len()).filter(|other| match &targets[*other] {
                Target::Cell(other) => other.form == cell.form && other.column == cell.column,
                Target::Fact(_) => false,
            });
            before.chain(below.take(1)).collect()
        }
    };
    let same_sort = |other: &&usize| {
        targets.get(**other).is_some_and(|other| {
            matches!((other, &targets[at]), (Target::Cell(_), Target::Cell(_)) | (Target::Fact(_), Target::Fact(_)))
        })
    };
    let near: Vec<usize> = near.iter().filter(same_sort).copied().collect();
    if near.is_empty() { None } else { Some(figure(disclosure, &targets[*random.pick(&near)])) }
}

/// A figure with a slip of the pen in its printed digits.
fn miswritten(old: Figure, scale: Scale, mistake: Mistake, random: &mut Prng) -> Option<Figure> {
    match old {
        Figure::Amount(amount) => {
            let last_units = slipped(amount.print(scale).last_units, 3, mistake, random)?;
            Some(Figure::Amount(Printed { last_units, scale }.amount()))
        }
        Figure::Count(count) if !matches!(mistake, Mistake::Sign | Mistake::Unit) => {
            let count = slipped(i128::from(count), 1, mistake, random)?;
            i64::try_from(count).ok().map(Figure::Count)
        }
        _ => None,
    }
}

/// A number with a slip in its digits, of which it has a least number.
fn slipped(number: i128, least: usize, mistake: Mistake, random: &mut Prng) -> Option<i128> {
    let mut digits: Vec<u8> = format!("{:0least$}", number.unsigned_abs()).into_bytes();
    let at = random.below(digits.len());
    let moved = match mistake {
        Mistake::Digit => {
            let step = u8::try_from(random.below(9)).unwrap_or_default() + 1;
            digits[at] = b'0' + (digits[at] - b'0' + step) % 10;
            None
        }
        Mistake::Swapped => {
            let unequal: Vec<usize> = (1..digits.len()).filter(|at| digits[*at] != digits[*at - 1]).collect();
            let at = if unequal.is_empty() { return None } else { *random.pick(&unequal) };
            digits.swap(at - 1, at);
            None
        }
        Mistake::Lost => {
            digits.remove(at);
            None
        }
        Mistake::Doubled => {
            digits.insert(at, digits[at]);
            None
        }
        Mistake::Point => Some(if random.chance(50) { number * 10 } else { number / 10 }),
        Mistake::Unit => Some(if random.chance(50) { number * 10_000 } else { number / 10_000 }),
        Mistake::Sign => Some(-number),
        Mistake::Blanked | Mistake::Slipped | Mistake::Neighbour => None,
    };
    let written = || digits.iter().fold(0_i128, |sum, digit| sum * 10 + i128::from(digit - b'0')) * number.signum();
    let new = moved.unwrap_or_else(written);
    (new != number).then_some(new)
}

/// Moves two to five figures of a column one row down; the last row loses its own.
fn slip(disclosure: &mut Disclosure, random: &mut Prng) -> Option<Vec<Target>> {
    let set = disclosure.set.clone();
    let form = random.below(disclosure.tables.len());
    let definition = &set.forms[form];
    let column = random.below(definition.columns.len());
    let labelled = |key| definition.line(key).is_none_or(|line| !line.label.is_empty());
    let table = &mut disclosure.tables[form];
    let rows: Vec<_> =
        table.rows.iter().filter(|row| row.columns.contains(&column) && labelled(row.key)).map(|row| row.key).collect();
    let length = 2 + random.below(4);
    if rows.len() <= length {
        return None;
    }
    let first = random.below(rows.len() - length);
    let old: Vec<Figure> = rows[first..=first + length].iter().map(|row| table.figure(*row, column)).collect();
    let new = std::iter::once(Figure::Blank).chain(old.iter().copied());
    let mut changed = Vec::new();
    for ((row, old), new) in rows[first..=first + length].iter().zip(&old).zip(new) {
        let (form, column) = (u16::try_from(form).ok()?, u16::try_from(column).ok()?);
        let at = CellRef { form, row: *row, column };
        if amount_of(*old) != amount_of(new) {
            changed.push(Target::Cell(at));
        }
        put_cell(table, at, new);
    }
    (!changed.is_empty()).then_some(changed)
}

/// The amount, with blank as nothing: 0.00 in the place of a blank is no change of money.
fn amount_of(figure: Figure) -> Option<crate::amount::Amount> {
    figure.amount_or_nothing()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_slip_changes_the_number_and_keeps_its_sign_unless_that_is_the_slip() {
        let mut random = Prng::new(1);
        for mistake in Mistake::ALL {
            for number in [1, 7, 12, 310, -4_500, 37_397, 1_234_567] {
                let Some(new) = slipped(number, 3, mistake, &mut random) else { continue };
                assert_ne!(new, number, "{mistake:?}");
                let turned = new.signum() == -number.signum();
                assert_eq!(turned, mistake == Mistake::Sign, "{mistake:?}: {number} became {new}");
            }
        }
    }

    #[test]
    fn slips_of_the_pen_are_what_their_names_say() {
        let mut random = Prng::new(5);
        let mut after = |mistake| slipped(1_200, 3, mistake, &mut random).unwrap();
        assert!([12_000, 120].contains(&after(Mistake::Point)));
        assert!([2_100, 1_020].contains(&after(Mistake::Swapped)));
        assert!([200, 100, 120].contains(&after(Mistake::Lost)));
        assert!([11_200, 12_200, 12_000].contains(&after(Mistake::Doubled)));
    }
}
