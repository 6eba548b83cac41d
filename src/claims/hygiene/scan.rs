//! Small linear scanners that every kind of hygiene uses: sentences, numbers, neighbours.

use std::ops::Range;

/// What a number is counted in, as the text says right after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Measure {
    /// 元
    Yuan,
    /// 万元
    TenThousand,
    /// 亿元
    HundredMillion,
    /// %, ％, 个百分点
    Percent,
    /// 万 with nothing that it counts.
    BareTenThousand,
    /// Nothing: punctuation or the end of the text follows.
    Nothing,
    /// Some other word: 场, 年, 号.
    Word,
}

/// A number as it is written, its sign left aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Number {
    /// The digits in the text, without the unit.
    pub digits: Range<usize>,
    /// The unit in the text; empty where there is none.
    pub unit: Range<usize>,
    /// What it is counted in.
    pub measure: Measure,
    /// Its value in millionths of what it is counted in.
    pub micro: i128,
    /// How many decimals are written.
    pub decimals: usize,
}

impl Number {
    /// The number with its unit.
    pub const fn whole(&self) -> Range<usize> {
        self.digits.start..self.unit.end
    }
}

/// Decimals that are kept; a number with more is no figure of a disclosure.
const DECIMALS: usize = 6;

/// Units of money and shares, longest first.
const UNITS: [(&str, Measure); 7] = [
    ("个百分点", Measure::Percent),
    ("亿元", Measure::HundredMillion),
    ("万元", Measure::TenThousand),
    ("元", Measure::Yuan),
    ("\\%", Measure::Percent),
    ("%", Measure::Percent),
    ("％", Measure::Percent),
];

/// Every number of a text that is no part of a Latin word or a code, in order.
pub(super) fn numbers(text: &str) -> Vec<Number> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find(|c: char| digit(c).is_some()).map(|start| at + start) {
        let joined = text[..start].ends_with(|c: char| c.is_ascii_alphabetic() || "_.".contains(c));
        let number = number_at(text, start);
        at = number.as_ref().map_or_else(|| digits_end(text, start), |number| number.digits.end);
        found.extend(number.filter(|_| !joined));
    }
    found
}

/// The value of a digit of either width.
pub(super) fn digit(c: char) -> Option<u8> {
    let narrow = match c {
        '\u{FF10}'..='\u{FF19}' => char::from_u32(c as u32 - 0xFEE0)?,
        _ => c,
    };
    narrow.to_digit(10).and_then(|digit| u8::try_from(digit).ok())
}

fn digits_end(text: &str, start: usize) -> usize {
    text[start..].find(|c: char| digit(c).is_none()).map_or(text.len(), |length| start + length)
}

fn number_at(text: &str, start: usize) -> Option<Number> {
    let end = whole_end(text, start);
    let after = &text[end..];
    let point = after.chars().next().filter(|c| ".．".contains(*c)).map_or(0, char::len_utf8);
    let decimals_at = end + point;
    let decimals_end = if point == 0 { end } else { digits_end(text, decimals_at) };
    let end = if decimals_end > decimals_at { decimals_end } else { end };
    let decimals = text[decimals_at.min(end)..end].chars().count();
    let (measure, unit) = measure_after(text, end);
    Some(Number { digits: start..end, unit, measure, micro: micro(&text[start..end], decimals)?, decimals })
}

/// The end of the whole part, thousands parted by commas included.
fn whole_end(text: &str, start: usize) -> usize {
    let mut end = digits_end(text, start);
    while let Some(rest) = text[end..].strip_prefix(',') {
        let next = digits_end(text, end + 1);
        if next != end + 4 || rest.len() < 3 || end - start > 12 {
            break;
        }
        end = next;
    }
    end
}

fn micro(written: &str, decimals: usize) -> Option<i128> {
    let digits = written.chars().filter_map(digit);
    let value = digits.take(30).fold(0_i128, |value, digit| value * 10 + i128::from(digit));
    let missing = u32::try_from(DECIMALS.checked_sub(decimals)?).ok()?;
    (written.chars().count() <= 24).then(|| value * 10_i128.pow(missing))
}

fn measure_after(text: &str, end: usize) -> (Measure, Range<usize>) {
    let rest = text[end..].trim_start_matches([' ', '\n', '\u{A0}', '\u{3000}']);
    let start = text.len() - rest.len();
    if let Some((unit, measure)) = UNITS.iter().find(|(unit, _)| rest.starts_with(unit)) {
        return (*measure, start..start + unit.len());
    }
    let bare = |rest: &str| rest.chars().next().is_none_or(is_break);
    if let Some(after) = rest.strip_prefix('万').filter(|after| bare(after)) {
        return (Measure::BareTenThousand, start..text.len() - after.len());
    }
    (if bare(rest) { Measure::Nothing } else { Measure::Word }, end..end)
}

/// Whether a character ends a clause.
pub(super) const fn is_break(c: char) -> bool {
    matches!(c, '，' | '。' | '；' | '、' | '：' | '！' | '？' | '）' | '\n' | ',' | ';')
}

/// Whether a character is Chinese writing.
pub(super) const fn is_han(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}' | '〇')
}

/// The sentences of a text: stretches between 。；！？, in order.
pub(super) fn sentences(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..).filter(|rest| !rest.is_empty())?;
        let end = rest.find(|c: char| "。；！？".contains(c)).map_or(text.len(), |length| at + length);
        let found = at..end;
        at = text[end..].chars().next().map_or(text.len(), |c| end + c.len_utf8());
        Some(found)
    })
}

/// The clause that a place ends: from the comma or stop before it.
pub(super) fn clause_before(text: &str, at: usize) -> &str {
    let before = &text[..at];
    let start = before.rfind(|c: char| "，。；！？：、\n".contains(c));
    start.map_or(before, |start| before[start..].trim_start_matches(|c: char| "，。；！？：、\n".contains(c)))
}

/// A short stretch of a text for a message, its spaces taken out.
pub(super) fn shown(text: &str) -> String {
    const LONGEST: usize = 40;
    let mut kept = text.chars().filter(|c| !c.is_whitespace());
    let head: String = kept.by_ref().take(LONGEST).collect();
    if kept.next().is_some() { head + "…" } else { head }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_with_their_units_and_codes_are_not_numbers() {
        let read = |text| {
            let all = numbers(text).into_iter();
            all.map(|n| (text[n.digits.clone()].to_owned(), n.measure, n.micro)).collect::<Vec<_>>()
        };
        let known = [
            ("共1,811.5 万元", "1,811.5", Measure::TenThousand, 1_811_500_000),
            ("占６１％", "６１", Measure::Percent, 61_000_000),
            ("付55万；", "55", Measure::BareTenThousand, 55_000_000),
            ("为763.18，", "763.18", Measure::Nothing, 763_180_000),
            ("3.场", "3", Measure::Word, 3_000_000),
        ];
        for (text, digits, measure, micro) in known {
            assert_eq!(read(text), [(digits.to_owned(), measure, micro)], "{text}");
        }
        assert!(read("IPV6和A4").is_empty());
        assert_eq!(read("1，500万元").len(), 2);
        assert!(read(&"9".repeat(60)).is_empty());
    }

    #[test]
    fn sentences_end_at_stops() {
        let text = "甲，乙。丙；丁\n戊";
        assert_eq!(sentences(text).map(|found| &text[found]).collect::<Vec<_>>(), ["甲，乙", "丙", "丁\n戊"]);
    }
}
