//! Laws of instants, days, windows and durations as text.

use proptest::prelude::*;
use units::{Date, Duration, DurationUnit, Timestamp, Window, Zone};

use crate::numbers::{json_round_trip, text_round_trip};

/// 1900-01-01 to about 2199, in microseconds.
pub(crate) fn instants() -> impl Strategy<Value = Timestamp> {
    (-2_208_988_800_000_000_i64..7_258_118_400_000_000).prop_map(Timestamp::from_micros)
}

pub(crate) fn dates() -> impl Strategy<Value = Date> {
    (0_i64..200_000)
        .prop_map(|days| Date::new(1900, 1, 1).expect("a day of the calendar").plus_days(days))
}

pub(crate) fn zones() -> impl Strategy<Value = Zone> {
    proptest::sample::select(
        &["Asia/Shanghai", "UTC", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe"][..],
    )
    .prop_map(|name| Zone::new(name).expect("in the database"))
}

pub(crate) fn windows() -> impl Strategy<Value = Window> {
    (instants(), 0_i64..90 * 86_400_000_000).prop_map(|(from, micros)| {
        Window::new(from, Timestamp::from_micros(from.micros() + micros))
    })
}

const UNITS: [DurationUnit; 6] = [
    DurationUnit::Minutes,
    DurationUnit::Hours,
    DurationUnit::Days,
    DurationUnit::WorkingDays,
    DurationUnit::Months,
    DurationUnit::Years,
];

proptest! {
    #[test]
    fn instants_days_and_windows_survive_text_and_json(
        at in instants(), date in dates(), window in windows(), zone in zones()
    ) {
        text_round_trip(&at);
        text_round_trip(&date);
        text_round_trip(&zone);
        json_round_trip(&window);
        prop_assert_eq!(Timestamp::from_seconds(at.seconds()).seconds(), at.seconds());
        prop_assert_eq!(at.plus_seconds(17).seconds_since(at), 17);
    }

    #[test]
    fn a_duration_is_its_text(count in any::<u32>(), unit in proptest::sample::select(&UNITS[..])) {
        let duration = Duration::new(count, unit);
        text_round_trip(&duration);
        let exact = matches!(unit, DurationUnit::Minutes | DurationUnit::Hours);
        prop_assert_eq!(duration.exact_seconds().is_some(), exact);
    }

    #[test]
    fn arbitrary_text_never_makes_a_time_panic(text in "[-0-9TZ:.+a-z/]{0,40}") {
        let _ = (text.parse::<Timestamp>(), text.parse::<Duration>(), text.parse::<Zone>());
    }

    #[test]
    fn a_day_is_read_in_one_form_alone(text in "[0-9]{4}-?[0-9W]{2}-?[0-9T]{1,4}") {
        if let Ok(date) = text.parse::<Date>() {
            prop_assert_eq!(date.to_string(), text);
        }
    }

    #[test]
    fn every_instant_lies_in_its_civil_day(at in instants(), zone in zones()) {
        let day = at.date(&zone);
        prop_assert!(day.start(&zone) <= at && at < day.end(&zone));
        prop_assert_eq!(day.start(&zone).date(&zone), day);
        prop_assert_eq!(day.end(&zone), day.plus_days(1).start(&zone));
    }

    #[test]
    fn days_are_counted_one_by_one(date in dates(), days in -40_000_i64..40_000) {
        let moved = date.plus_days(days);
        prop_assert_eq!(moved.days_since(date), days);
        prop_assert_eq!(moved.plus_days(-days), date);
        prop_assert_eq!((i64::from(date.weekday()) - 1 + days).rem_euclid(7) + 1,
            i64::from(moved.weekday()));
    }

    #[test]
    fn months_keep_the_day_or_clip_to_the_last(date in dates(), months in 0_i64..1_200) {
        let moved = date.plus_months(months);
        let index = |date: Date| i64::from(date.year()) * 12 + i64::from(date.month());
        prop_assert_eq!(index(moved) - index(date), months);
        prop_assert_eq!(moved.day(), date.day().min(moved.last_of_month().day()));
        prop_assert_eq!(moved.first_of_month().day(), 1);
        prop_assert_eq!(moved.last_of_month().plus_days(1).day(), 1);
    }

    #[test]
    fn a_window_is_the_sum_of_its_parts(
        window in windows(), cuts in prop::collection::vec(0_i64..=1_000, 0..6)
    ) {
        let mut points: Vec<i64> = cuts
            .iter()
            .map(|cut| window.from.micros() + (window.micros() / 1_000) * cut)
            .collect();
        points.extend([window.from.micros(), window.to.micros()]);
        points.sort_unstable();
        let parts: Vec<Window> = points
            .windows(2)
            .map(|pair| {
                Window::new(Timestamp::from_micros(pair[0]), Timestamp::from_micros(pair[1]))
            })
            .collect();
        prop_assert_eq!(parts.iter().map(|part| part.micros()).sum::<i64>(), window.micros());
        for part in &parts {
            let inside = window.intersect(*part).map_or(0, Window::micros);
            prop_assert_eq!(inside, part.micros());
            let holders = parts.iter().filter(|other| other.contains(part.from)).count();
            prop_assert_eq!(holders, usize::from(part.from < window.to));
        }
    }

    #[test]
    fn windows_intersect_alike_from_both_sides(a in windows(), b in windows(), at in instants()) {
        prop_assert_eq!(a.intersect(b), b.intersect(a));
        let common = a.intersect(b).is_some_and(|window| window.contains(at));
        prop_assert_eq!(common, a.contains(at) && b.contains(at));
    }
}

#[test]
fn leap_days_follow_the_gregorian_rule() {
    for year in 1900_i16..=2400 {
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        assert_eq!(Date::new(year, 2, 29).is_some(), leap, "{year}");
        let january = Date::new(year, 1, 31).expect("January has 31 days");
        assert_eq!(january.plus_months(1).day(), if leap { 29 } else { 28 }, "{year}");
        let days = january.plus_months(12).days_since(january);
        assert_eq!(days, if leap { 366 } else { 365 }, "{year}");
    }
}
