//! Blocks of a text: headings, paragraphs, items and tables, each leading back to the file.
//!
//! Markdown is cut by its own grammar. Plain text is cut by lines: rows with tabs are tables, a
//! short numbered line is a heading, and a line that breaks off in mid-sentence goes on in the
//! next one, over the page break that empty lines are.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::{Text, TextFormat};
use crate::diagnostic::{FileId, Place};

/// What a block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BlockKind {
    /// A heading.
    Heading,
    /// A paragraph.
    Paragraph,
    /// An item of a list.
    Item,
    /// Rows of a table: never read as prose.
    Table,
    /// Code and the like: never read.
    Verbatim,
}

/// A stretch of text that is read as one.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// The headings it stands under, outermost first (a heading: with itself).
    pub section: Vec<String>,
    /// Its text, lines joined and marks taken off.
    pub text: String,
    file: FileId,
    /// Where stretches of the text begin: in the text, and in the file.
    map: Vec<(usize, u32)>,
}

impl Block {
    /// Whether it is read as prose.
    pub fn is_prose(&self) -> bool {
        matches!(self.kind, BlockKind::Heading | BlockKind::Paragraph | BlockKind::Item)
    }

    /// Where a range of its text stands in the file.
    pub fn place(&self, range: Range<usize>) -> Place {
        let start = self.offset(range.start);
        let end = if range.is_empty() { start } else { self.offset(range.end - 1).saturating_add(1) };
        Place { file: self.file, start, end: end.max(start) }
    }

    fn offset(&self, at: usize) -> u32 {
        let piece = self.map.partition_point(|(start, _)| *start <= at).saturating_sub(1);
        let Some((start, source)) = self.map.get(piece) else { return 0 };
        source.saturating_add(u32::try_from(at - start.min(&at)).unwrap_or(u32::MAX))
    }

    /// The block, or its pieces where it is longer than any paragraph: what is read of a figure
    /// looks at its whole block, and must not take longer than its square.
    fn in_pieces(self) -> Vec<Self> {
        const LONGEST: usize = 6_000;
        if self.text.len() <= LONGEST {
            return vec![self];
        }
        let (mut pieces, mut from) = (Vec::new(), 0);
        while from < self.text.len() {
            let to = self.cut(from, LONGEST);
            let mut piece = Self::new(self.kind, self.file, &self.section);
            for (nth, (start, _)) in self.map.iter().enumerate() {
                let end = self.map.get(nth + 1).map_or(self.text.len(), |(next, _)| *next);
                let (start, end) = (from.max(*start), to.min(end));
                if start < end {
                    piece.push(&self.text[start..end], self.offset(start) as usize);
                }
            }
            pieces.push(piece);
            from = to;
        }
        pieces
    }

    /// Where a piece from here on ends: behind a sentence, else behind a pause, else anywhere.
    fn cut(&self, from: usize, longest: usize) -> usize {
        if self.text.len() - from <= longest {
            return self.text.len();
        }
        let reach = (from..=from + longest).rev().find(|at| self.text.is_char_boundary(*at)).unwrap_or(from);
        let piece = &self.text[from..reach];
        let behind =
            |signs: &[char]| piece.rfind(signs).map(|at| at + piece[at..].chars().next().map_or(1, char::len_utf8));
        let end = behind(&['。', '；', ';', '\n']).or_else(|| behind(&['，', '、', ',', ' '])).unwrap_or(piece.len());
        from + end
    }

    fn new(kind: BlockKind, file: FileId, section: &[String]) -> Self {
        Self { kind, section: section.to_vec(), text: String::new(), file, map: Vec::new() }
    }

    fn push(&mut self, text: &str, source: usize) {
        if !text.is_empty() {
            self.map.push((self.text.len(), u32::try_from(source).unwrap_or(u32::MAX)));
            self.text.push_str(text);
        }
    }
}

/// The blocks of a text, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Blocks {
    blocks: Vec<Block>,
}

impl Blocks {
    /// Cuts a text into blocks.
    pub fn of(text: &Text<'_>) -> Self {
        let blocks = match text.format {
            TextFormat::Markdown => markdown(text),
            TextFormat::Plain => plain(text),
        };
        Self { blocks: blocks.into_iter().flat_map(Block::in_pieces).collect() }
    }

    /// The blocks in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Block> {
        self.blocks.iter()
    }
}

/// The headings that are open, each with its level.
#[derive(Default)]
struct Outline(Vec<(u8, String)>);

impl Outline {
    fn open(&mut self, level: u8, title: &str) {
        self.0.retain(|(other, _)| *other < level);
        self.0.push((level, title.to_owned()));
    }

    fn path(&self) -> Vec<String> {
        self.0.iter().map(|(_, title)| title.clone()).collect()
    }
}

// Markdown

fn markdown(text: &Text<'_>) -> Vec<Block> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_FOOTNOTES;
    let rows = tab_rows(text.source);
    let mut cutter = Cutter { file: text.file, start: text.start as usize, rows, ..Cutter::default() };
    for (event, range) in Parser::new_ext(text.source, options).into_offset_iter() {
        cutter.take(&event, &range, text.source);
    }
    cutter.close();
    cutter.blocks
}

/// The lines of Markdown that hold a tab between words: rows taken out of another document.
fn tab_rows(source: &str) -> Vec<Range<usize>> {
    let (mut rows, mut at) = (Vec::new(), 0);
    for line in source.split_inclusive('\n') {
        let words = line.trim().trim_start_matches(['-', '*', '+', '.', ')']).trim_start_matches(char::is_numeric);
        let words = words.trim_start_matches(['.', ')']).trim();
        if words.contains('\t') {
            rows.push(at..at + line.len());
        }
        at += line.len();
    }
    rows
}

struct Cutter {
    file: FileId,
    start: usize,
    /// The lines that are rows, in order.
    rows: Vec<Range<usize>>,
    blocks: Vec<Block>,
    open: Option<Block>,
    outline: Outline,
    items: usize,
    tables: usize,
}

impl Default for Cutter {
    fn default() -> Self {
        Self {
            file: FileId(0),
            start: 0,
            rows: Vec::new(),
            blocks: Vec::new(),
            open: None,
            outline: Outline::default(),
            items: 0,
            tables: 0,
        }
    }
}

impl Cutter {
    fn take(&mut self, event: &Event<'_>, range: &Range<usize>, source: &str) {
        match event {
            Event::Start(tag) => self.begin(tag),
            Event::End(tag) => self.end(*tag),
            Event::Text(text) | Event::InlineHtml(text) => self.words(text, range, source),
            Event::Code(text) => {
                let at = source[range.clone()].find(text.as_ref()).unwrap_or_default();
                self.words(text, &(range.start + at..range.end), source);
            }
            Event::SoftBreak | Event::HardBreak => self.words("\n", range, source),
            Event::Html(text) => {
                self.begin_block(BlockKind::Verbatim);
                self.words(text, range, source);
                self.close();
            }
            _ => {}
        }
    }

    fn begin(&mut self, tag: &Tag<'_>) {
        match tag {
            Tag::Heading { .. } => self.begin_block(BlockKind::Heading),
            Tag::Paragraph if self.open.is_none() => {
                self.begin_block(if self.items > 0 { BlockKind::Item } else { BlockKind::Paragraph });
            }
            Tag::Item => {
                self.items += 1;
                self.begin_block(BlockKind::Item);
            }
            Tag::CodeBlock(_) => self.begin_block(BlockKind::Verbatim),
            Tag::Table(_) => {
                self.tables += 1;
                self.begin_block(BlockKind::Table);
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(level) => {
                let title = self.open.as_ref().map_or_else(String::new, |block| block.text.trim().to_owned());
                self.outline.open(level as u8, &title);
                if let Some(block) = &mut self.open {
                    block.section = self.outline.path();
                }
                self.close();
            }
            TagEnd::TableCell | TagEnd::TableRow | TagEnd::TableHead => self.part(tag),
            TagEnd::Item => {
                self.items = self.items.saturating_sub(1);
                self.close();
            }
            TagEnd::Table => {
                self.tables = self.tables.saturating_sub(1);
                self.close();
            }
            TagEnd::Paragraph | TagEnd::CodeBlock => self.close(),
            _ => {}
        }
    }

    /// Parts the cells and rows of a table.
    fn part(&mut self, tag: TagEnd) {
        if let Some(block) = self.open.as_mut().filter(|block| block.kind == BlockKind::Table) {
            block.text.push(if tag == TagEnd::TableCell { '\t' } else { '\n' });
        }
    }

    fn begin_block(&mut self, kind: BlockKind) {
        self.close();
        self.open = Some(Block::new(kind, self.file, &self.outline.path()));
    }

    fn words(&mut self, text: &str, range: &Range<usize>, source: &str) {
        let prose = if self.items > 0 { BlockKind::Item } else { BlockKind::Paragraph };
        if self.open.is_none() {
            self.begin_block(prose);
        }
        let kind = self.open.as_ref().map(|block| block.kind);
        match (self.is_row(range.start), kind) {
            (true, Some(BlockKind::Paragraph | BlockKind::Item)) => self.begin_block(BlockKind::Table),
            (false, Some(BlockKind::Table)) if self.tables == 0 => self.begin_block(prose),
            _ => {}
        }
        let (start, block) = (self.start, &mut self.open);
        if let Some(block) = block {
            // A stretch that is not in the source to the letter (an entity) stands where it began.
            let literal = source.get(range.clone()).is_some_and(|there| there.starts_with(text));
            if literal {
                block.push(text, start + range.start);
            } else {
                text.char_indices().for_each(|(at, c)| block.push(&text[at..at + c.len_utf8()], start + range.start));
            }
        }
    }

    fn is_row(&self, at: usize) -> bool {
        let row = self.rows.partition_point(|row| row.end <= at);
        self.rows.get(row).is_some_and(|row| row.contains(&at))
    }

    fn close(&mut self) {
        self.blocks.extend(self.open.take().filter(|block| !block.text.trim().is_empty()));
    }
}

// Plain text

/// A line of plain text, trimmed, with where it begins and what it looks like.
struct Line<'a> {
    text: &'a str,
    start: usize,
    row: bool,
    after_gap: bool,
}

fn plain(text: &Text<'_>) -> Vec<Block> {
    let lines = lines(text.source);
    let (mut blocks, mut outline): (Vec<Block>, _) = (Vec::new(), Outline::default());
    let mut before: Option<&Line<'_>> = None;
    for line in &lines {
        let start = text.start as usize + line.start;
        let goes_on = before.is_some_and(|before| continues(before, line));
        match blocks.last_mut() {
            Some(block) if line.row && block.kind == BlockKind::Table => {
                block.text.push('\n');
                block.push(line.text, start);
            }
            Some(block) if goes_on && block.is_prose() => block.push(line.text, start),
            _ => blocks.push(fresh(line, start, text.file, &mut outline)),
        }
        before = Some(line);
    }
    blocks
}

fn fresh(line: &Line<'_>, start: usize, file: FileId, outline: &mut Outline) -> Block {
    let level = heading_level(line.text).filter(|_| !line.row);
    if let Some(level) = level {
        outline.open(level, line.text);
    }
    let kind = match level {
        _ if line.row => BlockKind::Table,
        Some(_) => BlockKind::Heading,
        None if line.text.starts_with(|c: char| c.is_ascii_digit()) => BlockKind::Item,
        None => BlockKind::Paragraph,
    };
    let mut block = Block::new(kind, file, &outline.path());
    block.push(line.text, start);
    block
}

/// The lines that hold something; rows of tables are marked.
fn lines(source: &str) -> Vec<Line<'_>> {
    let (mut found, mut at, mut gap) = (Vec::new(), 0, false);
    for whole in source.split_inclusive('\n') {
        let text = whole.trim();
        if text.is_empty() && !whole.contains('\t') {
            gap = true;
        } else {
            let start = at + (whole.len() - whole.trim_start().len());
            let row = whole.trim_end_matches(['\n', '\r']).contains('\t');
            found.push(Line { text, start, row, after_gap: std::mem::take(&mut gap) });
        }
        at += whole.len();
    }
    mark_pipes(&mut found);
    mark_cells(&mut found);
    found.retain(|line| !line.text.is_empty());
    found
}

/// Marks the rows of Markdown tables: a line of dashes and bars, the head above it, and the
/// lines with bars below it.
fn mark_pipes(lines: &mut [Line<'_>]) {
    let is_rule = |text: &str| {
        text.contains("--") && text.contains('|') && text.chars().all(|c| matches!(c, '|' | '-' | ':' | ' '))
    };
    for at in (1..lines.len()).filter(|at| is_rule(lines[*at].text)).collect::<Vec<_>>() {
        let below = lines[at + 1..].iter().take_while(|line| line.text.contains('|') && !line.after_gap).count();
        lines[at - 1..=at + below].iter_mut().for_each(|line| line.row = true);
    }
}

/// How many characters between two rows still belong to a cell that was broken into lines.
const BROKEN_CELL: usize = 20;

/// Marks short lines between two rows: the rest of a cell with a line break in it.
fn mark_cells(lines: &mut [Line<'_>]) {
    let rows: Vec<usize> = (0..lines.len()).filter(|at| lines[*at].row).collect();
    for pair in rows.windows(2) {
        let between = pair[0] + 1..pair[1];
        let length: usize = lines[between.clone()].iter().map(|line| line.text.chars().count()).sum();
        let ends = lines[between.clone()].iter().any(|line| heading_level(line.text).is_some());
        if length <= BROKEN_CELL && !ends {
            lines[between].iter_mut().for_each(|line| line.row = true);
        }
    }
}

const NUMERALS: [char; 12] = ['一', '二', '三', '四', '五', '六', '七', '八', '九', '十', '〇', '零'];

/// The level of a numbered heading: 第一部分, 一、, （一）; a sentence is none.
fn heading_level(line: &str) -> Option<u8> {
    const LONGEST: usize = 42;
    if line.chars().count() > LONGEST || line.contains('。') || line.contains('：') || line.ends_with('；') {
        return None;
    }
    let numbered = |rest: &str| rest.trim_start_matches(NUMERALS).len();
    if let Some(rest) = line.strip_prefix('第') {
        let tail = numbered(rest);
        return (tail < rest.len() && rest[rest.len() - tail..].starts_with("部分")).then_some(1);
    }
    if let Some(rest) = line.strip_prefix(['（', '(']) {
        let tail = numbered(rest);
        return (tail < rest.len() && rest[rest.len() - tail..].starts_with(['）', ')'])).then_some(3);
    }
    let tail = numbered(line);
    (tail < line.len() && line[line.len() - tail..].starts_with('、')).then_some(2)
}

/// A line shorter than this is complete unless its last sign says otherwise.
const FULL_LINE: usize = 36;

/// Whether a line goes on in the next.
fn continues(line: &Line<'_>, next: &Line<'_>) -> bool {
    if line.row || next.row || heading_level(line.text).is_some() || heading_level(next.text).is_some() {
        return false;
    }
    let open = line.text.ends_with(['，', '、', ',']);
    let letter = line.text.ends_with(char::is_alphanumeric);
    open || (letter && line.text.chars().count() >= FULL_LINE && !begins(next))
}

/// Whether a line begins something of its own.
fn begins(line: &Line<'_>) -> bool {
    let rest = line.text.trim_start_matches(|c: char| c.is_ascii_digit());
    let numbered = rest.len() < line.text.len() && rest.starts_with(['.', '、', ')', '）', '．']);
    let listed = line.text.starts_with(['（', '(', '图', '注', '①', '②']);
    line.after_gap && (numbered || listed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(source: &str, format: TextFormat) -> Vec<Block> {
        Blocks::of(&Text { file: FileId(0), source, format, start: 0 }).blocks
    }

    #[test]
    fn a_line_broken_in_mid_sentence_goes_on_after_the_page_break() {
        let source = "一、收入情况\n年初预算为 2 万元，\n\n决算为 3 万元。\n下一句。";
        let found = blocks(source, TextFormat::Plain);
        let texts: Vec<_> = found.iter().map(|block| block.text.as_str()).collect();
        assert_eq!(texts, ["一、收入情况", "年初预算为 2 万元，决算为 3 万元。", "下一句。"]);
        assert_eq!(found[1].section, ["一、收入情况"]);
        let at = found[1].text.find("3 万元").unwrap();
        let place = found[1].place(at..at + "3 万元".len());
        assert_eq!(&source[place.start as usize..place.end as usize], "3 万元");
    }

    #[test]
    fn rows_with_tabs_and_cells_broken_into_lines_are_tables() {
        let source = "情况如下。\n\t预算执行\n\n（10分）\n\t45.00\n项目\t金额\n合计\t3\n\n共 3 项。";
        let kinds: Vec<_> = blocks(source, TextFormat::Plain).iter().map(|block| block.kind).collect();
        assert_eq!(kinds, [BlockKind::Paragraph, BlockKind::Table, BlockKind::Paragraph]);
    }

    #[test]
    fn markdown_is_cut_by_its_grammar_and_leads_back_to_the_source() {
        use BlockKind::{Heading, Item, Paragraph, Table};
        let source = "# 甲\n\n支出**373.97**万元。\n\n| 项 | 数 |\n|---|---|\n| 乙 | 3 |\n\n- 共5个。\n- 共6个。\n";
        let found = blocks(source, TextFormat::Markdown);
        let kinds: Vec<_> = found.iter().map(|block| block.kind).collect();
        assert_eq!(kinds, [Heading, Paragraph, Table, Item, Item]);
        assert_eq!(found[1].text, "支出373.97万元。");
        let at = found[1].text.find("373").unwrap();
        let place = found[1].place(at..at + 6);
        assert_eq!(&source[place.start as usize..place.end as usize], "373.97");
    }

    #[test]
    fn rows_with_tabs_in_markdown_and_tables_of_bars_in_plain_text_are_tables() {
        use BlockKind::{Item, Paragraph, Table};
        let kinds = |source, format| blocks(source, format).iter().map(|block| block.kind).collect::<Vec<_>>();
        let rows = "上文。\n收入合计\t**999.99**万元\t1万元\n支出\t2\n下文5万元。\n\n-\t共5个。\n1.\t共6个。\n";
        assert_eq!(kinds(rows, TextFormat::Markdown), [Paragraph, Table, Paragraph, Item, Item]);
        let bars = "上文。\n项 | 数\n---|---\n乙 | 3\n\n下文 | 5万元。";
        assert_eq!(kinds(bars, TextFormat::Plain), [Paragraph, Table, Paragraph]);
    }

    #[test]
    fn a_block_longer_than_any_paragraph_is_cut_behind_a_sentence() {
        let source = "支出合计3.00万元。".repeat(1_000);
        let found = blocks(&source, TextFormat::Plain);
        assert!(found.len() > 1 && found.iter().all(|block| block.text.len() <= 6_000 && block.text.ends_with('。')));
        assert_eq!(found.iter().map(|block| block.text.len()).sum::<usize>(), source.len());
        let last = found.last().unwrap();
        let place = last.place(last.text.len() - "元。".len()..last.text.len());
        assert_eq!((place.end as usize, &source[place.start as usize..]), (source.len(), "元。"));
    }
}
