//! Where connections, the generation and the watcher meet.
//!
//! - A connection [`ask`](Desk::ask)s and waits for its answer.
//! - The workers of a generation take what was asked, [`next`](Desk::next), until something has
//!   changed; what is asked while the next generation is made waits for it.
//! - The watcher tells of changes, and asks what open pages were made from, to look there first.
//! - A generation that is ready is news for those who wait for changes of their page.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

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
    generation: u64,
    /// The folders that open pages were made from, with how many pages.
    open: BTreeMap<Arc<str>, usize>,
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
        self.work.notify_one();
        waiting.recv_timeout(PATIENCE).ok()
    }

    /// The next thing for a worker of a generation.
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

    /// Tells that files have changed; the generation is over.
    pub(super) fn tell_changed(&self, files: BTreeSet<String>) {
        self.state().changed.extend(files);
        self.work.notify_all();
    }

    /// Begins a generation: what changed before it.
    pub(super) fn begin(&self) -> BTreeSet<String> {
        std::mem::take(&mut self.state().changed)
    }

    /// A generation is ready.
    pub(super) fn announce(&self) {
        self.state().generation += 1;
        self.news.notify_all();
    }

    /// How many generations have been ready.
    pub(super) fn generation(&self) -> u64 {
        self.state().generation
    }

    /// Waits until there have been more than `seen` generations, or the time is up; how many
    /// there have been.
    pub(super) fn await_generation(&self, seen: u64, patience: Duration) -> u64 {
        let is_old = |state: &mut State| state.generation == seen;
        let waited = self.news.wait_timeout_while(self.state(), patience, is_old);
        waited.unwrap_or_else(PoisonError::into_inner).0.generation
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
        assert_eq!(desk.await_generation(0, Duration::from_millis(1)), 0);
        desk.announce();
        assert_eq!((desk.await_generation(0, Duration::from_secs(60)), desk.generation()), (1, 1));
    }
}
