//! What verification finds, as codes and fields with their places. Words for people are made in
//! the command line.

use contract::terms::Side;
use journal::{Finding, Hash, Verdict};
use serde::Serialize;
use signing::timestamp::TimestampError;
use signing::{PartState, SignatureState};
use units::{Id, Timestamp};

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingSeverity {
    /// Worth knowing; what was checked holds.
    Notice,
    /// Something does not hold.
    Error,
}

/// One thing that was found. `entry` is an entry's number, `name` a file of the bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
#[allow(missing_docs, reason = "the fields repeat the words of their variant")]
pub enum VerifyFinding {
    /// None of the known kinds.
    UnknownFormat,
    /// No zip file, or one that is cut off.
    NotAnArchive { detail: String },
    /// More files than a bundle may have.
    TooManyFiles { have: u64, limit: u64 },
    /// Two files of one name.
    DuplicateNames,
    /// Files that share bytes: a bomb.
    OverlappingFiles,
    /// A name that no bundle has; the file was not read.
    UnexpectedFile { name: String },
    /// Larger than is read here, or packed denser than honest content is.
    FileTooLarge { name: String, size: u64, limit: u64 },
    /// The packed bytes are damaged.
    DamagedFile { name: String, detail: String },
    /// The list names a file that is not there.
    MissingFile { name: String },
    /// A file that the list does not name.
    UnlistedFile { name: String },
    /// A file that is not the listed one.
    FileDiffers { name: String, stated: Hash, found: Hash },
    /// A file that is no envelope.
    NotAnEnvelope { name: String, detail: String },
    /// An envelope of another kind or version.
    OtherEnvelope { name: String, kind: String, version: u32 },
    /// A signature that does not hold.
    Signature { name: String, key: String, role: Id, verdict: Verdict },
    /// Nobody signed.
    NotSigned { name: String },
    /// A signature by a key that the reader did not give and that no list of keys has.
    UnknownSigner { name: String, key: String },
    /// A line that is no key.
    BadKey { name: String, line: u64 },
    /// The bundle has another key under a name that the reader knows.
    ForeignKey { name: String, given: String, inside: String },
    /// The reader gave keys, and none of them signed anything here.
    NoGivenKeySigned,
    /// Something about the journal; `checkpoint` counts in the report's `checkpoints`.
    Log { finding: Finding },
    /// More findings about the journal than are listed.
    More { count: u64 },
    /// No checkpoint covers these entries.
    NotCovered { from_entry: u64, to_entry: u64 },
    /// A journal by itself and no checkpoint to hold it against: it is whole in itself, and that
    /// is all that can be said.
    NoCheckpoint,
    /// The list states another number of entries or another root than the journal has.
    JournalDiffers { stated_entries: u64, entries: u64, stated_root: Hash, root: Hash },
    /// What the signed list states cannot be read.
    BadStatement { name: String },
    /// The first entry lays down no terms, or those of another agreement.
    OtherAgreement { stated: Option<Id>, found: Option<Id> },
    /// The terms are not those whose hash was recorded.
    TermsDiffer { recorded: String, found: String },
    /// A recorded signature of a party does not hold over the terms.
    PartySignature { side: Side, entry: u64 },
    /// The file is not the signature that was recorded.
    SigningDiffers { name: String, entry: u64 },
    /// The manifest of the papers cannot be read.
    BadManifest { detail: String },
    /// A part of the papers that is not the one that was signed.
    Part { name: String, state: PartState },
    /// A signature on the papers that does not hold.
    PaperSignature { name: String, state: SignatureState },
    /// Somebody who should have signed the papers and did not.
    SignatoryMissing { side: Id, signatory: String },
    /// A timestamp that does not hold.
    Timestamp { name: String, error: TimestampError },
    /// A timestamp that holds on the word of the authority's own certificate; the reader named no
    /// authority to trust.
    AuthorityUnknown { name: String, at: Timestamp, authority: String, certificate: Hash },
    /// A seal that does not hold.
    Seal { name: String, detail: String },
    /// The entry is no event that this program knows.
    NotAnEvent { entry: u64, detail: String },
    /// The fold stopped at this entry; later ones were not folded.
    FoldFailed { entry: u64, detail: String },
    /// A recorded statement is not what its terms and evidence give.
    StatementDiffers { statement: Id, entry: Id },
    /// The bundle lacks a statement or invoice that the journal names.
    ObjectMissing { entry: u64, sha256: String },
    /// Invoices or credit notes are not numbered without a gap.
    OutOfSeries { series: String, entry: u64, expected: u32, found: u32 },
    /// A source numbers its records, and these are missing.
    SourceGap { source: String, from_seq: u64, to_seq: u64 },
    /// A source contradicted itself; what it said first stands.
    SourceConflict { source: String, id: String, entry: u64 },
    /// The text is no signed note, a signature fails, or no known key has signed.
    BadNote { detail: String },
    /// The proof does not hold.
    BadProof { detail: String },
    /// The proof carries no line, so that there is nothing that it proves.
    ProofWithoutEntry,
    /// A checkpoint of the same size with another root: two histories.
    SplitView { size: u64, root: Hash, kept: usize, kept_root: Hash },
}

impl VerifyFinding {
    /// How much it matters.
    #[must_use]
    pub const fn severity(&self) -> FindingSeverity {
        match self {
            // What a source left out or took back is a matter between the parties: the journal
            // shows it, and holds.
            Self::SourceGap { .. }
            | Self::SourceConflict { .. }
            | Self::UnknownSigner { .. }
            | Self::AuthorityUnknown { .. }
            | Self::NoCheckpoint => FindingSeverity::Notice,
            _ => FindingSeverity::Error,
        }
    }
}
