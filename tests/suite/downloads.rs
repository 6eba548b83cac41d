//! What readers take away: CSV, workbooks, JSON, data packages and checksums of the built sites
//! say the same figures, and are what their standards ask for.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::path::Path;

use boon::{Compiler, Schemas};
use disclose::render::Plan;
use disclose::render::content::{Content, Made};
use scraper::{Html, Selector};
use serde_json::Value;

use crate::support::{TempSite, built, built_from_invented, disclose, repository, tree};

type Tree = BTreeMap<String, Vec<u8>>;

/// The repository's site, and one of invented disclosures on every form set.
fn sites() -> [Tree; 2] {
    [tree(built()), tree(built_from_invented())]
}

fn text<'t>(site: &'t Tree, path: &str) -> &'t str {
    let bytes = site.get(path).unwrap_or_else(|| panic!("no {path}"));
    std::str::from_utf8(bytes).unwrap()
}

fn json(site: &Tree, path: &str) -> Value {
    serde_json::from_str(text(site, path)).unwrap()
}

fn is_page(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|extension| extension == "html")
}

/// The folders of the disclosures of a site.
fn folders(site: &Tree) -> Vec<String> {
    let ends = site.keys().filter_map(|path| path.strip_suffix("/disclosure.json"));
    let found: Vec<String> = ends.map(str::to_owned).collect();
    assert!(found.len() >= 2);
    found
}

/// The records of a CSV file, read as RFC 4180 says; every line ends in CRLF.
fn records(csv: &str) -> Vec<Vec<String>> {
    let body = csv.strip_prefix('\u{FEFF}').expect("a byte order mark");
    assert!(body.ends_with("\r\n"));
    let (mut records, mut record, mut field) = (Vec::new(), Vec::new(), String::new());
    let (mut chars, mut quoted) = (body.chars().peekable(), false);
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => field.push(chars.next().unwrap()),
            '"' => quoted = !quoted,
            c if quoted => field.push(c),
            ',' => record.push(std::mem::take(&mut field)),
            '\r' => {
                assert_eq!(chars.next(), Some('\n'));
                record.push(std::mem::take(&mut field));
                records.push(std::mem::take(&mut record));
            }
            '\n' => panic!("a bare line feed"),
            c => field.push(c),
        }
    }
    records
}

/// The figures of tidy data by their names, with their units.
fn figures(csv: &str) -> BTreeMap<String, String> {
    let records = records(csv);
    let at = |title: &str| records[0].iter().position(|name| name == title).unwrap();
    let (name, value) = (at("数据名称"), at("数值"));
    let figures: BTreeMap<String, String> =
        records[1..].iter().map(|record| (record[name].clone(), record[value].clone())).collect();
    assert_eq!(figures.len(), records.len() - 1, "a name stands for one figure");
    figures
}

/// A figure of the JSON document as CSV writes it.
fn plain(figure: &Value) -> String {
    match figure {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => "未提供".to_owned(),
    }
}

fn objects(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().unwrap().iter()
}

#[test]
fn tables_as_csv_hold_the_figures_of_the_document_row_by_row() {
    let mut compared = 0;
    for site in sites() {
        for folder in folders(&site) {
            let document = json(&site, &format!("{folder}/disclosure.json"));
            let mut files = site.range(format!("{folder}/tables/")..).take_while(|(path, _)| path.contains("/tables/"));
            for table in objects(&document["tables"]) {
                if !matches!(table["state"].as_str(), Some("filled" | "empty")) {
                    continue;
                }
                let (path, bytes) = files.next().unwrap();
                let records = records(std::str::from_utf8(bytes).unwrap());
                let columns = objects(&table["columns"]);
                assert_eq!(records[0].len(), 3 + columns.len(), "{path}");
                assert_eq!(records.len() - 1, objects(&table["rows"]).len(), "{path}");
                for (record, row) in records[1..].iter().zip(objects(&table["rows"])) {
                    assert_eq!(record[1], row["code"].as_str().unwrap_or_default(), "{path}");
                    assert_eq!(record[2], row["name"].as_str().unwrap_or_default(), "{path}");
                    for (field, column) in record[3..].iter().zip(columns) {
                        let figure = row["cells"].get(column["number"].to_string());
                        assert_eq!(*field, figure.map(plain).unwrap_or_default(), "{path} {record:?}");
                        compared += usize::from(!field.is_empty());
                    }
                }
            }
        }
    }
    assert!(compared > 1_000, "{compared}");
}

#[test]
fn tidy_data_holds_every_figure_and_fact_of_the_document_once_and_no_blanks() {
    for site in sites() {
        for folder in folders(&site) {
            let document = json(&site, &format!("{folder}/disclosure.json"));
            let mut expected: BTreeMap<String, String> =
                entries(&document["facts"]).map(|(name, figure)| (name.clone(), plain(figure))).collect();
            for table in objects(&document["tables"]) {
                if !matches!(table["state"].as_str(), Some("filled" | "empty")) {
                    continue;
                }
                for row in objects(&table["rows"]) {
                    let cells = row["cells"].as_object().unwrap();
                    let printed = text(&site, &format!("{folder}/index.html")).contains(&format!(
                        "data-cell=\"{}{}{}栏\"",
                        table["code"].as_str().unwrap(),
                        row["row"].as_str().unwrap(),
                        cells.keys().next().unwrap()
                    ));
                    for (column, figure) in cells {
                        let column = if printed { format!("{column}栏") } else { String::new() };
                        let name =
                            format!("{}{}{column}", table["code"].as_str().unwrap(), row["row"].as_str().unwrap());
                        expected.insert(name, plain(figure));
                    }
                }
            }
            let cells = expected.len();
            expected.retain(|_, figure| !figure.is_empty());
            assert!(expected.len() < cells, "{folder}: no blank cell");
            assert_eq!(figures(text(&site, &format!("{folder}/figures.csv"))), expected, "{folder}");
        }
    }
}

#[test]
fn the_page_shows_the_figures_that_can_be_taken_away() {
    let cells = Selector::parse("td[data-cell]").unwrap();
    for site in sites() {
        for folder in folders(&site) {
            let page = Html::parse_document(text(&site, &format!("{folder}/index.html")));
            let taken = figures(text(&site, &format!("{folder}/figures.csv")));
            let mut shown = 0;
            for cell in page.select(&cells) {
                let name = cell.attr("data-cell").unwrap();
                let figure: String = cell.text().collect();
                assert_eq!(taken.get(name).map_or("", String::as_str), figure.trim(), "{folder} {name}");
                shown += 1;
            }
            assert!(shown > 100, "{folder}: {shown}");
        }
    }
}

#[test]
fn the_figures_of_a_year_are_those_of_its_disclosures_one_after_the_other() {
    for site in sites() {
        let years: Vec<&String> = site.keys().filter(|path| path.starts_with("data/figures-")).collect();
        assert!(!years.is_empty());
        for path in years {
            let year: u64 = path.trim_matches(|c: char| !c.is_ascii_digit()).parse().unwrap();
            let all = records(text(&site, path));
            let mut expected = vec![all[0].clone()];
            for folder in folders(&site) {
                if json(&site, &format!("{folder}/disclosure.json"))["year"] == year {
                    expected.extend(records(text(&site, &format!("{folder}/figures.csv"))).into_iter().skip(1));
                }
            }
            let sorted = |mut records: Vec<Vec<String>>| {
                records.sort();
                records
            };
            assert!(sorted(all) == sorted(expected), "{path}");
        }
    }
}

#[test]
fn the_figures_of_a_year_are_made_one_disclosure_at_a_time() {
    let site = TempSite::caidian();
    site.add_unit("luzhou-zwfw");
    let examined = site.examine();
    let (plan, _) = Plan::new(&examined.site, &examined.report, disclose::export::downloads(&examined.site));
    let parts = |path: &str| match plan.content(plan.find(path).unwrap()).unwrap() {
        Content::Parts(parts) => parts.count(),
        Content::Whole(_) | Content::Joined { .. } => 0,
    };
    assert_eq!(parts("data/figures-2023.csv"), 3);
    assert_eq!(parts("data/units.csv"), 0);
}

/// A schema from a file of the repository.
fn validator(path: &str) -> impl Fn(&Value) -> Result<(), String> {
    let schema = std::fs::read_to_string(repository().join(path)).unwrap();
    let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
    compiler.enable_format_assertions();
    compiler.add_resource("https://example.org/schema.json", serde_json::from_str(&schema).unwrap()).unwrap();
    let root = compiler.compile("https://example.org/schema.json", &mut schemas).unwrap();
    move |document| schemas.validate(document, root).map_err(|error| format!("{error:#}"))
}

#[test]
fn every_document_is_what_its_published_schema_says() {
    let valid = validator("docs/schema/disclosure-1.schema.json");
    for site in sites() {
        let published = text(&site, "schema/disclosure-1.schema.json");
        assert_eq!(
            published,
            std::fs::read_to_string(repository().join("docs/schema/disclosure-1.schema.json")).unwrap()
        );
        for folder in folders(&site) {
            let document = json(&site, &format!("{folder}/disclosure.json"));
            valid(&document).unwrap_or_else(|error| panic!("{folder}: {error}"));
            let schema = document["$schema"].as_str().unwrap();
            let root = "../".repeat(folder.split('/').count());
            assert_eq!(schema, format!("{root}schema/disclosure-1.schema.json"));
        }
    }
}

#[test]
fn the_schema_refuses_floats_wrong_states_and_missing_fields() {
    let valid = validator("docs/schema/disclosure-1.schema.json");
    let site = tree(built());
    let document = json(&site, "units/caidian-ggzy/2023/disclosure.json");
    let refused = |change: &dyn Fn(&mut Value)| {
        let mut document = document.clone();
        change(&mut document);
        valid(&document).is_err()
    };
    assert!(!refused(&|_| {}));
    assert!(!refused(&|document| document["later"] = "added".into()));
    assert!(refused(&|document| document["tables"][0]["rows"][0]["cells"]["1"] = 373.97.into()));
    assert!(refused(&|document| document["tables"][0]["rows"][0]["cells"]["1"] = "373.9".into()));
    assert!(refused(&|document| document["tables"][0]["state"] = "full".into()));
    assert!(refused(&|document| drop(document.as_object_mut().unwrap().remove("scale"))));
    assert!(refused(&|document| document["published"] = "2024年11月11日".into()));
}

/// Whether a CSV field is of a type of Table Schema; missing values are.
fn fits(kind: &str, field: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let number = |text: &str| {
        let text = text.strip_prefix('-').unwrap_or(text);
        text.split_once('.').map_or(digits(text), |(whole, decimals)| digits(whole) && digits(decimals))
    };
    match kind {
        _ if field.is_empty() || field == "未提供" => true,
        "string" => true,
        "integer" => digits(field),
        "year" => digits(field) && field.len() == 4,
        "date" => disclose::model::date::Date::parse(field).is_some(),
        "number" => number(field),
        other => panic!("{other}"),
    }
}

/// The profile of data packages, as its authors publish it but for one pattern: it looks ahead,
/// which our regular expressions cannot; the plain one in its place is stricter, except that it
/// lets `/../` pass.
const PROFILE: &str = "tests/fixtures/datapackage-2.0.schema.json";

#[test]
fn data_packages_are_valid_and_say_what_their_files_hold() {
    let valid = validator(PROFILE);
    for site in sites() {
        let packages: Vec<&String> = site.keys().filter(|path| path.ends_with("datapackage.json")).collect();
        assert_eq!(packages.len(), folders(&site).len() + 1);
        for path in packages {
            let package = json(&site, path);
            valid(&package).unwrap_or_else(|error| panic!("{path}: {error}"));
            assert_eq!(package["$schema"], "https://datapackage.org/profiles/2.0/datapackage.json");
            let folder = path.strip_suffix("datapackage.json").unwrap();
            let mut names = BTreeSet::new();
            for resource in objects(&package["resources"]) {
                let file = format!("{folder}{}", resource["path"].as_str().unwrap());
                assert!(!file.contains(".."), "{file}");
                assert!(names.insert(resource["name"].as_str().unwrap().to_owned()), "{file}");
                let Made { bytes, sha256 } = Made::of(&site[&file]);
                assert_eq!(resource["bytes"], bytes, "{file}");
                assert_eq!(resource["hash"], format!("sha256:{sha256}"), "{file}");
                let records = records(text(&site, &file));
                let fields = objects(&resource["schema"]["fields"]);
                let titles: Vec<&str> = fields.iter().map(|field| field["name"].as_str().unwrap()).collect();
                assert_eq!(records[0], titles, "{file}");
                assert_eq!(titles.iter().collect::<BTreeSet<_>>().len(), titles.len(), "{file}: {titles:?}");
                for record in &records[1..] {
                    for (value, field) in record.iter().zip(fields) {
                        assert!(fits(field["type"].as_str().unwrap(), value), "{file}: {field} {value}");
                    }
                }
            }
        }
    }
}

#[test]
fn the_profile_of_data_packages_refuses_what_is_none() {
    let valid = validator(PROFILE);
    let site = tree(built());
    let package = json(&site, "datapackage.json");
    assert!(valid(&package).is_ok());
    let mut without = package.clone();
    without.as_object_mut().unwrap().remove("resources");
    assert!(valid(&without).is_err());
    let mut wrong = package;
    wrong["resources"][0]["schema"]["fields"][0]["type"] = 1.into();
    assert!(valid(&wrong).is_err());
}

#[test]
fn checksums_are_those_of_every_download() {
    for site in sites() {
        for folder in folders(&site) {
            let sums = text(&site, &format!("{folder}/sha256sums.txt"));
            let listed: BTreeMap<&str, &str> =
                sums.lines().map(|line| line.split_once("  ").unwrap()).map(|(hash, name)| (name, hash)).collect();
            let other = |name: &str| is_page(name) || name == "sha256sums.txt";
            let below =
                site.iter().filter_map(|(path, bytes)| Some((path.strip_prefix(&format!("{folder}/"))?, bytes)));
            let expected: BTreeMap<&str, String> = below
                .filter(|(name, _)| !other(name))
                .map(|(name, bytes)| (name, Made::of(bytes).sha256.to_string()))
                .collect();
            assert_eq!(listed.len(), expected.len(), "{folder}");
            assert!(expected.iter().all(|(name, hash)| listed[name] == hash), "{folder}");
            assert!(expected.contains_key("disclosure.xlsx") && expected.contains_key("figures.csv"));
        }
    }
}

/// A cell of a workbook: its look and what it holds, digits as they are.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Cell {
    style: usize,
    text: String,
    is_number: bool,
}

/// A sheet, read from its XML.
struct Sheet {
    name: String,
    cells: BTreeMap<(usize, usize), Cell>,
    merges: Vec<[(usize, usize); 2]>,
}

/// The files of a ZIP archive, found through its directory.
fn unzip(archive: &[u8]) -> BTreeMap<String, String> {
    let short = |at: usize| usize::from(u16::from_le_bytes(archive[at..at + 2].try_into().unwrap()));
    let long = |at: usize| u32::from_le_bytes(archive[at..at + 4].try_into().unwrap()) as usize;
    let end = archive.len() - 22;
    assert_eq!(&archive[end..end + 4], b"PK\x05\x06");
    let (count, mut at, mut files) = (short(end + 10), long(end + 16), BTreeMap::new());
    for _ in 0..count {
        assert_eq!(&archive[at..at + 4], b"PK\x01\x02");
        assert_eq!((short(at + 12), short(at + 14)), (0, 0x21), "1 January 1980");
        let (packed, size, name, start) = (long(at + 20), long(at + 24), short(at + 28), long(at + 42));
        let path = std::str::from_utf8(&archive[at + 46..at + 46 + name]).unwrap();
        let data = start + 30 + short(start + 26) + short(start + 28);
        let mut text = String::new();
        flate2::read::DeflateDecoder::new(&archive[data..data + packed]).read_to_string(&mut text).unwrap();
        assert_eq!(text.len(), size, "{path}");
        files.insert(path.to_owned(), text);
        at += 46 + name;
    }
    files
}

fn unescape(xml: &str) -> String {
    xml.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

/// What stands between two marks, each time.
fn between<'x>(xml: &'x str, open: &str, close: &str) -> Vec<&'x str> {
    xml.split(open).skip(1).map(|rest| rest.split(close).next().unwrap()).collect()
}

/// `B3` as row and column from nought.
fn position(name: &str) -> (usize, usize) {
    let letters = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let column = letters.bytes().fold(0, |column, letter| column * 26 + usize::from(letter - b'A') + 1);
    (name[letters.len()..].parse::<usize>().unwrap() - 1, column - 1)
}

fn workbook(bytes: &[u8]) -> Vec<Sheet> {
    let files = unzip(bytes);
    let strings = between(&files["xl/sharedStrings.xml"], "<t", "</t>").into_iter();
    let strings: Vec<String> = strings.map(|text| unescape(text.split_once('>').unwrap().1)).collect();
    let names = between(&files["xl/workbook.xml"], "<sheet name=\"", "\"");
    names
        .into_iter()
        .enumerate()
        .map(|(at, name)| sheet(name, &files[&format!("xl/worksheets/sheet{}.xml", at + 1)], &strings))
        .collect()
}

fn sheet(name: &str, xml: &str, strings: &[String]) -> Sheet {
    let mut cells = BTreeMap::new();
    for cell in between(xml, "<c r=\"", "</c>") {
        // Cells without a value close themselves: they stand before the one that has one.
        let cell = cell.rsplit("<c r=\"").next().unwrap();
        let (at, rest) = cell.split_once('"').unwrap();
        // A cell that does not name its look has the first.
        let (style, rest) = rest.strip_prefix(" s=\"").map_or(("0", rest), |rest| rest.split_once('"').unwrap());
        if !rest.starts_with("><v>") && !rest.starts_with(" t=\"s\"><v>") {
            continue;
        }
        let value = between(rest, "<v>", "</v>")[0];
        let is_number = !rest.starts_with(" t=");
        let text = if is_number { value.to_owned() } else { strings[value.parse::<usize>().unwrap()].clone() };
        cells.insert(position(at), Cell { style: style.parse().unwrap(), text, is_number });
    }
    let corner = |range: &str| range.split_once(':').map(|(from, to)| [position(from), position(to)]).unwrap();
    let merges = between(xml, "<mergeCell ref=\"", "\"").into_iter().map(corner).collect();
    Sheet { name: unescape(name), cells, merges }
}

/// The number formats of amounts in the grid of a formal sheet: plain ones and totals.
const AMOUNTS: [usize; 2] = [12, 13];

#[test]
fn tidy_sheets_hold_every_figure_as_a_number_and_no_blanks() {
    for site in sites() {
        for folder in folders(&site) {
            let book = workbook(&site[&format!("{folder}/disclosure.xlsx")]);
            let mut found = BTreeMap::new();
            for sheet in book.iter().filter(|sheet| sheet.name.ends_with("数据")) {
                let rows = sheet.cells.keys().filter(|(row, column)| *row > 0 && *column == 8).count();
                let before = found.len();
                for ((row, _), value) in sheet.cells.iter().filter(|((row, column), _)| *row > 0 && *column == 6) {
                    assert!(value.is_number || value.text == "未提供", "{folder} {}: {value:?}", sheet.name);
                    found.insert(sheet.cells[&(*row, 8)].text.clone(), value.text.clone());
                }
                assert_eq!(found.len() - before, rows, "{folder} {}: a row without a figure", sheet.name);
            }
            let expected = figures(text(&site, &format!("{folder}/figures.csv")));
            assert_eq!(found, expected, "{folder}");
        }
    }
}

#[test]
fn formal_sheets_hold_the_amounts_of_their_tables_and_headings_that_never_overlap() {
    let mut compared = 0;
    for site in sites() {
        for folder in folders(&site) {
            let book = workbook(&site[&format!("{folder}/disclosure.xlsx")]);
            let document = json(&site, &format!("{folder}/disclosure.json"));
            for (sheet, table) in book[1..].iter().zip(objects(&document["tables"])) {
                assert_eq!(sheet.name, table["code"].as_str().unwrap());
                assert_eq!(sheet.cells[&(0, 0)].text, table["title"].as_str().unwrap());
                let amounts = sheet.cells.values().filter(|cell| AMOUNTS.contains(&cell.style));
                let mut shown: Vec<String> = amounts.map(|cell| cell.text.clone()).collect();
                let rows = objects(&table["rows"]).iter().flat_map(|row| entries(&row["cells"]));
                let mut expected: Vec<String> =
                    rows.map(|(_, figure)| plain(figure)).filter(|text| !text.is_empty() && text != "未提供").collect();
                shown.sort();
                expected.sort();
                assert_eq!(shown, expected, "{folder} {}", sheet.name);
                compared += shown.len();
                let mut taken = BTreeSet::new();
                for [from, to] in &sheet.merges {
                    let cells = (from.0..=to.0).flat_map(|row| (from.1..=to.1).map(move |column| (row, column)));
                    for cell in cells {
                        assert!(taken.insert(cell), "{folder} {} {cell:?} is joined twice", sheet.name);
                    }
                }
            }
        }
    }
    assert!(compared > 1_000, "{compared}");
}

#[test]
fn the_printed_grid_stands_in_the_workbook_as_on_paper() {
    let site = tree(built());
    let book = workbook(&site["units/caidian-ggzy/2023/disclosure.xlsx"]);
    let row = |sheet: &Sheet, row: usize| -> Vec<String> {
        let last = sheet.cells.keys().map(|(_, column)| *column).max().unwrap();
        (0..=last).map(|column| sheet.cells.get(&(row, column)).map_or("", |cell| &cell.text).to_owned()).collect()
    };
    let first = &book[1];
    assert_eq!(row(first, 2), ["部门：武汉市蔡甸区公共资源交易中心", "", "", "金额单位：万元", "", ""]);
    assert_eq!(row(first, 4), ["项目", "行次", "金额", "项目", "行次", "金额"]);
    assert_eq!(row(first, 5), ["栏次", "", "1", "栏次", "", "2"]);
    assert_eq!(row(first, 6), ["一、一般公共预算财政拨款收入", "1", "373.97", "一、一般公共服务支出", "32", "310.38"]);
    let ninth = &book[9];
    assert_eq!(row(ninth, 4)[..6], ["合计", "因公出国(境)费", "公务用车购置及运行维护费", "", "", "公务接待费"]);
    assert_eq!(row(ninth, 7), ["3.72", "", "3.60", "", "3.60", "0.12", "1.42", "", "1.30", "", "1.30", "0.12"]);
    assert!(ninth.merges.contains(&[(4, 2), (4, 4)]) && ninth.merges.contains(&[(4, 5), (5, 5)]));
}

#[test]
fn the_workbook_is_dated_by_the_disclosure_and_not_by_the_clock() {
    let site = tree(built());
    let files = unzip(&site["units/caidian-ggzy/2023/disclosure.xlsx"]);
    let core = &files["docProps/core.xml"];
    assert_eq!(core.matches("2024-11-11T00:00:00Z").count(), 2, "{core}");
}

/// A site with an address and a licence.
fn with_address() -> TempSite {
    let site = TempSite::caidian();
    let config = site.read("site.toml");
    let more = "base_url = \"https://example.gov.cn/czgk\"\n[license]\nname = \"CC-BY-4.0\"\ntitle = \"署名 4.0\"\nurl = \"https://creativecommons.org/licenses/by/4.0/\"\n";
    site.write("site.toml", &format!("{config}{more}"));
    site
}

fn page(site: &TempSite, path: &str) -> String {
    let examined = site.examine();
    let (plan, _) = Plan::new(&examined.site, &examined.report, disclose::export::downloads(&examined.site));
    String::from_utf8(plan.render(plan.find(path).unwrap()).unwrap()).unwrap()
}

const PAGE: &str = "units/caidian-ggzy/2023/index.html";

#[test]
fn a_page_says_how_to_cite_it_with_its_address_where_there_is_one() {
    let cite = "武汉市蔡甸区公共资源交易中心. 2023年度部门决算[EB/OL]. (2024-11-11)[引用日期].";
    let without = page(&TempSite::caidian(), PAGE);
    assert!(without.contains(&format!("<span>{cite}</span>")), "no {cite}");
    let address = "https://example.gov.cn/czgk/units/caidian-ggzy/2023/";
    assert!(page(&with_address(), PAGE).contains(&format!("<span>{cite} {address}</span>")));
}

#[test]
fn a_licence_is_granted_only_by_the_site() {
    let package = |site: &TempSite| -> Value { serde_json::from_str(&page(site, "datapackage.json")).unwrap() };
    assert_eq!(package(&TempSite::caidian()).get("licenses"), None);
    let licensed = package(&with_address());
    assert_eq!(licensed["licenses"][0]["name"], "CC-BY-4.0");
    assert_eq!(licensed["homepage"], "https://example.gov.cn/czgk/");
    assert!(page(&with_address(), "data/index.html").contains("署名 4.0</a>"));
}

#[test]
fn a_download_stands_on_the_page_with_its_size() {
    let site = tree(built());
    let html = Html::parse_document(text(&site, PAGE));
    let entries = Selector::parse(".downloads li").unwrap();
    let shown: Vec<String> = html.select(&entries).map(|item| item.text().collect()).collect();
    let length = disclose::render::content::size_text(site["units/caidian-ggzy/2023/disclosure.xlsx"].len() as u64);
    assert!(shown[0].ends_with(&format!("XLSX {length}")), "{shown:?}");
    let below = site.keys().filter(|path| path.starts_with("units/caidian-ggzy/2023/") && !is_page(path));
    assert_eq!(shown.len(), below.count());
}

#[test]
fn text_that_a_spreadsheet_would_compute_is_disarmed_in_every_file() {
    let site = TempSite::caidian();
    site.replace("content/units/caidian-ggzy/unit.toml", "short  = \"", "short  = \"=1+");
    let root = site.root().to_str().unwrap();
    let output = disclose(&["build", "--root", root], &[]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert!(text(&tree(&site.root().join("public")), "data/units.csv").contains(",'=1+"));
}
