//! `content/classifications/*.toml`: the codes with the names of their years.

use std::collections::BTreeMap;

use super::Input;
use super::reader::{Reader, Sink};
use crate::diagnostic::{Finding, Place};
use crate::model::classification::{Classification, CodeEntry};
use crate::model::code::ClassCode;

const FOLDER: &str = "content/classifications/";

/// Every classification by its id.
pub(super) fn read(input: &Input<'_>, sink: &Sink) -> BTreeMap<String, Classification> {
    let mut all = BTreeMap::new();
    for (name, _) in input.files.below(FOLDER) {
        let Some(id) = name.strip_suffix(".toml").or_else(|| name.strip_suffix(".json")) else { continue };
        if let Some(reader) = input.reader(&format!("{FOLDER}{name}"), sink) {
            all.insert(id.to_owned(), classification(id, reader));
        }
    }
    all
}

fn classification(id: &str, reader: Reader<'_>) -> Classification {
    let mut classification = Classification {
        id: id.to_owned(),
        name: reader.required("name", "写上分类的名称，例如 name = \"支出功能分类科目\"").value,
        source: reader.string("source").unwrap_or_default(),
        codes: BTreeMap::new(),
    };
    let mut places = BTreeMap::new();
    for entry in reader.tables("codes") {
        add_code(entry, &mut classification.codes, &mut places);
    }
    reader.finish();
    classification
}

fn add_code(entry: Reader<'_>, codes: &mut BTreeMap<ClassCode, CodeEntry>, places: &mut BTreeMap<ClassCode, Place>) {
    let code = entry.code("code");
    if !entry.has("code") {
        entry.missing("code", "写上科目编码，例如 code = \"20103\"");
    }
    let value = CodeEntry {
        name: entry.required("name", "写上科目名称").value,
        formerly: entry.tables("formerly").into_iter().filter_map(former_name).collect(),
        explanation: entry.string("explanation"),
    };
    check_since(&entry, &value.formerly);
    let sink = entry.sink();
    entry.finish();
    let Some(code) = code else { return };
    if let Some(first) = places.get(&code.value) {
        let finding = Finding::new("F006", format!("编码 {} 写了两次", code.value)).at(code.place);
        sink.add(finding.related("第一次写在这里", *first).help("只留一个；旧名称写在 formerly 中"));
        return;
    }
    places.insert(code.value, code.place);
    codes.insert(code.value, value);
}

/// The first year of the name must follow the last year of the name before it.
fn check_since(entry: &Reader<'_>, formerly: &[(String, i32)]) {
    let (Some(since), Some(last)) = (year(entry, "since"), formerly.iter().map(|(_, until)| *until).max()) else {
        return;
    };
    if since != last + 1 {
        let message = format!("名称从 {since} 年起用，旧名称却用到 {last} 年");
        let finding = Finding::new("S007", message).at(entry.place);
        entry.sink().add(finding.help("since 写旧名称最后一年的下一年"));
    }
}

fn former_name(entry: Reader<'_>) -> Option<(String, i32)> {
    let name = entry.required("name", "写上旧名称").value;
    let until = year(&entry, "until");
    if !entry.has("until") {
        entry.missing("until", "写上旧名称用到哪一年，例如 until = 2019");
    }
    entry.finish();
    until.map(|until| (name, until))
}

fn year(entry: &Reader<'_>, key: &'static str) -> Option<i32> {
    entry.integer(key).and_then(|year| i32::try_from(year).ok())
}
