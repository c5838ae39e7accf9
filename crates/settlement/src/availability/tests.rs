//! Availability against vectors, against a naive count of seconds, and over all small worlds.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec;

use proptest::prelude::*;
use units::{Date, Timestamp};

use super::*;
use crate::samples::{at, day, id, percent};
use crate::storage::month_window;

fn terms(target: &str) -> Availability {
    Availability {
        target: percent(target),
        grain: Grain::Exact,
        min_outage: None,
        unknown_as: UnknownAs::Up,
        degraded_as: DegradedAs::Separate,
        exclusions: vec![ExclusionReason::Maintenance, ExclusionReason::ForceMajeure],
        max_excluded: None,
        service_hours: None,
    }
}

fn stretch_of(from: &str, to: &str) -> Window {
    Window::new(at(from), at(to))
}

fn state(window: Window, state: ServiceState, evidence: &str) -> StateInterval {
    StateInterval { window, state, evidence: id(evidence) }
}

fn exclusion(window: Window, reason: &str, evidence: &str) -> Interval {
    Interval { window, reason: reason.into(), evidence: id(evidence) }
}

fn seconds_of(report: &AvailabilityReport) -> [i64; 6] {
    let figures = [report.subscribed, report.excluded, report.up, report.degraded, report.down];
    let [a, b, c, d, e] = figures.map(|micros| micros / 1_000_000);
    [a, b, c, d, e, report.unknown / 1_000_000]
}

/// A month up from end to end, down for the given seconds from its second day.
fn month_with_outage(month: Date, down: Fraction) -> (Window, [StateInterval; 2]) {
    let window = month_window(month, &Zone::shanghai());
    let from = window.from.plus_seconds(86_400);
    let micros = down.scaled(6, RoundingMode::Down);
    let to = Timestamp::from_micros(from.micros() + i64::try_from(micros).expect("a month"));
    let up = state(window, ServiceState::Up, "probe");
    (window, [up, state(Window::new(from, to), ServiceState::Down, "outage")])
}

#[test]
fn the_allowance_is_a_thousandth_of_the_month() {
    // Feb 40,320 min, Apr 43,200 min, Mar 44,640 min; 0.1 % of each, in tenths of a second.
    let rows = [("2026-02-01", 24_192), ("2026-04-01", 25_920), ("2026-03-01", 26_784)];
    for (month, tenths) in rows {
        let allowed = Fraction::new(tenths, 10);
        for (more, met) in [(Fraction::ZERO, true), (Fraction::new(1, 1_000_000), false)] {
            let (window, states) = month_with_outage(day(month), allowed + more);
            let shanghai = Zone::shanghai();
            let report = availability(&terms("99.9%"), &shanghai, window, &states, &[]);
            let report = report.expect("computable terms");
            assert_eq!(report.allowance, allowed * Fraction::whole(1_000_000), "{month}");
            assert_eq!(report.met, met, "{month} with {more} more");
        }
    }
}

#[test]
fn a_percentage_is_cut_off_and_never_rounded_up() {
    let rows = [
        (Fraction::ZERO, "100.0000"),
        (Fraction::new(1, 1_000_000), "99.9999"),
        (Fraction::new(10_368, 100), "99.9960"),
        (Fraction::whole(2_592), "99.9000"),
        (Fraction::new(25_920_001, 10_000), "99.8999"),
        (Fraction::whole(29 * 86_400), "3.3333"),
    ];
    for (down, printed) in rows {
        let (window, states) = month_with_outage(day("2026-04-01"), down);
        let report = availability(&terms("99.9%"), &Zone::shanghai(), window, &states, &[]);
        let percent = report.expect("computable terms").percent().expect("a month has time");
        assert_eq!(alloc::string::ToString::to_string(&percent), printed);
    }
}

/// A day with an outage, maintenance, degradation, an hour without probes.
fn one_day() -> (Window, Vec<StateInterval>, Vec<Interval>) {
    let window = stretch_of("2026-04-01T00:00:00+08:00", "2026-04-02T00:00:00+08:00");
    let states = vec![
        state(
            stretch_of("2026-04-01T00:00:00+08:00", "2026-04-01T12:00:00+08:00"),
            ServiceState::Up,
            "p1",
        ),
        state(
            stretch_of("2026-04-01T13:00:00+08:00", "2026-04-02T03:00:00+08:00"),
            ServiceState::Up,
            "p2",
        ),
        state(
            stretch_of("2026-04-01T08:59:30+08:00", "2026-04-01T09:10:15+08:00"),
            ServiceState::Down,
            "d1",
        ),
        state(
            stretch_of("2026-04-01T20:00:10+08:00", "2026-04-01T20:00:40+08:00"),
            ServiceState::Down,
            "d2",
        ),
        state(
            stretch_of("2026-04-01T09:00:00+08:00", "2026-04-01T09:30:00+08:00"),
            ServiceState::Degraded,
            "g1",
        ),
    ];
    let exclusions = vec![
        exclusion(
            stretch_of("2026-04-01T09:05:00+08:00", "2026-04-01T09:20:00+08:00"),
            "maintenance",
            "x1",
        ),
        exclusion(
            stretch_of("2026-04-01T22:00:00+08:00", "2026-04-01T22:10:00+08:00"),
            "customer_cause",
            "x2",
        ),
    ];
    (window, states, exclusions)
}

#[test]
fn each_term_moves_the_seconds_that_it_says() {
    type Change = fn(&mut Availability);
    // subscribed, excluded, up, degraded, down, unknown
    let rows: [(&str, Change, [i64; 6]); 12] = [
        ("exact", |_| (), [86_400, 900, 80_940, 600, 360, 3_600]),
        ("full", |t| t.grain = Grain::FullMinute, [86_400, 900, 81_000, 600, 300, 3_600]),
        ("touched", |t| t.grain = Grain::TouchedMinute, [86_400, 900, 80_880, 600, 420, 3_600]),
        (
            "touched five",
            |t| t.grain = Grain::TouchedFiveMinutes,
            [86_400, 900, 80_400, 600, 900, 3_600],
        ),
        (
            "shortest outage",
            |t| t.min_outage = Some("1min".parse().expect("a length")),
            [86_400, 900, 80_970, 600, 330, 3_600],
        ),
        (
            "degraded as up",
            |t| t.degraded_as = DegradedAs::Up,
            [86_400, 900, 81_540, 0, 360, 3_600],
        ),
        (
            "degraded as down",
            |t| t.degraded_as = DegradedAs::Down,
            [86_400, 900, 80_940, 0, 960, 3_600],
        ),
        (
            "at most ten minutes out",
            |t| t.max_excluded = Some("10min".parse().expect("a length")),
            [86_400, 600, 80_940, 900, 360, 3_600],
        ),
        ("no exclusion listed", |t| t.exclusions.clear(), [86_400, 0, 80_940, 1_185, 675, 3_600]),
        (
            "every exclusion listed",
            |t| t.exclusions.push(ExclusionReason::CustomerCause),
            [86_400, 1_500, 80_340, 600, 360, 3_600],
        ),
        (
            "office hours",
            |t| t.service_hours = Some(ServiceHours { from_minute: 540, to_minute: 1_080 }),
            [32_400, 900, 27_000, 600, 300, 3_600],
        ),
        (
            "unknown as down",
            |t| t.unknown_as = UnknownAs::Down,
            [86_400, 900, 80_940, 600, 360, 3_600],
        ),
    ];
    let (window, states, exclusions) = one_day();
    for (name, change, want) in rows {
        let mut terms = terms("99%");
        change(&mut terms);
        let report = availability(&terms, &Zone::shanghai(), window, &states, &exclusions);
        let report = report.expect("computable terms");
        assert_eq!(seconds_of(&report), want, "{name}");
        adds_up(&report);
    }
}

#[test]
fn unknown_time_counts_as_the_terms_say() {
    let (window, states, _) = one_day();
    // 675 s down and 3,600 s unknown of 86,400 s.
    let rows = [
        (UnknownAs::Up, "99%", 86_400, 675, true),
        (UnknownAs::Down, "99%", 86_400, 4_275, false),
        (UnknownAs::Excluded, "99.2%", 82_800, 675, false),
        (UnknownAs::Up, "99.2%", 86_400, 675, true),
    ];
    for (unknown_as, target, base, down, met) in rows {
        let terms = Availability { unknown_as, ..terms(target) };
        let report = availability(&terms, &Zone::shanghai(), window, &states, &[]);
        let report = report.expect("computable terms");
        assert_eq!(report.base / 1_000_000, base, "{unknown_as:?} {target}");
        assert_eq!(report.counted_down / 1_000_000, down, "{unknown_as:?} {target}");
        assert_eq!(report.met, met, "{unknown_as:?} {target}");
    }
}

#[test]
fn stretches_name_their_evidence_and_gaps_have_none() {
    let (window, states, exclusions) = one_day();
    let terms = terms("99%");
    let report = availability(&terms, &Zone::shanghai(), window, &states, &exclusions);
    let report = report.expect("computable terms");
    let listed: Vec<(Part, i64, Vec<&str>)> = report
        .stretches
        .iter()
        .map(|stretch| {
            let names = stretch.evidence.iter().map(EvidenceId::as_str).collect();
            (stretch.part, stretch.window.micros() / 1_000_000, names)
        })
        .collect();
    let want = vec![
        (Part::Down, 330, vec!["d1"]),
        (Part::Excluded, 900, vec!["x1"]),
        (Part::Degraded, 600, vec!["g1"]),
        (Part::Unknown, 3_600, vec![]),
        (Part::Down, 30, vec!["d2"]),
    ];
    assert_eq!(listed, want);
    assert_eq!(report.evidence(), crate::samples::proofs(&["d1", "d2", "g1"]));
    assert_eq!(report.refused, vec![exclusions[1].clone()]);
}

#[test]
fn what_is_left_out_beyond_the_limit_is_reported() {
    let (window, states, exclusions) = one_day();
    let limit = Some("10min".parse().expect("a length"));
    let terms = Availability { max_excluded: limit, ..terms("99%") };
    let report = availability(&terms, &Zone::shanghai(), window, &states, &exclusions);
    assert_eq!(report.expect("computable terms").beyond_exclusion_limit, 300_000_000);
}

#[test]
fn an_outage_over_the_window_edge_keeps_its_length() {
    // Forty seconds before midnight and forty after: long enough for a minute, in both months.
    let outage = stretch_of("2026-03-31T23:59:20+08:00", "2026-04-01T00:00:40+08:00");
    let states = [state(outage, ServiceState::Down, "d")];
    let shortest = Some("1min".parse().expect("a length"));
    let terms = Availability { min_outage: shortest, ..terms("99%") };
    for month in ["2026-03-01", "2026-04-01"] {
        let window = month_window(day(month), &Zone::shanghai());
        let report = availability(&terms, &Zone::shanghai(), window, &states, &[]);
        assert_eq!(report.expect("computable terms").down, 40_000_000, "{month}");
    }
}

#[test]
fn service_hours_follow_the_wall_clock() {
    // Berlin loses an hour on 29 March 2026; 01:00 to 04:00 is two hours long on that day.
    let berlin = Zone::new("Europe/Berlin").expect("a zone");
    let window = Window::new(day("2026-03-28").start(&berlin), day("2026-03-31").start(&berlin));
    let hours = Some(ServiceHours { from_minute: 60, to_minute: 240 });
    let terms = Availability { service_hours: hours, ..terms("99%") };
    let report = availability(&terms, &berlin, window, &[], &[]).expect("computable terms");
    assert_eq!(report.subscribed, (3 + 2 + 3) * 3_600_000_000);
    assert_eq!(report.unknown, report.subscribed);
}

#[test]
fn terms_that_cannot_be_computed_are_refused() {
    let window = month_window(day("2026-04-01"), &Zone::shanghai());
    let check = |terms: Availability, want: AvailabilityError| {
        assert_eq!(availability(&terms, &Zone::shanghai(), window, &[], &[]), Err(want));
    };
    for target in ["100.1%", "-1%"] {
        let want = AvailabilityError::Target { target: percent(target) };
        check(terms(target), want);
    }
    for (from, to) in [(60, 60), (120, 60), (0, 1_441)] {
        let hours = Some(ServiceHours { from_minute: from, to_minute: to });
        let want = AvailabilityError::ServiceHours { from, to };
        check(Availability { service_hours: hours, ..terms("99%") }, want);
    }
    let duration: Duration = "3wd".parse().expect("a length");
    let field = "max_excluded";
    let want = AvailabilityError::InexactDuration { field, duration };
    check(Availability { max_excluded: Some(duration), ..terms("99%") }, want);
    let field = "min_outage";
    let want = AvailabilityError::InexactDuration { field, duration };
    check(Availability { min_outage: Some(duration), ..terms("99%") }, want);
}

#[test]
fn the_longest_length_that_can_be_written_is_no_limit() {
    let (window, states, exclusions) = one_day();
    for length in ["4294967295min", "4294967295h", "4294967295d"] {
        let length: Option<Duration> = Some(length.parse().expect("a length"));
        let terms = Availability { max_excluded: length, min_outage: length, ..terms("99%") };
        let report = availability(&terms, &Zone::shanghai(), window, &states, &exclusions);
        let report = report.expect("computable terms");
        assert_eq!((report.excluded / 1_000_000, report.down), (900, 0));
    }
}

#[test]
fn a_window_without_service_time_breaks_no_promise() {
    let start = at("2026-04-01T00:00:00Z");
    let window = Window::new(start, start);
    let report = availability(&terms("100%"), &Zone::shanghai(), window, &[], &[]);
    let report = report.expect("computable terms");
    assert!(report.met);
    assert_eq!(report.percent(), None);
}

/// The parts add up to the service time, and the list to the parts.
fn adds_up(report: &AvailabilityReport) {
    let parts = report.excluded + report.up + report.degraded + report.down + report.unknown;
    assert_eq!(parts, report.subscribed);
    let listed = |part: Part| -> i64 {
        let of_part = report.stretches.iter().filter(|stretch| stretch.part == part);
        of_part.map(|stretch| stretch.window.micros()).sum()
    };
    assert_eq!(listed(Part::Excluded), report.excluded);
    assert_eq!(listed(Part::Degraded), report.degraded);
    assert_eq!(listed(Part::Down), report.down);
    assert_eq!(listed(Part::Unknown), report.unknown);
    let disjoint = report.stretches.windows(2).all(|two| two[0].window.to <= two[1].window.from);
    assert!(disjoint);
}

/// Seconds around the window that the naive count looks at.
const MARGIN: i64 = 240;
const INSIDE: i64 = 600;

/// Counts second by second, over arrays: excluded, up, degraded, down, unknown.
fn naive(
    terms: &Availability,
    inside: i64,
    states: &[(i64, i64, u8)],
    out: &[(i64, i64)],
) -> [i64; 5] {
    let covers = |at: i64, code: u8| states.iter().any(|s| s.2 == code && s.0 <= at && at < s.1);
    let worst = |at: i64| -> char {
        let degraded = covers(at, 1);
        let as_down = degraded && terms.degraded_as == DegradedAs::Down;
        let as_up = degraded && terms.degraded_as == DegradedAs::Up;
        match (covers(at, 2) || as_down, degraded && !as_up, covers(at, 0) || as_up) {
            (true, ..) => 'd',
            (_, true, _) => 'g',
            (.., true) => 'u',
            _ => '?',
        }
    };
    let worst: BTreeMap<i64, char> = (-MARGIN..inside + MARGIN).map(|at| (at, worst(at))).collect();
    let shortest = terms.min_outage.map_or(0, |length| length.exact_seconds().expect("exact"));
    let mut counting: BTreeSet<i64> = BTreeSet::new();
    let mut run: Vec<i64> = Vec::new();
    for at in -MARGIN..=inside + MARGIN {
        if worst.get(&at) == Some(&'d') {
            run.push(at);
            continue;
        }
        let long = i64::try_from(run.len()).expect("small") >= shortest;
        counting.extend(run.drain(..).filter(|_| long));
    }
    let limit =
        terms.max_excluded.map_or(i64::MAX, |length| length.exact_seconds().expect("exact"));
    let mut left_out = BTreeSet::new();
    for at in 0..inside {
        let asked = out.iter().any(|gap| gap.0 <= at && at < gap.1);
        if asked && i64::try_from(left_out.len()).expect("small") < limit {
            left_out.insert(at);
        }
    }
    let eligible = |at: &i64| (0..inside).contains(at) && !left_out.contains(at);
    let bucket = |at: i64, length: i64| at - at.rem_euclid(length);
    let touched = |length: i64| -> BTreeSet<i64> {
        counting.iter().filter(|at| eligible(at)).map(|at| bucket(*at, length)).collect()
    };
    let (minutes, fives) = (touched(60), touched(300));
    let full = |first: i64| (first..first + 60).all(|second| counting.contains(&second));
    let mut sums = [0; 5];
    for at in 0..inside {
        let down = match terms.grain {
            Grain::Exact => counting.contains(&at),
            Grain::FullMinute => counting.contains(&at) && full(bucket(at, 60)),
            Grain::TouchedMinute => minutes.contains(&bucket(at, 60)),
            Grain::TouchedFiveMinutes => fives.contains(&bucket(at, 300)),
        };
        let part = match (left_out.contains(&at), down, worst[&at]) {
            (true, ..) => 0,
            (_, true, _) => 3,
            (.., 'u' | 'd') => 1,
            (.., 'g') => 2,
            _ => 4,
        };
        sums[part] += 1;
    }
    sums
}

const STATES: [ServiceState; 4] =
    [ServiceState::Up, ServiceState::Degraded, ServiceState::Down, ServiceState::Unknown];

fn span(from: i64, to: i64) -> Window {
    let zero = at("2026-04-01T00:00:00+08:00");
    Window::new(zero.plus_seconds(from), zero.plus_seconds(to))
}

fn reports(states: &[(i64, i64, u8)]) -> Vec<StateInterval> {
    let report =
        |&(from, to, code): &(i64, i64, u8)| state(span(from, to), STATES[usize::from(code)], "s");
    states.iter().map(report).collect()
}

fn real(
    terms: &Availability,
    window: Window,
    states: &[(i64, i64, u8)],
    out: &[(i64, i64)],
) -> AvailabilityReport {
    let exclusions: Vec<Interval> =
        out.iter().map(|&(from, to)| exclusion(span(from, to), "maintenance", "x")).collect();
    let report = availability(terms, &Zone::shanghai(), window, &reports(states), &exclusions);
    report.expect("computable terms")
}

fn check(terms: &Availability, inside: i64, states: &[(i64, i64, u8)], out: &[(i64, i64)]) {
    let report = real(terms, span(0, inside), states, out);
    adds_up(&report);
    let [_, excluded, up, degraded, down, unknown] = seconds_of(&report);
    let want = naive(terms, inside, states, out);
    assert_eq!([excluded, up, degraded, down, unknown], want, "{terms:?} {states:?} {out:?}");
}

prop_compose! {
    fn any_terms()(
        grain in prop::sample::select(Grain::ALL),
        unknown_as in prop::sample::select(UnknownAs::ALL),
        degraded_as in prop::sample::select(DegradedAs::ALL),
        shortest in prop::option::of(1_u32..4),
        limit in prop::option::of(1_u32..8),
    ) -> Availability {
        let minutes = |count| Duration::new(count, DurationUnit::Minutes);
        Availability {
            grain: grain.1,
            unknown_as: unknown_as.1,
            degraded_as: degraded_as.1,
            min_outage: shortest.map(minutes),
            max_excluded: limit.map(minutes),
            ..terms("99%")
        }
    }
}

fn any_states() -> impl Strategy<Value = Vec<(i64, i64, u8)>> {
    let report = (-200_i64..700, 0_i64..300, 0_u8..4);
    prop::collection::vec(report.prop_map(|(from, len, code)| (from, from + len, code)), 0..7)
}

fn any_exclusions() -> impl Strategy<Value = Vec<(i64, i64)>> {
    let gap = (-100_i64..600, 0_i64..200).prop_map(|(from, len)| (from, from + len));
    prop::collection::vec(gap, 0..3)
}

proptest! {
    #[test]
    fn seconds_agree_with_a_naive_count(
        terms in any_terms(),
        states in any_states(),
        out in any_exclusions(),
    ) {
        check(&terms, INSIDE, &states, &out);
    }

    #[test]
    fn the_order_and_the_repetition_of_reports_change_nothing(
        terms in any_terms(),
        states in any_states(),
        out in any_exclusions(),
        turn in 0_usize..7,
    ) {
        let (mut other, mut gaps) = (states.clone(), out.clone());
        other.extend(states.iter().take(turn).copied());
        gaps.extend(out.iter().copied());
        let length = other.len().max(1);
        other.rotate_left(turn % length);
        gaps.reverse();
        let window = span(0, INSIDE);
        prop_assert_eq!(real(&terms, window, &other, &gaps), real(&terms, window, &states, &out));
    }

    #[test]
    fn a_window_splits_without_losing_a_second(states in any_states(), cut in 1_i64..INSIDE) {
        let part = |from, to| seconds_of(&real(&terms("99%"), span(from, to), &states, &[]));
        let (whole, left, right) = (part(0, INSIDE), part(0, cut), part(cut, INSIDE));
        for index in 0..6 {
            prop_assert_eq!(whole[index], left[index] + right[index]);
        }
    }
}

#[test]
fn every_small_world_agrees_with_a_naive_count() {
    // Three blocks of forty seconds, each in one of four states or unreported, under every grain
    // and reading of degraded time, with and without a shortest outage.
    let mut worlds = 0;
    for code in 0..5_u32.pow(3) {
        let block = |index: u32| {
            let state = u8::try_from(code / 5_u32.pow(index) % 5).expect("below five");
            let from = 40 * i64::from(index) - 20;
            (state < 4).then_some((from, from + 40, state))
        };
        let states: Vec<(i64, i64, u8)> = (0..3).filter_map(block).collect();
        for (_, grain) in Grain::ALL {
            for (_, degraded_as) in DegradedAs::ALL {
                let (grain, degraded_as) = (*grain, *degraded_as);
                let min_outage = (code % 2 == 0).then_some(Duration::new(1, DurationUnit::Minutes));
                let terms = Availability { grain, degraded_as, min_outage, ..terms("99%") };
                check(&terms, 90, &states, &[(30, 50)]);
                worlds += 1;
            }
        }
    }
    assert_eq!(worlds, 125 * 4 * 3);
}
