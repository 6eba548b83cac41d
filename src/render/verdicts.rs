//! What the checks found, counted for readers: the only file here that knows check results.

use serde::Serialize;

// STUB until the checks are merged: `Report` stands for `crate::check::Report`.
/// The results of the checks.
#[derive(Clone, Debug, Default)]
pub struct Report;

/// How many relations have each verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// 相符
    pub exact: usize,
    /// 尾差: within rounding.
    pub tail: usize,
    /// 尾差偏大: improbable, to be looked at.
    pub improbable: usize,
    /// 不符
    pub fail: usize,
    /// 无法核对: a figure is not known.
    pub unchecked: usize,
}

impl Tally {
    /// All relations.
    pub const fn total(self) -> usize {
        self.exact + self.tail + self.improbable + self.fail + self.unchecked
    }

    /// `412项相符，2项尾差，3项无法核对`; verdicts without a relation are left out.
    pub fn words(self) -> String {
        let counts = [
            (self.exact, "相符"),
            (self.tail, "尾差"),
            (self.improbable, "尾差偏大"),
            (self.fail, "不符"),
            (self.unchecked, "无法核对"),
        ];
        let said: Vec<String> =
            counts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count}项{word}")).collect();
        said.join("，")
    }
}

/// The verdicts on one disclosure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdicts {
    /// On everything.
    pub total: Tally,
    /// On each form of the set: relations printed under it or written in it.
    pub forms: Vec<Tally>,
}

/// The verdicts on a disclosure, by its place in the site.
pub fn of(_report: &Report, _disclosure: usize, forms: usize) -> Verdicts {
    Verdicts { total: Tally::default(), forms: vec![Tally::default(); forms] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_without_a_relation_are_not_mentioned() {
        let tally = Tally { exact: 412, tail: 2, ..Tally::default() };
        assert_eq!(tally.words(), "412项相符，2项尾差");
    }
}
