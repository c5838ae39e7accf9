//! Proof files (c2sp.org/tlog-proof@v1): that one entry stands in a log whose checkpoint is signed.
//! Needs no network and no trust in the server; knows nothing of the entry's meaning.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::checkpoint::{Checkpoint, CheckpointError, decimal};
use crate::hash::Hash;
use crate::key::VerifierKey;
use crate::note::{Note, NoteError, Verified};
use crate::tree::{ProofError, verify_inclusion};

const FIRST_LINE: &str = "c2sp.org/tlog-proof@v1";

/// The proof of one entry. Its text is a `.tlog-proof` file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlogProof {
    /// Bytes beside the proof that nothing authenticates.
    pub extra: Option<Vec<u8>>,
    /// The entry's number.
    pub index: u64,
    /// From the leaf's sibling upwards; at most 64 hashes.
    pub path: Vec<Hash>,
    /// The signed checkpoint of a log that has the entry.
    pub checkpoint: Note,
}

/// Why a text is no proof, or the proof does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TlogProofError {
    /// A line that is not what the format has there.
    #[error("line {line} of the proof is not as the format has it")]
    Line {
        /// The line, from 1.
        line: usize,
    },
    /// The checkpoint is no note, or nobody known has signed it.
    #[error("the checkpoint in the proof does not hold")]
    Note(#[from] NoteError),
    /// The note is no checkpoint.
    #[error("the note in the proof is not a checkpoint")]
    Checkpoint(#[from] CheckpointError),
    /// The checkpoint is of another log.
    #[error("the proof is of the log {origin:?}")]
    Origin {
        /// The log it is of.
        origin: String,
    },
    /// The path does not lead from the entry to the root.
    #[error("the entry is not in the log where the proof puts it")]
    Inclusion(#[from] ProofError),
}

impl TlogProof {
    /// Checks that the leaf stands in the log of that origin, under a checkpoint that a known key
    /// signed; answers the checkpoint and who signed it.
    ///
    /// # Errors
    /// When any part of that does not hold.
    pub fn verify(
        &self,
        leaf: &Hash,
        origin: &str,
        known: &[VerifierKey],
    ) -> Result<(Checkpoint, Vec<Verified>), TlogProofError> {
        let signers = self.checkpoint.verify(known)?;
        let checkpoint = Checkpoint::of(&self.checkpoint)?;
        if checkpoint.origin != origin {
            return Err(TlogProofError::Origin { origin: checkpoint.origin });
        }
        verify_inclusion(leaf, self.index, checkpoint.size, &self.path, &checkpoint.root)?;
        Ok((checkpoint, signers))
    }
}

impl fmt::Display for TlogProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{FIRST_LINE}")?;
        if let Some(extra) = &self.extra {
            writeln!(f, "extra {}", STANDARD.encode(extra))?;
        }
        writeln!(f, "index {}", self.index)?;
        self.path.iter().try_for_each(|hash| writeln!(f, "{}", hash.to_base64()))?;
        write!(f, "\n{}", self.checkpoint)
    }
}

impl FromStr for TlogProof {
    type Err = TlogProofError;
    fn from_str(text: &str) -> Result<Self, TlogProofError> {
        let bad = |line| TlogProofError::Line { line };
        let (head, note) = text.split_once("\n\n").ok_or(bad(1))?;
        let mut lines = head.split('\n').zip(1..);
        if lines.next().is_none_or(|(line, _)| line != FIRST_LINE) {
            return Err(bad(1));
        }
        let mut next = lines.next().ok_or(bad(2))?;
        let mut extra = None;
        if let Some(encoded) = next.0.strip_prefix("extra ") {
            extra = Some(STANDARD.decode(encoded).map_err(|_| bad(2))?);
            next = lines.next().ok_or(bad(3))?;
        }
        let index = next.0.strip_prefix("index ").and_then(decimal).ok_or(bad(next.1))?;
        let mut path = Vec::new();
        for (line, number) in lines {
            if path.len() == 64 {
                return Err(bad(number));
            }
            path.push(Hash::from_base64(line).map_err(|_| bad(number))?);
        }
        Ok(Self { extra, index, path, checkpoint: note.to_string().parse()? })
    }
}
