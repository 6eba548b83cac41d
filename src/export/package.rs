//! Frictionless data packages (Data Package v2): what the files of a disclosure, or of the
//! portal, hold column by column, with sizes and hashes.
//!
//! Only CSV files are resources: the standard describes tables, and a workbook's formal sheets
//! are none.

use serde_json::{Map, Value, json};

use super::csv::{TIDY, UNKNOWN};
use super::naming::{self, STUB, Subject};
use crate::amount::Scale;
use crate::model::form::Form;
use crate::model::site::{Config, Site};
use crate::render::content::Made;
use crate::render::links::disclosure_path;

/// What a data package is checked against.
const PROFILE: &str = "https://datapackage.org/profiles/2.0/datapackage.json";

/// A CSV file of a package, before its size and hash are known.
#[derive(Clone, Debug)]
pub struct Resource {
    name: String,
    path: String,
    title: String,
    schema: Value,
}

impl Resource {
    /// A resource; its name is the path without the ending, folders joined by hyphens.
    pub fn new(path: &str, title: &str, schema: Value) -> Self {
        let name = path.trim_end_matches(".csv").replace('/', "-");
        Self { name, path: path.to_owned(), title: title.to_owned(), schema }
    }

    /// A table as the form prints it.
    pub fn table(path: &str, form: &Form, scale: Scale) -> Self {
        let mut fields: Vec<Value> = STUB.iter().map(|name| field(name, stub_type(name), "")).collect();
        let amounts = naming::column_titles(form);
        fields.extend(amounts.iter().zip(&form.columns).map(|(name, column)| {
            let title = format!("{}（{scale}）", column.heading.join("·"));
            field(name, "number", &title)
        }));
        Self::new(path, &format!("{} {}", form.code, form.title), schema(fields))
    }

    /// Figures, one a row.
    pub fn figures(path: &str, title: &str) -> Self {
        let mut schema = schema(TIDY.iter().map(|name| field(name, tidy_type(name), tidy_title(name))));
        schema["primaryKey"] = json!(["单位标识", "年度", "类型", "数据名称"]);
        Self::new(path, title, schema)
    }

    /// Says that a column names rows of another resource of the package.
    #[must_use]
    pub fn referring(mut self, field: &str, resource: &str) -> Self {
        self.schema["foreignKeys"] =
            json!([{ "fields": [field], "reference": { "resource": resource, "fields": [field] } }]);
        self
    }

    /// The resource as the package lists it.
    pub fn describe(&self, made: &Made) -> Value {
        json!({
            "name": self.name,
            "type": "table",
            "path": self.path,
            "title": self.title,
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "bytes": made.bytes,
            "hash": format!("sha256:{}", made.sha256),
            "dialect": { "delimiter": ",", "lineTerminator": "\r\n", "quoteChar": "\"", "doubleQuote": true, "header": true },
            "schema": self.schema,
        })
    }
}

/// A Table Schema with these fields.
pub fn schema(fields: impl IntoIterator<Item = Value>) -> Value {
    let fields: Vec<Value> = fields.into_iter().collect();
    json!({ "fields": fields, "missingValues": ["", UNKNOWN] })
}

/// A field of a Table Schema; without a title where its name says all.
pub fn field(name: &str, kind: &str, title: &str) -> Value {
    let mut field = json!({ "name": name, "type": kind });
    if !title.is_empty() {
        field["title"] = title.into();
    }
    field
}

fn stub_type(name: &str) -> &'static str {
    if name == "行次" { "integer" } else { "string" }
}

fn tidy_type(name: &str) -> &'static str {
    match name {
        "年度" => "year",
        "行次" | "栏次" => "integer",
        "数值" => "number",
        _ => "string",
    }
}

fn tidy_title(name: &str) -> &'static str {
    match name {
        "单位标识" => "单位在本站的标识，也是网址的一部分",
        "类型" => "决算或预算",
        "表号" => "表外数据没有表号",
        "科目编码" => "支出功能分类或部门预算支出经济分类的编码",
        "数值" => "照公开的原样；空白是没有这项收支",
        "计量单位" => "元、万元，或者辆、台、人次等",
        "数据名称" => "这个数在本站各处的名称，如公开01表27行1栏",
        _ => "",
    }
}

/// The data package of a disclosure.
pub fn of_disclosure(subject: Subject<'_>, resources: Vec<Value>) -> Vec<u8> {
    let Subject { site, disclosure } = subject;
    let title = subject.title();
    let mut source = json!({ "title": title });
    let page = site.config.address_of(&disclosure_path(disclosure));
    if let Some(page) = &page {
        source["path"] = page.as_str().into();
    }
    let about = About {
        name: format!("{}-{}-{}", disclosure.unit, disclosure.year, disclosure.kind.key()),
        description: format!(
            "{title}公开表的全部数据，金额单位{}。空白表示没有这项收支，“{UNKNOWN}”表示有这个数而原件没有给出。",
            disclosure.set.scale
        ),
        homepage: page,
        version: disclosure.in_force_since().map(|date| date.to_string()),
        contributor: subject.unit(),
        source,
        title,
    };
    about.package(&site.config, resources)
}

/// The data package of the whole portal.
pub fn of_portal(site: &Site, resources: Vec<Value>) -> Vec<u8> {
    let config = &site.config;
    let publisher = if config.publisher.is_empty() { &config.title } else { &config.publisher };
    let about = About {
        name: "portal".to_owned(),
        title: config.title.clone(),
        description: format!(
            "{}各单位各年度公开的全部数据，一行一个数；金额单位见“计量单位”一栏。空白表示没有这项收支，“{UNKNOWN}”表示有这个数而原件没有给出。",
            config.title
        ),
        homepage: config.address_of("index.html"),
        version: None,
        contributor: publisher,
        source: json!({ "title": "各单位公开的部门决算和预算" }),
    };
    about.package(config, resources)
}

/// What a package says of itself.
struct About<'a> {
    name: String,
    title: String,
    description: String,
    homepage: Option<String>,
    version: Option<String>,
    contributor: &'a str,
    source: Value,
}

impl About<'_> {
    fn package(self, config: &Config, resources: Vec<Value>) -> Vec<u8> {
        let mut package = Map::new();
        let mut put = |key: &str, value: Value| drop(package.insert(key.to_owned(), value));
        put("$schema", PROFILE.into());
        put("name", self.name.into());
        put("title", self.title.into());
        put("description", self.description.into());
        if let Some(homepage) = self.homepage {
            put("homepage", homepage.into());
        }
        if let Some(version) = self.version {
            put("version", version.into());
        }
        if let Some(license) = &config.license {
            let mut entry = json!({ "name": license.name });
            for (key, value) in [("title", &license.title), ("path", &license.url)] {
                if let Some(value) = value {
                    entry[key] = value.as_str().into();
                }
            }
            put("licenses", json!([entry]));
        }
        put("contributors", json!([{ "title": self.contributor, "roles": ["publisher"] }]));
        put("sources", json!([self.source]));
        put("resources", resources.into());
        format!("{:#}\n", Value::Object(package)).into_bytes()
    }
}
