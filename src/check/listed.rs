//! Checks that are no relations, told one by one, passes too: figures in two places, control
//! totals, last year's figures, self-evaluations, dates.
//!
//! [`super::check`] keeps only what is to be mended; a page that shows readers what was checked
//! asks a [`Lister`] for the rest. It asks the rules themselves, so that a list cannot say
//! otherwise than a finding.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::index::Index;
use super::judge::Verdict;
use super::relation::Scene;
use super::rules::{self, Context};
use super::{DisclosureResults, Instances};
use crate::diagnostic::Finding;
use crate::model::code::ClassCode;
use crate::model::site::Site;

/// What a check that is no relation is about, in the order of pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// 正文中的数: figures that the text states, and control totals.
    Stated,
    /// 与上年: what the document says of last year, and what it carries on.
    Prior,
    /// 上年数之间: what the document says of last year, by itself.
    PriorSaid,
    /// 与预算: final accounts beside the budget of the same year.
    Budget,
    /// “三公”经费: money with the numbers of things, and within its budget.
    ThreePublic,
    /// 绩效自评: funding, rates, weights, scores, targets with results.
    Performance,
    /// 日期: approval, publication, self-evaluation.
    Dates,
    /// 部门与所属单位.
    Department,
    /// 更正: what a source note calls right.
    Corrections,
}

impl Topic {
    /// The Chinese words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stated => "正文和校验数",
            Self::Prior => "与上年公开的数",
            Self::PriorSaid => "本文件所列上年数之间",
            Self::Budget => "与当年预算",
            Self::ThreePublic => "“三公”经费",
            Self::Performance => "绩效自评",
            Self::Dates => "日期",
            Self::Department => "部门与所属单位",
            Self::Corrections => "更正说明",
        }
    }

    /// The stable ASCII key, for anchors.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Stated => "stated",
            Self::Prior => "last-year",
            Self::PriorSaid => "last-year-said",
            Self::Budget => "budget",
            Self::ThreePublic => "three-public",
            Self::Performance => "performance",
            Self::Dates => "dates",
            Self::Department => "department",
            Self::Corrections => "corrections",
        }
    }
}

/// The thing in the document that a check looks at first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// A cell, a fact or a form by its name in the notation.
    Named(String),
    /// A self-evaluation, by its place in the disclosure.
    Evaluation(usize),
    /// The document as a whole.
    Document,
}

/// A check that is no relation, with its verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// What it is about.
    pub topic: Topic,
    /// The code of the finding that it makes when it fails.
    pub code: &'static str,
    /// What it looks at first.
    pub about: About,
    /// What was compared, with both figures: `正文 42.45，表里 42.45`.
    pub text: String,
    /// What it came to.
    pub verdict: Verdict,
}

impl Listed {
    /// A check of a cell, a fact or a form by its name.
    pub(super) fn named(topic: Topic, code: &'static str, name: String, text: String, verdict: Verdict) -> Self {
        Self { topic, code, about: About::Named(name), text, verdict }
    }

    /// A check of the document.
    pub(super) const fn of_document(topic: Topic, code: &'static str, text: String, verdict: Verdict) -> Self {
        Self { topic, code, about: About::Document, text, verdict }
    }

    /// A check of a self-evaluation.
    pub(super) const fn of_evaluation(at: usize, code: &'static str, text: String, verdict: Verdict) -> Self {
        Self { topic: Topic::Performance, code, about: About::Evaluation(at), text, verdict }
    }
}

/// The verdict where a check either makes a finding or holds exactly.
pub(super) fn holds_unless(finding: Option<&Finding>) -> Verdict {
    match finding {
        None => Verdict::Exact,
        Some(finding) => finding.verdict.and_then(Verdict::from_key).unwrap_or(Verdict::Fail),
    }
}

/// The codes of the rules that compare figures: each check is told with its verdict, here or as
/// a relation. Rules of other codes only say what is wrong.
const COMPARED: [&str; 34] = [
    "C101", "C102", "C103", "C104", "C105", "C111", "C112", "C113", "C114", "C115", "C119", "C126", "C131", "C132",
    "C133", "C134", "C135", "C136", "C137", "C138", "C139", "C141", "C143", "C144", "C161", "C201", "C202", "C203",
    "C222", "C232", "C233", "C234", "C237", "C241",
];

/// Whether the rule of a code tells its passes too.
pub fn compares(code: &str) -> bool {
    COMPARED.contains(&code)
}

/// A name in quotes, those within it turned to single ones.
pub(super) fn quoted(name: &str) -> String {
    format!("“{}”", name.replace('“', "‘").replace('”', "’"))
}

/// Lists the checks of the disclosures of one site.
pub struct Lister<'a> {
    pub(super) site: &'a Site,
    pub(super) index: Index<'a>,
    pub(super) explained: Arc<BTreeSet<ClassCode>>,
}

impl std::fmt::Debug for Lister<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lister").finish_non_exhaustive()
    }
}

impl<'a> Lister<'a> {
    /// The lister of a site.
    pub fn new(site: &'a Site) -> Self {
        Self { site, index: Index::new(site), explained: Arc::new(rules::explained(site)) }
    }

    /// The checks of a disclosure by topic, in the order of the document within each.
    pub fn of(&self, scene: Scene<'_>, results: &DisclosureResults) -> Vec<Listed> {
        let mut listed = self.unsorted(scene, &results.instances);
        listed.sort_by_key(|listed| listed.topic);
        listed
    }

    fn unsorted(&self, scene: Scene<'_>, instances: &Instances) -> Vec<Listed> {
        let context = Context { site: self.site, index: &self.index, scene, instances, explained: &self.explained };
        rules::LISTS.iter().flat_map(|list| list(&context)).collect()
    }
}
