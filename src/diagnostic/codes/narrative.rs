//! Narratives: finding codes.

use super::super::{Code, Severity};

/// The codes, in order of their numbers.
pub static CODES: &[Code] = &[
    Code::new(
        "N001",
        "narrative-template",
        Severity::Error,
        "情况说明模板出错",
        "情况说明的模板不能展开：写法有错，或者指名的栏目、附注、图不存在。请按提示的模板行号改正。",
    ),
    Code::new(
        "N002",
        "narrative-missing",
        Severity::Error,
        "缺少情况说明模板",
        "表式指定的情况说明模板不存在。请加上模板，或者改正 set.toml 里的 narrative。",
    ),
    Code::new(
        "N003",
        "reason-without-change",
        Severity::Warning,
        "没有变动却写了原因",
        "两个数相等，却给出了变动的原因。情况说明只写持平，不写原因。请核对数字，或者删去原因。",
    ),
];
