//! What a file holds: bytes made at once, or piece by piece where they are too many to keep;
//! and the size and hash that stand beside it.

use std::fmt;

use sha2::{Digest as _, Sha256};

/// The bytes of a file.
pub enum Content<'a> {
    /// All of them.
    Whole(Vec<u8>),
    /// One piece after the other; only one need be in memory at a time.
    Parts(Box<dyn Iterator<Item = Vec<u8>> + 'a>),
    /// How other files of the site begin, all of them alike, then what follows in each: what they
    /// are made from is not at hand, but they have been written.
    Joined {
        /// How each begins.
        head: Vec<u8>,
        /// Their paths.
        files: Vec<String>,
    },
}

impl Content<'_> {
    /// All the bytes in one piece; of what is joined, those at hand.
    pub fn into_bytes(self) -> Vec<u8> {
        match self {
            Self::Whole(bytes) => bytes,
            Self::Parts(parts) => parts.flatten().collect(),
            Self::Joined { head, .. } => head,
        }
    }

    /// The size and hash; the pieces are dropped one after the other.
    pub fn measure(self) -> Made {
        let mut gauge = Gauge::default();
        match self {
            Self::Whole(bytes) => gauge.add(&bytes),
            Self::Parts(parts) => parts.for_each(|part| gauge.add(&part)),
            Self::Joined { head, .. } => gauge.add(&head),
        }
        gauge.finish()
    }
}

impl fmt::Debug for Content<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole(bytes) => write!(f, "Whole({} bytes)", bytes.len()),
            Self::Parts(_) => f.write_str("Parts"),
            Self::Joined { files, .. } => write!(f, "Joined({} files)", files.len()),
        }
    }
}

/// A file that was made: how large it is, and its hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// Its size in bytes.
    pub bytes: u64,
    /// Its SHA-256.
    pub sha256: Hash,
}

/// A SHA-256, shown in lower-case hexadecimal.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// The SHA-256 of some bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The hash that 64 hexadecimal digits say, large or small; `None` of anything else.
    pub fn parse(hex: &str) -> Option<Self> {
        let (pairs, rest) = hex.as_bytes().as_chunks::<2>();
        let mut hash = [0; 32];
        if pairs.len() != hash.len() || !rest.is_empty() {
            return None;
        }
        for (byte, [high, low]) in hash.iter_mut().zip(pairs) {
            *byte = digit(*high)? << 4 | digit(*low)?;
        }
        Some(Self(hash))
    }
}

/// The value of a hexadecimal digit.
const fn digit(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digit = |value: u8| b"0123456789abcdef"[usize::from(value)];
        let mut hex = [0; 64];
        for (pair, byte) in hex.as_chunks_mut().0.iter_mut().zip(self.0) {
            *pair = [digit(byte >> 4), digit(byte & 15)];
        }
        f.write_str(std::str::from_utf8(&hex).unwrap_or_default())
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl PartialEq<&str> for Hash {
    fn eq(&self, hex: &&str) -> bool {
        Self::parse(hex) == Some(*self)
    }
}

impl Made {
    /// The size and hash of some bytes.
    pub fn of(bytes: &[u8]) -> Self {
        let mut gauge = Gauge::default();
        gauge.add(bytes);
        gauge.finish()
    }
}

/// Sizes and hashes what is added piece by piece.
#[derive(Clone, Debug, Default)]
pub struct Gauge {
    hasher: Sha256,
    bytes: u64,
}

impl Gauge {
    /// Adds a piece.
    pub fn add(&mut self, piece: &[u8]) {
        self.hasher.update(piece);
        self.bytes += piece.len() as u64;
    }

    /// The size and hash of everything added.
    pub fn finish(self) -> Made {
        Made { bytes: self.bytes, sha256: Hash(self.hasher.finalize().into()) }
    }
}

/// A size as readers take it in: `812 字节`, `6.4 KB`, `1.2 MB`; rounded half up, in thousands.
pub fn size_text(bytes: u64) -> String {
    let tenths = |unit: u64| (bytes * 10 + unit / 2) / unit;
    let shown = |tenths: u64, unit: &str| format!("{}.{} {unit}", tenths / 10, tenths % 10);
    match bytes {
        0..1_000 => format!("{bytes} 字节"),
        1_000..999_950 => shown(tenths(1_000), "KB"),
        999_950..999_950_000 => shown(tenths(1_000_000), "MB"),
        _ => shown(tenths(1_000_000_000), "GB"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_and_the_whole_have_one_size_and_hash() {
        let parts = Content::Parts(Box::new([b"ab".to_vec(), Vec::new(), b"c".to_vec()].into_iter()));
        let made = parts.measure();
        assert_eq!(made, Content::Whole(b"abc".to_vec()).measure());
        assert_eq!(made.bytes, 3);
        assert_eq!(made.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn a_hash_is_read_as_it_is_shown_and_nothing_else_is_one() {
        let hash = Hash::of(b"abc");
        let shown = hash.to_string();
        assert_eq!(shown, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!([Hash::parse(&shown), Hash::parse(&shown.to_uppercase())], [Some(hash); 2]);
        for other in [&shown[1..], &format!("{shown}0"), &shown.replace('b', "g"), ""] {
            assert_eq!(Hash::parse(other), None, "{other}");
        }
    }

    #[test]
    fn sizes_are_rounded_to_what_a_reader_needs() {
        let shown = [0, 999, 1_000, 6_449, 999_949, 999_950, 225_000_000, 999_950_000].map(size_text);
        assert_eq!(shown, ["0 字节", "999 字节", "1.0 KB", "6.4 KB", "999.9 KB", "1.0 MB", "225.0 MB", "1.0 GB"]);
    }
}
