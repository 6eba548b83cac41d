//! Classification codes: 类, 款 and 项 of the functional and economic classifications.

use std::fmt;

/// A classification code: 3 digits are a 类, 5 a 款, 7 a 项.
///
/// Codes have no leading zeros, so the number is the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClassCode(pub u32);

/// How deep a code lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// 类, three digits.
    Class,
    /// 款, five digits.
    Section,
    /// 项, seven digits; the functional classification only.
    Item,
}

impl Level {
    /// The Chinese word: 类, 款, 项.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Class => "类",
            Self::Section => "款",
            Self::Item => "项",
        }
    }
}

impl ClassCode {
    /// The code written in a text of 3, 5 or 7 digits.
    pub fn parse(text: &str) -> Option<Self> {
        let well_formed =
            matches!(text.len(), 3 | 5 | 7) && text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0');
        if well_formed { text.parse().ok().map(Self) } else { None }
    }

    /// The code with this number, when it has 3, 5 or 7 digits.
    pub const fn from_number(number: u32) -> Option<Self> {
        match number {
            100..=999 | 10_000..=99_999 | 1_000_000..=9_999_999 => Some(Self(number)),
            _ => None,
        }
    }

    /// How deep the code lies.
    pub const fn level(self) -> Level {
        match self.0 {
            0..=999 => Level::Class,
            1_000..=99_999 => Level::Section,
            _ => Level::Item,
        }
    }

    /// The code one level up: the 款 of a 项, the 类 of a 款.
    pub const fn parent(self) -> Option<Self> {
        match self.level() {
            Level::Class => None,
            Level::Section | Level::Item => Some(Self(self.0 / 100)),
        }
    }

    /// The 类 the code lies under (itself for a 类).
    #[must_use]
    pub const fn class(self) -> Self {
        match self.level() {
            Level::Class => self,
            Level::Section => Self(self.0 / 100),
            Level::Item => Self(self.0 / 10_000),
        }
    }

    /// Where the code stands in a list by code: each 类 before its 款, each 款 before its 项.
    pub const fn sort_key(self) -> (u32, u32) {
        match self.level() {
            Level::Class => (self.0 * 10_000, 0),
            Level::Section => (self.0 * 100, 1),
            Level::Item => (self.0, 2),
        }
    }
}

impl fmt::Display for ClassCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_knows_its_level_and_its_parents() {
        let item = ClassCode::parse("2010350").unwrap();
        assert_eq!(item.level(), Level::Item);
        assert_eq!(item.parent(), ClassCode::parse("20103"));
        assert_eq!(item.class(), ClassCode(201));
        assert_eq!(ClassCode::parse("2010"), None);
        assert_eq!(ClassCode::parse("0201"), None);
    }
}
