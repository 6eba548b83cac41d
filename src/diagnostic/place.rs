//! Places in source files: which file, which bytes, which line and column.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, OnceLock};

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
#[derive(Clone, Copy, Debug)]
pub struct SourceFile<'m> {
    /// The path relative to the site, with `/`; `内置:…` for a file from the binary.
    pub path: &'m str,
    /// The whole text; empty when the file could not be read, or is known by its path only.
    pub text: &'m Arc<str>,
    line_starts: &'m OnceLock<Vec<u32>>,
}

/// A line and a column, both counted from one; columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line.
    pub line: u32,
    /// The column, in characters.
    pub column: u32,
}

impl SourceFile<'_> {
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

/// A text that was read.
#[derive(Clone, Debug, Default)]
struct Text {
    text: Arc<str>,
    /// Where its lines begin, once somebody asks: of most files nobody does.
    line_starts: OnceLock<Vec<u32>>,
}

/// The text of a file that is known by its path only.
static NO_TEXT: LazyLock<Text> = LazyLock::new(Text::default);

impl Text {
    fn new(text: Arc<str>) -> Self {
        Self { text, line_starts: OnceLock::new() }
    }
}

/// All files that were read, in the order they were read.
#[derive(Clone, Debug, Default)]
pub struct SourceMap {
    /// Shared, so that a part of a site has its sources without copying them.
    files: Arc<Files>,
    /// The texts that were read for a part of the site only.
    read: BTreeMap<FileId, Arc<Text>>,
}

/// Files by their numbers. A large site has very many whose texts are not kept.
#[derive(Clone, Debug, Default)]
struct Files {
    /// The paths, one behind the other.
    paths: String,
    /// Where each of them ends.
    ends: Vec<usize>,
    texts: BTreeMap<FileId, Text>,
}

impl Files {
    fn path(&self, id: FileId) -> &str {
        let at = id.0 as usize;
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.paths[start..self.ends[at]]
    }

    fn keep(&mut self, id: FileId, text: Arc<str>) {
        if text.is_empty() {
            self.texts.remove(&id);
        } else {
            self.texts.insert(id, Text::new(text));
        }
    }
}

impl SourceMap {
    /// Adds a file and returns its id.
    #[expect(clippy::needless_pass_by_value, reason = "whoever adds a file has made its path")]
    pub fn add(&mut self, path: String, text: impl Into<Arc<str>>) -> FileId {
        let files = Arc::make_mut(&mut self.files);
        let id = FileId(u32::try_from(files.ends.len()).unwrap_or(u32::MAX));
        files.paths.push_str(&path);
        files.ends.push(files.paths.len());
        files.keep(id, text.into());
        id
    }

    /// Gives a file another text, as it is now; places in the old text mean nothing any more.
    pub fn replace(&mut self, id: FileId, text: impl Into<Arc<str>>) {
        self.read.remove(&id);
        Arc::make_mut(&mut self.files).keep(id, text.into());
    }

    /// The text of a file that so far was known by its path, in this map and its copies.
    pub fn read(&mut self, id: FileId, text: impl Into<Arc<str>>) {
        self.read.insert(id, Arc::new(Text::new(text.into())));
    }

    /// The file with this id.
    pub fn file(&self, id: FileId) -> SourceFile<'_> {
        let kept = self.read.get(&id).map(|text| &**text).or_else(|| self.files.texts.get(&id));
        let Text { text, line_starts } = kept.unwrap_or(&NO_TEXT);
        SourceFile { path: self.files.path(id), text, line_starts }
    }

    /// The line and column where a place begins.
    pub fn position(&self, place: Place) -> Position {
        self.file(place.file).position(place.start)
    }

    /// All files with their ids, in order.
    pub fn files(&self) -> impl Iterator<Item = (FileId, SourceFile<'_>)> {
        (0..self.files.ends.len()).map(|index| {
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
        let mut sources = SourceMap::default();
        let file = sources.add("a.toml".into(), "一 = 1\n二三 = x\n");
        let file = sources.file(file);
        let at = u32::try_from("一 = 1\n二三 = ".len()).unwrap();
        assert_eq!(file.position(at), Position { line: 2, column: 6 });
        assert_eq!(file.position(0), Position { line: 1, column: 1 });
    }

    #[test]
    fn a_text_that_a_part_read_is_its_own_and_the_paths_are_those_of_all() {
        let mut whole = SourceMap::default();
        let [known, other] = ["units/a.toml", "units/一.toml"].map(|path| whole.add(path.to_owned(), ""));
        let mut part = whole.clone();
        part.read(other, "x = 1\n");
        let told = |sources: &SourceMap| -> Vec<(String, String)> {
            sources.files().map(|(_, file)| (file.path.to_owned(), file.text.to_string())).collect()
        };
        let paths = |text: &str| vec![("units/a.toml".into(), String::new()), ("units/一.toml".into(), text.into())];
        assert_eq!([told(&whole), told(&part)], [paths(""), paths("x = 1\n")]);
        part.replace(other, "y");
        part.replace(known, "z");
        part.replace(known, "");
        assert_eq!([told(&whole), told(&part)], [paths(""), paths("y")]);
    }
}
