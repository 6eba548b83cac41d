//! From the files of a site to the model; every value keeps its place, every mistake is found.
//!
//! 1. [`files`] walks the site once; embedded files stand in for those it does not have.
//! 2. Each TOML or JSON file becomes a [`tree`] (in parallel; [`numerals`] reads digits as
//!    people type them), each Markdown file a text with its front matter.
//! 3. [`classifications`], [`forms`], [`glossary`], [`pages`], [`narratives`] and [`theme`]
//!    give the trees their meaning; [`units`] and [`disclosure`] the rest, one unit's year at
//!    a time and in parallel. [`urls`] reads what was published before.
//!
//! [`reload`] reads one unit's year again.
//!
//! Loading returns a site whatever is in the files; only an unreadable root is an error.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;

use crate::diagnostic::{FileId, Finding, Severity, SourceMap, cut_short, sort};
use crate::model::disclosure::Disclosure;
use crate::model::site::{Common, Site};
use crate::model::table::Figure;

mod again;
mod attachments;
mod classifications;
mod config;
mod disclosure;
mod embedded;
mod exceptions;
mod facts;
mod files;
mod forms;
pub(crate) mod fuzzed;
mod glossary;
mod hidden;
mod json;
mod limits;
mod markdown;
mod narratives;
mod numerals;
mod own_narrative;
mod pages;
mod patches;
mod performance;
mod placeholders;
mod plain;
mod reader;
mod references;
pub mod scaffold;
pub mod schema;
mod shelf;
mod slips;
mod stamps;
mod tables;
mod theme;
mod toml;
mod tree;
mod typed_prose;
mod units;
mod urls;
mod versions;

pub use again::{reload, units_of};
pub use embedded::{embedded_file, embedded_files};
pub use files::{LoadError, is_left_out};
pub use scaffold::{NewUnit, ScaffoldError, new_disclosure, new_unit};
pub use shelf::{Family, Shelf};
pub use stamps::{Moment, Stamps};

use files::{Files, Source};
use reader::{Reader, Sink, suggestion};
use tree::Table;

/// What loading gives: the site, its sources and what was found.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The site, as far as it could be read.
    pub site: Site,
    /// Every file that was read.
    pub sources: SourceMap,
    /// What the authors can mend, in the order of the files.
    pub findings: Vec<Finding>,
}

/// Loads the site in a folder.
///
/// # Errors
/// [`LoadError`] when the folder cannot be read; everything else is a finding.
pub fn load(root: &Path) -> Result<Loaded, LoadError> {
    let sink = Sink::new();
    let mut sources = SourceMap::default();
    let files = files::read(root, &mut sources, &sink)?;
    tell_strays(&files, &sink);
    let input = Input::parse(&files, &sink);
    let common = read_common(&input, &sink);
    let disclosures = disclosure::read(&context(&input, &common), &common.units, &sink);
    let mut site = Site { common: Arc::new(common), disclosures };
    if files.folders_in(units::FOLDER).next().is_none() {
        let finding = Finding::new("S019", "站点的 content/units 中没有单位，没有可以公开的数据").at(site.place);
        sink.add(finding.help("用 --root 指明网站目录；从头建一个网站：disclose init；新建一份：disclose new disclosure 单位 年度 --forms 表式"));
    }
    let findings = told(sink, &site.disclosures, &sources);
    site.unread = unread(&findings);
    Ok(Loaded { site, sources, findings })
}

/// The units with sources that could not be read.
pub fn unread(findings: &[Finding]) -> BTreeSet<String> {
    let is_of_sources = |finding: &&Finding| finding.code.id.starts_with('S') && finding.severity == Severity::Error;
    findings.iter().filter(is_of_sources).filter_map(|finding| finding.unit.clone()).collect()
}

/// What was found in a site or a part of it, each with whose it is, in the order of the files.
fn told(sink: Sink, disclosures: &[Disclosure], sources: &SourceMap) -> Vec<Finding> {
    let mut findings = sink.into_findings();
    let not_read = cells_not_read(disclosures);
    for finding in &mut findings {
        attribute(finding, sources);
        let cell = || finding.place.and_then(|place| not_read.get(&(place.file, place.start)).cloned());
        finding.cell = finding.cell.take().or_else(cell);
    }
    sort(&mut findings, sources);
    let mut findings = cut_short(findings);
    sort(&mut findings, sources);
    findings
}

/// The names of the cells whose values could not be read, by where they stand.
fn cells_not_read(disclosures: &[Disclosure]) -> BTreeMap<(FileId, u32), String> {
    let tables = disclosures.iter().flat_map(|d| d.tables.iter().map(move |table| (&d.set, table)));
    tables
        .flat_map(|(set, table)| table.cells().map(move |(cell, filled)| (set, cell, filled)))
        .filter(|(_, _, filled)| filled.figure == Figure::NotRead)
        .map(|(set, cell, filled)| ((filled.place.file, filled.place.start), set.name_of(cell)))
        .collect()
}

/// Says whose finding it is, from the folder that it stands in.
fn attribute(finding: &mut Finding, sources: &SourceMap) {
    let Some(place) = finding.place else { return };
    let Some(below) = sources.file(place.file).path.strip_prefix(units::FOLDER) else { return };
    let mut folders = below.split('/');
    let (unit, year) = (folders.next(), folders.next().and_then(disclosure::year_of));
    finding.unit = finding.unit.take().or_else(|| unit.map(str::to_owned));
    finding.year = finding.year.or_else(|| year.map(|(year, _)| year));
}

/// What disclosures are read with.
const fn context<'c>(input: &'c Input<'c>, common: &'c Common) -> disclosure::Context<'c> {
    let Common { sets, classifications, terms, .. } = common;
    disclosure::Context { input, sets, classifications, terms }
}

fn read_common(input: &Input<'_>, sink: &Sink) -> Common {
    let (config, place) = config::read(input, sink);
    let classifications = classifications::read(input, sink);
    let terms = glossary::read(input, sink);
    let narratives = narratives::read(input);
    let sets = forms::read(input, &classifications, sink);
    let units = units::read(input, sink);
    let theme = theme::read(input, &config, sink);
    let pages = pages::read(input, sink);
    let replaced_forms = forms::replaced(input);
    let urls = urls::read(input, sink);
    Common {
        config,
        sets,
        classifications,
        terms,
        narratives,
        pages,
        units,
        theme,
        replaced_forms,
        urls,
        kept: Vec::new(),
        held_units: BTreeMap::new(),
        unread: BTreeSet::new(),
        place,
    }
}

/// The files of a site with the trees of those that hold data.
struct Input<'f> {
    files: &'f Files,
    trees: BTreeMap<&'f str, Option<Table<'f>>>,
}

impl<'f> Input<'f> {
    /// Parses every TOML and JSON file, in parallel; findings come in the order of the paths.
    fn parse(files: &'f Files, sink: &Sink) -> Self {
        let data: Vec<(&String, &Source)> = files.sources.iter().filter(|(path, _)| is_data(path)).collect();
        let parsed: Vec<_> = data
            .into_par_iter()
            .map(|(path, source)| {
                let mut findings = Vec::new();
                let tree = parse_tree(path, source, &mut findings);
                (path.as_str(), tree, findings)
            })
            .collect();
        let mut trees = BTreeMap::new();
        for (path, tree, findings) in parsed {
            sink.add_all(findings);
            trees.insert(path, tree);
        }
        Self { files, trees }
    }

    /// The source at a path.
    fn source(&self, path: &str) -> Option<&'f Source> {
        self.files.get(path)
    }

    /// A reader of the data file at a path; `None` when there is none or it cannot be read.
    fn reader<'r>(&'r self, path: &str, sink: &'r Sink) -> Option<Reader<'r>> {
        let table = self.trees.get(path)?.as_ref()?;
        let source = self.source(path)?;
        Some(Reader::new(table, source.start(), sink))
    }

    /// The file of a unit's data, named without its ending: TOML or JSON as the unit likes.
    /// Of two, TOML is read and both are told.
    fn data_file(&self, stem: &str, sink: &Sink) -> Option<String> {
        let [toml, json] = [format!("{stem}.toml"), format!("{stem}.json")];
        match (self.files.has(&toml), self.files.has(&json)) {
            (true, true) => {
                let start = |path: &str| self.source(path).map(Source::start);
                let finding = Finding::new("S017", format!("{toml} 和 {json} 是同一份数据")).at(start(&json));
                sink.add(finding.related("另一个", start(&toml)).help("只留一个；现在读的是 .toml"));
                Some(toml)
            }
            (true, false) => Some(toml),
            (false, true) => Some(json),
            (false, false) => None,
        }
    }
}

/// The folders of `content/`, with the endings of the files in those that hold nothing else.
const FOLDERS: [(&str, &[&str]); 6] = [
    ("classifications", &["toml", "json"]),
    ("forms", &[]),
    ("glossary", &["md"]),
    ("narratives", &["md"]),
    ("pages", &["md"]),
    ("units", &[]),
];

/// Tells files of `content/` that nothing reads: they may be misspelt or misplaced ones.
fn tell_strays(files: &Files, sink: &Sink) {
    let known = FOLDERS.map(|(folder, _)| folder);
    for (path, source) in files.below("content/") {
        let (folder, name) = path.split_once('/').unwrap_or((path, ""));
        let help = match FOLDERS.iter().find(|(known, _)| *known == folder) {
            None => suggestion(folder, &known),
            Some((_, [])) => continue,
            Some((_, endings)) if endings.iter().any(|ending| has_extension(name, ending)) => continue,
            Some((_, endings)) => format!("{folder} 中只放 .{} 文件；别的文件请移走", endings.join("、.")),
        };
        let finding = Finding::new("S016", format!("不认识的文件“content/{path}”，没有读入"));
        sink.add(finding.at(source.start()).help(help));
    }
}

fn is_data(path: &str) -> bool {
    has_extension(path, "toml") || has_extension(path, "json")
}

/// Whether a path ends in `.` and these letters; extensions are lower-case.
fn has_extension(path: &str, extension: &str) -> bool {
    path.strip_suffix(extension).is_some_and(|rest| rest.ends_with('.'))
}

fn parse_tree<'s>(path: &str, source: &'s Source, findings: &mut Vec<Finding>) -> Option<Table<'s>> {
    let tree = if has_extension(path, "json") {
        json::parse(source.id, &source.text, findings)
    } else {
        toml::parse(toml::Source { file: source.id, text: &source.text, start: 0 }, findings)
    };
    // Where its schema is concerns editors only.
    let tree = tree.map(|tree| tree.without_text("$schema"));
    tree.and_then(|tree| limits::of_sensible_size(tree, source.id, findings))
}

#[cfg(test)]
mod tests;
