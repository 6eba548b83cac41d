//! Findings for people: a headline, the source with carets, and what to do next.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};

use super::{FileId, Finding, Place, Related, Severity, SourceMap};

/// How many related places are drawn beside the primary one; the rest are in the JSON.
const RELATED_SHOWN: usize = 8;

/// The text of a finding with its source excerpts, ending in a line break.
pub fn render(finding: &Finding, sources: &SourceMap, colour: bool) -> String {
    let title = level(finding.severity).primary_title(finding.message.as_str()).id(finding.code.id);
    let mut group = Group::with_title(title).elements(snippets(finding, sources));
    if let Some(help) = &finding.help {
        group = group.element(Level::HELP.with_name("怎么办").message(help.as_str()));
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
fn snippets<'a>(finding: &'a Finding, sources: &'a SourceMap) -> Vec<Snippet<'a, Annotation<'a>>> {
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

fn snippet<'a>(
    file: FileId,
    marks: &[(Place, Option<&'a str>, bool)],
    sources: &'a SourceMap,
) -> Snippet<'a, Annotation<'a>> {
    let source = sources.file(file);
    let annotations = marks.iter().filter(|(place, ..)| place.file == file).map(|(place, label, primary)| {
        let kind = if *primary { AnnotationKind::Primary } else { AnnotationKind::Context };
        kind.span(clamp(*place, &source.text)).label(*label)
    });
    Snippet::source(&*source.text).path(source.path.as_str()).annotations(annotations)
}

/// The byte range of a place, kept inside the text, on character boundaries and on one line.
fn clamp(place: Place, text: &str) -> std::ops::Range<usize> {
    let floor = |at: usize| (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let start = floor(place.start as usize);
    let end = floor(place.end as usize).max(start);
    let line_end = text[start..end].find('\n').map_or(end, |at| start + at);
    start..line_end
}

/// The closing line of a run: `共 3 项：错误 1，警告 2`.
pub fn summary(findings: &[Finding]) -> String {
    if findings.is_empty() {
        return "检查通过，没有发现问题。".to_owned();
    }
    let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    let parts: Vec<String> = [Severity::Error, Severity::Warning, Severity::Note]
        .into_iter()
        .map(|severity| (severity.name(), count(severity)))
        .filter(|(_, count)| *count > 0)
        .map(|(name, count)| format!("{name} {count}"))
        .collect();
    format!("共发现 {} 处：{}。", findings.len(), parts.join("，"))
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn the_summary_counts_by_severity() {
        assert_eq!(summary(&[Finding::new("S001", "甲")]), "共发现 1 处：错误 1。");
    }
}
