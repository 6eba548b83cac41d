//! The map of the field: every relation, clause and fault with the codes that find it.
//!
//! `tests/fixtures/domain-map.toml` says for each clause how to break the Caidian disclosure
//! and what must then be found; `docs/domain-map.md` is the same map for readers.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::OnceLock;

use disclose::amount::{Amount, Scale};
use disclose::check;
use disclose::diagnostic::{Finding, codes};
use disclose::model::form::FormSet;
use disclose::model::site::Site;
use disclose::model::table::{Figure, Row};
use rayon::prelude::*;
use serde::Deserialize;

use crate::support::{Examined, TempSite, lines, repository};

/// The disclosure that is broken.
const FOLDER: &str = "content/units/caidian-ggzy/";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Map {
    clauses: Vec<Clause>,
}

/// A clause with a way to break it and what finds that.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Clause {
    part: String,
    #[serde(rename = "clause")]
    text: String,
    #[serde(default)]
    cells: BTreeMap<String, String>,
    #[serde(default)]
    edits: Vec<(String, String, String)>,
    #[serde(default)]
    appends: Vec<(String, String)>,
    #[serde(default)]
    earlier: bool,
    #[serde(default)]
    with: Vec<String>,
    #[serde(default)]
    relation: Option<String>,
    #[serde(default)]
    names: Vec<String>,
    codes: Vec<String>,
}

fn map() -> Map {
    let text = std::fs::read_to_string(repository().join("tests/fixtures/domain-map.toml")).unwrap();
    toml::from_str(&text).unwrap()
}

#[test]
fn every_clause_of_the_field_is_found_when_it_is_broken() {
    let faults: Vec<String> = map().clauses.par_iter().filter_map(|clause| clause.try_out().err()).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_map_names_every_code_of_the_checks_once_or_more() {
    let named: BTreeSet<String> = map().clauses.into_iter().flat_map(|clause| clause.codes).collect();
    let known: BTreeSet<&str> = codes().map(|code| code.id).collect();
    assert_eq!(named.iter().filter(|code| !known.contains(code.as_str())).count(), 0);
    let is_of_data = |code: &&str| code.starts_with('C') && !OF_THE_PROGRAM.contains(code);
    let missing: Vec<&str> = known.into_iter().filter(is_of_data).filter(|code| !named.contains(*code)).collect();
    assert_eq!(missing, Vec::<&str>::new());
}

/// Codes about form files and settings, which no clause of the field speaks of.
const OF_THE_PROGRAM: [&str; 4] = ["C109", "C191", "C192", "C193"];

#[test]
fn the_document_of_the_map_is_up_to_date() {
    let path = repository().join("docs/domain-map.md");
    let (written, printed) = (std::fs::read_to_string(&path).unwrap_or_default(), document(&map()));
    if written != printed && std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &printed).unwrap();
        return;
    }
    assert!(written == printed, "docs/domain-map.md is stale: run the tests with UPDATE_DOCS=1");
}

fn document(map: &Map) -> String {
    let mut text = String::from(
        "# What finds what\n\nPrinted from `tests/fixtures/domain-map.toml` by the test `domain_map`, which breaks a \
         real disclosure\nin each of these ways and demands a finding of one of the codes. `disclose explain CODE` \
         explains a code.\n",
    );
    let mut part = "";
    for clause in &map.clauses {
        if clause.part != part {
            part = &clause.part;
            write!(text, "\n## {part}\n\n| clause | codes |\n|---|---|\n").unwrap();
        }
        writeln!(text, "| {} | {} |", clause.text.replace('|', "\\|"), clause.codes.join(", ")).unwrap();
    }
    text
}

impl Clause {
    /// Breaks the disclosure and looks for the finding.
    fn try_out(&self) -> Result<(), String> {
        let plain = self.plain();
        let (mut found, site) = self.site(true);
        if !self.cells.is_empty() {
            let mut site = site;
            let at = site.disclosures.iter().position(|d| d.unit == "caidian-ggzy" && d.year == 2023).unwrap();
            for (cell, figure) in &self.cells {
                set_figure(&mut site, at, cell, figure);
            }
            let report = check::check(&site);
            self.relation_fails(&report, &site, at)?;
            found.retain(|finding| !finding.code.id.starts_with('C'));
            found.extend(report.findings);
        }
        found.retain(|finding| !plain.iter().any(|other| other.message == finding.message));
        if !found.iter().any(|finding| self.codes.iter().any(|code| code == finding.code.id)) {
            return Err(format!("{}: no new {:?} among\n{}", self.text, self.codes, lines(&found)));
        }
        match self.names.iter().find(|name| !found.iter().any(|finding| mentions(finding, name))) {
            Some(name) => Err(format!("{}: {name} is not named in\n{}", self.text, lines(&found))),
            None => Ok(()),
        }
    }

    /// What is found in the disclosure as it stands; the same for most clauses.
    fn plain(&self) -> Vec<Finding> {
        static ALONE: OnceLock<Vec<Finding>> = OnceLock::new();
        if self.earlier || !self.with.is_empty() {
            return self.site(false).0;
        }
        ALONE.get_or_init(|| self.site(false).0).clone()
    }

    /// What is found in the disclosure, broken in its files or not.
    fn site(&self, broken: bool) -> (Vec<Finding>, Site) {
        let temp = TempSite::caidian();
        for unit in &self.with {
            temp.add_unit(unit);
        }
        if self.earlier {
            add_earlier_year(&temp);
        }
        if broken {
            for (path, from, to) in &self.edits {
                temp.replace(&full_path(path), from, to);
            }
            for (path, text) in &self.appends {
                let path = full_path(path);
                temp.write(&path, &format!("{}\n{text}\n", temp.read(&path)));
            }
        }
        let Examined { site, report, loading, .. } = temp.examine();
        (loading.into_iter().chain(report.findings).collect(), site)
    }

    fn relation_fails(&self, report: &check::Report, site: &Site, at: usize) -> Result<(), String> {
        let Some(name) = &self.relation else { return Ok(()) };
        let set = &site.disclosures[at].set;
        let fails = |instance: &check::Instance| {
            instance.relation.of(set).name == *name && instance.verdict == check::Verdict::Fail
        };
        let failing = report.of(at).unwrap().instances.iter().any(fails);
        if failing { Ok(()) } else { Err(format!("{}: “{name}” does not fail", self.text)) }
    }
}

/// A path below the year's folder, or below the unit's with `../`, or the site's with `/`.
fn full_path(path: &str) -> String {
    match (path.strip_prefix('/'), path.strip_prefix("../")) {
        (Some(of_site), _) => of_site.to_owned(),
        (None, Some(of_unit)) => format!("{FOLDER}{of_unit}"),
        (None, None) => format!("{FOLDER}2023/{path}"),
    }
}

/// Copies the disclosure as last year's: its files with the year before.
fn add_earlier_year(site: &TempSite) {
    let folder = format!("{FOLDER}2023");
    for entry in walkdir::WalkDir::new(site.root().join(&folder)) {
        let entry = entry.unwrap();
        if entry.file_type().is_file() {
            let path = entry.path().strip_prefix(site.root()).unwrap().to_str().unwrap().to_owned();
            let text = site.read(&path).replace("2023", "2022").replace("2024", "2023");
            site.write(&path.replace("/2023/", "/2022/"), &text.replace("hubei-2022", "hubei-2023"));
        }
    }
}

fn mentions(finding: &Finding, name: &str) -> bool {
    finding.cell.as_deref() == Some(name)
        || finding.related.iter().any(|related| related.cell.as_deref() == Some(name))
        || finding.message.contains(name)
}

/// Puts a figure into a cell, in a new row where its table has none.
fn set_figure(site: &mut Site, at: usize, cell: &str, figure: &str) {
    let disclosure = &mut site.disclosures[at];
    let set: &FormSet = &disclosure.set;
    let cell = set.cell_named(cell).unwrap();
    let table = &mut disclosure.tables[usize::from(cell.form)];
    let row = table.rows.iter().position(|row| row.key == cell.row).unwrap_or_else(|| {
        table.rows.push(Row::blank(set.form_of(cell), cell.row, table.place));
        table.rows.len() - 1
    });
    let row = &mut table.rows[row];
    let column = usize::from(cell.column) - row.columns.start;
    row.cells[column].figure = match figure {
        "" => Figure::Blank,
        text => Figure::Amount(Amount::parse(text, Scale::TenThousand).unwrap()),
    };
}
