//! Values as the program keeps them for itself from one run to the next: compact, and read by the
//! same program only, which seals what it writes. Nothing else reads or writes this form.

mod disclosure;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::form::FormSet;
use crate::diagnostic::{Acceptance, Code, FileId, Finding, Place, Placed, Related, Severity, VERDICTS, codes};

/// A value that can be kept.
pub(crate) trait Stored: Sized {
    /// Writes it behind what is there.
    fn put(&self, out: &mut Vec<u8>);

    /// Reads it; `None` where the bytes are no such value, or name what is not there any more.
    fn take(from: &mut Reader<'_>) -> Option<Self>;
}

/// What kept values name: it may have moved since.
#[derive(Debug, Default)]
pub(crate) struct Known {
    /// The present number of each file, by the number it had; `None` where it is gone. Without the
    /// list all have the numbers that they had.
    pub(crate) files: Option<Vec<Option<FileId>>>,
    /// The form sets by their ids.
    pub(crate) sets: BTreeMap<String, Arc<FormSet>>,
}

/// Reads kept values one after the other.
#[derive(Debug)]
pub(crate) struct Reader<'b> {
    rest: &'b [u8],
    known: &'b Known,
}

impl<'b> Reader<'b> {
    pub(crate) const fn new(bytes: &'b [u8], known: &'b Known) -> Self {
        Self { rest: bytes, known }
    }

    /// Whether everything was read.
    pub(crate) const fn is_done(&self) -> bool {
        self.left() == 0
    }

    /// How many bytes were not read yet.
    pub(crate) const fn left(&self) -> usize {
        self.rest.len()
    }

    /// So many bytes as they are.
    pub(crate) fn bytes(&mut self, length: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(taken)
    }
}

/// Keeps a struct field by field.
macro_rules! stored {
    ($type:ty { $($field:ident),* $(,)? }) => {
        impl $crate::model::stored::Stored for $type {
            fn put(&self, out: &mut Vec<u8>) {
                let Self { $($field),* } = self;
                $($crate::model::stored::Stored::put($field, out);)*
            }

            fn take(from: &mut $crate::model::stored::Reader<'_>) -> Option<Self> {
                Some(Self { $($field: $crate::model::stored::Stored::take(from)?),* })
            }
        }
    };
    // A type of few values, by their places in a list.
    ($type:ty as one of [$($value:expr),* $(,)?]) => {
        impl $crate::model::stored::Stored for $type {
            fn put(&self, out: &mut Vec<u8>) {
                let at = [$($value),*].iter().position(|value| value == self);
                out.push(at.and_then(|at| u8::try_from(at).ok()).unwrap_or(u8::MAX));
            }

            fn take(from: &mut $crate::model::stored::Reader<'_>) -> Option<Self> {
                let at = usize::from(*from.bytes(1)?.first()?);
                [$($value),*].get(at).copied()
            }
        }
    };
}
pub(crate) use stored;

// Numbers: seven bits a byte, the lowest first; negative ones folded between the others.

impl Stored for u64 {
    fn put(&self, out: &mut Vec<u8>) {
        let mut rest = *self;
        loop {
            let low = u8::try_from(rest & 0x7F).unwrap_or_default();
            rest >>= 7;
            if rest == 0 {
                return out.push(low);
            }
            out.push(low | 0x80);
        }
    }

    fn take(from: &mut Reader<'_>) -> Option<Self> {
        let mut number = 0;
        for shift in (0..Self::BITS).step_by(7) {
            let byte = *from.bytes(1)?.first()?;
            number |= Self::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }
}

impl Stored for i64 {
    fn put(&self, out: &mut Vec<u8>) {
        ((self << 1) ^ (self >> 63)).cast_unsigned().put(out);
    }

    fn take(from: &mut Reader<'_>) -> Option<Self> {
        let folded = u64::take(from)?;
        Some((folded >> 1).cast_signed() ^ -(folded & 1).cast_signed())
    }
}

impl Stored for i128 {
    fn put(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.to_le_bytes());
    }

    fn take(from: &mut Reader<'_>) -> Option<Self> {
        Some(Self::from_le_bytes(from.bytes(size_of::<Self>())?.try_into().ok()?))
    }
}

/// Keeps smaller numbers as larger ones.
macro_rules! stored_number {
    ($($small:ty as $large:ty),*) => {$(
        impl Stored for $small {
            fn put(&self, out: &mut Vec<u8>) {
                <$large>::try_from(*self).unwrap_or_default().put(out);
            }

            fn take(from: &mut Reader<'_>) -> Option<Self> {
                Self::try_from(<$large>::take(from)?).ok()
            }
        }
    )*};
}
stored_number!(u8 as u64, u16 as u64, u32 as u64, usize as u64, i32 as i64);

stored!(bool as one of [false, true]);

impl Stored for [u8; 32] {
    fn put(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self);
    }

    fn take(from: &mut Reader<'_>) -> Option<Self> {
        from.bytes(32)?.try_into().ok()
    }
}

/// Writes a text with its length.
fn put_text(text: &str, out: &mut Vec<u8>) {
    text.len().put(out);
    out.extend_from_slice(text.as_bytes());
}

impl Stored for String {
    fn put(&self, out: &mut Vec<u8>) {
        put_text(self, out);
    }

    fn take(from: &mut Reader<'_>) -> Option<Self> {
        Some(Box::<str>::take(from)?.into())
    }
}

impl Stored for Box<str> {
    fn put(&self, out: &mut Vec<u8>) {
        put_text(self, out);
    }

    fn take(from: &mut Reader<'_>) -> Option<Self> {
        let length = usize::take(from)?;
        std::str::from_utf8(from.bytes(length)?).ok().map(Self::from)
    }
}

impl<T: Stored> Stored for Option<T> {
    fn put(&self, out: &mut Vec<u8>) {
        self.is_some().put(out);
        if let Some(value) = self {
            value.put(out);
        }
    }

    fn take(from: &mut Reader<'_>) -> Option<Self> {
        if bool::take(from)? { T::take(from).map(Some) } else { Some(None) }
    }
}

impl<T: Stored> Stored for Vec<T> {
    fn put(&self, out: &mut Vec<u8>) {
        self.len().put(out);
        for value in self {
            value.put(out);
        }
    }

    fn take(from: &mut Reader<'_>) -> Option<Self> {
        let length = usize::take(from)?;
        (0..length).map(|_| T::take(from)).collect()
    }
}

impl<T: Stored> Stored for Box<[T]> {
    fn put(&self, out: &mut Vec<u8>) {
        self.len().put(out);
        for value in self {
            value.put(out);
        }
    }

    fn take(from: &mut Reader<'_>) -> Option<Self> {
        Vec::take(from).map(Vec::into_boxed_slice)
    }
}

impl<T: Stored> Stored for Arc<Vec<T>> {
    fn put(&self, out: &mut Vec<u8>) {
        (**self).put(out);
    }

    fn take(from: &mut Reader<'_>) -> Option<Self> {
        Vec::take(from).map(Self::new)
    }
}

impl<T: Stored + Ord> Stored for BTreeSet<T> {
    fn put(&self, out: &mut Vec<u8>) {
        self.len().put(out);
        for value in self {
            value.put(out);
        }
    }

    fn take(from: &mut Reader<'_>) -> Option<Self> {
        Vec::take(from).map(Self::from_iter)
    }
}

impl<K: Stored + Ord, V: Stored> Stored for BTreeMap<K, V> {
    fn put(&self, out: &mut Vec<u8>) {
        self.len().put(out);
        for (key, value) in self {
            key.put(out);
            value.put(out);
        }
    }

    fn take(from: &mut Reader<'_>) -> Option<Self> {
        Vec::take(from).map(Self::from_iter)
    }
}

impl<A: Stored, B: Stored> Stored for (A, B) {
    fn put(&self, out: &mut Vec<u8>) {
        self.0.put(out);
        self.1.put(out);
    }

    fn take(from: &mut Reader<'_>) -> Option<Self> {
        Some((A::take(from)?, B::take(from)?))
    }
}

// Findings and their places.

impl Stored for FileId {
    fn put(&self, out: &mut Vec<u8>) {
        self.0.put(out);
    }

    fn take(from: &mut Reader<'_>) -> Option<Self> {
        let number = u32::take(from)?;
        match &from.known.files {
            Some(files) => *files.get(usize::try_from(number).ok()?)?,
            None => Some(Self(number)),
        }
    }
}

impl Stored for Place {
    fn put(&self, out: &mut Vec<u8>) {
        self.file.put(out);
        self.start.put(out);
        self.end.wrapping_sub(self.start).put(out);
    }

    fn take(from: &mut Reader<'_>) -> Option<Self> {
        let (file, start) = (FileId::take(from)?, u32::take(from)?);
        Some(Self { file, start, end: start.wrapping_add(u32::take(from)?) })
    }
}

impl<T: Stored> Stored for Placed<T> {
    fn put(&self, out: &mut Vec<u8>) {
        self.value.put(out);
        self.place.put(out);
    }

    fn take(from: &mut Reader<'_>) -> Option<Self> {
        Some(Self::new(T::take(from)?, Place::take(from)?))
    }
}

stored!(Severity as one of [Severity::Error, Severity::Warning, Severity::Note]);
stored!(Related { label, cell, place });
stored!(Acceptance { level, reason, person, date, expires });
stored!(Finding {
    code,
    severity,
    message,
    place,
    unit,
    year,
    cell,
    expected,
    actual,
    difference,
    verdict,
    relation,
    related,
    help,
    accepted,
    draft,
});

impl Stored for &'static Code {
    fn put(&self, out: &mut Vec<u8>) {
        put_text(self.id, out);
    }

    fn take(from: &mut Reader<'_>) -> Option<Self> {
        let id = Box::<str>::take(from)?;
        codes().find(|code| code.id == &*id)
    }
}

/// The key of a verdict.
impl Stored for &'static str {
    fn put(&self, out: &mut Vec<u8>) {
        VERDICTS.iter().position(|(key, ..)| key == self).unwrap_or(VERDICTS.len()).put(out);
    }

    fn take(from: &mut Reader<'_>) -> Option<Self> {
        VERDICTS.get(usize::take(from)?).map(|(key, ..)| *key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::amount::{Amount, Scale};
    use crate::model::date::Date;
    use crate::model::table::Figure;

    /// A value read back, and everything read.
    fn back<T: Stored>(value: &T) -> Option<T> {
        let (known, mut bytes) = (Known::default(), Vec::new());
        value.put(&mut bytes);
        let mut reader = Reader::new(&bytes, &known);
        let read = T::take(&mut reader)?;
        reader.is_done().then_some(read)
    }

    #[test]
    fn numbers_of_any_size_and_sign_come_back() {
        for number in [0, 1, 127, 128, 16_383, 16_384, u64::MAX - 1, u64::MAX] {
            assert_eq!(back(&number), Some(number));
        }
        for number in [0, -1, 1, -64, 64, i64::MIN, i64::MAX] {
            assert_eq!(back(&number), Some(number));
        }
        assert_eq!(back(&u16::MAX), Some(u16::MAX));
    }

    #[test]
    fn texts_lists_and_figures_come_back() {
        let texts = vec![Some("事业运行".to_owned()), None, Some(String::new())];
        assert_eq!(back(&texts), Some(texts));
        let amount = Amount::parse("-373.97", Scale::TenThousand).unwrap();
        let figures = [Figure::Blank, Figure::Unknown, Figure::NotRead, Figure::Amount(amount), Figure::Count(-3)];
        for figure in figures {
            assert_eq!(back(&figure), Some(figure));
        }
        let date = Date::parse("2024-02-29").unwrap();
        assert_eq!(back(&date), Some(date));
    }

    #[test]
    fn findings_come_back_with_their_files_by_the_numbers_of_today() {
        let finding = Finding::new("C101", "不等").at(Place::new(FileId(1), 3..5)).about("甲", 2023);
        let mut bytes = Vec::new();
        finding.put(&mut bytes);
        let files = |files: [Option<u32>; 2]| Known {
            files: Some(files.map(|file| file.map(FileId)).into()),
            ..Known::default()
        };
        let moved = files([Some(0), Some(7)]);
        let read = Finding::take(&mut Reader::new(&bytes, &moved)).unwrap();
        assert_eq!(read.place, Some(Place::new(FileId(7), 3..5)));
        assert_eq!(format!("{:?}", Finding { place: finding.place, ..read }), format!("{finding:?}"));
        let gone = files([Some(0), None]);
        assert!(Finding::take(&mut Reader::new(&bytes, &gone)).is_none());
    }

    #[test]
    fn bytes_that_end_too_early_or_are_something_else_are_no_value() {
        let (known, mut bytes) = (Known::default(), Vec::new());
        "本年收入合计".to_owned().put(&mut bytes);
        for end in 0..bytes.len() {
            assert!(String::take(&mut Reader::new(&bytes[..end], &known)).is_none());
        }
        assert!(Figure::take(&mut Reader::new(&[9], &known)).is_none());
        assert!(Vec::<u8>::take(&mut Reader::new(&[0xFF; 12], &known)).is_none());
    }
}
