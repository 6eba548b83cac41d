//! The files of a site: one sorted walk, each file read once, hostile ones refused.
//!
//! 1. Folders are walked in the order of their names; symlinks are never followed.
//! 2. Sources must be UTF-8, of a sensible size and free of hidden characters.
//! 3. Embedded files stand in where the site has none of the same path.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use walkdir::{DirEntry, WalkDir};

use super::embedded::embedded_files;
use super::has_extension;
use super::reader::Sink;
use super::urls;
use crate::diagnostic::{FileId, Finding, Place, SourceMap};
use crate::text::is_forbidden;

/// No source of a disclosure comes near this size.
pub(super) const MOST_BYTES: u64 = 4 << 20;

/// No file that is published as it is may be larger.
const MOST_STATIC_BYTES: u64 = 64 << 20;

/// Half a million published paths come to 32 MiB.
const MOST_LOCK_BYTES: u64 = 64 << 20;

/// No attachment of a disclosure may be larger.
const MOST_ATTACHMENT_BYTES: u64 = 20 << 20;

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
    fs::read_dir(root).map_err(|source| LoadError::Root { path: root.to_owned(), source })?;
    let mut walk = Walk { root, files: Files::default(), sources, sink };
    walk.file_if_there("site.toml", MOST_BYTES);
    walk.file_if_there(urls::FILE, MOST_LOCK_BYTES);
    for folder in ["content", "static", "themes"] {
        walk.folder(folder);
    }
    walk.add_embedded();
    Ok(walk.files)
}

struct Walk<'w> {
    root: &'w Path,
    files: Files,
    sources: &'w mut SourceMap,
    sink: &'w Sink,
}

impl Walk<'_> {
    fn file_if_there(&mut self, path: &str, most: u64) {
        let full = self.root.join(path);
        match fs::symlink_metadata(&full) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Ok(metadata) if metadata.is_symlink() => self.refuse_symlink(path),
            _ => self.source(path, &full, most),
        }
    }

    fn folder(&mut self, name: &str) {
        let full = self.root.join(name);
        if fs::symlink_metadata(&full).is_err() {
            return;
        }
        let walk = WalkDir::new(&full).follow_links(false).follow_root_links(false).sort_by_file_name();
        for entry in walk
            .into_iter()
            .filter_entry(|entry| entry.depth() == 0 || !is_left_out(name, &entry.file_name().to_string_lossy()))
        {
            match entry {
                Ok(entry) => self.entry(&entry),
                Err(error) => self.refuse_walk(name, &error),
            }
        }
    }

    fn entry(&mut self, entry: &DirEntry) {
        let Some(path) = self.site_path(entry.path()) else { return };
        let kind = entry.file_type();
        if kind.is_symlink() {
            self.refuse_symlink(&path);
        } else if kind.is_dir() {
            self.files.folders.insert(path);
        } else if !kind.is_file() {
            self.refuse_special(&path);
        } else if is_published_as_it_is(&path) {
            self.static_file(path, entry.path());
        } else if is_attachment(&path) {
            self.attachment(path, entry.path());
        } else {
            self.source(&path, entry.path(), MOST_BYTES);
        }
    }

    /// The path below the root with `/`; names that are not text are refused.
    fn site_path(&mut self, full: &Path) -> Option<String> {
        let relative = full.strip_prefix(self.root).unwrap_or(full);
        let names: Option<Vec<&str>> = relative.iter().map(|name| name.to_str()).collect();
        if let Some(names) = names {
            return Some(names.join("/"));
        }
        let shown = relative.to_string_lossy();
        self.sink.add(
            Finding::new("S018", format!("文件名“{shown}”不是 UTF-8 文字，没有读入"))
                .help("改用小写英文字母、数字和连字符命名"),
        );
        None
    }

    fn source(&mut self, path: &str, full: &Path, most: u64) {
        match self.read(path, full, most) {
            Some(bytes) => match String::from_utf8(bytes) {
                Ok(text) => self.add(path, &text),
                // A Word file beside the data is told as a file that does not belong here.
                Err(_) if !is_text(path) => self.add(path, ""),
                Err(error) => self.refuse_encoding(path, error.as_bytes(), error.utf8_error().valid_up_to()),
            },
            None => {
                self.files.unread.insert(path.to_owned());
            }
        }
    }

    fn static_file(&mut self, path: String, full: &Path) {
        if let Some(bytes) = self.read(&path, full, MOST_STATIC_BYTES) {
            self.files.statics.insert(path, bytes.into());
        }
    }

    fn attachment(&mut self, path: String, full: &Path) {
        if let Some(bytes) = self.read(&path, full, MOST_ATTACHMENT_BYTES) {
            self.files.attachments.insert(path, bytes.into());
        }
    }

    fn read(&mut self, path: &str, full: &Path, most: u64) -> Option<Vec<u8>> {
        let size = fs::metadata(full).map(|metadata| metadata.len());
        if size.as_ref().is_ok_and(|size| *size > most) {
            let message = format!("文件太大（{} 字节），没有读入", size.unwrap_or_default());
            let id = self.sources.add(path.to_owned(), "");
            let help = format!("单个文件不超过 {} MiB", most >> 20);
            self.sink.add(Finding::new("S014", message).at(Place::start_of(id)).help(help));
            return None;
        }
        match size.and_then(|_| fs::read(full)) {
            Ok(bytes) => Some(bytes),
            Err(error) => {
                let id = self.sources.add(path.to_owned(), "");
                self.sink.add(
                    Finding::new("S015", format!("不能读取文件：{error}"))
                        .at(Place::start_of(id))
                        .help("检查文件是否存在、是否有读取权限"),
                );
                None
            }
        }
    }

    fn add(&mut self, path: &str, text: &str) {
        let text: Arc<str> = text.strip_prefix('\u{FEFF}').unwrap_or(text).into();
        let id = self.sources.add(path.to_owned(), Arc::clone(&text));
        tell_forbidden(id, &text, self.sink);
        self.files.sources.insert(path.to_owned(), Source { id, text });
    }

    fn refuse_encoding(&mut self, path: &str, bytes: &[u8], valid: usize) {
        let id = self.sources.add(path.to_owned(), "");
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
        let id = self.sources.add(path.to_owned(), "");
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
        let why = error.io_error().map_or_else(|| "目录有问题".to_owned(), ToString::to_string);
        self.sink.add(Finding::new("S015", format!("不能读取 {shown}：{why}")).help("检查是否有读取权限"));
    }

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

/// Hidden characters are told once a line: they can make a text look other than it is.
pub(super) fn tell_forbidden(id: FileId, text: &str, sink: &Sink) {
    let mut last_line = None;
    for (at, c) in text.char_indices().filter(|(_, c)| is_forbidden(*c)) {
        let line = text[..at].rfind('\n');
        if last_line == Some(line) {
            continue;
        }
        last_line = Some(line);
        let message = format!("这里有看不见的字符 U+{:04X}", u32::from(c));
        let place = Place::new(id, at..at + c.len_utf8());
        sink.add(Finding::new("S012", message).at(place).help("删去它；多半是从别处粘贴时带来的"));
    }
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
