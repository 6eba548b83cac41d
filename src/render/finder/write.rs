//! The finder's data as JavaScript literals: arrays whose order `assets/finder.js` knows.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::ops::Range;

use serde_json::{Value, json};

use super::initials::initials;
use super::rows::Rows;
use super::{row_shards, unit_blocks};
use crate::model::form::{FormSet, Kind};
use crate::model::glossary::Term;
use crate::model::site::Site;
use crate::model::table::Figure;
use crate::model::unit::Unit;
use crate::render::index::Index;
use crate::render::pages::LISTED;

/// What does not grow with the units:
/// `{units, starts, names, sets, regions, years, codes, terms}`.
pub(super) fn base(site: &Site, index: &Index, rows: &Rows) -> Value {
    let names: Vec<Value> = rows.names.iter().map(|(text, code)| named(text, code.map(|code| code.0))).collect();
    json!({
        "units": unit_blocks(site),
        "rows": row_shards(site),
        "starts": rows.starts,
        "names": names,
        "sets": site.sets.values().map(|set| form_set(set)).collect::<Vec<Value>>(),
        "regions": regions(site).keys().map(|region| region.join(" ")).collect::<Vec<String>>(),
        "years": index.by_year.keys().rev().collect::<Vec<&i32>>(),
        "codes": codes(site, index),
        "terms": site.terms.values().map(term).collect::<Vec<Value>>(),
    })
}

fn named(text: &str, code: Option<u32>) -> Value {
    code.map_or_else(|| json!([text]), |code| json!([text, code.to_string()]))
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

/// The codes with a page: `[classification, code, name, earlier names, disclosures]`.
fn codes(site: &Site, index: &Index) -> Vec<Value> {
    let of_one = |id: &String, list: &crate::model::classification::Classification| {
        let codes = list.codes.iter().map(|(code, entry)| {
            let formerly: Vec<&str> = entry.formerly.iter().map(|(name, _)| name.as_str()).collect();
            let spent = index.spending.get(&(id.clone(), *code)).map_or(0, Vec::len);
            json!([id, code.to_string(), entry.name, formerly.join(" "), spent])
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
fn letters(unit: &Unit) -> String {
    let mut all = initials(&unit.name);
    for other in std::iter::once(&unit.short).chain(&unit.aliases).map(|name| initials(name)) {
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
pub(super) fn rows(site: &Site, rows: &Rows, shard: usize) -> Value {
    let names = rows.range(shard).map(|name| {
        let mut places: BTreeMap<String, (String, usize)> = BTreeMap::new();
        for spot in &rows.spots[name] {
            let disclosure = &site.disclosures[spot.disclosure];
            let (text, last) = places.entry(spot.anchor(disclosure)).or_default();
            if !text.is_empty() {
                text.push(';');
            }
            let step = spot.disclosure - *last;
            if step != 1 || text.is_empty() {
                let _ = write!(text, "{step}:"); // writing to a String cannot fail
            }
            push_amount(text, spot.figure(disclosure));
            *last = spot.disclosure;
        }
        (name.to_string(), places.into_iter().map(|(anchor, (text, _))| (anchor, Value::from(text))).collect())
    });
    Value::Object(names.collect())
}

fn push_amount(text: &mut String, figure: Figure) {
    // Writing to a String cannot fail.
    let _ = match figure {
        Figure::Amount(amount) => write!(text, "{}", amount.print(LISTED)),
        Figure::Count(count) => write!(text, "{count}"),
        Figure::Unknown => text.write_str("?"),
        Figure::Blank | Figure::NotRead => Ok(()),
    };
}
