//! Narratives: finding codes.

use super::super::{Code, Severity};

/// The codes, in order of their numbers.
pub static CODES: &[Code] = &[Code {
    id: "N001",
    name: "narrative-template",
    severity: Severity::Error,
    title: "情况说明模板出错",
    docs: "情况说明的模板不能展开。请按提示的模板行号改正。",
}];
