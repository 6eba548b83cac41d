//! What all units of a year spent, by 类, and what part of it a unit is.
//!
//! Only like is added to like: disclosures of one year and one kind that give 本年支出合计 and
//! every 类 beside it; the totals are the printed ones. A 部门 holds the figures of the units under it, so these are not added again
//! where its own are. Figures are added as published; nothing is estimated.

use std::collections::{BTreeMap, BTreeSet};

use crate::amount::{Amount, Percent, Scale};
use crate::derive::change::RATE_DECIMALS;
use crate::derive::chart::sentence::{Sentence, money, share_text, shares};
use crate::derive::chart::{Chart, Point, Role, Shape, is_nothing, parts_agree};
use crate::model::code::ClassCode;
use crate::model::disclosure::Disclosure;
use crate::model::form::Kind;
use crate::model::site::Site;
use crate::model::table::Figure;

/// The fewest disclosures of whose sum a unit's part is told: of two, a part would only say how the
/// one stands to the other.
const FEWEST: usize = 3;

/// How far up a unit's 部门 are looked for; sources may go round in a circle.
const DEEPEST: usize = 16;

/// The spending of a year's disclosures of one kind, by 类.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spending {
    /// The fiscal year.
    pub year: i32,
    /// The kind of the disclosures.
    pub kind: Kind,
    /// The disclosures that are added up, by their places in the site.
    pub counted: BTreeSet<usize>,
    /// How many are not because their 部门 holds them.
    pub held: usize,
    /// Those that are not because they do not give 本年支出合计, by their places in the site.
    pub untotalled: Vec<usize>,
    /// Those that are not because they do not give every 类, by their places in the site.
    pub without: Vec<usize>,
    /// The sum of what is printed as 本年支出合计.
    pub total: Amount,
    /// The sum of each 类.
    pub classes: BTreeMap<ClassCode, Amount>,
    /// How the classes of those that are added up stand to their totals, at the worst.
    fit: Fit,
}

/// How the classes of a disclosure stand to its 本年支出合计.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Exact,
    Tail,
    Apart,
}

impl Fit {
    const fn words(self) -> &'static str {
        match self {
            Self::Exact => "",
            Self::Tail => "各类相加有尾差。",
            Self::Apart => "各类相加与合计不一致。",
        }
    }
}

/// What one disclosure spent.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Own {
    total: Amount,
    classes: Vec<(ClassCode, Amount)>,
    fit: Fit,
}

/// Why a disclosure is not added up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lack {
    Total,
    Classes,
}

impl Spending {
    /// The spending of the disclosures of a year.
    pub fn of(site: &Site, year: i32, listed: &[usize], kind: Kind) -> Self {
        let listed = listed.iter().copied().filter(|at| site.disclosures[*at].kind == kind);
        let all: BTreeMap<usize, Result<Own, Lack>> = listed.map(|at| (at, Own::of(&site.disclosures[at]))).collect();
        let given = all.iter().filter(|(_, own)| own.is_ok());
        let heads: BTreeSet<&str> = given
            .map(|(at, _)| &site.disclosures[*at])
            .filter(|disclosure| disclosure.word == "部门")
            .map(|disclosure| disclosure.unit.as_str())
            .collect();
        let mut spending = Self {
            year,
            kind,
            counted: BTreeSet::new(),
            held: 0,
            untotalled: Vec::new(),
            without: Vec::new(),
            total: Amount::ZERO,
            classes: BTreeMap::new(),
            fit: Fit::Exact,
        };
        for (at, own) in &all {
            match own {
                _ if is_held(site, &site.disclosures[*at], &heads) => spending.held += 1,
                Err(Lack::Total) => spending.untotalled.push(*at),
                Err(Lack::Classes) => spending.without.push(*at),
                Ok(own) => spending.add(*at, own),
            }
        }
        spending
    }

    fn add(&mut self, at: usize, own: &Own) {
        self.counted.insert(at);
        self.total = self.total + own.total;
        self.fit = self.fit.max(own.fit);
        for (code, amount) in &own.classes {
            let sum = self.classes.entry(*code).or_default();
            *sum = *sum + *amount;
        }
    }

    /// The chart of the year; `None` for fewer than two disclosures, which add up to nothing.
    pub fn chart(&self, site: &Site, scale: Scale) -> Option<Chart> {
        if self.counted.len() < 2 {
            return None;
        }
        let total = self.total;
        let mut points: Vec<Point> =
            self.classes.iter().map(|(code, amount)| point(site, self.year, *code, *amount, Some(total))).collect();
        points.retain(|point| !point.amount().is_some_and(Amount::is_zero));
        points.sort_by_key(|point| std::cmp::Reverse(point.amount()));
        let shape = if points.len() > 1 { Shape::Bars } else { Shape::Sentence };
        Some(Chart {
            id: format!("class-share-{}", self.kind.key()),
            title: format!("{}年度各单位{}支出按功能分类合计", self.year, self.kind.name()),
            sentence: self.sentence(site, &points, scale)?,
            shape,
            points,
            total: Some(total),
            scale,
        })
    }

    fn sentence(&self, site: &Site, points: &[Point], scale: Scale) -> Option<Sentence> {
        let mut text = format!("{}年度{}个单位公开的{}", self.year, self.counted.len(), self.kind.name());
        if points.is_empty() {
            text += "都没有支出。";
        } else {
            let words = shares(points, self.total);
            let more = format!("，本年支出合计{}：{words}。{}", money(self.total, scale), self.fit.words());
            text += &more;
        }
        if self.held > 0 {
            let more = format!("另有{}个单位的数字已在所属部门的{}中，不重复相加。", self.held, self.kind.name());
            text += &more;
        }
        for (left_out, what) in [(&self.untotalled, "本年支出合计"), (&self.without, "各类支出")] {
            if !left_out.is_empty() {
                let more = format!("{}没有提供{what}，未计入。", named(site, left_out));
                text += &more;
            }
        }
        Sentence::of(text)
    }

    /// What part of the year's spending one disclosure is; `None` where it is not added up, or one
    /// of fewer than [`FEWEST`], or nothing was spent.
    pub fn part_of(&self, site: &Site, at: usize, scale: Scale) -> Option<Chart> {
        let total = self.total;
        if self.counted.len() < FEWEST || !self.counted.contains(&at) {
            return None;
        }
        let disclosure = &site.disclosures[at];
        let own = Own::of(disclosure).ok()?;
        let share = share_text(own.total, total).filter(|_| !own.total.is_zero())?;
        let sum_of = |code: &ClassCode| self.classes.get(code).copied();
        let points: Vec<Point> = own
            .classes
            .iter()
            .filter(|(_, amount)| !amount.is_zero())
            .map(|(code, amount)| point(site, self.year, *code, *amount, sum_of(code)))
            .collect();
        let text = format!(
            "{}年度本{}本年支出合计{}，占本站{}个单位合计{}的{share}。{}各类支出占同类合计的比重见数据表。",
            self.year,
            disclosure.word,
            money(own.total, scale),
            self.counted.len(),
            money(total, scale),
            own.fit.words()
        );
        Some(Chart {
            id: format!("portal-share-{}", self.kind.key()),
            title: format!("{}年度支出占本站各单位合计的比重", self.year),
            sentence: Sentence::of(text)?,
            shape: Shape::Sentence,
            points,
            total: Some(total),
            scale,
        })
    }
}

fn point(site: &Site, year: i32, code: ClassCode, amount: Amount, whole: Option<Amount>) -> Point {
    let name = site.functional_name(code, year).map_or_else(|| code.to_string(), str::to_owned);
    let share = whole.and_then(|whole| Percent::of(amount, whole, RATE_DECIMALS));
    Point { share, ..Point::new(name, Figure::Amount(amount), Role::Figure) }
}

/// Whether a 部门 above the unit has figures that hold the unit's.
fn is_held(site: &Site, disclosure: &Disclosure, heads: &BTreeSet<&str>) -> bool {
    let parent = |id: &str| site.units.get(id).and_then(|unit| unit.parent.as_deref());
    std::iter::successors(parent(&disclosure.unit), |id| parent(id))
        .take(DEEPEST)
        .any(|id| id != disclosure.unit && heads.contains(id))
}

impl Own {
    /// What a disclosure prints as 本年支出合计, and the 类 beside it.
    fn of(disclosure: &Disclosure) -> Result<Self, Lack> {
        let classes = by_class(disclosure).ok_or(Lack::Classes)?;
        let nothing = classes.iter().all(|(_, figure)| is_nothing(*figure));
        let cell = disclosure.set.concept_cell("spending_total").ok_or(Lack::Total)?;
        let total = match disclosure.figure(cell) {
            Figure::Amount(total) => total,
            // No figure under figures was not given; under none it is nothing.
            Figure::Blank if nothing => Amount::ZERO,
            _ => return Err(Lack::Total),
        };
        let known: Vec<(ClassCode, Amount)> =
            classes.iter().filter_map(|(code, figure)| Some((*code, figure.amount_or_nothing()?))).collect();
        let sum: Amount = known.iter().map(|(_, amount)| *amount).sum();
        let fit = if sum == total {
            Fit::Exact
        } else if parts_agree(disclosure, classes.iter().map(|(_, figure)| *figure), total) {
            Fit::Tail
        } else {
            Fit::Apart
        };
        Ok(Self { total, classes: known, fit })
    }
}

/// The figures of the 类 beside 本年支出合计; `None` where one is not known, or none is printed.
fn by_class(disclosure: &Disclosure) -> Option<Vec<(ClassCode, Figure)>> {
    let lines = disclosure.set.class_lines();
    if lines.is_empty() {
        return None;
    }
    let class = |cell| {
        let code = disclosure.set.form_of(cell).line(cell.row)?.class?;
        let figure = disclosure.figure(cell);
        figure.amount_or_nothing().map(|_| (code, figure))
    };
    lines.into_iter().map(class).collect()
}

/// How many units a sentence names before it says how many there are.
const NAMED: usize = 5;

/// The names of units: `甲、乙`, `甲、乙等9个单位`.
fn named(site: &Site, disclosures: &[usize]) -> String {
    let name = |at: &usize| {
        let id = &site.disclosures[*at].unit;
        site.units.get(id).map_or(id.as_str(), |unit| unit.name.as_str())
    };
    let names: Vec<&str> = disclosures.iter().take(NAMED).map(name).collect();
    let names = names.join("、");
    if disclosures.len() > NAMED { format!("{names}等{}个单位", disclosures.len()) } else { names }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::derive::fixture::{disclosure, fill, site, wan};
    use crate::model::form::Column;
    use crate::model::notation::Reference;
    use crate::model::table::Cell;

    /// A disclosure whose first two lines are 类 beside 本年支出合计.
    fn spending(unit: &str, word: &str, figures: [&str; 2]) -> Disclosure {
        let known = figures.iter().filter_map(|text| wan(text).amount());
        let total = known.sum::<Amount>().print(Scale::TenThousand).to_string();
        totalled(unit, word, figures, &total)
    }

    /// The same with a printed total of its own.
    fn totalled(unit: &str, word: &str, figures: [&str; 2], total: &str) -> Disclosure {
        let mut disclosure = disclosure();
        let mut set = (*disclosure.set).clone();
        set.forms[0].lines[0].class = Some(ClassCode(201));
        set.forms[0].lines[1].class = Some(ClassCode(208));
        set.concepts.insert("spending_total".into(), Reference::parse("甲01表31行").unwrap());
        disclosure.set = Arc::new(set);
        for (line, text) in ["甲01表1行", "甲01表2行", "甲01表31行"].into_iter().zip([figures[0], figures[1], total])
        {
            fill(&mut disclosure, line, wan(text));
        }
        disclosure.unit = unit.into();
        disclosure.word = word.into();
        disclosure
    }

    fn portal(disclosures: Vec<Disclosure>, parents: &[(&str, &str)]) -> (Site, Spending) {
        let mut site = site("", disclosures);
        let ids: Vec<String> = site.disclosures.iter().map(|disclosure| disclosure.unit.clone()).collect();
        let unit = site.units["unit"].clone();
        for id in ids {
            let parent = parents.iter().find(|(child, _)| *child == id).map(|(_, parent)| (*parent).to_owned());
            site.units.insert(id.clone(), crate::model::unit::Unit { id, parent, ..unit.clone() });
        }
        let all: Vec<usize> = (0..site.disclosures.len()).collect();
        let spending = Spending::of(&site, 2023, &all, Kind::Final);
        (site, spending)
    }

    fn said(portal: &(Site, Spending)) -> Option<String> {
        portal.1.chart(&portal.0, Scale::TenThousand).map(|chart| chart.sentence.to_string())
    }

    #[test]
    fn the_year_is_added_up_by_class() {
        let portal = portal(vec![spending("a", "单位", ["10", "5"]), spending("b", "单位", ["20", ""])], &[]);
        assert_eq!(said(&portal).unwrap(), "2023年度2个单位公开的决算，本年支出合计35万元：201占85.71%，208占14.29%。");
        assert_eq!(portal.1.part_of(&portal.0, 0, Scale::TenThousand), None, "a part of two says nothing");
    }

    /// The same disclosure with a column of budgets before that of the figures.
    fn behind_budgets(mut disclosure: Disclosure) -> Disclosure {
        let mut set = (*disclosure.set).clone();
        let form = &mut set.forms[0];
        let budgets = Column { heading: vec!["年初预算数".into()], ..form.columns[0].clone() };
        form.columns[0].number = 2;
        form.columns.insert(0, budgets);
        form.lines.iter_mut().for_each(|line| line.columns = 0..2);
        set.concepts.insert("spending_total".into(), Reference::parse("甲01表31行2栏").unwrap());
        disclosure.set = Arc::new(set);
        for row in disclosure.tables[0].rows_mut() {
            let budget = Cell { figure: wan("1"), ..row.cells[0] };
            row.columns = 0..2;
            row.cells.insert(0, budget);
        }
        disclosure
    }

    #[test]
    fn disclosures_in_brief_add_up_as_whole_ones_do_in_whatever_column_the_total_stands() {
        let spent = || [spending("a", "单位", ["10", "5"]), spending("b", "单位", ["20", ""])];
        for whole in [spent().to_vec(), spent().map(behind_budgets).to_vec()] {
            let brief = whole.iter().map(Disclosure::in_brief).collect();
            let (whole, brief) = (portal(whole, &[]), portal(brief, &[]));
            assert!(said(&whole).unwrap().contains("201占85.71%"), "{:?}", said(&whole));
            assert_eq!(brief.1, whole.1);
        }
    }

    #[test]
    fn from_three_disclosures_on_each_is_told_its_part_of_the_year_and_of_every_class() {
        let spent = [("a", ["10", "5"]), ("b", ["20", ""]), ("c", ["", "5"])];
        let portal = portal(spent.map(|(unit, figures)| spending(unit, "单位", figures)).into(), &[]);
        let part = portal.1.part_of(&portal.0, 0, Scale::TenThousand).unwrap();
        assert_eq!(
            part.sentence.as_str(),
            "2023年度本单位本年支出合计15万元，占本站3个单位合计40万元的37.5%。各类支出占同类合计的比重见数据表。"
        );
        let shares: Vec<_> = part.points.iter().map(|point| point.share.unwrap().trimmed()).collect();
        assert_eq!(shares, ["33.33%", "50%"]);
    }

    #[test]
    fn a_department_holds_its_units_and_they_are_not_added_twice() {
        let all = || {
            vec![
                spending("head", "部门", ["30", "5"]),
                spending("under", "单位", ["20", ""]),
                spending("alone", "单位", ["10", ""]),
            ]
        };
        let held = portal(all(), &[("under", "head")]);
        assert_eq!((held.1.held, held.1.counted.len(), held.1.total), (1, 2, wan("45").amount().unwrap()));
        assert!(said(&held).unwrap().ends_with("另有1个单位的数字已在所属部门的决算中，不重复相加。"));
        assert_eq!(held.1.part_of(&held.0, 1, Scale::TenThousand), None);
        // The same units, when the head publishes as a 单位 of its own, or without figures.
        let mut own = all();
        own[0].word = "单位".into();
        assert_eq!(portal(own, &[("under", "head")]).1.counted.len(), 3);
        let mut unknown = all();
        unknown[0] = spending("head", "部门", ["?", "5"]);
        let unknown = portal(unknown, &[("under", "head")]);
        assert_eq!((unknown.1.counted.len(), unknown.1.without.len()), (2, 1));
    }

    #[test]
    fn fewer_than_two_known_disclosures_are_no_portal() {
        assert_eq!(said(&portal(vec![spending("a", "单位", ["10", "5"])], &[])), None);
        let unknown = portal(vec![spending("a", "单位", ["10", "5"]), spending("b", "单位", ["?", "1"])], &[]);
        assert_eq!(said(&unknown), None);
        let nothing = portal(vec![spending("a", "单位", ["", ""]), spending("b", "单位", ["", "0"])], &[]);
        assert_eq!(said(&nothing).unwrap(), "2023年度2个单位公开的决算都没有支出。");
        assert_eq!(nothing.1.part_of(&nothing.0, 0, Scale::TenThousand), None);
    }

    #[test]
    fn the_total_is_the_printed_one_and_a_tail_of_its_classes_is_said() {
        let other = || spending("b", "单位", ["20", ""]);
        let tail = portal(vec![totalled("a", "单位", ["10.01", "5.01"], "15.01"), other()], &[]);
        assert_eq!(
            said(&tail).unwrap(),
            "2023年度2个单位公开的决算，本年支出合计35.01万元：201占85.72%，208占14.31%。各类相加有尾差。"
        );
        let tail = || totalled("a", "单位", ["10.01", "5.01"], "15.01");
        let three = portal(vec![tail(), other(), spending("c", "单位", ["20", ""])], &[]);
        let part = three.1.part_of(&three.0, 0, Scale::TenThousand).unwrap();
        assert_eq!(
            part.sentence.as_str(),
            "2023年度本单位本年支出合计15.01万元，占本站3个单位合计55.01万元的27.29%。各类相加有尾差。\
             各类支出占同类合计的比重见数据表。"
        );
        let fault = portal(vec![totalled("a", "单位", ["10", "5"], "16"), other()], &[]);
        assert!(said(&fault).unwrap().ends_with("各类相加与合计不一致。"), "{:?}", said(&fault));
        let exact = portal(vec![totalled("a", "单位", ["10", "5"], "15"), other()], &[]);
        assert!(!said(&exact).unwrap().contains("相加"));
        let part = three.1.part_of(&three.0, 1, Scale::TenThousand).unwrap();
        assert!(!part.sentence.as_str().contains("相加"), "its own classes add up: {}", part.sentence);
    }

    #[test]
    fn who_gives_no_total_is_named_and_not_counted() {
        let given = |unit| spending(unit, "单位", ["20", ""]);
        for missing in ["?", ""] {
            let portal = portal(vec![given("a"), totalled("b", "单位", ["10", "5"], missing), given("c")], &[]);
            assert_eq!(
                said(&portal).unwrap(),
                "2023年度2个单位公开的决算，本年支出合计40万元：全部是201。某中心没有提供本年支出合计，未计入。",
                "{missing}"
            );
            assert_eq!(portal.1.part_of(&portal.0, 1, Scale::TenThousand), None);
        }
        let nothing = portal(vec![given("a"), totalled("b", "单位", ["", ""], ""), given("c")], &[]);
        assert_eq!(nothing.1.counted.len(), 3, "a table without a figure is nothing spent");
    }

    #[test]
    fn another_kind_is_not_added() {
        let mut budget = spending("b", "单位", ["20", ""]);
        budget.kind = Kind::Budget;
        assert_eq!(portal(vec![spending("a", "单位", ["10", "5"]), budget], &[]).1.counted.len(), 1);
    }
}
