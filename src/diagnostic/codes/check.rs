//! Checks: finding codes.
//!
//! Statutory are what the law or the issued forms state outright: printed formulas, roll-ups, the
//! same figure in two tables (C101 to C103), every 类, 款 and 项 (C121), publication in time
//! (C141), and every table of the set (S031). C104 is not: its inequalities are drawn from what
//! columns mean, and money paid back breaks them lawfully. C105 is not: facts stand in the
//! narrative, whose form the provinces leave open, and many of its relations are inferred.

use super::super::{Code, Severity};

/// The codes, in order of their numbers.
pub static CODES: &[Code] = &[
    Code::new(
        "C101",
        "formula-differs",
        Severity::Error,
        "表内公式不符",
        "表下印有的公式不成立。合计与各数之差超过了四舍五入能造成的尾差（各数 n 个时不超过 n÷2 个末位）。请核对列出的各数，改正填错的那一个。",
    )
    .statutory(),
    Code::new(
        "C102",
        "rollup-differs",
        Severity::Error,
        "分级汇总或表内关系不符",
        "合计应等于各类之和，类应等于其下各款之和，款应等于其下各项之和；表内没有印出的其他关系也应成立。请核对列出的各数；空白的一格也可能是漏填。",
    )
    .statutory(),
    Code::new(
        "C103",
        "tables-differ",
        Severity::Error,
        "表间勾稽关系不符",
        "同一个数在两张表里应当相同，总表的数应等于明细表的合计。请对照两张表，改正填错的一处。",
    )
    .statutory(),
    Code::new(
        "C104",
        "part-exceeds-whole",
        Severity::Error,
        "部分大于总体",
        "一部分不能大于它所属的总体，例如一般公共预算支出不能大于全部支出。请核对两边的数。",
    ),
    Code::new(
        "C105",
        "facts-differ",
        Severity::Error,
        "表外数据不符",
        "年初预算、政府采购、车辆等表外数据，其合计与分项、或与表中的数不一致。请核对 disclosure.toml 里 [facts] 的各数。",
    ),
    Code::new(
        "C106",
        "improbable-tail",
        Severity::Warning,
        "尾差偏大",
        "合计与各数之差还在四舍五入可能的范围之内，但要几乎所有的数都朝一个方向舍入才会如此，多半是填错了。请核对列出的各数。",
    ),
    Code::new(
        "C109",
        "relation-names-nothing",
        Severity::Error,
        "勾稽关系指向不存在的格",
        "表式里的一条勾稽关系写了表式没有的表、行、栏或表外数据，因而没有核对。请改正表式文件。",
    ),
    Code::new(
        "C111",
        "stated-figure-differs",
        Severity::Error,
        "正文与表不一致",
        "正文写明的数（stated.toml）与表中或附注的数不是同一个数。同一个数在各处应当一致，请对照原件改正。",
    ),
    Code::new(
        "C112",
        "prior-figure-differs",
        Severity::Error,
        "上年数与上年公开的不一致",
        "disclosure.toml 的 [prior] 里写的上年数，与本站上年的公开数据不一致。请对照上年的公开文件改正；经过调整的应当说明。",
    ),
    Code::new(
        "C113",
        "opening-balance-differs",
        Severity::Error,
        "年初结转与上年年末不一致",
        "本年的年初结转和结余应等于上年的年末结转和结余。请核对两年的数。两年之间依规定调整过年初数的可以不等，但应当说明：在本年的 disclosure.toml 写一条 [[exceptions]]，写明 code = \"C113\"、cell（所指的格）、reason（调整的原因和依据）、person（谁负责）和 date（日期），就不再妨碍公开。",
    ),
    Code::new(
        "C114",
        "control-total-differs",
        Severity::Error,
        "与校验数不符",
        "表中数字的个数或合计，与录入时按原件另行计算的校验数（stated.toml 的 [[control]]）不一致，说明有数录错、多录或漏录。请对照原件逐个核对。",
    ),
    Code::new(
        "C121",
        "parent-row-missing",
        Severity::Error,
        "缺上级科目行",
        "表中有项级或款级科目，却没有它所属的款或类。类、款、项各行都要填写，程序不代为汇总。请补上缺的一行。",
    )
    .statutory(),
    Code::new(
        "C122",
        "rows-out-of-order",
        Severity::Warning,
        "科目行没有按编码排列",
        "按科目编码列示的表，应从小到大排列，类在前，其下的款、项随后。请调整各行的先后。",
    ),
    Code::new(
        "C123",
        "empty-table-filled",
        Severity::Error,
        "写明无数却有数字",
        "表写明当年没有这项收支（empty）或没有提供（not_provided），却又填了数字。请删去其中的一样。",
    ),
    Code::new(
        "C124",
        "negative-amount",
        Severity::Note,
        "负数",
        "表中的收支数一般不为负。冲减、退回等情形可以为负，宜在情况说明中写明；否则请核对正负号。",
    ),
    Code::new(
        "C125",
        "missing-counts",
        Severity::Warning,
        "“三公”经费没有写数量",
        "“三公”经费有支出时，因公出国（境）的团组数和人数、公务用车的购置数和保有量、公务接待的批次和人次必须一并公开（警告）；没有支出的也要写 0（提示）。请填在 disclosure.toml 的 [facts.three_public]。",
    ),
    Code::new(
        "C131",
        "weights-not-hundred",
        Severity::Error,
        "权重之和不是 100",
        "绩效自评表各指标（含预算执行率）的权重之和应为 100，合计行印的权重也应为 100。请核对各指标的权重，看有无漏列。",
    ),
    Code::new(
        "C132",
        "score-outside-weight",
        Severity::Error,
        "得分超出权重",
        "绩效自评表每个指标的得分应在 0 到它的权重之间。请核对这一指标。",
    ),
    Code::new(
        "C133",
        "score-total-differs",
        Severity::Error,
        "总分不等于各项得分之和",
        "绩效自评表的总分应等于各指标（含预算执行率）得分之和。请核对各项得分和总分。",
    ),
    Code::new(
        "C134",
        "execution-rate-differs",
        Severity::Error,
        "预算执行率不符",
        "预算执行率应等于执行数除以预算数（有调整后预算的用调整后预算），并四舍五入。请核对三个数。",
    ),
    Code::new(
        "C135",
        "rate-without-budget",
        Severity::Note,
        "没有预算却有执行率",
        "预算数为 0 时没有执行率可言，宜留空或写“—”，不宜印 0.00%。",
    ),
    Code::new(
        "C136",
        "funding-differs",
        Severity::Error,
        "各项资金之和不等于总额",
        "绩效自评表预算执行情况的总额（合计）应等于各项资金之和。请核对这几行。",
    ),
    Code::new(
        "C137",
        "projects-exceed-spending",
        Severity::Note,
        "项目执行数大于项目支出",
        "各项目自评的执行数合计大于支出决算表的项目支出。项目资金含有上年结转或其他来源时可以如此，宜核对并说明。",
    ),
    Code::new(
        "C138",
        "whole-evaluation-differs",
        Severity::Warning,
        "整体自评表与支出决算表不一致",
        "部门整体绩效自评表的基本支出、项目支出总额，应与支出决算表的合计行一致。请核对两处的数。",
    ),
    Code::new(
        "C139",
        "rate-unreadable",
        Severity::Error,
        "执行率不是百分比",
        "预算执行率应写成百分比，如 98.48%；没有执行率的留空，或写“—”“/”。读不出的执行率无法核对，请改正。",
    ),
    Code::new(
        "C141",
        "published-late",
        Severity::Warning,
        "公开日期不合规定",
        "部门预算、决算应在批复后 20 日内公开（预算法第十四条，实施条例第六条）。请核对公开日期和批复日期。",
    )
    .statutory(),
    Code::new(
        "C151",
        "item-without-term",
        Severity::Note,
        "项级科目没有名词解释",
        "表中出现的每个项级科目都应有名词解释。请在 content/glossary/ 下为它写一条，写明 codes；或者在 content/classifications/functional.toml 为它写 explanation。",
    ),
    Code::new(
        "C191",
        "exception-unused",
        Severity::Error,
        "例外没有对应的问题",
        "disclosure.toml 的一条 [[exceptions]] 所说的问题并不存在：已经改正了，或者 code、cell 写错了。留着它，以后出现的同样问题会被当作已经说明。请删去或改正这一条。",
    ),
    Code::new(
        "C192",
        "exception-expired",
        Severity::Error,
        "例外已经过期",
        "disclosure.toml 的一条 [[exceptions]] 过了 expires 写的日期，不再有效，所指的问题照常算。请改正问题后删去这一条；仍有理由的，由负责人重新写明日期。",
    ),
    Code::new(
        "C193",
        "statutory-level",
        Severity::Error,
        "法定的核对关系不能降级",
        "site.toml 的 [[levels]] 要降低或关闭一项法定的核对关系，没有照办。法定的关系对每个单位都一样；个别单位确有原因不符的，在它的 disclosure.toml 写 [[exceptions]] 说明，并随数据公开。",
    ),
];
