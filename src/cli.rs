//! The command line: arguments, and one small function a command.
//!
//! Exit codes: 0 clean, 1 findings that forbid publishing, 2 the program could not run.

mod amend;
mod by_unit;
mod claims;
mod explain;
mod generate;
mod hold;
mod manner;
mod published;
mod scope;
mod serve;
mod start;
mod today;
mod usage;

use std::collections::BTreeSet;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};
use rayon::prelude::*;

use crate::check::{Counts, Verdict};
use crate::diagnostic::{self, Finding, Severity, SourceMap, has_errors, has_warnings};
use crate::load::{self, Loaded};
use crate::model::site::Site;
use crate::publish::{self, Examined, LinkCheck, Output, Pages, PublishError, Published};
use crate::render::template::told_once;
use crate::render::{Content, Plan};
use crate::text::visible;
use hold::Held;
use manner::{Counted, Manner, Stopwatch};
use scope::Scope;

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
        options: CheckOptions,
    },
    /// 检查全部数据，通过后生成网站
    Build {
        #[command(flatten)]
        site: SiteArguments,
        #[command(flatten)]
        options: BuildOptions,
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

#[derive(Debug, Args)]
struct CheckOptions {
    /// 结果的写法：text 是给人看的文字，json 给程序读，sarif 给代码检查平台，github 是 GitHub 的批注；默认 text
    #[arg(long, value_enum, value_name = "写法", default_value_t = Format::Text)]
    format: Format,
    /// 有警告也算没有通过，退出码为 1；单位已说明的除外
    #[arg(long)]
    deny_warnings: bool,
    #[command(flatten)]
    scope: Scope,
}

#[derive(Debug, Args)]
struct BuildOptions {
    /// 网站生成到哪个目录；默认为网站目录下的 public
    #[arg(long, value_name = "目录")]
    output: Option<PathBuf>,
    /// 有警告也不发布；单位已说明的除外
    #[arg(long)]
    deny_warnings: bool,
    /// 有错误的一份暂不发布，网站上仍是它上次公开的版本，其余照常发布；退出码为 1
    #[arg(long)]
    withhold: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
    Sarif,
    Github,
}

/// Runs the program with the process's arguments.
pub fn run() -> ExitCode {
    let arguments = match usage::parse::<Arguments>() {
        Ok(arguments) => arguments,
        Err(code) => return code,
    };
    let manner = arguments.manner;
    let outcome = match arguments.command {
        Command::Check { site, options } => check_site(&site.root, &options, manner),
        Command::Build { site, options } => build_site(&site.root, &options, manner),
        Command::Serve(arguments) => serve::serve(&arguments, manner),
        Command::Verify(arguments) => published::verify(&arguments),
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

/// The published paths, as far as the sources know them.
fn registered(site: &Site) -> Vec<String> {
    site.urls.iter().map(|url| url.value.clone()).collect()
}

/// Adds what the page of full texts searches, where the site has that page.
#[cfg(feature = "fulltext")]
fn with_full_text<'a>(plan: Plan<'a>, root: &Path) -> Result<Plan<'a>, crate::export::full_text::FullTextError> {
    let texts = plan.texts();
    let files = crate::export::full_text::files(&texts, &root.join(".disclose-cache/full-text"))?;
    Ok(plan.searching(files))
}

/// Without the feature no site has that page: asking for it is an error.
#[cfg(not(feature = "fulltext"))]
#[expect(clippy::unnecessary_wraps, reason = "with the feature it may fail")]
const fn with_full_text<'a>(plan: Plan<'a>, _root: &Path) -> Result<Plan<'a>, std::convert::Infallible> {
    Ok(plan)
}

fn check_site(root: &Path, options: &CheckOptions, manner: Manner) -> Outcome {
    let mut watch = Stopwatch::start();
    let mut loaded = load::load(root)?;
    watch.lap("读入");
    let (drafts, in_drafts) = hold::drafts(&mut loaded)?;
    loaded.site.kept = hold::kept(&loaded.site, &drafts, registered(&loaded.site).iter().map(String::as_str));
    let Examined { report, mut findings, prose } = publish::examine(&loaded);
    watch.lap("检查");
    let known: Vec<Finding> = findings.iter().chain(&in_drafts).cloned().collect();
    options.scope.refuse_unknown(&loaded.site, &known, &loaded.sources)?;
    let plan = publish::plan(&loaded, &report, &mut findings, today::today()?).with_prose(prose);
    watch.lap("规划");
    findings.extend(in_drafts);
    // What making pages finds is of the program and its themes: no level or exception is about it,
    // here or in a build, where pages are made after the findings are settled.
    // With a template that cannot be read no page can be made: its own finding is the one to tell.
    if !findings.iter().any(|finding| finding.code.id == "P004") {
        findings.extend(rehearse(&plan));
    }
    watch.lap("试生成");
    watch.tell(manner);
    diagnostic::sort(&mut findings, &loaded.sources);
    findings.retain(|finding| options.scope.tells(finding, &loaded.sources));
    print_as(options.format, &findings, &loaded, options.scope.counts(&loaded.site, &report))?;
    let failed = has_errors(&findings) || (options.deny_warnings && has_warnings(&findings));
    Ok(ExitCode::from(u8::from(failed)))
}

/// Prints findings, and how relations were judged, the way that was asked for.
fn print_as(format: Format, findings: &[Finding], loaded: &Loaded, counts: Counts) -> io::Result<()> {
    let Loaded { site, sources, .. } = loaded;
    let by_key = || Verdict::ALL.map(|verdict| (verdict.key(), counts.of(verdict)));
    let summary = || diagnostic::summary(findings, &Verdict::ALL.map(|verdict| (verdict.name(), counts.of(verdict))));
    let text = match format {
        Format::Text => {
            print_some(findings.iter(), sources)?;
            by_unit::table(findings, site) + &summary() + "\n"
        }
        Format::Json => diagnostic::to_json(findings, sources, &by_key()),
        Format::Sarif => diagnostic::to_sarif(findings, sources),
        Format::Github => diagnostic::to_github(findings, sources) + &summary() + "\n",
    };
    io::stdout().write_all(text.as_bytes())
}

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

/// Makes every page and drops it, for the findings that only making it can give: what a
/// build would refuse, a check tells.
fn rehearse(plan: &Plan<'_>) -> Vec<Finding> {
    let links = LinkCheck::new((0..plan.len()).map(|index| plan.path(index)));
    let make = |index: usize| -> Option<Finding> {
        match Pages::content(plan, index) {
            Ok(Content::Whole(bytes)) => links.page(index, &bytes),
            // What comes in pieces is a download, has no links and need not be made.
            Ok(Content::Parts(_) | Content::Joined { .. }) => {}
            Err(finding) => return Some(*finding),
        }
        None
    };
    let pages = (0..plan.len()).into_par_iter().filter(|index| !plan.is_kept(*index));
    let mut findings: Vec<Finding> = pages.filter_map(make).collect();
    findings.extend(links.finish(|index| plan.render(index).ok()));
    told_once(findings)
}

/// Builds a site, in rounds: with `--withhold`, each takes out what has errors and begins again.
fn build_site(root: &Path, options: &BuildOptions, manner: Manner) -> Outcome {
    let mut watch = Stopwatch::start();
    let folder = options.output.clone().unwrap_or_else(|| root.join("public"));
    let mut loaded = load::load(root)?;
    watch.lap("读入");
    let (drafts, mut aside) = hold::drafts(&mut loaded)?;
    let mut withheld = BTreeSet::new();
    let published = publish::published(&folder);
    loop {
        let held: BTreeSet<Held> = drafts.union(&withheld).cloned().collect();
        loaded.site.kept = hold::kept(&loaded.site, &held, published.iter().map(String::as_str));
        let Examined { report, mut findings, prose } = publish::examine(&loaded);
        watch.lap("检查");
        let plan = publish::plan(&loaded, &report, &mut findings, today::today()?).with_prose(prose);
        watch.lap("规划");
        let failing = if options.withhold { hold::failing(&loaded, &findings) } else { None };
        // What was held back and still has errors cannot be mended by holding it back again.
        if let Some(failing) = failing.filter(|failing| !failing.is_subset(&withheld)) {
            drop(plan);
            hold::take_out(&mut loaded, &failing);
            aside.extend(hold::split(findings, &failing, &loaded.sources).0);
            withheld.extend(failing);
            continue;
        }
        let warned = has_warnings(&findings);
        let plan = if has_errors(&findings) { plan } else { with_full_text(plan, root)? };
        let plan = plan.with_recipes(&loaded.sources);
        watch.lap("检索");
        let cleared = publish::clear(plan, &findings);
        findings.extend(aside);
        diagnostic::sort(&mut findings, &loaded.sources);
        print_grave(&findings, &loaded.sources, manner)?;
        let Some(cleared) = cleared.filter(|_| withheld.is_empty() || !loaded.site.disclosures.is_empty()) else {
            watch.tell(manner);
            return Ok(refused());
        };
        if options.deny_warnings && warned {
            eprintln!("有警告，按 --deny-warnings 没有发布；已发布的网站保持原样。");
            return Ok(ExitCode::from(1));
        }
        let outcome = publish_to(&cleared, &folder, root, manner, &mut watch);
        watch.tell(manner);
        let live = match outcome {
            Ok(live) => live,
            Err(PublishError::Findings(found)) => {
                print_text(&found, &loaded.sources)?;
                return Ok(refused());
            }
            Err(error) => return Err(error.into()),
        };
        tell_published(&live, manner);
        if !live.unchanged {
            tell_silent_changes(&amend::silent_changes(&loaded.site, &live.previous, &live.folder));
        }
        tell_first(&loaded.site, manner);
        record_urls(root, cleared.get(), manner);
        if !drafts.is_empty() && !manner.quiet {
            print!("{}", hold::tell("草稿没有发布，共", &drafts, &loaded.site.kept));
        }
        if !withheld.is_empty() {
            eprint!("{}", hold::tell("有错误，按 --withhold 没有发布的共", &withheld, &loaded.site.kept));
        }
        return Ok(ExitCode::from(u8::from(!withheld.is_empty())));
    }
}

fn tell_published(published: &Published, manner: Manner) {
    let Published { folder, files, linked, unchanged, manifest, altered, warning, .. } = published;
    if let Some(warning) = warning {
        eprintln!("{warning}");
    }
    if let Some(first) = altered.first() {
        eprintln!(
            "注意：发布以后，网站里有{}个文件被改动或删去过，例如 {first}；现已按源文件重新生成。\
             被改动的一版不能用 disclose rollback 恢复。请查明是谁改的。",
            altered.len()
        );
    }
    if manner.quiet {
        return;
    }
    let page = folder.join("index.html");
    if *unchanged {
        println!("网站与已发布的完全相同，共 {files} 个文件，没有改动 {}。", shown(&page));
    } else {
        println!("已生成 {files} 个文件，请打开 {} 查看。", shown(&page));
    }
    if manner.verbose {
        println!("其中 {linked} 个与上一版相同，没有重写。");
    }
    println!("清单 MANIFEST 的校验值（SHA-256）：{manifest}。可以另行登记，日后用来证明所发布的内容。");
}

/// Says which published figures were changed without an amendment.
fn tell_silent_changes(changed: &[(String, usize)]) {
    for (page, count) in changed {
        let is_earlier = page.contains("/versions/");
        let advice = if is_earlier {
            "以前的版本不应再改动，请恢复 versions 目录里的源文件"
        } else {
            "上一版如已对外公开，请运行 disclose rollback 恢复，用 disclose amend 登记更正后再发布"
        };
        eprintln!("注意：{page} 有{count}个数与上一版不同，没有登记更正。{advice}。");
    }
}

/// Says once, when a site is published for the first time, what it lacks without an address.
fn tell_first(site: &Site, manner: Manner) {
    if site.urls.is_empty() && site.config.base_url.is_none() && !manner.quiet {
        println!(
            "site.toml 没有写 base_url（网站地址）：没有站点地图和订阅，地址写错的读者看到的 404 页在子目录下没有样式。定了地址再写也可以。"
        );
    }
}

/// Writes what is published for the first time into `urls.lock`. The site is live by now, so
/// that what fails here is told and no more; the next build tries again.
fn record_urls(root: &Path, plan: &Plan<'_>, manner: Manner) {
    match publish::record(root, plan.permanent()) {
        Ok(new) if new == 0 || manner.quiet => {}
        Ok(new) => {
            println!("urls.lock 登记了 {new} 个新网址，请把它和源文件一起保存（提交），以后这些网址会一直有效。");
        }
        Err(error) => eprintln!("新网站已经发布，但 urls.lock 没有更新：{error}。请解决后再生成一次"),
    }
}

fn refused() -> ExitCode {
    eprintln!("有错误，没有发布；已发布的网站保持原样。");
    ExitCode::from(1)
}

fn publish_to(
    plan: &publish::Cleared<Plan<'_>>,
    folder: &Path,
    root: &Path,
    manner: Manner,
    watch: &mut Stopwatch,
) -> Result<Published, PublishError> {
    let output = Output::open(folder, root)?;
    let counted = plan.map(|plan| Counted::new(plan, manner));
    let staged = publish::stage(&counted, output);
    counted.get().clear();
    watch.lap("生成");
    let verified = staged?.verify()?;
    watch.lap("重读");
    let published = verified.switch();
    watch.lap("切换");
    published
}

/// Prints every finding and how many there are.
fn print_text(findings: &[Finding], sources: &SourceMap) -> io::Result<()> {
    print_some(findings.iter(), sources)?;
    writeln!(io::stdout(), "{}", diagnostic::summary(findings, &[]))
}

/// Prints errors and warnings, and how many notes `check` would show: on publication day
/// nothing else matters.
fn print_grave(findings: &[Finding], sources: &SourceMap, manner: Manner) -> io::Result<()> {
    if manner.verbose {
        return print_text(findings, sources);
    }
    print_some(findings.iter().filter(|finding| finding.severity != Severity::Note), sources)?;
    if manner.quiet {
        return Ok(());
    }
    let mut out = io::stdout().lock();
    writeln!(out, "{}", diagnostic::summary(findings, &[]))?;
    let is_open_note = |finding: &Finding| finding.severity == Severity::Note && finding.accepted.is_none();
    let notes = findings.iter().any(is_open_note);
    if notes { writeln!(out, "警告和提示不妨碍发布；提示用 disclose check 查看。") } else { Ok(()) }
}

/// Prints the findings that are shown to people: see [`Finding::is_shown`].
fn print_some<'f>(findings: impl Iterator<Item = &'f Finding>, sources: &SourceMap) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let colour = out.is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let mut shown = findings.filter(|finding| finding.is_shown());
    shown.try_for_each(|finding| writeln!(out, "{}", diagnostic::render(finding, sources, colour)))
}
