//! What a failing relation says: its code, its sentence, and how it may have come about.

use super::Context;
use super::remedy::{Bench, Remedy, in_rows_beside, in_the_row};
use crate::check::compile::RelationId;
use crate::check::judge::Verdict;
use crate::check::relation::{Instance, Instances, Operand, Source, shown_units, side_text, units};
use crate::check::slip::Slip;
use crate::model::code::Level;
use crate::model::form::{CellRef, Relation, RowKey};
use crate::model::notation::{self, Equation, Reference, RowRef};
use crate::model::table::Figure;

/// The sums and words of a failure.
pub(super) struct Wording<'a> {
    context: &'a Context<'a>,
    relation: &'a Relation,
    instance: &'a Instance,
    one: &'a [Operand],
    other: &'a [Operand],
    pub(super) first: i128,
    pub(super) second: i128,
    counts: bool,
}

/// The code of the finding that an instance of a relation makes where it fails.
pub(crate) fn code_of(instances: &Instances, instance: &Instance, relation: &Relation) -> &'static str {
    let with_facts = || instances.operands(instance).iter().any(|operand| matches!(operand.source, Source::Fact(_)));
    match instance.relation {
        _ if instance.at_most => "C104",
        _ if with_facts() => "C105",
        RelationId::InForm { .. } if relation.printed => "C101",
        RelationId::InForm { .. } => "C102",
        RelationId::Between { .. } => "C103",
        RelationId::OfFacts { .. } => "C105",
    }
}

impl<'a> Wording<'a> {
    pub(super) fn new(context: &'a Context<'a>, relation: &'a Relation, instance: &'a Instance) -> Self {
        let (one, other) = (context.instances.first(instance), context.instances.second(instance));
        let is_count = |operand: &Operand| matches!(context.scene.figure(&operand.source), Figure::Count(_));
        let sum = |side: &[Operand]| side.iter().map(|operand| signed(context, operand)).sum();
        Self {
            context,
            relation,
            instance,
            one,
            other,
            first: sum(one),
            second: sum(other),
            counts: one.iter().chain(other).any(is_count),
        }
    }

    pub(super) fn code(&self) -> &'static str {
        match self.instance.verdict {
            Verdict::Improbable => "C106",
            _ => code_of(self.context.instances, self.instance, self.relation),
        }
    }

    pub(super) fn operands(&self) -> impl Iterator<Item = &'a Operand> {
        self.one.iter().chain(self.other)
    }

    /// The total; of an inequality the part, or the whole where there are several parts.
    pub(super) fn primary(&self) -> &'a Operand {
        let whole = if self.instance.at_most && self.one.len() > 1 { self.other.first() } else { None };
        whole.or(self.one.first()).unwrap_or_else(|| &self.other[0])
    }

    /// The only slip that would explain the difference, as a sentence; `suspect` is the one
    /// figure it may have happened to, where that is known. A figure that other relations
    /// confirm is left alone, and unless this is the only failure, only slips of the pen are
    /// told: what stands elsewhere may be another mistake.
    pub(super) fn slip(&self, bench: &Bench<'_>, suspect: Option<&Source>, is_only: bool) -> Option<String> {
        let suspected = |operand: &&Operand| suspect.is_none_or(|suspect| operand.source == *suspect);
        let one_each: Vec<Vec<(Slip, &Operand, i128)>> =
            self.operands().filter(suspected).map(|operand| self.slips_of(operand)).collect();
        let mut slips = one_each.concat();
        slips.retain(|(_, operand, right)| bench.heals(&Remedy::from([(operand.source.clone(), *right)])).is_some());
        if slips.iter().any(|(slip, ..)| slip.is_strong() && slip.is_of_the_pen()) {
            slips.retain(|(slip, ..)| slip.is_strong());
        }
        match slips[..] {
            // Of many terms one always looks a little like the right one, or could be missing.
            [(slip, operand, right)]
                if (slip.is_strong() && (is_only || slip.is_of_the_pen()))
                    || (slip == Slip::Twice && is_only)
                    || (slip.is_of_the_pen() && (suspect.is_some() || self.is_pair())) =>
            {
                Some(self.slip_sentence(slip, operand, right))
            }
            [(slip, ..), (other, ..)] if slip == other && slip.is_of_the_pen() && self.is_pair() => {
                Some(format!("两数之差像是{}。", slip.name()))
            }
            _ => None,
        }
    }

    fn slip_sentence(&self, slip: Slip, operand: &Operand, right: i128) -> String {
        let (name, right) = (operand.source.name(self.context.set()), self.shown(right));
        match slip {
            Slip::Missing => format!("{name} 空白，若为 {right} 即相符，可能漏填。"),
            Slip::Twice => format!("所差正是 {name} 的数，可能重复计入或漏计了它。"),
            _ => format!("{name} 若是 {right} 就相符，像是{}。", slip.name()),
        }
    }

    const fn is_pair(&self) -> bool {
        self.one.len() == 1 && self.other.len() == 1
    }

    /// What may have happened to an operand, if it alone is to blame, and what it should be.
    fn slips_of(&self, operand: &'a Operand) -> Vec<(Slip, &'a Operand, i128)> {
        let figure = units(self.context.scene.figure(&operand.source), self.context.disclosure().scale);
        let on_first = self.one.iter().any(|one| std::ptr::eq(one, operand));
        let off = self.first - self.second;
        let change = if on_first == operand.negative { off } else { -off };
        let Some(wrong) = figure else {
            let is_missing = change > 0 && matches!(self.context.scene.figure(&operand.source), Figure::Blank);
            return if is_missing { vec![(Slip::Missing, operand, change)] } else { Vec::new() };
        };
        let right = wrong + change;
        let mut slips: Vec<Slip> = slips(self.context, &operand.source, wrong, right).collect();
        let is_term = !on_first && self.other.len() > 1;
        slips.extend((is_term && off != 0 && off.abs() == wrong.abs()).then_some(Slip::Twice));
        slips.into_iter().map(|slip| (slip, operand, right)).collect()
    }

    pub(super) const fn difference(&self) -> i128 {
        (self.first - self.second).abs()
    }

    pub(super) fn shown(&self, units: i128) -> String {
        shown_units(units, self.context.disclosure().scale, self.counts)
    }

    /// The equation with its cells; of several terms only those that are not blank.
    pub(super) fn text(context: &Context<'_>, instance: &Instance) -> String {
        let is_filled = |operand: &&Operand| context.scene.figure(&operand.source) != Figure::Blank;
        let side = |operands: &[Operand]| {
            let filled: Vec<&Operand> = operands.iter().filter(is_filled).collect();
            let blank = operands.len() - filled.len();
            if blank < 2 || filled.is_empty() {
                return side_text(operands, context.set());
            }
            format!("{}（其余 {blank} 项空白）", side_text(filled, context.set()))
        };
        let sign = if instance.at_most { "≤" } else { "＝" };
        format!("{}{sign}{}", side(context.instances.first(instance)), side(context.instances.second(instance)))
    }

    /// A side of one figure as it stands, blank included; several added up.
    fn side(&self, operands: &[Operand], sum: i128) -> String {
        match operands {
            [only] if !only.negative => self.context.shown(self.context.scene.figure(&only.source)),
            _ => self.shown(sum),
        }
    }

    pub(super) fn message(&self) -> String {
        let (first, second) = (self.side(self.one, self.first), self.side(self.other, self.second));
        let unit = if self.counts { String::new() } else { self.context.money() };
        let apart = format!("相差 {}{unit}", self.shown(self.difference()));
        let tail = if self.instance.verdict == Verdict::Improbable { "，不像是尾数误差" } else { "" };
        let name = if self.relation.name.is_empty() { String::new() } else { format!("（{}）", self.relation.name) };
        let sentence = match rolled_up_level(&self.relation.equation) {
            _ if self.instance.at_most => {
                let over = apart.replacen("相差", "多出", 1);
                format!(
                    "{} 不应大于 {}{name}：前者 {first}，后者 {second}，{over}",
                    self.names(self.one),
                    self.names(self.other)
                )
            }
            Some(level) => {
                let level = level.name();
                let under = if self.is_grand_total() { "" } else { "其下" };
                format!(
                    "{} 应等于{under}各{level}之和：表中 {first}，各{level}合计 {second}，{apart}",
                    self.names(self.one)
                )
            }
            None if self.one.len() > 1 => {
                format!("“{}”两边不等{name}：左边合计 {first}，右边合计 {second}，{apart}", self.relation.equation.text)
            }
            None if self.other.len() == 1 => {
                format!(
                    "{} 应等于 {}{name}：前者 {first}，后者 {second}，{apart}",
                    self.names(self.one),
                    self.names(self.other)
                )
            }
            None if self.instance.relation.form().is_some() => {
                let text = &self.relation.equation.text;
                format!("{} 应按公式“{text}”计算：表中 {first}，算得 {second}，{apart}", self.names(self.one))
            }
            None => {
                format!(
                    "{} 应等于 {}{name}：前者 {first}，后者合计 {second}，{apart}",
                    self.names(self.one),
                    self.names(self.other)
                )
            }
        };
        sentence + tail
    }

    /// The names of a side's operands with their signs; a long list is cut.
    fn names(&self, operands: &[Operand]) -> String {
        const SHOWN: usize = 4;
        let mut text = String::new();
        for operand in operands.iter().take(SHOWN) {
            if operand.negative {
                text.push('－');
            } else if !text.is_empty() {
                text.push('＋');
            }
            text.push_str(&operand.source.name(self.context.set()));
        }
        if operands.len() > SHOWN {
            text.push_str("＋…");
        }
        text
    }

    fn is_grand_total(&self) -> bool {
        let cell = self.one.first().and_then(|operand| operand.source.cell());
        cell.is_some_and(|cell| matches!(cell.row, RowKey::Total | RowKey::Label(_)))
    }
}

fn signed(context: &Context<'_>, operand: &Operand) -> i128 {
    let units = units(context.scene.figure(&operand.source), context.disclosure().scale).unwrap_or_default();
    if operand.negative { -units } else { units }
}

/// The level of the rows that a roll-up adds up.
pub(super) fn rolled_up_level(equation: &Equation) -> Option<Level> {
    equation.left.iter().chain(&equation.right).find_map(|term| match &term.operand {
        notation::Operand::Cell(Reference { row: Some(RowRef::SumOf(level)), .. }) => Some(*level),
        _ => None,
    })
}

/// How a figure may have come to be wrong: miswritten, last year's, or its neighbour's.
pub(super) fn slips(context: &Context<'_>, source: &Source, wrong: i128, right: i128) -> impl Iterator<Item = Slip> {
    let written = Slip::between(wrong, right);
    let copied = source.cell().filter(|_| wrong != 0 && right != 0).and_then(|cell| {
        let is_wrong = |figure| units(figure, context.disclosure().scale) == Some(wrong);
        let last_year = is_wrong(context.scene.figure(&Source::Prior(cell)));
        let neighbour = || neighbours(context, cell).any(|cell| is_wrong(context.disclosure().figure(cell)));
        if last_year { Some(Slip::LastYear) } else { neighbour().then_some(Slip::Neighbour) }
    });
    written.into_iter().chain(copied)
}

/// The cells above, below, left and right.
fn neighbours(context: &Context<'_>, cell: CellRef) -> impl Iterator<Item = CellRef> {
    let columns = in_the_row(context, cell).filter(|(apart, _)| *apart == 1).map(|(_, beside)| beside);
    in_rows_beside(context, cell).chain(columns)
}
