//! `content/units/<unit>/unit.toml|json`: the units, the bodies they belong to and their folders.

use std::collections::{BTreeMap, BTreeSet};

use super::Input;
use super::config::is_slug;
use super::placeholders;
use super::reader::{Reader, Sink, suggestion};
use crate::diagnostic::{Finding, Place, Placed};
use crate::model::unit::{About, Unit};

pub(super) const FOLDER: &str = "content/units/";

const LEVELS: [&str; 6] = ["中央", "省级", "市级", "区级", "县级", "乡级"];

/// Every unit by its id.
pub(super) fn read(input: &Input<'_>, sink: &Sink) -> BTreeMap<String, Unit> {
    let mut units = BTreeMap::new();
    let mut parents = BTreeMap::new();
    for id in folder_names(input, sink) {
        let Some(path) = input.data_file(&format!("{FOLDER}{id}/unit"), sink) else {
            let finding = Finding::new("S019", format!("单位目录 {FOLDER}{id} 中没有 unit.toml"));
            let help = format!("新建 {FOLDER}{id}/unit.toml，写上 name = \"单位全称\"、level、kind、region");
            sink.add(finding.at(any_place(input, id)).help(help));
            continue;
        };
        placeholders::tell(input, &path, sink);
        let Some(reader) = input.reader(&path, sink) else { continue };
        let (unit, parent) = unit(id, reader);
        units.insert(id.to_owned(), unit);
        parents.extend(parent.map(|parent| (id.to_owned(), parent)));
    }
    check_parents(&mut units, &parents, sink);
    units
}

/// The folders of units whose names can be paths; others are told.
pub(super) fn folder_names<'i>(input: &'i Input<'_>, sink: &Sink) -> Vec<&'i str> {
    let mut names = Vec::new();
    for name in input.files.folders_in(FOLDER) {
        if is_slug(name) {
            names.push(name);
        } else {
            let finding = Finding::new("S018", format!("单位目录名“{name}”不能用作网址，没有读入"));
            sink.add(finding.at(any_place(input, name)).help("改用小写英文字母、数字和连字符，例如 caidian-ggzy"));
        }
    }
    names
}

/// A place to show for a folder: the beginning of any file in it.
pub(super) fn any_place(input: &Input<'_>, unit: &str) -> Option<Place> {
    let folder = format!("{FOLDER}{unit}/");
    input.files.below(&folder).next().map(|(_, source)| source.start())
}

fn unit(id: &str, reader: Reader<'_>) -> (Unit, Option<Placed<String>>) {
    let name = reader.required("name", "写上单位全称，例如 name = \"武汉市蔡甸区公共资源交易中心\"").value;
    let region = reader.texts("region").unwrap_or_default();
    if region.is_empty() {
        reader.missing("region", "写上所在地区，例如 region = [\"湖北省\", \"武汉市\", \"蔡甸区\"]");
    }
    let levels = LEVELS.map(|level| (level, level));
    let parent = reader.text("parent");
    let unit = Unit {
        id: id.to_owned(),
        short: reader.string("short").unwrap_or_else(|| name.clone()),
        aliases: reader.strings("aliases"),
        region: region.into_iter().map(|region| region.value).collect(),
        level: required_choice(&reader, "level", &levels, "写上级次，例如 level = \"区级\"").to_owned(),
        kind: required_choice(&reader, "kind", &[("单位", "单位"), ("部门", "部门")], "写 kind = \"单位\" 或 \"部门\"")
            .to_owned(),
        parent: parent.as_ref().map(|parent| parent.value.clone()),
        nature: reader.string("nature"),
        about: about(&reader).unwrap_or_default(),
        place: reader.place,
        name,
    };
    reader.finish();
    (unit, parent)
}

fn required_choice<'c>(reader: &Reader<'_>, key: &'static str, choices: &[(&str, &'c str)], help: &str) -> &'c str {
    if !reader.has(key) {
        reader.missing(key, help);
    }
    reader.choice(key, choices).unwrap_or_default()
}

/// Duties and organisation, where any of them is given.
pub(super) fn about(reader: &Reader<'_>) -> Option<About> {
    let given = ["duties", "organisation", "divisions"].into_iter().any(|key| reader.has(key));
    let about = About {
        duties: reader.strings("duties"),
        organisation: reader.string("organisation").map(|text| text.trim().replace("\r\n", "\n")),
        divisions: reader.strings("divisions"),
    };
    given.then_some(about)
}

/// Tells parents that do not exist and circles of parents, and takes them out.
fn check_parents(units: &mut BTreeMap<String, Unit>, parents: &BTreeMap<String, Placed<String>>, sink: &Sink) {
    let ids: Vec<String> = units.keys().cloned().collect();
    for (id, parent) in parents {
        let wrong = if !units.contains_key(&parent.value) {
            let finding = Finding::new("S021", format!("没有上级“{}”", parent.value));
            let known: Vec<&str> = ids.iter().filter(|other| *other != id).map(String::as_str).collect();
            Some(finding.help(suggestion(&parent.value, &known)))
        } else if returns_to(id, parents) {
            let finding = Finding::new("S022", format!("“{id}”的上级绕了一圈又回到它自己"));
            Some(finding.help("改正 parent：上级的上级不能是自己"))
        } else {
            None
        };
        if let Some(finding) = wrong {
            sink.add(finding.at(parent.place));
            if let Some(unit) = units.get_mut(id) {
                unit.parent = None;
            }
        }
    }
}

fn returns_to(id: &str, parents: &BTreeMap<String, Placed<String>>) -> bool {
    let mut seen = BTreeSet::new();
    let mut at = id;
    while let Some(parent) = parents.get(at) {
        if parent.value == id {
            return true;
        }
        if !seen.insert(&parent.value) {
            return false;
        }
        at = &parent.value;
    }
    false
}
