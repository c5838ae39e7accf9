//! Files in, wording out: Word, PDF with a text layer, Markdown, HTML and plain text, each told by
//! its content and read within limits of size, depth and number.
//!
//! Knows formats; judges nothing.

mod format;
mod html;
mod markdown;
mod pdf;
mod plain;
mod word;

use serde::Serialize;
use wording::{Line, Part, Wording};

pub use docx::View;
pub use format::Format;

/// The largest file that is read, in bytes.
pub const LARGEST: usize = 64 << 20;
/// The longest text that is read out of a file, in bytes.
pub const LONGEST: usize = 16 << 20;
/// The longest single line, in bytes; a longer one is broken.
const WIDEST: usize = 1 << 20;

/// How a file is read.
#[derive(Debug, Clone, Copy)]
pub struct ReadOptions {
    /// Which state of tracked changes.
    pub view: View,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self { view: View::Final }
    }
}

/// A file as clauses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reading {
    /// The clauses.
    pub wording: Wording,
    /// What the file is.
    pub format: Format,
    /// What the reader left out or could not tell.
    pub warnings: Vec<Warning>,
}

/// Something that a person who relies on the text should know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "warning")]
pub enum Warning {
    /// The text is longer than is read; the rest is missing from this byte on.
    TextTooLong {
        /// How many bytes of text were read.
        read: usize,
    },
    /// Bytes that are no text in the file's encoding were replaced.
    UnknownLetters {
        /// How many.
        count: usize,
    },
    /// The file holds tracked changes; which state was read is the caller's choice.
    TrackedChanges {
        /// How many.
        count: usize,
    },
    /// The file holds text that nobody sees, or other files within it.
    Hidden {
        /// How many places.
        count: usize,
    },
    /// The file refers to places outside of it; none was followed.
    External {
        /// How many.
        count: usize,
    },
    /// Pages with no text, pictures perhaps.
    PagesWithoutText {
        /// How many.
        count: usize,
    },
}

/// Why a file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The file is larger than is read.
    #[error("the file has {size} bytes; at most {limit} are read")]
    TooLarge {
        /// Its size.
        size: usize,
        /// The limit.
        limit: usize,
    },
    /// There is no text in it.
    #[error("the file holds no text")]
    Empty,
    /// A format that is not read.
    #[error("{name} is a {what} file: save it as .docx, PDF, HTML, Markdown or plain text")]
    Unknown {
        /// The file's name.
        name: String,
        /// What it seems to be.
        what: &'static str,
    },
    /// A Word file that cannot be read.
    #[error("the Word file cannot be read")]
    Word {
        /// Why, and where.
        #[source]
        cause: docx::Fault,
    },
    /// A PDF that wants a password.
    #[error("the PDF is encrypted: save a copy without a password")]
    Encrypted,
    /// A PDF of pictures.
    #[error("the PDF has {pages} pages and no text layer (a scan): run text recognition first")]
    Scan {
        /// How many pages.
        pages: usize,
    },
    /// A PDF whose structure is broken, or built to break readers.
    #[error("the PDF is damaged: open it in a viewer and print it to a new PDF")]
    Damaged,
    /// A PDF that unpacks to more than is read.
    #[error("the PDF unpacks to more than {limit} bytes")]
    Unpacks {
        /// The limit.
        limit: u64,
    },
    /// More pages than are read.
    #[error("the PDF has {pages} pages; at most {limit} are read")]
    TooManyPages {
        /// Its pages.
        pages: usize,
        /// The limit.
        limit: usize,
    },
}

/// Reads a file, tracked changes as accepted. The name helps only where the content leaves a choice
/// (Markdown or plain text).
///
/// # Errors
/// When the file is too large, empty, damaged, encrypted, a scan, or of a format that is not read.
pub fn read(bytes: &[u8], name: &str) -> Result<Reading, Fault> {
    read_with(bytes, name, ReadOptions::default())
}

/// Reads a file as [`read`] does, in the view of tracked changes that is asked for.
///
/// # Errors
/// As [`read`].
pub fn read_with(bytes: &[u8], name: &str, options: ReadOptions) -> Result<Reading, Fault> {
    if bytes.len() > LARGEST {
        return Err(Fault::TooLarge { size: bytes.len(), limit: LARGEST });
    }
    let format = format::detect(bytes, name)?;
    let mut warnings = Vec::new();
    let lines = match format {
        Format::Word => word::lines(bytes, options.view, &mut warnings)?,
        Format::Pdf => pdf::lines(bytes, &mut warnings)?,
        Format::Html => html::lines(&plain::decode(bytes, &mut warnings)),
        Format::Markdown => markdown::lines(&plain::decode(bytes, &mut warnings)),
        Format::Text => plain::lines(&plain::decode(bytes, &mut warnings)),
    };
    let wording = wording::segment(lines);
    if wording.blocks.is_empty() {
        return Err(Fault::Empty);
    }
    Ok(Reading { wording, format, warnings })
}

/// A line of running text.
fn line(text: String, source: u32) -> Line {
    Line {
        text,
        number: None,
        level: None,
        heading: None,
        part: Part::Body,
        cell: None,
        page: None,
        source,
    }
}
