//! Permanent addresses: what was published stays reachable, and nothing else is written.

use disclose::diagnostic::{Finding, Severity};
use disclose::render::Plan;

use crate::support::{Examined, TempSite, disclose, lines, tree};

const LOCK: &str = "urls.lock";
const UNIT: &str = "units/caidian-ggzy";

fn run(command: &str, site: &TempSite) -> (i32, String) {
    let output = disclose(&[command, "--root", site.root().to_str().unwrap()], &[]);
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    (output.status.code().unwrap(), said)
}

/// A site with these published paths and these redirects, each from and to.
fn site(urls: &[&str], redirects: &[(&str, &str)]) -> TempSite {
    let site = TempSite::caidian();
    site.write(LOCK, &urls.iter().flat_map(|url| [*url, "\n"]).collect::<String>());
    let rules = redirects.iter().map(|(from, to)| format!("[[redirects]]\nfrom = \"{from}\"\nto = \"{to}\"\n"));
    site.write("site.toml", &(site.read("site.toml") + &rules.collect::<String>()));
    site
}

/// What is found about published paths and redirects, with the line it stands on.
fn found(site: &TempSite) -> Vec<(Finding, u32)> {
    let examined = site.examine();
    let downloads = disclose::export::downloads(&examined.site);
    let (_, planned) = Plan::new(&examined.site, &examined.report, downloads);
    let Examined { sources, loading, .. } = examined;
    let about = loading.into_iter().chain(planned).filter(|finding| finding.code.id.starts_with("P02"));
    about
        .map(|finding| {
            let line = finding.place.map_or(0, |place| sources.file(place.file).position(place.start).line);
            (finding, line)
        })
        .collect()
}

/// The code, line and message of the only finding.
fn only(site: &TempSite) -> (String, u32, String) {
    let all = found(site);
    let [(finding, line)] = &all[..] else { panic!("{}", lines(all.iter().map(|(finding, _)| finding))) };
    (finding.code.id.to_owned(), *line, finding.message.clone())
}

fn text(site: &TempSite, path: &str) -> String {
    std::fs::read_to_string(site.root().join("public").join(path)).unwrap()
}

#[test]
fn a_build_writes_what_it_publishes_and_the_next_one_changes_nothing() {
    let site = TempSite::caidian();
    let (code, said) = run("build", &site);
    assert_eq!(code, 0, "{said}");
    let lock = site.read(LOCK);
    let urls: Vec<&str> = lock.lines().skip(1).collect();
    assert!(said.contains(&format!("urls.lock 登记了 {} 个新网址", urls.len())), "{said}");
    assert!(urls.is_sorted() && urls.contains(&"units/caidian-ggzy/2023/tables/01.csv"));
    let published = tree(&site.root().join("public"));
    let is_other = |path: &str| path.starts_with("assets/") || ["404.html", "MANIFEST", "robots.txt"].contains(&path);
    let expected: Vec<&String> = published.keys().filter(|path| !is_other(path)).collect();
    assert_eq!(urls, expected);
    let (_, again) = run("build", &site);
    assert!(!again.contains("urls.lock"), "{again}");
    assert_eq!(site.read(LOCK), lock);
}

#[test]
fn neither_a_check_nor_a_failed_build_writes_anything() {
    let site = TempSite::caidian();
    assert_eq!(run("check", &site).0, 0);
    assert!(!site.root().join(LOCK).exists());
    site.replace("content/units/caidian-ggzy/2023/tables/01.toml", "27 = 373.97", "27 = 374.97");
    assert_eq!(run("build", &site).0, 1);
    assert!(!site.root().join(LOCK).exists());
}

#[test]
fn a_published_path_that_is_gone_forbids_publishing_and_is_told_at_its_line() {
    let site = site(&["# 说明", "", "index.html", "units/caidian-ggzy/2022/index.html"], &[]);
    let (code, line, message) = only(&site);
    assert_eq!((code.as_str(), line), ("P020", 4));
    assert_eq!(message, "已公开的网址 units/caidian-ggzy/2022/index.html 不见了");
    let before = site.read(LOCK);
    let (code, said) = run("build", &site);
    assert_eq!(code, 1, "{said}");
    assert!(
        said.contains("P020") && said.contains("[[redirects]]") && said.contains("units/caidian-ggzy/2022/"),
        "{said}"
    );
    assert_eq!(site.read(LOCK), before);
    assert_eq!(run("check", &site).0, 1);
}

#[test]
fn published_paths_that_are_still_there_are_silent() {
    let all = ["index.html", "data/index.html", "units/caidian-ggzy/2023/tables/01.csv", "assets/style.css"];
    assert!(found(&site(&all, &[])).is_empty());
}

#[test]
fn a_folder_that_is_gone_is_told_once_and_a_file_by_itself() {
    let gone = ["units/old/2022/index.html", "units/old/2023/index.html", "units/old/index.html"];
    let site = site(&[&gone[..], &["units/caidian-ggzy/2023/tables/99.csv"]].concat(), &[]);
    let messages: Vec<String> = found(&site).into_iter().map(|(finding, _)| finding.message).collect();
    assert_eq!(
        messages,
        [
            "已公开的网址 units/caidian-ggzy/2023/tables/99.csv 不见了",
            "“units/old/”下已公开的3个网址不见了，例如 units/old/2022/index.html",
        ]
    );
}

#[test]
fn a_renamed_unit_is_reached_by_its_old_addresses() {
    let old =
        ["index.html", "2023/index.html", "2023/quality/index.html", "2023/tables/01.csv", "2023/disclosure.xlsx"];
    let urls: Vec<String> = old.iter().map(|path| format!("units/old/{path}")).collect();
    let urls: Vec<&str> = urls.iter().map(String::as_str).collect();
    let site = site(&urls, &[("units/old/", "units/caidian-ggzy/")]);
    let (code, said) = run("build", &site);
    assert_eq!(code, 0, "{said}");
    let page = text(&site, "units/old/2023/index.html");
    let target = "../../../units/caidian-ggzy/2023/index.html";
    assert!(page.contains(&format!("<meta http-equiv=\"refresh\" content=\"0; url={target}\">")), "{page}");
    assert!(page.contains(&format!("<link rel=\"canonical\" href=\"{target}\">")), "{page}");
    assert!(page.contains(&format!("<a href=\"{target}\">")) && !page.contains("<script"), "{page}");
    let published = tree(&site.root().join("public"));
    for file in ["2023/tables/01.csv", "2023/disclosure.xlsx"] {
        assert!(published[&format!("units/old/{file}")] == published[&format!("{UNIT}/{file}")], "{file}");
    }
    assert!(!published.contains_key("units/old/2023/tables/02.csv"), "what was never published has not moved");
    assert_eq!(published.keys().filter(|path| path.starts_with("units/old/")).count(), old.len());
    // What has moved stays written down: the redirect cannot be taken away either.
    assert!(site.read(LOCK).contains("units/old/index.html\n"));
    assert_eq!(run("build", &site).0, 0);
}

#[test]
fn an_address_of_the_site_makes_the_canonical_link_whole() {
    let site = site(&["units/old/index.html"], &[("/units/old/", "/units/caidian-ggzy/")]);
    site.write("site.toml", &format!("base_url = \"https://example.gov.cn/a/\"\n{}", site.read("site.toml")));
    assert_eq!(run("build", &site).0, 0);
    let page = text(&site, "units/old/index.html");
    assert!(page.contains("<link rel=\"canonical\" href=\"https://example.gov.cn/a/units/caidian-ggzy/\">"));
}

#[test]
fn a_unit_renamed_twice_is_followed_to_its_present_name() {
    let urls = ["units/a/2023/index.html", "units/b/2023/index.html"];
    let site = site(&urls, &[("units/a/", "units/b/"), ("units/b/", "units/caidian-ggzy/")]);
    assert_eq!(run("build", &site).0, 0);
    for url in urls {
        assert!(text(&site, url).contains("url=../../../units/caidian-ggzy/2023/index.html"), "{url}");
    }
}

#[test]
fn a_file_moves_alone_whether_or_not_it_was_written_down() {
    let moved = "guide/index.html";
    let site = site(&[], &[(moved, "index.html")]);
    assert!(found(&site).is_empty());
    assert_eq!(run("build", &site).0, 0);
    assert!(text(&site, moved).contains("url=../index.html"));
    assert!(site.read(LOCK).contains("guide/index.html\n"));
}

#[test]
fn redirects_that_cannot_be_followed_are_refused_at_their_place() {
    let here = "units/caidian-ggzy/";
    let cases: &[(&[(&str, &str)], &str)] = &[
        (&[("a/index.html", "units/none/index.html")], "转向的“units/none/index.html”不存在"),
        (&[("a/index.html", "b/index.html"), ("b/index.html", "a/index.html")], "绕了圈子"),
        (&[("a/index.html", "a/index.html")], "绕了圈子"),
        (&[(here, "units/b/")], "仍有页面 units/caidian-ggzy/2023/datapackage.json"),
        (&[("index.html", "about/index.html")], "“index.html”仍有页面 index.html"),
        (&[("a/index.html", "index.html"), ("a/index.html", "codes/index.html")], "写了两次"),
        (&[("units/old/", "units/caidian-ggzy/index.html")], "不是同一种路径"),
        (&[("a/b.csv", "index.html")], "不是同一种路径"),
        (&[("https://example.org/a/", here)], "不是本站内的路径"),
        (&[("units/Old/", here)], "不是本站内的路径"),
        (&[("units/old/", "../up/")], "不是本站内的路径"),
    ];
    for (redirects, expected) in cases {
        let site = site(&[], redirects);
        let all = found(&site);
        assert!(!all.is_empty(), "{redirects:?}");
        for (finding, line) in &all {
            assert_eq!((finding.code.id, finding.severity), ("P021", Severity::Error), "{redirects:?}");
            assert!(finding.message.contains(expected) && *line > 3, "{redirects:?} {line}: {}", finding.message);
        }
    }
}

#[test]
fn a_folder_that_leads_round_in_a_circle_or_below_itself_is_refused_once() {
    let urls = ["units/a/1.html", "units/a/2.html", "units/b/1.html"];
    for redirects in [
        &[("units/a/", "units/b/"), ("units/b/", "units/a/")][..],
        &[("units/a/", "units/a/x/"), ("units/b/", "units/a/")],
    ] {
        let all = found(&site(&urls, redirects));
        let told = lines(all.iter().map(|(finding, _)| finding));
        assert!(all.iter().all(|(finding, _)| finding.code.id == "P021"), "{told}");
        assert!(all.len() <= redirects.len() && !all.is_empty(), "{told}");
    }
}

#[test]
fn a_redirect_that_leads_past_the_target_says_where_it_ended() {
    let site = site(&["units/old/2019/index.html"], &[("units/old/", "units/caidian-ggzy/")]);
    let (code, _, message) = only(&site);
    assert_eq!(code, "P020");
    assert!(message.ends_with("转向所指的 units/caidian-ggzy/2019/index.html 也不存在"), "{message}");
}

#[test]
fn a_folder_redirect_that_nothing_needs_is_a_warning() {
    let site = site(&["index.html"], &[("units/odl/", "units/caidian-ggzy/")]);
    let all = found(&site);
    let [(finding, _)] = &all[..] else { panic!() };
    assert_eq!((finding.code.id, finding.severity), ("P022", Severity::Warning));
    assert_eq!(run("check", &site).0, 0);
}

#[test]
fn marks_of_a_merge_in_the_lock_are_told_and_the_rest_is_read() {
    let site = site(&["<<<<<<< ours", "index.html", "=======", "units/none/index.html", "../etc"], &[]);
    let codes: Vec<(&str, u32)> = found(&site).iter().map(|(finding, line)| (finding.code.id, *line)).collect();
    assert_eq!(codes, [("P023", 1), ("P023", 3), ("P023", 5), ("P020", 4)]);
}

#[test]
fn a_lock_with_the_line_ends_of_windows_is_read() {
    let site = TempSite::caidian();
    site.write(LOCK, "\u{FEFF}# 说明\r\nindex.html\r\nunits/none/index.html\r\n");
    assert_eq!(only(&site).1, 3);
}
