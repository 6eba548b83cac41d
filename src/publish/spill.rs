//! A file for what a build at work has no room for in memory.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// A file that is written from its beginning on, read anywhere, and removed unless it is taken.
#[derive(Debug)]
pub(super) struct Spill {
    path: PathBuf,
    /// Made when there is something to write.
    file: Option<File>,
    end: u64,
    /// Whether it may be taken.
    is_named: bool,
}

impl Spill {
    /// A file at a path that is not there yet.
    pub(super) const fn at(path: PathBuf) -> Self {
        Self { path, file: None, end: 0, is_named: true }
    }

    /// A file that nobody takes: where the system lets it, it has no name from the beginning, and a
    /// build that is killed leaves nothing.
    pub(super) const fn passing(path: PathBuf) -> Self {
        Self { path, file: None, end: 0, is_named: false }
    }

    /// How long it is.
    pub(super) const fn end(&self) -> u64 {
        self.end
    }

    /// Writes something behind what is there, and says where it begins.
    pub(super) fn append(&mut self, bytes: &[u8]) -> io::Result<u64> {
        let start = self.end;
        self.open()?.write_all(bytes)?;
        self.end += bytes.len() as u64;
        Ok(start)
    }

    /// Brings a run of bytes of another file over.
    pub(super) fn bring(&mut self, mut from: &File, start: u64, length: u64) -> io::Result<()> {
        from.seek(SeekFrom::Start(start))?;
        let mut to = self.open()?;
        if io::copy(&mut from.take(length), &mut to)? != length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.end += length;
        Ok(())
    }

    /// Fills `bytes` from a place in it.
    pub(super) fn read(&self, start: u64, bytes: &mut [u8]) -> io::Result<()> {
        read_at(self.file.as_ref().ok_or(io::ErrorKind::NotFound)?, start, bytes)
    }

    /// Gives it another name, under which it stays.
    pub(super) fn take(self, to: &Path) -> io::Result<()> {
        fs::rename(&self.path, to)
    }

    /// The file, at the end of what is in it.
    fn open(&mut self) -> io::Result<&File> {
        if self.file.is_none() {
            self.path.parent().map_or(Ok(()), fs::create_dir_all)?;
            let mut options = File::options();
            self.file = Some(options.read(true).write(true).create_new(true).open(&self.path)?);
            if !self.is_named && cfg!(unix) {
                let _ = fs::remove_file(&self.path);
            }
        }
        let mut file = self.file.as_ref().ok_or(io::ErrorKind::NotFound)?;
        file.seek(SeekFrom::Start(self.end))?;
        Ok(file)
    }
}

impl Drop for Spill {
    fn drop(&mut self) {
        // One that was taken has another name; what stays is removed by the next build.
        if self.file.is_some() {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Fills `bytes` from a place in a file.
pub(super) fn read_at(mut file: &File, start: u64, bytes: &mut [u8]) -> io::Result<()> {
    file.seek(SeekFrom::Start(start))?;
    file.read_exact(bytes)
}
