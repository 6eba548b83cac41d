//! `disclose build`: everything checked, then published, or nothing.
//!
//! 1. The site is looked at in rounds ([`rounds`]), until what is left has no drafts and, with
//!    `--withhold`, no errors.
//! 2. What was found is told; with an error nothing is published.
//! 3. What is new is staged, reread and put in place; what is held back stays as it was.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use super::manner::{Counted, Manner, Stopwatch};
use super::rounds::{Purpose, Standing, rounds};
use super::{Outcome, amend, print_some, shown};
use crate::diagnostic::{self, Finding, Severity, SourceMap, has_errors, has_warnings};
use crate::model::site::Site;
use crate::publish::{self, Output, PublishError, Published};
use crate::render::Plan;

#[derive(Debug, Args)]
pub(super) struct BuildOptions {
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

/// Builds a site.
pub(super) fn build(root: &Path, options: &BuildOptions, manner: Manner) -> Outcome {
    let folder = options.output.clone().unwrap_or_else(|| root.join("public"));
    let building = Building { root, folder: &folder, options, manner };
    let purpose = Purpose::Build { folder: &folder, withhold: options.withhold };
    rounds(root, purpose, &mut Stopwatch::start(), |standing, watch| building.publish(standing, watch))
}

/// A build under way.
struct Building<'b> {
    root: &'b Path,
    folder: &'b Path,
    options: &'b BuildOptions,
    manner: Manner,
}

impl Building<'_> {
    /// Tells what was found, and publishes what stands where nothing forbids it.
    fn publish(&self, standing: Standing<'_>, watch: &mut Stopwatch) -> Outcome {
        let Self { root, folder, options, manner } = *self;
        let Standing { loaded, plan, mut findings, holding, told_of_held, surveyed, .. } = standing;
        let site = &loaded.site;
        if let Some(surveyed) = surveyed.filter(|_| manner.verbose) {
            println!("有 {} 份自上次检查以来没有改动，沿用那次的结果。", surveyed.recalled);
        }
        let plan = if has_errors(&findings) { plan } else { with_full_text(plan, root)? };
        if site.config.full_text {
            watch.lap("检索");
        }
        let plan = plan.with_recipes(&loaded.sources, surveyed.map(|surveyed| surveyed.hashes));
        watch.lap("规划");
        let cleared = publish::clear(plan, &findings);
        let cleared = cleared.filter(|_| !holding.has_withheld() || !site.disclosures.is_empty());
        let is_left = !site.disclosures.is_empty() || site.kept.is_empty();
        let is_warned = has_warnings(&findings);
        findings.extend(told_of_held);
        diagnostic::sort(&mut findings, &loaded.sources);
        let mut sources = loaded.sources.clone();
        if let Some(surveyed) = surveyed {
            let is_printed = |finding: &&Finding| manner.verbose || finding.severity != Severity::Note;
            surveyed.read_texts(&mut sources, findings.iter().filter(is_printed));
        }
        print_grave(&findings, &sources, manner, options.deny_warnings)?;
        let Some(cleared) = cleared else {
            watch.tell(manner);
            return Ok(refused());
        };
        if !is_left {
            // An empty site in the place of the published one is nobody's wish.
            eprintln!("全部是草稿，没有可以公开的，没有发布；已发布的网站保持原样。");
            return Ok(ExitCode::SUCCESS);
        }
        if options.deny_warnings && is_warned {
            eprintln!("有警告，按 --deny-warnings 没有发布；已发布的网站保持原样。");
            return Ok(ExitCode::from(1));
        }
        let outcome = publish_to(&cleared, folder, root, manner, watch);
        watch.tell(manner);
        let live = match outcome {
            Ok(live) => live,
            Err(PublishError::Findings(found)) => {
                if found.iter().any(|finding| finding.code.id == "P025") {
                    publish::forget(root);
                }
                print_text(&found, &sources)?;
                return Ok(refused());
            }
            Err(error) => return Err(error.into()),
        };
        tell_published(&live, manner);
        if !live.unchanged {
            tell_silent_changes(&amend::silent_changes(site, &live.previous, &live.folder));
        }
        tell_first(site, manner);
        let is_recorded = record_urls(root, cleared.get(), manner);
        if let Some(drafts) = holding.tell_drafts(site).filter(|_| !manner.quiet) {
            print!("{drafts}");
        }
        if let Some(withheld) = holding.tell_withheld(site) {
            eprint!("{withheld}");
        }
        Ok(ExitCode::from(u8::from(holding.has_withheld() || !is_recorded)))
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

/// Writes what is published for the first time into `urls.lock`, and says whether it stands there. The
/// site is live by now, so that what fails here is told; the next build tries again.
fn record_urls(root: &Path, plan: &Plan<'_>, manner: Manner) -> bool {
    match publish::record(root, plan.permanent()) {
        Ok(new) if new == 0 || manner.quiet => true,
        Ok(new) => {
            println!("urls.lock 登记了 {new} 个新网址，请把它和源文件一起保存（提交），以后这些网址会一直有效。");
            true
        }
        Err(error) => {
            eprintln!("新网站已经发布，但 urls.lock 没有更新：{error}。请解决后再生成一次");
            false
        }
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

/// Prints errors, and warnings where they are what is left to look at: beside an error, or where
/// quiet is asked for, only with `--deny-warnings`. On publication day nothing else matters.
fn print_grave(findings: &[Finding], sources: &SourceMap, manner: Manner, deny_warnings: bool) -> io::Result<()> {
    if manner.verbose {
        return print_text(findings, sources);
    }
    let with_warnings = deny_warnings || !(manner.quiet || has_errors(findings));
    let is_printed = |finding: &&Finding| match finding.severity {
        Severity::Error => true,
        Severity::Warning => with_warnings,
        Severity::Note => false,
    };
    print_some(findings.iter().filter(is_printed), sources)?;
    if manner.quiet {
        return Ok(());
    }
    let mut out = io::stdout().lock();
    writeln!(out, "{}", diagnostic::summary(findings, &[]))?;
    let is_open = |finding: &&Finding| finding.accepted.is_none() && !is_printed(finding);
    let has_open = |severity| findings.iter().filter(is_open).any(|finding| finding.severity == severity);
    match (has_open(Severity::Warning), has_open(Severity::Note), has_errors(findings)) {
        (true, ..) => writeln!(out, "警告和提示用 disclose check 查看。"),
        (false, true, false) => writeln!(out, "警告和提示不妨碍发布；提示用 disclose check 查看。"),
        (false, true, true) => writeln!(out, "提示用 disclose check 查看。"),
        (false, false, _) => Ok(()),
    }
}
