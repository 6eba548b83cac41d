//! The finder's data and the lists that need no script: whatever they name is there, and nothing
//! is left out, however many units there are.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Instant;

use disclose::amount::{Amount, Scale};
use disclose::check;
use disclose::diagnostic::has_errors;
use disclose::model::form::Kind;
use disclose::model::site::Site;
use disclose::render::Plan;
use disclose::synth::invent;
use scraper::{ElementRef, Html, Selector};
use serde_json::Value;

use crate::generate::press;
use crate::support::{Examined, TempSite, blank_site, built, built_from_invented, repository, tree};

/// The data in a file of the finder: what its one call hands over.
fn handed_over(name: &str, bytes: &[u8]) -> Value {
    let text = std::str::from_utf8(bytes).unwrap();
    let call = format!("finder(\"{name}\",");
    let data = text.strip_prefix(&call).and_then(|rest| rest.strip_suffix(");\n"));
    serde_json::from_str(data.unwrap_or_else(|| panic!("{name} is no call of finder()"))).unwrap()
}

/// A built site with the finder's data.
struct Built {
    files: BTreeMap<String, Vec<u8>>,
    base: Value,
    units: Vec<Value>,
}

impl Built {
    fn read(folder: &Path) -> Self {
        let files = tree(folder);
        let read = |name: &str| handed_over(name, &files[&format!("assets/finder/{name}.js")]);
        let base = read("base");
        let blocks = (0..base["units"].as_u64().unwrap()).map(|at| read(&format!("units-{at}")));
        let units = blocks.flat_map(|block| block.as_array().unwrap().clone()).collect();
        Self { files, base, units }
    }

    /// Every row of the finder: its name, code, disclosure, anchor and amount.
    fn rows(&self) -> Vec<FoundRow> {
        let mut found = Vec::new();
        for file in 0..self.base["rows"].as_u64().unwrap() {
            let name = format!("rows-{file}");
            let data = handed_over(&name, &self.files[&format!("assets/finder/{name}.js")]);
            for (at, anchors) in data.as_object().unwrap() {
                let number: usize = at.parse().unwrap();
                let starts = list(&self.base["starts"]).iter().filter(|start| start.as_u64().unwrap() <= number as u64);
                assert_eq!(starts.count() as u64, file + 1, "the script looks for name {at} elsewhere");
                for (anchor, places) in anchors.as_object().unwrap() {
                    let name = list(&self.base["names"][number]);
                    let text = string(&name[0]);
                    found.extend(decoded(string(places)).into_iter().map(|(disclosure, amount)| FoundRow {
                        name: text.to_owned(),
                        disclosure,
                        anchor: anchor.clone(),
                        amount,
                    }));
                }
            }
        }
        found
    }

    /// The path of each disclosure's page, by the number that rows know it by.
    fn disclosures(&self) -> BTreeMap<usize, String> {
        let mut paths = BTreeMap::new();
        for unit in &self.units {
            for (step, disclosure) in list(&unit[7]).chunks(3).enumerate() {
                let suffix = if disclosure[1] == 1 { "-budget" } else { "" };
                let path = format!("units/{}/{}{suffix}/index.html", string(&unit[0]), disclosure[0]);
                let at = usize::try_from(unit[6].as_u64().unwrap()).unwrap() + step;
                assert!(paths.insert(at, path).is_none(), "two disclosures have the number {at}");
            }
        }
        paths
    }

    fn page(&self, path: &str) -> Html {
        let bytes = self.files.get(path).unwrap_or_else(|| panic!("the finder leads to {path}, which is not there"));
        Html::parse_document(std::str::from_utf8(bytes).unwrap())
    }
}

struct FoundRow {
    name: String,
    disclosure: usize,
    anchor: String,
    amount: String,
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or_else(|| panic!("{value} is no list"), Vec::as_slice)
}

fn string(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text"))
}

/// `0:373.97;3.60;5:?` as disclosures and amounts, read as the script reads it.
fn decoded(places: &str) -> Vec<(usize, String)> {
    let mut at = 0;
    let each = places.split(';').map(|item| {
        let (step, amount) = item.split_once(':').map_or((1, item), |(step, amount)| (step.parse().unwrap(), amount));
        at += step;
        (at, amount.to_owned())
    });
    each.collect()
}

fn ids(page: &Html) -> BTreeMap<&str, ElementRef<'_>> {
    let with_id = Selector::parse("[id]").unwrap();
    page.select(&with_id).map(|element| (element.value().id().unwrap(), element)).collect()
}

fn text(element: ElementRef<'_>) -> String {
    element.text().collect::<String>().trim().to_owned()
}

/// What the place that a row leads to shows: the cell itself, or the first cell of the row.
fn shown(place: ElementRef<'_>) -> String {
    let cell = Selector::parse("td.n").unwrap();
    let is_row = place.value().name() == "tr";
    let found = if is_row { place.select(&cell).next().unwrap() } else { place };
    text(found).replace("未提供", "?")
}

#[test]
fn every_row_of_the_finder_leads_to_its_page_and_row_and_tells_the_amount_that_stands_there() {
    for site in [Built::read(built()), Built::read(built_from_invented())] {
        let paths = site.disclosures();
        let mut rows: BTreeMap<usize, Vec<FoundRow>> = BTreeMap::new();
        for row in site.rows() {
            rows.entry(row.disclosure).or_default().push(row);
        }
        assert_eq!(rows.keys().collect::<Vec<_>>(), paths.keys().collect::<Vec<_>>());
        for (disclosure, rows) in rows {
            let page = site.page(&paths[&disclosure]);
            let places = ids(&page);
            for FoundRow { name, anchor, amount, .. } in rows {
                let place = places.get(anchor.as_str());
                let place = place.unwrap_or_else(|| panic!("{name}: {}#{anchor} is not there", paths[&disclosure]));
                assert_eq!(amount, shown(*place), "{name}: {}#{anchor}", paths[&disclosure]);
            }
        }
    }
}

#[test]
fn every_figure_of_a_named_row_can_be_found() {
    let site = Built::read(built());
    let rows = site.rows();
    let paths = site.disclosures();
    for (disclosure, path) in &paths {
        let known: BTreeSet<&str> =
            rows.iter().filter(|row| row.disclosure == *disclosure).map(|row| row.anchor.as_str()).collect();
        let page = site.page(path);
        let row = Selector::parse(".by-code tbody tr:not(.sum), .two tbody tr, .block tbody tr").unwrap();
        let cell = Selector::parse("td.n").unwrap();
        for row in page.select(&row).filter(|row| row.select(&cell).any(|cell| !text(cell).is_empty())) {
            let anchor = row.value().id().unwrap_or_else(|| panic!("{path}: a row without an anchor"));
            let name = text(row.select(&Selector::parse("th").unwrap()).next().unwrap());
            assert!(known.contains(anchor) || matches!(name.as_str(), "合计" | "总计"), "{path}#{anchor} {name}");
        }
    }
}

#[test]
fn units_codes_terms_and_tables_of_the_finder_have_their_pages() {
    for site in [Built::read(built()), Built::read(built_from_invented())] {
        let mut paths: Vec<String> =
            site.units.iter().map(|unit| format!("units/{}/index.html", string(&unit[0]))).collect();
        let codes = list(&site.base["codes"]).iter();
        paths.extend(codes.map(|code| format!("codes/{}/{}/index.html", string(&code[0]), string(&code[1]))));
        let terms = list(&site.base["terms"]).iter();
        paths.extend(terms.map(|term| format!("glossary/{}/index.html", string(&term[0]))));
        paths.extend(list(&site.base["years"]).iter().map(|year| format!("years/{year}/index.html")));
        assert!(paths.len() > 100);
        let missing: Vec<&String> = paths.iter().filter(|path| !site.files.contains_key(*path)).collect();
        assert_eq!(missing, Vec::<&String>::new());
        let disclosures = site.disclosures();
        for unit in &site.units {
            for (step, disclosure) in list(&unit[7]).chunks(3).enumerate() {
                let path = &disclosures[&(usize::try_from(unit[6].as_u64().unwrap()).unwrap() + step)];
                let page = site.page(path);
                let places = ids(&page);
                for form in list(&site.base["sets"][usize::try_from(disclosure[2].as_u64().unwrap()).unwrap()][1]) {
                    let anchor = format!("t{}", string(&form[0]));
                    assert!(places.contains_key(anchor.as_str()), "{path}#{anchor} is not there");
                }
            }
        }
    }
}

#[test]
fn reception_costs_of_caidian_are_in_the_finder() {
    let site = Built::read(built());
    let unit = &site.units[0];
    assert_eq!([&unit[0], &unit[3]], ["caidian-ggzy", "whscdqggzyjyzx whcdggzyjyzx"]);
    assert_eq!(site.base["kinds"], serde_json::json!([0]), "no 预算 is offered where there is none");
    let rows = site.rows();
    let found: Vec<(&str, &str, &str)> = rows
        .iter()
        .filter(|row| row.disclosure == 0 && row.name.contains("公务接待费"))
        .map(|row| (row.name.as_str(), row.anchor.as_str(), row.amount.as_str()))
        .collect();
    let expected = [
        ("公务接待费", "t06-30217", "0.12"),
        ("决算数·公务接待费", "t09-row-c12", "0.12"),
        ("预算数·公务接待费", "t09-row-c6", "0.12"),
    ];
    assert_eq!(found, expected);
}

#[test]
fn a_unit_is_found_by_its_other_names_too() {
    let folder = TempSite::caidian();
    let file = "content/units/caidian-ggzy/unit.toml";
    folder.replace(file, "level  = ", "aliases = [\"蔡甸交易大厅\"]\nlevel  = ");
    let Examined { site, report, .. } = folder.examine();
    let (plan, _) = Plan::new(&site, &report, Vec::new());
    let units = handed_over("units-0", &files_below(&plan, "assets/finder/units-")["assets/finder/units-0.js"]);
    assert_eq!([&units[0][3], &units[0][8]], ["whscdqggzyjyzx whcdggzyjyzx cdjydt", "蔡甸交易大厅"]);
}

#[test]
fn scripts_and_styles_stay_small() {
    let assets = repository().join("themes/default/static/assets");
    let size = |extension: &str| -> u64 {
        let entries = walkdir::WalkDir::new(&assets).into_iter().map(Result::unwrap);
        let files = entries.filter(|entry| entry.path().extension().is_some_and(|found| found == extension));
        files.map(|entry| entry.metadata().unwrap().len()).sum()
    };
    assert!(size("js") < 15_000, "{} bytes of script", size("js"));
    assert!(size("css") < 30_000, "{} bytes of style", size("css"));
}

/// A site of so many invented units in three regions, each with so many years.
fn many(units: usize, years: usize) -> Site {
    let mut site = blank_site().clone();
    let presses: Vec<_> = site.sets.values().map(|set| press(set)).collect();
    for number in 0..units {
        let id = format!("unit-{number:05}");
        let seed = u64::try_from(number).unwrap();
        let request = invent::Request { unit: &id, parent: None, scale: Scale::TenThousand, seed };
        for made in invent::years(blank_site(), presses[number % presses.len()], &request, years) {
            let mut unit = made.unit;
            unit.region = vec!["某省".to_owned(), "某市".to_owned(), format!("第{}区", number % 3)];
            unit.name = format!("某市第{}区第{number}公共资源交易服务中心", number % 3);
            unit.short = format!("第{number}公共资源交易服务中心");
            site.units.insert(id.clone(), unit);
            site.disclosures.push(made.disclosure);
        }
    }
    site
}

/// The files of a plan whose paths begin so, in order.
fn files_below(plan: &Plan<'_>, folder: &str) -> BTreeMap<String, Vec<u8>> {
    let below = (0..plan.len()).filter(|at| plan.path(*at).starts_with(folder));
    let made = below.map(|at| {
        let bytes = plan.render(at).unwrap_or_else(|finding| panic!("{}: {}", plan.path(at), finding.message));
        (plan.path(at).to_owned(), bytes)
    });
    made.collect()
}

/// The hrefs and texts of the row headings of a page.
fn row_headings(bytes: &[u8]) -> Vec<String> {
    let page = Html::parse_document(std::str::from_utf8(bytes).unwrap());
    let heading = Selector::parse("tbody th[scope=row] a").unwrap();
    page.select(&heading).map(text).collect()
}

/// The amounts of a column, as texts.
fn column(bytes: &[u8], at: usize) -> Vec<String> {
    let page = Html::parse_document(std::str::from_utf8(bytes).unwrap());
    let (row, cell) = (Selector::parse("main tbody tr").unwrap(), Selector::parse("td").unwrap());
    page.select(&row).map(|row| text(row.select(&cell).nth(at).unwrap())).collect()
}

/// The pages of a list in order: the first, then those whose last folder is a number.
fn pages_of<'f>(files: &'f BTreeMap<String, Vec<u8>>, folder: &str) -> Vec<&'f [u8]> {
    let path =
        |page: usize| if page == 1 { format!("{folder}index.html") } else { format!("{folder}{page}/index.html") };
    (1..).map_while(|page| files.get(&path(page)).map(Vec::as_slice)).collect()
}

#[test]
fn a_site_of_many_units_is_listed_in_pages_that_leave_nobody_out() {
    let site = many(205, 1);
    let report = check::check(&site);
    let (plan, findings) = Plan::new(&site, &report, Vec::new());
    assert!(!has_errors(&findings));
    let everybody: BTreeSet<String> = site.units.values().map(|unit| unit.name.clone()).collect();
    let directory = files_below(&plan, "directory/");
    let pages = pages_of(&directory, "directory/");
    assert_eq!(pages.len(), 2);
    let listed: Vec<String> = pages.iter().flat_map(|page| row_headings(page)).collect();
    assert_eq!(listed.len(), 205);
    assert_eq!(listed.into_iter().collect::<BTreeSet<_>>(), everybody);
    let home = String::from_utf8(files_below(&plan, "index.html").remove("index.html").unwrap()).unwrap();
    assert!(home.contains("directory/index.html#r-") && !home.contains("unit-00001/index.html"));
}

#[test]
fn a_year_is_listed_in_the_order_of_each_column_greatest_first() {
    let site = many(205, 1);
    let report = check::check(&site);
    let (plan, _) = Plan::new(&site, &report, Vec::new());
    let mut sizes = BTreeMap::new();
    site.disclosures.iter().for_each(|disclosure| *sizes.entry(disclosure.year).or_insert(0) += 1);
    for (year, size) in sizes {
        let files = files_below(&plan, &format!("years/{year}/"));
        // The column of the order is the first one, where a phone shows it.
        for order in ["by-total/", "by-spending/", "by-reception/"] {
            let pages = pages_of(&files, &format!("years/{year}/{order}"));
            let amounts: Vec<String> = pages.iter().flat_map(|page| column(page, 0)).collect();
            assert_eq!(amounts.len(), size, "{year} {order}");
            let known: Vec<Amount> =
                amounts.iter().map_while(|text| Amount::parse(text, Scale::TenThousand).ok()).collect();
            assert!(known.is_sorted_by(|a, b| a >= b), "{year} {order}: {known:?}");
            let without = amounts.iter().skip(known.len());
            assert!(without.into_iter().all(|text| text == "—" || text == "未提供"), "{year} {order}: {amounts:?}");
        }
    }
}

#[test]
fn a_year_of_both_kinds_has_a_list_of_each() {
    let mut site = many(8, 1);
    let year = site.disclosures[0].year;
    let kinds = [Kind::Final, Kind::Budget];
    for (disclosure, kind) in site.disclosures.iter_mut().filter(|d| d.year == year).zip(kinds) {
        disclosure.kind = kind;
    }
    let report = check::check(&site);
    let (plan, _) = Plan::new(&site, &report, Vec::new());
    let files = files_below(&plan, "");
    let listed = |folder: &str| row_headings(&files[&format!("years/{year}/{folder}index.html")]);
    let of_kind = |kind: Kind| {
        let disclosures = site.disclosures.iter().filter(|d| d.year == year && d.kind == kind);
        disclosures.map(|d| site.units[&d.unit].name.clone()).collect::<BTreeSet<_>>()
    };
    for (kind, folder) in kinds.into_iter().zip(["final/", "budget/"]) {
        assert_eq!(listed(folder).into_iter().collect::<BTreeSet<_>>(), of_kind(kind));
    }
    assert_eq!(listed("").len(), listed("final/").len() + listed("budget/").len());
    let directory = String::from_utf8(files["directory/index.html"].clone()).unwrap();
    assert!(directory.contains(&format!("years/{year}/budget/index.html")));
    assert!(!files.keys().any(|path| path.ends_with("/final/index.html") && !path.contains(&year.to_string())));
}

#[test]
fn the_finder_of_many_units_is_parted_into_small_files_the_same_each_time() {
    let site = many(120, 2);
    let report = check::check(&site);
    let made = || {
        let (plan, _) = Plan::new(&site, &report, Vec::new());
        files_below(&plan, "assets/finder/")
    };
    let files = made();
    assert_eq!(files.len(), 1 + 1 + 240_usize.div_ceil(16));
    for (path, bytes) in files.iter().filter(|(path, _)| !path.contains("base")) {
        assert!(bytes.len() < 64_000, "{path} has {} bytes", bytes.len());
    }
    assert!(files == made());
}

/// Prints what the finder of 1,000 unit-years weighs; where `FINDER_OUT` names a folder, the whole
/// site is written there to be tried in a browser.
#[test]
#[ignore = "a measurement"]
fn the_finder_of_a_thousand_unit_years_is_measured() {
    let site = many(500, 2);
    let report = check::check(&site);
    let started = Instant::now();
    let (plan, _) = Plan::new(&site, &report, disclose::export::downloads(&site));
    println!("plan: {:?}, {} files", started.elapsed(), plan.len());
    let started = Instant::now();
    let files = files_below(&plan, "assets/finder/");
    let sizes: Vec<usize> = files.values().map(Vec::len).collect();
    println!("finder: {:?}, {} files, {} bytes", started.elapsed(), files.len(), sizes.iter().sum::<usize>());
    for (path, bytes) in &files {
        println!("{path}: {}", bytes.len());
    }
    assert!(sizes.iter().all(|size| *size < 128_000));
    let Some(folder) = std::env::var_os("FINDER_OUT") else { return };
    let started = Instant::now();
    for (path, bytes) in files_below(&plan, "") {
        let path = Path::new(&folder).join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    println!("all files: {:?}", started.elapsed());
}
