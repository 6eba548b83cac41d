//! The kinds of source files, key by key.
//!
//! What is said of a key is what an editor shows beside it. Amounts are in the unit of money of
//! the disclosure (`scale`, 万元 unless it says 元).

use super::{FileKind, Key, Object, Others, Shape};

/// Every kind of source file, in the order in which a site meets them.
pub static KINDS: &[FileKind] = &[
    file("site", "网站设置", "site.toml", &[SITE]),
    file("unit", "单位", "content/units/<单位>/unit.toml", &[UNIT]),
    file("disclosure", "一个单位一个年度的公开文件", "content/units/<单位>/<年度>/disclosure.toml", &[DISCLOSURE]),
    file("table", "填好的一张表", "content/units/<单位>/<年度>/tables/<表>.toml", &[TABLE]),
    optional_file("stated", "正文写明的金额和校验数", "content/units/<单位>/<年度>/stated.toml", &[STATED]),
    optional_file("performance", "绩效自评表", "content/units/<单位>/<年度>/performance/<名称>.toml", &[PERFORMANCE]),
    optional_file("work", "重点工作完成情况", "content/units/<单位>/<年度>/work.toml", &[WORK]),
    file("form-set", "表式：一套空白表", "content/forms/<表式>/set.toml", &[FORM_SET]),
    file("form", "一张空白表", "content/forms/<表式>/<表>.toml", &[TWO_SIDED, BY_CODE, BLOCKS, ONE_ROW]),
    file("classification", "科目分类", "content/classifications/<分类>.toml", &[CLASSIFICATION]),
    file("term", "名词解释文件开头的说明", "content/glossary/<名词>.md 的两行 +++ 之间", &[TERM]),
    file("page", "文字页面文件开头的说明", "content/pages/<页面>.md 的两行 +++ 之间", &[PAGE]),
];

const fn file(name: &'static str, title: &'static str, path: &'static str, shapes: &'static [Object]) -> FileKind {
    FileKind { name, title, path, may_be_blank: false, shapes }
}

/// A file whose skeleton counts as not there while it is all comments.
const fn optional_file(
    name: &'static str,
    title: &'static str,
    path: &'static str,
    shapes: &'static [Object],
) -> FileKind {
    FileKind { may_be_blank: true, ..file(name, title, path, shapes) }
}

const fn key(name: &'static str, shape: Shape, about: &'static str) -> Key {
    Key { name, about, required: false, shape }
}

/// A key that must be there.
const fn must(name: &'static str, shape: Shape, about: &'static str) -> Key {
    Key { name, about, required: true, shape }
}

const fn object(keys: &'static [Key]) -> Object {
    Object { keys, others: None }
}

/// A table whose keys are data.
const fn of(pattern: &'static str, shape: Shape, about: &'static str) -> Object {
    Object { keys: &[], others: Some(Others { pattern, about, shape }) }
}

const SITE: Object = object(&[
    key("title", Shape::Text, "网站的名称"),
    key("description", Shape::Text, "名称下面的一句话"),
    key("publisher", Shape::Text, "发布机关的全称"),
    key("base_url", Shape::Text, "网站发布后的完整网址，以 https:// 或 http:// 开头"),
    key("theme", Shape::Text, "主题：themes/ 下的目录名，不写用内置的 default"),
    key("downloads", Shape::Bool, "false 时不生成数据文件（CSV、XLSX、JSON 和校验值），附件照常公开；不写是 true"),
    key("levels", Shape::Tables(&LEVEL), "问题的级别，全站适用，一个代码一条"),
    key("license", Shape::Table(&LICENSE), "数据的许可协议"),
    key("redirects", Shape::Tables(&REDIRECT), "搬走的网址转到哪里"),
    key("search", Shape::Table(&SEARCH), "检索：说明文字的全文检索"),
]);

const SEARCH: Object =
    object(&[key("full_text", Shape::Bool, "true 时加一页全文检索；要用带全文检索的程序，不写是 false")]);

const LEVEL: Object = object(&[
    must("code", Shape::Text, "检查结果方括号中的代码，如 C122，或者它的名称"),
    must("level", Shape::Choice(&["off", "note", "warning", "error"]), "off 不查，note 提示，warning 警告，error 错误"),
    must("reason", Shape::Text, "为什么这样定，写成一句完整的话"),
]);

const LICENSE: Object = object(&[
    must("name", Shape::Text, "许可协议的简称，如 CC-BY-4.0"),
    key("title", Shape::Text, "许可协议的名称"),
    key("url", Shape::Text, "许可协议的网址"),
]);

const REDIRECT: Object = object(&[
    must("from", Shape::Text, "原来的路径，如 units/jiu/"),
    must("to", Shape::Text, "现在的路径，如 units/xin/"),
]);

const UNIT: Object = object(&[
    must("name", Shape::Text, "单位全称"),
    key("short", Shape::Text, "简称，用于列表；不写用全称"),
    must("region", Shape::Texts, "所在地区，从大到小：省、市、区（县）"),
    must("level", Shape::Choice(&["中央", "省级", "市级", "区级", "县级", "乡级"]), "级次"),
    must("kind", Shape::Choice(&["单位", "部门"]), "单位：一个独立核算的单位；部门：连同所属单位"),
    key("parent", Shape::Text, "上级部门的目录名，即 content/units 下的目录"),
    key("nature", Shape::Text, "性质，如 公益一类事业单位"),
    key("aliases", Shape::Texts, "曾用名、通称，查找时可用"),
    key("duties", Shape::Texts, "主要职责，一条一句"),
    key("organisation", Shape::Text, "机构设置，段落之间空一行"),
    key("divisions", Shape::Texts, "内设机构"),
]);

const DISCLOSURE: Object = object(&[
    must("forms", Shape::Text, "表式：content/forms 下的目录名或内置的，如 national-2022"),
    key("kind", Shape::Choice(&["final", "budget"]), "final 决算，budget 预算；不写照表式"),
    key("word", Shape::Choice(&["部门", "单位"]), "文件中的自称；不写照表式"),
    must("title", Shape::Text, "公开文件的标题"),
    key("scale", Shape::Choice(&["万元", "元"]), "这一年度各文件中金额的单位；不写照表式"),
    key("state", Shape::Choice(&["ready", "draft"]), "draft 草稿：照样检查但不发布；不写是 ready"),
    key("published", Shape::Date, "公开日期"),
    key("approved", Shape::Date, "批复日期"),
    key("rebuilt", Shape::Text, "表格按正文重建的，写明原因"),
    key("duties", Shape::Texts, "主要职责，只在与 unit.toml 不同的年度写"),
    key("organisation", Shape::Text, "机构设置，只在与 unit.toml 不同的年度写"),
    key("divisions", Shape::Texts, "内设机构，只在与 unit.toml 不同的年度写"),
    key("prior", Shape::Table(&PRIOR), "上年数：键是表中的格，如 \"公开01表31行1栏\""),
    key("facts", Shape::Table(&FACTS), "附注：表外的金额和数量，分组填写"),
    key("reasons", Shape::Table(&SENTENCES), "增减原因：一句话，不写“主要原因是”，句末不加句号"),
    key("uses", Shape::Table(&SENTENCES), "主要用途：写法与增减原因相同"),
    key("vehicle_use", Shape::Table(&VEHICLE_USE), "车辆的用途"),
    key("receptions", Shape::Tables(&RECEPTION), "公务接待明细，一次接待一条"),
    key("glossary", Shape::Table(&GLOSSARY), "名词解释"),
    key("corrections", Shape::Tables(&CORRECTION), "原件写错、按正确的录入的地方"),
    key("exceptions", Shape::Tables(&EXCEPTION), "检查出的问题确有理由、不改的，随数据公开"),
    key("amendments", Shape::Tables(&AMENDMENT), "更正：重新公开一次写一条，用 disclose amend 登记"),
]);

const PRIOR: Object = of("", Shape::Money, "上年的金额（万元；scale 是元时为元）");

const FACTS: Object = of("", Shape::Table(&FACT_GROUP), "一组附注，键由表式规定");

const FACT_GROUP: Object = of("", Shape::Figure, "金额（万元；scale 是元时为元）或数量；没有提供写 \"未提供\"");

const SENTENCES: Object = of("", Shape::Text, "一句话；键是情况说明中的一处，或者科目编码");

const VEHICLE_USE: Object = of("", Shape::Text, "用途；键与附注中车辆一组的键相同");

const GLOSSARY: Object =
    object(&[key("terms", Shape::Texts, "content/glossary 中的文件名，按印出的先后；项级科目自动列出")]);

const RECEPTION: Object = object(&[
    must("guests", Shape::Text, "接待的单位"),
    key("purpose", Shape::Text, "事由"),
    key("amount", Shape::Money, "金额（万元；scale 是元时为元）"),
    key("groups", Shape::Count, "批次"),
    key("people", Shape::Count, "人次"),
]);

const CORRECTION: Object = object(&[
    must("where", Shape::Text, "在公开文件的什么地方"),
    must("printed", Shape::Text, "原文所印"),
    must("right", Shape::Text, "正确的写法"),
    key("note", Shape::Text, "理由"),
    key("cell", Shape::Text, "所指的格或附注，如 公开01表27行1栏"),
]);

const EXCEPTION: Object = object(&[
    must("code", Shape::Text, "检查结果方括号中的代码，如 C113，或者它的名称"),
    key("cell", Shape::Text, "所指的格、附注或表号；不写就是这一份中这个代码的全部问题"),
    key("words", Shape::Text, "文字中的问题所指的字样"),
    must("reason", Shape::Text, "理由，写成一句完整的话"),
    must("person", Shape::Text, "由谁负责说明"),
    must("date", Shape::Date, "作出的日期"),
    key("expires", Shape::Date, "到哪一天为止"),
]);

const AMENDMENT: Object = object(&[
    must("version", Shape::Integer, "被更正的是第几版，从 1 起；它的源文件在 versions/ 的同名目录"),
    must("date", Shape::Date, "重新公开的日期，不早于前一次"),
    key("reason", Shape::Text, "错在哪里、为什么更正，一两句话，必须写；读者在网页上看到"),
]);

const TABLE: Object = object(&[
    key("lines", Shape::Table(&LINES), "按行次填写的表：键是行次、科目编码或合计行的名称"),
    key("rows", Shape::Tables(&ROW), "按科目填写的表：一个科目一行，合计、类、款、项都写"),
    key("columns", Shape::Table(&COLUMNS), "只有一行的表：键是栏次"),
    key("empty", Shape::Sentence, "确无数据的表：true 印表式的空表说明，或者自己写一句"),
    key("not_provided", Shape::Text, "原件没有提供这张表的，写明原因"),
    key("note", Shape::Text, "表下的说明"),
]);

const LINES: Object = of(
    "",
    Shape::Line,
    "金额（万元；scale 是元时为元）；有几栏的写 { 栏次 = 金额 }；没有提供写 \"未提供\"，没有的数不写",
);

const COLUMNS: Object = of("^\\d+$", Shape::Figure, "金额（万元；scale 是元时为元）");

const ROW: Object = Object {
    keys: &[
        must("code", Shape::RowCode, "科目编码：类 3 位、款 5 位、项 7 位；合计行写 \"合计\""),
        key("name", Shape::Text, "科目名称；写了就核对"),
    ],
    others: Some(Others {
        pattern: "^\\d+$", about: "这一栏的金额（万元；scale 是元时为元）", shape: Shape::Money
    }),
};

const STATED: Object = object(&[
    must("text", Shape::Table(&STATED_TEXT), "正文写明的数：键是表中的格或附注"),
    key("control", Shape::Tables(&CONTROL), "校验数：一张表一条"),
]);

const STATED_TEXT: Object = of("", Shape::Figure, "照正文所印的金额（万元；scale 是元时为元）或数量");

const CONTROL: Object = object(&[
    must("table", Shape::Text, "表号，如 公开06表"),
    must("figures", Shape::Integer, "表中有几个数，0.00 也算"),
    must("sum", Shape::Money, "各数之和（万元；scale 是元时为元）"),
]);

const PERFORMANCE: Object = object(&[
    key("order", Shape::Integer, "自评表的先后"),
    must("kind", Shape::Choice(&["whole", "project"]), "whole 整体，project 项目"),
    must("style", Shape::Choice(&["targets", "weighted"]), "targets 目标值和实际完成值，weighted 权重和得分"),
    must("title", Shape::Text, "自评表的标题"),
    key("name", Shape::Text, "单位或项目的名称"),
    key("code", Shape::Number, "项目编码"),
    key("filed", Shape::Date, "填报日期"),
    key("department", Shape::Text, "主管部门"),
    key("implementer", Shape::Text, "实施单位"),
    key("basic", Shape::Money, "整体：基本支出总额（万元；scale 是元时为元）"),
    key("project", Shape::Money, "整体：项目支出总额（万元；scale 是元时为元）"),
    key("goal", Shape::Text, "项目年度目标"),
    key("result", Shape::Text, "年度目标完成情况"),
    key("process", Shape::Text, "项目实施内容及过程概述"),
    key("conclusion", Shape::Text, "评价结论"),
    key("problems", Shape::Text, "存在问题"),
    key("deviation", Shape::Text, "偏差大或目标未完成原因分析"),
    key("measures", Shape::Text, "改进措施"),
    key("remark", Shape::Text, "说明"),
    key("funding", Shape::Tables(&FUNDING), "预算执行情况，一个资金来源一行"),
    key("goals", Shape::Tables(&GOAL), "年度目标和它的指标"),
    key("total", Shape::Table(&TOTAL), "总分"),
]);

const FUNDING: Object = object(&[
    must("source", Shape::Text, "资金来源，照所印的写，如 总额"),
    key("opening", Shape::Money, "年初预算（万元；scale 是元时为元）"),
    key("adjusted", Shape::Money, "调整后预算数（万元；scale 是元时为元）"),
    key("budget", Shape::Money, "预算数（万元；scale 是元时为元）"),
    key("executed", Shape::Money, "预算执行数（万元；scale 是元时为元）"),
    key("rate", Shape::Text, "执行率，照所印的写，如 \"98.48%\""),
    key("weight", Shape::Score, "权重（分）"),
    key("score", Shape::Score, "得分（分）"),
    key("note", Shape::Text, "未执行完的原因"),
]);

const GOAL: Object = object(&[
    key("title", Shape::Text, "年度目标"),
    key("indicators", Shape::Tables(&INDICATOR), "指标，一个三级指标一条"),
]);

const INDICATOR: Object = object(&[
    must("level1", Shape::Text, "一级指标，如 产出指标"),
    must("level2", Shape::Text, "二级指标，如 数量指标"),
    must("name", Shape::Text, "三级指标"),
    key("relation", Shape::Text, "目标值前的符号，如 ≥"),
    must("target", Shape::Printed, "目标值，照所印的写"),
    key("unit", Shape::Text, "目标值的单位，如 套、%"),
    must("actual", Shape::Printed, "实际完成值，照所印的写"),
    key("weight", Shape::Score, "权重（分）"),
    key("score", Shape::Score, "得分（分）"),
    key("note", Shape::Text, "偏差原因"),
]);

const TOTAL: Object =
    object(&[must("weight", Shape::Score, "权重之和（分）"), must("score", Shape::Score, "总得分（分）")]);

const WORK: Object = object(&[key("items", Shape::Tables(&WORK_ITEM), "重点工作，一项一条")]);

const WORK_ITEM: Object = object(&[
    key("no", Shape::Number, "序号；不写按先后"),
    must("matter", Shape::Text, "重要事项"),
    key("goal", Shape::Text, "工作内容及目标"),
    key("result", Shape::Text, "完成情况"),
]);

const FORM_SET: Object = object(&[
    must("name", Shape::Text, "表式的名称"),
    key("region", Shape::Text, "使用的地区"),
    key("kind", Shape::Choice(&["final", "budget"]), "final 决算，budget 预算"),
    key("years", Shape::Years, "使用的年份：起、止；还在使用的只写起"),
    key("extends", Shape::Text, "在哪一个表式上修改，如 national-2022"),
    key("scale", Shape::Choice(&["万元", "元"]), "金额的单位"),
    key("word", Shape::Choice(&["部门", "单位"]), "文件中的自称"),
    key("forms", Shape::Texts, "各表的文件名，按印出的先后"),
    key("narrative", Shape::Text, "情况说明的模板，即 content/narratives 中的文件名"),
    key("source", Shape::Text, "依据什么编写"),
    key("inferred", Shape::Texts, "没有见到、推定的地方"),
    key("parts", Shape::Texts, "公开文件的各部分，按印出的先后"),
    key("part_titles", Shape::Table(&PART_TITLES), "各部分的标题"),
    key("concepts", Shape::Table(&CONCEPTS), "各个概念在哪一格，如 income_total = \"公开01表27行\""),
    key("relations", Shape::Relations(&RELATION), "表间的勾稽关系"),
    key("facts", Shape::Tables(&FACT_DEFINITION), "附注的各组"),
    key("empty", Shape::Text, "不再使用"),
]);

const PART_TITLES: Object = of("", Shape::Text, "标题；{unit}、{year}、{word} 换成单位、年度和自称");

const CONCEPTS: Object = of("", Shape::Text, "表中的格、栏或整张表");

const RELATION: Object = object(&[
    must("text", Shape::Text, "关系式，如 公开01表27行 = 公开02表合计行1栏"),
    key("name", Shape::Text, "名称，检查结果中使用"),
    key("level", Shape::Choice(&["error", "warning", "note"]), "不成立时的级别；不写是 error"),
    key("inferred", Shape::Bool, "是推定的，没有见到规定"),
]);

const FACT_DEFINITION: Object = object(&[
    must("group", Shape::Text, "disclosure.toml 中的键，如 procurement"),
    must("name", Shape::Text, "名称，如 附注·政府采购"),
    key("items", Shape::Tables(&FACT_ITEM), "组中的各项"),
    key("by_code", Shape::Bool, "也可以用科目编码作键"),
    key("relations", Shape::Relations(&RELATION), "组内的勾稽关系"),
]);

const FACT_ITEM: Object = object(&[
    must("key", Shape::Text, "键，如 goods"),
    must("name", Shape::Text, "名称，如 货物"),
    key("kind", Shape::Choice(&["amount", "count"]), "amount 金额，count 数量；写了 unit 的是数量"),
    key("unit", Shape::Text, "数量的单位，如 辆"),
]);

/// The keys of every layout, then those of one.
macro_rules! form {
    ($layout:literal, $($own:expr),+ $(,)?) => {
        object(&[
            must("layout", Shape::Choice(&[$layout]), "版式：two-sided 收支两侧，by-code 按科目，blocks 分组，one-row 一行"),
            must("code", Shape::Text, "表号，以“表”字结尾，如 公开01表"),
            must("title", Shape::Text, "表名，不含年度"),
            key("header", Shape::Texts, "表头各行"),
            key("notes", Shape::Texts, "表下的注"),
            key("formulas", Shape::Texts, "印在表下的公式，照印的写"),
            key("relations", Shape::Relations(&RELATION), "表内的勾稽关系，不印"),
            key("empty", Shape::Text, "空表说明；{word} 换成自称"),
            key("inferred", Shape::Texts, "没有见到、推定的地方"),
            key("line_numbers", Shape::Bool, "是否印行次；不写是印"),
            key("column_numbers", Shape::Bool, "是否印栏次；不写是印"),
            $($own),+
        ])
    };
}

const TWO_SIDED: Object = form!("two-sided", must("sides", Shape::Tables(&SIDE), "收入、支出各一侧"));

const BY_CODE: Object = form!(
    "by-code",
    key("total", Shape::Choice(&["first", "last"]), "合计行在首行还是末行；不写在首行"),
    must("columns", Shape::Tables(&COLUMN), "栏目"),
    must("codes", Shape::Text, "行的科目分类：functional 功能分类，economic 经济分类"),
);

const BLOCKS: Object = form!(
    "blocks",
    must("columns", Shape::Tables(&COLUMN), "栏目"),
    must("blocks", Shape::Tables(&BLOCK), "各组的科目"),
    key("feet", Shape::Tables(&FOOT), "各组的合计行"),
    must("codes", Shape::Text, "行的科目分类：functional 功能分类，economic 经济分类"),
);

const ONE_ROW: Object = form!("one-row", must("columns", Shape::Tables(&COLUMN), "栏目"));

const SIDE: Object = object(&[
    must("name", Shape::Text, "这一侧的名称，如 收入"),
    key("label", Shape::Text, "项目一栏的名称；不写是 项目"),
    must("columns", Shape::Tables(&COLUMN), "这一侧的栏目"),
    key("lines", Shape::Tables(&NUMBERED_LINE), "这一侧的各行"),
]);

const NUMBERED_LINE: Object = object(&[
    must("line", Shape::Integer, "行次；不印行次的写序号"),
    key("label", Shape::Text, "项目；空行不写"),
    key("class", Shape::Code, "这一行是哪一类支出，写类级编码"),
    key("total", Shape::Bool, "是合计行"),
]);

const COLUMN: Object = object(&[
    must("number", Shape::Number, "栏次；不印栏次的写序号"),
    key("heading", Shape::Texts, "表头，从上到下"),
    key("code", Shape::Code, "这一栏是哪个科目"),
]);

const BLOCK: Object = object(&[
    must("heading", Shape::Text, "这一组的名称，如 人员经费"),
    key("lines", Shape::Tables(&CODED_LINE), "这一组的科目"),
]);

const CODED_LINE: Object = object(&[
    must("code", Shape::Code, "科目编码，如 30101"),
    must("label", Shape::Text, "科目名称"),
    key("total", Shape::Bool, "是合计行"),
]);

const FOOT: Object = object(&[
    must("label", Shape::Text, "合计行的名称，如 人员经费合计"),
    must("heading", Shape::Text, "在哪一组下面，如 人员经费"),
]);

const CLASSIFICATION: Object = object(&[
    must("name", Shape::Text, "分类的名称，如 支出功能分类科目"),
    key("source", Shape::Text, "依据什么编写"),
    key("codes", Shape::Tables(&CODE_ENTRY), "科目，一个一条"),
]);

const CODE_ENTRY: Object = object(&[
    must("code", Shape::Code, "科目编码"),
    must("name", Shape::Text, "科目名称"),
    key("since", Shape::Integer, "这个名称从哪一年起用"),
    key("formerly", Shape::Tables(&FORMER_NAME), "旧名称"),
    key("explanation", Shape::Text, "说明，用于名词解释"),
]);

const FORMER_NAME: Object = object(&[must("name", Shape::Text, "旧名称"), must("until", Shape::Integer, "用到哪一年")]);

const TERM: Object = object(&[
    must("term", Shape::Text, "名词"),
    key("aliases", Shape::Texts, "别的写法"),
    key("codes", Shape::Codes, "解释的是哪些科目"),
]);

const PAGE: Object =
    object(&[must("title", Shape::Text, "标题"), key("order", Shape::Integer, "在导航中的先后，小的在前")]);
