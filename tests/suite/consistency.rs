//! A disclosure beside its units and in its own document: honest ones give no warning (a
//! note may be drawn by chance), and a table in another unit of money is named.

use std::collections::BTreeSet;

use disclose::amount::{Amount, Scale};
use disclose::check::{self, RULES};
use disclose::diagnostic::{Finding, Severity};
use disclose::model::form::FormSet;
use disclose::model::table::Figure;

use crate::generate::source::Format;
use crate::generate::{Request, invent, invent_department};
use crate::support::{Examined, TempSite, blank_site, lines, repository};

/// How many departments are invented for each form set.
const EACH: u64 = 12;

/// The rules that are on trial here, by name.
const NAMES: [&str; 11] = [
    "budget-and-accounts",
    "classification",
    "completeness",
    "dates",
    "department",
    "money-unit",
    "prior-figures",
    "sentences",
    "shifted-rows",
    "titles",
    "year-to-year",
];

/// The findings of the rules on trial.
fn of_trial(findings: &[Finding]) -> impl Iterator<Item = &Finding> {
    let rules = RULES.iter().filter(|rule| NAMES.contains(&rule.name));
    let codes: BTreeSet<&str> = rules.flat_map(|rule| rule.codes).copied().collect();
    assert!(codes.len() >= NAMES.len());
    findings.iter().filter(move |finding| codes.contains(finding.code.id))
}

fn request(seed: u64) -> Request<'static> {
    let scale = if seed.is_multiple_of(5) { Scale::Yuan } else { Scale::TenThousand };
    Request { unit: "some-bureau", parent: None, format: Format::Toml, scale, seed }
}

/// A department with two units under it, loaded and checked.
fn department(set: &FormSet, seed: u64) -> Examined {
    let site = TempSite::new();
    for (path, text) in invent_department(blank_site(), set, request(seed)).into_iter().flat_map(|i| i.files) {
        site.write(&path, &text);
    }
    site.examine()
}

#[test]
fn honest_departments_and_their_units_give_no_warning() {
    for set in blank_site().sets.values() {
        for seed in (0..EACH).map(|step| 20_000 + 11 * step) {
            let examined = department(set, seed);
            assert_eq!(examined.site.disclosures.len(), 3);
            let grave = |finding: &&Finding| finding.severity < Severity::Note;
            assert_eq!(lines(of_trial(&examined.report.findings).filter(grave)), "", "{} {seed}", set.id);
        }
    }
}

#[test]
fn the_real_disclosures_lack_nothing_but_the_tables_that_were_not_printed() {
    let examined = Examined::of(repository());
    let found: Vec<(&str, &str)> = of_trial(&examined.report.findings)
        .map(|finding| (finding.code.id, finding.unit.as_deref().unwrap()))
        .collect();
    assert_eq!(found, [("C155", "luzhou-zwfw")]);
}

#[test]
fn a_department_that_holds_less_than_a_unit_of_its_own_is_found() {
    for set in blank_site().sets.values() {
        let mut examined = department(set, 21_000);
        let cell = set.concept_cell("general_total").unwrap();
        let unit = examined.site.disclosures.iter().position(|one| one.unit != "some-bureau").unwrap();
        let whole = examined.site.disclosures[0].figure(cell).amount().unwrap();
        let row = examined.site.disclosures[unit].tables[usize::from(cell.form)].rows_mut().iter_mut();
        let row = row.into_iter().find(|row| row.key == cell.row).unwrap();
        let at = usize::from(cell.column) - row.columns.start;
        row.cells[at].figure = Figure::Amount(whole + Amount::from_fen(10_000_000));
        let report = check::check(&examined.site);
        let found: Vec<&Finding> = report.findings.iter().filter(|finding| finding.code.id == "C161").collect();
        assert_eq!(found.len(), 1, "{}", set.id);
        assert_eq!(found[0].cell, Some(set.name_of(cell)), "{}", set.id);
    }
}

#[test]
fn a_table_entered_in_yuan_beside_tables_in_ten_thousands_is_named() {
    let mut named = 0;
    for set in blank_site().sets.values() {
        for seed in 22_001..22_005 {
            let site = TempSite::new();
            for (path, text) in invent(blank_site(), set, request(seed)).files {
                site.write(&path, &text);
            }
            let mut examined = site.examine();
            let (form, definition) = set.concept_form("general_by_function").unwrap();
            let table = &mut examined.site.disclosures[0].tables[usize::from(form)];
            for cell in table.rows_mut().iter_mut().flat_map(|row| &mut row.cells) {
                if let Figure::Amount(amount) = cell.figure {
                    cell.figure = Figure::Amount(Amount::from_fen(amount.fen().unwrap() * 10_000));
                }
            }
            let report = check::check(&examined.site);
            for finding in report.findings.iter().filter(|finding| finding.code.id == "C149") {
                assert!(finding.message.starts_with(&definition.code), "{} {seed}: {}", set.id, finding.message);
                named += 1;
            }
        }
    }
    println!("named {named} times");
    assert!(named >= 8, "{named}");
}
