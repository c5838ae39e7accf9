//! Videos against gold: events, keyframes and mean average precision, with figures worked out by
//! hand.

use annotation::{
    BoxOptions, Class, Dataset, Delivery, Event, EventError, EventRecord, IouThreshold,
    QualityError, QualityOptions, QualityReport, Scored, Time, Video, event_average_precision,
    quality,
};
use units::{Fraction, Metric, Quantity, Ratio};

/// Video, class, start and end in tenths of a second; a moment where they are the same.
type Row = (&'static str, &'static str, i64, i64);

fn dataset(videos: &[&str], rows: &[Row]) -> Delivery {
    let mut dataset = Dataset { named: true, ..Dataset::default() };
    for (id, name) in (1..).zip(videos) {
        dataset.videos.push(Video { id, name: (*name).to_owned(), ..Video::default() });
    }
    for (video, class, start, end) in rows {
        let class = match dataset.classes.iter().position(|own| own.name == *class) {
            Some(at) => at,
            None => {
                let id = dataset.classes.len() as u64 + 1;
                dataset.classes.push(Class { id, name: (*class).to_owned(), ..Class::default() });
                dataset.classes.len() - 1
            }
        };
        let video = videos.iter().position(|name| name == video).expect("a video of the list");
        let time = |pts| Time { pts, timebase: (1, 10) };
        dataset.events.push(EventRecord {
            video: u32::try_from(video).expect("few"),
            class: u32::try_from(class).expect("few"),
            start: time(*start),
            end: time(*end),
            score: None,
            more: None,
        });
    }
    Delivery::of(dataset)
}

fn options(average_precision: bool) -> QualityOptions {
    let iou = IouThreshold::new(Fraction::new(1, 2)).expect("half");
    let tolerance_micros = 200_000;
    QualityOptions { boxes: BoxOptions::at(iou), average_precision, tolerance_micros }
}

fn gold() -> Delivery {
    dataset(
        &["a/one.mp4", "a/two.mp4", "a/three.mp4"],
        &[
            ("a/one.mp4", "goal", 10, 20),
            ("a/one.mp4", "foul", 40, 60),
            ("a/one.mp4", "cut", 30, 30),
            ("a/two.mp4", "goal", 0, 10),
            ("a/two.mp4", "cut", 50, 50),
            ("a/three.mp4", "cut", 5, 5),
        ],
    )
}

#[test]
fn events_and_keyframes_of_videos_are_judged_video_by_video() {
    let work = dataset(
        &["one.avi", "two.avi", "four.avi"],
        &[
            // Six of ten tenths in common.
            ("one.avi", "goal", 12, 18),
            ("one.avi", "goal", 40, 60),
            ("one.avi", "cut", 32, 32),
            ("two.avi", "goal", 0, 10),
            ("two.avi", "cut", 53, 53),
            ("four.avi", "goal", 0, 10),
        ],
    );
    let report = quality(&work, &gold(), &options(false)).expect("a report");
    assert_eq!(report.conforming_items(), Ratio::new(0, 3));
    // Two of three events are right, one of three keyframes; one keyframe is too many.
    assert_eq!(report.conforming_objects(), Ratio::new(3, 7));
    let quantities = report.quantities();
    let of = |metric| quantities.iter().find(|(own, _)| *own == metric).map(|(_, it)| it.clone());
    assert_eq!(of(Metric::TemporalF1), Some(Quantity::Ratio(Ratio::new(4, 6))));
    assert_eq!(of(Metric::MeanIou), Some(Quantity::Exact(Fraction::new(4, 5))));
    assert_eq!(of(Metric::KeyframeRecall), Some(Quantity::Ratio(Ratio::new(1, 3))));
    let QualityReport::Events(report) = report else { panic!("events") };
    let videos = report.videos;
    assert_eq!((videos.judged, videos.not_delivered, videos.not_in_gold), (3, 1, 1));
    let rows: Vec<_> = report
        .per_class
        .iter()
        .map(|row| (row.label.as_str(), row.gold, row.work, row.right))
        .collect();
    assert_eq!(rows, [("foul", 1, 0, 0), ("goal", 2, 3, 2)]);
    let moments = report.moments.expect("keyframes");
    let missed: Vec<_> =
        moments.missed.iter().map(|at| (at.video.as_str(), at.start_micros)).collect();
    assert_eq!(missed, [("three", 500_000), ("two", 5_000_000)]);
}

#[test]
fn the_same_delivery_conforms_in_every_video() {
    let report = quality(&gold(), &gold(), &options(false)).expect("a report");
    assert_eq!(report.conforming_items(), Ratio::new(3, 3));
    assert_eq!(report.conforming_objects(), Ratio::new(6, 6));
}

#[test]
fn what_cannot_be_judged_says_why() {
    let empty = Delivery::Events(Dataset::default());
    let refused = |work: &Delivery, gold: &Delivery, ap| {
        quality(work, gold, &options(ap)).expect_err("refused")
    };
    assert!(matches!(refused(&gold(), &empty, false), QualityError::EmptyGold));
    assert!(matches!(refused(&gold(), &gold(), true), QualityError::NoScore));
    let boxes = Delivery::Boxes(Dataset::default());
    assert!(matches!(refused(&boxes, &gold(), false), QualityError::DifferentKinds));
    let backwards = dataset(&["one.mp4"], &[("one.mp4", "goal", 20, 10)]);
    let found = refused(&backwards, &backwards, false);
    let QualityError::Events(EventError::Times { video, .. }) = found else { panic!("{found:?}") };
    assert_eq!(video, "one");
}

fn event(video: &str, label: &str, start: i64, end: i64) -> Event {
    let (video, label) = (video.to_owned(), label.to_owned());
    Event { video, label, start_micros: start, end_micros: end }
}

#[test]
fn mean_average_precision_is_that_of_the_activitynet_challenge() {
    let gold = [
        event("a", "jump", 0, 100),
        event("a", "jump", 200, 300),
        event("b", "jump", 0, 100),
        event("b", "run", 0, 100),
    ];
    let scored = |score, video: &str, label: &str, start, end| Scored {
        event: event(video, label, start, end),
        score,
    };
    // By falling score: right (IoU 1), a second one on the same event (wrong), right only up to
    // 0.80, wrong.
    let work = [
        scored(0.9, "a", "jump", 0, 100),
        scored(0.8, "a", "jump", 0, 90),
        scored(0.7, "a", "jump", 200, 280),
        scored(0.6, "b", "jump", 500, 600),
    ];
    let found = event_average_precision(&work, &gold);
    // Up to 0.80 the precisions at recalls 1/3 and 2/3 are 1 and 2/3; above, 1 at 1/3 alone. The
    // class that nobody found counts as 0.
    let (low, high) = ((1.0 + 2.0 / 3.0) / 3.0 / 2.0, 1.0 / 3.0 / 2.0);
    for (threshold, value) in &found.at {
        let want: f64 = if *threshold <= 80 { low } else { high };
        assert!((value - want).abs() < 1e-12, "{threshold}: {value}, not {want}");
    }
    assert!((found.average - (7.0 * low + 3.0 * high) / 10.0).abs() < 1e-12);
    assert!(event_average_precision(&[], &gold).average.abs() < 1e-12);
}
