//! How much a site may hold: far more than any site needs, and little enough that one file put in
//! the wrong place cannot fill the memory or keep the program busy for minutes.
//!
//! Each limit has a code of its own: S014 a file, S081 a line, S082 the values of a file, S083
//! brackets in brackets ([`super::numerals`]) and lists in lists, S084 files and folders, S085 folders in folders,
//! S086 what is published as it is. Findings of one kind in one file are
//! [cut short](crate::diagnostic::cut_short).

use super::has_extension;
use super::tree::{Kind, Table, Value};
use super::urls;
use crate::diagnostic::{FileId, Finding, Place};

/// The limits of a walk through a site; tests have their own.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// Bytes of a source: no data file of a disclosure comes near.
    pub(super) source: u64,
    /// Bytes of a Markdown file; a long narrative has a hundred thousand.
    pub(super) markdown: u64,
    /// Bytes of `urls.lock`: half a million published paths come to 32 MiB.
    pub(super) lock: u64,
    /// Bytes of a file that is published as it is.
    pub(super) published: u64,
    /// Bytes of an attachment.
    pub(super) attachment: u64,
    /// Bytes of all attachments of one unit's year.
    pub(super) attachments: u64,
    /// Bytes of everything that is published as it is.
    pub(super) all_published: u64,
    /// Files and folders of a site: a hundred thousand disclosures have two million.
    pub(super) entries: usize,
    /// Files and folders in one unit's year.
    pub(super) entries_of_year: usize,
    /// Folders in folders below the site's own.
    pub(super) depth: usize,
}

pub(super) const LIMITS: Limits = Limits {
    source: 4 << 20,
    markdown: 1 << 20,
    lock: 64 << 20,
    published: 64 << 20,
    attachment: 20 << 20,
    attachments: 200 << 20,
    all_published: 8 << 30,
    entries: 10_000_000,
    entries_of_year: 2_000,
    depth: 12,
};

impl Limits {
    /// How many bytes a source may have.
    pub(super) fn of_source(&self, path: &str) -> u64 {
        match () {
            () if path == urls::FILE => self.lock,
            () if has_extension(path, "md") => self.markdown,
            () => self.source,
        }
    }
}

/// The most bytes of a line that people write. Some programs write JSON without any line end.
const LONGEST_LINE: usize = 64 << 10;

/// The first line that is too long to have been written by hand, with its bytes.
pub(super) fn long_line(path: &str, text: &str) -> Option<(usize, usize)> {
    let is_by_hand = text.len() > LONGEST_LINE && (has_extension(path, "toml") || has_extension(path, "md"));
    if !is_by_hand {
        return None;
    }
    let mut lines = (1..).zip(text.split('\n'));
    lines.find(|(_, line)| line.len() > LONGEST_LINE).map(|(line, text)| (line, text.len()))
}

/// What is told of it.
pub(super) fn tell_long_line(file: FileId, (line, bytes): (usize, usize)) -> Finding {
    let message = format!("第 {line} 行有 {bytes} 字节，不像人写的，整个文件没有读入");
    let help = format!("一行最多 {LONGEST_LINE} 字节；文字请分段，数据一行写一项");
    Finding::new("S081", message).at(Place::start_of(file)).help(help)
}

/// How deep quotations and lists of Markdown may stand in each other, an indentation of two blanks
/// counted as one: whoever reads Markdown looks at every level once a line.
const MOST_LEVELS: usize = 64;

/// Where a text first nests quotations and lists deeper than any reader could follow.
pub(super) fn nested_too_deep(text: &str) -> Option<usize> {
    // Short texts have no room for it.
    if text.len() <= MOST_LEVELS {
        return None;
    }
    let mut at = 0;
    text.split_inclusive('\n').find_map(|line| {
        let start = at;
        at += line.len();
        (levels(line) > MOST_LEVELS).then_some(start)
    })
}

/// How many levels a line of Markdown opens or goes on with.
fn levels(line: &str) -> usize {
    let (mut levels, mut rest) = (0, line);
    loop {
        let text = rest.trim_start_matches([' ', '\t']);
        levels +=
            rest[..rest.len() - text.len()].bytes().map(|byte| if byte == b'\t' { 2 } else { 1 }).sum::<usize>() / 2;
        let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let marker = match text[digits..].chars().next() {
            Some('>' | '-' | '+' | '*') if digits == 0 => 1,
            Some('.' | ')') if digits > 0 => digits + 1,
            _ => return levels,
        };
        let after = &text[marker..];
        if !text.starts_with('>') && !after.starts_with([' ', '\t']) {
            return levels;
        }
        (levels, rest) = (levels + 1, after);
    }
}

/// What is told of it.
pub(super) fn tell_nested(place: Place) -> Finding {
    Finding::new("S083", format!("引用和列表套了 {MOST_LEVELS} 层以上，没有读入"))
        .at(place)
        .help("没有人读得懂这么多层；多半是行首的“>”“-”或空格写多了，请核对")
}

/// The most values of a data file: a thousand rows of a hundred columns are a third of it.
const MOST_VALUES: usize = 300_000;

/// The tree of a data file, unless it has more values than any table.
pub(super) fn of_sensible_size<'s>(tree: Table<'s>, file: FileId, findings: &mut Vec<Finding>) -> Option<Table<'s>> {
    let count = values(&tree);
    if count <= MOST_VALUES {
        return Some(tree);
    }
    let message = format!("文件中有 {count} 个值，整个文件没有读入");
    let help = format!("一个文件最多 {MOST_VALUES} 个值；没有一张表有这么多，请核对");
    findings.push(Finding::new("S082", message).at(Place::start_of(file)).help(help));
    None
}

fn values(table: &Table<'_>) -> usize {
    table.entries.iter().map(|entry| values_in(&entry.value)).sum()
}

fn values_in(value: &Value<'_>) -> usize {
    1 + match &value.kind {
        Kind::Table(table) => values(table),
        Kind::Array(items) => items.iter().map(values_in).sum(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_nobody_wrote_is_found_and_the_longest_that_may_be_is_not() {
        let line = |bytes: usize| format!("a = 1\n# {}\n", "x".repeat(bytes - 2));
        assert_eq!(long_line("a.toml", &line(LONGEST_LINE)), None);
        assert_eq!(long_line("a.md", &line(LONGEST_LINE + 1)), Some((2, LONGEST_LINE + 1)));
        assert_eq!(long_line("a.json", &line(LONGEST_LINE + 1)), None);
    }

    #[test]
    fn only_levels_that_nobody_could_follow_are_too_many() {
        for text in [
            ">".repeat(64),
            "- ".repeat(64),
            format!("{}- a", " ".repeat(126)),
            "-".repeat(500),
            "**".repeat(500),
            "1.2".repeat(100),
            "甲".repeat(500),
        ] {
            assert_eq!(nested_too_deep(&text), None, "{text}");
        }
        for text in [">".repeat(65), "- ".repeat(65), "1) > ".repeat(33), format!("{}- a", " ".repeat(128))] {
            assert_eq!(nested_too_deep(&format!("甲\n{text}\n乙")), Some("甲\n".len()), "{text}");
        }
    }
}
