//! The part of 数据质量 that tells the checks that are no relations, and every rule with what
//! it found.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use super::quality::{SectionView, TOLD};
use crate::check::{About, Counts, Listed, Verdict};
use crate::diagnostic::{self, Finding, Group};
use crate::model::disclosure::Disclosure;
use crate::model::site::Site;
use crate::render::evaluation;
use crate::render::relations::push_verdict;
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
}

/// A rule with what it found in one disclosure.
#[derive(Serialize)]
pub(super) struct RuleRow {
    code: Link,
    title: &'static str,
    result: String,
    /// Whether something stands that nobody explains.
    stands: bool,
}

impl Others<'_> {
    /// `另核对63项：相符60，无法核对3。`; empty where there is none.
    pub(super) fn sentence(&self) -> String {
        let counts: Counts = self.listed.iter().map(|listed| listed.verdict).collect();
        match counts.total() {
            0 => String::new(),
            total => {
                let words: Vec<String> =
                    counts.iter().map(|(verdict, count)| format!("{}{count}", verdict.name())).collect();
                format!("另核对{total}项：{}。", words.join("，"))
            }
        }
    }

    /// The checks by topic; self-evaluations one by one.
    pub(super) fn sections(&self) -> Vec<SectionView> {
        let topics = self.listed.chunk_by(|one, other| one.topic == other.topic);
        let section = |topic: &[Listed]| {
            let first = topic[0].topic;
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
    fn push_members(&self, out: &mut String, members: &[&Listed], named_above: bool) {
        for told in TOLD {
            let meant: Vec<&&Listed> = members.iter().filter(|listed| listed.verdict == told).collect();
            if meant.is_empty() {
                continue;
            }
            let open = if told == Verdict::Exact { "" } else { " open" };
            let _ = write!(out, "<details{open}><summary>");
            push_verdict(out, told);
            let _ = writeln!(out, " {}项</summary>\n<ul class=\"rel\">", meant.len());
            for listed in meant {
                self.push_one(out, listed, named_above);
            }
            out.push_str("</ul>\n</details>\n");
        }
    }

    fn push_one(&self, out: &mut String, listed: &Listed, named_above: bool) {
        out.push_str("<li>");
        push_verdict(out, listed.verdict);
        out.push(' ');
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

/// The checks of a topic: those of no self-evaluation first, then each with its own.
fn by_evaluation(topic: &[Listed]) -> BTreeMap<Option<usize>, Vec<&Listed>> {
    let is_listed_apart = topic.iter().any(|listed| listed.topic == crate::check::Topic::Performance);
    let mut groups: BTreeMap<Option<usize>, Vec<&Listed>> = BTreeMap::new();
    for listed in topic {
        let key = match listed.about {
            About::Evaluation(at) if is_listed_apart => Some(at),
            _ => None,
        };
        groups.entry(key).or_default().push(listed);
    }
    groups
}

/// Every rule about figures and requirements, with what it found.
pub(super) fn rules(site: &Site, findings: &[Finding], listed: &[Listed], link: impl Fn(&str) -> Link) -> Vec<RuleRow> {
    let checks = diagnostic::codes().filter(|code| Group::of(code).letter == 'C');
    let row = |code: &'static diagnostic::Code| {
        let found: Vec<&Finding> = findings.iter().filter(|finding| finding.code.id == code.id).collect();
        let open = found.iter().filter(|finding| finding.accepted.is_none()).count();
        let accepted = found.len() - open;
        let off = site.config.levels.iter().any(|level| level.code.id == code.id && level.severity.is_none());
        let compared = listed.iter().filter(|listed| listed.code == code.id).map(|listed| listed.verdict).collect();
        let result = match (open, accepted) {
            (0, 0) if off => "本站不检查".to_owned(),
            (0, 0) => in_words(&compared),
            (0, accepted) => format!("{accepted}处，单位已说明"),
            (open, 0) => format!("{open}处"),
            (open, accepted) => format!("{open}处，另有{accepted}处单位已说明"),
        };
        RuleRow { code: link(code.id), title: code.title, result, stands: open > 0 }
    };
    checks.map(row).collect()
}

/// What checks without a finding came to: `核对8项，都相符`, `核对3项，2项相符，1项无法核对`.
fn in_words(compared: &Counts) -> String {
    let (total, passed) = (compared.total(), compared.passed());
    match total - passed {
        _ if total == 0 => "没有发现问题".to_owned(),
        0 => format!("核对{total}项，都相符"),
        open if passed == 0 => format!("{open}项，都无法核对"),
        open => format!("核对{total}项，{passed}项相符，{open}项无法核对"),
    }
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
