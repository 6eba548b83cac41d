//! The manifest: a SHA-256 for every published file, in the form that `sha256sum -c` reads.

use std::collections::BTreeMap;
use std::fmt::Write;

/// The manifest's file name, below the output folder.
pub const FILE: &str = "MANIFEST";

/// The text of a manifest: `hash  path`, one line a file, in order of the paths.
pub fn text(hashes: &BTreeMap<String, String>) -> String {
    hashes.iter().fold(String::new(), |mut text, (path, hash)| {
        let _ = writeln!(text, "{hash}  {path}");
        text
    })
}

/// The files a manifest lists, with their hashes; `None` when it is not a manifest.
pub fn parse(text: &str) -> Option<BTreeMap<String, String>> {
    text.lines()
        .map(|line| {
            let (hash, path) = line.split_once("  ")?;
            let well_formed = hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_hexdigit()) && !path.is_empty();
            well_formed.then(|| (path.to_owned(), hash.to_owned()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::content::Made;

    fn hash(bytes: &[u8]) -> String {
        Made::of(bytes).sha256
    }

    #[test]
    fn a_manifest_is_read_as_it_was_written() {
        let hashes = BTreeMap::from([("index.html".to_owned(), hash(b"a")), ("a/b.css".to_owned(), hash(b"b"))]);
        assert_eq!(parse(&text(&hashes)), Some(hashes));
        assert_eq!(parse("not a manifest"), None);
    }
}
