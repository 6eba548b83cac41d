//! Characters that hide behind escapes: `"\uE000"` in strings, `&#x202E;` in Markdown.
//!
//! The raw text is looked at when a file is read; here is what only decoding brings out.
//! Private-use characters would be taken for the markers of the narrative stage, and
//! directional ones make a text look other than it is.

use super::files::Files;
use super::has_extension;
use super::reader::Sink;
use crate::diagnostic::{Finding, Place};
use crate::text::is_forbidden;

/// What a decoded string hides that its written form does not show.
pub(super) fn in_string(decoded: &str, written: &str, place: Place) -> Option<Finding> {
    let escaped = decoded.chars().find(|c| is_forbidden(*c) && !written.contains(*c));
    let c = escaped.or_else(|| entities(decoded).next().map(|(.., c)| c))?;
    Some(finding(c, place))
}

/// Tells the entities of every Markdown file that stand for a forbidden character.
pub(super) fn tell_entities(files: &Files, sink: &Sink) {
    for (path, source) in &files.sources {
        if has_extension(path, "md") {
            for (start, end, c) in entities(&source.text) {
                sink.add(finding(c, Place::new(source.id, start..end)));
            }
        }
    }
}

fn finding(c: char, place: Place) -> Finding {
    Finding::new("S012", format!("这里用转义写了看不见的字符 U+{:04X}", u32::from(c)))
        .at(place)
        .help("删去它；它会使显示的内容与实际不同")
}

/// The entities of a text that stand for a forbidden character: where they are, and for what.
fn entities(text: &str) -> impl Iterator<Item = (usize, usize, char)> {
    text.match_indices('&').filter_map(|(start, _)| {
        let length = text[start..].bytes().take(12).position(|byte| byte == b';')?;
        let c = decoded(&text[start + 1..start + length])?;
        is_forbidden(c).then_some((start, start + length + 1, c))
    })
}

fn decoded(name: &str) -> Option<char> {
    match name {
        "lrm" => return Some('\u{200E}'),
        "rlm" => return Some('\u{200F}'),
        _ => {}
    }
    let number = name.strip_prefix('#')?;
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => number.parse().ok(),
    };
    char::from_u32(code?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<u32> {
        entities(text).map(|(.., c)| u32::from(c)).collect()
    }

    #[test]
    fn entities_of_hidden_characters_are_found_and_others_are_not() {
        assert_eq!(found("甲&#xE000;乙&#8238;丙&#x0202e;&rlm;"), [0xE000, 0x202E, 0x202E, 0x200F]);
        assert_eq!(found("&#x4E2D; &amp;#xE000; &lt; & &#xE000 &#10; &#x110000;"), [0_u32; 0]);
    }
}
