//! The four rules by which a sample decides on a delivery, with their workings, and the operating
//! characteristic that shows what a rule lets pass. Serves anno-3.6 and anno-4.1.1.
//!
//! Every decision is exact: integers against integers, binomial tails as whole numbers of any
//! size. The chances that are displayed are rounded down, never used to decide.

use num_bigint::BigUint;
use serde::Serialize;
use units::{Decimal, Fraction, Percent, Ratio, Verdict};

use crate::exact::{Chance, MOST_TRIALS, lower_tail, lower_tail_at_most};
use crate::lot_plan::LotPlan;

/// A decision with what it rests on. Absent parts do not belong to the rule.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Decision {
    /// `met` accepts, `not_met` rejects, `undecidable` leaves it open.
    pub verdict: Verdict,
    /// Conforming items of inspected items.
    pub observed: Ratio,
    /// Items that the rule wants inspected.
    pub sample: u64,
    /// Most nonconforming items with which the rule accepts; absent where none are few enough.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accept: Option<u64>,
    /// The share that is required.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub required: Option<Percent>,
    /// The lower confidence bound on the share, rounded down to `10^-4` (to `10^-6` for samples up
    /// to 2,000).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lower_bound: Option<Decimal>,
}

/// Why a rule cannot be applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AcceptanceError {
    /// A share or confidence that is not strictly between 0 % and 100 %, or finer than a billionth.
    #[error("{share} is not a share between 0% and 100%")]
    Share {
        /// The share.
        share: Percent,
    },
    /// More items than exact tails are computed for.
    #[error("a sample of {sample} is above the limit of {limit}")]
    SampleTooLarge {
        /// The sample.
        sample: u64,
        /// The limit.
        limit: u64,
    },
    /// More hits than items.
    #[error("{hits} of {total} is no share")]
    NotAShare {
        /// Hits.
        hits: u64,
        /// Items.
        total: u64,
    },
    /// Limiting quality ratio levels run from 0 to 3.
    #[error("limiting quality ratio level {level} is not 0 to 3")]
    Level {
        /// The level.
        level: u8,
    },
}

/// Rule (i): the observed share on the inspected sample reaches the required one. A sample smaller
/// than agreed leaves the rule undecidable.
///
/// # Errors
/// When there are more hits than items.
pub fn observed_share(
    observed: Ratio,
    sample: u64,
    required: Percent,
) -> Result<Decision, AcceptanceError> {
    check_ratio(observed)?;
    let verdict = decided(observed, sample, || observed.reaches(required));
    let share = required.share();
    let accept = Chance::new(share).map(|_| {
        let needed =
            units::RoundingMode::Ceiling.divide(i128::from(sample) * share.num(), share.den());
        sample - u64::try_from(needed).unwrap_or(sample).min(sample)
    });
    Ok(Decision { verdict, observed, sample, accept, required: Some(required), lower_bound: None })
}

/// Rule (ii): the one-sided Clopper-Pearson lower bound at `confidence` reaches the required share.
/// That is so exactly when, were the true share the required one, the chance of so many hits or
/// more would be at most `1 - confidence`.
///
/// # Errors
/// When a share is out of range or the sample too large.
pub fn lower_bound(
    observed: Ratio,
    sample: u64,
    required: Percent,
    confidence: Percent,
) -> Result<Decision, AcceptanceError> {
    check_ratio(observed)?;
    let errors_at = inner_chance(required)?.complement();
    let risk = inner_chance(confidence)?.complement();
    check_size(observed.total.max(sample))?;
    let bad = observed.total - observed.hits;
    let verdict =
        decided(observed, sample, || lower_tail_at_most(observed.total, bad, errors_at, risk));
    let accept = most_errors(sample, errors_at, risk);
    let lower_bound = (observed.total > 0).then(|| bound_text(observed, risk));
    let required = Some(required);
    Ok(Decision { verdict, observed, sample, accept, required, lower_bound })
}

/// Rule (iii): a plan of GB/T 2828.1 accepts with at most its acceptance number nonconforming.
///
/// # Errors
/// When there are more hits than items.
pub fn lot_decision(observed: Ratio, plan: &LotPlan) -> Result<Decision, AcceptanceError> {
    check_ratio(observed)?;
    Ok(counted(observed, plan.sample, plan.accept))
}

/// A plan of GB/T 2828.4 (ISO 2859-4) for a declared quality level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct DeclaredPlan {
    /// Items to inspect.
    pub sample: u64,
    /// Most nonconforming items that do not contradict the declaration.
    pub limit: u64,
    /// Whether the sample is the whole lot.
    pub whole_lot: bool,
}

/// Rule (iv): the plan for a declared quality level (percent nonconforming) and a limiting quality
/// ratio level.
///
/// Levels 0, 1, 2, 3 have the limits 0, 1, 3, 6. The sample is the largest for which a declaration
/// that is true to the letter is contradicted with a chance of at most 5 %, computed exactly here.
/// Quality worse than the declared level by a ratio of about 45, 11, 5 and 3.2 then passes with a
/// chance of about 10 %. The standard prints sample sizes for a series of declared levels; this
/// keeps its stated risks for every declared level, and a printed size may be a little smaller.
/// A lot smaller than the sample is inspected whole: it contradicts the declaration when its own
/// share of nonconforming items is above the declared level.
///
/// # Errors
/// When the declared level or the ratio level is out of range.
pub fn declared_plan(lot: u64, dql: Percent, level: u8) -> Result<DeclaredPlan, AcceptanceError> {
    let limits = [0_u64, 1, 3, 6];
    let limit = *limits.get(usize::from(level)).ok_or(AcceptanceError::Level { level })?;
    let chance = inner_chance(dql)?;
    // P(at most L bad | n) >= 95 % is P(at least n - L good) >= 95 %; in tails from below,
    // "not (P(at most L) < 95 %)".
    let holds = |sample: u64| sample <= limit || at_least(sample, limit, chance);
    let (mut low, mut high) = (limit, limit + 1);
    while high < lot && holds(high) {
        low = high;
        high = (high * 2).min(lot);
    }
    if high >= lot && lot <= MOST_TRIALS && holds(lot) {
        let share = dql.share();
        let own = i128::from(lot) * share.num() / share.den();
        let limit = u64::try_from(own).unwrap_or_default();
        return Ok(DeclaredPlan { sample: lot, limit, whole_lot: true });
    }
    check_size(high)?;
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if holds(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    Ok(DeclaredPlan { sample: low, limit, whole_lot: false })
}

/// Decides by a plan for a declared quality. `met` means that the sample does not contradict the
/// declaration, which is less than proof of it.
///
/// # Errors
/// When there are more hits than items.
pub fn declared_decision(
    observed: Ratio,
    plan: &DeclaredPlan,
) -> Result<Decision, AcceptanceError> {
    check_ratio(observed)?;
    Ok(counted(observed, plan.sample, plan.limit))
}

/// A point of the operating characteristic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct OperatingPoint {
    /// True share of nonconforming items.
    pub nonconforming: Percent,
    /// The chance that the plan accepts, rounded down to six places.
    pub accepted: Decimal,
}

/// The chance that a plan `(sample, accept)` accepts at each true share of nonconforming items,
/// from the binomial distribution (a large lot).
///
/// # Errors
/// When a share is out of range or the sample too large.
pub fn operating_characteristic(
    sample: u64,
    accept: u64,
    qualities: &[Percent],
) -> Result<Vec<OperatingPoint>, AcceptanceError> {
    check_size(sample)?;
    let point = |&nonconforming: &Percent| {
        let chance = Chance::new(nonconforming.share())
            .ok_or(AcceptanceError::Share { share: nonconforming })?;
        let millionths = small(&lower_tail(sample, accept, chance, 6));
        Ok(OperatingPoint { nonconforming, accepted: Decimal::new(millionths, 6) })
    };
    qualities.iter().map(point).collect()
}

/// The verdict, or undecidable while fewer items were inspected than the rule wants.
fn decided(observed: Ratio, sample: u64, rule: impl FnOnce() -> bool) -> Verdict {
    if observed.total < sample || observed.total == 0 {
        Verdict::Undecidable
    } else if rule() {
        Verdict::Met
    } else {
        Verdict::NotMet
    }
}

/// A plan with an acceptance number: too many nonconforming items reject even before the sample is
/// complete; accepting takes the whole sample.
fn counted(observed: Ratio, sample: u64, accept: u64) -> Decision {
    let bad = observed.total - observed.hits;
    let verdict = if bad > accept { Verdict::NotMet } else { decided(observed, sample, || true) };
    let accept = Some(accept);
    Decision { verdict, observed, sample, accept, required: None, lower_bound: None }
}

fn check_ratio(observed: Ratio) -> Result<(), AcceptanceError> {
    let Ratio { hits, total } = observed;
    if hits > total { Err(AcceptanceError::NotAShare { hits, total }) } else { Ok(()) }
}

fn check_size(sample: u64) -> Result<(), AcceptanceError> {
    if sample > MOST_TRIALS {
        return Err(AcceptanceError::SampleTooLarge { sample, limit: MOST_TRIALS });
    }
    Ok(())
}

/// A share strictly between 0 and 1.
fn inner_chance(share: Percent) -> Result<Chance, AcceptanceError> {
    let value = share.share();
    let inside = value > Fraction::ZERO && value < Fraction::whole(1);
    Chance::new(value).filter(|_| inside).ok_or(AcceptanceError::Share { share })
}

/// The most errors in `sample` with which the bound still reaches the required share.
fn most_errors(sample: u64, errors_at: Chance, risk: Chance) -> Option<u64> {
    let holds = |errors: u64| lower_tail_at_most(sample, errors, errors_at, risk);
    if sample == 0 || !holds(0) {
        return None;
    }
    let (mut low, mut high) = (0, sample);
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if holds(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(low)
}

/// The largest share, in steps of the last place shown, that the bound reaches.
fn bound_text(observed: Ratio, risk: Chance) -> Decimal {
    let (scale, steps) = if observed.total <= 2_000 { (6, 1_000_000) } else { (4, 10_000) };
    let bad = observed.total - observed.hits;
    let reaches = |step: u64| {
        let errors = Chance::new(Fraction::new(i128::from(steps - step), i128::from(steps)));
        step == 0 || errors.is_some_and(|at| lower_tail_at_most(observed.total, bad, at, risk))
    };
    let (mut low, mut high) = (0, steps);
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if reaches(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    Decimal::new(i128::from(low), scale)
}

/// Whether at most `limit` of `sample` items are bad with a chance of at least 95 %.
fn at_least(sample: u64, limit: u64, chance: Chance) -> bool {
    // The complement "at least limit + 1 bad" is "at most sample - limit - 1 good".
    let five = Chance::new(Fraction::new(1, 20)).expect("one twentieth is a chance");
    lower_tail_at_most(sample, sample - limit - 1, chance.complement(), five)
}

fn small(value: &BigUint) -> i128 {
    i128::try_from(value).expect("a share in millionths fits")
}
