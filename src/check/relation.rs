//! Judged relations: every [`Instance`] with its concrete cells and its verdict.
//!
//! [`crate::check::run`] makes them. Results are kept small: an instance keeps what it relates,
//! not the figures, which stand in the disclosure ([`Scene::figure`]).

use std::sync::Arc;

use crate::amount::{Printed, Scale};
use crate::check::compile::RelationId;
use crate::check::judge::{self, Precision, Verdict};
use crate::diagnostic::Place;
use crate::model::disclosure::Disclosure;
use crate::model::form::{CellRef, FormSet};
use crate::model::notation::Comparison;
use crate::model::prior;
use crate::model::stored::{Reader, Stored};
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
    /// Where its operands stand in [`Instances`]: both sides begin, the second ends.
    pub(super) bounds: [u32; 3],
}

/// Every instance of a disclosure's relations.
#[derive(Clone, Debug, Default)]
pub struct Instances {
    pub(super) instances: Vec<Instance>,
    pub(super) operands: Vec<Operand>,
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
        &self.operands[instance.bounds[0] as usize..instance.bounds[1] as usize]
    }

    /// The second side of an instance: the terms, or the whole of an inequality.
    pub fn second(&self, instance: &Instance) -> &[Operand] {
        &self.operands[instance.bounds[1] as usize..instance.bounds[2] as usize]
    }

    /// All operands of an instance, first side first.
    pub fn operands(&self, instance: &Instance) -> &[Operand] {
        &self.operands[instance.bounds[0] as usize..instance.bounds[2] as usize]
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

/// Operands with their signs; nothing at all is `0`.
pub(crate) fn side_text<'o>(operands: impl IntoIterator<Item = &'o Operand>, set: &FormSet) -> String {
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

impl Scene<'_> {
    /// What an instance would come to if some figures were others, in last units; `None` where
    /// its figures cannot be compared, or are of two years printed in different units.
    pub(super) fn rejudged(
        &self,
        instances: &Instances,
        instance: &Instance,
        other: impl Fn(&Source) -> Option<i128>,
    ) -> Option<Verdict> {
        let (operands, scale) = (instances.operands(instance), self.disclosure.scale);
        let over_years = operands.iter().any(|operand| matches!(operand.source, Source::Prior(_)));
        let figure = |operand: &Operand| self.figure(&operand.source);
        if (over_years && self.common_scale() != scale)
            || operands.iter().any(|operand| matches!(figure(operand), Figure::Unknown | Figure::NotRead))
        {
            return None;
        }
        let counts = operands.iter().any(|operand| matches!(figure(operand), Figure::Count(_)));
        let signed = |operand: &Operand| {
            let units = other(&operand.source).or_else(|| units(figure(operand), scale))?;
            Some(if operand.negative { -units } else { units })
        };
        let sides = [instances.first(instance), instances.second(instance)];
        let [first, second] = sides.map(|side| side.iter().map(signed));
        let precision = if counts { Precision::Exact } else { Precision::of(scale) };
        Some(judge::sides(first, second, instance.at_most, precision).verdict)
    }

    /// The coarser of both years' scales, in which their figures can be compared.
    pub(super) fn common_scale(&self) -> Scale {
        self.prior.map_or(self.disclosure.scale, |prior| prior.scale.max(self.disclosure.scale))
    }
}

/// How many instances came to each verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts([u32; Verdict::ALL.len()]);

impl Stored for Counts {
    fn put(&self, out: &mut Vec<u8>) {
        self.0.iter().for_each(|count| count.put(out));
    }

    fn take(from: &mut Reader<'_>) -> Option<Self> {
        let mut counts = Self::default();
        for count in &mut counts.0 {
            *count = u32::take(from)?;
        }
        Some(counts)
    }
}

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

impl FromIterator<Verdict> for Counts {
    fn from_iter<I: IntoIterator<Item = Verdict>>(verdicts: I) -> Self {
        let mut counts = Self::default();
        verdicts.into_iter().for_each(|verdict| counts.add(verdict));
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
