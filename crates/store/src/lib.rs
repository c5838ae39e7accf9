//! Where agreements rest: their journals, checkpoints, keys and objects.
//!
//! Two traits: [`Store`] for rows (SQLite here, other engines later) and [`Objects`] for files
//! (a folder or memory here, buckets later). One conformance suite decides what both mean. The
//! journal's lines are opaque bytes: this crate knows SQL and disks, and knows nothing of
//! contracts, money, hashes of the tree or words for people.

mod errors;
mod objects;
mod record;
mod scope;
mod shelf;
mod sqlite;
mod state;

#[cfg(any(test, feature = "conformance"))]
pub mod conformance;

pub use errors::{AppendError, Cause, Fault, KeyIdError, ObjectError, OpenError, StoreError};
pub use objects::{Content, KeyId, ObjectRef, Objects, read_whole};
pub use record::{
    AgreementRow, Appended, Checkpoint, Cosignature, Integrity, NewAgreement, Problem, Record,
    Snapshot, SourceHit, SourceKey, VerifierKey,
};
pub use scope::{Party, Scope, Visibility};
pub use shelf::{DEFAULT_OBJECT_LIMIT, Shelf};
pub use sqlite::Sqlite;
pub use state::{MAX_BATCH_RECORDS, MAX_LINE_BYTES, MAX_PAGE_RECORDS, MAX_SNAPSHOT_BYTES, Store};
