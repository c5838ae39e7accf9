//! COCO JSON: the ground truth form (`images`, `annotations`, `categories`) and the results form
//! (a list of boxes that name image and class by number). Serves anno-3.5 (delivery).
//! Numbers are read from their text; a bad record is left out with a finding and the rest taken.

use std::collections::{HashMap, HashSet};

use crate::dataset::{Class, Dataset, Image, RawBox, Role, assemble, over_limit, rect_of};
use crate::finding::{Finding, Findings, Limits, Place, Problem, Severity};
use crate::json::{Fault, JsonError, Scanner};
use crate::loss::{Loss, Losses};
use crate::node::Node;
use crate::pixel::{CoordinateError, exact_micros, parse_micros};
use crate::record::{More, Value, Video};

/// Reads a COCO file, and says what it held that a dataset does not. `file` names it in the
/// findings.
#[must_use]
pub fn read_coco(file: &str, bytes: &[u8], limits: &Limits) -> (Dataset, Vec<Finding>, Losses) {
    let mut reader = Reader {
        scanner: Scanner::new(bytes, limits.depth),
        findings: Findings::new(file, limits),
        limits,
        losses: Losses::default(),
        images: Vec::new(),
        frames: Vec::new(),
        videos: Vec::new(),
        classes: Vec::new(),
        boxes: Vec::new(),
    };
    let outcome = reader.file();
    if let Err(error) = outcome {
        let problem = match error.fault {
            Fault::Truncated => Problem::Truncated,
            Fault::TooDeep => Problem::TooDeep { limit: limits.depth as u64 },
            Fault::Expected(expected) => Problem::JsonSyntax { expected: expected.to_owned() },
        };
        let place = Place { offset: Some(error.at as u64), ..Place::default() };
        reader.findings.push(Severity::Error, problem, place);
    }
    let named = matches!(outcome, Ok(Form::GroundTruth)) || !reader.images.is_empty();
    let Reader { mut findings, mut images, frames, videos, classes, boxes, losses, .. } = reader;
    place_frames(&mut images, &frames, &videos, &mut findings);
    let (images, classes) = unique(images, classes, &mut findings);
    let mut dataset = assemble(images, classes, boxes, named, &mut findings);
    dataset.videos = videos;
    (dataset, findings.finish(bytes), losses)
}

/// Turns the numbers of videos that images name into places in the list.
fn place_frames(
    images: &mut [Image],
    frames: &[Option<(u64, u64)>],
    videos: &[Video],
    findings: &mut Findings,
) {
    let index: HashMap<u64, u32> = videos.iter().map(|video| video.id).zip(0..).collect();
    for (image, frame) in images.iter_mut().zip(frames) {
        let Some((video, frame)) = *frame else { continue };
        match index.get(&video) {
            Some(video) => image.frame = Some((*video, frame)),
            None => {
                let (field, id) = (Some("/images".to_owned()), Some(image.id.to_string()));
                let place = Place { field, id, ..Place::default() };
                findings.push(Severity::Warning, Problem::UnknownVideo { video }, place);
            }
        }
    }
}

/// Which of the two forms a file has.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    GroundTruth,
    Results,
}

/// Why one record was left out.
enum Bad {
    Json(JsonError),
    Field(Problem, &'static str),
}

impl From<JsonError> for Bad {
    fn from(error: JsonError) -> Self {
        Self::Json(error)
    }
}

struct Reader<'a> {
    scanner: Scanner<'a>,
    findings: Findings,
    limits: &'a Limits,
    losses: Losses,
    images: Vec<Image>,
    /// The video's number and the frame of each image.
    frames: Vec<Option<(u64, u64)>>,
    videos: Vec<Video>,
    classes: Vec<Class>,
    boxes: Vec<RawBox>,
}

impl Reader<'_> {
    fn file(&mut self) -> Result<Form, JsonError> {
        if self.scanner.peek()? == b'[' {
            self.list("", Self::annotation)?;
            self.scanner.end()?;
            return Ok(Form::Results);
        }
        self.scanner.begin_object()?;
        let (mut first, mut annotations) = (true, false);
        while let Some(key) = self.scanner.next_key(&mut first)? {
            match key.as_ref() {
                "images" => self.list("/images", Self::image)?,
                "videos" => self.list("/videos", Self::video)?,
                "categories" => self.list("/categories", Self::class)?,
                "annotations" => {
                    annotations = true;
                    self.list("/annotations", Self::annotation)?;
                }
                _ => self.scanner.skip()?,
            }
        }
        self.scanner.end()?;
        if !annotations {
            let place = Place { field: Some("/annotations".to_owned()), ..Place::default() };
            self.findings.push(Severity::Error, Problem::MissingField, place);
        }
        Ok(Form::GroundTruth)
    }

    /// Reads a list record by record. A record that does not read is passed over whole; only when
    /// that fails too, the file itself is broken.
    fn list(
        &mut self,
        pointer: &str,
        read: fn(&mut Self, u64, u64) -> Result<(), Bad>,
    ) -> Result<(), JsonError> {
        self.scanner.begin_array()?;
        let (mut first, mut index) = (true, 0_u64);
        while self.scanner.next_element(&mut first)? {
            let start = self.scanner.at;
            let held = self.images.len() + self.classes.len() + self.boxes.len();
            if over_limit(held, self.limits) {
                let problem = Problem::TooManyRecords { limit: self.limits.records };
                let place = Place { offset: Some(start as u64), ..Place::default() };
                self.findings.push(Severity::Error, problem, place);
                return self.rest_of_list();
            }
            if let Err(bad) = read(self, start as u64, index) {
                self.scanner.at = start;
                self.scanner.skip()?;
                let (problem, field, at) = match bad {
                    Bad::Field(problem, field) => (problem, field, start),
                    Bad::Json(error) => (type_problem(error.fault), "", error.at),
                };
                let place = Place {
                    offset: Some(at as u64),
                    field: Some(format!("{pointer}/{index}{field}")),
                    ..Place::default()
                };
                self.findings.push(Severity::Error, problem, place);
            }
            index += 1;
        }
        Ok(())
    }

    fn rest_of_list(&mut self) -> Result<(), JsonError> {
        let mut first = false;
        loop {
            self.scanner.skip()?;
            if !self.scanner.next_element(&mut first)? {
                return Ok(());
            }
        }
    }

    fn image(&mut self, _: u64, _: u64) -> Result<(), Bad> {
        let (mut id, mut name, mut width, mut height) = (None, String::new(), None, None);
        let (mut video, mut frame, mut sha256) = (None, None, String::new());
        self.scanner.begin_object()?;
        let mut first = true;
        while let Some(key) = self.scanner.next_key(&mut first)? {
            match key.as_ref() {
                "id" => id = self.whole("/id")?,
                "file_name" => name = self.scanner.string()?.into_owned(),
                "video_id" => video = self.whole("/video_id")?,
                "frame_id" | "frame_index" => frame = self.whole("/frame_id")?,
                "sha256" => sha256 = self.scanner.string()?.into_owned(),
                "width" => width = self.whole("/width")?,
                "height" => height = self.whole("/height")?,
                _ => self.scanner.skip()?,
            }
        }
        let id = id.ok_or(Bad::Field(Problem::MissingField, "/id"))?;
        let size = size_of(width, height);
        self.images.push(Image { id, name, size, sha256, ..Image::default() });
        self.frames.push(video.zip(frame));
        Ok(())
    }

    fn video(&mut self, _: u64, _: u64) -> Result<(), Bad> {
        let mut video = Video::default();
        let (mut id, mut width, mut height) = (None, None, None);
        self.scanner.begin_object()?;
        let mut first = true;
        while let Some(key) = self.scanner.next_key(&mut first)? {
            match key.as_ref() {
                "id" => id = self.whole("/id")?,
                "name" | "file_name" => video.name = self.scanner.string()?.into_owned(),
                "width" => width = self.whole("/width")?,
                "height" => height = self.whole("/height")?,
                "length" | "frames" => video.frames = self.whole("/length")?,
                _ => self.scanner.skip()?,
            }
        }
        video.id = id.ok_or(Bad::Field(Problem::MissingField, "/id"))?;
        video.size = size_of(width, height);
        if self.videos.iter().any(|other| other.id == video.id) {
            return Err(Bad::Field(Problem::DuplicateId, "/id"));
        }
        self.videos.push(video);
        Ok(())
    }

    fn class(&mut self, _: u64, _: u64) -> Result<(), Bad> {
        let (mut id, mut name, mut parent) = (None, String::new(), String::new());
        self.scanner.begin_object()?;
        let mut first = true;
        while let Some(key) = self.scanner.next_key(&mut first)? {
            match key.as_ref() {
                "id" => id = self.whole("/id")?,
                "name" => name = self.scanner.string()?.trim().to_owned(),
                "supercategory" if self.scanner.peek()? == b'"' => {
                    parent = self.scanner.string()?.into_owned();
                }
                _ => self.scanner.skip()?,
            }
        }
        let id = id.ok_or(Bad::Field(Problem::MissingField, "/id"))?;
        if name.is_empty() {
            name = format!("#{id}");
        }
        self.classes.push(Class { id, name, parent });
        Ok(())
    }

    fn annotation(&mut self, offset: u64, index: u64) -> Result<(), Bad> {
        let (mut id, mut image, mut class, mut bbox) = (None, None, None, None);
        let (mut role, mut score, mut area) = (Role::Object, None, None);
        let mut more = More::default();
        self.scanner.begin_object()?;
        let mut first = true;
        while let Some(key) = self.scanner.next_key(&mut first)? {
            match key.as_ref() {
                "id" => id = self.whole("/id")?,
                "image_id" => image = self.whole("/image_id")?,
                "category_id" => class = self.whole("/category_id")?,
                "bbox" => bbox = Some(self.bbox(index)?),
                "iscrowd" => {
                    if self.scanner.flag()? {
                        role = Role::Crowd;
                    }
                }
                "score" => score = self.float("/score")?,
                "area" => area = self.float("/area")?,
                "track_id" | "instance_id" => {
                    if let Some(track) = self.whole("/track_id")? {
                        let value = Value::Number(track.to_string());
                        more.take(&mut role, "track_id", value);
                    }
                }
                "attributes" => self.attributes(&mut more, &mut role)?,
                "group_id" => more.group = self.whole("/group_id")?.unwrap_or_default(),
                name => self.unheld(name, index)?,
            }
        }
        let missing = |field| Bad::Field(Problem::MissingField, field);
        let [x, y, width, height] = bbox.ok_or_else(|| missing("/bbox"))?;
        self.boxes.push(RawBox {
            id,
            image: image.ok_or_else(|| missing("/image_id"))?,
            class: class.ok_or_else(|| missing("/category_id"))?,
            rect: rect_of(x, y, width, height).map_err(|problem| Bad::Field(problem, "/bbox"))?,
            role,
            score,
            area,
            more: more.boxed(),
            offset,
            index,
        });
        Ok(())
    }

    fn attributes(&mut self, more: &mut More, role: &mut Role) -> Result<(), Bad> {
        let node = Node::read(&mut self.scanner, self.limits.depth)?;
        for (name, value) in node.fields() {
            if let Some(value) = value.value() {
                more.take(role, name, value);
            }
        }
        Ok(())
    }

    /// Passes over a field that a dataset does not hold, and counts it where it says something.
    fn unheld(&mut self, name: &str, index: u64) -> Result<(), JsonError> {
        let byte = self.scanner.peek()?;
        let from = self.scanner.at;
        self.scanner.skip()?;
        let loss = match (name, byte) {
            ("segmentation", b'{') => Loss::Mask,
            ("segmentation", b'[') if self.scanner.at - from > 2 => Loss::Polygon,
            ("keypoints", b'[') if self.scanner.at - from > 2 => Loss::Keypoints,
            ("caption", _) => Loss::Caption,
            ("segmentation" | "keypoints" | "num_keypoints" | "ignore", _) => return Ok(()),
            _ => Loss::OtherField,
        };
        self.losses.add(loss, || format!("/annotations/{index}/{name}"));
        Ok(())
    }

    fn bbox(&mut self, index: u64) -> Result<[i64; 4], Bad> {
        let wrong = || {
            let expected = "four numbers: x, y, width, height".to_owned();
            Bad::Field(Problem::WrongType { expected }, "/bbox")
        };
        let mut edges = [0_i64; 4];
        let (mut first, mut count) = (true, 0);
        self.scanner.begin_array()?;
        while self.scanner.next_element(&mut first)? {
            let slot = edges.get_mut(count).ok_or_else(wrong)?;
            let text = self.scanner.number()?;
            if !exact_micros(text) {
                self.losses.add(Loss::RoundedCoordinate, || format!("/annotations/{index}/bbox"));
            }
            *slot = parse_micros(text).map_err(|error| {
                let problem = match error {
                    CoordinateError::NotFinite => Problem::NotFinite,
                    CoordinateError::OutOfRange => Problem::OutOfRange,
                    CoordinateError::Malformed => return wrong(),
                };
                Bad::Field(problem, "/bbox")
            })?;
            count += 1;
        }
        if count == 4 { Ok(edges) } else { Err(wrong()) }
    }

    /// A whole number from 0; `12.0` is taken as 12, as several tools write it.
    fn whole(&mut self, field: &'static str) -> Result<Option<u64>, Bad> {
        if self.scanner.null()? {
            return Ok(None);
        }
        let text = self.scanner.number()?;
        let digits = text.strip_suffix(b".0").unwrap_or(text);
        let value = std::str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok());
        let expected = || "a whole number from 0".to_owned();
        value
            .map(Some)
            .ok_or_else(|| Bad::Field(Problem::WrongType { expected: expected() }, field))
    }

    /// A number for statistics only.
    fn float(&mut self, field: &'static str) -> Result<Option<f64>, Bad> {
        if self.scanner.null()? {
            return Ok(None);
        }
        let text = self.scanner.number()?;
        let value = std::str::from_utf8(text).ok().and_then(|text| text.parse::<f64>().ok());
        match value {
            Some(value) if value.is_finite() => Ok(Some(value)),
            Some(_) => Err(Bad::Field(Problem::NotFinite, field)),
            None => {
                let expected = "a number".to_owned();
                Err(Bad::Field(Problem::WrongType { expected }, field))
            }
        }
    }
}

fn size_of(width: Option<u64>, height: Option<u64>) -> Option<(u32, u32)> {
    let pixels = |value: Option<u64>| value.and_then(|v| u32::try_from(v).ok());
    pixels(width).zip(pixels(height)).filter(|(w, h)| *w > 0 && *h > 0)
}

fn type_problem(fault: Fault) -> Problem {
    let expected = match fault {
        Fault::Expected("UTF-8") => return Problem::NotUtf8,
        Fault::Expected(expected) => expected,
        Fault::Truncated | Fault::TooDeep => "a value",
    };
    Problem::WrongType { expected: expected.to_owned() }
}

/// Leaves out images and classes whose number came before.
fn unique(
    images: Vec<Image>,
    classes: Vec<Class>,
    findings: &mut Findings,
) -> (Vec<Image>, Vec<Class>) {
    let mut keep = |seen: &mut HashSet<u64>, id: u64, list: &str| {
        let fresh = seen.insert(id);
        if !fresh {
            let (field, id) = (Some(list.to_owned()), Some(id.to_string()));
            let place = Place { field, id, ..Place::default() };
            findings.push(Severity::Error, Problem::DuplicateId, place);
        }
        fresh
    };
    let mut seen = HashSet::with_capacity(images.len());
    let images = images.into_iter().filter(|one| keep(&mut seen, one.id, "/images")).collect();
    let mut seen = HashSet::with_capacity(classes.len());
    let classes = classes.into_iter().filter(|one| keep(&mut seen, one.id, "/categories"));
    (images, classes.collect())
}
