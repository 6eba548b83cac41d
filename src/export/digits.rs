//! Numbers as text, digit by digit: most of what downloads hold is numbers, and the formatting of
//! the standard library shows in the time that a site takes.

use std::fmt::Write as _;

use crate::amount::Printed;

/// Appends a whole number.
pub fn push_whole(out: &mut String, number: u32) {
    push_padded(out, number.into(), 1);
}

/// Appends an amount as it is printed: `-0.01`, `373.97`.
pub fn push_printed(out: &mut String, printed: Printed) {
    let Ok(units) = u64::try_from(printed.last_units.unsigned_abs()) else {
        let _ = write!(out, "{printed}"); // writing to a String cannot fail
        return;
    };
    if printed.last_units < 0 {
        out.push('-');
    }
    push_padded(out, units / 100, 1);
    out.push('.');
    push_padded(out, units % 100, 2);
}

/// Appends a number with so many digits at least.
fn push_padded(out: &mut String, mut number: u64, least: usize) {
    let mut digits = [b'0'; 20];
    let mut from = digits.len();
    while number > 0 || digits.len() - from < least {
        from -= 1;
        digits[from] = b'0' + (number % 10) as u8;
        number /= 10;
    }
    // Digits are ASCII.
    out.push_str(std::str::from_utf8(&digits[from..]).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::amount::Scale;

    #[test]
    fn numbers_are_written_as_the_standard_library_writes_them() {
        for number in [0, 7, 10, 99, 100, 4_294_967_295] {
            let mut out = String::new();
            push_whole(&mut out, number);
            assert_eq!(out, number.to_string());
        }
        for last_units in [0, 1, -1, 10, 99, -100, 37_397, i128::from(u64::MAX), i128::from(u64::MAX) + 1, i128::MIN] {
            let printed = Printed { last_units, scale: Scale::Yuan };
            let mut out = String::new();
            push_printed(&mut out, printed);
            assert_eq!(out, printed.to_string());
        }
    }
}
