//! One cause is told once: what figures and hygiene both found of the same words, and what was
//! found of the same figure at several places.

use crate::diagnostic::{Finding, Place, Related};

/// The findings of a text, those of one cause as one, in order of their places.
pub(super) fn told_once(findings: Vec<Finding>) -> Vec<Finding> {
    let mut kept: Vec<Finding> = Vec::with_capacity(findings.len());
    for finding in in_order(findings) {
        match kept.iter_mut().find(|other| is_same(other, &finding)) {
            Some(other) => join(other, finding),
            None => kept.push(finding),
        }
    }
    let parts = fold_parts(kept);
    let is_implied = |finding: &Finding| parts.iter().any(|other| implies(other, finding));
    parts.iter().filter(|finding| !is_implied(finding)).cloned().collect()
}

/// Where loading or the checks told the same words as reading the text did, the text's finding
/// stays, as grave as the graver: S044 beside T201–T203, C153 beside T241.
pub fn told_twice(findings: &mut Vec<Finding>) {
    let quoted = |finding: &Finding| {
        let (_, after) = finding.message.split_once('“')?;
        Some(after.split_once('”')?.0.to_owned())
    };
    let again = |one: &Finding, other: &Finding| {
        let codes = match one.code.id {
            "S044" => ["T201", "T202", "T203"].as_slice(),
            "C153" => &["T241"],
            _ => return false,
        };
        let words = quoted(one).zip(quoted(other));
        codes.contains(&other.code.id)
            && meet(one.place, other.place)
            && words.is_some_and(|(one, other)| one.contains(&other) || other.contains(&one))
    };
    let (twice, mut kept): (Vec<Finding>, Vec<Finding>) =
        std::mem::take(findings).into_iter().partition(|finding| matches!(finding.code.id, "S044" | "C153"));
    for finding in twice {
        match kept.iter_mut().find(|other| again(&finding, other)) {
            Some(other) => other.severity = other.severity.min(finding.severity),
            None => findings.push(finding),
        }
    }
    findings.append(&mut kept);
}

fn in_order(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by_key(|finding| (finding.place.map(|place| (place.file, place.start)), finding.code.id));
    findings
}

fn meet(one: Option<Place>, other: Option<Place>) -> bool {
    one.zip(other).is_some_and(|(one, other)| one.file == other.file && one.start < other.end && other.start < one.end)
}

/// The same code of the same words, or the same figure against the same others elsewhere.
fn is_same(one: &Finding, other: &Finding) -> bool {
    let again = one.code.id == "T106" && one.message == other.message;
    one.code.id == other.code.id && (again || meet(one.place, other.place))
}

/// Tells one finding with what another of the same cause knows.
fn join(kept: &mut Finding, mut other: Finding) {
    if !meet(kept.place, other.place) {
        let label = "这里也这样写".to_owned();
        return kept.related.push(Related { label, cell: None, place: other.place });
    }
    // The one that was held against a table knows more.
    if (other.cell.is_some(), other.related.len()) > (kept.cell.is_some(), kept.related.len()) {
        std::mem::swap(kept, &mut other);
    }
    // The graver of the two comes first in the order of severities.
    kept.severity = kept.severity.min(other.severity);
    kept.expected = kept.expected.take().or(other.expected);
    kept.actual = kept.actual.take().or(other.actual);
}

/// A part above a whole that is itself wrong belongs to what is told of the whole.
fn fold_parts(findings: Vec<Finding>) -> Vec<Finding> {
    let (parts, mut kept): (Vec<Finding>, Vec<Finding>) =
        findings.into_iter().partition(|finding| finding.code.id == "T105");
    for part in parts {
        let whole = part.related.first().and_then(|whole| whole.place);
        let told = kept.iter_mut().find(|told| told.code.id == "T101" && meet(told.place, whole));
        let Some(told) = told else {
            kept.push(part);
            continue;
        };
        told.message.extend(["；其中的", &part.message]);
        told.related.push(Related { label: part.actual.unwrap_or_default(), cell: None, place: part.place });
    }
    in_order(kept)
}

/// Whether a rate on nothing goes without saying: the words of change before it are told already.
fn implies(told: &Finding, finding: &Finding) -> bool {
    let before =
        |one: Place, other: Place| one.file == other.file && one.end <= other.start && one.end + 1 >= other.start;
    let beside = told.place.zip(finding.place).is_some_and(|(one, other)| before(one, other));
    finding.code.id == "T234"
        && (told.code.id == "T202" && beside || told.code.id == "T233" && meet(told.place, finding.place))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{FileId, Severity};

    fn told(code: &'static str, message: &str, range: std::ops::Range<usize>) -> Finding {
        Finding::new(code, message).at(Place::new(FileId(0), range))
    }

    fn codes(mut findings: Vec<Finding>) -> Vec<(&'static str, Severity)> {
        told_twice(&mut findings);
        findings.iter().map(|finding| (finding.code.id, finding.severity)).collect()
    }

    #[test]
    fn the_same_words_are_told_once_and_as_gravely() {
        let left = told("S044", "模板中的“增加/减少”没有改", 0..20);
        let unchosen = told("T202", "“增加/减少”没有选定一个", 4..10).severity(Severity::Warning);
        assert_eq!(codes(vec![left.clone(), unchosen]), [("T202", Severity::Error)]);
        let own = told("C153", "变动原因自称“本单位”，全文称“部门”", 0..20);
        let word = told("T241", "自称“本单位”，全文称“部门”", 4..10);
        assert_eq!(codes(vec![own, word]).len(), 1);
        let elsewhere = told("T202", "“增加/减少”没有选定一个", 30..40);
        let other = told("T201", "“**”没有换成实际的内容", 4..10);
        assert_eq!(codes(vec![left, elsewhere, other]).len(), 3);
    }
}
