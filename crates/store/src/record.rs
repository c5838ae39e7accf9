//! The rows that go in and come out. Plain data: an entry's line, a note and a snapshot are
//! opaque here, and nothing in this file knows SQL.

use units::{Id, Timestamp};

use crate::scope::{Party, Visibility};

/// An agreement to register, before its first entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAgreement {
    /// Its name, unique in the deployment.
    pub id: Id,
    /// What kind of contract it is, as a code.
    pub kind: String,
    /// What its parties call it.
    pub title: String,
    /// When it was registered.
    pub created: Timestamp,
}

/// A registered agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgreementRow {
    /// Its name.
    pub id: Id,
    /// What kind of contract it is, as a code.
    pub kind: String,
    /// What its parties call it.
    pub title: String,
    /// When it was registered.
    pub created: Timestamp,
    /// The sequence that the next entry takes, which is also the number of entries.
    pub next: u64,
}

/// One entry of a journal, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its place, from 0 and without gaps: the index of its leaf in the tree.
    pub seq: u64,
    /// When it was recorded.
    pub at: Timestamp,
    /// Who recorded it.
    pub actor: String,
    /// What it records, as a code.
    pub kind: String,
    /// The canonical bytes of the entry.
    pub line: Vec<u8>,
    /// The hash of its leaf.
    pub leaf: [u8; 32],
    /// Who may see it.
    pub visibility: Visibility,
    /// Where it came from, when a source outside numbered it.
    pub source: Option<SourceKey>,
}

/// The name that a source outside gave to what it reported.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SourceKey {
    /// The source, such as `slurm:gpu-cluster-1`.
    pub source: String,
    /// The source's own id of the report.
    pub id: String,
    /// SHA-256 of what was reported, to tell a repetition from a contradiction.
    pub content: [u8; 32],
}

/// An entry that already carries a source key that was asked for.
///
/// The same key with the same content is a duplicate; with other content the source contradicts
/// itself, which the caller records.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SourceHit {
    /// The entry.
    pub seq: u64,
    /// Its source key.
    pub key: SourceKey,
}

/// The acknowledgement of an append: the entries are on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appended {
    /// The sequence of the first appended entry.
    pub first: u64,
    /// The sequence that the next entry takes.
    pub next: u64,
}

/// A signed statement of the tree's root at one size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// How many entries the tree had.
    pub size: u64,
    /// The whole text of the signed note.
    pub note: String,
    /// Who signed it since, in the order in which the signatures came.
    pub cosignatures: Vec<Cosignature>,
}

/// A party's signature on a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cosignature {
    /// The size of the checkpoint.
    pub size: u64,
    /// The name of the key.
    pub key: String,
    /// The signature line of the note.
    pub line: String,
    /// When it was received.
    pub at: Timestamp,
}

/// A public key that verifies signatures on this agreement. Private keys are never kept here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifierKey {
    /// Its name in signed notes.
    pub name: String,
    /// The text of the verifier key.
    pub key: String,
    /// Whose it is; `None` for the deployment.
    pub holder: Option<Party>,
    /// When it was received.
    pub at: Timestamp,
}

/// What folding the journal gave, kept to save folding it again. May be dropped at any time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The version of the projection's format; a reader asks for the one it knows.
    pub format: u32,
    /// How many entries were folded.
    pub next: u64,
    /// The projection.
    pub bytes: Vec<u8>,
}

/// What a check of the whole store found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Integrity {
    /// How many agreements were checked.
    pub agreements: u64,
    /// How many entries were checked.
    pub entries: u64,
    /// What is wrong, agreement by agreement; empty when all is well.
    pub problems: Vec<Problem>,
}

/// One thing wrong with the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// The engine's own check speaks of damage.
    Damage {
        /// What the engine said.
        detail: String,
    },
    /// A journal's sequence has a gap.
    Gap {
        /// The journal.
        agreement: String,
        /// The first missing sequence.
        expected: u64,
        /// The sequence found after the gap.
        found: u64,
    },
    /// A row belongs to an agreement that is not there.
    Orphan {
        /// The kind of row.
        table: String,
    },
}
