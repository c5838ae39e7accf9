//! Instants and civil days, kept apart: 72 hours are counted on [`Timestamp`], 30 days on
//! [`Date`]. The zone is a term of the agreement; its rules are compiled in, so every machine
//! agrees.

use alloc::string::{String, ToString};
use core::cmp::Ordering;
use core::fmt;
use core::hash::{Hash, Hasher};
use core::str::FromStr;

use crate::id::serde_as_text;

/// An instant, in whole microseconds UTC since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// A civil day without a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(jiff::civil::Date);

/// A time zone by its IANA name, such as `Asia/Shanghai`, with its rules: looked up once, since
/// the database reads its rules anew at each call.
#[derive(Debug, Clone)]
pub struct Zone {
    name: String,
    rules: jiff::tz::TimeZone,
}

/// Why a text is no date, instant or zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// Not `2026-03-01T08:00:00+08:00`.
    #[error("not an RFC 3339 time with its offset")]
    Timestamp,
    /// Not `2026-03-01`.
    #[error("not a date of the form YYYY-MM-DD")]
    Date,
    /// Not in the time zone database.
    #[error("not an IANA time zone name")]
    Zone,
}

impl Timestamp {
    /// From microseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// From whole seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds * 1_000_000)
    }

    /// Reads a local time without offset, `2026-03-01T08:00:00`, in a zone.
    ///
    /// # Errors
    /// When it has another form, or when clocks were changed and it happened twice or never.
    pub fn from_local(text: &str, zone: &Zone) -> Result<Self, TimeError> {
        if text.len() != 19 || text.as_bytes().get(10) != Some(&b'T') {
            return Err(TimeError::Timestamp);
        }
        let local: jiff::civil::DateTime = text.parse().map_err(|_| TimeError::Timestamp)?;
        let zoned = zone.rules.to_ambiguous_zoned(local).unambiguous();
        Ok(Self(zoned.map_err(|_| TimeError::Timestamp)?.timestamp().as_microsecond()))
    }

    /// The local time in a zone without offset, `2026-03-01T08:00:00`; parts of a second are left
    /// out.
    #[must_use]
    pub fn to_local(self, zone: &Zone) -> String {
        let local = zone.rules.to_datetime(self.to_jiff());
        local.strftime("%Y-%m-%dT%H:%M:%S").to_string()
    }

    /// Whole seconds since 1970, rounded down.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// This instant moved by whole seconds.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0 + seconds * 1_000_000)
    }

    /// Seconds from `earlier` to this instant, exact when both are whole seconds.
    #[must_use]
    pub const fn seconds_since(self, earlier: Self) -> i64 {
        (self.0 - earlier.0).div_euclid(1_000_000)
    }

    /// The civil day of this instant in a zone.
    #[must_use]
    pub fn date(self, zone: &Zone) -> Date {
        Date(zone.rules.to_datetime(self.to_jiff()).date())
    }

    fn to_jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_microsecond(self.0).unwrap_or(if self.0 < 0 {
            jiff::Timestamp::MIN
        } else {
            jiff::Timestamp::MAX
        })
    }
}

impl Date {
    /// A day of the proleptic Gregorian calendar; `None` when there is no such day.
    #[must_use]
    pub fn new(year: i16, month: i8, day: i8) -> Option<Self> {
        jiff::civil::Date::new(year, month, day).ok().map(Self)
    }

    /// The year.
    #[must_use]
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// The month, 1 to 12.
    #[must_use]
    pub fn month(self) -> i8 {
        self.0.month()
    }

    /// The day of the month, 1 to 31.
    #[must_use]
    pub fn day(self) -> i8 {
        self.0.day()
    }

    /// Day of the week, Monday = 1 to Sunday = 7.
    #[must_use]
    pub fn weekday(self) -> i8 {
        self.0.weekday().to_monday_one_offset()
    }

    /// This day moved by civil days; stays at the calendar's end when beyond it.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        Self(self.0.saturating_add(jiff::Span::new().days(days.clamp(-3_000_000, 3_000_000))))
    }

    /// This day moved by months; the last day of a shorter month where the day does not exist.
    #[must_use]
    pub fn plus_months(self, months: i64) -> Self {
        Self(self.0.saturating_add(jiff::Span::new().months(months.clamp(-100_000, 100_000))))
    }

    /// Days from `earlier` to this day.
    #[must_use]
    pub fn days_since(self, earlier: Self) -> i64 {
        let span = self.0.since(earlier.0).expect("the days between two civil days always fit");
        i64::from(span.get_days())
    }

    /// The first instant of this day in a zone.
    #[must_use]
    pub fn start(self, zone: &Zone) -> Timestamp {
        let start = zone.rules.to_timestamp(self.0.at(0, 0, 0, 0));
        Timestamp(start.map_or(i64::MAX, jiff::Timestamp::as_microsecond))
    }

    /// The first instant of the next day: the end of this day, exclusive.
    #[must_use]
    pub fn end(self, zone: &Zone) -> Timestamp {
        self.plus_days(1).start(zone)
    }

    /// The instant of this day at which a clock on the wall in a zone shows `minute` minutes after
    /// midnight; 1,440 and above give the end of the day. A time that the zone skips is moved on
    /// by the gap; of a time that occurs twice the first counts.
    #[must_use]
    pub fn at_minute(self, minute: u32, zone: &Zone) -> Timestamp {
        let (Ok(hour), Ok(rest)) = (i8::try_from(minute / 60), i8::try_from(minute % 60)) else {
            return self.end(zone);
        };
        if hour > 23 {
            return self.end(zone);
        }
        let zoned = self.0.at(hour, rest, 0, 0).to_zoned(zone.rules.clone());
        Timestamp(zoned.map(|zoned| zoned.timestamp().as_microsecond()).unwrap_or(i64::MAX))
    }

    /// The first day of this day's month.
    #[must_use]
    pub fn first_of_month(self) -> Self {
        Self(self.0.first_of_month())
    }

    /// The last day of this day's month.
    #[must_use]
    pub fn last_of_month(self) -> Self {
        Self(self.0.last_of_month())
    }
}

impl Zone {
    /// Checks a zone against the compiled-in database.
    ///
    /// # Errors
    /// When the database has no such zone.
    pub fn new(name: &str) -> Result<Self, TimeError> {
        let rules = database().get(name).map_err(|_| TimeError::Zone)?;
        Ok(Self { name: name.to_string(), rules })
    }

    /// The default of agreements under Chinese law.
    #[must_use]
    pub fn shanghai() -> Self {
        Self::new("Asia/Shanghai").expect("the database is compiled in and has Shanghai")
    }

    /// The IANA name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl PartialEq for Zone {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Zone {}

impl PartialOrd for Zone {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Zone {
    fn cmp(&self, other: &Self) -> Ordering {
        self.name.cmp(&other.name)
    }
}

impl Hash for Zone {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

fn database() -> jiff::tz::TimeZoneDatabase {
    jiff::tz::TimeZoneDatabase::bundled()
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.to_jiff())
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.name)
    }
}

impl FromStr for Timestamp {
    type Err = TimeError;

    /// Reads RFC 3339 with its offset. A time without an offset is refused.
    fn from_str(text: &str) -> Result<Self, TimeError> {
        let instant: jiff::Timestamp = text.parse().map_err(|_| TimeError::Timestamp)?;
        if instant.subsec_nanosecond() % 1_000 != 0 {
            return Err(TimeError::Timestamp);
        }
        Ok(Self(instant.as_microsecond()))
    }
}

impl FromStr for Date {
    type Err = TimeError;
    fn from_str(text: &str) -> Result<Self, TimeError> {
        if text.len() != 10 {
            return Err(TimeError::Date);
        }
        text.parse().map(Self).map_err(|_| TimeError::Date)
    }
}

impl FromStr for Zone {
    type Err = TimeError;
    fn from_str(text: &str) -> Result<Self, TimeError> {
        Self::new(text)
    }
}

serde_as_text!(Timestamp, "An RFC 3339 instant with its offset, at most microseconds.");
serde_as_text!(Date, "A civil day, YYYY-MM-DD.");
serde_as_text!(Zone, "An IANA time zone name, such as Asia/Shanghai.");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_in_shanghai_begins_at_sixteen_hours_utc() {
        let day: Date = "2026-03-01".parse().expect("a day");
        let start = day.start(&Zone::shanghai());
        assert_eq!(start.to_string(), "2026-02-28T16:00:00Z");
        assert_eq!(start.date(&Zone::shanghai()), day);
        assert_eq!(day.end(&Zone::shanghai()).seconds_since(start), 86_400);
    }

    #[test]
    fn a_minute_of_a_day_is_read_from_the_wall_clock() {
        let day: Date = "2026-03-29".parse().expect("a day");
        let berlin = Zone::new("Europe/Berlin").expect("a zone");
        let rows = [
            (0, "2026-03-28T23:00:00Z"),
            (60, "2026-03-29T00:00:00Z"),
            (150, "2026-03-29T01:30:00Z"),
            (480, "2026-03-29T06:00:00Z"),
            (1440, "2026-03-29T22:00:00Z"),
            (99_999, "2026-03-29T22:00:00Z"),
        ];
        for (minute, want) in rows {
            assert_eq!(day.at_minute(minute, &berlin).to_string(), want, "{minute}");
        }
    }

    #[test]
    fn months_clip_to_the_last_day() {
        let day: Date = "2028-01-31".parse().expect("a day");
        assert_eq!(day.plus_months(1).to_string(), "2028-02-29");
        assert_eq!(day.plus_days(30).days_since(day), 30);
    }

    #[test]
    fn times_without_an_offset_are_refused() {
        assert_eq!("2026-03-01T08:00:00".parse::<Timestamp>(), Err(TimeError::Timestamp));
        assert_eq!("2026-03-01".parse::<Timestamp>(), Err(TimeError::Timestamp));
        assert_eq!("2026-13-01".parse::<Date>(), Err(TimeError::Date));
        assert_eq!(Zone::new("Asia/Nowhere"), Err(TimeError::Zone));
    }

    #[test]
    fn local_times_need_a_zone_and_must_have_happened_once() {
        let berlin = Zone::new("Europe/Berlin").expect("a zone");
        let read = |text, zone| Timestamp::from_local(text, zone).map(|at| at.to_string());
        for (text, zone, want) in [
            ("2026-03-01T08:00:00", &Zone::shanghai(), Ok("2026-03-01T00:00:00Z")),
            ("2026-03-29T01:59:59", &berlin, Ok("2026-03-29T00:59:59Z")),
            ("2026-03-29T02:30:00", &berlin, Err(TimeError::Timestamp)),
            ("2026-10-25T02:30:00", &berlin, Err(TimeError::Timestamp)),
            ("2026-03-01T08:00:00Z", &berlin, Err(TimeError::Timestamp)),
            ("2026-03-01 08:00:00", &berlin, Err(TimeError::Timestamp)),
            ("2026-03-01", &berlin, Err(TimeError::Timestamp)),
        ] {
            assert_eq!(read(text, zone), want.map(ToString::to_string), "{text}");
            if let Ok(at) = Timestamp::from_local(text, zone) {
                assert_eq!(at.to_local(zone), text);
            }
        }
    }
}
