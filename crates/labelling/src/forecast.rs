//! When a project will be done at its pace, in whole items and seconds. Serves anno-4.1. Knows no
//! calendar: a day off counts as time without work.

use serde::Serialize;
use units::Timestamp;

/// How many items were finished in how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Items.
    pub items: u64,
    /// Seconds, up to now.
    pub seconds: u64,
}

/// What the pace leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Forecast {
    /// Items that are still to be done.
    pub remaining: u64,
    /// When the last one is done; absent where nothing was done yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub done_at: Option<Timestamp>,
    /// Whether that is after the deadline; absent where either is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub late: Option<bool>,
    /// Items a day that would meet the deadline, rounded up; absent without one or behind it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub needed_per_day: Option<u64>,
    /// Items a day at the pace, rounded down; absent where there is no pace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pace_per_day: Option<u64>,
}

const DAY: u128 = 86_400;

/// Goes on at a pace until nothing remains.
#[must_use]
pub fn forecast(
    remaining: u64,
    pace: Pace,
    now: Timestamp,
    deadline: Option<Timestamp>,
) -> Forecast {
    let (items, seconds) = (u128::from(pace.items), u128::from(pace.seconds));
    let left = u128::from(remaining);
    let done_at = if remaining == 0 {
        Some(now)
    } else if items == 0 || seconds == 0 {
        None
    } else {
        // A forecast of more than a hundred years is none.
        let wait = (left * seconds).div_ceil(items);
        i64::try_from(wait).ok().filter(|wait| *wait < 3_155_760_000).map(|w| now.plus_seconds(w))
    };
    let late = match (done_at, deadline) {
        (Some(done), Some(deadline)) => Some(done > deadline),
        (None, Some(_)) if items > 0 => Some(true),
        _ => None,
    };
    let until = deadline.map(|deadline| deadline.seconds_since(now)).filter(|left| *left > 0);
    let needed = until.map(|until| (left * DAY).div_ceil(u128::from(until.unsigned_abs())));
    let pace = (seconds > 0).then(|| items * DAY / seconds);
    let small = |value: u128| u64::try_from(value).ok();
    Forecast {
        remaining,
        done_at,
        late,
        needed_per_day: needed.and_then(small),
        pace_per_day: pace.and_then(small),
    }
}
