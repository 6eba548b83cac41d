//! The pages of the site in this repository, read back as a reader would.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use disclose::check::check;
use disclose::load::{Loaded, load};
use disclose::model::disclosure::Disclosure;
use disclose::model::form::{CellRef, RowKey};
use disclose::model::table::{Figure, TableState};
use disclose::render::Plan;
use disclose::render::links::disclosure_path;
use scraper::{ElementRef, Html, Selector};

fn site() -> Loaded {
    load(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the repository is a site")
}

/// Every HTML page of the site, by path.
fn pages(loaded: &Loaded) -> BTreeMap<String, Html> {
    let report = check(&loaded.site);
    let (plan, findings) = Plan::new(&loaded.site, &report, disclose::export::downloads(&loaded.site));
    assert!(findings.is_empty(), "{findings:?}");
    let html = (0..plan.len()).filter(|at| Path::new(plan.path(*at)).extension().is_some_and(|end| end == "html"));
    html.map(|at| {
        let bytes = plan.render(at).unwrap_or_else(|finding| panic!("{}: {}", plan.path(at), finding.message));
        (plan.path(at).to_owned(), Html::parse_document(&String::from_utf8(bytes).expect("pages are UTF-8")))
    })
    .collect()
}

fn all<'a>(page: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    page.select(&Selector::parse(selector).expect("a selector")).collect()
}

fn text(element: ElementRef<'_>) -> String {
    element.text().collect::<String>().trim().to_owned()
}

fn by_id(page: &Html) -> BTreeMap<&str, ElementRef<'_>> {
    all(page, "[id]").into_iter().filter_map(|element| Some((element.value().id()?, element))).collect()
}

/// What a cell must show.
fn shown(disclosure: &Disclosure, figure: Figure) -> String {
    match figure {
        Figure::Blank => String::new(),
        Figure::Unknown => "未提供".to_owned(),
        Figure::Amount(amount) => amount.print(disclosure.set.scale).to_string(),
        other => panic!("no table holds {other:?}"),
    }
}

/// The cells that the tables of a disclosure show, with what they must show.
fn cells(disclosure: &Disclosure) -> Vec<(CellRef, String)> {
    let mut cells = Vec::new();
    for table in &disclosure.tables {
        if !matches!(table.state, TableState::Filled | TableState::Empty(_)) {
            continue;
        }
        let form = &disclosure.set.forms[usize::from(table.form)];
        let printed = form.lines.iter().filter(|line| !line.label.is_empty()).map(|line| line.key);
        let coded = table.rows.iter().map(|row| row.key).filter(|key| matches!(key, RowKey::Code(_) | RowKey::Only));
        for row in printed.chain(coded).collect::<BTreeSet<_>>() {
            for column in form.columns_of(row) {
                let cell = CellRef { form: table.form, row, column: u16::try_from(column).expect("few columns") };
                cells.push((cell, shown(disclosure, table.figure(row, column))));
            }
        }
    }
    cells
}

#[test]
fn every_cell_reads_back_from_its_page_under_its_own_name() {
    let loaded = site();
    let pages = pages(&loaded);
    for disclosure in &loaded.site.disclosures {
        let page = &pages[&disclosure_path(disclosure)];
        let elements = by_id(page);
        let expected = cells(disclosure);
        assert!(expected.len() > 100);
        for (cell, figure) in &expected {
            let anchor = disclosure.set.form_of(*cell).cell_anchor(*cell);
            let name = disclosure.set.name_of(*cell);
            let element = elements.get(anchor.as_str()).unwrap_or_else(|| panic!("{name} has no place"));
            assert_eq!((element.attr("data-cell"), text(*element).as_str()), (Some(name.as_str()), figure.as_str()));
        }
        let names = all(page, "td[data-cell][id]").len();
        assert_eq!(names, expected.len(), "{}: a cell is shown twice or that the tables do not have", disclosure.unit);
    }
}

#[test]
fn cells_are_associated_with_headings_that_exist_and_never_with_numbers() {
    let loaded = site();
    for (path, page) in &pages(&loaded) {
        let elements = by_id(page);
        for cell in all(page, "td[headers]") {
            for id in cell.attr("headers").unwrap_or_default().split_whitespace() {
                let heading = elements.get(id).unwrap_or_else(|| panic!("{path}: no heading {id}"));
                assert_eq!(heading.value().name(), "th", "{path}: {id}");
                assert!(!heading.value().classes().any(|class| class == "no"), "{path}: {id}");
            }
        }
    }
}

#[test]
fn pages_are_sound_html_without_inline_style_or_script() {
    let loaded = site();
    for (path, page) in &pages(&loaded) {
        assert_eq!(all(page, "h1").len(), 1, "{path}");
        assert_eq!(all(page, "main#main").len(), 1, "{path}");
        assert_eq!(all(page, "html[lang=zh-CN]").len(), 1, "{path}");
        let written = all(page, ".prose table").len();
        let captions = all(page, "table > caption").len();
        assert!(captions + written >= all(page, "table").len(), "{path}: a table without a caption");
        let inline = "[style], style, script:not([src], [type='application/ld+json']), [onclick]";
        assert_eq!(all(page, inline).len(), 0, "{path}");
        assert_eq!(all(page, "[id]").len(), by_id(page).len(), "{path}: an id stands twice");
    }
}

/// The rows of a form as print shows them: the tables of a frame side by side, cells joined by `|`.
fn printed_rows(page: &Html, form: &str) -> Vec<String> {
    let tables = all(page, &format!("#{form} .frame table"));
    let rows = |table: ElementRef<'_>| -> Vec<String> {
        let row = Selector::parse("tbody tr").expect("a selector");
        let cell = Selector::parse("th, td").expect("a selector");
        let joined = |row: ElementRef<'_>| row.select(&cell).map(text).collect::<Vec<_>>().join("|");
        table.select(&row).map(joined).collect()
    };
    let sides: Vec<Vec<String>> = tables.into_iter().map(rows).collect();
    let height = sides.iter().map(Vec::len).max().unwrap_or(0);
    let level = |at: usize| sides.iter().filter_map(|side| side.get(at).cloned()).collect::<Vec<_>>().join("||");
    (0..height).map(level).collect()
}

#[test]
fn the_printed_grid_can_be_rebuilt_from_the_page() {
    let loaded = site();
    let pages = pages(&loaded);
    let page = &pages["units/caidian-ggzy/2023/index.html"];
    let overview = printed_rows(page, "t01");
    assert_eq!(overview.len(), 31);
    assert_eq!(overview[0], "一、一般公共预算财政拨款收入|1|373.97||一、一般公共服务支出|32|310.38");
    assert_eq!(overview[8], "|9|||九、卫生健康支出|40|6.83");
    assert_eq!(overview[29], "|30||||61|");
    let spending = printed_rows(page, "t03");
    assert_eq!(spending[0], "|合计|373.97|229.97|144.00|||");
    assert_eq!(spending[3], "2010350|事业运行|166.38|166.38||||");
    let items = printed_rows(page, "t06");
    assert_eq!(items[1], "30101|基本工资|42.45||30201|办公费|2.55||31002|办公设备购置|");
    assert_eq!(printed_rows(page, "t09"), ["3.72||3.60||3.60|0.12|1.42||1.30||1.30|0.12"]);
}
