//! Disclosures that were let go after they were checked, brought back family by family for the
//! files that are made from them alone: their pages and downloads.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::check::{Lister, Report};
use crate::diagnostic::Finding;
use crate::model::site::Site;
use crate::render::composer::Composed;
use crate::render::content::{Content, Made};
use crate::render::glossary::Linker;
use crate::render::index::Index;
use crate::render::page::{Download, Page};
use crate::render::pages::{Given, Scene};
use crate::render::plan::Plan;

/// Brings the disclosures of a family back.
pub trait Bring: Sync {
    /// The family of a unit; those of one family are made together.
    fn family_of(&self, unit: &str) -> usize;

    /// Reads the disclosures of a family again, and shows them.
    ///
    /// # Errors
    /// A finding, when they are not any more what was checked.
    fn bring(&self, family: usize, show: &mut dyn FnMut(Brought<'_>)) -> Result<(), Box<Finding>>;
}

/// The disclosures of a family, as they were checked.
pub struct Brought<'p> {
    /// The part of the site.
    pub site: &'p Site,
    /// Their relations with their verdicts.
    pub report: &'p Report,
    /// Their downloads.
    pub downloads: Vec<Download<'p>>,
    /// Lists their other checks.
    pub lister: Lister<'p>,
    /// What was written for them.
    pub composed: Composed,
    /// Links the site's terms.
    pub(crate) linker: Linker<'p>,
}

/// Makes files of a plan.
pub trait Contents: Sync {
    /// The content of a file.
    ///
    /// # Errors
    /// A finding, when a template cannot be rendered or a page would link to nowhere.
    fn content(&self, index: usize) -> Result<Content<'_>, Box<Finding>>;

    /// The size and hash of a download, where they stand in other files too.
    fn made(&self, index: usize) -> Option<Made>;
}

/// The files of a plan that are made from the disclosures of one family.
pub(super) struct Opened<'w, 'a, 'p> {
    plan: &'w Plan<'a>,
    scene: Scene<'p>,
    /// The place in the family of each disclosure, by its place in the site.
    places: BTreeMap<usize, usize>,
    /// The place in the family's list of each download, by its path.
    downloads: HashMap<String, usize>,
}

impl<'w, 'a, 'p> Opened<'w, 'a, 'p> {
    pub(super) fn new(plan: &'w Plan<'a>, brought: Brought<'p>) -> Self {
        let Brought { site, report, downloads, lister, composed, linker } = brought;
        let whole = plan.scene();
        let paths = downloads.iter().enumerate();
        let by_path = paths.filter(|(_, download)| download.disclosure.is_some());
        let by_path = by_path.map(|(at, download)| (download.path.clone(), at)).collect();
        let index = Index::of_part(site, Arc::clone(&whole.index.order));
        let mut places = BTreeMap::new();
        for (unit, here) in &index.by_unit {
            places.extend(whole.places_of(unit).zip(here.iter().copied()));
        }
        let given = Given { site, report, index, links: Arc::clone(&whole.links), downloads };
        let mut scene = Scene::of_part(given, lister, composed, linker);
        scene.prose = vec![crate::claims::Tally::default(); site.disclosures.len()];
        for (there, here) in &places {
            scene.standing[*here] = whole.standing_of(*there).into_owned();
            scene.prose[*here] = whole.prose.get(*there).copied().unwrap_or_default();
        }
        Self { plan, scene, places, downloads: by_path }
    }

    fn download(&self, index: usize) -> Option<&Download<'p>> {
        Some(&self.scene.downloads[*self.downloads.get(self.plan.path(index))?])
    }
}

impl Contents for Opened<'_, '_, '_> {
    fn content(&self, index: usize) -> Result<Content<'_>, Box<Finding>> {
        if let Some(target) = self.plan.moved_download(index) {
            return self.content(target);
        }
        let here = |at: usize| self.places.get(&at).copied();
        let page = match self.plan.page_at(index) {
            Page::Disclosure(at) => here(at).map(Page::Disclosure),
            Page::Version(at, amendment) => here(at).map(|at| Page::Version(at, amendment)),
            Page::Quality(at) => here(at).map(Page::Quality),
            Page::Download(_) => match self.download(index) {
                Some(download) => return Ok((download.content)()),
                None => None,
            },
            _ => return self.plan.content(index).map_err(Box::new),
        };
        let page = page.ok_or_else(|| {
            let message = format!("“{}”要用的数据在生成网站的过程中不见了", self.plan.path(index));
            Box::new(Finding::new("P025", message).help("请等文件改完保存以后，再生成一次"))
        })?;
        self.plan.draw(&self.scene, index, page).map(Content::Whole).map_err(Box::new)
    }

    fn made(&self, index: usize) -> Option<Made> {
        self.download(index).map(|download| (download.made)())
    }
}

impl Contents for Plan<'_> {
    fn content(&self, index: usize) -> Result<Content<'_>, Box<Finding>> {
        Plan::content(self, index).map_err(Box::new)
    }

    fn made(&self, index: usize) -> Option<Made> {
        Plan::made(self, index)
    }
}
