//! The last word on findings: levels that a site changed, exceptions that a disclosure made.
//!
//! 1. A changed level of `site.toml` replaces the severity of the findings that stand at their
//!    code's usual level. A finding that came milder, because its verdict or its relation is,
//!    is never raised; it is lowered where the new level is milder still. `off` takes every
//!    finding of the code away. A statutory code is never lowered: C193, and nothing changes.
//! 2. An exception accepts every finding of its code about its disclosure: the one at its
//!    cell, those in its table, or all where it names neither. An accepted finding becomes a
//!    note; of a statutory code, a warning. One that has ended accepts nothing (C192), and one
//!    that accepts nothing is to be deleted (C191), unless a source could not be read: then
//!    nobody knows whether the finding is gone.
//!
//! `today` comes from the edge of the program and makes findings only, never bytes of a page.

use std::collections::BTreeMap;

use crate::diagnostic::{Acceptance, Finding, Severity, SourceMap};
use crate::model::date::Date;
use crate::model::disclosure::{Disclosure, Exception};
use crate::model::form::FormSet;
use crate::model::site::{LevelChange, Site};

/// Applies a site's levels, then its disclosures' exceptions, to all that was found; what is
/// wrong with either joins the findings.
pub fn settle(site: &Site, sources: &SourceMap, findings: &mut Vec<Finding>, today: Date) {
    let mut faults = change_levels(&site.config.levels, findings);
    if site.disclosures.iter().any(|disclosure| !disclosure.exceptions.is_empty()) {
        let about = by_disclosure(site, sources, findings);
        for (index, disclosure) in site.disclosures.iter().enumerate() {
            let about = about.get(&index).map(Vec::as_slice).unwrap_or_default();
            faults.extend(apply_exceptions(disclosure, about, findings, today));
        }
    }
    findings.append(&mut faults);
}

fn change_levels(levels: &[LevelChange], findings: &mut Vec<Finding>) -> Vec<Finding> {
    let (refused, changes): (Vec<_>, Vec<_>) = levels.iter().partition(|change| lowers_statutory(change));
    for change in changes {
        match change.severity {
            None => findings.retain(|finding| finding.code.id != change.code.id),
            Some(level) => {
                for finding in findings.iter_mut().filter(|finding| finding.code.id == change.code.id) {
                    let is_usual = finding.severity == finding.code.severity;
                    finding.severity = if is_usual { level } else { finding.severity.max(level) };
                }
            }
        }
    }
    refused.into_iter().map(refusal).collect()
}

/// Whether a change would make a statutory code milder; graver severities come first.
fn lowers_statutory(change: &LevelChange) -> bool {
    change.code.statutory && change.severity.is_none_or(|level| level > change.code.severity)
}

fn refusal(change: &LevelChange) -> Finding {
    let message = format!("{}（{}）是法定的核对关系，不能降低级别或关闭", change.code.id, change.code.title);
    let help = "删去这一条；确有原因不符的，在那一份 disclosure.toml 写 [[exceptions]] 说明，会照说明公开";
    Finding::new("C193", message).at(change.place).help(help)
}

/// The findings about each disclosure, by their positions.
///
/// A year may have final accounts and a budget: a finding that stands in the folder of one
/// is not about the other.
fn by_disclosure(site: &Site, sources: &SourceMap, findings: &[Finding]) -> BTreeMap<usize, Vec<usize>> {
    let folder = |disclosure: &Disclosure| {
        let path = sources.file(disclosure.place.file).path;
        path.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"))
    };
    let mut years: BTreeMap<(&str, i32), Vec<(usize, String)>> = BTreeMap::new();
    for (index, disclosure) in site.disclosures.iter().enumerate() {
        years.entry((&disclosure.unit, disclosure.year)).or_default().push((index, folder(disclosure)));
    }
    let mut about: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, finding) in findings.iter().enumerate() {
        let Some(year) = finding.unit.as_deref().zip(finding.year).and_then(|key| years.get(&key)) else { continue };
        let path = finding.place.map_or("", |place| sources.file(place.file).path);
        let home = year.iter().find(|(_, folder)| path.starts_with(folder.as_str()));
        for (index, _) in year.iter().filter(|(index, _)| home.is_none_or(|(home, _)| home == index)) {
            about.entry(*index).or_default().push(at);
        }
    }
    about
}

/// Accepts what the exceptions of a disclosure cover among the findings `about` it, and says
/// what is wrong with the exceptions.
fn apply_exceptions(disclosure: &Disclosure, about: &[usize], findings: &mut [Finding], today: Date) -> Vec<Finding> {
    let has_ended = |exception: &&Exception| exception.expires.is_some_and(|last| last < today);
    let (ended, holding): (Vec<&Exception>, Vec<&Exception>) = disclosure.exceptions.iter().partition(has_ended);
    let mut used = vec![false; holding.len()];
    for at in about {
        let finding = &mut findings[*at];
        let covering = |at: &usize| covers(holding[*at], &disclosure.set, finding);
        let covering: Vec<usize> = (0..holding.len()).filter(covering).collect();
        for at in &covering {
            used[*at] = true;
        }
        if let Some(nearest) = covering.iter().min_by_key(|at| holding[**at].cell.is_none()) {
            accept(finding, holding[*nearest]);
        }
    }
    let is_unread = about.iter().any(|at| findings[*at].code.id.starts_with('S') && is_error(&findings[*at]));
    let unused = holding.iter().zip(used).filter(|(_, used)| !used && !is_unread).map(|(exception, _)| exception);
    let faults =
        ended.iter().map(|exception| ended_finding(exception)).chain(unused.map(|exception| unused_finding(exception)));
    faults.map(|finding| finding.about(&disclosure.unit, disclosure.year)).collect()
}

fn is_error(finding: &Finding) -> bool {
    finding.severity == Severity::Error
}

/// Whether an exception is about a finding of its disclosure.
fn covers(exception: &Exception, set: &FormSet, finding: &Finding) -> bool {
    let tells = |words: &String| finding.message.contains(words.as_str());
    if exception.code.id != finding.code.id || !exception.words.as_ref().is_none_or(tells) {
        return false;
    }
    let (Some(wanted), Some(cell)) = (&exception.cell, &finding.cell) else { return exception.cell.is_none() };
    wanted.value == *cell || set.cell_named(cell).is_ok_and(|cell| set.form_of(cell).code == wanted.value)
}

fn accept(finding: &mut Finding, exception: &Exception) {
    let mildest = if finding.code.statutory { finding.severity.max(Severity::Warning) } else { Severity::Note };
    let level = std::mem::replace(&mut finding.severity, mildest);
    finding.accepted = Some(Acceptance {
        level,
        reason: exception.reason.clone(),
        person: exception.person.clone(),
        date: exception.date.to_string(),
        expires: exception.expires.map(|expires| expires.to_string()),
    });
}

/// `C113（公开01表29行1栏）`
fn name(exception: &Exception) -> String {
    let cell = exception.cell.as_ref().map(|cell| format!("（{}）", cell.value));
    let words = exception.words.as_ref().map(|words| format!("（“{words}”）"));
    format!("{}{}{}", exception.code.id, cell.unwrap_or_default(), words.unwrap_or_default())
}

fn fault(code: &str, message: String, exception: &Exception, help: &str) -> Finding {
    let finding = Finding::new(code, message).at(exception.place).help(help);
    match &exception.cell {
        Some(cell) => finding.cell(cell.value.clone()),
        None => finding,
    }
}

fn unused_finding(exception: &Exception) -> Finding {
    let message = format!("{}：这条例外没有对应的问题，请删去", name(exception));
    fault("C191", message, exception, "问题已经改正的，删去这一条；没有改正的，照检查结果核对 code 和 cell")
}

fn ended_finding(exception: &Exception) -> Finding {
    let until = exception.expires.map_or(String::new(), Date::chinese);
    let message = format!("{}：这条例外到{until}为止，已经过期", name(exception));
    fault("C192", message, exception, "改正所指的问题后删去这一条；仍有理由的，由负责人重新写明 date 和 expires")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::check;
    use crate::check::testing::{disclosure, place, set, site, two_sided};
    use crate::diagnostic::{Placed, code};

    const INCOME: &str = "公开01表27行1栏";

    fn day(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    /// A disclosure whose printed formula does not hold and which has a negative figure.
    fn wrong() -> Disclosure {
        let set = set(vec![two_sided("公开01表", &[1, 2, 27], &[], 1, &["27行＝（1+2）行"])], &[]);
        disclosure(&set, &[("公开01表1行", "1.00"), ("公开01表2行", "-2.00"), ("公开01表27行", "3.00")])
    }

    fn exception(id: &str, cell: Option<&str>) -> Exception {
        Exception {
            code: code(id),
            cell: cell.map(|cell| Placed::new(cell.to_owned(), place(7))),
            words: None,
            reason: "原件如此".into(),
            person: "甲".into(),
            date: day("2024-11-11"),
            expires: None,
            place: place(7),
        }
    }

    fn level(id: &str, severity: Option<Severity>) -> LevelChange {
        LevelChange { code: code(id), severity, reason: "试行一年".into(), place: place(8) }
    }

    /// All findings on a disclosure with these exceptions and levels, on 2025-01-01.
    fn settled(exceptions: Vec<Exception>, levels: Vec<LevelChange>) -> Vec<Finding> {
        let mut site = site(vec![Disclosure { exceptions, ..wrong() }]);
        site.config.levels = levels;
        let mut sources = SourceMap::default();
        sources.add("content/units/unit/2023/disclosure.toml".into(), "");
        let mut findings = check(&site).findings;
        settle(&site, &sources, &mut findings, day("2025-01-01"));
        findings
    }

    fn lines(findings: &[Finding]) -> Vec<String> {
        let line = |finding: &Finding| {
            let accepted = if finding.accepted.is_some() { " 已说明" } else { "" };
            format!("{} {}{accepted}", finding.code.id, finding.severity.key())
        };
        findings.iter().map(line).collect()
    }

    #[test]
    fn a_statutory_finding_is_told_as_a_warning_and_any_other_as_a_note() {
        let found = settled(vec![exception("C101", Some(INCOME)), exception("C124", None)], vec![]);
        assert_eq!(lines(&found), ["C101 warning 已说明", "C124 note 已说明"]);
        assert_eq!(found[0].accepted.as_ref().unwrap().date, "2024-11-11");
        assert_eq!(lines(&settled(vec![], vec![])), ["C101 error", "C124 note"]);
    }

    #[test]
    fn an_exception_for_a_table_covers_its_cells_and_no_other_table() {
        let found = settled(vec![exception("C101", Some("公开01表"))], vec![]);
        assert_eq!(lines(&found), ["C101 warning 已说明", "C124 note"]);
        let found = settled(vec![exception("C101", Some("公开02表"))], vec![]);
        assert_eq!(lines(&found), ["C101 error", "C124 note", "C191 error"]);
    }

    #[test]
    fn an_exception_that_covers_nothing_is_found() {
        let found = settled(vec![exception("C101", Some("公开01表1行1栏"))], vec![]);
        assert_eq!(lines(&found), ["C101 error", "C124 note", "C191 error"]);
        let last = found.last().unwrap();
        assert_eq!(last.message, "C101（公开01表1行1栏）：这条例外没有对应的问题，请删去");
        assert_eq!((last.unit.as_deref(), last.year, last.place), (Some("unit"), Some(2023), Some(place(7))));
    }

    #[test]
    fn an_exception_is_not_called_unused_while_a_source_cannot_be_read() {
        let site = site(vec![Disclosure { exceptions: vec![exception("C111", None)], ..wrong() }]);
        let mut sources = SourceMap::default();
        sources.add("content/units/unit/2023/disclosure.toml".into(), "");
        let mut findings = vec![Finding::new("S001", "语法错误").at(place(3)).about("unit", 2023)];
        settle(&site, &sources, &mut findings, day("2025-01-01"));
        assert_eq!(lines(&findings), ["S001 error"]);
    }

    #[test]
    fn an_exception_ends_after_its_last_day() {
        let until = |expires| Exception { expires: Some(day(expires)), ..exception("C101", None) };
        let found = settled(vec![until("2024-12-31")], vec![]);
        assert_eq!(lines(&found), ["C101 error", "C124 note", "C192 error"]);
        assert_eq!(found[2].message, "C101：这条例外到2024年12月31日为止，已经过期");
        assert_eq!(lines(&settled(vec![until("2025-01-01")], vec![])), ["C101 warning 已说明", "C124 note"]);
    }

    #[test]
    fn of_two_exceptions_the_one_with_the_cell_is_told_and_both_are_used() {
        let general = Exception { person: "乙".into(), ..exception("C101", None) };
        let found = settled(vec![general, exception("C101", Some(INCOME))], vec![]);
        assert_eq!(lines(&found), ["C101 warning 已说明", "C124 note"]);
        assert_eq!(found[0].accepted.as_ref().unwrap().person, "甲");
    }

    #[test]
    fn a_finding_in_the_folder_of_the_budget_is_not_accepted_by_the_final_accounts() {
        let mut site = site(vec![Disclosure { exceptions: vec![exception("C124", None)], ..wrong() }, wrong()]);
        let mut sources = SourceMap::default();
        sources.add("content/units/unit/2023/disclosure.toml".into(), "");
        let budget = sources.add("content/units/unit/2023-budget/disclosure.toml".into(), "");
        site.disclosures[1].place.file = budget;
        let in_budget = crate::diagnostic::Place { file: budget, ..place(3) };
        let finding = |place| Finding::new("C124", "负数").at(place).about("unit", 2023);
        let mut findings = vec![finding(place(3)), finding(in_budget)];
        settle(&site, &sources, &mut findings, day("2025-01-01"));
        assert_eq!(lines(&findings), ["C124 note 已说明", "C124 note"]);
    }

    #[test]
    fn a_changed_level_replaces_the_usual_one() {
        let changed = |severity| lines(&settled(vec![], vec![level("C124", severity)]));
        assert_eq!(changed(Some(Severity::Error)), ["C101 error", "C124 error"]);
        assert_eq!(changed(None), ["C101 error"]);
    }

    #[test]
    fn a_changed_level_never_raises_a_finding_that_came_milder() {
        let after = |level_of, severity| {
            let mut findings = vec![Finding::new("C105", "表外数据").severity(severity)];
            change_levels(&[level("C105", Some(level_of))], &mut findings);
            findings[0].severity
        };
        assert_eq!(after(Severity::Error, Severity::Note), Severity::Note);
        assert_eq!(after(Severity::Note, Severity::Warning), Severity::Note);
        assert_eq!(after(Severity::Warning, Severity::Error), Severity::Warning);
    }

    #[test]
    fn a_statutory_code_is_neither_lowered_nor_switched_off() {
        for severity in [None, Some(Severity::Note), Some(Severity::Warning)] {
            let found = settled(vec![], vec![level("C101", severity)]);
            assert_eq!(lines(&found), ["C101 error", "C124 note", "C193 error"]);
            assert_eq!(found[2].place, Some(place(8)));
        }
        let kept = settled(vec![], vec![level("C101", Some(Severity::Error))]);
        assert_eq!(lines(&kept), ["C101 error", "C124 note"]);
    }

    #[test]
    fn exceptions_come_after_levels() {
        let found = settled(vec![exception("C124", None)], vec![level("C124", Some(Severity::Error))]);
        assert_eq!(lines(&found), ["C101 error", "C124 note 已说明"]);
    }

    #[test]
    fn an_exception_covers_only_findings_that_tell_its_words() {
        let of = |words: &str| {
            let exception = Exception { words: Some(words.to_owned()), ..exception("C101", None) };
            let settled = settled(vec![exception], Vec::new());
            settled.iter().filter(|finding| finding.code.id == "C101" && finding.accepted.is_some()).count()
        };
        assert_eq!((of("3.00"), of("9.99")), (1, 0));
    }
}
