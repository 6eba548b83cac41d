//! 数据质量: every relation is told with its figures, and what was not checked never looks
//! checked.

use std::collections::{BTreeMap, BTreeSet};

use disclose::amount::{Amount, Scale};
use disclose::check::{DisclosureResults, Instance, Lister, Scene, Verdict};
use disclose::diagnostic::{Acceptance, FileId, Finding, Place, Severity, code, codes};
use disclose::model::disclosure::Disclosure;
use disclose::model::form::Kind;
use disclose::model::site::LevelChange;
use disclose::model::table::Figure;
use disclose::render::Plan;
use disclose::render::links::{disclosure_path, quality_path};
use scraper::{ElementRef, Html, Selector};

use crate::support::{Examined, TempSite, repository};

fn page(examined: &Examined, findings: &[Finding], path: &str) -> Html {
    let (plan, _) = Plan::new(&examined.site, &examined.report, Vec::new());
    let plan = plan.telling(findings);
    let bytes = plan.render(plan.find(path).unwrap()).unwrap();
    Html::parse_document(&String::from_utf8(bytes).unwrap())
}

fn all<'a>(page: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    page.select(&Selector::parse(selector).unwrap()).collect()
}

fn within<'a>(element: ElementRef<'a>, selector: &str) -> Vec<ElementRef<'a>> {
    element.select(&Selector::parse(selector).unwrap()).collect()
}

fn text(element: ElementRef<'_>) -> String {
    element.text().collect::<Vec<_>>().concat()
}

fn by_id(page: &Html) -> BTreeMap<&str, ElementRef<'_>> {
    all(page, "[id]").into_iter().filter_map(|element| Some((element.value().id()?, element))).collect()
}

/// The part of a link after its `#`.
fn target(link: ElementRef<'_>) -> String {
    link.attr("href").unwrap().split_once('#').unwrap().1.to_owned()
}

/// The verdict that a row or an entry shows, else that of the list it stands in.
fn verdicts(element: ElementRef<'_>) -> Vec<String> {
    let own = within(element, "b.v");
    let list = || element.ancestors().filter_map(ElementRef::wrap).find(|above| above.value().name() == "details");
    let told = if own.is_empty() { list().map(|list| within(list, "summary b.v")).unwrap_or_default() } else { own };
    told.into_iter().map(text).collect()
}

/// The anchors of the cells of an instance that hold a number.
fn number_cells(instance: &Instance, results: &DisclosureResults, disclosure: &Disclosure) -> BTreeSet<String> {
    let operands = results.instances.operands(instance).iter();
    let cells = operands.filter_map(|operand| operand.source.cell());
    let numbers = cells.filter(|cell| matches!(disclosure.figure(*cell), Figure::Amount(_) | Figure::Count(_)));
    numbers.map(|cell| disclosure.set.form_of(cell).cell_anchor(cell)).collect()
}

#[test]
fn every_relation_stands_on_the_page_with_its_verdict_and_a_link_to_each_figure() {
    let examined = Examined::of(repository());
    for (at, disclosure) in examined.site.disclosures.iter().enumerate() {
        let page = page(&examined, &[], &quality_path(disclosure));
        let (rows, results) = (by_id(&page), examined.report.of(at).unwrap());
        assert_eq!(all(&page, "#relations .rel > li").len(), results.instances.len());
        assert!(results.instances.len() > 200);
        for (number, instance) in (1..).zip(&results.instances) {
            let row = rows[format!("r{number}").as_str()];
            assert_eq!(verdicts(row), [instance.verdict.name()], "{}", disclosure.unit);
            let links: BTreeSet<String> = within(row, "a").into_iter().map(target).collect();
            let expected = number_cells(instance, results, disclosure);
            assert!(expected.is_subset(&links), "r{number}: {links:?} lack some of {expected:?}");
        }
    }
}

#[test]
fn the_counts_on_the_page_are_those_of_the_report() {
    let examined = Examined::of(repository());
    for (at, disclosure) in examined.site.disclosures.iter().enumerate() {
        let page = page(&examined, &[], &quality_path(disclosure));
        let counts = examined.report.of(at).unwrap().counts();
        let shown: Vec<u32> =
            all(&page, "#results tr.sum td").into_iter().map(|cell| text(cell).parse().unwrap()).collect();
        let of = |verdict| counts.of(verdict);
        assert_eq!(
            shown,
            [
                of(Verdict::Exact),
                of(Verdict::WithinRounding),
                of(Verdict::Improbable),
                of(Verdict::Fail) + of(Verdict::FailTruncated),
                of(Verdict::NotCheckable) + of(Verdict::NotRead),
                counts.total()
            ]
        );
        let rows = all(&page, "#results tbody tr:not(.sum) td:last-child");
        assert_eq!(rows.into_iter().map(|cell| text(cell).parse::<u32>().unwrap()).sum::<u32>(), counts.total());
    }
}

#[test]
fn the_first_sentence_says_what_was_checked() {
    let examined = Examined::of(TempSite::caidian().root());
    let page = page(&examined, &[], &quality_path(&examined.site.disclosures[0]));
    let judged = examined.report.counts().total();
    assert_eq!(
        text(all(&page, ".lead")[0]),
        format!(
            "共{judged}项关系：相符{judged}，尾数误差0，无法核对0。其他核对174项：相符152，无法核对22。\
             表内164个数字中164个（100%）至少参加一项核对。"
        )
    );
}

#[test]
fn a_figure_in_a_table_leads_to_all_its_relations() {
    let examined = Examined::of(repository());
    for (at, disclosure) in examined.site.disclosures.iter().enumerate() {
        let (document, quality) =
            (page(&examined, &[], &disclosure_path(disclosure)), page(&examined, &[], &quality_path(disclosure)));
        let (entries, results) = (by_id(&quality), examined.report.of(at).unwrap());
        let figures = all(&document, "td[data-cell] a.fig");
        assert!(figures.len() > 100);
        for figure in figures {
            let entry = entries[target(figure).as_str()];
            let cell = figure.parent().and_then(ElementRef::wrap).unwrap().attr("data-cell").unwrap();
            let cell = disclosure.set.cell_named(cell).unwrap();
            let links: BTreeSet<String> = within(entry, "a[href^='#r']").into_iter().map(target).collect();
            assert_eq!(links.len(), results.for_cell(cell).count());
            assert!(!links.is_empty() && links.iter().all(|link| entries.contains_key(link.as_str())));
            assert!(text(entry).contains(&text(figure)), "{}", text(entry));
        }
    }
}

#[test]
fn no_printed_figure_is_without_a_link_or_a_mark() {
    let examined = Examined::of(repository());
    for disclosure in &examined.site.disclosures {
        let document = page(&examined, &[], &disclosure_path(disclosure));
        let is_number = |cell: &ElementRef<'_>| Amount::parse(&text(*cell), Scale::TenThousand).is_ok();
        for cell in all(&document, ".sheet td[data-cell]") {
            let marked = within(cell, "a.fig, span.un").len();
            assert_eq!(marked, usize::from(is_number(&cell)), "{}", cell.html());
        }
    }
}

#[test]
fn a_relation_over_an_unknown_figure_is_open_and_does_not_look_passed() {
    let site = TempSite::caidian();
    site.replace("content/units/caidian-ggzy/2023/tables/09.toml", "5  = 3.60", "5  = \"未提供\"");
    let examined = site.examine();
    let disclosure = &examined.site.disclosures[0];
    let quality = page(&examined, &[], &quality_path(disclosure));
    let row = all(&quality, "details[open] .rel > li").into_iter().find(|row| text(*row).contains("3栏")).unwrap();
    assert_eq!(verdicts(row), ["无法核对"]);
    assert!(text(row).contains("5栏 未提供") && text(row).contains("有的数未提供，不能判断"), "{}", text(row));
    assert_eq!(within(row, "b.v.none").len(), 1);
    assert!(all(&quality, "details:not([open]) b.v").into_iter().all(|verdict| text(verdict) == "相符"));
    assert!(!text(all(&quality, ".lead")[0]).contains("无法核对0"));
}

#[test]
fn a_figure_that_no_relation_was_judged_over_is_marked_and_listed() {
    let site = TempSite::caidian();
    let table = "content/units/caidian-ggzy/2023/tables/09.toml";
    for column in ["1  = 3.72", "3  = 3.60", "6  = 0.12"] {
        let (key, _) = column.split_once('=').unwrap();
        site.replace(table, &format!("\n{column}\n"), &format!("\n{key}= \"未提供\"\n"));
    }
    let examined = site.examine();
    let disclosure = &examined.site.disclosures[0];
    let (document, quality) =
        (page(&examined, &[], &disclosure_path(disclosure)), page(&examined, &[], &quality_path(disclosure)));
    let marked: Vec<String> = all(&document, "#t09 td .un").into_iter().map(text).collect();
    assert_eq!(marked, ["3.60"]);
    assert_eq!(text(all(&document, "#t09 .unchecked")[0]), "带点线的数字没有参加核对。");
    assert_eq!(all(&document, "#t01 .unchecked").len(), 0);
    let listed: Vec<String> = all(&quality, "#unchecked li").into_iter().map(text).collect();
    assert!(listed[0].starts_with("公开09表5栏 3.60") && listed[0].contains("无法核对"), "{listed:?}");
    let participation = examined.report.of(0).unwrap().participation(disclosure);
    assert_eq!(participation.figures - participation.in_relations, 1);
    let sentence = format!("表内{}个数字中{}个（99.3%）", participation.figures, participation.in_relations);
    assert!(text(all(&quality, ".lead")[0]).contains(&sentence), "{sentence}");
}

#[test]
fn a_failing_relation_stands_first_and_says_what_the_figures_stand_for() {
    let site = TempSite::caidian();
    site.replace("content/units/caidian-ggzy/2023/tables/01.toml", "\n62 = 373.97", "\n62 = 373.99");
    let examined = site.examine();
    let disclosure = &examined.site.disclosures[0];
    let quality = page(&examined, &[], &quality_path(disclosure));
    let first = all(&quality, "#t01 .rel > li")[0];
    assert_eq!(verdicts(first), ["不符"]);
    let told = text(first);
    assert!(told.contains("62行2栏 373.99 ＝ 58行2栏 373.97") && told.contains("相差 0.02，允许 0.00"), "{told}");
    assert!(told.contains("左边代表 3739850.00 至 3739949.99 元，右边代表 3739650.00 至 3739749.99 元"), "{told}");
    assert!(told.contains("没有共同的部分"), "{told}");
    let document = page(&examined, &[], &disclosure_path(disclosure));
    let bad: Vec<String> = all(&document, "td a.fig.bad").into_iter().map(text).collect();
    assert!(bad.contains(&"373.99".to_owned()), "{bad:?}");
}

#[test]
fn what_a_unit_accepts_stands_with_its_reason_and_who_answers_for_it() {
    let mut examined = Examined::of(TempSite::caidian().root());
    let level = |id, severity, reason: &str| LevelChange {
        code: code(id),
        severity,
        reason: reason.to_owned(),
        place: examined.site.place.unwrap(),
    };
    examined.site.config.levels =
        vec![level("C135", None, "本地不考核。"), level("C106", Some(Severity::Error), "从严。")];
    examined.site.replaced_forms = vec!["content/forms/hubei-2023/01.toml".to_owned()];
    let about = |id: &str, message: &str| Finding::new(id, message).about("caidian-ggzy", 2023).cell("公开01表31行1栏");
    let mut accepted = about("C101", "合计少了一分").severity(Severity::Warning);
    accepted.accepted = Some(Acceptance {
        level: Severity::Warning,
        reason: "系统自动取整<。".to_owned(),
        person: "张三".to_owned(),
        date: "2024-09-01".to_owned(),
        expires: Some("2025-12-31".to_owned()),
    });
    let findings = [accepted, about("C113", "别处没有写明"), about("C113", "别的年度").about("caidian-ggzy", 2022)];
    let page = page(&examined, &findings, &quality_path(&examined.site.disclosures[0]));
    let told: Vec<String> = all(&page, "#standing li").into_iter().map(text).collect();
    assert_eq!(told.len(), 2, "{told:?}");
    for words in
        ["不合法定要求，单位说明如下", "C101", "合计少了一分", "系统自动取整<。", "张三", "2024-09-01", "2025-12-31"]
    {
        assert!(told[0].contains(words), "{words}: {}", told[0]);
    }
    assert!(told[1].contains("别处没有写明") && !told[1].contains("法定"), "{}", told[1]);
    assert!(text(all(&page, "header .warned")[0]).contains("有1处不合法定要求"));
    assert_eq!(all(&page, "#standing .statutory .v.bad").len(), 1);
    assert_eq!(all(&page, "header .warned a[href='#standing']").len(), 1);
    let changes = text(all(&page, "#changes")[0]);
    for words in ["C135", "改为“不检查”。本地不考核。", "改为“错误”。从严。", "content/forms/hubei-2023/01.toml"]
    {
        assert!(changes.contains(words), "{words}: {changes}");
    }
}

#[test]
fn nothing_to_tell_is_said_in_words() {
    let examined = Examined::of(TempSite::caidian().root());
    let page = page(&examined, &[], &quality_path(&examined.site.disclosures[0]));
    assert!(text(all(&page, "#standing")[0]).contains("没有。检查没有提出任何问题"));
    assert!(text(all(&page, "#changes")[0]).contains("没有。全部规则按原有级别执行"));
}

#[test]
fn a_budget_and_final_accounts_of_one_year_keep_their_findings_apart() {
    let mut examined = Examined::of(TempSite::caidian().root());
    let mut budget = examined.site.disclosures[0].clone();
    budget.kind = Kind::Budget;
    budget.place = Place::start_of(FileId(9_999));
    budget.tables.iter_mut().for_each(|table| table.place = budget.place);
    examined.site.disclosures.push(budget);
    let about = |at: usize, message: &str| {
        let place = examined.site.disclosures[at].place;
        Finding::new("C113", message).at(place).about("caidian-ggzy", 2023)
    };
    let findings = [about(0, "决算的话"), about(1, "预算的话")];
    for (disclosure, own) in examined.site.disclosures.iter().zip(["决算的话", "预算的话"]) {
        let page = page(&examined, &findings, &quality_path(disclosure));
        let told: Vec<String> = all(&page, "#standing li p:first-child").into_iter().map(text).collect();
        assert!(told.len() == 1 && told[0].contains(own), "{told:?}");
    }
    let unchecked = page(&examined, &[], &quality_path(&examined.site.disclosures[1]));
    assert!(text(all(&unchecked, "#results")[0]).contains("没有可以核对的关系"));
    assert!(text(all(&unchecked, ".lead")[0]).contains("164个数字中0个（0.0%）"));
}

#[test]
fn an_explained_difference_is_told_at_the_top_of_both_pages_and_beside_its_relation() {
    let site = TempSite::caidian();
    site.replace("content/units/caidian-ggzy/2023/tables/09.toml", "5  = 3.60", "5  = 3.61");
    let examined = site.examine();
    let disclosure = &examined.site.disclosures[0];
    let mut finding = Finding::new("C101", "小计不符").about("caidian-ggzy", 2023).cell("公开09表3栏");
    let at_first = page(&examined, std::slice::from_ref(&finding), &quality_path(disclosure));
    assert!(all(&at_first, ".warned, .why").is_empty(), "nothing is explained yet");
    finding.accepted = Some(Acceptance {
        level: Severity::Error,
        reason: "取整。".to_owned(),
        person: "张三".to_owned(),
        date: "2024-09-01".to_owned(),
        expires: None,
    });
    let quality = page(&examined, std::slice::from_ref(&finding), &quality_path(disclosure));
    let others = examined.report.of(0).unwrap().instances.len() - 1;
    assert_eq!(
        verdicts(all(&quality, ".judged")[0]),
        [format!("1项关系不符；其余{others}项相符。其他核对有1项不符。")]
    );
    let rows = all(&quality, ".rel li").into_iter().filter(|row| !within(*row, ".why").is_empty());
    let explained: Vec<String> = rows.map(|row| verdicts(row).concat()).collect();
    assert_eq!(explained, ["不符"]);
    let document = page(&examined, std::slice::from_ref(&finding), &disclosure_path(disclosure));
    assert!(text(all(&document, ".cover .warned")[0]).contains("有1处不合法定要求"));
    assert_eq!(all(&document, ".cover .keys .bad").len(), 1);
}

#[test]
fn one_explanation_of_many_places_is_told_once() {
    let examined = Examined::of(TempSite::caidian().root());
    let about = |message: &str| {
        let mut finding = Finding::new("C135", message).about("caidian-ggzy", 2023);
        finding.accepted = Some(Acceptance {
            level: Severity::Error,
            reason: "照原件。".to_owned(),
            person: "张三".to_owned(),
            date: "2024-09-01".to_owned(),
            expires: None,
        });
        finding
    };
    let findings = [about("甲资金"), about("甲资金"), about("乙资金")];
    let page = page(&examined, &findings, &quality_path(&examined.site.disclosures[0]));
    let told: Vec<String> = all(&page, "#standing li").into_iter().map(text).collect();
    assert_eq!(told.len(), 1, "{told:?}");
    for words in ["（3处）：", "甲资金（2处）；", "乙资金", "照原件。"] {
        assert!(told[0].contains(words), "{words}: {}", told[0]);
    }
}

#[test]
fn every_check_that_is_no_relation_is_listed_with_its_verdict() {
    let examined = Examined::of(repository());
    let asked = Lister::new(&examined.site);
    for (disclosure, results) in examined.site.disclosures.iter().zip(&examined.report.results) {
        let scene = Scene { disclosure, prior: examined.site.prior_of(disclosure) };
        let listed = asked.of(scene, results);
        assert!(listed.len() > 100, "{}", listed.len());
        let page = page(&examined, &examined.report.findings, &quality_path(disclosure));
        let items = all(&page, "#others ol.rel > li");
        assert_eq!(items.len(), listed.len());
        let mut shown: Vec<String> = items.into_iter().flat_map(verdicts).collect();
        let mut meant: Vec<String> = listed.iter().map(|listed| listed.verdict.name().to_owned()).collect();
        shown.sort();
        meant.sort();
        assert_eq!(shown, meant);
        let rules = all(&page, "#every-rule tbody tr");
        assert_eq!(rules.len(), codes().filter(|code| code.id.starts_with('C')).count());
    }
}

#[test]
fn a_wrong_stated_figure_is_listed_as_such_and_links_to_its_cell() {
    let mut examined = Examined::of(repository());
    let disclosure = examined.site.disclosures.iter_mut().find(|one| one.unit == "caidian-ggzy").unwrap();
    let stated = disclosure.stated.first_mut().unwrap();
    stated.figure.value = Figure::Amount(Amount::parse("373.79", Scale::TenThousand).unwrap());
    let path = quality_path(disclosure);
    let page = page(&examined, &[], &path);
    let wrong: Vec<_> = all(&page, "#o-stated details[open] li").into_iter().collect();
    assert_eq!(wrong.len(), 1);
    assert!(text(wrong[0]).contains("公开01表31行1栏　正文 373.79，表里 373.97"), "{}", text(wrong[0]));
    assert!(target(within(wrong[0], "a")[0]).ends_with("31-c1"));
}
