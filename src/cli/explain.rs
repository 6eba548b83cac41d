//! `disclose explain`: the catalogue of codes on the terminal.

use std::fmt::Write as _;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::diagnostic::{Code, GROUPS, Group, codes};
use crate::text::nearest;

/// How many columns a line has; a Chinese character takes two.
const WIDTH: usize = 78;

/// A number or name that no code has.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("没有“{name}”这个编号或名称。{hint}")]
pub(super) struct UnknownCode {
    name: String,
    hint: String,
}

/// What a code means, by its number (`C101`, `c101`) or its name.
pub(super) fn one(name: &str) -> Result<String, UnknownCode> {
    let is_meant = |code: &&Code| code.id.eq_ignore_ascii_case(name) || code.name.eq_ignore_ascii_case(name);
    let found = codes().find(is_meant).ok_or_else(|| {
        let names = || codes().flat_map(|code| [code.id, code.name]);
        let near = [name.to_ascii_uppercase(), name.to_ascii_lowercase()];
        let near = near.iter().find_map(|spelling| nearest(spelling, names()));
        let hint = near.map_or("用 disclose explain 列出全部。".to_owned(), |near| format!("是不是“{near}”？"));
        UnknownCode { name: name.to_owned(), hint }
    })?;
    Ok(explained(found))
}

fn explained(code: &Code) -> String {
    let statutory = if code.statutory { "；法定，不得调低" } else { "" };
    let mut text = format!("{} {}（{}）\n", code.id, code.title, code.name);
    line(&mut text, format_args!("阶段：{}    级别：{}{statutory}", Group::of(code).name, code.severity.name()));
    for paragraph in code.docs.lines() {
        line(&mut text, format_args!(""));
        for wrapped in wrap(paragraph) {
            line(&mut text, format_args!("{wrapped}"));
        }
    }
    text
}

/// Every code, by stage, a line each.
pub(super) fn all() -> String {
    let mut text = String::new();
    for group in &GROUPS {
        line(&mut text, format_args!("{} {}", group.letter, group.name));
        for code in group.codes() {
            let statutory = if code.statutory { "，法定" } else { "" };
            let (id, title, level) = (code.id, code.title, code.severity.name());
            line(&mut text, format_args!("  {id}  {title}（{level}{statutory}） {}", code.name));
        }
        line(&mut text, format_args!(""));
    }
    line(&mut text, format_args!("用 disclose explain 编号 查看一条的说明，如 disclose explain C101。"));
    text
}

fn line(text: &mut String, line: std::fmt::Arguments<'_>) {
    let _ = writeln!(text, "{line}"); // writing to a String cannot fail
}

/// A paragraph cut into lines of at most [`WIDTH`] columns: between Chinese characters
/// anywhere, in ASCII at spaces only; no line begins with a mark that closes, or ends with one
/// that opens.
fn wrap(paragraph: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut width = 0;
    for piece in pieces(paragraph) {
        let more = piece.width();
        if width > 0 && width + piece.trim_end().width() > WIDTH {
            lines.push(String::new());
            width = 0;
        }
        if let Some(last) = lines.last_mut() {
            last.push_str(&piece);
        }
        width += more;
    }
    lines.into_iter().map(|line| line.trim_end().to_owned()).collect()
}

/// The parts of a paragraph that no line break may part.
fn pieces(paragraph: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    for c in paragraph.chars() {
        match pieces.last_mut() {
            Some(piece) if sticks(piece, c) => piece.push(c),
            _ => pieces.push(c.to_string()),
        }
    }
    pieces
}

fn sticks(piece: &str, c: char) -> bool {
    let narrow = |c: char| c.width() == Some(1) && c != ' ';
    let last = piece.chars().next_back();
    let in_word = last.is_some_and(narrow) && narrow(c);
    let opened = last.is_some_and(|last| "（“《【".contains(last));
    c == ' ' || opened || in_word || "，。；：、）”》】！？…—％".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_found_by_number_and_by_name() {
        let by_number = one("c101").unwrap();
        assert_eq!(by_number, one("formula-differs").unwrap());
        assert!(by_number.starts_with("C101 表内公式不符（formula-differs）\n"), "{by_number}");
        assert!(by_number.contains("级别：错误；法定，不得调低"), "{by_number}");
    }

    #[test]
    fn an_unknown_code_suggests_the_nearest() {
        assert_eq!(one("fromula-differs").unwrap_err().hint, "是不是“formula-differs”？");
        assert_eq!(
            one("甲乙丙").unwrap_err().to_string(),
            "没有“甲乙丙”这个编号或名称。用 disclose explain 列出全部。"
        );
    }

    #[test]
    fn lines_are_short_and_no_mark_stands_alone() {
        for code in codes() {
            for line in explained(code).lines().skip(2) {
                assert!(line.width() <= WIDTH + 4, "{line}");
                assert!(!line.starts_with(['，', '。', '；', '、', '）', '”']), "{line}");
            }
        }
    }

    #[test]
    fn every_code_is_listed() {
        let text = all();
        assert!(codes().all(|code| text.contains(&format!("  {}  {}", code.id, code.title))));
    }
}
