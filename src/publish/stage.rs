//! Staging a site beside the output folder, and verifying it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::earlier::Earlier;
use super::links::LinkCheck;
use super::memory::{Memory, Remembered, Stamp};
use super::output::Output;
use super::readers::Opening;
use super::side_by_side::side_by_side;
use super::tree::holds;
use super::{Cleared, Pages, PublishError, manifest};
use crate::diagnostic::Finding;
use crate::render::Contents;
use crate::render::content::{Content, Gauge, Made};
use crate::render::recipe::Recipe;
use crate::render::template::told_once;

/// A rendered site in a folder beside the output, every link alive, not yet verified.
#[derive(Debug)]
pub struct Staged {
    output: Output,
    files: BTreeMap<String, StagedFile>,
    manifest: Made,
    /// What is remembered of the files, by their paths.
    remembered: BTreeMap<String, Remembered>,
    /// Published files that were not as they had been published.
    altered: BTreeSet<String>,
}

/// A file of the staged tree.
#[derive(Debug)]
struct StagedFile {
    made: Made,
    origin: Origin,
    /// The stamp of a file that was written at once.
    stamp: Option<Stamp>,
    /// What it was made from and its stamp, where the next build may take it over.
    recipe: Option<(Recipe, Stamp)>,
}

/// Where the bytes of a staged file come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    /// The published file, linked: it was compared with what was made, byte by byte, or is made
    /// from the same and has not been touched since.
    Linked,
    /// Written: there was no such file.
    Written,
}

/// A staged site that is whole: every file stands on disk as it was rendered.
#[derive(Debug)]
pub struct Verified {
    pub(super) output: Output,
    pub(super) files: usize,
    pub(super) linked: usize,
    /// The hash of the manifest.
    pub(super) manifest: String,
    /// What is remembered of the files, by their paths.
    pub(super) remembered: BTreeMap<String, Remembered>,
    /// Published files that were not as they had been published.
    pub(super) altered: BTreeSet<String>,
}

/// Renders every page into the staging folder; a page's bytes are dropped once written.
///
/// # Errors
/// [`PublishError::Findings`] with everything that is wrong with the pages, or a file error.
pub fn stage<P: Pages>(pages: &Cleared<P>, output: Output) -> Result<Staged, PublishError> {
    let pages = pages.get();
    let staging = output.staging();
    create_folders(pages, &staging)?;
    let earlier = Earlier::of(output.folder(), &staging)?;
    let links = LinkCheck::new((0..pages.len()).map(|index| pages.path(index)));
    let place = Place { pages, staging: &staging, earlier: &earlier, links: &links, memory: output.memory() };
    place.learn();
    let (mut files, mut findings) = (BTreeMap::new(), Vec::new());
    for (index, outcome) in place.all() {
        match outcome {
            Ok(file) => {
                files.insert(pages.path(index).to_owned(), file);
            }
            Err(PublishError::Findings(found)) => findings.extend(found),
            Err(error) => return Err(error),
        }
    }
    let (dead, outwards) = links.finish_remembering(|index| pages.render(index).ok());
    findings.extend(dead);
    if !findings.is_empty() {
        return Err(PublishError::Findings(told_once(findings)));
    }
    let manifest_path = staging.join(manifest::FILE);
    let remembered = outwards.into_iter().zip(0..pages.len()).filter_map(|(outward, index)| {
        let StagedFile { made, recipe, .. } = files.get(pages.path(index))?;
        let (recipe, stamp) = (*recipe)?;
        Some((pages.path(index).to_owned(), Remembered { recipe, made: made.clone(), stamp, outward }))
    });
    let remembered = remembered.collect();
    let text = manifest::text(files.iter().map(|(path, file)| (path.as_str(), file.made.sha256.as_str())));
    fs::write(&manifest_path, &text).map_err(PublishError::io("写入", &manifest_path))?;
    Ok(Staged { output, files, manifest: Made::of(text.as_bytes()), remembered, altered: earlier.altered() })
}

fn create_folders<P: Pages>(pages: &P, staging: &Path) -> Result<(), PublishError> {
    let folders: BTreeSet<PathBuf> = (0..pages.len())
        .filter_map(|index| Path::new(pages.path(index)).parent().map(|folder| staging.join(folder)))
        .chain(std::iter::once(staging.to_owned()))
        .collect();
    folders.iter().try_for_each(|folder| fs::create_dir_all(folder).map_err(PublishError::io("建立", folder)))?;
    let opening = Opening::of(staging).map_err(PublishError::io("查看", staging))?;
    // Those between the folders of files were made with them.
    let all = folders.iter().flat_map(|folder| folder.ancestors().take_while(|above| above.starts_with(staging)));
    all.collect::<BTreeSet<&Path>>().into_iter().for_each(|folder| opening.open(folder));
    Ok(())
}

/// What came of a page.
type Outcome = Result<StagedFile, PublishError>;

/// Where pages are placed, and what is known there.
struct Place<'s, P> {
    pages: &'s P,
    staging: &'s Path,
    earlier: &'s Earlier,
    links: &'s LinkCheck<'s>,
    memory: &'s Memory,
}

impl<P: Pages> Place<'_, P> {
    /// Tells the plan the sizes and hashes of files that will be taken over.
    fn learn(&self) {
        for index in 0..self.pages.len() {
            let known = self.pages.recipe(index).and_then(|recipe| self.memory.find(self.pages.path(index), recipe));
            if let Some(known) = known {
                self.pages.learn(index, &known.made);
            }
        }
    }

    /// Puts all pages into the staging folder, in the order of their paths: first the groups that
    /// are made together, then what is joined from their files, then the others, which tell sizes
    /// and hashes of both.
    fn all(&self) -> Vec<(usize, Outcome)> {
        let (groups, alone) = self.pages.groups();
        let mut outcomes: Vec<(usize, Outcome)> =
            side_by_side(&groups, |group| self.group(group)).into_iter().flatten().collect();
        let (first, last): (Vec<usize>, Vec<usize>) = alone.into_iter().partition(|index| self.pages.is_joined(*index));
        // What is joined needs all of its files: what one of them lacks has been told.
        let first = if outcomes.iter().all(|(_, outcome)| outcome.is_ok()) { first } else { Vec::new() };
        for pages in [first, last] {
            outcomes.par_extend(pages.into_par_iter().flat_map_iter(|index| self.group(&[index])));
        }
        outcomes.sort_unstable_by_key(|(index, _)| *index);
        outcomes
    }

    /// Puts pages of one group into the staging folder: taken over, or made.
    fn group(&self, group: &[usize]) -> Vec<(usize, Outcome)> {
        let (mut placed, mut rest) = (Vec::with_capacity(group.len()), Vec::new());
        for index in group {
            let taken = || self.take_over(*index, self.pages.recipe(*index)?);
            if self.pages.is_kept(*index) {
                placed.push((*index, self.keep(*index)));
            } else if let Some(file) = taken() {
                placed.push((*index, Ok(file)));
            } else {
                rest.push(*index);
            }
        }
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
        // Of a file that was just written the stamp was taken while it was open.
        let stamp = |file: &StagedFile| file.stamp.or_else(|| Stamp::of(&self.staging.join(self.pages.path(index))));
        file.recipe = recipe.and_then(|recipe| Some((recipe, stamp(&file)?)));
        Ok(file)
    }

    /// Links the published file of a page that the last build has made from the same.
    fn take_over(&self, index: usize, recipe: Recipe) -> Option<StagedFile> {
        let path = self.pages.path(index);
        let Remembered { made, stamp, outward, .. } = self.memory.find(path, recipe)?;
        if !self.earlier.take_over(path, &made.sha256, stamp, &self.staging.join(path)) {
            return None;
        }
        self.links.remembered(index, outward);
        Some(StagedFile { recipe: Some((recipe, stamp)), ..StagedFile::linked(made) })
    }

    /// Makes a page, and writes it or links the published file.
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
                self.whole(path, &made, &bytes)
            }
            Content::Parts(parts) => self.parts(index, &mut parts.map(Ok)),
            Content::Joined { head, files } => {
                let begin = head.len();
                let rest = files.iter().map(|path| {
                    let mut bytes = fs::read(self.staging.join(path))?;
                    bytes.drain(..begin.min(bytes.len()));
                    Ok(bytes)
                });
                self.parts(index, &mut std::iter::once(Ok(head)).chain(rest))
            }
        }
    }

    /// Writes a page that comes piece by piece.
    fn parts(&self, index: usize, parts: &mut dyn Iterator<Item = io::Result<Vec<u8>>>) -> Outcome {
        let path = self.pages.path(index);
        let file = self.staging.join(path);
        let made = write_parts(&file, parts).map_err(PublishError::io("写入", &file))?;
        // Pages that tell its size come after it, and need not make it again.
        self.pages.learn(index, &made);
        if self.earlier.link_over(path, &made, &file).map_err(PublishError::io("写入", &file))? {
            return Ok(StagedFile::linked(made));
        }
        self.earlier.open(&file);
        Ok(StagedFile::written(made, None))
    }

    /// Takes a file over as it was last published, links to other pages as they were then.
    fn keep(&self, index: usize) -> Result<StagedFile, PublishError> {
        let path = self.pages.path(index);
        let (bytes, made) = self.earlier.published(path).ok_or_else(|| {
            let finding = Finding::new("P024", format!("“{path}”要沿用上次公开的文件，而它已不在或被改动"));
            PublishError::Findings(vec![finding.help("用 disclose verify 查看被改动的文件，从备份恢复后再发布")])
        })?;
        self.links.kept(index, &bytes);
        self.whole(path, &made, &bytes)
    }

    /// Links the published file where it is the same, and writes it otherwise.
    fn whole(&self, path: &str, made: &Made, bytes: &[u8]) -> Result<StagedFile, PublishError> {
        let file = self.staging.join(path);
        if self.earlier.link(path, &made.sha256, bytes, &file) {
            return Ok(StagedFile::linked(made.clone()));
        }
        let stamp = write_new(&file, bytes, self.earlier.opening()).map_err(PublishError::io("写入", &file))?;
        Ok(StagedFile::written(made.clone(), stamp))
    }
}

impl StagedFile {
    const fn linked(made: Made) -> Self {
        Self { made, origin: Origin::Linked, stamp: None, recipe: None }
    }

    const fn written(made: Made, stamp: Option<Stamp>) -> Self {
        Self { made, origin: Origin::Written, stamp, recipe: None }
    }
}

/// Writes a file that is not there yet: one that is may be linked, and be the published file. Gives
/// its stamp.
fn write_new(file: &Path, bytes: &[u8], opening: Opening) -> io::Result<Option<Stamp>> {
    let mut file = fs::File::create_new(file)?;
    file.write_all(bytes)?;
    opening.open_file(&file);
    Ok(file.metadata().ok().as_ref().and_then(Stamp::of_meta))
}

/// Writes a file piece by piece; what comes in pieces is no page and has no links.
fn write_parts(file: &Path, parts: &mut dyn Iterator<Item = io::Result<Vec<u8>>>) -> io::Result<Made> {
    let (mut out, mut gauge) = (fs::File::create_new(file)?, Gauge::default());
    for part in parts {
        let part = part?;
        gauge.add(&part);
        out.write_all(&part)?;
    }
    Ok(gauge.finish())
}

impl Staged {
    /// Rereads every file that was written against the manifest, and the manifest itself;
    /// those that were linked have just been compared with what was made.
    ///
    /// # Errors
    /// [`PublishError::Findings`] with every file that is not as rendered.
    pub fn verify(self) -> Result<Verified, PublishError> {
        let staging = self.output.staging();
        let findings = self.altered_files(&staging)?;
        if !findings.is_empty() {
            return Err(PublishError::Findings(findings));
        }
        let linked = self.files.values().filter(|file| file.origin == Origin::Linked).count();
        let Self { output, files, manifest, remembered, altered } = self;
        Ok(Verified { files: files.len() + 1, linked, manifest: manifest.sha256, remembered, altered, output })
    }

    fn altered_files(&self, staging: &Path) -> Result<Vec<Finding>, PublishError> {
        let written: Vec<(&str, &Made)> = self
            .files
            .iter()
            .filter(|(_, file)| file.origin == Origin::Written)
            .map(|(path, file)| (path.as_str(), &file.made))
            .chain(std::iter::once((manifest::FILE, &self.manifest)))
            .collect();
        let checked: Result<Vec<Option<Finding>>, PublishError> = written
            .par_iter()
            .map(|(path, made)| {
                let file = staging.join(path);
                let same = holds(&file, made).map_err(PublishError::io("重读", &file))?;
                Ok((!same).then(|| Finding::new("P012", format!("“{path}”写入后重读不一致，请检查磁盘后重新生成"))))
            })
            .collect();
        Ok(checked?.into_iter().flatten().collect())
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
        let staged = stage(&clear(Gone, &[]).unwrap(), Output::open(&dir.path().join("public"), &site).unwrap());
        let Err(PublishError::Findings(found)) = staged else { panic!("{staged:?}") };
        assert_eq!(found.iter().map(|finding| finding.code.id).collect::<Vec<_>>(), ["P025"]);
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
