//! Files in, wording out: Word, PDF with a text layer, Markdown, HTML and plain text, each told by
//! its content and read within limits of size, depth and number.
//!
//! Knows formats; judges nothing.

mod format;
mod markdown;
mod plain;

use serde::Serialize;
use wording::{Line, Part, Wording};

pub use format::Format;

/// The largest file that is read, in bytes.
pub const LARGEST: usize = 64 << 20;
/// The longest text that is read out of a file, in bytes.
pub const LONGEST: usize = 16 << 20;
/// The longest single line, in bytes; a longer one is broken, and the reading says so.
const WIDEST: usize = 1 << 20;

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
}

/// Reads a file. The name helps only where the content leaves a choice (Markdown or plain text).
///
/// # Errors
/// When the file is too large, empty, or of a format that is not read.
pub fn read(bytes: &[u8], name: &str) -> Result<Reading, Fault> {
    if bytes.len() > LARGEST {
        return Err(Fault::TooLarge { size: bytes.len(), limit: LARGEST });
    }
    let format = format::detect(bytes, name)?;
    let mut warnings = Vec::new();
    let text = plain::decode(bytes, &mut warnings);
    let lines = match format {
        Format::Markdown => markdown::lines(&text),
        Format::Text => plain::lines(&text),
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
