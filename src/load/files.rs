//! The files of a site: one sorted walk, each file read once, hostile ones refused.
//!
//! 1. Folders are walked in the order of their names; symlinks are never followed.
//! 2. Sources must be UTF-8, of a sensible size and free of hidden characters.
//! 3. Embedded files stand in where the site has none of the same path.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use walkdir::{DirEntry, WalkDir};

use super::embedded::embedded_files;
use super::has_extension;
use super::hidden;
use super::limits::{self, LIMITS, Limits};
use super::reader::Sink;
use super::urls;
use crate::diagnostic::{FileId, Finding, Place, SourceMap};
use crate::text::{io_reason, is_forbidden};

/// What the program could not do.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The site's folder cannot be read.
    #[error("不能读取站点目录 {path}：{}", crate::text::io_reason(source))]
    Root {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

/// A source text.
#[derive(Clone, Debug)]
pub(super) struct Source {
    /// The file.
    pub(super) id: FileId,
    /// Its text, without a byte order mark.
    pub(super) text: Arc<str>,
}

impl Source {
    /// The beginning of the file.
    pub(super) fn start(&self) -> Place {
        Place::start_of(self.id)
    }
}

/// All files of a site, by their paths with `/`.
#[derive(Debug, Default)]
pub(super) struct Files {
    /// Texts.
    pub(super) sources: BTreeMap<String, Source>,
    /// Embedded texts that the site's own files replace.
    pub(super) replaced: BTreeMap<String, Arc<str>>,
    /// Files that are published as they are.
    pub(super) statics: BTreeMap<String, Arc<[u8]>>,
    /// Files attached to disclosures; who publishes them looks at their names.
    pub(super) attachments: BTreeMap<String, Arc<[u8]>>,
    /// Folders, without a final `/`.
    pub(super) folders: BTreeSet<String>,
    /// Files that could not be read; they are there all the same.
    pub(super) unread: BTreeSet<String>,
}

impl Files {
    /// The text at a path.
    pub(super) fn get(&self, path: &str) -> Option<&Source> {
        self.sources.get(path)
    }

    /// Whether anything stands at a path, readable or not.
    pub(super) fn has(&self, path: &str) -> bool {
        self.sources.contains_key(path) || self.unread.contains(path)
    }

    /// The texts below a folder (`content/forms/`), in the order of their paths.
    pub(super) fn below<'f>(&'f self, folder: &'f str) -> impl Iterator<Item = (&'f str, &'f Source)> {
        self.sources
            .range(folder.to_owned()..)
            .take_while(move |(path, _)| path.starts_with(folder))
            .map(move |(path, source)| (&path[folder.len()..], source))
    }

    /// The names of the folders directly below a folder (`content/units/`).
    pub(super) fn folders_in<'f>(&'f self, folder: &'f str) -> impl Iterator<Item = &'f str> {
        self.folders
            .range(folder.to_owned()..)
            .take_while(move |path| path.starts_with(folder))
            .map(move |path| &path[folder.len()..])
            .filter(|name| !name.is_empty() && !name.contains('/'))
    }
}

/// Reads every file of the site below `root`.
pub(super) fn read(root: &Path, sources: &mut SourceMap, sink: &Sink) -> Result<Files, LoadError> {
    read_within(LIMITS, root, sources, sink)
}

/// The files that the program brings along, of a site that has none of its own.
pub(super) fn embedded(sources: &mut SourceMap, sink: &Sink) -> Files {
    let mut walk = Walk::new(LIMITS, Path::new(""), sources, sink);
    walk.add_embedded();
    walk.files
}

fn read_within(limits: Limits, root: &Path, sources: &mut SourceMap, sink: &Sink) -> Result<Files, LoadError> {
    fs::read_dir(root).map_err(|source| LoadError::Root { path: root.to_owned(), source })?;
    let mut walk = Walk::new(limits, root, sources, sink);
    walk.site();
    Ok(walk.files)
}

/// Walks a site and leaves the files of its units' years to be read later: they are known by
/// their paths. `None` where what is published as it is comes to too much, which only reading
/// everything tells.
pub(super) fn read_common(
    root: &Path,
    sources: &mut SourceMap,
    sink: &Sink,
) -> Result<Option<(Files, Vec<Later>)>, LoadError> {
    fs::read_dir(root).map_err(|source| LoadError::Root { path: root.to_owned(), source })?;
    let mut walk = Walk::new(LIMITS, root, sources, sink);
    walk.later = Some(Vec::new());
    walk.site();
    let (fits, later) = (walk.published <= LIMITS.all_published, walk.later.take().unwrap_or_default());
    Ok(fits.then_some((walk.files, later)))
}

/// Reads files that were left for later; they belong to a part of the site, and `sources` is its own.
pub(super) fn read_later(root: &Path, later: &[Later], sources: &mut SourceMap, sink: &Sink) -> Files {
    let mut walk = Walk::new(LIMITS, root, sources, sink);
    for Later { id, is_attachment } in later {
        let path = walk.sources.file(*id).path.to_owned();
        let full = root.join(&path);
        walk.known = Some(*id);
        if fs::symlink_metadata(&full).is_ok_and(|metadata| metadata.is_symlink()) {
            // It has taken the place of the file since the walk.
            walk.refuse_symlink(&path);
        } else if *is_attachment {
            walk.attachment(path, &full);
        } else {
            walk.source(&path, &full);
        }
    }
    walk.files
}

/// A file of a unit's year that is read later.
#[derive(Clone, Copy, Debug)]
pub(super) struct Later {
    /// The file, known by its path.
    pub(super) id: FileId,
    /// Whether it is published as it is.
    is_attachment: bool,
}

struct Walk<'w> {
    limits: Limits,
    root: &'w Path,
    files: Files,
    sources: &'w mut SourceMap,
    /// The files of the units' years, where they are read later.
    later: Option<Vec<Later>>,
    /// The file that is being read, where it was left for later.
    known: Option<FileId>,
    sink: &'w Sink,
    /// How many files and folders were met.
    entries: usize,
    /// How many bytes are published as they are.
    published: u64,
    /// What the folder of each unit's year holds.
    years: BTreeMap<String, Holding>,
    /// What was met and is still to be read, in order.
    waiting: Vec<Met>,
}

/// So many files are read side by side, and then taken in one after the other.
const AT_ONCE: usize = 1_024;

/// A file that the walk met: its path in the site, and on the disk.
enum Met {
    Source(String, PathBuf),
    /// Published as it is.
    Static(String, PathBuf),
    Attachment(String, PathBuf),
    Symlink(String),
}

/// What a source file holds.
enum Content {
    Text(Arc<str>),
    /// No UTF-8, up to this byte.
    Bytes(Vec<u8>, usize),
    TooLarge(u64),
    Failed(std::io::Error),
}

/// How much a folder holds so far.
#[derive(Clone, Copy, Debug, Default)]
struct Holding {
    entries: usize,
    attached: u64,
}

/// What becomes of the rest of a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Onward {
    Go,
    /// It is not looked at.
    Skip,
    /// Nor is anything else of the site.
    Stop,
}

impl<'w> Walk<'w> {
    fn new(limits: Limits, root: &'w Path, sources: &'w mut SourceMap, sink: &'w Sink) -> Self {
        let (files, years) = (Files::default(), BTreeMap::new());
        Self {
            limits,
            root,
            files,
            sources,
            later: None,
            known: None,
            sink,
            entries: 0,
            published: 0,
            years,
            waiting: Vec::new(),
        }
    }

    fn site(&mut self) {
        self.file_if_there("site.toml");
        self.file_if_there(urls::FILE);
        for folder in ["content", "static", "themes"] {
            self.folder(folder);
        }
        self.add_embedded();
    }

    /// The id of the file that is being read.
    fn id_of(&mut self, path: &str) -> FileId {
        self.known.take().unwrap_or_else(|| self.sources.add(path.to_owned(), ""))
    }

    /// Keeps the text of a file that is being read.
    fn keep(&mut self, id: FileId, was_known: bool, text: Arc<str>) {
        if was_known {
            self.sources.read(id, text);
        } else {
            self.sources.replace(id, text);
        }
    }

    /// Leaves a file of a unit's year for later, where that is wanted.
    fn leave(&mut self, path: &str, entry: &DirEntry) -> bool {
        let Some(later) = &mut self.later else { return false };
        if year_folder(path).is_none() {
            return false;
        }
        let is_attachment = is_attachment(path);
        if is_attachment {
            self.published += entry.metadata().map_or(0, |metadata| metadata.len());
        }
        let id = self.sources.add(path.to_owned(), "");
        later.push(Later { id, is_attachment });
        true
    }

    fn file_if_there(&mut self, path: &str) {
        let full = self.root.join(path);
        match fs::symlink_metadata(&full) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Ok(metadata) if metadata.is_symlink() => self.refuse_symlink(path),
            Ok(metadata) if !metadata.is_file() => self.refuse_special(path),
            _ => self.source(path, &full),
        }
    }

    fn folder(&mut self, name: &str) {
        self.walk(name);
        self.read_waiting();
    }

    fn walk(&mut self, name: &str) {
        let full = self.root.join(name);
        if fs::symlink_metadata(&full).is_err() {
            return;
        }
        let walk = WalkDir::new(&full).follow_links(false).follow_root_links(false).sort_by_file_name();
        let mut walk = walk.into_iter();
        while let Some(entry) = walk.next() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    self.refuse_walk(name, &error);
                    continue;
                }
            };
            let left_out = entry.depth() > 0 && is_left_out(name, &entry.file_name().to_string_lossy());
            match if left_out { Onward::Skip } else { self.entry(&entry) } {
                Onward::Stop => return,
                // A file has no rest: skipping would leave out the files beside it.
                Onward::Skip if entry.file_type().is_dir() => walk.skip_current_dir(),
                Onward::Skip | Onward::Go => {}
            }
        }
    }

    fn entry(&mut self, entry: &DirEntry) -> Onward {
        let Some(path) = self.site_path(entry.path()) else { return Onward::Skip };
        let onward = self.admit(&path, entry);
        if onward != Onward::Go {
            return onward;
        }
        let kind = entry.file_type();
        let full = || entry.path().to_owned();
        if kind.is_symlink() {
            self.waiting.push(Met::Symlink(path));
        } else if kind.is_dir() {
            self.files.folders.insert(path);
        } else if !kind.is_file() {
            self.refuse_special(&path);
        } else if is_published_as_it_is(&path) {
            self.waiting.push(Met::Static(path, full()));
        } else if self.leave(&path, entry) {
            // It is read later.
        } else if is_attachment(&path) {
            self.waiting.push(Met::Attachment(path, full()));
        } else {
            self.waiting.push(Met::Source(path, full()));
        }
        if self.waiting.len() >= AT_ONCE {
            self.read_waiting();
        }
        Onward::Go
    }

    /// Reads what waits: sources side by side, everything else, which may be large, when its turn
    /// comes. All is taken in the order in which it was met.
    fn read_waiting(&mut self) {
        let (waiting, limits) = (std::mem::take(&mut self.waiting), self.limits);
        let read = |met: &Met| match met {
            Met::Source(path, full) => Some(content(path, full, limits)),
            _ => None,
        };
        let contents: Vec<Option<Content>> = waiting.par_iter().map(read).collect();
        for (met, content) in waiting.into_iter().zip(contents) {
            match met {
                Met::Source(path, _) => content.into_iter().for_each(|content| self.take(&path, content)),
                Met::Static(path, full) => self.static_file(path, &full),
                Met::Attachment(path, full) => self.attachment(path, &full),
                Met::Symlink(path) => self.refuse_symlink(&path),
            }
        }
    }

    /// Counts a file or folder; whether there are too many, or it lies too deep.
    fn admit(&mut self, path: &str, entry: &DirEntry) -> Onward {
        let limits = self.limits;
        self.entries += 1;
        if self.entries > limits.entries {
            if self.entries == limits.entries + 1 {
                let message = format!("站点有 {} 个以上的文件和目录，其余没有读入", limits.entries);
                self.sink.add(Finding::new("S084", message).help("多半放进了别的东西，如备份、软件包；请移走"));
            }
            return Onward::Stop;
        }
        if entry.depth() > limits.depth {
            let message = format!("目录 {path} 套了 {} 层以上，没有读入", limits.depth);
            self.sink.add(Finding::new("S085", message).help("多半把整个目录复制到了它自己里面；请移走多余的"));
            return Onward::Skip;
        }
        let Some(year) = year_folder(path) else { return Onward::Go };
        let holding = self.years.entry(year.to_owned()).or_default();
        holding.entries += 1;
        if holding.entries == limits.entries_of_year + 1 {
            let message = format!("{year} 中有 {} 个以上的文件和目录，其余没有读入", limits.entries_of_year);
            self.sink.add(Finding::new("S084", message).help("一个单位一年的数据只有几十个文件；请移走别的东西"));
        }
        if holding.entries > limits.entries_of_year { Onward::Skip } else { Onward::Go }
    }

    /// The path below the root with `/`; names that are not text are refused.
    fn site_path(&mut self, full: &Path) -> Option<String> {
        let relative = full.strip_prefix(self.root).unwrap_or(full);
        let names: Option<Vec<&str>> = relative.iter().map(|name| name.to_str()).collect();
        let path = names.map(|names| names.join("/"));
        let is_hidden = |c: char| is_forbidden(c) || c.is_control();
        let why = match &path {
            Some(path) if !path.contains(is_hidden) => return Some(path.clone()),
            Some(_) => "中有看不见的字符",
            None => "不是 UTF-8 文字",
        };
        let shown = relative.to_string_lossy();
        let message = format!("文件名“{}”{why}，没有读入", shown.replace(is_hidden, "\u{FFFD}"));
        self.sink.add(Finding::new("S018", message).help("改用小写英文字母、数字和连字符命名"));
        None
    }

    fn source(&mut self, path: &str, full: &Path) {
        self.take(path, content(path, full, self.limits));
    }

    /// Takes in what a source file holds.
    fn take(&mut self, path: &str, content: Content) {
        match content {
            Content::Text(text) => return self.add(path, text),
            // A Word file beside the data is told as a file that does not belong here.
            Content::Bytes(..) if !is_text(path) => return self.add(path, "".into()),
            Content::Bytes(bytes, valid) => return self.refuse_encoding(path, &bytes, valid),
            Content::TooLarge(size) => self.refuse_size(path, size, self.limits.of_source(path)),
            Content::Failed(error) => self.refuse_unreadable(path, &error),
        }
        self.files.unread.insert(path.to_owned());
    }

    fn static_file(&mut self, path: String, full: &Path) {
        let Some(bytes) = self.read(&path, full, self.limits.published) else { return };
        if self.publishes(&path, bytes.len()) {
            self.files.statics.insert(path, bytes.into());
        }
    }

    fn attachment(&mut self, path: String, full: &Path) {
        let Some(bytes) = self.read(&path, full, self.limits.attachment) else { return };
        let most = self.limits.attachments;
        let year = year_folder(&path).unwrap_or_default().to_owned();
        let holding = self.years.entry(year).or_default();
        holding.attached += bytes.len() as u64;
        if holding.attached > most {
            let message = format!("这一年的附件合计超过 {} MiB，从这个文件起没有读入", most >> 20);
            self.refuse_file("S086", &path, message, "缩小扫描件，或者只公开主要的附件");
        } else if self.publishes(&path, bytes.len()) {
            self.files.attachments.insert(path, bytes.into());
        }
    }

    /// Whether so many bytes more may be published as they are: all of them are held in memory.
    fn publishes(&mut self, path: &str, bytes: usize) -> bool {
        let most = self.limits.all_published;
        self.published += bytes as u64;
        let fits = self.published <= most;
        if !fits {
            let message = format!("全站照原样发布的文件合计超过 {} MiB，从这个文件起没有读入", most >> 20);
            self.refuse_file("S086", path, message, "把大文件放到别的网站，页面上写链接");
        }
        fits
    }

    fn refuse_file(&mut self, code: &str, path: &str, message: String, help: &str) {
        let id = self.id_of(path);
        self.sink.add(Finding::new(code, message).at(Place::start_of(id)).help(help));
    }

    fn read(&mut self, path: &str, full: &Path, most: u64) -> Option<Vec<u8>> {
        match read_at_most(full, most) {
            Ok(bytes) if bytes.len() as u64 <= most => Some(bytes),
            Ok(_) => {
                self.refuse_size(path, size_of(full, most), most);
                None
            }
            Err(error) => {
                self.refuse_unreadable(path, &error);
                None
            }
        }
    }

    fn refuse_size(&mut self, path: &str, size: u64, most: u64) {
        let help = format!("单个文件不超过 {} MiB", most >> 20);
        self.refuse_file("S014", path, format!("文件太大（{size} 字节），没有读入"), &help);
    }

    fn refuse_unreadable(&mut self, path: &str, error: &std::io::Error) {
        let message = format!("不能读取文件：{}", io_reason(error));
        self.refuse_file("S015", path, message, "检查文件是否存在、是否有读取权限");
    }

    fn add(&mut self, path: &str, text: Arc<str>) {
        let was_known = self.known.is_some();
        let id = self.id_of(path);
        if let Some(line) = limits::long_line(path, &text) {
            self.files.unread.insert(path.to_owned());
            self.sink.add(limits::tell_long_line(id, line));
            return;
        }
        let nested = has_extension(path, "md").then(|| limits::nested_too_deep(&text)).flatten();
        if let Some(at) = nested {
            self.files.unread.insert(path.to_owned());
            self.keep(id, was_known, hidden::cleaned(id, path, text, &Sink::new()));
            self.sink.add(limits::tell_nested(Place::new(id, at..at)));
            return;
        }
        let text = hidden::cleaned(id, path, text, self.sink);
        self.keep(id, was_known, Arc::clone(&text));
        self.files.sources.insert(path.to_owned(), Source { id, text });
    }

    fn refuse_encoding(&mut self, path: &str, bytes: &[u8], valid: usize) {
        let id = self.id_of(path);
        self.files.unread.insert(path.to_owned());
        let utf16 = bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]);
        let guess = if utf16 { "是 UTF-16（记事本称作 Unicode）" } else { "可能是 GBK" };
        self.sink.add(
            Finding::new("S011", format!("文件不是 UTF-8 编码（第 {} 字节起），{guess}，没有读入", valid + 1))
                .at(Place::start_of(id))
                .help("用编辑器打开，另存为 UTF-8"),
        );
    }

    fn refuse_symlink(&mut self, path: &str) {
        let id = self.id_of(path);
        self.files.unread.insert(path.to_owned());
        self.sink.add(
            Finding::new("S013", "这是符号链接，没有读入")
                .at(Place::start_of(id))
                .help("把它指向的文件复制到这里，链接可能指到站点以外"),
        );
    }

    fn refuse_special(&self, path: &str) {
        self.sink.add(Finding::new("S015", format!("{path} 不是普通文件，没有读入")).help("移走它，换成普通文件"));
    }

    fn refuse_walk(&mut self, folder: &str, error: &walkdir::Error) {
        let path = error.path().and_then(|path| path.strip_prefix(self.root).ok()).map(Path::to_path_buf);
        let shown = path.map_or_else(|| folder.to_owned(), |path| path.to_string_lossy().into_owned());
        let why = error.io_error().map_or_else(|| "目录有问题".to_owned(), io_reason);
        self.sink.add(Finding::new("S015", format!("不能读取 {shown}：{why}")).help("检查是否有读取权限"));
    }

    /// Adds the files of the program itself.
    fn add_embedded(&mut self) {
        for (path, bytes) in embedded_files() {
            if is_published_as_it_is(path) {
                self.files.statics.entry(path.to_owned()).or_insert_with(|| bytes.into());
                continue;
            }
            let Ok(text) = std::str::from_utf8(bytes) else { continue };
            if self.files.has(path) {
                self.files.replaced.insert(path.to_owned(), text.into());
                continue;
            }
            let text: Arc<str> = text.into();
            let id = self.sources.add(format!("内置:{path}"), Arc::clone(&text));
            self.files.sources.insert(path.to_owned(), Source { id, text });
        }
    }
}

/// What the source at a path holds, without a byte order mark.
fn content(path: &str, full: &Path, limits: Limits) -> Content {
    let most = limits.of_source(path);
    let bytes = match read_at_most(full, most) {
        Ok(bytes) if bytes.len() as u64 <= most => bytes,
        Ok(_) => return Content::TooLarge(size_of(full, most)),
        Err(error) => return Content::Failed(error),
    };
    match std::str::from_utf8(&bytes) {
        Ok(text) => Content::Text(text.strip_prefix('\u{FEFF}').unwrap_or(text).into()),
        Err(error) => {
            let valid = error.valid_up_to();
            Content::Bytes(bytes, valid)
        }
    }
}

/// The size of a file that has more bytes than it may.
fn size_of(full: &Path, most: u64) -> u64 {
    fs::metadata(full).map_or(most + 1, |metadata| metadata.len())
}

/// The bytes of a file, or the first of them when there are more than `most`: a file may grow
/// while it is read, and a device has no end.
fn read_at_most(full: &Path, most: u64) -> std::io::Result<Vec<u8>> {
    let file = fs::File::open(full)?;
    let size = file.metadata()?.len();
    if size > most {
        return Ok(vec![0; usize::try_from(most + 1).unwrap_or(usize::MAX)]);
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
    // A device tells no size. Of a file that grows meanwhile it is as if it was read before that.
    file.take(if size > 0 { size } else { most + 1 }).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The folder of a unit's year that a path lies in: `content/units/a/2023`.
fn year_folder(path: &str) -> Option<&str> {
    let below = path.strip_prefix("content/units/")?;
    let (at, _) = below.match_indices('/').nth(1)?;
    Some(&path[.."content/units/".len() + at])
}

/// Whether a name below one of the site's folders (`static`, `content`) is no source of it: files
/// of editors and systems, and folders of version control. In `static/` hidden files
/// (`.nojekyll`, `.well-known/`) are meant to be published.
pub fn is_left_out(folder: &str, name: &str) -> bool {
    is_of_a_tool(name) || (folder != "static" && name.starts_with('.'))
}

fn is_of_a_tool(name: &str) -> bool {
    let known = [".DS_Store", ".git", ".gitignore", ".gitkeep", ".svn", "Thumbs.db", "desktop.ini"];
    name.starts_with("~$")
        || name.ends_with('~')
        || (name.starts_with('.') && has_extension(name, "swp"))
        || known.contains(&name)
}

/// Whether a file should be a text; in `content/` only data and Markdown are.
fn is_text(path: &str) -> bool {
    !path.starts_with("content/") || ["toml", "json", "md"].iter().any(|ending| super::has_extension(path, ending))
}

/// Whether a file goes to the output as it is: `static/…`, `themes/<theme>/static/…`.
fn is_published_as_it_is(path: &str) -> bool {
    let mut parts = path.split('/');
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some("static"), Some(_), ..) => true,
        (Some("themes"), Some(_), Some(folder), Some(_)) => folder == "static",
        _ => false,
    }
}

/// Whether a file is attached to a disclosure: published as it is, below the disclosure's page.
fn is_attachment(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    matches!(
        parts[..],
        ["content", "units", _, _, "attachments", _, ..]
            | ["content", "units", _, _, "versions", _, "attachments", _, ..]
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const YEAR: &str = "content/units/a/2023";

    /// Little enough to be exceeded by a few small files.
    const SMALL: Limits = Limits {
        source: 40,
        markdown: 30,
        lock: 60,
        published: 20,
        attachment: 10,
        attachments: 15,
        all_published: 45,
        entries: 30,
        entries_of_year: 8,
        depth: 7,
    };

    /// A site with these files, of so many bytes each.
    fn site(files: &[(&str, usize)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (path, bytes) in files {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "#".repeat(*bytes)).unwrap();
        }
        folder
    }

    /// What the walk tells: codes, and the files they stand in.
    fn told(limits: Limits, root: &Path) -> Vec<String> {
        let (mut sources, sink) = (SourceMap::default(), Sink::new());
        read_within(limits, root, &mut sources, &sink).unwrap();
        let file = |finding: &Finding| finding.place.map(|place| sources.file(place.file).path.to_owned());
        let findings = sink.into_findings();
        findings.iter().map(|finding| format!("{} {}", finding.code.id, file(finding).unwrap_or_default())).collect()
    }

    fn told_of(files: &[(&str, usize)]) -> Vec<String> {
        told(SMALL, site(files).path())
    }

    #[test]
    fn each_kind_of_file_has_its_own_size() {
        let sizes = |more: usize| {
            told_of(&[
                ("site.toml", 40 + more),
                ("urls.lock", 60 + more),
                ("content/units/a/2023/work.md", 30 + more),
                ("static/a.txt", 20 + more),
                ("content/units/a/2023/attachments/a.pdf", 10 + more),
            ])
        };
        assert_eq!(sizes(0), Vec::<String>::new());
        assert_eq!(
            sizes(1),
            [
                "S014 site.toml",
                "S014 urls.lock",
                "S014 content/units/a/2023/attachments/a.pdf",
                "S014 content/units/a/2023/work.md",
                "S014 static/a.txt",
            ]
        );
    }

    #[test]
    fn what_is_published_as_it_is_may_not_come_to_too_much() {
        let [one, other] = ["a", "b"].map(|name| format!("{YEAR}/attachments/{name}.pdf"));
        let earlier = format!("{YEAR}/versions/1/attachments/c.pdf");
        assert_eq!(told_of(&[(&one, 8), (&other, 7)]), Vec::<String>::new());
        assert_eq!(told_of(&[(&one, 8), (&other, 8)]), [format!("S086 {other}")]);
        assert_eq!(told_of(&[(&one, 8), (&earlier, 8)]), [format!("S086 {earlier}")]);
        let another = "content/units/b/2023/attachments/b.pdf";
        assert_eq!(told_of(&[(&one, 8), (another, 8)]), Vec::<String>::new());
        assert_eq!(told_of(&[("static/a", 20), ("static/b", 20), ("static/c", 5)]), Vec::<String>::new());
        assert_eq!(told_of(&[(&one, 6), ("static/a", 20), ("static/b", 20)]), ["S086 static/b"]);
    }

    #[test]
    fn a_year_that_holds_too_many_files_is_read_up_to_there_and_its_neighbours_wholly() {
        let files = |count: usize| (0..count).map(|at| format!("{YEAR}/tables/{at:02}.toml")).collect::<Vec<_>>();
        let with = |count: usize| {
            let files = files(count);
            let mut files: Vec<(&str, usize)> = files.iter().map(|path| (path.as_str(), 1)).collect();
            files.push(("content/units/b/2023/a.toml", 50));
            told_of(&files)
        };
        // The folder `tables` counts too.
        assert_eq!(with(7), ["S014 content/units/b/2023/a.toml"]);
        assert_eq!(with(8), ["S084 ", "S014 content/units/b/2023/a.toml"]);
        assert_eq!(with(12), ["S084 ", "S014 content/units/b/2023/a.toml"]);
    }

    #[test]
    fn a_site_of_too_many_files_is_told_once() {
        let files = |count: usize| (0..count).map(|at| format!("static/{at}")).collect::<Vec<_>>();
        let with = |count: usize| {
            let files = files(count);
            told_of(&files.iter().map(|path| (path.as_str(), 0)).collect::<Vec<_>>())
        };
        assert_eq!(with(29), Vec::<String>::new());
        assert_eq!(with(40), ["S084 "]);
    }

    #[test]
    fn folders_in_folders_are_followed_as_deep_as_any_site_goes() {
        assert_eq!(told_of(&[("static/1/2/3/4/5/6/a", 1)]), Vec::<String>::new());
        let deep = [("static/1/2/3/4/5/6/7/8/a", 1), ("static/1/b", 21), ("static/z", 21)];
        assert_eq!(told_of(&deep), ["S085 ", "S014 static/1/b", "S014 static/z"]);
    }

    #[test]
    fn a_line_or_a_list_that_nobody_wrote_keeps_its_file_from_being_read() {
        let site = site(&[("content/pages/a.md", 65_537), ("content/pages/c.toml", 65_536)]);
        fs::write(site.path().join("content/pages/b.md"), ">".repeat(65)).unwrap();
        fs::write(site.path().join("content/pages/d.md"), ">".repeat(64)).unwrap();
        assert_eq!(told(LIMITS, site.path()), ["S081 content/pages/a.md", "S083 content/pages/b.md"]);
    }

    #[test]
    #[cfg(unix)]
    fn links_and_pipes_are_refused_wherever_they_stand() {
        let other = site(&[("secret.txt", 5)]);
        let secret = other.path().join("secret.txt");
        for path in ["site.toml", "urls.lock", "content", "static", "static/a", "themes/x", "content/units/a/2023/a"] {
            for target in [secret.as_path(), other.path()] {
                let site = site(&[]);
                let link = site.path().join(path);
                fs::create_dir_all(link.parent().unwrap()).unwrap();
                std::os::unix::fs::symlink(target, &link).unwrap();
                assert_eq!(told(LIMITS, site.path()), [format!("S013 {path}")]);
            }
        }
        for path in ["site.toml", "urls.lock", "static/a"] {
            let site = site(&[]);
            let pipe = site.path().join(path);
            fs::create_dir_all(pipe.parent().unwrap()).unwrap();
            assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
            assert_eq!(told(LIMITS, site.path()), ["S015 "], "{path}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn names_that_hide_something_are_refused_with_all_below_them_and_shown_without_it() {
        use std::os::unix::ffi::OsStrExt;
        for name in ["a\u{1b}[31m".as_bytes(), "a\u{202e}b".as_bytes(), b"a\nb", b"a\xffb"] {
            let site = site(&[]);
            let folder = site.path().join("content/units").join(std::ffi::OsStr::from_bytes(name));
            fs::create_dir_all(&folder).unwrap();
            fs::write(folder.join("unit.toml"), "x").unwrap();
            let (mut sources, sink) = (SourceMap::default(), Sink::new());
            let files = read_within(LIMITS, site.path(), &mut sources, &sink).unwrap();
            let found = sink.into_findings();
            let told: Vec<_> =
                found.iter().map(|finding| (finding.code.id, finding.message.contains('\u{FFFD}'))).collect();
            assert_eq!(told, [("S018", true)], "{found:?}");
            assert!(!files.folders.iter().any(|path| path.contains(|c| is_forbidden(c) || c == '\n')));
        }
    }

    #[test]
    fn a_file_without_an_end_is_read_up_to_its_limit() {
        if cfg!(target_os = "linux") {
            assert_eq!(read_at_most(Path::new("/dev/zero"), 100).unwrap().len(), 101);
        }
        let site = site(&[("a", 100)]);
        assert_eq!(read_at_most(&site.path().join("a"), 100).unwrap().len(), 100);
    }
}
