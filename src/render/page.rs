//! What can stand at a path of the plan.

use crate::model::code::ClassCode;
use crate::model::form::FormSet;
use crate::model::glossary::Term;
use crate::model::site::{StaticFile, TextPage};
use crate::model::unit::Unit;
use crate::render::content::{Content, Made};
use crate::render::finder::Shard;
use crate::render::pages::YearPage;

/// A file to download, made when asked for.
pub struct Download<'a> {
    /// The disclosure it belongs to, in the site's list; `None` for one of the whole portal.
    pub disclosure: Option<usize>,
    /// The amendment that replaced the version it belongs to; `None` for the present one.
    pub version: Option<usize>,
    /// The form it holds, where it is one table; its link stands at the table.
    pub form: Option<u16>,
    /// Its format, which a table's link says: `CSV`.
    pub label: &'static str,
    /// What it holds, which lists say: `收入支出决算总表`.
    pub about: String,
    /// Its path.
    pub path: String,
    /// Makes its bytes; pure.
    pub content: Box<dyn Fn() -> Content<'a> + Send + Sync + 'a>,
    /// Its size and hash.
    pub made: Box<dyn Fn() -> Made + Send + Sync + 'a>,
    /// The year whose figures it holds, all of them and nothing else.
    pub year: Option<i32>,
    /// Takes in its size and hash where they are known, so that it need not be made for them.
    pub learn: Box<dyn Fn(Made) + Send + Sync + 'a>,
}

/// What stands at a path.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Page<'a> {
    Home,
    Unit(&'a Unit),
    Disclosure(usize),
    /// An earlier version of a disclosure, by the amendment that replaced it.
    Version(usize, usize),
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
    /// The sitemap, or one part of it.
    Sitemap(Option<usize>),
    Robots,
    Feed,
    File(&'a StaticFile),
    Download(usize),
    Search,
    /// The page that searches the texts of the narratives.
    FullText,
    FullTextScript,
    /// A file of what that page searches, by its place in the plan's list.
    FullTextFile(usize),
    Shard(Shard),
    Data,
    Verify,
    Moved(usize),
    /// A file that stays as it was last published, by its place in [`Site::kept`](crate::model::site::Site::kept).
    Kept,
}
