//! Coverage: which figures take part in which relations, and how many in none.
//!
//! A figure that no relation was judged over can be wrong without anyone noticing; pages say
//! so by number instead of letting it look checked.

use crate::check::judge::Verdict;
use crate::check::relation::{Instance, Instances, Source};
use crate::model::disclosure::Disclosure;
use crate::model::form::CellRef;
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
        let takes_part = |cell: &CellRef| cells.binary_search(cell).is_ok();
        let per_form: Vec<(u32, u32)> = disclosure
            .tables
            .iter()
            .map(|table| {
                let figures = table.cells().filter(|(_, cell)| is_figure(cell.figure)).map(|(at, _)| at);
                tally(figures, takes_part)
            })
            .collect();
        let stated = disclosure.facts.iter().filter(|(_, fact)| is_figure(fact.value)).map(|(name, _)| name.as_str());
        Self {
            figures: per_form.iter().map(|(figures, _)| figures).sum(),
            in_relations: per_form.iter().map(|(_, covered)| covered).sum(),
            per_form,
            facts: tally(stated, |name| facts.binary_search(name).is_ok()),
        }
    }
}

const fn is_figure(figure: Figure) -> bool {
    matches!(figure, Figure::Amount(_) | Figure::Count(_))
}

/// How many there are, and how many of them take part.
fn tally<T>(figures: impl Iterator<Item = T>, takes_part: impl Fn(&T) -> bool) -> (u32, u32) {
    figures.fold((0, 0), |(all, covered), figure| (all + 1, covered + u32::from(takes_part(&figure))))
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
    /// Each cell, in order, with the end of its stretch of `members`.
    cells: Vec<(CellRef, u32)>,
    members: Vec<u32>,
}

impl CellIndex {
    pub(super) fn of(instances: &Instances) -> Self {
        let mut pairs: Vec<(CellRef, u32)> = Vec::new();
        for (at, instance) in (0_u32..).zip(instances) {
            let cells = instances.operands(instance).iter().filter_map(|operand| operand.source.cell());
            pairs.extend(cells.map(|cell| (cell, at)));
        }
        pairs.sort_unstable();
        pairs.dedup();
        let mut index = Self { cells: Vec::new(), members: pairs.iter().map(|(_, at)| *at).collect() };
        for (end, (cell, _)) in (1_u32..).zip(&pairs) {
            match index.cells.last_mut() {
                Some((last, stretch)) if last == cell => *stretch = end,
                _ => index.cells.push((*cell, end)),
            }
        }
        index
    }

    /// The relations a cell takes part in, as positions for [`Instances::get`], in their order.
    pub fn get(&self, cell: CellRef) -> &[u32] {
        let Ok(at) = self.cells.binary_search_by_key(&cell, |(cell, _)| *cell) else { return &[] };
        let start = at.checked_sub(1).map_or(0, |before| self.cells[before].1);
        &self.members[start as usize..self.cells[at].1 as usize]
    }

    /// Every cell that takes part in a relation, in order, with its relations.
    pub fn iter(&self) -> impl Iterator<Item = (CellRef, &[u32])> {
        self.cells.iter().map(|(cell, _)| (*cell, self.get(*cell)))
    }
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{checked, disclosure, facts, one_row, set};

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
}
