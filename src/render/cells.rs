//! Names and anchors of cells, and figures, appended to the HTML of a page: pages have thousands
//! of each, so none is made as a text of its own first.

use std::fmt::Write as _;

use crate::amount::{Printed, Scale};
use crate::model::form::{CellRef, Form, RowKey};
use crate::model::table::Figure;
use crate::text::push_escaped;

impl Form {
    /// Appends the anchor of a row: [`Self::row_anchor`].
    pub(crate) fn push_row_anchor(&self, out: &mut String, key: RowKey) {
        out.push('t');
        out.push_str(&self.stem);
        match key {
            RowKey::Line(number) => {
                out.push('-');
                push_number(out, number.into());
            }
            RowKey::Code(code) => {
                out.push('-');
                push_number(out, code.0.into());
            }
            RowKey::Label(index) => {
                out.push_str("-l");
                push_number(out, index.into());
            }
            RowKey::Total => out.push_str("-total"),
            RowKey::Only => out.push_str("-row"),
        }
    }

    /// Appends the anchor of a cell: [`Self::cell_anchor`].
    pub(crate) fn push_cell_anchor(&self, out: &mut String, cell: CellRef) {
        self.push_row_anchor(out, cell.row);
        out.push_str("-c");
        push_number(out, self.columns[usize::from(cell.column)].number.into());
    }

    /// Appends the row part of a cell's name, escaped: [`Self::row_name`].
    pub(crate) fn push_row_name(&self, out: &mut String, key: RowKey) {
        match key {
            RowKey::Line(number) => push_number(out, number.into()),
            RowKey::Code(code) => push_number(out, code.0.into()),
            RowKey::Label(index) => push_escaped(out, &self.lines[usize::from(index)].label),
            RowKey::Total => out.push_str("合计"),
            RowKey::Only => return,
        }
        out.push('行');
    }

    /// Appends the column part of a cell's name: [`Self::column_name`].
    pub(crate) fn push_column_name(&self, out: &mut String, cell: CellRef) {
        if self.names_columns(cell.row) {
            push_number(out, self.columns[usize::from(cell.column)].number.into());
            out.push('栏');
        }
    }

    /// Whether the names of a row's cells tell their columns.
    pub(crate) fn names_columns(&self, key: RowKey) -> bool {
        self.column_numbers || self.columns_of(key).len() != 1
    }
}

/// Appends a number.
pub(crate) fn push_number(out: &mut String, mut number: u64) {
    let (mut digits, mut at) = ([b'0'; 20], 20);
    while at == 20 || number > 0 {
        at -= 1;
        digits[at] += u8::try_from(number % 10).unwrap_or(0);
        number /= 10;
    }
    out.push_str(std::str::from_utf8(&digits[at..]).unwrap_or_default());
}

/// Appends last units with two decimals: `1.00`.
pub(crate) fn push_printed(out: &mut String, printed: Printed) {
    let Ok(units) = u64::try_from(printed.last_units.unsigned_abs()) else {
        let _ = write!(out, "{printed}"); // writing to a String cannot fail
        return;
    };
    out.push_str(if printed.last_units < 0 { "-" } else { "" });
    push_number(out, units / 100);
    out.push_str(if units % 100 < 10 { ".0" } else { "." });
    push_number(out, units % 100);
}

/// Appends what a cell shows: an amount with two decimals, a count, 未提供, or nothing.
pub(crate) fn push_figure(out: &mut String, figure: Figure, scale: Scale) {
    match figure {
        Figure::Blank => {}
        Figure::Unknown => out.push_str("未提供"),
        Figure::NotRead => out.push_str("未读入"),
        Figure::Amount(amount) => push_printed(out, amount.print(scale)),
        Figure::Count(count) => {
            out.push_str(if count < 0 { "-" } else { "" });
            push_number(out, count.unsigned_abs());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::amount::Amount;
    use crate::check::testing::{blocks, by_code, one_row, set, two_sided};
    use crate::model::code::ClassCode;

    fn pushed(push: impl Fn(&mut String)) -> String {
        let mut out = String::new();
        push(&mut out);
        out
    }

    #[test]
    fn numbers_and_amounts_are_written_as_they_print() {
        for number in [0, 7, 10, 1_234_567_890, u64::MAX] {
            assert_eq!(pushed(|out| push_number(out, number)), number.to_string());
        }
        for units in [0, 5, -5, 10, 100, -37_397, i128::from(u64::MAX), i128::from(u64::MAX) + 1, i128::MIN] {
            let printed = Printed { last_units: units, scale: Scale::TenThousand };
            assert_eq!(pushed(|out| push_printed(out, printed)), printed.to_string());
        }
        let figures = [Figure::Amount(Amount::from_fen(1_000_000)), Figure::Count(-3), Figure::Count(i64::MIN)];
        let shown = figures.map(|figure| pushed(|out| push_figure(out, figure, Scale::TenThousand)));
        assert_eq!(shown, ["1.00".to_owned(), "-3".to_owned(), i64::MIN.to_string()]);
    }

    #[test]
    fn anchors_and_names_are_those_of_the_forms() {
        let forms = vec![
            two_sided("公开01表", &[1, 2], &[(3, 2), (4, 2)], 2, &[]),
            by_code("公开02表", 3, &[]),
            blocks("公开06表", &[301, 30101], &["人员<经费>合计"], &[]),
            one_row("公开09表", 2, &[]),
        ];
        let set = set(forms, &[]);
        for form in &set.forms {
            let keys = form.lines.iter().map(|line| line.key);
            for row in keys.chain([RowKey::Total, RowKey::Only, RowKey::Code(ClassCode(2_010_350))]) {
                let cell = CellRef { form: 0, row, column: 0 };
                assert_eq!(pushed(|out| form.push_row_anchor(out, row)), form.row_anchor(row));
                assert_eq!(pushed(|out| form.push_cell_anchor(out, cell)), form.cell_anchor(cell));
                assert_eq!(pushed(|out| form.push_row_name(out, row)), crate::text::escape_html(&form.row_name(row)));
                let name = form.column_name(cell).unwrap_or_default();
                assert_eq!(pushed(|out| form.push_column_name(out, cell)), name);
            }
        }
    }
}
