//! A disclosure as JSON: every table and fact, figures as decimal text, never as floats.

use serde_json::{Map, Value, json};

use crate::model::disclosure::Disclosure;
use crate::model::form::{Form, RowKey};
use crate::model::table::{Figure, Table, TableState};
use crate::model::unit::Unit;

/// The version of the document's shape; fields may be added without a new one.
pub const SCHEMA: &str = "disclose-disclosure/1";

/// A disclosure as a JSON document, ending in a line break.
///
/// Amounts are decimal text in the unit that `scale` names, counts are numbers, a blank is
/// `null`, and a figure that was not given is `{"state": "unknown"}`.
pub fn disclosure(unit: &Unit, disclosure: &Disclosure) -> Vec<u8> {
    let set = &disclosure.set;
    let document = json!({
        "schema": SCHEMA,
        "unit": { "id": unit.id, "name": unit.name, "region": unit.region, "kind": unit.kind },
        "year": disclosure.year,
        "kind": disclosure.kind.key(),
        "forms": set.id,
        "scale": set.scale.name(),
        "published": disclosure.published.map(|date| date.value.to_string()),
        "rebuilt": disclosure.rebuilt,
        "tables": disclosure.tables.iter().map(|table| table_json(disclosure, table)).collect::<Vec<_>>(),
        "facts": disclosure.facts.iter().map(|(name, fact)| (name.clone(), figure(disclosure, fact.value))).collect::<Map<_, _>>(),
        "prior": disclosure.prior.iter().map(|(cell, fact)| (set.name_of(*cell), figure(disclosure, fact.value))).collect::<Map<_, _>>(),
        "corrections": disclosure.corrections.iter().map(|correction| json!({
            "where": correction.place_in_document, "printed": correction.printed,
            "right": correction.right, "note": correction.note, "cell": correction.cell,
        })).collect::<Vec<_>>(),
    });
    format!("{document:#}\n").into_bytes()
}

fn table_json(disclosure: &Disclosure, table: &Table) -> Value {
    let form = &disclosure.set.forms[usize::from(table.form)];
    let (state, reason) = match &table.state {
        TableState::Filled => ("filled", None),
        TableState::Empty(sentence) => ("empty", Some(sentence)),
        TableState::NotProvided(reason) => ("not-provided", Some(reason)),
        TableState::Missing => ("missing", None),
    };
    json!({
        "code": form.code,
        "title": form.title,
        "state": state,
        "reason": reason,
        "columns": form.columns.iter().map(|column| json!({
            "number": column.number, "heading": column.heading, "code": column.code.map(|code| code.to_string()),
        })).collect::<Vec<_>>(),
        "rows": table.rows.iter().map(|row| row_json(disclosure, form, table, row.key)).collect::<Vec<_>>(),
    })
}

fn row_json(disclosure: &Disclosure, form: &Form, table: &Table, key: RowKey) -> Value {
    let name = form.line(key).map(|line| line.label.as_str()).or_else(|| table.name(key));
    let code = match key {
        RowKey::Code(code) => Some(code.to_string()),
        _ => form.line(key).and_then(|line| line.class).map(|class| class.to_string()),
    };
    let cells: Map<String, Value> = form
        .columns_of(key)
        .map(|column| (form.columns[column].number.to_string(), figure(disclosure, table.figure(key, column))))
        .collect();
    json!({ "row": form.row_name(key), "code": code, "name": name, "cells": cells })
}

fn figure(disclosure: &Disclosure, figure: Figure) -> Value {
    match figure {
        Figure::Blank => Value::Null,
        Figure::Unknown | Figure::NotRead => json!({ "state": "unknown" }),
        Figure::Amount(amount) => json!(amount.print(disclosure.set.scale).to_string()),
        Figure::Count(count) => json!(count),
    }
}
