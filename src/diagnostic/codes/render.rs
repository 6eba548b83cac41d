//! Pages: finding codes.

use super::super::{Code, Severity};

/// The codes, in order of their numbers.
pub static CODES: &[Code] = &[
    Code::new(
        "P001",
        "path-collision",
        Severity::Error,
        "路径冲突",
        "两个页面要写到同一路径。请改其中一个的标识，如单位目录名、页面文件名或主题文件名。",
    ),
    Code::new(
        "P002",
        "bad-path",
        Severity::Error,
        "路径不合规",
        "页面路径只能用小写英文字母、数字、连字符、下划线和点，各级之间用“/”隔开，否则换一台服务器就可能打不开；static 中的文件还可以用大写字母和点开头的名称。请改文件名或目录名。",
    ),
    Code::new(
        "P003",
        "dead-link",
        Severity::Error,
        "站内链接失效",
        "正文里的链接指向本站没有的页面。站内链接从网站根目录写起，如 /reading/index.html；请改正链接，或补上所指的页面。",
    ),
    Code::new(
        "P004",
        "template-error",
        Severity::Error,
        "主题模板出错",
        "主题的页面模板有语法错误，或用了页面没有提供的内容。请按提示的行号改正；自带主题可作对照。",
    ),
    Code::new(
        "P005",
        "missing-template",
        Severity::Error,
        "缺少页面模板",
        "主题里缺少一个必需的页面模板。请从自带主题补上同名文件。",
    ),
    Code::new(
        "P006",
        "unused-template",
        Severity::Warning,
        "没有用到的模板",
        "主题里有一个模板，没有页面用这个名字，也没有别的模板引入它，多半是文件名写错了。请改成页面模板的名字，或删去。",
    ),
    Code::new(
        "P007",
        "no-full-text",
        Severity::Error,
        "程序没有全文检索",
        "site.toml 的 [search] 要求全文检索，而所用的程序编译时没有带上它。请换用带全文检索的程序，或把 full_text 改为 false。",
    ),
];
