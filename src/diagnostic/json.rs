//! Findings for programs: a versioned JSON document with English keys.

use serde_json::{Map, Value, json};

use super::{Finding, Place, Severity, SourceMap};

/// The version of the document's shape; fields may be added without a new one.
pub const SCHEMA: &str = "disclose-findings/1";

/// The findings as a JSON document, ending in a line break.
///
/// Every finding has `code`, `name`, `severity`, `message`, `unit`, `year`, `file`, `line`,
/// `column`, `cell`, `expected`, `actual`, `difference`, `related` and `help`; what does not
/// apply is `null`. Lines and columns count from one, columns in characters.
pub fn to_json(findings: &[Finding], sources: &SourceMap) -> String {
    let document = json!({
        "schema": SCHEMA,
        "findings": findings.iter().map(|finding| finding_json(finding, sources)).collect::<Vec<_>>(),
        "summary": summary(findings),
    });
    format!("{document:#}\n")
}

fn summary(findings: &[Finding]) -> Value {
    let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    let by_severity: Map<String, Value> = [Severity::Error, Severity::Warning, Severity::Note]
        .into_iter()
        .map(|severity| (severity.key().to_owned(), json!(count(severity))))
        .collect();
    Value::Object(by_severity)
}

fn finding_json(finding: &Finding, sources: &SourceMap) -> Value {
    let (file, line, column) = place_json(finding.place, sources);
    json!({
        "code": finding.code.id,
        "name": finding.code.name,
        "severity": finding.severity.key(),
        "message": finding.message,
        "unit": finding.unit,
        "year": finding.year,
        "file": file,
        "line": line,
        "column": column,
        "cell": finding.cell,
        "expected": finding.expected,
        "actual": finding.actual,
        "difference": finding.difference,
        "related": finding.related.iter().map(|related| {
            let (file, line, column) = place_json(related.place, sources);
            json!({ "label": related.label, "cell": related.cell, "file": file, "line": line, "column": column })
        }).collect::<Vec<_>>(),
        "help": finding.help,
    })
}

fn place_json(place: Option<Place>, sources: &SourceMap) -> (Value, Value, Value) {
    place.map_or((Value::Null, Value::Null, Value::Null), |place| {
        let position = sources.position(place);
        (json!(sources.file(place.file).path), json!(position.line), json!(position.column))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_keeps_its_place_and_says_null_where_nothing_applies() {
        let mut sources = SourceMap::default();
        let file = sources.add("a.toml".into(), "x = 1\ny = 2\n");
        let finding = Finding::new("S001", "甲").at(Place::new(file, 6..7)).about("caidian-ggzy", 2023);
        let document: Value = serde_json::from_str(&to_json(&[finding], &sources)).unwrap();
        let first = &document["findings"][0];
        assert_eq!((&first["line"], &first["column"], &first["cell"]), (&json!(2), &json!(1), &Value::Null));
        assert_eq!((&first["unit"], &document["summary"]["error"]), (&json!("caidian-ggzy"), &json!(1)));
    }
}
