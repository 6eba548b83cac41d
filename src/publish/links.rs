//! Links of a rendered site: what each page links to, the anchors it has, and whether every
//! link leads somewhere.
//!
//! A page is scanned once, when its bytes are at hand ([`LinkCheck::page`]), any number of pages
//! at once. Links wait for the page that they lead to; those to pages that have been scanned
//! before are judged many at a time. Of anchors only hashes are kept, four bytes each, and where there is a file for them not
//! in memory ([`super::anchors`]): names are read again from the page when there is something to
//! tell ([`LinkCheck::finish`]).
//! The scanner reads our own well-formed HTML; it is a check of the program, not a parser for
//! anybody's pages.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use super::anchors::{Store, Stored};
use super::manifest;
use crate::diagnostic::Finding;
use crate::render::links::leading;

/// The links of a whole site, judged as pages are made, in any order.
#[derive(Debug)]
pub struct LinkCheck<'p> {
    paths: Vec<&'p str>,
    places: HashMap<&'p str, u32>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Of each file.
    anchors: Vec<Anchors>,
    store: Store,
    /// Links that have not been judged, by the file that they lead to.
    waiting: HashMap<u32, Vec<Reference>>,
    /// How many of them lead to files that have been scanned.
    ready: usize,
    /// Links to anchors that are not there.
    dead: Vec<(u32, Reference)>,
    /// Links to files that are not there, each with the first page that holds it.
    missing: BTreeMap<Link, u32>,
    /// What is wrong on each page itself.
    findings: BTreeMap<u32, Vec<Finding>>,
    /// The links to other folders of the pages that are to be remembered.
    outward: HashMap<u32, Box<[(u32, u32)]>>,
}

/// How many links to files that have been scanned may wait to be judged together.
const READY: usize = 1 << 19;

/// What is remembered of the links of a page that may be taken over by the next build: its
/// anchors, and its links to anchors in other folders (the place of the page, the anchor). Pages
/// of one folder are made from the same, so that links between them stay as they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Outward {
    pub(super) anchors: Stored,
    pub(super) links: Box<[(u32, u32)]>,
}

/// What is remembered of the links of a site.
#[derive(Debug)]
pub(super) struct Outwards {
    /// Of the pages that were scanned to be remembered, by their places among the paths.
    pub(super) pages: HashMap<usize, Outward>,
    /// Where their anchors are.
    pub(super) store: Store,
}

/// The anchors of a file.
#[derive(Clone, Copy, Debug, Default)]
enum Anchors {
    /// Not known: the file has not been made, or it is of a kind that we do not scan.
    #[default]
    Unknown,
    /// In the store.
    Known(Stored),
    /// They were in the store and cannot be read from it.
    Lost,
}

/// A link to an anchor: its hash, and the page that holds the link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Reference {
    anchor: u32,
    from: u32,
}

/// A link that leads to another place of the site, by name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Link {
    /// The page it leads to, below the output folder.
    path: String,
    /// The anchor there, if the link names one.
    anchor: Option<String>,
}

/// Which links of a page are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Look {
    /// All.
    Everywhere,
    /// All, and those to other folders are remembered.
    ToRemember,
    /// None: they were alive when the page was published.
    AnchorsOnly,
}

impl<'p> LinkCheck<'p> {
    /// A check of a site that will have these files. A page that could not be made is never
    /// scanned; links to it are then not judged by their anchors.
    pub fn new(paths: impl IntoIterator<Item = &'p str>) -> Self {
        Self::with(paths, Store::default())
    }

    /// The same, with a place for anchors.
    pub(super) fn with(paths: impl IntoIterator<Item = &'p str>, store: Store) -> Self {
        let paths: Vec<&str> = paths.into_iter().chain(std::iter::once(manifest::FILE)).collect();
        let places = paths.iter().copied().zip(0..).collect();
        let state = State { anchors: vec![Anchors::Unknown; paths.len()], store, ..State::default() };
        Self { paths, places, state: Mutex::new(state) }
    }

    /// Scans a file that was made, by its place among the paths. Only HTML links, and only HTML
    /// and SVG have anchors.
    pub fn page(&self, at: usize, bytes: &[u8]) {
        self.scan(at, bytes, Look::Everywhere);
    }

    /// The same, of a page whose links the next build will want to know.
    pub(super) fn page_to_remember(&self, at: usize, bytes: &[u8]) {
        self.scan(at, bytes, Look::ToRemember);
    }

    /// Takes in the pages that were made by the last build, before any page is scanned: their places
    /// among the paths, anchors, and links to other folders. Links from one of them to another were
    /// alive then, and neither has changed.
    pub(super) fn take_over<L>(&self, pages: impl Iterator<Item = (usize, Stored, L)> + Clone)
    where
        L: Iterator<Item = (u32, u32)>,
    {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        for (at, anchors, _) in pages.clone() {
            state.anchors[at] = Anchors::Known(anchors);
        }
        for (at, _, links) in pages {
            let from = u32::try_from(at).unwrap_or(u32::MAX);
            for (target, anchor) in links {
                if matches!(state.anchors.get(target as usize), Some(Anchors::Unknown)) {
                    state.waiting.entry(target).or_default().push(Reference { anchor, from });
                }
            }
        }
    }

    /// Scans a file that stays as it was published: its links were alive then.
    pub fn kept(&self, at: usize, bytes: &[u8]) {
        self.scan(at, bytes, Look::AnchorsOnly);
    }

    fn scan(&self, at: usize, bytes: &[u8], look: Look) {
        let path = self.paths[at];
        let kind = Path::new(path).extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        if kind != "html" && kind != "svg" {
            return;
        }
        let from = u32::try_from(at).unwrap_or(u32::MAX);
        let look = if kind == "svg" { Look::AnchorsOnly } else { look };
        let page = self.read(from, bytes, look);
        self.state.lock().unwrap_or_else(PoisonError::into_inner).add(from, page);
    }

    /// What stands on a page.
    fn read(&self, from: u32, bytes: &[u8], look: Look) -> Scanned {
        let path = self.paths[from as usize];
        let (mut ids, mut own, mut scanned) = (Vec::new(), Vec::new(), Scanned::default());
        // Links of a page lead to few other pages, many at a time, and often to the same as the last.
        let mut known: HashMap<&[u8], Option<u32>> = HashMap::new();
        let mut last: (&[u8], Option<u32>) = (b"", Some(from));
        for (name, value) in attributes(bytes) {
            if name == Name::Id {
                ids.push((hash(value), value));
                continue;
            }
            let Some((file, anchor)) = internal(value).filter(|_| look != Look::AnchorsOnly) else { continue };
            let target = if file.is_empty() {
                Some(from)
            } else {
                if file != last.0 {
                    let find = || self.places.get(join(path, text(file)).as_str()).copied();
                    last = (file, *known.entry(file).or_insert_with(find));
                }
                last.1
            };
            match (target, anchor) {
                (Some(target), Some(anchor)) if target == from => own.push((hash(anchor), anchor)),
                (Some(target), Some(anchor)) => {
                    scanned.links.push((target, Reference { anchor: short(hash(anchor)), from }));
                }
                (Some(_), None) => {}
                (None, anchor) => {
                    let anchor = anchor.map(|anchor| text(anchor).to_owned());
                    scanned.missing.push(Link { path: join(path, text(file)), anchor });
                }
            }
        }
        scanned
            .links
            .sort_unstable_by_key(|(target, reference)| (u64::from(*target) << 32) | u64::from(reference.anchor));
        scanned.links.dedup();
        if look != Look::AnchorsOnly {
            scanned.findings = faults(path, &ids, &own);
        }
        scanned.anchors = ids.into_iter().map(|(hash, _)| short(hash)).collect();
        scanned.anchors.sort_unstable();
        if look == Look::ToRemember {
            let is_outward = |target: u32| self.folder(target) != self.folder(from);
            let outward = scanned.links.iter().filter(|(target, _)| is_outward(*target));
            scanned.outward = Some(outward.map(|(target, reference)| (*target, reference.anchor)).collect());
        }
        scanned
    }

    /// The folder of the disclosure that a page is about; of other pages their own.
    fn folder(&self, at: u32) -> &'p str {
        leading(self.paths.get(at as usize).copied().unwrap_or_default(), 3)
    }

    /// Everything that is wrong with the links: first page by page, then between pages. Where an
    /// anchor is missing the page is made again, for its name.
    pub fn finish(self, make: impl Fn(usize) -> Option<Vec<u8>>) -> Vec<Finding> {
        self.finish_remembering(make).0
    }

    /// The same, with what is remembered of the pages.
    pub(super) fn finish_remembering(self, make: impl Fn(usize) -> Option<Vec<u8>>) -> (Vec<Finding>, Outwards) {
        let Self { paths, places, state } = self;
        let mut state = state.into_inner().unwrap_or_else(PoisonError::into_inner);
        state.judge_ready();
        state.find_lost(&make);
        let State { dead, missing, findings, anchors, outward, store, .. } = state;
        let pages = outward.into_iter().filter_map(|(at, links)| match anchors[at as usize] {
            Anchors::Known(anchors) => Some((at as usize, Outward { anchors, links })),
            Anchors::Unknown | Anchors::Lost => None,
        });
        let outwards = Outwards { pages: pages.collect(), store };
        let mut links = missing;
        let (mut by_page, mut unmade): (BTreeMap<u32, Vec<(u32, u32)>>, _) = (BTreeMap::new(), BTreeSet::new());
        for (target, reference) in dead {
            by_page.entry(reference.from).or_default().push((target, reference.anchor));
        }
        for (from, dead) in by_page {
            let path = paths[from as usize];
            let bytes = make(from as usize).unwrap_or_default();
            let mut unnamed: HashSet<(u32, u32)> = dead.iter().copied().collect();
            for (_, value) in attributes(&bytes).filter(|(name, _)| *name == Name::Link) {
                let Some((file, Some(anchor))) = internal(value) else { continue };
                let target = join(path, text(file));
                let link = places.get(target.as_str()).map(|place| (*place, short(hash(anchor))));
                if let Some(link) = link.filter(|link| dead.contains(link)) {
                    unnamed.remove(&link);
                    let link = Link { path: target, anchor: Some(text(anchor).to_owned()) };
                    links.entry(link).or_insert(from);
                }
            }
            // The published page has a link that it would not have if it were made anew.
            for (target, _) in unnamed {
                unmade.insert((paths[from as usize], paths[target as usize]));
            }
        }
        let between = links.into_iter().map(|(link, from)| {
            let (from, path) = (paths[from as usize], &link.path);
            let message = match &link.anchor {
                Some(anchor) if places.contains_key(path.as_str()) => {
                    format!("页面“{from}”的链接指向“{path}”中不存在的位置“#{anchor}”")
                }
                _ => format!("页面“{from}”的链接指向不存在的“{path}”"),
            };
            Finding::new("P010", message)
        });
        let unmade = unmade.into_iter().map(|(from, target)| {
            let message = format!("页面“{from}”沿用上次生成的文件，其中有链接指向“{target}”中不存在的位置");
            Finding::new("P010", message).help("删除网站目录下的 .disclose-cache，再生成一次")
        });
        (findings.into_values().flatten().chain(between).chain(unmade).collect(), outwards)
    }
}

/// What was found on a page.
#[derive(Debug, Default)]
struct Scanned {
    anchors: Vec<u32>,
    links: Vec<(u32, Reference)>,
    missing: Vec<Link>,
    findings: Vec<Finding>,
    outward: Option<Box<[(u32, u32)]>>,
}

impl State {
    fn add(&mut self, from: u32, page: Scanned) {
        let Scanned { anchors, links, missing, findings, outward } = page;
        if let Some(outward) = outward {
            self.outward.insert(from, outward);
        }
        for link in missing {
            let first = self.missing.entry(link).or_insert(from);
            *first = from.min(*first);
        }
        if !findings.is_empty() {
            self.findings.insert(from, findings);
        }
        let waited = self.waiting.remove(&from).unwrap_or_default();
        self.judge(from, &anchors, waited);
        for links in links.chunk_by(|(one, _), (other, _)| one == other) {
            let target = links[0].0;
            self.waiting.entry(target).or_default().extend(links.iter().map(|(_, reference)| *reference));
            if matches!(self.anchors.get(target as usize), Some(Anchors::Known(_))) {
                self.ready += links.len();
            }
        }
        self.anchors[from as usize] = Anchors::Known(self.store.add(&anchors));
        if self.ready > READY {
            self.judge_ready();
        }
    }

    /// Judges links to pages whose anchors are known, many at a time: each of these is read once.
    fn judge_ready(&mut self) {
        self.ready = 0;
        let waiting = std::mem::take(&mut self.waiting);
        for (target, links) in waiting {
            match self.anchors_of(target) {
                Some(known) => self.judge(target, &known, links),
                None => drop(self.waiting.insert(target, links)),
            }
        }
    }

    /// Judges links to a page by its anchors.
    fn judge(&mut self, target: u32, anchors: &[u32], links: Vec<Reference>) {
        let is_dead = |reference: &Reference| anchors.binary_search(&reference.anchor).is_err();
        self.dead.extend(links.into_iter().filter(is_dead).map(|reference| (target, reference)));
    }

    /// The anchors of a file, as far as they are known.
    fn anchors_of(&mut self, target: u32) -> Option<Vec<u32>> {
        let anchors = self.anchors.get_mut(target as usize)?;
        let Anchors::Known(stored) = *anchors else { return None };
        let known = self.store.read(stored);
        if known.is_none() {
            *anchors = Anchors::Lost;
        }
        known
    }

    /// Judges links to pages whose anchors were lost: these pages are made again.
    fn find_lost(&mut self, make: impl Fn(usize) -> Option<Vec<u8>>) {
        let is_lost = |at: &u32| matches!(self.anchors.get(*at as usize), Some(Anchors::Lost));
        let lost: Vec<u32> = self.waiting.keys().copied().filter(is_lost).collect();
        for at in lost {
            let (waited, bytes) = (self.waiting.remove(&at).unwrap_or_default(), make(at as usize).unwrap_or_default());
            let ids = attributes(&bytes).filter(|(name, _)| *name == Name::Id);
            let mut anchors: Vec<u32> = ids.map(|(_, id)| short(hash(id))).collect();
            anchors.sort_unstable();
            self.judge(at, &anchors, waited);
        }
    }
}

/// What is wrong on a page itself: links to anchors that it does not have, anchors that stand
/// twice. Hashes say what may be wrong, names whether it is.
fn faults(path: &str, ids: &[(u64, &[u8])], own: &[(u64, &[u8])]) -> Vec<Finding> {
    let mut known: HashSet<u64, BuildHasherDefault<AsIs>> = HashSet::default();
    known.reserve(ids.len());
    let doubled: Vec<&(u64, &[u8])> = ids.iter().filter(|(hash, _)| !known.insert(*hash)).collect();
    let missing = own.iter().filter(|(hash, _)| !known.contains(hash)).map(|(_, anchor)| *anchor);
    let missing = in_order(missing).into_iter().map(|anchor| format!("页面“{path}”里的链接“#{anchor}”没有去处"));
    let twice = doubled.into_iter().filter(|one| ids.iter().filter(|other| one == other).count() > 1);
    let twice = in_order(twice.map(|(_, anchor)| *anchor)).into_iter();
    let twice = twice.map(|anchor| format!("页面“{path}”里的锚点“{anchor}”出现了两次"));
    missing.chain(twice).map(|message| Finding::new("P011", message)).collect()
}

/// Each of some names once, in order.
fn in_order<'h>(names: impl Iterator<Item = &'h [u8]>) -> Vec<&'h str> {
    let mut names: Vec<&str> = names.map(text).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// A hash that is the same in every run: eight bytes at a time, each step loses nothing.
pub(super) fn hash(text: &[u8]) -> u64 {
    let mix = |hash: u64, word: u64| {
        let mixed = (hash ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        mixed ^ (mixed >> 32)
    };
    let (words, rest) = text.as_chunks::<8>();
    let hash = words.iter().fold(text.len() as u64, |hash, word| mix(hash, u64::from_le_bytes(*word)));
    mix(hash, rest.iter().fold(0, |word, byte| (word << 8) | u64::from(*byte)))
}

/// The hasher of what is a hash already.
#[derive(Debug, Default)]
struct AsIs(u64);

impl Hasher for AsIs {
    fn write(&mut self, bytes: &[u8]) {
        self.0 = hash(bytes);
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// The half of a hash that is kept.
#[expect(clippy::cast_possible_truncation, reason = "half of a hash is a hash")]
const fn short(hash: u64) -> u32 {
    (hash ^ (hash >> 32)) as u32
}

/// The attributes that are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Name {
    Id,
    /// `href` or `src`.
    Link,
}

/// The ids and links of a page, in their order: attributes written ` name="value"` in a tag.
fn attributes(html: &[u8]) -> Attributes<'_> {
    Attributes { html, at: 0, in_tag: false }
}

/// See [`attributes`].
struct Attributes<'h> {
    html: &'h [u8],
    at: usize,
    in_tag: bool,
}

impl<'h> Iterator for Attributes<'h> {
    type Item = (Name, &'h [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let rest = &self.html[self.at..];
            if !self.in_tag {
                self.at += memchr::memchr(b'<', rest)? + 1;
                // A tag that closes has no attributes.
                self.in_tag = self.html.get(self.at) != Some(&b'/');
                continue;
            }
            let mark = memchr::memchr2(b'"', b'>', rest)?;
            self.at += mark + 1;
            if rest[mark] == b'>' {
                self.in_tag = false;
                continue;
            }
            let value = &self.html[self.at..];
            let value = &value[..memchr::memchr(b'"', value)?];
            self.at += value.len() + 1;
            let Some(name) = name_of(&rest[..mark]) else { continue };
            return Some((name, value));
        }
    }
}

/// The attribute whose value begins behind what stands `before` it.
const fn name_of(before: &[u8]) -> Option<Name> {
    match before {
        [.., space, b'i', b'd', b'='] if space.is_ascii_whitespace() => Some(Name::Id),
        [.., space, b'h', b'r', b'e', b'f', b'='] | [.., space, b's', b'r', b'c', b'=']
            if space.is_ascii_whitespace() =>
        {
            Some(Name::Link)
        }
        _ => None,
    }
}

/// What stands in a page that we wrote, which is UTF-8; of other bytes nothing.
fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap_or_default()
}

/// The file and anchor of a relative link, as written; `None` for links out of the site.
fn internal(target: &[u8]) -> Option<(&[u8], Option<&[u8]>)> {
    // Most links have no colon at all.
    if memchr::memchr(b':', target).is_some() {
        let target = text(target);
        if target.contains("://") || target.starts_with("mailto:") || target.starts_with("data:") {
            return None;
        }
    }
    let Some(at) = memchr::memchr(b'#', target) else { return Some((target, None)) };
    let anchor = &target[at + 1..];
    Some((&target[..at], (!anchor.is_empty()).then_some(anchor)))
}

/// The path of `relative` as seen from the page `from`; of nothing, the page itself. A link above
/// the root keeps its `..` and so is found dead.
fn join(from: &str, relative: &str) -> String {
    if relative.is_empty() {
        return from.to_owned();
    }
    upward(from, relative).unwrap_or_else(|| step_by_step(from, relative))
}

/// [`join`] for what our pages write: some folders up, then down.
fn upward(from: &str, relative: &str) -> Option<String> {
    let (mut folder, mut rest) = (from.rsplit_once('/').map(|(folder, _)| folder), relative);
    while let Some(down) = rest.strip_prefix("../") {
        folder = folder?.rsplit_once('/').map(|(folder, _)| folder);
        rest = down;
    }
    if rest.starts_with('.') || rest.contains("/.") {
        return None;
    }
    Some(folder.map_or_else(|| rest.to_owned(), |folder| [folder, "/", rest].concat()))
}

/// [`join`] for any link.
fn step_by_step(from: &str, relative: &str) -> String {
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

    /// What is found in these pages, whichever of them is made first.
    fn messages(pages: &[(&str, &str)]) -> Vec<String> {
        let told = |order: &mut dyn Iterator<Item = usize>| -> Vec<String> {
            let check = LinkCheck::new(pages.iter().map(|(path, _)| *path).chain(["unmade.html", "a.csv"]));
            order.for_each(|at| check.page(at, pages[at].1.as_bytes()));
            let found = check.finish(|at| Some(pages[at].1.as_bytes().to_vec()));
            found.into_iter().map(|finding| format!("{} {}", finding.code.id, finding.message)).collect()
        };
        let found = told(&mut (0..pages.len()));
        assert_eq!(found, told(&mut (0..pages.len()).rev()));
        found
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
        let page = r#"<p id="a" data-id="b">id="c" "<i data-grid="x > y" id="b"></i><b id="a"></b> id="b"</p>"#;
        assert_eq!(messages(&[("index.html", page)]), ["P011 页面“index.html”里的锚点“a”出现了两次"]);
    }

    #[test]
    fn a_file_that_is_not_planned_is_missed_and_one_that_was_not_made_is_not_judged() {
        let page = r#"<a href="unmade.html#x"></a><a href="a.csv"></a><a href="MANIFEST"></a><img src="b.svg">"#;
        assert_eq!(messages(&[("index.html", page)]), ["P010 页面“index.html”的链接指向不存在的“b.svg”"]);
    }

    #[test]
    fn a_dead_link_on_a_page_that_would_be_made_without_it_is_told_all_the_same() {
        let check = LinkCheck::new(["a.html", "b.html"]);
        check.page(0, br#"<a href="b.html#x"></a>"#);
        check.page(1, b"<p>");
        let found = check.finish(|_| Some(b"<p>".to_vec()));
        let told: Vec<String> = found.into_iter().map(|finding| finding.message).collect();
        assert_eq!(told, ["页面“a.html”沿用上次生成的文件，其中有链接指向“b.html”中不存在的位置"]);
    }

    #[test]
    fn a_dead_link_is_told_once_with_the_first_page_that_holds_it() {
        let page = r#"<a href="c.html#x"></a><a href="c.html#x"></a><a href="d.html"></a>"#;
        assert_eq!(
            messages(&[("a.html", page), ("b.html", page), ("c.html", "<p>")]),
            ["P010 页面“a.html”的链接指向“c.html”中不存在的位置“#x”", "P010 页面“a.html”的链接指向不存在的“d.html”"]
        );
    }

    #[test]
    fn a_page_that_stays_as_it_was_has_anchors_and_its_links_are_not_judged() {
        let check = LinkCheck::new(["kept.html", "index.html"]);
        check.kept(0, br##"<p id="x"><a href="gone.html"></a><a href="#gone"></a>"##);
        check.page(1, br#"<a href="kept.html#x"></a><a href="kept.html#y"></a>"#);
        let found = check.finish(|_| Some(br#"<a href="kept.html#y"></a>"#.to_vec()));
        let found: Vec<_> = found.iter().map(|finding| finding.message.as_str()).collect();
        assert_eq!(found, ["页面“index.html”的链接指向“kept.html”中不存在的位置“#y”"]);
    }

    #[test]
    fn the_short_way_to_a_file_ends_where_the_long_one_does() {
        for from in ["index.html", "a/index.html", "a/b/c/index.html"] {
            for relative in ["x.html", "b/x.html", "../x.html", "../b/x.html", "../../x.html", "../../../../x", "a/"] {
                assert_eq!(join(from, relative), step_by_step(from, relative), "{from} {relative}");
            }
            for relative in ["./x.html", "b/../x.html", "b/./x.html", ".nojekyll", ".."] {
                assert_eq!((upward(from, relative), join(from, relative)), (None, step_by_step(from, relative)));
            }
        }
    }

    #[test]
    fn links_from_and_to_pages_of_the_last_build_are_judged_and_those_between_them_are_not() {
        let anchors = |check: &LinkCheck<'_>, ids: &[&[u8]]| {
            let mut anchors: Vec<u32> = ids.iter().map(|id| short(hash(id))).collect();
            anchors.sort_unstable();
            check.state.lock().unwrap().store.add(&anchors)
        };
        let [x, y] = [b"x", b"y"].map(|id| short(hash(id)));
        for is_lost in [false, true] {
            let check = LinkCheck::new(["a.html", "b.html", "new.html"]);
            let mut stored = [anchors(&check, &[b"x"]), anchors(&check, &[b"z"])];
            stored[0].crc ^= u32::from(is_lost);
            let links = [vec![(1, y), (2, x), (2, y)], vec![(2, x)]];
            let pages = stored.into_iter().zip(links).zip(0..);
            check.take_over(pages.map(|((stored, links), at)| (at, stored, links.into_iter())));
            check.page(2, br#"<p id="x"><a href="a.html#x"></a><a href="a.html#y"></a></p>"#);
            let made: [&[u8]; 3] = [
                br#"<p id="x"></p><a href="b.html#y"></a><a href="new.html#y"></a>"#,
                br#"<p id="z"></p>"#,
                br#"<p id="x"><a href="a.html#x"></a><a href="a.html#y"></a></p>"#,
            ];
            let found = check.finish(|at| Some(made[at].to_vec()));
            let found: Vec<_> = found.iter().map(|finding| finding.message.as_str()).collect();
            assert_eq!(
                found,
                [
                    "页面“new.html”的链接指向“a.html”中不存在的位置“#y”",
                    "页面“a.html”的链接指向“new.html”中不存在的位置“#y”"
                ],
                "{is_lost}"
            );
        }
    }

    #[test]
    fn a_link_above_the_root_stays_dead() {
        assert_eq!(join("index.html", "../x.html"), "../x.html");
        assert_eq!(join("a/index.html", "../../x.html"), "../x.html");
        assert_eq!(internal(b"https://example.org/"), None);
    }
}
