//! Appending to the journal in batches of 1,000 through the store, each batch acknowledged when it
//! is on disk; beside it the same number of bytes appended to a bare file with one sync a batch.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use store::{NewAgreement, Record, Scope, SourceKey, Sqlite, Store as _, Visibility};
use units::{Id, Timestamp};

use crate::measure::{Sample, Watch};
use crate::race::{Contender, Setting, Start};
use crate::seed::Seeded;
use crate::table::{Table, grouped};
use crate::verify::entry;

const EVENTS: u64 = 200_000;
const BATCH: u64 = 1_000;

/// Measures the append and the bare sync.
pub(crate) fn run(setting: &Setting) -> Result<Table> {
    let events = setting.size(EVENTS).max(BATCH);
    let folder = setting.path("append", events, "");
    std::fs::create_dir_all(&folder)?;
    let place = folder.to_str().context("the path of the data is not UTF-8")?.to_owned();
    let contender = |name, what: &str| Contender {
        name,
        start: Start::Ours("append"),
        words: vec![what.to_owned(), events.to_string(), place.clone()],
    };
    let lines = setting.race(
        "append",
        events,
        "events",
        &[
            contender("records ready", "records"),
            contender("made, hashed, appended", "entries"),
            contender("bare file, one sync", "file"),
        ],
    )?;
    let mut notes = vec!["Batches of 1,000, one at a time; each waits for the disk.".to_owned()];
    for line in &lines {
        let rate = grouped(line.per_wall_second);
        let milliseconds = line.wall * 1e6 / events as f64;
        let name = &line.engine;
        notes.push(format!("{name}: {rate} events a second, {milliseconds:.2} ms a batch"));
    }
    Ok(Table { title: format!("append: {events} events to the store on disk"), lines, notes })
}

/// One measurement.
pub(crate) fn work(words: &[String]) -> Result<Sample> {
    let [what, events, place] = words else { bail!("append WHAT EVENTS FOLDER") };
    let events: u64 = events.parse()?;
    // The folder goes with its files when the measurement is over.
    let folder = tempfile::tempdir_in(place)?;
    if what == "file" {
        return bare(events, folder.path());
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(append(events, folder.path(), what == "records"))
}

async fn append(events: u64, folder: &Path, ready: bool) -> Result<Sample> {
    let store = Sqlite::open(&folder.join("bench.db")).await?;
    let scope = Scope::operator();
    let agreement = Id::new("bench").map_err(|error| anyhow::anyhow!("{error}"))?;
    let row = NewAgreement {
        id: agreement.clone(),
        kind: "classification".to_owned(),
        title: "bench".to_owned(),
        created: Timestamp::from_seconds(0),
    };
    store.create_agreement(&scope, &row).await?;
    let mut seeded = Seeded::new(3);
    let firsts = (0..events).step_by(BATCH as usize);
    let mut made = Vec::new();
    if ready {
        for first in firsts.clone() {
            made.push(batch(&mut seeded, first, events)?);
        }
        made.reverse();
    }
    let watch = Watch::start();
    for first in firsts {
        let records = match made.pop() {
            Some(records) => records,
            None => batch(&mut seeded, first, events)?,
        };
        store.append(&scope, &agreement, first, records).await?;
    }
    let sample = watch.stop(String::new())?;
    let rows = store.agreement(&scope, &agreement).await?.next;
    if rows != events {
        bail!("{rows} of {events} events are in the store");
    }
    store.close().await;
    Ok(sample)
}

fn batch(seeded: &mut Seeded, first: u64, events: u64) -> Result<Vec<Record>> {
    (first..(first + BATCH).min(events)).map(|seq| record(seeded, seq)).collect()
}

/// A record as an import makes it, with the name that its source gave it.
fn record(seeded: &mut Seeded, seq: u64) -> Result<Record> {
    let entry = entry(seeded, seq)?;
    let leaf = *entry.hash().bytes();
    let source =
        SourceKey { source: "meter:bench".to_owned(), id: format!("e-{seq}"), content: leaf };
    Ok(Record {
        seq,
        at: entry.at(),
        actor: entry.actor().to_string(),
        kind: entry.kind().to_string(),
        line: entry.line(),
        leaf,
        visibility: Visibility::Shared,
        source: Some(source),
    })
}

fn bare(events: u64, folder: &Path) -> Result<Sample> {
    let path = folder.join("bare");
    let mut file = OpenOptions::new().create_new(true).append(true).open(path)?;
    let bytes = vec![b'x'; 600 * BATCH as usize];
    let watch = Watch::start();
    for _ in (0..events).step_by(BATCH as usize) {
        file.write_all(&bytes)?;
        file.sync_data()?;
    }
    watch.stop(String::new())
}
