//! Honest disclosures are never refused; a single corrupted figure always is.

use disclose::amount::{Amount, Scale};
use disclose::check;
use disclose::diagnostic::Severity;
use disclose::model::table::Figure;
use rayon::prelude::*;

use crate::generate::prng::Prng;
use crate::generate::source::Format;
use crate::generate::{Request, amounts, invent};
use crate::support::{TempSite, blank_site, lines};

/// How many disclosures are invented for each form set.
const EACH: u64 = 60;

#[test]
fn honest_disclosures_give_no_error_and_corrupted_ones_do() {
    let drawn: Vec<_> = blank_site().sets.values().flat_map(|set| (0..EACH).map(move |seed| (set, seed))).collect();
    let wrong: Vec<String> = drawn.par_iter().flat_map_iter(|(set, seed)| try_one(set, 1_000 + seed)).collect();
    println!("{} honest disclosures, {} corrupted ones", drawn.len(), drawn.len() * FAULTS);
    assert_eq!(wrong, Vec::<String>::new());
}

/// How many figures of each disclosure are corrupted, one at a time.
const FAULTS: usize = 3;

/// Invents a disclosure, checks it, then corrupts some figures; answers with what went wrong.
fn try_one(set: &disclose::model::form::FormSet, seed: u64) -> Vec<String> {
    let scale = if seed % 5 == 0 { Scale::Yuan } else { Scale::TenThousand };
    let request = Request { unit: "some-unit", parent: None, format: Format::Toml, scale, seed };
    let invented = invent(blank_site(), set, request);
    let files = TempSite::new();
    for (path, text) in &invented.files {
        files.write(path, text);
    }
    let mut examined = files.examine();
    let errors = examined.errors();
    if !errors.is_empty() {
        return vec![format!("{} {seed}: {}", set.id, lines(errors))];
    }
    let cells = amounts(&invented);
    let mut random = Prng::new(seed);
    let mut wrong = Vec::new();
    for _ in 0..FAULTS {
        let cell = *random.pick(&cells);
        let disclosure = &mut examined.site.disclosures[0];
        let table = &mut disclosure.tables[usize::from(cell.form)];
        let row = table.rows.iter_mut().find(|row| row.key == cell.row).unwrap();
        let at = usize::from(cell.column) - row.columns.start;
        let old = row.cells[at].figure;
        row.cells[at].figure = Figure::Amount(old.amount().unwrap() + Amount::from_fen(1_000_000));
        let report = check::check(&examined.site);
        examined.site.disclosures[0].tables[usize::from(cell.form)]
            .rows
            .iter_mut()
            .find(|row| row.key == cell.row)
            .unwrap()
            .cells[at]
            .figure = old;
        let name = set.name_of(cell);
        let named = report.findings.iter().any(|finding| {
            finding.severity == Severity::Error
                && (finding.cell.as_deref() == Some(&name)
                    || finding.related.iter().any(|related| related.cell.as_deref() == Some(&name)))
        });
        if !named {
            wrong.push(format!("{} {seed}: {name} one 万元 too high is not found", set.id));
        }
    }
    wrong
}
