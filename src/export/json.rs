//! A disclosure as JSON: every table and fact, figures as decimal text, never as floats.
//!
//! The shape is documented by a JSON Schema, which the site publishes.

use serde_json::{Map, Value, json};

use super::naming::{self, Subject};
use crate::model::disclosure::Disclosure;
use crate::model::form::Form;
use crate::model::table::{Figure, Row, Table, TableState};

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
    let set = &disclosure.set;
    let unit = site.unit_of(disclosure);
    let document = json!({
        "$schema": format!("{root}{SCHEMA_PATH}"),
        "schema": SCHEMA,
        "unit": {
            "id": disclosure.unit,
            "name": subject.unit(),
            "region": unit.map(|unit| unit.region.clone()).unwrap_or_default(),
            "kind": unit.map(|unit| unit.kind.as_str()),
        },
        "year": disclosure.year,
        "kind": disclosure.kind.key(),
        "title": disclosure.title,
        "forms": set.id,
        "scale": set.scale.name(),
        "published": disclosure.published.map(|date| date.value.to_string()),
        "rebuilt": disclosure.rebuilt,
        "tables": disclosure.tables.iter().map(|table| table_json(subject, table)).collect::<Vec<_>>(),
        "facts": disclosure.facts.iter().map(|(name, fact)| (name.clone(), figure(disclosure, fact.value))).collect::<Map<_, _>>(),
        "prior": disclosure.prior.iter().map(|(cell, fact)| (set.name_of(*cell), figure(disclosure, fact.value))).collect::<Map<_, _>>(),
        "corrections": disclosure.corrections.iter().map(|correction| json!({
            "where": correction.place_in_document, "printed": correction.printed,
            "right": correction.right, "note": correction.note, "cell": correction.cell,
        })).collect::<Vec<_>>(),
    });
    format!("{document:#}\n").into_bytes()
}

fn table_json<'a>(subject: Subject<'a>, table: &'a Table) -> Value {
    let form = subject.form(table);
    let (state, reason) = match &table.state {
        TableState::Filled => ("filled", None),
        TableState::Empty(sentence) => ("empty", Some(sentence)),
        TableState::NotProvided(reason) => ("not-provided", Some(reason)),
        TableState::Missing => ("missing", None),
    };
    let rows = table.rows.iter().filter(|row| naming::holds_figures(form, row.key));
    json!({
        "code": form.code,
        "title": form.title,
        "state": state,
        "reason": reason,
        "columns": form.columns.iter().map(|column| json!({
            "number": column.number, "heading": column.heading, "code": column.code.map(|code| code.to_string()),
        })).collect::<Vec<_>>(),
        "rows": rows.map(|row| row_json(subject, form, row)).collect::<Vec<_>>(),
    })
}

fn row_json<'a>(subject: Subject<'a>, form: &'a Form, row: &'a Row) -> Value {
    let code = naming::code_of(form, row.key).map(|code| code.to_string());
    let number = |column: usize| form.columns[column].number.to_string();
    let cells = row.columns.clone().zip(&row.cells);
    let cells: Map<String, Value> =
        cells.map(|(column, cell)| (number(column), figure(subject.disclosure, cell.figure))).collect();
    let name = Some(subject.row_name(form, row)).filter(|name| !name.is_empty());
    json!({ "row": form.row_name(row.key), "code": code, "name": name, "cells": cells })
}

fn figure(disclosure: &Disclosure, figure: Figure) -> Value {
    match figure {
        Figure::Blank => Value::Null,
        Figure::Unknown | Figure::NotRead => json!({ "state": "unknown" }),
        Figure::Amount(amount) => json!(amount.print(disclosure.set.scale).to_string()),
        Figure::Count(count) => json!(count),
    }
}
