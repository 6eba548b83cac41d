//! Pages and publishing: finding codes.

use super::super::{Code, Severity};

/// The codes, in order of their numbers.
pub static CODES: &[Code] = &[
    Code {
        id: "P001",
        name: "path-collision",
        severity: Severity::Error,
        title: "路径冲突",
        docs: "两个页面要写到同一路径。请改其中一个的标识。",
    },
    Code {
        id: "P010",
        name: "dead-link",
        severity: Severity::Error,
        title: "死链接",
        docs: "页面里的链接指向站内不存在的页面或位置。请改正链接，或补上它所指的内容。",
    },
    Code {
        id: "P011",
        name: "bad-anchor",
        severity: Severity::Error,
        title: "锚点有误",
        docs: "页内链接没有去处，或同一个锚点出现了两次。多由自写文字里重复的标题引起，请改标题或链接。",
    },
    Code {
        id: "P012",
        name: "staged-file-altered",
        severity: Severity::Error,
        title: "写入不一致",
        docs: "文件写入后重读，内容与生成的不一致，没有发布。请检查磁盘后重新生成。",
    },
];
