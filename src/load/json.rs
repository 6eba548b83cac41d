//! JSON into the same tree as TOML; comments and trailing commas are not JSON.
//!
//! The parser stops at the first error, so a file with one is not read at all.

use jsonc_parser::ast;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use super::numerals::{self, Format};
use super::toml;
use super::tree::{Entry, Kind, Table, Value};
use crate::diagnostic::{FileId, Finding, Place, Placed};

const STRICT: ParseOptions = ParseOptions {
    allow_comments: false,
    allow_loose_object_property_names: false,
    allow_trailing_commas: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

/// The object that a text holds, or `None` when it cannot be read.
pub(super) fn parse(file: FileId, text: &str, findings: &mut Vec<Finding>) -> Option<Table> {
    let mut reader = JsonReader { file, findings };
    reader.check_numbers(text)?;
    let value = match parse_to_ast(text, &CollectOptions::default(), &STRICT) {
        Ok(parsed) => parsed.value,
        Err(error) => {
            reader.syntax_error(&error);
            return None;
        }
    };
    match value {
        Some(ast::Value::Object(object)) => Some(reader.object(&object)),
        other => {
            reader.not_an_object(other.is_none(), text);
            None
        }
    }
}

struct JsonReader<'r> {
    file: FileId,
    findings: &'r mut Vec<Finding>,
}

impl JsonReader<'_> {
    fn place(&self, range: jsonc_parser::common::Range) -> Place {
        Place::new(self.file, range.start..range.end)
    }

    /// Numbers with separators or full-width digits are no JSON, however clear they are.
    fn check_numbers(&mut self, text: &str) -> Option<()> {
        let numbers = numerals::scan(text, Format::Json).numbers;
        for number in &numbers {
            let written = &text[number.range.clone()];
            let plain = number.plain.as_deref().unwrap_or("1234.56");
            self.findings.push(
                Finding::new("S006", format!("JSON 中的数字“{written}”不能有千分位或全角数字，整个文件没有读入"))
                    .at(Place::new(self.file, number.range.clone()))
                    .help(format!("写成 {plain}")),
            );
        }
        numbers.is_empty().then_some(())
    }

    fn syntax_error(&mut self, error: &jsonc_parser::errors::ParseError) {
        let (what, help) = explain(error.kind());
        self.findings
            .push(Finding::new("S001", format!("{what}，整个文件没有读入")).at(self.place(error.range())).help(help));
    }

    fn not_an_object(&mut self, empty: bool, text: &str) {
        let what = if empty { "文件是空的" } else { "JSON 文件的最外层不是对象" };
        self.findings.push(
            Finding::new("S001", format!("{what}，没有读入"))
                .at(Place::new(self.file, 0..text.len().min(1)))
                .help("最外层写成 { \"键\": 值, … }"),
        );
    }

    fn object(&mut self, object: &ast::Object<'_>) -> Table {
        let mut table = Table::default();
        for property in &object.properties {
            let name = match &property.name {
                ast::ObjectPropName::String(text) => Placed::new(text.value.to_string(), self.place(text.range)),
                ast::ObjectPropName::Word(word) => Placed::new(word.value.to_owned(), self.place(word.range)),
            };
            let value = self.value(&property.value);
            table.add(Entry { key: name, value }, self.findings);
        }
        table
    }

    fn value(&mut self, value: &ast::Value<'_>) -> Value {
        let (kind, range) = match value {
            ast::Value::Object(object) => (Kind::Table(self.object(object)), object.range),
            ast::Value::Array(array) => {
                (Kind::Array(array.elements.iter().map(|item| self.value(item)).collect()), array.range)
            }
            ast::Value::StringLit(text) => (Kind::Text(text.value.to_string()), text.range),
            ast::Value::NumberLit(number) => {
                (toml::number(number.value, self.place(number.range), self.findings), number.range)
            }
            ast::Value::BooleanLit(value) => (Kind::Bool(value.value), value.range),
            ast::Value::NullKeyword(null) => (Kind::Null, null.range),
        };
        Value { kind, place: self.place(range) }
    }
}

fn explain(kind: &jsonc_parser::errors::ParseErrorKind) -> (&'static str, &'static str) {
    use jsonc_parser::errors::ParseErrorKind as E;
    match kind {
        E::CommentsNotAllowed | E::UnterminatedCommentBlock => ("JSON 中不能写注释", "删去注释，或者改用 TOML"),
        E::TrailingCommasNotAllowed => ("最后一项的后面多了逗号", "删去这个逗号"),
        E::ExpectedComma => ("两项之间缺少逗号", "在两项之间加英文逗号"),
        E::ExpectedColonAfterObjectKey => ("键的后面缺少冒号", "写成 \"键\": 值"),
        E::ExpectedObjectValue => ("键的后面没有值", "补上值；没有这个数就删去这一项"),
        E::ExpectedStringObjectProperty | E::UnexpectedTokenInObject => ("键没有用英文双引号括起来", "写成 \"键\": 值"),
        E::SingleQuotedStringsNotAllowed => ("用了单引号", "改用英文双引号"),
        E::UnterminatedArray | E::UnterminatedObject => ("括号没有结束", "补上与它成对的结束括号"),
        E::UnexpectedCloseBrace | E::UnexpectedCloseBracket => ("多了一个结束括号", "删去它，或者补上开始的括号"),
        E::MultipleRootJsonValues => ("最外层有两个值", "一个文件只写一个 { … }"),
        E::HexadecimalNumbersNotAllowed
        | E::NonFiniteNumbersNotAllowed
        | E::UnaryPlusNumbersNotAllowed
        | E::BareDecimalPointNumbersNotAllowed
        | E::ExpectedDigit
        | E::ExpectedDigitFollowingNegativeSign
        | E::ExpectedPlusMinusOrDigitInNumberLiteral => ("数字的写法不对", "写成 373.97 这样的十进制数"),
        E::NestingDepthExceeded => ("括号套得太深", "减少层次"),
        E::String(_) => ("文字的引号或转义不对", "检查英文双引号和反斜线"),
        _ => ("不合 JSON 的写法", "应当是 \"键\": 值，用英文半角标点"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Option<Table>, Vec<String>) {
        let mut findings = Vec::new();
        let table = parse(FileId(0), text, &mut findings);
        (table, findings.iter().map(|f| format!("{} {}", f.code.id, f.message)).collect())
    }

    #[test]
    fn numbers_are_kept_as_written_and_order_is_kept() {
        let (table, found) = read("{\"lines\": {\"27\": 144.00, \"10\": 1}}");
        let table = table.unwrap();
        let Kind::Table(lines) = &table.entries[0].value.kind else { panic!("no table") };
        assert!(matches!(&lines.entries[0].value.kind, Kind::Number(digits) if digits == "144.00"));
        assert_eq!((lines.entries[1].key.value.as_str(), found.len()), ("10", 0));
    }

    #[test]
    fn comments_trailing_commas_and_separators_are_refused() {
        assert_eq!(read("{\"a\": 1, // x\n}").1, ["S001 JSON 中不能写注释，整个文件没有读入"]);
        assert_eq!(read("{\"a\": 1,}").1, ["S001 最后一项的后面多了逗号，整个文件没有读入"]);
        assert_eq!(read("{\"a\": 1,234.5}").1, ["S006 JSON 中的数字“1,234.5”不能有千分位或全角数字，整个文件没有读入"]);
        assert_eq!(read("[]").1, ["S001 JSON 文件的最外层不是对象，没有读入"]);
    }

    #[test]
    fn a_key_that_stands_twice_is_found() {
        assert_eq!(read("{\"1\": 2, \"01\": 3}").1, ["S002 “1”和“01”是同一个键"]);
        assert_eq!(read("{\"a\": 1e5}").1, ["S006 “1e5”不是普通的十进制数"]);
    }

    #[test]
    fn nasty_texts_do_not_panic() {
        for text in
            ["", "{", "}", "\"", "{\"a\"", "{\"a\":}", "\u{0}", "{\"a\": \"\\ud800\"}", "nul", "{\"a\": -}", "，"]
        {
            read(text);
        }
        read(&"[".repeat(100_000));
        read(&"{\"a\":".repeat(100_000));
    }
}
