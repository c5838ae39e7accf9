//! What verification says. Codes and fields only; words for people are made elsewhere.

use alloc::string::String;
use alloc::vec::Vec;

use serde::Serialize;
use units::Timestamp;

use crate::canonical::CheckError;
use crate::checkpoint::CheckpointError;
use crate::hash::Hash;
use crate::note::{NoteError, Verified};

/// The result of verifying one log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Entries read.
    pub entries: u64,
    /// The root over the recorded hashes.
    pub root: Hash,
    /// The time of the first entry that could be read.
    pub first_at: Option<Timestamp>,
    /// The latest time of an entry.
    pub last_at: Option<Timestamp>,
    /// Entries before this number are pinned by a checkpoint that holds; later ones by none.
    pub covered: u64,
    /// Each checkpoint that could be read and is signed by a known key, by size.
    pub checkpoints: Vec<CheckpointResult>,
    /// What is wrong; empty when nothing is.
    pub findings: Vec<Finding>,
    /// Findings beyond the first 1,000.
    pub more: u64,
}

/// What became of one signed checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckpointResult {
    /// Which of the checkpoints given, from 0.
    pub checkpoint: usize,
    /// The size it states.
    pub size: u64,
    /// The root it states.
    pub root: Hash,
    /// Who signed it.
    pub signers: Vec<Verified>,
    /// Whether the log has this root at this size.
    pub holds: bool,
    /// Whether it holds for the lines, though a hash beside one of them was altered.
    #[serde(skip)]
    pub(super) by_lines: bool,
}

/// One thing that is wrong with a log. `seq` is an entry's number, `position` its place in what
/// was read; both from 0. `checkpoint` is the place among the checkpoints given, from 0.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields mean the same in every variant, as said above")]
pub enum Finding {
    /// The line is not the one whose hash was recorded: it was changed afterwards.
    Changed { seq: u64, position: u64, recorded: Hash, computed: Hash },
    /// The line is as signed; the hash beside it was changed.
    HashChanged { seq: u64, position: u64, recorded: Hash, computed: Hash },
    /// The line was recorded like this, but is not canonical JSON.
    NotCanonical { position: u64, error: CheckError },
    /// The line is canonical JSON, but not an entry, from byte `at`.
    NotEntry { position: u64, at: usize },
    /// The line is of a version that this program does not read.
    UnknownVersion { position: u64, version: u64 },
    /// The record is not a hash, a space and a line.
    NotRecord { position: u64 },
    /// These numbers are missing: the entries were dropped.
    Dropped { from_seq: u64, to_seq: u64 },
    /// Two entries changed places.
    Swapped { first_seq: u64, first_position: u64, second_seq: u64, second_position: u64 },
    /// These entries stand where others belong.
    Moved { from_seq: u64, to_seq: u64, position: u64 },
    /// These numbers came before.
    Duplicated { from_seq: u64, to_seq: u64, position: u64 },
    /// The order breaks so often that it is not followed from this position on.
    Shuffled { position: u64 },
    /// The entry is older than the one before it.
    TimeBackwards { seq: u64, at: Timestamp, previous: Timestamp },
    /// A signed checkpoint covers more entries than there are: the end was cut off.
    Truncated { checkpoint: usize, size: u64, have: u64 },
    /// A signed checkpoint has another root than this log at that size, and no entry shows damage:
    /// two histories. They are the same up to `same_up_to` entries at least.
    Forked { checkpoint: usize, size: u64, signed: Hash, computed: Hash, same_up_to: u64 },
    /// A signed checkpoint does not fit, as follows from the damage found before its size;
    /// `computed` is missing where the log does not reach it.
    NotReached { checkpoint: usize, size: u64, signed: Hash, computed: Option<Hash> },
    /// Two signed checkpoints state different roots for one size: the signer showed two histories.
    SplitView { size: u64, first: usize, second: usize, first_root: Hash, second_root: Hash },
    /// The text is no signed note, a signature fails, or no known key has signed.
    BadNote { checkpoint: usize, error: NoteError },
    /// The note is no checkpoint.
    BadCheckpoint { checkpoint: usize, error: CheckpointError },
    /// The checkpoint is of another log.
    WrongOrigin { checkpoint: usize, origin: String },
}

impl Report {
    /// Whether nothing is wrong. What is right is bounded by [`Report::covered`].
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.findings.is_empty() && self.more == 0
    }
}
