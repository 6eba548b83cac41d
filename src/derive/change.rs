//! The change from last year's figure to this year's, and the words for it.
//!
//! The base is last year's figure. On a base of zero there is no rate (基数为0，不可比), on an
//! unknown base nothing is said, and a change is never given a direction it does not have.

use crate::amount::{Amount, Percent, Scale};
use crate::model::disclosure::Disclosure;
use crate::model::form::CellRef;
use crate::model::prior;
use crate::model::site::Site;
use crate::model::table::Figure;

/// How a figure changed from last year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// One of the two figures is not known: nothing can be said.
    Unknown,
    /// 持平: both figures are the same.
    Same,
    /// 基本持平: they differ by less than is printed.
    Nearly,
    /// They differ.
    Moved(Move),
}

/// A change that has a direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    /// Up or down.
    pub direction: Direction,
    /// The difference, without a sign.
    pub difference: Amount,
    /// The rate, without a sign, or why there is none.
    pub rate: Result<Percent, NoRate>,
}

/// Which way a figure went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// 增加, 增长
    Up,
    /// 减少, 下降
    Down,
}

/// Why a change has no rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoRate {
    /// Last year's figure is zero.
    ZeroBase,
    /// Last year's figure is negative: a rate would point the wrong way.
    NegativeBase,
}

impl Direction {
    /// The word for an amount: 增加 or 减少.
    pub const fn by_amount(self) -> &'static str {
        match self {
            Self::Up => "增加",
            Self::Down => "减少",
        }
    }

    /// The word for a rate: 增长 or 下降.
    pub const fn by_rate(self) -> &'static str {
        match self {
            Self::Up => "增长",
            Self::Down => "下降",
        }
    }
}

impl NoRate {
    /// The sentence that stands where a rate would.
    pub const fn words(self) -> &'static str {
        match self {
            Self::ZeroBase => "基数为0，不可比",
            Self::NegativeBase => "基数为负数，不可比",
        }
    }
}

/// The printed decimals of rates and shares.
pub const RATE_DECIMALS: u32 = 2;

impl Change {
    /// The change between two figures, as far as it shows in a scale; blank is nothing.
    pub fn between(prior: Figure, current: Figure, scale: Scale) -> Self {
        match (prior.amount_or_nothing(), current.amount_or_nothing()) {
            (Some(prior), Some(current)) => Self::of_amounts(prior, current, scale),
            _ => Self::Unknown,
        }
    }

    fn of_amounts(prior: Amount, current: Amount, scale: Scale) -> Self {
        let difference = current - prior;
        if difference.is_zero() {
            return Self::Same;
        }
        if difference.print(scale).last_units == 0 {
            return Self::Nearly;
        }
        let direction = if difference.is_negative() { Direction::Down } else { Direction::Up };
        Self::Moved(Move { direction, difference: difference.abs(), rate: rate(difference, prior) })
    }

    /// The change in words, `增加23.59万元，增长6.73%`; nothing when it is not known.
    pub fn words(self, scale: Scale) -> String {
        match self {
            Self::Unknown => String::new(),
            Self::Same => "持平".to_owned(),
            Self::Nearly => "基本持平".to_owned(),
            Self::Moved(moved) => {
                let rate = moved.rate.map(rate_text);
                moved.words(&moved.difference.print(scale).trimmed(), rate.as_deref().ok(), scale)
            }
        }
    }
}

impl Move {
    /// The words around a difference and a rate that are already text (they may be markers).
    pub fn words(&self, difference: &str, rate: Option<&str>, scale: Scale) -> String {
        let by = self.direction.by_amount();
        match (self.rate, rate) {
            (Err(none), _) => format!("{by}{difference}{scale}（{}）", none.words()),
            (Ok(_), Some(rate)) => format!("{by}{difference}{scale}，{}{rate}", self.direction.by_rate()),
            (Ok(_), None) => format!("{by}{difference}{scale}"),
        }
    }
}

fn rate(difference: Amount, base: Amount) -> Result<Percent, NoRate> {
    if base.is_negative() {
        return Err(NoRate::NegativeBase);
    }
    Percent::of(difference, base, RATE_DECIMALS).map(Percent::abs).ok_or(NoRate::ZeroBase)
}

/// A rate as prose writes it; one too small to print is said to be small, not zero.
pub fn rate_text(rate: Percent) -> String {
    if rate.last_units == 0 { "不足0.01%".to_owned() } else { rate.trimmed() }
}

/// Last year's figure for a cell, as [`prior::of`] finds it.
pub fn prior_figure(site: &Site, disclosure: &Disclosure, cell: CellRef) -> Figure {
    prior_of_cell(site.prior_of(disclosure), disclosure, cell)
}

/// Last year's figure for a cell, with last year's disclosure already found.
pub fn prior_of_cell(prior: Option<&Disclosure>, disclosure: &Disclosure, cell: CellRef) -> Figure {
    prior::of(prior, disclosure, cell).figure
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::derive::fixture::{disclosure, fill, set, wan};
    use crate::model::form::RowKey;
    use crate::model::notation::Reference;
    use crate::model::prior::counterpart;

    fn words(prior: &str, current: &str) -> String {
        Change::between(wan(prior), wan(current), Scale::TenThousand).words(Scale::TenThousand)
    }

    #[test]
    fn every_change_has_its_lawful_words() {
        let cases = [
            ("350.38", "373.97", "增加23.59万元，增长6.73%"),
            ("790.97", "763.18", "减少27.79万元，下降3.51%"),
            ("100", "150", "增加50万元，增长50%"),
            ("100", "100.00", "持平"),
            ("0", "", "持平"),
            ("0", "12.5", "增加12.5万元（基数为0，不可比）"),
            ("", "12.5", "增加12.5万元（基数为0，不可比）"),
            ("12.5", "0", "减少12.5万元，下降100%"),
            ("-5", "3", "增加8万元（基数为负数，不可比）"),
            ("?", "3", ""),
            ("3", "?", ""),
            ("500000", "500000.01", "增加0.01万元，增长不足0.01%"),
        ];
        for (prior, current, expected) in cases {
            assert_eq!(words(prior, current), expected, "{prior} → {current}");
        }
    }

    #[test]
    fn a_difference_below_the_printed_unit_is_nearly_level() {
        let yuan = |text| Figure::Amount(Amount::parse(text, Scale::Yuan).unwrap());
        let change = Change::between(yuan("1000000.00"), yuan("1000020.00"), Scale::TenThousand);
        assert_eq!(change.words(Scale::TenThousand), "基本持平");
    }

    #[test]
    fn figures_are_found_again_in_another_set_by_what_they_mean() {
        let old = set();
        let mut new = set();
        new.id = "other".into();
        // The new set prints the total elsewhere and calls its forms otherwise.
        new.forms[0].lines[2].key = RowKey::Line(40);
        new.forms[1].code = "乙05表".into();
        new.concepts.insert("income_grand_total".into(), Reference::parse("甲01表40行").unwrap());
        new.concepts.insert("general_by_function".into(), Reference::parse("乙05表").unwrap());
        new.concepts.insert("general_total".into(), Reference::parse("乙05表合计行1栏").unwrap());
        let found = |name: &str| {
            let cell = counterpart(&old, old.cell_named(name).unwrap(), &new)?;
            Some(new.name_of(cell))
        };
        assert_eq!(found("甲01表31行").as_deref(), Some("甲01表40行1栏"));
        assert_eq!(found("甲02表合计行1栏").as_deref(), Some("乙05表合计行1栏"));
        assert_eq!(found("甲02表2010350行2栏").as_deref(), Some("乙05表2010350行2栏"));
        assert_eq!(found("甲03表30101行").as_deref(), Some("甲03表30101行1栏"));
    }

    #[test]
    fn a_figure_last_year_did_not_give_is_taken_from_this_years_document() {
        let mut now = disclosure();
        fill(&mut now, "上年甲01表31行", wan("350.38"));
        let cell = now.set.cell_named("甲01表31行").unwrap();
        let mut before = disclosure();
        before.year = 2022;
        fill(&mut before, "甲01表31行", wan("?"));
        assert_eq!(prior_of_cell(Some(&before), &now, cell), wan("350.38"));
        // Nobody gives it: unknown, not blank; and a blank that was published stays blank.
        assert_eq!(prior_of_cell(Some(&before), &disclosure(), cell), Figure::Unknown);
        assert_eq!(prior_of_cell(None, &disclosure(), cell), Figure::Unknown);
        fill(&mut before, "甲01表31行", Figure::Blank);
        assert_eq!(prior_of_cell(Some(&before), &now, cell), Figure::Blank);
        fill(&mut before, "甲01表31行", wan("350.00"));
        assert_eq!(prior_of_cell(Some(&before), &now, cell), wan("350.00"));
    }
}
