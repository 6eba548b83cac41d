//! Places in source files: which file, which bytes, which line and column.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// A file that was read, by its index in the [`SourceMap`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A stretch of bytes in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The file.
    pub file: FileId,
    /// The first byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Place {
    /// The place of a byte range, cut to what a `u32` holds (files above 4 GiB are refused).
    pub fn new(file: FileId, range: std::ops::Range<usize>) -> Self {
        let cut = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self { file, start: cut(range.start), end: cut(range.end) }
    }

    /// The very beginning of a file.
    pub const fn start_of(file: FileId) -> Self {
        Self { file, start: 0, end: 0 }
    }
}

/// A value together with the place it was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed<T> {
    /// What was read.
    pub value: T,
    /// Where it stands.
    pub place: Place,
}

impl<T> Placed<T> {
    /// A value read at a place.
    pub const fn new(value: T, place: Place) -> Self {
        Self { value, place }
    }

    /// The same place with another value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Placed<U> {
        Placed { value: f(self.value), place: self.place }
    }
}

/// A source file: its path as shown to people and its text.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// The path relative to the site, with `/`; `内置:…` for a file from the binary.
    pub path: String,
    /// The whole text; empty when the file could not be read.
    pub text: Arc<str>,
    /// Where its lines begin, once somebody asks: of most files nobody does.
    line_starts: OnceLock<Vec<u32>>,
}

/// A line and a column, both counted from one; columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line.
    pub line: u32,
    /// The column, in characters.
    pub column: u32,
}

impl SourceFile {
    /// A file of a text.
    pub fn new(path: String, text: Arc<str>) -> Self {
        Self { path, text, line_starts: OnceLock::new() }
    }

    fn line_starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| {
            let breaks = memchr::memchr_iter(b'\n', self.text.as_bytes());
            std::iter::once(0).chain(breaks.map(|at| u32::try_from(at + 1).unwrap_or(u32::MAX))).collect()
        })
    }

    /// The line that holds a byte, counted from one, and its bytes with the break that ends it.
    pub(super) fn line(&self, byte: usize) -> (usize, std::ops::Range<usize>) {
        let starts = self.line_starts();
        let line = starts.partition_point(|start| *start as usize <= byte).max(1);
        let end = starts.get(line).map_or(self.text.len(), |next| *next as usize);
        (line, starts[line - 1] as usize..end)
    }

    /// The line and column of a byte.
    pub fn position(&self, byte: u32) -> Position {
        let starts = self.line_starts();
        let line = starts.partition_point(|start| *start <= byte).max(1);
        let start = starts[line - 1] as usize;
        let end = (byte as usize).min(self.text.len());
        let column = self.text.get(start..end).map_or(0, |before| before.chars().count());
        Position {
            line: u32::try_from(line).unwrap_or(u32::MAX),
            column: u32::try_from(column + 1).unwrap_or(u32::MAX),
        }
    }
}

/// All files that were read, in the order they were read.
#[derive(Clone, Debug, Default)]
pub struct SourceMap {
    /// Shared, so that a part of a site has its sources without copying them.
    files: Arc<Vec<Arc<SourceFile>>>,
    /// Those that were read for a part of the site only: elsewhere they are known by their path.
    read: BTreeMap<FileId, Arc<SourceFile>>,
}

impl SourceMap {
    /// Adds a file and returns its id.
    pub fn add(&mut self, path: String, text: impl Into<Arc<str>>) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        Arc::make_mut(&mut self.files).push(Arc::new(SourceFile::new(path, text.into())));
        id
    }

    /// Gives a file another text, as it is now; places in the old text mean nothing any more.
    pub fn replace(&mut self, id: FileId, text: impl Into<Arc<str>>) {
        self.read.remove(&id);
        let file = &mut Arc::make_mut(&mut self.files)[id.0 as usize];
        *file = Arc::new(SourceFile::new(file.path.clone(), text.into()));
    }

    /// The text of a file that so far was known by its path, in this map and its copies.
    pub fn read(&mut self, id: FileId, text: impl Into<Arc<str>>) {
        let path = self.file(id).path.clone();
        self.read.insert(id, Arc::new(SourceFile::new(path, text.into())));
    }

    /// The file with this id.
    pub fn file(&self, id: FileId) -> &SourceFile {
        self.read.get(&id).unwrap_or_else(|| &self.files[id.0 as usize])
    }

    /// The line and column where a place begins.
    pub fn position(&self, place: Place) -> Position {
        self.file(place.file).position(place.start)
    }

    /// All files with their ids, in order.
    pub fn files(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        (0..self.files.len()).map(|index| {
            let id = FileId(u32::try_from(index).unwrap_or(u32::MAX));
            (id, self.file(id))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_lines_count_from_one() {
        let file = SourceFile::new("a.toml".into(), "一 = 1\n二三 = x\n".into());
        let at = u32::try_from("一 = 1\n二三 = ".len()).unwrap();
        assert_eq!(file.position(at), Position { line: 2, column: 6 });
        assert_eq!(file.position(0), Position { line: 1, column: 1 });
    }
}
