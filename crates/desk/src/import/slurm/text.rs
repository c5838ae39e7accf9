//! `sacct -X -P`: a header and rows separated by `|`, times local without an offset.

use units::{Timestamp, Zone};

use super::{Told, finish_jobs, gpus_of, take_job};
use crate::import::collect::Collector;
use crate::import::read::{integer, name, required};
use crate::import::row::{for_each_row, split_bars};
use crate::import::{Imported, Limits, Place, Problem};

/// Those read, and those that sites print besides.
const COLUMNS: [(&str, bool); 17] = [
    ("JobID", true),
    ("State", true),
    ("Start", true),
    ("End", true),
    ("ElapsedRaw", true),
    ("AllocTRES", true),
    ("NodeList", true),
    ("Cluster", false),
    ("User", false),
    ("Account", false),
    ("SuspendedRaw", false),
    ("JobIDRaw", false),
    ("JobName", false),
    ("Partition", false),
    ("Submit", false),
    ("ExitCode", false),
    ("Reservation", false),
];

/// Reads `sacct -X -P -D -o JobID,State,Start,End,ElapsedRaw,AllocTRES,NodeList[,Cluster,…]`.
/// `zone` is the zone of the times, `cluster` the name where the table has no such column. Steps
/// (`12.batch`) are passed over.
#[must_use]
pub fn read_text(bytes: &[u8], zone: &Zone, cluster: &str, limits: &Limits) -> Imported {
    let mut collector = match Collector::begin(bytes, limits) {
        Ok(collector) => collector,
        Err(refused) => return refused,
    };
    for_each_row(bytes, split_bars, COLUMNS, &mut collector, |number, row, collector| match told(
        row, zone, cluster, limits,
    )? {
        Some(told) => take_job(told, Place::Line(number), collector),
        None => Ok(()),
    });
    finish_jobs(collector)
}

fn told(
    row: &[Option<&str>; 17],
    zone: &Zone,
    cluster: &str,
    limits: &Limits,
) -> Result<Option<Told>, Problem> {
    let [job, state, start, end, elapsed, tres, nodes, named, user, account, suspended, ..] = *row;
    let job = required("JobID", job)?;
    if job.contains('.') {
        return Ok(None);
    }
    // `CANCELLED by 1000` names who cancelled it.
    let state = required("State", state)?.split(' ').next().unwrap_or_default();
    let text = |field, value: Option<&str>| value.map(|v| name(field, v, limits)).transpose();
    let seconds = |field, value: Option<&str>| value.map(|v| seconds(field, v)).transpose();
    Ok(Some(Told {
        cluster: name("Cluster", named.unwrap_or(cluster), limits)?,
        job: name("JobID", job, limits)?,
        user: text("User", user)?,
        account: text("Account", account)?,
        state: state.trim_end_matches('+').to_owned(),
        from: local("Start", required("Start", start)?, zone)?,
        to: local("End", required("End", end)?, zone)?,
        elapsed: seconds("ElapsedRaw", elapsed)?,
        suspended: seconds("SuspendedRaw", suspended)?.unwrap_or(0),
        nodes: nodes.unwrap_or_default().to_owned(),
        gpus: gpus(tres.unwrap_or_default())?,
    }))
}

fn seconds(field: &str, text: &str) -> Result<i64, Problem> {
    let too_large = |_| Problem::TooLarge { field: field.to_owned(), text: text.to_owned() };
    integer(field, text).and_then(|seconds| i64::try_from(seconds).map_err(too_large))
}

/// A local time; `Unknown` and `None` are none.
pub(super) fn local(field: &str, text: &str, zone: &Zone) -> Result<Option<Timestamp>, Problem> {
    if ["Unknown", "None"].contains(&text) {
        return Ok(None);
    }
    let refused =
        |_| Problem::NotATime { field: field.to_owned(), text: crate::import::finding::clip(text) };
    Timestamp::from_local(text, zone).map(Some).map_err(refused)
}

fn gpus(tres: &str) -> Result<u64, Problem> {
    let mut counts = Vec::new();
    for pair in tres.split(',') {
        if let Some((name, count)) =
            pair.strip_prefix("gres/").and_then(|pair| pair.split_once('='))
        {
            counts.push((name, integer("AllocTRES", count)?));
        }
    }
    Ok(gpus_of(counts.into_iter()))
}
