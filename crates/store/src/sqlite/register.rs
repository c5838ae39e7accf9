//! Cards and audit entries in SQL. Refuses before it writes, and leaves the transaction to the
//! writer.

use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Row, SqliteConnection, SqlitePool};
use units::Timestamp;

use super::fault::fault;
use super::{from_sql, sql_number};
use crate::errors::{Fault, RegisterError};
use crate::register::{AuditEntry, AuditFilter, AuditRow, Card, CardWrite, MAX_CARD_PAGE, Whose};

const CARD: &str = "SELECT kind, id, owner, subject, name, due, version, body FROM card";

/// What is written to the register, in one transaction.
pub(super) enum Entry {
    Write { cards: Vec<CardWrite>, audit: Vec<AuditEntry> },
    DropAudit { before: Timestamp },
}

pub(super) async fn card(
    pool: &SqlitePool,
    kind: &str,
    column: &'static str,
    key: &str,
) -> Result<Option<Card>, RegisterError> {
    let row = sqlx::query(AssertSqlSafe(format!("{CARD} WHERE kind = ? AND {column} = ?")))
        .bind(kind)
        .bind(key)
        .fetch_optional(pool)
        .await
        .map_err(fault)?;
    Ok(row.as_ref().map(read_card).transpose()?)
}

pub(super) async fn cards(
    pool: &SqlitePool,
    kind: &str,
    whose: Whose<'_>,
    after: Option<&str>,
    limit: u32,
) -> Result<Vec<Card>, RegisterError> {
    let (condition, key) = condition(whose);
    let sql = format!("{CARD} WHERE kind = ? {condition} AND id > ? ORDER BY id LIMIT ?");
    let mut query = sqlx::query(AssertSqlSafe(sql)).bind(kind);
    if let Some(key) = key {
        query = query.bind(key);
    }
    let query = query.bind(after.unwrap_or("")).bind(limit.min(MAX_CARD_PAGE));
    let rows = query.fetch_all(pool).await.map_err(fault)?;
    rows.iter().map(|row| Ok(read_card(row)?)).collect()
}

pub(super) async fn due(
    pool: &SqlitePool,
    kind: &str,
    whose: Whose<'_>,
    by: Timestamp,
    limit: u32,
) -> Result<Vec<Card>, RegisterError> {
    let (condition, key) = condition(whose);
    let sql = format!("{CARD} WHERE kind = ? {condition} AND due <= ? ORDER BY due, id LIMIT ?");
    let mut query = sqlx::query(AssertSqlSafe(sql)).bind(kind);
    if let Some(key) = key {
        query = query.bind(key);
    }
    let query = query.bind(by.micros()).bind(limit.min(MAX_CARD_PAGE));
    let rows = query.fetch_all(pool).await.map_err(fault)?;
    rows.iter().map(|row| Ok(read_card(row)?)).collect()
}

pub(super) async fn count(
    pool: &SqlitePool,
    kind: &str,
    whose: Whose<'_>,
) -> Result<u64, RegisterError> {
    let (condition, key) = condition(whose);
    let sql = format!("SELECT count(*) FROM card WHERE kind = ? {condition}");
    let mut query = sqlx::query_scalar(AssertSqlSafe(sql)).bind(kind);
    if let Some(key) = key {
        query = query.bind(key);
    }
    let count: i64 = query.fetch_one(pool).await.map_err(fault)?;
    Ok(from_sql(count)?)
}

/// Each way has its own text, so that each uses its own index.
fn condition<'a>(whose: Whose<'a>) -> (&'static str, Option<&'a str>) {
    match whose {
        Whose::All => ("", None),
        Whose::Owner(owner) => ("AND owner = ?", Some(owner)),
        Whose::Subject(subject) => ("AND subject = ?", Some(subject)),
    }
}

fn read_card(row: &SqliteRow) -> Result<Card, Fault> {
    let due: Option<i64> = row.try_get(5).map_err(fault)?;
    Ok(Card {
        kind: row.try_get(0).map_err(fault)?,
        id: row.try_get(1).map_err(fault)?,
        owner: row.try_get(2).map_err(fault)?,
        subject: row.try_get(3).map_err(fault)?,
        name: row.try_get(4).map_err(fault)?,
        due: due.map(Timestamp::from_micros),
        version: from_sql(row.try_get(6).map_err(fault)?)?,
        body: row.try_get(7).map_err(fault)?,
    })
}

pub(super) async fn audit(
    pool: &SqlitePool,
    filter: AuditFilter<'_>,
    before: Option<u64>,
    limit: u32,
) -> Result<Vec<AuditRow>, RegisterError> {
    let rows = sqlx::query(
        "SELECT seq, at, organisation, agreement, person, action, object, result, address, request
         FROM audit
         WHERE (?1 IS NULL OR organisation = ?1) AND (?2 IS NULL OR agreement = ?2)
           AND (?3 IS NULL OR person = ?3) AND (?4 IS NULL OR action = ?4) AND seq < ?5
         ORDER BY seq DESC LIMIT ?6",
    )
    .bind(filter.organisation)
    .bind(filter.agreement)
    .bind(filter.person)
    .bind(filter.action)
    .bind(before.map_or(i64::MAX, sql_number))
    .bind(limit.min(MAX_CARD_PAGE))
    .fetch_all(pool)
    .await
    .map_err(fault)?;
    let read = |row: &SqliteRow| {
        let entry = AuditEntry {
            at: row.try_get(1).map_err(fault)?,
            organisation: row.try_get(2).map_err(fault)?,
            agreement: row.try_get(3).map_err(fault)?,
            person: row.try_get(4).map_err(fault)?,
            action: row.try_get(5).map_err(fault)?,
            object: row.try_get(6).map_err(fault)?,
            result: row.try_get(7).map_err(fault)?,
            address: row.try_get(8).map_err(fault)?,
            request: row.try_get(9).map_err(fault)?,
        };
        Ok(AuditRow { seq: from_sql(row.try_get(0).map_err(fault)?)?, entry })
    };
    rows.iter().map(read).collect()
}

/// Writes within the transaction; says how many audit entries were dropped.
pub(super) async fn write(conn: &mut SqliteConnection, entry: Entry) -> Result<u64, RegisterError> {
    match entry {
        Entry::Write { cards, audit } => {
            for write in cards {
                write_card(conn, write).await?;
            }
            for entry in audit {
                append_audit(conn, entry).await?;
            }
            Ok(0)
        }
        Entry::DropAudit { before } => {
            let dropped = sqlx::query("DELETE FROM audit WHERE at < ?")
                .bind(before.micros())
                .execute(conn)
                .await
                .map_err(fault)?;
            Ok(dropped.rows_affected())
        }
    }
}

async fn write_card(conn: &mut SqliteConnection, write: CardWrite) -> Result<(), RegisterError> {
    match write {
        CardWrite::Insert(card) => {
            let taken = RegisterError::Taken { kind: card.kind.clone(), id: card.id.clone() };
            let inserted = sqlx::query(
                "INSERT INTO card (kind, id, owner, subject, name, due, version, body)
                 VALUES (?, ?, ?, ?, ?, ?, 1, ?) ON CONFLICT DO NOTHING",
            )
            .bind(card.kind)
            .bind(card.id)
            .bind(card.owner)
            .bind(card.subject)
            .bind(card.name)
            .bind(card.due.map(Timestamp::micros))
            .bind(card.body)
            .execute(conn)
            .await
            .map_err(fault)?;
            if inserted.rows_affected() == 1 { Ok(()) } else { Err(taken) }
        }
        CardWrite::Replace(card) => replace(conn, card).await,
        CardWrite::Delete { kind, id, version } => {
            let deleted = sqlx::query("DELETE FROM card WHERE kind = ? AND id = ? AND version = ?")
                .bind(&kind)
                .bind(&id)
                .bind(sql_number(version))
                .execute(conn)
                .await
                .map_err(fault)?;
            match deleted.rows_affected() {
                1 => Ok(()),
                _ => Err(RegisterError::Stale { kind, id }),
            }
        }
    }
}

async fn replace(conn: &mut SqliteConnection, card: Card) -> Result<(), RegisterError> {
    let (kind, id) = (card.kind.clone(), card.id.clone());
    let replaced = sqlx::query(
        "UPDATE OR IGNORE card SET owner = ?, subject = ?, name = ?, due = ?, body = ?,
                version = version + 1
         WHERE kind = ? AND id = ? AND version = ?",
    )
    .bind(card.owner)
    .bind(card.subject)
    .bind(card.name)
    .bind(card.due.map(Timestamp::micros))
    .bind(card.body)
    .bind(&kind)
    .bind(&id)
    .bind(sql_number(card.version))
    .execute(&mut *conn)
    .await
    .map_err(fault)?;
    if replaced.rows_affected() == 1 {
        return Ok(());
    }
    let there: Option<i64> =
        sqlx::query_scalar("SELECT 1 FROM card WHERE kind = ? AND id = ? AND version = ?")
            .bind(&kind)
            .bind(&id)
            .bind(sql_number(card.version))
            .fetch_optional(conn)
            .await
            .map_err(fault)?;
    // The version is still the same: then it was the new name that is another's.
    Err(match there {
        Some(_) => RegisterError::Taken { kind, id },
        None => RegisterError::Stale { kind, id },
    })
}

async fn append_audit(conn: &mut SqliteConnection, entry: AuditEntry) -> Result<(), RegisterError> {
    sqlx::query(
        "INSERT INTO audit
         (at, organisation, agreement, person, action, object, result, address, request)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(entry.at)
    .bind(entry.organisation)
    .bind(entry.agreement)
    .bind(entry.person)
    .bind(entry.action)
    .bind(entry.object)
    .bind(entry.result)
    .bind(entry.address)
    .bind(entry.request)
    .execute(conn)
    .await
    .map_err(fault)?;
    Ok(())
}
