//! Relations run over a disclosure: which instances it has, and what each came to.
//!
//! 1. [`run`] fills in the rows that a disclosure has: `各款行` runs over the union of the
//!    款 rows of all tables it names and the 款 that their 项 imply, so a missing row is a
//!    blank operand and never goes unnoticed.
//! 2. Each [`Instance`] is judged by [`crate::check::judge`]. An instance of blanks only is
//!    nothing to check and is left out; one with an unknown figure is 无法核对, one with an
//!    unread figure 未读入.
//!
//! A unit-year has about a thousand instances, so nothing here allocates per instance: lists
//! stay with their thread ([`Scratch`]) and results are copied out once.

use std::borrow::Cow;
use std::sync::Arc;

use crate::check::compile::{CellTerm, ColumnTerm, Compiled, Ready, ReadyTerm, RowTerm, Rows, What, in_order, row_in};
use crate::check::judge::{self, Judgement, Precision, Verdict};
use crate::check::relation::{Instance, Instances, Operand, Scene, Source, units};
use crate::model::code::{ClassCode, Level};
use crate::model::disclosure::Disclosure;
use crate::model::form::{CellRef, Layout, RowKey};
use crate::model::notation::Comparison;
use crate::model::prior;
use crate::model::table::{Figure, Row, TableState};

/// Lists that a thread keeps from one disclosure to the next.
#[derive(Default)]
pub(crate) struct Scratch {
    found: Instances,
    /// The figures of the instance at hand, one an operand.
    figures: Vec<Figure>,
}

/// Every instance of a set's relations over a disclosure, judged.
pub(crate) fn run(compiled: &Compiled<'_>, scene: Scene<'_>, scratch: &mut Scratch) -> Instances {
    let codes = Codes::of(compiled, scene.disclosure);
    let mut runner = Runner { compiled, scene, codes, row: None, scratch };
    for relation in &compiled.relations {
        runner.relation(relation);
    }
    let found = &mut runner.scratch.found;
    // Results of a whole site are kept: as large as they are, no larger.
    Instances { instances: found.instances.drain(..).collect(), operands: found.operands.drain(..).collect() }
}

/// The codes that each table of a disclosure has or implies, and those that relations run
/// over, in code order.
struct Codes<'a> {
    forms: Vec<Cow<'a, [ClassCode]>>,
    /// For each of [`Compiled::groups`], the union of its forms' codes.
    groups: Vec<Vec<ClassCode>>,
    /// Whether each table is one that someone has still to fill in: it should hold figures and
    /// has none. (Of a table declared empty every cell is nothing, which can be compared.)
    to_be_filled: Vec<bool>,
}

impl<'a> Codes<'a> {
    fn of(compiled: &'a Compiled<'_>, disclosure: &Disclosure) -> Self {
        let forms = compiled.set.forms.iter().zip(&compiled.line_codes).zip(&disclosure.tables);
        let forms: Vec<Cow<'a, [ClassCode]>> = forms
            .map(|((form, printed), table)| match form.layout {
                Layout::ByCode { .. } => in_order(table.rows.iter().flat_map(|row| lineage(row.key))).into(),
                Layout::TwoSided(_) | Layout::Blocks { .. } | Layout::OneRow => printed.as_slice().into(),
            })
            .collect();
        let groups = compiled.groups.iter().map(|group| {
            let codes = group.forms.iter().flat_map(|form| forms[usize::from(*form)].iter().copied());
            in_order(codes.filter(|code| group.level.is_none_or(|level| code.level() == level)))
        });
        let to_be_filled = disclosure.tables.iter().map(|table| {
            table.state == TableState::Filled && table.cells().all(|(_, cell)| cell.figure == Figure::Blank)
        });
        Self { groups: groups.collect(), forms, to_be_filled: to_be_filled.collect() }
    }

    /// The codes of a level in a form, under another code or all.
    fn under(&self, form: u16, level: Level, above: Option<ClassCode>) -> impl Iterator<Item = ClassCode> {
        let all = &self.forms[usize::from(form)][..];
        let part = above.map_or(all, |above| {
            let from = above.sort_key().0;
            let to = from
                + match above.level() {
                    Level::Class => 10_000,
                    Level::Section => 100,
                    Level::Item => 1,
                };
            &all[all.partition_point(|code| code.sort_key().0 < from)
                ..all.partition_point(|code| code.sort_key().0 < to)]
        });
        part.iter().copied().filter(move |code| code.level() == level)
    }
}

/// A code with the codes above it.
fn lineage(key: RowKey) -> impl Iterator<Item = ClassCode> {
    let code = match key {
        RowKey::Code(code) => Some(code),
        _ => None,
    };
    std::iter::successors(code, |code| code.parent())
}

/// The row that an instance is about.
#[derive(Clone, Copy)]
enum Bound {
    None,
    Line(RowKey),
    Code(ClassCode),
    Total,
}

struct Runner<'a> {
    compiled: &'a Compiled<'a>,
    scene: Scene<'a>,
    codes: Codes<'a>,
    /// The row that was looked for last: relations run along rows.
    row: Option<(u16, RowKey, Option<&'a Row>)>,
    scratch: &'a mut Scratch,
}

impl Runner<'_> {
    fn relation(&mut self, relation: &Ready) {
        match &relation.rows {
            Rows::Named => self.instance(relation, Bound::None),
            Rows::Lines(lines) => lines.iter().for_each(|line| self.instance(relation, Bound::Line(*line))),
            Rows::Codes { group, total } => {
                if *total {
                    self.instance(relation, Bound::Total);
                }
                for at in 0..self.codes.groups[*group].len() {
                    self.instance(relation, Bound::Code(self.codes.groups[*group][at]));
                }
            }
        }
    }

    /// Adds an instance, unless it has nothing to check or a form has no place for it.
    fn instance(&mut self, relation: &Ready, bound: Bound) {
        self.scratch.figures.clear();
        let first = self.scratch.found.operands.len();
        let (one, other) = relation.sides();
        let placed = self.push_side(relation, one, bound);
        let second = self.scratch.found.operands.len();
        let placed = placed && self.push_side(relation, other, bound);
        let judged = if placed { self.judge(relation, first, second) } else { None };
        match judged {
            None => self.scratch.found.operands.truncate(first),
            Some(judgement) => self.keep(relation, judgement, [first, second, self.scratch.found.operands.len()]),
        }
    }

    fn keep(&mut self, relation: &Ready, judgement: Judgement, bounds: [usize; 3]) {
        self.scratch.found.instances.push(Instance {
            relation: relation.id,
            verdict: judgement.verdict,
            off: i64::try_from(judgement.off).unwrap_or(i64::MAX),
            tolerance: u32::try_from(judgement.tolerance).unwrap_or(u32::MAX),
            at_most: relation.comparison != Comparison::Equal,
            bounds: bounds.map(|at| u32::try_from(at).unwrap_or(u32::MAX)),
        });
    }

    /// Adds the operands of a side; false when a form has no column for the bound code.
    fn push_side(&mut self, relation: &Ready, terms: &[ReadyTerm], bound: Bound) -> bool {
        terms.iter().all(|term| self.push_term(relation, term, bound).is_some())
    }

    fn push_term(&mut self, relation: &Ready, term: &ReadyTerm, bound: Bound) -> Option<()> {
        let negative = term.negative;
        match &term.what {
            What::Fact(name) => {
                let figure = self.scene.disclosure.fact(name);
                self.push(Operand { negative, source: Source::Fact(Arc::clone(name)) }, figure);
            }
            What::FactSum(prefix) => {
                for (name, fact) in self.scene.disclosure.facts.iter().filter(|(name, _)| is_item_of(name, prefix)) {
                    self.push(Operand { negative, source: Source::Fact(name.as_str().into()) }, fact.value);
                }
            }
            What::Cell(cell) => {
                let column = self.column(cell, bound)?;
                match cell.row {
                    RowTerm::Fixed(row) => self.push_cell(term, cell, row, column),
                    RowTerm::Bound => self.push_cell(term, cell, self.bound_row(cell, bound)?, column),
                    RowTerm::Under(level) => self.push_rows(relation, term, cell, (level, column), bound),
                }
            }
        }
        Some(())
    }

    fn push(&mut self, operand: Operand, figure: Figure) {
        self.scratch.found.operands.push(operand);
        self.scratch.figures.push(figure);
    }

    fn push_cell(&mut self, term: &ReadyTerm, cell: &CellTerm, row: RowKey, column: u16) {
        let at = CellRef { form: cell.form, row, column };
        let (source, figure) = if cell.prior {
            (Source::Prior(at), prior::of(self.scene.prior, self.scene.disclosure, at).figure)
        } else {
            (Source::Cell(at), self.figure(at))
        };
        self.push(Operand { negative: term.negative, source }, figure);
    }

    fn figure(&mut self, cell: CellRef) -> Figure {
        let table = self.scene.disclosure.table(cell.form);
        let row = match self.row {
            Some((form, key, row)) if (form, key) == (cell.form, cell.row) => row,
            _ => table.row(cell.row),
        };
        self.row = Some((cell.form, cell.row, row));
        table.figure_in(row, usize::from(cell.column))
    }

    /// Adds the rows of a level under the row on the left.
    fn push_rows(
        &mut self,
        relation: &Ready,
        term: &ReadyTerm,
        cell: &CellTerm,
        (level, column): (Level, u16),
        bound: Bound,
    ) {
        let above = self.above(relation, bound);
        let lines = &self.compiled.lines[usize::from(cell.form)];
        for code in self.codes.under(cell.form, level, above) {
            let at = CellRef { form: cell.form, row: row_in(lines, code), column };
            let source = if cell.prior { Source::Prior(at) } else { Source::Cell(at) };
            let figure = self.scene.figure(&source);
            self.scratch.figures.push(figure);
            self.scratch.found.operands.push(Operand { negative: term.negative, source });
        }
    }

    fn column(&self, cell: &CellTerm, bound: Bound) -> Option<u16> {
        match (cell.column, bound) {
            (ColumnTerm::At(column), _) => Some(column),
            (ColumnTerm::OfCode, Bound::Code(code)) => {
                let columns = &self.compiled.set.forms[usize::from(cell.form)].columns;
                columns.iter().position(|column| column.code == Some(code)).and_then(|index| u16::try_from(index).ok())
            }
            (ColumnTerm::OfCode | ColumnTerm::Each, _) => None,
        }
    }

    fn bound_row(&self, cell: &CellTerm, bound: Bound) -> Option<RowKey> {
        match bound {
            Bound::None => None,
            Bound::Line(line) => Some(line),
            Bound::Code(code) => Some(self.row_of(cell.form, code)),
            Bound::Total => Some(RowKey::Total),
        }
    }

    fn row_of(&self, form: u16, code: ClassCode) -> RowKey {
        row_in(&self.compiled.lines[usize::from(form)], code)
    }

    /// The code above the rows that a `Σ款行` adds up: the bound row, or the row on the left.
    fn above(&self, relation: &Ready, bound: Bound) -> Option<ClassCode> {
        if let Bound::Code(code) = bound {
            return Some(code);
        }
        let cell = relation.left.first()?.cell()?;
        let key = match (bound, cell.row) {
            (Bound::Line(line), _) => line,
            (_, RowTerm::Fixed(key)) => key,
            _ => return None,
        };
        match key {
            RowKey::Code(code) => Some(code),
            key => self.compiled.set.forms[usize::from(cell.form)].line(key)?.class,
        }
    }

    /// The verdict over the operands from `first` on; `None` when all of them are blank.
    fn judge(&self, relation: &Ready, first: usize, second: usize) -> Option<Judgement> {
        let (figures, operands) = (&self.scratch.figures[..], &self.scratch.found.operands[first..]);
        let seen = Seen::of(operands, figures);
        if !seen.amount && !seen.count && !seen.unknown && !seen.not_read {
            return None;
        }
        let undecided = |verdict| Some(Judgement { verdict, off: 0, tolerance: 0 });
        if seen.not_read {
            return undecided(Verdict::NotRead);
        }
        let split = second - first;
        let silent =
            if seen.fact { silent_sides(operands.split_at(split), figures.split_at(split)) } else { [false; 2] };
        // Nothing beside nothing is nothing, stated or not.
        let is_nothing = |figure: &Figure| match figure {
            Figure::Amount(amount) => amount.is_zero(),
            Figure::Count(count) => *count == 0,
            Figure::Blank | Figure::Unknown | Figure::NotRead => *figure == Figure::Blank,
        };
        if silent[0] && relation.comparison != Comparison::Equal {
            return None;
        }
        if seen.unknown
            || (seen.count && seen.amount)
            || (silent.contains(&true) && !figures.iter().all(is_nothing))
            || self.waits(operands)
        {
            return undecided(Verdict::NotCheckable);
        }
        Some(self.compare(relation, split, operands, seen))
    }

    /// Whether an operand stands in a table that is still to be filled in.
    fn waits(&self, operands: &[Operand]) -> bool {
        let is_open = |cell: CellRef| self.codes.to_be_filled[usize::from(cell.form)];
        self.codes.to_be_filled.contains(&true)
            && operands.iter().any(|operand| operand.source.cell().is_some_and(is_open))
    }

    fn compare(&self, relation: &Ready, split: usize, operands: &[Operand], seen: Seen) -> Judgement {
        let scale = if seen.prior { self.scene.common_scale() } else { self.scene.disclosure.scale };
        let precision = if seen.count { Precision::Exact } else { Precision::of(scale) };
        let signed = |(operand, figure): (&Operand, &Figure)| {
            units(*figure, scale).map(|units| if operand.negative { -units } else { units })
        };
        let (one, other) = operands.split_at(split);
        let (one_figures, other_figures) = self.scratch.figures.split_at(split);
        let first = one.iter().zip(one_figures).map(signed);
        let second = other.iter().zip(other_figures).map(signed);
        judge::sides(first, second, relation.comparison != Comparison::Equal, precision)
    }
}

/// What kinds of figures and operands an instance has.
#[derive(Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact by itself")]
struct Seen {
    amount: bool,
    count: bool,
    unknown: bool,
    not_read: bool,
    fact: bool,
    prior: bool,
}

impl Seen {
    fn of(operands: &[Operand], figures: &[Figure]) -> Self {
        let mut seen = Self::default();
        for figure in figures {
            match figure {
                Figure::Blank => {}
                Figure::Amount(_) => seen.amount = true,
                Figure::Count(_) => seen.count = true,
                Figure::Unknown => seen.unknown = true,
                Figure::NotRead => seen.not_read = true,
            }
        }
        for operand in operands {
            match operand.source {
                Source::Cell(_) => {}
                Source::Fact(_) => seen.fact = true,
                Source::Prior(_) => seen.prior = true,
            }
        }
        // A sum of facts of which none is stated has no operand to show for it.
        seen.fact |= operands.is_empty();
        seen
    }
}

/// Which sides are made of facts only, none of which the document states: such a side says
/// nothing, which is not the same as saying zero.
fn silent_sides(sides: (&[Operand], &[Operand]), (one, other): (&[Figure], &[Figure])) -> [bool; 2] {
    let sides = [sides.0, sides.1];
    let all_facts = |side: &[Operand]| side.iter().all(|operand| matches!(operand.source, Source::Fact(_)));
    let facts = sides.map(all_facts);
    // A side without operands (no fact by code) goes with the other.
    let of_facts = [facts[0] && (!sides[0].is_empty() || facts[1]), facts[1] && (!sides[1].is_empty() || facts[0])];
    let blank = [one, other].map(|figures| figures.iter().all(|figure| *figure == Figure::Blank));
    [of_facts[0] && blank[0], of_facts[1] && blank[1]]
}

/// Whether a fact's name is the prefix with a 项 code: only these are added up.
fn is_item_of(name: &str, prefix: &str) -> bool {
    name.strip_prefix(prefix).and_then(ClassCode::parse).is_some_and(|code| code.level() == Level::Item)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{blocks, by_code, disclosure, facts, one_row, set, two_sided};
    use crate::model::form::FormSet;
    use crate::model::notation::Reference;

    /// Every instance over these figures as `text: verdict`.
    fn instances(set: &FormSet, figures: &[(&str, &str)]) -> Vec<String> {
        let disclosure = disclosure(set, figures);
        let found = run(&Compiled::new(set), Scene { disclosure: &disclosure, prior: None }, &mut Scratch::default());
        found.iter().map(|instance| format!("{}: {}", found.text(instance, set), instance.verdict.name())).collect()
    }

    #[test]
    fn a_column_left_out_is_every_column_of_that_side() {
        let right = [(33, 201), (34, 202), (59, 0)];
        let set = set(vec![two_sided("公开04表", &[1, 27], &right, 2, &["27行＝1行；59行＝（33+34）行"])], &[]);
        let figures = [("公开04表1行", "1.00"), ("公开04表33行2栏", "1.00"), ("公开04表34行3栏", "2.00")];
        assert_eq!(
            instances(&set, &figures),
            [
                "公开04表27行1栏＝公开04表1行1栏: 不符",
                "公开04表59行2栏＝公开04表33行2栏＋公开04表34行2栏: 不符",
                "公开04表59行3栏＝公开04表33行3栏＋公开04表34行3栏: 不符",
            ]
        );
    }

    #[test]
    fn a_formula_of_columns_runs_over_the_rows_that_have_them() {
        let set = set(vec![two_sided("公开04表", &[1], &[(33, 201), (34, 202)], 3, &["2栏＝（3+4）栏"])], &[]);
        let figures = [("公开04表1行", "9.00"), ("公开04表34行2栏", "3.00"), ("公开04表34行4栏", "3.00")];
        assert_eq!(instances(&set, &figures), ["公开04表34行2栏＝公开04表34行3栏＋公开04表34行4栏: 相符"]);
    }

    #[test]
    fn a_class_code_finds_the_class_line_and_a_row_in_either_table_counts() {
        let spending = by_code("公开03表", 1, &[]);
        let total = two_sided("公开01表", &[1], &[(32, 201), (33, 202)], 1, &[]);
        let set = set(vec![total, spending], &["公开01表各类行2栏 = 公开03表各类行1栏"]);
        let figures = [("公开01表33行2栏", "1.00"), ("公开03表201行1栏", "2.00"), ("公开03表20510行1栏", "3.00")];
        assert_eq!(
            instances(&set, &figures),
            ["公开01表32行2栏＝公开03表201行1栏: 不符", "公开01表33行2栏＝公开03表202行1栏: 不符"]
        );
    }

    #[test]
    fn a_missing_parent_row_is_a_blank_total() {
        let formulas = ["合计行＝Σ类行；各类行＝Σ款行；各款行＝Σ项行"];
        let set = set(vec![by_code("公开05表", 1, &formulas)], &[]);
        let figures = [("公开05表合计行1栏", "1.00"), ("公开05表201行1栏", "1.00"), ("公开05表2010350行1栏", "1.00")];
        assert_eq!(
            instances(&set, &figures),
            [
                "公开05表合计行1栏＝公开05表201行1栏: 相符",
                "公开05表201行1栏＝公开05表20103行1栏: 不符",
                "公开05表20103行1栏＝公开05表2010350行1栏: 不符",
            ]
        );
    }

    #[test]
    fn a_total_without_parts_is_compared_with_nothing() {
        let set = set(vec![blocks("公开06表", &[301, 30101, 302], &[], &["301行＝Σ款行；302行＝Σ款行"])], &[]);
        assert_eq!(
            instances(&set, &[("公开06表302行", "0.00"), ("公开06表30101行", "1.00")]),
            ["公开06表301行＝公开06表30101行: 不符", "公开06表302行＝0: 相符"]
        );
    }

    #[test]
    fn a_row_binds_the_column_of_its_code() {
        let mut wide = by_code("川决07表", 2, &[]);
        wide.columns[1].code = ClassCode::parse("30101");
        let set =
            set(vec![blocks("川决08表", &[301, 30101], &[], &[]), wide], &["川决08表各款行 ≤ 川决07表合计行各款栏"]);
        assert_eq!(
            instances(&set, &[("川决08表30101行", "1.00"), ("川决07表合计行2栏", "2.00")]),
            ["川决08表30101行≤川决07表合计行2栏: 相符"]
        );
    }

    #[test]
    fn every_row_includes_the_total_and_the_parents_that_rows_imply() {
        let set =
            set(vec![by_code("公开03表", 1, &[]), by_code("公开05表", 1, &[])], &["公开05表各行1栏 ≤ 公开03表各行1栏"]);
        assert_eq!(
            instances(&set, &[("公开03表合计行1栏", "1.00"), ("公开05表20103行1栏", "1.00")]),
            ["公开05表合计行1栏≤公开03表合计行1栏: 相符", "公开05表20103行1栏≤公开03表20103行1栏: 不符"]
        );
    }

    #[test]
    fn an_at_least_is_an_at_most_turned_round() {
        let set = set(vec![one_row("公开09表", 3, &["1栏 ≥ （2+3）栏"])], &[]);
        let figures = [("公开09表1栏", "1.00"), ("公开09表2栏", "0.50"), ("公开09表3栏", "0.51")];
        assert_eq!(instances(&set, &figures), ["公开09表2栏＋公开09表3栏≤公开09表1栏: 尾数误差"]);
    }

    #[test]
    fn a_sum_of_facts_by_code_adds_the_items_only() {
        let mut set = set(Vec::new(), &[]);
        set.facts.push(facts("年初预算", &["合计"], &["年初预算·合计 = Σ年初预算"]));
        let figures = [("年初预算·合计", "3.00"), ("年初预算·201", "3.00"), ("年初预算·2010350", "3.00")];
        assert_eq!(instances(&set, &figures), ["年初预算·合计＝年初预算·2010350: 相符"]);
        assert_eq!(instances(&set, &[("年初预算·合计", "3.00")]), ["年初预算·合计＝0: 无法核对"]);
    }

    #[test]
    fn facts_that_are_not_stated_are_not_zero() {
        let mut set = set(vec![one_row("公开09表", 2, &[])], &[]);
        let names = ["货物", "工程", "总额"];
        let texts = ["附注·采购·总额 = 附注·采购·货物 + 附注·采购·工程", "附注·采购·货物 ≤ 公开09表1栏"];
        set.facts.push(facts("附注·采购", &names, &texts));
        let total = ("附注·采购·总额", "3.00");
        assert_eq!(instances(&set, &[total]), ["附注·采购·总额＝附注·采购·货物＋附注·采购·工程: 无法核对"]);
        assert_eq!(
            instances(&set, &[total, ("附注·采购·货物", "3.00"), ("公开09表2栏", "1.00")]),
            ["附注·采购·总额＝附注·采购·货物＋附注·采购·工程: 相符", "附注·采购·货物≤公开09表1栏: 不符"]
        );
    }

    #[test]
    fn a_concept_stands_for_its_cell_and_a_chain_is_several_relations() {
        let mut set = set(vec![one_row("公开09表", 3, &["1栏＝2栏＝3栏"])], &["公开09表1栏 = {reception}"]);
        set.concepts.insert("reception".into(), Reference::parse("公开09表3栏").unwrap());
        let figures = [("公开09表1栏", "1.00"), ("公开09表2栏", "1.00"), ("公开09表3栏", "1.00")];
        assert_eq!(
            instances(&set, &figures),
            ["公开09表1栏＝公开09表2栏: 相符", "公开09表2栏＝公开09表3栏: 相符", "公开09表1栏＝公开09表3栏: 相符"]
        );
    }

    #[test]
    fn a_table_that_is_still_to_be_filled_in_is_not_compared_and_one_declared_empty_is() {
        let set = set(vec![one_row("公开08表", 1, &[]), one_row("公开09表", 1, &[])], &["公开08表1栏 = 公开09表1栏"]);
        let mut disclosure = disclosure(&set, &[("公开09表1栏", "1.00")]);
        let verdict = |disclosure: &Disclosure| {
            let scene = Scene { disclosure, prior: None };
            run(&Compiled::new(&set), scene, &mut Scratch::default()).get(0).unwrap().verdict
        };
        assert_eq!(verdict(&disclosure), Verdict::NotCheckable);
        disclosure.tables[0].state = TableState::Empty("本部门当年无此项支出".into());
        assert_eq!(verdict(&disclosure), Verdict::Fail);
    }

    #[test]
    fn last_years_figure_comes_from_last_years_disclosure() {
        let set = set(vec![one_row("公开09表", 2, &[])], &["公开09表1栏 = 上年公开09表2栏"]);
        let this = disclosure(&set, &[("公开09表1栏", "1.00")]);
        let last = disclosure(&set, &[("公开09表2栏", "1.00")]);
        let verdict = |prior| {
            run(&Compiled::new(&set), Scene { disclosure: &this, prior }, &mut Scratch::default())
                .get(0)
                .unwrap()
                .verdict
        };
        assert_eq!(verdict(Some(&last)), Verdict::Exact);
        assert_eq!(verdict(None), Verdict::NotCheckable);
    }

    #[test]
    fn results_are_found_by_form_and_by_cell() {
        let set = set(
            vec![one_row("公开08表", 1, &[]), one_row("公开09表", 2, &["1栏＝2栏"])],
            &["公开08表1栏 = 公开09表1栏"],
        );
        let figures = [("公开08表1栏", "2.00"), ("公开09表1栏", "1.00"), ("公开09表2栏", "1.00")];
        let report = crate::check::testing::checked(disclosure(&set, &figures));
        let results = report.of(0).unwrap();
        let counts = results.form_counts(2);
        assert_eq!((counts[0].total(), counts[1].total()), (1, 2));
        assert_eq!((counts[1].passed(), counts[1].of(Verdict::Fail)), (1, 1));
        assert_eq!(results.for_cell(set.cell_named("公开09表2栏").unwrap()).count(), 1);
    }
}
