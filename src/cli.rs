//! The command line: arguments, and one small function a command.
//!
//! Exit codes: 0 clean, 1 findings that forbid publishing, 2 the program could not run.

mod amend;
mod build;
mod by_unit;
mod check;
mod claims;
mod explain;
mod generate;
mod hold;
mod manner;
mod published;
mod rounds;
mod scope;
mod serve;
mod start;
mod today;
mod usage;

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::diagnostic::{self, Finding, SourceMap};
use crate::text::visible;
use manner::Manner;

#[derive(Debug, Parser)]
#[command(
    name = "disclose",
    version,
    about = "把预算、决算公开数据检查无误后生成静态网站",
    long_about = "disclose 读取每个单位、每个年度的 TOML 或 JSON 数据，检查表内、表间和法定的勾稽关系，\n全部成立后生成可浏览、可核对、可下载的静态网站；有一处不符就不发布，已发布的网站保持原样。",
    after_help = "退出码：0 通过；1 有需要改正的问题；2 程序无法运行。"
)]
struct Arguments {
    #[command(flatten)]
    manner: Manner,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// 新建网站：带一份示例，建好就能检查、生成
    Init(start::InitArguments),
    /// 新建源文件
    #[command(subcommand)]
    New(NewCommand),
    /// 检查全部数据，不生成网站
    Check {
        #[command(flatten)]
        site: SiteArguments,
        #[command(flatten)]
        options: check::CheckOptions,
    },
    /// 检查全部数据，通过后生成网站
    Build {
        #[command(flatten)]
        site: SiteArguments,
        #[command(flatten)]
        options: build::BuildOptions,
    },
    /// 预览：在浏览器里看网站和全部问题，保存源文件后页面自动更新；不改动已发布的网站
    Serve(serve::ServeArguments),
    /// 核对已发布的网站：逐个文件与清单 MANIFEST 比较，列出新增、缺失、被改动的文件
    Verify(published::VerifyArguments),
    /// 恢复上一版网站，一步换回；换下的一版也保留着
    Rollback {
        #[command(flatten)]
        site: SiteArguments,
        /// 网站在哪个目录；默认为网站目录下的 public
        #[arg(long, value_name = "目录")]
        output: Option<PathBuf>,
    },
    /// 登记更正：把已公开的源文件保存为一个版本，然后再改正、重新公开
    Amend(amend::AmendArguments),
    /// 读一份文字，列出其中每个数字读作什么、与什么核对、结果如何
    Claims(claims::ClaimsArguments),
    /// 说明一条数据质量规则；不写编号列出全部
    Explain {
        /// 规则的编号或名称，如 C101
        #[arg(value_name = "编号")]
        code: Option<String>,
        /// 把全部规则写成 Markdown，即 docs/rules.md
        #[arg(long, conflicts_with = "code")]
        markdown: bool,
    },
    /// 网站的样式
    #[command(subcommand)]
    Theme(start::ThemeCommand),
    /// 写出各种源文件的 JSON Schema，供编辑器提示键名和说明
    Schema(SiteArguments),
    /// 生成虚构的试验网站：金额互相一致，能通过检查，规模任选
    #[command(hide = true)]
    Synth(start::SynthArguments),
    /// 生成命令行补全和手册页，写到标准输出
    #[command(subcommand, hide = true)]
    Generate(generate::Generate),
}

#[derive(Debug, Subcommand)]
enum NewCommand {
    /// 新建单位：content/units 下的目录和 unit.toml
    Unit(start::UnitArguments),
    /// 为单位的一个年度新建全套源文件，每一行都写明名称
    Disclosure {
        /// 单位标识，即 content/units 下的目录名
        #[arg(value_name = "单位")]
        unit: String,
        /// 年度，如 2024
        #[arg(value_name = "年度")]
        year: i32,
        /// 所用表式，即 content/forms 下的目录名，如 national-2022
        #[arg(long, value_name = "表式")]
        forms: String,
        #[command(flatten)]
        site: SiteArguments,
    },
}

#[derive(Debug, Args)]
struct SiteArguments {
    /// 网站目录，其中有 site.toml 和 content；默认为当前目录
    #[arg(long, value_name = "目录", default_value = ".")]
    root: PathBuf,
}

/// Runs the program with the process's arguments.
pub fn run() -> ExitCode {
    let arguments = match usage::parse::<Arguments>() {
        Ok(arguments) => arguments,
        Err(code) => return code,
    };
    let manner = arguments.manner;
    let outcome = match arguments.command {
        Command::Check { site, options } => check::check(&site.root, &options, manner),
        Command::Build { site, options } => build::build(&site.root, &options, manner),
        Command::Serve(arguments) => serve::serve(&arguments, manner),
        Command::Verify(arguments) => published::verify(&arguments, manner),
        Command::Rollback { site, output } => published::rollback(&site.root, output.as_deref()),
        Command::Generate(what) => {
            let command = usage::command::<Arguments>();
            generate::write(what, command, &mut io::stdout()).map(|()| ExitCode::SUCCESS).map_err(Into::into)
        }
        Command::Amend(arguments) => amend::amend(&arguments),
        Command::Claims(arguments) => read_claims(&arguments),
        Command::Init(arguments) => start::init(&arguments, manner),
        Command::Theme(command) => start::theme(&command, manner),
        Command::Schema(site) => start::schema(&site, manner),
        Command::Synth(arguments) => start::synth(&arguments, manner),
        Command::Explain { code, markdown } => explain_codes(code.as_deref(), markdown),
        Command::New(NewCommand::Disclosure { unit, year, forms, site }) => {
            start::new_disclosure(&site.root, &unit, year, &forms, manner)
        }
        Command::New(NewCommand::Unit(arguments)) => start::new_unit(arguments, manner),
    };
    outcome.unwrap_or_else(|error| {
        // Who stopped reading, as `head` does, has read enough.
        if error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe) {
            return ExitCode::from(141);
        }
        eprintln!("无法运行：{}", visible(&error.to_string()));
        ExitCode::from(2)
    })
}

/// A path as it may be shown: whoever named a file chose its letters.
fn shown(path: &Path) -> String {
    visible(&path.to_string_lossy()).into_owned()
}

type Outcome = Result<ExitCode, Box<dyn std::error::Error>>;

fn read_claims(arguments: &claims::ClaimsArguments) -> Outcome {
    let told = claims::tell(arguments)?;
    io::stdout().write_all(told.head.as_bytes())?;
    print_some(told.findings.iter(), &told.sources)?;
    io::stdout().write_all(told.tail.as_bytes())?;
    Ok(ExitCode::from(u8::from(told.failed)))
}

fn explain_codes(code: Option<&str>, markdown: bool) -> Outcome {
    let text = match code {
        _ if markdown => diagnostic::markdown(),
        Some(code) => explain::one(code)?,
        None => explain::all(),
    };
    io::stdout().write_all(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// Prints the findings that are shown to people: see [`Finding::is_shown`].
fn print_some<'f>(findings: impl Iterator<Item = &'f Finding>, sources: &SourceMap) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let colour = out.is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let mut shown = findings.filter(|finding| finding.is_shown());
    shown.try_for_each(|finding| writeln!(out, "{}", diagnostic::render(finding, sources, colour)))
}
