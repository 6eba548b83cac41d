//! The output folder: ours to replace, locked while a build publishes into it.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read, Seek, Write};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::memory::Memory;
use super::readers::make_folders;
use super::tree::{Entry, Kind, entries, hash_of};
use super::{PublishError, manifest, switch, undo};
use crate::render::content::Hash;

/// What the lock says from the moment before the exchange on, followed by the hash of the new
/// manifest.
const SWITCHING: &str = "switching ";

/// An output folder that this build may replace, locked against other builds. Dropping it
/// clears away what the build has not put into place.
#[derive(Debug)]
pub struct Output {
    folder: PathBuf,
    parent: PathBuf,
    name: String,
    /// Whether the staged tree has taken its place: nothing of it is left to clear away.
    published: bool,
    /// What the last build of the site remembers of its files.
    memory: Memory,
    /// Held until the build ends; the system releases it even if the program is killed.
    lock: File,
}

impl Output {
    /// Locks an output folder for this build and clears away what a killed build left.
    ///
    /// # Errors
    /// [`PublishError::NotOurs`] when the folder holds files that no build made, or is the
    /// site's own folder; [`PublishError::Busy`] when another build is publishing into it.
    pub fn open(folder: &Path, root: &Path) -> Result<Self, PublishError> {
        Self::open_where(folder, root, refuse_foreign_files)
    }

    /// Locks a published folder for a rollback. Files that no build made are no reason to refuse:
    /// nothing is removed, they stay in the tree that is taken back.
    ///
    /// # Errors
    /// As [`Self::open`], but for such files in a folder that a build has published.
    pub fn reopen(folder: &Path, root: &Path) -> Result<Self, PublishError> {
        let is_ours = |folder: &Path| match manifest::of_folder(folder) {
            Some(_) => Ok(()),
            None => refuse_foreign_files(folder),
        };
        Self::open_where(folder, root, is_ours)
    }

    fn open_where(
        folder: &Path,
        root: &Path,
        is_ours: impl FnOnce(&Path) -> Result<(), PublishError>,
    ) -> Result<Self, PublishError> {
        let absolute = std::path::absolute(folder).map_err(PublishError::io("定位", folder))?;
        let refuse = |reason: &str| PublishError::NotOurs { path: folder.to_owned(), reason: reason.to_owned() };
        let (Some(parent), Some(name)) = (absolute.parent(), absolute.file_name()) else {
            return Err(refuse("它是磁盘的根目录，请用 --output 指定一个专用目录"));
        };
        let site = fs::canonicalize(root).map_err(PublishError::io("定位", root))?;
        if fs::canonicalize(&absolute).is_ok_and(|real| site.starts_with(&real)) {
            return Err(refuse("它包含网站源文件，请用 --output 指定一个专用目录"));
        }
        let existing = absolute.ancestors().find_map(|folder| fs::canonicalize(folder).ok());
        let is_inside = |folder: &str| existing.as_ref().is_some_and(|real| real.starts_with(site.join(folder)));
        if ["content", "static", "themes"].into_iter().any(is_inside) {
            return Err(refuse("它在网站源文件的目录里，请用 --output 指定一个专用目录"));
        }
        if is_mount_point(&absolute, parent) {
            return Err(PublishError::mount_point(folder));
        }
        // Before locking: a refusal must not leave a lock beside a folder that was never ours.
        is_ours(&absolute)?;
        make_folders(parent).map_err(PublishError::io("建立", parent))?;
        let name = name.to_string_lossy().into_owned();
        let lock = lock(&parent.join(format!(".{name}.lock")), folder)?;
        let (folder, parent) = (absolute.clone(), parent.to_owned());
        let memory = Memory::of(root);
        let mut output = Self { folder, parent, name, published: false, memory, lock };
        output.clean_up()?;
        Ok(output)
    }

    /// What the last build of the site remembers of its files.
    pub(super) const fn memory(&self) -> &Memory {
        &self.memory
    }

    /// Says which paths the site has: once one is gone nothing is remembered.
    pub(super) fn remember_paths<'p>(&mut self, paths: impl Iterator<Item = &'p str>) {
        self.memory = self.take_memory().of_paths(paths);
    }

    /// What the last build remembers, to be replaced.
    pub(super) fn take_memory(&mut self) -> Memory {
        std::mem::take(&mut self.memory)
    }

    /// Clears away what a killed build left. Killed right after the exchange, it left the old
    /// tree under the name of the new one: that is what a rollback brings back, and what readers
    /// who came before the exchange are still reading.
    fn clean_up(&mut self) -> Result<(), PublishError> {
        self.recover()?;
        let path = self.parent.join(format!(".{}.lock", self.name));
        let mut said = String::new();
        // What no build wrote says nothing.
        if self.lock.read_to_string(&mut said).is_err() {
            said.clear();
        }
        let is_live = |new: &str| hash_of(&self.folder.join(manifest::FILE)).is_ok_and(|live| live == new);
        undo::settle(&self.undo(), &self.previous())?;
        let staging = self.staging();
        if said.strip_prefix(SWITCHING).is_some_and(is_live) && staging.join(manifest::FILE).is_file() {
            switch::keep(&staging, &self.previous())?;
        }
        remove_tree(&staging)?;
        self.lock.set_len(0).and_then(|()| self.lock.rewind()).map_err(PublishError::io("写入", &path))
    }

    /// Takes up an exchange by renames that was cut off: a tree that was put aside goes back into
    /// its place where nothing has taken it, else it is the one that was published before.
    fn recover(&self) -> Result<(), PublishError> {
        let aside = self.aside();
        if !aside.join(manifest::FILE).is_file() {
            return Ok(());
        }
        if self.folder.exists() {
            return switch::keep(&aside, &self.previous());
        }
        fs::rename(&aside, &self.folder).map_err(PublishError::io("切换到", &self.folder))
    }

    /// Says in the lock that the exchange is about to be made: see [`Self::clean_up`].
    pub(super) fn begin_switch(&mut self, manifest: Hash) -> Result<(), PublishError> {
        let path = self.parent.join(format!(".{}.lock", self.name));
        self.lock.write_all(format!("{SWITCHING}{manifest}").as_bytes()).map_err(PublishError::io("写入", &path))
    }

    /// Says that the new site is live: dropping this leaves everything where it stands.
    pub(super) const fn published(&mut self) {
        self.published = true;
    }

    /// The published folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where the next tree is made, beside the folder and so on the same file system.
    pub fn staging(&self) -> PathBuf {
        self.parent.join(format!(".{}.staging", self.name))
    }

    /// Where the published tree stands while two trees change places by three renames, on systems
    /// that cannot exchange them; see [`Self::recover`].
    pub(super) fn aside(&self) -> PathBuf {
        self.parent.join(format!(".{}.aside", self.name))
    }

    /// Where what is taken out of the tree before this one stands while that is made over; see
    /// [`undo`].
    pub(super) fn undo(&self) -> PathBuf {
        self.parent.join(format!(".{}.undo", self.name))
    }

    /// Where the tree before this one is kept.
    pub fn previous(&self) -> PathBuf {
        self.parent.join(format!(".{}.previous", self.name))
    }
}

/// Refuses a folder that holds anything the manifest of an earlier build does not list.
fn refuse_foreign_files(folder: &Path) -> Result<(), PublishError> {
    let refuse = |reason: String| Err(PublishError::NotOurs { path: folder.to_owned(), reason });
    let meta = match fs::symlink_metadata(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        other => other.map_err(PublishError::io("查看", folder))?,
    };
    if !meta.is_dir() {
        return refuse("它不是目录".to_owned());
    }
    let listed = manifest::of_folder(folder);
    for Entry { path, kind } in entries(folder).map_err(PublishError::io("查看", folder))? {
        if matches!(kind, Kind::Folder(_)) {
            continue;
        }
        let ours = path == manifest::FILE || listed.as_ref().is_some_and(|listed| listed.contains_key(&path));
        if !ours {
            return refuse(format!(
                "其中的“{path}”不是 disclose 生成的。请换一个目录，或把这个文件移到网站的 static/ 目录（会照原样发布）后清空此目录"
            ));
        }
    }
    Ok(())
}

impl Drop for Output {
    fn drop(&mut self) {
        // What cannot be removed here is removed by the next build, which tells if it fails.
        if !self.published {
            let _ = undo::settle(&self.undo(), &self.previous());
            let _ = remove_tree(&self.staging());
        }
        // Elsewhere a build could lock a file that has just lost its name.
        if cfg!(unix) {
            let _ = fs::remove_file(self.parent.join(format!(".{}.lock", self.name)));
        }
    }
}

/// Locks the file at `path`, which a build that ends may remove meanwhile: only the file that
/// still has the name counts.
fn lock(path: &Path, folder: &Path) -> Result<File, PublishError> {
    loop {
        // What a killed build wrote in it is still needed.
        let mut options = OpenOptions::new();
        let options = options.read(true).write(true).create(true).truncate(false);
        let lock = options.open(path).map_err(PublishError::io("建立", path))?;
        match lock.try_lock() {
            Ok(()) if has_name(&lock, path) => return Ok(lock),
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(PublishError::Busy(folder.to_owned())),
            Err(TryLockError::Error(error)) => return Err(PublishError::io("锁定", path)(error)),
        }
    }
}

#[cfg(unix)]
fn has_name(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let same = |one: fs::Metadata, other: fs::Metadata| (one.dev(), one.ino()) == (other.dev(), other.ino());
    file.metadata().is_ok_and(|open| fs::metadata(path).is_ok_and(|named| same(open, named)))
}

#[cfg(not(unix))]
fn has_name(_file: &File, _path: &Path) -> bool {
    true
}

/// Whether another file system is mounted on the folder: it cannot be exchanged as a whole.
#[cfg(unix)]
fn is_mount_point(folder: &Path, parent: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let device = |path: &Path| fs::symlink_metadata(path).map(|meta| meta.dev()).ok();
    device(folder).is_some_and(|own| fs::metadata(parent).is_ok_and(|meta| meta.dev() != own))
}

#[cfg(not(unix))]
fn is_mount_point(_folder: &Path, _parent: &Path) -> bool {
    false
}

/// Removes a folder that a build made; none is fine.
pub fn remove_tree(folder: &Path) -> Result<(), PublishError> {
    let below: Vec<PathBuf> = folders_in(folder).iter().flat_map(|folder| folders_in(folder)).collect();
    below.par_iter().for_each(|folder| {
        // What cannot be removed here cannot be removed below, and is told.
        let _ = fs::remove_dir_all(folder);
    });
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(PublishError::io("清理", folder)(error)),
        _ => Ok(()),
    }
}

/// The folders in a folder; none in what is something else.
fn folders_in(folder: &Path) -> Vec<PathBuf> {
    let is_folder = fs::symlink_metadata(folder).is_ok_and(|meta| meta.is_dir());
    let entries = is_folder.then(|| fs::read_dir(folder).ok()).flatten().into_iter().flatten().flatten();
    entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir())).map(|entry| entry.path()).collect()
}
