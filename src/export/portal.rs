//! Downloads of the whole portal: a file a fiscal year with every figure of every unit, lists
//! of units and disclosures, a data package of them, and the JSON Schema of disclosures.
//!
//! The figures of a year are written disclosure by disclosure; no more than one disclosure's
//! is ever in memory.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use serde_json::json;

use super::package::{self, Resource, Schema, field, schema};
use super::{FIGURES, Subject, csv, json};
use crate::model::site::Site;
use crate::model::unit::Unit;
use crate::render::Download;
use crate::render::content::{Content, Made};
use crate::render::links::{disclosure_path, unit_path};

const UNITS_PATH: &str = "data/units.csv";
const DISCLOSURES_PATH: &str = "data/disclosures.csv";

/// What makes the content of a file.
type Make<'a> = Arc<dyn Fn() -> Content<'a> + Send + Sync + 'a>;

/// A file of the portal, measured once.
#[derive(Clone)]
struct File<'a> {
    make: Make<'a>,
    made: Arc<OnceLock<Made>>,
}

impl<'a> File<'a> {
    fn new(make: impl Fn() -> Content<'a> + Send + Sync + 'a) -> Self {
        Self { make: Arc::new(make), made: Arc::default() }
    }

    fn made(&self) -> Made {
        self.made.get_or_init(|| (self.make)().measure()).clone()
    }

    fn download(self, label: &'static str, about: String, path: &str) -> Download<'a> {
        let (make, learned) = (Arc::clone(&self.make), Arc::clone(&self.made));
        Download {
            disclosure: None,
            version: None,
            form: None,
            label,
            about,
            path: path.to_owned(),
            content: Box::new(move || make()),
            made: Box::new(move || self.made()),
            year: None,
            // What was measured before is the same.
            learn: Box::new(move |made| drop(learned.set(made))),
        }
    }
}

/// Where the figures of the disclosures are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Figures {
    /// In the site.
    AtHand,
    /// In their own files, which are written before.
    Written,
}

/// The downloads of the whole portal, in the order in which readers see them.
pub(super) fn downloads(site: &Site, figures: Figures) -> Vec<Download<'_>> {
    let mut downloads = Vec::new();
    let mut resources = Vec::new();
    for (year, disclosures) in by_year(site) {
        let path = format!("data/figures-{year}.csv");
        let about = format!("{year}年度全部单位的数据，一行一个数");
        let resource = Resource::figures(&path, &about).referring("单位标识", "data-units");
        let file = match figures {
            Figures::AtHand => File::new(move || figures_of(site, disclosures.clone())),
            Figures::Written => File::new(move || joined(site, &disclosures)),
        };
        resources.push((resource, file.clone()));
        downloads.push(Download { year: Some(year), ..file.download("CSV", about, &path) });
    }
    downloads.reverse();
    let lists = [
        (UNITS_PATH, "单位名录", units_schema(), File::new(move || Content::Whole(units(site)))),
        (
            DISCLOSURES_PATH,
            "决算和预算目录",
            disclosures_schema(),
            File::new(move || Content::Whole(disclosures(site))),
        ),
    ];
    for (path, about, schema, file) in lists {
        resources.push((Resource::new(path, about, schema), file.clone()));
        downloads.push(file.download("CSV", about.to_owned(), path));
    }
    let package = File::new(move || {
        let described = resources.iter().map(|(resource, file)| resource.clone().describe(&file.made()));
        Content::Whole(package::of_portal(site, &described.collect::<Vec<_>>()))
    });
    downloads.push(package.download("JSON", "数据包说明（Data Package）".to_owned(), "datapackage.json"));
    let schema = File::new(|| Content::Whole(json::SCHEMA_TEXT.into()));
    downloads.push(schema.download("JSON", "disclosure.json 的 JSON Schema".to_owned(), json::SCHEMA_PATH));
    downloads
}

/// The disclosures of each year, in the site's order.
fn by_year(site: &Site) -> BTreeMap<i32, Vec<usize>> {
    let mut years: BTreeMap<i32, Vec<usize>> = BTreeMap::new();
    for (at, disclosure) in site.disclosures.iter().enumerate() {
        years.entry(disclosure.year).or_default().push(at);
    }
    years
}

fn joined(site: &Site, disclosures: &[usize]) -> Content<'static> {
    let folder = |at: &usize| disclosure_path(&site.disclosures[*at]).trim_end_matches("index.html").to_owned();
    let files = disclosures.iter().map(|at| folder(at) + FIGURES).collect();
    Content::Joined { head: csv::tidy_header(), files }
}

fn figures_of(site: &Site, disclosures: Vec<usize>) -> Content<'_> {
    let rows = move |at: usize| csv::tidy_rows(Subject { site, disclosure: &site.disclosures[at] });
    Content::Parts(Box::new(std::iter::once_with(csv::tidy_header).chain(disclosures.into_iter().map(rows))))
}

const UNITS: [&str; 9] =
    ["单位标识", "单位名称", "简称", "地区", "级别", "单位或部门", "主管部门标识", "单位性质", "网页"];

fn units_schema() -> Schema {
    schema(UNITS.iter().map(|name| field(name, "string", unit_title(name)))).with_key("单位标识".into())
}

fn unit_title(name: &str) -> &'static str {
    match name {
        "地区" => "从大到小，用空格隔开",
        "网页" => "本站内的路径",
        _ => "",
    }
}

fn units(site: &Site) -> Vec<u8> {
    let pages: Vec<String> = site.units.keys().map(|id| unit_path(id)).collect();
    let regions: Vec<String> = site.units.values().map(|unit| unit.region.join(" ")).collect();
    let records = site.units.values().zip(regions.iter().zip(&pages)).map(|(unit, (region, page))| {
        let Unit { id, name, short, level, kind, parent, nature, .. } = unit;
        let or_empty = |text: &'_ Option<String>| text.as_deref().map_or("", |text| text).to_owned();
        [id, name, short, region, level, kind, &or_empty(parent), &or_empty(nature), page].map(Clone::clone)
    });
    let records: Vec<[String; 9]> = records.collect();
    csv::records(&UNITS, records.iter().map(|record| record.iter().map(String::as_str).collect()))
}

const DISCLOSURES: [&str; 8] = ["单位标识", "单位名称", "年度", "类型", "表式", "金额单位", "公开日期", "网页"];

fn disclosures_schema() -> Schema {
    let kind = |name: &str| match name {
        "年度" => "year",
        "公开日期" => "date",
        _ => "string",
    };
    let fields = DISCLOSURES.iter().map(|name| field(name, kind(name), unit_title(name)));
    schema(fields).with_key(json!(["单位标识", "年度", "类型"]))
}

fn disclosures(site: &Site) -> Vec<u8> {
    let records = site.disclosures.iter().map(|disclosure| {
        let subject = Subject { site, disclosure };
        [
            disclosure.unit.clone(),
            subject.unit().to_owned(),
            disclosure.year.to_string(),
            disclosure.kind.name().to_owned(),
            disclosure.set.id.clone(),
            disclosure.set.scale.name().to_owned(),
            disclosure.published.map(|date| date.value.to_string()).unwrap_or_default(),
            disclosure_path(disclosure),
        ]
    });
    let records: Vec<[String; 8]> = records.collect();
    csv::records(&DISCLOSURES, records.iter().map(|record| record.iter().map(String::as_str).collect()))
}
