//! Sets of time: stretches `[from, to)` in microseconds, in order, disjoint and not touching.
//! Serves availability and repair clocks; knows no states, no terms and no zone.

use alloc::vec::Vec;

use units::{Timestamp, Window};

/// A set of instants as the fewest possible stretches, in order of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stretches(Vec<(i64, i64)>);

impl Stretches {
    /// The instants that lie in any of the windows.
    pub(crate) fn of(windows: impl IntoIterator<Item = Window>) -> Self {
        let bounds = windows.into_iter().map(|w| (w.from.micros(), w.to.micros()));
        Self::merged(bounds.collect())
    }

    fn merged(mut bounds: Vec<(i64, i64)>) -> Self {
        bounds.retain(|(from, to)| from < to);
        bounds.sort_unstable();
        let mut merged: Vec<(i64, i64)> = Vec::with_capacity(bounds.len());
        for (from, to) in bounds {
            match merged.last_mut() {
                Some(last) if from <= last.1 => last.1 = last.1.max(to),
                _ => merged.push((from, to)),
            }
        }
        Self(merged)
    }

    /// The instants of either.
    pub(crate) fn join(&self, other: &Self) -> Self {
        Self::merged(self.0.iter().chain(&other.0).copied().collect())
    }

    /// The instants of both.
    pub(crate) fn common(&self, other: &Self) -> Self {
        let (mut left, mut right) = (0, 0);
        let mut found = Vec::new();
        while let (Some(a), Some(b)) = (self.0.get(left), other.0.get(right)) {
            let (from, to) = (a.0.max(b.0), a.1.min(b.1));
            if from < to {
                found.push((from, to));
            }
            if a.1 <= b.1 {
                left += 1;
            } else {
                right += 1;
            }
        }
        Self(found)
    }

    /// The instants of this that are not in the other.
    pub(crate) fn without(&self, other: &Self) -> Self {
        let mut rest = Vec::new();
        let mut next = 0;
        for &(mut from, to) in &self.0 {
            while other.0.get(next).is_some_and(|cut| cut.1 <= from) {
                next += 1;
            }
            let mut at = next;
            while let Some(cut) = other.0.get(at).filter(|cut| cut.0 < to) {
                if from < cut.0 {
                    rest.push((from, cut.0));
                }
                from = cut.1;
                at += 1;
            }
            if from < to {
                rest.push((from, to));
            }
        }
        Self(rest)
    }

    /// The stretches of at least this length.
    pub(crate) fn at_least(&self, micros: i64) -> Self {
        let long = |bounds: &(i64, i64)| bounds.1.saturating_sub(bounds.0) >= micros;
        Self(self.0.iter().copied().filter(long).collect())
    }

    /// The earliest instants, up to a total length.
    pub(crate) fn earliest(&self, micros: i64) -> Self {
        let mut left = micros.max(0);
        let mut taken = Vec::new();
        for &(from, to) in &self.0 {
            let length = to.saturating_sub(from).min(left);
            taken.push((from, from + length));
            left -= length;
        }
        Self::merged(taken)
    }

    /// Each stretch drawn in to the whole steps that lie in it.
    pub(crate) fn shrunk(&self, step: i64) -> Self {
        let inner = |&(from, to): &(i64, i64)| (up_to_step(from, step), down_to_step(to, step));
        Self::merged(self.0.iter().map(inner).collect())
    }

    /// Each stretch drawn out to the whole steps that it touches.
    pub(crate) fn grown(&self, step: i64) -> Self {
        let outer = |&(from, to): &(i64, i64)| (down_to_step(from, step), up_to_step(to, step));
        Self::merged(self.0.iter().map(outer).collect())
    }

    /// Total length in microseconds.
    pub(crate) fn micros(&self) -> i64 {
        self.0.iter().map(|(from, to)| to - from).sum()
    }

    /// The stretches in order of time.
    pub(crate) fn windows(&self) -> impl Iterator<Item = Window> {
        let stamp = Timestamp::from_micros;
        self.0.iter().map(move |&(from, to)| Window::new(stamp(from), stamp(to)))
    }
}

/// The last whole step at or before an instant.
fn down_to_step(at: i64, step: i64) -> i64 {
    at.saturating_sub(at.rem_euclid(step))
}

/// The first whole step at or after an instant.
fn up_to_step(at: i64, step: i64) -> i64 {
    at.saturating_add((step - at.rem_euclid(step)) % step)
}

#[cfg(test)]
mod tests;
