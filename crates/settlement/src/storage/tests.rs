//! Storage use: one row for each case, laws, and naive counts beside them.

use alloc::vec::Vec;

use contract::terms::{Gigabyte, MonthLength, StorageIntegral, StoragePrice};
use proptest::prelude::*;
use units::{Decimal, Fraction, RoundingMode, StorageSample, Timestamp, Window, Zone};

use super::{StorageUsage, calendar_months, gb_months};
use crate::fixture::{at, sample, window};

const GB: u64 = 1_000_000_000;

fn terms() -> StoragePrice {
    StoragePrice {
        price: Decimal::ONE,
        gigabyte: Gigabyte::Decimal,
        integral: StorageIntegral::TimeWeighted,
        month: MonthLength::Actual,
    }
}

fn usage(samples: &[StorageSample], window: Window, terms: &StoragePrice) -> StorageUsage {
    gb_months(samples, window, &Zone::shanghai(), terms, None).expect("in range")
}

fn march() -> Window {
    window("2026-03-01", "2026-04-01")
}

/// Samples of gigabytes by the day of March.
fn days(rows: &[(&str, u64)]) -> Vec<StorageSample> {
    let row = |(when, gigabytes): &(&str, u64)| {
        let when = alloc::format!("2026-03-{when}");
        sample(at(&when), gigabytes * GB, &alloc::format!("s{gigabytes}"))
    };
    rows.iter().map(row).collect()
}

#[test]
fn known_vectors() {
    let places = |value: Fraction| value.to_decimal(10, RoundingMode::HalfUp);
    let decimal = |text: &str| text.parse::<Decimal>().expect(text);
    let steps = days(&[("01", 1_000), ("16", 2_000)]);
    let found = usage(&steps, march(), &terms()).gb_months;
    assert_eq!(found, Fraction::new(1_000 * 15 + 2_000 * 16, 31));
    assert_eq!(places(found), decimal("1516.1290322581"));

    // A published example of a weighted sum: 60, 75, 90, 55 and 100 GB are added, none is removed.
    let grown = days(&[("20", 60), ("21", 135), ("22", 225), ("23", 280), ("26", 380)]);
    let found = usage(&grown, march(), &terms()).gb_months;
    assert_eq!(places(found), decimal("114.1935483871"));

    // 10,995,116,277,760 bytes for 240 hours: 10,240 GB of 2^30 bytes over a month of 744 hours.
    let start = at("2026-02-01");
    let burst =
        [sample(start, 10_995_116_277_760, "s1"), sample(start.plus_seconds(864_000), 0, "s2")];
    let binary =
        StoragePrice { gigabyte: Gigabyte::Binary, month: MonthLength::Hours744, ..terms() };
    let found = usage(&burst, window("2026-02-01", "2026-03-01"), &binary).gb_months;
    assert_eq!(found, Fraction::new(10_240 * 240, 744));
    assert_eq!(found.to_decimal(2, RoundingMode::HalfUp), decimal("3303.23"));
}

#[test]
fn what_a_month_is() {
    let february = window("2026-02-01", "2026-03-01");
    let one = [sample(at("2026-01-15"), GB, "s1")];
    for (month, want) in [
        (MonthLength::Actual, Fraction::whole(1)),
        (MonthLength::Days30, Fraction::new(28, 30)),
        (MonthLength::Hours744, Fraction::new(28, 31)),
    ] {
        let terms = StoragePrice { month, ..terms() };
        assert_eq!(usage(&one, february, &terms).gb_months, want, "{month:?}");
    }
}

#[test]
fn nothing_is_stored_before_the_first_sample_and_the_last_value_is_carried() {
    let one = days(&[("11", 31)]);
    let found = usage(&one, march(), &terms());
    assert_eq!(found.gb_months, Fraction::whole(21));
    assert_eq!(found.last, one.first().cloned());
    let april = usage(&one, window("2026-04-01", "2026-05-01"), &terms());
    assert_eq!(april.gb_months, Fraction::whole(31));
    assert_eq!(usage(&[], march(), &terms()).gb_months, Fraction::ZERO);
}

#[test]
fn windows_over_months_are_split_by_the_calendar_of_the_zone() {
    let one = [sample(at("2026-01-01"), GB, "s1")];
    let found = usage(&one, window("2026-01-15", "2026-04-01"), &terms());
    let months: Vec<Fraction> = found.months.iter().map(|month| month.gb_months).collect();
    assert_eq!(months, [Fraction::new(17, 31), Fraction::whole(1), Fraction::whole(1)]);
    // 2026-03-31T20:00Z is already April in Shanghai.
    let late = [sample("2026-03-31T20:00:00Z".parse().expect("a time"), GB, "s1")];
    assert_eq!(usage(&late, march(), &terms()).gb_months, Fraction::ZERO);
    let zone = Zone::new("Europe/Berlin").expect("a zone");
    let months = calendar_months(march(), &zone);
    assert_eq!(months.len(), 2, "march in Shanghai begins in February of Berlin");
}

#[test]
fn a_month_with_a_clock_change_is_still_one_month() {
    let zone = Zone::new("Europe/Berlin").expect("a zone");
    let month = super::month_window("2026-03-10".parse().expect("a day"), &zone);
    assert_eq!(month.micros(), 743 * 3_600_000_000);
    let one = [sample(month.from, GB, "s1")];
    for integral in [StorageIntegral::TimeWeighted, StorageIntegral::DailyPeak] {
        let terms = StoragePrice { integral, ..terms() };
        let found = gb_months(&one, month, &zone, &terms, None).expect("in range");
        assert_eq!(found.gb_months, Fraction::whole(1));
    }
}

#[test]
fn a_daily_peak_counts_the_whole_day() {
    let peak = StoragePrice { integral: StorageIntegral::DailyPeak, ..terms() };
    let rows = days(&[("10T08:00", 31), ("10T09:00", 62), ("10T10:00", 0)]);
    assert_eq!(usage(&rows, march(), &peak).gb_months, Fraction::whole(2));
    // A value that is carried into a day counts for it.
    let carried = days(&[("10T23:59", 31), ("11T00:01", 0)]);
    assert_eq!(usage(&carried, march(), &peak).gb_months, Fraction::whole(2));
    let ended = days(&[("10T23:59", 31), ("11", 0)]);
    assert_eq!(usage(&ended, march(), &peak).gb_months, Fraction::whole(1));
}

#[test]
fn samples_far_apart_are_marked() {
    let rows = days(&[("01", 1), ("02", 1), ("05", 1)]);
    let found = |seconds| {
        let zone = Zone::shanghai();
        let usage = gb_months(&rows, window("2026-03-01", "2026-03-06"), &zone, &terms(), seconds);
        usage.expect("in range").gaps
    };
    assert_eq!(found(None), []);
    assert_eq!(found(Some(86_400)), [window("2026-03-02", "2026-03-05")]);
    assert_eq!(found(Some(86_399)).len(), 3);
    assert_eq!(found(Some(3 * 86_400)), []);
}

#[test]
fn the_lower_evidence_decides_between_samples_of_one_instant() {
    let both = [sample(at("2026-03-01"), 5 * GB, "b"), sample(at("2026-03-01"), GB, "a")];
    let found = usage(&both, march(), &terms());
    assert_eq!(found.gb_months, Fraction::whole(1));
    assert_eq!(found.months[0].evidence.len(), 1);
}

/// Second by second, as a person would count with patience.
fn by_seconds(samples: &[StorageSample], window: Window, peak: bool) -> i128 {
    let value = |second: i64| {
        let before = samples.iter().filter(|row| row.at.seconds() <= second);
        before.max_by_key(|row| row.at).map_or(0, |row| i128::from(row.bytes))
    };
    let (from, to) = (window.from.seconds(), window.to.seconds());
    let day = |second: i64| (second + 8 * 3_600).div_euclid(86_400);
    let of_second = |second: i64| {
        if !peak {
            return value(second);
        }
        let same_day = (from..to).filter(|other| day(*other) == day(second));
        same_day.map(value).max().unwrap_or(0)
    };
    (from..to).map(of_second).sum()
}

fn any_samples() -> impl Strategy<Value = Vec<StorageSample>> {
    let midnight = at("2026-03-02").seconds();
    proptest::collection::btree_map(-90_i64..90, 0_u64..1_000, 0..8).prop_map(move |rows| {
        rows.into_iter()
            .map(|(second, bytes)| {
                let when = Timestamp::from_seconds(midnight + second);
                sample(when, bytes, &alloc::format!("s{}", second + 90))
            })
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn the_integral_is_the_sum_of_seconds(
        samples in any_samples(), from in -60_i64..0, to in 0_i64..60,
    ) {
        let midnight = at("2026-03-02");
        let window = Window::new(midnight.plus_seconds(from), midnight.plus_seconds(to));
        for (integral, peak) in
            [(StorageIntegral::TimeWeighted, false), (StorageIntegral::DailyPeak, true)]
        {
            let terms = StoragePrice { integral, ..terms() };
            let found = usage(&samples, window, &terms);
            let sum: Fraction = found.months.iter().map(|month| month.byte_seconds).sum();
            let want = by_seconds(&samples, window, peak);
            prop_assert_eq!(sum, Fraction::whole(want), "{:?}", integral);
        }
    }

    #[test]
    fn split_windows_add_up_and_order_changes_nothing(
        samples in any_samples(), cut in -80_i64..80,
    ) {
        let midnight = at("2026-03-02");
        let ends = [-85, cut, 85].map(|second| midnight.plus_seconds(second));
        let part = |from: usize, to: usize| {
            usage(&samples, Window::new(ends[from], ends[to]), &terms()).gb_months
        };
        prop_assert_eq!(part(0, 1) + part(1, 2), part(0, 2));
        let mut other: Vec<StorageSample> = samples.iter().rev().cloned().collect();
        other.extend(samples.iter().cloned());
        let window = Window::new(ends[0], ends[2]);
        prop_assert_eq!(usage(&other, window, &terms()), usage(&samples, window, &terms()));
    }
}
