//! 范围: which units and years a check tells of. The whole site is checked all the same, for
//! figures are compared between years, and between a department and its units.

use std::collections::BTreeSet;

use clap::Args;

use crate::check::{Counts, Report};
use crate::diagnostic::{Finding, SourceMap};
use crate::model::site::Site;
use crate::text::nearest;

/// The units and years that were asked for; all, where none are named.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct Scope {
    /// 只列出这个单位的问题（content/units 下的目录名），可以写几次；仍检查全站
    #[arg(long = "unit", value_name = "单位")]
    units: Vec<String>,
    /// 只列出这个年度的问题，可以写几次；仍检查全站
    #[arg(long = "year", value_name = "年度")]
    years: Vec<i32>,
}

/// A unit or year that the site does not have.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}“{name}”不在本站的数据中。{hint}")]
pub(super) struct Unknown {
    what: &'static str,
    name: String,
    hint: String,
}

impl Scope {
    /// Refuses units and years that the site knows nothing of, not even as a finding.
    pub(super) fn refuse_unknown(&self, site: &Site, findings: &[Finding], sources: &SourceMap) -> Result<(), Unknown> {
        let whose: Vec<_> = findings.iter().map(|finding| whose(finding, sources)).collect();
        let found = whose.iter().filter_map(|(unit, _)| *unit);
        let known = site.units.keys().chain(site.held_units.keys());
        let units: BTreeSet<&str> = known.map(String::as_str).chain(found).collect();
        let found = whose.iter().filter_map(|(_, year)| *year);
        let years: BTreeSet<i32> = site.disclosures.iter().map(|disclosure| disclosure.year).chain(found).collect();
        if let Some(unit) = self.units.iter().find(|unit| !units.contains(unit.as_str())) {
            let near = nearest(unit, units.iter().copied());
            let hint = near
                .map_or("单位写 content/units 下的目录名。".to_owned(), |near| format!("是不是“{near}”？"));
            return Err(Unknown { what: "单位", name: unit.clone(), hint });
        }
        if let Some(year) = self.years.iter().find(|year| !years.contains(year)) {
            let known: Vec<String> = years.iter().map(ToString::to_string).collect();
            let near = nearest(&year.to_string(), known.iter().map(String::as_str));
            let hint = near.map(|near| format!("是不是“{near}”？"));
            let hint = hint.unwrap_or_else(|| format!("本站有：{}。", known.join("、")));
            return Err(Unknown { what: "年度", name: year.to_string(), hint });
        }
        Ok(())
    }

    /// Whether a finding is told: one about no unit concerns everybody.
    pub(super) fn tells(&self, finding: &Finding, sources: &SourceMap) -> bool {
        let (unit, year) = whose(finding, sources);
        unit.is_none_or(|unit| self.has_unit(unit)) && year.is_none_or(|year| self.has_year(year))
    }

    /// How the relations of the disclosures in scope were judged.
    pub(super) fn counts(&self, site: &Site, report: &Report) -> Counts {
        let mut counts = Counts::default();
        for (disclosure, results) in site.disclosures.iter().zip(&report.results) {
            if self.has_unit(&disclosure.unit) && self.has_year(disclosure.year) {
                counts += results.counts();
            }
        }
        counts
    }

    fn has_unit(&self, unit: &str) -> bool {
        self.units.is_empty() || self.units.iter().any(|asked| asked == unit)
    }

    fn has_year(&self, year: i32) -> bool {
        self.years.is_empty() || self.years.contains(&year)
    }
}

/// The unit and year of a finding: as it says, else those of the folder that it stands in.
fn whose<'f>(finding: &'f Finding, sources: &'f SourceMap) -> (Option<&'f str>, Option<i32>) {
    let path = finding.place.map_or("", |place| sources.file(place.file).path);
    let mut folders = path.strip_prefix("content/units/").unwrap_or_default().split('/');
    let (unit, year) = (folders.next().filter(|unit| !unit.is_empty()), folders.next());
    let year = year.and_then(|folder| folder.split('-').next()?.parse().ok());
    (finding.unit.as_deref().or(unit), finding.year.or(year))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Place;

    fn scope(unit: &str, years: &[i32]) -> Scope {
        Scope { units: vec![unit.into()], years: years.into() }
    }

    #[test]
    fn a_finding_about_no_unit_is_told_to_everybody() {
        let mut sources = SourceMap::default();
        let site = sources.add("site.toml".into(), "");
        let finding = Finding::new("S004", "甲").at(Place::start_of(site));
        assert!(scope("a", &[2023]).tells(&finding, &sources));
    }

    #[test]
    fn a_finding_belongs_to_the_folder_that_it_stands_in() {
        let mut sources = SourceMap::default();
        let file = sources.add("content/units/a/2023-budget/work.md".into(), "");
        let finding = Finding::new("P003", "甲").at(Place::start_of(file));
        assert!(scope("a", &[]).tells(&finding, &sources) && scope("a", &[2023]).tells(&finding, &sources));
        assert!(!scope("b", &[]).tells(&finding, &sources) && !scope("a", &[2022]).tells(&finding, &sources));
        assert!(scope("b", &[]).tells(&finding.clone().about("b", 2023), &sources));
    }
}
