//! Budget against final accounts, 项 by 项.
//!
//! Only where the document gives the budget of a 项: 年初预算, or 全年预算 where it gives that
//! instead. A 项 whose budget is not given is listed and not compared; one that was budgeted
//! and not spent on is nothing spent.

use std::collections::BTreeSet;

use crate::amount::{Amount, Percent, Scale};
use crate::derive::change::{Change, Direction, RATE_DECIMALS};
use crate::derive::chart::sentence::{Sentence, money, share_text};
use crate::derive::chart::{Chart, Point, Role, Shape};
use crate::derive::naming::{Origin, label};
use crate::model::code::{ClassCode, Level};
use crate::model::disclosure::Disclosure;
use crate::model::form::{CellRef, RowKey};
use crate::model::site::Site;
use crate::model::table::Figure;

/// The kinds of budget, by the group of facts.
pub(super) const KINDS: [&str; 2] = ["年初预算", "全年预算"];

/// How many 项 are drawn; with more, the smallest are drawn as one.
pub const DRAWN_ITEMS: usize = 8;

/// The chart of a disclosure; `None` where no 项 has a budget to compare with.
pub(super) fn chart(site: &Site, disclosure: &Disclosure) -> Option<Chart> {
    let (form, _) = disclosure.set.concept_form("general_by_function")?;
    let total = disclosure.set.concept_cell("general_total").filter(|total| total.form == form)?;
    let word = KINDS.into_iter().find(|word| budgeted(disclosure, word).next().is_some())?;
    let spent = disclosure.table(form).rows.iter().filter_map(|row| item(row.key));
    let codes: BTreeSet<ClassCode> = spent.chain(budgeted(disclosure, word)).collect();
    let names = site.classifications.get("functional");
    let mut points: Vec<Point> = Vec::with_capacity(codes.len());
    for code in &codes {
        let cell = CellRef { row: RowKey::Code(*code), ..total };
        points.push(point(disclosure, cell, label(disclosure, names, cell), &format!("{word}·{code}")));
    }
    tell_apart(&mut points, &codes);
    points.retain(|point| !is_nothing(point));
    let sentence = sentence(disclosure, total, word, &points)?;
    Some(Chart {
        id: "budget-items".to_owned(),
        title: format!("一般公共预算财政拨款支出{word}与决算对比"),
        sentence,
        shape: Shape::Pairs(word),
        points,
        total: None,
        scale: disclosure.set.scale,
    })
}

fn item(key: RowKey) -> Option<ClassCode> {
    match key {
        RowKey::Code(code) if code.level() == Level::Item => Some(code),
        _ => None,
    }
}

/// The 项 with a budget.
fn budgeted<'a>(disclosure: &'a Disclosure, word: &'a str) -> impl Iterator<Item = ClassCode> + 'a {
    let code = move |name: &str| ClassCode::parse(name.strip_prefix(word)?.strip_prefix('·')?);
    let given = disclosure.facts.iter().filter(|(_, fact)| fact.value.amount().is_some());
    given.filter_map(move |(name, _)| code(name)).filter(|code| code.level() == Level::Item)
}

fn point(disclosure: &Disclosure, cell: CellRef, label: String, fact: &str) -> Point {
    let figure = disclosure.figure(cell);
    // A fact that the source does not hold was not given: it is not nothing.
    let budget = Some(disclosure.fact(fact)).filter(|figure| *figure != Figure::Blank).unwrap_or(Figure::Unknown);
    let share = figure
        .amount_or_nothing()
        .zip(budget.amount())
        .filter(|(_, budget)| !budget.is_negative())
        .and_then(|(spent, budget)| Percent::of(spent, budget, RATE_DECIMALS));
    let Origin { cell, anchor } = Origin::of(disclosure, cell);
    Point { label, figure, share, cell, anchor, role: Role::Against { budget, cell: fact.to_owned() } }
}

/// Adds the code to names that more than one 项 has: 事业运行 stands under many 款.
fn tell_apart(points: &mut [Point], codes: &BTreeSet<ClassCode>) {
    let mut seen = BTreeSet::new();
    let twice: BTreeSet<String> =
        points.iter().filter(|point| !seen.insert(&point.label)).map(|point| point.label.clone()).collect();
    for (point, code) in points.iter_mut().zip(codes).filter(|(point, _)| twice.contains(&point.label)) {
        point.label = format!("{}（{code}）", point.label);
    }
}

/// Neither budgeted nor spent.
fn is_nothing(point: &Point) -> bool {
    let zero = |figure: Figure| figure.amount_or_nothing().is_some_and(Amount::is_zero);
    zero(point.figure) && point.budget().is_some_and(Amount::is_zero)
}

/// A 项 that can be compared: its name, what was spent, what was budgeted.
type Compared<'a> = (&'a str, Amount, Amount);

fn sentence(disclosure: &Disclosure, total: CellRef, word: &str, points: &[Point]) -> Option<Sentence> {
    let compared: Vec<Compared<'_>> =
        points.iter().filter_map(|point| Some((point.label.as_str(), point.amount()?, point.budget()?))).collect();
    if compared.is_empty() {
        return None;
    }
    let scale = disclosure.set.scale;
    let mut text = overall(disclosure, total, word).unwrap_or_default();
    text += &directions(&compared, word, scale);
    let widest = compared.iter().rev().max_by_key(|(_, spent, budget)| (*spent - *budget).abs());
    if let Some((name, spent, budget)) = widest.filter(|item| matches!(change(item, scale), Change::Moved(_))) {
        let way = if spent > budget { "多" } else { "少" };
        let lead = if compared.len() == 1 { format!("{name}的") } else { format!("相差最大的是{name}，") };
        let difference = money((*spent - *budget).abs(), scale);
        text.extend([lead.as_str(), "支出决算比", word, way, &difference, "。"]);
    }
    let unknown = points.len() - compared.len();
    if unknown > 0 {
        let more = format!("另有{unknown}个项级科目没有写明{word}或支出决算，不作比较。");
        text.push_str(&more);
    }
    if compared.len() > DRAWN_ITEMS {
        let rest = compared.len() - DRAWN_ITEMS + 1;
        let more = format!("图中分列金额较大的{}个，其余{rest}个合为一项，数据表中逐个列出。", DRAWN_ITEMS - 1);
        text += &more;
    }
    Sentence::of(text)
}

/// `一般公共预算财政拨款支出年初预算为560.57万元，支出决算为373.97万元，完成年初预算的66.71%。`
fn overall(disclosure: &Disclosure, total: CellRef, word: &str) -> Option<String> {
    let scale = disclosure.set.scale;
    let spent = disclosure.figure(total).amount_or_nothing()?;
    let budget = disclosure.fact(&format!("{word}·合计")).amount()?;
    let rate = share_text(spent, budget).filter(|_| !budget.is_negative());
    let completed = rate.map(|rate| format!("，完成{word}的{rate}"));
    Some(format!(
        "一般公共预算财政拨款支出{word}为{}，支出决算为{}{}。",
        money(budget, scale),
        money(spent, scale),
        completed.unwrap_or_default()
    ))
}

/// How what was spent stands to what was budgeted, as far as it shows.
fn change((_, spent, budget): &Compared<'_>, scale: Scale) -> Change {
    Change::between(Figure::Amount(*budget), Figure::Amount(*spent), scale)
}

/// The words for how figures stand to each other, in the order they are counted in.
const WAYS: [&str; 4] = ["大于", "小于", "基本等于", "等于"];

fn way(item: &Compared<'_>, scale: Scale) -> Option<&'static str> {
    match change(item, scale) {
        Change::Moved(moved) if moved.direction == Direction::Up => Some(WAYS[0]),
        Change::Moved(_) => Some(WAYS[1]),
        Change::Nearly => Some(WAYS[2]),
        Change::Same => Some(WAYS[3]),
        Change::Unknown => None,
    }
}

/// How many were spent more on than budgeted, less, just so; of a single one its difference says it.
fn directions(compared: &[Compared<'_>], word: &str, scale: Scale) -> String {
    let count = |wanted| compared.iter().filter(|item| way(item, scale) == Some(wanted)).count();
    let counts = WAYS.map(|way| (count(way), way));
    let all = compared.len();
    match counts.iter().find(|(count, _)| *count == all) {
        Some((_, way)) if all == 1 && way.ends_with("等于") => format!("{}的支出决算{way}{word}。", compared[0].0),
        Some(_) if all == 1 => String::new(),
        Some((_, way)) => format!("{all}个项级科目的支出决算都{way}{word}。"),
        None => {
            let some = counts.iter().filter(|(count, _)| *count > 0);
            let words: Vec<String> = some.map(|(count, way)| format!("{count}个支出决算{way}{word}")).collect();
            format!("{all}个项级科目中，{}。", words.join("，"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::derive::fixture::{disclosure, fill, site, wan};

    fn chart_of(figures: &[(&str, &str)]) -> Option<Chart> {
        let mut disclosure = disclosure();
        for (name, text) in figures {
            fill(&mut disclosure, name, wan(text));
        }
        let site = site("", vec![disclosure]);
        chart(&site, &site.disclosures[0])
    }

    fn said(figures: &[(&str, &str)]) -> String {
        chart_of(figures).unwrap().sentence.to_string()
    }

    #[test]
    fn items_are_compared_with_the_opening_budget() {
        let chart = chart_of(&[
            ("甲02表合计行1栏", "90"),
            ("年初预算·合计", "100"),
            ("甲02表2010350行1栏", "60"),
            ("年初预算·2010350", "80"),
            ("甲02表2080505行1栏", "30"),
            ("年初预算·2080505", "20"),
        ]);
        let chart = chart.unwrap();
        assert_eq!(
            chart.sentence.as_str(),
            "一般公共预算财政拨款支出年初预算为100万元，支出决算为90万元，完成年初预算的90%。\
             2个项级科目中，1个支出决算大于年初预算，1个支出决算小于年初预算。\
             相差最大的是2010350，支出决算比年初预算少20万元。"
        );
        assert_eq!(chart.shape, Shape::Pairs("年初预算"));
        let shares: Vec<_> = chart.points.iter().map(|point| point.share.unwrap().trimmed()).collect();
        assert_eq!(shares, ["75%", "150%"]);
        assert_eq!(chart.points[0].anchor.as_deref(), Some("#t02-2010350-c1"));
    }

    #[test]
    fn without_a_budget_of_an_item_there_is_no_chart() {
        assert_eq!(chart_of(&[("甲02表2010350行1栏", "60"), ("年初预算·合计", "80")]), None);
        assert_eq!(chart_of(&[("甲02表2010350行1栏", "60"), ("年初预算·201", "80")]), None, "a 类 is no 项");
        assert_eq!(chart_of(&[("甲02表2010350行1栏", "?"), ("年初预算·2010350", "80")]), None, "nothing to compare");
    }

    #[test]
    fn a_budget_of_zero_has_no_rate_and_equal_figures_are_equal() {
        assert_eq!(
            said(&[
                ("甲02表合计行1栏", "3"),
                ("年初预算·合计", "0"),
                ("甲02表2010350行1栏", "3"),
                ("年初预算·2010350", "0"),
            ]),
            "一般公共预算财政拨款支出年初预算为0万元，支出决算为3万元。\
             2010350的支出决算比年初预算多3万元。"
        );
        assert_eq!(
            said(&[
                ("甲02表2010350行1栏", "3"),
                ("年初预算·2010350", "3"),
                ("甲02表2010399行1栏", "4"),
                ("年初预算·2010399", "4"),
            ]),
            "2个项级科目的支出决算都等于年初预算。"
        );
    }

    #[test]
    fn what_differs_by_less_than_is_printed_is_nearly_equal() {
        let first = [("甲02表2010350行1栏", "60.003"), ("年初预算·2010350", "60")];
        assert_eq!(said(&first), "2010350的支出决算基本等于年初预算。");
        let second = |text| [first[0], first[1], ("甲02表2010399行1栏", text), ("年初预算·2010399", "4")];
        assert_eq!(said(&second("4.001")), "2个项级科目的支出决算都基本等于年初预算。");
        assert_eq!(said(&second("4")), "2个项级科目中，1个支出决算基本等于年初预算，1个支出决算等于年初预算。");
        assert_eq!(
            said(&second("4.005")),
            "2个项级科目中，1个支出决算大于年初预算，1个支出决算基本等于年初预算。\
             相差最大的是2010399，支出决算比年初预算多0.01万元。"
        );
    }

    #[test]
    fn money_spent_is_never_nothing_of_the_budget() {
        let completed = |spent| {
            let item = [("甲02表2010350行1栏", spent), ("年初预算·2010350", "1000")];
            said(&[("甲02表合计行1栏", spent), ("年初预算·合计", "1000"), item[0], item[1]])
        };
        assert!(completed("0.01").contains("支出决算为0.01万元，完成年初预算的不足0.01%。"), "{}", completed("0.01"));
        assert!(completed("0").contains("完成年初预算的0%。"));
        assert!(completed("999.99").contains("完成年初预算的近100%。"));
        assert!(completed("1000.01").contains("完成年初预算的约100%。"));
        assert!(completed("1000").contains("完成年初预算的100%。"));
    }

    #[test]
    fn what_is_not_given_is_listed_and_not_compared_and_what_was_not_spent_is_nothing() {
        let chart = chart_of(&[
            ("甲02表2010350行1栏", "60"),
            ("年初预算·2010350", "80"),
            ("甲02表2010399行1栏", "5"),
            ("年初预算·2080505", "20"),
            ("年初预算·2080506", "0"),
        ]);
        let chart = chart.unwrap();
        assert_eq!(
            chart.sentence.as_str(),
            "2个项级科目的支出决算都小于年初预算。相差最大的是2010350，支出决算比年初预算少20万元。\
             另有1个项级科目没有写明年初预算或支出决算，不作比较。",
            "of two equal differences the first is named"
        );
        let labels: Vec<_> = chart.points.iter().map(|point| point.label.as_str()).collect();
        assert_eq!(labels, ["2010350", "2010399", "2080505"], "nothing budgeted and nothing spent is not listed");
        assert_eq!(chart.points[2].anchor, None, "the table has no such row");
    }

    #[test]
    fn items_of_one_name_are_told_apart_by_their_codes() {
        let mut points: Vec<Point> =
            ["事业运行", "其他支出", "事业运行"].map(|name| Point::new(name, wan("1"), Role::Figure)).into();
        tell_apart(&mut points, &BTreeSet::from([2_010_350, 2_010_399, 2_080_150].map(ClassCode)));
        let labels: Vec<_> = points.iter().map(|point| point.label.as_str()).collect();
        assert_eq!(labels, ["事业运行（2010350）", "其他支出", "事业运行（2080150）"]);
    }
}
