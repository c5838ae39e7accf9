//! Counted ratios: 9,312 right of 10,000. Compared with a threshold by integers alone.

use core::cmp::Ordering;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::fraction::Fraction;
use crate::percent::Percent;

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
}
