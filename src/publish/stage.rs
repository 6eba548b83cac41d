//! Staging what is new of a site beside the output folder, and verifying it.
//!
//! Only files that differ from the published ones are written; [`super::whole`] makes a whole tree
//! of them when everything is known to be right.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::io;
use std::path::Path;

use rayon::prelude::*;

use super::earlier::Earlier;
use super::links::{LinkCheck, Outwards};
use super::memory::{Kept, Memory, Remembered, Stamp};
use super::output::Output;
use super::readers::make_folders;
use super::side_by_side::side_by_side;
use super::tree::{Checksum, checksum_of, hash_of};
use super::written::{Written, write_new, write_parts};
use super::{Cleared, Pages, PublishError, manifest};
use crate::diagnostic::Finding;
use crate::render::Contents;
use crate::render::content::{Content, Gauge, Hash, Made};
use crate::render::recipe::Recipe;
use crate::render::template::told_once;

/// A rendered site, as far as it is new in a folder beside the output, every link alive, not yet
/// verified.
#[derive(Debug)]
pub struct Staged<'p> {
    output: Output,
    /// In the order of their paths.
    files: Vec<Placed<'p>>,
    manifest: Hash,
    /// What is remembered of the links of its pages.
    links: Outwards,
    /// Published files that were not as they had been published.
    altered: BTreeSet<String>,
}

/// A file of the site.
#[derive(Debug)]
pub(super) struct StagedFile {
    made: Made,
    pub(super) origin: Origin,
    /// What it was made from and its stamp, where the next build may take it over.
    recipe: Option<(Recipe, Stamp)>,
    /// Whether it was taken over itself.
    is_old: bool,
}

/// Where the bytes of a file stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// In the published file: it was compared with what was made, byte by byte, or is made from the
    /// same and has not been touched since.
    Published {
        /// By which it is known.
        inode: u64,
    },
    /// In the staging folder: there was no such file.
    Written(Written),
}

/// A site of which everything is known to stand on disk as it was rendered.
#[derive(Debug)]
pub struct Verified<'p> {
    pub(super) output: Output,
    /// In the order of their paths, without the manifest.
    pub(super) files: Vec<Placed<'p>>,
    /// The hash of the manifest.
    pub(super) manifest: Hash,
    /// What is remembered of the links of its pages.
    pub(super) links: Outwards,
    /// Published files that were not as they had been published.
    pub(super) altered: BTreeSet<String>,
}

/// Renders every page and writes those that are new into the staging folder; a page's bytes are
/// dropped once written.
///
/// # Errors
/// [`PublishError::Findings`] with everything that is wrong with the pages, or a file error.
pub fn stage<P: Pages>(pages: &Cleared<P>, mut output: Output) -> Result<Staged<'_>, PublishError> {
    let pages = pages.get();
    let staging = output.staging();
    make_folders(&staging).map_err(PublishError::io("建立", &staging))?;
    let earlier = Earlier::of(output.folder(), &staging)?;
    let paths = || (0..pages.len()).map(|index| pages.path(index));
    output.remember_paths(paths().chain(std::iter::once(manifest::FILE)));
    let links = LinkCheck::with(paths(), output.memory().store());
    let place = Place {
        pages,
        staging: &staging,
        published: output.folder(),
        earlier: &earlier,
        links: &links,
        memory: output.memory(),
    };
    let (files, mut findings) = place.all()?;
    let (dead, links) = links.finish_remembering(|index| pages.render(index).ok());
    findings.extend(dead);
    if !findings.is_empty() {
        return Err(PublishError::Findings(told_once(findings)));
    }
    let path = staging.join(manifest::FILE);
    let listed = files.iter().map(|(path, file)| (*path, file.made.sha256));
    let manifest = fs::File::create_new(&path).and_then(|out| manifest::write(out, listed));
    let manifest = manifest.map_err(PublishError::io("写入", &path))?.sha256;
    earlier.opening().open(&path);
    Ok(Staged { output, files, manifest, links, altered: earlier.altered() })
}

/// A file and its path.
pub(super) type Placed<'p> = (&'p str, StagedFile);

/// What came of a page.
type Outcome = Result<StagedFile, PublishError>;

/// Where pages are placed, and what is known there.
struct Place<'p, 's, P> {
    pages: &'p P,
    staging: &'s Path,
    published: &'s Path,
    earlier: &'s Earlier,
    links: &'s LinkCheck<'p>,
    memory: &'s Memory,
}

impl<'p, P: Pages> Place<'p, '_, P> {
    /// Puts all pages in their places, in the order of their paths, and says what is wrong with
    /// them: first what is taken over, then the groups that are made together, then what is joined
    /// from their files and what does not ask for that, then the rest, which tells sizes and
    /// hashes of what was joined.
    fn all(&self) -> Result<(Vec<Placed<'p>>, Vec<Finding>), PublishError> {
        let (mut files, taken_over): (Vec<Option<StagedFile>>, Vec<Option<Remembered<'_>>>) = (0..self.pages.len())
            .into_par_iter()
            .map(|index| self.take_over(index, self.pages.recipe(index)).unzip())
            .unzip();
        for (index, file) in files.iter().enumerate() {
            if let Some(file) = file {
                self.pages.learn(index, &file.made);
            }
        }
        let old = taken_over.iter().enumerate();
        self.links.take_over(old.filter_map(|(at, old)| old.map(|old| (at, old.anchors, old.links()))));
        let is_left = |index: &usize| files[*index].is_none();
        let (mut groups, mut alone) = self.pages.groups();
        for group in &mut groups {
            group.retain(is_left);
        }
        groups.retain(|group| !group.is_empty());
        alone.retain(is_left);
        let mut findings = Vec::new();
        for (index, outcome) in self.in_turn(&files, &groups, alone) {
            match outcome {
                Ok(file) => files[index] = Some(file),
                Err(PublishError::Findings(found)) => findings.extend(found),
                Err(error) => return Err(error),
            }
        }
        let placed = files.into_iter().enumerate();
        let placed = placed.filter_map(|(index, file)| Some((self.pages.path(index), file?))).collect();
        Ok((placed, findings))
    }

    /// Makes the groups and what is left alone; what came of them is in the order of the paths.
    fn in_turn(
        &self,
        taken_over: &[Option<StagedFile>],
        groups: &[Vec<usize>],
        alone: Vec<usize>,
    ) -> Vec<(usize, Outcome)> {
        let mut outcomes: Vec<(usize, Outcome)> =
            side_by_side(groups, |group| self.group(group)).into_iter().flatten().collect();
        let (joined, others): (Vec<usize>, Vec<usize>) =
            alone.into_iter().partition(|index| self.pages.is_joined(*index));
        // What is joined needs all of its files: what one of them lacks has been told.
        let joined = if outcomes.iter().all(|(_, outcome)| outcome.is_ok()) { joined } else { Vec::new() };
        let (after, beside): (Vec<usize>, Vec<usize>) =
            others.into_iter().partition(|index| self.pages.asks_for_joined(*index));
        let make = |pages: Vec<usize>| -> Vec<(usize, Outcome)> {
            pages.into_par_iter().flat_map_iter(|index| self.group(&[index])).collect()
        };
        let placed = taken_over.iter().enumerate().filter_map(|(index, file)| Some((index, file.as_ref()?)));
        let placed =
            placed.chain(outcomes.iter().filter_map(|(index, outcome)| Some((*index, outcome.as_ref().ok()?))));
        let hash = |(index, file): (usize, &StagedFile)| (self.pages.path(index), file.made.sha256);
        let hashes: HashMap<&str, Hash> = if joined.is_empty() { HashMap::new() } else { placed.map(hash).collect() };
        let join = || joined.into_par_iter().map(|index| (index, self.joined(index, &hashes))).collect::<Vec<_>>();
        let (joined, beside) = rayon::join(join, || make(beside));
        outcomes.extend(joined.into_iter().chain(beside));
        outcomes.extend(make(after));
        outcomes.sort_unstable_by_key(|(index, _)| *index);
        outcomes
    }

    /// Joins a page from the files with these hashes, or takes it over where it was joined from the
    /// same.
    fn joined(&self, index: usize, hashes: &HashMap<&str, Hash>) -> Outcome {
        let recipe = self.recipe_of_parts(index, hashes);
        if let Some((file, _)) = self.take_over(index, recipe) {
            self.pages.learn(index, &file.made);
            return Ok(file);
        }
        let nothing = || Err(PublishError::Findings(Vec::new()));
        let mut file = self.group(&[index]).pop().map_or_else(nothing, |(_, outcome)| outcome)?;
        file.recipe = recipe.and_then(|recipe| Some((recipe, self.stamp(index, file.origin)?)));
        Ok(file)
    }

    /// What a page is joined from: less than what its parts are made from, which may change and
    /// leave them as they are.
    fn recipe_of_parts(&self, index: usize, hashes: &HashMap<&str, Hash>) -> Option<Recipe> {
        let Ok(Content::Joined { head, files }) = self.pages.content(index) else { return None };
        let mut gauge = Gauge::default();
        gauge.add(&Hash::of(&head).0);
        for file in &files {
            gauge.add(&hashes.get(file.as_str())?.0);
        }
        Some(Recipe(gauge.finish().sha256.0))
    }

    /// Makes pages of one group, or keeps those that stay as they were.
    fn group(&self, group: &[usize]) -> Vec<(usize, Outcome)> {
        let (kept, rest): (Vec<usize>, Vec<usize>) = group.iter().partition(|index| self.pages.is_kept(**index));
        let mut placed: Vec<(usize, Outcome)> = kept.into_iter().map(|index| (index, self.keep(index))).collect();
        if rest.is_empty() {
            return placed;
        }
        let made = &mut Vec::new();
        let opened = self.pages.open(&rest, &mut |contents| {
            made.par_extend(rest.par_iter().map(|index| (*index, self.page(contents, *index))));
        });
        if let Err(finding) = opened {
            made.push((rest[0], Err(PublishError::Findings(vec![*finding]))));
        }
        placed.append(made);
        placed
    }

    /// Makes a page.
    fn page(&self, contents: &dyn Contents, index: usize) -> Outcome {
        let recipe = self.pages.recipe(index);
        let mut file = self.make(contents, index, recipe.is_some())?;
        file.recipe = recipe.and_then(|recipe| Some((recipe, self.stamp(index, file.origin)?)));
        Ok(file)
    }

    /// The stamp of a file that was just placed.
    fn stamp(&self, index: usize, origin: Origin) -> Option<Stamp> {
        match origin {
            Origin::Written(written) => written.stamp,
            Origin::Published { .. } => Stamp::of(&self.published.join(self.pages.path(index))),
        }
    }

    /// The published file of a page that the last build has made from the same, and what is
    /// remembered of it.
    fn take_over(&self, index: usize, recipe: Option<Recipe>) -> Option<(StagedFile, Remembered<'_>)> {
        let (path, recipe) = (self.pages.path(index), recipe?);
        let old = self.memory.find(path, recipe)?;
        if self.pages.is_kept(index) || !self.earlier.is_untouched(path, &old.sha256, old.stamp) {
            return None;
        }
        let file = StagedFile::published(old.made(), old.stamp.inode());
        Some((StagedFile { recipe: Some((recipe, old.stamp)), is_old: true, ..file }, old))
    }

    /// Makes a page, and writes it where the published file is another.
    fn make(&self, contents: &dyn Contents, index: usize, will_be_remembered: bool) -> Outcome {
        let path = self.pages.path(index);
        let content = contents.content(index).map_err(|finding| PublishError::Findings(vec![*finding]))?;
        match content {
            Content::Whole(bytes) => {
                if will_be_remembered {
                    self.links.page_to_remember(index, &bytes);
                } else {
                    self.links.page(index, &bytes);
                }
                let made = contents.made(index).unwrap_or_else(|| Made::of(&bytes));
                self.whole(path, made, &bytes)
            }
            Content::Parts(parts) => self.parts(index, &mut parts.map(Ok)),
            Content::Joined { head, files } => {
                let begin = head.len();
                let rest = files.iter().map(|path| {
                    let mut bytes = self.read(path)?;
                    bytes.drain(..begin.min(bytes.len()));
                    Ok(bytes)
                });
                self.parts(index, &mut std::iter::once(Ok(head)).chain(rest))
            }
        }
    }

    /// The bytes of a file that is in its place: written, or the published one.
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        match fs::read(self.staging.join(path)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => fs::read(self.published.join(path)),
            other => other,
        }
    }

    /// Writes a page that comes piece by piece.
    fn parts(&self, index: usize, parts: &mut dyn Iterator<Item = io::Result<Vec<u8>>>) -> Outcome {
        let path = self.pages.path(index);
        let file = self.staging.join(path);
        let (made, written) =
            write_parts(&file, parts, self.earlier.opening()).map_err(PublishError::io("写入", &file))?;
        // Pages that tell its size come after it, and need not make it again.
        self.pages.learn(index, &made);
        let Some(inode) = self.earlier.same_hash(path, &made) else { return Ok(StagedFile::written(made, written)) };
        fs::remove_file(&file).map_err(PublishError::io("清理", &file))?;
        Ok(StagedFile::published(made, inode))
    }

    /// Takes a file over as it was last published, links to other pages as they were then.
    fn keep(&self, index: usize) -> Result<StagedFile, PublishError> {
        let path = self.pages.path(index);
        let (bytes, made) = self.earlier.published(path).ok_or_else(|| {
            let finding = Finding::new("P024", format!("“{path}”要沿用上次公开的文件，而它已不在或被改动"));
            PublishError::Findings(vec![finding.help("用 disclose verify 查看被改动的文件，从备份恢复后再发布")])
        })?;
        self.links.kept(index, &bytes);
        self.whole(path, made, &bytes)
    }

    /// Leaves the published file where it is the same, and writes it otherwise.
    fn whole(&self, path: &str, made: Made, bytes: &[u8]) -> Result<StagedFile, PublishError> {
        if let Some(inode) = self.earlier.same_bytes(path, &made, bytes) {
            return Ok(StagedFile::published(made, inode));
        }
        let file = self.staging.join(path);
        let written = write_new(&file, bytes, self.earlier.opening()).map_err(PublishError::io("写入", &file))?;
        Ok(StagedFile::written(made, written))
    }
}

impl Verified<'_> {
    /// Remembers what the files were made from, for the next build.
    pub(super) fn remember(self) {
        let Self { mut output, files, links, .. } = self;
        let Outwards { pages, store } = links;
        let kept = files.iter().enumerate().filter_map(|(at, (path, file))| {
            let (recipe, stamp) = file.recipe?;
            let StagedFile { made, is_old, .. } = file;
            Some(Kept { path, recipe, made, stamp, is_old: *is_old, outward: pages.get(&at) })
        });
        output.take_memory().keep(store, kept);
    }
}

#[cfg(test)]
impl Origin {
    pub(super) fn written_for_tests() -> Self {
        Self::Written(Written::default())
    }
}

impl StagedFile {
    const fn published(made: Made, inode: u64) -> Self {
        Self { made, origin: Origin::Published { inode }, recipe: None, is_old: false }
    }

    const fn written(made: Made, written: Written) -> Self {
        Self { made, origin: Origin::Written(written), recipe: None, is_old: false }
    }
}

impl<'p> Staged<'p> {
    /// Rereads every file that was written, and the manifest; those that stay as they were
    /// published have been compared with what was made.
    ///
    /// # Errors
    /// [`PublishError::Findings`] with every file that is not as rendered.
    pub fn verify(self) -> Result<Verified<'p>, PublishError> {
        let findings = self.altered_files(&self.output.staging())?;
        if !findings.is_empty() {
            return Err(PublishError::Findings(findings));
        }
        let Self { output, files, manifest, links, altered } = self;
        Ok(Verified { output, files, manifest, links, altered })
    }

    fn altered_files(&self, staging: &Path) -> Result<Vec<Finding>, PublishError> {
        let written: Vec<(&str, Checksum)> = self
            .files
            .iter()
            .filter_map(|(path, file)| match file.origin {
                Origin::Written(written) => Some((*path, written.checksum)),
                Origin::Published { .. } => None,
            })
            .collect();
        let finding = |path: &str| Finding::new("P012", format!("“{path}”写入后重读不一致，请检查磁盘后重新生成"));
        let checked: Result<Vec<Option<Finding>>, PublishError> = written
            .par_iter()
            .map(|(path, checksum)| {
                let file = staging.join(path);
                let found = checksum_of(&file).map_err(PublishError::io("重读", &file))?;
                Ok((found != *checksum).then(|| finding(path)))
            })
            .collect();
        let mut findings: Vec<Finding> = checked?.into_iter().flatten().collect();
        let file = staging.join(manifest::FILE);
        if hash_of(&file).map_err(PublishError::io("重读", &file))? != self.manifest {
            findings.push(finding(manifest::FILE));
        }
        Ok(findings)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::{Published, clear};

    struct Fake(Vec<(&'static str, &'static str)>);

    impl Pages for Fake {
        fn len(&self) -> usize {
            self.0.len()
        }
        fn path(&self, index: usize) -> &str {
            self.0[index].0
        }
        fn render(&self, index: usize) -> Result<Vec<u8>, Box<Finding>> {
            match self.0[index].1 {
                "broken" => Err(Box::new(Finding::new("P001", "坏页"))),
                text => Ok(text.as_bytes().to_vec()),
            }
        }
    }

    fn publish(root: &Path, pages: Fake) -> Result<Published, PublishError> {
        let cleared = clear(pages, &[]).unwrap();
        let site = root.join("site");
        fs::create_dir_all(&site).unwrap();
        stage(&cleared, Output::open(&root.join("public"), &site)?)?.verify()?.switch()
    }

    const GOOD: &[(&str, &str)] =
        &[("a/index.html", r#"<p id="x">新</p>"#), ("index.html", r#"<a href="a/index.html#x">"#)];

    #[test]
    fn a_whole_site_takes_the_old_ones_place_and_the_old_one_is_kept() {
        let dir = tempfile::tempdir().unwrap();
        publish(dir.path(), Fake(vec![("index.html", "旧")])).unwrap();
        let published = publish(dir.path(), Fake(GOOD.to_vec())).unwrap();
        assert_eq!(published.files, 3);
        assert_eq!(fs::read_to_string(dir.path().join("public/a/index.html")).unwrap(), r#"<p id="x">新</p>"#);
        assert_eq!(fs::read_to_string(dir.path().join(".public.previous/index.html")).unwrap(), "旧");
        assert!(!dir.path().join(".public.staging").exists());
    }

    /// Pages of one family, which cannot be opened any more, and one that is joined from theirs.
    struct Gone;

    impl Pages for Gone {
        fn len(&self) -> usize {
            2
        }
        fn path(&self, index: usize) -> &str {
            ["data/all.csv", "units/a.csv"][index]
        }
        fn render(&self, _index: usize) -> Result<Vec<u8>, Box<Finding>> {
            Ok(Vec::new())
        }
        fn content(&self, _index: usize) -> Result<Content<'_>, Box<Finding>> {
            Ok(Content::Joined { head: Vec::new(), files: vec!["units/a.csv".into()] })
        }
        fn groups(&self) -> (Vec<Vec<usize>>, Vec<usize>) {
            (vec![vec![1]], vec![0])
        }
        fn is_joined(&self, index: usize) -> bool {
            index == 0
        }
        fn open(&self, group: &[usize], show: &mut dyn FnMut(&dyn Contents)) -> Result<(), Box<Finding>> {
            if group == [1] {
                return Err(Box::new(Finding::new("P025", "源文件被改动")));
            }
            show(&super::super::Alone(self));
            Ok(())
        }
    }

    #[test]
    fn what_a_family_lacks_is_told_and_not_that_its_files_cannot_be_joined() {
        let dir = tempfile::tempdir().unwrap();
        let site = dir.path().join("site");
        fs::create_dir_all(&site).unwrap();
        let pages = clear(Gone, &[]).unwrap();
        let staged = stage(&pages, Output::open(&dir.path().join("public"), &site).unwrap());
        let Err(PublishError::Findings(found)) = staged else { panic!("{staged:?}") };
        assert_eq!(found.iter().map(|finding| finding.code.id).collect::<Vec<_>>(), ["P025"]);
    }

    /// Two files and one that is joined from them, and how often that was made.
    struct Joining([&'static str; 2], std::sync::atomic::AtomicUsize);

    impl Pages for Joining {
        fn len(&self) -> usize {
            3
        }
        fn path(&self, index: usize) -> &str {
            ["data/all.csv", "units/a.csv", "units/b.csv"][index]
        }
        fn render(&self, index: usize) -> Result<Vec<u8>, Box<Finding>> {
            Ok(self.0[index - 1].as_bytes().to_vec())
        }
        fn content(&self, index: usize) -> Result<Content<'_>, Box<Finding>> {
            let files = || vec!["units/a.csv".into(), "units/b.csv".into()];
            if index > 0 {
                return self.render(index).map(Content::Whole);
            }
            Ok(Content::Joined { head: b"h\n".to_vec(), files: files() })
        }
        fn groups(&self) -> (Vec<Vec<usize>>, Vec<usize>) {
            (vec![vec![1, 2]], vec![0])
        }
        fn is_joined(&self, index: usize) -> bool {
            index == 0
        }
        fn open(&self, group: &[usize], show: &mut dyn FnMut(&dyn Contents)) -> Result<(), Box<Finding>> {
            self.1.fetch_add(usize::from(group == [0]), std::sync::atomic::Ordering::Relaxed);
            show(&super::super::Alone(self));
            Ok(())
        }
    }

    #[test]
    fn what_is_joined_is_made_again_when_one_of_its_files_is_another() {
        let dir = tempfile::tempdir().unwrap();
        let site = dir.path().join("site");
        fs::create_dir_all(&site).unwrap();
        let publish = |files: [&'static str; 2]| {
            let pages = clear(Joining(files, std::sync::atomic::AtomicUsize::new(0)), &[]).unwrap();
            let output = Output::open(&dir.path().join("public"), &site).unwrap();
            stage(&pages, output).unwrap().verify().unwrap().switch().unwrap();
            let text = fs::read_to_string(dir.path().join("public/data/all.csv")).unwrap();
            (text, pages.get().1.load(std::sync::atomic::Ordering::Relaxed))
        };
        // Without inodes nothing is taken over.
        let again = usize::from(!cfg!(unix));
        assert_eq!(publish(["h\n1\n", "h\n2\n"]), ("h\n1\n2\n".to_owned(), 1));
        assert_eq!(publish(["h\n1\n", "h\n2\n"]), ("h\n1\n2\n".to_owned(), again));
        assert_eq!(publish(["h\n1\n", "h\n3\n"]), ("h\n1\n3\n".to_owned(), 1));
        fs::write(dir.path().join("public/data/all.csv"), "h\n1\n4\n").unwrap();
        assert_eq!(publish(["h\n1\n", "h\n3\n"]), ("h\n1\n3\n".to_owned(), 1));
    }

    #[test]
    fn a_page_that_cannot_be_made_or_a_dead_link_publishes_nothing() {
        let dir = tempfile::tempdir().unwrap();
        publish(dir.path(), Fake(GOOD.to_vec())).unwrap();
        let before = fs::read(dir.path().join("public/MANIFEST")).unwrap();
        for bad in ["broken", r#"<a href="b.html">"#, r##"<a href="#gone">"##, r#"<a href="a/index.html#gone">"#] {
            let outcome = publish(dir.path(), Fake(vec![GOOD[0], ("index.html", bad)]));
            assert!(matches!(outcome, Err(PublishError::Findings(_))), "{bad}");
            assert_eq!(fs::read(dir.path().join("public/MANIFEST")).unwrap(), before);
        }
    }

    #[test]
    fn a_build_leaves_nothing_beside_the_folder_but_the_tree_before() {
        let dir = tempfile::tempdir().unwrap();
        let beside = || {
            let names = fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name());
            names.map(|name| name.into_string().unwrap()).filter(|name| name.starts_with('.')).collect::<Vec<_>>()
        };
        publish(dir.path(), Fake(GOOD.to_vec())).unwrap();
        assert!(publish(dir.path(), Fake(vec![("index.html", "broken")])).is_err());
        assert!(publish(dir.path(), Fake(vec![("index.html", r#"<a href="b.html">"#)])).is_err());
        if cfg!(unix) {
            assert_eq!(beside(), Vec::<String>::new());
        }
        assert!(publish(dir.path(), Fake(GOOD.to_vec())).unwrap().unchanged);
        if cfg!(unix) {
            assert_eq!(beside(), Vec::<String>::new());
        }
        publish(dir.path(), Fake(vec![("index.html", "新")])).unwrap();
        if cfg!(unix) {
            assert_eq!(beside(), [".public.previous"]);
        }
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_site_that_went_live_is_published_even_if_the_old_one_cannot_be_put_away() {
        let dir = tempfile::tempdir().unwrap();
        publish(dir.path(), Fake(vec![("index.html", "旧")])).unwrap();
        // A file cannot be removed as a tree.
        fs::write(dir.path().join(".public.previous"), "x").unwrap();
        let published = publish(dir.path(), Fake(GOOD.to_vec())).unwrap();
        assert!(published.warning.unwrap().starts_with("新网站已经发布，但"));
        assert!(dir.path().join("public/a/index.html").exists());
        assert_eq!(fs::read_to_string(dir.path().join(".public.staging/index.html")).unwrap(), "旧");
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_mount_point_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let error = Output::open(Path::new("/proc"), dir.path()).unwrap_err();
        assert!(error.to_string().contains("挂载点"), "{error}");
    }

    #[test]
    fn a_folder_that_no_build_made_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("public")).unwrap();
        fs::write(dir.path().join("public/CNAME"), "x").unwrap();
        let error = publish(dir.path(), Fake(GOOD.to_vec())).unwrap_err();
        assert!(error.to_string().contains("CNAME"), "{error}");
        assert_eq!(fs::read_to_string(dir.path().join("public/CNAME")).unwrap(), "x");
    }
}
