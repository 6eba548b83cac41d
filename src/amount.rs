//! Money: exact amounts, the scales they are printed in, and rounding.
//!
//! This is the only file that names `rust_decimal`. An [`Amount`] is exact and has no scale;
//! a [`Printed`] figure is what a reader sees: a whole number of last units (分 for 元 with
//! two decimals, 百元 for 万元 with two decimals). Rounding happens here, once, half away
//! from zero.

use std::fmt::{self, Write as _};
use std::iter::Sum;
use std::ops::{Add, Neg, Sub};

use rust_decimal::{Decimal, RoundingStrategy};

/// The unit of money in which figures are entered or printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scale {
    /// 元, exact to the 分 with two decimals.
    Yuan,
    /// 万元, the unit of nearly all published tables.
    #[default]
    TenThousand,
    /// 亿元, seen in prose only.
    HundredMillion,
}

/// How many decimals amounts are printed with, in every scale.
pub const DECIMALS: u32 = 2;

impl Scale {
    /// The scale with this printed name: `元`, `万元`, `亿元`.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "元" => Some(Self::Yuan),
            "万元" => Some(Self::TenThousand),
            "亿元" => Some(Self::HundredMillion),
            _ => None,
        }
    }

    /// The printed name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Yuan => "元",
            Self::TenThousand => "万元",
            Self::HundredMillion => "亿元",
        }
    }

    /// How many 分 the last printed unit holds: 0.01 元 is 1 分, 0.01 万元 is 10,000 分.
    pub const fn last_unit_fen(self) -> i128 {
        match self {
            Self::Yuan => 1,
            Self::TenThousand => 10_000,
            Self::HundredMillion => 100_000_000,
        }
    }

    fn in_yuan(self) -> Decimal {
        match self {
            Self::Yuan => Decimal::ONE,
            Self::TenThousand => Decimal::from(10_000),
            Self::HundredMillion => Decimal::from(100_000_000),
        }
    }

    /// How many zeros one of it has in 元: 万元 has four.
    const fn zeros(self) -> u32 {
        match self {
            Self::Yuan => 0,
            Self::TenThousand => 4,
            Self::HundredMillion => 8,
        }
    }
}

impl fmt::Display for Scale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How exact the figures of a document are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// Rounded to the last printed unit, as 万元 are.
    Rounded,
    /// Exact: 元 with two decimals, and counts.
    Exact,
}

impl Precision {
    /// The precision of figures entered in a scale.
    pub const fn of(scale: Scale) -> Self {
        match scale {
            Scale::Yuan => Self::Exact,
            Scale::TenThousand | Scale::HundredMillion => Self::Rounded,
        }
    }

    /// How far, in last units, a figure may stand from the sum of so many others: each may be
    /// half a unit off, ⌊n/2⌋ together.
    pub fn tolerance(self, terms: usize) -> i128 {
        match self {
            Self::Rounded => i128::try_from(terms / 2).unwrap_or(i128::MAX),
            Self::Exact => 0,
        }
    }
}

/// max(1, ⌈4·√((n+1)/12)⌉): the distance, in last units, that honest rounding of n terms and
/// their sum hardly ever exceeds; four standard deviations.
pub fn likely_tail(terms: usize) -> i128 {
    // 3·root² against 16·(n+1)/4; the ceiling of a root is the root of the next square up.
    let square = (4 * (terms + 1)).div_ceil(3);
    let root = square.isqrt();
    let ceiling = if root * root == square { root } else { root + 1 };
    i128::try_from(ceiling).unwrap_or(i128::MAX)
}

/// Why a text is not an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseAmountError {
    /// It is not a plain decimal number.
    #[error("不是数字")]
    NotANumber,
    /// Thousands separators that do not group by three.
    #[error("千分位逗号的位置不对")]
    Grouping,
    /// More digits than any budget has.
    #[error("数字太长")]
    TooLarge,
}

/// An exact amount of money, without a scale.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(Decimal);

/// From how many 元 on an amount is a slip: thirty times what the whole country spends in a year.
/// It also leaves room for every product that verdicts need in 128 bits.
const TOO_MANY_YUAN: u64 = 1_000_000_000_000_000;

impl Amount {
    /// No money at all.
    pub const ZERO: Self = Self(Decimal::ZERO);

    /// The amount in the program's own form, for what it keeps for itself.
    pub(crate) fn to_bytes(self) -> [u8; 16] {
        self.0.serialize()
    }

    /// The amount that [`Self::to_bytes`] gave these bytes for.
    pub(crate) fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(Decimal::deserialize(bytes))
    }

    /// The digits of the amount, with the sign, and how many of them are decimals; `None` where they
    /// are too many for that, or do not say how it was written.
    pub(crate) fn parts(self) -> Option<(i64, u8)> {
        let parts = (i64::try_from(self.0.mantissa()).ok()?, u8::try_from(self.0.scale()).ok()?);
        (Self::from_parts(parts.0, parts.1.into()).to_bytes() == self.to_bytes()).then_some(parts)
    }

    /// The amount that [`Self::parts`] gave these parts for.
    pub(crate) fn from_parts(digits: i64, decimals: u64) -> Self {
        let decimals = u32::try_from(decimals).unwrap_or_default();
        Self(Decimal::try_new(digits, decimals).unwrap_or_default())
    }

    /// The amount a text stands for in a scale, digits taken as they are written.
    ///
    /// Accepts an ASCII minus, one decimal point and thousands separators that group by
    /// three; full-width digits are folded by the caller ([`crate::text::fold_width`]).
    ///
    /// # Errors
    /// [`ParseAmountError`] says what is wrong with the text.
    pub fn parse(text: &str, scale: Scale) -> Result<Self, ParseAmountError> {
        parse_small(text, scale).map_or_else(|| Self::parse_any(text, scale), Ok)
    }

    fn parse_any(text: &str, scale: Scale) -> Result<Self, ParseAmountError> {
        let (digits, decimals) = plain_digits(text)?;
        let yuan = Decimal::from_i128_with_scale(digits, decimals)
            .checked_mul(scale.in_yuan())
            .filter(|yuan| yuan.abs() < Decimal::from(TOO_MANY_YUAN));
        yuan.map(|yuan| Self(yuan.normalize())).ok_or(ParseAmountError::TooLarge)
    }

    /// The amount of so many 分.
    pub fn from_fen(fen: i128) -> Self {
        Self(Decimal::from_i128_with_scale(fen, 2).normalize())
    }

    /// The number of 分, when the amount is a whole number of them.
    pub fn fen(self) -> Option<i128> {
        let fen = self.0.checked_mul(Decimal::ONE_HUNDRED)?;
        fen.is_integer().then(|| fen.trunc().mantissa() / 10_i128.pow(fen.trunc().scale()))
    }

    /// Whether this is exactly nothing.
    pub fn is_zero(self) -> bool {
        self.0.is_zero()
    }

    /// Whether this is below nothing.
    pub fn is_negative(self) -> bool {
        self.0.is_sign_negative() && !self.0.is_zero()
    }

    /// The amount without its sign.
    #[must_use]
    pub fn abs(self) -> Self {
        Self(self.0.abs())
    }

    /// The figure printed for this amount: rounded half away from zero to two decimals.
    pub fn print(self, scale: Scale) -> Printed {
        self.print_small(scale).unwrap_or_else(|| self.print_any(scale))
    }

    /// [`Self::print`] in machine integers, for the amounts that fit them: all that is ever
    /// published. Checks print every figure several times.
    fn print_small(self, scale: Scale) -> Option<Printed> {
        let mantissa = i64::try_from(self.0.mantissa()).ok()?;
        // One last unit is 10^(zeros − 2) 元.
        let cut = self.0.scale() + scale.zeros();
        let last_units = if cut <= DECIMALS {
            mantissa.checked_mul(10_i64.pow(DECIMALS - cut))?
        } else {
            let one = 10_i64.checked_pow(cut - DECIMALS)?;
            let magnitude = mantissa.checked_abs()?.checked_add(one / 2)? / one;
            if mantissa < 0 { -magnitude } else { magnitude }
        };
        Some(Printed { last_units: last_units.into(), scale })
    }

    fn print_any(self, scale: Scale) -> Printed {
        let in_scale = self.0 / scale.in_yuan();
        let rounded = in_scale.round_dp_with_strategy(DECIMALS, RoundingStrategy::MidpointAwayFromZero);
        let mut last = rounded;
        last.rescale(DECIMALS);
        Printed { last_units: last.mantissa(), scale }
    }

    /// Whether printing in this scale loses nothing.
    pub fn is_whole_in(self, scale: Scale) -> bool {
        self.print(scale).amount() == self
    }
}

/// The digits of a plain decimal number as one integer, and how many of them are decimals.
fn plain_digits(text: &str) -> Result<(i128, u32), ParseAmountError> {
    let (negative, rest) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (whole, fraction) = rest.split_once('.').map_or((rest, None), |(w, f)| (w, Some(f)));
    let all_digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    let (first, groups) = whole.split_once(',').map_or((whole, None), |(first, rest)| (first, Some(rest.split(','))));
    let groups = groups.into_iter().flatten();
    if !all_digits(first) || !groups.clone().all(all_digits) || fraction.is_some_and(|f| !all_digits(f)) {
        return Err(ParseAmountError::NotANumber);
    }
    if first.len() != whole.len() && (first.len() > 3 || !groups.clone().all(|group| group.len() == 3)) {
        return Err(ParseAmountError::Grouping);
    }
    let fraction = fraction.unwrap_or_default();
    if whole.len() > 20 || fraction.len() > 6 {
        return Err(ParseAmountError::TooLarge);
    }
    let digits = whole.bytes().chain(fraction.bytes()).filter(u8::is_ascii_digit);
    let digits = digits.fold(0, |number: i128, digit| number * 10 + i128::from(digit - b'0'));
    let decimals = u32::try_from(fraction.len()).unwrap_or(u32::MAX);
    Ok((if negative { -digits } else { digits }, decimals))
}

/// [`Amount::parse`] in machine integers, for plain digits of which there are few: nearly all that
/// is ever read. `None` for anything else, wrong or not.
fn parse_small(text: &str, scale: Scale) -> Option<Amount> {
    const MOST_DIGITS: usize = 14;
    const MOST_DECIMALS: u32 = 6;
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').map_or((unsigned, None), |(whole, rest)| (whole, Some(rest)));
    if whole.is_empty() || fraction == Some("") || unsigned.len() > MOST_DIGITS {
        return None;
    }
    let digits = whole.bytes().chain(fraction.unwrap_or_default().bytes());
    let value = |digit: u8| digit.is_ascii_digit().then(|| i64::from(digit - b'0'));
    let mut mantissa = digits.map(value).try_fold(0_i64, |number, digit| Some(number * 10 + digit?))?;
    let mut decimals = u32::try_from(fraction.unwrap_or_default().len()).ok().filter(|n| *n <= MOST_DECIMALS)?;
    // Of the decimals as many are taken off as one of the scale has zeros, and the zeros at the end.
    let taken = decimals.min(scale.zeros());
    decimals -= taken;
    mantissa = mantissa.checked_mul(10_i64.pow(scale.zeros() - taken))?;
    while decimals > 0 && mantissa % 10 == 0 {
        (mantissa, decimals) = (mantissa / 10, decimals - 1);
    }
    let is_sensible = i128::from(mantissa) < i128::from(TOO_MANY_YUAN) * 10_i128.pow(decimals);
    let signed = if unsigned.len() < text.len() { -mantissa } else { mantissa };
    is_sensible.then(|| Amount(Decimal::new(signed, decimals)))
}

impl Add for Amount {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Amount {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Neg for Amount {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl Sum for Amount {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::ZERO, Add::add)
    }
}

/// A figure as it stands in print: a whole number of last units of its scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Printed {
    /// The figure times one hundred: 373.97 is 37397.
    pub last_units: i128,
    /// The unit of money it is printed in.
    pub scale: Scale,
}

impl Printed {
    /// The amount that the figure names when read to the letter.
    pub fn amount(self) -> Amount {
        Amount(Decimal::from_i128_with_scale(self.last_units, DECIMALS) * self.scale.in_yuan()).normal()
    }

    /// The figure as prose writes it, trailing zeros trimmed: 144.00 is `144`.
    pub fn trimmed(self) -> String {
        let mut text = String::with_capacity(24);
        self.push(&mut text);
        text.truncate(text.trim_end_matches('0').trim_end_matches('.').len());
        text
    }

    /// Appends it to a text, as [`fmt::Display`] writes it: pages and downloads hold little else.
    pub fn push(self, out: &mut String) {
        let Ok(units) = u64::try_from(self.last_units.unsigned_abs()) else {
            let _ = write!(out, "{self}"); // writing to a String cannot fail
            return;
        };
        if self.last_units < 0 {
            out.push('-');
        }
        push_number(out, units / 100);
        out.push('.');
        push_pair(out, units);
    }
}

impl Amount {
    fn normal(self) -> Self {
        Self(self.0.normalize())
    }
}

impl fmt::Display for Printed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.last_units < 0 { "-" } else { "" };
        let units = self.last_units.unsigned_abs();
        write!(f, "{sign}{}.{:02}", units / 100, units % 100)
    }
}

/// A percentage in last units: with two decimals, 6.73 % is 673.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Percent {
    /// The percentage times ten to the power of `decimals`.
    pub last_units: i128,
    /// The printed decimals.
    pub decimals: u32,
}

impl Percent {
    /// The percentage `part / whole`, rounded half away from zero; `None` for a zero base.
    pub fn of(part: Amount, whole: Amount, decimals: u32) -> Option<Self> {
        if whole.is_zero() {
            return None;
        }
        let exact = part.0.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(whole.0)?;
        let mut rounded = exact.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero);
        rounded.rescale(decimals);
        Some(Self { last_units: rounded.mantissa(), decimals })
    }

    /// The percentage without its sign.
    #[must_use]
    pub fn abs(self) -> Self {
        Self { last_units: self.last_units.abs(), ..self }
    }

    /// The percentage as prose writes it: `100%`, `61.49%`, `9.1%`.
    pub fn trimmed(self) -> String {
        let text = self.to_string();
        if !text.contains('.') {
            return text;
        }
        let digits = text.trim_end_matches('%').trim_end_matches('0').trim_end_matches('.');
        format!("{digits}%")
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.last_units < 0 { "-" } else { "" };
        let units = self.last_units.unsigned_abs();
        let one = 10_u128.pow(self.decimals);
        if self.decimals == 0 {
            return write!(f, "{sign}{units}%");
        }
        write!(f, "{sign}{}.{:0width$}%", units / one, units % one, width = self.decimals as usize)
    }
}

/// Every number below a hundred with two digits.
const PAIRS: &str = "0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546474849\
                     5051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899";

/// Appends a whole number, two digits at a time: pages and downloads are mostly numbers.
pub fn push_number(out: &mut String, number: u64) {
    match number {
        0..10 => out.push(char::from(b'0' + (number % 10) as u8)),
        10..100 => push_pair(out, number),
        _ => {
            push_number(out, number / 100);
            push_pair(out, number);
        }
    }
}

/// Appends the last two digits of a number, with a nought before a single one.
fn push_pair(out: &mut String, number: u64) {
    let at = (number % 100) as usize * 2;
    out.push_str(&PAIRS[at..at + 2]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_the_standard_library_writes_them() {
        for number in (0..1_100).chain([9_999, 10_000, 1_234_567_890, u64::MAX]) {
            let (mut out, mut pair) = (String::new(), String::new());
            push_number(&mut out, number);
            push_pair(&mut pair, number);
            assert_eq!((out, pair), (number.to_string(), format!("{:02}", number % 100)));
        }
    }

    #[test]
    fn an_amount_is_appended_as_it_is_displayed() {
        for last_units in [0, 5, -5, 10, 99, -100, 37_397, i128::from(u64::MAX), i128::from(u64::MAX) + 1, i128::MIN] {
            let printed = Printed { last_units, scale: Scale::TenThousand };
            let mut out = String::new();
            printed.push(&mut out);
            assert_eq!(out, printed.to_string());
        }
    }

    #[test]
    fn the_likely_distance_is_four_standard_deviations_rounded_up() {
        let by_definition = |n: usize| (1_usize..100).find(|r| 12 * r * r >= 16 * (n + 1)).unwrap();
        assert!((0..2_000).all(|n| likely_tail(n) == i128::try_from(by_definition(n)).unwrap()));
    }

    fn wan(text: &str) -> Amount {
        Amount::parse(text, Scale::TenThousand).unwrap()
    }

    #[test]
    fn a_figure_in_ten_thousands_keeps_its_digits() {
        assert_eq!(wan("373.97").print(Scale::TenThousand).to_string(), "373.97");
        assert_eq!(wan("373.97").fen(), Some(373_970_000));
        assert_eq!(wan("144").print(Scale::TenThousand).trimmed(), "144");
        assert_eq!(wan("-0.01").print(Scale::TenThousand).to_string(), "-0.01");
    }

    #[test]
    fn rounding_is_half_away_from_zero() {
        let yuan = |text| Amount::parse(text, Scale::Yuan).unwrap().print(Scale::TenThousand).to_string();
        assert_eq!(yuan("1250.00"), "0.13");
        assert_eq!(yuan("-1250.00"), "-0.13");
        assert_eq!(yuan("1249.99"), "0.12");
    }

    #[test]
    fn small_amounts_are_printed_as_any_amounts_are() {
        let texts = ["0", "0.01", "0.04", "0.05", "49.99", "50", "149.995", "4999.99", "5000", "3739749.999999"];
        for text in texts.iter().flat_map(|text| [(*text).to_owned(), format!("-{text}")]) {
            for entered in [Scale::Yuan, Scale::TenThousand, Scale::HundredMillion] {
                let amount = Amount::parse(&text, entered).unwrap();
                for scale in [Scale::Yuan, Scale::TenThousand, Scale::HundredMillion] {
                    assert_eq!(amount.print_small(scale), Some(amount.print_any(scale)), "{text} {entered} in {scale}");
                }
            }
        }
        let huge = Amount(Decimal::from(u64::MAX) * Decimal::from(1_000_000));
        assert_eq!((huge.print_small(Scale::Yuan), huge.print(Scale::Yuan)), (None, huge.print_any(Scale::Yuan)));
    }

    #[test]
    fn short_texts_are_read_as_any_texts_are() {
        let texts = [
            "0",
            "0.00",
            "00",
            "007",
            "7.",
            ".7",
            "",
            "-",
            "1",
            "10",
            "373.97",
            "1,234.5",
            "1.2.3",
            "1-2",
            "+1",
            "--1",
            "0.000001",
            "0.0000001",
            "0.100000",
            "120.50",
            "12345678901234",
            "99999999999.99",
            "9999999999.999",
            "１",
            "123456789012",
            "1e5",
            " 1",
            "99999999",
            "9999999.99",
            "10000000",
            "0.05",
            "1000000000000",
        ];
        let mut short = 0;
        for text in texts.iter().flat_map(|text| [(*text).to_owned(), format!("-{text}")]) {
            for scale in [Scale::Yuan, Scale::TenThousand, Scale::HundredMillion] {
                let Some(small) = parse_small(&text, scale) else { continue };
                let any = Amount::parse_any(&text, scale).unwrap();
                let form = |amount: Amount| (amount.0.mantissa(), amount.0.scale(), amount.0.is_sign_negative());
                assert_eq!(form(small), form(any), "{text} {scale}");
                short += 1;
            }
        }
        assert!(short > 60, "{short}");
    }

    #[test]
    fn thousands_separators_group_by_three_or_not_at_all() {
        assert_eq!(wan("1,234.56"), wan("1234.56"));
        assert_eq!(Amount::parse("12,34.5", Scale::Yuan), Err(ParseAmountError::Grouping));
        assert_eq!(Amount::parse("1.2.3", Scale::Yuan), Err(ParseAmountError::NotANumber));
        assert_eq!(Amount::parse("9".repeat(40).as_str(), Scale::Yuan), Err(ParseAmountError::TooLarge));
    }

    #[test]
    fn an_amount_beyond_any_budget_is_refused_in_every_scale() {
        for (most, scale) in [
            ("999999999999999.99", Scale::Yuan),
            ("99999999999", Scale::TenThousand),
            ("-9999999", Scale::HundredMillion),
        ] {
            assert!(Amount::parse(most, scale).is_ok(), "{most} {scale}");
            let more = format!("{}0", most.split('.').next().unwrap());
            assert_eq!(Amount::parse(&more, scale), Err(ParseAmountError::TooLarge), "{more} {scale}");
        }
    }

    #[test]
    fn a_share_is_rounded_once_and_has_no_value_on_a_zero_base() {
        assert_eq!(Percent::of(wan("229.97"), wan("373.97"), 2).unwrap().to_string(), "61.49%");
        assert_eq!(Percent::of(wan("373.97"), wan("373.97"), 2).unwrap().trimmed(), "100%");
        assert_eq!(Percent::of(wan("1"), Amount::ZERO, 2), None);
    }
}
