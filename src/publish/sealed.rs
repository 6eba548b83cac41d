//! Files that the program keeps for itself in `.disclose-cache` of a site: of this program, whole
//! by the hash they end with, and replaced in one step. One that is damaged or of another program
//! is as good as none.

use std::fs;
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::memory::Stamp;

/// Where they are kept, below the site's folder.
const FOLDER: &str = ".disclose-cache";

/// The length of the hash at the end.
const SEAL: usize = 32;

/// The folder for the program's own files of a site.
pub(super) fn folder(root: &Path) -> PathBuf {
    root.join(FOLDER)
}

/// Makes the folder for the program's own files of a site. Without it nothing is kept, which
/// only costs time.
pub fn make_folder(root: &Path) {
    let _ = fs::create_dir_all(folder(root));
}

/// Removes what builds that were killed have left unfinished. Another that is under way can do
/// without: what it cannot put into place is forgotten.
pub(super) fn forget_unfinished(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let mut parts = name.to_str().unwrap_or_default().split('.').skip(1);
        // `built.4711`, `examined.4711.new`
        if parts.next().is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// What every file of a format begins with: the format, and the program by its version and the
/// file that it runs from. `None` where that file is not known: another program might be this one.
pub(super) fn head(format: &str) -> Option<Vec<u8>> {
    let program = Stamp::of(&std::env::current_exe().ok()?)?;
    Some(format!("{format} {} {program:?}\n", env!("CARGO_PKG_VERSION")).into_bytes())
}

/// What a file holds between its head and its hash; `None` where it is not to be trusted.
pub(super) fn read(file: &Path, format: &str) -> Option<Vec<u8>> {
    let mut bytes = fs::read(file).ok()?;
    let head = head(format)?;
    let end = bytes.len().checked_sub(SEAL)?;
    if !bytes.starts_with(&head) || Sha256::digest(&bytes[..end])[..] != bytes[end..] {
        return None;
    }
    bytes.truncate(end);
    bytes.drain(..head.len());
    Some(bytes)
}

/// Writes a file piece by piece beside the one that is there, and then replaces it.
#[derive(Debug)]
pub(super) struct Writer {
    file: PathBuf,
    beside: PathBuf,
    out: BufWriter<fs::File>,
    hash: Sha256,
}

impl Writer {
    pub(super) fn create(file: &Path, format: &str) -> io::Result<Self> {
        let beside = beside(file, "new");
        let out = BufWriter::new(fs::File::create_new(&beside)?);
        let mut writer = Self { file: file.to_owned(), beside, out, hash: Sha256::new() };
        writer.add(&head(format).ok_or(io::ErrorKind::Unsupported)?)?;
        Ok(writer)
    }

    pub(super) fn add(&mut self, piece: &[u8]) -> io::Result<()> {
        self.hash.update(piece);
        self.out.write_all(piece)
    }

    /// Seals the file, and puts it in its place.
    pub(super) fn finish(mut self) -> io::Result<()> {
        let seal = std::mem::take(&mut self.hash).finalize();
        self.out.write_all(&seal)?;
        self.out.flush()?;
        fs::rename(&self.beside, &self.file)
    }
}

impl Drop for Writer {
    /// What was not finished is removed.
    fn drop(&mut self) {
        // What was finished has another name by now.
        let _ = fs::remove_file(&self.beside);
    }
}

/// A name beside a file that no other process uses; what one of the same number left is removed.
pub(super) fn beside(file: &Path, ending: &str) -> PathBuf {
    let beside = file.with_extension(format!("{}.{ending}", std::process::id()));
    let _ = fs::remove_file(&beside);
    beside
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_nothing_else_is() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a");
        assert_eq!(read(&file, "x-1"), None);
        let mut writer = Writer::create(&file, "x-1").unwrap();
        for piece in ["甲", "", "乙"] {
            writer.add(piece.as_bytes()).unwrap();
        }
        writer.finish().unwrap();
        assert_eq!(read(&file, "x-1").as_deref(), Some("甲乙".as_bytes()));
        assert_eq!(read(&file, "x-2"), None);
        let good = fs::read(&file).unwrap();
        for at in [0, good.len() / 2, good.len() - 1] {
            let mut bad = good.clone();
            bad[at] ^= 1;
            fs::write(&file, bad).unwrap();
            assert_eq!(read(&file, "x-1"), None, "{at}");
        }
        fs::write(&file, &good[..good.len() - 1]).unwrap();
        assert_eq!(read(&file, "x-1"), None);
    }
}
