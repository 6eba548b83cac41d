//! Claims: the figures that prose states, read and checked.
//!
//! 1. [`text`] cuts a text into blocks whose every byte leads back to the file; tables are taken
//!    apart and never read as prose.
//! 2. [`numeral`] finds the numerals with their units, and what is no figure at all (dates, item
//!    and document numbers, codes).
//! 3. [`sentence`], [`lexicon`] and `grammar` say what a numeral states, by the patterns of the
//!    statutory sentences; `records` and `sums` relate the figures of a text to each other.
//! 4. `page` holds each against the tables and the facts, `echo` against the attachments and the
//!    other texts. What no rule read stays [`State::Unread`]: it is never taken for checked.
//! 5. [`hygiene`] finds what is wrong with the text itself; `fill` says what should stand where
//!    something was left out, and `causes` tells each cause once.

mod around;
mod causes;
mod echo;
mod fill;
mod grammar;
pub(crate) mod hygiene;
mod items;
pub(crate) mod lexicon;
pub(crate) mod numeral;
mod page;
mod period;
mod records;
pub(crate) mod sentence;
mod site;
mod sums;
#[cfg(test)]
mod tests;
pub(crate) mod text;

use crate::amount::Scale;
use crate::check::{Scene, Verdict};
use crate::diagnostic::{FileId, Finding, Place, cut_short};

pub use around::Around;
pub use causes::told_twice;
pub use site::{Tally, of_part, of_site, of_site_while};

/// How a text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextFormat {
    /// Markdown, as in `work.md`.
    Markdown,
    /// Plain text, as taken out of a published document.
    Plain,
}

/// A text to be read, with where it stands in its file.
#[derive(Clone, Copy, Debug)]
pub struct Text<'a> {
    /// The file.
    pub file: FileId,
    /// The text itself.
    pub source: &'a str,
    /// How it is written.
    pub format: TextFormat,
    /// Where in the file the text begins, in bytes.
    pub start: u32,
}

/// What was read in a text.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// Every numeral of its prose, in order.
    pub numerals: Vec<Numeral>,
    /// What is to be mended or looked at.
    pub findings: Vec<Finding>,
}

/// A numeral of the prose, with its reading and its verdict.
#[derive(Clone, Debug)]
pub struct Numeral {
    /// Where it stands, its unit included.
    pub place: Place,
    /// As written, with its unit: `373.97 万元`.
    pub text: String,
    /// What it measures.
    pub kind: NumeralKind,
    /// What became of it.
    pub state: State,
    /// What it was read as, in Chinese: `收、支总计`; empty where it was not read.
    pub reading: String,
    /// What it was held against.
    pub counterpart: Vec<Counterpart>,
    /// What the check came to, the worst where there were several.
    pub verdict: Option<Verdict>,
}

/// What a numeral measures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NumeralKind {
    /// Money in 元, 万元 or 亿元.
    Amount(Scale),
    /// A percentage.
    Percent,
    /// A number of things, with the word for one of them: `场`.
    Count(String),
    /// A number without a unit.
    Bare,
    /// No figure: a date, an item number, a code.
    Aside(Aside),
}

/// What a numeral is that states no figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aside {
    /// 2023年度, 12月31日.
    Date,
    /// 24小时.
    Time,
    /// `1.`, `（2）`, 图3, 年度目标 1.
    Ordinal,
    /// 公开01表, 27行, 12345热线.
    Code,
    /// 〔2022〕41号.
    DocumentNumber,
}

/// What became of a numeral.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Held against another figure.
    Checked,
    /// Read, but nothing there is to hold it against.
    NoCounterpart,
    /// No rule read it.
    Unread,
    /// No figure.
    Aside,
}

/// A figure that a numeral was held against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counterpart {
    /// Its name in the notation, or `本句的…`.
    pub name: String,
    /// The figure as shown.
    pub figure: String,
    /// Where it stands.
    pub place: Option<Place>,
}

/// Reads a text, by itself or against a disclosure of the site.
pub fn read(text: &Text<'_>, against: Option<Scene<'_>>, around: Option<&Around<'_>>) -> Reading {
    let site = around.map(|around| around.site);
    let blocks = text::Blocks::of(text);
    let page = page::Page::read(text.source, &blocks, against, site);
    let numeral = |(at, word): (usize, &sentence::Word)| Numeral {
        place: word.place,
        text: word.text.clone(),
        kind: word.token.kind.clone(),
        state: page.state(at),
        reading: page.marks[at].reading.clone(),
        counterpart: page.marks[at].counterpart.clone(),
        verdict: page.marks[at].verdict,
    };
    let mut findings = page.findings.clone();
    findings.extend(hygiene::hygiene(text, &blocks, against, around));
    findings.extend(items::read(&blocks, against, site));
    fill::expect(&mut findings, text, against, site);
    let numerals = page.words.iter().enumerate().map(numeral).collect();
    Reading { numerals, findings: causes::told_once(cut_short(findings)) }
}
