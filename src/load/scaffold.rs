//! `disclose new`: the files of a new year or a new unit, ready to be filled in.
//!
//! Every line of every table stands in a comment with its name, so that filling in is taking
//! the comment sign away and writing the figure. The same files can be written filled in, as
//! an example. Nothing is ever overwritten: the folder must not be there yet.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::config::is_slug;
use super::disclosure::NARRATIVE_KEYS;
use super::placeholders;
use super::schema::directive;
use super::tables::section_of;
use super::units::FOLDER;
use super::{LoadError, load};
use crate::amount::Scale;
use crate::diagnostic::Placed;
use crate::model::code::ClassCode;
use crate::model::disclosure::Disclosure;
use crate::model::form::{FactGroup, Form, FormSet, Kind, Layout, Line, RowKey};
use crate::model::table::{Figure, Row, Table, TableState};
use crate::model::unit::About;
use crate::text::is_forbidden;

/// Why no skeleton was written.
#[derive(Debug, thiserror::Error)]
pub enum ScaffoldError {
    /// The unit's name cannot be a folder.
    #[error("单位标识“{0}”只能用小写英文字母、数字和连字符，例如 caidian-ggzy")]
    Unit(String),
    /// The year is no year.
    #[error("“{0}”不是年度，写成四位年份，例如 2024")]
    Year(i32),
    /// There is no such set of forms.
    #[error("没有表式“{set}”，可用的有：{known}")]
    Set {
        /// What was asked for.
        set: String,
        /// What there is.
        known: String,
    },
    /// The folder is there already.
    #[error("{0} 已经有了，没有改动；要重做请先移走它")]
    Exists(PathBuf),
    /// A text for a file holds characters that cannot be seen.
    #[error("“{0}”里有换行或看不见的字符，没有新建")]
    HiddenCharacters(String),
    /// A file could not be written.
    #[error("不能写 {path}：{}", crate::text::io_reason(source))]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The site cannot be read.
    #[error(transparent)]
    Load(#[from] LoadError),
}

/// Writes the skeleton of a disclosure and returns its folder; a unit that is new gets a
/// `unit.toml` in comments too, and a site without settings a `site.toml`.
///
/// # Errors
/// [`ScaffoldError`] when the names are wrong, the folder is there already or cannot be written.
pub fn new_disclosure(root: &Path, unit: &str, year: i32, set: &str) -> Result<PathBuf, ScaffoldError> {
    if !is_slug(unit) {
        return Err(ScaffoldError::Unit(unit.to_owned()));
    }
    if !(1950..=2199).contains(&year) {
        return Err(ScaffoldError::Year(year));
    }
    let site = load(root)?.site;
    let known = || site.sets.keys().cloned().collect::<Vec<_>>().join("、");
    let set = site.sets.get(set).ok_or_else(|| ScaffoldError::Set { set: set.to_owned(), known: known() })?;
    let parent = root.join(FOLDER).join(unit);
    let folder = parent.join(folder_name(set, year));
    if fs::symlink_metadata(&folder).is_ok() {
        return Err(ScaffoldError::Exists(folder));
    }
    for path in [folder.join("tables"), folder.join("performance")] {
        fs::create_dir_all(&path).map_err(|source| ScaffoldError::Write { path, source })?;
    }
    let has_unit = ["unit.toml", "unit.json"].iter().any(|file| fs::symlink_metadata(parent.join(file)).is_ok());
    if !has_unit {
        write_new(&parent.join("unit.toml"), &unit_text(&NewUnit::default()))?;
    }
    begin_settings(root)?;
    let below = |name: &str| format!("{FOLDER}{unit}/{}/{name}", folder_name(set, year));
    let unit_name = site.units.get(unit).map_or(placeholders::UNIT, |unit| unit.name.as_str());
    let main = disclosure_text(set, &Heading { unit: unit_name, year, kind: set.kind }, None);
    write_new(&folder.join("disclosure.toml"), &(directive("disclosure", &below("disclosure.toml")) + &main))?;
    for form in &set.forms {
        let name = format!("tables/{}.toml", form.stem);
        write_new(&folder.join(&name), &(directive("table", &below(&name)) + &table_text(form, set, None)))?;
    }
    for (kind, name, text) in [
        ("stated", "stated.toml", stated_file(set)),
        ("performance", "performance/whole.toml", PERFORMANCE.to_owned()),
        ("performance", "performance/project.toml", PROJECT.to_owned()),
        ("work", "work.toml", WORK.to_owned()),
    ] {
        write_new(&folder.join(name), &(directive(kind, &below(name)) + &text))?;
    }
    for (name, text) in [("narrative.md", NARRATIVE_TEXT), ("performance.md", PERFORMANCE_TEXT), ("work.md", WORK_TEXT)]
    {
        write_new(&folder.join(name), text)?;
    }
    Ok(folder)
}

/// The folder of a year: `2023`, `2023-budget`.
fn folder_name(set: &FormSet, year: i32) -> String {
    if set.kind == Kind::Budget { format!("{year}-budget") } else { year.to_string() }
}

/// What is known of a unit when its file is begun; what is not stands in comments.
#[derive(Clone, Debug, Default)]
pub struct NewUnit {
    /// The full name.
    pub name: Option<String>,
    /// A shorter name.
    pub short: Option<String>,
    /// Where it lies, largest first.
    pub region: Vec<String>,
    /// The level of government: 县级.
    pub level: Option<String>,
    /// 单位 or 部门.
    pub kind: Option<String>,
    /// The id of the 部门 it belongs to.
    pub parent: Option<String>,
    /// What sort of body it is.
    pub nature: Option<String>,
    /// What it does.
    pub about: About,
}

/// Begins a unit, `content/units/<id>/unit.toml`, and returns the file.
///
/// # Errors
/// [`ScaffoldError`] when the id cannot be a folder, the folder is there already, a text holds
/// characters that cannot be seen, or the file cannot be written.
pub fn new_unit(root: &Path, id: &str, unit: &NewUnit) -> Result<PathBuf, ScaffoldError> {
    if !is_slug(id) {
        return Err(ScaffoldError::Unit(id.to_owned()));
    }
    let texts = [&unit.name, &unit.short, &unit.level, &unit.kind, &unit.parent, &unit.nature];
    let is_hidden = |text: &&String| text.contains(|c: char| c.is_control() || is_forbidden(c));
    if let Some(text) = texts.into_iter().flatten().chain(&unit.region).find(is_hidden) {
        return Err(ScaffoldError::HiddenCharacters(text.escape_debug().to_string()));
    }
    if let Some(parent) = unit.parent.as_ref().filter(|parent| !is_slug(parent)) {
        return Err(ScaffoldError::Unit(parent.clone()));
    }
    fs::read_dir(root).map_err(|source| LoadError::Root { path: root.to_owned(), source })?;
    let folder = root.join(FOLDER).join(id);
    if fs::symlink_metadata(&folder).is_ok() {
        return Err(ScaffoldError::Exists(folder));
    }
    fs::create_dir_all(&folder).map_err(|source| ScaffoldError::Write { path: folder.clone(), source })?;
    let file = folder.join("unit.toml");
    write_new(&file, &unit_text(unit))?;
    begin_settings(root)?;
    Ok(file)
}

/// `site.toml`, where there is none.
fn begin_settings(root: &Path) -> Result<(), ScaffoldError> {
    let path = root.join("site.toml");
    if fs::symlink_metadata(&path).is_ok() {
        return Ok(());
    }
    write_new(&path, &site_text("财政预决算公开", "发布机关全称"))
}

/// Whether a theme may have this name: a plain folder other than the program's own.
pub fn is_theme_name(name: &str) -> bool {
    is_slug(name) && name != "default"
}

/// Writes a file that must not be there yet.
fn write_new(path: &Path, text: &str) -> Result<(), ScaffoldError> {
    let written =
        fs::OpenOptions::new().write(true).create_new(true).open(path).and_then(|mut f| f.write_all(text.as_bytes()));
    written.map_err(|source| ScaffoldError::Write { path: path.to_owned(), source })
}

/// `site.toml` with a title and a publisher.
pub fn site_text(title: &str, publisher: &str) -> String {
    let (title, publisher) = (quoted(title), quoted(publisher));
    format!(
        r#"{schema}# 网站设置。改动后运行 disclose build。
title       = {title}
description = "各单位的预算、决算表和情况说明，数字逐项检查后公开。"
publisher   = {publisher}
theme       = "default"
# base_url  = "https://example.gov.cn/czgk/"   # 网站发布后的地址，可以不写
# downloads = false                            # 不提供数据文件（CSV、XLSX、JSON）；不写就提供

# 问题的级别，全站适用，一个代码一条；法定的核对关系不能降低或关闭。可以不写。
# [[levels]]
# code   = "C122"                              # 检查结果方括号中的代码
# level  = "warning"                           # off 不查 | note 提示 | warning 警告 | error 错误
# reason = "为什么这样定，写成一句完整的话"
"#,
        schema = directive("site", "site.toml"),
    )
}

/// `unit.toml`: a line for each thing to say, in a comment where it is not known yet.
pub fn unit_text(unit: &NewUnit) -> String {
    let one = |text: &Option<String>| text.as_deref().map(quoted);
    let several = |texts: &[String]| (!texts.is_empty()).then(|| list(texts));
    let lines = [
        ("name", one(&unit.name), "\"单位全称\"", ""),
        ("short", one(&unit.short), "\"简称\"", "可以不写"),
        ("region", several(&unit.region), "[\"湖北省\", \"武汉市\", \"蔡甸区\"]", "从大到小"),
        ("level", one(&unit.level), "\"区级\"", "中央 | 省级 | 市级 | 区级 | 县级 | 乡级"),
        ("kind", one(&unit.kind), "\"单位\"", "单位 | 部门"),
        ("parent", one(&unit.parent), "\"上级部门的目录名\"", "可以不写"),
        ("nature", one(&unit.nature), "\"公益一类事业单位\"", "可以不写"),
        ("aliases", None, "[\"区公共资源交易中心\"]", "曾用名、通称，查找时可用；可以不写"),
        ("duties", several(&unit.about.duties), "[\"主要职责，一条一句。\"]", ""),
        ("organisation", one(&unit.about.organisation), "\"机构设置。\"", ""),
        ("divisions", several(&unit.about.divisions), "[\"综合科\"]", "内设机构，可以不写"),
    ];
    let path = format!("{FOLDER}unit/unit.toml");
    let mut text = directive("unit", &path) + "# 单位的基本情况。行首有“# ”的，删去“# ”，填上内容。\n";
    for (key, value, example, note) in lines {
        let note = if note.is_empty() { String::new() } else { format!("    # {note}") };
        let _ = match value {
            Some(value) => writeln!(text, "{key} = {value}{note}"),
            None => writeln!(text, "# {key} = {example}{note}"),
        };
    }
    text
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

fn list(texts: &[String]) -> String {
    format!("[{}]", texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", "))
}

const PERFORMANCE: &str = r#"# 绩效自评表，一张表一个文件。删去行首的“# ”，填上内容；没有自评表就删去本文件。
# order  = 1
# kind   = "whole"                             # whole 整体 | project 项目
# style  = "targets"                           # targets 目标值、实际完成值 | weighted 权重、得分
# title  = "自评表的标题"
# filed  = "2024-03-27"                        # 填报日期，可以不写
# basic   = 229.97                             # 整体：基本支出总额
# project = 144.00                             # 整体：项目支出总额
# funding = [
#   { source = "部门整体支出总额", budget = 560.57, executed = 373.97, rate = "66.71%" },
# ]
#
# [[goals]]
# title = "年度目标1：…"
# indicators = [
#   { level1 = "产出指标", level2 = "数量指标", name = "交易场次", target = "≥500场", actual = "548场" },
# ]
"#;

const PROJECT: &str = r#"# 项目支出绩效自评表（带权重、得分），一个项目一个文件。删去行首的“# ”，填上内容；没有就删去本文件。
# order  = 2
# kind   = "project"
# style  = "weighted"
# title  = "自评表的标题"
# name   = "项目名称"
# code   = "项目编码"                          # 可以不写
# filed  = "2024-03-27"                        # 填报日期，可以不写
# department  = "主管部门"
# implementer = "实施单位"
# goal       = "项目年度目标"
# result     = "年度目标完成情况"
# process    = "项目实施内容及过程概述"        # 以下各项可以不写
# conclusion = "评价结论"
# problems   = "存在问题"
# deviation  = "偏差大或目标未完成原因分析"
# measures   = "改进措施"
# remark     = "说明"
# funding = [
#   { source = "总额", opening = 19.80, adjusted = 19.80, executed = 19.50, rate = "98.48%", weight = 10, score = 9.8, note = "未执行完的原因" },
# ]
#
# [[goals]]
# indicators = [
#   { level1 = "产出指标", level2 = "数量指标", name = "三级指标", relation = "≥", target = "6", unit = "套", actual = "6", weight = 90, score = 90, note = "偏差原因" },
# ]
#
# [total]
# weight = 100
# score  = 99.8
"#;

const NARRATIVE_TEXT: &str =
    "<!-- 情况说明按各表的数字生成。要自己写其中一节的，把标题和正文写在下面；都用生成的文字就删去本文件。

一节一个二级标题（## ），写网页上那一节或那一小节的标题，编号可以不写；下面的正文替换生成的文字：
## 一、收入支出决算总体情况说明
标题末尾加“（补充）”，正文就接在生成的文字后面：
## 二、收入决算情况说明（补充）
自己的小标题写成三级（### ）。正文中的数字会与各表核对。 -->
";

const PERFORMANCE_TEXT: &str = "<!-- 预算绩效情况说明：把正文写在下面；没有就删去本文件。 -->\n";

const WORK_TEXT: &str = "<!-- 重点工作完成情况的文字：把正文写在下面；没有就删去本文件。 -->\n";

const WORK: &str = r#"# 重点工作完成情况表，一行一个 [[items]]。删去行首的“# ”，填上内容；没有就删去本文件。
# [[items]]
# no     = 1
# matter = "重要事项"
# goal   = "工作内容及目标"
# result = "完成情况"
"#;

/// Figures that the document's text states, in comments.
fn stated_file(set: &FormSet) -> String {
    let cell = set.concept_cell("income_grand_total").or_else(|| set.concept_cell("income_total"));
    let cell = cell.map_or_else(|| "公开01表31行1栏".to_owned(), |cell| set.name_of(cell));
    let fact = set.facts.first().and_then(|group| Some((group, group.items.first()?)));
    let mut text = format!(
        "# 正文中写明的金额，照正文所印；每项是表中一格或一个附注，用来核对表与文字。可以不写。\n\
         # [text]\n# \"{cell}\" = 373.97\n"
    );
    if let Some((group, item)) = fact {
        let _ = writeln!(text, "# \"{}·{}\" = 560.57", group.name, item.name);
    }
    if let Some(form) = set.forms.first() {
        let _ = write!(
            text,
            "#\n# 校验数：按原件另行数一数、加一加，录错末位、多录、漏录都能查出。可以不写。\n\
             # [[control]]\n# table   = \"{}\"\n# figures = 9          # 表中有几个数\n# sum     = 2243.82    # 各数之和\n",
            form.code
        );
    }
    text
}

/// What a disclosure is about.
#[derive(Clone, Copy, Debug)]
struct Heading<'a> {
    unit: &'a str,
    year: i32,
    kind: Kind,
}

impl Heading<'_> {
    fn title(&self) -> String {
        format!("{}年度{}{}公开", self.year, self.unit, self.kind.name())
    }
}

/// `disclosure.toml` with the figures and texts of a disclosure, and in comments what else it
/// may hold.
pub fn filled_disclosure(disclosure: &Disclosure, unit: &str) -> String {
    let heading = Heading { unit, year: disclosure.year, kind: disclosure.kind };
    disclosure_text(&disclosure.set, &heading, Some(disclosure))
}

fn disclosure_text(set: &FormSet, heading: &Heading<'_>, filled: Option<&Disclosure>) -> String {
    let (scale, word) = filled.map_or((set.scale, set.word.as_str()), |filled| (filled.scale, filled.word.as_str()));
    let year = heading.year;
    let mut text = format!(
        r#"forms = "{}"
kind  = "{}"
word  = "{word}"                              # 文件中的自称：部门 | 单位
title = {}
scale = "{}"                              # 以下各文件中金额的单位：万元 | 元
# state     = "draft"                         # 还在填报的写，照样检查但不发布；可以发布时删去
"#,
        set.id,
        set.kind.key(),
        quoted(&heading.title()),
        scale_name(scale),
    );
    for (key, date, example, about) in [
        ("published", filled.and_then(|filled| filled.published), "10-15", "公开日期"),
        ("approved ", filled.and_then(|filled| filled.approved), "09-26", "批复日期"),
    ] {
        let _ = match date {
            Some(date) => writeln!(text, "{key} = \"{}\"                      # {about}", date.value),
            None => writeln!(text, "# {key} = \"{}-{example}\"                    # {about}", year + 1),
        };
    }
    text.push_str("# rebuilt   = \"原件没有附表格，数字按正文重建\"   # 表格按正文重建的才写\n");
    push_prior(&mut text, set, filled);
    for group in &set.facts {
        push_facts(&mut text, set, group, filled);
    }
    push_texts(&mut text, filled);
    push_rest(&mut text, set, filled);
    text
}

fn scale_name(scale: Scale) -> &'static str {
    if scale == Scale::Yuan { "元" } else { "万元" }
}

/// The heading of a table, in a comment when nothing stands below it.
fn push_heading(text: &mut String, heading: &str, is_filled: bool) {
    let sign = if is_filled { "" } else { "# " };
    let _ = writeln!(text, "{sign}[{heading}]");
}

/// Last year's figures.
fn push_prior(text: &mut String, set: &FormSet, filled: Option<&Disclosure>) {
    let Some(form) = set.forms.first() else { return };
    text.push_str("\n# 上年数：本站没有上年的决算时填写，键是表中的格\n");
    let Some(filled) = filled.filter(|filled| !filled.prior.is_empty()) else {
        let _ = write!(text, "# [prior]\n# \"{}31行1栏\" = 350.38\n", form.code);
        return;
    };
    text.push_str("[prior]\n");
    for (cell, figure) in &filled.prior {
        let label = set.form_of(*cell).line(cell.row).map_or("合计", |line| line.label.as_str());
        if let Some(figure) = figure_text(figure.value, filled.scale) {
            let _ = writeln!(text, "\"{}\" = {figure}        # {label}", set.name_of(*cell));
        }
    }
}

/// A group of facts with its keys; those without a figure in comments.
fn push_facts(text: &mut String, set: &FormSet, group: &FactGroup, filled: Option<&Disclosure>) {
    let scale = filled.map_or(set.scale, |filled| filled.scale);
    let prefix = format!("{}·", group.name);
    let of_group = |name: &str| name.starts_with(&prefix);
    let is_filled = filled.is_some_and(|filled| filled.facts.keys().any(|name| of_group(name)));
    let _ = writeln!(text, "\n# {}", group.name);
    push_heading(text, &format!("facts.{}", group.key), is_filled);
    for item in &group.items {
        let unit = item.count_unit.as_deref().unwrap_or_else(|| scale_name(scale));
        let figure = filled.and_then(|filled| filled.facts.get(&format!("{prefix}{}", item.name)));
        let _ = match figure.and_then(|figure| figure_text(figure.value, scale)) {
            Some(figure) => writeln!(text, "{} = {figure}        # {}（{unit}）", item.key, item.name),
            None => writeln!(text, "# {} =        # {}（{unit}）", item.key, item.name),
        };
    }
    if !group.by_code {
        return;
    }
    let coded = filled.into_iter().flat_map(|filled| &filled.facts);
    let coded = coded.filter_map(|(name, figure)| Some((name.strip_prefix(&prefix)?, figure)));
    let coded = coded.filter(|(code, _)| ClassCode::parse(code).is_some());
    for (code, figure) in coded {
        if let Some(figure) = figure_text(figure.value, scale) {
            let _ = writeln!(text, "{code} = {figure}");
        }
    }
    if !is_filled {
        text.push_str("# 2010350 =        # 各项，写功能分类编码\n");
    }
}

/// Sentences by the places of the narrative and by code.
fn push_sentences(text: &mut String, heading: &str, said: Option<&BTreeMap<String, Placed<String>>>) {
    let said = said.filter(|said| !said.is_empty());
    push_heading(text, heading, said.is_some());
    let one = |key: &str| said.and_then(|said| said.get(key)).map(|sentence| quoted(&sentence.value));
    for key in NARRATIVE_KEYS {
        let _ = match one(key) {
            Some(sentence) => writeln!(text, "{key} = {sentence}"),
            None => writeln!(text, "# {key} = \"\""),
        };
    }
    for (code, sentence) in said.into_iter().flatten().filter(|(key, _)| ClassCode::parse(key).is_some()) {
        let _ = writeln!(text, "\"{code}\" = {}", quoted(&sentence.value));
    }
    if said.is_none() {
        text.push_str("# \"201\" = \"\"\n");
    }
}

fn push_texts(text: &mut String, filled: Option<&Disclosure>) {
    text.push_str("\n# 增减原因：一句话，不写“主要原因是”，句末不加句号；也可以写科目编码\n");
    push_sentences(text, "reasons", filled.map(|filled| &filled.reasons));
    text.push_str("\n# 主要用途：写法同上\n");
    push_sentences(text, "uses", filled.map(|filled| &filled.uses));
    text.push_str("\n# 名词解释，按印出的先后列 content/glossary 中的文件名；项级科目自动列出\n");
    let terms: Vec<String> = filled.iter().flat_map(|filled| &filled.terms).map(|term| term.value.clone()).collect();
    push_heading(text, "glossary", !terms.is_empty());
    if terms.is_empty() {
        text.push_str("# terms = [\"basic-expenditure\", \"project-expenditure\"]\n");
    } else {
        let lines: Vec<String> = terms.iter().map(|term| format!("  {},\n", quoted(term))).collect();
        let _ = writeln!(text, "terms = [\n{}]", lines.concat());
    }
}

/// What a disclosure may hold besides, in comments.
fn push_rest(text: &mut String, set: &FormSet, filled: Option<&Disclosure>) {
    if let Some(vehicles) = set.facts.iter().find(|group| group.key == "vehicles") {
        let used = filled.map(|filled| &filled.vehicle_use).filter(|used| !used.is_empty());
        text.push_str("\n# 车辆的用途\n");
        push_heading(text, "vehicle_use", used.is_some());
        for item in &vehicles.items {
            let _ = match used.and_then(|used| used.get(&item.key)) {
                Some(used) => writeln!(text, "{} = {}        # {}", item.key, quoted(used), item.name),
                None => writeln!(text, "# {} = \"\"        # {}", item.key, item.name),
            };
        }
    }
    text.push_str(
        "\n# 公务接待明细，一次接待一个 [[receptions]]\n# [[receptions]]\n# guests  = \"接待的单位\"\n\
         # purpose = \"事由\"\n# groups  = 1         # 批次\n# people  = 13        # 人次\n# amount  = 0.12\n\
         \n# 原件写错、按正确的录入的地方，一处一个 [[corrections]]\n# [[corrections]]\n\
         # where   = \"第三部分 十一、政府采购支出说明\"\n# printed = \"原件所印\"\n# right   = \"正确的写法\"\n\
         # note    = \"理由\"              # 可以不写\n",
    );
    let Some(form) = set.forms.first() else { return };
    let _ = writeln!(text, "# cell    = \"{}1行1栏\"   # 所指的格，可以不写", form.code);
    let opening = set.concept_cell("opening_balance").map(|cell| set.name_of(cell));
    let opening = opening.unwrap_or_else(|| form.code.clone());
    let _ = write!(
        text,
        "\n# 例外：检查出的问题确有理由、不改的，一处一个 [[exceptions]]，随数据公开\n# [[exceptions]]\n\
         # code    = \"C113\"          # 检查结果方括号中的代码\n\
         # cell    = \"{opening}\"   # 所指的格、附注或表号；不写就是这一份中这个代码的全部问题\n\
         # words   = \"44.57亿元\"     # 文字中的问题（T…）写这个：检查结果所说的字样\n\
         # reason  = \"理由，{}\"\n# person  = \"{}\"\n\
         # date    = \"2024-11-11\"    # 作出的日期\n# expires = \"2025-12-31\"    # 到哪一天为止，可以不写\n",
        placeholders::REASON,
        placeholders::PERSON,
    );
}

/// How an empty table is written: with the form's own sentence, in the document's own word,
/// where the form has one.
fn empty_line(form: &Form, set: &FormSet) -> String {
    match &form.empty {
        Some(sentence) => format!("empty = true（印作“{}”，也可以自己写一句）", sentence.replace("{word}", &set.word)),
        None => format!("empty = \"{}\"", placeholders::EMPTY),
    }
}

/// What stands in a table instead of blanks.
#[derive(Clone, Copy, Debug)]
pub struct Figures<'a> {
    /// The filled table.
    pub table: &'a Table,
    /// The unit of money that its figures are written in.
    pub scale: Scale,
}

impl<'a> Figures<'a> {
    /// The figures of a row by their column numbers; blanks are left out.
    fn of(&self, form: &Form, row: &Row) -> Vec<(u32, String)> {
        let cells = row.columns.clone().zip(&row.cells);
        let figure = |(column, cell): (usize, &crate::model::table::Cell)| {
            Some((form.columns[column].number, figure_text(cell.figure, self.scale)?))
        };
        cells.filter_map(figure).collect()
    }

    fn row(&self, key: RowKey) -> Option<&'a Row> {
        self.table.rows.iter().find(|row| row.key == key)
    }
}

/// A figure as sources write it; a blank is not written.
fn figure_text(figure: Figure, scale: Scale) -> Option<String> {
    match figure {
        Figure::Amount(amount) => Some(amount.print(scale).to_string()),
        Figure::Count(count) => Some(count.to_string()),
        Figure::Unknown => Some(quoted("未提供")),
        Figure::Blank | Figure::NotRead => None,
    }
}

/// `{ 2 = 310.38, 3 = 310.38 }` without its braces.
fn by_column(cells: &[(u32, String)]) -> String {
    cells.iter().map(|(number, figure)| format!("{number} = {figure}")).collect::<Vec<_>>().join(", ")
}

/// A table with every line: those with figures as they are, the others in comments.
pub fn table_text(form: &Form, set: &FormSet, figures: Option<Figures<'_>>) -> String {
    let scale = figures.map_or(set.scale, |figures| figures.scale);
    let mut text = format!(
        "# {} {}，金额单位：{}\n\
         # 删去行首的“# ”，在等号后面写金额；没有的数不写，没有提供的写 \"未提供\"。\n\
         # 确无数据时，本文件只写一行：{}\n",
        form.code,
        form.title,
        scale_name(scale),
        empty_line(form, set),
    );
    if let Some(TableState::Empty(sentence)) = figures.map(|figures| &figures.table.state) {
        let _ = writeln!(text, "empty = {}", quoted(sentence));
        return text;
    }
    match section_of(&form.layout) {
        "rows" => push_rows(&mut text, form, figures),
        "columns" => push_columns(&mut text, form, figures),
        _ => push_lines(&mut text, form, figures),
    }
    text
}

fn heading(form: &Form, column: usize) -> String {
    form.columns[column].heading.join("·")
}

/// A comment for each column: its number, its code in wide tables, and its heading.
fn push_column_names(text: &mut String, form: &Form) {
    text.push_str("# 栏次：\n");
    for (at, column) in form.columns.iter().enumerate() {
        let code = column.code.map(|code| format!("{code} ")).unwrap_or_default();
        let _ = writeln!(text, "#   {} {code}{}", column.number, heading(form, at));
    }
}

/// How many columns the example rows of a wide table show; all are named above them.
const MOST_COLUMNS: usize = 12;

fn push_rows(text: &mut String, form: &Form, figures: Option<Figures<'_>>) {
    push_column_names(text, form);
    if let Some(figures) = figures {
        push_filled_rows(text, form, figures);
        return;
    }
    let shown = form.columns.iter().take(MOST_COLUMNS);
    let figures: Vec<String> = shown.map(|column| format!("{} = 0.00", column.number)).collect();
    let figures = figures.join(", ");
    let is_economic = form.classification() == Some("economic");
    let rows: &[(&str, &str)] = if is_economic {
        &[("301", "类级科目名称"), ("30101", "款级科目名称")]
    } else {
        &[("201", "类级科目名称"), ("20103", "款级科目名称"), ("2010301", "项级科目名称")]
    };
    text.push_str("# 各级的行都照表填写，一行一个科目：合计、类（3 位）、款（5 位）、项（7 位）\nrows = [\n");
    let _ = writeln!(text, "  # {{ code = \"合计\", {figures} }},");
    for (code, name) in rows {
        let _ = writeln!(text, "  # {{ code = \"{code}\", name = \"{name}\", {figures} }},");
    }
    text.push_str("]\n");
}

fn push_filled_rows(text: &mut String, form: &Form, figures: Figures<'_>) {
    text.push_str("# 各级的行都照表填写，一行一个科目：合计、类（3 位）、款（5 位）、项（7 位）\nrows = [\n");
    for row in figures.table.rows.iter() {
        let code = if let RowKey::Code(code) = row.key { code.to_string() } else { "合计".to_owned() };
        let name = row.name.as_ref().map(|name| format!("name = {}, ", quoted(&name.value))).unwrap_or_default();
        let _ = writeln!(text, "  {{ code = {}, {name}{} }},", quoted(&code), by_column(&figures.of(form, row)));
    }
    text.push_str("]\n");
}

fn push_columns(text: &mut String, form: &Form, figures: Option<Figures<'_>>) {
    text.push_str("[columns]\n");
    let cells: BTreeMap<u32, String> =
        figures.and_then(|figures| Some(figures.of(form, figures.row(RowKey::Only)?))).into_iter().flatten().collect();
    for (at, column) in form.columns.iter().enumerate() {
        let _ = match cells.get(&column.number) {
            Some(figure) => writeln!(text, "{} = {figure}        # {}", column.number, heading(form, at)),
            None => writeln!(text, "# {} =        # {}", column.number, heading(form, at)),
        };
    }
}

fn push_lines(text: &mut String, form: &Form, figures: Option<Figures<'_>>) {
    if form.columns.len() > 1 {
        push_column_names(text, form);
    }
    text.push_str("[lines]\n");
    let groups: Vec<(&str, std::ops::Range<usize>)> = match &form.layout {
        Layout::TwoSided(sides) => sides.iter().map(|side| (side.name.as_str(), side.lines.clone())).collect(),
        Layout::Blocks { blocks, feet, .. } => {
            let blocks = blocks.iter().map(|block| (block.heading.as_str(), block.lines.clone()));
            blocks.chain(feet.iter().map(|foot| ("合计", foot.line..foot.line + 1))).collect()
        }
        Layout::ByCode { .. } | Layout::OneRow => Vec::new(),
    };
    let mut last = "";
    for (name, lines) in groups {
        if name != last {
            let _ = writeln!(text, "# {name}");
        }
        last = name;
        for line in form.lines[lines].iter().filter(|line| !line.label.is_empty()) {
            push_line(text, form, line, figures);
        }
    }
}

fn push_line(text: &mut String, form: &Form, line: &Line, figures: Option<Figures<'_>>) {
    let key = match line.key {
        RowKey::Label(_) => format!("\"{}\"", line.label),
        key => form.row_name(key).replace('行', ""),
    };
    let columns = &form.columns[line.columns.clone()];
    let cells = figures.and_then(|figures| Some(figures.of(form, figures.row(line.key)?))).unwrap_or_default();
    if let Some((_, figure)) = cells.first() {
        let value = if columns.len() == 1 { figure.clone() } else { format!("{{ {} }}", by_column(&cells)) };
        let _ = writeln!(text, "{key} = {value}       # {}", line.label);
        return;
    }
    let value = if columns.len() == 1 {
        String::new()
    } else {
        let numbers: Vec<String> = columns.iter().map(|column| format!("{} = ", column.number)).collect();
        format!("{{ {} }}", numbers.join(", "))
    };
    let _ = writeln!(text, "# {key} = {value}       # {}", line.label);
}
