//! What the program writes, read by its own reader: every sentence of a generated narrative is
//! right, and a digit changed in it does not pass for checked.

use disclose::check::{Scene, Verdict};
use disclose::claims::{Around, Numeral, Reading, State, Text, TextFormat, of_site, read};
use disclose::derive::narrative::Narrator;
use disclose::diagnostic::FileId;
use disclose::load::{Loaded, load};
use disclose::model::disclosure::Disclosure;

use crate::support::{TempSite, repository};

const UNITS: [&str; 2] = ["caidian-ggzy", "luzhou-zwfw"];

/// A unit's disclosure of 2023.
fn disclosure<'a>(loaded: &'a Loaded, unit: &str) -> &'a Disclosure {
    loaded.site.disclosures.iter().find(|one| one.unit == unit && one.year == 2023).unwrap()
}

/// The whole narrative as a reader sees it, in Markdown.
fn narrative(loaded: &Loaded, unit: &str) -> String {
    let (narrator, _) = Narrator::new(&loaded.site);
    narrator.compose(&loaded.site, disclosure(loaded, unit)).0.plain()
}

fn reading(loaded: &Loaded, unit: &str, source: &str) -> Reading {
    let disclosure = disclosure(loaded, unit);
    let scene = Scene { disclosure, prior: loaded.site.prior_of(disclosure) };
    let text = Text { file: FileId(u32::MAX), source, format: TextFormat::Markdown, start: 0 };
    read(&text, Some(scene), Some(&Around::of(&loaded.site)))
}

#[test]
fn generated_narratives_pass_their_own_reader() {
    let loaded = load(repository()).unwrap();
    for unit in UNITS {
        let read = reading(&loaded, unit, &narrative(&loaded, unit));
        // What the unit's own performance text keeps as the original prints it is explained there.
        let explained = |code: &str| disclosure(&loaded, unit).exceptions.iter().any(|one| one.code.id == code);
        let told = read.findings.iter().filter(|finding| !explained(finding.code.id));
        let told: Vec<_> = told.map(|finding| (finding.code.id, finding.message.as_str())).collect();
        assert_eq!(told, [], "{unit}");
        let unread = read.numerals.iter().filter(|numeral| numeral.state == State::Unread);
        let unread: Vec<&str> = unread.map(|numeral| numeral.text.as_str()).collect();
        assert_eq!(unread, Vec::<&str>::new(), "{unit}");
        let tally = read.tally();
        assert!(tally.figures() > 90 && tally.checked * 100 >= tally.figures() * 95, "{unit}: {tally:?}");
    }
}

/// The text with the last digit of a numeral changed, where it has one.
fn changed(source: &str, numeral: &Numeral) -> Option<String> {
    let (start, end) = (numeral.place.start as usize, numeral.place.end as usize);
    let at = start + source[start..end].rfind(|c: char| c.is_ascii_digit())?;
    let digit = source.as_bytes()[at];
    let other = if digit == b'9' { '3' } else { char::from(digit + 1) };
    Some([&source[..at], &other.to_string(), &source[at + 1..]].concat())
}

/// Whether a changed figure still agrees to the last digit with what it is held against.
fn agrees(read: &Reading, numeral: &Numeral) -> bool {
    let there = read.numerals.iter().find(|one| one.place.start == numeral.place.start);
    there.is_some_and(|one| one.state == State::Checked && one.verdict == Some(Verdict::Exact))
}

/// Whether a figure was held against more than a sum or a rate of the same text, which leave its
/// last digit open.
fn is_pinned(numeral: &Numeral) -> bool {
    numeral.state == State::Checked && numeral.counterpart.iter().any(|other| !other.name.starts_with("本文的"))
}

#[test]
fn a_digit_changed_in_a_narrative_does_not_pass_for_checked() {
    let loaded = load(repository()).unwrap();
    for unit in UNITS {
        let source = narrative(&loaded, unit);
        let plain = reading(&loaded, unit, &source);
        let (mut tried, mut passed) = (0, Vec::new());
        for numeral in plain.numerals.iter().filter(|one| is_pinned(one)) {
            let Some(other) = changed(&source, numeral) else { continue };
            tried += 1;
            if agrees(&reading(&loaded, unit, &other), numeral) {
                passed.push(numeral.text.clone());
            }
        }
        assert!(tried > 90, "{unit}: {tried}");
        assert_eq!(passed, Vec::<String>::new(), "{unit}: {} of {tried}", passed.len());
    }
}

#[test]
fn texts_of_a_self_evaluation_are_held_against_its_own_indicators() {
    let path = "content/units/luzhou-zwfw/2023/performance/trading-operations.toml";
    let told = |from: &str, to: &str| {
        let site = TempSite::with_unit("luzhou-zwfw");
        site.replace(path, from, to);
        let loaded = load(site.root()).unwrap();
        let readings = of_site(&loaded.site, &loaded.sources);
        let readings: Vec<Reading> = readings.into_iter().map(|(_, reading)| reading).collect();
        let numeral = |text: &str| {
            let found = readings.iter().flat_map(|reading| &reading.numerals).find(|one| one.text == text);
            found.map(|one| (one.state, one.verdict))
        };
        let findings = readings.iter().flat_map(|reading| &reading.findings);
        let t106 = findings.filter(|finding| finding.code.id == "T106").map(|finding| finding.message.clone());
        (numeral("594场次"), numeral("595场次"), t106.collect::<Vec<_>>())
    };
    let (right, _, findings) = told("完成建设工程项目594场次、", "完成建设工程项目594场次，");
    assert_eq!(right, Some((State::Checked, Some(Verdict::Exact))));
    assert_eq!(findings, Vec::<String>::new());
    let (_, wrong, findings) = told("完成建设工程项目594场次、", "完成建设工程项目595场次、");
    assert_eq!(wrong, Some((State::Checked, Some(Verdict::Fail))));
    assert_eq!(findings.len(), 1);
    assert!(findings[0].contains("595场次") && findings[0].contains("里是594场次"), "{}", findings[0]);
}
