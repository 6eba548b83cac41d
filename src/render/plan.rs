//! The plan of a site: every path first, bytes on demand.
//!
//! 1. List the pages, theme files and downloads; sort them by path.
//! 2. Find collisions, paths that would not travel, dead links in the sources' Markdown, and
//!    published paths that are gone; add what stands where something has moved from.
//! 3. Make the bytes of one page whenever asked: pure, so pages can be made in parallel.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::check::Report;
use crate::claims::Tally;
use crate::diagnostic::{Finding, Place, SourceMap};
use crate::model::code::ClassCode;
use crate::model::site::Site;
use crate::render::composer::{Composer, Gist};
use crate::render::content::{Content, Made};
use crate::render::family::{Bring, Contents, Opened};
use crate::render::finder::Finder;
use crate::render::full_text::{self, YearText};
use crate::render::index::Index;
use crate::render::links::{
    DATA_PATH, DIRECTORY_PATH, FULL_TEXT_PATH, Links, PageLinks, RULES_PATH, SEARCH_PATH, VERIFY_PATH, code_path,
    disclosure_path, leading, page_path, quality_path, set_path, term_path, text_path, unit_path, version_path,
};
use crate::render::page::{Download, Page};
use crate::render::pages::{self, Given, Listing, Scene, YearPage, listings, pages_of, spenders};
use crate::render::preview::Preview;
use crate::render::recipe::{Hashes, Recipe, Recipes};
use crate::render::template::Templates;
use crate::render::text_links;
use crate::render::urls::{self, Moved};
use crate::render::web;

struct Entry<'a> {
    path: String,
    page: Page<'a>,
}

/// The plan of a site.
pub struct Plan<'a> {
    entries: Vec<Entry<'a>>,
    scene: Scene<'a>,
    templates: Templates<'a>,
    moved: Vec<Moved>,
    /// What the page of full texts searches.
    searched: Vec<Vec<u8>>,
    /// What pages say besides, where they are previewed.
    preview: Option<Preview<'a>>,
    /// What the files are made from, where it is asked for.
    recipes: Option<Recipes>,
    /// Who brings the disclosures back, where they are there in brief only.
    families: Option<Box<dyn Bring + 'a>>,
}

impl<'a> Plan<'a> {
    /// The plan of a site with its downloads, and what is wrong with its paths and links.
    pub fn new(site: &'a Site, report: &'a Report, downloads: Vec<Download<'a>>) -> (Self, Vec<Finding>) {
        Self::with(site, report, downloads, Scene::new)
    }

    /// The same of a site whose disclosures are there in brief, with the gists of what
    /// `composer` wrote for them; `families` brings them back.
    pub fn in_brief(
        site: &'a Site,
        report: &'a Report,
        downloads: Vec<Download<'a>>,
        (gists, composer): (&[Gist], &Composer<'_>),
        families: Box<dyn Bring + 'a>,
    ) -> (Self, Vec<Finding>) {
        let scene = |given: Given<'a>| Scene::in_brief(given, gists, composer);
        let (plan, findings) = Self::with(site, report, downloads, scene);
        (Self { families: Some(families), ..plan }, findings)
    }

    fn with(
        site: &'a Site,
        report: &'a Report,
        downloads: Vec<Download<'a>>,
        scene: impl FnOnce(Given<'a>) -> (Scene<'a>, Vec<Finding>),
    ) -> (Self, Vec<Finding>) {
        let index = Index::new(site);
        let mut entries = entries(site, &index, &downloads);
        entries.sort_by(|a, b| a.path.cmp(&b.path));
        add_kept(&mut entries, site);
        let mut findings = path_findings(&entries);
        entries.dedup_by(|a, b| a.path == b.path);
        let paths = |entries: &[Entry<'_>]| Links::new(entries.iter().map(|entry| entry.path.clone()).collect());
        let mut links = paths(&entries);
        let (moved, moving) = urls::moved(site, &links);
        findings.extend(moving);
        if !moved.is_empty() {
            let pages = moved.iter().enumerate().map(|(at, moved)| (moved.from.clone(), Page::Moved(at)));
            entries.extend(pages.map(|(path, page)| Entry { path, page }));
            entries.sort_by(|a, b| a.path.cmp(&b.path));
            links = paths(&entries);
        }
        findings.extend(text_links::dead(text_links::of_site(site), &links));
        let (templates, template_findings) = Templates::new(&site.theme);
        findings.extend(template_findings);
        let (scene, scene_findings) = scene(Given { site, report, index, links: Arc::new(links), downloads });
        findings.extend(scene_findings);
        let plan = Self {
            entries,
            scene,
            templates,
            moved,
            searched: Vec::new(),
            preview: None,
            recipes: None,
            families: None,
        };
        (plan, findings)
    }

    /// Takes in the settled findings, accepted ones too: pages tell those of their own disclosure.
    #[must_use]
    pub fn telling(mut self, settled: &[Finding]) -> Self {
        if self.families.is_some() {
            self.scene.take_in_brief(settled);
        } else {
            self.scene.take_in(settled);
        }
        self
    }

    /// Takes in how the figures in the units' own texts were read, by disclosure: pages tell it.
    #[must_use]
    pub fn with_prose(mut self, prose: Vec<Tally>) -> Self {
        self.scene.prose = prose;
        self
    }

    /// The texts of the narratives, a year each, newest first; none where the site does not want
    /// them searched.
    pub fn texts(&self) -> Vec<YearText> {
        if self.scene.site.config.full_text { full_text::texts(&self.scene) } else { Vec::new() }
    }

    /// Takes in what the page of full texts searches, by path.
    #[must_use]
    pub fn searching(mut self, files: Vec<(String, Vec<u8>)>) -> Self {
        for (at, (path, bytes)) in files.into_iter().enumerate() {
            self.entries.push(Entry { path, page: Page::FullTextFile(at) });
            self.searched.push(bytes);
        }
        self.entries.sort_by(|a, b| a.path.cmp(&b.path));
        self
    }

    /// The same plan for a preview: pages say that they are not published, and show the settled
    /// findings that [`Self::telling`] took in, with their sources.
    #[must_use]
    pub fn previewing(mut self, settled: &[Finding], sources: &'a SourceMap) -> Self {
        self.preview = Some(Preview::new(self.scene.site, settled, &self.scene.standing, sources));
        self
    }

    /// The same plan with [`Self::recipe`]s, to be asked for when everything is taken in. `sources`
    /// are those that the site was read from; `hashes` were taken of them where their texts are not
    /// at hand any more.
    #[must_use]
    pub fn with_recipes(mut self, sources: &SourceMap, hashes: Option<&Hashes>) -> Self {
        let paths = self.entries.iter().map(|entry| entry.path.as_str());
        let mut recipes = Recipes::new(&self.scene, paths, sources, hashes);
        if let Some(hashes) = hashes {
            let others = (0..self.len()).filter(|index| self.disclosure_at(*index).is_none());
            let pages: Vec<(usize, Page<'_>)> = others.map(|index| (index, self.entries[index].page)).collect();
            recipes = recipes.with_pages(&self.scene, &pages, hashes);
        }
        self.recipes = Some(recipes);
        self
    }

    /// What a file is made from; `None` where that is too much, or was not asked for.
    pub fn recipe(&self, index: usize) -> Option<Recipe> {
        let recipes = self.recipes.as_ref()?;
        if let Page::Download(at) = self.entries[index].page
            && let Some(year) = self.scene.downloads[at].year
        {
            return recipes.of_years.get(&year).copied();
        }
        match self.disclosure_at(index) {
            Some(at) => recipes.of_disclosures.get(at).copied(),
            None => recipes.of_pages.get(&index).copied(),
        }
    }

    /// The files in groups that are made together: a group a family where disclosures are brought
    /// back for it, and those that are about more than that, each by itself.
    pub fn groups(&self) -> (Vec<Vec<usize>>, Vec<usize>) {
        let Some(families) = &self.families else { return (Vec::new(), (0..self.len()).collect()) };
        let mut together: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        let mut alone = Vec::new();
        for index in 0..self.len() {
            match self.made_from(index) {
                Some(at) => {
                    let family = families.family_of(&self.scene.site.disclosures[at].unit);
                    together.entry(family).or_default().push(index);
                }
                None => alone.push(index),
            }
        }
        (together.into_values().collect(), alone)
    }

    /// The disclosure that a file is made from, what stands where a download has moved from included.
    fn made_from(&self, index: usize) -> Option<usize> {
        self.disclosure_at(self.moved_download(index).unwrap_or(index))
    }

    /// The download that a file is the same as, where it has moved from there.
    pub(super) fn moved_download(&self, index: usize) -> Option<usize> {
        let Page::Moved(at) = self.entries[index].page else { return None };
        let moved = &self.moved[at];
        if moved.is_page() { None } else { self.find(&moved.to) }
    }

    /// Whether a file is joined from those of groups.
    pub fn is_joined(&self, index: usize) -> bool {
        let is_of_year = |at: usize| self.scene.downloads[at].year.is_some();
        self.families.is_some() && matches!(self.entries[index].page, Page::Download(at) if is_of_year(at))
    }

    /// Whether a file may tell sizes and hashes of downloads that are joined: lists of downloads do.
    pub fn asks_for_joined(&self, index: usize) -> bool {
        matches!(self.entries[index].page, Page::Data | Page::Download(_) | Page::Moved(_))
    }

    /// Makes files of one group together.
    ///
    /// # Errors
    /// A finding, when the disclosures are not any more what was checked.
    pub fn open(&self, group: &[usize], show: &mut dyn FnMut(&dyn Contents)) -> Result<(), Box<Finding>> {
        let family = group.first().and_then(|index| self.made_from(*index));
        let Some((families, at)) = self.families.as_ref().zip(family) else {
            show(self);
            return Ok(());
        };
        let family = families.family_of(&self.scene.site.disclosures[at].unit);
        families.bring(family, &mut |brought| show(&Opened::new(self, brought)))
    }

    /// The scene of the whole site.
    pub(super) const fn scene(&self) -> &Scene<'a> {
        &self.scene
    }

    /// What stands at a path.
    pub(super) fn page_at(&self, index: usize) -> Page<'a> {
        self.entries[index].page
    }

    /// A file that is made from a disclosure which is there in brief only.
    #[expect(clippy::result_large_err, reason = "as its callers")]
    fn brought_back(&self, index: usize) -> Result<Vec<u8>, Finding> {
        let mut made = Ok(Vec::new());
        let show = &mut |contents: &dyn Contents| made = contents.content(index).map(Content::into_bytes);
        self.open(&[index], show).and(made).map_err(|finding| *finding)
    }

    /// The size and hash of a download of a disclosure: those of all its files are in its package.
    pub fn made(&self, index: usize) -> Option<Made> {
        let Page::Download(at) = self.entries[index].page else { return None };
        let download = &self.scene.downloads[at];
        // Of a disclosure in brief nothing can be made.
        download.disclosure.filter(|_| self.families.is_none()).map(|_| (download.made)())
    }

    /// Takes in the size and hash of a download, so that it need not be made for them.
    pub fn learn(&self, index: usize, made: &Made) {
        if let Page::Download(at) = self.entries[index].page {
            (self.scene.downloads[at].learn)(made.clone());
        }
    }

    /// The disclosure, by its place in the site, that a page is about.
    pub fn disclosure_at(&self, index: usize) -> Option<usize> {
        match self.entries[index].page {
            Page::Disclosure(at) | Page::Version(at, _) | Page::Quality(at) => Some(at),
            Page::Download(download) => self.scene.downloads[download].disclosure,
            _ => None,
        }
    }

    /// How many files the site has.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether the site has no file at all.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The path of a file: sorted, unique, lower-case ASCII.
    pub fn path(&self, index: usize) -> &str {
        &self.entries[index].path
    }

    /// The file at a path.
    pub fn find(&self, path: &str) -> Option<usize> {
        self.entries.binary_search_by(|entry| entry.path.as_str().cmp(path)).ok()
    }

    /// The paths that must stay reachable, sorted: pages and downloads. Files of the theme and
    /// data of the finder may go, further pages of a list come and go with its rows, not every
    /// program can make the page of full texts, and what search engines ask for depends on the
    /// site's address being known.
    pub fn permanent(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().filter(|entry| !may_go(entry.page)).map(|entry| entry.path.as_str())
    }

    /// The paths of the pages that readers are meant to find.
    fn pages(&self) -> Vec<&str> {
        let found = self.entries.iter().filter(|entry| is_found(entry));
        found.map(|entry| entry.path.as_str()).collect()
    }

    /// Whether a file is not made, but stays as it was last published.
    pub fn is_kept(&self, index: usize) -> bool {
        matches!(self.entries[index].page, Page::Kept)
    }

    /// The bytes of a file, all at once; see [`Self::content`].
    ///
    /// # Errors
    /// A finding, when a template cannot be rendered or a page would link to nowhere.
    #[expect(clippy::result_large_err, reason = "a page fails once, if ever; findings are kept whole")]
    pub fn render(&self, index: usize) -> Result<Vec<u8>, Finding> {
        self.content(index).map(Content::into_bytes)
    }

    /// The content of a file; pure, so it may be called in parallel.
    ///
    /// # Errors
    /// A finding, when a template cannot be rendered or a page would link to nowhere.
    #[expect(clippy::result_large_err, reason = "a page fails once, if ever; findings are kept whole")]
    pub fn content(&self, index: usize) -> Result<Content<'_>, Finding> {
        let entry = &self.entries[index];
        let whole = |text: String| Ok(Content::Whole(text.into_bytes()));
        match entry.page {
            Page::File(file) => Ok(Content::Whole(file.bytes.to_vec())),
            Page::Sitemap(part) => whole(web::sitemap(self.scene.site, &self.pages(), part)),
            Page::Robots => whole(web::robots(self.scene.site)),
            Page::Feed => whole(web::feed(&self.scene)),
            _ if self.families.is_some() && self.disclosure_at(index).is_some() => {
                self.brought_back(index).map(Content::Whole)
            }
            Page::Download(at) => Ok((self.scene.downloads[at].content)()),
            Page::FullTextScript => whole(full_text::SCRIPT.to_owned()),
            Page::FullTextFile(at) => Ok(Content::Whole(self.searched[at].clone())),
            Page::Shard(shard) => {
                Ok(Content::Whole(self.scene.finder.bytes(self.scene.site, &self.scene.index, shard)))
            }
            Page::Moved(at) => self.moved(&self.moved[at]),
            Page::Kept => Err(Finding::new("P024", format!("“{}”应当沿用上次公开的文件", entry.path))),
            page => self.draw(&self.scene, index, page).map(Content::Whole),
        }
    }

    /// Draws a page in a scene: that of the whole site, or of the part that it is about.
    #[expect(clippy::result_large_err, reason = "as its callers")]
    pub(super) fn draw(&self, scene: &Scene<'_>, index: usize, page: Page<'_>) -> Result<Vec<u8>, Finding> {
        let entry = &self.entries[index];
        let links = self.links_of(entry);
        let drawn = pages::draw(scene, page, &links)?;
        let frame = pages::frame(scene, &drawn.head, page, &links)?;
        let html = self.templates.render(&frame, drawn, &entry.path)?;
        let Some(preview) = &self.preview else { return Ok(html) };
        let html = String::from_utf8_lossy(&html);
        Ok(preview.dress(scene.site, &scene.standing, page, &html).into_bytes())
    }

    /// A page as its template sees it; `None` for other files.
    #[cfg(test)]
    pub(crate) fn drawn(&self, index: usize) -> Option<crate::render::view::Drawn> {
        let entry = &self.entries[index];
        let is_page = is_found(entry) || matches!(entry.page, Page::NotFound | Page::Version(..));
        is_page.then(|| pages::draw(&self.scene, entry.page, &self.scene.links.from(&entry.path)).unwrap())
    }

    /// The links of an entry's page. A server shows the page for wrong addresses at all of them,
    /// so its links are absolute, where the site's own address is known; a preview is its
    /// server's root.
    fn links_of<'p>(&'p self, entry: &'p Entry<'_>) -> PageLinks<'p> {
        let links = &self.scene.links;
        let root = if self.preview.is_some() { Some("/".to_owned()) } else { self.scene.site.config.address_of("") };
        match root {
            Some(root) if matches!(entry.page, Page::NotFound) => links.from_anywhere(&entry.path, root),
            _ => links.from(&entry.path),
        }
    }

    /// What stands where something has moved from: a page that leads on, or the same download.
    #[expect(clippy::result_large_err, reason = "as its callers")]
    fn moved(&self, moved: &Moved) -> Result<Content<'_>, Finding> {
        if moved.is_page() {
            let config = &self.scene.site.config;
            let address = config.address_of(&moved.to);
            let links = self.scene.links.from(&moved.from);
            return Ok(Content::Whole(urls::page(&config.title, moved, &links, address.as_deref()).into_bytes()));
        }
        match self.find(&moved.to) {
            Some(target) => self.content(target),
            None => Err(Finding::new("P021", format!("“{}”转向的“{}”不存在", moved.from, moved.to))),
        }
    }
}

fn entries<'a>(site: &'a Site, index: &Index, downloads: &[Download<'a>]) -> Vec<Entry<'a>> {
    let mut entries = Vec::new();
    let mut add = |path: String, page: Page<'a>| entries.push(Entry { path, page });
    add("index.html".into(), Page::Home);
    add("404.html".into(), Page::NotFound);
    add("glossary/index.html".into(), Page::Glossary);
    add("codes/index.html".into(), Page::Codes);
    add("forms/index.html".into(), Page::Forms);
    add(RULES_PATH.into(), Page::Rules);
    add(SEARCH_PATH.into(), Page::Search);
    if site.config.full_text {
        add(FULL_TEXT_PATH.into(), Page::FullText);
        add(full_text::SCRIPT_PATH.into(), Page::FullTextScript);
    }
    for shard in Finder::shards(site) {
        add(shard.path(), Page::Shard(shard));
    }
    if !site.config.without_downloads {
        add(DATA_PATH.into(), Page::Data);
    }
    add(VERIFY_PATH.into(), Page::Verify);
    site.units.values().for_each(|unit| add(unit_path(&unit.id), Page::Unit(unit)));
    for (at, disclosure) in site.disclosures.iter().enumerate() {
        add(disclosure_path(disclosure), Page::Disclosure(at));
        add(quality_path(disclosure), Page::Quality(at));
        for (amendment, replaced) in disclosure.amendments.iter().enumerate() {
            add(version_path(disclosure, replaced.version), Page::Version(at, amendment));
        }
    }
    site.terms.values().for_each(|term| add(term_path(&term.id), Page::Term(term)));
    site.sets.values().for_each(|set| add(set_path(&set.id), Page::FormSet(set)));
    for page in 1..=pages_of(site.units.len()) {
        add(page_path(DIRECTORY_PATH, page), Page::Directory(page));
    }
    for (year, disclosures) in &index.by_year {
        for (listing, rows) in listings(site, disclosures) {
            for page in 1..=pages_of(rows) {
                let page = YearPage { year: *year, listing, page };
                add(page.path(), Page::Year(page));
            }
        }
    }
    for (classification, code) in codes(site, index) {
        for page in 1..=pages_of(spenders(site, index, classification, code)) {
            add(page_path(&code_path(classification, code), page), Page::Code(classification, code, page));
        }
    }
    site.pages.iter().for_each(|page| add(text_path(&page.id), Page::Text(page)));
    site.theme.files.iter().for_each(|file| add(file.path.clone(), Page::File(file)));
    for (at, download) in downloads.iter().enumerate() {
        add(download.path.clone(), Page::Download(at));
    }
    entries
}

/// Whether a file may be gone from the next build.
const fn may_go(page: Page<'_>) -> bool {
    match page {
        Page::File(_)
        | Page::Shard(_)
        | Page::FullText
        | Page::FullTextScript
        | Page::FullTextFile(_)
        | Page::NotFound
        | Page::Sitemap(_)
        | Page::Robots
        | Page::Feed => true,
        Page::Directory(page) | Page::Code(_, _, page) => page > 1,
        Page::Year(list) => list.page > 1 || matches!(list.listing, Listing::Only(_)),
        _ => false,
    }
}

/// Adds the published paths that stay as they were, where nothing else stands now, then the files
/// for search engines, which count all pages.
fn add_kept<'a>(entries: &mut Vec<Entry<'a>>, site: &'a Site) {
    let stands = |path: &str| entries.binary_search_by(|entry| entry.path.as_str().cmp(path)).is_ok();
    let registered: BTreeSet<&str> = site.urls.iter().map(|url| url.value.as_str()).collect();
    // Pages of a list come and go with its rows: where the list is made anew, only those that
    // must stay reachable are kept.
    let is_stale = |path: &str| !registered.contains(path) && list_of(path).is_some_and(|list| stands(&list));
    let kept = site.kept.iter().filter(|path| !stands(path) && !is_stale(path));
    let kept: Vec<Entry<'_>> = kept.map(|path| Entry { path: path.clone(), page: Page::Kept }).collect();
    entries.extend(kept);
    let pages = entries.iter().filter(|entry| is_found(entry)).count();
    entries.extend(web::entries(site, pages).into_iter().map(|(path, page)| Entry { path, page }));
    entries.sort_by(|a, b| a.path.cmp(&b.path));
}

/// The first page of the list of a code or year that a path is a page of.
fn list_of(path: &str) -> Option<String> {
    let folders = match path.split('/').next()? {
        "codes" => 3,
        "years" => 2,
        _ => return None,
    };
    Some(format!("{}index.html", leading(path, folders)))
}

/// Whether a file is a page that readers are meant to find.
fn is_found(entry: &Entry<'_>) -> bool {
    if matches!(entry.page, Page::Kept) {
        return entry.path.ends_with("index.html") && !entry.path.contains("/versions/");
    }
    !matches!(
        entry.page,
        Page::File(_)
            | Page::Download(_)
            | Page::Version(..)
            | Page::Shard(_)
            | Page::FullTextScript
            | Page::FullTextFile(_)
            | Page::Moved(_)
            | Page::NotFound
            | Page::Sitemap(_)
            | Page::Robots
            | Page::Feed
    )
}

/// Every code with a page: the known ones, and those that somebody spent on.
fn codes<'a>(site: &'a Site, index: &Index) -> BTreeSet<(&'a str, ClassCode)> {
    let known = site
        .classifications
        .values()
        .flat_map(|classification| classification.codes.keys().map(|code| (classification.id.as_str(), *code)));
    let spent = index.spending.keys().filter_map(|(classification, code)| {
        site.classifications.get_key_value(classification).map(|(id, _)| (id.as_str(), *code))
    });
    known.chain(spent).collect()
}

fn path_findings(entries: &[Entry<'_>]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for pair in entries.windows(2).filter(|pair| pair[0].path == pair[1].path) {
        let [first, second] = [place_of(pair[0].page), place_of(pair[1].page)];
        let message = format!("两个页面都要写到 {}", pair[0].path);
        let finding = Finding::new("P001", message).at(second.or(first)).help("请改其中一个的标识。");
        findings.push(if second.is_some() { finding.related("另一个页面", first) } else { finding });
    }
    findings.extend(twins(entries));
    let is_good = |entry: &&Entry<'_>| match entry.page {
        Page::File(_) | Page::Kept => is_safe(&entry.path),
        _ => travels(&entry.path),
    };
    for entry in entries.iter().filter(|entry| !is_good(entry)) {
        let message = format!("路径 {} 不能用作网址", entry.path);
        findings.push(
            Finding::new("P002", message)
                .at(place_of(entry.page))
                .help("请改用小写英文字母、数字、连字符，各级之间用“/”隔开。"),
        );
    }
    findings
}

/// Whether a path can be served from any machine: relative, lower-case ASCII.
fn travels(path: &str) -> bool {
    let good = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_' | b'.');
    let good_part = |part: &str| !part.is_empty() && !part.starts_with('.') && part.bytes().all(good);
    path.split('/').all(good_part)
}

/// Whether a file of the site's own may be written there: `CNAME`, `.well-known/security.txt`.
/// Its name is asked for by others, so it is kept as it is; the manifest's is taken.
fn is_safe(path: &str) -> bool {
    let good = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    let good_part = |part: &str| !matches!(part, "" | "." | "..") && part.bytes().all(good);
    let travels = |part: &str| good_part(part) && !part.ends_with('.') && !is_device(part);
    path.split('/').all(travels) && !path.eq_ignore_ascii_case("MANIFEST")
}

/// Whether Windows, where sites are served too, keeps a name for a device, whatever its ending.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let numbered = |stem: &str| stem.strip_prefix("com").or(stem.strip_prefix("lpt")).is_some_and(is_one_digit);
    matches!(stem.as_str(), "con" | "prn" | "aux" | "nul") || numbered(&stem)
}

fn is_one_digit(text: &str) -> bool {
    text.len() == 1 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Paths that differ only in capitals: to Windows and to many a drive they are one file.
fn twins(entries: &[Entry<'_>]) -> Vec<Finding> {
    // Only files of the site's own have capitals.
    let capitals = entries.iter().filter(|entry| entry.path.contains(|c: char| c.is_ascii_uppercase()));
    let mut known: BTreeMap<String, &str> = BTreeMap::new();
    let mut findings = Vec::new();
    for entry in capitals {
        let small = entry.path.to_ascii_lowercase();
        let stands = entries.binary_search_by(|other| other.path.as_str().cmp(&small)).ok();
        let other = known.get(&small).copied().or_else(|| stands.map(|at| entries[at].path.as_str()));
        if let Some(other) = other.filter(|other| *other != entry.path) {
            let message = format!("{other} 和 {} 只有大小写不同，在有的服务器上是同一个文件", entry.path);
            findings.push(Finding::new("P001", message).at(place_of(entry.page)).help("请改其中一个的名称。"));
        }
        known.insert(small, &entry.path);
    }
    findings
}

fn place_of(page: Page<'_>) -> Option<Place> {
    match page {
        Page::Unit(unit) => Some(unit.place),
        Page::Term(term) => Some(term.place),
        Page::Text(page) => Some(page.body.place),
        _ => None,
    }
}

/// Dead links in what authors write in Markdown.
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_do_not_travel_are_refused_whatever_their_ending() {
        for path in ["CNAME", ".nojekyll", ".well-known/security.txt", "assets/console.js", "COM10.txt", "a..b"] {
            assert!(is_safe(path), "{path}");
        }
        for path in ["con", "Nul.txt", "a/AUX", "com1.tar.gz", "lpt9", "a.", "a/../b", "manifest", "a b", "决算.pdf"]
        {
            assert!(!is_safe(path), "{path}");
        }
    }

    #[test]
    fn paths_that_differ_in_capitals_only_are_found() {
        let entries = |paths: &[&str]| {
            let entries = paths.iter().map(|path| Entry { path: (*path).to_owned(), page: Page::Kept });
            twins(&entries.collect::<Vec<_>>()).len()
        };
        assert_eq!(entries(&["A/x.txt", "CNAME", "a/X.txt", "b"]), 1);
        assert_eq!(entries(&["Index.html", "index.html"]), 1);
        assert_eq!(entries(&["a/x.txt", "a/y.txt", "a/x.txt"]), 0);
    }

    #[test]
    fn kept_pages_are_counted_and_those_of_a_list_that_is_made_anew_go() {
        let mut site = crate::check::testing::site(Vec::new());
        site.config.base_url = Some("https://example.gov.cn".into());
        let kept = [
            "codes/f/201/2/index.html",
            "codes/f/202/2/index.html",
            "codes/f/202/index.html",
            "units/a/2022/index.html",
            "units/a/2022/versions/1/index.html",
            "years/2022/2/index.html",
            "years/2023/3/index.html",
            "years/2023/final/index.html",
        ];
        site.kept = kept.map(str::to_owned).to_vec();
        site.urls =
            vec![crate::diagnostic::Placed::new(kept[7].to_owned(), Place::start_of(crate::diagnostic::FileId(0)))];
        let made = ["codes/f/201/index.html", "years/2023/index.html"];
        let mut entries: Vec<_> = made.map(|path| Entry { path: path.to_owned(), page: Page::Home }).into();
        add_kept(&mut entries, &site);
        let found = |of: fn(&&Entry<'_>) -> bool| -> Vec<&str> {
            entries.iter().filter(of).map(|entry| entry.path.as_str()).collect()
        };
        let stay = [&kept[1..6], &kept[7..]].concat();
        assert_eq!(found(|entry| matches!(entry.page, Page::Kept)), stay);
        let listed: Vec<&str> = found(|entry| is_found(entry));
        assert!(listed.contains(&kept[3]) && !listed.contains(&kept[4]), "{listed:?}");
        assert!(
            entries.is_sorted_by(|a, b| a.path < b.path) && entries.iter().any(|entry| entry.path == "sitemap.xml")
        );
    }

    #[test]
    fn files_keep_the_names_that_others_ask_for_and_pages_stay_plain() {
        for path in ["CNAME", ".nojekyll", ".well-known/security.txt", "assets/Logo_1.png"] {
            assert!(is_safe(path), "{path}");
        }
        for path in ["../a", "a//b", "a/./b", "/a", "图.png", "a b", "MANIFEST"] {
            assert!(!is_safe(path), "{path}");
        }
        assert!(travels("units/u/2023/index.html") && !travels("units/U/index.html") && !travels(".a"));
    }
}
