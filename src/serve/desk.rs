//! Where connections, the generation and the watcher meet.
//!
//! - A connection [`ask`](Desk::ask)s and waits for its answer.
//! - The workers of a generation take what was asked, [`next`](Desk::next), until something has
//!   changed; what is asked while the next generation is made waits for it.
//! - The watcher tells of changes, and asks what open pages were made from, to look there first.
//! - A generation that is ready is news for those who wait for changes of their page. One of a
//!   part of the site answers for its part only, and gives way when anything else is asked for.

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

/// What a worker does next.
pub(super) enum Next {
    Job(Job),
    /// The generation is over.
    Over,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Job>,
    /// The changed files, relative to the site, since the last generation began.
    changed: BTreeSet<String>,
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

/// For what and how long a generation of a part of the site answers.
pub(super) struct Part<'p> {
    pub(super) has: &'p (dyn Fn(&str) -> bool + Sync),
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

    /// The next thing for a worker of a generation, of the whole site or of a part.
    pub(super) fn next(&self, part: Option<&Part<'_>>) -> Next {
        let mut state = self.state();
        loop {
            let left = part.map(|part| part.until.saturating_duration_since(Instant::now()));
            let is_asked_for_more = part.is_some_and(|part| state.jobs.iter().any(|job| !(part.has)(&job.path)));
            if !state.changed.is_empty() || is_asked_for_more || left.is_some_and(|left| left.is_zero()) {
                return Next::Over;
            }
            if let Some(job) = state.jobs.pop_front() {
                return Next::Job(job);
            }
            state = match left {
                Some(left) => self.work.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0,
                None => self.work.wait(state).unwrap_or_else(PoisonError::into_inner),
            };
        }
    }

    /// Whether something has changed since the generation began.
    pub(super) fn has_changed(&self) -> bool {
        !self.state().changed.is_empty()
    }

    /// Tells that files have changed; the generation is over.
    pub(super) fn tell_changed(&self, files: BTreeSet<String>) {
        self.state().changed.extend(files);
        self.work.notify_all();
    }

    /// Begins a generation: what changed before it.
    pub(super) fn begin(&self) -> BTreeSet<String> {
        std::mem::take(&mut self.state().changed)
    }

    /// A generation is ready, of the whole site or of some units.
    pub(super) fn announce(&self, part: Option<&BTreeSet<String>>) {
        let mut state = self.state();
        match part {
            None => state.ready.whole += 1,
            Some(units) => {
                state.ready.part += 1;
                state.part.clone_from(units);
            }
        }
        self.news.notify_all();
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
            assert!(matches!(desk.next(None), Next::Over));
            assert_eq!(desk.begin().into_iter().collect::<Vec<_>>(), ["site.toml"]);
            let Next::Job(job) = desk.next(None) else { panic!("no job") };
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

    #[test]
    fn a_part_gives_way_when_something_else_is_asked_for_or_its_time_is_up() {
        let desk = Desk::default();
        let has = |path: &str| path == "a";
        let part = |time| Part { has: &has, until: Instant::now() + Duration::from_millis(time) };
        assert!(matches!(desk.next(Some(&part(1))), Next::Over));
        std::thread::scope(|scope| {
            scope.spawn(|| desk.ask("a"));
            let Next::Job(job) = desk.next(Some(&part(60_000))) else { panic!("no job") };
            job.done(answer());
            scope.spawn(|| desk.ask("b"));
            assert!(matches!(desk.next(Some(&part(60_000))), Next::Over));
            let Next::Job(job) = desk.next(None) else { panic!("no job") };
            assert_eq!(job.path, "b");
            job.done(answer());
        });
    }
}
