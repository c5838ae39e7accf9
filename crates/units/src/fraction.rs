//! Exact fractions: GPU-hours, GB-months, shares and mean values before the one rounding.

use core::cmp::Ordering;
use core::fmt;
use core::ops::{Add, Mul, Neg, Sub};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::rounding::RoundingMode;

/// An exact fraction in lowest terms with a positive denominator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "RawFraction", into = "RawFraction")]
pub struct Fraction {
    num: i128,
    den: i128,
}

/// The written form; numbers as text, since JSON readers lose precision above 2^53.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RawFraction {
    num: alloc::string::String,
    den: alloc::string::String,
}

impl Fraction {
    /// Zero.
    pub const ZERO: Self = Self { num: 0, den: 1 };

    /// `num / den` in lowest terms.
    ///
    /// # Panics
    /// When `den` is zero.
    #[must_use]
    pub fn new(num: i128, den: i128) -> Self {
        assert!(den != 0, "a fraction's denominator is never zero");
        let divisor = gcd(num.unsigned_abs(), den.unsigned_abs());
        let divisor = i128::try_from(divisor).expect("a divisor is at most its operands");
        let sign = if den < 0 { -1 } else { 1 };
        Self { num: sign * num / divisor, den: sign * den / divisor }
    }

    /// A whole number.
    #[must_use]
    pub const fn whole(value: i128) -> Self {
        Self { num: value, den: 1 }
    }

    /// The numerator in lowest terms.
    #[must_use]
    pub const fn num(self) -> i128 {
        self.num
    }

    /// The denominator in lowest terms, positive.
    #[must_use]
    pub const fn den(self) -> i128 {
        self.den
    }

    /// Whether the value is zero.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.num == 0
    }

    /// The integer that `mode` makes of `self * 10^scale`.
    #[must_use]
    pub fn scaled(self, scale: u8, mode: RoundingMode) -> i128 {
        let (num, den) = reduce(self.num, 10_i128.pow(u32::from(scale)), self.den);
        mode.divide(num, den)
    }

    /// The value as a decimal with `scale` places.
    #[must_use]
    pub fn to_decimal(self, scale: u8, mode: RoundingMode) -> crate::Decimal {
        crate::Decimal::new(self.scaled(scale, mode), scale)
    }

    /// The integer that `mode` makes of `self * 10^scale`; `None` when out of range.
    #[must_use]
    pub fn checked_scaled(self, scale: u8, mode: RoundingMode) -> Option<i128> {
        let power = 10_i128.checked_pow(u32::from(scale))?;
        let scaled = self.checked_mul(Self::whole(power))?;
        Some(mode.divide(scaled.num, scaled.den))
    }

    /// The sum; `None` when out of range.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let divisor = gcd(self.den.unsigned_abs(), other.den.unsigned_abs());
        let divisor = i128::try_from(divisor).ok()?;
        let left = other.den / divisor;
        let right = self.den / divisor;
        let num = self.num.checked_mul(left)?.checked_add(other.num.checked_mul(right)?)?;
        let den = self.den.checked_mul(left)?;
        (num != i128::MIN).then(|| Self::new(num, den))
    }

    /// The product; `None` when out of range.
    #[must_use]
    pub fn checked_mul(self, other: Self) -> Option<Self> {
        let left = Self::new(self.num, other.den);
        let right = Self::new(other.num, self.den);
        let num = left.num.checked_mul(right.num).filter(|num| *num != i128::MIN)?;
        Some(Self { num, den: left.den.checked_mul(right.den)? })
    }

    /// `self / other`; `None` when `other` is zero.
    #[must_use]
    pub fn checked_div(self, other: Self) -> Option<Self> {
        (!other.is_zero()).then(|| self * Self::new(other.den, other.num))
    }
}

impl Add for Fraction {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        if self.den == other.den {
            return Self::new(self.num + other.num, self.den);
        }
        let divisor = gcd(self.den.unsigned_abs(), other.den.unsigned_abs());
        let divisor = i128::try_from(divisor).expect("a divisor is at most its operands");
        let left = other.den / divisor;
        let right = self.den / divisor;
        Self::new(self.num * left + other.num * right, self.den * left)
    }
}

impl Sub for Fraction {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl Neg for Fraction {
    type Output = Self;
    fn neg(self) -> Self {
        Self { num: -self.num, den: self.den }
    }
}

impl Mul for Fraction {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        let left = Self::new(self.num, other.den);
        let right = Self::new(other.num, self.den);
        Self { num: left.num * right.num, den: left.den * right.den }
    }
}

impl core::iter::Sum for Fraction {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::ZERO, Add::add)
    }
}

impl PartialOrd for Fraction {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Fraction {
    /// Compares by continued fractions, so that no product can overflow.
    fn cmp(&self, other: &Self) -> Ordering {
        let (mut a, mut b, mut c, mut d) = (self.num, self.den, other.num, other.den);
        let mut flipped = false;
        loop {
            let (left, right) = (a.div_euclid(b), c.div_euclid(d));
            let order = if left != right {
                left.cmp(&right)
            } else {
                let (rest_left, rest_right) = (a.rem_euclid(b), c.rem_euclid(d));
                match (rest_left == 0, rest_right == 0) {
                    (true, true) => Ordering::Equal,
                    (true, false) => Ordering::Less,
                    (false, true) => Ordering::Greater,
                    (false, false) => {
                        (a, b, c, d) = (b, rest_left, d, rest_right);
                        flipped = !flipped;
                        continue;
                    }
                }
            };
            return if flipped { order.reverse() } else { order };
        }
    }
}

impl fmt::Display for Fraction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.den == 1 {
            write!(f, "{}", self.num)
        } else {
            write!(f, "{}/{}", self.num, self.den)
        }
    }
}

impl From<Fraction> for RawFraction {
    fn from(value: Fraction) -> Self {
        use alloc::string::ToString;
        Self { num: value.num.to_string(), den: value.den.to_string() }
    }
}

impl TryFrom<RawFraction> for Fraction {
    type Error = &'static str;
    fn try_from(raw: RawFraction) -> Result<Self, Self::Error> {
        let num: i128 = raw.num.parse().map_err(|_| "numerator is not an integer")?;
        let den: i128 = raw.den.parse().map_err(|_| "denominator is not an integer")?;
        if den <= 0 {
            return Err("denominator is not positive");
        }
        Ok(Self::new(num, den))
    }
}

/// `a * b / c` reduced before the product is formed.
fn reduce(a: i128, b: i128, c: i128) -> (i128, i128) {
    let right = Fraction::new(b, c);
    let left = Fraction::new(a, right.den);
    (left.num * right.num, left.den)
}

fn gcd(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arithmetic_is_exact_and_in_lowest_terms() {
        let third = Fraction::new(1, 3);
        let sixth = Fraction::new(-2, -12);
        assert_eq!(third + sixth, Fraction::new(1, 2));
        assert_eq!(third - sixth, Fraction::new(1, 6));
        assert_eq!(third * sixth, Fraction::new(1, 18));
        assert_eq!(third.checked_div(Fraction::ZERO), None);
        assert_eq!(third.checked_div(sixth), Some(Fraction::whole(2)));
    }

    #[test]
    fn checked_arithmetic_agrees_and_refuses_what_is_out_of_range() {
        let (third, sixth) = (Fraction::new(1, 3), Fraction::new(1, 6));
        assert_eq!(third.checked_add(sixth), Some(third + sixth));
        assert_eq!(third.checked_mul(sixth), Some(third * sixth));
        assert_eq!(third.checked_scaled(2, RoundingMode::HalfUp), Some(33));
        let huge = Fraction::whole(i128::MAX);
        assert_eq!(huge.checked_add(Fraction::whole(1)), None);
        assert_eq!(huge.checked_mul(Fraction::whole(2)), None);
        assert_eq!(huge.checked_mul(Fraction::new(1, i128::MAX)), Some(Fraction::whole(1)));
        assert_eq!(huge.checked_scaled(2, RoundingMode::HalfUp), None);
        assert_eq!(Fraction::new(1, i128::MAX).checked_add(Fraction::new(1, 2)), None);
    }

    #[test]
    fn order_agrees_with_cross_products() {
        for a in -6..6 {
            for b in 1..5 {
                for c in -6..6 {
                    for d in 1..5 {
                        let want = (a * d).cmp(&(c * b));
                        assert_eq!(Fraction::new(a, b).cmp(&Fraction::new(c, d)), want);
                    }
                }
            }
        }
    }
}
