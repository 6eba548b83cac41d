//! The part of 数据质量 that tells the checks that are no relations, and every rule with what
//! it found.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde::Serialize;

use super::quality::{SectionView, TOLD};
use crate::check::{self, About, Counts, Listed, Topic, Verdict};
use crate::diagnostic::{self, Finding, Group};
use crate::model::disclosure::Disclosure;
use crate::model::site::Site;
use crate::render::evaluation;
use crate::render::relations::{push_numbered, push_own_verdict, push_verdict};
use crate::render::verdicts;
use crate::render::view::Link;
use crate::text::push_escaped;

/// Checks of one topic, with the page of the disclosure that they link to.
pub(super) struct Others<'a> {
    pub disclosure: &'a Disclosure,
    /// The href of the disclosure's page.
    pub page: &'a str,
    /// The href of the page of rules, where the site has it.
    pub rules: Option<&'a str>,
    pub listed: &'a [Listed],
    /// The findings that the unit explains, by code and cell.
    pub explained: &'a BTreeSet<(&'static str, String)>,
}

/// A rule with what it found in one disclosure.
#[derive(Serialize)]
pub(super) struct RuleRow {
    /// The code of the rule, with its place on the page of rules.
    code: Link,
    /// What it is about.
    title: &'static str,
    /// What it found here.
    result: String,
    /// Whether something stands that nobody explains.
    stands: bool,
}

impl Others<'_> {
    /// `其他核对63项：相符60，无法核对3。`; empty where there is none.
    pub(super) fn sentence(&self) -> String {
        let counts: Counts = self.listed.iter().map(|listed| listed.verdict).collect();
        match counts.total() {
            0 => String::new(),
            total => {
                let words: Vec<String> =
                    counts.iter().map(|(verdict, count)| format!("{}{count}", verdict.name())).collect();
                format!("其他核对{total}项：{}。", words.join("，"))
            }
        }
    }

    /// The checks by topic; self-evaluations one by one.
    pub(super) fn sections(&self) -> Vec<SectionView> {
        let numbered: Vec<Numbered<'_>> = (1..).zip(self.listed).collect();
        let topics = numbered.chunk_by(|(_, one), (_, other)| one.topic == other.topic);
        let section = |topic: &[Numbered<'_>]| {
            let first = topic[0].1.topic;
            let mut html = String::new();
            for (evaluation, members) in by_evaluation(topic) {
                if let Some(at) = evaluation {
                    self.push_evaluation(&mut html, at, members.len());
                }
                self.push_members(&mut html, &members, evaluation.is_some());
            }
            SectionView { id: format!("o-{}", first.key()), title: first.name().to_owned(), html }
        };
        topics.map(section).collect()
    }

    fn push_evaluation(&self, out: &mut String, at: usize, count: usize) {
        let Some(evaluation) = self.disclosure.evaluations.get(at) else { return };
        let _ = write!(out, "<h4><a href=\"{}#{}\">", self.page, evaluation::anchor(evaluation));
        push_escaped(out, evaluation.name.as_deref().unwrap_or(&evaluation.title));
        let _ = writeln!(out, "</a>（{count}项）</h4>");
    }

    /// One list a verdict, closed only where all hold exactly.
    fn push_members(&self, out: &mut String, members: &[Numbered<'_>], named_above: bool) {
        for told in TOLD {
            let meant: Vec<&Numbered<'_>> = members.iter().filter(|(_, listed)| listed.verdict == told).collect();
            if meant.is_empty() {
                continue;
            }
            let open = if told == Verdict::Exact { "" } else { " open" };
            let _ = write!(out, "<details{open}><summary>");
            push_verdict(out, told);
            let _ = writeln!(out, " {}项</summary>\n<ol class=\"rel\">", meant.len());
            let mut before = 0;
            for (number, listed) in meant {
                let number = u64::try_from(*number).unwrap_or(u64::MAX);
                push_numbered(out, 'o', number, std::mem::replace(&mut before, number));
                self.push_one(out, listed, named_above);
            }
            out.push_str("</ol>\n</details>\n");
        }
    }

    fn push_one(&self, out: &mut String, listed: &Listed, named_above: bool) {
        push_own_verdict(out, listed.verdict);
        if let About::Named(name) = &listed.about {
            self.push_named(out, name);
            out.push('　');
        }
        if let (About::Evaluation(at), false) = (&listed.about, named_above) {
            let evaluation = self.disclosure.evaluations.get(*at);
            push_escaped(out, evaluation.map_or("", |found| found.name.as_deref().unwrap_or(&found.title)));
            out.push('　');
        }
        push_escaped(out, &listed.text);
        if let (false, About::Named(name)) = (listed.verdict.passes(), &listed.about)
            && self.explained.contains(&(listed.code, name.clone()))
        {
            out.push_str(" <a class=\"why\" href=\"#standing\">单位已说明</a>");
        }
        out.push_str(" <small>");
        match self.rules {
            Some(rules) => _ = write!(out, "<a href=\"{rules}#{0}\">{0}</a>", listed.code),
            None => out.push_str(listed.code),
        }
        out.push_str("</small></li>\n");
    }

    /// A cell, a fact or a form by its name, linked where the disclosure's page shows it.
    fn push_named(&self, out: &mut String, name: &str) {
        let set = &self.disclosure.set;
        let cell = set.cell_named(name).ok().filter(|cell| self.disclosure.shows(*cell));
        let anchor = cell.map(|cell| set.form_of(cell).cell_anchor(cell)).or_else(|| {
            let form = set.forms.iter().find(|form| form.code == name)?;
            Some(format!("t{}", form.stem))
        });
        if let Some(anchor) = &anchor {
            let _ = write!(out, "<a href=\"{}#{anchor}\">", self.page);
        }
        push_escaped(out, name);
        out.push_str(if anchor.is_some() { "</a>" } else { "" });
    }
}

/// A check with its number on the page.
type Numbered<'a> = (usize, &'a Listed);

/// The checks of a topic: those of no self-evaluation first, then each with its own.
fn by_evaluation<'a>(topic: &[Numbered<'a>]) -> BTreeMap<Option<usize>, Vec<Numbered<'a>>> {
    let mut groups: BTreeMap<Option<usize>, Vec<Numbered<'_>>> = BTreeMap::new();
    for (number, listed) in topic {
        let key = match listed.about {
            About::Evaluation(at) if listed.topic == Topic::Performance => Some(at),
            _ => None,
        };
        groups.entry(key).or_default().push((*number, listed));
    }
    groups
}

/// Every rule about figures and requirements, with what it found. `related` are the verdicts on
/// relations by code.
pub(super) fn rules(
    site: &Site,
    findings: &[Finding],
    listed: &[Listed],
    related: &BTreeMap<&'static str, Counts>,
    link: impl Fn(&str) -> Link,
) -> Vec<RuleRow> {
    let checks = diagnostic::codes().filter(|code| Group::of(code).letter == 'C');
    let mut compared = related.clone();
    for listed in listed {
        compared.entry(listed.code).or_default().add(listed.verdict);
    }
    let row = |code: &'static diagnostic::Code| {
        let found = || findings.iter().filter(|finding| finding.code.id == code.id);
        let accepted = found().filter(|finding| finding.accepted.is_some()).count();
        let open = found().count() - accepted;
        let compared = compared.get(code.id).copied().unwrap_or_default();
        let parts = [
            is_off(site, code.id).then(|| "本站不检查".to_owned()),
            (open > 0).then(|| format!("有{open}处")),
            (accepted > 0).then(|| format!("{accepted}处单位已说明")),
            (compared.total() > 0).then(|| in_words(compared, open + accepted > 0)),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        let result = match parts.is_empty() {
            false => parts.join("；"),
            true if check::compares(code.id) => "没有可以核对的内容".to_owned(),
            true => "没有发现问题".to_owned(),
        };
        RuleRow { code: link(code.id), title: code.title, result, stands: open > 0 }
    };
    checks.map(row).collect()
}

/// Whether the site does not run a rule.
pub(super) fn is_off(site: &Site, code: &str) -> bool {
    site.config.levels.iter().any(|level| level.code.id == code && level.severity.is_none())
}

/// What checks came to: `核对8项，都相符`, `核对3项：相符2，无法核对1`; what does not hold and is
/// not `told` under this rule is told under another.
fn in_words(compared: Counts, told: bool) -> String {
    let total = compared.total();
    if compared.of(Verdict::Exact) == total {
        return format!("核对{total}项，{}相符", if total > 1 { "都" } else { "" });
    }
    if compared.of(Verdict::NotCheckable) == total {
        return format!("{total}项，{}无法核对", if total > 1 { "都" } else { "" });
    }
    let words: Vec<String> = compared.iter().map(|(verdict, count)| format!("{}{count}", verdict.name())).collect();
    let fails = compared.of(Verdict::Fail) + compared.of(Verdict::FailTruncated) + compared.of(Verdict::Improbable);
    let elsewhere = if fails > 0 && !told { "（并入别的意见）" } else { "" };
    format!("核对{total}项：{}{elsewhere}", words.join("，"))
}

/// Counts of the other checks by topic, for the table of results.
pub(super) fn by_topic(listed: &[Listed]) -> Vec<(&'static str, verdicts::Tally)> {
    let topics = listed.chunk_by(|one, other| one.topic == other.topic);
    let tally = |topic: &[Listed]| {
        let counts: Counts = topic.iter().map(|listed| listed.verdict).collect();
        (topic[0].topic.name(), verdicts::Tally::of(counts))
    };
    topics.map(tally).collect()
}
