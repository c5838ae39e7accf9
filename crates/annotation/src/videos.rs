//! The report on events and keyframes of videos against gold. Serves anno-3.1.3 and anno-3.6. An
//! event without length is a moment, such as a keyframe, and is hit within a tolerance; only
//! gold's videos are judged.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde::Serialize;
use units::{Metric, Quantity, Ratio};

use crate::dataset::Dataset;
use crate::events::{Event, EventError, EventReport, match_events, match_keyframes};
use crate::link::same_file;
use crate::mean_ap::{EventAveragePrecision, Scored, event_average_precision};
use crate::pixel::IouThreshold;
use crate::report::Share;
use crate::text::LabelQuality;

/// How far from gold's a keyframe may lie where nobody agreed on more or less: half a second.
pub const TOLERANCE_MICROS: i64 = 500_000;

/// Videos of the report.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct VideoCounts {
    /// Gold's videos; every one is judged.
    pub judged: u64,
    /// Of those, videos without any error.
    pub conforming: u64,
    /// Of those, videos that the work lacks.
    pub not_delivered: u64,
    /// Videos of the work that gold does not cover; not judged.
    pub not_in_gold: u64,
}

/// Keyframes and other moments, hit within a tolerance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MomentReport {
    /// The tolerance in microseconds.
    pub tolerance_micros: i64,
    /// Share of gold's moments that were hit.
    pub recall: Share,
    /// Share of the work's moments that hit one of gold's.
    pub precision: Share,
    /// F1.
    pub f1: Share,
    /// Gold's moments that nothing hits.
    pub missed: Vec<Event>,
    /// Moments of the work that hit nothing.
    pub extra: Vec<Event>,
}

/// The report on videos.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VideoReport {
    /// Videos.
    pub videos: VideoCounts,
    /// Events with a length; absent when neither side has any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub events: Option<EventReport>,
    /// Figures of these by label, in order of the label.
    pub per_class: Vec<LabelQuality>,
    /// Moments; absent when neither side has any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moments: Option<MomentReport>,
    /// Mean average precision, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub average_precision: Option<EventAveragePrecision>,
}

/// Judges events and moments video by video.
///
/// # Errors
/// When an event ends before it starts or lies beyond 11 days, or the tolerance is below zero.
pub fn video_quality(
    work: &Dataset,
    gold: &Dataset,
    iou: IouThreshold,
    tolerance_micros: i64,
) -> Result<VideoReport, EventError> {
    let (work_keys, gold_keys) = keys(work, gold);
    let own: HashSet<&str> = gold_keys.iter().map(String::as_str).collect();
    let delivered: HashSet<&str> = work_keys.iter().map(String::as_str).collect();
    let (gold_events, gold_moments) = split(gold, &gold_keys, &own);
    let (work_events, work_moments) = split(work, &work_keys, &own);
    let events = match_events(&work_events, &gold_events, iou)?;
    let moments = match_moments(&work_moments, &gold_moments, tolerance_micros)?;
    let mut faulty: HashSet<&str> = own.difference(&delivered).copied().collect();
    let not_delivered = faulty.len() as u64;
    let wrong = events.wrong_class.iter().map(|pair| &pair.gold);
    let lists = [&events.missed, &events.extra, &moments.missed, &moments.extra];
    faulty.extend(lists.into_iter().flatten().chain(wrong).map(|event| event.video.as_str()));
    let judged = own.len() as u64;
    let videos = VideoCounts {
        judged,
        conforming: judged - own.intersection(&faulty).count() as u64,
        not_delivered,
        not_in_gold: delivered.difference(&own).count() as u64,
    };
    let per_class = per_class(&events, &gold_events, &work_events);
    let any = !gold_events.is_empty() || !work_events.is_empty();
    let any_moment = !gold_moments.is_empty() || !work_moments.is_empty();
    Ok(VideoReport {
        videos,
        per_class,
        events: any.then_some(events),
        moments: any_moment.then_some(moments),
        average_precision: None,
    })
}

/// Mean average precision of the work's events; `None` where one has no score.
#[must_use]
pub fn video_average_precision(work: &Dataset, gold: &Dataset) -> Option<EventAveragePrecision> {
    let (work_keys, gold_keys) = keys(work, gold);
    let own: HashSet<&str> = gold_keys.iter().map(String::as_str).collect();
    let (gold_events, _) = split(gold, &gold_keys, &own);
    let mut scored = Vec::new();
    for record in work.events.iter().filter(|record| record.start != record.end) {
        let score = record.score?;
        if let Some(event) = event(work, &work_keys, record)
            && own.contains(event.video.as_str())
        {
            scored.push(Scored { event, score });
        }
    }
    Some(event_average_precision(&scored, &gold_events))
}

/// The names by which videos of the two sides are the same: see [`same_file`].
fn keys(work: &Dataset, gold: &Dataset) -> (Vec<String>, Vec<String>) {
    let names = |dataset: &Dataset| -> Vec<String> {
        let name = |id: u64, name: &str| match name {
            "" => format!("#{id}"),
            name => name.to_owned(),
        };
        dataset.videos.iter().map(|video| name(video.id, &video.name)).collect()
    };
    let (work, gold) = (names(work), names(gold));
    let key = same_file(work.iter().map(String::as_str), gold.iter().map(String::as_str));
    let keys = |names: Vec<String>| names.iter().map(|name| key(name)).collect();
    (keys(work), keys(gold))
}

fn event(dataset: &Dataset, keys: &[String], record: &crate::record::EventRecord) -> Option<Event> {
    Some(Event {
        video: keys.get(record.video as usize)?.clone(),
        label: dataset.classes.get(record.class as usize)?.name.clone(),
        start_micros: record.start.to_micros().0,
        end_micros: record.end.to_micros().0,
    })
}

/// Events with a length, and moments, of the videos that gold covers.
fn split(dataset: &Dataset, keys: &[String], own: &HashSet<&str>) -> (Vec<Event>, Vec<Event>) {
    let (mut events, mut moments) = (Vec::new(), Vec::new());
    for record in &dataset.events {
        let Some(event) = event(dataset, keys, record) else { continue };
        if own.contains(event.video.as_str()) {
            let list = if record.start == record.end { &mut moments } else { &mut events };
            list.push(event);
        }
    }
    (events, moments)
}

fn match_moments(
    work: &[Event],
    gold: &[Event],
    tolerance_micros: i64,
) -> Result<MomentReport, EventError> {
    let mut lines: BTreeMap<(&str, &str), [Vec<i64>; 2]> = BTreeMap::new();
    for (side, events) in [gold, work].into_iter().enumerate() {
        for event in events {
            let line = lines.entry((&event.video, &event.label)).or_default();
            if let Some(times) = line.get_mut(side) {
                times.push(event.start_micros);
            }
        }
    }
    let (mut missed, mut extra) = (Vec::new(), Vec::new());
    for ((video, label), [gold, work]) in lines {
        let found = match_keyframes(&work, &gold, tolerance_micros)?;
        let moment = |at: i64| Event {
            video: video.to_owned(),
            label: label.to_owned(),
            start_micros: at,
            end_micros: at,
        };
        missed.extend(found.missed.into_iter().map(moment));
        extra.extend(found.extra.into_iter().map(moment));
    }
    let (golds, works) = (gold.len() as u64, work.len() as u64);
    let hits = golds - missed.len() as u64;
    Ok(MomentReport {
        tolerance_micros,
        recall: Share::new(hits, golds),
        precision: Share::new(hits, works),
        f1: Share::new(2 * hits, golds + works),
        missed,
        extra,
    })
}

fn per_class(report: &EventReport, gold: &[Event], work: &[Event]) -> Vec<LabelQuality> {
    let count = |events: &[Event], label: &str| {
        events.iter().filter(|event| event.label == label).count() as u64
    };
    let labels: BTreeSet<&str> =
        gold.iter().chain(work).map(|event| event.label.as_str()).collect();
    let mut lost: HashMap<&str, u64> = HashMap::new();
    let wrong = report.wrong_class.iter().map(|pair| &pair.gold);
    for event in report.missed.iter().chain(wrong) {
        *lost.entry(&event.label).or_insert(0) += 1;
    }
    let quality = |label: &str| {
        let (golds, works) = (count(gold, label), count(work, label));
        let right = golds - lost.get(label).copied().unwrap_or(0);
        LabelQuality::of(label, golds, works, right)
    };
    labels.into_iter().map(quality).collect()
}

impl VideoReport {
    /// Events and moments that are right, of gold's and the extra ones together.
    #[must_use]
    pub fn conforming_objects(&self) -> Ratio {
        let events = self.events.as_ref().map(|report| report.counts.accuracy());
        let moments = self.moments.as_ref().map(|report| {
            let (hits, golds) = (report.recall.hits, report.recall.total);
            Share::new(hits, golds + report.extra.len() as u64)
        });
        let parts = [events, moments].into_iter().flatten();
        let (hits, total) =
            parts.fold((0, 0), |(hits, total), share| (hits + share.hits, total + share.total));
        Ratio::new(hits, total)
    }

    /// The measured values by metric.
    #[must_use]
    pub fn quantities(&self) -> Vec<(Metric, Quantity)> {
        let events = self.events.iter().flat_map(EventReport::quantities);
        let moments = self
            .moments
            .iter()
            .map(|report| (Metric::KeyframeRecall, Quantity::Ratio(report.recall.ratio())));
        events.chain(moments).collect()
    }
}
