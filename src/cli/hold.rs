//! 草稿 and 暂不发布: what is set aside, so that it holds nobody up.
//!
//! 1. A draft is checked with the whole site, told, and taken out before anything else is judged:
//!    no finding about another disclosure rests on it.
//! 2. `--withhold` takes out what has errors, and the site is checked again without it, until
//!    what is left has none. An error that is no unit's still stops the build.
//! 3. What was published of it before stays: its own files, and pages of years and codes that
//!    only it is on. Lists and totals count what is published now.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::check;
use crate::claims::of_site;
use crate::diagnostic::{Finding, SourceMap, has_errors};
use crate::export;
use crate::load::Loaded;
use crate::model::disclosure::{Disclosure, State};
use crate::model::form::Kind;
use crate::model::site::Site;
use crate::render::Plan;
use crate::render::links::{disclosure_path, leading};

use super::today;

/// What is not published now: a unit's year, or all of a unit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Held {
    unit: String,
    /// The unit by its name, for people.
    name: String,
    /// The year, and which of its documents where that could be read.
    year: Option<(i32, Option<Kind>)>,
    /// The folder of its sources, where they could be read: `content/units/a/2023-budget/`.
    source: Option<String>,
}

impl Held {
    fn of(disclosure: &Disclosure, loaded: &Loaded) -> Self {
        let year = Some((disclosure.year, Some(disclosure.kind)));
        let path = loaded.sources.file(disclosure.place.file).path;
        let source = path.rfind('/').map(|end| path[..=end].to_owned());
        Self { year, source, ..Self::unit(&disclosure.unit, &loaded.site) }
    }

    fn unit(unit: &str, site: &Site) -> Self {
        let name = site.units.get(unit).map(|unit| unit.name.as_str()).filter(|name| !name.is_empty());
        Self { unit: unit.to_owned(), name: name.unwrap_or(unit).to_owned(), year: None, source: None }
    }

    /// Whether this holds back a disclosure of its unit.
    fn is(&self, disclosure: &Disclosure) -> bool {
        self.year.is_none_or(|(year, kind)| year == disclosure.year && kind.is_none_or(|kind| kind == disclosure.kind))
    }

    /// Where its files are published.
    fn folders(&self) -> Vec<String> {
        let Self { unit, .. } = self;
        let year = |year: i32, kind: Kind| match kind {
            Kind::Final => format!("units/{unit}/{year}/"),
            Kind::Budget => format!("units/{unit}/{year}-budget/"),
        };
        match self.year {
            None => vec![format!("units/{unit}/")],
            Some((of, Some(kind))) => vec![year(of, kind)],
            Some((of, None)) => vec![year(of, Kind::Final), year(of, Kind::Budget)],
        }
    }
}

/// `武汉市蔡甸区公共资源交易中心2023年度决算`
impl fmt::Display for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        match self.year {
            None => f.write_str("的全部年度"),
            Some((year, kind)) => write!(f, "{year}年度{}", kind.map_or("", Kind::name)),
        }
    }
}

/// What is held back of each unit.
fn by_unit(held: &BTreeSet<Held>) -> BTreeMap<&str, Vec<&Held>> {
    let mut units: BTreeMap<&str, Vec<&Held>> = BTreeMap::new();
    for held in held {
        units.entry(&held.unit).or_default().push(held);
    }
    units
}

/// Takes the drafts out of a loaded site, with what was found in them.
pub(super) fn drafts(loaded: &mut Loaded) -> Result<(BTreeSet<Held>, Vec<Finding>), today::BadEpoch> {
    let site = &loaded.site;
    let is_draft = |disclosure: &&Disclosure| disclosure.state == State::Draft;
    let mut held: BTreeSet<Held> = site.disclosures.iter().filter(is_draft).map(|d| Held::of(d, loaded)).collect();
    if held.is_empty() {
        return Ok((held, Vec::new()));
    }
    // Of a unit that has nothing else, the unit's own file is a draft too.
    let has_ready = |unit: &str| site.disclosures_of(unit).any(|disclosure| disclosure.state == State::Ready);
    let is_parent = |unit: &str| site.units.values().any(|child| child.parent.as_deref() == Some(unit));
    let units: BTreeSet<&str> = held.iter().map(|held| held.unit.as_str()).collect();
    let new: Vec<Held> = units
        .into_iter()
        .filter(|unit| !has_ready(unit) && !is_parent(unit))
        .map(|unit| Held::unit(unit, site))
        .collect();
    let found = whole(loaded)?;
    held.extend(new);
    let findings = split(found, &held, &loaded.sources).0.into_iter().map(Finding::of_draft).collect();
    take_out(loaded, &held);
    Ok((held, findings))
}

/// Everything that is found in the whole site, drafts and all.
fn whole(loaded: &Loaded) -> Result<Vec<Finding>, today::BadEpoch> {
    let Loaded { site, sources, findings } = loaded;
    let mut findings = findings.clone();
    let mut report = check::check(site);
    findings.append(&mut report.findings);
    findings.extend(of_site(site, sources).into_iter().flat_map(|(_, reading)| reading.findings));
    findings.extend(Plan::new(site, &report, export::downloads(site)).1);
    check::settle(site, sources, &mut findings, today::today()?);
    Ok(findings)
}

/// Whether a finding about its unit is about what is held back. Where a year has a budget too, the folder says
/// which of the two a finding is about.
fn concerns(held: &Held, finding: &Finding, sources: &SourceMap) -> bool {
    if finding.unit.as_ref() != Some(&held.unit) {
        return false;
    }
    let Some((year, _)) = held.year else { return true };
    if finding.year != Some(year) {
        return false;
    }
    let path = finding.place.map_or("", |place| sources.file(place.file).path);
    let in_a_year = path.starts_with(&format!("content/units/{}/{year}", held.unit));
    held.source.as_ref().is_none_or(|source| !in_a_year || path.starts_with(source.as_str()))
}

/// What the errors of a site are about; `None` where one is about no unit, or there is nothing
/// to hold back any more.
pub(super) fn failing(loaded: &Loaded, findings: &[Finding]) -> Option<BTreeSet<Held>> {
    let Loaded { site, sources, .. } = loaded;
    let mut held = BTreeSet::new();
    for finding in findings.iter().filter(|finding| has_errors(std::slice::from_ref(finding))) {
        let unit = finding.unit.as_deref()?;
        let Some(year) = finding.year else {
            held.insert(Held::unit(unit, site));
            continue;
        };
        let own = site.disclosures_of(unit).filter(|disclosure| disclosure.year == year);
        let own: Vec<Held> = own.map(|d| Held::of(d, loaded)).filter(|held| concerns(held, finding, sources)).collect();
        if own.is_empty() {
            held.insert(Held { year: Some((year, None)), ..Held::unit(unit, site) });
        }
        held.extend(own);
    }
    Some(held).filter(|held| !held.is_empty())
}

/// The units that are left with nothing by what was held back, where none is below them and nothing of
/// them was published: their pages would be empty.
pub(super) fn bare(site: &Site, held: &BTreeSet<Held>, published: &[String]) -> BTreeSet<Held> {
    let is_parent = |unit: &str| site.units.values().any(|child| child.parent.as_deref() == Some(unit));
    let is_published = |unit: &str| {
        let folder = format!("units/{unit}/");
        let first = published.partition_point(|path| *path < folder);
        published.get(first).is_some_and(|path| path.starts_with(&folder))
    };
    let units: BTreeSet<&str> = held.iter().map(|held| held.unit.as_str()).collect();
    let bare = units.into_iter().filter(|unit| {
        let has_none = site.disclosures_of(unit).next().is_none();
        has_none && site.units.contains_key(*unit) && !is_parent(unit) && !is_published(unit)
    });
    bare.map(|unit| Held::unit(unit, site)).collect()
}

/// Takes what is held back out of a site, with what loading found in it.
pub(super) fn take_out(loaded: &mut Loaded, held: &BTreeSet<Held>) {
    let Loaded { site, sources, findings } = loaded;
    *findings = split(std::mem::take(findings), held, sources).1;
    let units = by_unit(held);
    let is_held = |disclosure: &Disclosure| {
        units.get(disclosure.unit.as_str()).is_some_and(|held| held.iter().any(|held| held.is(disclosure)))
    };
    site.disclosures.retain(|disclosure| !is_held(disclosure));
    // Without them nothing is missing of them: what was published and cannot be kept is told.
    site.unread.retain(|unit| !units.contains_key(unit.as_str()));
    for held in held.iter().filter(|held| held.year.is_none()) {
        site.units.remove(&held.unit);
    }
}

/// Findings about what is held back, and the others.
pub(super) fn split(
    findings: Vec<Finding>,
    held: &BTreeSet<Held>,
    sources: &SourceMap,
) -> (Vec<Finding>, Vec<Finding>) {
    let units = by_unit(held);
    let of_unit = |finding: &Finding| units.get(finding.unit.as_deref()?);
    findings.into_iter().partition(|finding| {
        of_unit(finding).is_some_and(|held| held.iter().any(|held| concerns(held, finding, sources)))
    })
}

/// The published paths that stay as they were, of those given: the files of what is held back,
/// and the pages that the others leave bare.
pub(super) fn kept<'p>(site: &Site, held: &BTreeSet<Held>, paths: impl Iterator<Item = &'p str>) -> Vec<String> {
    if held.is_empty() {
        return Vec::new();
    }
    let folders: BTreeSet<String> = held.iter().flat_map(Held::folders).collect();
    let planned: BTreeSet<String> =
        site.disclosures.iter().map(|d| disclosure_path(d).replace("index.html", "")).collect();
    let own = |path: &str| {
        let year = leading(path, 3);
        (folders.contains(year) || folders.contains(leading(path, 2))) && !planned.contains(year)
    };
    let shared = |path: &str| ["codes/", "years/", "data/figures-"].iter().any(|start| path.starts_with(start));
    let mut kept: Vec<String> = paths.filter(|path| own(path) || shared(path)).map(str::to_owned).collect();
    kept.sort();
    kept.dedup();
    kept
}

/// What is told after a build that held something back: what, and what readers see of it; the
/// paths that were kept are sorted.
pub(super) fn tell(what: &str, held: &BTreeSet<Held>, kept: &[String]) -> String {
    let line = |held: &Held| {
        let is_below = |folder: &String| {
            let first = kept.partition_point(|path| path < folder);
            kept.get(first).is_some_and(|path| path.starts_with(folder.as_str()))
        };
        let is_kept = held.folders().iter().any(is_below);
        let seen =
            if is_kept { "网站上仍是上次公开的版本" } else { "以前没有公开过，网站上没有" };
        format!("  {held}：{seen}\n")
    };
    // Of a unit that is held back with everything, what counts are its years.
    let years: BTreeSet<&str> = held.iter().filter(|held| held.year.is_some()).map(|held| held.unit.as_str()).collect();
    let told: Vec<&Held> =
        held.iter().filter(|held| held.year.is_some() || !years.contains(held.unit.as_str())).collect();
    let lines: String = told.iter().map(|held| line(held)).collect();
    format!("{what} {} 份：\n{lines}", told.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Place;

    fn held(year: i32, kind: Option<Kind>, source: Option<&str>) -> Held {
        Held { unit: "a".into(), name: "甲".into(), year: Some((year, kind)), source: source.map(str::to_owned) }
    }

    #[test]
    fn a_finding_in_the_folder_of_the_budget_is_not_about_the_final_accounts() {
        let mut sources = SourceMap::default();
        let own = sources.add("content/units/a/2023/tables/01.toml".into(), "");
        let budget = sources.add("content/units/a/2023-budget/tables/01.toml".into(), "");
        let set = sources.add("content/forms/x/set.toml".into(), "");
        let accounts = held(2023, Some(Kind::Final), Some("content/units/a/2023/"));
        let finding = |file| Finding::new("C101", "甲").at(Place::start_of(file)).about("a", 2023);
        assert!(concerns(&accounts, &finding(own), &sources) && concerns(&accounts, &finding(set), &sources));
        assert!(!concerns(&accounts, &finding(budget), &sources));
        assert!(!concerns(&accounts, &finding(own).about("b", 2023), &sources));
        assert!(!concerns(&accounts, &finding(own).about("a", 2022), &sources));
    }

    #[test]
    fn of_a_held_year_its_own_files_stay_and_not_those_of_a_year_that_only_begins_alike() {
        let site = crate::check::testing::site(Vec::new());
        let paths = ["units/a/2023/x.csv", "units/a/2023-budget/x.csv", "units/ab/2023/x.csv", "units/a/index.html"];
        let kept = |held: Held| super::kept(&site, &BTreeSet::from([held]), paths.into_iter());
        assert_eq!(kept(held(2023, Some(Kind::Final), None)), ["units/a/2023/x.csv"]);
        let whole = Held { year: None, ..held(2023, None, None) };
        assert_eq!(kept(whole), ["units/a/2023-budget/x.csv", "units/a/2023/x.csv", "units/a/index.html"]);
    }

    #[test]
    fn what_could_not_be_read_may_have_been_either_document_of_its_year() {
        assert_eq!(held(2023, None, None).folders(), ["units/a/2023/", "units/a/2023-budget/"]);
        assert_eq!(held(2023, Some(Kind::Budget), None).folders(), ["units/a/2023-budget/"]);
    }

    #[test]
    fn what_is_told_says_whether_readers_see_an_older_version() {
        let told = |kept: &[&str]| {
            let kept: Vec<String> = kept.iter().map(|path| (*path).to_owned()).collect();
            tell("没有发布", &BTreeSet::from([held(2023, Some(Kind::Final), None)]), &kept)
        };
        assert_eq!(told(&["units/a/2023/x.csv"]), "没有发布 1 份：\n  甲2023年度决算：网站上仍是上次公开的版本\n");
        assert_eq!(told(&["units/a/2022/x.csv"]), "没有发布 1 份：\n  甲2023年度决算：以前没有公开过，网站上没有\n");
    }
}
