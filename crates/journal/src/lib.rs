//! The evidence log: canonical entries in an RFC 6962 tree, checkpoints that both parties sign,
//! and verification that says which entry was changed, dropped or moved.
//!
//! The format is written down in `docs/journal.md`, so that a stranger can write a verifier.
//! Knows nothing of contracts, storage or the network; time, salts and keys are arguments.
//!
//! | to do | use |
//! | --- | --- |
//! | write, check or read canonical JSON | [`canonical`] |
//! | make, write and read an entry | [`Entry`], in place [`EntryRef`] |
//! | append to a tree, make proofs | [`Frontier`], [`Tree`] |
//! | check proofs | [`verify_inclusion`], [`verify_consistency`] |
//! | sign and cosign a checkpoint | [`Checkpoint::sign`], [`Note::cosign`], [`Note::verify`] |
//! | hand over the proof of one entry | [`TlogProof`] |
//! | show that a source dropped nothing | [`SourceSeal`], [`check_sources`] |
//! | keep deletable content out of the log | [`Commitment`] |
//! | verify a whole log as a stream | [`LogVerifier`] |
//! | sign anything else | [`Envelope`] |
#![no_std]
#![deny(clippy::float_arithmetic)]

extern crate alloc;

pub mod canonical;
mod checkpoint;
mod clock;
mod commitment;
mod entry;
mod envelope;
mod hash;
mod key;
mod note;
mod proof;
mod scheme;
mod source;
mod tree;
mod verify;

pub use checkpoint::{Checkpoint, CheckpointError};
pub use commitment::Commitment;
pub use entry::{Entry, EntryError, EntryRef, FormatVersion, MAX_LINE_BYTES};
pub use envelope::{
    Envelope, EnvelopeError, EnvelopeKind, EnvelopeSignature, SignatureCheck, Subject, Verdict,
};
pub use hash::{Hash, HashError};
pub use key::{KeyError, KeyType, SignerKey, VerifierKey};
pub use note::{Note, NoteError, NoteSignature, Verified};
pub use proof::{TlogProof, TlogProofError};
pub use scheme::{Algorithm, SM2_USER};
pub use source::{SourceFinding, SourceRecord, SourceSeal, check_sources};
pub use tree::{Frontier, ProofError, Tree, verify_consistency, verify_inclusion};
pub use verify::{CheckpointResult, Finding, LogVerifier, Report, write_record};
