//! Words of a skeleton or of model wording that nobody replaced: they must not be published.
//!
//! Every text of the site's settings and of a unit's files is looked at, but for corrections,
//! which quote what was wrong.

use super::Input;
use super::reader::Sink;
use super::tree::{Kind, Table, Value};
use crate::diagnostic::Finding;

/// The unit's name in a skeleton.
pub(super) const UNIT: &str = "单位全称";

/// The sentence of an empty table in a skeleton.
pub(super) const EMPTY: &str = "空表说明";

/// Texts that hold one of these were not finished.
const PLACEHOLDERS: [&str; 10] = [
    UNIT,
    "发布机关全称",
    EMPTY,
    "自评表的标题",
    "上级部门的目录名",
    "主要职责，一条一句",
    "增加/减少",
    "增长/下降",
    "增长（下降）",
    "增长(下降)",
];

/// Tells every placeholder in the data files whose paths begin so.
pub(super) fn tell(input: &Input<'_>, path: &str, sink: &Sink) {
    let below = input.trees.range(path..).take_while(|(file, _)| file.starts_with(path));
    for table in below.filter_map(|(_, tree)| tree.as_ref()) {
        table_texts(table, sink);
    }
}

fn table_texts(table: &Table, sink: &Sink) {
    for entry in table.entries.iter().filter(|entry| entry.key.value != "corrections") {
        value_texts(&entry.value, sink);
    }
}

fn value_texts(value: &Value, sink: &Sink) {
    match &value.kind {
        Kind::Table(table) => table_texts(table, sink),
        Kind::Array(items) => items.iter().for_each(|item| value_texts(item, sink)),
        Kind::Text(text) => {
            if let Some(left) = PLACEHOLDERS.iter().find(|placeholder| text.contains(**placeholder)) {
                let finding = Finding::new("S044", format!("模板中的“{left}”没有改")).at(value.place);
                sink.add(finding.help("换成实际的内容；没有这项内容就删去这一行"));
            }
        }
        _ => {}
    }
}
