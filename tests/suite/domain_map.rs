//! The map of the field: every relation, clause and fault with the codes that find it.
//!
//! `tests/fixtures/domain-map.toml` says for each clause how to break the Caidian disclosure
//! and what must then be found; `docs/domain-map.md` is the same map for readers.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::OnceLock;

use disclose::check;
use disclose::diagnostic::{Finding, codes, render, to_json};
use rayon::prelude::*;
use serde::Deserialize;

use crate::support::{Examined, TempSite, lines, repository};

/// The disclosure that is broken.
const FOLDER: &str = "content/units/caidian-ggzy/";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Map {
    /// Disclosures that may stand beside the broken one, by name.
    beside: BTreeMap<String, Beside>,
    clauses: Vec<Clause>,
}

/// What stands beside the broken disclosure.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Beside {
    /// Copies of the disclosure.
    #[serde(default)]
    copies: Vec<Copy>,
    /// Other files, by path below the site.
    #[serde(default)]
    files: BTreeMap<String, String>,
}

/// A copy of every file of a folder.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Copy {
    from: String,
    to: String,
    /// Texts replaced in the copies, in order.
    #[serde(default)]
    replace: Vec<(String, String)>,
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
    removes: Vec<String>,
    #[serde(default)]
    writes: BTreeMap<String, String>,
    #[serde(default)]
    beside: Vec<String>,
    #[serde(default)]
    with: Vec<String>,
    #[serde(default)]
    relation: Option<String>,
    #[serde(default)]
    names: Vec<String>,
    #[serde(default)]
    says: String,
    codes: Vec<String>,
}

/// What stands beside the disclosure of a clause: names of [`Beside`], units of the repository.
type Setting = (Vec<String>, Vec<String>);

/// What a broken clause gave.
struct Outcome<'a> {
    clause: &'a Clause,
    examined: Examined,
    /// What is found that is not found in the disclosure as it stands.
    found: Vec<Finding>,
}

fn map() -> &'static Map {
    static MAP: OnceLock<Map> = OnceLock::new();
    MAP.get_or_init(|| {
        let text = std::fs::read_to_string(repository().join("tests/fixtures/domain-map.toml")).unwrap();
        toml::from_str(&text).unwrap()
    })
}

/// Every clause tried out, once for all tests.
fn outcomes() -> &'static [Outcome<'static>] {
    static OUTCOMES: OnceLock<Vec<Outcome<'static>>> = OnceLock::new();
    OUTCOMES.get_or_init(|| {
        let settings: BTreeSet<Setting> = map().clauses.iter().map(Clause::setting).collect();
        let plain: BTreeMap<Setting, BTreeSet<String>> =
            settings.into_par_iter().map(|setting| (setting.clone(), plain(&setting))).collect();
        map().clauses.par_iter().map(|clause| clause.try_out(&plain[&clause.setting()])).collect()
    })
}

/// The messages about a disclosure that stands as it is.
fn plain(setting: &Setting) -> BTreeSet<String> {
    site(setting).examine().findings().map(|finding| finding.message.clone()).collect()
}

/// The disclosure with what stands beside it.
fn site((beside, with): &Setting) -> TempSite {
    let site = TempSite::caidian();
    for unit in with {
        site.add_unit(unit);
    }
    for beside in beside.iter().map(|name| &map().beside[name]) {
        for (path, text) in &beside.files {
            site.write(path, text);
        }
        for copy in &beside.copies {
            copy.make(&site);
        }
    }
    site
}

impl Copy {
    fn make(&self, site: &TempSite) {
        for entry in walkdir::WalkDir::new(site.root().join(&self.from)) {
            let entry = entry.unwrap();
            if entry.file_type().is_file() {
                let below = entry.path().strip_prefix(site.root().join(&self.from)).unwrap().to_str().unwrap();
                let text = std::fs::read_to_string(entry.path()).unwrap();
                let replaced = self.replace.iter().fold(text, |text, (from, to)| text.replace(from, to));
                site.write(&format!("{}/{below}", self.to), &replaced);
            }
        }
    }
}

#[test]
fn every_clause_of_the_field_is_found_when_it_is_broken() {
    let faults: Vec<String> = outcomes().iter().filter_map(|outcome| outcome.judge().err()).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_findings_of_the_map_as_they_are_told() {
    let told = |outcome: &Outcome<'_>| {
        let rendered = render(outcome.finding().ok()?, &outcome.examined.sources, false);
        Some(format!("══ {}：{}\n\n{}", outcome.clause.part, outcome.clause.text, rendered.trim_end()))
    };
    let told: Vec<String> = outcomes().iter().filter_map(told).collect();
    insta::assert_snapshot!(told.join("\n\n"));
}

#[test]
fn the_findings_of_the_map_as_json() {
    let json = |outcome: &Outcome<'_>| {
        let finding = outcome.finding().ok()?.clone();
        let document = to_json(&[finding], &outcome.examined.sources, &[]);
        let document: serde_json::Value = serde_json::from_str(&document).unwrap();
        Some(serde_json::json!({ "clause": outcome.clause.text, "finding": document["findings"][0] }))
    };
    let all: Vec<serde_json::Value> = outcomes().iter().filter_map(json).collect();
    insta::assert_snapshot!(serde_json::to_string_pretty(&all).unwrap());
}

#[test]
fn the_map_names_every_code_of_the_checks_once_or_more() {
    let named: BTreeSet<String> = map().clauses.iter().flat_map(|clause| clause.codes.clone()).collect();
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
    let (written, printed) = (std::fs::read_to_string(&path).unwrap_or_default(), document(map()));
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
    text + NOT_DATA
}

/// What inspectors mark that no clause breaks, at the end of the document.
const NOT_DATA: &str = "
## Not data: checked with the text

The narrative derives its figures, rates, shares and direction words from the tables, so they cannot differ from
them; where last year's figure or the budget is 0 it prints no rate. What is left are the sentences that people type
(`[reasons]`, `[uses]`, `performance.md`, `work.md`). No clause above breaks these:

- a direction word in a typed sentence that is not the sign of the change;
- 持平 in a typed sentence with a reason after it (N003 finds a reason for a figure that did not change);
- a typed sentence copied from the item above;
- 元 for 万元, or no unit, after a number in a typed sentence.

Dead links and attachments are looked at when a site is published (P003) and in `tests/suite/links.rs`.
";

impl Clause {
    fn setting(&self) -> Setting {
        (self.beside.clone(), self.with.clone())
    }

    /// Breaks the disclosure and keeps what is new.
    fn try_out(&self, plain: &BTreeSet<String>) -> Outcome<'_> {
        let site = site(&self.setting());
        for (path, from, to) in &self.edits {
            site.replace(&full_path(path), from, to);
        }
        for (path, text) in &self.appends {
            let path = full_path(path);
            site.write(&path, &format!("{}\n{text}\n", site.read(&path)));
        }
        for (path, text) in &self.writes {
            site.write(&full_path(path), text);
        }
        for path in &self.removes {
            let path = site.root().join(full_path(path));
            if path.is_dir() { std::fs::remove_dir_all(path) } else { std::fs::remove_file(path) }.unwrap();
        }
        for (cell, figure) in &self.cells {
            let cell = CellName::parse(cell);
            let path = full_path(&format!("tables/{}.toml", cell.table));
            site.write(&path, &cell.write(&site.read(&path), figure));
        }
        let examined = site.examine();
        let found = examined.findings().filter(|finding| !plain.contains(&finding.message)).cloned().collect();
        Outcome { clause: self, examined, found }
    }
}

impl Outcome<'_> {
    /// The new finding that the clause demands: with one of its codes, and what it must say.
    fn finding(&self) -> Result<&Finding, String> {
        let clause = self.clause;
        let is_meant = |finding: &&Finding| {
            clause.codes.iter().any(|code| code == finding.code.id) && finding.message.contains(&clause.says)
        };
        let missing =
            || format!("{}: no new {:?} {} among\n{}", clause.text, clause.codes, clause.says, lines(&self.found));
        self.found.iter().find(is_meant).ok_or_else(missing)
    }

    fn judge(&self) -> Result<(), String> {
        self.finding()?;
        self.relation_fails()?;
        match self.clause.names.iter().find(|name| !self.found.iter().any(|finding| mentions(finding, name))) {
            Some(name) => Err(format!("{}: {name} is not named in\n{}", self.clause.text, lines(&self.found))),
            None => Ok(()),
        }
    }

    fn relation_fails(&self) -> Result<(), String> {
        let Some(name) = &self.clause.relation else { return Ok(()) };
        let Examined { site, report, .. } = &self.examined;
        let at = site.disclosures.iter().position(|d| d.unit == "caidian-ggzy" && d.year == 2023).unwrap();
        let set = &site.disclosures[at].set;
        let fails = |instance: &check::Instance| {
            instance.relation.of(set).name == *name && instance.verdict == check::Verdict::Fail
        };
        let failing = report.of(at).unwrap().instances.iter().any(fails);
        if failing { Ok(()) } else { Err(format!("{}: “{name}” does not fail", self.clause.text)) }
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

fn mentions(finding: &Finding, name: &str) -> bool {
    finding.cell.as_deref() == Some(name)
        || finding.related.iter().any(|related| related.cell.as_deref() == Some(name))
        || finding.message.contains(name)
}

/// A cell of the disclosure: 公开03表2210202行5栏, 公开06表30101行, 公开09表11栏.
struct CellName<'a> {
    table: &'a str,
    row: &'a str,
    column: &'a str,
}

impl<'a> CellName<'a> {
    fn parse(name: &'a str) -> Self {
        let (table, cell) = name.strip_prefix("公开").unwrap().split_once('表').unwrap();
        let (row, column) = cell.split_once('行').unwrap_or(("", cell));
        Self { table, row, column: column.trim_end_matches('栏') }
    }

    /// The source of the cell's table with another figure in the cell; none where that is empty.
    fn write(&self, source: &str, figure: &str) -> String {
        let (by_code, line) =
            (format!("code = \"{}\"", self.row), if self.row.is_empty() { self.column } else { self.row });
        let is_row = |text: &&str| text.contains(&by_code) && !self.row.is_empty() || key_of(text) == Some(line);
        match source.lines().find(is_row) {
            Some(text) if text.contains('{') => source.replacen(text, &in_braces(text, self.column, figure), 1),
            Some(text) if figure.is_empty() => source.replacen(&format!("{text}\n"), "", 1),
            Some(text) => source.replacen(&format!("\n{text}\n"), &format!("\n{line} = {figure}\n"), 1),
            None if self.column.is_empty() || self.row.is_empty() => format!("{source}{line} = {figure}\n"),
            None => format!("{source}{line} = {{ {} = {figure} }}\n", self.column),
        }
    }
}

/// The key of a line of TOML, without its quotes.
fn key_of(line: &str) -> Option<&str> {
    Some(line.split_once('=')?.0.trim().trim_matches('"'))
}

/// A row in braces with another figure in a column.
fn in_braces(row: &str, column: &str, figure: &str) -> String {
    let key = format!(" {column} = ");
    let (kept, rest) = match row.find(&key) {
        Some(at) => {
            let value = &row[at + key.len()..];
            let end = value.find([',', ' ']).unwrap();
            (&row[..at], value[end..].trim_start_matches(','))
        }
        None => row.split_at(row.rfind('}').unwrap()),
    };
    let kept = kept.trim_end().trim_end_matches(',');
    let rest = if rest.trim_start().starts_with('}') { format!(" {}", rest.trim_start()) } else { format!(",{rest}") };
    if figure.is_empty() {
        format!("{kept}{rest}")
    } else {
        format!("{kept}, {column} = {figure}{rest}").replace("{,", "{")
    }
}
