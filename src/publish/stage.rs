//! Staging, verifying and switching a site.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::links::{LinkCheck, PageLinks};
use super::output::{Output, remove_tree};
use super::{Cleared, Pages, PublishError, manifest};
use crate::diagnostic::Finding;
use crate::render::content::{Content, Gauge, Made};

/// A rendered site in a folder beside the output, every link alive, not yet verified.
#[derive(Debug)]
pub struct Staged {
    output: Output,
    hashes: BTreeMap<String, String>,
}

/// A staged site that is whole: every file stands on disk as it was rendered.
#[derive(Debug)]
pub struct Verified {
    output: Output,
    files: usize,
}

/// What was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// The folder that now holds the site.
    pub folder: PathBuf,
    /// How many files it holds.
    pub files: usize,
    /// What went wrong after the new site had gone live, with what to do.
    pub warning: Option<String>,
}

/// A page as it was written: its hash, and what it links to.
struct Written {
    hash: String,
    links: PageLinks,
}

/// Renders every page into the staging folder; a page's bytes are dropped once written.
///
/// # Errors
/// [`PublishError::Findings`] with everything that is wrong with the pages, or a file error.
pub fn stage<P: Pages>(pages: &Cleared<P>, output: Output) -> Result<Staged, PublishError> {
    let pages = pages.get();
    let staging = output.staging();
    create_folders(pages, &staging)?;
    let outcomes: Vec<Result<Written, PublishError>> =
        (0..pages.len()).into_par_iter().map(|index| write_page(pages, index, &staging)).collect();
    let (mut hashes, mut findings) = (BTreeMap::new(), Vec::new());
    let mut links = LinkCheck::new((0..pages.len()).map(|index| pages.path(index)));
    for (index, outcome) in outcomes.into_iter().enumerate() {
        match outcome {
            Ok(written) => {
                links.add(written.links);
                hashes.insert(pages.path(index).to_owned(), written.hash);
            }
            Err(PublishError::Findings(found)) => findings.extend(found),
            Err(error) => return Err(error),
        }
    }
    findings.extend(links.finish());
    if !findings.is_empty() {
        return Err(PublishError::Findings(findings));
    }
    let manifest_path = staging.join(manifest::FILE);
    fs::write(&manifest_path, manifest::text(&hashes)).map_err(PublishError::io("写入", &manifest_path))?;
    Ok(Staged { output, hashes })
}

fn create_folders<P: Pages>(pages: &P, staging: &Path) -> Result<(), PublishError> {
    let folders: BTreeSet<PathBuf> = (0..pages.len())
        .filter_map(|index| Path::new(pages.path(index)).parent().map(|folder| staging.join(folder)))
        .chain(std::iter::once(staging.to_owned()))
        .collect();
    folders.iter().try_for_each(|folder| fs::create_dir_all(folder).map_err(PublishError::io("建立", folder)))
}

fn write_page<P: Pages>(pages: &P, index: usize, staging: &Path) -> Result<Written, PublishError> {
    let path = pages.path(index);
    let content = pages.content(index).map_err(|finding| PublishError::Findings(vec![*finding]))?;
    let file = staging.join(path);
    let (made, links) = match content {
        Content::Whole(bytes) => {
            fs::write(&file, &bytes).map_err(PublishError::io("写入", &file))?;
            (Made::of(&bytes), PageLinks::of(path, &bytes))
        }
        Content::Parts(parts) => {
            (write_parts(&file, parts).map_err(PublishError::io("写入", &file))?, PageLinks::of(path, &[]))
        }
    };
    Ok(Written { hash: made.sha256, links })
}

/// Writes a file piece by piece; what comes in pieces is no page and has no links.
fn write_parts(file: &Path, parts: impl Iterator<Item = Vec<u8>>) -> io::Result<Made> {
    let (mut out, mut gauge) = (fs::File::create(file)?, Gauge::default());
    for part in parts {
        gauge.add(&part);
        out.write_all(&part)?;
    }
    Ok(gauge.finish())
}

/// The hash of a file on disk, which may be larger than what should be in memory at once.
fn hash_of(file: &Path) -> io::Result<String> {
    let (mut file, mut gauge, mut piece) = (fs::File::open(file)?, Gauge::default(), vec![0; 64 * 1024]);
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(gauge.finish().sha256),
            length => gauge.add(&piece[..length]),
        }
    }
}

impl Staged {
    /// Rereads every file against the manifest.
    ///
    /// # Errors
    /// [`PublishError::Findings`] with every file that is not as rendered.
    pub fn verify(self) -> Result<Verified, PublishError> {
        let staging = self.output.staging();
        let findings = self.altered_files(&staging)?;
        if !findings.is_empty() {
            return Err(PublishError::Findings(findings));
        }
        Ok(Verified { files: self.hashes.len() + 1, output: self.output })
    }

    fn altered_files(&self, staging: &Path) -> Result<Vec<Finding>, PublishError> {
        let checked: Result<Vec<Option<Finding>>, PublishError> = self
            .hashes
            .par_iter()
            .map(|(path, expected)| {
                let file = staging.join(path);
                let same = hash_of(&file).map_err(PublishError::io("重读", &file))? == *expected;
                Ok((!same).then(|| Finding::new("P012", format!("“{path}”写入后重读不一致，请检查磁盘后重新生成"))))
            })
            .collect();
        Ok(checked?.into_iter().flatten().collect())
    }
}

impl Verified {
    /// Puts the staged tree in the output folder's place in one step; the old tree is kept
    /// beside it until the next build.
    ///
    /// # Errors
    /// A file error, or the folder cannot be exchanged; it is then the old site, whole.
    pub fn switch(mut self) -> Result<Published, PublishError> {
        let (staging, folder, previous) =
            (self.output.staging(), self.output.folder().to_owned(), self.output.previous());
        sync(&staging)?;
        let warning = if folder.exists() {
            exchange(&staging, &folder, &previous)?
        } else {
            fs::rename(&staging, &folder).map_err(PublishError::io("切换到", &folder))?;
            None
        };
        self.output.published();
        Ok(Published { folder, files: self.files, warning })
    }
}

/// Exchanges the two folders in one step, then keeps the old tree as `previous`. From the
/// exchange on the new site is live: what fails after it is a warning.
#[cfg(target_os = "linux")]
fn exchange(staging: &Path, folder: &Path, previous: &Path) -> Result<Option<String>, PublishError> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    match renameat_with(CWD, staging, CWD, folder, RenameFlags::EXCHANGE) {
        Ok(()) => {
            let kept = remove_tree(previous)
                .and_then(|()| fs::rename(staging, previous).map_err(PublishError::io("保留旧站到", previous)));
            Ok(kept.err().map(|error| {
                let staging = staging.display();
                format!("新网站已经发布，但{error}。旧网站暂在“{staging}”，下次生成时会清理；请先解决这个问题")
            }))
        }
        // Some network file systems cannot exchange.
        Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS) => replace(staging, folder, previous).map(|()| None),
        Err(rustix::io::Errno::BUSY) => Err(PublishError::mount_point(folder)),
        Err(error) => Err(PublishError::io("切换到", folder)(error.into())),
    }
}

#[cfg(not(target_os = "linux"))]
fn exchange(staging: &Path, folder: &Path, previous: &Path) -> Result<Option<String>, PublishError> {
    replace(staging, folder, previous).map(|()| None)
}

/// Two renames where the system has no exchange; the old tree goes back if the second fails.
fn replace(staging: &Path, folder: &Path, previous: &Path) -> Result<(), PublishError> {
    remove_tree(previous)?;
    fs::rename(folder, previous).map_err(|error| match error.kind() {
        ErrorKind::ResourceBusy => PublishError::mount_point(folder),
        _ => PublishError::io("保留旧站到", previous)(error),
    })?;
    fs::rename(staging, folder).map_err(|error| {
        // Putting the old tree back is all that can be done; the first error is the one to tell.
        let _ = fs::rename(previous, folder);
        PublishError::io("切换到", folder)(error)
    })
}

/// Makes sure that the staged files are on disk before they take the old ones' place.
#[cfg(target_os = "linux")]
fn sync(staging: &Path) -> Result<(), PublishError> {
    let folder = fs::File::open(staging).map_err(PublishError::io("打开", staging))?;
    rustix::fs::syncfs(&folder).map_err(|error| PublishError::io("落盘", staging)(error.into()))
}

#[cfg(not(target_os = "linux"))]
fn sync(_staging: &Path) -> Result<(), PublishError> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::clear;

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
        publish(dir.path(), Fake(GOOD.to_vec())).unwrap();
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
