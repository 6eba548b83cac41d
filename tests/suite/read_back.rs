//! The published tables, read back from their HTML and compared with the fixtures cell by cell.

use std::collections::BTreeMap;

use scraper::{ElementRef, Html, Selector};
use serde_json::Value;

use crate::support::{built, repository};

/// A page of the built site.
fn page(path: &str) -> Html {
    Html::parse_document(&std::fs::read_to_string(built().join(path)).unwrap())
}

fn fixture(path: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(repository().join("tests/fixtures").join(path)).unwrap()).unwrap()
}

fn select(css: &str) -> Selector {
    Selector::parse(css).unwrap()
}

fn all<'a>(element: ElementRef<'a>, css: &str) -> Vec<ElementRef<'a>> {
    element.select(&select(css)).collect()
}

fn text(element: ElementRef) -> String {
    element.text().collect::<String>().trim().to_owned()
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().unwrap().iter().map(|cell| cell.as_str().unwrap().to_owned()).collect()
}

fn rows(value: &Value) -> Vec<Vec<String>> {
    value.as_array().unwrap().iter().map(texts).collect()
}

/// The rows of a table's body, a cell that spans several rows or columns written once in each.
fn grid(table: ElementRef) -> Vec<Vec<String>> {
    let mut spanning: BTreeMap<(usize, usize), String> = BTreeMap::new();
    let mut out = Vec::new();
    for (at, row) in all(table, "tbody tr").into_iter().enumerate() {
        let mut cells: Vec<String> = Vec::new();
        for cell in all(row, "td, th") {
            while let Some(above) = spanning.remove(&(at, cells.len())) {
                cells.push(above);
            }
            let rowspan = cell.value().attr("rowspan").map_or(1, |span| span.parse().unwrap());
            (at + 1..at + rowspan).for_each(|below| drop(spanning.insert((below, cells.len()), text(cell))));
            cells.push(text(cell));
        }
        while let Some(above) = spanning.remove(&(at, cells.len())) {
            cells.push(above);
        }
        out.push(cells);
    }
    out
}

/// Rows of tables that stand side by side, joined; a table that is shorter has blanks.
fn side_by_side(tables: &[ElementRef]) -> Vec<Vec<String>> {
    let grids: Vec<_> = tables.iter().map(|table| grid(*table)).collect();
    let height = grids.iter().map(Vec::len).max().unwrap_or(0);
    let row = |at: usize| {
        let cells =
            |grid: &Vec<Vec<String>>| grid.get(at).cloned().unwrap_or_else(|| vec![String::new(); grid[0].len()]);
        grids.iter().flat_map(cells).collect()
    };
    (0..height).map(row).collect()
}

/// The tables of a form's section, without the feet below blocks.
fn sheets(section: ElementRef<'_>) -> Vec<ElementRef<'_>> {
    let tables = all(section, ".sheet table");
    tables.into_iter().filter(|table| table.value().attr("class") != Some("foot")).collect()
}

#[test]
fn caidian_tables_read_back_cell_by_cell() {
    let page = page("units/caidian-ggzy/2023/index.html");
    let expected = fixture("caidian-2023/tables.json");
    let mut compared = 0;
    for (index, (code, table)) in expected.as_object().unwrap().iter().enumerate() {
        let section = page.select(&select(&format!("#t{:02}", index + 1))).next().unwrap_or_else(|| panic!("{code}"));
        let sheet = all(section, ".sheet")[0];
        assert_eq!(sheet.value().attr("data-form"), Some(code.as_str()));
        let headings: String = all(section, "h2, h3, h4").into_iter().map(text).collect();
        assert!(headings.contains(table["title"].as_str().unwrap()), "{code}: {headings}");
        let numbers: Vec<String> = all(section, "thead tr.numbers td.no").into_iter().map(text).collect();
        assert_eq!(numbers, texts(&table["columns"]), "{code}: 栏次");
        let mut wanted = rows(&table["rows"]);
        let feet: Vec<Vec<String>> = all(section, ".sheet table.foot").into_iter().flat_map(grid).collect();
        if !feet.is_empty() {
            assert_eq!(feet, feet_of(&wanted.pop().unwrap()), "{code}");
        }
        let found = side_by_side(&sheets(section));
        for (at, (found, wanted)) in found.iter().zip(&wanted).enumerate() {
            assert_eq!(found, wanted, "{code}: row {}", at + 1);
            compared += found.len();
        }
        assert_eq!(found.len(), wanted.len(), "{code}: rows");
    }
    println!("{compared} cells compared");
    assert!(compared > 900, "only {compared} cells");
}

/// The totals below the blocks, as the fixture's last row holds them: labels and figures
/// parted by blanks.
fn feet_of(row: &[String]) -> Vec<Vec<String>> {
    let filled: Vec<String> = row.iter().filter(|cell| !cell.is_empty()).cloned().collect();
    filled.chunks(2).map(<[String]>::to_vec).collect()
}

#[test]
fn every_printed_figure_of_caidian_is_found_by_its_name() {
    let page = page("units/caidian-ggzy/2023/index.html");
    let cells: BTreeMap<String, String> = page
        .select(&select("td[data-cell]"))
        .map(|cell| (cell.value().attr("data-cell").unwrap().to_owned(), text(cell)))
        .collect();
    for (name, figure) in [
        ("公开01表27行1栏", "373.97"),
        ("公开01表2行1栏", ""),
        ("公开02表合计行1栏", "373.97"),
        ("公开03表2010399行3栏", "144.00"),
        ("公开04表59行3栏", "373.97"),
        ("公开06表30101行", "42.45"),
        ("公开06表人员经费合计行", "212.49"),
        ("公开07表合计行3栏", ""),
        ("公开09表12栏", "0.12"),
    ] {
        assert_eq!(cells.get(name).map(String::as_str), Some(figure), "{name}");
    }
}

#[test]
fn the_printed_lines_round_a_caidian_table_are_there_to_the_letter() {
    let page = page("units/caidian-ggzy/2023/index.html");
    let section = page.select(&select("#t04")).next().unwrap();
    let lines = text(section);
    for line in [
        "公开04表",
        "部门：武汉市蔡甸区公共资源交易中心",
        "金额单位：万元",
        "注：本表反映部门本年度一般公共预算财政拨款、政府性基金预算财政拨款和国有资本经营预算财政拨款的总收支和年末结转结余情况。",
    ] {
        assert!(lines.contains(line), "{line}");
    }
    let empty = text(page.select(&select("#t07")).next().unwrap());
    assert!(empty.contains("本部门当年无政府性基金预算财政拨款收入支出"), "{empty}");
}

#[test]
fn luzhou_self_evaluations_read_back_cell_by_cell() {
    let page = page("units/luzhou-zwfw/2023/index.html");
    let sheets: Vec<ElementRef> = page.select(&select(".sheet.evaluation")).collect();
    let expected = fixture("luzhou-2023/performance.json");
    let expected = expected.as_array().unwrap();
    assert_eq!(sheets.len(), expected.len());
    for wanted in expected {
        let [code, name] = ["code", "name"].map(|key| wanted[key].as_str().unwrap());
        let sheet = *sheets.iter().find(|sheet| text(**sheet).contains(code)).unwrap_or_else(|| panic!("{code}"));
        assert!(text(sheet).contains(name), "{name}");
        // A row without a weight prints a stroke in the source and nothing here.
        let funding: Vec<Vec<String>> = rows(&wanted["funding"])
            .into_iter()
            .map(|row| row.into_iter().map(|cell| if cell == "/" { String::new() } else { cell }).collect())
            .collect();
        let found: Vec<Vec<String>> =
            grid(all(sheet, "table.funding")[0]).iter().map(|row| row[..7].to_vec()).collect();
        assert_eq!(found, funding, "{name}");
        let mut indicators = grid(all(sheet, "table.indicators")[0]);
        let total = indicators.pop().unwrap();
        let indicators: Vec<Vec<String>> = indicators.iter().map(|row| row[..9].to_vec()).collect();
        assert_eq!(indicators, rows(&wanted["indicators"]), "{name}");
        assert_eq!(total[..3], [vec!["合计".to_owned()], texts(&wanted["total"])].concat(), "{name}");
    }
}

#[test]
fn luzhou_says_that_its_tables_were_rebuilt_and_keeps_unknown_apart_from_blank() {
    let page = page("units/luzhou-zwfw/2023/index.html");
    let section = |id: &str| text(page.select(&select(id)).next().unwrap());
    assert!(section("#t01").contains("根据原件正文重建"));
    assert!(section("#t05").contains("未提供") && section("#t05").contains("没有附表格"));
    assert!(section("#t12").contains("无国有资本经营预算收入、支出"));
    let unknown = page.select(&select("#t08 td.u")).count();
    assert_eq!(unknown, 21);
}

#[test]
fn figures_in_the_text_lead_to_their_cells() {
    for unit in ["caidian-ggzy", "luzhou-zwfw"] {
        let page = page(&format!("units/{unit}/2023/index.html"));
        let mut followed = 0;
        for figure in page.select(&select("data[data-cell]")) {
            let name = figure.value().attr("data-cell").unwrap();
            let Some(link) = all(figure, "a").first().copied() else { continue };
            let id = link.value().attr("href").unwrap().strip_prefix('#').unwrap();
            let cell = page.select(&select(&format!("[id='{id}']"))).next().unwrap();
            assert_eq!(cell.value().attr("data-cell"), Some(name));
            let trimmed = |text: String| {
                if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
            };
            // Prose says 0 of a blank cell; the table leaves it blank.
            let shown = Some(trimmed(text(cell))).filter(|shown| !shown.is_empty()).unwrap_or_else(|| "0".to_owned());
            assert_eq!(trimmed(text(figure)), shown, "{unit}: {name}");
            followed += 1;
        }
        assert!(followed > 20, "{unit}: only {followed} figures");
    }
}
