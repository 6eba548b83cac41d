//! The date of the run, for exceptions that end: the only place that looks at the clock.
//!
//! `SOURCE_DATE_EPOCH` (seconds since 1970, as reproducible builds set it) comes before the
//! clock. Dates are those of Beijing, UTC+8. The date makes findings only, never a page.

use std::ffi::OsString;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::model::date::Date;

/// Why there is no date.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("环境变量 SOURCE_DATE_EPOCH 应当是 1970 年以来的秒数，现在是“{0}”")]
pub(super) struct BadEpoch(String);

/// Today in Beijing.
pub(super) fn today() -> Result<Date, BadEpoch> {
    if let Some(epoch) = std::env::var_os("SOURCE_DATE_EPOCH") {
        return of_epoch(&epoch);
    }
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    in_beijing(i64::try_from(since).unwrap_or(i64::MAX)).ok_or_else(|| BadEpoch(since.to_string()))
}

fn of_epoch(epoch: &OsString) -> Result<Date, BadEpoch> {
    let text = epoch.to_string_lossy();
    text.parse().ok().and_then(in_beijing).ok_or_else(|| BadEpoch(text.into_owned()))
}

fn in_beijing(seconds: i64) -> Option<Date> {
    Date::from_unix_days(seconds.checked_add(8 * 3600)?.div_euclid(24 * 3600))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_begins_at_midnight_in_beijing() {
        let date = |text: &str| of_epoch(&text.into()).unwrap().to_string();
        assert_eq!(date("1731254399"), "2024-11-10");
        assert_eq!(date("1731254400"), "2024-11-11");
    }

    #[test]
    fn an_epoch_that_is_no_number_of_seconds_is_refused() {
        for text in ["", "2024-11-11", "99999999999999999999"] {
            assert_eq!(of_epoch(&text.into()), Err(BadEpoch(text.to_owned())));
        }
    }
}
