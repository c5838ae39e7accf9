//! Canonical JSON: RFC 8785 (JCS) restricted to integers, so that one value has one text and one
//! hash. Decides what may stand in an entry or an envelope; knows nothing of their meaning.
//!
//! Restricted further than RFC 8785: numbers are integers within ±(2^53 − 1) and nesting stops at
//! [`MAX_DEPTH`]. Exact decimals and larger integers are written as text.

mod scan;
mod write;

use alloc::string::String;

use serde::de::DeserializeOwned;

pub(crate) use scan::Scan;
pub use write::to_vec;
pub(crate) use write::to_vec_at;

/// Arrays and objects within each other, the outermost counted as 1.
pub const MAX_DEPTH: usize = 64;

/// The largest integer that every JSON reader keeps exactly: 2^53 − 1.
pub const MAX_INTEGER: u64 = 9_007_199_254_740_991;

/// Why a value has no canonical text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// A binary floating point number.
    #[error("a floating point number has no canonical text here; write an exact decimal as text")]
    Float,
    /// An integer outside ±(2^53 − 1).
    #[error("an integer is outside ±9007199254740991; write it as text")]
    IntegerRange,
    /// A map key that is neither text nor an integer.
    #[error("a map key is not text")]
    Key,
    /// A map gave the same key twice.
    #[error("the key {key:?} appears twice")]
    DuplicateKey {
        /// The key.
        key: String,
    },
    /// More than [`MAX_DEPTH`] arrays and objects within each other.
    #[error("nested deeper than {MAX_DEPTH} levels")]
    TooDeep,
    /// The type's own serialiser refused.
    #[error("{message}")]
    Refused {
        /// What it said.
        message: String,
    },
}

/// Why bytes are no canonical JSON text; `at` counts bytes from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum CheckError {
    /// Longer than the caller allows.
    #[error("{have} bytes, more than the allowed {limit}")]
    TooLong {
        /// Bytes given.
        have: usize,
        /// Bytes allowed.
        limit: usize,
    },
    /// More than [`MAX_DEPTH`] arrays and objects within each other.
    #[error("nested deeper than {MAX_DEPTH} levels at byte {at}")]
    TooDeep {
        /// The bracket that is one too many.
        at: usize,
    },
    /// Not UTF-8.
    #[error("not UTF-8 at byte {at}")]
    Utf8 {
        /// The first bad byte.
        at: usize,
    },
    /// The text stops within a value.
    #[error("the text ends early, at byte {at}")]
    Ends {
        /// Its length.
        at: usize,
    },
    /// A byte that cannot stand there; white space between values is one.
    #[error("unexpected byte at {at}")]
    Unexpected {
        /// The byte.
        at: usize,
    },
    /// A number that is no plain integer: a fraction, an exponent, `-0` or a leading zero.
    #[error("the number at byte {at} is not a plain integer")]
    NumberForm {
        /// Where the number starts.
        at: usize,
    },
    /// An integer outside ±(2^53 − 1).
    #[error("the number at byte {at} is outside ±9007199254740991")]
    NumberRange {
        /// Where the number starts.
        at: usize,
    },
    /// An escape that the canonical text does not use, or a bare control character.
    #[error("a character is not written canonically at byte {at}")]
    Escape {
        /// The escape or character.
        at: usize,
    },
    /// The keys of an object do not ascend in UTF-16 order.
    #[error("the key at byte {at} is out of order")]
    KeyOrder {
        /// Where the key starts.
        at: usize,
    },
    /// An object names the same key twice.
    #[error("the key at byte {at} appears twice")]
    DuplicateKey {
        /// Where the second one starts.
        at: usize,
    },
}

/// Why canonical text could not be read as a type.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// Not canonical JSON.
    #[error(transparent)]
    Check(#[from] CheckError),
    /// Canonical, but not of the expected shape.
    #[error("not of the expected shape")]
    Shape(#[source] serde_json::Error),
}

/// Checks that bytes are the canonical text of one JSON value, of at most `max_bytes`.
///
/// # Errors
/// The first place where they are not. Deep nesting is an error, never a stack overflow.
pub fn check(bytes: &[u8], max_bytes: usize) -> Result<(), CheckError> {
    if bytes.len() > max_bytes {
        return Err(CheckError::TooLong { have: bytes.len(), limit: max_bytes });
    }
    let mut scan = Scan::new(bytes);
    scan.value(0)?;
    scan.end()
}

/// Reads canonical JSON, of at most `max_bytes`, as a type.
///
/// # Errors
/// When the bytes are not canonical or do not have the type's shape.
pub fn read<T: DeserializeOwned>(bytes: &[u8], max_bytes: usize) -> Result<T, ReadError> {
    check(bytes, max_bytes)?;
    serde_json::from_slice(bytes).map_err(ReadError::Shape)
}
