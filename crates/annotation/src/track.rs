//! Boxes of a track between its keyframes. Serves anno-3.1.3 and anno-3.5. Lines are straight from
//! one stated box to the next; where the object has left the picture nothing is added, and nothing
//! is added behind the last stated box.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::dataset::{BoxRecord, Dataset, Image, last_index};
use crate::loss::{Loss, Losses};
use crate::pixel::{Rect, divided};
use crate::record::Video;

/// The boxes of each track by video, number and frame, as places in the list of boxes.
fn tracks(dataset: &Dataset) -> BTreeMap<(u32, u64), Vec<(u64, usize)>> {
    let mut tracks: BTreeMap<(u32, u64), Vec<(u64, usize)>> = BTreeMap::new();
    for (at, record) in dataset.boxes.iter().enumerate() {
        let track = record.more.as_ref().and_then(|more| more.track);
        let frame = dataset.images.get(record.image as usize).and_then(|image| image.frame);
        if let (Some(track), Some((video, frame))) = (track, frame) {
            tracks.entry((video, track.id)).or_default().push((frame, at));
        }
    }
    for stated in tracks.values_mut() {
        stated.sort_unstable();
        stated.dedup_by_key(|(frame, _)| *frame);
    }
    tracks
}

/// The path without the ending of its last part.
#[must_use]
pub fn stem(path: &str) -> &str {
    let from = path.rfind('/').map_or(0, |at| at + 1);
    match path.get(from..).and_then(|name| name.rfind('.')) {
        Some(dot) if dot > 0 => path.get(..from + dot).unwrap_or(path),
        _ => path,
    }
}

/// The names of frames that have none of their own: the video's name without its ending, where no
/// video before it took that, and the frame's number. No two frames get the same name.
#[derive(Debug, Clone, Default)]
pub struct FrameNames {
    folders: Vec<String>,
    taken: HashSet<String>,
}

impl FrameNames {
    /// Those of the frames of these videos.
    #[must_use]
    pub fn of(videos: &[Video]) -> Self {
        let mut names = Self::default();
        videos.iter().for_each(|video| names.add(&video.name));
        names
    }

    /// Takes the next video.
    pub fn add(&mut self, video: &str) {
        let short = stem(video);
        let taken = self.taken.contains(short);
        let mut folder = if taken { video.to_owned() } else { short.to_owned() };
        while !self.taken.insert(folder.clone()) {
            folder.push('_');
        }
        self.folders.push(folder);
    }

    /// The name of a frame of a video that was taken, by its place in the list.
    #[must_use]
    pub fn name(&self, video: u32, frame: u64) -> String {
        let folder = self.folders.get(video as usize).map_or("video", String::as_str);
        format!("{folder}/frame_{frame:06}.jpg")
    }
}

/// The images of frames, new where there is none.
#[derive(Debug)]
pub struct Frames {
    image_of: HashMap<(u32, u64), u32>,
    names: FrameNames,
    next: u64,
}

impl Frames {
    /// Those of a dataset, whose videos stay as they are from here on.
    #[must_use]
    pub fn of(dataset: &Dataset) -> Self {
        let frames = dataset.images.iter().enumerate();
        let image_of =
            frames.filter_map(|(at, image)| Some((image.frame?, last_index(at + 1)))).collect();
        let largest = dataset.images.iter().map(|image| image.id).max();
        let names = FrameNames::of(&dataset.videos);
        Self { image_of, names, next: largest.map_or(1, |largest| largest + 1) }
    }

    /// The image of a frame, as its place in the dataset's list.
    pub fn image(&mut self, dataset: &mut Dataset, video: u32, frame: u64) -> u32 {
        *self.image_of.entry((video, frame)).or_insert_with(|| {
            let of = dataset.videos.get(video as usize);
            dataset.images.push(Image {
                id: self.next,
                name: self.names.name(video, frame),
                size: of.and_then(|video| video.size),
                frame: Some((video, frame)),
                split: of.map(|video| video.split.clone()).unwrap_or_default(),
                ..Image::default()
            });
            self.next += 1;
            last_index(dataset.images.len())
        })
    }
}

/// States where the objects of a dense dataset leave the picture, for formats that keep keyframes.
pub fn state_ends(dataset: &mut Dataset, losses: &mut Losses) {
    if !std::mem::take(&mut dataset.dense) {
        return;
    }
    let mut frames = Frames::of(dataset);
    let mut next = dataset.boxes.iter().map(|record| record.id).max().map_or(1, |id| id + 1);
    for ((video, track), stated) in tracks(dataset) {
        let behind = stated.iter().skip(1).map(|(frame, _)| Some(*frame)).chain([None]);
        for ((frame, at), behind) in stated.iter().zip(behind) {
            let Some(record) = dataset.boxes.get(*at).cloned() else { continue };
            let end = frame + 1;
            let past = dataset.videos.get(video as usize).and_then(|video| video.frames);
            if behind == Some(end) || record.is_outside() || past.is_some_and(|past| end >= past) {
                continue;
            }
            let image = frames.image(dataset, video, end);
            let mut record = BoxRecord { id: next, image, ..record };
            if let Some(track) = record.more.as_mut().and_then(|more| more.track.as_mut()) {
                (track.outside, track.keyframe) = (true, true);
            }
            next += 1;
            losses.add(Loss::TrackEndAdded, || format!("track {track}, frame {end}"));
            dataset.boxes.push(record);
        }
    }
}

/// Puts in the boxes between the stated ones and takes out those that are not to be seen, for
/// formats that know images alone. Counts both, and what would be more than `most` boxes.
#[must_use]
pub fn interpolate(mut dataset: Dataset, most: u64, losses: &mut Losses) -> Dataset {
    let stated = if dataset.dense { BTreeMap::new() } else { tracks(&dataset) };
    dataset.dense = true;
    let mut frames = Frames::of(&dataset);
    let mut next = dataset.boxes.iter().map(|record| record.id).max().map_or(1, |id| id + 1);
    let mut added = Vec::new();
    for ((video, track), stated) in stated {
        for pair in stated.windows(2) {
            let [(first, from), (last, to)] = pair else { continue };
            let (from, to) = (dataset.boxes.get(*from), dataset.boxes.get(*to));
            let Some((from, to)) = from.cloned().zip(to.cloned()) else { continue };
            if from.is_outside() {
                continue;
            }
            if (added.len() as u64).saturating_add(last - first) > most {
                losses.add(Loss::NotInterpolated, || format!("track {track}, frame {first}"));
                continue;
            }
            for frame in first + 1..*last {
                let image = frames.image(&mut dataset, video, frame);
                losses.add(Loss::Interpolated, || format!("track {track}, frame {frame}"));
                added.push(computed(&from, &to, (*first, frame, *last), image, next));
                next += 1;
            }
        }
    }
    dataset.boxes.extend(added);
    let images = &dataset.images;
    dataset.boxes.retain(|record| {
        if record.is_outside() {
            let name = || images.get(record.image as usize).map_or("", |image| image.name.as_str());
            losses.add(Loss::OutsideFrame, || format!("{} #{}", name(), record.id));
        }
        !record.is_outside()
    });
    dataset
}

/// The place of a box of a track on a frame between two stated ones, `from` and `to`, on the
/// straight line. Where the object has left at the later one, it stays where it was until then.
#[must_use]
pub fn between(from: &BoxRecord, to: &BoxRecord, (first, frame, last): (u64, u64, u64)) -> Rect {
    let (a, b) = (from.rect, to.rect);
    if to.is_outside() || last <= first {
        return a;
    }
    let whole = i128::from(last) - i128::from(first);
    let done = i128::from(frame) - i128::from(first);
    let line = |a: i64, b: i64| {
        let value = divided(i128::from(a) * (whole - done) + i128::from(b) * done, whole);
        i64::try_from(value).unwrap_or(a)
    };
    let (x0, y0) = (line(a.x0, b.x0), line(a.y0, b.y0));
    Rect { x0, y0, x1: line(a.x1, b.x1), y1: line(a.y1, b.y1) }
}

fn computed(
    from: &BoxRecord,
    to: &BoxRecord,
    frames: (u64, u64, u64),
    image: u32,
    id: u64,
) -> BoxRecord {
    let rect = between(from, to, frames);
    let mut record = BoxRecord { id, image, rect, area: None, ..from.clone() };
    if let Some(track) = record.more.as_mut().and_then(|more| more.track.as_mut()) {
        track.keyframe = false;
    }
    record
}
