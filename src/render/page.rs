//! What can stand at a path of the plan.

use crate::model::code::ClassCode;
use crate::model::form::FormSet;
use crate::model::glossary::Term;
use crate::model::site::{StaticFile, TextPage};
use crate::model::unit::Unit;
use crate::render::finder::Shard;
use crate::render::pages::YearPage;

/// A file to download, made when asked for.
pub struct Download<'a> {
    /// The disclosure it belongs to, in the site's list.
    pub disclosure: usize,
    /// The form it holds, where it is one table; its link stands at the table.
    pub form: Option<u16>,
    /// What its link says: `CSV`, `JSON`.
    pub label: String,
    /// Its path.
    pub path: String,
    /// Makes its bytes; pure.
    pub bytes: Box<dyn Fn() -> Vec<u8> + Send + Sync + 'a>,
}

/// What stands at a path.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Page<'a> {
    Home,
    Unit(&'a Unit),
    Disclosure(usize),
    Quality(usize),
    Glossary,
    Term(&'a Term),
    Codes,
    Directory(usize),
    Code(&'a str, ClassCode, usize),
    Forms,
    FormSet(&'a FormSet),
    Rules,
    Year(YearPage),
    Text(&'a TextPage),
    NotFound,
    File(&'a StaticFile),
    Download(usize),
    Search,
    Shard(Shard),
}
