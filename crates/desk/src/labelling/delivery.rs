//! Labels out of a project and into one, through `formats`. Out go the accepted items; in come
//! pre-labels, each marked as made by a file or a model, or gold. Serves anno-3.5. What a format
//! cannot hold is counted; what does not fit an item is refused with its place and the rest is
//! taken.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use annotation::{
    BoxRecord, Class, Dataset, EventRecord, Finding, Image, Item as Labelled, LabelRecord, Limits,
    LossEntry, More, Rect, Role, SpanRecord, Text, Time, Track, Value, Video,
};
use contract::Resource;
use contract::terms::Purpose;
use formats::{Exported, Format};
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
use super::rows::{GOLD, Item, MAIN, Project, item_id, keep, queue, slot_id};
use super::saves::counts;
use super::seen::{AtItem, Seen};
use crate::book::DeskError;
use crate::people::{Caller, EnterError, Entry, Kept, Operation, Outcome, People, given_for};

/// The most items of one file.
const MOST_ITEMS: u64 = 200_000;
/// The most refusals and findings that an answer names; all are counted.
const NAMED: usize = 500;
/// The largest text that goes into a delivery.
const TEXT_BYTES: u64 = 16 << 20;
/// The most bytes of texts of one delivery.
const TEXTS_BYTES: usize = 512 << 20;

/// Files of accepted labels.
#[derive(Debug)]
pub struct WorkExport {
    /// The files and the losses.
    pub exported: Exported,
    /// How many items.
    pub items: u64,
    /// Labels that a dataset does not hold: keyframes, and tracks of a video without frames.
    pub left_out: u64,
}

/// What a format could not hold.
#[derive(Debug, Clone, Serialize)]
pub struct ExportReport {
    /// The format.
    pub format: Format,
    /// How many items.
    pub items: u64,
    /// How many images, texts and videos, and labels of them.
    pub labels: u64,
    /// Labels that a dataset does not hold: keyframes, and tracks of a video without frames.
    pub left_out: u64,
    /// What the format cannot hold, or holds in another form.
    pub losses: Vec<LossEntry>,
}

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

impl WorkExport {
    /// The report of what the format could not hold.
    #[must_use]
    pub fn report(&self, format: Format) -> ExportReport {
        let set = &self.exported.dataset;
        let labels = set.boxes.len() + set.labels.len() + set.spans.len() + set.events.len();
        ExportReport {
            format,
            items: self.items,
            labels: labels as u64,
            left_out: self.left_out,
            losses: self.exported.losses.entries(),
        }
    }
}

impl People {
    /// The accepted items of a project in a format. The entry is one for [`Operation::ReadWork`].
    ///
    /// # Errors
    /// [`EnterError::Forbidden`] for who labels or reviews and nothing else.
    pub async fn export_labels(
        &self,
        caller: &Caller,
        entry: &Entry,
        project: &str,
        format: Format,
    ) -> Result<WorkExport, LabellingError> {
        given_for(entry, Operation::ReadWork)?;
        let kept = self.project_row(entry, project).await?;
        let standing = Standing::of(entry, &kept.row);
        if !standing.sees_figures() && !standing.inspector {
            return Err(EnterError::Forbidden.into());
        }
        let accepted = self.accepted_labels(entry, &kept, |_| true).await?;
        let object = format!("{project}: {}", format.code());
        let audited =
            self.about_agreement(caller, entry, "export_labels", &object, Outcome::Allowed);
        self.write(Vec::new(), vec![audited]).await?;
        let AcceptedLabels { building, numbers } = accepted;
        let (exported, left_out) = building.export(format).await?;
        Ok(WorkExport { exported, items: numbers.len() as u64, left_out })
    }

    /// The accepted items that `wanted` says yes to, as a dataset.
    pub(super) async fn accepted_labels(
        &self,
        entry: &Entry,
        kept: &Kept<Project>,
        wanted: impl Fn(u64) -> bool,
    ) -> Result<AcceptedLabels, LabellingError> {
        let project = kept.id.as_str();
        let mut building = Building::new(&self.guideline_now(kept).await?);
        let subject = queue(project, State::Accepted);
        let mut after = item_id(project, 0);
        let (mut numbers, mut bytes) = (Vec::new(), 0);
        loop {
            let whose = Whose::Subject(&subject);
            let page = self.page::<Item>(whose, Some(&after), MAX_CARD_PAGE).await?;
            let Some(last) = page.last() else { break };
            after.clone_from(&last.id);
            for item in page {
                if !wanted(item.row.seq) {
                    continue;
                }
                numbers.push(item.row.seq);
                if numbers.len() as u64 > MOST_ITEMS {
                    return Err(crate::people::PeopleError::TooMany { limit: MOST_ITEMS }.into());
                }
                let labels = self.labels(project, item.row.seq, MAIN).await?.row.document;
                let body = self.body_of(entry, &item.row).await?;
                bytes += body.len();
                if bytes > TEXTS_BYTES {
                    let limit = TEXTS_BYTES as u64;
                    return Err(crate::people::PeopleError::TooMany { limit }.into());
                }
                building.add(&item.row, &labels, body);
            }
        }
        Ok(AcceptedLabels { building, numbers })
    }

    /// The words of a text; empty for what is none.
    pub(super) async fn body_of(
        &self,
        entry: &Entry,
        item: &Item,
    ) -> Result<String, LabellingError> {
        if !matches!(item.extent, Extent::Text { .. }) {
            return Ok(String::new());
        }
        let object = item.display.as_ref().unwrap_or(&item.original).object()?;
        let desk = self.desk(entry);
        let failed = |error| LabellingError::Desk(Box::new(DeskError::Object(error)));
        let content = desk.objects.get(&desk.scope(), entry.agreement(), &object).await;
        let mut content = content.map_err(failed)?;
        let bytes = store::read_whole(content.as_mut(), TEXT_BYTES).await.map_err(failed)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

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

fn stem(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
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
                Shape::Event { start: tick(start)?, end: tick(end)? }
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

/// The labels of accepted items.
pub(super) struct AcceptedLabels {
    pub(super) building: Building,
    /// The numbers of the items, rising.
    pub(super) numbers: Vec<u64>,
}

/// A dataset that grows item by item.
pub(super) struct Building {
    dataset: Dataset,
    classes: HashMap<String, u32>,
    /// The images that are frames: by video and frame.
    frames: HashMap<(u32, u64), u32>,
    next: u64,
    left_out: u64,
    /// Whether a model made one of the labels and nobody confirmed it.
    pub(super) of_a_model: bool,
}

impl Building {
    pub(super) fn new(guideline: &Guideline) -> Self {
        let mut dataset = Dataset { named: true, ..Dataset::default() };
        let mut classes = HashMap::new();
        for (at, class) in (0..).zip(&guideline.classes) {
            let id = u64::from(at) + 1;
            dataset.classes.push(Class { id, name: class.id.clone(), ..Class::default() });
            classes.insert(class.id.clone(), at);
        }
        let (frames, of_a_model) = (HashMap::new(), false);
        Self { dataset, classes, frames, next: 1, left_out: 0, of_a_model }
    }

    /// The files of a format, and how many labels a dataset does not hold.
    pub(super) async fn export(self, format: Format) -> Result<(Exported, u64), LabellingError> {
        let Self { dataset, left_out, .. } = self;
        let work = move || formats::export(dataset, format, &Limits::default());
        let exported = tokio::task::spawn_blocking(work).await;
        Ok((exported.map_err(|_| LabellingError::field("format"))?, left_out))
    }

    /// A name that two items have.
    pub(super) fn twice(&self) -> Option<&str> {
        let set = &self.dataset;
        let images = set.images.iter().filter(|one| one.frame.is_none()).map(|one| &one.name);
        let texts = set.texts.iter().map(|one| &one.name);
        let videos = set.videos.iter().map(|one| &one.name);
        let mut seen = std::collections::HashSet::new();
        images.chain(texts).chain(videos).find(|name| !seen.insert(*name)).map(String::as_str)
    }

    /// A class's place; one that the guideline has no more is added.
    fn class(&mut self, name: &str) -> u32 {
        if let Some(at) = self.classes.get(name) {
            return *at;
        }
        let at = u32::try_from(self.dataset.classes.len()).unwrap_or(u32::MAX);
        let id = u64::from(at) + 1;
        self.dataset.classes.push(Class { id, name: name.to_owned(), ..Class::default() });
        self.classes.insert(name.to_owned(), at);
        at
    }

    pub(super) fn add(&mut self, item: &Item, document: &Document, body: String) {
        let (id, name) = (item.seq, item.name.clone());
        let place = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let at = match item.extent {
            Extent::Image { width, height } => {
                let (size, sha256) = (Some((width, height)), item.sha256.clone());
                self.dataset.images.push(Image { id, name, size, sha256, ..Image::default() });
                Labelled::Image(place(self.dataset.images.len() - 1))
            }
            Extent::Text { .. } => {
                self.dataset.texts.push(Text { id, name, body, ..Text::default() });
                Labelled::Text(place(self.dataset.texts.len() - 1))
            }
            Extent::Video { width, height, from, to } => {
                let timebase = item.timebase.unwrap_or((1, 1_000_000));
                self.dataset.videos.push(Video {
                    id,
                    name,
                    size: Some((width, height)),
                    frames: item.frames,
                    duration: Some(Time { pts: to - from, timebase }),
                    ..Video::default()
                });
                Labelled::Video(place(self.dataset.videos.len() - 1))
            }
        };
        for label in &document.labels {
            self.label(item, at, label);
        }
    }

    fn label(&mut self, item: &Item, at: Labelled, label: &Label) {
        self.of_a_model |= label.source == Source::Model;
        let class = self.class(&label.class);
        let score = label.score.as_deref().and_then(|score| score.parse().ok());
        let more = more(label).boxed();
        match (&label.shape, at) {
            (Shape::Box { rect, crowd, .. }, Labelled::Image(image)) => {
                let rect = rect_of(*rect);
                let role = if *crowd { Role::Crowd } else { Role::Object };
                let id = self.number();
                let record = BoxRecord { id, image, class, rect, role, score, area: None, more };
                self.dataset.boxes.push(record);
            }
            (Shape::Class, _) => {
                self.dataset.labels.push(LabelRecord { item: at, class, score, more });
            }
            (Shape::Span { start, end }, Labelled::Text(text)) => {
                let (start, end) = (*start, *end);
                self.dataset.spans.push(SpanRecord { text, class, start, end, score, more });
            }
            (Shape::Event { start, end }, Labelled::Video(video)) => {
                let timebase = item.timebase.unwrap_or((1, 1_000_000));
                let time = |pts: i64| Time { pts, timebase };
                let (start, end) = (time(*start), time(*end));
                self.dataset.events.push(EventRecord { video, class, start, end, score, more });
            }
            (Shape::Track { boxes }, Labelled::Video(video)) => {
                self.track(item, video, class, label, boxes);
            }
            _ => self.left_out += 1,
        }
    }

    fn number(&mut self) -> u64 {
        let id = self.next;
        self.next += 1;
        id
    }

    /// The boxes of a track on the frames nearest to their times, for frames at even distances.
    fn track(&mut self, item: &Item, video: u32, class: u32, label: &Label, boxes: &[KeyBox]) {
        let Extent::Video { from, to, .. } = item.extent else { return };
        let Some(frames) = item.frames.filter(|frames| *frames > 0 && to > from) else {
            self.left_out += 1;
            return;
        };
        let track = self.number();
        for key in boxes {
            let done = i128::from(key.at - from) * i128::from(frames);
            let frame =
                annotation::divided(done, i128::from(to - from)).clamp(0, i128::from(frames - 1));
            let frame = u64::try_from(frame).unwrap_or(0);
            let image = self.frame(item, video, frame);
            let more = More {
                occluded: key.occluded,
                track: Some(Track { id: track, keyframe: true, outside: key.outside }),
                ..more(label)
            };
            let id = self.number();
            self.dataset.boxes.push(BoxRecord {
                id,
                image,
                class,
                rect: rect_of(key.rect),
                role: Role::Object,
                score: None,
                area: None,
                more: Some(Box::new(more)),
            });
        }
    }

    fn frame(&mut self, item: &Item, video: u32, frame: u64) -> u32 {
        if let Some(at) = self.frames.get(&(video, frame)) {
            return *at;
        }
        let at = u32::try_from(self.dataset.images.len()).unwrap_or(u32::MAX);
        let id = u64::from(at) + 1;
        let size = self.dataset.videos.get(video as usize).and_then(|video| video.size);
        let name = format!("{}/frame_{frame:06}.jpg", stem(&item.name));
        let frame = Some((video, frame));
        self.dataset.images.push(Image { id, name, size, frame, ..Image::default() });
        self.frames.extend(frame.map(|frame| (frame, at)));
        at
    }
}

const fn rect_of([x0, y0, x1, y1]: [i64; 4]) -> Rect {
    Rect { x0, y0, x1, y1 }
}

fn more(label: &Label) -> More {
    let value = |attribute: &Attribute| match attribute {
        Attribute::Text(text) => Value::Text(text.clone()),
        Attribute::Number(text) => Value::Number(text.clone()),
        Attribute::Flag(flag) => Value::Flag(*flag),
    };
    let (mut occluded, mut truncated) = (false, false);
    if let Shape::Box { occluded: hidden, truncated: cut, .. } = label.shape {
        (occluded, truncated) = (hidden, cut);
    }
    let attributes = label.attributes.iter().map(|(name, one)| (name.clone(), value(one)));
    More { occluded, truncated, attributes: attributes.collect(), ..More::default() }
}
