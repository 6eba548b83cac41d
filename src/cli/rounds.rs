//! A site looked at in rounds, for `check` and `build`: each round examines what is left when
//! everything that the rounds before have shown to be held back is taken out ([`hold`]), until one
//! stands.
//!
//! A site is surveyed family by family, so that thousands of unit-years need little memory, and a
//! round after the first examines only families of which something more is held back. Full texts,
//! and sites that only loading all of can tell about, are held at once; what comes of both is the
//! same.
//!
//! [`hold`]: super::hold

use std::cell::LazyCell;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use super::hold::{Holding, is_draft};
use super::manner::Stopwatch;
use super::{Outcome, today};
use crate::check::Report;
use crate::diagnostic::{Finding, SourceMap};
use crate::load::{self, Loaded, Shelf};
use crate::model::site::Common;
use crate::publish::{self, Examined, Families, Survey};
use crate::render::Plan;
use crate::render::recipe::Hashes;

/// What a site is looked at for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Purpose<'p> {
    /// To tell what is found.
    Check,
    /// To be published in a folder.
    Build {
        /// The folder.
        folder: &'p Path,
        /// Whether what has errors is held back.
        withhold: bool,
    },
}

impl Purpose<'_> {
    const fn is_build(self) -> bool {
        matches!(self, Self::Build { .. })
    }

    const fn withholds(self) -> bool {
        matches!(self, Self::Build { withhold: true, .. })
    }

    /// The paths that are published: what is held back of them stays as it is.
    fn published(self, site: &Common) -> Vec<String> {
        match self {
            Self::Check => site.urls.iter().map(|url| url.value.clone()).collect(),
            Self::Build { folder, .. } => publish::published(folder),
        }
    }
}

/// The round that stands: what is left of a site, with its plan.
pub(super) struct Standing<'r> {
    pub(super) loaded: &'r Loaded,
    pub(super) report: &'r Report,
    pub(super) plan: Plan<'r>,
    /// What was found in what is left, settled and in order.
    pub(super) findings: Vec<Finding>,
    /// What is held back.
    pub(super) holding: &'r Holding,
    /// What was found about that.
    pub(super) told_of_held: Vec<Finding>,
    /// Of a site that was read family by family.
    pub(super) surveyed: Option<Surveyed<'r>>,
}

/// What is known of a site that was read family by family.
#[derive(Clone, Copy, Debug)]
pub(super) struct Surveyed<'r> {
    /// How many disclosures were not examined again.
    pub(super) recalled: usize,
    /// Of what was read.
    pub(super) hashes: &'r Hashes,
    shelf: &'r Shelf,
}

impl Surveyed<'_> {
    /// Reads the texts again that findings stand in.
    pub(super) fn read_texts<'f>(self, sources: &mut SourceMap, findings: impl Iterator<Item = &'f Finding>) {
        self.shelf.read_texts(sources, &findings.flat_map(Finding::places).map(|place| place.file).collect());
    }
}

/// Looks at a site in rounds, and concludes with the one that stands.
pub(super) fn rounds(
    root: &Path,
    purpose: Purpose<'_>,
    watch: &mut Stopwatch,
    conclude: impl FnOnce(Standing<'_>, &mut Stopwatch) -> Outcome,
) -> Outcome {
    let has_full_text = |site: &Common| purpose.is_build() && site.config.full_text;
    let shelf = Shelf::open(root)?.filter(|shelf| {
        let site = &shelf.common().site;
        !site.units.is_empty() && !has_full_text(site)
    });
    let rounds = Rounds { root, purpose, watch };
    match shelf {
        Some(shelf) => rounds.by_families(&shelf, conclude),
        None => rounds.at_once(conclude),
    }
}

struct Rounds<'p> {
    root: &'p Path,
    purpose: Purpose<'p>,
    watch: &'p mut Stopwatch,
}

impl Rounds<'_> {
    fn by_families(self, shelved: &Shelf, conclude: impl FnOnce(Standing<'_>, &mut Stopwatch) -> Outcome) -> Outcome {
        self.watch.lap("读入");
        if self.purpose.is_build() {
            publish::make_folder(self.root);
        }
        let published = LazyCell::new(|| self.purpose.published(&shelved.common().site));
        let (mut holding, mut told_of_held) = (Holding::default(), Vec::new());
        let mut before: Option<(Survey, BTreeSet<String>)> = None;
        loop {
            let held = holding.by_unit();
            let common = held.left_of(shelved.common());
            let families = Families::without(shelved, &common, &held);
            let mut survey = match before.take() {
                None => families.survey(),
                Some((survey, units)) => families.survey_again(survey, &units),
            };
            holding.keep(&mut survey.loaded.site, || &published);
            self.watch.lap("检查");
            // As they are, they are of use where another round follows.
            let found = std::mem::take(&mut survey.loaded.findings);
            let workings = std::mem::take(&mut survey.workings);
            let is_last = !self.purpose.withholds() && !survey.loaded.site.disclosures.iter().any(is_draft);
            let (mut findings, found) = if is_last { (found, Vec::new()) } else { (found.clone(), found) };
            let plan = survey.plan(&families, &workings, &mut findings, today::today()?);
            self.watch.lap("规划");
            let loaded = &survey.loaded;
            let besides = holding.besides(loaded, &findings, self.purpose.withholds(), || &published);
            let Some(besides) = besides else {
                drop((found, workings));
                let Survey { loaded, report, hashes, recalled, .. } = &survey;
                let surveyed = Some(Surveyed { recalled: *recalled, hashes, shelf: shelved });
                let holding = &holding;
                return conclude(
                    Standing { loaded, report, plan, findings, holding, told_of_held, surveyed },
                    self.watch,
                );
            };
            told_of_held.extend(besides.told(findings, &loaded.sources));
            drop(plan);
            drop(families);
            survey.loaded.findings = found;
            survey.workings = workings;
            before = Some((survey, besides.units()));
            holding.add(besides);
        }
    }

    fn at_once(self, conclude: impl FnOnce(Standing<'_>, &mut Stopwatch) -> Outcome) -> Outcome {
        let mut loaded = load::load(self.root)?;
        self.watch.lap("读入");
        let common = Arc::clone(&loaded.site.common);
        let published = LazyCell::new(|| self.purpose.published(&common));
        let (mut holding, mut told_of_held) = (Holding::default(), Vec::new());
        loop {
            let Examined { report, mut findings, prose } = publish::examine(&loaded);
            self.watch.lap("检查");
            let plan = publish::plan(&loaded, &report, &mut findings, today::today()?).with_prose(prose);
            self.watch.lap("规划");
            let besides = holding.besides(&loaded, &findings, self.purpose.withholds(), || &published);
            let Some(besides) = besides else {
                let (loaded, report, holding) = (&loaded, &report, &holding);
                return conclude(
                    Standing { loaded, report, plan, findings, holding, told_of_held, surveyed: None },
                    self.watch,
                );
            };
            told_of_held.extend(besides.told(findings, &loaded.sources));
            drop(plan);
            holding.add(besides);
            holding.by_unit().take_out_of_site(&mut loaded);
            holding.keep(&mut loaded.site, || &published);
        }
    }
}
