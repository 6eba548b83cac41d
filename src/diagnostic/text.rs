//! Findings for people: a headline, the source with carets, and what to do next.

use std::fmt;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};

use super::{FileId, Finding, Place, Related, Severity, SourceMap};

/// How many related places are drawn beside the primary one; the rest are in the JSON.
const RELATED_SHOWN: usize = 8;

/// How long the lines may be that are drawn, in bytes; of longer ones, which nobody could read on
/// a terminal, the place is told.
const MOST_DRAWN: usize = 8 << 10;

/// How far apart they may stand: the renderer indexes all between them.
const MOST_INDEXED: usize = 256 << 10;

/// The text of a finding with its source excerpts, ending in a line break.
pub fn render(finding: &Finding, sources: &SourceMap, colour: bool) -> String {
    let title = level(finding.severity).primary_title(finding.message.as_str()).id(finding.code.id);
    let mut group = Group::with_title(title);
    for element in snippets(finding, sources) {
        group = group.element(element);
    }
    if let Some(help) = &finding.help {
        group = group.element(Level::HELP.with_name("怎么办").message(help.as_str()));
    }
    let accepted = finding.accepted.as_ref().map(ToString::to_string);
    if let Some(accepted) = &accepted {
        group = group.element(Level::NOTE.with_name("已说明").message(accepted.as_str()));
    }
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let mut text = renderer.decor_style(DecorStyle::Ascii).render(&[group]);
    text.push('\n');
    text
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR.with_name(severity.name()),
        Severity::Warning => Level::WARNING.with_name(severity.name()),
        Severity::Note => Level::NOTE.with_name(severity.name()),
    }
}

/// One snippet a file: the primary file first, then the files of related places.
fn snippets<'a>(finding: &'a Finding, sources: &'a SourceMap) -> Vec<Element<'a>> {
    let mut marks: Vec<(Place, Option<&'a str>, bool)> = Vec::new();
    if let Some(place) = finding.place {
        marks.push((place, None, true));
    }
    let is_suspect = |related: &Related| {
        let help = finding.help.as_deref().unwrap_or_default();
        related.cell.as_deref().is_some_and(|cell| help.contains(&format!(" {cell} ")))
    };
    for (related, place) in finding.related.iter().filter_map(|related| Some((related, related.place?))) {
        // Blank figures without a place of their own would hide the figures that have one.
        let sharing = || finding.related.iter().filter(|other| other.place == Some(place)).count();
        if related.label.ends_with("＝空白") && sharing() > 1 && !is_suspect(related) {
            continue;
        }
        if marks.len() > RELATED_SHOWN {
            break;
        }
        match marks.iter_mut().find(|(known, ..)| *known == place) {
            Some((_, label, true)) => *label = Some(related.label.as_str()),
            Some(_) => {}
            None => marks.push((place, Some(related.label.as_str()), false)),
        }
    }
    let mut files: Vec<FileId> = Vec::new();
    for (place, ..) in &marks {
        if !files.contains(&place.file) {
            files.push(place.file);
        }
    }
    files.into_iter().map(|file| snippet(file, &marks, sources)).collect()
}

fn snippet<'a>(file: FileId, marks: &[(Place, Option<&'a str>, bool)], sources: &'a SourceMap) -> Element<'a> {
    let source = sources.file(file);
    let marks = marks.iter().filter(|(place, ..)| place.file == file);
    let spans: Vec<_> = marks.map(|(place, label, primary)| (clamp(*place, source.text), *label, *primary)).collect();
    // The renderer indexes all that it is given: a big file once a finding takes minutes.
    let first = spans.iter().map(|(span, ..)| span.start).min().unwrap_or(0);
    let last = spans.iter().map(|(span, ..)| span.end).max().unwrap_or(0);
    let ((line, opening), (_, closing)) = (source.line(first), source.line(last));
    let cut = opening.start..closing.end;
    let drawn: usize = spans.iter().map(|(span, ..)| source.line(span.start).1.len()).sum();
    if drawn > MOST_DRAWN || cut.len() > MOST_INDEXED {
        let primary = spans.iter().find(|(.., primary)| *primary).map_or(first, |(span, ..)| span.start);
        let position = source.position(u32::try_from(primary).unwrap_or(u32::MAX));
        let origin = Origin::path(source.path).line(position.line as usize);
        return origin.char_column(position.column as usize).into();
    }
    let annotations = spans.into_iter().map(|(span, label, primary)| {
        let kind = if primary { AnnotationKind::Primary } else { AnnotationKind::Context };
        kind.span(span.start - cut.start..span.end - cut.start).label(label)
    });
    let drawn = Snippet::source(&source.text[cut.clone()]).line_start(line).path(source.path);
    drawn.annotations(annotations).into()
}

/// The byte range of a place, kept inside the text, on character boundaries and on one line.
fn clamp(place: Place, text: &str) -> std::ops::Range<usize> {
    let floor = |at: usize| (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let start = floor(place.start as usize);
    let end = floor(place.end as usize).max(start);
    let line_end = text[start..end].find('\n').map_or(end, |at| start + at);
    start..line_end
}

/// The closing lines of a run: what was found, what of it is explained, and how many relations
/// were judged how; `verdicts` are their Chinese names with their numbers.
pub fn summary(findings: &[Finding], verdicts: &[(&'static str, u32)]) -> String {
    let mut lines = vec![found(findings)];
    let drafts = findings.iter().filter(|finding| finding.draft && finding.accepted.is_none()).count();
    if drafts > 0 {
        lines.push(format!("另在草稿中发现 {drafts} 处；草稿不发布，也不妨碍别的单位发布。"));
    }
    let accepted = || findings.iter().filter(|finding| finding.accepted.is_some() && !finding.draft);
    let (all, statutory) = (accepted().count(), accepted().filter(|finding| finding.code.statutory).count());
    if all > 0 {
        let of_law = if statutory > 0 { format!("，其中法定关系不符 {statutory} 处") } else { String::new() };
        lines.push(format!("另有 {all} 处已由单位说明{of_law}，见各单位的数据质量页。"));
    }
    let judged: u32 = verdicts.iter().map(|(_, count)| count).sum();
    if judged > 0 {
        let parts = listed(verdicts.iter().copied());
        lines.push(format!("共核对 {judged} 条关系：{parts}。"));
    }
    lines.join("\n")
}

fn found(findings: &[Finding]) -> String {
    let ready = findings.iter().filter(|finding| !finding.draft).count();
    let open: Vec<&Finding> = findings.iter().filter(|finding| finding.accepted.is_none() && !finding.draft).collect();
    if open.is_empty() {
        let passed = if open.len() == ready { "没有发现问题" } else { "没有未说明的问题" };
        return format!("检查通过，{passed}。");
    }
    let count = |severity| open.iter().filter(|finding| finding.severity == severity).count();
    let severities = [Severity::Error, Severity::Warning, Severity::Note];
    format!("共发现 {} 处：{}。", open.len(), listed(severities.map(|severity| (severity.name(), count(severity)))))
}

/// `错误 1，警告 2`: names with their numbers, without those that do not occur.
fn listed<N: PartialEq + Default + fmt::Display>(counts: impl IntoIterator<Item = (&'static str, N)>) -> String {
    let occur = counts.into_iter().filter(|(_, count)| *count != N::default());
    occur.map(|(name, count)| format!("{name} {count}")).collect::<Vec<_>>().join("，")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Acceptance;

    #[test]
    fn carets_stand_under_chinese_text() {
        let mut sources = SourceMap::default();
        let text = "# 表\n\"人员经费合计\" = 1x\n";
        let file = sources.add("content/表.toml".into(), text);
        let at = text.find("1x").unwrap();
        let finding = Finding::new("S001", "“1x”不是数字").at(Place::new(file, at..at + 2)).help("只写数字，如 373.97");
        assert_eq!(
            render(&finding, &sources, false),
            "\
错误[S001]: “1x”不是数字
 --> content/表.toml:2:12
  |
2 | \"人员经费合计\" = 1x
  |                  ^^
  |
  = 怎么办: 只写数字，如 373.97
"
        );
    }

    #[test]
    fn a_place_outside_the_text_is_pulled_back() {
        let mut sources = SourceMap::default();
        let file = sources.add("a.toml".into(), "一");
        let finding = Finding::new("S001", "错").at(Place::new(file, 1..900));
        assert!(render(&finding, &sources, false).contains("a.toml:1:1"));
    }

    #[test]
    fn related_places_are_drawn_with_the_lines_they_stand_on() {
        let mut sources = SourceMap::default();
        let text = "一\n二\n三 = 3\n四\n五\n六\n七\n八 = 8\n九\n";
        let file = sources.add("a.toml".into(), text);
        let place = |what: &str| {
            let at = text.find(what).unwrap();
            Place::new(file, at..at + what.len())
        };
        let finding = Finding::new("S001", "错").at(place("8")).related("另一处", place("3"));
        assert_eq!(
            render(&finding, &sources, false),
            "\
错误[S001]: 错
 --> a.toml:8:5
  |
3 | 三 = 3
  |      - 另一处
...
8 | 八 = 8
  |      ^
"
        );
    }

    #[test]
    fn the_summary_counts_by_severity() {
        assert_eq!(summary(&[Finding::new("S001", "甲")], &[]), "共发现 1 处：错误 1。");
        assert_eq!(summary(&[], &[("相符", 0)]), "检查通过，没有发现问题。");
    }

    #[test]
    fn the_summary_tells_what_is_explained_and_how_relations_were_judged() {
        assert_eq!(
            summary(&[Finding::new("C124", "甲"), accepted()], &[("相符", 7), ("尾数误差", 0), ("无法核对", 2)]),
            "共发现 1 处：提示 1。\n另有 1 处已由单位说明，其中法定关系不符 1 处，见各单位的数据质量页。\n共核对 9 条关系：相符 7，无法核对 2。"
        );
    }

    fn accepted() -> Finding {
        let mut finding = Finding::new("C101", "合计与各数之差是0.03").severity(Severity::Warning).help("核对各数");
        finding.accepted = Some(Acceptance {
            level: Severity::Error,
            reason: "按批复调整。".into(),
            person: "张三".into(),
            date: "2024-11-11".into(),
            expires: Some("2025-12-31".into()),
        });
        finding
    }

    #[test]
    fn what_the_law_requires_is_shown_with_its_reason() {
        assert!(accepted().is_shown());
        assert_eq!(
            render(&accepted(), &SourceMap::default(), false),
            "\
警告[C101]: 合计与各数之差是0.03
 |
 = 怎么办: 核对各数
 = 已说明: 按批复调整（张三，2024-11-11，有效至2025-12-31）
"
        );
    }
}
