//! A deployment with many agreements in force, each with so many entries, made through the use
//! cases: terms are laid down, both sign, and one file of a meter and a prober is imported. The
//! load benchmark reads and writes it; here its making is measured.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use contract::event::Actor;
use contract::terms::{Agreement, Side};
use desk::Desk;
use desk::agreement_file::{Limits, read_agreement};
use desk::import::{Format, cloudevents};
use desk::intake::ImportOptions;
use journal::{Hash, KeyType, SignerKey};
use serde_json::json;
use tokio::task::JoinSet;
use units::{Id, Timestamp};

use crate::measure::{Sample, Watch};
use crate::race::{Contender, Setting, Start};
use crate::seed::Seeded;
use crate::table::{Table, grouped};

const AGREEMENTS: u64 = 1_000;
/// Entries of each: the draft, two signatures, the taking effect, and what was imported.
const ENTRIES: u64 = 1_000;
const FIRST: u64 = 4;
/// How many agreements are made at once: their syncs share the disk.
const TOGETHER: usize = 16;
const TERMS: &[u8] = include_bytes!("../../cases/agreements/classification.toml");
/// When everything is recorded; what is recorded happened in the fifty days before.
pub(crate) const NOW: &str = "2026-06-15T09:00:00+08:00";
const BEGIN: i64 = 1_777_600_000;

/// Measures the making.
pub(crate) fn run(setting: &Setting) -> Result<Table> {
    let agreements = setting.size(AGREEMENTS);
    let folder = setting.path("many", agreements, "");
    std::fs::create_dir_all(&folder)?;
    let place = folder.to_str().context("the path of the data is not UTF-8")?.to_owned();
    let words = vec![agreements.to_string(), ENTRIES.to_string(), place];
    let contender = Contender { name: "draft, sign, import", start: Start::Ours("many"), words };
    let events = agreements * ENTRIES;
    let lines = setting.race("many", events, "events", &[contender])?;
    let wall = lines.first().map_or(f64::NAN, |line| line.wall);
    let rate = grouped(agreements as f64 / wall);
    let notes = vec![
        format!("{TOGETHER} agreements at once; {rate} agreements a second."),
        "Every step is a use case of its own and waits for the disk.".to_owned(),
    ];
    let title = format!("many: {agreements} agreements in force with {ENTRIES} entries each");
    Ok(Table { title, lines, notes })
}

/// One measurement.
pub(crate) fn work(words: &[String]) -> Result<Sample> {
    let [agreements, entries, place] = words else { bail!("many AGREEMENTS ENTRIES FOLDER") };
    let (agreements, entries): (u64, u64) = (agreements.parse()?, entries.parse()?);
    // The folder goes with its files when the measurement is over.
    let folder = tempfile::tempdir_in(place)?;
    let path = folder.path().join("desk");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let watch = Watch::start();
    let made = runtime.block_on(make(&path, agreements, entries))?;
    watch.stop(format!("{} agreements", made.len()))
}

/// Makes the deployment: a rehearsal, so that its keys and times follow from the numbers.
pub(crate) async fn make(folder: &Path, agreements: u64, entries: u64) -> Result<Vec<Id>> {
    if entries <= FIRST {
        bail!("an agreement in force has {FIRST} entries");
    }
    Desk::create(folder, "many", true).await?;
    let now: Timestamp = NOW.parse()?;
    let desk = Arc::new(Desk::open(folder, Some(now)).await?);
    let read = read_agreement(TERMS, &Limits::default());
    let (terms, _) = read.map_err(|_| anyhow::anyhow!("the sample terms cannot be read"))?;
    let terms = Arc::new(terms);
    let (mut made, mut tasks) = (Vec::new(), JoinSet::new());
    for number in 0..agreements {
        if tasks.len() == TOGETHER
            && let Some(done) = tasks.join_next().await
        {
            made.push(done??);
        }
        let (desk, terms) = (Arc::clone(&desk), Arc::clone(&terms));
        tasks.spawn(async move { one(&desk, &terms, number, entries).await });
    }
    while let Some(done) = tasks.join_next().await {
        made.push(done??);
    }
    desk.store.close().await;
    made.sort();
    Ok(made)
}

/// One agreement, signed and in use.
async fn one(desk: &Desk, terms: &Agreement, number: u64, entries: u64) -> Result<Id> {
    let mut terms = terms.clone();
    terms.id = Id::new(&format!("load-{number:05}")).map_err(|error| anyhow::anyhow!("{error}"))?;
    let actor = Actor::of(Side::Vendor, "bench");
    desk.draft(&actor, &terms).await?;
    for side in [Side::Customer, Side::Vendor] {
        desk.sign(&terms.id, side, "bench", &key(side)?).await?;
    }
    let file = told(number, entries - FIRST);
    let meter = Actor::Deployment { name: "meter".to_owned() };
    let options = ImportOptions::default();
    let format = Some(Format::CloudEvents);
    let report = desk.import(&terms.id, &meter, format, file.as_bytes(), &options).await?;
    if report.taken != entries - FIRST {
        bail!("{}: {} of {entries} entries: {:?}", terms.id, report.taken, report.findings);
    }
    Ok(terms.id)
}

/// The key of a party, the same in every deployment of this kind.
fn key(side: Side) -> Result<SignerKey> {
    let seed = *Hash::of(format!("load {}", side.code()).as_bytes()).bytes();
    let key = SignerKey::new(&format!("{}.load", side.code()), KeyType::Note, &seed);
    key.map_err(|error| anyhow::anyhow!("{error}"))
}

/// Usage of every hour, and each day's states.
fn told(number: u64, events: u64) -> String {
    let mut seeded = Seeded::new(number);
    let mut file = String::new();
    for event in 0..events {
        let hour = BEGIN + (event - event / 25) as i64 * 3_600;
        let at = Timestamp::from_seconds(hour);
        let (kind, data) = if event % 25 == 24 {
            let from = Timestamp::from_seconds(hour - 86_400);
            let state = if seeded.below(12) == 0 { "degraded" } else { "up" };
            (cloudevents::PROBE, json!({ "from": from, "to": at, "state": state }))
        } else {
            let (quantity, latency) = (900 + seeded.below(400), 20_000 + seeded.below(110_000));
            let class = if event % 6 == 5 { "urgent" } else { "standard" };
            let data = json!({ "meter": "images", "quantity": quantity, "subject": class,
                "latency_ms": latency });
            (cloudevents::USAGE, data)
        };
        let line = json!({ "specversion": "1.0", "id": format!("e-{event}"), "source": "meter",
            "type": kind, "time": at, "data": data });
        file.push_str(&line.to_string());
        file.push('\n');
    }
    file
}
