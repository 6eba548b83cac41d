//! Sees what has changed in a site's sources, by looking again and again: that works on network
//! drives too, where systems tell nobody.
//!
//! 1. A look takes the size and the time of sources. Where they differ from the last look, the
//!    contents are hashed: a file that was only touched has not changed.
//! 2. Folders of open pages, and of what changed last, are looked at every few milliseconds;
//!    between them the whole site, a few folders at a time, round after round. While no page is
//!    open nobody waits, and looks are rarer.
//! 3. A time may be too coarse to tell two saves apart: young files are hashed at every look.
//! 4. What changed is told once two looks agree, since editors save in several steps.

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs::{self, Metadata};
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use crate::load::is_left_out;

/// Where the sources of a site are: what loading reads.
const FILES: [&str; 2] = ["site.toml", "urls.lock"];
const FOLDERS: [&str; 3] = ["content", "static", "themes"];

/// How long between two looks while a page is open, and while none is.
const SHORT: Duration = Duration::from_millis(10);
const LONG: Duration = Duration::from_millis(50);

/// How long between two looks while something is being saved.
const SETTLING: Duration = Duration::from_millis(3);

/// The share of the time that looking at the whole site may take: one part in this many.
const SHARE: u32 = 80;

/// How long a file that is gone or empty is waited for before that is believed.
const CUT: Duration = Duration::from_millis(60);

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

/// What one look sees of a folder, by name.
#[derive(Debug, Default)]
struct Folder {
    files: BTreeMap<String, Seen>,
    folders: BTreeSet<String>,
}

/// Files that are not as they were, with whether there were any before.
type Changed = BTreeMap<String, bool>;

/// The sources as they were at the last look.
#[derive(Debug)]
pub(super) struct Watch {
    root: PathBuf,
    /// By path; the site's own folder is the empty one.
    folders: BTreeMap<String, Folder>,
    /// The folders that changed last, the latest first.
    recent: VecDeque<String>,
    /// What this round over the whole site has still to look at, the next last.
    round: Vec<String>,
}

impl Watch {
    /// Takes a first look. Only what changes after it is told.
    pub(super) fn new(root: &Path) -> Self {
        let folders = BTreeMap::new();
        let mut watch = Self { root: root.to_owned(), folders, recent: VecDeque::new(), round: Vec::new() };
        watch.look_below("", &mut Changed::new(), false);
        watch
    }

    /// Hashes the contents, so that a file that is only touched is known to be the same. What
    /// changes while this goes on is told afterwards.
    pub(super) fn remember(&mut self) {
        for (folder, Folder { files, .. }) in &mut self.folders {
            for (name, seen) in files {
                let full = self.root.join(folder).join(name);
                let hash = hash(&full, seen.size);
                if look(&full).is_some_and(|now| (now.size, now.time) == (seen.size, seen.time)) {
                    seen.hash = hash;
                }
            }
        }
    }

    /// Waits until something changes, and what; `hot` gives folders to look at first, those of
    /// open pages.
    pub(super) fn wait(&mut self, hot: impl Fn() -> Vec<String>) -> BTreeSet<String> {
        loop {
            let hot = hot();
            let pause = if hot.is_empty() { LONG } else { SHORT };
            std::thread::sleep(pause);
            let changed = self.look(&hot, pause / SHARE);
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
        let began = Instant::now();
        // Somebody who saves without end is not waited for.
        for _ in 0..50 {
            std::thread::sleep(SETTLING);
            let more = self.look(&[], Duration::ZERO);
            let is_cut = changed.keys().any(|path| self.seen(path).is_none_or(|seen| seen.size == 0));
            if more.is_empty() && (!is_cut || began.elapsed() > CUT) {
                break;
            }
            for (path, was_there) in more {
                changed.entry(path).or_insert(was_there);
            }
        }
        changed.retain(|path, was_there| *was_there || self.seen(path).is_some());
        changed.into_keys().collect()
    }

    fn note_recent(&mut self, folder: &str) {
        self.recent.retain(|known| known != folder);
        self.recent.push_front(folder.to_owned());
        self.recent.truncate(MOST_RECENT);
    }

    /// What was seen of a file.
    fn seen(&self, path: &str) -> Option<&Seen> {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        self.folders.get(folder)?.files.get(name)
    }

    /// One look: at the likely folders, then for some time at the next ones of the round.
    fn look(&mut self, hot: &[String], time: Duration) -> Changed {
        let likely: BTreeSet<String> = hot.iter().chain(&self.recent).cloned().collect();
        let mut changed = Changed::new();
        for folder in likely {
            // The site's own folder holds files only, for those who look often.
            if folder.is_empty() {
                self.look_at("", &mut changed, true);
            } else {
                self.look_below(&folder, &mut changed, true);
            }
        }
        if changed.is_empty() && !time.is_zero() {
            self.go_round(time, &mut changed);
        }
        changed
    }

    /// Goes on with the round, for some time. Where one file has changed others may have, so
    /// everything is looked at then.
    fn go_round(&mut self, time: Duration, changed: &mut Changed) {
        let began = Instant::now();
        loop {
            let folder = self.round.pop().unwrap_or_default();
            let below = self.look_at(&folder, changed, true);
            self.round.extend(below);
            if !changed.is_empty() {
                self.round.clear();
                return self.look_below("", changed, true);
            }
            if self.round.is_empty() || began.elapsed() >= time {
                return;
            }
        }
    }

    /// Looks at a folder and everything below it.
    fn look_below(&mut self, folder: &str, changed: &mut Changed, hashed: bool) {
        let mut left = vec![folder.to_owned()];
        while let Some(folder) = left.pop() {
            left.extend(self.look_at(&folder, changed, hashed));
        }
    }

    /// Looks at a folder; the folders in it. What cannot be read now is seen at a later look:
    /// nobody is told of it here.
    fn look_at(&mut self, path: &str, changed: &mut Changed, hashed: bool) -> Vec<String> {
        let mut old = self.folders.remove(path).unwrap_or_default();
        let mut new = Folder::default();
        for (name, metadata) in self.entries(path) {
            if metadata.is_dir() {
                new.folders.insert(name);
                continue;
            }
            let known = old.files.remove(&name);
            let mut seen = of_metadata(&metadata);
            if hashed && self.is_changed(path, &name, known.as_ref(), &mut seen) {
                changed.insert(joined(path, &name), known.is_some());
            } else if let Some(known) = known {
                seen.hash = seen.hash.or(known.hash);
            }
            new.files.insert(name, seen);
        }
        changed.extend(old.files.into_keys().map(|name| (joined(path, &name), true)));
        for gone in old.folders.difference(&new.folders) {
            self.forget(&joined(path, gone), changed);
        }
        let below = new.folders.iter().map(|name| joined(path, name)).collect();
        self.folders.insert(path.to_owned(), new);
        below
    }

    /// Whether a file is not what it was; hashes it where size and time do not tell.
    fn is_changed(&self, folder: &str, name: &str, known: Option<&Seen>, seen: &mut Seen) -> bool {
        let is_same = known.is_some_and(|old| (old.size, old.time) == (seen.size, seen.time));
        if is_same && !is_young(seen) {
            return false;
        }
        seen.hash = hash(&self.root.join(folder).join(name), seen.size);
        match known {
            None => true,
            Some(old) if old.hash.is_some() => old.hash != seen.hash || old.size != seen.size,
            Some(_) => !is_same,
        }
    }

    /// A folder is gone, with all below it.
    fn forget(&mut self, folder: &str, changed: &mut Changed) {
        let below = |path: &str| path == folder || is_in(path, folder);
        let known = self.folders.range(folder.to_owned()..).take_while(|(path, _)| path.starts_with(folder));
        let gone: Vec<String> = known.map(|(path, _)| path.clone()).filter(|path| below(path)).collect();
        for path in gone {
            let Some(Folder { files, .. }) = self.folders.remove(&path) else { continue };
            changed.extend(files.into_keys().map(|name| (joined(&path, &name), true)));
        }
    }

    /// What is in a folder, as far as it is a source; of the site's own folder what loading reads.
    fn entries(&self, path: &str) -> Vec<(String, Metadata)> {
        if path.is_empty() {
            let is_of_kind = |name: &str, metadata: &Metadata| FOLDERS.contains(&name) == metadata.is_dir();
            let names = FILES.into_iter().chain(FOLDERS);
            let all =
                names.filter_map(|name| Some((name.to_owned(), fs::symlink_metadata(self.root.join(name)).ok()?)));
            return all.filter(|(name, metadata)| is_of_kind(name, metadata)).collect();
        }
        let root = path.split('/').next().unwrap_or_default();
        let Ok(entries) = fs::read_dir(self.root.join(path)) else { return Vec::new() };
        // An entry that is gone by now will be seen to be.
        let named = entries.filter_map(Result::ok).filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            (!is_left_out(root, &name)).then(|| Some((name, entry.metadata().ok()?)))?
        });
        named.collect()
    }
}

fn joined(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
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
            self.watch.round.clear();
            self.watch.look(&[], Duration::from_secs(1000)).into_keys().collect()
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
        site.write(TABLE, "1 = 3");
        site.write("content/units/b/2023/work.md", "y");
        let hot = ["content/units/a/2023".to_owned()];
        assert_eq!(site.watch.look(&hot, Duration::ZERO).into_keys().collect::<Vec<_>>(), [TABLE]);
        assert!(site.watch.look(&hot, Duration::ZERO).is_empty());
    }

    #[test]
    fn a_round_goes_over_the_whole_site_some_folders_at_a_time() {
        let mut site = Site::new(&[(TABLE, "1 = 2"), ("content/units/b/2023/work.md", "x")]);
        site.write("content/units/b/2023/work.md", "y");
        site.write("content/units/b/2023/tables/01.toml", "y");
        let mut looks = (0..50).map(|_| site.watch.look(&[], Duration::from_nanos(1)));
        let found = looks.find(|changed| !changed.is_empty()).unwrap();
        assert_eq!(
            found.into_keys().collect::<Vec<_>>(),
            ["content/units/b/2023/tables/01.toml", "content/units/b/2023/work.md"]
        );
        assert!(site.look().is_empty());
    }

    #[test]
    fn a_folder_that_is_renamed_is_gone_with_all_below_it_and_new() {
        let beside = "content/units/a-b/2023/work.md";
        let mut site = Site::new(&[(TABLE, "1 = 2"), ("content/units/a/unit.toml", "x"), (beside, "z")]);
        let units = site.folder.path().join("content/units");
        fs::rename(units.join("a"), units.join("c")).unwrap();
        let moved = |path: &str| path.replace("/a/", "/c/");
        let all = ["content/units/a/2023/tables/01.toml", "content/units/a/unit.toml"];
        assert_eq!(site.look(), [all[0].into(), all[1].into(), moved(all[0]), moved(all[1])]);
        assert!(site.look().is_empty());
        site.write(beside, "zz");
        assert_eq!(site.look(), [beside]);
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
        assert!(site.watch.seen(TABLE).unwrap().size > 0 || site.look() == [TABLE]);
    }

    #[test]
    fn what_an_editor_keeps_beside_a_file_is_no_change() {
        let mut site = Site::new(&[(TABLE, "1 = 2")]);
        site.write("content/units/a/2023/tables/.01.toml.swp", "x");
        site.write("content/units/a/2023/tables/01.toml~", "x");
        assert!(site.look().is_empty());
        site.write("content/units/a/2023/tables/4913", "x");
        let changed = site.watch.look(&["content/units/a/2023".to_owned()], Duration::ZERO);
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
