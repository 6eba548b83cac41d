//! Names, words and years that are not this document's: its own word for itself, other years,
//! other units, names no longer in force, and names that drift.

use std::collections::BTreeMap;
use std::ops::Range;

use super::drift::{self, Letters};
use super::scan;
use super::{Fault, Part, Passage};
use crate::claims::around::{Around, Names};
use crate::claims::text::Blocks;
use crate::model::disclosure::Disclosure;
use crate::model::performance::Scope;

/// What is known of the document a text belongs to.
#[derive(Clone, Debug, Default)]
pub(super) struct Known<'a> {
    /// 部门 or 单位: the document's word for itself; of a text alone, the one it uses most.
    pub word: Option<&'a str>,
    /// Whether the word is the disclosure's own, so that titles must keep to it.
    pub word_is_set: bool,
    /// The fiscal year; of a text alone, the one it names most.
    pub year: Option<i32>,
    /// The unit's full name.
    pub unit: Option<&'a str>,
    /// The names of the site's units, its own among them.
    pub units: Option<&'a Names<'a>>,
    /// Names of the projects that were evaluated.
    pub projects: Vec<&'a str>,
    /// Names of codes: what each was called, up to which year, and what it is called now.
    pub obsolete: &'a [(&'a str, i32, &'a str)],
}

impl<'a> Known<'a> {
    /// What a disclosure and its site tell, or else the text itself.
    pub fn of(blocks: &Blocks, disclosure: Option<&'a Disclosure>, around: Option<&'a Around<'a>>) -> Self {
        let word = disclosure.map(|disclosure| disclosure.word.as_str()).filter(|word| !word.is_empty());
        let year = disclosure.map(|disclosure| disclosure.year).or_else(|| usual_year(blocks));
        let unit = disclosure.zip(around).and_then(|(own, around)| around.site.units.get(&own.unit));
        let evaluations = disclosure.into_iter().flat_map(|disclosure| &disclosure.evaluations);
        let projects = evaluations.filter(|one| one.scope == Scope::Project).filter_map(|one| one.name.as_deref());
        Self {
            word: word.or_else(|| usual_word(blocks)),
            word_is_set: word.is_some(),
            year,
            unit: unit.map(|unit| unit.name.as_str()),
            units: around.map(|around| &*around.units).filter(|_| disclosure.is_some()),
            projects: projects.collect(),
            obsolete: around.map(|around| around.obsolete.as_slice()).unwrap_or_default(),
        }
    }

    /// Every place where a unit of the site is named, its own included.
    fn units_in(&self, text: &str) -> Vec<(Range<usize>, &'a str)> {
        self.units.map(|units| units.found_in(text).collect()).unwrap_or_default()
    }
}

/// The year that a text calls its own: the one before 年度 most often, thrice at least.
fn usual_year(blocks: &Blocks) -> Option<i32> {
    const LEAST: usize = 3;
    let mut counts: BTreeMap<i32, usize> = BTreeMap::new();
    for (year, _) in blocks.iter().flat_map(|block| years(&block.text, "年度")) {
        *counts.entry(year).or_default() += 1;
    }
    counts.into_iter().filter(|(_, count)| *count >= LEAST).max_by_key(|(_, count)| *count).map(|(year, _)| year)
}

/// The word that a text uses most for itself; none when it uses neither.
fn usual_word(blocks: &Blocks) -> Option<&'static str> {
    let count = |word: &str| blocks.iter().map(|block| own_words(&block.text, word).count()).sum::<usize>();
    let (departments, units) = (count("部门"), count("单位"));
    match departments.cmp(&units) {
        _ if departments + units == 0 => None,
        std::cmp::Ordering::Less => Some("单位"),
        _ => Some("部门"),
    }
}

pub(super) fn find(passage: &Passage<'_>, faults: &mut Vec<Fault>) {
    let chars = passage.chars;
    own_word(passage, faults);
    if passage.part != Part::Cell {
        if chars.has('年') && chars.has_digits() {
            other_years(passage, faults);
        }
        other_units(passage, faults);
        drifting(passage, faults);
    }
    obsolete_names(passage, faults);
}

/// 本部门, 我部门: where a text speaks of itself; 部门（单位） is another fault.
fn own_words<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = Range<usize>> {
    ["本", "我"].into_iter().flat_map(move |own| {
        text.match_indices(own).filter_map(move |(at, own)| {
            let after = text[at + own.len()..].strip_prefix(word)?;
            let alternatives = ["（单位", "(单位", "/单位", "（部门", "(部门", "/部门"];
            let whole = !alternatives.iter().any(|other| after.starts_with(other)) && !text[..at].ends_with('基');
            whole.then(|| at..text.len() - after.len())
        })
    })
}

fn own_word(passage: &Passage<'_>, faults: &mut Vec<Fault>) {
    let Some(word) = passage.known.word else { return };
    let other = if word == "单位" { "部门" } else { "单位" };
    let may_say = passage.chars.has_any("本我") && passage.chars.may_hold(other);
    for range in may_say.then(|| own_words(passage.text, other)).into_iter().flatten() {
        let said = &passage.text[range.clone()];
        let message = format!("自称“{said}”，全文称“{word}”");
        faults.push(Fault::new("T241", range, message).help(format!("一份文件只用一个称谓：改成“本{word}”")));
    }
    if !passage.known.word_is_set || passage.part != Part::Heading {
        return;
    }
    let title = format!("{other}决算");
    if let Some(at) = passage.text.find(&title) {
        let message = format!("标题写“{title}”，全文称“{word}”");
        faults.push(Fault::new("T241", at..at + title.len(), message).help(format!("改成“{word}决算”")));
    }
}

/// Four digits before a word, spaces aside, with their place.
fn years<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = (i32, Range<usize>)> + 'a {
    text.match_indices(word).filter_map(|(at, _)| {
        let before = text[..at].trim_end();
        let mut last = before.char_indices().rev().take(4);
        let digits: Vec<(usize, u8)> = last.by_ref().filter_map(|(at, c)| Some((at, scan::digit(c)?))).collect();
        let start = digits.last().filter(|_| digits.len() == 4)?.0;
        let longer = before[..start].chars().next_back().is_some_and(|c| scan::digit(c).is_some());
        let year = digits.iter().rev().fold(0, |year, (_, digit)| year * 10 + i32::from(*digit));
        (!longer && (1990..=2100).contains(&year)).then_some((year, start..before.len()))
    })
}

/// What a year's own figures are called.
const STATED: [&str; 15] = [
    "收入",
    "支出",
    "收、支",
    "收支",
    "一般公共预算",
    "财政拨款",
    "“三公”",
    "政府性基金",
    "国有资本经营",
    "政府采购",
    "机关运行",
    "部门决算",
    "单位决算",
    "部门整体",
    "整体支出",
];

fn other_years(passage: &Passage<'_>, faults: &mut Vec<Fault>) {
    let Some(own) = passage.known.year else { return };
    let text = passage.text;
    let mut tell = |range: Range<usize>, year: i32, right: i32, what: &str| {
        let message = if right == own {
            format!("{what}写的是 {year} 年，本文件是 {own} 年度")
        } else {
            format!("{what}写的是 {year} 年，应与上一年（{right}）相比")
        };
        let fault = Fault::new("T242", range, message).expected(right.to_string());
        faults.push(fault.help(format!("请核对年份，多半应是 {right}")));
    };
    for (year, range) in years(text, "年度") {
        let before = text[..range.start].trim_end();
        let rest = text[range.end..].trim_start();
        let after = rest.strip_prefix("年度").unwrap_or(rest).trim_start();
        let compared = before.ends_with(['与', '比', '较', '同']) && !before.ends_with("占比");
        let says = STATED.iter().any(|word| after.starts_with(word)) && !text.contains(&format!("{own}年"));
        if compared && year != own - 1 && (year >= own || after.starts_with("相比") || after.starts_with("决算")) {
            tell(range, year, own - 1, "比较的年度");
        } else if !compared && says && year != own && passage.part != Part::Heading {
            tell(range, year, own, "说的年度");
        } else if !compared && passage.part == Part::Heading && year != own && says {
            tell(range, year, own, "标题的年度");
        }
    }
    for (year, range) in years(text, "年12月31日").filter(|(year, _)| *year != own) {
        if ["截至", "截止", "截至到"].iter().any(|word| text[..range.start].trim_end().ends_with(word)) {
            tell(range, year, own, "截止日期");
        }
    }
}

/// What follows a unit's name where its own figures are stated.
const OF_ITSELF: [&str; 14] = [
    "共有车辆",
    "政府采购支出",
    "机关运行经费",
    "一般公共预算",
    "财政拨款",
    "收入",
    "支出",
    "“三公”",
    "整体支出",
    "部门整体",
    "部门决算",
    "单位决算",
    "决算",
    "预算",
];

/// Another unit's name where this one's figures are stated.
fn other_units(passage: &Passage<'_>, faults: &mut Vec<Fault>) {
    let (known, text) = (passage.known, passage.text);
    let named = known.units_in(text);
    for (range, other) in &named {
        let said = past_year(&text[range.end..]);
        let of_itself = OF_ITSELF.iter().any(|word| said.starts_with(word));
        if !of_itself || known.unit == Some(*other) || within_longer(range, &named) {
            continue;
        }
        let own = known.unit.unwrap_or("本单位");
        let fault = Fault::new("T243", range.clone(), format!("这里说的是“{other}”，不是{own}"));
        faults.push(fault.help("像是从别的单位抄来的：请改成本单位的名称和数"));
    }
}

/// What follows the year between a name and its figures, `，2023年度，` or 本年; all where none does.
fn past_year(text: &str) -> &str {
    let pause = |text: &'_ str| text.len() - text.trim_start().trim_start_matches(['，', ',']).trim_start().len();
    let mut rest = text.trim_start();
    loop {
        let said = &rest[pause(rest)..];
        let undated = said.trim_start_matches(|c: char| scan::digit(c).is_some());
        let is_year = said[..said.len() - undated.len()].chars().count() == 4;
        let dated = undated.trim_start().strip_prefix('年').filter(|_| is_year);
        let dated = dated.map(|after| after.strip_prefix('度').unwrap_or(after));
        let Some(after) =
            dated.or_else(|| said.strip_prefix("本年").map(|after| after.strip_prefix('度').unwrap_or(after)))
        else {
            return rest;
        };
        rest = &after[pause(after)..];
    }
}

/// Whether a place lies in a longer name, the unit's own or another's.
fn within_longer(range: &Range<usize>, named: &[(Range<usize>, &str)]) -> bool {
    let longer = named.iter().filter(|(other, _)| other.len() > range.len());
    longer.into_iter().any(|(other, _)| other.start <= range.start && range.end <= other.end)
}

/// Accounts and rules that accounting no longer knows, the last year that did, and what took
/// their place: 政府会计制度 replaced the rules for 行政单位 and 事业单位 from 2019 on.
const ACCOUNTS: [(&str, i32, &str); 6] = [
    ("用事业基金弥补收支差额", 2018, "使用非财政拨款结余（含专用结余）"),
    ("用事业基金弥补", 2018, "使用非财政拨款结余"),
    ("转入事业基金", 2018, "转入非财政拨款结余"),
    ("非财政补助结余", 2018, "非财政拨款结余"),
    ("事业单位会计制度", 2018, "政府会计制度"),
    ("行政单位会计制度", 2018, "政府会计制度"),
];

fn obsolete_names(passage: &Passage<'_>, faults: &mut Vec<Fault>) {
    let text = passage.text;
    let is_code = |after: &str| {
        let after = after.trim_start();
        let level = after.strip_prefix(['（', '(']).map(str::trim_start);
        level.is_some_and(|after| after.starts_with(['类', '款', '项']))
    };
    let mut told: Vec<Range<usize>> = Vec::new();
    let Some(year) = passage.known.year else { return };
    let codes = passage.known.obsolete.iter().map(|(old, until, now)| (*old, *until, *now, true));
    let accounts = ACCOUNTS.into_iter().map(|(old, until, now)| (old, until, now, false));
    let named = codes.chain(accounts).filter(|(old, until, ..)| *until < year && passage.chars.may_hold(old));
    for (old, _, now, needs_level) in named {
        for (at, _) in text.match_indices(old) {
            let range = at..at + old.len();
            let inside = told.iter().any(|other| other.start <= range.start && range.end <= other.end);
            if inside || (needs_level && !is_code(&text[range.end..])) {
                continue;
            }
            told.push(range.clone());
            let fault = Fault::new("T244", range, format!("“{old}”是旧名，现在称“{now}”"));
            faults.push(fault.help(format!("改成“{now}”")).expected(now));
        }
    }
}

/// What ends a project's name and is often left out.
const ENDINGS: [&str; 5] = ["项目", "经费", "费用", "专项", "费"];

/// What follows where a text names a project.
const AFTER_PROJECT: [&str; 7] = ["费", "经费", "项目", "专项", "资金", "”", "》"];

fn drifting(passage: &Passage<'_>, faults: &mut Vec<Fault>) {
    let known = passage.known;
    let text = passage.text;
    if known.unit.is_none() && known.projects.is_empty() {
        return;
    }
    let mut letters: Option<Letters> = None;
    let mut near = |name: &str| {
        if !drift::may_be_near(name, passage.chars) {
            return Vec::new();
        }
        letters.get_or_insert_with(|| Letters::of(text)).near(name)
    };
    for name in &known.projects {
        let core = ENDINGS.iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(name);
        let near = near(core).into_iter().filter(|range| names_project(&text[range.end..]));
        faults.extend(near.filter(|range| !is_known(passage, range)).map(|range| drifted(text, range, name, "项目")));
    }
    if let Some(unit) = known.unit {
        let near = near(unit).into_iter().filter(|range| !is_known(passage, range));
        faults.extend(near.map(|range| drifted(text, range, unit, "单位")));
    }
}

fn names_project(after: &str) -> bool {
    let after = after.trim_start();
    let number = scan::numbers(after).first().is_some_and(|number| {
        number.digits.start == 0 && matches!(number.measure, scan::Measure::TenThousand | scan::Measure::Yuan)
    });
    number || AFTER_PROJECT.iter().any(|word| after.starts_with(word))
}

/// Whether a place meets a name that is written as it should be.
fn is_known(passage: &Passage<'_>, range: &Range<usize>) -> bool {
    let known = passage.known;
    let meets = |at: usize, end: usize| at < range.end && range.start < end;
    let names = known.unit.iter().chain(&known.projects);
    let mut own = names.flat_map(|name| passage.text.match_indices(*name));
    own.any(|(at, name)| meets(at, at + name.len()))
        || known.units_in(passage.text).iter().any(|(other, _)| meets(other.start, other.end))
}

fn drifted(text: &str, range: Range<usize>, name: &str, what: &str) -> Fault {
    let message = format!("“{}”与{what}名称“{name}”不一致", scan::shown(&text[range.clone()]));
    Fault::new("T245", range, message).help("同一个名称前后要一致：请改成同一个写法，或者改正绩效自评表中的名称")
}

#[cfg(test)]
mod tests {
    use super::super::testing::{codes, codes_with};
    use std::sync::LazyLock;

    use super::*;
    use crate::claims::{Text, TextFormat};
    use crate::diagnostic::FileId;

    /// The units of a site.
    static UNITS: LazyLock<Names<'static>> = LazyLock::new(|| {
        Names::of(["东山市北湖区档案服务中心", "东山市北湖区图书馆", "东山市北湖区档案服务中心南分部"])
    });

    fn known() -> Known<'static> {
        Known {
            word: Some("单位"),
            word_is_set: true,
            year: Some(2023),
            unit: Some("东山市北湖区档案服务中心"),
            units: Some(&UNITS),
            projects: vec!["档案数字化平台运行维护费", "馆舍维修"],
            obsolete: &[("行政事业单位离退休", 2018, "行政事业单位养老支出")],
        }
    }

    fn found(text: &str) -> Vec<(&'static str, &str)> {
        codes_with(text, Part::Prose, &known())
    }

    #[test]
    fn a_document_that_calls_itself_by_both_words_is_told_where() {
        assert_eq!(found("我部门组织自评，本单位共2个项目。"), [("T241", "我部门")]);
        assert_eq!(codes_with("一、部门决算情况说明", Part::Heading, &known()), [("T241", "部门决算")]);
        assert_eq!(found("各部门、主管部门和部门预算。"), []);
        let source = "本部门共1个项目。\n本部门组织自评。\n我单位没有车辆。\n";
        let text = Text { file: FileId(0), source, format: TextFormat::Plain, start: 0 };
        let blocks = Blocks::of(&text);
        assert_eq!(Known::of(&blocks, None, None).word, Some("部门"));
    }

    #[test]
    fn years_that_are_not_this_documents_are_found() {
        assert_eq!(found("2021年度支出合计3万元。"), [("T242", "2021")]);
        assert_eq!(found("2023年度收入3万元，与2021年度相比，增加1万元。"), [("T242", "2021")]);
        assert_eq!(found("截至 2022 年12月31日，共有车辆1辆。"), [("T242", "2022")]);
        for silent in [
            "2023年度收入3万元，与 2022 年度相比，增加1万元。",
            "2022年度支出1万元，2023年度支出2万元。",
            "2022—2023年开展工作，2024年3月27日填报。",
            "依据2021年度工作要点。",
            "与2019年相比，办件量增长。",
        ] {
            assert_eq!(found(silent), [], "{silent}");
        }
        assert_eq!(codes("2021年度支出合计3万元。"), [], "a text alone names no year so far");
    }

    #[test]
    fn another_units_name_where_this_ones_figures_stand_is_found() {
        assert_eq!(found("东山市北湖区图书馆共有车辆1辆。"), [("T243", "东山市北湖区图书馆")]);
        assert_eq!(found("东山市北湖区档案服务中心南分部支出1万元。").len(), 1);
        for year in ["2023年度", "2023 年", "，2023年度", "本年", "2023年度，本年"] {
            let text = format!("东山市北湖区图书馆{year}支出合计3万元。");
            assert_eq!(found(&text), [("T243", "东山市北湖区图书馆")], "{text}");
        }
        for silent in ["东山市北湖区图书馆2023年度评为先进。", "拨付东山市北湖区图书馆，支出3万元。"]
        {
            assert_eq!(found(silent), [], "{silent}");
        }
        assert_eq!(found("赴东山市北湖区图书馆学习交流。"), []);
        assert_eq!(found("东山市北湖区档案服务中心共有车辆1辆。"), []);
    }

    #[test]
    fn names_no_longer_in_force_are_found() {
        assert_eq!(found("行政事业单位离退休（款）3万元。"), [("T244", "行政事业单位离退休")]);
        assert_eq!(found("用事业基金弥补收支差额：指动用积累。"), [("T244", "用事业基金弥补收支差额")]);
        assert_eq!(found("行政事业单位离退休人员的生活补助。"), []);
        let old = Known { year: Some(2017), ..known() };
        assert_eq!(codes_with("用事业基金弥补收支差额。", Part::Prose, &old), []);
    }

    #[test]
    fn names_that_drift_are_found_and_other_bodies_are_not() {
        assert_eq!(found("用于档案数字平台运行维护55.76万元。"), [("T245", "档案数字平台运行维护")]);
        assert_eq!(found("档案数字化平台运营维护费项目自评。"), [("T245", "档案数字化平台运营维护")]);
        assert_eq!(found("东山市北湖区挡案服务中心的职责。"), [("T245", "东山市北湖区挡案服务中心")]);
        for silent in [
            "档案数字化平台运行维护费3万元。",
            "档案数字化平台运行维护55.76万元。",
            "档案数字平台运行维护良好。",
            "赴东山市南湖区档案服务中心学习。",
            "北湖区档案服务中心的职责。",
        ] {
            assert_eq!(found(silent), [], "{silent}");
        }
    }
}
