//! `disclose amend`: keeps what was published before it is amended.
//!
//! 1. The sources must be those that were published: once they are edited, the version that
//!    readers saw can no longer be told from them.
//! 2. They are copied to `versions/<n>/`, all at once; nothing that is there is written over.
//! 3. An `[[amendments]]` entry is added at the end of `disclosure.toml`, which otherwise stays
//!    as it is, to the letter.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use walkdir::WalkDir;

use super::{Outcome, SiteArguments, shown, today};
use crate::export::{Subject, csv};
use crate::load::{self, Loaded};
use crate::model::date::Date;
use crate::model::disclosure::Disclosure;
use crate::model::site::Site;
use crate::render::links::{disclosure_path, version_path};
use crate::text::nearest;

/// The folder of earlier versions in a year's folder.
const VERSIONS: &str = "versions";

#[derive(Debug, Args)]
pub(super) struct AmendArguments {
    /// 单位标识，即 content/units 下的目录名
    #[arg(value_name = "单位")]
    unit: String,
    /// 年度目录名，如 2023；预算与决算并列的写 2023-budget
    #[arg(value_name = "年度")]
    year: String,
    /// 更正原因，读者在网页上会看到；不写的留空，发布前再填
    #[arg(long, value_name = "原因")]
    reason: Option<String>,
    /// 更正日期，如 2024-11-20；默认为今天
    #[arg(long, value_name = "日期", value_parser = date_of)]
    date: Option<Date>,
    /// 网站在哪个目录，用来核对源文件与已公开的数据；默认为网站目录下的 public
    #[arg(long, value_name = "目录")]
    output: Option<PathBuf>,
    #[command(flatten)]
    site: SiteArguments,
}

fn date_of(text: &str) -> Result<Date, String> {
    Date::parse(text).ok_or_else(|| "写成 2024-11-20 这样的日期".to_owned())
}

/// Why nothing was kept.
#[derive(Debug, thiserror::Error)]
enum AmendError {
    #[error("content/units/{0}/{1} 中的 disclosure 文件没有或者读不了；用 disclose check 查看")]
    Unread(String, String),
    #[error("没有 content/units/{0}/{1}。这个单位现有的年度目录：{2}")]
    NoYear(String, String, String),
    #[error("没有 content/units/{0}{1}。单位标识是 content/units 下的目录名")]
    NoUnit(String, String),
    #[error("{0} 还没有公开过（urls.lock 中没有它的网址），直接改源文件就可以，不用登记更正")]
    NotPublished(String),
    #[error("第 {0} 版的更正还没有公开：先改正、检查并运行 disclose build，以后再有更正时运行本命令")]
    Pending(u32),
    #[error(
        "源文件与已公开的数据（{0}）不一致，可能已经改过了。先从备份或版本库取回公开时的源文件，运行本命令，然后再改正"
    )]
    Edited(PathBuf),
    #[error("{0} 不是本程序写的数据文件，没有办法核对源文件与已公开的数据是否一致；请重新取回网站，或用 --output 指明")]
    Foreign(PathBuf),
    #[error("更正日期 {0} 还没有到，今天是 {1}")]
    Future(Date, Date),
    #[error("更正日期 {0} 早于现行版本的公开日期 {1}")]
    Early(Date, Date),
    #[error("{0} 已经有了，没有改动；核对后移走它再运行")]
    Exists(PathBuf),
    #[error("{0} 中的 amendments 写成了 amendments = …，请改写成 [[amendments]] 再运行")]
    Inline(PathBuf),
    #[error("不能{what} {path}：{}", crate::text::io_reason(source))]
    File { what: &'static str, path: PathBuf, source: io::Error },
}

impl AmendError {
    fn file(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File { what, path, source }
    }
}

/// `disclose amend`: the published sources are kept as a version, ready to be amended.
pub(super) fn amend(arguments: &AmendArguments) -> Outcome {
    let root = &arguments.site.root;
    let loaded = load::load(root)?;
    let (disclosure, main) = found(&loaded, arguments)?;
    let output = arguments.output.clone().unwrap_or_else(|| root.join("public"));
    let compared = as_published(&loaded.site, disclosure, &output)?;
    let version = disclosure.version();
    let folder = root.join(main).parent().map(Path::to_owned).unwrap_or_default();
    let kept = folder.join(VERSIONS).join(version.to_string());
    let main = root.join(main);
    let is_toml = main.extension().is_some_and(|extension| extension == "toml");
    let date = arguments.date.map_or_else(today::today, Ok)?;
    in_time(disclosure, date)?;
    let text = fs::read_to_string(&main).map_err(AmendError::file("读取", &main))?;
    if is_toml && text.lines().any(|line| line.trim_start().starts_with("amendments")) {
        return Err(AmendError::Inline(main).into());
    }
    copy(&folder, &kept)?;
    println!("已把公开的源文件保存为第 {version} 版：{}", shown(&kept));
    let reason = arguments.reason.as_deref().unwrap_or_default();
    if is_toml {
        replace(&main, &with_entry(&text, &entry(version, date, reason)))?;
        println!("已在 {} 末尾登记这次更正。", shown(&main));
    } else {
        println!("请在 {} 的 amendments 列表末尾加上：{}", shown(&main), json_entry(version, date, reason));
    }
    if !compared {
        println!("没有找到已生成的网站，没有核对源文件与已公开的数据是否一致。");
    }
    let missing = if reason.is_empty() { "在 reason 中写明原因，" } else { "" };
    println!("接下来：{missing}改正数字和文字，运行 disclose check 检查，通过后运行 disclose build 重新公开。");
    Ok(ExitCode::SUCCESS)
}

/// The disclosure in the folder that was named, with the path of its main file.
fn found<'l>(loaded: &'l Loaded, arguments: &AmendArguments) -> Result<(&'l Disclosure, &'l str), AmendError> {
    let folder = format!("content/units/{}/{}/", arguments.unit, arguments.year);
    let main = |disclosure: &Disclosure| loaded.sources.file(disclosure.place.file).path;
    let mut own = loaded.site.disclosures.iter().map(|disclosure| (disclosure, main(disclosure)));
    own.find(|(_, main)| main.strip_prefix(&folder).is_some_and(|name| !name.contains('/')))
        .ok_or_else(|| unknown(loaded, arguments))
}

/// Why there is no such disclosure: which years or units there are instead.
fn unknown(loaded: &Loaded, arguments: &AmendArguments) -> AmendError {
    let (unit, year) = (&arguments.unit, &arguments.year);
    if arguments.site.root.join("content/units").join(unit).join(year).is_dir() {
        return AmendError::Unread(unit.clone(), year.clone());
    }
    let folder = format!("content/units/{unit}/");
    let mains = loaded.site.disclosures.iter().map(|disclosure| loaded.sources.file(disclosure.place.file).path);
    let years: BTreeSet<&str> = mains.filter_map(|main| main.strip_prefix(&folder)?.split('/').next()).collect();
    if !years.is_empty() {
        let years = years.into_iter().collect::<Vec<_>>().join("、");
        return AmendError::NoYear(unit.clone(), year.clone(), years);
    }
    let similar = nearest(unit, loaded.site.units.keys().map(String::as_str));
    let meant = similar.filter(|similar| similar != unit).map(|similar| format!("，请看是否为 {similar}"));
    match meant {
        None if loaded.site.units.contains_key(unit) => AmendError::NoYear(unit.clone(), year.clone(), "无".to_owned()),
        meant => AmendError::NoUnit(unit.clone(), meant.unwrap_or_default()),
    }
}

/// Makes sure that an amendment comes after what it amends, and not tomorrow.
fn in_time(disclosure: &Disclosure, date: Date) -> Result<(), Box<dyn std::error::Error>> {
    let today = today::today()?;
    if date > today {
        return Err(AmendError::Future(date, today).into());
    }
    match disclosure.in_force_since().filter(|since| date < *since) {
        Some(since) => Err(AmendError::Early(date, since).into()),
        None => Ok(()),
    }
}

/// The pages whose published figures were changed without an amendment, each with how many: what
/// the tree before says is held against what was published in its place. Corrections before
/// anybody has read the site need no amendment, so this is told, and no more.
pub(super) fn silent_changes(site: &Site, before: &Path, now: &Path) -> Vec<(String, usize)> {
    let is_registered = |path: &str| site.urls.iter().any(|url| url.value == path);
    let pages = site.disclosures.iter().flat_map(|disclosure| {
        let versions: Vec<String> =
            disclosure.amendments.iter().map(|amendment| version_path(disclosure, amendment.version)).collect();
        // An amendment that is published for the first time may change the present figures.
        let is_amended = versions.last().is_some_and(|last| !is_registered(last));
        versions.into_iter().chain((!is_amended).then(|| disclosure_path(disclosure)))
    });
    let changed = |page: String| {
        let file = page.replace("index.html", "figures.csv");
        let [before, now] = [before.join(&file), now.join(&file)];
        let count = if is_same_file(&before, &now) { 0 } else { changed_figures(&before, &now)? };
        (count > 0).then_some((page, count))
    };
    pages.filter_map(changed).collect()
}

/// How many figures differ between two files of figures; `None` where one of them is none.
fn changed_figures(before: &Path, now: &Path) -> Option<usize> {
    let named = |path: &Path| csv::named_figures(&fs::read(path).ok()?);
    let (before, now) = (named(before)?, named(now)?);
    let changed = now.iter().filter(|(name, value)| before.get(*name) != Some(value)).count();
    Some(changed + before.keys().filter(|name| !now.contains_key(*name)).count())
}

/// Whether two paths are links of one file, as those are that a build left unchanged.
#[cfg(unix)]
fn is_same_file(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let file = |path: &Path| fs::metadata(path).map(|meta| (meta.dev(), meta.ino())).ok();
    file(one).is_some() && file(one) == file(other)
}

#[cfg(not(unix))]
const fn is_same_file(_one: &Path, _other: &Path) -> bool {
    false
}

/// Makes sure that the sources are those that were published; says whether the published figures
/// were there to compare.
fn as_published(site: &Site, disclosure: &Disclosure, output: &Path) -> Result<bool, AmendError> {
    let is_registered = |path: &str| site.urls.iter().any(|url| url.value == path);
    let page = disclosure_path(disclosure);
    if !is_registered(&page) {
        return Err(AmendError::NotPublished(page.trim_end_matches("/index.html").to_owned()));
    }
    if let Some(last) =
        disclosure.amendments.last().filter(|last| !is_registered(&version_path(disclosure, last.version)))
    {
        return Err(AmendError::Pending(last.version));
    }
    let figures = output.join(page.replace("index.html", "figures.csv"));
    let published = match fs::read(&figures) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(AmendError::file("读取", &figures)(error)),
    };
    let own = csv::tidy(Subject { site, disclosure });
    match (csv::named_figures(&published), csv::named_figures(&own)) {
        (Some(published), Some(own)) if published == own => Ok(true),
        (Some(_), _) => Err(AmendError::Edited(figures)),
        (None, _) => Err(AmendError::Foreign(figures)),
    }
}

/// Copies the files of a year's folder, but for its earlier versions, to a folder that must not
/// be there yet. It appears whole or not at all.
fn copy(year: &Path, to: &Path) -> Result<(), AmendError> {
    if fs::symlink_metadata(to).is_ok() {
        return Err(AmendError::Exists(to.to_owned()));
    }
    let aside = to.with_file_name(format!(".{}.new", to.file_name().unwrap_or_default().to_string_lossy()));
    if fs::symlink_metadata(&aside).is_ok() {
        // Left over from a run that was stopped: it holds copies only.
        fs::remove_dir_all(&aside).map_err(AmendError::file("删除", &aside))?;
    }
    fs::create_dir_all(&aside).map_err(AmendError::file("新建", &aside))?;
    let is_source = |entry: &walkdir::DirEntry| {
        let name = entry.file_name().to_string_lossy();
        entry.depth() == 0 || !(name.starts_with('.') || (entry.depth() == 1 && name == VERSIONS))
    };
    for entry in WalkDir::new(year).sort_by_file_name().into_iter().filter_entry(is_source) {
        let entry = entry.map_err(|error| AmendError::file("读取", year)(error.into()))?;
        let target = aside.join(entry.path().strip_prefix(year).unwrap_or(entry.path()));
        if entry.file_type().is_dir() {
            fs::create_dir_all(&target).map_err(AmendError::file("新建", &target))?;
        } else if entry.file_type().is_file() {
            fs::copy(entry.path(), &target).map_err(AmendError::file("写", &target))?;
        }
    }
    fs::rename(&aside, to).map_err(AmendError::file("写", to))
}

/// Puts a text in the place of a file in one step.
fn replace(path: &Path, text: &str) -> Result<(), AmendError> {
    let aside = path.with_extension("toml.new");
    fs::write(&aside, text).map_err(AmendError::file("写", &aside))?;
    fs::rename(&aside, path).map_err(AmendError::file("写", path))
}

/// The text of the entry that is added to `disclosure.toml`.
fn entry(version: u32, date: Date, reason: &str) -> String {
    let mut entry = format!("# 第 {version} 次更正：更正前的源文件在 {VERSIONS}/{version}，不要改动\n");
    // Writing to a String cannot fail.
    let _ = writeln!(entry, "[[amendments]]\nversion = {version}\ndate    = {date}\nreason  = {}", quoted(reason));
    entry
}

fn json_entry(version: u32, date: Date, reason: &str) -> String {
    format!("{{ \"version\": {version}, \"date\": \"{date}\", \"reason\": {} }}", quoted(reason))
}

/// A text in one line in double quotes, as TOML and JSON both read it.
fn quoted(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    serde_json::Value::from(line).to_string()
}

/// A file with an entry after its end, its line ends kept.
fn with_entry(text: &str, entry: &str) -> String {
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let gap = if text.is_empty() || text.ends_with('\n') { end.to_owned() } else { end.repeat(2) };
    format!("{text}{gap}{}", entry.replace('\n', end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_added_after_the_file_which_stays_as_it_is() {
        let date = Date::parse("2024-11-20").unwrap();
        let entry = entry(1, date, "接待费“误填”为 \"0.21\"。");
        let text = "title = \"甲\" # 注\n\n[facts]\n";
        let added = with_entry(text, &entry);
        assert!(added.starts_with(text) && added.ends_with("reason  = \"接待费“误填”为 \\\"0.21\\\"。\"\n"), "{added}");
        assert!(added.contains("\n\n# 第 1 次更正"), "{added}");
        assert_eq!(with_entry("a = 1\r\n", "b\n"), "a = 1\r\n\r\nb\r\n");
        assert_eq!(with_entry("a = 1", "b\n"), "a = 1\n\nb\n");
    }
}
