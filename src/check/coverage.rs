//! Coverage: which figures take part in which relations, and how many in none.
//!
//! A figure that no relation was judged over can be wrong without anyone noticing; pages say
//! so by number instead of letting it look checked.

use crate::check::judge::Verdict;
use crate::check::relation::{Instance, Instances, Source};
use crate::model::code::ClassCode;
use crate::model::disclosure::Disclosure;
use crate::model::form::{CellRef, RowKey};
use crate::model::table::Figure;

/// How many figures of a disclosure take part in at least one relation that was judged.
///
/// A figure is an amount or a count that is printed; blanks and 未提供 are none. A relation that
/// could not be checked, or over a figure that was not read, was not judged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Participation {
    /// The figures in cells of tables.
    pub figures: u32,
    /// Those of them that take part in a judged relation.
    pub in_relations: u32,
    /// For each form of the set: its figures, and those that take part.
    pub per_form: Vec<(u32, u32)>,
    /// The facts outside the tables that are stated, and those that take part.
    pub facts: (u32, u32),
}

impl Participation {
    /// Counts the figures of a disclosure against its judged relations.
    pub(super) fn of(instances: &Instances, disclosure: &Disclosure) -> Self {
        let (cells, facts) = judged(instances);
        Self::counted(disclosure, |cell| cells.binary_search(&cell).is_ok(), |name| facts.binary_search(&name).is_ok())
    }

    /// Counts the figures of a disclosure, by who knows which cells and facts take part in a
    /// relation that was judged.
    pub fn counted(
        disclosure: &Disclosure,
        takes_part: impl Fn(CellRef) -> bool,
        fact_takes_part: impl Fn(&str) -> bool,
    ) -> Self {
        let per_form: Vec<(u32, u32)> = disclosure
            .tables
            .iter()
            .map(|table| {
                let figures = table.cells().filter(|(_, cell)| is_figure(cell.figure)).map(|(at, _)| at);
                tally(figures, &takes_part)
            })
            .collect();
        let stated = disclosure.facts.iter().filter(|(_, fact)| is_figure(fact.value)).map(|(name, _)| name.as_str());
        Self {
            figures: per_form.iter().map(|(figures, _)| figures).sum(),
            in_relations: per_form.iter().map(|(_, covered)| covered).sum(),
            per_form,
            facts: tally(stated, fact_takes_part),
        }
    }
}

const fn is_figure(figure: Figure) -> bool {
    matches!(figure, Figure::Amount(_) | Figure::Count(_))
}

/// How many there are, and how many of them take part.
fn tally<T>(figures: impl Iterator<Item = T>, takes_part: impl Fn(T) -> bool) -> (u32, u32) {
    figures.fold((0, 0), |(all, covered), figure| (all + 1, covered + u32::from(takes_part(figure))))
}

/// The cells and facts in judged relations, both sorted.
fn judged(instances: &Instances) -> (Vec<CellRef>, Vec<&str>) {
    let is_judged = |instance: &&Instance| !matches!(instance.verdict, Verdict::NotCheckable | Verdict::NotRead);
    let (mut cells, mut facts) = (Vec::new(), Vec::new());
    for operand in instances.iter().filter(is_judged).flat_map(|instance| instances.operands(instance)) {
        match &operand.source {
            Source::Cell(cell) => cells.push(*cell),
            Source::Fact(name) => facts.push(&**name),
            Source::Prior(_) => {}
        }
    }
    cells.sort_unstable();
    cells.dedup();
    facts.sort_unstable();
    facts.dedup();
    (cells, facts)
}

/// For each cell of a disclosure the relations it takes part in, so that a page need not look
/// through all of them for every cell.
#[derive(Clone, Debug, Default)]
pub struct CellIndex {
    /// The [`number`] of each cell, in order, each with the end of its stretch of `members`.
    numbers: Vec<u128>,
    ends: Vec<u32>,
    members: Vec<u32>,
}

/// A cell as one number, in the order of cells: numbers are quick to sort and to find.
fn number(cell: CellRef) -> u128 {
    let (kind, value) = match cell.row {
        RowKey::Line(line) => (0_u128, line),
        RowKey::Code(code) => (1, code.0),
        RowKey::Label(index) => (2, index.into()),
        RowKey::Total => (3, 0),
        RowKey::Only => (4, 0),
    };
    (u128::from(cell.form) << 56) | (kind << 48) | (u128::from(value) << 16) | u128::from(cell.column)
}

/// The cell with a [`number`].
#[expect(clippy::cast_possible_truncation, reason = "each part is taken out as it was put in")]
const fn cell(number: u128) -> CellRef {
    let value = (number >> 16) as u32;
    let row = match (number >> 48) as u8 {
        0 => RowKey::Line(value),
        1 => RowKey::Code(ClassCode(value)),
        2 => RowKey::Label(value as u16),
        3 => RowKey::Total,
        _ => RowKey::Only,
    };
    CellRef { form: (number >> 56) as u16, row, column: number as u16 }
}

impl CellIndex {
    pub(super) fn of(instances: &Instances) -> Self {
        // The cell and, in the last bits, the relation.
        let mut pairs: Vec<u128> = Vec::with_capacity(instances.operands.len());
        for (at, instance) in (0_u32..).zip(instances) {
            let cells = instances.operands(instance).iter().filter_map(|operand| operand.source.cell());
            pairs.extend(cells.map(|cell| (number(cell) << 32) | u128::from(at)));
        }
        pairs.sort_unstable();
        pairs.dedup();
        let mut index = Self::default();
        for stretch in pairs.chunk_by(|one, other| one >> 32 == other >> 32) {
            index.numbers.push(stretch[0] >> 32);
            index.members.extend(stretch.iter().map(|pair| u32::try_from(pair & u128::from(u32::MAX)).unwrap_or(0)));
            index.ends.push(u32::try_from(index.members.len()).unwrap_or(u32::MAX));
        }
        index
    }

    /// The relations a cell takes part in, as positions for [`Instances::get`], in their order.
    pub fn get(&self, cell: CellRef) -> &[u32] {
        self.position(cell).map_or(&[], |at| self.at(at))
    }

    /// Where a cell stands among those of [`Self::iter`].
    pub fn position(&self, cell: CellRef) -> Option<usize> {
        self.numbers.binary_search(&number(cell)).ok()
    }

    /// The relations of the cell at a position.
    pub fn at(&self, position: usize) -> &[u32] {
        let start = position.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.members[start as usize..self.ends[position] as usize]
    }

    /// Every cell that takes part in a relation, in order, with its relations.
    pub fn iter(&self) -> impl Iterator<Item = (CellRef, &[u32])> {
        (0..).zip(&self.numbers).map(|(at, number)| (cell(*number), self.at(at)))
    }
}

#[cfg(test)]
mod tests {
    use super::{cell, number};
    use crate::check::testing::{checked, disclosure, facts, one_row, set};
    use crate::model::code::ClassCode;
    use crate::model::form::{CellRef, RowKey};

    #[test]
    fn a_figure_without_a_judged_relation_is_counted_as_such() {
        let set = set(vec![one_row("公开08表", 2, &["1栏＝2栏"]), one_row("公开09表", 3, &["1栏＝2栏"])], &[]);
        let figures = [
            ("公开08表1栏", "1.00"),
            ("公开08表2栏", "未提供"),
            ("公开09表1栏", "1.00"),
            ("公开09表2栏", "1.00"),
            ("公开09表3栏", "5.00"),
        ];
        let disclosure = disclosure(&set, &figures);
        let found = checked(disclosure.clone()).of(0).unwrap().participation(&disclosure);
        assert_eq!((found.figures, found.in_relations), (4, 2));
        assert_eq!(found.per_form, [(1, 0), (3, 2)]);
        assert_eq!(found.facts, (0, 0));
    }

    #[test]
    fn facts_are_counted_apart() {
        let mut set = set(vec![one_row("公开09表", 1, &[])], &[]);
        set.facts.push(facts("附注·采购", &["货物", "工程"], &["附注·采购·货物 ≤ 公开09表1栏"]));
        let figures = [("公开09表1栏", "3.00"), ("附注·采购·货物", "3.00"), ("附注·采购·工程", "1.00")];
        let disclosure = disclosure(&set, &figures);
        let found = checked(disclosure.clone()).of(0).unwrap().participation(&disclosure);
        assert_eq!((found.figures, found.in_relations, found.facts), (1, 1, (2, 1)));
    }

    #[test]
    fn the_index_finds_what_a_search_through_all_relations_finds() {
        let forms = vec![one_row("公开08表", 1, &[]), one_row("公开09表", 3, &["1栏＝（2+2）栏", "3栏 ≤ 1栏"])];
        let set = set(forms, &["公开08表1栏 = 公开09表1栏"]);
        let figures = [("公开08表1栏", "2.00"), ("公开09表1栏", "2.00"), ("公开09表2栏", "1.00")];
        let report = checked(disclosure(&set, &figures));
        let results = report.of(0).unwrap();
        let index = results.by_cell();
        for name in ["公开08表1栏", "公开09表1栏", "公开09表2栏", "公开09表3栏"] {
            let cell = set.cell_named(name).unwrap();
            let found: Vec<_> = index.get(cell).iter().map(|at| results.instances.get(*at).unwrap()).collect();
            assert_eq!(found, results.for_cell(cell).collect::<Vec<_>>(), "{name}");
            assert!(!found.is_empty(), "{name}");
        }
        assert_eq!(index.iter().count(), 4);
    }

    #[test]
    fn a_cell_is_its_number_and_numbers_stand_in_the_order_of_cells() {
        let rows = [
            RowKey::Line(0),
            RowKey::Line(u32::MAX),
            RowKey::Code(ClassCode(201)),
            RowKey::Label(u16::MAX),
            RowKey::Total,
            RowKey::Only,
        ];
        let all = |form, column| rows.map(|row| CellRef { form, row, column });
        let mut cells = [all(0, 0), all(0, u16::MAX), all(1, 2), all(u16::MAX, u16::MAX)].concat();
        assert!(cells.iter().all(|at| cell(number(*at)) == *at));
        cells.sort_unstable();
        assert!(cells.is_sorted_by_key(|at| number(*at)));
    }
}
