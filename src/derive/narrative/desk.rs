//! The desk: one disclosure laid out for the template functions, and what they make of it.
//!
//! Template functions live as long as the program and find their desk by a number in the
//! context, so a desk owns what it shows. What a figure is when nothing is known of it is
//! decided here once: a blank cell is nothing (0), a fact that the source does not give, an
//! unknown cell and one that could not be read are 未提供.

use std::cmp::Ordering as Compared;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use tera::value::Key;
use tera::{Context, Map, Value};

use crate::amount::{Amount, Percent, Scale};
use crate::derive::change::{Change, Move, RATE_DECIMALS, prior_of_cell, rate_text};
use crate::derive::chart::{Chart, WHERE_KNOWN, charts};
use crate::derive::naming::{self, Origin};
use crate::derive::narrative::FigureUse;
use crate::derive::narrative::words::{self, CHART, CHART_END, FIGURE, FIGURE_END};
use crate::diagnostic::Finding;
use crate::model::classification::Classification;
use crate::model::code::Level;
use crate::model::disclosure::{Disclosure, Reception, Target};
use crate::model::form::{CellRef, FactKind, Form, FormSet, Layout, RowKey};
use crate::model::site::Site;
use crate::model::table::{Figure, Table, TableState};
use crate::model::unit::Unit;
use crate::text::nearest;

/// What stands where a figure exists but was not given.
const NOT_GIVEN: &str = "未提供";

/// The desks that are open now, by number.
#[derive(Debug, Default)]
pub(super) struct Desks {
    next: AtomicU64,
    open: RwLock<BTreeMap<u64, Arc<Desk>>>,
}

impl Desks {
    /// Opens a desk.
    pub(super) fn open(&self, desk: Desk) -> OpenDesk<'_> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let desk = Arc::new(desk);
        self.open.write().unwrap_or_else(PoisonError::into_inner).insert(number, Arc::clone(&desk));
        OpenDesk { desks: self, number, desk }
    }

    /// The desk with this number.
    pub(super) fn find(&self, number: u64) -> Option<Arc<Desk>> {
        self.open.read().unwrap_or_else(PoisonError::into_inner).get(&number).map(Arc::clone)
    }
}

/// A desk while its narrative is written; closed when dropped.
pub(super) struct OpenDesk<'a> {
    desks: &'a Desks,
    number: u64,
    desk: Arc<Desk>,
}

impl OpenDesk<'_> {
    /// The variables of the template.
    pub(super) fn context(&self) -> Context {
        self.desk.variables(self.number)
    }

    /// Hands over what was made on the desk.
    pub(super) fn close(&self) -> Made {
        std::mem::take(&mut *self.desk.made())
    }

    /// Warns of reasons for changes that did not take place.
    pub(super) fn idle_reasons(&self, made: &Made) -> Vec<Finding> {
        let idle = made.idle.iter().filter(|(key, _)| !made.told.contains(*key));
        idle.filter_map(|(key, idle)| self.desk.idle_reason(key, &idle.in_words(&self.desk, &made.called))).collect()
    }
}

impl Drop for OpenDesk<'_> {
    fn drop(&mut self) {
        self.desks.open.write().unwrap_or_else(PoisonError::into_inner).remove(&self.number);
    }
}

/// What the functions made: figures and charts in the order they were asked for.
#[derive(Debug, Default)]
pub(super) struct Made {
    pub(super) uses: Vec<FigureUse>,
    /// Charts, each with whether it is one that the document does not print.
    pub(super) charts: Vec<(Chart, bool)>,
    /// The reasons that were told, by key: each is told once.
    told: BTreeSet<String>,
    /// The reasons for a difference that is none, by key, with what does not differ.
    idle: BTreeMap<String, Idle>,
    /// What the sentences on figures call them.
    called: Vec<(Target, String)>,
}

/// A figure that does not differ from what it is compared with.
#[derive(Debug)]
struct Idle {
    target: Target,
    against: Against,
}

/// What a figure is compared with.
#[derive(Debug)]
enum Against {
    /// Last year's, and what the sentence calls the figure.
    LastYear(String),
    /// The budget, by its word: 年初预算 or 预算.
    Budget(String),
}

impl Idle {
    /// `“公务接待费”的决算数与预算数相比`: the figure as its sentence calls it, where one does.
    /// The form's own name is often no more than its column's heading (决算数).
    fn in_words(&self, desk: &Desk, called: &[(Target, String)]) -> String {
        match &self.against {
            Against::LastYear(subject) => format!("{}与上年相比", words::quoted(subject)),
            Against::Budget(word) => {
                let subject = called.iter().find(|(target, _)| *target == self.target);
                let name = subject.map_or_else(|| desk.name(&self.target), |(_, subject)| subject.clone());
                format!("{}的决算数与{word}数相比", words::quoted(name.trim_end_matches("决算")))
            }
        }
    }
}

/// One disclosure laid out for the template functions.
#[derive(Debug)]
pub(super) struct Desk {
    disclosure: Disclosure,
    prior: Option<Disclosure>,
    unit: Option<Unit>,
    functional: Option<Arc<Classification>>,
    charts: Vec<Chart>,
    made: Mutex<Made>,
}

/// A figure a template asks for: a cell or a fact, of this year or the last.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    prior: bool,
    target: Target,
}

/// What a function answers; the error is a sentence for the template's author.
pub(super) type Said<T = String> = Result<T, String>;

/// A budget or outturn comparison: who is measured against what.
pub(super) struct Outturn<'a> {
    pub(super) actual: &'a Asked,
    pub(super) budget: &'a Asked,
    /// 年初预算 or 预算.
    pub(super) word: &'a str,
    /// Whether the difference is told as an amount: 比预算减少2.3万元.
    pub(super) difference: bool,
    /// The key of the reason for a difference.
    pub(super) reason: Option<&'a str>,
}

/// A comparison with last year as a sentence.
pub(super) struct Comparison<'a> {
    pub(super) asked: &'a Asked,
    pub(super) subject: &'a str,
    /// 各: several things change alike.
    pub(super) each: bool,
    pub(super) reason: Option<&'a str>,
}

/// A list of figures with their shares.
pub(super) struct Listing<'a> {
    pub(super) cells: Vec<Asked>,
    /// Names to use in place of the forms' own.
    pub(super) labels: Vec<String>,
    pub(super) whole: Option<Asked>,
    /// What stands before a share: `，占本年收入的`.
    pub(super) before: &'a str,
    pub(super) joiner: &'a str,
    /// Whether known zeros are listed too.
    pub(super) zeros: bool,
}

impl Desk {
    /// Lays out a disclosure.
    pub(super) fn new(site: &Site, disclosure: &Disclosure, functional: Option<Arc<Classification>>) -> Self {
        Self {
            disclosure: disclosure.clone(),
            prior: site.prior_of(disclosure).cloned(),
            unit: site.unit_of(disclosure).cloned(),
            functional,
            charts: charts(site, disclosure),
            made: Mutex::default(),
        }
    }

    pub(super) fn disclosure(&self) -> &Disclosure {
        &self.disclosure
    }

    pub(super) fn unit_name(&self) -> &str {
        self.unit.as_ref().map_or(&self.disclosure.unit, |unit| &unit.name)
    }

    pub(super) fn level(&self) -> &str {
        self.unit.as_ref().map_or("", |unit| &unit.level)
    }

    fn set(&self) -> &FormSet {
        &self.disclosure.set
    }

    pub(super) fn scale(&self) -> Scale {
        self.disclosure.set.scale
    }

    fn made(&self) -> std::sync::MutexGuard<'_, Made> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner)
    }

    // Names

    /// The figure that a text names: notation, a fact, or a concept in braces.
    pub(super) fn asked(&self, text: &str) -> Said<Asked> {
        let text = text.trim();
        let (prior, name) = text.strip_prefix("上年").map_or((false, text), |rest| (true, rest));
        let target = match name.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
            Some((key, "")) => self.concept(key)?,
            Some((key, rest)) => self.cell(&format!("{}{rest}", self.form(key)?.1.code))?,
            None if name.contains('·') => self.fact(name)?,
            None => self.cell(name)?,
        };
        Ok(Asked { prior, target })
    }

    fn concept(&self, key: &str) -> Said<Target> {
        let key = key.trim();
        let Some(reference) = self.set().concepts.get(key) else {
            return Err(self.unknown_concept(key));
        };
        self.set()
            .cell(reference)
            .map(Target::Cell)
            .map_err(|error| format!("概念“{key}”（{reference}）不是一个数：{error}"))
    }

    fn unknown_concept(&self, key: &str) -> String {
        let near = nearest(key, self.set().concepts.keys().map(String::as_str));
        let hint = near.map_or_else(String::new, |near| format!("，是不是“{near}”？"));
        format!("表式“{}”没有概念“{key}”{hint}", self.set().id)
    }

    fn cell(&self, name: &str) -> Said<Target> {
        self.set().cell_named(name).map(Target::Cell).map_err(|error| format!("“{name}”不是一个数的名称：{error}"))
    }

    fn fact(&self, name: &str) -> Said<Target> {
        let known = self.set().fact(name).map(|_| Target::Fact(name.to_owned()));
        known.ok_or_else(|| format!("表式“{}”没有附注“{name}”", self.set().id))
    }

    /// The form that a concept (with or without braces) or a code names.
    pub(super) fn form(&self, name: &str) -> Said<(u16, &Form)> {
        let key = name.trim().trim_start_matches('{').trim_end_matches('}');
        let found = self.set().concept_form(key).or_else(|| self.set().form(key));
        found.ok_or_else(|| self.unknown_concept(key))
    }

    // Figures

    /// The figure asked for. A fact the source does not give is unknown, not nothing.
    pub(super) fn figure(&self, asked: &Asked) -> Figure {
        match (&asked.target, asked.prior) {
            (Target::Cell(cell), false) => self.disclosure.figure(*cell),
            (Target::Cell(cell), true) => prior_of_cell(self.prior.as_ref(), &self.disclosure, *cell),
            (Target::Fact(name), false) => given(self.disclosure.fact(name)),
            (Target::Fact(name), true) => self.prior_fact(name),
        }
    }

    /// Last year's fact: of last year's disclosure, else what this one says beside 本年.
    fn prior_fact(&self, name: &str) -> Figure {
        let published = self.prior.as_ref().map_or(Figure::Unknown, |prior| given(prior.fact(name)));
        let beside = name.strip_suffix("·本年").map(|group| format!("{group}·上年"));
        match (published, beside) {
            (Figure::Unknown, Some(beside)) => given(self.disclosure.fact(&beside)),
            (figure, _) => figure,
        }
    }

    fn origin(&self, asked: &Asked) -> Origin {
        match (&asked.target, asked.prior) {
            (Target::Cell(cell), false) => Origin::of(&self.disclosure, *cell),
            (Target::Cell(cell), true) => {
                let name = format!("上年{}", self.set().name_of(*cell));
                Origin { cell: Some(name), anchor: None }
            }
            (Target::Fact(name), false) => Origin { cell: Some(name.clone()), anchor: None },
            (Target::Fact(name), true) => Origin { cell: Some(format!("上年{name}")), anchor: None },
        }
    }

    /// Notes a figure as used and returns its marker.
    pub(super) fn mark(&self, text: String, value_fen: Option<i128>, origin: Origin) -> String {
        let uses = &mut self.made().uses;
        uses.push(FigureUse { text, value_fen, cell: origin.cell, anchor: origin.anchor });
        format!("{FIGURE}{}{FIGURE_END}", uses.len() - 1)
    }

    pub(super) fn mark_amount(&self, amount: Amount, origin: Origin) -> String {
        self.mark(amount.print(self.scale()).trimmed(), amount.fen(), origin)
    }

    pub(super) fn mark_percent(&self, percent: Percent, origin: Origin) -> String {
        self.mark(percent.trimmed(), None, origin)
    }

    /// A figure with its unit: `373.97万元`, `3个`, `0万元` for blank, 未提供 for unknown.
    pub(super) fn amount(&self, asked: &Asked) -> String {
        match self.figure(asked) {
            Figure::Amount(amount) => format!("{}{}", self.mark_amount(amount, self.origin(asked)), self.scale()),
            Figure::Blank => format!("{}{}", self.mark_amount(Amount::ZERO, self.origin(asked)), self.scale()),
            Figure::Count(count) => {
                format!("{}{}", self.mark(count.to_string(), None, self.origin(asked)), self.count_unit(asked))
            }
            Figure::Unknown | Figure::NotRead => NOT_GIVEN.to_owned(),
        }
    }

    fn count_unit(&self, asked: &Asked) -> String {
        match &asked.target {
            Target::Fact(name) => match self.set().fact(name) {
                Some(FactKind::Count(unit)) => unit,
                _ => String::new(),
            },
            Target::Cell(_) => String::new(),
        }
    }

    /// Whether a figure was given; a blank cell was.
    pub(super) fn is_known(&self, asked: &Asked) -> bool {
        !matches!(self.figure(asked), Figure::Unknown | Figure::NotRead)
    }

    /// Whether a figure is known and above zero.
    pub(super) fn is_positive(&self, asked: &Asked) -> bool {
        match self.figure(asked) {
            Figure::Amount(amount) => !amount.is_zero() && !amount.is_negative(),
            Figure::Count(count) => count > 0,
            Figure::Blank | Figure::Unknown | Figure::NotRead => false,
        }
    }

    /// Whether a figure is zero or blank.
    pub(super) fn is_nothing(&self, asked: &Asked) -> bool {
        match self.figure(asked) {
            Figure::Count(count) => count == 0,
            figure => figure.amount_or_nothing().is_some_and(Amount::is_zero),
        }
    }

    /// Whether a cell is blank.
    pub(super) fn is_blank(&self, asked: &Asked) -> bool {
        self.figure(asked) == Figure::Blank
    }

    // Last year and budget

    /// Whether anything at all is known of last year, so that figures may be compared with it.
    pub(super) fn has_prior(&self) -> bool {
        let of_cells = self.disclosure.prior.values().any(|figure| figure.value.amount_or_nothing().is_some());
        let of_facts = self.set().facts.iter().any(|group| {
            let before = |name: &str| given(self.disclosure.fact(&format!("{}·{name}", group.name)));
            group.items.iter().filter(|item| item.name == "上年").any(|item| before(&item.name) != Figure::Unknown)
        });
        self.prior.is_some() || of_cells || of_facts
    }

    fn change(&self, asked: &Asked) -> Change {
        let before = Asked { prior: true, target: asked.target.clone() };
        Change::between(self.figure(&before), self.figure(asked), self.scale())
    }

    /// Whether the change against last year is known.
    pub(super) fn is_comparable(&self, asked: &Asked) -> bool {
        self.change(asked) != Change::Unknown
    }

    /// `增加23.59万元，增长6.73%`; nothing when last year is not known.
    pub(super) fn change_words(&self, asked: &Asked) -> String {
        match self.change(asked) {
            Change::Moved(moved) => self.moved_words(&moved),
            change => change.words(self.scale()),
        }
    }

    fn moved_words(&self, moved: &Move) -> String {
        let difference = self.mark_amount(moved.difference, Origin::default());
        let rate = moved.rate.ok().map(|rate| match rate.last_units {
            0 => rate_text(rate),
            _ => self.mark_percent(rate, Origin::default()),
        });
        moved.words(&difference, rate.as_deref(), self.scale())
    }

    /// `与2022年度相比，收、支总计各增加…，主要原因是…。`; nothing when last year is not known.
    pub(super) fn compare(&self, comparison: &Comparison<'_>) -> String {
        let change = self.change(comparison.asked);
        let Comparison { subject, each, .. } = comparison;
        let before = self.disclosure.year - 1;
        self.made().called.push((comparison.asked.target.clone(), (*subject).to_owned()));
        match change {
            Change::Unknown => String::new(),
            Change::Same | Change::Nearly => {
                let against = Against::LastYear((*subject).to_owned());
                self.note_idle(comparison.reason, comparison.asked, against);
                format!("{subject}与{before}年度{}。", change.words(self.scale()))
            }
            Change::Moved(moved) => {
                let each = if *each { "各" } else { "" };
                let moved = self.moved_words(&moved);
                format!("与{before}年度相比，{subject}{each}{moved}{}。", self.because(comparison.reason))
            }
        }
    }

    /// `，主要原因是…`; nothing where the unit gives no reason, or where it was told before.
    fn because(&self, key: Option<&str>) -> String {
        let Some((key, reason)) = key.and_then(|key| self.disclosure.reasons.get_key_value(key)) else {
            return String::new();
        };
        let first = self.made().told.insert(key.clone());
        if first { words::with_reason(&reason.value) } else { String::new() }
    }

    /// Notes a reason for a difference that is none; it may still be told for another one.
    fn note_idle(&self, key: Option<&str>, asked: &Asked, against: Against) {
        if let Some(key) = key {
            self.made().idle.insert(key.to_owned(), Idle { target: asked.target.clone(), against });
        }
    }

    fn idle_reason(&self, key: &str, subject: &str) -> Option<Finding> {
        let reason = self.disclosure.reasons.get(key)?;
        let message = format!("{subject}没有变动，却写了原因“{}”；情况说明里没有用它。", reason.value);
        let finding = Finding::new("N003", message).at(reason.place).about(&self.disclosure.unit, self.disclosure.year);
        Some(finding.help("核对数字；如果确实没有变动，删去这条原因。"))
    }

    /// `年初预算为170.44万元，支出决算为166.38万元，完成年初预算的97.62%，…`.
    pub(super) fn outturn(&self, outturn: &Outturn<'_>) -> String {
        let actual = self.amount(outturn.actual);
        let budget = self.figure(outturn.budget);
        if budget.amount_or_nothing().is_none() {
            return format!("支出决算为{actual}");
        }
        let budget = self.amount(outturn.budget);
        let completion = self.completed_because(outturn, "，不计算完成率".to_owned());
        format!("{}为{budget}，支出决算为{actual}{completion}", outturn.word)
    }

    /// `，完成年初预算的97.62%，支出决算数小于年初预算数，主要原因是…`; nothing when unknown.
    pub(super) fn completion(&self, outturn: &Outturn<'_>) -> String {
        self.completed_because(outturn, format!("，{}数为0，不计算完成率", outturn.word))
    }

    fn completed_because(&self, outturn: &Outturn<'_>, without_rate: String) -> String {
        let amounts =
            (self.figure(outturn.actual).amount_or_nothing(), self.figure(outturn.budget).amount_or_nothing());
        let (Some(actual), Some(budget)) = amounts else { return String::new() };
        let word = outturn.word;
        if actual == budget {
            self.note_idle(outturn.reason, outturn.actual, Against::Budget(word.to_owned()));
            return self.completed(actual, budget, word).unwrap_or_default();
        }
        let completed = self.completed(actual, budget, word).unwrap_or(without_rate);
        // Printed alike, neither reads as the smaller one.
        let [printed, planned] = [actual, budget].map(|amount| amount.print(self.set().scale).last_units);
        let (relation, moved) = match printed.cmp(&planned) {
            Compared::Less => ("小于", "减少"),
            Compared::Equal => return completed,
            Compared::Greater => ("大于", "增加"),
        };
        let relation = if outturn.difference {
            let difference = self.mark_amount((actual - budget).abs(), Origin::default());
            format!("比{word}{moved}{difference}{}", self.scale())
        } else {
            format!("支出决算数{relation}{word}数")
        };
        format!("{completed}，{relation}{}", self.because(outturn.reason))
    }

    /// `，完成年初预算的97.62%`; a budget of zero has no rate.
    fn completed(&self, actual: Amount, budget: Amount, word: &str) -> Option<String> {
        let rate = Percent::of(actual, budget, RATE_DECIMALS).filter(|_| !budget.is_negative())?;
        let about = if actual != budget && rate.trimmed() == "100%" { "约" } else { "" };
        Some(format!("，完成{word}的{about}{}", self.mark_percent(rate, Origin::default())))
    }

    // Shares and lists

    /// What stands before a share, and the share; nothing when it cannot be computed.
    pub(super) fn share(&self, part: &Asked, whole: &Asked, before: &str) -> String {
        let amounts = self.figure(part).amount_or_nothing().zip(self.figure(whole).amount_or_nothing());
        let share = amounts.and_then(|(part, whole)| Percent::of(part, whole, RATE_DECIMALS));
        share.map_or_else(String::new, |share| format!("{before}{}", self.mark_percent(share, Origin::default())))
    }

    /// `一般公共预算财政拨款收入373.97万元，占本年收入的100%；…`, without what is nothing.
    ///
    /// Where not one of the figures is known there is no list: 未提供 is said of the whole.
    pub(super) fn list(&self, listing: &Listing<'_>) -> String {
        if !listing.cells.iter().any(|asked| self.is_known(asked)) {
            return String::new();
        }
        let listed = listing.cells.iter().enumerate().filter(|(_, asked)| self.is_listed(asked, listing.zeros));
        let items = listed.map(|(index, asked)| self.list_item(listing, index, asked));
        items.collect::<Vec<_>>().join(listing.joiner)
    }

    fn is_listed(&self, asked: &Asked, zeros: bool) -> bool {
        match self.figure(asked) {
            Figure::Amount(amount) => zeros || !amount.is_zero(),
            Figure::Count(count) => zeros || count != 0,
            Figure::Blank => zeros,
            Figure::Unknown | Figure::NotRead => matches!(asked.target, Target::Cell(_)),
        }
    }

    fn list_item(&self, listing: &Listing<'_>, index: usize, asked: &Asked) -> String {
        let label = listing.labels.get(index).cloned().unwrap_or_else(|| self.label(asked));
        let share = listing.whole.as_ref().map(|whole| self.share(asked, whole, listing.before));
        format!("{label}{}{}", self.amount(asked), share.unwrap_or_default())
    }

    /// What a figure is called, for Markdown.
    pub(super) fn label(&self, asked: &Asked) -> String {
        words::escape(&self.name(&asked.target))
    }

    fn name(&self, target: &Target) -> String {
        match target {
            Target::Cell(cell) => naming::label(&self.disclosure, self.names(), *cell),
            Target::Fact(name) => name.rsplit('·').next().unwrap_or(name).to_owned(),
        }
    }

    fn names(&self) -> Option<&Classification> {
        self.functional.as_deref()
    }

    /// The coded rows of a form at a level (合计: its total row), for loops.
    pub(super) fn rows(&self, form: &str, level: &str) -> Said<Vec<Value>> {
        let (index, definition) = self.form(form)?;
        let table = self.disclosure.table(index);
        if level == "合计" {
            return Ok(vec![self.row(definition, index, RowKey::Total)]);
        }
        let level = naming::level_named(level).ok_or_else(|| format!("层次只能是类、款、项或合计，不能是“{level}”"))?;
        let keys = table.rows.iter().filter(|row| row.cells.iter().any(|cell| cell.figure != Figure::Blank));
        let of_level = |key: &RowKey| matches!(key, RowKey::Code(code) if code.level() == level);
        Ok(keys.map(|row| row.key).filter(of_level).map(|key| self.row(definition, index, key)).collect())
    }

    /// A row as templates see it: names, the notation of its cells, its opening budget.
    fn row(&self, form: &Form, index: u16, key: RowKey) -> Value {
        let mut row = Map::with_capacity(form.columns.len() + 8);
        let name = |column: usize| {
            let column = u16::try_from(column).unwrap_or_default();
            self.set().name_of(CellRef { form: index, row: key, column })
        };
        for (at, column) in form.columns.iter().enumerate() {
            row.insert(Key::String(format!("c{}", column.number).into()), name(at).into());
        }
        if let RowKey::Code(code) = key {
            let told = [
                ("code", code.to_string()),
                ("name", words::escape(&naming::row_name(&self.disclosure, self.names(), index, code))),
                ("path", words::escape(&naming::path(&self.disclosure, self.names(), index, code))),
                ("opening", format!("年初预算·{code}")),
                ("budget", format!("全年预算·{code}")),
            ];
            row.extend(told.map(|(key, text)| (Key::Str(key), Value::from(text))));
        }
        let known =
            [("spent", spent_column(form)), ("basic", headed(form, "基本支出")), ("project", headed(form, "项目支出"))];
        row.extend(known.into_iter().filter_map(|(key, column)| Some((Key::Str(key), name(column?).into()))));
        row.into()
    }

    /// The non-zero 款 under a heading of a form of blocks, with amounts where they are known:
    /// `基本工资42.45万元、津贴补贴16.95万元`.
    pub(super) fn items(&self, form: &str, heading: &str) -> Said {
        let (index, definition) = self.form(form)?;
        let Layout::Blocks { blocks, .. } = &definition.layout else {
            return Err(format!("{}不是分块列示的表，不能列出各款", definition.code));
        };
        let table = self.disclosure.table(index);
        let lines = blocks.iter().filter(|block| block.heading == heading).flat_map(|block| block.lines.clone());
        let cells: Vec<CellRef> = lines.filter_map(|line| section_cell(definition, index, line)).collect();
        if cells.is_empty() {
            return Err(format!("{}没有“{heading}”这一块", definition.code));
        }
        if !is_given(table) {
            return Ok(String::new());
        }
        let named = cells.into_iter().map(|cell| Asked { prior: false, target: Target::Cell(cell) });
        let items: Vec<String> = named.filter(|asked| self.is_listed(asked, false)).map(|a| self.item(&a)).collect();
        Ok(items.join("、"))
    }

    /// A name with its amount; the name alone where the amount is not known.
    fn item(&self, asked: &Asked) -> String {
        let label = self.label(asked);
        match self.figure(asked) {
            Figure::Unknown | Figure::NotRead => label,
            _ => format!("{label}{}", self.amount(asked)),
        }
    }

    /// The given facts of a group in order, `主要负责人用车0辆、其他用车1辆`.
    pub(super) fn facts(&self, group: &str, except: &[String]) -> Said {
        let found = self.set().facts.iter().find(|candidate| candidate.name == group);
        let group = found.ok_or_else(|| format!("表式“{}”没有附注“{group}”", self.set().id))?;
        let items = group.items.iter().filter(|item| !except.contains(&item.name));
        let asked =
            items.map(|item| Asked { prior: false, target: Target::Fact(format!("{}·{}", group.name, item.name)) });
        let given = asked.filter(|asked| self.is_listed(asked, true));
        Ok(given.map(|asked| format!("{}{}", self.label(&asked), self.amount(&asked))).collect::<Vec<_>>().join("、"))
    }

    // Tables and texts

    /// Whether a form's table was given at all.
    pub(super) fn is_provided(&self, form: &str) -> Said<bool> {
        Ok(is_given(self.disclosure.table(self.form(form)?.0)))
    }

    /// Whether a form's table was given and holds nothing.
    pub(super) fn is_empty(&self, form: &str) -> Said<bool> {
        let table = self.disclosure.table(self.form(form)?.0);
        let nothing = |figure: Figure| figure.amount_or_nothing().is_some_and(Amount::is_zero);
        Ok(match &table.state {
            TableState::Empty(_) => true,
            TableState::Filled => table.cells().all(|(_, cell)| nothing(cell.figure)),
            TableState::NotProvided(_) | TableState::Missing => false,
        })
    }

    /// Whether a form's table was declared empty; one filled in with zeros was not.
    pub(super) fn is_declared_empty(&self, form: &str) -> Said<bool> {
        Ok(matches!(self.disclosure.table(self.form(form)?.0).state, TableState::Empty(_)))
    }

    /// The sentence of an empty table: the unit's own, else the form's.
    pub(super) fn empty_sentence(&self, form: &str) -> Said {
        let (index, definition) = self.form(form)?;
        let word = &self.disclosure.word;
        let sentence = match &self.disclosure.table(index).state {
            TableState::Empty(sentence) if !sentence.is_empty() => sentence.clone(),
            _ => match &definition.empty {
                Some(sentence) => sentence.replace("{word}", word),
                None => format!("本{word}当年{}没有发生额", words::quoted(&definition.title)),
            },
        };
        Ok(format!("{}。", words::clause(&sentence)))
    }

    /// The unit's reason as a clause, after its introduction.
    pub(super) fn reason(&self, key: &str, before: &str) -> String {
        self.made().told.insert(key.to_owned());
        introduce(before, self.disclosure.reasons.get(key).map(|reason| reason.value.as_str()))
    }

    /// What money was used for, after its introduction.
    pub(super) fn uses(&self, key: &str, before: &str) -> String {
        introduce(before, self.disclosure.uses.get(key).map(|used| used.value.as_str()))
    }

    /// What vehicles were used for, after its introduction.
    pub(super) fn vehicle_use(&self, key: &str, before: &str) -> String {
        introduce(before, self.disclosure.vehicle_use.get(key).map(String::as_str))
    }

    /// The itemised receptions as clauses: `接待…（交流学习工作餐），2批次、28人次，支出0.21万元`.
    pub(super) fn receptions(&self) -> Vec<String> {
        self.disclosure.receptions.iter().map(|reception| self.reception(reception)).collect()
    }

    fn reception(&self, reception: &Reception) -> String {
        let purpose =
            reception.purpose.as_deref().map_or_else(String::new, |text| format!("（{}）", words::clause(text)));
        let count = |count: Option<i64>, unit: &str| {
            let marked = count.map(|count| self.mark(count.to_string(), None, Origin::default()));
            marked.map(|marked| format!("{marked}{unit}"))
        };
        let size: Vec<String> =
            [count(reception.groups, "批次"), count(reception.people, "人次")].into_iter().flatten().collect();
        let size = if size.is_empty() { String::new() } else { format!("，{}", size.join("、")) };
        let amount = match reception.amount {
            Figure::Amount(amount) => format!("，支出{}{}", self.mark_amount(amount, Origin::default()), self.scale()),
            _ => String::new(),
        };
        format!("接待{}{purpose}{size}{amount}", words::clause(&reception.guests))
    }

    /// 预算绩效情况说明 in the unit's own Markdown, headings below the section's.
    pub(super) fn performance_text(&self) -> String {
        let text = self.disclosure.performance_text.as_ref();
        text.map_or_else(String::new, |text| words::rebase_headings(&text.value, 3))
    }

    /// How many self-evaluation tables are attached.
    pub(super) fn evaluations(&self) -> usize {
        self.disclosure.evaluations.len()
    }

    /// Places a chart, with the title printed in this document; an extra one has no number, and
    /// is left out where the figures do not give it.
    pub(super) fn chart(&self, id: &str, title: Option<&str>, extra: bool) -> Said {
        let Some(chart) = self.charts.iter().find(|chart| chart.id == id) else {
            if extra && WHERE_KNOWN.contains(&id) {
                return Ok(String::new());
            }
            let ids: Vec<&str> = self.charts.iter().map(|chart| chart.id.as_str()).collect();
            return Err(format!("没有图“{id}”；可用的图：{}", ids.join("、")));
        };
        let mut chart = chart.clone();
        if let Some(title) = title {
            title.clone_into(&mut chart.title);
        }
        let charts = &mut self.made().charts;
        charts.push((chart, extra));
        Ok(format!("{CHART}{}{CHART_END}", charts.len() - 1))
    }
}

/// A fact that is not in the source was not given: it is not nothing.
fn given(figure: Figure) -> Figure {
    if figure == Figure::Blank { Figure::Unknown } else { figure }
}

fn introduce(before: &str, text: Option<&str>) -> String {
    text.map_or_else(String::new, |text| format!("{before}{}", words::clause(text)))
}

fn is_given(table: &Table) -> bool {
    matches!(table.state, TableState::Filled | TableState::Empty(_))
}

/// The cell of a 款 line of a form of blocks; `None` for 类 lines.
fn section_cell(form: &Form, index: u16, line: usize) -> Option<CellRef> {
    let line = form.lines.get(line)?;
    match line.key {
        RowKey::Code(code) if code.level() == Level::Section => {
            Some(CellRef { form: index, row: line.key, column: u16::try_from(line.columns.start).ok()? })
        }
        _ => None,
    }
}

/// The column of the year's spending in a form by code: 小计 or 合计 under 本年支出, else the first.
fn spent_column(form: &Form) -> Option<usize> {
    let of_year = |heading: &[String]| {
        let total = heading.last().is_some_and(|last| matches!(last.as_str(), "小计" | "合计"));
        total && heading.iter().any(|part| part.contains("本年支出"))
    };
    let found = form.columns.iter().position(|column| of_year(&column.heading));
    found.or(if form.columns.is_empty() { None } else { Some(0) })
}

fn headed(form: &Form, name: &str) -> Option<usize> {
    form.columns.iter().position(|column| column.heading.last().is_some_and(|last| last == name))
}
