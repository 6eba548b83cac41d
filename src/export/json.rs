//! A disclosure as JSON: every table and fact, figures as decimal text, never as floats.
//!
//! The shape is documented by a JSON Schema, which the site publishes.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use super::naming::{self, Subject};
use crate::amount::Scale;
use crate::derive::amendment::{Datum, Difference, FigureChange, difference};
use crate::model::disclosure::Correction;
use crate::model::form::{Column, Form};
use crate::model::table::{Figure as Value, Row, Table, TableState};

/// The version of the document's shape; fields may be added without a new one.
pub const SCHEMA: &str = "disclose-disclosure/1";

/// The path of the JSON Schema on the site.
pub const SCHEMA_PATH: &str = "schema/disclosure-1.schema.json";

/// The JSON Schema of the document, as `docs/` has it.
pub const SCHEMA_TEXT: &str = include_str!("../../docs/schema/disclosure-1.schema.json");

/// A disclosure as a JSON document, ending in a line break; `root` leads from its folder to
/// the site's.
///
/// Amounts are decimal text in the unit that `scale` names, counts are numbers, a blank is
/// `null`, and a figure that was not given is `{"state": "unknown"}`.
pub fn disclosure(subject: Subject<'_>, root: &str) -> Vec<u8> {
    let Subject { site, disclosure } = subject;
    let (set, unit) = (&disclosure.set, site.unit_of(disclosure));
    let figure = |value| Figure { value, scale: set.scale };
    let document = Document {
        schema_address: format!("{root}{SCHEMA_PATH}"),
        schema: SCHEMA,
        unit: UnitView {
            id: &disclosure.unit,
            name: subject.unit(),
            region: unit.map(|unit| unit.region.as_slice()).unwrap_or_default(),
            kind: unit.map(|unit| unit.kind.as_str()),
        },
        year: disclosure.year,
        kind: disclosure.kind.key(),
        title: &disclosure.title,
        forms: &set.id,
        scale: set.scale.name(),
        published: disclosure.published.map(|date| date.value.to_string()),
        rebuilt: disclosure.rebuilt.as_deref(),
        tables: disclosure.tables.iter().map(|table| table_view(subject, table)).collect(),
        facts: Entries(disclosure.facts.iter().map(|(name, fact)| (name.clone(), figure(fact.value))).collect()),
        prior: Entries(disclosure.prior.iter().map(|(cell, fact)| (set.name_of(*cell), figure(fact.value))).collect()),
        corrections: disclosure.corrections.iter().map(CorrectionView::of).collect(),
        version: disclosure.version(),
        amendments: (0..disclosure.amendments.len()).map(|at| AmendmentView::of(subject, at)).collect(),
    };
    super::pretty(&document, 80 * 1024)
}

#[derive(Serialize)]
struct Document<'a> {
    #[serde(rename = "$schema")]
    schema_address: String,
    schema: &'a str,
    unit: UnitView<'a>,
    year: i32,
    kind: &'a str,
    title: &'a str,
    forms: &'a str,
    scale: &'a str,
    published: Option<String>,
    rebuilt: Option<&'a str>,
    tables: Vec<TableView<'a>>,
    facts: Entries,
    prior: Entries,
    corrections: Vec<CorrectionView<'a>>,
    version: u32,
    amendments: Vec<AmendmentView<'a>>,
}

#[derive(Serialize)]
struct UnitView<'a> {
    id: &'a str,
    name: &'a str,
    region: &'a [String],
    kind: Option<&'a str>,
}

#[derive(Serialize)]
struct TableView<'a> {
    code: &'a str,
    title: &'a str,
    state: &'a str,
    reason: Option<&'a str>,
    columns: Vec<ColumnView<'a>>,
    rows: Vec<RowView<'a>>,
}

#[derive(Serialize)]
struct ColumnView<'a> {
    number: u32,
    heading: &'a [String],
    code: Option<String>,
}

#[derive(Serialize)]
struct RowView<'a> {
    row: String,
    code: Option<String>,
    name: Option<&'a str>,
    cells: Cells<'a>,
}

#[derive(Serialize)]
struct CorrectionView<'a> {
    r#where: &'a str,
    printed: &'a str,
    right: &'a str,
    note: &'a str,
    cell: Option<&'a str>,
}

impl<'a> CorrectionView<'a> {
    fn of(correction: &'a Correction) -> Self {
        let Correction { place_in_document, printed, right, note, cell, .. } = correction;
        Self { r#where: place_in_document, printed, right, note, cell: cell.as_deref() }
    }
}

/// 更正公开: what a republication changed.
#[derive(Serialize)]
struct AmendmentView<'a> {
    version: u32,
    date: String,
    reason: &'a str,
    changes: Vec<ChangeView>,
    texts: Vec<String>,
}

#[derive(Serialize)]
struct ChangeView {
    table: String,
    line: String,
    column: String,
    name: String,
    /// The unit of money of the three amounts.
    scale: &'static str,
    old: DatumView,
    new: DatumView,
    difference: Figure,
}

/// A figure, or a date or value of a self-evaluation as it is written.
#[derive(Serialize)]
#[serde(untagged)]
enum DatumView {
    Figure(Figure),
    Text(String),
}

impl<'a> AmendmentView<'a> {
    fn of(subject: Subject<'a>, at: usize) -> Self {
        let Subject { site, disclosure } = subject;
        let (amendment, later) = (&disclosure.amendments[at], disclosure.after(at));
        let Difference { figures, texts } = difference(site, &amendment.earlier, later);
        let scale = later.set.scale;
        let changes = figures.into_iter().map(|change| ChangeView::of(change, scale)).collect();
        let texts = texts.into_iter().map(|text| text.name).collect();
        Self { version: amendment.version, date: amendment.date.to_string(), reason: &amendment.reason, changes, texts }
    }
}

impl ChangeView {
    fn of(change: FigureChange, scale: Scale) -> Self {
        let scale = change.scale(scale);
        let datum = |datum: Datum| match datum {
            Datum::Figure(value) => DatumView::Figure(Figure { value, scale }),
            Datum::Text(text) => DatumView::Text(text),
        };
        let difference = Figure { value: change.difference(), scale };
        let FigureChange { group, line, column, name, old, new, .. } = change;
        Self { table: group, line, column, name, scale: scale.name(), old: datum(old), new: datum(new), difference }
    }
}

fn table_view<'a>(subject: Subject<'a>, table: &'a Table) -> TableView<'a> {
    let form = subject.form(table);
    let (state, reason) = match &table.state {
        TableState::Filled => ("filled", None),
        TableState::Empty(sentence) => ("empty", Some(sentence.as_str())),
        TableState::NotProvided(reason) => ("not-provided", Some(reason.as_str())),
        TableState::Missing => ("missing", None),
    };
    let column = |column: &'a Column| ColumnView {
        number: column.number,
        heading: &column.heading,
        code: column.code.map(|code| code.to_string()),
    };
    let rows = table.rows.iter().filter(|row| naming::holds_figures(form, row.key));
    TableView {
        code: &form.code,
        title: &form.title,
        state,
        reason,
        columns: form.columns.iter().map(column).collect(),
        rows: rows.map(|row| row_view(subject, form, row)).collect(),
    }
}

fn row_view<'a>(subject: Subject<'a>, form: &'a Form, row: &'a Row) -> RowView<'a> {
    RowView {
        row: form.row_name(row.key),
        code: naming::code_of(form, row.key).map(|code| code.to_string()),
        name: Some(subject.row_name(form, row)).filter(|name| !name.is_empty()),
        cells: Cells { form, row, scale: subject.disclosure.set.scale },
    }
}

/// The cells of a row, by the numbers of their columns.
struct Cells<'a> {
    form: &'a Form,
    row: &'a Row,
    scale: Scale,
}

impl Serialize for Cells<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.row.cells.len()))?;
        for (column, cell) in self.row.columns.clone().zip(&self.row.cells) {
            map.serialize_entry(&self.form.columns[column].number, &Figure { value: cell.figure, scale: self.scale })?;
        }
        map.end()
    }
}

/// Figures by their names, in order.
struct Entries(Vec<(String, Figure)>);

impl Serialize for Entries {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, figure)| (name, figure)))
    }
}

/// A figure in the scale it is printed in.
struct Figure {
    value: Value,
    scale: Scale,
}

impl Serialize for Figure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.value {
            Value::Blank => serializer.serialize_none(),
            Value::Amount(amount) => {
                let mut text = String::with_capacity(16);
                amount.print(self.scale).push(&mut text);
                serializer.serialize_str(&text)
            }
            Value::Count(count) => serializer.serialize_i64(count),
            Value::Unknown | Value::NotRead => serializer.collect_map([("state", "unknown")]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_that_the_tables_unit_would_round_away_is_told_in_yuan() {
        let told = |old, new| {
            let view = ChangeView::of(FigureChange::in_yuan(old, new), Scale::TenThousand);
            let value = serde_json::to_value(view).unwrap();
            ["scale", "old", "new", "difference"].map(|key| value[key].clone())
        };
        assert_eq!(told(39_200, 39_230), ["元", "39200.00", "39230.00", "30.00"]);
        assert_eq!(told(39_200, 37_200), ["万元", "3.92", "3.72", "-0.20"]);
    }
}
