//! A dataset as Label Studio holds its videos: a track is one region with stated boxes, whose
//! class, author, score and attributes are the same all along, and an event is whole frames. Serves
//! anno-3.1.3 and anno-3.5.

use std::collections::HashSet;

use annotation::{BoxRecord, Dataset, Frames, Loss, Losses, Rect, Time, between};

use super::rate;
use crate::hold::retain_images;
use crate::tracks::{Tracks, again, end_tracks, length, name_frames, tracked};

/// By how many millionths of a pixel a computed box may lie beside the line: the two decimal places
/// that CVAT writes.
const BESIDE: u64 = 10_000;

/// Brings videos into Label Studio's form.
pub(crate) fn prepare(dataset: &mut Dataset, losses: &mut Losses) {
    let tracks = tracked(dataset, losses);
    let tracks = sequences(dataset, &tracks, losses);
    end_tracks(dataset, &tracks, losses);
    name_frames(dataset, losses);
    for (id, record) in (1..).zip(&mut dataset.boxes) {
        record.id = id;
    }
    events(dataset, losses);
}

/// The boxes of a track with their frames, rising.
type Stated = Vec<(u64, BoxRecord)>;

/// Gives each track the boxes that a region states.
fn sequences(dataset: &mut Dataset, tracks: &Tracks, losses: &mut Losses) -> Tracks {
    let before = images_of(dataset);
    let all = std::mem::take(&mut dataset.boxes);
    let mut boxes: Vec<Option<BoxRecord>> = all.into_iter().map(Some).collect();
    let mut taken = Vec::with_capacity(tracks.len());
    for (key, stated) in tracks {
        let own =
            stated.iter().filter_map(|(frame, at)| Some((*frame, boxes.get_mut(*at)?.take()?)));
        taken.push((*key, own.collect::<Stated>()));
    }
    dataset.boxes = boxes.into_iter().flatten().collect();
    let mut frames = Frames::of(dataset);
    let mut now = Tracks::new();
    for ((video, id), stated) in taken {
        let mut made = Sequence { id, length: length(dataset, video), boxes: Vec::new(), losses };
        made.fill(stated);
        for (frame, mut record) in made.boxes {
            record.image = frames.image(dataset, video, frame);
            now.entry((video, id)).or_default().push((frame, dataset.boxes.len()));
            dataset.boxes.push(record);
        }
    }
    // A frame whose boxes are all left to Label Studio is lost with none of them.
    let after = images_of(dataset);
    retain_images(dataset, |at, _| !before.contains(&at) || after.contains(&at));
    now
}

fn images_of(dataset: &Dataset) -> HashSet<u32> {
    dataset.boxes.iter().map(|record| record.image).collect()
}

/// A track as it is made.
struct Sequence<'a> {
    id: u64,
    /// Frames of the video, where known.
    length: Option<u64>,
    boxes: Stated,
    losses: &'a mut Losses,
}

impl Sequence<'_> {
    fn lose(&mut self, loss: Loss, frame: u64) {
        let id = self.id;
        self.losses.add(loss, || format!("track {id}, frame {frame}"));
    }

    fn fill(&mut self, mut stated: Stated) {
        self.say_the_same(&mut stated);
        let mut open = Vec::new();
        for (frame, record) in stated {
            if !record.is_outside() {
                open.push((frame, record));
            } else if open.is_empty() {
                self.lose(Loss::OutsideFrame, frame);
            } else {
                self.stretch(std::mem::take(&mut open));
                self.close(frame);
            }
        }
        self.stretch(open);
    }

    /// What is said of a region is said of all its boxes: what differs is left out.
    fn say_the_same(&mut self, stated: &mut Stated) {
        let mut seen: Vec<_> = stated.iter_mut().filter(|(_, one)| !one.is_outside()).collect();
        let Some((_, first)) = seen.first() else { return };
        let first = first.clone();
        let same_score = seen.iter().all(|(_, one)| one.score == first.score);
        let more = first.more.unwrap_or_default();
        let said = |one: &BoxRecord| one.more.clone().unwrap_or_default();
        let same_author = seen.iter().all(|(_, one)| said(one).author == more.author);
        let mut kept = more.attributes;
        kept.retain(|own| seen.iter().all(|(_, one)| said(one).attributes.contains(own)));
        for (frame, record) in &mut seen {
            if !same_score && record.score.take().is_some() {
                self.lose(Loss::Score, *frame);
            }
            let Some(more) = record.more.as_mut() else { continue };
            if !same_author && !std::mem::take(&mut more.author).is_empty() {
                self.lose(Loss::Author, *frame);
            }
            let before = more.attributes.len();
            more.attributes.retain(|own| kept.contains(own));
            if more.attributes.len() < before {
                self.lose(Loss::Attributes, *frame);
            }
        }
    }

    /// Adds boxes that follow each other. Computed ones are left to Label Studio where all between
    /// two stated ones lie on the line, else they are stated.
    fn stretch(&mut self, boxes: Stated) {
        let last = boxes.len().saturating_sub(1);
        let mut between_two: Stated = Vec::new();
        for (at, (frame, mut record)) in boxes.into_iter().enumerate() {
            let track = record.more.as_mut().and_then(|more| more.track.as_mut());
            let set = track.is_none_or(|track| std::mem::replace(&mut track.keyframe, true));
            if !set {
                self.lose(Loss::ComputedBoxes, frame);
            }
            if !set && at > 0 && at < last {
                between_two.push((frame, record));
                continue;
            }
            let computed = std::mem::take(&mut between_two);
            let on_line = self.boxes.last().is_some_and(|(first, from)| {
                computed
                    .iter()
                    .all(|(at, one)| near(one.rect, between(from, &record, (*first, *at, frame))))
            });
            if !on_line {
                self.boxes.extend(computed);
            }
            self.boxes.push((frame, record));
        }
    }

    /// Ends what is open before a frame in which the object is not seen.
    fn close(&mut self, outside: u64) {
        let Some((frame, last)) = self.boxes.last().cloned() else { return };
        let end = self.length.map_or(outside, |length| outside.min(length.max(frame + 1)));
        if end > frame + 1 {
            self.lose(Loss::TrackEndAdded, end - 1);
            self.boxes.push((end - 1, again(&last, last.image, last.id, false)));
        }
        if self.length.is_some_and(|length| outside >= length) {
            self.lose(Loss::OutsideFrame, outside);
        } else {
            self.boxes.push((outside, again(&last, last.image, last.id, true)));
        }
    }
}

fn near(a: Rect, b: Rect) -> bool {
    let edges = [(a.x0, b.x0), (a.y0, b.y0), (a.x1, b.x1), (a.y1, b.y1)];
    edges.iter().all(|(a, b)| a.abs_diff(*b) <= BESIDE)
}

/// Puts events on frames. One without length becomes one frame long.
fn events(dataset: &mut Dataset, losses: &mut Losses) {
    let rates = rate::rates(dataset);
    let Dataset { videos, events, .. } = dataset;
    for event in events {
        let Some((num, den)) = rates.get(event.video as usize).copied() else { continue };
        let time = |frame: u32| Time { pts: i64::from(frame), timebase: (den, num) };
        let (first, _) = rate::frame(event.start, (num, den));
        let (end, _) = rate::frame(event.end, (num, den));
        let (start, end) = (time(first), time(end.max(first + 1)));
        let moment = event.start == event.end;
        let place = || {
            let video = videos.get(event.video as usize).map_or("", |video| video.name.as_str());
            format!("{video} {}", event.start.seconds())
        };
        if moment {
            losses.add(Loss::MomentAsFrame, place);
        }
        if start != event.start || !moment && end != event.end {
            losses.add(Loss::RoundedTime, place);
        }
        (event.start, event.end) = (start, end);
    }
}
