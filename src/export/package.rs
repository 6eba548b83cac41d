//! Frictionless data packages (Data Package v2): what the files of a disclosure, or of the
//! portal, hold column by column, with sizes and hashes.
//!
//! Only CSV files are resources: the standard describes tables, and a workbook's formal sheets
//! are none.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::{Value, json};

use super::csv::{TIDY, UNKNOWN};
use super::naming::{self, STUB, Subject};
use crate::amount::Scale;
use crate::model::form::Form;
use crate::model::site::{Config, License, Site};
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
    schema: Schema,
}

/// A Table Schema: what the columns of a file hold.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Schema {
    fields: Vec<Field>,
    missing_values: [&'static str; 2],
    /// The columns that tell rows apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    primary_key: Option<Value>,
    /// The columns that name rows of another resource.
    #[serde(skip_serializing_if = "Option::is_none")]
    foreign_keys: Option<Value>,
}

/// A field of a Table Schema.
#[derive(Clone, Debug, Serialize)]
pub struct Field {
    name: Cow<'static, str>,
    r#type: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    title: Cow<'static, str>,
}

impl Schema {
    /// The same schema with the columns that tell rows apart: one, or a list.
    #[must_use]
    pub fn with_key(mut self, key: Value) -> Self {
        self.primary_key = Some(key);
        self
    }
}

/// A resource as a package lists it.
#[derive(Clone, Debug, Serialize)]
pub struct Described {
    name: String,
    r#type: &'static str,
    path: String,
    title: String,
    format: &'static str,
    mediatype: &'static str,
    encoding: &'static str,
    bytes: u64,
    hash: String,
    dialect: Dialect,
    schema: Schema,
}

/// How our CSV files are written.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Dialect {
    delimiter: &'static str,
    line_terminator: &'static str,
    quote_char: &'static str,
    double_quote: bool,
    header: bool,
}

const DIALECT: Dialect =
    Dialect { delimiter: ",", line_terminator: "\r\n", quote_char: "\"", double_quote: true, header: true };

impl Resource {
    /// A resource; its name is the path without the ending, folders joined by hyphens.
    pub fn new(path: &str, title: &str, schema: Schema) -> Self {
        let name = path.trim_end_matches(".csv").replace('/', "-");
        Self { name, path: path.to_owned(), title: title.to_owned(), schema }
    }

    /// A table as the form prints it.
    pub fn table(path: &str, form: &Form, scale: Scale) -> Self {
        let mut fields: Vec<Field> = STUB.iter().map(|name| field(name, stub_type(name), "")).collect();
        let amounts = naming::column_titles(form).into_iter();
        fields.extend(amounts.zip(&form.columns).map(|(name, column)| {
            let title = format!("{}（{scale}）", column.heading.join("·"));
            Field { name: name.into(), r#type: "number", title: title.into() }
        }));
        Self::new(path, &format!("{} {}", form.code, form.title), schema(fields))
    }

    /// Figures, one a row.
    pub fn figures(path: &str, title: &str) -> Self {
        let fields = TIDY.iter().map(|name| field(name, tidy_type(name), tidy_title(name)));
        Self::new(path, title, schema(fields).with_key(json!(["单位标识", "年度", "类型", "数据名称"])))
    }

    /// Says that a column names rows of another resource of the package.
    #[must_use]
    pub fn referring(mut self, field: &str, resource: &str) -> Self {
        let reference = json!({ "resource": resource, "fields": [field] });
        self.schema.foreign_keys = Some(json!([{ "fields": [field], "reference": reference }]));
        self
    }

    /// The resource as the package lists it.
    pub fn describe(self, made: &Made) -> Described {
        let Self { name, path, title, schema } = self;
        Described {
            name,
            r#type: "table",
            path,
            title,
            format: "csv",
            mediatype: "text/csv",
            encoding: "utf-8",
            bytes: made.bytes,
            hash: format!("sha256:{}", made.sha256),
            dialect: DIALECT,
            schema,
        }
    }
}

/// A Table Schema with these fields.
pub fn schema(fields: impl IntoIterator<Item = Field>) -> Schema {
    let fields = fields.into_iter().collect();
    Schema { fields, missing_values: ["", UNKNOWN], primary_key: None, foreign_keys: None }
}

/// A field of a Table Schema; without a title where its name says all.
pub fn field(name: &'static str, kind: &'static str, title: &'static str) -> Field {
    Field { name: name.into(), r#type: kind, title: title.into() }
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
        "数值" => "照公开的原样；表中空白的没有行",
        "计量单位" => "元、万元，或者辆、台、人次等",
        "数据名称" => "这个数在本站各处的名称，如公开01表27行1栏",
        _ => "",
    }
}

/// The data package of a disclosure.
pub fn of_disclosure(subject: Subject<'_>, resources: &[Described]) -> Vec<u8> {
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
            "{title}公开表的全部数据，金额单位{}。表中空白表示没有这项收支，在figures.csv中不占行；“{UNKNOWN}”表示有这个数而原件没有给出。",
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
pub fn of_portal(site: &Site, resources: &[Described]) -> Vec<u8> {
    let config = &site.config;
    let publisher = if config.publisher.is_empty() { &config.title } else { &config.publisher };
    let about = About {
        name: "portal".to_owned(),
        title: config.title.clone(),
        description: format!(
            "{}各单位各年度公开的全部数据，一行一个数；金额单位见“计量单位”一栏。表中空白表示没有这项收支，不占行；“{UNKNOWN}”表示有这个数而原件没有给出。",
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

/// A data package as it is written.
#[derive(Serialize)]
struct Package<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    name: &'a str,
    title: &'a str,
    description: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    homepage: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    licenses: Option<Value>,
    contributors: Value,
    sources: [&'a Value; 1],
    resources: &'a [Described],
}

impl About<'_> {
    fn package(&self, config: &Config, resources: &[Described]) -> Vec<u8> {
        let package = Package {
            schema: PROFILE,
            name: &self.name,
            title: &self.title,
            description: &self.description,
            homepage: self.homepage.as_deref(),
            version: self.version.as_deref(),
            licenses: config.license.as_ref().map(licenses),
            contributors: json!([{ "title": self.contributor, "roles": ["publisher"] }]),
            sources: [&self.source],
            resources,
        };
        super::pretty(&package, 24 * 1024)
    }
}

fn licenses(license: &License) -> Value {
    let mut entry = json!({ "name": license.name });
    for (key, value) in [("title", &license.title), ("path", &license.url)] {
        if let Some(value) = value {
            entry[key] = value.as_str().into();
        }
    }
    json!([entry])
}
