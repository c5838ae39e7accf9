//! The only writer of this process: takes what is queued, commits it in one transaction, and
//! answers each caller after the commit is on disk.
//!
//! One commit costs one sync of the disk however many callers it serves. Each job has a savepoint
//! of its own, so that one that is refused leaves the others whole.

use std::sync::Arc;

use sqlx::{Connection, SqliteConnection};
use tokio::sync::{mpsc, oneshot};

use super::fault::fault;
use super::format::run;
use super::register::{self, Entry};
use super::write::{self, Change};
use crate::errors::{AppendError, Fault, RegisterError, StoreError};
use crate::record::{Appended, Record};

/// How many jobs one commit serves at most.
const GROUP_JOBS: usize = 256;

/// How many records one commit holds before it takes no further job.
const GROUP_RECORDS: usize = 20_000;

/// Something to write, and where the answer goes.
pub(super) enum Job {
    /// Entries at the end of a journal.
    Append {
        agreement: Arc<str>,
        expected_next: u64,
        records: Vec<Record>,
        reply: oneshot::Sender<Result<Appended, AppendError>>,
    },
    /// Any other row.
    Change(Change, oneshot::Sender<Result<(), StoreError>>),
    /// Cards and audit entries.
    Register(Entry, oneshot::Sender<Result<u64, RegisterError>>),
    /// Finish, close the file, answer.
    Close(oneshot::Sender<()>),
}

/// A job done within the transaction: the answer that is sent after the commit.
enum Done {
    Append(Result<Appended, AppendError>, oneshot::Sender<Result<Appended, AppendError>>),
    Change(Result<(), StoreError>, oneshot::Sender<Result<(), StoreError>>),
    Register(Result<u64, RegisterError>, oneshot::Sender<Result<u64, RegisterError>>),
}

/// Serves the queue until it ends or is told to close.
pub(super) async fn serve(mut conn: SqliteConnection, mut queue: mpsc::Receiver<Job>) {
    let mut closing = None;
    while closing.is_none() {
        let Some(first) = queue.recv().await else { break };
        let mut group = Vec::new();
        let mut records = 0;
        let mut next = Some(first);
        while let Some(job) = next.take() {
            match job {
                Job::Close(reply) => {
                    closing = Some(reply);
                    break;
                }
                Job::Append { records: ref batch, .. } => records += batch.len(),
                Job::Change(..) | Job::Register(..) => {}
            }
            group.push(job);
            if group.len() < GROUP_JOBS && records < GROUP_RECORDS {
                next = queue.try_recv().ok();
            }
        }
        if !group.is_empty() {
            commit(&mut conn, group).await;
        }
    }
    // Callers that still wait find the queue closed.
    queue.close();
    let _closed = conn.close().await;
    drop(queue);
    if let Some(reply) = closing {
        let _gone = reply.send(());
    }
}

/// Writes a group in one transaction and answers. A caller that went away is no reason to stop.
async fn commit(conn: &mut SqliteConnection, group: Vec<Job>) {
    let mut done = Vec::with_capacity(group.len());
    let outcome = write_group(conn, group, &mut done).await;
    if outcome.is_err() {
        // After some errors the engine has rolled back already, and says so with an error.
        let _already = run(conn, "ROLLBACK").await;
    }
    for job in done {
        match (job, &outcome) {
            (Done::Append(answer, reply), Ok(())) => drop(reply.send(answer)),
            (Done::Change(answer, reply), Ok(())) => drop(reply.send(answer)),
            (Done::Register(answer, reply), Ok(())) => drop(reply.send(answer)),
            (Done::Append(_, reply), Err(fault)) => drop(reply.send(Err(fault.clone().into()))),
            (Done::Change(_, reply), Err(fault)) => drop(reply.send(Err(fault.clone().into()))),
            (Done::Register(_, reply), Err(fault)) => drop(reply.send(Err(fault.clone().into()))),
        }
    }
}

/// The transaction. On an error none of the jobs counts; all of them are in `done`.
async fn write_group(
    conn: &mut SqliteConnection,
    group: Vec<Job>,
    done: &mut Vec<Done>,
) -> Result<(), Fault> {
    let mut outcome = run(conn, "BEGIN IMMEDIATE").await.map_err(fault);
    for job in group {
        if let Err(fault) = &outcome {
            done.extend(refuse(job, fault));
            continue;
        }
        let opened = run(conn, "SAVEPOINT job").await;
        let (finished, succeeded) = perform(conn, job).await;
        done.extend(finished);
        let ended = match succeeded {
            true => run(conn, "RELEASE job").await,
            // This fails when the engine has given up the whole transaction, as on a full disk.
            false => match run(conn, "ROLLBACK TO job").await {
                Ok(()) => run(conn, "RELEASE job").await,
                Err(error) => Err(error),
            },
        };
        outcome = opened.and(ended).map_err(|error| lost(done, error));
    }
    outcome?;
    run(conn, "COMMIT").await.map_err(fault)
}

/// The reason why the transaction is lost: what the last job met, or else the error itself.
fn lost(done: &[Done], error: sqlx::Error) -> Fault {
    match done.last() {
        Some(
            Done::Append(Err(AppendError::Fault(fault)), _)
            | Done::Change(Err(StoreError::Fault(fault)), _)
            | Done::Register(Err(RegisterError::Fault(fault)), _),
        ) => fault.clone(),
        _ => fault(error),
    }
}

/// Does one job within the transaction; says also whether it succeeded.
async fn perform(conn: &mut SqliteConnection, job: Job) -> (Option<Done>, bool) {
    match job {
        Job::Append { agreement, expected_next, records, reply } => {
            let answer = write::append(conn, &agreement, expected_next, records).await;
            let succeeded = answer.is_ok();
            (Some(Done::Append(answer, reply)), succeeded)
        }
        Job::Change(change, reply) => {
            let answer = write::change(conn, change).await;
            let succeeded = answer.is_ok();
            (Some(Done::Change(answer, reply)), succeeded)
        }
        Job::Register(entry, reply) => {
            let answer = register::write(conn, entry).await;
            let succeeded = answer.is_ok();
            (Some(Done::Register(answer, reply)), succeeded)
        }
        Job::Close(_) => (None, true),
    }
}

fn refuse(job: Job, fault: &Fault) -> Option<Done> {
    match job {
        Job::Append { reply, .. } => Some(Done::Append(Err(fault.clone().into()), reply)),
        Job::Change(_, reply) => Some(Done::Change(Err(fault.clone().into()), reply)),
        Job::Register(_, reply) => Some(Done::Register(Err(fault.clone().into()), reply)),
        Job::Close(_) => None,
    }
}
