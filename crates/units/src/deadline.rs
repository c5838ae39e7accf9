//! Deadlines: what a duration in a contract means on the clock. Decides the instant at which a
//! period runs out, also where force majeure suspends it. Serves every term that is a
//! [`Duration`]; 民法典 201 and 202 for days, months and years. Knows no clauses; does not move a
//! last day that is a holiday (民法典 203), since parties agree that or not.

use alloc::vec::Vec;
use core::ops::RangeInclusive;

use crate::calendar::{Calendar, walk};
use crate::span::{Duration, DurationUnit, Window};
use crate::time::{Date, Timestamp, Zone};

/// When a period runs out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Deadline {
    /// The first instant after the period; what happens before it is in time. A period that ends
    /// with a civil day has the first instant of the next day here.
    pub at: Timestamp,
    /// Whether it rests on working days of a year that is not published yet, so that it may move.
    pub provisional: bool,
}

/// The instant at which `duration` from `start` runs out.
///
/// Minutes and hours are exact. Days, working days, months and years end at the end of a civil day
/// in `zone`, and the day of `start` is not counted (民法典 201). A month or year ends with the day
/// of the same number as the day of `start`, or with the month's last day where there is none
/// (民法典 202). Zero days end with the day of `start`. Beyond the calendar's end the deadline stays
/// there.
#[must_use]
pub fn deadline(start: Timestamp, duration: Duration, zone: &Zone, calendar: Calendar) -> Deadline {
    deadline_suspended(start, duration, zone, calendar, &[])
}

/// As [`deadline`], with the clock stopped in `suspensions`, which may overlap and come in any
/// order.
///
/// Minutes and hours: the clock runs only outside the suspensions, to the microsecond. A period
/// that runs out at the instant at which a suspension begins has run out.
///
/// Days, working days, months and years: a civil day whose first instant lies in a suspension does
/// not count, and the period becomes longer by one day (for working days: by one working day) for
/// each. A month or year is first laid out without suspension, and then counted as that many civil
/// days. When the last day ends inside a suspension, the period ends with the first later day (for
/// working days: working day) that does not: a party is not held to a day that it could not use up.
#[must_use]
pub fn deadline_suspended(
    start: Timestamp,
    duration: Duration,
    zone: &Zone,
    calendar: Calendar,
    suspensions: &[Window],
) -> Deadline {
    if let Some(seconds) = duration.exact_seconds() {
        let micros = seconds.saturating_mul(1_000_000);
        return Deadline { at: run_exact(start, micros, suspensions), provisional: false };
    }
    let first = start.date(zone);
    let counting = (duration.unit == DurationUnit::WorkingDays).then_some(calendar);
    let count = match counting {
        Some(_) => duration.count,
        None => civil_days(first, duration),
    };
    let (begun, ended) = suspended_days(suspensions, zone);
    let mut last = walk(first, count, counting, |day| last_of_stretch(&begun, day));
    while let Some(end) = last_of_stretch(&ended, last.date) {
        let next = walk(last.date, 1, counting, |day| (day <= end).then_some(end));
        if next.date == last.date {
            break;
        }
        last.date = next.date;
        last.provisional |= next.provisional;
    }
    Deadline { at: last.date.end(zone), provisional: last.provisional }
}

/// How many civil days after `first` a duration in days, months or years ends.
fn civil_days(first: Date, duration: Duration) -> u32 {
    let count = i64::from(duration.count);
    let last = match duration.unit {
        DurationUnit::Years => first.plus_months(count * 12),
        DurationUnit::Months => first.plus_months(count),
        _ => first.plus_days(count),
    };
    u32::try_from(last.days_since(first)).expect("a count is never negative")
}

/// The last day of a stretch that a day lies in.
fn last_of_stretch(stretches: &[RangeInclusive<Date>], day: Date) -> Option<Date> {
    stretches.iter().filter(|days| days.contains(&day)).map(|days| *days.end()).max()
}

/// The instant at which `micros` outside the suspensions have passed since `start`.
fn run_exact(start: Timestamp, micros: i64, suspensions: &[Window]) -> Timestamp {
    let mut windows: Vec<Window> = suspensions.to_vec();
    windows.sort_unstable();
    let (mut now, mut left) = (start.micros(), micros);
    for window in windows {
        let run = window.from.micros().saturating_sub(now).max(0);
        if left <= run {
            break;
        }
        if window.to.micros() > now.saturating_add(run) {
            left -= run;
            now = window.to.micros();
        }
    }
    Timestamp::from_micros(now.saturating_add(left))
}

/// The civil days whose first instant, and those whose last instant, lies in a suspension.
type SuspendedDays = (Vec<RangeInclusive<Date>>, Vec<RangeInclusive<Date>>);

fn suspended_days(suspensions: &[Window], zone: &Zone) -> SuspendedDays {
    let (mut begun, mut ended) = (Vec::new(), Vec::new());
    for window in suspensions.iter().filter(|window| window.from < window.to) {
        let (from, to) = (window.from.date(zone), window.to.date(zone));
        let first = if from.start(zone) < window.from { from.plus_days(1) } else { from };
        let last = if to.start(zone) < window.to { to } else { to.plus_days(-1) };
        begun.push(first..=last);
        ended.push(from..=to.plus_days(-1));
    }
    (begun, ended)
}

impl Duration {
    /// The instant at which this duration from `start` runs out; see [`deadline`].
    #[must_use]
    pub fn after(self, start: Timestamp, zone: &Zone, calendar: Calendar) -> Deadline {
        deadline(start, self, zone, calendar)
    }
}

#[cfg(test)]
mod tests;
