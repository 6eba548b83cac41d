//! What a preview adds to pages: how the checks went, in a bar above the page; every finding,
//! with its source; and a mark at each figure that a finding is about.
//!
//! It is put into pages that are ready made, at places that are the same in every theme (the
//! ends of `<head>`, the beginning of `<body>`, cells with `data-cell`), so that no theme can
//! leave it out, and pages that are published cannot have any of it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::diagnostic::{self, Finding, Place, Severity, SourceMap};
use crate::model::disclosure::{Disclosure, State};
use crate::model::site::Site;
use crate::model::table::{Figure, Table};
use crate::render::links::{RULES_PATH, disclosure_path};
use crate::render::page::Page;
use crate::text::{escape_html, push_escaped};

/// The folder of what is there in a preview only; no page of a plan stands below it.
pub const FOLDER: &str = "_preview/";

/// What the bar calls a disclosure that may not be published.
pub const FAILED: &str = "未通过检查";

/// What the bar calls a draft.
pub const DRAFT: &str = "草稿";

/// The id of the list of findings on a disclosure's page.
pub const FINDINGS: &str = "preview-findings";

/// How many findings a page lists; the overview has a place for all.
pub(crate) const MOST: usize = 300;

/// How many findings have a mark of their own at one figure.
const MOST_AT_ONE: usize = 3;

/// What pages of a preview say.
#[derive(Clone, Debug)]
pub(crate) struct Preview<'a> {
    sources: &'a SourceMap,
    site: Tally,
    /// What is about a unit or about the site, and about no year.
    general: Vec<Finding>,
    /// How many disclosures have errors, and how many are drafts.
    failed: usize,
    drafts: usize,
}

/// Open findings, counted by severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally([usize; 3]);

impl Tally {
    /// The findings that nobody explains, counted.
    pub fn of<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> Self {
        let mut tally = Self::default();
        for finding in findings.into_iter().filter(|finding| finding.accepted.is_none()) {
            tally.0[finding.severity as usize] += 1;
        }
        tally
    }

    /// How many of one severity.
    pub const fn count(self, severity: Severity) -> usize {
        self.0[severity as usize]
    }

    /// `错误2，警告1`; those that do not occur are left out.
    pub fn words(self) -> String {
        let said = SEVERITIES.into_iter().filter(|severity| self.count(*severity) > 0);
        let said: Vec<String> = said.map(|severity| format!("{}{}", severity.name(), self.count(severity))).collect();
        if said.is_empty() { "没有发现问题".to_owned() } else { said.join("，") }
    }
}

/// Every severity, the gravest first.
pub const SEVERITIES: [Severity; 3] = [Severity::Error, Severity::Warning, Severity::Note];

impl<'a> Preview<'a> {
    /// A preview of a site with these findings; `standing` are those of each disclosure.
    pub(crate) fn new(site: &Site, settled: &[Finding], standing: &[Vec<Finding>], sources: &'a SourceMap) -> Self {
        let has_error = |findings: &&Vec<Finding>| Tally::of(findings.iter()).count(Severity::Error) > 0;
        Self {
            sources,
            site: Tally::of(settled),
            general: settled.iter().filter(|finding| finding.year.is_none()).cloned().collect(),
            failed: standing.iter().filter(has_error).count(),
            drafts: site.disclosures.iter().filter(|disclosure| disclosure.state == State::Draft).count(),
        }
    }

    /// A page with what a preview adds to it.
    pub(crate) fn dress(&self, site: &Site, standing: &[Vec<Finding>], page: Page<'_>, html: &str) -> String {
        let (Page::Disclosure(at) | Page::Quality(at)) = page else { return dress(html, &self.bar()) };
        let disclosure = &site.disclosures[at];
        let of_unit = self.general.iter().filter(|finding| finding.unit.as_ref() == Some(&disclosure.unit));
        let found = listed(standing[at].iter().chain(of_unit));
        let found: Vec<Finding> = found.into_iter().map(|finding| self.at_cell(disclosure, finding)).collect();
        let findings: Vec<&Finding> = found.iter().collect();
        let bar = self.bar_of(disclosure, &findings);
        match page {
            Page::Disclosure(_) => dress(&marked(html, &findings), &bar),
            _ => dress(html, &bar),
        }
    }

    /// A finding with the figure of its line that could not be read, where it names none itself.
    fn at_cell(&self, disclosure: &Disclosure, finding: &Finding) -> Finding {
        let mut finding = finding.clone();
        let Some(place) = finding.place.filter(|_| finding.cell.is_none()) else { return finding };
        let line = |place: Place| self.sources.position(place).line;
        let meets = |other: Place| other.file == place.file && line(other) == line(place);
        let cells = disclosure.tables.iter().flat_map(Table::cells);
        let mut unread = cells.filter(|(_, cell)| cell.figure == Figure::NotRead && meets(cell.place));
        finding.cell = unread.next().map(|(at, _)| disclosure.set.name_of(at));
        finding
    }

    /// The bar of pages that are not about one disclosure.
    fn bar(&self) -> String {
        let mut said = Vec::new();
        if self.failed > 0 {
            said.push(format!("<b class=\"state\">{}份{FAILED}</b>", self.failed));
        }
        if self.drafts > 0 {
            said.push(format!("<b class=\"state\">{}份{DRAFT}</b>", self.drafts));
        }
        let class = if self.failed > 0 { "bad" } else { "good" };
        bar(class, &said.join(" "), &format!("全站{}", self.site.words()), "")
    }

    /// The bar of a disclosure, with its findings.
    fn bar_of(&self, disclosure: &Disclosure, findings: &[&Finding]) -> String {
        let tally = Tally::of(findings.iter().copied());
        let failed = tally.count(Severity::Error) > 0;
        let states = [(failed, FAILED), (disclosure.state == State::Draft, DRAFT)];
        let states =
            states.into_iter().filter(|(is_so, _)| *is_so).map(|(_, name)| format!("<b class=\"state\">{name}</b>"));
        let states = states.collect::<Vec<_>>().join(" ");
        let class = match (failed, disclosure.state) {
            (true, _) => "bad",
            (false, State::Draft) => "draft",
            (false, State::Ready) => "good",
        };
        let mut list = String::new();
        if !findings.is_empty() {
            let (open, state) = if failed { (" open", format!("<b>{FAILED}</b> ")) } else { ("", String::new()) };
            let count = findings.len();
            let _ =
                write!(list, "<details id=\"{FINDINGS}\"{open}><summary>{state}本份的{count}处问题</summary>\n<ol>\n");
            for (at, finding) in findings.iter().take(MOST).enumerate() {
                let href = finding.cell.as_deref().and_then(|cell| cell_href(disclosure, cell));
                push_finding(&mut list, finding, self.sources, Some(at + 1), href.as_deref());
            }
            list.push_str("</ol>\n");
            if findings.len() > MOST {
                let _ = writeln!(list, "<p>另有{}处，先改正这些。</p>", findings.len() - MOST);
            }
            list.push_str("</details>\n");
        }
        let of_site = Tally::of(self.general.iter().filter(|finding| finding.unit.is_none()));
        let words = match of_site.count(Severity::Error) {
            0 => format!("本份{}", tally.words()),
            errors => format!("本份{}；网站本身有错误{errors}，改正前都不能公开", tally.words()),
        };
        bar(class, &states, &words, &list)
    }
}

/// The findings that a page lists: the gravest first, otherwise in the order of the files.
fn listed<'f>(standing: impl Iterator<Item = &'f Finding>) -> Vec<&'f Finding> {
    let mut findings: Vec<&Finding> = standing.filter(|finding| finding.is_shown()).collect();
    findings.sort_by_key(|finding| (finding.accepted.is_some(), finding.severity));
    findings
}

fn bar(class: &str, states: &str, words: &str, list: &str) -> String {
    let space = if states.is_empty() { "" } else { " " };
    format!(
        "<aside class=\"preview-bar {class}\" id=\"preview-bar\" aria-label=\"预览\">\n<p>{states}{space}\
         预览，没有公开。{words}。 <a href=\"/{FOLDER}\">全部问题</a></p>\n{list}</aside>\n"
    )
}

/// The address of a cell on its disclosure's page, where the page shows it.
pub fn cell_href(disclosure: &Disclosure, cell: &str) -> Option<String> {
    let set = &disclosure.set;
    let cell = set.cell_named(cell).ok().filter(|cell| disclosure.shows(*cell))?;
    Some(format!("/{}#{}", disclosure_path(disclosure), set.form_of(cell).cell_anchor(cell)))
}

/// Appends a finding as an item of a list: its sentence, its figure, its place, and below them
/// the source and what to do. `number` makes it a target for the marks at figures.
pub fn push_finding(
    out: &mut String,
    finding: &Finding,
    sources: &SourceMap,
    number: Option<usize>,
    cell_href: Option<&str>,
) {
    let severity = finding.severity;
    out.push_str("<li");
    if let Some(number) = number {
        let _ = write!(out, " id=\"preview-{number}\"");
    }
    let code = finding.code.id;
    let _ = write!(out, " class=\"finding {}\"><details><summary><b>{} {code}</b> ", severity.key(), severity.name());
    push_escaped(out, &finding.message);
    out.push_str("</summary>\n<pre tabindex=\"0\">");
    push_escaped(out, diagnostic::render(finding, sources, false).trim_end());
    out.push_str("</pre></details>");
    if let Some(cell) = &finding.cell {
        out.push_str("<span class=\"where\">");
        match cell_href {
            Some(href) => {
                let _ = write!(out, "<a href=\"{}\">{}</a>", escape_html(href), escape_html(cell));
            }
            None => push_escaped(out, cell),
        }
        out.push_str("</span> ");
    }
    if let Some(place) = finding.place {
        let position = sources.position(place);
        let path = escape_html(sources.file(place.file).path);
        let _ = write!(out, "<code class=\"where\">{path}:{}:{}</code>", position.line, position.column);
    }
    let _ = writeln!(out, " <a class=\"where\" href=\"/{RULES_PATH}#{code}\">规则{code}</a></li>");
}

/// A page with a mark in every cell that a finding is about. Cells are known by `data-cell`,
/// which is part of the markup that tables promise.
fn marked(html: &str, findings: &[&Finding]) -> String {
    let mut marks: BTreeMap<String, String> = BTreeMap::new();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let open = findings.iter().enumerate().take(MOST).filter(|(_, finding)| finding.accepted.is_none());
    for (at, finding) in open {
        let Some(cell) = finding.cell.as_deref() else { continue };
        let count = counts.entry(cell).or_default();
        *count += 1;
        if *count <= MOST_AT_ONE {
            push_mark(marks.entry(escape_html(cell)).or_default(), at + 1, finding);
        }
    }
    let mut out = String::with_capacity(html.len() + 1024);
    let mut rest = html;
    while let Some(at) = rest.find("data-cell=\"") {
        let name = &rest[at + "data-cell=\"".len()..];
        let name = &name[..name.find('"').unwrap_or(0)];
        let is_cell = rest[..at].rfind('<').is_some_and(|open| rest[open..].starts_with("<td"));
        let mark = marks.get(name).filter(|_| is_cell);
        let marked = mark.and_then(|mark| Some((at + rest[at..].find("</td>")?, mark.as_str())));
        let (end, mark) = marked.unwrap_or((at + 1, ""));
        out.push_str(&rest[..end]);
        out.push_str(mark);
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

/// The number is shown by the style sheet: the text of the cell stays the figure, for whoever copies
/// it.
fn push_mark(out: &mut String, number: usize, finding: &Finding) {
    let said = escape_html(&format!("{} {}：{}", finding.severity.name(), finding.code.id, finding.message));
    let key = finding.severity.key();
    let _ = write!(
        out,
        "<a class=\"preview-mark {key}\" href=\"#preview-{number}\" title=\"{said}\" aria-label=\"{said}\" \
         data-number=\"{number}\"></a>"
    );
}

/// A page with the style sheet of previews and a bar.
fn dress(html: &str, bar: &str) -> String {
    let head = html.find("</head>").unwrap_or(0);
    let body = html[head..].find("<body").and_then(|at| html[head + at..].find('>').map(|end| head + at + end + 1));
    let body = body.unwrap_or(head);
    let body = body + skip_link(&html[body..]);
    let style = format!("<link rel=\"stylesheet\" href=\"/{FOLDER}preview.css\">\n");
    [&html[..head], &style, &html[head..body], "\n", bar, &html[body..]].concat()
}

/// The length of a link over the head of the page, which must stay the first thing there is.
fn skip_link(html: &str) -> usize {
    let rest = html.trim_start();
    let is_link = rest.starts_with("<a ") && rest.split('>').next().is_some_and(|tag| tag.contains("href=\"#"));
    let end = is_link.then(|| rest.find("</a>")).flatten();
    end.map_or(0, |end| html.len() - rest.len() + end + "</a>".len())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<html><head><title>甲</title></head><body class=\"x\"><main><table><tr>\
        <td class=\"n\" id=\"t01-27-c1\" data-cell=\"公开01表27行1栏\"><a href=\"#\">1.00</a></td>\
        <td class=\"n\" data-cell=\"公开01表28行1栏\">2.00</td></tr></table>\
        <p><data value=\"1\" data-cell=\"公开01表27行1栏\">1.00</data></p></main></body></html>";

    fn finding(cell: &str) -> Finding {
        Finding::new("C101", "合计<不符>").cell(cell)
    }

    #[test]
    fn a_finding_marks_its_cell_once_and_no_other() {
        let found = finding("公开01表27行1栏");
        let html = marked(PAGE, &[&found]);
        let mark = "1.00</a><a class=\"preview-mark error\" href=\"#preview-1\" title=\"错误 C101：合计&lt;不符&gt;\"";
        assert!(html.contains(mark), "{html}");
        assert_eq!(html.matches("preview-mark").count(), 1);
        assert_eq!(marked(PAGE, &[]), PAGE);
    }

    #[test]
    fn what_is_explained_has_no_mark_and_one_figure_not_more_than_three() {
        let found = vec![finding("公开01表28行1栏"); 5];
        let found: Vec<&Finding> = found.iter().collect();
        assert_eq!(marked(PAGE, &found).matches("preview-mark").count(), MOST_AT_ONE);
        let mut explained = finding("公开01表28行1栏");
        explained.accepted = Some(crate::diagnostic::Acceptance {
            level: Severity::Error,
            reason: "甲".into(),
            person: "乙".into(),
            date: "2024-11-11".into(),
            expires: None,
        });
        assert_eq!(marked(PAGE, &[&explained]), PAGE);
    }

    #[test]
    fn the_bar_stands_first_whatever_the_theme_leaves_out() {
        let dressed = dress(PAGE, "BAR");
        assert!(dressed.contains("preview.css\">\n</head><body class=\"x\">\nBAR<main>"), "{dressed}");
        let skipping = PAGE.replace("<main>", "\n<a class=\"skip\" href=\"#main\">跳到正文</a><main>");
        assert!(dress(&skipping, "BAR").contains("跳到正文</a>\nBAR<main>"));
        for bare in ["", "甲", "<main></main>", "<body", "</head>"] {
            assert!(dress(bare, "BAR").contains("BAR"), "{bare}");
        }
    }

    #[test]
    fn counts_name_what_occurs() {
        let found = [finding("a"), Finding::new("C124", "甲")];
        assert_eq!(Tally::of(&found).words(), "错误1，提示1");
        assert_eq!(Tally::default().words(), "没有发现问题");
    }
}
