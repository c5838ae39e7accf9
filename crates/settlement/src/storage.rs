//! Gigabyte-months: the exact integral of occupied bytes over time, month by month in the zone of
//! the agreement. Serves lease-3.1.2. Knows no price. A value holds until the next sample; before
//! the first sample nothing is stored.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use contract::terms::{Gigabyte, MonthLength, StorageIntegral, StoragePrice};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use units::{Date, EvidenceId, Fraction, MoneyError, StorageSample, Timestamp, Window, Zone};

use crate::amount::add;

const MICROS: i128 = 1_000_000;
const DAY_SECONDS: i128 = 86_400;

/// Storage use of a window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StorageUsage {
    /// Each calendar month that the window touches.
    pub months: Vec<StorageMonth>,
    /// Their sum.
    pub gb_months: Fraction,
    /// Stretches inside the window between samples that lie too far apart; the value before was
    /// carried over them.
    pub gaps: Vec<Window>,
    /// The sample whose value holds at the end of the window, for the next one.
    pub last: Option<StorageSample>,
}

/// Storage use within a calendar month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StorageMonth {
    /// The first day of the month.
    pub month: Date,
    /// The part of the month inside the window.
    pub window: Window,
    /// Bytes times seconds.
    pub byte_seconds: Fraction,
    /// Bytes of a gigabyte.
    pub gigabyte_bytes: u64,
    /// Seconds of a month.
    pub month_seconds: u64,
    /// `byte_seconds / gigabyte_bytes / month_seconds`.
    pub gb_months: Fraction,
    /// The evidence of the samples whose values held.
    pub evidence: Vec<EvidenceId>,
}

/// Gigabyte-months inside `window`. Clause: lease-3.1.2.
///
/// Samples may come in any order; those before the window say what was stored when it began. Of
/// samples of one instant, the first by evidence counts. With the daily peak, a civil day counts
/// with the largest value that held in it. A gap is a stretch of more than `max_gap_seconds`
/// between two samples, or from the last sample to the end of the window.
///
/// # Errors
/// When a value is out of range.
pub fn gb_months(
    samples: &[StorageSample],
    window: Window,
    zone: &Zone,
    terms: &StoragePrice,
    max_gap_seconds: Option<i64>,
) -> Result<StorageUsage, MoneyError> {
    let mut sorted: Vec<&StorageSample> =
        samples.iter().filter(|sample| sample.at < window.to).collect();
    sorted.sort_by(|a, b| (a.at, &a.evidence).cmp(&(b.at, &b.evidence)));
    sorted.dedup_by_key(|sample| sample.at);
    let held = held(&sorted, window);
    let mut months = Vec::new();
    let mut sum = Fraction::ZERO;
    for part in calendar_months(window, zone) {
        let month = month(&held, part, window, zone, terms)?;
        sum = add(sum, month.gb_months)?;
        months.push(month);
    }
    let gaps = max_gap_seconds.map_or_else(Vec::new, |seconds| gaps(&sorted, window, seconds));
    let last = sorted.last().map(|sample| (*sample).clone());
    Ok(StorageUsage { months, gb_months: sum, gaps, last })
}

/// The calendar months that a window touches, by their first days.
#[must_use]
pub fn calendar_months(window: Window, zone: &Zone) -> Vec<Date> {
    let mut months = Vec::new();
    let mut month = window.from.date(zone).first_of_month();
    while month.start(zone) < window.to {
        months.push(month);
        let next = month.plus_months(1);
        if next == month {
            break;
        }
        month = next;
    }
    months
}

/// The window of a calendar month in a zone.
#[must_use]
pub fn month_window(month: Date, zone: &Zone) -> Window {
    Window::new(month.first_of_month().start(zone), month.last_of_month().end(zone))
}

/// A stretch over which a value held.
struct Held<'a> {
    window: Window,
    sample: &'a StorageSample,
}

fn held<'a>(sorted: &[&'a StorageSample], window: Window) -> Vec<Held<'a>> {
    let ends = sorted.iter().skip(1).map(|next| next.at).chain([window.to]);
    let stretches = sorted.iter().zip(ends).filter_map(|(sample, to)| {
        let stretch = Window::new(sample.at, to).intersect(window)?;
        Some(Held { window: stretch, sample })
    });
    stretches.collect()
}

fn month(
    held: &[Held<'_>],
    month: Date,
    window: Window,
    zone: &Zone,
    terms: &StoragePrice,
) -> Result<StorageMonth, MoneyError> {
    let whole = month_window(month, zone);
    let part = whole.intersect(window).unwrap_or(Window::new(whole.from, whole.from));
    let inside = |stretch: &&Held<'_>| stretch.window.intersect(part).is_some();
    let evidence: BTreeSet<&EvidenceId> =
        held.iter().filter(inside).map(|stretch| &stretch.sample.evidence).collect();
    let byte_micros = match terms.integral {
        StorageIntegral::TimeWeighted => integral(held, part)?,
        StorageIntegral::DailyPeak => daily_peaks(held, part, zone)?,
    };
    let gigabyte_bytes: u64 = match terms.gigabyte {
        Gigabyte::Decimal => 1_000_000_000,
        Gigabyte::Binary => 1 << 30,
    };
    let month_seconds = match terms.month {
        MonthLength::Actual => i128::from(whole.micros()) / MICROS,
        MonthLength::Days30 => 30 * DAY_SECONDS,
        MonthLength::Hours744 => 744 * 3_600,
    };
    let denominator = i128::from(gigabyte_bytes) * month_seconds * MICROS;
    Ok(StorageMonth {
        month,
        window: part,
        byte_seconds: Fraction::new(byte_micros, MICROS),
        gigabyte_bytes,
        month_seconds: u64::try_from(month_seconds).map_err(|_| MoneyError::Range)?,
        gb_months: Fraction::new(byte_micros, denominator),
        evidence: evidence.into_iter().cloned().collect(),
    })
}

/// Bytes times microseconds.
fn integral(held: &[Held<'_>], part: Window) -> Result<i128, MoneyError> {
    held.iter().try_fold(0_i128, |sum, stretch| {
        let micros = stretch.window.intersect(part).map_or(0, Window::micros);
        let product = i128::from(stretch.sample.bytes).checked_mul(i128::from(micros));
        product.and_then(|product| sum.checked_add(product)).ok_or(MoneyError::Range)
    })
}

/// The largest value of each civil day, times the part of the day inside.
fn daily_peaks(held: &[Held<'_>], part: Window, zone: &Zone) -> Result<i128, MoneyError> {
    let mut sum = 0_i128;
    let mut first = 0;
    let mut day = part.from.date(zone);
    while day.start(zone) < part.to {
        let next = day.plus_days(1);
        if let Some(today) = Window::new(day.start(zone), next.start(zone)).intersect(part) {
            while held.get(first).is_some_and(|stretch| stretch.window.to <= today.from) {
                first += 1;
            }
            let rest = held.iter().skip(first);
            let during = rest.take_while(|stretch| stretch.window.from < today.to);
            let peak = during.map(|stretch| stretch.sample.bytes).max().map_or(0, |bytes| bytes);
            let product = i128::from(peak).checked_mul(i128::from(today.micros()));
            sum = product.and_then(|product| sum.checked_add(product)).ok_or(MoneyError::Range)?;
        }
        if next == day {
            break;
        }
        day = next;
    }
    Ok(sum)
}

/// Stretches between samples that lie too far apart.
fn gaps(sorted: &[&StorageSample], window: Window, max_seconds: i64) -> Vec<Window> {
    let first = sorted.first().map_or(window.to, |sample| sample.at);
    let before = (first > window.from).then_some(window.from);
    let instants: Vec<Timestamp> = before
        .into_iter()
        .chain(sorted.iter().map(|sample| sample.at))
        .chain([window.to])
        .collect();
    let far = |pair: &[Timestamp]| match pair {
        [from, to] if to.micros() - from.micros() > max_seconds.saturating_mul(1_000_000) => {
            Window::new(*from, *to).intersect(window)
        }
        _ => None,
    };
    instants.windows(2).filter_map(far).collect()
}

#[cfg(test)]
mod tests;
