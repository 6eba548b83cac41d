//! What is wrong with a line of TOML, in words for people who do not know TOML.
//!
//! The parser's own message is the last to be asked: it tells where its grammar broke, and a slip
//! of the hand breaks it in places that have little to do with it.

use super::numerals::plain_digits;
use crate::diagnostic::Finding;
use crate::text::fold_width;

/// What is wrong and what to do about it.
type Slip = (String, String);

/// Units of money that stand behind a number, as far as people write them there.
const MONEY: [&str; 6] = ["元", "千元", "万元", "亿元", "万", "亿"];

/// The finding for a line, by the token that the parser stumbled over and what it said.
pub(super) fn explain(line: &str, token: &str, message: &str) -> Finding {
    let (what, help) = reason(line, token, message);
    Finding::new("S001", format!("{what}，这一处没有读入")).help(help)
}

fn reason(line: &str, token: &str, message: &str) -> Slip {
    let outside = outside_texts(line);
    doubled_equals(&outside)
        .or_else(|| number_with_unit(&outside, token))
        .or_else(|| chinese_punctuation(&outside))
        .or_else(|| broken_number(token, message))
        .unwrap_or_else(|| as_the_parser_says(&outside, token, message))
}

/// A line with nothing between its double quotes, and without its comment.
fn outside_texts(line: &str) -> String {
    let outside: Vec<&str> = line.split('"').step_by(2).collect();
    outside.join("\"\"").split('#').next().unwrap_or_default().to_owned()
}

/// `27 = = 373.97`, `27 == 373.97`.
fn doubled_equals(outside: &str) -> Option<Slip> {
    let (_, behind) = outside.split_once(['=', '＝'])?;
    // Behind the last sign stands a value.
    let (between, _) = behind.rsplit_once(['=', '＝'])?;
    let is_doubled = between.split(['=', '＝']).any(|between| between.trim().is_empty());
    is_doubled.then(|| ("等号写了两个".into(), "删去多余的等号，只留一个英文等号，例如 27 = 373.97".into()))
}

/// `27 = 373.97万元`; with a space before the unit, the parser stumbles over the unit alone.
fn number_with_unit(outside: &str, token: &str) -> Option<Slip> {
    let ends: &[char] = if outside.contains('{') { &['=', ',', '}'] } else { &['='] };
    let values = outside.split(ends).skip(1).map(str::trim);
    let touched = values.filter(|value| !token.is_empty() && value.contains(token));
    let (number, unit) = std::iter::once(token).chain(touched).find_map(split_unit)?;
    let what = format!("数字“{number}”的后面带了“{unit}”");
    let plain = tidy(number)?;
    let help = if MONEY.contains(&unit) {
        format!(
            "删去“{unit}”，只写 {plain}：数字要单独写，金额的单位由 disclosure.toml 的 scale 规定；单位与它不同的，换算后再填"
        )
    } else {
        format!("是数就删去“{unit}”，只写 {plain}；是文字就用英文双引号括起来：\"{number}{unit}\"")
    };
    Some((what, help))
}

/// A number and the word or percent sign behind it.
fn split_unit(value: &str) -> Option<(&str, &str)> {
    let is_number_sign = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '+' | '０'..='９' | '．');
    let number = &value[..value.find(|c| !is_number_sign(c))?];
    let unit = value[number.len()..].trim_start();
    let is_percent = matches!(unit, "%" | "％");
    let is_word = unit.chars().all(|c| c.is_alphabetic() && !c.is_ascii());
    (tidy(number).is_some() && (is_percent || is_word)).then_some((number, unit))
}

fn chinese_punctuation(outside: &str) -> Option<Slip> {
    let is_wide = |c: &char| matches!(c, '＝' | '，' | '“' | '”' | '｛' | '｝' | '［' | '］' | '：');
    let sign = outside.chars().find(is_wide)?;
    Some((format!("这里用了中文标点 {sign} "), "改用英文半角的标点；文字用英文双引号括起来".into()))
}

/// `5.`, `.5`, `--5`, `007`, `5 6`.
fn broken_number(token: &str, message: &str) -> Option<Slip> {
    let unsigned = token.trim_start_matches(['-', '+']);
    let has_two_signs = token.len() - unsigned.len() > 1;
    let plain = tidy(if has_two_signs { unsigned } else { token })?;
    let (what, help) = match () {
        () if has_two_signs => ("正负号写了两个", "只留一个：负数前面写一个减号，正数不写".into()),
        () if token.ends_with('.') => ("小数点后没有数字", format!("补上小数；没有小数的写成 {plain}")),
        () if unsigned.starts_with('.') => ("小数点前没有数字", format!("写成 {plain}")),
        () if message.contains("leading zero") => {
            ("前面有多余的 0", "删去前面的 0；编码要保留 0 时用引号括起来".into())
        }
        () if message.contains("must be quoted") => {
            ("后面多了内容", "一处只写一个数，多写的删去；是文字就用英文双引号括起来".into())
        }
        () => return None,
    };
    Some((format!("数字“{token}”的{what}"), help))
}

/// The plain digits of a number as people write it, on both sides of its point: `.5` is `0.5`,
/// `5.` is `5.0`; `None` for anything else.
fn tidy(number: &str) -> Option<String> {
    let plain = plain_digits(&fold_width(number))?;
    let (sign, digits) = match plain.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", plain.strip_prefix('+').unwrap_or(&plain)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_number = !(whole.is_empty() && fraction.is_empty()) && all_digits(whole) && all_digits(fraction);
    let before = if whole.is_empty() { "0" } else { "" };
    let behind = if fraction.is_empty() { "0" } else { "" };
    (is_number && !digits.is_empty()).then(|| format!("{sign}{before}{digits}{behind}"))
}

fn as_the_parser_says(outside: &str, token: &str, message: &str) -> Slip {
    if message.contains("missing value") || message.contains("key with no value") || outside.trim_end().ends_with('=') {
        return ("键的后面没有值".into(), "写上“= 值”；没有这个数就删去整行，未提供的写 \"未提供\"".into());
    }
    if message.contains("string values must be quoted") || message.contains("invalid value") {
        return (format!("“{token}”既不是数字，也没有加引号"), format!("文字用英文双引号括起来：\"{token}\""));
    }
    if message.contains("missing closing quote") || message.contains("invalid basic string") {
        return ("这一行的引号不成对".into(), "补上英文双引号".into());
    }
    let run_on = ["missing comma", "unexpected key or value", "extra assignment", "extra `=`", "unexpected content"];
    if run_on.iter().any(|part| message.contains(part)) {
        return ("两项之间缺少逗号，或者多写了内容".into(), "在两项之间加英文逗号；一行只写一个“键 = 值”".into());
    }
    if message.contains("unclosed") {
        return ("括号不成对".into(), "补上与它成对的结束括号".into());
    }
    let help = "应当是“键 = 值”，例如 27 = 373.97；文字用英文双引号括起来";
    let what = if token.is_empty() {
        "这一行不合 TOML 的写法".into()
    } else {
        format!("“{token}”不合 TOML 的写法")
    };
    (what, help.into())
}

#[cfg(test)]
mod tests {
    use super::super::toml::{Source, parse};
    use super::super::tree::Kind;
    use crate::diagnostic::FileId;

    /// What is told of one line among good ones: which are all read, and only it is not.
    fn told(line: &str) -> String {
        let text = format!("[lines]\n1 = 1.50\n{line}\n28 = 2.50\n");
        let mut findings = Vec::new();
        let table = parse(Source { file: FileId(0), text: &text, start: 0 }, &mut findings).expect(line);
        let Kind::Table(lines) = &table.entries[0].value.kind else { panic!("{table:?}") };
        let figures: Vec<_> = lines.entries.iter().map(|e| (&*e.key.value, e.value.kind == Kind::Broken)).collect();
        assert_eq!(figures, [("1", false), ("27", !findings.is_empty()), ("28", false)], "{line}: {findings:?}");
        let told: Vec<_> = findings
            .iter()
            .map(|finding| {
                let place = finding.place.unwrap();
                let at = &text[place.start as usize..place.end as usize];
                format!("{at} | {} | {}", finding.message, finding.help.as_deref().unwrap_or_default())
            })
            .collect();
        told.join("\n")
    }

    fn is(line: &str, expected: &str) {
        assert_eq!(told(line), expected, "{line}");
    }

    #[test]
    fn an_equals_sign_that_stands_twice_is_told() {
        let doubled = "等号写了两个，这一处没有读入 | 删去多余的等号，只留一个英文等号，例如 27 = 373.97";
        for line in ["27 = = 373.97", "27 == 373.97", "27 = = # 注：＝", "27 = = \"未提供\"", "27 = { 1 = = 5, 2 = 3 }"]
        {
            is(line, &format!("{line} | {doubled}"));
        }
        is("27 = ＝373.97", &format!("＝373.97 | {doubled}"));
        is("27 = \"= =\" # = =", "");
        let more = "两项之间缺少逗号，或者多写了内容，这一处没有读入 | 在两项之间加英文逗号；一行只写一个“键 = 值”";
        is("27 = \"甲\" = 5", &format!("27 = \"甲\" = 5 | {more}"));
    }

    #[test]
    fn a_unit_of_money_behind_a_number_is_told_with_where_units_are_set() {
        let behind = |at: &str, number: &str, unit: &str, plain: &str| {
            format!(
                "{at} | 数字“{number}”的后面带了“{unit}”，这一处没有读入 | 删去“{unit}”，只写 {plain}：数字要单独写，\
                 金额的单位由 disclosure.toml 的 scale 规定；单位与它不同的，换算后再填"
            )
        };
        is("27 = 373.97万元", &behind("373.97万元", "373.97", "万元", "373.97"));
        is("27 = 373.97 万元 # 注：原件", &behind("373.97", "373.97", "万元", "373.97"));
        is("27 = 1,234.56万元", &behind("1", "1,234.56", "万元", "1234.56"));
        is("27 = ３７３．９７元", &behind("３７３．９７元", "３７３．９７", "元", "373.97"));
        is("27 = -.5亿元", &behind("-.5亿元", "-.5", "亿元", "-0.5"));
        is("27 = { 1 = 5 万元, 2 = 3 }", &behind("5", "5", "万元", "5"));
        is("27 = 373.97 # 万元", "");
        is("27 = \"373.97万元\"", "");
        let more = "两项之间缺少逗号，或者多写了内容，这一处没有读入 | 在两项之间加英文逗号；一行只写一个“键 = 值”";
        is("27 = 12,34万元", &format!("12 | {more}"));
    }

    #[test]
    fn another_word_behind_a_number_may_make_a_text_of_it() {
        let three =
            "数字“3”的后面带了“辆”，这一处没有读入 | 是数就删去“辆”，只写 3；是文字就用英文双引号括起来：\"3辆\"";
        is("27 = 3辆", &format!("3辆 | {three}"));
        let share =
            "数字“12”的后面带了“%”，这一处没有读入 | 是数就删去“%”，只写 12；是文字就用英文双引号括起来：\"12%\"";
        is("27 = 12%", &format!("12% | {share}"));
        is("27 = 万元", "万元 | “万元”既不是数字，也没有加引号，这一处没有读入 | 文字用英文双引号括起来：\"万元\"");
    }

    #[test]
    fn a_point_needs_digits_on_both_sides() {
        let before = |number: &str, plain: &str| {
            is(
                &format!("27 = {number}"),
                &format!("{number} | 数字“{number}”的小数点前没有数字，这一处没有读入 | 写成 {plain}"),
            );
        };
        before(".5", "0.5");
        before("-.5", "-0.5");
        let behind = |number: &str, plain: &str| {
            let told = format!("数字“{number}”的小数点后没有数字，这一处没有读入 | 补上小数；没有小数的写成 {plain}");
            is(&format!("27 = {number}"), &format!("{number} | {told}"));
        };
        behind("5.", "5.0");
        behind("-5.", "-5.0");
        is("27 = 0.5", "");
        is("27 = 5.0", "");
        let other = "不合 TOML 的写法，这一处没有读入 | 应当是“键 = 值”，例如 27 = 373.97；文字用英文双引号括起来";
        is("27 = 1..5", &format!("1..5 | “1..5”{other}"));
        is("27 = .", &format!(". | “.”{other}"));
    }

    #[test]
    fn a_number_that_something_stands_before_or_behind_is_told() {
        is("27 = --5", "--5 | 数字“--5”的正负号写了两个，这一处没有读入 | 只留一个：负数前面写一个减号，正数不写");
        is(
            "27 = 5 6 # 注：甲",
            "5 | 数字“5”的后面多了内容，这一处没有读入 | 一处只写一个数，多写的删去；是文字就用英文双引号括起来",
        );
        is("27 = 007", "007 | 数字“007”的前面有多余的 0，这一处没有读入 | 删去前面的 0；编码要保留 0 时用引号括起来");
        is("27 = -5", "");
    }

    #[test]
    fn a_comment_is_no_value() {
        let told = "键的后面没有值，这一处没有读入 | 写上“= 值”；没有这个数就删去整行，未提供的写 \"未提供\"";
        is("27 = # 注，空", &format!("27 = # 注，空 | {told}"));
        is("27 = 5 # 注，空", "");
    }
}
