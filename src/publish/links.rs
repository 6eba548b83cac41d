//! Links of a rendered site: what each page links to, the anchors it has, and whether every
//! link leads somewhere.
//!
//! 1. [`PageLinks::of`] scans a page's HTML, any number of pages at once.
//! 2. [`LinkCheck`] gathers them; building and rehearsing both use it, so both find the same.
//!
//! Each page is scanned once, when its bytes are at hand. Of its anchors only hashes are kept,
//! eight bytes each, so that a big site fits in memory. The scanner reads our own well-formed
//! HTML; it is a check of the program, not a parser for anybody's pages.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

use super::manifest;
use crate::diagnostic::Finding;

/// A link that leads to another place of the site.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Link {
    /// The page it leads to, below the output folder.
    path: String,
    /// The anchor there, if the link names one.
    anchor: Option<String>,
}

/// The links of one page, and the anchors that it has.
#[derive(Debug)]
pub struct PageLinks {
    path: String,
    links: BTreeSet<Link>,
    anchors: Anchors,
    /// What is wrong on the page itself.
    findings: Vec<Finding>,
}

/// The anchors of a file.
#[derive(Debug)]
enum Anchors {
    /// Not known: the file has not been made, or it is of a kind that we do not scan.
    Unknown,
    /// Their hashes, in order.
    Known(Box<[u64]>),
}

impl PageLinks {
    /// Scans the page at `path`. Only HTML links, and only HTML and SVG have anchors.
    pub fn of(path: &str, bytes: &[u8]) -> Self {
        let kind = Path::new(path).extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        let mut page =
            Self { path: path.to_owned(), links: BTreeSet::new(), anchors: Anchors::Unknown, findings: Vec::new() };
        if kind == "html" || kind == "svg" {
            page.scan(&String::from_utf8_lossy(bytes), kind == "html");
        }
        page
    }

    /// The same page without its links: they were alive when it was published.
    #[must_use]
    pub fn anchors_only(mut self) -> Self {
        self.links.clear();
        self.findings.clear();
        self
    }

    fn scan(&mut self, html: &str, links_too: bool) {
        let (mut ids, mut doubled, mut own) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for tag in tags(html) {
            if let Some(id) = attribute(tag, "id")
                && !ids.insert(id)
            {
                doubled.insert(id);
            }
            if !links_too {
                continue;
            }
            for link in ["href", "src"].into_iter().filter_map(|name| resolve(&self.path, attribute(tag, name)?)) {
                if link.path == self.path {
                    own.extend(link.anchor);
                } else {
                    self.links.insert(link);
                }
            }
        }
        if links_too {
            let path = &self.path;
            let missing = own.iter().filter(|anchor| !ids.contains(anchor.as_str()));
            let missing = missing.map(|anchor| format!("页面“{path}”里的链接“#{anchor}”没有去处"));
            let doubled = doubled.iter().map(|anchor| format!("页面“{path}”里的锚点“{anchor}”出现了两次"));
            self.findings = missing.chain(doubled).map(|message| Finding::new("P011", message)).collect();
        }
        let mut hashes: Vec<u64> = ids.into_iter().map(hash).collect();
        hashes.sort_unstable();
        self.anchors = Anchors::Known(hashes.into());
    }
}

/// The links of a whole site, gathered a page at a time in the order of the plan.
#[derive(Debug)]
pub struct LinkCheck {
    files: BTreeMap<String, Anchors>,
    /// Each link with a page that holds it.
    links: BTreeMap<Link, String>,
    findings: Vec<Finding>,
}

impl LinkCheck {
    /// A check of a site that will have these files. A page that could not be made is never
    /// added; links to it are then not judged by their anchors.
    pub fn new<'a>(paths: impl IntoIterator<Item = &'a str>) -> Self {
        let paths = paths.into_iter().chain(std::iter::once(manifest::FILE));
        let files = paths.map(|path| (path.to_owned(), Anchors::Unknown)).collect();
        Self { files, links: BTreeMap::new(), findings: Vec::new() }
    }

    /// Adds a page that was made.
    pub fn add(&mut self, page: PageLinks) {
        self.findings.extend(page.findings);
        self.links.extend(page.links.into_iter().map(|link| (link, page.path.clone())));
        self.files.insert(page.path, page.anchors);
    }

    /// Everything that is wrong with the links: first page by page, then between pages.
    pub fn finish(self) -> Vec<Finding> {
        let Self { files, links, mut findings } = self;
        findings.extend(links.iter().filter_map(|(link, from)| dead(&files, link, from)));
        findings
    }
}

fn dead(files: &BTreeMap<String, Anchors>, link: &Link, from: &str) -> Option<Finding> {
    let path = &link.path;
    let message = match (files.get(path), &link.anchor) {
        (None, _) => format!("页面“{from}”的链接指向不存在的“{path}”"),
        (Some(Anchors::Known(hashes)), Some(anchor)) if hashes.binary_search(&hash(anchor)).is_err() => {
            format!("页面“{from}”的链接指向“{path}”中不存在的位置“#{anchor}”")
        }
        _ => return None,
    };
    Some(Finding::new("P010", message))
}

/// A hash that is the same in every run.
fn hash(anchor: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    anchor.hash(&mut hasher);
    hasher.finish()
}

/// What stands inside each pair of angle brackets.
fn tags(html: &str) -> impl Iterator<Item = &str> {
    html.split('<').filter_map(|piece| piece.split_once('>').map(|(tag, _)| tag))
}

/// The value of an attribute, written ` name="value"` inside a tag.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = tag;
    loop {
        let at = rest.find(name)?;
        let (before, after) = (&rest[..at], &rest[at + name.len()..]);
        if before.ends_with([' ', '\n']) && after.starts_with("=\"") {
            return after[2..].split('"').next();
        }
        rest = after;
    }
}

/// The page and anchor a relative link leads to; `None` for links out of the site.
fn resolve(from: &str, target: &str) -> Option<Link> {
    let external = target.contains("://") || target.starts_with("mailto:") || target.starts_with("data:");
    if external {
        return None;
    }
    let (file, anchor) = target.split_once('#').map_or((target, None), |(file, anchor)| (file, Some(anchor)));
    let path = if file.is_empty() { from.to_owned() } else { join(from, file) };
    Some(Link { path, anchor: anchor.filter(|anchor| !anchor.is_empty()).map(str::to_owned) })
}

/// The path of `relative` as seen from the page `from`. A link above the root keeps its `..`
/// and so is found dead.
fn join(from: &str, relative: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in relative.split('/') {
        match part {
            "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(pages: &[(&str, &str)]) -> Vec<String> {
        let mut check = LinkCheck::new(pages.iter().map(|(path, _)| *path).chain(["unmade.html", "a.csv"]));
        for (path, html) in pages {
            check.add(PageLinks::of(path, html.as_bytes()));
        }
        check.finish().into_iter().map(|finding| format!("{} {}", finding.code.id, finding.message)).collect()
    }

    #[test]
    fn links_are_resolved_from_the_page_that_holds_them() {
        let page = r##"<p id="x"><a href="../../index.html#top">甲</a> <a href="#x">乙</a> <a href="#y">丙</a></p>"##;
        assert_eq!(
            messages(&[("units/a/index.html", page), ("index.html", r#"<p id="top">"#)]),
            ["P011 页面“units/a/index.html”里的链接“#y”没有去处"]
        );
        assert_eq!(
            messages(&[("units/a/index.html", page), ("index.html", r#"<p id="tops">"#)])[1],
            "P010 页面“units/a/index.html”的链接指向“index.html”中不存在的位置“#top”"
        );
    }

    #[test]
    fn anchors_that_stand_twice_are_found_and_other_attributes_are_not_mistaken() {
        let page = r#"<p id="a" data-id="b"><i data-grid="x" id="b"></i><b id="a"></b></p>"#;
        assert_eq!(messages(&[("index.html", page)]), ["P011 页面“index.html”里的锚点“a”出现了两次"]);
    }

    #[test]
    fn a_file_that_is_not_planned_is_missed_and_one_that_was_not_made_is_not_judged() {
        let page = r#"<a href="unmade.html#x"></a><a href="a.csv"></a><a href="MANIFEST"></a><img src="b.svg">"#;
        assert_eq!(messages(&[("index.html", page)]), ["P010 页面“index.html”的链接指向不存在的“b.svg”"]);
    }

    #[test]
    fn a_link_above_the_root_stays_dead() {
        assert_eq!(resolve("index.html", "../x.html").unwrap().path, "../x.html");
        assert_eq!(resolve("index.html", "https://example.org/"), None);
    }
}
