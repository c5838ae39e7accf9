//! Events and keyframes of videos against gold. Serves anno-3.1.3 and anno-3.6.
//!
//! An event is a box of height one on the time axis, so temporal IoU is IoU, and the two-pass
//! matching of boxes applies: same label first, then left-overs of other labels. Times are whole
//! microseconds of presentation time, never frame numbers.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use units::{Fraction, Metric, Quantity, Ratio};

use crate::dataset::Role;
use crate::matching::{Matching, Shape, match_shapes};
use crate::pixel::{IouThreshold, Overlap, Rect};
use crate::report::{Counts, Share, decimal};

/// An event in a video, `[start, end)` in microseconds from the start of the video.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Event {
    /// The video.
    pub video: String,
    /// What happens.
    pub label: String,
    /// First microsecond.
    pub start_micros: i64,
    /// First microsecond after.
    pub end_micros: i64,
}

/// Why events cannot be matched.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EventError {
    /// An event ends before it starts, or lies beyond 11 days.
    #[error("event {index} of {video} has no valid times")]
    Times {
        /// The video.
        video: String,
        /// The event, counted from 0.
        index: usize,
    },
    /// A tolerance below zero.
    #[error("a tolerance is not below zero")]
    Tolerance,
}

/// A matched pair of events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EventPair {
    /// Gold's event.
    pub gold: Event,
    /// The work's event.
    pub work: Event,
    /// Temporal IoU, six places, rounded down.
    pub iou: Overlap,
}

/// The report on events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EventReport {
    /// The agreed temporal IoU.
    pub iou: IouThreshold,
    /// Counts.
    #[serde(flatten)]
    pub counts: Counts,
    /// Share of the work's events that are right.
    pub precision: Share,
    /// Share of gold events that were found.
    pub recall: Share,
    /// F1.
    pub f1: Share,
    /// Mean temporal IoU of right pairs, each rounded down to `10^-12`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mean_iou: Option<Fraction>,
    /// The same with six places, rounded down.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mean_iou_decimal: Option<String>,
    /// Median of the boundary errors of right pairs (starts and ends), the lower of two middles.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub boundary_error_micros_median: Option<i64>,
    /// 95th percentile of the boundary errors, nearest rank.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub boundary_error_micros_p95: Option<i64>,
    /// Gold events that nothing matches.
    pub missed: Vec<Event>,
    /// Events of the work that match nothing.
    pub extra: Vec<Event>,
    /// Pairs of different labels.
    pub wrong_class: Vec<EventPair>,
}

impl EventReport {
    /// The measured values by metric.
    #[must_use]
    pub fn quantities(&self) -> Vec<(Metric, Quantity)> {
        let f1 = (Metric::TemporalF1, Quantity::Ratio(self.f1.ratio()));
        let mean = self.mean_iou.map(|mean| (Metric::MeanIou, Quantity::Exact(mean)));
        [f1].into_iter().chain(mean).collect()
    }
}

/// Matches events video by video at the agreed temporal IoU.
///
/// # Errors
/// When an event ends before it starts, or lies beyond 11 days.
pub fn match_events(
    work: &[Event],
    gold: &[Event],
    iou: IouThreshold,
) -> Result<EventReport, EventError> {
    let labels: BTreeSet<&str> =
        gold.iter().chain(work).map(|event| event.label.as_str()).collect();
    let number: BTreeMap<&str, u32> = labels.into_iter().zip(0..).collect();
    let gold_videos = by_video(gold);
    let work_videos = by_video(work);
    let videos: BTreeSet<&str> = gold_videos.keys().chain(work_videos.keys()).copied().collect();
    let mut lists = Lists::default();
    for video in videos {
        let golds = gold_videos.get(video).map_or(&[][..], Vec::as_slice);
        let works = work_videos.get(video).map_or(&[][..], Vec::as_slice);
        let gold_shapes = shapes(golds, &number)?;
        let work_shapes = shapes(works, &number)?;
        lists.take(&match_shapes(&gold_shapes, &work_shapes, iou), golds, works);
    }
    Ok(lists.report(iou))
}

fn by_video(events: &[Event]) -> BTreeMap<&str, Vec<&Event>> {
    let mut videos: BTreeMap<&str, Vec<&Event>> = BTreeMap::new();
    for event in events {
        videos.entry(&event.video).or_default().push(event);
    }
    videos
}

fn shapes(events: &[&Event], number: &BTreeMap<&str, u32>) -> Result<Vec<Shape>, EventError> {
    const LONGEST: i64 = 1_000_000_000_000;
    let shape = |(index, event): (usize, &&Event)| {
        let (x0, x1) = (event.start_micros, event.end_micros);
        if x0 < 0 || x1 < x0 || x1 > LONGEST {
            return Err(EventError::Times { video: event.video.clone(), index });
        }
        let rect = Rect { x0, y0: 0, x1, y1: 1 };
        let class = number.get(event.label.as_str()).copied().unwrap_or(u32::MAX);
        Ok(Shape { class, rect, role: Role::Object, id: index as u64 })
    };
    events.iter().enumerate().map(shape).collect()
}

#[derive(Default)]
struct Lists {
    counts: Counts,
    iou_sum: i128,
    errors: Vec<i64>,
    missed: Vec<Event>,
    extra: Vec<Event>,
    wrong_class: Vec<EventPair>,
}

impl Lists {
    fn take(&mut self, matching: &Matching, golds: &[&Event], works: &[&Event]) {
        for pair in &matching.right {
            let (Some(gold), Some(work)) = (golds.get(pair.gold), works.get(pair.work)) else {
                continue;
            };
            self.counts.right += 1;
            self.iou_sum += pair.overlap.trillionths();
            self.errors.push((gold.start_micros - work.start_micros).abs());
            self.errors.push((gold.end_micros - work.end_micros).abs());
        }
        for pair in &matching.wrong_class {
            if let (Some(&gold), Some(&work)) = (golds.get(pair.gold), works.get(pair.work)) {
                let (gold, work) = (gold.clone(), work.clone());
                self.wrong_class.push(EventPair { gold, work, iou: pair.overlap });
            }
        }
        let chosen = |list: &[usize], events: &[&Event]| -> Vec<Event> {
            list.iter().filter_map(|at| events.get(*at)).map(|event| (*event).clone()).collect()
        };
        self.missed.extend(chosen(&matching.missed, golds));
        self.extra.extend(chosen(&matching.extra, works));
    }

    fn report(mut self, iou: IouThreshold) -> EventReport {
        let mut counts = self.counts;
        counts.wrong_class = self.wrong_class.len() as u64;
        counts.missed = self.missed.len() as u64;
        counts.extra = self.extra.len() as u64;
        counts.gold = counts.right + counts.wrong_class + counts.missed;
        counts.work = counts.right + counts.wrong_class + counts.extra;
        self.errors.sort_unstable();
        let rank = |percent: usize| {
            let rank = (self.errors.len() * percent).div_ceil(100);
            self.errors.get(rank.checked_sub(1)?).copied()
        };
        let mean_iou = (counts.right > 0)
            .then(|| Fraction::new(self.iou_sum, i128::from(counts.right) * 1_000_000_000_000));
        EventReport {
            iou,
            counts,
            precision: counts.precision(),
            recall: counts.recall(),
            f1: counts.f1(),
            mean_iou,
            mean_iou_decimal: mean_iou.map(decimal),
            boundary_error_micros_median: rank(50),
            boundary_error_micros_p95: rank(95),
            missed: self.missed,
            extra: self.extra,
            wrong_class: self.wrong_class,
        }
    }
}

/// Keyframes hit within a tolerance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeyframeReport {
    /// Share of gold keyframes with a keyframe of the work within the tolerance.
    pub recall: Share,
    /// Share of the work's keyframes that hit one of gold's.
    pub precision: Share,
    /// F1.
    pub f1: Share,
    /// Gold keyframes that nothing hits, in microseconds.
    pub missed: Vec<i64>,
    /// Keyframes of the work that hit nothing, in microseconds.
    pub extra: Vec<i64>,
}

impl KeyframeReport {
    /// The measured values by metric.
    #[must_use]
    pub fn quantities(&self) -> Vec<(Metric, Quantity)> {
        let recall: Ratio = self.recall.ratio();
        vec![(Metric::KeyframeRecall, Quantity::Ratio(recall))]
    }
}

/// Pairs the keyframes of one video one to one, at most `tolerance_micros` apart, in the largest
/// possible number: both lists are walked in order of time, and the earliest that fits is taken.
///
/// # Errors
/// When the tolerance is below zero.
pub fn match_keyframes(
    work: &[i64],
    gold: &[i64],
    tolerance_micros: i64,
) -> Result<KeyframeReport, EventError> {
    if tolerance_micros < 0 {
        return Err(EventError::Tolerance);
    }
    let sorted = |list: &[i64]| {
        let mut list = list.to_vec();
        list.sort_unstable();
        list
    };
    let (golds, works) = (sorted(gold), sorted(work));
    let (mut missed, mut extra, mut hits) = (Vec::new(), Vec::new(), 0_u64);
    let (mut gold_at, mut work_at) = (golds.iter().peekable(), works.iter().peekable());
    loop {
        match (gold_at.peek().copied(), work_at.peek().copied()) {
            (Some(gold), Some(work)) if gold.abs_diff(*work) <= tolerance_micros.unsigned_abs() => {
                hits += 1;
                gold_at.next();
                work_at.next();
            }
            (Some(gold), Some(work)) if gold > work => extra.extend(work_at.next()),
            (Some(_), _) => missed.extend(gold_at.next()),
            (None, Some(_)) => extra.extend(work_at.next()),
            (None, None) => break,
        }
    }
    let (golds, works) = (golds.len() as u64, works.len() as u64);
    Ok(KeyframeReport {
        recall: Share::new(hits, golds),
        precision: Share::new(hits, works),
        f1: Share::new(2 * hits, golds + works),
        missed,
        extra,
    })
}
