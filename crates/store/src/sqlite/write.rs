//! What is written within a transaction. Each function refuses before it writes, and leaves the
//! transaction itself to the writer.

use std::sync::{Arc, LazyLock};

use sqlx::{AssertSqlSafe, Row, SqliteConnection};
use units::Id;

use super::fault::fault;
use super::{from_sql, length, sql_number};
use crate::errors::{AppendError, Fault, StoreError};
use crate::record::{
    Appended, Cosignature, NewAgreement, Record, Snapshot, SourceKey, VerifierKey,
};

/// How many rows one statement inserts at most; 11 parameters each.
const ROWS: usize = 128;

/// The inserts of 1, 2, 4 ... [`ROWS`] rows: few texts, so that each is prepared once.
static INSERTS: LazyLock<Vec<Arc<str>>> = LazyLock::new(|| {
    let head = "INSERT INTO entry (agreement, seq, at, actor, kind, line, leaf, visibility, \
                source, source_id, content) VALUES ";
    let row = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    let sizes = (0..=ROWS.ilog2()).map(|power| 1_usize << power);
    sizes.map(|size| Arc::from(format!("{head}{}", vec![row; size].join(", ")))).collect()
});

/// A row other than an entry.
pub(super) enum Change {
    Agreement(NewAgreement),
    Checkpoint { agreement: Id, size: u64, note: String },
    Cosignature(Id, Cosignature),
    Key(Id, VerifierKey),
    Snapshot { agreement: Id, viewer: &'static str, snapshot: Snapshot },
    DropSnapshots(Id),
}

/// Appends records that are dense from `expected_next`.
pub(super) async fn append(
    conn: &mut SqliteConnection,
    agreement: &Arc<str>,
    expected_next: u64,
    records: Vec<Record>,
) -> Result<Appended, AppendError> {
    let Some(next) = head(conn, agreement).await? else {
        let agreement = Id::new(agreement).expect("it was made from an id");
        return Err(AppendError::NotFound { agreement });
    };
    if next != expected_next {
        return Err(AppendError::Conflict { next });
    }
    let mut left = records.len();
    let after = next + length(left);
    let mut records = records.into_iter();
    while left > 0 {
        let power = left.min(ROWS).ilog2();
        let size = 1_usize << power;
        let place = usize::try_from(power).expect("a small number");
        let mut insert = sqlx::query(AssertSqlSafe(Arc::clone(&INSERTS[place])));
        for record in records.by_ref().take(size) {
            let (source, id, content) = match record.source {
                Some(SourceKey { source, id, content }) => {
                    (Some(source), Some(id), Some(content.to_vec()))
                }
                None => (None, None, None),
            };
            insert = insert
                .bind(Arc::clone(agreement))
                .bind(sql_number(record.seq))
                .bind(record.at.micros())
                .bind(record.actor)
                .bind(record.kind)
                .bind(record.line)
                .bind(record.leaf.to_vec())
                .bind(record.visibility.code())
                .bind(source)
                .bind(id)
                .bind(content);
        }
        insert.execute(&mut *conn).await.map_err(fault)?;
        left -= size;
    }
    Ok(Appended { first: next, next: after })
}

/// Writes another row.
pub(super) async fn change(conn: &mut SqliteConnection, change: Change) -> Result<(), StoreError> {
    match change {
        Change::Agreement(agreement) => put_agreement(conn, agreement).await,
        Change::Checkpoint { agreement, size, note } => {
            put_checkpoint(conn, &agreement, size, note).await
        }
        Change::Cosignature(agreement, cosignature) => {
            put_cosignature(conn, &agreement, cosignature).await
        }
        Change::Key(agreement, key) => put_key(conn, &agreement, key).await,
        Change::Snapshot { agreement, viewer, snapshot } => {
            put_snapshot(conn, &agreement, viewer, snapshot).await
        }
        Change::DropSnapshots(agreement) => {
            existing(conn, &agreement).await?;
            sqlx::query("DELETE FROM snapshot WHERE agreement = ?")
                .bind(agreement.as_str())
                .execute(conn)
                .await
                .map_err(fault)?;
            Ok(())
        }
    }
}

/// The sequence that the next entry takes; `None` when there is no such agreement.
async fn head(conn: &mut SqliteConnection, agreement: &str) -> Result<Option<u64>, Fault> {
    let row = sqlx::query(
        "SELECT (SELECT max(seq) FROM entry WHERE entry.agreement = agreement.id)
         FROM agreement WHERE id = ?",
    )
    .bind(agreement)
    .fetch_optional(conn)
    .await
    .map_err(fault)?;
    let Some(row) = row else { return Ok(None) };
    match row.try_get::<Option<i64>, _>(0).map_err(fault)? {
        Some(last) => Ok(Some(from_sql(last)? + 1)),
        None => Ok(Some(0)),
    }
}

async fn existing(conn: &mut SqliteConnection, agreement: &Id) -> Result<u64, StoreError> {
    let next = head(conn, agreement.as_str()).await?;
    next.ok_or_else(|| StoreError::NotFound { agreement: agreement.clone() })
}

async fn put_agreement(
    conn: &mut SqliteConnection,
    agreement: NewAgreement,
) -> Result<(), StoreError> {
    if head(conn, agreement.id.as_str()).await?.is_some() {
        return Err(StoreError::Exists { agreement: agreement.id });
    }
    sqlx::query("INSERT INTO agreement (id, kind, title, created) VALUES (?, ?, ?, ?)")
        .bind(agreement.id.as_str())
        .bind(agreement.kind)
        .bind(agreement.title)
        .bind(agreement.created.micros())
        .execute(conn)
        .await
        .map_err(fault)?;
    Ok(())
}

/// The checkpoint's note of a size, when one is kept.
async fn note(
    conn: &mut SqliteConnection,
    agreement: &Id,
    size: u64,
) -> Result<Option<String>, Fault> {
    sqlx::query_scalar("SELECT note FROM checkpoint WHERE agreement = ? AND size = ?")
        .bind(agreement.as_str())
        .bind(sql_number(size))
        .fetch_optional(conn)
        .await
        .map_err(fault)
}

async fn put_checkpoint(
    conn: &mut SqliteConnection,
    agreement: &Id,
    size: u64,
    text: String,
) -> Result<(), StoreError> {
    let next = existing(conn, agreement).await?;
    if size > next {
        return Err(StoreError::BeyondJournal { size, next });
    }
    match note(conn, agreement, size).await? {
        Some(kept) if kept == text => return Ok(()),
        Some(_) => return Err(StoreError::Differs { name: size.to_string() }),
        None => {}
    }
    sqlx::query("INSERT INTO checkpoint (agreement, size, note) VALUES (?, ?, ?)")
        .bind(agreement.as_str())
        .bind(sql_number(size))
        .bind(text)
        .execute(conn)
        .await
        .map_err(fault)?;
    Ok(())
}

async fn put_cosignature(
    conn: &mut SqliteConnection,
    agreement: &Id,
    cosignature: Cosignature,
) -> Result<(), StoreError> {
    existing(conn, agreement).await?;
    let size = cosignature.size;
    if note(conn, agreement, size).await?.is_none() {
        return Err(StoreError::NoCheckpoint { size });
    }
    sqlx::query(
        "INSERT INTO cosignature (agreement, size, key, line, at) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (agreement, size, line) DO NOTHING",
    )
    .bind(agreement.as_str())
    .bind(sql_number(size))
    .bind(cosignature.key)
    .bind(cosignature.line)
    .bind(cosignature.at.micros())
    .execute(conn)
    .await
    .map_err(fault)?;
    Ok(())
}

async fn put_key(
    conn: &mut SqliteConnection,
    agreement: &Id,
    key: VerifierKey,
) -> Result<(), StoreError> {
    existing(conn, agreement).await?;
    let holder = key.holder.map(crate::Party::code);
    let kept = sqlx::query("SELECT name, holder FROM verifier WHERE agreement = ? AND key = ?")
        .bind(agreement.as_str())
        .bind(&key.key)
        .fetch_optional(&mut *conn)
        .await
        .map_err(fault)?;
    if let Some(row) = kept {
        let same = row.try_get::<&str, _>(0).map_err(fault)? == key.name
            && row.try_get::<Option<&str>, _>(1).map_err(fault)? == holder;
        return if same { Ok(()) } else { Err(StoreError::Differs { name: key.name }) };
    }
    sqlx::query("INSERT INTO verifier (agreement, name, key, holder, at) VALUES (?, ?, ?, ?, ?)")
        .bind(agreement.as_str())
        .bind(key.name)
        .bind(key.key)
        .bind(holder)
        .bind(key.at.micros())
        .execute(conn)
        .await
        .map_err(fault)?;
    Ok(())
}

async fn put_snapshot(
    conn: &mut SqliteConnection,
    agreement: &Id,
    viewer: &'static str,
    snapshot: Snapshot,
) -> Result<(), StoreError> {
    let next = existing(conn, agreement).await?;
    if snapshot.next > next {
        return Err(StoreError::BeyondJournal { size: snapshot.next, next });
    }
    sqlx::query(
        "INSERT INTO snapshot (agreement, viewer, format, next, bytes) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (agreement, viewer, format) DO UPDATE
         SET next = excluded.next, bytes = excluded.bytes WHERE excluded.next >= next",
    )
    .bind(agreement.as_str())
    .bind(viewer)
    .bind(snapshot.format)
    .bind(sql_number(snapshot.next))
    .bind(snapshot.bytes)
    .execute(conn)
    .await
    .map_err(fault)?;
    Ok(())
}
