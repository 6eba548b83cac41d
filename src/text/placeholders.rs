//! Marks and words of a model text that stand for what is still to be written or chosen.
//!
//! One list for data files and for prose. Markdown's own `**bold**` is no placeholder: what is
//! marked by `**` needs two of them, and text after the first.

use std::ops::Range;

use super::charset::CharSet;

/// Characters that stand for a figure or a name still to be written: `增长xx%`, `××部门`.
const BLANKS: [char; 6] = ['x', 'X', 'ｘ', 'Ｘ', '×', '＊'];

/// Words of direction of which a model text gives both: `增加/减少`, `增长（下降）`.
const DIRECTIONS: [(&str, &str); 9] = [
    ("增加", "减少"),
    ("增长", "下降"),
    ("增长", "降低"),
    ("增加", "降低"),
    ("上升", "下降"),
    ("提高", "降低"),
    ("大于", "小于"),
    ("高于", "低于"),
    ("多于", "少于"),
];

/// Model wording that names nothing.
const NAMELESS: [&str; 2] = ["某某", "（列明"];

/// Every mark or word in a text (with its characters) that was not replaced, in order of its
/// kind: blanks, stars, underscores, unchosen directions, nameless words.
pub fn left<'t>(text: &'t str, chars: &'t CharSet) -> impl Iterator<Item = Range<usize>> {
    let marks = may_have_marks(chars).then(|| marks(text)).into_iter().flatten();
    marks.chain(unchosen(text, chars)).chain(nameless(text, chars))
}

/// Whether there can be any of [`marks`] or [`plain_marks`] in a text with these characters.
pub fn may_have_marks(chars: &CharSet) -> bool {
    chars.has_any("*_＿\\") || BLANKS.iter().any(|blank| chars.has(*blank))
}

/// Marks that stand for a figure or a name: `xx`, `××`, `**`, `\*\*`, `____`.
pub fn marks(text: &str) -> impl Iterator<Item = Range<usize>> {
    let escaped = text.match_indices("\\*\\*").map(|(at, word)| at..at + word.len());
    blanks(text).chain(stars(text)).chain(underscores(text)).chain(escaped)
}

/// Marks as in [`marks`], in a text without markup: stars are never bold, and every one is told.
pub fn plain_marks(text: &str) -> impl Iterator<Item = Range<usize>> {
    let stars = runs(text, |c| c == '*').filter(|run| run.len() > 1).filter(|run| {
        let (before, after) = (&text[..run.start], &text[run.end..]);
        let digit = |c: char| c.is_ascii_alphanumeric();
        let multiplies = before.ends_with(digit) && after.starts_with(digit);
        let divides = run.len() > 2 && is_alone(before, after);
        !multiplies && !divides
    });
    let escaped = text.match_indices("\\*\\*").map(|(at, word)| at..at + word.len());
    blanks(text).chain(stars).chain(underscores(text)).chain(escaped)
}

/// Both words of a direction, of which one was to be chosen; 净增加（减少）额 is a term.
pub fn unchosen<'t>(text: &'t str, chars: &'t CharSet) -> impl Iterator<Item = Range<usize>> {
    let may_part = may_part(chars);
    DIRECTIONS
        .iter()
        .filter(move |(one, other)| may_part && chars.may_hold(one) && chars.may_hold(other))
        .flat_map(|(one, other)| [(*one, *other), (*other, *one)])
        .flat_map(|(one, other)| both(text, one, other))
        .filter(|found| !text[..found.start].ends_with('净'))
}

fn nameless<'t>(text: &'t str, chars: &'t CharSet) -> impl Iterator<Item = Range<usize>> {
    let words = NAMELESS.iter().filter(|word| chars.may_hold(word));
    words.flat_map(|word| text.match_indices(word)).map(|(at, word)| at..at + word.len())
}

/// Whether there can be anything that parts alternatives, as [`both`] finds them.
pub fn may_part(chars: &CharSet) -> bool {
    chars.has_any("/／（(")
}

/// Where two words stand as alternatives: `甲/乙`, `甲（乙）`, with either width.
pub fn both(text: &str, one: &str, other: &str) -> Vec<Range<usize>> {
    let end_of = |at: usize| {
        let after = &text[at + one.len()..];
        let mark = after.chars().next().filter(|mark| "/／（(".contains(*mark))?;
        let after = after[mark.len_utf8()..].strip_prefix(other)?;
        let close = after.chars().next().filter(|close| "）)".contains(*close));
        let end = text.len() - after.len();
        if "/／".contains(mark) { Some(end) } else { close.map(|close| end + close.len_utf8()) }
    };
    text.match_indices(one).filter_map(|(at, _)| Some(at..end_of(at)?)).collect()
}

/// Two or more blanks side by side, or one before a unit; not part of a Latin word, a number or
/// an address.
fn blanks(text: &str) -> impl Iterator<Item = Range<usize>> {
    runs(text, |c| BLANKS.contains(&c)).filter(|run| {
        let (before, after) = (&text[..run.start], &text[run.end..]);
        let is_latin = |c: char| c.is_ascii_alphanumeric() || "./_-:@\\".contains(c);
        let joined = before.ends_with(is_latin) || after.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '.');
        let long = text[run.clone()].chars().nth(1).is_some();
        !joined && (long || before_unit(after))
    })
}

/// Two or more `*` that mark nothing: the first of a pair with no text after it, one without a
/// partner, or too many; a masked number (`138****1234`) and a line of stars are what they are.
/// Only the first is told: after it, it is not known which belong together.
fn stars(text: &str) -> std::option::IntoIter<Range<usize>> {
    first_stars(text).into_iter()
}

fn first_stars(text: &str) -> Option<Range<usize>> {
    let mut open: Option<Range<usize>> = None;
    for run in runs(text, |c| c == '*').filter(|run| run.len() > 1) {
        let (before, after) = (&text[..run.start], &text[run.end..]);
        let digit = |c: char| c.is_ascii_alphanumeric();
        let is_mask = run.len() > 2 && before.ends_with(digit) && after.starts_with(digit);
        if is_mask || (run.len() > 2 && is_alone(before, after)) {
            continue;
        }
        let marks_nothing = after.is_empty()
            || before_unit(after)
            || after.starts_with(|c: char| c.is_whitespace() || "，。、；：）)|".contains(c));
        if run.len() > 3 || (open.is_none() && marks_nothing) {
            return Some(run);
        }
        open = if open.is_none() { Some(run) } else { None };
    }
    open
}

/// Three or more `_`, to be written over; a line of them is a rule.
fn underscores(text: &str) -> impl Iterator<Item = Range<usize>> {
    runs(text, |c| c == '_' || c == '＿').filter(|run| {
        let (before, after) = (&text[..run.start], &text[run.end..]);
        let is_latin = |c: char| c.is_ascii_alphanumeric();
        let long = text[run.clone()].chars().nth(2).is_some();
        long && !is_alone(before, after) && !before.ends_with(is_latin) && !after.starts_with(is_latin)
    })
}

/// Whether nothing else stands on the line.
fn is_alone(before: &str, after: &str) -> bool {
    let line_before = before.rsplit('\n').next().unwrap_or_default();
    let line_after = after.split('\n').next().unwrap_or_default();
    line_before.trim().is_empty() && line_after.trim().is_empty()
}

/// Whether a unit follows; one that may begin another word (人员) must end its clause.
fn before_unit(after: &str) -> bool {
    let ends =
        |rest: &str| rest.is_empty() || rest.starts_with(|c: char| c.is_whitespace() || "，。、；）)（(".contains(c));
    ["万元", "亿元", "%", "％", "个百分点", "批次", "人次"].iter().any(|unit| after.starts_with(unit))
        || ["元", "辆", "人", "场", "场次", "个"].iter().any(|unit| after.strip_prefix(unit).is_some_and(ends))
}

/// The longest stretches of characters of a kind, in order.
fn runs(text: &str, is_one: impl Fn(char) -> bool) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text[at..].find(&is_one)?;
        at = text[start..].find(|c| !is_one(c)).map_or(text.len(), |length| start + length);
        Some(start..at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(text: &str) -> Option<&str> {
        left(text, &CharSet::of(text)).min_by_key(|found| found.start).map(|found| &text[found])
    }

    #[test]
    fn what_stands_for_a_figure_or_name_is_found() {
        let known = [
            ("增长xx%", "xx"),
            ("增长x%", "x"),
            ("XX部门整体绩效", "XX"),
            ("ＸＸ局", "ＸＸ"),
            ("支出×万元", "×"),
            ("完成××项", "××"),
            ("共＊＊人", "＊＊"),
            ("接待某某单位", "某某"),
            ("其他（列明名称）", "（列明"),
            ("支出**万元，增长**%", "**"),
            ("共 ** 人", "**"),
            ("支出**", "**"),
            ("**小计：甲****乙", "****"),
            ("公务用车**辆，共**人。", "**"),
            ("接待**批次、**人次", "**"),
            ("**甲**支出**乙", "**"),
            ("支出\\*\\*万元", "\\*\\*"),
            ("支出____万元", "____"),
            ("决算数增加/减少3万元", "增加/减少"),
            ("支出下降（增长）3%", "下降（增长）"),
            ("增长(下降)3%", "增长(下降)"),
            ("大于／小于预算", "大于／小于"),
        ];
        for (text, mark) in known {
            assert_eq!(first(text), Some(mark), "{text}");
        }
    }

    #[test]
    fn in_a_text_without_markup_every_pair_of_stars_stands_for_something() {
        let all = |text| plain_marks(text).map(|found| &text[found]).collect::<Vec<&str>>();
        assert_eq!(all("公务接待费支出**万元，接待**批次。公务用车**辆，支出**万元。"), ["**"; 4]);
        assert_eq!(all("由**牵头，**配合"), ["**"; 2]);
        assert!(all("电话138****1234，2**3\n***\n* 甲").is_empty());
    }

    #[test]
    fn bold_text_products_addresses_and_masks_are_no_placeholders() {
        let silent = [
            "**年初预算**和**决算**",
            "支出**373.97**万元，占**62**%",
            "***甲***",
            "**人员经费**3万元，**个人**，**场地费**",
            "前\n***\n后",
            "前\n____\n后",
            "* 甲\n* 乙",
            "**甲\n乙**",
            "长×宽×高，3×5",
            "max、Linux、0xff、1xx",
            "https://xx.example.gov.cn/xxgk/",
            "图例.xxx",
            "电话138****1234",
            "x 轴",
            "列明的项目",
            "snake___case",
            "现金净增加（减少）额",
            "增加（含追加）",
        ];
        for text in silent {
            assert_eq!(first(text), None, "{text}");
        }
    }
}
