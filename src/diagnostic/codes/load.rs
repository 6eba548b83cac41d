//! Sources and forms: finding codes.

use super::super::{Code, Severity};

const fn error(id: &'static str, name: &'static str, title: &'static str, docs: &'static str) -> Code {
    Code::new(id, name, Severity::Error, title, docs)
}

const fn warning(id: &'static str, name: &'static str, title: &'static str, docs: &'static str) -> Code {
    Code::new(id, name, Severity::Warning, title, docs)
}

/// The codes, in order of their numbers.
pub static CODES: &[Code] = &[
    error(
        "F001",
        "form-set-parent",
        "表式的上级不对",
        "表式 extends 的那一套不存在，或者绕了一圈继承自己。请改正 set.toml 的 extends。",
    ),
    error(
        "F002",
        "form-missing",
        "表式缺少一张表",
        "表式的 forms 列了一张表，本目录和上级表式中都没有它的文件。请新建这个文件，或者改正 forms。",
    ),
    error(
        "F003",
        "bad-notation",
        "关系式看不懂",
        "公式、勾稽关系或概念不合写法。写法例如：27行＝（1+2+…+8）行、公开01表27行 = 公开02表合计行1栏。",
    ),
    error(
        "F004",
        "unresolved-reference",
        "关系式指的格不存在",
        "公式、勾稽关系或概念所指的表、行、栏或附注在这套表式中没有。请核对表号、行次、栏次和名称。",
    ),
    error(
        "F005",
        "concepts-missing",
        "缺少概念",
        "表式没有说明某些概念（如本年收入合计）在哪一格，情况说明、图表和跨年比较会缺少这些数。请在 [concepts] 中补上。",
    ),
    error(
        "F006",
        "form-twins",
        "表式中有重复",
        "同一套表式或分类中有两个相同的表号、行次、栏次或编码，无法区分。请改正其中一个。",
    ),
    error(
        "F007",
        "form-unused",
        "表没有用到",
        "表式目录中有一张表的文件，但 set.toml 的 forms 没有列它。请列上，或者删去文件。",
    ),
    error(
        "F008",
        "relation-lost",
        "少了内置的勾稽关系",
        "站点自己的表式文件替换了内置的同名文件，却少了其中的勾稽关系。核对关系只能增加，不能减少；缺少的已自动补上。",
    ),
    error(
        "S001",
        "syntax-error",
        "语法错误",
        "文件不符合 TOML 或 JSON 的写法，这一处没有读入，其余照常检查。请按提示改正。",
    ),
    error(
        "S002",
        "duplicate-key",
        "写了两次",
        "同一个键、同一格或同一名词写了两次，不知道以哪个为准。01 和 1 是同一个键。请只留下对的那一处。",
    ),
    error(
        "S003",
        "unquoted-key",
        "键没有加引号",
        "TOML 的键只有英文字母、数字、连字符可以不加引号；中文的键要用英文双引号括起来。",
    ),
    error(
        "S004",
        "unknown-key",
        "不认识的键",
        "程序不认识这个键，它的值没有用到，多半是写错了字母。请按提示改正或删去。",
    ),
    error(
        "S005",
        "wrong-type",
        "值的种类不对",
        "这里应当是另一种值，例如应当是数字却写成了文字，应当是一组却只写了一个。这个值没有读入，与它有关的数不作核对。请按提示改写。",
    ),
    error(
        "S006",
        "bad-number",
        "数字的写法不对",
        "数字应当是普通的十进制数，如 373.97；千分位只能每三位一隔；不用指数、十六进制、inf 和 nan。",
    ),
    error(
        "S007",
        "bad-value",
        "值不对",
        "这里只能是几种值之一，或者应当是日期（如 2024-11-11）、编码、整数。写成别的就不知道是什么意思。请按提示改写。",
    ),
    error(
        "S008",
        "missing-key",
        "缺少内容",
        "文件中缺少必须有的一项，缺了它页面上就有空白，或者别的内容无从读起。请按提示补上。",
    ),
    error("S009", "quoted-number", "数字加了引号", "金额应当直接写数字，不加引号；加了引号就是文字，程序不当作金额。"),
    error("S011", "not-utf8", "不是 UTF-8 编码", "文件的编码不是 UTF-8，多半是 GBK。请用编辑器打开后另存为 UTF-8。"),
    error(
        "S012",
        "hidden-character",
        "看不见的字符",
        "文件中有控制字符、改变文字方向的字符或程序保留的字符，可能使显示的内容与实际不同。请删去。",
    ),
    error("S013", "symlink", "符号链接", "站点中的符号链接可能指到站点以外，一律不读。请换成真正的文件。"),
    error(
        "S014",
        "file-too-large",
        "文件太大",
        "源文件超过了大小限制，没有读入。数据文件不会这样大，多半放错了文件；数据文件不超过 4 MiB，Markdown 文件不超过 1 MiB；附件应当放进 attachments，每个不超过 20 MiB。",
    ),
    error(
        "S015",
        "unreadable",
        "不能读取",
        "文件或目录不能读取，其中的内容没有检查。请检查运行程序的人有没有读取的权限，文件是不是普通文件。",
    ),
    error(
        "S016",
        "unknown-file",
        "不认识的文件",
        "这里有程序不认识的文件，没有读入，多半是写错了名字或放错了地方。请改名或移走。",
    ),
    error(
        "S017",
        "toml-and-json",
        "同一张表有两个文件",
        "同一张表既有 .toml 又有 .json，不知道以哪个为准。请只留一个。",
    ),
    error(
        "S018",
        "bad-name",
        "文件名或目录名不对",
        "名称要用作网址，只能用小写英文字母、数字和连字符；年度目录写四位年份。",
    ),
    error(
        "S019",
        "missing-file",
        "缺少文件",
        "缺少必须有的文件，没有它，这个单位或年度就不完整。请按提示新建，可用 disclose new disclosure 建好全套。",
    ),
    error(
        "S020",
        "more-of-the-kind",
        "同样的问题太多",
        "一个文件里同样的问题有一百处以上，只列出前一百处。多半是同一个原因，例如整列错位、表式选错；请先改正列出的，再检查一次。",
    ),
    error("S021", "unknown-parent", "没有这个上级", "unit.toml 的 parent 指的单位不存在。请写上级部门的目录名。"),
    error("S022", "parent-circle", "上级绕成一圈", "单位的上级关系绕了一圈又回到自己。请改正 parent。"),
    error(
        "S023",
        "duplicate-disclosure",
        "同一年有两份",
        "同一单位、同一年度、同一种类（决算或预算）只能有一份。请删去或改正其中一份。",
    ),
    warning("S024", "year-outside-forms", "年度与表式不符", "这套表式不是用于这一年度的。请核对年度，或者换一套表式。"),
    error(
        "S025",
        "unknown-forms",
        "没有这套表式",
        "disclosure.toml 的 forms 指的表式不存在，这一年没有读入。请按提示改正。",
    ),
    error(
        "S026",
        "kind-differs",
        "决算与预算混淆",
        "disclosure.toml 的 kind、表式的种类和目录名说法不一。请改成一致。",
    ),
    error(
        "S027",
        "unknown-term",
        "没有这个名词",
        "disclosure.toml 的 [glossary] 列了没有解释的名词。请新建名词文件，或者删去。",
    ),
    warning(
        "S028",
        "unknown-narrative-key",
        "情况说明中没有这一处",
        "[reasons] 或 [uses] 的键不是情况说明中的位置，也不是科目编码，写的话不会出现。请按提示改正。",
    ),
    error(
        "S031",
        "missing-table",
        "缺少一张表",
        "表式规定的表缺少文件。没有数据的表也要公开，写 empty 和空表说明；没有提供的写 not_provided 和原因。",
    )
    .statutory(),
    error("S032", "unknown-line", "表上没有这一行", "表上没有这个行次、编码或合计行。请核对表上印的行次。"),
    error(
        "S033",
        "unknown-column",
        "这一行没有这一栏",
        "这一行没有这个栏次，或者有几栏而没有写明。请按表上印的栏次填写。",
    ),
    error("S034", "itemless-line", "空行填了数", "这一行在表上只有行次，没有项目，不能有金额。数字多半错了行。"),
    error(
        "S035",
        "duplicate-row",
        "一行写了两次",
        "同一张表中一个编码写了两行，不知道以哪个为准。请核对编码，只留一行。",
    ),
    error(
        "S036",
        "too-many-decimals",
        "小数位数太多",
        "公开的表只有两位小数，这个数的小数更多，多半是单位错了（元与万元）或多打了数字。",
    ),
    error("S037", "negative-zero", "负零", "金额写成了 -0.00。没有金额写 0.00 或不写，是负数的请补上数字。"),
    warning(
        "S038",
        "unlisted-code",
        "编码没有收录",
        "编码不在收录的科目中（收录不全），所属的类存在，名称没有核对。请自行核对一次。",
    ),
    error(
        "S039",
        "unknown-code",
        "编码不存在",
        "编码的位数不对、所属的类不存在，或者没有收录又没有写名称。请核对编码。",
    ),
    error(
        "S040",
        "name-differs",
        "编码与名称不符",
        "科目编码与名称对不上，或者用了旧名称。以编码为准改正名称，或者改正编码。",
    ),
    error(
        "S041",
        "empty-with-figures",
        "空表填了数字",
        "表写了 empty（当年没有这项收支）或 not_provided（没有提供），又填了数字，两种说法矛盾。请只留其一。",
    ),
    error(
        "S042",
        "no-figures",
        "表中没有数字",
        "表一个数字也没有，也没有写空表说明。请填数，或者写 empty 或 not_provided。",
    ),
    error(
        "S043",
        "wrong-section",
        "填写方式不对",
        "这张表不是这样填写的：按行次填的写 [lines]，按科目编码填的写 rows，只有一行的写 [columns]。",
    ),
    error(
        "S044",
        "placeholder-left",
        "模板文字没有改",
        "新建的源文件或范本中的占位文字（如“单位全称”“增加/减少”）原样留着，不能公开。请换成实际的内容。",
    ),
    warning(
        "S045",
        "title-of-another-year",
        "标题的年度不对",
        "标题写的年度与目录的年度不同，多半是从上年的文件抄来的。请核对标题和目录名。",
    ),
    error("S051", "unknown-fact", "没有这项附注", "[facts] 中的组或键不在表式规定的附注之列。请按提示改正。"),
    error("S052", "bad-count", "数量不对", "车辆数、批次、人次等应当是大于或等于 0 的整数。"),
    error(
        "S053",
        "unknown-cell",
        "没有这一格",
        "键不是表中的一格，也不是附注的名称。写成“表号、行、栏”，例如 公开01表31行1栏。",
    ),
    error(
        "S061",
        "unknown-rule",
        "没有这种问题",
        "[[exceptions]] 或 [[levels]] 的 code 不是问题的代码，也不是它的英文名称，这一条没有用到。请照检查结果方括号中的代码写。",
    ),
    error(
        "S062",
        "rule-not-about-data",
        "不能作为例外的问题",
        "例外和级别只用于数据的问题（C、N 开头的，和 S 开头的警告、提示）。源文件读不了、表式有错、网页做不出来的，只能改正。",
    ),
    error(
        "S071",
        "version-missing",
        "缺少更正前的版本",
        "[[amendments]] 登记了一次更正，versions 中却没有被更正的那一版的源文件。公开过的版本要一直能查到，请从备份或版本库恢复。",
    ),
    error(
        "S072",
        "version-without-amendment",
        "版本没有更正说明",
        "versions 中有一个目录，disclosure.toml 没有写它为什么被更正。请补一条 [[amendments]]，写明版本、日期和原因。目录用数字命名，从 1 起。",
    ),
    error(
        "S073",
        "amendment-out-of-order",
        "更正的先后不对",
        "各次更正按先后排列，版本从 1 起逐次加 1，日期不早于公开日期和前一次更正的日期。请核对 [[amendments]]。",
    ),
    error(
        "S074",
        "amendment-without-reason",
        "更正没有写原因",
        "重新公开的，要让读者知道改了什么、为什么改。改了什么由程序逐格列出，为什么改请写在 reason 中。",
    ),
    error(
        "S075",
        "amendment-without-change",
        "更正没有改动",
        "被更正的那一版与更正以后的内容完全相同，没有什么可以更正。请先改正数字或文字；误登记的，删去这一条和它的版本目录。",
    ),
    error(
        "S081",
        "line-too-long",
        "一行太长",
        "TOML 或 Markdown 文件的一行超过 64 KiB，不像人写的，整个文件没有读入。文字请分段，数据一行写一项；别的文件放错了地方的，请移走。",
    ),
    error(
        "S082",
        "too-many-values",
        "值太多",
        "一个数据文件有 30 万个以上的值，没有一张表有这么多，整个文件没有读入。多半放错了文件，请核对。",
    ),
    error(
        "S083",
        "nested-too-deep",
        "套得太深",
        "数据文件的括号套了 32 层以上，或者 Markdown 的引用、列表套了 64 层以上，没有读入。数据的括号不过三四层，文字的列表不过两三层；多半放错了文件，或者行首的符号写多了，请核对。",
    ),
    error(
        "S084",
        "too-many-files",
        "文件太多",
        "一个单位一年的目录有 2000 个以上的文件和目录，或者全站有一千万个以上，其余没有读入。多半放进了备份、软件包一类的东西，请移走。",
    ),
    error(
        "S085",
        "folders-too-deep",
        "目录套得太深",
        "目录套了 12 层以上，里面的没有读入。多半把整个目录复制到了它自己里面，请移走多余的。",
    ),
    error(
        "S086",
        "too-much-to-publish",
        "照原样发布的文件太多",
        "一个单位一年的附件合计超过 200 MiB，或者全站附件和 static 合计超过 8 GiB，其余没有读入。请缩小扫描件，或者只公开主要的附件。",
    ),
];
