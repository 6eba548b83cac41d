//! Sentences and the words around each numeral.

use std::borrow::Cow;
use std::ops::Range;

use super::lexicon::Topic;
use super::numeral::{Token, numerals};
use super::text::{Block, Blocks};
use super::{Aside, NumeralKind};
use crate::amount::{Percent, Scale};
use crate::check::judge::Span;
use crate::diagnostic::Place;

/// A numeral with the words around it, all without spaces and with full-width parentheses.
#[derive(Clone, Debug)]
pub(crate) struct Word {
    /// The numeral.
    pub token: Token,
    /// As written, with its unit.
    pub text: String,
    /// Where it stands.
    pub place: Place,
    /// The block it stands in, by its position among those of the text.
    pub block: usize,
    /// The sentence, by its position in the text; a semicolon ends one too.
    pub sentence: usize,
    /// What stands between the figure before it in the block and this one, over sentences.
    pub since: String,
    /// What stands behind it in the block, up to the next figure, over sentences.
    pub behind: String,
    /// The words on both sides, whatever figures stand between.
    pub around: String,
    /// The sentence so far, from the full stop before it; 其中 goes on from the one before.
    pub before: String,
    /// The rest of the sentence, up to its full stop.
    pub after: String,
    /// What stands between the figure before (or the beginning of the sentence) and this one.
    pub lead: String,
    /// The end of the lead, after its last pause.
    pub near: String,
    /// What stands behind it, up to the next pause or figure.
    pub tail: String,
    /// What the section is about.
    pub topic: Topic,
    /// The most decimals that figures of the same unit have in the sentence.
    pub precision: u32,
}

const PAUSES: [char; 8] = ['，', ',', '；', ';', '：', ':', '。', '、'];

impl Word {
    /// Whether it states no figure.
    pub fn is_aside(&self) -> bool {
        matches!(self.token.kind, NumeralKind::Aside(_))
    }

    /// The scale, of money.
    pub const fn scale(&self) -> Option<Scale> {
        match self.token.kind {
            NumeralKind::Amount(scale) => Some(scale),
            _ => None,
        }
    }

    /// The number of things, of a count.
    pub fn count(&self) -> Option<i64> {
        matches!(self.token.kind, NumeralKind::Count(_)).then(|| self.token.digits.parse().ok())?
    }

    /// The word for one of the things counted.
    pub fn unit(&self) -> &str {
        match &self.token.kind {
            NumeralKind::Count(unit) => unit,
            _ => "",
        }
    }

    /// The percentage, its precision from its digits.
    pub fn percent(&self) -> Option<Percent> {
        let is = self.token.kind == NumeralKind::Percent && self.token.decimals() <= 8;
        is.then(|| self.token.last_units().map(|last_units| Percent { last_units, decimals: self.token.decimals() }))?
    }

    /// The exact amounts that a figure of money in `scale` stands for, in a document printed in
    /// `printed`: its own unit has two decimals, another what its sentence shows.
    pub fn span_in(&self, scale: Scale, printed: Scale) -> Option<Span> {
        let written = self.token.decimals();
        let own = if scale == printed { 2 } else { 0 };
        let decimals = if self.is_about() { written } else { self.precision.max(written).max(own) };
        let unit = whole_fen(scale) / 10_i128.checked_pow(decimals)?;
        let missing = 10_i128.checked_pow(decimals - written)?;
        let point = self.token.last_units()?.checked_mul(missing)?.checked_mul(unit.max(1))?;
        Some(if unit <= 1 { Span::exactly(point) } else { spread(point, unit) })
    }

    /// Whether it is said to be near the mark only.
    pub fn is_about(&self) -> bool {
        self.near.ends_with('约') || self.near.ends_with('近')
    }

    /// Whether it bounds a figure and is none itself: 超过500万元, ≥300场.
    pub fn is_bound(&self) -> bool {
        const BEFORE: [&str; 10] = ["≥", "≤", ">", "<", "＞", "＜", "超过", "不低于", "不少于", "大于或等于"];
        BEFORE.iter().any(|word| self.near.ends_with(word))
            || ["以上", "以下", "余"].iter().any(|word| self.tail.starts_with(word))
    }
}

/// How many 分 one of a unit of money holds.
const fn whole_fen(scale: Scale) -> i128 {
    scale.last_unit_fen() * 100
}

const fn spread(point: i128, unit: i128) -> Span {
    if point == 0 {
        return Span { point, low: 0, high: unit / 2 - 1 };
    }
    Span { point, low: point - unit / 2, high: point + unit / 2 - 1 }
}

/// The numerals of a text's prose with the words around them.
pub(crate) fn words(blocks: &Blocks) -> Vec<Word> {
    let mut words = Vec::new();
    let mut sentence = 0;
    for (at, block) in blocks.iter().enumerate().filter(|(_, block)| block.is_prose()) {
        sentence = block_words(at, block, sentence, &mut words);
    }
    for sentence in words.chunk_by_mut(|one: &Word, other: &Word| one.sentence == other.sentence) {
        for at in 0..sentence.len() {
            sentence[at].precision = precision(sentence, at);
        }
    }
    words
}

/// The most decimals of the figures of a sentence that measure the same as one of them.
fn precision(sentence: &[Word], at: usize) -> u32 {
    let same = sentence.iter().filter(|other| other.token.kind == sentence[at].token.kind);
    same.map(|word| word.token.decimals()).max().unwrap_or_default()
}

fn block_words(at: usize, block: &Block, first: usize, words: &mut Vec<Word>) -> usize {
    let tokens = numerals(&block.text);
    let topic = Topic::of(&block.section);
    let (mut sentence, mut last) = (first, 0);
    for range in sentences(&block.text) {
        sentence += 1;
        let inside: Vec<&Token> = tokens.iter().filter(|token| range.contains(&token.range.start)).collect();
        let mut from = range.start;
        for (position, token) in inside.iter().enumerate() {
            let figure = |token: &&&Token| !matches!(token.kind, NumeralKind::Aside(_));
            let next = inside[position + 1..].iter().find(figure).map_or(range.end, |next| next.range.start);
            let lead = tidy(&block.text[from.min(token.range.start)..token.range.start]);
            let near = lead.rsplit(PAUSES).next().unwrap_or_default().to_owned();
            let behind = tidy(&block.text[token.range.end.min(next)..next]);
            words.push(Word {
                text: block.text[token.range.clone()].to_owned(),
                place: block.place(token.range.clone()),
                block: at,
                sentence,
                since: tidy(&block.text[last.min(token.range.start)..token.range.start]),
                behind: behind_of(&block.text, &tokens, token),
                before: before_of(&block.text[..token.range.start]),
                after: tidy(block.text[token.range.end..].split(STOPS).next().unwrap_or_default()),
                around: around(&block.text, &token.range),
                near: whole_names(&lead, near),
                tail: behind.split(PAUSES).next().unwrap_or_default().to_owned(),
                lead,
                topic,
                precision: 0,
                token: (*token).clone(),
            });
            if !matches!(
                token.kind,
                NumeralKind::Aside(Aside::Date | Aside::Code | Aside::Time | Aside::DocumentNumber)
            ) {
                from = token.range.end;
                last = from;
            }
        }
    }
    sentence
}

/// What stands behind a numeral, up to the next figure of the block.
fn behind_of(text: &str, tokens: &[Token], token: &Token) -> String {
    let later = |other: &&Token| other.range.start > token.range.start;
    let next = tokens.iter().filter(later).find(|other| !matches!(other.kind, NumeralKind::Aside(_)));
    tidy(&text[token.range.end..next.map_or(text.len(), |next| next.range.start)])
}

const STOPS: [char; 2] = ['。', '\n'];

/// The sentence before a numeral, with the one before that where it goes on with 其中.
fn before_of(text: &str) -> String {
    let start = |end: usize| text[..end].rfind(STOPS);
    let mut from = start(text.len());
    if from.is_some_and(|at| text[at..].trim_start_matches(STOPS).trim_start().starts_with("其中")) {
        from = from.and_then(start);
    }
    tidy(text[from.unwrap_or_default()..].trim_start_matches(STOPS))
}

/// The words around a range, some twenty characters on each side.
pub(super) fn around(text: &str, range: &Range<usize>) -> String {
    let before: Vec<char> = tidy(&text[..range.start]).chars().rev().take(24).collect();
    let before: String = before.into_iter().rev().collect();
    let behind: String = tidy(&text[range.end..]).chars().take(16).collect();
    format!("{before}。{behind}")
}

/// 收、支总计 and its like hold a pause that is none.
fn whole_names(lead: &str, near: String) -> String {
    const NAMES: [&str; 2] = ["收、支总计", "收入、支出总计"];
    for name in NAMES {
        if let Some(at) = lead.rfind(name) {
            let from = lead[..at]
                .rfind(PAUSES)
                .map_or(0, |pause| pause + lead[pause..].chars().next().map_or(1, char::len_utf8));
            if !lead[at + name.len()..].contains(PAUSES) {
                return lead[from..].to_owned();
            }
        }
    }
    near
}

/// The sentences of a text; a semicolon ends one too.
fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices().filter(|(_, c)| matches!(c, '。' | '；' | ';' | '\n')) {
        found.push(start..at + c.len_utf8());
        start = at + c.len_utf8();
    }
    found.push(start..text.len());
    found
}

/// A text without spaces, with full-width parentheses and plain signs.
pub(crate) fn tidy(text: &str) -> String {
    let mut text = Cow::Borrowed(text);
    if text.contains('\\') {
        let plain = text.replace("\\geq", "≥").replace("\\ge", "≥").replace("\\leq", "≤").replace("\\le", "≤");
        text = Cow::Owned(plain);
    }
    let is_left_out = |c: &char| c.is_whitespace() || matches!(c, '$' | '“' | '”' | '"' | '‘' | '’' | '\u{a0}');
    let kept = text.chars().filter(|c| !is_left_out(c));
    kept.map(|c| match c {
        '(' => '（',
        ')' => '）',
        c => c,
    })
    .collect()
}
