//! The command line: exit codes, what a failing check leaves alone, findings as JSON.

use std::process::Output;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{TempSite, disclose, tree};

fn run(command: &[&str], site: &TempSite, rest: &[&str]) -> Output {
    let root = ["--root", site.root().to_str().unwrap()];
    disclose(&[command, &root, rest].concat(), &[])
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// A site with a figure that does not add up.
fn faulty() -> TempSite {
    let site = TempSite::caidian();
    site.replace("content/units/caidian-ggzy/2023/tables/01.toml", "27 = 373.97", "27 = 374.97");
    site
}

#[test]
fn a_site_in_order_exits_with_zero() {
    let output = run(&["check"], &TempSite::caidian(), &[]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
}

#[test]
fn findings_exit_with_one() {
    let output = run(&["check"], &faulty(), &[]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("公开01表27行"), "{}", said(&output));
}

#[test]
fn what_cannot_run_exits_with_two() {
    let missing = ["check", "--root", "/nonexistent/site"];
    assert_eq!(disclose(&missing, &[]).status.code(), Some(2));
    assert_eq!(disclose(&["build", "--root", "/nonexistent/site"], &[]).status.code(), Some(2));
    assert_eq!(disclose(&["chekc"], &[]).status.code(), Some(2));
    assert_eq!(disclose(&[], &[]).status.code(), Some(2));
}

#[test]
fn an_output_folder_with_foreign_files_is_refused_and_left_alone() {
    let site = TempSite::caidian();
    site.write("elsewhere/precious.txt", "keep");
    let output = site.root().join("elsewhere");
    let refused = run(&["build"], &site, &["--output", output.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
    assert_eq!(tree(&output).into_keys().collect::<Vec<_>>(), ["precious.txt"]);
    assert!(!site.root().join(".elsewhere.lock").exists(), "a refusal left its lock behind");
}

#[test]
fn a_folder_among_the_sources_is_no_output_folder() {
    let site = TempSite::caidian();
    let output = site.root().join("content/made/here");
    let refused = run(&["build"], &site, &["--output", output.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
    assert!(!site.root().join("content/made").exists());
}

#[test]
fn a_failing_check_publishes_nothing() {
    let site = faulty();
    let output = site.root().join("public");
    let built = run(&["build"], &site, &["--output", output.to_str().unwrap()]);
    assert_eq!(built.status.code(), Some(1), "{}", said(&built));
    assert!(!output.exists());
}

#[test]
fn a_failing_check_leaves_the_published_site_as_it_was() {
    let site = TempSite::caidian();
    let folder = TempDir::new().unwrap();
    let output = folder.path().join("public");
    let arguments = ["--output", output.to_str().unwrap()];
    assert_eq!(run(&["build"], &site, &arguments).status.code(), Some(0));
    let published = tree(&output);
    assert!(published.contains_key("index.html"));
    site.replace("content/units/caidian-ggzy/2023/tables/01.toml", "27 = 373.97", "27 = 374.97");
    assert_eq!(run(&["build"], &site, &arguments).status.code(), Some(1));
    assert!(tree(&output) == published, "the published site changed");
}

#[test]
fn a_finding_as_json_has_every_field() {
    let output = run(&["check"], &faulty(), &["--format", "json"]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    let findings = document["findings"].as_array().unwrap();
    let fields = [
        "code",
        "severity",
        "message",
        "unit",
        "year",
        "file",
        "line",
        "column",
        "cell",
        "expected",
        "actual",
        "difference",
    ];
    for finding in findings {
        for field in fields {
            assert!(finding.get(field).is_some(), "{field} is missing in {finding}");
        }
    }
    let about_cell = |finding: &&Value| {
        finding["severity"] == "error"
            && finding["file"] == "content/units/caidian-ggzy/2023/tables/01.toml"
            && finding["cell"] == "公开01表27行1栏"
    };
    let error = findings.iter().find(about_cell).unwrap_or_else(|| panic!("{document:#}"));
    assert_eq!(error["unit"], "caidian-ggzy");
    assert_eq!(error["year"], 2023);
    assert_eq!(error["line"], 4);
    for field in ["expected", "actual", "difference"] {
        assert!(error[field].is_string(), "{field} of {error:#}");
    }
}

#[test]
fn a_clean_check_as_json_is_a_document_without_errors() {
    let output = run(&["check"], &TempSite::caidian(), &["--format", "json"]);
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    let errors = document["findings"].as_array().unwrap().iter().filter(|finding| finding["severity"] == "error");
    assert_eq!(errors.count(), 0, "{document:#}");
}

#[test]
fn a_new_disclosure_is_a_skeleton_that_loads() {
    for (set, year) in
        [("national-2022", "2023"), ("hubei-2023", "2023"), ("sichuan-2023", "2023"), ("shanghai-2024", "2024")]
    {
        let site = TempSite::new();
        let made = run(&["new", "disclosure", "some-unit", year], &site, &["--forms", set]);
        assert_eq!(made.status.code(), Some(0), "{set}: {}", said(&made));
        let examined = site.examine();
        // It says what is still to be filled in, and nothing else.
        let other = examined.loading.iter().filter(|finding| !matches!(finding.code.id, "S008" | "S042" | "S044"));
        assert_eq!(crate::support::lines(other), "", "{set}");
        let tables = std::fs::read_dir(site.root().join(format!("content/units/some-unit/{year}/tables"))).unwrap();
        assert_eq!(tables.count(), examined.site.sets[set].forms.len(), "{set}");
    }
}

#[test]
fn a_skeleton_filled_in_line_by_line_is_in_order() {
    let folder = "content/units/caidian-ggzy/2023";
    let filled = TempSite::caidian();
    let site = TempSite::caidian();
    std::fs::remove_dir_all(site.root().join(folder)).unwrap();
    let made = run(&["new", "disclosure", "caidian-ggzy", "2023"], &site, &["--forms", "hubei-2023"]);
    assert_eq!(made.status.code(), Some(0), "{}", said(&made));
    for (path, bytes) in tree(&filled.root().join(folder)) {
        let path = format!("{folder}/{path}");
        let text = String::from_utf8(bytes).unwrap();
        let by_line = ["01", "06", "09"].iter().any(|stem| path.ends_with(&format!("tables/{stem}.toml")));
        site.write(&path, &if by_line { fill_in(&site.read(&path), &text) } else { text });
    }
    assert_eq!(crate::support::lines(site.examine().errors()), "");
}

/// A skeleton with the `key = figure` lines of a filled table written over its comments.
fn fill_in(skeleton: &str, filled: &str) -> String {
    let figures: Vec<(&str, &str)> = filled.lines().filter_map(|line| line.split_once('=')).collect();
    let line = |line: &str| {
        let key = line.strip_prefix("# ").and_then(|rest| rest.split_once('=')).map(|(key, _)| key.trim());
        let figure = figures.iter().find(|(filled, _)| key == Some(filled.trim()));
        figure.map_or_else(|| format!("{line}\n"), |(key, figure)| format!("{key}={figure}\n"))
    };
    let lines: Vec<String> = skeleton.lines().map(line).collect();
    let written = lines.iter().filter(|line| !line.starts_with('#') && line.contains('=')).count();
    assert_eq!(written, figures.len(), "a line of the table is not in the skeleton");
    lines.concat()
}

#[test]
fn a_new_disclosure_never_overwrites() {
    let site = TempSite::caidian();
    let before = tree(&site.root().join("content"));
    let refused = run(&["new", "disclosure", "caidian-ggzy", "2023"], &site, &["--forms", "hubei-2023"]);
    assert_ne!(refused.status.code(), Some(0), "{}", said(&refused));
    assert!(tree(&site.root().join("content")) == before);
    let unknown = run(&["new", "disclosure", "x", "2023"], &site, &["--forms", "hubai-2023"]);
    assert_ne!(unknown.status.code(), Some(0));
    assert!(said(&unknown).contains("hubei-2023"), "{}", said(&unknown));
}

#[test]
fn every_skeleton_line_names_its_item_in_a_comment() {
    let site = TempSite::new();
    run(&["new", "disclosure", "some-unit", "2023"], &site, &["--forms", "hubei-2023"]);
    let text = site.read("content/units/some-unit/2023/tables/01.toml");
    for label in ["一、一般公共预算财政拨款收入", "本年收入合计", "二十六、抗疫特别国债安排的支出", "年末结转和结余"]
    {
        assert!(text.contains(label), "{label} is not in\n{text}");
    }
}

#[test]
fn help_is_in_plain_chinese() {
    let help = said(&disclose(&["--help"], &[]));
    for word in ["check", "build", "用法"] {
        assert!(help.contains(word), "{word} is not in\n{help}");
    }
    assert!(!help.contains("Usage"), "{help}");
}

#[test]
fn a_narrative_that_cannot_be_written_stops_the_build_and_names_its_template() {
    let site = TempSite::caidian();
    site.write("content/narratives/national-2022.md", "甲\n{{ amount(cell=\"{incom_total}\") }}\n");
    let output = run(&["build"], &site, &[]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("N001") && said(&output).contains("national-2022.md:2:"), "{}", said(&output));
    assert!(!site.root().join("public").exists());
}

#[test]
fn any_table_may_be_not_provided_and_the_site_still_builds() {
    for stem in ["01", "02", "03", "04", "05", "06", "07", "08", "09"] {
        let site = TempSite::caidian();
        let folder = "content/units/caidian-ggzy/2023";
        site.write(&format!("{folder}/tables/{stem}.toml"), "not_provided = \"原件没有附这张表\"\n");
        std::fs::remove_file(site.root().join(folder).join("stated.toml")).unwrap();
        // What the unit explains of a table that is gone would explain nothing; of its words it still does.
        let main = format!("{folder}/disclosure.toml");
        let text = site.read(&main);
        let mut parts = text.split("[[exceptions]]");
        let head = parts.next().unwrap().to_owned();
        let of_words = parts.filter(|part| part.contains("code   = \"T")).map(|part| format!("[[exceptions]]{part}"));
        site.write(&main, &(head + &of_words.collect::<String>()));
        let output = run(&["build"], &site, &[]);
        assert_eq!(output.status.code(), Some(0), "{stem}: {}", said(&output));
    }
}

#[test]
fn what_a_build_would_refuse_a_check_tells() {
    let site = TempSite::caidian();
    site.write("content/units/caidian-ggzy/2023/work.md", "见[下文](#nowhere)。\n");
    for command in ["check", "build"] {
        let output = run(&[command], &site, &[]);
        assert_eq!(output.status.code(), Some(1), "{command}: {}", said(&output));
        assert!(said(&output).contains("#nowhere"), "{command}: {}", said(&output));
    }
}

/// A site with a unit in order and one whose figures of 2022 do not add up.
fn one_of_two_faulty() -> TempSite {
    let site = faulty();
    for entry in walkdir::WalkDir::new(site.root().join("content/units/caidian-ggzy")) {
        let entry = entry.unwrap();
        if entry.file_type().is_file() {
            let below = entry.path().strip_prefix(site.root().join("content/units/caidian-ggzy")).unwrap();
            let text = std::fs::read_to_string(entry.path()).unwrap();
            site.write(&format!("content/units/other-unit/{}", below.display()), &text);
        }
    }
    site.replace("content/units/other-unit/2023/tables/01.toml", "27 = 374.97", "27 = 373.97");
    site
}

/// The units that findings told of are about, and the exit code.
fn told_of(site: &TempSite, rest: &[&str]) -> (Vec<String>, Option<i32>) {
    let output = run(&["check", "--format", "json"], site, rest);
    let document: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", said(&output)));
    let errors = document["findings"].as_array().unwrap().iter().filter(|finding| finding["severity"] == "error");
    let mut units: Vec<String> = errors.map(|finding| finding["unit"].as_str().unwrap_or("-").to_owned()).collect();
    units.sort();
    units.dedup();
    (units, output.status.code())
}

#[test]
fn a_check_of_one_unit_tells_of_it_alone_and_exits_by_what_it_tells() {
    let site = one_of_two_faulty();
    let faulty = || vec!["caidian-ggzy".to_owned()];
    assert_eq!(told_of(&site, &[]), (faulty(), Some(1)));
    assert_eq!(told_of(&site, &["--unit", "other-unit"]), (vec![], Some(0)));
    assert_eq!(told_of(&site, &["--unit", "other-unit", "--unit", "caidian-ggzy"]), (faulty(), Some(1)));
    assert_eq!(told_of(&site, &["--year", "2023", "--unit", "caidian-ggzy"]), (faulty(), Some(1)));
}

#[test]
fn what_concerns_every_unit_is_told_whichever_is_asked_for() {
    let site = one_of_two_faulty();
    site.write("site.toml", "title = \"试验站\"\ndescription = \"试验\"\npublisher = \"试验\"\nthem = \"x\"\n");
    assert_eq!(told_of(&site, &["--unit", "other-unit", "--year", "2023"]), (vec!["-".to_owned()], Some(1)));
}

#[test]
fn the_relations_of_one_unit_are_counted_alone() {
    let site = one_of_two_faulty();
    let judged = |rest: &[&str]| {
        let output = run(&["check", "--format", "json"], &site, rest);
        let document: Value = serde_json::from_slice(&output.stdout).unwrap();
        let counts = document["summary"]["verdicts"].as_object().unwrap().values();
        counts.map(|count| count.as_u64().unwrap()).sum::<u64>()
    };
    let (all, one, other) = (judged(&[]), judged(&["--unit", "caidian-ggzy"]), judged(&["--unit", "other-unit"]));
    assert!(one > 0 && all == one + other, "{all} = {one} + {other}");
}

#[test]
fn an_unknown_unit_or_year_is_refused_with_the_nearest() {
    let site = TempSite::caidian();
    for (option, value, hint) in [
        ("--unit", "caidian-gzy", "是不是“caidian-ggzy”？"),
        ("--unit", "somewhere-else", "content/units"),
        ("--year", "2032", "是不是“2023”？"),
        ("--year", "1999", "本站有：2023。"),
    ] {
        let refused = run(&["check"], &site, &[option, value]);
        assert_eq!(refused.status.code(), Some(2), "{value}: {}", said(&refused));
        let said = said(&refused);
        assert!(said.contains(&format!("“{value}”")) && said.contains(hint), "{value}: {said}");
    }
}

#[test]
fn a_warning_forbids_only_where_warnings_are_denied() {
    let site = TempSite::caidian();
    let table = "content/units/caidian-ggzy/2023/tables/03.toml";
    let text = site.read(table);
    let rows: Vec<&str> = text.lines().filter(|line| line.contains("code =")).collect();
    let (first, second) = (rows[rows.len() - 2], rows[rows.len() - 1]);
    site.write(table, &text.replace(second, "@").replace(first, second).replace('@', first));
    let output = site.root().join("public");
    let build = |rest: &[&str]| run(&["build"], &site, &[&["--output", output.to_str().unwrap()], rest].concat());
    assert_eq!(run(&["check"], &site, &[]).status.code(), Some(0), "{}", said(&run(&["check"], &site, &[])));
    let denied = run(&["check"], &site, &["--deny-warnings"]);
    assert_eq!(denied.status.code(), Some(1), "{}", said(&denied));
    let denied = build(&["--deny-warnings"]);
    assert_eq!(denied.status.code(), Some(1), "{}", said(&denied));
    assert!(said(&denied).contains("--deny-warnings 没有发布") && !output.exists(), "{}", said(&denied));
    assert_eq!(build(&[]).status.code(), Some(0));
}

#[test]
fn the_catalogue_in_the_documentation_is_what_the_program_prints() {
    let output = disclose(&["explain", "--markdown"], &[]);
    let written = std::fs::read_to_string(crate::support::repository().join("docs/rules.md")).unwrap();
    assert!(
        String::from_utf8(output.stdout).unwrap() == written,
        "docs/rules.md is out of date; write it anew: cargo run -- explain --markdown > docs/rules.md"
    );
}

#[test]
fn a_code_is_explained_and_an_unknown_one_refused_with_the_nearest() {
    let explained = disclose(&["explain", "C101"], &[]);
    assert_eq!(explained.status.code(), Some(0));
    assert!(said(&explained).starts_with("C101 表内公式不符（formula-differs）"), "{}", said(&explained));
    let refused = disclose(&["explain", "formula-difers"], &[]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(said(&refused).contains("是不是“formula-differs”？"), "{}", said(&refused));
    let all = said(&disclose(&["explain"], &[]));
    assert!(disclose::diagnostic::codes().all(|code| all.contains(code.id)), "{all}");
}

#[test]
fn the_page_of_rules_has_every_code_as_an_anchor_and_every_page_leads_there() {
    let html = std::fs::read_to_string(crate::support::built().join("rules/index.html")).unwrap();
    for code in disclose::diagnostic::codes() {
        assert!(
            html.contains(&format!("id=\"{}\"", code.id)) && html.contains(&disclose::text::escape_html(code.docs)),
            "{}",
            code.id
        );
    }
    for (_, name, meaning) in disclose::diagnostic::VERDICTS {
        assert!(html.contains(name) && html.contains(meaning), "{name}");
    }
    let home = std::fs::read_to_string(crate::support::built().join("index.html")).unwrap();
    assert!(home.contains("href=\"rules/index.html\""));
}

#[test]
fn every_verdict_is_explained_by_its_name() {
    let explained = disclose::diagnostic::VERDICTS.map(|(key, name, _)| (key, name));
    assert_eq!(explained, disclose::check::Verdict::ALL.map(|verdict| (verdict.key(), verdict.name())));
}
