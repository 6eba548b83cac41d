//! Publishing: what takes the public folder's place, what is proved of it, and what is kept.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Output;

use crate::support::{TempSite, disclose, tree};

/// A site whose builds are as quick as builds get.
pub fn small() -> TempSite {
    TempSite::caidian()
}

fn run(site: &TempSite, command: &[&str]) -> Output {
    disclose(&[command, &["--root", site.root().to_str().unwrap()]].concat(), &[])
}

fn build(site: &TempSite) {
    let built = run(site, &["build"]);
    assert_eq!(built.status.code(), Some(0), "{}", said(&built));
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn verify(folder: &Path, rest: &[&str]) -> (Option<i32>, String) {
    let output = disclose(&[&["verify", folder.to_str().unwrap()], rest].concat(), &[]);
    (output.status.code(), said(&output))
}

fn retitle(site: &TempSite, from: &str, to: &str) {
    site.replace("site.toml", &format!("title = \"{from}\""), &format!("title = \"{to}\""));
}

#[cfg(unix)]
fn inodes(folder: &Path) -> BTreeMap<String, u64> {
    use std::os::unix::fs::MetadataExt;
    tree(folder).into_keys().map(|path| (path.clone(), fs::metadata(folder.join(&path)).unwrap().ino())).collect()
}

#[test]
#[cfg(unix)]
fn unchanged_files_are_those_of_the_tree_before_and_changed_ones_are_new() {
    let site = small();
    build(&site);
    let public = site.root().join("public");
    let before = inodes(&public);
    retitle(&site, "试验站", "新名字");
    build(&site);
    let after = inodes(&public);
    let linked = |path: &str| before[path] == after[path];
    assert!(linked("units/caidian-ggzy/2023/figures.csv") && linked("assets/style.css"));
    assert!(!linked("index.html") && !linked("MANIFEST"));
    // The tree before keeps what it had.
    let previous = fs::read_to_string(site.root().join(".public.previous/index.html")).unwrap();
    assert!(previous.contains("试验站") && !previous.contains("新名字"));
}

#[test]
fn a_file_altered_in_place_is_written_anew_though_the_manifest_knows_its_hash() {
    let site = small();
    build(&site);
    let path = site.root().join("public/units/caidian-ggzy/2023/figures.csv");
    let right = fs::read(&path).unwrap();
    let mut wrong = right.clone();
    wrong[10] ^= 1; // of the same length
    fs::write(&path, &wrong).unwrap();
    build(&site);
    assert!(fs::read(&path).unwrap() == right);
    assert_eq!(verify(&site.root().join("public"), &[]).0, Some(0));
}

#[test]
fn a_site_that_has_not_changed_is_left_in_its_place_with_the_version_before_it() {
    let site = small();
    build(&site);
    retitle(&site, "试验站", "新名字");
    build(&site);
    let again = run(&site, &["build"]);
    assert!(said(&again).contains("完全相同"), "{}", said(&again));
    let previous = fs::read_to_string(site.root().join(".public.previous/index.html")).unwrap();
    assert!(previous.contains("试验站"));
    assert!(!site.root().join(".public.staging").exists());
}

#[test]
fn files_that_were_added_removed_or_altered_are_told() {
    let site = small();
    build(&site);
    let public = site.root().join("public");
    let (code, text) = verify(&public, &[]);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("内容与清单一致"), "{text}");
    fs::write(public.join("extra.html"), "x").unwrap();
    fs::remove_file(public.join("assets/style.css")).unwrap();
    let mut page = fs::read(public.join("index.html")).unwrap();
    page.push(b' ');
    fs::write(public.join("index.html"), page).unwrap();
    let (code, text) = verify(&public, &[]);
    assert_eq!(code, Some(1));
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[..3], ["新增：extra.html", "缺失：assets/style.css", "被改动：index.html"]);
    assert!(lines[3].starts_with("与清单不一致：新增 1 个，缺失 1 个，被改动 1 个；"), "{text}");
}

#[test]
#[cfg(unix)]
fn a_link_in_the_place_of_a_file_is_altered_even_if_it_leads_to_the_same_bytes() {
    let site = small();
    build(&site);
    let public = site.root().join("public");
    fs::rename(public.join("index.html"), site.root().join("index.html")).unwrap();
    std::os::unix::fs::symlink(site.root().join("index.html"), public.join("index.html")).unwrap();
    let (code, text) = verify(&public, &[]);
    assert_eq!((code, text.lines().next()), (Some(1), Some("被改动：index.html")));
}

#[test]
fn a_manifest_that_was_altered_with_its_file_is_caught_by_the_copy_that_was_kept() {
    let site = small();
    build(&site);
    let public = site.root().join("public");
    let kept = site.root().join("kept");
    fs::copy(public.join("MANIFEST"), &kept).unwrap();
    let kept = ["--manifest", kept.to_str().unwrap()];
    assert_eq!(verify(&public, &kept).0, Some(0));
    let manifest = fs::read_to_string(public.join("MANIFEST")).unwrap();
    fs::remove_file(public.join("404.html")).unwrap();
    let without: String =
        manifest.lines().filter(|line| !line.ends_with("  404.html")).flat_map(|l| [l, "\n"]).collect();
    fs::write(public.join("MANIFEST"), without).unwrap();
    assert_eq!(verify(&public, &[]).0, Some(0));
    let (code, text) = verify(&public, &kept);
    assert_eq!(code, Some(1));
    assert!(text.starts_with("缺失：404.html\n被改动：MANIFEST\n"), "{text}");
}

#[test]
fn a_folder_without_a_good_manifest_cannot_be_verified() {
    let site = small();
    let (code, text) = verify(site.root(), &[]);
    assert!(code == Some(2) && text.contains("读不到清单"), "{text}");
    site.write("MANIFEST", &format!("{}  ../site.toml\n", "0".repeat(64)));
    assert_eq!(verify(site.root(), &[]).0, Some(2));
}

#[test]
fn a_rollback_brings_the_version_before_back_and_a_second_one_the_newer() {
    let site = small();
    let public = site.root().join("public");
    assert_eq!(run(&site, &["rollback"]).status.code(), Some(2));
    build(&site);
    let first = tree(&public);
    assert_eq!(run(&site, &["rollback"]).status.code(), Some(2));
    retitle(&site, "试验站", "新名字");
    build(&site);
    let second = tree(&public);
    assert!(first != second);
    assert_eq!(run(&site, &["rollback"]).status.code(), Some(0));
    assert!(tree(&public) == first);
    assert_eq!(run(&site, &["rollback"]).status.code(), Some(0));
    assert!(tree(&public) == second);
    assert!(tree(&site.root().join(".public.previous")) == first);
}

#[test]
fn a_version_before_that_was_altered_is_not_brought_back() {
    let site = small();
    build(&site);
    retitle(&site, "试验站", "新名字");
    build(&site);
    let published = tree(&site.root().join("public"));
    fs::write(site.root().join(".public.previous/index.html"), "x").unwrap();
    let refused = run(&site, &["rollback"]);
    assert_eq!(refused.status.code(), Some(1), "{}", said(&refused));
    assert!(said(&refused).contains("被改动：index.html"), "{}", said(&refused));
    assert!(tree(&site.root().join("public")) == published);
}

#[test]
fn two_builds_at_once_are_refused_by_name_and_one_that_ended_is_not_in_the_way() {
    let site = small();
    build(&site);
    let lock = fs::File::create(site.root().join(".public.lock")).unwrap();
    lock.lock().unwrap();
    for command in ["build", "rollback"] {
        let refused = run(&site, &[command]);
        assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
        assert!(said(&refused).contains("另一个 disclose build 正在发布到"), "{}", said(&refused));
    }
    // The lock of a program that was killed is gone with it; its file may stay.
    drop(lock);
    build(&site);
    assert!(!site.root().join(".public.lock").exists());
}

#[test]
fn what_a_killed_build_left_is_cleared_away_by_the_next() {
    let site = small();
    build(&site);
    site.write(".public.staging/units/half.html", "half");
    site.write(".public.lock", "switching 0");
    build(&site);
    assert!(!site.root().join(".public.staging").exists() && !site.root().join(".public.lock").exists());
    assert!(!site.root().join(".public.previous").exists());
}

#[test]
fn a_build_killed_right_after_the_exchange_leaves_its_old_tree_for_a_rollback() {
    let site = small();
    build(&site);
    let first = tree(&site.root().join("public"));
    retitle(&site, "试验站", "新名字");
    build(&site);
    // What it looks like between the exchange and the next rename.
    let at = |name: &str| site.root().join(name);
    fs::rename(at(".public.previous"), at(".public.staging")).unwrap();
    let live = said(&run(&site, &["build"]));
    let hash = live.split("（SHA-256）：").nth(1).unwrap()[..64].to_owned();
    fs::create_dir_all(at("older")).unwrap();
    // That build cleared the tree away, as nothing said that it had been published.
    assert!(!at(".public.previous").exists());
    retitle(&site, "新名字", "试验站");
    build(&site);
    assert!(tree(&at("public")) == first);
    fs::rename(at(".public.previous"), at(".public.staging")).unwrap();
    let manifest = &verify_hash(&at("public"));
    assert_ne!(*manifest, hash);
    site.write(".public.lock", &format!("switching {manifest}"));
    assert_eq!(run(&site, &["rollback"]).status.code(), Some(0));
    assert!(tree(&at(".public.previous")) == first && tree(&at("public")) != first);
}

#[test]
fn the_version_before_is_whole_after_every_build_and_kept_by_one_that_fails() {
    let site = small();
    let at = |name: &str| site.root().join(name);
    build(&site);
    let changes: [&dyn Fn(); 5] = [
        &|| retitle(&site, "试验站", "新名字"),
        &|| site.write("content/pages/shuoming.md", "+++\ntitle = \"说明\"\norder = 9\n+++\n\n正文。\n"),
        &|| site.write("static/a/b.txt", "甲"),
        &|| {
            fs::remove_dir_all(at("static/a")).unwrap();
            site.write("static/a", "乙");
        },
        &|| retitle(&site, "新名字", "试验站"),
    ];
    for (step, change) in changes.iter().enumerate() {
        let before = tree(&at("public"));
        change();
        build(&site);
        assert!(tree(&at(".public.previous")) == before, "{step}");
        assert_eq!(verify(&at("public"), &[]).0, Some(0), "{step}");
        assert!(!at(".public.undo").exists() && !at(".public.staging").exists(), "{step}");
    }
    let before = tree(&at(".public.previous"));
    site.replace("content/units/caidian-ggzy/2023/tables/01.toml", "27 = 373.97", "27 = 374.97");
    assert_eq!(run(&site, &["build"]).status.code(), Some(1));
    assert!(tree(&at(".public.previous")) == before);
}

#[test]
#[cfg(unix)]
fn a_build_killed_while_it_makes_the_version_before_over_leaves_it_for_a_rollback() {
    use std::os::unix::fs::MetadataExt;
    let site = small();
    let at = |name: &str| site.root().join(name);
    build(&site);
    let first = tree(&at("public"));
    retitle(&site, "试验站", "新名字");
    build(&site);
    // What it looks like when some files of the new site have come.
    let previous = at(".public.previous");
    let taken = at(".public.undo").join(fs::metadata(&previous).unwrap().ino().to_string());
    fs::create_dir_all(&taken).unwrap();
    for file in ["MANIFEST", "index.html", "404.html"] {
        fs::rename(previous.join(file), taken.join(file)).unwrap();
    }
    fs::write(previous.join("index.html"), "新").unwrap();
    fs::create_dir_all(previous.join("units/new")).unwrap();
    fs::write(previous.join("units/new/index.html"), "新").unwrap();
    assert_eq!(run(&site, &["rollback"]).status.code(), Some(0));
    assert!(tree(&at("public")) == first);
    assert!(!at(".public.undo").exists());
    // Once the exchange is made, what was taken out of it is of no use.
    let published = tree(&at("public"));
    fs::create_dir_all(&taken).unwrap();
    fs::write(taken.join("index.html"), "旧").unwrap();
    let before = tree(&previous);
    build(&site);
    assert!(!at(".public.undo").exists());
    assert!(tree(&previous) == published && tree(&at("public")) == before);
}

/// The SHA-256 of a folder's manifest.
fn verify_hash(folder: &Path) -> String {
    disclose::render::content::Made::of(&fs::read(folder.join("MANIFEST")).unwrap()).sha256.to_string()
}

#[test]
fn the_page_for_citizens_is_linked_from_every_page_and_names_the_manifest() {
    let site = small();
    build(&site);
    let public = site.root().join("public");
    let page = fs::read_to_string(public.join("verify/index.html")).unwrap();
    assert!(page.contains("href=\"../MANIFEST\"") && page.contains("certutil -hashfile"), "{page}");
    let deep = fs::read_to_string(public.join("units/caidian-ggzy/2023/index.html")).unwrap();
    assert!(deep.contains("href=\"../../../verify/index.html\">如何核对</a>"));
}
