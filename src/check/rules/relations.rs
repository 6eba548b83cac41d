//! Relations that do not hold: formulas, roll-ups, relations between tables and with facts.
//!
//! Every instance was judged before; this rule words the failures. The finding stands at the
//! total (or the part that exceeds its whole) and names every operand, blank ones too, so
//! whichever figure is wrong, its place is there. Tails within rounding, unknown and unread
//! figures stay silent. A roll-up over a row that is missing altogether is left to
//! [`super::rows`], which says so once instead of once a column.

use std::collections::BTreeMap;

use super::{Context, Rule, add_related};
use crate::check::compile::{Compiled, RelationId};
use crate::check::judge::Verdict;
use crate::check::relation::{Instance, Operand, Source, shown_units, units};
use crate::check::slip::Slip;
use crate::diagnostic::{Finding, Severity};
use crate::model::code::Level;
use crate::model::form::{Layout, Relation, RowKey};
use crate::model::notation::{self, Equation, Reference, RowRef};
use crate::model::table::Figure;

pub(super) const RULE: Rule = Rule { name: "relations", codes: &["C101", "C102", "C103", "C104", "C105", "C106"], run };

/// A relation of a set that names what the set does not have.
pub(crate) fn faults(compiled: &Compiled<'_>) -> Vec<Finding> {
    let finding = |fault: &crate::check::compile::Fault| {
        let relation = fault.id.of(compiled.set);
        Finding::new("C109", format!("勾稽关系“{}”不能核对：{}", relation.equation.text, fault.reason))
            .at(relation.place)
            .help("请对照表式改正关系式里的表号、行或栏。")
    };
    compiled.faults.iter().map(finding).collect()
}

fn run(context: &Context<'_>) -> Vec<Finding> {
    let failures = Failures { context, records: records(context) };
    context.instances.iter().filter_map(|instance| failures.finding(instance)).collect()
}

struct Failures<'a> {
    context: &'a Context<'a>,
    records: BTreeMap<&'a Source, Record>,
}

/// In how many relations a figure takes part that fail, and in how many equations that hold.
#[derive(Clone, Copy, Default)]
struct Record {
    failing: usize,
    holding: usize,
}

impl<'a> Failures<'a> {
    fn finding(&self, instance: &Instance) -> Option<Finding> {
        let relation = instance.relation.of(self.context.set());
        let severity = instance.verdict.severity(relation.severity)?;
        if self.is_missing_row(relation, instance) {
            return None;
        }
        let wording = Wording::new(self.context, relation, instance);
        let primary = wording.primary();
        let mut finding = Finding::new(wording.code(), wording.message())
            .severity(severity)
            .at(self.context.scene.place(&primary.source))
            .cell(primary.source.name(self.context.set()))
            .help(self.help(instance, &wording));
        finding.expected = Some(wording.shown(wording.second));
        finding.actual = Some(wording.shown(wording.first));
        finding.difference = Some(wording.shown(wording.difference()));
        for operand in wording.operands().filter(|operand| !std::ptr::eq(*operand, primary)) {
            self.relate(&mut finding, operand);
        }
        Some(finding)
    }

    fn relate(&self, finding: &mut Finding, operand: &Operand) {
        let scene = &self.context.scene;
        let figure = self.context.shown(scene.figure(&operand.source));
        add_related(finding, &operand.source.name(self.context.set()), &figure, scene.place(&operand.source));
    }

    /// Whether this is a roll-up into a coded row that its table lacks.
    fn is_missing_row(&self, relation: &Relation, instance: &Instance) -> bool {
        let [total] = self.context.instances.first(instance) else { return false };
        let Some(cell) = total.source.cell() else { return false };
        let form = self.context.set().form_of(cell);
        rolled_up_level(&relation.equation).is_some()
            && matches!((&form.layout, cell.row), (Layout::ByCode { .. }, RowKey::Code(_)))
            && self.context.disclosure().table(cell.form).row(cell.row).is_none()
    }

    /// The figure to look at first, and how it may have been miswritten, where that is clear.
    fn help(&self, instance: &Instance, wording: &Wording<'a>) -> String {
        let suspect = self.suspect(wording);
        let slip = if instance.at_most { None } else { wording.slip(suspect.map(|(source, _)| source)) };
        let mut help = match suspect {
            Some((suspect, failing)) => {
                let figure = self.context.shown(self.context.scene.figure(suspect));
                let name = suspect.name(self.context.set());
                format!("可能是 {name} 有误（现为 {figure}）：与它有关的 {failing} 项关系无一相符。请先核对这个数。")
            }
            None => "请核对列出的各数，改正填错的那一个；都与原件一致的，须请编报人说明。".to_owned(),
        };
        help.extend(slip);
        help
    }

    /// The only figure of a failing relation that several relations speak against and no
    /// equation speaks for, with their number.
    fn suspect(&self, wording: &Wording<'a>) -> Option<(&'a Source, usize)> {
        let record = |operand: &'a Operand| Some((&operand.source, self.records.get(&operand.source)?));
        let mut doubtful = wording
            .operands()
            .filter_map(record)
            .filter(|(_, record)| record.failing > 1 && record.holding == 0)
            .map(|(source, record)| (source, record.failing));
        doubtful.next().filter(|_| doubtful.next().is_none())
    }
}

/// The sums and words of a failure.
struct Wording<'a> {
    context: &'a Context<'a>,
    relation: &'a Relation,
    instance: &'a Instance,
    one: &'a [Operand],
    other: &'a [Operand],
    first: i128,
    second: i128,
    counts: bool,
}

impl<'a> Wording<'a> {
    fn new(context: &'a Context<'a>, relation: &'a Relation, instance: &'a Instance) -> Self {
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

    fn code(&self) -> &'static str {
        let with_facts = || self.operands().any(|operand| matches!(operand.source, Source::Fact(_)));
        match self.instance.relation {
            _ if self.instance.verdict == Verdict::Improbable => "C106",
            _ if self.instance.at_most => "C104",
            _ if with_facts() => "C105",
            RelationId::InForm { .. } if self.relation.printed => "C101",
            RelationId::InForm { .. } => "C102",
            RelationId::Between { .. } => "C103",
            RelationId::OfFacts { .. } => "C105",
        }
    }

    fn operands(&self) -> impl Iterator<Item = &'a Operand> {
        self.one.iter().chain(self.other)
    }

    /// The total; of an inequality the part, or the whole where there are several parts.
    fn primary(&self) -> &'a Operand {
        let whole = if self.instance.at_most && self.one.len() > 1 { self.other.first() } else { None };
        whole.or(self.one.first()).unwrap_or_else(|| &self.other[0])
    }

    /// The only slip of the pen that would explain the difference, as a sentence.
    fn slip(&self, suspect: Option<&Source>) -> Option<String> {
        let suspected = |operand: &&Operand| suspect.is_none_or(|suspect| operand.source == *suspect);
        let mut slips: Vec<(Slip, &Operand, i128)> =
            self.operands().filter(suspected).filter_map(|operand| self.slip_of(operand)).collect();
        if slips.iter().any(|(slip, ..)| slip.is_strong()) {
            slips.retain(|(slip, ..)| slip.is_strong());
        }
        match slips[..] {
            [(slip, operand, right)] => {
                let (name, right) = (operand.source.name(self.context.set()), self.shown(right));
                Some(format!("{name} 若是 {right} 就相符，像是{}。", slip.name()))
            }
            [(slip, ..), (other, ..)] if slip == other && self.one.len() == 1 && self.other.len() == 1 => {
                Some(format!("两数之差像是{}。", slip.name()))
            }
            _ => None,
        }
    }

    /// How an operand was miswritten, if it alone is to blame, and what it should then be.
    fn slip_of(&self, operand: &'a Operand) -> Option<(Slip, &'a Operand, i128)> {
        let figure = units(self.context.scene.figure(&operand.source), self.context.disclosure().scale)?;
        let on_first = self.one.iter().any(|one| std::ptr::eq(one, operand));
        let off = self.first - self.second;
        let right = if on_first == operand.negative { figure + off } else { figure - off };
        Slip::between(figure, right).map(|slip| (slip, operand, right))
    }

    const fn difference(&self) -> i128 {
        (self.first - self.second).abs()
    }

    fn shown(&self, units: i128) -> String {
        shown_units(units, self.context.disclosure().scale, self.counts)
    }

    /// A side of one figure as it stands, blank included; several added up.
    fn side(&self, operands: &[Operand], sum: i128) -> String {
        match operands {
            [only] if !only.negative => self.context.shown(self.context.scene.figure(&only.source)),
            _ => self.shown(sum),
        }
    }

    fn message(&self) -> String {
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
fn rolled_up_level(equation: &Equation) -> Option<Level> {
    equation.left.iter().chain(&equation.right).find_map(|term| match &term.operand {
        notation::Operand::Cell(Reference { row: Some(RowRef::SumOf(level)), .. }) => Some(*level),
        _ => None,
    })
}

/// What the relations say of each figure in a failing one; an inequality that holds says
/// little, and a note nothing.
fn records<'a>(context: &Context<'a>) -> BTreeMap<&'a Source, Record> {
    let mut records: BTreeMap<&Source, Record> = BTreeMap::new();
    let fails = |instance: &&Instance| {
        let usual = instance.relation.of(context.set()).severity;
        instance.verdict.severity(usual).is_some_and(|severity| severity < Severity::Note)
    };
    for operand in context.instances.iter().filter(fails).flat_map(|failed| context.instances.operands(failed)) {
        records.entry(&operand.source).or_default().failing += 1;
    }
    if records.is_empty() {
        return records;
    }
    let holds = |instance: &&Instance| instance.verdict.passes() && !instance.at_most;
    for operand in context.instances.iter().filter(holds).flat_map(|held| context.instances.operands(held)) {
        if let Some(record) = records.get_mut(&operand.source) {
            record.holding += 1;
        }
    }
    records
}
