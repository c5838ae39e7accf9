//! Which image and class of the work is which of gold. Serves anno-3.6. Images are linked by file
//! name, without extension and, where that stays unique, without folder; classes by name. Where
//! one side has numbers alone (COCO results), both are linked by number.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::Arc;

use serde::{Serialize, Serializer};

use crate::dataset::{BoxRecord, Dataset, last_index};
use crate::finding::{Finding, Findings, Limits, Place, Problem, Severity};
use crate::voc::stem_of;

/// A shared name of an image or a class.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(Arc<str>);

impl Name {
    pub(crate) fn new(text: &str) -> Self {
        Self(Arc::from(text))
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Serialize for Name {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// Work laid beside gold. Only gold's images are judged; the work may hold more.
#[derive(Debug)]
pub(crate) struct Linked {
    /// Gold's images, in its order.
    pub(crate) images: Vec<Name>,
    /// Gold's classes, then those that the work alone has.
    pub(crate) classes: Vec<Name>,
    /// Boxes of each image, by index into the dataset.
    pub(crate) gold_boxes: Vec<Vec<u32>>,
    pub(crate) work_boxes: Vec<Vec<u32>>,
    /// Joint class of each of the dataset's classes.
    pub(crate) gold_class: Vec<u32>,
    pub(crate) work_class: Vec<u32>,
    /// Whether the work lists each of gold's images; true throughout for results without a list.
    pub(crate) delivered: Vec<bool>,
    /// Images and boxes of the work that gold does not cover.
    pub(crate) images_not_in_gold: u64,
    pub(crate) boxes_not_in_gold: u64,
    pub(crate) findings: Vec<Finding>,
}

pub(crate) fn link(work: &Dataset, gold: &Dataset, limits: &Limits) -> Linked {
    let mut findings = Findings::new("", limits);
    let image_of = link_images(work, gold, &mut findings);
    let (classes, gold_class, work_class) = link_classes(work, gold);
    for (class, joint) in work.classes.iter().zip(&work_class) {
        if !work.named && !gold_class.contains(joint) {
            let problem = Problem::UnknownClass { class: class.id };
            findings.push(Severity::Warning, problem, Place::default());
        }
    }
    let images: Vec<Name> = gold.images.iter().map(image_name).collect();
    let mut gold_boxes = vec![Vec::new(); images.len()];
    // Where a track has left the picture there is nothing to find.
    let seen = |boxes: &[BoxRecord]| {
        let seen = boxes.iter().enumerate().filter(|(_, record)| !record.is_outside());
        seen.map(|(at, record)| (at, record.image)).collect::<Vec<_>>()
    };
    for (at, image) in seen(&gold.boxes) {
        let image = image_of.gold.get(image as usize).copied().unwrap_or(image);
        if let Some(list) = gold_boxes.get_mut(image as usize) {
            list.push(last_index(at + 1));
        }
    }
    let mut work_boxes = vec![Vec::new(); images.len()];
    let mut boxes_not_in_gold = 0;
    for (at, image) in seen(&work.boxes) {
        let image = image_of.work.get(image as usize).copied().flatten();
        match image.and_then(|image| work_boxes.get_mut(image as usize)) {
            Some(list) => list.push(last_index(at + 1)),
            None => boxes_not_in_gold += 1,
        }
    }
    let mut delivered = vec![!work.named; images.len()];
    for image in image_of.work.iter().flatten() {
        if let Some(slot) = delivered.get_mut(*image as usize) {
            *slot = true;
        }
    }
    for (at, name) in images.iter().enumerate() {
        let own = image_of.gold.get(at).is_none_or(|first| *first as usize == at);
        if own && delivered.get(at) == Some(&false) {
            let place = Place { id: Some(name.to_string()), ..Place::default() };
            findings.push(Severity::Warning, Problem::ImageNotDelivered, place);
        }
    }
    let images_not_in_gold = image_of.work.iter().filter(|image| image.is_none()).count() as u64;
    Linked {
        images,
        classes,
        gold_boxes,
        work_boxes,
        gold_class,
        work_class,
        delivered,
        images_not_in_gold,
        boxes_not_in_gold,
        findings: findings.finish(b""),
    }
}

fn image_name(image: &crate::dataset::Image) -> Name {
    if image.name.is_empty() {
        Name::new(&format!("#{}", image.id))
    } else {
        Name::new(&image.name)
    }
}

/// Gold's image for each image of gold (the first of equal names) and of the work.
struct ImageLink {
    gold: Vec<u32>,
    work: Vec<Option<u32>>,
}

fn link_images(work: &Dataset, gold: &Dataset, findings: &mut Findings) -> ImageLink {
    let nameless = |dataset: &Dataset| dataset.images.iter().any(|image| image.name.is_empty());
    if nameless(work) || nameless(gold) {
        let index: HashMap<u64, u32> =
            gold.images.iter().enumerate().map(|(at, i)| (i.id, last_index(at + 1))).collect();
        return ImageLink {
            gold: (0..gold.images.len()).map(|at| last_index(at + 1)).collect(),
            work: work.images.iter().map(|image| index.get(&image.id).copied()).collect(),
        };
    }
    let key = same_file(names(work), names(gold));
    let mut index: HashMap<String, u32> = HashMap::new();
    let mut own = Vec::with_capacity(gold.images.len());
    for (at, image) in gold.images.iter().enumerate() {
        let at = last_index(at + 1);
        let first = *index.entry(key(&image.name)).or_insert(at);
        if first != at {
            let problem = Problem::DuplicateName { name: image.name.clone() };
            findings.push(Severity::Warning, problem, Place::default());
        }
        own.push(first);
    }
    let of_work = work.images.iter().map(|image| index.get(&key(&image.name)).copied()).collect();
    ImageLink { gold: own, work: of_work }
}

fn names(dataset: &Dataset) -> impl Iterator<Item = &str> {
    dataset.images.iter().map(|image| image.name.as_str())
}

/// A function from the name of a file to what decides whether two sides mean the same one: the name
/// without folder and extension where that stays unique on both sides, else without extension.
pub fn same_file<'a>(
    work: impl IntoIterator<Item = &'a str>,
    gold: impl IntoIterator<Item = &'a str>,
) -> fn(&str) -> String {
    if stems_unique(work) && stems_unique(gold) { stem_key } else { path_key }
}

fn stem_key(name: &str) -> String {
    stem_of(name).to_owned()
}

fn path_key(name: &str) -> String {
    let folder = name.rfind(['/', '\\']).map_or("", |at| &name[..=at]);
    format!("{}{}", folder.replace('\\', "/"), stem_of(name))
}

fn stems_unique<'a>(names: impl IntoIterator<Item = &'a str>) -> bool {
    let mut seen = HashSet::new();
    names.into_iter().all(|name| seen.insert(stem_of(name)))
}

/// The joint classes, and the joint class of each of gold's and of the work's.
fn link_classes(work: &Dataset, gold: &Dataset) -> (Vec<Name>, Vec<u32>, Vec<u32>) {
    let by_number = !(work.named && gold.named);
    let mut names: Vec<Name> = Vec::new();
    let mut index: HashMap<String, u32> = HashMap::new();
    let mut of = |dataset: &Dataset| -> Vec<u32> {
        let mut joint = Vec::with_capacity(dataset.classes.len());
        for class in &dataset.classes {
            let number = format!("#{}", class.id);
            let shown = if class.name.is_empty() { &number } else { &class.name };
            let key = if by_number { &number } else { shown };
            let at = *index.entry(key.clone()).or_insert_with(|| {
                names.push(Name::new(shown));
                last_index(names.len())
            });
            joint.push(at);
        }
        joint
    };
    let of_gold = of(gold);
    let of_work = of(work);
    (names, of_gold, of_work)
}
