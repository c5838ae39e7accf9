//! Deadlines in Shanghai, where a civil day begins at 16:00 UTC of the day before.

use alloc::vec::Vec;

use super::*;

fn at(text: &str) -> Timestamp {
    text.parse().expect(text)
}

/// Start, duration, suspensions, deadline, whether it is provisional.
type Row<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)], &'a str, bool);

fn check(calendar: Calendar, rows: &[Row]) {
    for (start, duration, suspensions, want, provisional) in rows {
        let windows: Vec<Window> =
            suspensions.iter().map(|(from, to)| Window::new(at(from), at(to))).collect();
        let length: Duration = duration.parse().expect(duration);
        let got = deadline_suspended(at(start), length, &Zone::shanghai(), calendar, &windows);
        let want = Deadline { at: at(want), provisional: *provisional };
        assert_eq!(got, want, "{start} + {duration} without {suspensions:?}");
    }
}

#[test]
fn hours_are_exact_and_days_end_with_the_civil_day() {
    check(
        Calendar::China,
        &[
            ("2026-03-01T08:00:00+08:00", "72h", &[], "2026-03-04T08:00:00+08:00", false),
            ("2026-03-01T08:00:00+08:00", "15min", &[], "2026-03-01T08:15:00+08:00", false),
            ("2026-03-01T00:00:00+08:00", "30d", &[], "2026-04-01T00:00:00+08:00", false),
            ("2026-03-01T23:59:59+08:00", "30d", &[], "2026-04-01T00:00:00+08:00", false),
            ("2026-03-01T08:00:00+08:00", "0d", &[], "2026-03-02T00:00:00+08:00", false),
            ("2026-01-31T08:00:00+08:00", "1mo", &[], "2026-03-01T00:00:00+08:00", false),
            ("2028-02-29T08:00:00+08:00", "1y", &[], "2029-03-01T00:00:00+08:00", false),
            ("2026-09-30T08:00:00+08:00", "3wd", &[], "2026-10-11T00:00:00+08:00", false),
            ("2026-12-31T08:00:00+08:00", "1wd", &[], "2027-01-02T00:00:00+08:00", true),
            ("2026-12-31T08:00:00+08:00", "9d", &[], "2027-01-10T00:00:00+08:00", false),
        ],
    );
}

#[test]
fn the_clock_of_hours_stops_inside_a_suspension() {
    let start = "2026-03-01T08:00:00Z";
    check(
        Calendar::Weekends,
        &[
            // Wholly inside the period.
            (
                start,
                "72h",
                &[("2026-03-02T00:00:00Z", "2026-03-02T06:00:00Z")],
                "2026-03-04T14:00:00Z",
                false,
            ),
            // Begun before the period: only the overlap counts.
            (
                start,
                "72h",
                &[("2026-02-01T00:00:00Z", "2026-03-01T09:00:00Z")],
                "2026-03-04T09:00:00Z",
                false,
            ),
            // Two that overlap are not counted twice; a third lies in the extension.
            (
                start,
                "2h",
                &[
                    ("2026-03-01T10:30:00Z", "2026-03-01T11:00:00Z"),
                    ("2026-03-01T09:00:00Z", "2026-03-01T10:00:00Z"),
                    ("2026-03-01T09:30:00Z", "2026-03-01T10:15:00Z"),
                ],
                "2026-03-01T11:45:00Z",
                false,
            ),
            // Begun when the period had run out.
            (
                start,
                "2h",
                &[("2026-03-01T10:00:00Z", "2026-03-09T10:00:00Z")],
                "2026-03-01T10:00:00Z",
                false,
            ),
            // One inside another that outlasts it.
            (
                start,
                "2h",
                &[
                    ("2026-03-01T09:00:00Z", "2026-03-01T19:00:00Z"),
                    ("2026-03-01T10:00:00Z", "2026-03-01T11:00:00Z"),
                ],
                "2026-03-01T20:00:00Z",
                false,
            ),
        ],
    );
}

#[test]
fn civil_days_that_begin_inside_a_suspension_do_not_count() {
    let start = "2026-03-02T10:00:00+08:00";
    let noons: &[(&str, &str)] = &[("2026-03-05T12:00:00+08:00", "2026-03-08T12:00:00+08:00")];
    let within_a_day: &[(&str, &str)] =
        &[("2026-03-05T01:00:00+08:00", "2026-03-05T23:00:00+08:00")];
    let midnights: &[(&str, &str)] = &[("2026-03-05T00:00:00+08:00", "2026-03-06T00:00:00+08:00")];
    check(
        Calendar::Weekends,
        &[
            // The 6th, 7th and 8th begin inside.
            (start, "10d", noons, "2026-03-16T00:00:00+08:00", false),
            (start, "1mo", noons, "2026-04-06T00:00:00+08:00", false),
            // The 5th would be last but ends inside; so do the 6th and 7th.
            (start, "3d", noons, "2026-03-09T00:00:00+08:00", false),
            // The 4th is last and over before it begins.
            (start, "2d", noons, "2026-03-05T00:00:00+08:00", false),
            // No day begins inside.
            (start, "3d", within_a_day, "2026-03-06T00:00:00+08:00", false),
            (start, "10d", within_a_day, "2026-03-13T00:00:00+08:00", false),
            // Exactly one day.
            (start, "2d", midnights, "2026-03-05T00:00:00+08:00", false),
            (start, "3d", midnights, "2026-03-07T00:00:00+08:00", false),
            // The same day twice counts once.
            (start, "3d", &[midnights[0], midnights[0]], "2026-03-07T00:00:00+08:00", false),
            // Working days: the 6th (Friday) is suspended, 7th and 8th are a weekend anyway.
            (start, "4wd", noons, "2026-03-10T00:00:00+08:00", false),
            // Thursday the 5th ends inside: the next working day that does not is Monday.
            (start, "3wd", noons, "2026-03-10T00:00:00+08:00", false),
        ],
    );
}

#[test]
fn an_endless_suspension_ends_with_the_calendar() {
    let forever = [Window::new(at("2026-03-01T00:00:00Z"), Timestamp::from_micros(i64::MAX))];
    for text in ["3d", "3wd", "1y"] {
        let length: Duration = text.parse().expect(text);
        let start = at("2026-03-01T08:00:00Z");
        let zone = Zone::shanghai();
        let got = deadline_suspended(start, length, &zone, Calendar::Weekends, &forever);
        assert!(got.at > at("9999-12-29T00:00:00Z"), "{text}: {}", got.at);
    }
}
