//! Label Studio JSON: tasks of images, texts and videos with their annotations, beside the
//! labelling configuration that they need. Serves anno-3.5 (delivery). Places are percent of the
//! image or video.

mod prepare;
mod rate;
mod video;
mod write;

use std::collections::{BTreeMap, BTreeSet};

use annotation::json::{JsonError, Scanner};
use annotation::{
    BoxRecord, Findings, Item, LabelRecord, Loss, More, Node, Problem, SpanRecord, Value,
};

use crate::build::{Builder, box_of};
use crate::hold::{ALL, Attributes, BOXES, Holds, Tracks};
use crate::record::{Bad, broken, coordinate, next, place, report};
use crate::share;
use crate::source::Source;
use crate::time;
use crate::yolo::stated_sizes;
use rate::Rate;

pub(crate) use prepare::prepare;
pub(crate) use write::write;

pub(crate) const HOLDS: Holds = Holds {
    image_labels: true,
    texts: true,
    text_labels: true,
    spans: true,
    videos: true,
    video_labels: true,
    events: true,
    score: true,
    attributes: Attributes::Text,
    author: true,
    tracks: Tracks::Whole,
    frames: true,
    video: ALL.video,
    inside: true,
    ..BOXES
};

/// What stands beside the tasks.
#[derive(Default)]
struct Beside {
    /// Frames in a second of every video, or the field of a task that says so after `$`. Without
    /// one Label Studio shows 24.
    rate: Option<String>,
    /// Widths and heights by name, from `sizes.csv`.
    sizes: BTreeMap<String, (u32, u32)>,
}

/// The rate of a video whose configuration states none.
const RATE: &str = "24";
/// The field of a task that says how long a frame is shown, as a fraction of a second.
const FRAME_TIME: &str = "frame_time";

impl Beside {
    /// Frames in a second of a task's video: what the configuration states, exactly where the task
    /// says the same more exactly; none where nothing says it.
    fn rate(&self, data: &Node<'_>) -> Option<Rate> {
        let exact = data.get(FRAME_TIME).and_then(Node::text).and_then(time::parse);
        let Some(stated) = self.rate.as_deref() else { return exact.map(|(num, den)| (den, num)) };
        let Some(field) = stated.strip_prefix('$') else { return rate::parse(stated) };
        let field = data.get(field)?;
        let shown = rate::parse(field.number().or_else(|| field.text())?);
        let exact = exact.map(|(num, den)| (den, num));
        exact.filter(|rate| rate::parse(&rate::text(*rate)) == shown).or(shown)
    }

    fn size(&self, name: &str) -> Option<(u32, u32)> {
        let file = |name: &str| name.rsplit('/').next().unwrap_or(name).to_owned();
        let same = || self.sizes.iter().find(|(path, _)| file(path) == file(name));
        self.sizes.get(name).or_else(|| same().map(|(_, size)| size)).copied()
    }
}

/// Reads the tasks; the classes first in the order of the configuration, where it is there.
pub(crate) fn read(source: &mut Source, files: &[String], build: &mut Builder<'_>) {
    let mut beside = Beside { sizes: stated_sizes(source), ..Beside::default() };
    let config = source.names().iter().find(|name| name.ends_with("config.xml")).cloned();
    if let Some(bytes) = config.and_then(|name| source.bytes(&name)) {
        configured(&bytes, &mut beside, build);
    }
    for name in files {
        let Some(bytes) = source.bytes(name) else { continue };
        let mut found = Findings::new(&source.shown(name), build.limits);
        if let Err(error) = file(&bytes, &beside, build, &mut found) {
            report(&mut found, "", broken(error, build.limits, false));
        }
        build.note(found, &bytes);
    }
}

/// The values of `Label` and `Choice` in the order of the configuration, and the rate of videos.
fn configured(bytes: &[u8], beside: &mut Beside, build: &mut Builder<'_>) {
    use quick_xml::XmlVersion;
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_reader(bytes);
    while let Ok(event) = reader.read_event() {
        let (Event::Start(tag) | Event::Empty(tag)) = event else {
            if matches!(event, Event::Eof) {
                return;
            }
            continue;
        };
        let stated = |names: &[&str]| {
            let found = names.iter().find_map(|name| tag.try_get_attribute(name).ok().flatten());
            Some(found?.normalized_value(XmlVersion::Implicit1_0).ok()?.into_owned())
        };
        match tag.name().as_ref() {
            "Label" | "Choice" => {
                if let Some(value) = stated(&["value"]) {
                    build.class(&value);
                }
            }
            "Video" => {
                let rate = stated(&["frameRate", "framerate"]);
                beside.rate = Some(rate.unwrap_or_else(|| RATE.to_owned()));
            }
            _ => {}
        }
    }
}

fn file(
    bytes: &[u8],
    beside: &Beside,
    build: &mut Builder<'_>,
    found: &mut Findings,
) -> Result<(), JsonError> {
    let mut scanner = Scanner::new(bytes, build.limits.depth);
    scanner.begin_array()?;
    let (mut first, mut index) = (true, 0_u64);
    while scanner.next_element(&mut first)? {
        let before = format!("/{index}");
        let here = place(scanner.at, &before);
        if build.full(found, &here) {
            return Ok(());
        }
        if let Some(node) = next(&mut scanner, build.limits, found, &before)?
            && let Err(bad) = task(&node, &before, beside, build, found)
        {
            report(found, &before, bad);
        }
        index += 1;
    }
    scanner.end()
}

fn task(
    node: &Node<'_>,
    before: &str,
    beside: &Beside,
    build: &mut Builder<'_>,
    found: &mut Findings,
) -> Result<(), Bad> {
    let data = node.get("data").ok_or_else(|| Bad::missing(node, "/data"))?;
    let text = |key: &str| data.get(key).and_then(Node::text);
    let split = text("split").unwrap_or_default();
    let item = if let Some(image) = text("image").or_else(|| text("img")) {
        let (at, image) = build.image(image);
        split.clone_into(&mut image.split);
        image.size = image.size.or_else(|| side(data, "width").zip(side(data, "height")));
        Item::Image(at)
    } else if let Some(name) = text("video") {
        let (at, own) = build.video(name);
        split.clone_into(&mut own.split);
        let stated = side(data, "width").zip(side(data, "height"));
        own.size = own.size.or(stated).or_else(|| beside.size(name));
        own.frames = own.frames.or_else(|| data.get("frames").and_then(Node::whole));
        if let Some(Ok(length)) = time::length(data, &mut build.losses) {
            build.video(name).1.duration.get_or_insert(length);
        }
        Item::Video(at)
    } else if let Some(body) = text("text") {
        let number = node.get("id").and_then(Node::name).unwrap_or(before);
        let (at, one) = build.text(text("name").unwrap_or(number));
        body.clone_into(&mut one.body);
        split.clone_into(&mut one.split);
        Item::Text(at)
    } else {
        build.losses.add(Loss::OtherKind, || format!("{before}/data"));
        return Ok(());
    };
    let mut lists =
        [("annotations", node.get("annotations")), ("predictions", node.get("predictions"))];
    if lists[0].1.is_some_and(|list| !list.list().is_empty()) {
        lists[1].1 = None;
    }
    for (name, list) in lists {
        for (at, one) in list.map_or(&[][..], Node::list).iter().enumerate() {
            let before = format!("{before}/{name}/{at}");
            if one.get("was_cancelled").and_then(Node::flag) == Some(true) {
                build.losses.add(Loss::OtherKind, || before.clone());
                continue;
            }
            annotation(one, (item, beside.rate(data)), &before, build, found);
        }
    }
    Ok(())
}

/// A width or height of at least one pixel.
fn side(node: &Node<'_>, key: &str) -> Option<u32> {
    u32::try_from(node.get(key)?.whole()?).ok().filter(|side| *side > 0)
}

fn author(node: &Node<'_>) -> String {
    let by = node.get("completed_by");
    let by = by.and_then(|by| by.name().or_else(|| by.get("email")?.text()));
    by.unwrap_or_default().to_owned()
}

fn annotation(
    node: &Node<'_>,
    item: (Item, Option<Rate>),
    before: &str,
    build: &mut Builder<'_>,
    found: &mut Findings,
) {
    let results = node.get("result").map_or(&[][..], Node::list);
    let author = author(node);
    // What is said of a region stands in results of its own that have the region's id.
    let mut said: BTreeMap<&str, Vec<(String, Value)>> = BTreeMap::new();
    let mut regions: BTreeSet<&str> = BTreeSet::new();
    let id = |node: &Node<'_>| -> String {
        node.get("id").and_then(Node::name).unwrap_or_default().to_owned()
    };
    let ids: Vec<String> = results.iter().map(id).collect();
    for (node, id) in results.iter().zip(&ids) {
        match node.get("type").and_then(Node::text) {
            Some("textarea") => {
                let texts = node.get("value").and_then(|value| value.get("text"));
                let value =
                    texts.and_then(|texts| texts.text().or_else(|| texts.list().first()?.text()));
                let name = node.get("from_name").and_then(Node::text).unwrap_or_default();
                let value = Value::Text(value.unwrap_or_default().to_owned());
                said.entry(id).or_default().push((name.to_owned(), value));
            }
            _ => {
                regions.insert(id);
            }
        }
    }
    for (at, (node, id)) in results.iter().zip(&ids).enumerate() {
        let before = format!("{before}/result/{at}");
        let own = said.get(id.as_str()).cloned().unwrap_or_default();
        let more = More { author: author.clone(), attributes: own, ..More::default() };
        if node.get("type").and_then(Node::text) == Some("textarea") {
            if !regions.contains(id.as_str()) {
                build.losses.add(Loss::Caption, || before.clone());
            }
            continue;
        }
        if let Err(bad) = result(node, item, more, &before, build, found) {
            report(found, &before, bad);
        }
    }
}

fn result(
    node: &Node<'_>,
    (item, rate): (Item, Option<Rate>),
    more: More,
    before: &str,
    build: &mut Builder<'_>,
    found: &mut Findings,
) -> Result<(), Bad> {
    let kind = node.get("type").and_then(Node::text).unwrap_or_default();
    let value = node.get("value").ok_or_else(|| Bad::missing(node, "/value"))?;
    let score = node.get("score").and_then(Node::float);
    let names: Vec<&str> =
        value.get(kind).map_or(&[][..], Node::list).iter().filter_map(Node::text).collect();
    match (kind, item) {
        ("rectanglelabels", Item::Image(image)) => {
            if value.get("rotation").and_then(Node::float).is_some_and(|angle| angle != 0.0) {
                build.losses.add(Loss::Rotation, || before.to_owned());
                return Ok(());
            }
            let stated = side(node, "original_width").zip(side(node, "original_height"));
            let known = build.dataset.images.get_mut(image as usize);
            let size = known.and_then(|known| {
                known.size = known.size.or(stated);
                stated.or(known.size)
            });
            let (width, height) =
                size.ok_or_else(|| Bad::new(Problem::UnknownSize, node.at, "/original_width"))?;
            let read = |key: &str| {
                let field = format!("/value/{key}");
                let node = value.get(key).ok_or_else(|| Bad::missing(value, &field))?;
                let text = node.number().ok_or_else(|| Bad::wrong(node, &field, "a number"))?;
                share::parse(text).map_err(|error| coordinate(error, node, &field))
            };
            let (x, y, w, h) = (read("x")?, read("y")?, read("width")?, read("height")?);
            let ([x0, x1], [y0, y1]) = (share::percent(x, w, width), share::percent(y, h, height));
            let label =
                names.first().ok_or_else(|| Bad::missing(value, "/value/rectanglelabels"))?;
            let class = build.class(label);
            let record = BoxRecord { score, more: more.boxed(), ..box_of(image, class) };
            build.put(found, place(node.at, &format!("{before}/value")), [x0, y0, x1, y1], record);
        }
        ("labels", Item::Text(text)) => {
            let offset = |key: &str| {
                let node =
                    value.get(key).ok_or_else(|| Bad::missing(value, &format!("/value/{key}")))?;
                let number = node.whole().or_else(|| node.text()?.parse().ok());
                number.ok_or_else(|| Bad::wrong(node, &format!("/value/{key}"), "a whole number"))
            };
            let (start, end) = (offset("start")?, offset("end")?);
            let length =
                build.dataset.texts.get(text as usize).map_or(0, |text| text.body.chars().count());
            if end < start || end > length as u64 {
                return Err(Bad::new(Problem::BadRange, value.at, "/value"));
            }
            for name in names {
                let (class, more) = (build.class(name), more.clone().boxed());
                build.dataset.spans.push(SpanRecord { text, class, start, end, score, more });
            }
        }
        ("videorectangle", Item::Video(at)) => {
            return video::track(node, at, &more, before, build, found);
        }
        ("timelinelabels", Item::Video(at)) => {
            return video::events(node, at, &more, rate, build);
        }
        ("choices", _) => {
            for name in names {
                let (class, more) = (build.class(name), more.clone().boxed());
                build.dataset.labels.push(LabelRecord { item, class, score, more });
            }
        }
        (kind, _) => {
            let loss = match kind {
                "polygonlabels" | "polygon" => Loss::Polygon,
                "brushlabels" | "brush" => Loss::Mask,
                "keypointlabels" | "keypoint" => Loss::Keypoints,
                _ => Loss::OtherKind,
            };
            build.losses.add(loss, || before.to_owned());
        }
    }
    Ok(())
}
