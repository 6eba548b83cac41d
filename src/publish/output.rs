//! The output folder: ours to replace, locked while a build publishes into it.

use std::fs::{self, File, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::{PublishError, manifest};

/// An output folder that this build may replace, locked against other builds.
#[derive(Debug)]
pub struct Output {
    folder: PathBuf,
    parent: PathBuf,
    name: String,
    /// Held until the build ends; the system releases it even if the program is killed.
    _lock: File,
}

impl Output {
    /// Locks an output folder for this build and clears away what a killed build left.
    ///
    /// # Errors
    /// [`PublishError::NotOurs`] when the folder holds files that no build made, or is the
    /// site's own folder; [`PublishError::Busy`] when another build is publishing into it.
    pub fn open(folder: &Path, root: &Path) -> Result<Self, PublishError> {
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
        let name = name.to_string_lossy().into_owned();
        let lock_path = parent.join(format!(".{name}.lock"));
        // A refusal must not leave a lock beside a folder that was never ours.
        if !lock_path.exists() {
            refuse_foreign_files(&absolute)?;
        }
        fs::create_dir_all(parent).map_err(PublishError::io("建立", parent))?;
        let lock = File::create(&lock_path).map_err(PublishError::io("建立", &lock_path))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(PublishError::Busy(folder.to_owned())),
            Err(TryLockError::Error(error)) => return Err(PublishError::io("锁定", &lock_path)(error)),
        }
        let output = Self { folder: absolute.clone(), parent: parent.to_owned(), name, _lock: lock };
        refuse_foreign_files(&output.folder)?;
        remove_tree(&output.staging())?;
        Ok(output)
    }

    /// The published folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where the next tree is made, beside the folder and so on the same file system.
    pub fn staging(&self) -> PathBuf {
        self.parent.join(format!(".{}.staging", self.name))
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
    let listed = fs::read_to_string(folder.join(manifest::FILE)).ok().and_then(|text| manifest::parse(&text));
    for entry in WalkDir::new(folder).min_depth(1).sort_by_file_name() {
        let entry = entry.map_err(|error| PublishError::io("查看", folder)(error.into()))?;
        if entry.file_type().is_dir() {
            continue;
        }
        let path = entry.path().strip_prefix(folder).unwrap_or(entry.path()).to_string_lossy().replace('\\', "/");
        let ours = path == manifest::FILE || listed.as_ref().is_some_and(|listed| listed.contains_key(&path));
        if !ours {
            return refuse(format!(
                "其中的“{path}”不是 disclose 生成的。请换一个目录，或把这个文件移到网站的 static/ 目录（会照原样发布）后清空此目录"
            ));
        }
    }
    Ok(())
}

/// Removes a folder that a build made; none is fine.
pub fn remove_tree(folder: &Path) -> Result<(), PublishError> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(PublishError::io("清理", folder)(error)),
        _ => Ok(()),
    }
}
