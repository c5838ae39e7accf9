//! Days that a lawyer would look up, and the edge of what is published.

use alloc::string::ToString;

use super::*;

fn day(text: &str) -> Date {
    text.parse().expect(text)
}

#[test]
fn days_of_2026_are_as_the_state_council_published() {
    for (text, want) in [
        ("2026-01-01", DayKind::Holiday),
        ("2026-01-03", DayKind::Weekend),
        ("2026-01-04", DayKind::SwappedWorkday),
        ("2026-01-05", DayKind::Working),
        ("2026-02-14", DayKind::SwappedWorkday),
        ("2026-02-16", DayKind::Holiday),
        ("2026-02-23", DayKind::Holiday),
        ("2026-02-24", DayKind::Working),
        ("2026-02-28", DayKind::SwappedWorkday),
        ("2026-05-09", DayKind::SwappedWorkday),
        ("2026-09-20", DayKind::SwappedWorkday),
        ("2026-10-01", DayKind::Holiday),
        ("2026-10-03", DayKind::Weekend),
        ("2026-10-10", DayKind::SwappedWorkday),
    ] {
        assert_eq!(Calendar::china().kind(day(text)), want, "{text}");
    }
    assert_eq!(Calendar::weekends_only().kind(day("2026-01-01")), DayKind::Working);
    assert_eq!(Calendar::weekends_only().kind(day("2026-01-04")), DayKind::Weekend);
}

#[test]
fn working_days_skip_the_start_and_say_when_they_are_provisional() {
    for (from, count, want, provisional) in [
        ("2026-09-30", 0, "2026-09-30", false),
        ("2026-09-30", 1, "2026-10-08", false),
        ("2026-09-30", 3, "2026-10-10", false),
        ("2026-02-13", 1, "2026-02-14", false),
        ("2026-12-30", 1, "2026-12-31", false),
        ("2026-12-31", 1, "2027-01-01", true),
        ("2017-12-29", 1, "2018-01-02", true),
        ("2017-12-31", 1, "2018-01-02", false),
        ("9999-12-30", 9, "9999-12-31", true),
    ] {
        let got = Calendar::china().plus_working_days(day(from), count);
        assert_eq!((got.date, got.provisional), (day(want), provisional), "{from} + {count}");
    }
    let got = Calendar::weekends_only().plus_working_days(day("2026-12-31"), 2);
    assert_eq!(got, WorkingDay { date: day("2027-01-04"), provisional: false });
}

#[test]
fn working_days_between_two_days_count_the_end_and_not_the_start() {
    for (from, to, count, provisional) in [
        ("2026-09-30", "2026-10-10", 3, false),
        ("2026-09-30", "2026-09-30", 0, false),
        ("2026-10-10", "2026-09-30", 0, false),
        ("2026-12-31", "2027-01-04", 2, true),
        ("2025-12-31", "2026-12-31", 248, false),
    ] {
        let got = Calendar::china().working_days_between(day(from), day(to));
        assert_eq!(got, WorkingDays { count, provisional }, "{from} to {to}");
    }
}

#[test]
fn a_calendar_is_known_by_its_id() {
    for calendar in [Calendar::China, Calendar::Weekends] {
        assert_eq!(calendar.to_string().parse(), Ok(calendar));
    }
    assert_eq!("China".parse::<Calendar>(), Err(CalendarError::Unknown));
    assert!(Calendar::china().is_known_year(2026));
    assert!(!Calendar::china().is_known_year(2027));
    assert!(!Calendar::china().is_known_year(2017));
    assert!(Calendar::weekends_only().is_known_year(2027));
}

#[test]
fn the_tables_are_ascending_and_of_their_weekdays() {
    for (table, weekend) in [(china::HOLIDAYS, false), (china::SWAPPED_WORKDAYS, true)] {
        assert!(table.is_sorted_by(|a, b| a < b));
        for key in table {
            let year = i16::try_from(key / 10_000).expect("a year");
            let month = i8::try_from(key / 100 % 100).expect("a month");
            let date = Date::new(year, month, i8::try_from(key % 100).expect("a day"));
            let date = date.expect("a day of the calendar");
            assert_eq!(date.weekday() >= 6, weekend, "{date}");
            assert!(Calendar::china().is_known_year(year), "{date}");
        }
    }
}
