//! Where agreements rest: their journals, checkpoints, keys and objects, and the register.
//!
//! Three traits: [`Store`] for journals (SQLite here, other engines later), [`Register`] for small
//! rows beside them and the audit trail (the same file), and [`Objects`] for files (a folder or
//! memory here, buckets later). One conformance suite decides what they mean. The journal's lines
//! and the register's bodies are opaque bytes: this crate knows SQL and disks, and knows nothing
//! of contracts, money, hashes of the tree, roles or words for people.

mod errors;
mod objects;
mod record;
mod register;
mod scope;
mod shelf;
mod sqlite;
mod state;

#[cfg(any(test, feature = "conformance"))]
pub mod conformance;

pub use errors::{
    AppendError, Cause, Fault, KeyIdError, ObjectError, OpenError, RegisterError, StoreError,
};
pub use objects::{Content, KeyId, ObjectRef, Objects, read_whole};
pub use record::{
    AgreementRow, Appended, Checkpoint, Cosignature, Integrity, NewAgreement, Problem, Record,
    Snapshot, SourceHit, SourceKey, VerifierKey,
};
pub use register::{
    AUDIT_DAYS, AuditEntry, AuditFilter, AuditRow, Card, CardWrite, MAX_CARD_BYTES,
    MAX_CARD_KEY_BYTES, MAX_CARD_PAGE, MAX_CARD_WRITES, MAX_KIND_BYTES, Register, Whose,
};
pub use scope::{Party, Scope, Visibility};
pub use shelf::{DEFAULT_OBJECT_LIMIT, Shelf, sweep_parts};
pub use sqlite::Sqlite;
pub use state::{MAX_BATCH_RECORDS, MAX_LINE_BYTES, MAX_PAGE_RECORDS, MAX_SNAPSHOT_BYTES, Store};
