//! What texts of a site are looked through for besides their own disclosure: the names of its
//! units, and names that are no longer in force. Made once a site, asked for every text.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use crate::model::site::Site;

/// A site as its texts are read against it.
#[derive(Debug)]
pub struct Around<'a> {
    pub(super) site: &'a Site,
    pub(super) units: Arc<Names<'a>>,
    /// Names of codes that were replaced: the name, the last year it was in force, the name now.
    pub(super) obsolete: Arc<Vec<(&'a str, i32, &'a str)>>,
}

impl<'a> Around<'a> {
    /// Gathers the names of a site.
    pub fn of(site: &'a Site) -> Self {
        let entries = site.classifications.values().flat_map(|list| list.codes.values());
        let old = entries
            .flat_map(|entry| entry.formerly.iter().map(|(old, until)| (old.as_str(), *until, entry.name.as_str())));
        // A name is right or wrong whether its unit is published now or not: what was found in a text stays
        // what it is when others are held back.
        let units = site.units.values().chain(site.held_units.values());
        let units = Names::of(units.map(|unit| unit.name.as_str()));
        Self { site, units: Arc::new(units), obsolete: Arc::new(old.collect()) }
    }

    /// A part of the site, with the names of the whole.
    pub fn of_part<'p>(&self, part: &'p Site) -> Around<'p>
    where
        'a: 'p,
    {
        Around { site: part, units: Arc::clone(&self.units) as _, obsolete: Arc::clone(&self.obsolete) as _ }
    }
}

/// Names that texts are searched for all at once: the time is that of reading the text, however
/// many names there are.
#[derive(Clone, Debug, Default)]
pub(super) struct Names<'a> {
    known: HashSet<&'a str>,
    /// The lengths in bytes that names have, from short to long.
    lengths: Vec<usize>,
    /// Which pairs of first characters names have, by [`slot`].
    starts: Vec<u64>,
}

/// How many slots there are for pairs of first characters.
const SLOTS: u32 = 1 << 14;

impl<'a> Names<'a> {
    /// An index of names; a name of less than two characters is none.
    pub(super) fn of(names: impl IntoIterator<Item = &'a str>) -> Self {
        let mut index = Self { starts: vec![0; SLOTS as usize / 64], ..Self::default() };
        for name in names {
            let Some(slot) = slot(name) else { continue };
            index.starts[slot / 64] |= 1 << (slot % 64);
            index.known.insert(name);
        }
        let mut lengths: Vec<usize> = index.known.iter().map(|name| name.len()).collect();
        lengths.sort_unstable();
        lengths.dedup();
        index.lengths = lengths;
        index
    }

    /// Every place of a text where a name stands, with the name, from left to right; of names
    /// that begin at the same place the shorter first.
    pub(super) fn found_in<'t>(&'t self, text: &'t str) -> impl Iterator<Item = (Range<usize>, &'a str)> {
        let may_start = |rest: &str| {
            slot(rest).is_some_and(|slot| self.starts.get(slot / 64).is_some_and(|bits| bits >> (slot % 64) & 1 == 1))
        };
        let starts = text.char_indices().map(|(at, _)| at).filter(move |at| may_start(&text[*at..]));
        starts.flat_map(move |at| {
            let ends = self.lengths.iter().map(move |length| at + length);
            ends.filter_map(move |end| {
                let name = self.known.get(text.get(at..end)?)?;
                Some((at..end, *name))
            })
        })
    }
}

/// The slot of the first two characters of a text; `None` where there are not two.
fn slot(text: &str) -> Option<usize> {
    let mut chars = text.chars();
    let (first, second) = (u32::from(chars.next()?), u32::from(chars.next()?));
    Some((first.wrapping_mul(31).wrapping_add(second) % SLOTS) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found<'t>(names: &'t Names<'_>, text: &'t str) -> Vec<(usize, &'t str)> {
        names.found_in(text).map(|(range, name)| (range.start, name)).collect()
    }

    #[test]
    fn every_name_is_found_wherever_it_stands_and_within_longer_ones() {
        let names = Names::of(["甲市档案馆", "甲市", "乙", "", "丙县局", "甲市档案馆分馆"]);
        let text = "甲市档案馆分馆、乙和丙县局";
        assert_eq!(found(&names, text), [(0, "甲市"), (0, "甲市档案馆"), (0, "甲市档案馆分馆"), (30, "丙县局")]);
        for silent in ["", "甲", "丙县", "甲 市", "档案馆"] {
            assert_eq!(found(&names, silent), [], "{silent}");
        }
        assert_eq!(found(&Names::default(), text), []);
    }
}
