//! Checks of a disclosure against other years, other units and itself as a document: finding
//! codes.

use super::super::{Code, Severity};

const fn error(id: &'static str, name: &'static str, title: &'static str, docs: &'static str) -> Code {
    Code::new(id, name, Severity::Error, title, docs)
}

const fn warning(id: &'static str, name: &'static str, title: &'static str, docs: &'static str) -> Code {
    Code::new(id, name, Severity::Warning, title, docs)
}

const fn note(id: &'static str, name: &'static str, title: &'static str, docs: &'static str) -> Code {
    Code::new(id, name, Severity::Note, title, docs)
}

/// The codes, in order of their numbers.
pub static CODES: &[Code] = &[
    warning(
        "C115",
        "prior-figures-contradict",
        "上年数自相矛盾",
        "disclosure.toml 的 [prior] 里给出的上年数，彼此也应符合本表的勾稽关系，例如上年收入总计应等于上年支出总计。不符时，增减额和增减率就会算错。请对照上年的公开文件改正。",
    ),
    warning(
        "C116",
        "table-copied-from-last-year",
        "整张表与上年相同",
        "一张表的每个数都与上年的同一张表相同（至少六个数、四种数值），像是照抄了上年的表。请对照本年的决算改正；确实全无变动的，请编报人说明。",
    ),
    warning(
        "C117",
        "leap-from-last-year",
        "与上年相差十倍以上",
        "总计、合计与上年相差十倍以上，多半是小数点错位，或者元与万元相混（一万倍上下）。请核对数字和单位；机构、职能有大的变动的，应在情况说明中写明。",
    ),
    note(
        "C118",
        "year-missing",
        "年度不连续",
        "同一单位前后两份之间缺了年度。公开过的内容应长期保留在一处，缺的年度也使增减额无法核对。请补上；当年没有编报的不用改。",
    ),
    warning(
        "C119",
        "opening-budget-differs",
        "年初预算与公开的预算不一致",
        "决算里写的年初预算，应是同一年度公开的预算数；年中追加、划转的只改调整后预算，不改年初数。请对照本站同年度的预算改正。",
    ),
    note(
        "C126",
        "three-public-budget-differs",
        "“三公”经费预算数与公开的预算不一致",
        "决算“三公”经费表的预算数，与同年度公开的预算不同。预算数是按规定调整后的全年预算的可以不等，应当说明；是年初预算的应改成一致。",
    ),
    note(
        "C127",
        "row-without-figures",
        "科目行没有数",
        "按科目编码列示的表里有一行一个数也没有，多半是漏填。请补上金额；没有这项收支就删去这一行。",
    ),
    note(
        "C128",
        "row-copied",
        "相邻两个科目的数相同",
        "同一款下相邻的两个项级科目，各栏的数完全相同，又不是整数，像是把上一行的数又填了一遍。请对照原件；确实相等的不用改。",
    ),
    note(
        "C129",
        "staff-cost-in-project",
        "社会保险费、住房公积金列入项目支出",
        "在职人员的养老保险、职业年金缴费和住房公积金一般属于基本支出中的人员经费。列在项目支出栏的，请核对是不是填错了栏；确由项目经费列支的应当说明。",
    ),
    warning(
        "C142",
        "class-of-another-budget",
        "科目不属于这张表的预算",
        "223 是国有资本经营预算的支出，234 是抗疫特别国债安排的支出，不能列在别的预算的支出表里。请核对编码，或移到它所属的表。",
    ),
    warning(
        "C143",
        "date-outside-season",
        "日期与年度不合",
        "决算在次年批复和公开，预算在当年（或上年年末）批复和公开。日期的年份不合，多半是年份写错，或整份文件放错了年度。",
    ),
    warning(
        "C144",
        "evaluation-date-outside",
        "自评表的填报日期不对",
        "绩效自评在年度终了之后进行，并与决算一同公开，填报日期不应在年度终了之前，也不应晚于公开日期。请核对年份和月日。",
    ),
    warning(
        "C145",
        "title-of-another-kind",
        "标题混淆决算与预算",
        "决算的标题写成了预算，或者预算的标题写成了决算，读者会认错文件。请改正标题；是另一种文件的，改正 kind、表式和目录名。",
    ),
    note(
        "C146",
        "title-without-unit",
        "标题没有单位名称",
        "标题里既没有单位的全称，也没有简称，可能是从别的单位的文件抄来的。请核对；标题本来不写单位名称的不用改。",
    ),
    warning(
        "C147",
        "text-of-another-year",
        "文字中的年度不对",
        "空表说明或自评表的标题写的是别的年度，多半是从上年的文件抄来的。请改正年份。",
    ),
    warning(
        "C148",
        "scale-implausible",
        "全年支出的大小不合常理",
        "以元填写而全年支出不到一千元，或者一个单位以万元填写而全年支出超过一百亿元，多半是 scale 写错，元与万元相混。",
    ),
    error(
        "C149",
        "table-in-another-unit",
        "整张表的单位不同",
        "一张表与其他表相同的数，都相差同一个倍数（如一万倍），说明整张表用了别的计量单位。请把这张表的数换成与其他表相同的单位。",
    )
    .statutory(),
    warning(
        "C152",
        "sentence-of-another-table",
        "空表说明说的是另一张表",
        "空表说明讲的是另一种预算，例如政府性基金表写了没有国有资本经营预算支出，多半是抄错了。请改成本表的说明。",
    ),
    warning(
        "C153",
        "words-mixed",
        "“部门”与“单位”混用",
        "一份文件只用一个称谓。空表说明、原因、用途、绩效情况、重点工作里的“本部门”“本单位”应与全文一致。请改成同一个称谓。",
    ),
    warning(
        "C154",
        "part-missing",
        "缺少规定的部分",
        "表式规定的部分没有内容：单位概况的职责和机构、预算绩效情况、重点工作、名词解释。请按提示补上。",
    ),
    note(
        "C155",
        "tables-not-provided",
        "有表没有提供",
        "规定的表标为未提供（not_provided），其中的数都没有核对。除涉密外规定的表都应公开，请向编报单位要来补上。",
    ),
    warning(
        "C156",
        "zero-table-without-sentence",
        "空表没有说明",
        "一张表的数全是 0.00，又没有空表说明。没有数据的表也要公开，并写明没有这项收支；0.00 与没有数据不是一回事。",
    ),
    note(
        "C158",
        "total-unmoved",
        "合计与上年分毫不差",
        "两个以上的总计、合计与上年完全相等，可能是抄了上年的数，或者把本年的数写成了上年数。请对照两年的文件；确实持平的不用改。",
    ),
    error(
        "C159",
        "figure-one-row-off",
        "数错了一行或一栏",
        "一个数填在它的上一行、下一行或旁边一栏里，移到它自己的格里，有关的关系就都相符；或者另一张表的同一科目正好是这个数，而这一行却没有（这时只是警告）。请对照原件核对行次和栏次。",
    )
    .statutory(),
    warning(
        "C161",
        "units-exceed-department",
        "所属单位之和大于部门",
        "部门的决算、预算含所属各单位。所属单位的财政拨款收支、人员经费、公用经费、“三公”经费之和不应大于部门的数。请核对部门是否只填了本级，以及各单位的数和计量单位。",
    ),
    note(
        "C162",
        "unit-year-missing",
        "所属单位没有公开",
        "部门公开了这一年度，它的所属单位在本站却没有同一年度的公开文件。各单位也应自行公开。请补上；当年尚未成立或不单独核算的不用改。",
    ),
    warning(
        "C163",
        "word-of-the-other-kind",
        "把部门写成单位，或把单位写成部门",
        "含所属单位的是部门，一个核算单位是单位，文件的称谓应与隶属关系相符。请改正 disclosure.toml 的 word，或者 unit.toml 的 parent。",
    ),
    warning(
        "C164",
        "units-alike",
        "两个单位的数完全相同",
        "同一部门的两个单位，收入、支出和人员经费都完全相同，像是把一个单位的表放到了另一个单位的目录里。请对照两个单位的原件。",
    ),
];
