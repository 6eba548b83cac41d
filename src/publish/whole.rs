//! A whole tree of a verified site, of which only what is new was written.
//!
//! The tree before the published one ([`Output::previous`]) holds the very files of the published
//! one, but for what the last build changed. So it is made over, which touches few files:
//!
//! 1. look through it, by names and inodes alone;
//! 2. put away what is not in the new site (`undo`: until the exchange it can be put back);
//! 3. link what it lacks from the published tree, and put in what was written.
//!
//! Every file is then one that was written and reread, or has the inode of a published file that
//! is known to be right; there are no others. Where there is no such tree, or it has something odd
//! about it, a new one is made of links.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::memory::inode_of;
use super::output::Output;
use super::readers::make_folders;
use super::stage::Origin;
use super::tree::{Entry, Kind, Look, entries};
use super::undo::{self, move_file};
use super::{PublishError, manifest};
use crate::diagnostic::Finding;

/// The folders that files come from.
#[derive(Clone, Debug)]
pub(super) struct Places {
    /// What was written.
    staging: PathBuf,
    /// What stays as it was.
    published: PathBuf,
}

/// What makes one tree over into another, in this order.
#[derive(Debug, Default, PartialEq, Eq)]
struct Changes<'p> {
    /// Files that are put away, the manifest after them.
    away: Vec<String>,
    /// Folders in which nothing is left, those inside others first.
    folders: Vec<String>,
    /// Files that come, the manifest after them.
    fresh: Vec<(&'p str, Origin)>,
}

impl Places {
    pub(super) fn of(output: &Output) -> Self {
        Self { staging: output.staging(), published: output.folder().to_owned() }
    }

    /// Links everything that stays as it was into the staging folder; `files` are all but the
    /// manifest.
    ///
    /// # Errors
    /// A file error, or a published file is another than it was a moment ago.
    pub(super) fn fill(&self, files: &[(&str, Origin)]) -> Result<(), PublishError> {
        let staying = files.par_iter().filter(|(_, origin)| matches!(origin, Origin::Published { .. }));
        staying.try_for_each(|(path, origin)| self.bring(path, *origin, &self.staging))
    }

    /// Makes the tree before the published one over; says whether it could be. What is taken out of
    /// it is in `undo`, for [`undo::settle`] to put back if the tree does not take its place.
    ///
    /// # Errors
    /// As [`Self::fill`].
    pub(super) fn renew(&self, previous: &Path, undo: &Path, files: &[(&str, Origin)]) -> Result<bool, PublishError> {
        let Some(entries) = made_alike(previous, &self.staging) else { return Ok(false) };
        let changes = Changes::between(&entries, files);
        if changes.clear(previous, undo).is_err() {
            // Nothing has come into the tree yet: it is put back, and a new one made.
            undo::settle(undo, previous)?;
            return Ok(false);
        }
        changes.fresh.par_iter().try_for_each(|(path, origin)| self.bring(path, *origin, previous))?;
        let path = manifest::FILE;
        let place = previous.join(path);
        move_file(&self.staging.join(path), &place).map_err(PublishError::io("写入", &place))?;
        Ok(true)
    }

    /// Brings a file into a tree that does not have it.
    fn bring(&self, path: &str, origin: Origin, tree: &Path) -> Result<(), PublishError> {
        let place = tree.join(path);
        match origin {
            Origin::Written(_) => move_file(&self.staging.join(path), &place).map_err(PublishError::io("写入", &place)),
            Origin::Published { inode } => {
                link(&self.published.join(path), &place).map_err(PublishError::io("写入", &place))?;
                let is_it = |meta: fs::Metadata| meta.is_file() && inode_of(&meta) == inode;
                if fs::symlink_metadata(&place).is_ok_and(is_it) {
                    return Ok(());
                }
                let message = format!("“{path}”在生成网站的过程中被改动");
                let finding = Finding::new("P012", message).help("请查明是谁改的，再生成一次");
                Err(PublishError::Findings(vec![finding]))
            }
        }
    }
}

/// Gives a file another name, with the folders above it.
fn link(from: &Path, to: &Path) -> io::Result<()> {
    match fs::hard_link(from, to) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            to.parent().map_or(Ok(()), make_folders)?;
            fs::hard_link(from, to)
        }
        other => other,
    }
}

fn put_away(tree: &Path, taken: &Path, path: &str) -> Result<(), PublishError> {
    let place = tree.join(path);
    move_file(&place, &taken.join(path)).map_err(PublishError::io("移走", &place))
}

fn remove_folder(tree: &Path, path: &str) -> Result<(), PublishError> {
    let place = tree.join(path);
    fs::remove_dir(&place).map_err(PublishError::io("清理", &place))
}

impl<'p> Changes<'p> {
    /// Takes out of a tree what is not in the new site, into `undo`.
    fn clear(&self, tree: &Path, undo: &Path) -> Result<(), PublishError> {
        let taken = undo::begin(undo, tree).map_err(PublishError::io("建立", undo))?;
        self.away.par_iter().try_for_each(|path| put_away(tree, &taken, path))?;
        put_away(tree, &taken, manifest::FILE)?;
        self.folders.iter().try_for_each(|path| remove_folder(tree, path))
    }

    /// What makes a tree with these entries one with these files, but for the manifest; both are in
    /// order of the paths.
    fn between(entries: &[Entry], files: &[(&'p str, Origin)]) -> Self {
        let mut changes = Self::default();
        let mut coming = files.iter().copied().peekable();
        for Entry { path, kind } in entries.iter().filter(|entry| entry.path != manifest::FILE) {
            changes.fresh.extend(std::iter::from_fn(|| coming.next_if(|(file, _)| *file < path.as_str())));
            let same = coming.next_if(|(file, _)| *file == path);
            let is_it = |(_, origin): &(&str, Origin)| match (origin, kind) {
                (Origin::Published { inode: wanted }, Kind::File { inode }) => wanted == inode,
                _ => false,
            };
            if same.as_ref().is_some_and(is_it) {
                continue;
            }
            changes.fresh.extend(same);
            match kind {
                Kind::Folder(_) if holds(files, path) => {}
                Kind::Folder(_) => changes.folders.push(path.clone()),
                Kind::File { .. } | Kind::Other => changes.away.push(path.clone()),
            }
        }
        changes.fresh.extend(coming);
        changes.folders.reverse();
        changes
    }
}

/// Whether one of these files, in order of their paths, stands in a folder.
fn holds(files: &[(&str, Origin)], folder: &str) -> bool {
    let inside = format!("{folder}/");
    let at = files.partition_point(|(path, _)| *path < inside.as_str());
    files.get(at).is_some_and(|(path, _)| path.starts_with(&inside))
}

/// What stands in a tree that a build has published; `None` where there is none, its files have no
/// inodes to be known by, or its folders are not such as are made now beside it, in `like`.
fn made_alike(tree: &Path, like: &Path) -> Option<Vec<Entry>> {
    let look = Look::of(&fs::symlink_metadata(like).ok()?);
    let is_alike = |meta: &fs::Metadata| meta.is_dir() && Look::of(meta) == look;
    if !cfg!(unix) || !fs::symlink_metadata(tree).is_ok_and(|meta| is_alike(&meta)) {
        return None;
    }
    manifest::of_folder(tree)?;
    let is_fine = |Entry { path, kind }: &Entry| match kind {
        Kind::Folder(other) => *other == look,
        Kind::File { .. } | Kind::Other => !path.contains(char::REPLACEMENT_CHARACTER),
    };
    entries(tree).ok().filter(|entries| entries.iter().all(is_fine))
}

#[cfg(all(test, unix))]
mod tests {
    use std::collections::BTreeMap;

    use tempfile::TempDir;

    use super::*;
    use crate::render::content::Hash;

    /// Trees beside each other: the one before the published one, and the published one.
    struct Trees {
        dir: TempDir,
    }

    /// What every file holds in the tree before; `notes` no build has made.
    const BEFORE: [(&str, &str); 6] = [
        ("a", "a file that becomes a folder"),
        ("b/c/d", "a folder that becomes a file"),
        ("b-c", "a file beside"),
        ("gone/e", "a file that goes"),
        ("old", "a file that the last build changed"),
        ("same/f", "a file that stays"),
    ];

    /// What every file of the new site holds, and whether it was written for it.
    const AFTER: [(&str, &str, bool); 6] = [
        ("a/x", "in the folder", true),
        ("b/c", "the file", true),
        ("b-c", "a file beside", false),
        ("new/deep/g", "a file of the last build", false),
        ("old", "a file that the last build changed, changed", false),
        ("same/f", "a file that stays", false),
    ];

    impl Trees {
        fn new() -> Self {
            let trees = Self { dir: TempDir::new().unwrap() };
            for (path, text) in BEFORE {
                trees.write("previous", path, text);
            }
            trees.manifest("previous", BEFORE.iter().copied());
            for (path, text, is_written) in AFTER {
                let stays = BEFORE.contains(&(path, text));
                if stays {
                    link(&trees.at("previous").join(path), &trees.at("public").join(path)).unwrap();
                } else {
                    trees.write(if is_written { "staging" } else { "public" }, path, text);
                }
            }
            trees.manifest("staging", AFTER.iter().map(|(path, text, _)| (*path, *text)));
            trees
        }

        fn at(&self, tree: &str) -> PathBuf {
            self.dir.path().join(tree)
        }

        fn write(&self, tree: &str, path: &str, text: &str) {
            let place = self.at(tree).join(path);
            fs::create_dir_all(place.parent().unwrap()).unwrap();
            fs::write(place, text).unwrap();
        }

        fn manifest<'t>(&self, tree: &str, files: impl Iterator<Item = (&'t str, &'t str)>) {
            let mut files: Vec<_> = files.map(|(path, text)| (path, Hash::of(text.as_bytes()))).collect();
            files.sort_unstable_by_key(|(path, _)| *path);
            fs::create_dir_all(self.at(tree)).unwrap();
            manifest::write(fs::File::create(self.at(tree).join(manifest::FILE)).unwrap(), files.into_iter()).unwrap();
        }

        fn places(&self) -> Places {
            Places { staging: self.at("staging"), published: self.at("public") }
        }

        fn files(&self) -> Vec<(&'static str, Origin)> {
            let inode = |path| inode_of(&fs::symlink_metadata(self.at("public").join(path)).unwrap());
            let origin = |path, is_written| {
                if is_written { Origin::written_for_tests() } else { Origin::Published { inode: inode(path) } }
            };
            let mut files: Vec<_> = AFTER.map(|(path, _, is_written)| (path, origin(path, is_written))).into();
            files.sort_unstable_by_key(|(path, _)| *path);
            files
        }

        /// Every file of a tree with what it holds, or where it leads.
        fn tree(&self, tree: &str) -> BTreeMap<String, String> {
            let files = walkdir::WalkDir::new(self.at(tree)).into_iter().map(Result::unwrap);
            let files = files.filter(|entry| !entry.file_type().is_dir());
            let held = files.map(|entry| {
                let path = entry.path().strip_prefix(self.at(tree)).unwrap().to_str().unwrap().to_owned();
                let text = fs::read_to_string(entry.path());
                (path, text.unwrap_or_else(|_| fs::read_link(entry.path()).unwrap().display().to_string()))
            });
            held.collect()
        }

        fn renew(&self) -> bool {
            self.places().renew(&self.at("previous"), &self.at("undo"), &self.files()).unwrap()
        }
    }

    #[test]
    fn the_tree_before_is_made_over_into_the_new_site_and_has_nothing_else() {
        let trees = Trees::new();
        trees.write("previous", "gone/notes.txt", "of somebody");
        std::os::unix::fs::symlink("/nowhere", trees.at("previous").join("same/link")).unwrap();
        let stays = inode_of(&fs::metadata(trees.at("previous/same/f")).unwrap());
        let manifest = fs::read_to_string(trees.at("staging/MANIFEST")).unwrap();
        assert!(trees.renew());
        let mut expected: BTreeMap<_, _> =
            AFTER.iter().map(|(path, text, _)| ((*path).to_owned(), (*text).to_owned())).collect();
        expected.insert("MANIFEST".to_owned(), manifest);
        assert_eq!(trees.tree("previous"), expected);
        assert_eq!(inode_of(&fs::metadata(trees.at("previous/same/f")).unwrap()), stays);
        assert!(!trees.at("previous/gone").exists());
        // When it has taken its place, what was taken out of it is of no use.
        fs::rename(trees.at("previous"), trees.at("live")).unwrap();
        fs::rename(trees.at("public"), trees.at("previous")).unwrap();
        let published = trees.tree("previous");
        undo::settle(&trees.at("undo"), &trees.at("previous")).unwrap();
        assert_eq!((trees.tree("previous"), trees.tree("live")), (published, expected));
        assert!(!trees.at("undo").exists());
    }

    #[test]
    fn whenever_it_is_interrupted_the_tree_before_is_put_back() {
        let (mut step, mut done) = (0, false);
        while !done {
            let trees = Trees::new();
            trees.write("previous", "gone/notes.txt", "of somebody");
            let before = trees.tree("previous");
            let (tree, undo) = (trees.at("previous"), trees.at("undo"));
            let entries = made_alike(&tree, &trees.at("staging")).unwrap();
            let files = trees.files();
            let changes = Changes::between(&entries, &files);
            let (places, taken) = (trees.places(), undo::begin(&undo, &tree).unwrap());
            let away = changes.away.iter().map(|path| ("away", path.as_str(), None));
            let folders = changes.folders.iter().map(|path| ("folder", path.as_str(), None));
            let fresh = changes.fresh.iter().map(|(path, origin)| ("fresh", *path, Some(*origin)));
            let away = away.chain([("away", manifest::FILE, None)]);
            let steps: Vec<_> = away.chain(folders).chain(fresh).collect();
            for (what, path, origin) in &steps[..step] {
                match (what, origin) {
                    (_, Some(origin)) => places.bring(path, *origin, &tree).unwrap(),
                    (&"away", _) => put_away(&tree, &taken, path).unwrap(),
                    _ => remove_folder(&tree, path).unwrap(),
                }
            }
            done = step == steps.len();
            if done {
                move_file(&trees.at("staging/MANIFEST"), &tree.join(manifest::FILE)).unwrap();
                assert_ne!(trees.tree("previous"), before);
            }
            step += 1;
            undo::settle(&undo, &tree).unwrap();
            assert_eq!(trees.tree("previous"), before, "after step {step}");
            assert!(!undo.exists());
        }
        assert!(step > 10, "{step}");
    }

    #[test]
    fn putting_back_that_is_interrupted_too_goes_on_from_there() {
        let trees = Trees::new();
        let before = trees.tree("previous");
        trees.renew();
        let (tree, undo) = (trees.at("previous"), trees.at("undo"));
        let taken = undo::begin(&undo, &tree).unwrap();
        // As far as two files, when the power failed.
        fs::remove_file(tree.join("a/x")).unwrap();
        fs::remove_dir(tree.join("a")).unwrap();
        move_file(&taken.join("a"), &tree.join("a")).unwrap();
        undo::settle(&undo, &tree).unwrap();
        assert_eq!(trees.tree("previous"), before);
    }

    #[test]
    fn a_tree_with_something_odd_about_it_is_left_alone() {
        use std::os::unix::fs::PermissionsExt;
        let odd: [&dyn Fn(&Trees); 3] = [
            &|trees| fs::set_permissions(trees.at("previous/b"), fs::Permissions::from_mode(0o700)).unwrap(),
            &|trees| fs::remove_file(trees.at("previous/MANIFEST")).unwrap(),
            &|trees| {
                fs::rename(trees.at("previous"), trees.at("elsewhere")).unwrap();
                std::os::unix::fs::symlink(trees.at("elsewhere"), trees.at("previous")).unwrap();
            },
        ];
        for make_odd in odd {
            let trees = Trees::new();
            make_odd(&trees);
            let before = trees.tree("previous");
            assert!(!trees.renew());
            assert_eq!(trees.tree("previous"), before);
            assert!(!trees.at("undo").exists());
        }
    }

    #[test]
    fn a_published_file_that_became_another_meanwhile_is_not_taken() {
        for fill in [true, false] {
            let trees = Trees::new();
            let files = trees.files();
            fs::rename(trees.at("public/old"), trees.at("kept")).unwrap();
            trees.write("public", "old", "a file that somebody else put there");
            let made = if fill {
                trees.places().fill(&files)
            } else {
                trees.places().renew(&trees.at("previous"), &trees.at("undo"), &files).map(drop)
            };
            let Err(PublishError::Findings(found)) = made else { panic!("{made:?}") };
            assert!(found[0].message.contains("“old”"), "{found:?}");
        }
    }

    #[test]
    fn a_folder_is_told_from_its_namesakes() {
        let files = ["a-b", "a/b", "ab/c"].map(|path| (path, Origin::written_for_tests()));
        assert!(holds(&files, "a") && holds(&files, "ab"));
        assert!(!holds(&files, "a-b") && !holds(&files, "a/b") && !holds(&files, "b") && !holds(&files, "aa"));
    }
}
