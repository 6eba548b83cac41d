//! What charts show: exact points, the cells they came from, and a sentence made from them.
//!
//! A chart is a picture only where a picture says more than its sentence: one slice, a year
//! without a year before it, or a part that is not known are said, not drawn. Unknown points
//! stay in the list of points, so the table beside the picture shows them. There is no chart
//! without a [`Sentence`], and no sentence without words.
//!
//! Beyond the figures that documents print: [`budget`] against final accounts by 项, the
//! [`flow`] of the money, and what all units of the [`portal`] spent.

pub mod budget;
mod flow;
pub mod portal;
mod sentence;

pub use sentence::Sentence;

use crate::amount::{Amount, Percent, Precision, Scale, likely_tail};
use crate::derive::change::{Change, RATE_DECIMALS, prior_figure};
use crate::derive::chart::sentence::{money, share_text};
use crate::derive::naming::{Origin, label};
use crate::derive::series::Series;
use crate::model::code::Level;
use crate::model::disclosure::Disclosure;
use crate::model::form::{CellRef, RowKey};
use crate::model::site::Site;
use crate::model::stored::{Reader, Stored, stored};
use crate::model::table::{Figure, TableState};

/// A chart: what it says and the points it says it with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chart {
    /// The stable ASCII id: `totals-change`.
    pub id: String,
    /// The title, without a number.
    pub title: String,
    /// What the points show, in a sentence.
    pub sentence: Sentence,
    /// How it is drawn, if it is.
    pub shape: Shape,
    /// The points, in the order of the forms.
    pub points: Vec<Point>,
    /// What the points are parts of, as the document prints it; only a total that somebody
    /// gave is drawn.
    pub total: Option<Amount>,
    /// The unit of money of the points.
    pub scale: Scale,
}

impl Chart {
    /// What part of the total an amount is; nothing where no total is given.
    pub fn share_of(&self, part: Amount) -> Option<Percent> {
        Percent::of(part, self.total?, RATE_DECIMALS)
    }
}

/// How a chart is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Horizontal bars from zero.
    Bars,
    /// A ring of parts of a whole.
    Ring,
    /// Two bars a point, budget and final accounts; with the word for the budget.
    Pairs(&'static str),
    /// From sources to ways, both of one total.
    Flow,
    /// Not at all: the sentence says everything.
    Sentence,
}

/// A point of a chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// What it is: `基本支出`, `2022年度`.
    pub label: String,
    /// The exact figure.
    pub figure: Figure,
    /// Its share of the whole, for parts of a whole; of its budget, for what has one.
    pub share: Option<Percent>,
    /// The cell in our notation; absent for a year that is not in the site.
    pub cell: Option<String>,
    /// The cell's anchor on the disclosure's page.
    pub anchor: Option<String>,
    /// What part it plays.
    pub role: Role,
}

stored!(Chart { id, title, sentence, shape, points, total, scale });
stored!(Point { label, figure, share, cell, anchor, role });

impl Stored for Shape {
    fn put(&self, out: &mut Vec<u8>) {
        let (kind, word) = match self {
            Self::Bars => (0, None),
            Self::Ring => (1, None),
            Self::Flow => (2, None),
            Self::Sentence => (3, None),
            Self::Pairs(word) => (4, Some(word)),
        };
        out.push(kind);
        if let Some(word) = word {
            budget::KINDS.iter().position(|kind| kind == word).unwrap_or(budget::KINDS.len()).put(out);
        }
    }

    fn take(from: &mut Reader<'_>) -> Option<Self> {
        match u8::take(from)? {
            0 => Some(Self::Bars),
            1 => Some(Self::Ring),
            2 => Some(Self::Flow),
            3 => Some(Self::Sentence),
            4 => budget::KINDS.get(usize::take(from)?).copied().map(Self::Pairs),
            _ => None,
        }
    }
}

impl Stored for Role {
    fn put(&self, out: &mut Vec<u8>) {
        let kind = match self {
            Self::Figure => 0,
            Self::Against { .. } => 1,
            Self::Source => 2,
            Self::BroughtForward => 3,
            Self::Destination => 4,
            Self::CarriedForward => 5,
        };
        out.push(kind);
        if let Self::Against { budget, cell } = self {
            budget.put(out);
            cell.put(out);
        }
    }

    fn take(from: &mut Reader<'_>) -> Option<Self> {
        match u8::take(from)? {
            0 => Some(Self::Figure),
            1 => Some(Self::Against { budget: Figure::take(from)?, cell: String::take(from)? }),
            2 => Some(Self::Source),
            3 => Some(Self::BroughtForward),
            4 => Some(Self::Destination),
            5 => Some(Self::CarriedForward),
            _ => None,
        }
    }
}

/// What part a point plays in its chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// A figure among others.
    Figure,
    /// Spending against a budget.
    Against {
        /// The budget; unknown where it is not given.
        budget: Figure,
        /// The name of the budget's figure: `年初预算·2010350`.
        cell: String,
    },
    /// Money that came in.
    Source,
    /// Money left from earlier years: 年初结转和结余, 使用非财政拨款结余.
    BroughtForward,
    /// Money that was spent.
    Destination,
    /// Money that was not: 结余分配, 年末结转和结余.
    CarriedForward,
}

impl Point {
    /// A point that stands for no cell.
    pub fn new(label: impl Into<String>, figure: Figure, role: Role) -> Self {
        Self { label: label.into(), figure, share: None, cell: None, anchor: None, role }
    }

    /// The budget it is measured against, where that is known.
    pub fn budget(&self) -> Option<Amount> {
        match self.role {
            Role::Against { budget, .. } => budget.amount(),
            _ => None,
        }
    }

    /// Whether it is on the side that money comes from.
    pub const fn comes(&self) -> bool {
        matches!(self.role, Role::Source | Role::BroughtForward)
    }

    /// The figure as tables print it: `144.00`, empty for blank, 未提供 for unknown.
    pub fn text(&self, scale: Scale) -> String {
        match self.figure {
            Figure::Amount(amount) => amount.print(scale).to_string(),
            Figure::Count(count) => count.to_string(),
            Figure::Blank => String::new(),
            Figure::Unknown | Figure::NotRead => "未提供".to_owned(),
        }
    }

    /// The amount to draw; nothing is drawn for a figure that is not known.
    pub fn amount(&self) -> Option<Amount> {
        self.figure.amount_or_nothing()
    }
}

/// A change against last year: id, title, the cell's concept, and what the sentence calls it.
struct ChangeKind {
    id: &'static str,
    title: &'static str,
    concept: &'static str,
    subject: &'static str,
}

const CHANGES: [ChangeKind; 3] = [
    ChangeKind {
        id: "totals-change",
        title: "收、支决算总计变动情况",
        concept: "income_grand_total",
        subject: "收、支总计",
    },
    ChangeKind {
        id: "grant-change",
        title: "财政拨款收、支决算总计变动情况",
        concept: "grant_grand_total",
        subject: "财政拨款收、支总计",
    },
    ChangeKind {
        id: "general-change",
        title: "一般公共预算财政拨款支出决算变动情况",
        concept: "general_total",
        subject: "一般公共预算财政拨款支出",
    },
];

/// A whole and its parts: id, title, the whole's concept, and where the parts come from.
struct StructureKind {
    id: &'static str,
    title: &'static str,
    whole: &'static str,
    parts: Parts,
}

enum Parts {
    /// These concepts.
    Concepts(&'static [&'static str]),
    /// The 类 rows of the form of the whole.
    Classes,
}

const STRUCTURES: [StructureKind; 4] = [
    StructureKind {
        id: "income-structure",
        title: "收入决算结构",
        whole: "income_total",
        parts: Parts::Concepts(&[
            "income_general",
            "income_fund",
            "income_state",
            "income_superior",
            "income_business",
            "income_operating",
            "income_affiliated",
            "income_other",
        ]),
    },
    StructureKind {
        id: "spending-structure",
        title: "支出决算结构",
        whole: "spending_function_total",
        parts: Parts::Concepts(&[
            "spending_basic",
            "spending_project",
            "spending_upward",
            "spending_operating",
            "spending_affiliated",
        ]),
    },
    StructureKind {
        id: "general-structure",
        title: "一般公共预算财政拨款支出决算结构",
        whole: "general_total",
        parts: Parts::Classes,
    },
    StructureKind {
        id: "three-public-structure",
        title: "“三公”经费财政拨款支出结构",
        whole: "three_public_actual",
        parts: Parts::Concepts(&[
            "three_public_actual_abroad",
            "three_public_actual_vehicle",
            "three_public_actual_reception",
        ]),
    },
];

/// The ids of the charts that some disclosures have and others of the same set have not.
pub const WHERE_KNOWN: [&str; 2] = ["flow", "budget-items"];

/// The charts of a disclosure, in the order of the narrative; a set that lacks the concept of
/// a chart has none.
pub fn charts(site: &Site, disclosure: &Disclosure) -> Vec<Chart> {
    let [totals, grant, general] = CHANGES.each_ref().map(|kind| change_chart(site, disclosure, kind));
    let [income, spending, classes, three] = STRUCTURES.each_ref().map(|kind| structure_chart(site, disclosure, kind));
    let [flow, items] = [flow::chart(site, disclosure), budget::chart(site, disclosure)];
    [totals, flow, income, spending, grant, general, classes, items, three].into_iter().flatten().collect()
}

fn change_chart(site: &Site, disclosure: &Disclosure, kind: &ChangeKind) -> Option<Chart> {
    let cell = disclosure.set.concept_cell(kind.concept)?;
    let scale = disclosure.set.scale;
    let (before, now) = (prior_figure(site, disclosure, cell), disclosure.figure(cell));
    let prior_year = disclosure.year - 1;
    let points = vec![
        Point::new(format!("{prior_year}年度"), before, Role::Figure),
        point(disclosure, cell, format!("{}年度", disclosure.year), None),
    ];
    let change = Change::between(before, now, scale);
    let drawn = change != Change::Unknown && points.iter().any(|p| p.amount().is_some_and(|a| !a.is_zero()));
    let sentence = Sentence::of(change_sentence(kind.subject, disclosure.year, now, change, scale))?;
    let shape = if drawn { Shape::Bars } else { Shape::Sentence };
    Some(Chart { id: kind.id.to_owned(), title: kind.title.to_owned(), sentence, shape, points, total: None, scale })
}

fn change_sentence(subject: &str, year: i32, now: Figure, change: Change, scale: Scale) -> String {
    let prior_year = year - 1;
    let Some(amount) = now.amount_or_nothing() else {
        return format!("{year}年度{subject}未提供。");
    };
    let now = format!("{year}年度{subject}{}{scale}", amount.print(scale).trimmed());
    match change {
        Change::Unknown => format!("{now}；没有{prior_year}年度的数字，不作比较。"),
        Change::Same | Change::Nearly => format!("{now}，与{prior_year}年度{}。", change.words(scale)),
        Change::Moved(_) => format!("{now}，比{prior_year}年度{}。", change.words(scale)),
    }
}

fn structure_chart(site: &Site, disclosure: &Disclosure, kind: &StructureKind) -> Option<Chart> {
    let cell = disclosure.set.concept_cell(kind.whole)?;
    let parts = match kind.parts {
        Parts::Concepts(keys) => keys.iter().filter_map(|key| disclosure.set.concept_cell(key)).collect(),
        Parts::Classes => class_cells(disclosure, cell),
    };
    let names = site.classifications.get("functional");
    let labelled = parts.into_iter().map(|part| (label(disclosure, names, part), part)).collect();
    structure(disclosure, kind, cell, labelled)
}

/// The cells of the 类 rows in the column of a total.
fn class_cells(disclosure: &Disclosure, total: CellRef) -> Vec<CellRef> {
    let rows = disclosure.table(total.form).rows.iter();
    let is_class = |key: &RowKey| matches!(key, RowKey::Code(code) if code.level() == Level::Class);
    rows.map(|row| row.key).filter(is_class).map(|row| CellRef { row, ..total }).collect()
}

/// A chart of a whole and its named parts.
fn structure(
    disclosure: &Disclosure,
    kind: &StructureKind,
    whole: CellRef,
    parts: Vec<(String, CellRef)>,
) -> Option<Chart> {
    let scale = disclosure.set.scale;
    let total = disclosure.figure(whole);
    let not_given = matches!(disclosure.table(whole.form).state, TableState::NotProvided(_) | TableState::Missing);
    let figures: Vec<Figure> = parts.iter().map(|(_, cell)| disclosure.figure(*cell)).collect();
    let points: Vec<Point> = parts
        .into_iter()
        .filter(|(_, cell)| !not_given && !is_nothing(disclosure.figure(*cell)))
        .map(|(label, cell)| point(disclosure, cell, label, total.amount()))
        .collect();
    let amounts: Option<Vec<Amount>> = points.iter().map(Point::amount).collect();
    let shape = match (amounts, total.amount()) {
        (Some(amounts), Some(whole)) if amounts.len() > 1 => {
            let fills = parts_agree(disclosure, figures, whole) && !amounts.iter().any(|part| part.is_negative());
            if fills { Shape::Ring } else { Shape::Bars }
        }
        _ => Shape::Sentence,
    };
    let sentence = Sentence::of(structure_sentence(&points, total, scale))?;
    let (id, title) = (kind.id.to_owned(), kind.title.to_owned());
    Some(Chart { id, title, sentence, shape, points, total: total.amount(), scale })
}

/// Whether parts come to a total, but for what rounding takes from figures entered in the scale
/// of a disclosure: the rule of the check of sums. A blank is exactly nothing.
fn parts_agree(disclosure: &Disclosure, parts: impl IntoIterator<Item = Figure>, total: Amount) -> bool {
    let parts: Vec<Amount> = parts.into_iter().filter_map(Figure::amount).collect();
    let allowed = Precision::of(disclosure.scale).tolerance(parts.len()).min(likely_tail(parts.len()));
    let tail = Amount::from_fen(allowed.saturating_mul(disclosure.scale.last_unit_fen()));
    let sum: Amount = parts.into_iter().sum();
    (sum - total).abs() <= tail
}

fn is_nothing(figure: Figure) -> bool {
    figure.amount_or_nothing().is_some_and(Amount::is_zero)
}

fn point(disclosure: &Disclosure, cell: CellRef, label: String, whole: Option<Amount>) -> Point {
    let figure = disclosure.figure(cell);
    let share = figure.amount().zip(whole).and_then(|(part, whole)| Percent::of(part, whole, RATE_DECIMALS));
    let origin = Origin::of(disclosure, cell);
    Point { label, figure, share, cell: origin.cell, anchor: origin.anchor, role: Role::Figure }
}

fn structure_sentence(points: &[Point], total: Figure, scale: Scale) -> String {
    let Some(whole) = total.amount_or_nothing() else {
        let said = |point: &Point| match point.amount() {
            Some(amount) => format!("{}为{}", point.label, money(amount, scale)),
            None => format!("{}未提供", point.label),
        };
        let words: Vec<String> = points.iter().map(said).collect();
        let known = points.iter().any(|point| point.amount().is_some());
        return if known {
            format!("合计数未提供；{}。", words.join("，"))
        } else {
            "合计数未提供。".to_owned()
        };
    };
    let whole_text = format!("{}{scale}", whole.print(scale).trimmed());
    match points {
        [] if whole.is_zero() => "本年度没有发生额。".to_owned(),
        [] => format!("合计{whole_text}，各项未提供。"),
        [only] if only.figure == total => format!("全部是{}，{whole_text}。", only.label),
        points => {
            let words = points.iter().map(|point| part_words(point, whole, scale));
            format!("{}。", words.collect::<Vec<_>>().join("，"))
        }
    }
}

fn part_words(point: &Point, whole: Amount, scale: Scale) -> String {
    let amount = point.figure.amount();
    match (amount.and_then(|part| share_text(part, whole)), amount) {
        (Some(share), _) => format!("{}占{share}", point.label),
        (None, Some(amount)) => format!("{}{}", point.label, money(amount, scale)),
        (None, None) => format!("{}未提供", point.label),
    }
}

/// The chart of a series of years; fewer than two known years are said, not drawn.
pub fn trend(series: &Series, scale: Scale) -> Option<Chart> {
    let points: Vec<Point> = series
        .points
        .iter()
        .map(|year| Point {
            cell: year.origin.cell.clone(),
            ..Point::new(format!("{}年度", year.year), year.figure, Role::Figure)
        })
        .collect();
    let known = points.iter().filter(|point| point.amount().is_some()).count();
    let drawn = known > 1 && points.iter().any(|point| point.amount().is_some_and(|amount| !amount.is_zero()));
    let shape = if drawn { Shape::Bars } else { Shape::Sentence };
    let id = format!("trend-{}", series.concept.replace('_', "-"));
    let sentence = Sentence::of(trend_sentence(series, scale))?;
    Some(Chart { id, title: series.name.to_owned(), sentence, shape, points, total: None, scale })
}

/// The last known year against the first, and the peaks between them.
fn trend_sentence(series: &Series, scale: Scale) -> String {
    let known: Vec<(i32, Amount)> =
        series.points.iter().filter_map(|point| Some((point.year, point.figure.amount_or_nothing()?))).collect();
    let (Some((from, first)), Some((to, last))) = (known.first().copied(), known.last().copied()) else {
        return "各年度的数字未提供。".to_owned();
    };
    let now = format!("{to}年度{}{}", series.name, money(last, scale));
    let change = Change::between(Figure::Amount(first), Figure::Amount(last), scale);
    match change {
        _ if from == to => format!("{now}。"),
        Change::Same | Change::Nearly => {
            format!("{now}，与{from}年度{}{}。", change.words(scale), peaks(&known, scale))
        }
        _ => format!("{now}，比{from}年度{}{}。", change.words(scale), peaks(&known, scale)),
    }
}

/// The years between the first and the last that rise above both or fall below both.
fn peaks(known: &[(i32, Amount)], scale: Scale) -> String {
    let [first, between @ .., last] = known else { return String::new() };
    let ends = [first.1.min(last.1), first.1.max(last.1)];
    let said = |word: &str, peak: Option<&(i32, Amount)>| {
        peak.map_or_else(String::new, |(year, amount)| format!("；其间{word}的是{year}年度的{}", money(*amount, scale)))
    };
    let highest = between.iter().rev().max_by_key(|(_, amount)| *amount).filter(|(_, amount)| *amount > ends[1]);
    let lowest = between.iter().min_by_key(|(_, amount)| *amount).filter(|(_, amount)| *amount < ends[0]);
    said("最高", highest) + &said("最低", lowest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::derive::fixture::{disclosure, fill, site, wan};
    use crate::derive::series::YearPoint;

    fn part(label: &str, text: &str, whole: &str) -> Point {
        let (figure, whole) = (wan(text), wan(whole).amount().unwrap());
        let share = figure.amount().and_then(|part| Percent::of(part, whole, 2));
        Point { share, ..Point::new(label, figure, Role::Figure) }
    }

    #[test]
    fn a_structure_is_said_in_shares() {
        let parts = [part("基本支出", "229.97", "373.97"), part("项目支出", "144", "373.97")];
        let said = structure_sentence(&parts, wan("373.97"), Scale::TenThousand);
        assert_eq!(said, "基本支出占61.49%，项目支出占38.51%。");
    }

    #[test]
    fn one_part_that_is_the_whole_is_a_sentence() {
        let parts = [part("一般公共预算财政拨款收入", "373.97", "373.97")];
        let said = structure_sentence(&parts, wan("373.97"), Scale::TenThousand);
        assert_eq!(said, "全部是一般公共预算财政拨款收入，373.97万元。");
    }

    #[test]
    fn an_unknown_part_is_said_and_never_zero() {
        let mut parts = [part("基本支出", "229.97", "373.97"), part("项目支出", "144", "373.97")];
        parts[1].figure = Figure::Unknown;
        parts[1].share = None;
        let said = structure_sentence(&parts, wan("373.97"), Scale::TenThousand);
        assert_eq!(said, "基本支出占61.49%，项目支出未提供。");
        assert_eq!(structure_sentence(&[], Figure::Blank, Scale::TenThousand), "本年度没有发生额。");
        assert_eq!(structure_sentence(&[], Figure::Unknown, Scale::TenThousand), "合计数未提供。");
    }

    #[test]
    fn a_year_without_a_year_before_it_is_not_compared() {
        let said = |before| {
            let change = Change::between(before, wan("373.97"), Scale::TenThousand);
            change_sentence("收、支总计", 2023, wan("373.97"), change, Scale::TenThousand)
        };
        assert_eq!(said(Figure::Unknown), "2023年度收、支总计373.97万元；没有2022年度的数字，不作比较。");
        assert_eq!(said(wan("350.38")), "2023年度收、支总计373.97万元，比2022年度增加23.59万元，增长6.73%。");
        assert_eq!(said(wan("373.97")), "2023年度收、支总计373.97万元，与2022年度持平。");
    }

    fn chart_of(figures: &[(&str, &str)], id: &str) -> Chart {
        let mut disclosure = disclosure();
        for (name, text) in figures {
            fill(&mut disclosure, name, wan(text));
        }
        let site = site("", vec![disclosure]);
        charts(&site, &site.disclosures[0]).into_iter().find(|chart| chart.id == id).unwrap()
    }

    #[test]
    fn two_known_years_are_bars_and_an_unknown_one_is_said() {
        let bars = chart_of(&[("甲01表31行", "2"), ("上年甲01表31行", "1")], "totals-change");
        assert_eq!((bars.shape, bars.points.len()), (Shape::Bars, 2));
        assert_eq!(bars.points[1].anchor.as_deref(), Some("#t01-31-c1"));
        assert_eq!(chart_of(&[("甲01表31行", "2")], "totals-change").shape, Shape::Sentence);
        assert_eq!(chart_of(&[("甲01表31行", "?"), ("上年甲01表31行", "1")], "totals-change").shape, Shape::Sentence);
        assert_eq!(chart_of(&[("上年甲01表31行", "0")], "totals-change").shape, Shape::Sentence, "nothing to draw");
    }

    #[test]
    fn classes_are_a_ring_only_where_all_are_known_and_more_than_one() {
        let shape = |figures: &[(&str, &str)]| chart_of(figures, "general-structure").shape;
        let total = ("甲02表合计行1栏", "3");
        assert_eq!(shape(&[total, ("甲02表201行1栏", "1"), ("甲02表208行1栏", "2")]), Shape::Ring);
        assert_eq!(shape(&[total, ("甲02表201行1栏", "3"), ("甲02表208行1栏", "0")]), Shape::Sentence);
        assert_eq!(shape(&[total, ("甲02表201行1栏", "1"), ("甲02表208行1栏", "?")]), Shape::Sentence);
        assert_eq!(shape(&[total, ("甲02表201行1栏", "5"), ("甲02表208行1栏", "-2")]), Shape::Bars);
    }

    #[test]
    fn a_whole_that_nobody_gave_is_not_drawn() {
        let parts = [("甲02表201行1栏", "1"), ("甲02表208行1栏", "2")];
        let chart = |total| chart_of(&[("甲02表合计行1栏", total), parts[0], parts[1]], "general-structure");
        let unknown = chart("?");
        assert_eq!((unknown.shape, unknown.total), (Shape::Sentence, None));
        assert_eq!(unknown.sentence.as_str(), "合计数未提供；201为1万元，208为2万元。");
        assert_eq!(chart("").shape, Shape::Sentence, "a blank is no total of parts");
        let known = chart("3");
        assert_eq!((known.shape, known.total), (Shape::Ring, wan("3").amount()));
        assert_eq!(chart("3.01").total, wan("3.01").amount(), "the printed one, with its tail");
        assert_eq!(chart("3.01").shape, Shape::Ring);
        assert_eq!(chart("4").shape, Shape::Bars, "parts that do not fill their whole are no ring");
    }

    #[test]
    fn a_trend_compares_its_first_and_last_known_years() {
        let year = |year, figure| YearPoint { year, figure, origin: Origin::default(), from_next_year: false };
        let points = vec![year(2021, wan("100")), year(2022, Figure::Unknown), year(2023, wan("150"))];
        let series = Series { concept: "spending_total", name: "本年支出合计", points };
        let chart = trend(&series, Scale::TenThousand).unwrap();
        assert_eq!(chart.sentence.as_str(), "2023年度本年支出合计150万元，比2021年度增加50万元，增长50%。");
        assert_eq!((chart.id.as_str(), chart.shape), ("trend-spending-total", Shape::Bars));
    }

    fn years(texts: &[&str]) -> Chart {
        let year = |(year, text): (i32, &&str)| YearPoint {
            year,
            figure: wan(text),
            origin: Origin::default(),
            from_next_year: false,
        };
        let points = (2021..).zip(texts).map(year).collect();
        trend(&Series { concept: "spending_total", name: "本年支出合计", points }, Scale::TenThousand).unwrap()
    }

    #[test]
    fn a_trend_names_the_years_above_and_below_both_of_its_ends() {
        let said = |texts: &[&str]| years(texts).sentence.to_string();
        assert_eq!(
            said(&["100", "180", "90", "80", "150"]),
            "2025年度本年支出合计150万元，比2021年度增加50万元，增长50%；其间最高的是2022年度的180万元；其间最低的是2024年度的80万元。"
        );
        assert_eq!(said(&["100", "120", "150"]), "2023年度本年支出合计150万元，比2021年度增加50万元，增长50%。");
        assert_eq!(
            said(&["100", "120", "100"]),
            "2023年度本年支出合计100万元，与2021年度持平；其间最高的是2022年度的120万元。"
        );
        assert_eq!(said(&["100", "50"]), "2022年度本年支出合计50万元，比2021年度减少50万元，下降50%。");
        assert_eq!(said(&["0", "5"]), "2022年度本年支出合计5万元，比2021年度增加5万元（基数为0，不可比）。");
    }

    #[test]
    fn years_without_anything_or_one_known_year_are_said_and_not_drawn() {
        assert_eq!(years(&["0", ""]).shape, Shape::Sentence);
        let one = years(&["?", "5"]);
        assert_eq!((one.sentence.as_str(), one.shape), ("2022年度本年支出合计5万元。", Shape::Sentence));
        assert_eq!(years(&["?", "?"]).sentence.as_str(), "各年度的数字未提供。");
    }
}
