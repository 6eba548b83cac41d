//! Amendments: a disclosure published three times tells what changed, and every version stays.

use std::path::Path;
use std::process::Output;
use std::sync::OnceLock;

use scraper::{Html, Selector};
use serde_json::Value;

use crate::support::{TempSite, disclose, tree};

const UNIT: &str = "caidian-ggzy";
const MAIN: &str = "content/units/caidian-ggzy/2023/disclosure.toml";
const TABLE: &str = "content/units/caidian-ggzy/2023/tables/09.toml";
const PAGE: &str = "units/caidian-ggzy/2023/index.html";
const FIRST: &str = "units/caidian-ggzy/2023/versions/1/index.html";
const SECOND: &str = "units/caidian-ggzy/2023/versions/2/index.html";

fn run(site: &TempSite, command: &[&str]) -> Output {
    disclose(&[command, &["--root", site.root().to_str().unwrap()]].concat(), &[])
}

fn expect(site: &TempSite, command: &[&str], code: i32) -> String {
    let output = run(site, command);
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{command:?}: {said}");
    said
}

fn amend(site: &TempSite, more: &[&str], code: i32) -> String {
    expect(site, &[&["amend", UNIT, "2023"], more].concat(), code)
}

/// Writes the budget of receptions, and the total with it.
fn set_receptions(site: &TempSite, total: &str, receptions: &str) {
    let lines = site.read(TABLE);
    let line = |line: &str| match line.split(' ').next() {
        Some("1") => format!("1 = {total}"),
        Some("6") => format!("6 = {receptions}"),
        _ => line.to_owned(),
    };
    site.write(TABLE, &(lines.lines().map(line).collect::<Vec<_>>().join("\n") + "\n"));
}

/// A site whose only disclosure was entered wrongly, not built yet.
fn mistaken() -> TempSite {
    let site = TempSite::caidian();
    // Figures that the text pins would find the mistakes at once.
    std::fs::remove_file(site.root().join("content/units/caidian-ggzy/2023/stated.toml")).unwrap();
    let config = site.read("site.toml");
    site.write("site.toml", &format!("base_url = \"https://example.gov.cn/\"\n{config}"));
    set_receptions(&site, "3.92", "0.32");
    site
}

/// The site, published, and amended twice.
fn amended() -> &'static TempSite {
    static SITE: OnceLock<TempSite> = OnceLock::new();
    SITE.get_or_init(|| {
        let site = mistaken();
        expect(&site, &["build"], 0);
        amend(&site, &["--date", "2024-11-20", "--reason", "公务接待费预算误填，合计随之有误。"], 0);
        set_receptions(&site, "3.82", "0.22");
        expect(&site, &["build"], 0);
        amend(&site, &["--date", "2024-12-03", "--reason", "上次更正仍误，且用途写得不全。"], 0);
        set_receptions(&site, "3.72", "0.12");
        site.replace(MAIN, "\"公务用车的保险和维修保养\"", "\"公务用车的保险、过路停车和维修保养\"");
        expect(&site, &["build"], 0);
        site
    })
}

fn page(site: &TempSite, path: &str) -> Html {
    Html::parse_document(&site.read(&format!("public/{path}")))
}

fn texts(page: &Html, selector: &str) -> Vec<String> {
    let selector = Selector::parse(selector).unwrap();
    let text = |element: scraper::ElementRef<'_>| element.text().collect::<String>().trim().to_owned();
    page.select(&selector).map(text).collect()
}

fn attributes(page: &Html, selector: &str, attribute: &str) -> Vec<String> {
    let selector = Selector::parse(selector).unwrap();
    page.select(&selector).filter_map(|element| element.attr(attribute)).map(str::to_owned).collect()
}

#[test]
fn an_amended_site_comes_out_as_when_all_is_held_at_once() {
    let site = TempSite::new();
    for (path, bytes) in tree(amended().root()).into_iter().filter(|(path, _)| !path.starts_with("public/")) {
        site.write_bytes(&path, &bytes);
    }
    crate::families::assert_same_at_once(&site);
}

#[test]
fn the_page_says_when_and_why_it_was_amended_and_what_changed_cell_by_cell() {
    let page = page(amended(), PAGE);
    let notice = texts(&page, ".amended").concat();
    for words in ["本页于2024年12月3日更正", "原公开日期2024年11月11日", "更正3处", "上次更正仍误"]
    {
        assert!(notice.contains(words), "{words}: {notice}");
    }
    let titles = texts(&page, "#amendments h3");
    assert_eq!(titles, ["第二次更正（2024年12月3日）", "第一次更正（2024年11月20日）", "各版本"]);
    let rows: Vec<String> = texts(&page, "#amendment-1 tbody tr");
    assert_eq!(rows.len(), 2, "{rows:?}");
    let cells = texts(&page, "#amendment-1 tbody td");
    assert_eq!(cells[..3], ["3.92", "3.82", "−0.10"]);
    assert_eq!(cells[4..7], ["0.32", "0.22", "−0.10"]);
    let links = attributes(&page, "#amendment-2 tbody th a", "href");
    assert_eq!(links, ["#t09-row-c1", "#t09-row-c6"]);
    assert_eq!(attributes(&page, "td:has(a.am)", "id"), ["t09-row-c1", "t09-row-c6"]);
    assert_eq!(texts(&page, "#amendment-2 tr:has(.text) th"), ["支出用途·公务用车运行维护费"]);
    let told = texts(&page, "#amendment-2 td.text");
    assert_eq!(told, ["公务用车的保险和维修保养", "公务用车的保险、过路停车和维修保养"]);
    assert!(texts(&page, "#amendment-1 td.text").is_empty(), "the first amendment changed no text");
    let versions = attributes(&page, "#amendments > ul a", "href");
    assert_eq!(versions, [format!("../../../{SECOND}"), format!("../../../{FIRST}")]);
}

#[test]
fn an_earlier_version_keeps_its_page_figures_and_downloads_and_says_that_it_was_replaced() {
    let site = amended();
    for (path, total, replaced) in [(FIRST, "3.92", "2024年11月20日"), (SECOND, "3.82", "2024年12月3日")] {
        let page = page(site, path);
        let figure = texts(&page, "#t09-row-c1").concat();
        assert!(figure.starts_with(total) && figure.ends_with('※'), "{path}: {figure}");
        let here = texts(&page, ".crumbs [aria-current]").concat();
        assert!(here.starts_with('第') && here.ends_with("版（已被更正）"), "{here}");
        let notice = texts(&page, ".amended").concat();
        assert!(notice.contains(&format!("已于{replaced}被更正，不再有效")), "{notice}");
        assert!(attributes(&page, ".amended a", "href").contains(&format!("../../../../../{PAGE}")));
        assert_eq!(attributes(&page, "meta[name=robots]", "content"), ["noindex"]);
        let own = format!("https://example.gov.cn/{}", path.trim_end_matches("index.html"));
        assert_eq!(attributes(&page, "link[rel=canonical]", "href"), [own]);
        let folder = Path::new(path).parent().unwrap().to_str().unwrap();
        let figures = site.read(&format!("public/{folder}/figures.csv"));
        assert!(figures.contains(total) && !figures.contains("3.72"), "{path}");
        assert!(site.root().join(format!("public/{folder}/disclosure.xlsx")).exists());
    }
    assert!(attributes(&page(site, PAGE), "meta[name=robots]", "content").is_empty());
}

#[test]
fn lists_feeds_and_programs_know_of_the_present_version_and_its_amendments_only() {
    let site = amended();
    for path in ["units/caidian-ggzy/index.html", "years/2023/index.html"] {
        assert_eq!(texts(&page(site, path), "tbody th .tag"), ["已更正"], "{path}");
    }
    assert_eq!(texts(&page(site, "directory/index.html"), "#units td .tag"), ["已更正"]);
    assert_eq!(texts(&page(site, "index.html"), "#units td .tag, .rows .tag"), ["已更正", "已更正"]);
    let feed = site.read("public/feed.xml");
    assert_eq!(feed.matches("<entry>").count(), 1);
    assert!(feed.contains("<updated>2024-12-03T00:00:00+08:00</updated>"), "{feed}");
    assert!(feed.contains("<published>2024-11-11T00:00:00+08:00</published>") && feed.contains("上次更正仍误"));
    assert!(!site.read("public/sitemap.xml").contains("versions/"));
    assert_eq!(site.read("public/data/disclosures.csv").lines().count(), 2);
    let json: Value = serde_json::from_str(&site.read(&format!("public/units/{UNIT}/2023/disclosure.json"))).unwrap();
    assert_eq!(json["version"], 3);
    let change = &json["amendments"][0]["changes"][0];
    assert_eq!(change["name"], "公开09表1栏");
    let told = ["scale", "old", "new", "difference"].map(|key| &change[key]);
    assert_eq!(told, ["万元", "3.92", "3.82", "-0.10"]);
    let first = site.read(&format!("public/units/{UNIT}/2023/versions/1/disclosure.json"));
    let first: Value = serde_json::from_str(&first).unwrap();
    assert_eq!((&first["version"], first["amendments"].as_array().unwrap().len()), (&Value::from(1), 0));
}

#[test]
fn a_version_that_was_published_cannot_be_taken_away() {
    let site = TempSite::new();
    for (path, bytes) in crate::support::tree(amended().root()) {
        site.write_bytes(&path, &bytes);
    }
    assert!(site.read("urls.lock").contains(FIRST));
    let versions = site.root().join("content/units/caidian-ggzy/2023/versions");
    std::fs::remove_dir_all(versions).unwrap();
    let told = expect(&site, &["check"], 1);
    assert!(told.contains("S071"), "{told}");
    let main = site.read(MAIN);
    let amendments = main.find("# 第 1 次更正").unwrap();
    site.write(MAIN, &main[..amendments]);
    let told = expect(&site, &["build"], 1);
    assert!(told.contains("P020") && told.contains("versions/1"), "{told}");
}

#[test]
fn what_was_published_is_kept_before_it_is_edited_and_never_twice() {
    let site = mistaken();
    let told = amend(&site, &[], 2);
    assert!(told.contains("还没有公开过"), "{told}");
    expect(&site, &["build"], 0);
    set_receptions(&site, "3.72", "0.12");
    let told = amend(&site, &[], 2);
    assert!(told.contains("与已公开的数据") && !site.root().join("content/units/caidian-ggzy/2023/versions").exists());
    set_receptions(&site, "3.92", "0.32");
    let before = site.read(MAIN);
    amend(&site, &["--date", "2024-11-20"], 0);
    assert!(site.read(MAIN).starts_with(&before));
    assert_eq!(site.read("content/units/caidian-ggzy/2023/versions/1/disclosure.toml"), before);
    // Neither a reason nor a change yet: both are told, each once.
    let told = expect(&site, &["check"], 1);
    assert_eq!([told.matches("错误[S074]").count(), told.matches("错误[S075]").count()], [1, 1], "{told}");
    assert!(amend(&site, &[], 2).contains("第 1 版的更正还没有公开"));
    assert!(amend(&site, &["--date", "2024-13-01"], 2).contains("2024-11-20 这样的日期"));
}

#[test]
fn a_year_or_a_unit_that_is_not_there_is_answered_with_those_that_are() {
    let site = mistaken();
    let told = |unit, year| expect(&site, &["amend", unit, year], 2);
    let no_year = told(UNIT, "2022");
    assert!(
        no_year.contains("没有 content/units/caidian-ggzy/2022") && no_year.contains("现有的年度目录：2023"),
        "{no_year}"
    );
    let no_unit = told("caidian-ggzz", "2023");
    assert!(
        no_unit.contains("没有 content/units/caidian-ggzz") && no_unit.contains("是否为 caidian-ggzy"),
        "{no_unit}"
    );
    let far = told("nowhere", "2023");
    assert!(!far.contains("是否为"), "{far}");
    // A folder that is there, but cannot be read, is another matter.
    site.write("content/units/caidian-ggzy/2021/note.txt", "");
    assert!(!told(UNIT, "2021").contains("现有的年度目录"));
}

#[test]
fn an_amended_disclosure_that_is_withheld_keeps_all_its_versions() {
    let site = TempSite::new();
    for (path, bytes) in crate::support::tree(amended().root()) {
        site.write_bytes(&path, &bytes);
    }
    site.add_unit("luzhou-zwfw");
    site.replace(TABLE, "1 = 3.72", "1 = 9.72");
    let [page, first] = [PAGE, FIRST].map(|path| site.read(&format!("public/{path}")));
    expect(&site, &["build", "--withhold"], 1);
    assert_eq!(site.read(&format!("public/{PAGE}")), page);
    assert_eq!(site.read(&format!("public/{FIRST}")), first);
}

#[test]
fn an_amendment_of_nothing_that_readers_see_is_refused() {
    let site = mistaken();
    expect(&site, &["build"], 0);
    amend(&site, &["--date", "2024-11-20", "--reason", "误填。"], 0);
    site.write("content/units/caidian-ggzy/2023/stated.toml", "# 原文中的数，核对用\n");
    let table = site.read(TABLE);
    site.write(TABLE, &format!("# 重新排过\n{table}"));
    for command in ["check", "build"] {
        let told = expect(&site, &[command], 1);
        assert_eq!(told.matches("错误[S075]").count(), 1, "{told}");
    }
    set_receptions(&site, "3.82", "0.22");
    assert!(!expect(&site, &["build"], 0).contains("S075"));
}

#[test]
fn the_published_figures_are_compared_and_not_the_format_of_their_file() {
    let site = mistaken();
    expect(&site, &["build"], 0);
    let figures = format!("public/units/{UNIT}/2023/figures.csv");
    let published = site.read(&figures);
    // As another version of the program may have written it: another column, other line ends.
    let other: Vec<String> = published.lines().map(|line| format!("{line},注")).collect();
    let write = |text: &str| {
        std::fs::remove_file(site.root().join(&figures)).unwrap();
        site.write(&figures, text);
    };
    write(&other.join("\n").replacen("3.92", "3.93", 1));
    assert!(amend(&site, &[], 2).contains("与已公开的数据"));
    write("<html>");
    assert!(amend(&site, &[], 2).contains("不是本程序写的数据文件"));
    std::fs::remove_file(site.root().join(&figures)).unwrap();
    std::fs::create_dir(site.root().join(&figures)).unwrap();
    assert!(amend(&site, &[], 2).contains("不能读取"));
    std::fs::remove_dir(site.root().join(&figures)).unwrap();
    site.write(&figures, &other.join("\n"));
    assert!(!amend(&site, &[], 0).contains("没有核对"));
}

#[test]
fn published_figures_that_change_without_an_amendment_are_told() {
    let site = mistaken();
    assert!(!expect(&site, &["build"], 0).contains("没有登记更正"));
    set_receptions(&site, "3.82", "0.22");
    let told = expect(&site, &["build"], 0);
    assert!(told.contains(&format!("{PAGE} 有")) && told.contains("没有登记更正"), "{told}");
    assert!(amend(&site, &["--date", "2000-01-01"], 2).contains("早于现行版本的公开日期"));
    assert!(amend(&site, &["--date", "2999-01-01"], 2).contains("还没有到"));
    amend(&site, &["--reason", "误填。"], 0);
    set_receptions(&site, "3.72", "0.12");
    assert!(!expect(&site, &["build"], 0).contains("没有登记更正"));
}
