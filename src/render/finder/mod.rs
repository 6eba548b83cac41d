//! 查找: the finder's data as classic scripts, loaded on demand by `assets/finder.js`.
//!
//! Scripts, not fetched files, so that the finder works from disk and below any sub-path. What
//! repeats from unit to unit is written once, so that a query loads little however many units
//! there are:
//!
//! 1. `base.js`: what does not grow with the unit-years: row names ([`rows`]), codes, terms,
//!    the tables of each form set, regions.
//! 2. `units-0.js`, `units-1.js` …: the units, [`BLOCK`] each, with their disclosures.
//! 3. `rows-0.js`, `rows-1.js` …: for a run of row names, every row of that name with the
//!    disclosure it stands in and its amount. One row name lies in one file.
//!
//! Every file is one call, `finder("rows-0", …)`. The number of files follows from the number
//! of units and disclosures alone, so that the paths are known before anything is gathered.

mod initials;
mod rows;
mod write;

use rayon::prelude::*;

use crate::model::site::Site;
use crate::render::index::Index;
use rows::Rows;
pub(crate) use rows::{Gatherer, Headings, OwnRows};

/// The folder of the finder's data.
const FOLDER: &str = "assets/finder";

/// How many units a file holds.
const BLOCK: usize = 1_000;

/// How many disclosures add a file of rows: at about 150 rows with amounts in each disclosure
/// and 8 bytes a row, a file has some 20 KB.
const DISCLOSURES_A_SHARD: usize = 16;

/// A file of the finder's data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shard {
    /// What does not grow with the units.
    Base,
    /// A block of units.
    Units(usize),
    /// The rows of a run of row names.
    Rows(usize),
}

impl Shard {
    /// Its name in its call and, with `.js`, in its folder.
    fn name(self) -> String {
        match self {
            Self::Base => "base".to_owned(),
            Self::Units(at) => format!("units-{at}"),
            Self::Rows(at) => format!("rows-{at}"),
        }
    }

    /// Its path.
    pub(crate) fn path(self) -> String {
        format!("{FOLDER}/{}.js", self.name())
    }
}

/// The finder of a site. Its rows are gathered with the plan: gathering them when a page first asks
/// would wait, inside one parallel job, for others that may ask the same.
#[derive(Debug, Default)]
pub(crate) struct Finder {
    rows: Rows,
}

impl Finder {
    /// Gathers what the files tell.
    pub(crate) fn new(site: &Site) -> Self {
        let gatherer = Gatherer::default();
        let own: Vec<OwnRows> = site.disclosures.par_iter().map(|disclosure| gatherer.rows(site, disclosure)).collect();
        Self::of(site, &gatherer.headings(), own.iter())
    }

    /// The finder of a site whose disclosures' rows were gathered.
    pub(crate) fn of<'o>(site: &Site, headings: &Headings, own: impl Iterator<Item = &'o OwnRows>) -> Self {
        Self { rows: Rows::new(headings, own, row_shards(site)) }
    }

    /// The files of a site's finder.
    pub(crate) fn shards(site: &Site) -> Vec<Shard> {
        let units = (0..unit_blocks(site)).map(Shard::Units);
        std::iter::once(Shard::Base).chain(units).chain((0..row_shards(site)).map(Shard::Rows)).collect()
    }

    /// The bytes of a file; pure, so files can be made in parallel.
    pub(crate) fn bytes(&self, site: &Site, index: &Index, shard: Shard) -> Vec<u8> {
        let data = match shard {
            Shard::Base => write::base(site, index, &self.rows),
            Shard::Units(at) => write::units(site, index, at * BLOCK..(at + 1) * BLOCK),
            Shard::Rows(at) => write::rows(&self.rows, at),
        };
        format!("finder(\"{}\",{data});\n", shard.name()).into_bytes()
    }
}

fn unit_blocks(site: &Site) -> usize {
    site.units.len().div_ceil(BLOCK)
}

fn row_shards(site: &Site) -> usize {
    site.disclosures.len().div_ceil(DISCLOSURES_A_SHARD)
}
