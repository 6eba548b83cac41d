//! What a conversion leaves behind: formulas of LaTeX, marks of Markdown and HTML, field codes of
//! Word, error values of Excel.

use std::ops::Range;

use super::{Fault, Passage};
use crate::diagnostic::Severity;

/// Commands of LaTeX that conversions leave, and what they stand for.
const COMMANDS: [(&str, &str); 21] = [
    ("\\geqslant", "≥"),
    ("\\leqslant", "≤"),
    ("\\geq", "≥"),
    ("\\leq", "≤"),
    ("\\ge", "≥"),
    ("\\le", "≤"),
    ("\\times", "×"),
    ("\\div", "÷"),
    ("\\pm", "±"),
    ("\\sim", "～"),
    ("\\approx", "≈"),
    ("\\cdot", "·"),
    ("\\circ", "°"),
    ("\\rightarrow", "→"),
    ("\\sum", "合计"),
    ("\\frac", "分数"),
    ("\\mathrm", "正体"),
    ("\\mathbf", "粗体"),
    ("\\text", "文字"),
    ("\\left", "左括号"),
    ("\\%", "%"),
];

/// Marks of HTML and of Word's and Excel's fields that no reader should see.
const MARKS: [(&str, &str); 28] = [
    ("错误!", "T207"),
    ("错误！未", "T207"),
    ("Error! Bookmark", "T207"),
    ("Error! Reference", "T207"),
    ("MERGEFORMAT", "T207"),
    ("PAGEREF", "T207"),
    ("NUMPAGES", "T207"),
    ("HYPERLINK", "T207"),
    ("{ PAGE", "T207"),
    ("{PAGE", "T207"),
    ("TOC \\", "T207"),
    ("SUM(ABOVE)", "T207"),
    ("EMBED Excel", "T207"),
    ("#REF!", "T207"),
    ("#DIV/0!", "T207"),
    ("#VALUE!", "T207"),
    ("#NAME?", "T207"),
    ("#N/A", "T207"),
    ("&nbsp;", "T206"),
    ("&lt;", "T206"),
    ("&gt;", "T206"),
    ("&amp;", "T206"),
    ("&quot;", "T206"),
    ("<br", "T206"),
    ("<td", "T206"),
    ("</", "T206"),
    ("\u{FFFD}", "T206"),
    ("锟斤拷", "T206"),
];

/// What remains in a passage after its marks were understood.
pub(super) fn find(passage: &Passage<'_>, faults: &mut Vec<Fault>) {
    let (text, chars) = (passage.text, passage.chars);
    if chars.has('\\') {
        formulas(text, faults);
    }
    for (mark, code) in MARKS.into_iter().filter(|(mark, _)| chars.may_hold(mark)) {
        let found = text.match_indices(mark).map(|(at, mark)| at..at + mark.len());
        faults.extend(found.map(|range| residue(code, text, field_around(text, range))));
    }
}

/// A field of Word with its braces, where they stand around the mark; otherwise the mark alone.
fn field_around(text: &str, mark: Range<usize>) -> Range<usize> {
    const NEAR: usize = 120;
    let open = text[..mark.end].rfind('{').filter(|open| !text[*open..mark.start.max(*open)].contains('}'));
    let close = text[mark.end..].find('}').map(|length| mark.end + length + 1);
    match (open, close) {
        (Some(open), Some(close)) if close - open <= NEAR => open..close,
        _ => mark,
    }
}

fn residue(code: &'static str, text: &str, range: Range<usize>) -> Fault {
    let (what, help) = match code {
        "T205" => ("公式的代码", "换成普通的符号和数字"),
        "T207" => ("域代码或公式出错的提示", "更新域或公式后重新复制，或者删去"),
        _ => ("转换格式时留下的标记", "换成普通的文字，或者删去"),
    };
    Fault::new(code, range.clone(), format!("留有{what}“{}”", text[range].trim())).help(help)
}

/// Every command of LaTeX, with the formula between `$` that holds it told once.
fn formulas(text: &str, faults: &mut Vec<Fault>) {
    let mut told = 0;
    for (at, _) in text.match_indices('\\') {
        let Some((command, meaning)) = COMMANDS.iter().find(|(command, _)| is_command(&text[at..], command)) else {
            continue;
        };
        if at < told {
            continue;
        }
        let range = formula_around(text, at..at + command.len());
        told = range.end;
        let plain = plain(&text[range.clone()]);
        let fault = residue("T205", text, range);
        let is_sign = meaning.chars().count() == 1;
        faults.push(if is_sign { fault.help(format!("写成“{plain}”")).expected(plain) } else { fault });
    }
}

fn is_command(text: &str, command: &str) -> bool {
    let ends = |after: &str| command == "\\%" || !after.starts_with(|c: char| c.is_ascii_alphabetic());
    text.strip_prefix(command).is_some_and(ends)
}

/// The stretch between two `$` around a command, on its line and short; otherwise the command.
fn formula_around(text: &str, command: Range<usize>) -> Range<usize> {
    const LONGEST: usize = 60;
    let open = text[..command.start].rfind('$').filter(|open| command.start - open <= LONGEST);
    let close = text[command.end..].find('$').map(|length| command.end + length + 1);
    let on_line = |range: &Range<usize>| range.len() <= LONGEST && !text[range.clone()].contains('\n');
    let whole = open.zip(close).map(|(open, close)| open..close).filter(on_line);
    whole.filter(|whole| text[..whole.start].matches('$').count().is_multiple_of(2)).unwrap_or(command)
}

/// A formula in plain characters: `$\geq 3\%$` is ≥3%.
fn plain(formula: &str) -> String {
    let signs = COMMANDS.iter().filter(|(_, meaning)| meaning.chars().count() == 1);
    let text = signs.fold(formula.replace('$', ""), |text, (command, sign)| text.replace(command, sign));
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Marks of Markdown in a text that is no Markdown, which only its lines show: rows of dashes
/// that once parted a table, headings with `#`, fences.
pub(super) fn lines(source: &str) -> Vec<Fault> {
    let mut faults = Vec::new();
    // Every such line has one of these; most texts have none.
    if memchr::memchr3(b'-', b'#', b'`', source.as_bytes()).is_none() {
        return faults;
    }
    let (mut at, mut before) = (0, "");
    for line in source.split_inclusive('\n') {
        let text = line.trim_end();
        let start = at + (text.len() - text.trim_start().len());
        let range = start..at + text.len();
        if let Some(severity) = line_residue(text.trim_start(), before) {
            faults.push(residue("T206", source, range).severity(severity));
        }
        at += line.len();
        before = text;
    }
    faults
}

/// Whether a line is a mark of Markdown, and how surely it is left over. The row of dashes below
/// a row with `|` belongs to a table; a plain rule may be meant.
fn line_residue(line: &str, before: &str) -> Option<Severity> {
    let cells: Vec<&str> = line.split(['|', '\t']).map(str::trim).filter(|cell| !cell.is_empty()).collect();
    let dashes = |cell: &&str| cell.len() >= 3 && cell.trim_matches(':').chars().all(|c| c == '-');
    if !cells.is_empty() && cells.iter().all(dashes) {
        let in_table = line.contains('|') && before.contains('|');
        return (!in_table).then_some(if cells.len() > 1 { Severity::Error } else { Severity::Warning });
    }
    let heading = line.trim_start_matches('#');
    let level = line.len() - heading.len();
    let is_mark = ((1..=6).contains(&level) && heading.starts_with(' ')) || line.starts_with("```");
    is_mark.then_some(Severity::Error)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{codes, silent};
    use super::*;

    #[test]
    fn formulas_fields_and_entities_are_found_whole() {
        let known: [(&str, &[(&str, &str)]); 7] = [
            ("节约率 $\\geq 4\\%$ 。", &[("T205", "$\\geq 4\\%$")]),
            ("交易场次 \\geq 300 场。", &[("T205", "\\geq")]),
            ("目录{ PAGEREF _Toc123 \\h }", &[("T207", "{ PAGEREF _Toc123 \\h }")]),
            ("一、概况错误!未定义书签。", &[("T207", "错误!")]),
            ("支出 * MERGEFORMAT 3万元。", &[("T207", "MERGEFORMAT")]),
            ("占#DIV/0!。", &[("T207", "#DIV/0!")]),
            ("甲&nbsp;乙", &[("T206", "&nbsp;")]),
        ];
        for (text, found) in known {
            assert_eq!(codes(text), found, "{text}");
        }
        assert_eq!(plain("$\\geq 1,500$"), "≥1,500");
    }

    #[test]
    fn money_paths_and_plain_signs_are_no_residue() {
        silent(&["满意度≥95%。", "汇率为1$。", "文件在C:\\lists下。", "出现输入错误！应当改正。", "收入<支出"]);
    }

    #[test]
    fn rows_of_dashes_headings_and_fences_in_plain_text_are_found() {
        let told =
            |source: &str| lines(source).into_iter().map(|fault| source[fault.range].to_owned()).collect::<Vec<_>>();
        assert_eq!(told("序号\t事项\n---\t-----\n1\t甲\n"), ["---\t-----"]);
        assert_eq!(told("甲\n---|---\n乙"), ["---|---"]);
        assert_eq!(told("## 概况\n"), ["## 概况"]);
        assert_eq!(told("| 序号 | 事项 |\n| --- | :---: |\n| 1 | 甲 |\n"), Vec::<String>::new());
        assert_eq!(told("——说明\n#1泵站\n- 甲\n"), Vec::<String>::new());
    }
}
