//! A build examines a site family by family and holds only what lists ask for; what comes out is
//! what a build makes that holds everything at once, as one does of a site with a folder of files
//! that is no unit's.

use std::collections::BTreeMap;

use disclose::amount::Scale;

use crate::generate::source::Format;
use crate::generate::{Request, invent_department, invent_years};
use crate::support::{TempSite, blank_site, disclose, tree};

/// How a build looks at a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    ByFamilies,
    AtOnce,
}

impl Way {
    /// A copy of a site that is looked at this way: a folder that is no unit's is an error, withheld by
    /// itself, and files in its folders are told by those who hold everything.
    fn copy_of(self, site: &TempSite) -> TempSite {
        let copy = TempSite::new();
        for (path, bytes) in tree(site.root()) {
            if !path.starts_with("public/") && !path.starts_with('.') {
                copy.write_bytes(&path, &bytes);
            }
        }
        copy.write(&format!("{STRAY}/{}x.toml", if self == Self::ByFamilies { "" } else { DEEPER }), "a = 1\n");
        copy
    }
}

/// A folder that is no unit's.
const STRAY: &str = "content/units/zz-stray";

/// Where its file stands when a site is looked at all at once.
const DEEPER: &str = "a/";

/// What came of a command: its exit code, and what it said.
fn run(site: &TempSite, command: &[&str]) -> (Option<i32>, String) {
    let root = site.root().to_str().unwrap();
    let output = disclose(&[command, &["--root", root]].concat(), &[("SOURCE_DATE_EPOCH", "1750000000")]);
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let said = said.replace(root, "").replace(&format!("{STRAY}/{DEEPER}"), &format!("{STRAY}/"));
    (output.status.code(), said)
}

/// Builds a site and checks it; what came of that, without what only one way says.
fn build_and_check(site: &TempSite, way: Way) -> Vec<(Option<i32>, String)> {
    let (code, said) = run(site, &["build", "--withhold", "-v"]);
    let (own, others): (Vec<&str>, Vec<&str>) = said.lines().partition(|line| line.contains("沿用那次的结果"));
    assert_eq!(own.len(), usize::from(way == Way::ByFamilies), "{said}");
    let others = others.join("\n");
    [vec![(code, others)], ["build", "check"].map(|command| run(site, &[command])).into()].concat()
}

/// What is published of a site, and the addresses that it keeps.
fn published(site: &TempSite) -> BTreeMap<String, Vec<u8>> {
    let files = tree(site.root()).into_iter();
    files.filter(|(path, _)| path.starts_with("public/") || path == "urls.lock").collect()
}

/// Builds a site both ways after each change: the same is said, and the same bytes stand there.
/// What was said at last.
fn assert_same_both_ways(site: &TempSite, changes: &[&dyn Fn(&TempSite)]) -> String {
    let [by_families, at_once] = [Way::ByFamilies, Way::AtOnce].map(|way| {
        let site = way.copy_of(site);
        let after = |change: &&dyn Fn(&TempSite)| {
            change(&site);
            (build_and_check(&site, way), published(&site))
        };
        changes.iter().map(after).collect::<Vec<_>>()
    });
    for ((said, files), (said_at_once, files_at_once)) in by_families.iter().zip(&at_once) {
        assert_eq!(files.keys().collect::<Vec<_>>(), files_at_once.keys().collect::<Vec<_>>());
        let others: Vec<&String> = files.keys().filter(|path| files[*path] != files_at_once[*path]).collect();
        assert_eq!(others, Vec::<&String>::new());
        for (said, said_at_once) in said.iter().zip(said_at_once) {
            assert_eq!(said.0, said_at_once.0);
            let lines = said.1.lines().zip(said_at_once.1.lines());
            assert_eq!(lines.filter(|(one, other)| one != other).collect::<Vec<_>>(), []);
            assert_eq!(said.1.lines().count(), said_at_once.1.lines().count());
        }
    }
    by_families.last().unwrap().0.iter().map(|(_, said)| said.as_str()).collect()
}

/// Builds a site both ways: the same files, the same bytes.
pub fn assert_same_at_once(site: &TempSite) {
    let said = assert_same_both_ways(site, &[&|_| {}]);
    assert!(said.contains("已生成"), "{said}");
}

#[test]
fn departments_with_their_units_and_units_over_the_years_come_out_as_when_all_is_held_at_once() {
    let site = TempSite::new();
    for (seed, set) in (1..).step_by(10).zip(blank_site().sets.values()) {
        let [department, years] = ["head", "years"].map(|kind| format!("{kind}-{}", set.id));
        let request =
            |unit, seed| Request { unit, parent: None, format: Format::Toml, scale: Scale::TenThousand, seed };
        let department = invent_department(blank_site(), set, request(&department, seed));
        let years = invent_years(blank_site(), set, request(&years, seed + 1000), 3);
        for (path, text) in department.into_iter().chain(years).flat_map(|invented| invented.files) {
            site.write(&path, &text);
        }
    }
    assert_same_at_once(&site);
}

#[test]
fn the_real_disclosures_with_attachments_come_out_as_when_all_is_held_at_once() {
    let site = TempSite::caidian();
    site.add_unit("luzhou-zwfw");
    for (unit, text) in [("caidian-ggzy", "甲"), ("luzhou-zwfw", "乙")] {
        site.write(&format!("content/units/{unit}/2023/attachments/a.txt"), text);
    }
    assert_same_at_once(&site);
}

/// A 部门 with its units, a unit of three years, and the real disclosures.
fn base() -> TempSite {
    let site = TempSite::caidian();
    site.add_unit("luzhou-zwfw");
    let set = blank_site().sets.values().next().unwrap();
    let request = |unit, seed| Request { unit, parent: None, format: Format::Toml, scale: Scale::TenThousand, seed };
    let department = invent_department(blank_site(), set, request("head", 5));
    let years = invent_years(blank_site(), set, request("years", 6), 3);
    for (path, text) in department.into_iter().chain(years).flat_map(|invented| invented.files) {
        site.write(&path, &text);
    }
    site
}

fn make_draft(site: &TempSite, unit: &str, year: i32) {
    let main = format!("content/units/{unit}/{year}/disclosure.toml");
    site.write(&main, &format!("state = \"draft\"\n{}", site.read(&main)));
}

/// Makes the last figure of a table another.
fn falsify(site: &TempSite, unit: &str, year: i32) {
    let table = format!("content/units/{unit}/{year}/tables/01.toml");
    let text = site.read(&table);
    let last = text.rfind(|c: char| c.is_ascii_digit()).unwrap();
    let other = if text.as_bytes()[last] == b'9' { "8" } else { "9" };
    site.write(&table, &[&text[..last], other, &text[last + 1..]].concat());
}

fn add(site: &TempSite, path: &str, text: &str) {
    let path = format!("content/units/{path}");
    let before = std::fs::read_to_string(site.root().join(&path)).unwrap_or_default();
    site.write(&path, &(before + text));
}

/// Makes drafts of a year among others, of a unit below a 部门, and of all that a unit has, which another
/// unit names; mistakes of every kind are in them.
fn draft(site: &TempSite) {
    make_draft(site, "years", 2024);
    make_draft(site, "head-a", 2023);
    make_draft(site, "caidian-ggzy", 2023);
    falsify(site, "years", 2024);
    add(site, "years/2024/tables/02.toml", "\n3x = = 1\n");
    add(site, "years/2024/work.md", "\n本单位２０２３年支出 999.99 元，\u{200b}占 101%。\n");
    site.write_bytes("content/units/head-a/2023/tables/03.toml", b"\xB9\xAB\xBF\xAA");
    add(site, "head-b/2023/work.md", "\n武汉市蔡甸区公共资源交易中心2023年度收入 999.99 万元。\n");
    add(site, "caidian-ggzy/2023/work.md", "\n本部门{{ x }}。\n");
}

/// Makes mistakes in a table, in a file that cannot be read and in what is known of a unit.
fn spoil(site: &TempSite) {
    falsify(site, "luzhou-zwfw", 2023);
    site.write_bytes("content/units/years/2025/tables/03.toml", b"\xB9\xAB\xBF\xAA");
    add(site, "head-b/unit.toml", "zzz = 1\n");
}

#[test]
fn drafts_are_told_and_left_out_as_when_all_is_held_at_once() {
    let said = assert_same_both_ways(&base(), &[&draft]);
    for code in ["S011", "S001", "C101"] {
        assert!(said.contains(&format!("[{code}]: 〔草稿〕")), "{code} in {said}");
    }
    assert!(said.contains("草稿没有发布，共 3 份") && said.contains("T243"), "{said}");
}

#[test]
fn published_disclosures_that_become_drafts_stay_as_when_all_is_held_at_once() {
    let of_head = |site: &TempSite| {
        make_draft(site, "head", 2023);
        falsify(site, "head", 2023);
    };
    let said = assert_same_both_ways(&base(), &[&|_| {}, &of_head, &draft]);
    assert!(said.contains("草稿没有发布，共 4 份") && said.contains("网站上仍是上次公开的版本"), "{said}");
}

#[test]
fn what_has_errors_is_withheld_as_when_all_is_held_at_once() {
    let said = assert_same_both_ways(&base(), &[&spoil]);
    assert!(said.contains("没有发布的共 4 份") && said.contains("以前没有公开过"), "{said}");
}

#[test]
fn published_disclosures_with_errors_beside_drafts_stay_as_when_all_is_held_at_once() {
    let later = |site: &TempSite| {
        draft(site);
        spoil(site);
    };
    let said = assert_same_both_ways(&base(), &[&|_| {}, &later, &|site| site.replace("site.toml", "试验站", "甲站")]);
    let told: Vec<&str> = said.lines().filter(|line| line.contains(" 份：")).collect();
    assert_eq!(told, ["草稿没有发布，共 3 份：", "有错误，按 --withhold 没有发布的共 4 份："]);
}

#[test]
fn an_error_that_is_no_units_stops_both_ways_with_the_same_words() {
    let said = assert_same_both_ways(
        &base(),
        &[&|site| {
            draft(site);
            site.replace("site.toml", "title", "zzz = 1\ntitle");
        }],
    );
    assert!(said.contains("已发布的网站保持原样") && !said.contains("没有发布，共"), "{said}");
}
