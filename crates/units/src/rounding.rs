//! Rounding, always explicit: mode and scale come from the contract. One function rounds; every
//! other crate calls it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a value between two representable ones is resolved.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum RoundingMode {
    /// Half away from zero (四舍五入).
    HalfUp,
    /// Half to the even neighbour.
    HalfEven,
    /// Away from zero.
    Up,
    /// Towards zero (truncate).
    Down,
    /// Towards positive infinity.
    Ceiling,
    /// Towards negative infinity.
    Floor,
}

/// A rounding rule: the mode, and the number of decimal places kept.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(deny_unknown_fields)]
pub struct Rounding {
    /// How a tie or a remainder is resolved.
    pub mode: RoundingMode,
    /// Decimal places kept, 0 to 12.
    pub scale: u8,
}

impl RoundingMode {
    /// Divides `num` by `den` and rounds the quotient to an integer.
    ///
    /// # Panics
    /// When `den` is zero; callers hold a non-zero denominator by construction.
    #[must_use]
    pub fn divide(self, num: i128, den: i128) -> i128 {
        assert!(den != 0, "a fraction's denominator is never zero");
        let (num, den) = if den < 0 { (-num, -den) } else { (num, den) };
        let quotient = num.div_euclid(den);
        let remainder = num.rem_euclid(den);
        if remainder == 0 {
            return quotient;
        }
        let negative = num < 0;
        let up = match self {
            Self::Floor => false,
            Self::Ceiling => true,
            Self::Down => negative,
            Self::Up => !negative,
            Self::HalfUp => match remainder.cmp(&(den - remainder)) {
                core::cmp::Ordering::Less => false,
                core::cmp::Ordering::Greater => true,
                core::cmp::Ordering::Equal => !negative,
            },
            Self::HalfEven => match remainder.cmp(&(den - remainder)) {
                core::cmp::Ordering::Less => false,
                core::cmp::Ordering::Greater => true,
                core::cmp::Ordering::Equal => quotient % 2 != 0,
            },
        };
        if up { quotient + 1 } else { quotient }
    }
}

#[cfg(test)]
mod tests {
    use super::RoundingMode::{self, *};

    #[test]
    fn every_mode_on_both_signs() {
        fn check(mode: RoundingMode, rows: [(i128, i128); 6]) {
            for (num, want) in rows {
                assert_eq!(mode.divide(num, 10), want, "{mode:?} {num}/10");
            }
        }
        check(HalfUp, [(25, 3), (24, 2), (26, 3), (-25, -3), (-24, -2), (35, 4)]);
        check(HalfEven, [(25, 2), (24, 2), (26, 3), (-25, -2), (-35, -4), (35, 4)]);
        check(Up, [(21, 3), (20, 2), (29, 3), (-21, -3), (-20, -2), (1, 1)]);
        check(Down, [(21, 2), (20, 2), (29, 2), (-21, -2), (-29, -2), (9, 0)]);
        check(Ceiling, [(21, 3), (20, 2), (-21, -2), (-29, -2), (1, 1), (-1, 0)]);
        check(Floor, [(21, 2), (20, 2), (-21, -3), (-29, -3), (9, 0), (-1, -1)]);
    }
}
