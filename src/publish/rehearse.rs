//! Making pages without publishing them, for what only making them can find: what a build would
//! refuse, a check tells.
//!
//! A page that the last build has made from the same was made without a finding then: only its links are
//! looked at, as far as they lead to pages that are made from something else now.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::links::LinkCheck;
use super::memory::{Memory, Remembered};
use super::side_by_side::side_by_side;
use super::{Pages, manifest};
use crate::diagnostic::Finding;
use crate::render::template::told_once;
use crate::render::{Content, Contents};

/// Makes every page of a site in `root` that is not known to be right, and drops it.
pub fn rehearse<P: Pages>(pages: &P, root: &Path) -> Vec<Finding> {
    let paths = || (0..pages.len()).map(|index| pages.path(index));
    let memory = Memory::of(root).of_paths(paths().chain(std::iter::once(manifest::FILE)));
    let links = LinkCheck::with(paths(), memory.store_if_any());
    let known: Vec<Option<Remembered<'_>>> = (0..pages.len())
        .into_par_iter()
        .map(|index| memory.find(pages.path(index), pages.recipe(index)?).filter(|_| !pages.is_kept(index)))
        .collect();
    let old = known.iter().enumerate();
    links.take_over(old.filter_map(|(at, old)| old.map(|old| (at, old.anchors, old.links()))));
    let failed = Mutex::new(Vec::new());
    let fail = |index: usize, finding: Finding| {
        failed.lock().unwrap_or_else(PoisonError::into_inner).push((index, finding));
    };
    let make = |contents: &dyn Contents, index: usize| match contents.content(index) {
        Ok(Content::Whole(bytes)) => links.page(index, &bytes),
        // What comes in pieces is a download, has no links and need not be made.
        Ok(Content::Parts(_) | Content::Joined { .. }) => {}
        Err(finding) => fail(index, *finding),
    };
    let (mut groups, mut alone) = pages.groups();
    for group in groups.iter_mut().chain(std::iter::once(&mut alone)) {
        group.retain(|index| known[*index].is_none());
    }
    groups.retain(|group| !group.is_empty());
    side_by_side(&groups, |group| {
        let opened = pages.open(group, &mut |contents| group.par_iter().for_each(|index| make(contents, *index)));
        opened.unwrap_or_else(|finding| fail(group[0], *finding));
    });
    alone.into_par_iter().filter(|index| !pages.is_kept(*index)).for_each(|index| {
        let opened = pages.open(&[index], &mut |contents| make(contents, index));
        opened.unwrap_or_else(|finding| fail(index, *finding));
    });
    let mut failed = failed.into_inner().unwrap_or_else(PoisonError::into_inner);
    failed.sort_by_key(|(index, _)| *index);
    let mut findings: Vec<Finding> = failed.into_iter().map(|(_, finding)| finding).collect();
    findings.extend(links.finish(|index| pages.render(index).ok()));
    told_once(findings)
}
