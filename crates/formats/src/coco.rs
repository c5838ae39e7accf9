//! COCO JSON, detection and video. Serves anno-3.5 (delivery). The reader of `annotation` reads one
//! file; here several files of a folder become one dataset, and one dataset becomes a file for each
//! of its parts.

use annotation::{BoxRecord, Dataset, Finding, Limits, Role, micros_text, read_coco};

use crate::build::Builder;
use crate::hold::{Attributes, BOXES, Crowd, Holds, Tracks, VIDEO_NAMES, VideoFields};
use crate::json::{JsonText, LIST, OBJECT};
use crate::source::Source;
use crate::target::{OutFile, splits};
use crate::value;

pub(crate) const HOLDS: Holds = Holds {
    videos: true,
    crowd: Crowd::Kept,
    difficult: true,
    score: true,
    area: true,
    occluded: true,
    truncated: true,
    attributes: Attributes::Typed,
    group: true,
    author: true,
    tracks: Tracks::Linked,
    frames: true,
    ids: true,
    class_ids: true,
    parent: true,
    hash: true,
    video: VideoFields { size: true, frames: true, ..VIDEO_NAMES },
    ..BOXES
};

/// Reads one file as it stands, or all files of a folder as the parts of one dataset.
pub(crate) fn read(source: &mut Source, files: &[String], build: &mut Builder<'_>) {
    for name in files {
        let Some(bytes) = source.bytes(name) else { continue };
        let (mut dataset, findings, losses) = whole(&source.shown(name), &bytes, build.limits);
        build.findings.extend(findings);
        build.losses.merge(losses);
        for image in dataset.images.iter_mut().filter(|image| image.name.is_empty()) {
            image.name = image.id.to_string();
        }
        for class in dataset.classes.iter_mut().filter(|class| class.name.is_empty()) {
            class.name = format!("#{}", class.id);
        }
        dataset.named = true;
        dataset.dense = true;
        for record in dataset.boxes.iter_mut().filter(|record| !has_own_area(record)) {
            record.area = None;
        }
        if files.len() == 1 {
            let split = split_of(name);
            for image in &mut dataset.images {
                split.clone_into(&mut image.split);
            }
            build.dataset = dataset;
        } else {
            build.absorb(dataset, split_of(name));
        }
    }
}

fn whole(file: &str, bytes: &[u8], limits: &Limits) -> (Dataset, Vec<Finding>, annotation::Losses) {
    read_coco(file, bytes, limits)
}

/// `train` of `annotations/instances_train.json`, as this writer and COCO's own files name parts.
fn split_of(name: &str) -> &str {
    let stem = annotation::stem(name.rsplit('/').next().unwrap_or(name));
    stem.strip_prefix("instances_").unwrap_or_default()
}

/// Writes one file, or one for each part that the images name.
pub(crate) fn write(dataset: &Dataset) -> Vec<OutFile> {
    let splits = splits(&dataset.images);
    let file = |split: &str| {
        let name = if split.is_empty() {
            "annotations/instances.json".to_owned()
        } else {
            format!("annotations/instances_{}.json", crate::target::safe(split).replace('/', "_"))
        };
        OutFile { name, bytes: one(dataset, split) }
    };
    splits.into_iter().map(file).collect()
}

fn one(dataset: &Dataset, split: &str) -> Vec<u8> {
    let mut json = JsonText::default();
    json.open('{');
    json.within("info", OBJECT, |_| {});
    json.within("licenses", LIST, |_| {});
    if !dataset.videos.is_empty() {
        videos(&mut json, dataset);
    }
    images(&mut json, dataset, split);
    json.within("categories", LIST, |json| {
        let mut classes: Vec<_> = dataset.classes.iter().collect();
        classes.sort_by_key(|class| class.id);
        for class in classes {
            json.next();
            json.open('{');
            json.field("id", class.id);
            json.text_field("name", &class.name);
            json.text_field("supercategory", &class.parent);
            json.close('}');
        }
    });
    json.within("annotations", LIST, |json| {
        let of = |record: &&BoxRecord| {
            dataset.images.get(record.image as usize).is_some_and(|image| image.split == split)
        };
        let mut boxes: Vec<&BoxRecord> = dataset.boxes.iter().filter(of).collect();
        boxes.sort_by_key(|record| record.id);
        for record in boxes {
            json.next();
            annotation(json, dataset, record);
        }
    });
    json.close('}');
    json.finish()
}

fn videos(json: &mut JsonText, dataset: &Dataset) {
    json.within("videos", LIST, |json| {
        for video in &dataset.videos {
            json.next();
            json.open('{');
            json.field("id", video.id);
            json.text_field("name", &video.name);
            if let Some((width, height)) = video.size {
                json.field("width", width);
                json.field("height", height);
            }
            if let Some(frames) = video.frames {
                json.field("length", frames);
            }
            json.close('}');
        }
    });
}

fn images(json: &mut JsonText, dataset: &Dataset, split: &str) {
    json.within("images", LIST, |json| {
        let mut images: Vec<_> =
            dataset.images.iter().filter(|image| image.split == split).collect();
        images.sort_by_key(|image| image.id);
        for image in images {
            json.next();
            json.open('{');
            json.field("id", image.id);
            json.text_field("file_name", &image.name);
            if let Some((width, height)) = image.size {
                json.field("width", width);
                json.field("height", height);
            }
            if let Some((video, frame)) = image.frame
                && let Some(video) = dataset.videos.get(video as usize)
            {
                json.field("video_id", video.id);
                json.field("frame_id", frame);
            }
            if !image.sha256.is_empty() {
                json.text_field("sha256", &image.sha256);
            }
            json.close('}');
        }
    });
}

fn annotation(json: &mut JsonText, dataset: &Dataset, record: &BoxRecord) {
    let number = |ids: Option<u64>| ids.expect("a box names an image and a class of its dataset");
    json.open('{');
    json.field("id", record.id);
    json.field("image_id", number(dataset.images.get(record.image as usize).map(|i| i.id)));
    json.field("category_id", number(dataset.classes.get(record.class as usize).map(|c| c.id)));
    json.numbers("bbox", &record.rect.decimals());
    match record.area {
        Some(area) => json.field("area", area),
        None => json.field("area", square(record)),
    }
    json.field("iscrowd", u8::from(record.role == Role::Crowd));
    // Several readers demand the field, and know a box without outline by its being empty.
    json.within("segmentation", LIST, |_| {});
    if let Some(score) = record.score {
        json.field("score", score);
    }
    let track = record.more.as_ref().and_then(|more| more.track);
    if let Some(track) = track {
        json.field("track_id", track.id);
    }
    if let Some(group) = record.more.as_ref().map(|more| more.group).filter(|group| *group != 0) {
        json.field("group_id", group);
    }
    let attributes = value::attributes(record.role == Role::Difficult, record.more.as_deref());
    if !attributes.is_empty() {
        json.within("attributes", OBJECT, |json| value::write(json, &attributes));
    }
    json.close('}');
}

/// Width times height, exactly: the product of two numbers of millionths has twelve places.
fn square(record: &BoxRecord) -> String {
    let area = record.rect.area();
    let (whole, part) = (area / 1_000_000_000_000, area % 1_000_000_000_000);
    let text = format!("{whole}.{part:012}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Whether a box states an area other than its width times its height.
pub(crate) fn has_own_area(record: &BoxRecord) -> bool {
    record.area.is_some_and(|area| square(record).parse() != Ok(area))
}

/// A coordinate as decimal text.
pub(crate) fn pixel(micros: i64) -> String {
    micros_text(micros)
}
