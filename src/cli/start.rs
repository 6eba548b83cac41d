//! What a site begins with: `init`, `new unit`, `theme eject`, `schema`, and `synth` for trials.

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::manner::Manner;
use super::{Outcome, SiteArguments, shown};
use crate::load::{self, NewUnit, embedded_files};
use crate::model::unit::About;
use crate::start::site::new_site;
use crate::start::trial::{Written, trial_site};
use crate::start::{example, schemas, theme};
use crate::synth::site::Size;

#[derive(Debug, Args)]
pub(super) struct InitArguments {
    /// 网站目录，不写是当前目录；必须是新目录或空目录，可以有 .git
    #[arg(value_name = "目录", default_value = ".")]
    folder: PathBuf,
}

/// Says what was done and what comes next, unless little is to be said.
fn say(told: &str, manner: Manner) -> Outcome {
    if !manner.quiet {
        io::stdout().write_all(told.as_bytes())?;
    }
    Ok(ExitCode::SUCCESS)
}

/// `disclose init`: a site that passes and builds at once.
pub(super) fn init(arguments: &InitArguments, manner: Manner) -> Outcome {
    let folder = &arguments.folder;
    let mut told = String::new();
    let files = new_site(folder)?;
    let (unit, year) = (example::UNIT, example::YEAR);
    writeln!(
        told,
        "已在 {} 建好网站，共 {} 个文件，其中有一份虚构的示例 content/units/{unit}/{year}。",
        shown(folder),
        files.len()
    )?;
    let here = folder == Path::new(".");
    let mut step = 1..;
    told.push_str("接下来：\n");
    let mut tell = |text: String| writeln!(told, "  {}. {text}", step.next().unwrap_or_default());
    if !here {
        tell(format!("进入目录：cd {}", shown(folder)))?;
    }
    tell("检查示例并生成网站：disclose build，然后打开 public/index.html".to_owned())?;
    tell("边改边看：disclose serve，在浏览器里看网站和全部问题，保存后自动更新".to_owned())?;
    tell("改 site.toml 中的网站名称和发布机关".to_owned())?;
    tell("新建自己的单位：disclose new unit 单位标识 --name 单位全称".to_owned())?;
    tell("新建一个年度的全部表格：disclose new disclosure 单位标识 年度 --forms national-2022".to_owned())?;
    tell(format!(
        "照批复的决算填数，disclose check 通过后，删去 content/units/{unit} 和 urls.lock 中它的各行，再 disclose build"
    ))?;
    writeln!(told, "README.md 里有详细的步骤。")?;
    say(&told, manner)
}

#[derive(Debug, Args)]
pub(super) struct UnitArguments {
    /// 单位标识，即 content/units 下的目录名：小写英文字母、数字和连字符
    #[arg(value_name = "单位")]
    unit: String,
    /// 单位全称
    #[arg(long, value_name = "名称")]
    name: Option<String>,
    /// 简称
    #[arg(long, value_name = "简称")]
    short: Option<String>,
    /// 所在地区，从大到小，一级写一次：--region 湖北省 --region 武汉市
    #[arg(long, value_name = "地区")]
    region: Vec<String>,
    /// 级次：中央、省级、市级、区级、县级或乡级
    #[arg(long, value_name = "级次", value_parser = ["中央", "省级", "市级", "区级", "县级", "乡级"])]
    level: Option<String>,
    /// 单位或部门
    #[arg(long, value_name = "种类", value_parser = ["单位", "部门"])]
    kind: Option<String>,
    /// 上级部门的单位标识
    #[arg(long, value_name = "单位")]
    parent: Option<String>,
    #[command(flatten)]
    site: SiteArguments,
}

/// `disclose new unit`: the file of a unit.
pub(super) fn new_unit(arguments: UnitArguments, manner: Manner) -> Outcome {
    let UnitArguments { unit: id, name, short, region, level, kind, parent, site } = arguments;
    let complete = name.is_some() && !region.is_empty() && level.is_some() && kind.is_some();
    let unit = NewUnit { name, short, region, level, kind, parent, nature: None, about: About::default() };
    let mut told = String::new();
    let file = load::new_unit(&site.root, &id, &unit)?;
    keep_schemas(&site.root)?;
    writeln!(told, "已建好 {}", shown(&file))?;
    let rest = if complete {
        "补上主要职责和机构设置"
    } else {
        "填上名称、地区、级次、种类、主要职责和机构设置"
    };
    writeln!(told, "接下来：打开它，{rest}；然后新建一个年度：")?;
    writeln!(told, "  disclose new disclosure {id} 年度 --forms 表式")?;
    writeln!(told, "可用的表式：{}", form_sets(&site.root)?.join("、"))?;
    say(&told, manner)
}

/// `disclose new disclosure`: the files of a year.
pub(super) fn new_disclosure(root: &Path, unit: &str, year: i32, forms: &str, manner: Manner) -> Outcome {
    let is_new =
        !["unit.toml", "unit.json"].iter().any(|file| root.join("content/units").join(unit).join(file).exists());
    let mut told = String::new();
    let folder = load::new_disclosure(root, unit, year, forms)?;
    keep_schemas(root)?;
    writeln!(told, "已建好 {}", shown(&folder))?;
    writeln!(told, "接下来：")?;
    if is_new {
        writeln!(told, "  单位是新的，先填 {}", shown(&root.join("content/units").join(unit).join("unit.toml")))?;
    }
    writeln!(told, "  1. 先填 tables 中的各表：删去行首的“# ”，在等号后面写金额；没有的数不写")?;
    writeln!(told, "  2. 再填 disclosure.toml 中的附注、增减原因；用不着的文件删去")?;
    writeln!(
        told,
        "  3. 运行 disclose check 检查，或运行 disclose serve 边填边看，照结果改；通过后运行 disclose build 生成网站"
    )?;
    writeln!(told, "还没填完又要发布别的单位时，在 disclosure.toml 写 state = \"draft\"。")?;
    say(&told, manner)
}

/// New files name the schemas; a site that has none gets them.
fn keep_schemas(root: &Path) -> Outcome {
    if !root.join(load::schema::FOLDER).exists() {
        schemas::refresh(root)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The form sets of a site, by id.
fn form_sets(root: &Path) -> Result<Vec<String>, load::LoadError> {
    Ok(load::load(root)?.site.sets.keys().cloned().collect())
}

/// What concerns themes.
#[derive(Debug, Subcommand)]
pub(super) enum ThemeCommand {
    /// 把内置的默认主题复制出来，供修改
    Eject(EjectArguments),
}

#[derive(Debug, Args)]
pub(super) struct EjectArguments {
    /// 新主题的名称，即 themes 下的目录名
    #[arg(long, value_name = "名称", default_value = "custom")]
    theme: String,
    /// 只复制一个文件，如 templates/base.html
    #[arg(long, value_name = "文件")]
    only: Option<String>,
    #[command(flatten)]
    site: SiteArguments,
}

/// `disclose theme …`.
pub(super) fn theme(command: &ThemeCommand, manner: Manner) -> Outcome {
    let ThemeCommand::Eject(EjectArguments { theme: name, only, site }) = command;
    let theme::Ejected { folder, files } = theme::eject(&site.root, name, only.as_deref())?;
    let mut told = String::new();
    let all = embedded_files().filter(|(path, _)| path.starts_with("themes/default/")).count();
    writeln!(told, "已复制默认主题的 {} 个文件（共 {all} 个）到 {}", files.len(), shown(&folder))?;
    writeln!(told, "接下来：")?;
    writeln!(told, "  1. 在 site.toml 中写 theme = \"{name}\"")?;
    writeln!(told, "  2. 运行 disclose serve，修改 {} 中的文件，浏览器里的网页随着更新", shown(&folder))?;
    writeln!(told, "没有改动的文件可以删去：缺少的文件用默认主题的，程序升级后跟着更新；留着也不影响网页。")?;
    say(&told, manner)
}

/// `disclose schema`: the schemas for editors, those of this version.
pub(super) fn schema(site: &SiteArguments, manner: Manner) -> Outcome {
    let changed = schemas::refresh(&site.root)?;
    let mut told = String::new();
    let folder = site.root.join(load::schema::FOLDER);
    if changed == 0 {
        writeln!(told, "{} 中的模式已经是这一版的，没有改动。", shown(&folder))?;
    } else {
        writeln!(told, "已写好 {}，更新 {changed} 个文件。", shown(&folder))?;
        writeln!(told, "源文件第一行的 #:schema 指向它们；编辑器装上 TOML 的扩展，就能提示键名和说明。")?;
    }
    say(&told, manner)
}

#[derive(Debug, Args)]
pub(super) struct SynthArguments {
    /// 写到哪个目录；必须是新目录或空目录
    #[arg(value_name = "目录")]
    folder: PathBuf,
    /// 多少个单位
    #[arg(long, value_name = "个数", default_value_t = 10)]
    units: usize,
    /// 每个单位多少个年度
    #[arg(long, value_name = "个数", default_value_t = 2)]
    years: usize,
    /// 种子：同样的种子生成同样的网站
    #[arg(long, value_name = "整数", default_value_t = 1)]
    seed: u64,
}

/// `disclose synth`: an invented site for trials.
pub(super) fn synth(arguments: &SynthArguments, manner: Manner) -> Outcome {
    let mut told = String::new();
    let SynthArguments { folder, units, years, seed } = arguments;
    let Written { files, bytes } = trial_site(folder, Size { units: *units, years: *years, seed: *seed })?;
    writeln!(
        told,
        "已在 {} 生成虚构的试验数据：{units} 个单位、{years} 个年度，{files} 个文件，{bytes} 字节。",
        shown(folder)
    )?;
    writeln!(told, "检查：disclose check --root {}", shown(folder))?;
    say(&told, manner)
}
