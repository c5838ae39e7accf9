//! Questions. Each is one statement, so that each sees one state of the store; the scope's
//! visibility is part of the statement.

use std::collections::BTreeMap;
use std::fmt::Write;

use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Row, SqlitePool};
use units::{Id, Timestamp};

use super::fault::fault;
use super::{from_sql, sql_number};
use crate::errors::{Cause, Fault, StoreError};
use crate::record::{
    AgreementRow, Checkpoint, Cosignature, Integrity, Problem, Record, Snapshot, SourceHit,
    SourceKey, VerifierKey,
};
use crate::scope::{Party, Scope, Visibility};
use crate::state::MAX_PAGE_RECORDS;

/// How many source keys one statement asks for.
const KEYS: usize = 256;

/// A stored value that the program cannot read, though the engine could.
#[derive(Debug, thiserror::Error)]
#[error("the column {column} holds {value}")]
struct Unreadable {
    column: &'static str,
    value: String,
}

fn unreadable(column: &'static str, value: impl ToString) -> Fault {
    Fault::Corrupt(Cause::new(Unreadable { column, value: value.to_string() }))
}

/// All agreements, or the one asked for, ordered by id.
pub(super) async fn agreements(
    pool: &SqlitePool,
    only: Option<&Id>,
) -> Result<Vec<AgreementRow>, StoreError> {
    let rows = sqlx::query(
        "SELECT id, kind, title, created,
                (SELECT max(seq) FROM entry WHERE entry.agreement = agreement.id)
         FROM agreement WHERE ?1 IS NULL OR id = ?1 ORDER BY id",
    )
    .bind(only.map(Id::as_str))
    .fetch_all(pool)
    .await
    .map_err(fault)?;
    let read = |row: &SqliteRow| {
        let id: &str = row.try_get(0).map_err(fault)?;
        let last: Option<i64> = row.try_get(4).map_err(fault)?;
        Ok(AgreementRow {
            id: Id::new(id).map_err(|_| unreadable("id", id))?,
            kind: row.try_get(1).map_err(fault)?,
            title: row.try_get(2).map_err(fault)?,
            created: Timestamp::from_micros(row.try_get(3).map_err(fault)?),
            next: last.map_or(Ok(0), |last| from_sql(last).map(|last| last + 1))?,
        })
    };
    rows.iter().map(read).collect()
}

async fn existing(pool: &SqlitePool, agreement: &Id) -> Result<(), StoreError> {
    let found: Option<i64> = sqlx::query_scalar("SELECT 1 FROM agreement WHERE id = ?")
        .bind(agreement.as_str())
        .fetch_optional(pool)
        .await
        .map_err(fault)?;
    found.map(|_| ()).ok_or_else(|| StoreError::NotFound { agreement: agreement.clone() })
}

/// A page of a journal.
pub(super) async fn records(
    pool: &SqlitePool,
    scope: &Scope,
    agreement: &Id,
    from: u64,
    limit: u32,
) -> Result<Vec<Record>, StoreError> {
    existing(pool, agreement).await?;
    let [first, second] = scope.private_codes();
    let rows = sqlx::query(
        "SELECT seq, at, actor, kind, line, leaf, visibility, source, source_id, content
         FROM entry
         WHERE agreement = ? AND seq >= ? AND visibility IN ('shared', ?, ?)
         ORDER BY seq LIMIT ?",
    )
    .bind(agreement.as_str())
    .bind(sql_number(from))
    .bind(first)
    .bind(second)
    .bind(limit.min(MAX_PAGE_RECORDS))
    .fetch_all(pool)
    .await
    .map_err(fault)?;
    rows.iter().map(|row| Ok(record(row)?)).collect()
}

fn record(row: &SqliteRow) -> Result<Record, Fault> {
    let visibility: &str = row.try_get(6).map_err(fault)?;
    let source: Option<String> = row.try_get(7).map_err(fault)?;
    let source = match source {
        Some(source) => Some(SourceKey {
            source,
            id: row.try_get(8).map_err(fault)?,
            content: hash(row, 9, "content")?,
        }),
        None => None,
    };
    Ok(Record {
        seq: from_sql(row.try_get(0).map_err(fault)?)?,
        at: Timestamp::from_micros(row.try_get(1).map_err(fault)?),
        actor: row.try_get(2).map_err(fault)?,
        kind: row.try_get(3).map_err(fault)?,
        line: row.try_get(4).map_err(fault)?,
        leaf: hash(row, 5, "leaf")?,
        visibility: Visibility::from_code(visibility)
            .ok_or_else(|| unreadable("visibility", visibility))?,
        source,
    })
}

fn hash(row: &SqliteRow, index: usize, column: &'static str) -> Result<[u8; 32], Fault> {
    let bytes: &[u8] = row.try_get(index).map_err(fault)?;
    bytes.try_into().map_err(|_| unreadable(column, format_args!("{} bytes", bytes.len())))
}

/// The leaves of `[from, to)`.
pub(super) async fn leaves(
    pool: &SqlitePool,
    agreement: &Id,
    from: u64,
    to: u64,
) -> Result<Vec<[u8; 32]>, StoreError> {
    existing(pool, agreement).await?;
    let rows = sqlx::query(
        "SELECT leaf FROM entry WHERE agreement = ? AND seq >= ? AND seq < ? ORDER BY seq",
    )
    .bind(agreement.as_str())
    .bind(sql_number(from))
    .bind(sql_number(to))
    .fetch_all(pool)
    .await
    .map_err(fault)?;
    rows.iter().map(|row| Ok(hash(row, 0, "leaf")?)).collect()
}

/// The entries that carry one of the source keys.
pub(super) async fn sources(
    pool: &SqlitePool,
    scope: &Scope,
    agreement: &Id,
    keys: &[(&str, &str)],
) -> Result<Vec<SourceHit>, StoreError> {
    existing(pool, agreement).await?;
    let [first, second] = scope.private_codes();
    let mut hits = BTreeMap::new();
    for keys in keys.chunks(KEYS) {
        let mut sql = String::from("WITH wanted (source, id) AS (VALUES (?, ?)");
        for _ in 1..keys.len() {
            sql.push_str(", (?, ?)");
        }
        // CROSS JOIN keeps the engine from walking all entries first.
        sql.push_str(
            ") SELECT entry.seq, entry.source, entry.source_id, entry.content
             FROM wanted CROSS JOIN entry
             WHERE entry.agreement = ? AND entry.source = wanted.source
               AND entry.source_id = wanted.id AND entry.visibility IN ('shared', ?, ?)",
        );
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for (source, id) in keys {
            query = query.bind(*source).bind(*id);
        }
        let query = query.bind(agreement.as_str()).bind(first).bind(second);
        for row in query.fetch_all(pool).await.map_err(fault)? {
            let seq = from_sql(row.try_get(0).map_err(fault)?)?;
            let key = SourceKey {
                source: row.try_get(1).map_err(fault)?,
                id: row.try_get(2).map_err(fault)?,
                content: hash(&row, 3, "content")?,
            };
            hits.insert(seq, SourceHit { seq, key });
        }
    }
    Ok(hits.into_values().collect())
}

/// The checkpoints of at least `from` entries.
pub(super) async fn checkpoints(
    pool: &SqlitePool,
    agreement: &Id,
    from: u64,
    limit: u32,
) -> Result<Vec<Checkpoint>, StoreError> {
    existing(pool, agreement).await?;
    let rows = sqlx::query(
        "SELECT kept.size, kept.note, cosignature.key, cosignature.line, cosignature.at
         FROM (SELECT agreement, size, note FROM checkpoint
               WHERE agreement = ? AND size >= ? ORDER BY size LIMIT ?) AS kept
         LEFT JOIN cosignature USING (agreement, size)
         ORDER BY kept.size, cosignature.number",
    )
    .bind(agreement.as_str())
    .bind(sql_number(from))
    .bind(limit.min(MAX_PAGE_RECORDS))
    .fetch_all(pool)
    .await
    .map_err(fault)?;
    Ok(gather(&rows)?)
}

/// The largest checkpoint of at most `size` entries.
pub(super) async fn checkpoint(
    pool: &SqlitePool,
    agreement: &Id,
    size: u64,
) -> Result<Option<Checkpoint>, StoreError> {
    existing(pool, agreement).await?;
    let rows = sqlx::query(
        "SELECT kept.size, kept.note, cosignature.key, cosignature.line, cosignature.at
         FROM (SELECT agreement, size, note FROM checkpoint
               WHERE agreement = ? AND size <= ? ORDER BY size DESC LIMIT 1) AS kept
         LEFT JOIN cosignature USING (agreement, size)
         ORDER BY cosignature.number",
    )
    .bind(agreement.as_str())
    .bind(sql_number(size))
    .fetch_all(pool)
    .await
    .map_err(fault)?;
    Ok(gather(&rows)?.into_iter().next())
}

/// Checkpoints from rows ordered by size, one for each cosignature.
fn gather(rows: &[SqliteRow]) -> Result<Vec<Checkpoint>, Fault> {
    let mut checkpoints: Vec<Checkpoint> = Vec::new();
    for row in rows {
        let size = from_sql(row.try_get(0).map_err(fault)?)?;
        let key: Option<String> = row.try_get(2).map_err(fault)?;
        let cosignature = match key {
            Some(key) => Some(Cosignature {
                size,
                key,
                line: row.try_get(3).map_err(fault)?,
                at: Timestamp::from_micros(row.try_get(4).map_err(fault)?),
            }),
            None => None,
        };
        match checkpoints.last_mut() {
            Some(last) if last.size == size => last.cosignatures.extend(cosignature),
            _ => checkpoints.push(Checkpoint {
                size,
                note: row.try_get(1).map_err(fault)?,
                cosignatures: cosignature.into_iter().collect(),
            }),
        }
    }
    Ok(checkpoints)
}

/// The public keys in the order in which they came.
pub(super) async fn keys(
    pool: &SqlitePool,
    agreement: &Id,
) -> Result<Vec<VerifierKey>, StoreError> {
    existing(pool, agreement).await?;
    let rows = sqlx::query(
        "SELECT name, key, holder, at FROM verifier WHERE agreement = ? ORDER BY number",
    )
    .bind(agreement.as_str())
    .fetch_all(pool)
    .await
    .map_err(fault)?;
    let read = |row: &SqliteRow| {
        let holder: Option<&str> = row.try_get(2).map_err(fault)?;
        let party = |code| Party::from_code(code).ok_or_else(|| unreadable("holder", code));
        Ok(VerifierKey {
            name: row.try_get(0).map_err(fault)?,
            key: row.try_get(1).map_err(fault)?,
            holder: holder.map(party).transpose()?,
            at: Timestamp::from_micros(row.try_get(3).map_err(fault)?),
        })
    };
    rows.iter().map(read).collect()
}

/// The snapshot of one viewer in one format.
pub(super) async fn snapshot(
    pool: &SqlitePool,
    agreement: &Id,
    viewer: &'static str,
    format: u32,
) -> Result<Option<Snapshot>, StoreError> {
    existing(pool, agreement).await?;
    let row = sqlx::query(
        "SELECT next, bytes FROM snapshot WHERE agreement = ? AND viewer = ? AND format = ?",
    )
    .bind(agreement.as_str())
    .bind(viewer)
    .bind(format)
    .fetch_optional(pool)
    .await
    .map_err(fault)?;
    let Some(row) = row else { return Ok(None) };
    let next = from_sql(row.try_get(0).map_err(fault)?)?;
    Ok(Some(Snapshot { format, next, bytes: row.try_get(1).map_err(fault)? }))
}

/// Checks the engine's pages, the references and that every journal is dense from 0.
pub(super) async fn integrity(pool: &SqlitePool) -> Result<Integrity, StoreError> {
    let mut report = Integrity { agreements: 0, entries: 0, problems: Vec::new() };
    match inspect(pool, &mut report).await.map_err(fault) {
        Ok(()) => Ok(report),
        // Damage that stops the check is what the check is asked to find.
        Err(Fault::Corrupt(cause)) => {
            let mut detail = String::new();
            let _infallible = write!(detail, "{cause}");
            report.problems.push(Problem::Damage { detail });
            Ok(report)
        }
        Err(fault) => Err(fault.into()),
    }
}

async fn inspect(pool: &SqlitePool, report: &mut Integrity) -> Result<(), sqlx::Error> {
    let lines: Vec<String> = sqlx::query_scalar("PRAGMA integrity_check").fetch_all(pool).await?;
    let damage = lines.into_iter().filter(|line| line != "ok");
    report.problems.extend(damage.map(|detail| Problem::Damage { detail }));
    for row in sqlx::query("PRAGMA foreign_key_check").fetch_all(pool).await? {
        report.problems.push(Problem::Orphan { table: row.try_get(0)? });
    }
    let gaps = sqlx::query(
        "SELECT agreement, before + 1, seq
         FROM (SELECT agreement, seq,
                      lag(seq, 1, -1) OVER (PARTITION BY agreement ORDER BY seq) AS before
               FROM entry)
         WHERE seq <> before + 1 ORDER BY agreement, seq",
    )
    .fetch_all(pool)
    .await?;
    for row in gaps {
        report.problems.push(Problem::Gap {
            agreement: row.try_get(0)?,
            expected: row.try_get(1)?,
            found: row.try_get(2)?,
        });
    }
    report.agreements =
        sqlx::query_scalar("SELECT count(*) FROM agreement").fetch_one(pool).await?;
    report.entries = sqlx::query_scalar("SELECT count(*) FROM entry").fetch_one(pool).await?;
    Ok(())
}
