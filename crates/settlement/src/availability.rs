//! Availability of a service over a calendar month: from reported states to seconds up, degraded,
//! down, unknown and left out, which add up to the service time exactly.
//! Clauses: pb-04, class-4.1. Knows no money (that is `credit`), and not who reported what.
//!
//! Rules, in order:
//! 1. Service time is the window, cut to the service hours of each day in the agreement's zone.
//! 2. Agreed exclusions are left out where the terms list their reason; the earliest first, up to
//!    the most that a month may leave out.
//! 3. Where reports overlap, the worst known state decides: down before degraded before up before
//!    unknown. A later report does not override an earlier one, so their order never matters.
//! 4. Degraded time is taken as down, as up, or apart, as the terms say.
//! 5. An outage shorter than the shortest that counts is up. Its length is that of the whole
//!    reported outage, also where it reaches out of the service time.
//! 6. Down time is rounded to the grain; minutes begin with the clock's. A full minute is down
//!    from end to end as reported; a touched minute is one that down time inside the service time
//!    touches. What rounding takes from down time is up, what it adds was anything else.
//! 7. Time that no report covers is unknown, and listed.

use alloc::string::String;
use alloc::vec::Vec;

use contract::terms::{Availability, DegradedAs, ExclusionReason, Grain, ServiceHours, UnknownAs};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use units::{
    Decimal, Duration, DurationUnit, EvidenceId, Fraction, Interval, Percent, RoundingMode,
    ServiceState, StateInterval, Timestamp, Window, Zone,
};

use crate::stretches::Stretches;

const MINUTE: i64 = 60_000_000;

/// Availability of a service over a window. Lengths are in microseconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AvailabilityReport {
    /// The calendar month, or the part of it in which the service was subscribed.
    pub window: Window,
    /// The promised share.
    pub target: Percent,
    /// Service time in the window: the sum of the next five.
    pub subscribed: i64,
    /// Left out because both agreed to it.
    pub excluded: i64,
    /// Up.
    pub up: i64,
    /// Degraded and counted apart.
    pub degraded: i64,
    /// Down, rounded to the grain.
    pub down: i64,
    /// Covered by no report, or by a blind one.
    pub unknown: i64,
    /// What the share is of: `subscribed - excluded`, less `unknown` where that is left out.
    pub base: i64,
    /// What counts against the target: `down`, and `unknown` where that counts as down.
    pub counted_down: i64,
    /// `(1 - target) * base`, exactly.
    pub allowance: Fraction,
    /// Whether `counted_down <= allowance`. A month without service time breaks no promise.
    pub met: bool,
    /// Every stretch that is not up, in order of time; they add up to the figures above.
    pub stretches: Vec<Stretch>,
    /// Exclusions whose reason the terms do not list; they change nothing.
    pub refused: Vec<Interval>,
    /// Service time with a listed reason that was beyond the most that a month may leave out.
    pub beyond_exclusion_limit: i64,
}

/// A stretch of service time that was not up.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Stretch {
    /// When.
    pub window: Window,
    /// What it counts as.
    pub part: Part,
    /// The reports that say so, in order of their names; none for time that no report covers.
    pub evidence: Vec<EvidenceId>,
}

/// What a stretch of service time counts as.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Left out.
    Excluded,
    /// Degraded and counted apart.
    Degraded,
    /// Down.
    Down,
    /// Unknown.
    Unknown,
}

/// Why availability cannot be computed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AvailabilityError {
    /// The promised share is below 0 % or above 100 %.
    #[error("the availability target {target} is not between 0% and 100%")]
    Target {
        /// The share.
        target: Percent,
    },
    /// Service hours that end before they begin, or after the day.
    #[error("service hours from minute {from} to minute {to} are no part of a day")]
    ServiceHours {
        /// First minute.
        from: u32,
        /// First minute after.
        to: u32,
    },
    /// A length that needs a calendar where an exact one is needed.
    #[error("{field} is {duration}, which has no exact length")]
    InexactDuration {
        /// The term.
        field: &'static str,
        /// The length.
        duration: Duration,
    },
}

/// Availability over a window, such as a [`month_window`](crate::month_window) cut to the life of
/// the agreement. `exclusions` are those that both parties agreed to. Reports and exclusions may
/// overlap, repeat, reach out of the window and come in any order.
///
/// Clauses: pb-04, class-4.1.
///
/// # Errors
/// When a term cannot be computed with; no report of states is an error.
pub fn availability(
    terms: &Availability,
    zone: &Zone,
    window: Window,
    states: &[StateInterval],
    exclusions: &[Interval],
) -> Result<AvailabilityReport, AvailabilityError> {
    let target = terms.target.share();
    if target < Fraction::ZERO || target > Fraction::whole(1) {
        return Err(AvailabilityError::Target { target: terms.target });
    }
    let service = service_time(terms.service_hours.as_ref(), window, zone)?;
    let (agreed, refused) = listed_exclusions(&terms.exclusions, exclusions);
    let asked = Stretches::of(agreed.iter().map(|interval| interval.window)).common(&service);
    let excluded = match terms.max_excluded {
        Some(limit) => asked.earliest(exact_micros("max_excluded", limit)?),
        None => asked.clone(),
    };
    let parts = split(terms, &service, excluded, states)?;
    let (down, unknown) = (parts.down.micros(), parts.unknown.micros());
    let eligible = service.micros() - parts.excluded.micros();
    let (base, counted_down) = match terms.unknown_as {
        UnknownAs::Up => (eligible, down),
        UnknownAs::Down => (eligible, down + unknown),
        UnknownAs::Excluded => (eligible - unknown, down),
    };
    let allowance = (Fraction::whole(1) - target) * Fraction::whole(i128::from(base));
    Ok(AvailabilityReport {
        window,
        target: terms.target,
        subscribed: service.micros(),
        excluded: parts.excluded.micros(),
        up: parts.up.micros(),
        degraded: parts.degraded.micros(),
        down,
        unknown,
        base,
        counted_down,
        allowance,
        met: Fraction::whole(i128::from(counted_down)) <= allowance,
        stretches: parts.listed(terms.degraded_as, states, &agreed),
        refused,
        beyond_exclusion_limit: asked.micros() - parts.excluded.micros(),
    })
}

impl AvailabilityReport {
    /// The share of time that counts as up; `None` without any time to measure.
    #[must_use]
    pub fn share(&self) -> Option<Fraction> {
        let up = i128::from(self.base - self.counted_down);
        (self.base != 0).then(|| Fraction::new(up, i128::from(self.base)))
    }

    /// The share in percent, cut off after four places and never rounded up: a month that missed
    /// 100 % does not print as 100. `None` without any time to measure.
    #[must_use]
    pub fn percent(&self) -> Option<Decimal> {
        let points = self.share()? * Fraction::whole(100);
        Some(points.to_decimal(4, RoundingMode::Down))
    }

    /// Evidence of everything that counts against the vendor, in order of its names.
    #[must_use]
    pub fn evidence(&self) -> Vec<EvidenceId> {
        let against = |stretch: &&Stretch| match stretch.part {
            Part::Excluded => false,
            Part::Degraded | Part::Down => true,
            Part::Unknown => self.counted_down > self.down,
        };
        let mut all: Vec<EvidenceId> =
            self.stretches.iter().filter(against).flat_map(|s| s.evidence.clone()).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// Service time as disjoint sets that cover it.
struct Parts {
    excluded: Stretches,
    up: Stretches,
    degraded: Stretches,
    down: Stretches,
    unknown: Stretches,
}

fn split(
    terms: &Availability,
    service: &Stretches,
    excluded: Stretches,
    states: &[StateInterval],
) -> Result<Parts, AvailabilityError> {
    let reported = |state: ServiceState| {
        let of_state = move |report: &&StateInterval| read_as(terms, report.state) == state;
        Stretches::of(states.iter().filter(of_state).map(|report| report.window))
    };
    let eligible = service.without(&excluded);
    let outages = reported(ServiceState::Down);
    let counting = match terms.min_outage {
        Some(shortest) => outages.at_least(exact_micros("min_outage", shortest)?),
        None => outages.clone(),
    };
    let down = to_grain(terms.grain, &counting, &eligible);
    let degraded = reported(ServiceState::Degraded).without(&outages);
    let degraded = degraded.common(&eligible).without(&down);
    // Down time that does not count is up, whatever milder report lies beside it.
    let up = reported(ServiceState::Up).join(&outages).common(&eligible);
    let up = up.without(&down).without(&degraded);
    let unknown = eligible.without(&down).without(&degraded).without(&up);
    Ok(Parts { excluded, up, degraded, down, unknown })
}

/// The state that a report counts as, once the terms have said what degraded time is.
fn read_as(terms: &Availability, state: ServiceState) -> ServiceState {
    match (state, terms.degraded_as) {
        (ServiceState::Degraded, DegradedAs::Down) => ServiceState::Down,
        (ServiceState::Degraded, DegradedAs::Up) => ServiceState::Up,
        _ => state,
    }
}

fn to_grain(grain: Grain, outages: &Stretches, eligible: &Stretches) -> Stretches {
    let inside = outages.common(eligible);
    match grain {
        Grain::Exact => inside,
        Grain::FullMinute => outages.shrunk(MINUTE).common(eligible),
        Grain::TouchedMinute => inside.grown(MINUTE).common(eligible),
        Grain::TouchedFiveMinutes => inside.grown(5 * MINUTE).common(eligible),
    }
}

fn service_time(
    hours: Option<&ServiceHours>,
    window: Window,
    zone: &Zone,
) -> Result<Stretches, AvailabilityError> {
    let whole = Stretches::of([window]);
    let Some(hours) = hours else { return Ok(whole) };
    let (from, to) = (hours.from_minute, hours.to_minute);
    if from >= to || to > 1_440 {
        return Err(AvailabilityError::ServiceHours { from, to });
    }
    let mut daily = Vec::new();
    let mut day = window.from.date(zone);
    while day.start(zone) < window.to {
        daily.push(Window::new(day.at_minute(from, zone), day.at_minute(to, zone)));
        let next = day.plus_days(1);
        if next == day {
            break;
        }
        day = next;
    }
    Ok(Stretches::of(daily).common(&whole))
}

/// Exclusions whose reason the terms list, and the others.
fn listed_exclusions(
    listed: &[ExclusionReason],
    exclusions: &[Interval],
) -> (Vec<Interval>, Vec<Interval>) {
    let mut sorted = exclusions.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    let codes: Vec<String> = listed.iter().map(|reason| reason.code().into()).collect();
    sorted.into_iter().partition(|interval| codes.contains(&interval.reason))
}

/// An exact length; a day here is 24 hours.
fn exact_micros(field: &'static str, duration: Duration) -> Result<i64, AvailabilityError> {
    let seconds = match duration.unit {
        DurationUnit::Days => Some(i64::from(duration.count) * 86_400),
        _ => duration.exact_seconds(),
    };
    let seconds = seconds.ok_or(AvailabilityError::InexactDuration { field, duration })?;
    Ok(seconds.saturating_mul(1_000_000))
}

impl Parts {
    /// Every stretch that is not up, with the reports behind it.
    fn listed(
        &self,
        degraded_as: DegradedAs,
        states: &[StateInterval],
        agreed: &[Interval],
    ) -> Vec<Stretch> {
        let reports = |wanted: &[ServiceState]| {
            let mut found: Vec<(Window, EvidenceId)> = states
                .iter()
                .filter(|report| wanted.contains(&report.state))
                .map(|report| (report.window, report.evidence.clone()))
                .collect();
            found.sort_unstable();
            found
        };
        let downs = match degraded_as {
            DegradedAs::Down => reports(&[ServiceState::Down, ServiceState::Degraded]),
            _ => reports(&[ServiceState::Down]),
        };
        let reasons: Vec<(Window, EvidenceId)> =
            agreed.iter().map(|interval| (interval.window, interval.evidence.clone())).collect();
        let mut listed = with_evidence(Part::Excluded, &self.excluded, &reasons);
        listed.extend(with_evidence(Part::Down, &self.down, &downs));
        let degraded = reports(&[ServiceState::Degraded]);
        listed.extend(with_evidence(Part::Degraded, &self.degraded, &degraded));
        let unknown = reports(&[ServiceState::Unknown]);
        listed.extend(with_evidence(Part::Unknown, &self.unknown, &unknown));
        listed.sort_unstable();
        listed
    }
}

/// Joins stretches with the reports that overlap them; both in order of time, so that one pass is
/// enough however many there are.
fn with_evidence(
    part: Part,
    stretches: &Stretches,
    reports: &[(Window, EvidenceId)],
) -> Vec<Stretch> {
    let mut coming = reports.iter().peekable();
    let mut open: Vec<&(Window, EvidenceId)> = Vec::new();
    let mut joined = Vec::new();
    for window in stretches.windows() {
        while let Some(report) = coming.next_if(|report| report.0.from < window.to) {
            if report.0.from < report.0.to {
                open.push(report);
            }
        }
        open.retain(|report| report.0.to > window.from);
        let mut evidence: Vec<EvidenceId> = open.iter().map(|report| report.1.clone()).collect();
        evidence.sort_unstable();
        evidence.dedup();
        joined.push(Stretch { window, part, evidence });
    }
    joined
}

/// Seconds, exactly, of a length in microseconds.
pub(crate) fn seconds(micros: i64) -> Fraction {
    Fraction::new(i128::from(micros), i128::from(Timestamp::from_seconds(1).micros()))
}

#[cfg(test)]
mod tests;
