//! Invented disclosures: the books of a unit, printed on a set's forms with everything that a
//! complete document says beside them.

use std::collections::BTreeMap;

use super::evaluation;
use super::facts;
use super::ledger::{Flow, Fund, Ledger, Query};
use super::press::{Filled, Press};
use super::prng::Prng;
use crate::amount::{Amount, Scale};
use crate::diagnostic::{FileId, Place, Placed};
use crate::model::code::ClassCode;
use crate::model::date::Date;
use crate::model::disclosure::{Disclosure, State, Stated, Target, WorkItem};
use crate::model::form::{CellRef, Form, Kind, Layout, RowKey};
use crate::model::site::Site;
use crate::model::table::{Cell, Figure, Row, Table, TableState};
use crate::model::unit::{About, Unit};

/// Where invented values stand: nowhere.
pub(super) const NOWHERE: Place = Place::start_of(FileId(0));

/// What is invented, and for whom.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The unit's id.
    pub unit: &'a str,
    /// The 部门 it belongs to.
    pub parent: Option<&'a str>,
    /// The unit of money that its figures are entered in: rounded to the last digit printed.
    pub scale: Scale,
    /// What it is drawn from.
    pub seed: u64,
}

/// An invented unit with its disclosure of one year.
#[derive(Clone, Debug)]
pub struct Invented {
    /// The unit.
    pub unit: Unit,
    /// Its disclosure, as loading its source files would give it.
    pub disclosure: Disclosure,
    /// The books it was drawn from.
    pub ledger: Ledger,
    /// The exact figures of its tables.
    pub filled: Filled,
}

/// Invents a unit with one disclosure, of the set's first year.
pub fn invent(site: &Site, press: &Press, request: &Request<'_>) -> Invented {
    let ledger = Ledger::draw(&press.codes, &mut Prng::new(request.seed));
    print(site, press, request, ledger, None)
}

/// Invents a 部门 with two 单位 under it: its books hold theirs and its own.
pub fn department(site: &Site, press: &Press, request: &Request<'_>) -> Vec<Invented> {
    let under = ["a", "b"].iter().zip(1..).map(|(suffix, step)| {
        let unit = format!("{}-{suffix}", request.unit);
        let seed = request.seed.wrapping_add(step);
        invent(site, press, &Request { unit: &unit, parent: Some(request.unit), seed, ..*request })
    });
    let under: Vec<Invented> = under.collect();
    let mut ledger = Ledger::draw(&press.codes, &mut Prng::new(request.seed));
    for unit in &under {
        ledger.take_in(&unit.ledger);
    }
    let mut all = vec![print(site, press, request, ledger, None)];
    all.extend(under);
    all
}

/// Invents a unit with a disclosure for each of some years from the set's first on: each opens
/// with what the one before left, and gives last year's figures as that one printed them.
pub fn years(site: &Site, press: &Press, request: &Request<'_>, count: usize) -> Vec<Invented> {
    let mut all: Vec<Invented> = Vec::with_capacity(count);
    let mut random = Prng::new(request.seed);
    for _ in 0..count {
        let before = all.last();
        let nothing = Ledger::default();
        let ledger = Ledger::draw_after(before.map_or(&nothing, |last| &last.ledger), &press.codes, &mut random);
        let next = print(site, press, request, ledger, before.map(|last| &last.disclosure));
        all.push(next);
    }
    all
}

fn print(site: &Site, press: &Press, request: &Request<'_>, ledger: Ledger, before: Option<&Disclosure>) -> Invented {
    let year = before.map_or(press.set.years.0, |before| before.year + 1);
    edition(site, press, request, Edition { year, ledger, before, identity: None })
}

/// Who an invented unit is, where it is not to be made up from the seed.
#[derive(Clone, Debug)]
pub struct Identity {
    /// Its full name.
    pub name: String,
    /// Its name in lists.
    pub short: String,
    /// Where it lies, largest first.
    pub region: Vec<String>,
    /// The level of government: 县级.
    pub level: String,
    /// 部门 or 单位: its kind, and the word that its documents use for it.
    pub word: String,
    /// What sort of body it is.
    pub nature: Option<String>,
    /// What it does.
    pub about: About,
}

/// One year of an invented unit.
#[derive(Clone, Debug)]
pub struct Edition<'a> {
    /// The fiscal year.
    pub year: i32,
    /// The books of the year.
    pub ledger: Ledger,
    /// The year before, whose figures it gives again; on the same forms or on others.
    pub before: Option<&'a Disclosure>,
    /// Who the unit is; made up from the seed when left out.
    pub identity: Option<&'a Identity>,
}

/// Prints given books as the disclosure of a year.
pub fn edition(site: &Site, press: &Press, request: &Request<'_>, edition: Edition<'_>) -> Invented {
    let Edition { year, ledger, before, identity } = edition;
    let filled = press.fill(&ledger);
    let draft = Draft { site, press, request, identity, ledger: &ledger, filled: &filled, year };
    let (unit, disclosure) = (draft.unit(), draft.disclosure(before));
    Invented { unit, disclosure, ledger, filled }
}

/// The concepts of which a document states last year's figures.
const SAID_OF_LAST_YEAR: [&str; 5] =
    ["income_grand_total", "spending_grand_total", "grant_grand_total_income", "grant_grand_total", "general_total"];

/// The concepts that a document's text states again.
const STATED: [&str; 5] = ["income_grand_total", "income_total", "spending_total", "general_total", "personnel_total"];

/// The places of the narrative that take a reason.
const REASONS: [&str; 10] = [
    "income_spending_total",
    "spending_total",
    "grant_total",
    "general_total",
    "three_public",
    "three_public_abroad",
    "three_public_vehicle",
    "three_public_operation",
    "three_public_reception",
    "running_cost",
];

/// A document in the making.
pub(super) struct Draft<'a> {
    pub site: &'a Site,
    pub press: &'a Press,
    pub request: &'a Request<'a>,
    pub identity: Option<&'a Identity>,
    pub ledger: &'a Ledger,
    pub filled: &'a Filled,
    pub year: i32,
}

impl Draft<'_> {
    /// A stream of numbers for a part of the document, so that parts do not disturb another.
    pub fn random(&self, part: u64) -> Prng {
        let year = u64::from(self.year.unsigned_abs());
        Prng::new(self.request.seed ^ (part << 32) ^ (year << 48))
    }

    /// The unit's name.
    pub fn name(&self) -> String {
        let made_up = || format!("某市第{}号{}", self.request.seed, self.word());
        self.identity.map_or_else(made_up, |identity| identity.name.clone())
    }

    /// A 部门 has units; a unit of a 部门 calls itself 单位; alone it uses the set's word.
    fn word(&self) -> &str {
        match self.identity {
            Some(identity) => &identity.word,
            None if self.request.parent.is_some() => "单位",
            None => &self.press.set.word,
        }
    }

    /// An amount as it is printed: rounded to the last unit, half away from zero.
    pub fn shown(&self, fen: i128) -> i128 {
        let unit = self.request.scale.last_unit_fen();
        let units = (fen.abs() + unit / 2) / unit;
        units * unit * fen.signum()
    }

    /// An amount as a figure, as printed.
    pub fn money(&self, fen: i128) -> Figure {
        Figure::Amount(Amount::from_fen(self.shown(fen)))
    }

    /// The sum of the postings that a question asks for, in 分.
    pub fn sum(&self, query: &Query) -> i128 {
        self.ledger.sum(query)
    }

    /// The exact figure of a concept, in 分; 0 when it is blank.
    pub fn concept(&self, key: &str) -> i128 {
        self.press.concept(self.filled, key).unwrap_or_default()
    }

    /// The 项 of the general budget's spending, in code order.
    pub fn general_items(&self) -> Vec<ClassCode> {
        let spent = self
            .ledger
            .postings
            .iter()
            .filter(|posting| posting.way.flow == Flow::Spending && posting.way.fund == Fund::General);
        let mut items: Vec<_> = spent.map(|posting| posting.item).collect();
        items.sort_unstable();
        items.dedup();
        items
    }

    fn unit(&self) -> Unit {
        let region = if self.press.set.region == "全国" { "某省" } else { &self.press.set.region };
        let made_up = vec![region.to_owned(), "某市".to_owned()];
        Unit {
            id: self.request.unit.to_owned(),
            name: self.name(),
            short: self.identity.map_or_else(|| self.name(), |identity| identity.short.clone()),
            aliases: Vec::new(),
            region: self.identity.map_or(made_up, |identity| identity.region.clone()),
            level: self.identity.map_or("市级", |identity| &identity.level).to_owned(),
            kind: self.word().to_owned(),
            parent: self.request.parent.map(str::to_owned),
            nature: self.identity.and_then(|identity| identity.nature.clone()),
            about: self.about(),
            place: NOWHERE,
        }
    }

    fn about(&self) -> About {
        self.identity.map_or_else(about, |identity| identity.about.clone())
    }

    fn disclosure(&self, before: Option<&Disclosure>) -> Disclosure {
        let set = &self.press.set;
        let (approved, published) = self.dates();
        let evaluations = evaluation::evaluations(self);
        Disclosure {
            unit: self.request.unit.to_owned(),
            year: self.year,
            kind: set.kind,
            set: set.clone(),
            title: format!("{}年度{}{}公开", self.year, self.name(), set.kind.name()),
            word: self.word().to_owned(),
            published,
            approved,
            scale: self.request.scale,
            rebuilt: None,
            about: self.about(),
            tables: self.tables(),
            prior: self.prior(before),
            facts: facts::facts(self, &evaluations),
            stated: self.stated(),
            controls: Vec::new(),
            reasons: self.reasons(),
            uses: self.uses(),
            vehicle_use: BTreeMap::from([("other".to_owned(), "业务用车".to_owned())]),
            receptions: Vec::new(),
            terms: self.terms(),
            corrections: Vec::new(),
            exceptions: Vec::new(),
            evaluations,
            performance_text: Some(placed("已按要求开展绩效自评，结果见附件。")),
            narrative_text: Vec::new(),
            amendments: Vec::new(),
            prose: Vec::new(),
            work_text: Some(placed("各项工作按计划完成。\n\n- 完成年度任务。\n- 加强内部管理。")),
            state: State::Ready,
            work_items: vec![WorkItem {
                number: "1".to_owned(),
                matter: "办理事项".to_owned(),
                goal: "全年办理500件以上".to_owned(),
                result: "全年办理548件。".to_owned(),
                place: NOWHERE,
            }],
            attachments: Vec::new(),
            place: NOWHERE,
        }
    }

    /// 批复日期 and 公开日期, at most 20 days apart: in autumn of the next year, or, for a
    /// budget, early in the year itself.
    fn dates(&self) -> (Option<Placed<Date>>, Option<Placed<Date>>) {
        let mut random = self.random(1);
        let (year, month) = match self.press.set.kind {
            Kind::Final => (self.year + 1, 8 + random.below(2)),
            Kind::Budget => (self.year, 1 + random.below(2)),
        };
        let approved = 1 + random.below(8);
        let published = approved + random.below(20);
        let date = |day| Date::parse(&format!("{year}-{month:02}-{day:02}")).map(|date| Placed::new(date, NOWHERE));
        (date(approved), date(published))
    }

    fn tables(&self) -> Vec<Table> {
        (0..self.press.set.forms.len()).map(|form| self.table(form)).collect()
    }

    fn table(&self, form: usize) -> Table {
        let definition = &self.press.set.forms[form];
        let rows: Vec<Row> = self
            .press
            .rows(form, self.filled)
            .into_iter()
            .map(|(key, columns, figures)| {
                let cell = |fen: &i128| Cell { figure: self.figure(*fen), place: NOWHERE };
                Row {
                    key,
                    name: self.row_name(definition, key),
                    place: NOWHERE,
                    columns,
                    cells: figures.iter().map(cell).collect(),
                }
            })
            .collect();
        let is_blank = |row: &Row| row.cells.iter().all(|cell| cell.figure == Figure::Blank);
        let state = if rows.iter().all(is_blank) {
            let empty = definition.empty.clone();
            let sentence = empty.unwrap_or_else(|| format!("本{{word}}当年没有{}所列的收支", definition.title));
            TableState::Empty(sentence.replace("{word}", self.word()))
        } else {
            TableState::Filled
        };
        Table::new(u16::try_from(form).unwrap_or(u16::MAX), state, rows, None, NOWHERE)
    }

    /// An exact figure as a cell holds it: nothing is blank, not 0.00.
    fn figure(&self, fen: i128) -> Figure {
        if fen == 0 { Figure::Blank } else { self.money(fen) }
    }

    /// The name beside the code of a row; lines that are printed have theirs on the form.
    fn row_name(&self, form: &Form, key: RowKey) -> Option<Placed<String>> {
        match (&form.layout, key) {
            (Layout::ByCode { .. }, RowKey::Code(code)) => self.site.functional_name(code, self.year).map(placed),
            _ => None,
        }
    }

    /// Last year's totals: as that year printed them, else the two sides of each table alike.
    fn prior(&self, before: Option<&Disclosure>) -> BTreeMap<CellRef, Placed<Figure>> {
        let mut random = self.random(2);
        let mut changed = |key: &str| self.concept(key) * random.between(60, 140) / 100;
        let all = changed("income_grand_total");
        let grants = changed("grant_grand_total").min(all);
        let general = changed("general_total").min(grants);
        let drawn = [all, all, grants, grants, general];
        let cells = SAID_OF_LAST_YEAR.iter().zip(drawn).filter_map(|(key, fen)| {
            let cell = self.press.set.concept_cell(key)?;
            let figure = before.map_or_else(|| self.money(fen), |before| before.concept(key));
            (figure != Figure::Blank).then(|| (cell, Placed::new(figure, NOWHERE)))
        });
        cells.collect()
    }

    /// Some figures that the document's text states again.
    fn stated(&self) -> Vec<Stated> {
        let cells = STATED.iter().filter_map(|key| self.press.set.concept_cell(key));
        let stated = cells.filter_map(|cell| {
            let figure = Placed::new(self.money(self.press.fen(self.filled, cell)?), NOWHERE);
            Some(Stated { target: Target::Cell(cell), figure })
        });
        stated.collect()
    }

    fn reasons(&self) -> BTreeMap<String, Placed<String>> {
        let items = self.general_items().into_iter().map(|item| item.to_string());
        let keys = REASONS.into_iter().map(str::to_owned).chain(items);
        keys.map(|key| (key, placed("工作任务有所变化"))).collect()
    }

    fn uses(&self) -> BTreeMap<String, Placed<String>> {
        let codes = self.general_items().into_iter().flat_map(|item| [item.class(), item]);
        codes.map(|code| (code.to_string(), placed("保障机构运转和完成任务"))).collect()
    }

    /// Terms of the law, and those that explain a 项 of the tables.
    fn terms(&self) -> Vec<Placed<String>> {
        let in_tables = |code: &ClassCode| self.ledger.postings.iter().any(|posting| posting.item == *code);
        let needed = self.site.terms.values().filter(|term| term.codes.is_empty() || term.codes.iter().any(in_tables));
        needed.map(|term| placed(&term.id)).collect()
    }
}

/// A text that stands nowhere.
pub(super) fn placed(text: &str) -> Placed<String> {
    Placed::new(text.to_owned(), NOWHERE)
}

fn about() -> About {
    About {
        duties: vec!["执行有关法规。".to_owned(), "办理交办的其他事项。".to_owned()],
        organisation: Some("独立核算，内设两个科室。".to_owned()),
        divisions: vec!["综合科".to_owned(), "业务科".to_owned()],
    }
}
