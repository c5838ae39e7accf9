//! A standard against a measurement: whether it is reached, and whether so few images can tell. By
//! whole numbers. Clauses: train-4.2, class-4.2.

use num_bigint::BigUint;
use serde::{Deserialize, Serialize};
use units::{Fraction, Percent, Ratio, Wilson, wilson};

use crate::evaluate::{ClassFigures, Evaluation};

/// A measure that a standard can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wanted {
    /// Images classified right, of all.
    Accuracy,
    /// Mean recall over classes.
    MacroRecall,
    /// Mean F1 over classes.
    MacroF1,
}

/// Whether a standard is met on a sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It is reached, and the interval lies above it.
    Met,
    /// It is not reached, and the interval lies below it.
    NotMet,
    /// It is reached or not by chance: the interval has it within.
    Undecidable,
}

/// A standard against a measurement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gate {
    /// Whether the observed figure reaches the threshold, which is what a contract asks.
    pub reached: bool,
    /// What the sample can tell about images that were not judged; for the accuracy alone.
    pub verdict: Option<Verdict>,
    /// For how many images the interval would be clear of the threshold at the same accuracy.
    pub needed: Option<u64>,
}

/// Compares a measurement with a threshold. The accuracy is compared by counts; means over classes
/// as the fractions that they are.
#[must_use]
pub fn gate(evaluation: &Evaluation, wanted: Wanted, threshold: Percent) -> Gate {
    let over_classes = |of: &dyn Fn(&ClassFigures) -> Ratio| {
        let seen = evaluation.classes.iter().filter(|class| class.support + class.predicted > 0);
        let mean = mean(&seen.map(of).collect::<Vec<_>>());
        mean.is_some_and(|mean| mean >= threshold.share())
    };
    match wanted {
        Wanted::Accuracy => {
            let ratio = Ratio::new(evaluation.hits, evaluation.images);
            let (verdict, needed) = certain(evaluation, threshold);
            Gate { reached: ratio.reaches(threshold), verdict, needed }
        }
        Wanted::MacroRecall => {
            let reached = over_classes(&|class| Ratio::new(class.hits, class.support));
            Gate { reached, verdict: None, needed: None }
        }
        Wanted::MacroF1 => {
            let reached =
                over_classes(&|class| Ratio::new(2 * class.hits, class.support + class.predicted));
            Gate { reached, verdict: None, needed: None }
        }
    }
}

/// Decimal places of a mean that has no fraction of 128 bits.
const PLACES: u32 = 18;

/// The mean of ratios, one of nothing counting as zero: exact where 128 bits hold it, else rounded
/// down to eighteen places, so that no threshold with fewer is reached by rounding. `None` of no
/// ratios.
#[must_use]
pub fn mean(ratios: &[Ratio]) -> Option<Fraction> {
    let count = i128::try_from(ratios.len()).ok().filter(|count| *count > 0)?;
    let shares = ratios.iter().map(|ratio| ratio.value().unwrap_or(Fraction::ZERO));
    let sum = shares.clone().try_fold(Fraction::ZERO, Fraction::checked_add);
    if let Some(mean) = sum.and_then(|sum| sum.checked_div(Fraction::whole(count))) {
        return Some(mean);
    }
    let den = |share: Fraction| BigUint::from(share.den().unsigned_abs());
    let common: BigUint = shares.clone().map(den).product();
    let sum: BigUint = shares.map(|share| &common / den(share) * share.num().unsigned_abs()).sum();
    let scale = 10_i128.pow(PLACES);
    let scaled = sum * scale.unsigned_abs() / (common * count.unsigned_abs());
    let scaled = i128::try_from(u128::try_from(scaled).ok()?).ok()?;
    Some(Fraction::new(scaled, scale))
}

fn certain(evaluation: &Evaluation, threshold: Percent) -> (Option<Verdict>, Option<u64>) {
    const MILLION: u64 = 1_000_000;
    let Some((lower, upper)) = evaluation.accuracy_interval else { return (None, None) };
    let verdict = if Ratio::new(lower, MILLION).reaches(threshold) {
        Verdict::Met
    } else if Ratio::new(upper, MILLION).reaches(threshold) {
        Verdict::Undecidable
    } else {
        Verdict::NotMet
    };
    let more = (verdict == Verdict::Undecidable)
        .then(|| needed(evaluation.hits, evaluation.images, threshold))
        .flatten();
    (Some(verdict), more)
}

/// What so many images can tell about a threshold: the least hits whose interval lies above it.
/// Nothing where even all right would not show it.
#[must_use]
pub fn least_hits(images: u64, threshold: Percent) -> Option<u64> {
    let shows = |hits: u64| {
        let bounds = wilson(hits, images);
        bounds.is_some_and(|bounds| Ratio::new(bounds.lower, 1_000_000).reaches(threshold))
    };
    let (mut low, mut high) = (0, images);
    if !shows(high) {
        return None;
    }
    while low < high {
        let middle = low + (high - low) / 2;
        if shows(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    Some(high)
}

/// For how many images the 95 % interval would be clear of the threshold, were the share of hits
/// the same; nothing where the share equals the threshold, or a billion would not be enough.
#[must_use]
pub fn needed(hits: u64, images: u64, threshold: Percent) -> Option<u64> {
    const MILLION: u64 = 1_000_000;
    let clear = |count: u64| {
        let scaled = u128::from(hits) * u128::from(count) / u128::from(images.max(1));
        let scaled = u64::try_from(scaled).unwrap_or(u64::MAX);
        wilson(scaled, count).is_some_and(|Wilson { lower, upper }| {
            Ratio::new(lower, MILLION).reaches(threshold)
                || !Ratio::new(upper, MILLION).reaches(threshold)
        })
    };
    let (mut low, mut high) = (images.max(1), 1_000_000_000);
    if !clear(high) {
        return None;
    }
    while low < high {
        let middle = low + (high - low) / 2;
        if clear(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    Some(high)
}
