//! Publishing: finding codes.

use super::super::{Code, Severity};

/// The codes, in order of their numbers.
pub static CODES: &[Code] = &[
    Code {
        id: "P010",
        name: "link-to-nowhere",
        severity: Severity::Error,
        title: "链接没有去处",
        docs: "生成的页面里有链接指向站内不存在的文件或位置。请改正链接，或补上它所指的内容。",
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
