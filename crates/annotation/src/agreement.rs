//! Agreement between people who labelled the same items: Cohen's kappa, Fleiss' kappa and
//! Krippendorff's alpha for nominal labels, with bootstrap intervals. Serves anno-3.6.
//!
//! Values are exact fractions. They are absent, and pass no threshold, where no disagreement was
//! to be expected (everything has one label). Intervals are for display: percentiles over units
//! drawn again with a seed, the same on every machine.

use std::collections::{BTreeMap, BTreeSet};

use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use serde::Serialize;
use units::Fraction;

use crate::draw::below;

/// The labels that one item got, one entry a person; `None` where a person did not label it.
pub type Ratings = Vec<Option<String>>;

/// Which coefficient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Coefficient {
    /// Cohen's kappa: exactly two people. Items that one of them left out are not counted.
    CohenKappa,
    /// Fleiss' kappa: the same number of labels on every item.
    FleissKappa,
    /// Krippendorff's alpha, nominal: any number of labels; items with fewer than two are not
    /// counted.
    KrippendorffAlpha,
}

/// A coefficient with its interval.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Agreement {
    /// Which coefficient.
    pub coefficient: Coefficient,
    /// Items that counted.
    pub units: u64,
    /// The value; absent where no disagreement was to be expected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Fraction>,
    /// Bootstrap interval, where the value is defined.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval: Option<Interval>,
}

/// A percentile bootstrap interval of 95 %, for display.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Interval {
    /// 2.5th percentile.
    pub low: f64,
    /// 97.5th percentile.
    pub high: f64,
    /// How many resamples had a defined value.
    pub resamples: u32,
}

/// Why agreement could not be computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AgreementError {
    /// Cohen's kappa compares two people.
    #[error("item {unit} has {labels} columns, not two")]
    NotTwo {
        /// The item, counted from 0.
        unit: usize,
        /// How many columns it has.
        labels: usize,
    },
    /// Fleiss' kappa needs the same number of labels, at least two, on every item.
    #[error("item {unit} has {labels} labels where others have {others}")]
    UnequalLabels {
        /// The item, counted from 0.
        unit: usize,
        /// How many labels it has.
        labels: usize,
        /// How many the first item has.
        others: usize,
    },
    /// Too much for exact arithmetic in 128 bits.
    #[error("more than {limit} people on one item")]
    TooManyRaters {
        /// The limit.
        limit: usize,
    },
    /// Fewer than a thousand resamples give no stable interval.
    #[error("an interval takes at least 1000 resamples")]
    TooFewResamples,
}

/// Most people on one item: the least common multiple of 1 to 39 still leaves room in 128 bits.
const MOST_RATERS: usize = 40;

/// Computes a coefficient with its interval. `seed` fixes the interval.
///
/// # Errors
/// When the items do not fit the coefficient, or `resamples` is below 1,000.
pub fn agreement(
    items: &[Ratings],
    coefficient: Coefficient,
    seed: u64,
    resamples: u32,
) -> Result<Agreement, AgreementError> {
    if resamples < 1_000 {
        return Err(AgreementError::TooFewResamples);
    }
    let table = Table::new(items, coefficient)?;
    let once: Vec<u64> = table.patterns.iter().map(|(_, count)| *count).collect();
    let value = table.exact(&once);
    let interval = value.and_then(|_| table.interval(seed, resamples));
    Ok(Agreement { coefficient, units: table.units, value, interval })
}

/// Cohen's kappa from the cells of a confusion matrix.
pub(crate) fn cohen_of_cells<'a>(
    cells: impl Iterator<Item = (&'a str, &'a str, u64)>,
) -> Option<Fraction> {
    let (mut rows, mut columns) = (BTreeMap::new(), BTreeMap::new());
    let (mut total, mut same) = (0_i128, 0_i128);
    for (row, column, count) in cells {
        let count = i128::from(count);
        *rows.entry(row).or_insert(0_i128) += count;
        *columns.entry(column).or_insert(0_i128) += count;
        total += count;
        same += if row == column { count } else { 0 };
    }
    let chance: i128 =
        rows.iter().map(|(label, n)| n * columns.get(label).copied().unwrap_or_default()).sum();
    let den = total * total - chance;
    (den != 0).then(|| Fraction::new(total * same - chance, den))
}

/// Items folded into patterns: how often each label occurs, and for Cohen who gave it.
struct Table {
    coefficient: Coefficient,
    /// Label counts (or the two labels, for Cohen) by label number, and how many items have them.
    patterns: Vec<(Vec<(usize, u32)>, u64)>,
    labels: usize,
    units: u64,
}

impl Table {
    fn new(items: &[Ratings], coefficient: Coefficient) -> Result<Self, AgreementError> {
        let names: BTreeSet<&str> = items.iter().flatten().flatten().map(String::as_str).collect();
        let number: BTreeMap<&str, usize> = names.iter().copied().zip(0..).collect();
        let mut folded: BTreeMap<Vec<(usize, u32)>, u64> = BTreeMap::new();
        let mut expected = None;
        for (unit, ratings) in items.iter().enumerate() {
            let given: Vec<usize> = ratings
                .iter()
                .flatten()
                .filter_map(|label| number.get(label.as_str()).copied())
                .collect();
            if given.len() > MOST_RATERS {
                return Err(AgreementError::TooManyRaters { limit: MOST_RATERS });
            }
            let pattern = match coefficient {
                Coefficient::CohenKappa => {
                    if ratings.len() != 2 {
                        return Err(AgreementError::NotTwo { unit, labels: ratings.len() });
                    }
                    given.iter().map(|label| (*label, 1)).collect()
                }
                Coefficient::FleissKappa => {
                    let others = *expected.get_or_insert(given.len());
                    if given.len() != others || given.len() < 2 {
                        let labels = given.len();
                        return Err(AgreementError::UnequalLabels { unit, labels, others });
                    }
                    counted(&given)
                }
                Coefficient::KrippendorffAlpha => counted(&given),
            };
            if given.len() >= 2 {
                *folded.entry(pattern).or_insert(0) += 1;
            }
        }
        let units = folded.values().sum();
        let patterns = folded.into_iter().collect();
        Ok(Self { coefficient, patterns, labels: names.len(), units })
    }

    /// The exact value when pattern `i` occurs `weights[i]` times.
    fn exact(&self, weights: &[u64]) -> Option<Fraction> {
        match self.coefficient {
            Coefficient::CohenKappa => self.cohen(weights),
            Coefficient::FleissKappa => self.fleiss(weights),
            Coefficient::KrippendorffAlpha => self.alpha(weights),
        }
    }

    fn weighted<'a>(
        &'a self,
        weights: &'a [u64],
    ) -> impl Iterator<Item = (&'a [(usize, u32)], i128)> {
        let pairs = self.patterns.iter().zip(weights);
        pairs.map(|((pattern, _), weight)| (pattern.as_slice(), i128::from(*weight)))
    }

    fn cohen(&self, weights: &[u64]) -> Option<Fraction> {
        let (mut rows, mut columns) = (vec![0_i128; self.labels], vec![0_i128; self.labels]);
        let (mut total, mut same) = (0_i128, 0_i128);
        for (pattern, weight) in self.weighted(weights) {
            let [(first, _), (second, _)] = pattern else { continue };
            add(&mut rows, *first, weight);
            add(&mut columns, *second, weight);
            total += weight;
            same += if first == second { weight } else { 0 };
        }
        let chance: i128 = rows.iter().zip(&columns).map(|(row, column)| row * column).sum();
        let den = total * total - chance;
        (den != 0).then(|| Fraction::new(total * same - chance, den))
    }

    /// `(A N n - B (n - 1)) / ((n - 1) ((N n)^2 - B))`, with `A` the ordered pairs that agree and
    /// `B` the sum of squared label totals.
    fn fleiss(&self, weights: &[u64]) -> Option<Fraction> {
        let mut totals = vec![0_i128; self.labels];
        let (mut units, mut agreeing, mut each) = (0_i128, 0_i128, 0_i128);
        for (pattern, weight) in self.weighted(weights) {
            each = pattern.iter().map(|(_, count)| i128::from(*count)).sum();
            units += weight;
            for (label, count) in pattern {
                let count = i128::from(*count);
                add(&mut totals, *label, weight * count);
                agreeing += weight * count * (count - 1);
            }
        }
        let squares: i128 = totals.iter().map(|total| total * total).sum();
        let all = units * each;
        let den = (each - 1) * (all * all - squares);
        (den != 0).then(|| Fraction::new(agreeing * all - squares * (each - 1), den))
    }

    /// `1 - (n - 1) * sum_u D_u / (m_u - 1) / sum_{c != k} n_c n_k`, with `D_u` the ordered pairs
    /// within item `u` that disagree.
    fn alpha(&self, weights: &[u64]) -> Option<Fraction> {
        let mut totals = vec![0_i128; self.labels];
        let mut disagreeing: BTreeMap<i128, i128> = BTreeMap::new();
        for (pattern, weight) in self.weighted(weights) {
            let size: i128 = pattern.iter().map(|(_, count)| i128::from(*count)).sum();
            let squares: i128 =
                pattern.iter().map(|(_, count)| i128::from(*count) * i128::from(*count)).sum();
            *disagreeing.entry(size - 1).or_insert(0) += weight * (size * size - squares);
            for (label, count) in pattern {
                add(&mut totals, *label, weight * i128::from(*count));
            }
        }
        let all: i128 = totals.iter().sum();
        let expected = all * all - totals.iter().map(|total| total * total).sum::<i128>();
        if expected == 0 {
            return None;
        }
        let observed: Fraction =
            disagreeing.iter().map(|(size, pairs)| Fraction::new(*pairs, *size)).sum();
        Some(Fraction::whole(1) - observed * Fraction::new(all - 1, expected))
    }

    fn interval(&self, seed: u64, resamples: u32) -> Option<Interval> {
        let mut key = [0_u8; 32];
        for (slot, byte) in key.iter_mut().zip(seed.to_le_bytes()) {
            *slot = byte;
        }
        let mut random = ChaCha20Rng::from_seed(key);
        let mut ends: Vec<u64> = Vec::with_capacity(self.patterns.len());
        for (_, count) in &self.patterns {
            ends.push(ends.last().copied().unwrap_or_default() + count);
        }
        let mut values: Vec<f64> = Vec::with_capacity(resamples as usize);
        for _ in 0..resamples {
            let mut weights = vec![0_u64; self.patterns.len()];
            for _ in 0..self.units {
                let unit = below(&mut random, self.units);
                let pattern = ends.partition_point(|end| *end <= unit);
                if let Some(weight) = weights.get_mut(pattern) {
                    *weight += 1;
                }
            }
            values.extend(self.exact(&weights).map(approximate));
        }
        values.sort_by(f64::total_cmp);
        let resamples = u32::try_from(values.len()).ok()?;
        let at = |share: usize| values.get(values.len() * share / 1_000).copied();
        let high = values.get((values.len() * 975).div_ceil(1_000).checked_sub(1)?).copied();
        Some(Interval { low: at(25)?, high: high?, resamples })
    }
}

fn add(totals: &mut [i128], label: usize, amount: i128) {
    if let Some(total) = totals.get_mut(label) {
        *total += amount;
    }
}

fn counted(given: &[usize]) -> Vec<(usize, u32)> {
    let mut counts: BTreeMap<usize, u32> = BTreeMap::new();
    for label in given {
        *counts.entry(*label).or_insert(0) += 1;
    }
    counts.into_iter().collect()
}

/// For display only.
pub(crate) fn approximate(value: Fraction) -> f64 {
    value.num() as f64 / value.den() as f64
}
