//! The format of the database file: whose it is, which version, and the way forward.
//!
//! Formats only move forward. The text of every step that a file went through is remembered by
//! its hash, so that a step edited after its release is found out.

use std::path::Path;

use sha2::{Digest, Sha256};
use sqlx::{Row, SqliteConnection};

use super::fault::fault;
use crate::errors::{Fault, OpenError};

/// `Taly` in ASCII: marks the file as ours.
const APPLICATION: i64 = 0x5461_6c79;

/// The steps, the first making version 1.
pub(super) const STEPS: [&str; 2] = [
    include_str!("../../migrations/sqlite/0001_journal.sql"),
    include_str!("../../migrations/sqlite/0002_register.sql"),
];

/// What a file is before it is touched.
enum Found {
    /// An empty file.
    New,
    /// Ours, of a version.
    Ours(u32),
}

/// SHA-256 of a step's text.
pub(super) fn hash(step: &str) -> [u8; 32] {
    Sha256::digest(step.as_bytes()).into()
}

/// Refuses files that are not ours or are newer, before anything in them is changed.
pub(super) async fn check(conn: &mut SqliteConnection, path: &Path) -> Result<(), OpenError> {
    identify(conn, path).await.map(|_| ())
}

/// Brings the file to the newest version that this program knows.
pub(super) async fn advance(conn: &mut SqliteConnection, path: &Path) -> Result<(), OpenError> {
    let at = |error| OpenError::Fault { path: path.to_path_buf(), fault: fault(error) };
    if let Found::Ours(version) = identify(conn, path).await?
        && version == known()
    {
        return compare(conn, path, version).await;
    }
    run(conn, "BEGIN IMMEDIATE").await.map_err(at)?;
    let moved = advance_within(conn, path).await;
    let end = if moved.is_ok() { "COMMIT" } else { "ROLLBACK" };
    let ended = run(conn, end).await.map_err(at);
    moved.and(ended)
}

/// The newest version that this program knows.
fn known() -> u32 {
    u32::try_from(STEPS.len()).expect("there are few steps")
}

/// The rest of [`advance`], with the file locked against other writers.
async fn advance_within(conn: &mut SqliteConnection, path: &Path) -> Result<(), OpenError> {
    let at = |error| OpenError::Fault { path: path.to_path_buf(), fault: fault(error) };
    // Another process may have moved the file since it was looked at without the lock.
    let version = match identify(conn, path).await? {
        Found::Ours(version) => version,
        Found::New => {
            run(conn, "CREATE TABLE format (version INTEGER PRIMARY KEY, sha256 BLOB NOT NULL)")
                .await
                .map_err(at)?;
            run(conn, "PRAGMA application_id = 1415670905").await.map_err(at)?;
            0
        }
    };
    compare(conn, path, version).await?;
    for (number, step) in (1_u32..).zip(STEPS).filter(|(number, _)| *number > version) {
        sqlx::raw_sql(step).execute(&mut *conn).await.map_err(at)?;
        sqlx::query("INSERT INTO format (version, sha256) VALUES (?, ?)")
            .bind(number)
            .bind(hash(step).to_vec())
            .execute(&mut *conn)
            .await
            .map_err(at)?;
        // A pragma takes no parameters; the number is ours.
        let pragma = format!("PRAGMA user_version = {number}");
        sqlx::raw_sql(sqlx::AssertSqlSafe(pragma)).execute(&mut *conn).await.map_err(at)?;
    }
    Ok(())
}

/// Compares the steps that the file went through with those of this program.
async fn compare(conn: &mut SqliteConnection, path: &Path, version: u32) -> Result<(), OpenError> {
    let at = |error| OpenError::Fault { path: path.to_path_buf(), fault: fault(error) };
    let rows = sqlx::query("SELECT version, sha256 FROM format ORDER BY version")
        .fetch_all(conn)
        .await
        .map_err(at)?;
    for (number, step) in (1_u32..=version).zip(STEPS) {
        let place = usize::try_from(number - 1).expect("there are few steps");
        let same = match rows.get(place) {
            Some(row) => {
                row.try_get::<u32, _>(0).map_err(at)? == number
                    && row.try_get::<&[u8], _>(1).map_err(at)? == hash(step)
            }
            None => false,
        };
        if !same {
            return Err(OpenError::Altered { path: path.to_path_buf(), version: number });
        }
    }
    Ok(())
}

/// Whose the file is, and which version of ours.
async fn identify(conn: &mut SqliteConnection, path: &Path) -> Result<Found, OpenError> {
    let at = |error| OpenError::Fault { path: path.to_path_buf(), fault: fault(error) };
    // One statement, so that it sees one state while another process moves the file.
    let row = sqlx::query(
        "SELECT (SELECT application_id FROM pragma_application_id),
                (SELECT user_version FROM pragma_user_version),
                (SELECT count(*) FROM sqlite_schema)",
    )
    .fetch_one(conn)
    .await
    .map_err(at)?;
    let number = |column| row.try_get::<i64, _>(column).map_err(at);
    let (application, version, tables) = (number(0)?, number(1)?, number(2)?);
    match (application, version, tables) {
        (0, 0, 0) => Ok(Found::New),
        (APPLICATION, version, _) if version > 0 => {
            let found = u32::try_from(version).map_err(|error| OpenError::Fault {
                path: path.to_path_buf(),
                fault: Fault::Corrupt(crate::errors::Cause::new(error)),
            })?;
            if found > known() {
                return Err(OpenError::Newer { path: path.to_path_buf(), found, known: known() });
            }
            Ok(Found::Ours(found))
        }
        _ => Err(OpenError::Foreign { path: path.to_path_buf() }),
    }
}

/// Runs one statement that gives no rows.
pub(super) async fn run(conn: &mut SqliteConnection, sql: &'static str) -> Result<(), sqlx::Error> {
    sqlx::query(sql).execute(conn).await.map(|_| ())
}
