//! What each format holds, and the dataset cut to it. Serves anno-3.5 (delivery). This is the one
//! place that decides what a conversion loses; the writers write what is left, whole.

use std::collections::HashSet;

use annotation::{
    BoxRecord, Dataset, Item, Limits, Loss, Losses, More, Role, Value, interpolate, state_ends,
};

/// What becomes of a crowd region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Crowd {
    Kept,
    Difficult,
    Object,
    Left,
}

/// What becomes of attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Attributes {
    None,
    Text,
    Typed,
}

/// What becomes of tracks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tracks {
    /// Every frame has its boxes, and nothing links them.
    None,
    /// Every frame has its boxes, linked by a number.
    Linked,
    /// Keyframes and the ends of tracks.
    Whole,
}

/// What is kept of a video beside its name.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "a table of what is held and what is not")]
pub(crate) struct VideoFields {
    pub(crate) size: bool,
    pub(crate) frames: bool,
    pub(crate) duration: bool,
    pub(crate) split: bool,
}

/// The name and nothing else.
pub(crate) const VIDEO_NAMES: VideoFields =
    VideoFields { size: false, frames: false, duration: false, split: false };

/// What a format holds.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "a table of what is held and what is not")]
pub(crate) struct Holds {
    pub(crate) boxes: bool,
    pub(crate) image_labels: bool,
    pub(crate) texts: bool,
    pub(crate) text_labels: bool,
    pub(crate) spans: bool,
    pub(crate) videos: bool,
    pub(crate) video_labels: bool,
    pub(crate) events: bool,
    pub(crate) crowd: Crowd,
    pub(crate) difficult: bool,
    pub(crate) score: bool,
    pub(crate) area: bool,
    pub(crate) occluded: bool,
    pub(crate) truncated: bool,
    pub(crate) attributes: Attributes,
    pub(crate) group: bool,
    pub(crate) author: bool,
    pub(crate) tracks: Tracks,
    pub(crate) frames: bool,
    pub(crate) ids: bool,
    pub(crate) class_ids: bool,
    pub(crate) unused_classes: bool,
    pub(crate) parent: bool,
    pub(crate) split: bool,
    pub(crate) size: bool,
    pub(crate) hash: bool,
    pub(crate) video: VideoFields,
    /// A box must lie inside its image, and the image's size must be known.
    pub(crate) inside: bool,
}

/// A format that holds everything.
pub(crate) const ALL: Holds = Holds {
    boxes: true,
    image_labels: true,
    texts: true,
    text_labels: true,
    spans: true,
    videos: true,
    video_labels: true,
    events: true,
    crowd: Crowd::Kept,
    difficult: true,
    score: true,
    area: true,
    occluded: true,
    truncated: true,
    attributes: Attributes::Typed,
    group: true,
    author: true,
    tracks: Tracks::Whole,
    frames: true,
    ids: true,
    class_ids: true,
    unused_classes: true,
    parent: true,
    split: true,
    size: true,
    hash: true,
    video: VideoFields { size: true, frames: true, duration: true, split: true },
    inside: false,
};

/// A format that holds boxes of images and nothing else.
pub(crate) const BOXES: Holds = Holds {
    boxes: true,
    image_labels: false,
    texts: false,
    text_labels: false,
    spans: false,
    videos: false,
    video_labels: false,
    events: false,
    crowd: Crowd::Object,
    difficult: false,
    score: false,
    area: false,
    occluded: false,
    truncated: false,
    attributes: Attributes::None,
    group: false,
    author: false,
    tracks: Tracks::None,
    frames: false,
    ids: false,
    class_ids: false,
    unused_classes: true,
    parent: false,
    split: true,
    size: true,
    hash: false,
    video: VIDEO_NAMES,
    inside: false,
};

/// Cuts a dataset to what a format holds, and counts what goes.
pub(crate) fn fit(
    dataset: Dataset,
    holds: &Holds,
    limits: &Limits,
    losses: &mut Losses,
) -> Dataset {
    let mut dataset = match holds.tracks {
        Tracks::Whole => {
            let mut dataset = dataset;
            state_ends(&mut dataset, losses);
            dataset
        }
        Tracks::None | Tracks::Linked => interpolate(dataset, limits.records, losses),
    };
    kinds(&mut dataset, holds, losses);
    items(&mut dataset, holds, losses);
    let mut fields = Fields { holds, losses };
    let Dataset { images, texts, videos, boxes, labels, spans, events, .. } = &mut dataset;
    if holds.inside {
        sizes_of_videos(images, videos);
    }
    let image = |at: u32| images.get(at as usize).map_or("", |image| image.name.as_str());
    boxes.retain_mut(|record| {
        let of = images.get(record.image as usize);
        let name = of.map_or("", |image| image.name.as_str());
        let size = match of.and_then(|image| image.frame) {
            Some((video, _)) => videos.get(video as usize).and_then(|video| video.size),
            None => of.and_then(|image| image.size),
        };
        fields.role(record, name) && fields.inside(record, name, size)
    });
    for record in boxes.iter_mut() {
        let name = image(record.image);
        fields.common(name, &mut record.score, &mut record.more, true);
        fields.area(record, name);
    }
    for record in labels {
        let name = match record.item {
            Item::Image(at) => image(at),
            Item::Video(at) => videos.get(at as usize).map_or("", |video| video.name.as_str()),
            Item::Text(at) => texts.get(at as usize).map_or("", |text| text.name.as_str()),
        };
        fields.common(name, &mut record.score, &mut record.more, false);
    }
    for record in spans {
        let name = texts.get(record.text as usize).map_or("", |text| text.name.as_str());
        fields.common(name, &mut record.score, &mut record.more, false);
    }
    for record in events {
        let name = videos.get(record.video as usize).map_or("", |video| video.name.as_str());
        fields.common(name, &mut record.score, &mut record.more, false);
    }
    numbers(&mut dataset, holds, losses);
    dataset
}

/// Drops the kinds of records that are not held.
fn kinds(dataset: &mut Dataset, holds: &Holds, losses: &mut Losses) {
    let Dataset { images, texts, videos, boxes, labels, spans, events, .. } = dataset;
    let image = |at: u32| images.get(at as usize).map_or("", |image| image.name.as_str());
    let text = |at: u32| texts.get(at as usize).map_or("", |text| text.name.as_str());
    let video = |at: u32| videos.get(at as usize).map_or("", |video| video.name.as_str());
    if !holds.boxes {
        for record in boxes.drain(..) {
            losses.add(Loss::Boxes, || format!("{} #{}", image(record.image), record.id));
        }
    }
    labels.retain(|record| {
        let (held, loss, name) = match record.item {
            Item::Image(at) => (holds.image_labels, Loss::ImageLabels, image(at)),
            Item::Video(at) => (holds.video_labels, Loss::VideoLabels, video(at)),
            Item::Text(at) => (holds.text_labels, Loss::TextLabels, text(at)),
        };
        if !held {
            losses.add(loss, || name.to_owned());
        }
        held
    });
    if !holds.spans {
        for record in spans.drain(..) {
            let (start, end) = (record.start, record.end);
            losses.add(Loss::Spans, || format!("{} {start}..{end}", text(record.text)));
        }
    }
    if !holds.events {
        for record in events.drain(..) {
            let (start, end) = (record.start.seconds(), record.end.seconds());
            losses.add(Loss::Events, || format!("{} {start}..{end}", video(record.video)));
        }
    }
}

/// Drops the kinds of items that are not held, and what is said of the others.
fn items(dataset: &mut Dataset, holds: &Holds, losses: &mut Losses) {
    if !holds.texts {
        for text in dataset.texts.drain(..) {
            losses.add(Loss::Texts, || text.name);
        }
    }
    if !holds.videos {
        for video in &dataset.videos {
            losses.add(Loss::Videos, || video.name.clone());
        }
    }
    if !holds.boxes && !holds.image_labels {
        for image in dataset.images.drain(..) {
            losses.add(Loss::Images, || image.name);
        }
    }
    for image in &mut dataset.images {
        if !holds.frames && image.frame.take().is_some() {
            losses.add(Loss::FrameOfVideo, || image.name.clone());
        }
        if !holds.split && !std::mem::take(&mut image.split).is_empty() {
            losses.add(Loss::Split, || image.name.clone());
        }
        if !holds.size && image.size.take().is_some() {
            losses.add(Loss::ImageSize, || image.name.clone());
        }
        if !holds.hash && !std::mem::take(&mut image.sha256).is_empty() {
            losses.add(Loss::Hash, || image.name.clone());
        }
    }
    if !holds.videos {
        dataset.videos.clear();
    }
    for video in &mut dataset.videos {
        let held = holds.video;
        let duration = !held.duration && video.duration.take().is_some();
        if duration || !held.frames && video.frames.take().is_some() {
            losses.add(Loss::VideoLength, || video.name.clone());
        }
        if !held.size && video.size.take().is_some() {
            losses.add(Loss::ImageSize, || video.name.clone());
        }
        if !held.split && !std::mem::take(&mut video.split).is_empty() {
            losses.add(Loss::Split, || video.name.clone());
        }
    }
    for class in &mut dataset.classes {
        if !holds.parent && !std::mem::take(&mut class.parent).is_empty() {
            losses.add(Loss::ClassParent, || class.name.clone());
        }
    }
}

/// A video of unknown size has the size of its frames.
fn sizes_of_videos(images: &[annotation::Image], videos: &mut [annotation::Video]) {
    for image in images {
        let Some((video, _)) = image.frame else { continue };
        if let Some(video) = videos.get_mut(video as usize) {
            video.size = video.size.or(image.size);
        }
    }
}

struct Fields<'a> {
    holds: &'a Holds,
    losses: &'a mut Losses,
}

impl Fields<'_> {
    /// What becomes of crowd regions and difficult objects; false to leave it out.
    fn role(&mut self, record: &mut BoxRecord, name: &str) -> bool {
        let (role, loss) = match (record.role, self.holds.crowd) {
            (Role::Crowd, Crowd::Left) => (None, Loss::CrowdLeftOut),
            (Role::Crowd, Crowd::Difficult) => (Some(Role::Difficult), Loss::CrowdAsDifficult),
            (Role::Crowd, Crowd::Object) => (Some(Role::Object), Loss::CrowdAsObject),
            (Role::Difficult, _) if !self.holds.difficult => {
                (Some(Role::Object), Loss::DifficultAsObject)
            }
            _ => return true,
        };
        self.losses.add(loss, || format!("{name} #{}", record.id));
        record.role = role.unwrap_or(record.role);
        role.is_some()
    }

    /// Cuts a box at the edges of its image or video; false to leave it out.
    fn inside(&mut self, record: &mut BoxRecord, name: &str, size: Option<(u32, u32)>) -> bool {
        if !self.holds.inside {
            return true;
        }
        let Some((width, height)) = size else {
            self.losses.add(Loss::UnknownSize, || format!("{name} #{}", record.id));
            return false;
        };
        let (right, bottom) = (pixels(width), pixels(height));
        let rect = &mut record.rect;
        let before = *rect;
        (rect.x0, rect.x1) = (rect.x0.clamp(0, right), rect.x1.clamp(0, right));
        (rect.y0, rect.y1) = (rect.y0.clamp(0, bottom), rect.y1.clamp(0, bottom));
        if *rect != before {
            self.losses.add(Loss::ClippedBox, || format!("{name} #{}", record.id));
        }
        true
    }

    fn area(&mut self, record: &mut BoxRecord, name: &str) {
        // An area that is width times height says nothing of its own.
        if crate::coco::has_own_area(record) {
            if self.holds.area {
                return;
            }
            self.losses.add(Loss::Area, || format!("{name} #{}", record.id));
        }
        record.area = None;
    }

    fn common(
        &mut self,
        name: &str,
        score: &mut Option<f64>,
        more: &mut Option<Box<More>>,
        is_box: bool,
    ) {
        let (holds, losses) = (self.holds, &mut *self.losses);
        let mut lost = |loss: Loss| losses.add(loss, || name.to_owned());
        if !holds.score && score.take().is_some() {
            lost(Loss::Score);
        }
        let Some(said) = more.as_mut() else { return };
        // An object can be hidden or cut off; a whole item, a passage or an event cannot.
        if !(holds.occluded && is_box) && std::mem::take(&mut said.occluded) {
            lost(Loss::Occluded);
        }
        if !(holds.truncated && is_box) && std::mem::take(&mut said.truncated) {
            lost(Loss::Truncated);
        }
        if !holds.group && std::mem::take(&mut said.group) != 0 {
            lost(Loss::Group);
        }
        if !holds.author && !std::mem::take(&mut said.author).is_empty() {
            lost(Loss::Author);
        }
        if holds.tracks == Tracks::None && said.track.take().is_some() {
            lost(Loss::TrackId);
        }
        match holds.attributes {
            Attributes::Typed => {}
            Attributes::None if said.attributes.is_empty() => {}
            Attributes::None => {
                said.attributes.clear();
                lost(Loss::Attributes);
            }
            Attributes::Text => {
                for (_, value) in &mut said.attributes {
                    if !matches!(value, Value::Text(_)) {
                        *value = Value::Text(value.text().to_owned());
                        lost(Loss::AttributeType);
                    }
                }
            }
        }
        if **said == More::default() {
            *more = None;
        }
    }
}

pub(crate) fn pixels(count: u32) -> i64 {
    i64::from(count) * annotation::MICROS
}

/// Counts anew what the target counts itself; numbers from 0 are counted anew in any case.
fn numbers(dataset: &mut Dataset, holds: &Holds, losses: &mut Losses) {
    if !holds.unused_classes {
        unused(dataset, losses);
    }
    let recount = |ids: Vec<&mut u64>, held: bool| {
        let zero = ids.iter().any(|id| **id == 0);
        let mut changed = 0_u64;
        if zero || !held {
            for (id, now) in ids.into_iter().zip(1..) {
                changed += u64::from(std::mem::replace(id, now) != now);
            }
        }
        changed
    };
    let boxes = dataset.boxes.iter_mut().map(|record| &mut record.id).collect();
    let images = dataset.images.iter_mut().map(|image| &mut image.id).collect();
    let classes = dataset.classes.iter_mut().map(|class| &mut class.id).collect();
    for (count, loss) in [
        (recount(boxes, holds.ids), Loss::AnnotationIds),
        (recount(images, holds.ids), Loss::ImageIds),
        (recount(classes, holds.class_ids), Loss::ClassIds),
    ] {
        losses.add_many(loss, count);
    }
}

/// Counts images and classes anew where a file gave two of them the same number.
pub(crate) fn distinct_numbers(dataset: &mut Dataset, losses: &mut Losses) {
    let images = dataset.images.iter_mut().map(|image| &mut image.id).collect();
    let classes = dataset.classes.iter_mut().map(|class| &mut class.id).collect();
    for (ids, loss) in [(images, Loss::ImageIds), (classes, Loss::ClassIds)] {
        let ids: Vec<&mut u64> = ids;
        let distinct: HashSet<u64> = ids.iter().map(|id| **id).collect();
        if distinct.len() < ids.len() {
            losses.add_many(loss, ids.len() as u64);
            ids.into_iter().zip(1..).for_each(|(id, now)| *id = now);
        }
    }
}

fn unused(dataset: &mut Dataset, losses: &mut Losses) {
    let mut used: HashSet<u32> = dataset.boxes.iter().map(|record| record.class).collect();
    used.extend(dataset.labels.iter().map(|record| record.class));
    used.extend(dataset.spans.iter().map(|record| record.class));
    used.extend(dataset.events.iter().map(|record| record.class));
    let mut now = vec![0_u32; dataset.classes.len()];
    let (mut at, mut next) = (0_u32, 0_u32);
    dataset.classes.retain(|class| {
        let keep = used.contains(&at);
        if let Some(slot) = now.get_mut(at as usize) {
            *slot = next;
        }
        at += 1;
        next += u32::from(keep);
        if !keep {
            losses.add(Loss::UnusedClasses, || class.name.clone());
        }
        keep
    });
    let moved = |class: &mut u32| *class = now.get(*class as usize).copied().unwrap_or(*class);
    dataset.boxes.iter_mut().for_each(|record| moved(&mut record.class));
    dataset.labels.iter_mut().for_each(|record| moved(&mut record.class));
    dataset.spans.iter_mut().for_each(|record| moved(&mut record.class));
    dataset.events.iter_mut().for_each(|record| moved(&mut record.class));
}

/// Keeps some images, and what is said of them.
pub(crate) fn retain_images(
    dataset: &mut Dataset,
    mut keep: impl FnMut(u32, &annotation::Image) -> bool,
) {
    let mut now = Vec::with_capacity(dataset.images.len());
    let (mut at, mut next) = (0_u32, 0_u32);
    dataset.images.retain(|image| {
        let kept = keep(at, image);
        now.push(kept.then_some(next));
        at += 1;
        next += u32::from(kept);
        kept
    });
    let moved = |at: u32| now.get(at as usize).copied().flatten();
    dataset.boxes.retain_mut(|record| {
        let image = moved(record.image);
        record.image = image.unwrap_or(record.image);
        image.is_some()
    });
    dataset.labels.retain_mut(|record| {
        let Item::Image(image) = record.item else { return true };
        let image = moved(image);
        record.item = image.map_or(record.item, Item::Image);
        image.is_some()
    });
}
