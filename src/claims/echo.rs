//! The same fact elsewhere: indicators and budgets of the self-evaluations, counts of what a
//! sentence lists, and figures that other texts of the disclosure give in the same words.

use std::collections::{BTreeMap, BTreeSet};

use super::NumeralKind;
use super::lexicon::Topic;
use super::numeral::{Token, numerals};
use super::page::{Held, Page, Subject, Telling, Term};
use super::sentence::tidy;
use super::text::Blocks;
use crate::check::Verdict;
use crate::check::judge::Span;
use crate::diagnostic::Place;
use crate::model::disclosure::Disclosure;
use crate::model::performance::{Evaluation, Funding, Goal, Indicator, Scope, TextKind};

/// A text of the disclosure in which figures stand.
struct Passage {
    name: String,
    text: String,
    place: Option<Place>,
    /// Whether it is a row of a table: another statement than the texts of its file.
    row: bool,
}

/// Reads what the grammar of the statutory sentences left.
pub(crate) fn read(page: &mut Page<'_>, blocks: &Blocks) {
    if page.words.iter().all(super::sentence::Word::is_aside) {
        return;
    }
    let heads: Vec<String> =
        blocks.iter().map(|block| tidy(block.text.get(..block.text.len().min(600)).unwrap_or(&block.text))).collect();
    let goals = goal_numbers(page, &heads);
    let mut project: Option<(usize, Project)> = None;
    for (at, goal) in goals.into_iter().enumerate() {
        if page.words[at].is_aside() {
            continue;
        }
        set_count(page, at, goal);
        indicator(page, at);
        own_indicator(page, at);
        project = project_named(page, at, &heads).map(|found| (page.words[at].block, found)).or(project);
        let spoken = project.filter(|(block, _)| *block == page.words[at].block).map(|(_, found)| found);
        score(page, at, spoken);
        funding(page, at, spoken, &heads);
        projects(page, at);
    }
    near_misses(page);
    alike(page);
    elsewhere(page);
}

// Indicators

/// The annual goal that each numeral stands under: by 年度目标 N before it, or by the goal itself at
/// the head of its paragraph.
fn goal_numbers(page: &Page<'_>, heads: &[String]) -> Vec<Option<usize>> {
    let whole = evaluations(page).iter().find(|one| one.scope == Scope::Whole);
    let titles: Vec<String> = whole.map_or_else(Vec::new, |whole| whole.goals.iter().map(title_of).collect());
    let headed = |word: &super::sentence::Word| {
        let head = heads.get(word.block)?;
        titles.iter().position(|title| title.chars().count() >= 6 && head.starts_with(title.as_str())).map(|at| at + 1)
    };
    let mut goal = None;
    let mut goals = Vec::with_capacity(page.words.len());
    for word in &page.words {
        if word.is_aside() && word.near.ends_with("年度目标") {
            goal = word.token.digits.parse::<usize>().ok().filter(|number| *number > 0);
        }
        goals.push(headed(word).or(goal.filter(|_| word.topic == Topic::Performance)));
    }
    goals
}

/// 设置了 N 个三级指标: against the self-evaluation, or the list behind it.
fn set_count(page: &mut Page<'_>, at: usize, goal: Option<usize>) {
    let word = &page.words[at];
    let is_set = word.near.contains("指标设置了") && word.tail.starts_with("三级指标");
    if !(is_set || is_kind_of_indicator(word)) {
        return;
    }
    page.reads(at, "三级指标的个数");
    let Some(count) = page.words[at].count() else { return };
    let before = page.words[at].near.split("指标").next().unwrap_or_default();
    let before = before.strip_prefix('设').unwrap_or(before).to_owned();
    let kind: String = before.chars().filter(|c| c.is_alphabetic()).take(2).collect();
    let whole = page.disclosure().and_then(|d| d.evaluations.iter().find(|e| e.scope == Scope::Whole));
    let found = whole.zip(goal).and_then(|(whole, goal)| whole.goals.get(goal - 1)).map(|goal| {
        goal.indicators.iter().filter(|indicator| !kind.is_empty() && indicator.level2.contains(&kind)).count()
    });
    let Some(found) = found.and_then(|found| i64::try_from(found).ok()) else { return };
    let place = whole.map(|whole| whole.place);
    count_against(page, at, count, found, "自评表的三级指标", place);
}

/// 数量指标4个: how many indicators of a kind there are.
fn is_kind_of_indicator(word: &super::sentence::Word) -> bool {
    word.near.ends_with("指标") && word.unit() == "个"
}

/// A goal in the words of the self-evaluation, without its number.
fn title_of(goal: &Goal) -> String {
    let title = tidy(goal.title.as_deref().unwrap_or_default());
    title.trim_end_matches('。').rsplit(['：', ':']).next().unwrap_or_default().to_owned()
}

fn count_against(page: &mut Page<'_>, at: usize, count: i64, there: i64, name: &str, place: Option<Place>) {
    let shown = format!("{there}{}", page.words[at].unit());
    let verdict = if count == there { Verdict::Exact } else { Verdict::Fail };
    let term =
        Term { name: name.to_owned(), shown: shown.clone(), span: Span::exactly(i128::from(there)), place, word: None };
    let telling = Telling {
        code: "T107",
        reading: name.to_owned(),
        message: format!("文字写的是{}{}，{name}是{shown}", page.words[at].text, page.words[at].tail),
        expected: Some(shown),
        certain: false,
        help: "请数一数，改正个数",
    };
    page.settle(at, verdict, &[term], telling);
}

fn evaluations<'a>(page: &Page<'a>) -> &'a [Evaluation] {
    page.disclosure().map_or(&[], |disclosure| &disclosure.evaluations)
}

/// A figure that an indicator of a self-evaluation holds under the same name.
fn indicator(page: &mut Page<'_>, at: usize) {
    let word = &page.words[at];
    let bound = ["≥", "≤", "大于或等于", "不低于", "不少于"].iter().find(|sign| word.near.ends_with(**sign));
    let name = bound.map_or(word.near.as_str(), |sign| word.near.trim_end_matches(*sign)).to_owned();
    let name = name.trim_end_matches(['为', '达', '到']).trim_start_matches("其中").to_owned();
    if name.chars().count() < 5 || page.marks[at].verdict.is_some() {
        return;
    }
    let target = bound.is_some();
    let all = evaluations(page).iter().flat_map(|evaluation| {
        evaluation.goals.iter().flat_map(move |goal| goal.indicators.iter().map(move |one| (evaluation, one)))
    });
    let named = |(_, one): &(&Evaluation, &Indicator)| {
        let other = tidy(&one.name);
        other.contains(&name) || (other.chars().count() >= 5 && name.contains(&other))
    };
    let found = all.filter(named).find_map(|(evaluation, one)| {
        let text = printed(one, target);
        let same = |token: &super::numeral::Token| token.kind == page.words[at].token.kind;
        let token = numerals(&text).into_iter().find(same)?;
        Some((
            format!("{}·{}", title(evaluation), one.name),
            text[token.range.clone()].to_owned(),
            token.digits,
            one.place,
        ))
    });
    let Some((held, shown, digits, place)) = found else { return };
    let reading = if target { format!("{name}的目标值") } else { name };
    let verdict = if same_number(&digits, &page.words[at].token.digits) { Verdict::Exact } else { Verdict::Fail };
    differs(page, at, verdict, (&held, &shown), Some(place), reading);
}

/// The target or the actual value of an indicator, with the unit of its column.
fn printed(indicator: &Indicator, target: bool) -> String {
    let value = if target { &indicator.target } else { &indicator.actual };
    let unit = indicator.unit.as_deref().filter(|unit| !value.ends_with(unit)).unwrap_or_default();
    format!("{value}{unit}")
}

/// How many pairs of characters a text of a self-evaluation must share with an indicator of the
/// same table, where the figure and its unit are the same.
const SHARED_WITHIN: usize = 2;

/// Figures in the texts of a self-evaluation against the indicators of the same table: its goal
/// against their targets, what came of it against their actual values.
fn own_indicator(page: &mut Page<'_>, at: usize) {
    let word = &page.words[at];
    if page.marks[at].verdict.is_some() {
        return;
    }
    let Some((evaluation, target)) = own_evaluation(page, at) else { return };
    let words = pairs(&word.around);
    let near: String = word.near.chars().filter(|c| c.is_alphabetic()).collect();
    let near = pairs(near.trim_start_matches("完成").trim_start_matches("其中"));
    let mut about = Vec::new();
    for one in evaluation.goals.iter().flat_map(|goal| &goal.indicators) {
        let text = printed(one, target);
        let Some(token) = numerals(&text).into_iter().find(|token| alike_kinds(&token.kind, &word.token.kind)) else {
            continue;
        };
        let name = pairs(&tidy(&one.name));
        let found = Other { name: one.name.clone(), shown: text.clone(), place: Some(one.place) };
        let is_same = same_number(&token.digits, &word.token.digits);
        if is_same && name.intersection(&words).count() >= SHARED_WITHIN {
            let reading = if target { "绩效指标的目标值" } else { "绩效指标的完成值" };
            return differ(page, at, Verdict::Exact, &[found], reading.to_owned());
        }
        if near.len() >= SHARED && near.iter().all(|pair| name.contains(pair)) {
            about.push(found);
        }
    }
    // One indicator whose name holds every word before the numeral, and another figure.
    if let [_] = &about[..] {
        let reading = page.words[at].near.clone();
        differ(page, at, Verdict::Fail, &about, reading);
    }
}

/// The self-evaluation whose text this is, and whether the text tells targets.
fn own_evaluation<'a>(page: &Page<'a>, at: usize) -> Option<(&'a Evaluation, bool)> {
    let file = page.words[at].place.file;
    let own = evaluations(page).iter().find(|evaluation| evaluation.place.file == file)?;
    let (kind, _) = own.texts.iter().find(|(_, text)| text == page.source)?;
    match kind {
        TextKind::Goal => Some((own, true)),
        TextKind::Result | TextKind::Conclusion => Some((own, false)),
        _ => None,
    }
}

fn differs(
    page: &mut Page<'_>,
    at: usize,
    verdict: Verdict,
    (name, shown): (&str, &str),
    place: Option<Place>,
    reading: String,
) {
    let other = Other { name: name.to_owned(), shown: shown.to_owned(), place };
    differ(page, at, verdict, &[other], reading);
}

/// A figure as another place gives it.
struct Other {
    name: String,
    shown: String,
    place: Option<Place>,
}

/// Holds a numeral against the other places that give the same figure.
fn differ(page: &mut Page<'_>, at: usize, verdict: Verdict, others: &[Other], reading: String) {
    let term = |other: &Other| Term {
        name: other.name.clone(),
        shown: other.shown.clone(),
        span: Span::NOTHING,
        place: other.place,
        word: None,
    };
    let terms: Vec<Term> = others.iter().map(term).collect();
    let told: Vec<String> = others.iter().map(|other| format!("{}里是{}", other.name, other.shown)).collect();
    let telling = Telling {
        code: "T106",
        message: format!("{reading}在这里是{}，{}", page.words[at].text, told.join("，")),
        reading,
        expected: others.first().map(|other| other.shown.clone()),
        certain: false,
        help: "同一个数在各处应当一致。请核对，改正错的一处；说的不是一件事的，把名称写清楚。",
    };
    page.settle(at, verdict, &terms, telling);
}

fn title(evaluation: &Evaluation) -> String {
    evaluation.name.clone().map_or_else(|| evaluation.title.clone(), |name| format!("自评表“{name}”"))
}

/// Whether two texts of digits are the same number.
fn same_number(one: &str, other: &str) -> bool {
    plain(one) == plain(other)
}

/// Digits without the zeros that decimals end in.
fn plain(digits: &str) -> &str {
    if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.') } else { digits }
}

/// The numerals of the page by their numbers, in order.
fn by_number(page: &Page<'_>) -> BTreeMap<String, Vec<usize>> {
    let mut numbers: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, word) in page.words.iter().enumerate().filter(|(_, word)| !word.is_aside()) {
        numbers.entry(plain(&word.token.digits).to_owned()).or_default().push(at);
    }
    numbers
}

// Projects

/// The project that is spoken of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Project {
    /// Its position among the self-evaluations.
    at: usize,
    /// Whether its very name was written; a name that is nearly its own may confirm a figure, and
    /// is no reason to doubt one.
    by_name: bool,
}

/// The project of a self-evaluation that the words before a numeral name: the longest name that
/// stands in them or at the head of the paragraph, else the nearest.
fn project_named(page: &Page<'_>, at: usize, heads: &[String]) -> Option<Project> {
    let word = &page.words[at];
    let head = heads.get(word.block).map_or("", String::as_str);
    let projects = || evaluations(page).iter().enumerate().filter(|(_, one)| one.scope == Scope::Project);
    let stands = |(position, one): (usize, &Evaluation)| {
        let name = tidy(one.name.as_deref()?);
        let short = name.trim_end_matches("经费").to_owned();
        let is_there =
            !name.is_empty() && (word.lead.contains(&name) || head.starts_with(&name) || word.near.ends_with(&short));
        is_there.then_some((name.len(), Project { at: position, by_name: true }))
    };
    let named = projects().filter_map(stands).max_by_key(|(length, _)| *length).map(|(_, project)| project);
    named.or_else(|| nearest_project(page, at))
}

fn nearest_project(page: &Page<'_>, at: usize) -> Option<Project> {
    let lead = pairs(&page.words[at].lead);
    let mut best = (0, None);
    for (position, evaluation) in evaluations(page).iter().enumerate().filter(|(_, one)| one.scope == Scope::Project) {
        let name = pairs(&tidy(evaluation.name.as_deref().unwrap_or_default()));
        let common = name.intersection(&lead).count();
        if name.len() >= 3 && common * 5 >= name.len() * 3 && common > best.0 {
            best = (common, Some(Project { at: position, by_name: false }));
        }
    }
    best.1
}

/// 自评得分99分: the total of the self-evaluation.
fn score(page: &mut Page<'_>, at: usize, project: Option<Project>) {
    let word = &page.words[at];
    if !(word.unit() == "分" && ["得分", "总分"].iter().any(|end| word.near.ends_with(end))) {
        return;
    }
    page.reads(at, "自评得分");
    let named = project.filter(|project| project.by_name).map(|project| &evaluations(page)[project.at]);
    let own = own_evaluation(page, at).map(|(own, _)| own);
    let Some(evaluation) = named.or(own) else { return };
    let Some(total) = &evaluation.total else { return };
    let verdict =
        if same_number(&total.score.value.text, &page.words[at].token.digits) { Verdict::Exact } else { Verdict::Fail };
    // A table that contradicts its own conclusion is told by the checks.
    if own.is_some() && verdict == Verdict::Fail {
        return;
    }
    let name = format!("{}·得分", title(evaluation));
    let shown = format!("{}分", total.score.value.text);
    differs(page, at, verdict, (&name, &shown), Some(total.score.place), "自评得分".into());
}

/// 全年预算数, 执行数 and 执行率 of a project.
fn funding(page: &mut Page<'_>, at: usize, project: Option<Project>, heads: &[String]) {
    let Some(project) = project else { return };
    let evaluation = &evaluations(page)[project.at];
    let Some(row) = total_row(evaluation) else { return };
    let near = page.words[at].near.clone();
    let name = title(evaluation);
    let named = page.words[at].topic == Topic::General && project_named(page, at, heads) == Some(project);
    if page.words[at].token.kind == NumeralKind::Percent {
        let asks = near.contains("执行率") || near.contains("完成预算") || near.contains("完成全年预算");
        if let Some(rate) = row.rate.as_ref().filter(|_| asks && page.marks[at].verdict.is_none()) {
            let verdict = if same_number(rate.value.trim_end_matches('%'), &page.words[at].token.digits) {
                Verdict::Exact
            } else {
                Verdict::Fail
            };
            if verdict == Verdict::Fail && !project.by_name {
                return;
            }
            differs(
                page,
                at,
                verdict,
                (&format!("{name}·预算执行率"), &rate.value),
                Some(rate.place),
                "预算执行率".into(),
            );
        }
        return;
    }
    if page.words[at].scale().is_none() || page.marks[at].verdict.is_some() {
        return;
    }
    let budget = [row.adjusted, row.budget, row.opening].into_iter().find(|figure| figure.amount().is_some());
    let (what, figure) = match () {
        () if near.contains("执行数") || near.ends_with("支出") || named => ("预算执行数", Some(row.executed)),
        () if super::grammar::budget_words(&near).is_some() => ("预算数", budget),
        () => return,
    };
    let Some(figure) = figure else { return };
    let held = Held { name: format!("{name}·{what}"), cell: false, figure, place: Some(row.place) };
    let subject = Subject { label: what.to_owned(), certain: !named, ..Subject::default() };
    if project.by_name || page.agrees(at, &held) {
        page.hold(at, &subject, &held);
    }
}

fn total_row(evaluation: &Evaluation) -> Option<&Funding> {
    let is_total = |row: &&Funding| row.source.contains("总额") || row.source.replace(' ', "").contains("合计");
    evaluation.funding.iter().find(is_total).or_else(|| evaluation.funding.first())
}

/// 对1个部门（单位）, 5个项目, 0个下属单位: how many there are.
fn projects(page: &mut Page<'_>, at: usize) {
    let word = &page.words[at];
    let (Some(count), Some(disclosure)) = (word.count(), page.disclosure()) else { return };
    if page.marks[at].verdict.is_some() || word.unit() != "个" {
        return;
    }
    let of = |scope| disclosure.evaluations.iter().filter(|one| one.scope == scope).count();
    let (name, there) = if word.tail.starts_with("下属单位") {
        let children = |site: &crate::model::site::Site| {
            site.units.values().filter(|unit| unit.parent.as_deref() == Some(disclosure.unit.as_str())).count()
        };
        let Some(children) = page.site.map(children).filter(|children| *children > 0 || count == 0) else {
            return page.reads(at, "下属单位个数");
        };
        ("本站登记的下属单位", children)
    } else if word.tail.starts_with("部门") && word.tail.contains("整体") {
        ("整体绩效自评表", of(Scope::Whole))
    } else if word.tail.starts_with("项目") && word.tail.contains("绩效目标") && word.topic == Topic::Performance
    {
        // 5个项目年度绩效目标: of the projects, or those that the whole evaluation numbers.
        let whole = disclosure.evaluations.iter().find(|one| one.scope == Scope::Whole);
        let goals = whole.map_or(0, |whole| whole.goals.len());
        if i64::try_from(goals).is_ok_and(|goals| goals == count) {
            ("整体绩效自评表的年度目标", goals)
        } else {
            ("项目自评表", of(Scope::Project))
        }
    } else {
        return;
    };
    if let Some(there) = i64::try_from(there).ok().filter(|there| *there > 0 || count == 0) {
        count_against(page, at, count, there, name, None);
    }
}

// The same words elsewhere

/// A saving rate of the text that is nearly an indicator's: one of the two is wrong.
fn near_misses(page: &mut Page<'_>) {
    if page.marks.iter().all(|mark| mark.reading != "节资率") {
        return;
    }
    let rates: Vec<(String, String, Place)> = evaluations(page)
        .iter()
        .flat_map(|evaluation| {
            evaluation.goals.iter().flat_map(move |goal| goal.indicators.iter().map(move |one| (evaluation, one)))
        })
        .filter(|(_, one)| one.name.contains("节约率") || one.name.contains("节资率"))
        .filter_map(|(evaluation, one)| {
            let digits = numerals(&one.actual).into_iter().find(|token| token.kind == NumeralKind::Percent)?.digits;
            Some((format!("{}·{}", title(evaluation), one.name), digits, one.place))
        })
        .collect();
    for at in 0..page.words.len() {
        let Some(percent) = page.words[at].percent().filter(|_| page.marks[at].reading == "节资率") else {
            continue;
        };
        let mut others = Vec::new();
        for (name, digits, place) in &rates {
            let shown = format!("{digits}%");
            let Some(other) = numerals(&shown).first().and_then(|token| Some((token.last_units()?, token.decimals())))
            else {
                continue;
            };
            let most = percent.decimals.max(other.1);
            let raise = |units: i128, decimals: u32| units * 10_i128.pow(most.saturating_sub(decimals).min(8)) * 2;
            let (one, two) = (raise(percent.last_units, percent.decimals), raise(other.0, other.1));
            let half = |decimals: u32| 10_i128.pow(most.saturating_sub(decimals).min(8));
            let apart = (one - two).abs();
            let near = apart <= 4 * half(percent.decimals.min(other.1));
            if near && apart > half(percent.decimals) + half(other.1) - 2 && apart > 0 {
                others.push(Other { name: name.clone(), shown, place: Some(*place) });
            }
        }
        if !others.is_empty() {
            differ(page, at, Verdict::Fail, &others, "节资率".into());
        }
    }
}

/// Counts in the same words at two places of the text.
fn alike(page: &mut Page<'_>) {
    let key = |at: usize| {
        let word = &page.words[at];
        let open = !word.is_aside() && word.count().is_some() && !word.is_bound() && !is_target(&word.near);
        let near = bare(&word.near);
        let counts_indicators = word.near.contains("指标设置") || is_kind_of_indicator(word);
        let open = open && !counts_indicators && !word.tail.starts_with('（');
        let text = format!("{}{}", near, if near.chars().count() >= 6 { String::new() } else { bare(&word.tail) });
        (open && text.chars().count() >= 6).then_some(text)
    };
    let keys: Vec<Option<String>> = (0..page.words.len()).map(key).collect();
    for at in 0..keys.len() {
        let Some(text) = &keys[at] else { continue };
        let same =
            |other: &usize| keys[*other].as_ref() == Some(text) && page.words[*other].unit() == page.words[at].unit();
        let Some(first) = (0..at).find(same) else { continue };
        let equal = page.words[first].count() == page.words[at].count();
        if equal && page.marks[at].verdict.is_some() && page.marks[first].verdict.is_some() {
            continue;
        }
        let verdict = if equal { Verdict::Exact } else { Verdict::Fail };
        let (shown, place) = (tidy(&page.words[first].text), page.words[first].place);
        let reading = text.clone();
        differs(page, at, verdict, ("本文前面", &shown), Some(place), reading.clone());
        if equal {
            let (shown, place) = (tidy(&page.words[at].text), page.words[at].place);
            differs(page, first, verdict, ("本文后面", &shown), Some(place), reading);
        }
    }
}

fn is_target(near: &str) -> bool {
    ["≥", "≤", "大于或等于"].iter().any(|sign| near.ends_with(sign))
}

/// Words without those that name nothing.
fn bare(text: &str) -> String {
    const WORDS: [&str; 15] =
        ["全年", "今年", "累计", "总共", "共计", "其中", "正常", "完成", "实现", "共", "为", "达", "了", "数", "的"];
    let mut text = text.to_owned();
    text = text.replace("公共", PUBLIC);
    for word in WORDS {
        text = text.replace(word, "");
    }
    text.replace(PUBLIC, "公共")
}

/// Stands for 公共 while the 共 of 共有 is taken away.
const PUBLIC: &str = "\u{1}";

/// The pairs of neighbouring characters of a text.
fn pairs(text: &str) -> BTreeSet<(char, char)> {
    let kept: Vec<char> = text.chars().filter(|c| c.is_alphabetic()).collect();
    kept.windows(2).map(|pair| (pair[0], pair[1])).collect()
}

/// How many pairs of characters two places must share to speak of the same thing.
const SHARED: usize = 4;

/// Whether a figure was not checked yet and may be by what stands elsewhere.
fn is_open(page: &Page<'_>, at: usize) -> bool {
    let mark = &page.marks[at];
    // A rate that was read is proved by its two figures only, never by being repeated.
    let is_rate = page.words[at].token.kind == NumeralKind::Percent && !mark.reading.is_empty();
    !page.words[at].is_aside() && mark.verdict.is_none() && (!is_rate || mark.reading.contains("执行率"))
}

/// Figures that were not checked yet, held against the other places that give them.
fn elsewhere(page: &mut Page<'_>) {
    let open: Vec<usize> = (0..page.words.len()).filter(|at| is_open(page, *at)).collect();
    if open.is_empty() {
        return;
    }
    // A text is never its own witness.
    let is_other = |passage: &Passage| !page.source.contains(&passage.text) && !passage.text.contains(page.source);
    let passages = page.disclosure().map(passages).unwrap_or_default();
    let read = |passage: Passage| (numerals(&passage.text), passage);
    let passages: Vec<_> = passages.into_iter().filter(is_other).map(read).collect();
    let by_number = by_number(page);
    for at in open {
        let word = &page.words[at];
        let words = pairs(&word.around);
        // 1个 and 2个 stand everywhere.
        let shared = if word.token.digits.len() < 2 { 2 * SHARED } else { SHARED };
        let inside = |(tokens, passage): &&(Vec<_>, Passage)| {
            tokens.iter().any(|token: &Token| {
                alike_kinds(&token.kind, &word.token.kind)
                    && same_number(&token.digits, &word.token.digits)
                    && pairs(&super::sentence::around(&passage.text, &token.range)).intersection(&words).count()
                        >= shared
            })
        };
        let own = |passage: &Passage| !passage.row && passage.place.is_some_and(|place| place.file == word.place.file);
        if let Some((_, passage)) = passages.iter().find(|read| !own(&read.1) && inside(read)) {
            let (name, shown, place) = (passage.name.clone(), tidy(&word.text), passage.place);
            differs(page, at, Verdict::Exact, (&name, &shown), place, "各处所写的同一个数".into());
            continue;
        }
        let same = |other: &usize| {
            let there = &page.words[*other];
            *other != at
                && there.block != word.block
                && alike_kinds(&there.token.kind, &word.token.kind)
                && same_number(&there.token.digits, &word.token.digits)
                && pairs(&there.around).intersection(&words).count() >= shared
        };
        let alike = by_number.get(plain(&word.token.digits)).map_or(&[][..], Vec::as_slice);
        if let Some(other) = alike.iter().copied().find(same) {
            let (shown, place) = (tidy(&page.words[other].text), page.words[other].place);
            differs(page, at, Verdict::Exact, ("本文另一处", &shown), Some(place), "各处所写的同一个数".into());
        }
    }
}

/// Whether two figures measure the same; 项 and 个 count the same things.
fn alike_kinds(one: &NumeralKind, other: &NumeralKind) -> bool {
    let general = |kind: &NumeralKind| matches!(kind, NumeralKind::Count(unit) if unit == "个" || unit == "项");
    one == other || (general(one) && general(other))
}

/// The texts of a disclosure that give figures in words.
fn passages(disclosure: &Disclosure) -> Vec<Passage> {
    let mut found = Vec::new();
    for evaluation in &disclosure.evaluations {
        for one in evaluation.goals.iter().flat_map(|goal| &goal.indicators) {
            for target in [false, true] {
                let name = format!("{}·{}", title(evaluation), one.name);
                let text = format!("{}{}", one.name, printed(one, target));
                found.push(Passage { name, text, place: Some(one.place), row: true });
            }
        }
    }
    let mut add =
        |name: String, text: &str, place| found.push(Passage { name, text: text.to_owned(), place, row: false });
    for evaluation in &disclosure.evaluations {
        for (kind, text) in &evaluation.texts {
            add(format!("{}·{}", title(evaluation), kind.name()), text, Some(evaluation.place));
        }
    }
    for item in &disclosure.work_items {
        add(format!("重点工作“{}”", item.matter), &format!("{}。{}", item.goal, item.result), Some(item.place));
    }
    for text in disclosure.reasons.values().chain(disclosure.uses.values()) {
        add("原因和用途".to_owned(), &text.value, Some(text.place));
    }
    for (name, text) in [("重点工作", &disclosure.work_text), ("绩效情况说明", &disclosure.performance_text)]
    {
        if let Some(text) = text {
            add(name.to_owned(), &text.value, Some(text.place));
        }
    }
    for one in &disclosure.receptions {
        let amount = one.amount.amount().map(|amount| super::page::shown_amount(amount, disclosure.scale));
        let purpose = one.purpose.as_deref().unwrap_or_default();
        add(
            "公务接待明细".to_owned(),
            &format!("接待{}{purpose}用餐{}", one.guests, amount.unwrap_or_default()),
            Some(one.place),
        );
    }
    found
}
