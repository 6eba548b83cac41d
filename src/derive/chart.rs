//! What charts show: exact points, the cells they came from, and a sentence made from them.
//!
//! A chart is a picture only where a picture says more than its sentence: one slice, a year
//! without a year before it, or a part that is not known are said, not drawn. Unknown points
//! stay in the list of points, so the table beside the picture shows them.

use crate::amount::{Amount, Percent, Scale};
use crate::derive::change::{Change, RATE_DECIMALS, prior_figure};
use crate::derive::naming::{Origin, label};
use crate::derive::series::Series;
use crate::model::code::Level;
use crate::model::disclosure::Disclosure;
use crate::model::form::{CellRef, RowKey};
use crate::model::site::Site;
use crate::model::table::{Figure, TableState};

/// A chart: what it says and the points it says it with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chart {
    /// The stable ASCII id: `totals-change`.
    pub id: String,
    /// The title, without a number.
    pub title: String,
    /// What the points show, in a sentence.
    pub sentence: String,
    /// How it is drawn, if it is.
    pub shape: Shape,
    /// The points, in the order of the forms.
    pub points: Vec<Point>,
    /// The unit of money of the points.
    pub scale: Scale,
}

/// How a chart is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Horizontal bars from zero.
    Bars,
    /// A ring of parts of a whole.
    Ring,
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
    /// Its share of the whole, for parts of a whole.
    pub share: Option<Percent>,
    /// The cell in our notation; absent for a year that is not in the site.
    pub cell: Option<String>,
    /// The cell's anchor on the disclosure's page.
    pub anchor: Option<String>,
}

impl Point {
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

/// The charts of a disclosure, in the order of the narrative; a set that lacks the concept of
/// a chart has none.
pub fn charts(site: &Site, disclosure: &Disclosure) -> Vec<Chart> {
    let [totals, grant, general] = CHANGES.each_ref().map(|kind| change_chart(site, disclosure, kind));
    let [income, spending, classes, three] = STRUCTURES.each_ref().map(|kind| structure_chart(site, disclosure, kind));
    [totals, income, spending, grant, general, classes, three].into_iter().flatten().collect()
}

fn change_chart(site: &Site, disclosure: &Disclosure, kind: &ChangeKind) -> Option<Chart> {
    let cell = disclosure.set.concept_cell(kind.concept)?;
    let scale = disclosure.set.scale;
    let (before, now) = (prior_figure(site, disclosure, cell), disclosure.figure(cell));
    let prior_year = disclosure.year - 1;
    let points = vec![
        Point { label: format!("{prior_year}年度"), figure: before, share: None, cell: None, anchor: None },
        point(disclosure, cell, format!("{}年度", disclosure.year), None),
    ];
    let change = Change::between(before, now, scale);
    let drawn = change != Change::Unknown && points.iter().any(|p| p.amount().is_some_and(|a| !a.is_zero()));
    let sentence = change_sentence(kind.subject, disclosure.year, now, change, scale);
    let shape = if drawn { Shape::Bars } else { Shape::Sentence };
    Some(Chart { id: kind.id.to_owned(), title: kind.title.to_owned(), sentence, shape, points, scale })
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
    Some(structure(disclosure, kind.id, kind.title, cell, labelled))
}

/// The cells of the 类 rows in the column of a total.
fn class_cells(disclosure: &Disclosure, total: CellRef) -> Vec<CellRef> {
    let rows = disclosure.table(total.form).rows.iter();
    let is_class = |key: &RowKey| matches!(key, RowKey::Code(code) if code.level() == Level::Class);
    rows.map(|row| row.key).filter(is_class).map(|row| CellRef { row, ..total }).collect()
}

/// A chart of a whole and its named parts.
fn structure(disclosure: &Disclosure, id: &str, title: &str, whole: CellRef, parts: Vec<(String, CellRef)>) -> Chart {
    let scale = disclosure.set.scale;
    let total = disclosure.figure(whole);
    let not_given = matches!(disclosure.table(whole.form).state, TableState::NotProvided(_) | TableState::Missing);
    let points: Vec<Point> = parts
        .into_iter()
        .filter(|(_, cell)| !not_given && !is_nothing(disclosure.figure(*cell)))
        .map(|(label, cell)| point(disclosure, cell, label, total.amount()))
        .collect();
    let amounts: Option<Vec<Amount>> = points.iter().map(Point::amount).collect();
    let shape = match amounts {
        Some(amounts) if amounts.len() > 1 && amounts.iter().any(|amount| amount.is_negative()) => Shape::Bars,
        Some(amounts) if amounts.len() > 1 => Shape::Ring,
        _ => Shape::Sentence,
    };
    let sentence = structure_sentence(&points, total, scale);
    Chart { id: id.to_owned(), title: title.to_owned(), sentence, shape, points, scale }
}

fn is_nothing(figure: Figure) -> bool {
    figure.amount_or_nothing().is_some_and(Amount::is_zero)
}

fn point(disclosure: &Disclosure, cell: CellRef, label: String, whole: Option<Amount>) -> Point {
    let figure = disclosure.figure(cell);
    let share = figure.amount().zip(whole).and_then(|(part, whole)| Percent::of(part, whole, RATE_DECIMALS));
    let origin = Origin::of(disclosure, cell);
    Point { label, figure, share, cell: origin.cell, anchor: origin.anchor }
}

fn structure_sentence(points: &[Point], total: Figure, scale: Scale) -> String {
    let Some(whole) = total.amount_or_nothing() else {
        return "合计数未提供。".to_owned();
    };
    let whole_text = format!("{}{scale}", whole.print(scale).trimmed());
    match points {
        [] if whole.is_zero() => "本年度没有发生额。".to_owned(),
        [] => format!("合计{whole_text}，各项未提供。"),
        [only] if only.figure == total => format!("全部是{}，{whole_text}。", only.label),
        points => format!("{}。", points.iter().map(|point| part_words(point, scale)).collect::<Vec<_>>().join("，")),
    }
}

fn part_words(point: &Point, scale: Scale) -> String {
    match (point.share, point.figure.amount()) {
        (Some(share), _) => format!("{}占{}", point.label, share.trimmed()),
        (None, Some(amount)) => format!("{}{}{scale}", point.label, amount.print(scale).trimmed()),
        (None, None) => format!("{}未提供", point.label),
    }
}

/// The chart of a series of years; fewer than two known years are said, not drawn.
pub fn trend(series: &Series, scale: Scale) -> Chart {
    let points: Vec<Point> = series
        .points
        .iter()
        .map(|year| Point {
            label: format!("{}年度", year.year),
            figure: year.figure,
            share: None,
            cell: year.origin.cell.clone(),
            anchor: None,
        })
        .collect();
    let known = points.iter().filter(|point| point.amount().is_some()).count();
    let shape = if known > 1 { Shape::Bars } else { Shape::Sentence };
    let id = format!("trend-{}", series.concept.replace('_', "-"));
    Chart { id, title: series.name.to_owned(), sentence: trend_sentence(series, scale), shape, points, scale }
}

fn trend_sentence(series: &Series, scale: Scale) -> String {
    let known: Vec<_> = series.points.iter().filter(|point| point.figure.amount_or_nothing().is_some()).collect();
    let (Some(first), Some(last)) = (known.first(), known.last()) else {
        return "各年度的数字未提供。".to_owned();
    };
    let now = last.figure.amount_or_nothing().unwrap_or_default().print(scale).trimmed();
    let now = format!("{}年度{}{now}{scale}", last.year, series.name);
    match Change::between(first.figure, last.figure, scale) {
        _ if first.year == last.year => format!("{now}。"),
        change @ (Change::Same | Change::Nearly) => format!("{now}，与{}年度{}。", first.year, change.words(scale)),
        change => format!("{now}，比{}年度{}。", first.year, change.words(scale)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::derive::fixture::{disclosure, fill, site, wan};
    use crate::derive::series::YearPoint;

    fn part(label: &str, text: &str, whole: &str) -> Point {
        let (figure, whole) = (wan(text), wan(whole).amount().unwrap());
        let share = figure.amount().and_then(|part| Percent::of(part, whole, 2));
        Point { label: label.into(), figure, share, cell: None, anchor: None }
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
    fn a_trend_compares_its_first_and_last_known_years() {
        let year = |year, figure| YearPoint { year, figure, origin: Origin::default(), from_next_year: false };
        let points = vec![year(2021, wan("100")), year(2022, Figure::Unknown), year(2023, wan("150"))];
        let series = Series { concept: "spending_total", name: "本年支出合计", points };
        let chart = trend(&series, Scale::TenThousand);
        assert_eq!(chart.sentence, "2023年度本年支出合计150万元，比2021年度增加50万元，增长50%。");
        assert_eq!((chart.id.as_str(), chart.shape), ("trend-spending-total", Shape::Bars));
    }
}
