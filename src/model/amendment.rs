//! 更正: a disclosure that was published again, with the version that it took the place of.
//!
//! Not to be taken for 来源更正说明 ([`Correction`](crate::model::disclosure::Correction)), which
//! says what is wrong in a printed source and was entered right.

use std::sync::Arc;

use crate::diagnostic::Place;
use crate::model::date::Date;
use crate::model::disclosure::Disclosure;

/// 更正公开: one republication of a disclosure, in the order in which they took place.
#[derive(Clone, Debug)]
pub struct Amendment {
    /// 更正日期: from this day on the later version is the one in force.
    pub date: Date,
    /// 更正原因, in the unit's words.
    pub reason: String,
    /// The number of the version that it replaced: 1 is what was published first.
    pub version: u32,
    /// That version, as its sources were when it was published; it has the amendments before
    /// this one.
    pub earlier: Arc<Disclosure>,
    /// Where it is written.
    pub place: Place,
}

impl Disclosure {
    /// 已更正: whether it was published again after its first publication.
    pub fn is_amended(&self) -> bool {
        !self.amendments.is_empty()
    }

    /// The day from which its present version is in force: that of its last amendment, or of
    /// its publication where the source states it.
    pub fn in_force_since(&self) -> Option<Date> {
        let amended = self.amendments.last().map(|amendment| amendment.date);
        amended.or(self.published.map(|date| date.value))
    }

    /// The number of this version: 1 where it was never amended.
    pub fn version(&self) -> u32 {
        self.amendments.last().map_or(1, |amendment| amendment.version + 1)
    }

    /// The version that took the place of the one which an amendment replaced.
    pub fn after(&self, amendment: usize) -> &Self {
        self.amendments.get(amendment + 1).map_or(self, |next| &next.earlier)
    }
}
