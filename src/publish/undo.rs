//! What was taken out of the tree before the published one, until the new site stands: whoever is
//! interrupted on the way puts it back, so that a rollback finds the tree as it was published.
//!
//! The folder `.public.undo/<inode>` holds the files, by their paths; the inode is that of the
//! tree that they were taken from. As long as that tree has its place beside the published one, the
//! new site does not stand; afterwards the tree is the published one, and nobody needs the files.
//! Nothing is removed before, only renamed. The manifest is taken last and put back last: while it
//! is among what was taken, files may have come into the tree that it does not list.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::memory::inode_of;
use super::output::remove_tree;
use super::readers::make_folders;
use super::tree::relative;
use super::{PublishError, manifest};

/// Makes the folder for what is taken out of a tree.
///
/// # Errors
/// A file error.
pub(super) fn begin(undo: &Path, tree: &Path) -> io::Result<PathBuf> {
    let folder = undo.join(inode_of(&fs::symlink_metadata(tree)?).to_string());
    make_folders(&folder)?;
    Ok(folder)
}

/// Puts back what was taken out of `tree`, if it still is the tree that it was taken from; then
/// forgets it.
///
/// # Errors
/// A file error; asked again, it goes on from there.
pub(super) fn settle(undo: &Path, tree: &Path) -> Result<(), PublishError> {
    let inode = fs::symlink_metadata(tree).ok().filter(fs::Metadata::is_dir).map(|meta| inode_of(&meta).to_string());
    if let Some(taken) = inode.map(|inode| undo.join(inode)).filter(|taken| taken.is_dir()) {
        put_back(&taken, tree)?;
    }
    remove_tree(undo)
}

fn put_back(taken: &Path, tree: &Path) -> Result<(), PublishError> {
    if taken.join(manifest::FILE).is_file() {
        let listed = manifest::of_folder(taken).unwrap_or_default();
        remove_fresh(taken, tree, |path| listed.contains_key(path))?;
    }
    let mut files = entries(taken)?;
    files.retain(|(_, is_folder)| !is_folder);
    files.sort_by_key(|(path, _)| path == manifest::FILE);
    for (path, _) in files {
        let place = tree.join(&path);
        move_file(&taken.join(&path), &place).map_err(PublishError::io("恢复", &place))?;
    }
    Ok(())
}

/// Removes what came into the tree.
fn remove_fresh(taken: &Path, tree: &Path, is_old: impl Fn(&str) -> bool) -> Result<(), PublishError> {
    for (path, is_folder) in entries(tree)? {
        let place = tree.join(&path);
        if is_folder {
            // Those that hold something stay.
            let _ = fs::remove_dir(place);
        } else if !is_old(&path) || fs::symlink_metadata(taken.join(&path)).is_ok() {
            fs::remove_file(&place).map_err(PublishError::io("清理", &place))?;
        }
    }
    Ok(())
}

/// What stands below a folder and whether it is a folder, each after what stands below it.
fn entries(folder: &Path) -> Result<Vec<(String, bool)>, PublishError> {
    let entries = WalkDir::new(folder).min_depth(1).contents_first(true).into_iter();
    let entries = entries.map(|entry| {
        let entry = entry.map_err(|error| PublishError::io("查看", folder)(error.into()))?;
        Ok((relative(folder, entry.path()), entry.file_type().is_dir()))
    });
    entries.collect()
}

/// Renames a file, with the folders above its new name.
///
/// # Errors
/// A file error; the file is then where it was.
pub(super) fn move_file(from: &Path, to: &Path) -> io::Result<()> {
    match fs::rename(from, to) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            to.parent().map_or(Ok(()), make_folders)?;
            fs::rename(from, to)
        }
        other => other,
    }
}
