//! One label: what it is, where it lies, who said so. Coordinates are whole millionths of a pixel,
//! times are ticks, passages are Unicode code points. Knows no guideline.

use std::collections::BTreeMap;

use annotation::{Rect, micros_text};
use serde::{Deserialize, Serialize};

/// What a label is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A box in an image.
    Box,
    /// The class of the whole item.
    Class,
    /// A passage of a text.
    Span,
    /// A time in a video.
    Event,
    /// A moment of a video.
    Keyframe,
    /// A box through a video.
    Track,
}

/// Who made a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A person.
    #[default]
    Person,
    /// A model: a pre-label that nobody has confirmed.
    Model,
    /// A file.
    Import,
}

/// The value of an attribute. A number is kept as its decimal text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Attribute {
    /// A text, or the id of a listed value.
    Text(String),
    /// A number as it was written.
    Number(String),
    /// Yes or no.
    Flag(bool),
}

/// A box of a track that a person set. Between two such the box is interpolated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyBox {
    /// When, in ticks.
    pub at: i64,
    /// Left, top, right and bottom edge in millionths of a pixel.
    pub rect: [i64; 4],
    /// Whether the object has left the picture from here on.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub outside: bool,
    /// Whether something hides part of it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub occluded: bool,
}

/// Where a label lies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Shape {
    /// A box.
    Box {
        /// Left, top, right and bottom edge in millionths of a pixel.
        rect: [i64; 4],
        /// Whether something hides part of the object.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        occluded: bool,
        /// Whether the object goes on beyond the image.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        truncated: bool,
        /// Whether it holds many objects.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        crowd: bool,
    },
    /// The whole item.
    Class,
    /// A passage, `[start, end)` in Unicode code points.
    Span {
        /// The first.
        start: u64,
        /// The one behind the last.
        end: u64,
    },
    /// A time, `[start, end)` in ticks.
    Event {
        /// The first.
        start: i64,
        /// The one behind the last.
        end: i64,
    },
    /// A moment in ticks.
    Keyframe {
        /// When.
        at: i64,
    },
    /// Boxes of one object, by rising time.
    Track {
        /// The boxes that a person set.
        boxes: Vec<KeyBox>,
    },
}

/// A label.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// Its id, made by who drew it: 26 letters and digits.
    pub id: String,
    /// Where it lies.
    #[serde(flatten)]
    pub shape: Shape,
    /// The class's id in the guideline.
    pub class: String,
    /// What else it says.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, Attribute>,
    /// Who made it.
    #[serde(default)]
    pub source: Source,
    /// The confidence of a model, as it was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<String>,
    /// The person who put it last.
    #[serde(default)]
    pub author: String,
    /// The revision in which it was put last.
    #[serde(default)]
    pub revision: u64,
}

/// How large an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Extent {
    /// An image of so many pixels, as it is displayed.
    Image {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
    },
    /// A text of so many Unicode code points.
    Text {
        /// How many.
        chars: u64,
    },
    /// A video.
    Video {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
        /// The tick of the first frame.
        from: i64,
        /// The tick behind the last frame.
        to: i64,
    },
}

impl Shape {
    /// What it is.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Box { .. } => Kind::Box,
            Self::Class => Kind::Class,
            Self::Span { .. } => Kind::Span,
            Self::Event { .. } => Kind::Event,
            Self::Keyframe { .. } => Kind::Keyframe,
            Self::Track { .. } => Kind::Track,
        }
    }
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 6] =
        [Self::Box, Self::Class, Self::Span, Self::Event, Self::Keyframe, Self::Track];

    /// As it is written.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Box => "box",
            Self::Class => "class",
            Self::Span => "span",
            Self::Event => "event",
            Self::Keyframe => "keyframe",
            Self::Track => "track",
        }
    }

    /// The kind of a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

impl Source {
    /// As it is written.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Model => "model",
            Self::Import => "import",
        }
    }
}

impl Label {
    /// Whether both say the same, whoever said it and when.
    #[must_use]
    pub fn says_the_same(&self, other: &Self) -> bool {
        self.class == other.class
            && self.shape == other.shape
            && self.attributes == other.attributes
    }
}

/// Edges as a box that matching knows.
pub(crate) const fn rect_of([x0, y0, x1, y1]: [i64; 4]) -> Rect {
    Rect { x0, y0, x1, y1 }
}

/// Millionths as the shortest exact decimal text.
#[must_use]
pub fn decimal(micros: i64) -> String {
    micros_text(micros)
}
