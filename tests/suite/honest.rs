//! Honest disclosures are never refused; a single corrupted figure always is.

use std::collections::BTreeSet;

use disclose::amount::{Amount, Scale};
use disclose::check::{self, Operand, Report, Verdict};
use disclose::diagnostic::{Finding, Severity};
use disclose::model::form::{CellRef, FormSet};
use disclose::model::notation::Comparison;
use disclose::model::site::Site;
use disclose::model::table::Figure;
use rayon::prelude::*;

use crate::generate::prng::Prng;
use crate::generate::source::Format;
use crate::generate::{Invented, Request, amounts, invent, solve};
use crate::support::{Examined, TempSite, blank_site, lines};

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

/// Invents a disclosure, loads and checks it.
fn examine(set: &FormSet, scale: Scale, seed: u64) -> (Invented, Examined) {
    let request = Request { unit: "some-unit", parent: None, format: Format::Toml, scale, seed };
    let invented = invent(blank_site(), set, request);
    let site = TempSite::new();
    for (path, text) in &invented.files {
        site.write(path, text);
    }
    let examined = site.examine();
    (invented, examined)
}

/// Puts a figure into a cell of the only disclosure; answers with the one it replaces.
fn replace(site: &mut Site, cell: CellRef, figure: Figure) -> Figure {
    let table = &mut site.disclosures[0].tables[usize::from(cell.form)];
    let row = table.rows.iter_mut().find(|row| row.key == cell.row).unwrap();
    let at = usize::from(cell.column) - row.columns.start;
    std::mem::replace(&mut row.cells[at].figure, figure)
}

/// Invents a disclosure, checks it, then corrupts some figures; answers with what went wrong.
fn try_one(set: &FormSet, seed: u64) -> Vec<String> {
    let scale = if seed.is_multiple_of(5) { Scale::Yuan } else { Scale::TenThousand };
    let (invented, mut examined) = examine(set, scale, seed);
    let errors = examined.errors();
    if !errors.is_empty() {
        return vec![format!("{} {seed}: {}", set.id, lines(errors))];
    }
    let cells = amounts(&invented);
    let mut random = Prng::new(seed);
    let drawn: Vec<CellRef> = (0..FAULTS).map(|_| *random.pick(&cells)).collect();
    let unnoticed = drawn.into_iter().filter(|cell| !is_noticed(&mut examined.site, *cell));
    unnoticed.map(|cell| format!("{} {seed}: {} one 万元 too high is not found", set.id, set.name_of(cell))).collect()
}

/// Whether an error names a cell whose figure is one 万元 too high.
fn is_noticed(site: &mut Site, cell: CellRef) -> bool {
    let old = site.disclosures[0].figure(cell);
    let corrupted = old.amount().unwrap() + Amount::from_fen(1_000_000);
    replace(site, cell, Figure::Amount(corrupted));
    let report = check::check(site);
    replace(site, cell, old);
    let name = site.disclosures[0].set.name_of(cell);
    let names = |finding: &Finding| {
        finding.cell.as_deref() == Some(&name)
            || finding.related.iter().any(|related| related.cell.as_deref() == Some(&name))
    };
    report.findings.iter().any(|finding| finding.severity == Severity::Error && names(finding))
}

/// A relation between cells that hold amounts: whether it is an inequality, and its signed
/// cells, the parts of an inequality positive, the first cell of an equality positive.
type Canonical = (bool, Vec<(CellRef, bool)>);

fn canonical(at_most: bool, mut terms: Vec<(CellRef, bool)>) -> Option<Canonical> {
    terms.sort_unstable();
    let first = terms.first()?;
    let flip = !at_most && first.1;
    Some((at_most, terms.into_iter().map(|(cell, negative)| (cell, negative != flip)).collect()))
}

/// The relations among amounts, as this suite spells them out.
fn declared(set: &FormSet, invented: &Invented) -> BTreeSet<Canonical> {
    let bound = solve::instances(set, &invented.filled.rows);
    let terms = |instance: &solve::Instance| {
        let turned = instance.comparison == Comparison::AtLeast;
        let filled = instance.terms.iter().filter(|(_, cell)| invented.filled.fen(*cell).is_some());
        filled.map(|(negative, cell)| (*cell, *negative != turned)).collect()
    };
    bound.iter().filter_map(|i| canonical(i.comparison != Comparison::Equal, terms(i))).collect()
}

/// The relations among amounts that the program judged.
fn judged(invented: &Invented, report: &Report) -> BTreeSet<Canonical> {
    let instances = &report.results[0].instances;
    let side = |operands: &[Operand], second: bool| -> Option<Vec<(CellRef, bool)>> {
        let cells = operands.iter().map(|operand| Some((operand.source.cell()?, operand.negative != second)));
        let cells: Option<Vec<_>> = cells.collect();
        Some(cells?.into_iter().filter(|(cell, _)| invented.filled.fen(*cell).is_some()).collect())
    };
    let terms = |instance| {
        let mut terms = side(instances.first(instance), false)?;
        terms.extend(side(instances.second(instance), true)?);
        Some(terms)
    };
    instances.iter().filter_map(|instance| canonical(instance.at_most, terms(instance)?)).collect()
}

#[test]
fn the_program_judges_every_relation_that_a_set_declares_and_no_other() {
    let mut compared = 0;
    for set in blank_site().sets.values() {
        for seed in 0..10 {
            let (invented, examined) = examine(set, Scale::TenThousand, 5_000 + seed);
            let (declared, judged) = (declared(set, &invented), judged(&invented, &examined.report));
            let name = |(at_most, terms): &Canonical| {
                let names = terms
                    .iter()
                    .map(|(cell, negative)| format!("{}{}", if *negative { "－" } else { "＋" }, set.name_of(*cell)));
                format!("{}{}", names.collect::<String>(), if *at_most { "≤0" } else { "＝0" })
            };
            let missed: Vec<String> = declared.difference(&judged).map(name).collect();
            let more: Vec<String> = judged.difference(&declared).map(name).collect();
            assert_eq!((missed, more), (Vec::new(), Vec::new()), "{} {seed}", set.id);
            compared += declared.len();
        }
    }
    println!("{compared} relations judged alike");
    assert!(compared > 10_000);
}

#[test]
fn what_was_not_provided_or_not_read_is_never_an_error_and_never_a_pass() {
    for set in blank_site().sets.values() {
        for (seed, instead) in [(1, Figure::Unknown), (2, Figure::NotRead)] {
            let (invented, mut examined) = examine(set, Scale::TenThousand, 7_000 + seed);
            let mut random = Prng::new(seed);
            let hidden: BTreeSet<CellRef> = amounts(&invented).into_iter().filter(|_| random.chance(15)).collect();
            for cell in &hidden {
                replace(&mut examined.site, *cell, instead);
            }
            let report = check::check(&examined.site);
            let of_relations = |finding: &&Finding| finding.code.id.starts_with("C10");
            assert_eq!(lines(report.findings.iter().filter(of_relations)), "", "{} {instead:?}", set.id);
            let instances = &report.results[0].instances;
            let over_hidden = instances.iter().filter(|instance| {
                let mut operands = instances.operands(instance).iter();
                operands.any(|operand| operand.source.cell().is_some_and(|cell| hidden.contains(&cell)))
            });
            for instance in over_hidden {
                let verdict = instance.verdict;
                assert!(
                    matches!(verdict, Verdict::NotCheckable | Verdict::NotRead),
                    "{}: {} is {verdict:?}",
                    set.id,
                    instances.text(instance, set)
                );
            }
        }
    }
}
