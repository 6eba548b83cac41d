//! Pages and publishing: finding codes.

use super::super::{Code, Severity};

/// The codes, in order of their numbers.
pub static CODES: &[Code] = &[Code {
    id: "P001",
    name: "path-collision",
    severity: Severity::Error,
    title: "路径冲突",
    docs: "两个页面要写到同一路径。请改其中一个的标识。",
}];
