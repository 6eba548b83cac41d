//! A calendar date, as sources write it: `2024-11-11`.

use std::fmt;

/// A valid date of the Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: i32,
    month: u8,
    day: u8,
}

impl Date {
    /// The date written as `YYYY-MM-DD`, if it exists.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        let shape = year.len() == 4 && month.len() == 2 && day.len() == 2 && parts.next().is_none();
        let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if !(shape && digits(year) && digits(month) && digits(day)) {
            return None;
        }
        let date = Self { year: year.parse().ok()?, month: month.parse().ok()?, day: day.parse().ok()? };
        let valid = (1..=12).contains(&date.month) && (1..=days_in(date.year, date.month)).contains(&date.day);
        valid.then_some(date)
    }

    /// The calendar year.
    pub const fn year(self) -> i32 {
        self.year
    }

    /// The date as documents print it: `2024年11月11日`.
    pub fn chinese(self) -> String {
        format!("{}年{}月{}日", self.year, self.month, self.day)
    }

    /// Days since 1 March of year 0, for differences between dates.
    pub fn day_number(self) -> i64 {
        let (year, month) = (i64::from(self.year), i64::from(self.month));
        let (y, m) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
        365 * y + y.div_euclid(4) - y.div_euclid(100) + y.div_euclid(400) + (m * 306 + 5) / 10 + i64::from(self.day) - 1
    }
}

const fn days_in(year: i32, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_that_do_not_exist_are_refused() {
        assert!(Date::parse("2024-02-29").is_some());
        assert!(Date::parse("2023-02-29").is_none());
        assert!(Date::parse("2024-1-1").is_none());
    }

    #[test]
    fn the_distance_between_dates_is_in_days() {
        let day = |text| Date::parse(text).unwrap().day_number();
        assert_eq!(day("2024-03-01") - day("2024-02-28"), 2);
        assert_eq!(day("2024-11-11") - day("2023-11-11"), 366);
    }
}
