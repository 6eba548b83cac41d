//! What should stand where a text left a placeholder.
//!
//! A text with a figure put in where one is missing is read again: what the new figure is held
//! against is what should stand there. Of two directions that nobody chose between, the one is
//! right that agrees with the figures beside it.

use std::ops::Range;

use super::Text;
use super::page::Page;
use crate::check::Scene;
use crate::diagnostic::{Finding, Place};
use crate::model::site::Site;

/// A figure that is put in; no disclosure has it, so that nothing agrees with it by chance.
const DUMMY: &str = "987654321";

/// A text with more placeholders than this is a model text, and is not read again for each.
const MOST: usize = 40;

/// Puts what should stand there to every placeholder where the disclosure or the text says it.
pub(super) fn expect(findings: &mut [Finding], text: &Text<'_>, against: Option<Scene<'_>>, site: Option<&Site>) {
    let reader = Again { text, against, site };
    let open = |finding: &&mut Finding| finding.expected.is_none() && finding.place.is_some();
    for finding in findings.iter_mut().filter(open).take(MOST) {
        let Some(range) = finding.place.and_then(|place| reader.range(place)) else { continue };
        match finding.code.id {
            "T201" => reader.figure(finding, &range, range.start),
            "T204" => {
                let at = range.end - unit_at_end(&text.source[range.clone()]);
                reader.figure(finding, &(at..at), at);
            }
            "T202" => reader.direction(finding, &range),
            _ => {}
        }
    }
}

/// How many bytes the unit at the end takes: `支出万元`, `\geq 场`.
fn unit_at_end(written: &str) -> usize {
    const UNITS: [&str; 6] = ["万元", "亿元", "人次", "批次", "场次", "个百分点"];
    let known = UNITS.iter().find(|unit| written.ends_with(**unit)).map(|unit| unit.len());
    known.or_else(|| written.chars().next_back().map(char::len_utf8)).unwrap_or_default()
}

/// A text that is read again with other words in one place.
struct Again<'r, 'a> {
    text: &'r Text<'a>,
    against: Option<Scene<'r>>,
    site: Option<&'r Site>,
}

impl Again<'_, '_> {
    fn range(&self, place: Place) -> Option<Range<usize>> {
        let from = |at: u32| at.checked_sub(self.text.start).map(|at| at as usize);
        let range = from(place.start)?..from(place.end)?;
        (place.file == self.text.file && self.text.source.get(range.clone()).is_some()).then_some(range)
    }

    /// What is found of the text with `words` in place of `range`.
    fn with(&self, range: &Range<usize>, words: &str) -> Vec<Finding> {
        let source = [&self.text.source[..range.start], words, &self.text.source[range.end..]].concat();
        let text = Text { source: &source, ..*self.text };
        Page::read(&source, &super::text::Blocks::of(&text), self.against, self.site).findings
    }

    /// Says which figure should stand at `at`.
    fn figure(&self, finding: &mut Finding, marks: &Range<usize>, at: usize) {
        let start = u32::try_from(at).unwrap_or(u32::MAX).saturating_add(self.text.start);
        let found = self.with(marks, DUMMY);
        let told = |other: &&Finding| other.expected.is_some() && other.place.is_some_and(|place| place.start == start);
        let Some(other) = found.iter().find(told) else { return };
        finding.expected.clone_from(&other.expected);
        finding.cell.clone_from(&other.cell);
        finding.related.clone_from(&other.related);
        if let Some(expected) = &other.expected {
            finding.help = Some(format!("写上{expected}"));
        }
    }

    /// Says which of two directions should be left.
    fn direction(&self, finding: &mut Finding, range: &Range<usize>) {
        let written = &self.text.source[range.clone()];
        let Some((one, other)) = written.split_once(['/', '／', '（', '(']) else { return };
        let other = other.trim_end_matches(['）', ')']);
        let behind = self.text.source[range.end..].trim_start();
        let digits = behind.split(|c: char| !c.is_ascii_digit() && c != '.').next().unwrap_or_default();
        if digits.is_empty() || !(is_move(one) && is_move(other)) {
            return;
        }
        let right = if digits.chars().all(|c| matches!(c, '0' | '.')) {
            "持平"
        } else {
            match self.agreeing(range, one, other).or_else(|| self.spoken(range, one, other)) {
                Some(word) => word,
                None => return,
            }
        };
        finding.expected = Some(right.to_owned());
        finding.help = Some(if right == "持平" {
            "没有变动，写成“持平”".into()
        } else {
            format!("只留“{right}”")
        });
    }

    /// The direction with which nothing is wrong, where something is with the other.
    fn agreeing<'w>(&self, range: &Range<usize>, one: &'w str, other: &'w str) -> Option<&'w str> {
        let near = |finding: &Finding| {
            let place = finding.place.and_then(|place| self.range(place));
            place.is_some_and(|place| place.start + 3 >= range.start && place.start < range.end + 60)
        };
        let wrong = |word| self.with(range, word).iter().any(near);
        match (wrong(one), wrong(other)) {
            (false, true) => Some(one),
            (true, false) => Some(other),
            _ => None,
        }
    }

    /// The direction of the change that the same sentence gives before.
    fn spoken<'w>(&self, range: &Range<usize>, one: &'w str, other: &'w str) -> Option<&'w str> {
        let before = self.text.source[..range.start].rsplit(['。', '；', '\n']).next()?;
        let (up, down) = (before.rfind("增加"), before.rfind("减少"));
        let is_up = (up != down).then_some(up > down)?;
        [one, other].into_iter().find(|word| UP.contains(word) == is_up)
    }
}

/// Words of more, and of less.
const UP: [&str; 4] = ["增加", "增长", "上升", "提高"];
const DOWN: [&str; 3] = ["减少", "下降", "降低"];

fn is_move(word: &str) -> bool {
    UP.contains(&word) || DOWN.contains(&word)
}
