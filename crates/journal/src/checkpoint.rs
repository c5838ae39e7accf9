//! Checkpoints (c2sp.org/tlog-checkpoint): the size and root of a log, as a note that both parties
//! sign. Either party keeps one, and it pins everything before it.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use units::Timestamp;

use crate::hash::Hash;
use crate::key::SignerKey;
use crate::note::Note;

/// The size and root of one log at one time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's name, such as `tallystick/agreement/A-7`; one line.
    pub origin: String,
    /// Entries in the log.
    pub size: u64,
    /// The RFC 6962 root over them.
    pub root: Hash,
    /// Further lines, which this project does not write.
    pub extensions: Vec<String>,
}

/// Why a note's text is no checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum CheckpointError {
    /// Empty, or more than one line.
    #[error("the origin is not one line of text")]
    Origin,
    /// Not a decimal number without leading zeros.
    #[error("the size is not a decimal number")]
    Size,
    /// Not the Base64 of 32 bytes.
    #[error("the root is not the Base64 of a hash")]
    Root,
    /// An empty line, or no final newline.
    #[error("the text has an empty or unfinished line")]
    Line,
}

impl Checkpoint {
    /// A checkpoint without extension lines.
    ///
    /// # Errors
    /// When the origin is empty or has a control character.
    pub fn new(origin: &str, size: u64, root: Hash) -> Result<Self, CheckpointError> {
        if origin.is_empty() || origin.contains(char::is_control) {
            return Err(CheckpointError::Origin);
        }
        Ok(Self { origin: origin.to_string(), size, root, extensions: Vec::new() })
    }

    /// The note of this checkpoint under its first signature. `at` is what a cosignature states.
    #[must_use]
    pub fn sign(&self, key: &SignerKey, at: Timestamp) -> Note {
        let mut note = Note::new(&self.to_string())
            .expect("a checkpoint is checked to be lines of plain text when it is made or read");
        note.cosign(key, at);
        note
    }

    /// Reads the text of a note. Verify the note as well.
    ///
    /// # Errors
    /// When the text is no checkpoint.
    pub fn of(note: &Note) -> Result<Self, CheckpointError> {
        note.text().parse()
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.size, self.root.to_base64())?;
        self.extensions.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

impl FromStr for Checkpoint {
    type Err = CheckpointError;
    fn from_str(text: &str) -> Result<Self, CheckpointError> {
        let text = text.strip_suffix('\n').ok_or(CheckpointError::Line)?;
        let mut lines = text.split('\n');
        let origin = lines.next().ok_or(CheckpointError::Origin)?;
        let size = lines.next().and_then(decimal).ok_or(CheckpointError::Size)?;
        let root = lines.next().and_then(|line| Hash::from_base64(line).ok());
        let mut checkpoint = Self::new(origin, size, root.ok_or(CheckpointError::Root)?)?;
        for line in lines {
            if line.is_empty() || line.contains(char::is_control) {
                return Err(CheckpointError::Line);
            }
            checkpoint.extensions.push(line.to_string());
        }
        Ok(checkpoint)
    }
}

/// An ASCII decimal without sign and without leading zeros.
pub(crate) fn decimal(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits || (text.len() > 1 && text.starts_with('0')) {
        return None;
    }
    text.parse().ok()
}
