//! 全文检索: what the page of full texts searches, made by pagefind. One bundle a fiscal year,
//! kept in a cache by a hash of the year's texts: past years do not change, so that a build
//! indexes the year at work and no other.
//!
//! The cache may be deleted at any time. What is read from it is held against its hashes, and
//! made anew when anything is missing or different.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use pagefind::api::PagefindIndex;
use pagefind::options::PagefindServiceConfig;

use crate::render::content::{Gauge, Made};
use crate::render::full_text::YearText;

/// Changes whenever what is made of equal texts changes: our own part, then pagefind's version.
const MAKER: &str = "disclose-full-text/1 pagefind/1.6.0";

/// The list of the files of a cached bundle, in the form of `sha256sum`; its last line is about
/// the lines before it, so that a list that was cut is no list.
const SUMS: &str = "SHA256SUMS";

/// The engine of a bundle, which one of them needs: the newest.
const ENGINE: [&str; 3] = ["pagefind.js", "pagefind-worker.js", "wasm.unknown.pagefind"];

/// A file with its path in a bundle.
type File = (String, Vec<u8>);

/// The texts could not be indexed.
#[derive(Debug, thiserror::Error)]
#[error("{year}年度的全文检索没有做成：{reason}")]
pub struct FullTextError {
    /// The fiscal year.
    year: i32,
    /// What the indexer says.
    reason: String,
}

/// The files of the bundles of all years, newest first, by their paths in the site. `cache` is a
/// folder of our own, made when it is not there; what cannot be kept in it is made again next time.
///
/// # Errors
/// [`FullTextError`] when a year's texts cannot be indexed.
pub fn files(texts: &[YearText], cache: &Path) -> Result<Vec<File>, FullTextError> {
    let mut files = Vec::new();
    for (at, text) in texts.iter().enumerate() {
        let needed = |(name, _): &File| at == 0 || !ENGINE.contains(&name.as_str());
        let bundle = bundle(text, cache)?.into_iter().filter(needed);
        files.extend(bundle.map(|(name, bytes)| (text.path_of(&name), bytes)));
    }
    Ok(files)
}

/// A year's bundle, from the cache where it is there whole.
fn bundle(text: &YearText, cache: &Path) -> Result<Vec<File>, FullTextError> {
    let name = format!("{}-{}", text.year, &key(text)[..16]);
    if let Some(files) = kept(&cache.join(&name)) {
        return Ok(files);
    }
    let files = indexed(text).map_err(|reason| FullTextError { year: text.year, reason })?;
    // A cache that cannot be written costs time, nothing else.
    if keep(cache, &name, &files).is_ok() {
        forget(cache, text.year, &name);
    }
    Ok(files)
}

/// A hash of everything that a bundle follows from.
fn key(text: &YearText) -> String {
    let mut gauge = Gauge::default();
    gauge.add(MAKER.as_bytes());
    for document in &text.documents {
        for part in [&document.path, &document.html] {
            gauge.add(&(part.len() as u64).to_le_bytes());
            gauge.add(part.as_bytes());
        }
    }
    gauge.finish().sha256.to_string()
}

/// Indexes a year's texts; the files come in the order of their paths.
fn indexed(text: &YearText) -> Result<Vec<File>, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().map_err(|error| error.to_string())?;
    let made = runtime.block_on(async {
        let options = PagefindServiceConfig::builder().keep_index_url(true).force_language("zh-cn".to_owned()).build();
        let mut index = PagefindIndex::new(Some(options))?;
        for document in &text.documents {
            index.add_html_file(None, Some(document.path.clone()), document.html.clone()).await?;
        }
        index.get_files().await
    });
    let made = made.map_err(|error| error.to_string())?;
    let named = made.into_iter().map(|file| (name_of(&file.filename), file.contents));
    let mut files: Vec<File> = named.filter(|(name, _)| is_searched(name)).collect();
    files.sort();
    Ok(files)
}

fn name_of(path: &Path) -> String {
    let names = path.components().filter_map(|part| match part {
        Component::Normal(name) => name.to_str(),
        _ => None,
    });
    names.collect::<Vec<_>>().join("/")
}

/// Whether a file is needed to search: pagefind also brings user interfaces of its own.
fn is_searched(name: &str) -> bool {
    let (folder, file) = name.split_once('/').unwrap_or(("", name));
    matches!(folder, "fragment" | "index" | "filter")
        || ENGINE.contains(&file)
        || file == "pagefind-entry.json"
        || Path::new(file).extension().is_some_and(|end| end == "pf_meta")
}

/// A cached bundle that is whole.
fn kept(folder: &Path) -> Option<Vec<File>> {
    let sums = fs::read_to_string(folder.join(SUMS)).ok()?;
    let list = sums.strip_suffix(&format!("  {SUMS}\n")).and_then(|rest| {
        let (list, own) = rest.split_at_checked(rest.rfind('\n')? + 1)?;
        (Made::of(list.as_bytes()).sha256 == own).then_some(list)
    })?;
    let file = |line: &str| {
        let (sha256, name) = line.split_once("  ")?;
        let is_plain = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
        let bytes = is_plain.then(|| fs::read(folder.join(name)).ok())??;
        (Made::of(&bytes).sha256 == sha256).then(|| (name.to_owned(), bytes))
    };
    list.lines().map(file).collect()
}

/// Puts a bundle into the cache, whole or not at all.
fn keep(cache: &Path, name: &str, files: &[File]) -> io::Result<()> {
    fs::create_dir_all(cache)?;
    fs::write(cache.join(".gitignore"), "*\n")?;
    let staging = cache.join(format!(".{name}"));
    let written = write(&staging, files).and_then(|()| {
        let place = cache.join(name);
        if place.exists() {
            fs::remove_dir_all(&place)?;
        }
        fs::rename(&staging, place)
    });
    if written.is_err() {
        let _ = fs::remove_dir_all(&staging); // it is in nobody's way
    }
    written
}

fn write(folder: &Path, files: &[File]) -> io::Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    let mut sums = String::new();
    for (name, bytes) in files {
        let path: PathBuf = folder.join(name);
        fs::create_dir_all(path.parent().unwrap_or(folder))?;
        fs::write(path, bytes)?;
        sums.push_str(&format!("{}  {name}\n", Made::of(bytes).sha256));
    }
    let own = Made::of(sums.as_bytes()).sha256;
    fs::write(folder.join(SUMS), format!("{sums}{own}  {SUMS}\n"))
}

/// Removes what the cache holds of a year under other names.
fn forget(cache: &Path, year: i32, name: &str) {
    let Ok(entries) = fs::read_dir(cache) else { return };
    let is_old = |found: &str| {
        let key = found.strip_prefix(&format!("{year}-"));
        found != name && key.is_some_and(|key| key.len() == 16 && key.bytes().all(|byte| byte.is_ascii_hexdigit()))
    };
    for entry in entries.flatten().filter(|entry| entry.file_name().to_str().is_some_and(is_old)) {
        let _ = fs::remove_dir_all(entry.path()); // what stays costs room, nothing else
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::full_text::Document;

    fn year(year: i32, words: &str) -> YearText {
        let html = format!(
            "<!doctype html><html lang=\"zh-CN\"><head><meta data-pagefind-meta=\"title[content]\" content=\"甲单位\">\
             <meta data-pagefind-filter=\"year[content]\" content=\"{year}\"></head>\
             <body data-pagefind-body><h3 id=\"n-1\">收入情况</h3><p>{words}</p></body></html>"
        );
        YearText { year, documents: vec![Document { path: format!("units/a/{year}/index.html"), html }] }
    }

    #[test]
    fn equal_texts_give_equal_bytes_and_only_one_engine() {
        let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let texts = [year(2024, "公共资源交易中心的机关运行经费"), year(2023, "一般公共预算财政拨款收入减少")];
        let made = files(&texts, one.path()).unwrap();
        assert_eq!(made, files(&texts, other.path()).unwrap(), "made twice");
        assert_eq!(made, files(&texts, one.path()).unwrap(), "made and kept");
        let engines: Vec<&str> =
            made.iter().map(|(path, _)| path.as_str()).filter(|path| path.ends_with(".js")).collect();
        assert_eq!(engines, ["search/text/2024/pagefind-worker.js", "search/text/2024/pagefind.js"]);
        for kind in ["2023/pagefind-entry.json", "2024/wasm.unknown.pagefind"] {
            assert!(made.iter().any(|(path, _)| path.ends_with(kind)), "{kind}");
        }
        let plain =
            |path: &str| path.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"/_-.".contains(&b));
        assert!(made.iter().all(|(path, _)| plain(path)), "paths travel");
    }

    #[test]
    fn a_year_is_indexed_again_when_its_texts_change_or_the_cache_is_damaged() {
        let cache = tempfile::tempdir().unwrap();
        let folders = || {
            let names =
                fs::read_dir(cache.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
            let mut names: Vec<String> = names.filter(|name| !name.starts_with('.')).collect();
            names.sort();
            names
        };
        let made = files(&[year(2023, "甲")], cache.path()).unwrap();
        let first = folders();
        let entry = cache.path().join(&first[0]).join("pagefind-entry.json");
        fs::write(&entry, "{}").unwrap();
        assert_eq!(files(&[year(2023, "甲")], cache.path()).unwrap(), made, "mended");
        assert_ne!(fs::read(&entry).unwrap(), b"{}");
        let sums = cache.path().join(&first[0]).join(SUMS);
        let list = fs::read_to_string(&sums).unwrap();
        for cut in ["", &list[..list.find('\n').unwrap() + 1]] {
            fs::write(&sums, cut).unwrap();
            assert_eq!(files(&[year(2023, "甲")], cache.path()).unwrap(), made, "made again");
        }
        files(&[year(2024, "乙"), year(2023, "甲")], cache.path()).unwrap();
        assert!(folders().contains(&first[0]), "a year that did not change is kept");
        files(&[year(2024, "乙"), year(2023, "丙")], cache.path()).unwrap();
        assert!(folders().len() == 2 && !folders().contains(&first[0]), "an old bundle goes");
        assert_eq!(fs::read_to_string(cache.path().join(".gitignore")).unwrap(), "*\n");
    }

    #[test]
    fn a_cache_that_cannot_be_written_is_done_without() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("cache"), "a file").unwrap();
        assert!(!files(&[year(2023, "甲")], &folder.path().join("cache")).unwrap().is_empty());
    }
}
