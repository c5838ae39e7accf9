//! Laws of working days and deadlines.

use proptest::prelude::*;
use units::{
    Calendar, Date, Deadline, Duration, DurationUnit, Timestamp, Window, Zone, deadline,
    deadline_suspended,
};

use crate::numbers::text_round_trip;
use crate::spans::zones;

const DAY: i64 = 86_400_000_000;

/// Around the published years, 2016 to 2028, so that both edges are met.
fn instants() -> impl Strategy<Value = Timestamp> {
    (1_451_606_400_000_000_i64..1_861_920_000_000_000).prop_map(Timestamp::from_micros)
}

fn calendars() -> impl Strategy<Value = Calendar> {
    proptest::sample::select(&[Calendar::China, Calendar::Weekends][..])
}

fn durations() -> impl Strategy<Value = Duration> {
    prop_oneof![
        (0_u32..30_000).prop_map(|count| Duration::new(count, DurationUnit::Minutes)),
        (0_u32..1_000).prop_map(|count| Duration::new(count, DurationUnit::Hours)),
        (0_u32..120).prop_map(|count| Duration::new(count, DurationUnit::Days)),
        (0_u32..90).prop_map(|count| Duration::new(count, DurationUnit::WorkingDays)),
        (0_u32..30).prop_map(|count| Duration::new(count, DurationUnit::Months)),
        (0_u32..3).prop_map(|count| Duration::new(count, DurationUnit::Years)),
    ]
}

/// Suspensions near a start: from ten days before it to 120 days after, up to 20 days long.
fn suspensions() -> impl Strategy<Value = Vec<(i64, i64)>> {
    prop::collection::vec((-10 * DAY..120 * DAY, 0..20 * DAY), 0..4)
}

fn windows(start: Timestamp, offsets: &[(i64, i64)]) -> Vec<Window> {
    let at = |micros: i64| Timestamp::from_micros(start.micros() + micros);
    offsets.iter().map(|(from, length)| Window::new(at(*from), at(from + length))).collect()
}

/// Days counted one at a time, each asked of the clock: the rule as its documentation says it.
fn naive_days(
    start: Timestamp,
    duration: Duration,
    zone: &Zone,
    calendar: Calendar,
    windows: &[Window],
) -> Timestamp {
    let first = start.date(zone);
    let count = i64::from(duration.count);
    let plain = match duration.unit {
        DurationUnit::Months => first.plus_months(count).days_since(first),
        DurationUnit::Years => first.plus_months(count * 12).days_since(first),
        _ => count,
    };
    let working = duration.unit == DurationUnit::WorkingDays;
    let counts = |day: Date| !working || calendar.is_worked(day);
    let inside = |at: Timestamp| windows.iter().any(|window| window.contains(at));
    let begins_inside = |day: Date| inside(day.start(zone));
    let ends_inside = |day: Date| inside(Timestamp::from_micros(day.end(zone).micros() - 1));
    let (mut day, mut left) = (first, plain);
    while left > 0 {
        day = day.plus_days(1);
        left -= i64::from(counts(day) && !begins_inside(day));
    }
    while ends_inside(day) {
        day = day.plus_days(1);
        while !counts(day) {
            day = day.plus_days(1);
        }
    }
    day.end(zone)
}

proptest! {
    #[test]
    fn working_days_between_undoes_plus_working_days(
        at in instants(), count in 0_u32..400, calendar in calendars()
    ) {
        let from = at.date(&Zone::shanghai());
        let found = calendar.plus_working_days(from, count);
        let back = calendar.working_days_between(from, found.date);
        prop_assert_eq!(back.count, count);
        prop_assert_eq!(back.provisional, found.provisional);
        prop_assert!(count == 0 || calendar.is_worked(found.date));
        let certain = (from.plus_days(1).year()..=found.date.year())
            .all(|year| calendar.is_known_year(year));
        prop_assert_eq!(found.provisional, count > 0 && !certain);
        text_round_trip(&calendar);
    }

    #[test]
    fn a_later_start_or_a_longer_duration_never_ends_earlier(
        a in instants(), shift in 0..40 * DAY, length in durations(), more in 0_u32..50,
        zone in zones(), calendar in calendars(), offsets in suspensions()
    ) {
        let b = Timestamp::from_micros(a.micros() + shift);
        let windows = windows(a, &offsets);
        let end = |start, length| deadline_suspended(start, length, &zone, calendar, &windows).at;
        prop_assert!(end(a, length) >= a);
        let longer = Duration::new(length.count + more, length.unit);
        prop_assert!(end(a, length) <= end(a, longer));
        // Months of different lengths are laid out before days are taken from them, so a later
        // start may end earlier there, once suspended.
        let fixed = !matches!(length.unit, DurationUnit::Months | DurationUnit::Years);
        prop_assert!(!(fixed || offsets.is_empty()) || end(a, length) <= end(b, length));
    }

    #[test]
    fn a_suspension_never_shortens_and_one_that_lies_elsewhere_changes_nothing(
        start in instants(), length in durations(), zone in zones(), calendar in calendars(),
        offsets in suspensions()
    ) {
        let windows = windows(start, &offsets);
        let plain = deadline(start, length, &zone, calendar);
        prop_assert_eq!(plain, length.after(start, &zone, calendar));
        let mut before = plain;
        for known in 0..=windows.len() {
            let now = deadline_suspended(start, length, &zone, calendar, &windows[..known]);
            prop_assert!(now.at >= before.at, "{:?} then {:?}", before, now);
            before = now;
        }
        let reversed: Vec<Window> = windows.iter().rev().copied().collect();
        prop_assert_eq!(before, deadline_suspended(start, length, &zone, calendar, &reversed));
        let elsewhere: Vec<Window> = windows
            .into_iter()
            .filter(|window| window.to <= start || window.from >= plain.at)
            .collect();
        let same = deadline_suspended(start, length, &zone, calendar, &elsewhere);
        prop_assert_eq!(same, plain);
    }

    #[test]
    fn exact_durations_run_only_outside_the_suspensions(
        start in instants(), minutes in 1_u32..30_000, offsets in suspensions()
    ) {
        let windows = windows(start, &offsets);
        let length = Duration::new(minutes, DurationUnit::Minutes);
        let Deadline { at, provisional } =
            deadline_suspended(start, length, &Zone::shanghai(), Calendar::China, &windows);
        prop_assert!(!provisional);
        // Between two neighbouring bounds the clock either runs or stands.
        let mut bounds = vec![start, at];
        let edges = windows.iter().flat_map(|window| [window.from, window.to]);
        bounds.extend(edges.filter(|edge| start < *edge && *edge < at));
        bounds.sort_unstable();
        let ran: i64 = bounds
            .windows(2)
            .map(|pair| Window::new(pair[0], pair[1]))
            .filter(|part| !windows.iter().any(|window| window.contains(part.from)))
            .map(Window::micros)
            .sum();
        prop_assert_eq!(ran, i64::from(minutes) * 60_000_000);
        let last = Timestamp::from_micros(at.micros() - 1);
        prop_assert!(!windows.iter().any(|window| window.contains(last)));
    }

    #[test]
    fn civil_deadlines_agree_with_counting_day_by_day(
        start in instants(), length in durations(), zone in zones(), calendar in calendars(),
        offsets in suspensions()
    ) {
        let windows = windows(start, &offsets);
        if length.exact_seconds().is_none() {
            let want = naive_days(start, length, &zone, calendar, &windows);
            let got = deadline_suspended(start, length, &zone, calendar, &windows);
            prop_assert_eq!(got.at, want);
            let last = Timestamp::from_micros(got.at.micros() - 1).date(&zone);
            prop_assert_eq!(got.at, last.end(&zone));
            let depends = length.unit == DurationUnit::WorkingDays && calendar == Calendar::China;
            prop_assert!(depends || !got.provisional);
        }
    }
}
