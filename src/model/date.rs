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

    /// The date this many days after 1 January 1970; `None` outside the years 1 to 9999, which
    /// no document writes.
    pub fn from_unix_days(days: i64) -> Option<Self> {
        // Days and years of the calendar that begins on 1 March of year 0, in eras of 400 years.
        let days = days.checked_add(719_468)?;
        let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month = (5 * day_of_year + 2) / 153;
        let day = u8::try_from(day_of_year - (153 * month + 2) / 5 + 1).ok()?;
        let year = year_of_era + era * 400 + i64::from(month >= 10);
        let month = u8::try_from(if month < 10 { month + 3 } else { month - 9 }).ok()?;
        let year = i32::try_from(year).ok().filter(|year| (1..=9999).contains(year))?;
        Some(Self { year, month, day })
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
    fn days_since_1970_are_dates() {
        let text = |days| Date::from_unix_days(days).map(|date| date.to_string());
        let known = [(0, "1970-01-01"), (-1, "1969-12-31"), (11_016, "2000-02-29"), (20_038, "2024-11-11")];
        for (days, date) in known {
            assert_eq!(text(days).as_deref(), Some(date));
        }
        let first = Date::parse("1970-01-01").unwrap().day_number();
        for days in -30_000..60_000 {
            let date = Date::from_unix_days(days).unwrap();
            assert_eq!((date.day_number() - first, Date::parse(&date.to_string())), (days, Some(date)));
        }
        assert_eq!((text(i64::MAX), text(i64::MIN), text(4_000_000)), (None, None, None));
    }

    #[test]
    fn the_distance_between_dates_is_in_days() {
        let day = |text| Date::parse(text).unwrap().day_number();
        assert_eq!(day("2024-03-01") - day("2024-02-28"), 2);
        assert_eq!(day("2024-11-11") - day("2023-11-11"), 366);
    }
}
