//! The theme's templates: parsed once, rendered for every page, autoescaped.

use serde::Serialize;
use tera::{Context, ErrorKind, ReportError, Tera};

use crate::diagnostic::{Finding, Place};
use crate::model::site::Theme;
use crate::render::view::{Drawn, Frame};

/// The templates that a theme must have.
pub const REQUIRED: [&str; 20] = [
    "base.html",
    "home.html",
    "unit.html",
    "disclosure.html",
    "quality.html",
    "glossary.html",
    "term.html",
    "codes.html",
    "code.html",
    "forms.html",
    "form-set.html",
    "rules.html",
    "year.html",
    "search.html",
    "directory.html",
    "pager.html",
    "units-table.html",
    "data.html",
    "text.html",
    "404.html",
];

/// The parsed templates of a theme.
#[derive(Clone)]
pub struct Templates<'a> {
    tera: Tera,
    theme: &'a Theme,
}

#[derive(Serialize)]
struct Whole<'v> {
    frame: &'v Frame,
    page: &'v tera::Value,
}

impl<'a> Templates<'a> {
    /// Parses a theme's templates.
    pub fn new(theme: &'a Theme) -> (Self, Vec<Finding>) {
        let mut tera = Tera::new();
        let mut findings: Vec<Finding> = REQUIRED
            .iter()
            .filter(|name| !theme.templates.contains_key(**name))
            .map(|name| Finding::new("P005", format!("主题里缺少页面模板 {name}")).help("请从自带主题复制同名文件。"))
            .collect();
        let texts = theme.templates.iter().map(|(name, text)| (name, &text.value));
        let parsed = tera.add_raw_templates(texts);
        let templates = Self { tera, theme };
        if findings.is_empty() {
            findings.extend(parsed.err().map(|error| templates.finding(&error, None)));
        }
        (templates, findings)
    }

    /// Renders a page.
    #[expect(clippy::result_large_err, reason = "a page fails once, if ever; findings are kept whole")]
    pub fn render(&self, frame: &Frame, drawn: &Drawn, path: &str) -> Result<String, Finding> {
        let whole = Whole { frame, page: &drawn.view };
        Context::from_serialize(&whole)
            .and_then(|context| self.tera.render(drawn.template, &context))
            .map_err(|error| self.finding(&error, Some(path)))
    }

    fn finding(&self, error: &tera::Error, page: Option<&str>) -> Finding {
        let (message, place) = match error.kind() {
            ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
                (report.message().to_owned(), self.place(report))
            }
            _ => (error.to_string(), None),
        };
        let on = page.map(|path| format!("（页面 {path}）")).unwrap_or_default();
        Finding::new("P004", format!("模板不能展开{on}：{message}")).at(place).help("请改正模板的这一处。")
    }

    fn place(&self, report: &ReportError) -> Option<Place> {
        let start = self.theme.templates.get(report.filename())?.place;
        let range = &report.span().range;
        let base = start.start as usize;
        Some(Place::new(start.file, base + range.start..base + range.end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{FileId, Placed};

    fn theme(base: &str) -> Theme {
        let text = |name: &str| if name == "base.html" { base.to_owned() } else { String::new() };
        let place = Place::start_of(FileId(0));
        let templates = REQUIRED.iter().map(|name| ((*name).to_owned(), Placed::new(text(name), place))).collect();
        Theme { templates, files: Vec::new() }
    }

    #[test]
    fn a_template_that_cannot_be_parsed_is_found_at_its_place() {
        let theme = theme("<p>{{ frame.title </p>");
        let (_, findings) = Templates::new(&theme);
        assert_eq!(findings.len(), 1);
        assert!(findings[0].place.is_some_and(|place| place.start > 0));
    }

    #[test]
    fn a_missing_template_is_found() {
        let mut theme = theme("");
        theme.templates.remove("unit.html");
        let (_, findings) = Templates::new(&theme);
        assert_eq!(findings[0].message, "主题里缺少页面模板 unit.html");
    }
}
