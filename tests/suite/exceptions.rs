//! Exceptions and levels from their files to what the program says and does.

use std::fmt::Write as _;

use disclose::check;
use disclose::claims;
use disclose::diagnostic::{Finding, Severity};
use disclose::model::date::Date;

use crate::support::{Examined, TempSite, disclose, lines, repository};

const CAIDIAN: &str = "content/units/caidian-ggzy/2023";
const LUZHOU: &str = "content/units/luzhou-zwfw/2023";

/// Everything found on a site, with its levels and exceptions applied on 2025-01-01.
fn settled(examined: &Examined) -> Vec<Finding> {
    let mut findings: Vec<Finding> = examined.findings().cloned().collect();
    let read = claims::of_site(&examined.site, &examined.sources);
    findings.extend(read.into_iter().flat_map(|(_, reading)| reading.findings));
    check::settle(&examined.site, &examined.sources, &mut findings, Date::parse("2025-01-01").unwrap());
    findings
}

/// The Luzhou site without its exceptions.
fn luzhou_unexplained() -> TempSite {
    let site = TempSite::with_unit("luzhou-zwfw");
    let path = format!("{LUZHOU}/disclosure.toml");
    let text = site.read(&path);
    let (before, _) = text.split_once("[[exceptions]]").unwrap();
    site.write(&path, before);
    site
}

/// An exception in `disclosure.toml`, with more lines.
fn exception(code: &str, more: &str) -> String {
    format!(
        "\n[[exceptions]]\ncode = \"{code}\"\n{more}reason = \"原件如此，照录不改。\"\nperson = \"甲\"\ndate = \"2024-11-11\"\n"
    )
}

fn append(site: &TempSite, path: &str, text: &str) {
    site.write(path, &(site.read(path) + text));
}

/// Exit code and all output of `disclose check` on a day.
fn checked(site: &TempSite, epoch: &str) -> (Option<i32>, String) {
    let run = disclose(&["check", "--root", site.root().to_str().unwrap()], &[("SOURCE_DATE_EPOCH", epoch)]);
    (run.status.code(), String::from_utf8_lossy(&run.stdout).into_owned() + &String::from_utf8_lossy(&run.stderr))
}

/// 2024-12-01 and 2026-01-01 in Beijing.
const DECEMBER_2024: &str = "1733000000";
const JANUARY_2026: &str = "1767250000";

#[test]
fn nothing_found_in_the_repository_is_unexplained() {
    let findings = settled(&Examined::of(repository()));
    let unexplained: Vec<&Finding> = findings.iter().filter(|finding| finding.accepted.is_none()).collect();
    assert!(unexplained.is_empty(), "{}", lines(unexplained));
    assert!(!findings.is_empty());
    let of = |findings: &[Finding], code: &str| findings.iter().filter(|finding| finding.code.id == code).count();
    let before = settled(&luzhou_unexplained().examine());
    assert_eq!((of(&before, "C135"), of(&findings, "C135")), (8, 8));
}

#[test]
fn every_difference_that_is_explained_may_be_published_and_a_statutory_one_is_still_told() {
    let site = TempSite::caidian();
    site.replace(&format!("{CAIDIAN}/tables/09.toml"), "11 = 1.30", "11 = 1.50");
    let found = settled(&site.examine());
    let errors: Vec<&Finding> = found.iter().filter(|finding| finding.severity == Severity::Error).collect();
    assert!(errors.iter().any(|finding| finding.code.statutory), "{}", lines(errors));
    let mut text = String::new();
    for error in &errors {
        let cell = error.cell.as_ref().map_or(String::new(), |cell| format!("cell = \"{cell}\"\n"));
        let one = exception(error.code.id, &cell);
        if !text.contains(&one) {
            let _ = write!(text, "{one}");
        }
    }
    append(&site, &format!("{CAIDIAN}/disclosure.toml"), &text);
    let after = settled(&site.examine());
    let left: Vec<&Finding> = after.iter().filter(|finding| finding.severity == Severity::Error).collect();
    assert!(left.is_empty(), "{}", lines(left));
    let statutory = after.iter().filter(|finding| finding.accepted.is_some() && finding.code.statutory);
    assert!(statutory.clone().count() > 0);
    assert!(statutory.clone().all(|finding| finding.severity == Severity::Warning), "{}", lines(statutory));
    let (code, output) = checked(&site, DECEMBER_2024);
    assert_eq!(code, Some(0), "{output}");
}

#[test]
fn an_exception_that_covers_nothing_forbids_publishing() {
    let site = TempSite::caidian();
    append(&site, &format!("{CAIDIAN}/disclosure.toml"), &exception("C113", ""));
    let (code, output) = checked(&site, DECEMBER_2024);
    assert_eq!(code, Some(1), "{output}");
    assert!(output.contains("错误[C191]: C113：这条例外没有对应的问题，请删去"), "{output}");
}

#[test]
fn an_exception_ends_on_the_day_that_the_environment_says() {
    let site = luzhou_unexplained();
    append(&site, &format!("{LUZHOU}/disclosure.toml"), &exception("C135", "expires = \"2025-12-31\"\n"));
    let (code, output) = checked(&site, DECEMBER_2024);
    assert_eq!(code, Some(0), "{output}");
    let (code, output) = checked(&site, JANUARY_2026);
    assert_eq!(code, Some(1), "{output}");
    assert!(output.contains("错误[C192]: C135：这条例外到2025年12月31日为止，已经过期"), "{output}");
    let (code, output) = checked(&site, "昨天");
    assert_eq!(code, Some(2), "{output}");
    assert!(output.contains("SOURCE_DATE_EPOCH"), "{output}");
}

#[test]
fn a_level_of_the_site_raises_and_switches_off() {
    let site = luzhou_unexplained();
    let with = |level: &str| {
        let head = "title = \"试验站\"\ndescription = \"试验\"\npublisher = \"试验\"\n";
        let levels =
            format!("[[levels]]\ncode = \"rate-without-budget\"\nlevel = \"{level}\"\nreason = \"本站要求留空。\"\n");
        site.write("site.toml", &format!("{head}{levels}"));
        checked(&site, DECEMBER_2024)
    };
    let (code, output) = with("error");
    assert_eq!(code, Some(1), "{output}");
    assert!(output.contains("错误[C135]"), "{output}");
    let (code, output) = with("off");
    assert_eq!(code, Some(0), "{output}");
    assert!(!output.contains("C135"), "{output}");
}

#[test]
fn a_statutory_relation_cannot_be_switched_off() {
    let site = TempSite::caidian();
    append(&site, "site.toml", "[[levels]]\ncode = \"C101\"\nlevel = \"off\"\nreason = \"本站不核对这一项。\"\n");
    let (code, output) = checked(&site, DECEMBER_2024);
    assert_eq!(code, Some(1), "{output}");
    assert!(output.contains("错误[C193]"), "{output}");
}
