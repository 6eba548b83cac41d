//! Hygiene: what is wrong with a text itself, whatever its figures are.
//!
//! 1. [`template`]: placeholders, alternatives nobody chose between, units without their number;
//! 2. [`residue`]: formulas, marks and field codes that a conversion left;
//! 3. [`units`]: 元 for 万元, amounts and shares without a unit;
//! 4. [`punctuation`]: doubled, lonely and half-width marks;
//! 5. [`reasons`]: reasons that say nothing, rates on a base of nothing;
//! 6. [`names`]: names, words and years of somebody else or of another time.
//!
//! Each is a table of patterns and a linear scanner over one passage. What the passage itself
//! proves is an error, what only looks wrong a warning, style a note.

mod drift;
mod names;
mod punctuation;
mod reasons;
mod residue;
mod scan;
mod template;
mod units;

use std::ops::Range;

use super::text::{BlockKind, Blocks};
use super::{Around, Text, TextFormat};
use crate::check::Scene;
use crate::diagnostic::{Finding, Place, Severity};
use crate::text::charset::CharSet;
use names::Known;

/// What a passage is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Heading,
    Prose,
    /// Cells of a table: looked through for what was left over, never read as sentences.
    Cell,
}

/// A stretch of text that is looked at as one.
#[derive(Clone, Copy, Debug)]
struct Passage<'a> {
    text: &'a str,
    /// The characters of the text: what they cannot make up is not searched for.
    chars: &'a CharSet,
    part: Part,
    format: TextFormat,
    known: &'a Known<'a>,
}

/// Something wrong in a passage, with its place there.
#[derive(Clone, Debug)]
struct Fault {
    code: &'static str,
    /// `None` is the code's usual severity.
    severity: Option<Severity>,
    range: Range<usize>,
    message: String,
    help: String,
    expected: Option<String>,
}

impl Fault {
    fn new(code: &'static str, range: Range<usize>, message: impl Into<String>) -> Self {
        Self { code, severity: None, range, message: message.into(), help: String::new(), expected: None }
    }

    const fn severity(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    fn expected(mut self, expected: impl Into<String>) -> Self {
        self.expected = Some(expected.into());
        self
    }

    fn shift(mut self, by: usize) -> Self {
        self.range = self.range.start + by..self.range.end + by;
        self
    }

    fn into_finding(self, place: Place, actual: String) -> Finding {
        let mut finding = Finding::new(self.code, self.message).at(place).help(self.help);
        finding.severity = self.severity.unwrap_or(finding.severity);
        finding.actual = self.expected.is_some().then_some(actual);
        finding.expected = self.expected;
        finding
    }
}

/// Every finding of hygiene in a text, in order; with a disclosure its own names, word and year
/// are known, without one the text's own usage stands for them.
pub(crate) fn hygiene(
    text: &Text<'_>,
    blocks: &Blocks,
    against: Option<Scene<'_>>,
    around: Option<&Around<'_>>,
) -> Vec<Finding> {
    let known = Known::of(blocks, against.map(|scene| scene.disclosure), around);
    let mut findings = Vec::new();
    for block in blocks.iter() {
        let part = match block.kind {
            BlockKind::Verbatim => continue,
            BlockKind::Heading => Part::Heading,
            BlockKind::Paragraph | BlockKind::Item => Part::Prose,
            BlockKind::Table => Part::Cell,
        };
        let chars = &CharSet::of(&block.text);
        let passage = Passage { text: &block.text, chars, part, format: text.format, known: &known };
        findings.extend(faults(&passage).into_iter().map(|fault| {
            let actual = block.text[fault.range.clone()].to_owned();
            let place = block.place(fault.range.clone());
            fault.into_finding(place, actual)
        }));
    }
    if text.format == TextFormat::Plain {
        findings.extend(residue::lines(text.source).into_iter().map(|fault| {
            let actual = text.source[fault.range.clone()].to_owned();
            let place = Place::new(text.file, fault.clone().shift(text.start as usize).range);
            fault.into_finding(place, actual)
        }));
    }
    findings.sort_by_key(|finding| (finding.place.map(|place| place.start), finding.code.id));
    findings
}

/// A code that goes without saying where another covers the same place.
const IMPLIED: [(&str, &str); 4] = [("T233", "T202"), ("T234", "T202"), ("T221", "T231"), ("T244", "T203")];

/// Everything wrong in one passage, in order of place.
fn faults(passage: &Passage<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    template::find(passage, &mut faults);
    residue::find(passage, &mut faults);
    units::find(passage, &mut faults);
    punctuation::find(passage, &mut faults);
    reasons::find(passage, &mut faults);
    names::find(passage, &mut faults);
    let meets = |one: &Fault, other: &Fault| one.range.start < other.range.end && other.range.start < one.range.end;
    let is_implied = |fault: &Fault| {
        let by = |other: &Fault| IMPLIED.contains(&(fault.code, other.code)) && meets(fault, other);
        faults.iter().any(by)
    };
    let mut kept: Vec<Fault> = faults.iter().filter(|fault| !is_implied(fault)).cloned().collect();
    kept.sort_by_key(|fault| (fault.range.start, fault.code));
    kept.dedup_by(|one, other| one.code == other.code && one.range == other.range);
    kept
}

#[cfg(test)]
mod testing {
    use super::*;

    /// What is found in a paragraph that stands alone: codes with the words they are about.
    pub(super) fn codes(text: &str) -> Vec<(&'static str, &str)> {
        codes_with(text, Part::Prose, &Known::default())
    }

    pub(super) fn codes_with<'a>(text: &'a str, part: Part, known: &Known<'_>) -> Vec<(&'static str, &'a str)> {
        let chars = &CharSet::of(text);
        let found = faults(&Passage { text, chars, part, format: TextFormat::Markdown, known });
        found.into_iter().map(|fault| (fault.code, &text[fault.range])).collect()
    }

    /// Asserts that nothing is found in any of these paragraphs.
    pub(super) fn silent(texts: &[&str]) {
        for text in texts {
            assert_eq!(codes(text), [], "{text}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::FileId;

    fn findings(source: &str, format: TextFormat) -> Vec<(&'static str, Severity, String)> {
        let text = Text { file: FileId(0), source, format, start: 0 };
        let found = hygiene(&text, &Blocks::of(&text), None, None);
        let written = |place: Place| source[place.start as usize..place.end as usize].to_owned();
        found.into_iter().map(|f| (f.code.id, f.severity, f.place.map(written).unwrap_or_default())).collect()
    }

    #[test]
    fn a_finding_stands_at_its_words_in_the_file_even_across_a_page_break() {
        let source = "一、支出情况\n\n年初预算为 2 万元，\n\n支出比上年增长(下降) 6.73 %。\n";
        assert_eq!(findings(source, TextFormat::Plain), [("T202", Severity::Error, "增长(下降)".to_owned())]);
        let source = "公务接待费支出**万元，接待**批次。公务用车**辆，支出**万元。\n";
        let found = findings(source, TextFormat::Plain);
        assert_eq!(found.iter().map(|(code, ..)| *code).collect::<Vec<_>>(), ["T201"; 4]);
        let source = "# 情况\n\n支出**3.5**万元，比上年增长xx%。\n";
        assert_eq!(findings(source, TextFormat::Markdown), [("T201", Severity::Error, "xx".to_owned())]);
    }

    #[test]
    fn cells_are_looked_through_for_what_was_left_over_and_not_read_as_sentences() {
        let source = "项目\t预算数\t支出万元\n甲\t763.18\tXX单位\n---\t---\t---\n";
        let found = findings(source, TextFormat::Plain);
        assert_eq!(
            found,
            [("T201", Severity::Error, "XX".to_owned()), ("T206", Severity::Error, "---\t---\t---".to_owned())]
        );
        let table = "| 项目 | 金额 |\n|---|---|\n| 甲 | 763.18 |\n\n---\n\n正文。\n";
        assert_eq!(findings(table, TextFormat::Markdown), []);
    }
}
