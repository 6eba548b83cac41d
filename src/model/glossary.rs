//! 名词解释: terms, one file each.

use crate::diagnostic::Place;
use crate::model::code::ClassCode;

/// A term with its definition in own words.
#[derive(Clone, Debug)]
pub struct Term {
    /// The file stem: names its page.
    pub id: String,
    /// The term.
    pub name: String,
    /// Other spellings that lead to it.
    pub aliases: Vec<String>,
    /// The 功能分类 项 that it defines.
    pub codes: Vec<ClassCode>,
    /// The definition in Markdown; `{level}` stands for the unit's level.
    pub body: String,
    /// Where the definition begins.
    pub place: Place,
}
