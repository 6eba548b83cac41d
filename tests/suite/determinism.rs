//! Equal inputs give equal bytes, whatever the folder, time zone, locale, umask and thread count.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::support::{TempSite, build, built, repository, tree};

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

/// What a build depends on, and must not: where, by whom, with what settings.
struct Circumstances {
    umask: &'static str,
    environment: [(&'static str, &'static str); 4],
}

const CIRCUMSTANCES: [Circumstances; 3] = [
    Circumstances {
        umask: "077",
        environment: [
            ("TZ", "Pacific/Kiritimati"),
            ("RAYON_NUM_THREADS", "1"),
            ("LANG", "C"),
            ("LC_ALL", "tr_TR.UTF-8"),
        ],
    },
    Circumstances {
        umask: "002",
        environment: [("TZ", "America/Adak"), ("RAYON_NUM_THREADS", "2"), ("LANG", "zh_CN.GB18030"), ("LC_ALL", "C")],
    },
    Circumstances {
        umask: "000",
        environment: [
            ("TZ", "Asia/Kathmandu"),
            ("RAYON_NUM_THREADS", "7"),
            ("LANG", "zh_CN.UTF-8"),
            ("LC_ALL", "POSIX"),
        ],
    },
];

fn build_in(circumstances: &Circumstances, root: &Path, output: &Path) {
    let mut command = Command::new("sh");
    command.args(["-c", "umask $0 && exec \"$@\"", circumstances.umask, env!("CARGO_BIN_EXE_disclose"), "build"]);
    command.arg("--root").arg(root).arg("--output").arg(output).envs(circumstances.environment);
    let run = command.output().unwrap();
    assert!(run.status.success(), "{}{}", String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
}

/// The permissions below a folder, itself included, that are not as they should be.
fn closed(folder: &Path, umask: &str) -> Vec<String> {
    let group = if umask == "077" { 0 } else { 0o020 };
    let entries = walkdir::WalkDir::new(folder).into_iter().map(Result::unwrap);
    let wrong = entries.filter_map(|entry| {
        let mode = entry.metadata().unwrap().permissions().mode() & 0o7777;
        let wanted = group | if entry.file_type().is_dir() { 0o755 } else { 0o644 };
        (mode != wanted).then(|| format!("{mode:o} {}", entry.path().display()))
    });
    wrong.collect()
}

#[test]
fn builds_in_different_places_and_circumstances_are_byte_identical_and_can_be_read_by_all() {
    let folder = TempDir::new().unwrap();
    let root = folder.path().join("某 地/a site");
    copy_sources(&root);
    let expected = tree(built());
    assert!(expected.len() > 50);
    for (number, circumstances) in CIRCUMSTANCES.iter().enumerate() {
        let output = folder.path().join(format!("out-{number}"));
        build_in(circumstances, &root, &output);
        let found = tree(&output);
        let paths = |tree: &std::collections::BTreeMap<String, Vec<u8>>| tree.keys().cloned().collect::<Vec<_>>();
        assert_eq!(paths(&found), paths(&expected));
        let differing: Vec<_> =
            expected.iter().filter(|(path, bytes)| found[*path] != **bytes).map(|(p, _)| p).collect();
        assert_eq!(differing, Vec::<&String>::new(), "{:?}", circumstances.environment);
        assert_eq!(closed(&output, circumstances.umask), Vec::<String>::new(), "umask {}", circumstances.umask);
    }
}

#[test]
fn a_site_that_a_closed_umask_published_is_opened_by_the_next_build() {
    let site = TempSite::caidian();
    let output = site.root().join("public");
    build(site.root(), &output, &[]);
    // As a build left it that knew nothing of readers.
    for entry in walkdir::WalkDir::new(&output).contents_first(true) {
        let entry = entry.unwrap();
        let mode = if entry.file_type().is_dir() { 0o700 } else { 0o600 };
        std::fs::set_permissions(entry.path(), Permissions::from_mode(mode)).unwrap();
    }
    site.replace("site.toml", "试验站", "新站");
    build_in(&CIRCUMSTANCES[0], site.root(), &output);
    assert_eq!(closed(&output, "077"), Vec::<String>::new());
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

#[test]
fn folders_that_a_build_makes_above_the_site_can_be_entered_and_those_that_were_there_stay_closed() {
    let site = TempSite::caidian();
    let above = site.root().join("www");
    std::fs::create_dir(&above).unwrap();
    std::fs::set_permissions(&above, Permissions::from_mode(0o700)).unwrap();
    let output = above.join("a/../b/public");
    build_in(&CIRCUMSTANCES[0], site.root(), &output);
    let mode = |folder: &str| above.join(folder).metadata().unwrap().permissions().mode() & 0o7777;
    assert_eq!(["", "a", "b", "b/public"].map(mode), [0o700, 0o755, 0o755, 0o755]);
}
