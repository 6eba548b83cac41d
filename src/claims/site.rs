//! The texts that units wrote themselves, read against their own disclosures.
//!
//! 1. Markdown files (`narrative.md`, `performance.md`, `work.md`) are read as they stand.
//! 2. Prose in data files is read string by string. One that the file writes to the letter gives
//!    exact places; one with escapes, or in several lines, is told at its beginning and end.

use rayon::prelude::*;

use super::causes;
use crate::check::Scene;
use crate::claims::{Around, Reading, State, Text, TextFormat, read};
use crate::diagnostic::{FileId, Finding, Place, Placed, SourceMap, cut_short};
use crate::model::disclosure::Disclosure;
use crate::model::site::Site;
use crate::model::stored::stored;

/// How many numerals of a text came to what; dates, codes and the like are none of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Held against another figure.
    pub checked: usize,
    /// Read, but nothing was there to hold them against.
    pub no_counterpart: usize,
    /// Not read: nothing is known of them.
    pub unread: usize,
    /// No figures: dates, codes, item numbers. Not in [`Tally::figures`].
    pub aside: usize,
}

stored!(Tally { checked, no_counterpart, unread, aside });

impl Tally {
    /// How many figures there are.
    pub const fn figures(self) -> usize {
        self.checked + self.no_counterpart + self.unread
    }
}

impl Reading {
    /// How many of its numerals came to what.
    pub fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        for numeral in &self.numerals {
            let count = match numeral.state {
                State::Checked => &mut tally.checked,
                State::NoCounterpart => &mut tally.no_counterpart,
                State::Unread => &mut tally.unread,
                State::Aside => &mut tally.aside,
            };
            *count += 1;
        }
        tally
    }
}

/// The own texts of every disclosure, read: its index in the site with its reading, in the
/// order of the site. Numerals and findings come in the order of the files.
pub fn of_site(site: &Site, sources: &SourceMap) -> Vec<(usize, Reading)> {
    of_site_while(site, sources, &|| true)
}

/// [`of_site`] as long as it is wanted: once `goes_on` says no, what is left is passed over, and
/// the readings are of no use.
pub fn of_site_while(site: &Site, sources: &SourceMap, goes_on: &(dyn Fn() -> bool + Sync)) -> Vec<(usize, Reading)> {
    read_all(&Around::of(site), sources, goes_on)
}

/// [`of_site`] for the part of a site that `around` is of.
pub fn of_part(around: &Around<'_>, sources: &SourceMap) -> Vec<(usize, Reading)> {
    read_all(around, sources, &|| true)
}

fn read_all(around: &Around<'_>, sources: &SourceMap, goes_on: &(dyn Fn() -> bool + Sync)) -> Vec<(usize, Reading)> {
    let all: Vec<(usize, &Disclosure)> = around.site.disclosures.iter().enumerate().collect();
    let read = |disclosure| if goes_on() { of_disclosure(around, disclosure, sources) } else { Reading::default() };
    all.into_par_iter().map(|(at, disclosure)| (at, read(disclosure))).collect()
}

fn of_disclosure(around: &Around<'_>, disclosure: &Disclosure, sources: &SourceMap) -> Reading {
    let scene = Scene { disclosure, prior: around.site.prior_of(disclosure) };
    let mut whole = Reading::default();
    let markdown = markdown_texts(disclosure);
    let markdown = markdown.into_par_iter().map(|text| read_markdown(text, scene, around, sources));
    let prose = disclosure.prose.par_iter().map(|text| read_string(text, scene, around, sources));
    let read: Vec<Reading> = markdown.chain(prose).collect();
    for part in read {
        add(&mut whole, part);
    }
    whole.numerals.sort_by_key(|numeral| numeral.place);
    let about = |finding: Finding| finding.about(&disclosure.unit, disclosure.year);
    whole.findings = causes::told_once(cut_short(whole.findings)).into_iter().map(about).collect();
    whole
}

fn add(whole: &mut Reading, part: Reading) {
    whole.numerals.extend(part.numerals);
    whole.findings.extend(part.findings);
}

/// The stretches of Markdown files; `narrative.md` is one, from its first heading on.
fn markdown_texts(disclosure: &Disclosure) -> Vec<Place> {
    let narrative = disclosure.narrative_text.first().zip(disclosure.narrative_text.last());
    let narrative = narrative.map(|(first, last)| Place { end: last.text.place.end, ..first.heading.place });
    let texts = [&disclosure.performance_text, &disclosure.work_text].into_iter().flatten();
    narrative.into_iter().chain(texts.map(|text| text.place)).collect()
}

fn read_markdown(place: Place, scene: Scene<'_>, around: &Around<'_>, sources: &SourceMap) -> Reading {
    let Some(source) = stretch(sources, place) else { return Reading::default() };
    let text = Text { file: place.file, source, format: TextFormat::Markdown, start: place.start };
    read(&text, Some(scene), Some(around))
}

fn stretch(sources: &SourceMap, place: Place) -> Option<&str> {
    sources.file(place.file).text.get(place.start as usize..place.end as usize)
}

fn read_string(string: &Placed<String>, scene: Scene<'_>, around: &Around<'_>, sources: &SourceMap) -> Reading {
    let source = string.value.as_str();
    let place = string.place;
    let written = stretch(sources, place).unwrap_or_default();
    if let Some(before) = before_content(written, source) {
        let text = Text { file: place.file, source, format: TextFormat::Plain, start: place.start + before };
        return read(&text, Some(scene), Some(around));
    }
    let text = Text { file: ELSEWHERE, source, format: TextFormat::Plain, start: 0 };
    let mut reading = read(&text, Some(scene), Some(around));
    settle_in(&mut reading, place);
    reading
}

/// The file of a text that stands nowhere to the letter.
const ELSEWHERE: FileId = FileId(u32::MAX);

/// How many bytes stand before the content of a string that is written to the letter: its
/// quotation mark.
fn before_content(written: &str, content: &str) -> Option<u32> {
    let quoted = ['"', '\''].into_iter().find_map(|mark| written.strip_prefix(mark)?.strip_suffix(mark));
    if quoted == Some(content) {
        return Some(1);
    }
    (written == content).then_some(0)
}

/// Puts everything that was found in a text that stands nowhere to where its string stands.
fn settle_in(reading: &mut Reading, string: Place) {
    let settled = |place: Place| if place.file == ELSEWHERE { string } else { place };
    for numeral in &mut reading.numerals {
        numeral.place = settled(numeral.place);
        for counterpart in &mut numeral.counterpart {
            counterpart.place = counterpart.place.map(settled);
        }
    }
    for finding in &mut reading.findings {
        finding.place = finding.place.map(settled);
        for related in &mut finding.related {
            related.place = related.place.map(settled);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_to_the_letter_is_told_from_one_with_escapes() {
        assert_eq!(before_content("\"支出5万元\"", "支出5万元"), Some(1));
        assert_eq!(before_content("'支出5万元'", "支出5万元"), Some(1));
        assert_eq!(before_content("\"支出\\u0035万元\"", "支出5万元"), None);
        assert_eq!(before_content("\"\"\"\n甲\n乙\"\"\"", "甲\n乙"), None);
    }
}
