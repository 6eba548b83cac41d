//! Figures of a text against each other: wholes and their parts, and the same figure again.

use super::lexicon::WHOLES;
use super::page::{Held, Page, Telling, Term};
use crate::check::Verdict;
use crate::check::judge::{self, Precision, Span};

/// 人员经费A，主要包括：甲x、乙y…: what is listed is not above the whole, and where it comes to
/// it, the list is all there is.
pub(super) fn lists(page: &mut Page<'_>) {
    for first in 1..page.words.len() {
        if page.words[first].scale().is_none() || !page.words[first].lead.contains("包括") {
            continue;
        }
        let same = |at: &usize| page.words[*at].sentence == page.words[first].sentence;
        let Some(whole) = (0..first).rev().take_while(same).find(|at| page.words[*at].scale().is_some()) else {
            continue;
        };
        let is_next = |at: &usize| same(at) && (*at == first || page.words[*at].lead.starts_with('、'));
        let parts: Vec<usize> = (first..page.words.len()).take_while(is_next).collect();
        if parts.len() < 2 || !parts.iter().all(|at| page.words[*at].scale() == page.words[whole].scale()) {
            continue;
        }
        for at in &parts {
            let name = page.words[*at].near.clone();
            page.reads(*at, &name);
        }
        sum(page, whole, &parts, false);
    }
}

/// One figure in several places of the text: each mention is held against the first.
pub(super) fn repeated(page: &mut Page<'_>, stated: &[(String, usize)]) {
    for (position, (key, at)) in stated.iter().enumerate() {
        let first = stated[..position].iter().find(|(other, _)| other == key).map(|(_, at)| *at);
        let Some(first) = first.filter(|_| page.marks[*at].verdict.is_none()) else { continue };
        let held = Held {
            name: "本文的".to_owned() + &page.marks[first].reading,
            cell: false,
            figure: crate::model::table::Figure::Blank,
            place: Some(page.words[first].place),
        };
        let verdict = match (page.words[*at].count(), page.words[first].count()) {
            (Some(one), Some(other)) => Some(if one == other { Verdict::Exact } else { Verdict::Fail }),
            (None, None) => page.span(*at).zip(page.span(first)).map(|(one, other)| judge::same_figure(&[one, other])),
            _ => None,
        };
        let (Some(verdict), Some(span)) = (verdict, page.span(first).or(Some(Span::NOTHING))) else { continue };
        let shown = super::sentence::tidy(&page.words[first].text);
        let reading = page.marks[*at].reading.clone();
        let message = format!("{reading}前后不一致：这里是{}，前面是{shown}", page.words[*at].text);
        let term = Term { name: held.name, shown: shown.clone(), span, place: held.place, word: Some(first) };
        let telling = Telling {
            code: "T106",
            reading,
            expected: Some(shown),
            message,
            certain: true,
            help: "同一个数在各处应当一致。请核对，改正错的一处。",
        };
        page.settle(*at, verdict, std::slice::from_ref(&term), telling);
        if page.marks[first].verdict.is_none() && verdict.passes() {
            page.joins(first, *at, verdict, "");
        }
    }
}

/// Parts that make up a whole: they must come to it.
pub(super) fn wholes(page: &mut Page<'_>, stated: &[(String, usize)]) {
    for (position, (key, whole)) in stated.iter().enumerate() {
        let Some((_, parts)) = WHOLES.iter().find(|(name, _)| name == key) else { continue };
        let topic = page.words[*whole].topic;
        let until =
            stated[position + 1..].iter().position(|(other, at)| other == key || page.words[*at].topic != topic);
        let scope = &stated[position + 1..until.map_or(stated.len(), |until| position + 1 + until)];
        let found: Vec<usize> =
            parts.iter().filter_map(|part| scope.iter().find(|(key, _)| key == part).map(|(_, at)| *at)).collect();
        if found.len() >= 2 {
            sum(page, *whole, &found, found.len() == parts.len());
        }
    }
}

/// Judges whether parts come to a whole; those that are not all there may fall short.
pub(crate) fn sum(page: &mut Page<'_>, whole: usize, parts: &[usize], complete: bool) {
    let Some(total) = page.span(whole) else { return };
    let (decimals, scale) = (page.words[whole].precision, page.words[whole].scale().unwrap_or_default());
    let own = if scale == page.scale() { 2 } else { 0 };
    let Some(unit) = 10_i128.checked_pow(decimals.max(own)).map(|cut| scale.last_unit_fen() * 100 / cut) else {
        return;
    };
    let terms: Vec<Option<i128>> = parts.iter().map(|at| page.span(*at).map(|span| span.point / unit)).collect();
    if terms.contains(&None) || unit == 0 {
        return;
    }
    let judgement = judge::sum(Some(total.point / unit), &terms, Precision::Rounded);
    let wrong = parts.iter().chain([&whole]).any(|at| page.is_wrong(*at));
    if wrong || (!complete && judgement.off > 0) {
        return;
    }
    let sum: i128 = terms.iter().flatten().sum();
    let expected = format!("{}{}", decimal(sum, decimals.max(own)), scale.name());
    let shown: Vec<String> = parts.iter().map(|at| super::sentence::tidy(&page.words[*at].text)).collect();
    let against: Vec<Term> = parts.iter().filter_map(|at| page.term(*at, &page.marks[*at].reading)).collect();
    let text = super::sentence::tidy(&page.words[whole].text);
    let telling = Telling {
        code: "T104",
        reading: page.marks[whole].reading.clone(),
        expected: Some(expected.clone()),
        message: format!("{}{text}，各部分{}之和是{expected}", page.words[whole].near, shown.join("、")),
        certain: true,
        help: "请核对总数和各部分",
    };
    page.settle(whole, judgement.verdict, &against, telling);
    for at in parts.iter().filter(|_| judgement.verdict.passes()) {
        page.joins(*at, whole, judgement.verdict, "");
    }
}

/// A number of last units as written.
fn decimal(units: i128, decimals: u32) -> String {
    let one = 10_i128.pow(decimals);
    if decimals == 0 {
        return units.to_string();
    }
    format!("{}.{:0width$}", units / one, (units % one).abs(), width = decimals as usize)
}
