//! Slips of the pen: how a wrong figure may have come from the right one.
//!
//! An explanation is only worth saying when it is the only one, so strong ones (two digits
//! swapped, a decimal point, a unit, a sign) are tried before weak ones (one digit changed,
//! lost or doubled), and figures that fit several of the same strength are left alone.

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
        }
    }

    /// Whether chance hardly ever looks like this.
    pub const fn is_strong(self) -> bool {
        matches!(self, Self::Swapped | Self::Point | Self::Unit | Self::Sign)
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
    fn what_no_slip_explains_is_left_alone() {
        assert_eq!(Slip::between(100, 245), None);
        assert_eq!(Slip::between(0, 245), None);
        assert_eq!(Slip::between(245, 245), None);
    }
}
