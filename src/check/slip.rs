//! Slips of the pen: how a wrong figure may have come from the right one.
//!
//! An explanation is only worth saying when it is the only one, so strong ones (two digits
//! swapped, a decimal point, a unit, a sign) are tried before weak ones (one digit changed,
//! lost or doubled), and figures that fit several of the same strength are left alone.

use crate::amount::{Amount, Percent};

/// A way in which a figure is miswritten.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Slip {
    /// Two adjacent digits change places.
    Swapped,
    /// The decimal point is off by one.
    Point,
    /// 元 written for 万元, or the other way round.
    Unit,
    /// The sign is wrong.
    Sign,
    /// One digit is another.
    Changed,
    /// A digit is missing.
    Lost,
    /// A digit too many.
    Doubled,
    /// Last year's figure of the same cell.
    LastYear,
    /// The figure of the row above or below, or of the column beside.
    Neighbour,
    /// Nothing is written where the difference would stand.
    Missing,
    /// The difference is one of the terms: added twice, or not at all.
    Twice,
}

impl Slip {
    /// What happened, in Chinese.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Swapped => "相邻两位数字颠倒",
            Self::Point => "小数点错一位",
            Self::Unit => "元与万元相混",
            Self::Sign => "正负号写反",
            Self::Changed => "一位数字有误",
            Self::Lost => "漏了一位数字",
            Self::Doubled => "多了一位数字",
            Self::LastYear => "误填了上年的数",
            Self::Neighbour => "误填了相邻一格的数",
            Self::Missing => "漏填",
            Self::Twice => "重复计入或漏计",
        }
    }

    /// Whether chance hardly ever looks like this.
    pub const fn is_strong(self) -> bool {
        matches!(self, Self::Swapped | Self::Point | Self::Unit | Self::Sign | Self::LastYear | Self::Neighbour)
    }

    /// Whether it happens to the digits of one figure, whatever stands elsewhere.
    pub const fn is_of_the_pen(self) -> bool {
        !matches!(self, Self::LastYear | Self::Neighbour | Self::Missing | Self::Twice)
    }

    /// How `wrong` may have come from `right`, both in last units.
    pub fn between(wrong: i128, right: i128) -> Option<Self> {
        if wrong == right || wrong == 0 || right == 0 {
            return None;
        }
        if wrong == -right {
            return Some(Self::Sign);
        }
        let (large, small) = if wrong.abs() > right.abs() { (wrong, right) } else { (right, wrong) };
        match () {
            () if large.signum() != small.signum() => None,
            () if small.checked_mul(10) == Some(large) => Some(Self::Point),
            () if small.checked_mul(10_000) == Some(large) => Some(Self::Unit),
            () => between_digits(&digits(wrong), &digits(right)),
        }
    }
}

/// How a percentage may have come from the right one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PercentSlip {
    /// Cut off instead of rounded.
    Truncated,
    /// Reckoned on another base: its position in the list of bases.
    WrongBase(usize),
    /// Miswritten.
    Written(Slip),
}

impl PercentSlip {
    /// How `printed` may have come about where `part` of `base` is `right`; `others` are the
    /// bases that it may have been reckoned on by mistake. Silent unless one explanation fits.
    pub fn between(printed: Percent, right: Percent, part: Amount, base: Amount, others: &[Amount]) -> Option<Self> {
        if printed.decimals != right.decimals {
            return None;
        }
        let more = right.decimals + 2;
        let precise = Percent::of(part, base, more).map(|percent| percent.last_units / 100);
        let truncated = (precise == Some(printed.last_units)).then_some(Self::Truncated);
        let on = |base: &Amount| *base != Amount::ZERO && Percent::of(part, *base, printed.decimals) == Some(printed);
        let bases = others.iter().enumerate().filter(|(_, other)| **other != base && on(other));
        let strong: Vec<Self> = truncated.into_iter().chain(bases.map(|(at, _)| Self::WrongBase(at))).collect();
        match strong[..] {
            [only] => Some(only),
            [] => Slip::between(printed.last_units, right.last_units).map(Self::Written),
            _ => None,
        }
    }
}

/// The digits with at least the zero before the point: 0.12 is `012`.
fn digits(units: i128) -> Vec<u8> {
    format!("{:03}", units.unsigned_abs()).into_bytes()
}

fn between_digits(wrong: &[u8], right: &[u8]) -> Option<Slip> {
    if wrong.len() == right.len() {
        let apart: Vec<usize> = (0..wrong.len()).filter(|at| wrong[*at] != right[*at]).collect();
        return match apart[..] {
            [_] => Some(Slip::Changed),
            [a, b] if b == a + 1 && wrong[a] == right[b] && wrong[b] == right[a] => Some(Slip::Swapped),
            _ => None,
        };
    }
    if lacks_one(wrong, right) {
        Some(Slip::Lost)
    } else if lacks_one(right, wrong) {
        Some(Slip::Doubled)
    } else {
        None
    }
}

/// Whether `shorter` is `longer` without one of its digits.
fn lacks_one(shorter: &[u8], longer: &[u8]) -> bool {
    let same = shorter.iter().zip(longer).take_while(|(a, b)| a == b).count();
    shorter.len() + 1 == longer.len() && shorter[same..] == longer[same + 1..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_slip_is_recognised() {
        assert_eq!(Slip::between(37_379, 37_397), Some(Slip::Swapped));
        assert_eq!(Slip::between(1_440, 14_400), Some(Slip::Point));
        assert_eq!(Slip::between(83_920_000, 8_392), Some(Slip::Unit));
        assert_eq!(Slip::between(-12, 12), Some(Slip::Sign));
        assert_eq!(Slip::between(20_724, 20_824), Some(Slip::Changed));
        assert_eq!(Slip::between(1_638, 16_638), Some(Slip::Lost));
        assert_eq!(Slip::between(166_638, 16_638), Some(Slip::Doubled));
    }

    #[test]
    fn a_percentage_may_be_cut_off_reckoned_on_another_base_or_miswritten() {
        let wan = |text| Amount::parse(text, crate::amount::Scale::TenThousand).unwrap();
        let percent = |last_units| Percent { last_units, decimals: 2 };
        let slip = |printed, part, base, others: &[Amount]| {
            let (part, base) = (wan(part), wan(base));
            PercentSlip::between(percent(printed), Percent::of(part, base, 2).unwrap(), part, base, others)
        };
        assert_eq!(slip(6_666, "2.00", "3.00", &[]), Some(PercentSlip::Truncated));
        assert_eq!(slip(5_000, "2.00", "3.00", &[wan("5.00"), wan("4.00")]), Some(PercentSlip::WrongBase(1)));
        assert_eq!(slip(9_884, "19.50", "19.80", &[]), Some(PercentSlip::Written(Slip::Swapped)));
        assert_eq!(slip(5_000, "2.00", "3.00", &[wan("4.00"), wan("4.00")]), None);
        assert_eq!(slip(1_234, "2.00", "3.00", &[wan("0.00")]), None);
    }

    #[test]
    fn what_no_slip_explains_is_left_alone() {
        assert_eq!(Slip::between(100, 245), None);
        assert_eq!(Slip::between(0, 245), None);
        assert_eq!(Slip::between(245, 245), None);
    }
}
