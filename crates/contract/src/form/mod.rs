//! Reading a tree of keys and values into typed terms. Every problem is reported at once, each
//! with the path of its field and its place in the file. Knows no file format: `desk` turns TOML
//! or JSON into [`Node`]s.

mod leaves;
mod macros;
mod read;
mod write;

pub use leaves::{Leaf, leaves};
pub(crate) use macros::{alternative, choice, record};
pub(crate) use read::{out_of_range, read_alternative, read_choice};
pub use write::{WriteError, to_node};

use alloc::borrow::ToOwned;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use units::ClauseId;

/// A byte range in the file that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Place {
    /// First byte.
    pub start: usize,
    /// First byte after.
    pub end: usize,
}

/// A value with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Where it stands.
    pub place: Place,
    /// What it is.
    pub value: Value,
}

/// A value of any file format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Absent on purpose (JSON null).
    Null,
    /// Text, and dates as they are written.
    Text(String),
    /// An integer.
    Integer(i64),
    /// A number with a decimal point, as it is written: refused, since exact values are text.
    Float(String),
    /// True or false.
    Bool(bool),
    /// A list.
    List(Vec<Node>),
    /// Keys and values in the order of the file.
    Table(Vec<(Key, Node)>),
}

/// A key with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The key.
    pub name: String,
    /// Where it stands.
    pub place: Place,
}

/// Something wrong in an agreement file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The field, such as `lease.gpu_price.price` or `annotation.items[2].quantity`.
    pub path: String,
    /// Where it stands in the file.
    pub place: Place,
    /// What is wrong.
    pub kind: ProblemKind,
    /// The clause that the field fills, where it fills one.
    pub clause: Option<ClauseId>,
    /// Whether it blocks signing.
    pub severity: Severity,
}

/// Whether a problem blocks signing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The agreement cannot be signed as it stands.
    Error,
    /// It can be signed, and one of the parties may come to regret it.
    Warning,
}

/// What can be wrong in an agreement file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProblemKind {
    /// The file is longer than the reader takes.
    TooLarge {
        /// How many bytes it takes.
        limit: usize,
    },
    /// A byte that is no UTF-8.
    NotUtf8,
    /// Values within each other deeper than the reader goes.
    TooDeep {
        /// How many levels it goes.
        limit: usize,
    },
    /// The text is not of the file's format; nothing after it was read.
    Syntax {
        /// What the format's reader says, in English.
        message: String,
    },
    /// A field that the agreement needs is not there.
    Missing,
    /// A field that no agreement has; `nearest` is a known one of similar spelling.
    Unknown {
        /// A known field of similar spelling.
        nearest: Option<String>,
    },
    /// The same field twice.
    Duplicate,
    /// A value of another type.
    WrongType {
        /// The code of the type that belongs here: `text`, `integer`, `bool`, `list`, `table`.
        expected: &'static str,
        /// The code of the type that stands here.
        found: &'static str,
    },
    /// A number with a decimal point; exact values are written as text.
    FloatingPoint {
        /// As written.
        found: String,
    },
    /// A text that is none of the allowed values.
    NotAllowed {
        /// As written.
        found: String,
        /// The allowed values.
        allowed: Vec<&'static str>,
    },
    /// A text of another form.
    Malformed {
        /// As written.
        found: String,
        /// The code of the form that belongs here: `decimal`, `percent`, `date`, `duration` ….
        expected: &'static str,
    },
    /// A value outside its range.
    OutOfRange {
        /// As written.
        found: String,
        /// Smallest allowed value.
        min: String,
        /// Largest allowed value.
        max: String,
    },
    /// An amount in words that is not the amount in figures.
    WordsDiffer {
        /// The amount in figures.
        figure: String,
        /// The words as written.
        words: String,
        /// What the words say, when they can be read.
        read: Option<String>,
    },
    /// A rule between fields does not hold; `rule` is its code.
    Rule {
        /// The code of the rule, such as `ends_before_starts`.
        rule: &'static str,
        /// The values that break it, in the order that the rule's message names them.
        values: Vec<String>,
    },
}

/// How a typed value is read from a [`Node`].
pub trait Form: Sized {
    /// Reads the value; on a problem, reports it and returns `None`.
    fn read(node: &Node, path: &str, problems: &mut Vec<Problem>) -> Option<Self>;

    /// The value when the field is absent; `None` when the field must be there.
    fn absent() -> Option<Self> {
        None
    }
}

impl Problem {
    /// A problem of a field.
    #[must_use]
    pub fn new(path: &str, place: Place, kind: ProblemKind) -> Self {
        Self { path: path.to_owned(), place, kind, clause: None, severity: Severity::Error }
    }
}

impl ProblemKind {
    /// The stable code, such as `missing`; of a rule its own code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "too_large",
            Self::NotUtf8 => "not_utf8",
            Self::TooDeep { .. } => "too_deep",
            Self::Syntax { .. } => "syntax",
            Self::Missing => "missing",
            Self::Unknown { .. } => "unknown_field",
            Self::Duplicate => "duplicate_field",
            Self::WrongType { .. } => "wrong_type",
            Self::FloatingPoint { .. } => "floating_point",
            Self::NotAllowed { .. } => "not_allowed",
            Self::Malformed { .. } => "malformed",
            Self::OutOfRange { .. } => "out_of_range",
            Self::WordsDiffer { .. } => "words_differ",
            Self::Rule { rule, .. } => rule,
        }
    }
}

impl Severity {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

impl Node {
    /// The value at a dotted path such as `annotation.items[2].quantity`, or the nearest
    /// enclosing one that exists; semantic checks use it to find their place.
    #[must_use]
    pub fn nearest(&self, path: &str) -> &Self {
        let mut node = self;
        for part in path.split('.') {
            let (name, indices) =
                part.split_once('[').map_or((part, ""), |(name, rest)| (name, rest));
            match node.get(name) {
                Some(found) => node = found,
                None => return node,
            }
            for index in indices.split('[') {
                let index = index.trim_end_matches(']').parse::<usize>();
                let (Ok(index), Value::List(items)) = (index, &node.value) else { break };
                match items.get(index) {
                    Some(found) => node = found,
                    None => return node,
                }
            }
        }
        node
    }

    /// The value of a key of this table.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Self> {
        let Value::Table(entries) = &self.value else { return None };
        entries.iter().find(|(key, _)| key.name == name).map(|(_, node)| node)
    }

    /// The text of a key of this table.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        match &self.get(name)?.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// This table without the key that says which alternative it is; the record inside an
    /// alternative does not know that key.
    pub(crate) fn without_alternative(&self) -> Self {
        let Value::Table(entries) = &self.value else { return self.clone() };
        let rest = entries.iter().filter(|(key, _)| key.name != ALTERNATIVE).cloned().collect();
        Self { place: self.place, value: Value::Table(rest) }
    }

    /// The code of this value's type.
    #[must_use]
    pub const fn type_code(&self) -> &'static str {
        match &self.value {
            Value::Null => "null",
            Value::Text(_) => "text",
            Value::Integer(_) => "integer",
            Value::Float(_) => "float",
            Value::Bool(_) => "bool",
            Value::List(_) => "list",
            Value::Table(_) => "table",
        }
    }
}

/// Reads one field of a table, or its absent value.
pub(crate) fn field<T: Form>(
    table: &Node,
    name: &str,
    path: &str,
    problems: &mut Vec<Problem>,
) -> Option<T> {
    let path = join(path, name);
    match table.get(name) {
        Some(node) if node.value != Value::Null => T::read(node, &path, problems),
        _ => {
            let absent = T::absent();
            if absent.is_none() {
                problems.push(Problem::new(&path, table.place, ProblemKind::Missing));
            }
            absent
        }
    }
}

/// Checks that a node is a table without unknown or repeated keys.
pub(crate) fn check_table(
    node: &Node,
    known: &[&str],
    path: &str,
    problems: &mut Vec<Problem>,
) -> bool {
    let Value::Table(entries) = &node.value else {
        wrong_type(node, "table", path, problems);
        return false;
    };
    let mut seen = BTreeSet::new();
    let mut unknown = 0;
    for (key, _) in entries {
        let path = join(path, &key.name);
        if !known.contains(&key.name.as_str()) {
            // A table of thousands of unknown keys is no slip of the pen either.
            unknown += 1;
            let name = Some(&key.name).filter(|_| unknown <= MOST_SUGGESTIONS);
            let nearest = name.and_then(|name| nearest_name(name, known)).map(ToOwned::to_owned);
            problems.push(Problem::new(&path, key.place, ProblemKind::Unknown { nearest }));
        }
        if !seen.insert(key.name.as_str()) {
            problems.push(Problem::new(&path, key.place, ProblemKind::Duplicate));
        }
    }
    true
}

/// The key that says which alternative a table is.
pub(crate) const ALTERNATIVE: &str = "type";

pub(crate) fn wrong_type(
    node: &Node,
    expected: &'static str,
    path: &str,
    problems: &mut Vec<Problem>,
) {
    let kind = match &node.value {
        Value::Float(found) => ProblemKind::FloatingPoint { found: found.clone() },
        _ => ProblemKind::WrongType { expected, found: node.type_code() },
    };
    problems.push(Problem::new(path, node.place, kind));
}

pub(crate) fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// The known name with the smallest edit distance, when it is at most a third of the name.
fn nearest_name<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    if name.len() > LONGEST_NAME {
        return None;
    }
    let distance = |candidate: &str| edit_distance(name, candidate);
    let best = known.iter().copied().min_by_key(|candidate| distance(candidate))?;
    (distance(best) <= (name.len() / 3).max(1)).then_some(best)
}

/// So many unknown keys of one table are compared with the known ones.
const MOST_SUGGESTIONS: usize = 50;

/// Names of fields are shorter; a longer one is no slip of the pen.
const LONGEST_NAME: usize = 64;

fn edit_distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in right.iter().enumerate() {
            let cost = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = cost.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[right.len()]
}
