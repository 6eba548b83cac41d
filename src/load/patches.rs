//! Patches over a text that a parser does not take, and the way back to the text as written.

use std::ops::Range;

/// What stands in the text in place of something.
#[derive(Clone, Debug)]
pub(super) struct Patch {
    /// What it replaces, in the text as written.
    pub(super) range: Range<usize>,
    /// What stands there instead.
    pub(super) text: String,
    /// What it means.
    pub(super) mark: Mark,
}

/// What a patch means for the value or key it covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// The same, written so that the parser takes it.
    Same,
    /// A value that was not read.
    Broken,
    /// A key that the table already has.
    Duplicate,
}

/// A patch as it lies in the mended text.
pub(super) struct Mended {
    new: Range<usize>,
    old: Range<usize>,
    /// What it means.
    pub(super) mark: Mark,
}

/// Where the patches lie in a mended text.
pub(super) struct Marks(Vec<Mended>);

impl Marks {
    /// The written stretch for a stretch of the mended text.
    pub(super) fn old(&self, new: &Range<usize>) -> Range<usize> {
        let start = self.offset(new.start, false);
        start..self.offset(new.end, true).max(start)
    }

    fn offset(&self, new: usize, is_end: bool) -> usize {
        let before = self.0.partition_point(|mended| mended.new.start < new || (!is_end && mended.new.start == new));
        let Some(mended) = before.checked_sub(1).map(|at| &self.0[at]) else { return new };
        match () {
            () if new > mended.new.end || (new == mended.new.end && !is_end && !mended.new.is_empty()) => {
                new - mended.new.end + mended.old.end
            }
            () if is_end => mended.old.end,
            () => mended.old.start,
        }
    }

    /// The patch over a byte of the mended text.
    pub(super) fn mark_at(&self, new: usize) -> Option<&Mended> {
        let before = self.0.partition_point(|mended| mended.new.start <= new);
        self.0[..before].last().filter(|mended| new < mended.new.end)
    }
}

/// Patches by their ranges, which do not overlap.
#[derive(Debug, Default)]
pub(super) struct Patches(Vec<Patch>);

impl Patches {
    /// Whether there is a patch over exactly this stretch.
    pub(super) fn has(&self, range: &Range<usize>, mark: Mark) -> bool {
        let from = self.0.partition_point(|patch| patch.range.start < range.start);
        let here = self.0[from..].iter().take_while(|patch| patch.range.start == range.start);
        here.into_iter().any(|patch| patch.range == *range && patch.mark == mark)
    }

    /// Puts a patch in its order, over whatever it covers.
    pub(super) fn put(&mut self, patch: Patch) {
        let touches = |other: &Patch| other.range.start < patch.range.end && patch.range.start < other.range.end;
        let same_spot = |other: &Patch| other.range == patch.range;
        // Files may have patches by the hundred thousand: only those near by are looked at.
        let from = self.0.partition_point(|other| other.range.end < patch.range.start);
        let near = self.0[from..].partition_point(|other| other.range.start <= patch.range.end);
        let mut kept: Vec<Patch> = self.0.drain(from..from + near).collect();
        kept.retain(|other| !touches(other) && !same_spot(other));
        let at = kept.partition_point(|other| other.range.start < patch.range.start);
        kept.insert(at, patch);
        self.0.splice(from..from, kept);
    }

    /// The mended text.
    pub(super) fn apply(&self, written: &str) -> (String, Marks) {
        let (mut text, mut marks, mut at) = (String::with_capacity(written.len()), Vec::new(), 0);
        for patch in &self.0 {
            text.push_str(&written[at..patch.range.start]);
            let start = text.len();
            text.push_str(&patch.text);
            marks.push(Mended { new: start..text.len(), old: patch.range.clone(), mark: patch.mark });
            at = patch.range.end;
        }
        text.push_str(&written[at..]);
        (text, Marks(marks))
    }
}
