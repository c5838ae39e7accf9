//! Datasets made for tests, and what two datasets must share to be the same: every record by the
//! names of its item and class, in any order.

use std::path::Path;

use annotation::{
    BoxRecord, Class, Dataset, EventRecord, Image, Item, LabelRecord, Limits, MICROS, More, Rect,
    Role, SpanRecord, Text, Time, Track, Value, Video,
};
use formats::{Exported, Format, Imported, export, import, save};
use proptest::prelude::*;

const NAMES: [&str; 8] =
    ["a.jpg", "b.png", "a.png", "deep/er/c.jpg", "猫 一.jpg", "d&<>'.jpg", "e, f.jpg", "no-ending"];
const CLASSES: [&str; 5] = ["cat", "狗", "a: b, \"c\"", "R&D <x>", "#7"];
const ATTRIBUTES: [&str; 3] = ["colour", "年龄", "x & y"];

/// Writes a dataset in a format and reads it back.
pub(crate) fn through(dataset: Dataset, format: Format, folder: &Path) -> (Exported, Imported) {
    let exported = export(dataset, format, &Limits::default());
    save(&exported.files, folder).expect("saved");
    let imported = import(folder, None, &Limits::default(), true).expect("imported");
    assert_eq!(imported.format, format);
    (exported, imported)
}

/// Every record in one line, sorted. Numbers stand only where the format keeps them.
pub(crate) fn shape(dataset: &Dataset, ids: bool) -> Vec<String> {
    let id = |id: u64| if ids { format!("#{id}") } else { String::new() };
    let class = |at: u32| dataset.classes[at as usize].name.as_str();
    let image = |at: u32| dataset.images[at as usize].name.as_str();
    let video = |at: u32| dataset.videos[at as usize].name.as_str();
    let text = |at: u32| dataset.texts[at as usize].name.as_str();
    let mut lines = Vec::new();
    for (at, one) in dataset.classes.iter().enumerate() {
        lines.push(format!("class {at} {}{} < {}", id(one.id), one.name, one.parent));
    }
    for one in &dataset.images {
        let frame = one.frame.map(|(of, frame)| (video(of), frame));
        let head = format!("image {}{} {:?}", id(one.id), one.name, one.size);
        lines.push(format!("{head} {frame:?} {} {}", one.split, one.sha256));
    }
    for one in &dataset.videos {
        let known = (one.size, one.frames, one.duration.map(Time::to_micros));
        lines.push(format!("video {} {known:?} {}", one.name, one.split));
    }
    for one in &dataset.texts {
        lines.push(format!("text {} {:?} {}", one.name, one.body, one.split));
    }
    for one in &dataset.boxes {
        let head = format!("box {}{} {}", id(one.id), image(one.image), class(one.class));
        let rest = (one.role, one.score, one.area, &one.more);
        lines.push(format!("{head} {:?} {rest:?}", one.rect.decimals()));
    }
    for one in &dataset.labels {
        let name = match one.item {
            Item::Image(at) => image(at),
            Item::Video(at) => video(at),
            Item::Text(at) => text(at),
        };
        lines.push(format!("label {name} {} {:?}", class(one.class), (one.score, &one.more)));
    }
    for one in &dataset.spans {
        let place = (one.start, one.end, one.score, &one.more);
        lines.push(format!("span {} {} {place:?}", text(one.text), class(one.class)));
    }
    for one in &dataset.events {
        let (start, end) = (one.start.to_micros(), one.end.to_micros());
        let place = (start, end, one.score, &one.more);
        lines.push(format!("event {} {} {place:?}", video(one.video), class(one.class)));
    }
    lines.sort();
    lines
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        prop::sample::select(vec!["red", "", "<b>", "蓝, \"x\"", "line\nbreak"])
            .prop_map(|text| Value::Text(text.to_owned())),
        prop::sample::select(vec!["1", "2.50", "-3"])
            .prop_map(|text| Value::Number(text.to_owned())),
        any::<bool>().prop_map(Value::Flag),
    ]
}

fn more() -> impl Strategy<Value = Option<Box<More>>> {
    let attributes =
        prop::collection::btree_map(prop::sample::select(&ATTRIBUTES[..]), value(), 0..3);
    let author = prop::sample::select(vec!["", "li", "17"]);
    (any::<bool>(), any::<bool>(), 0_u64..3, author, attributes).prop_map(
        |(occluded, truncated, group, author, attributes)| {
            let own = attributes.into_iter().map(|(name, value)| (name.to_owned(), value));
            let attributes = own.collect();
            let author = author.to_owned();
            More { occluded, truncated, track: None, group, author, attributes }.boxed()
        },
    )
}

fn score() -> impl Strategy<Value = Option<f64>> {
    prop::option::of((0_u32..1_000).prop_map(|part| f64::from(part) / 1_000.0))
}

/// Left, top, width and height in steps that formats with shares do not hold exactly.
fn rect() -> impl Strategy<Value = Rect> {
    let coordinate = prop_oneof![(0_i64..90).prop_map(|p| p * MICROS), 0_i64..90 * MICROS];
    let side = prop_oneof![(0_i64..9).prop_map(|p| p * MICROS), 0_i64..9 * MICROS];
    (coordinate.clone(), coordinate, side.clone(), side).prop_map(|(x, y, width, height)| Rect {
        x0: x,
        y0: y,
        x1: x + width,
        y1: y + height,
    })
}

fn record() -> impl Strategy<Value = BoxRecord> {
    let role = prop::sample::select(vec![Role::Object, Role::Object, Role::Crowd, Role::Difficult]);
    let area = prop::option::of((0_u32..500).prop_map(|part| f64::from(part) / 8.0));
    (0_u32..16, 0_u32..5, rect(), role, score(), area, more()).prop_map(
        |(image, class, rect, role, score, area, more)| BoxRecord {
            id: 0,
            image,
            class,
            rect,
            role,
            score,
            area,
            more,
        },
    )
}

fn images() -> impl Strategy<Value = Vec<Image>> {
    let split = prop::sample::select(vec!["train", "val", "test"]);
    let hash = prop::sample::select(vec!["", "00ff"]);
    let size = (100_u32..4_000, 100_u32..4_000);
    prop::collection::vec((split, hash, size), 1..=NAMES.len()).prop_map(|drawn| {
        let named = drawn.into_iter().zip(NAMES).zip(1..);
        let image = |(((split, hash, size), name), id): (((&str, &str, _), &str), u64)| Image {
            id: id * 3,
            name: name.to_owned(),
            size: Some(size),
            frame: None,
            sha256: hash.to_owned(),
            split: split.to_owned(),
        };
        named.map(image).collect()
    })
}

/// A track of boxes, set by hand or computed, that may leave the picture and say what they like.
fn track() -> impl Strategy<Value = Vec<(u64, BoxRecord)>> {
    let flags = (any::<bool>(), prop::sample::select(vec![true, true, false]));
    let box_of = |(rect, (outside, keyframe), score, more): (_, _, _, Option<Box<More>>)| {
        let track = Some(Track { id: 0, keyframe, outside });
        let more = More { track, group: 0, ..more.map(|more| *more).unwrap_or_default() };
        let (more, role) = (more.boxed(), Role::Object);
        BoxRecord { id: 0, image: 0, class: 0, rect, role, score, area: None, more }
    };
    let stated = (rect(), flags, score(), more()).prop_map(box_of);
    // The video has twenty frames; a file may state one more.
    let boxes = prop::collection::btree_map(0_u64..21, stated, 1..6);
    let alike = any::<bool>();
    (boxes, alike).prop_map(|(boxes, alike)| {
        let mut boxes: Vec<(u64, BoxRecord)> = boxes.into_iter().collect();
        let first = boxes.first().map(|(_, first)| first.clone()).expect("one at least");
        for (_, record) in boxes.iter_mut().filter(|_| alike) {
            let track = record.more.as_ref().and_then(|more| more.track);
            let said = first.more.clone().unwrap_or_default();
            record.score = first.score;
            record.more = More { track, ..*said }.boxed();
        }
        boxes
    })
}

fn classes() -> Vec<Class> {
    let class = |(id, name): (u64, &str)| Class {
        id,
        name: name.to_owned(),
        parent: if id == 2 { "animal".to_owned() } else { String::new() },
    };
    (2_u64..).zip(CLASSES).map(class).collect()
}

fn time(ticks: i64) -> Time {
    Time { pts: ticks, timebase: (1, 30_000) }
}

type Records = (Vec<LabelRecord>, Vec<SpanRecord>, Vec<EventRecord>);

fn others() -> impl Strategy<Value = Records> {
    let item = prop_oneof![
        (0_u32..1).prop_map(Item::Image),
        (0_u32..1).prop_map(Item::Video),
        (0_u32..2).prop_map(Item::Text),
    ];
    let label = (item, 0_u32..5, score(), more())
        .prop_map(|(item, class, score, more)| LabelRecord { item, class, score, more });
    let span = (0_u64..4, 0_u64..3, 0_u32..5, score(), more()).prop_map(
        |(start, length, class, score, more)| SpanRecord {
            text: 0,
            class,
            start,
            end: start + length,
            score,
            more,
        },
    );
    let event = (0_i64..900_000, 0_i64..90_000, 0_u32..5, score(), more()).prop_map(
        |(start, length, class, score, more)| {
            let (start, end) = (time(start), time(start + length));
            EventRecord { video: 0, class, start, end, score, more }
        },
    );
    let several = 0..4_usize;
    (
        prop::collection::vec(label, several.clone()),
        prop::collection::vec(span, several.clone()),
        prop::collection::vec(event, several),
    )
}

/// A dataset of every kind of record.
pub(crate) fn dataset() -> impl Strategy<Value = Dataset> {
    let boxes = prop::collection::vec(record(), 0..12);
    (images(), boxes, prop::collection::vec(track(), 0..3), others()).prop_map(
        |(mut images, mut boxes, tracks, (labels, spans, events))| {
            let count = u32::try_from(images.len()).expect("few");
            boxes.iter_mut().for_each(|record| record.image %= count);
            for (id, track) in (1_u64..).zip(tracks) {
                for (frame, mut record) in track {
                    record.image = frame_of(&mut images, frame);
                    record.class = u32::try_from(id).expect("few");
                    let more = record.more.as_mut().and_then(|more| more.track.as_mut());
                    more.expect("a track").id = id;
                    boxes.push(record);
                }
            }
            for (id, record) in (1..).zip(&mut boxes) {
                record.id = id * 2;
            }
            let text = |(id, body): (u64, &str)| Text {
                id,
                name: format!("t{id}"),
                body: body.to_owned(),
                split: "val".to_owned(),
            };
            let video = Video {
                id: 1,
                name: "clip.mp4".to_owned(),
                size: Some((640, 480)),
                frames: Some(20),
                duration: Some(time(20_020)),
                split: "train".to_owned(),
            };
            Dataset {
                images,
                classes: classes(),
                boxes,
                named: true,
                dense: false,
                videos: vec![video],
                texts: (1..).zip(["房间很大，服务好", "ok \"fine\"\nbye"]).map(text).collect(),
                labels,
                spans,
                events,
            }
        },
    )
}

fn frame_of(images: &mut Vec<Image>, frame: u64) -> u32 {
    let found = images.iter().position(|image| image.frame == Some((0, frame)));
    let at = found.unwrap_or_else(|| {
        images.push(Image {
            id: 1_000 + frame,
            name: format!("clip/frame_{frame:06}.jpg"),
            size: Some((640, 480)),
            frame: Some((0, frame)),
            sha256: String::new(),
            split: "train".to_owned(),
        });
        images.len() - 1
    });
    u32::try_from(at).expect("few")
}
