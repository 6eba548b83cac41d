//! Very many findings: those of one kind in one file are cut short.

use std::collections::BTreeMap;

use super::{FileId, Finding};

/// How many findings of one kind a file has at most; who mends the first hundred has often mended
/// the rest.
const MOST_ALIKE: usize = 100;

/// Findings, in the order of the files, with those of one kind in one file cut short; another one
/// says how many there are besides, as grave as the gravest of them.
pub fn cut_short(findings: Vec<Finding>) -> Vec<Finding> {
    let mut counts: BTreeMap<(FileId, &str), usize> = BTreeMap::new();
    let mut more: BTreeMap<(FileId, &str), Finding> = BTreeMap::new();
    let mut kept = Vec::with_capacity(findings.len().min(1 << 16));
    for finding in findings {
        let Some(place) = finding.place else {
            kept.push(finding);
            continue;
        };
        let alike = (place.file, finding.code.id);
        let count = counts.entry(alike).or_default();
        *count += 1;
        if *count <= MOST_ALIKE {
            kept.push(finding);
            continue;
        }
        match more.get_mut(&alike) {
            Some(rest) => rest.severity = rest.severity.min(finding.severity),
            None => drop(more.insert(alike, finding)),
        }
    }
    kept.extend(more.into_iter().map(|(alike, first)| rest(&first, counts[&alike] - MOST_ALIKE)));
    kept
}

/// What stands for the findings that are not listed, the first of them known.
fn rest(first: &Finding, count: usize) -> Finding {
    let message = format!("从这里起还有 {count} 处“{}”（{}），没有逐一列出", first.code.title, first.code.id);
    let finding = Finding::new("S020", message).at(first.place).severity(first.severity);
    let mut finding = finding.help("先改正列出的各处，再检查一次；多半是同一个原因");
    finding.unit.clone_from(&first.unit);
    finding.year = first.year;
    finding
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Place, Severity};

    #[test]
    fn only_the_first_hundred_of_a_kind_in_a_file_are_listed() {
        let finding = |file: u32, at: usize, code: &str| Finding::new(code, "甲").at(Place::new(FileId(file), at..at));
        let hundred = || (0..MOST_ALIKE).map(|at| finding(0, at, "S004"));
        assert_eq!(cut_short(hundred().collect()).len(), MOST_ALIKE);
        let others = [finding(0, 100, "S005"), finding(1, 0, "S004"), Finding::new("S004", "无处")];
        assert_eq!(cut_short(hundred().chain(others).collect()).len(), MOST_ALIKE + 3);
        let beyond = [finding(0, 100, "S004").severity(Severity::Note), finding(0, 101, "S004")];
        let cut = cut_short(hundred().chain(beyond).collect());
        let last = cut.last().unwrap();
        assert_eq!((cut.len(), last.code.id, last.severity), (MOST_ALIKE + 1, "S020", Severity::Error));
        assert_eq!(last.place.unwrap().start, 100);
        assert_eq!(last.message, "从这里起还有 2 处“不认识的键”（S004），没有逐一列出");
    }
}
