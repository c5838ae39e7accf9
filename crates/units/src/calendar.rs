//! Working days (工作日). Decides whether a civil day is worked, and counts on from a day.
//! Serves `class-4.1` (delivery in N working days), `class-5.2` and every other term in `wd`.
//! Knows the published days of [`china`]; knows no hours of business and no zone. A year that
//! nobody has published yet is not an error: its days count by the week alone and are
//! *provisional*, to be counted again when the State Council publishes it.

mod china;

use core::fmt;
use core::ops::RangeInclusive;
use core::str::FromStr;

use crate::id::serde_as_text;
use crate::time::Date;

/// Which days are worked; a term of the agreement, written `china` or `weekends`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Calendar {
    /// Public holidays and swapped workdays of mainland China, where published.
    China,
    /// Monday to Friday, without holidays.
    Weekends,
}

/// Why a text names no calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// Neither `china` nor `weekends`.
    #[error("a calendar is \"china\" or \"weekends\"")]
    Unknown,
}

/// What a civil day is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DayKind {
    /// Monday to Friday, worked.
    Working,
    /// Saturday or Sunday, not worked; also where a festival covers it.
    Weekend,
    /// Monday to Friday, not worked: a public holiday, or a day moved to make one longer.
    Holiday,
    /// Saturday or Sunday, worked in exchange for a holiday (调休).
    SwappedWorkday,
}

/// A day found by counting working days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WorkingDay {
    /// The day.
    pub date: Date,
    /// Whether a day of an unknown year was walked over, so that the day may still move.
    pub provisional: bool,
}

/// A number of working days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WorkingDays {
    /// How many.
    pub count: u32,
    /// Whether a day of an unknown year was walked over, so that the number may still change.
    pub provisional: bool,
}

impl DayKind {
    /// Whether a day of this kind is worked.
    #[must_use]
    pub const fn is_worked(self) -> bool {
        matches!(self, Self::Working | Self::SwappedWorkday)
    }
}

impl Calendar {
    /// Public holidays and swapped workdays of mainland China.
    #[must_use]
    pub const fn china() -> Self {
        Self::China
    }

    /// Monday to Friday, without holidays.
    #[must_use]
    pub const fn weekends_only() -> Self {
        Self::Weekends
    }

    /// The id in agreements: `china` or `weekends`.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::China => "china",
            Self::Weekends => "weekends",
        }
    }

    /// The years whose days are published; `None` when the calendar needs no publication.
    #[must_use]
    pub const fn published_years(self) -> Option<RangeInclusive<i16>> {
        match self {
            Self::China => Some(china::FIRST_YEAR..=china::LAST_YEAR),
            Self::Weekends => None,
        }
    }

    /// Whether the days of a year are certain. In any other year they are provisional.
    #[must_use]
    pub fn is_known_year(self, year: i16) -> bool {
        self.published_years().is_none_or(|years| years.contains(&year))
    }

    /// What a day is; by the week alone in an unknown year.
    #[must_use]
    pub fn kind(self, date: Date) -> DayKind {
        let listed = |table: &[i32]| {
            let (year, month, day) = (date.year(), date.month(), date.day());
            let key = i32::from(year) * 10_000 + i32::from(month) * 100 + i32::from(day);
            self == Self::China && table.binary_search(&key).is_ok()
        };
        match date.weekday() {
            1..=5 if listed(china::HOLIDAYS) => DayKind::Holiday,
            1..=5 => DayKind::Working,
            _ if listed(china::SWAPPED_WORKDAYS) => DayKind::SwappedWorkday,
            _ => DayKind::Weekend,
        }
    }

    /// Whether a day is worked; by the week alone in an unknown year.
    #[must_use]
    pub fn is_worked(self, date: Date) -> bool {
        self.kind(date).is_worked()
    }

    /// The `count`-th working day after `date`, which is itself not counted. Zero gives `date`.
    /// Stays at the calendar's last day, 9999-12-31, when the count runs beyond it.
    #[must_use]
    pub fn plus_working_days(self, date: Date, count: u32) -> WorkingDay {
        walk(date, count, Some(self), |_| None)
    }

    /// The working days after `from` up to and with `to`: the count that
    /// [`Self::plus_working_days`] needs to come from one to the other. Zero when `to` is not
    /// after `from`.
    #[must_use]
    pub fn working_days_between(self, from: Date, to: Date) -> WorkingDays {
        let mut found = WorkingDays { count: 0, provisional: false };
        let mut day = from;
        while day < to {
            day = day.plus_days(1);
            found.count += u32::from(self.is_worked(day));
            found.provisional |= !self.is_known_year(day.year());
        }
        found
    }
}

/// Counts on from `date` over days that are worked in `calendar`, or over all days without one.
/// `suspended` gives the last day of the suspension that a day lies in; those days do not count.
pub(crate) fn walk(
    date: Date,
    count: u32,
    calendar: Option<Calendar>,
    suspended: impl Fn(Date) -> Option<Date>,
) -> WorkingDay {
    let known = |day: Date| calendar.is_none_or(|calendar| calendar.is_known_year(day.year()));
    let mut found = WorkingDay { date, provisional: false };
    let mut left = count;
    while left > 0 {
        let next = found.date.plus_days(1);
        if next == found.date {
            break;
        }
        found.date = next;
        found.provisional |= !known(next);
        if let Some(last) = suspended(next) {
            // Published years are one stretch, so that its two ends speak for the days between.
            found.date = last;
            found.provisional |= !known(last);
        } else if calendar.is_none_or(|calendar| calendar.is_worked(next)) {
            left -= 1;
        }
    }
    found
}

impl fmt::Display for Calendar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.id())
    }
}

impl FromStr for Calendar {
    type Err = CalendarError;
    fn from_str(text: &str) -> Result<Self, CalendarError> {
        [Self::China, Self::Weekends]
            .into_iter()
            .find(|calendar| calendar.id() == text)
            .ok_or(CalendarError::Unknown)
    }
}

serde_as_text!(Calendar, "Which days are worked: \"china\" or \"weekends\".");

#[cfg(test)]
mod tests;
