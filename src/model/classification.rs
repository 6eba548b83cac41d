//! The functional and economic classifications: names of codes and the years they hold.

use std::collections::BTreeMap;

use crate::model::code::ClassCode;

/// A classification of budget codes.
#[derive(Clone, Debug, Default)]
pub struct Classification {
    /// The file stem: `functional`, `economic`.
    pub id: String,
    /// The name shown to readers.
    pub name: String,
    /// What the list was taken from.
    pub source: String,
    /// The known codes; the list is incomplete.
    pub codes: BTreeMap<ClassCode, CodeEntry>,
}

/// A known code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CodeEntry {
    /// The name in force.
    pub name: String,
    /// Names of earlier years, with the last year of each.
    pub formerly: Vec<(String, i32)>,
    /// What the code covers, in own words.
    pub explanation: Option<String>,
}

impl Classification {
    /// The name of a code in a year.
    pub fn name_in(&self, code: ClassCode, year: i32) -> Option<&str> {
        let entry = self.codes.get(&code)?;
        let old = entry.formerly.iter().filter(|(_, until)| year <= *until).min_by_key(|(_, until)| *until);
        Some(old.map_or(entry.name.as_str(), |(name, _)| name))
    }

    /// Whether any known code lies in this code's 类.
    pub fn knows_class(&self, code: ClassCode) -> bool {
        self.codes.contains_key(&code.class())
    }
}
