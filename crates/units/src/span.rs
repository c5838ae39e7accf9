//! Durations as contracts write them, and windows of time. Hours are exact; days, working days and
//! months are civil: they need a calendar and a zone to become an instant.

use alloc::format;
use core::fmt;
use core::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::serde_as_text;
use crate::time::Timestamp;

/// The unit in which a contract counts a deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DurationUnit {
    /// Exact minutes.
    Minutes,
    /// Exact hours (72 小时).
    Hours,
    /// Civil days (30 日).
    Days,
    /// Working days (工作日).
    WorkingDays,
    /// Civil months.
    Months,
    /// Civil years.
    Years,
}

/// A length of time in its own unit, written `72h`, `30d`, `5wd`, `3mo`, `2y` or `15min`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration {
    /// How many.
    pub count: u32,
    /// Of what.
    pub unit: DurationUnit,
}

/// A half-open stretch of time, `[from, to)`.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// First instant inside.
    pub from: Timestamp,
    /// First instant after.
    pub to: Timestamp,
}

impl DurationUnit {
    const SUFFIXES: [(&'static str, Self); 6] = [
        ("min", Self::Minutes),
        ("wd", Self::WorkingDays),
        ("mo", Self::Months),
        ("h", Self::Hours),
        ("d", Self::Days),
        ("y", Self::Years),
    ];

    fn suffix(self) -> &'static str {
        let row = Self::SUFFIXES.iter().find(|(_, unit)| *unit == self);
        row.map_or("", |(suffix, _)| suffix)
    }
}

impl Duration {
    /// `count` of `unit`.
    #[must_use]
    pub const fn new(count: u32, unit: DurationUnit) -> Self {
        Self { count, unit }
    }

    /// Whole seconds when the unit is exact (minutes, hours), else `None`.
    #[must_use]
    pub const fn exact_seconds(self) -> Option<i64> {
        match self.unit {
            DurationUnit::Minutes => Some(self.count as i64 * 60),
            DurationUnit::Hours => Some(self.count as i64 * 3_600),
            _ => None,
        }
    }
}

impl Window {
    /// `[from, to)`; an end before the start gives an empty window at `from`.
    #[must_use]
    pub fn new(from: Timestamp, to: Timestamp) -> Self {
        Self { from, to: to.max(from) }
    }

    /// Length in microseconds.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.to.micros() - self.from.micros()
    }

    /// Whether an instant lies inside.
    #[must_use]
    pub fn contains(self, at: Timestamp) -> bool {
        self.from <= at && at < self.to
    }

    /// The common part; `None` when there is none.
    #[must_use]
    pub fn intersect(self, other: Self) -> Option<Self> {
        let from = self.from.max(other.from);
        let to = self.to.min(other.to);
        (from < to).then_some(Self { from, to })
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}{}", self.count, self.unit.suffix()))
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}, {})", self.from, self.to)
    }
}

impl FromStr for Duration {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const HINT: &str = "a duration is written 72h, 30d, 5wd (working days), 3mo, 2y or 15min";
        for (suffix, unit) in DurationUnit::SUFFIXES {
            if let Some(count) = text.strip_suffix(suffix) {
                if count.is_empty() || !count.bytes().all(|byte| byte.is_ascii_digit()) {
                    return Err(HINT);
                }
                let count = count.parse().map_err(|_| HINT)?;
                return Ok(Self { count, unit });
            }
        }
        Err(HINT)
    }
}

serde_as_text!(Duration, "A length of time: 72h, 30d, 5wd (working days), 3mo, 2y or 15min.");

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn durations_keep_their_unit() {
        for text in ["72h", "30d", "5wd", "3mo", "2y", "15min"] {
            assert_eq!(text.parse::<Duration>().expect(text).to_string(), text);
        }
        for text in ["", "h", "72", "-1d", "1.5h", "3m", "99999999999d"] {
            assert!(text.parse::<Duration>().is_err(), "{text}");
        }
    }
}
