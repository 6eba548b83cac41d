//! The files of one disclosure, made together and once.
//!
//! Pages show the size of each file, the data package and the checksums list its hash, so all
//! are made when the first of them is asked for. What was made is kept until the file itself is
//! asked for, which in a build is soon: their paths are neighbours. A file that is asked for
//! again is made again.

use std::sync::{Mutex, OnceLock, PoisonError};

use crate::render::content::Made;

/// What makes a file, given those before it.
type Make<'a> = Box<dyn Fn(&[Made]) -> Vec<u8> + Send + Sync + 'a>;

/// Files that are made together.
#[derive(Default)]
pub struct Bundle<'a> {
    files: Vec<File<'a>>,
    made: OnceLock<Vec<Made>>,
}

struct File<'a> {
    make: Make<'a>,
    /// Whether the site holds the bytes anyway, so that keeping a copy gains nothing.
    is_held: bool,
    kept: Mutex<Option<Vec<u8>>>,
}

impl<'a> Bundle<'a> {
    /// Adds a file and gives its number; it may use what is known of the files before it.
    pub fn add(&mut self, make: impl Fn(&[Made]) -> Vec<u8> + Send + Sync + 'a) -> usize {
        self.push(Box::new(make), false)
    }

    /// Adds a file whose bytes the site holds.
    pub fn add_held(&mut self, bytes: &'a [u8]) -> usize {
        self.push(Box::new(|_| bytes.to_vec()), true)
    }

    fn push(&mut self, make: Make<'a>, is_held: bool) -> usize {
        self.files.push(File { make, is_held, kept: Mutex::new(None) });
        self.files.len() - 1
    }

    /// The size and hash of every file.
    pub fn made(&self) -> &[Made] {
        self.made.get_or_init(|| {
            let mut made = Vec::with_capacity(self.files.len());
            for file in &self.files {
                let bytes = (file.make)(&made);
                made.push(Made::of(&bytes));
                if !file.is_held {
                    *file.kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(bytes);
                }
            }
            made
        })
    }

    /// The bytes of a file.
    pub fn bytes(&self, number: usize) -> Vec<u8> {
        let (made, file) = (self.made(), &self.files[number]);
        let kept = file.kept.lock().unwrap_or_else(PoisonError::into_inner).take();
        kept.unwrap_or_else(|| (file.make)(&made[..number]))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn every_file_is_made_once_and_again_only_when_asked_for_again() {
        let calls = AtomicUsize::new(0);
        let mut bundle = Bundle::default();
        let first = bundle.add(|_| {
            calls.fetch_add(1, Ordering::Relaxed);
            b"abc".to_vec()
        });
        let second = bundle.add(|made| made[0].bytes.to_string().into_bytes());
        assert_eq!(bundle.bytes(second), b"3");
        assert_eq!((bundle.bytes(first), calls.load(Ordering::Relaxed)), (b"abc".to_vec(), 1));
        assert_eq!((bundle.bytes(first), calls.load(Ordering::Relaxed)), (b"abc".to_vec(), 2));
        assert_eq!(bundle.made()[first], Made::of(b"abc"));
    }
}
