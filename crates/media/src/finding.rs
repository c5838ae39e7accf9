//! What is wrong, or worth knowing, about a file, with its place. Codes and values; faces make the
//! sentences.

use serde::Serialize;

use crate::kind::{Kind, Modality};

/// How grave it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing; the item was taken.
    Notice,
    /// Something was not taken.
    Error,
}

/// Where it is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Place {
    /// The file; `archive.zip!inner/name.jpg` for one of an archive.
    pub file: String,
    /// The line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// The byte, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub byte: Option<u64>,
}

/// Something about a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How grave.
    pub severity: Severity,
    /// What.
    #[serde(flatten)]
    pub problem: Problem,
    /// Where.
    pub place: Place,
}

/// What is wrong, or worth knowing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "code")]
#[expect(missing_docs, reason = "the fields are the values that the variant's sentence names")]
pub enum Problem {
    /// The file cannot be opened or read.
    Unreadable { said: String },
    /// The file has no bytes, or a text no letters.
    Empty,
    /// The content is of no form that is known.
    Unknown,
    /// The form is known and is not taken.
    NotTaken { kind: Kind },
    /// The suffix promises another form than the content has.
    WrongSuffix { promised: Kind, is: Kind },
    /// Another kind of data is wanted.
    OtherModality { want: Modality, is: Modality },
    /// The file is too large.
    TooLarge { bytes: u64, limit: u64 },
    /// The image has too many pixels, in all or in one direction.
    TooManyPixels { width: u32, height: u32, limit: u64 },
    /// The decoded image would take too much memory.
    TooMuchMemory { bytes: u64, limit: u64 },
    /// The file ends before its image does.
    Truncated,
    /// The content breaks the rules of its form.
    Corrupt { said: String },
    /// A part of the form that is not read.
    Unsupported { said: String },
    /// The file says where it was taken; the shown copy does not.
    Located,
    /// The file has several pictures; the first is shown.
    Several,
    /// A text in another encoding than UTF-8 without a mark.
    Encoding { encoding: identifiers::Encoding },
    /// Bytes that are no letter of the encoding; the place is that of the first.
    Letters { count: u64 },
    /// Lines without letters, which are no items.
    BlankLines { count: u64 },
    /// The table has no such column.
    NoColumn { column: String, has: Vec<String> },
    /// A row of a table has no such field.
    ShortRow { fields: u64 },
    /// The table cannot be read any further.
    BadTable { said: String },
    /// More passages than are taken.
    TooManyPassages { limit: u64 },
    /// A passage is too long.
    TooManyChars { chars: u64, limit: u64 },
    /// A name that leaves its archive, or is none on some system.
    UnsafeName { name: String },
    /// A link, a device or another thing that is no file.
    NoFile { name: String },
    /// Two files have one name.
    SameName { name: String },
    /// A file of the system, or a hidden one, that is left out.
    Hidden,
    /// More files than are taken.
    TooManyFiles { limit: u64 },
    /// Folders too deep inside one another.
    TooDeep { limit: u64 },
    /// An archive inside an archive, which is not opened.
    Nested,
    /// The file of the archive is encrypted.
    Encrypted,
    /// The file of the archive would grow too much.
    TooDense { limit: u64 },
    /// The archive unpacks to too much.
    TooMuch { limit: u64 },
    /// The archive is broken.
    BadArchive { said: String },
    /// No video that can be read.
    BadVideo { said: String },
    /// Only sound.
    NoVideoStream,
    /// A list of other files or addresses, which is not followed.
    Playlist { form: String },
    /// A limit of videos is passed.
    VideoLimit { have: u64, limit: u64 },
    /// FFmpeg's programs are not installed.
    NoTool { tool: String },
    /// The video does not say how long it is.
    NoDuration,
}

impl Problem {
    /// The stable code, as it is on the wire.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "unreadable",
            Self::Empty => "empty",
            Self::Unknown => "unknown",
            Self::NotTaken { .. } => "not_taken",
            Self::WrongSuffix { .. } => "wrong_suffix",
            Self::OtherModality { .. } => "other_modality",
            Self::TooLarge { .. } => "too_large",
            Self::TooManyPixels { .. } => "too_many_pixels",
            Self::TooMuchMemory { .. } => "too_much_memory",
            Self::Truncated => "truncated",
            Self::Corrupt { .. } => "corrupt",
            Self::Unsupported { .. } => "unsupported",
            Self::Located => "located",
            Self::Several => "several",
            Self::Encoding { .. } => "encoding",
            Self::Letters { .. } => "letters",
            Self::BlankLines { .. } => "blank_lines",
            Self::NoColumn { .. } => "no_column",
            Self::ShortRow { .. } => "short_row",
            Self::BadTable { .. } => "bad_table",
            Self::TooManyPassages { .. } => "too_many_passages",
            Self::TooManyChars { .. } => "too_many_chars",
            Self::UnsafeName { .. } => "unsafe_name",
            Self::NoFile { .. } => "no_file",
            Self::SameName { .. } => "same_name",
            Self::Hidden => "hidden",
            Self::TooManyFiles { .. } => "too_many_files",
            Self::TooDeep { .. } => "too_deep",
            Self::Nested => "nested",
            Self::Encrypted => "encrypted",
            Self::TooDense { .. } => "too_dense",
            Self::TooMuch { .. } => "too_much",
            Self::BadArchive { .. } => "bad_archive",
            Self::BadVideo { .. } => "bad_video",
            Self::NoVideoStream => "no_video_stream",
            Self::Playlist { .. } => "playlist",
            Self::VideoLimit { .. } => "video_limit",
            Self::NoTool { .. } => "no_tool",
            Self::NoDuration => "no_duration",
        }
    }

    /// How grave it is wherever it is met.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        match self {
            Self::WrongSuffix { .. }
            | Self::Located
            | Self::Several
            | Self::Encoding { .. }
            | Self::BlankLines { .. }
            | Self::Hidden
            | Self::NoDuration => Severity::Notice,
            _ => Severity::Error,
        }
    }

    /// As a finding about a whole file.
    #[must_use]
    pub fn of(self, file: &str) -> Finding {
        self.at(Place { file: file.to_owned(), ..Place::default() })
    }

    /// As a finding at a place.
    #[must_use]
    pub const fn at(self, place: Place) -> Finding {
        Finding { severity: self.severity(), problem: self, place }
    }
}
