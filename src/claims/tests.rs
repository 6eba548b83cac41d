//! Sentences of our own with the kinds of mistakes that documents have, each with a near miss.

use std::path::Path;
use std::sync::LazyLock;

use super::{Around, Reading, State, Text, TextFormat, read};
use crate::check::Scene;
use crate::diagnostic::{FileId, Severity};
use crate::load::{Loaded, load};

static SITE: LazyLock<Loaded> = LazyLock::new(|| load(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap());

fn text(source: &str) -> Text<'_> {
    Text { file: FileId(u32::MAX), source, format: TextFormat::Plain, start: 0 }
}

fn alone(source: &str) -> Reading {
    read(&text(source), None, None)
}

fn against(unit: &str, source: &str) -> Reading {
    let site = &SITE.site;
    let disclosure = site.disclosures.iter().find(|one| one.unit == unit).unwrap();
    read(&text(source), Some(Scene { disclosure, prior: None }), Some(&Around::of(site)))
}

/// Each finding as its code, what stands there and what should.
fn told(reading: &Reading) -> Vec<(&str, &str, &str)> {
    let told = |finding: &crate::diagnostic::Finding| finding.code.id;
    let shown = |text: &Option<String>| text.clone().unwrap_or_default().leak() as &str;
    reading.findings.iter().map(|one| (told(one), shown(&one.actual), shown(&one.expected))).collect()
}

const CAIDIAN: &str = "caidian-ggzy";
const LUZHOU: &str = "luzhou-zwfw";

#[test]
fn a_rate_of_change_is_reckoned_from_the_change_beside_it() {
    let wrong = alone("2022年度收、支总计790.97万元。与2021年度相比，收、支总计各减少27.79万元，下降3.93%。");
    assert_eq!(told(&wrong), [("T103", "3.93%", "3.39%")]);
    let right = alone("2022年度收、支总计790.97万元。与2021年度相比，收、支总计各减少27.79万元，下降3.39%。");
    assert_eq!(told(&right), []);
    assert!(right.numerals.iter().any(|one| one.text == "3.39%" && one.state == State::Checked));
}

#[test]
fn a_share_may_round_but_not_be_cut_off() {
    let cut = alone("本年支出合计30000.00万元，其中：基本支出20000.00万元，占66.66%。");
    assert_eq!(told(&cut), [("T103", "66.66%", "66.67%")]);
    assert_eq!(cut.findings[0].severity, Severity::Warning);
    assert_eq!(told(&alone("本年支出合计30000.00万元，其中：基本支出20000.00万元，占66.67%。")), []);
    assert_eq!(told(&alone("本年支出合计30000.00万元，其中：基本支出20000.00万元，占67%。")), []);
}

#[test]
fn parts_that_are_all_there_is_come_to_the_whole_within_rounding() {
    let wrong = alone("本年支出合计100.00万元，其中：基本支出60.00万元；项目支出40.02万元。");
    assert_eq!(told(&wrong), [("T104", "100.00万元", "100.02万元")]);
    assert_eq!(told(&alone("本年支出合计100.00万元，其中：基本支出60.00万元；项目支出40.01万元。")), []);
}

#[test]
fn records_behind_其中_add_up_in_every_unit() {
    let text = |whole: &str| {
        format!(
            "全年交易10场，预算{whole}亿元，中标8.89亿元，节约1.11亿元。其中甲类6场，预算7.50亿元，中标6.60亿元，节约0.90亿元；乙类4场，预算2.50亿元，中标2.30亿元，节约0.20亿元。"
        )
    };
    assert_eq!(told(&alone(&text("10.02"))), [("T104", "10.02亿元", "10.00亿元")]);
    assert_eq!(told(&alone(&text("10.00"))), []);
}

#[test]
fn a_saving_rate_is_saved_over_budget() {
    let wrong = alone("完成项目，采购预算200.00万元，成交金额180.00万元，节资率11.00%。");
    assert_eq!(told(&wrong), [("T103", "11.00%", "10.00%")]);
    assert_eq!(told(&alone("完成项目，采购预算200.00万元，成交金额180.00万元，节资率10.00%。")), []);
}

#[test]
fn yuan_for_ten_thousand_yuan_is_seen_by_the_share() {
    let text = |unit: &str| {
        format!(
            "一、政府采购支出说明\n授予中小企业合同金额20.50万元，其中：授予小微企业合同金额20.50{unit}，占授予中小企业合同金额的100%。"
        )
    };
    assert_eq!(told(&alone(&text("元"))), [("T211", "20.50元", "20.50万元")]);
    assert_eq!(told(&alone(&text("万元"))), []);
}

#[test]
fn a_part_is_not_more_than_the_whole() {
    assert_eq!(told(&alone("年末单位共有公务用车2辆，其中：轿车3辆。")), [("T105", "3辆", "不大于2辆")]);
    assert_eq!(told(&alone("年末单位共有公务用车3辆，其中：轿车3辆。")), []);
}

#[test]
fn an_amount_of_the_tables_is_held_against_its_cell() {
    let wrong = against(CAIDIAN, "收入合计379.37万元。");
    assert_eq!(told(&wrong), [("T101", "379.37万元", "373.97万元")]);
    assert_eq!(wrong.findings[0].cell.as_deref(), Some("公开01表27行1栏"));
    assert!(wrong.findings[0].message.contains("相邻两位数字颠倒"), "{}", wrong.findings[0].message);
    assert_eq!(told(&against(CAIDIAN, "收入合计373.97万元。")), []);
}

#[test]
fn an_amount_under_the_wrong_name_is_led_home() {
    let heading = "六、一般公共预算财政拨款基本支出决算情况说明\n";
    let wrong =
        against(CAIDIAN, &format!("{heading}人员经费212.49万元，主要包括：抚恤金5.25万元、住房公积金18.57万元。"));
    assert_eq!(told(&wrong), [("T101", "5.25万元", "不列（表中为空白）")]);
    assert!(wrong.findings[0].message.contains("退休费"));
    let right =
        against(CAIDIAN, &format!("{heading}人员经费212.49万元，主要包括：退休费5.25万元、住房公积金18.57万元。"));
    assert_eq!(told(&right), []);
}

#[test]
fn a_path_names_its_row_and_its_budget_even_under_an_old_name() {
    let heading = "五、一般公共预算财政拨款支出决算情况说明\n";
    let path = "1.住房保障支出（类）住房改革支出（款）提租补贴（项）。";
    let wrong =
        against(CAIDIAN, &format!("{heading}{path}年初预算为4.16万元，支出决算为4.61万元，完成年初预算的100%。"));
    assert_eq!(told(&wrong).first(), Some(&("T101", "4.61万元", "4.16万元")));
    let right =
        against(CAIDIAN, &format!("{heading}{path}年初预算为4.16万元，支出决算为4.16万元，完成年初预算的100%。"));
    assert_eq!(told(&right), []);
    let old =
        "社会保障和就业支出（类）行政事业单位离退休（款）机关事业单位职业年金缴费支出（项）：支出决算为25.48万元。";
    let renamed = [("T244", "行政事业单位离退休", "行政事业单位养老支出")];
    assert_eq!(told(&against(LUZHOU, &format!("{heading}{old}"))), renamed);
}

#[test]
fn the_words_about_the_budget_say_what_the_figures_say() {
    let heading = "五、一般公共预算财政拨款支出决算情况说明\n";
    let text = |word: &str| {
        format!(
            "{heading}1.住房保障支出（类）住房改革支出（款）提租补贴（项）。年初预算为4.16万元，支出决算为4.16万元，决算数{word}年初预算数。"
        )
    };
    assert_eq!(told(&against(CAIDIAN, &text("小于"))), [("T102", "", "等于")]);
    assert_eq!(told(&against(CAIDIAN, &text("等于"))), []);
}

#[test]
fn no_rate_stands_on_a_base_of_nothing() {
    let heading = "（二）政府采购支出情况\n";
    let wrong = against(
        LUZHOU,
        &format!("{heading}政府采购支出总额0万元。授予小微企业合同金额0万元，占政府采购支出总额的0%。"),
    );
    assert_eq!(told(&wrong), [("T234", "0%", "不写比率")]);
    let right = against(LUZHOU, &format!("{heading}政府采购支出总额0万元。授予小微企业合同金额0万元。"));
    assert_eq!(told(&right), []);
}

#[test]
fn yuan_of_last_year_are_held_against_last_years_cell() {
    let heading = "七、财政拨款“三公”经费支出决算情况说明\n公务接待费支出0.21万元。2022年因外出较少，全年支出";
    assert_eq!(told(&against(LUZHOU, &format!("{heading}1200元。"))), []);
    let wrong = against(LUZHOU, &format!("{heading}1500元。"));
    assert_eq!(told(&wrong).first().map(|one| one.0), Some("T101"));
    assert_eq!(wrong.findings[0].severity, Severity::Warning);
}

#[test]
fn an_indicator_says_what_its_table_says() {
    let heading = "十三、预算绩效情况说明\n";
    let wrong = against(CAIDIAN, &format!("{heading}累计完成不见面开评标场次324场。"));
    assert_eq!(told(&wrong), [("T106", "324场", "342场")]);
    assert_eq!(wrong.findings[0].severity, Severity::Warning);
    assert_eq!(told(&against(CAIDIAN, &format!("{heading}累计完成不见面开评标场次342场。"))), []);
}

#[test]
fn an_amount_without_its_unit_is_told() {
    let wrong = alone("2023年度一般公共预算支出决算数为763.18，用于日常工作。");
    assert_eq!(told(&wrong), [("T212", "763.18", "763.18万元")]);
    assert_eq!(told(&alone("2023年度一般公共预算支出决算数为763.18万元，用于日常工作。")), []);
}

#[test]
fn parts_whose_things_are_all_there_are_make_up_the_whole() {
    let text = |whole: &str| {
        format!(
            "全年交易30场，预算{whole}亿元，中标8.80亿元。甲类20场，预算7.50亿元，中标6.60亿元；乙类10场，预算2.50亿元，中标2.20亿元。"
        )
    };
    assert_eq!(told(&alone(&text("10.05"))), [("T104", "10.05亿元", "10.00亿元")]);
    assert_eq!(told(&alone(&text("10.00"))), []);
    assert_eq!(told(&alone(&text("10.05").replace("甲类20场", "甲类19场"))), []);
}

#[test]
fn a_part_above_a_whole_that_is_wrong_is_told_with_the_whole() {
    let text =
        |cars: &str| format!("七、财政拨款“三公”经费支出决算情况说明\n年末单位共有公务用车{cars}辆，其中：轿车1辆。");
    let wrong = against(LUZHOU, &text("0"));
    assert_eq!(told(&wrong), [("T101", "0辆", "1辆")]);
    assert!(wrong.findings[0].message.contains("轿车1辆，大于总数0辆"), "{}", wrong.findings[0].message);
    assert_eq!(told(&against(LUZHOU, &text("1"))), []);
}

#[test]
fn what_should_stand_for_a_placeholder_is_said_where_it_is_known() {
    let heading = "七、财政拨款“三公”经费支出决算情况说明\n";
    let left = against(LUZHOU, &format!("{heading}公务用车运行维护费支出**万元。"));
    assert_eq!(told(&left), [("T201", "", "3.60万元")]);
    let empty = against(CAIDIAN, "十三、预算绩效情况说明\n目标：累计完成不见面开评标场次≥场。");
    assert_eq!(told(&empty), [("T204", "", "300场")]);
    assert_eq!(told(&against(LUZHOU, "全年支出**万元。")), [("T201", "", "")]);
}

#[test]
fn of_two_directions_the_one_that_the_figures_show_is_to_be_left() {
    let text = "一、收入支出决算总体情况说明\n2023年度收、支总计373.97万元。与2022年度相比，收、支总计各增加23.59万元，增长（下降）6.73%。";
    assert_eq!(told(&against(CAIDIAN, text)), [("T202", "", "增长")]);
    let nothing = "七、财政拨款“三公”经费支出决算情况说明\n因公出国（境）支出决算比上年增加/减少0万元。";
    assert_eq!(told(&against(LUZHOU, nothing)), [("T202", "", "持平")]);
}

#[test]
fn indicators_of_a_kind_that_the_goal_has_not_are_told() {
    let text = |kind: &str| format!("十三、预算绩效情况说明\n年度目标3：打造电子卖场。\n{kind}指标设置了1个三级指标。");
    assert_eq!(told(&against(CAIDIAN, &text("经济效益"))), [("T107", "1个", "0个")]);
    assert_eq!(told(&against(CAIDIAN, &text("社会效益"))), []);
}

#[test]
fn the_items_that_a_text_explains_are_those_of_the_tables() {
    let item =
        |class: &str, section: &str, name: &str| format!("{class}（类）{section}（款）{name}（项）：指有关支出。\n");
    let listed = |last: &str| {
        let rows = against_rows();
        let rows: String = rows.iter().map(|[class, section, name]| item(class, section, name)).collect();
        format!("第三部分 名词解释\n{rows}{last}")
    };
    assert_eq!(told(&against(CAIDIAN, &listed(""))), []);
    let other = item("社会保障和就业支出", "行政事业单位养老支出", "行政单位离退休");
    assert_eq!(told(&against(CAIDIAN, &listed(&other))), [("T301", "", "")]);
    let one = format!("第三部分 名词解释\n{}", item("住房保障支出", "住房改革支出", "提租补贴"));
    let lacking = against(CAIDIAN, &one);
    assert_eq!(told(&lacking), [("T302", "", "")]);
    assert!(lacking.findings[0].message.contains("“住房公积金”（2210201）"), "{}", lacking.findings[0].message);
}

/// The rows of the tables as 类, 款 and 项.
fn against_rows() -> [[&'static str; 3]; 8] {
    const OFFICE: &str = "政府办公厅（室）及相关机构事务";
    const PENSION: &str = "行政事业单位养老支出";
    [
        ["一般公共服务支出", OFFICE, "事业运行"],
        ["一般公共服务支出", OFFICE, "其他政府办公厅（室）及相关机构事务支出"],
        ["社会保障和就业支出", PENSION, "事业单位离退休"],
        ["社会保障和就业支出", PENSION, "机关事业单位基本养老保险缴费支出"],
        ["社会保障和就业支出", PENSION, "机关事业单位职业年金缴费支出"],
        ["卫生健康支出", "行政事业单位医疗", "事业单位医疗"],
        ["住房保障支出", "住房改革支出", "住房公积金"],
        ["住房保障支出", "住房改革支出", "提租补贴"],
    ]
}

#[test]
fn a_text_is_never_its_own_witness() {
    for disclosure in &SITE.site.disclosures {
        for (name, body) in [("重点工作", &disclosure.work_text), ("绩效情况说明", &disclosure.performance_text)]
        {
            let Some(body) = body else { continue };
            let reading = against(&disclosure.unit, &body.value);
            assert!(!reading.numerals.is_empty());
            let own = reading.numerals.iter().filter(|one| one.counterpart.iter().any(|other| other.name == name));
            assert_eq!(own.map(|one| one.text.as_str()).collect::<Vec<_>>(), Vec::<&str>::new());
        }
    }
}

#[test]
fn a_checked_figure_names_what_it_was_held_against() {
    for disclosure in &SITE.site.disclosures {
        let texts = [&disclosure.work_text, &disclosure.performance_text];
        for body in texts.into_iter().flatten() {
            let reading = against(&disclosure.unit, &body.value);
            let bare = reading.numerals.iter().filter(|one| one.state == State::Checked && one.counterpart.is_empty());
            assert_eq!(bare.count(), 0);
        }
    }
}

#[test]
fn what_no_rule_reads_is_unread_and_never_checked() {
    let reading = alone("会议室有7张桌子，温度26.5。");
    assert!(reading.numerals.iter().all(|one| one.state == State::Unread && one.verdict.is_none()));
}

#[test]
fn a_rate_is_not_proved_by_being_repeated() {
    let reading = alone("甲方面工作增长5.55%，进展良好。\n乙方面工作增长5.55%，进展良好。");
    assert!(reading.numerals.iter().all(|one| one.state != State::Checked), "{:?}", reading.numerals);
}

#[test]
fn own_texts_of_the_site_are_right_or_explained() {
    for disclosure in &SITE.site.disclosures {
        for body in [&disclosure.work_text, &disclosure.performance_text].into_iter().flatten() {
            let place = body.place;
            let text = Text { file: place.file, source: &body.value, format: TextFormat::Markdown, start: place.start };
            let reading = read(&text, Some(Scene { disclosure, prior: None }), Some(&Around::of(&SITE.site)));
            let explained = |code: &str| disclosure.exceptions.iter().any(|one| one.code.id == code);
            let left: Vec<_> = reading.findings.iter().filter(|one| !explained(one.code.id)).collect();
            assert!(left.is_empty(), "{left:?}");
        }
    }
}

/// What was found of figures, the hygiene of the words apart.
fn figures(reading: &Reading) -> Vec<(&str, &str, &str)> {
    told(reading).into_iter().filter(|(code, ..)| code.starts_with("T1")).collect()
}

#[test]
fn a_thing_that_no_table_holds_is_not_held_against_the_one_before() {
    for right in [
        "2023年度政府性基金预算财政拨款支出0万元。住房补贴年初预算为0万元，支出决算为2.61万元。",
        "七、财政拨款“三公”经费支出决算情况说明\n三公经费支出1.42万元。会议费支出决算为0.6万元，培训费支出决算为0.4万元。",
        "2023年度支出合计373.97万元，其中：电费支出决算为0.9万元。",
        "全市收入合计42.5亿元，人均公用经费1.31万元。",
    ] {
        assert_eq!(figures(&against(CAIDIAN, right)), [], "{right}");
    }
    let wrong = against(CAIDIAN, "2023年度支出合计379.37万元，其中：电费支出决算为0.9万元。");
    assert_eq!(figures(&wrong), [("T101", "379.37万元", "373.97万元")]);
    assert_eq!(wrong.findings[0].severity, Severity::Error);
}

#[test]
fn a_known_name_under_a_path_is_a_part_of_its_row() {
    let text = |outturn: &str| {
        format!(
            "五、一般公共预算财政拨款支出决算情况说明\n1.住房保障支出（类）住房改革支出（款）提租补贴（项）。年初预算为4.16万元，支出决算为{outturn}万元，其中人员经费支出决算为3.00万元，公用经费支出决算为1.16万元。"
        )
    };
    assert_eq!(figures(&against(CAIDIAN, &text("4.16"))), []);
    assert_eq!(figures(&against(CAIDIAN, &text("4.61"))), [("T101", "4.61万元", "4.16万元")]);
}

#[test]
fn the_name_before_占_is_the_part() {
    let text = |share: &str| {
        format!(
            "2023年度支出合计373.97万元，其中：基本支出229.97万元、项目支出144.00万元，基本支出占{share}，项目支出占38.51%。"
        )
    };
    assert_eq!(figures(&against(CAIDIAN, &text("61.49%"))), []);
    let wrong = against(CAIDIAN, &text("64.19%"));
    assert_eq!(figures(&wrong), [("T103", "64.19%", "61.49%")]);
    assert_eq!(wrong.findings[0].severity, Severity::Warning);
    for unread in [
        "2023年度支出合计373.97万元，其中基本支出、项目支出分别为229.97万元、144.00万元，分别占61.49%、38.51%。",
        "五、一般公共预算财政拨款支出决算情况说明\n卫生健康支出6.83万元，住房保障支出22.73万元，前者占1.83%，后者占6.08%。",
    ] {
        assert_eq!(figures(&against(CAIDIAN, unread)), [], "{unread}");
    }
}

#[test]
fn a_share_without_a_base_is_of_the_base_before_or_of_its_section() {
    let heading = "六、一般公共预算财政拨款基本支出决算情况说明\n";
    let text = |share: &str| format!("{heading}人员经费212.49万元，占基本支出的92.40%；公用经费17.48万元，占{share}。");
    assert_eq!(figures(&against(CAIDIAN, &text("7.60%"))), []);
    assert_eq!(figures(&against(CAIDIAN, &text("7.06%"))), [("T103", "7.06%", "7.60%")]);
    let inside = |share: &str| {
        format!(
            "五、一般公共预算财政拨款支出决算情况说明\n基本支出中，人员经费212.49万元，占92.40%，公用经费17.48万元，占{share}。"
        )
    };
    assert_eq!(figures(&against(CAIDIAN, &inside("7.60%"))), []);
    assert_eq!(figures(&against(CAIDIAN, &inside("7.06%"))), [("T103", "7.06%", "7.60%")]);
}

#[test]
fn a_figure_of_another_period_is_not_held_against_this_years() {
    let years = |before: &str| format!("2022年度收、支总计{before}万元，2023年度收、支总计373.97万元。");
    assert_eq!(figures(&against(CAIDIAN, &years("350.38"))), []);
    let wrong = against(CAIDIAN, &years("373.97"));
    assert_eq!(figures(&wrong), [("T101", "373.97万元", "350.38万元")]);
    for right in [
        "截至2023年9月30日，支出合计280.00万元。",
        "2023年1-10月支出合计300.00万元，其中：基本支出190.00万元。",
        "预计2024年支出合计410万元，其中：基本支出250万元，项目支出160万元。",
    ] {
        assert_eq!(figures(&against(CAIDIAN, right)), [], "{right}");
    }
    let whole = against(CAIDIAN, "截至2023年12月31日，支出合计280.00万元。");
    assert_eq!(figures(&whole), [("T101", "280.00万元", "373.97万元")]);
}

#[test]
fn an_adjusted_budget_is_the_sentences_own() {
    let text = |rate: &str| {
        format!(
            "五、一般公共预算财政拨款支出决算情况说明\n1.住房保障支出（类）住房改革支出（款）提租补贴（项）。年初预算为4.16万元，年中追加1.00万元，调整预算为5.16万元，支出决算为4.16万元，完成调整预算的{rate}。"
        )
    };
    assert_eq!(figures(&against(CAIDIAN, &text("80.62%"))), []);
    assert_eq!(figures(&against(CAIDIAN, &text("82.62%"))), [("T103", "82.62%", "80.62%")]);
}

#[test]
fn the_change_of_an_unknown_part_is_not_the_wholes() {
    let text = |change: &str| {
        format!(
            "2023年度收、支总计373.97万元。与2022年度相比，收、支总计各增加{change}万元，其中软件维护费增加9.10万元，增长45.50%。"
        )
    };
    assert_eq!(figures(&against(CAIDIAN, &text("23.59"))), []);
    assert_eq!(figures(&against(CAIDIAN, &text("25.39"))), [("T102", "25.39万元", "增加23.59万元")]);
}

#[test]
fn any_text_is_read_without_a_panic() {
    for source in [
        "",
        "，，。；",
        "占%",
        "增加",
        "0.",
        "9".repeat(60).as_str(),
        "１２３．４５万元",
        "（项）（款）（类）1万元",
        "\\geq 场",
    ] {
        for format in [TextFormat::Plain, TextFormat::Markdown] {
            let _ = read(&Text { format, ..text(source) }, None, None);
        }
    }
    let long = format!(
        "占{}%的收入合计{}亿元，增长{}%，节资率{}%",
        "1".repeat(30),
        "9".repeat(21),
        "9".repeat(25),
        "8".repeat(20)
    );
    let _ = alone(&long);
}
