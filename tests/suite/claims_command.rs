//! `disclose claims`, and what a unit writes itself: read, told and shown.

use std::process::Output;

use serde_json::Value;

use crate::support::{TempSite, disclose};

const YEAR: &str = "content/units/caidian-ggzy/2023";

/// `disclose claims` on a file of the site, with more arguments.
fn claims(site: &TempSite, file: &str, rest: &[&str]) -> Output {
    let file = site.root().join(file);
    disclose(&[&["claims", file.to_str().unwrap()], rest].concat(), &[])
}

/// The same against the disclosure of the site.
fn against(site: &TempSite, file: &str, rest: &[&str]) -> Output {
    let whose = ["--unit", "caidian-ggzy", "--year", "2023", "--root", site.root().to_str().unwrap()];
    claims(site, file, &[&whose, rest].concat())
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn json(output: &Output) -> Value {
    serde_json::from_str(&out(output)).unwrap_or_else(|error| panic!("{error}: {}{}", out(output), err(output)))
}

#[test]
fn every_numeral_is_listed_with_its_line_and_column() {
    let site = TempSite::new();
    site.write("a.md", "# 说明\n\n2023年，共办理**548**场次，节约12.5万元。\n");
    let output = claims(&site, "a.md", &[]);
    assert_eq!(output.status.code(), Some(0), "{}{}", out(&output), err(&output));
    let lines: Vec<String> = out(&output).lines().map(str::to_owned).collect();
    assert!(lines.iter().any(|line| line.starts_with("3:1  2023") && line.contains("日期")), "{lines:?}");
    assert!(lines.iter().any(|line| line.starts_with("3:12  548")), "{lines:?}");
    assert!(lines.iter().any(|line| line.starts_with("3:22  12.5万元")), "{lines:?}");
    assert!(lines.last().unwrap().starts_with("共 2 个数字："), "{lines:?}");
}

#[test]
fn json_counts_every_figure_once_and_unread_ones_as_unread() {
    let site = TempSite::caidian();
    site.write("a.txt", "共栽树17棵，另有鸭23只。\n");
    let said = json(&against(&site, "a.txt", &["--format", "json"]));
    assert_eq!((said["schema"].as_str(), said["against"]["year"].as_i64()), (Some("disclose-claims/1"), Some(2023)));
    let count = |key: &str| said["summary"][key].as_u64().unwrap();
    assert_eq!(count("figures"), 2);
    assert_eq!(count("checked"), 0, "nothing is there to check these against: {said:#}");
    assert_eq!(count("figures"), count("checked") + count("no_counterpart") + count("unread"));
    let numerals = said["numerals"].as_array().unwrap();
    for numeral in numerals {
        let has_verdict = !numeral["verdict"].is_null();
        assert_eq!(has_verdict, numeral["state"] == "checked", "{numeral:#}");
    }
    assert_eq!((numerals[0]["line"].as_u64(), numerals[0]["column"].as_u64()), (Some(1), Some(4)));
}

#[test]
fn a_text_without_numerals_says_so() {
    let site = TempSite::new();
    site.write("a.txt", "没有数。\n");
    site.write("b.md", "");
    for file in ["a.txt", "b.md"] {
        let output = claims(&site, file, &[]);
        assert_eq!(output.status.code(), Some(0));
        assert!(out(&output).contains("文字中没有数字"), "{}", out(&output));
    }
    let said = json(&claims(&site, "b.md", &["--format", "json"]));
    assert_eq!(said["summary"]["figures"], 0);
}

#[test]
fn what_cannot_be_read_is_refused_with_the_reason() {
    let site = TempSite::caidian();
    site.write_bytes("gbk.txt", &[0xB2, 0xC6, 0xD5, 0xFE, b'1', b'2']);
    site.write_bytes("large.txt", &vec![b'1'; (4 << 20) + 1]);
    site.write("long.txt", &format!("短。\n{}\n", "收入合计1万元，".repeat(4_000)));
    site.write("a.docx", "");
    site.write("a.txt", "1万元\n");
    let cases = [
        ("gbk.txt", "不是 UTF-8 编码"),
        ("large.txt", "超过 4 MiB"),
        ("long.txt", "第 2 行有 88000 字节"),
        ("a.docx", "不是 .md 或 .txt 文件"),
        ("none.txt", "不能读"),
    ];
    for (file, words) in cases {
        let output = claims(&site, file, &[]);
        assert_eq!(output.status.code(), Some(2), "{file}");
        assert!(err(&output).contains(words), "{file}: {}", err(&output));
    }
    let root = site.root().to_str().unwrap();
    let wrong = claims(&site, "a.txt", &["--unit", "caidian-ggzi", "--year", "2023", "--root", root]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(err(&wrong).contains("是不是“caidian-ggzy”？"), "{}", err(&wrong));
    let wrong = claims(&site, "a.txt", &["--unit", "caidian-ggzy", "--year", "2021", "--root", root]);
    assert!(err(&wrong).contains("这个单位有：2023。"), "{}", err(&wrong));
    assert_eq!(claims(&site, "a.txt", &["--unit", "caidian-ggzy"]).status.code(), Some(2));
}

#[test]
fn characters_that_steer_a_terminal_are_not_passed_on() {
    let site = TempSite::new();
    site.write("a.txt", "\u{1b}[2J共5\u{1b}]万元，\u{202e}6场。\n");
    let said = out(&claims(&site, "a.txt", &[]));
    assert!(!said.contains('\u{202e}') && !said.contains('\u{1b}'), "{said:?}");
}

#[test]
fn own_words_replace_and_extend_the_sections_that_their_headings_name() {
    let site = TempSite::caidian();
    site.write(
        &format!("{YEAR}/narrative.md"),
        "<!-- 说明 -->\n## 机关运行经费支出说明\n\n本部门没有列报。\n\n```\n没有结束\n\n\
         ## 二、收入决算情况说明（补充）\n\n另作说明。\n",
    );
    // The code block is never closed: it takes the second heading in, and nothing generated.
    let build = |site: &TempSite| {
        let output = disclose(&["build", "--root", site.root().to_str().unwrap()], &[]);
        assert_eq!(output.status.code(), Some(0), "{}{}", out(&output), err(&output));
        site.read("public/units/caidian-ggzy/2023/index.html")
    };
    let page = build(&site);
    assert!(page.contains("本节由单位撰写") && page.contains("<p>本部门没有列报。</p>"));
    assert!(page.contains("id=\"n-11\"") && page.contains("id=\"n-13\""), "later sections keep their anchors");
    assert!(!page.contains("以下由单位补充"));
    site.write(&format!("{YEAR}/narrative.md"), "## 二、收入决算情况说明（补充）\n\n另作说明。\n");
    let page = build(&site);
    assert!(page.contains("以下由单位补充") && page.contains("<p>另作说明。</p>") && !page.contains("本节由单位撰写"));
    assert!(page.find("2023年度收入合计").unwrap() < page.find("另作说明。").unwrap());
}

#[test]
fn a_heading_of_no_section_stops_the_build_with_the_nearest_title() {
    let site = TempSite::caidian();
    site.write(&format!("{YEAR}/narrative.md"), "## 收人决算情况说明\n\n正文。\n");
    let output = disclose(&["check", "--root", site.root().to_str().unwrap()], &[]);
    assert_eq!(output.status.code(), Some(1));
    let said = out(&output);
    assert!(said.contains("N004") && said.contains("是不是“收入决算情况说明”？"), "{said}");
}

#[test]
fn the_quality_page_counts_the_figures_in_own_words() {
    let site = TempSite::with_unit("luzhou-zwfw");
    site.write("content/units/luzhou-zwfw/2023/work.md", "全年栽树17棵。\n");
    let output = disclose(&["build", "--root", site.root().to_str().unwrap()], &[]);
    assert_eq!(output.status.code(), Some(0), "{}{}", out(&output), err(&output));
    let page = site.read("public/units/luzhou-zwfw/2023/quality/index.html");
    let sentence = page.split_once("单位自己写的文字中有").unwrap().1.split_once("</p>").unwrap().0;
    assert!(!sentence.starts_with('0') && sentence.contains("没有"), "{sentence}");
}
