//! Trials of the rules about what stands beside the tables; see [`super::trials`].

use super::trials::{Trial, evaluation, funding, indicator, trial, weight_and_score, with_evaluation};
use crate::amount::Scale;
use crate::check::check;
use crate::check::testing::{by_code, checked, disclosure, facts, figure, one_row, place, set, site, with_code};
use crate::diagnostic::{Placed, Severity};
use crate::model::code::ClassCode;
use crate::model::disclosure::{Correction, Disclosure, Reception, WorkItem};
use crate::model::form::{FactGroup, FormSet};
use crate::model::glossary::Term;
use crate::model::notation::Reference;
use crate::model::performance::{Evaluation, Funding, Goal, Indicator, TextKind};
use crate::model::site::Site;
use crate::model::table::Figure;

pub(super) fn trials() -> Vec<Trial> {
    let mut trials = three_public_trials();
    trials.extend(fact_trials());
    trials.extend(reason_trials());
    trials.extend(indicator_trials());
    trials.extend(evaluation_trials());
    trials.extend(note_trials());
    trials
}

/// A group of facts with keys; names ending in `数` are counts.
fn group(key: &str, name: &str, items: &[(&str, &str)]) -> FactGroup {
    let names: Vec<&str> = items.iter().map(|(_, name)| *name).collect();
    let mut group = facts(name, &names, &[]);
    group.key = key.to_owned();
    for (item, (key, _)) in group.items.iter_mut().zip(items) {
        item.key = (*key).to_owned();
    }
    group
}

fn with_concepts(mut set: FormSet, concepts: &[(&str, &str)]) -> FormSet {
    set.concepts.extend(concepts.iter().map(|(key, text)| ((*key).to_owned(), Reference::parse(text).unwrap())));
    set
}

fn with_facts(groups: Vec<FactGroup>, figures: &[(&str, &str)]) -> Disclosure {
    let mut set = set(Vec::new(), &[]);
    set.facts = groups;
    disclosure(&set, figures)
}

fn three_public() -> FormSet {
    let concepts = [("three_public_budget_reception", "公开09表1栏"), ("three_public_actual_reception", "公开09表2栏")];
    let mut set = with_concepts(set(vec![one_row("公开09表", 2, &[])], &[]), &concepts);
    let items = [("reception_groups", "接待批次数"), ("reception_domestic", "国内公务接待支出")];
    set.facts = vec![group("three_public", "附注·三公经费", &items)];
    set
}

fn received(amount: &str) -> Disclosure {
    let reception = Reception {
        guests: "同行".into(),
        purpose: None,
        amount: figure(amount, Scale::TenThousand),
        groups: None,
        people: None,
        place: place(9),
    };
    let told = ("附注·三公经费·国内公务接待支出", "0.21");
    Disclosure { receptions: vec![reception], ..disclosure(&three_public(), &[told]) }
}

fn three_public_trials() -> Vec<Trial> {
    let counted =
        |groups| disclosure(&three_public(), &[("公开09表2栏", "0.12"), ("附注·三公经费·接待批次数", groups)]);
    let spent = |amount| disclosure(&three_public(), &[("公开09表1栏", "0.12"), ("公开09表2栏", amount)]);
    vec![
        trial("C201", counted("0"), "公开09表2栏 是 0.12 万元，接待批次数是 0，两者矛盾", counted("3")),
        trial(
            "C202",
            spent("0.13"),
            "“三公”经费 公开09表2栏 超过预算 公开09表1栏：决算 0.13，预算 0.12，没有写原因",
            spent("0.12"),
        ),
        trial("C203", received("0.22"), "逐项列出的公务接待金额合计 0.22，多于附注的 0.21", received("0.21")),
    ]
}

#[test]
fn more_receptions_than_were_spent_on_are_an_error_and_fewer_a_warning() {
    let severity = |amount| with_code(&checked(received(amount)), "C203")[0].severity;
    assert_eq!((severity("0.22"), severity("0.20")), (Severity::Error, Severity::Warning));
}

#[test]
fn a_count_without_spending_is_found_and_cars_that_stand_still_are_not() {
    let mut set = with_concepts(
        three_public(),
        &[("three_public_actual_operation", "公开09表1栏"), ("three_public_actual_purchase", "公开09表1栏")],
    );
    set.facts[0] =
        group("three_public", "附注·三公经费", &[("vehicles_kept", "保有数"), ("vehicles_bought", "购置数")]);
    let report = |bought| {
        let figures = [("公开09表1栏", "0.00"), ("附注·三公经费·保有数", "2"), ("附注·三公经费·购置数", bought)];
        checked(disclosure(&set, &figures))
    };
    assert_eq!(with_code(&report("1"), "C201").len(), 1);
    assert_eq!(with_code(&report("0"), "C201").len(), 0);
}

#[test]
fn numbers_are_due_as_zeros_where_nothing_was_spent() {
    let notes = |figures: &[(&str, &str)]| {
        let report = checked(disclosure(&three_public(), figures));
        with_code(&report, "C125").iter().map(|finding| finding.severity).collect::<Vec<_>>()
    };
    let told = ("附注·三公经费·国内公务接待支出", "0.00");
    assert_eq!(notes(&[("公开09表2栏", "0.00"), told]), [Severity::Note]);
    assert_eq!(notes(&[("公开09表2栏", "0.12"), told]), [Severity::Warning]);
    assert_eq!(notes(&[("公开09表2栏", "0.00"), told, ("附注·三公经费·接待批次数", "0")]), []);
    assert_eq!(notes(&[("公开09表2栏", "0.00")]), []);
}

fn fact_trials() -> Vec<Trial> {
    let procurement = |figures: &[(&str, &str)]| {
        with_facts(vec![group("procurement", "附注·政府采购", &[("total", "总额"), ("goods", "货物")])], figures)
    };
    let vehicles = |told: &str| {
        let items = [("total", "车辆总数"), ("other", "其他用车数")];
        let figures = [("附注·车辆·车辆总数", "1"), ("附注·车辆·其他用车数", "1")];
        let mut disclosure = with_facts(vec![group("vehicles", "附注·车辆", &items)], &figures);
        disclosure.vehicle_use.insert("other".into(), told.into());
        disclosure
    };
    let unspent = |budget| budgeted(&[("2010350", "1.00"), ("2010399", "2.00"), ("2080502", budget)]);
    vec![
        trial("C205", procurement(&[]), "没有写政府采购（总额）", procurement(&[("附注·政府采购·总额", "0.00")])),
        trial("C206", vehicles(" "), "附注·车辆·其他用车数 有 1 辆，没有写主要作什么用", vehicles("开会")),
        trial(
            "C207",
            budgeted(&[("2010350", "1.00")]),
            "公开05表2010399行1栏 有支出 2.00 万元，却没有写年初预算，算不出完成率",
            budgeted(&[("2010350", "1.00"), ("2010399", "0.00")]),
        ),
        trial("C208", unspent("1.00"), "年初预算·2080502 有 1.00 万元，公开05表却没有这一项", unspent("0.00")),
    ]
}

/// Two 项 of the general budget, 1.00 and 2.00 spent, with these 年初预算.
fn budgeted(budgets: &[(&str, &str)]) -> Disclosure {
    spent_on(&[("2010350", "1.00"), ("2010399", "2.00")], budgets)
}

fn spent_on(items: &[(&str, &str)], budgets: &[(&str, &str)]) -> Disclosure {
    let mut set = with_concepts(set(vec![by_code("公开05表", 1, &[])], &[]), &[("general_total", "公开05表合计行1栏")]);
    set.facts = vec![facts("年初预算", &["合计"], &[])];
    let cells = items.iter().map(|(code, text)| (format!("公开05表{code}行1栏"), *text));
    let facts = budgets.iter().map(|(code, text)| (format!("年初预算·{code}"), *text));
    let figures: Vec<(String, &str)> = cells.chain(facts).collect();
    let figures: Vec<(&str, &str)> = figures.iter().map(|(name, text)| (name.as_str(), *text)).collect();
    disclosure(&set, &figures)
}

#[test]
fn a_total_of_procurement_wants_its_parts_and_a_running_cost_only_where_it_is_due() {
    let items = [("total", "总额"), ("goods", "货物")];
    let groups = || {
        vec![
            group("procurement", "附注·政府采购", &items),
            group("running", "附注·机关运行经费", &[("current", "本年")]),
        ]
    };
    let report = checked(with_facts(groups(), &[("附注·政府采购·总额", "3.00")]));
    let messages: Vec<&str> = with_code(&report, "C205").iter().map(|finding| finding.message.as_str()).collect();
    assert_eq!(messages, ["附注·政府采购·总额 是 3.00，却没有写货物、工程、服务各是多少"]);
    let both = [("附注·政府采购·总额", "3.00"), ("附注·政府采购·货物", "3.00")];
    assert!(with_code(&checked(with_facts(groups(), &both)), "C205").is_empty());
}

fn reason_trials() -> Vec<Trial> {
    let grown = |now| {
        let mut disclosure = spent_on(&[], &[]);
        let cell = disclosure.set.concept_cell("general_total").unwrap();
        let table = disclosure.tables[0].clone();
        let mut row = crate::model::table::Row::blank(&disclosure.set.forms[0], cell.row, place(3));
        row.cells[0].figure = figure(now, Scale::TenThousand);
        disclosure.tables[0] = crate::model::table::Table::new(0, table.state.clone(), vec![row], None, table.place);
        disclosure.prior.insert(cell, Placed::new(figure("100.00", Scale::TenThousand), place(4)));
        disclosure
    };
    let completed = |spent| spent_on(&[("2010350", spent)], &[("2010350", "100.00")]);
    let reasoned = |code: &str| {
        let mut disclosure = spent_on(&[("2010350", "1.00")], &[]);
        disclosure.reasons.insert(code.into(), Placed::new("人员增加".into(), place(5)));
        disclosure
    };
    vec![
        trial(
            "C211",
            grown("105.01"),
            "公开05表合计行1栏 是 105.01，上年公开05表合计行1栏 是 100.00，相差较大，没有写原因",
            grown("105.00"),
        ),
        trial(
            "C212",
            completed("94.99"),
            "公开05表2010350行1栏 是 94.99，年初预算·2010350 是 100.00，相差较大，没有写原因",
            completed("95.00"),
        ),
        trial("C213", reasoned("2010399"), "写了科目 2010399 的原因，各表却没有这个科目", reasoned("2010350")),
    ]
}

fn with_indicators(indicators: Vec<Indicator>) -> Disclosure {
    let goals = vec![Goal { title: None, indicators }];
    with_evaluation(Evaluation { goals, ..evaluation(Vec::new()) })
}

/// An indicator without a score or note.
fn held(target: &str, actual: &str) -> Indicator {
    Indicator { target: target.into(), actual: actual.into(), scored: None, ..indicator("10", "10") }
}

fn indicator_trials() -> Vec<Trial> {
    let of = |target: &str, actual: &str| with_indicators(vec![held(target, actual)]);
    let full_score = |actual: &str| {
        let held = Indicator { note: Some("项目减少".into()), unit: Some("场".into()), ..held("500", actual) };
        let scored = Some(weight_and_score("10", "10"));
        with_indicators(vec![Indicator { relation: Some("≥".into()), scored, ..held }])
    };
    let missed =
        |note: &str| with_indicators(vec![Indicator { note: Some(note.into()), ..held("≥500场", "499场") }]);
    let named = |name: &str| with_indicators(vec![Indicator { name: name.into(), ..held("≥95%", "980%") }]);
    let two =
        |name: &str| with_indicators(vec![held("≥1场", "1场"), Indicator { name: name.into(), ..held("≥1场", "1场") }]);
    vec![
        trial(
            "C221",
            full_score("499"),
            "“指标”目标值 ≥500场，实际完成值 499场，没有完成却得满分 10",
            full_score("500"),
        ),
        trial(
            "C222",
            missed("已完成"),
            "“指标”目标值 ≥500场，实际完成值 499场，没有完成，也没有写原因",
            missed("项目减少"),
        ),
        trial("C223", of("60%", "≥60%"), "“指标”的实际完成值“≥60%”不是确数", of("60%", "60%")),
        trial(
            "C224",
            of("≥500场", "548个"),
            "“指标”目标值 ≥500场，实际完成值 548个，两个单位不同",
            of("≥2800万元", "0.32亿元"),
        ),
        trial("C225", named("服务对象满意度"), "“服务对象满意度”是 980%，超过了 100%", named("业务量增长率")),
        trial("C226", of("≥ 场", "548场"), "“指标”的目标值“≥ 场”漏了数字", of("≥500场", "548场")),
        trial("C227", two("指标"), "指标“指标”在同一个目标下写了两次", two("另一指标")),
    ]
}

#[test]
fn a_ceiling_is_kept_below_and_a_sentence_is_left_alone() {
    let missed = |target: &str, actual: &str, level2: &str| {
        let report = checked(with_indicators(vec![Indicator { level2: level2.into(), ..held(target, actual) }]));
        with_code(&report, "C222").len()
    };
    assert_eq!((missed("＜30分钟", "30分钟", "时效指标"), missed("≤30分钟", "30分钟", "时效指标")), (1, 0));
    assert_eq!((missed("＝65万元", "45万元", "经济成本指标"), missed("＝6套", "5套", "数量指标")), (0, 1));
    assert_eq!((missed("1500笔", "1400笔", "数量指标"), missed("30分钟", "25分钟", "时效指标")), (1, 0));
    assert_eq!(missed("≥2800万元", "成交3209.59万元，占成交金额的81.38%", "数量指标"), 0);
    assert_eq!(missed("≥70%", "100%", "社会效益"), 0);
}

#[test]
fn targets_in_words_and_dates_are_left_alone() {
    let found = |target: &str, actual: &str| {
        let report = checked(with_indicators(vec![held(target, actual)]));
        report.findings.iter().filter(|f| f.code.id.starts_with("C22")).map(|f| f.code.id).collect::<Vec<_>>()
    };
    for (target, actual) in [
        ("不低于上年", "高于上年"),
        ("不超过预算", "未超预算"),
        ("2023年底", "按时完成"),
        ("100%", "全部完成"),
        ("≥95%（含）", "96%"),
        ("≤30日", "25天"),
        ("优", "优"),
    ] {
        assert!(found(target, actual).is_empty(), "{target} {actual}");
    }
    assert_eq!(found("≥95%", "已完成"), ["C223"]);
    assert_eq!(found("≥95%", "96"), ["C224"]);
}

fn evaluation_trials() -> Vec<Trial> {
    let funded = |budget, executed| vec![funding("总额", budget, executed)];
    let two = |code: &str| {
        let one = |code: &str, name: &str| Evaluation {
            code: Some(code.into()),
            name: Some(name.into()),
            ..evaluation(funded("1.00", "1.00"))
        };
        Disclosure { evaluations: vec![one("A1", "甲"), one(code, "乙")], ..with_facts(Vec::new(), &[]) }
    };
    let told = |number, amount, count: usize| {
        let items = [("self_evaluated", "自评项目数"), ("evaluated_amount", "评价资金")];
        let figures = [("附注·绩效管理·自评项目数", number), ("附注·绩效管理·评价资金", amount)];
        let evaluations = vec![evaluation(funded("78.00", "55.76")); count];
        let group = group("performance", "附注·绩效管理", &items);
        Disclosure { evaluations, ..with_facts(vec![group], &figures) }
    };
    let executed = |executed| with_evaluation(evaluation(funded("45.00", executed)));
    let part = |executed| {
        let rows = vec![funding("一般预算内拨款", "78.00", "55.76"), funding("其中：预算内资金", "78.00", executed)];
        with_evaluation(evaluation(rows))
    };
    let scored = |executed| {
        let row = Funding { scored: Some(weight_and_score("10", "10")), ..funding("总额", "100.00", executed) };
        with_evaluation(evaluation(vec![row]))
    };
    let concluded = |score: &str| {
        let texts = vec![(TextKind::Conclusion, format!("自评总分{score}分。"))];
        let total = Some(weight_and_score("100", "97.85"));
        with_evaluation(Evaluation { texts, total, ..evaluation(funded("1.00", "1.00")) })
    };
    let complete = |kinds: &[&str]| {
        let indicators = kinds.iter().map(|kind| Indicator { level1: (*kind).into(), ..indicator("30", "30") });
        let goals = vec![Goal { title: None, indicators: indicators.collect() }];
        with_evaluation(Evaluation { goals, ..evaluation(funded("1.00", "1.00")) })
    };
    vec![
        trial("C231", two("A1"), "“乙”与另一张自评表的项目编码相同", two("A2")),
        trial(
            "C232",
            told("1", "55.76", 2),
            "附注·绩效管理·自评项目数 是 1，公开的项目自评表有 2 张",
            told("2", "55.76", 2),
        ),
        trial(
            "C233",
            told("1", "144.00", 1),
            "附注·绩效管理·评价资金 是 144.00，1 张项目自评表的执行数合计 55.76",
            told("1", "78.00", 1),
        ),
        trial(
            "C234",
            executed("45.01"),
            "“评审专家经费”的执行数 45.01 超过预算数 45.00，没有写原因",
            executed("45.00"),
        ),
        trial(
            "C235",
            part("55.77"),
            "“其中：预算内资金”的预算执行数 55.77 大于“一般预算内拨款”的 55.76",
            part("55.76"),
        ),
        trial(
            "C236",
            scored("50.00"),
            "“评审专家经费”预算执行的得分 10 与执行率相差较大：权重 10，按执行率约得 5",
            scored("95.00"),
        ),
        trial(
            "C237",
            concluded("98.75"),
            "“评审专家经费”评价结论写总分 98.75 分，合计行是 97.85 分",
            concluded("97.85"),
        ),
        trial("C237", concluded("97.58"), "“评审专家经费”评价结论写总分 97.58 分，合计行是 97.85 分", concluded("100")),
        trial(
            "C238",
            complete(&[]),
            "“评审专家经费”自评表没有绩效指标",
            complete(&["产出指标", "效益指标", "满意度指标"]),
        ),
    ]
}

fn corrected(right: &str, cell: &str) -> Disclosure {
    let mut set = set(vec![by_code("公开05表", 1, &[])], &[]);
    set.facts = vec![group("procurement", "附注·政府采购", &[("total", "总额")])];
    let figures = [("公开05表2010350行1栏", "1.00"), ("附注·政府采购·总额", "83.92")];
    let correction = Correction {
        place_in_document: "正文".into(),
        printed: "83.92元".into(),
        right: right.into(),
        note: String::new(),
        cell: Some(cell.into()),
        place: place(9),
    };
    Disclosure { corrections: vec![correction], ..disclosure(&set, &figures) }
}

fn listing(name: &str, code: u32) -> Site {
    let form = with_concepts(
        set(vec![by_code("公开05表", 1, &[]), one_row("公开09表", 1, &[])], &[]),
        &[("three_public_actual", "公开09表1栏")],
    );
    let mut disclosure = disclosure(&form, &[("公开05表2010350行1栏", "1.00"), ("公开09表1栏", "0.12")]);
    disclosure.terms = vec![Placed::new("term".into(), place(8))];
    let mut site = site(vec![disclosure]);
    let codes = vec![ClassCode(code)];
    let term =
        Term { id: "term".into(), name: name.into(), aliases: Vec::new(), codes, body: String::new(), place: place(9) };
    site.terms.insert("term".into(), term);
    site
}

/// Two documents: this one lists 基本支出 and `listed`, the other 三公经费 too; this one's text.
fn explaining(listed: &str, text: &str) -> Site {
    let form = set(vec![by_code("公开05表", 1, &[])], &[]);
    let terms = |ids: &[&str]| ids.iter().map(|id| Placed::new((*id).to_owned(), place(8))).collect();
    let mut this = disclosure(&form, &[("公开05表2010350行1栏", "1.00")]);
    this.terms = terms(&["basic", listed]);
    this.reasons.insert("general_total".into(), Placed::new(text.into(), place(7)));
    let mut other = this.clone();
    other.year -= 1;
    other.terms = terms(&["basic", "public"]);
    let mut site = site(vec![this, other]);
    for (id, name) in [("basic", "基本支出"), ("public", "三公经费"), ("longer", "三公经费支出"), ("old", "事业基金")]
    {
        let (id, name, body) = (id.to_owned(), name.to_owned(), String::new());
        let term = Term { id: id.clone(), name, aliases: Vec::new(), codes: Vec::new(), body, place: place(9) };
        site.terms.insert(id, term);
    }
    site
}

#[test]
fn a_term_inside_a_longer_one_is_not_used() {
    let used = |text: &str| with_code(&check(&explaining("basic", text)), "C247").len();
    assert_eq!((used("基本支出和三公经费支出"), used("基本支出和三公经费")), (0, 1));
}

fn note_trials() -> Vec<Trial> {
    let fact = "附注·政府采购·总额";
    let worked = |result: &str| {
        let item = WorkItem {
            number: "1".into(),
            matter: "交易".into(),
            goal: "500场".into(),
            result: result.into(),
            place: place(9),
        };
        Disclosure { work_items: vec![item], ..with_facts(Vec::new(), &[]) }
    };
    vec![
        trial(
            "C241",
            corrected("83.29万元", fact),
            "更正写的是 83.29万元，附注·政府采购·总额 却是 83.92",
            corrected("83.92万元", fact),
        ),
        trial(
            "C242",
            corrected("改正", "公开05表2080505行1栏"),
            "更正指的是 公开05表2080505行1栏，这份部门决算没有列出它",
            corrected("改正", "公开05表2010350行1栏"),
        ),
        Trial {
            code: "C243",
            failing: listing("行政单位离退休", 2_080_501),
            message: "列了名词“行政单位离退休”（2080501），各表却没有这一项",
            near_miss: listing("事业运行", 2_010_350),
        },
        Trial {
            code: "C244",
            failing: listing("事业运行", 2_010_350),
            message: "名词解释没有列：“三公”经费",
            near_miss: listing("“三公”经费", 2_010_350),
        },
        trial("C245", worked(""), "重点工作“交易”没有写完成情况", worked("548场")),
        Trial {
            code: "C246",
            failing: explaining("old", "压减了基本支出、三公经费"),
            message: "解释了“事业基金”，各表、附注和文字里都没有这个词",
            near_miss: explaining("old", "压减了基本支出、三公经费，动用了事业基金"),
        },
        Trial {
            code: "C247",
            failing: explaining("basic", "压减了基本支出、三公经费"),
            message: "文字里用了“三公经费”，名词解释没有列",
            near_miss: explaining("public", "压减了基本支出、三公经费"),
        },
    ]
}

#[test]
fn a_correction_that_is_a_sentence_or_about_a_figure_not_given_is_not_held_to_it() {
    let found = |right: &str| with_code(&checked(corrected(right, "附注·政府采购·总额")), "C241").len();
    assert_eq!((found("占采购总额的83.29%"), found("2023年累计交易场次"), found("839200元")), (0, 0, 0));
    assert_eq!((found("83.91"), found("839100元")), (1, 1));
    let mut unknown = corrected("83.29万元", "附注·政府采购·总额");
    unknown.facts.insert("附注·政府采购·总额".into(), Placed::new(Figure::Unknown, place(3)));
    assert!(with_code(&checked(unknown), "C241").is_empty());
}
