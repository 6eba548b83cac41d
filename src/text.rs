//! Small things about Chinese text: full-width folding, numerals, near names, escaping.

pub mod charset;
pub mod placeholders;

use std::borrow::Cow;
use std::convert::Infallible;
use std::fmt::Write as _;
use std::io;

/// Folds full-width digits and signs (`３７３．９７`, `－`, `，`) to ASCII; the rest is kept.
pub fn fold_width(text: &str) -> String {
    text.chars().map(fold_char).collect()
}

/// A character as [`fold_width`] folds it.
pub fn fold_char(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '\u{3000}' => ' ',
        '\u{2212}' => '-',
        _ => c,
    }
}

/// Why a file operation failed, in Chinese where the reason is a common one.
pub fn io_reason(error: &std::io::Error) -> String {
    use std::io::ErrorKind;
    match error.kind() {
        ErrorKind::NotFound => "没有这个文件或目录".to_owned(),
        ErrorKind::PermissionDenied => "没有权限".to_owned(),
        ErrorKind::AlreadyExists => "已经有同名的文件或目录".to_owned(),
        ErrorKind::NotADirectory => "它不是目录".to_owned(),
        ErrorKind::IsADirectory => "它是目录，不是文件".to_owned(),
        ErrorKind::StorageFull => "磁盘已满".to_owned(),
        ErrorKind::ReadOnlyFilesystem => "磁盘只读".to_owned(),
        _ => format!("系统报告：{error}"),
    }
}

/// Chinese numerals for a small ordinal: 1 is 一, 13 is 十三, 26 is 二十六.
pub fn ordinal(number: usize) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    match number {
        0 => "〇".to_owned(),
        1..=9 => DIGITS[number].to_owned(),
        10..=19 => format!("十{}", DIGITS[number - 10]),
        20..=99 => format!("{}十{}", DIGITS[number / 10], DIGITS[number % 10]),
        _ => number.to_string(),
    }
}

/// Escapes text for HTML content and attribute values.
pub fn escape_html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    push_escaped(&mut out, text);
    out
}

/// Appends text escaped for HTML content and attribute values.
pub fn push_escaped(out: &mut String, text: &str) {
    let Ok(()) = escaped_pieces(text, |piece| {
        out.push_str(piece);
        Ok::<(), Infallible>(())
    });
}

/// Writes text escaped as [`push_escaped`] does: piece by piece, where Tera would write every byte
/// by itself.
///
/// # Errors
/// Those of the writer.
pub fn write_escaped(text: &str, out: &mut dyn io::Write) -> io::Result<()> {
    escaped_pieces(text, |piece| out.write_all(piece.as_bytes()))
}

/// Gives the stretches of a text that stand as they are, and what stands for the characters between.
fn escaped_pieces<E>(text: &str, mut give: impl FnMut(&str) -> Result<(), E>) -> Result<(), E> {
    // Nearly every text is as it is. All of it is looked at, which is faster than to stop early.
    let is_special = |byte: u8| matches!(byte, b'&' | b'<' | b'>' | b'"' | b'\'');
    if !text.bytes().fold(false, |found, byte| found | is_special(byte)) {
        return give(text);
    }
    let mut plain = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escaped = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            b'\'' => "&#39;",
            _ => continue,
        };
        give(&text[plain..at])?;
        give(escaped)?;
        plain = at + 1;
    }
    give(&text[plain..])
}

/// The candidate nearest to a misspelt name, when one is near enough to suggest.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = name.chars().count();
    let limit = (length / 3).clamp(1, 3);
    // A name that is longer than any candidate by more than the slips allowed is near to none.
    let name: Vec<char> = name.chars().take(256).collect();
    candidates
        .into_iter()
        .filter(|candidate| candidate.chars().count().abs_diff(length) <= limit)
        .map(|candidate| (distance(&name, candidate), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// How many slips turn one text into the other: a character changed, lost, added, or two
/// neighbours swapped (optimal string alignment).
fn distance(a: &[char], b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut before = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let change = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = change.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

/// A character that no source may hold raw: controls (but tab and newline), what changes the
/// direction of writing, separators of lines that editors do not show, tags, and the private-use
/// markers of the narrative stage.
pub fn is_forbidden(c: char) -> bool {
    match c {
        '\t' | '\n' | '\r' => false,
        '\u{202A}'..='\u{202E}'
        | '\u{2066}'..='\u{2069}'
        | '\u{200E}'
        | '\u{200F}'
        | '\u{061C}'
        | '\u{2028}'
        | '\u{2029}'
        | '\u{E0000}'..='\u{E007F}'
        | '\u{E000}'..='\u{E00F}' => true,
        c => c.is_control(),
    }
}

/// Whether a text holds a character that [is forbidden](is_forbidden). Only bytes that may begin
/// one are looked at closely, and most texts have few.
pub fn has_forbidden(text: &str) -> bool {
    const STRETCH: usize = 64;
    let may_begin =
        |byte: u8| matches!(byte, 0..=0x08 | 0x0B..=0x0C | 0x0E..=0x1F | 0x7F | 0xC2 | 0xD8 | 0xE2 | 0xEE | 0xF3);
    let begins = |at: usize| text.get(at..).and_then(|rest| rest.chars().next()).is_some_and(is_forbidden);
    text.as_bytes().chunks(STRETCH).enumerate().any(|(nth, stretch)| {
        stretch.iter().fold(false, |any, byte| any | may_begin(*byte))
            && (0..stretch.len()).any(|at| may_begin(stretch[at]) && begins(nth * STRETCH + at))
    })
}

/// A text as it may be shown on a terminal or a page: what is forbidden stands there as its
/// number, `[U+202E]`, and lines end as they do everywhere.
///
/// A carriage return by itself would let the rest of a line overwrite its beginning.
pub fn visible(text: &str) -> Cow<'_, str> {
    let is_hidden = |c: char| is_forbidden(c) || c == '\r';
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\r' if rest.peek() == Some(&'\n') => {}
            c if is_hidden(c) => {
                // Writing to a String cannot fail.
                let _ = write!(out, "[U+{:04X}]", u32::from(c));
            }
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// A text of which no more than its beginning and its end are shown, when it is longer than
/// `longest` characters.
pub fn shortened(text: &str, longest: usize) -> Cow<'_, str> {
    let Some((cut, _)) = text.char_indices().nth(longest) else { return Cow::Borrowed(text) };
    let head = text[..cut].char_indices().nth(longest - longest / 4).map_or(cut, |(at, _)| at);
    let tail = text.char_indices().rev().nth(longest / 4).map_or(cut, |(at, _)| at);
    Cow::Owned(format!("{}…（共{}字）…{}", &text[..head], text.chars().count(), &text[tail..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_escaped_is_the_same_appended_and_written() {
        let mut written = Vec::new();
        write_escaped("甲<\"乙\"&'丙'>", &mut written).unwrap();
        assert_eq!(String::from_utf8(written).unwrap(), "甲&lt;&quot;乙&quot;&amp;&#39;丙&#39;&gt;");
        assert_eq!(escape_html("甲<\"乙\"&'丙'>"), "甲&lt;&quot;乙&quot;&amp;&#39;丙&#39;&gt;");
    }

    #[test]
    fn full_width_numbers_fold_to_ascii() {
        assert_eq!(fold_width("－３７３．９７"), "-373.97");
        assert_eq!(fold_width("合计　（一）"), "合计 (一)");
    }

    #[test]
    fn ordinals_are_chinese_numerals() {
        assert_eq!(["一", "十", "十三", "二十六"].map(String::from), [1, 10, 13, 26].map(ordinal));
    }

    #[test]
    fn what_hides_is_shown_by_its_number_and_other_texts_stay() {
        assert_eq!(visible("甲\u{1b}[31m\u{202e}乙\u{9b}\r丙"), "甲[U+001B][31m[U+202E]乙[U+009B][U+000D]丙");
        assert_eq!(visible("甲\r\n乙\u{2028}\u{61c}\u{e0041}"), "甲\n乙[U+2028][U+061C][U+E0041]");
        assert!(matches!(visible("“三公”经费\t1\n2 — é 👍"), Cow::Borrowed(_)));
    }

    #[test]
    fn no_forbidden_character_is_overlooked() {
        let mut text = String::new();
        for c in '\0'..=char::MAX {
            text.clear();
            text.extend(['甲', c, '乙']);
            assert_eq!(has_forbidden(&text), is_forbidden(c), "{c:?}");
        }
        assert!(has_forbidden(&format!("{}\u{202E}", "“x".repeat(80))));
    }

    #[test]
    fn a_long_text_keeps_its_ends() {
        assert_eq!(shortened("一二三四五六七八九十", 10), "一二三四五六七八九十");
        assert_eq!(shortened("一二三四五六七八九十", 8), "一二三四五六…（共10字）…八九十");
        assert_eq!(shortened("一二", 1), "一…（共2字）…二");
    }

    #[test]
    fn a_near_name_is_suggested_and_a_far_one_is_not() {
        assert_eq!(nearest("goodz", ["goods", "works"]), Some("goods"));
        assert_eq!(nearest("scael", ["title", "scale"]), Some("scale"));
        assert_eq!(nearest("xyz", ["goods", "works"]), None);
    }
}
