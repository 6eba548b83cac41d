//! Invented disclosures, complete and honest, on any form set.
//!
//! 1. [`ledger`] draws the books of a unit in 分; [`prng`] makes the draw repeatable.
//! 2. [`words`] reads from a form's own words what each cell asks of the books.
//! 3. [`fill`] answers, and lets the set's relations ([`solve`]) determine the totals.
//! 4. [`document`] writes what the forms do not hold: opening budgets, facts, reasons, texts.
//! 5. [`source`] writes the tree as TOML or JSON, printed in 万元 (so that honest rounding
//!    tails occur) or entered in 元.
//!
//! Nothing here knows a set by name: a new province or year is exercised by being there.

pub mod document;
pub mod fill;
pub mod ledger;
pub mod prng;
pub mod solve;
pub mod source;
pub mod words;

use std::collections::BTreeSet;

use disclose::amount::{Amount, Scale};
use disclose::model::code::{ClassCode, Level};
use disclose::model::form::{CellRef, FormSet, Layout, RowKey};
use disclose::model::site::Site;

use fill::Filled;
use ledger::{Codes, Ledger};
use prng::Prng;
use source::Format;

/// How an invented disclosure is written, and for whom.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The unit's id.
    pub unit: &'a str,
    /// The 部门 it belongs to.
    pub parent: Option<&'a str>,
    /// TOML or JSON.
    pub format: Format,
    /// The unit of money of its figures.
    pub scale: Scale,
    /// What it is drawn from.
    pub seed: u64,
}

/// An invented disclosure.
#[derive(Clone, Debug)]
pub struct Invented {
    /// The books it was drawn from.
    pub ledger: Ledger,
    /// The exact figures of its tables.
    pub filled: Filled,
    /// Paths relative to the site, with their texts.
    pub files: Vec<(String, String)>,
}

/// Invents a unit with one complete disclosure on a form set.
pub fn invent(site: &Site, set: &FormSet, request: Request) -> Invented {
    let ledger = Ledger::draw(&codes(site, set), &mut Prng::new(request.seed));
    write(site, set, request, ledger)
}

/// Invents a 部门 with two 单位 under it: its books hold theirs and its own.
pub fn invent_department(site: &Site, set: &FormSet, request: Request) -> Vec<Invented> {
    let codes = codes(site, set);
    let children: Vec<Invented> = ["a", "b"]
        .iter()
        .zip(1..)
        .map(|(suffix, step)| {
            let unit = format!("{}-{suffix}", request.unit);
            let child = Request { unit: &unit, parent: Some(request.unit), seed: request.seed + step, ..request };
            let ledger = Ledger::draw(&codes, &mut Prng::new(child.seed));
            write(site, set, child, ledger)
        })
        .collect();
    let mut ledger = Ledger::draw(&codes, &mut Prng::new(request.seed));
    for child in &children {
        ledger.take_in(&child.ledger);
    }
    let mut all = vec![write(site, set, request, ledger)];
    all.extend(children);
    all
}

fn write(site: &Site, set: &FormSet, request: Request, ledger: Ledger) -> Invented {
    let filled = Filled::from_books(set, &ledger);
    let writer = document::Writer::new(site, set, request, &ledger, &filled);
    let files = writer.files();
    Invented { ledger, filled, files }
}

/// A figure as a source of this scale writes it.
pub fn printed(fen: i128, scale: Scale) -> String {
    Amount::from_fen(fen).print(scale).to_string()
}

/// What units on this set may spend on: known 项, the 款 of its by-item form, and those of its
/// wide columns.
fn codes(site: &Site, set: &FormSet) -> Codes {
    let functional = &site.classifications["functional"];
    let known = |code: &ClassCode| {
        let section = code.parent()?;
        (functional.codes.contains_key(&section) && functional.codes.contains_key(&code.class())).then_some(())
    };
    let of_level = |level| functional.codes.keys().copied().filter(move |code| code.level() == level);
    let items = of_level(Level::Item).filter(|code| known(code).is_some()).collect();
    let blocks = set.forms.iter().filter(|form| matches!(form.layout, Layout::Blocks { .. }));
    let basic: Vec<ClassCode> = blocks.flat_map(|form| form.line_codes(Level::Section)).collect();
    let columns: BTreeSet<ClassCode> =
        set.forms.iter().flat_map(|form| form.columns.iter().filter_map(|column| column.code)).collect();
    let project = if columns.is_empty() { basic.clone() } else { columns.into_iter().collect() };
    Codes { items, basic, project }
}

/// The rows of a table in printed order: 合计 where the form puts it, codes in code order.
fn printed_rows(rows: &BTreeSet<RowKey>, total_last: bool) -> Vec<RowKey> {
    let mut keys: Vec<RowKey> = rows.iter().copied().collect();
    keys.sort_by_key(|key| match key {
        RowKey::Code(code) => (0, code.sort_key()),
        _ => (if total_last { 1 } else { -1 }, (0, 0)),
    });
    keys
}

/// The cells of an invented disclosure that hold an amount, in order.
pub fn amounts(invented: &Invented) -> Vec<CellRef> {
    invented.filled.values.iter().filter(|(_, fen)| fen.is_some()).map(|(cell, _)| *cell).collect()
}
