//! A line a unit-year: where a reviewer of many units begins.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::diagnostic::{Finding, Severity};
use crate::model::site::Site;

/// More lines than anybody reads at a terminal.
const MOST: usize = 40;

/// How many errors, warnings and notes each unit-year has, the worst first; nothing where all
/// that was found is about one.
pub(super) fn table(findings: &[Finding], site: &Site) -> String {
    let mut counts: BTreeMap<(&str, i32), [usize; 3]> = BTreeMap::new();
    for finding in findings.iter().filter(|finding| finding.accepted.is_none()) {
        if let Some(whose) = finding.unit.as_deref().zip(finding.year) {
            counts.entry(whose).or_default()[finding.severity as usize] += 1;
        }
    }
    if counts.len() < 2 {
        return String::new();
    }
    let mut rows: Vec<_> = counts.into_iter().collect();
    // The sort keeps the order of units among equals.
    rows.sort_by(|(_, one), (_, other)| other.cmp(one));
    let mut text = String::from("按单位：\n");
    for ((unit, year), counts) in rows.iter().take(MOST) {
        let short = site.known_unit(unit).map(|unit| unit.short.as_str()).filter(|short| !short.is_empty());
        let name = short.map_or_else(|| (*unit).to_owned(), |short| format!("{short}（{unit}）"));
        let severities = [Severity::Error, Severity::Warning, Severity::Note].into_iter().zip(counts);
        let parts: Vec<String> = severities
            .filter(|(_, count)| **count > 0)
            .map(|(severity, count)| format!("{} {count}", severity.name()))
            .collect();
        let _ = writeln!(text, "  {name} {year}年度：{}", parts.join("，"));
    }
    if rows.len() > MOST {
        let _ = writeln!(text, "  另有 {} 份，用 --unit 或 --format json 查看。", rows.len() - MOST);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::site;

    #[test]
    fn the_unit_with_most_errors_comes_first_and_one_unit_needs_no_table() {
        let finding = |unit: &str, code: &str| Finding::new(code, "甲").about(unit, 2023);
        let site = site(Vec::new());
        assert_eq!(table(&[finding("a", "C101"), finding("a", "C124")], &site), "");
        assert_eq!(
            table(&[finding("a", "C124"), finding("b", "C101"), finding("b", "C122")], &site),
            "按单位：\n  b 2023年度：错误 1，警告 1\n  a 2023年度：提示 1\n"
        );
    }
}
