//! Prints what is read in a text: `claims FILE [--unit U --year Y] [--all]`.

use std::path::Path;

use disclose::check::Scene;
use disclose::claims::{State, Text, TextFormat, read};
use disclose::diagnostic::SourceMap;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let option = |name: &str| arguments.iter().position(|a| a == name).and_then(|at| arguments.get(at + 1)).cloned();
    let path = arguments.first().expect("a file");
    let source = std::fs::read_to_string(path).expect("readable");
    let loaded = disclose::load::load(Path::new(".")).expect("a site");
    let mut sources = SourceMap::default();
    let file = sources.add(path.clone(), source.as_str());
    let format = if path.ends_with(".md") { TextFormat::Markdown } else { TextFormat::Plain };
    let disclosure = option("--unit").and_then(|unit| {
        let year: i32 = option("--year").and_then(|year| year.parse().ok()).unwrap_or(2023);
        loaded.site.disclosures.iter().find(|other| other.unit == unit && other.year == year)
    });
    let scene = disclosure.map(|disclosure| Scene { disclosure, prior: loaded.site.prior_of(disclosure) });
    let reading = read(&Text { file, source: &source, format, start: 0 }, scene, Some(&loaded.site));
    let all = arguments.iter().any(|argument| argument == "--all");
    for numeral in &reading.numerals {
        if numeral.state == State::Aside || (!all && numeral.state == State::Checked) {
            continue;
        }
        let at = sources.position(numeral.place);
        let against: Vec<String> = numeral.counterpart.iter().map(|c| format!("{}={}", c.name, c.figure)).collect();
        let verdict = numeral.verdict.map_or("", |verdict| verdict.name());
        println!(
            "{}:{} {} {:?} [{}] {verdict} {}",
            at.line,
            at.column,
            numeral.text,
            numeral.state,
            numeral.reading,
            against.join(" ")
        );
    }
    for finding in &reading.findings {
        let at = finding.place.map(|place| sources.position(place));
        let line = at.map_or(0, |at| at.line);
        println!(
            "! {line} {} {} {} → {:?}",
            finding.code.id,
            finding.severity.name(),
            finding.message,
            finding.expected
        );
    }
    let count = |state| reading.numerals.iter().filter(|numeral| numeral.state == state).count();
    let (checked, lone, unread) = (count(State::Checked), count(State::NoCounterpart), count(State::Unread));
    let total = checked + lone + unread;
    println!(
        "{total} numerals: {checked} checked, {lone} read without counterpart, {unread} unread; {} aside",
        count(State::Aside)
    );
    println!("read {}%, checked {}%", (checked + lone) * 100 / total.max(1), checked * 100 / total.max(1));
}
