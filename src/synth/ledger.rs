//! The books of an invented unit, in 分: what every form of every set is a view of.
//!
//! Money comes and goes by functional 项 and by fund, and each fund balances for each 项:
//! opening + income = spending + closing. Basic and project spending of the grants is kept
//! by economic 款 too, so that by-item tables and 三公 follow from the same postings.

use std::collections::BTreeMap;

use crate::model::code::{ClassCode, Level};

use super::prng::Prng;

/// Whose money it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fund {
    /// 一般公共预算
    General,
    /// 政府性基金预算
    Government,
    /// 国有资本经营预算
    Capital,
    /// Everything that is no 财政拨款.
    Own,
}

/// The three funds of 财政拨款.
pub const GRANTS: [Fund; 3] = [Fund::General, Fund::Government, Fund::Capital];

/// Which way money goes, or what it is planned for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flow {
    /// 年初结转和结余
    Opening,
    /// 本年收入
    Income,
    /// 使用非财政拨款结余
    Reserve,
    /// 本年支出
    Spending,
    /// 结余分配
    Distributed,
    /// 年末结转和结余
    Closing,
    /// “三公”经费预算数
    ThreePublicBudget,
    /// 年初预算
    OpeningBudget,
}

/// What kind of spending it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Nature {
    /// 基本支出
    Basic,
    /// 项目支出
    Project,
    /// 上缴上级支出
    Upward,
    /// 经营支出
    Operating,
    /// 对附属单位补助支出
    Affiliated,
}

/// Where own money comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// 上级补助收入
    Superior,
    /// 事业收入
    Business,
    /// 经营收入
    Operating,
    /// 附属单位上缴收入
    Affiliated,
    /// 其他收入
    Other,
}

/// What sort of money a line of the books is about: the same way, the same cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Way {
    /// Which way the money goes.
    pub flow: Flow,
    /// Whose money it is.
    pub fund: Fund,
    /// What kind of spending it is.
    pub nature: Option<Nature>,
    /// Where own income comes from.
    pub source: Option<Source>,
    /// The economic 款.
    pub economic: Option<ClassCode>,
}

impl Way {
    /// Money of a fund that goes one way, nothing else known of it.
    pub const fn plain(flow: Flow, fund: Fund) -> Self {
        Self { flow, fund, nature: None, source: None, economic: None }
    }
}

/// A line of the books.
#[derive(Clone, Copy, Debug)]
pub struct Posting {
    /// What sort of money it is.
    pub way: Way,
    /// The functional 项.
    pub item: ClassCode,
    /// How much, in 分; negative for what was paid back.
    pub fen: i128,
}

/// A question to the books: which postings are added up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// Which way the money goes.
    pub flow: Flow,
    /// Whose money.
    pub funds: Vec<Fund>,
    /// What kind of spending; any when `None`.
    pub nature: Option<Nature>,
    /// Which own income; any when `None`.
    pub source: Option<Source>,
    /// Which economic 款; any when empty.
    pub economic: Vec<ClassCode>,
    /// Under which functional code; any when `None`.
    pub under: Option<ClassCode>,
}

impl Query {
    /// Everything that goes one way.
    pub fn all(flow: Flow) -> Self {
        let funds = vec![Fund::General, Fund::Government, Fund::Capital, Fund::Own];
        Self { flow, funds, nature: None, source: None, economic: Vec::new(), under: None }
    }

    /// The same question about some funds only.
    #[must_use]
    pub fn funds(mut self, funds: &[Fund]) -> Self {
        self.funds.retain(|fund| funds.contains(fund));
        self
    }

    /// The same question about one kind of spending.
    #[must_use]
    pub const fn nature(mut self, nature: Nature) -> Self {
        self.nature = Some(nature);
        self
    }

    /// The same question about one source of own income.
    #[must_use]
    pub const fn source(mut self, source: Source) -> Self {
        self.source = Some(source);
        self
    }

    /// The same question about some economic 款.
    #[must_use]
    pub fn economic(mut self, codes: &[u32]) -> Self {
        self.economic = codes.iter().copied().map(ClassCode).collect();
        self
    }

    fn asks_for(&self, posting: &Posting) -> bool {
        self.asks_for_way(&posting.way) && self.under.is_none_or(|code| lies_under(posting.item, code))
    }

    /// Whether money of this sort is asked for, under some functional code.
    pub fn asks_for_way(&self, way: &Way) -> bool {
        way.flow == self.flow
            && self.funds.contains(&way.fund)
            && self.nature.is_none_or(|nature| way.nature == Some(nature))
            && self.source.is_none_or(|source| way.source == Some(source))
            && (self.economic.is_empty() || way.economic.is_some_and(|code| self.economic.contains(&code)))
    }

    /// The same question without a functional code.
    #[must_use]
    pub fn anywhere(mut self) -> Self {
        self.under = None;
        self
    }
}

/// Whether a 项 lies under a functional code.
pub fn lies_under(item: ClassCode, code: ClassCode) -> bool {
    match code.level() {
        Level::Class => item.class() == code,
        Level::Section => item.parent() == Some(code),
        Level::Item => item == code,
    }
}

/// What an invented unit may spend on.
#[derive(Clone, Debug)]
pub struct Codes {
    /// Functional 项 whose 款 and 类 are known too.
    pub items: Vec<ClassCode>,
    /// Economic 款 of 基本支出 that belong to no 项 of their own.
    pub basic: Vec<ClassCode>,
    /// Economic 款 of 项目支出 that belong to no 项 of their own.
    pub project: Vec<ClassCode>,
}

/// 款 and 项 that name the same money in the two classifications.
const PAIRED: [(u32, u32); 3] = [(30108, 2_080_505), (30109, 2_080_506), (30113, 2_210_201)];

/// The economic 款 of the four kinds of 三公 spending: abroad, vehicles bought, vehicles run,
/// receptions.
pub const THREE_PUBLIC: [&[u32]; 4] = [&[30212], &[30913, 31013], &[30231], &[30217]];

/// What a unit is likely to spend on each kind of 三公 in one place, in 分.
const THREE_PUBLIC_RANGES: [(i128, i128); 4] =
    [(1_500_000, 20_000_000), (8_000_000, 18_000_000), (500_000, 9_000_000), (20_000, 2_000_000)];

/// The books of an invented unit.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// Every line.
    pub postings: Vec<Posting>,
}

impl Codes {
    /// The codes without those 款 that stand for a 项.
    pub fn new(items: Vec<ClassCode>, basic: &[ClassCode], project: &[ClassCode]) -> Self {
        let unpaired = |codes: &[ClassCode]| {
            let paired = |code: &ClassCode| PAIRED.iter().any(|(section, _)| ClassCode(*section) == *code);
            codes.iter().copied().filter(|code| !paired(code)).collect()
        };
        Self { items, basic: unpaired(basic), project: unpaired(project) }
    }

    /// Every sort of money that books drawn with these codes hold.
    pub fn ways(&self) -> Vec<Way> {
        let mut economic: Vec<ClassCode> = self.basic.iter().chain(&self.project).copied().collect();
        economic.extend(PAIRED.iter().map(|(section, _)| ClassCode(*section)));
        economic.sort_unstable();
        economic.dedup();
        let mut ways = Vec::new();
        for fund in [Fund::General, Fund::Government, Fund::Capital, Fund::Own] {
            ways.extend(FLOWS.iter().map(|flow| Way::plain(*flow, fund)));
            let natures =
                NATURES.iter().map(|nature| Way { nature: Some(*nature), ..Way::plain(Flow::Spending, fund) });
            ways.extend(natures);
        }
        ways.extend(SOURCES.iter().map(|source| Way { source: Some(*source), ..Way::plain(Flow::Income, Fund::Own) }));
        for (fund, nature) in GRANTS.iter().flat_map(|fund| NATURES[..2].iter().map(move |nature| (*fund, *nature))) {
            let spent = Way { nature: Some(nature), ..Way::plain(Flow::Spending, fund) };
            ways.extend(economic.iter().map(|code| Way { economic: Some(*code), ..spent }));
        }
        ways.extend(THREE_PUBLIC.iter().map(|codes| three_public_budget(codes)));
        ways.extend(NATURES[..2].iter().map(|nature| opening_budget(*nature)));
        ways
    }
}

/// The sort of money that is budgeted for a kind of 三公.
fn three_public_budget(codes: &[u32]) -> Way {
    Way { economic: codes.first().copied().map(ClassCode), ..Way::plain(Flow::ThreePublicBudget, Fund::General) }
}

/// The sort of money that was budgeted at first for a kind of spending.
fn opening_budget(nature: Nature) -> Way {
    Way { nature: Some(nature), ..Way::plain(Flow::OpeningBudget, Fund::General) }
}

const FLOWS: [Flow; 7] = [
    Flow::Opening,
    Flow::Income,
    Flow::Reserve,
    Flow::Spending,
    Flow::Distributed,
    Flow::Closing,
    Flow::ThreePublicBudget,
];

/// 基本支出 and 项目支出 first: the two that grants are spent on.
const NATURES: [Nature; 5] = [Nature::Basic, Nature::Project, Nature::Upward, Nature::Operating, Nature::Affiliated];

const SOURCES: [Source; 5] = [Source::Superior, Source::Business, Source::Operating, Source::Affiliated, Source::Other];

impl Ledger {
    /// The sum of the postings that a question asks for; `None` when there are none.
    pub fn total(&self, query: &Query) -> Option<i128> {
        let mut found = self.postings.iter().filter(|posting| query.asks_for(posting)).peekable();
        found.peek()?;
        Some(found.map(|posting| posting.fen).sum())
    }

    /// The sum of the postings that a question asks for; 0 when there are none.
    pub fn sum(&self, query: &Query) -> i128 {
        self.total(query).unwrap_or_default()
    }

    /// Draws the books of a unit for its first year.
    pub fn draw(codes: &Codes, random: &mut Prng) -> Self {
        Self::draw_after(&Self::default(), codes, random)
    }

    /// Draws the books of a year that opens with what the year before left.
    pub fn draw_after(before: &Self, codes: &Codes, random: &mut Prng) -> Self {
        let mut drawing = Drawing { ledger: Self::default(), left: Left::of(before), codes, random };
        drawing.grants();
        if drawing.left.own != 0 || drawing.random.chance(70) {
            drawing.own_money();
        }
        drawing.three_public_budget();
        drawing.ledger
    }

    /// Adds the books of a unit to those of its 部门.
    pub fn take_in(&mut self, other: &Self) {
        self.postings.extend_from_slice(&other.postings);
    }

    fn post(&mut self, way: Way, item: ClassCode, fen: i128) {
        if fen != 0 {
            self.postings.push(Posting { way, item, fen });
        }
    }
}

/// What the year before left: by fund and 项 for grants; own money as a whole.
struct Left {
    is_known: bool,
    grants: BTreeMap<(Fund, ClassCode), i128>,
    own: i128,
}

impl Left {
    fn of(before: &Ledger) -> Self {
        let mut left = Self { is_known: !before.postings.is_empty(), grants: BTreeMap::new(), own: 0 };
        for posting in before.postings.iter().filter(|posting| posting.way.flow == Flow::Closing) {
            if posting.way.fund == Fund::Own {
                left.own += posting.fen;
            } else {
                *left.grants.entry((posting.way.fund, posting.item)).or_default() += posting.fen;
            }
        }
        left
    }

    fn items(&self, fund: Fund) -> impl Iterator<Item = ClassCode> {
        self.grants.keys().filter(move |(left, _)| *left == fund).map(|(_, item)| *item)
    }
}

/// Books in the making.
struct Drawing<'a> {
    ledger: Ledger,
    left: Left,
    codes: &'a Codes,
    random: &'a mut Prng,
}

impl Drawing<'_> {
    fn grants(&mut self) {
        for fund in GRANTS {
            for item in self.items(fund) {
                self.item(item, fund);
            }
        }
    }

    /// The 项 of a fund: some at random, those that a 款 is paired with, and those with money
    /// left from the year before.
    fn items(&mut self, fund: Fund) -> Vec<ClassCode> {
        let count = match fund {
            Fund::General => 3 + self.random.below(8),
            _ if self.random.chance(60) => 1 + self.random.below(3),
            _ => 0,
        };
        let mut items = self.random.sample(&self.codes.items, count);
        for (_, item) in PAIRED {
            if fund == Fund::General && self.random.chance(60) && self.codes.items.contains(&ClassCode(item)) {
                items.push(ClassCode(item));
            }
        }
        items.extend(self.left.items(fund));
        items.sort_unstable();
        items.dedup();
        items
    }

    fn item(&mut self, item: ClassCode, fund: Fund) {
        let mut spent = 0;
        for (nature, economic) in self.spending(item) {
            let fen = self.money_for(economic);
            let way = Way { nature: Some(nature), economic: Some(economic), ..Way::plain(Flow::Spending, fund) };
            let back = self.may_be_paid_back(way, item, fen) && self.random.chance(2);
            let fen = if back { -fen / 4 } else { fen };
            spent += fen;
            self.ledger.post(way, item, fen);
        }
        self.balance(item, fund, spent);
        if fund == Fund::General {
            self.opening_budget(item);
        }
    }

    /// Whether less than nothing may be spent on a 款, because more was paid back: where parts
    /// stay below their wholes nevertheless, as only the general budget has money in them, and
    /// where the 款 before, of the same 类, makes up for it.
    fn may_be_paid_back(&self, way: Way, item: ClassCode, fen: i128) -> bool {
        let class = |way: &Way| way.economic.map(ClassCode::class);
        let last = self.ledger.postings.last().filter(|last| {
            let same = (last.item, last.way.fund, last.way.nature) == (item, way.fund, way.nature);
            same && class(&last.way) == class(&way) && last.fen > fen / 4
        });
        let basic = way.fund == Fund::General && way.nature == Some(Nature::Basic);
        basic && last.is_some() && way.economic.is_some_and(is_ordinary)
    }

    /// An amount for a 款: small where it is 三公.
    fn money_for(&mut self, economic: ClassCode) -> i128 {
        let kind = THREE_PUBLIC.iter().position(|codes| codes.contains(&economic.0));
        match kind.map(|kind| THREE_PUBLIC_RANGES[kind]) {
            Some((low, high)) => self.random.between(low, high),
            None => self.random.money(),
        }
    }

    /// Opening, closing and income of a 项, so that opening + income = spending + closing.
    fn balance(&mut self, item: ClassCode, fund: Fund, spent: i128) {
        let drawn = if self.random.chance(30) { self.random.between(1, spent) } else { 0 };
        let left = self.left.grants.get(&(fund, item)).copied().unwrap_or_default();
        let opening = if self.left.is_known { left } else { drawn };
        let kept = if self.random.chance(30) { self.random.between(1, spent) } else { 0 };
        let closing = kept.max(opening - spent);
        for (flow, fen) in
            [(Flow::Opening, opening), (Flow::Closing, closing), (Flow::Income, spent + closing - opening)]
        {
            self.ledger.post(Way::plain(flow, fund), item, fen);
        }
    }

    /// 年初预算: nothing, or something near what was spent.
    fn opening_budget(&mut self, item: ClassCode) {
        if self.random.chance(10) {
            return;
        }
        for nature in [Nature::Basic, Nature::Project] {
            let mut query = Query::all(Flow::Spending).funds(&[Fund::General]).nature(nature);
            query.under = Some(item);
            let fen = self.ledger.sum(&query).max(0) * self.random.between(50, 150) / 100;
            self.ledger.post(opening_budget(nature), item, fen);
        }
    }

    /// Income of every own source, spending of every kind, 使用非财政拨款结余 where it is not
    /// enough, 结余分配 and closing balance where it is.
    fn own_money(&mut self) {
        let count = 1 + self.random.below(3);
        let items = self.random.sample(&self.codes.items, count);
        let Some(first) = items.first().copied() else { return };
        let mut left = 0;
        for (item, source) in items.iter().zip(self.random.sample(&SOURCES, 3)) {
            let fen = self.random.money();
            left += fen;
            self.ledger.post(Way { source: Some(source), ..Way::plain(Flow::Income, Fund::Own) }, *item, fen);
        }
        for (item, nature) in items.iter().zip(self.random.sample(&NATURES, 3)) {
            let fen = self.random.money();
            left -= fen;
            self.ledger.post(Way { nature: Some(nature), ..Way::plain(Flow::Spending, Fund::Own) }, *item, fen);
        }
        let drawn = if self.random.chance(50) { self.random.money() } else { 0 };
        let opening = if self.left.is_known { self.left.own } else { drawn };
        left += opening;
        let distributed = if left > 0 && self.random.chance(50) { self.random.between(1, left) } else { 0 };
        for (flow, fen) in [
            (Flow::Opening, opening),
            (Flow::Reserve, (-left).max(0)),
            (Flow::Distributed, distributed),
            (Flow::Closing, left.max(0) - distributed),
        ] {
            self.ledger.post(Way::plain(flow, Fund::Own), first, fen);
        }
    }

    /// 三公 budgets that cover what was spent.
    fn three_public_budget(&mut self) {
        let Some(item) = self.ledger.postings.first().map(|posting| posting.item) else { return };
        for codes in THREE_PUBLIC {
            let spent = self.ledger.sum(&Query::all(Flow::Spending).funds(&GRANTS).economic(codes));
            let spare = if self.random.chance(50) { self.random.between(1, 3_000_000) } else { 0 };
            self.ledger.post(three_public_budget(codes), item, spent + spare);
        }
    }

    /// The natures and 款 on which a 项 is spent.
    fn spending(&mut self, item: ClassCode) -> Vec<(Nature, ClassCode)> {
        if let Some((section, _)) = PAIRED.iter().find(|(_, paired)| ClassCode(*paired) == item) {
            return vec![(Nature::Basic, ClassCode(*section))];
        }
        let (basic, project) = (self.random.chance(70), self.random.chance(60));
        let mut spending = Vec::new();
        if basic {
            let count = 1 + self.random.below(6);
            let codes = self.random.sample(&self.codes.basic, count);
            spending.extend(codes.into_iter().map(|code| (Nature::Basic, code)));
        }
        if project || !basic {
            let count = 1 + self.random.below(3);
            let codes = self.random.sample(&self.codes.project, count);
            spending.extend(codes.into_iter().map(|code| (Nature::Project, code)));
        }
        spending
    }
}

fn is_ordinary(economic: ClassCode) -> bool {
    !THREE_PUBLIC.iter().any(|codes| codes.contains(&economic.0))
}
