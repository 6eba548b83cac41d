//! What readers see in words: the two narratives and three typical findings, whole.

use disclose::diagnostic;
use scraper::{ElementRef, Html, Selector};

use crate::support::{TempSite, built};

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
