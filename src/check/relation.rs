//! Relations over a disclosure: every instance with its concrete cells and its verdict.
//!
//! 1. [`run`] fills in the rows that a disclosure has: `各款行` runs over the union of the
//!    款 rows of all tables it names and the 款 that their 项 imply, so a missing row is a
//!    blank operand and never goes unnoticed.
//! 2. Each [`Instance`] is judged by [`crate::check::judge`]. An instance of blanks only is
//!    nothing to check and is left out; one with an unknown figure is 无法核对, one with an
//!    unread figure 未读入.
//!
//! Results are kept small: an instance keeps what it relates, not the figures, which stand in
//! the disclosure ([`Scene::figure`]).

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::amount::{Printed, Scale};
use crate::check::compile::{CellTerm, ColumnTerm, Compiled, Ready, ReadyTerm, RelationId, RowTerm, Rows, What};
use crate::check::judge::{self, Judgement, Precision, Verdict};
use crate::diagnostic::Place;
use crate::model::code::{ClassCode, Level};
use crate::model::disclosure::Disclosure;
use crate::model::form::{CellRef, FormSet, Layout, RowKey};
use crate::model::notation::Comparison;
use crate::model::prior;
use crate::model::table::Figure;

/// What an operand of a relation is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// A cell of this disclosure.
    Cell(CellRef),
    /// The same cell of last year's disclosure.
    Prior(CellRef),
    /// A fact outside the tables, by its name.
    Fact(Arc<str>),
}

impl Source {
    /// The name in our notation: `公开01表27行1栏`, `上年公开01表31行1栏`, `附注·车辆·其他用车`.
    pub fn name(&self, set: &FormSet) -> String {
        match self {
            Self::Cell(cell) => set.name_of(*cell),
            Self::Prior(cell) => format!("上年{}", set.name_of(*cell)),
            Self::Fact(name) => name.to_string(),
        }
    }

    /// The cell of this disclosure, when it is one.
    pub const fn cell(&self) -> Option<CellRef> {
        match self {
            Self::Cell(cell) => Some(*cell),
            Self::Prior(_) | Self::Fact(_) => None,
        }
    }
}

/// An operand with its sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operand {
    /// Whether it is subtracted.
    pub negative: bool,
    /// What it is.
    pub source: Source,
}

/// A relation over concrete cells, judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    /// The relation it is an instance of.
    pub relation: RelationId,
    /// What it came to.
    pub verdict: Verdict,
    /// The first side minus the second, in last units (for counts, in things).
    pub off: i64,
    /// How far apart the sides may be, in last units.
    pub tolerance: u32,
    /// Whether the first side is at most the second; otherwise the two are equal.
    pub at_most: bool,
    first: u32,
    second: u32,
    end: u32,
}

/// Every instance of a disclosure's relations.
#[derive(Clone, Debug, Default)]
pub struct Instances {
    instances: Vec<Instance>,
    operands: Vec<Operand>,
}

impl Instances {
    /// The instances, in the order in which the set gives their relations.
    pub fn iter(&self) -> std::slice::Iter<'_, Instance> {
        self.instances.iter()
    }

    /// The instance at a position of this order, as [`crate::check::CellIndex`] gives it.
    pub fn get(&self, at: u32) -> Option<&Instance> {
        self.instances.get(at as usize)
    }

    /// How many instances there are.
    pub fn len(&self) -> usize {
        self.instances.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.instances.is_empty()
    }

    /// The first side of an instance: the total, or the parts of an inequality.
    pub fn first(&self, instance: &Instance) -> &[Operand] {
        &self.operands[instance.first as usize..instance.second as usize]
    }

    /// The second side of an instance: the terms, or the whole of an inequality.
    pub fn second(&self, instance: &Instance) -> &[Operand] {
        &self.operands[instance.second as usize..instance.end as usize]
    }

    /// All operands of an instance, first side first.
    pub fn operands(&self, instance: &Instance) -> &[Operand] {
        &self.operands[instance.first as usize..instance.end as usize]
    }

    /// The equation with its cells: `公开01表27行1栏＝公开01表1行1栏＋公开01表2行1栏`.
    pub fn text(&self, instance: &Instance, set: &FormSet) -> String {
        let sign = if instance.at_most { Comparison::AtMost } else { Comparison::Equal }.sign();
        format!("{}{sign}{}", side_text(self.first(instance), set), side_text(self.second(instance), set))
    }
}

impl<'a> IntoIterator for &'a Instances {
    type Item = &'a Instance;
    type IntoIter = std::slice::Iter<'a, Instance>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

fn side_text(operands: &[Operand], set: &FormSet) -> String {
    let mut text = String::new();
    for operand in operands {
        match (text.is_empty(), operand.negative) {
            (true, false) => {}
            (false, false) => text.push('＋'),
            (_, true) => text.push('－'),
        }
        text.push_str(&operand.source.name(set));
    }
    if text.is_empty() { "0".to_owned() } else { text }
}

/// A disclosure with last year's, where the site has it: what operands are looked up in.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// The disclosure.
    pub disclosure: &'a Disclosure,
    /// The same unit's disclosure of the year before.
    pub prior: Option<&'a Disclosure>,
}

impl Scene<'_> {
    /// The figure of an operand; last year's as [`prior::of`] finds it.
    pub fn figure(&self, source: &Source) -> Figure {
        match source {
            Source::Cell(cell) => self.disclosure.figure(*cell),
            Source::Fact(name) => self.disclosure.fact(name),
            Source::Prior(cell) => prior::of(self.prior, self.disclosure, *cell).figure,
        }
    }

    /// Where an operand stands; a blank one where its row or table stands.
    pub fn place(&self, source: &Source) -> Option<Place> {
        match source {
            Source::Cell(cell) => Some(self.disclosure.place_of(*cell)),
            Source::Fact(name) => Some(self.disclosure.facts.get(&**name)?.place),
            Source::Prior(cell) => prior::of(self.prior, self.disclosure, *cell).place,
        }
    }
}

/// A figure in the last units of a scale (`373.97` is 37397), or a count.
pub(crate) fn units(figure: Figure, scale: Scale) -> Option<i128> {
    match figure {
        Figure::Amount(amount) => Some(amount.print(scale).last_units),
        Figure::Count(count) => Some(i128::from(count)),
        Figure::Blank | Figure::Unknown | Figure::NotRead => None,
    }
}

/// A figure as a reader sees it: `373.97`, `3`, `空白`.
pub(crate) fn shown(figure: Figure, scale: Scale) -> String {
    match figure {
        Figure::Amount(amount) => amount.print(scale).to_string(),
        Figure::Count(count) => count.to_string(),
        Figure::Blank => "空白".to_owned(),
        Figure::Unknown => "未提供".to_owned(),
        Figure::NotRead => "未读入".to_owned(),
    }
}

/// Last units as a reader sees them: `1.00`; for counts the number itself.
pub(crate) fn shown_units(units: i128, scale: Scale, counts: bool) -> String {
    if counts { units.to_string() } else { Printed { last_units: units, scale }.to_string() }
}

/// Every instance of a set's relations over a disclosure, judged.
pub(crate) fn run(compiled: &Compiled<'_>, scene: Scene<'_>) -> Instances {
    let mut runner =
        Runner { compiled, scene, codes: Codes::of(compiled, scene.disclosure), found: Instances::default() };
    for relation in &compiled.relations {
        runner.relation(relation);
    }
    // Results of a whole site are kept; growth by doubling would double them.
    runner.found.instances.shrink_to_fit();
    runner.found.operands.shrink_to_fit();
    runner.found
}

/// The codes that each table of a disclosure has or implies, in code order.
struct Codes(Vec<Vec<ClassCode>>);

impl Codes {
    fn of(compiled: &Compiled<'_>, disclosure: &Disclosure) -> Self {
        let tables = compiled.set.forms.iter().zip(&compiled.lines).enumerate();
        Self(
            tables
                .map(|(index, (form, lines))| match form.layout {
                    Layout::ByCode { .. } => {
                        in_order(disclosure.tables[index].rows.iter().flat_map(|row| lineage(row.key)))
                    }
                    Layout::TwoSided(_) | Layout::Blocks { .. } | Layout::OneRow => in_order(lines.keys().copied()),
                })
                .collect(),
        )
    }

    fn of_form(&self, form: u16) -> &[ClassCode] {
        &self.0[usize::from(form)]
    }

    /// The codes of a level in a form, under another code or all.
    fn under(&self, form: u16, level: Level, above: Option<ClassCode>) -> impl Iterator<Item = ClassCode> {
        let all = self.of_form(form);
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

    /// The union of the codes of several forms.
    fn union(&self, forms: &[u16], level: Option<Level>) -> Vec<ClassCode> {
        let codes = forms.iter().flat_map(|form| self.of_form(*form)).copied();
        in_order(codes.filter(|code| level.is_none_or(|level| code.level() == level)))
    }
}

fn in_order(codes: impl Iterator<Item = ClassCode>) -> Vec<ClassCode> {
    let mut codes: Vec<ClassCode> = codes.collect();
    codes.sort_unstable_by_key(|code| code.sort_key());
    codes.dedup();
    codes
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
    codes: Codes,
    found: Instances,
}

impl Runner<'_> {
    fn relation(&mut self, relation: &Ready) {
        match &relation.rows {
            Rows::Named => self.instance(relation, Bound::None),
            Rows::Lines(lines) => lines.iter().for_each(|line| self.instance(relation, Bound::Line(*line))),
            Rows::Codes { forms, level, total } => {
                if *total {
                    self.instance(relation, Bound::Total);
                }
                for code in self.codes.union(forms, *level) {
                    self.instance(relation, Bound::Code(code));
                }
            }
        }
    }

    /// Adds an instance, unless it has nothing to check or a form has no place for it.
    fn instance(&mut self, relation: &Ready, bound: Bound) {
        let first = self.found.operands.len();
        let (one, other) = sides(relation);
        let placed = self.push_side(relation, one, bound);
        let second = self.found.operands.len();
        let placed = placed && self.push_side(relation, other, bound);
        let judged = if placed { self.judge(relation, first, second) } else { None };
        match judged {
            None => self.found.operands.truncate(first),
            Some(judgement) => self.keep(relation, judgement, [first, second, self.found.operands.len()]),
        }
    }

    fn keep(&mut self, relation: &Ready, judgement: Judgement, bounds: [usize; 3]) {
        let [first, second, end] = bounds.map(|at| u32::try_from(at).unwrap_or(u32::MAX));
        self.found.instances.push(Instance {
            relation: relation.id,
            verdict: judgement.verdict,
            off: i64::try_from(judgement.off).unwrap_or(i64::MAX),
            tolerance: u32::try_from(judgement.tolerance).unwrap_or(u32::MAX),
            at_most: relation.comparison != Comparison::Equal,
            first,
            second,
            end,
        });
    }

    /// Adds the operands of a side; false when a form has no column for the bound code.
    fn push_side(&mut self, relation: &Ready, terms: &[ReadyTerm], bound: Bound) -> bool {
        terms.iter().all(|term| self.push_term(relation, term, bound).is_some())
    }

    fn push_term(&mut self, relation: &Ready, term: &ReadyTerm, bound: Bound) -> Option<()> {
        let operand = |source| Operand { negative: term.negative, source };
        match &term.what {
            What::Fact(name) => self.found.operands.push(operand(Source::Fact(Arc::clone(name)))),
            What::FactSum(prefix) => {
                let facts = self.scene.disclosure.facts.keys().filter(|name| is_item_of(name, prefix));
                self.found.operands.extend(facts.map(|name| operand(Source::Fact(name.as_str().into()))));
            }
            What::Cell(cell) => {
                let column = self.column(cell, bound)?;
                let cell_at = |row| CellRef { form: cell.form, row, column };
                let source = |cell_ref| if cell.prior { Source::Prior(cell_ref) } else { Source::Cell(cell_ref) };
                match cell.row {
                    RowTerm::Fixed(row) => self.found.operands.push(operand(source(cell_at(row)))),
                    RowTerm::Bound => self.found.operands.push(operand(source(cell_at(self.bound_row(cell, bound)?)))),
                    RowTerm::Under(level) => {
                        let above = self.above(relation, bound);
                        let lines = &self.compiled.lines[usize::from(cell.form)];
                        let rows = self.codes.under(cell.form, level, above).map(|code| row_in(lines, code));
                        self.found.operands.extend(rows.map(|row| operand(source(cell_at(row)))));
                    }
                }
            }
        }
        Some(())
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
        let figures: Vec<Figure> =
            self.found.operands[first..].iter().map(|operand| self.scene.figure(&operand.source)).collect();
        if figures.iter().all(|figure| *figure == Figure::Blank) {
            return None;
        }
        let undecided = |verdict| Some(Judgement { verdict, off: 0, tolerance: 0 });
        if figures.contains(&Figure::NotRead) {
            return undecided(Verdict::NotRead);
        }
        let sides = [first..second, second..self.found.operands.len()].map(|side| &self.found.operands[side]);
        let silent = silent_sides(sides, figures.split_at(second - first));
        if silent[0] && relation.comparison != Comparison::Equal {
            return None;
        }
        if figures.contains(&Figure::Unknown) || mixes_counts(&figures) || silent.contains(&true) {
            return undecided(Verdict::NotCheckable);
        }
        Some(self.compare(relation, first, second - first, &figures))
    }

    fn compare(&self, relation: &Ready, first: usize, split: usize, figures: &[Figure]) -> Judgement {
        let operands = &self.found.operands[first..];
        let over_years = operands.iter().any(|operand| matches!(operand.source, Source::Prior(_)));
        let scale = if over_years { self.scene.common_scale() } else { self.scene.disclosure.scale };
        let signed: Vec<Option<i128>> = figures
            .iter()
            .zip(operands)
            .map(|(figure, operand)| units(*figure, scale).map(|units| if operand.negative { -units } else { units }))
            .collect();
        let counts = figures.iter().any(|figure| matches!(figure, Figure::Count(_)));
        let precision = if counts { Precision::Exact } else { Precision::of(scale) };
        let (one, other) = signed.split_at(split);
        if relation.comparison != Comparison::Equal {
            return judge::at_most(one, other, precision);
        }
        let (total, rest) = one.split_first().map_or((None, one), |(total, rest)| (*total, rest));
        let moved = rest.iter().map(|term| term.map(|units| -units));
        let terms: Vec<Option<i128>> = other.iter().copied().chain(moved).collect();
        judge::sum(total, &terms, precision)
    }
}

impl Scene<'_> {
    /// The coarser of both years' scales, in which their figures can be compared.
    fn common_scale(&self) -> Scale {
        self.prior.map_or(self.disclosure.scale, |prior| prior.scale.max(self.disclosure.scale))
    }
}

/// The line that prints a code, or the coded row itself, there or not.
fn row_in(lines: &BTreeMap<ClassCode, RowKey>, code: ClassCode) -> RowKey {
    lines.get(&code).copied().unwrap_or(RowKey::Code(code))
}

/// Which sides are made of facts only, none of which the document states: such a side says
/// nothing, which is not the same as saying zero.
fn silent_sides(sides: [&[Operand]; 2], (one, other): (&[Figure], &[Figure])) -> [bool; 2] {
    let all_facts = |side: &[Operand]| side.iter().all(|operand| matches!(operand.source, Source::Fact(_)));
    let facts = sides.map(all_facts);
    // A side without operands (no fact by code) goes with the other.
    let of_facts = [facts[0] && (!sides[0].is_empty() || facts[1]), facts[1] && (!sides[1].is_empty() || facts[0])];
    let blank = [one, other].map(|figures| figures.iter().all(|figure| *figure == Figure::Blank));
    [of_facts[0] && blank[0], of_facts[1] && blank[1]]
}

fn mixes_counts(figures: &[Figure]) -> bool {
    let counts = figures.iter().any(|figure| matches!(figure, Figure::Count(_)));
    counts && figures.iter().any(|figure| matches!(figure, Figure::Amount(_)))
}

/// Whether a fact's name is the prefix with a 项 code: only these are added up.
fn is_item_of(name: &str, prefix: &str) -> bool {
    name.strip_prefix(prefix).and_then(ClassCode::parse).is_some_and(|code| code.level() == Level::Item)
}

/// The sides in the order they are judged: the single figure first, parts before wholes.
fn sides(relation: &Ready) -> (&[ReadyTerm], &[ReadyTerm]) {
    let single = |terms: &[ReadyTerm]| matches!(terms, [term] if term.is_single());
    let swap = match relation.comparison {
        Comparison::Equal => !single(&relation.left) && single(&relation.right),
        Comparison::AtMost => false,
        Comparison::AtLeast => true,
    };
    if swap { (&relation.right, &relation.left) } else { (&relation.left, &relation.right) }
}

impl ReadyTerm {
    const fn is_single(&self) -> bool {
        match &self.what {
            What::Fact(_) => true,
            What::FactSum(_) => false,
            What::Cell(cell) => !matches!(cell.row, RowTerm::Under(_)),
        }
    }
}

/// How many instances came to each verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts([u32; Verdict::ALL.len()]);

impl Counts {
    /// How many came to this verdict.
    pub fn of(&self, verdict: Verdict) -> u32 {
        self.0[verdict as usize]
    }

    /// How many agree, tails included.
    pub fn passed(&self) -> u32 {
        self.of(Verdict::Exact) + self.of(Verdict::WithinRounding)
    }

    /// How many there are.
    pub fn total(&self) -> u32 {
        self.0.iter().sum()
    }

    /// Counts one more.
    pub fn add(&mut self, verdict: Verdict) {
        self.0[verdict as usize] += 1;
    }

    /// Each verdict that occurs, best first, with its number.
    pub fn iter(&self) -> impl Iterator<Item = (Verdict, u32)> {
        Verdict::ALL.into_iter().map(|verdict| (verdict, self.of(verdict))).filter(|(_, count)| *count > 0)
    }
}

impl<'a> FromIterator<&'a Instance> for Counts {
    fn from_iter<I: IntoIterator<Item = &'a Instance>>(instances: I) -> Self {
        let mut counts = Self::default();
        instances.into_iter().for_each(|instance| counts.add(instance.verdict));
        counts
    }
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        for (mine, theirs) in self.0.iter_mut().zip(other.0) {
            *mine += theirs;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::compile::Compiled;
    use crate::check::testing::{blocks, by_code, disclosure, facts, one_row, set, two_sided};
    use crate::model::form::FormSet;
    use crate::model::notation::Reference;

    /// Every instance over these figures as `text: verdict`.
    fn instances(set: &FormSet, figures: &[(&str, &str)]) -> Vec<String> {
        let disclosure = disclosure(set, figures);
        let found = run(&Compiled::new(set), Scene { disclosure: &disclosure, prior: None });
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
        let mut set = set(vec![one_row("公开09表", 1, &[])], &[]);
        let names = ["货物", "工程", "总额"];
        let texts = ["附注·采购·总额 = 附注·采购·货物 + 附注·采购·工程", "附注·采购·货物 ≤ 公开09表1栏"];
        set.facts.push(facts("附注·采购", &names, &texts));
        let total = ("附注·采购·总额", "3.00");
        assert_eq!(instances(&set, &[total]), ["附注·采购·总额＝附注·采购·货物＋附注·采购·工程: 无法核对"]);
        assert_eq!(
            instances(&set, &[total, ("附注·采购·货物", "3.00")]),
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
    fn last_years_figure_comes_from_last_years_disclosure() {
        let set = set(vec![one_row("公开09表", 2, &[])], &["公开09表1栏 = 上年公开09表2栏"]);
        let this = disclosure(&set, &[("公开09表1栏", "1.00")]);
        let last = disclosure(&set, &[("公开09表2栏", "1.00")]);
        let verdict =
            |prior| run(&Compiled::new(&set), Scene { disclosure: &this, prior }).iter().next().unwrap().verdict;
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
