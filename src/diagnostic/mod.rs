//! Findings: what an author can mend, as data.
//!
//! A stage returns its value and what it found. A [`Finding`] has a stable [`Code`], a place
//! in a source file, a sentence in plain Chinese and a help that says the next action. How
//! findings are shown (text with source excerpts, JSON, SARIF, annotations on GitHub) and how
//! their codes are catalogued is decided here too, in one place.

mod catalogue;
mod codes;
mod github;
mod json;
mod many;
mod place;
mod sarif;
mod text;

use std::fmt;

use crate::text::{shortened, visible};

pub use catalogue::{GROUPS, Group, LEVELS, ON_EXCEPTIONS, ON_LEVELS, ON_VERDICTS, VERDICTS, markdown};
pub use codes::{code, codes};
pub use github::to_github;
pub use json::{SCHEMA, to_json};
pub(crate) use json::{findings_json, placed_json};
pub use many::cut_short;
pub use place::{FileId, Place, Placed, Position, SourceFile, SourceMap};
pub use sarif::to_sarif;
pub use text::{render, summary};

/// What the path of a file from the binary begins with.
const EMBEDDED: &str = "内置:";

/// Whether a path is that of a file from the binary.
fn is_embedded(path: &str) -> bool {
    path.starts_with(EMBEDDED)
}

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// 错误: nothing is published while it stands.
    Error,
    /// 警告: to be looked at; does not stop publishing.
    Warning,
    /// 提示: plausibility only.
    Note,
}

impl Severity {
    /// The Chinese word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "错误",
            Self::Warning => "警告",
            Self::Note => "提示",
        }
    }

    /// The stable English key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// A kind of finding: a stable number and name, its usual severity, and its documentation.
#[derive(Debug)]
pub struct Code {
    /// The stable number, `C101`.
    pub id: &'static str,
    /// The stable ASCII name, `sum-differs`.
    pub name: &'static str,
    /// The severity unless a rule says otherwise.
    pub severity: Severity,
    /// The title in Chinese.
    pub title: &'static str,
    /// What is wrong, why it matters and what to do, in Chinese.
    pub docs: &'static str,
    /// Whether the law or the issued forms require it: its level cannot be lowered, and an
    /// accepted finding is published as an explained difference, never silenced.
    pub statutory: bool,
}

impl Code {
    /// A code that no law requires by itself.
    pub(crate) const fn new(
        id: &'static str,
        name: &'static str,
        severity: Severity,
        title: &'static str,
        docs: &'static str,
    ) -> Self {
        Self { id, name, severity, title, docs, statutory: false }
    }

    /// The same code, as one that the law or the issued forms require.
    pub(crate) const fn statutory(mut self) -> Self {
        self.statutory = true;
        self
    }
}

/// Another place that belongs to a finding: an operand, the first of two duplicates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// What stands there, in Chinese.
    pub label: String,
    /// The cell or fact in our notation, where it is one.
    pub cell: Option<String>,
    /// Where it stands, where it has a place.
    pub place: Option<Place>,
}

/// Something an author can mend.
#[derive(Clone, Debug)]
pub struct Finding {
    /// What kind of finding it is.
    pub code: &'static Code,
    /// How grave it is.
    pub severity: Severity,
    /// One sentence in Chinese that names the thing and the value.
    pub message: String,
    /// Where it stands.
    pub place: Option<Place>,
    /// The unit (its id), where the finding is about one.
    pub unit: Option<String>,
    /// The fiscal year, where the finding is about one.
    pub year: Option<i32>,
    /// The cell or fact in our notation.
    pub cell: Option<String>,
    /// What should stand there.
    pub expected: Option<String>,
    /// What stands there.
    pub actual: Option<String>,
    /// The difference between the two.
    pub difference: Option<String>,
    /// The key of the verdict it comes from (`fail`, `improbable`), where a relation was judged.
    pub verdict: Option<&'static str>,
    /// The relation that does not hold, in our notation: `公开01表27行1栏＝公开02表合计行1栏`.
    pub relation: Option<String>,
    /// Other places that belong to it.
    pub related: Vec<Related>,
    /// What to do next.
    pub help: Option<String>,
    /// Why the disclosure stands by it, where its own file says so.
    pub accepted: Option<Acceptance>,
    /// Whether it is about a draft: told, and in nobody's way.
    pub draft: bool,
}

/// 例外: a finding that a disclosure accepts, with who answers for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acceptance {
    /// How grave the finding is without the exception.
    pub level: Severity,
    /// Why it is right as it is.
    pub reason: String,
    /// Who says so.
    pub person: String,
    /// Since when: `2024-11-11`.
    pub date: String,
    /// Until when, where the acceptance ends.
    pub expires: Option<String>,
}

/// `按批复调整（张三，2024-11-11，有效至2025-12-31）`
impl fmt::Display for Acceptance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}（{}，{}", self.reason.trim_end_matches('。'), self.person, self.date)?;
        if let Some(expires) = &self.expires {
            write!(f, "，有效至{expires}")?;
        }
        f.write_str("）")
    }
}

impl Finding {
    /// A finding of the kind named `id`, with its usual severity.
    ///
    /// # Panics
    /// When no such code is registered; a test calls every id that the source names.
    pub fn new(id: &str, message: impl Into<String>) -> Self {
        let code = code(id);
        Self {
            code,
            severity: code.severity,
            message: plain(&message.into()),
            place: None,
            unit: None,
            year: None,
            cell: None,
            expected: None,
            actual: None,
            difference: None,
            verdict: None,
            relation: None,
            related: Vec::new(),
            help: None,
            accepted: None,
            draft: false,
        }
    }

    /// The same finding, at a place.
    #[must_use]
    pub fn at(mut self, place: impl Into<Option<Place>>) -> Self {
        self.place = place.into();
        self
    }

    /// The same finding, with the next action.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(plain(&help.into()));
        self
    }

    /// The same finding, about a unit's year.
    #[must_use]
    pub fn about(mut self, unit: &str, year: i32) -> Self {
        self.unit = Some(unit.to_owned());
        self.year = Some(year);
        self
    }

    /// The same finding, about a cell or fact.
    #[must_use]
    pub fn cell(mut self, cell: impl Into<String>) -> Self {
        self.cell = Some(cell.into());
        self
    }

    /// The same finding, with another severity.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// The same finding, with the key of the verdict it comes from.
    #[must_use]
    pub fn verdict(mut self, key: &'static str) -> Self {
        self.verdict = Some(key);
        self
    }

    /// The same finding, with the relation that does not hold.
    #[must_use]
    pub fn relation(mut self, text: impl Into<String>) -> Self {
        self.relation = Some(text.into());
        self
    }

    /// The same finding, as one about a draft: its sentence says so, whoever shows it.
    #[must_use]
    pub fn of_draft(mut self) -> Self {
        self.draft = true;
        self.message.insert_str(0, "〔草稿〕");
        self
    }

    /// Whether it is shown in full to people: what was explained is only counted, unless the law
    /// requires it, when it is shown with the reason.
    pub const fn is_shown(&self) -> bool {
        self.accepted.is_none() || self.code.statutory
    }

    /// Every place that it points to.
    pub fn places(&self) -> impl Iterator<Item = Place> {
        self.related.iter().map(|related| related.place).chain(std::iter::once(self.place)).flatten()
    }

    /// The same finding, with one more place.
    #[must_use]
    pub fn related(mut self, label: impl Into<String>, place: impl Into<Option<Place>>) -> Self {
        self.related.push(Related { label: plain(&label.into()), cell: None, place: place.into() });
        self
    }
}

/// No sentence is as long; what it names may be megabytes.
const LONGEST_SENTENCE: usize = 2_000;

/// A sentence fit for terminals, pages and other programs, whatever names and values it quotes.
fn plain(sentence: &str) -> String {
    visible(&shortened(sentence, LONGEST_SENTENCE)).into_owned()
}

/// Whether any finding forbids publishing; those about drafts never do.
pub fn has_errors(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| !finding.draft && finding.severity == Severity::Error)
}

/// Whether any warning stands that nobody has explained, outside drafts.
pub fn has_warnings(findings: &[Finding]) -> bool {
    let stands = |finding: &Finding| !finding.draft && finding.accepted.is_none();
    findings.iter().any(|finding| finding.severity == Severity::Warning && stands(finding))
}

/// Puts findings into the order people work through them: by file, place, then code.
pub fn sort(findings: &mut [Finding], sources: &SourceMap) {
    findings.sort_by_cached_key(|finding| {
        let path = finding.place.map(|place| sources.file(place.file).path);
        let start = finding.place.map(|place| place.start);
        let whose = (finding.unit.clone(), finding.year);
        (path.is_none(), path, start, finding.code.id, finding.cell.clone(), whose)
    });
}
