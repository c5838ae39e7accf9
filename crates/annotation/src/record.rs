//! What a dataset holds beside images, classes and boxes: videos, texts, labels, spans, events, and
//! what a record may say of itself. Serves anno-3.1.2, anno-3.1.3 and anno-3.5. Times are ticks of
//! a stated timebase, never frame numbers over a rate.

use crate::dataset::Role;
use crate::pixel::{MICROS, micros_text};

/// A video.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Video {
    /// Its number in the dataset.
    pub id: u64,
    /// Its file name.
    pub name: String,
    /// Width and height in pixels, where stated.
    pub size: Option<(u32, u32)>,
    /// How many frames it has, where stated.
    pub frames: Option<u64>,
    /// How long it lasts, where stated.
    pub duration: Option<Time>,
    /// The part of the dataset that it belongs to, such as `train`; empty where none is stated.
    pub split: String,
}

/// A text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text {
    /// Its number in the dataset.
    pub id: u64,
    /// Its name, by which labels are linked to gold.
    pub name: String,
    /// The words themselves.
    pub body: String,
    /// The part of the dataset that it belongs to; empty where none is stated.
    pub split: String,
}

/// A thing that can be labelled, by its index into the dataset's list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Item {
    /// An image.
    Image(u32),
    /// A video.
    Video(u32),
    /// A text.
    Text(u32),
}

/// The class of a whole item.
#[derive(Debug, Clone, PartialEq)]
pub struct LabelRecord {
    /// What is labelled.
    pub item: Item,
    /// Index into the classes.
    pub class: u32,
    /// The confidence of a model.
    pub score: Option<f64>,
    /// What else is said.
    pub more: Option<Box<More>>,
}

/// A marked passage of a text.
#[derive(Debug, Clone, PartialEq)]
pub struct SpanRecord {
    /// Index into the texts.
    pub text: u32,
    /// Index into the classes.
    pub class: u32,
    /// First character, counted from 0 in Unicode characters.
    pub start: u64,
    /// The character behind the last.
    pub end: u64,
    /// The confidence of a model.
    pub score: Option<f64>,
    /// What else is said.
    pub more: Option<Box<More>>,
}

/// An event in a video.
#[derive(Debug, Clone, PartialEq)]
pub struct EventRecord {
    /// Index into the videos.
    pub video: u32,
    /// Index into the classes.
    pub class: u32,
    /// When it begins.
    pub start: Time,
    /// When it ends.
    pub end: Time,
    /// The confidence of a model.
    pub score: Option<f64>,
    /// What else is said.
    pub more: Option<Box<More>>,
}

/// What a record says beside its class and place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct More {
    /// Something hides part of the object.
    pub occluded: bool,
    /// The object goes on beyond the image.
    pub truncated: bool,
    /// Its place in a track of one object through a video.
    pub track: Option<Track>,
    /// Records with the same number belong together; 0 is none.
    pub group: u64,
    /// Who made it; empty where not stated.
    pub author: String,
    /// Attributes in order of their name, each name once.
    pub attributes: Vec<(String, Value)>,
}

/// A box's place in a track.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Track {
    /// The track's number, unique in its video.
    pub id: u64,
    /// Whether a person set the box here; others were computed between two such.
    pub keyframe: bool,
    /// Whether the object has left the picture here; such a box is nothing that can be seen.
    pub outside: bool,
}

/// The value of an attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A text.
    Text(String),
    /// A number, as it was written.
    Number(String),
    /// Yes or no.
    Flag(bool),
}

impl Value {
    /// The value as text, for formats that have texts alone.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Text(text) | Self::Number(text) => text,
            Self::Flag(true) => "true",
            Self::Flag(false) => "false",
        }
    }
}

impl More {
    /// Takes an attribute as a file names it: those that every tool means alike become what they
    /// say, all others are kept.
    pub fn take(&mut self, role: &mut Role, name: &str, value: Value) {
        let number = |text: &str| text.parse::<u64>().ok();
        match (name, value) {
            ("occluded", Value::Flag(flag)) => self.occluded = flag,
            ("truncated", Value::Flag(flag)) => self.truncated = flag,
            ("difficult", Value::Flag(flag)) => {
                if flag {
                    *role = Role::Difficult;
                }
            }
            ("is_crowd", Value::Flag(flag)) => {
                if flag {
                    *role = Role::Crowd;
                }
            }
            ("keyframe", Value::Flag(keyframe)) => self.tracked().keyframe = keyframe,
            ("outside", Value::Flag(outside)) => self.tracked().outside = outside,
            ("track_id", Value::Number(text)) if number(&text).is_some() => {
                self.tracked().id = number(&text).unwrap_or_default();
            }
            // CVAT writes the angle of every box; upright boxes need none.
            ("rotation", Value::Number(text)) if text.parse() == Ok(0.0) => {}
            ("author", Value::Text(author)) => self.author = author,
            (name, value) => self.attributes.push((name.to_owned(), value)),
        }
    }

    fn tracked(&mut self) -> &mut Track {
        self.track.get_or_insert(Track { id: 0, keyframe: true, outside: false })
    }

    /// The record's own extras, or none where nothing is said.
    #[must_use]
    pub fn boxed(mut self) -> Option<Box<Self>> {
        self.attributes.sort_by(|a, b| a.0.cmp(&b.0));
        self.attributes.dedup_by(|later, first| later.0 == first.0);
        (self != Self::default()).then(|| Box::new(self))
    }
}

/// A moment of a video: ticks of a timebase in seconds.
#[derive(Debug, Clone, Copy)]
pub struct Time {
    /// Presentation time in ticks.
    pub pts: i64,
    /// Seconds in a tick, as numerator and denominator; neither is zero.
    pub timebase: (u32, u32),
}

impl Time {
    /// From whole microseconds.
    #[must_use]
    pub const fn micros(micros: i64) -> Self {
        Self { pts: micros, timebase: (1, 1_000_000) }
    }

    /// In microseconds, and whether that is exact; else rounded half to even.
    #[must_use]
    pub fn to_micros(self) -> (i64, bool) {
        let (num, den) = (i128::from(self.timebase.0), i128::from(self.timebase.1));
        let scaled = i128::from(self.pts) * num * i128::from(MICROS);
        let micros = crate::pixel::divided(scaled, den);
        (i64::try_from(micros).unwrap_or(i64::MAX), scaled % den == 0)
    }

    /// Seconds as decimal text with up to six places.
    #[must_use]
    pub fn seconds(self) -> String {
        micros_text(self.to_micros().0)
    }

    fn cross(self, other: Self) -> (i128, i128) {
        let side = |one: Self, two: Self| {
            i128::from(one.pts) * i128::from(one.timebase.0) * i128::from(two.timebase.1)
        };
        (side(self, other), side(other, self))
    }
}

/// Two moments are equal when they are the same instant, whatever their timebase.
impl PartialEq for Time {
    fn eq(&self, other: &Self) -> bool {
        let (left, right) = self.cross(*other);
        left == right
    }
}

impl Eq for Time {}

impl PartialOrd for Time {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        let (left, right) = self.cross(*other);
        left.partial_cmp(&right)
    }
}
