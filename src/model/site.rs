//! Everything that was loaded.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use crate::diagnostic::{Code, Place, Placed, Severity};
use crate::model::classification::Classification;
use crate::model::disclosure::Disclosure;
use crate::model::form::FormSet;
use crate::model::glossary::Term;
use crate::model::unit::Unit;

/// What `site.toml` says.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The site's title.
    pub title: String,
    /// One sentence below it.
    pub description: String,
    /// Who publishes the site.
    pub publisher: String,
    /// The address it will be served from, where known.
    pub base_url: Option<String>,
    /// The theme's directory name.
    pub theme: String,
    /// Whether the texts of the narratives can be searched, by a page of its own.
    pub full_text: bool,
    /// Whether its data are not offered as files: `downloads = false`. Attachments always are.
    pub without_downloads: bool,
    /// 级别调整: rules whose findings this site takes more or less seriously than usual.
    pub levels: Vec<LevelChange>,
    /// Under which licence the data may be used, where the publisher grants one.
    pub license: Option<License>,
    /// 转向: where pages and downloads that have moved are found now.
    pub redirects: Vec<Redirect>,
}

/// A licence that the publisher grants for the data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct License {
    /// Its short name: `CC-BY-4.0`.
    pub name: String,
    /// Its title as readers see it.
    pub title: Option<String>,
    /// Where it can be read.
    pub url: Option<String>,
}

/// 转向: what was published below `from` is now below `to`. Both end in a slash, for whole
/// folders, or both name a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirect {
    /// The old path: `units/old/`.
    pub from: String,
    /// The new path: `units/new/`.
    pub to: String,
    /// Where it is written.
    pub place: Place,
}

impl Config {
    /// The full address of a path of the site, where the site's own is known; a folder's own
    /// page goes by the folder.
    pub fn address_of(&self, path: &str) -> Option<String> {
        let base = self.base_url.as_ref()?.trim_end_matches('/');
        let folder = path.strip_suffix("index.html").filter(|rest| rest.is_empty() || rest.ends_with('/'));
        Some(format!("{base}/{}", folder.unwrap_or(path)))
    }
}

/// A rule whose level a site changes, with its reason.
#[derive(Clone, Debug)]
pub struct LevelChange {
    /// The rule; never lowered when it is statutory.
    pub code: &'static Code,
    /// The new level; `None` switches the rule off.
    pub severity: Option<Severity>,
    /// Why.
    pub reason: String,
    /// Where it is written.
    pub place: Place,
}

/// A Markdown page of the site: about, how to read a disclosure.
#[derive(Clone, Debug)]
pub struct TextPage {
    /// The file stem: names its path.
    pub id: String,
    /// The title.
    pub title: String,
    /// Where it stands in the navigation.
    pub order: i64,
    /// The text in Markdown.
    pub body: Placed<String>,
}

/// A narrative template.
#[derive(Clone, Debug)]
pub struct NarrativeTemplate {
    /// The file stem, named by form sets.
    pub id: String,
    /// Tera in, Markdown out.
    pub body: Placed<String>,
}

/// A file of the theme or of `static/` that is published as it is.
#[derive(Clone, Debug)]
pub struct StaticFile {
    /// The path below the output folder.
    pub path: String,
    /// Its bytes.
    pub bytes: Arc<[u8]>,
}

/// A theme: templates and files.
#[derive(Clone, Debug, Default)]
pub struct Theme {
    /// Templates by name (`page.html`), with their text.
    pub templates: BTreeMap<String, Placed<String>>,
    /// Files to publish.
    pub files: Vec<StaticFile>,
}

/// What all disclosures of a site have in common.
#[derive(Clone, Debug, Default)]
pub struct Common {
    /// What `site.toml` says.
    pub config: Config,
    /// Form sets by id.
    pub sets: BTreeMap<String, Arc<FormSet>>,
    /// Classifications by id: `functional`, `economic`.
    pub classifications: BTreeMap<String, Classification>,
    /// Glossary terms by id.
    pub terms: BTreeMap<String, Term>,
    /// Narrative templates by id.
    pub narratives: BTreeMap<String, NarrativeTemplate>,
    /// Text pages in navigation order.
    pub pages: Vec<TextPage>,
    /// Units by id.
    pub units: BTreeMap<String, Unit>,
    /// The theme.
    pub theme: Theme,
    /// Files of the site that stand in for embedded form files of the same path.
    pub replaced_forms: Vec<String>,
    /// The paths that were published before, from `urls.lock`, in its order.
    pub urls: Vec<Placed<String>>,
    /// 沿用: published paths that stay as they were last published, because the disclosure they
    /// belong to is not published now; sorted.
    pub kept: Vec<String>,
    /// Units that are not published now, by their ids: texts may name them all the same.
    pub held_units: BTreeMap<String, Unit>,
    /// Units with sources that could not be read: what is missing of them is told there.
    pub unread: BTreeSet<String>,
    /// The beginning of `site.toml`.
    pub place: Option<Place>,
}

impl Common {
    /// A unit, published or not.
    pub fn known_unit(&self, id: &str) -> Option<&Unit> {
        self.units.get(id).or_else(|| self.held_units.get(id))
    }
}

/// A site, or a part of one: what is common, and disclosures.
#[derive(Clone, Debug, Default)]
pub struct Site {
    /// What is common; shared by the parts of a site.
    pub common: Arc<Common>,
    /// Disclosures by unit, then year, then kind.
    pub disclosures: Vec<Disclosure>,
}

impl Deref for Site {
    type Target = Common;

    fn deref(&self) -> &Common {
        &self.common
    }
}

/// Changes what is common for this site only.
impl DerefMut for Site {
    fn deref_mut(&mut self) -> &mut Common {
        Arc::make_mut(&mut self.common)
    }
}

impl Site {
    /// The unit of a disclosure.
    pub fn unit_of(&self, disclosure: &Disclosure) -> Option<&Unit> {
        self.units.get(&disclosure.unit)
    }

    /// The disclosures of a unit, oldest first.
    pub fn disclosures_of(&self, unit: &str) -> impl Iterator<Item = &Disclosure> {
        let first = self.disclosures.partition_point(|disclosure| disclosure.unit.as_str() < unit);
        self.disclosures[first..].iter().take_while(move |disclosure| disclosure.unit == unit)
    }

    /// The same unit's disclosure of the year before, of the same kind.
    pub fn prior_of(&self, disclosure: &Disclosure) -> Option<&Disclosure> {
        self.disclosures_of(&disclosure.unit)
            .find(|other| other.year == disclosure.year - 1 && other.kind == disclosure.kind)
    }

    /// The name of a functional code in a year.
    pub fn functional_name(&self, code: crate::model::code::ClassCode, year: i32) -> Option<&str> {
        self.classifications.get("functional")?.name_in(code, year)
    }
}
