//! `disclose check`: everything that stands in the way of publishing, told at once.
//!
//! As [`super::build`], it looks at a site family by family; one with drafts is held at once.

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use clap::{Args, ValueEnum};
use rayon::prelude::*;

use super::manner::{Manner, Stopwatch};
use super::scope::Scope;
use super::{Outcome, by_unit, hold, print_some, today};
use crate::check::{Counts, Verdict};
use crate::diagnostic::{self, Finding, has_errors, has_warnings};
use crate::load::{self, Loaded, Shelf};
use crate::publish::{self, Examined, Families, LinkCheck, Survey, side_by_side};
use crate::render::template::told_once;
use crate::render::{Content, Contents, Plan};

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
    let watch = Stopwatch::start();
    let shelf = Shelf::open(root)?.filter(|shelf| !shelf.common().site.units.is_empty());
    match shelf {
        Some(shelf) => by_families(&shelf, root, options, manner, watch),
        None => at_once(root, options, manner),
    }
}

fn by_families(shelf: &Shelf, root: &Path, options: &CheckOptions, manner: Manner, mut watch: Stopwatch) -> Outcome {
    watch.lap("读入");
    let families = Families::new(shelf);
    let Some(mut survey) = families.survey() else { return at_once(root, options, manner) };
    watch.lap("检查");
    let Survey { loaded, report, .. } = &survey;
    let counts = options.scope.counts(&loaded.site, report);
    options.scope.refuse_unknown(&loaded.site, &loaded.findings, &loaded.sources)?;
    let (mut findings, gists) = (std::mem::take(&mut survey.loaded.findings), std::mem::take(&mut survey.gists));
    let plan = survey.plan(&families, gists, &mut findings, today::today()?);
    watch.lap("规划");
    findings.extend(rehearsed(&plan, &findings));
    if findings.iter().any(|finding| finding.code.id == "P025") {
        publish::forget(root);
    }
    watch.lap("试生成");
    watch.tell(manner);
    drop(plan);
    let Loaded { site, sources, .. } = &mut survey.loaded;
    diagnostic::sort(&mut findings, sources);
    findings.retain(|finding| options.scope.tells(finding, sources));
    shelf.read_texts(sources, &findings.iter().flat_map(Finding::places).map(|place| place.file).collect());
    let site = std::mem::take(site);
    tell(options, &findings, &Loaded { site, sources: std::mem::take(sources), findings: Vec::new() }, counts)
}

fn at_once(root: &Path, options: &CheckOptions, manner: Manner) -> Outcome {
    let mut watch = Stopwatch::start();
    let mut loaded = load::load(root)?;
    watch.lap("读入");
    let common = Arc::clone(&loaded.site.common);
    let (drafts, in_drafts) = hold::drafts(&mut loaded)?;
    let registered: Vec<String> = loaded.site.urls.iter().map(|url| url.value.clone()).collect();
    loaded.site.kept = hold::kept(&loaded.site, &drafts, registered.iter().map(String::as_str));
    let Examined { report, mut findings, prose } = publish::examine(&loaded);
    watch.lap("检查");
    let known: Vec<Finding> = findings.iter().chain(&in_drafts).cloned().collect();
    options.scope.refuse_unknown(&loaded.site, &known, &loaded.sources)?;
    let plan = publish::plan(&loaded, &report, &mut findings, today::today()?).with_prose(prose);
    watch.lap("规划");
    findings.extend(in_drafts);
    findings.extend(rehearsed(&plan, &findings));
    watch.lap("试生成");
    watch.tell(manner);
    diagnostic::sort(&mut findings, &loaded.sources);
    findings.retain(|finding| options.scope.tells(finding, &loaded.sources));
    let counts = options.scope.counts(&loaded.site, &report);
    drop(plan);
    // Units that have drafts only are told by their names too.
    loaded.site.common = common;
    tell(options, &findings, &loaded, counts)
}

/// Prints what was found; whether the site passes.
fn tell(options: &CheckOptions, findings: &[Finding], loaded: &Loaded, counts: Counts) -> Outcome {
    print_as(options.format, findings, loaded, counts)?;
    let failed = has_errors(findings) || (options.deny_warnings && has_warnings(findings));
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

/// What making the pages finds: of the program and its themes. No level or exception is about it,
/// here or in a build, where pages are made after the findings are settled. With a template that
/// cannot be read no page can be made: its own finding is the one to tell.
fn rehearsed(plan: &Plan<'_>, findings: &[Finding]) -> Vec<Finding> {
    if findings.iter().any(|finding| finding.code.id == "P004") { Vec::new() } else { rehearse(plan) }
}

/// Makes every page and drops it, for the findings that only making it can give: what a
/// build would refuse, a check tells.
fn rehearse(plan: &Plan<'_>) -> Vec<Finding> {
    let links = LinkCheck::new((0..plan.len()).map(|index| plan.path(index)));
    let failed = Mutex::new(Vec::new());
    let make = |contents: &dyn Contents, index: usize| match contents.content(index) {
        Ok(Content::Whole(bytes)) => links.page(index, &bytes),
        // What comes in pieces is a download, has no links and need not be made.
        Ok(Content::Parts(_) | Content::Joined { .. }) => {}
        Err(finding) => fail(&failed, index, *finding),
    };
    let (groups, alone) = plan.groups();
    side_by_side(&groups, |group| {
        let opened = plan.open(group, &mut |contents| group.par_iter().for_each(|index| make(contents, *index)));
        opened.unwrap_or_else(|finding| fail(&failed, group[0], *finding));
    });
    alone.into_par_iter().filter(|index| !plan.is_kept(*index)).for_each(|index| make(plan, index));
    let mut failed = failed.into_inner().unwrap_or_else(PoisonError::into_inner);
    failed.sort_by_key(|(index, _)| *index);
    let mut findings: Vec<Finding> = failed.into_iter().map(|(_, finding)| finding).collect();
    findings.extend(links.finish(|index| plan.render(index).ok()));
    told_once(findings)
}

fn fail(failed: &Mutex<Vec<(usize, Finding)>>, index: usize, finding: Finding) {
    failed.lock().unwrap_or_else(PoisonError::into_inner).push((index, finding));
}
