//! 绩效自评 of an invented disclosure: targets that were met have the full score; those that
//! were missed have a lower one and say why.

use super::invent::{Draft, NOWHERE, placed};
use super::ledger::{Flow, Nature, Query};
use super::prng::Prng;
use crate::amount::{Amount, Scale};
use crate::diagnostic::Placed;
use crate::model::date::Date;
use crate::model::performance::{Evaluation, Funding, Goal, Indicator, Scope, Score, Style, TextKind, WeightAndScore};
use crate::model::table::Figure;

/// A point in hundredths, the exact unit of scores.
const POINT: i128 = 100;

/// The whole unit's evaluation and, where there is 项目支出, one of a project.
pub(super) fn evaluations(draft: &Draft<'_>) -> Vec<Evaluation> {
    let project = draft.sum(&Query::all(Flow::Spending).nature(Nature::Project));
    let mut evaluations = vec![whole(draft)];
    // A project of at least a few last units, so that its rate means something.
    if project >= 1_000_000 {
        evaluations.push(of_project(draft, project));
    }
    evaluations
}

fn blank(id: &str, order: i64, scope: Scope, style: Style, title: String) -> Evaluation {
    Evaluation {
        id: id.to_owned(),
        order,
        scope,
        style,
        title,
        name: None,
        code: None,
        filed: None,
        department: None,
        implementer: None,
        basic: Figure::Blank,
        project: Figure::Blank,
        texts: Vec::new(),
        funding: Vec::new(),
        goals: Vec::new(),
        total: None,
        scores_unread: false,
        place: NOWHERE,
    }
}

fn whole(draft: &Draft<'_>) -> Evaluation {
    let mut random = draft.random(8);
    let spent = Query::all(Flow::Spending);
    let executed = draft.sum(&spent);
    let budget = executed * 100 / random.between(88, 100);
    let met = random.chance(80);
    let (actual, note) =
        if met { ("548件", "已完成") } else { ("472件", "受申请量减少影响，未达目标") };
    let indicator = Indicator {
        level1: "产出指标".to_owned(),
        level2: "数量指标".to_owned(),
        name: "办理事项数".to_owned(),
        relation: None,
        target: "≥500件".to_owned(),
        unit: None,
        actual: actual.to_owned(),
        scored: None,
        note: Some(note.to_owned()),
        place: NOWHERE,
    };
    Evaluation {
        name: Some(draft.name()),
        filed: Date::parse(&format!("{}-03-27", draft.year + 1)).map(|date| Placed::new(date, NOWHERE)),
        basic: draft.money(draft.sum(&spent.clone().nature(Nature::Basic))),
        project: draft.money(draft.sum(&spent.nature(Nature::Project))),
        funding: vec![Funding {
            budget: draft.money(budget),
            rate: rate(draft, executed, budget),
            ..money_row(draft, "部门整体支出总额", Figure::Blank, executed)
        }],
        goals: vec![Goal { title: Some("年度目标1：完成年度任务".to_owned()), indicators: vec![indicator] }],
        ..blank("whole", 1, Scope::Whole, Style::Targets, format!("{}年度{}整体绩效自评表", draft.year, draft.name()))
    }
}

fn of_project(draft: &Draft<'_>, project: i128) -> Evaluation {
    let mut random = draft.random(9);
    let executed = project * random.between(30, 100) / 100;
    let adjusted = if random.chance(60) { executed } else { executed * 100 / random.between(80, 99) };
    let opening = adjusted * random.between(80, 110) / 100;
    let indicators = indicators(&mut random);
    let funding = funding(draft, opening, adjusted, executed, &mut random);
    let parts = funding.iter().filter_map(|row| row.scored.as_ref());
    let parts = parts.chain(indicators.iter().filter_map(|indicator| indicator.scored.as_ref()));
    let score: i128 = parts.filter_map(|part| part.score.value.exact.fen()).sum();
    let missed = indicators.iter().any(|indicator| indicator.note.is_some());
    let mut texts = vec![
        (TextKind::Goal, "完成全年任务。".to_owned()),
        (TextKind::Result, if missed { "主要任务完成。" } else { "全年任务完成。" }.to_owned()),
    ];
    if missed {
        texts.push((TextKind::Deviation, "部分事项受申请量影响，没有达到目标。".to_owned()));
        texts.push((TextKind::Measures, "下一年度合理设定目标。".to_owned()));
    }
    Evaluation {
        name: Some("业务经费".to_owned()),
        department: Some(draft.name()),
        implementer: Some(draft.name()),
        texts,
        funding,
        goals: vec![Goal { title: None, indicators }],
        total: Some(WeightAndScore { weight: points(100 * POINT), score: points(score) }),
        scores_unread: false,
        ..blank("project", 2, Scope::Project, Style::Weighted, format!("项目支出绩效自评表（{}年度）", draft.year))
    }
}

fn money_row(draft: &Draft<'_>, source: &str, adjusted: Figure, executed: i128) -> Funding {
    Funding {
        source: source.to_owned(),
        opening: Figure::Blank,
        adjusted,
        budget: Figure::Blank,
        executed: draft.money(executed),
        rate: None,
        scored: None,
        note: None,
        place: NOWHERE,
    }
}

/// 总额 with its rate and score, and now and then the two sources that it comes from.
fn funding(draft: &Draft<'_>, opening: i128, adjusted: i128, executed: i128, random: &mut Prng) -> Vec<Funding> {
    let score = (draft.shown(executed) * 10 * POINT / draft.shown(adjusted).max(1)).min(10 * POINT);
    let mut total = Funding {
        opening: draft.money(opening),
        rate: rate(draft, executed, adjusted),
        scored: Some(WeightAndScore { weight: points(10 * POINT), score: points(score) }),
        ..money_row(draft, "总额", draft.money(adjusted), executed)
    };
    if score < 10 * POINT {
        total.note = Some("部分款项按合同在下一年度支付".to_owned());
    }
    let mut rows = vec![total];
    if random.chance(50) {
        let share = random.between(50, 99);
        let part = |fen: i128| (fen * share / 100, fen - fen * share / 100);
        let (openings, adjusteds, executeds) = (part(opening), part(adjusted), part(executed));
        let halves = [
            ("其中：财政资金", openings.0, adjusteds.0, executeds.0),
            ("其他资金", openings.1, adjusteds.1, executeds.1),
        ];
        rows.extend(halves.map(|(source, opening, adjusted, executed)| Funding {
            opening: draft.money(opening),
            ..money_row(draft, source, draft.money(adjusted), executed)
        }));
    }
    rows
}

/// Indicators with names, targets in percent and weights of 90 in all.
const INDICATORS: [(&str, &str, &str, i128, i128); 4] = [
    ("产出指标", "数量指标", "任务完成率", 95, 30),
    ("产出指标", "质量指标", "验收合格率", 90, 20),
    ("效益指标", "社会效益指标", "服务覆盖率", 85, 25),
    ("满意度指标", "服务对象满意度指标", "群众满意度", 90, 15),
];

fn indicators(random: &mut Prng) -> Vec<Indicator> {
    INDICATORS.iter().map(|row| indicator(*row, random)).collect()
}

/// A target in percent: met with the full score, or missed with a share of it and a reason.
fn indicator((level1, level2, name, target, weight): (&str, &str, &str, i128, i128), random: &mut Prng) -> Indicator {
    let met = random.chance(85);
    let actual = if met { random.between(target, 100) } else { random.between(target / 2, target - 1) };
    let score = if met { weight * POINT } else { weight * POINT * actual / target };
    Indicator {
        level1: level1.to_owned(),
        level2: level2.to_owned(),
        name: name.to_owned(),
        relation: Some("≥".to_owned()),
        target: target.to_string(),
        unit: Some("%".to_owned()),
        actual: actual.to_string(),
        scored: Some(WeightAndScore { weight: points(weight * POINT), score: points(score) }),
        note: (!met).then(|| "受申请量减少影响，下一年度合理设定目标".to_owned()),
        place: NOWHERE,
    }
}

/// Points as tables write them: `10`, `9.85`.
fn points(hundredths: i128) -> Placed<Score> {
    let exact = Amount::from_fen(hundredths);
    Placed::new(Score { text: exact.print(Scale::Yuan).trimmed(), exact }, NOWHERE)
}

/// A rate of printed amounts with two decimals, rounded half up; none without a budget.
fn rate(draft: &Draft<'_>, part: i128, whole: i128) -> Option<Placed<String>> {
    let (part, whole) = (draft.shown(part), draft.shown(whole));
    let hundredths = (whole > 0).then(|| (part * 20_000 + whole) / (2 * whole))?;
    Some(placed(&format!("{}.{:02}%", hundredths / 100, hundredths % 100)))
}
