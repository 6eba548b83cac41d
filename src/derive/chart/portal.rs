//! What all units of a year spent, by 类, and what part of it a unit is.
//!
//! Only like is added to like: disclosures of one year and one kind that give every 类 beside
//! 本年支出合计. A 部门 holds the figures of the units under it, so these are not added again
//! where its own are. Figures are added as published; nothing is estimated.

use std::collections::{BTreeMap, BTreeSet};

use crate::amount::{Amount, Percent, Scale};
use crate::derive::change::RATE_DECIMALS;
use crate::derive::chart::flow::class_lines;
use crate::derive::chart::sentence::{Sentence, money, share_text, shares};
use crate::derive::chart::{Chart, Point, Role, Shape};
use crate::model::code::ClassCode;
use crate::model::disclosure::Disclosure;
use crate::model::form::Kind;
use crate::model::site::Site;
use crate::model::table::Figure;

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
    /// How many are not because they do not give every 类.
    pub without: usize,
    /// The sum of each 类.
    pub classes: BTreeMap<ClassCode, Amount>,
}

impl Spending {
    /// The spending of the disclosures of a year.
    pub fn of(site: &Site, year: i32, listed: &[usize], kind: Kind) -> Self {
        let listed = listed.iter().copied().filter(|at| site.disclosures[*at].kind == kind);
        let all: BTreeMap<usize, Option<Vec<(ClassCode, Amount)>>> =
            listed.map(|at| (at, by_class(&site.disclosures[at]))).collect();
        let given = all.iter().filter(|(_, classes)| classes.is_some());
        let heads: BTreeSet<&str> = given
            .map(|(at, _)| &site.disclosures[*at])
            .filter(|disclosure| disclosure.word == "部门")
            .map(|disclosure| disclosure.unit.as_str())
            .collect();
        let mut spending = Self { year, kind, counted: BTreeSet::new(), held: 0, without: 0, classes: BTreeMap::new() };
        for (at, classes) in &all {
            match classes {
                _ if is_held(site, &site.disclosures[*at], &heads) => spending.held += 1,
                None => spending.without += 1,
                Some(classes) => spending.add(*at, classes),
            }
        }
        spending
    }

    fn add(&mut self, at: usize, classes: &[(ClassCode, Amount)]) {
        self.counted.insert(at);
        for (code, amount) in classes {
            let sum = self.classes.entry(*code).or_default();
            *sum = *sum + *amount;
        }
    }

    fn total(&self) -> Amount {
        self.classes.values().copied().sum()
    }

    /// The chart of the year; `None` for fewer than two disclosures, which add up to nothing.
    pub fn chart(&self, site: &Site, scale: Scale) -> Option<Chart> {
        if self.counted.len() < 2 {
            return None;
        }
        let total = self.total();
        let mut points: Vec<Point> =
            self.classes.iter().map(|(code, amount)| point(site, self.year, *code, *amount, Some(total))).collect();
        points.retain(|point| !point.amount().is_some_and(Amount::is_zero));
        points.sort_by_key(|point| std::cmp::Reverse(point.amount()));
        let shape = if points.len() > 1 { Shape::Bars } else { Shape::Sentence };
        Some(Chart {
            id: format!("class-share-{}", self.kind.key()),
            title: format!("{}年度各单位{}支出按功能分类合计", self.year, self.kind.name()),
            sentence: self.sentence(&points, total, scale)?,
            shape,
            points,
            scale,
        })
    }

    fn sentence(&self, points: &[Point], total: Amount, scale: Scale) -> Option<Sentence> {
        let mut text = format!("{}年度{}个单位公开的{}", self.year, self.counted.len(), self.kind.name());
        if points.is_empty() {
            text += "都没有支出。";
        } else {
            let more = format!("，本年支出合计{}：{}。", money(total, scale), shares(points, total));
            text += &more;
        }
        if self.held > 0 {
            let more = format!("另有{}个单位的数字已在所属部门的{}中，不重复相加。", self.held, self.kind.name());
            text += &more;
        }
        if self.without > 0 {
            let more = format!("{}个单位没有提供各类支出，未计入。", self.without);
            text += &more;
        }
        Sentence::of(text)
    }

    /// What part of the year's spending one disclosure is; `None` where it is not added up, or
    /// alone, or nothing was spent.
    pub fn part_of(&self, site: &Site, at: usize, scale: Scale) -> Option<Chart> {
        let total = self.total();
        if self.counted.len() < 2 || !self.counted.contains(&at) {
            return None;
        }
        let disclosure = &site.disclosures[at];
        let classes = by_class(disclosure)?;
        let own: Amount = classes.iter().map(|(_, amount)| *amount).sum();
        let share = share_text(own, total).filter(|_| !own.is_zero())?;
        let sum_of = |code: &ClassCode| self.classes.get(code).copied();
        let points: Vec<Point> = classes
            .iter()
            .filter(|(_, amount)| !amount.is_zero())
            .map(|(code, amount)| point(site, self.year, *code, *amount, sum_of(code)))
            .collect();
        let text = format!(
            "{}年度本{}本年支出合计{}，占本站{}个单位合计{}的{share}。各类支出占同类合计的比重见数据表。",
            self.year,
            disclosure.word,
            money(own, scale),
            self.counted.len(),
            money(total, scale)
        );
        Some(Chart {
            id: format!("portal-share-{}", self.kind.key()),
            title: format!("{}年度支出占本站各单位合计的比重", self.year),
            sentence: Sentence::of(text)?,
            shape: Shape::Sentence,
            points,
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

/// The figures of the 类 beside 本年支出合计; `None` where one is not known, or none is printed.
fn by_class(disclosure: &Disclosure) -> Option<Vec<(ClassCode, Amount)>> {
    let lines = class_lines(&disclosure.set);
    if lines.is_empty() {
        return None;
    }
    let class = |cell| {
        let code = disclosure.set.form_of(cell).line(cell.row)?.class?;
        Some((code, disclosure.figure(cell).amount_or_nothing()?))
    };
    lines.into_iter().map(class).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::derive::fixture::{disclosure, fill, site, wan};
    use crate::model::notation::Reference;

    /// A disclosure whose first two lines are 类 beside 本年支出合计.
    fn spending(unit: &str, word: &str, figures: [&str; 2]) -> Disclosure {
        let mut disclosure = disclosure();
        let mut set = (*disclosure.set).clone();
        set.forms[0].lines[0].class = Some(ClassCode(201));
        set.forms[0].lines[1].class = Some(ClassCode(208));
        set.concepts.insert("spending_total".into(), Reference::parse("甲01表31行").unwrap());
        disclosure.set = Arc::new(set);
        for (line, text) in ["甲01表1行", "甲01表2行"].into_iter().zip(figures) {
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
        let part = portal.1.part_of(&portal.0, 0, Scale::TenThousand).unwrap();
        assert_eq!(
            part.sentence.as_str(),
            "2023年度本单位本年支出合计15万元，占本站2个单位合计35万元的42.86%。各类支出占同类合计的比重见数据表。"
        );
        let shares: Vec<_> = part.points.iter().map(|point| point.share.unwrap().trimmed()).collect();
        assert_eq!(shares, ["33.33%", "100%"]);
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
        assert_eq!((held.1.held, held.1.counted.len(), held.1.total()), (1, 2, wan("45").amount().unwrap()));
        assert!(said(&held).unwrap().ends_with("另有1个单位的数字已在所属部门的决算中，不重复相加。"));
        assert_eq!(held.1.part_of(&held.0, 1, Scale::TenThousand), None);
        // The same units, when the head publishes as a 单位 of its own, or without figures.
        let mut own = all();
        own[0].word = "单位".into();
        assert_eq!(portal(own, &[("under", "head")]).1.counted.len(), 3);
        let mut unknown = all();
        unknown[0] = spending("head", "部门", ["?", "5"]);
        let unknown = portal(unknown, &[("under", "head")]);
        assert_eq!((unknown.1.counted.len(), unknown.1.without), (2, 1));
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
    fn another_kind_is_not_added() {
        let mut budget = spending("b", "单位", ["20", ""]);
        budget.kind = Kind::Budget;
        assert_eq!(portal(vec![spending("a", "单位", ["10", "5"]), budget], &[]).1.counted.len(), 1);
    }
}
