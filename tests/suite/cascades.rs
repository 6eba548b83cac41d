//! A clerk's mistake in a real disclosure is one finding that names what is wrong, and no
//! finding proposes to change what is right.

use disclose::amount::{Amount, Scale};
use disclose::check;
use disclose::diagnostic::{Finding, Severity};
use disclose::model::form::CellRef;
use disclose::model::site::Site;
use disclose::model::table::{Figure, TableState};

use crate::support::{Examined, TempSite, lines};

/// Caidian without the figures and totals that its text states.
fn caidian() -> TempSite {
    let site = TempSite::caidian();
    std::fs::remove_file(site.root().join("content/units/caidian-ggzy/2023/stated.toml")).unwrap();
    site
}

/// The findings after replacing texts in Caidian's tables, notes left out.
fn found_in(site: &TempSite, stem: &str, changes: &[(&str, &str)]) -> Vec<Finding> {
    for (from, to) in changes {
        site.replace(&format!("content/units/caidian-ggzy/2023/tables/{stem}.toml"), from, to);
    }
    site.examine().findings().filter(|finding| is_grave(finding)).cloned().collect()
}

/// More than a note, and not what the real document prints and explains.
fn is_grave(finding: &Finding) -> bool {
    finding.severity < Severity::Note && finding.code.id != "C223"
}

fn found(stem: &str, changes: &[(&str, &str)]) -> Vec<Finding> {
    found_in(&caidian(), stem, changes)
}

/// The only finding, which is an error of a statutory code.
fn only(findings: &[Finding]) -> &Finding {
    assert_eq!(findings.len(), 1, "{}", lines(findings));
    assert!(findings[0].severity == Severity::Error && findings[0].code.statutory, "{}", lines(findings));
    &findings[0]
}

#[test]
fn a_figure_one_row_off_is_one_error_and_nothing_right_is_blamed() {
    let findings = found("01", &[("39 = 34.03", "38 = 34.03")]);
    let finding = only(&findings);
    assert_eq!(finding.code.id, "C159");
    assert_eq!(
        finding.message,
        "公开01表38行2栏 的 34.03 像是错了一行：公开03表208行1栏 也是 34.03，应填在 公开01表39行2栏"
    );
}

#[test]
fn a_figure_one_column_off_is_one_error() {
    let row = r#""其他政府办公厅（室）及相关机构事务支出", 1 = 144.00, "#;
    let findings = found("03", &[(&format!("{row}3 = 144.00"), &format!("{row}4 = 144.00"))]);
    let finding = only(&findings);
    assert_eq!(finding.message, "公开03表2010399行4栏 的 144.00 像是错了一栏：应填在 公开03表2010399行3栏");
}

#[test]
fn a_blanked_figure_is_asked_back_where_it_was() {
    let findings = found("06", &[("30108 = 25.30\n", "")]);
    let finding = only(&findings);
    assert_eq!(finding.cell.as_deref(), Some("公开06表30108行"));
    assert_eq!(finding.expected.as_deref(), Some("25.30"));
}

#[test]
fn an_error_that_one_relation_tolerates_is_still_one_finding() {
    let row = r#"name = "一般公共服务支出", 1 = 310.38, 2 = "#;
    for wrong in ["310.39", "310.40", "310.41"] {
        let findings = found("02", &[(&format!("{row}310.38"), &format!("{row}{wrong}"))]);
        let finding = only(&findings);
        assert_eq!(finding.cell.as_deref(), Some("公开02表201行2栏"), "{wrong}");
        assert_eq!(finding.expected.as_deref(), Some("310.38"), "{wrong}");
    }
}

#[test]
fn one_wrong_figure_in_two_columns_is_one_finding_with_both() {
    let row = r#""机关事业单位基本养老保险缴费支出", "#;
    let right = format!("{row}1 = 25.30, 2 = 25.30");
    let findings = found("03", &[(&right, &format!("{row}1 = 23.50, 2 = 23.50"))]);
    let message = "公开03表2080505行 的1栏、2栏像是同错一个数：1栏现为 23.50，应为 25.30；2栏现为 23.50，应为 25.30";
    assert_eq!(only(&findings).message, message);
    let row = r#"name = "事业运行", "#;
    let right = format!("{row}1 = 166.38, 2 = 166.38");
    let findings = found("05", &[(&right, &format!("{row}1 = 163.68, 2 = 163.68"))]);
    assert!(only(&findings).message.starts_with("公开05表2010350行 的1栏、2栏像是同错一个数"), "{}", lines(&findings));
}

#[test]
fn a_table_in_another_unit_is_one_error() {
    let site = caidian();
    for (stem, code) in [("04", "公开04表"), ("05", "公开05表")] {
        let mut examined = site.examine();
        let form = examined.site.disclosures[0].set.forms.iter().position(|form| form.stem == stem).unwrap();
        for cell in examined.site.disclosures[0].tables[form].rows_mut().iter_mut().flat_map(|row| &mut row.cells) {
            if let Figure::Amount(amount) = cell.figure {
                cell.figure = Figure::Amount(Amount::from_fen(amount.fen().unwrap() * 10_000));
            }
        }
        // That the totals leapt and moved away from the budget without a reason stays a warning.
        let mut findings = grave(&examined.site);
        findings.retain(|finding| finding.severity == Severity::Error);
        let finding = only(&findings);
        assert_eq!(finding.code.id, "C149", "{code}");
        assert!(finding.message.starts_with(&format!("{code}整张表的单位像是错了")), "{}", finding.message);
    }
}

#[test]
fn a_row_under_a_miswritten_code_is_told_by_its_name() {
    for (stem, from, to) in [("03", "2080505", "2080550"), ("03", "21011\"", "21001\"")] {
        let findings = found(stem, &[(from, to)]);
        let (from, to) = (from.trim_end_matches('"'), to.trim_end_matches('"'));
        let errors: Vec<&Finding> = findings.iter().filter(|finding| finding.severity == Severity::Error).collect();
        assert_eq!(errors.len(), 1, "{}", lines(&findings));
        let help = errors[0].help.as_deref().unwrap();
        assert!(
            errors[0].message.contains(to) && help.starts_with(&format!("是不是 {from}？")),
            "{}",
            lines(&findings)
        );
        let others: Vec<&str> = findings.iter().map(|finding| finding.code.id).filter(|id| *id != "S038").collect();
        assert_eq!(others.len(), 1, "{}", lines(&findings));
    }
}

#[test]
fn a_stated_figure_names_the_culprit_and_is_not_told_twice() {
    let findings = found_in(&TempSite::caidian(), "06", &[("30201 = 2.55", "30201 = 2.65")]);
    let of_cell: Vec<&Finding> = findings.iter().filter(|finding| finding.code.id != "C116").collect();
    let relation: Vec<&&Finding> =
        of_cell.iter().filter(|finding| finding.message.contains("正文写的是 2.55")).collect();
    assert_eq!(relation.len(), 1, "{}", lines(&findings));
    assert!(findings.iter().all(|finding| finding.code.id != "C111"), "{}", lines(&findings));
}

fn grave(site: &Site) -> Vec<Finding> {
    let findings = check::check(site).findings;
    findings.into_iter().filter(is_grave).collect()
}

/// Seven ways in which a figure, in last units, goes wrong.
fn mistakes(units: i128) -> [i128; 7] {
    let mut digits: Vec<char> = format!("{units:03}").chars().collect();
    if let Some(at) = (1..digits.len()).rev().find(|at| digits[*at] != digits[at - 1]) {
        digits.swap(at - 1, at);
    }
    let swapped = digits.into_iter().collect::<String>().parse().unwrap();
    [units + 7, units + 100, swapped, units * 10, units / 10, 0, units - 53]
}

/// The cells of a finding's proposal with what they should be.
fn proposes(finding: &Finding, name: &str) -> Option<bool> {
    let help = finding.help.as_deref().unwrap_or_default();
    let hints = ["若是", "空白，若为", "可能重复计入", "可能是", "改为"];
    let is_hint = hints.iter().any(|hint| help.contains(hint)) || finding.code.id == "C159";
    is_hint.then(|| {
        let mine = |text: &str| text.split(['，', '。', '：', ' ']).any(|word| word == name);
        let hint = help.split("与此不符的有").next().unwrap_or_default();
        mine(hint) || finding.cell.as_deref() == Some(name) && !hint.contains("若是")
    })
}

#[test]
fn what_is_proposed_is_never_to_change_another_figure() {
    let Examined { mut site, .. } = caidian().examine();
    let set = site.disclosures[0].set.clone();
    let filled = site.disclosures[0].tables.iter().filter(|table| table.state == TableState::Filled);
    let cells: Vec<CellRef> = filled.flat_map(|table| table.cells().map(|(cell, _)| cell)).collect();
    let (mut tried, mut right, mut wrong, mut single) = (0, 0, Vec::new(), 0);
    for (at, cell) in cells.into_iter().enumerate() {
        let Some(amount) = site.disclosures[0].figure(cell).amount() else { continue };
        let units = amount.print(Scale::TenThousand).last_units;
        let kinds = mistakes(units);
        for kind in [at % 7, (at + 3) % 7] {
            let new = Figure::Amount(Amount::from_fen(kinds[kind] * Scale::TenThousand.last_unit_fen()));
            let new = if kind == 5 { Figure::Blank } else { new };
            if new == Figure::Amount(amount) {
                continue;
            }
            replace(&mut site, cell, new);
            let findings = grave(&site);
            replace(&mut site, cell, Figure::Amount(amount));
            let name = set.name_of(cell);
            let hints: Vec<(bool, &Finding)> =
                findings.iter().filter_map(|finding| Some((proposes(finding, &name)?, finding))).collect();
            tried += 1;
            right += usize::from(hints.iter().any(|(is_right, _)| *is_right));
            single += usize::from(findings.len() == 1);
            let told = hints.iter().filter(|(is_right, _)| !is_right);
            wrong.extend(told.map(|(_, f)| format!("{name} {kind}: {} | {}", f.message, f.help.as_deref().unwrap())));
        }
    }
    println!(
        "{tried} mistakes: {right} with the right hint, {} with a wrong one, {single} with one finding",
        wrong.len()
    );
    assert!(tried > 300 && right * 3 > tried * 2, "{right} of {tried}");
    assert_eq!(wrong, Vec::<String>::new());
}

fn replace(site: &mut Site, cell: CellRef, figure: Figure) {
    let table = &mut site.disclosures[0].tables[usize::from(cell.form)];
    let row = table.rows_mut().iter_mut().find(|row| row.key == cell.row).unwrap();
    let at = usize::from(cell.column) - row.columns.start;
    row.cells[at].figure = figure;
}
