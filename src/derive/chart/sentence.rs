//! The sentence of a chart, and the words for shares in it.

use std::fmt;

use crate::amount::{Amount, Percent, Scale};
use crate::derive::change::{RATE_DECIMALS, rate_text};
use crate::derive::chart::Point;
use crate::model::stored::{Reader, Stored};

/// What a chart shows, in words; never empty, so no picture stands without a description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence(String);

impl Sentence {
    /// The sentence that a text is; `None` for a text that says nothing.
    pub fn of(text: impl Into<String>) -> Option<Self> {
        let text = text.into();
        text.chars().any(char::is_alphanumeric).then_some(Self(text))
    }

    /// The words.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Stored for Sentence {
    fn put(&self, out: &mut Vec<u8>) {
        self.0.put(out);
    }

    fn take(from: &mut Reader<'_>) -> Option<Self> {
        String::take(from).and_then(Self::of)
    }
}

impl fmt::Display for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// `373.97万元`
pub(super) fn money(amount: Amount, scale: Scale) -> String {
    format!("{}{scale}", amount.print(scale).trimmed())
}

/// The share of a part as prose writes it: what is not nothing is never `0%`, what is not
/// all, or more, is never `100%`.
pub(super) fn share_text(part: Amount, whole: Amount) -> Option<String> {
    let share = Percent::of(part, whole, RATE_DECIMALS)?;
    Some(match share.trimmed() {
        text if text == "100%" && part < whole => "近100%".to_owned(),
        text if text == "100%" && part > whole => "约100%".to_owned(),
        text if share.last_units == 0 && part.is_zero() => text,
        _ => rate_text(share),
    })
}

/// How many parts a sentence names before it says 其余.
const NAMED: usize = 4;

/// Parts of a whole from the greatest down: `甲占61.49%，乙占38.51%`, `全部是甲`.
pub(super) fn shares(parts: &[Point], whole: Amount) -> String {
    if let [only] = parts {
        return format!("全部是{}", only.label);
    }
    let mut known: Vec<(&str, Amount)> =
        parts.iter().filter_map(|part| Some((part.label.as_str(), part.amount()?))).collect();
    known.sort_by_key(|(_, amount)| std::cmp::Reverse(*amount));
    let named = if known.len() > NAMED + 1 { NAMED } else { known.len() };
    let mut words: Vec<String> = known[..named].iter().map(|(name, part)| said(name, *part, whole)).collect();
    if named < known.len() {
        let rest = known[named..].iter().map(|(_, amount)| *amount).sum();
        words.push(said(&format!("其余{}项", known.len() - named), rest, whole));
    }
    words.join("，")
}

fn said(name: &str, part: Amount, whole: Amount) -> String {
    share_text(part, whole).map_or_else(|| name.to_owned(), |share| format!("{name}占{share}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::derive::chart::Role;
    use crate::derive::fixture::wan;

    fn amount(text: &str) -> Amount {
        wan(text).amount().unwrap()
    }

    #[test]
    fn a_text_that_says_nothing_is_no_sentence() {
        assert_eq!([" ", "", "。", "——，"].map(Sentence::of), [None, None, None, None]);
        assert_eq!(Sentence::of("无。").unwrap().as_str(), "无。");
    }

    #[test]
    fn a_share_is_never_rounded_to_nothing_or_to_all() {
        let share = |part, whole| share_text(amount(part), amount(whole));
        assert_eq!(share("0.01", "1000").as_deref(), Some("不足0.01%"));
        assert_eq!(share("999.99", "1000").as_deref(), Some("近100%"), "99.999% prints as 100%");
        assert_eq!(share("1000", "1000").as_deref(), Some("100%"));
        assert_eq!(share("0", "1000").as_deref(), Some("0%"));
        assert_eq!(share("1", "0"), None);
    }

    #[test]
    fn many_parts_end_in_the_rest_and_one_part_is_all() {
        let parts = |texts: &[&str]| -> Vec<Point> {
            texts
                .iter()
                .zip("甲乙丙丁戊己".chars())
                .map(|(text, name)| Point::new(name, wan(text), Role::Source))
                .collect()
        };
        assert_eq!(shares(&parts(&["5"]), amount("5")), "全部是甲");
        assert_eq!(
            shares(&parts(&["1", "2", "3", "4", "5"]), amount("15")),
            "戊占33.33%，丁占26.67%，丙占20%，乙占13.33%，甲占6.67%"
        );
        assert_eq!(
            shares(&parts(&["1", "2", "3", "4", "5", "5"]), amount("20")),
            "戊占25%，己占25%，丁占20%，丙占15%，其余2项占15%"
        );
    }
}
