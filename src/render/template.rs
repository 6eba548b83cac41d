//! The theme's templates: parsed once, rendered for every page, autoescaped. What is wrong with
//! them is found with its place; `docs/themes.md` says what they see.

pub(crate) mod tags;
mod told;

use std::collections::BTreeMap;
use std::ops::Range;

use tera::{Context, ErrorKind, Kwargs, State, Tera, Value};

use crate::diagnostic::{FileId, Finding, Place};
use crate::model::site::Theme;
use crate::render::view::{Drawn, Frame};
use crate::text::{nearest, write_escaped};
use tags::{Circle, Web};
use told::Report;

/// The templates that a theme must have.
pub const REQUIRED: [&str; 21] = [
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
    "full-text.html",
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

impl<'a> Templates<'a> {
    /// Parses a theme's templates. Tera gives them filters and tests on values, and the functions
    /// `range` and `throw`; nothing that reads files, the environment or the network.
    pub fn new(theme: &'a Theme) -> (Self, Vec<Finding>) {
        let web = Web::new(theme.templates.iter().map(|(name, text)| (name.as_str(), text.value.as_str())));
        let mut tera = Tera::new();
        tera.register_filter("safe", safe);
        tera.set_escape_fn(write_escaped);
        let mut templates = Self { tera, theme };
        let mut findings: Vec<Finding> = REQUIRED
            .iter()
            .filter(|name| !theme.templates.contains_key(**name))
            .map(|name| Finding::new("P005", format!("主题里缺少页面模板 {name}")).help("请从自带主题复制同名文件。"))
            .collect();
        // Tera would follow a circle until the stack is full.
        findings.extend(web.circle().map(|circle| templates.circle(&circle)));
        if findings.is_empty() {
            let texts = theme.templates.iter().map(|(name, text)| (name, &text.value));
            if let Err(error) = templates.tera.add_raw_templates(texts) {
                findings = templates.findings(&error, &web);
            }
        }
        findings.extend(templates.unused(&web));
        (templates, findings)
    }

    /// Renders a page: UTF-8, as all that goes into it is.
    #[expect(clippy::result_large_err, reason = "a page fails once, if ever; findings are kept whole")]
    pub fn render(&self, frame: &Frame, drawn: Drawn, path: &str) -> Result<Vec<u8>, Finding> {
        let mut context = Context::new();
        context.insert("frame", frame);
        context.insert_value("page", drawn.view);
        let mut html = Vec::with_capacity(ROOM);
        let rendered = self.tera.render_to(drawn.template, &context, &mut html);
        rendered.map(|()| html).map_err(|error| {
            let (message, place) = match error.kind() {
                ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
                    (report.message().to_owned(), self.place(report.filename(), report.span().range.clone()))
                }
                _ => (error.to_string(), None),
            };
            self.finding(&message, place, &format!("{ON_PAGE}{path}）"))
        })
    }

    /// What is wrong with templates that could not be parsed or do not fit together.
    fn findings(&self, error: &tera::Error, web: &Web) -> Vec<Finding> {
        let unknown = |wanted: &str, by: &str| {
            let place = web.mention(wanted, by).and_then(|range| self.place(by, range));
            vec![self.finding(&format!("Unknown template `{wanted}`"), place, "")]
        };
        match error.kind() {
            ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
                let place = self.place(report.filename(), report.span().range.clone());
                vec![self.finding(report.message(), place, "")]
            }
            ErrorKind::MissingParent { current, parent } => unknown(parent, current),
            ErrorKind::Msg(text) => {
                let reports = Report::read(text);
                if reports.is_empty() {
                    return vec![self.finding(text, None, "")];
                }
                let place = |report: &Report<'_>| {
                    let range = report.range(&self.theme.templates.get(report.template)?.value)?;
                    self.place(report.template, range)
                };
                reports.iter().map(|report| self.finding(report.message, place(report), "")).collect()
            }
            _ => vec![self.finding(&error.to_string(), None, "")],
        }
    }

    fn finding(&self, message: &str, place: Option<Place>, page: &str) -> Finding {
        let names = self.theme.templates.keys().map(String::as_str);
        let (told, help) = told::in_chinese(message, names);
        Finding::new("P004", format!("{told}{page}")).at(place).help(help)
    }

    fn circle(&self, circle: &Circle) -> Finding {
        let message = format!("模板绕成一圈：{}", circle.way.join(" → "));
        let place = self.place(&circle.template, circle.range.clone());
        Finding::new("P004", message).at(place).help("extends、include 和组件都不能直接或间接用到自己；请断开其中一处")
    }

    /// Templates of the theme that nothing uses: of a name that no page has, named by no other.
    fn unused(&self, web: &Web) -> Vec<Finding> {
        let is_unused = |name: &str| !REQUIRED.contains(&name) && !web.names(name);
        let unused = self.theme.templates.iter().filter(|(name, text)| is_unused(name) && !has_component(&text.value));
        unused
            .map(|(name, text)| {
                let help = nearest(name, REQUIRED).map_or_else(
                    || {
                        "没有页面用这个名字；要么由别的模板用 include 引入，要么删去。页面模板见 docs/themes.md"
                            .to_owned()
                    },
                    |near| format!("是不是“{near}”？"),
                );
                let place = Place::new(text.place.file, text.place.start as usize..text.place.start as usize);
                Finding::new("P006", format!("模板 {name} 没有用到")).at(place).help(help)
            })
            .collect()
    }

    /// A range of a template's text as a place in its file.
    fn place(&self, template: &str, range: Range<usize>) -> Option<Place> {
        let start = self.theme.templates.get(template)?.place;
        let base = start.start as usize;
        Some(Place::new(start.file, base + range.start..base + range.end))
    }
}

/// Room for a page, so that it is not moved while it grows.
const ROOM: usize = 384 * 1024;

/// Whether a template defines components, which are known by their own names.
fn has_component(template: &str) -> bool {
    !tags::mentions(template).1.is_empty()
}

/// Tera's filter `safe`, without its copy of the text: tables and narratives are long.
fn safe(value: Value, _: Kwargs, _: &State<'_>) -> Value {
    if value.as_str().is_some() { value.mark_safe() } else { Value::safe_string(&value.to_string()) }
}

/// What stands before the path of the page that a finding was made on.
const ON_PAGE: &str = "（页面 ";

/// Tells a mistake in a template once, with how many pages it spoils: one in the frame of all
/// pages is found on every page.
pub fn told_once(findings: Vec<Finding>) -> Vec<Finding> {
    let cause = |finding: &Finding| {
        let (message, _) = finding.message.split_once(ON_PAGE).filter(|_| finding.code.id == "P004")?;
        Some((message.to_owned(), finding.place?))
    };
    let mut kept: Vec<(Finding, usize)> = Vec::new();
    let mut known: BTreeMap<(String, FileId, u32), usize> = BTreeMap::new();
    for finding in findings {
        let Some((message, place)) = cause(&finding) else {
            kept.push((finding, 1));
            continue;
        };
        let at = *known.entry((message, place.file, place.start)).or_insert(kept.len());
        match kept.get_mut(at) {
            Some((_, count)) => *count += 1,
            None => kept.push((finding, 1)),
        }
    }
    let told = |(mut finding, count): (Finding, usize)| {
        if let (2.., Some(head)) = (count, finding.message.strip_suffix('）')) {
            finding.message = format!("{head} 等{count}页）");
        }
        finding
    };
    kept.into_iter().map(told).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Placed;

    fn theme(base: &str) -> Theme {
        let text = |name: &str| if name == "base.html" { base.to_owned() } else { String::new() };
        let place = Place::start_of(FileId(0));
        let templates = REQUIRED.iter().map(|name| ((*name).to_owned(), Placed::new(text(name), place))).collect();
        Theme { templates, files: Vec::new() }
    }

    /// What is found in a theme with this base template: the text of the place, and the sentence.
    fn found(base: &str) -> Vec<(String, String)> {
        let theme = theme(base);
        let (_, findings) = Templates::new(&theme);
        let text = |place: Place| base.get(place.start as usize..place.end as usize).unwrap_or_default().to_owned();
        findings.iter().map(|finding| (finding.place.map(text).unwrap_or_default(), finding.message.clone())).collect()
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

    #[test]
    fn templates_have_no_function_that_reads_files_the_environment_or_the_network() {
        for name in ["get_env", "load_data", "get_file_hash", "resize_image", "now", "get_random", "include_raw"] {
            let [(text, message)] = &found(&format!("页首{{{{ {name}(name=\"HOME\", path=\"/etc/passwd\") }}}}"))[..]
            else {
                panic!("{name} is there");
            };
            assert!(text.starts_with(name) && message.contains(&format!("没有函数“{name}”")), "{text} {message}");
        }
    }

    #[test]
    fn every_unknown_name_is_found_where_it_stands() {
        let base = "首行\n{{ frame.title | uper }}{% include \"../../etc/passwd\" %}{% include \"pagerr.html\" %}";
        let [filter, outside, misspelt] = &found(base)[..] else { panic!("{:?}", found(base)) };
        assert_eq!(filter.1, "没有过滤器“uper”");
        assert!(outside.0.contains("passwd") && outside.1 == "没有模板“../../etc/passwd”", "{outside:?}");
        assert_eq!(misspelt.1, "没有模板“pagerr.html”");
    }

    #[test]
    fn a_parent_that_does_not_exist_is_found_where_it_is_named() {
        let base = "{% extends \"bse.html\" %}";
        assert_eq!(found(base), [("\"bse.html\"".to_owned(), "没有模板“bse.html”".to_owned())]);
    }

    #[test]
    fn circles_are_found_and_never_followed() {
        for base in [
            "{% extends \"base.html\" %}",
            "{% include \"base.html\" %}",
            "{% component a() %}{{ <a/> }}{% endcomponent %}{{ <a/> }}",
        ] {
            let [(_, message)] = &found(base)[..] else { panic!("{base}") };
            assert!(message.starts_with("模板绕成一圈"), "{message}");
        }
    }

    #[test]
    fn a_template_that_nothing_uses_is_told_with_the_name_that_may_be_meant() {
        let mut theme = theme("{% include \"part.html\" %}");
        for name in ["disclosre.html", "part.html"] {
            theme.templates.insert(name.to_owned(), Placed::new(String::new(), Place::start_of(FileId(1))));
        }
        let (_, findings) = Templates::new(&theme);
        let told: Vec<_> = findings.iter().map(|finding| (finding.code.id, finding.help.as_deref())).collect();
        assert_eq!(told, [("P006", Some("是不是“disclosure.html”？"))]);
    }

    #[test]
    fn a_mistake_on_many_pages_is_told_once() {
        let on = |page: &str, start: usize| {
            let place = Place::new(FileId(0), start..start + 1);
            Finding::new("P004", format!("没有“x”{ON_PAGE}{page}）")).at(place)
        };
        let told = told_once(vec![on("a", 1), on("b", 1), on("c", 2), Finding::new("P003", "别的")]);
        let messages: Vec<&str> = told.iter().map(|finding| finding.message.as_str()).collect();
        assert_eq!(messages, ["没有“x”（页面 a 等2页）", "没有“x”（页面 c）", "别的"]);
    }
}
