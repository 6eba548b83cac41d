//! Checks: finding codes.

use super::super::{Code, Severity};

const fn code(
    id: &'static str,
    name: &'static str,
    severity: Severity,
    title: &'static str,
    docs: &'static str,
) -> Code {
    Code { id, name, severity, title, docs }
}

/// The codes, in order of their numbers.
pub static CODES: &[Code] = &[
    code(
        "C101",
        "formula-differs",
        Severity::Error,
        "表内公式不符",
        "表下印有的公式不成立。合计与各数之差超过了四舍五入能造成的尾差（各数 n 个时不超过 n÷2 个末位）。请核对列出的各数，改正填错的那一个。",
    ),
    code(
        "C102",
        "rollup-differs",
        Severity::Error,
        "分级汇总或表内关系不符",
        "合计应等于各类之和，类应等于其下各款之和，款应等于其下各项之和；表内没有印出的其他关系也应成立。请核对列出的各数；空白的一格也可能是漏填。",
    ),
    code(
        "C103",
        "tables-differ",
        Severity::Error,
        "表间勾稽关系不符",
        "同一个数在两张表里应当相同，总表的数应等于明细表的合计。请对照两张表，改正填错的一处。",
    ),
    code(
        "C104",
        "part-exceeds-whole",
        Severity::Error,
        "部分大于总体",
        "一部分不能大于它所属的总体，例如一般公共预算支出不能大于全部支出。请核对两边的数。",
    ),
    code(
        "C105",
        "facts-differ",
        Severity::Error,
        "表外数据不符",
        "年初预算、政府采购、车辆等表外数据，其合计与分项、或与表中的数不一致。请核对 disclosure.toml 里 [facts] 的各数。",
    ),
    code(
        "C106",
        "improbable-tail",
        Severity::Warning,
        "尾差偏大",
        "合计与各数之差还在四舍五入可能的范围之内，但要几乎所有的数都朝一个方向舍入才会如此，多半是填错了。请核对列出的各数。",
    ),
    code(
        "C109",
        "relation-names-nothing",
        Severity::Error,
        "勾稽关系指向不存在的格",
        "表式里的一条勾稽关系写了表式没有的表、行、栏或表外数据，因而没有核对。请改正表式文件。",
    ),
    code(
        "C111",
        "stated-figure-differs",
        Severity::Error,
        "正文与表不一致",
        "正文写明的数（stated.toml）与表中或附注的数不是同一个数。同一个数在各处应当一致，请对照原件改正。",
    ),
    code(
        "C112",
        "prior-figure-differs",
        Severity::Error,
        "上年数与上年公开的不一致",
        "disclosure.toml 的 [prior] 里写的上年数，与本站上年的公开数据不一致。请对照上年的公开文件改正；经过调整的应当说明。",
    ),
    code(
        "C113",
        "opening-balance-differs",
        Severity::Warning,
        "年初结转与上年年末不一致",
        "本年的年初结转和结余应等于上年的年末结转和结余。两年之间调整过年初数的，可以不等，但应当说明。",
    ),
    code(
        "C121",
        "parent-row-missing",
        Severity::Error,
        "缺上级科目行",
        "表中有项级或款级科目，却没有它所属的款或类。类、款、项各行都要填写，程序不代为汇总。请补上缺的一行。",
    ),
    code(
        "C122",
        "rows-out-of-order",
        Severity::Warning,
        "科目行没有按编码排列",
        "按科目编码列示的表，应从小到大排列，类在前，其下的款、项随后。请调整各行的先后。",
    ),
    code(
        "C123",
        "empty-table-filled",
        Severity::Error,
        "写明无数却有数字",
        "表写明当年没有这项收支（empty）或没有提供（not_provided），却又填了数字。请删去其中的一样。",
    ),
    code(
        "C124",
        "negative-amount",
        Severity::Note,
        "负数",
        "表中的收支数一般不为负。冲减、退回等情形可以为负，宜在情况说明中写明；否则请核对正负号。",
    ),
    code(
        "C131",
        "weights-not-hundred",
        Severity::Error,
        "权重之和不是 100",
        "绩效自评表各指标（含预算执行率）的权重之和应为 100。请核对各指标的权重，看有无漏列。",
    ),
    code(
        "C132",
        "score-outside-weight",
        Severity::Error,
        "得分超出权重",
        "绩效自评表每个指标的得分应在 0 到它的权重之间。请核对这一指标。",
    ),
    code(
        "C133",
        "score-total-differs",
        Severity::Error,
        "总分不等于各项得分之和",
        "绩效自评表的总分应等于各指标（含预算执行率）得分之和。请核对各项得分和总分。",
    ),
    code(
        "C134",
        "execution-rate-differs",
        Severity::Error,
        "预算执行率不符",
        "预算执行率应等于执行数除以预算数（有调整后预算的用调整后预算），并四舍五入。请核对三个数。",
    ),
    code(
        "C135",
        "rate-without-budget",
        Severity::Note,
        "没有预算却有执行率",
        "预算数为 0 时没有执行率可言，宜留空或写“—”，不宜印 0.00%。",
    ),
    code(
        "C136",
        "funding-differs",
        Severity::Error,
        "各项资金之和不等于总额",
        "绩效自评表预算执行情况的总额（合计）应等于各项资金之和。请核对这几行。",
    ),
    code(
        "C137",
        "projects-exceed-spending",
        Severity::Note,
        "项目执行数大于项目支出",
        "各项目自评的执行数合计大于支出决算表的项目支出。项目资金含有上年结转或其他来源时可以如此，宜核对并说明。",
    ),
    code(
        "C141",
        "published-late",
        Severity::Warning,
        "公开日期不合规定",
        "部门预算、决算应在批复后 20 日内公开（预算法第十四条，实施条例第六条）。请核对公开日期和批复日期。",
    ),
    code(
        "C151",
        "item-without-term",
        Severity::Note,
        "项级科目没有名词解释",
        "表中出现的每个项级科目都应有名词解释。请在 content/glossary/ 下为它写一条，写明 codes。",
    ),
];
