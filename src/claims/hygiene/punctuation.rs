//! Punctuation: doubled marks, quotes and brackets without their partner, half-width marks between
//! Chinese, paragraphs that stop without a stop; and words that are often written wrong.

use std::ops::Range;

use super::scan::{self, is_han, shown};
use super::{Fault, Part, Passage};

pub(super) fn find(passage: &Passage<'_>, faults: &mut Vec<Fault>) {
    let (text, chars) = (passage.text, passage.chars);
    doubled(text, faults);
    if PAIRS.iter().any(|(opening, closing)| chars.has_any(opening) || chars.has_any(closing)) {
        unbalanced(text, faults);
    }
    if HALF.iter().any(|(half, _)| chars.has(*half)) {
        half_width(text, faults);
    }
    if passage.part == Part::Prose {
        faults.extend(unfinished(text));
    }
    faults.extend(misspelt(passage));
}

/// Whether no two of a mark may meet.
const fn is_stop(c: char) -> bool {
    matches!(c, '，' | '。' | '；' | '、' | '：')
}

fn doubled(text: &str, faults: &mut Vec<Fault>) {
    let mut at = 0;
    while let Some(start) = text[at..].find(is_stop).map(|start| at + start) {
        let end = text[start..].find(|c| !is_stop(c)).map_or(text.len(), |length| start + length);
        at = end;
        if text[start..end].chars().nth(1).is_some() {
            let message = format!("标点“{}”重复", &text[start..end]);
            faults.push(Fault::new("T221", start..end, message).help("只留一个"));
        }
    }
}

/// Marks that come in pairs; brackets of either width may meet.
const PAIRS: [(&str, &str); 7] =
    [("“", "”"), ("‘", "’"), ("《", "》"), ("（(", "）)"), ("【", "】"), ("「", "」"), ("〔", "〕")];

/// Marks without their partner. A bracket after a number at the head of a clause (`1）`) is an
/// item's; a paragraph that opens with “ and does not close may go on in the next.
fn unbalanced(text: &str, faults: &mut Vec<Fault>) {
    let mut open: Vec<(usize, usize, char)> = Vec::new();
    for (at, c) in text.char_indices().filter(|(_, c)| may_pair(*c)) {
        if let Some(kind) = PAIRS.iter().position(|(opening, _)| opening.contains(c)) {
            if let Some(same) = open.iter().position(|(_, other, _)| *other == kind && kind < 3) {
                let (start, _, mark) = open.remove(same);
                faults.push(lonely(text, start, mark));
            }
            open.push((at, kind, c));
        } else if let Some(kind) = PAIRS.iter().position(|(_, closing)| closing.contains(c)) {
            match open.iter().rposition(|(_, other, _)| *other == kind) {
                Some(partner) => {
                    open.remove(partner);
                }
                None if is_item(&text[..at]) || c == '’' => {}
                None => faults.push(lonely(text, at, c)),
            }
        }
    }
    let goes_on = |(start, kind, _): &(usize, usize, char)| *start == 0 && *kind == 0;
    faults.extend(open.into_iter().filter(|found| !goes_on(found)).map(|(at, _, mark)| lonely(text, at, mark)));
}

/// Whether a character may be one of [`PAIRS`]: most are Chinese writing, and none of those.
const fn may_pair(c: char) -> bool {
    matches!(c, '(' | ')' | '\u{2010}'..='\u{301F}' | '\u{FF00}'..='\u{FF0F}')
}

/// Whether what stands before a closing bracket is an item's number: `1`, `一`, `a`.
fn is_item(before: &str) -> bool {
    let head = before.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || "一二三四五六七八九十".contains(c));
    head.len() < before.len()
        && (head.trim().is_empty() || head.ends_with(|c: char| "。；：，、\n \u{3000}（(".contains(c)))
}

fn lonely(text: &str, at: usize, mark: char) -> Fault {
    let end = at + mark.len_utf8();
    let near: String = text[at..].chars().take(12).collect();
    let message = format!("“{}”处的“{mark}”没有配对", shown(near.lines().next().unwrap_or_default()));
    Fault::new("T222", at..end, message).help("补上缺的一半，或者改正方向、删去多余的一个")
}

/// Half-width marks between Chinese, and what they should be.
const HALF: [(char, &str); 6] = [(',', "，"), (';', "；"), (':', "："), ('?', "？"), ('!', "！"), ('"', "”")];

fn half_width(text: &str, faults: &mut Vec<Fault>) {
    for (at, c) in text.char_indices() {
        let Some((_, full)) = HALF.iter().find(|(half, _)| *half == c) else { continue };
        let chinese = |c: char| is_han(c) || "”“）（》《%％".contains(c);
        let before = text[..at].trim_end_matches(' ').chars().next_back();
        let after = text[at + 1..].trim_start_matches(' ').chars().next();
        let between = match c {
            '"' => before.is_some_and(is_han) || after.is_some_and(is_han),
            _ => before.is_some_and(chinese) && after.is_some_and(|after| is_han(after) || after == '“'),
        };
        // 错误!未定义书签 is a field's message, told as such.
        if between && !(c == '!' && text[..at].ends_with("错误")) {
            let message = format!("中文之间用了半角的“{c}”");
            let quotes = if c == '"' { "改用“”" } else { "" };
            let help = if quotes.is_empty() { format!("改用“{full}”") } else { quotes.to_owned() };
            faults.push(Fault::new("T223", at..at + 1, message).help(help));
        }
    }
}

/// A paragraph with a whole sentence in it whose last one has no stop.
fn unfinished(text: &str) -> Option<Fault> {
    let text = text.trim_end();
    let last = text.chars().next_back()?;
    let open = is_han(last) || last == '%' || last == '％' || scan::digit(last).is_some();
    (open && text.contains('。')).then(|| {
        let at = text.len() - last.len_utf8();
        Fault::new("T224", at..text.len(), "段末没有标点").help("补上句号；如有漏掉的内容，一并补上")
    })
}

/// Words often written wrong, and how they are written.
const MISSPELT: [(&str, &str); 9] = [
    ("签定", "签订"),
    ("帐户", "账户"),
    ("帐簿", "账簿"),
    ("结帐", "结账"),
    ("报帐", "报账"),
    ("安祥", "安详"),
    ("既使", "即使"),
    ("按装", "安装"),
    ("布署", "部署"),
];

fn misspelt<'a>(passage: &Passage<'a>) -> impl Iterator<Item = Fault> + use<'a> {
    let (text, chars) = (passage.text, passage.chars);
    let listed = MISSPELT.iter().filter(|(wrong, _)| chars.may_hold(wrong)).flat_map(move |(wrong, right)| {
        text.match_indices(wrong).map(|(at, wrong)| (at..at + wrong.len(), (*right).to_owned()))
    });
    let until = chars.may_hold("截止").then(|| until(text)).into_iter().flatten();
    listed.chain(until).map(|(range, right)| {
        let message = format!("“{}”多半应是“{right}”", &text[range.clone()]);
        Fault::new("T225", range, message).help(format!("改成“{right}”")).expected(right)
    })
}

/// 截止2023年12月31日: a state on a day is 截至.
fn until(text: &str) -> impl Iterator<Item = (Range<usize>, String)> {
    text.match_indices("截止").filter_map(|(at, word)| {
        let after = text[at + word.len()..].trim_start();
        let day = after.starts_with(|c: char| scan::digit(c).is_some())
            || after.starts_with("本年")
            || after.starts_with("目前");
        day.then(|| (at..at + word.len(), "截至".to_owned()))
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{codes, silent};
    use super::*;

    #[test]
    fn every_mark_that_comes_in_a_pair_is_looked_at() {
        let marks = PAIRS.iter().flat_map(|(opening, closing)| opening.chars().chain(closing.chars()));
        assert_eq!(marks.filter(|mark| !may_pair(*mark)).collect::<String>(), "");
    }

    #[test]
    fn doubled_lonely_and_half_width_marks_are_found() {
        let known: [(&str, &[(&str, &str)]); 8] = [
            ("节资率3.75%。；二是服务。", &[("T221", "。；")]),
            ("支出3万元。。", &[("T221", "。。")]),
            ("导致“甲”“乙未能达标。", &[("T222", "“")]),
            ("开展“甲“乙”工作。", &[("T222", "“")]),
            ("因公出国（境费0万元。", &[("T222", "（")]),
            ("经费境）0万元。", &[("T222", "）")]),
            ("支出3.6万元,完成预算;方面:一般", &[("T223", ","), ("T223", ";"), ("T223", ":")]),
            ("开展\"回头看\"工作。", &[("T223", "\""), ("T223", "\"")]),
        ];
        for (text, found) in known {
            assert_eq!(codes(text), found, "{text}");
        }
    }

    #[test]
    fn items_ellipses_mixed_brackets_times_and_thousands_are_silent() {
        silent(&[
            "1）数量指标；2）质量指标。",
            "等……事项——另行说明。",
            "事业运行(项)和(款）。",
            "“甲‘乙’丙”，《关于〈丁〉的通知》。",
            "10:30开标，成交1,811笔。",
            "“引文的第一段。",
        ]);
    }

    #[test]
    fn a_paragraph_without_its_stop_and_a_common_slip_are_told() {
        assert_eq!(codes("收入373.97万元。其中：财政拨款占本年收入100%"), [("T224", "%")]);
        assert_eq!(codes("截止2023年12月31日，共签定3份合同。"), [("T225", "截止"), ("T225", "签定")]);
        silent(&["报名截止时间为五月。", "二、收入决算情况说明", "截至2023年12月31日，有车1辆。"]);
    }
}
