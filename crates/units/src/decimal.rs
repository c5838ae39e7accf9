//! Exact decimals for prices, rates and thresholds: an integer and a number of places.

use alloc::format;
use alloc::string::{String, ToString};
use core::cmp::Ordering;
use core::fmt;
use core::str::FromStr;

use crate::fraction::Fraction;

/// An exact decimal, `mantissa * 10^-scale`. Written as a string in every file, never as a float.
#[derive(Debug, Clone, Copy)]
pub struct Decimal {
    mantissa: i128,
    scale: u8,
}

/// Why a text is not a decimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecimalError {
    /// Not of the form `-12.34`.
    #[error("not a decimal number")]
    Malformed,
    /// More than 28 digits or more than 12 decimal places.
    #[error("more than 28 digits or 12 decimal places")]
    TooLong,
}

impl Decimal {
    /// Largest number of decimal places.
    pub const MAX_SCALE: u8 = 12;
    /// Zero.
    pub const ZERO: Self = Self { mantissa: 0, scale: 0 };
    /// One.
    pub const ONE: Self = Self { mantissa: 1, scale: 0 };

    /// `mantissa * 10^-scale`.
    ///
    /// # Panics
    /// When `scale` is above [`Self::MAX_SCALE`].
    #[must_use]
    pub const fn new(mantissa: i128, scale: u8) -> Self {
        assert!(scale <= Self::MAX_SCALE, "a decimal keeps at most 12 places");
        Self { mantissa, scale }
    }

    /// The integer that is scaled.
    #[must_use]
    pub const fn mantissa(self) -> i128 {
        self.mantissa
    }

    /// The number of decimal places.
    #[must_use]
    pub const fn scale(self) -> u8 {
        self.scale
    }

    /// 10 to the power of this decimal's scale.
    #[must_use]
    pub const fn denominator(self) -> i128 {
        10_i128.pow(self.scale as u32)
    }

    /// Whether the value is below zero.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.mantissa < 0
    }

    /// Whether the value is zero.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.mantissa == 0
    }

    /// The same value as an exact fraction.
    #[must_use]
    pub fn to_fraction(self) -> Fraction {
        Fraction::new(self.mantissa, self.denominator())
    }

    /// The same value without trailing zero places; the canonical written form.
    #[must_use]
    pub fn normalized(self) -> Self {
        let Self { mut mantissa, mut scale } = self;
        while scale > 0 && mantissa % 10 == 0 {
            mantissa /= 10;
            scale -= 1;
        }
        Self { mantissa, scale }
    }
}

impl From<i64> for Decimal {
    fn from(value: i64) -> Self {
        Self::new(i128::from(value), 0)
    }
}

impl FromStr for Decimal {
    type Err = DecimalError;

    fn from_str(text: &str) -> Result<Self, DecimalError> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, places) = match digits.split_once('.') {
            Some((whole, places)) if !places.is_empty() => (whole, places),
            Some(_) => return Err(DecimalError::Malformed),
            None => (digits, ""),
        };
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !all_digits(whole) || !all_digits(places) {
            return Err(DecimalError::Malformed);
        }
        if whole.len() > 1 && whole.starts_with('0') {
            return Err(DecimalError::Malformed);
        }
        if places.len() > usize::from(Self::MAX_SCALE) || whole.len() + places.len() > 28 {
            return Err(DecimalError::TooLong);
        }
        let mut mantissa: i128 = 0;
        for byte in whole.bytes().chain(places.bytes()) {
            mantissa = mantissa * 10 + i128::from(byte - b'0');
        }
        let scale = u8::try_from(places.len()).map_err(|_| DecimalError::TooLong)?;
        Ok(Self { mantissa: if negative { -mantissa } else { mantissa }, scale })
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.mantissa.unsigned_abs().to_string();
        let scale = usize::from(self.scale);
        let padded: String = format!("{digits:0>width$}", width = scale + 1);
        let (whole, places) = padded.split_at(padded.len() - scale);
        let sign = if self.mantissa < 0 { "-" } else { "" };
        let text =
            if scale == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{places}") };
        f.pad(&text)
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Decimal {}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        self.to_fraction().cmp(&other.to_fraction())
    }
}

crate::id::serde_as_text!(Decimal, "An exact decimal number written as text, such as \"0.05\".");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_to_decimal_to_text_is_the_identity() {
        for text in ["0", "1", "-1", "0.05", "12.340", "-0.5", "9999999999999999.999999999999"] {
            assert_eq!(text.parse::<Decimal>().expect(text).to_string(), text);
        }
    }

    #[test]
    fn malformed_text_is_refused() {
        for text in ["", "-", ".", "1.", ".5", "1e3", "+1", "01", "1 ", "１", "NaN", "1.2.3"] {
            assert_eq!(text.parse::<Decimal>(), Err(DecimalError::Malformed), "{text}");
        }
        assert_eq!("0.1234567890123".parse::<Decimal>(), Err(DecimalError::TooLong));
    }

    #[test]
    fn equal_values_are_equal_at_any_scale() {
        assert_eq!(Decimal::new(10, 1), Decimal::ONE);
        assert!(Decimal::new(999, 1) < Decimal::from(100));
    }
}
