//! Figures as self-evaluations print them: `≥500场`, `81.38%`, `不低于2800万元`, read exactly.
//!
//! Only a plain figure is read: one number with at most one comparison before it and a short
//! unit after it. Sentences, ranges and lists are no measures, and rules leave them alone.

use std::borrow::Cow;

use crate::amount::{Amount, Scale};
use crate::text::fold_width;

/// How an actual value is held to a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bound {
    /// ≥, 不低于, …以上
    AtLeast,
    /// ＞
    Above,
    /// ≤, 不超过, …以内
    AtMost,
    /// ＜
    Below,
    /// ＝
    Equal,
}

/// A figure with its unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Measure {
    /// The comparison before it (or 以上, 以内 after it).
    pub bound: Option<Bound>,
    /// The number; amounts of money in 元.
    pub value: Amount,
    /// The unit, `场` or `%`; `元` for any scale of money, empty where none is written.
    pub unit: String,
}

/// Comparisons as they are written, the longer ones first.
const BOUNDS: [(&str, Bound); 21] = [
    ("大于等于", Bound::AtLeast),
    ("大于或等于", Bound::AtLeast),
    ("小于等于", Bound::AtMost),
    ("小于或等于", Bound::AtMost),
    (">=", Bound::AtLeast),
    ("<=", Bound::AtMost),
    ("≥", Bound::AtLeast),
    ("≧", Bound::AtLeast),
    ("≤", Bound::AtMost),
    ("≦", Bound::AtMost),
    ("不低于", Bound::AtLeast),
    ("不少于", Bound::AtLeast),
    ("至少", Bound::AtLeast),
    ("不高于", Bound::AtMost),
    ("不超过", Bound::AtMost),
    ("不多于", Bound::AtMost),
    ("大于", Bound::Above),
    (">", Bound::Above),
    ("小于", Bound::Below),
    ("<", Bound::Below),
    ("=", Bound::Equal),
];

/// What may follow a unit.
const AFTER: [(&str, Bound); 3] = [("以上", Bound::AtLeast), ("以下", Bound::AtMost), ("以内", Bound::AtMost)];

/// The longest unit in characters: `元/人·次`.
const LONGEST_UNIT: usize = 6;

/// More bytes than a comparison, a number and a unit ever take: what is longer is a sentence.
pub(super) const LONGEST: usize = 80;

/// A text with its figures in half width; most are so already.
pub(super) fn half_width(text: &str) -> Cow<'_, str> {
    let is_wide = |c: char| matches!(c, '\u{2212}' | '\u{3000}' | '\u{ff01}'..='\u{ff5e}');
    if text.contains(is_wide) { Cow::Owned(fold_width(text)) } else { Cow::Borrowed(text) }
}

/// The comparison that a text begins with, and what follows it.
pub(super) fn bound(text: &str) -> (Option<Bound>, &str) {
    let text = text.trim();
    let found = BOUNDS.iter().find_map(|(word, bound)| Some((*bound, text.strip_prefix(word)?)));
    found.map_or((None, text), |(bound, rest)| (Some(bound), rest.trim_start()))
}

/// The number that a half-width text begins with, and what follows it.
pub(super) fn number(text: &str) -> Option<(&str, &str)> {
    let sign = usize::from(text.starts_with('-'));
    let digits = text[sign..].find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',');
    let end = digits.map_or(text.len(), |at| sign + at);
    text[sign..end].starts_with(|c: char| c.is_ascii_digit()).then(|| text.split_at(end))
}

impl Measure {
    /// The measure that a text is; `None` when it is none. `unit` is the table's unit column,
    /// which stands for a unit that the text leaves out.
    pub(super) fn read(text: &str, unit: Option<&str>) -> Option<Self> {
        if text.len() > LONGEST {
            return None;
        }
        let text = half_width(text);
        let (before, rest) = bound(&text);
        let (number, rest) = number(rest)?;
        let rest = rest.trim();
        let after = AFTER.iter().find_map(|(word, bound)| Some((*bound, rest.strip_suffix(word)?.trim_end())));
        let (after, written) = after.map_or((None, rest), |(bound, unit)| (Some(bound), unit));
        if !is_unit(written) || is_date(number, written) {
            return None;
        }
        let column = unit.map(half_width);
        let unit = if written.is_empty() { column.as_deref().unwrap_or_default().trim() } else { written };
        let money = Scale::from_name(unit);
        let value = Amount::parse(number, money.unwrap_or(Scale::Yuan)).ok()?;
        let unit = if money.is_some() { "元" } else { same_unit(unit) };
        Some(Self { bound: before.or(after), value, unit: unit.to_owned() })
    }
}

/// Whether a text may be a unit: few characters, and none that a sentence needs.
fn is_unit(text: &str) -> bool {
    // Asking for the script first spares most units the table of all letters.
    let is_letter = |c: char| matches!(c, '\u{4e00}'..='\u{9fff}') || c.is_alphabetic();
    let of_unit = |c: char| matches!(c, '%' | '‰' | '/' | '·' | '㎡' | '℃') || is_letter(c);
    text.chars().nth(LONGEST_UNIT).is_none() && text.chars().all(of_unit)
}

/// Whether a number with what follows it is a date: `2023年底`, `6月底`.
fn is_date(number: &str, unit: &str) -> bool {
    (number.len() == 4 && unit.starts_with('年')) || unit.starts_with('月')
}

/// One word for units that mean the same; a count is one of the year with or without `/年`.
fn same_unit(unit: &str) -> &str {
    match unit.strip_suffix("/年").unwrap_or(unit) {
        "日" => "天",
        unit => unit,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(Option<Bound>, String, String)> {
        let measure = Measure::read(text, None)?;
        Some((measure.bound, measure.value.print(Scale::Yuan).trimmed(), measure.unit))
    }

    #[test]
    fn plain_figures_are_read_with_their_comparison_and_unit() {
        let some = |bound, value: &str, unit: &str| Some((bound, value.to_owned(), unit.to_owned()));
        assert_eq!(read("≥500场"), some(Some(Bound::AtLeast), "500", "场"));
        assert_eq!(read("３．７６％"), some(None, "3.76", "%"));
        assert_eq!(read("不超过2,800万元"), some(Some(Bound::AtMost), "28000000", "元"));
        assert_eq!(read("60件以上"), some(Some(Bound::AtLeast), "60", "件"));
        assert_eq!(read("＝ 1"), some(Some(Bound::Equal), "1", ""));
        assert_eq!((read("30日"), read("12次/年")), (some(None, "30", "天"), some(None, "12", "次")));
        assert_eq!(Measure::read("492", Some("人次")).unwrap().unit, "人次");
    }

    #[test]
    fn sentences_and_ranges_are_no_measures() {
        for text in
            ["", "达标", "90%-95%", "支部主题党日11次", "11次，党组学习11次", "≥ 场", "1.2.3%", "3套系统和2个平台"]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
