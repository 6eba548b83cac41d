//! What a model text leaves behind: placeholders, alternatives that nobody chose between, its
//! instructions, and units that wait for their number.

use std::ops::Range;

use super::scan::{self, shown};
use super::{Fault, Part, Passage};
use crate::claims::TextFormat;
use crate::diagnostic::Severity;
use crate::text::placeholders;

pub(super) fn find(passage: &Passage<'_>, faults: &mut Vec<Fault>) {
    let (text, chars) = (passage.text, passage.chars);
    match passage.format {
        _ if !placeholders::may_have_marks(chars) => {}
        TextFormat::Plain => faults.extend(placeholders::plain_marks(text).map(|range| placeholder(text, range))),
        TextFormat::Markdown => faults.extend(placeholders::marks(text).map(|range| placeholder(text, range))),
    }
    faults.extend(placeholders::unchosen(text, chars).map(|range| direction(text, range)));
    if placeholders::may_part(chars) && chars.may_hold("部门单位") {
        bodies(passage, faults);
    }
    faults.extend(left_words(passage));
    if chars.may_hold("年月日") {
        faults.extend(empty_dates(text));
    }
    if passage.part != Part::Cell {
        faults.extend(empty_amounts(passage).chain(empty_shares(passage)).chain(empty_counts(passage)));
    }
}

fn placeholder(text: &str, range: Range<usize>) -> Fault {
    let message = format!("“{}”没有换成实际的内容", &text[range.clone()]);
    Fault::new("T201", range, message).help("写上实际的名称或数；没有这项内容就删去这一句")
}

/// Both directions before a figure can never be right; alone they may stand in an instruction.
fn direction(text: &str, range: Range<usize>) -> Fault {
    let after = text[range.end..].trim_start();
    let before_figure = after.starts_with(|c: char| scan::digit(c).is_some() || "xX×ｘＸ*＊$\\_%％".contains(c))
        || after.starts_with("万元")
        || after.starts_with("的主要原因");
    let severity = if before_figure { Severity::Error } else { Severity::Warning };
    let message = format!("“{}”没有选定一个", &text[range.clone()]);
    Fault::new("T202", range, message).severity(severity).help("按数的方向留一个词，删去另一个；没有变动的写“持平”")
}

/// Words before 部门（单位） that make it a lawful pair.
const PAIRED: [&str; 12] = ["各", "有关", "相关", "主管", "预算", "所属", "直属", "管理", "其他", "级", "个别", "涉及"];

/// 部门 and 单位 as alternatives: an error where the document speaks of itself, otherwise a
/// question, silent in titles and where both are meant.
fn bodies(passage: &Passage<'_>, faults: &mut Vec<Fault>) {
    let text = passage.text;
    let pairs = [("部门", "单位"), ("单位", "部门")];
    for range in pairs.into_iter().flat_map(|(one, other)| placeholders::both(text, one, other)) {
        let before = text[..range.start].trim_end();
        let of_itself = ["我", "本"].iter().any(|word| before.ends_with(word));
        // A title of a rule may name both; a title that waits for its name may not.
        let in_title = before.rfind('《') > before.rfind('》') && placeholders::marks(before).next().is_none();
        if !of_itself && (in_title || PAIRED.iter().any(|word| before.ends_with(word))) {
            continue;
        }
        let severity = if of_itself { Severity::Error } else { Severity::Warning };
        let message = format!("“{}”没有选定一个", &text[range.clone()]);
        let word = passage.known.word.map_or_else(|| "自己的一个称谓".to_owned(), |word| format!("“{word}”"));
        faults.push(Fault::new("T202", range, message).severity(severity).help(format!("只留{word}")));
    }
}

/// Instructions of model texts, and how sure it is that they are left over.
const LEFT: [(&str, Severity); 19] = [
    ("其他专用名词", Severity::Error),
    ("（列明", Severity::Error),
    ("(列明", Severity::Error),
    ("某某", Severity::Error),
    ("请填写", Severity::Error),
    ("（填写", Severity::Error),
    ("此处填", Severity::Error),
    ("此处插入", Severity::Error),
    ("根据实际情况填写", Severity::Error),
    ("根据实际情况增减", Severity::Error),
    ("根据实际情况修改", Severity::Error),
    ("单位名称（全称）", Severity::Warning),
    ("（单位全称）", Severity::Error),
    ("（单位名称）", Severity::Warning),
    ("（部门名称）", Severity::Warning),
    ("（项目名称）", Severity::Warning),
    ("（具体说明", Severity::Warning),
    ("（简要说明", Severity::Warning),
    ("（如有", Severity::Warning),
];

fn left_words<'a>(passage: &Passage<'a>) -> impl Iterator<Item = Fault> + use<'a> {
    let (text, chars) = (passage.text, passage.chars);
    LEFT.iter().filter(|(word, _)| chars.may_hold(word)).flat_map(move |(word, severity)| {
        text.match_indices(word).map(|(at, word)| {
            let message = format!("模板中的“{word}”没有改");
            let fault = Fault::new("T203", at..at + word.len(), message).severity(*severity);
            fault.help("换成实际的内容；没有这项内容就删去")
        })
    })
}

/// `年 月 日` with room for the figures, nobody having written them.
fn empty_dates(text: &str) -> impl Iterator<Item = Fault> {
    text.match_indices('年').filter_map(|(at, year)| {
        let spaced = |rest: &str, word: char| {
            let next = rest.trim_start_matches([' ', '\u{3000}', '\u{A0}']);
            (next.len() < rest.len()).then(|| next.strip_prefix(word).map(str::len)).flatten()
        };
        let after = &text[at + year.len()..];
        let month = spaced(after, '月')?;
        let day = spaced(&after[after.len() - month..], '日')?;
        let range = at..text.len() - day;
        Some(Fault::new("T204", range, "日期没有写").severity(Severity::Warning).help("写上年月日，或者删去这一行"))
    })
}

/// Words after which an amount must follow.
const BEFORE_AMOUNT: [&str; 26] = [
    "为",
    "增加",
    "减少",
    "支出",
    "收入",
    "预算数",
    "决算数",
    "年初预算",
    "共",
    "共计",
    "合计",
    "总计",
    "总额",
    "金额",
    "资金",
    "均为",
    "上升",
    "节约",
    "超支",
    "结余",
    "≥",
    "≤",
    "大于",
    "小于",
    "经费",
    "费",
];

/// `支出万元`: 万元 or 亿元 where a figure should stand before it.
fn empty_amounts<'a>(passage: &Passage<'a>) -> impl Iterator<Item = Fault> + use<'a> {
    let (text, chars) = (passage.text, passage.chars);
    ["万元", "亿元"].into_iter().filter(|unit| chars.may_hold(unit)).flat_map(move |unit| {
        let found = text.match_indices(unit).map(|(at, unit)| at..at + unit.len());
        found.filter(|range| !is_of_unit(text, range)).filter_map(|range| empty(text, range, &BEFORE_AMOUNT))
    })
}

/// 以万元为单位, 金额单位：万元, 万元以上, 收入万元村: words about the unit itself.
fn is_of_unit(text: &str, range: &Range<usize>) -> bool {
    let after = text[range.end..].trim_start();
    !after.is_empty() && !after.starts_with(|c: char| "，。；、）(（".contains(c))
}

/// Words after which a share must follow.
const BEFORE_SHARE: [&str; 13] =
    ["为", "增长", "下降", "上升", "降低", "占", "的", "完成", "完成预算", "率", "达", "≥", "≤"];

/// `增长%`: a sign where a figure should stand before it.
fn empty_shares<'a>(passage: &Passage<'a>) -> impl Iterator<Item = Fault> + use<'a> {
    let (text, chars) = (passage.text, passage.chars);
    ["%", "％"].into_iter().filter(|unit| chars.may_hold(unit)).flat_map(move |unit| {
        let found = text.match_indices(unit).map(|(at, unit)| at..at + unit.len());
        found.filter_map(|range| empty(text, range, &BEFORE_SHARE))
    })
}

/// Words after which a count must follow, and what is counted.
const BEFORE_COUNT: [&str; 5] = ["共", "共计", "均为", "≥", "≤"];
const COUNTS: [&str; 12] = ["人次", "批次", "场次", "场", "个", "辆", "台", "笔", "家", "次", "条", "项"];

/// `≥场`: a count's unit with nothing before it, at the end of its clause.
fn empty_counts<'a>(passage: &Passage<'a>) -> impl Iterator<Item = Fault> + use<'a> {
    let (text, chars) = (passage.text, passage.chars);
    // One of the words before a count, or of the comparisons, must be there.
    let may_wait = chars.has_any("共均≥≤\\<>");
    COUNTS.into_iter().filter(move |unit| may_wait && chars.may_hold(unit)).flat_map(move |unit| {
        let found = text.match_indices(unit).map(|(at, unit)| at..at + unit.len());
        let ends = move |range: &Range<usize>| {
            text[range.end..].trim_start().chars().next().is_none_or(scan::is_break) && !text[range.clone()].is_empty()
        };
        found.filter(ends).filter_map(|range| empty(text, range, &BEFORE_COUNT))
    })
}

/// A unit after one of these words with at most spaces or a comparison in LaTeX between.
fn empty(text: &str, unit: Range<usize>, words: &[&str]) -> Option<Fault> {
    let before = text[..unit.start].trim_end();
    let sign = ["\\geq", "\\leq", "\\ge", "\\le", ">=", "<="].into_iter().find(|sign| before.ends_with(sign));
    let word = sign.or_else(|| words.iter().copied().filter(|word| before.ends_with(word)).max_by_key(|w| w.len()))?;
    let range = before.len() - word.len()..unit.end;
    let message = format!("“{}”中间缺数", shown(&text[range.clone()]));
    let help = format!("在“{}”前写上数；没有就写 0 或删去这一句", &text[unit]);
    Some(Fault::new("T204", range, message).help(help))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{codes, silent};

    #[test]
    fn placeholders_and_alternatives_that_nobody_chose_between_are_found() {
        let known: [(&str, &[(&str, &str)]); 8] = [
            ("运行维护费支出**万元。", &[("T201", "**")]),
            ("《2023年度XX单位自评摘要》", &[("T201", "XX")]),
            ("比上年增加/减少1.2万元，增长（下降）3%。", &[("T202", "增加/减少"), ("T202", "增长（下降）")]),
            ("支出上升/下降的主要原因是节约。", &[("T202", "上升/下降")]),
            ("我部门（单位）组织自评。", &[("T202", "部门（单位）")]),
            ("对1个部门(单位)开展评价。", &[("T202", "部门(单位)")]),
            ("18.其他专用名词。", &[("T203", "其他专用名词")]),
            ("其他支出（列明用途）3万元。", &[("T203", "（列明")]),
        ];
        for (text, found) in known {
            assert_eq!(codes(text), found, "{text}");
        }
    }

    #[test]
    fn bold_words_lawful_pairs_and_titles_are_silent() {
        silent(&[
            "各部门（单位）应当公开。",
            "依据《预算部门（单位）绩效管理办法》执行。",
            "按照《市级部门（单位）整体评价办法》评价。",
            "其他商品和服务支出1.48万元。",
            "现金净增加（减少）额为零。",
            "**全年**支出**3.5万元**。",
        ]);
    }

    #[test]
    fn units_that_wait_for_their_number_are_found() {
        let known: [(&str, &[(&str, &str)]); 8] = [
            ("年初预算为万元，支出决算为3.47万元。", &[("T204", "为万元")]),
            ("比上年增加 万元。", &[("T204", "增加 万元")]),
            ("比上年增长%。", &[("T204", "增长%")]),
            ("完成预算的 %，与上年持平。", &[("T204", "的 %")]),
            ("全年交易≥场；受理3件。", &[("T204", "≥场")]),
            ("接待国内来访团组共个，13人次。", &[("T204", "共个")]),
            ("公务接待费万元。", &[("T204", "费万元")]),
            ("填报日期：2024年 月 日", &[("T204", "年 月 日")]),
        ];
        for (text, found) in known {
            assert_eq!(codes(text), found, "{text}");
        }
    }

    #[test]
    fn words_about_the_unit_itself_lack_no_number() {
        silent(&[
            "金额单位：万元",
            "本套报表以万元为单位。",
            "资金万元以上的项目单独说明。",
            "预算数（万元）与决算数（万元）",
            "执行率（%）按执行数除以预算数计算。",
            "共场地三处。",
            "支出数百万元。",
            "均为个人账户。",
            "占 100 %。",
        ]);
    }
}
