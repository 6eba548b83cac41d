//! Relations that do not hold: formulas, roll-ups, relations between tables and with facts.
//!
//! Every instance was judged before; this rule tells what failed, each mistake once:
//!
//! 1. What follows from a row that is missing altogether is left to [`super::rows`], which says
//!    so once instead of once a column.
//!    What follows from a table in another unit is left to [`super::money_unit`].
//! 2. Several failures that one mistake explains are one finding at that figure, or at the row
//!    ([`super::cascade`]); a figure that is one row or column off is told by [`super::shifted`].
//! 3. A row that exceeds the rows under it in several columns is one finding: a row is missing
//!    there, or its code is miswritten.
//! 4. Every other failure is a finding of its own, at the total (or the part that exceeds its whole).
//!
//! A part above its whole is a warning where money paid back (a negative figure) in the rest of
//! the whole may have made it so; anywhere else it is an error.
//!
//! A finding names every operand of what it tells, blank ones too, so whichever figure is wrong,
//! its place is there. Tails within rounding, unknown and unread figures stay silent.

use std::collections::{BTreeMap, BTreeSet};

use super::cascade::{Cause, Kind, explain};
use super::money_unit;
use super::remedy::Bench;
use super::wording::{Wording, rolled_up_level, slips};
use super::{Context, Rule, add_related};
use crate::check::compile::{Compiled, RelationId};
use crate::check::judge::Verdict;
use crate::check::relation::{Instance, Operand, Source, units};
use crate::check::slip::Slip;
use crate::diagnostic::{Finding, Severity};
use crate::model::code::ClassCode;
use crate::model::disclosure::Disclosure;
use crate::model::form::{CellRef, FormSet, Layout, Relation, RowKey};
use crate::model::table::Table;

pub(super) const RULE: Rule = Rule { name: "relations", codes: &["C101", "C102", "C103", "C104", "C105", "C106"], run };

/// How many relations a finding lists by name.
const NAMES_SHOWN: usize = 4;

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
    Failures::new(context).map(|failures| failures.findings()).unwrap_or_default()
}

/// What fails in a disclosure, in the order of its relations.
struct Failures<'a> {
    context: &'a Context<'a>,
    /// Those that are no consequence of missing rows.
    failing: Vec<&'a Instance>,
    bench: Bench<'a>,
    records: BTreeMap<&'a Source, Record>,
    /// The tables that hold figures below nothing, by form.
    negatives: BTreeMap<u16, Negatives>,
}

/// In how many relations a figure takes part that fail, and in how many equations that hold.
#[derive(Clone, Copy, Default)]
struct Record {
    failing: usize,
    holding: usize,
}

/// The figures below nothing in a table.
#[derive(Clone, Copy)]
struct Negatives {
    /// The lowest, with its cell.
    lowest: (i128, CellRef),
    /// How far below nothing all of them are together, in last units.
    together: i128,
}

impl<'a> Failures<'a> {
    /// The failures, if there are any.
    fn new(context: &'a Context<'a>) -> Option<Self> {
        let bench = Bench::new(context, Some(failing(context)).filter(|failing| !failing.is_empty())?);
        let failing: Vec<&Instance> = bench.failing.iter().map(|at| bench.failure(*at)).collect();
        let (records, negatives) = (records(context, &failing), negatives(context.disclosure()));
        Some(Self { context, failing, bench, records, negatives })
    }

    fn severity(&self, instance: &Instance) -> Option<Severity> {
        let severity = instance.verdict.severity(instance.relation.of(self.context.set()).severity)?;
        Some(if self.paid_back(instance).is_some() { severity.max(Severity::Warning) } else { severity })
    }

    /// A figure below nothing that may lawfully make a part exceed its whole: money paid back in
    /// the rest of the whole, enough of it to explain the excess. The parts' own tables hold
    /// nothing of that rest, unless the whole stands in one of them.
    fn paid_back(&self, instance: &Instance) -> Option<CellRef> {
        let forms = |side: &[Operand]| -> BTreeSet<u16> {
            side.iter().filter_map(|operand| operand.source.cell()).map(|cell| cell.form).collect()
        };
        if !instance.at_most || self.negatives.is_empty() {
            return None;
        }
        let (parts, wholes) =
            (forms(self.context.instances.first(instance)), forms(self.context.instances.second(instance)));
        let of_rest = |form: &u16| !wholes.is_empty() && (wholes.contains(form) || !parts.contains(form));
        let found = || self.negatives.iter().filter(|(form, _)| of_rest(form)).map(|(_, negatives)| negatives);
        let excess = i128::from(instance.off) - i128::from(instance.tolerance);
        let explains = found().map(|negatives| negatives.together).sum::<i128>() >= excess;
        found().map(|negatives| negatives.lowest).min().filter(|_| explains).map(|(_, cell)| cell)
    }

    /// Every failure once, where the first of those told together stands.
    fn findings(&self) -> Vec<Finding> {
        let mut told: Vec<Option<Finding>> = vec![None; self.failing.len()];
        let mut is_told = vec![false; self.failing.len()];
        let position: BTreeMap<u32, usize> = self.bench.failing.iter().copied().zip(0..).collect();
        for cause in explain(&self.bench) {
            let folded: Vec<usize> = cause.failures.iter().map(|at| position[at]).collect();
            told[folded[0]] = self.of_cause(&cause, &folded);
            for at in folded {
                is_told[at] = true;
            }
        }
        for row in self.short_rows(&is_told) {
            told[row[0]] = Some(self.of_row(&row));
            for at in row {
                is_told[at] = true;
            }
        }
        let is_only = is_told.iter().filter(|is_told| !**is_told).count() == 1;
        for (at, instance) in self.failing.iter().enumerate().filter(|(at, _)| !is_told[*at]) {
            told[at] = self.finding(instance, is_only);
        }
        told.into_iter().flatten().collect()
    }

    /// One failure by itself, the only one that nothing explains or one of several.
    fn finding(&self, instance: &Instance, is_only: bool) -> Option<Finding> {
        let relation = instance.relation.of(self.context.set());
        let severity = self.severity(instance)?;
        let wording = Wording::new(self.context, relation, instance);
        let primary = wording.primary();
        let finding = Finding::new(wording.code(), wording.message())
            .severity(severity)
            .at(self.context.scene.place(&primary.source))
            .cell(primary.source.name(self.context.set()))
            .help(self.help(instance, &wording, is_only));
        Some(self.with_figures(finding, &wording, &primary.source, &[instance]))
    }

    /// The finding with both sides, the verdict, the relation and every operand.
    fn with_figures(
        &self,
        mut finding: Finding,
        wording: &Wording<'a>,
        primary: &Source,
        folded: &[&Instance],
    ) -> Finding {
        finding.expected = Some(wording.shown(wording.second));
        finding.actual = Some(wording.shown(wording.first));
        finding.difference = Some(wording.shown(wording.difference()));
        self.with_operands(finding, vec![primary], folded)
    }

    /// The finding with the verdict and text of the first relation and the operands of all.
    fn with_operands<'b>(&'b self, finding: Finding, mut known: Vec<&'b Source>, folded: &[&Instance]) -> Finding {
        let (context, first) = (self.context, folded[0]);
        let mut finding = finding.verdict(first.verdict.key()).relation(context.instances.text(first, context.set()));
        for operand in folded.iter().flat_map(|instance| context.instances.operands(instance)) {
            if !known.contains(&&operand.source) {
                known.push(&operand.source);
                self.relate(&mut finding, &operand.source);
            }
        }
        finding
    }

    fn relate(&self, finding: &mut Finding, source: &Source) {
        let scene = &self.context.scene;
        let figure = self.context.shown(scene.figure(source));
        add_related(finding, &source.name(self.context.set()), &figure, scene.place(source));
    }

    /// Several failures that one mistake explains: one finding, at its first figure. Of a figure
    /// in another's place [`super::shifted`] tells.
    fn of_cause(&self, cause: &Cause, folded: &[usize]) -> Option<Finding> {
        let context = self.context;
        let folded: Vec<&'a Instance> = folded.iter().map(|at| self.failing[*at]).collect();
        let wordings: Vec<Wording<'a>> = self.wordings(&folded);
        let gravest = wordings.iter().zip(&folded).map(|(wording, instance)| (self.severity(instance), wording.code()));
        let (mut severity, mut code) = gravest.min().unwrap_or((None, "C102"));
        if cause.kind == Kind::Stated && severity != Some(Severity::Error) {
            (severity, code) = (Some(Severity::Error), "C111");
        }
        let (source, right) = cause.remedy.first_key_value()?;
        let shown_right = wordings[0].shown(*right);
        let (message, action) = match cause.kind {
            Kind::Moved(..) => return None,
            Kind::Miscoded(form, wrong, meant) => self.of_miscoded(form, wrong, meant),
            Kind::Row => self.of_two_columns(cause, &wordings[0]),
            Kind::Figure | Kind::Stated => self.of_figure(cause.kind, source, *right, (&wordings[0], folded.len())),
        };
        let advice = format!("{action}与此不符的有 {} 项：{}。", folded.len(), self.names(&folded));
        let mut finding = Finding::new(code, message)
            .severity(severity.unwrap_or(Severity::Error))
            .at(context.scene.place(source))
            .cell(source.name(context.set()))
            .help(advice);
        if !matches!(cause.kind, Kind::Miscoded(..)) {
            let held = context.scene.figure(source);
            let wrong = units(held, context.disclosure().scale).unwrap_or_default();
            finding.difference = Some(wordings[0].shown((wrong - right).abs()));
            (finding.expected, finding.actual) = (Some(shown_right), Some(context.shown(held)));
        }
        Some(self.with_causes(finding, cause, source, &folded))
    }

    /// The finding with the figures of the mistake before the operands of its failures.
    fn with_causes(&self, mut finding: Finding, cause: &Cause, primary: &Source, folded: &[&Instance]) -> Finding {
        for source in cause.remedy.keys().filter(|source| *source != primary) {
            self.relate(&mut finding, source);
        }
        let known: Vec<&Source> = cause.remedy.keys().collect();
        self.with_operands(finding, known, folded)
    }

    /// What is wrong with one figure, and what to do.
    fn of_figure(
        &self,
        kind: Kind,
        source: &Source,
        right: i128,
        (wording, count): (&Wording<'a>, usize),
    ) -> (String, String) {
        let context = self.context;
        let (name, held) = (source.name(context.set()), context.scene.figure(source));
        let (held_text, right_text) = (context.shown(held), wording.shown(right));
        let wrong = units(held, context.disclosure().scale);
        let slip = wrong.and_then(|wrong| the_one(slips(context, source, wrong, right)));
        let like = slip.map(|slip| format!("，像是{}", slip.name())).unwrap_or_default();
        let said = if kind == Kind::Stated { format!("，正文写的是 {right_text}") } else { String::new() };
        let message = format!("{name} 与 {count} 项关系不符：现为 {held_text}，应为 {right_text}{said}");
        let all = if count > 1 { "就都相符" } else { "就相符" };
        (message, format!("改为 {right_text} {all}{like}。请对照原件先核对 {name} 这个数。"))
    }

    /// What is wrong with two figures of a row, and what to do.
    fn of_two_columns(&self, cause: &Cause, wording: &Wording<'a>) -> (String, String) {
        let set = self.context.set();
        let cells: Vec<(CellRef, i128)> =
            cause.remedy.iter().filter_map(|(source, right)| Some((source.cell()?, *right))).collect();
        let row = row_name(set, cells[0].0);
        let column = |cell: &CellRef| set.form_of(*cell).column_name(*cell).unwrap_or_default();
        let said = |(cell, right): &(CellRef, i128)| {
            let held = self.context.shown(self.context.disclosure().figure(*cell));
            format!("{}现为 {held}，应为 {}", column(cell), wording.shown(*right))
        };
        let columns: Vec<String> = cells.iter().map(|(cell, _)| column(cell)).collect();
        let figures: Vec<String> = cells.iter().map(said).collect();
        let message = format!("{row} 的{}像是同错一个数：{}", columns.join("、"), figures.join("；"));
        (message, format!("两栏一起改就都相符。请对照原件先核对 {row} 这一行。"))
    }

    /// What is wrong with a row under another code, and what to do.
    fn of_miscoded(&self, form: u16, wrong: ClassCode, meant: ClassCode) -> (String, String) {
        let table = self.context.disclosure().table(form);
        let name = table.name(RowKey::Code(wrong)).unwrap_or_default();
        let code = &self.context.set().forms[usize::from(form)].code;
        let message = format!("{code}{wrong}行 的科目编码像是写错：“{name}”的编码是 {meant}");
        (message, format!("是不是 {meant}？把编码改为 {meant} 就都相符。"))
    }

    /// The relations by their names, or as they are written; a long list is cut.
    fn names(&self, instances: &[&Instance]) -> String {
        let context = self.context;
        let name = |instance: &&Instance| match instance.relation.of(context.set()) {
            Relation { name, .. } if !name.is_empty() => name.clone(),
            _ => Wording::text(context, instance),
        };
        let shown: Vec<String> = instances.iter().take(NAMES_SHOWN).map(name).collect();
        let more = if instances.len() > NAMES_SHOWN { "等" } else { "" };
        format!("{}{more}", shown.join("；"))
    }

    fn wordings(&self, instances: &[&'a Instance]) -> Vec<Wording<'a>> {
        let wording =
            |instance: &&'a Instance| Wording::new(self.context, instance.relation.of(self.context.set()), instance);
        instances.iter().map(wording).collect()
    }

    /// Roll-ups of one row that exceed the rows under it in several columns, with what else
    /// fails because one row is not there.
    fn short_rows(&self, is_told: &[bool]) -> Vec<Vec<usize>> {
        let mut rows: BTreeMap<(RelationId, u16, RowKey), Vec<usize>> = BTreeMap::new();
        for (at, instance) in self.failing.iter().enumerate().filter(|(at, _)| !is_told[*at]) {
            if let Some(total) = self.rolled_up(instance).filter(|_| instance.off > 0) {
                rows.entry((instance.relation, total.form, total.row)).or_default().push(at);
            }
        }
        let mut rows: Vec<Vec<usize>> = rows.into_values().filter(|failures| failures.len() > 1).collect();
        for row in &mut rows {
            let over: Vec<usize> =
                (0..self.failing.len()).filter(|at| !is_told[*at] && self.is_gap(*at, row)).collect();
            row.extend(over);
        }
        rows
    }

    /// The coded row or total that a roll-up is about.
    fn rolled_up(&self, instance: &Instance) -> Option<CellRef> {
        let [total] = self.context.instances.first(instance) else { return None };
        rolled_up_level(&instance.relation.of(self.context.set()).equation)?;
        let cell = total.source.cell()?;
        matches!(self.context.set().form_of(cell).layout, Layout::ByCode { .. }).then_some(cell)
    }

    /// Whether a failure is that another table has the row which is missing under this one.
    fn is_gap(&self, at: usize, row: &[usize]) -> bool {
        let instance = self.failing[at];
        let Some(parent) = self.rolled_up(self.failing[row[0]]) else { return false };
        let [whole] = self.context.instances.second(instance) else { return false };
        let Some(cell) = whole.source.cell().filter(|cell| cell.form == parent.form) else { return false };
        let under = matches!((cell.row, parent.row),
            (RowKey::Code(code), RowKey::Code(above)) if code.parent() == Some(above));
        instance.at_most && under && self.context.disclosure().table(cell.form).row(cell.row).is_none()
    }

    /// One finding for a row that exceeds the rows under it in several columns.
    fn of_row(&self, row: &[usize]) -> Finding {
        let context = self.context;
        let folded: Vec<&Instance> = row.iter().map(|at| self.failing[*at]).collect();
        let wordings = self.wordings(&folded);
        let short = wordings.iter().zip(&folded).filter(|(_, instance)| !instance.at_most);
        let columns: Vec<String> = short
            .filter_map(|(wording, instance)| {
                let cell = self.rolled_up(instance)?;
                let column = context.set().form_of(cell).column_name(cell).unwrap_or_default();
                Some(format!("{column}相差 {}", wording.shown(wording.difference())))
            })
            .collect();
        let primary = wordings[0].primary();
        let level = rolled_up_level(&folded[0].relation.of(context.set()).equation).map_or("", |level| level.name());
        let row_name = primary.source.cell().map(|cell| row_name(context.set(), cell));
        let message = format!(
            "{} 有 {} 栏大于各{level}之和：{}",
            row_name.unwrap_or_default(),
            columns.len(),
            columns.join("，")
        );
        let gaps: Vec<String> = folded
            .iter()
            .filter(|instance| instance.at_most)
            .filter_map(|instance| context.instances.second(instance)[0].source.cell())
            .map(|cell| context.set().form_of(cell).row_name(cell.row))
            .collect();
        let missing = gaps.first().map(|gap| format!("：别的表有 {gap}，这张表没有")).unwrap_or_default();
        let finding = Finding::new(wordings[0].code(), message)
            .severity(self.severity(folded[0]).unwrap_or(Severity::Error))
            .at(context.scene.place(&primary.source))
            .cell(primary.source.name(context.set()))
            .help(format!("可能缺了一行{level}级科目，或者有一行的科目编码写错{missing}。请对照原件补上或改正。"));
        self.with_figures(finding, &wordings[0], &primary.source, &folded)
    }

    /// The figure to look at first, and how it may have been miswritten, where that is clear.
    fn help(&self, instance: &Instance, wording: &Wording<'a>, is_only: bool) -> String {
        if let Some(cell) = self.paid_back(instance) {
            let (name, figure) = (self.context.set().name_of(cell), self.context.disclosure().figure(cell));
            let figure = self.context.shown(figure);
            return format!(
                "{name} 是负数（{figure}）：退回、冲减可以使部分大于总体，所以只作警告。确是如此的，宜在情况说明中写明；不是的，请改正填错的数。"
            );
        }
        let suspect = self.suspect(wording);
        let slip =
            if instance.at_most { None } else { wording.slip(&self.bench, suspect.map(|(source, _)| source), is_only) };
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

/// The slip, when it is the only one of its strength.
fn the_one(slips: impl Iterator<Item = Slip>) -> Option<Slip> {
    let mut slips: Vec<Slip> = slips.collect();
    if slips.iter().any(|slip| slip.is_strong()) {
        slips.retain(|slip| slip.is_strong());
    }
    match slips[..] {
        [only] => Some(only),
        _ => None,
    }
}

/// A row as the forms address it: `公开03表2080505行`.
fn row_name(set: &FormSet, cell: CellRef) -> String {
    let form = set.form_of(cell);
    format!("{}{}", form.code, form.row_name(cell.row))
}

/// The relations that fail and are told here, by their position: what follows from missing rows
/// or from a table in another unit is told elsewhere.
pub(super) fn failing(context: &Context<'_>) -> BTreeSet<u32> {
    let relation = |instance: &Instance| instance.relation.of(context.set());
    let fails = |instance: &Instance| instance.verdict.severity(relation(instance).severity).is_some();
    let failing = (0..).zip(context.instances).filter(|(_, instance)| fails(instance));
    let mut failing: Vec<(u32, &Instance)> = failing.collect();
    if failing.is_empty() {
        return BTreeSet::new();
    }
    failing.retain(|(_, instance)| {
        !is_missing_row(context, relation(instance), instance) && !follows_from_missing_rows(context, instance)
    });
    if let Some(table) = money_unit::one_table(context) {
        failing.retain(|(_, instance)| !table.explains(context, instance));
    }
    failing.into_iter().map(|(at, _)| at).collect()
}

/// The tables of a disclosure that hold figures below nothing.
fn negatives(disclosure: &Disclosure) -> BTreeMap<u16, Negatives> {
    let mut found: BTreeMap<u16, Negatives> = BTreeMap::new();
    for (cell, figure) in disclosure.tables.iter().flat_map(Table::cells) {
        let Some(below) = units(figure.figure, disclosure.scale).filter(|units| *units < 0) else { continue };
        let negatives = found.entry(cell.form).or_insert(Negatives { lowest: (below, cell), together: 0 });
        negatives.lowest = negatives.lowest.min((below, cell));
        negatives.together -= below;
    }
    found
}

/// Whether this is a roll-up into a coded row that its table lacks.
fn is_missing_row(context: &Context<'_>, relation: &Relation, instance: &Instance) -> bool {
    let [total] = context.instances.first(instance) else { return false };
    let Some(cell) = total.source.cell() else { return false };
    rolled_up_level(&relation.equation).is_some() && lacks_row(context, cell)
}

/// Whether a cell is in a coded row that its table does not have.
fn lacks_row(context: &Context<'_>, cell: CellRef) -> bool {
    let form = context.set().form_of(cell);
    matches!((&form.layout, cell.row), (Layout::ByCode { .. }, RowKey::Code(_)))
        && context.disclosure().table(cell.form).row(cell.row).is_none()
}

/// What a cell of a missing row would hold by the rows under it that are there, in last units;
/// `None` where its table has the row, or has nothing under it either.
fn implied(context: &Context<'_>, cell: CellRef) -> Option<i128> {
    let RowKey::Code(above) = cell.row else { return None };
    if !lacks_row(context, cell) {
        return None;
    }
    let table = context.disclosure().table(cell.form);
    let is_next = |code: ClassCode| {
        let mut between = std::iter::successors(code.parent(), |code| code.parent());
        between.find(|code| *code == above || table.row(RowKey::Code(*code)).is_some()) == Some(above)
    };
    let under = table.rows.iter().filter(|row| matches!(row.key, RowKey::Code(code) if is_next(code)));
    let figures = under.filter_map(|row| row.cell(usize::from(cell.column))).map(|cell| cell.figure);
    let scale = context.disclosure().scale;
    figures.map(|figure| units(figure, scale).unwrap_or_default()).reduce(|one, other| one + other)
}

/// Whether a failure holds once the missing rows are there: it is no mistake of its own, and
/// [`super::rows`] tells which rows are missing.
fn follows_from_missing_rows(context: &Context<'_>, instance: &Instance) -> bool {
    let value = |source: &Source| source.cell().and_then(|cell| implied(context, cell));
    context.instances.operands(instance).iter().any(|operand| value(&operand.source).is_some())
        && context.scene.rejudged(context.instances, instance, value).is_some_and(Verdict::passes)
}

/// What the relations say of each figure in a failing one; an inequality that holds says
/// little, and a note nothing.
fn records<'a>(context: &Context<'a>, failing: &[&'a Instance]) -> BTreeMap<&'a Source, Record> {
    let mut records: BTreeMap<&Source, Record> = BTreeMap::new();
    let grave = |instance: &&&Instance| {
        let usual = instance.relation.of(context.set()).severity;
        instance.verdict.severity(usual).is_some_and(|severity| severity < Severity::Note)
    };
    for operand in failing.iter().filter(grave).flat_map(|failed| context.instances.operands(failed)) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{by_code, checked, disclosure, facts, set, with_code};

    /// 一般公共预算 (05) and 政府性基金 (07) against all spending (03): what is found on these
    /// rows of 项, as severities with their help.
    fn found(figures: &[(&str, &str)]) -> Vec<(Severity, String)> {
        let forms = ["公开03表", "公开05表", "公开07表"].map(|code| by_code(code, 1, &[]));
        let mut set = set(forms.into(), &["公开05表各行1栏 ≤ 公开03表各行1栏"]);
        set.facts.push(facts("附注·采购", &["总额", "货物"], &["附注·采购·货物 ≤ 附注·采购·总额"]));
        let report = checked(disclosure(&set, figures));
        let told = with_code(&report, "C104").into_iter();
        told.map(|finding| (finding.severity, finding.help.clone().unwrap_or_default())).collect()
    }

    /// 2010350 takes 10.00 of 一般公共预算 and 5.00 in all, 2290400 this much of the fund.
    fn found_with(fund: &str) -> Vec<(Severity, String)> {
        found(&[("公开03表2010350行1栏", "5.00"), ("公开05表2010350行1栏", "10.00"), ("公开07表2290400行1栏", fund)])
    }

    #[test]
    fn a_part_above_its_whole_is_a_warning_where_money_paid_back_explains_it() {
        let help = "公开07表2290400行1栏 是负数（-5.00）：退回、冲减可以使部分大于总体，所以只作警告。\
                    确是如此的，宜在情况说明中写明；不是的，请改正填错的数。";
        assert_eq!(found_with("-5.00"), [(Severity::Warning, help.to_owned())]);
    }

    #[test]
    fn a_part_above_its_whole_is_an_error_where_nothing_or_too_little_was_paid_back() {
        for fund in ["5.00", "-4.99", "未提供"] {
            let severities: Vec<Severity> = found_with(fund).iter().map(|(severity, _)| *severity).collect();
            assert_eq!(severities, [Severity::Error], "{fund}");
        }
    }

    #[test]
    fn a_negative_figure_in_the_table_of_the_parts_explains_nothing() {
        let found = found(&[
            ("公开03表2010350行1栏", "5.00"),
            ("公开05表2010350行1栏", "10.00"),
            ("公开05表2080505行1栏", "-9.00"),
        ]);
        assert_eq!(found.iter().map(|(severity, _)| *severity).collect::<Vec<_>>(), [Severity::Error]);
    }

    #[test]
    fn a_negative_figure_in_a_table_explains_nothing_about_facts() {
        let figures = [("附注·采购·总额", "1.00"), ("附注·采购·货物", "2.00"), ("公开07表2290400行1栏", "-5.00")];
        assert_eq!(found(&figures).iter().map(|(severity, _)| *severity).collect::<Vec<_>>(), [Severity::Error]);
    }
}
