//! Small things about the narrative's text: markers, own words, tidying.

/// Opens a figure marker: index, then [`FIGURE_END`].
pub const FIGURE: char = '\u{E000}';
/// Closes a figure marker.
pub const FIGURE_END: char = '\u{E001}';
/// Opens a chart marker: index, then [`CHART_END`].
pub const CHART: char = '\u{E002}';
/// Closes a chart marker.
pub const CHART_END: char = '\u{E003}';

/// A piece of text, or a marker found in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Plain text.
    Text(&'a str),
    /// The figure with this index.
    Figure(usize),
    /// The chart with this index.
    Chart(usize),
}

/// Splits a text at its markers.
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let (mut pieces, mut rest) = (Vec::new(), text);
    while let Some(at) = next_marker(rest) {
        let Some((piece, after)) = marker(&rest[at..]) else { break };
        if at > 0 {
            pieces.push(Piece::Text(&rest[..at]));
        }
        pieces.push(piece);
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    pieces
}

/// Where the next marker opens: markers alone begin with a byte that Chinese text has not.
fn next_marker(text: &str) -> Option<usize> {
    memchr::memchr_iter(0xEE, text.as_bytes()).find(|at| text[*at..].starts_with([FIGURE, CHART]))
}

/// The marker at the beginning of a text, and what follows it.
fn marker(text: &str) -> Option<(Piece<'_>, &str)> {
    let (rest, end, figure) = match text.strip_prefix(FIGURE) {
        Some(rest) => (rest, FIGURE_END, true),
        None => (text.strip_prefix(CHART)?, CHART_END, false),
    };
    let (index, after) = rest.split_once(end)?;
    let index = index.parse().ok()?;
    Some((if figure { Piece::Figure(index) } else { Piece::Chart(index) }, after))
}

/// A unit's own words, so that Markdown shows them as they are written.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.trim().chars() {
        match c {
            '\n' | '\r' => {}
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '#' | '~' | '|' | '!' | '$' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    guard_start(out)
}

/// Escapes what would begin a list or a rule if the words began a line: `1.`, `- `, `+ `.
fn guard_start(text: String) -> String {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let at = match text.as_bytes().get(digits) {
        Some(b'.' | b')') if digits > 0 && !text.as_bytes().get(digits + 1).is_some_and(u8::is_ascii_digit) => digits,
        Some(b'-' | b'+' | b'=') if digits == 0 => 0,
        _ => return text,
    };
    format!("{}\\{}", &text[..at], &text[at..])
}

/// Own words as a clause: escaped, without the final stop.
pub fn clause(text: &str) -> String {
    escape(text.trim().trim_end_matches(['。', '；', '，', ';', '.']))
}

/// A name in quotation marks; its own become single ones: “财政拨款‘三公’经费支出决算表”.
pub fn quoted(name: &str) -> String {
    format!("“{}”", name.replace('“', "‘").replace('”', "’"))
}

/// A reason after its introduction; a list of reasons (一是…) takes a colon.
pub fn with_reason(reason: &str) -> String {
    let reason = clause(reason.trim().trim_start_matches("主要原因是"));
    if reason.starts_with("一是") {
        format!("，主要原因：{reason}")
    } else {
        format!("，主要原因是{reason}")
    }
}

/// Takes away what templates leave behind: spaces at line ends and more than one empty line.
pub fn tidy(markdown: &str) -> String {
    let mut out = String::with_capacity(markdown.len());
    let mut empty = 1;
    for line in markdown.lines().map(str::trim_end) {
        empty = if line.is_empty() { empty + 1 } else { 0 };
        if empty <= 1 {
            out.push_str(line);
            out.push('\n');
        }
    }
    while out.ends_with("\n\n") {
        out.pop();
    }
    out
}

/// The same Markdown with its headings moved so that the uppermost has `level`.
pub fn rebase_headings(markdown: &str, level: usize) -> String {
    let depth = |line: &str| {
        let hashes = line.bytes().take_while(|byte| *byte == b'#').count();
        ((1..=6).contains(&hashes) && line[hashes..].starts_with(' ')).then_some(hashes)
    };
    let Some(top) = markdown.lines().filter_map(depth).min() else { return markdown.to_owned() };
    let moved = |line: &str| match depth(line) {
        Some(hashes) => format!("{}{}", "#".repeat((hashes - top + level).min(6)), &line[hashes..]),
        None => line.to_owned(),
    };
    markdown.lines().map(moved).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_are_found_between_text() {
        let text = format!("共{FIGURE}3{FIGURE_END}万元{CHART}0{CHART_END}");
        assert_eq!(pieces(&text), [Piece::Text("共"), Piece::Figure(3), Piece::Text("万元"), Piece::Chart(0)]);
        assert_eq!(pieces("没有标记"), [Piece::Text("没有标记")]);
        assert_eq!(pieces("\u{E000}x\u{E001}"), [Piece::Text("\u{E000}x\u{E001}")]);
    }

    #[test]
    fn other_characters_for_private_use_are_text() {
        let text = format!("\u{E123}甲\u{EE00}{FIGURE}0{FIGURE_END}");
        assert_eq!(pieces(&text), [Piece::Text("\u{E123}甲\u{EE00}"), Piece::Figure(0)]);
    }

    #[test]
    fn own_words_are_shown_as_they_are_written() {
        let cases = [
            ("A*B_C", "A\\*B\\_C"),
            ("<script>", "\\<script\\>"),
            ("1. 甲", "1\\. 甲"),
            ("1.5万元", "1.5万元"),
            ("-3", "\\-3"),
            ("第一行\n第二行", "第一行第二行"),
            ("[甲](http://x)", "\\[甲\\](http://x)"),
        ];
        for (text, expected) in cases {
            assert_eq!(escape(text), expected);
        }
    }

    #[test]
    fn quotation_marks_inside_others_are_single() {
        assert_eq!(quoted("财政拨款“三公”经费支出"), "“财政拨款‘三公’经费支出”");
        assert_eq!(quoted("收入"), "“收入”");
    }

    #[test]
    fn several_reasons_follow_a_colon() {
        assert_eq!(with_reason("缴费增加。"), "，主要原因是缴费增加");
        assert_eq!(with_reason("一是甲；二是乙"), "，主要原因：一是甲；二是乙");
    }

    #[test]
    fn empty_lines_are_tidied_and_headings_rebased() {
        assert_eq!(tidy("\n\n甲  \n\n\n\n乙\n\n"), "甲\n\n乙\n");
        assert_eq!(rebase_headings("#### 甲\n\n##### 乙\n#丙", 3), "### 甲\n\n#### 乙\n#丙");
    }
}
