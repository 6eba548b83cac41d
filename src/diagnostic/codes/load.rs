//! Sources and forms: finding codes.

use super::super::{Code, Severity};

/// The codes, in order of their numbers.
pub static CODES: &[Code] = &[Code {
    id: "S001",
    name: "syntax-error",
    severity: Severity::Error,
    title: "语法错误",
    docs: "文件不符合 TOML 或 JSON 的写法，这一行没有读入。按提示改正后重新检查。",
}];
