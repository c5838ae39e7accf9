//! Percentages as exact decimals; `99.9` means 99.9 %.

use alloc::format;
use core::fmt;
use core::str::FromStr;

use crate::decimal::{Decimal, DecimalError};
use crate::fraction::Fraction;

/// A percentage. `Percent::new(99.9)` is the share 0.999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Percent(Decimal);

impl Percent {
    /// From percentage points.
    #[must_use]
    pub const fn new(points: Decimal) -> Self {
        Self(points)
    }

    /// The percentage points.
    #[must_use]
    pub const fn points(self) -> Decimal {
        self.0
    }

    /// The share of one, exactly.
    #[must_use]
    pub fn share(self) -> Fraction {
        Fraction::new(self.0.mantissa(), self.0.denominator() * 100)
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}%", self.0))
    }
}

impl FromStr for Percent {
    type Err = DecimalError;

    /// Reads `99.9%`, `99.9 %` or `0.5‰` (0.05 %). The sign is required: a bare number is refused
    /// so that nobody mistakes 0.9 for 90 %.
    fn from_str(text: &str) -> Result<Self, DecimalError> {
        if let Some(points) = text.strip_suffix('%').or_else(|| text.strip_suffix('％')) {
            return Ok(Self(points.trim_end().parse()?));
        }
        if let Some(mille) = text.strip_suffix('‰') {
            let value: Decimal = mille.trim_end().parse()?;
            if value.scale() >= Decimal::MAX_SCALE {
                return Err(DecimalError::TooLong);
            }
            return Ok(Self(Decimal::new(value.mantissa(), value.scale() + 1)));
        }
        Err(DecimalError::Malformed)
    }
}

crate::id::serde_as_text!(
    Percent,
    "A percentage written as text with its sign, such as \"99.9%\"."
);

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn the_sign_is_part_of_a_percentage() {
        assert_eq!("99.9%".parse::<Percent>().expect("percent").share(), Fraction::new(999, 1000));
        assert_eq!("0.5‰".parse::<Percent>().expect("per mille"), "0.05%".parse().expect("same"));
        assert_eq!("0.9".parse::<Percent>(), Err(DecimalError::Malformed));
        assert_eq!("90%".parse::<Percent>().expect("percent").to_string(), "90%");
    }
}
