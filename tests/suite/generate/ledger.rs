//! The books of an invented unit, in 分: what every form of every set is a view of.
//!
//! Money comes and goes by functional 项 and by fund, and each fund balances for each 项:
//! opening + income = spending + closing. Basic and project spending of the grants is kept
//! by economic 款 too, so that by-item tables and 三公 follow from the same postings.

use disclose::model::code::{ClassCode, Level};

use super::prng::Prng;

/// Whose money it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

/// A line of the books.
#[derive(Clone, Debug)]
pub struct Posting {
    /// Which way the money goes.
    pub flow: Flow,
    /// The functional 项.
    pub item: ClassCode,
    /// Whose money it is.
    pub fund: Fund,
    /// What kind of spending it is.
    pub nature: Option<Nature>,
    /// Where own income comes from.
    pub source: Option<Source>,
    /// The economic 款.
    pub economic: Option<ClassCode>,
    /// How much, in 分.
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
    pub fn funds(mut self, funds: &[Fund]) -> Self {
        self.funds.retain(|fund| funds.contains(fund));
        self
    }

    /// The same question about one kind of spending.
    pub const fn nature(mut self, nature: Nature) -> Self {
        self.nature = Some(nature);
        self
    }

    /// The same question about one source of own income.
    pub const fn source(mut self, source: Source) -> Self {
        self.source = Some(source);
        self
    }

    /// The same question about some economic 款.
    pub fn economic(mut self, codes: &[u32]) -> Self {
        self.economic = codes.iter().copied().map(ClassCode).collect();
        self
    }

    fn asks_for(&self, posting: &Posting) -> bool {
        posting.flow == self.flow
            && self.funds.contains(&posting.fund)
            && self.nature.is_none_or(|nature| posting.nature == Some(nature))
            && self.source.is_none_or(|source| posting.source == Some(source))
            && (self.economic.is_empty() || posting.economic.is_some_and(|code| self.economic.contains(&code)))
            && self.under.is_none_or(|code| lies_under(posting.item, code))
    }
}

fn lies_under(item: ClassCode, code: ClassCode) -> bool {
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
    /// Economic 款 of 基本支出: the lines of the set's by-item form.
    pub basic: Vec<ClassCode>,
    /// Economic 款 of 项目支出.
    pub project: Vec<ClassCode>,
}

/// 款 and 项 that name the same money in the two classifications.
const PAIRED: [(u32, u32); 3] = [(30108, 2_080_505), (30109, 2_080_506), (30113, 2_210_201)];

/// The economic 款 of the four kinds of 三公 spending.
pub const THREE_PUBLIC: [&[u32]; 4] = [&[30212], &[30913, 31013], &[30231], &[30217]];

/// The books of an invented unit.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// Every line.
    pub postings: Vec<Posting>,
}

impl Ledger {
    /// The sum of the postings that a question asks for; `None` when there are none.
    pub fn total(&self, query: &Query) -> Option<i128> {
        let mut found = self.postings.iter().filter(|posting| query.asks_for(posting)).peekable();
        found.peek()?;
        Some(found.map(|posting| posting.fen).sum())
    }

    /// Draws the books of a unit.
    pub fn draw(codes: &Codes, random: &mut Prng) -> Self {
        let mut ledger = Self::default();
        let count = 3 + random.below(8);
        for item in general_items(codes, count, random) {
            ledger.draw_item(item, Fund::General, codes, random);
        }
        for fund in [Fund::Government, Fund::Capital] {
            if random.chance(60) {
                let count = 1 + random.below(3);
                for item in random.sample(&codes.items, count) {
                    ledger.draw_item(item, fund, codes, random);
                }
            }
        }
        if random.chance(70) {
            ledger.draw_own_money(codes, random);
        }
        ledger.draw_three_public_budget(random);
        ledger
    }

    /// Adds the books of a unit to those of its 部门.
    pub fn take_in(&mut self, other: &Self) {
        self.postings.extend(other.postings.iter().cloned());
    }

    fn draw_item(&mut self, item: ClassCode, fund: Fund, codes: &Codes, random: &mut Prng) {
        let mut spent = 0;
        for (nature, economic) in drawn_spending(item, codes, random) {
            let fen = random.money();
            spent += fen;
            self.post(Flow::Spending, item, fund, fen, |posting| {
                posting.nature = Some(nature);
                posting.economic = Some(economic);
            });
        }
        let opening = if random.chance(30) { random.between(1, spent) } else { 0 };
        let closing = if random.chance(30) { random.between(1, spent) } else { 0 };
        self.post(Flow::Opening, item, fund, opening, |_| {});
        self.post(Flow::Closing, item, fund, closing, |_| {});
        self.post(Flow::Income, item, fund, spent + closing - opening, |_| {});
        if fund == Fund::General {
            self.draw_opening_budget(item, random);
        }
    }

    /// 年初预算: nothing, or something near what was spent.
    fn draw_opening_budget(&mut self, item: ClassCode, random: &mut Prng) {
        if random.chance(10) {
            return;
        }
        for nature in [Nature::Basic, Nature::Project] {
            let mut query = Query::all(Flow::Spending).funds(&[Fund::General]).nature(nature);
            query.under = Some(item);
            if let Some(spent) = self.total(&query) {
                let fen = spent * random.between(50, 150) / 100;
                self.post(Flow::OpeningBudget, item, Fund::General, fen, |posting| posting.nature = Some(nature));
            }
        }
    }

    fn draw_own_money(&mut self, codes: &Codes, random: &mut Prng) {
        let natures = [Nature::Basic, Nature::Project, Nature::Upward, Nature::Operating, Nature::Affiliated];
        let sources = [Source::Superior, Source::Business, Source::Operating, Source::Affiliated, Source::Other];
        let count = 1 + random.below(3);
        let items = random.sample(&codes.items, count);
        let (mut left, item) = (0, items[0]);
        for (item, source) in items.iter().zip(random.sample(&sources, 3)) {
            let fen = random.money();
            left += fen;
            self.post(Flow::Income, *item, Fund::Own, fen, |posting| posting.source = Some(source));
        }
        for (item, nature) in items.iter().zip(random.sample(&natures, 3)) {
            let fen = random.money();
            left -= fen;
            self.post(Flow::Spending, *item, Fund::Own, fen, |posting| posting.nature = Some(nature));
        }
        let opening = if random.chance(50) { random.money() } else { 0 };
        self.post(Flow::Opening, item, Fund::Own, opening, |_| {});
        left += opening;
        self.post(Flow::Reserve, item, Fund::Own, (-left).max(0), |_| {});
        let distributed = if left > 0 && random.chance(50) { random.between(1, left) } else { 0 };
        self.post(Flow::Distributed, item, Fund::Own, distributed, |_| {});
        self.post(Flow::Closing, item, Fund::Own, left.max(0) - distributed, |_| {});
    }

    /// 三公 budgets that cover what was spent.
    fn draw_three_public_budget(&mut self, random: &mut Prng) {
        for codes in THREE_PUBLIC {
            let spent = self.total(&Query::all(Flow::Spending).funds(&GRANTS).economic(codes)).unwrap_or(0);
            let spare = if random.chance(50) { random.between(1, 30_000_000) } else { 0 };
            let item = self.postings[0].item;
            self.post(Flow::ThreePublicBudget, item, Fund::General, spent + spare, |posting| {
                posting.economic = Some(ClassCode(codes[0]));
            });
        }
    }

    fn post(&mut self, flow: Flow, item: ClassCode, fund: Fund, fen: i128, say: impl FnOnce(&mut Posting)) {
        if fen == 0 {
            return;
        }
        let mut posting = Posting { flow, item, fund, nature: None, source: None, economic: None, fen };
        say(&mut posting);
        self.postings.push(posting);
    }
}

/// The 项 of the general budget: some at random and those paired with a 款.
fn general_items(codes: &Codes, count: usize, random: &mut Prng) -> Vec<ClassCode> {
    let mut items = random.sample(&codes.items, count);
    for (_, item) in PAIRED {
        if random.chance(60) && codes.items.contains(&ClassCode(item)) {
            items.push(ClassCode(item));
        }
    }
    items.sort_unstable();
    items.dedup();
    items
}

/// The natures and 款 on which a 项 is spent.
fn drawn_spending(item: ClassCode, codes: &Codes, random: &mut Prng) -> Vec<(Nature, ClassCode)> {
    if let Some((section, _)) = PAIRED.iter().find(|(_, paired)| ClassCode(*paired) == item) {
        return vec![(Nature::Basic, ClassCode(*section))];
    }
    let unpaired = |code: &&ClassCode| !PAIRED.iter().any(|(section, _)| ClassCode(*section) == **code);
    let (basic, project) = (random.chance(70), random.chance(60));
    let mut spending = Vec::new();
    if basic {
        let open: Vec<ClassCode> = codes.basic.iter().filter(unpaired).copied().collect();
        let count = 1 + random.below(6);
        spending.extend(random.sample(&open, count).into_iter().map(|code| (Nature::Basic, code)));
    }
    if project || !basic {
        let open: Vec<ClassCode> = codes.project.iter().filter(unpaired).copied().collect();
        let count = 1 + random.below(3);
        spending.extend(random.sample(&open, count).into_iter().map(|code| (Nature::Project, code)));
    }
    spending
}
