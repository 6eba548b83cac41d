//! What differs between two versions of a disclosure, cell by cell.
//!
//! 1. Tables: lines are matched by their code, number or label, never by where they stand in the
//!    source; where the versions are on different sets of forms, by form title, line label and
//!    column heading.
//! 2. Figures outside the tables, last year's figures, self-evaluations and dates, by name.
//! 3. Texts: which of them changed; of short ones, what they said before and say now. Long texts
//!    are told by their sections.
//!
//! Every version is walked once; what is looked up stands in ordered maps.

use std::collections::{BTreeMap, BTreeSet};

use crate::amount::Scale;
use crate::derive::naming;
use crate::model::code::ClassCode;
use crate::model::disclosure::{Correction, Disclosure, Manner, Reception, WorkItem};
use crate::model::form::{CellRef, Form, RowKey};
use crate::model::performance::{Evaluation, Scope, WeightAndScore};
use crate::model::site::Site;
use crate::model::table::{Figure, Table, TableState};

/// What an amendment changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// Figures, scores and dates: tables in their order, then what stands outside them.
    pub figures: Vec<FigureChange>,
    /// The texts that changed.
    pub texts: Vec<TextChange>,
}

/// One text that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextChange {
    /// What readers call it: `情况说明·八、机关运行经费`, `支出用途·2010350 事业运行`.
    pub name: String,
    /// What the earlier version says and what the later one says, nothing where it lacks the text;
    /// `None` where they are too long to stand side by side, or hold more than one sentence of words.
    pub told: Option<[String; 2]>,
}

/// One figure, score or date that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FigureChange {
    /// Where it stands: `公开01表 收入支出决算总表`, `表外数据`, `上年数`, `绩效自评`.
    pub group: String,
    /// The line by its name: `本年收入合计`.
    pub line: String,
    /// The headings above the column: `车·小计`; empty outside the tables.
    pub column: String,
    /// Its name in the notation: `公开01表27行1栏`.
    pub name: String,
    /// The cell in the earlier version, where its table has one.
    pub before: Option<CellRef>,
    /// The cell in the later version, where its table has one.
    pub after: Option<CellRef>,
    /// What the earlier version says.
    pub old: Datum,
    /// What the later version says.
    pub new: Datum,
}

/// What a version says at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Datum {
    /// A figure; blank where there is none.
    Figure(Figure),
    /// A date, or a value of a self-evaluation as it is written.
    Text(String),
}

impl Difference {
    /// How many changes there are: every figure and every text is one.
    pub const fn count(&self) -> usize {
        self.figures.len() + self.texts.len()
    }

    /// The changed cells of the later version.
    pub fn cells_after(&self) -> BTreeSet<CellRef> {
        self.figures.iter().filter_map(|change| change.after).collect()
    }

    /// The changed cells of the earlier version.
    pub fn cells_before(&self) -> BTreeSet<CellRef> {
        self.figures.iter().filter_map(|change| change.before).collect()
    }
}

impl FigureChange {
    /// The new figure less the old one: exact, a blank counting as nothing; a blank where either
    /// is not known or is no figure.
    pub fn difference(&self) -> Figure {
        match (&self.old, &self.new) {
            (Datum::Figure(Figure::Count(old)), Datum::Figure(Figure::Count(new))) => {
                new.checked_sub(*old).map_or(Figure::Blank, Figure::Count)
            }
            (Datum::Figure(old), Datum::Figure(new)) => match (old.amount_or_nothing(), new.amount_or_nothing()) {
                (Some(old), Some(new)) => Figure::Amount(new - old),
                _ => Figure::Blank,
            },
            _ => Figure::Blank,
        }
    }

    /// The unit of money in which the change is told exactly: that of its table, or 元 where the
    /// difference would be rounded in it.
    pub fn scale(&self, table: Scale) -> Scale {
        match self.difference() {
            Figure::Amount(difference) if !difference.is_whole_in(table) => Scale::Yuan,
            _ => table,
        }
    }
}

#[cfg(test)]
impl FigureChange {
    /// A change of an amount, in 元, that stands nowhere.
    pub(crate) fn in_yuan(old: i128, new: i128) -> Self {
        let [old, new] =
            [old, new].map(|yuan| Datum::Figure(Figure::Amount(crate::amount::Amount::from_fen(yuan * 100))));
        let [group, line, column, name] = <[String; 4]>::default();
        Self { group, line, column, name, before: None, after: None, old, new }
    }
}

/// What differs between two versions of a disclosure; the site knows what codes are called.
pub fn difference(site: &Site, earlier: &Disclosure, later: &Disclosure) -> Difference {
    let mut figures = Vec::new();
    tables(site, earlier, later, &mut figures);
    for (group, values) in [("表外数据", facts as Values), ("上年数", prior), ("绩效自评", scores), ("日期", dates)]
    {
        named(group, &values(earlier), &values(later), &mut figures);
    }
    let mut texts = changed_texts(&self::texts(site, earlier), &self::texts(site, later));
    texts.extend(changed_attachments(earlier, later));
    Difference { figures, texts }
}

/// What gives values by their names, in order.
type Values = fn(&Disclosure) -> Vec<(String, Datum)>;

fn tables(site: &Site, earlier: &Disclosure, later: &Disclosure, changes: &mut Vec<FigureChange>) {
    let same_forms = earlier.set.id == later.set.id;
    let mut matched = BTreeSet::new();
    let by_title: BTreeMap<&str, u16> = earlier.set.forms.iter().map(|form| form.title.as_str()).zip(0..).collect();
    for (table, form) in later.tables.iter().zip(&later.set.forms) {
        let before = if same_forms { Some(table.form) } else { by_title.get(form.title.as_str()).copied() };
        matched.extend(before);
        let pair = Pair { site, earlier, later, same_forms, before, after: Some(table.form) };
        pair.changes(changes);
    }
    for table in earlier.tables.iter().filter(|table| !matched.contains(&table.form)) {
        let pair = Pair { site, earlier, later, same_forms, before: Some(table.form), after: None };
        pair.changes(changes);
    }
}

/// A cell of the earlier version, and what it held.
type Old = (CellRef, Figure);

/// A table in both versions, or in one of them.
struct Pair<'a> {
    site: &'a Site,
    earlier: &'a Disclosure,
    later: &'a Disclosure,
    same_forms: bool,
    before: Option<u16>,
    after: Option<u16>,
}

/// A line and a column of the later version's form.
type Spot = (RowKey, u16);

impl Pair<'_> {
    fn changes(&self, changes: &mut Vec<FigureChange>) {
        let (mut old, gone) = self.old_cells();
        let [before, after] = [self.before.map(|at| self.earlier.table(at)), self.after.map(|at| self.later.table(at))];
        for (cell, filled) in after.into_iter().flat_map(Table::cells) {
            let found = old.remove(&(cell.row, cell.column));
            let figure = found.map_or_else(|| absent(before), |(_, figure)| figure);
            if figure != filled.figure {
                changes.push(self.change(found.map(|(cell, _)| cell), Some(cell), figure, filled.figure));
            }
        }
        for (spot, (cell, figure)) in old {
            let now = self.after.map(|form| CellRef { form, row: spot.0, column: spot.1 });
            if figure != absent(after) {
                changes.push(self.change(
                    Some(cell),
                    now.filter(|cell| self.later.shows(*cell)),
                    figure,
                    absent(after),
                ));
            }
        }
        for (cell, figure) in gone.into_iter().filter(|(_, figure)| *figure != absent(after)) {
            changes.push(self.change(Some(cell), None, figure, absent(after)));
        }
    }

    /// The cells of the earlier table, by the spots that they have on the later one's form, and
    /// those that it has no spot for.
    fn old_cells(&self) -> (BTreeMap<Spot, Old>, Vec<Old>) {
        let (mut found, mut gone) = (BTreeMap::new(), Vec::new());
        let Some(before) = self.before else { return (found, gone) };
        let moved = self.after.filter(|_| !self.same_forms);
        let moved = moved.map(|after| Moved::new(self.earlier, before, self.later, after));
        for (cell, filled) in self.earlier.table(before).cells() {
            let spot = match &moved {
                Some(moved) => moved.spot(cell),
                None => self.after.map(|_| (cell.row, cell.column)),
            };
            match spot {
                Some(spot) => drop(found.insert(spot, (cell, filled.figure))),
                None => gone.push((cell, filled.figure)),
            }
        }
        (found, gone)
    }

    fn change(&self, before: Option<CellRef>, after: Option<CellRef>, old: Figure, new: Figure) -> FigureChange {
        let shown = after.map(|cell| (self.later, cell)).or(before.map(|cell| (self.earlier, cell)));
        let [group, line, column, name] = shown.map_or_else(<[String; 4]>::default, |(disclosure, cell)| {
            let form = disclosure.set.form_of(cell);
            [
                format!("{} {}", form.code, form.title),
                self.line_name(disclosure, form, cell),
                form.columns[usize::from(cell.column)].heading.join("·"),
                disclosure.set.name_of(cell),
            ]
        });
        FigureChange { group, line, column, name, before, after, old: Datum::Figure(old), new: Datum::Figure(new) }
    }

    fn line_name(&self, disclosure: &Disclosure, form: &Form, cell: CellRef) -> String {
        if let Some(line) = form.line(cell.row) {
            return line.label.trim().to_owned();
        }
        let names = form.classification().and_then(|id| self.site.classifications.get(id));
        match cell.row {
            RowKey::Code(code) => naming::row_name(disclosure, names, cell.form, code),
            RowKey::Total => "合计".to_owned(),
            RowKey::Line(_) | RowKey::Label(_) | RowKey::Only => String::new(),
        }
    }
}

/// What a table says where it has no such cell.
fn absent(table: Option<&Table>) -> Figure {
    let given = |table: &Table| matches!(table.state, TableState::Filled | TableState::Empty(_));
    if table.is_none_or(given) { Figure::Blank } else { Figure::Unknown }
}

/// Where the lines and columns of a form stand on another set's form of the same title.
struct Moved {
    rows: BTreeMap<RowKey, RowKey>,
    columns: Vec<Option<u16>>,
}

impl Moved {
    fn new(earlier: &Disclosure, before: u16, later: &Disclosure, after: u16) -> Self {
        let [old, new] = [(earlier, before), (later, after)].map(|(d, at)| &d.set.forms[usize::from(at)]);
        let places: BTreeMap<_, _> = labels(new).into_iter().collect();
        let rows = labels(old).into_iter().filter_map(|(label, key)| Some((key, *places.get(&label)?)));
        let headings: BTreeMap<_, u16> = headings(new).into_iter().zip(0..).collect();
        let columns = self::headings(old).into_iter().map(|heading| headings.get(&heading).copied()).collect();
        Self { rows: rows.collect(), columns }
    }

    fn spot(&self, cell: CellRef) -> Option<Spot> {
        let row = match cell.row {
            RowKey::Code(_) | RowKey::Total | RowKey::Only => cell.row,
            RowKey::Line(_) | RowKey::Label(_) => *self.rows.get(&cell.row)?,
        };
        Some((row, (*self.columns.get(usize::from(cell.column))?)?))
    }
}

/// What tells a printed line from the others of its form: class or label, and which of those it is.
type LineName<'f> = (Option<ClassCode>, &'f str, usize);

fn labels(form: &Form) -> Vec<(LineName<'_>, RowKey)> {
    let mut seen: BTreeMap<(Option<ClassCode>, &str), usize> = BTreeMap::new();
    let printed = form.lines.iter().filter(|line| !line.label.is_empty());
    printed
        .map(|line| {
            let label = if line.class.is_none() { line.label.trim() } else { "" };
            let count = seen.entry((line.class, label)).or_default();
            *count += 1;
            ((line.class, label, *count), line.key)
        })
        .collect()
}

/// The headings of a form's columns; of equal ones each is numbered.
fn headings(form: &Form) -> Vec<(&[String], usize)> {
    let mut seen: BTreeMap<&[String], usize> = BTreeMap::new();
    form.columns
        .iter()
        .map(|column| {
            let count = seen.entry(&column.heading).or_default();
            *count += 1;
            (column.heading.as_slice(), *count)
        })
        .collect()
}

/// Adds what differs between two lists of named values; a name that one lacks is blank there.
fn named(group: &str, old: &[(String, Datum)], new: &[(String, Datum)], changes: &mut Vec<FigureChange>) {
    let before: BTreeMap<&str, &Datum> = old.iter().map(|(name, datum)| (name.as_str(), datum)).collect();
    let after: BTreeMap<&str, &Datum> = new.iter().map(|(name, datum)| (name.as_str(), datum)).collect();
    let gone = old.iter().filter(|(name, _)| !after.contains_key(name.as_str()));
    let blank = Datum::Figure(Figure::Blank);
    for (name, _) in new.iter().chain(gone) {
        let [old, new] = [&before, &after].map(|data| (*data.get(name.as_str()).unwrap_or(&&blank)).clone());
        if old != new {
            let (group, line, name) = (group.to_owned(), name.clone(), name.clone());
            changes.push(FigureChange {
                group,
                line,
                column: String::new(),
                name,
                before: None,
                after: None,
                old,
                new,
            });
        }
    }
}

fn facts(disclosure: &Disclosure) -> Vec<(String, Datum)> {
    disclosure.facts.iter().map(|(name, fact)| (name.clone(), Datum::Figure(fact.value))).collect()
}

fn prior(disclosure: &Disclosure) -> Vec<(String, Datum)> {
    let name = |cell: &CellRef| format!("上年{}", disclosure.set.name_of(*cell));
    disclosure.prior.iter().map(|(cell, fact)| (name(cell), Datum::Figure(fact.value))).collect()
}

fn dates(disclosure: &Disclosure) -> Vec<(String, Datum)> {
    let dates = [("公开日期", disclosure.published), ("批复日期", disclosure.approved)];
    let given = dates.into_iter().filter_map(|(name, date)| Some((name, date?.value)));
    given.map(|(name, date)| (name.to_owned(), Datum::Text(date.chinese()))).collect()
}

/// The values of the self-evaluations, each by a name that no other has.
fn scores(disclosure: &Disclosure) -> Vec<(String, Datum)> {
    let mut values = Vec::new();
    for evaluation in &disclosure.evaluations {
        values_of(evaluation, &mut values);
    }
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for (name, _) in &mut values {
        let count = seen.entry(name.clone()).or_default();
        *count += 1;
        if *count > 1 {
            *name = format!("{name}（第{count}处）");
        }
    }
    values
}

fn values_of(evaluation: &Evaluation, values: &mut Vec<(String, Datum)>) {
    let whole = "整体绩效自评";
    let about = evaluation.name.as_deref().filter(|_| evaluation.scope == Scope::Project).unwrap_or(whole);
    let mut add = |parts: &[&str], datum: Datum| values.push((format!("{about}·{}", parts.join("·")), datum));
    let text = |text: &str| Datum::Text(text.to_owned());
    add(&["基本支出"], Datum::Figure(evaluation.basic));
    add(&["项目支出"], Datum::Figure(evaluation.project));
    if let Some(filed) = evaluation.filed {
        add(&["填报日期"], Datum::Text(filed.value.chinese()));
    }
    for row in &evaluation.funding {
        let figures = [
            ("年初预算数", row.opening),
            ("调整预算数", row.adjusted),
            ("预算数", row.budget),
            ("执行数", row.executed),
        ];
        for (name, figure) in figures {
            add(&[&row.source, name], Datum::Figure(figure));
        }
        if let Some(rate) = &row.rate {
            add(&[&row.source, "执行率"], text(&rate.value));
        }
        scored(row.scored.as_ref(), &mut |name, value| add(&[&row.source, name], text(value)));
    }
    for indicator in evaluation.goals.iter().flat_map(|goal| &goal.indicators) {
        let name = &indicator.name;
        let unit = indicator.unit.as_deref().unwrap_or_default();
        let target = format!("{}{}{unit}", indicator.relation.as_deref().unwrap_or_default(), indicator.target);
        add(&[name, "目标值"], Datum::Text(target));
        add(&[name, "实际完成值"], text(&indicator.actual));
        scored(indicator.scored.as_ref(), &mut |part, value| add(&[name, part], text(value)));
    }
    scored(evaluation.total.as_ref(), &mut |name, value| add(&["总分", name], text(value)));
}

fn scored(found: Option<&WeightAndScore>, add: &mut dyn FnMut(&str, &str)) {
    if let Some(WeightAndScore { weight, score }) = found {
        add("权重", &weight.value.text);
        add("得分", &score.value.text);
    }
}

/// What a version says under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Words {
    /// Plain words, as the unit wrote them.
    Plain(String),
    /// Several values, or Markdown: compared, and not printed.
    Whole(String),
}

/// The longest text, in characters, that stands beside what it was before.
const SHORT: usize = 200;

impl Words {
    fn is_empty(&self) -> bool {
        let (Self::Plain(text) | Self::Whole(text)) = self;
        text.is_empty()
    }

    /// The words, where they are short and plain.
    fn short(&self) -> Option<&str> {
        match self {
            Self::Plain(text) if text.chars().count() <= SHORT => Some(text),
            Self::Plain(_) | Self::Whole(_) => None,
        }
    }
}

/// The texts of a disclosure, by what readers call them.
fn texts(site: &Site, disclosure: &Disclosure) -> Vec<(String, Words)> {
    let mut texts = plain_texts(site, disclosure);
    let mut add = |name: String, text: String| texts.push((name, Words::Whole(text)));
    add("单位概况".into(), format!("{:?}", disclosure.about));
    for reception in &disclosure.receptions {
        let Reception { guests, purpose, amount, groups, people, .. } = reception;
        add("公务接待明细".into(), format!("{guests:?}{purpose:?}{amount:?}{groups:?}{people:?}"));
    }
    for section in &disclosure.narrative_text {
        let manner = if section.manner == Manner::Adds { "（补充）" } else { "" };
        add(format!("情况说明·{}{manner}", section.heading.value), section.text.value.clone());
    }
    let own = [("预算绩效情况说明", &disclosure.performance_text), ("重点工作完成情况", &disclosure.work_text)];
    for (name, text) in own {
        let text = text.as_ref().map_or("", |text| text.value.as_str());
        for (name, section) in sections(name, text) {
            add(name, section);
        }
    }
    for item in &disclosure.work_items {
        let WorkItem { number, matter, goal, result, .. } = item;
        add("重点工作完成情况表".into(), format!("{number:?}{matter:?}{goal:?}{result:?}"));
    }
    for evaluation in &disclosure.evaluations {
        let words = (&evaluation.name, &evaluation.code, &evaluation.department, &evaluation.implementer);
        let notes: Vec<_> = evaluation.goals.iter().flat_map(|goal| &goal.indicators).map(|i| &i.note).collect();
        let titles: Vec<_> = evaluation.goals.iter().map(|goal| &goal.title).collect();
        let text = format!("{words:?}{:?}{titles:?}{notes:?}{:?}", evaluation.texts, funding_notes(evaluation));
        add(format!("绩效自评·{}", evaluation.title), text);
    }
    let terms = disclosure.terms.iter().map(|term| term.value.as_str());
    add("名词解释".into(), terms.collect::<Vec<_>>().join("、"));
    for correction in &disclosure.corrections {
        let Correction { place_in_document, printed, right, note, .. } = correction;
        add("来源更正说明".into(), format!("{place_in_document:?}{printed:?}{right:?}{note:?}"));
    }
    texts
}

/// The texts that are a sentence or two in the unit's own words.
fn plain_texts(site: &Site, disclosure: &Disclosure) -> Vec<(String, Words)> {
    let mut texts = Vec::new();
    let mut add = |name: String, text: String| texts.push((name, Words::Plain(text)));
    add("标题".into(), disclosure.title.clone());
    add("文件的自称（部门或单位）".into(), disclosure.word.clone());
    add("表式".into(), disclosure.set.name.clone());
    add("重建表格的说明".into(), disclosure.rebuilt.clone().unwrap_or_default());
    for (table, form) in disclosure.tables.iter().zip(&disclosure.set.forms) {
        add(
            format!("{}的说明", form.code),
            format!("{}{}", said(&table.state), table.note.as_deref().unwrap_or_default()),
        );
        for (key, name) in table.rows.iter().filter_map(|row| Some((row.key, row.name.as_ref()?))) {
            add(format!("{}{}的名称", form.code, form.row_name(key)), name.value.clone());
        }
    }
    for (what, by_key) in [("增减原因", &disclosure.reasons), ("支出用途", &disclosure.uses)] {
        for (key, text) in by_key {
            add(format!("{what}·{}", subject(site, disclosure.year, key)), text.value.clone());
        }
    }
    disclosure.vehicle_use.iter().for_each(|(key, text)| add(format!("车辆用途·{key}"), text.clone()));
    texts
}

/// The sections of a text in Markdown, each by its heading: `重点工作完成情况·一、平台建设`. A
/// section holds its heading too, so that a heading alone is a text.
fn sections(name: &str, markdown: &str) -> Vec<(String, String)> {
    let mut sections = vec![(name.to_owned(), String::new())];
    for line in markdown.lines() {
        if let Some(title) = heading(line) {
            sections.push((format!("{name}·{title}"), String::new()));
        }
        if let Some((_, text)) = sections.last_mut() {
            text.push_str(line);
            text.push('\n');
        }
    }
    sections.retain(|(_, text)| !text.trim().is_empty());
    sections
}

/// The title in a line that is a heading: `## 一、平台建设`.
fn heading(line: &str) -> Option<&str> {
    let title = line.trim_start_matches('#');
    let level = line.len() - title.len();
    let title = title.strip_prefix(' ')?.trim_end_matches('#').trim();
    ((1..=6).contains(&level) && !title.is_empty()).then_some(title)
}

/// The sentence of an empty table, or of one that was not given.
fn said(state: &TableState) -> &str {
    match state {
        TableState::Empty(sentence) => sentence,
        TableState::NotProvided(reason) => reason,
        TableState::Filled | TableState::Missing => "",
    }
}

fn funding_notes(evaluation: &Evaluation) -> Vec<&Option<String>> {
    evaluation.funding.iter().map(|row| &row.note).collect()
}

/// The attachments that came, went or hold other bytes.
fn changed_attachments(earlier: &Disclosure, later: &Disclosure) -> Vec<TextChange> {
    let [before, after] = [earlier, later].map(|disclosure| {
        let attached = disclosure.attachments.iter();
        attached.map(|attachment| (attachment.name.as_str(), &*attachment.bytes)).collect::<BTreeMap<_, _>>()
    });
    let names: BTreeSet<&str> = before.keys().chain(after.keys()).copied().collect();
    let changed = names.into_iter().filter(|name| before.get(name) != after.get(name));
    changed.map(|name| TextChange { name: format!("附件 {name}"), told: None }).collect()
}

/// What a reason or use is about: `“三公”经费`, `2010350 事业运行`.
fn subject(site: &Site, year: i32, key: &str) -> String {
    const SUBJECTS: [(&str, &str); 12] = [
        ("income_spending_total", "收入支出总体情况"),
        ("spending_total", "支出总体情况"),
        ("grant_total", "财政拨款收入支出总体情况"),
        ("income_general", "一般公共预算财政拨款收入"),
        ("general_total", "一般公共预算财政拨款支出"),
        ("three_public", "“三公”经费"),
        ("three_public_abroad", "因公出国（境）费"),
        ("three_public_vehicle", "公务用车购置及运行维护费"),
        ("three_public_purchase", "公务用车购置费"),
        ("three_public_operation", "公务用车运行维护费"),
        ("three_public_reception", "公务接待费"),
        ("running_cost", "机关运行经费"),
    ];
    if let Some((_, name)) = SUBJECTS.iter().find(|(known, _)| *known == key) {
        return (*name).to_owned();
    }
    let name = ClassCode::parse(key).and_then(|code| site.functional_name(code, year));
    name.map_or_else(|| key.to_owned(), |name| format!("{key} {name}"))
}

/// The texts that differ between the two versions, each once: first as the later version has
/// them, then those that it lacks.
fn changed_texts(old: &[(String, Words)], new: &[(String, Words)]) -> Vec<TextChange> {
    let [before, after] = [old, new].map(by_name);
    let mut seen = BTreeSet::new();
    let names = new.iter().chain(old).map(|(name, _)| name.as_str());
    names
        .filter(|name| before.get(name) != after.get(name) && seen.insert(*name))
        .filter(|name| !(is_empty(before.get(name)) && is_empty(after.get(name))))
        .map(|name| {
            let told = short(before.get(name)).zip(short(after.get(name)));
            TextChange { name: name.to_owned(), told: told.map(|(old, new)| [old, new].map(str::to_owned)) }
        })
        .collect()
}

/// The words under a name, where they are one short text; nothing where there are none.
fn short<'a>(texts: Option<&Vec<&'a Words>>) -> Option<&'a str> {
    match texts.map_or(&[][..], Vec::as_slice) {
        [] => Some(""),
        [only] => only.short(),
        _ => None,
    }
}

fn by_name(texts: &[(String, Words)]) -> BTreeMap<&str, Vec<&Words>> {
    let mut found: BTreeMap<&str, Vec<&Words>> = BTreeMap::new();
    for (name, text) in texts {
        found.entry(name).or_default().push(text);
    }
    found
}

fn is_empty(texts: Option<&Vec<&Words>>) -> bool {
    texts.is_none_or(|texts| texts.iter().all(|text| text.is_empty()))
}

/// `+0.12`, `−3`: how a difference is printed, in the unit of money of its table; empty where
/// there is none.
pub fn signed(difference: Figure, scale: Scale) -> String {
    match difference {
        Figure::Amount(amount) if amount.is_negative() => format!("\u{2212}{}", amount.abs().print(scale)),
        Figure::Amount(amount) => format!("+{}", amount.print(scale)),
        Figure::Count(count) if count < 0 => format!("\u{2212}{}", count.unsigned_abs()),
        Figure::Count(count) => format!("+{count}"),
        Figure::Blank | Figure::Unknown | Figure::NotRead => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::derive::fixture::{PLACE, disclosure, fill, set, site, wan};
    use crate::diagnostic::Placed;
    use crate::model::disclosure::OwnSection;

    /// The changes between two disclosures, each in a line.
    fn changes(earlier: &Disclosure, later: &Disclosure) -> Vec<String> {
        let site = site("", Vec::new());
        let Difference { figures, texts } = difference(&site, earlier, later);
        let show = |datum: &Datum| match datum {
            Datum::Figure(Figure::Amount(amount)) => amount.print(Scale::TenThousand).to_string(),
            Datum::Figure(figure) => format!("{figure:?}"),
            Datum::Text(text) => text.clone(),
        };
        let line = |change: &FigureChange| {
            let signed = signed(change.difference(), Scale::TenThousand);
            format!("{} {} {}→{} {signed}", change.name, change.line, show(&change.old), show(&change.new))
        };
        figures.iter().map(line).chain(texts.into_iter().map(|text| text.name)).collect()
    }

    fn filled(figures: &[(&str, &str)]) -> Disclosure {
        let mut disclosure = disclosure();
        for (name, text) in figures {
            fill(&mut disclosure, name, wan(text));
        }
        disclosure
    }

    const NOTHING: [String; 0] = [];

    #[test]
    fn equal_versions_have_no_difference() {
        let one = filled(&[("甲01表1行", "5.00"), ("年初预算·合计", "3.00"), ("上年甲01表1行", "4.00")]);
        assert_eq!(changes(&one, &one.clone()), NOTHING);
    }

    #[test]
    fn a_changed_cell_is_told_with_both_figures_and_the_exact_difference() {
        let earlier = filled(&[("甲01表1行", "5.00"), ("甲01表2行", "0.10")]);
        let later = filled(&[("甲01表1行", "4.99"), ("甲01表2行", "0.10")]);
        assert_eq!(changes(&earlier, &later), ["甲01表1行1栏 一、财政拨款收入 5.00→4.99 −0.01"]);
        assert_eq!(changes(&later, &earlier), ["甲01表1行1栏 一、财政拨款收入 4.99→5.00 +0.01"]);
    }

    #[test]
    fn a_difference_that_would_be_rounded_in_the_tables_unit_is_told_in_yuan() {
        let told = |old: i128, new: i128| {
            let change = FigureChange::in_yuan(old, new);
            let scale = change.scale(Scale::TenThousand);
            format!("{}{}", signed(change.difference(), scale), scale)
        };
        assert_eq!([told(39_200, 39_230), told(39_249, 39_251)], ["+30.00元", "+2.00元"]);
        assert_eq!([told(39_249, 39_349), told(39_200, 38_200)], ["+0.01万元", "\u{2212}0.10万元"]);
    }

    #[test]
    fn a_blank_that_was_filled_in_a_zero_and_a_figure_not_given_are_told_apart() {
        let figure = |text: &str| filled(&[("甲01表1行", text)]);
        let told = |old: &str, new: &str| changes(&figure(old), &figure(new));
        let line = |text: &str| [format!("甲01表1行1栏 一、财政拨款收入 {text}")];
        assert_eq!(told("", "1.00"), line("Blank→1.00 +1.00"));
        assert_eq!(told("1.00", ""), line("1.00→Blank −1.00"));
        assert_eq!(told("", "0.00"), line("Blank→0.00 +0.00"));
        assert_eq!(told("?", "1.00"), line("Unknown→1.00 "));
        assert_eq!(told("1.00", "?"), line("1.00→Unknown "));
    }

    #[test]
    fn coded_rows_are_matched_by_their_code_wherever_they_stand() {
        let earlier = filled(&[("甲02表201行1栏", "1.00"), ("甲02表208行1栏", "2.00")]);
        let moved = filled(&[("甲02表208行1栏", "2.00"), ("甲02表201行1栏", "1.00")]);
        assert_eq!(changes(&earlier, &moved), NOTHING);
        let told = changes(&earlier, &filled(&[("甲02表208行1栏", "2.50")]));
        let names: Vec<&str> = told.iter().filter_map(|line| line.split(' ').next()).collect();
        assert_eq!(names, ["甲02表208行1栏", "甲02表201行1栏"], "{told:?}");
        assert!(told[0].ends_with("2.00→2.50 +0.50") && told[1].ends_with("1.00→Blank −1.00"), "{told:?}");
    }

    #[test]
    fn on_another_set_of_forms_lines_are_matched_by_what_they_are_called() {
        let earlier = filled(&[("甲01表31行", "5.00"), ("甲01表1行", "5.00")]);
        let mut moved = set();
        moved.id = "other".into();
        let [first, last] =
            [1, 31].map(|at| moved.forms[0].lines.iter().position(|l| l.key == RowKey::Line(at)).unwrap());
        let label = moved.forms[0].lines[first].label.clone();
        moved.forms[0].lines[first].label = moved.forms[0].lines[last].label.clone();
        moved.forms[0].lines[last].label = label;
        let mut later = earlier.clone();
        later.set = Arc::new(moved);
        // 1行 is now 总计 and 31行 the income: both hold 5.00 as before.
        assert_eq!(changes(&earlier, &later), NOTHING);
        fill(&mut later, "甲01表31行", wan("6.00"));
        assert_eq!(changes(&earlier, &later), ["甲01表31行1栏 一、财政拨款收入 5.00→6.00 +1.00"]);
    }

    #[test]
    fn facts_and_last_years_figures_are_told_by_their_names() {
        let earlier = filled(&[("年初预算·合计", "3.00"), ("上年甲01表1行", "4.00")]);
        let later = filled(&[("上年甲01表1行", "4.50")]);
        assert_eq!(
            changes(&earlier, &later),
            ["年初预算·合计 年初预算·合计 3.00→Blank −3.00", "上年甲01表1行1栏 上年甲01表1行1栏 4.00→4.50 +0.50"]
        );
    }

    #[test]
    fn of_texts_it_is_told_which_changed_each_once() {
        let section = |heading: &str, text: &str| OwnSection {
            heading: Placed::new(heading.into(), PLACE),
            manner: Manner::Replaces,
            text: Placed::new(text.into(), PLACE),
        };
        let mut earlier = disclosure();
        earlier.narrative_text = vec![section("一、收支", "甲"), section("二、三公", "乙")];
        earlier.reasons.insert("running_cost".into(), Placed::new("甲".into(), PLACE));
        let mut later = earlier.clone();
        later.narrative_text = vec![section("二、三公", "丙"), section("一、收支", "甲")];
        later.reasons.clear();
        assert_eq!(changes(&earlier, &later), ["情况说明·二、三公", "增减原因·机关运行经费"]);
    }

    /// The texts that changed between two disclosures.
    fn changed(earlier: &Disclosure, later: &Disclosure) -> Vec<TextChange> {
        difference(&site("", Vec::new()), earlier, later).texts
    }

    fn with_use(text: &str) -> Disclosure {
        let mut disclosure = disclosure();
        disclosure.uses.insert("three_public_reception".into(), Placed::new(text.into(), PLACE));
        disclosure
    }

    #[test]
    fn a_short_text_is_told_as_it_was_and_as_it_is_a_long_one_by_its_name() {
        let told = |old: &Disclosure, new: &Disclosure| {
            let [change] = <[TextChange; 1]>::try_from(changed(old, new)).unwrap();
            assert_eq!(change.name, "支出用途·公务接待费");
            change.told
        };
        let pair = |old: &str, new: &str| Some([old, new].map(str::to_owned));
        assert_eq!(told(&with_use("接待来人"), &with_use("接待上级来人")), pair("接待来人", "接待上级来人"));
        assert_eq!(told(&disclosure(), &with_use("接待来人")), pair("", "接待来人"));
        assert_eq!(told(&with_use("接待来人"), &disclosure()), pair("接待来人", ""));
        let [limit, long] = [SHORT, SHORT + 1].map(|length| "长".repeat(length));
        assert_eq!(told(&with_use("短"), &with_use(&limit)), pair("短", &limit));
        assert_eq!(told(&with_use("短"), &with_use(&long)), None);
        assert_eq!(changed(&with_use("同"), &with_use("同")), []);
    }

    #[test]
    fn of_a_long_text_the_sections_that_changed_are_named() {
        let with_work = |text: &str| Disclosure { work_text: Some(Placed::new(text.into(), PLACE)), ..disclosure() };
        let names = |old: &str, new: &str| {
            let texts = changed(&with_work(old), &with_work(new));
            assert!(texts.iter().all(|text| text.told.is_none()));
            texts.into_iter().map(|text| text.name).collect::<Vec<_>>()
        };
        let old = "总述。\n\n## 一、平台\n\n建成。\n\n## 二、采购\n\n完成。\n";
        assert_eq!(names(old, &old.replace("完成", "都完成")), ["重点工作完成情况·二、采购"]);
        assert_eq!(names(old, &old.replace("总述", "综述")), ["重点工作完成情况"]);
        assert_eq!(
            names(old, &old.replace("一、平台", "一、系统")),
            ["重点工作完成情况·一、系统", "重点工作完成情况·一、平台"]
        );
        assert_eq!(names("## 一、平台\n", "## 一、系统\n").len(), 2, "a heading with nothing under it is a text");
        assert_eq!(names(old, old), NOTHING);
        assert_eq!(
            [heading("#号"), heading("####### 七"), heading("# "), heading("# 一 #")],
            [None, None, None, Some("一")]
        );
    }
}
