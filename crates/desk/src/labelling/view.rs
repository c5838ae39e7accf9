//! Items and labels as they are shown. Numbers of labels are exact decimals of at most six places,
//! which JSON's numbers hold; nothing is decided by them.

use std::collections::{BTreeMap, BTreeSet};

use labelling::{Attribute, Extent, Label, Shape, State, decimal};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use units::Timestamp;

use super::projects::Standing;
use super::rows::{Item, Turn};

/// An item in a list.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ItemRow {
    /// Its number in the project.
    pub seq: u64,
    /// What its file is called.
    pub name: String,
    /// The media type of its original.
    pub media_type: String,
    /// `waiting`, `annotating`, `submitted`, `reviewing`, `accepted`, `returned` or `skipped`.
    pub state: String,
    /// Who holds it, or for whom it waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holder: Option<String>,
    /// Who labelled it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// How many labels it has.
    pub labels: u64,
    /// Issues that nobody resolved.
    pub open_issues: u64,
    /// Higher is labelled first.
    pub priority: u8,
    /// Codes that intake or consensus put on it.
    pub flags: BTreeSet<String>,
    /// When it changed last.
    pub changed: Timestamp,
}

/// An item with its labels, as the caller sees it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ItemView {
    /// Its number in the project.
    pub seq: u64,
    /// What its file is called.
    pub name: String,
    /// The media type of its original.
    pub media_type: String,
    /// The original's bytes.
    pub size: u64,
    /// The original's SHA-256 in hexadecimal digits.
    pub sha256: String,
    /// Pixels across, as displayed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Pixels down, as displayed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// Unicode code points of a text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chars: Option<u64>,
    /// Seconds in a tick, as numerator and denominator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timebase: Option<(u32, u32)>,
    /// The tick of the first frame of a video.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<i64>,
    /// The tick behind the last frame.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<i64>,
    /// How many frames a video has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frames: Option<u64>,
    /// The state, as the caller sees it.
    pub state: String,
    /// What the caller may do now, as codes of the mode table.
    pub mode: Vec<String>,
    /// Until when the caller holds it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held_until: Option<Timestamp>,
    /// Who labelled it, for who may know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// Who reviewed it, for who may know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reviewer: Option<String>,
    /// The version of the project's guideline.
    pub guideline: u32,
    /// The revision of the labels.
    pub revision: u64,
    /// The labels.
    pub labels: Vec<LabelView>,
    /// Seconds of work so far.
    pub seconds: u64,
    /// Issues that nobody resolved.
    pub open_issues: u64,
    /// Labels on which replicas do not agree, to be decided by a reviewer.
    pub conflicts: u64,
    /// Why it was skipped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skipped: Option<String>,
    /// Codes that intake or consensus put on it.
    pub flags: BTreeSet<String>,
}

/// A label as it stands on the wire.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct LabelView {
    /// Its id.
    pub id: String,
    /// `box`, `class`, `span`, `event`, `keyframe` or `track`.
    pub kind: String,
    /// The class in the guideline.
    pub class: String,
    /// What else it says.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, Value>,
    /// `person`, `model` or `import`.
    pub source: String,
    /// The confidence of a model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
    /// Left, top, right and bottom edge in pixels of the displayed image.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rect: Option<[f64; 4]>,
    /// Whether something hides part of the object.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub occluded: Option<bool>,
    /// Whether the object goes on beyond the image.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub truncated: Option<bool>,
    /// Whether it holds many objects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crowd: Option<bool>,
    /// The first code point or tick.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<i64>,
    /// The code point or tick behind the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<i64>,
    /// The tick of a keyframe.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<i64>,
    /// The boxes of a track.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub boxes: Option<Vec<KeyBoxView>>,
    /// Who put it last, for who may know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// The revision in which it was put last.
    pub revision: u64,
}

/// A box of a track.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct KeyBoxView {
    /// When, in ticks.
    pub at: i64,
    /// Left, top, right and bottom edge in pixels.
    pub rect: [f64; 4],
    /// Whether the object has left the picture from here on.
    pub outside: bool,
    /// Whether something hides part of it.
    pub occluded: bool,
}

impl ItemRow {
    pub(super) fn of(item: &Item, standing: Standing) -> Self {
        let named = standing.reviewer || standing.sees_figures();
        let hold = item.hold.as_ref().map(|hold| hold.person.clone());
        let mut flags = item.flags.clone();
        if item.gold && standing.sees_figures() {
            flags.insert("gold".to_owned());
        }
        Self {
            seq: item.seq,
            name: item.name.clone(),
            media_type: item.media_type.clone(),
            state: item.state.code().to_owned(),
            holder: hold.or_else(|| item.reserved.clone()).filter(|_| named),
            author: item.author.clone().filter(|_| named),
            labels: item.counts.values().sum(),
            open_issues: item.open_issues,
            priority: item.priority,
            flags,
            changed: item.changed,
        }
    }

    /// An item as one who took it sees it: nothing tells a replica or gold from any other.
    pub(super) fn of_turn(item: &Item, turn: &Turn, state: State, veiled: bool) -> Self {
        let mut row = Self::of(item, Standing::default());
        let main = turn.kind == super::rows::TurnKind::Main;
        row.state = state.code().to_owned();
        if veiled || !main {
            row.labels = turn.labels;
            row.changed = turn.changed;
            row.flags.remove("declined");
        }
        if !main {
            row.open_issues = 0;
        }
        row
    }
}

impl ItemView {
    /// The size of an item, as fields.
    pub(super) fn sized(mut self, extent: &Extent) -> Self {
        match *extent {
            Extent::Image { width, height } => {
                (self.width, self.height) = (Some(width), Some(height));
            }
            Extent::Text { chars } => self.chars = Some(chars),
            Extent::Video { width, height, from, to } => {
                (self.width, self.height) = (Some(width), Some(height));
                (self.from, self.to) = (Some(from), Some(to));
            }
        }
        self
    }
}

impl LabelView {
    /// A label, with its author where that may be known.
    #[must_use]
    pub fn of(label: &Label, named: bool) -> Self {
        let mut view = Self {
            id: label.id.clone(),
            kind: label.shape.kind().code().to_owned(),
            class: label.class.clone(),
            attributes: label.attributes.iter().map(|(k, v)| (k.clone(), value(v))).collect(),
            source: label.source.code().to_owned(),
            score: label.score.as_deref().and_then(|score| score.parse().ok()),
            rect: None,
            occluded: None,
            truncated: None,
            crowd: None,
            start: None,
            end: None,
            at: None,
            boxes: None,
            author: Some(label.author.clone()).filter(|_| named),
            revision: label.revision,
        };
        match &label.shape {
            Shape::Box { rect, occluded, truncated, crowd } => {
                view.rect = Some(pixels(*rect));
                (view.occluded, view.truncated) = (Some(*occluded), Some(*truncated));
                view.crowd = Some(*crowd);
            }
            Shape::Class => {}
            Shape::Span { start, end } => {
                (view.start, view.end) = (i64::try_from(*start).ok(), i64::try_from(*end).ok());
            }
            Shape::Event { start, end } => (view.start, view.end) = (Some(*start), Some(*end)),
            Shape::Keyframe { at } => view.at = Some(*at),
            Shape::Track { boxes } => {
                let boxes = boxes.iter().map(|key| KeyBoxView {
                    at: key.at,
                    rect: pixels(key.rect),
                    outside: key.outside,
                    occluded: key.occluded,
                });
                view.boxes = Some(boxes.collect());
            }
        }
        view
    }
}

fn value(attribute: &Attribute) -> Value {
    match attribute {
        Attribute::Text(text) => Value::String(text.clone()),
        Attribute::Number(text) => serde_json::from_str(text).unwrap_or(Value::Null),
        Attribute::Flag(flag) => Value::Bool(*flag),
    }
}

/// The nearest number of JSON to an exact decimal of at most 13 digits, which writes the same
/// decimal again.
fn pixels(rect: [i64; 4]) -> [f64; 4] {
    rect.map(|edge| decimal(edge).parse().unwrap_or(f64::NAN))
}

/// The state as its code.
pub(super) fn code(state: State) -> String {
    state.code().to_owned()
}
