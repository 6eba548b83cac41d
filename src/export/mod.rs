//! Downloads: what readers take away, each a file of the plan, made on demand.
//!
//! 1. [`naming`] says what rows, columns and figures are called, in every format alike.
//! 2. [`csv`] writes a table, or one row a figure; [`xlsx`] a workbook; [`json`] a document.
//! 3. [`bundle`] makes the files of a disclosure once, for their sizes and hashes too, which
//!    [`package`] lists as a Frictionless data package and [`sums`] as checksums.
//! 4. [`portal`] has what is about all disclosures.
//!
//! `docs/downloads.md` documents every file.

mod bundle;
pub mod csv;
#[cfg(feature = "fulltext")]
pub mod full_text;
pub mod json;
mod naming;
mod package;
mod portal;
pub mod xlsx;

use std::fmt::Write as _;
use std::sync::Arc;

use crate::model::form::Form;
use crate::model::site::Site;
use crate::model::table::Table;
use crate::render::Download;
use crate::render::content::{Content, Made};
use crate::render::links::{disclosure_path, version_path};
use bundle::Bundle;
pub use naming::Subject;
use package::{Described, Resource};

/// The downloads of a site: those of every disclosure, and those of the whole portal. A site that
/// offers no data files has attachments only.
pub fn downloads(site: &Site) -> Vec<Download<'_>> {
    of_disclosures(site).chain(of_portal(site, portal::Figures::AtHand)).collect()
}

/// The downloads of a site whose disclosures are there in brief: those of disclosures are named and
/// not made, the figures of a year are joined from the files that hold them.
pub fn downloads_in_brief(site: &Site) -> Vec<Download<'_>> {
    of_disclosures(site).map(named).chain(of_portal(site, portal::Figures::Written)).collect()
}

/// A download as it is named, without what would make it: a large site has very many.
fn named(download: Download<'_>) -> Download<'_> {
    let (content, made) = (Box::new(|| Content::Whole(Vec::new())), Box::new(|| Made::of(&[])));
    Download { content, made, ..download }
}

/// The downloads of the disclosures of a part of a site.
pub fn downloads_of_part(part: &Site) -> Vec<Download<'_>> {
    of_disclosures(part).collect()
}

fn of_disclosures(site: &Site) -> impl Iterator<Item = Download<'_>> {
    (0..site.disclosures.len()).flat_map(|at| of_versions(site, at))
}

fn of_portal(site: &Site, figures: portal::Figures) -> Vec<Download<'_>> {
    if site.config.without_downloads { Vec::new() } else { portal::downloads(site, figures) }
}

/// A file of a disclosure before it is a download.
struct Entry {
    form: Option<u16>,
    label: &'static str,
    about: String,
    /// Its name below the disclosure's folder.
    name: String,
}

impl Entry {
    fn new(label: &'static str, about: impl Into<String>, name: impl Into<String>) -> Self {
        Self { form: None, label, about: about.into(), name: name.into() }
    }
}

/// The files of a disclosure, then those of its earlier versions.
fn of_versions(site: &Site, at: usize) -> impl Iterator<Item = Download<'_>> {
    let present = &site.disclosures[at];
    let earlier = present.amendments.iter().zip(0..).map(move |(amendment, version)| {
        let page = version_path(present, amendment.version);
        of_version(Subject { site, disclosure: &amendment.earlier }, at, Some(version), &page)
    });
    let own = of_version(Subject { site, disclosure: present }, at, None, &disclosure_path(present));
    std::iter::once(own).chain(earlier).flatten()
}

/// The files of a version of a disclosure, in the order in which readers see them, below its page.
fn of_version<'a>(subject: Subject<'a>, at: usize, version: Option<usize>, page: &str) -> Vec<Download<'a>> {
    let folder = page.trim_end_matches("/index.html");
    let (entries, bundle) = if subject.site.config.without_downloads {
        attached(subject)
    } else {
        bundled(subject, "../".repeat(page.matches('/').count()))
    };
    let bundle = Arc::new(bundle);
    let download = |(number, entry): (usize, Entry)| {
        let (for_content, for_made) = (Arc::clone(&bundle), Arc::clone(&bundle));
        Download {
            disclosure: Some(at),
            version,
            form: entry.form,
            label: entry.label,
            about: entry.about,
            path: format!("{folder}/{}", entry.name),
            content: Box::new(move || Content::Whole(for_content.bytes(number))),
            made: Box::new(move || for_made.made()[number].clone()),
            year: None,
            // Its page is made from the same, and is not made again either.
            learn: Box::new(|_| {}),
        }
    };
    entries.into_iter().enumerate().map(download).collect()
}

fn bundled(subject: Subject<'_>, root: String) -> (Vec<Entry>, Bundle<'_>) {
    let (mut entries, mut bundle) = (Vec::new(), Bundle::default());
    entries.push(Entry::new("XLSX", "工作簿：各表照原样，另附便于计算的数据", "disclosure.xlsx"));
    bundle.add(move |_| xlsx::disclosure(subject));
    entries.push(Entry::new("CSV", "全部数据，一行一个数", FIGURES));
    let figures = bundle.add(move |_| csv::tidy(subject));
    for table in subject.given() {
        entries.push(table_entry(subject, table));
        bundle.add(move |_| csv::table(subject, table));
    }
    entries.push(Entry::new("JSON", "全部表格和附注，供程序读取", "disclosure.json"));
    bundle.add(move |_| json::disclosure(subject, &root));
    add_attachments(subject, &mut entries, &mut bundle);
    entries.push(Entry::new("JSON", "数据包说明（Data Package）", "datapackage.json"));
    bundle.add(move |made| package::of_disclosure(subject, &described(subject, &made[figures..])));
    let names: Vec<String> = entries.iter().map(|entry| entry.name.clone()).collect();
    entries.push(Entry::new("TXT", "校验值（SHA-256）", "sha256sums.txt"));
    bundle.add(move |made| sums(&names, made));
    (entries, bundle)
}

/// The files that the unit published with its disclosure, and no others.
fn attached(subject: Subject<'_>) -> (Vec<Entry>, Bundle<'_>) {
    let (mut entries, mut bundle) = (Vec::new(), Bundle::default());
    add_attachments(subject, &mut entries, &mut bundle);
    (entries, bundle)
}

fn add_attachments<'a>(subject: Subject<'a>, entries: &mut Vec<Entry>, bundle: &mut Bundle<'a>) {
    for attachment in &subject.disclosure.attachments {
        entries.push(Entry::new("附件", &attachment.name, &attachment.path));
        bundle.add_held(&attachment.bytes);
    }
}

/// The name of the file with one row a figure.
const FIGURES: &str = "figures.csv";

/// The name of a table's file.
fn table_name(form: &Form) -> String {
    format!("tables/{}.csv", form.stem)
}

fn table_entry(subject: Subject<'_>, table: &Table) -> Entry {
    let form = subject.form(table);
    let about = format!("{} {}", form.code, form.title);
    Entry { form: Some(table.form), label: "CSV", about, name: table_name(form) }
}

/// The resources of a disclosure's data package: the figures, then the tables that were given,
/// as `made` has them.
fn described(subject: Subject<'_>, made: &[Made]) -> Vec<Described> {
    let scale = subject.disclosure.set.scale;
    let tables = subject.given().map(|table| {
        let form = subject.form(table);
        Resource::table(&table_name(form), form, scale)
    });
    let figures = Resource::figures(FIGURES, "全部数据，一行一个数");
    std::iter::once(figures).chain(tables).zip(made).map(|(resource, made)| resource.describe(made)).collect()
}

/// A document as JSON to read, ending in a line break, in some such number of bytes.
fn pretty(document: &impl serde::Serialize, room: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(room);
    // Neither of these can fail: the writer is a Vec, every key is a text.
    let _ = serde_json::to_writer_pretty(&mut bytes, document);
    bytes.push(b'\n');
    bytes
}

/// Checksums in the form that `sha256sum -c` reads, by the names below the folder.
fn sums(names: &[String], made: &[Made]) -> Vec<u8> {
    let mut lines: Vec<(&String, &Made)> = names.iter().zip(made).collect();
    lines.sort_unstable_by_key(|(name, _)| *name);
    let text = lines.into_iter().fold(String::new(), |mut text, (name, made)| {
        let _ = writeln!(text, "{}  {name}", made.sha256); // writing to a String cannot fail
        text
    });
    text.into_bytes()
}
