//! The pages: each module turns one kind of page into a view for its template.

mod codes;
mod compare;
mod data;
mod directory;
mod disclosure;
mod forms;
mod full_text;
mod glossary;
mod home;
mod others;
mod paging;
mod quality;
mod rules;
mod search;
mod spent;
mod text;
mod unit;
mod verify;
pub(crate) mod version;
mod year;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, OnceLock};

use crate::amount::Scale;
use crate::check::{Lister, Report};
use crate::claims::Tally;
use crate::derive::amendment::Difference;
use crate::derive::narrative::Narrative;
use crate::diagnostic::Finding;
use crate::model::disclosure::Disclosure;
use crate::model::site::Site;
use crate::model::unit::Unit;
use crate::render::composer::{Composed, Composer, Gist};
use crate::render::finder::Finder;
use crate::render::glossary::Linker;
use crate::render::index::Index;
use crate::render::links::{
    DATA_PATH, DIRECTORY_PATH, DeadLink, Links, PageLinks, RULES_PATH, SEARCH_PATH, VERIFY_PATH, disclosure_path,
    quality_path, text_path, unit_path,
};
use crate::render::page::{Download, Page};
use crate::render::text_links;
use crate::render::verdicts::{self, Judged};
use crate::render::view::{Drawn, Frame, Head, Link, NavLink, Section, figure_text};
use crate::render::web;
use crate::render::words;

pub(crate) use paging::pages_of;
pub(crate) use spent::count as spenders;
pub(crate) use year::{Listing, YearPage, listings};

/// Everything that pages are made from.
pub(crate) struct Scene<'a> {
    pub(crate) site: &'a Site,
    pub(crate) report: &'a Report,
    pub(crate) index: Index,
    pub(crate) links: Arc<Links>,
    pub(crate) downloads: Vec<Download<'a>>,
    pub(crate) finder: Finder,
    /// The narratives of the disclosures, in the site's order.
    pub(crate) narratives: Vec<Narrative>,
    /// Those of the earlier versions of each disclosure, by the amendment that replaced them.
    pub(crate) earlier: Vec<Vec<Narrative>>,
    /// What each amendment of each disclosure changed.
    pub(crate) differences: Vec<Vec<Difference>>,
    /// Tells the checks that are no relations.
    pub(crate) lister: Lister<'a>,
    /// Links the site's terms.
    pub(crate) linker: Linker<'a>,
    /// The disclosures that list a term, in the site's order, by the term's id.
    pub(crate) listed_terms: BTreeMap<&'a str, Box<[u32]>>,
    /// The disclosures whose narrative links a term, likewise.
    pub(crate) linked_terms: BTreeMap<&'a str, Box<[u32]>>,
    /// How many figures and texts the last amendment of each disclosure changed.
    pub(crate) changed: Vec<usize>,
    /// The findings about each disclosure, in the site's order.
    pub(crate) standing: Vec<Vec<Finding>>,
    /// The same of disclosures in brief, as bytes: they are asked for when these are brought back.
    packed_standing: Vec<Box<[u8]>>,
    /// How the figures in each disclosure's own texts were read, in the site's order; empty
    /// where they were not.
    pub(crate) prose: Vec<Tally>,
    /// What is judged of each disclosure: its page and that of its checks tell it.
    judged: Vec<OnceLock<Judged<'a>>>,
}

/// What a scene is made from besides what is written for its disclosures.
pub(crate) struct Given<'a> {
    pub(crate) site: &'a Site,
    pub(crate) report: &'a Report,
    pub(crate) index: Index,
    pub(crate) links: Arc<Links>,
    pub(crate) downloads: Vec<Download<'a>>,
}

impl<'a> Scene<'a> {
    /// The scene of a site whose disclosures are all there.
    pub(crate) fn new(given: Given<'a>) -> (Self, Vec<Finding>) {
        let (composer, mut findings) = Composer::new(given.site);
        let (written, found) = composer.compose(given.site);
        findings.extend(found);
        let gists = composer.gists(given.site, &written);
        findings.extend(dead_links(&gists, &given.links));
        let (lister, finder) = (Lister::new(given.site), Finder::new(given.site));
        let Composed { narratives, earlier, differences } = written;
        (
            Self { narratives, earlier, differences, ..Self::over(given, finder, lister, composer.linker(), &gists) },
            findings,
        )
    }

    /// The scene of a site whose disclosures are there in brief: nothing that is made from one of
    /// them alone can be drawn.
    pub(crate) fn in_brief(given: Given<'a>, gists: &[Gist], composer: &Composer<'_>) -> (Self, Vec<Finding>) {
        let lister = Lister::new(given.site);
        let finder = Finder::of(given.site, &composer.headings(), gists.iter().map(|gist| &gist.rows));
        let findings = dead_links(gists, &given.links);
        let linker = words::linker(given.site);
        (Self::over(given, finder, lister, linker, gists), findings)
    }

    /// The scene of a part of a site, for what is made from its disclosures alone.
    pub(crate) fn of_part(given: Given<'a>, lister: Lister<'a>, composed: Composed, linker: Linker<'a>) -> Self {
        let Composed { narratives, earlier, differences } = composed;
        Self { narratives, earlier, differences, ..Self::over(given, Finder::default(), lister, linker, &[]) }
    }

    fn over(given: Given<'a>, finder: Finder, lister: Lister<'a>, linker: Linker<'a>, gists: &[Gist]) -> Self {
        let Given { site, report, index, links, downloads } = given;
        let listed_terms = by_term(site, gists.iter().map(|gist| &*gist.listed_terms));
        let linked_terms = by_term(site, gists.iter().map(|gist| &*gist.linked_terms));
        Self {
            site,
            report,
            index,
            links,
            downloads,
            finder,
            narratives: Vec::new(),
            earlier: Vec::new(),
            differences: Vec::new(),
            lister,
            linker,
            listed_terms,
            linked_terms,
            changed: gists.iter().map(|gist| gist.changed).collect(),
            standing: vec![Vec::new(); site.disclosures.len()],
            packed_standing: Vec::new(),
            prose: Vec::new(),
            judged: site.disclosures.iter().map(|_| OnceLock::new()).collect(),
        }
    }

    /// What is judged of a disclosure, where it was checked; put in order when first asked for.
    pub(crate) fn judged(&self, at: usize) -> Option<&Judged<'a>> {
        let results = self.report.of(at)?;
        Some(self.judged[at].get_or_init(|| Judged::new(results, &self.site.disclosures[at])))
    }

    /// Takes in the settled findings: pages tell those of their own disclosure.
    pub(crate) fn take_in(&mut self, settled: &[Finding]) {
        self.standing = quality::standing(self.site, settled);
    }

    /// The same of a site whose disclosures are there in brief.
    pub(crate) fn take_in_brief(&mut self, settled: &[Finding]) {
        self.packed_standing = quality::packed_standing(self.site, settled);
    }

    /// The findings about a disclosure, whether it is there or in brief.
    pub(crate) fn standing_of(&self, at: usize) -> Cow<'_, [Finding]> {
        match self.packed_standing.get(at) {
            Some(packed) => quality::unpacked(packed).into(),
            None => self.standing.get(at).map_or(&[][..], Vec::as_slice).into(),
        }
    }

    /// The disclosures of a unit, oldest first.
    pub(crate) fn disclosures_of(&self, unit: &str) -> impl DoubleEndedIterator<Item = &'a Disclosure> + use<'a, '_> {
        let site = self.site;
        self.index.by_unit.get(unit).into_iter().flatten().map(move |at| &site.disclosures[*at])
    }

    /// The disclosures of a unit by their places in the site, oldest first.
    pub(crate) fn places_of(&self, unit: &str) -> impl DoubleEndedIterator<Item = usize> + use<'_, 'a> {
        self.index.by_unit.get(unit).into_iter().flatten().copied()
    }

    /// The downloads of a disclosure, or for `None` those of the whole portal; they come in the
    /// order of the disclosures, the portal's last.
    pub(crate) fn downloads_of(&self, disclosure: Option<usize>) -> &[Download<'a>] {
        self.downloads_at((disclosure.unwrap_or(usize::MAX), None))
    }

    /// The downloads of an earlier version of a disclosure, or of the present one.
    pub(crate) fn downloads_of_version(&self, disclosure: usize, version: Option<usize>) -> &[Download<'a>] {
        self.downloads_at((disclosure, version))
    }

    /// The present version's come before those of the earlier ones.
    fn downloads_at(&self, wanted: (usize, Option<usize>)) -> &[Download<'a>] {
        let place = |download: &Download<'_>| (download.disclosure.unwrap_or(usize::MAX), download.version);
        let first = self.downloads.partition_point(|download| place(download) < wanted);
        let after = self.downloads.partition_point(|download| place(download) <= wanted);
        &self.downloads[first..after]
    }

    /// The unit of a disclosure by its full name; its id where the site lacks the unit.
    pub(crate) fn unit_name(&self, disclosure: &'a Disclosure) -> &'a str {
        self.site.unit_of(disclosure).map_or(disclosure.unit.as_str(), |unit| unit.name.as_str())
    }

    /// The way to a unit: its region, then its 部门.
    pub(crate) fn unit_crumbs(&self, unit: &Unit, links: &PageLinks<'_>) -> Result<Vec<Link>, DeadLink> {
        let mut crumbs = Vec::new();
        if !unit.region.is_empty() {
            crumbs.push(Link::new(unit.region.join(" "), self.region_href(unit, links)?));
        }
        if let Some(parent) = unit.parent.as_ref().and_then(|id| self.site.units.get(id)) {
            crumbs.push(Link::new(&parent.short, links.to(&unit_path(&parent.id))?));
        }
        Ok(crumbs)
    }
}

/// The disclosures that have to do with a term, by its id; `terms` are those of each disclosure, by
/// their places in the order of ids.
fn by_term<'a, 'g>(site: &'a Site, terms: impl Iterator<Item = &'g [u32]>) -> BTreeMap<&'a str, Box<[u32]>> {
    let mut disclosures: Vec<Vec<u32>> = vec![Vec::new(); site.terms.len()];
    for (terms, at) in terms.zip(0..) {
        for term in terms {
            disclosures[*term as usize].push(at);
        }
    }
    let by_id = site.terms.keys().map(String::as_str).zip(disclosures);
    by_id.map(|(id, disclosures)| (id, disclosures.into())).collect()
}

/// The links in the units' own texts that lead nowhere.
fn dead_links(gists: &[Gist], links: &Links) -> Vec<Finding> {
    text_links::dead(gists.iter().flat_map(|gist| &gist.links), links)
}

/// A link to a disclosure that says its year and kind: `2023年度决算`.
pub(crate) fn year_link(disclosure: &Disclosure, links: &PageLinks<'_>) -> Result<Link, DeadLink> {
    Ok(Link::new(year_and_kind(disclosure), links.to(&disclosure_path(disclosure))?))
}

/// How the checks of a disclosure went, with a link to the page that tells it.
pub(crate) fn quality_link(scene: &Scene<'_>, at: usize, links: &PageLinks<'_>) -> Result<Link, DeadLink> {
    let href = links.to(&quality_path(&scene.site.disclosures[at]))?;
    Ok(Link::new(verdicts::in_brief(scene.report, at), href))
}

/// The scale of lists that stand disclosures beside each other, whatever each declares.
pub(crate) const LISTED: Scale = Scale::TenThousand;

/// The figure of a concept in the scale of lists, with a link to its cell where the page has it.
pub(crate) fn concept_link(disclosure: &Disclosure, concept: &str, links: &PageLinks<'_>) -> Result<Link, DeadLink> {
    let text = figure_text(disclosure.concept(concept), LISTED);
    let cell = disclosure.set.concept_cell(concept).filter(|cell| disclosure.shows(*cell));
    let href =
        cell.map(|cell| links.to_anchor(&disclosure_path(disclosure), &disclosure.set.form_of(cell).cell_anchor(cell)));
    Ok(Link { text, href: href.transpose()? })
}

/// `2023年度决算`
pub(crate) fn year_and_kind(disclosure: &Disclosure) -> String {
    format!("{}年度{}", disclosure.year, disclosure.kind.name())
}

/// The anchor of a region in lists of units; any unit of the region gives the same one.
pub(crate) fn region_anchor(unit: &Unit) -> String {
    unit.region.iter().flat_map(|part| part.chars()).fold("r".to_owned(), |mut anchor, c| {
        let _ = write!(anchor, "-{:x}", u32::from(c)); // writing to a String cannot fail
        anchor
    })
}

/// Draws a page of the plan.
#[expect(clippy::result_large_err, reason = "a page fails once, if ever; findings are kept whole")]
pub(crate) fn draw(scene: &Scene<'_>, page: Page<'_>, links: &PageLinks<'_>) -> Result<Drawn, Finding> {
    match page {
        Page::Home => home::draw(scene, links),
        Page::Unit(unit) => unit::draw(scene, unit, links),
        Page::Disclosure(at) => disclosure::draw(scene, at, None, links),
        Page::Version(at, amendment) => disclosure::draw(scene, at, Some(amendment), links),
        Page::Quality(at) => quality::draw(scene, at, links),
        Page::Glossary => glossary::draw_index(scene, links),
        Page::Term(term) => glossary::draw_term(scene, term, links),
        Page::Codes => codes::draw_index(scene, links),
        Page::Directory(page) => directory::draw(scene, page, links),
        Page::Code(classification, code, page) => codes::draw_code(scene, classification, code, page, links),
        Page::Forms => forms::draw_index(scene, links),
        Page::FormSet(set) => forms::draw_set(scene, set, links),
        Page::Rules => rules::draw(scene, links),
        Page::Year(year) => year::draw(scene, year, links),
        Page::Text(page) => Ok(text::draw(scene, page, links)),
        Page::Data => data::draw(scene, links),
        Page::Search => search::draw(scene, links),
        Page::FullText => full_text::draw(scene, links),
        Page::Verify => verify::draw(scene, links),
        Page::NotFound
        | Page::File(_)
        | Page::Download(_)
        | Page::Shard(_)
        | Page::FullTextScript
        | Page::FullTextFile(_)
        | Page::Moved(_)
        | Page::Kept
        | Page::Sitemap(_)
        | Page::Robots
        | Page::Feed => Ok(text::draw_not_found(scene)),
    }
    .map_err(Finding::from)
}

/// The frame around a page.
#[expect(clippy::result_large_err, reason = "a page fails once, if ever; findings are kept whole")]
pub(crate) fn frame(scene: &Scene<'_>, head: &Head, page: Page<'_>, links: &PageLinks<'_>) -> Result<Frame, Finding> {
    let config = &scene.site.config;
    let home = links.to("index.html")?;
    let directory = links.to(DIRECTORY_PATH)?;
    let nav = [
        ("单位", Section::Units, directory.clone()),
        ("年度", Section::Years, format!("{directory}#years")),
        ("科目", Section::Codes, links.to("codes/index.html")?),
        ("名词解释", Section::Glossary, links.to("glossary/index.html")?),
        ("表式", Section::Forms, links.to("forms/index.html")?),
    ];
    let nav = nav.map(|(text, section, href)| NavLink { text: text.into(), href, current: section == head.section });
    let pages = scene.site.pages.iter().map(|page| Ok(Link::new(&page.title, links.to(&text_path(&page.id))?)));
    let own = [(rules::TITLE, RULES_PATH), (data::TITLE, DATA_PATH), (verify::TITLE, VERIFY_PATH)];
    let is_there = |path: &str| path != DATA_PATH || !config.without_downloads;
    let own = own.into_iter().filter(|(_, path)| is_there(path));
    let own = own.map(|(title, path)| Ok(Link::new(title, links.to(path)?)));
    let mut crumbs = head.crumbs.clone();
    if !matches!(page, Page::Home) {
        crumbs.insert(0, Link::new("首页", &home));
    }
    Ok(Frame {
        title: if matches!(page, Page::Home) {
            config.title.clone()
        } else {
            format!("{} · {}", head.title, config.title)
        },
        description: head.description.clone(),
        site: config.title.clone(),
        publisher: config.publisher.clone(),
        home,
        style: links.to("assets/style.css").ok(),
        icon: links.to("assets/favicon.svg").ok(),
        search: links.to(SEARCH_PATH)?,
        script: links.to("assets/finder.js").ok(),
        tables: links.to("assets/table.js").ok(),
        address: web::address(scene.site, links.page()).filter(|_| !matches!(page, Page::NotFound)),
        feed: links.to(web::FEED).ok(),
        robots: matches!(page, Page::Version(..)).then_some("noindex"),
        data: web::structured(scene, page),
        nav: nav.into(),
        pages: pages.chain(own).collect::<Result<_, DeadLink>>()?,
        downloads: !config.without_downloads,
        crumbs,
    })
}
