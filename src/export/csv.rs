//! A table as CSV: UTF-8 with a byte order mark, RFC 4180, blanks empty, 未提供 said.

use crate::amount::Scale;
use crate::model::disclosure::Disclosure;
use crate::model::form::{Form, Line, RowKey};
use crate::model::table::{Figure, Row, Table};

/// A table as CSV: 行, 名称, then one field for each column, in the rows' order.
pub fn table(disclosure: &Disclosure, table: &Table) -> Vec<u8> {
    let form = &disclosure.set.forms[usize::from(table.form)];
    let mut out = String::from("\u{FEFF}");
    let columns = form.columns.iter().map(|column| column_title(form, column.number, &column.heading));
    push_record(&mut out, ["行".to_owned(), "名称".to_owned()].into_iter().chain(columns));
    for row in &table.rows {
        let cells = (0..form.columns.len())
            .map(|column| row.cell(column).map_or_else(String::new, |cell| figure(cell.figure, disclosure.set.scale)));
        push_record(&mut out, [row_code(form, row.key), row_name(form, table, row)].into_iter().chain(cells));
    }
    out.into_bytes()
}

fn column_title(form: &Form, number: u32, heading: &[String]) -> String {
    let words = heading.join("·");
    if form.column_numbers { format!("{number}栏 {words}") } else { words }
}

fn row_code(form: &Form, key: RowKey) -> String {
    match key {
        RowKey::Line(number) if form.line_numbers => number.to_string(),
        RowKey::Code(code) => code.to_string(),
        RowKey::Line(_) | RowKey::Label(_) | RowKey::Total | RowKey::Only => String::new(),
    }
}

fn row_name(form: &Form, table: &Table, row: &Row) -> String {
    let printed = form.line(row.key).map(|line: &Line| line.label.as_str());
    printed.or_else(|| table.name(row.key)).unwrap_or(if row.key == RowKey::Total { "合计" } else { "" }).to_owned()
}

/// A figure as downloads write it: blank stays empty, 0.00 stays 0.00.
pub fn figure(figure: Figure, scale: Scale) -> String {
    match figure {
        Figure::Blank => String::new(),
        Figure::Unknown | Figure::NotRead => "未提供".to_owned(),
        Figure::Amount(amount) => amount.print(scale).to_string(),
        Figure::Count(count) => count.to_string(),
    }
}

fn push_record(out: &mut String, fields: impl Iterator<Item = String>) {
    for (index, field) in fields.enumerate() {
        if index > 0 {
            out.push(',');
        }
        push_field(out, &field);
    }
    out.push_str("\r\n");
}

/// Text that a spreadsheet would take for a formula gets an apostrophe; numbers do not.
fn push_field(out: &mut String, field: &str) {
    let number = field.strip_prefix('-').unwrap_or(field).bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let guard = if field.starts_with(['=', '+', '-', '@', '\t']) && !number { "'" } else { "" };
    if field.contains([',', '"', '\n', '\r']) {
        out.push('"');
        out.push_str(guard);
        out.push_str(&field.replace('"', "\"\""));
        out.push('"');
    } else {
        out.push_str(guard);
        out.push_str(field);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_quoted_and_formulas_are_neutralised() {
        let mut out = String::new();
        push_record(&mut out, ["甲,乙", "=1+1", "-0.01", "说\"话\""].map(String::from).into_iter());
        assert_eq!(out, "\"甲,乙\",'=1+1,-0.01,\"说\"\"话\"\"\"\r\n");
    }

    #[test]
    fn blank_zero_and_unknown_stay_apart() {
        let zero = Figure::Amount(crate::amount::Amount::ZERO);
        let written = [Figure::Blank, zero, Figure::Unknown].map(|f| figure(f, Scale::TenThousand));
        assert_eq!(written, ["", "0.00", "未提供"]);
    }
}
