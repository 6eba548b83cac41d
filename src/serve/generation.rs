//! A generation: the site as it was at one moment, loaded, checked and planned, and the pages
//! that are asked of it.
//!
//! A plan borrows the site that it is the plan of. So both live on the stack of one function,
//! workers answer from them, and when something has changed both are dropped and the function
//! begins anew: nothing is leaked, and no page mixes two states of the sources.
//!
//! Nobody waits for the whole site but who asks for what needs it. Beside it, with threads of
//! their own, parts of the site ([`scope`](super::scope)) are shown: after a save in the folder of
//! a unit's year that unit, with that year read again; while the whole is made, the unit that is
//! asked for. A save ends the checks of the whole site between two disclosures; they begin anew
//! when something else is asked for, or when nothing has been saved for a while.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rayon::ThreadPool;

use super::desk::{Answer, Desk, Job, Next, NextOfPart, Part, Prints};
use super::pages;
use super::response::{HTML, Response, media_type};
use super::scope::{part, unit_at};
use super::watch::fingerprint;
use super::{PREVIEW_CSS, PREVIEW_JS, ServeError};
use crate::diagnostic::{Finding, Severity};
use crate::load::{self, Loaded};
use crate::model::date::Date;
use crate::model::disclosure::State;
use crate::publish::{self, Examined};
use crate::render::Plan;
use crate::render::preview::{DRAFT, FAILED, FOLDER, Tally};

/// How many threads answer at once; a big download must not keep pages waiting.
const WORKERS: usize = 3;

/// The stack of threads that check and plan.
pub(super) const STACK: usize = 16 << 20;

/// How many threads check a part; the others may be busy with the whole.
const PART_WORKERS: usize = 2;

/// A page larger than this is made again when it is asked for again.
const MOST_KEPT: usize = 4 << 20;

/// How many pages are kept.
const MOST_PAGES: usize = 400;

/// How long after a save the whole site is checked, when nobody asks for it before.
const QUIET: Duration = Duration::from_millis(600);

/// What a bug shows; the terminal has the details.
const BUG: &str = "程序内部出错，详情见运行 disclose serve 的窗口。请把它和有关的源文件一起报告给开发者";

/// What is told of a new generation.
#[derive(Debug)]
pub struct News {
    /// What changed since the last one, relative to the site; empty for the first.
    pub changed: BTreeSet<String>,
    /// What was found; `None` where there is no site, and why.
    pub outcome: Result<Tally, String>,
    /// Whether it is of the saved units only; one of the whole site follows.
    pub is_part: bool,
    /// How long reading, checking and planning took.
    pub took: [Duration; 3],
}

/// What is needed to make generations.
pub(super) struct Maker<'m> {
    pub(super) root: &'m Path,
    pub(super) desk: &'m Desk,
    /// The date that exceptions end by.
    pub(super) today: &'m (dyn Fn() -> Result<Date, String> + Sync),
    /// Who is told of each generation.
    pub(super) tell: &'m (dyn Fn(&News) + Sync),
}

impl Maker<'_> {
    /// Makes one generation after the other, for ever.
    pub(super) fn run(&self) {
        let mut held = None;
        let threads = rayon::ThreadPoolBuilder::new().num_threads(PART_WORKERS).stack_size(STACK).build().ok();
        loop {
            let changed = self.desk.begin();
            let made = catch_unwind(AssertUnwindSafe(|| self.one(&mut held, changed.clone(), threads.as_ref())));
            let Err(why) = made.unwrap_or_else(|_| Err(BUG.to_owned())) else { continue };
            // What was in the midst of something is not built upon.
            held = None;
            let took = [Duration::ZERO; 3];
            (self.tell)(&News { changed, outcome: Err(why.clone()), is_part: false, took });
            self.fail(&why);
        }
    }

    /// One reading of the site, until it is no longer what its sources say. `held` is the site as
    /// it was before `changed`.
    fn one(
        &self,
        held: &mut Option<Loaded>,
        changed: BTreeSet<String>,
        threads: Option<&ThreadPool>,
    ) -> Result<(), String> {
        let began = Instant::now();
        if held.as_mut().and_then(|loaded| load::reload(loaded, self.root, &changed)).is_none() {
            *held = None;
            *held = Some(load::load(self.root).map_err(|error| error.to_string())?);
        }
        let Some(loaded) = &*held else { return Ok(()) };
        let read = began.elapsed();
        std::thread::scope(|scope| {
            let whole = std::thread::Builder::new().name("whole site".to_owned()).stack_size(STACK);
            let whole = whole.spawn_scoped(scope, move || {
                let made = catch_unwind(AssertUnwindSafe(|| self.whole(loaded, changed, read)));
                self.desk.end();
                made.unwrap_or_else(|_| Err(BUG.to_owned()))
            });
            let whole = whole.map_err(|error| ServeError::from(error).to_string())?;
            if let Some(threads) = threads {
                // A part that fails is no reason not to show the whole.
                let _ = catch_unwind(AssertUnwindSafe(|| self.parts(loaded, threads)));
            }
            whole.join().unwrap_or_else(|_| Err(BUG.to_owned()))
        })
    }

    /// Checks and plans the whole site, and answers from it until something has changed.
    fn whole(&self, loaded: &Loaded, changed: BTreeSet<String>, read: Duration) -> Result<(), String> {
        let began = Instant::now();
        let Examined { report, mut findings, prose } = publish::examine_while(loaded, &|| !self.desk.has_changed());
        let checked = began.elapsed();
        if self.desk.has_changed() {
            return Ok(());
        }
        let plan = publish::plan(loaded, &report, &mut findings, (self.today)()?).with_prose(prose);
        let generation = Generation::new(loaded, &findings, plan.previewing(&findings, &loaded.sources));
        if self.desk.has_changed() {
            return Ok(());
        }
        let took = [read, checked, began.elapsed().saturating_sub(checked)];
        self.desk.announce(None);
        (self.tell)(&News { changed, outcome: Ok(Tally::of(&findings)), is_part: false, took });
        std::thread::scope(|scope| {
            for _ in 0..WORKERS {
                scope.spawn(|| generation.work(self.desk));
            }
        });
        Ok(())
    }

    /// Shows parts of the site: units that are asked for while the whole is not ready, and units
    /// that were saved. Ends when it is time to read the whole site again.
    fn parts(&self, loaded: &Loaded, threads: &ThreadPool) {
        let mut saved: BTreeSet<String> = BTreeSet::new();
        let mut asked: Option<String> = None;
        let mut next = self.next_of_part(loaded, None, &BTreeSet::new(), Instant::now());
        loop {
            let began = Instant::now();
            let is_saved = match next {
                // Without a part nothing is given to it.
                NextOfPart::Over | NextOfPart::Job(_) => return,
                NextOfPart::Asked(unit) => {
                    asked = Some(unit);
                    false
                }
                NextOfPart::Changed => true,
            };
            let changed = self.desk.changed();
            let Some(touched) = load::units_of(&changed) else { return };
            saved.extend(touched);
            let units: BTreeSet<String> = saved.iter().chain(&asked).cloned().collect();
            let mut loaded = part(loaded, &units);
            if !changed.is_empty() && load::reload(&mut loaded, self.root, &changed).is_none() {
                return;
            }
            let read = began.elapsed();
            let shown = || self.show(&loaded, &units, is_saved.then_some((changed, read)));
            match threads.install(shown) {
                Some(over) => next = over,
                None => return,
            }
        }
    }

    /// Checks and plans a part of the site and answers from it; why that is over. `saved` is what
    /// has changed, and how long it took to read it.
    fn show(
        &self,
        loaded: &Loaded,
        units: &BTreeSet<String>,
        saved: Option<(BTreeSet<String>, Duration)>,
    ) -> Option<NextOfPart> {
        let began = Instant::now();
        let Examined { report, mut findings, prose } = publish::examine(loaded);
        let checked = began.elapsed();
        let plan = publish::plan(loaded, &report, &mut findings, (self.today)().ok()?).with_prose(prose);
        let generation = Generation::new(loaded, &findings, plan.previewing(&findings, &loaded.sources));
        if let Some((changed, read)) = saved {
            let took = [read, checked, began.elapsed().saturating_sub(checked)];
            self.desk.announce(Some(units));
            (self.tell)(&News { changed, outcome: Ok(Tally::of(&findings)), is_part: true, took });
        }
        let until = Instant::now() + QUIET;
        loop {
            match self.next_of_part(loaded, Some(&generation), units, until) {
                NextOfPart::Job(job) => generation.do_job(job),
                over => return Some(over),
            }
        }
    }

    fn next_of_part(
        &self,
        loaded: &Loaded,
        generation: Option<&Generation<'_>>,
        units: &BTreeSet<String>,
        until: Instant,
    ) -> NextOfPart {
        let has = |path: &str| generation.is_some_and(|generation| generation.is_of(path, units));
        let unit = |path: &str| unit_at(&loaded.site, path).filter(|unit| !units.contains(*unit)).map(str::to_owned);
        self.desk.next_of_part(&Part { has: &has, unit: &unit, until })
    }

    /// Says why there is no site, at whatever address, until something has changed.
    fn fail(&self, why: &str) {
        let html = pages::failure(why);
        self.desk.announce(None);
        while let Next::Job(job) = self.desk.next() {
            let answer = page(500, &html, &job.path, Prints::default());
            job.done(answer);
        }
    }
}

/// A site with its plan.
struct Generation<'a> {
    loaded: &'a Loaded,
    findings: &'a [Finding],
    plan: Plan<'a>,
    /// The fingerprints of what pages are shown with.
    prints: Prints,
    /// Pages that were made, by the path that they were asked by.
    made: Mutex<BTreeMap<String, Answer>>,
}

impl<'a> Generation<'a> {
    fn new(loaded: &'a Loaded, findings: &'a [Finding], plan: Plan<'a>) -> Self {
        let files = &loaded.site.theme.files;
        let print = |extension: &str, own: &str| {
            let named = files.iter().filter(|file| file.path.ends_with(extension));
            let prints: Vec<u64> = named.map(|file| fingerprint(&file.bytes)).collect();
            let all: Vec<u8> = prints.into_iter().flat_map(u64::to_le_bytes).chain(own.bytes()).collect();
            fingerprint(&all)
        };
        let prints = Prints { page: 0, style: print(".css", PREVIEW_CSS), script: print(".js", PREVIEW_JS) };
        Self { loaded, findings, plan, prints, made: Mutex::default() }
    }

    /// Answers until the generation is over.
    fn work(&self, desk: &Desk) {
        while let Next::Job(job) = desk.next() {
            self.do_job(job);
        }
    }

    fn do_job(&self, job: Job) {
        let answer = catch_unwind(AssertUnwindSafe(|| self.answer(&job.path)));
        let answer = answer.unwrap_or_else(|_| page(500, &pages::failure(BUG), &job.path, self.prints));
        job.done(answer);
    }

    fn answer(&self, path: &str) -> Answer {
        let made = || self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = made().get(path) {
            return known.clone();
        }
        let answer = self.make(path);
        let mut made = made();
        let is_kept = matches!(answer.response.status, 200 | 500) && answer.response.body.len() <= MOST_KEPT;
        if is_kept && made.len() < MOST_PAGES {
            made.insert(path.to_owned(), answer.clone());
        }
        answer
    }

    /// Whether a path is that of a page or a download of one of these units' disclosures.
    fn is_of(&self, path: &str, units: &BTreeSet<String>) -> bool {
        let at = self.plan.find(&file_at(path)).and_then(|at| self.plan.disclosure_at(at));
        at.is_some_and(|at| units.contains(&self.loaded.site.disclosures[at].unit))
    }

    fn make(&self, path: &str) -> Answer {
        let file = file_at(path);
        if file.strip_prefix(FOLDER) == Some("index.html") {
            return page(200, &pages::overview(self.loaded, self.findings), path, self.prints);
        }
        if let Some(at) = self.plan.find(&file) {
            return self.file(at, path);
        }
        let folder = format!("{path}/");
        if folder == FOLDER || self.plan.find(&format!("{folder}index.html")).is_some() {
            return plain(Response::redirect(&folder), self.prints);
        }
        self.missing(path)
    }

    /// A file of the plan.
    fn file(&self, at: usize, path: &str) -> Answer {
        let file = self.plan.path(at);
        let source = self.source(at);
        let answer = match self.plan.render(at) {
            Err(finding) => page(500, &self.broken(file, &finding), path, self.prints),
            Ok(bytes) => match (media_type(file), std::str::from_utf8(&bytes)) {
                (HTML, Ok(html)) => page(200, html, path, self.prints),
                (kind, _) => {
                    plain(Response { field: self.warning(at), ..Response::new(200, kind, bytes) }, self.prints)
                }
            },
        };
        Answer { source, ..answer }
    }

    /// The folder of the sources of the disclosure that a file is about.
    fn source(&self, at: usize) -> Option<Arc<str>> {
        let disclosure = &self.loaded.site.disclosures[self.plan.disclosure_at(at)?];
        let path = self.loaded.sources.file(disclosure.place.file).path;
        path.rsplit_once('/').map(|(folder, _)| folder.into())
    }

    /// A name for a download that says that it may not be published.
    fn warning(&self, at: usize) -> Option<String> {
        let disclosure = &self.loaded.site.disclosures[self.plan.disclosure_at(at)?];
        let is_its = |finding: &&Finding| {
            finding.unit.as_ref() == Some(&disclosure.unit) && finding.year == Some(disclosure.year)
        };
        let failed = Tally::of(self.findings.iter().filter(is_its)).count(Severity::Error) > 0;
        let state = match (failed, disclosure.state) {
            (true, _) => FAILED,
            (false, State::Draft) => DRAFT,
            (false, State::Ready) => return None,
        };
        let name = self.plan.path(at).rsplit('/').next().unwrap_or_default();
        let escaped: String = format!("{state}-{name}").bytes().map(escape).collect();
        Some(format!("Content-Disposition: attachment; filename=\"preview-{name}\"; filename*=UTF-8''{escaped}"))
    }

    /// A page that cannot be made: its own finding, then what is wrong with the site. A template
    /// that could not be read is told by its own mistake, not by being missed.
    fn broken(&self, path: &str, finding: &Finding) -> String {
        let of_site = |other: &&Finding| {
            other.severity == Severity::Error && other.unit.is_none() && other.message != finding.message
        };
        let is_cause = |other: &&Finding| other.code.id == finding.code.id && other.place.is_some();
        let is_told = finding.place.is_none() && self.findings.iter().filter(of_site).any(|other| is_cause(&other));
        let own = (!is_told).then_some(finding).into_iter();
        pages::broken(path, own.chain(self.findings.iter().filter(of_site)), &self.loaded.sources)
    }

    /// What stands where the plan has nothing: why there is no page, or the error page.
    fn missing(&self, path: &str) -> Answer {
        let reasons = pages::reasons(path, self.findings);
        if !reasons.is_empty() {
            return page(404, &pages::broken(path, reasons.into_iter(), &self.loaded.sources), path, self.prints);
        }
        let Some(at) = self.plan.find("404.html") else {
            return page(404, &pages::failure("没有这一页"), path, self.prints);
        };
        match self.plan.render(at) {
            Ok(bytes) => page(404, &String::from_utf8_lossy(&bytes), path, self.prints),
            Err(finding) => page(404, &self.broken(path, &finding), path, self.prints),
        }
    }
}

/// The file that a path means: a folder's own page for a folder.
fn file_at(path: &str) -> String {
    let is_folder = path.is_empty() || path.ends_with('/');
    format!("{path}{}", if is_folder { "index.html" } else { "" })
}

/// A byte of a name as `filename*` writes it (RFC 8187).
fn escape(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || b"-._".contains(&byte) {
        char::from(byte).to_string()
    } else {
        format!("%{byte:02X}")
    }
}

/// A page with its script.
fn page(status: u16, html: &str, path: &str, prints: Prints) -> Answer {
    let prints = Prints { page: fingerprint(html.as_bytes()), ..prints };
    let html = pages::with_script(html, path, prints);
    Answer { response: Response::new(status, HTML, html.into_bytes()), prints, source: None }
}

/// An answer that is no page.
fn plain(response: Response, prints: Prints) -> Answer {
    let prints = Prints { page: fingerprint(&response.body), ..prints };
    Answer { response, prints, source: None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synth::site::{Size, Works};

    /// An invented site of some units over two years.
    fn invented(units: usize) -> Loaded {
        let folder = tempfile::TempDir::new().unwrap();
        let blank = load::load(folder.path()).unwrap().site;
        let works = Works::new(&blank, Size { units, years: 2, seed: 3 }).unwrap();
        for (path, text) in (0..units).flat_map(|number| works.unit(number)).chain([works.settings()]) {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        load::load(folder.path()).unwrap()
    }

    fn shown(loaded: &Loaded, path: &str) -> String {
        let Examined { report, mut findings, prose } = publish::examine(loaded);
        let today = Date::parse("2026-01-01").unwrap();
        let plan = publish::plan(loaded, &report, &mut findings, today).with_prose(prose);
        let generation = Generation::new(loaded, &findings, plan.previewing(&findings, &loaded.sources));
        let answer = generation.answer(path);
        assert_eq!(answer.response.status, 200, "{path}");
        String::from_utf8(answer.response.body.to_vec()).unwrap()
    }

    #[test]
    fn a_page_made_from_a_part_is_the_one_made_from_the_whole() {
        let loaded = invented(3);
        for unit in loaded.site.units.keys() {
            let part = part(&loaded, &BTreeSet::from([unit.clone()]));
            let disclosure = loaded.site.disclosures_of(unit).last().unwrap();
            let path = crate::render::links::disclosure_path(disclosure);
            assert!(shown(&part, &path) == shown(&loaded, &path), "{path}");
        }
    }
}
