//! Each finding on the smallest site that shows it, and on a near miss that stays silent.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use super::*;
use crate::diagnostic::codes;
use crate::model::form::{CellRef, Layout, RowKey};
use crate::model::table::{Figure, TableState};

const SET: &str = r#"
name = "小表式"
kind = "budget"
years = [2023]
word = "单位"
forms = ["01", "02", "06", "09"]
narrative = "mini"
relations = ["小01表27行 = 小02表合计行1栏"]
[concepts]
income_total = "小01表27行"
by_function = "小02表"
[[facts]]
group = "opening"
name = "年初预算"
by_code = true
items = [{ key = "total", name = "合计", kind = "amount" }]
[[facts]]
group = "vehicles"
name = "附注·车辆"
items = [{ key = "other", name = "其他用车", kind = "count", unit = "辆" }]
"#;

const FORM_01: &str = r#"
code = "小01表"
title = "总表"
layout = "two-sided"
formulas = ["27行＝（1+2）行。"]
[[sides]]
name = "收入"
columns = [{ number = "1", heading = ["金额"] }]
lines = [{ line = 1, label = "甲" }, { line = 2, label = "乙" }, { line = 9 }, { line = 27, label = "合计", total = true }]
[[sides]]
name = "支出"
columns = [{ number = "2", heading = ["金额"] }, { number = "3", heading = ["其中"] }]
lines = [{ line = 32, label = "一般公共服务支出", class = "201" }]
"#;

const FORM_02: &str = r#"
code = "小02表"
title = "按科目"
layout = "by-code"
codes = "functional"
relations = ["合计行＝Σ类行"]
columns = [{ number = "1", heading = ["合计"] }, { number = "2", heading = ["其中"] }]
"#;

const FORM_06: &str = r#"
code = "小06表"
title = "明细"
layout = "blocks"
codes = "economic"
column_numbers = false
columns = [{ number = "1", heading = ["金额"] }]
[[blocks]]
heading = "人员经费"
lines = [{ code = "301", label = "工资福利支出", total = true }, { code = "30101", label = "基本工资" }]
[[feet]]
label = "人员经费合计"
heading = "人员经费"
"#;

const FORM_09: &str = r#"
code = "小09表"
title = "一行"
layout = "one-row"
empty = "本{word}无此项"
columns = [{ number = "1", heading = ["合计"] }, { number = "2", heading = ["其中"] }]
"#;

const UNIT: &str = "name = \"甲单位\"\nregion = [\"某省\"]\nlevel = \"区级\"\nkind = \"单位\"\n";
const MAIN: &str = "forms = \"mini\"\nkind = \"budget\"\ntitle = \"2023年度甲单位预算\"\n";
const CODED: &str =
    "rows = [{ code = \"合计\", 1 = 5.00 }, { code = \"201\", name = \"一般公共服务支出\", 1 = 5.00 }]\n";

const CLASSES: &str = r#"
name = "功能分类"
codes = [
  { code = "201", name = "一般公共服务支出" },
  { code = "20805", name = "行政事业单位养老支出", since = 2020, formerly = [{ name = "行政事业单位离退休", until = 2019 }] },
  { code = "208", name = "社会保障和就业支出" },
]
"#;

const BASE: [(&str, &str); 15] = [
    ("site.toml", "title = \"站\"\n"),
    ("content/classifications/functional.toml", CLASSES),
    ("content/forms/mini/set.toml", SET),
    ("content/forms/mini/01.toml", FORM_01),
    ("content/forms/mini/02.toml", FORM_02),
    ("content/forms/mini/06.toml", FORM_06),
    ("content/forms/mini/09.toml", FORM_09),
    ("content/narratives/mini.md", "正文"),
    ("content/glossary/mini-term.md", "+++\nterm = \"小名词\"\n+++\n解释。\n"),
    ("content/units/u/unit.toml", UNIT),
    ("content/units/u/2023/disclosure.toml", MAIN),
    ("content/units/u/2023/tables/01.toml", "[lines]\n1 = 5.00\n27 = 5.00\n32 = { 2 = 5.00 }\n"),
    ("content/units/u/2023/tables/02.toml", CODED),
    ("content/units/u/2023/tables/06.toml", "[lines]\n301 = 5.00\n\"人员经费合计\" = 5.00\n"),
    ("content/units/u/2023/tables/09.toml", "empty = true\n"),
];

const TABLE_01: &str = "content/units/u/2023/tables/01.toml";
const TABLE_02: &str = "content/units/u/2023/tables/02.toml";
const DISCLOSURE: &str = "content/units/u/2023/disclosure.toml";

fn write(root: &Path, files: &[(&str, &[u8])]) {
    for (path, bytes) in files {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

/// The base site with some files changed or added; empty texts take files away.
fn site(changes: &[(&str, &str)]) -> Loaded {
    let folder = tempfile::tempdir().unwrap();
    let mut files: BTreeMap<&str, &str> = BASE.into_iter().collect();
    for (path, text) in changes {
        if text.is_empty() {
            files.remove(path)
        } else {
            files.insert(path, text)
        };
    }
    let files: Vec<(&str, &[u8])> = files.into_iter().map(|(path, text)| (path, text.as_bytes())).collect();
    write(folder.path(), &files);
    load(folder.path()).unwrap()
}

fn show(loaded: &Loaded) -> Vec<String> {
    let shown = loaded.findings.iter().map(|finding| {
        let place = finding.place.map_or_else(String::new, |place| {
            let file = loaded.sources.file(place.file);
            format!("{}:{} ", file.path, file.position(place.start).line)
        });
        format!("{} {place}{}｜{}", finding.code.id, finding.message, finding.help.as_deref().unwrap_or_default())
    });
    shown.collect()
}

/// The findings of a changed site, as `code message`.
fn found(changes: &[(&str, &str)]) -> Vec<String> {
    let loaded = site(changes);
    for finding in &loaded.findings {
        assert!(finding.help.as_ref().is_some_and(|help| !help.is_empty()), "no help: {}", finding.message);
    }
    loaded.findings.iter().map(|finding| format!("{} {}", finding.code.id, finding.message)).collect()
}

/// What table 01 finds with these lines.
fn lines(text: &str) -> Vec<String> {
    found(&[(TABLE_01, &format!("[lines]\n1 = 5.00\n{text}\n"))])
}

/// What table 02 finds with this row after 合计.
fn row(text: &str) -> Vec<String> {
    found(&[(TABLE_02, &format!("rows = [{{ code = \"合计\", 1 = 5.00 }},\n{text}]\n"))])
}

/// What `disclosure.toml` finds with these lines at its end.
fn main_file(text: &str) -> Vec<String> {
    found(&[(DISCLOSURE, &format!("{MAIN}{text}\n"))])
}

const NOTHING: [String; 0] = [];

#[test]
fn the_base_site_has_no_findings() {
    let loaded = site(&[]);
    assert_eq!(show(&loaded), NOTHING);
    let disclosure = &loaded.site.disclosures[0];
    assert_eq!(disclosure.tables.len(), 4);
    assert_eq!(disclosure.tables[3].state, TableState::Empty("本单位无此项".into()));
    let name = |name: &str| disclosure.figure(disclosure.set.cell_named(name).unwrap());
    assert_eq!(name("小01表32行2栏").amount().unwrap().fen(), Some(5_000_000));
    assert_eq!(name("小01表2行"), Figure::Blank);
    assert_eq!(name("小06表人员经费合计行").amount().unwrap().fen(), Some(5_000_000));
    assert_eq!(disclosure.tables[0].rows.len(), 5);
    assert_eq!(disclosure.set.concept_cell("income_total"), disclosure.set.cell_named("小01表27行").ok());
}

#[test]
fn the_repository_loads_without_findings() {
    let loaded = load(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
    let shown: Vec<_> = show(&loaded).into_iter().filter(|finding| !finding.contains("没有 site.toml")).collect();
    assert!(shown.is_empty(), "{}", shown.join("\n"));
}

#[test]
fn every_cell_of_every_set_keeps_its_name() {
    let loaded = load(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
    let mut count = 0;
    for set in loaded.site.sets.values() {
        for cell in cells(set) {
            let name = set.name_of(cell);
            assert_eq!(set.cell_named(&name), Ok(cell), "{}: {name}", set.id);
            count += 1;
        }
    }
    assert!(count > 2_000, "{count}");
}

/// Every cell that a set can have; of the rows by code, some.
fn cells(set: &crate::model::form::FormSet) -> Vec<CellRef> {
    let mut cells = Vec::new();
    for (form, index) in set.forms.iter().zip(0_u16..) {
        let mut rows: Vec<RowKey> = form.lines.iter().map(|line| line.key).collect();
        match form.layout {
            Layout::OneRow => rows.push(RowKey::Only),
            Layout::ByCode { .. } => {
                rows.extend([201, 20103, 2_010_350].map(|code| RowKey::Code(crate::model::code::ClassCode(code))));
            }
            Layout::TwoSided(_) | Layout::Blocks { .. } => {}
        }
        for row in rows {
            let columns = form.columns_of(row).map(|column| u16::try_from(column).unwrap());
            cells.extend(columns.map(|column| CellRef { form: index, row, column }));
        }
    }
    cells
}

#[test]
fn a_line_that_the_form_does_not_have_is_found() {
    assert_eq!(lines("3 = 1.00"), ["S032 小01表没有“3”行"]);
    assert_eq!(lines("201 = { 2 = 1.00 }"), ["S032 小01表没有“201”行"]);
    assert_eq!(lines("2 = 1.00"), NOTHING);
}

#[test]
fn a_column_that_the_line_does_not_have_is_found() {
    assert_eq!(lines("32 = { 1 = 1.00 }"), ["S033 小01表32行没有“1”栏"]);
    assert_eq!(lines("32 = 1.00"), ["S033 小01表32行有第 2、3 栏，不知道这个数在哪一栏"]);
    assert_eq!(lines("32 = { 3 = 1.00 }\n2 = { 1 = 2.00 }"), NOTHING);
}

#[test]
fn a_numbered_line_without_an_item_holds_no_amount() {
    assert_eq!(lines("9 = 1.00"), ["S034 小01表9行没有项目，不能填数"]);
    let loaded = site(&[(TABLE_01, "[lines]\n1 = 5\n9 = 1.00\n")]);
    let disclosure = &loaded.site.disclosures[0];
    assert_eq!(disclosure.figure(disclosure.set.cell_named("小01表9行").unwrap()), Figure::NotRead);
}

#[test]
fn amounts_are_read_to_the_letter_or_not_at_all() {
    assert_eq!(lines("2 = 1.005"), ["S036 小01表2行1栏的 1.005 有 3 位小数，万元的表只有 2 位"]);
    assert_eq!(lines("2 = -0.00"), ["S037 小01表2行1栏是负零（-0.00）"]);
    assert_eq!(lines("2 = \"1.00\""), ["S009 小01表2行1栏的数字“1.00”加了引号，没有读入"]);
    assert_eq!(lines("2 = \"无\""), ["S005 小01表2行1栏的值“无”不是数字"]);
    assert_eq!(lines("2 = true"), ["S005 “小01表2行1栏”的值不能是true 或 false"]);
    assert_eq!(lines("2 = 1e3"), ["S006 “1e3”不是普通的十进制数"]);
    assert_eq!(lines(&format!("2 = {}", "9".repeat(30))), [format!("S006 小01表2行1栏的数字太长：{}", "9".repeat(30))]);
    assert_eq!(lines("2 = -1,234.5"), NOTHING);
    assert_eq!(lines("2 = \"未提供\""), NOTHING);
}

#[test]
fn a_figure_with_a_slip_in_it_is_not_read_and_the_rest_of_the_table_is() {
    let figures = |slip: &str| {
        let loaded = site(&[(TABLE_01, &format!("[lines]\n1 = 5\n2 = {slip}\n27 = 5\n"))]);
        let disclosure = &loaded.site.disclosures[0];
        let figures = ["1", "2", "27"].map(|line| {
            let cell = disclosure.set.cell_named(&format!("小01表{line}行")).unwrap();
            disclosure.figure(cell)
        });
        (figures, loaded.findings.len())
    };
    let (read, found) = figures("0.5");
    assert_eq!((read[1].amount().is_some(), found), (true, 0));
    for slip in ["= 0.5", "0.5万元", "0.5 万元", ".5", "5.", "--5"] {
        assert_eq!(figures(slip), ([read[0], Figure::NotRead, read[2]], 1), "{slip}");
    }
}

#[test]
fn every_state_of_a_cell_is_kept_apart() {
    let text = "[lines]\n1 = 0.00\n2 = \"未提供\"\n27 = 5.\n32 = { 2 = １，２３４．５ }\n";
    let loaded = site(&[(TABLE_01, text)]);
    let disclosure = &loaded.site.disclosures[0];
    let figure = |name: &str| disclosure.figure(disclosure.set.cell_named(name).unwrap());
    assert_eq!(figure("小01表1行"), Figure::Amount(crate::amount::Amount::ZERO));
    assert_eq!(figure("小01表2行"), Figure::Unknown);
    assert_eq!(figure("小01表27行"), Figure::NotRead);
    assert_eq!(figure("小01表32行2栏").amount().unwrap().fen(), Some(1_234_500_000));
    assert_eq!(figure("小01表32行3栏"), Figure::Blank);
    assert_eq!(loaded.findings.len(), 1);
}

#[test]
fn a_place_is_where_the_figure_stands() {
    let loaded = site(&[(TABLE_01, "[lines]\n1 = 1,000.00\n2 = 2.00 # 注\n")]);
    let disclosure = &loaded.site.disclosures[0];
    let place = disclosure.place_of(disclosure.set.cell_named("小01表2行").unwrap());
    let file = loaded.sources.file(place.file);
    assert_eq!(&file.text[place.start as usize..place.end as usize], "2.00");
}

#[test]
fn a_code_must_be_known_or_at_least_named() {
    assert_eq!(row("{ code = \"20199\", 1 = 5 }"), ["S039 编码 20199 不在收录的功能分类中，又没有写名称"]);
    assert_eq!(row("{ code = \"999\", name = \"甲\", 1 = 5 }"), ["S039 功能分类没有 999 类"]);
    assert_eq!(row("{ code = \"20\", 1 = 5 }"), ["S039 “20”不是科目编码"]);
    assert_eq!(
        row("{ code = \"20199\", name = \"其他\", 1 = 5 }"),
        ["S038 编码 20199（其他）不在收录的功能分类中，名称没有核对"]
    );
    assert_eq!(row("{ code = 20805, 1 = 5 }"), NOTHING);
}

#[test]
fn a_name_must_be_the_name_of_its_code_in_its_year() {
    assert_eq!(
        row("{ code = \"201\", name = \"公共服务\", 1 = 5 }"),
        ["S040 201 的名称是“一般公共服务支出”，不是“公共服务”"]
    );
    assert_eq!(
        row("{ code = \"20805\", name = \"行政事业单位离退休\", 1 = 5 }"),
        ["S040 20805 的名称“行政事业单位离退休”只用到 2019 年，2023 年是“行政事业单位养老支出”"]
    );
    assert_eq!(row("{ code = \"20805\", name = \"行政事业单位养老支出\", 1 = 5 }"), NOTHING);
}

#[test]
fn a_row_or_cell_that_stands_twice_is_found() {
    assert_eq!(row("{ code = \"201\", 1 = 5 }, { code = 201, 1 = 6 }"), ["S035 小02表201行写了两次"]);
    assert_eq!(row("{ code = \"201\", 1 = 5, 01 = 6 }"), ["S002 “1”和“01”是同一个键"]);
    assert_eq!(lines("01 = 6"), ["S002 “1”和“01”是同一个键"]);
}

#[test]
fn an_empty_table_holds_no_figures_and_a_full_one_some() {
    let table = |text| found(&[(TABLE_01, text)]);
    assert_eq!(table("empty = \"无\"\n[lines]\n1 = 5\n"), ["S041 小01表写了 empty，又填了数字"]);
    assert_eq!(table("[lines]\n"), ["S042 小01表一个数字也没有"]);
    assert_eq!(table("empty = \"\"\n"), ["S007 空表说明是空的"]);
    assert_eq!(
        table("rows = [{ code = \"合计\", 1 = 5 }]\n"),
        ["S042 小01表一个数字也没有", "S043 小01表不用 rows 填写"]
    );
    assert_eq!(table("not_provided = \"原件没有\"\n"), NOTHING);
    assert_eq!(table("empty = \"无\"\nnote = \"注\"\n"), NOTHING);
}

#[test]
fn figures_without_their_header_are_told_once_and_not_taken_for_blank() {
    let changes = [(TABLE_01, "1 = 5.00\n27 = 5.00\nnote = \"注\"\n")];
    assert_eq!(found(&changes), ["S043 小01表的数字前面缺少一行 [lines]，没有读入"]);
    let disclosure = &site(&changes).site.disclosures[0];
    assert_eq!(disclosure.figure(disclosure.set.cell_named("小01表2行").unwrap()), Figure::NotRead);
    assert_eq!(found(&[(TABLE_01, "line = { 1 = 5 }\n")]), ["S004 不认识的键“line”", "S042 小01表一个数字也没有"]);
}

#[test]
fn a_placeholder_that_nobody_replaced_is_found() {
    let title = |text: &str| found(&[(DISCLOSURE, &format!("{}title = \"{text}\"\n", without_title()))]);
    assert_eq!(title("2023年度单位全称预算公开"), ["S044 模板中的“单位全称”没有改"]);
    assert_eq!(title("2023年度预算公开"), NOTHING);
    assert_eq!(
        found(&[("content/units/u/2023/tables/09.toml", "empty = \"空表说明\"\n")]),
        ["S044 模板中的“空表说明”没有改"]
    );
    let correction = "[[corrections]]\nwhere = \"一\"\nprinted = \"增长(下降)1%\"\nright = \"增长1%\"\n";
    assert_eq!(found(&[(DISCLOSURE, &format!("{MAIN}{correction}"))]), NOTHING);
}

#[test]
fn a_title_of_another_year_is_found() {
    let title = |text: &str| found(&[(DISCLOSURE, &format!("{}title = \"{text}\"\n", without_title()))]);
    assert_eq!(title("2022年度预算公开"), ["S045 标题写的是2022年，这里是2023年度"]);
    assert_eq!(title("２０２３ 年度预算公开（2022年编制）"), NOTHING);
    assert_eq!(title("预算公开"), NOTHING);
}

/// The main file without its title.
fn without_title() -> String {
    MAIN.split_inclusive('\n').filter(|line| !line.starts_with("title")).collect()
}

#[test]
fn a_site_without_units_has_nothing_to_publish() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &[("site.toml", b"title = \"\xe5\x85\xac\xe5\xbc\x80\"\n")]);
    assert_eq!(show(&load(folder.path()).unwrap()).len(), 1);
    assert_eq!(load(folder.path()).unwrap().findings[0].code.id, "S019");
}

#[test]
fn a_binary_file_beside_the_data_is_only_unknown() {
    let folder = tempfile::tempdir().unwrap();
    let mut files: Vec<(&str, &[u8])> = BASE.iter().map(|(path, text)| (*path, text.as_bytes())).collect();
    files.push(("content/units/u/2023/a.docx", b"PK\xff"));
    write(folder.path(), &files);
    let codes: Vec<_> = load(folder.path()).unwrap().findings.iter().map(|f| (f.code.id, f.severity)).collect();
    assert_eq!(codes, [("S016", crate::diagnostic::Severity::Warning)]);
}

#[test]
fn a_table_without_a_file_is_missing_and_unknown() {
    assert_eq!(found(&[(TABLE_02, "")]), ["S031 缺少小02表《按科目》"]);
    let loaded = site(&[(TABLE_02, "")]);
    assert_eq!(loaded.site.disclosures[0].tables[1].state, TableState::Missing);
}

#[test]
fn json_gives_the_same_table() {
    let json = r#"{"rows": [{"code": "合计", "1": 5.00}, {"code": "201", "name": "一般公共服务支出", "1": 5.00}]}"#;
    let table = |loaded: &Loaded| {
        loaded.site.disclosures[0].tables[1].rows.iter().map(|r| (r.key, r.cells[0].figure)).collect::<Vec<_>>()
    };
    let loaded = site(&[(TABLE_02, ""), ("content/units/u/2023/tables/02.json", json)]);
    assert_eq!(show(&loaded), NOTHING);
    assert_eq!(table(&loaded), table(&site(&[])));
    let both = found(&[("content/units/u/2023/tables/02.json", json)]);
    assert_eq!(both, ["S017 content/units/u/2023/tables/02.toml 和 content/units/u/2023/tables/02.json 是同一份数据"]);
}

#[test]
fn misspelt_files_are_found_with_a_suggestion() {
    let loaded =
        site(&[("content/units/u/2023/stateed.toml", "[text]\n"), ("content/units/u/2023/tables/1.toml", "a = 1")]);
    let shown = show(&loaded);
    assert_eq!(
        shown,
        [
            "S016 content/units/u/2023/stateed.toml:1 不认识的文件“stateed.toml”，没有读入｜是不是“stated.toml”？",
            "S016 content/units/u/2023/tables/1.toml:1 不认识的文件“tables/1.toml”，没有读入｜是不是“01.toml”？",
        ]
    );
    assert_eq!(found(&[("content/units/u/2023/attachments/a.pdf", "x")]), NOTHING);
    let stray = "S016 不认识的文件“content/unit/u/unit.toml”，没有读入";
    assert_eq!(found(&[("content/unit/u/unit.toml", UNIT)]), [stray]);
    assert_eq!(found(&[("content/glossary/x.txt", "x")]), ["S016 不认识的文件“content/glossary/x.txt”，没有读入"]);
    assert_eq!(found(&[("content/units/u/x.toml", "a = 1\n")]), ["S016 单位目录中不认识的文件“x.toml”"]);
}

#[test]
fn keys_that_nobody_reads_are_found_with_a_suggestion() {
    let loaded = site(&[(DISCLOSURE, &format!("{MAIN}publishd = \"2024-01-01\"\n"))]);
    assert_eq!(
        show(&loaded),
        ["S004 content/units/u/2023/disclosure.toml:4 不认识的键“publishd”｜是不是“published”？"]
    );
    assert_eq!(main_file("published = 2024-11-11\napproved = \"2024-09-30\""), NOTHING);
    assert_eq!(main_file("published = \"2024-02-30\""), ["S007 “published”不能是“2024-02-30”"]);
}

#[test]
fn facts_are_amounts_or_counts_of_the_set() {
    assert_eq!(main_file("[facts.vehicles]\nother = 1\n[facts.opening]\ntotal = 5.00\n2010350 = 3.00"), NOTHING);
    assert_eq!(
        main_file("[facts.vehicles]\nother = 1.5"),
        ["S052 附注·车辆·其他用车应当是大于或等于 0 的整数，现在是 1.5"]
    );
    assert_eq!(
        main_file("[facts.vehicles]\nother = -1"),
        ["S052 附注·车辆·其他用车应当是大于或等于 0 的整数，现在是 -1"]
    );
    assert_eq!(main_file("[facts.vehicles]\nothers = 1"), ["S051 附注·车辆中没有“others”"]);
    assert_eq!(main_file("[facts.vehicle]\nother = 1"), ["S051 没有附注组“vehicle”"]);
    assert_eq!(main_file("[facts.vehicles]\nother = \"未提供\""), NOTHING);
}

#[test]
fn last_years_figures_and_stated_ones_name_cells() {
    assert_eq!(main_file("[prior]\n\"小01表1行\" = 4.00"), NOTHING);
    assert_eq!(main_file("[prior]\n\"小01表3行\" = 4.00"), ["S053 “小01表3行”：小01表没有“3行”"]);
    assert_eq!(main_file("[prior]\n\"小01表1行\" = 4.00\n\"小01表1行1栏\" = 4.00"), ["S002 上年小01表1行1栏写了两次"]);
    let stated = |text: &str| found(&[("content/units/u/2023/stated.toml", &format!("[text]\n{text}\n"))]);
    assert_eq!(stated("\"小01表1行\" = 5\n\"附注·车辆·其他用车\" = 1\n\"年初预算·2010350\" = 3"), NOTHING);
    assert_eq!(stated("\"附注·车辆·轿车\" = 1"), ["S053 “附注·车辆·轿车”：表式中没有附注“附注·车辆·轿车”"]);
    assert_eq!(stated("\"上年小01表1行\" = 1"), ["S053 “上年小01表1行”：这里不能写“上年”"]);
}

#[test]
fn terms_reasons_and_uses_must_have_a_place() {
    assert_eq!(main_file("[glossary]\nterms = [\"mini-term\"]"), NOTHING);
    assert_eq!(main_file("[glossary]\nterms = [\"mini-trem\"]"), ["S027 名词解释中没有“mini-trem”"]);
    assert_eq!(main_file("[glossary]\nterms = [\"mini-term\", \"mini-term\"]"), ["S002 名词“mini-term”列了两次"]);
    assert_eq!(main_file("[reasons]\ngrant_total = \"甲\"\n2010350 = \"乙\""), NOTHING);
    assert_eq!(main_file("[reasons]\ngrant_totals = \"甲\""), ["S028 情况说明中没有“grant_totals”这一处"]);
}

#[test]
fn a_disclosure_must_fit_its_set_and_folder() {
    assert_eq!(found(&[(DISCLOSURE, "forms = \"minni\"\ntitle = \"x\"\n")]), ["S025 没有表式“minni”，这一年没有读入"]);
    assert_eq!(found(&[(DISCLOSURE, &MAIN.replace("budget", "final"))]), ["S026 这一份是决算，表式却是预算的"]);
    let set = SET.replace("[2023]", "[2024, 2025]");
    assert_eq!(found(&[("content/forms/mini/set.toml", &set)]), ["S024 表式“mini”用于2024—2025年度，这里是2023年度"]);
    let twin = [
        ("content/units/u/2023-budget/disclosure.toml", MAIN),
        ("content/units/u/2023-budget/tables/01.toml", "empty = \"无\""),
        ("content/units/u/2023-budget/tables/02.toml", "empty = \"无\""),
        ("content/units/u/2023-budget/tables/06.toml", "empty = \"无\""),
        ("content/units/u/2023-budget/tables/09.toml", "empty = \"无\""),
    ];
    assert_eq!(found(&twin), ["S023 2023年度的预算有两份"]);
    assert_eq!(found(&[(DISCLOSURE, "")]), ["S019 content/units/u/2023/没有 disclosure.toml，没有读入"]);
}

#[test]
fn units_have_parents_that_exist_and_do_not_go_round() {
    let with = |parent: &str| format!("{UNIT}parent = \"{parent}\"\n");
    assert_eq!(found(&[("content/units/u/unit.toml", &with("v"))]), ["S021 没有上级“v”"]);
    let circle = found(&[("content/units/u/unit.toml", &with("v")), ("content/units/v/unit.toml", &with("u"))]);
    assert_eq!(circle, ["S022 “u”的上级绕了一圈又回到它自己", "S022 “v”的上级绕了一圈又回到它自己"]);
    assert_eq!(found(&[("content/units/v/unit.toml", &with("u"))]), NOTHING);
    assert_eq!(found(&[("content/units/v/x/a.toml", "a = 1")]), ["S019 单位目录 content/units/v 中没有 unit.toml"]);
}

#[test]
fn folders_that_cannot_be_addresses_are_refused() {
    assert_eq!(found(&[("content/units/蔡甸/unit.toml", UNIT)]), ["S018 单位目录名“蔡甸”不能用作网址，没有读入"]);
    assert_eq!(
        found(&[("content/units/u/二〇二三/a.toml", "a = 1")]),
        ["S018 单位“u”的目录“二〇二三”不是年度，没有读入"]
    );
    assert_eq!(found(&[("content/units/con/unit.toml", UNIT)]), ["S018 单位目录名“con”不能用作网址，没有读入"]);
}

#[test]
fn what_is_no_text_or_hides_something_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let base: Vec<(&str, &[u8])> = BASE.iter().map(|(path, text)| (*path, text.as_bytes())).collect();
    write(folder.path(), &base);
    write(
        folder.path(),
        &[
            (TABLE_01, b"[lines]\n# \xd6\xd0\n1 = 5\n"),
            (TABLE_02, format!("\u{FEFF}{CODED}# \u{202E}x").replace('\n', "\r\n").as_bytes()),
        ],
    );
    #[cfg(unix)]
    std::os::unix::fs::symlink("/etc/passwd", folder.path().join("content/units/u/2023/work.md")).unwrap();
    let loaded = load(folder.path()).unwrap();
    let found: Vec<_> = loaded.findings.iter().map(|f| f.code.id).collect();
    assert_eq!(found, ["S011", "S012", "S013"], "{:?}", show(&loaded));
    assert!(loaded.site.disclosures[0].work_text.is_none());
    assert_eq!(loaded.site.disclosures[0].tables[1].rows.len(), 2);
}

#[test]
fn a_missing_root_is_an_error() {
    assert!(load(Path::new("/no/such/folder")).is_err());
}

#[test]
fn relations_must_mean_something_in_their_set() {
    let form =
        |relation: &str| found(&[("content/forms/mini/01.toml", &FORM_01.replace("27行＝（1+2）行。", relation))]);
    assert_eq!(form("27行＝（1+3）行"), ["F004 关系式“27行＝（1+3）行”：小01表没有“3行”"]);
    assert_eq!(form("27行"), ["F003 关系式“27行”：关系式里没有“＝”“≤”“≥”"]);
    assert_eq!(form("27行＝小03表1行"), ["F004 关系式“27行＝小03表1行”：表式中没有“小03表”"]);
    assert_eq!(form("27行＝附注·车辆·轿车"), ["F004 关系式“27行＝附注·车辆·轿车”：没有附注“附注·车辆·轿车”"]);
    assert_eq!(form("27行＝{income}"), ["F004 关系式“27行＝{income}”：没有概念“{income}”"]);
    assert_eq!(form("27行＝（1+2）行；32行2栏≥32行3栏；27行＝{income_total}；27行=Σ年初预算"), NOTHING);
    let set = SET.replace("小01表27行\"\nby", "小01表28行\"\nby");
    assert_eq!(found(&[("content/forms/mini/set.toml", &set)]), ["F004 概念 income_total：小01表没有“28行”"]);
}

#[test]
fn a_set_inherits_what_it_does_not_say() {
    let child = "name = \"子\"\nextends = \"mini\"\nforms = [\"01\", \"09\"]\nyears = [2024]\n";
    let loaded = site(&[("content/forms/child/set.toml", child)]);
    assert_eq!(show(&loaded), NOTHING);
    let set = &loaded.site.sets["child"];
    assert_eq!(set.forms.iter().map(|form| form.stem.as_str()).collect::<Vec<_>>(), ["01", "09"]);
    assert_eq!((set.word.as_str(), set.facts.len(), set.years), ("单位", 2, (2024, None)));
    assert_eq!(set.concepts.keys().collect::<Vec<_>>(), ["income_total"]);
    assert!(set.relations.is_empty(), "the relation with 小02表 falls away with it");
}

#[test]
fn a_set_must_have_its_forms_and_its_parent() {
    let set = |text: &str| found(&[("content/forms/child/set.toml", text)]);
    let head = "name = \"子\"\nyears = [2024]\n";
    assert_eq!(set(&format!("{head}extends = \"mini\"\nforms = [\"01\", \"03\"]")), ["F002 没有表“03”的文件 03.toml"]);
    assert_eq!(set(&format!("{head}extends = \"mini\"\nforms = [\"01\", \"01\"]")), ["F006 表“01”列了两次"]);
    assert_eq!(
        set(&format!("{head}extends = \"child\"\nforms = []\nkind = \"budget\"")),
        ["S008 缺少“narrative”", "F001 表式“child”的 extends 绕了一圈又回到它自己"]
    );
    assert_eq!(
        found(&[("content/forms/mini/03.toml", &FORM_09.replace("小09表", "小03表"))]),
        ["F007 03.toml 不在表式的 forms 中，没有用到"]
    );
    assert_eq!(
        found(&[("content/forms/mini/09.toml", &FORM_09.replace("小09表", "小06表"))]),
        ["F006 表号“小06表”用了两次：06.toml 和 09.toml"]
    );
    let twins = FORM_01.replace("line = 2,", "line = 1,").replace("（1+2）", "（1+9）");
    assert_eq!(found(&[("content/forms/mini/01.toml", &twins)]), ["F006 “1行”有两个，分不清"]);
}

#[test]
fn a_set_of_final_accounts_must_say_where_things_stand() {
    let set = SET.replace("kind = \"budget\"", "kind = \"final\"");
    let main = MAIN.replace("budget", "final");
    let found = found(&[("content/forms/mini/set.toml", &set), (DISCLOSURE, &main)]);
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("F005 [concepts] 中没有 income_general、"), "{found:?}");
}

#[test]
fn a_replaced_form_never_loses_a_relation() {
    let path = "content/forms/national-2022/01.toml";
    let text = std::str::from_utf8(embedded_file(path).unwrap()).unwrap();
    assert_eq!(found(&[(path, text)]), NOTHING);
    let poorer = text.replace("31行1栏＝62行2栏", "31行1栏≤62行2栏");
    let loaded = site(&[(path, &poorer)]);
    let ids: BTreeSet<_> = loaded.findings.iter().map(|f| f.code.id).collect();
    assert_eq!(ids.into_iter().collect::<Vec<_>>(), ["F008"]);
    let form = &loaded.site.sets["national-2022"].forms[0];
    assert!(form.relations.iter().any(|relation| relation.equation.text == "31行1栏＝62行2栏"));
    let path = "content/forms/national-2022/set.toml";
    let text = std::str::from_utf8(embedded_file(path).unwrap()).unwrap();
    let poorer = text.replacen("公开01表27行1栏 = 公开02表合计行1栏", "公开01表27行1栏 ≥ 公开02表合计行1栏", 1);
    assert!(
        found(&[(path, &poorer)])[0].starts_with("F008 少了内置表式的勾稽关系“公开01表27行1栏 = 公开02表合计行1栏”")
    );
}

#[test]
fn markdown_needs_its_front_matter() {
    let term = |text: &str| found(&[("content/glossary/x.md", text)]);
    assert_eq!(term("没有说明"), ["S008 文件开头没有“+++”之间的说明"]);
    assert_eq!(term("+++\nterm = \"甲\"\n+++\n"), ["S008 名词“甲”没有解释"]);
    assert_eq!(term("+++\nterm = \"小名词\"\n+++\n另一种。"), ["S002 名词“小名词”在 mini-term.md 中已有解释"]);
    assert_eq!(term("+++\nterm = \"乙\"\ncodes = [\"2010350\"]\n+++\n解释。"), NOTHING);
    assert_eq!(
        found(&[("content/pages/units.md", "+++\ntitle = \"x\"\n+++\n")]),
        ["S018 页面文件名“units.md”不能用作网址"]
    );
}

#[test]
fn evaluations_are_read_in_their_order() {
    let head = "kind = \"project\"\nstyle = \"weighted\"\ntitle = \"表\"\n";
    let file = |order: i32| {
        format!("order = {order}\n{head}funding = [{{ source = \"总额\", budget = 1.00, weight = 10, score = 9.5 }}]\n")
    };
    let loaded = site(&[
        ("content/units/u/2023/performance/a.toml", &file(2)),
        ("content/units/u/2023/performance/b.toml", &file(1)),
        ("content/units/u/2023/performance/c.toml", "# 还没有填\n"),
    ]);
    assert_eq!(show(&loaded), NOTHING);
    let evaluations = &loaded.site.disclosures[0].evaluations;
    assert_eq!(evaluations.iter().map(|e| e.id.as_str()).collect::<Vec<_>>(), ["b", "a"]);
    assert_eq!(evaluations[0].funding[0].scored.as_ref().unwrap().score.value.text, "9.5");
    let one = found(&[("content/units/u/2023/performance/a.toml", &format!("{head}[total]\nweight = 100\n"))]);
    assert_eq!(one, ["S008 缺少“score”"]);
}

#[test]
fn a_skeleton_loads_with_nothing_but_missing_figures() {
    let folder = tempfile::tempdir().unwrap();
    let base: Vec<(&str, &[u8])> = BASE.iter().map(|(path, text)| (*path, text.as_bytes())).collect();
    write(folder.path(), &base);
    for set in load(folder.path()).unwrap().site.sets.values() {
        let year = set.years.0 + 1;
        let path = new_disclosure(folder.path(), "u", year, &set.id);
        let path = if matches!(path, Err(ScaffoldError::Exists(_))) { continue } else { path.unwrap() };
        assert!(path.join("disclosure.toml").exists());
        assert!(matches!(new_disclosure(folder.path(), "u", year, &set.id), Err(ScaffoldError::Exists(_))));
    }
    let loaded = load(folder.path()).unwrap();
    let codes: BTreeSet<_> = loaded.findings.iter().map(|f| f.code.id).collect();
    assert_eq!(codes.into_iter().collect::<Vec<_>>(), ["S024", "S042"], "{}", show(&loaded).join("\n"));
}

#[test]
fn a_skeleton_line_can_be_filled_in_by_taking_the_comment_sign_away() {
    let folder = tempfile::tempdir().unwrap();
    let base: Vec<(&str, &[u8])> = BASE.iter().map(|(path, text)| (*path, text.as_bytes())).collect();
    write(folder.path(), &base);
    let path = new_disclosure(folder.path(), "v", 2024, "mini").unwrap();
    assert_eq!(path, folder.path().join("content/units/v/2024-budget"));
    assert!(folder.path().join("content/units/v/unit.toml").exists());
    let lines = fs::read_to_string(path.join("tables/01.toml")).unwrap();
    assert!(lines.contains("# 27 =        # 合计\n"), "{lines}");
    assert!(lines.contains("# 32 = { 2 = , 3 =  }       # 一般公共服务支出\n"), "{lines}");
    let coded = fs::read_to_string(path.join("tables/02.toml")).unwrap();
    assert!(coded.contains("#   2 其中\n"), "{coded}");
    assert!(coded.contains("  # { code = \"2010301\", name = \"项级科目名称\", 1 = 0.00, 2 = 0.00 },\n"), "{coded}");
    let main = fs::read_to_string(path.join("disclosure.toml")).unwrap();
    for part in ["rebuilt", "[reasons]", "[uses]", "[vehicle_use]", "other", "[[receptions]]", "[[corrections]]"] {
        assert!(main.contains(&format!("# {part}")), "{part}: {main}");
    }
    assert!(matches!(new_disclosure(folder.path(), "V", 2024, "mini"), Err(ScaffoldError::Unit(_))));
    assert!(matches!(new_disclosure(folder.path(), "v", 24, "mini"), Err(ScaffoldError::Year(24))));
    assert!(matches!(new_disclosure(folder.path(), "v", 2024, "x"), Err(ScaffoldError::Set { .. })));
}

/// Takes the comment signs away, but for lines of words.
fn uncommented(text: &str) -> String {
    let is_data = |line: &str| line.starts_with('[') || line.contains(" = ") || line.starts_with([']', ' ']);
    let lines = text.lines().map(|line| line.strip_prefix("# ").filter(|rest| is_data(rest)).unwrap_or(line));
    lines.flat_map(|line| [line, "\n"]).collect()
}

#[test]
fn the_commented_files_of_a_skeleton_are_right_once_uncommented() {
    let folder = tempfile::tempdir().unwrap();
    let base: Vec<(&str, &[u8])> = BASE.iter().map(|(path, text)| (*path, text.as_bytes())).collect();
    write(folder.path(), &base);
    let path = new_disclosure(folder.path(), "u", 2024, "national-2022").unwrap();
    for name in ["stated.toml", "work.toml", "performance/whole.toml", "performance/project.toml"] {
        let text = fs::read_to_string(path.join(name)).unwrap();
        assert!(text.lines().all(|line| line.starts_with('#')), "{name}");
        fs::write(path.join(name), uncommented(&text)).unwrap();
    }
    for name in ["performance.md", "work.md"] {
        let text = fs::read_to_string(path.join(name)).unwrap();
        fs::write(path.join(name), format!("{text}\n正文。\n")).unwrap();
    }
    let loaded = load(folder.path()).unwrap();
    let codes: BTreeSet<_> = loaded.findings.iter().map(|f| f.code.id).collect();
    assert_eq!(codes.into_iter().collect::<Vec<_>>(), ["S042", "S044"], "{}", show(&loaded).join("\n"));
    let disclosure = loaded.site.disclosures.iter().find(|d| d.year == 2024).unwrap();
    assert_eq!((disclosure.evaluations.len(), disclosure.work_items.len(), disclosure.stated.len()), (2, 1, 2));
    assert_eq!(disclosure.work_text.as_ref().unwrap().value, "正文。");
}

#[test]
fn attachments_are_kept_and_wrong_ones_are_told() {
    let loaded = site(&[
        ("content/units/u/2023/attachments/2023.pdf", "%PDF"),
        ("content/units/u/2023/attachments/x.html", "<p>"),
        ("content/units/u/2023/attachments/sub/y.pdf", "%PDF"),
    ]);
    let codes: Vec<_> = loaded.findings.iter().map(|f| f.code.id).collect();
    assert_eq!(codes, ["S016", "S018"], "{:?}", show(&loaded));
    let attachments = &loaded.site.disclosures[0].attachments;
    let kept: Vec<_> = attachments.iter().map(|a| (a.path.as_str(), &*a.bytes)).collect();
    assert_eq!(kept, [("attachments/2023.pdf", &b"%PDF"[..])]);
}

#[test]
fn hidden_files_are_kept_in_static_and_nowhere_else() {
    let loaded = site(&[
        ("static/.nojekyll", " "),
        ("static/.well-known/a.txt", "a"),
        ("static/CNAME", "a"),
        ("static/.DS_Store", "a"),
        ("content/units/u/2023/.x.toml", "="),
    ]);
    assert_eq!(show(&loaded), NOTHING);
    let files: Vec<_> = loaded.site.theme.files.iter().map(|file| file.path.as_str()).collect();
    for (path, kept) in [(".nojekyll", true), (".well-known/a.txt", true), ("CNAME", true), (".DS_Store", false)] {
        assert_eq!(files.contains(&path), kept, "{path}");
    }
}

#[test]
fn entities_of_hidden_characters_are_found_in_every_text() {
    let text = |text: &str| found(&[("content/units/u/2023/work.md", text)]);
    assert_eq!(text("甲\n&#xE000;乙"), ["S012 这里用转义写了看不见的字符 U+E000"]);
    assert_eq!(text("甲&#x4E2D;乙&amp;"), NOTHING);
    assert_eq!(main_file("[reasons]\n\"201\" = \"&#x202E;\"").len(), 1);
}

#[test]
fn a_name_begins_the_year_after_the_one_before_it_ends() {
    let classes = |text: &str| found(&[("content/classifications/functional.toml", text)]);
    assert_eq!(classes(CLASSES), NOTHING);
    assert_eq!(
        classes(&CLASSES.replace("since = 2020", "since = 2021")),
        ["S007 名称从 2021 年起用，旧名称却用到 2019 年"]
    );
}

#[test]
fn loading_never_panics() {
    let nasty = [
        "=",
        "[",
        "rows = 1",
        "rows = [1, \"a\", []]",
        "lines = [1]",
        "[lines]\n1 = []\n2 = {}\n3 = null",
        "[[lines]]\n1 = 1",
        "[lines.1]\n2 = 3",
        "[lines]\n1.2 = 3",
        "[columns]\n-1 = 2",
        "[lines]\n99999999999999999999 = 1",
        "rows = [{ code = 1.5 }, { code = \"\" }, { 1 = 2 }, { code = \"合计\", name = 1, 99999999999 = 1 }]",
        "empty = 1",
        "empty = false",
        "note = 1\nempty = \"x\"\nempty = \"y\"",
        "[lines]\n\"\" = 1",
        "[lines]\n１ = １",
        "forms = 1",
        "forms = \"\"",
        "years = \"x\"",
        "[facts]\nvehicles = 1",
        "[prior]\n\"\" = 1\n\"表\" = 1",
        "+++\n+++\n",
        "code = \"表\"\nlayout = \"two-sided\"\nsides = [{ lines = [{ line = -1 }], columns = [{ number = \"x\" }] }]",
        "layout = \"blocks\"\nblocks = [{}]\nfeet = [{}]",
        "layout = \"by-code\"\ncolumns = []",
        "extends = \"u\"",
        "{}",
    ];
    let more = [
        "content/units/u/2023/stated.toml",
        "content/units/u/2023/work.toml",
        "content/units/u/2023/performance/a.toml",
        "content/units/u/2023/tables/03.json",
        "content/pages/a.md",
    ];
    for text in nasty {
        // Each layer alone, so that the ones below it are reached.
        for layer in ["content/forms/mini/set", "content/forms/mini/0", "disclosure", "u/2023/tables/", ""] {
            let hit = |path: &str| if layer.is_empty() { !path.contains("/0") } else { path.contains(layer) };
            let paths = BASE.iter().map(|(path, _)| *path).chain(more);
            let changes: Vec<(&str, &str)> = paths.filter(|path| hit(path)).map(|path| (path, text)).collect();
            site(&changes);
        }
    }
}

/// A small generator of repeatable numbers.
fn next(state: &mut u64) -> usize {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    usize::try_from(*state >> 40).unwrap()
}

/// The text with up to three stretches of characters replaced by what slips of the hand put there.
fn mutated(text: &str, state: &mut u64) -> String {
    const SLIPS: [&str; 24] = [
        "", "\"", "'", "[", "]", "{", "}", "=", ",", ".", "\n", "0", "1,234.5", "５", "，", "＝", "#", "合计", "\\",
        "\"\"\"", "_", "-", "\u{0}", " ",
    ];
    let mut chars: Vec<char> = text.chars().collect();
    for _ in 0..=next(state) % 3 {
        let at = next(state) % (chars.len() + 1);
        let end = (at + next(state) % 3).min(chars.len());
        chars.splice(at..end, SLIPS[next(state) % SLIPS.len()].chars());
    }
    chars.into_iter().collect()
}

#[test]
fn slips_of_the_hand_never_panic_and_places_stay_right() {
    let mut state = 7;
    let rounds = std::env::var("FUZZ_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(300);
    for _ in 0..rounds {
        let text = mutated([FORM_01, SET, CODED, FORM_06][next(&mut state) % 4], &mut state);
        let mut findings = Vec::new();
        let stretch = toml::Source { file: crate::diagnostic::FileId(0), text: &text, start: 0 };
        let table = toml::parse(stretch, &mut findings);
        assert!(table.is_some() || !findings.is_empty(), "not read and nothing said: {text}");
        for place in findings.iter().filter_map(|finding| finding.place) {
            assert!(text.get(place.start as usize..place.end as usize).is_some(), "{place:?} in {text}");
        }
        if let Some(table) = table {
            places_are_right(&table, &text);
        }
        json::parse(crate::diagnostic::FileId(0), &text, &mut findings);
    }
}

#[test]
fn a_slip_in_one_line_never_changes_the_figure_of_another() {
    let mut state = 11;
    let lines: Vec<String> = (1..=12).map(|line| format!("{line} = {line}.25")).collect();
    let rounds = std::env::var("FUZZ_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(300);
    for _ in 0..rounds {
        let hit = next(&mut state) % lines.len();
        let mut slipped = lines.clone();
        slipped[hit] = mutated(&lines[hit], &mut state).replace('\n', "");
        let text = slipped.join("\n");
        let stretch = toml::Source { file: crate::diagnostic::FileId(0), text: &text, start: 0 };
        let mut findings = Vec::new();
        let Some(table) = toml::parse(stretch, &mut findings) else { continue };
        for line in (1..=12).filter(|line| *line != hit + 1) {
            let entry =
                table.get(&line.to_string()).unwrap_or_else(|| panic!("{line} is lost in {text}\n{findings:?}"));
            let kept = match &entry.value.kind {
                tree::Kind::Number(digits) => *digits == format!("{line}.25"),
                kind => matches!(kind, tree::Kind::Broken),
            };
            assert!(kept, "{line} is changed in {text}");
        }
    }
}

/// Every number stands where its place says, as its digits.
fn places_are_right(table: &Table<'_>, text: &str) {
    for entry in &table.entries {
        value_is_right(&entry.value, text);
    }
}

fn value_is_right(value: &tree::Value<'_>, text: &str) {
    let written = text.get(value.place.start as usize..value.place.end as usize);
    let written = written.unwrap_or_else(|| panic!("{:?} in {text}", value.place));
    match &value.kind {
        tree::Kind::Table(table) => places_are_right(table, text),
        tree::Kind::Array(items) => items.iter().for_each(|item| value_is_right(item, text)),
        tree::Kind::Number(digits) => {
            let plain = crate::text::fold_width(written).replace([',', '_', '+'], "");
            assert_eq!(plain, *digits, "in {text}");
        }
        _ => {}
    }
}

#[test]
fn every_code_that_the_source_names_is_registered_and_used() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let loading = walkdir::WalkDir::new(source.join("load")).into_iter().map(|entry| entry.unwrap().into_path());
    let loading = loading.filter(|path| path.is_file());
    let mut named = BTreeSet::new();
    // Whether an amendment changes anything is known where the difference is told, how many
    // findings are alike where they are cut short.
    for path in loading.chain([source.join("render/pages/version.rs"), source.join("diagnostic/many.rs")]) {
        let text = if path.ends_with("tests.rs") { String::new() } else { fs::read_to_string(path).unwrap() };
        let quoted = text.split('"').filter(|part| part.len() == 4 && part.starts_with(['S', 'F']));
        named.extend(quoted.filter(|part| part[1..].parse::<u32>().is_ok()).map(str::to_owned));
    }
    let registered: BTreeSet<_> =
        codes().map(|code| code.id).filter(|id| id.starts_with(['S', 'F'])).map(str::to_owned).collect();
    assert_eq!(named, registered);
}

#[test]
fn a_finding_says_whose_year_it_is_about() {
    let loaded = site(&[("content/units/u/2023/stated.toml", "[text\n")]);
    let about: Vec<_> = loaded.findings.iter().map(|finding| (finding.unit.as_deref(), finding.year)).collect();
    assert_eq!(about, [(Some("u"), Some(2023))]);
}

#[test]
fn a_finding_about_a_value_of_a_table_names_its_cell() {
    let with = |value: &str| {
        format!(
            "rows = [\n  {{ code = \"合计\", 1 = 5.00 }},\n  {{ code = \"201\", name = \"一般公共服务支出\", 1 = {value} }},\n]\n"
        )
    };
    for value in ["5,00", "\"五\"", "5..0"] {
        let loaded = site(&[(TABLE_02, &with(value))]);
        let cells: Vec<_> = loaded.findings.iter().map(|finding| finding.cell.as_deref()).collect();
        assert_eq!(cells, [Some("小02表201行1栏")], "{value}");
    }
}

/// What `disclosure.toml` finds with an exception of these lines after the needed ones.
fn excepted(lines: &str) -> Vec<String> {
    main_file(&format!("[[exceptions]]\nreason = \"原件如此，照录。\"\nperson = \"甲\"\n{lines}"))
}

#[test]
fn an_exception_is_read_with_its_cell_by_its_canonical_name() {
    let text = "[[exceptions]]\ncode = \"opening-balance-differs\"\ncell = \"小01表27行\"\nreason = \"年初按审计意见调整。\"\n\
                person = \"甲\"\ndate = 2024-11-11\nexpires = \"2025-12-31\"\n";
    let loaded = site(&[(DISCLOSURE, &format!("{MAIN}{text}"))]);
    assert_eq!(show(&loaded), NOTHING);
    let [exception] = &loaded.site.disclosures[0].exceptions[..] else { panic!("one exception") };
    assert_eq!((exception.code.id, exception.person.as_str()), ("C113", "甲"));
    assert_eq!(exception.cell.as_ref().unwrap().value, "小01表27行1栏");
    assert_eq!(exception.expires.unwrap().to_string(), "2025-12-31");
    let file = loaded.sources.file(exception.place.file);
    assert_eq!(&file.text[exception.place.start as usize..exception.place.end as usize], "\"opening-balance-differs\"");
}

#[test]
fn an_exception_may_name_a_table_a_fact_or_last_years_cell() {
    for cell in ["小02表", "附注·车辆·其他用车", "上年小01表27行1栏", "小06表人员经费合计行"]
    {
        let lines = format!("code = \"C101\"\ndate = \"2024-11-11\"\ncell = \"{cell}\"");
        assert_eq!(excepted(&lines), NOTHING, "{cell}");
    }
    assert_eq!(
        excepted("code = \"C101\"\ndate = \"2024-11-11\"\ncell = \"小03表\""),
        ["S053 “小03表”：表式中没有“小03表”"]
    );
    assert_eq!(excepted("code = \"C101\"\ndate = \"2024-11-11\"\ncell = \"小01表28行1栏\"").len(), 1);
}

#[test]
fn an_exception_names_a_finding_about_data() {
    let code = |code: &str| excepted(&format!("code = \"{code}\"\ndate = \"2024-11-11\""));
    for known in ["C105", "c105", "facts-differ", "N003", "S024"] {
        assert_eq!(code(known), NOTHING, "{known}");
    }
    assert_eq!(code("C101"), ["S008 缺少“cell”"], "a statutory relation is explained by its cell");
    assert_eq!(code("C999"), ["S061 没有代码为“C999”的问题"]);
    assert_eq!(code(""), ["S061 没有代码为“”的问题"]);
    let loaded = site(&[(DISCLOSURE, &format!("{MAIN}[[exceptions]]\ncode = \"opening-balance-differ\"\n"))]);
    let unknown = loaded.findings.iter().find(|finding| finding.code.id == "S061").unwrap();
    let help = unknown.help.as_deref().unwrap_or_default();
    assert!(help.contains("是不是“opening-balance-differs”？"), "{help}");
    for fixed in ["S001", "F004", "P001", "N001", "C109", "C191"] {
        let found = code(fixed);
        assert!(found.len() == 1 && found[0].starts_with("S062 "), "{fixed}: {found:?}");
    }
}

#[test]
fn an_exception_says_why_who_and_when() {
    let text = |text: &str| main_file(&format!("[[exceptions]]\ncode = \"C105\"\n{text}"));
    assert_eq!(text(""), ["S008 缺少“reason”", "S008 缺少“person”", "S008 缺少“date”"]);
    let rest = "person = \"甲\"\ndate = \"2024-11-11\"\n";
    assert_eq!(text(&format!("{rest}reason = \" \"")), ["S008 “reason”是空的"]);
    assert_eq!(text(&format!("{rest}reason = \"已核实\"")), ["S007 理由“已核实”太短，说不清楚"]);
    assert_eq!(text(&format!("{rest}reason = \"某某部门调整了年初数。\"")), ["S044 模板中的“某某”没有改"]);
    assert_eq!(text(&format!("{rest}reason = \"理由，写成一句完整的话\"")), ["S044 模板中的“写成一句完整的话”没有改"]);
    assert_eq!(excepted("code = \"C105\"\ndate = \"2024-13-01\""), ["S007 “date”不能是“2024-13-01”"]);
    assert_eq!(
        excepted("code = \"C105\"\ndate = \"2024-11-11\"\nexpires = \"2024-11-10\""),
        ["S007 例外的截止日期 2024-11-10 早于作出的日期 2024-11-11"]
    );
    assert_eq!(excepted("code = \"C105\"\ndate = \"2024-11-11\"\nuntil = 1"), ["S004 不认识的键“until”"]);
}

#[test]
fn an_exception_that_lacks_something_accepts_nothing() {
    for lines in ["code = \"C105\"", "code = \"C105\"\ndate = \"2024-11-11\"\nexpires = \"2024-1-1\""] {
        let text = format!("{MAIN}[[exceptions]]\nreason = \"原件如此，照录。\"\nperson = \"甲\"\n{lines}\n");
        let loaded = site(&[(DISCLOSURE, &text)]);
        assert_eq!((loaded.findings.len(), loaded.site.disclosures[0].exceptions.len()), (1, 0), "{lines}");
    }
}

#[test]
fn an_exception_written_twice_is_found_and_one_for_another_cell_is_not() {
    let one = |cell: &str| {
        format!(
            "[[exceptions]]\ncode = \"C105\"\n{cell}reason = \"原件如此，照录。\"\nperson = \"甲\"\ndate = \"2024-11-11\"\n"
        )
    };
    assert_eq!(main_file(&(one("") + &one(""))), ["S002 C105的例外写了两次"]);
    assert_eq!(main_file(&(one("") + &one("cell = \"小01表27行\"\n"))), NOTHING);
    let twice = one("cell = \"小01表27行\"\n") + &one("cell = \"小01表27行1栏\"\n");
    assert_eq!(main_file(&twice), ["S002 C105的例外写了两次"]);
}

#[test]
fn exceptions_may_be_written_in_json() {
    let json = "{\"forms\": \"mini\", \"kind\": \"budget\", \"title\": \"2023年度甲单位预算\", \"exceptions\": [{\"code\": \"C105\", \
                \"reason\": \"原件如此，照录。\", \"person\": \"甲\", \"date\": \"2024-11-11\"}]}";
    let loaded = site(&[(DISCLOSURE, ""), ("content/units/u/2023/disclosure.json", json)]);
    assert_eq!(show(&loaded), NOTHING);
    assert_eq!(loaded.site.disclosures[0].exceptions.len(), 1);
}

#[test]
fn an_exception_about_a_text_says_which_words_it_means() {
    let with = |rest: &str| {
        let one = format!(
            "\n[[exceptions]]\ncode = \"T104\"\nreason = \"原件如此，照录。\"\nperson = \"甲\"\ndate = \"2024-11-11\"\n{rest}"
        );
        found(&[(DISCLOSURE, &format!("{MAIN}{one}"))])
    };
    assert_eq!(with(""), ["S008 缺少“words”"]);
    assert_eq!(with("words = \"44.57亿元\"\n"), Vec::<String>::new());
}

#[test]
fn a_site_changes_the_level_of_rules_about_data_with_a_reason() {
    let levels = |text: &str| found(&[("site.toml", &format!("title = \"站\"\n[[levels]]\n{text}"))]);
    let reason = "reason = \"试行第一年，先作警告。\"\n";
    let loaded =
        site(&[("site.toml", &format!("title = \"站\"\n[[levels]]\ncode = \"C122\"\nlevel = \"off\"\n{reason}"))]);
    assert_eq!(show(&loaded), NOTHING);
    let [change] = &loaded.site.config.levels[..] else { panic!("one change") };
    assert_eq!((change.code.id, change.severity), ("C122", None));
    assert_eq!(levels("code = \"C122\"\nlevel = \"note\"\n"), ["S008 缺少“reason”"]);
    assert_eq!(levels(&format!("code = \"C122\"\n{reason}")), ["S008 缺少“level”"]);
    assert_eq!(levels(&format!("code = \"C122\"\nlevel = \"low\"\n{reason}")), ["S007 “level”不能是“low”"]);
    assert_eq!(levels(&format!("code = \"C12\"\nlevel = \"off\"\n{reason}")), ["S061 没有代码为“C12”的问题"]);
    let fixed = levels(&format!("code = \"S001\"\nlevel = \"off\"\n{reason}"));
    assert_eq!(fixed, ["S062 S001（语法错误）不是数据问题"]);
    let one = format!("code = \"C122\"\nlevel = \"off\"\n{reason}");
    assert_eq!(levels(&format!("{one}[[levels]]\n{one}")), ["S002 C122的级别写了两次"]);
}

#[test]
fn an_embedded_form_that_the_site_writes_otherwise_is_named() {
    assert_eq!(site(&[]).site.replaced_forms, Vec::<String>::new());
    let path = "content/forms/national-2022/09.toml";
    let embedded = std::str::from_utf8(embedded_file(path).unwrap()).unwrap();
    assert_eq!(site(&[(path, embedded)]).site.replaced_forms, Vec::<String>::new());
    let changed = format!("{embedded}# 本站的改动\n");
    assert_eq!(site(&[(path, &changed)]).site.replaced_forms, [path]);
}

#[test]
fn the_repository_replaces_no_embedded_form() {
    let loaded = load(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
    assert_eq!(loaded.site.replaced_forms, Vec::<String>::new());
}

#[test]
fn a_placeholder_in_the_prose_of_a_year_is_found_where_it_stands() {
    for name in ["work.md", "performance.md"] {
        let path = format!("content/units/u/2023/{name}");
        let text =
            "<!-- 某某 -->\r\n**重点工作**完成**5**项。\r\n\r\n全年接待xx批次，支出**万元。\r\n\r\n另有某某。\r\n";
        let loaded = site(&[(&path, text)]);
        let told: Vec<_> = loaded
            .findings
            .iter()
            .map(|finding| {
                let place = finding.place.unwrap();
                (finding.code.id, &text[place.start as usize..place.end as usize])
            })
            .collect();
        assert_eq!(told, [("S044", "xx"), ("S044", "某某")], "{name}");
        assert_eq!(found(&[(&path, "**重点工作**完成**5**%。\n")]), NOTHING);
    }
}

const VERSION_1: &str = "content/units/u/2023/versions/1/";

/// What a site finds whose 2023 was published again: these entries, with version 1 as the base
/// site has it and another figure and title today.
fn amended(entries: &str, changes: &[(&str, &str)]) -> Vec<String> {
    let loaded = amended_site(entries, changes);
    loaded.findings.iter().map(|finding| format!("{} {}", finding.code.id, finding.message)).collect()
}

fn amended_site(entries: &str, changes: &[(&str, &str)]) -> Loaded {
    let below = "content/units/u/2023/";
    let own = BASE.iter().filter_map(|(path, text)| Some((format!("{VERSION_1}{}", path.strip_prefix(below)?), *text)));
    let mut files: Vec<(String, &str)> = own.collect();
    let main = format!("published = 2024-03-01\n{MAIN}{entries}");
    files.push((DISCLOSURE.into(), &main));
    files.push((TABLE_01.into(), "[lines]\n1 = 6.00\n27 = 6.00\n32 = { 2 = 6.00 }\n"));
    files.extend(changes.iter().map(|(path, text)| ((*path).to_owned(), *text)));
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), *text)).collect();
    site(&files)
}

const ENTRY: &str = "[[amendments]]\nversion = 1\ndate = 2024-11-20\nreason = \"误填。\"\n";

#[test]
fn a_version_that_was_amended_is_read_beside_the_present_one() {
    let loaded = amended_site(ENTRY, &[]);
    assert_eq!(show(&loaded), NOTHING);
    let [disclosure] = &loaded.site.disclosures[..] else { panic!("one disclosure") };
    let [amendment] = &disclosure.amendments[..] else { panic!("one amendment") };
    let cell = disclosure.set.cell_named("小01表27行").unwrap();
    let fen = |disclosure: &crate::model::disclosure::Disclosure| disclosure.figure(cell).amount().unwrap().fen();
    assert_eq!((fen(&amendment.earlier), fen(disclosure)), (Some(5_000_000), Some(6_000_000)));
    assert_eq!((amendment.earlier.version(), disclosure.version()), (1, 2));
    assert_eq!(disclosure.in_force_since().unwrap().to_string(), "2024-11-20");
}

#[test]
fn what_does_not_fit_between_versions_and_amendments_is_found_once() {
    assert_eq!(amended("", &[]), ["S072 content/units/u/2023/versions/1 没有对应的更正说明"]);
    let other = ENTRY.replace("version = 1", "version = 2");
    assert_eq!(
        amended(&format!("{ENTRY}{}", other.replace("11-20", "11-21")), &[]),
        ["S071 第 2 版的源文件不在 content/units/u/2023/versions/2/"]
    );
    assert_eq!(amended(&other, &[]), ["S073 第 1 次更正写的是 version = 2，应当是 1"]);
    let early = ENTRY.replace("2024-11-20", "2024-02-29");
    assert_eq!(amended(&early, &[]), ["S073 更正日期 2024-02-29 早于前一次公开的日期 2024-03-01"]);
    assert_eq!(amended(&ENTRY.replace("2024-11-20", "2024-03-01"), &[]), NOTHING);
    for reason in ["\"\"", "\" \""] {
        assert_eq!(amended(&ENTRY.replace("\"误填。\"", reason), &[]), ["S074 这次更正没有写原因"]);
    }
    assert_eq!(amended(&ENTRY.replace("reason = \"误填。\"\n", ""), &[]), ["S074 这次更正没有写原因"]);
    assert_eq!(amended(&ENTRY.replace("误填。", "xx误填。"), &[]), ["S044 模板中的“xx”没有改"]);
}

#[test]
fn an_earlier_version_is_told_only_what_keeps_it_from_being_read() {
    let table = format!("{VERSION_1}tables/01.toml");
    let main = format!("{VERSION_1}disclosure.toml");
    // A left placeholder was published, and is no longer to be mended; a slip in the file is.
    assert_eq!(amended(ENTRY, &[(&main, &MAIN.replace("甲单位", "单位全称"))]), NOTHING);
    assert_eq!(amended(ENTRY, &[(&table, "[lines]\n1 = 5.00\n3 = 5.00\n")]), ["S032 小01表没有“3”行"]);
}
