//! Measurements as settlement reads them: each fact once, in an order of its own, whatever the
//! order, repetition or lateness of what came in. Of two that claim the same evidence for the same
//! fact with different content, the one with the lower evidence counts and the other is reported;
//! they are never merged. Knows no terms.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::vec::Vec;
use core::cmp::Ordering;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use units::{
    Allocation, EvidenceId, Fraction, Id, Interval, Measurement, Metric, Quantity, StateInterval,
    StorageSample, Timestamp, Window,
};

/// Evidence that was used twice with different content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Conflict {
    /// What was measured.
    pub metric: Metric,
    /// On what.
    pub subject: Option<Id>,
    /// When.
    pub window: Window,
    /// The evidence that counts.
    pub counted: Vec<EvidenceId>,
    /// The evidence that does not.
    pub refused: Vec<EvidenceId>,
}

/// A quantity of a kind that its metric cannot have, such as a ratio of images.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{metric:?} has a quantity that cannot be summed")]
pub struct WrongQuantity {
    /// The metric.
    pub metric: Metric,
    /// On what it was measured.
    pub subject: Option<Id>,
}

/// A sum over measurements, with their evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sum<T> {
    pub(crate) value: T,
    pub(crate) evidence: Vec<EvidenceId>,
}

/// Each fact once.
#[derive(Debug)]
pub(crate) struct Facts<'a> {
    kept: Vec<&'a Measurement>,
    pub(crate) conflicts: Vec<Conflict>,
}

impl<'a> Facts<'a> {
    pub(crate) fn of(measurements: &'a [Measurement]) -> Self {
        let mut sorted: Vec<&Measurement> = measurements.iter().collect();
        sorted.sort_by(|a, b| order(a, b));
        let mut facts = Self { kept: Vec::new(), conflicts: Vec::new() };
        let same_fact = |a: &&Measurement, b: &&Measurement| {
            (a.metric, &a.subject, a.window) == (b.metric, &b.subject, b.window)
        };
        for group in sorted.chunk_by(same_fact) {
            facts.take_group(group);
        }
        facts
    }

    /// Takes the measurements of one fact.
    fn take_group(&mut self, group: &[&'a Measurement]) {
        let mut by_evidence: BTreeMap<&EvidenceId, &Measurement> = BTreeMap::new();
        for measurement in group {
            let known = measurement.evidence.iter().find_map(|id| by_evidence.get(id));
            match known {
                Some(known) if same_content(known, measurement) => {}
                Some(known) if !is_list(&measurement.quantity) => {
                    let counted = known.evidence.clone();
                    self.conflict(measurement, counted, measurement.evidence.clone());
                }
                None if self.kept.last().is_some_and(|last| same_content(last, measurement)) => {}
                _ => {
                    self.kept.push(measurement);
                    by_evidence.extend(measurement.evidence.iter().map(|id| (id, *measurement)));
                }
            }
        }
    }

    fn conflict(&mut self, of: &Measurement, counted: Vec<EvidenceId>, refused: Vec<EvidenceId>) {
        let Measurement { metric, subject, window, .. } = of;
        let subject = subject.clone();
        let conflict = Conflict { metric: *metric, subject, window: *window, counted, refused };
        if !self.conflicts.contains(&conflict) {
            self.conflicts.push(conflict);
        }
    }

    /// The measurements of a metric.
    pub(crate) fn metric(&self, metric: Metric) -> impl Iterator<Item = &'a Measurement> {
        self.kept.iter().copied().filter(move |kept| kept.metric == metric)
    }

    /// Things counted within a window, on subjects that `wanted` accepts; `None` when nothing was
    /// measured. A measurement belongs to the window in which its own window ends.
    pub(crate) fn counted(
        &self,
        metric: Metric,
        window: Window,
        wanted: impl Fn(Option<&str>) -> bool,
    ) -> Result<Option<Sum<u64>>, WrongQuantity> {
        let mut sum: Option<Sum<u64>> = None;
        for measurement in self.metric(metric) {
            let subject = measurement.subject.as_ref().map(Id::as_str);
            if !wanted(subject) {
                continue;
            }
            let Some(units) = units_in(measurement, window)? else { continue };
            let sum = sum.get_or_insert(Sum { value: 0, evidence: Vec::new() });
            sum.value = sum.value.checked_add(units).ok_or_else(|| wrong(measurement))?;
            sum.evidence.extend(measurement.evidence.iter().cloned());
        }
        Ok(sum.map(Sum::in_order))
    }

    /// The sum of exact values whose windows end within a window, on accepted subjects.
    pub(crate) fn summed(
        &self,
        metric: Metric,
        window: Window,
        wanted: impl Fn(Option<&str>) -> bool,
    ) -> Result<Option<Sum<Fraction>>, WrongQuantity> {
        let mut sum: Option<Sum<Fraction>> = None;
        for measurement in self.metric(metric) {
            let subject = measurement.subject.as_ref().map(Id::as_str);
            if !wanted(subject) || !window.contains(last_instant(measurement.window)) {
                continue;
            }
            let value = exact(measurement)?;
            let sum = sum.get_or_insert(Sum { value: Fraction::ZERO, evidence: Vec::new() });
            sum.value = sum.value.checked_add(value).ok_or_else(|| wrong(measurement))?;
            sum.evidence.extend(measurement.evidence.iter().cloned());
        }
        Ok(sum.map(Sum::in_order))
    }

    /// Every allocation, and the number of measurements that held them.
    pub(crate) fn allocations(&mut self) -> Option<Vec<Allocation>> {
        let rows = self.rows(Metric::GpuAllocations, |quantity| match quantity {
            Quantity::Allocations(rows) => rows.iter().collect(),
            _ => Vec::new(),
        })?;
        let key = |(_, row): &(&'a Measurement, &'a Allocation)| {
            (row.evidence.clone(), row.device.clone(), row.job.clone(), row.window.from)
        };
        Some(self.distinct_rows(rows, key, |row| &row.evidence))
    }

    /// Storage samples by the volume that they are of.
    pub(crate) fn samples(&mut self) -> BTreeMap<Option<Id>, Vec<StorageSample>> {
        let Some(rows) = self.rows(Metric::StorageSamples, |quantity| match quantity {
            Quantity::Storage(rows) => rows.iter().collect(),
            _ => Vec::new(),
        }) else {
            return BTreeMap::new();
        };
        let mut volumes: BTreeMap<Option<Id>, Vec<_>> = BTreeMap::new();
        for (measurement, row) in rows {
            volumes.entry(measurement.subject.clone()).or_default().push((measurement, row));
        }
        let key = |(_, row): &(&'a Measurement, &'a StorageSample)| row.at;
        volumes
            .into_iter()
            .map(|(subject, rows)| (subject, self.distinct_rows(rows, key, |row| &row.evidence)))
            .collect()
    }

    /// Service states; `None` when none were measured.
    pub(crate) fn states(&self) -> Option<Vec<StateInterval>> {
        let rows = self.rows(Metric::ServiceStates, |quantity| match quantity {
            Quantity::States(rows) => rows.iter().collect(),
            _ => Vec::new(),
        })?;
        Some(rows.into_iter().map(|(_, row): (_, &StateInterval)| row.clone()).collect())
    }

    /// Stretches that both parties agreed to leave out.
    pub(crate) fn exclusions(&self) -> Vec<Interval> {
        let rows = self.rows(Metric::Exclusions, |quantity| match quantity {
            Quantity::Intervals(rows) => rows.iter().collect(),
            _ => Vec::new(),
        });
        let rows = rows.into_iter().flatten();
        rows.map(|(_, row): (_, &Interval)| row.clone()).collect()
    }

    fn rows<T: 'a>(
        &self,
        metric: Metric,
        list: impl Fn(&'a Quantity) -> Vec<&'a T>,
    ) -> Option<Vec<(&'a Measurement, &'a T)>> {
        let mut rows = None;
        for measurement in self.metric(metric) {
            let rows = rows.get_or_insert_with(Vec::new);
            rows.extend(list(&measurement.quantity).into_iter().map(|row| (measurement, row)));
        }
        rows
    }

    /// Rows with one key are one record: the first by evidence counts, others are reported.
    fn distinct_rows<T: Ord + Clone + 'a, K: Ord>(
        &mut self,
        mut rows: Vec<(&'a Measurement, &'a T)>,
        key: impl Fn(&(&'a Measurement, &'a T)) -> K,
        evidence: impl Fn(&T) -> &EvidenceId,
    ) -> Vec<T> {
        rows.sort_by(|a, b| {
            let by_evidence = || rank(evidence(a.1)).cmp(&rank(evidence(b.1)));
            key(a).cmp(&key(b)).then_with(by_evidence).then_with(|| a.1.cmp(b.1))
        });
        let mut kept: Vec<(&Measurement, &T)> = Vec::with_capacity(rows.len());
        for row in rows {
            let first = kept.last().filter(|last| key(last) == key(&row));
            match first {
                Some((_, first)) if *first == row.1 => {}
                Some((_, first)) => {
                    let counted = alloc::vec![evidence(first).clone()];
                    let refused = alloc::vec![evidence(row.1).clone()];
                    self.conflict(row.0, counted, refused);
                }
                None => kept.push(row),
            }
        }
        kept.into_iter().map(|(_, row)| row.clone()).collect()
    }
}

impl<T> Sum<T> {
    fn in_order(mut self) -> Self {
        self.evidence = in_order(self.evidence);
        self
    }
}

/// Evidence in the order of the journal, each once.
pub(crate) fn in_order(mut evidence: Vec<EvidenceId>) -> Vec<EvidenceId> {
    evidence.sort_by(|a, b| rank(a).cmp(&rank(b)));
    evidence.dedup();
    evidence
}

/// The last instant of a window; its own instant when it is empty.
pub(crate) fn last_instant(window: Window) -> Timestamp {
    if window.to > window.from {
        Timestamp::from_micros(window.to.micros() - 1)
    } else {
        window.from
    }
}

/// Units that belong to a window; `None` when the measurement does not.
fn units_in(of: &Measurement, window: Window) -> Result<Option<u64>, WrongQuantity> {
    match &of.quantity {
        Quantity::Count(units) => Ok(window.contains(last_instant(of.window)).then_some(*units)),
        Quantity::Buckets(buckets) => {
            let inside = buckets.iter().filter(|bucket| window.contains(bucket.hour));
            let sum = inside.map(|bucket| bucket.quantity).try_fold(0_u64, u64::checked_add);
            let sum = sum.ok_or_else(|| wrong(of))?;
            Ok(of.window.intersect(window).is_some().then_some(sum))
        }
        _ => Err(wrong(of)),
    }
}

/// The value of a count or an exact quantity.
pub(crate) fn exact(of: &Measurement) -> Result<Fraction, WrongQuantity> {
    match &of.quantity {
        Quantity::Count(units) => Ok(Fraction::whole(i128::from(*units))),
        Quantity::Exact(value) => Ok(*value),
        _ => Err(wrong(of)),
    }
}

fn wrong(of: &Measurement) -> WrongQuantity {
    WrongQuantity { metric: of.metric, subject: of.subject.clone() }
}

/// Where evidence stands in the journal: `e12` and `e12-e90` by their first number, other names
/// after them.
fn rank(evidence: &EvidenceId) -> (bool, u64, &str) {
    let text = evidence.as_str();
    let digits = text.strip_prefix('e').and_then(|rest| rest.split("-e").next());
    let number = digits.and_then(|digits| digits.parse::<u64>().ok());
    (number.is_none(), number.unwrap_or(u64::MAX), text)
}

fn order(a: &Measurement, b: &Measurement) -> Ordering {
    let fact = (a.metric, &a.subject, a.window).cmp(&(b.metric, &b.subject, b.window));
    fact.then_with(|| lowest(a).cmp(&lowest(b)))
        .then_with(|| a.evidence.cmp(&b.evidence))
        .then_with(|| format!("{:?}", a.quantity).cmp(&format!("{:?}", b.quantity)))
}

fn lowest(of: &Measurement) -> Option<(bool, u64, &str)> {
    of.evidence.iter().map(rank).min()
}

fn same_content(a: &Measurement, b: &Measurement) -> bool {
    let same_evidence =
        || a.evidence == b.evidence || in_order(a.evidence.clone()) == in_order(b.evidence.clone());
    a.quantity == b.quantity
        && same_evidence()
        && (a.metric, &a.subject, a.window) == (b.metric, &b.subject, b.window)
}

fn is_list(quantity: &Quantity) -> bool {
    matches!(
        quantity,
        Quantity::Allocations(_)
            | Quantity::Storage(_)
            | Quantity::States(_)
            | Quantity::Intervals(_)
    )
}

#[cfg(test)]
mod tests;
