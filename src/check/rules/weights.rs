//! Weighted self-evaluations: weights add up to 100, the printed total of weights is 100, no
//! score exceeds its weight, and the scores add up to the printed total.
//!
//! Weights and scores are exact as written. Tables without weights stay silent.

use super::{Context, Rule};
use crate::amount::{Amount, Scale};
use crate::check::judge::Verdict;
use crate::check::listed::{Listed, holds_unless, quoted};
use crate::diagnostic::{Finding, Place};
use crate::model::performance::{Evaluation, Style, WeightAndScore};

pub(super) const RULE: Rule = Rule { name: "weights-and-scores", codes: &["C131", "C132", "C133"], run };

fn run(context: &Context<'_>) -> Vec<Finding> {
    let weighted = context.disclosure().evaluations.iter().filter(|evaluation| evaluation.style == Style::Weighted);
    weighted.flat_map(in_evaluation).collect()
}

fn in_evaluation(evaluation: &Evaluation) -> Vec<Finding> {
    let scored: Vec<(&str, &WeightAndScore)> = scored(evaluation).collect();
    let mut findings: Vec<Finding> = scored.iter().filter_map(|(name, scored)| score_exceeds(name, scored)).collect();
    findings.extend(total_weight(evaluation));
    if scored.is_empty() || evaluation.scores_unread {
        return findings;
    }
    findings.extend(weights_not_hundred(evaluation, &scored));
    findings.extend(total_score(evaluation, &scored));
    findings
}

/// Weights and scores of every weighted evaluation.
pub(super) fn listed(context: &Context<'_>) -> Vec<Listed> {
    let evaluations = context.disclosure().evaluations.iter().enumerate();
    let weighted = evaluations.filter(|(_, evaluation)| evaluation.style == Style::Weighted);
    weighted.flat_map(|(at, evaluation)| of_evaluation(at, evaluation)).collect()
}

fn of_evaluation(at: usize, evaluation: &Evaluation) -> Vec<Listed> {
    let scored: Vec<(&str, &WeightAndScore)> = scored(evaluation).collect();
    let mut listed = Vec::new();
    if let Some(total) = &evaluation.total {
        let text = format!("合计的权重 {}，应为 100", total.weight.value.text);
        listed.push(Listed::of_evaluation(at, "C131", text, holds_unless(total_weight(evaluation).as_ref())));
    }
    if scored.is_empty() {
        return listed;
    }
    listed.extend(scored.iter().map(|(name, scored)| {
        let (weight, score) = (&scored.weight.value.text, &scored.score.value.text);
        let text = format!("{}得分 {score}，应在 0 到权重 {weight} 之间", quoted(name));
        Listed::of_evaluation(at, "C132", text, holds_unless(score_exceeds(name, scored).as_ref()))
    }));
    let unless = |finding: Option<Finding>| {
        if evaluation.scores_unread { Verdict::NotRead } else { holds_unless(finding.as_ref()) }
    };
    let sum = |of: fn(&WeightAndScore) -> Amount| points(scored.iter().map(|(_, scored)| of(scored)).sum());
    let weights = sum(|scored| scored.weight.value.exact);
    let verdict = unless(weights_not_hundred(evaluation, &scored));
    listed.push(Listed::of_evaluation(at, "C131", format!("各项权重之和 {weights}，应为 100"), verdict));
    if let Some(total) = &evaluation.total {
        let reached = sum(|scored| scored.score.value.exact);
        let text = format!("总分 {}，各项得分之和 {reached}", total.score.value.text);
        listed.push(Listed::of_evaluation(at, "C133", text, unless(total_score(evaluation, &scored))));
    }
    listed
}

fn scored(evaluation: &Evaluation) -> impl Iterator<Item = (&str, &WeightAndScore)> {
    let funding = evaluation.funding.iter().map(|row| (row.source.as_str(), row.scored.as_ref()));
    let indicators = evaluation.goals.iter().flat_map(|goal| &goal.indicators);
    let indicators = indicators.map(|indicator| (indicator.name.as_str(), indicator.scored.as_ref()));
    funding.chain(indicators).filter_map(|(name, scored)| Some((name, scored?)))
}

fn score_exceeds(name: &str, scored: &WeightAndScore) -> Option<Finding> {
    let (weight, score) = (&scored.weight.value, &scored.score.value);
    let outside = score.exact > weight.exact || score.exact.is_negative();
    outside.then(|| {
        let message = format!("“{name}”得分 {}，不在 0 到权重 {} 之间", score.text, weight.text);
        let mut finding = Finding::new("C132", message)
            .at(scored.score.place)
            .related(format!("权重＝{}", weight.text), scored.weight.place)
            .help("请核对这一指标的权重和得分。");
        (finding.actual, finding.expected) = (Some(score.text.clone()), Some(format!("0～{}", weight.text)));
        finding
    })
}

fn weights_not_hundred(evaluation: &Evaluation, scored: &[(&str, &WeightAndScore)]) -> Option<Finding> {
    let sum: Amount = scored.iter().map(|(_, scored)| scored.weight.value.exact).sum();
    (sum != hundred()).then(|| {
        let message = format!("“{}”各指标权重之和应为 100，实为 {}", title(evaluation), points(sum));
        let total = evaluation.total.as_ref().map(|total| total.weight.place);
        let place = total.or(scored.first().map(|(_, scored)| scored.weight.place)).unwrap_or(evaluation.place);
        let finding = Finding::new("C131", message).at(place).help("请核对各指标的权重，不要漏了指标。");
        with_parts(finding, scored, |scored| (&scored.weight.value.text, scored.weight.place), ("100", sum))
    })
}

/// The printed total of weights against 100; the weights themselves are held to 100 too.
fn total_weight(evaluation: &Evaluation) -> Option<Finding> {
    let total = evaluation.total.as_ref()?;
    let printed = &total.weight.value;
    (printed.exact != hundred()).then(|| {
        let message = format!("“{}”合计的权重应为 100，写的是 {}", title(evaluation), printed.text);
        let mut finding =
            Finding::new("C131", message).at(total.weight.place).help("请核对合计行的权重和各指标的权重。");
        (finding.expected, finding.actual) = (Some("100".to_owned()), Some(printed.text.clone()));
        finding
    })
}

fn total_score(evaluation: &Evaluation, scored: &[(&str, &WeightAndScore)]) -> Option<Finding> {
    let total = evaluation.total.as_ref()?;
    let sum: Amount = scored.iter().map(|(_, scored)| scored.score.value.exact).sum();
    let printed = &total.score.value;
    (sum != printed.exact).then(|| {
        let (title, text) = (title(evaluation), &printed.text);
        let message = format!("“{title}”总分应为各项得分之和：总分写的是 {text}，各项合计 {}", points(sum));
        let finding = Finding::new("C133", message).at(total.score.place).help("请核对各项得分和总分。");
        let mut finding =
            with_parts(finding, scored, |scored| (&scored.score.value.text, scored.score.place), (text, sum));
        (finding.expected, finding.actual) = (finding.actual.take(), finding.expected.take());
        finding
    })
}

/// The finding with every part beside it; expected is the fixed figure, actual the sum.
fn with_parts<'a>(
    mut finding: Finding,
    scored: &[(&str, &'a WeightAndScore)],
    part: impl Fn(&'a WeightAndScore) -> (&'a String, Place),
    (expected, sum): (&str, Amount),
) -> Finding {
    for (name, scored) in scored {
        let (text, place) = part(scored);
        finding = finding.related(format!("{name}＝{text}"), place);
    }
    (finding.expected, finding.actual) = (Some(expected.to_owned()), Some(points(sum)));
    finding
}

fn hundred() -> Amount {
    Amount::from_fen(100 * 100)
}

fn title(evaluation: &Evaluation) -> &str {
    evaluation.name.as_deref().unwrap_or(&evaluation.title)
}

/// Points as prose writes them: `97.85`, `100`.
fn points(amount: Amount) -> String {
    amount.print(Scale::Yuan).trimmed()
}
