//! Findings: what a reader noticed in a file, each with its place. Serves anno-3.5 (delivery).
//! Knows codes and fields; knows no words for people, which the command line makes.

use serde::Serialize;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing; nothing was left out or changed that could alter a figure.
    Notice,
    /// Taken as it stands, but probably not what was meant.
    Warning,
    /// The record was left out, or the file could not be read to its end.
    Error,
}

/// Where in the input a finding lies.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize)]
pub struct Place {
    /// The file as the caller named it.
    pub file: String,
    /// Line, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// Byte offset, counted from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    /// JSON pointer, such as `/annotations/17/bbox`, or the name of an XML element or a column.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The record's own id, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
}

/// What is wrong. The codes are stable: programs may read them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Problem {
    /// The file is larger than the limit and was not read.
    FileTooLarge {
        /// Size of the file in bytes.
        bytes: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// The file or folder could not be read.
    Unreadable {
        /// The system's own message.
        reason: String,
    },
    /// None of the formats that are read.
    UnknownFormat,
    /// The file ends in the middle of a value. What came before was taken.
    Truncated,
    /// Not JSON at this byte. What came before was taken.
    JsonSyntax {
        /// What was expected here.
        expected: String,
    },
    /// Arrays and objects are nested deeper than the limit.
    TooDeep {
        /// The limit.
        limit: u64,
    },
    /// Not XML at this byte.
    XmlSyntax {
        /// The parser's own message.
        reason: String,
    },
    /// Not UTF-8.
    NotUtf8,
    /// More records than the limit; the rest was not read.
    TooManyRecords {
        /// The limit.
        limit: u64,
    },
    /// A required field is not there.
    MissingField,
    /// A field has another type or form than its format says.
    WrongType {
        /// What was expected.
        expected: String,
    },
    /// A coordinate is NaN or infinite.
    NotFinite,
    /// A coordinate is beyond a million pixels.
    OutOfRange,
    /// A width or height is below zero.
    NegativeSize,
    /// A box without area; it can match nothing.
    EmptyBox,
    /// A box wholly outside its image.
    OutsideImage,
    /// A box that reaches over the edge of its image; taken as it stands.
    OverEdge,
    /// A second record with the same id; left out.
    DuplicateId,
    /// An annotation with id 0, which several tools take for "no match"; renumbered.
    IdZeroRenumbered {
        /// The id that it has now.
        now: u64,
    },
    /// An annotation of an image that is not listed.
    UnknownImage {
        /// The image id.
        image: u64,
    },
    /// An annotation of a class that is not listed.
    UnknownClass {
        /// The category id.
        class: u64,
    },
    /// Two classes or images with the same name; taken as one.
    DuplicateName {
        /// The name.
        name: String,
    },
    /// The name inside the file is not the name of the file; the file's own name was taken.
    NameMismatch {
        /// The name inside.
        inside: String,
    },
    /// No annotation at all.
    Empty,
    /// A gold image that the delivery does not have.
    ImageNotDelivered,
    /// A gold text that the delivery does not have.
    TextNotDelivered,
    /// An annotation of a video that is not listed.
    UnknownVideo {
        /// The video's number.
        video: u64,
    },
    /// The size of an image is not known, and its format gives places as shares of it.
    UnknownSize,
    /// The rate at which a video's frames were shown is not known, so that a frame is no time.
    UnknownRate,
    /// A passage or an event ends before it begins, or lies beyond its text.
    BadRange,
    /// The text is not UTF-8, and looks like another encoding.
    OtherEncoding {
        /// Its usual name.
        encoding: String,
    },
    /// The file begins with a byte order mark, which was passed over.
    ByteOrderMark,
    /// An archive that cannot be opened.
    BadArchive {
        /// The reason.
        reason: String,
    },
    /// A file in an archive whose name leads out of it, or is no plain path; left out.
    UnsafeName {
        /// The name.
        name: String,
    },
    /// More files than the limit.
    TooManyFiles {
        /// The limit.
        limit: u64,
    },
    /// A file in an archive that unpacks to more than any real one does.
    TooDense {
        /// How many times its packed size it may have.
        limit: u64,
    },
    /// A file that is spoken of and is not there.
    MissingFile {
        /// Its name.
        name: String,
    },
    /// The hash that is stated for a file is not that of its bytes.
    WrongHash,
    /// More findings than the limit.
    FindingsLeftOut {
        /// How many more.
        count: u64,
    },
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Finding {
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong.
    #[serde(flatten)]
    pub problem: Problem,
    /// Where.
    pub place: Place,
}

/// Bounds on what a reader accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Largest file in bytes.
    pub file_bytes: u64,
    /// Most boxes or texts in one delivery.
    pub records: u64,
    /// Deepest nesting of arrays, objects or elements.
    pub depth: usize,
    /// Most findings kept; the rest is counted.
    pub findings: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { file_bytes: 4 << 30, records: 50_000_000, depth: 64, findings: 10_000 }
    }
}

/// Collects findings up to a limit and fills in line numbers at the end.
#[derive(Debug)]
pub struct Findings {
    file: String,
    limit: usize,
    kept: Vec<Finding>,
    left_out: u64,
}

impl Findings {
    /// Collects for the file of this name.
    #[must_use]
    pub fn new(file: &str, limits: &Limits) -> Self {
        Self { file: file.to_owned(), limit: limits.findings, kept: Vec::new(), left_out: 0 }
    }

    /// Records a finding about the whole file.
    pub fn file(&mut self, severity: Severity, problem: Problem) {
        self.push(severity, problem, Place::default());
    }

    /// Records a finding; the file name is added here.
    pub fn push(&mut self, severity: Severity, problem: Problem, place: Place) {
        if self.kept.len() >= self.limit {
            self.left_out += 1;
            return;
        }
        let place = Place { file: self.file.clone(), ..place };
        self.kept.push(Finding { severity, problem, place });
    }

    /// Gives the findings in order of place, with lines counted in one pass over the input.
    #[must_use]
    pub fn finish(mut self, bytes: &[u8]) -> Vec<Finding> {
        self.kept.sort_by_key(|finding| finding.place.offset);
        let (mut line, mut counted) = (1_u64, 0_usize);
        for finding in &mut self.kept {
            let Some(offset) = finding.place.offset else { continue };
            let upto = usize::try_from(offset).map_or(bytes.len(), |at| at.min(bytes.len()));
            let fresh = bytes.get(counted..upto).unwrap_or_default();
            line += fresh.iter().filter(|byte| **byte == b'\n').count() as u64;
            counted = upto;
            finding.place.line = Some(line);
        }
        if self.left_out > 0 {
            let problem = Problem::FindingsLeftOut { count: self.left_out };
            let place = Place { file: self.file.clone(), ..Place::default() };
            self.kept.push(Finding { severity: Severity::Warning, problem, place });
        }
        self.kept
    }
}
