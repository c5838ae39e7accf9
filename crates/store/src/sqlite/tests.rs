//! What only SQLite has: files that are something else, formats, settings, full and locked disks.

use std::path::PathBuf;

use futures_util::FutureExt;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sqlx::{Connection, SqliteConnection};
use tempfile::TempDir;
use tokio::sync::mpsc;
use units::{Id, Timestamp};

use super::format::{self, STEPS};
use super::{Sqlite, writer};
use crate::errors::{AppendError, Fault, OpenError};
use crate::record::{Appended, NewAgreement, Problem, Record};
use crate::scope::{Scope, Visibility};
use crate::state::Store;

/// The texts of released formats never change: a file remembers what it went through.
const RELEASED: [&str; 2] = [
    "389bd6a0d19830885c2bde7ff19a55f5cc912b78f7637ead28d67ce1678d319f",
    "e3cde283deace1c3b0959957f35fa6a637f3212fa3c1aa7d32c6aa3b87009f15",
];

struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("tally.db")
    }

    async fn raw(&self) -> SqliteConnection {
        let options = SqliteConnectOptions::new().filename(self.file()).create_if_missing(true);
        SqliteConnection::connect_with(&options.foreign_keys(false)).await.unwrap()
    }

    async fn run(&self, sql: &'static str) {
        let mut conn = self.raw().await;
        sqlx::raw_sql(sql).execute(&mut conn).await.unwrap();
        conn.close().await.unwrap();
    }

    /// A store with one agreement of this many entries, closed.
    async fn fill(&self, entries: u64) {
        let store = Sqlite::open(&self.file()).await.unwrap();
        store.create_agreement(&Scope::operator(), &agreement()).await.unwrap();
        append(&store, 0, entries).await.unwrap();
        store.close().await;
    }

    /// A store over a connection with other settings than the usual ones.
    async fn with(&self, options: SqliteConnectOptions) -> Sqlite {
        let options = options.filename(self.file());
        let conn = SqliteConnection::connect_with(&options).await.unwrap();
        let (jobs, queue) = mpsc::channel(8);
        tokio::spawn(writer::serve(conn, queue));
        Sqlite { jobs, readers: SqlitePoolOptions::new().connect_lazy_with(options) }
    }
}

fn lease() -> Id {
    Id::new("lease-1").unwrap()
}

fn agreement() -> NewAgreement {
    let created = Timestamp::from_seconds(0);
    NewAgreement { id: lease(), kind: "lease".into(), title: "租赁".into(), created }
}

async fn append(store: &Sqlite, from: u64, to: u64) -> Result<Appended, AppendError> {
    let record = |seq| Record {
        seq,
        at: Timestamp::from_seconds(1),
        actor: "vendor".into(),
        kind: "UsageReported".into(),
        line: vec![b'x'; 1000],
        leaf: [7; 32],
        visibility: Visibility::Shared,
        source: None,
    };
    store.append(&Scope::operator(), &lease(), from, (from..to).map(record).collect()).await
}

async fn next(store: &Sqlite) -> u64 {
    store.agreement(&Scope::operator(), &lease()).await.unwrap().next
}

/// How opening fails: the error, and the fault within it.
async fn refusal(path: PathBuf) -> (String, String) {
    let error = Sqlite::open(&path).await.err().expect("it must not open");
    let fault = match &error {
        OpenError::Fault { fault, .. } => fault.to_string(),
        _ => String::new(),
    };
    (error.to_string(), fault)
}

#[tokio::test]
async fn what_is_no_database_is_refused_and_left_alone() {
    let desk = Desk::new();
    let open = "the database cannot be opened";
    let text = "This is a contract, not a database.\n".repeat(100);
    std::fs::write(desk.file(), &text).unwrap();
    let file = desk.file();
    for (path, fault) in [
        (file.clone(), "the file is not a database"),
        (desk.folder.path().to_path_buf(), "the file is not a database"),
        (desk.folder.path().join("none/tally.db"), "there is no such file or folder"),
        (file.join("tally.db"), "there is no such file or folder"),
    ] {
        assert_eq!(refusal(path).await, (open.to_owned(), fault.to_owned()));
    }
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
    assert_eq!(std::fs::read_dir(desk.folder.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn an_empty_file_becomes_a_store() {
    let desk = Desk::new();
    std::fs::write(desk.file(), "").unwrap();
    desk.fill(3).await;
    assert_eq!(next(&Sqlite::open(&desk.file()).await.unwrap()).await, 3);
}

#[tokio::test]
async fn the_database_of_another_program_is_refused_and_left_alone() {
    for sql in [
        "CREATE TABLE moz_places (id INTEGER)",
        "PRAGMA user_version = 3",
        "PRAGMA application_id = 17; CREATE TABLE entry (id INTEGER)",
    ] {
        let desk = Desk::new();
        desk.run(sql).await;
        let before = std::fs::read(desk.file()).unwrap();
        let (error, _) = refusal(desk.file()).await;
        assert_eq!(error, "the database belongs to another program", "{sql}");
        assert_eq!(std::fs::read(desk.file()).unwrap(), before, "{sql}");
    }
}

#[tokio::test]
async fn a_newer_format_is_refused() {
    let desk = Desk::new();
    desk.fill(1).await;
    desk.run("PRAGMA user_version = 7").await;
    let refused = Sqlite::open(&desk.file()).await.err().unwrap();
    assert!(matches!(refused, OpenError::Newer { found: 7, known: 2, .. }), "{refused:?}");
    desk.run("PRAGMA user_version = 2").await;
    assert_eq!(next(&Sqlite::open(&desk.file()).await.unwrap()).await, 1);
}

#[tokio::test]
async fn a_format_step_that_was_edited_is_found_out() {
    for sql in ["UPDATE format SET sha256 = zeroblob(32)", "DELETE FROM format"] {
        let desk = Desk::new();
        desk.fill(1).await;
        desk.run(sql).await;
        let refused = Sqlite::open(&desk.file()).await.err().unwrap();
        assert!(matches!(refused, OpenError::Altered { version: 1, .. }), "{refused:?}");
    }
}

#[test]
fn released_format_steps_are_never_edited() {
    let hashes = STEPS.map(|step| hex::encode(format::hash(step)));
    assert_eq!(hashes, RELEASED);
}

#[tokio::test]
async fn many_may_open_a_new_file_at_once() {
    let desk = Desk::new();
    let opens = (0..8).map(|_| {
        let file = desk.file();
        tokio::spawn(async move { Sqlite::open(&file).await })
    });
    let opened = futures_util::future::join_all(opens.collect::<Vec<_>>()).await;
    let stores: Vec<Sqlite> = opened.into_iter().map(|store| store.unwrap().unwrap()).collect();
    stores[0].create_agreement(&Scope::operator(), &agreement()).await.unwrap();
    for (place, store) in (0..).zip(&stores) {
        append(store, place, place + 1).await.unwrap();
    }
}

#[tokio::test]
async fn every_connection_has_the_settings_that_durability_needs() {
    let desk = Desk::new();
    desk.fill(1).await;
    let store = Sqlite::open(&desk.file()).await.unwrap();
    let asked = async |sql: &'static str| -> String {
        sqlx::query_scalar(sql).fetch_one(&store.readers).await.unwrap()
    };
    assert_eq!(asked("PRAGMA journal_mode").await, "wal");
    // The readers are opened with the options of the writer: FULL is 2.
    assert_eq!(asked("SELECT CAST(synchronous AS TEXT) FROM pragma_synchronous").await, "2");
    assert_eq!(asked("SELECT CAST(foreign_keys AS TEXT) FROM pragma_foreign_keys").await, "1");
    let write = sqlx::query("DELETE FROM entry").execute(&store.readers).await;
    assert!(write.is_err(), "readers do not write");
}

#[tokio::test]
async fn a_gap_in_a_journal_is_found() {
    let desk = Desk::new();
    desk.fill(10).await;
    desk.run("DELETE FROM entry WHERE seq IN (0, 4, 5)").await;
    desk.run("INSERT INTO snapshot VALUES ('none', 'operator', 1, 0, x'00')").await;
    let store = Sqlite::open(&desk.file()).await.unwrap();
    let report = store.integrity(&Scope::operator()).await.unwrap();
    let gap = |expected, found| Problem::Gap { agreement: "lease-1".into(), expected, found };
    let orphan = Problem::Orphan { table: "snapshot".into() };
    assert_eq!(report.problems, [orphan, gap(0, 1), gap(4, 6)]);
    assert_eq!(report.entries, 7);
}

#[tokio::test]
async fn damaged_pages_are_found() {
    let desk = Desk::new();
    desk.fill(200).await;
    let sound = std::fs::read(desk.file()).unwrap();
    // Any page after the first, which says what the file is.
    for page in 1..sound.len() / 4096 {
        let mut damaged = sound.clone();
        damaged[page * 4096..(page + 1) * 4096].fill(0xa5);
        std::fs::write(desk.file(), &damaged).unwrap();
        let problems = match Sqlite::open(&desk.file()).await {
            Ok(store) => {
                let report = store.integrity(&Scope::operator()).await.unwrap();
                store.close().await;
                report.problems.len()
            }
            // Damage where the format is written keeps the file from opening.
            Err(OpenError::Fault { fault: Fault::Corrupt(_), .. }) => 1,
            Err(error) => panic!("page {page}: {error:?}"),
        };
        assert!(problems > 0, "page {page}");
    }
}

#[tokio::test]
async fn a_full_disk_refuses_the_batch_and_keeps_the_rest() {
    let desk = Desk::new();
    desk.fill(10).await;
    // 60 pages stand for the whole disk.
    let store = desk.with(SqliteConnectOptions::new().pragma("max_page_count", "60")).await;
    let refused = append(&store, 10, 1010).await;
    assert!(matches!(refused, Err(AppendError::Fault(Fault::Full(_)))), "{refused:?}");
    assert_eq!(next(&store).await, 10);
    // What fits is still taken, also in a group with what does not.
    let (big, small) = tokio::join!(append(&store, 10, 1010), append(&store, 10, 12));
    assert!(matches!(big, Err(AppendError::Fault(Fault::Full(_)))), "{big:?}");
    assert_eq!(small.unwrap(), Appended { first: 10, next: 12 });
    store.close().await;
    let store = Sqlite::open(&desk.file()).await.unwrap();
    assert_eq!(next(&store).await, 12);
    assert!(store.integrity(&Scope::operator()).await.unwrap().problems.is_empty());
}

#[tokio::test]
async fn a_locked_database_says_so_and_is_usable_afterwards() {
    let desk = Desk::new();
    desk.fill(1).await;
    let options = SqliteConnectOptions::new().busy_timeout(std::time::Duration::ZERO);
    let store = desk.with(options).await;
    let mut other = desk.raw().await;
    format::run(&mut other, "BEGIN IMMEDIATE").await.unwrap();
    let refused = append(&store, 1, 2).await;
    assert!(matches!(refused, Err(AppendError::Fault(Fault::Locked(_)))), "{refused:?}");
    assert_eq!(next(&store).await, 1);
    format::run(&mut other, "ROLLBACK").await.unwrap();
    append(&store, 1, 2).await.unwrap();
}

#[tokio::test]
async fn the_database_itself_refuses_a_second_entry_at_a_place() {
    let desk = Desk::new();
    desk.fill(3).await;
    let mut conn = desk.raw().await;
    let twice = sqlx::query("INSERT INTO entry SELECT * FROM entry WHERE seq = 1");
    let error = twice.execute(&mut conn).await.unwrap_err();
    assert!(error.as_database_error().unwrap().is_unique_violation(), "{error}");
}

#[tokio::test]
async fn a_caller_that_goes_away_stops_nobody() {
    let desk = Desk::new();
    desk.fill(0).await;
    let store = Sqlite::open(&desk.file()).await.unwrap();
    // Asked once, so that the write is queued, and dropped before the answer.
    assert!(append(&store, 0, 1).now_or_never().is_none());
    let late = append(&store, 0, 1).await;
    assert!(matches!(late, Err(AppendError::Conflict { next: 1 })), "{late:?}");
    append(&store, 1, 2).await.unwrap();
}

#[tokio::test]
async fn the_database_itself_keeps_young_audit_entries() {
    let desk = Desk::new();
    desk.fill(0).await;
    desk.run(
        "INSERT INTO audit (at, action, result)
         VALUES ((unixepoch() - 189 * 86400) * 1000000, 'young', 'allowed'),
                ((unixepoch() - 191 * 86400) * 1000000, 'old', 'allowed')",
    )
    .await;
    let mut conn = desk.raw().await;
    for sql in ["UPDATE audit SET result = 'refused'", "DELETE FROM audit"] {
        assert!(sqlx::raw_sql(sql).execute(&mut conn).await.is_err(), "{sql}");
    }
    let old = "DELETE FROM audit WHERE action = 'old'";
    assert_eq!(sqlx::raw_sql(old).execute(&mut conn).await.unwrap().rows_affected(), 1);
    conn.close().await.unwrap();
}
