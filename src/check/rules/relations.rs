//! Relations that do not hold: formulas, roll-ups, relations between tables and with facts.
//!
//! Every instance was judged before; this rule tells what failed, each mistake once:
//!
//! 1. What follows from a row that is missing altogether is left to [`super::rows`], which says
//!    so once instead of once a column.
//! 2. Several failures that one figure explains are one finding at that figure ([`super::cascade`]).
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

use super::cascade::{Cause, causes};
use super::wording::{Wording, rolled_up_level, slips};
use super::{Context, Rule, add_related};
use crate::check::compile::{Compiled, RelationId};
use crate::check::judge::Verdict;
use crate::check::relation::{Instance, Operand, Source, units};
use crate::check::slip::Slip;
use crate::diagnostic::{Finding, Severity};
use crate::model::code::ClassCode;
use crate::model::disclosure::Disclosure;
use crate::model::form::{CellRef, Layout, Relation, RowKey};
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
        let relation = |instance: &Instance| instance.relation.of(context.set());
        let fails = |instance: &&Instance| instance.verdict.severity(relation(instance).severity).is_some();
        let follows = |instance: &Instance| {
            is_missing_row(context, relation(instance), instance) || follows_from_missing_rows(context, instance)
        };
        let failing: Vec<&Instance> =
            context.instances.iter().filter(fails).filter(|instance| !follows(instance)).collect();
        if failing.is_empty() {
            return None;
        }
        let (records, negatives) = (records(context, &failing), negatives(context.disclosure()));
        Some(Self { context, failing, records, negatives })
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
        let grave: Vec<usize> = (0..self.failing.len())
            .filter(|at| self.severity(self.failing[*at]).is_some_and(|severity| severity < Severity::Note))
            .collect();
        let instances: Vec<&Instance> = grave.iter().map(|at| self.failing[*at]).collect();
        let mut told: Vec<Option<Finding>> = vec![None; self.failing.len()];
        let mut is_told = vec![false; self.failing.len()];
        for cause in causes(self.context, &instances) {
            let folded: Vec<usize> = cause.failures.iter().map(|at| grave[*at]).collect();
            told[folded[0]] = Some(self.of_cause(&cause, &folded));
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
        for (at, instance) in self.failing.iter().enumerate().filter(|(at, _)| !is_told[*at]) {
            told[at] = self.finding(instance);
        }
        told.into_iter().flatten().collect()
    }

    /// One failure by itself.
    fn finding(&self, instance: &Instance) -> Option<Finding> {
        let relation = instance.relation.of(self.context.set());
        let severity = self.severity(instance)?;
        let wording = Wording::new(self.context, relation, instance);
        let primary = wording.primary();
        let finding = Finding::new(wording.code(), wording.message())
            .severity(severity)
            .at(self.context.scene.place(&primary.source))
            .cell(primary.source.name(self.context.set()))
            .help(self.help(instance, &wording));
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
        self.with_operands(finding, primary, folded)
    }

    /// The finding with the verdict and text of the first relation and the operands of all.
    fn with_operands(&self, finding: Finding, primary: &Source, folded: &[&Instance]) -> Finding {
        let (context, first) = (self.context, folded[0]);
        let mut finding = finding.verdict(first.verdict.key()).relation(context.instances.text(first, context.set()));
        let mut known: Vec<&Source> = vec![primary];
        for operand in folded.iter().flat_map(|instance| context.instances.operands(instance)) {
            if !known.contains(&&operand.source) {
                known.push(&operand.source);
                self.relate(&mut finding, operand);
            }
        }
        finding
    }

    fn relate(&self, finding: &mut Finding, operand: &Operand) {
        let scene = &self.context.scene;
        let figure = self.context.shown(scene.figure(&operand.source));
        add_related(finding, &operand.source.name(self.context.set()), &figure, scene.place(&operand.source));
    }

    /// Several failures that one figure explains: one finding, at that figure.
    fn of_cause(&self, cause: &Cause<'a>, folded: &[usize]) -> Finding {
        let context = self.context;
        let folded: Vec<&Instance> = folded.iter().map(|at| self.failing[*at]).collect();
        let wordings: Vec<Wording<'a>> = self.wordings(&folded);
        let gravest = wordings.iter().zip(&folded).map(|(wording, instance)| (self.severity(instance), wording.code()));
        let (severity, code) = gravest.min().unwrap_or((None, "C102"));
        let name = cause.source.name(context.set());
        let held = context.scene.figure(cause.source);
        let (held_text, right) = (context.shown(held), wordings[0].shown(cause.right));
        let wrong = units(held, context.disclosure().scale);
        let message = format!("{name} 与 {} 项关系不符：现为 {held_text}，应为 {right}", folded.len());
        let slip = wrong.and_then(|wrong| the_one(slips(context, cause.source, wrong, cause.right)));
        let like = slip.map(|slip| format!("，像是{}", slip.name())).unwrap_or_default();
        let advice = format!(
            "这一个数使 {} 项合计或勾稽不符：{}。改为 {right} 就都相符{like}。请对照原件先核对 {name} 这个数。",
            folded.len(),
            names(context, &folded),
        );
        let mut finding = Finding::new(code, message)
            .severity(severity.unwrap_or(Severity::Error))
            .at(context.scene.place(cause.source))
            .cell(name)
            .help(advice);
        finding.difference = Some(wordings[0].shown((wrong.unwrap_or_default() - cause.right).abs()));
        (finding.expected, finding.actual) = (Some(right), Some(held_text));
        self.with_operands(finding, cause.source, &folded)
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
        let row_name = primary.source.cell().map(|cell| {
            let form = context.set().form_of(cell);
            format!("{}{}", form.code, form.row_name(cell.row))
        });
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
    fn help(&self, instance: &Instance, wording: &Wording<'a>) -> String {
        if let Some(cell) = self.paid_back(instance) {
            let (name, figure) = (self.context.set().name_of(cell), self.context.disclosure().figure(cell));
            let figure = self.context.shown(figure);
            return format!(
                "{name} 是负数（{figure}）：退回、冲减可以使部分大于总体，所以只作警告。确是如此的，宜在情况说明中写明；不是的，请改正填错的数。"
            );
        }
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

/// The relations by their names, or as they are written; a long list is cut.
fn names(context: &Context<'_>, instances: &[&Instance]) -> String {
    let name = |instance: &&Instance| match instance.relation.of(context.set()) {
        Relation { name, .. } if !name.is_empty() => name.clone(),
        _ => abridged(context.instances.text(instance, context.set())),
    };
    let shown: Vec<String> = instances.iter().take(NAMES_SHOWN).map(name).collect();
    let more = if instances.len() > NAMES_SHOWN { "等" } else { "" };
    format!("{}{more}", shown.join("；"))
}

/// The most terms of a sum that are all named in a sentence.
const TERMS_SHOWN: usize = 5;

/// A long sum with the terms in its middle left out: `59行2栏＝33行2栏＋34行2栏＋…＋58行2栏`.
/// A roll-up of a table without rows is told as one, not as 0.
fn abridged(text: String) -> String {
    let Some((total, sum)) = text.split_once('＝') else { return text };
    if sum == "0" {
        return format!("{total}＝其下各行之和");
    }
    let terms: Vec<&str> = sum.split('＋').collect();
    match terms.as_slice() {
        [first, second, .., last] if terms.len() > TERMS_SHOWN => format!("{total}＝{first}＋{second}＋…＋{last}"),
        _ => text,
    }
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
