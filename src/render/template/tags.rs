//! The tags of a template as words and signs, and what they name: parents, included templates,
//! components. Tera keeps its own syntax tree to itself; places of some of its errors, and
//! circles through components, which it would follow for ever, are found here.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// A piece of a tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// `{{`, or `{%` where `block` says so.
    Open { block: bool },
    /// `}}` or `%}`.
    Close,
    /// A name with its dots: `page.unit`; also a number.
    Word(String),
    /// A text in quotes, without them.
    Text(String),
    /// Anything else, one character.
    Sign(char),
}

/// A piece with its place in the template, in bytes.
pub(crate) type Placed = (Piece, Range<usize>);

/// The pieces of all tags of a template, in order; comments and raw passages have none.
pub(crate) fn pieces(template: &str) -> Vec<Placed> {
    let mut pieces = Vec::new();
    let mut at = 0;
    while let Some(found) = template[at..].find('{') {
        let start = at + found;
        let rest = &template[start..];
        at = if rest.starts_with("{#") {
            after(template, start + 2, "#}")
        } else if rest.starts_with("{{") || rest.starts_with("{%") {
            let block = rest.starts_with("{%");
            let first = pieces.len();
            let end = tag(template, start, block, &mut pieces);
            if is_named(&pieces[first..], "raw") { after_raw(template, end) } else { end }
        } else {
            start + 1
        };
    }
    pieces
}

fn after(text: &str, from: usize, end: &str) -> usize {
    text[from..].find(end).map_or(text.len(), |found| from + found + end.len())
}

/// Where the `{% endraw %}` of a raw passage begins.
fn after_raw(template: &str, from: usize) -> usize {
    let mut starts = template[from..].match_indices("{%").map(|(found, _)| from + found);
    let is_end = |start: &usize| template[start + 2..].trim_start_matches('-').trim_start().starts_with("endraw");
    starts.find(is_end).unwrap_or(template.len())
}

/// Reads the tag that opens at `start`; gives where it ends.
fn tag(template: &str, start: usize, block: bool, pieces: &mut Vec<Placed>) -> usize {
    pieces.push((Piece::Open { block }, start..start + 2));
    let close = if block { "%}" } else { "}}" };
    let mut at = start + 2;
    while let Some(c) = template[at..].chars().next() {
        if template[at..].starts_with(close) {
            pieces.push((Piece::Close, at..at + 2));
            return at + 2;
        }
        let end = match c {
            '"' | '\'' | '`' => text(template, at, c),
            c if is_of_word(c) => {
                at + template[at..].find(|c| !is_of_word(c) && c != '.').unwrap_or(template.len() - at)
            }
            c => at + c.len_utf8(),
        };
        let whole = &template[at..end];
        match c {
            '"' | '\'' | '`' => {
                pieces.push((Piece::Text(whole.trim_matches(c).to_owned()), at..end));
            }
            c if is_of_word(c) => pieces.push((Piece::Word(whole.to_owned()), at..end)),
            c if c.is_whitespace() => {}
            c => pieces.push((Piece::Sign(c), at..end)),
        }
        at = end;
    }
    at
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The end of a text in quotes; a backslash spares the next character.
fn text(template: &str, start: usize, quote: char) -> usize {
    let mut spared = false;
    for (found, c) in template[start..].char_indices().skip(1) {
        match c {
            c if c == quote && !spared => return start + found + c.len_utf8(),
            '\\' => spared = !spared,
            _ => spared = false,
        }
    }
    template.len()
}

/// Whether the tag that begins these pieces is a block of a name, with or without `-`.
fn is_named(pieces: &[Placed], name: &str) -> bool {
    words_of(pieces).next() == Some(name) && matches!(pieces.first(), Some((Piece::Open { block: true }, _)))
}

fn words_of(pieces: &[Placed]) -> impl Iterator<Item = &str> {
    pieces.iter().filter_map(|(piece, _)| if let Piece::Word(word) = piece { Some(word.as_str()) } else { None })
}

/// What a template names of others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mention {
    /// The component it stands in; `None` for the template itself.
    pub(super) within: Option<String>,
    /// What is named.
    pub(super) named: Named,
    /// Where the name stands.
    pub(super) range: Range<usize>,
}

/// A template or component that is named.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Named {
    /// A template, as a parent or to be included.
    Template(String),
    /// What may be a component: a name after `<`.
    Component(String),
}

/// What a template names, in order, and the components it defines.
pub(super) fn mentions(template: &str) -> (Vec<Mention>, BTreeSet<String>) {
    let (mut found, mut defined, mut within) = (Vec::new(), BTreeSet::new(), None);
    for tag in pieces(template).split_inclusive(|(piece, _)| *piece == Piece::Close) {
        let mut words = words_of(tag);
        match words.next() {
            Some("component") if is_named(tag, "component") => {
                within = words.next().map(str::to_owned);
                defined.extend(within.clone());
            }
            Some("endcomponent") => within = None,
            Some("extends" | "include") => {
                let texts = tag.iter().filter_map(|(piece, range)| match piece {
                    Piece::Text(name) => Some((Named::Template(name.clone()), range.clone())),
                    _ => None,
                });
                found.extend(texts.map(|(named, range)| Mention { within: within.clone(), named, range }));
            }
            _ => {}
        }
        for pair in tag.windows(2) {
            if let [(Piece::Sign('<'), _), (Piece::Word(name), range)] = pair {
                let named = Named::Component(name.clone());
                found.push(Mention { within: within.clone(), named, range: range.clone() });
            }
        }
    }
    (found, defined)
}

/// A circle of templates and components that name each other, with who closes it and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Circle {
    /// The names on the way, the first again at the end.
    pub(super) way: Vec<String>,
    /// The template with the mention that closes it.
    pub(super) template: String,
    /// Where that stands.
    pub(super) range: Range<usize>,
}

/// What is named by whom, over all templates.
#[derive(Debug, Default)]
pub(super) struct Web {
    edges: BTreeMap<Named, Vec<(Named, String, Range<usize>)>>,
}

impl Web {
    /// The web of a theme's templates, by name and text.
    pub(super) fn new<'t>(templates: impl Iterator<Item = (&'t str, &'t str)>) -> Self {
        let read: Vec<_> = templates.map(|(name, text)| (name, mentions(text))).collect();
        let components: BTreeSet<&String> = read.iter().flat_map(|(_, (_, defined))| defined).collect();
        let mut web = Self::default();
        for (template, (mentions, _)) in &read {
            for Mention { within, named, range } in mentions {
                if matches!(named, Named::Component(name) if !components.contains(name)) {
                    continue;
                }
                let from = within.clone().map_or_else(|| Named::Template((*template).to_owned()), Named::Component);
                let edge = (named.clone(), (*template).to_owned(), range.clone());
                web.edges.entry(from).or_default().push(edge);
            }
        }
        web
    }

    /// Whether anything names a template.
    pub(super) fn names(&self, template: &str) -> bool {
        self.edges.values().flatten().any(|(named, ..)| matches!(named, Named::Template(name) if name == template))
    }

    /// Where a template first names another.
    pub(super) fn mention(&self, of: &str, by: &str) -> Option<Range<usize>> {
        let meant = |(named, template, _): &&(Named, String, Range<usize>)| {
            template == by && matches!(named, Named::Template(name) if name == of)
        };
        self.edges.values().flatten().find(meant).map(|(_, _, range)| range.clone())
    }

    /// The first circle, if there is one.
    pub(super) fn circle(&self) -> Option<Circle> {
        let mut done = BTreeSet::new();
        self.edges.keys().find_map(|from| self.walk(from, &mut Vec::new(), &mut done))
    }

    fn walk<'w>(&'w self, at: &'w Named, way: &mut Vec<&'w Named>, done: &mut BTreeSet<&'w Named>) -> Option<Circle> {
        if done.contains(at) {
            return None;
        }
        way.push(at);
        for (named, template, range) in self.edges.get(at).into_iter().flatten() {
            if let Some(first) = way.iter().position(|passed| *passed == named) {
                let names = way[first..].iter().copied().chain([named]).map(|named| match named {
                    Named::Template(name) | Named::Component(name) => name.clone(),
                });
                return Some(Circle { way: names.collect(), template: template.clone(), range: range.clone() });
            }
            if let Some(circle) = self.walk(named, way, done) {
                return Some(circle);
            }
        }
        way.pop();
        done.insert(at);
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(template: &str) -> Vec<String> {
        words_of(&pieces(template)).map(str::to_owned).collect()
    }

    #[test]
    fn words_stand_in_tags_not_in_comments_raw_passages_or_quotes() {
        let template = "a {{ page.a }}{# {{ b }} #}{%- raw -%}{{ c }}{% endraw %}{{ \"}} d\" ~ e }}{ {% if f.g -%}";
        assert_eq!(words(template), ["page.a", "raw", "endraw", "e", "if", "f.g"]);
    }

    #[test]
    fn a_tag_without_an_end_is_read_to_the_end_of_the_file() {
        assert_eq!(words("{{ a"), ["a"]);
        assert_eq!(words("{{ \"a"), Vec::<String>::new());
        assert_eq!(words("{% raw %} {{ a }}"), ["raw"]);
    }

    #[test]
    fn what_a_template_names_is_found_with_its_place() {
        let template = "{% extends \"base.html\" %}{% component card() %}{{ <icon/> }}{% endcomponent %}{{ a < b }}";
        let (mentions, defined) = mentions(template);
        assert_eq!(defined, BTreeSet::from(["card".to_owned()]));
        assert_eq!(mentions[0].named, Named::Template("base.html".into()));
        assert_eq!(&template[mentions[0].range.clone()], "\"base.html\"");
        assert_eq!(mentions[1].within.as_deref(), Some("card"));
    }

    #[test]
    fn circles_are_found_through_components_parents_and_includes_alike() {
        let circle = |templates: &[(&str, &str)]| Web::new(templates.iter().copied()).circle().map(|found| found.way);
        let own = "{% component tree() %}{{ <tree/> }}{% endcomponent %}";
        assert_eq!(circle(&[("a.html", own)]), Some(vec!["tree".into(), "tree".into()]));
        let crossed = [("a.html", "{% extends \"b.html\" %}"), ("b.html", "{% include \"a.html\" %}")];
        assert_eq!(circle(&crossed), Some(vec!["a.html".into(), "b.html".into(), "a.html".into()]));
        let straight = [("a.html", "{% include \"b.html\" %}{% include \"b.html\" %}{{ 1 < tree }}"), ("b.html", "")];
        assert_eq!(circle(&straight), None);
    }
}
