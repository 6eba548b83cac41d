//! The manifest: a SHA-256 for every published file, in the form that `sha256sum -c` reads.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use super::PublishError;
use crate::render::content::{Gauge, Hash, Made};

/// The manifest's file name, below the output folder.
pub const FILE: &str = "MANIFEST";

/// Writes a manifest, `hash  path`, one line a file, and says what was written; `files` come in
/// order of the paths.
///
/// # Errors
/// What the writer says.
pub fn write<'f>(out: impl Write, files: impl Iterator<Item = (&'f str, Hash)>) -> io::Result<Made> {
    let (mut out, mut gauge) = (io::BufWriter::new(out), Gauge::default());
    for (path, hash) in files {
        let line = format!("{hash}  {path}\n");
        gauge.add(line.as_bytes());
        out.write_all(line.as_bytes())?;
    }
    out.flush()?;
    Ok(gauge.finish())
}

/// The files a manifest lists, with their hashes; `None` when it is not a manifest: a line is
/// something else, a path stands twice or leads out of the folder.
pub fn parse(text: &str) -> Option<BTreeMap<String, Hash>> {
    let mut files = BTreeMap::new();
    for line in text.lines() {
        let (hash, path) = line.split_once("  ")?;
        let hash = Hash::parse(hash).filter(|_| stays_inside(path))?;
        if files.insert(path.to_owned(), hash).is_some() {
            return None;
        }
    }
    Some(files)
}

/// Whether a path names a file below the folder that it is joined to.
fn stays_inside(path: &str) -> bool {
    !path.contains(|c: char| c == '\\' || c.is_control())
        && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

/// The files that the manifest of a folder lists; `None` where there is none, or no good one.
pub fn of_folder(folder: &Path) -> Option<BTreeMap<String, Hash>> {
    parse(&read(&folder.join(FILE)).ok()?)
}

/// The text of a manifest.
///
/// # Errors
/// [`PublishError::NoManifest`] when it cannot be read.
pub fn read(path: &Path) -> Result<String, PublishError> {
    let reason = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::InvalidData => "它不是文字文件".to_owned(),
        _ => crate::text::io_reason(&error),
    };
    fs::read_to_string(path).map_err(|error| PublishError::NoManifest { path: path.to_owned(), reason: reason(error) })
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn a_manifest_is_read_as_it_was_written() {
        let hashes =
            BTreeMap::from([("index.html".to_owned(), Hash::of(b"a")), ("a/b.css".to_owned(), Hash::of(b"b"))]);
        let mut written = Vec::new();
        let made = write(&mut written, hashes.iter().map(|(path, hash)| (path.as_str(), *hash))).unwrap();
        assert_eq!(made, Made::of(&written));
        assert_eq!(parse(&String::from_utf8(written).unwrap()), Some(hashes));
        assert_eq!(parse("not a manifest"), None);
    }

    #[test]
    fn a_path_that_leads_out_of_the_folder_or_stands_twice_makes_no_manifest() {
        let line = |path: &str| format!("{}  {path}\n", Hash::of(b"a"));
        assert!(parse(&line("a..b/.well-known/c")).is_some());
        for path in ["../a", "/etc/passwd", "a/../../b", "a//b", "a\\b", "./a", "", "a\rb", "a\u{9b}"] {
            assert_eq!(parse(&line(path)), None, "{path}");
        }
        assert_eq!(parse(&(line("a") + &line("a"))), None);
    }
}
