//! Drafts and what is withheld: nobody else waits for them, and nothing that was published goes.

use std::process::Output;

use serde_json::Value;

use crate::support::{TempSite, disclose, tree};

const FIRST: &str = "content/units/caidian-ggzy/2023/disclosure.toml";
const TABLE: &str = "content/units/caidian-ggzy/2023/tables/01.toml";
const PAGE: &str = "units/caidian-ggzy/2023/index.html";

fn two_units() -> TempSite {
    let site = TempSite::caidian();
    site.add_unit("luzhou-zwfw");
    site
}

fn run(site: &TempSite, command: &[&str]) -> Output {
    disclose(&[command, &["--root", site.root().to_str().unwrap()]].concat(), &[])
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn expect(site: &TempSite, command: &[&str], code: i32) -> String {
    let output = run(site, command);
    assert_eq!(output.status.code(), Some(code), "{command:?}: {}", said(&output));
    said(&output)
}

fn make_draft(site: &TempSite) {
    let text = site.read(FIRST);
    site.write(FIRST, &format!("state = \"draft\"\n{text}"));
}

fn falsify(site: &TempSite) {
    site.replace(TABLE, "27 = 373.97", "27 = 374.97");
}

fn has(site: &TempSite, path: &str) -> bool {
    site.root().join("public").join(path).exists()
}

#[test]
fn a_draft_with_errors_is_told_and_blocks_nobody() {
    let site = two_units();
    falsify(&site);
    expect(&site, &["build"], 1);
    make_draft(&site);
    let told = expect(&site, &["check"], 0);
    assert!(told.contains("错误[C101]: 〔草稿〕") && told.contains("另在草稿中发现"), "{told}");
    let told = expect(&site, &["build"], 0);
    assert!(told.contains("年度决算：以前没有公开过，网站上没有"), "{told}");
    assert!(told.contains("草稿没有发布，共 1 份") && !told.contains("的全部年度"), "{told}");
    assert!(has(&site, "units/luzhou-zwfw/2023/index.html") && !has(&site, PAGE));
    // A unit that has only a draft is not on the site, nor its addresses in the lock.
    assert!(!has(&site, "units/caidian-ggzy/index.html"));
    assert!(!site.read("urls.lock").contains("caidian"), "{}", site.read("urls.lock"));
    let figures = site.read("public/data/figures-2023.csv");
    assert!(figures.contains("luzhou-zwfw") && !figures.contains("caidian-ggzy"));
}

#[test]
fn a_check_names_the_unit_of_a_draft_in_its_list_by_unit() {
    let site = two_units();
    falsify(&site);
    make_draft(&site);
    site.replace("content/units/luzhou-zwfw/2023/tables/01.toml", "31 = 763.18", "31 = 764.18");
    let told = expect(&site, &["check"], 1);
    let list = told.split("按单位：").nth(1).unwrap();
    assert!(list.contains("\n  蔡甸区公共资源交易中心（caidian-ggzy） 2023年度："), "{list}");
}

#[test]
fn a_finding_about_a_draft_says_so_in_json_and_is_not_counted() {
    let site = two_units();
    falsify(&site);
    make_draft(&site);
    let output = run(&site, &["check", "--format", "json"]);
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    let findings = document["findings"].as_array().unwrap();
    let drafts: Vec<&Value> = findings.iter().filter(|finding| finding["draft"] == true).collect();
    assert!(!drafts.is_empty() && drafts.iter().all(|finding| finding["unit"] == "caidian-ggzy"));
    assert_eq!(document["summary"]["error"], 0);
    assert_eq!(document["summary"]["draft"], drafts.len());
}

#[test]
fn a_state_that_is_neither_is_told_and_ready_is_as_good_as_nothing() {
    let site = TempSite::caidian();
    let text = site.read(FIRST);
    site.write(FIRST, &format!("state = \"ready\"\n{text}"));
    expect(&site, &["check"], 0);
    site.write(FIRST, &format!("state = \"drfat\"\n{text}"));
    assert!(expect(&site, &["check"], 1).contains("S007"));
}

#[test]
fn a_published_disclosure_that_becomes_a_draft_stays_as_it_was() {
    let site = two_units();
    expect(&site, &["build"], 0);
    let before = tree(&site.root().join("public"));
    falsify(&site);
    make_draft(&site);
    expect(&site, &["check"], 0);
    assert!(expect(&site, &["build"], 0).contains("网站上仍是上次公开的版本"));
    let after = tree(&site.root().join("public"));
    let own = |path: &&String| path.starts_with("units/caidian-ggzy/2023/");
    assert!(before.keys().filter(own).count() > 10);
    // Its unit is found as before, and says which version it is.
    let page = String::from_utf8_lossy(&after["units/caidian-ggzy/index.html"]);
    assert!(page.contains("仍为上次公开的版本"), "{page}");
    let home = String::from_utf8_lossy(&after["index.html"]);
    assert!(
        home.contains("units/caidian-ggzy/2023/index.html\">2023年度决算</a> <span class=\"quiet\">仍为上次公开的版本"),
        "{home}"
    );
    for path in before.keys().filter(own) {
        assert!(after.get(path) == before.get(path), "{path}");
    }
    let gone: Vec<&String> = before.keys().filter(|path| !after.contains_key(*path)).collect();
    assert!(gone.is_empty(), "{gone:?}");
    // Again and again: what is kept is kept from a tree that kept it.
    site.replace("site.toml", "title = \"试验站\"", "title = \"新名字\"");
    expect(&site, &["build"], 0);
    assert!(tree(&site.root().join("public")).get(PAGE) == before.get(PAGE));
}

#[test]
fn a_site_of_drafts_alone_takes_the_place_of_no_published_one() {
    let site = TempSite::with_unit("caidian-ggzy");
    expect(&site, &["build"], 0);
    let before = tree(&site.root().join("public"));
    make_draft(&site);
    let told = expect(&site, &["build"], 0);
    assert!(told.contains("全部是草稿，没有可以公开的，没有发布；已发布的网站保持原样"), "{told}");
    assert!(tree(&site.root().join("public")) == before);
}

#[test]
fn a_failing_disclosure_is_withheld_when_asked_and_its_last_version_kept() {
    let site = two_units();
    expect(&site, &["build"], 0);
    let before = tree(&site.root().join("public"));
    falsify(&site);
    site.replace("site.toml", "title = \"试验站\"", "title = \"新名字\"");
    expect(&site, &["build"], 1);
    assert!(tree(&site.root().join("public")) == before, "without --withhold nothing is published");
    let told = expect(&site, &["build", "--withhold"], 1);
    assert!(told.contains("按 --withhold 没有发布的共 1 份"), "{told}");
    assert!(told.contains("2023年度决算：网站上仍是上次公开的版本"), "{told}");
    let after = tree(&site.root().join("public"));
    assert!(after.get(PAGE) == before.get(PAGE));
    assert!(String::from_utf8_lossy(&after["index.html"]).contains("新名字"));
    // Its unit's page is made anew, leads to it and says what it is.
    let unit = String::from_utf8_lossy(&after["units/caidian-ggzy/index.html"]).into_owned();
    assert!(unit.contains("仍为上次公开的版本") && unit.contains("2023/index.html\">2023年度决算</a>"), "{unit}");
    // Mended, it is published as before.
    site.replace(TABLE, "27 = 374.97", "27 = 373.97");
    expect(&site, &["build", "--withhold"], 0);
    assert!(!site.read("public/units/caidian-ggzy/index.html").contains("仍为上次公开的版本"));
}

#[test]
fn a_unit_that_was_never_published_and_has_nothing_but_what_is_withheld_has_no_page() {
    let site = two_units();
    falsify(&site);
    let told = expect(&site, &["build", "--withhold"], 1);
    assert!(told.contains("没有发布的共 1 份") && told.contains("2023年度决算：以前没有公开过"), "{told}");
    let made = tree(&site.root().join("public"));
    assert!(!made.keys().any(|path| path.starts_with("units/caidian-ggzy/")));
    let linked = |text: &Vec<u8>| String::from_utf8_lossy(text).contains("caidian-ggzy/index.html");
    assert!(!made.values().any(linked), "no page leads there");
    assert!(made.contains_key("units/luzhou-zwfw/index.html"));
    // Mended, it is published with its page.
    site.replace(TABLE, "27 = 374.97", "27 = 373.97");
    expect(&site, &["build", "--withhold"], 0);
    assert!(site.root().join("public/units/caidian-ggzy/index.html").is_file());
}

#[test]
fn an_error_that_is_no_units_and_a_site_with_nothing_left_stop_the_build_all_the_same() {
    let site = two_units();
    let config = site.read("site.toml");
    site.write("site.toml", &format!("{config}unheard_of = 1\n"));
    assert!(!expect(&site, &["build", "--withhold"], 1).contains("没有发布的共"));
    assert!(!site.root().join("public").exists());
    let alone = TempSite::caidian();
    falsify(&alone);
    expect(&alone, &["build", "--withhold"], 1);
    assert!(!alone.root().join("public").exists());
}

#[test]
fn a_kept_file_that_was_altered_publishes_nothing() {
    let site = two_units();
    expect(&site, &["build"], 0);
    falsify(&site);
    site.write(&format!("public/{PAGE}"), "x");
    let before = tree(&site.root().join("public"));
    assert!(expect(&site, &["build", "--withhold"], 1).contains("P024"));
    assert!(tree(&site.root().join("public")) == before);
}

#[test]
fn quiet_says_nothing_of_success_and_timings_tell_every_stage() {
    let site = TempSite::caidian();
    let quiet = run(&site, &["build", "-q"]);
    assert_eq!((quiet.status.code(), quiet.stderr.as_slice()), (Some(0), b"".as_slice()), "{}", said(&quiet));
    assert!(!said(&quiet).contains("已生成"), "{}", said(&quiet));
    let timed = run(&site, &["build", "--timings", "-v"]);
    let stages = String::from_utf8_lossy(&timed.stderr).into_owned();
    for stage in ["读入", "检查", "规划", "生成", "重读", "切换", "合计"] {
        assert!(stages.contains(&format!("  {stage} ")), "{stages}");
    }
    assert!(String::from_utf8_lossy(&timed.stdout).contains("没有重写"), "{}", said(&timed));
    assert_eq!(run(&site, &["build", "-q", "-v"]).status.code(), Some(2));
}

#[test]
fn completions_and_the_man_page_know_every_command() {
    for arguments in [["generate", "completions", "bash"].as_slice(), &["generate", "man"]] {
        let output = disclose(arguments, &[]);
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        for command in ["build", "check", "verify", "rollback"] {
            assert!(text.contains(command), "{command} in {text}");
        }
    }
    assert_eq!(disclose(&["generate", "completions", "bsh"], &[]).status.code(), Some(2));
}

#[test]
fn a_source_that_cannot_be_read_is_told_alone_and_withheld_with_what_was_published_of_it() {
    let site = two_units();
    expect(&site, &["build"], 0);
    let before = tree(&site.root().join("public"));
    let table = site.read(TABLE);
    for broken in [TABLE, FIRST] {
        let whole = site.read(broken);
        site.write_bytes(broken, b"title = \"\xB9\xAB\xBF\xAA\"");
        let told = expect(&site, &["check"], 1);
        assert!(told.contains("S011") && !told.contains("P020"), "{told}");
        let told = expect(&site, &["build", "--withhold"], 1);
        assert!(told.contains("没有发布的共 1 份") && told.contains("网站上仍是上次公开的版本"), "{told}");
        for (path, bytes) in before.iter().filter(|(path, _)| path.starts_with("units/caidian-ggzy/2023/")) {
            assert!(site.root().join("public").join(path).exists(), "{path}");
            assert!(std::fs::read(site.root().join("public").join(path)).unwrap() == *bytes, "{path}");
        }
        site.write(broken, &whole);
    }
    assert_eq!(site.read(TABLE), table);
    expect(&site, &["build"], 0);
    // What is missing without any such cause is told as ever.
    std::fs::remove_dir_all(site.root().join("content/units/caidian-ggzy")).unwrap();
    assert!(expect(&site, &["build"], 1).contains("P020"));
}
