//! 草稿 and 暂不发布: what is set aside, so that it holds nobody up.
//!
//! 1. A draft is checked with the whole site, told, and taken out before anything else is judged:
//!    no finding about another disclosure rests on it. Only names stay known: a text that states
//!    another unit's figures for its own is wrong, whatever is published of that unit.
//! 2. `--withhold` takes out what has errors, and the site is checked again without it, until
//!    what is left has none. An error that is no unit's still stops the build.
//! 3. What was published of it before stays: its own files, and pages of years and codes that
//!    only it is on. Lists and totals count what is published now.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::diagnostic::{Finding, Severity, SourceMap};
use crate::load::{Loaded, unread};
use crate::model::disclosure::{Disclosure, State};
use crate::model::form::Kind;
use crate::model::site::{Common, Site};
use crate::publish::HeldBack;
use crate::render::links::{disclosure_path, leading};

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

/// What is held back, by its units.
#[derive(Debug, Default)]
pub(super) struct ByUnit<'h>(BTreeMap<&'h str, Vec<&'h Held>>);

impl<'h> ByUnit<'h> {
    fn of(held: impl IntoIterator<Item = &'h Held>) -> Self {
        let mut units: BTreeMap<&str, Vec<&Held>> = BTreeMap::new();
        for held in held {
            units.entry(&held.unit).or_default().push(held);
        }
        Self(units)
    }

    fn has(&self, disclosure: &Disclosure) -> bool {
        self.0.get(disclosure.unit.as_str()).is_some_and(|held| held.iter().any(|held| held.is(disclosure)))
    }

    /// Whether all of a unit is held back, its own file included.
    fn has_all_of(&self, unit: &str) -> bool {
        self.0.get(unit).is_some_and(|held| held.iter().any(|held| held.year.is_none()))
    }

    /// Findings about what is held back, and the others.
    fn split(&self, findings: Vec<Finding>, sources: &SourceMap) -> (Vec<Finding>, Vec<Finding>) {
        let of_unit = |finding: &Finding| self.0.get(finding.unit.as_deref()?);
        findings.into_iter().partition(|finding| {
            of_unit(finding).is_some_and(|held| held.iter().any(|held| concerns(held, finding, sources)))
        })
    }

    /// Takes it out of what loading found.
    fn take_findings(&self, Loaded { findings, sources, .. }: &mut Loaded) {
        *findings = self.split(std::mem::take(findings), sources).1;
    }

    /// Takes units of which everything is held back out of those that are published.
    fn take_units(&self, common: &mut Common) {
        let gone = self.0.keys().filter(|unit| self.has_all_of(unit));
        let gone: Vec<(String, _)> = gone.filter_map(|unit| common.units.remove_entry(*unit)).collect();
        common.held_units.extend(gone);
    }

    /// What the disclosures that are left of a site have in common.
    pub(super) fn left_of(&self, common: &Loaded) -> Loaded {
        let mut left = common.clone();
        self.take_findings(&mut left);
        if !self.0.is_empty() {
            self.take_units(&mut left.site);
        }
        left
    }

    /// Takes it out of a whole site.
    pub(super) fn take_out_of_site(&self, loaded: &mut Loaded) {
        self.take_out(loaded);
        self.take_units(&mut loaded.site);
        // Without it nothing is missing of it: what was published and cannot be kept is told.
        loaded.site.unread = unread(&loaded.findings);
    }
}

impl HeldBack for ByUnit<'_> {
    fn take_out(&self, part: &mut Loaded) {
        self.take_findings(part);
        part.site.disclosures.retain(|disclosure| !self.has(disclosure));
    }
}

/// What is held back of a site, as one round after the other shows.
#[derive(Debug, Default)]
pub(super) struct Holding {
    drafts: BTreeSet<Held>,
    withheld: BTreeSet<Held>,
}

/// What a round showed to be held back besides.
#[derive(Debug)]
pub(super) struct Newly {
    held: BTreeSet<Held>,
    are_drafts: bool,
}

impl Newly {
    /// What the round found about it.
    pub(super) fn told(&self, findings: Vec<Finding>, sources: &SourceMap) -> Vec<Finding> {
        let told = ByUnit::of(&self.held).split(findings, sources).0;
        if self.are_drafts { told.into_iter().map(Finding::of_draft).collect() } else { told }
    }

    /// The units that it is of.
    pub(super) fn units(&self) -> BTreeSet<String> {
        units_of(&self.held)
    }
}

impl Holding {
    /// What is to be held back besides, as a round found: its drafts, or else, where that is asked
    /// for, what has errors; `None` where the round stands. `published` says what was published before.
    pub(super) fn besides<'p>(
        &self,
        loaded: &Loaded,
        findings: &[Finding],
        withholds: bool,
        published: impl FnOnce() -> &'p [String],
    ) -> Option<Newly> {
        let drafts = drafts(loaded);
        // What was held back and still has errors cannot be mended by holding it back again.
        let failing = || failing(loaded, findings).filter(|failing| !failing.is_subset(&self.withheld));
        let (mut held, are_drafts) =
            if drafts.is_empty() { (withholds.then(failing).flatten()?, false) } else { (drafts, true) };
        held.extend(bare(&loaded.site, &held, published()));
        Some(Newly { held, are_drafts })
    }

    /// Holds back what a round showed.
    pub(super) fn add(&mut self, newly: Newly) {
        if newly.are_drafts { &mut self.drafts } else { &mut self.withheld }.extend(newly.held);
    }

    fn held(&self) -> impl Iterator<Item = &Held> {
        self.drafts.iter().chain(&self.withheld)
    }

    /// Everything that is held back, by its units.
    pub(super) fn by_unit(&self) -> ByUnit<'_> {
        ByUnit::of(self.held())
    }

    /// Whether something is held back for its errors.
    pub(super) fn has_withheld(&self) -> bool {
        !self.withheld.is_empty()
    }

    /// Keeps of the published paths those of what is held back; they are asked for only where
    /// something is.
    pub(super) fn keep<'p>(&self, site: &mut Site, published: impl FnOnce() -> &'p [String]) {
        if self.held().next().is_some() {
            site.kept = kept(site, self.held(), published().iter().map(String::as_str));
        }
    }

    /// Which drafts are not published, where there are any, and what readers see of them.
    pub(super) fn tell_drafts(&self, site: &Site) -> Option<String> {
        tell("草稿没有发布，共", &self.drafts, &site.kept)
    }

    /// What is withheld, where anything is, and what readers see of it.
    pub(super) fn tell_withheld(&self, site: &Site) -> Option<String> {
        tell("有错误，按 --withhold 没有发布的共", &self.withheld, &site.kept)
    }
}

/// Whether a disclosure is a draft.
pub(super) fn is_draft(disclosure: &Disclosure) -> bool {
    disclosure.state == State::Draft
}

fn units_of(held: &BTreeSet<Held>) -> BTreeSet<String> {
    held.iter().map(|held| held.unit.clone()).collect()
}

/// The drafts among the disclosures of a site.
fn drafts(loaded: &Loaded) -> BTreeSet<Held> {
    let site = &loaded.site;
    let drafts = site.disclosures.iter().filter(|disclosure| is_draft(disclosure));
    drafts.map(|disclosure| Held::of(disclosure, loaded)).collect()
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
fn failing(loaded: &Loaded, findings: &[Finding]) -> Option<BTreeSet<Held>> {
    let Loaded { site, sources, .. } = loaded;
    let mut held = BTreeSet::new();
    for finding in findings.iter().filter(|finding| finding.severity == Severity::Error) {
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

/// The units that are left with nothing by what is held back, where none is below them and nothing of
/// them was published: their pages would be empty.
fn bare(site: &Site, held: &BTreeSet<Held>, published: &[String]) -> BTreeSet<Held> {
    let by_unit = ByUnit::of(held);
    let is_left = |unit: &str| site.units.contains_key(unit) && !by_unit.has_all_of(unit);
    let left = site.units.values().filter(|unit| is_left(&unit.id));
    let parents: BTreeSet<&str> = left.filter_map(|unit| unit.parent.as_deref()).collect();
    let is_published = |unit: &str| {
        let folder = format!("units/{unit}/");
        let first = published.partition_point(|path| *path < folder);
        published.get(first).is_some_and(|path| path.starts_with(&folder))
    };
    let bare = by_unit.0.keys().copied().filter(|unit| {
        let has_none = site.disclosures_of(unit).all(|disclosure| by_unit.has(disclosure));
        has_none && is_left(unit) && !parents.contains(unit) && !is_published(unit)
    });
    bare.map(|unit| Held::unit(unit, site)).collect()
}

/// The published paths that stay as they were, of those given: the files of what is held back,
/// and the pages that the others leave bare.
fn kept<'h, 'p>(
    site: &Site,
    held: impl Iterator<Item = &'h Held>,
    paths: impl Iterator<Item = &'p str>,
) -> Vec<String> {
    let folders: BTreeSet<String> = held.flat_map(Held::folders).collect();
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
fn tell(what: &str, held: &BTreeSet<Held>, kept: &[String]) -> Option<String> {
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
    (!told.is_empty()).then(|| format!("{what} {} 份：\n{lines}", told.len()))
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
        let kept = |held: Held| super::kept(&site, std::iter::once(&held), paths.into_iter());
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
            tell("没有发布", &BTreeSet::from([held(2023, Some(Kind::Final), None)]), &kept).unwrap()
        };
        assert_eq!(told(&["units/a/2023/x.csv"]), "没有发布 1 份：\n  甲2023年度决算：网站上仍是上次公开的版本\n");
        assert_eq!(told(&["units/a/2022/x.csv"]), "没有发布 1 份：\n  甲2023年度决算：以前没有公开过，网站上没有\n");
    }
}
