//! What templates see: plain strings and links, decided before any template runs.
//!
//! Every page gives its template `frame` (title, navigation, breadcrumbs; the same shape on
//! every page) and `page` (its own view, defined beside the page that makes it).

use serde::Serialize;

use crate::amount::Scale;
use crate::model::table::Figure;
use crate::render::cells::push_figure;
use crate::render::content::{Made, size_text};
use crate::render::links::{DeadLink, PageLinks};
use crate::render::page::Download;

/// A link; without an href it is where the reader stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Link {
    /// What it says.
    pub text: String,
    /// Where it leads, relative to the page.
    pub href: Option<String>,
}

impl Link {
    /// A link.
    pub fn new(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self { text: text.into(), href: Some(href.into()) }
    }

    /// A text where a link would stand: the page itself.
    pub fn here(text: impl Into<String>) -> Self {
        Self { text: text.into(), href: None }
    }
}

/// A file to download, as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileLink {
    /// What it holds.
    pub text: String,
    /// Where it is, relative to the page.
    pub href: String,
    /// Its format: `CSV`.
    pub format: String,
    /// Its size: `6.4 KB`.
    pub size: String,
    /// Its SHA-256 in hexadecimal.
    pub sha256: String,
}

impl FileLink {
    /// A download as seen from a page.
    pub(crate) fn new(download: &Download<'_>, links: &PageLinks<'_>) -> Result<Self, DeadLink> {
        let Made { bytes, sha256 } = (download.made)();
        let (text, format) = (download.about.clone(), download.label.to_owned());
        Ok(Self { text, href: links.to(&download.path)?, format, size: size_text(bytes), sha256: sha256.to_string() })
    }
}

/// What stands around every page.
#[derive(Clone, Debug, Serialize)]
pub struct Frame {
    /// The page's title, for `<title>`.
    pub title: String,
    /// One sentence about the page.
    pub description: String,
    /// The site's title.
    pub site: String,
    /// Who publishes the site.
    pub publisher: String,
    /// The href of the home page.
    pub home: String,
    /// The href of the style sheet.
    pub style: Option<String>,
    /// The href of the page to search on.
    pub search: String,
    /// The href of the script that finds, where the theme has it.
    pub script: Option<String>,
    /// The href of the script that copies and sorts tables, where the theme has it.
    pub tables: Option<String>,
    /// The href of the icon.
    pub icon: Option<String>,
    /// The page's own absolute address, where the site says where it stands.
    pub address: Option<String>,
    /// What search engines are asked: `noindex` on versions that are no longer in force.
    pub robots: Option<&'static str>,
    /// The href of the feed of disclosures.
    pub feed: Option<String>,
    /// What the page says of itself to programs, as JSON-LD.
    pub data: Option<String>,
    /// The site's navigation.
    pub nav: Vec<NavLink>,
    /// Text pages and the page of rules, for the footer.
    pub pages: Vec<Link>,
    /// Whether the site offers its data as files.
    pub downloads: bool,
    /// The way from the home page to here.
    pub crumbs: Vec<Link>,
}

/// A link of the site's navigation.
#[derive(Clone, Debug, Serialize)]
pub struct NavLink {
    /// What it says.
    pub text: String,
    /// Where it leads.
    pub href: String,
    /// Whether the page lies in this part of the site.
    pub current: bool,
}

/// Where a page stands in the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// Units and their disclosures.
    Units,
    /// Years.
    Years,
    /// Classification codes.
    Codes,
    /// The glossary.
    Glossary,
    /// Form sets.
    Forms,
    /// Text pages and the rest.
    Other,
}

/// What a page says about itself, for its frame.
#[derive(Clone, Debug)]
pub struct Head {
    /// The page's title.
    pub title: String,
    /// One sentence about the page.
    pub description: String,
    /// The way to the page, without the home page.
    pub crumbs: Vec<Link>,
    /// Where it stands.
    pub section: Section,
}

/// A page ready for its template.
#[derive(Clone, Debug)]
pub struct Drawn {
    /// The template's name.
    pub template: &'static str,
    /// For the frame.
    pub head: Head,
    /// For the page.
    pub view: tera::Value,
}

impl Drawn {
    /// A page with its view.
    pub fn new(template: &'static str, head: Head, view: &impl Serialize) -> Self {
        Self { template, head, view: tera::Value::from_serializable(view) }
    }
}

/// A figure as pages show it outside tables: blank is a dash.
pub fn figure_text(figure: Figure, scale: Scale) -> String {
    let mut text = String::new();
    push_figure(&mut text, figure, scale);
    if text.is_empty() {
        text.push('—');
    }
    text
}
