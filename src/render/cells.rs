//! Names of cells, and figures, appended to the HTML of a page: pages have thousands of each, so
//! none is made as a text of its own first.

use crate::amount::Scale;
use crate::model::form::{Form, RowKey};
use crate::model::table::Figure;
use crate::text::push_escaped;

pub(crate) use crate::amount::push_number;

impl Form {
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
}

/// Appends what a cell shows: an amount with two decimals, a count, 未提供, or nothing.
pub(crate) fn push_figure(out: &mut String, figure: Figure, scale: Scale) {
    match figure {
        Figure::Blank => {}
        Figure::Unknown => out.push_str("未提供"),
        Figure::NotRead => out.push_str("未读入"),
        Figure::Amount(amount) => amount.print(scale).push(out),
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
    fn amounts_and_counts_are_written_as_they_print() {
        let figures = [Figure::Amount(Amount::from_fen(1_000_000)), Figure::Count(-3), Figure::Count(i64::MIN)];
        let shown = figures.map(|figure| pushed(|out| push_figure(out, figure, Scale::TenThousand)));
        assert_eq!(shown, ["1.00".to_owned(), "-3".to_owned(), i64::MIN.to_string()]);
    }

    #[test]
    fn names_of_rows_are_those_of_the_forms_escaped() {
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
                assert_eq!(pushed(|out| form.push_row_name(out, row)), crate::text::escape_html(&form.row_name(row)));
            }
        }
    }
}
