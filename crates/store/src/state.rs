//! The store of rows: what every engine must do, in the words of the conformance suite.

use async_trait::async_trait;
use units::Id;

use crate::errors::{AppendError, StoreError};
use crate::record::{
    AgreementRow, Appended, Checkpoint, Cosignature, Integrity, NewAgreement, Record, Snapshot,
    SourceHit, VerifierKey,
};
use crate::scope::Scope;

/// The most bytes that an entry's line may have.
pub const MAX_LINE_BYTES: u64 = 16 * 1024 * 1024;

/// The most records of one append.
pub const MAX_BATCH_RECORDS: u64 = 100_000;

/// The most records of one page; a larger limit is cut to it.
pub const MAX_PAGE_RECORDS: u32 = 10_000;

/// The most bytes of one snapshot.
pub const MAX_SNAPSHOT_BYTES: u64 = 256 * 1024 * 1024;

/// Agreements, their journals and what belongs to them.
///
/// Every method takes the scope of who asks. For a party an agreement that is not its own is
/// [`StoreError::NotFound`], as one that does not exist. Writes are on disk when they return. A
/// write whose future is dropped may still happen.
#[async_trait]
pub trait Store: Send + Sync {
    /// Registers an agreement with an empty journal. Operator only.
    ///
    /// # Errors
    /// [`StoreError::Exists`] when the id is taken.
    async fn create_agreement(
        &self,
        scope: &Scope,
        agreement: &NewAgreement,
    ) -> Result<(), StoreError>;

    /// The agreements within the scope, ordered by id.
    ///
    /// # Errors
    /// Trouble with the machine only.
    async fn agreements(&self, scope: &Scope) -> Result<Vec<AgreementRow>, StoreError>;

    /// One agreement, with the sequence that its next entry takes.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    async fn agreement(&self, scope: &Scope, agreement: &Id) -> Result<AgreementRow, StoreError>;

    /// Appends records, all or none, when the journal's next sequence is `expected_next`.
    ///
    /// Returns after the records are on disk. No records: checks the sequence only.
    ///
    /// # Errors
    /// [`AppendError::Conflict`] with the next sequence when somebody else was faster.
    async fn append(
        &self,
        scope: &Scope,
        agreement: &Id,
        expected_next: u64,
        records: Vec<Record>,
    ) -> Result<Appended, AppendError>;

    /// Records from `from` on in the order of their sequence, at most `limit` and at most
    /// [`MAX_PAGE_RECORDS`], without those that the scope does not see. Empty only at the end:
    /// read on from the last sequence + 1.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    async fn read(
        &self,
        scope: &Scope,
        agreement: &Id,
        from: u64,
        limit: u32,
    ) -> Result<Vec<Record>, StoreError>;

    /// The leaf hashes of `[from, to)`, cut at the end of the journal.
    ///
    /// The leaves of entries that the party may not see are among them: without them it could
    /// not recompute the root that it signed.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    async fn leaves(
        &self,
        scope: &Scope,
        agreement: &Id,
        from: u64,
        to: u64,
    ) -> Result<Vec<[u8; 32]>, StoreError>;

    /// The visible entries that carry one of these `(source, id)` pairs, ordered by sequence,
    /// each once.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    async fn find_source(
        &self,
        scope: &Scope,
        agreement: &Id,
        keys: &[(&str, &str)],
    ) -> Result<Vec<SourceHit>, StoreError>;

    /// Keeps a checkpoint; its `cosignatures` must be empty. The same note again changes nothing.
    ///
    /// # Errors
    /// [`StoreError::Differs`] when another note of this size is kept, and
    /// [`StoreError::BeyondJournal`].
    async fn put_checkpoint(
        &self,
        scope: &Scope,
        agreement: &Id,
        size: u64,
        note: &str,
    ) -> Result<(), StoreError>;

    /// Keeps a signature on a checkpoint. The same line again changes nothing.
    ///
    /// # Errors
    /// [`StoreError::NoCheckpoint`].
    async fn put_cosignature(
        &self,
        scope: &Scope,
        agreement: &Id,
        cosignature: &Cosignature,
    ) -> Result<(), StoreError>;

    /// The checkpoints of at least `from` entries, ordered by size, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    async fn checkpoints(
        &self,
        scope: &Scope,
        agreement: &Id,
        from: u64,
        limit: u32,
    ) -> Result<Vec<Checkpoint>, StoreError>;

    /// The largest checkpoint of at most `size` entries.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for the agreement; `None` when it has no such checkpoint.
    async fn checkpoint(
        &self,
        scope: &Scope,
        agreement: &Id,
        size: u64,
    ) -> Result<Option<Checkpoint>, StoreError>;

    /// Keeps a public key. The same key again changes nothing.
    ///
    /// # Errors
    /// [`StoreError::Differs`] when the same key text is kept under another name or holder.
    async fn put_key(
        &self,
        scope: &Scope,
        agreement: &Id,
        key: &VerifierKey,
    ) -> Result<(), StoreError>;

    /// The public keys of an agreement, in the order in which they came.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    async fn keys(&self, scope: &Scope, agreement: &Id) -> Result<Vec<VerifierKey>, StoreError>;

    /// Keeps a snapshot for this scope's own view, in the place of an older one of its format. A
    /// snapshot of fewer entries than the kept one changes nothing.
    ///
    /// # Errors
    /// [`StoreError::BeyondJournal`], [`StoreError::TooLarge`].
    async fn put_snapshot(
        &self,
        scope: &Scope,
        agreement: &Id,
        snapshot: &Snapshot,
    ) -> Result<(), StoreError>;

    /// The snapshot of this scope's own view, in this format.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    async fn snapshot(
        &self,
        scope: &Scope,
        agreement: &Id,
        format: u32,
    ) -> Result<Option<Snapshot>, StoreError>;

    /// Drops every snapshot of an agreement, of all views and formats. Operator only.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    async fn drop_snapshots(&self, scope: &Scope, agreement: &Id) -> Result<(), StoreError>;

    /// Checks the whole store. Operator only.
    ///
    /// # Errors
    /// Trouble with the machine; what is wrong with the data is in the report.
    async fn integrity(&self, scope: &Scope) -> Result<Integrity, StoreError>;

    /// Waits for the writes that are queued, then releases the files. Later calls fail with
    /// [`crate::Fault::Closed`].
    async fn close(&self);
}
