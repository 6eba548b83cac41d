//! A site examined family by family: each is read, checked and let go again, and what lists,
//! comparisons and the finder ask of it is kept. For its pages it is brought back.
//!
//! What is held back of a site ([`HeldBack`]) is known when all of it was examined. Then what is left
//! is examined again ([`Families::survey_again`]): only families of which something is held back, for
//! the others come to the same. Nothing that is examined with one family rests on whether a unit
//! of another is published: not who is below whom, not the names that its texts are looked
//! through for, which stay known ([`crate::model::site::Common::held_units`]).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;
use sha2::{Digest as _, Sha256};

use super::aside::Aside;
use super::examine::Examined;
use super::recall::Recall;
use super::side_by_side::side_by_side;
use crate::check::{self, Checks, DisclosureResults, Report, Unlisted};
use crate::claims::{Around, Tally, of_part};
use crate::diagnostic::{self, Finding};
use crate::export;
use crate::load::{Family, Loaded, Shelf, unread};
use crate::model::date::Date;
use crate::model::disclosure::Disclosure;
use crate::model::site::Site;
use crate::model::stored::{Known, Reader, Stored as _, stored};
use crate::render::recipe::Hashes;
use crate::render::{Bring, Brought, Composed, Composer, Gist, Headings, Plan, listed_terms};

/// What is not published of a site now.
pub trait HeldBack: Sync {
    /// Takes it out of a part of a site, with what loading found in it.
    fn take_out(&self, part: &mut Loaded);
}

/// The families of a site, with what they are examined with.
pub struct Families<'s> {
    shelf: &'s Shelf,
    /// What the disclosures that are published have in common, with what was found there.
    common: &'s Loaded,
    held: Option<&'s dyn HeldBack>,
    units: Vec<Vec<String>>,
    /// The family of each unit.
    of: BTreeMap<&'s str, usize>,
    checks: Checks<'s>,
    composer: Composer<'s>,
    around: Around<'s>,
    /// What is wrong with what the disclosures have in common.
    faults: Vec<Finding>,
}

/// A site whose families were examined, with its disclosures in brief.
#[derive(Debug)]
pub struct Survey {
    /// The site, its sources known by their paths, and everything that was found up to and
    /// including the checks, not yet settled.
    pub loaded: Loaded,
    /// The verdicts, counted.
    pub report: Report,
    /// How the figures in the units' own texts were read, by disclosure.
    pub prose: Vec<Tally>,
    /// Hashes of what was read, for recipes.
    pub hashes: Hashes,
    /// How many disclosures were examined before, and not touched since.
    pub recalled: usize,
    /// For the plan and [`Families::survey_again`] alone.
    pub workings: Workings,
    /// What was read and written, for pages.
    aside: Aside,
}

/// What was worked out for the disclosures of a survey, of no use once it is planned and nothing more
/// is held back.
#[derive(Debug, Default)]
pub struct Workings {
    /// What was written for them.
    gists: Vec<Gist>,
    /// What the rows in the gists are called.
    headings: Headings,
    /// What each may lack in its list of terms.
    unlisted: Vec<Unlisted>,
    /// Where the findings about what all have in common end, then those about each family.
    ends: Vec<usize>,
}

/// What is kept of a disclosure.
#[derive(Debug)]
struct Kept {
    disclosure: Disclosure,
    results: DisclosureResults,
    prose: Tally,
    gist: Gist,
    unlisted: Unlisted,
}

/// What is kept of a family.
#[derive(Debug, Default)]
pub(super) struct KeptFamily {
    kept: Vec<Kept>,
    findings: Vec<Finding>,
    years: BTreeMap<String, [u8; 32]>,
}

/// A family while the others are examined.
enum Waiting {
    /// As it was recalled.
    Recalled(KeptFamily),
    /// As it is kept for the next build: what stays of a family would lie scattered among what was
    /// read and let go of the others, and keep twice the memory from being used again.
    Examined(Box<[u8]>),
}

impl KeptFamily {
    fn packed(&self) -> Box<[u8]> {
        let mut bytes = Vec::new();
        self.put(&mut bytes);
        bytes.into()
    }
}

impl Kept {
    /// A hash of what lists keep of it, its rows for the finder left out.
    fn hash(&self) -> [u8; 32] {
        let mut bytes = Vec::new();
        self.disclosure.without_places().put(&mut bytes);
        self.results.put(&mut bytes);
        self.gist.put_for_lists(&mut bytes);
        Sha256::digest(bytes).into()
    }
}

stored!(Kept { disclosure, results, prose, gist, unlisted });
stored!(KeptFamily { kept, findings, years });

impl<'s> Families<'s> {
    /// The families of a site of which nothing is held back.
    pub fn new(shelf: &'s Shelf) -> Self {
        Self::of(shelf, shelf.common(), None)
    }

    /// The families of a site without what is held back: `common` is what the others have in common.
    pub fn without(shelf: &'s Shelf, common: &'s Loaded, held: &'s dyn HeldBack) -> Self {
        Self::of(shelf, common, Some(held))
    }

    fn of(shelf: &'s Shelf, common: &'s Loaded, held: Option<&'s dyn HeldBack>) -> Self {
        let site = &common.site;
        let units = shelf.families();
        let numbered = units.iter().enumerate();
        let numbers: BTreeMap<&str, usize> =
            numbered.flat_map(|(at, units)| units.iter().map(move |unit| (unit.as_str(), at))).collect();
        let all = shelf.common().site.units.keys();
        let of = all.filter_map(|unit| Some((unit.as_str(), *numbers.get(unit.as_str())?))).collect();
        let (composer, mut faults) = Composer::new(site);
        let checks = Checks::new(site);
        faults.splice(0..0, checks.faults());
        Self { shelf, common, held, of, checks, composer, around: Around::of(site), faults, units }
    }

    /// Examines every family.
    pub fn survey(&self) -> Survey {
        let (recall, headings) = Recall::of(self.shelf);
        self.composer.recall(headings);
        let aside = Aside::new(self.shelf, self.units.len());
        let examined = side_by_side(&self.units, |family| self.recall(family, &recall, &aside));
        let recalled = examined.iter().zip(&self.units).filter_map(|(waiting, units)| match waiting {
            Waiting::Recalled(family) => Some((family.kept.len(), units.first().map_or("", String::as_str))),
            Waiting::Examined(_) => None,
        });
        let (recalled, units): (Vec<usize>, Vec<&str>) = recalled.unzip();
        let units = if recall.is_in_place() { units } else { Vec::new() };
        recall.finish(units.into_iter(), &self.composer.headings(), &self.common.sources);
        let known = Known { files: None, sets: self.common.site.sets.clone() };
        let families = examined.into_iter().zip(&self.units);
        let families: Vec<KeptFamily> =
            families.map(|(waiting, units)| self.unpack(waiting, units, &known, &aside)).collect();
        Survey { recalled: recalled.into_iter().sum(), ..self.joined(families.into_iter(), BTreeMap::new(), aside) }
    }

    /// Examines what is left of a site, where a survey with its findings as they were is at hand: of
    /// `units` something is held back since. What is examined here is kept for no other build: the
    /// next begins with everything again.
    pub fn survey_again(&self, before: Survey, units: &BTreeSet<String>) -> Survey {
        let recalled = before.recalled;
        let (mut families, years, aside) = self.apart(before);
        let touched: BTreeSet<usize> = units.iter().filter_map(|unit| self.of.get(unit.as_str()).copied()).collect();
        let touched: Vec<usize> = touched.into_iter().collect();
        for at in &touched {
            aside.forget(*at);
        }
        let anew = side_by_side(&touched, |at| self.examine(&self.units[*at], &aside));
        for (at, family) in touched.into_iter().zip(anew) {
            families[at] = family;
        }
        Survey { recalled, ..self.joined(families.into_iter(), years, aside) }
    }

    /// What families came to, together.
    fn joined(
        &self,
        families: impl ExactSizeIterator<Item = KeptFamily>,
        mut years: BTreeMap<String, [u8; 32]>,
        aside: Aside,
    ) -> Survey {
        let mut findings = [self.common.findings.clone(), self.faults.clone()].concat();
        let mut ends = Vec::with_capacity(families.len() + 1);
        ends.push(findings.len());
        let mut kept: Vec<Kept> = Vec::new();
        for mut family in families {
            findings.append(&mut family.findings);
            ends.push(findings.len());
            years.append(&mut family.years);
            kept.append(&mut family.kept);
        }
        kept.sort_by(|a, b| key(&a.disclosure).cmp(&key(&b.disclosure)));
        let hashes = Hashes { years, briefs: kept.par_iter().map(Kept::hash).collect() };
        let mut site = Site { disclosures: Vec::with_capacity(kept.len()), ..self.common.site.clone() };
        let (mut report, mut prose, mut gists, mut unlisted) = (Report::default(), Vec::new(), Vec::new(), Vec::new());
        for one in kept {
            site.disclosures.push(one.disclosure);
            report.results.push(one.results);
            prose.push(one.prose);
            gists.push(one.gist);
            unlisted.push(one.unlisted);
        }
        let listed = listed_terms(&site, &gists);
        let told = site.disclosures.iter().zip(&unlisted).filter_map(|(disclosure, unlisted)| {
            Some(unlisted.told(&listed, &site)?.about(&disclosure.unit, disclosure.year))
        });
        findings.extend(told);
        let unread = unread(&findings);
        if !unread.is_empty() {
            site.unread = unread;
        }
        let loaded = Loaded { site, sources: self.common.sources.clone(), findings };
        let workings = Workings { gists, headings: self.composer.headings(), unlisted, ends };
        Survey { loaded, report, prose, hashes, recalled: 0, workings, aside }
    }

    /// What each family came to, by its number, the hashes of all units' years, and what was put aside.
    fn apart(&self, survey: Survey) -> (Vec<KeptFamily>, BTreeMap<String, [u8; 32]>, Aside) {
        let Survey { loaded, report, prose, hashes, workings, aside, .. } = survey;
        let Workings { gists, headings, unlisted, ends } = workings;
        self.composer.recall(headings);
        let mut found = loaded.findings.into_iter();
        found.by_ref().take(ends[0]).for_each(drop);
        let lengths = ends.windows(2).map(|ends| ends[1] - ends[0]);
        let findings = lengths.map(|length| found.by_ref().take(length).collect());
        let mut families: Vec<KeptFamily> =
            findings.map(|findings| KeptFamily { findings, ..KeptFamily::default() }).collect();
        let checked = loaded.site.disclosures.into_iter().zip(report.results);
        let written = prose.into_iter().zip(gists).zip(unlisted);
        for ((disclosure, results), ((prose, gist), unlisted)) in checked.zip(written) {
            let family = &mut families[self.of[disclosure.unit.as_str()]];
            family.kept.push(Kept { disclosure, results, prose, gist, unlisted });
        }
        (families, hashes.years, aside)
    }

    /// A family as it was examined before, where nobody has touched its files, or examined now.
    fn recall(&self, family: &[String], recall: &Recall, aside: &Aside) -> Waiting {
        let stamps = self.shelf.stamps(family);
        let recalled = stamps.and_then(|stamps| recall.family(family, &stamps));
        if let Some(recalled) = recalled {
            if let Some(stamps) = stamps.filter(|_| !recall.is_in_place()) {
                recall.keep(family, &stamps, &recalled.packed());
            }
            return Waiting::Recalled(recalled);
        }
        let examined = self.examine(family, aside);
        let packed = examined.packed();
        // What could not be read may be read tomorrow, or by somebody else, with the same stamps.
        if let Some(stamps) = stamps.filter(|_| unread(&examined.findings).is_empty()) {
            recall.keep(family, &stamps, &packed);
        }
        Waiting::Examined(packed)
    }

    /// What waits of a family, as it is used.
    fn unpack(&self, waiting: Waiting, units: &[String], known: &Known, aside: &Aside) -> KeptFamily {
        match waiting {
            Waiting::Recalled(family) => family,
            Waiting::Examined(packed) => {
                let family = KeptFamily::take(&mut Reader::new(&packed, known));
                family.unwrap_or_else(|| self.examine(units, aside))
            }
        }
    }

    /// Reads a family, without what is held back of it.
    fn read(&self, family: &[String]) -> Family {
        let mut read = self.shelf.read(family);
        if let Some(held) = self.held {
            read.loaded.site.common = Arc::clone(&self.common.site.common);
            held.take_out(&mut read.loaded);
        }
        read
    }

    /// Examines a family, and puts it aside for its pages.
    fn examine(&self, family: &[String], aside: &Aside) -> KeptFamily {
        let Family { loaded, sources: years } = self.read(family);
        let Loaded { site, sources, findings } = loaded;
        let readings = of_part(&self.around.of_part(&site), &sources);
        let Examined { report, mut findings, prose } = Examined::of(findings, self.checks.part(&site), readings);
        let (gists, composed, found) = self.composer.survey(&site);
        findings.extend(found);
        if let Some(number) = family.first().and_then(|unit| self.of.get(unit.as_str())) {
            aside.put(*number, &site, &composed);
        }
        let kept = site.disclosures.iter().zip(&report.results).zip(prose.into_iter().zip(gists));
        let kept = kept.map(|((disclosure, results), (prose, gist))| Kept {
            disclosure: disclosure.in_brief(),
            results: results.in_brief(),
            prose,
            gist,
            unlisted: Unlisted::of(disclosure, &site),
        });
        KeptFamily { kept: kept.collect(), findings, years }
    }
}

impl std::fmt::Debug for Families<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Families").field("units", &self.units).finish_non_exhaustive()
    }
}

fn key(disclosure: &Disclosure) -> (&str, i32, crate::model::form::Kind) {
    (&disclosure.unit, disclosure.year, disclosure.kind)
}

impl Survey {
    /// The plan of the site; what planning finds joins the findings, in order, with the site's
    /// levels and exceptions applied as of `today`.
    pub fn plan<'a>(
        &'a self,
        families: &'a Families<'a>,
        workings: &Workings,
        findings: &mut Vec<Finding>,
        today: Date,
    ) -> Plan<'a> {
        let Loaded { site, sources, .. } = &self.loaded;
        let downloads = export::downloads_in_brief(site);
        let returning = Returning { families, years: &self.hashes.years, aside: &self.aside };
        let (plan, found) =
            Plan::in_brief(site, &self.report, downloads, (&workings.gists, &families.composer), Box::new(returning));
        findings.extend(found);
        check::settle(site, sources, findings, today);
        diagnostic::sort(findings, sources);
        plan.telling(findings).with_prose(self.prose.clone())
    }
}

/// Brings the families of a survey back.
struct Returning<'a> {
    families: &'a Families<'a>,
    years: &'a BTreeMap<String, [u8; 32]>,
    aside: &'a Aside,
}

impl Bring for Returning<'_> {
    fn family_of(&self, unit: &str) -> usize {
        self.families.of.get(unit).copied().unwrap_or_default()
    }

    fn bring(&self, family: usize, show: &mut dyn FnMut(Brought<'_>)) -> Result<(), Box<Finding>> {
        let Families { checks, composer, common, .. } = self.families;
        let (site, composed) = match self.aside.take(family, &common.site) {
            Some(aside) => aside,
            None => self.read(family)?,
        };
        let site = &site;
        let report = Report { results: checks.relations(site), findings: Vec::new() };
        let downloads = export::downloads_of_part(site);
        show(Brought {
            site,
            report: &report,
            downloads,
            lister: checks.lister(site),
            composed,
            linker: composer.linker(),
        });
        Ok(())
    }
}

impl Returning<'_> {
    /// Reads a family again that was not put aside.
    fn read(&self, family: usize) -> Result<(Site, Composed), Box<Finding>> {
        let units = &self.families.units[family];
        let Family { loaded, sources } = self.families.read(units);
        let changed = units.iter().find(|unit| sources.get(*unit) != self.years.get(*unit));
        if let Some(unit) = changed {
            let message = format!("生成网站的过程中，单位“{unit}”的源文件被改动");
            return Err(Box::new(Finding::new("P025", message).help("请等文件改完保存以后，再生成一次")));
        }
        let (composed, _) = self.families.composer.compose(&loaded.site);
        Ok((loaded.site, composed))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;
    use crate::load;

    /// A site with the repository's units, in a folder of its own.
    fn site() -> tempfile::TempDir {
        let (folder, from) = (tempfile::tempdir().unwrap(), Path::new(env!("CARGO_MANIFEST_DIR")));
        for entry in walkdir::WalkDir::new(from.join("content/units")) {
            let entry = entry.unwrap();
            let to = folder.path().join(entry.path().strip_prefix(from).unwrap());
            if entry.file_type().is_dir() {
                fs::create_dir_all(to).unwrap();
            } else {
                fs::copy(entry.path(), to).unwrap();
            }
        }
        fs::write(folder.path().join("site.toml"), "title = \"甲\"\ndescription = \"乙\"\npublisher = \"丙\"\n")
            .unwrap();
        folder
    }

    fn day() -> Date {
        Date::parse("2026-01-01").unwrap()
    }

    /// What a site tells when it is examined at once.
    fn at_once(root: &Path) -> Vec<String> {
        let loaded = load::load(root).unwrap();
        let super::super::Examined { report, mut findings, .. } = super::super::examine(&loaded);
        super::super::plan(&loaded, &report, &mut findings, day());
        told(&findings, &loaded.sources)
    }

    fn by_families(root: &Path) -> Vec<String> {
        let shelf = Shelf::open(root).unwrap().unwrap();
        let families = Families::new(&shelf);
        let mut survey = families.survey();
        let (mut findings, workings) = (survey.loaded.findings.clone(), std::mem::take(&mut survey.workings));
        survey.plan(&families, &workings, &mut findings, day());
        told(&findings, &survey.loaded.sources)
    }

    /// Findings without the numbers of files, which depend on the order of reading.
    fn told(findings: &[Finding], sources: &diagnostic::SourceMap) -> Vec<String> {
        let place =
            |place: diagnostic::Place| format!("{}:{}..{}", sources.file(place.file).path, place.start, place.end);
        let one = |finding: &Finding| {
            let places: Vec<String> = finding
                .place
                .iter()
                .chain(finding.related.iter().flat_map(|related| &related.place))
                .map(|at| place(*at))
                .collect();
            format!(
                "{} {:?} {} {:?} {:?} {:?} {places:?} {:?}",
                finding.code.id,
                finding.severity,
                finding.message,
                finding.unit,
                finding.year,
                finding.cell,
                finding.help
            )
        };
        findings.iter().map(one).collect()
    }

    #[test]
    fn mistakes_of_every_kind_are_told_as_when_everything_is_examined_at_once() {
        let site = site();
        let unit = site.path().join("content/units/caidian-ggzy");
        assert_eq!(by_families(site.path()), at_once(site.path()));
        let table = fs::read_to_string(unit.join("2023/tables/01.toml")).unwrap();
        let main = fs::read_to_string(unit.join("2023/disclosure.toml")).unwrap();
        let mistakes: [(&str, Vec<u8>); 9] = [
            ("2023/tables/01.toml", table.replace("27 = 373.97", "27 = 374.97").into_bytes()),
            ("2023/tables/01.toml", table.replace("27 = 373.97", "27 = = 3x").into_bytes()),
            ("2023/tables/02.toml", vec![0xFF, 0xFE, 0, 1]),
            ("2023/disclosure.toml", format!("zzz = 1\n{main}").into_bytes()),
            ("2023/work.md", "见[这里](javascript:alert(1))和[那里](/nowhere/index.html)。\n".as_bytes().to_vec()),
            ("2023/notes.docx", b"PK".to_vec()),
            ("broken.toml", b"a = = 3x".to_vec()),
            ("stray.toml", b"a = 1".to_vec()),
            (
                "2023/narrative.md",
                "## 一、部门职责\n\n本单位２０２３年支出 999.99 元，\u{200b}占 101%。{{ x }}\n".as_bytes().to_vec(),
            ),
        ];
        for (path, bytes) in mistakes {
            let file = unit.join(path);
            let before = fs::read(&file).ok();
            fs::write(&file, bytes).unwrap();
            let told = at_once(site.path());
            assert_eq!(by_families(site.path()), told, "{path}");
            match before {
                Some(before) => fs::write(&file, before).unwrap(),
                None => fs::remove_file(&file).unwrap(),
            }
        }
    }

    #[test]
    #[cfg(unix)]
    fn a_family_that_nobody_touched_is_told_as_before_wherever_its_files_stand_now() {
        let site = site();
        let unit = site.path().join("content/units/caidian-ggzy");
        let table = fs::read_to_string(unit.join("2023/tables/01.toml")).unwrap();
        fs::write(unit.join("2023/tables/01.toml"), table.replace("27 = 373.97", "27 = 374.97")).unwrap();
        super::super::make_folder(site.path());
        // So lately, another change might not show in the times of the files.
        assert_eq!(recalled(site.path()), 0);
        assert_eq!(recalled(site.path()), 0);
        std::thread::sleep(std::time::Duration::from_secs(5));
        assert_eq!(recalled(site.path()), 0);
        assert_eq!(recalled(site.path()), 2);
        let told = at_once(site.path());
        assert!(told.iter().any(|finding| finding.contains("374.97")), "{told:?}");
        assert_eq!(by_families(site.path()), told);
        // A file before all others of the units: those have other numbers from now on.
        fs::write(site.path().join("content/a.toml"), "a = 1\n").unwrap();
        assert_eq!(recalled(site.path()), 0, "what all have in common has changed");
        fs::write(unit.join("2023/a.toml"), "a = 1\n").unwrap();
        assert_eq!(recalled(site.path()), 1);
        assert_eq!(by_families(site.path()), at_once(site.path()));
        super::super::forget(site.path());
        assert_eq!(recalled(site.path()), 0);
    }

    #[test]
    #[cfg(unix)]
    fn a_family_of_which_something_could_not_be_read_is_examined_again() {
        let site = site();
        let table = site.path().join("content/units/caidian-ggzy/2023/tables/01.toml");
        let text = fs::read_to_string(&table).unwrap();
        fs::write(&table, text.replace("27 = 373.97", "27 = = 3x")).unwrap();
        super::super::make_folder(site.path());
        std::thread::sleep(std::time::Duration::from_secs(5));
        assert_eq!(recalled(site.path()), 0);
        assert_eq!(recalled(site.path()), 1, "the other unit");
    }

    /// How many disclosures are not examined again.
    fn recalled(root: &Path) -> usize {
        let shelf = Shelf::open(root).unwrap().unwrap();
        Families::new(&shelf).survey().recalled
    }

    #[test]
    #[cfg(unix)]
    fn a_symlink_in_place_of_a_table_is_told_once() {
        let site = site();
        let table = site.path().join("content/units/caidian-ggzy/2023/tables/01.toml");
        fs::rename(&table, site.path().join("01.toml")).unwrap();
        std::os::unix::fs::symlink(site.path().join("01.toml"), &table).unwrap();
        let told = at_once(site.path());
        assert!(told.iter().any(|finding| finding.starts_with("S013")), "{told:?}");
        assert_eq!(by_families(site.path()), told);
    }

    #[test]
    fn what_was_checked_is_published_whatever_is_changed_afterwards() {
        let site = site();
        super::super::make_folder(site.path());
        let shelf = Shelf::open(site.path()).unwrap().unwrap();
        let families = Families::new(&shelf);
        let mut survey = families.survey();
        let workings = std::mem::take(&mut survey.workings);
        let plan = survey.plan(&families, &workings, &mut Vec::new(), day());
        let page = plan.find("units/caidian-ggzy/2023/index.html").unwrap();
        let before = plan.content(page).unwrap().into_bytes();
        fs::remove_dir_all(site.path().join("content/units/caidian-ggzy/2023")).unwrap();
        assert_eq!(plan.content(page).unwrap().into_bytes(), before);
    }

    #[test]
    fn what_is_changed_after_it_was_checked_and_could_not_wait_is_not_published() {
        let site = site();
        let shelf = Shelf::open(site.path()).unwrap().unwrap();
        let families = Families::new(&shelf);
        let mut survey = families.survey();
        let workings = std::mem::take(&mut survey.workings);
        let plan = survey.plan(&families, &workings, &mut Vec::new(), day());
        let [own, other] =
            ["caidian-ggzy", "luzhou-zwfw"].map(|unit| plan.find(&format!("units/{unit}/2023/index.html")).unwrap());
        assert!(plan.content(own).is_ok());
        let file = site.path().join("content/units/caidian-ggzy/2023/tables/01.toml");
        let text = fs::read_to_string(&file).unwrap();
        fs::write(&file, format!("{text}# 加一句\n")).unwrap();
        assert_eq!(plan.content(own).unwrap_err().code.id, "P025");
        assert!(plan.content(other).is_ok());
    }
}
