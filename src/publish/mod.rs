//! From a cleared plan to the public folder, in steps that types keep in order:
//!
//! 1. [`clear`] passes a value on only when no finding is an error ([`Cleared`]);
//! 2. [`stage`] renders every page, writes those that are new into a folder beside the output and
//!    follows every link ([`Staged`]);
//! 3. [`Staged::verify`] rereads what was written ([`Verified`]);
//! 4. [`Verified::switch`] makes a whole tree of it and exchanges it with the output folder in one
//!    step.
//!
//! [`rollback`] takes the last step back, and [`differences`] holds a published folder against
//! its manifest whenever somebody asks.
//!
//! Whatever goes wrong before the last step leaves the published site as it was, and nothing
//! beside it.

mod anchors;
mod aside;
mod earlier;
mod examine;
mod links;
pub(crate) mod manifest;
mod memory;
mod output;
mod readers;
mod recall;
mod rehearse;
mod sealed;
mod side_by_side;
mod spill;
mod stage;
mod survey;
mod switch;
mod tree;
mod undo;
mod urls;
mod whole;
mod written;

pub use examine::{Examined, examine, examine_while, plan};
pub use links::LinkCheck;
pub use output::Output;
pub use recall::forget;
pub use rehearse::rehearse;
pub use sealed::make_folder;
pub use side_by_side::side_by_side;
pub use stage::{Staged, Verified, stage};
pub use survey::{Families, HeldBack, Survey, Workings};
pub use switch::{Published, rollback};
pub use tree::{Differences, differences};
pub use urls::record;

use std::io;
use std::path::{Path, PathBuf};

use crate::diagnostic::{Finding, has_errors};
use crate::render::content::Made;
use crate::render::recipe::Recipe;
use crate::render::{Content, Contents, Plan};

/// Something that may go on to publishing: no finding about it is an error.
#[derive(Debug)]
pub struct Cleared<T>(T);

impl<T> Cleared<T> {
    /// What was cleared.
    pub const fn get(&self) -> &T {
        &self.0
    }

    /// The same thing in another guise, as cleared as it was.
    pub(crate) fn map<'c, U>(&'c self, guise: impl FnOnce(&'c T) -> U) -> Cleared<U> {
        Cleared(guise(&self.0))
    }
}

/// Clears a value when none of the findings about it is an error.
pub fn clear<T>(value: T, findings: &[Finding]) -> Option<Cleared<T>> {
    (!has_errors(findings)).then_some(Cleared(value))
}

/// The files of a published folder by its manifest; none where no build has published there.
pub fn published(folder: &Path) -> Vec<String> {
    manifest::of_folder(folder).unwrap_or_default().into_keys().collect()
}

/// The pages of a site: paths known first, bytes made on demand, in parallel.
pub trait Pages: Sync {
    /// How many pages there are.
    fn len(&self) -> usize;
    /// The path of a page below the output folder, with `/`.
    fn path(&self, index: usize) -> &str;
    /// The bytes of a page.
    ///
    /// # Errors
    /// A finding that an author can mend: a template error, a chart without points.
    fn render(&self, index: usize) -> Result<Vec<u8>, Box<Finding>>;
    /// The content of a page: its bytes, or pieces where they are too many to keep.
    ///
    /// # Errors
    /// As [`Self::render`].
    fn content(&self, index: usize) -> Result<Content<'_>, Box<Finding>> {
        self.render(index).map(Content::Whole)
    }
    /// The pages in groups that are best made together, and those that are best made one by one,
    /// after the groups.
    fn groups(&self) -> (Vec<Vec<usize>>, Vec<usize>) {
        (Vec::new(), (0..self.len()).collect())
    }
    /// Whether a page is joined from the files of groups.
    fn is_joined(&self, _index: usize) -> bool {
        false
    }
    /// Whether a page tells the size or hash of one that is joined, and so must be made after it.
    fn asks_for_joined(&self, _index: usize) -> bool {
        true
    }
    /// Makes pages of one group together.
    ///
    /// # Errors
    /// As [`Self::render`].
    fn open(&self, _group: &[usize], show: &mut dyn FnMut(&dyn Contents)) -> Result<(), Box<Finding>> {
        show(&Alone(self));
        Ok(())
    }
    /// Whether a page is not made, but stays as it was last published.
    fn is_kept(&self, _index: usize) -> bool {
        false
    }
    /// What a page is made from, where that is known.
    fn recipe(&self, _index: usize) -> Option<Recipe> {
        None
    }
    /// The size and hash of a file, where they were needed before it: they are held against what
    /// is written.
    fn made(&self, _index: usize) -> Option<Made> {
        None
    }
    /// Takes in the size and hash of a file that other pages tell and that need not be made.
    fn learn(&self, _index: usize, _made: &Made) {}
    /// Whether there is no page at all.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Pages that are made one by one.
struct Alone<'p, P: ?Sized>(&'p P);

impl<P: Pages + ?Sized> Contents for Alone<'_, P> {
    fn content(&self, index: usize) -> Result<Content<'_>, Box<Finding>> {
        self.0.content(index)
    }

    fn made(&self, index: usize) -> Option<Made> {
        self.0.made(index)
    }
}

/// Why nothing was published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// A file operation failed.
    #[error("{doing}“{}”时出错：{}", path.display(), crate::text::io_reason(source))]
    Io {
        /// What was being done, in Chinese: 写入.
        doing: &'static str,
        /// To which path.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The output folder is not ours to replace.
    #[error("不能发布到“{}”：{reason}", path.display())]
    NotOurs {
        /// The folder.
        path: PathBuf,
        /// Why, and what to do.
        reason: String,
    },
    /// Another build is under way.
    #[error("另一个 disclose build 正在发布到“{}”，请等它结束后再试", .0.display())]
    Busy(PathBuf),
    /// There is no good manifest to hold files against.
    #[error("读不到清单“{}”：{reason}。要核对的目录应是 disclose build 生成的网站，其中有 MANIFEST", path.display())]
    NoManifest {
        /// The manifest.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// There is no tree to go back to.
    #[error("没有上一版网站可以恢复：“{}”不存在或不完整", .0.display())]
    NoPrevious(PathBuf),
    /// The tree to go back to is not as it was published.
    #[error("上一版网站“{}”与它的清单不一致，没有恢复；现在的网站保持原样。发布后被改动的文件列在前面；可以恢复那一版的源文件再 disclose build", path.display())]
    Altered {
        /// The folder.
        path: PathBuf,
        /// What is different.
        differences: Differences,
    },
    /// Pages could not be made, or a staged file or link is wrong.
    #[error("有 {} 处页面问题", .0.len())]
    Findings(Vec<Finding>),
}

impl Pages for Plan<'_> {
    fn len(&self) -> usize {
        self.len()
    }
    fn path(&self, index: usize) -> &str {
        self.path(index)
    }
    fn render(&self, index: usize) -> Result<Vec<u8>, Box<Finding>> {
        self.render(index).map_err(Box::new)
    }
    fn content(&self, index: usize) -> Result<Content<'_>, Box<Finding>> {
        self.content(index).map_err(Box::new)
    }
    fn groups(&self) -> (Vec<Vec<usize>>, Vec<usize>) {
        self.groups()
    }
    fn is_joined(&self, index: usize) -> bool {
        self.is_joined(index)
    }
    fn asks_for_joined(&self, index: usize) -> bool {
        self.asks_for_joined(index)
    }
    fn open(&self, group: &[usize], show: &mut dyn FnMut(&dyn Contents)) -> Result<(), Box<Finding>> {
        self.open(group, show)
    }
    fn is_kept(&self, index: usize) -> bool {
        self.is_kept(index)
    }
    fn recipe(&self, index: usize) -> Option<Recipe> {
        self.recipe(index)
    }
    fn made(&self, index: usize) -> Option<Made> {
        self.made(index)
    }
    fn learn(&self, index: usize, made: &Made) {
        self.learn(index, made);
    }
}

impl PublishError {
    fn mount_point(folder: &Path) -> Self {
        let reason = "它是挂载点，不能整体替换。请用 --output 指定它里面的一个子目录，例如其中的 public";
        Self::NotOurs { path: folder.to_owned(), reason: reason.to_owned() }
    }
    fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { doing, path, source }
    }
}
