//! Judging a file of rounding cases: figures as printed, with the verdict each must get.
//!
//! The file is JSON: `{"cases": [{"kind": "ratio", "given": {…}, "expect": "exact"}, …]}`;
//! amounts are texts in 万元 (`""` is blank), percentages texts whose digits give their
//! precision. `cargo run --release --example verdicts -- FILE` judges one.

use serde_json::{Map, Value};

use crate::amount::{Amount, Printed, Scale};
use crate::check::judge::{self, Direction, Precision, Sign, Span, Verdict};

/// A case whose verdict is not the expected one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disagreement {
    /// The case's position in the file, from one.
    pub number: usize,
    /// What the case is and gives, as the file writes it.
    pub case: String,
    /// What the file expects.
    pub expected: Verdict,
    /// What the figures were judged to be.
    pub judged: Verdict,
}

/// How the cases of a file were judged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many got the verdict they expect.
    pub agree: usize,
    /// The others.
    pub disagreements: Vec<Disagreement>,
}

/// Why a file of cases cannot be judged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VectorError {
    /// It is not JSON.
    #[error("不是有效的 JSON：{0}")]
    Json(String),
    /// It has no list of cases.
    #[error("缺少“cases”数组")]
    NoCases,
    /// A case lacks a field or has one of another type.
    #[error("第{number}例：缺少“{field}”，或者它的类型不对")]
    Field {
        /// The case.
        number: usize,
        /// The field.
        field: &'static str,
    },
    /// A field holds what cannot be read.
    #[error("第{number}例：“{field}”的值“{value}”看不懂")]
    Value {
        /// The case.
        number: usize,
        /// The field.
        field: &'static str,
        /// What it holds.
        value: String,
    },
}

/// Judges every case of a file.
///
/// # Errors
/// [`VectorError`] names the first case that cannot be read.
pub fn judge_all(text: &str) -> Result<Tally, VectorError> {
    let file: Value = serde_json::from_str(text).map_err(|error| VectorError::Json(error.to_string()))?;
    let cases = file.get("cases").and_then(Value::as_array).ok_or(VectorError::NoCases)?;
    let mut tally = Tally::default();
    for (index, case) in cases.iter().enumerate() {
        let case = Case::new(index + 1, case)?;
        let (expected, judged) = (case.expected()?, case.judge()?);
        if expected == judged {
            tally.agree += 1;
        } else {
            tally.disagreements.push(Disagreement { number: case.number, case: case.shown(), expected, judged });
        }
    }
    Ok(tally)
}

/// A case as the file gives it.
struct Case<'a> {
    number: usize,
    fields: &'a Map<String, Value>,
    given: &'a Map<String, Value>,
}

impl<'a> Case<'a> {
    fn new(number: usize, case: &'a Value) -> Result<Self, VectorError> {
        let fields = case.as_object().ok_or(VectorError::Field { number, field: "kind" })?;
        let given =
            fields.get("given").and_then(Value::as_object).ok_or(VectorError::Field { number, field: "given" })?;
        Ok(Self { number, fields, given })
    }

    fn shown(&self) -> String {
        let kind = self.fields.get("kind").and_then(Value::as_str).unwrap_or_default();
        format!("{kind} {}", Value::Object(self.given.clone()))
    }

    fn expected(&self) -> Result<Verdict, VectorError> {
        let key = self.text(self.fields, "expect")?;
        Verdict::from_key(key).ok_or_else(|| self.unreadable("expect", key))
    }

    fn judge(&self) -> Result<Verdict, VectorError> {
        match self.text(self.fields, "kind")? {
            "sum" => self.sum(),
            "difference" => self.difference(),
            "ratio" => Ok(judge::ratio(self.span("a")?, self.span("b")?, self.percent()?)),
            "growth-from-prior" => {
                let (current, prior) = (self.span("current")?, self.span("prior")?);
                Ok(judge::growth_from_prior(current, prior, self.direction()?, self.percent()?))
            }
            "growth-from-diff" => {
                let (current, change) = (self.span("current")?, self.span("diff")?);
                Ok(judge::growth_from_difference(current, change, self.direction()?, self.percent()?))
            }
            kind => Err(self.unreadable("kind", kind)),
        }
    }

    fn sum(&self) -> Result<Verdict, VectorError> {
        let field = "terms";
        let terms = self.given.get(field).and_then(Value::as_array).ok_or_else(|| self.missing(field))?;
        let terms = terms
            .iter()
            .map(|term| term.as_str().ok_or_else(|| self.missing(field)).and_then(|text| self.units(field, text)))
            .collect::<Result<Vec<_>, _>>()?;
        let total = self.units("total", self.text(self.given, "total")?)?;
        Ok(judge::sum(total, &terms, Precision::Rounded).verdict)
    }

    fn difference(&self) -> Result<Verdict, VectorError> {
        let units = |field| self.units(field, self.text(self.given, field)?);
        let (current, prior, change) = (units("current")?, units("prior")?, units("diff")?);
        Ok(judge::sum(change, &[current, prior.map(|prior| -prior)], Precision::Rounded).verdict)
    }

    fn direction(&self) -> Result<Direction, VectorError> {
        let word = self.text(self.given, "direction")?;
        Direction::from_word(word).ok_or_else(|| self.unreadable("direction", word))
    }

    fn percent(&self) -> Result<crate::amount::Percent, VectorError> {
        let text = self.text(self.given, "percent")?;
        judge::parse_percent(text).ok_or_else(|| self.unreadable("percent", text))
    }

    fn span(&self, field: &'static str) -> Result<Span, VectorError> {
        let figure = self.figure(field, self.text(self.given, field)?)?;
        Ok(figure.map_or(Span::NOTHING, |figure| Span::of(figure, Sign::NonNegative)))
    }

    fn units(&self, field: &'static str, text: &str) -> Result<Option<i128>, VectorError> {
        Ok(self.figure(field, text)?.map(|figure| figure.last_units))
    }

    /// The printed figure in a text; blank for an empty one.
    fn figure(&self, field: &'static str, text: &str) -> Result<Option<Printed>, VectorError> {
        if text.is_empty() {
            return Ok(None);
        }
        let amount = Amount::parse(text, Scale::TenThousand).map_err(|_| self.unreadable(field, text))?;
        Ok(Some(amount.print(Scale::TenThousand)))
    }

    fn text(&self, fields: &'a Map<String, Value>, field: &'static str) -> Result<&'a str, VectorError> {
        fields.get(field).and_then(Value::as_str).ok_or_else(|| self.missing(field))
    }

    const fn missing(&self, field: &'static str) -> VectorError {
        VectorError::Field { number: self.number, field }
    }

    fn unreadable(&self, field: &'static str, value: &str) -> VectorError {
        VectorError::Value { number: self.number, field, value: value.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_published_vector_gets_its_verdict() {
        let tally = judge_all(include_str!("../../tests/fixtures/vectors/rounding.json")).unwrap();
        assert_eq!(tally.disagreements, []);
        assert_eq!(tally.agree, 1_319);
    }

    #[test]
    fn a_disagreement_shows_both_verdicts() {
        let text = r#"{"cases":[{"kind":"sum","given":{"terms":["1.00",""],"total":"1.01"},"expect":"exact"}]}"#;
        let tally = judge_all(text).unwrap();
        assert_eq!(tally.disagreements[0].judged, Verdict::Fail);
        assert_eq!(tally.disagreements[0].case, r#"sum {"terms":["1.00",""],"total":"1.01"}"#);
    }

    #[test]
    fn a_bad_file_is_refused_with_the_case_and_the_field() {
        let error = |text| judge_all(text).unwrap_err().to_string();
        assert_eq!(error("{}"), "缺少“cases”数组");
        assert_eq!(
            error(r#"{"cases":[{"kind":"sum","given":{"terms":["1,0"],"total":""},"expect":"exact"}]}"#),
            "第1例：“terms”的值“1,0”看不懂"
        );
        assert_eq!(
            error(r#"{"cases":[{"kind":"ratio","given":{"a":1,"b":"2"},"expect":"exact"}]}"#),
            "第1例：缺少“a”，或者它的类型不对"
        );
        assert!(error("[1").starts_with("不是有效的 JSON"));
    }
}
