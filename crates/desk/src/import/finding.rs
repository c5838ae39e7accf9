//! What can be wrong with a file, as codes and fields. Words for people are made in `cli`.

use serde::Serialize;

/// Something about a file, with its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Where.
    pub place: Place,
    /// What.
    #[serde(flatten)]
    pub problem: Problem,
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// The whole file.
    File,
    /// A line, from 1.
    Line(u64),
    /// A JSON pointer (RFC 6901), such as `/jobs/3`.
    Pointer(String),
}

/// What follows from a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Nothing is lost.
    Notice,
    /// A record, a line or the rest of the file was not taken.
    Refused,
    /// Two records of one key contradict each other; the first was taken.
    Conflict,
}

/// The kind of JSON value that was expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// An object.
    Object,
    /// A list.
    List,
    /// A text.
    Text,
    /// An integer.
    Integer,
}

/// The encoding that bytes other than UTF-8 look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Encoding {
    /// GB18030, GBK or GB2312: what Chinese spreadsheets write unless told otherwise.
    Gb18030,
    /// UTF-16 with its mark.
    Utf16,
}

/// What is wrong. Texts quoted from the file are clipped to 120 characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
#[allow(missing_docs, reason = "the fields repeat the words of their variant")]
pub enum Problem {
    /// The file says nothing.
    Empty,
    /// More bytes than allowed; nothing was read.
    TooManyBytes { have: u64, limit: u64 },
    /// More records than allowed; the rest was not taken.
    TooManyRecords { limit: u64 },
    /// More findings than are kept.
    TooManyFindings { left_out: u64 },
    /// More devices than allowed in one job or in the file.
    TooManyDevices { limit: u64 },
    /// A line longer than allowed.
    LineTooLong { have: u64, limit: u64 },
    /// A text longer than allowed.
    TextTooLong { field: String, have: u64, limit: u64 },
    /// Not UTF-8.
    NotUtf8 { looks_like: Option<Encoding> },
    /// Not JSON at this place of the text; the rest of it was not read.
    NotJson { line: u64, column: u64 },
    /// The JSON text stops within a value.
    EndsEarly { line: u64, column: u64 },
    /// Nested deeper than 128 levels.
    TooDeep { line: u64, column: u64 },
    /// An object names a key twice.
    DuplicateKey { key: String },
    /// A value of another kind than expected.
    WrongShape { field: String, want: Shape },
    /// A field is absent or empty.
    MissingField { field: String },
    /// A field that is not known here, so that a misspelt one is not lost in silence.
    UnknownField { field: String },
    /// Two fields that must agree do not.
    FieldsDiffer { field: String, other: String },
    /// The header lacks a column; nothing was read.
    MissingColumn { field: String },
    /// A column that is not known here and was passed over.
    UnknownColumn { field: String },
    /// The header names a column twice; nothing was read.
    DuplicateColumn { field: String },
    /// The header is separated by another character; nothing was read.
    WrongSeparator { found: char },
    /// A row with another number of columns than its header.
    ColumnCount { have: u64, want: u64 },
    /// A quotation mark that is open, or stands within a bare field; the column from 1.
    BadQuoting { column: u64 },
    /// Not a time of the expected form, or a local time that happened twice or never.
    NotATime { field: String, text: String },
    /// Not an exact integer: `1.0`, `1e3` and `NaN` are none.
    NotAnInteger { field: String, text: String },
    /// A quantity below zero.
    NegativeQuantity { field: String, text: String },
    /// An integer above 2^64 − 1.
    TooLarge { field: String, text: String },
    /// Not an exact decimal.
    NotADecimal { field: String, text: String },
    /// Neither `true` nor `false`.
    NotABoolean { field: String, text: String },
    /// A text that cannot be a name there: a control character, or a bad list of nodes.
    NotAName { field: String, text: String },
    /// A state that is not known here.
    UnknownState { field: String, text: String },
    /// A CloudEvents type that is not known here.
    UnknownType { text: String },
    /// A metric that is not known here.
    UnknownMetric { text: String },
    /// Another version of the format.
    UnknownVersion { field: String, text: String },
    /// An end before its start.
    EndsBeforeStart { from: String, to: String },
    /// The source itself reports an error; the file may be incomplete.
    SourceError { text: String },
    /// The same record again; it was dropped.
    DuplicateId { source: String, id: String, first: Place },
    /// The same key with other content; the first was taken. `content` is the other's hash, in
    /// hexadecimal.
    ConflictingContent { source: String, id: String, first: Place, content: String },
    /// A job that never held anything; there is nothing to record.
    NeverStarted { job: String },
    /// A state that was read as another.
    ReadAs { text: String, state: String },
    /// The seconds between start and end differ from those that the scheduler counted.
    ElapsedDiffers { job: String, window: i64, elapsed: i64 },
    /// The GPUs do not divide evenly over the nodes; the first nodes were given one more.
    UnevenGpus { job: String, gpus: u64, nodes: u64 },
    /// An event of the whole cluster; there is nothing to record.
    ClusterEvent { text: String },
}

impl Finding {
    /// What follows from it.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        self.problem.severity()
    }
}

impl Problem {
    /// What follows from it.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        match self {
            Self::ConflictingContent { .. } => Severity::Conflict,
            Self::Empty
            | Self::UnknownColumn { .. }
            | Self::DuplicateId { .. }
            | Self::NeverStarted { .. }
            | Self::ReadAs { .. }
            | Self::ElapsedDiffers { .. }
            | Self::UnevenGpus { .. }
            | Self::ClusterEvent { .. } => Severity::Notice,
            _ => Severity::Refused,
        }
    }
}

/// A text from the file, short enough to quote.
pub(crate) fn clip(text: &str) -> String {
    text.chars().take(120).collect()
}
