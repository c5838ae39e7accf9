//! What a dataset holds, counted: the statistics of a delivery. Serves anno-3.5. Judges nothing and
//! knows nothing of gold.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::dataset::{BoxRecord, Dataset, Role};
use crate::pixel::MICROS;
use crate::record::{Item, More};

/// Counts of a dataset.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Statistics {
    /// Images.
    pub images: u64,
    /// Videos.
    pub videos: u64,
    /// Texts.
    pub texts: u64,
    /// Characters of the texts that are at hand.
    pub characters: u64,
    /// Boxes that show an object; where a track has left the picture there is none.
    pub boxes: u64,
    /// Classes of whole items.
    pub labels: u64,
    /// Marked passages of texts.
    pub spans: u64,
    /// Events with a length.
    pub events: u64,
    /// Moments, such as keyframes.
    pub moments: u64,
    /// Items without any label.
    pub empty_items: u64,
    /// By class, in the order of the dataset.
    pub classes: Vec<ClassCount>,
    /// Items by the part of the dataset that they belong to, in order of its name.
    pub parts: Vec<PartCount>,
    /// How many items have how many labels.
    pub density: Vec<Density>,
    /// Boxes by the area of the box, as COCO parts them.
    pub sizes: Sizes,
    /// What boxes are marked as.
    pub marks: Marks,
    /// Labels by author, in order of the name; those without one are not listed.
    pub authors: Vec<AuthorCount>,
}

/// Labels of one class.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ClassCount {
    /// The class.
    pub class: String,
    /// All labels of it.
    pub labels: u64,
    /// Items that have at least one.
    pub items: u64,
    /// How long its events last together, in microseconds.
    pub micros: u64,
}

/// Items of one part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PartCount {
    /// The part, such as `train`; empty where none is stated.
    pub part: String,
    /// Its items.
    pub items: u64,
}

/// Items with so many labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Density {
    /// At least so many labels.
    pub from: u64,
    /// At most so many; absent in the last row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<u64>,
    /// Items.
    pub items: u64,
}

/// Boxes by area.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Sizes {
    /// Below 32 x 32 pixels.
    pub small: u64,
    /// From 32 x 32 to below 96 x 96 pixels.
    pub medium: u64,
    /// From 96 x 96 pixels.
    pub large: u64,
}

/// Marks of boxes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Marks {
    /// Something hides part of the object.
    pub occluded: u64,
    /// The object goes on beyond the image.
    pub truncated: u64,
    /// Regions of many objects.
    pub crowd: u64,
    /// Objects that need not be found.
    pub difficult: u64,
    /// Boxes that a model made, by their score.
    pub scored: u64,
}

/// Labels of one author.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuthorCount {
    /// The author.
    pub author: String,
    /// Labels.
    pub labels: u64,
}

/// The lower ends of the rows of [`Density`].
const STEPS: [u64; 7] = [0, 1, 2, 5, 10, 20, 50];

impl Statistics {
    /// Counts a dataset.
    #[must_use]
    pub fn of(dataset: &Dataset) -> Self {
        let mut counting = Counting::default();
        let mut found = Self {
            images: dataset.images.len() as u64,
            videos: dataset.videos.len() as u64,
            texts: dataset.texts.len() as u64,
            characters: dataset.texts.iter().map(|text| text.body.chars().count() as u64).sum(),
            labels: dataset.labels.len() as u64,
            spans: dataset.spans.len() as u64,
            ..Self::default()
        };
        for record in dataset.boxes.iter().filter(|record| !record.is_outside()) {
            found.boxes += 1;
            found.measure(record);
            counting.take(Item::Image(record.image), record.class, record.more.as_deref());
        }
        for record in &dataset.labels {
            counting.take(record.item, record.class, record.more.as_deref());
        }
        for record in &dataset.spans {
            counting.take(Item::Text(record.text), record.class, record.more.as_deref());
        }
        for record in &dataset.events {
            let long = record.end.to_micros().0 - record.start.to_micros().0;
            *counting.micros.entry(record.class).or_insert(0) += u64::try_from(long).unwrap_or(0);
            let counted =
                if record.start == record.end { &mut found.moments } else { &mut found.events };
            *counted += 1;
            counting.take(Item::Video(record.video), record.class, record.more.as_deref());
        }
        counting.finish(dataset, &mut found);
        found
    }

    fn measure(&mut self, record: &BoxRecord) {
        let side = |from: i64, to: i64| i128::from(to - from);
        let area = side(record.rect.x0, record.rect.x1) * side(record.rect.y0, record.rect.y1);
        let square = |pixels: i128| pixels * pixels * i128::from(MICROS) * i128::from(MICROS);
        let size = if area < square(32) {
            &mut self.sizes.small
        } else if area < square(96) {
            &mut self.sizes.medium
        } else {
            &mut self.sizes.large
        };
        *size += 1;
        let more = record.more.as_deref();
        self.marks.occluded += u64::from(more.is_some_and(|more| more.occluded));
        self.marks.truncated += u64::from(more.is_some_and(|more| more.truncated));
        self.marks.crowd += u64::from(record.role == Role::Crowd);
        self.marks.difficult += u64::from(record.role == Role::Difficult);
        self.marks.scored += u64::from(record.score.is_some());
    }
}

#[derive(Default)]
struct Counting<'a> {
    per_item: BTreeMap<Item, u64>,
    per_class: BTreeMap<u32, u64>,
    items: BTreeMap<u32, BTreeSet<Item>>,
    micros: BTreeMap<u32, u64>,
    authors: BTreeMap<&'a str, u64>,
}

impl<'a> Counting<'a> {
    fn take(&mut self, item: Item, class: u32, more: Option<&'a More>) {
        *self.per_item.entry(item).or_insert(0) += 1;
        *self.per_class.entry(class).or_insert(0) += 1;
        self.items.entry(class).or_default().insert(item);
        if let Some(more) = more.filter(|more| !more.author.is_empty()) {
            *self.authors.entry(&more.author).or_insert(0) += 1;
        }
    }

    fn finish(self, dataset: &Dataset, found: &mut Statistics) {
        found.classes = (0..)
            .zip(&dataset.classes)
            .map(|(at, class)| ClassCount {
                class: if class.name.is_empty() {
                    format!("#{}", class.id)
                } else {
                    class.name.clone()
                },
                labels: self.per_class.get(&at).copied().unwrap_or(0),
                items: self.items.get(&at).map_or(0, |items| items.len() as u64),
                micros: self.micros.get(&at).copied().unwrap_or(0),
            })
            .collect();
        let images = (0..).zip(&dataset.images).map(|(at, one)| (Item::Image(at), &one.split));
        let videos = (0..).zip(&dataset.videos).map(|(at, one)| (Item::Video(at), &one.split));
        let texts = (0..).zip(&dataset.texts).map(|(at, one)| (Item::Text(at), &one.split));
        // A frame of a video is an item where the video has no labels of its own.
        let framed = dataset.images.iter().any(|image| image.frame.is_some());
        let videos = videos.filter(|(item, _)| !framed || self.per_item.contains_key(item));
        let mut parts: BTreeMap<&str, u64> = BTreeMap::new();
        let mut density = STEPS.map(|from| (from, 0_u64));
        for (item, part) in images.chain(videos).chain(texts) {
            *parts.entry(part).or_insert(0) += 1;
            let labels = self.per_item.get(&item).copied().unwrap_or(0);
            found.empty_items += u64::from(labels == 0);
            if let Some((_, items)) = density.iter_mut().rev().find(|(from, _)| labels >= *from) {
                *items += 1;
            }
        }
        let part = |(part, items): (&str, u64)| PartCount { part: part.to_owned(), items };
        found.parts = parts.into_iter().map(part).collect();
        let ends = STEPS.iter().skip(1).map(|next| Some(next - 1)).chain([None]);
        found.density = density
            .into_iter()
            .zip(ends)
            .map(|((from, items), to)| Density { from, to, items })
            .collect();
        let author =
            |(author, labels): (&str, u64)| AuthorCount { author: author.to_owned(), labels };
        found.authors = self.authors.into_iter().map(author).collect();
    }
}
