//! Equal inputs give equal bytes, whatever the folder, time zone and thread count.

use std::path::Path;

use tempfile::TempDir;

use crate::support::{build, built, repository, tree};

/// Copies the sources of the repository's site.
fn copy_sources(to: &Path) {
    let from = repository();
    let entries = walkdir::WalkDir::new(from.join("content")).into_iter().map(Result::unwrap);
    let files = entries.filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::into_path);
    for file in files.chain([from.join("site.toml")]) {
        let copy = to.join(file.strip_prefix(from).unwrap());
        std::fs::create_dir_all(copy.parent().unwrap()).unwrap();
        std::fs::copy(file, copy).unwrap();
    }
}

#[test]
fn two_builds_in_different_places_and_circumstances_are_byte_identical() {
    let folder = TempDir::new().unwrap();
    let root = folder.path().join("某 地/a site");
    copy_sources(&root);
    let circumstances = [
        [("TZ", "Pacific/Kiritimati"), ("RAYON_NUM_THREADS", "1"), ("LANG", "C")],
        [("TZ", "America/Adak"), ("RAYON_NUM_THREADS", "7"), ("LANG", "zh_CN.UTF-8")],
    ];
    let expected = tree(built());
    assert!(expected.len() > 50);
    for (number, environment) in circumstances.iter().enumerate() {
        let output = folder.path().join(format!("out-{number}"));
        build(&root, &output, environment);
        let found = tree(&output);
        let paths = |tree: &std::collections::BTreeMap<String, Vec<u8>>| tree.keys().cloned().collect::<Vec<_>>();
        assert_eq!(paths(&found), paths(&expected));
        let differing: Vec<_> =
            expected.iter().filter(|(path, bytes)| found[*path] != **bytes).map(|(p, _)| p).collect();
        assert_eq!(differing, Vec::<&String>::new(), "{environment:?}");
    }
}

#[test]
fn building_again_over_a_published_site_changes_nothing() {
    let folder = TempDir::new().unwrap();
    let output = folder.path().join("public");
    build(repository(), &output, &[]);
    let first = tree(&output);
    build(repository(), &output, &[]);
    assert!(tree(&output) == first);
}
