//! A ZIP archive in memory, the container of a workbook: deflated, without times or machines,
//! so that equal files give equal bytes.

use std::cell::RefCell;

use crc32fast::Hasher as Crc;
use flate2::{Compress, Compression, FlushCompress, Status};

/// 1 January 1980, the first day that ZIP knows: every file carries it.
const DATE: u16 = (1 << 5) | 1;

/// The version of the format that readers need: deflate.
const VERSION: u16 = 20;

/// File names are UTF-8.
const FLAGS: u16 = 1 << 11;

const DEFLATED: u16 = 8;

/// The length of what the directory repeats of a file's head.
const ENTRY: usize = 26;

/// How hard to compress. Level 1 gives workbooks a third larger than the usual 6 in a sixth of
/// the time, which is most of what a workbook takes.
const LEVEL: u32 = 1;

/// An archive while files are added.
pub struct Archive {
    out: Vec<u8>,
    directory: Vec<u8>,
    files: u16,
}

thread_local! {
    /// What compresses, kept from archive to archive: it holds some hundred kilobytes, and every
    /// file begins anew.
    static COMPRESS: RefCell<Compress> = RefCell::new(Compress::new(Compression::new(LEVEL), false));
}

impl Archive {
    /// An archive without files, with room for so many bytes.
    pub fn new(room: usize) -> Self {
        Self { out: Vec::with_capacity(room), directory: Vec::with_capacity(4 * 1024), files: 0 }
    }

    /// Adds a file, given in pieces. A workbook's files are far below the four gigabytes that ZIP
    /// ends at.
    pub fn add(&mut self, name: &str, pieces: &[&str]) {
        let offset = self.out.len();
        self.out.extend(b"PK\x03\x04");
        let entry = self.out.len();
        self.out.extend([0; ENTRY]);
        self.out.extend(name.as_bytes());
        let start = self.out.len();
        let (crc, length) = COMPRESS.with_borrow_mut(|compress| pack(compress, pieces, &mut self.out));
        let packed = self.out.len() - start;

        let mut about = Vec::with_capacity(ENTRY);
        for short in [VERSION, FLAGS, DEFLATED, 0, DATE] {
            about.extend(short.to_le_bytes());
        }
        for long in [crc, size(packed), size(length)] {
            about.extend(long.to_le_bytes());
        }
        about.extend(u16::try_from(name.len()).unwrap_or(u16::MAX).to_le_bytes());
        about.extend(0_u16.to_le_bytes());
        self.out[entry..entry + ENTRY].copy_from_slice(&about);

        self.directory.extend(b"PK\x01\x02");
        self.directory.extend(VERSION.to_le_bytes());
        self.directory.extend(&about);
        // No comment, the first disk, no attributes of any system.
        self.directory.extend([0; 10]);
        self.directory.extend(size(offset).to_le_bytes());
        self.directory.extend(name.as_bytes());
        self.files += 1;
    }

    /// The whole archive.
    pub fn finish(mut self) -> Vec<u8> {
        let offset = size(self.out.len());
        self.out.extend(&self.directory);
        self.out.extend(b"PK\x05\x06\0\0\0\0");
        self.out.extend(self.files.to_le_bytes());
        self.out.extend(self.files.to_le_bytes());
        self.out.extend(size(self.directory.len()).to_le_bytes());
        self.out.extend(offset.to_le_bytes());
        self.out.extend([0; 2]);
        self.out
    }
}

/// Appends the pieces of a file, deflated; gives the checksum and the length of what they were.
fn pack(compress: &mut Compress, pieces: &[&str], out: &mut Vec<u8>) -> (u32, usize) {
    compress.reset();
    let mut crc = Crc::new();
    let length = pieces.iter().map(|piece| piece.len()).sum();
    out.reserve(length / 4 + 256);
    for (at, piece) in pieces.iter().enumerate() {
        crc.update(piece.as_bytes());
        let flush = if at + 1 == pieces.len() { FlushCompress::Finish } else { FlushCompress::None };
        push_packed(compress, piece.as_bytes(), flush, out);
    }
    (crc.finalize(), length)
}

fn push_packed(compress: &mut Compress, piece: &[u8], flush: FlushCompress, out: &mut Vec<u8>) {
    let before = compress.total_in();
    loop {
        let taken = usize::try_from(compress.total_in() - before).unwrap_or(usize::MAX);
        let is_last = matches!(flush, FlushCompress::Finish);
        if taken == piece.len() && !is_last {
            return;
        }
        // The only error is a stream that has ended, and this one has just begun.
        let status = compress.compress_vec(&piece[taken..], out, flush);
        if !matches!(status, Ok(Status::Ok | Status::BufError)) {
            return;
        }
        out.reserve(out.capacity() / 4 + 256);
    }
}

fn size(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

#[cfg(test)]
pub(crate) mod tests {
    use std::collections::BTreeMap;
    use std::io::Read as _;

    use super::*;

    /// The files of an archive, each unpacked and compared with its checksum.
    pub(crate) fn files(archive: &[u8]) -> BTreeMap<String, String> {
        let short = |at: usize| usize::from(u16::from_le_bytes(archive[at..at + 2].try_into().unwrap()));
        let long = |at: usize| u32::from_le_bytes(archive[at..at + 4].try_into().unwrap());
        let (mut at, mut files) = (0, BTreeMap::new());
        while archive[at..].starts_with(b"PK\x03\x04") {
            let (packed, length, name) = (long(at + 18) as usize, long(at + 22) as usize, short(at + 26));
            let start = at + 30 + name;
            let mut bytes = Vec::new();
            flate2::read::DeflateDecoder::new(&archive[start..start + packed]).read_to_end(&mut bytes).unwrap();
            let mut crc = Crc::new();
            crc.update(&bytes);
            assert_eq!((bytes.len(), crc.finalize()), (length, long(at + 14)));
            let name = String::from_utf8(archive[at + 30..start].to_vec()).unwrap();
            files.insert(name, String::from_utf8(bytes).unwrap());
            at = start + packed;
        }
        assert!(archive[at..].starts_with(b"PK\x01\x02"));
        files
    }

    #[test]
    fn what_was_packed_is_unpacked_however_large_or_small() {
        let noise: String =
            (0..90_000_u32).map(|n| char::from(b'a' + (n.wrapping_mul(2_654_435_761) >> 27) as u8)).collect();
        let given = [("a.xml", "<a/>"), ("单位.xml", ""), ("b/c.xml", noise.as_str())];
        let mut archive = Archive::new(0);
        for (name, text) in given {
            archive.add(name, &[text]);
        }
        let found = files(&archive.finish());
        assert_eq!(found, given.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect());
    }
}
