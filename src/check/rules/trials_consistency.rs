//! Trials of the rules that hold a disclosure against other years, other units, other kinds and
//! its own document.

use crate::amount::Scale;
use crate::check::check;
use crate::check::testing::{
    by_code, checked, disclosure, facts, figure, filled, one_row, place, set, site, two_sided, with_code,
};
use crate::diagnostic::Placed;
use crate::model::date::Date;
use crate::model::disclosure::Disclosure;
use crate::model::form::{FormSet, Kind, Part};
use crate::model::notation::Reference;
use crate::model::performance::Evaluation;
use crate::model::site::Site;
use crate::model::table::{Table, TableState};
use crate::model::unit::{About, Unit};

use super::trials::{Trial, evaluation, trial};

pub(super) fn trials() -> Vec<Trial> {
    let mut trials = year_trials();
    trials.extend(budget_trials());
    trials.extend(classification_trials());
    trials.extend(date_trials());
    trials.extend(text_trials());
    trials.extend(unit_of_money_trials());
    trials.extend(completeness_trials());
    trials.extend(department_trials());
    trials
}

fn with_concepts(mut set: FormSet, concepts: &[(&str, &str)]) -> FormSet {
    let named = concepts.iter().map(|(key, text)| ((*key).to_owned(), Reference::parse(text).unwrap()));
    set.concepts.extend(named);
    set
}

/// A trial of two reports.
fn reports(code: &'static str, failing: Site, message: &'static str, near_miss: Site) -> Trial {
    Trial { code, failing, message, near_miss }
}

/// A table with one total, the concept `spending_total`: `公开03表1栏`.
fn spending() -> FormSet {
    with_concepts(set(vec![one_row("公开03表", 1, &[])], &[]), &[("spending_total", "公开03表1栏")])
}

fn spent(figure: &str) -> Disclosure {
    disclosure(&spending(), &[("公开03表1栏", figure)])
}

fn year_trials() -> Vec<Trial> {
    let both_sides = || {
        let form = two_sided("公开01表", &[31], &[(62, 0)], 1, &[]);
        set(vec![form], &["公开01表31行1栏 = 公开01表62行2栏"])
    };
    let said = |spent: &str| {
        let mut this = disclosure(&both_sides(), &[("公开01表31行", "5.00"), ("公开01表62行2栏", "5.00")]);
        for (name, text) in [("公开01表31行1栏", "790.97"), ("公开01表62行2栏", spent)] {
            let cell = both_sides().cell_named(name).unwrap();
            this.prior.insert(cell, Placed::new(figure(text, Scale::TenThousand), place(800)));
        }
        this
    };
    let of_05 = |last: &str| {
        let names = [("201", 1), ("201", 2), ("201", 3), ("208", 1), ("208", 2), ("210", 1)];
        let names = names.map(|(row, column)| format!("公开05表{row}行{column}栏"));
        let figures = ["10.50", "7.25", "3.25", "1.01", "1.01", last];
        let cells: Vec<(&str, &str)> = names.iter().map(String::as_str).zip(figures).collect();
        disclosure(&set(vec![by_code("公开05表", 3, &[])], &[]), &cells)
    };
    let years = |last: Disclosure, this: Disclosure| site(vec![Disclosure { year: 2022, ..last }, this]);
    let after = |year| site(vec![Disclosure { year, ..spent("1.00") }, spent("1.00")]);
    vec![
        trial(
            "C115",
            said("790.79"),
            "[prior] 里的上年数自相矛盾：按“公开01表31行1栏＝公开01表62行2栏”，前者 790.97，后者 790.79",
            said("790.97"),
        ),
        reports(
            "C116",
            years(of_05("2.02"), of_05("2.02")),
            "公开05表《》的数与2022年度的完全相同",
            years(of_05("2.02"), of_05("2.03")),
        ),
        reports(
            "C117",
            years(spent("373.97"), spent("3739653.00")),
            "公开03表1栏 与上年相差十倍以上：本年 3739653.00，上年 373.97 万元",
            years(spent("373.97"), spent("3739.70")),
        ),
        reports("C118", after(2021), "年度不连续：2021年度之后缺2022年度的决算", after(2022)),
        reports(
            "C158",
            years(two_totals("373.97"), two_totals("373.97")),
            "公开09表1栏 等 2 个合计与上年分毫不差：两年都是 390.18 万元",
            years(two_totals("373.97"), two_totals("373.98")),
        ),
        reports(
            "C113",
            years(fund_balances("2296001", "5.00"), fund_balances("2296001", "4.00")),
            "公开07表2296001行1栏 该项的年初结转和结余应等于上年年末数：这里是 4.00，2022年年末是 5.00",
            years(fund_balances("2296001", "5.00"), fund_balances("2296001", "5.00")),
        ),
        reports(
            "C113",
            years(fund_balances("2296001", "5.00"), fund_balances("2296001", "")),
            "公开07表2296001行1栏 该项的年初结转和结余应等于上年年末数：这里是 空白，2022年年末是 5.00",
            years(fund_balances("2296001", ""), fund_balances("2296001", "")),
        ),
    ]
}

/// A disclosure with the same 收入总计 as any other and this 支出合计.
fn two_totals(spending: &str) -> Disclosure {
    disclosure(&totals(), &[("公开09表1栏", "390.18"), ("公开09表2栏", spending)])
}

/// A table of 年初结转 and 年末结转 with one row that has the same figure in both.
fn fund_balances(code: &str, balance: &str) -> Disclosure {
    let mut form = by_code("公开07表", 2, &[]);
    form.columns[0].heading = vec!["年初结转和结余".into()];
    form.columns[1].heading = vec!["年末结转和结余".into()];
    let names = [1, 2].map(|column| format!("公开07表{code}行{column}栏"));
    disclosure(&set(vec![form], &[]), &[(&names[0], balance), (&names[1], balance)])
}

fn budget_trials() -> Vec<Trial> {
    let set = || {
        let mut group = facts("年初预算", &["合计"], &[]);
        (group.key, group.items[0].key) = ("opening".into(), "total".into());
        let mut set = set(vec![by_code("公开05表", 1, &[]), one_row("公开09表", 1, &[])], &[]);
        set.facts.push(group);
        with_concepts(set, &[("general_total", "公开05表合计行1栏"), ("three_public_budget", "公开09表1栏")])
    };
    let both = |fact: (&str, &str), planned: (&str, &str)| {
        let budget = Disclosure { kind: Kind::Budget, ..disclosure(&set(), &[planned]) };
        site(vec![disclosure(&set(), &[fact]), budget])
    };
    vec![
        reports(
            "C119",
            both(("年初预算·合计", "560.57"), ("公开05表合计行1栏", "560.75")),
            "年初预算·合计 与公开的2023年度预算不一致：这里是 560.57，预算是 560.75",
            both(("年初预算·合计", "560.57"), ("公开05表合计行1栏", "560.57")),
        ),
        reports(
            "C119",
            both(("年初预算·2010350", "170.44"), ("公开05表2010399行1栏", "170.44")),
            "年初预算·2010350 与公开的2023年度预算不一致：这里是 170.44，预算是 空白",
            both(("年初预算·2010350", "170.44"), ("公开05表2010350行1栏", "170.44")),
        ),
        reports(
            "C126",
            both(("公开09表1栏", "3.72"), ("公开09表1栏", "3.60")),
            "公开09表1栏 “三公”经费预算数与公开的2023年度预算不一致：这里是 3.72，预算是 3.60",
            both(("公开09表1栏", "3.60"), ("公开09表1栏", "3.60")),
        ),
    ]
}

fn classification_trials() -> Vec<Trial> {
    let set = || {
        let concepts = [("general_project", "公开05表合计行3栏"), ("general_by_function", "公开05表")];
        with_concepts(set(vec![by_code("公开05表", 3, &[])], &[]), &concepts)
    };
    let with = |cells: &[(&str, &str)]| disclosure(&set(), cells);
    let two_rows = |second| {
        with(&[
            ("公开05表2080505行1栏", "25.30"),
            ("公开05表2080505行2栏", "25.30"),
            ("公开05表2080506行1栏", second),
            ("公开05表2080506行2栏", second),
        ])
    };
    vec![
        trial(
            "C127",
            with(&[("公开05表201行1栏", "")]),
            "公开05表201行 一个数也没有",
            with(&[("公开05表201行1栏", "0.00")]),
        ),
        trial("C128", two_rows("25.30"), "公开05表2080506行 各栏的数与上一行 2080505行 完全相同", two_rows("25.31")),
        trial(
            "C129",
            with(&[("公开05表2080505行3栏", "25.30")]),
            "公开05表2080505行3栏 把在职人员的社会保险费、住房公积金列入了项目支出：25.30 万元",
            with(&[("公开05表2080505行2栏", "25.30"), ("公开05表2080502行3栏", "5.26")]),
        ),
        trial(
            "C142",
            with(&[("公开05表223行1栏", "1.00")]),
            "公开05表不应有 223行：国有资本经营预算支出不在《》的范围之内",
            with(&[("公开05表224行1栏", "1.00")]),
        ),
    ]
}

fn date(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn date_trials() -> Vec<Trial> {
    let published = |day: &str, kind| Disclosure {
        published: Some(Placed::new(date(day), place(8))),
        kind,
        ..disclosure(&set(Vec::new(), &[]), &[])
    };
    let filed = |day: &str, published_on| Disclosure {
        evaluations: vec![Evaluation { filed: Some(Placed::new(date(day), place(7))), ..evaluation(Vec::new()) }],
        ..published(published_on, Kind::Final)
    };
    vec![
        trial(
            "C143",
            published("2023-12-31", Kind::Final),
            "公开日期 2023年12月31日与2023年度的决算不合：应在次年（2024年）",
            published("2024-01-01", Kind::Final),
        ),
        trial(
            "C143",
            published("2024-01-01", Kind::Budget),
            "公开日期 2024年1月1日与2023年度的预算不合：应在当年（2023年）或上年年末",
            published("2022-12-31", Kind::Budget),
        ),
        trial(
            "C144",
            filed("2023-12-31", "2024-09-20"),
            "“评审专家经费”自评表的填报日期不对：2023年12月31日填报，2023年度还没有结束",
            filed("2024-01-01", "2024-09-20"),
        ),
        trial(
            "C144",
            filed("2024-09-21", "2024-09-20"),
            "“评审专家经费”自评表的填报日期不对：2024年9月21日填报，晚于公开日期 2024年9月20日",
            filed("2024-09-20", "2024-09-20"),
        ),
    ]
}

/// A disclosure whose only table, with this title, is empty with this sentence.
fn empty(title: &str, sentence: &str) -> Disclosure {
    let mut form = by_code("公开07表", 1, &[]);
    form.title = title.to_owned();
    in_state(disclosure(&set(vec![form], &[]), &[]), TableState::Empty(sentence.into()))
}

fn in_state(mut disclosure: Disclosure, state: TableState) -> Disclosure {
    let rows = disclosure.tables[0].rows.to_vec();
    disclosure.tables[0] = Table::new(0, state, rows, None, place(3));
    disclosure
}

fn text_trials() -> Vec<Trial> {
    let titled = |title: &str| Disclosure { title: title.into(), ..disclosure(&set(Vec::new(), &[]), &[]) };
    let of_unit = |title: &str| {
        let mut site = site(vec![titled(title)]);
        site.units.insert("unit".into(), unit("unit", "某市乙中心", None));
        site
    };
    let of_year = |title: &str| Disclosure {
        evaluations: vec![Evaluation { title: title.into(), ..evaluation(Vec::new()) }],
        ..disclosure(&set(Vec::new(), &[]), &[])
    };
    let reason = |text: &str| {
        let mut disclosure = disclosure(&set(Vec::new(), &[]), &[]);
        disclosure.reasons.insert("spending_total".into(), Placed::new(text.into(), place(40)));
        disclosure
    };
    let fund = "政府性基金预算财政拨款收入支出决算表";
    vec![
        trial(
            "C145",
            titled("2023年度某中心预算公开"),
            "标题“2023年度某中心预算公开”写的是预算，这一份是决算",
            titled("2023年度某中心预算执行和决算公开"),
        ),
        reports(
            "C146",
            of_unit("2023年度甲局决算"),
            "标题“2023年度甲局决算”里没有单位名称“某市乙中心”",
            of_unit("2023年度 某市乙中心 决算"),
        ),
        trial(
            "C147",
            empty("", "本部门2022年度无此项支出"),
            "公开07表写的是2022年，这里是2023年度：“本部门2022年度无此项支出”",
            empty("", "本部门2023年度无此项支出，2022年度也没有"),
        ),
        trial(
            "C147",
            of_year("2022年度项目自评表"),
            "自评表写的是2022年，这里是2023年度：“2022年度项目自评表”",
            of_year("项目自评表（２０２３年度）"),
        ),
        trial(
            "C152",
            empty(fund, "当年无国有资本经营预算支出"),
            "公开07表《政府性基金预算财政拨款收入支出决算表》的空表说明说的是“国有资本经营”：“当年无国有资本经营预算支出”",
            empty(fund, "当年无政府性基金预算和国有资本经营预算支出"),
        ),
        trial(
            "C153",
            empty("", "本单位当年无此项支出"),
            "公开07表的空表说明自称“本单位”，全文称“部门”",
            empty("", "所属各单位当年无此项支出"),
        ),
        trial("C153", reason("我单位增加了人员"), "变动原因自称“我单位”，全文称“部门”", reason("所属单位增加了人员")),
    ]
}

fn unit_of_money_trials() -> Vec<Trial> {
    let in_yuan = |spent: &str| filled(&spending(), &[("公开03表1栏", spent)], Scale::Yuan);
    let of_unit = |spent_text: &str| {
        let mut site = site(vec![spent(spent_text)]);
        site.units.insert("unit".into(), unit("unit", "某中心", None));
        site
    };
    let three_tables = |last: &str| {
        let forms = ["公开02表", "公开03表", "公开05表"].map(|code| by_code(code, 1, &[]));
        let each = ["公开02表各类行1栏 = 公开03表各类行1栏", "公开03表各类行1栏 = 公开05表各类行1栏"];
        let mut cells = Vec::new();
        for form in ["公开02表", "公开03表"] {
            cells.extend([("201", "310.38"), ("208", "34.03"), ("221", "22.73")].map(|row| (form, row)));
        }
        cells.extend([("201", "3103822.41"), ("208", "340311.00"), ("221", last)].map(|row| ("公开05表", row)));
        let cells: Vec<(String, &str)> =
            cells.into_iter().map(|(form, (row, text))| (format!("{form}{row}行1栏"), text)).collect();
        let cells: Vec<(&str, &str)> = cells.iter().map(|(name, text)| (name.as_str(), *text)).collect();
        disclosure(&set(forms.into(), &each), &cells)
    };
    vec![
        trial("C148", in_yuan("373.97"), "公开03表1栏 全年支出 373.97 元，不像是一个单位的支出", in_yuan("3739.70")),
        reports(
            "C148",
            of_unit("3739653.00"),
            "公开03表1栏 全年支出 3739653.00 万元，不像是一个单位的支出",
            of_unit("373965.30"),
        ),
        trial(
            "C149",
            three_tables("227312.09"),
            "公开05表整张表的单位像是错了：与其他表相同的 3 个数，都大了 10000 倍",
            three_tables("22.73"),
        ),
        shifted(),
    ]
}

fn shifted() -> Trial {
    let set = || {
        let forms = vec![two_sided("公开01表", &[], &[(38, 207), (39, 208)], 1, &[]), by_code("公开03表", 1, &[])];
        set(forms, &["公开01表各类行2栏 = 公开03表各类行1栏"])
    };
    let with = |text| disclosure(&set(), &[("公开01表38行2栏", text), ("公开03表208行1栏", "34.03")]);
    trial(
        "C159",
        with("34.03"),
        "公开01表38行2栏 的 34.03 像是错了一行：公开03表208行1栏 也是 34.03，应填在 公开01表39行2栏",
        with("34.30"),
    )
}

fn completeness_trials() -> Vec<Trial> {
    let parts = |terms: Vec<Placed<String>>| {
        let mut set = set(Vec::new(), &[]);
        set.parts = vec![Part::Glossary];
        Disclosure { terms, ..disclosure(&set, &[]) }
    };
    let form = || set(vec![by_code("公开05表", 1, &[])], &[]);
    let state = |state| in_state(disclosure(&form(), &[]), state);
    let total = |text| disclosure(&form(), &[("公开05表合计行1栏", text), ("公开05表201行1栏", "0.00")]);
    vec![
        trial(
            "C154",
            parts(Vec::new()),
            "缺少“名词解释”",
            parts(vec![Placed::new("basic-expenditure".into(), place(7))]),
        ),
        trial(
            "C155",
            state(TableState::NotProvided("原件没有附表".into())),
            "有 1 张表没有提供，其中的数都没有核对：公开05表《》",
            state(TableState::Empty("当年无此项支出".into())),
        ),
        trial("C156", total("0.00"), "公开05表《》全是 0.00，没有空表说明", total("0.01")),
    ]
}

fn unit(id: &str, name: &str, parent: Option<&str>) -> Unit {
    Unit {
        id: id.into(),
        name: name.into(),
        short: name.into(),
        aliases: Vec::new(),
        region: Vec::new(),
        level: String::new(),
        kind: "单位".into(),
        parent: parent.map(str::to_owned),
        nature: None,
        about: About::default(),
        place: place(70),
    }
}

/// A set with the totals that a department and its units are compared by.
fn totals() -> FormSet {
    let concepts = [
        ("income_grand_total", "公开09表1栏"),
        ("spending_total", "公开09表2栏"),
        ("personnel_total", "公开09表3栏"),
        ("general_total", "公开09表4栏"),
    ];
    with_concepts(set(vec![one_row("公开09表", 4, &[])], &[]), &concepts)
}

/// 局 with 甲 and 乙 under it, each with a disclosure of these cells.
fn department(own: &[(&str, &str)], first: &[(&str, &str)], second: &[(&str, &str)]) -> Site {
    let word = "单位".to_owned();
    let mut site = site(vec![
        Disclosure { unit: "bureau".into(), ..disclosure(&totals(), own) },
        Disclosure { unit: "bureau-a".into(), word: word.clone(), ..disclosure(&totals(), first) },
        Disclosure { unit: "bureau-b".into(), word, ..disclosure(&totals(), second) },
    ]);
    for (id, name, parent) in
        [("bureau", "局", None), ("bureau-a", "甲", Some("bureau")), ("bureau-b", "乙", Some("bureau"))]
    {
        site.units.insert(id.into(), unit(id, name, parent));
    }
    site
}

fn department_trials() -> Vec<Trial> {
    let general = |own: &str, second: &str| {
        department(&[("公开09表4栏", own)], &[("公开09表4栏", "5.00")], &[("公开09表4栏", second)])
    };
    let site_of = |words: [&str; 2], with_second: bool| {
        let mut site = site(vec![
            Disclosure { unit: "bureau".into(), word: words[0].into(), ..spent("9.00") },
            Disclosure { unit: "bureau-a".into(), word: words[1].into(), ..spent("1.00") },
        ]);
        site.units.insert("bureau".into(), unit("bureau", "局", None));
        site.units.insert("bureau-a".into(), unit("bureau-a", "甲", Some("bureau")));
        if with_second {
            site.units.insert("bureau-b".into(), unit("bureau-b", "乙", Some("bureau")));
        }
        site
    };
    let alike = |personnel: &str| {
        let cells = |personnel| [("公开09表1栏", "9.00"), ("公开09表2栏", "8.00"), ("公开09表3栏", personnel)];
        department(&cells("20.00"), &cells("3.00"), &cells(personnel))
    };
    vec![
        reports(
            "C161",
            general("10.00", "5.02"),
            "公开09表4栏 小于所属单位之和：部门 10.00，2 个单位合计 10.02，多出 0.02 万元",
            general("10.00", "5.01"),
        ),
        reports(
            "C162",
            site_of(["部门", "单位"], true),
            "所属单位中有 1 个没有2023年度的决算：乙",
            site_of(["部门", "单位"], false),
        ),
        reports(
            "C163",
            site_of(["部门", "部门"], false),
            "全文称“部门”，应称“单位”：它是“局”的所属单位",
            site_of(["部门", "单位"], false),
        ),
        reports(
            "C163",
            site_of(["单位", "单位"], false),
            "全文称“单位”，应称“部门”：本站有 1 个所属单位",
            site_of(["部门", "单位"], false),
        ),
        reports("C164", alike("3.00"), "“乙”的收入、支出和人员经费与“甲”的完全相同", alike("3.01")),
    ]
}

#[test]
fn a_department_in_ten_thousands_is_compared_with_a_unit_in_yuan_in_ten_thousands() {
    let report = |own: &str| {
        let exact = filled(&totals(), &[("公开09表4栏", "50049.99")], Scale::Yuan);
        let mut site = site(vec![
            Disclosure { unit: "bureau".into(), ..disclosure(&totals(), &[("公开09表4栏", own)]) },
            Disclosure { unit: "bureau-a".into(), word: "单位".into(), ..exact },
        ]);
        site.units.insert("bureau".into(), unit("bureau", "局", None));
        site.units.insert("bureau-a".into(), unit("bureau-a", "甲", Some("bureau")));
        check(&site)
    };
    assert_eq!(with_code(&report("5.00"), "C161").len(), 0);
    let report = report("4.99");
    let finding = with_code(&report, "C161")[0];
    assert_eq!(finding.related[0].label, "甲 公开09表4栏＝50049.99 元");
    assert_eq!(finding.difference.as_deref(), Some("0.01"));
}

#[test]
fn one_finding_tells_every_total_in_which_the_units_exceed_their_department() {
    let mut set = totals();
    set.concepts.insert("grant_spending_total".into(), Reference::parse("公开09表2栏").unwrap());
    let of = |unit: &str, text| Disclosure {
        unit: unit.into(),
        ..disclosure(&set, &[("公开09表2栏", text), ("公开09表4栏", text)])
    };
    let mut site = site(vec![of("bureau", "1.00"), of("bureau-a", "2.00")]);
    site.units.insert("bureau".into(), unit("bureau", "局", None));
    site.units.insert("bureau-a".into(), unit("bureau-a", "甲", Some("bureau")));
    let report = check(&site);
    let findings = with_code(&report, "C161");
    assert_eq!(findings.len(), 1);
    assert!(findings[0].message.ends_with("；另有 1 个数也是如此"), "{}", findings[0].message);
    let labels: Vec<&str> = findings[0].related.iter().map(|related| related.label.as_str()).collect();
    assert_eq!(labels, ["甲 公开09表2栏＝2.00 万元", "公开09表4栏＝1.00", "甲 公开09表4栏＝2.00 万元"]);
}

#[test]
fn units_that_were_not_provided_are_no_part_of_the_sum() {
    let report =
        check(&department(&[("公开09表4栏", "5.00")], &[("公开09表4栏", "5.00")], &[("公开09表4栏", "未提供")]));
    assert_eq!(with_code(&report, "C161").len(), 0);
    let report = check(&department(&[("公开09表4栏", "未提供")], &[("公开09表4栏", "5.00")], &[]));
    assert_eq!(with_code(&report, "C161").len(), 0);
}

#[test]
fn a_figure_of_last_year_that_is_not_given_contradicts_none() {
    let form = two_sided("公开01表", &[1, 2, 27], &[], 1, &["27行＝（1+2）行"]);
    let set = set(vec![form], &[]);
    let mut this = disclosure(&set, &[("公开01表1行", "1.00"), ("公开01表27行", "1.00")]);
    for (name, text) in [("公开01表1行1栏", "3.00"), ("公开01表27行1栏", "5.00")] {
        let cell = set.cell_named(name).unwrap();
        this.prior.insert(cell, Placed::new(figure(text, Scale::TenThousand), place(800)));
    }
    assert_eq!(with_code(&checked(this), "C115").len(), 0);
}
