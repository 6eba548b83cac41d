//! Publishing: finding codes.

use super::super::{Code, Severity};

/// The codes, in order of their numbers.
pub static CODES: &[Code] = &[
    Code::new(
        "P010",
        "link-to-nowhere",
        Severity::Error,
        "链接没有去处",
        "生成的页面里有链接指向站内不存在的文件或位置。请改正链接，或补上它所指的内容。",
    ),
    Code::new(
        "P011",
        "bad-anchor",
        Severity::Error,
        "锚点有误",
        "页内链接没有去处，或同一个锚点出现了两次。多由自写文字里重复的标题引起，请改标题或链接。",
    ),
    Code::new(
        "P012",
        "staged-file-altered",
        Severity::Error,
        "写入不一致",
        "文件写入后重读，内容与生成的不一致，没有发布。请检查磁盘后重新生成。",
    ),
];
