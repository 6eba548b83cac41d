//! Findings for programs: a versioned JSON document with English keys.
//!
//! `docs/findings.md` describes it, `docs/schema/findings-1.schema.json` is its JSON Schema.

use serde_json::{Map, Value, json};

use super::{Acceptance, Finding, Place, Severity, SourceMap};

/// The version of the document's shape; fields may be added without a new one.
pub const SCHEMA: &str = "disclose-findings/1";

/// The findings as a JSON document, ending in a line break; `verdicts` says how many relations
/// came to each verdict, by its key.
///
/// Every finding has every field; what does not apply is `null`. Lines and columns count from
/// one, columns in characters; the end is the first column that is no longer meant.
pub fn to_json(findings: &[Finding], sources: &SourceMap, verdicts: &[(&'static str, u32)]) -> String {
    let document = json!({
        "schema": SCHEMA,
        "findings": findings.iter().map(|finding| finding_json(finding, sources)).collect::<Vec<_>>(),
        "summary": summary(findings, verdicts),
    });
    format!("{document:#}\n")
}

fn summary(findings: &[Finding], verdicts: &[(&'static str, u32)]) -> Value {
    let ready = || findings.iter().filter(|finding| !finding.draft);
    let count = |severity| ready().filter(|finding| finding.severity == severity).count();
    let mut summary: Map<String, Value> = [Severity::Error, Severity::Warning, Severity::Note]
        .into_iter()
        .map(|severity| (severity.key().to_owned(), json!(count(severity))))
        .collect();
    let accepted = ready().filter(|finding| finding.accepted.is_some()).count();
    summary.insert("accepted".to_owned(), json!(accepted));
    summary.insert("draft".to_owned(), json!(findings.len() - ready().count()));
    let verdicts: Map<String, Value> = verdicts.iter().map(|(key, count)| ((*key).to_owned(), json!(count))).collect();
    summary.insert("verdicts".to_owned(), Value::Object(verdicts));
    Value::Object(summary)
}

/// Findings as JSON, in the shape that `docs/findings.md` describes.
pub(crate) fn findings_json(findings: &[Finding], sources: &SourceMap) -> Value {
    findings.iter().map(|finding| finding_json(finding, sources)).collect()
}

/// An object with `file`, `line`, `column`, `end_line` and `end_column` added.
pub(crate) fn placed_json(mut fields: Value, place: Option<Place>, sources: &SourceMap) -> Value {
    add_place(&mut fields, place, sources);
    fields
}

fn finding_json(finding: &Finding, sources: &SourceMap) -> Value {
    let mut fields = json!({
        "code": finding.code.id,
        "name": finding.code.name,
        "title": finding.code.title,
        "statutory": finding.code.statutory,
        "severity": finding.severity.key(),
        "message": finding.message,
        "unit": finding.unit,
        "year": finding.year,
    });
    add_place(&mut fields, finding.place, sources);
    let rest = json!({
        "cell": finding.cell,
        "relation": finding.relation,
        "verdict": finding.verdict,
        "expected": finding.expected,
        "actual": finding.actual,
        "difference": finding.difference,
        "related": finding.related.iter().map(|related| {
            let mut fields = json!({ "label": related.label, "cell": related.cell });
            add_place(&mut fields, related.place, sources);
            fields
        }).collect::<Vec<_>>(),
        "help": finding.help,
        "accepted": finding.accepted.as_ref().map(acceptance_json),
        "draft": finding.draft,
    });
    merge(&mut fields, rest);
    fields
}

fn acceptance_json(acceptance: &Acceptance) -> Value {
    json!({
        "level": acceptance.level.key(),
        "reason": acceptance.reason,
        "person": acceptance.person,
        "date": acceptance.date,
        "expires": acceptance.expires,
    })
}

/// Adds `file`, `line`, `column`, `end_line` and `end_column`, all `null` without a place.
fn add_place(fields: &mut Value, place: Option<Place>, sources: &SourceMap) {
    let at = place.map(|place| {
        let file = sources.file(place.file);
        (file.path, file.position(place.start), file.position(place.end.max(place.start)))
    });
    merge(
        fields,
        json!({
            "file": at.map(|(path, ..)| path),
            "line": at.map(|(_, start, _)| start.line),
            "column": at.map(|(_, start, _)| start.column),
            "end_line": at.map(|(.., end)| end.line),
            "end_column": at.map(|(.., end)| end.column),
        }),
    );
}

/// Adds the fields of one object to another.
fn merge(into: &mut Value, from: Value) {
    if let (Value::Object(into), Value::Object(from)) = (into, from) {
        into.extend(from);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_keeps_its_place_and_says_null_where_nothing_applies() {
        let mut sources = SourceMap::default();
        let file = sources.add("a.toml".into(), "x = 1\ny = 2\n");
        let finding = Finding::new("S001", "甲").at(Place::new(file, 6..7)).about("caidian-ggzy", 2023);
        let document: Value = serde_json::from_str(&to_json(&[finding], &sources, &[("exact", 3)])).unwrap();
        let first = &document["findings"][0];
        assert_eq!((&first["line"], &first["column"], &first["cell"]), (&json!(2), &json!(1), &Value::Null));
        assert_eq!((&first["end_line"], &first["end_column"]), (&json!(2), &json!(2)));
        assert_eq!((&first["unit"], &document["summary"]["error"]), (&json!("caidian-ggzy"), &json!(1)));
        assert_eq!(document["summary"]["verdicts"], json!({ "exact": 3 }));
    }

    #[test]
    fn what_is_accepted_says_who_and_why_and_is_counted() {
        let mut finding = Finding::new("C101", "甲");
        finding.accepted = Some(Acceptance {
            level: Severity::Error,
            reason: "按批复".into(),
            person: "张三".into(),
            date: "2024-11-11".into(),
            expires: None,
        });
        let document: Value = serde_json::from_str(&to_json(&[finding], &SourceMap::default(), &[])).unwrap();
        let accepted =
            json!({ "level": "error", "reason": "按批复", "person": "张三", "date": "2024-11-11", "expires": null });
        assert_eq!((&document["findings"][0]["accepted"], &document["summary"]["accepted"]), (&accepted, &json!(1)));
    }
}
