//! Who may read what is published: everybody, whatever the umask of who publishes it.
//!
//! A site is made to be read, and the web server seldom runs as whoever builds it: a umask of 077
//! would leave it a tree that it cannot read. So everybody may read files and enter folders,
//! nobody but the owner and the group may write, and whether the group may is left to the umask:
//! colleagues may publish in turn. The same holds for folders above the site that a build makes;
//! those that were there are left as they are.

use std::fs;
use std::io;
use std::path::Path;

/// What is changed about files or folders as the umask makes them; nothing, most of the time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Opening(Option<u32>);

impl Opening {
    /// What must be changed about a folder or file that was just made, and about its like; it is
    /// changed already.
    ///
    /// Where permissions cannot be set, as on many network drives, how the drive is mounted
    /// decides, and nothing is changed.
    ///
    /// # Errors
    /// A file error, when it cannot be looked at.
    pub(super) fn of(probe: &Path) -> io::Result<Self> {
        let meta = fs::metadata(probe)?;
        let wanted = wanted(mode(&meta), meta.is_dir());
        if wanted == mode(&meta) {
            return Ok(Self(None));
        }
        let opening = Self(Some(wanted));
        opening.open(probe);
        Ok(if mode(&fs::metadata(probe)?) == wanted { opening } else { Self(None) })
    }

    /// Lets everybody read a file or enter a folder. What was possible for the first of its kind
    /// is possible for this one; if not, the file stays as the umask makes it.
    pub(super) fn open(self, path: &Path) {
        if let Some(mode) = self.0 {
            let _ = set_mode(path, mode);
        }
    }
}

impl Opening {
    /// [`Self::open`] for a file that is still open.
    pub(super) fn open_file(self, file: &fs::File) {
        if let Some(mode) = self.0 {
            let _ = set_mode_of(file, mode);
        }
    }
}

/// Makes a folder and those above it that are missing, and lets everybody enter the ones it made.
/// A folder that was there, or that somebody else makes meanwhile, keeps its permissions.
///
/// # Errors
/// A file error, when a folder cannot be made.
pub(super) fn make_folders(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    folder.parent().map_or(Ok(()), make_folders)?;
    match fs::create_dir(folder) {
        Ok(()) => Opening::of(folder).map(drop),
        Err(_) if folder.is_dir() => Ok(()),
        Err(error) => Err(error),
    }
}

/// The permissions that a file or folder should have, by those that the umask gave it.
const fn wanted(given: u32, is_folder: bool) -> u32 {
    (given | if is_folder { 0o555 } else { 0o444 }) & !0o002
}

/// The permissions of a file or folder.
#[cfg(unix)]
pub(super) fn mode(meta: &fs::Metadata) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    meta.permissions().mode() & 0o7777
}

/// The user that a file or folder belongs to.
#[cfg(unix)]
pub(super) fn owner(meta: &fs::Metadata) -> u32 {
    std::os::unix::fs::MetadataExt::uid(meta)
}

#[cfg(not(unix))]
pub(super) fn owner(_meta: &fs::Metadata) -> u32 {
    0
}

#[cfg(not(unix))]
pub(super) fn mode(_meta: &fs::Metadata) -> u32 {
    wanted(0, false)
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

#[cfg(unix)]
fn set_mode_of(file: &fs::File, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn set_mode_of(_file: &fs::File, _mode: u32) -> io::Result<()> {
    Ok(())
}

#[cfg(not(unix))]
fn set_mode(_path: &Path, _mode: u32) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_may_read_and_only_who_the_umask_lets_may_write() {
        let files = [0o600, 0o640, 0o644, 0o660, 0o666].map(|given| wanted(given, false));
        assert_eq!(files, [0o644, 0o644, 0o644, 0o664, 0o664]);
        let folders = [0o700, 0o750, 0o755, 0o2770, 0o777].map(|given| wanted(given, true));
        assert_eq!(folders, [0o755, 0o755, 0o755, 0o2775, 0o775]);
    }

    #[test]
    #[cfg(unix)]
    fn what_is_closed_is_opened_with_its_like_and_what_is_open_stays() {
        let dir = tempfile::tempdir().unwrap();
        let [one, other] = ["one", "other"].map(|name| dir.path().join(name));
        for file in [&one, &other] {
            fs::write(file, "x").unwrap();
            set_mode(file, 0o600).unwrap();
        }
        let opening = Opening::of(&one).unwrap();
        opening.open(&other);
        assert_eq!([&one, &other].map(|file| mode(&fs::metadata(file).unwrap())), [0o644, 0o644]);
        assert_eq!(Opening::of(&one).unwrap(), Opening::default());
    }
}
