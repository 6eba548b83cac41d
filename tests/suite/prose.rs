//! What readers see in words: the two narratives and three typical findings, whole.

use std::collections::BTreeMap;

use disclose::derive::narrative::Narrator;
use disclose::diagnostic;
use scraper::{ElementRef, Html, Selector};

use crate::support::{TempSite, built, repository};

/// The text of a part of a disclosure page, a line for each block.
fn part(unit: &str, id: &str) -> String {
    let html = std::fs::read_to_string(built().join(format!("units/{unit}/2023/index.html"))).unwrap();
    let page = Html::parse_document(&html);
    let part = page.select(&Selector::parse(&format!("#{id}")).unwrap()).next().unwrap_or_else(|| panic!("#{id}"));
    let blocks = Selector::parse("h2, h3, h4, figcaption, p, li, caption, tr").unwrap();
    // A list item that holds paragraphs is told by them.
    let paragraph = Selector::parse("p").unwrap();
    let own = |block: &ElementRef| block.value().name() != "li" || block.select(&paragraph).next().is_none();
    part.select(&blocks).filter(own).map(line).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// A heading with its level, a row with its cells parted, anything else as it stands.
fn line(block: ElementRef) -> String {
    let name = block.value().name();
    if name == "tr" {
        let cells = Selector::parse("td, th").unwrap();
        return block.select(&cells).map(|cell| cell.text().collect::<String>()).collect::<Vec<_>>().join(" | ");
    }
    let text: String = block.text().collect();
    match name.strip_prefix('h').and_then(|level| level.parse().ok()) {
        Some(level) => format!("{} {}", "#".repeat(level), text.trim()),
        None => text.trim().to_owned(),
    }
}

#[test]
fn the_narrative_of_caidian() {
    insta::assert_snapshot!(part("caidian-ggzy", "narrative"));
}

#[test]
fn the_narrative_of_luzhou() {
    insta::assert_snapshot!(part("luzhou-zwfw", "narrative"));
}

/// The findings of a faulty site as people read them.
fn told(site: &TempSite) -> String {
    let examined = site.examine();
    let mut findings: Vec<_> = examined.findings().cloned().collect();
    diagnostic::sort(&mut findings, &examined.sources);
    let texts = findings.iter().map(|finding| diagnostic::render(finding, &examined.sources, false));
    texts.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_total_that_does_not_foot_as_it_is_told() {
    let site = TempSite::caidian();
    site.replace("content/units/caidian-ggzy/2023/tables/06.toml", "30101 = 42.45", "30101 = 42.54");
    insta::assert_snapshot!(told(&site));
}

#[test]
fn a_misspelt_key_as_it_is_told() {
    let site = TempSite::caidian();
    site.replace("content/units/caidian-ggzy/2023/disclosure.toml", "published =", "publishd =");
    insta::assert_snapshot!(told(&site));
}

#[test]
fn a_number_that_is_none_as_it_is_told() {
    let site = TempSite::caidian();
    site.replace("content/units/caidian-ggzy/2023/tables/09.toml", "12 = 0.12", "12 = 0.12万元");
    insta::assert_snapshot!(told(&site));
}

/// The figures that a real document states in words, by section.
#[derive(serde::Deserialize)]
struct Statement {
    heading: String,
    figures: Vec<String>,
    /// What is printed wrong or too coarse, with what is right.
    #[serde(default)]
    corrected: Vec<[String; 2]>,
}

fn statements(document: &str) -> Vec<Statement> {
    #[derive(serde::Deserialize)]
    struct Document {
        sections: Vec<Statement>,
    }
    let path = repository().join(format!("tests/fixtures/{document}/figures.toml"));
    toml::from_str::<Document>(&std::fs::read_to_string(path).unwrap()).unwrap().sections
}

/// The running text of a part by the headings of its sections; figures and their tables left out.
fn sections(unit: &str, id: &str) -> BTreeMap<String, String> {
    let html = std::fs::read_to_string(built().join(format!("units/{unit}/2023/index.html"))).unwrap();
    let page = Html::parse_document(&html);
    let blocks = Selector::parse(&format!("#{id} h2, #{id} h3, #{id} p, #{id} li, #{id} td")).unwrap();
    let mut sections: BTreeMap<String, String> = BTreeMap::new();
    let mut heading = String::new();
    for block in page.select(&blocks) {
        let text: String = block.text().collect();
        let is_chart = |node: ElementRef<'_>| node.value().name() == "figure";
        if block.ancestors().filter_map(ElementRef::wrap).any(is_chart) {
            continue;
        }
        if block.value().name() == "h3" || block.value().name() == "h2" {
            text.trim().clone_into(&mut heading);
        } else {
            let section = sections.entry(heading.clone()).or_default();
            section.push_str(&text);
            section.push('\n');
        }
        sections.entry(heading.clone()).or_default();
    }
    sections
}

/// Whether a text states a figure: the same number however its zeros are written, the same unit.
fn states(text: &str, figure: &str) -> bool {
    let is_number = |c: char| c.is_ascii_digit() || c == '.';
    let digits = figure.len() - figure.trim_start_matches(is_number).len();
    if digits == 0 {
        return text.contains(figure);
    }
    let (number, unit) = figure.split_at(digits);
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let from = &rest[at..];
        let after = from.trim_start_matches(is_number);
        if plain_number(&from[..from.len() - after.len()]) == plain_number(number) && after.starts_with(unit) {
            return true;
        }
        rest = after;
    }
    false
}

/// `25.30` as `25.3`.
fn plain_number(text: &str) -> &str {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text }
}

/// What a section of the page lacks of the figures that the document states, or has of its mistakes.
fn amiss(statement: &Statement, text: &str) -> Vec<String> {
    let missing = statement.figures.iter().chain(statement.corrected.iter().map(|[_, right]| right));
    let missing = missing.filter(|figure| !states(text, figure)).map(|figure| format!("没有 {figure}"));
    let wrong = statement.corrected.iter().map(|[printed, _]| printed);
    let wrong = wrong.filter(|printed| states(text, printed)).map(|printed| format!("照抄了 {printed}"));
    missing.chain(wrong).map(|said| format!("{}：{said}", statement.heading)).collect()
}

#[test]
fn the_generated_narrative_of_caidian_states_every_figure_of_the_document_and_none_of_its_mistakes() {
    let (statements, mut texts) = (statements("caidian-2023"), sections("caidian-ggzy", "narrative"));
    let work: String = sections("caidian-ggzy", "work").into_values().collect();
    texts.insert("重点工作".into(), work);
    let amiss: Vec<_> = statements.iter().flat_map(|told| amiss(told, &texts[&told.heading])).collect();
    assert_eq!((statements.len(), amiss), (14, Vec::new()));
}

#[test]
fn the_generated_narrative_of_luzhou_states_every_figure_of_the_document_and_none_of_its_mistakes() {
    let (statements, texts) = (statements("luzhou-2023"), sections("luzhou-zwfw", "narrative"));
    let amiss: Vec<_> = statements.iter().flat_map(|told| amiss(told, &texts[&told.heading])).collect();
    assert_eq!((statements.len(), amiss), (10, Vec::new()));
}

#[test]
fn a_figure_is_found_by_its_number_and_unit_alone() {
    assert!(states("共25.3万元，", "25.30万元") && states("占100%。", "100%"));
    for (text, figure) in [("125.3万元", "25.3万元"), ("25.3元", "25.3万元"), ("1.83%", "1.8%"), ("1.83%", "83%")]
    {
        assert!(!states(text, figure), "{figure} in {text}");
    }
}

/// The narrative of a site's only disclosure as a reader sees it.
fn narrative(site: &TempSite) -> String {
    let site = site.examine().site;
    let (narrator, findings) = Narrator::new(&site);
    assert!(findings.is_empty(), "{findings:?}");
    narrator.compose(&site, &site.disclosures[0]).0.plain()
}

const CAIDIAN: &str = "content/units/caidian-ggzy/2023/disclosure.toml";

/// What no sentence may hold: stops that meet, lists that end in nothing, words left of nothing.
const SLIPS: [&str; 14] = [
    "。。",
    "，。",
    "；。",
    "：。",
    "、。",
    "。，",
    "，，",
    "：；",
    "（）",
    "其中：。",
    "主要原因是。",
    "为万元",
    "出万元",
    "完成年初预算的%",
];

fn reads_well(text: &str) {
    assert!(text.contains('。'), "{text}");
    for slip in SLIPS {
        assert!(!text.contains(slip), "“{slip}”：{text}");
    }
}

#[test]
fn a_new_unit_says_once_that_there_is_no_year_before() {
    let site = TempSite::caidian();
    let text = site.read(CAIDIAN);
    let (before, rest) = text.split_once("[prior]").unwrap();
    let after = rest.split_once("[facts.opening]").unwrap().1;
    site.write(CAIDIAN, &format!("{before}[facts.opening]{after}"));
    let told = narrative(&site);
    reads_well(&told);
    let once = "2023年度收、支总计373.97万元。本部门没有2022年度决算数可作比较，以下各项不与上年比较。";
    assert!(told.contains(once) && told.matches("2022").count() == 1, "{told}");
}

#[test]
fn an_empty_table_of_hospitality_still_gives_its_counts() {
    let site = TempSite::caidian();
    site.write("content/units/caidian-ggzy/2023/tables/09.toml", "empty = \"本部门当年无“三公”经费支出\"\n");
    let told = narrative(&site);
    assert!(told.contains("本部门当年无“三公”经费支出。"), "{told}");
    assert!(told.contains("公务用车保有量1辆") && told.contains("国内公务接待13人次"), "{told}");
}

#[test]
fn facts_that_are_not_given_are_said_to_be_missing_and_those_given_are_compared() {
    let site = TempSite::caidian();
    let text = site.read(CAIDIAN);
    let procurement = text.split_once("[facts.procurement]").unwrap().1.split_once("[facts.vehicles]").unwrap().0;
    let running = "\ntotal = \"未提供\"\n\n[facts.running]\ncurrent = 8\nprior = 10\n\n";
    site.write(CAIDIAN, &text.replace(procurement, running));
    let told = narrative(&site);
    reads_well(&told);
    let running = "2023年度机关运行经费支出8万元。与2022年度相比，机关运行经费支出减少2万元，下降20%。";
    assert!(told.contains(running) && told.contains("2023年度政府采购支出总额未提供。"), "{told}");
}

#[test]
fn procurement_of_nothing_gives_no_shares() {
    let site = TempSite::caidian();
    let text = site.read(CAIDIAN);
    let procurement = text.split_once("[facts.procurement]").unwrap().1.split_once("[facts.vehicles]").unwrap().0;
    site.write(CAIDIAN, &text.replace(procurement, "\ntotal = 0\nsme = 0\nmicro = 0\n\n"));
    let told = narrative(&site);
    reads_well(&told);
    assert!(told.contains("政府采购支出总额0万元，没有授予中小企业的合同。"), "{told}");
}

#[test]
fn several_funds_are_told_one_by_one() {
    let site = TempSite::caidian();
    site.write(
        "content/units/caidian-ggzy/2023/tables/07.toml",
        "rows = [\n  { code = \"合计\", 1 = 1.00, 2 = 9.00, 3 = 8.00, 5 = 8.00, 6 = 2.00 },\n  \
         { code = \"212\", name = \"城乡社区支出\", 2 = 5.00, 3 = 5.00, 5 = 5.00 },\n  \
         { code = \"21208\", name = \"国有土地使用权出让收入安排的支出\", 2 = 5.00, 3 = 5.00, 5 = 5.00 },\n  \
         { code = \"2120899\", name = \"其他国有土地使用权出让收入安排的支出\", 2 = 5.00, 3 = 5.00, 5 = 5.00 },\n  \
         { code = \"229\", name = \"其他支出\", 1 = 1.00, 2 = 4.00, 3 = 3.00, 5 = 3.00, 6 = 2.00 },\n  \
         { code = \"22960\", name = \"彩票公益金安排的支出\", 1 = 1.00, 2 = 4.00, 3 = 3.00, 5 = 3.00, 6 = 2.00 },\n  \
         { code = \"2296002\", name = \"用于社会福利的彩票公益金支出\", 1 = 1.00, 2 = 4.00, 3 = 3.00, 5 = 3.00, 6 = 2.00 },\n]\n",
    );
    let told = narrative(&site);
    reads_well(&told);
    let total = "政府性基金预算财政拨款年初结转和结余1万元，本年收入9万元，本年支出8万元，年末结转和结余2万元。";
    assert!(told.contains(total), "{told}");
    assert!(
        told.contains(
            "2. 其他支出（类）彩票公益金安排的支出（款）用于社会福利的彩票公益金支出（项）。支出决算为3万元。"
        )
    );
}

#[test]
fn both_narratives_read_well_and_give_no_rate_on_a_budget_of_zero() {
    for unit in ["caidian-ggzy", "luzhou-zwfw"] {
        let told = narrative(&TempSite::with_unit(unit));
        reads_well(&told);
        for sentence in told.split('。').filter(|sentence| sentence.contains("预算为0万元")) {
            assert!(!sentence.contains("完成年初预算") && !sentence.contains("完成预算"), "{sentence}");
        }
    }
}

#[test]
fn every_project_is_told_with_its_budget_its_outturn_and_its_score() {
    let luzhou = narrative(&TempSite::with_unit("luzhou-zwfw"));
    assert!(luzhou.contains("预算数19.8万元，执行数19.5万元，执行率98.48%，自评得分99.8分。"), "{luzhou}");
    let site = TempSite::caidian();
    let project = "content/units/caidian-ggzy/2023/performance/bidding-platform.toml";
    let told = "招标投标电子平台运转维护费：预算数78万元，执行数55.76万元，执行率71.49%。";
    assert!(narrative(&site).contains(told));
    site.write(project, &site.read(project).replace("budget = 78.00", "budget = 0"));
    assert!(narrative(&site).contains("招标投标电子平台运转维护费：预算数0万元，执行数55.76万元。"));
}

#[test]
fn a_term_that_a_narrative_merely_links_leads_back_to_it() {
    let page = std::fs::read_to_string(built().join("glossary/government-procurement/index.html")).unwrap();
    let used = Html::parse_document(&page);
    let links = Selector::parse("ul.rows a").unwrap();
    let hrefs: Vec<_> = used.select(&links).filter_map(|link| link.attr("href")).collect();
    let expected = ["caidian-ggzy", "luzhou-zwfw"].map(|unit| format!("../../units/{unit}/2023/index.html#narrative"));
    assert_eq!(hrefs, expected);
}
