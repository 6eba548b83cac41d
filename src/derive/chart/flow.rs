//! Where the money came from and where it went: both sides of the 收入支出决算总表.
//!
//! Sources are the income by kind, 使用非财政拨款结余 and what was brought forward; ways are the
//! spending by 类 (by 基本支出, 项目支出 … where there is but one 类), 结余分配 and what is carried
//! forward. A picture needs both sides to come to the same total: the parts of each side give
//! its printed total, but for the last digits that rounding takes. Else a sentence says why
//! there is none.

use crate::amount::{Amount, Percent, Scale};
use crate::derive::change::{Change, RATE_DECIMALS};
use crate::derive::chart::sentence::{Sentence, money, shares};
use crate::derive::chart::{Chart, Point, Role, Shape, is_nothing, parts_agree};
use crate::derive::naming::{Origin, label};
use crate::model::disclosure::Disclosure;
use crate::model::form::CellRef;
use crate::model::site::Site;
use crate::model::table::Figure;

const SOURCES: [(&str, Role); 10] = [
    ("income_general", Role::Source),
    ("income_fund", Role::Source),
    ("income_state", Role::Source),
    ("income_superior", Role::Source),
    ("income_business", Role::Source),
    ("income_operating", Role::Source),
    ("income_affiliated", Role::Source),
    ("income_other", Role::Source),
    ("reserve_used", Role::BroughtForward),
    ("opening_balance", Role::BroughtForward),
];

const NATURES: [&str; 5] =
    ["spending_basic", "spending_project", "spending_upward", "spending_operating", "spending_affiliated"];

const CARRIED: [&str; 2] = ["surplus_distributed", "closing_balance"];

/// The chart of a disclosure; `None` where its set has no totals of both sides.
pub(super) fn chart(site: &Site, disclosure: &Disclosure) -> Option<Chart> {
    let set = &disclosure.set;
    let (income, spending) = (set.concept_cell("income_grand_total")?, set.concept_cell("spending_grand_total")?);
    let sides = Sides::of(site, disclosure);
    let [income, spending] = [income, spending].map(|cell| disclosure.figure(cell).amount_or_nothing());
    let (shape, text) = match sides.verdict(disclosure, income, spending) {
        Ok(total) if sides.points.len() > 2 => (Shape::Flow, sides.words(disclosure, total)),
        Ok(total) => (Shape::Sentence, sides.words(disclosure, total)),
        Err(text) => (Shape::Sentence, text),
    };
    let points = match income.filter(|total| Some(*total) == spending) {
        Some(total) => sides.points.into_iter().map(|point| share_of(point, total)).collect(),
        None => sides.points,
    };
    Some(Chart {
        id: "flow".to_owned(),
        title: "资金来源和去向".to_owned(),
        sentence: Sentence::of(text)?,
        shape,
        points,
        total: income,
        scale: set.scale,
    })
}

fn share_of(point: Point, total: Amount) -> Point {
    let share = point.figure.amount().and_then(|part| Percent::of(part, total, RATE_DECIMALS));
    Point { share, ..point }
}

/// Sources and ways, sources first.
struct Sides {
    /// Those that are not nothing.
    points: Vec<Point>,
    /// The figures of all sources and of all ways: a printed 0.00 was rounded too.
    figures: [Vec<Figure>; 2],
}

impl Sides {
    fn of(site: &Site, disclosure: &Disclosure) -> Self {
        let set = &disclosure.set;
        let named = |key: &str, role: Role| set.concept_cell(key).map(|cell| point(site, disclosure, cell, role));
        let mut points: Vec<Point> = SOURCES.iter().filter_map(|(key, role)| named(key, role.clone())).collect();
        points.extend(spent(site, disclosure));
        points.extend(CARRIED.iter().filter_map(|key| named(key, Role::CarriedForward)));
        let figures = [true, false]
            .map(|comes| points.iter().filter(|point| point.comes() == comes).map(|point| point.figure).collect());
        points.retain(|point| !is_nothing(point.figure));
        Self { points, figures }
    }

    fn side(&self, comes: bool) -> Vec<Point> {
        self.points.iter().filter(|point| point.comes() == comes).cloned().collect()
    }

    /// The total of both sides, or why there is no picture.
    fn verdict(
        &self,
        disclosure: &Disclosure,
        income: Option<Amount>,
        spending: Option<Amount>,
    ) -> Result<Amount, String> {
        let scale = disclosure.set.scale;
        let year = disclosure.year;
        let (Some(income), Some(spending)) = (income, spending) else {
            return Err(format!("{year}年度收入总计或支出总计未提供，不画资金来源和去向。"));
        };
        if income != spending {
            return Err(format!("{year}年度{}，不画资金来源和去向。", apart(income, spending, scale)));
        }
        let totals = format!("{year}年度收入、支出总计各{}", money(income, scale));
        if self.points.iter().any(|point| point.amount().is_none()) {
            return Err(format!("{totals}；有的来源或去向未提供，不画图。"));
        }
        if self.points.iter().any(|point| point.amount().is_some_and(Amount::is_negative)) {
            return Err(format!("{totals}；有的来源或去向是负数，画不成流向，见数据表。"));
        }
        for (figures, side) in self.figures.iter().zip(["来源", "去向"]) {
            if !parts_agree(disclosure, figures.iter().copied(), income) {
                let sum = money(figures.iter().filter_map(|figure| figure.amount()).sum(), scale);
                return Err(format!("{totals}；各项{side}相加是{sum}，与总计不一致，不画图。"));
            }
        }
        Ok(income)
    }

    fn words(&self, disclosure: &Disclosure, total: Amount) -> String {
        let (scale, year) = (disclosure.set.scale, disclosure.year);
        if self.points.is_empty() {
            return format!("{year}年度没有收入和支出。");
        }
        let [came, went] = [true, false].map(|comes| self.side(comes));
        let mut text = format!(
            "{year}年度收入、支出总计各{}。来源：{}。去向：{}。",
            money(total, scale),
            shares(&came, total),
            shares(&went, total)
        );
        if [&came, &went].iter().any(|side| sum(side) != total) {
            text += "各项四舍五入，相加与总计有尾差。";
        }
        text
    }
}

/// What is said of totals that are not the same; of some the difference does not show.
fn apart(income: Amount, spending: Amount, scale: Scale) -> String {
    let nearly = Change::between(Figure::Amount(income), Figure::Amount(spending), scale) == Change::Nearly;
    let [income, spending] = [income, spending].map(|total| money(total, scale));
    let how = if nearly || income == spending { "基本相等但不完全一致" } else { "不相等" };
    format!("收入总计{income}，支出总计{spending}，两边{how}")
}

fn point(site: &Site, disclosure: &Disclosure, cell: CellRef, role: Role) -> Point {
    let label = label(disclosure, site.classifications.get("functional"), cell);
    let Origin { cell: name, anchor } = Origin::of(disclosure, cell);
    Point { label, figure: disclosure.figure(cell), share: None, cell: name, anchor, role }
}

/// The spending by 类; by 基本支出, 项目支出 … where that says more, or only that is known.
fn spent(site: &Site, disclosure: &Disclosure) -> Vec<Point> {
    let set = &disclosure.set;
    let points = |cells: Vec<CellRef>| -> Vec<Point> {
        cells.into_iter().map(|cell| point(site, disclosure, cell, Role::Destination)).collect()
    };
    let classes = points(set.class_lines());
    let natures = points(NATURES.iter().filter_map(|key| set.concept_cell(key)).collect());
    let total = set.concept_cell("spending_total").and_then(|cell| disclosure.figure(cell).amount_or_nothing());
    let fits = |parts: &[Point]| {
        let known = parts.iter().all(|part| part.amount().is_some());
        let figures = parts.iter().map(|part| part.figure);
        known && total.is_some_and(|total| parts_agree(disclosure, figures, total))
    };
    let some = |parts: &[Point]| parts.iter().filter(|part| !is_nothing(part.figure)).count();
    let by_nature = fits(&natures) && (!fits(&classes) || some(&classes) == 1 && some(&natures) > 1);
    if by_nature { natures } else { classes }
}

fn sum(parts: &[Point]) -> Amount {
    parts.iter().filter_map(Point::amount).sum()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::derive::fixture::{disclosure, fill, site, wan};
    use crate::model::code::ClassCode;
    use crate::model::form::RowKey;
    use crate::model::notation::Reference;
    use crate::model::table::{Row, Table, TableState};

    /// The small set with a line for everything that flows.
    fn flowing(figures: &[(u32, &str)]) -> Chart {
        entered(figures, Scale::TenThousand)
    }

    /// The same with figures entered in a scale.
    fn entered(figures: &[(u32, &str)], scale: Scale) -> Chart {
        let mut disclosure = disclosure();
        let mut set = (*disclosure.set).clone();
        let form = &mut set.forms[0];
        let names: [(u32, &str, Option<u32>); 7] = [
            (29, "年初结转和结余", None),
            (32, "一、一般公共服务支出", Some(201)),
            (39, "八、社会保障和就业支出", Some(208)),
            (58, "本年支出合计", None),
            (59, "结余分配", None),
            (60, "年末结转和结余", None),
            (62, "总计", None),
        ];
        for (number, label, class) in names {
            let mut line = form.lines[0].clone();
            line.key = RowKey::Line(number);
            line.label = label.into();
            line.class = class.map(ClassCode);
            form.lines.push(line);
        }
        let concepts = [
            ("opening_balance", "甲01表29行"),
            ("spending_total", "甲01表58行"),
            ("surplus_distributed", "甲01表59行"),
            ("closing_balance", "甲01表60行"),
            ("spending_grand_total", "甲01表62行"),
            ("spending_basic", "甲02表合计行2栏"),
            ("spending_project", "甲02表合计行3栏"),
        ];
        set.concepts.extend(concepts.map(|(key, text)| (key.to_owned(), Reference::parse(text).unwrap())));
        let rows =
            set.forms[0].lines.iter().map(|line| Row::blank(&set.forms[0], line.key, disclosure.place)).collect();
        disclosure.tables[0] = Table::new(0, TableState::Filled, rows, None, disclosure.place);
        disclosure.set = Arc::new(set);
        for (line, text) in figures {
            let name = match line {
                1002 => "甲02表合计行2栏".to_owned(),
                1003 => "甲02表合计行3栏".to_owned(),
                line => format!("甲01表{line}行"),
            };
            fill(&mut disclosure, &name, wan(text));
        }
        disclosure.scale = scale;
        let site = site("", vec![disclosure]);
        chart(&site, &site.disclosures[0]).unwrap()
    }

    const AGREEING: [(u32, &str); 8] =
        [(1, "90"), (29, "10"), (31, "100"), (32, "60"), (39, "25"), (58, "85"), (60, "15"), (62, "100")];

    /// [`AGREEING`] with one figure written otherwise.
    fn but(line: u32, text: &'static str) -> Chart {
        flowing(&changed(line, text))
    }

    fn changed(line: u32, text: &'static str) -> Vec<(u32, &'static str)> {
        let mut figures: Vec<(u32, &str)> = AGREEING.iter().copied().filter(|(number, _)| *number != line).collect();
        figures.push((line, text));
        figures
    }

    #[test]
    fn both_sides_are_drawn_with_what_was_brought_and_carried_forward() {
        let chart = flowing(&AGREEING);
        assert_eq!(chart.shape, Shape::Flow);
        assert_eq!(
            chart.sentence.as_str(),
            "2023年度收入、支出总计各100万元。来源：财政拨款收入占90%，年初结转和结余占10%。\
             去向：一般公共服务支出占60%，社会保障和就业支出占25%，年末结转和结余占15%。"
        );
        let sums = [true, false].map(|comes| {
            chart.points.iter().filter(|point| point.comes() == comes).filter_map(Point::amount).sum::<Amount>()
        });
        assert_eq!(sums[0], sums[1]);
        assert_eq!(chart.points[0].anchor.as_deref(), Some("#t01-1-c1"));
    }

    #[test]
    fn sides_that_do_not_agree_are_said_and_not_drawn() {
        let cases = [
            (62, "101", "2023年度收入总计100万元，支出总计101万元，两边不相等，不画资金来源和去向。"),
            (62, "?", "2023年度收入总计或支出总计未提供，不画资金来源和去向。"),
            (29, "?", "2023年度收入、支出总计各100万元；有的来源或去向未提供，不画图。"),
            (29, "10.05", "2023年度收入、支出总计各100万元；各项来源相加是100.05万元，与总计不一致，不画图。"),
            (60, "14", "2023年度收入、支出总计各100万元；各项去向相加是99万元，与总计不一致，不画图。"),
            (60, "-15", "2023年度收入、支出总计各100万元；有的来源或去向是负数，画不成流向，见数据表。"),
        ];
        for (line, text, said) in cases {
            let chart = but(line, text);
            assert_eq!((chart.sentence.as_str(), chart.shape), (said, Shape::Sentence), "{line}行 {text}");
        }
    }

    #[test]
    fn a_tail_of_rounding_is_said_and_drawn() {
        let chart = but(29, "10.01");
        assert_eq!(chart.shape, Shape::Flow);
        assert!(chart.sentence.as_str().ends_with("各项四舍五入，相加与总计有尾差。"), "{}", chart.sentence);
        assert_eq!(chart.total, wan("100").amount(), "the printed total, not the sum");
    }

    #[test]
    fn a_tail_is_what_rounding_can_take_from_so_many_figures() {
        let one = [(1, "100.01"), (31, "100"), (32, "60"), (39, "40"), (58, "100"), (62, "100")];
        let said = "2023年度收入、支出总计各100万元；各项来源相加是100.01万元，与总计不一致，不画图。";
        assert_eq!(flowing(&one).sentence.as_str(), said, "one figure must be equal");
        assert_eq!(but(29, "10.02").shape, Shape::Sentence, "two may be 0.01 apart");
        let zero: Vec<_> = one.into_iter().chain([(29, "0.00")]).collect();
        assert_eq!(flowing(&zero).shape, Shape::Flow, "a printed 0.00 was rounded too");
        let exact = |figures: &[(u32, &str)]| entered(figures, Scale::Yuan).shape;
        assert_eq!(exact(&changed(29, "10.01")), Shape::Sentence, "figures in 元 are exact");
        assert_eq!(exact(&AGREEING), Shape::Flow);
    }

    #[test]
    fn totals_that_print_alike_are_not_said_to_differ() {
        let alike = entered(&changed(62, "100.003"), Scale::Yuan);
        assert_eq!(
            alike.sentence.as_str(),
            "2023年度收入总计100万元，支出总计100万元，两边基本相等但不完全一致，不画资金来源和去向。"
        );
        let apart = entered(&changed(62, "100.01"), Scale::Yuan);
        assert!(apart.sentence.as_str().contains("支出总计100.01万元，两边不相等"), "{}", apart.sentence);
    }

    #[test]
    fn one_class_is_told_by_basic_and_project_spending() {
        let figures = [(1, "90"), (31, "90"), (32, "90"), (58, "90"), (62, "90"), (1002, "60"), (1003, "30")];
        let chart = flowing(&figures);
        assert_eq!(
            chart.sentence.as_str(),
            "2023年度收入、支出总计各90万元。来源：全部是财政拨款收入。去向：基本支出占66.67%，项目支出占33.33%。"
        );
        assert_eq!(chart.shape, Shape::Flow);
        let alone = flowing(&figures[..5]);
        assert_eq!(
            (alone.sentence.as_str(), alone.shape),
            (
                "2023年度收入、支出总计各90万元。来源：全部是财政拨款收入。去向：全部是一般公共服务支出。",
                Shape::Sentence
            ),
            "one source and one way are a sentence"
        );
    }

    #[test]
    fn nothing_at_all_is_said() {
        let chart = flowing(&[]);
        assert_eq!((chart.sentence.as_str(), chart.shape), ("2023年度没有收入和支出。", Shape::Sentence));
    }
}
