//! `disclose check`: everything that stands in the way of publishing, told at once.
//!
//! As [`super::build`], it looks at a site in [`rounds`].

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use clap::{Args, ValueEnum};

use super::manner::{Manner, Stopwatch};
use super::rounds::{Purpose, Standing, rounds};
use super::scope::Scope;
use super::{Outcome, by_unit, print_some};
use crate::check::{Counts, Verdict};
use crate::diagnostic::{self, Finding, SourceMap, has_errors, has_warnings};
use crate::load::Loaded;
use crate::model::site::Site;
use crate::publish;
use crate::render::Plan;

#[derive(Debug, Args)]
pub(super) struct CheckOptions {
    /// 结果的写法：text 是给人看的文字，json 给程序读，sarif 给代码检查平台，github 是 GitHub 的批注；默认 text
    #[arg(long, value_enum, value_name = "写法", default_value_t = Format::Text)]
    format: Format,
    /// 有警告也算没有通过，退出码为 1；单位已说明的除外
    #[arg(long)]
    deny_warnings: bool,
    #[command(flatten)]
    scope: Scope,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
    Sarif,
    Github,
}

/// Checks a site.
pub(super) fn check(root: &Path, options: &CheckOptions, manner: Manner) -> Outcome {
    rounds(root, Purpose::Check, &mut Stopwatch::start(), |standing, watch| {
        tell(root, options, manner, standing, watch)
    })
}

/// Tells what was found, with what making the pages finds; whether the site passes.
fn tell(root: &Path, options: &CheckOptions, manner: Manner, standing: Standing<'_>, watch: &mut Stopwatch) -> Outcome {
    let Standing { loaded, report, plan, mut findings, told_of_held, surveyed, .. } = standing;
    let Loaded { site, sources, .. } = loaded;
    findings.extend(told_of_held);
    options.scope.refuse_unknown(site, &findings, sources)?;
    let plan = plan.with_recipes(sources, surveyed.map(|surveyed| surveyed.hashes));
    findings.extend(rehearsed(&plan, root, &findings));
    drop(plan);
    if findings.iter().any(|finding| finding.code.id == "P025") {
        publish::forget(root);
    }
    watch.lap("试生成");
    watch.tell(manner);
    diagnostic::sort(&mut findings, sources);
    findings.retain(|finding| options.scope.tells(finding, sources));
    let mut sources = sources.clone();
    if let Some(surveyed) = surveyed {
        surveyed.read_texts(&mut sources, findings.iter());
    }
    print_as(options.format, &findings, site, &sources, options.scope.counts(site, report))?;
    let failed = has_errors(&findings) || (options.deny_warnings && has_warnings(&findings));
    Ok(ExitCode::from(u8::from(failed)))
}

/// Prints findings, and how relations were judged, the way that was asked for.
fn print_as(format: Format, findings: &[Finding], site: &Site, sources: &SourceMap, counts: Counts) -> io::Result<()> {
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

/// What making the pages finds: of the program and its themes. No level or exception is about it,
/// here or in a build, where pages are made after the findings are settled. With a template that
/// cannot be read no page can be made: its own finding is the one to tell.
fn rehearsed(plan: &Plan<'_>, root: &Path, findings: &[Finding]) -> Vec<Finding> {
    if findings.iter().any(|finding| finding.code.id == "P004") { Vec::new() } else { publish::rehearse(plan, root) }
}
