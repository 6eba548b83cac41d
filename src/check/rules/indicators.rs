//! Indicators of self-evaluations: the actual value against the target, the score against
//! both, the units, and what is no figure where one belongs.
//!
//! Values are compared exactly, where target and actual are plain figures of one unit; see
//! [`super::measure`]. A target without a comparison is held to only where more is better
//! (数量, 满意度); ＝ is a ceiling for 成本 and a floor for everything else. 定性 indicators stay
//! silent. All of these are warnings: nothing can be derived from a wrong one.

use super::measure::{self, Bound, Measure, half_width};
use super::{Context, Rule};
use crate::amount::{Amount, Scale};
use crate::check::judge::Verdict;
use crate::check::listed::{Listed, quoted};
use crate::diagnostic::{Finding, Severity};
use crate::model::performance::{Evaluation, Goal, Indicator, TextKind};

pub(super) const RULE: Rule =
    Rule { name: "indicators", codes: &["C221", "C222", "C223", "C224", "C225", "C226", "C227"], run };

/// Rates that are a part of a whole; 完成率, 增长率 and 执行率 may exceed 100%.
const PARTS_OF_A_WHOLE: [&str; 14] = [
    "满意度",
    "满意率",
    "认可度",
    "占比",
    "覆盖率",
    "及时率",
    "合格率",
    "达标率",
    "准确率",
    "优良率",
    "到位率",
    "成功率",
    "知晓率",
    "普及率",
];

/// What stands in the column of causes where there is none.
const NO_CAUSE: [&str; 9] = ["", "无", "无。", "完成", "已完成", "达标", "-", "—", "/"];

fn run(context: &Context<'_>) -> Vec<Finding> {
    context.disclosure().evaluations.iter().flat_map(in_evaluation).collect()
}

/// Every target with its result, and how many have none that could be compared.
pub(super) fn listed(context: &Context<'_>) -> Vec<Listed> {
    let evaluations = context.disclosure().evaluations.iter().enumerate();
    evaluations.flat_map(|(at, evaluation)| of_evaluation(at, evaluation)).collect()
}

fn of_evaluation(at: usize, evaluation: &Evaluation) -> Vec<Listed> {
    let explained = is_explained(evaluation);
    let indicators = evaluation.goals.iter().flat_map(|goal| &goal.indicators);
    let one = |indicator: &Indicator| {
        let (verdict, what) = match comparison(indicator) {
            Ok(true) => (Verdict::Exact, "完成"),
            Ok(false) if explained || is_cause(indicator.note.as_ref()) => {
                (Verdict::Exact, "没有完成，已按要求写明原因")
            }
            Ok(false) => (Verdict::Fail, "没有完成，也没有写原因"),
            Err(why) => (Verdict::NotCheckable, why),
        };
        Listed::of_evaluation(at, "C222", format!("{}：{what}", compared(indicator)), verdict)
    };
    indicators.map(one).collect()
}

/// Whether a target was met, or why that cannot be told.
fn comparison(indicator: &Indicator) -> Result<bool, &'static str> {
    if is_qualitative(indicator) {
        return Err("定性指标");
    }
    let target = target(indicator).ok_or("目标值不是一个数")?;
    let actual = Measure::read(&indicator.actual, indicator.unit.as_deref()).ok_or("完成值不是一个数")?;
    if actual.bound.is_some_and(|bound| bound != Bound::Equal) {
        return Err("完成值不是确数");
    }
    if actual.unit != target.unit {
        return Err("目标值和完成值的单位不同");
    }
    is_met(indicator, &target, actual.value).ok_or("没有写明不低于还是不超过目标值")
}

fn is_qualitative(indicator: &Indicator) -> bool {
    indicator.relation.as_deref().is_some_and(|relation| relation.trim() == "定性")
}

/// Whether the evaluation as a whole says why goals were missed.
fn is_explained(evaluation: &Evaluation) -> bool {
    is_cause(evaluation.texts.iter().find(|(kind, _)| *kind == TextKind::Deviation).map(|(_, text)| text))
}

fn in_evaluation(evaluation: &Evaluation) -> Vec<Finding> {
    let explained = is_explained(evaluation);
    let mut findings = Vec::new();
    for goal in &evaluation.goals {
        findings.extend(twice(goal));
        for indicator in &goal.indicators {
            in_indicator(indicator, explained, &mut findings);
        }
    }
    findings
}

fn is_cause(text: Option<&String>) -> bool {
    text.is_some_and(|text| !NO_CAUSE.contains(&text.trim()))
}

fn in_indicator(indicator: &Indicator, explained: bool, findings: &mut Vec<Finding>) {
    if is_qualitative(indicator) {
        findings.extend(no_actual(indicator));
        return;
    }
    let target = target(indicator);
    let actual = Measure::read(&indicator.actual, indicator.unit.as_deref());
    findings.extend(no_target(indicator, target.as_ref()));
    findings.extend(no_figure(indicator, target.as_ref(), actual.as_ref()));
    let Some(actual) = actual.filter(|actual| actual.bound.is_none_or(|bound| bound == Bound::Equal)) else { return };
    findings.extend(over_hundred(indicator, &actual));
    let Some(target) = target else { return };
    if target.unit != actual.unit {
        findings.push(unit_differs(indicator, &target, &actual));
        return;
    }
    let Some(met) = is_met(indicator, &target, actual.value) else { return };
    let caused = is_cause(indicator.note.as_ref());
    findings.extend(score_contradicts(indicator, met, caused));
    if !met && !caused && !explained {
        findings.push(missed_without_cause(indicator));
    }
}

/// The target with the comparison of its own column.
fn target(indicator: &Indicator) -> Option<Measure> {
    let mut target = Measure::read(&indicator.target, indicator.unit.as_deref())?;
    target.bound = target.bound.or_else(|| relation(indicator));
    Some(target)
}

/// The comparison in the column 指标性质.
fn relation(indicator: &Indicator) -> Option<Bound> {
    measure::bound(&half_width(indicator.relation.as_deref()?)).0
}

/// Whether the target was met; `None` where it does not say what would be better.
fn is_met(indicator: &Indicator, target: &Measure, actual: Amount) -> Option<bool> {
    let is = |word: &str| indicator.level1.contains(word) || indicator.level2.contains(word);
    let bound = match target.bound {
        Some(Bound::Equal) if is("成本") => Bound::AtMost,
        Some(Bound::Equal) => Bound::AtLeast,
        Some(bound) => bound,
        None if is("数量") || is("满意度") => Bound::AtLeast,
        None => return (actual == target.value).then_some(true),
    };
    Some(match bound {
        Bound::AtLeast | Bound::Equal => actual >= target.value,
        Bound::Above => actual > target.value,
        Bound::AtMost => actual <= target.value,
        Bound::Below => actual < target.value,
    })
}

/// A finding about an indicator, with what its row says.
fn about(code: &str, indicator: &Indicator, message: String, help: &str) -> Finding {
    let mut finding = Finding::new(code, message).at(indicator.place).help(help);
    finding.actual = Some(with_unit(indicator, &indicator.actual));
    finding.expected = Some(format!(
        "{}{}",
        indicator.relation.as_deref().unwrap_or_default(),
        with_unit(indicator, &indicator.target)
    ));
    finding
}

/// A printed value with the unit of its column.
fn with_unit(indicator: &Indicator, value: &str) -> String {
    let unit = indicator.unit.as_deref().filter(|unit| !value.ends_with(unit));
    format!("{value}{}", unit.unwrap_or_default())
}

fn compared(indicator: &Indicator) -> String {
    let relation = indicator.relation.as_deref().unwrap_or_default();
    let (target, actual) = (with_unit(indicator, &indicator.target), with_unit(indicator, &indicator.actual));
    format!("{}目标值 {relation}{target}，实际完成值 {actual}", quoted(&indicator.name))
}

fn score_contradicts(indicator: &Indicator, met: bool, caused: bool) -> Option<Finding> {
    let scored = indicator.scored.as_ref()?;
    let (weight, score) = (&scored.weight.value, &scored.score.value);
    let (message, help, severity) = if !met && score.exact >= weight.exact && !weight.exact.is_zero() {
        let message = format!("{}，没有完成却得满分 {}", compared(indicator), score.text);
        (message, "没有完成目标的指标应按完成程度扣分。请核对实际完成值和得分。", Severity::Warning)
    } else if met && score.exact < weight.exact && !caused {
        let message = format!("{}，已经完成却扣了分：权重 {}，得分 {}", compared(indicator), weight.text, score.text);
        (message, "请核对实际完成值和得分；扣分另有原因的，写在 note。", Severity::Note)
    } else {
        return None;
    };
    let finding = about("C221", indicator, message, help).severity(severity);
    Some(finding.related(format!("权重＝{}，得分＝{}", weight.text, score.text), scored.score.place))
}

fn missed_without_cause(indicator: &Indicator) -> Finding {
    let message = format!("{}，没有完成，也没有写原因", compared(indicator));
    about("C222", indicator, message, "请核对两个数；确实没有完成的，在这一行的 note 写明原因和改进措施。")
}

fn no_actual(indicator: &Indicator) -> Option<Finding> {
    indicator.actual.trim().is_empty().then(|| {
        let message = format!("“{}”没有实际完成值", indicator.name);
        about("C223", indicator, message, "请照自评结果补填；没有完成的也要写明。")
    })
}

/// An actual value that is blank, that compares instead of telling, or that has no figure
/// where the target has one.
fn no_figure(indicator: &Indicator, target: Option<&Measure>, actual: Option<&Measure>) -> Option<Finding> {
    let text = indicator.actual.trim();
    let compares = actual.is_some_and(|actual| actual.bound.is_some_and(|bound| bound != Bound::Equal));
    let wordy = target.is_some() && !half_width(text).contains(|c: char| c.is_ascii_digit() || NUMERALS.contains(c));
    if text.is_empty() {
        return no_actual(indicator);
    }
    (compares || wordy).then(|| {
        let message = format!("“{}”的实际完成值“{text}”不是确数", indicator.name);
        about("C223", indicator, message, "实际完成值应是一个确定的数。请核实后填写。")
    })
}

/// Characters that tell a number in prose: 三百余场, 全部完成.
const NUMERALS: &str = "一二两三四五六七八九十百千万零〇全";

/// What may stand after a comparison whose number was left out; 不低于上年 needs none.
const UNITS: [&str; 35] = [
    "", "%", "‰", "元", "万元", "亿元", "个", "家", "人", "人次", "次", "场", "场次", "件", "项", "套", "台", "辆",
    "批", "批次", "笔", "条", "份", "户", "期", "篇", "宗", "亩", "吨", "公里", "天", "日", "小时", "分钟", "年",
];

/// A comparison with nothing to compare with: `≥场`.
fn no_target(indicator: &Indicator, target: Option<&Measure>) -> Option<Finding> {
    if target.is_some() || indicator.target.len() > measure::LONGEST {
        return None;
    }
    let text = half_width(&indicator.target);
    let (before, rest) = measure::bound(&text);
    let compares = before.is_some() || relation(indicator).is_some();
    (compares && UNITS.contains(&rest.trim_end())).then(|| {
        let printed = format!("{}{}", indicator.relation.as_deref().unwrap_or_default(), indicator.target);
        let message = format!("“{}”的目标值“{printed}”漏了数字", indicator.name);
        about("C226", indicator, message, "请对照绩效目标表补上数字；不能用数字衡量的写“定性”。")
    })
}

fn unit_differs(indicator: &Indicator, target: &Measure, actual: &Measure) -> Finding {
    let message = if target.unit.is_empty() || actual.unit.is_empty() {
        let what = if actual.unit.is_empty() { "实际完成值" } else { "目标值" };
        format!("{}，{what}漏了单位", compared(indicator))
    } else {
        format!("{}，两个单位不同", compared(indicator))
    };
    about("C224", indicator, message, "目标值和实际完成值应当用同一个单位，请核对。")
}

fn over_hundred(indicator: &Indicator, actual: &Measure) -> Option<Finding> {
    let hundred = Amount::from_fen(10_000);
    let is_part = || PARTS_OF_A_WHOLE.iter().any(|word| indicator.name.contains(word));
    (actual.unit == "%" && actual.value > hundred && is_part()).then(|| {
        let value = actual.value.print(Scale::Yuan).trimmed();
        let message = format!("“{}”是 {value}%，超过了 100%", indicator.name);
        about("C225", indicator, message, "这样的比率不会超过 100%，请核对小数点和单位。")
    })
}

/// Indicators of one goal with one name: a line copied and not rewritten.
fn twice(goal: &Goal) -> Vec<Finding> {
    fn key(indicator: &Indicator) -> (usize, &str, &str) {
        (indicator.name.len(), &indicator.name, &indicator.level2)
    }
    let mut sorted: Vec<&Indicator> = goal.indicators.iter().collect();
    // The sort keeps the printed order among equals, and most names differ in length already.
    sorted.sort_by(|one, other| key(one).cmp(&key(other)));
    let mut findings = Vec::new();
    for same in sorted.chunk_by(|one, other| key(one) == key(other)) {
        for indicator in &same[1..] {
            let message = format!("指标“{}”在同一个目标下写了两次", indicator.name);
            let finding = Finding::new("C227", message).at(indicator.place).related("第一次写在这里", same[0].place);
            findings.push(finding.help("请核对是否照抄了上一行；重复的删去一个。"));
        }
    }
    findings
}
