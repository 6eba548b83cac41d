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

/// What every file of a format begins with: the format, and the program by its version and the
/// file that it runs from.
fn head(format: &str) -> Vec<u8> {
    let program = std::env::current_exe().ok().and_then(|program| Stamp::of(&program));
    format!("{format} {} {program:?}\n", env!("CARGO_PKG_VERSION")).into_bytes()
}

/// What a file holds between its head and its hash; `None` where it is not to be trusted.
pub(super) fn read(file: &Path, format: &str) -> Option<Vec<u8>> {
    let mut bytes = fs::read(file).ok()?;
    let head = head(format);
    let end = bytes.len().checked_sub(SEAL)?;
    if !bytes.starts_with(&head) || Sha256::digest(&bytes[..end])[..] != bytes[end..] {
        return None;
    }
    bytes.truncate(end);
    bytes.drain(..head.len());
    Some(bytes)
}

/// Writes a file piece by piece beside the one that is there, then replaces it.
pub(super) fn write<P: AsRef<[u8]>>(file: &Path, format: &str, pieces: impl Iterator<Item = P>) -> io::Result<()> {
    let beside = file.with_extension("new");
    let (mut out, mut hash) = (BufWriter::new(fs::File::create(&beside)?), Sha256::new());
    let mut add = |piece: &[u8]| {
        hash.update(piece);
        out.write_all(piece)
    };
    add(&head(format))?;
    for piece in pieces {
        add(piece.as_ref())?;
    }
    let seal = hash.finalize();
    out.write_all(&seal)?;
    out.into_inner()?;
    fs::rename(&beside, file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_nothing_else_is() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a");
        assert_eq!(read(&file, "x-1"), None);
        write(&file, "x-1", ["甲".as_bytes(), b"", "乙".as_bytes()].into_iter()).unwrap();
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
