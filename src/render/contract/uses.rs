//! What templates use of their views: every `page.x`, `frame.y` and loop variable, followed
//! through loops and includes. A field that no view has is told.

use std::collections::BTreeMap;

use super::shapes::{Key, Kind, Shapes};
use crate::render::template::tags::{Piece, Placed, pieces};

/// A variable that a template sees at one place.
type Scope = Vec<(String, Kind)>;

/// What templates name that does not exist, in sentences.
pub(super) struct Checker<'c> {
    pub(super) shapes: &'c Shapes,
    pub(super) templates: &'c BTreeMap<String, String>,
    pub(super) wrong: Vec<String>,
    /// How many uses were followed to a field.
    pub(super) followed: usize,
}

impl Checker<'_> {
    /// Checks a template and what it extends and includes, with the page's shape.
    pub(super) fn check(&mut self, template: &str, page: &Key) {
        let frame = Kind::Shape(("view".into(), "Frame".into()));
        let mut scope = vec![("frame".to_owned(), frame), ("page".to_owned(), Kind::Shape(page.clone()))];
        self.walk(template, &mut scope);
    }

    fn walk(&mut self, template: &str, scope: &mut Scope) {
        let Some(text) = self.templates.get(template) else {
            return self.wrong.push(format!("{template}: no such template"));
        };
        let pieces = pieces(text);
        let depth = scope.len();
        for tag in pieces.split_inclusive(|(piece, _)| *piece == Piece::Close) {
            self.tag(template, tag, scope);
        }
        scope.truncate(depth);
    }

    fn tag(&mut self, template: &str, tag: &[Placed], scope: &mut Scope) {
        let block = matches!(tag.first(), Some((Piece::Open { block: true }, _)));
        let words: Vec<&str> = tag.iter().filter_map(|(piece, _)| word(piece)).collect();
        match words.first() {
            Some(&("extends" | "include")) if block => {
                let named =
                    tag.iter().filter_map(|(piece, _)| if let Piece::Text(name) = piece { Some(name) } else { None });
                named.for_each(|name| self.walk(name, scope));
            }
            Some(&"for") if block => {
                let [_, name, "in", over, ..] = words[..] else {
                    return self.wrong.push(format!("{template}: a loop of another shape: {words:?}"));
                };
                let item = match self.kind(template, over, scope) {
                    Some(Kind::List(item)) => *item,
                    _ => return self.wrong.push(format!("{template}: {over} is no list")),
                };
                words[4..].iter().for_each(|word| self.follow(template, word, scope));
                scope.push((name.to_owned(), item));
            }
            Some(&"endfor") if block => drop(scope.pop()),
            Some(&("set" | "set_global")) if block => self.wrong.push(format!("{template}: sets a variable")),
            _ => words.iter().for_each(|word| self.follow(template, word, scope)),
        }
    }

    fn follow(&mut self, template: &str, word: &str, scope: &Scope) {
        let is_number = word.starts_with(|c: char| c.is_ascii_digit());
        let is_known = scope.iter().any(|(name, _)| *name == word.split('.').next().unwrap_or_default());
        if !is_number && !word.starts_with("loop.") && (is_known || word.contains('.')) {
            self.kind(template, word, scope);
        }
    }

    /// What a path holds; what cannot be followed is told.
    fn kind(&mut self, template: &str, path: &str, scope: &Scope) -> Option<Kind> {
        let mut steps = path.split('.');
        let root = steps.next().unwrap_or_default();
        let Some((_, kind)) = scope.iter().rev().find(|(name, _)| name == root) else {
            self.wrong.push(format!("{template}: {path}: there is no {root}"));
            return None;
        };
        let mut kind = kind.clone();
        for step in steps {
            let field = match &kind {
                Kind::Shape(key) => self.shapes.get(key).field(step),
                _ => None,
            };
            let Some(field) = field else {
                self.wrong.push(format!("{template}: {path}: there is no {step}"));
                return None;
            };
            kind = field.kind.clone();
            self.followed += 1;
        }
        Some(kind)
    }
}

fn word(piece: &Piece) -> Option<&str> {
    if let Piece::Word(word) = piece { Some(word) } else { None }
}
