//! Findings as GitHub workflow commands: annotations at the lines of a change.
//!
//! `::error file=…,line=…,title=…::message`, a line each; see “Workflow commands for GitHub
//! Actions” in GitHub's documentation.

use super::{Finding, Place, Severity, SourceMap, is_embedded};

/// The findings as workflow commands, one a line. What a unit has explained and is a note
/// only is left out: an annotation asks somebody to act.
pub fn to_github(findings: &[Finding], sources: &SourceMap) -> String {
    let silent = |finding: &&Finding| finding.accepted.is_none() || finding.severity != Severity::Note;
    findings.iter().filter(silent).map(|finding| command(finding, sources)).collect()
}

fn command(finding: &Finding, sources: &SourceMap) -> String {
    let severity = if finding.draft { Severity::Note } else { finding.severity };
    let name = match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let place = finding.place.filter(|place| !is_embedded(sources.file(place.file).path));
    let mut properties = place.map_or_else(Vec::new, |place| properties(place, sources));
    properties.push(("title", format!("{} {}", finding.code.id, finding.code.title)));
    let written: Vec<String> =
        properties.into_iter().map(|(key, value)| format!("{key}={}", escape_property(&value))).collect();
    format!("::{name} {}::{}\n", written.join(","), escape_data(&message(finding)))
}

/// File, lines and, within one line, columns: GitHub takes no columns over several lines.
/// Its end column is the last one that is meant.
fn properties(place: Place, sources: &SourceMap) -> Vec<(&'static str, String)> {
    let file = sources.file(place.file);
    let (start, end) = (file.position(place.start), file.position(place.end.max(place.start)));
    let mut properties = vec![("file", file.path.to_owned()), ("line", start.line.to_string())];
    if end.line == start.line {
        properties.push(("col", start.column.to_string()));
        properties.push(("endLine", end.line.to_string()));
        properties.push(("endColumn", (end.column - 1).max(start.column).to_string()));
    } else {
        properties.push(("endLine", end.line.to_string()));
    }
    properties
}

fn message(finding: &Finding) -> String {
    let mut text = finding.message.clone();
    if let Some(help) = &finding.help {
        text.push_str("\n怎么办：");
        text.push_str(help);
    }
    if let Some(acceptance) = &finding.accepted {
        text.push_str("\n已说明：");
        text.push_str(&acceptance.to_string());
    }
    text
}

/// `%`, carriage return and line feed: `%` first, or the others would be escaped twice.
fn escape_data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn escape_property(text: &str) -> String {
    escape_data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Acceptance;

    fn map() -> (SourceMap, Place) {
        let mut sources = SourceMap::default();
        let file = sources.add("content/a,b.toml".into(), "一 = 1\n二 = 2x\n三 = 3\n");
        let at = "一 = 1\n二 = ".len();
        (sources, Place::new(file, at..at + 2))
    }

    #[test]
    fn a_finding_is_one_line_with_its_place() {
        let (sources, place) = map();
        let finding = Finding::new("S006", "占100%\r\n: 甲, 乙").at(place).help("改正");
        assert_eq!(
            to_github(&[finding], &sources),
            "::error file=content/a%2Cb.toml,line=2,col=5,endLine=2,endColumn=6,title=S006 数字的写法不对\
             ::占100%25%0A: 甲, 乙%0A怎么办：改正\n"
        );
    }

    #[test]
    fn a_place_over_several_lines_has_no_columns() {
        let (sources, mut place) = map();
        place.end += u32::try_from("\n三".len()).unwrap();
        let told = to_github(&[Finding::new("S006", "甲").at(place)], &sources);
        assert!(told.contains("line=2,endLine=3,title="), "{told}");
    }

    #[test]
    fn a_note_that_is_explained_is_not_annotated() {
        let accepted = |severity| {
            let mut finding = Finding::new("C101", "甲").severity(severity);
            finding.accepted = Some(Acceptance {
                level: Severity::Error,
                reason: "按批复".into(),
                person: "张三".into(),
                date: "2024-11-11".into(),
                expires: None,
            });
            finding
        };
        let told = to_github(&[accepted(Severity::Note), accepted(Severity::Warning)], &SourceMap::default());
        assert_eq!(told, "::warning title=C101 表内公式不符::甲%0A已说明：按批复（张三，2024-11-11）\n");
    }
}
