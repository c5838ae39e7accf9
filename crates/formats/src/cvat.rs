//! CVAT XML 1.1: images with boxes and tags in `annotations.xml`, each video with its tracks in a
//! file of its own. Serves anno-3.5 (delivery). Reads without recursion.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;

use annotation::{
    BoxRecord, CoordinateError, Dataset, Findings, Item, LabelRecord, Loss, Losses, More, Place,
    Problem, Severity, Track, Value, exact_micros, parse_micros, stem,
};
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use crate::build::{Builder, box_of};
use crate::coco::pixel;
use crate::hold::{Attributes, BOXES, Holds, Tracks, VIDEO_NAMES, VideoFields};
use crate::source::Source;
use crate::target::{OutFile, safe, splits};
use crate::tracks::{end_tracks, name_frames, tracked};
use crate::xml::escape;

pub(crate) const HOLDS: Holds = Holds {
    image_labels: true,
    videos: true,
    occluded: true,
    attributes: Attributes::Text,
    group: true,
    tracks: Tracks::Whole,
    frames: true,
    video: VideoFields { size: true, frames: true, ..VIDEO_NAMES },
    ..BOXES
};

/// Reads every file.
pub(crate) fn read(source: &mut Source, files: &[String], build: &mut Builder<'_>) {
    for name in files {
        let Some(bytes) = source.bytes(name) else { continue };
        let shown = source.shown(name);
        let mut found = Findings::new(&shown, build.limits);
        let mut file = FileReader {
            build,
            found: &mut found,
            stem: stem(name.rsplit('/').next().unwrap_or(name)).to_owned(),
            path: Vec::new(),
            text: String::new(),
            size: (None, None),
            frames: None,
            video_name: None,
            video: None,
            image: None,
            track: None,
            shape: None,
            attribute: None,
        };
        if let Err((problem, offset)) = file.run(&bytes) {
            let place = Place { offset: Some(offset), ..Place::default() };
            found.push(Severity::Error, problem, place);
        }
        build.note(found, &bytes);
    }
}

/// An open `<box>` or `<tag>`.
struct Shape {
    offset: u64,
    is_box: bool,
    class: u32,
    image: u32,
    edges: Option<[i64; 4]>,
    more: More,
}

struct FileReader<'a, 'b> {
    build: &'a mut Builder<'b>,
    found: &'a mut Findings,
    stem: String,
    path: Vec<String>,
    text: String,
    size: (Option<u32>, Option<u32>),
    frames: Option<u64>,
    video_name: Option<String>,
    video: Option<u32>,
    image: Option<u32>,
    /// The number, class and group of an open track.
    track: Option<(u64, u32, u64)>,
    shape: Option<Shape>,
    attribute: Option<String>,
}

type Failed = (Problem, u64);

/// The attributes of an element, unescaped.
fn attributes(tag: &BytesStart<'_>, at: u64) -> Result<BTreeMap<String, String>, Failed> {
    let mut all = BTreeMap::new();
    for attribute in tag.attributes() {
        let bad = |reason: String| (Problem::XmlSyntax { reason }, at);
        let attribute = attribute.map_err(|error| bad(error.to_string()))?;
        let value = attribute
            .normalized_value(XmlVersion::Implicit1_0)
            .map_err(|error| bad(error.to_string()))?;
        all.insert(attribute.key.as_ref().to_owned(), value.into_owned());
    }
    Ok(all)
}

impl FileReader<'_, '_> {
    fn run(&mut self, bytes: &[u8]) -> Result<(), Failed> {
        let mut reader = Reader::from_reader(bytes);
        reader.config_mut().expand_empty_elements = true;
        loop {
            let at = reader.buffer_position();
            let event = reader.read_event().map_err(|error| {
                (Problem::XmlSyntax { reason: error.to_string() }, reader.error_position())
            })?;
            match event {
                Event::Start(tag) => {
                    if self.path.len() >= self.build.limits.depth {
                        return Err((
                            Problem::TooDeep { limit: self.build.limits.depth as u64 },
                            at,
                        ));
                    }
                    self.text.clear();
                    self.open(&tag, at)?;
                    self.path.push(tag.name().as_ref().to_owned());
                }
                Event::Text(text) => self.text.push_str(&text),
                Event::CData(text) => self.text.push_str(&text),
                Event::GeneralRef(name) => self.text.push_str(&annotation::entity(&name)),
                Event::End(_) => self.close(),
                Event::Eof if self.path.is_empty() => return Ok(()),
                Event::Eof => return Err((Problem::Truncated, at)),
                _ => {}
            }
        }
    }

    fn open(&mut self, tag: &BytesStart<'_>, at: u64) -> Result<(), Failed> {
        let name = tag.name();
        let name = name.as_ref();
        let parent = self.path.last().map_or("", String::as_str);
        match (parent, name) {
            ("annotations", "image") => {
                let fields = attributes(tag, at)?;
                let Some(name) = fields.get("name") else {
                    self.bad(Problem::MissingField, at, "image/name");
                    return Ok(());
                };
                let number = |key: &str| fields.get(key).and_then(|text| text.parse().ok());
                let size = number("width").zip(number("height"));
                let (index, image) = self.build.image(name);
                image.size = size.filter(|(width, height)| *width > 0 && *height > 0);
                // CVAT calls what belongs to no part so.
                let split = fields.get("subset").filter(|split| *split != "default");
                image.split = split.cloned().unwrap_or_default();
                self.image = Some(index);
            }
            ("annotations", "track") => {
                let fields = attributes(tag, at)?;
                let number = |key: &str| fields.get(key).and_then(|text| text.parse::<u64>().ok());
                let (Some(id), Some(label)) = (number("id"), fields.get("label")) else {
                    self.bad(Problem::MissingField, at, "track/id, label");
                    return Ok(());
                };
                self.track = Some((id, self.build.class(label), number("group_id").unwrap_or(0)));
                if self.video.is_none() {
                    self.begin_video();
                }
            }
            ("image" | "track", "box") => self.shape(tag, at, true)?,
            ("image", "tag") => self.shape(tag, at, false)?,
            ("box" | "tag", "attribute") => {
                self.attribute = attributes(tag, at)?.remove("name");
            }
            ("image" | "track", kind) => {
                let loss = match kind {
                    "polygon" | "polyline" => Loss::Polygon,
                    "mask" => Loss::Mask,
                    "points" | "skeleton" => Loss::Keypoints,
                    _ => Loss::OtherKind,
                };
                self.build.losses.add(loss, || format!("@{at}"));
            }
            _ => {}
        }
        Ok(())
    }

    fn begin_video(&mut self) {
        let name = self.video_name.clone().unwrap_or_else(|| self.stem.clone());
        let (width, height) = self.size;
        let (index, video) = self.build.video(&name);
        video.size = width.zip(height);
        video.frames = self.frames;
        self.video = Some(index);
    }

    fn bad(&mut self, problem: Problem, at: u64, field: &str) {
        let field = Some(field.to_owned());
        let place = Place { offset: Some(at), field, ..Place::default() };
        self.found.push(Severity::Error, problem, place);
    }

    fn shape(&mut self, tag: &BytesStart<'_>, at: u64, is_box: bool) -> Result<(), Failed> {
        let fields = attributes(tag, at)?;
        let flag = |key: &str| fields.get(key).is_some_and(|text| text == "1");
        let number = |key: &str| fields.get(key).and_then(|text| text.parse::<u64>().ok());
        let mut more = More { occluded: flag("occluded"), ..More::default() };
        more.group = number("group_id").unwrap_or(0);
        if fields.get("rotation").is_some_and(|text| text.parse() != Ok(0.0)) {
            self.build.losses.add(Loss::Rotation, || format!("@{at}"));
            return Ok(());
        }
        let (image, class) = match (self.track, self.image) {
            (Some((id, class, group)), _) => {
                let Some(frame) = number("frame") else {
                    self.bad(Problem::MissingField, at, "box/frame");
                    return Ok(());
                };
                let keyframe = fields.get("keyframe").is_none_or(|text| text == "1");
                more.track = Some(Track { id, keyframe, outside: flag("outside") });
                more.group = group;
                let video = self.video.expect("a track begins its video");
                (self.build.frame(video, frame), class)
            }
            (None, Some(image)) => {
                let Some(label) = fields.get("label") else {
                    self.bad(Problem::MissingField, at, "label");
                    return Ok(());
                };
                (image, self.build.class(label))
            }
            (None, None) => return Ok(()),
        };
        let mut edges = None;
        if is_box {
            edges = Some([0; 4]);
            for (slot, key) in edges.iter_mut().flatten().zip(["xtl", "ytl", "xbr", "ybr"]) {
                let text = fields.get(key).map(String::as_bytes);
                let problem = match text.map(parse_micros) {
                    Some(Ok(value)) => {
                        *slot = value;
                        if !text.is_some_and(exact_micros) {
                            self.build.losses.add(Loss::RoundedCoordinate, || format!("@{at}"));
                        }
                        continue;
                    }
                    None => Problem::MissingField,
                    Some(Err(CoordinateError::NotFinite)) => Problem::NotFinite,
                    Some(Err(CoordinateError::OutOfRange)) => Problem::OutOfRange,
                    Some(Err(CoordinateError::Malformed)) => {
                        Problem::WrongType { expected: "a number".to_owned() }
                    }
                };
                self.bad(problem, at, key);
                return Ok(());
            }
        }
        self.shape = Some(Shape { offset: at, is_box, class, image, edges, more });
        Ok(())
    }

    fn close(&mut self) {
        let path: Vec<&str> = self.path.iter().map(String::as_str).collect();
        let text = self.text.trim();
        match path.as_slice() {
            ["annotations", "meta", .., "labels", "label", "name"] => {
                self.build.class(text);
            }
            ["annotations", "meta", .., "original_size", "width"] => {
                self.size.0 = text.parse().ok();
            }
            ["annotations", "meta", .., "original_size", "height"] => {
                self.size.1 = text.parse().ok();
            }
            ["annotations", "meta", _, "size"] => self.frames = text.parse().ok(),
            ["annotations", "meta", .., "source"] if !text.is_empty() => {
                self.video_name = Some(text.to_owned());
            }
            // A video of which nothing is tracked is a video still.
            ["annotations", "meta", _, "mode"] if text == "interpolation" => {
                self.frames = self.frames.or(Some(0));
            }
            ["annotations", "meta"] if self.video_name.is_some() && self.frames.is_some() => {
                self.begin_video();
            }
            [.., "box" | "tag", "attribute"] => {
                if let (Some(name), Some(shape)) = (self.attribute.take(), &mut self.shape) {
                    // The text of a value is its own: only names are trimmed.
                    shape.more.attributes.push((name, Value::Text(self.text.clone())));
                }
            }
            [.., "box" | "tag"] => self.finish(),
            [_, "image"] => self.image = None,
            [_, "track"] => self.track = None,
            _ => {}
        }
        self.path.pop();
        self.text.clear();
    }

    fn finish(&mut self) {
        let Some(Shape { offset, is_box, class, image, edges, more }) = self.shape.take() else {
            return;
        };
        let place = Place { offset: Some(offset), ..Place::default() };
        if self.build.full(self.found, &place) {
            return;
        }
        let more = more.boxed();
        match edges {
            Some(edges) if is_box => {
                let field = Some("box".to_owned());
                let record = BoxRecord { more, ..box_of(image, class) };
                self.build.put(self.found, Place { field, ..place }, edges, record);
            }
            _ => {
                let label = LabelRecord { item: Item::Image(image), class, score: None, more };
                self.build.dataset.labels.push(label);
            }
        }
    }
}

/// Brings tracks into CVAT's form: every box of a frame belongs to a track of one class, and a
/// track says where it ends.
pub(crate) fn prepare(dataset: &mut Dataset, losses: &mut Losses) {
    let tracks = tracked(dataset, losses);
    end_tracks(dataset, &tracks, losses);
    name_frames(dataset, losses);
}

/// Writes the images of each part, and each video, as a file.
pub(crate) fn write(dataset: &Dataset) -> Vec<OutFile> {
    let mut files = Vec::new();
    let still = dataset.images.iter().filter(|image| image.frame.is_none());
    let mut still = still.peekable();
    let splits = match (still.peek(), dataset.videos.as_slice()) {
        (None, [_, ..]) => Vec::new(),
        _ => splits(still),
    };
    let mut taken = HashSet::new();
    let mut name_of = |name: &str| {
        let mut name = stem(&safe(name)).to_owned();
        while !taken.insert(name.to_lowercase()) {
            name.push('_');
        }
        format!("{name}.xml")
    };
    for split in splits {
        // Datumaro takes the images of a part from a file of that name alone.
        let name = name_of(if split.is_empty() { "annotations" } else { split });
        files.push(OutFile { name, bytes: images(dataset, split) });
    }
    for (at, video) in (0..).zip(&dataset.videos) {
        let name = name_of(&video.name);
        files.push(OutFile { name, bytes: tracks(dataset, at, video) });
    }
    files
}

struct Xml(String);

impl Xml {
    fn put(&mut self, part: std::fmt::Arguments<'_>) {
        self.0.write_fmt(part).expect("a text takes what is written");
    }

    fn begin(dataset: &Dataset, mode: &str, frames: Option<u64>) -> Self {
        let mut xml = Self(String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"));
        xml.0.push_str("<annotations>\n  <version>1.1</version>\n  <meta>\n    <task>\n");
        if let Some(frames) = frames {
            xml.put(format_args!("      <size>{frames}</size>\n"));
        }
        xml.put(format_args!("      <mode>{mode}</mode>\n      <labels>\n"));
        for class in &dataset.classes {
            let name = escape(&class.name);
            xml.put(format_args!("        <label><name>{name}</name></label>\n"));
        }
        xml.0.push_str("      </labels>\n");
        xml
    }

    fn attributes(&mut self, more: Option<&More>, close: &str) {
        let attributes = more.map_or(&[][..], |more| &more.attributes);
        if attributes.is_empty() {
            self.0.push_str("/>\n");
            return;
        }
        self.0.push_str(">\n");
        for (name, value) in attributes {
            let (name, value) = (escape(name), escape(value.text()));
            self.put(format_args!("      <attribute name=\"{name}\">{value}</attribute>\n"));
        }
        self.put(format_args!("    </{close}>\n"));
    }

    fn edges(&mut self, record: &BoxRecord) {
        let rect = record.rect;
        let [x0, y0, x1, y1] = [rect.x0, rect.y0, rect.x1, rect.y1].map(pixel);
        let occluded = u8::from(record.more.as_ref().is_some_and(|more| more.occluded));
        self.put(format_args!(
            " occluded=\"{occluded}\" xtl=\"{x0}\" ytl=\"{y0}\" xbr=\"{x1}\" ybr=\"{y1}\" \
             z_order=\"0\""
        ));
    }
}

fn class_of(dataset: &Dataset, class: u32) -> std::borrow::Cow<'_, str> {
    escape(dataset.classes.get(class as usize).map_or("", |class| &class.name))
}

fn images(dataset: &Dataset, split: &str) -> Vec<u8> {
    let mut xml = Xml::begin(dataset, "annotation", None);
    xml.0.push_str("    </task>\n  </meta>\n");
    let (boxes, tags) = (dataset.boxes_by_image(), dataset.labels_by_image());
    let listed = dataset.images.iter().zip(boxes).zip(tags);
    let listed = listed.filter(|((image, _), _)| image.frame.is_none() && image.split == split);
    for (at, ((image, boxes), tags)) in listed.enumerate() {
        xml.put(format_args!("  <image id=\"{at}\" name=\"{}\"", escape(&image.name)));
        if !image.split.is_empty() {
            xml.put(format_args!(" subset=\"{}\"", escape(&image.split)));
        }
        if let Some((width, height)) = image.size {
            xml.put(format_args!(" width=\"{width}\" height=\"{height}\""));
        }
        xml.0.push_str(">\n");
        for record in boxes {
            let label = class_of(dataset, record.class);
            xml.put(format_args!("    <box label=\"{label}\" source=\"manual\""));
            xml.edges(record);
            group(&mut xml, record.more.as_deref());
            xml.attributes(record.more.as_deref(), "box");
        }
        for record in tags {
            let label = class_of(dataset, record.class);
            xml.put(format_args!("    <tag label=\"{label}\" source=\"manual\""));
            group(&mut xml, record.more.as_deref());
            xml.attributes(record.more.as_deref(), "tag");
        }
        xml.0.push_str("  </image>\n");
    }
    xml.0.push_str("</annotations>\n");
    xml.0.into_bytes()
}

fn group(xml: &mut Xml, more: Option<&More>) {
    if let Some(group) = more.map(|more| more.group).filter(|group| *group != 0) {
        xml.put(format_args!(" group_id=\"{group}\""));
    }
}

fn tracks(dataset: &Dataset, of: u32, video: &annotation::Video) -> Vec<u8> {
    let mut xml = Xml::begin(dataset, "interpolation", Some(video.frames.unwrap_or(0)));
    if let Some((width, height)) = video.size {
        xml.put(format_args!(
            "      <original_size><width>{width}</width><height>{height}</height></original_size>\n"
        ));
    }
    xml.put(format_args!("    </task>\n    <source>{}</source>\n  </meta>\n", escape(&video.name)));
    let mut tracks: BTreeMap<u64, Vec<(u64, Track, &BoxRecord)>> = BTreeMap::new();
    for record in &dataset.boxes {
        let frame = dataset.images.get(record.image as usize).and_then(|image| image.frame);
        let track = record.more.as_ref().and_then(|more| more.track);
        if let (Some((video, frame)), Some(track)) = (frame, track)
            && video == of
        {
            tracks.entry(track.id).or_default().push((frame, track, record));
        }
    }
    for (id, mut boxes) in tracks {
        boxes.sort_by_key(|(frame, ..)| *frame);
        let class = boxes.first().map_or(0, |(.., record)| record.class);
        let label = class_of(dataset, class);
        xml.put(format_args!("  <track id=\"{id}\" label=\"{label}\" source=\"manual\">\n"));
        for (frame, track, record) in boxes {
            let (outside, keyframe) = (u8::from(track.outside), u8::from(track.keyframe));
            xml.put(format_args!(
                "    <box frame=\"{frame}\" keyframe=\"{keyframe}\" outside=\"{outside}\""
            ));
            xml.edges(record);
            xml.attributes(record.more.as_deref(), "box");
        }
        xml.0.push_str("  </track>\n");
    }
    xml.0.push_str("</annotations>\n");
    xml.0.into_bytes()
}
