//! Counted ratios: 9,312 right of 10,000. Compared with a threshold by integers alone.

use core::cmp::Ordering;

use num_bigint::BigUint;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::fraction::Fraction;
use crate::percent::Percent;

/// Decimal places of a mean that has no fraction of 128 bits.
const PLACES: u32 = 18;

/// `hits` of `total`. A total of zero has no value and reaches no threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ratio {
    /// How many counted.
    pub hits: u64,
    /// How many there were.
    pub total: u64,
}

impl Ratio {
    /// `hits` of `total`.
    #[must_use]
    pub const fn new(hits: u64, total: u64) -> Self {
        Self { hits, total }
    }

    /// The exact value; `None` when nothing was counted.
    #[must_use]
    pub fn value(self) -> Option<Fraction> {
        (self.total != 0).then(|| Fraction::new(i128::from(self.hits), i128::from(self.total)))
    }

    /// The mean of ratios, one of nothing counting as zero: exact where 128 bits hold it, else
    /// rounded down to eighteen places, so that no threshold with fewer is reached by rounding.
    /// `None` of no ratios.
    #[must_use]
    pub fn mean(ratios: &[Self]) -> Option<Fraction> {
        let count = i128::try_from(ratios.len()).ok().filter(|count| *count > 0)?;
        let shares = ratios.iter().map(|ratio| ratio.value().unwrap_or(Fraction::ZERO));
        let sum = shares.clone().try_fold(Fraction::ZERO, Fraction::checked_add);
        if let Some(mean) = sum.and_then(|sum| sum.checked_div(Fraction::whole(count))) {
            return Some(mean);
        }
        let den = |share: Fraction| BigUint::from(share.den().unsigned_abs());
        let common: BigUint = shares.clone().map(den).product();
        let sum: BigUint =
            shares.map(|share| &common / den(share) * share.num().unsigned_abs()).sum();
        let scale = 10_i128.pow(PLACES);
        let scaled = sum * scale.unsigned_abs() / (common * count.unsigned_abs());
        let scaled = i128::try_from(u128::try_from(scaled).ok()?).ok()?;
        Some(Fraction::new(scaled, scale))
    }

    /// Compares `hits / total` with a percentage by cross-multiplication; `None` when nothing was
    /// counted.
    #[must_use]
    pub fn compare(self, threshold: Percent) -> Option<Ordering> {
        self.value().map(|value| value.cmp(&threshold.share()))
    }

    /// Whether `hits / total >= threshold`. False when nothing was counted.
    #[must_use]
    pub fn reaches(self, threshold: Percent) -> bool {
        matches!(self.compare(threshold), Some(Ordering::Equal | Ordering::Greater))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Decimal;

    #[test]
    fn ninety_percent_is_reached_exactly_or_not_at_all() {
        let ninety = Percent::new(Decimal::from(90));
        assert!(Ratio::new(90, 100).reaches(ninety));
        assert!(!Ratio::new(89, 99).reaches(ninety));
        assert!(Ratio::new(900_000_000_000_000_000, 1_000_000_000_000_000_000).reaches(ninety));
        assert!(!Ratio::new(0, 0).reaches(ninety));
    }

    #[test]
    fn thirds_make_a_whole() {
        let thirds = [Ratio::new(1, 3), Ratio::new(2, 3), Ratio::new(3, 6)];
        assert_eq!(Ratio::mean(&thirds), Some(Fraction::new(1, 2)));
        let with_nothing = [Ratio::new(1, 1), Ratio::new(0, 0)];
        assert_eq!(Ratio::mean(&with_nothing), Some(Fraction::new(1, 2)));
        assert_eq!(Ratio::mean(&[]), None);
    }

    #[test]
    fn a_mean_that_128_bits_do_not_hold_is_rounded_down() {
        // The denominators are primes, so that no 128 bits hold the sum.
        let primes = [
            1009, 1013, 1019, 1021, 1031, 1033, 1039, 1049, 1051, 1061, 1063, 1069, 1087, 1091,
            1093, 1097, 1103, 1109, 1117, 1123,
        ];
        let ratios = primes.map(|prime| Ratio::new(prime - 1, prime));
        let value = Ratio::mean(&ratios).expect("a mean");
        let near = primes.iter().map(|&prime| 1.0 - 1.0 / prime as f64).sum::<f64>() / 20.0;
        assert_eq!(1_000_000_000_000_000_000 % value.den(), 0);
        let value = value.num() as f64 / value.den() as f64;
        assert!((value - near).abs() < 1e-15 && value < 1.0, "{value} {near}");
    }
}
