//! What each kind of source file may hold, as data: JSON Schemas for editors are made from it.
//!
//! 1. [`kinds`] declares the kinds of files, key by key, with what an editor shows of each.
//! 2. [`FileKind::json`] makes a JSON Schema (draft 7, which editors of TOML understand too).
//! 3. `docs/schema/source/` publishes them; a site has them in [`FOLDER`], and the first line of
//!    a new file leads there ([`directive`]).
//!
//! The declarations do not read anything: tests hold every key of theirs to the keys that the
//! loader takes, and the other way round.

mod json;
mod kinds;

pub use kinds::KINDS;

/// Where a site keeps the schemas, below its folder.
pub const FOLDER: &str = ".disclose/schema";

/// A kind of source file.
#[derive(Clone, Copy, Debug)]
pub struct FileKind {
    /// Its name: `unit`. The schema is `unit.schema.json`.
    pub name: &'static str,
    /// What it is, in a few words.
    pub title: &'static str,
    /// Where such files stand: `content/units/<单位>/unit.toml`.
    pub path: &'static str,
    /// Whether a file without any key counts as not there: a skeleton that is still all comments.
    pub may_be_blank: bool,
    /// What it may hold: one of these.
    pub shapes: &'static [Object],
}

/// A table of a file.
#[derive(Clone, Copy, Debug)]
pub struct Object {
    /// The keys that have names.
    pub keys: &'static [Key],
    /// The keys that are data, such as line numbers.
    pub others: Option<Others>,
}

/// Keys that are data.
#[derive(Clone, Copy, Debug)]
pub struct Others {
    /// What they look like, as a regular expression; anything when empty.
    pub pattern: &'static str,
    /// What they are.
    pub about: &'static str,
    /// What stands behind them.
    pub shape: Shape,
}

/// A key of a table.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// The key.
    pub name: &'static str,
    /// What it is, with the unit of what is counted.
    pub about: &'static str,
    /// Whether it must be there.
    pub required: bool,
    /// What stands behind it.
    pub shape: Shape,
}

/// What a value may be.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// A text.
    Text,
    /// A text of these only.
    Choice(&'static [&'static str]),
    /// One text, or a list of them.
    Texts,
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Integer,
    /// One whole number or a list of one or two.
    Years,
    /// 2024-11-11, with or without quotes.
    Date,
    /// A classification code of 3, 5 or 7 digits, with or without quotes.
    Code,
    /// A list of classification codes as texts.
    Codes,
    /// A code or number of any kind, with or without quotes.
    Number,
    /// 合计 or a classification code.
    RowCode,
    /// An amount of money, or 未提供.
    Money,
    /// A number of things, or 未提供.
    Count,
    /// An amount or a number of things, or 未提供.
    Figure,
    /// A plain number.
    Score,
    /// A value as printed: a text, or a bare number.
    Printed,
    /// `true`, or a sentence.
    Sentence,
    /// Money, or a table of money by columns.
    Line,
    /// A relation as text or table, or a list of them.
    Relations(&'static Object),
    /// A table.
    Table(&'static Object),
    /// A list of tables.
    Tables(&'static Object),
}

impl FileKind {
    /// The name of its schema's file.
    pub fn file(&self) -> String {
        format!("{}.schema.json", self.name)
    }

    /// The kind of a name.
    pub fn named(name: &str) -> Option<&'static Self> {
        KINDS.iter().find(|kind| kind.name == name)
    }

    /// What it is for a key of its outermost table, as an editor shows it.
    pub fn about(&self, key: &str) -> Option<&'static str> {
        let keys = self.shapes.iter().flat_map(|shape| shape.keys);
        keys.into_iter().find(|known| known.name == key).map(|known| known.about)
    }
}

/// The first line of a TOML file of a kind, which leads editors to its schema; `path` is the
/// file's own below the site's folder.
pub fn directive(kind: &str, path: &str) -> String {
    let up = "../".repeat(path.matches('/').count());
    let up = if up.is_empty() { "./" } else { &up };
    format!("#:schema {up}{FOLDER}/{kind}.schema.json\n")
}

/// Every schema by the name of its file.
pub fn files() -> impl Iterator<Item = (String, String)> {
    KINDS.iter().map(|kind| (kind.file(), kind.json()))
}
