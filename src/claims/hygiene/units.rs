//! Units that are wrong or missing, where the sentence itself shows it: 元 for 万元, an amount or
//! a share without its unit, 万 without 元.

use super::scan::{self, Measure, Number, shown};
use super::{Fault, Part, Passage};
use crate::diagnostic::Severity;

/// A sentence with more numbers than this is a list; it is not searched for sums.
const MOST_NUMBERS: usize = 60;

pub(super) fn find(passage: &Passage<'_>, faults: &mut Vec<Fault>) {
    if passage.part != Part::Prose || !passage.chars.has_digits() {
        return;
    }
    for range in scan::sentences(passage.text) {
        let sentence = &passage.text[range.clone()];
        let numbers = scan::numbers(sentence);
        let mut found = Vec::new();
        if numbers.len() <= MOST_NUMBERS {
            yuan(sentence, &numbers, &mut found);
        }
        found.extend(numbers.iter().enumerate().filter_map(|(at, number)| missing(sentence, &numbers, at, number)));
        found.extend(numbers.iter().filter_map(|number| short(sentence, number)));
        faults.extend(found.into_iter().map(|fault| fault.shift(range.start)));
    }
}

/// Words of a rate for one person or thing, whose 元 is right.
const EACH: [&str; 9] = ["人均", "每", "单价", "均价", "标准", "平均", "户均", "次均", "批均"];

fn yuan(sentence: &str, numbers: &[Number], faults: &mut Vec<Fault>) {
    for (at, number) in numbers.iter().enumerate() {
        let clause = scan::clause_before(sentence, number.digits.start);
        let is_each = EACH.iter().any(|word| clause.contains(word)) || sentence[number.unit.end..].starts_with('/');
        if number.measure != Measure::Yuan || number.micro == 0 || is_each {
            continue;
        }
        let Some(why) = proof(sentence, numbers, at) else { continue };
        let written = &sentence[number.digits.clone()];
        let message = format!("“{}”应是“{written}万元”：{why}", shown(&sentence[number.whole()]));
        let fault = Fault::new("T211", number.whole(), message).expected(format!("{written}万元"));
        faults.push(fault.help("把“元”改成“万元”"));
    }
}

/// Why a figure in 元 must be meant in 万元, from the sentence alone: the same figure in 万元, its
/// share of one, or a total that foots only with it.
fn proof(sentence: &str, numbers: &[Number], at: usize) -> Option<String> {
    let number = &numbers[at];
    let amounts: Vec<&Number> = numbers.iter().filter(|other| other.measure == Measure::TenThousand).collect();
    let name = |other: &Number| shown(&sentence[other.whole()]);
    if let Some(same) = amounts.iter().find(|other| other.micro == number.micro && number.decimals > 0) {
        return Some(format!("同一句写的是“{}”", name(same)));
    }
    if let Some((whole, share)) = share_of(sentence, numbers, at, &amounts) {
        return Some(format!("它占“{}”的{}", name(whole), name(share)));
    }
    let total = total_with(numbers, at)?;
    Some(format!("与其他各项合计正是“{}”", name(total)))
}

/// The whole of which the figure, read in 万元, is the share that the sentence goes on to state.
fn share_of<'a>(
    sentence: &str,
    numbers: &'a [Number],
    at: usize,
    amounts: &[&'a Number],
) -> Option<(&'a Number, &'a Number)> {
    let (number, share) = (&numbers[at], numbers.get(at + 1)?);
    let between = &sentence[number.unit.end..share.digits.start];
    let is_precise = share.decimals > 0 || share.micro == 100_000_000;
    let is_share = share.measure == Measure::Percent && share.micro != 0 && is_precise && between.contains('占');
    let whole = amounts.iter().find(|whole| is_share && rounds_to(number.micro, whole.micro, share))?;
    Some((whole, share))
}

/// Whether part ÷ whole × 100 rounds to the share as it is written.
fn rounds_to(part: i128, whole: i128, share: &Number) -> bool {
    let Ok(decimals) = u32::try_from(share.decimals) else { return false };
    let Some(half) = 10_i128.checked_pow(6_u32.saturating_sub(decimals)).map(|unit| unit / 2) else { return false };
    let exact = part.checked_mul(100_000_000).and_then(|scaled| scaled.checked_div(whole));
    exact.is_some_and(|exact| (exact - share.micro).abs() <= half)
}

/// The total before the figure that it makes up together with its neighbours in 万元: two parts or
/// more, one after the other.
fn total_with(numbers: &[Number], at: usize) -> Option<&Number> {
    let is_part = |index: usize| index == at || numbers[index].measure == Measure::TenThousand;
    let totals = (0..at).filter(|total| numbers[*total].measure == Measure::TenThousand);
    totals.map(|total| (total, total + 1)).find_map(|(total, first)| {
        let run = (first..numbers.len()).take_while(|index| is_part(*index));
        let (mut sum, mut parts) = (0_i128, 0);
        for index in run {
            sum = sum.checked_add(numbers[index].micro)?;
            parts += 1;
            if index >= at && parts > 1 && sum == numbers[total].micro {
                return Some(&numbers[total]);
            }
        }
        None
    })
}

/// Words right before an amount.
const BEFORE_AMOUNT: [&str; 16] = [
    "决算数",
    "预算数",
    "支出决算",
    "年初预算",
    "执行数",
    "支出",
    "收入",
    "总计",
    "合计",
    "总额",
    "金额",
    "经费",
    "增加",
    "减少",
    "成交金额",
    "资金",
];

/// Words right before a share.
const BEFORE_SHARE: [&str; 8] =
    ["增长", "下降", "占比", "完成预算", "完成年初预算", "完成全年预算", "执行率", "节资率"];

/// An amount or a share with nothing after it: sure with decimals, a question without.
fn missing(sentence: &str, numbers: &[Number], at: usize, number: &Number) -> Option<Fault> {
    let listed = numbers.get(at + 1).is_some_and(|next| is_list(&sentence[number.digits.end..next.digits.start]));
    if number.measure != Measure::Nothing || listed || number.micro == 0 || unit_is_said(sentence) {
        return None;
    }
    let before = sentence[..number.digits.start].trim_end();
    let before = ["分别为", "分别是"].iter().all(|word| !before.ends_with(word)).then_some(before)?;
    let before = ["均为", "各为", "为", "是", "共", "各", "的", "了"]
        .iter()
        .find_map(|word| before.strip_suffix(word))
        .unwrap_or(before);
    let ends = |words: &[&'static str]| words.iter().copied().find(|word| before.ends_with(word));
    let share = ends(&BEFORE_SHARE).or_else(|| share_of_named(before, ends(&BEFORE_AMOUNT)));
    let (code, unit, word) = match (share, ends(&BEFORE_AMOUNT)) {
        (Some(word), _) => ("T213", "%", word),
        (None, Some(word)) => ("T212", "万元", word),
        (None, None) => return None,
    };
    let severity = if number.decimals > 0 { Severity::Error } else { Severity::Warning };
    let range = before.len() - word.len()..number.digits.end;
    let message = format!("“{}”后面没有单位", shown(&sentence[range]));
    let fault = Fault::new(code, number.digits.clone(), message).severity(severity);
    Some(fault.help(format!("在数后补上单位，多半是“{unit}”")))
}

/// The words of a share whose whole is named between: 占本年支出, 完成全年支出预算.
fn share_of_named<'a>(before: &'a str, amount: Option<&str>) -> Option<&'a str> {
    let clause = scan::clause_before(before, before.len());
    let share = clause.rfind('占').map(|at| &clause[at..]);
    let share = share.filter(|said| amount.is_some() && !["占用", "占地", "占有"].iter().any(|w| said.starts_with(w)));
    let completed = clause.rfind("完成").map(|at| &clause[at..]);
    share.or_else(|| completed.filter(|said| ["预算", "预算数"].iter().any(|word| said.ends_with(word))))
}

/// Whether two numbers stand in one list, so that the last may carry the unit of all.
fn is_list(between: &str) -> bool {
    matches!(between.trim(), "、" | "，" | "/" | "和" | "与" | "及" | "至" | ",")
}

/// A unit that holds for the whole sentence.
fn unit_is_said(sentence: &str) -> bool {
    ["（万元）", "(万元)", "单位：", "单位:", "（%）", "（元）"].iter().any(|said| sentence.contains(said))
}

/// `110万` of money with 元 left out.
fn short(sentence: &str, number: &Number) -> Option<Fault> {
    let clause = scan::clause_before(sentence, number.digits.start);
    let of_money =
        ["费", "资金", "预算", "支付", "支出", "收入", "金额", "款", "即"].iter().any(|word| clause.contains(word));
    (number.measure == Measure::BareTenThousand && of_money).then(|| {
        let written = shown(&sentence[number.whole()]);
        let fault = Fault::new("T214", number.whole(), format!("“{written}”没有写全单位"));
        fault.help(format!("金额写成“{written}元”")).expected(format!("{written}元"))
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{codes, silent};

    #[test]
    fn yuan_that_must_be_ten_thousand_yuan_is_found_by_the_sentence_alone() {
        let known = [
            ("合同金额83.92万元，其中小微企业83.92元。", "83.92元"),
            ("中小企业83.92万元，其中授予小微企业80.5元，占中小企业合同金额的95.92%。", "80.5元"),
            ("总额84.15万元，其中：货物2.8元、服务81.35万元。", "2.8元"),
        ];
        for (text, found) in known {
            assert_eq!(codes(text), [("T211", found)], "{text}");
        }
    }

    #[test]
    fn lawful_yuan_is_silent() {
        silent(&[
            "公务接待费0.21万元，全年接待2批次2100元。",
            "人均支出83.92元，合计83.92万元。",
            "每人100元，共100万元。",
            "单价50万元以上设备0台。",
            "为供应商节约1000元/人。",
            "总额3万元，其中货物1万元，另付手续费25元。",
        ]);
    }

    #[test]
    fn amounts_and_shares_without_their_unit_are_found() {
        let known: [(&str, &[(&str, &str)]); 9] = [
            ("2023年度支出决算数为763.18，完成预算100%。", &[("T212", "763.18")]),
            ("比上年减少27.79，下降3.51。", &[("T212", "27.79"), ("T213", "3.51")]),
            ("项目支出149.9。", &[("T212", "149.9")]),
            ("完成预算的66.71，与上年持平。", &[("T213", "66.71")]),
            ("基本支出3万元，占本年支出38.51。", &[("T213", "38.51")]),
            ("占财政拨款收入的38.51，比上年增长了6.73。", &[("T213", "38.51"), ("T213", "6.73")]),
            ("完成全年支出预算97.62。", &[("T213", "97.62")]),
            ("国有资产占用支出3.47。", &[("T212", "3.47")]),
            ("预计支付开发费110万，仅付一半。", &[("T214", "110万")]),
        ];
        for (text, found) in known {
            assert_eq!(codes(text), found, "{text}");
        }
    }

    #[test]
    fn lists_with_one_unit_tables_in_words_scores_and_numbering_are_silent() {
        silent(&[
            "预算数、决算数分别为10.5、20.3万元。",
            "支出10.5、20.3和30.1万元。",
            "单位：万元，支出决算数为763.18，收入763.18。",
            "自评得分99.8，权重100。",
            "项目总投资见附表2.1。",
            "用户达110万，同比持平。",
            "与2022年相比，支出减少0，变化不大。",
        ]);
    }
}
