//! Where connections, the generation and the watcher meet.
//!
//! - A connection [`ask`](Desk::ask)s and waits for its answer.
//! - The workers of a generation take what was asked, [`next`](Desk::next), until something has
//!   changed.
//! - While there is none of the whole site, parts of it answer for their units,
//!   [`next_of_part`](Desk::next_of_part); everything else waits.
//! - The watcher tells of changes, and asks what open pages were made from, to look there first.
//! - A generation that is ready is news for those who wait for changes of their page.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::response::Response;

/// How long an answer may take: the largest downloads of a large portal take seconds.
const PATIENCE: Duration = Duration::from_secs(120);

/// What a generation gives for a path.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) response: Response,
    /// What it stands for, so that a change can be told.
    pub(super) prints: Prints,
    /// The folder that the page's disclosure is read from.
    pub(super) source: Option<Arc<str>>,
}

/// Fingerprints of a page and of what it is shown with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Prints {
    pub(super) page: u64,
    /// Of all style sheets.
    pub(super) style: u64,
    /// Of all scripts.
    pub(super) script: u64,
}

/// A path that somebody waits for.
pub(super) struct Job {
    pub(super) path: String,
    answer: SyncSender<Answer>,
}

impl Job {
    /// Gives the answer; who has stopped waiting does not miss it.
    pub(super) fn done(self, answer: Answer) {
        let _ = self.answer.try_send(answer);
    }
}

/// What a worker of the whole site does next.
pub(super) enum Next {
    Job(Job),
    /// The generation is over.
    Over,
}

/// What happens next while parts of the site answer.
pub(super) enum NextOfPart {
    Job(Job),
    /// Something about another unit is asked for.
    Asked(String),
    /// Something has changed that the part does not show.
    Changed,
    /// The site as it was read is not the site any more, and it is time for the whole; or there is
    /// none.
    Over,
}

/// How far the generation of the whole site is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Whole {
    #[default]
    Making,
    Ready,
    Over,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Job>,
    /// The changed files, relative to the site, since the site was last read.
    changed: BTreeSet<String>,
    /// Whether some of them no part shows yet.
    is_news: bool,
    whole: Whole,
    /// How many generations have been ready.
    ready: Ready,
    /// The units that the last generation of a part was of.
    part: BTreeSet<String>,
    /// The folders that open pages were made from, with how many pages.
    open: BTreeMap<Arc<str>, usize>,
}

/// How many generations have been ready: of the whole site, and of a part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Ready {
    whole: u64,
    part: u64,
}

/// What parts of the site answer for, and how long after a change.
pub(super) struct Part<'p> {
    /// Whether the present part, if there is one, has a path.
    pub(super) has: &'p dyn Fn(&str) -> bool,
    /// The unit of a path that another part would have.
    pub(super) unit: &'p dyn Fn(&str) -> Option<String>,
    pub(super) until: Instant,
}

/// The meeting place.
#[derive(Default)]
pub(super) struct Desk {
    state: Mutex<State>,
    work: Condvar,
    news: Condvar,
}

impl Desk {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What stands at a path; `None` when it could not be had.
    pub(super) fn ask(&self, path: &str) -> Option<Answer> {
        let (answer, waiting) = sync_channel(1);
        self.state().jobs.push_back(Job { path: path.to_owned(), answer });
        self.work.notify_all();
        waiting.recv_timeout(PATIENCE).ok()
    }

    /// The next thing for a worker of the whole site.
    pub(super) fn next(&self) -> Next {
        let mut state = self.state();
        loop {
            if !state.changed.is_empty() {
                return Next::Over;
            }
            if let Some(job) = state.jobs.pop_front() {
                return Next::Job(job);
            }
            state = self.work.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// The next thing for who answers from parts of the site.
    pub(super) fn next_of_part(&self, part: &Part<'_>) -> NextOfPart {
        let mut state = self.state();
        loop {
            if std::mem::take(&mut state.is_news) {
                return NextOfPart::Changed;
            }
            let mut left = None;
            if state.changed.is_empty() && state.whole == Whole::Over {
                return NextOfPart::Over;
            }
            if state.whole != Whole::Ready || !state.changed.is_empty() {
                if let Some(at) = state.jobs.iter().position(|job| (part.has)(&job.path)) {
                    return state.jobs.remove(at).map_or(NextOfPart::Over, NextOfPart::Job);
                }
                if let Some(unit) = state.jobs.iter().find_map(|job| (part.unit)(&job.path)) {
                    return NextOfPart::Asked(unit);
                }
                let time = part.until.saturating_duration_since(Instant::now());
                let is_due = time.is_zero() || !state.jobs.is_empty();
                if state.whole == Whole::Over && is_due {
                    return NextOfPart::Over;
                }
                left = (state.whole == Whole::Over).then_some(time);
            }
            state = match left {
                Some(left) => self.work.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0,
                None => self.work.wait(state).unwrap_or_else(PoisonError::into_inner),
            };
        }
    }

    /// Whether something has changed since the site was read.
    pub(super) fn has_changed(&self) -> bool {
        !self.state().changed.is_empty()
    }

    /// What has changed since the site was read.
    pub(super) fn changed(&self) -> BTreeSet<String> {
        self.state().changed.clone()
    }

    /// Tells that files have changed; the generation is over.
    pub(super) fn tell_changed(&self, files: BTreeSet<String>) {
        let mut state = self.state();
        state.changed.extend(files);
        state.is_news = true;
        self.work.notify_all();
    }

    /// Begins anew, before the site is read: what changed until now.
    pub(super) fn begin(&self) -> BTreeSet<String> {
        let mut state = self.state();
        (state.is_news, state.whole) = (false, Whole::Making);
        std::mem::take(&mut state.changed)
    }

    /// The whole site answers no more, or cannot be made.
    pub(super) fn end(&self) {
        self.state().whole = Whole::Over;
        self.work.notify_all();
    }

    /// A generation is ready, of the whole site or of some units.
    pub(super) fn announce(&self, part: Option<&BTreeSet<String>>) {
        let mut state = self.state();
        match part {
            None => {
                state.ready.whole += 1;
                state.whole = Whole::Ready;
            }
            Some(units) => {
                state.ready.part += 1;
                state.part.clone_from(units);
            }
        }
        self.news.notify_all();
        self.work.notify_all();
    }

    /// How many generations have been ready.
    pub(super) fn ready(&self) -> Ready {
        self.state().ready
    }

    /// Waits until a generation is ready that was not when `seen` was, and that a page of this
    /// source is in, or the time is up; whether there is one.
    pub(super) fn await_news(&self, seen: Ready, source: Option<&str>, patience: Duration) -> bool {
        let unit = source.and_then(|source| source.split('/').nth(2));
        let is_old = |state: &mut State| {
            let is_in = unit.is_some_and(|unit| state.part.contains(unit));
            state.ready.whole == seen.whole && (state.ready.part == seen.part || !is_in)
        };
        let waited = self.news.wait_timeout_while(self.state(), patience, is_old);
        !waited.unwrap_or_else(PoisonError::into_inner).1.timed_out()
    }

    /// Notes that a page made from a folder is open, until the note is dropped.
    pub(super) fn open(&self, source: Option<Arc<str>>) -> Open<'_> {
        if let Some(source) = &source {
            *self.state().open.entry(Arc::clone(source)).or_default() += 1;
        }
        Open { desk: self, source }
    }

    /// The folders that open pages were made from.
    pub(super) fn open_sources(&self) -> Vec<Arc<str>> {
        self.state().open.keys().cloned().collect()
    }
}

/// A page is open.
pub(super) struct Open<'d> {
    desk: &'d Desk,
    source: Option<Arc<str>>,
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        let Some(source) = &self.source else { return };
        let mut state = self.desk.state();
        match state.open.get_mut(source) {
            Some(count) if *count > 1 => *count -= 1,
            _ => {
                state.open.remove(source);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::serve::response::HTML;

    fn answer() -> Answer {
        Answer { response: Response::new(200, HTML, Vec::<u8>::new()), prints: Prints::default(), source: None }
    }

    #[test]
    fn what_is_asked_during_a_change_is_answered_by_the_next_generation() {
        let desk = Desk::default();
        desk.tell_changed(BTreeSet::from(["site.toml".to_owned()]));
        std::thread::scope(|scope| {
            let asked = scope.spawn(|| desk.ask("index.html"));
            assert!(matches!(desk.next(), Next::Over));
            assert_eq!(desk.begin().into_iter().collect::<Vec<_>>(), ["site.toml"]);
            let Next::Job(job) = desk.next() else { panic!("no job") };
            assert_eq!(job.path, "index.html");
            job.done(answer());
            assert!(asked.join().unwrap().is_some());
        });
    }

    #[test]
    fn a_source_is_open_as_long_as_one_page_of_it_is() {
        let desk = Desk::default();
        let (one, two) = (desk.open(Some("a".into())), desk.open(Some("a".into())));
        drop(one);
        assert_eq!(desk.open_sources(), [Arc::<str>::from("a")]);
        drop(two);
        assert!(desk.open_sources().is_empty());
    }

    #[test]
    fn a_new_generation_is_news_and_no_news_takes_its_time() {
        let desk = Desk::default();
        let seen = desk.ready();
        assert!(!desk.await_news(seen, None, Duration::from_millis(1)));
        desk.announce(None);
        assert!(desk.await_news(seen, None, Duration::from_secs(60)));
    }

    #[test]
    fn a_generation_of_a_part_is_news_for_its_units_only() {
        let desk = Desk::default();
        let seen = desk.ready();
        desk.announce(Some(&BTreeSet::from(["a".to_owned()])));
        assert!(desk.await_news(seen, Some("content/units/a/2023"), Duration::from_secs(60)));
        for source in [None, Some("content/units/b/2023")] {
            assert!(!desk.await_news(seen, source, Duration::from_millis(1)));
        }
    }

    fn part<'p>(has: &'p dyn Fn(&str) -> bool, unit: &'p dyn Fn(&str) -> Option<String>, millis: u64) -> Part<'p> {
        Part { has, unit, until: Instant::now() + Duration::from_millis(millis) }
    }

    /// Asks on a thread of its own, and waits until the desk knows.
    fn ask<'s>(scope: &'s std::thread::Scope<'s, '_>, desk: &'s Desk, path: &'static str) {
        let before = desk.state().jobs.len();
        scope.spawn(move || desk.ask(path));
        while desk.state().jobs.len() == before {
            std::thread::yield_now();
        }
    }

    #[test]
    fn parts_answer_for_units_while_the_whole_is_made_and_the_rest_waits_for_it() {
        let desk = Desk::default();
        let has = |path: &str| path == "units/a/";
        let unit = |path: &str| path.strip_prefix("units/").filter(|rest| *rest != "a/").map(str::to_owned);
        let next = || desk.next_of_part(&part(&has, &unit, 60_000));
        std::thread::scope(|scope| {
            ask(scope, &desk, "index.html");
            ask(scope, &desk, "units/a/");
            let NextOfPart::Job(job) = next() else { panic!("no job") };
            assert_eq!(job.path, "units/a/");
            job.done(answer());
            ask(scope, &desk, "units/b");
            assert!(matches!(next(), NextOfPart::Asked(unit) if unit == "b"));
            desk.announce(None);
            for path in ["index.html", "units/b"] {
                let Next::Job(job) = desk.next() else { panic!("no job") };
                assert_eq!(job.path, path);
                job.done(answer());
            }
        });
    }

    #[test]
    fn a_part_is_over_when_the_site_has_changed_and_more_is_asked_for_or_time_is_up() {
        let desk = Desk::default();
        let (has, unit) = (|path: &str| path == "a", |_: &str| None);
        desk.begin();
        desk.announce(None);
        desk.tell_changed(BTreeSet::from(["a.toml".to_owned()]));
        assert!(matches!(desk.next_of_part(&part(&has, &unit, 60_000)), NextOfPart::Changed));
        desk.end();
        assert!(matches!(desk.next_of_part(&part(&has, &unit, 1)), NextOfPart::Over));
        std::thread::scope(|scope| {
            ask(scope, &desk, "b");
            assert!(matches!(desk.next_of_part(&part(&has, &unit, 60_000)), NextOfPart::Over));
            assert_eq!(desk.begin().len(), 1);
            let Next::Job(job) = desk.next() else { panic!("no job") };
            job.done(answer());
        });
    }

    #[test]
    fn where_the_whole_cannot_be_made_parts_are_over() {
        let desk = Desk::default();
        let (has, unit) = (|_: &str| false, |_: &str| None);
        desk.end();
        assert!(matches!(desk.next_of_part(&part(&has, &unit, 60_000)), NextOfPart::Over));
    }
}
