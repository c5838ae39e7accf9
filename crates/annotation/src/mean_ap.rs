//! Mean average precision of events as the ActivityNet challenge has it: per class, predictions by
//! falling score, each taking the free gold event that it overlaps most; mean over the thresholds
//! .50, .55 … .95. For display alone: floating point, and no acceptance rule reads it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::events::Event;

/// An event with a model's confidence.
#[derive(Debug, Clone, PartialEq)]
pub struct Scored {
    /// The event.
    pub event: Event,
    /// The confidence.
    pub score: f64,
}

/// Mean average precision over the classes of gold.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EventAveragePrecision {
    /// Mean over the ten thresholds.
    pub average: f64,
    /// At each threshold, in percent: 50, 55 … 95.
    pub at: Vec<(u32, f64)>,
}

const THRESHOLDS: [u32; 10] = [50, 55, 60, 65, 70, 75, 80, 85, 90, 95];

/// The figure of scored events against gold. Zero where gold has no event.
#[must_use]
pub fn event_average_precision(work: &[Scored], gold: &[Event]) -> EventAveragePrecision {
    let classes: BTreeSet<&str> = gold.iter().map(|event| event.label.as_str()).collect();
    let mut sums = THRESHOLDS.map(|threshold| (threshold, 0.0));
    for class in &classes {
        let golds: Vec<&Event> = gold.iter().filter(|event| event.label == *class).collect();
        let mut works: Vec<&Scored> = work.iter().filter(|one| one.event.label == *class).collect();
        works.sort_by(|left, right| right.score.total_cmp(&left.score));
        for (threshold, sum) in &mut sums {
            *sum += class_precision(&works, &golds, f64::from(*threshold) / 100.0);
        }
    }
    let count = classes.len().max(1) as f64;
    let at: Vec<(u32, f64)> = sums.iter().map(|(at, sum)| (*at, sum / count)).collect();
    let average = at.iter().map(|(_, value)| value).sum::<f64>() / THRESHOLDS.len() as f64;
    EventAveragePrecision { average, at }
}

fn class_precision(works: &[&Scored], golds: &[&Event], threshold: f64) -> f64 {
    let mut by_video: BTreeMap<&str, Vec<(usize, &Event)>> = BTreeMap::new();
    for (at, event) in golds.iter().enumerate() {
        by_video.entry(&event.video).or_default().push((at, event));
    }
    let mut taken = BTreeSet::new();
    let (mut hits, mut curve) = (0_u32, Vec::with_capacity(works.len()));
    for (at, one) in works.iter().enumerate() {
        let near = by_video.get(one.event.video.as_str()).map_or(&[][..], Vec::as_slice);
        let mut near: Vec<(f64, usize)> =
            near.iter().map(|(gold, event)| (overlap(event, &one.event), *gold)).collect();
        near.sort_by(|left, right| right.0.total_cmp(&left.0));
        let mut fitting = near.iter().take_while(|(iou, _)| *iou >= threshold);
        if let Some((_, gold)) = fitting.find(|(_, gold)| !taken.contains(gold)) {
            taken.insert(*gold);
            hits += 1;
        }
        let (precision, recall) =
            (f64::from(hits) / (at + 1) as f64, f64::from(hits) / golds.len().max(1) as f64);
        curve.push((recall, precision));
    }
    area(&curve)
}

/// The area under the curve, each precision raised to the highest at its recall or above.
fn area(curve: &[(f64, f64)]) -> f64 {
    let (mut sum, mut highest) = (0.0, 0.0_f64);
    let mut above: Option<f64> = None;
    for (recall, precision) in curve.iter().rev() {
        if let Some(above) = above {
            sum += (above - recall) * highest;
        }
        highest = highest.max(*precision);
        above = Some(*recall);
    }
    sum + above.unwrap_or(0.0) * highest
}

fn overlap(left: &Event, right: &Event) -> f64 {
    let start = left.start_micros.max(right.start_micros);
    let end = left.end_micros.min(right.end_micros);
    let common = (end - start).max(0);
    let whole = left.end_micros.max(right.end_micros) - left.start_micros.min(right.start_micros);
    if whole <= 0 { 0.0 } else { common as f64 / whole as f64 }
}
