//! Invented disclosures as tests ask for them: a set's press made ready once, and the files.

pub mod document;

pub use disclose::synth::{prng, relations as solve, source};

use std::collections::BTreeMap;
use std::sync::OnceLock;

use disclose::amount::Scale;
use disclose::model::disclosure::Disclosure;
use disclose::model::form::{CellRef, FormSet};
use disclose::model::site::Site;
use disclose::model::unit::Unit;
use disclose::synth::ledger::Ledger;
use disclose::synth::press::{Filled, Press};
use disclose::synth::{invent, write};

use crate::support::blank_site;
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
    /// The unit.
    pub unit: Unit,
    /// The disclosure in memory.
    pub disclosure: Disclosure,
    /// The books it was drawn from.
    pub ledger: Ledger,
    /// The exact figures of its tables.
    pub filled: Filled,
    /// Paths relative to the site, with their texts.
    pub files: Vec<(String, String)>,
}

/// Every set's press, made ready once.
pub fn press(set: &FormSet) -> &'static Press {
    static PRESSES: OnceLock<BTreeMap<String, Press>> = OnceLock::new();
    let presses = PRESSES.get_or_init(|| {
        let sets = blank_site().sets.iter();
        sets.map(|(id, set)| (id.clone(), Press::new(blank_site(), set).unwrap())).collect()
    });
    &presses[&set.id]
}

/// Invents a unit with one complete disclosure on a form set.
pub fn invent(site: &Site, set: &FormSet, request: Request) -> Invented {
    written(invent::invent(site, press(set), &plain(&request)), request.format)
}

/// Invents a 部门 with two 单位 under it.
pub fn invent_department(site: &Site, set: &FormSet, request: Request) -> Vec<Invented> {
    let all = invent::department(site, press(set), &plain(&request));
    all.into_iter().map(|invented| written(invented, request.format)).collect()
}

/// Invents a unit with a disclosure for each of some years.
pub fn invent_years(site: &Site, set: &FormSet, request: Request, count: usize) -> Vec<Invented> {
    let all = invent::years(site, press(set), &plain(&request), count);
    all.into_iter().map(|invented| written(invented, request.format)).collect()
}

const fn plain<'a>(request: &Request<'a>) -> invent::Request<'a> {
    invent::Request { unit: request.unit, parent: request.parent, scale: request.scale, seed: request.seed }
}

fn written(invented: invent::Invented, format: Format) -> Invented {
    let invent::Invented { unit, disclosure, ledger, filled } = invented;
    let mut files = vec![write::unit_file(&unit, format)];
    files.extend(write::disclosure_files(&disclosure, format));
    Invented { unit, disclosure, ledger, filled, files }
}

impl Invented {
    /// The exact amount in a cell, in 分.
    pub fn fen(&self, cell: CellRef) -> Option<i128> {
        press(&self.disclosure.set).fen(&self.filled, cell)
    }

    /// The rows of the by-code forms.
    pub fn rows(&self) -> solve::Rows {
        let by_code =
            |form: &disclose::model::form::Form| matches!(form.layout, disclose::model::form::Layout::ByCode { .. });
        let tables = self.disclosure.set.forms.iter().zip(&self.disclosure.tables);
        let total = disclose::model::form::RowKey::Total;
        tables
            .filter(|(form, _)| by_code(form))
            .map(|(_, table)| (table.form, table.rows.iter().map(|row| row.key).chain([total]).collect()))
            .collect()
    }

    /// The exact figures of every cell of its tables; `None` is blank.
    pub fn exact(&self) -> solve::Values {
        let cells = self.disclosure.tables.iter().flat_map(disclose::model::table::Table::cells);
        cells.map(|(cell, _)| (cell, self.fen(cell))).collect()
    }
}

/// The cells of an invented disclosure that hold an amount, in order.
pub fn amounts(invented: &Invented) -> Vec<CellRef> {
    invented.exact().into_iter().filter(|(_, fen)| fen.is_some()).map(|(cell, _)| cell).collect()
}
