//! What a site begins with: `init`, `new`, `theme eject`, `schema` and `synth`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Output;

use disclose::load::load;
use disclose::model::table::{Table, TableState};
use tempfile::TempDir;

use crate::support::{TempSite, build, disclose, tree};

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn run(arguments: &[&str]) -> (Option<i32>, String) {
    let output = disclose(arguments, &[]);
    (output.status.code(), said(&output))
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// A command with the site that it is about.
fn about<'a>(command: &[&'a str], root: &'a Path, rest: &[&'a str]) -> Vec<&'a str> {
    [command, rest, &["--root", text(root)]].concat()
}

/// A site as `disclose init` makes it.
fn begun() -> TempDir {
    let folder = TempDir::new().unwrap();
    let (code, told) = run(&["init", text(folder.path())]);
    assert_eq!(code, Some(0), "{told}");
    folder
}

/// Runs a command that must be refused, and demands that it changes nothing.
fn refused(root: &Path, arguments: &[&str], because: &str) {
    let before = tree(root);
    let (code, told) = run(arguments);
    assert_eq!(code, Some(2), "{arguments:?}: {told}");
    assert!(told.contains(because), "{because} is not in\n{told}");
    assert!(tree(root) == before, "{arguments:?} changed something");
}

#[test]
fn a_new_site_passes_at_once_without_a_warning_and_builds() {
    let folder = TempDir::new().unwrap();
    let root = folder.path().join("new/site");
    let (code, told) = run(&["init", text(&root)]);
    assert_eq!(code, Some(0), "{told}");
    for next in ["disclose build", "disclose new unit", "disclose new disclosure", "README.md"] {
        assert!(told.contains(next), "{next} is not in\n{told}");
    }
    let (code, told) = run(&["check", "--root", text(&root), "--deny-warnings"]);
    assert_eq!(code, Some(0), "{told}");
    let public = root.join("public");
    build(&root, &public, &[]);
    let page = std::fs::read_to_string(public.join("units/example/2024/index.html")).unwrap();
    assert!(page.contains("示例县公共服务中心") && page.contains("虚构的示例"));
    assert!(page.contains("其他收入是银行存款利息"), "the own words of the narrative are shown");
}

#[test]
fn the_example_is_a_whole_disclosure_with_every_table_explained() {
    let root = begun();
    let loaded = load(root.path()).unwrap();
    let [example] = loaded.site.disclosures.as_slice() else { panic!("one disclosure") };
    let state = |table: &Table| table.state.clone();
    assert!(example.tables.iter().all(|table| matches!(state(table), TableState::Filled | TableState::Empty(_))));
    let filled = example.tables.iter().filter(|table| state(table) == TableState::Filled).count();
    assert!(filled >= 7, "{filled} tables are filled");
    assert!(!example.evaluations.is_empty() && !example.facts.is_empty() && !example.narrative_text.is_empty());
    let year = root.path().join("content/units/example/2024");
    for (path, bytes) in tree(&year) {
        let file = String::from_utf8(bytes).unwrap();
        if path.rsplit('.').next() == Some("toml") {
            assert!(file.starts_with("#:schema ../"), "{path}");
            assert!(file.contains("虚构"), "{path}");
        }
    }
    let table = std::fs::read_to_string(year.join("tables/01.toml")).unwrap();
    let written = table.lines().filter(|line| !line.starts_with('#') && line.contains(" = "));
    assert!(written.clone().count() > 5 && written.clone().all(|line| line.contains("# ")), "{table}");
}

#[test]
fn a_folder_that_holds_anything_but_git_is_refused_with_what_it_holds() {
    let folder = TempDir::new().unwrap();
    std::fs::create_dir_all(folder.path().join(".git")).unwrap();
    std::fs::write(folder.path().join(".git/HEAD"), "ref").unwrap();
    assert_eq!(run(&["init", text(folder.path())]).0, Some(0));
    assert_eq!(std::fs::read_to_string(folder.path().join(".git/HEAD")).unwrap(), "ref");
    refused(folder.path(), &["init", text(folder.path())], "site.toml");
    let other = TempDir::new().unwrap();
    std::fs::write(other.path().join("账本.xlsx"), "x").unwrap();
    refused(other.path(), &["init", text(other.path())], "账本.xlsx");
    refused(other.path(), &["synth", text(other.path())], "账本.xlsx");
    refused(other.path(), &["init", text(&other.path().join("账本.xlsx"))], "不是目录");
    refused(other.path(), &["init", text(&other.path().join("a\u{202E}b"))], "看不见的字符");
    refused(other.path(), &["init", text(&other.path().join("a\nb"))], "看不见的字符");
}

fn new<'a>(root: &'a Path, rest: &[&'a str]) -> Vec<&'a str> {
    about(&["new", "unit"], root, rest)
}

#[test]
fn a_new_unit_is_begun_with_what_is_known_and_never_twice() {
    let root = begun();
    let known = ["ggzy", "--name", "甲县\"交易\"中心", "--region", "甲省", "--region", "甲县", "--level", "县级"];
    let (code, told) = run(&new(root.path(), &[&known[..], &["--kind", "单位", "--parent", "example"]].concat()));
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("disclose new disclosure ggzy") && told.contains("national-2022"), "{told}");
    let loaded = load(root.path()).unwrap();
    assert_eq!(crate::support::lines(&loaded.findings), "");
    let made = &loaded.site.units["ggzy"];
    assert_eq!((made.name.as_str(), made.level.as_str(), made.kind.as_str()), ("甲县\"交易\"中心", "县级", "单位"));
    assert_eq!((made.region.join("/"), made.parent.as_deref()), ("甲省/甲县".to_owned(), Some("example")));
    let (code, told) = run(&new(root.path(), &["other"]));
    assert_eq!(code, Some(0), "{told}");
    let file = std::fs::read_to_string(root.path().join("content/units/other/unit.toml")).unwrap();
    assert!(file.lines().all(|line| line.starts_with('#')) && file.contains("# name = "), "{file}");
    for (slug, because) in [
        ("ggzy", "已经有了"),
        ("example", "已经有了"),
        ("../x", "小写英文字母"),
        ("甲", "小写英文字母"),
        ("A", "小写英文字母"),
        ("con", "小写英文字母"),
        ("a/b", "小写英文字母"),
    ] {
        refused(root.path(), &new(root.path(), &[slug]), because);
    }
    refused(root.path(), &new(root.path(), &["x", "--name", "甲\n乙"]), "看不见的字符");
    refused(root.path(), &new(root.path(), &["x", "--parent", "../y"]), "小写英文字母");
    refused(root.path(), &new(root.path(), &["x", "--level", "村级"]), "县级");
}

#[test]
fn a_new_disclosure_tells_the_next_step_and_its_files_lead_to_their_schemas() {
    let site = TempSite::new();
    let arguments = ["new", "disclosure", "u", "2023", "--forms", "national-2022", "--root", text(site.root())];
    let (code, told) = run(&arguments);
    assert_eq!(code, Some(0), "{told}");
    for next in ["unit.toml", "disclosure.toml", "disclose check", "disclose build"] {
        assert!(told.contains(next), "{next} is not in\n{told}");
    }
    let mut led = 0;
    for (path, bytes) in tree(&site.root().join("content/units")) {
        let file = String::from_utf8(bytes).unwrap();
        let Some(directive) = file.strip_prefix("#:schema ") else { continue };
        let beside = site.root().join("content/units").join(&path);
        let schema = beside.parent().unwrap().join(directive.lines().next().unwrap());
        assert!(schema.is_file(), "{path}: {}", schema.display());
        led += 1;
    }
    assert_eq!(led, 9 + 6, "a unit, its disclosure, nine tables, four others");
}

#[test]
fn the_schemas_of_a_site_are_brought_up_to_date_and_only_in_a_site() {
    let root = begun();
    let schema = |folder: &Path| run(&["schema", "--root", text(folder)]);
    let before = tree(root.path());
    let (code, told) = schema(root.path());
    assert!(code == Some(0) && told.contains("没有改动"), "{told}");
    let file = root.path().join(".disclose/schema/unit.schema.json");
    std::fs::write(&file, "{}").unwrap();
    let (code, told) = schema(root.path());
    assert!(code == Some(0) && told.contains("更新 1 个文件"), "{told}");
    assert!(tree(root.path()) == before);
    let empty = TempDir::new().unwrap();
    refused(empty.path(), &["schema", "--root", text(empty.path())], "不是网站目录");
    refused(empty.path(), &about(&["theme", "eject"], empty.path(), &[]), "不是网站目录");
    refused(empty.path(), &new(&empty.path().join("none"), &["x"]), "不能读取站点目录");
}

/// A site with the real disclosure, and the pages that it builds.
fn pages(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let output = TempDir::new().unwrap();
    let public = output.path().join("public");
    build(root, &public, &[]);
    tree(&public)
}

#[test]
fn an_ejected_theme_gives_the_same_pages_and_a_changed_file_shows() {
    let root = begun();
    let before = pages(root.path());
    let eject = ["theme", "eject", "--theme", "ours", "--root", text(root.path())];
    let (code, told) = run(&eject);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("theme = \"ours\"") && told.contains("可以删去"), "{told}");
    let settings = root.path().join("site.toml");
    let changed = std::fs::read_to_string(&settings).unwrap().replace("\"default\"", "\"ours\"");
    std::fs::write(&settings, changed).unwrap();
    assert!(pages(root.path()) == before, "an unchanged theme changes pages");
    let style = root.path().join("themes/ours/static/assets/style.css");
    let colour = std::fs::read_to_string(&style).unwrap() + "\n/* 自己的样式 */\n";
    std::fs::write(&style, &colour).unwrap();
    let after = pages(root.path());
    assert!(after.values().any(|bytes| bytes == colour.as_bytes()), "the changed style is not published");
    refused(root.path(), &eject, "已经有了");
}

#[test]
fn one_file_of_the_theme_can_be_ejected_and_wrong_names_are_refused() {
    let root = begun();
    let eject = |arguments: &[&'static str]| about(&["theme", "eject"], root.path(), arguments);
    let (code, told) = run(&eject(&["--theme", "ours", "--only", "templates/base.html"]));
    assert_eq!(code, Some(0), "{told}");
    let files: Vec<String> = tree(&root.path().join("themes")).into_keys().collect();
    assert_eq!(files, ["ours/templates/base.html"]);
    let base = root.path().join("themes/ours/templates/base.html");
    let changed = std::fs::read_to_string(&base).unwrap().replace("</body>", "<p>自己的页脚</p></body>");
    std::fs::write(&base, changed).unwrap();
    let settings = root.path().join("site.toml");
    let chosen = std::fs::read_to_string(&settings).unwrap().replace("\"default\"", "\"ours\"");
    std::fs::write(&settings, chosen).unwrap();
    let home = pages(root.path()).remove("index.html").unwrap();
    assert!(String::from_utf8(home).unwrap().contains("自己的页脚"));
    refused(root.path(), &eject(&["--theme", "ours"]), "已经有了");
    refused(root.path(), &eject(&["--theme", "x", "--only", "templates/bse.html"]), "templates/base.html");
    refused(root.path(), &eject(&["--theme", "x", "--only", "../../site.toml"]), "没有");
    for name in ["default", "../x", "甲", "a/b", ""] {
        refused(root.path(), &eject(&["--theme", name]), "主题名");
    }
}

/// An invented site of three units and two years.
fn invented(seed: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    let (code, told) = run(&["synth", "--units", "3", "--years", "2", "--seed", seed, text(folder.path())]);
    assert_eq!(code, Some(0), "{told}");
    folder
}

#[test]
fn an_invented_site_is_the_same_for_the_same_seed_and_passes() {
    let [one, again, other] = ["7", "7", "8"].map(invented);
    assert!(tree(one.path()) == tree(again.path()));
    assert!(tree(one.path()) != tree(other.path()));
    let (code, told) = run(&["check", "--root", text(one.path())]);
    assert_eq!(code, Some(0), "{told}");
    build(one.path(), &one.path().join("public"), &[]);
    let site = load(one.path()).unwrap().site;
    assert_eq!((site.units.len(), site.disclosures.len()), (3, 6));
    let sets: BTreeSet<&str> = site.disclosures.iter().map(|one| one.set.id.as_str()).collect();
    assert!(sets.len() >= 2, "{sets:?}");
    for unit in site.units.keys() {
        let [first, second] = [0, 1].map(|at| site.disclosures_of(unit).nth(at).unwrap());
        assert_eq!(second.year, first.year + 1);
        assert_eq!(second.concept("opening_balance"), first.concept("closing_balance"), "{unit}");
    }
}
