//! Events and keyframes.

use annotation::{Event, EventError, IouThreshold, match_events, match_keyframes};
use proptest::prelude::*;
use units::Fraction;

fn event(label: &str, start: i64, end: i64) -> Event {
    let (video, label) = ("v".to_owned(), label.to_owned());
    Event { video, label, start_micros: start, end_micros: end }
}

fn half() -> IouThreshold {
    IouThreshold::new(Fraction::new(1, 2)).expect("half")
}

#[test]
fn an_event_on_the_agreed_temporal_iou_matches() {
    for (start, end, right) in [
        (0, 1_000_000, 1),
        (0, 2_000_000, 1),
        (0, 2_000_001, 0),
        (500_000, 1_000_000, 1),
        (500_001, 1_000_000, 0),
        (1_000_000, 2_000_000, 0),
        (500_000, 500_000, 0),
    ] {
        let gold = [event("goal", 0, 1_000_000)];
        let report = match_events(&[event("goal", start, end)], &gold, half()).expect("report");
        assert_eq!(report.counts.right, right, "{start}..{end}");
        assert_eq!(report.counts.missed, 1 - right);
        assert_eq!(report.counts.extra, 1 - right);
    }
}

#[test]
fn a_left_over_of_another_label_is_wrong_class() {
    let gold = [event("goal", 0, 100), event("foul", 200, 300)];
    let work = [event("goal", 0, 90), event("goal", 200, 300)];
    let report = match_events(&work, &gold, half()).expect("report");
    assert_eq!((report.counts.right, report.counts.wrong_class), (1, 1));
    assert_eq!(report.mean_iou, Some(Fraction::new(9, 10)));
    assert_eq!(report.boundary_error_micros_median, Some(0));
    assert_eq!(report.boundary_error_micros_p95, Some(10));
    assert_eq!(report.f1.decimal.as_deref(), Some("0.500000"));
}

#[test]
fn videos_are_kept_apart_and_bad_times_refused() {
    let mut elsewhere = event("goal", 0, 100);
    elsewhere.video = "w".to_owned();
    let report = match_events(&[elsewhere], &[event("goal", 0, 100)], half()).expect("report");
    assert_eq!((report.counts.missed, report.counts.extra), (1, 1));
    let backwards = match_events(&[event("goal", 5, 4)], &[], half());
    assert_eq!(backwards, Err(EventError::Times { video: "v".to_owned(), index: 0 }));
}

#[test]
fn a_keyframe_hits_within_the_tolerance_and_once() {
    for (work, gold, hits) in [
        (vec![100], vec![0], 1),
        (vec![101], vec![0], 0),
        (vec![0, 0], vec![0], 1),
        (vec![50, 150], vec![100, 200], 2),
        (vec![], vec![5], 0),
    ] {
        let report = match_keyframes(&work, &gold, 100).expect("report");
        assert_eq!(report.recall.hits, hits, "{work:?} {gold:?}");
        assert_eq!(report.extra.len() as u64, work.len() as u64 - hits);
        assert_eq!(report.missed.len() as u64, gold.len() as u64 - hits);
    }
    assert_eq!(match_keyframes(&[], &[], -1), Err(EventError::Tolerance));
}

/// The largest number of pairs by trying every partner of the first keyframe.
fn best(work: &[i64], gold: &[i64], tolerance: i64) -> u64 {
    let Some((first, rest)) = gold.split_first() else { return 0 };
    let mut most = best(work, rest, tolerance);
    for at in 0..work.len() {
        if (work[at] - first).abs() <= tolerance {
            let mut left = work.to_vec();
            left.remove(at);
            most = most.max(1 + best(&left, rest, tolerance));
        }
    }
    most
}

proptest! {
    #[test]
    fn keyframes_are_paired_in_the_largest_number(
        work in prop::collection::vec(0_i64..20, 0..6),
        gold in prop::collection::vec(0_i64..20, 0..6), tolerance in 0_i64..6
    ) {
        let report = match_keyframes(&work, &gold, tolerance).expect("report");
        prop_assert_eq!(report.recall.hits, best(&work, &gold, tolerance));
    }
}
