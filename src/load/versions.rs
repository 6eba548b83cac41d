//! `versions/<n>/`: earlier versions of a disclosure, beside the present one.
//!
//! ```toml
//! # disclosure.toml: one entry a republication, in their order
//! [[amendments]]
//! version = 1                # the version that was replaced: versions/1/
//! date    = 2024-11-20
//! reason  = "公务接待费误填为上年数。"
//! ```
//!
//! 1. [`stated`] reads the entries and holds their dates against each other.
//! 2. [`amendments`] pairs them with the folders, and tells those that stand alone.
//! 3. A republication that changes nothing in the sources is told as well.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use super::reader::{Reader, Sink};
use super::tree::{Kind, Table, Value};
use super::{Input, is_data, markdown};
use crate::diagnostic::{Finding, Place, Placed, Severity};
use crate::model::amendment::Amendment;
use crate::model::date::Date;
use crate::model::disclosure::Disclosure;

/// The folder of earlier versions in a year's folder.
pub(super) const FOLDER: &str = "versions/";

/// The folder of a version: `content/units/u/2023/versions/1/`.
pub(super) fn folder(year: &str, version: u32) -> String {
    format!("{year}{FOLDER}{version}/")
}

/// An entry of `[[amendments]]`.
pub(super) struct Stated {
    version: u32,
    date: Date,
    reason: String,
    place: Place,
}

/// Whether something found in an earlier version is told: what keeps it from being read. What it
/// says stands as it was published.
pub(super) fn is_told(finding: &Finding) -> bool {
    finding.severity == Severity::Error && finding.code.id != "S044"
}

/// The entries of `[[amendments]]` that can be used; the others are told.
pub(super) fn stated(rows: Vec<Reader<'_>>, published: Option<Placed<Date>>, sink: &Sink) -> Vec<Stated> {
    let mut kept: Vec<Stated> = Vec::new();
    let mut last = published;
    for (row, expected) in rows.into_iter().zip(1..) {
        let (date, reason) = (date(&row, last, sink), reason(&row, sink));
        last = date.or(last);
        let version = version(&row, expected, sink);
        let place = row.place;
        row.finish();
        if let (Some(version), Some(date)) = (version, date) {
            kept.push(Stated { version, date: date.value, reason, place });
        }
    }
    kept
}

fn date(row: &Reader<'_>, last: Option<Placed<Date>>, sink: &Sink) -> Option<Placed<Date>> {
    if !row.has("date") {
        row.missing("date", "写上重新公开的日期，例如 date = 2024-11-20");
    }
    let date = row.date("date")?;
    if let Some(last) = last.filter(|last| date.value < last.value) {
        let message = format!("更正日期 {} 早于前一次公开的日期 {}", date.value, last.value);
        let finding = Finding::new("S073", message).at(date.place).related("前一次公开", last.place);
        sink.add(finding.help("核对两个日期；各次更正按先后排列，日期不早于公开日期"));
    }
    Some(date)
}

fn reason(row: &Reader<'_>, sink: &Sink) -> String {
    let reason = row.text("reason");
    let place = reason.as_ref().map_or(row.place, |reason| reason.place);
    let reason = reason.map(|reason| reason.value.trim().to_owned()).unwrap_or_default();
    if reason.is_empty() {
        let finding = Finding::new("S074", "这次更正没有写原因").at(place);
        sink.add(finding.help("在 reason 中用一两句话写明错在哪里、为什么更正；读者在网页上看到的就是这句话"));
    }
    reason
}

/// The number of the version that an entry replaced: entries count from 1. One that is miscounted
/// is told, and taken for what it should be.
fn version(row: &Reader<'_>, expected: u32, sink: &Sink) -> Option<u32> {
    if !row.has("version") {
        row.missing("version", &format!("写上被更正的是第几版：version = {expected}"));
    }
    let version = row.integer("version")?;
    if version != i64::from(expected) {
        let message = format!("第 {expected} 次更正写的是 version = {version}，应当是 {expected}");
        let place = row.raw("version").map_or(row.place, |value| value.place);
        let help = "[[amendments]] 按先后排列：第 1 次更正替换第 1 版，第 2 次替换第 2 版，不能跳过";
        sink.add(Finding::new("S073", message).at(place).help(help));
    }
    Some(expected)
}

/// The republications of the disclosure in a year's folder, each with the version it replaced,
/// which `earlier` reads.
pub(super) fn amendments(
    input: &Input<'_>,
    year: &str,
    stated: Vec<Stated>,
    place: Place,
    earlier: &dyn Fn(u32) -> Option<Disclosure>,
    sink: &Sink,
) -> Vec<Amendment> {
    tell_alone(input, year, &stated, place, sink);
    let mut amendments: Vec<Amendment> = Vec::new();
    let versions: Vec<u32> = stated.iter().map(|stated| stated.version).collect();
    for (at, Stated { version, date, reason, place }) in stated.into_iter().enumerate() {
        let folder = folder(year, version);
        if !has_files(input, &folder) {
            let finding = Finding::new("S071", format!("第 {version} 版的源文件不在 {folder}")).at(place);
            sink.add(finding.help("已公开的版本要一直保留：从备份或版本库恢复这个目录；登记新的更正用 disclose amend"));
            continue;
        }
        let next = versions.get(at + 1).map_or_else(|| year.to_owned(), |next| self::folder(year, *next));
        if is_same(input, &folder, &next) {
            let finding = Finding::new("S075", format!("第 {version} 版与更正以后的内容完全相同")).at(place);
            sink.add(finding.help("改正数字或文字以后再公开；确实没有要改的，删去这一条更正和它的版本目录"));
        }
        let Some(mut disclosure) = earlier(version) else { continue };
        disclosure.amendments.clone_from(&amendments);
        amendments.push(Amendment { date, reason, version, earlier: Arc::new(disclosure), place });
    }
    amendments
}

/// Tells folders and files in `versions/` that no entry names.
fn tell_alone(input: &Input<'_>, year: &str, stated: &[Stated], place: Place, sink: &Sink) {
    let parent = format!("{year}{FOLDER}");
    let known: BTreeSet<String> = stated.iter().map(|stated| stated.version.to_string()).collect();
    for name in input.files.folders_in(&parent).filter(|name| !known.contains(*name)) {
        let start = input.files.below(&format!("{parent}{name}/")).next().map(|(_, source)| source.start());
        let finding = Finding::new("S072", format!("{parent}{name} 没有对应的更正说明"));
        let help = "在 disclosure.toml 写一条 [[amendments]]：version、date 和 reason；版本目录用数字命名，从 1 起";
        sink.add(finding.at(start.unwrap_or(place)).help(help));
    }
    for (name, source) in input.files.below(&parent).filter(|(name, _)| !name.contains('/')) {
        let finding = Finding::new("S016", format!("不认识的文件“versions/{name}”，没有读入"));
        sink.add(finding.at(source.start()).help("versions 中只放各版本的目录：1、2……"));
    }
}

fn has_files(input: &Input<'_>, folder: &str) -> bool {
    input.files.below(folder).next().is_some() || input.files.folders.contains(folder.trim_end_matches('/'))
}

/// Whether two versions say the same: their values, texts and attachments, whatever the layout
/// and the comments of the files. What is said of republications does not count.
fn is_same(input: &Input<'_>, one: &str, other: &str) -> bool {
    let [a, b] = [one, other].map(|folder| names(input, folder));
    a == b && a.iter().all(|name| is_same_file(input, &format!("{one}{name}"), &format!("{other}{name}"), name))
}

/// The files of a version, by their names below its folder.
fn names<'i>(input: &'i Input<'_>, folder: &str) -> BTreeSet<&'i str> {
    let below = |path: &'i String| path.strip_prefix(folder);
    let texts = input.files.sources.range(folder.to_owned()..).map(|(path, _)| below(path));
    let attached = input.files.attachments.range(folder.to_owned()..).map(|(path, _)| below(path));
    let of_version = |name: &&str| !name.starts_with(FOLDER);
    texts.map_while(|name| name).chain(attached.map_while(|name| name)).filter(of_version).collect()
}

fn is_same_file(input: &Input<'_>, one: &str, other: &str, name: &str) -> bool {
    if is_data(name)
        && let (Some(Some(one)), Some(Some(other))) = (input.trees.get(one), input.trees.get(other))
    {
        let is_main = name.starts_with("disclosure.");
        return is_same_table(one, other, &|key| is_main && key == "amendments");
    }
    match (input.source(one), input.source(other)) {
        (Some(one), Some(other)) if Path::new(name).extension().is_some_and(|extension| extension == "md") => {
            markdown::without_comments(one).value == markdown::without_comments(other).value
        }
        (Some(one), Some(other)) => one.text == other.text,
        _ => input.files.attachments.get(one) == input.files.attachments.get(other),
    }
}

fn is_same_table(one: &Table, other: &Table, is_left_out: &dyn Fn(&str) -> bool) -> bool {
    let count = |table: &Table| table.entries.iter().filter(|entry| !is_left_out(&entry.key.value)).count();
    let mut entries = one.entries.iter().filter(|entry| !is_left_out(&entry.key.value));
    count(one) == count(other)
        && entries
            .all(|entry| other.get(&entry.key.value).is_some_and(|found| is_same_value(&entry.value, &found.value)))
}

fn is_same_value(one: &Value, other: &Value) -> bool {
    match (&one.kind, &other.kind) {
        (Kind::Table(one), Kind::Table(other)) => is_same_table(one, other, &|_| false),
        (Kind::Array(one), Kind::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_same_value(one, other))
        }
        (Kind::Text(one), Kind::Text(other))
        | (Kind::Number(one), Kind::Number(other))
        | (Kind::Date(one), Kind::Date(other)) => one == other,
        (Kind::Bool(one), Kind::Bool(other)) => one == other,
        (Kind::Null, Kind::Null) => true,
        _ => false,
    }
}
