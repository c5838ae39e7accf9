//! Verifying a journal of a million entries: what `tally verify` does with every line. Beside it
//! the hashing alone, which no verifier can do without.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use journal::{Entry, Frontier, Hash, LogVerifier, write_record};
use serde::Serialize;
use units::{Id, Timestamp};

use crate::measure::{Sample, Watch};
use crate::race::{Contender, Setting, Start};
use crate::seed::Seeded;
use crate::table::Table;

const ENTRIES: u64 = 1_000_000;
const START: i64 = 1_772_323_200;

/// A payload that makes a line of about 300 bytes.
#[derive(Serialize)]
struct Payload {
    by: String,
    event: Answered,
}

#[derive(Serialize)]
struct Answered {
    fact: &'static str,
    class: &'static str,
    count: u64,
    in_time: u64,
    model: String,
    window: [String; 2],
}

/// Measures the verification.
pub(crate) fn run(setting: &Setting) -> Result<Table> {
    let entries = setting.size(ENTRIES);
    let path = setting.path("journal", entries, ".tlog");
    setting.make(&path, |path| write(path, entries))?;
    let file = path.to_str().context("the path of the data is not UTF-8")?.to_owned();
    let contender = |name, what: &str| Contender {
        name,
        start: Start::Ours("verify"),
        words: vec![what.to_owned(), file.clone()],
    };
    let lines = setting.race(
        "verify",
        entries,
        "entries",
        &[
            contender("from memory", "memory"),
            contender("from the file", "file"),
            contender("hashes alone", "hashes"),
        ],
    )?;
    let bytes = std::fs::metadata(&path)?.len() as f64 / entries as f64 - 66.0;
    Ok(Table {
        title: format!("verify: {entries} entries of {bytes:.0} bytes, on one thread"),
        lines,
        notes: vec![
            "Each line is scanned as canonical JSON, hashed and put into the tree.".to_owned(),
            "The memory of the first and the last is the journal that they hold.".to_owned(),
        ],
    })
}

/// One measurement.
pub(crate) fn work(words: &[String]) -> Result<Sample> {
    let [what, file] = words else { bail!("verify WHAT FILE") };
    match what.as_str() {
        "memory" => memory(Path::new(file)),
        "file" => stream(Path::new(file)),
        "hashes" => hashes(Path::new(file)),
        other => bail!("no work {other:?}"),
    }
}

fn memory(file: &Path) -> Result<Sample> {
    let bytes = std::fs::read(file)?;
    let records: Vec<&[u8]> = records(&bytes).collect();
    let watch = Watch::start();
    let mut verifier = LogVerifier::new("bench.example/journal", &[], &[]);
    for record in records {
        verifier.record(record);
    }
    finish(watch, verifier)
}

fn stream(file: &Path) -> Result<Sample> {
    let watch = Watch::start();
    let mut reader = BufReader::with_capacity(1 << 20, File::open(file)?);
    let mut verifier = LogVerifier::new("bench.example/journal", &[], &[]);
    let mut record = Vec::new();
    while reader.read_until(b'\n', &mut record)? > 0 {
        verifier.record(record.strip_suffix(b"\n").unwrap_or(&record));
        record.clear();
    }
    finish(watch, verifier)
}

fn finish(watch: Watch, verifier: LogVerifier) -> Result<Sample> {
    let report = verifier.finish();
    if !report.findings.is_empty() {
        bail!("the journal has {} findings", report.findings.len());
    }
    watch.stop(report.root.to_string())
}

fn hashes(file: &Path) -> Result<Sample> {
    let bytes = std::fs::read(file)?;
    let records: Vec<&[u8]> = records(&bytes).collect();
    let watch = Watch::start();
    let mut tree = Frontier::new();
    for record in records {
        tree.append(Hash::leaf(record.get(65..).context("a record begins with its hash")?));
    }
    watch.stop(tree.root().to_string())
}

/// The records of a journal file.
fn records(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split(|byte| *byte == b'\n').filter(|record| !record.is_empty())
}

/// Entries like those of a metered service.
pub(crate) fn entry(seeded: &mut Seeded, seq: u64) -> Result<Entry> {
    let at = Timestamp::from_seconds(START + seq as i64);
    let count = 1 + seeded.below(10_000);
    let payload = Payload {
        by: format!("meter-{}", seeded.below(8)),
        event: Answered {
            fact: "images_answered",
            class: "standard",
            count,
            in_time: count - seeded.below(2),
            model: format!("{:016x}{:016x}", seeded.next(), seeded.next()),
            window: [at.to_string(), at.plus_seconds(60).to_string()],
        },
    };
    let id = |text| Id::new(text).map_err(|error| anyhow::anyhow!("{error}"));
    Ok(Entry::new(seq, at, id("deployment")?, id("fact_recorded")?, &payload)?)
}

fn write(path: &Path, entries: u64) -> Result<()> {
    let mut file = std::io::BufWriter::new(File::create(path)?);
    let mut seeded = Seeded::new(2);
    let mut record = Vec::new();
    for seq in 0..entries {
        let line = entry(&mut seeded, seq)?.line();
        record.clear();
        write_record(&mut record, &line, &Hash::leaf(&line));
        file.write_all(&record)?;
    }
    file.flush()?;
    Ok(())
}
