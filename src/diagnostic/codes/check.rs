//! Checks: finding codes.

use super::super::{Code, Severity};

/// The codes, in order of their numbers.
pub static CODES: &[Code] = &[Code {
    id: "C101",
    name: "relation-differs",
    severity: Severity::Error,
    title: "勾稽关系不符",
    docs: "表内或表间应当相等的数不相等。请核对列出的各数，改正填错的那一个。",
}];
