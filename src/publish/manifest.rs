//! The manifest: a SHA-256 for every published file, in the form that `sha256sum -c` reads.

use std::collections::BTreeMap;
use std::fmt::Write;

use sha2::{Digest, Sha256};

/// The manifest's file name, below the output folder.
pub const FILE: &str = "MANIFEST";

/// The SHA-256 of some bytes, in lower-case hexadecimal.
pub fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut hex, byte| {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

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

    #[test]
    fn a_manifest_is_read_as_it_was_written() {
        let hashes = BTreeMap::from([("index.html".to_owned(), hash(b"a")), ("a/b.css".to_owned(), hash(b"b"))]);
        assert_eq!(parse(&text(&hashes)), Some(hashes));
        assert_eq!(parse("not a manifest"), None);
    }

    #[test]
    fn hashes_are_sha_256() {
        assert_eq!(hash(b""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }
}
