//! A lot: the units of a delivered work item, the part of gold that the sample asks for, whether
//! the files are those that were handed over, and the series of lots before. Clause: anno-4.1.1.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::Path;

use annotation::{
    Dataset, Delivery, InspectionLevel, Item, LabelSet, LotResult, Switching, same_file,
};
use contract::event::{Event, Fact, Recorded};
use contract::terms::{InspectionUnit, WorkItem};
use journal::canonical;
use units::{Decimal, Id, Metric};

use super::InspectionError;
use crate::book::{Book, DeskError};
use crate::desk::{Desk, OBJECT_LIMIT};
use crate::intake::{DeliveryManifest, files_of};
use crate::record::decode;

/// The units of a delivered work item.
pub(super) struct Lot {
    /// Names of images or videos, or ids of texts.
    pub(super) ids: Vec<String>,
    objects: u64,
}

impl Lot {
    pub(super) fn of(work: &Delivery) -> Self {
        match work {
            Delivery::Boxes(dataset) => {
                Self { ids: names(dataset), objects: dataset.boxes.len() as u64 }
            }
            Delivery::Events(dataset) => {
                Self { ids: videos(dataset), objects: dataset.events.len() as u64 }
            }
            Delivery::Spans(dataset) => {
                Self { ids: texts(dataset), objects: dataset.spans.len() as u64 }
            }
            Delivery::Labels(set) => {
                let ids: Vec<String> = set.labels.keys().cloned().collect();
                let objects = ids.len() as u64;
                Self { ids, objects }
            }
        }
    }

    /// Units as the agreement counts them.
    pub(super) fn units(&self, unit: InspectionUnit) -> u64 {
        match unit {
            InspectionUnit::Item => self.ids.len() as u64,
            InspectionUnit::Object => self.objects,
        }
    }

    /// How many items hold about so many units: an image is inspected whole.
    pub(super) fn items_for(&self, unit: InspectionUnit, units: u64) -> u64 {
        let items = self.ids.len() as u64;
        match unit {
            InspectionUnit::Item => units.min(items),
            InspectionUnit::Object if self.objects == 0 => items,
            InspectionUnit::Object => {
                let wanted = u128::from(units) * u128::from(items);
                let wanted = wanted.div_ceil(u128::from(self.objects));
                u64::try_from(wanted).unwrap_or(items).clamp(items.min(1), items)
            }
        }
    }
}

/// The names of images; of images that have numbers alone, `#` and the number.
fn names(dataset: &Dataset) -> Vec<String> {
    dataset.images.iter().map(|image| name(&image.name, image.id)).collect()
}

/// The names of videos in the same way.
fn videos(dataset: &Dataset) -> Vec<String> {
    dataset.videos.iter().map(|video| name(&video.name, video.id)).collect()
}

/// The names of texts in the same way.
fn texts(dataset: &Dataset) -> Vec<String> {
    dataset.texts.iter().map(|text| name(&text.name, text.id)).collect()
}

fn name(name: &str, id: u64) -> String {
    if name.is_empty() { format!("#{id}") } else { name.to_owned() }
}

/// The part of gold that a sample asks for, and the drawn items that gold lacks. Images are the
/// the same by [`same_file`].
pub(super) fn restrict(
    work: &Delivery,
    gold: &Delivery,
    drawn: &[String],
) -> (Delivery, Vec<String>) {
    match (work, gold) {
        (Delivery::Boxes(work), Delivery::Boxes(gold)) => {
            let (gold, missing) = restrict_boxes(work, gold, drawn);
            (Delivery::Boxes(gold), missing)
        }
        (_, Delivery::Labels(gold)) => {
            let mut labels = BTreeMap::new();
            let mut missing = Vec::new();
            for id in drawn {
                match gold.labels.get(id) {
                    Some(label) => {
                        labels.insert(id.clone(), label.clone());
                    }
                    None => missing.push(id.clone()),
                }
            }
            (Delivery::Labels(LabelSet { labels }), missing)
        }
        (Delivery::Events(work), Delivery::Events(gold)) => {
            let (gold, missing) = restrict_events(work, gold, drawn);
            (Delivery::Events(gold), missing)
        }
        (_, Delivery::Spans(gold)) => {
            let (gold, missing) = restrict_texts(gold, drawn);
            (Delivery::Spans(gold), missing)
        }
        (_, gold) => (gold.clone(), Vec::new()),
    }
}

fn same(work: &[String], gold: &[String]) -> fn(&str) -> String {
    same_file(work.iter().map(String::as_str), gold.iter().map(String::as_str))
}

fn restrict_events(work: &Dataset, gold: &Dataset, drawn: &[String]) -> (Dataset, Vec<String>) {
    let gold_names = videos(gold);
    let key = same(&videos(work), &gold_names);
    let wanted: HashSet<String> = drawn.iter().map(|name| key(name)).collect();
    let mut place = vec![None; gold.videos.len()];
    let mut restricted = Dataset {
        classes: gold.classes.clone(),
        named: gold.named,
        dense: gold.dense,
        ..Dataset::default()
    };
    let mut covered = HashSet::new();
    for ((slot, video), name) in place.iter_mut().zip(&gold.videos).zip(&gold_names) {
        if wanted.contains(&key(name)) {
            covered.insert(key(name));
            *slot = u32::try_from(restricted.videos.len()).ok();
            restricted.videos.push(video.clone());
        }
    }
    restricted.events = gold
        .events
        .iter()
        .filter_map(|record| {
            let video = place.get(record.video as usize).copied().flatten()?;
            Some(annotation::EventRecord { video, ..record.clone() })
        })
        .collect();
    let mut missing: Vec<String> =
        drawn.iter().filter(|name| !covered.contains(&key(name))).cloned().collect();
    missing.sort();
    (restricted, missing)
}

fn restrict_texts(gold: &Dataset, drawn: &[String]) -> (Dataset, Vec<String>) {
    let wanted: HashSet<&String> = drawn.iter().collect();
    let names = texts(gold);
    let mut place = Vec::with_capacity(names.len());
    let mut restricted =
        Dataset { classes: gold.classes.clone(), named: gold.named, ..Dataset::default() };
    for (text, name) in gold.texts.iter().zip(&names) {
        let kept = wanted.contains(name);
        place.push(kept.then(|| u32::try_from(restricted.texts.len()).unwrap_or(u32::MAX)));
        if kept {
            restricted.texts.push(text.clone());
        }
    }
    let moved = |at: u32| place.get(at as usize).copied().flatten();
    let spans = gold.spans.iter().filter_map(|record| {
        Some(annotation::SpanRecord { text: moved(record.text)?, ..record.clone() })
    });
    restricted.spans = spans.collect();
    let labels = gold.labels.iter().filter_map(|record| {
        let Item::Text(at) = record.item else { return None };
        Some(annotation::LabelRecord { item: Item::Text(moved(at)?), ..record.clone() })
    });
    restricted.labels = labels.collect();
    let covered: HashSet<&String> = names.iter().collect();
    let mut missing: Vec<String> =
        drawn.iter().filter(|name| !covered.contains(name)).cloned().collect();
    missing.sort();
    (restricted, missing)
}

fn restrict_boxes(work: &Dataset, gold: &Dataset, drawn: &[String]) -> (Dataset, Vec<String>) {
    let nameless = |dataset: &Dataset| dataset.images.iter().any(|image| image.name.is_empty());
    let by_number = nameless(work) || nameless(gold);
    let (work_names, gold_names) = (names(work), names(gold));
    let same = same(&work_names, &gold_names);
    // The drawn names are the work's; with numbers they are looked up there.
    let number: HashMap<&str, u64> =
        work_names.iter().map(String::as_str).zip(work.images.iter().map(|i| i.id)).collect();
    let key = |name: &str| {
        if by_number {
            number.get(name).map_or_else(|| name.to_owned(), |id| format!("#{id}"))
        } else {
            same(name)
        }
    };
    let mut wanted: HashMap<String, (&String, bool)> =
        drawn.iter().map(|name| (key(name), (name, false))).collect();
    let mut place = vec![None; gold.images.len()];
    let mut images = Vec::new();
    for ((slot, image), name) in place.iter_mut().zip(&gold.images).zip(&gold_names) {
        let key = if by_number { format!("#{}", image.id) } else { same(name) };
        if let Some((_, covered)) = wanted.get_mut(&key) {
            *covered = true;
            *slot = u32::try_from(images.len()).ok();
            images.push(image.clone());
        }
    }
    let boxes = gold.boxes.iter().filter_map(|record| {
        let image = place.get(record.image as usize).copied().flatten()?;
        Some(annotation::BoxRecord { image, ..record.clone() })
    });
    let boxes = boxes.collect();
    let missing = wanted.into_values().filter(|(_, covered)| !covered);
    let mut missing: Vec<String> = missing.map(|(name, _)| name.clone()).collect();
    missing.sort();
    (
        Dataset {
            images,
            classes: gold.classes.clone(),
            boxes,
            named: gold.named,
            ..Dataset::default()
        },
        missing,
    )
}

/// Labels of the work that the agreement does not have.
pub(super) fn unknown_labels(work: &Delivery, item: &WorkItem) -> Vec<String> {
    let given: HashSet<&String> = match work {
        Delivery::Boxes(dataset) | Delivery::Events(dataset) | Delivery::Spans(dataset) => {
            dataset.classes.iter().map(|class| &class.name).collect()
        }
        Delivery::Labels(set) => set.labels.values().collect(),
    };
    let unknown = |label: &&&String| !label.is_empty() && !item.labels.contains(**label);
    let mut unknown: Vec<String> = given.iter().filter(unknown).map(|l| (*l).clone()).collect();
    unknown.sort();
    unknown
}

/// Refuses files that are not those whose list was recorded when they were handed over. A delivery
/// that was recorded by its hash alone has no list here to compare with.
pub(super) async fn check_files(
    desk: &Desk,
    book: &Book,
    delivery: &Id,
    item: &Id,
    work: &Path,
) -> Result<(), InspectionError> {
    let Some(manifest) = manifest(desk, book, delivery).await? else { return Ok(()) };
    let Some(listed) = manifest.items.iter().find(|row| row.item == *item) else { return Ok(()) };
    let found = files_of(work)?;
    let listed: BTreeSet<_> = listed.files.iter().collect();
    let at_hand: BTreeSet<_> = found.iter().collect();
    let mut differing: Vec<&str> =
        listed.symmetric_difference(&at_hand).map(|file| file.name.as_str()).collect();
    differing.sort_unstable();
    match differing.first() {
        Some(name) => Err(InspectionError::NotAsDelivered { name: (*name).to_owned() }),
        None => Ok(()),
    }
}

async fn manifest(
    desk: &Desk,
    book: &Book,
    delivery: &Id,
) -> Result<Option<DeliveryManifest>, DeskError> {
    let Some(found) = book.state.facts.deliveries.get(delivery) else { return Ok(None) };
    let (scope, seq) = (desk.scope(), found.submitted.1);
    let entry = desk.store.read(&scope, &book.agreement, seq, 1).await?.into_iter().next();
    let Some(entry) = entry.filter(|entry| entry.seq == seq) else { return Ok(None) };
    let recorded = decode(seq, &entry.line)?;
    let Event::FactRecorded { fact: Fact::DeliverySubmitted { sha256, .. }, .. } = recorded.event
    else {
        return Ok(None);
    };
    let mut hash = [0; 32];
    if hex::decode_to_slice(&sha256, &mut hash).is_err() {
        return Ok(None);
    }
    let kept = desk.find(&book.agreement, &HashSet::from([hash])).await?;
    let Some(object) = kept.into_iter().next() else {
        return Ok(None);
    };
    let bytes = desk.get(&book.agreement, &object).await?;
    Ok(canonical::read(&bytes, OBJECT_LIMIT as usize).ok())
}

/// What the journal says last of a work item's inspection in the present round.
#[derive(Default)]
pub(super) struct Said {
    pub(super) drawn: Option<Fact>,
    pub(super) inspected: Option<Fact>,
}

impl Said {
    /// Takes note of what was recorded of a delivery.
    pub(super) fn see(&mut self, recorded: &Recorded, delivery: &Id, item: &Id) {
        let Event::FactRecorded { fact, .. } = &recorded.event else { return };
        match fact {
            Fact::DeliverySubmitted { delivery: of, .. } if of == delivery => {
                *self = Self::default();
            }
            Fact::SampleDrawn { delivery: of, item: own, .. } if of == delivery && own == item => {
                self.drawn = Some(fact.clone());
            }
            Fact::Inspected { delivery: of, .. } if of == delivery => {
                self.inspected = Some(fact.clone());
            }
            _ => {}
        }
    }
}

/// The lots of a work item as they were inspected for the first time.
pub(super) struct Series {
    item: Id,
    /// Units of the latest sample of each delivery.
    lots: HashMap<Id, u64>,
    /// Delivery, lot and nonconforming units, in the order of the deliveries.
    lines: Vec<(Id, u64, u64)>,
}

impl Series {
    pub(super) fn new(item: &Id) -> Self {
        Self { item: item.clone(), lots: HashMap::new(), lines: Vec::new() }
    }

    /// Takes note of what was inspected.
    pub(super) fn see(&mut self, recorded: &Recorded) {
        let Event::FactRecorded { fact, .. } = &recorded.event else { return };
        match fact {
            Fact::SampleDrawn { delivery, item, lot, .. } if *item == self.item => {
                self.lots.insert(delivery.clone(), *lot);
            }
            // A lot that comes again after rework does not move the series.
            Fact::Inspected { delivery, round: 1, results, .. } => {
                let decided = results
                    .iter()
                    .rfind(|row| row.item == self.item && row.metric == Metric::ConformingItems);
                let ratio = decided.and_then(|row| row.ratio);
                if let (Some(ratio), Some(lot)) = (ratio, self.lots.get(delivery)) {
                    self.lines.retain(|(other, ..)| other != delivery);
                    let nonconforming = ratio.total.saturating_sub(ratio.hits);
                    self.lines.push((delivery.clone(), *lot, nonconforming));
                }
            }
            _ => {}
        }
    }

    /// Where the series stands for a delivery: after all that were inspected before it. Reduced
    /// inspection needs both parties' consent, which these contracts do not give.
    pub(super) fn switching(
        &self,
        delivery: &Id,
        level: InspectionLevel,
        aql: Decimal,
    ) -> Result<Switching, InspectionError> {
        let mut switching = Switching::default();
        for (other, lot, nonconforming) in &self.lines {
            if other == delivery {
                break;
            }
            let result =
                LotResult { lot: *lot, nonconforming: *nonconforming, reduced_agreed: false };
            switching = switching.after(result, level, aql)?;
        }
        Ok(switching)
    }
}
