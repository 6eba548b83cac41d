//! Writing the files of the staging folder.

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::sync::mpsc;
use std::thread;

use super::memory::Stamp;
use super::readers::{Opening, make_folders};
use super::tree::Checksum;
use crate::render::content::{Gauge, Made};

/// How many parts of a file may have been written and not yet been hashed.
const PARTS_BEHIND: usize = 2;

/// From how many bytes on a file is put on the disk before everything else is there.
const LARGE: u64 = 8 << 20;

/// A file of the staging folder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) checksum: Checksum,
    /// The file when everything was in it, where the system tells enough.
    pub(super) stamp: Option<Stamp>,
}

/// Writes a file that is not there yet.
pub(super) fn write_new(file: &Path, bytes: &[u8], opening: Opening) -> io::Result<Written> {
    let mut out = create_new(file)?;
    out.write_all(bytes)?;
    Ok(Written::of(&out, Checksum::of(bytes), opening))
}

/// Writes a file piece by piece; what comes in pieces is no page and has no links.
pub(super) fn write_parts(
    file: &Path,
    parts: &mut dyn Iterator<Item = io::Result<Vec<u8>>>,
    opening: Opening,
) -> io::Result<(Made, Written)> {
    let (mut out, mut checksum) = (create_new(file)?, Checksum::default());
    let made = thread::scope(|scope| {
        let (hand_over, parts_written) = mpsc::sync_channel::<Vec<u8>>(PARTS_BEHIND);
        // Hashing takes as long as making and writing.
        let hashing = scope.spawn(move || {
            let mut gauge = Gauge::default();
            for part in parts_written {
                gauge.add(&part);
            }
            gauge.finish()
        });
        for part in parts {
            let part = part?;
            checksum.add(&part);
            out.write_all(&part)?;
            // It takes parts until there are no more.
            let _ = hand_over.send(part);
        }
        drop(hand_over);
        hashing.join().map_err(|_| io::Error::other("hashing ended early"))
    })?;
    let written = Written::of(&out, checksum, opening);
    if made.bytes >= LARGE {
        // The sooner the system begins to put it on the disk, the less is left to wait for before
        // the exchange, which is what tells whether everything is there.
        thread::spawn(move || drop(out.sync_data()));
    }
    Ok((made, written))
}

/// Makes a file, with the folders above it.
fn create_new(file: &Path) -> io::Result<fs::File> {
    match fs::File::create_new(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            file.parent().map_or(Ok(()), make_folders)?;
            fs::File::create_new(file)
        }
        other => other,
    }
}

impl Written {
    /// A file that everything is in, opened to whoever may read it.
    fn of(file: &fs::File, checksum: Checksum, opening: Opening) -> Self {
        opening.open_file(file);
        Self { checksum, stamp: file.metadata().ok().as_ref().and_then(Stamp::of_meta) }
    }
}
