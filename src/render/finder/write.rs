//! The finder's data as JavaScript literals: arrays whose order `assets/finder.js` knows.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use serde_json::{Value, json};

use super::initials::initials;
use super::rows::Rows;
use super::{row_shards, unit_blocks};
use crate::model::form::{FormSet, Kind};
use crate::model::glossary::Term;
use crate::model::site::Site;
use crate::model::unit::Unit;
use crate::render::index::Index;

/// What does not grow with the units:
/// `{units, starts, names, sets, kinds, regions, years, codes, terms}`.
pub(super) fn base(site: &Site, index: &Index, rows: &Rows) -> Value {
    let names: Vec<Value> = rows.names.iter().map(|(text, code)| named(text, code.map(|code| code.0))).collect();
    json!({
        "units": unit_blocks(site),
        "rows": row_shards(site),
        "starts": rows.starts,
        "names": names,
        "sets": site.sets.values().map(|set| form_set(set)).collect::<Vec<Value>>(),
        "kinds": site.disclosures.iter().map(|disclosure| kind(disclosure.kind)).collect::<BTreeSet<usize>>(),
        "regions": regions(site).keys().map(|region| region.join(" ")).collect::<Vec<String>>(),
        "years": index.by_year.keys().rev().collect::<Vec<&i32>>(),
        "codes": codes(site, index),
        "terms": site.terms.values().map(term).collect::<Vec<Value>>(),
    })
}

/// `[name]`, `[name, code]`, `[name, code or null, " everyday words"]`
fn named(text: &str, code: Option<u32>) -> Value {
    let code = code.map(|code| code.to_string());
    match (everyday(text), code) {
        (words, code) if !words.is_empty() => json!([text, code, words]),
        (_, Some(code)) => json!([text, code]),
        (_, None) => json!([text]),
    }
}

/// What readers say for what the forms print: a part of the printed name, and their words for it.
const EVERYDAY: [(&str, &str); 9] = [
    ("公务用车", "公车"),
    ("公务用车购置", "购车 买车"),
    ("公务用车运行", "养车 用车"),
    ("公务接待", "招待费"),
    ("因公出国", "出国费 出访"),
    ("差旅费", "出差"),
    ("会议费", "开会"),
    ("养老保险缴费", "社保"),
    ("医疗保险缴费", "医保"),
];

/// The everyday words for a name, each after a space.
fn everyday(name: &str) -> String {
    let words = EVERYDAY.iter().filter(|(part, _)| name.contains(part));
    words.flat_map(|(_, words)| [" ", words]).collect()
}

/// `[kind, [[stem, code, title], …]]`
fn form_set(set: &FormSet) -> Value {
    let forms: Vec<Value> = set.forms.iter().map(|form| json!([form.stem, form.code, form.title])).collect();
    json!([kind(set.kind), forms])
}

const fn kind(kind: Kind) -> usize {
    match kind {
        Kind::Final => 0,
        Kind::Budget => 1,
    }
}

/// Every region with its place in the list.
fn regions(site: &Site) -> BTreeMap<&[String], usize> {
    let all: BTreeSet<&[String]> = site.units.values().map(|unit| unit.region.as_slice()).collect();
    all.into_iter().zip(0..).collect()
}

/// The codes with a page: `[classification, code, name, other names, disclosures]`; other names are
/// earlier ones and everyday words.
fn codes(site: &Site, index: &Index) -> Vec<Value> {
    let of_one = |id: &String, list: &crate::model::classification::Classification| {
        let codes = list.codes.iter().map(|(code, entry)| {
            let formerly: Vec<&str> = entry.formerly.iter().map(|(name, _)| name.as_str()).collect();
            let spent = index.spending.get(&(id.clone(), *code)).map_or(0, Vec::len);
            let others = formerly.join(" ") + &everyday(&entry.name);
            json!([id, code.to_string(), entry.name, others, spent])
        });
        codes.collect::<Vec<Value>>()
    };
    site.classifications.iter().flat_map(|(id, list)| of_one(id, list)).collect()
}

/// `[id, name, other spellings]`
fn term(term: &Term) -> Value {
    json!([term.id, term.name, term.aliases.join(" ")])
}

/// Units with their disclosures:
/// `[id, name, short name, initials, region, is a 部门, first disclosure, [year, kind, set, …],
/// other names]`.
pub(super) fn units(site: &Site, index: &Index, range: Range<usize>) -> Value {
    let regions = regions(site);
    let sets: BTreeMap<&str, usize> = site.sets.keys().map(String::as_str).zip(0..).collect();
    let units = site.units.values().skip(range.start).take(range.len());
    let record = |unit: &Unit| {
        let disclosures = index.by_unit.get(&unit.id).map_or(&[][..], Vec::as_slice);
        let flat: Vec<Value> = disclosures
            .iter()
            .map(|at| &site.disclosures[*at])
            .flat_map(|d| [json!(d.year), json!(kind(d.kind)), json!(sets.get(d.set.id.as_str()))])
            .collect();
        let region = regions.get(unit.region.as_slice());
        let is_department = u8::from(unit.kind == "部门");
        let others = unit.aliases.join(" ");
        json!([
            unit.id,
            unit.name,
            short(unit),
            letters(unit),
            region,
            is_department,
            disclosures.first(),
            flat,
            others
        ])
    };
    units.map(record).collect()
}

/// The short name; where it ends the full one, how many characters that one has before it.
fn short(unit: &Unit) -> Value {
    let before = unit.name.strip_suffix(&unit.short);
    before.map_or_else(|| json!(unit.short), |before| json!(before.encode_utf16().count()))
}

/// The initials of a unit's names, parted by spaces; those that another one holds are left out.
/// Readers leave out 省, 市, 区 and 县: the name without them is a name too.
fn letters(unit: &Unit) -> String {
    let mut all = initials(&unit.name);
    let bare = unit.name.replace(['省', '市', '区', '县'], "");
    for other in [&unit.short, &bare].into_iter().chain(&unit.aliases).map(|name| initials(name)) {
        if !all.contains(&other) {
            all.push(' ');
            all.push_str(&other);
        }
    }
    all
}

/// The rows of a file's names: `{name: {anchor: "disclosures and amounts"}}`.
///
/// Each row is written as `how far on from the last disclosure:amount`, the distance left out
/// when it is 1, rows parted by `;`: `0:373.97;3.60;5:?`. Amounts are in 万元, `?` is 未提供, nothing
/// a blank first column.
pub(super) fn rows(rows: &Rows, shard: usize) -> Value {
    let names = rows.range(shard).map(|name| {
        let places = &rows.places[name].by_anchor;
        (name.to_string(), places.iter().map(|(anchor, text)| (anchor.clone(), Value::from(text.as_str()))).collect())
    });
    Value::Object(names.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_found_by_everyday_words_and_a_row_without_any_is_written_without() {
        assert_eq!(named("公务用车购置费", Some(31013)), json!(["公务用车购置费", "31013", " 公车 购车 买车"]));
        assert_eq!(named("决算数·公务接待费", None), json!(["决算数·公务接待费", null, " 招待费"]));
        assert_eq!(named("专用车购置", Some(31019)), json!(["专用车购置", "31019"]));
        assert_eq!(named("本年收入合计", None), json!(["本年收入合计"]));
    }
}
