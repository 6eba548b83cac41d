//! Changing, adding or blanking any one figure of a Caidian table is refused.
//!
//! Every cell of the nine tables is tried in memory, where load and check meet; every
//! printed figure is tried once more in its file, where the finding must point at it. What
//! stays lawful under the rounding rules is counted and listed, never passed over.

use disclose::amount::{Amount, Scale};
use disclose::check;
use disclose::diagnostic::{Finding, Severity};
use disclose::model::form::{CellRef, FormSet, RowKey};
use disclose::model::site::Site;
use disclose::model::table::{Figure, TableState};
use rayon::prelude::*;

use crate::support::{Examined, TempSite, lines};

/// How a figure is falsified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    LastDigit(i128),
    PlusOne,
    SwappedDigits,
    TimesTen,
    Blanked,
    Added(i128),
}

/// What became of a falsified figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// An error names the cell and a place.
    Refused,
    /// There are errors, but none names the cell.
    NotNamed,
    /// Nothing forbids publishing.
    Accepted,
}

fn caidian() -> Examined {
    let examined = TempSite::caidian().examine();
    assert_eq!(lines(examined.errors()), "");
    examined
}

/// Every cell that the tables hold and that can hold an amount.
fn cells(site: &Site) -> Vec<CellRef> {
    let disclosure = &site.disclosures[0];
    let holds_amounts = |cell: &CellRef| {
        let form = disclosure.set.form_of(*cell);
        form.line(cell.row).is_none_or(|line| !line.label.is_empty())
    };
    let cells = disclosure.tables.iter().filter(|table| table.state == TableState::Filled);
    cells.flat_map(|table| table.cells().map(|(cell, _)| cell)).filter(holds_amounts).collect()
}

fn set_figure(site: &mut Site, cell: CellRef, figure: Figure) {
    let table = &mut site.disclosures[0].tables[usize::from(cell.form)];
    let row = table.rows_mut().iter_mut().find(|row| row.key == cell.row).unwrap();
    let at = usize::from(cell.column) - row.columns.start;
    row.cells[at].figure = figure;
}

/// The figure that a fault puts in place of another; `None` where it changes nothing.
fn falsified(figure: Figure, fault: Fault) -> Option<Figure> {
    let amount = |units: i128| Figure::Amount(Amount::from_fen(units * Scale::TenThousand.last_unit_fen()));
    let Some(old) = figure.amount() else {
        return match fault {
            Fault::Added(units) => Some(amount(units)),
            _ => None,
        };
    };
    let units = old.print(Scale::TenThousand).last_units;
    let new = match fault {
        Fault::LastDigit(by) => units + by,
        Fault::PlusOne => units + 100,
        Fault::TimesTen => units * 10,
        Fault::SwappedDigits => swapped(units),
        Fault::Blanked => return Some(Figure::Blank),
        Fault::Added(_) => return None,
    };
    (new != units).then(|| amount(new))
}

/// The number with its first two different neighbouring digits swapped.
fn swapped(units: i128) -> i128 {
    let mut digits: Vec<char> = format!("{units:03}").chars().collect();
    if let Some(at) = (1..digits.len()).find(|at| digits[*at] != digits[at - 1]) {
        digits.swap(at - 1, at);
    }
    digits.into_iter().collect::<String>().parse().unwrap()
}

fn names(finding: &Finding, name: &str) -> bool {
    let placed = finding.place.is_some() || finding.related.iter().any(|related| related.place.is_some());
    let named = finding.cell.as_deref() == Some(name)
        || finding.related.iter().any(|related| related.cell.as_deref() == Some(name) && related.place.is_some());
    finding.severity == Severity::Error && placed && named
}

fn try_fault(site: &mut Site, cell: CellRef, fault: Fault) -> Option<Outcome> {
    let old = site.disclosures[0].figure(cell);
    let new = falsified(old, fault)?;
    set_figure(site, cell, new);
    let report = check::check(site);
    set_figure(site, cell, old);
    let name = site.disclosures[0].set.name_of(cell);
    Some(if report.findings.iter().any(|finding| names(finding, &name)) {
        Outcome::Refused
    } else if report.findings.iter().any(|finding| finding.severity == Severity::Error) {
        Outcome::NotNamed
    } else {
        Outcome::Accepted
    })
}

/// Tries a fault in every cell; answers with the name of each cell and what became of it.
fn everywhere(fault: Fault) -> Vec<(String, Outcome)> {
    let site = caidian().site;
    let set: &FormSet = &site.disclosures[0].set;
    let tried = cells(&site).into_par_iter().map_with(site.clone(), |site, cell| (cell, try_fault(site, cell, fault)));
    let tried: Vec<_> = tried.collect();
    tried.into_iter().filter_map(|(cell, outcome)| Some((set.name_of(cell), outcome?))).collect()
}

fn names_with(tried: &[(String, Outcome)], outcome: Outcome) -> Vec<&str> {
    tried.iter().filter(|(_, found)| *found == outcome).map(|(name, _)| name.as_str()).collect()
}

/// Tries a fault in every cell and demands that each be refused by name.
fn refused_everywhere(fault: Fault, at_least: usize) {
    let tried = everywhere(fault);
    println!("{fault:?}: {} cells tried", tried.len());
    assert!(tried.len() >= at_least, "{fault:?}: only {} cells", tried.len());
    assert_eq!(names_with(&tried, Outcome::NotNamed), Vec::<&str>::new(), "{fault:?}: refused, but not named");
    assert_eq!(names_with(&tried, Outcome::Accepted), Vec::<&str>::new(), "{fault:?}: accepted");
}

#[test]
fn a_figure_one_too_high_is_refused_by_name_in_every_cell() {
    refused_everywhere(Fault::PlusOne, 160);
}

#[test]
fn two_swapped_digits_are_refused_by_name_in_every_cell() {
    refused_everywhere(Fault::SwappedDigits, 160);
}

#[test]
fn a_figure_ten_times_too_high_is_refused_by_name_in_every_cell() {
    refused_everywhere(Fault::TimesTen, 160);
}

#[test]
fn a_blanked_figure_is_refused_by_name_in_every_cell() {
    refused_everywhere(Fault::Blanked, 160);
}

#[test]
fn an_added_figure_is_refused_by_name_in_every_blank_cell() {
    refused_everywhere(Fault::Added(100), 300);
    refused_everywhere(Fault::Added(7), 300);
    // The control totals catch what every sum lets pass: the last digit, and a written nothing.
    refused_everywhere(Fault::Added(1), 300);
    refused_everywhere(Fault::Added(0), 300);
}

#[test]
fn a_last_digit_beyond_the_tolerance_is_refused_by_name_in_every_cell() {
    // 公开06表302行 adds ten figures: five last units are its tolerance, the widest of the nine tables.
    refused_everywhere(Fault::LastDigit(6), 160);
}

/// Cells where the last digit alone may change and the tables still agree: none is listed
/// silently, the list is the test.
#[test]
fn where_a_last_digit_alone_stays_lawful_is_known_by_name() {
    let mut lawful = Vec::new();
    for fault in [Fault::LastDigit(1), Fault::LastDigit(-1)] {
        let tried = everywhere(fault);
        assert_eq!(names_with(&tried, Outcome::NotNamed), Vec::<&str>::new(), "{fault:?}: refused, but not named");
        let accepted = names_with(&tried, Outcome::Accepted);
        println!("{fault:?}: {} cells tried, {} stay lawful", tried.len(), accepted.len());
        lawful.extend(accepted.into_iter().map(|name| format!("{fault:?} {name}")));
    }
    insta::assert_snapshot!(lawful.join("\n"));
}

#[test]
fn a_figure_changed_in_its_file_is_refused_with_the_line_it_stands_on() {
    let examined = caidian();
    let set = &examined.site.disclosures[0].set;
    let filled = |cell: &CellRef| examined.site.disclosures[0].figure(*cell).amount().is_some();
    let changed: Vec<CellRef> = cells(&examined.site).into_iter().filter(filled).collect();
    assert!(changed.len() > 160, "only {}", changed.len());
    let missed: Vec<String> =
        changed.into_par_iter().filter(|cell| !points_at(&examined, *cell)).map(|cell| set.name_of(cell)).collect();
    assert_eq!(missed, Vec::<String>::new());
}

/// Changes the cell's number in its file and asks whether an error points there.
fn points_at(examined: &Examined, cell: CellRef) -> bool {
    let disclosure = &examined.site.disclosures[0];
    let place = disclosure.place_of(cell);
    let file = examined.sources.file(place.file);
    let (start, end) = (place.start as usize, place.end as usize);
    let Some(Figure::Amount(new)) = falsified(disclosure.figure(cell), Fault::PlusOne) else { return false };
    let text = format!("{}{}{}", &file.text[..start], new.print(Scale::TenThousand), &file.text[end..]);
    let site = TempSite::caidian();
    site.write(file.path, &text);
    let falsified = site.examine();
    let name = disclosure.set.name_of(cell);
    let position = file.position(place.start);
    let at_its_line = |place: disclose::diagnostic::Place| {
        falsified.sources.file(place.file).path == file.path && falsified.sources.position(place) == position
    };
    falsified.errors().into_iter().any(|finding| {
        let own = finding.cell.as_deref() == Some(&name) && finding.place.is_some_and(at_its_line);
        let related = finding
            .related
            .iter()
            .any(|related| related.cell.as_deref() == Some(&name) && related.place.is_some_and(at_its_line));
        own || related
    })
}

#[test]
fn a_figure_on_a_line_without_an_item_is_refused() {
    let examined = caidian();
    let set = &examined.site.disclosures[0].set;
    let mut tried = 0;
    for (index, form) in set.forms.iter().enumerate() {
        for line in form.lines.iter().filter(|line| line.label.is_empty()) {
            let RowKey::Line(number) = line.key else { continue };
            let column = form.columns[line.columns.start].number;
            let figure = if line.columns.len() == 1 { "1.00".to_owned() } else { format!("{{ {column} = 1.00 }}") };
            let site = TempSite::caidian();
            let path = format!("content/units/caidian-ggzy/2023/tables/{}.toml", set.forms[index].stem);
            site.write(&path, &format!("{}{number} = {figure}\n", site.read(&path)));
            let found = site.examine();
            let errors = found.errors();
            assert_eq!(errors.len(), 1, "{}{number}行: {}", form.code, lines(errors));
            let place = errors[0].place.unwrap();
            assert_eq!(found.sources.file(place.file).path, path);
            tried += 1;
        }
    }
    println!("{tried} lines without an item tried");
    assert!(tried > 40);
}

#[test]
fn a_figure_in_an_empty_table_is_refused() {
    for (stem, content) in
        [("07", "rows = [{ code = \"合计\", 3 = 1.00 }]"), ("08", "rows = [{ code = \"合计\", 1 = 1.00 }]")]
    {
        let path = format!("content/units/caidian-ggzy/2023/tables/{stem}.toml");
        let site = TempSite::caidian();
        site.write(&path, &format!("{}{content}\n", site.read(&path)));
        assert!(!site.examine().errors().is_empty(), "{stem} beside its sentence");
        site.write(&path, content);
        assert!(!site.examine().errors().is_empty(), "{stem} in place of its sentence");
    }
}

#[test]
fn a_row_taken_away_is_refused() {
    let mut tried = 0;
    for stem in ["02", "03", "05"] {
        let path = format!("content/units/caidian-ggzy/2023/tables/{stem}.toml");
        let text = TempSite::caidian().read(&path);
        for row in text.lines().filter(|line| line.trim_start().starts_with("{ code")) {
            let site = TempSite::caidian();
            site.replace(&path, row, "");
            let examined = site.examine();
            let named = examined.errors().into_iter().any(|finding| finding.place.is_some() && finding.cell.is_some());
            assert!(named, "{stem} without {row}: {}", lines(examined.findings()));
            tried += 1;
        }
    }
    println!("{tried} rows taken away");
    assert_eq!(tried, 51);
}

#[test]
fn a_row_added_is_refused() {
    for (stem, figures) in [("02", "1 = 1.00, 2 = 1.00"), ("03", "1 = 1.00, 2 = 1.00"), ("05", "1 = 1.00, 2 = 1.00")] {
        let path = format!("content/units/caidian-ggzy/2023/tables/{stem}.toml");
        let site = TempSite::caidian();
        let last = r#"  { code = "2210202","#;
        let added = format!("  {{ code = \"2210203\", name = \"购房补贴\", {figures} }},");
        let text = site.read(&path);
        let at = text.find(last).unwrap();
        let end = at + text[at..].find('\n').unwrap() + 1;
        site.write(&path, &format!("{}{added}\n{}", &text[..end], &text[end..]));
        let examined = site.examine();
        let name = format!("公开{stem}表2210203行");
        let named = examined.errors().into_iter().any(|finding| {
            let cells = finding.related.iter().filter_map(|related| related.cell.as_deref());
            cells.chain(finding.cell.as_deref()).any(|cell| cell.starts_with(&name))
        });
        assert!(named, "{stem}: {}", lines(examined.errors()));
    }
}
