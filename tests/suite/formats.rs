//! The formats of findings: text, JSON, SARIF and GitHub annotations of one wrong site, and
//! whether they are what their schemas say.

use std::sync::OnceLock;

use boon::{Compiler, Schemas};
use serde_json::Value;

use crate::support::{TempSite, disclose, repository};

const TABLES: &str = "content/units/caidian-ggzy/2023/tables/06.toml";

/// The codes of the mistakes that [`wrong`] makes: others may come and go with the rules.
const MADE: [&str; 3] = ["C102", "S004", "S045"];

/// A site with a sum that does not foot, a misspelt key and a title of another year.
fn wrong() -> TempSite {
    let site = TempSite::caidian();
    site.replace(TABLES, "30101 = 42.45", "30101 = 42.54");
    site.replace("content/units/caidian-ggzy/2023/disclosure.toml", "published =", "publishd =");
    site.write(
        "site.toml",
        "title = \"试验站\"\ndescription = \"试验\"\npublisher = \"试验\"\nthem = \"甲,乙: 100%\"\n",
    );
    site
}

fn check(site: &TempSite, format: &str) -> String {
    let output = disclose(&["check", "--root", site.root().to_str().unwrap(), "--format", format], &[]);
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn check_json(site: &TempSite, format: &str) -> Value {
    serde_json::from_str(&check(site, format)).unwrap()
}

fn is_made(code: &str) -> bool {
    MADE.contains(&code)
}

/// The results of a SARIF log, of the mistakes made.
fn results(site: &TempSite) -> Vec<Value> {
    let log = check_json(site, "sarif");
    let results = log["runs"][0]["results"].as_array().unwrap().clone();
    results.into_iter().filter(|result| is_made(result["ruleId"].as_str().unwrap())).collect()
}

/// Asserts that a document is what a schema says.
fn assert_valid(schema: &str, document: &Value) {
    let schema = std::fs::read_to_string(repository().join(schema)).unwrap();
    let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
    compiler.enable_format_assertions();
    compiler.add_resource("https://example.org/schema.json", serde_json::from_str(&schema).unwrap()).unwrap();
    let root = compiler.compile("https://example.org/schema.json", &mut schemas).unwrap();
    if let Err(error) = schemas.validate(document, root) {
        panic!("{error:#}");
    }
}

/// The JSON of the wrong site, made once.
fn json() -> &'static Value {
    static JSON: OnceLock<Value> = OnceLock::new();
    JSON.get_or_init(|| check_json(&wrong(), "json"))
}

#[test]
fn the_text_of_a_wrong_site() {
    let text = check(&wrong(), "text");
    let blocks = text.split("\n\n").filter(|block| MADE.iter().any(|code| block.contains(&format!("[{code}]"))));
    insta::assert_snapshot!(blocks.collect::<Vec<_>>().join("\n\n"));
}

#[test]
fn the_text_ends_with_how_relations_were_judged() {
    let text = check(&wrong(), "text");
    let last = text.lines().last().unwrap();
    assert!(last.starts_with("共核对 ") && last.contains("相符 ") && last.contains("不符 "), "{last}");
}

#[test]
fn the_json_of_a_wrong_site() {
    let findings = json()["findings"].as_array().unwrap().iter();
    let made: Vec<&Value> = findings.filter(|finding| is_made(finding["code"].as_str().unwrap())).collect();
    insta::assert_snapshot!(serde_json::to_string_pretty(&made).unwrap());
}

#[test]
fn the_sarif_of_a_wrong_site() {
    // The place of a rule among the others moves with every new rule.
    let mut made = results(&wrong());
    for result in &mut made {
        result["ruleIndex"] = "…".into();
    }
    insta::assert_snapshot!(serde_json::to_string_pretty(&made).unwrap());
}

#[test]
fn the_annotations_of_a_wrong_site() {
    let text = check(&wrong(), "github");
    let lines = text.lines().filter(|line| MADE.iter().any(|code| line.contains(&format!("title={code} "))));
    insta::assert_snapshot!(lines.collect::<Vec<_>>().join("\n"));
}

#[test]
fn the_json_is_what_its_schema_says() {
    assert_valid("docs/schema/findings-1.schema.json", json());
}

#[test]
fn the_schema_refuses_a_finding_that_lacks_a_field_or_has_half_a_place() {
    let refused = |change: &dyn Fn(&mut Value)| {
        let mut document = json().clone();
        change(&mut document["findings"][0]);
        std::panic::catch_unwind(|| assert_valid("docs/schema/findings-1.schema.json", &document)).is_err()
    };
    assert!(!refused(&|_| {}));
    assert!(refused(&|finding| drop(finding.as_object_mut().unwrap().remove("accepted"))));
    assert!(refused(&|finding| finding["severity"] = "fatal".into()));
    assert!(refused(&|finding| {
        finding["file"] = "a.toml".into();
        finding["line"] = Value::Null;
    }));
}

#[test]
fn the_summary_counts_the_findings_and_every_relation() {
    let (summary, findings) = (&json()["summary"], json()["findings"].as_array().unwrap());
    for severity in ["error", "warning", "note"] {
        let count = findings.iter().filter(|finding| finding["severity"] == severity).count();
        assert_eq!(summary[severity], count, "{severity}");
    }
    assert_eq!(summary["accepted"], findings.iter().filter(|finding| !finding["accepted"].is_null()).count());
    let counts = wrong().examine().report.counts();
    for verdict in disclose::check::Verdict::ALL {
        assert_eq!(summary["verdicts"][verdict.key()], counts.of(verdict), "{}", verdict.key());
    }
    assert!(counts.of(disclose::check::Verdict::Fail) > 0);
}

#[test]
fn the_sarif_is_what_the_standard_says() {
    assert_valid("tests/fixtures/sarif-schema-2.1.0.json", &check_json(&wrong(), "sarif"));
}

#[test]
fn every_sarif_result_names_its_rule_and_fingerprints_are_unique() {
    let log = check_json(&wrong(), "sarif");
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    assert_eq!(rules.len(), disclose::diagnostic::codes().count());
    let results = run["results"].as_array().unwrap();
    let mut prints = std::collections::BTreeSet::new();
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(prints.insert(fingerprint(result)), "{result:#}");
    }
    assert!(results.len() >= MADE.len());
}

fn fingerprint(result: &Value) -> String {
    result["partialFingerprints"]["discloseFinding/v1"].as_str().unwrap().to_owned()
}

/// The result of a sum that does not foot in a site with this change to its table.
fn sum_result(change: impl Fn(&str) -> String) -> Value {
    let site = TempSite::caidian();
    site.write(TABLES, &change(&site.read(TABLES)));
    results(&site).into_iter().find(|result| result["ruleId"] == "C102").unwrap()
}

#[test]
fn a_fingerprint_survives_lines_above_and_other_figures_and_not_another_cell() {
    let slip = |text: &str| text.replace("30101 = 42.45", "30101 = 42.54");
    let known = sum_result(slip);
    let moved = sum_result(|text| format!("# 一\n# 二\n\n{}", slip(text)));
    let worse = sum_result(|text| text.replace("30101 = 42.45", "30101 = 142.45"));
    let other = sum_result(|text| text.replace("30201 = ", "30201 = 1"));
    let line = |result: &Value| result["locations"][0]["physicalLocation"]["region"]["startLine"].as_u64().unwrap();
    assert_eq!(line(&moved), line(&known) + 3);
    assert_ne!(known["message"], worse["message"]);
    assert_eq!([fingerprint(&moved), fingerprint(&worse)], [fingerprint(&known), fingerprint(&known)]);
    assert_ne!(fingerprint(&other), fingerprint(&known));
}
