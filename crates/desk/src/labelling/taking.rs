//! Labels of a file into a project, through `formats`: pre-labels, each marked as made by a file or
//! a model, or gold. Serves anno-3.5. What does not fit an item is refused with its place, and the
//! rest is taken.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use annotation::{
    BoxRecord, Dataset, Finding, Item as Labelled, Limits, More, Rect, Role, Time, Value, stem,
};
use contract::Resource;
use contract::terms::Purpose;
use formats::Format;
use labelling::{
    Attribute, Document, Extent, Guideline, KeyBox, Label, Operation as LabelOperation, Refused,
    RefusedCode, Save, Shape, Source, State, merge,
};
use schemars::JsonSchema;
use serde::Serialize;
use sha2::{Digest, Sha256};
use store::{MAX_CARD_PAGE, Whose};

use super::again;
use super::error::LabellingError;
use super::projects::Standing;
use super::rows::{GOLD, Item, MAIN, item_id, keep, slot_id};
use super::saves::counts;
use super::seen::{AtItem, Seen};
use crate::people::{Caller, Entry, Kept, Operation, Outcome, People, given_for};

/// The most items of one file.
/// The most refusals and findings that an answer names; all are counted.
const NAMED: usize = 500;

/// How a file of labels is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// As pre-labels of a person's file.
    Import,
    /// As pre-labels of a model.
    Model,
    /// As gold.
    Gold,
}

/// What became of a file of labels.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct ImportedLabels {
    /// The format that it had.
    pub format: String,
    /// Items that got labels.
    pub items: u64,
    /// Labels that were taken.
    pub labels: u64,
    /// Names in the file that the project has no item of, or one that is past labelling.
    pub unknown: u64,
    /// The first of them.
    pub unknown_names: Vec<String>,
    /// Labels that were refused.
    pub refused: u64,
    /// The first of them.
    pub refusals: Vec<ImportRefusal>,
    /// What the reader of the file found.
    #[serde(skip)]
    pub findings: Vec<Finding>,
}

/// A label of a file that does not fit.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ImportRefusal {
    /// The item's name.
    pub item: String,
    /// Its place in the item's labels, from 0.
    pub index: u64,
    /// Why, as a code.
    pub code: String,
    /// Which field.
    pub field: String,
}

impl People {
    /// Takes a file of labels, by the names of the items: as pre-labels of items that nobody has
    /// finished, or as gold. The entry is one for [`Operation::ManageWork`].
    ///
    /// # Errors
    /// When the file cannot be read at all.
    pub async fn import_labels(
        &self,
        caller: &Caller,
        entry: &Entry,
        project: &str,
        file: &Path,
        (format, taken): (Option<Format>, Taken),
    ) -> Result<ImportedLabels, LabellingError> {
        given_for(entry, Operation::ManageWork)?;
        let kept = self.own_project(entry, project).await?;
        if taken == Taken::Model {
            self.may_pre_label(entry).await?;
        }
        let guideline = self.guideline_now(&kept).await?;
        let file = file.to_owned();
        let read = move || formats::import(&file, format, &Limits::default(), false);
        let read = tokio::task::spawn_blocking(read).await;
        let read = read.map_err(|_| LabellingError::field("file"))?;
        let read = read.map_err(|error| LabellingError::File(Box::new(error)))?;
        let mut report = ImportedLabels {
            format: read.format.code().to_owned(),
            findings: read.findings,
            ..ImportedLabels::default()
        };
        let names = self.names_of(project).await?;
        for (name, labels) in labels_of(&read.dataset, taken) {
            let Some(seq) = names.find(&name) else {
                unknown(&mut report, name);
                continue;
            };
            let _turn = self.counting.lock().await;
            let given = Given { name: &name, labels: &labels, guideline: &guideline, taken };
            let at = AtItem { caller, entry, project, seq };
            if !again!(self.try_import(at, &given, &mut report))? {
                unknown(&mut report, name);
            }
        }
        let audited =
            self.about_agreement(caller, entry, "import_labels", project, Outcome::Allowed);
        self.write(Vec::new(), vec![audited]).await?;
        Ok(report)
    }

    /// Asks the agreement whether a model may pre-label the customer's data. Clause: pb-02.
    ///
    /// # Errors
    /// The refusal with its clause.
    pub(super) async fn may_pre_label(&self, entry: &Entry) -> Result<(), LabellingError> {
        let book = self.desk(entry).open_book(entry.agreement()).await?;
        let (data, purpose) = (Resource::CustomerData, Purpose::PreLabelling);
        Ok(contract::may(&book.state, entry.side(), data, purpose, self.now())?)
    }

    /// Refuses labels of a model that a save brings in where the agreement forbids them.
    pub(super) async fn models_allowed(
        &self,
        entry: &Entry,
        save: &Save,
        stands: &Document,
    ) -> Result<(), LabellingError> {
        let known = |label: &Label| {
            stands.labels.iter().any(|one| one.id == label.id && one.source == Source::Model)
        };
        let brings = save.operations.iter().any(|(_, operation)| match operation {
            LabelOperation::Put(label) => label.source == Source::Model && !known(label),
            LabelOperation::Delete(_) => false,
        });
        if brings { self.may_pre_label(entry).await } else { Ok(()) }
    }

    /// The items of a project by name.
    async fn names_of(&self, project: &str) -> Result<Names, LabellingError> {
        let (mut names, mut after) = (Names::default(), item_id(project, 0));
        loop {
            let whose = Whose::Owner(project);
            let page = self.page::<Item>(whose, Some(&after), MAX_CARD_PAGE).await?;
            let Some(last) = page.last() else { return Ok(names) };
            after.clone_from(&last.id);
            for item in page {
                names.add(item.row.name, item.row.seq);
            }
        }
    }

    /// Puts labels on one item; false where it is past labelling.
    async fn try_import(
        &self,
        at: AtItem<'_>,
        given: &Given<'_>,
        report: &mut ImportedLabels,
    ) -> Result<bool, LabellingError> {
        let mut kept = self.own_project(at.entry, at.project).await?;
        let mut item = self.item_row(at.project, at.seq).await?;
        if item.row.state != State::Waiting || !item.row.replicas.is_empty() {
            return Ok(false);
        }
        let frames = item.row.frames;
        let mut labels = self.labels(at.project, at.seq, MAIN).await?;
        let base = labels.row.document.revision;
        let mut save = Save { base, seconds: 0, operations: Vec::new(), refused: Vec::new() };
        for (index, label) in (0..).zip(given.labels) {
            match label.label(&item, frames) {
                Some(label) => save.operations.push((index, LabelOperation::Put(label))),
                None => save.refused.push(label.unplaced(index)),
            }
        }
        let extent = Some(&item.row.extent);
        let document = &mut labels.row.document;
        let merged = merge(document, &save, "", given.guideline, extent);
        let mut cards = Vec::new();
        // Gold that lacks a label would call right work wrong: all of an item's labels, or none.
        let short = match given.taken {
            Taken::Gold => !merged.refused.is_empty(),
            Taken::Import | Taken::Model => merged.applied.is_empty(),
        };
        if short {
            note(report, given.name, &merged.refused);
            return Ok(true);
        }
        item.row.revision = labels.row.document.revision;
        item.row.counts = counts(&labels.row.document);
        item.row.changed = self.now();
        cards.push(keep(&labels));
        if given.taken == Taken::Gold {
            let mut gold = self.labels(at.project, at.seq, GOLD).await?;
            gold.row = labels.row.clone();
            cards.push(keep(&gold));
            kept.row.gold.insert(at.seq);
            kept.row.moved(State::Waiting, State::Accepted);
            (item.row.gold, item.row.state) = (true, State::Accepted);
            item.row.guideline = kept.row.guideline;
            cards.push(kept.replace());
        }
        if !merged.applied.is_empty() {
            let standing = Standing::of(at.entry, &kept.row);
            let person = at.caller.person().to_owned();
            let (item, turn, inspection) = (item.clone(), None, None);
            let now = self.now();
            let seen = Seen { project: kept, standing, item, turn, person, inspection, now };
            let mut row = self.save_row(&seen, &merged, 0, "import");
            row.owner = slot_id(at.project, at.seq, MAIN);
            row.id = format!("{}/{:06}", row.owner, merged.revision);
            cards.push(row.insert());
        }
        cards.push(item.placed().replace());
        self.write(cards, Vec::new()).await?;
        report.items += 1;
        report.labels += merged.applied.len() as u64;
        note(report, given.name, &merged.refused);
        Ok(true)
    }
}

/// Labels of a file for one item.
struct Given<'a> {
    name: &'a str,
    labels: &'a [Imported],
    guideline: &'a Guideline,
    taken: Taken,
}

fn unknown(report: &mut ImportedLabels, name: String) {
    report.unknown += 1;
    if report.unknown_names.len() < NAMED {
        report.unknown_names.push(name);
    }
}

fn note(report: &mut ImportedLabels, item: &str, refused: &[Refused]) {
    report.refused += refused.len() as u64;
    let room = NAMED.saturating_sub(report.refusals.len());
    report.refusals.extend(refused.iter().take(room).map(|one| ImportRefusal {
        item: item.to_owned(),
        index: one.index,
        code: one.code.code().to_owned(),
        field: one.field.clone(),
    }));
}

/// The items of a project by name.
#[derive(Default)]
pub(super) struct Names {
    whole: HashMap<String, u64>,
    /// By the last part of the name without its ending; none where two items have it.
    stems: HashMap<String, Option<u64>>,
}

impl Names {
    pub(super) fn add(&mut self, name: String, seq: u64) {
        let alone = |one: &mut Option<u64>| *one = None;
        self.stems.entry(stem(last(&name)).to_owned()).and_modify(alone).or_insert(Some(seq));
        self.whole.entry(name).or_insert(seq);
    }

    /// An item by the name in a file: the whole of it, else its last part, else without its ending.
    pub(super) fn find(&self, name: &str) -> Option<u64> {
        let last = last(name);
        let whole = self.whole.get(name).or_else(|| self.whole.get(last)).copied();
        whole.or_else(|| self.stems.get(stem(last)).copied().flatten())
    }
}

fn last(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}

/// A label of a file before it has its item.
struct Imported {
    id: String,
    class: String,
    source: Source,
    score: Option<String>,
    attributes: BTreeMap<String, Attribute>,
    shape: FileShape,
}

enum FileShape {
    Plain(Shape),
    /// Start and end of an event.
    Event(Time, Time),
    /// A track as frames counted from 0.
    Track(Vec<(u64, Rect, bool, bool)>),
}

impl Imported {
    /// The refusal of a label whose place the item does not know: it is of another kind, or its
    /// length or frames are not known.
    fn unplaced(&self, index: u64) -> Refused {
        let field = match self.shape {
            FileShape::Plain(_) => "kind",
            FileShape::Event(..) => "start",
            FileShape::Track(_) => "boxes",
        };
        let code = RefusedCode::WrongKind;
        Refused { index, id: self.id.clone(), code, field: field.to_owned() }
    }

    /// The label in the item's own units; none where they are not known.
    fn label(&self, item: &Kept<Item>, frames: Option<u64>) -> Option<Label> {
        let shape = match &self.shape {
            FileShape::Plain(shape) => shape.clone(),
            FileShape::Event(start, end) => {
                let (num, den) = item.row.timebase?;
                let tick = |time: &Time| {
                    let units = i128::from(time.pts) * i128::from(time.timebase.0);
                    let whole = i128::from(time.timebase.1) * i128::from(num);
                    i64::try_from(annotation::divided(units * i128::from(den), whole)).ok()
                };
                let (start, end) = (tick(start)?, tick(end)?);
                if start == end {
                    Shape::Keyframe { at: start }
                } else {
                    Shape::Event { start, end }
                }
            }
            FileShape::Track(boxes) => {
                let Extent::Video { from, to, .. } = item.row.extent else { return None };
                let frames = i128::from(frames.filter(|frames| *frames > 0)?);
                let at = |frame: u64| {
                    let span = i128::from(to - from) * i128::from(frame);
                    i64::try_from(i128::from(from) + annotation::divided(span, frames)).ok()
                };
                let boxes: Option<Vec<KeyBox>> = boxes
                    .iter()
                    .map(|(frame, rect, outside, occluded)| {
                        let rect = [rect.x0, rect.y0, rect.x1, rect.y1];
                        let (outside, occluded) = (*outside, *occluded);
                        Some(KeyBox { at: at(*frame)?, rect, outside, occluded })
                    })
                    .collect();
                Shape::Track { boxes: boxes? }
            }
        };
        Some(Label {
            id: self.id.clone(),
            shape,
            class: self.class.clone(),
            attributes: self.attributes.clone(),
            source: self.source,
            score: self.score.clone(),
            author: String::new(),
            revision: 0,
        })
    }
}

/// The labels of a dataset by the name of what they are about. Their ids follow from their place,
/// so that the same file again changes nothing.
fn labels_of(set: &Dataset, taken: Taken) -> BTreeMap<String, Vec<Imported>> {
    let source = if taken == Taken::Model { Source::Model } else { Source::Import };
    let class = |at: u32| set.classes.get(at as usize).map(|one| one.name.clone());
    let image = |at: u32| set.images.get(at as usize).map(|one| one.name.clone());
    let video = |at: u32| set.videos.get(at as usize).map(|one| one.name.clone());
    let text = |at: u32| set.texts.get(at as usize).map(|one| one.name.clone());
    let mut all: BTreeMap<String, Vec<Imported>> = BTreeMap::new();
    let mut add = |name: Option<String>, at, score: Option<f64>, more: Option<&More>, shape| {
        let Some((name, class)) = name.zip(class(at)) else { return };
        let list = all.entry(name.clone()).or_default();
        let id = id_of(&name, list.len());
        let score = score.filter(|score| score.is_finite()).map(|score| score.to_string());
        let attributes = more.map(attributes).unwrap_or_default();
        list.push(Imported { id, class, source, score, attributes, shape });
    };
    let mut tracks: BTreeMap<(u32, u64), Vec<&BoxRecord>> = BTreeMap::new();
    let frame = |record: &BoxRecord| set.images.get(record.image as usize)?.frame;
    for record in &set.boxes {
        let more = record.more.as_deref();
        if let (Some(track), Some((at, _))) = (more.and_then(|more| more.track), frame(record)) {
            tracks.entry((at, track.id)).or_default().push(record);
            continue;
        }
        let Rect { x0, y0, x1, y1 } = record.rect;
        let shape = Shape::Box {
            rect: [x0, y0, x1, y1],
            occluded: more.is_some_and(|more| more.occluded),
            truncated: more.is_some_and(|more| more.truncated),
            crowd: record.role == Role::Crowd,
        };
        let shape = FileShape::Plain(shape);
        add(image(record.image), record.class, record.score, more, shape);
    }
    for ((at, _), mut boxes) in tracks {
        boxes.sort_by_key(|record| frame(record));
        boxes.dedup_by_key(|record| frame(record));
        let Some(first) = boxes.first() else { continue };
        let (label, score, more) = (first.class, first.score, first.more.as_deref());
        let keys = boxes.iter().filter_map(|record| {
            let occluded = record.more.as_ref().is_some_and(|more| more.occluded);
            Some((frame(record)?.1, record.rect, record.is_outside(), occluded))
        });
        add(video(at), label, score, more, FileShape::Track(keys.collect()));
    }
    for record in &set.labels {
        let name = match record.item {
            Labelled::Image(at) => image(at),
            Labelled::Video(at) => video(at),
            Labelled::Text(at) => text(at),
        };
        let shape = FileShape::Plain(Shape::Class);
        add(name, record.class, record.score, record.more.as_deref(), shape);
    }
    for record in &set.spans {
        let shape = FileShape::Plain(Shape::Span { start: record.start, end: record.end });
        add(text(record.text), record.class, record.score, record.more.as_deref(), shape);
    }
    for record in &set.events {
        let shape = FileShape::Event(record.start, record.end);
        add(video(record.video), record.class, record.score, record.more.as_deref(), shape);
    }
    all
}

/// 26 letters and digits from a name and a place.
fn id_of(name: &str, at: usize) -> String {
    let mut hash = Sha256::new();
    hash.update(b"tallystick imported label v1\0");
    hash.update(name.as_bytes());
    hash.update((at as u64).to_be_bytes());
    hex::encode_upper(hash.finalize()).chars().take(26).collect()
}

fn attributes(more: &More) -> BTreeMap<String, Attribute> {
    let value = |value: &Value| match value {
        Value::Text(text) => Attribute::Text(text.clone()),
        Value::Number(text) => Attribute::Number(text.clone()),
        Value::Flag(flag) => Attribute::Flag(*flag),
    };
    more.attributes.iter().map(|(name, one)| (name.clone(), value(one))).collect()
}
