//! Writes tasks of images, texts and videos, and the configuration that shows them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use annotation::{
    BoxRecord, Dataset, EventRecord, Item, LabelRecord, More, SpanRecord, Time, Video,
};

use super::rate::{self, Rate};
use super::{FRAME_TIME, video::TRACK};
use crate::hold::pixels;
use crate::json::{JsonText, LIST, OBJECT};
use crate::share;
use crate::target::OutFile;
use crate::time;
use crate::xml::escape;

/// What is said of an item, whatever its kind.
enum Region<'a> {
    Box(&'a BoxRecord),
    Label(&'a LabelRecord),
    Span(&'a SpanRecord),
    /// A track's number, and its boxes with their frames.
    Track(u64, Vec<(u64, &'a BoxRecord)>),
    Event(&'a EventRecord),
}

impl Region<'_> {
    fn more(&self) -> Option<&More> {
        match self {
            Self::Box(record) => record.more.as_deref(),
            Self::Label(record) => record.more.as_deref(),
            Self::Span(record) => record.more.as_deref(),
            Self::Event(record) => record.more.as_deref(),
            Self::Track(_, boxes) => boxes.first().and_then(|(_, record)| record.more.as_deref()),
        }
    }

    fn class(&self) -> u32 {
        match self {
            Self::Box(record) => record.class,
            Self::Label(record) => record.class,
            Self::Span(record) => record.class,
            Self::Event(record) => record.class,
            Self::Track(_, boxes) => boxes.first().map_or(0, |(_, record)| record.class),
        }
    }

    fn score(&self) -> Option<f64> {
        match self {
            Self::Box(record) => record.score,
            Self::Label(record) => record.score,
            Self::Span(record) => record.score,
            Self::Event(record) => record.score,
            Self::Track(_, boxes) => boxes.first().and_then(|(_, record)| record.score),
        }
    }

    fn author(&self) -> &str {
        self.more().map_or("", |more| more.author.as_str())
    }
}

/// What is said of the items of a dataset, item by item.
struct Regions<'a> {
    images: Vec<Vec<Region<'a>>>,
    texts: Vec<Vec<Region<'a>>>,
    videos: Vec<Vec<Region<'a>>>,
}

impl<'a> Regions<'a> {
    fn of(dataset: &'a Dataset) -> Self {
        let empty = |count: usize| (0..count).map(|_| Vec::new()).collect();
        let mut all = Self {
            images: empty(dataset.images.len()),
            texts: empty(dataset.texts.len()),
            videos: empty(dataset.videos.len()),
        };
        let mut tracks: BTreeMap<(u32, u64), Vec<(u64, &BoxRecord)>> = BTreeMap::new();
        for record in &dataset.boxes {
            let frame = dataset.images.get(record.image as usize).and_then(|image| image.frame);
            let track = record.more.as_ref().and_then(|more| more.track);
            match frame.zip(track) {
                Some(((video, frame), track)) => {
                    tracks.entry((video, track.id)).or_default().push((frame, record));
                }
                None => all.put(Item::Image(record.image), Region::Box(record)),
            }
        }
        for ((video, id), mut boxes) in tracks {
            boxes.sort_by_key(|(frame, _)| *frame);
            all.put(Item::Video(video), Region::Track(id, boxes));
        }
        for record in &dataset.labels {
            all.put(record.item, Region::Label(record));
        }
        for record in &dataset.spans {
            all.put(Item::Text(record.text), Region::Span(record));
        }
        for record in &dataset.events {
            all.put(Item::Video(record.video), Region::Event(record));
        }
        all
    }

    fn put(&mut self, item: Item, region: Region<'a>) {
        let list = match item {
            Item::Image(at) => self.images.get_mut(at as usize),
            Item::Text(at) => self.texts.get_mut(at as usize),
            Item::Video(at) => self.videos.get_mut(at as usize),
        };
        if let Some(list) = list {
            list.push(region);
        }
    }
}

/// What the regions of a task are about.
#[derive(Clone, Copy)]
enum Subject<'a> {
    Image(Option<(u32, u32)>),
    Text(&'a str),
    Video(&'a Video, Rate),
}

impl Subject<'_> {
    const fn name(self) -> &'static str {
        match self {
            Self::Image(_) => "image",
            Self::Text(_) => "text",
            Self::Video(..) => "video",
        }
    }

    const fn size(self) -> Option<(u32, u32)> {
        match self {
            Self::Image(size) => size,
            Self::Text(_) => None,
            Self::Video(video, _) => video.size,
        }
    }
}

/// Writes the tasks and the configuration.
pub(crate) fn write(dataset: &Dataset) -> Vec<OutFile> {
    let regions = Regions::of(dataset);
    let mut json = JsonText::default();
    json.open('[');
    let mut id = 0_u64;
    let images = dataset.images.iter().zip(regions.images);
    for (image, regions) in images.filter(|(image, _)| image.frame.is_none()) {
        task_head(&mut json, &mut id);
        json.within("data", OBJECT, |json| {
            json.text_field("image", &image.name);
            about(json, &image.split, image.size);
        });
        annotations(&mut json, dataset, regions, Subject::Image(image.size));
    }
    for (text, regions) in dataset.texts.iter().zip(regions.texts) {
        task_head(&mut json, &mut id);
        json.within("data", OBJECT, |json| {
            json.text_field("text", &text.body);
            json.text_field("name", &text.name);
            about(json, &text.split, None);
        });
        annotations(&mut json, dataset, regions, Subject::Text(&text.body));
    }
    let videos = dataset.videos.iter().zip(rate::rates(dataset)).zip(regions.videos);
    for ((video, rate), regions) in videos {
        task_head(&mut json, &mut id);
        json.within("data", OBJECT, |json| {
            json.text_field("video", &video.name);
            about(json, &video.split, video.size);
            json.field("rate", rate::text(rate));
            json.text_field(FRAME_TIME, &time::fraction((rate.1, rate.0)));
            if let Some(frames) = video.frames {
                json.field("frames", frames);
            }
            if let Some(duration) = video.duration {
                time::write_length(json, duration);
            }
        });
        annotations(&mut json, dataset, regions, Subject::Video(video, rate));
    }
    json.close(']');
    vec![
        OutFile { name: "config.xml".to_owned(), bytes: config(dataset) },
        OutFile { name: "tasks.json".to_owned(), bytes: json.finish() },
    ]
}

fn task_head(json: &mut JsonText, id: &mut u64) {
    *id += 1;
    json.next();
    json.open('{');
    json.field("id", *id);
}

fn about(json: &mut JsonText, split: &str, size: Option<(u32, u32)>) {
    if !split.is_empty() {
        json.text_field("split", split);
    }
    if let Some((width, height)) = size {
        json.field("width", width);
        json.field("height", height);
    }
}

/// One annotation for each author, as several people label one task.
fn annotations(
    json: &mut JsonText,
    dataset: &Dataset,
    regions: Vec<Region<'_>>,
    subject: Subject<'_>,
) {
    let mut by_author: BTreeMap<String, Vec<Region<'_>>> = BTreeMap::new();
    for region in regions {
        by_author.entry(region.author().to_owned()).or_default().push(region);
    }
    json.within("annotations", LIST, |json| {
        for (author, regions) in by_author {
            json.next();
            json.open('{');
            if author.parse::<u32>().is_ok_and(|number| number.to_string() == author) {
                json.field("completed_by", &author);
            } else if !author.is_empty() {
                json.within("completed_by", OBJECT, |json| json.text_field("email", &author));
            }
            json.within("result", LIST, |json| {
                for (at, region) in (1_u64..).zip(&regions) {
                    write_region(json, dataset, region, at, subject);
                }
            });
            json.close('}');
        }
    });
    json.close('}');
}

/// The type of a region's result, the control that makes it, and the key of its class.
const fn kind(region: &Region<'_>) -> [&'static str; 3] {
    match region {
        Region::Box(_) => ["rectanglelabels", "boxes", "rectanglelabels"],
        Region::Label(_) => ["choices", "class", "choices"],
        Region::Span(_) => ["labels", "spans", "labels"],
        Region::Track(..) => ["videorectangle", "tracks", "labels"],
        Region::Event(_) => ["timelinelabels", "events", "timelinelabels"],
    }
}

fn write_region(
    json: &mut JsonText,
    dataset: &Dataset,
    region: &Region<'_>,
    at: u64,
    subject: Subject<'_>,
) {
    let class = dataset.classes.get(region.class() as usize).map_or("", |class| &class.name);
    let id = match region {
        Region::Track(id, _) => format!("{TRACK}{id}"),
        _ => format!("r{at}"),
    };
    let head = |json: &mut JsonText, kind: &str, from: &str| {
        json.next();
        json.open('{');
        json.text_field("id", &id);
        json.text_field("type", kind);
        json.text_field("from_name", from);
        json.text_field("to_name", subject.name());
    };
    let [kind, from, key] = kind(region);
    head(json, kind, from);
    if let (Region::Box(_), Some((width, height))) = (region, subject.size()) {
        json.field("original_width", width);
        json.field("original_height", height);
        json.field("image_rotation", 0);
    }
    json.within("value", OBJECT, |json| {
        match region {
            Region::Box(record) => edges(json, record, subject.size()),
            Region::Label(_) => {}
            Region::Span(record) => {
                json.field("start", record.start);
                json.field("end", record.end);
                if let Subject::Text(text) = subject {
                    let (from, to) = (record.start as usize, record.end as usize);
                    let marked: String = text.chars().take(to).skip(from).collect();
                    json.text_field("text", &marked);
                }
            }
            Region::Track(_, boxes) => sequence(json, boxes, subject),
            Region::Event(record) => range(json, record, subject),
        }
        json.within(key, LIST, |json| json.string(class));
    });
    if let Some(score) = region.score() {
        json.field("score", score);
    }
    json.close('}');
    for (name, value) in region.more().map_or(&[][..], |more| &more.attributes) {
        head(json, "textarea", name);
        json.within("value", OBJECT, |json| {
            json.within("text", LIST, |json| json.string(value.text()));
        });
        json.close('}');
    }
}

/// A box in percent. Only boxes of items of known size are left to be written.
fn edges(json: &mut JsonText, record: &BoxRecord, size: Option<(u32, u32)>) {
    let Some((width, height)) = size else { return };
    let rect = record.rect;
    let share = |value: i64, size: u32| {
        share::text(100 * i128::from(value), i128::from(pixels(size)), size)
    };
    json.field("x", share(rect.x0, width));
    json.field("y", share(rect.y0, height));
    json.field("width", share(rect.x1 - rect.x0, width));
    json.field("height", share(rect.y1 - rect.y0, height));
    json.field("rotation", 0);
}

/// The boxes of a track. One behind which the object is not seen is switched off.
fn sequence(json: &mut JsonText, boxes: &[(u64, &BoxRecord)], subject: Subject<'_>) {
    let Subject::Video(video, (num, den)) = subject else { return };
    if let Some(frames) = video.frames {
        json.field("framesCount", frames);
    }
    if let Some(duration) = video.duration {
        json.field("duration", duration.seconds());
    }
    json.within("sequence", LIST, |json| {
        let behind = boxes.iter().skip(1).map(Some).chain([None]);
        for ((frame, record), behind) in boxes.iter().zip(behind) {
            if record.is_outside() {
                continue;
            }
            json.next();
            json.open('{');
            json.field("frame", frame + 1);
            json.field("enabled", behind.is_some_and(|(_, behind)| !behind.is_outside()));
            let number = i64::try_from(frame + 1).unwrap_or(i64::MAX);
            json.field("time", Time { pts: number, timebase: (den, num) }.seconds());
            edges(json, record, video.size);
            json.close('}');
        }
    });
}

/// The first and the last frame of an event, counted from 1.
fn range(json: &mut JsonText, record: &EventRecord, subject: Subject<'_>) {
    let Subject::Video(_, rate) = subject else { return };
    json.within("ranges", LIST, |json| {
        json.next();
        json.open('{');
        json.field("start", rate::frame(record.start, rate).0 + 1);
        json.field("end", rate::frame(record.end, rate).0);
        json.close('}');
    });
}

/// The configuration that shows these tasks: the classes, and a field for each attribute.
fn config(dataset: &Dataset) -> Vec<u8> {
    let mut text = String::from("<View>\n");
    let mut put = |part: std::fmt::Arguments<'_>| {
        text.write_fmt(part).expect("a text takes what is written");
    };
    let mut list = |outer: &str, from: &str, to: &str, inner: &str| {
        put(format_args!("  <{outer} name=\"{from}\" toName=\"{to}\">\n"));
        for class in &dataset.classes {
            put(format_args!("    <{inner} value=\"{}\"/>\n", escape(&class.name)));
        }
        put(format_args!("  </{outer}>\n"));
    };
    let images = dataset.images.iter().any(|image| image.frame.is_none());
    let (texts, videos) = (!dataset.texts.is_empty(), !dataset.videos.is_empty());
    let to = match (images, texts) {
        (true, _) => "image",
        (false, true) => "text",
        (false, false) => "video",
    };
    if images {
        list("RectangleLabels", "boxes", "image", "Label");
    }
    if texts {
        list("Labels", "spans", "text", "Label");
    }
    if videos {
        list("Labels", "kinds", "video", "Label");
        list("TimelineLabels", "events", "video", "Label");
    }
    if !dataset.labels.is_empty() {
        list("Choices", "class", to, "Choice");
    }
    let of_boxes = dataset.boxes.iter().filter_map(|record| record.more.as_deref());
    let of_labels = dataset.labels.iter().filter_map(|record| record.more.as_deref());
    let of_spans = dataset.spans.iter().filter_map(|record| record.more.as_deref());
    let of_events = dataset.events.iter().filter_map(|record| record.more.as_deref());
    let all = of_boxes.chain(of_labels).chain(of_spans).chain(of_events);
    let names: BTreeSet<&str> =
        all.flat_map(|more| &more.attributes).map(|(name, _)| name.as_str()).collect();
    for name in names {
        let name = escape(name);
        put(format_args!("  <TextArea name=\"{name}\" toName=\"{to}\" perRegion=\"true\"/>\n"));
    }
    if images {
        put(format_args!("  <Image name=\"image\" value=\"$image\"/>\n"));
    }
    if texts {
        put(format_args!("  <Text name=\"text\" value=\"$text\"/>\n"));
    }
    if videos {
        put(format_args!("  <VideoRectangle name=\"tracks\" toName=\"video\"/>\n"));
        let rate = "frameRate=\"$rate\"";
        put(format_args!("  <Video name=\"video\" value=\"$video\" {rate}/>\n"));
    }
    text.push_str("</View>\n");
    text.into_bytes()
}
