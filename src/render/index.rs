//! What pages list of each other: who is in a year, who spent on a code, who uses a term.
//!
//! Built once from the whole site; every list has the order of the site.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::derive::chart::portal;
use crate::model::code::ClassCode;
use crate::model::form::{CellRef, Kind, RowKey};
use crate::model::site::Site;
use crate::model::table::Figure;
use crate::model::unit::Unit;

/// A row that spends on a code: small, for a large site has very many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spending {
    disclosure: u32,
    form: u16,
    /// The first column: that of the total.
    column: u16,
}

impl Spending {
    /// The disclosure in the site's list.
    pub const fn disclosure(self) -> usize {
        self.disclosure as usize
    }

    /// The same in four bytes.
    pub const fn number(self) -> u32 {
        self.disclosure
    }

    /// The cell that says how much was spent on the code.
    pub const fn cell(self, code: ClassCode) -> CellRef {
        CellRef { form: self.form, row: RowKey::Code(code), column: self.column }
    }

    /// How much was spent on the code.
    pub fn figure(self, site: &Site, code: ClassCode) -> Figure {
        site.disclosures[self.disclosure()].figure(self.cell(code))
    }
}

/// The units in the order of the directory; parts of a site share that of the whole.
#[derive(Clone, Debug, Default)]
pub struct Order {
    /// Unit ids: by region, each 部门 before its 单位.
    pub units: Vec<String>,
    /// The place of each unit.
    pub places: BTreeMap<String, usize>,
    /// Where each region begins.
    pub region_start: BTreeMap<Vec<String>, usize>,
    /// Units under a 部门.
    pub children: BTreeMap<String, Vec<String>>,
}

/// The lists.
#[derive(Clone, Debug, Default)]
pub struct Index {
    /// The units.
    pub order: Arc<Order>,
    /// Disclosures of a unit, oldest first.
    pub by_unit: BTreeMap<String, Vec<usize>>,
    /// Disclosures of a year.
    pub by_year: BTreeMap<i32, Vec<usize>>,
    /// Who spent on a code, by classification.
    pub spending: BTreeMap<(String, ClassCode), Vec<Spending>>,
    /// What all disclosures of a year and kind spent, by 类.
    pub portal: BTreeMap<(i32, Kind), portal::Spending>,
}

/// For each classification, the concept of the form that says who spent.
const SPENDING: [(&str, &str); 2] = [("functional", "spending_by_function"), ("economic", "general_basic_by_item")];

impl Order {
    /// The order of a site's units.
    fn of(site: &Site) -> Self {
        let mut order = Self::default();
        for unit in site.units.values() {
            if let Some(parent) = &unit.parent {
                order.children.entry(parent.clone()).or_default().push(unit.id.clone());
            }
        }
        order.sort(site);
        order
    }

    /// 部门 with their 单位 come first in a region, then 单位 that belong to no 部门.
    fn sort(&mut self, site: &Site) {
        let mut units: Vec<&Unit> = site.units.values().collect();
        units.sort_by_key(|unit| {
            let head = unit.parent.as_ref().and_then(|id| site.units.get(id)).unwrap_or(unit);
            (&unit.region, head.kind != "部门", &head.id, unit.id != head.id, &unit.id)
        });
        for (at, unit) in units.iter().enumerate() {
            self.region_start.entry(unit.region.clone()).or_insert(at);
            self.places.insert(unit.id.clone(), at);
        }
        self.units = units.into_iter().map(|unit| unit.id.clone()).collect();
    }
}

impl Index {
    /// The lists of a site.
    pub fn new(site: &Site) -> Self {
        let mut index = Self::of_part(site, Arc::new(Order::of(site)));
        for at in 0..site.disclosures.len() {
            for (classification, concept) in SPENDING {
                index.add_spending(site, at, classification, concept);
            }
        }
        index.spending.values_mut().for_each(Vec::shrink_to_fit);
        index.add_up(site);
        index
    }

    /// What the pages of its own disclosures ask of a part of a site.
    pub fn of_part(part: &Site, order: Arc<Order>) -> Self {
        let mut index = Self { order, ..Self::default() };
        for (at, disclosure) in part.disclosures.iter().enumerate() {
            index.by_unit.entry(disclosure.unit.clone()).or_default().push(at);
            index.by_year.entry(disclosure.year).or_default().push(at);
        }
        index
    }

    fn add_up(&mut self, site: &Site) {
        for (year, listed) in &self.by_year {
            for kind in [Kind::Final, Kind::Budget] {
                self.portal.insert((*year, kind), portal::Spending::of(site, *year, listed, kind));
            }
        }
    }

    fn add_spending(&mut self, site: &Site, at: usize, classification: &str, concept: &str) {
        let disclosure = &site.disclosures[at];
        let Some((form, _)) = disclosure.set.concept_form(concept) else { return };
        let disclosure_number = u32::try_from(at).unwrap_or(u32::MAX);
        for (code, column, figure) in disclosure.table(form).codes() {
            // What exists and was not provided is spending too.
            if matches!(figure, Figure::Amount(_) | Figure::Unknown) {
                let spending = Spending { disclosure: disclosure_number, form, column };
                self.spending.entry((classification.to_owned(), code)).or_default().push(spending);
            }
        }
    }
}
