//! Words and figures: finding codes.

use super::super::{Code, Severity};

/// The codes, in order of their numbers.
pub static CODES: &[Code] = &[
    Code::new(
        "T101",
        "text-figure-differs",
        Severity::Error,
        "文字中的数与表不符",
        "文字里写的数，与表中、附注中的同一个数不一致。请对照表改正文字；表错了的，改正表。",
    ),
    Code::new(
        "T102",
        "text-change-differs",
        Severity::Error,
        "文字中的增减额不符",
        "与上年或预算相比的增加额、减少额，不等于两个数之差，或者增减的方向写反。请核对。",
    ),
    Code::new(
        "T103",
        "text-rate-differs",
        Severity::Error,
        "文字中的比率不符",
        "比重、完成率、增减幅度、节资率等，与计算它的两个数不符。各数经过四舍五入，凡是可能的比率都不算错；直接舍去末位的作为警告。",
    ),
    Code::new(
        "T104",
        "text-sum-differs",
        Severity::Error,
        "文字中的总数与各部分不符",
        "一段话里的总数不等于各部分之和，差额超过了尾差，或者差额不等于两数之差。请核对总数和各部分。",
    ),
    Code::new(
        "T105",
        "text-part-exceeds-whole",
        Severity::Error,
        "文字中的部分大于总体",
        "“其中”一项大于它所属的总数，例如共有0辆、其中1辆。请核对两个数。",
    ),
    Code::new(
        "T106",
        "text-repeats-differently",
        Severity::Error,
        "文字中同一个数前后不一致",
        "同一件事在文字的两处、或在文字和自评表里写了不同的数。请核对，改正错的一处；说的不是一件事的，把名称写清楚。",
    ),
    Code::new(
        "T107",
        "text-count-differs",
        Severity::Warning,
        "文字中的个数与实际不符",
        "文字说有几个项目、几个指标，与列出的或自评表里的个数不一致。请数一数，改正文字。",
    ),
    Code::new(
        "T108",
        "text-too-exact",
        Severity::Warning,
        "小数位数多于文件",
        "文件中的金额有两位小数，文字里却写了更多位。请照表中的数写。",
    ),
];
