//! Staging, verifying and switching a site.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::links::{self, Link};
use super::output::{Output, remove_tree};
use super::{Cleared, Pages, PublishError, manifest};
use crate::diagnostic::Finding;

/// A rendered site in a folder beside the output, not yet verified.
#[derive(Debug)]
pub struct Staged {
    output: Output,
    hashes: BTreeMap<String, String>,
    links: BTreeMap<Link, String>,
}

/// A staged site that is whole: every file as rendered, every link alive.
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
}

/// A page as it was written: its path, its hash, and what it links to.
struct Written {
    path: String,
    hash: String,
    links: BTreeSet<Link>,
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
    let (mut hashes, mut links, mut findings) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
    for outcome in outcomes {
        match outcome {
            Ok(written) => {
                links.extend(written.links.into_iter().map(|link| (link, written.path.clone())));
                hashes.insert(written.path, written.hash);
            }
            Err(PublishError::Findings(found)) => findings.extend(found),
            Err(error) => return Err(error),
        }
    }
    if !findings.is_empty() {
        return Err(PublishError::Findings(findings));
    }
    let manifest_path = staging.join(manifest::FILE);
    fs::write(&manifest_path, manifest::text(&hashes)).map_err(PublishError::io("写入", &manifest_path))?;
    Ok(Staged { output, hashes, links })
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
    let bytes = pages.render(index).map_err(|finding| PublishError::Findings(vec![*finding]))?;
    let links = if Path::new(path).extension().is_some_and(|extension| extension == "html") {
        page_links(path, &bytes)?
    } else {
        BTreeSet::new()
    };
    let file = staging.join(path);
    fs::write(&file, &bytes).map_err(PublishError::io("写入", &file))?;
    Ok(Written { path: path.to_owned(), hash: manifest::hash(&bytes), links })
}

fn page_links(path: &str, bytes: &[u8]) -> Result<BTreeSet<Link>, PublishError> {
    let scan = links::scan(path, &String::from_utf8_lossy(bytes));
    let missing = scan.missing_anchors.iter().map(|anchor| format!("页面“{path}”里的链接“#{anchor}”没有去处"));
    let doubled = scan.doubled_anchors.iter().map(|anchor| format!("页面“{path}”里的锚点“{anchor}”出现了两次"));
    let findings: Vec<Finding> = missing.chain(doubled).map(|message| Finding::new("P011", message)).collect();
    if findings.is_empty() { Ok(scan.links) } else { Err(PublishError::Findings(findings)) }
}

impl Staged {
    /// Rereads every file against the manifest and follows every link between pages.
    ///
    /// # Errors
    /// [`PublishError::Findings`] with every dead link and every file that is not as rendered.
    pub fn verify(self) -> Result<Verified, PublishError> {
        let staging = self.output.staging();
        let mut findings = self.altered_files(&staging)?;
        findings.extend(self.dead_links(&staging)?);
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
                let bytes = fs::read(&file).map_err(PublishError::io("重读", &file))?;
                let same = manifest::hash(&bytes) == *expected;
                Ok((!same).then(|| Finding::new("P012", format!("“{path}”写入后重读不一致，请检查磁盘后重新生成"))))
            })
            .collect();
        Ok(checked?.into_iter().flatten().collect())
    }

    fn dead_links(&self, staging: &Path) -> Result<Vec<Finding>, PublishError> {
        let mut findings = Vec::new();
        let mut html: Option<(&str, String)> = None;
        // Links are in order of their target, so each target is read once.
        for (link, from) in &self.links {
            if !self.hashes.contains_key(&link.path) && link.path != manifest::FILE {
                findings.push(Finding::new("P010", format!("页面“{from}”的链接指向不存在的“{}”", link.path)));
                continue;
            }
            let Some(anchor) = &link.anchor else { continue };
            if html.as_ref().is_none_or(|(path, _)| *path != link.path) {
                let file = staging.join(&link.path);
                html = Some((&link.path, fs::read_to_string(&file).map_err(PublishError::io("重读", &file))?));
            }
            if !html.as_ref().is_some_and(|(_, text)| links::has_anchor(text, anchor)) {
                let message = format!("页面“{from}”的链接指向“{}”中不存在的位置“#{anchor}”", link.path);
                findings.push(Finding::new("P010", message));
            }
        }
        Ok(findings)
    }
}

impl Verified {
    /// Puts the staged tree in the output folder's place in one step; the old tree is kept
    /// beside it until the next build.
    ///
    /// # Errors
    /// A file error; the output folder is then the old site, whole.
    pub fn switch(self) -> Result<Published, PublishError> {
        let (staging, folder, previous) =
            (self.output.staging(), self.output.folder().to_owned(), self.output.previous());
        sync(&staging)?;
        if folder.exists() {
            exchange(&staging, &folder, &previous)?;
        } else {
            fs::rename(&staging, &folder).map_err(PublishError::io("切换到", &folder))?;
        }
        Ok(Published { folder, files: self.files })
    }
}

/// Exchanges the two folders in one step, then keeps the old tree as `previous`.
#[cfg(target_os = "linux")]
fn exchange(staging: &Path, folder: &Path, previous: &Path) -> Result<(), PublishError> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    match renameat_with(CWD, staging, CWD, folder, RenameFlags::EXCHANGE) {
        Ok(()) => {
            remove_tree(previous)?;
            fs::rename(staging, previous).map_err(PublishError::io("保留旧站到", previous))
        }
        // Some network file systems cannot exchange.
        Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS) => replace(staging, folder, previous),
        Err(error) => Err(PublishError::io("切换到", folder)(error.into())),
    }
}

#[cfg(not(target_os = "linux"))]
fn exchange(staging: &Path, folder: &Path, previous: &Path) -> Result<(), PublishError> {
    replace(staging, folder, previous)
}

/// Two renames where the system has no exchange; the old tree goes back if the second fails.
fn replace(staging: &Path, folder: &Path, previous: &Path) -> Result<(), PublishError> {
    remove_tree(previous)?;
    fs::rename(folder, previous).map_err(PublishError::io("保留旧站到", previous))?;
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
    fn a_folder_that_no_build_made_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("public")).unwrap();
        fs::write(dir.path().join("public/CNAME"), "x").unwrap();
        let error = publish(dir.path(), Fake(GOOD.to_vec())).unwrap_err();
        assert!(error.to_string().contains("CNAME"), "{error}");
        assert_eq!(fs::read_to_string(dir.path().join("public/CNAME")).unwrap(), "x");
    }
}
