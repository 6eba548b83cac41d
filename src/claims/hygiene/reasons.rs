//! Reasons and rates that contradict what they stand beside: a reason that says nothing or
//! explains no change, a change of nothing, a rate on a base of nothing, a sign against its word.

use std::ops::Range;

use super::scan::{self, Measure, Number, shown};
use super::{Fault, Part, Passage};
use crate::diagnostic::Severity;

pub(super) fn find(passage: &Passage<'_>, faults: &mut Vec<Fault>) {
    if passage.part != Part::Prose {
        return;
    }
    let (text, chars) = (passage.text, passage.chars);
    faults.extend(empty_reasons(passage));
    if chars.may_hold("持平") {
        faults.extend(unchanged(text));
        faults.extend(scan::sentences(text).filter_map(|range| moved_and_level(text, range)));
    }
    if !chars.has_digits() {
        return;
    }
    let numbers = scan::numbers(text);
    faults.extend(numbers.iter().filter_map(|number| change_of_nothing(text, number)));
    faults.extend(numbers.iter().filter_map(|number| against_sign(text, number)));
    faults.extend(numbers.iter().enumerate().filter_map(|(at, rate)| on_nothing(text, &numbers[..at], rate)));
}

/// Words after which something must be said.
const OPENINGS: [&str; 5] = ["原因是", "原因为", "主要用于", "主要是用于", "主要包括"];

fn empty_reasons<'a>(passage: &Passage<'a>) -> impl Iterator<Item = Fault> + use<'a> {
    let (text, chars) = (passage.text, passage.chars);
    OPENINGS.iter().filter(|word| chars.may_hold(word)).flat_map(move |word| {
        text.match_indices(word).filter_map(move |(at, word)| {
            let after = text[at + word.len()..].trim_start();
            let said = after.strip_prefix(['：', ':']).unwrap_or(after).trim_start();
            let stop = said.chars().next();
            let severity = match stop {
                Some('。' | '；') => Severity::Error,
                None if word.starts_with("原因") && said.len() == after.len() => Severity::Warning,
                _ => return None,
            };
            let end = text.len() - said.len() + stop.map_or(0, char::len_utf8);
            let fault = Fault::new("T231", at..end, format!("“{word}”后面没有内容"));
            Some(fault.severity(severity).help("写上具体的内容；没有就删去这一句"))
        })
    })
}

/// What begins a reason right after 持平.
const REASONS: [&str; 6] = ["主要原因", "主要变动原因", "变动原因", "变动的主要原因", "原因是", "主要是因为"];

fn unchanged(text: &str) -> impl Iterator<Item = Fault> {
    text.match_indices("持平").filter_map(|(at, word)| {
        let rest = text[at + word.len()..].trim_start_matches(|c: char| "，。；的 ".contains(c));
        let reason = REASONS.iter().find(|reason| rest.starts_with(**reason))?;
        let end = text.len() - rest.len() + reason.len();
        let fault = Fault::new("T232", at..end, "写了“持平”，又写变动的原因");
        Some(fault.help("没有变动就删去原因；有变动就写明增减多少"))
    })
}

/// `比上年增加0.05万元，增长71.43%，与上年持平`: moved and not moved, of one thing.
///
/// 持平 must have no subject of its own, and nothing but the change may stand before it.
fn moved_and_level(text: &str, range: Range<usize>) -> Option<Fault> {
    const LAST_YEAR: [&str; 5] = ["比上年", "较上年", "同比", "年度相比", "上年相比"];
    let sentence = &text[range.clone()];
    let level = sentence.find("持平")?;
    let clause = scan::clause_before(sentence, level);
    let bare =
        ["基本", "决算数", "支出", "决算", "相比"].iter().fold(clause.trim(), |said, word| said.trim_end_matches(word));
    let year = bare.trim_start_matches(['与', '同', '和']).trim();
    let is_bare = year != bare && (year == "上年" || year == "上年度" || is_year(year));
    let before = &sentence[..level - clause.len()];
    let moved = LAST_YEAR.iter().filter_map(|word| before.rfind(word)).max().filter(|_| is_bare)?;
    let moved = moved - scan::clause_before(before, moved).len();
    let mut clauses = before[moved..].split(['，', ',']).map(str::trim).filter(|said| !said.is_empty());
    let of_change = |said: &str| CHANGES.iter().any(|(word, _)| said.contains(word));
    let whole = clauses.all(|said| of_change(said) || LAST_YEAR.iter().any(|word| said.ends_with(word)));
    let is_change = |number: &Number| {
        number.micro != 0 && change_before(before[moved..][..number.digits.start].trim_end()).is_some()
    };
    let changed = scan::numbers(&before[moved..]).iter().any(is_change);
    if !whole || !changed || before[moved..].contains("预算") {
        return None;
    }
    let at = range.start + level - clause.len()..range.start + level + "持平".len();
    let message = format!("前面写了增减，又写“{}”", shown(&text[at.clone()]));
    Some(
        Fault::new("T102", at, message)
            .severity(Severity::Error)
            .help("请核对两年的数：有变动就删去“持平”，没有变动就删去增减"),
    )
}

/// `2022年度`, `2022 年`.
fn is_year(text: &str) -> bool {
    let rest = text.trim_start_matches(|c: char| scan::digit(c).is_some());
    rest.len() < text.len() && ["年", "年度"].contains(&rest.trim_start())
}

/// Words of a change, and whether they mean more.
const CHANGES: [(&str, bool); 6] =
    [("增加", true), ("增长", true), ("上升", true), ("减少", false), ("下降", false), ("降低", false)];

fn change_before(before: &str) -> Option<(&'static str, bool)> {
    CHANGES.into_iter().find(|(word, _)| before.ends_with(word))
}

fn is_money(number: &Number) -> bool {
    matches!(number.measure, Measure::Yuan | Measure::TenThousand | Measure::HundredMillion)
}

/// `增加0万元`, `增长0%`.
fn change_of_nothing(text: &str, number: &Number) -> Option<Fault> {
    let is_figure = is_money(number) || number.measure == Measure::Percent;
    let before = text[..number.digits.start].trim_end();
    let (word, _) = change_before(before).filter(|_| is_figure && number.micro == 0)?;
    let range = before.len() - word.len()..number.unit.end;
    let message = format!("“{}”：没有变动，说不上增减", shown(&text[range.clone()]));
    Some(Fault::new("T233", range, message).help("写成“与上年持平”或“与预算持平”"))
}

/// `减少-3万元`: the word has said the direction already.
fn against_sign(text: &str, number: &Number) -> Option<Fault> {
    let sign = text[..number.digits.start].chars().next_back().filter(|c| "-－−".contains(*c))?;
    let before = text[..number.digits.start - sign.len_utf8()].trim_end();
    let (word, more) = change_before(before).filter(|_| number.micro != 0)?;
    let range = before.len() - word.len()..number.unit.end;
    let message = format!("“{}”的方向和正负号矛盾", shown(&text[range.clone()]));
    let severity = if more { Severity::Warning } else { Severity::Error };
    Some(Fault::new("T235", range, message).severity(severity).help("方向由“增加、减少、增长、下降”说明，数不带负号"))
}

/// A rate whose base the same text gives as nothing.
fn on_nothing(text: &str, before: &[Number], rate: &Number) -> Option<Fault> {
    if rate.measure != Measure::Percent {
        return None;
    }
    let found =
        completion(text, before, rate).or_else(|| share(text, before, rate)).or_else(|| growth(text, before, rate));
    let (why, severity) = found?;
    let message = format!("“{}”没有意义：{why}", shown(&text[rate.whole()]));
    let fault = Fault::new("T234", rate.whole(), message).severity(severity);
    Some(fault.help("基数为 0 不能算比率：删去这个比率，或写“基数为0，不可比”"))
}

/// Whether two places stand in one sentence.
fn in_one_sentence(text: &str, from: usize, to: usize) -> bool {
    !text[from..to].contains(|c: char| "。；！？".contains(c))
}

/// Which budget is spoken of.
const BUDGETS: [&str; 6] = ["年初预算", "全年预算", "调整预算", "调整后预算", "追加预算", "预算"];

fn budget_at_end(before: &str) -> Option<&'static str> {
    let before = before.trim_end();
    let before = ["为", "是", "安排"].iter().find_map(|word| before.strip_suffix(word)).unwrap_or(before).trim_end();
    let before = before.strip_suffix('数').unwrap_or(before);
    BUDGETS.into_iter().find(|budget| before.ends_with(budget))
}

/// `年初预算为0万元，…完成年初预算的100%`, and `支出0万元，完成预算0%` with no budget named.
fn completion(text: &str, before: &[Number], rate: &Number) -> Option<(String, Severity)> {
    let head = text[..rate.digits.start].trim_end();
    let head = head.strip_suffix('的').unwrap_or(head).trim_end();
    let budget = BUDGETS.into_iter().find(|budget| {
        let rest = head.strip_suffix(budget).map(str::trim_end);
        rest.is_some_and(|rest| rest.ends_with("完成") || rest.ends_with("占"))
    })?;
    let mut here = before.iter().filter(|n| is_money(n) && in_one_sentence(text, n.digits.start, rate.digits.start));
    let budgets: Vec<(&Number, &str)> =
        here.clone().filter_map(|n| Some((n, budget_at_end(&text[..n.digits.start])?))).collect();
    match budgets.last() {
        Some((number, named)) if number.micro == 0 => {
            let severity = if *named == budget { Severity::Error } else { Severity::Warning };
            (*named == budget || *named == "预算" || budget == "预算").then(|| (format!("{named}是 0"), severity))
        }
        Some(_) => None,
        None => {
            let spent = here.next_back().filter(|spent| spent.micro == 0 && rate.micro == 0)?;
            let next = text[spent.unit.end..].trim_start_matches(['，', ',', ' ']);
            next.starts_with("完成").then(|| ("支出是 0，预算多半也是 0".to_owned(), Severity::Warning))
        }
    }
}

/// `总额0万元，…占总额的0%`: the whole is named in the same words and is nothing.
fn share(text: &str, before: &[Number], rate: &Number) -> Option<(String, Severity)> {
    const SHORTEST: usize = 4;
    let head = text[..rate.digits.start].trim_end();
    let whole = &head[head.rfind('占')? + '占'.len_utf8()..];
    let whole = whole.strip_suffix("比例为").unwrap_or(whole).trim_end_matches('的').trim();
    if whole.chars().count() < SHORTEST || whole.contains(|c: char| "，。；".contains(c)) {
        return None;
    }
    let named = |number: &&Number| {
        let before = text[..number.digits.start].trim_end();
        ["", "为", "是", "共", "共计"].iter().any(|word| before.strip_suffix(word).is_some_and(|b| b.ends_with(whole)))
    };
    before.iter().rev().filter(|number| is_money(number)).find(named).filter(|number| number.micro == 0)?;
    let severity = if rate.micro == 0 { Severity::Warning } else { Severity::Error };
    Some((format!("“{whole}”是 0"), severity))
}

/// `上年为0万元，…增长100%`.
fn growth(text: &str, before: &[Number], rate: &Number) -> Option<(String, Severity)> {
    let (_, _) = change_before(text[..rate.digits.start].trim_end()).filter(|_| rate.micro != 0)?;
    let last_year = |number: &&Number| {
        let clause = scan::clause_before(text, number.digits.start);
        let named = clause.starts_with("上年") || clause.starts_with("上一年");
        named && is_money(number) && number.micro == 0 && in_one_sentence(text, number.digits.start, rate.digits.start)
    };
    before.iter().rev().find(last_year)?;
    Some(("上年是 0".to_owned(), Severity::Warning))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{codes, silent};

    #[test]
    fn a_change_that_is_also_none_is_found() {
        for (text, found) in [
            ("接待费0.12万元，比上年增加0.05万元，增长71.43%，与上年持平。", "与上年持平"),
            ("与2022年度相比，支出减少3万元，与2022年度基本持平。", "与2022年度基本持平"),
        ] {
            assert_eq!(codes(text), [("T102", found)], "{text}");
        }
        silent(&[
            "接待费比上年增加0.05万元，公务用车费与上年持平。",
            "比预算增加0.05万元，与上年持平。",
            "比上年增加0.05万元，完成预算的120%，人数与上年持平。",
            "接待费与上年持平。接待人次比上年增加3人次。",
            "比上年增加0.05万元，与预算持平。",
        ]);
    }

    #[test]
    fn reasons_that_say_nothing_or_explain_nothing_are_found() {
        let known: [(&str, &[(&str, &str)]); 5] = [
            ("比上年减少3万元，主要原因是。", &[("T231", "原因是。")]),
            ("主要变动原因为：；其中车辆1辆。", &[("T231", "原因为：；")]),
            ("决算小于预算的主要原因是", &[("T231", "原因是")]),
            ("与上年持平，主要原因是厉行节约。", &[("T232", "持平，主要原因")]),
            ("决算数与预算数持平的主要原因是按进度支付。", &[("T232", "持平的主要原因")]),
        ];
        for (text, found) in known {
            assert_eq!(codes(text), found, "{text}");
        }
        silent(&[
            "主要原因是，受天气影响工期推迟。",
            "主要原因是：",
            "甲项与上年持平。乙项增加3万元，主要原因是新增人员。",
            "主要包括：办公费、差旅费。",
        ]);
    }

    #[test]
    fn changes_of_nothing_and_signs_against_their_word_are_found() {
        let known: [(&str, &[(&str, &str)]); 4] = [
            ("比上年增加0万元，增长 0.00%。", &[("T233", "增加0万元"), ("T233", "增长 0.00%")]),
            ("比上年减少-27.79万元。", &[("T235", "减少-27.79万元")]),
            ("比上年增长-3.15%。", &[("T235", "增长-3.15%")]),
            ("比上年增加/减少0万元。", &[("T202", "增加/减少")]),
        ];
        for (text, found) in known {
            assert_eq!(codes(text), found, "{text}");
        }
        silent(&["支出0万元。", "增长3-5%。", "增加0.01万元。", "增加2人。", "较上年增加10%。"]);
    }

    #[test]
    fn a_rate_on_a_base_of_nothing_is_found() {
        let known = [
            ("年初预算为0万元，支出决算为3.47万元，完成年初预算的100%。", "100%"),
            ("预算数为0.00万元，支出1万元，完成预算的100%。", "100%"),
            ("出国经费支出0万元，完成预算0%。", "0%"),
            ("采购支出总额0万元，授予中小企业合同0万元，占采购支出总额的0%。", "0%"),
            ("上年决算为0万元，本年为2万元，增长100%。", "100%"),
        ];
        for (text, rate) in known {
            assert_eq!(codes(text), [("T234", rate)], "{text}");
        }
        silent(&[
            "年初预算为5万元，支出决算为0万元，完成年初预算的0%。",
            "年初预算为0万元，支出决算为3万元，完成调整预算的100%。",
            "年初预算为0万元。完成年初预算的98%。",
            "采购支出总额5万元，授予中小企业合同0万元，占采购支出总额的0%。",
            "因公出国费0万元，占0%；接待费3万元，占100%。",
            "上年为2万元，增长50%。",
        ]);
    }
}
