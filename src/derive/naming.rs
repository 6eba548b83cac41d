//! What cells and rows are called, in their notation, on the page and in words.

use crate::model::classification::Classification;
use crate::model::code::{ClassCode, Level};
use crate::model::disclosure::Disclosure;
use crate::model::form::{CellRef, Column, Layout, RowKey};

/// Where a figure comes from: its notation, and its anchor on the disclosure's page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// `公开01表27行1栏`, `附注·政府采购·总额`; absent for what was computed.
    pub cell: Option<String>,
    /// `#t01-27-c1`; facts outside the tables have none.
    pub anchor: Option<String>,
}

impl Origin {
    /// The origin of a figure in a cell.
    pub fn of(disclosure: &Disclosure, cell: CellRef) -> Self {
        let set = &disclosure.set;
        let shown = disclosure.shows(cell);
        Self {
            cell: Some(set.name_of(cell)),
            anchor: shown.then(|| format!("#{}", set.form_of(cell).cell_anchor(cell))),
        }
    }
}

/// The name of a coded row: as the source writes it, else as the classification does.
pub fn row_name(disclosure: &Disclosure, names: Option<&Classification>, form: u16, code: ClassCode) -> String {
    let written = disclosure.table(form).name(RowKey::Code(code));
    let known = || names.and_then(|names| names.name_in(code, disclosure.year));
    written.or_else(known).map_or_else(|| code.to_string(), str::to_owned)
}

/// The full name of a code, `一般公共服务支出（类）…（款）事业运行（项）`.
pub fn path(disclosure: &Disclosure, names: Option<&Classification>, form: u16, code: ClassCode) -> String {
    let mut steps = vec![code];
    while let Some(parent) = steps.last().and_then(|code| code.parent()) {
        steps.push(parent);
    }
    let step = |code: &ClassCode| format!("{}（{}）", row_name(disclosure, names, form, *code), code.level().name());
    steps.iter().rev().map(step).collect()
}

/// What a cell is called in a sentence: its line, its code's name, or its column under 合计.
pub fn label(disclosure: &Disclosure, names: Option<&Classification>, cell: CellRef) -> String {
    let form = disclosure.set.form_of(cell);
    let column = &form.columns[usize::from(cell.column)];
    match (&form.layout, cell.row) {
        (Layout::ByCode { .. }, RowKey::Code(code)) => row_name(disclosure, names, cell.form, code),
        (Layout::ByCode { .. } | Layout::OneRow, _) => column_label(column),
        (Layout::TwoSided(_) | Layout::Blocks { .. }, key) => {
            form.line(key).map_or_else(String::new, |line| without_ordinal(&line.label).to_owned())
        }
    }
}

/// The heading that names a column: the innermost one that is not 小计 or 合计.
fn column_label(column: &Column) -> String {
    let generic = |heading: &&String| matches!(heading.as_str(), "小计" | "合计");
    let named = column.heading.iter().rev().find(|heading| !generic(heading));
    named.cloned().unwrap_or_default()
}

/// A printed label without its ordinal: `一、一般公共预算财政拨款收入`, `其中：…`.
fn without_ordinal(label: &str) -> &str {
    let rest = label.trim_start_matches(|c| "一二三四五六七八九十".contains(c));
    if rest.len() < label.len() { rest.strip_prefix('、').unwrap_or(label) } else { label }
}

/// The word for a level, read from a template: 类, 款, 项.
pub fn level_named(word: &str) -> Option<Level> {
    [Level::Class, Level::Section, Level::Item].into_iter().find(|level| level.name() == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ordinal_is_not_part_of_a_name() {
        assert_eq!(without_ordinal("十六、金融支出"), "金融支出");
        assert_eq!(without_ordinal("一般公共预算财政拨款"), "一般公共预算财政拨款");
        assert_eq!(without_ordinal("本年收入合计"), "本年收入合计");
    }

    #[test]
    fn a_subtotal_column_goes_by_the_heading_above_it() {
        let heading = ["决算数", "公务用车购置及运行维护费", "小计"].map(String::from).to_vec();
        assert_eq!(column_label(&Column { number: 9, heading, code: None }), "公务用车购置及运行维护费");
    }
}
