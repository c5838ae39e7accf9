//! A delivery of boxes as read from a file: images, classes and boxes. Serves anno-3.1.1.
//! Knows nothing of the format it came from, save whether images are named or only numbered.

use std::collections::{HashMap, HashSet};

use crate::finding::{Findings, Limits, Place, Problem, Severity};
use crate::pixel::Rect;
use crate::record::{EventRecord, Item, LabelRecord, More, SpanRecord, Text, Video};

/// An image.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Image {
    /// The image's number in its file.
    pub id: u64,
    /// Its file name; empty where the format has numbers alone.
    pub name: String,
    /// Width and height in pixels, where stated.
    pub size: Option<(u32, u32)>,
    /// The video and the frame, counted from 0, where it is a frame of one.
    pub frame: Option<(u32, u64)>,
    /// The SHA-256 of its file in hexadecimal digits; empty where not stated.
    pub sha256: String,
    /// The part of the dataset that it belongs to, such as `train`; empty where none is stated.
    pub split: String,
}

/// A class of objects, texts or events.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Class {
    /// The class's number in its file.
    pub id: u64,
    /// Its name; empty where the format has numbers alone.
    pub name: String,
    /// The class above it; empty where none is stated.
    pub parent: String,
}

/// What is asked of a gold box.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// One object; has to be found.
    Object,
    /// A region of many objects (COCO `iscrowd`); need not be found, and excuses boxes inside.
    Crowd,
    /// An object marked `difficult` (Pascal VOC); need not be found, and excuses boxes on it.
    Difficult,
}

/// One box.
#[derive(Debug, Clone, PartialEq)]
pub struct BoxRecord {
    /// Its number, unique in the file.
    pub id: u64,
    /// Index into [`Dataset::images`].
    pub image: u32,
    /// Index into [`Dataset::classes`].
    pub class: u32,
    /// Where it lies.
    pub rect: Rect,
    /// What is asked of it.
    pub role: Role,
    /// The confidence of a model's detection.
    pub score: Option<f64>,
    /// The object's own area in square pixels, where stated; only COCO AP looks at it.
    pub area: Option<f64>,
    /// What else is said of it.
    pub more: Option<Box<More>>,
}

impl BoxRecord {
    /// Whether the object has left the picture here, so that there is nothing to see.
    #[must_use]
    pub fn is_outside(&self) -> bool {
        self.more.as_ref().and_then(|more| more.track).is_some_and(|track| track.outside)
    }
}

/// Images, classes and boxes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Dataset {
    /// Images, in the order of the file.
    pub images: Vec<Image>,
    /// Classes, in the order of the file.
    pub classes: Vec<Class>,
    /// Boxes, in the order of the file.
    pub boxes: Vec<BoxRecord>,
    /// Whether images and classes have names. COCO results have numbers alone and are linked to
    /// gold by number.
    pub named: bool,
    /// Whether tracks state every frame where their object is seen, so that a gap is an absence;
    /// else the boxes between two stated ones lie on the line between them.
    pub dense: bool,
    /// Videos.
    pub videos: Vec<Video>,
    /// Texts.
    pub texts: Vec<Text>,
    /// Classes of whole items.
    pub labels: Vec<LabelRecord>,
    /// Marked passages of texts.
    pub spans: Vec<SpanRecord>,
    /// Events in videos.
    pub events: Vec<EventRecord>,
}

/// A box as the readers see it, before image and class numbers are looked up.
pub(crate) struct RawBox {
    pub(crate) id: Option<u64>,
    pub(crate) image: u64,
    pub(crate) class: u64,
    pub(crate) rect: Rect,
    pub(crate) role: Role,
    pub(crate) score: Option<f64>,
    pub(crate) area: Option<f64>,
    pub(crate) more: Option<Box<More>>,
    pub(crate) offset: u64,
    pub(crate) index: u64,
}

/// Checks how a box lies in an image of a size: an error to leave it out, or a finding to note.
///
/// # Errors
/// When it has a negative size or lies wholly outside.
pub fn placed(
    edges: [i64; 4],
    size: Option<(u32, u32)>,
) -> Result<(Rect, Option<Problem>), Problem> {
    let [x0, y0, x1, y1] = edges;
    let rect = rect_of(x0, y0, x1 - x0, y1 - y0)?;
    match outside(&rect, size) {
        Some(Problem::OutsideImage) => Err(Problem::OutsideImage),
        Some(noted) => Ok((rect, Some(noted))),
        None => Ok((rect, rect.is_empty().then_some(Problem::EmptyBox))),
    }
}

/// Checks a box given by its corner and size.
pub(crate) fn rect_of(x: i64, y: i64, width: i64, height: i64) -> Result<Rect, Problem> {
    if width < 0 || height < 0 {
        return Err(Problem::NegativeSize);
    }
    Ok(Rect { x0: x, y0: y, x1: x + width, y1: y + height })
}

/// How a box lies in its image; `None` when it lies inside or the size is not known.
pub(crate) fn outside(rect: &Rect, size: Option<(u32, u32)>) -> Option<Problem> {
    let (width, height) = size?;
    let edge = |pixels: u32| i64::from(pixels) * crate::pixel::MICROS;
    let frame = Rect { x0: 0, y0: 0, x1: edge(width), y1: edge(height) };
    if rect.x0 >= frame.x1 || rect.y0 >= frame.y1 || rect.x1 <= 0 || rect.y1 <= 0 {
        return (!rect.is_empty() || rect.x0 > frame.x1 || rect.y0 > frame.y1)
            .then_some(Problem::OutsideImage);
    }
    let over = rect.x0 < 0 || rect.y0 < 0 || rect.x1 > frame.x1 || rect.y1 > frame.y1;
    over.then_some(Problem::OverEdge)
}

/// Turns raw boxes into a dataset: looks up images and classes, checks ids and places.
pub(crate) fn assemble(
    images: Vec<Image>,
    classes: Vec<Class>,
    raw: Vec<RawBox>,
    named: bool,
    findings: &mut Findings,
) -> Dataset {
    let boxes = Vec::with_capacity(raw.len());
    let mut dataset = Dataset { images, classes, boxes, named, ..Dataset::default() };
    let mut image_index = index_of(dataset.images.iter().map(|image| image.id));
    let mut class_index = index_of(dataset.classes.iter().map(|class| class.id));
    let mut ids = Ids::new(&raw);
    for record in raw {
        let place = |field: &str| Place {
            offset: Some(record.offset),
            field: Some(format!("/annotations/{}{field}", record.index)),
            id: record.id.map(|id| id.to_string()),
            ..Place::default()
        };
        if !named {
            let id = record.image;
            image_index.entry(id).or_insert_with(|| {
                dataset.images.push(Image { id, ..Image::default() });
                last_index(dataset.images.len())
            });
            let id = record.class;
            class_index.entry(id).or_insert_with(|| {
                dataset.classes.push(Class { id, ..Class::default() });
                last_index(dataset.classes.len())
            });
        }
        let Some(&image) = image_index.get(&record.image) else {
            let problem = Problem::UnknownImage { image: record.image };
            findings.push(Severity::Error, problem, place("/image_id"));
            continue;
        };
        let Some(&class) = class_index.get(&record.class) else {
            let problem = Problem::UnknownClass { class: record.class };
            findings.push(Severity::Error, problem, place("/category_id"));
            continue;
        };
        let size = dataset.images.get(image as usize).and_then(|image| image.size);
        match outside(&record.rect, size) {
            Some(Problem::OutsideImage) => {
                findings.push(Severity::Error, Problem::OutsideImage, place("/bbox"));
                continue;
            }
            Some(problem) => findings.push(Severity::Warning, problem, place("/bbox")),
            None => {}
        }
        if record.rect.is_empty() {
            findings.push(Severity::Warning, Problem::EmptyBox, place("/bbox"));
        }
        let Some(id) = ids.assign(record.id) else {
            findings.push(Severity::Error, Problem::DuplicateId, place("/id"));
            continue;
        };
        if record.id == Some(0) {
            let problem = Problem::IdZeroRenumbered { now: id };
            findings.push(Severity::Notice, problem, place("/id"));
        }
        let RawBox { rect, role, score, area, more, .. } = record;
        dataset.boxes.push(BoxRecord { id, image, class, rect, role, score, area, more });
    }
    dataset
}

pub(crate) fn last_index(len: usize) -> u32 {
    u32::try_from(len - 1).expect("readers take fewer images and classes than 2^32")
}

fn index_of(ids: impl Iterator<Item = u64>) -> HashMap<u64, u32> {
    let mut index = HashMap::new();
    for (at, id) in ids.enumerate() {
        if let Ok(at) = u32::try_from(at) {
            index.entry(id).or_insert(at);
        }
    }
    index
}

/// Gives every box a number: its own, or the next free one where it has none or has 0.
struct Ids {
    seen: HashSet<u64>,
    next: u64,
}

impl Ids {
    fn new(raw: &[RawBox]) -> Self {
        let numbered = raw.iter().filter(|record| record.id.is_some()).count();
        let largest = raw.iter().filter_map(|record| record.id).max().unwrap_or(0);
        Self { seen: HashSet::with_capacity(numbered), next: largest }
    }

    /// `None` when the number was given before.
    fn assign(&mut self, id: Option<u64>) -> Option<u64> {
        match id {
            None | Some(0) => {
                self.next = self.next.checked_add(1)?;
                Some(self.next)
            }
            Some(id) => self.seen.insert(id).then_some(id),
        }
    }
}

/// The readers' common cap on records.
pub(crate) fn over_limit(count: usize, limits: &Limits) -> bool {
    count as u64 >= limits.records
}

impl Dataset {
    /// The boxes of each image, in their order.
    #[must_use]
    pub fn boxes_by_image(&self) -> Vec<Vec<&BoxRecord>> {
        let mut by: Vec<Vec<&BoxRecord>> = vec![Vec::new(); self.images.len()];
        for record in &self.boxes {
            if let Some(list) = by.get_mut(record.image as usize) {
                list.push(record);
            }
        }
        by
    }

    /// The classes of each image as a whole, in their order.
    #[must_use]
    pub fn labels_by_image(&self) -> Vec<Vec<&LabelRecord>> {
        let mut by: Vec<Vec<&LabelRecord>> = vec![Vec::new(); self.images.len()];
        for record in &self.labels {
            if let Item::Image(at) = record.item
                && let Some(list) = by.get_mut(at as usize)
            {
                list.push(record);
            }
        }
        by
    }
}
