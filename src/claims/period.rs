//! Which year a figure is of: the words before it in its sentence say so.

use super::lexicon::MOVES;

/// The period that a figure is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Period {
    /// The year of the disclosure.
    This,
    /// The year before.
    Prior,
    /// Part of a year, a plan, or any other year.
    Other,
}

/// Words that name a period without a number.
const WORDS: [(&str, Period); 14] = [
    ("上年", Period::Prior),
    ("上一年", Period::Prior),
    ("去年", Period::Prior),
    ("本年", Period::This),
    ("当年", Period::This),
    ("今年", Period::This),
    ("上半年", Period::Other),
    ("下半年", Period::Other),
    ("季度", Period::Other),
    ("截至目前", Period::Other),
    ("预计", Period::Other),
    ("近三年", Period::Other),
    ("近两年", Period::Other),
    ("下一年", Period::Other),
];

/// Words behind 上年 and 本年 that make them part of a name: 上年结转, 本年支出.
const NAMES: [(&str, &[&str]); 2] = [("上年", &["结转", "结余", "末"]), ("本年", &["支出", "收入"])];

/// A mention of a period in a text.
struct Mention {
    start: usize,
    end: usize,
    period: Period,
}

/// The period of what stands behind `before`, the words of the sentence so far; `year` is the
/// disclosure's.
pub(crate) fn of(before: &str, year: Option<i32>) -> Period {
    let mut found = mentions(before, year);
    found.sort_by_key(|mention| mention.start);
    let last = found.iter().rev().find(|mention| !is_compared(before, mention) || reaches(&before[mention.end..]));
    last.map_or(Period::This, |mention| mention.period)
}

/// Whether a sentence speaks of another period than the disclosure's, comparisons apart.
pub(crate) fn strays(sentence: &str, year: Option<i32>) -> bool {
    let found = mentions(sentence, year);
    found.iter().any(|mention| mention.period != Period::This && !is_compared(sentence, mention))
        || sentence.contains("计划")
}

fn mentions(text: &str, year: Option<i32>) -> Vec<Mention> {
    let named = |(word, period): &(&str, Period)| {
        let (len, period) = (word.len(), *period);
        text.match_indices(*word).map(|(start, _)| Mention { start, end: start + len, period }).collect::<Vec<_>>()
    };
    let is_name = |mention: &Mention| {
        let (word, behind) = (&text[mention.start..mention.end], &text[mention.end..]);
        NAMES.iter().any(|(name, ends)| *name == word && ends.iter().any(|end| behind.starts_with(end)))
    };
    let words = WORDS.iter().flat_map(named).filter(|mention| !is_name(mention));
    words.chain(years(text, year)).chain(months(text)).collect()
}

/// 2022年, 2023年度.
fn years(text: &str, year: Option<i32>) -> Vec<Mention> {
    let one = |(end, _): (usize, &str)| {
        let digits = digits_before(&text[..end]);
        let written: i32 = digits.parse().ok().filter(|_| digits.len() == 4)?;
        let period = match year.map(|year| written - year) {
            Some(0) | None => Period::This,
            Some(-1) => Period::Prior,
            Some(_) => Period::Other,
        };
        Some(Mention { start: end - digits.len(), end: end + '年'.len_utf8(), period })
    };
    text.match_indices('年').filter_map(one).collect()
}

/// 1-9月, 6月30日, but not the end of the year.
fn months(text: &str) -> Vec<Mention> {
    let one = |(at, _): (usize, &str)| {
        let month = digits_before(&text[..at]);
        let end = at + '月'.len_utf8();
        let ends = month == "12" && ["31日", "底", "末"].iter().any(|day| text[end..].starts_with(day));
        let opens = month == "1" && text[end..].starts_with("1日");
        let whole = ["1-12", "1—12", "1－12", "1至12"].iter().any(|range| text[..at].ends_with(range));
        let counts = !month.is_empty() && !ends && !opens && !whole;
        counts.then_some(Mention { start: at - month.len(), end, period: Period::Other })
    };
    text.match_indices('月').filter_map(one).collect()
}

fn digits_before(text: &str) -> &str {
    &text[text.trim_end_matches(|c: char| c.is_ascii_digit()).len()..]
}

/// 与2022年度相比, 比上年: what is spoken of is measured against it.
fn is_compared(text: &str, mention: &Mention) -> bool {
    text[..mention.start].ends_with(['比', '较', '与', '同', '和', '由', '从', '于', '对'])
}

/// Whether a compared period is that of the figure behind it all the same: 比上年的100万元增加….
fn reaches(between: &str) -> bool {
    const PAUSES: [char; 5] = ['，', '、', '：', '；', '。'];
    let moves = MOVES.iter().any(|(word, _)| between.contains(word));
    !between.contains(|c: char| c.is_ascii_digit() || PAUSES.contains(&c)) && !moves && !between.contains("相比")
}
