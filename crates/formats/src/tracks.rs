//! Tracks for formats that keep them whole: every box of a frame belongs to a track of one class
//! with a box a frame, a track says where it ends, and frames have numbers and no names of their
//! own. Serves anno-3.1.3 and anno-3.5. Knows no format.

use std::collections::{BTreeMap, HashSet};

use annotation::{BoxRecord, Dataset, FrameNames, Frames, Item, Loss, Losses, Track};

use crate::hold::retain_images;

/// The boxes of each track by video and number: frame and place in the list of boxes, rising.
pub(crate) type Tracks = BTreeMap<(u32, u64), Vec<(u64, usize)>>;

/// Gives each box of a frame its track. A box that cannot be in the track that it names, for
/// another class or a second box of one frame, begins a track of its own.
pub(crate) fn tracked(dataset: &mut Dataset, losses: &mut Losses) -> Tracks {
    let Dataset { images, boxes, .. } = dataset;
    let frame = |record: &BoxRecord| images.get(record.image as usize).and_then(|one| one.frame);
    boxes.retain(|record| {
        let gone = record.is_outside() && frame(record).is_none();
        if gone {
            losses.add(Loss::OutsideFrame, || format!("#{}", record.id));
        }
        !gone
    });
    let known = |record: &BoxRecord| record.more.as_ref().and_then(|more| more.track);
    let largest = boxes.iter().filter_map(known).map(|track| track.id).max();
    let mut next = largest.unwrap_or(0).saturating_add(1);
    let mut class_of: BTreeMap<(u32, u64), u32> = BTreeMap::new();
    let mut taken: HashSet<(u32, u64, u64)> = HashSet::new();
    let mut tracks = Tracks::new();
    for (at, record) in boxes.iter_mut().enumerate() {
        let Some((video, frame)) = frame(record) else {
            if let Some(more) = record.more.as_mut()
                && more.track.take().is_some()
            {
                losses.add(Loss::TrackId, || format!("#{}", record.id));
            }
            record.more = record.more.take().and_then(|more| more.boxed());
            continue;
        };
        let more = record.more.get_or_insert_default();
        if std::mem::take(&mut more.group) != 0 {
            losses.add(Loss::Group, || format!("#{}", record.id));
        }
        let own = more.track.filter(|track| {
            let class = *class_of.entry((video, track.id)).or_insert(record.class);
            class == record.class && taken.insert((video, track.id, frame))
        });
        let track = own.unwrap_or_else(|| {
            losses.add(Loss::TrackAdded, || format!("#{} frame {frame}", record.id));
            next += 1;
            Track { id: next - 1, keyframe: true, outside: false }
        });
        more.track = Some(track);
        tracks.entry((video, track.id)).or_default().push((frame, at));
    }
    tracks.values_mut().for_each(|stated| stated.sort_unstable());
    tracks
}

/// The same box on another frame.
pub(crate) fn again(record: &BoxRecord, image: u32, id: u64, outside: bool) -> BoxRecord {
    let mut record = BoxRecord { id, image, ..record.clone() };
    if let Some(track) = record.more.as_mut().and_then(|more| more.track.as_mut()) {
        (track.outside, track.keyframe) = (outside, true);
    }
    record
}

/// States where each track ends, where its last box is not the end of the video.
pub(crate) fn end_tracks(dataset: &mut Dataset, tracks: &Tracks, losses: &mut Losses) {
    let mut frames = Frames::of(dataset);
    for ((video, track), stated) in tracks {
        let Some((frame, at)) = stated.last() else { continue };
        let Some(last) = dataset.boxes.get(*at).cloned() else { continue };
        let end = frame.saturating_add(1);
        if last.is_outside() || length(dataset, *video).is_some_and(|frames| end >= frames) {
            continue;
        }
        losses.add(Loss::TrackEndAdded, || format!("track {track}, frame {end}"));
        let image = frames.image(dataset, *video, end);
        let id = dataset.boxes.len() as u64 + 1;
        dataset.boxes.push(again(&last, image, id, true));
    }
}

/// How many frames a video has, where that is known.
pub(crate) fn length(dataset: &Dataset, video: u32) -> Option<u64> {
    dataset.videos.get(video as usize)?.frames.filter(|frames| *frames > 0)
}

/// Frames have numbers and no names of their own, and what is said of their video; those without
/// boxes are not listed.
pub(crate) fn name_frames(dataset: &mut Dataset, losses: &mut Losses) {
    let used: HashSet<u32> = dataset.boxes.iter().map(|record| record.image).collect();
    let Dataset { images, labels, .. } = dataset;
    labels.retain(|record| {
        let Item::Image(at) = record.item else { return true };
        let frame = images.get(at as usize).filter(|image| image.frame.is_some());
        if let Some(image) = frame {
            losses.add(Loss::ImageLabels, || image.name.clone());
        }
        frame.is_none()
    });
    retain_images(dataset, |at, image| {
        let keep = image.frame.is_none() || used.contains(&at);
        if !keep {
            losses.add(Loss::Images, || image.name.clone());
        }
        keep
    });
    let Dataset { images, videos, .. } = dataset;
    let names = FrameNames::of(videos);
    for image in images {
        let Some((video, frame)) = image.frame else { continue };
        let name = names.name(video, frame);
        let Some(video) = videos.get(video as usize) else { continue };
        if image.name != name {
            losses.add(Loss::ChangedName, || format!("{} → {name}", image.name));
            image.name = name;
        }
        if image.size != video.size {
            losses.add(Loss::ImageSize, || image.name.clone());
            image.size = video.size;
        }
        if image.split != video.split {
            if !image.split.is_empty() {
                losses.add(Loss::Split, || image.name.clone());
            }
            image.split.clone_from(&video.split);
        }
    }
}
