//! Labels out of a project, through `formats`: those of the accepted items. Serves anno-3.5. What a
//! format cannot hold is counted.

use std::collections::HashMap;

use annotation::{
    BoxRecord, Class, Dataset, EventRecord, FrameNames, Image, Item as Labelled, LabelRecord,
    Limits, LossEntry, More, Rect, Role, SpanRecord, Text, Time, Track, Value, Video,
};
use formats::{Exported, Format};
use labelling::{Attribute, Document, Extent, Guideline, KeyBox, Label, Shape, Source, State};
use serde::Serialize;
use store::{MAX_CARD_PAGE, Whose};

use super::error::LabellingError;
use super::projects::Standing;
use super::rows::{Item, MAIN, Project, item_id, queue};
use crate::book::DeskError;
use crate::people::{Caller, EnterError, Entry, Kept, Operation, Outcome, People, given_for};

/// The most items of one file.
const MOST_ITEMS: u64 = 200_000;
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
    /// Labels that a dataset does not hold: tracks of a video without frames.
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
    /// Labels that a dataset does not hold: tracks of a video without frames.
    pub left_out: u64,
    /// What the format cannot hold, or holds in another form.
    pub losses: Vec<LossEntry>,
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
    frame_names: FrameNames,
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
        let (frames, frame_names, of_a_model) = (HashMap::new(), FrameNames::default(), false);
        Self { dataset, classes, frames, frame_names, next: 1, left_out: 0, of_a_model }
    }

    /// The files of a format, and how many labels a dataset does not hold.
    pub(super) async fn export(self, format: Format) -> Result<(Exported, u64), LabellingError> {
        let Self { dataset, left_out, .. } = self;
        let work = move || formats::export(dataset, format, &Limits::default());
        let exported = tokio::task::spawn_blocking(work).await;
        Ok((exported.map_err(|_| LabellingError::field("format"))?, left_out))
    }

    /// Which kinds of labels there are.
    pub(super) fn kinds(&self) -> [bool; 5] {
        kinds(&self.dataset)
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
                self.frame_names.add(&name);
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
                let (start, end) = (time(item, *start), time(item, *end));
                self.dataset.events.push(EventRecord { video, class, start, end, score, more });
            }
            // A moment is an event without length.
            (Shape::Keyframe { at }, Labelled::Video(video)) => {
                let (start, end) = (time(item, *at), time(item, *at));
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
            let image = self.frame(video, frame);
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

    fn frame(&mut self, video: u32, frame: u64) -> u32 {
        if let Some(at) = self.frames.get(&(video, frame)) {
            return *at;
        }
        let at = u32::try_from(self.dataset.images.len()).unwrap_or(u32::MAX);
        let id = u64::from(at) + 1;
        let size = self.dataset.videos.get(video as usize).and_then(|video| video.size);
        let name = self.frame_names.name(video, frame);
        let frame = Some((video, frame));
        self.dataset.images.push(Image { id, name, size, frame, ..Image::default() });
        self.frames.extend(frame.map(|frame| (frame, at)));
        at
    }
}

/// A tick of an item's video.
fn time(item: &Item, pts: i64) -> Time {
    Time { pts, timebase: item.timebase.unwrap_or((1, 1_000_000)) }
}

/// Which kinds of labels a dataset has: boxes, classes of items, passages, events, and moments such
/// as keyframes, which are events without length.
pub(super) fn kinds(set: &Dataset) -> [bool; 5] {
    let moment = |event: &EventRecord| event.start == event.end;
    [
        !set.boxes.is_empty(),
        !set.labels.is_empty(),
        !set.spans.is_empty(),
        !set.events.iter().all(moment),
        set.events.iter().any(moment),
    ]
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
