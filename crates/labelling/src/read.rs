//! What a client sends to save: operations on labels, each read and checked alone, so that one bad
//! label does not lose the others. Serves anno-3.2 and pb-07. Bounds: so many operations, so deep,
//! so long a text; whatever breaks one has its place.

use std::collections::BTreeMap;

use annotation::json::Scanner;
use annotation::{CoordinateError, Json, MICROS, Node, exact_micros, parse_micros, placed};
use serde::{Deserialize, Serialize};

use crate::guideline::{AttributeKind, AttributeRule, ClassRule, Guideline};
use crate::label::{Attribute, Extent, KeyBox, Kind, Label, Shape, Source};

/// The most operations of one save.
const OPERATIONS: usize = 6_000;
/// The most boxes of one track.
const KEY_BOXES: usize = 20_000;
/// The most characters of an attribute's text.
const TEXT: usize = 500;
/// The most seconds that one save may count: a day.
const SECONDS: u64 = 86_400;

/// Why a save cannot be read at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    /// It is no JSON.
    #[error("no JSON at byte {at}")]
    Syntax {
        /// The byte.
        at: usize,
    },
    /// A field is missing or of another type.
    #[error("{field} cannot be used")]
    Field {
        /// Which, as a JSON pointer.
        field: &'static str,
    },
    /// More operations than a save may have.
    #[error("a save has at most {limit} operations")]
    TooMany {
        /// How many.
        limit: usize,
    },
}

/// Why an operation was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusedCode {
    /// Neither `put` nor `delete`, or both.
    Shape,
    /// The id is none: 26 letters and digits.
    BadId,
    /// A field is missing.
    Missing,
    /// A field is of another type.
    WrongType,
    /// A field that labels do not have.
    UnknownField,
    /// Not a kind, or not one that the class or the item has.
    WrongKind,
    /// The guideline has no such class.
    UnknownClass,
    /// The class has no such attribute.
    UnknownAttribute,
    /// The attribute has no such value.
    UnknownValue,
    /// NaN or infinite.
    NotFinite,
    /// More than six decimals, or no number.
    NotExact,
    /// Wholly or partly beyond the item.
    Outside,
    /// The end lies before the start.
    Negative,
    /// Nothing lies inside.
    Empty,
    /// Smaller than the guideline's smallest.
    TooSmall,
    /// Longer, or more, than there may be.
    TooMany,
    /// Times that do not rise.
    NotRising,
    /// There is no label of this id.
    NoSuchLabel,
}

impl RefusedCode {
    /// As it is written.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Shape => "shape",
            Self::BadId => "bad_id",
            Self::Missing => "missing",
            Self::WrongType => "wrong_type",
            Self::UnknownField => "unknown_field",
            Self::WrongKind => "wrong_kind",
            Self::UnknownClass => "unknown_class",
            Self::UnknownAttribute => "unknown_attribute",
            Self::UnknownValue => "unknown_value",
            Self::NotFinite => "not_finite",
            Self::NotExact => "not_exact",
            Self::Outside => "outside",
            Self::Negative => "negative",
            Self::Empty => "empty",
            Self::TooSmall => "too_small",
            Self::TooMany => "too_many",
            Self::NotRising => "not_rising",
            Self::NoSuchLabel => "no_such_label",
        }
    }
}

/// An operation that was not done, with its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refused {
    /// Which operation, counted from 0.
    pub index: u64,
    /// The label's id, where it has one.
    pub id: String,
    /// Why.
    pub code: RefusedCode,
    /// Which field of it.
    pub field: String,
}

/// Something to be done to the labels of an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// A label is, or is again, as given.
    Put(Label),
    /// No label of this id any more.
    Delete(String),
}

/// A save as it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Save {
    /// The revision that the client had seen.
    pub base: u64,
    /// How long the person worked since the save before.
    pub seconds: u64,
    /// What to do, by place in the list.
    pub operations: Vec<(u64, Operation)>,
    /// What was refused unseen.
    pub refused: Vec<Refused>,
}

type Wrong = (RefusedCode, String);

fn wrong<T>(code: RefusedCode, field: impl Into<String>) -> Result<T, Wrong> {
    Err((code, field.into()))
}

/// Reads a save, `{"base", "seconds", "operations"}`. Bad operations are listed and the rest is
/// taken.
///
/// # Errors
/// When the whole is no save.
pub fn read_save(bytes: &[u8]) -> Result<Save, BodyError> {
    let mut scanner = Scanner::new(bytes, 16);
    let syntax = |at| BodyError::Syntax { at };
    let node = Node::read(&mut scanner, 16).map_err(|error| syntax(error.at))?;
    if !bytes.get(scanner.at..).unwrap_or_default().iter().all(u8::is_ascii_whitespace) {
        return Err(syntax(scanner.at));
    }
    let whole = |key, field| match node.get(key) {
        None => Ok(0),
        Some(node) => node.whole().ok_or(BodyError::Field { field }),
    };
    let base = whole("base", "/base")?;
    let seconds = whole("seconds", "/seconds")?;
    if seconds > SECONDS {
        return Err(BodyError::Field { field: "/seconds" });
    }
    let Some(Json::List(list)) = node.get("operations").map(|node| &node.json) else {
        return Err(BodyError::Field { field: "/operations" });
    };
    if list.len() > OPERATIONS {
        return Err(BodyError::TooMany { limit: OPERATIONS });
    }
    let mut save = Save { base, seconds, operations: Vec::new(), refused: Vec::new() };
    for (index, node) in list.iter().enumerate() {
        let index = index as u64;
        match operation(node) {
            Ok(operation) => save.operations.push((index, operation)),
            Err((code, field)) => {
                let label = node.get("put").and_then(|put| put.get("id"));
                let id = label.or_else(|| node.get("delete")).and_then(Node::text);
                let id: String = id.unwrap_or_default().chars().take(64).collect();
                save.refused.push(Refused { index, id, code, field });
            }
        }
    }
    Ok(save)
}

fn operation(node: &Node<'_>) -> Result<Operation, Wrong> {
    match (node.get("put"), node.get("delete")) {
        (Some(put), None) => Ok(Operation::Put(read_label(put)?)),
        (None, Some(delete)) => match delete.text() {
            Some(id) if is_id(id) => Ok(Operation::Delete(id.to_owned())),
            _ => wrong(RefusedCode::BadId, "delete"),
        },
        _ => wrong(RefusedCode::Shape, ""),
    }
}

/// A ULID as text: 26 letters and digits.
fn is_id(text: &str) -> bool {
    text.len() == 26 && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// What a label may say; author and revision are what the server said on reading.
const FIELDS: [&str; 16] = [
    "id",
    "kind",
    "class",
    "attributes",
    "source",
    "score",
    "rect",
    "occluded",
    "truncated",
    "crowd",
    "start",
    "end",
    "at",
    "boxes",
    "author",
    "revision",
];

/// Reads one label as it stands on the wire; author and revision are not believed.
///
/// # Errors
/// With the field that is wrong.
pub fn read_label(node: &Node<'_>) -> Result<Label, (RefusedCode, String)> {
    let text = |key: &str| match node.get(key) {
        None => wrong(RefusedCode::Missing, key),
        Some(value) => match value.text() {
            Some(text) => Ok(text.to_owned()),
            None => wrong(RefusedCode::WrongType, key),
        },
    };
    if let Some((name, _)) = node.fields().iter().find(|(name, _)| !FIELDS.contains(&name.as_ref()))
    {
        let name: String = name.chars().take(64).collect();
        return wrong(RefusedCode::UnknownField, name);
    }
    let id = text("id")?;
    if !is_id(&id) {
        return wrong(RefusedCode::BadId, "id");
    }
    let source = match node.get("source").map(|node| node.text()) {
        None | Some(Some("person")) => Source::Person,
        Some(Some("model")) => Source::Model,
        Some(Some("import")) => Source::Import,
        Some(_) => return wrong(RefusedCode::WrongType, "source"),
    };
    let score = match node.get("score") {
        None => None,
        Some(node) => Some(number_text(node, "score")?),
    };
    let shape = shape(node, &text("kind")?)?;
    let attributes = attributes(node)?;
    let class = text("class")?;
    let (author, revision) = (String::new(), 0);
    Ok(Label { id, shape, class, attributes, source, score, author, revision })
}

fn number_text(node: &Node<'_>, field: &str) -> Result<String, Wrong> {
    let Json::Number(text) = node.json else { return wrong(RefusedCode::WrongType, field) };
    match parse_micros(text.as_bytes()) {
        Ok(_) => Ok(text.to_owned()),
        Err(CoordinateError::NotFinite) => wrong(RefusedCode::NotFinite, field),
        Err(CoordinateError::Malformed | CoordinateError::OutOfRange) => {
            wrong(RefusedCode::NotExact, field)
        }
    }
}

fn attributes(node: &Node<'_>) -> Result<BTreeMap<String, Attribute>, Wrong> {
    let mut attributes = BTreeMap::new();
    let Some(given) = node.get("attributes") else { return Ok(attributes) };
    let Json::Object(fields) = &given.json else {
        return wrong(RefusedCode::WrongType, "attributes");
    };
    if fields.len() > 200 {
        return wrong(RefusedCode::TooMany, "attributes");
    }
    for (name, value) in fields {
        let field = || format!("attributes/{}", name.chars().take(64).collect::<String>());
        let value = match &value.json {
            Json::Null => continue,
            Json::Flag(flag) => Attribute::Flag(*flag),
            Json::Number(_) => Attribute::Number(number_text(value, &field())?),
            Json::Text(text) if text.chars().count() <= TEXT => Attribute::Text(text.to_string()),
            Json::Text(_) => return wrong(RefusedCode::TooMany, field()),
            Json::List(_) | Json::Object(_) => return wrong(RefusedCode::WrongType, field()),
        };
        attributes.insert(name.to_string(), value);
    }
    Ok(attributes)
}

fn shape(node: &Node<'_>, kind: &str) -> Result<Shape, Wrong> {
    let Some(kind) = Kind::from_code(kind) else { return wrong(RefusedCode::WrongKind, "kind") };
    Ok(match kind {
        Kind::Class => Shape::Class,
        Kind::Box => Shape::Box {
            rect: rect(node, "rect")?,
            occluded: flag(node, "occluded")?,
            truncated: flag(node, "truncated")?,
            crowd: flag(node, "crowd")?,
        },
        Kind::Span => Shape::Span { start: place(node, "start")?, end: place(node, "end")? },
        Kind::Event => Shape::Event { start: ticks(node, "start")?, end: ticks(node, "end")? },
        Kind::Keyframe => Shape::Keyframe { at: ticks(node, "at")? },
        Kind::Track => Shape::Track { boxes: key_boxes(node)? },
    })
}

fn flag(node: &Node<'_>, key: &str) -> Result<bool, Wrong> {
    match node.get(key) {
        None => Ok(false),
        Some(value) => value.flag().map_or_else(|| wrong(RefusedCode::WrongType, key), Ok),
    }
}

/// A place in a text.
fn place(node: &Node<'_>, key: &str) -> Result<u64, Wrong> {
    u64::try_from(ticks(node, key)?).or_else(|_| wrong(RefusedCode::Outside, key))
}

/// A whole number of ticks, which JavaScript can hold too.
fn ticks(node: &Node<'_>, key: &str) -> Result<i64, Wrong> {
    let Some(value) = node.get(key) else { return wrong(RefusedCode::Missing, key) };
    let Json::Number(text) = value.json else { return wrong(RefusedCode::WrongType, key) };
    match text.parse::<i64>() {
        Ok(value) if value.unsigned_abs() < 1 << 53 => Ok(value),
        _ if text.contains(['N', 'I']) => wrong(RefusedCode::NotFinite, key),
        _ => wrong(RefusedCode::NotExact, key),
    }
}

fn rect(node: &Node<'_>, key: &str) -> Result<[i64; 4], Wrong> {
    let Some(value) = node.get(key) else { return wrong(RefusedCode::Missing, key) };
    let Json::List(list) = &value.json else { return wrong(RefusedCode::WrongType, key) };
    let mut edges = [0; 4];
    if list.len() != edges.len() {
        return wrong(RefusedCode::WrongType, key);
    }
    for (at, (edge, value)) in edges.iter_mut().zip(list).enumerate() {
        let field = format!("{key}/{at}");
        let text = number_text(value, &field)?;
        match parse_micros(text.as_bytes()) {
            Ok(micros) if exact_micros(text.as_bytes()) => *edge = micros,
            _ => return wrong(RefusedCode::NotExact, field),
        }
    }
    Ok(edges)
}

fn key_boxes(node: &Node<'_>) -> Result<Vec<KeyBox>, Wrong> {
    let Some(Json::List(list)) = node.get("boxes").map(|node| &node.json) else {
        return wrong(RefusedCode::Missing, "boxes");
    };
    if list.is_empty() || list.len() > KEY_BOXES {
        return wrong(RefusedCode::TooMany, "boxes");
    }
    let mut boxes: Vec<KeyBox> = Vec::with_capacity(list.len());
    for (index, node) in list.iter().enumerate() {
        let within = |(code, field): Wrong| (code, format!("boxes/{index}/{field}"));
        let at = ticks(node, "at").map_err(within)?;
        if boxes.last().is_some_and(|last| last.at >= at) {
            return wrong(RefusedCode::NotRising, format!("boxes/{index}/at"));
        }
        boxes.push(KeyBox {
            at,
            rect: rect(node, "rect").map_err(within)?,
            outside: flag(node, "outside").map_err(within)?,
            occluded: flag(node, "occluded").map_err(within)?,
        });
    }
    Ok(boxes)
}

/// Checks a label against the guideline and the item.
///
/// # Errors
/// With the field that is wrong.
pub fn check(
    label: &Label,
    guideline: &Guideline,
    extent: Option<&Extent>,
) -> Result<(), (RefusedCode, String)> {
    let Some(class) = guideline.class(&label.class) else {
        return wrong(RefusedCode::UnknownClass, "class");
    };
    if !class.kinds.contains(&label.shape.kind()) {
        return wrong(RefusedCode::WrongKind, "kind");
    }
    for (name, value) in &label.attributes {
        let Some(rule) = class.attribute(name) else {
            return wrong(RefusedCode::UnknownAttribute, format!("attributes/{name}"));
        };
        if let Err(code) = holds(rule, value) {
            return wrong(code, format!("attributes/{name}"));
        }
    }
    match extent {
        Some(extent) => lies(label, class, extent),
        None => Ok(()),
    }
}

fn holds(rule: &AttributeRule, value: &Attribute) -> Result<(), RefusedCode> {
    match (rule.kind, value) {
        (AttributeKind::Select, Attribute::Text(text)) => {
            let known = rule.values.iter().any(|value| value.id == *text);
            if known { Ok(()) } else { Err(RefusedCode::UnknownValue) }
        }
        (AttributeKind::Text, Attribute::Text(_))
        | (AttributeKind::Number, Attribute::Number(_))
        | (AttributeKind::Flag, Attribute::Flag(_)) => Ok(()),
        _ => Err(RefusedCode::WrongType),
    }
}

fn lies(label: &Label, class: &ClassRule, extent: &Extent) -> Result<(), Wrong> {
    match (&label.shape, *extent) {
        (Shape::Class, _) => Ok(()),
        (Shape::Box { rect, crowd, .. }, Extent::Image { width, height }) => {
            boxed(*rect, (width, height), class, *crowd, "rect")
        }
        (Shape::Span { start, end }, Extent::Text { chars }) => {
            within((i128::from(*start), i128::from(*end)), (0, i128::from(chars)))
        }
        (Shape::Event { start, end }, Extent::Video { from, to, .. }) => {
            within((i128::from(*start), i128::from(*end)), (i128::from(from), i128::from(to)))
        }
        (Shape::Keyframe { at }, Extent::Video { from, to, .. }) => {
            if (from..to).contains(at) {
                Ok(())
            } else {
                wrong(RefusedCode::Outside, "at")
            }
        }
        (Shape::Track { boxes }, Extent::Video { width, height, from, to }) => {
            for (index, key) in boxes.iter().enumerate() {
                if !(from..to).contains(&key.at) {
                    return wrong(RefusedCode::Outside, format!("boxes/{index}/at"));
                }
                let field = format!("boxes/{index}/rect");
                boxed(key.rect, (width, height), class, key.outside, &field)?;
            }
            Ok(())
        }
        _ => wrong(RefusedCode::WrongKind, "kind"),
    }
}

fn boxed(
    rect: [i64; 4],
    (width, height): (u32, u32),
    class: &ClassRule,
    any_size: bool,
    field: &str,
) -> Result<(), Wrong> {
    match placed(rect, Some((width, height))) {
        Err(annotation::Problem::NegativeSize) => return wrong(RefusedCode::Negative, field),
        Err(_) | Ok((_, Some(annotation::Problem::OverEdge))) => {
            return wrong(RefusedCode::Outside, field);
        }
        Ok((_, Some(annotation::Problem::EmptyBox))) => return wrong(RefusedCode::Empty, field),
        Ok(_) => {}
    }
    let [x0, y0, x1, y1] = rect;
    let Some([least_x, least_y]) = class.min_size.filter(|_| !any_size) else { return Ok(()) };
    if x1 - x0 < i64::from(least_x) * MICROS || y1 - y0 < i64::from(least_y) * MICROS {
        return wrong(RefusedCode::TooSmall, field);
    }
    Ok(())
}

fn within((start, end): (i128, i128), (from, to): (i128, i128)) -> Result<(), Wrong> {
    if end < start {
        wrong(RefusedCode::Negative, "end")
    } else if end == start {
        wrong(RefusedCode::Empty, "end")
    } else if start < from {
        wrong(RefusedCode::Outside, "start")
    } else if end > to {
        wrong(RefusedCode::Outside, "end")
    } else {
        Ok(())
    }
}
