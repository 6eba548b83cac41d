//! The rules on trial: for every code the smallest failing case and its message, and a near
//! miss that stays silent. A test keeps the list complete.

use std::collections::BTreeSet;

use crate::amount::{Amount, Scale};
use crate::check::testing::{
    blocks, by_code, checked, disclosure, facts, figure, filled, one_row, place, set, site, target, two_sided,
    with_code,
};
use crate::check::{Lister, Scene, Verdict, check, compares};
use crate::diagnostic::{Placed, Severity};
use crate::model::code::ClassCode;
use crate::model::date::Date;
use crate::model::disclosure::{Control, Disclosure, Stated};
use crate::model::form::{Form, FormSet};
use crate::model::glossary::Term;
use crate::model::notation::Reference;
use crate::model::performance::{Evaluation, Funding, Goal, Indicator, Scope, Score, Style, WeightAndScore};
use crate::model::site::Site;
use crate::model::table::{Figure, Table, TableState};

/// A code with a site that has one finding of it, the finding's message, and one without.
pub(super) struct Trial {
    pub(super) code: &'static str,
    pub(super) failing: Site,
    pub(super) message: &'static str,
    pub(super) near_miss: Site,
}

pub(super) fn trial(code: &'static str, failing: Disclosure, message: &'static str, near_miss: Disclosure) -> Trial {
    Trial { code, failing: site(vec![failing]), message, near_miss: site(vec![near_miss]) }
}

#[test]
fn every_rule_finds_its_failing_case_and_stays_silent_at_the_near_miss() {
    for trial in trials() {
        let (failing, near_miss) = (check(&trial.failing), check(&trial.near_miss));
        let found = with_code(&failing, trial.code);
        let messages: Vec<&str> = found.iter().map(|finding| finding.message.as_str()).collect();
        assert_eq!(messages, [trial.message], "{}", trial.code);
        assert!(found[0].place.is_some() && found[0].help.is_some(), "{}", trial.code);
        assert_eq!(with_code(&near_miss, trial.code).len(), 0, "{} near miss", trial.code);
    }
}

#[test]
fn what_a_page_lists_says_the_same_as_the_findings() {
    let listed = |site: &Site, code: &str| {
        let (lister, report) = (Lister::new(site), check(site));
        let of = |(disclosure, results)| {
            let prior = site.prior_of(disclosure);
            lister.of(Scene { disclosure, prior }, results)
        };
        let all = site.disclosures.iter().zip(&report.results).flat_map(of);
        all.filter(|listed| listed.code == code).map(|listed| listed.verdict).collect::<Vec<_>>()
    };
    // A rate on a zero base and a rate that is none are listed as not checked.
    let is_bad = |code: &str, verdict: &Verdict| match code {
        "C135" => *verdict == Verdict::NotCheckable,
        "C139" => *verdict == Verdict::NotRead,
        _ => matches!(verdict, Verdict::Fail | Verdict::FailTruncated | Verdict::Improbable),
    };
    let mut compared = BTreeSet::new();
    for trial in trials() {
        let (failing, near_miss) = (listed(&trial.failing, trial.code), listed(&trial.near_miss, trial.code));
        if failing.is_empty() && near_miss.is_empty() {
            continue;
        }
        assert!(failing.iter().any(|verdict| is_bad(trial.code, verdict)), "{}: {failing:?}", trial.code);
        assert!(!near_miss.iter().any(|verdict| is_bad(trial.code, verdict)), "{}: {near_miss:?}", trial.code);
        compared.insert(trial.code);
    }
    let relations = ["C101", "C102", "C103", "C104", "C105"];
    let expected = super::RULES.iter().flat_map(|rule| rule.codes).copied();
    let expected = expected.filter(|code| compares(code) && !relations.contains(code));
    assert_eq!(compared, expected.collect::<BTreeSet<_>>());
}

#[test]
fn a_check_of_a_figure_that_was_not_provided_is_never_listed_as_passed() {
    let unknown = |figure: &mut Figure| {
        if !matches!(figure, Figure::Blank) {
            *figure = Figure::Unknown;
        }
    };
    let mut seen = BTreeSet::new();
    for mut site in trials().into_iter().map(|trial| trial.near_miss) {
        for disclosure in &mut site.disclosures {
            let rows = disclosure.tables.iter_mut().flat_map(Table::rows_mut);
            rows.flat_map(|row| &mut row.cells).for_each(|cell| unknown(&mut cell.figure));
            disclosure.facts.values_mut().for_each(|fact| unknown(&mut fact.value));
            for row in disclosure.evaluations.iter_mut().flat_map(|evaluation| &mut evaluation.funding) {
                [&mut row.opening, &mut row.adjusted, &mut row.budget, &mut row.executed].into_iter().for_each(unknown);
            }
        }
        let (lister, report) = (Lister::new(&site), check(&site));
        for (disclosure, results) in site.disclosures.iter().zip(&report.results) {
            let all = lister.of(Scene { disclosure, prior: site.prior_of(disclosure) }, results);
            for one in all.iter().filter(|one| one.text.contains("未提供")) {
                assert!(!one.verdict.passes(), "{}: {} {}", one.code, one.text, one.verdict.name());
                seen.insert(one.code);
            }
        }
    }
    for code in ["C111", "C112", "C113", "C119", "C134", "C136", "C138", "C201", "C202"] {
        assert!(seen.contains(code), "{code} was not put to the test: {seen:?}");
    }
}

#[test]
fn every_code_of_every_rule_is_registered_and_on_trial() {
    let claimed: Vec<&str> = super::RULES.iter().flat_map(|rule| rule.codes).copied().collect();
    let once: BTreeSet<&str> = claimed.iter().copied().collect();
    assert_eq!(once.len(), claimed.len());
    let tried: BTreeSet<&str> = trials().iter().map(|trial| trial.code).collect();
    assert_eq!(tried, once);
    // Made for a set (C109) or in `check::exceptions` (C191 to C193), with tests of their own.
    let elsewhere = ["C109", "C191", "C192", "C193"];
    let registered =
        crate::diagnostic::codes().filter(|code| code.id.starts_with('C') && !elsewhere.contains(&code.id));
    assert_eq!(registered.map(|code| code.id).collect::<BTreeSet<_>>(), once);
}

#[test]
fn rules_have_unique_names() {
    let names: BTreeSet<&str> = super::RULES.iter().map(|rule| rule.name).collect();
    assert_eq!(names.len(), super::RULES.len());
}

fn trials() -> Vec<Trial> {
    let mut trials = relation_trials();
    trials.extend(place_trials());
    trials.extend(row_trials());
    trials.extend(performance_trials());
    trials.extend(other_trials());
    trials.extend(super::trials_content::trials());
    trials.extend(super::trials_consistency::trials());
    trials
}

fn relation_trials() -> Vec<Trial> {
    let income = || set(vec![two_sided("公开01表", &[1, 2, 27], &[], 1, &["27行＝（1+2）行"])], &[]);
    let of_income =
        |third| disclosure(&income(), &[("公开01表1行", "1.00"), ("公开01表2行", "2.00"), ("公开01表27行", third)]);
    let wide: Vec<u32> = (1..=27).collect();
    let sum_of_26 = set(vec![two_sided("公开01表", &wide, &[], 1, &["27行＝（1+2+…+26）行"])], &[]);
    let names: Vec<String> = (1..=27).map(|line| format!("公开01表{line}行")).collect();
    let of_26 = |total: &'static str| {
        let figure = |at: usize| if at == 26 { total } else { "1.00" };
        let cells: Vec<(&str, &str)> = names.iter().enumerate().map(|(at, name)| (name.as_str(), figure(at))).collect();
        disclosure(&sum_of_26, &cells)
    };
    let items = || set(vec![unprinted(blocks("公开06表", &[301, 30101, 30102], &[], &["301行＝Σ款行"]))], &[]);
    let of_items = |total| {
        disclosure(&items(), &[("公开06表301行", total), ("公开06表30101行", "165.79"), ("公开06表30102行", "42.45")])
    };
    let two = |relation: &str| {
        let (spending, general) = (by_code("公开03表", 1, &[]), by_code("公开05表", 1, &[]));
        set(vec![spending, general], &[relation])
    };
    let of_two = |relation: &str, spending, general| {
        disclosure(&two(relation), &[("公开03表合计行1栏", spending), ("公开05表合计行1栏", general)])
    };
    let equal = "公开03表合计行1栏 = 公开05表合计行1栏";
    let at_most = "公开05表各行1栏 ≤ 公开03表各行1栏";
    let vehicles = || {
        let mut set = set(Vec::new(), &[]);
        let text = "附注·车辆·车辆数 = 附注·车辆·公务用车数 + 附注·车辆·其他用车数";
        set.facts.push(facts("附注·车辆", &["车辆数", "公务用车数", "其他用车数"], &[text]));
        set
    };
    let of_vehicles = |other| disclosure(&vehicles(), &[("附注·车辆·车辆数", "3"), ("附注·车辆·其他用车数", other)]);
    vec![
        trial(
            "C101",
            of_income("3.02"),
            "公开01表27行1栏 应按公式“27行＝（1+2）行”计算：表中 3.02，算得 3.00，相差 0.02 万元",
            of_income("3.01"),
        ),
        trial(
            "C102",
            of_items("207.24"),
            "公开06表301行 应等于其下各款之和：表中 207.24，各款合计 208.24，相差 1.00 万元",
            of_items("208.23"),
        ),
        trial(
            "C103",
            of_two(equal, "373.97", "373.79"),
            "公开03表合计行1栏 应等于 公开05表合计行1栏：前者 373.97，后者 373.79，相差 0.18 万元",
            of_two(equal, "373.97", "未提供"),
        ),
        trial(
            "C104",
            of_two(at_most, "1.00", "1.01"),
            "公开05表合计行1栏 不应大于 公开03表合计行1栏：前者 1.01，后者 1.00，多出 0.01 万元",
            of_two(at_most, "1.00", "1.00"),
        ),
        trial(
            "C105",
            of_vehicles("2"),
            "附注·车辆·车辆数 应等于 附注·车辆·公务用车数＋附注·车辆·其他用车数：前者 3，后者合计 2，相差 1",
            of_vehicles("3"),
        ),
        trial(
            "C106",
            of_26("26.07"),
            "公开01表27行1栏 应按公式“27行＝（1+2+…+26）行”计算：表中 26.07，算得 26.00，相差 0.07 万元，不像是尾数误差",
            of_26("26.06"),
        ),
    ]
}

fn unprinted(mut form: Form) -> Form {
    form.relations.iter_mut().for_each(|relation| relation.printed = false);
    form
}

fn place_trials() -> Vec<Trial> {
    let one = || {
        let mut set = set(vec![two_sided("公开01表", &[29], &[(60, 0)], 1, &[])], &[]);
        let concept = |text| Reference::parse(text).unwrap();
        set.concepts.insert("opening_balance".into(), concept("公开01表29行1栏"));
        set.concepts.insert("closing_balance".into(), concept("公开01表60行2栏"));
        set
    };
    let stated = |text: &str| {
        let mut disclosure = disclosure(&one(), &[("公开01表29行", "42.45")]);
        let figure = Placed::new(figure(text, Scale::TenThousand), place(900));
        disclosure.stated.push(Stated { target: target(&one(), "公开01表29行"), figure });
        disclosure
    };
    let controlled = |figures: i64, sum: &str| {
        let mut disclosure = disclosure(&one(), &[("公开01表29行", "42.45"), ("公开01表60行2栏", "0.50")]);
        let sum = figure(sum, Scale::TenThousand);
        disclosure.controls.push(Control { form: 0, figures, sum, place: place(900) });
        disclosure
    };
    let two_years = |said: &str, opening: &str| {
        let last = Disclosure { year: 2022, ..disclosure(&one(), &[("公开01表60行2栏", "5.00")]) };
        let mut this = disclosure(&one(), &[("公开01表29行", opening)]);
        let cell = one().cell_named("公开01表60行2栏").unwrap();
        this.prior.insert(cell, Placed::new(figure(said, Scale::TenThousand), place(800)));
        site(vec![last, this])
    };
    vec![
        trial("C111", stated("42.54"), "公开01表29行1栏 两处不一致：正文写的是 42.54，表里是 42.45", stated("42.45")),
        trial(
            "C114",
            controlled(2, "43.00"),
            "公开01表 与校验数不符：按原件应有 2 个数、合计 43.00，表里有 2 个数、合计 42.95",
            controlled(2, "42.95"),
        ),
        Trial {
            code: "C112",
            failing: two_years("5.01", "5.00"),
            message: "上年公开01表60行2栏 与上年公开的不一致：这里写的是 5.01，2022年公开的是 5.00",
            near_miss: two_years("5.00", "5.00"),
        },
        Trial {
            code: "C113",
            failing: two_years("5.00", "4.00"),
            message: "公开01表29行1栏 年初结转和结余应等于上年年末数：这里是 4.00，2022年年末是 5.00",
            near_miss: two_years("5.00", "5.00"),
        },
    ]
}

fn row_trials() -> Vec<Trial> {
    let form = || set(vec![by_code("公开05表", 1, &[])], &[]);
    let rows = |codes: &[&'static str]| {
        let names: Vec<String> = codes.iter().map(|code| format!("公开05表{code}行1栏")).collect();
        let cells: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "1.00")).collect();
        disclosure(&form(), &cells)
    };
    let state = |state: TableState, cells: &[(&str, &str)]| {
        let mut disclosure = disclosure(&form(), cells);
        let rows = disclosure.tables[0].rows.to_vec();
        disclosure.tables[0] = Table::new(0, state, rows, None, place(3));
        disclosure
    };
    let sentence = "本部门当年无此项支出";
    vec![
        trial(
            "C121",
            rows(&["201", "2010350"]),
            "公开05表缺款级科目 20103行：表中有其下的 2010350行",
            rows(&["201", "20103", "2010350"]),
        ),
        trial(
            "C122",
            rows(&["208", "201"]),
            "公开05表的科目没有按编码排列：201 排在 208 之后",
            rows(&["201", "20103", "208"]),
        ),
        trial(
            "C123",
            state(TableState::Empty(sentence.into()), &[("公开05表合计行1栏", "0.00")]),
            "公开05表写了 empty，却填有数字：公开05表合计行1栏 是 0.00",
            state(TableState::Filled, &[("公开05表合计行1栏", "0.00")]),
        ),
        trial(
            "C124",
            disclosure(&form(), &[("公开05表合计行1栏", "-0.01")]),
            "公开05表合计行1栏 是负数：-0.01 万元",
            disclosure(&form(), &[("公开05表合计行1栏", "0.00")]),
        ),
    ]
}

fn performance_trials() -> Vec<Trial> {
    let scored = |weights: &[(&str, &str)], total: &str| {
        let goals = vec![Goal {
            title: None,
            indicators: weights.iter().map(|(weight, score)| indicator(weight, score)).collect(),
        }];
        let evaluation = Evaluation { goals, total: Some(weight_and_score("100", total)), ..evaluation(Vec::new()) };
        with_evaluation(evaluation)
    };
    let total_weight = |weight: &str| {
        let goals = vec![Goal { title: None, indicators: vec![indicator("60", "60"), indicator("40", "40")] }];
        let total = Some(weight_and_score(weight, "100"));
        with_evaluation(Evaluation { goals, total, ..evaluation(Vec::new()) })
    };
    let funded = |rows: Vec<Funding>| with_evaluation(evaluation(rows));
    let rate = |budget: &str, rate: &str| {
        funded(vec![Funding { rate: Some(Placed::new(rate.into(), place(7))), ..funding("总额", budget, "19.50") }])
    };
    let parts = |second: &str| {
        funded(vec![
            funding("总额", "20.00", "20.00"),
            funding("其中：财政资金", "19.00", "19.00"),
            funding("单位资金", "1.00", second),
        ])
    };
    vec![
        trial(
            "C131",
            scored(&[("60", "60"), ("30", "30")], "90"),
            "“评审专家经费”各指标权重之和应为 100，实为 90",
            scored(&[("60", "60"), ("40", "40")], "100"),
        ),
        trial("C131", total_weight("90"), "“评审专家经费”合计的权重应为 100，写的是 90", total_weight("100.00")),
        trial(
            "C132",
            scored(&[("60", "60"), ("40", "40.5")], "100.5"),
            "“指标”得分 40.5，不在 0 到权重 40 之间",
            scored(&[("60", "60"), ("40", "0")], "60"),
        ),
        trial(
            "C133",
            scored(&[("60", "60"), ("40", "38.85")], "98.86"),
            "“评审专家经费”总分应为各项得分之和：总分写的是 98.86，各项合计 98.85",
            scored(&[("60", "60"), ("40", "38.85")], "98.85"),
        ),
        trial(
            "C134",
            rate("19.80", "98.84%"),
            "“总额”执行率应为 98.48%：19.50÷19.80，印的是 98.84%",
            rate("19.80", "98.48%"),
        ),
        trial("C135", rate("0.00", "0.00%"), "“总额”没有预算，却印有执行率 0.00%", rate("19.80", "98.48%")),
        trial("C139", rate("19.80", "胡写l2%"), "“总额”的执行率不是百分比：“胡写l2%”", rate("19.80", "——")),
        trial("C139", rate("19.80", "98.48%%"), "“总额”的执行率不是百分比：“98.48%%”", rate("19.80", "９８．４８％")),
        trial("C139", rate("19.80", "98.48元"), "“总额”的执行率不是百分比：“98.48元”", rate("19.80", "／")),
        trial(
            "C136",
            parts("1.10"),
            "“总额”的预算执行数应等于各项资金之和：写的是 20.00，各项合计 20.10，相差 0.10 万元",
            parts("1.01"),
        ),
        trial(
            "C138",
            with_whole("229.79"),
            "部门整体自评表的基本支出与 公开03表合计行2栏 不一致：自评表是 229.79，表里是 229.97",
            with_whole("229.97"),
        ),
        trial(
            "C137",
            with_projects("19.49"),
            "各项目自评的执行数合计 19.50，大于项目支出 公开03表合计行3栏 的 19.49",
            with_projects("19.50"),
        ),
    ]
}

fn with_projects(spending: &'static str) -> Disclosure {
    let mut set = set(vec![by_code("公开03表", 3, &[])], &[]);
    set.concepts.insert("spending_project".into(), Reference::parse("公开03表合计行3栏").unwrap());
    let evaluations = vec![evaluation(vec![funding("总额", "19.80", "19.50")])];
    Disclosure { evaluations, ..disclosure(&set, &[("公开03表合计行3栏", spending)]) }
}

fn with_whole(basic: &'static str) -> Disclosure {
    let mut set = set(vec![by_code("公开03表", 3, &[])], &[]);
    set.concepts.insert("spending_basic".into(), Reference::parse("公开03表合计行2栏").unwrap());
    let basic = figure(basic, Scale::TenThousand);
    let evaluations = vec![Evaluation { scope: Scope::Whole, basic, ..evaluation(Vec::new()) }];
    Disclosure { evaluations, ..disclosure(&set, &[("公开03表合计行2栏", "229.97")]) }
}

pub(super) fn with_evaluation(evaluation: Evaluation) -> Disclosure {
    Disclosure { evaluations: vec![evaluation], ..disclosure(&set(Vec::new(), &[]), &[]) }
}

pub(super) fn evaluation(funding: Vec<Funding>) -> Evaluation {
    Evaluation {
        id: "project".into(),
        order: 1,
        scope: Scope::Project,
        style: Style::Weighted,
        title: "自评表".into(),
        name: Some("评审专家经费".into()),
        code: None,
        filed: None,
        department: None,
        implementer: None,
        basic: Figure::Blank,
        project: Figure::Blank,
        texts: Vec::new(),
        funding,
        goals: Vec::new(),
        total: None,
        scores_unread: false,
        place: place(5),
    }
}

pub(super) fn funding(source: &str, budget: &str, executed: &str) -> Funding {
    Funding {
        source: source.into(),
        opening: Figure::Blank,
        adjusted: Figure::Blank,
        budget: figure(budget, Scale::TenThousand),
        executed: figure(executed, Scale::TenThousand),
        rate: None,
        scored: None,
        note: None,
        place: place(6),
    }
}

pub(super) fn weight_and_score(weight: &str, score: &str) -> WeightAndScore {
    let score_of = |text: &str| {
        let score = Score { text: text.to_owned(), exact: Amount::parse(text, Scale::Yuan).unwrap() };
        Placed::new(score, place(7))
    };
    WeightAndScore { weight: score_of(weight), score: score_of(score) }
}

pub(super) fn indicator(weight: &str, score: &str) -> Indicator {
    Indicator {
        level1: String::new(),
        level2: String::new(),
        name: "指标".into(),
        relation: None,
        target: String::new(),
        unit: None,
        actual: String::new(),
        scored: Some(weight_and_score(weight, score)),
        note: None,
        place: place(7),
    }
}

fn other_trials() -> Vec<Trial> {
    let date = |text| Some(Placed::new(Date::parse(text).unwrap(), place(8)));
    let published = |day| Disclosure {
        approved: date("2024-10-01"),
        published: date(day),
        ..disclosure(&set(Vec::new(), &[]), &[])
    };
    let terms = |code: u32| {
        let form: FormSet = set(vec![by_code("公开05表", 1, &[])], &[]);
        let disclosure = disclosure(
            &form,
            &[("公开05表201行1栏", "1.00"), ("公开05表20103行1栏", "1.00"), ("公开05表2010350行1栏", "1.00")],
        );
        let mut site = site(vec![disclosure]);
        let term = Term {
            id: "item".into(),
            name: "事业运行".into(),
            aliases: Vec::new(),
            codes: vec![ClassCode(code)],
            body: String::new(),
            place: place(9),
        };
        site.terms.insert("item".into(), term);
        site
    };
    let reception = |people| {
        let mut set = set(vec![one_row("公开09表", 1, &[])], &[]);
        let mut group = facts("附注·三公经费", &["公务接待人次数"], &[]);
        (group.key, group.items[0].key) = ("three_public".into(), "reception_people".into());
        set.facts.push(group);
        set.concepts.insert("three_public_actual_reception".into(), Reference::parse("公开09表1栏").unwrap());
        disclosure(&set, &[("公开09表1栏", "0.12"), ("附注·三公经费·公务接待人次数", people)])
    };
    vec![
        trial("C125", reception(""), "公开09表1栏 有支出 0.12 万元，却没有写公务接待人次数", reception("未提供")),
        trial(
            "C141",
            published("2024-10-22"),
            "应在批复后 20 日内公开：2024年10月1日批复，2024年10月22日公开，相隔 21 日",
            published("2024-10-21"),
        ),
        Trial {
            code: "C151",
            failing: terms(2_010_399),
            message: "表中的项级科目 2010350 没有名词解释",
            near_miss: terms(2_010_350),
        },
    ]
}

#[test]
fn a_finding_names_every_operand_with_its_figure_and_place() {
    let set = set(vec![two_sided("公开01表", &[1, 2, 27], &[], 1, &["27行＝（1+2）行"])], &[]);
    let report = checked(disclosure(&set, &[("公开01表1行", "1.00"), ("公开01表27行", "3.00")]));
    let finding = with_code(&report, "C101")[0];
    assert_eq!(finding.cell.as_deref(), Some("公开01表27行1栏"));
    assert_eq!(finding.place, Some(place(20)));
    let related: Vec<_> =
        finding.related.iter().map(|r| (r.label.as_str(), r.cell.as_deref().unwrap(), r.place.unwrap())).collect();
    assert_eq!(
        related,
        [("公开01表1行1栏＝1.00", "公开01表1行1栏", place(10)), ("公开01表2行1栏＝空白", "公开01表2行1栏", place(2)),]
    );
    assert_eq!(
        (finding.expected.as_deref(), finding.actual.as_deref(), finding.difference.as_deref()),
        (Some("1.00"), Some("3.00"), Some("2.00"))
    );
}

#[test]
fn figures_in_yuan_have_no_tolerance() {
    let set = set(vec![one_row("公开09表", 3, &["1栏＝（2+3）栏"])], &[]);
    let cells = [("公开09表1栏", "3.01"), ("公开09表2栏", "1.00"), ("公开09表3栏", "2.00")];
    assert_eq!(with_code(&checked(filled(&set, &cells, Scale::Yuan)), "C101").len(), 1);
    assert_eq!(with_code(&checked(disclosure(&set, &cells)), "C101").len(), 0);
}

#[test]
fn an_unread_or_unknown_figure_makes_no_further_finding() {
    let set = set(vec![one_row("公开09表", 3, &["1栏＝（2+3）栏"])], &[]);
    for (text, verdict) in [("？", Verdict::NotRead), ("未提供", Verdict::NotCheckable)] {
        let report = checked(disclosure(&set, &[("公开09表1栏", "3.00"), ("公开09表2栏", text)]));
        assert_eq!(report.counts().of(verdict), 1);
        assert!(report.findings.is_empty());
    }
}

#[test]
fn a_relation_that_names_nothing_is_a_finding_of_the_set() {
    let set = set(vec![one_row("公开09表", 3, &["1栏＝（2+4）栏"])], &["公开08表1栏 = 公开09表1栏"]);
    let report = checked(disclosure(&set, &[("公开09表1栏", "3.00")]));
    let messages: Vec<&str> = with_code(&report, "C109").iter().map(|finding| finding.message.as_str()).collect();
    assert_eq!(
        messages,
        [
            "勾稽关系“1栏＝（2+4）栏”不能核对：公开09表的这一行没有4栏",
            "勾稽关系“公开08表1栏 = 公开09表1栏”不能核对：表式中没有“公开08表”",
        ]
    );
    assert!(report.findings.iter().all(|finding| finding.severity == Severity::Error));
}

#[test]
fn a_slip_of_the_pen_is_named_when_it_is_the_only_explanation() {
    let set = set(vec![one_row("公开09表", 3, &["1栏＝（2+3）栏"])], &[]);
    let help = |figures: [&'static str; 3]| {
        let cells = [("公开09表1栏", figures[0]), ("公开09表2栏", figures[1]), ("公开09表3栏", figures[2])];
        let report = checked(disclosure(&set, &cells));
        with_code(&report, "C101")[0].help.clone().unwrap()
    };
    assert!(help(["373.97", "229.97", "1440.00"]).ends_with("公开09表3栏 若是 144.00 就相符，像是小数点错一位。"));
    assert!(help(["22.52", "10.00", "15.20"]).ends_with("须请编报人说明。"));
}

#[test]
fn prose_in_ten_thousands_agrees_with_tables_in_yuan_when_it_rounds_them() {
    let set = set(vec![one_row("公开09表", 1, &[])], &[]);
    let stated = |text: &str| {
        let mut disclosure = filled(&set, &[("公开09表1栏", "3739653.21")], Scale::Yuan);
        let figure = Placed::new(figure(text, Scale::Yuan), place(900));
        disclosure.stated.push(Stated { target: target(&set, "公开09表1栏"), figure });
        with_code(&checked(disclosure), "C111").len()
    };
    assert_eq!((stated("3739653.21"), stated("3739700.00")), (0, 0));
    assert_eq!((stated("3739653.22"), stated("3739800.00")), (1, 1));
}
