//! The store in one SQLite file: one writer that commits in groups, several readers.
//!
//! WAL with `synchronous = FULL`: a commit is on disk when it returns. Several processes may
//! open the same file; the lock of the engine and the primary key of an entry keep every journal
//! dense. Only this folder knows SQL.

mod fault;
mod format;
mod read;
mod register;
#[cfg(test)]
mod tests;
mod write;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{sleep, timeout};
use units::{Id, Timestamp};

use self::write::Change;
use self::writer::Job;
use crate::errors::{AppendError, Cause, Fault, OpenError, RegisterError, StoreError};
use crate::record::{
    AgreementRow, Appended, Checkpoint, Cosignature, Integrity, NewAgreement, Record, Snapshot,
    SourceHit, VerifierKey,
};
use crate::register::{
    AuditEntry, AuditFilter, AuditRow, Card, CardWrite, Register, Whose, check_drop, check_write,
};
use crate::scope::Scope;
use crate::state::{MAX_BATCH_RECORDS, MAX_LINE_BYTES, MAX_SNAPSHOT_BYTES, Store};

/// How long an operation waits for another process before it is [`Fault::Locked`].
const PATIENCE: Duration = Duration::from_secs(20);

/// How long to wait before trying again what the engine does not wait for itself.
const PAUSE: Duration = Duration::from_millis(5);

/// How many questions are answered at once.
const READERS: u32 = 4;

/// How many writes wait in the queue before callers wait for room in it.
const QUEUE: usize = 1024;

/// A store in a SQLite file. Cloning gives another handle to the same connections.
#[derive(Clone)]
pub struct Sqlite {
    jobs: mpsc::Sender<Job>,
    readers: SqlitePool,
}

impl Sqlite {
    /// Opens the file, or makes it when there is none; the folder must be there.
    ///
    /// Must be called within a Tokio runtime, where the writer then lives.
    ///
    /// # Errors
    /// When the file is not a database, is another program's, is newer than this program, or
    /// cannot be read and written.
    pub async fn open(path: &Path) -> Result<Self, OpenError> {
        let at = |fault| OpenError::Fault { path: path.to_path_buf(), fault };
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .foreign_keys(true)
            .busy_timeout(PATIENCE)
            .synchronous(SqliteSynchronous::Full)
            .disable_statement_logging();
        let opened = SqliteConnection::connect_with(&options).await;
        let mut writer = match opened {
            Ok(writer) => writer,
            Err(error) => return Err(at(open_fault(path.to_path_buf(), error).await)),
        };
        format::check(&mut writer, path).await?;
        let wal = timeout(PATIENCE, use_wal(&mut writer)).await;
        wal.unwrap_or_else(|late| Err(Fault::Locked(Cause::new(late)))).map_err(at)?;
        format::advance(&mut writer, path).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .test_before_acquire(false)
            .connect_lazy_with(options.create_if_missing(false).pragma("query_only", "ON"));
        let (jobs, queue) = mpsc::channel(QUEUE);
        tokio::spawn(writer::serve(writer, queue));
        Ok(Self { jobs, readers })
    }

    async fn change(&self, change: Change) -> Result<(), StoreError> {
        let (reply, answer) = oneshot::channel();
        self.jobs.send(Job::Change(change, reply)).await.map_err(|_| Fault::Closed)?;
        answer.await.map_err(|_| Fault::Closed)?
    }

    async fn enter(&self, entry: register::Entry) -> Result<u64, RegisterError> {
        let (reply, answer) = oneshot::channel();
        self.jobs.send(Job::Register(entry, reply)).await.map_err(|_| Fault::Closed)?;
        answer.await.map_err(|_| Fault::Closed)?
    }
}

/// Switches to the write-ahead log, which the file then remembers; tries until it can.
async fn use_wal(conn: &mut SqliteConnection) -> Result<(), Fault> {
    loop {
        let mode = sqlx::query_scalar("PRAGMA journal_mode = WAL").fetch_one(&mut *conn).await;
        let mode: Result<String, Fault> = mode.map_err(fault::fault);
        match mode {
            Ok(mode) if mode == "wal" => return Ok(()),
            // Some network file systems cannot share memory between processes.
            Ok(_) => return Err(Fault::Other(Cause::new(NoSharedMemory))),
            // Two that switch a new file at once would wait for each other, so the engine does
            // not wait at all.
            Err(Fault::Locked(_)) => sleep(PAUSE).await,
            Err(fault) => return Err(fault),
        }
    }
}

/// The write-ahead log cannot be used here.
#[derive(Debug, thiserror::Error)]
#[error("the file system offers no memory shared between processes")]
struct NoSharedMemory;

/// Why the engine could not open the file: it says "unable to open" whatever the reason is.
async fn open_fault(path: PathBuf, error: sqlx::Error) -> Fault {
    let file = tokio::fs::OpenOptions::new().read(true).write(true).open(&path).await;
    match (fault::fault(error), file) {
        (Fault::Other(_), Err(reason)) => Fault::from(reason),
        (fault, _) => fault,
    }
}

/// What can be refused without asking the database.
fn check_batch(
    scope: &Scope,
    agreement: &Id,
    expected_next: u64,
    records: &[Record],
) -> Result<(), AppendError> {
    if !scope.reaches(agreement) {
        return Err(AppendError::NotFound { agreement: agreement.clone() });
    }
    let count = length(records.len());
    if count > MAX_BATCH_RECORDS {
        return Err(AppendError::BatchTooLarge { records: count, limit: MAX_BATCH_RECORDS });
    }
    for (offset, record) in (0..).zip(records) {
        let expected = expected_next.saturating_add(offset);
        if record.seq != expected {
            return Err(AppendError::NotDense { expected, found: record.seq });
        }
        if !scope.sees(record.visibility) {
            return Err(AppendError::Hidden { seq: record.seq });
        }
        let bytes = length(record.line.len());
        if bytes > MAX_LINE_BYTES {
            let limit = MAX_LINE_BYTES;
            return Err(AppendError::LineTooLarge { seq: record.seq, bytes, limit });
        }
    }
    Ok(())
}

fn reached(scope: &Scope, agreement: &Id) -> Result<(), StoreError> {
    if scope.reaches(agreement) {
        return Ok(());
    }
    Err(StoreError::NotFound { agreement: agreement.clone() })
}

fn operator(scope: &Scope) -> Result<(), StoreError> {
    if scope.is_operator() { Ok(()) } else { Err(StoreError::OperatorOnly) }
}

/// A count of things in memory.
fn length(count: usize) -> u64 {
    u64::try_from(count).expect("a count in memory fits 64 bits")
}

/// A sequence or size for SQL, whose integers end at 2^63 - 1: no journal gets that far, so that
/// a larger number asks for the same as the largest.
fn sql_number(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A number that the database's own checks keep from being negative.
fn from_sql(number: i64) -> Result<u64, Fault> {
    u64::try_from(number).map_err(|error| Fault::Corrupt(Cause::new(error)))
}

#[async_trait]
impl Store for Sqlite {
    async fn create_agreement(
        &self,
        scope: &Scope,
        agreement: &NewAgreement,
    ) -> Result<(), StoreError> {
        reached(scope, &agreement.id)?;
        operator(scope)?;
        self.change(Change::Agreement(agreement.clone())).await
    }

    async fn agreements(&self, scope: &Scope) -> Result<Vec<AgreementRow>, StoreError> {
        read::agreements(&self.readers, scope.agreement()).await
    }

    async fn agreement(&self, scope: &Scope, agreement: &Id) -> Result<AgreementRow, StoreError> {
        reached(scope, agreement)?;
        let rows = read::agreements(&self.readers, Some(agreement)).await?;
        let row = rows.into_iter().next();
        row.ok_or_else(|| StoreError::NotFound { agreement: agreement.clone() })
    }

    async fn append(
        &self,
        scope: &Scope,
        agreement: &Id,
        expected_next: u64,
        records: Vec<Record>,
    ) -> Result<Appended, AppendError> {
        check_batch(scope, agreement, expected_next, &records)?;
        let (reply, answer) = oneshot::channel();
        let agreement = Arc::from(agreement.as_str());
        let job = Job::Append { agreement, expected_next, records, reply };
        self.jobs.send(job).await.map_err(|_| Fault::Closed)?;
        answer.await.map_err(|_| Fault::Closed)?
    }

    async fn read(
        &self,
        scope: &Scope,
        agreement: &Id,
        from: u64,
        limit: u32,
    ) -> Result<Vec<Record>, StoreError> {
        reached(scope, agreement)?;
        read::records(&self.readers, scope, agreement, from, limit).await
    }

    async fn leaves(
        &self,
        scope: &Scope,
        agreement: &Id,
        from: u64,
        to: u64,
    ) -> Result<Vec<[u8; 32]>, StoreError> {
        reached(scope, agreement)?;
        read::leaves(&self.readers, agreement, from, to).await
    }

    async fn find_source(
        &self,
        scope: &Scope,
        agreement: &Id,
        keys: &[(&str, &str)],
    ) -> Result<Vec<SourceHit>, StoreError> {
        reached(scope, agreement)?;
        read::sources(&self.readers, scope, agreement, keys).await
    }

    async fn put_checkpoint(
        &self,
        scope: &Scope,
        agreement: &Id,
        size: u64,
        note: &str,
    ) -> Result<(), StoreError> {
        reached(scope, agreement)?;
        let note = note.to_owned();
        self.change(Change::Checkpoint { agreement: agreement.clone(), size, note }).await
    }

    async fn put_cosignature(
        &self,
        scope: &Scope,
        agreement: &Id,
        cosignature: &Cosignature,
    ) -> Result<(), StoreError> {
        reached(scope, agreement)?;
        self.change(Change::Cosignature(agreement.clone(), cosignature.clone())).await
    }

    async fn checkpoints(
        &self,
        scope: &Scope,
        agreement: &Id,
        from: u64,
        limit: u32,
    ) -> Result<Vec<Checkpoint>, StoreError> {
        reached(scope, agreement)?;
        read::checkpoints(&self.readers, agreement, from, limit).await
    }

    async fn checkpoint(
        &self,
        scope: &Scope,
        agreement: &Id,
        size: u64,
    ) -> Result<Option<Checkpoint>, StoreError> {
        reached(scope, agreement)?;
        read::checkpoint(&self.readers, agreement, size).await
    }

    async fn put_key(
        &self,
        scope: &Scope,
        agreement: &Id,
        key: &VerifierKey,
    ) -> Result<(), StoreError> {
        reached(scope, agreement)?;
        self.change(Change::Key(agreement.clone(), key.clone())).await
    }

    async fn keys(&self, scope: &Scope, agreement: &Id) -> Result<Vec<VerifierKey>, StoreError> {
        reached(scope, agreement)?;
        read::keys(&self.readers, agreement).await
    }

    async fn put_snapshot(
        &self,
        scope: &Scope,
        agreement: &Id,
        snapshot: &Snapshot,
    ) -> Result<(), StoreError> {
        reached(scope, agreement)?;
        let bytes = length(snapshot.bytes.len());
        if bytes > MAX_SNAPSHOT_BYTES {
            return Err(StoreError::TooLarge { bytes, limit: MAX_SNAPSHOT_BYTES });
        }
        let (agreement, snapshot) = (agreement.clone(), snapshot.clone());
        self.change(Change::Snapshot { agreement, viewer: scope.viewer(), snapshot }).await
    }

    async fn snapshot(
        &self,
        scope: &Scope,
        agreement: &Id,
        format: u32,
    ) -> Result<Option<Snapshot>, StoreError> {
        reached(scope, agreement)?;
        read::snapshot(&self.readers, agreement, scope.viewer(), format).await
    }

    async fn drop_snapshots(&self, scope: &Scope, agreement: &Id) -> Result<(), StoreError> {
        reached(scope, agreement)?;
        operator(scope)?;
        self.change(Change::DropSnapshots(agreement.clone())).await
    }

    async fn integrity(&self, scope: &Scope) -> Result<Integrity, StoreError> {
        operator(scope)?;
        read::integrity(&self.readers).await
    }

    async fn close(&self) {
        // The writer closes last: the last connection folds the log into the file.
        self.readers.close().await;
        let (reply, answer) = oneshot::channel();
        if self.jobs.send(Job::Close(reply)).await.is_ok() {
            let _closed = answer.await;
        }
    }
}

#[async_trait]
impl Register for Sqlite {
    async fn card(&self, kind: &str, id: &str) -> Result<Option<Card>, RegisterError> {
        register::card(&self.readers, kind, "id", id).await
    }

    async fn card_named(&self, kind: &str, name: &str) -> Result<Option<Card>, RegisterError> {
        register::card(&self.readers, kind, "name", name).await
    }

    async fn cards(
        &self,
        kind: &str,
        whose: Whose<'_>,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<Card>, RegisterError> {
        register::cards(&self.readers, kind, whose, after, limit).await
    }

    async fn cards_due(
        &self,
        kind: &str,
        whose: Whose<'_>,
        by: Timestamp,
        limit: u32,
    ) -> Result<Vec<Card>, RegisterError> {
        register::due(&self.readers, kind, whose, by, limit).await
    }

    async fn cards_count(&self, kind: &str, whose: Whose<'_>) -> Result<u64, RegisterError> {
        register::count(&self.readers, kind, whose).await
    }

    async fn write(
        &self,
        cards: Vec<CardWrite>,
        audit: Vec<AuditEntry>,
    ) -> Result<(), RegisterError> {
        check_write(&cards, &audit)?;
        self.enter(register::Entry::Write { cards, audit }).await.map(|_| ())
    }

    async fn audit(
        &self,
        filter: AuditFilter<'_>,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<AuditRow>, RegisterError> {
        register::audit(&self.readers, filter, before, limit).await
    }

    async fn audit_drop(&self, before: Timestamp, now: Timestamp) -> Result<u64, RegisterError> {
        check_drop(before, now)?;
        self.enter(register::Entry::DropAudit { before }).await
    }
}
