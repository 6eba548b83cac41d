//! Putting a tree in the output folder's place in one step, and taking the step back.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::output::{Output, remove_tree};
use super::stage::{Origin, Verified};
use super::tree::{differences, hash_of};
use super::whole::Places;
use super::{PublishError, manifest, undo};
use crate::render::content::Hash;

/// What was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// The folder that now holds the site.
    pub folder: PathBuf,
    /// Where the tree before it is kept, if there is one.
    pub previous: PathBuf,
    /// How many files it holds.
    pub files: usize,
    /// How many of them are those of the tree before, linked.
    pub linked: usize,
    /// Whether the site was already as it was made: nothing was exchanged, and the tree before
    /// is still the one that a rollback brings back.
    pub unchanged: bool,
    /// The SHA-256 of its manifest, which stands for all its files.
    pub manifest: String,
    /// Published files that were found altered or missing, and were made again: those that the
    /// new site has as they had been published.
    pub altered: BTreeSet<String>,
    /// What went wrong after the new site had gone live, with what to do.
    pub warning: Option<String>,
}

impl Verified<'_> {
    /// Puts the whole site in the output folder's place in one step; the old tree is kept beside
    /// it until the next build. A site that has not changed stays where it is.
    ///
    /// # Errors
    /// A file error, or the folder cannot be exchanged; it is then the old site, whole.
    pub fn switch(mut self) -> Result<Published, PublishError> {
        let files: Vec<(&str, Origin)> = self.files.iter().map(|(path, file)| (*path, file.origin)).collect();
        let (folder, previous, manifest) = (self.output.folder().to_owned(), self.output.previous(), self.manifest);
        let linked = files.iter().filter(|(_, origin)| matches!(origin, Origin::Published { .. })).count();
        // Every file but the manifest is the published one itself.
        let unchanged = linked == files.len() && hash_of(&folder.join(manifest::FILE)).is_ok_and(|old| old == manifest);
        let warning = if unchanged { None } else { put_in_place(&mut self.output, &files, manifest)? };
        let (files, manifest, altered) = (files.len() + 1, manifest.to_string(), std::mem::take(&mut self.altered));
        self.remember();
        Ok(Published { folder, previous, files, linked, unchanged, manifest, altered, warning })
    }
}

/// Makes a whole tree of what was staged, and puts it in the output folder's place. From then on
/// the new site is live: what fails after it is a warning.
fn put_in_place(output: &mut Output, files: &[(&str, Origin)], manifest: Hash) -> Result<Option<String>, PublishError> {
    let (staging, folder, previous) = (output.staging(), output.folder().to_owned(), output.previous());
    let places = Places::of(output);
    if !folder.exists() {
        places.fill(files)?;
        sync(&staging)?;
        fs::rename(&staging, &folder).map_err(PublishError::io("切换到", &folder))?;
        output.published();
        return Ok(None);
    }
    if places.renew(&previous, &output.undo(), files)? {
        sync(&previous)?;
        let warning = exchange_renewed(output)?;
        output.published();
        // What is left of staging is empty folders. What cannot be cleared away here is cleared away
        // by the next build, which tells if it fails.
        let _ = undo::settle(&output.undo(), &previous).and_then(|()| remove_tree(&staging));
        return Ok(warning);
    }
    places.fill(files)?;
    output.begin_switch(manifest)?;
    sync(&staging)?;
    let warning = exchange(&staging, &folder, &previous)?;
    output.published();
    Ok(warning)
}

/// Exchanges the published tree with the one before it, which was made over into the new site.
fn exchange_renewed(output: &Output) -> Result<Option<String>, PublishError> {
    let (folder, previous, aside) = (output.folder(), output.previous(), output.aside());
    match exchange_names(&previous, folder)? {
        Exchanged::Yes => Ok(None),
        Exchanged::CannotHere => {
            replace(&previous, folder, &aside)?;
            Ok(keep(&aside, &previous).err().map(|error| not_put_away(&error, &aside)))
        }
    }
}

/// Exchanges the published tree with the one before, which is reread first; done twice, it
/// brings the newer one back. Gives how many files the tree has that is published now.
///
/// # Errors
/// [`PublishError::NoPrevious`], [`PublishError::Altered`] when the tree before is not as it was
/// published, or a file error; the published tree is then as it was.
pub fn rollback(mut output: Output) -> Result<usize, PublishError> {
    let (folder, previous) = (output.folder().to_owned(), output.previous());
    if !previous.join(manifest::FILE).is_file() {
        return Err(PublishError::NoPrevious(previous));
    }
    let found = differences(&previous, None)?;
    if !found.is_none() {
        return Err(PublishError::Altered { path: previous, differences: found });
    }
    sync(&previous)?;
    if folder.exists() {
        swap(&previous, &folder, &output.aside())?;
    } else {
        fs::rename(&previous, &folder).map_err(PublishError::io("切换到", &folder))?;
    }
    output.published();
    Ok(found.listed + 1)
}

/// Exchanges two folders in one step; where the system cannot, by three renames over `spare`.
fn swap(one: &Path, folder: &Path, spare: &Path) -> Result<(), PublishError> {
    match exchange_names(one, folder)? {
        Exchanged::Yes => Ok(()),
        Exchanged::CannotHere => {
            replace(one, folder, spare)?;
            fs::rename(spare, one).map_err(PublishError::io("保留旧站到", one))
        }
    }
}

/// Exchanges the two folders in one step, then keeps the old tree as `previous`. From the
/// exchange on the new site is live: what fails after it is a warning.
fn exchange(staging: &Path, folder: &Path, previous: &Path) -> Result<Option<String>, PublishError> {
    match exchange_names(staging, folder)? {
        Exchanged::Yes => Ok(keep(staging, previous).err().map(|error| not_put_away(&error, staging))),
        Exchanged::CannotHere => {
            remove_tree(previous)?;
            replace(staging, folder, previous).map(|()| None)
        }
    }
}

fn not_put_away(error: &PublishError, old: &Path) -> String {
    let old = old.display();
    format!("新网站已经发布，但{error}。旧网站暂在“{old}”，下次生成时会清理；请先解决这个问题")
}

/// Keeps the tree that was published before as `previous`, in the place of the one before that.
pub(super) fn keep(old: &Path, previous: &Path) -> Result<(), PublishError> {
    remove_tree(previous)?;
    fs::rename(old, previous).map_err(PublishError::io("保留旧站到", previous))
}

/// Whether two folders changed their names in one step.
enum Exchanged {
    Yes,
    /// The file system has no exchange; nothing was done.
    #[cfg_attr(not(target_os = "linux"), allow(dead_code, reason = "only Linux has both"))]
    CannotHere,
}

#[cfg(target_os = "linux")]
fn exchange_names(one: &Path, folder: &Path) -> Result<Exchanged, PublishError> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    match renameat_with(CWD, one, CWD, folder, RenameFlags::EXCHANGE) {
        Ok(()) => Ok(Exchanged::Yes),
        // Some network file systems cannot exchange.
        Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS) => Ok(Exchanged::CannotHere),
        Err(rustix::io::Errno::BUSY) => Err(PublishError::mount_point(folder)),
        Err(error) => Err(PublishError::io("切换到", folder)(error.into())),
    }
}

#[cfg(not(target_os = "linux"))]
fn exchange_names(_one: &Path, _folder: &Path) -> Result<Exchanged, PublishError> {
    Ok(Exchanged::CannotHere)
}

/// Two renames where the system has no exchange; the old tree goes back if the second fails.
fn replace(new: &Path, folder: &Path, aside: &Path) -> Result<(), PublishError> {
    fs::rename(folder, aside).map_err(|error| match error.kind() {
        ErrorKind::ResourceBusy => PublishError::mount_point(folder),
        _ => PublishError::io("保留旧站到", aside)(error),
    })?;
    fs::rename(new, folder).map_err(|error| {
        // Putting the old tree back is all that can be done; the first error is the one to tell.
        let _ = fs::rename(aside, folder);
        PublishError::io("切换到", folder)(error)
    })
}

/// Makes sure that the staged files are on disk before they take the old ones' place.
#[cfg(target_os = "linux")]
fn sync(staging: &Path) -> Result<(), PublishError> {
    let folder = fs::File::open(staging).map_err(PublishError::io("打开", staging))?;
    rustix::fs::syncfs(&folder).map_err(|error| PublishError::io("落盘", staging)(error.into()))
}

#[cfg(not(target_os = "linux"))]
fn sync(_staging: &Path) -> Result<(), PublishError> {
    Ok(())
}
