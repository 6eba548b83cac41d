//! JSON Schemas from the declarations.

use serde_json::{Map, Value, json};

use super::{FileKind, Key, Object, Others, Shape};

/// What a source writes for a figure that exists and was not given.
const NOT_PROVIDED: &str = crate::load::facts::NOT_PROVIDED;

impl FileKind {
    /// Its JSON Schema, with a final newline.
    pub fn json(&self) -> String {
        let mut schema = Map::new();
        schema.insert("$schema".into(), json!("http://json-schema.org/draft-07/schema#"));
        schema.insert("title".into(), json!(self.title));
        schema.insert("description".into(), json!(format!("{}，由 disclose 读取", self.path)));
        match self.shapes {
            [only] => schema.extend(outermost(only, self.may_be_blank)),
            several => {
                schema.insert("type".into(), json!("object"));
                let several: Vec<Value> =
                    several.iter().map(|shape| Value::Object(outermost(shape, self.may_be_blank))).collect();
                schema.insert("oneOf".into(), Value::Array(several));
            }
        }
        let mut text = serde_json::to_string_pretty(&Value::Object(schema)).unwrap_or_default();
        text.push('\n');
        text
    }
}

/// The table of a whole file: JSON files may name their schema, and a blank one needs no keys.
fn outermost(shape: &Object, may_be_blank: bool) -> Map<String, Value> {
    let mut object = object(shape);
    if may_be_blank && let Some(required) = object.remove("required") {
        object.insert("if".into(), json!({ "minProperties": 1 }));
        object.insert("then".into(), json!({ "required": required }));
    }
    if let Some(Value::Object(properties)) = object.get_mut("properties") {
        properties.insert("$schema".into(), json!({ "type": "string", "description": "本文件所用的模式，只供编辑器" }));
    }
    object
}

fn object(shape: &Object) -> Map<String, Value> {
    let mut object = Map::new();
    object.insert("type".into(), json!("object"));
    let properties: Map<String, Value> = shape.keys.iter().map(|key| (key.name.to_owned(), property(key))).collect();
    object.insert("properties".into(), Value::Object(properties));
    let required: Vec<&str> = shape.keys.iter().filter(|key| key.required).map(|key| key.name).collect();
    if !required.is_empty() {
        object.insert("required".into(), json!(required));
    }
    match shape.others {
        None => {
            object.insert("additionalProperties".into(), json!(false));
        }
        Some(Others { pattern: "", about, shape }) => {
            object.insert("additionalProperties".into(), described(value(shape), about));
        }
        Some(Others { pattern, about, shape }) => {
            object.insert("patternProperties".into(), json!({ pattern: described(value(shape), about) }));
            object.insert("additionalProperties".into(), json!(false));
        }
    }
    object
}

fn property(key: &Key) -> Value {
    described(value(key.shape), key.about)
}

fn described(mut schema: Value, about: &str) -> Value {
    if let Value::Object(schema) = &mut schema {
        schema.insert("description".into(), json!(about));
    }
    schema
}

fn value(shape: Shape) -> Value {
    let or_not_provided = |number: Value| json!({ "anyOf": [number, { "const": NOT_PROVIDED }] });
    let code = json!({ "type": "string", "pattern": CODE });
    match shape {
        Shape::Text => json!({ "type": "string" }),
        Shape::Choice(known) => json!({ "enum": known }),
        Shape::Texts => {
            json!({ "anyOf": [{ "type": "array", "items": { "type": "string" } }, { "type": "string" }] })
        }
        Shape::Bool => json!({ "type": "boolean" }),
        Shape::Integer => json!({ "type": "integer" }),
        Shape::Years => {
            let year = json!({ "type": "integer" });
            json!({ "anyOf": [{ "type": "array", "items": year, "minItems": 1, "maxItems": 2 }, year] })
        }
        Shape::Date => json!({ "type": "string", "pattern": "^\\d{4}-\\d{2}-\\d{2}$" }),
        Shape::Code => json!({ "anyOf": [code, { "type": "integer", "minimum": 100, "maximum": 9_999_999 }] }),
        Shape::Codes => json!({ "anyOf": [{ "type": "array", "items": code }, code] }),
        Shape::Number | Shape::Printed => json!({ "type": ["string", "number"] }),
        Shape::RowCode => {
            let text = json!({ "type": "string", "pattern": "^(合计|\\d{3}|\\d{5}|\\d{7})$" });
            json!({ "anyOf": [text, { "type": "integer", "minimum": 100, "maximum": 9_999_999 }] })
        }
        Shape::Money | Shape::Figure => or_not_provided(json!({ "type": "number" })),
        Shape::Count => or_not_provided(json!({ "type": "integer", "minimum": 0 })),
        Shape::Score => json!({ "type": "number" }),
        Shape::Sentence => json!({ "anyOf": [{ "const": true }, { "type": "string", "pattern": "\\S" }] }),
        Shape::Line => {
            let columns = json!({
                "type": "object",
                "patternProperties": { "^\\d+$": value(Shape::Money) },
                "additionalProperties": false
            });
            json!({ "anyOf": [{ "type": "number" }, { "const": NOT_PROVIDED }, columns] })
        }
        Shape::Relations(table) => {
            let one = json!({ "anyOf": [{ "type": "string" }, Value::Object(object(table))] });
            json!({ "anyOf": [{ "type": "array", "items": one }, one] })
        }
        Shape::Table(table) => Value::Object(object(table)),
        Shape::Tables(table) => json!({ "type": "array", "items": Value::Object(object(table)) }),
    }
}

/// 类, 款 or 项.
const CODE: &str = "^(\\d{3}|\\d{5}|\\d{7})$";
