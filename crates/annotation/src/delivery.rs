//! What a delivery holds, by what a dataset was given: boxes in images, one label an item, marked
//! passages of texts, or events and moments of videos. Serves anno-3.5. Knows nothing of files.

use crate::dataset::{Class, Dataset};
use crate::finding::Finding;
use crate::labels::LabelSet;
use crate::record::{Item, LabelRecord, Text};

/// What a delivery holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Delivery {
    /// Boxes in images.
    Boxes(Dataset),
    /// One label an item.
    Labels(LabelSet),
    /// Events and keyframes of videos.
    Events(Dataset),
    /// Marked passages of texts, which may have labels besides.
    Spans(Dataset),
}

/// Why a delivery was not taken at all.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It cannot be opened, is too large, or has no known format.
    #[error("the delivery cannot be read")]
    Unreadable(Box<Finding>),
    /// Strict reading, and at least one record is in error.
    #[error("strict reading refuses a delivery with errors")]
    Refused(Vec<Finding>),
}

/// Between the classes of an item that has several: they are right together or not at all.
const AND: &str = " + ";

impl Delivery {
    /// A dataset with boxes is one of boxes, whatever else it says; without boxes, one with events
    /// or videos is one of events, one with marked passages is one of these, and one with texts or
    /// labels of items is one of labels.
    #[must_use]
    pub fn of(dataset: Dataset) -> Self {
        if !dataset.boxes.is_empty() {
            return Self::Boxes(dataset);
        }
        if !dataset.events.is_empty() || (!dataset.videos.is_empty() && dataset.images.is_empty()) {
            return Self::Events(dataset);
        }
        if !dataset.spans.is_empty() {
            return Self::Spans(dataset);
        }
        if !dataset.labels.is_empty() || !dataset.texts.is_empty() {
            return Self::Labels(labels(&dataset));
        }
        Self::Boxes(dataset)
    }
}

/// Texts of which nothing is known but their labels.
pub(crate) fn labelled_texts(set: &LabelSet) -> Dataset {
    let mut dataset = Dataset { named: true, ..Dataset::default() };
    for (at, (name, label)) in (0_u32..).zip(&set.labels) {
        let (id, name) = (u64::from(at) + 1, name.clone());
        dataset.texts.push(Text { id, name, ..Text::default() });
        dataset.classes.push(Class { id, name: label.clone(), ..Class::default() });
        let (item, score, more) = (Item::Text(at), None, None);
        dataset.labels.push(LabelRecord { item, class: at, score, more });
    }
    dataset
}

/// The classes of each item under the name of the item, or `#` and its number.
pub(crate) fn labels(dataset: &Dataset) -> LabelSet {
    let mut set = LabelSet::default();
    let mut classes: Vec<(String, &str)> = Vec::with_capacity(dataset.labels.len());
    for record in &dataset.labels {
        let named = match record.item {
            Item::Image(at) => dataset.images.get(at as usize).map(|one| (&one.name, one.id)),
            Item::Video(at) => dataset.videos.get(at as usize).map(|one| (&one.name, one.id)),
            Item::Text(at) => dataset.texts.get(at as usize).map(|one| (&one.name, one.id)),
        };
        let class = dataset.classes.get(record.class as usize);
        if let (Some((name, id)), Some(class)) = (named, class) {
            let name = if name.is_empty() { format!("#{id}") } else { name.clone() };
            classes.push((name, &class.name));
        }
    }
    classes.sort();
    classes.dedup();
    for (name, class) in classes {
        let label: &mut String = set.labels.entry(name).or_default();
        if !label.is_empty() {
            label.push_str(AND);
        }
        label.push_str(class);
    }
    set
}
