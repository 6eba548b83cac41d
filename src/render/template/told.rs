//! Tera's messages in the words of the product, and the places in its reports.

use std::ops::Range;

use crate::text::nearest;

/// One of the mistakes that Tera tells together, as text, when templates do not fit together:
///
/// ```text
/// error: Unknown filter `uper`
///  --> base.html:2:18
///   |
/// 2 | {{ frame.title | uper }}
///   |                  ^^^^
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Report<'r> {
    /// What Tera says.
    pub(super) message: &'r str,
    /// The template.
    pub(super) template: &'r str,
    /// The line, from 1.
    line: usize,
    /// The column in characters, from 1.
    column: usize,
    /// How many characters are meant.
    width: usize,
}

impl<'r> Report<'r> {
    /// The reports in a message; none where it has another shape.
    pub(super) fn read(text: &'r str) -> Vec<Self> {
        let mut reports: Vec<Self> = Vec::new();
        let mut message = None;
        for line in text.lines() {
            if let Some(told) = line.strip_prefix("error: ") {
                message = Some(told);
            } else if let (Some(told), Some(place)) = (message, line.trim_start().strip_prefix("--> ")) {
                let mut parts = place.rsplitn(3, ':');
                let (column, line, template) = (parts.next(), parts.next(), parts.next());
                let number = |part: Option<&str>| part.and_then(|part| part.parse().ok());
                if let (Some(column), Some(line), Some(template)) = (number(column), number(line), template) {
                    reports.push(Self { message: told, template, line, column, width: 1 });
                }
                message = None;
            } else if let Some(report) = reports.last_mut().filter(|_| line.trim_end().ends_with('^')) {
                report.width = line.chars().filter(|c| *c == '^').count();
            }
        }
        reports
    }

    /// The place in the template's text, in bytes.
    pub(super) fn range(&self, template: &str) -> Option<Range<usize>> {
        let line = template.split_inclusive('\n').nth(self.line.checked_sub(1)?)?;
        let start = line.as_ptr() as usize - template.as_ptr() as usize;
        let offset = |column: usize| line.char_indices().nth(column).map_or(line.len(), |(at, _)| at);
        let first = self.column.checked_sub(1)?;
        Some(start + offset(first)..start + offset(first + self.width))
    }
}

/// What Tera says, as the product says it, and what to do.
pub(super) fn in_chinese<'n>(message: &str, templates: impl Iterator<Item = &'n str>) -> (String, String) {
    let unknown = |kind: &str| message.strip_prefix(&format!("Unknown {kind} `"))?.strip_suffix('`');
    if let Some(name) = unknown("filter") {
        let help = nearest(name, FILTERS).map_or_else(|| "可用的过滤器见 docs/themes.md".to_owned(), is_it);
        return (format!("没有过滤器“{name}”"), help);
    }
    if let Some(name) = unknown("function") {
        return (
            format!("没有函数“{name}”"),
            "模板只有函数 range、throw 和 super，不能读文件、环境变量和网络".to_owned(),
        );
    }
    if let Some(name) = unknown("test") {
        return (format!("没有判断“{name}”"), "请改正 is 后面的名称".to_owned());
    }
    if let Some(name) = unknown("component") {
        return (format!("没有组件“{name}”"), "请改正名称，或用 component 定义它".to_owned());
    }
    if let Some(name) = unknown("template") {
        let help = nearest(name, templates)
            .map_or_else(|| "只能引入主题 templates 目录里的模板，写它在目录里的路径".to_owned(), is_it);
        return (format!("没有模板“{name}”"), help);
    }
    if let Some((kind, rest)) = not_defined(message) {
        let (name, known) = rest;
        let known: Vec<&str> = known.split(", ").filter(|name| !name.is_empty()).collect();
        let help = nearest(name, known.iter().copied()).map_or_else(
            || if known.is_empty() { SEE.to_owned() } else { format!("这里有：{}", known.join("、")) },
            is_it,
        );
        return (format!("没有{kind}“{name}”"), help);
    }
    if message == "Unexpected end of input" {
        return ("模板没有写完".to_owned(), "补上缺少的 }}、%} 或 endif、endfor、endblock".to_owned());
    }
    if message == "Unknown tag" {
        let help = "多半是前面的 if 或 for 没有用 endif、endfor 结束，否则是标记的名称写错了".to_owned();
        return ("这里不该有这个标记".to_owned(), help);
    }
    if message.starts_with("This content would be ignored") {
        return ("这里的内容不会显示".to_owned(), "继承别的模板时，内容都要写在 block 和 endblock 之间".to_owned());
    }
    if let Some(block) = message.strip_prefix("Block `").and_then(|rest| rest.split('`').next()) {
        let help = "块只能是上级模板里有的，请改正名称，或在上级模板里加上这一块".to_owned();
        return (format!("上级模板里没有块“{block}”"), help);
    }
    (format!("模板有误：{message}"), SEE.to_owned())
}

const SEE: &str = "请改正模板的这一处；模板能用的内容见 docs/themes.md，自带主题可作对照";

fn is_it(near: &str) -> String {
    format!("是不是“{near}”？")
}

/// The name in `Field `x` is not defined. Available fields: a, b`, and what there is.
fn not_defined(message: &str) -> Option<(&'static str, (&str, &str))> {
    let kinds = [("Field `", "内容"), ("Variable `", "变量")];
    let (rest, kind) = kinds.iter().find_map(|(head, kind)| Some((message.strip_prefix(head)?, *kind)))?;
    let (name, rest) = rest.split_once("` is not defined")?;
    let known = rest.split_once(": ").map_or("", |(_, known)| known);
    Some((kind, (name, known)))
}

/// The filters that Tera has, as far as they are worth suggesting.
const FILTERS: [&str; 24] = [
    "abs",
    "capitalize",
    "default",
    "escape_html",
    "first",
    "get",
    "int",
    "join",
    "keys",
    "last",
    "length",
    "lower",
    "nth",
    "replace",
    "reverse",
    "round",
    "safe",
    "sort",
    "split",
    "str",
    "trim",
    "truncate",
    "unique",
    "upper",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_are_read_with_places_in_characters() {
        let text = "error: Unknown filter `uper`\n --> a/b.html:2:4\n  |\n2 | 单位 uper\n  |    ^^^^\n\nerror: x\n --> c:1:1\n";
        let reports = Report::read(text);
        assert_eq!((reports.len(), reports[0].template, reports[1].message), (2, "a/b.html", "x"));
        let template = "一\n单位 uper";
        assert_eq!(reports[0].range(template).map(|range| &template[range]), Some("uper"));
        assert_eq!(reports[1].range(""), None);
    }

    #[test]
    fn every_suggested_filter_exists() {
        for filter in FILTERS {
            let mut tera = tera::Tera::new();
            let known = tera.add_raw_template("a", &format!("{{{{ x | {filter} }}}}"));
            assert!(known.is_ok(), "{filter}");
        }
    }

    #[test]
    fn messages_say_what_is_meant_and_what_there_is() {
        let told = |message: &str| in_chinese(message, ["pager.html"].into_iter());
        assert_eq!(told("Field `titel` is not defined. Available fields: title, site").1, "是不是“title”？");
        assert_eq!(told("Variable `x` is not defined. Available variables: frame, page").1, "这里有：frame、page");
        assert_eq!(told("Unknown template `pagr.html`").1, "是不是“pager.html”？");
        assert_eq!(told("Unknown function `get_env`").0, "没有函数“get_env”");
        assert!(told("Unknown tag").1.contains("endif"));
        assert!(told("Whatever").0.ends_with("Whatever"));
    }
}
