//! `disclose claims`: the numerals of one text, each with its reading and its verdict.
//!
//! 1. The file is read: UTF-8, `.md` or `.txt`, of a sensible size.
//! 2. It is read by itself, or against a disclosure of the site.
//! 3. Every numeral and every finding is told, with line and column, then how many there are.
//!
//! `docs/claims.md` describes the JSON.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use crate::check::{Scene, Verdict};
use crate::claims::{self, Aside, Numeral, NumeralKind, Reading, State, Tally, Text, TextFormat};
use crate::diagnostic::{self, Finding, Severity, SourceMap};
use crate::load::{self, Loaded};
use crate::model::disclosure::Disclosure;
use crate::model::form::Kind;
use crate::model::site::Site;
use crate::text::{is_forbidden, nearest};

/// The version of the JSON document's shape; fields may be added without a new one.
const SCHEMA: &str = "disclose-claims/1";

/// No text of a disclosure comes near this size.
const MOST_BYTES: u64 = 4 << 20;

#[derive(Debug, Args)]
pub(super) struct ClaimsArguments {
    /// 要读的文字，.md 或 .txt 文件
    #[arg(value_name = "文件")]
    file: PathBuf,
    /// 与这个单位（content/units 下的目录名）的数据核对，和 --year 一起写；不写就只读文字本身
    #[arg(long, value_name = "单位", requires = "year")]
    unit: Option<String>,
    /// 与这个年度的数据核对，写年度目录名，如 2023、2023-budget
    #[arg(long, value_name = "年度", requires = "unit")]
    year: Option<String>,
    /// 网站目录，其中有 site.toml 和 content；默认为当前目录
    #[arg(long, value_name = "目录", default_value = ".")]
    root: PathBuf,
    /// 结果的写法：text 是给人看的文字，json 给程序读；默认 text
    #[arg(long, value_enum, value_name = "写法", default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// Why a text was not read.
#[derive(Debug, thiserror::Error)]
pub(super) enum ClaimsError {
    #[error("{0} 不是 .md 或 .txt 文件。别的格式请先另存为文字")]
    Ending(PathBuf),
    #[error("不能读 {path}：{source}")]
    Read { path: PathBuf, source: io::Error },
    #[error("{0} 超过 4 MiB，不像一份公开的文字")]
    Size(PathBuf),
    #[error("{path} 第 {line} 行有 {bytes} 字节，不像文字：一行最多 65536 字节，请分段")]
    Line { path: PathBuf, line: usize, bytes: usize },
    #[error("{0} 不是 UTF-8 编码，请另存为 UTF-8")]
    Encoding(PathBuf),
    #[error("本站没有单位“{unit}”{year}年度的数据。{hint}")]
    Unknown { unit: String, year: String, hint: String },
    #[error(transparent)]
    Load(#[from] load::LoadError),
}

/// A text that was read.
pub(super) struct Told {
    /// What to print before the findings, or the whole JSON document.
    pub(super) head: String,
    /// What was found, in order; empty where the head tells it already.
    pub(super) findings: Vec<Finding>,
    /// What to print after them.
    pub(super) tail: String,
    pub(super) sources: SourceMap,
    /// Whether an error was found.
    pub(super) failed: bool,
}

/// Reads the text that was asked for.
///
/// # Errors
/// [`ClaimsError`] when the file or the site cannot be read, or the site has no such disclosure.
pub(super) fn tell(arguments: &ClaimsArguments) -> Result<Told, ClaimsError> {
    let format = format_of(&arguments.file)?;
    let text = text_of(&arguments.file)?;
    refuse_long_lines(&arguments.file, &text)?;
    let mut site = None;
    let mut sources = SourceMap::default();
    if let Some((unit, year)) = arguments.unit.as_deref().zip(arguments.year.as_deref()) {
        let loaded = load::load(&arguments.root)?;
        let at = find(&loaded, unit, year)?;
        sources = loaded.sources;
        site = Some((loaded.site, at));
    }
    let path = super::shown(&arguments.file);
    let file = sources.add(path.clone(), text.as_str());
    let text = Text { file, source: &text, format, start: 0 };
    let scene = site.as_ref().map(|(site, at)| scene(site, &site.disclosures[*at]));
    let around = site.as_ref().map(|(site, _)| claims::Around::of(site));
    let mut reading = claims::read(&text, scene, around.as_ref());
    diagnostic::sort(&mut reading.findings, &sources);
    let failed = diagnostic::has_errors(&reading.findings);
    let against = scene.map(|scene| scene.disclosure);
    Ok(match arguments.format {
        Format::Json => {
            let head = to_json(&path, against, &reading, &sources);
            Told { head, findings: Vec::new(), tail: String::new(), sources, failed }
        }
        Format::Text => {
            let head = listing(&reading, &sources);
            let tail = summary(&reading);
            Told { head, findings: reading.findings, tail, sources, failed }
        }
    })
}

/// The longest line of a text, in bytes; a paragraph is a line, and none is as long.
const LONGEST_LINE: usize = 65_536;

fn refuse_long_lines(path: &Path, text: &str) -> Result<(), ClaimsError> {
    match (1..).zip(text.lines()).find(|(_, line)| line.len() > LONGEST_LINE) {
        Some((line, long)) => Err(ClaimsError::Line { path: path.to_owned(), line, bytes: long.len() }),
        None => Ok(()),
    }
}

fn scene<'a>(site: &'a Site, disclosure: &'a Disclosure) -> Scene<'a> {
    Scene { disclosure, prior: site.prior_of(disclosure) }
}

fn format_of(path: &Path) -> Result<TextFormat, ClaimsError> {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    match ending.as_deref() {
        Some("md") => Ok(TextFormat::Markdown),
        Some("txt") => Ok(TextFormat::Plain),
        _ => Err(ClaimsError::Ending(path.to_owned())),
    }
}

/// The text of a file, without a byte order mark.
fn text_of(path: &Path) -> Result<String, ClaimsError> {
    let refused = |source| ClaimsError::Read { path: path.to_owned(), source };
    if fs::metadata(path).map_err(refused)?.len() > MOST_BYTES {
        return Err(ClaimsError::Size(path.to_owned()));
    }
    let bytes = fs::read(path).map_err(refused)?;
    let text = String::from_utf8(bytes).map_err(|_| ClaimsError::Encoding(path.to_owned()))?;
    // What hides in it would reach the terminal.
    let text = text.replace("\r\n", "\n").replace(|c| is_forbidden(c) || c == '\r', "\u{FFFD}");
    Ok(text.strip_prefix('\u{FEFF}').map_or(text.clone(), str::to_owned))
}

/// The disclosure of a unit's year, by the name of its folder: `2023`, `2023-budget`.
fn find(loaded: &Loaded, unit: &str, year: &str) -> Result<usize, ClaimsError> {
    let (number, kind) = year.split_once('-').map_or((year, None), |(number, kind)| (number, Some(kind)));
    let is_meant = |disclosure: &&Disclosure| {
        disclosure.unit == unit
            && disclosure.year.to_string() == number
            && kind.is_none_or(|kind| Kind::from_key(kind) == Some(disclosure.kind))
    };
    let disclosures = &loaded.site.disclosures;
    let mut meant: Vec<&Disclosure> = disclosures.iter().filter(is_meant).collect();
    // A year without a kind means the final accounts where there are both.
    meant.sort_by_key(|disclosure| disclosure.kind != Kind::Final);
    let found = meant.first().and_then(|meant| disclosures.iter().position(|other| std::ptr::eq(other, *meant)));
    found.ok_or_else(|| unknown(loaded, unit, year))
}

fn unknown(loaded: &Loaded, unit: &str, year: &str) -> ClaimsError {
    let units = loaded.site.units.keys().map(String::as_str);
    let of_unit = loaded.site.disclosures.iter().filter(|disclosure| disclosure.unit == unit);
    let years: Vec<String> = of_unit.map(|disclosure| disclosure.year.to_string()).collect();
    let hint = if !years.is_empty() {
        format!("这个单位有：{}。", years.join("、"))
    } else if loaded.site.units.contains_key(unit) {
        "用 disclose check 查看数据读入的情况。".to_owned()
    } else {
        let near = nearest(unit, units);
        near.map_or("单位写 content/units 下的目录名。".to_owned(), |near| format!("是不是“{near}”？"))
    };
    ClaimsError::Unknown { unit: unit.to_owned(), year: year.to_owned(), hint }
}

// For people

/// A line a numeral: where it stands, as written, what became of it, what it was read as.
fn listing(reading: &Reading, sources: &SourceMap) -> String {
    let mut out = String::new();
    for numeral in &reading.numerals {
        let position = sources.position(numeral.place);
        let (text, state) = (shown(&numeral.text), state_name(numeral));
        let _ = write!(out, "{}:{}  {text}  {state}", position.line, position.column); // a String takes all
        if !numeral.reading.is_empty() {
            let _ = write!(out, "  {}", shown(&numeral.reading));
        }
        for counterpart in &numeral.counterpart {
            let _ = write!(out, "  {} {}", shown(&counterpart.name), shown(&counterpart.figure));
        }
        out.push('\n');
    }
    if !out.is_empty() {
        out.push('\n');
    }
    out
}

/// A text on one line of a terminal: what controls it is taken out.
fn shown(text: &str) -> String {
    let plain = |c: char| if is_forbidden(c) || c.is_whitespace() { ' ' } else { c };
    text.chars().map(plain).collect()
}

/// What became of a numeral, in Chinese.
fn state_name(numeral: &Numeral) -> &'static str {
    match (numeral.state, &numeral.kind) {
        (State::Checked, _) => numeral.verdict.map_or("已核对", Verdict::name),
        (State::NoCounterpart, _) => "没有可核对的数",
        (State::Unread, _) => "没有读懂",
        (State::Aside, NumeralKind::Aside(aside)) => aside_name(*aside),
        (State::Aside, _) => "不是数据",
    }
}

const fn aside_name(aside: Aside) -> &'static str {
    match aside {
        Aside::Date => "日期",
        Aside::Time => "时间",
        Aside::Ordinal => "序号",
        Aside::Code => "编号",
        Aside::DocumentNumber => "文号",
    }
}

fn summary(reading: &Reading) -> String {
    let Tally { checked, no_counterpart, unread, aside } = reading.tally();
    let figures = reading.tally().figures();
    if figures == 0 && reading.findings.is_empty() {
        return format!("文字中没有数字（日期、编号等 {aside} 处不计），也没有发现问题。\n");
    }
    let told = if reading.findings.is_empty() {
        "没有发现问题。".to_owned()
    } else {
        diagnostic::summary(&reading.findings, &[])
    };
    format!(
        "{told}\n共 {figures} 个数字：核对 {checked}，读懂但没有可核对的数 {no_counterpart}，没有读懂 {unread}；\
         另有日期、编号等 {aside} 处。\n"
    )
}

// For programs

fn to_json(path: &str, against: Option<&Disclosure>, reading: &Reading, sources: &SourceMap) -> String {
    let tally = reading.tally();
    let count = |severity| reading.findings.iter().filter(|finding| finding.severity == severity).count();
    let document = json!({
        "schema": SCHEMA,
        "file": path,
        "against": against.map(|disclosure| json!({
            "unit": disclosure.unit, "year": disclosure.year, "kind": disclosure.kind.key(),
        })),
        "numerals": reading.numerals.iter().map(|numeral| numeral_json(numeral, sources)).collect::<Vec<_>>(),
        "findings": diagnostic::findings_json(&reading.findings, sources),
        "summary": {
            "figures": tally.figures(),
            "checked": tally.checked,
            "no_counterpart": tally.no_counterpart,
            "unread": tally.unread,
            "aside": tally.aside,
            "error": count(Severity::Error),
            "warning": count(Severity::Warning),
            "note": count(Severity::Note),
        },
    });
    format!("{document:#}\n")
}

fn numeral_json(numeral: &Numeral, sources: &SourceMap) -> Value {
    let (kind, unit) = match &numeral.kind {
        NumeralKind::Amount(scale) => ("amount", Some(scale.name().to_owned())),
        NumeralKind::Percent => ("percent", Some("%".to_owned())),
        NumeralKind::Count(unit) => ("count", Some(unit.clone())),
        NumeralKind::Bare => ("bare", None),
        NumeralKind::Aside(aside) => (aside_key(*aside), None),
    };
    let state = match numeral.state {
        State::Checked => "checked",
        State::NoCounterpart => "no_counterpart",
        State::Unread => "unread",
        State::Aside => "aside",
    };
    let counterparts = numeral.counterpart.iter().map(|counterpart| {
        let fields = json!({ "name": counterpart.name, "figure": counterpart.figure });
        diagnostic::placed_json(fields, counterpart.place, sources)
    });
    let fields = json!({
        "text": numeral.text,
        "kind": kind,
        "unit": unit,
        "state": state,
        "reading": (!numeral.reading.is_empty()).then_some(&numeral.reading),
        "verdict": numeral.verdict.map(Verdict::key),
        "counterparts": counterparts.collect::<Vec<_>>(),
    });
    diagnostic::placed_json(fields, Some(numeral.place), sources)
}

const fn aside_key(aside: Aside) -> &'static str {
    match aside {
        Aside::Date => "date",
        Aside::Time => "time",
        Aside::Ordinal => "ordinal",
        Aside::Code => "code",
        Aside::DocumentNumber => "document-number",
    }
}
