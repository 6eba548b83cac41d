//! Numerals of a text, with their units, and what is no figure at all.

use std::ops::Range;

use super::{Aside, NumeralKind};
use crate::amount::Scale;

/// A numeral of a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    /// Its bytes in the block's text, the unit included.
    pub range: Range<usize>,
    /// Its digits, without separators.
    pub digits: String,
    /// What it measures.
    pub kind: NumeralKind,
}

impl Token {
    /// How many decimals it is written with.
    pub fn decimals(&self) -> u32 {
        let decimals = self.digits.split_once('.').map_or(0, |(_, fraction)| fraction.len());
        u32::try_from(decimals).unwrap_or(u32::MAX)
    }

    /// Its digits without the point: 373.97 is 37397; `None` beyond what any budget holds.
    pub fn last_units(&self) -> Option<i128> {
        self.digits.replace('.', "").parse().ok().filter(|_| self.digits.len() <= 22)
    }
}

/// Words that things are counted by, longer ones first where one begins another.
const COUNTED: [&str; 41] = [
    "人次",
    "批次",
    "场次",
    "台（套）",
    "台(套)",
    "台／套",
    "个百分点",
    "平方米",
    "公里",
    "分钟",
    "个",
    "家",
    "场",
    "次",
    "通",
    "笔",
    "项",
    "辆",
    "台",
    "套",
    "批",
    "人",
    "名",
    "户",
    "条",
    "宗",
    "件",
    "份",
    "类",
    "大类",
    "篇",
    "期",
    "处",
    "位",
    "种",
    "部",
    "分",
    "吨",
    "亩",
    "艘",
    "组",
];

/// Words after a number that make it a time of day or a span of time.
const TIMES: [&str; 4] = ["小时", "天", "周", "个月"];

/// Words after a number that make it a code.
const CODES: [&str; 10] = ["表", "行", "栏", "热线", "政务", "平台", "号", "款", "版", "条例"];

/// Words before a number that make it an ordinal.
const ORDINALS: [&str; 9] = ["图", "表", "第", "目标", "附件", "附表", "之", "公开", "No."];

/// The numerals of a text, in order.
pub(crate) fn numerals(text: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find(|c: char| digit(c).is_some()).map(|offset| at + offset) {
        let (digits, end) = number(text, start);
        let (kind, unit_end) = kind(text, start, end, &digits);
        found.push(Token { range: start..unit_end, digits, kind });
        at = unit_end.max(end);
    }
    found
}

/// The ASCII digit that a character is, full-width ones too.
fn digit(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some(c),
        '０'..='９' => char::from_digit(c as u32 - '０' as u32, 10),
        _ => None,
    }
}

/// The digits of the number that begins here, and where it ends.
fn number(text: &str, start: usize) -> (String, usize) {
    let (mut digits, mut end) = (String::new(), start);
    let mut rest = text[start..].chars().peekable();
    while let Some(c) = rest.next() {
        let follows = rest.peek().copied().and_then(digit).is_some();
        match c {
            c if digit(c).is_some() => digits.extend(digit(c)),
            '.' | '．' if follows && !digits.contains('.') => digits.push('.'),
            ',' if grouped(text, end) && !digits.contains('.') => {}
            _ => break,
        }
        end += c.len_utf8();
    }
    (digits, end)
}

/// Whether three digits and no more follow a comma.
fn grouped(text: &str, comma: usize) -> bool {
    let rest = &text[comma + 1..];
    rest.chars().take_while(char::is_ascii_digit).count() == 3
}

fn kind(text: &str, start: usize, end: usize, digits: &str) -> (NumeralKind, usize) {
    let (before, after) = (&text[..start], &text[end..]);
    if let Some(aside) = aside_before(before, after) {
        return (NumeralKind::Aside(aside), end);
    }
    let spaces = after.len() - after.trim_start_matches([' ', '\u{a0}', '\u{3000}', '$']).len();
    let rest = &after[spaces..];
    let with = |unit: &str| end + spaces + unit.len();
    for (unit, scale) in
        [("亿元", Scale::HundredMillion), ("万元", Scale::TenThousand), ("元", Scale::Yuan), ("万", Scale::TenThousand)]
    {
        if rest.starts_with(unit) {
            return (NumeralKind::Amount(scale), with(unit));
        }
    }
    if let Some(sign) = ["%", "％", "\\%"].iter().find(|sign| rest.starts_with(**sign)) {
        return (NumeralKind::Percent, with(sign));
    }
    if let Some(aside) = aside_after(before, rest, digits) {
        return (NumeralKind::Aside(aside), end);
    }
    if let Some(unit) = COUNTED.iter().filter(|unit| rest.starts_with(**unit)).max_by_key(|unit| unit.len()) {
        return (NumeralKind::Count((*unit).to_owned()), with(unit));
    }
    (NumeralKind::Bare, end)
}

/// What a number is by what stands before it.
fn aside_before(before: &str, after: &str) -> Option<Aside> {
    let tight = before.trim_end_matches([' ', '\u{a0}']);
    if before.ends_with(|c: char| c.is_ascii_alphabetic() || c == '_' || c == '-') {
        return Some(Aside::Code);
    }
    if after.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return Some(Aside::Code);
    }
    if tight.ends_with(['〔', '［', '[']) || (tight.ends_with(['〕', '］', ']']) && after.starts_with('号')) {
        return Some(Aside::DocumentNumber);
    }
    let opens = tight.is_empty() || tight.ends_with(['。', '；', ';', '\n', '：', ':', '，']);
    let numbered = after.starts_with(['.', '．', '、', ')', '）']);
    if opens && numbered {
        return Some(Aside::Ordinal);
    }
    if tight.ends_with(['（', '(']) && after.starts_with(['）', ')']) {
        return Some(Aside::Ordinal);
    }
    ORDINALS.iter().any(|word| tight.ends_with(word)).then_some(Aside::Ordinal)
}

/// What a number is by what stands after it.
fn aside_after(before: &str, rest: &str, digits: &str) -> Option<Aside> {
    let whole = !digits.contains('.');
    if rest.starts_with('年') && whole && (digits.len() == 4 || digits.len() == 2) {
        return Some(Aside::Date);
    }
    if whole && digits.len() <= 2 && (rest.starts_with('日') || (rest.starts_with('月') && !rest.starts_with("月份额")))
    {
        return Some(Aside::Date);
    }
    if whole && digits.len() == 4 && rest.starts_with(['-', '/', '—', '～', '~']) {
        return Some(Aside::Date);
    }
    if TIMES.iter().any(|word| rest.starts_with(word)) || rest.starts_with("分钟") {
        return Some(Aside::Time);
    }
    let line_formula = before.ends_with(['+', '（', '…', '－', '+', '=', '＝']) || rest.starts_with(['+', '－', '=']);
    if whole && (line_formula || CODES.iter().any(|word| rest.starts_with(word))) {
        return Some(Aside::Code);
    }
    (whole && digits.len() >= 5 && !rest.starts_with(|c: char| "个家场次通笔项辆台套人名户条宗件".contains(c)))
        .then_some(Aside::Code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<(String, NumeralKind)> {
        numerals(text).into_iter().map(|token| (text[token.range.clone()].to_owned(), token.kind)).collect()
    }

    #[test]
    fn a_numeral_has_its_unit_spaces_or_not() {
        let count = |unit: &str| NumeralKind::Count(unit.to_owned());
        let expected = [
            ("1,811 笔", count("笔")),
            ("3.7亿元", NumeralKind::Amount(Scale::HundredMillion)),
            ("55 万", NumeralKind::Amount(Scale::TenThousand)),
            ("9.1％", NumeralKind::Percent),
            ("13人次", count("人次")),
            ("763.18", NumeralKind::Bare),
        ];
        let found = kinds("成交1,811 笔、3.7亿元，付了55 万，占9.1％，接待13人次，决算数为763.18，");
        assert_eq!(found, expected.map(|(text, kind)| (text.to_owned(), kind)));
    }

    #[test]
    fn dates_item_numbers_and_codes_are_no_figures() {
        let text = "1. 截至2023年12月31日，图 3、公开01表27行、（2）川财采〔2022〕41号、年度目标 2：24小时";
        assert!(numerals(text).iter().all(|token| matches!(token.kind, NumeralKind::Aside(_))), "{:?}", kinds(text));
    }
}
