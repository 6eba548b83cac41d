//! Honest disclosures are never refused; a mistake that a relation shows never passes.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use disclose::amount::Scale;
use disclose::check::{self, Operand, Report, Verdict};
use disclose::diagnostic::Finding;
use disclose::model::disclosure::Disclosure;
use disclose::model::form::{CellRef, FormSet};
use disclose::model::notation::Comparison;
use disclose::model::site::Site;
use disclose::model::table::Figure;
use disclose::synth::corrupt::Among;
use rayon::prelude::*;

use crate::generate::prng::Prng;
use crate::generate::source::Format;
use crate::generate::{Invented, Request, amounts, invent, invent_department, invent_years, solve};
use crate::proof::{self, Works, mistakes};
use crate::support::{Examined, TempSite, blank_site, lines};

/// How many disclosures the test run checks in memory.
const HONEST: u64 = 20_000;

/// How many disclosures for each set, format and scale go through files.
const THROUGH_FILES: u64 = 16;

/// How many mistakes the test run makes in each scale.
const MISTAKES: u64 = 2_000;

/// Runs something with a site that has no units.
fn with_works<T>(run: impl FnOnce(&mut Works) -> T) -> T {
    static WORKS: Mutex<Option<Works>> = Mutex::new(None);
    let mut works = WORKS.lock().unwrap_or_else(PoisonError::into_inner);
    run(works.get_or_insert_with(|| Works::new(blank_site().clone()).unwrap()))
}

#[test]
fn twenty_thousand_honest_disclosures_give_no_error() {
    let tally = with_works(|works| proof::honest::run(works, 20, HONEST));
    println!("{} disclosures, {} of them in 元; {:?}", tally.disclosures, tally.in_yuan, tally.relations);
    println!("{:?}", tally.findings);
    assert_eq!((tally.errors, &tally.told), (0, &Vec::new()));
    assert!(tally.disclosures >= HONEST && tally.in_yuan > HONEST / 10);
    let verdicts: Vec<Verdict> = tally.relations.keys().copied().collect();
    assert!(verdicts.contains(&Verdict::WithinRounding), "honest rounding leaves tails: {verdicts:?}");
    assert!(verdicts.iter().all(|verdict| verdict.passes()), "{verdicts:?}");
}

#[test]
fn what_a_relation_shows_is_always_caught_and_in_yuan_nearly_everything_is() {
    for (scale, among) in
        [(Scale::Yuan, Among::Money), (Scale::TenThousand, Among::Money), (Scale::TenThousand, Among::Counts)]
    {
        let plan = mistakes::Plan { seed: 30, scale, among, count: MISTAKES };
        let tally = with_works(|works| mistakes::run(works, plan));
        let all = tally.all();
        println!("{scale:?} {among:?}: {all:?}, not seen: {:?}", tally.unseen);
        assert_eq!(tally.missed, Vec::<String>::new());
        assert!(all.made > MISTAKES / 2 && all.detectable > 0 && all.detected == all.detectable);
        if among == Among::Money {
            let needed = if scale == Scale::Yuan { 95 } else { 90 };
            assert!(all.errors * 100 >= all.made * needed, "{scale:?}: {} of {}", all.errors, all.made);
        }
    }
}

#[test]
fn the_document_has_the_numbers_that_its_command_prints() {
    let document = std::fs::read_to_string(crate::support::repository().join("docs/proof.md")).unwrap();
    let (_, sample) = document.split_once("<!-- prove --corrupt 1000 --seed 7 --markdown -->\n").unwrap();
    let (sample, _) = sample.split_once("<!-- end -->").unwrap();
    let sections = with_works(|works| proof::sections(works, 7, 1_000));
    assert_eq!(sample.trim(), proof::document(&sections).trim());
}

/// Loads and checks the files of a unit.
fn examine_files(invented: &[Invented]) -> Examined {
    let site = TempSite::new();
    for (path, text) in invented.iter().flat_map(|one| &one.files) {
        site.write(path, text);
    }
    site.examine()
}

/// A text without the places that its values were read from.
fn without_places(debug: &str) -> String {
    let mut parts = debug.split("Place { ");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        text.push_str(part.split_once('}').map_or(part, |(_, rest)| rest));
    }
    text
}

/// Everything that a disclosure holds, places and the set itself left out.
fn content(disclosure: &Disclosure) -> Vec<String> {
    let one = disclosure;
    let head = format!(
        "{:?}",
        (&one.unit, one.year, one.kind, &one.set.id, &one.title, &one.word, one.scale, &one.rebuilt, &one.about)
    );
    let dates = format!("{:?}", (&one.published, &one.approved));
    let figures = format!("{:?}", (&one.prior, &one.facts, &one.stated, &one.controls));
    let texts = format!("{:?}", (&one.reasons, &one.uses, &one.vehicle_use, &one.terms, &one.receptions));
    let work = format!("{:?}", (&one.performance_text, &one.work_text, &one.work_items));
    let evaluations = one.evaluations.iter().map(|evaluation| format!("{evaluation:?}"));
    let tables = one.tables.iter().map(|table| format!("{table:?}"));
    let all = [head, dates, figures, texts, work].into_iter().chain(evaluations).chain(tables);
    all.map(|text| without_places(&text)).collect()
}

#[test]
fn files_in_toml_and_in_json_give_the_disclosure_that_they_were_written_from() {
    let mut cases = Vec::new();
    for set in blank_site().sets.values() {
        for format in [Format::Toml, Format::Json] {
            for scale in [Scale::Yuan, Scale::TenThousand] {
                cases.extend((0..THROUGH_FILES).map(|seed| (set, format, scale, 9_000 + seed)));
            }
        }
    }
    let compared: usize = cases.par_iter().map(|(set, format, scale, seed)| same(set, *format, *scale, *seed)).sum();
    println!("{compared} disclosures through files");
    assert!(compared >= 300);
}

/// Demands that loading gives the same, without any finding, and that nothing is an error.
fn same(set: &FormSet, format: Format, scale: Scale, seed: u64) -> usize {
    let request = Request { unit: "some-unit", parent: None, format, scale, seed };
    let invented = match seed % 8 {
        3 => invent_department(blank_site(), set, request),
        5 if set.years.1.is_none() => invent_years(blank_site(), set, request, 3),
        _ => vec![invent(blank_site(), set, request)],
    };
    let examined = examine_files(&invented);
    assert_eq!(lines(&examined.loading), "", "{} {format:?} {seed}", set.id);
    assert_eq!(lines(examined.errors()), "", "{} {format:?} {seed}", set.id);
    assert_eq!(examined.site.disclosures.len(), invented.len());
    for loaded in &examined.site.disclosures {
        let made = invented.iter().find(|one| one.unit.id == loaded.unit && one.disclosure.year == loaded.year);
        let made = made.unwrap();
        assert_eq!(content(loaded), content(&made.disclosure), "{} {format:?} {scale:?} {seed}", set.id);
        let units = [&examined.site.units[&loaded.unit], &made.unit].map(|unit| without_places(&format!("{unit:?}")));
        assert_eq!(units[0], units[1]);
    }
    invented.len()
}

/// Invents a disclosure, loads and checks its files.
fn examine(set: &FormSet, scale: Scale, seed: u64) -> (Invented, Examined) {
    let request = Request { unit: "some-unit", parent: None, format: Format::Toml, scale, seed };
    let invented = invent(blank_site(), set, request);
    let examined = examine_files(std::slice::from_ref(&invented));
    (invented, examined)
}
/// Puts a figure into a cell of the only disclosure; answers with the one it replaces.
fn replace(site: &mut Site, cell: CellRef, figure: Figure) -> Figure {
    let table = &mut site.disclosures[0].tables[usize::from(cell.form)];
    let row = table.rows_mut().iter_mut().find(|row| row.key == cell.row).unwrap();
    let at = usize::from(cell.column) - row.columns.start;
    std::mem::replace(&mut row.cells[at].figure, figure)
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
    let bound = solve::instances(set, &invented.rows());
    let terms = |instance: &solve::Instance| {
        let turned = instance.comparison == Comparison::AtLeast;
        let filled = instance.terms.iter().filter(|(_, cell)| invented.fen(*cell).is_some());
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
        Some(cells?.into_iter().filter(|(cell, _)| invented.fen(*cell).is_some()).collect())
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
