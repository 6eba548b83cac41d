//! Records: sentences that give the same kinds of figures, and sums, differences and rates
//! among them.
//!
//! A record is a sentence (a semicolon ends one) with labelled figures: 场次, 预算, 成交, 节约,
//! 节资率. Within one, 节约 = 预算 − 成交 and 节资率 = 节约 ÷ 预算. Records that follow 其中 are
//! parts of the one before, and so are those whose things make up all of its things: when one
//! kind of figure adds up, they are all there is, and the other kinds must add up too.

use super::NumeralKind;
use super::page::{Page, Telling, Term, percent_of};
use super::sentence::tidy;
use super::sums::sum;
use crate::check::Verdict;
use crate::check::judge::{self, Precision, Span};

/// What a figure of a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Budget,
    Deal,
    Saved,
    Rate,
    Things,
}

/// A sentence with its labelled figures.
struct Record {
    block: usize,
    is_part: bool,
    fields: Vec<(Field, usize)>,
}

/// Reads and checks the records of a page.
pub(crate) fn read(page: &mut Page<'_>) {
    let records = records(page);
    for record in &records {
        name(page, record);
    }
    for at in 0..records.len() {
        let named: Vec<&Record> =
            records[at + 1..].iter().take_while(|part| part.block == records[at].block && part.is_part).collect();
        let parts = if named.len() >= 2 { named } else { parts_by_things(page, &records[at..]) };
        if !records[at].is_part && parts.len() >= 2 {
            among(page, &records[at], &parts);
        }
    }
    for record in &records {
        within(page, record);
    }
    listed(page);
}

/// Counts that leave no room for others beside them: each list is all there is of its kind.
const FAMILIES: [&[&str]; 7] = [
    &["线上", "线下"],
    &["男", "女"],
    &["省级", "市级", "区级", "县级", "镇级", "街道", "乡镇"],
    &["优秀", "良好", "中等", "合格", "较差", "不合格"],
    &["国内", "国外", "境外", "外事"],
    &["已完成", "未完成"],
    &["上半年", "下半年"],
];

/// 培训12场，其中线上5场，线下7场; 2个项目中，优秀1个、良好1个: listed counts against their whole.
///
/// What comes to the whole is checked by it. Kinds that exclude each other must not exceed it;
/// any other list that does, and one of a family that falls short, is a question.
fn listed(page: &mut Page<'_>) {
    let figures: Vec<usize> = (0..page.words.len()).filter(|at| !page.words[*at].is_aside()).collect();
    let count = |at: usize| page.words[at].count().filter(|_| !page.words[at].is_bound());
    let mut lists = Vec::new();
    for (position, whole) in figures.iter().copied().enumerate() {
        let Some(total) = count(whole) else { continue };
        let mut parts = figures[position + 1..].iter().copied().take_while(|at| {
            let (word, of) = (&page.words[*at], &page.words[whole]);
            word.block == of.block && word.unit() == of.unit() && count(*at).is_some()
        });
        let Some(first) = parts.next().filter(|first| opens(page, whole, *first)) else { continue };
        let sentence = page.words[first].sentence;
        let goes_on = |at: &usize| {
            let word = &page.words[*at];
            word.sentence == sentence && word.lead.starts_with(['、', '，', '和', '及'])
        };
        let parts: Vec<usize> = std::iter::once(first).chain(parts.take_while(goes_on)).collect();
        if parts.len() >= 2 {
            lists.push((whole, total, parts));
        }
    }
    for (whole, total, parts) in lists {
        add_up(page, whole, total, &parts);
    }
}

/// Whether a count begins a list of the parts of the one before it.
fn opens(page: &Page<'_>, whole: usize, first: usize) -> bool {
    let (whole, first) = (&page.words[whole], &page.words[first]);
    let near = first.sentence == whole.sentence || first.lead.starts_with("其中");
    near && (first.lead.contains("其中") || (first.sentence == whole.sentence && whole.tail.ends_with('中')))
}

fn add_up(page: &mut Page<'_>, whole: usize, total: i64, parts: &[usize]) {
    let counts = parts.iter().filter_map(|at| page.words[*at].count());
    let Some(sum) = counts.into_iter().try_fold(0_i64, i64::checked_add) else { return };
    if parts.iter().chain([&whole]).any(|at| page.is_wrong(*at)) {
        return;
    }
    for at in parts {
        let name = page.words[*at].near.trim_start_matches("其中").trim_start_matches('：').to_owned();
        page.reads(*at, &name);
    }
    let is_family = is_family(page, parts);
    let excludes = is_family || page.words[whole].unit() == "辆";
    if sum < total && (!is_family || page.words[parts[parts.len() - 1]].tail.starts_with('等')) {
        return;
    }
    let expected = format!("{sum}{}", page.words[whole].unit());
    let shown: Vec<String> = parts.iter().map(|at| tidy(&page.words[*at].text)).collect();
    let named = |at: &usize| Some(Term { name: page.marks[*at].reading.clone(), ..counted(page, *at)? });
    let terms: Vec<Term> = parts.iter().filter_map(named).collect();
    let telling = Telling {
        code: "T104",
        reading: page.words[whole].near.clone(),
        message: format!(
            "{}{}，其中{}之和是{expected}",
            page.words[whole].near,
            tidy(&page.words[whole].text),
            shown.join("、")
        ),
        expected: Some(expected),
        certain: excludes && sum > total,
        help: "请核对总数和各部分",
    };
    let verdict = if sum == total { Verdict::Exact } else { Verdict::Fail };
    page.settle(whole, verdict, &terms, telling);
    for at in parts.iter().filter(|_| verdict == Verdict::Exact) {
        page.joins(*at, whole, verdict, "");
    }
}

/// Whether the parts are different kinds of one family.
fn is_family(page: &Page<'_>, parts: &[usize]) -> bool {
    let kind = |family: &[&'static str], at: usize| {
        let near = page.words[at].near.as_str();
        family.iter().copied().filter(|kind| near.contains(kind)).max_by_key(|kind| kind.len())
    };
    FAMILIES.iter().any(|family| {
        let mut kinds: Vec<&str> = parts.iter().filter_map(|at| kind(family, *at)).collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds.len() == parts.len()
    })
}

/// The records right behind the first whose things are all of its things: 548场；甲类397场…，乙类151场….
fn parts_by_things<'r>(page: &Page<'_>, records: &'r [Record]) -> Vec<&'r Record> {
    /// Things fewer than these add up by chance.
    const FEWEST: i64 = 10;
    let things = |record: &Record| record.of(Field::Things).and_then(|at| page.words[at].count());
    let Some((whole, rest)) = records.split_first() else { return Vec::new() };
    let Some(total) = things(whole).filter(|total| *total >= FEWEST) else { return Vec::new() };
    let mut sum = 0;
    let mut parts = Vec::new();
    for record in rest.iter().filter(|record| !record.fields.is_empty()).take(6) {
        let Some(count) = things(record) else { return Vec::new() };
        sum += count;
        parts.push(record);
        if sum >= total {
            break;
        }
    }
    if sum == total { parts } else { Vec::new() }
}

fn records(page: &Page<'_>) -> Vec<Record> {
    let mut found: Vec<Record> = Vec::new();
    let mut sentence = None;
    let mut in_parts = false;
    for (at, word) in page.words.iter().enumerate().filter(|(_, word)| !word.is_aside()) {
        if sentence != Some(word.sentence) {
            in_parts = word.lead.starts_with("其中")
                || (in_parts && found.last().is_some_and(|last| last.block == word.block));
            found.push(Record { block: word.block, is_part: in_parts, fields: Vec::new() });
            sentence = Some(word.sentence);
        }
        let Some(field) = field(page, at) else { continue };
        let record = found.last_mut().filter(|record| !record.fields.iter().any(|(other, _)| *other == field));
        if let Some(record) = record {
            record.fields.push((field, at));
        }
    }
    found
}

fn field(page: &Page<'_>, at: usize) -> Option<Field> {
    let word = &page.words[at];
    if word.is_bound() || !page.marks[at].reading.is_empty() {
        return None;
    }
    let has = |words: &[&str]| words.iter().any(|name| word.near.contains(name));
    match word.token.kind {
        NumeralKind::Percent if has(&["节资率", "节约率", "资金节约率"]) => Some(Field::Rate),
        NumeralKind::Amount(_) if word.near.starts_with("其中") => None,
        NumeralKind::Amount(_) if has(&["节约", "节省"]) => Some(Field::Saved),
        NumeralKind::Amount(_) if has(&["中标", "成交"]) => Some(Field::Deal),
        NumeralKind::Amount(_) if has(&["预算", "控制价"]) => Some(Field::Budget),
        NumeralKind::Count(_) if matches!(word.unit(), "场" | "场次" | "宗") => Some(Field::Things),
        _ => None,
    }
}

impl Record {
    fn of(&self, field: Field) -> Option<usize> {
        self.fields.iter().find(|(other, _)| *other == field).map(|(_, at)| *at)
    }
}

/// Says what the figures of a record are; one alone may be anything.
fn name(page: &mut Page<'_>, record: &Record) {
    let names =
        [(Field::Budget, "预算金额"), (Field::Deal, "成交金额"), (Field::Saved, "节约金额"), (Field::Rate, "节资率")];
    let money = record.fields.iter().filter(|(field, _)| *field != Field::Things).count();
    for (field, name) in names.iter().filter(|_| money >= 2) {
        if let Some(at) = record.of(*field) {
            page.reads(at, name);
        }
    }
}

/// 节约 = 预算 − 成交, 节资率 = 节约 ÷ 预算.
fn within(page: &mut Page<'_>, record: &Record) {
    let term = |page: &Page<'_>, field, name| record.of(field).and_then(|at| page.term(at, name));
    let (budget, deal) = (term(page, Field::Budget, "预算金额"), term(page, Field::Deal, "成交金额"));
    let Some(budget) = budget else { return };
    if let (Some(saved), Some(deal)) = (record.of(Field::Saved), &deal) {
        difference(page, saved, &budget, deal);
    }
    let Some(rate) = record.of(Field::Rate) else { return };
    let saved = term(page, Field::Saved, "节约金额");
    let reckoned = deal.map(|deal| Term {
        name: "预算减成交".to_owned(),
        shown: format!("{}－{}", budget.shown, deal.shown),
        span: Span {
            point: budget.span.point - deal.span.point,
            low: budget.span.low - deal.span.high,
            high: budget.span.high - deal.span.low,
        },
        ..deal
    });
    rate_of(page, rate, &[saved, reckoned], &budget);
}

fn difference(page: &mut Page<'_>, at: usize, budget: &Term, deal: &Term) {
    let Some(saved) = page.span(at) else { return };
    let scale = page.words[at].scale().unwrap_or_default();
    let decimals = page.words[at].precision.max(if scale == page.scale() { 2 } else { 0 });
    let Some(unit) =
        10_i128.checked_pow(decimals).map(|cut| scale.last_unit_fen() * 100 / cut).filter(|unit| *unit > 0)
    else {
        return;
    };
    let terms = [Some(budget.span.point / unit), Some(-(deal.span.point / unit))];
    let verdict = judge::sum(Some(saved.point / unit), &terms, Precision::Rounded).verdict;
    if !verdict.passes() && is_told(page, &[budget, deal]) {
        return;
    }
    let telling = Telling {
        code: "T104",
        reading: "节约金额".to_owned(),
        expected: None,
        message: format!("节约金额写的是{}，{}减{}不是这个数", page.words[at].text, budget.shown, deal.shown),
        certain: true,
        help: "请核对预算、成交和节约三个数",
    };
    page.settle(at, verdict, &[budget.clone(), deal.clone()], telling);
    pass_on(page, at, verdict, &[budget, deal]);
}

fn rate_of(page: &mut Page<'_>, at: usize, saved: &[Option<Term>], budget: &Term) {
    let Some(percent) = page.words[at].percent() else { return };
    let judged: Vec<(Verdict, &Term)> =
        saved.iter().flatten().map(|saved| (judge::ratio(saved.span, budget.span, percent), saved)).collect();
    let Some((verdict, saved)) = judged.iter().find(|(verdict, _)| verdict.passes()).or_else(|| judged.first()) else {
        return;
    };
    let right = percent_of(saved.span.point, budget.span.point, percent.decimals).map(|right| right.to_string());
    let telling = Telling {
        code: "T103",
        reading: "节资率".to_owned(),
        message: format!(
            "节资率写的是{percent}，按{}和{}算是{}",
            saved.shown,
            budget.shown,
            right.clone().unwrap_or_default()
        ),
        expected: right,
        certain: true,
        help: "请按列出的两个数重新计算",
    };
    let (verdict, saved) = (*verdict, (*saved).clone());
    if !verdict.passes() && is_told(page, &[&saved, budget]) {
        return;
    }
    page.settle(at, verdict, &[saved.clone(), budget.clone()], telling);
    pass_on(page, at, verdict, &[&saved, budget]);
}

/// Whether one of the figures is told to be wrong already: what is reckoned from it is no news.
fn is_told(page: &Page<'_>, terms: &[&Term]) -> bool {
    terms.iter().filter_map(|term| term.word).any(|at| page.is_wrong(at))
}

/// The other figures of a relation that holds were checked by it too.
fn pass_on(page: &mut Page<'_>, stated: usize, verdict: Verdict, terms: &[&Term]) {
    for at in terms.iter().filter_map(|term| term.word).filter(|_| verdict.passes()) {
        page.joins(at, stated, verdict, "");
    }
}

/// Parts that follow 其中 against the record before them.
fn among(page: &mut Page<'_>, whole: &Record, parts: &[&Record]) {
    let sums: Vec<(usize, Vec<usize>)> = whole
        .fields
        .iter()
        .filter(|(field, _)| *field != Field::Rate)
        .filter_map(|(field, at)| Some((*at, parts.iter().map(|part| part.of(*field)).collect::<Option<Vec<_>>>()?)))
        .collect();
    let counted = |(whole, parts): &(usize, Vec<usize>)| {
        let total = page.words[*whole].count();
        total.is_some() && total == parts.iter().map(|at| page.words[*at].count()).sum::<Option<i64>>()
    };
    let complete = sums.iter().any(counted) || sums.len() >= 3;
    for (at, parts) in &sums {
        if page.words[*at].count().is_some() {
            things(page, *at, parts, complete);
        } else {
            sum(page, *at, parts, complete);
        }
    }
}

/// Counts of things that make up another.
fn things(page: &mut Page<'_>, whole: usize, parts: &[usize], complete: bool) {
    let total = page.words[whole].count();
    let sum = parts.iter().map(|at| page.words[*at].count()).sum::<Option<i64>>();
    let (Some(total), Some(sum)) = (total, sum) else { return };
    if total > sum && !complete {
        return;
    }
    let verdict = if total == sum { Verdict::Exact } else { Verdict::Fail };
    let expected = format!("{sum}{}", page.words[whole].unit());
    let terms: Vec<Term> = parts.iter().filter_map(|at| counted(page, *at)).collect();
    let telling = Telling {
        code: "T104",
        reading: "场次".to_owned(),
        message: format!("{}{}，各部分之和是{expected}", page.words[whole].near, page.words[whole].text),
        expected: Some(expected),
        certain: true,
        help: "请核对总数和各部分",
    };
    page.settle(whole, verdict, &terms, telling);
    for at in parts.iter().filter(|_| verdict == Verdict::Exact) {
        page.joins(*at, whole, verdict, "其中的场次");
    }
}

/// A count of things as a term.
fn counted(page: &Page<'_>, at: usize) -> Option<Term> {
    let word = &page.words[at];
    let span = Span::exactly(i128::from(word.count()?));
    Some(Term {
        name: "其中的场次".to_owned(), shown: tidy(&word.text), span, place: Some(word.place), word: Some(at)
    })
}

#[cfg(test)]
mod tests {
    use crate::claims::{State, Text, TextFormat, read};
    use crate::diagnostic::{FileId, Severity};

    fn told(source: &str) -> Vec<(&'static str, Severity)> {
        let text = Text { file: FileId(0), source, format: TextFormat::Plain, start: 0 };
        read(&text, None, None).findings.iter().map(|finding| (finding.code.id, finding.severity)).collect()
    }

    fn states(source: &str) -> Vec<State> {
        let text = Text { file: FileId(0), source, format: TextFormat::Plain, start: 0 };
        read(&text, None, None).numerals.iter().map(|numeral| numeral.state).collect()
    }

    #[test]
    fn listed_counts_that_exclude_each_other_must_come_to_their_whole() {
        for text in
            ["培训12场，其中线上5场，线下8场。", "培训12场。其中：线上5场、线下8场。", "2个项目中，优秀2个、良好1个。"]
        {
            assert_eq!(told(text), [("T104", Severity::Error)], "{text}");
        }
        assert_eq!(told("接待300人次，其中区级120人次、街道200人次。"), [("T104", Severity::Error)]);
        assert_eq!(told("培训12场，其中线上5场，线下6场。"), [("T104", Severity::Warning)]);
        assert_eq!(states("培训12场，其中线上5场，线下7场。"), [State::Checked; 3]);
    }

    #[test]
    fn other_listed_counts_may_overlap_or_be_incomplete() {
        assert_eq!(told("办理12件，其中急件8件，大件7件。"), [("T104", Severity::Warning)]);
        for silent in [
            "办理12件，其中急件8件，大件3件。",
            "培训12场，其中线上5场、线下3场等。",
            "全年交易548场，其中远程评标342场（目标≥300场）、采购397场。",
            "接待4批次、31人次，其中国内3批次、20人次。",
        ] {
            assert_eq!(told(silent), [], "{silent}");
        }
    }

    #[test]
    fn a_part_that_is_only_not_above_its_whole_was_held_against_nothing() {
        assert_eq!(states("办理12件，其中急件8件。")[1], State::NoCounterpart);
        assert_eq!(told("办理12件，其中急件13件。"), [("T105", Severity::Error)]);
    }
}
