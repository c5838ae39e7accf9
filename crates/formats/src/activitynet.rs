//! ActivityNet JSON: events in videos, in seconds. Serves anno-3.1.3 and anno-3.5. Beside the
//! seconds each event keeps its ticks and timebase where seconds are not exact.

use std::collections::HashMap;

use annotation::json::{JsonError, Scanner};
use annotation::{Dataset, EventRecord, Findings, Loss, Node, Problem, Time};

use crate::build::Builder;
use crate::hold::{ALL, Attributes, BOXES, Holds, VIDEO_NAMES, VideoFields};
use crate::json::{JsonText, LIST, OBJECT};
use crate::record::{Bad, broken, micros, next, place, report};
use crate::source::Source;
use crate::target::OutFile;
use crate::time;

pub(crate) const HOLDS: Holds = Holds {
    boxes: false,
    image_labels: false,
    texts: false,
    text_labels: false,
    spans: false,
    video_labels: false,
    occluded: false,
    truncated: false,
    attributes: Attributes::None,
    group: false,
    author: false,
    ids: false,
    class_ids: false,
    video: VideoFields { duration: true, split: true, ..VIDEO_NAMES },
    inside: BOXES.inside,
    ..ALL
};

/// The parts as ActivityNet names them, and as everything else does.
const SUBSETS: [(&str, &str); 3] =
    [("training", "train"), ("validation", "val"), ("testing", "test")];

/// Reads every file.
pub(crate) fn read(source: &mut Source, files: &[String], build: &mut Builder<'_>) {
    for name in files {
        let Some(bytes) = source.bytes(name) else { continue };
        let mut found = Findings::new(&source.shown(name), build.limits);
        if let Err(error) = file(&bytes, build, &mut found) {
            report(&mut found, "", broken(error, build.limits, false));
        }
        build.note(found, &bytes);
    }
}

fn file(bytes: &[u8], build: &mut Builder<'_>, found: &mut Findings) -> Result<(), JsonError> {
    let mut scanner = Scanner::new(bytes, build.limits.depth);
    let mut later = None;
    scanner.begin_object()?;
    let mut first = true;
    while let Some(key) = scanner.next_key(&mut first)? {
        match key.as_ref() {
            "taxonomy" => {
                if let Some(node) = next(&mut scanner, build.limits, found, "/taxonomy")? {
                    taxonomy(&node, build);
                }
            }
            "database" | "results" => {
                scanner.peek()?;
                later = Some((scanner.at, format!("/{key}")));
                scanner.skip()?;
            }
            _ => scanner.skip()?,
        }
    }
    scanner.end()?;
    let Some((at, list)) = later else { return Ok(()) };
    scanner.at = at;
    scanner.begin_object()?;
    let mut first = true;
    while let Some(name) = scanner.next_key(&mut first)?.map(std::borrow::Cow::into_owned) {
        let before = format!("{list}/{name}");
        let here = place(scanner.at, &before);
        if build.full(found, &here) {
            return Ok(());
        }
        if let Some(node) = next(&mut scanner, build.limits, found, &before)? {
            video(&node, &name, &before, build, found);
        }
    }
    Ok(())
}

/// The classes are the leaves that stand in the tree.
fn taxonomy(node: &Node<'_>, build: &mut Builder<'_>) {
    let text = |node: &Node<'_>, key: &str| {
        node.get(key).and_then(Node::text).unwrap_or_default().to_owned()
    };
    let above: Vec<String> = node.list().iter().map(|node| text(node, "parentName")).collect();
    for node in node.list() {
        let (name, parent) = (text(node, "nodeName"), text(node, "parentName"));
        let inner = above.contains(&name) || name == ROOT;
        if inner || name.is_empty() {
            continue;
        }
        let at = build.class(&name);
        if let Some(class) = build.dataset.classes.get_mut(at as usize)
            && parent != ROOT
        {
            class.parent = parent;
        }
    }
}

/// The name of the top of the tree.
const ROOT: &str = "Root";

fn video(node: &Node<'_>, name: &str, before: &str, build: &mut Builder<'_>, found: &mut Findings) {
    let (at, video) = build.video(name);
    if let Some(split) = node.get("subset").and_then(Node::text) {
        let known = SUBSETS.iter().find(|(theirs, _)| *theirs == split);
        known.map_or(split, |(_, ours)| ours).clone_into(&mut video.split);
    }
    match time::length(node, &mut build.losses) {
        Some(Ok(length)) => build.video(name).1.duration = Some(length),
        Some(Err(bad)) => report(found, before, bad),
        None => {}
    }
    let annotations = node.get("annotations").map_or(node.list(), Node::list);
    for (index, one) in annotations.iter().enumerate() {
        let before = format!("{before}/annotations/{index}");
        match event(one, at, build) {
            Ok(event) => build.dataset.events.push(event),
            Err(bad) => report(found, &before, bad),
        }
    }
}

fn event(node: &Node<'_>, video: u32, build: &mut Builder<'_>) -> Result<EventRecord, Bad> {
    let label = node.get("label").and_then(Node::text);
    let class = build.class(label.ok_or_else(|| Bad::missing(node, "/label"))?);
    let segment = node.get("segment").ok_or_else(|| Bad::missing(node, "/segment"))?;
    let [start, end] = segment.list() else {
        return Err(Bad::wrong(segment, "/segment", "two numbers: start and end in seconds"));
    };
    let losses = &mut build.losses;
    let start = micros(start, "/segment/0", Loss::RoundedTime, losses)?;
    let end = micros(end, "/segment/1", Loss::RoundedTime, losses)?;
    let (mut start, mut end) = (Time::micros(start), Time::micros(end));
    if let (Some(pts), Some(base)) = (node.get("pts"), node.get("timebase").and_then(Node::text))
        && let ([first, last], Some(timebase)) = (pts.list(), time::parse(base))
        && let (Some(first), Some(last)) = (first.number(), last.number())
        && let (Ok(first), Ok(last)) = (first.parse(), last.parse())
    {
        (start, end) = (Time { pts: first, timebase }, Time { pts: last, timebase });
    }
    if end < start {
        return Err(Bad::new(Problem::BadRange, segment.at, "/segment"));
    }
    let score = node.get("score").and_then(Node::float);
    Ok(EventRecord { video, class, start, end, score, more: None })
}

/// Writes one file.
pub(crate) fn write(dataset: &Dataset) -> Vec<OutFile> {
    let mut json = JsonText::default();
    json.open('{');
    json.text_field("version", "VERSION 1.3");
    json.within("taxonomy", LIST, |json| {
        let mut parents: HashMap<&str, usize> = HashMap::new();
        let node = |json: &mut JsonText, name: &str, id: usize, above: (&str, usize)| {
            json.next();
            json.open('{');
            json.text_field("nodeName", name);
            json.field("nodeId", id);
            json.text_field("parentName", above.0);
            json.field("parentId", above.1);
            json.close('}');
        };
        for class in dataset.classes.iter().filter(|class| !class.parent.is_empty()) {
            let id = parents.len() + 1;
            if !parents.contains_key(class.parent.as_str()) {
                node(json, &class.parent, id, (ROOT, 0));
                parents.insert(&class.parent, id);
            }
        }
        for (at, class) in dataset.classes.iter().enumerate() {
            let above = parents.get_key_value(class.parent.as_str());
            let above = above.map_or((ROOT, 0), |(name, id)| (*name, *id));
            node(json, &class.name, parents.len() + at + 1, above);
        }
    });
    json.within("database", OBJECT, |json| {
        for (at, video) in (0_u32..).zip(&dataset.videos) {
            json.key(&video.name).open('{');
            let subset = SUBSETS.iter().find(|(_, ours)| *ours == video.split);
            let subset = subset.map_or(video.split.as_str(), |(theirs, _)| theirs);
            if !subset.is_empty() {
                json.text_field("subset", subset);
            }
            if let Some(duration) = video.duration {
                time::write_length(json, duration);
            }
            json.within("annotations", LIST, |json| {
                for event in dataset.events.iter().filter(|event| event.video == at) {
                    json.next();
                    one(json, dataset, event);
                }
            });
            json.close('}');
        }
    });
    json.close('}');
    vec![OutFile { name: "activitynet.json".to_owned(), bytes: json.finish() }]
}

fn one(json: &mut JsonText, dataset: &Dataset, event: &EventRecord) {
    json.open('{');
    let class = dataset.classes.get(event.class as usize);
    json.text_field("label", class.map_or("", |class| &class.name));
    json.numbers("segment", &[event.start.seconds(), event.end.seconds()]);
    let exact = event.start.to_micros().1 && event.end.to_micros().1;
    if !exact && event.start.timebase == event.end.timebase {
        json.numbers("pts", &[event.start.pts.to_string(), event.end.pts.to_string()]);
        json.text_field("timebase", &time::fraction(event.start.timebase));
    }
    if let Some(score) = event.score {
        json.field("score", score);
    }
    json.close('}');
}
