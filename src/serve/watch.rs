//! Sees what has changed in a site's sources, by looking again and again: that works on network
//! drives too, where systems tell nobody.
//!
//! 1. A look takes the size and the time of every source. Where they differ from the last look,
//!    the contents are hashed: a file that was only touched has not changed.
//! 2. Folders of open pages, and of what changed last, are looked at every few milliseconds; the
//!    whole site as often as a look at it is cheap.
//! 3. A time may be too coarse to tell two saves apart: young files are hashed at every look.
//! 4. What changed is told once two looks agree, since editors save in several steps.

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs::{self, Metadata};
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use walkdir::WalkDir;

use crate::load::is_left_out;

/// Where the sources of a site are: what loading reads.
const FILES: [&str; 2] = ["site.toml", "urls.lock"];
const FOLDERS: [&str; 3] = ["content", "static", "themes"];

/// How long between two looks at what is likely to change.
const SHORT: Duration = Duration::from_millis(6);

/// The longest time between two looks at everything.
const LONG: Duration = Duration::from_secs(2);

/// A look at everything may take one part in this many of the time.
const SHARE: u32 = 10;

/// Times of files may be this coarse (FAT), and clocks of servers this wrong.
const COARSE: Duration = Duration::from_secs(3);

/// Larger files are told from each other by size and time alone.
const MOST_HASHED: u64 = 8 << 20;

/// How many folders that changed last are looked at more often.
const MOST_RECENT: usize = 8;

/// What one look sees of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Seen {
    size: u64,
    time: Option<SystemTime>,
    /// The hash of its contents, once it was needed.
    hash: Option<u64>,
}

/// Files that are not as they were, with whether there were any before.
type Changed = BTreeMap<String, bool>;

/// The sources as they were at the last look.
#[derive(Debug)]
pub(super) struct Watch {
    root: PathBuf,
    seen: BTreeMap<String, Seen>,
    /// The folders that changed last, the latest first.
    recent: VecDeque<String>,
    /// When everything is looked at next.
    due: Instant,
}

impl Watch {
    /// Takes a first look. Only what changes after it is told.
    pub(super) fn new(root: &Path) -> Self {
        let mut watch =
            Self { root: root.to_owned(), seen: BTreeMap::new(), recent: VecDeque::new(), due: Instant::now() };
        watch.seen = watch.everything();
        watch
    }

    /// Hashes the contents, so that a file that is only touched is known to be the same. What
    /// changes while this goes on is told afterwards.
    pub(super) fn remember(&mut self) {
        for (path, seen) in &mut self.seen {
            let full = self.root.join(path);
            let hash = hash(&full, seen.size);
            if look(&full).is_some_and(|now| (now.size, now.time) == (seen.size, seen.time)) {
                seen.hash = hash;
            }
        }
    }

    /// Waits until something changes, and what; `hot` gives folders to look at first.
    pub(super) fn wait(&mut self, hot: impl Fn() -> Vec<String>) -> BTreeSet<String> {
        loop {
            std::thread::sleep(SHORT);
            let changed = self.look(&hot());
            let settled = if changed.is_empty() { BTreeSet::new() } else { self.settle(changed) };
            if !settled.is_empty() {
                return settled;
            }
        }
    }

    /// Looks until nothing more changes where something has; what was there for a moment only,
    /// as editors have it while they save, is not told.
    fn settle(&mut self, mut changed: Changed) -> BTreeSet<String> {
        for path in changed.keys() {
            self.note_recent(folder_of(path));
        }
        // Somebody who saves without end is not waited for.
        for _ in 0..50 {
            std::thread::sleep(SHORT / 2);
            let more = self.look(&[]);
            let is_cut = changed.keys().any(|path| self.seen.get(path).is_none_or(|seen| seen.size == 0));
            if more.is_empty() && !is_cut {
                break;
            }
            // A file that stays away or empty is believed after a little while.
            if more.is_empty() && self.is_old_news(&changed) {
                break;
            }
            for (path, was_there) in more {
                changed.entry(path).or_insert(was_there);
            }
        }
        changed.retain(|path, was_there| *was_there || self.seen.contains_key(path));
        changed.into_keys().collect()
    }

    /// Whether files that are gone or empty have been so for a moment.
    fn is_old_news(&self, changed: &Changed) -> bool {
        let age = |seen: &Seen| seen.time.and_then(|time| time.elapsed().ok());
        changed
            .keys()
            .filter_map(|path| self.seen.get(path))
            .filter(|seen| seen.size == 0)
            .all(|seen| age(seen).is_none_or(|age| age > Duration::from_millis(60)))
    }

    fn note_recent(&mut self, folder: &str) {
        self.recent.retain(|known| known != folder);
        self.recent.push_front(folder.to_owned());
        self.recent.truncate(MOST_RECENT);
    }

    /// One look: at the likely folders, and at everything when that is due.
    fn look(&mut self, hot: &[String]) -> Changed {
        let began = Instant::now();
        if began >= self.due {
            let now = self.everything();
            let changed = self.compare(now, |_| true);
            let took = began.elapsed();
            self.due = Instant::now() + (took * SHARE).clamp(SHORT, LONG);
            return changed;
        }
        let mut folders: BTreeSet<&str> = hot.iter().map(String::as_str).collect();
        folders.extend(self.recent.iter().map(String::as_str));
        let folders: Vec<String> = folders.into_iter().map(str::to_owned).collect();
        let mut now = BTreeMap::new();
        for folder in &folders {
            self.walk(folder, &mut now);
        }
        let is_below = |path: &str| folders.iter().any(|folder| is_in(path, folder));
        self.compare(now, is_below)
    }

    /// Takes in what was seen in a part of the site; which files of it have changed.
    fn compare(&mut self, now: BTreeMap<String, Seen>, is_part: impl Fn(&str) -> bool) -> Changed {
        let gone: Vec<String> =
            self.seen.keys().filter(|path| is_part(path) && !now.contains_key(*path)).cloned().collect();
        let mut changed: Changed = gone.into_iter().map(|path| (path, true)).collect();
        for path in changed.keys() {
            self.seen.remove(path);
        }
        for (path, mut new) in now {
            let known = self.seen.get(&path);
            let is_same = known.is_some_and(|old| (old.size, old.time) == (new.size, new.time));
            if is_same && !is_young(&new) {
                continue;
            }
            new.hash = hash(&self.root.join(&path), new.size);
            let is_changed = match known {
                None => true,
                Some(old) if old.hash.is_some() => old.hash != new.hash || old.size != new.size,
                Some(_) => !is_same,
            };
            let was_there = self.seen.insert(path.clone(), new).is_some();
            if is_changed {
                changed.insert(path, was_there);
            }
        }
        changed
    }

    fn everything(&self) -> BTreeMap<String, Seen> {
        let mut seen = BTreeMap::new();
        for file in FILES {
            self.file(file, &mut seen);
        }
        for folder in FOLDERS {
            self.walk(folder, &mut seen);
        }
        seen
    }

    fn file(&self, path: &str, seen: &mut BTreeMap<String, Seen>) {
        if let Some(now) = look(&self.root.join(path)) {
            seen.insert(path.to_owned(), now);
        }
    }

    /// What is below a folder; the root's own files for the root. What cannot be read now is
    /// seen at a later look: nobody is told of it here.
    fn walk(&self, folder: &str, seen: &mut BTreeMap<String, Seen>) {
        if folder.is_empty() {
            return FILES.iter().for_each(|file| self.file(file, seen));
        }
        let walk = WalkDir::new(self.root.join(folder)).follow_links(false).follow_root_links(false);
        let name = folder.split('/').next().unwrap_or_default();
        for entry in walk.into_iter().filter_entry(|entry| !is_left_out(name, entry)).filter_map(Result::ok) {
            if entry.file_type().is_dir() {
                continue;
            }
            let Ok(below) = entry.path().strip_prefix(&self.root) else { continue };
            let Some(names) = below.iter().map(|name| name.to_str()).collect::<Option<Vec<_>>>() else { continue };
            if let Ok(metadata) = entry.metadata() {
                seen.insert(names.join("/"), of_metadata(&metadata));
            }
        }
    }
}

fn look(path: &Path) -> Option<Seen> {
    fs::symlink_metadata(path).ok().map(|metadata| of_metadata(&metadata))
}

fn of_metadata(metadata: &Metadata) -> Seen {
    Seen { size: metadata.len(), time: metadata.modified().ok(), hash: None }
}

/// The hash of a file's contents; `None` where it is too large or cannot be read now.
fn hash(path: &Path, size: u64) -> Option<u64> {
    let is_plain = fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_file());
    if size > MOST_HASHED || !is_plain {
        return None;
    }
    fs::read(path).ok().map(|bytes| fingerprint(&bytes))
}

/// The fingerprint of some bytes, for telling them from others within one run.
pub(super) fn fingerprint(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    hasher.finish()
}

/// Whether a file was written so lately that its time may not tell the next save.
fn is_young(seen: &Seen) -> bool {
    seen.time.is_none_or(|time| time.elapsed().is_ok_and(|age| age < COARSE))
}

/// The folder that is watched more closely once a file in it has changed: that of the
/// disclosure, or else the file's own.
fn folder_of(path: &str) -> &str {
    let is_of_unit = path.starts_with("content/units/");
    let mut ends = path.match_indices('/').map(|(at, _)| at);
    let end = if is_of_unit { ends.take(4).last() } else { ends.next_back() };
    end.map_or("", |end| &path[..end])
}

fn is_in(path: &str, folder: &str) -> bool {
    match folder {
        "" => !path.contains('/'),
        folder => path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/')),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::File;

    struct Site {
        folder: tempfile::TempDir,
        watch: Watch,
    }

    const TABLE: &str = "content/units/a/2023/tables/01.toml";

    impl Site {
        fn new(files: &[(&str, &str)]) -> Self {
            let folder = tempfile::TempDir::new().unwrap();
            for (path, text) in files {
                write(folder.path(), path, text);
            }
            let mut watch = Watch::new(folder.path());
            watch.remember();
            Self { folder, watch }
        }

        fn write(&self, path: &str, text: &str) {
            write(self.folder.path(), path, text);
        }

        fn look(&mut self) -> Vec<String> {
            self.watch.due = Instant::now();
            self.watch.look(&[]).into_keys().collect()
        }
    }

    fn write(root: &Path, path: &str, text: &str) {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn set_time(site: &Site, path: &str, time: SystemTime) {
        File::options().write(true).open(site.folder.path().join(path)).unwrap().set_modified(time).unwrap();
    }

    #[test]
    fn what_is_written_new_or_gone_has_changed_and_nothing_else() {
        let mut site = Site::new(&[("site.toml", "a"), (TABLE, "1 = 2"), ("public/index.html", "a")]);
        assert!(site.look().is_empty());
        site.write(TABLE, "1 = 3");
        site.write("content/units/a/2023/work.md", "x");
        site.write("public/index.html", "b");
        assert_eq!(site.look(), [TABLE, "content/units/a/2023/work.md"]);
        fs::remove_file(site.folder.path().join("site.toml")).unwrap();
        assert_eq!(site.look(), ["site.toml"]);
        assert!(site.look().is_empty());
    }

    #[test]
    fn a_file_that_is_only_touched_has_not_changed() {
        let mut site = Site::new(&[(TABLE, "1 = 2")]);
        set_time(&site, TABLE, SystemTime::now() - Duration::from_secs(100));
        assert!(site.look().is_empty());
        site.write(TABLE, "1 = 2");
        assert!(site.look().is_empty());
    }

    #[test]
    fn a_second_save_within_one_tick_of_the_clock_is_seen() {
        let mut site = Site::new(&[(TABLE, "1 = 2")]);
        let now = SystemTime::now();
        site.write(TABLE, "1 = 3");
        set_time(&site, TABLE, now);
        assert_eq!(site.look(), [TABLE]);
        site.write(TABLE, "1 = 4");
        set_time(&site, TABLE, now);
        assert_eq!(site.look(), [TABLE]);
    }

    #[test]
    fn open_folders_are_looked_at_before_everything_is() {
        let mut site = Site::new(&[(TABLE, "1 = 2"), ("content/units/b/2023/work.md", "x")]);
        site.watch.due = Instant::now() + Duration::from_secs(1000);
        site.write(TABLE, "1 = 3");
        site.write("content/units/b/2023/work.md", "y");
        let hot = ["content/units/a/2023".to_owned()];
        assert_eq!(site.watch.look(&hot).into_keys().collect::<Vec<_>>(), [TABLE]);
        assert!(site.watch.look(&hot).is_empty());
    }

    #[test]
    fn a_file_that_is_emptied_before_it_is_written_is_told_when_it_is_written() {
        let mut site = Site::new(&[(TABLE, "1 = 2")]);
        let root = site.folder.path().to_owned();
        site.write(TABLE, "");
        let writer = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(20));
            write(&root, TABLE, "1 = 5");
        });
        assert_eq!(site.watch.wait(Vec::new).into_iter().collect::<Vec<_>>(), [TABLE]);
        writer.join().unwrap();
        assert!(site.watch.seen[TABLE].size > 0 || site.look() == [TABLE]);
    }

    #[test]
    fn what_an_editor_keeps_beside_a_file_is_no_change() {
        let mut site = Site::new(&[(TABLE, "1 = 2")]);
        site.write("content/units/a/2023/tables/.01.toml.swp", "x");
        site.write("content/units/a/2023/tables/01.toml~", "x");
        assert!(site.look().is_empty());
        site.write("content/units/a/2023/tables/4913", "x");
        let changed = site.watch.look(&["content/units/a/2023".to_owned()]);
        fs::remove_file(site.folder.path().join("content/units/a/2023/tables/4913")).unwrap();
        assert_eq!(changed.len(), 1);
        assert!(site.watch.settle(changed).is_empty());
    }

    #[test]
    fn the_folder_of_a_disclosure_holds_its_tables() {
        assert_eq!(folder_of(TABLE), "content/units/a/2023");
        assert_eq!(folder_of("content/units/a/unit.toml"), "content/units/a");
        assert_eq!(folder_of("themes/own/templates/base.html"), "themes/own/templates");
        assert_eq!((folder_of("site.toml"), is_in("site.toml", ""), is_in("a/b", "")), ("", true, false));
    }
}
