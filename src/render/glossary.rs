//! Terms in running text: which words lead to which definition.
//!
//! The longest term wins, and a term is linked where it first stands in a section. The name
//! of a 项 alone identifies nothing (事业运行 recurs under many 款), so a term that defines
//! codes is linked only where its 款 stands before it: `…（款）事业运行（项）`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use crate::model::code::ClassCode;
use crate::model::glossary::{Term, stands_alone};
use crate::text::push_escaped;

/// Finds terms in text and links them.
pub struct Linker<'a> {
    spellings: Arc<Spellings<'a>>,
    href: Box<dyn Fn(&str) -> String + Send + Sync + 'a>,
}

#[derive(Debug)]
struct Spellings<'a> {
    /// By their first character, longest first, each with its term's id.
    by_first: BTreeMap<char, Vec<(String, &'a str)>>,
    /// Whether a term begins with a character, by its number: most characters of a text begin none.
    begins: Vec<bool>,
}

impl<'a> Spellings<'a> {
    fn new(mut by_first: BTreeMap<char, Vec<(String, &'a str)>>) -> Self {
        for candidates in by_first.values_mut() {
            candidates.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.cmp(b)));
        }
        let last = by_first.keys().last().map_or(0, |last| *last as usize);
        let mut begins = vec![false; last + 1];
        for first in by_first.keys() {
            begins[*first as usize] = true;
        }
        Self { by_first, begins }
    }

    /// The spellings that begin with a character.
    fn of(&self, first: char) -> Option<&[(String, &'a str)]> {
        let begins = self.begins.get(first as usize).copied().unwrap_or(false);
        begins.then(|| self.by_first.get(&first))?.map(Vec::as_slice)
    }
}

impl fmt::Debug for Linker<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Linker").field("spellings", &self.spellings).finish_non_exhaustive()
    }
}

/// The terms already linked in a section.
pub type Seen<'a> = BTreeSet<&'a str>;

impl<'a> Linker<'a> {
    /// A linker for these terms; `name_of` names codes, `href` gives the link to a term's id.
    pub fn new(
        terms: impl IntoIterator<Item = &'a Term>,
        name_of: impl Fn(ClassCode) -> Option<String>,
        href: impl Fn(&str) -> String + Send + Sync + 'a,
    ) -> Self {
        let mut spellings: BTreeMap<char, Vec<(String, &'a str)>> = BTreeMap::new();
        for term in terms {
            for spelling in spellings_of(term, &name_of) {
                let Some(first) = spelling.chars().next() else { continue };
                spellings.entry(first).or_default().push((spelling, &term.id));
            }
        }
        Self { spellings: Arc::new(Spellings::new(spellings)), href: Box::new(href) }
    }

    /// A linker for the same terms that leads elsewhere: from another page.
    #[must_use]
    pub fn leading(&self, href: impl Fn(&str) -> String + Send + Sync + 'a) -> Self {
        Self { spellings: Arc::clone(&self.spellings), href: Box::new(href) }
    }

    /// Appends a text as HTML, with the first occurrence of each term not yet seen linked.
    pub fn push(&self, out: &mut String, text: &str, seen: &mut Seen<'a>) {
        let mut plain = 0;
        let mut at = 0;
        while let Some(first) = text[at..].chars().next() {
            let Some((spelling, id)) = self.longest(&text[at..], first) else {
                at += first.len_utf8();
                continue;
            };
            let end = at + spelling.len();
            if stands_alone(&text[..at], spelling, &text[end..]) && seen.insert(id) {
                push_escaped(out, &text[plain..at]);
                self.push_link(out, id, spelling);
                plain = end;
            }
            at = end;
        }
        push_escaped(out, &text[plain..]);
    }

    /// The ids of the terms that a Markdown text links: those in its headings are not linked.
    pub fn linked_in(&self, markdown: &str) -> Seen<'a> {
        let (mut seen, mut html) = (Seen::new(), String::new());
        for line in markdown.lines().filter(|line| !line.starts_with('#')) {
            self.push(&mut html, line, &mut seen);
            html.clear();
        }
        seen
    }

    fn longest(&self, text: &str, first: char) -> Option<(&str, &'a str)> {
        let candidates = self.spellings.of(first)?;
        let found = candidates.iter().find(|(spelling, _)| text.starts_with(spelling.as_str()))?;
        Some((found.0.as_str(), found.1))
    }

    fn push_link(&self, out: &mut String, id: &str, words: &str) {
        out.push_str("<a class=\"term\" href=\"");
        push_escaped(out, &(self.href)(id));
        out.push_str("\">");
        push_escaped(out, words);
        out.push_str("</a>");
    }
}

/// The spellings that lead to a term; one character is too little to be a term.
fn spellings_of(term: &Term, name_of: &impl Fn(ClassCode) -> Option<String>) -> Vec<String> {
    if term.codes.is_empty() {
        let names = std::iter::once(&term.name).chain(&term.aliases);
        return names.filter(|name| name.chars().count() > 1).cloned().collect();
    }
    let under = |code: &ClassCode| {
        let parent = code.parent().and_then(name_of)?;
        Some(format!("{parent}（款）{}（项）", term.name))
    };
    term.codes.iter().filter_map(under).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{FileId, Place};

    fn term(id: &str, name: &str, codes: &[u32]) -> Term {
        Term {
            id: id.into(),
            name: name.into(),
            aliases: Vec::new(),
            codes: codes.iter().map(|code| ClassCode(*code)).collect(),
            body: String::new(),
            place: Place::start_of(FileId(0)),
        }
    }

    fn linked(terms: &[Term], text: &str) -> String {
        let name_of = |code: ClassCode| (code == ClassCode(20103)).then(|| "政府办公厅（室）及相关机构事务".to_owned());
        let linker = Linker::new(terms, name_of, |id| format!("g/{id}"));
        let mut out = String::new();
        linker.push(&mut out, text, &mut Seen::new());
        out
    }

    #[test]
    fn the_longest_term_wins_and_only_its_first_occurrence_is_linked() {
        let terms = [term("basic", "基本支出", &[]), term("budget", "一般公共预算基本支出", &[])];
        assert_eq!(
            linked(&terms, "一般公共预算基本支出与基本支出、基本支出"),
            "<a class=\"term\" href=\"g/budget\">一般公共预算基本支出</a>与\
             <a class=\"term\" href=\"g/basic\">基本支出</a>、基本支出"
        );
    }

    #[test]
    fn a_term_inside_a_longer_word_is_not_linked_and_the_next_one_is() {
        let terms = [term("micro", "小微企业", &[])];
        assert_eq!(linked(&terms, "扶持中小微企业"), "扶持中小微企业");
        assert_eq!(
            linked(&terms, "中小微企业与小微企业"),
            "中小微企业与<a class=\"term\" href=\"g/micro\">小微企业</a>"
        );
    }

    #[test]
    fn a_text_links_the_terms_below_its_headings() {
        let terms = [term("basic", "基本支出", &[]), term("project", "项目支出", &[])];
        let linker = Linker::new(&terms, |_| None, str::to_owned);
        assert_eq!(linker.linked_in("## 基本支出\n\n项目支出1万元\n"), Seen::from(["project"]));
    }

    #[test]
    fn the_name_of_an_item_alone_is_not_linked() {
        let terms = [term("func", "事业运行", &[2_010_350])];
        assert_eq!(linked(&terms, "事业运行"), "事业运行");
        let text = "政府办公厅（室）及相关机构事务（款）事业运行（项）";
        assert_eq!(linked(&terms, text), format!("<a class=\"term\" href=\"g/func\">{text}</a>"));
    }
}
