//! One notation for every figure: `公开01表27行1栏`, `附注·政府采购·货物`, `{income_total}`.
//!
//! A [`Reference`] is `[上年] form [row] [column]`. A [`Relation`] is what forms print under
//! their tables (`27行＝（1+2+…+8）行`, `1栏各行=（2+3）栏各行`) and what must hold between
//! tables (`公开01表27行 = 公开02表合计行1栏`). Parsing knows nothing of any form; names are
//! resolved by [`crate::model::form::FormSet`].

use std::fmt;

use crate::model::code::Level;

/// A figure or a range of figures, as the forms name it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reference {
    /// `上年`: the same cell in last year's disclosure.
    pub prior: bool,
    /// The form's code; absent inside a form's own formulas.
    pub form: Option<String>,
    /// The row; absent in one-row forms and in formulas over whole columns.
    pub row: Option<RowRef>,
    /// The column; absent where the side has one, or where every column is meant.
    pub column: Option<ColumnRef>,
}

/// The row part of a reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowRef {
    /// `27行` or `2010350行`: a printed line number or a classification code.
    Number(u32),
    /// `人员经费合计行`: a printed label.
    Label(String),
    /// `合计行`.
    Total,
    /// `各行`: every row, 合计 included.
    Each,
    /// `各类行`, `各款行`, `各项行`: every row of a level.
    EachOf(Level),
    /// `Σ类行`, `Σ款行`, `Σ项行`: the rows of a level under the row bound on the left.
    SumOf(Level),
}

/// The column part of a reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnRef {
    /// `1栏`: a printed column number, or the ordinal of a column without one.
    Number(u32),
    /// `各款栏`: the column whose code is bound by `各款行` on the other side.
    EachOf(Level),
}

/// What an expression adds up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operand {
    /// A cell, or one cell for each bound row or column.
    Cell(Reference),
    /// A fact outside the tables: `附注·政府采购·总额`.
    Fact(String),
    /// `Σ年初预算`: all facts by code of a group.
    FactSum(String),
    /// `{income_total}`: what a set maps the concept to.
    Concept(String),
}

/// An operand with its sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// Whether it is subtracted.
    pub negative: bool,
    /// What is added or subtracted.
    pub operand: Operand,
}

/// How two sides compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `＝`
    Equal,
    /// `≤`
    AtMost,
    /// `≥`
    AtLeast,
}

impl Comparison {
    /// The sign as it is shown.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Equal => "＝",
            Self::AtMost => "≤",
            Self::AtLeast => "≥",
        }
    }
}

/// A relation between figures: `left (＝|≤|≥) right`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Equation {
    /// The terms left of the sign.
    pub left: Vec<Term>,
    /// The sign.
    pub comparison: Comparison,
    /// The terms right of the sign.
    pub right: Vec<Term>,
    /// The relation as its source writes it, without the final stop.
    pub text: String,
}

/// Why a notation text cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotationError {
    /// Nothing stands where a figure is expected.
    #[error("缺少数字的名称")]
    Empty,
    /// No `＝`, `≤` or `≥`.
    #[error("关系式里没有“＝”“≤”“≥”")]
    NoComparison,
    /// A figure name that has none of the known shapes.
    #[error("看不懂“{0}”：应形如“公开01表27行1栏”“27行”“1栏”“附注·政府采购·总额”")]
    Shape(String),
    /// `…` without a number on both sides.
    #[error("“…”两边都要有数字")]
    Range,
    /// A parenthesis without its partner.
    #[error("括号不成对")]
    Parenthesis,
}

type Result<T> = std::result::Result<T, NotationError>;

impl Reference {
    /// The reference written in a text.
    ///
    /// # Errors
    /// [`NotationError`] says what is wrong with the text.
    pub fn parse(text: &str) -> Result<Self> {
        let text = text.trim();
        let (prior, rest) = text.strip_prefix("上年").map_or((false, text), |rest| (true, rest));
        let (form, rest) = split_form(rest);
        let (row, column) = parse_row_and_column(rest).ok_or_else(|| NotationError::Shape(text.to_owned()))?;
        if form.is_none() && row.is_none() && column.is_none() {
            return Err(NotationError::Empty);
        }
        Ok(Self { prior, form: form.map(str::to_owned), row, column })
    }
}

/// Splits `公开01表27行` after the first 表.
fn split_form(text: &str) -> (Option<&str>, &str) {
    match text.find('表') {
        Some(at) if at > 0 => {
            let end = at + '表'.len_utf8();
            (Some(&text[..end]), &text[end..])
        }
        _ => (None, text),
    }
}

/// Reads `27行1栏`, `1栏各行`, `人员经费合计行`, `2栏` or nothing.
fn parse_row_and_column(text: &str) -> Option<(Option<RowRef>, Option<ColumnRef>)> {
    if text.is_empty() {
        return Some((None, None));
    }
    if let Some((column, row)) = text.split_once('栏')
        && let Some(column) = parse_column(column)
    {
        let row = if row.is_empty() { None } else { Some(parse_row(row.strip_suffix('行')?)?) };
        return Some((row, Some(column)));
    }
    if let Some(row) = text.strip_suffix('行') {
        return Some((Some(parse_row(row)?), None));
    }
    let (row, column) = text.strip_suffix('栏')?.rsplit_once('行')?;
    Some((Some(parse_row(row)?), Some(parse_column(column)?)))
}

fn parse_row(text: &str) -> Option<RowRef> {
    let text = text.trim();
    if let Some(number) = parse_number(text) {
        return Some(RowRef::Number(number));
    }
    match text {
        "" => None,
        // Columns stand behind the row, or before the whole of it.
        _ if text.contains('栏') => None,
        "合计" => Some(RowRef::Total),
        "各" => Some(RowRef::Each),
        _ => {
            if let Some(level) = text.strip_prefix('各').and_then(parse_level) {
                return Some(RowRef::EachOf(level));
            }
            if let Some(level) = text.strip_prefix('Σ').and_then(parse_level) {
                return Some(RowRef::SumOf(level));
            }
            Some(RowRef::Label(text.to_owned()))
        }
    }
}

fn parse_column(text: &str) -> Option<ColumnRef> {
    parse_number(text)
        .map(ColumnRef::Number)
        .or_else(|| text.strip_prefix('各').and_then(parse_level).map(ColumnRef::EachOf))
}

fn parse_level(text: &str) -> Option<Level> {
    match text {
        "类" => Some(Level::Class),
        "款" => Some(Level::Section),
        "项" => Some(Level::Item),
        _ => None,
    }
}

fn parse_number(text: &str) -> Option<u32> {
    let digits = !text.is_empty() && text.len() <= 9 && text.bytes().all(|b| b.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.prior {
            f.write_str("上年")?;
        }
        f.write_str(self.form.as_deref().unwrap_or_default())?;
        match &self.row {
            None => {}
            Some(RowRef::Number(number)) => write!(f, "{number}行")?,
            Some(RowRef::Label(label)) => write!(f, "{label}行")?,
            Some(RowRef::Total) => f.write_str("合计行")?,
            Some(RowRef::Each) => f.write_str("各行")?,
            Some(RowRef::EachOf(level)) => write!(f, "各{}行", level.name())?,
            Some(RowRef::SumOf(level)) => write!(f, "Σ{}行", level.name())?,
        }
        match &self.column {
            None => Ok(()),
            Some(ColumnRef::Number(number)) => write!(f, "{number}栏"),
            Some(ColumnRef::EachOf(level)) => write!(f, "各{}栏", level.name()),
        }
    }
}

impl Equation {
    /// The relations written in a printed line: several are joined by `；`, the last may end
    /// in `。`; `甲 = 乙 = 丙` is two relations.
    ///
    /// # Errors
    /// [`NotationError`] says what is wrong with the first one that cannot be read.
    pub fn parse_all(text: &str) -> Result<Vec<Self>> {
        let mut equations = Vec::new();
        let pieces = text.split(['；', ';']).map(without_stop);
        for piece in pieces.filter(|piece| !piece.is_empty()) {
            parse_chain(piece, &mut equations)?;
        }
        Ok(equations)
    }
}

fn parse_chain(text: &str, out: &mut Vec<Equation>) -> Result<()> {
    let (sides, signs) = split_comparisons(text)?;
    if signs.is_empty() {
        return Err(NotationError::NoComparison);
    }
    let terms = sides.iter().map(|side| parse_terms(side)).collect::<Result<Vec<_>>>()?;
    for (index, comparison) in signs.iter().enumerate() {
        let written = if signs.len() == 1 {
            text.to_owned()
        } else {
            format!("{} {} {}", sides[index].trim(), comparison.sign(), sides[index + 1].trim())
        };
        out.push(Equation {
            left: terms[index].clone(),
            comparison: *comparison,
            right: terms[index + 1].clone(),
            text: written,
        });
    }
    Ok(())
}

fn split_comparisons(text: &str) -> Result<(Vec<&str>, Vec<Comparison>)> {
    let (mut sides, mut signs, mut start) = (Vec::new(), Vec::new(), 0);
    for (at, c) in outside_parentheses(text)? {
        let comparison = match c {
            '=' | '＝' => Comparison::Equal,
            '≤' => Comparison::AtMost,
            '≥' => Comparison::AtLeast,
            _ => continue,
        };
        sides.push(without_stop(&text[start..at]));
        signs.push(comparison);
        start = at + c.len_utf8();
    }
    sides.push(without_stop(&text[start..]));
    Ok((sides, signs))
}

/// A side without blanks around it and the final stop that the whole may end in.
fn without_stop(side: &str) -> &str {
    side.trim().trim_end_matches(|c: char| matches!(c, '。' | '.') || c.is_whitespace())
}

/// The characters of a text that stand in no parenthesis, with their byte offsets.
fn outside_parentheses(text: &str) -> Result<Vec<(usize, char)>> {
    let mut depth = 0_usize;
    let mut outside = Vec::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        match c {
            '(' | '（' | '{' => depth += 1,
            ')' | '）' | '}' => depth = depth.checked_sub(1).ok_or(NotationError::Parenthesis)?,
            _ if depth == 0 => outside.push((at, c)),
            _ => {}
        }
    }
    if depth == 0 { Ok(outside) } else { Err(NotationError::Parenthesis) }
}

const fn sign_of(c: char) -> Option<bool> {
    match c {
        '+' | '＋' => Some(false),
        '-' | '－' | '−' | '–' => Some(true),
        _ => None,
    }
}

fn parse_terms(text: &str) -> Result<Vec<Term>> {
    let mut terms = Vec::new();
    let (mut start, mut negative) = (0, false);
    for (at, c) in outside_parentheses(text)? {
        let Some(next_negative) = sign_of(c) else { continue };
        push_term(&text[start..at], negative, &mut terms)?;
        (start, negative) = (at + c.len_utf8(), next_negative);
    }
    push_term(&text[start..], negative, &mut terms)?;
    Ok(terms)
}

fn push_term(text: &str, negative: bool, terms: &mut Vec<Term>) -> Result<()> {
    let text = text.trim();
    if text.is_empty() {
        return Err(NotationError::Empty);
    }
    if text.starts_with(['(', '（']) {
        return push_list(text, negative, terms);
    }
    terms.push(Term { negative, operand: parse_operand(text)? });
    Ok(())
}

fn parse_operand(text: &str) -> Result<Operand> {
    if let Some(name) = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
        return Ok(Operand::Concept(name.trim().to_owned()));
    }
    if text.contains('·') {
        return Ok(Operand::Fact(text.to_owned()));
    }
    let sum_of_facts = text.strip_prefix('Σ').filter(|rest| !rest.ends_with('行'));
    if let Some(group) = sum_of_facts {
        return Ok(Operand::FactSum(group.to_owned()));
    }
    Reference::parse(text).map(Operand::Cell)
}

/// Reads `（1+2+…+8）行2栏`: one reference for each number of the list.
fn push_list(text: &str, negative: bool, terms: &mut Vec<Term>) -> Result<()> {
    let close = text.find([')', '）']).ok_or(NotationError::Parenthesis)?;
    let open_len = text.chars().next().map_or(0, char::len_utf8);
    let suffix = text[close..].trim_start_matches([')', '）']).trim();
    for (item_negative, number) in parse_list(&text[open_len..close])? {
        let operand = Operand::Cell(Reference::parse(&format!("{number}{suffix}"))?);
        terms.push(Term { negative: negative != item_negative, operand });
    }
    Ok(())
}

/// How many numbers a list names at most; no form has as many lines.
const MOST_NUMBERS: usize = 2_000;

/// Reads `1+2+…+8` as signed numbers, the range filled in.
fn parse_list(text: &str) -> Result<Vec<(bool, u32)>> {
    let (mut numbers, mut negative, mut range) = (Vec::new(), false, false);
    let mut start = 0;
    let ends = text.char_indices().filter(|(_, c)| sign_of(*c).is_some()).map(|(at, c)| (at, Some(c)));
    for (at, sign) in ends.chain(std::iter::once((text.len(), None))) {
        let item = text[start..at].trim();
        if !item.is_empty() && item.chars().all(|c| matches!(c, '…' | '.' | '⋯')) {
            range = true;
        } else {
            let number = parse_number(item).ok_or_else(|| NotationError::Shape(item.to_owned()))?;
            if std::mem::take(&mut range) {
                let (_, first) = *numbers.last().ok_or(NotationError::Range)?;
                if number <= first || number - first > 1_000 {
                    return Err(NotationError::Range);
                }
                if numbers.len() > MOST_NUMBERS {
                    return Err(NotationError::Range);
                }
                numbers.extend((first + 1..number).map(|between| (negative, between)));
            }
            numbers.push((negative, number));
        }
        if let Some(c) = sign {
            negative = sign_of(c).unwrap_or_default();
            start = at + c.len_utf8();
        }
    }
    if range || numbers.is_empty() { Err(NotationError::Range) } else { Ok(numbers) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(number: u32) -> Operand {
        Operand::Cell(Reference { row: Some(RowRef::Number(number)), ..Reference::default() })
    }

    #[test]
    fn a_cell_is_read_and_written_alike() {
        for text in [
            "公开01表27行1栏",
            "公开09表7栏",
            "公开06表人员经费合计行",
            "上年公开01表31行1栏",
            "公开02表合计行1栏",
            "川决07表合计行各款栏",
            "公开05表各项行2栏",
            "公开03表",
        ] {
            assert_eq!(Reference::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn the_column_may_stand_before_the_row_as_forms_print_it() {
        let reference = Reference::parse("1栏各行").unwrap();
        assert_eq!((reference.row, reference.column), (Some(RowRef::Each), Some(ColumnRef::Number(1))));
    }

    #[test]
    fn a_printed_range_is_filled_in() {
        let equations = Equation::parse_all("27行＝（1+2+…+8）行；31行＝（27+28+29）行；").unwrap();
        assert_eq!(equations.len(), 2);
        let operands: Vec<_> = equations[0].right.iter().map(|term| term.operand.clone()).collect();
        assert_eq!(operands, (1..=8).map(row).collect::<Vec<_>>());
    }

    #[test]
    fn a_difference_of_columns_keeps_its_signs() {
        let equation = Equation::parse_all("6栏各行＝（1+2－3）栏各行。").unwrap().remove(0);
        let signs: Vec<bool> = equation.right.iter().map(|term| term.negative).collect();
        assert_eq!(signs, [false, false, true]);
    }

    #[test]
    fn a_chain_of_equalities_is_several_relations() {
        let equations = Equation::parse_all("公开01表1行 = 公开04表1行 = 公开02表合计行2栏").unwrap();
        assert_eq!(equations[1].text, "公开04表1行 ＝ 公开02表合计行2栏");
    }

    #[test]
    fn facts_keep_parentheses_in_their_names() {
        let equation = Equation::parse_all("附注·设备·单价100万元（含）以上设备 ≤ 附注·设备·总数").unwrap().remove(0);
        assert_eq!(equation.left[0].operand, Operand::Fact("附注·设备·单价100万元（含）以上设备".into()));
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        assert_eq!(Equation::parse_all("27行"), Err(NotationError::NoComparison));
        assert_eq!(Equation::parse_all("1行＝（…+8）行"), Err(NotationError::Range));
        assert_eq!(Equation::parse_all("1行＝（2+3行"), Err(NotationError::Parenthesis));
        let many = |count: usize| (1..=count).map(|at| format!("{}", at * 1_000)).collect::<Vec<_>>().join("+…+");
        assert_eq!(Equation::parse_all(&format!("1行＝（{}）行", many(4))), Err(NotationError::Range));
        assert!(Equation::parse_all(&format!("1行＝（{}）行", many(3))).is_ok());
        assert!(matches!(Equation::parse_all("1行＝甲"), Err(NotationError::Shape(_))));
    }
}
