//! Verdicts on printed figures, in integers: when do they agree?
//!
//! A printed figure stands for an interval of exact amounts ([`Span`]); figures agree when
//! some exact amounts explain all of them. Everything here is pure and works on whole 分 or
//! whole last units, so there is no fixed tolerance and no rounding of a verdict.
//!
//! 1. [`sum`] and [`at_most`] judge sums, differences and inequalities in last units.
//! 2. [`ratio`], [`growth_from_prior`] and [`growth_from_difference`] judge percentages.
//! 3. [`same_figure`] judges one figure printed in several places.

pub use crate::amount::Precision;
use crate::amount::{Amount, Percent, Printed, likely_tail};
use crate::diagnostic::Severity;

/// What a check came to. 相符 and 尾数误差 pass; what was not checked never looks passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// 相符: the printed figures agree to the last digit.
    Exact,
    /// 尾数误差: some exact amounts explain all the figures.
    WithinRounding,
    /// 尾差偏大: possible, but only if nearly every rounding went the same way.
    Improbable,
    /// 不符: no exact amounts explain the figures.
    Fail,
    /// 截尾: a wrong percentage that was cut off instead of rounded.
    FailTruncated,
    /// 无法核对: a figure is 未提供, or there is no base to compare with.
    NotCheckable,
    /// 未读入: a figure could not be read; that is a finding of its own.
    NotRead,
}

impl Verdict {
    /// Every verdict, best first.
    pub const ALL: [Self; 7] = [
        Self::Exact,
        Self::WithinRounding,
        Self::Improbable,
        Self::Fail,
        Self::FailTruncated,
        Self::NotCheckable,
        Self::NotRead,
    ];

    /// The stable English key: `exact`, `within-rounding`.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::WithinRounding => "within-rounding",
            Self::Improbable => "improbable",
            Self::Fail => "fail",
            Self::FailTruncated => "fail-truncated",
            Self::NotCheckable => "not-checkable",
            Self::NotRead => "not-read",
        }
    }

    /// The Chinese word: 相符, 尾数误差.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Exact => "相符",
            Self::WithinRounding => "尾数误差",
            Self::Improbable => "尾差偏大",
            Self::Fail => "不符",
            Self::FailTruncated => "截尾",
            Self::NotCheckable => "无法核对",
            Self::NotRead => "未读入",
        }
    }

    /// The verdict with this key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.key() == key)
    }

    /// Whether the figures agree.
    pub const fn passes(self) -> bool {
        matches!(self, Self::Exact | Self::WithinRounding)
    }

    /// How grave a finding it makes, where a failure would be `usual`; none for passes and
    /// for what was not checked.
    pub fn severity(self, usual: Severity) -> Option<Severity> {
        match self {
            Self::Fail => Some(usual),
            Self::Improbable | Self::FailTruncated => Some(usual.max(Severity::Warning)),
            Self::Exact | Self::WithinRounding | Self::NotCheckable | Self::NotRead => None,
        }
    }
}

/// A verdict with the distance that led to it, both in last units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// What the check came to.
    pub verdict: Verdict,
    /// The printed figure minus what it should be.
    pub off: i128,
    /// How far apart the figures may be: ⌊n/2⌋.
    pub tolerance: i128,
}

/// Signed figures added up, in last units: what a sum needs to know of its terms.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Terms {
    sum: i128,
    present: usize,
    above: bool,
    below: bool,
}

impl Terms {
    /// Adds one more; a blank carries no rounding.
    pub fn add(&mut self, term: Option<i128>) {
        let Some(units) = term else { return };
        self.sum += units;
        self.present += 1;
        self.above |= units > 0;
        self.below |= units < 0;
    }
}

impl FromIterator<Option<i128>> for Terms {
    fn from_iter<I: IntoIterator<Item = Option<i128>>>(terms: I) -> Self {
        let mut added = Self::default();
        terms.into_iter().for_each(|term| added.add(term));
        added
    }
}

/// Judges `total ＝ Σ terms` (signs already applied), figures in last units, `None` blank.
///
/// A blank is exactly nothing: it carries no rounding, so a blank total leaves one figure
/// less to have been rounded, and cannot be the sum of parts that are all above nothing.
pub fn sum(total: Option<i128>, terms: &[Option<i128>], precision: Precision) -> Judgement {
    sum_of(total, terms.iter().copied().collect(), precision)
}

/// [`sum`] over terms that are added up already.
pub(crate) fn sum_of(total: Option<i128>, terms: Terms, precision: Precision) -> Judgement {
    let rounded = match total {
        Some(_) => terms.present,
        None if !(terms.above && terms.below) => 0,
        None => terms.present.saturating_sub(1),
    };
    let off = total.unwrap_or_default() - terms.sum;
    let tolerance = precision.tolerance(rounded);
    Judgement { verdict: distance_verdict(off.abs(), rounded, tolerance), off, tolerance }
}

/// Judges `Σ parts ≤ Σ wholes` (signs already applied), figures in last units, `None` blank.
pub fn at_most(parts: &[Option<i128>], wholes: &[Option<i128>], precision: Precision) -> Judgement {
    at_most_of(parts.iter().copied().collect(), wholes.iter().copied().collect(), precision)
}

/// [`at_most`] over sides that are added up already.
pub(crate) fn at_most_of(parts: Terms, wholes: Terms, precision: Precision) -> Judgement {
    let rounded = parts.present + wholes.present.saturating_sub(1);
    let off = parts.sum - wholes.sum;
    let tolerance = precision.tolerance(rounded);
    let verdict = match off {
        _ if off <= 0 => Verdict::Exact,
        _ if off <= tolerance => Verdict::WithinRounding,
        _ => Verdict::Fail,
    };
    Judgement { verdict, off, tolerance }
}

/// Judges two sides of signed figures: the first is the total with what is moved over from the
/// other side, or with `at_most` the parts of an inequality.
pub(crate) fn sides(
    mut first: impl Iterator<Item = Option<i128>>,
    second: impl Iterator<Item = Option<i128>>,
    at_most: bool,
    precision: Precision,
) -> Judgement {
    if at_most {
        return at_most_of(first.collect(), second.collect(), precision);
    }
    let total = first.next().flatten();
    let mut terms: Terms = second.collect();
    first.for_each(|moved| terms.add(moved.map(|units| -units)));
    sum_of(total, terms, precision)
}

fn distance_verdict(distance: i128, rounded: usize, tolerance: i128) -> Verdict {
    match distance {
        0 => Verdict::Exact,
        _ if distance > tolerance => Verdict::Fail,
        _ if distance <= likely_tail(rounded) => Verdict::WithinRounding,
        _ => Verdict::Improbable,
    }
}

/// Whether a figure may be negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// Nothing below zero: 0.00 stands for a little, never for less than nothing.
    NonNegative,
    /// Balances and changes.
    Any,
}

/// A printed figure with the exact amounts it may stand for, all in 分.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The figure read to the letter.
    pub point: i128,
    /// The least exact amount that prints so.
    pub low: i128,
    /// The greatest exact amount that prints so.
    pub high: i128,
}

impl Span {
    /// What a blank cell stands for: exactly nothing.
    pub const NOTHING: Self = Self { point: 0, low: 0, high: 0 };

    /// Exactly so many 分.
    pub const fn exactly(fen: i128) -> Self {
        Self { point: fen, low: fen, high: fen }
    }

    /// What a figure printed with two decimals of its scale stands for.
    pub const fn of(figure: Printed, sign: Sign) -> Self {
        let unit = figure.scale.last_unit_fen();
        let point = figure.last_units * unit;
        if unit == 1 {
            return Self::exactly(point);
        }
        let (inward, outward) = (unit / 2, unit / 2 - 1);
        let (low, high) = match (figure.last_units, sign) {
            (1.., _) => (point - inward, point + outward),
            (..=-1, _) => (point - outward, point + inward),
            (0, Sign::NonNegative) => (0, outward),
            (0, Sign::Any) => (-outward, outward),
        };
        Self { point, low, high }
    }

    const fn mirrored(self) -> Self {
        Self { point: -self.point, low: -self.high, high: -self.low }
    }
}

/// The range of a quotient: greatest and least, each as numerator and positive denominator,
/// and the quotient of the figures as printed.
struct Quotient {
    greatest: (i128, i128),
    least: (i128, i128),
    printed: (i128, i128),
}

/// Judges a share: `part` is `percent` of `whole`.
pub fn ratio(part: Span, whole: Span, percent: Percent) -> Verdict {
    if whole.low <= 0 {
        return Verdict::NotCheckable;
    }
    if percent.last_units < 0 {
        return ratio(part.mirrored(), whole, Percent { last_units: -percent.last_units, ..percent });
    }
    let widest = |amount: i128, for_greatest: bool| {
        // A negative amount is nearer to zero over the greater base.
        (amount, if (amount >= 0) == for_greatest { whole.low } else { whole.high })
    };
    let quotient = Quotient {
        greatest: widest(part.high, true),
        least: widest(part.low, false),
        printed: (part.point, whole.point),
    };
    percent_verdict(&quotient, percent)
}

/// Which way a figure moved, as the text says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// 增加, 增长, 上升.
    Up,
    /// 减少, 下降, 降低.
    Down,
    /// 持平.
    Level,
}

impl Direction {
    /// The direction a word names.
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "增加" | "增长" | "上升" | "提高" | "上涨" => Some(Self::Up),
            "减少" | "下降" | "降低" | "下跌" => Some(Self::Down),
            "持平" | "无变化" | "不变" => Some(Self::Level),
            _ => None,
        }
    }
}

/// Judges a rate of growth against both years' figures: `current / prior − 1`.
pub fn growth_from_prior(current: Span, prior: Span, direction: Direction, percent: Percent) -> Verdict {
    if prior.point == 0 {
        // 基数为0，不可比: no rate may be printed.
        return Verdict::Fail;
    }
    if prior.low <= 0 {
        return Verdict::NotCheckable;
    }
    let quotient = match direction {
        Direction::Level => return level_verdict(current.point == prior.point, percent),
        Direction::Up => Quotient {
            greatest: (current.high - prior.low, prior.low),
            least: (current.low - prior.high, prior.high),
            printed: (current.point - prior.point, prior.point),
        },
        Direction::Down => Quotient {
            greatest: (prior.high - current.low, prior.high),
            least: (prior.low - current.high, prior.low),
            printed: (prior.point - current.point, prior.point),
        },
    };
    directed_verdict(&quotient, percent)
}

/// Judges a rate of growth against this year's figure and the printed change (without sign).
pub fn growth_from_difference(current: Span, change: Span, direction: Direction, percent: Percent) -> Verdict {
    let quotient = match direction {
        Direction::Level => return level_verdict(change.point == 0, percent),
        Direction::Up => Quotient {
            greatest: (change.high, current.low - change.high),
            least: (change.low, current.high - change.low),
            printed: (change.point, current.point - change.point),
        },
        Direction::Down => Quotient {
            greatest: (change.high, current.low + change.high),
            least: (change.low, current.high + change.low),
            printed: (change.point, current.point + change.point),
        },
    };
    if quotient.printed.1 == 0 {
        return Verdict::Fail;
    }
    if quotient.greatest.1 <= 0 || quotient.least.1 <= 0 {
        return Verdict::NotCheckable;
    }
    directed_verdict(&quotient, percent)
}

/// Judges a change with its rate where both years' figures are printed too: first whether
/// `current － prior` is the change (signed), then the rate.
pub fn growth(current: Printed, prior: Printed, change: Printed, direction: Direction, rate: Percent) -> [Verdict; 2] {
    let precision = Precision::of(current.scale);
    let terms = [Some(current.last_units), Some(-prior.last_units)];
    let triple = match change_sign(direction) {
        _ if current.scale != prior.scale || current.scale != change.scale => Verdict::NotCheckable,
        Some(sign) => sum(Some(sign * change.last_units.abs()), &terms, precision).verdict,
        None if change.last_units == 0 => sum(Some(0), &terms, precision).verdict,
        None => Verdict::Fail,
    };
    let span = |figure| Span::of(figure, Sign::NonNegative);
    [triple, growth_from_prior(span(current), span(prior), direction, rate)]
}

const fn change_sign(direction: Direction) -> Option<i128> {
    match direction {
        Direction::Up => Some(1),
        Direction::Down => Some(-1),
        Direction::Level => None,
    }
}

/// 持平 means that nothing changed and that no other rate stands beside it.
fn level_verdict(unchanged: bool, percent: Percent) -> Verdict {
    if unchanged && percent.last_units == 0 { Verdict::Exact } else { Verdict::Fail }
}

/// A rate beside a direction word: the movement must be possible in that direction.
fn directed_verdict(quotient: &Quotient, percent: Percent) -> Verdict {
    if quotient.greatest.0 < 0 || percent.last_units < 0 {
        return Verdict::Fail;
    }
    percent_verdict(quotient, percent)
}

/// Judges a percentage that is not negative against the range of its quotient.
fn percent_verdict(quotient: &Quotient, percent: Percent) -> Verdict {
    let Quotient { greatest, least, printed } = quotient;
    let amounts = [greatest.0, greatest.1, least.0, least.1, printed.0, printed.1];
    if amounts.iter().any(|amount| amount.abs() > LARGEST_AMOUNT) || percent.last_units > LARGEST_PERCENT {
        return Verdict::NotCheckable;
    }
    let scale = 100 * 10_i128.pow(percent.decimals.min(MAX_DECIMALS));
    let p = percent.last_units;
    if rounded_quotient(quotient.printed, scale) == p {
        return Verdict::Exact;
    }
    let twice = 2 * scale;
    let (most, most_base) = quotient.greatest;
    let (least, least_base) = quotient.least;
    let reaches = most * twice >= (2 * p - 1) * most_base && (p > 0 || most * twice > -most_base);
    if reaches && least * twice < (2 * p + 1) * least_base {
        return Verdict::WithinRounding;
    }
    let (printed, base) = quotient.printed;
    let truncated = printed > 0 && printed * scale / base == p;
    if truncated { Verdict::FailTruncated } else { Verdict::Fail }
}

/// A quotient times `scale`, rounded half away from zero.
fn rounded_quotient((part, base): (i128, i128), scale: i128) -> i128 {
    let magnitude = (2 * part.abs() * scale + base) / (2 * base);
    if part < 0 { -magnitude } else { magnitude }
}

/// More decimals than any percentage has, and few enough for the integers.
const MAX_DECIMALS: u32 = 8;

/// In 分, a thousand times all the money there is; products of these limits fit the integers.
const LARGEST_AMOUNT: i128 = 10_i128.pow(21);

/// In last units, see [`LARGEST_AMOUNT`].
const LARGEST_PERCENT: i128 = 10_i128.pow(16);

/// The percentage written in a text, its precision taken from its digits: `61%` has none.
pub fn parse_percent(text: &str) -> Option<Percent> {
    let digits = text.strip_suffix(['%', '％']).unwrap_or(text);
    let (negative, digits) = digits.strip_prefix('-').map_or((false, digits), |rest| (true, rest));
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(whole, fraction)| (whole, Some(fraction)));
    let is_number = |part: &str| !part.is_empty() && part.len() <= 8 && part.bytes().all(|b| b.is_ascii_digit());
    if !is_number(whole) || fraction.is_some_and(|fraction| !is_number(fraction)) {
        return None;
    }
    let fraction = fraction.unwrap_or_default();
    let magnitude: i128 = format!("{whole}{fraction}").parse().ok()?;
    let last_units = if negative { -magnitude } else { magnitude };
    Some(Percent { last_units, decimals: u32::try_from(fraction.len()).ok()? })
}

/// Whether one figure printed in several places can be one amount: all the intervals meet.
pub fn same_figure(spans: &[Span]) -> Verdict {
    let low = spans.iter().map(|span| span.low).max();
    let high = spans.iter().map(|span| span.high).min();
    let alike = spans.windows(2).all(|pair| pair[0].point == pair[1].point);
    match (low, high) {
        _ if alike => Verdict::Exact,
        (Some(low), Some(high)) if low <= high => Verdict::WithinRounding,
        _ => Verdict::Fail,
    }
}

/// Whether an exact amount, in 分, is printed right.
pub fn prints_as(exact: Amount, printed: Printed) -> bool {
    exact.print(printed.scale) == printed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::amount::Scale;

    fn wan(text: &str) -> Span {
        Span::of(figure(text), Sign::NonNegative)
    }

    fn figure(text: &str) -> Printed {
        Amount::parse(text, Scale::TenThousand).unwrap().print(Scale::TenThousand)
    }

    fn percent(text: &str) -> Percent {
        parse_percent(text).unwrap()
    }

    fn judged(total: i128, terms: &[i128]) -> Verdict {
        let terms: Vec<_> = terms.iter().copied().map(Some).collect();
        sum(Some(total), &terms, Precision::Rounded).verdict
    }

    #[test]
    fn one_term_must_be_equal_and_two_or_three_may_be_one_unit_apart() {
        assert_eq!(judged(100, &[101]), Verdict::Fail);
        assert_eq!(judged(100, &[50, 51]), Verdict::WithinRounding);
        assert_eq!(judged(100, &[50, 52]), Verdict::Fail);
        assert_eq!(judged(100, &[50, 25, 26]), Verdict::WithinRounding);
        assert_eq!(judged(100, &[25, 25, 25, 27]), Verdict::WithinRounding);
    }

    #[test]
    fn many_terms_that_all_round_one_way_are_improbable() {
        assert_eq!(judged(26 * 7 + 6, &[7; 26]), Verdict::WithinRounding);
        assert_eq!(judged(26 * 7 + 7, &[7; 26]), Verdict::Improbable);
        assert_eq!(judged(26 * 7 + 14, &[7; 26]), Verdict::Fail);
    }

    #[test]
    fn figures_in_yuan_are_exact() {
        let judgement = sum(Some(100), &[Some(50), Some(51)], Precision::Exact);
        assert_eq!((judgement.verdict, judgement.off), (Verdict::Fail, -1));
    }

    #[test]
    fn a_blank_total_is_exactly_nothing() {
        let blank = |terms: &[Option<i128>]| sum(None, terms, Precision::Rounded).verdict;
        assert_eq!(blank(&[Some(1), Some(0), None]), Verdict::Fail);
        assert_eq!(blank(&[Some(0), Some(0)]), Verdict::Exact);
        assert_eq!(blank(&[Some(6), Some(6), Some(-11)]), Verdict::WithinRounding);
    }

    #[test]
    fn one_part_gets_no_slack_against_its_whole_and_several_get_half_a_unit_each() {
        let parts = |parts: &[i128], whole: Option<i128>| {
            let parts: Vec<_> = parts.iter().copied().map(Some).collect();
            at_most(&parts, &[whole], Precision::Rounded).verdict
        };
        assert_eq!(parts(&[100], Some(100)), Verdict::Exact);
        assert_eq!(parts(&[101], Some(100)), Verdict::Fail);
        assert_eq!(parts(&[51, 50], Some(100)), Verdict::WithinRounding);
        assert_eq!(parts(&[52, 50], Some(100)), Verdict::Fail);
        assert_eq!(parts(&[1], None), Verdict::Fail);
    }

    #[test]
    fn a_figure_stands_for_the_amounts_that_round_to_it() {
        let span = |text, sign| {
            let span = Span::of(figure(text), sign);
            (span.low, span.high)
        };
        assert_eq!(span("0.01", Sign::Any), (5_000, 14_999));
        assert_eq!(span("-0.01", Sign::Any), (-14_999, -5_000));
        assert_eq!(span("0.00", Sign::Any), (-4_999, 4_999));
        assert_eq!(span("0.00", Sign::NonNegative), (0, 4_999));
        let yuan = Amount::parse("1.25", Scale::Yuan).unwrap().print(Scale::Yuan);
        assert_eq!(Span::of(yuan, Sign::Any), Span::exactly(125));
    }

    #[test]
    fn a_percentage_of_small_amounts_may_differ_from_its_recomputation() {
        assert_eq!(ratio(wan("1.07"), wan("2.44"), percent("43.8")), Verdict::WithinRounding);
        assert_eq!(ratio(wan("1.07"), wan("2.44"), percent("43.9")), Verdict::Exact);
        assert_eq!(ratio(wan("229.97"), wan("373.97"), percent("61.49%")), Verdict::Exact);
        assert_eq!(ratio(wan("229.97"), wan("373.97"), percent("61.94")), Verdict::Fail);
        assert_eq!(ratio(wan("4306.51"), wan("4652.54"), percent("92")), Verdict::FailTruncated);
    }

    #[test]
    fn a_share_of_nothing_cannot_be_judged() {
        assert_eq!(ratio(wan("0.00"), wan("0.00"), percent("0.00")), Verdict::NotCheckable);
        assert_eq!(ratio(wan("1.00"), Span::NOTHING, percent("5")), Verdict::NotCheckable);
    }

    #[test]
    fn a_negative_share_is_judged_as_its_mirror_image() {
        let loss = Span::of(figure("-5.00"), Sign::Any);
        assert_eq!(ratio(loss, wan("100.00"), percent("-5.00")), Verdict::Exact);
        assert_eq!(ratio(loss, wan("100.00"), percent("5.00")), Verdict::Fail);
        assert_eq!(ratio(loss, wan("100.00"), percent("0")), Verdict::Fail);
    }

    #[test]
    fn growth_needs_a_base_and_the_right_word() {
        let rate = percent("6.73");
        let judged = |current, prior, direction| growth_from_prior(wan(current), wan(prior), direction, rate);
        assert_eq!(judged("373.97", "350.38", Direction::Up), Verdict::Exact);
        assert_eq!(judged("373.97", "350.38", Direction::Down), Verdict::Fail);
        assert_eq!(judged("373.97", "0.00", Direction::Up), Verdict::Fail);
        assert_eq!(judged("350.38", "350.38", Direction::Level), Verdict::Fail);
    }

    #[test]
    fn a_level_figure_has_no_other_rate_than_zero() {
        let level = |current, prior, rate| growth_from_prior(wan(current), wan(prior), Direction::Level, percent(rate));
        assert_eq!(level("3.72", "3.72", "0"), Verdict::Exact);
        assert_eq!(level("3.72", "3.71", "0"), Verdict::Fail);
    }

    #[test]
    fn growth_from_a_change_uses_last_year_as_the_base() {
        let judged = |rate| growth_from_difference(wan("373.97"), wan("23.59"), Direction::Up, percent(rate));
        assert_eq!(judged("6.73"), Verdict::Exact);
        assert_eq!(judged("6.31"), Verdict::Fail);
        assert_eq!(
            growth_from_difference(wan("1.00"), wan("3.00"), Direction::Up, percent("5")),
            Verdict::NotCheckable
        );
    }

    #[test]
    fn all_three_figures_are_judged_before_the_rate() {
        let judged =
            |change| growth(figure("373.97"), figure("350.38"), figure(change), Direction::Up, percent("6.73"));
        assert_eq!(judged("23.59"), [Verdict::Exact, Verdict::Exact]);
        assert_eq!(judged("23.60"), [Verdict::WithinRounding, Verdict::Exact]);
        assert_eq!(judged("32.59"), [Verdict::Fail, Verdict::Exact]);
    }

    #[test]
    fn the_precision_of_a_percentage_is_that_of_its_digits() {
        assert_eq!(percent("61%"), Percent { last_units: 61, decimals: 0 });
        assert_eq!(percent("-6.730"), Percent { last_units: -6730, decimals: 3 });
        assert_eq!(parse_percent("6.7.3"), None);
        assert_eq!(parse_percent(""), None);
    }

    #[test]
    fn a_figure_in_several_places_is_one_amount_when_the_intervals_meet() {
        let exact = Span::exactly(373_974_999);
        assert_eq!(same_figure(&[wan("373.97"), exact]), Verdict::WithinRounding);
        assert_eq!(same_figure(&[wan("373.97"), Span::exactly(373_975_000)]), Verdict::Fail);
        assert_eq!(same_figure(&[wan("42.45"), wan("42.45")]), Verdict::Exact);
    }
}
