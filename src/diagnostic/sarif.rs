//! Findings as SARIF 2.1.0, for code scanning.
//!
//! Every code is a rule; a finding is a result with its place, its cell as a logical
//! location and a fingerprint that survives moved lines and changed figures. What a unit has
//! explained is a suppressed result.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::{Code, EMBEDDED, Finding, GROUPS, Group, Place, Severity, SourceMap};

const SCHEMA_URI: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The folder that paths are relative to: the site's.
const BASE: &str = "SRCROOT";

/// The name and version of the fingerprint; what it covers may change only with a new version.
const FINGERPRINT: &str = "discloseFinding/v1";

/// The findings as a SARIF log of one run, ending in a line break.
pub fn to_sarif(findings: &[Finding], sources: &SourceMap) -> String {
    let rules: Vec<&'static Code> = GROUPS.iter().flat_map(Group::codes).collect();
    let fingerprints = fingerprints(findings, sources);
    let results = findings.iter().zip(fingerprints);
    let results: Vec<Value> = results.map(|(finding, print)| result(finding, &rules, &print, sources)).collect();
    let document = json!({
        "$schema": SCHEMA_URI,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "disclose",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "language": "zh-CN",
                "rules": rules.iter().map(|code| rule(code)).collect::<Vec<_>>(),
            } },
            "language": "zh-CN",
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": { BASE: { "description": { "text": "网站目录，其中有 site.toml 和 content。" } } },
            "results": results,
        }],
    });
    format!("{document:#}\n")
}

fn rule(code: &Code) -> Value {
    let group = Group::of(code);
    json!({
        "id": code.id,
        "name": pascal_case(code.name),
        "shortDescription": { "text": code.title },
        "fullDescription": { "text": code.docs },
        "help": { "text": format!("{}\n用 disclose explain {} 查看。", code.docs, code.id) },
        "defaultConfiguration": { "level": code.severity.key() },
        "properties": { "statutory": code.statutory, "tags": [group.name] },
    })
}

/// `sum-differs` as `SumDiffers`.
fn pascal_case(name: &str) -> String {
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect::<String>()
    };
    name.split('-').map(capital).collect()
}

fn result(finding: &Finding, rules: &[&Code], fingerprint: &str, sources: &SourceMap) -> Value {
    let mut result = json!({
        "ruleId": finding.code.id,
        "ruleIndex": rules.iter().position(|code| code.id == finding.code.id),
        "level": level(finding).key(),
        "message": { "text": message(finding) },
        "partialFingerprints": { FINGERPRINT: fingerprint },
        "suppressions": suppressions(finding),
        "properties": properties(finding),
    });
    let main = location(finding.place, finding.cell.as_deref(), sources);
    if main.as_object().is_some_and(|location| !location.is_empty()) {
        result["locations"] = json!([main]);
    }
    if !finding.related.is_empty() {
        let related = finding.related.iter().enumerate().map(|(at, related)| {
            let mut place = location(related.place, related.cell.as_deref(), sources);
            place["id"] = json!(at + 1);
            place["message"] = json!({ "text": related.label });
            place
        });
        result["relatedLocations"] = related.collect();
    }
    result
}

fn message(finding: &Finding) -> String {
    match &finding.help {
        Some(help) => format!("{}\n怎么办：{help}", finding.message),
        None => finding.message.clone(),
    }
}

/// What was explained, as accepted by somebody outside the file; else none, said outright.
fn suppressions(finding: &Finding) -> Value {
    let accepted = finding.accepted.iter();
    accepted
        .map(|acceptance| json!({ "kind": "external", "status": "accepted", "justification": acceptance.to_string() }))
        .collect()
}

/// What SARIF has no field for; what does not apply is left out.
fn properties(finding: &Finding) -> Value {
    let all = json!({
        "unit": finding.unit,
        "year": finding.year,
        "relation": finding.relation,
        "verdict": finding.verdict,
        "expected": finding.expected,
        "actual": finding.actual,
        "difference": finding.difference,
    });
    let Value::Object(all) = all else { return all };
    Value::Object(all.into_iter().filter(|(_, value)| !value.is_null()).collect())
}

/// A place and a cell, as far as there are any.
fn location(place: Option<Place>, cell: Option<&str>, sources: &SourceMap) -> Value {
    let mut location = Map::new();
    if let Some(place) = place {
        location.insert("physicalLocation".into(), physical(place, sources));
    }
    if let Some(cell) = cell {
        location.insert("logicalLocations".into(), json!([{ "fullyQualifiedName": cell, "kind": "cell" }]));
    }
    Value::Object(location)
}

/// A stretch of a file. Columns count characters, the end is the first that is not meant.
fn physical(place: Place, sources: &SourceMap) -> Value {
    let file = sources.file(place.file);
    let (start, end) = (file.position(place.start), file.position(place.end.max(place.start)));
    json!({
        "artifactLocation": artifact(file.path),
        "region": {
            "startLine": start.line,
            "startColumn": start.column,
            "endLine": end.line,
            "endColumn": end.column,
        },
    })
}

/// A file of the site, relative to it; one from the binary lies in no folder.
fn artifact(path: &str) -> Value {
    match path.strip_prefix(EMBEDDED) {
        Some(inner) => json!({ "uri": format!("embedded:{}", percent_encoded(inner)) }),
        None => json!({ "uri": percent_encoded(path), "uriBaseId": BASE }),
    }
}

/// A path as a relative URI: slashes and unreserved characters stay (RFC 3986, 2.3).
fn percent_encoded(path: &str) -> String {
    let encode = |byte: u8| match byte {
        b'/' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    path.bytes().map(encode).collect()
}

/// A fingerprint for each finding: the same as long as the same thing is wrong with the same
/// cell, wherever its line and whatever its figures. Findings alike in everything are told
/// apart by their order.
fn fingerprints(findings: &[Finding], sources: &SourceMap) -> Vec<String> {
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    let print = |finding: &Finding| {
        let identity = identity(finding, sources);
        let before = seen.entry(identity.clone()).or_default();
        let print = hash(&format!("{identity}\u{1f}{before}"));
        *before += 1;
        print
    };
    findings.iter().map(print).collect()
}

/// What makes a finding the same finding. The folder of the year parts budgets from final
/// accounts; the file counts only where no cell says where.
fn identity(finding: &Finding, sources: &SourceMap) -> String {
    let path = finding.place.map_or("", |place| sources.file(place.file).path);
    let folder = path.strip_prefix("content/units/").and_then(|below| below.split('/').nth(1)).unwrap_or_default();
    let year = finding.year.map(|year| year.to_string()).unwrap_or_default();
    let parts = [
        finding.code.id,
        finding.unit.as_deref().unwrap_or_default(),
        &year,
        folder,
        finding.cell.as_deref().unwrap_or_default(),
        finding.relation.as_deref().unwrap_or_default(),
        if finding.cell.is_some() { "" } else { path },
    ];
    parts.join("\u{1f}")
}

/// The first 128 bits of the SHA-256, in hex.
fn hash(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    let first = digest.iter().take(16).fold(0_u128, |bits, byte| bits << 8 | u128::from(*byte));
    format!("{first:032x}")
}

/// The level of a result: that of a draft stops nobody.
fn level(finding: &Finding) -> Severity {
    let level = finding.accepted.as_ref().map_or(finding.severity, |accepted| accepted.level);
    if finding.draft { Severity::Note } else { level }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Acceptance;
    use crate::diagnostic::Severity;

    fn sample(text: &str, cell: &str, message: &str) -> (SourceMap, Finding) {
        let mut sources = SourceMap::default();
        let file = sources.add("content/units/甲 a/2023/tables/01.toml".into(), text);
        let at = text.find("27").unwrap();
        let finding = Finding::new("C101", message).at(Place::new(file, at..at + 2)).about("a", 2023).cell(cell);
        (sources, finding)
    }

    fn first(findings: &[Finding], sources: &SourceMap) -> Value {
        let document: Value = serde_json::from_str(&to_sarif(findings, sources)).unwrap();
        document["runs"][0]["results"][0].clone()
    }

    #[test]
    fn a_fingerprint_survives_moved_lines_and_changed_figures_but_not_another_cell() {
        let print = |text: &str, cell: &str, message: &str| {
            let (sources, finding) = sample(text, cell, message);
            fingerprints(&[finding], &sources).remove(0)
        };
        let known = print("27 = 1\n", "公开01表27行1栏", "差1.00");
        assert_eq!(known.len(), 32);
        assert_eq!(known, print("# 甲\n\n27 = 1\n", "公开01表27行1栏", "差2.00"));
        assert_ne!(known, print("27 = 1\n", "公开01表28行1栏", "差1.00"));
    }

    #[test]
    fn findings_that_are_alike_have_fingerprints_of_their_own() {
        let (sources, finding) = sample("27 = 1\n", "公开01表27行1栏", "甲");
        let prints = fingerprints(&[finding.clone(), finding], &sources);
        assert_ne!(prints[0], prints[1]);
    }

    #[test]
    fn a_result_says_where_in_characters_and_in_a_relative_uri() {
        let (sources, finding) = sample("甲 = 27\n", "公开01表27行1栏", "甲");
        let location = &first(&[finding], &sources)["locations"][0];
        assert_eq!(
            location["physicalLocation"],
            json!({
                "artifactLocation": { "uri": "content/units/%E7%94%B2%20a/2023/tables/01.toml", "uriBaseId": "SRCROOT" },
                "region": { "startLine": 1, "startColumn": 5, "endLine": 1, "endColumn": 7 },
            })
        );
        assert_eq!(location["logicalLocations"][0]["fullyQualifiedName"], "公开01表27行1栏");
    }

    #[test]
    fn a_file_from_the_binary_lies_in_no_folder() {
        assert_eq!(artifact("内置:content/forms/a/01.toml"), json!({ "uri": "embedded:content/forms/a/01.toml" }));
    }

    #[test]
    fn what_is_explained_is_suppressed_with_its_reason() {
        let (sources, mut finding) = sample("27 = 1\n", "公开01表27行1栏", "甲");
        assert_eq!(first(std::slice::from_ref(&finding), &sources)["suppressions"], json!([]));
        finding.accepted = Some(Acceptance {
            level: Severity::Error,
            reason: "按批复".into(),
            person: "张三".into(),
            date: "2024-11-11".into(),
            expires: None,
        });
        assert_eq!(
            first(&[finding], &sources)["suppressions"],
            json!([{ "kind": "external", "status": "accepted", "justification": "按批复（张三，2024-11-11）" }])
        );
    }
}
