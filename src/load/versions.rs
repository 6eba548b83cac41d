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

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Input;
use super::reader::{Reader, Sink};
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
    for Stated { version, date, reason, place } in stated {
        let folder = folder(year, version);
        if !has_files(input, &folder) {
            let finding = Finding::new("S071", format!("第 {version} 版的源文件不在 {folder}")).at(place);
            sink.add(finding.help("已公开的版本要一直保留：从备份或版本库恢复这个目录；登记新的更正用 disclose amend"));
            continue;
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
