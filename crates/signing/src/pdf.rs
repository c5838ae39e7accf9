//! As much of a PDF as a seal needs: its objects, where they lie, and an update behind its end.
//! The bytes that are there are never touched.
//!
//! Knows objects and cross-references (ISO 32000-1, 7.3 and 7.5); knows no pages' contents, no
//! passwords, and repairs nothing.

mod file;
mod lexer;
mod update;

pub(crate) use file::Pdf;
pub(crate) use lexer::{Dictionary, Object, get, put};
pub(crate) use update::{Update, text_string};

/// The largest PDF that is read.
pub(crate) const MAX_BYTES: usize = 512 << 20;

/// Why a file cannot be read as a PDF.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum PdfError {
    /// Larger than 512 MiB.
    #[error("larger than 512 MiB")]
    TooLarge,
    /// No PDF, or its table of objects cannot be found.
    #[error("not a PDF: no table of objects at its end")]
    NoTable,
    /// A place that cannot be read.
    #[error("the PDF is damaged at byte {at}: {part} cannot be read")]
    Damaged {
        /// The byte, from 0.
        at: usize,
        /// What was being read.
        part: &'static str,
    },
    /// An object that is not there, or not what it must be.
    #[error("the PDF is damaged: object {number} is not {part}")]
    Object {
        /// Its number.
        number: u32,
        /// What it should be.
        part: &'static str,
    },
    /// Too much of something.
    #[error("the PDF has too many or too deeply nested {part}")]
    Limit {
        /// Of what.
        part: &'static str,
    },
    /// Under a password.
    #[error("the PDF is encrypted")]
    Encrypted,
    /// No page.
    #[error("the PDF has no such page")]
    NoPage,
}
