//! What every reader builds: the dataset with its items and classes by name, the findings with
//! their places, and what the file held that a dataset does not.

use std::collections::{HashMap, HashSet};

use annotation::{
    BoxRecord, Class, Dataset, Finding, Findings, FrameNames, Image, Limits, Losses, Place,
    Problem, Rect, Role, Severity, Text, Video, placed,
};

/// A dataset as it grows.
pub(crate) struct Builder<'a> {
    pub(crate) dataset: Dataset,
    pub(crate) losses: Losses,
    pub(crate) findings: Vec<Finding>,
    pub(crate) limits: &'a Limits,
    classes: HashMap<String, u32>,
    images: HashMap<String, u32>,
    videos: HashMap<String, u32>,
    texts: HashMap<String, u32>,
    frames: HashMap<(u32, u64), u32>,
    frame_names: FrameNames,
    next_box: u64,
    next_track: u64,
    tracks: HashSet<(u32, u64)>,
    ids: Ids,
    box_ids: Ids,
}

pub(crate) fn index(len: usize) -> u32 {
    u32::try_from(len).expect("readers take fewer records of a kind than 2^32")
}

/// A box of an image and a class, to be filled in; its place is given to [`Builder::put`].
pub(crate) fn box_of(image: u32, class: u32) -> BoxRecord {
    BoxRecord {
        id: 0,
        image,
        class,
        rect: Rect { x0: 0, y0: 0, x1: 0, y1: 0 },
        role: Role::Object,
        score: None,
        area: None,
        more: None,
    }
}

impl<'a> Builder<'a> {
    pub(crate) fn new(limits: &'a Limits) -> Self {
        Self {
            dataset: Dataset { named: true, ..Dataset::default() },
            losses: Losses::default(),
            findings: Vec::new(),
            limits,
            classes: HashMap::new(),
            images: HashMap::new(),
            videos: HashMap::new(),
            texts: HashMap::new(),
            frames: HashMap::new(),
            frame_names: FrameNames::default(),
            next_box: 1,
            next_track: 1,
            tracks: HashSet::new(),
            ids: Ids::default(),
            box_ids: Ids::default(),
        }
    }

    /// Takes the findings of one file; `bytes` is what they point into.
    pub(crate) fn note(&mut self, found: Findings, bytes: &[u8]) {
        let room = self.limits.findings.saturating_sub(self.findings.len());
        self.findings.extend(found.finish(bytes).into_iter().take(room));
    }

    /// The class of a name, new where it was not named before.
    pub(crate) fn class(&mut self, name: &str) -> u32 {
        if let Some(at) = self.classes.get(name) {
            return *at;
        }
        let at = index(self.dataset.classes.len());
        let id = u64::from(at) + 1;
        self.dataset.classes.push(Class { id, name: name.to_owned(), parent: String::new() });
        self.classes.insert(name.to_owned(), at);
        at
    }

    /// Adds an image, or gives the one of the same name.
    pub(crate) fn image(&mut self, name: &str) -> (u32, &mut Image) {
        let images = &mut self.dataset.images;
        let at = *self.images.entry(name.to_owned()).or_insert_with(|| {
            let at = index(images.len());
            let id = u64::from(at) + 1;
            images.push(Image { id, name: name.to_owned(), ..Image::default() });
            at
        });
        (at, &mut images[at as usize])
    }

    /// Adds a video, or gives the one of the same name.
    pub(crate) fn video(&mut self, name: &str) -> (u32, &mut Video) {
        let videos = &mut self.dataset.videos;
        let at = *self.videos.entry(name.to_owned()).or_insert_with(|| {
            let at = index(videos.len());
            let id = u64::from(at) + 1;
            videos.push(Video { id, name: name.to_owned(), ..Video::default() });
            self.frame_names.add(name);
            at
        });
        (at, &mut videos[at as usize])
    }

    /// Adds a text, or gives the one of the same name.
    pub(crate) fn text(&mut self, name: &str) -> (u32, &mut Text) {
        let texts = &mut self.dataset.texts;
        let at = *self.texts.entry(name.to_owned()).or_insert_with(|| {
            let at = index(texts.len());
            let id = u64::from(at) + 1;
            texts.push(Text { id, name: name.to_owned(), ..Text::default() });
            at
        });
        (at, &mut texts[at as usize])
    }

    /// The image of a frame of a video, named after both where it is new.
    pub(crate) fn frame(&mut self, video: u32, frame: u64) -> u32 {
        if let Some(at) = self.frames.get(&(video, frame)) {
            return *at;
        }
        let of = &self.dataset.videos[video as usize];
        let name = self.frame_names.name(video, frame);
        let (size, split) = (of.size, of.split.clone());
        let (at, image) = self.image(&name);
        image.size = image.size.or(size);
        image.frame = Some((video, frame));
        image.split = split;
        self.frames.insert((video, frame), at);
        at
    }

    /// The number of a new track of a video: the stated one where it is free, else a new one.
    pub(crate) fn track(&mut self, video: u32, stated: Option<u64>) -> u64 {
        let free = stated.filter(|id| !self.tracks.contains(&(video, *id)));
        let id = free.unwrap_or(self.next_track);
        self.next_track = self.next_track.max(id.saturating_add(1));
        self.tracks.insert((video, id));
        id
    }

    /// Whether the limit on records is reached; the first time it is noted.
    pub(crate) fn full(&self, found: &mut Findings, place: &Place) -> bool {
        let held = self.dataset.boxes.len()
            + self.dataset.images.len()
            + self.dataset.labels.len()
            + self.dataset.spans.len()
            + self.dataset.events.len();
        let full = held as u64 >= self.limits.records;
        if full {
            let problem = Problem::TooManyRecords { limit: self.limits.records };
            found.push(Severity::Error, problem, place.clone());
        }
        full
    }

    /// Adds a box with these edges (left, top, right, bottom), or says why not.
    pub(crate) fn put(
        &mut self,
        found: &mut Findings,
        place: Place,
        edges: [i64; 4],
        record: BoxRecord,
    ) {
        let size = self.dataset.images.get(record.image as usize).and_then(|image| image.size);
        match placed(edges, size) {
            Err(problem) => found.push(Severity::Error, problem, place),
            Ok((rect, noted)) => {
                if let Some(problem) = noted {
                    found.push(Severity::Warning, problem, place);
                }
                self.dataset.boxes.push(BoxRecord { id: self.next_box, rect, ..record });
                self.next_box += 1;
            }
        }
    }
}

impl Builder<'_> {
    /// Gives the last box the number that its file states; false when it was given before.
    pub(crate) fn number(&mut self, stated: Option<u64>) -> bool {
        let Some(last) = self.dataset.boxes.last_mut() else { return true };
        let id = stated.filter(|id| *id != 0).unwrap_or(last.id);
        last.id = id;
        self.next_box = self.next_box.max(id.saturating_add(1));
        self.box_ids.taken.insert(id)
    }
}

impl Builder<'_> {
    /// Adds a dataset that another reader made. Items and classes of the same name are the same,
    /// and numbers are kept where they are free. `split` is the part of images that state none.
    pub(crate) fn absorb(&mut self, other: Dataset, split: &str) {
        self.dataset.dense |= other.dense;
        let mut classes = Vec::with_capacity(other.classes.len());
        for class in other.classes {
            let fresh = !self.classes.contains_key(&class.name);
            let at = self.class(&class.name);
            let list = &mut self.dataset.classes;
            let taken = list
                .iter()
                .enumerate()
                .any(|(other, one)| other != at as usize && one.id == class.id);
            if let Some(own) = list.get_mut(at as usize).filter(|_| fresh) {
                own.id = if taken { own.id } else { class.id };
                own.parent = class.parent;
            }
            classes.push(at);
        }
        let mut videos = Vec::with_capacity(other.videos.len());
        for video in other.videos {
            let (at, own) = self.video(&video.name);
            *own = Video { id: own.id, ..video };
            videos.push(at);
        }
        let mut images = Vec::with_capacity(other.images.len());
        for image in other.images {
            let id = self.ids.free(image.id);
            let (at, own) = self.image(&image.name);
            let place = |(video, frame): (u32, u64)| Some((*videos.get(video as usize)?, frame));
            let frame = image.frame.and_then(place);
            let split = if image.split.is_empty() { split.to_owned() } else { image.split.clone() };
            *own = Image { id, frame, split, ..image };
            images.push(at);
        }
        for record in other.boxes {
            let image = images.get(record.image as usize).copied().unwrap_or(record.image);
            let class = classes.get(record.class as usize).copied().unwrap_or(record.class);
            let id = self.box_ids.free(record.id);
            self.dataset.boxes.push(BoxRecord { id, image, class, ..record });
        }
    }
}

/// Numbers that are given out once.
#[derive(Default)]
struct Ids {
    taken: HashSet<u64>,
    largest: u64,
}

impl Ids {
    /// The number itself, or the next one where it is taken.
    fn free(&mut self, id: u64) -> u64 {
        let id = if self.taken.contains(&id) { self.largest + 1 } else { id };
        self.taken.insert(id);
        self.largest = self.largest.max(id);
        id
    }
}
