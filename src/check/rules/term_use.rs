//! 名词解释 against the words of the document: a listed term that occurs nowhere, and a term in
//! the unit's own texts that others explain and this document does not.
//!
//! Occurrences are read as readers read them: the longest term wins, so 一般公共预算 does not
//! stand in 一般公共预算财政拨款收入. Terms for 项 are the business of [`super::terms`]; the term
//! that heads the list of 项 is derived and always in use. The program's glossary also explains
//! everyday words (政府采购, 年初预算): a term is held to be one that documents explain only if
//! another disclosure of the site lists it.

use std::collections::BTreeSet;

use super::{Context, Rule};
use crate::check::index::spellings;
use crate::diagnostic::{Finding, Place, Placed};
use crate::model::disclosure::Disclosure;
use crate::model::glossary::{Term, stands_alone};
use crate::model::site::Site;
use crate::model::stored::{Reader, Stored};

pub(super) const RULE: Rule = Rule { name: "term-use", codes: &["C246", "C247"], run };

/// What the name of the term that heads the derived list of 项 contains.
const HEADS_ITEMS: &str = "使用的支出功能分类科目";

fn run(context: &Context<'_>) -> Vec<Finding> {
    if context.disclosure().terms.is_empty() {
        return Vec::new();
    }
    let mut findings = never_used(context);
    findings.extend(used_not_listed(context));
    findings
}

fn never_used(context: &Context<'_>) -> Vec<Finding> {
    let terms = context.disclosure().terms.iter();
    let listed = terms.filter_map(|listed| Some((listed, context.site.terms.get(&listed.value)?)));
    let judged: Vec<_> = listed.filter(|(_, term)| term.codes.is_empty() && !term.name.contains(HEADS_ITEMS)).collect();
    let said = |id: &str| context.index.is_said_by_set(context.disclosure(), id);
    let judged = judged.into_iter().filter(|(listed, _)| !said(&listed.value));
    let words = own_words(context.disclosure());
    let occurs = |term: &Term| spellings(term).any(|spelling| words.iter().any(|text| text.contains(spelling)));
    let idle = judged.filter(|(_, term)| !occurs(term));
    idle.map(|(listed, term)| idle_term(listed, term)).collect()
}

fn idle_term(listed: &Placed<String>, term: &Term) -> Finding {
    Finding::new("C246", format!("解释了“{}”，各表、附注和文字里都没有这个词", term.name))
        .at(listed.place)
        .help("请从 [glossary] 的 terms 中删去；如果表中换了叫法，请换成解释那个叫法的名词。")
}

/// The terms in own texts that another disclosure explains and this one does not, as one finding.
fn used_not_listed(context: &Context<'_>) -> Option<Finding> {
    let listed = context.index.listed_terms()?;
    Unlisted::of(context.disclosure(), context.site).told(listed, context.site)
}

/// The terms that a disclosure's own texts use and its 名词解释 does not list, by text.
#[derive(Clone, Debug, Default)]
pub struct Unlisted(Vec<(Place, BTreeSet<String>)>);

impl Stored for Unlisted {
    fn put(&self, out: &mut Vec<u8>) {
        self.0.put(out);
    }

    fn take(from: &mut Reader<'_>) -> Option<Self> {
        Vec::take(from).map(Self)
    }
}

impl Unlisted {
    /// Those of a disclosure; of one without 名词解释 none.
    pub fn of(disclosure: &Disclosure, site: &Site) -> Self {
        let own: BTreeSet<&str> = disclosure.terms.iter().map(|term| term.value.as_str()).collect();
        if own.is_empty() {
            return Self::default();
        }
        let used = own_texts(disclosure).map(|(text, at)| {
            let unlisted = mentioned(text, site).into_iter().filter(|id| !own.contains(id));
            (at, unlisted.map(str::to_owned).collect::<BTreeSet<String>>())
        });
        Self(used.filter(|(_, terms)| !terms.is_empty()).collect())
    }

    /// The finding about those that others list.
    pub fn told(&self, listed: &BTreeSet<&str>, site: &Site) -> Option<Finding> {
        let mut place = None;
        let mut used = BTreeSet::new();
        for (at, terms) in &self.0 {
            for id in terms.iter().filter(|id| listed.contains(id.as_str())) {
                place = place.or(Some(*at));
                used.insert(site.terms.get(id)?.name.as_str());
            }
        }
        let names = used.into_iter().map(|name| format!("“{name}”")).collect::<Vec<_>>().join("、");
        let finding = Finding::new("C247", format!("文字里用了{names}，名词解释没有列")).at(place?);
        Some(finding.help("别的公开文件对它作了解释。请在 [glossary] 的 terms 中补上。"))
    }
}

/// The ids of the terms that a text uses, the longest spelling first.
fn mentioned<'a>(text: &str, site: &'a Site) -> BTreeSet<&'a str> {
    let terms = site.terms.values().filter(|term| term.codes.is_empty());
    let mut known: Vec<(&str, &str)> =
        terms.flat_map(|term| spellings(term).map(|spelling| (spelling, term.id.as_str()))).collect();
    known.retain(|(spelling, _)| text.contains(spelling));
    known.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.cmp(b)));
    let mut found = BTreeSet::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let longest = known.iter().find(|(spelling, _)| rest.starts_with(spelling));
        let before = &text[..text.len() - rest.len()];
        let alone = longest.filter(|(spelling, _)| stands_alone(before, spelling, &rest[spelling.len()..]));
        found.extend(alone.map(|(_, id)| *id));
        rest = &rest[longest.map_or(first.len_utf8(), |(spelling, _)| spelling.len())..];
    }
    found
}

/// What the unit wrote itself, with where it stands.
fn own_texts(disclosure: &Disclosure) -> impl Iterator<Item = (&str, Place)> {
    let texts = disclosure.reasons.values().chain(disclosure.uses.values());
    let texts = texts.chain(&disclosure.performance_text).chain(&disclosure.work_text);
    texts.map(|text| (text.value.as_str(), text.place))
}

/// The texts of a document besides the words of its set: its self-evaluations and what the unit
/// wrote.
fn own_words(disclosure: &Disclosure) -> Vec<&str> {
    let indicators = disclosure.evaluations.iter().flat_map(|table| &table.goals).flat_map(|goal| &goal.indicators);
    let mut words: Vec<&str> = indicators.map(|indicator| indicator.name.as_str()).collect();
    words.extend(disclosure.evaluations.iter().flat_map(|table| &table.texts).map(|(_, text)| text.as_str()));
    words.extend(own_texts(disclosure).map(|(text, _)| text));
    words
}
