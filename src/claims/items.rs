//! The 项 that a text explains under 名词解释, against those of the tables: what it must explain
//! is derived from the disclosure, and what it explains must be there.

use std::collections::BTreeMap;
use std::ops::Range;

use super::sentence::tidy;
use super::text::{Block, Blocks};
use crate::check::Scene;
use crate::diagnostic::{Finding, Place};
use crate::model::code::{ClassCode, Level};
use crate::model::disclosure::Disclosure;
use crate::model::form::RowKey;
use crate::model::site::Site;

/// A path of 类, 款 and 项 that a text explains.
struct Explained {
    class: String,
    item: String,
    place: Place,
}

/// What is explained and is in no table, and what is in the tables and not explained.
pub(super) fn read(blocks: &Blocks, against: Option<Scene<'_>>, site: Option<&Site>) -> Vec<Finding> {
    let (Some(scene), Some(site)) = (against, site) else { return Vec::new() };
    let explained: Vec<Explained> = blocks.iter().filter_map(explained).collect();
    if explained.is_empty() {
        return Vec::new();
    }
    let items = items(scene.disclosure, site);
    let Some(first) = explained.first().filter(|_| !items.is_empty()) else { return Vec::new() };
    let of = |one: &Explained| items.iter().find(|(_, item)| item.is(one)).map(|(code, _)| *code);
    let idle = explained.iter().filter(|one| of(one).is_none()).map(|one| {
        let message = format!("名词解释列有“{}（项）”，各表没有这一项", one.item);
        Finding::new("T301", message)
            .at(one.place)
            .help("多半是照抄了别的年度或单位，请删去；表中有而编码写错的，改正表")
    });
    let missing: Vec<String> = items
        .iter()
        .filter(|(code, _)| !explained.iter().any(|one| of(one) == Some(**code)))
        .map(|(code, item)| format!("“{}”（{code}）", item.name))
        .collect();
    let open = (!missing.is_empty()).then(|| {
        let message = format!("名词解释没有列{}", missing.join("、"));
        Finding::new("T302", message).at(first.place).help("各表列出的项，名词解释都要解释，请补上")
    });
    let about = |finding: Finding| finding.about(&scene.disclosure.unit, scene.disclosure.year);
    idle.chain(open).map(about).collect()
}

/// An 项 of the tables, with the name of its 类.
struct Item {
    class: String,
    name: String,
}

impl Item {
    fn is(&self, one: &Explained) -> bool {
        let bare = |name: &str| name.trim_end_matches("支出").to_owned();
        tidy(&self.name) == one.item && (self.class.is_empty() || bare(&tidy(&self.class)) == bare(&one.class))
    }
}

fn items(disclosure: &Disclosure, site: &Site) -> BTreeMap<ClassCode, Item> {
    let functional = |code| site.functional_name(code, disclosure.year).map(str::to_owned);
    let rows = disclosure.tables.iter().flat_map(|table| table.rows.iter().map(move |row| (table, row.key)));
    let item = |(table, key): (&crate::model::table::Table, RowKey)| match key {
        RowKey::Code(code) if code.level() == Level::Item => {
            let name = table.name(key).map(str::to_owned).or_else(|| functional(code))?;
            Some((code, Item { class: functional(code.class()).unwrap_or_default(), name }))
        }
        _ => None,
    };
    rows.filter_map(item).collect()
}

/// The path that a block under 名词解释 begins with.
fn explained(block: &Block) -> Option<Explained> {
    if !block.section.iter().any(|heading| heading.contains("名词解释")) {
        return None;
    }
    let range = path(&block.text).filter(|_| block.is_prose())?;
    let written = tidy(&block.text[range.clone()]);
    let (before, item) = written.trim_end_matches("（项）").rsplit_once("（款）")?;
    let class = before.split_once("（类）")?.0;
    let class = class.trim_start_matches(|c: char| c.is_ascii_digit() || "．.、（）".contains(c));
    Some(Explained { class: class.to_owned(), item: item.to_owned(), place: block.place(range) })
}

fn path(text: &str) -> Option<Range<usize>> {
    ["（项）", "(项)"]
        .iter()
        .filter_map(|mark| text.find(mark).map(|at| 0..at + mark.len()))
        .min_by_key(|range| range.end)
}
