//! Markdown to HTML, for the unit's own texts, pages and narratives.
//!
//! 1. The source is guarded so that emphasis works beside Chinese punctuation.
//! 2. pulldown-cmark's events are rewritten: raw HTML becomes text, headings get ids, tables
//!    the site's frame, line breaks beside Han characters go away, markers become figures and
//!    charts, terms become links.
//! 3. The events become HTML.

use std::borrow::Cow;
use std::fmt::Write as _;

use pulldown_cmark::{
    CodeBlockKind, CowStr, Event, HeadingLevel, Options as Syntax, Parser, Tag, TagEnd, html as writer,
};
use unicode_width::UnicodeWidthChar;

use crate::derive::narrative::FigureUse;
use crate::derive::narrative::words::{Piece, pieces};
use crate::render::glossary::{Linker, Seen};
use crate::text::{escape_html, push_escaped};

/// How a text is rendered; the default is a page of its own without figures or terms.
#[derive(Default)]
pub struct Options<'a> {
    /// How many levels headings are moved down: 1 makes `##` an `h3`.
    pub heading_shift: usize,
    /// What heading ids begin with: `n` gives `n-1`, `n-1-2`; `section` when empty.
    pub id_prefix: &'a str,
    /// The figures that markers stand for.
    pub uses: &'a [FigureUse],
    /// The HTML of the charts that markers stand for.
    pub charts: &'a [String],
    /// The terms to link.
    pub linker: Option<&'a Linker<'a>>,
}

/// A heading of a rendered text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// How deep it lies among the headings of the text; the uppermost have 1.
    pub depth: usize,
    /// Its id on the page.
    pub id: String,
    /// Its text.
    pub title: String,
}

/// A rendered text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rendered {
    /// The HTML.
    pub html: String,
    /// Its headings, in order.
    pub headings: Vec<Heading>,
}

/// The HTML of a Markdown text.
pub fn html(markdown: &str, options: &Options<'_>) -> String {
    render(markdown, options).html
}

/// The HTML of a Markdown text, with its headings.
pub fn render(markdown: &str, options: &Options<'_>) -> Rendered {
    render_all(&[Stretch { markdown, deeper: 0, before: "" }], options)
}

/// A stretch of a text that is parsed by itself: what it leaves open ends with it.
#[derive(Clone, Copy, Debug)]
pub struct Stretch<'a> {
    /// The stretch, in Markdown.
    pub markdown: &'a str,
    /// By how many levels its headings stand deeper than written.
    pub deeper: usize,
    /// HTML that comes before it.
    pub before: &'a str,
}

/// The HTML of a text in stretches: its headings are counted on from one to the next.
pub fn render_all(stretches: &[Stretch<'_>], options: &Options<'_>) -> Rendered {
    let syntax = Syntax::ENABLE_TABLES | Syntax::ENABLE_STRIKETHROUGH;
    let guarded: Vec<Cow<'_, str>> = stretches.iter().map(|stretch| guard_emphasis(stretch.markdown)).collect();
    let parsed = stretches.iter().zip(&guarded).map(|(stretch, guarded)| {
        let events = Parser::new_ext(guarded, syntax).map(unguard);
        events.map(|event| lowered(event, stretch.deeper)).collect::<Vec<_>>()
    });
    let parsed: Vec<Vec<Event<'_>>> = parsed.collect();
    let mut rewriter = Rewriter::new(options, parsed.iter().flatten());
    let mut html = String::with_capacity(guarded.iter().map(|text| text.len()).sum::<usize>() * 2);
    for (stretch, events) in stretches.iter().zip(parsed) {
        html.push_str(stretch.before);
        writer::push_html(&mut html, rewriter.rewrite(events).into_iter());
    }
    Rendered { html, headings: rewriter.headings }
}

/// An event with its heading some levels deeper.
fn lowered(event: Event<'_>, deeper: usize) -> Event<'_> {
    let below = |level: HeadingLevel| HeadingLevel::try_from((level as usize + deeper).min(6)).unwrap_or(level);
    match event {
        Event::Start(Tag::Heading { level, id, classes, attrs }) => {
            Event::Start(Tag::Heading { level: below(level), id, classes, attrs })
        }
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(below(level))),
        event => event,
    }
}

/// Stands between a run of asterisks and Chinese punctuation while the text is parsed.
///
/// By the letter of `CommonMark`, `其中**“三公”经费**支出` is no emphasis: the run is followed by
/// punctuation and preceded by a letter. Sources may not hold this character.
const GUARD: char = '\u{E004}';

fn guard_emphasis(markdown: &str) -> Cow<'_, str> {
    if !markdown.contains('*') {
        return markdown.into();
    }
    let mut out = String::with_capacity(markdown.len() + 16);
    let mut before = ' ';
    for c in markdown.chars() {
        let at_run = (before == '*') != (c == '*');
        let beside = if c == '*' { before } else { c };
        if at_run && is_wide_punctuation(beside) {
            out.push(GUARD);
        }
        out.push(c);
        before = c;
    }
    out.into()
}

fn is_wide_punctuation(c: char) -> bool {
    matches!(c, '\u{3001}'..='\u{303F}' | '\u{FF01}'..='\u{FF0F}' | '\u{FF1A}'..='\u{FF20}' | '\u{FF3B}'..='\u{FF40}'
        | '\u{FF5B}'..='\u{FF65}' | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205E}' | '·')
}

fn unguard(event: Event<'_>) -> Event<'_> {
    match event {
        Event::Text(text) if text.contains(GUARD) => Event::Text(text.replace(GUARD, "").into()),
        Event::Code(text) if text.contains(GUARD) => Event::Code(text.replace(GUARD, "").into()),
        Event::Html(text) => Event::Html(text.replace(GUARD, "").into()),
        Event::InlineHtml(text) => Event::InlineHtml(text.replace(GUARD, "").into()),
        event => event,
    }
}

/// Rewrites events one by one, remembering where it stands.
struct Rewriter<'a> {
    options: &'a Options<'a>,
    headings: Vec<Heading>,
    /// The uppermost level of the text.
    top: usize,
    counters: Vec<usize>,
    seen: Seen<'a>,
    /// Headings, links and code: no terms are linked in them.
    quiet: usize,
    in_heading: bool,
    in_head_row: bool,
    /// The last character shown, for line breaks.
    last: char,
    /// Charts that wait for the end of their block.
    waiting: Vec<usize>,
    tables: usize,
}

impl<'a> Rewriter<'a> {
    fn new<'e>(options: &'a Options<'a>, events: impl Iterator<Item = &'e Event<'e>>) -> Self {
        let levels = events.filter_map(|event| match event {
            Event::Start(Tag::Heading { level, .. }) => Some(*level as usize),
            _ => None,
        });
        Self {
            options,
            headings: Vec::new(),
            top: levels.min().unwrap_or(1),
            counters: Vec::new(),
            seen: Seen::new(),
            quiet: 0,
            in_heading: false,
            in_head_row: false,
            last: ' ',
            waiting: Vec::new(),
            tables: 0,
        }
    }

    fn rewrite<'e>(&mut self, events: Vec<Event<'e>>) -> Vec<Event<'e>> {
        let mut out = Vec::with_capacity(events.len());
        let mut rest = events.into_iter().peekable();
        while let Some(event) = rest.next() {
            // A break is judged by what follows it.
            if event == Event::SoftBreak {
                let next = rest.peek().map_or(' ', first_char);
                if !is_wide(self.last) && !is_wide(next) {
                    out.push(Event::SoftBreak);
                }
                continue;
            }
            self.one(event, &mut out);
        }
        out
    }

    fn one<'e>(&mut self, event: Event<'e>, out: &mut Vec<Event<'e>>) {
        match event {
            Event::Text(text) => self.text(&text, out),
            Event::Html(text) | Event::InlineHtml(text) => out.push(raw(escape_html(&text))),
            Event::Code(text) => {
                self.last = text.chars().last().unwrap_or(' ');
                out.push(Event::Code(text));
            }
            Event::Start(tag) => self.start(tag, out),
            Event::End(tag) => self.end(tag, out),
            event => out.push(event),
        }
    }

    fn text(&mut self, text: &str, out: &mut Vec<Event<'_>>) {
        if let Some(heading) = self.headings.last_mut().filter(|_| self.in_heading) {
            heading.title.push_str(&plain(text, self.options.uses));
        }
        let mut html = String::with_capacity(text.len() * 2);
        for piece in pieces(text) {
            match piece {
                Piece::Text(text) => self.words(&mut html, text),
                Piece::Figure(index) => self.figure(&mut html, index),
                Piece::Chart(index) => self.waiting.push(index),
            }
        }
        out.push(raw(html));
    }

    fn words(&mut self, html: &mut String, text: &str) {
        self.last = text.chars().last().unwrap_or(self.last);
        match self.options.linker.filter(|_| self.quiet == 0) {
            Some(linker) => linker.push(html, text, &mut self.seen),
            None => push_escaped(html, text),
        }
    }

    fn figure(&mut self, html: &mut String, index: usize) {
        let Some(figure) = self.options.uses.get(index) else { return };
        self.last = '0';
        // A link cannot stand in a link.
        push_figure(html, figure, self.quiet == 0);
    }

    fn start<'e>(&mut self, tag: Tag<'e>, out: &mut Vec<Event<'e>>) {
        self.last = ' ';
        match tag {
            Tag::Heading { level, .. } => out.push(raw(self.open_heading(level))),
            Tag::Link { link_type, dest_url, title, id } => {
                self.quiet += 1;
                out.push(Event::Start(Tag::Link { link_type, dest_url: safe_url(dest_url), title, id }));
            }
            Tag::Image { link_type, dest_url, title, id } => {
                self.quiet += 1;
                out.push(Event::Start(Tag::Image { link_type, dest_url: safe_url(dest_url), title, id }));
            }
            Tag::CodeBlock(_) => {
                self.quiet += 1;
                out.push(Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)));
            }
            Tag::Table(_) => out.push(raw(self.open_table())),
            Tag::TableHead => {
                self.in_head_row = true;
                out.push(raw("<thead><tr>".to_owned()));
            }
            Tag::TableRow => out.push(raw("<tr>".to_owned())),
            Tag::TableCell if self.in_head_row => out.push(raw("<th scope=\"col\">".to_owned())),
            Tag::TableCell => out.push(raw("<td>".to_owned())),
            // The block's text follows as an Html event, which is escaped.
            Tag::HtmlBlock => out.push(raw("<p>".to_owned())),
            tag => out.push(Event::Start(tag)),
        }
    }

    fn end(&mut self, tag: TagEnd, out: &mut Vec<Event<'_>>) {
        match tag {
            TagEnd::Heading(level) => {
                self.quiet -= 1;
                self.in_heading = false;
                out.push(raw(format!("</h{}>\n", self.shown_level(level))));
            }
            TagEnd::Link | TagEnd::Image | TagEnd::CodeBlock => {
                self.quiet = self.quiet.saturating_sub(1);
                out.push(Event::End(tag));
            }
            TagEnd::Table => out.push(raw("</tbody></table></div>\n".to_owned())),
            TagEnd::TableHead => {
                self.in_head_row = false;
                out.push(raw("</tr></thead><tbody>\n".to_owned()));
            }
            TagEnd::TableRow => out.push(raw("</tr>\n".to_owned())),
            TagEnd::TableCell => out.push(raw(if self.in_head_row { "</th>" } else { "</td>" }.to_owned())),
            TagEnd::HtmlBlock => out.push(raw("</p>\n".to_owned())),
            TagEnd::Paragraph => self.end_paragraph(out),
            tag => out.push(Event::End(tag)),
        }
        if matches!(tag, TagEnd::Heading(_) | TagEnd::Item | TagEnd::Table | TagEnd::BlockQuote(_)) {
            self.place_charts(out);
        }
    }

    /// Ends a paragraph; one that held nothing but a chart is replaced by it.
    fn end_paragraph(&mut self, out: &mut Vec<Event<'_>>) {
        let text_only = matches!(out.last(), Some(Event::Html(html)) if html.is_empty());
        let opened = out.len() >= 2 && matches!(out[out.len() - 2], Event::Start(Tag::Paragraph));
        if text_only && opened && !self.waiting.is_empty() {
            out.truncate(out.len() - 2);
        } else {
            out.push(Event::End(TagEnd::Paragraph));
        }
        self.place_charts(out);
    }

    fn place_charts(&mut self, out: &mut Vec<Event<'_>>) {
        for index in std::mem::take(&mut self.waiting) {
            if let Some(chart) = self.options.charts.get(index) {
                out.push(raw(format!("{chart}\n")));
            }
        }
    }

    fn shown_level(&self, level: HeadingLevel) -> usize {
        (level as usize + self.options.heading_shift).min(6)
    }

    fn open_heading(&mut self, level: HeadingLevel) -> String {
        let depth = level as usize - self.top + 1;
        self.quiet += 1;
        self.in_heading = true;
        if depth == 1 {
            self.seen.clear();
        }
        let id = self.next_id(depth);
        let html = format!("<h{} id=\"{}\">", self.shown_level(level), escape_html(&id));
        self.headings.push(Heading { depth, id, title: String::new() });
        html
    }

    /// `n-5-2` for the second heading below the fifth.
    fn next_id(&mut self, depth: usize) -> String {
        self.counters.resize(depth, 0);
        self.counters[depth - 1] += 1;
        let prefix = if self.options.id_prefix.is_empty() { "section" } else { self.options.id_prefix };
        self.counters.iter().fold(prefix.to_owned(), |id, number| format!("{id}-{number}"))
    }

    /// A table in the site's frame: it scrolls by itself and can be reached by keyboard.
    fn open_table(&mut self) -> String {
        self.tables += 1;
        let under = self.headings.last().map_or("", |heading| heading.title.as_str());
        let name = if under.is_empty() {
            format!("表格{}", self.tables)
        } else {
            format!("{under}：表格{}", self.tables)
        };
        format!("<div class=\"frame\" tabindex=\"0\" role=\"group\" aria-label=\"{}\"><table>", escape_html(&name))
    }
}

fn raw<'e>(html: String) -> Event<'e> {
    Event::Html(CowStr::from(html))
}

/// `<data value="3739700" data-cell="公开01表27行1栏"><a href="#t01-27-c1">373.97</a></data>`.
fn push_figure(html: &mut String, figure: &FigureUse, linked: bool) {
    html.push_str("<data value=\"");
    push_escaped(html, &machine_value(figure));
    html.push('"');
    if let Some(cell) = &figure.cell {
        html.push_str(" data-cell=\"");
        push_escaped(html, cell);
        html.push('"');
    }
    html.push('>');
    match figure.anchor.as_deref().filter(|_| linked) {
        Some(anchor) => {
            html.push_str("<a href=\"");
            push_escaped(html, anchor);
            html.push_str("\">");
            push_escaped(html, &figure.text);
            html.push_str("</a>");
        }
        None => push_escaped(html, &figure.text),
    }
    html.push_str("</data>");
}

/// The value for machines: 元 for money, a plain number for counts and percentages.
fn machine_value(figure: &FigureUse) -> String {
    let Some(fen) = figure.value_fen else {
        return figure.text.trim_end_matches('%').to_owned();
    };
    let sign = if fen < 0 { "-" } else { "" };
    let (yuan, cents) = (fen.unsigned_abs() / 100, fen.unsigned_abs() % 100);
    let mut text = format!("{sign}{yuan}");
    if cents > 0 {
        // Writing to a String cannot fail.
        let _ = write!(text, ".{cents:02}");
    }
    text.strip_suffix('0').filter(|_| cents > 0).map_or(text.clone(), str::to_owned)
}

/// A text without its markers: figures as they are read.
fn plain(text: &str, uses: &[FigureUse]) -> String {
    let piece = |piece| match piece {
        Piece::Text(text) => text,
        Piece::Figure(index) => uses.get(index).map_or("", |figure: &FigureUse| figure.text.as_str()),
        Piece::Chart(_) => "",
    };
    pieces(text).into_iter().map(piece).collect()
}

/// Links that run code are not links.
fn safe_url(url: CowStr<'_>) -> CowStr<'_> {
    let url = if url.contains(GUARD) { CowStr::from(url.replace(GUARD, "")) } else { url };
    let scheme: String = url.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
    let before = scheme.split(['/', '?', '#']).next().unwrap_or_default();
    match before.split_once(':') {
        None => url,
        Some((name, _)) if ["http", "https", "mailto", "tel"].contains(&name.to_ascii_lowercase().as_str()) => url,
        Some(_) => CowStr::from("#"),
    }
}

fn first_char(event: &Event<'_>) -> char {
    match event {
        Event::Text(text) | Event::Code(text) => text.chars().next().unwrap_or(' '),
        _ => ' ',
    }
}

/// Whether a character is as wide as a Han character, or stands for a figure.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{E000}'..='\u{E003}' | '\u{2018}'..='\u{201D}' | '…' | '—') || c.width() == Some(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(markdown: &str) -> String {
        html(markdown, &Options::default())
    }

    fn figure(text: &str, fen: Option<i128>) -> FigureUse {
        FigureUse {
            text: text.into(),
            value_fen: fen,
            cell: Some("公开01表27行1栏".into()),
            anchor: Some("#t01-27-c1".into()),
        }
    }

    #[test]
    fn emphasis_works_beside_chinese_punctuation() {
        let cases = [
            ("其中**“三公”经费**支出", "<p>其中<strong>“三公”经费</strong>支出</p>\n"),
            ("**注：**本表", "<p><strong>注：</strong>本表</p>\n"),
            ("本*（表）*注", "<p>本<em>（表）</em>注</p>\n"),
            ("2 * 3 * 4", "<p>2 * 3 * 4</p>\n"),
            ("`**“原样”**`", "<p><code>**“原样”**</code></p>\n"),
            ("* 甲\n* “乙”", "<ul>\n<li>甲</li>\n<li>“乙”</li>\n</ul>\n"),
        ];
        for (markdown, expected) in cases {
            assert_eq!(shown(markdown), expected, "{markdown}");
        }
    }

    #[test]
    fn raw_html_is_shown_not_run() {
        assert_eq!(shown("甲<b>乙</b>"), "<p>甲&lt;b&gt;乙&lt;/b&gt;</p>\n");
        assert_eq!(shown("<script>alert(1)</script>"), "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n");
        assert_eq!(shown("[甲](javascript:alert(1))"), "<p><a href=\"#\">甲</a></p>\n");
        assert_eq!(shown(&format!("[甲]({}:x)", "a".repeat(100))), "<p><a href=\"#\">甲</a></p>\n");
        assert_eq!(shown("[甲](a*（b）)"), "<p><a href=\"a*%EF%BC%88b%EF%BC%89\">甲</a></p>\n");
        assert_eq!(shown("[甲](../a.html#b)"), "<p><a href=\"../a.html#b\">甲</a></p>\n");
    }

    #[test]
    fn line_breaks_go_away_beside_han_characters() {
        assert_eq!(shown("本年支出\n合计"), "<p>本年支出合计</p>\n");
        assert_eq!(shown("plain\ntext"), "<p>plain\ntext</p>\n");
    }

    #[test]
    fn headings_get_ids_and_are_listed() {
        let options = Options { heading_shift: 1, id_prefix: "n", ..Options::default() };
        let rendered = render("## 一、甲\n\n### （一）乙\n\n### （二）丙\n\n## 二、丁\n", &options);
        let ids: Vec<_> = rendered.headings.iter().map(|h| (h.depth, h.id.as_str(), h.title.as_str())).collect();
        assert_eq!(
            ids,
            [(1, "n-1", "一、甲"), (2, "n-1-1", "（一）乙"), (2, "n-1-2", "（二）丙"), (1, "n-2", "二、丁")]
        );
        assert!(rendered.html.starts_with("<h3 id=\"n-1\">一、甲</h3>\n<h4 id=\"n-1-1\">"));
    }

    #[test]
    fn what_a_stretch_leaves_open_ends_with_it() {
        let stretch = |markdown, deeper, before| Stretch { markdown, deeper, before };
        let texts = [
            stretch("## 甲\n", 0, ""),
            stretch("<!-- 没有结束\n\n### 丙\n\n```\n没有结束", 1, "<p>注</p>\n"),
            stretch("## 乙\n", 0, ""),
        ];
        let rendered = render_all(&texts, &Options { id_prefix: "n", ..Options::default() });
        assert_eq!(
            rendered.html,
            "<h2 id=\"n-1\">甲</h2>\n<p>注</p>\n<p>&lt;!-- 没有结束\n\n### 丙\n\n```\n没有结束</p>\n\
             <h2 id=\"n-2\">乙</h2>\n"
        );
        let texts = [stretch("## 甲\n", 0, ""), stretch("### 丙\n\n```\n没有结束", 1, ""), stretch("## 乙\n", 0, "")];
        let rendered = render_all(&texts, &Options { id_prefix: "n", ..Options::default() });
        let ids: Vec<_> = rendered.headings.iter().map(|heading| (heading.depth, heading.id.as_str())).collect();
        assert_eq!(ids, [(1, "n-1"), (3, "n-1-0-1"), (1, "n-2")]);
    }

    #[test]
    fn a_term_is_linked_once_in_a_section_and_never_in_a_heading_a_link_or_code() {
        let place = crate::diagnostic::Place::start_of(crate::diagnostic::FileId(0));
        let (id, name, body) = ("basic".to_owned(), "基本支出".to_owned(), String::new());
        let terms = [crate::model::glossary::Term { id, name, aliases: Vec::new(), codes: Vec::new(), body, place }];
        let linker = Linker::new(&terms, |_| None, str::to_owned);
        let options = Options { linker: Some(&linker), ..Options::default() };
        let text = "## 一、基本支出\n\n[基本支出](/a.html)、`基本支出`、**基本支出**、基本支出\n\n### （一）\n\n基本支出\n\n\
                    ## 二、\n\n基本支出\n";
        let shown = html(text, &options);
        let link = "<a class=\"term\" href=\"basic\">基本支出</a>";
        assert_eq!(shown.matches(link).count(), 2, "{shown}");
        assert!(shown.contains(&format!("<strong>{link}</strong>、基本支出</p>")), "{shown}");
        assert!(shown.ends_with(&format!("<p>{link}</p>\n")), "{shown}");
    }

    #[test]
    fn a_figure_marker_becomes_data_that_leads_to_its_cell() {
        let uses = [figure("373.97", Some(373_970_000))];
        let options = Options { uses: &uses, ..Options::default() };
        assert_eq!(
            html("共\u{E000}0\u{E001}万元", &options),
            "<p>共<data value=\"3739700\" data-cell=\"公开01表27行1栏\">\
             <a href=\"#t01-27-c1\">373.97</a></data>万元</p>\n"
        );
    }

    #[test]
    fn the_value_for_machines_is_in_yuan() {
        let cases =
            [(373_970_000, "3739700"), (1_050, "10.5"), (1_005, "10.05"), (-50, "-0.5"), (0, "0"), (1_000, "10")];
        for (fen, expected) in cases {
            assert_eq!(machine_value(&figure("", Some(fen))), expected);
        }
        assert_eq!(machine_value(&figure("61.49%", None)), "61.49");
    }

    #[test]
    fn a_chart_replaces_the_paragraph_it_stands_in_alone() {
        let charts = ["<figure>图</figure>".to_owned()];
        let options = Options { charts: &charts, ..Options::default() };
        assert_eq!(html("甲\n\n\u{E002}0\u{E003}\n\n乙", &options), "<p>甲</p>\n<figure>图</figure>\n<p>乙</p>\n");
        assert_eq!(html("甲\u{E002}0\u{E003}乙", &options), "<p>甲乙</p>\n<figure>图</figure>\n");
    }

    #[test]
    fn a_table_stands_in_a_frame() {
        assert_eq!(
            shown("## 甲\n\n| 年 | 数 |\n|---|--:|\n| 2023 | 1 |\n"),
            "<h2 id=\"section-1\">甲</h2>\n\
             <div class=\"frame\" tabindex=\"0\" role=\"group\" aria-label=\"甲：表格1\"><table>\
             <thead><tr><th scope=\"col\">年</th><th scope=\"col\">数</th></tr></thead><tbody>\n\
             <tr><td>2023</td><td>1</td></tr>\n</tbody></table></div>\n"
        );
    }
}
