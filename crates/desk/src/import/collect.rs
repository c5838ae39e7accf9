//! Gathers the records of one file: hashes what was said, drops what was said twice, keeps what
//! contradicts as a finding, and stops at the limits.

use std::collections::HashMap;

use journal::canonical;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use units::Timestamp;

use super::finding::clip;
use super::{Fact, Finding, Imported, Limits, Place, Problem, SourceRecord};

/// What is hashed: the key, the number, the time and what was said.
#[derive(Serialize)]
struct Content<'a, S: Serialize> {
    source: &'a str,
    id: &'a str,
    seq: Option<String>,
    at: Timestamp,
    said: &'a S,
}

/// The natural key and time of a record.
pub(crate) struct Key {
    pub(crate) source: String,
    pub(crate) id: String,
    pub(crate) seq: Option<u64>,
    pub(crate) at: Timestamp,
}

pub(crate) struct Collector<'l> {
    pub(crate) limits: &'l Limits,
    records: Vec<SourceRecord>,
    findings: Vec<Finding>,
    /// The hash of each key and the index of its record; never iterated.
    seen: HashMap<[u8; 32], usize>,
    left_out: u64,
    full: bool,
}

impl<'l> Collector<'l> {
    /// Begins; the error is the whole result when the file is too large.
    pub(crate) fn begin(bytes: &[u8], limits: &'l Limits) -> Result<Self, Imported> {
        let mut collector = Self {
            limits,
            records: Vec::new(),
            findings: Vec::new(),
            seen: HashMap::new(),
            left_out: 0,
            full: false,
        };
        if bytes.len() > limits.bytes {
            let (have, limit) = (bytes.len() as u64, limits.bytes as u64);
            collector.report(Place::File, Problem::TooManyBytes { have, limit });
            return Err(collector.finish());
        }
        Ok(collector)
    }

    /// Takes a fact whose serialised form is what its source said.
    pub(crate) fn take(&mut self, place: Place, key: Key, fact: Fact) {
        let content = content(&key, &fact);
        self.keep(place, key, fact, content);
    }

    /// Takes a fact of which only `said` comes from the source.
    pub(crate) fn take_said<S: Serialize>(&mut self, place: Place, key: Key, fact: Fact, said: &S) {
        let content = content(&key, said);
        self.keep(place, key, fact, content);
    }

    fn keep(&mut self, place: Place, key: Key, fact: Fact, content: [u8; 32]) {
        if self.records.len() >= self.limits.records {
            if !self.full {
                self.full = true;
                let limit = self.limits.records as u64;
                self.report(place, Problem::TooManyRecords { limit });
            }
            return;
        }
        let name = key_hash(&key.source, &key.id);
        if let Some(&index) = self.seen.get(&name) {
            let first = &self.records[index];
            let (source, id) = (clip(&key.source), clip(&key.id));
            let problem = if first.content == content {
                Problem::DuplicateId { source, id, first: first.place.clone() }
            } else {
                let first = first.place.clone();
                Problem::ConflictingContent { source, id, first, content: hex(&content) }
            };
            return self.report(place, problem);
        }
        self.seen.insert(name, self.records.len());
        let Key { source, id, seq, at } = key;
        self.records.push(SourceRecord { source, id, seq, at, content, place, fact });
    }

    /// Notes a problem.
    pub(crate) fn report(&mut self, place: Place, problem: Problem) {
        if self.findings.len() < self.limits.findings {
            self.findings.push(Finding { place, problem });
        } else {
            self.left_out += 1;
        }
    }

    /// How many records were taken so far.
    pub(crate) fn count(&self) -> usize {
        self.records.len()
    }

    /// The records so far, to complete what can only be known from all of them.
    pub(crate) fn records_mut(&mut self) -> &mut [SourceRecord] {
        &mut self.records
    }

    pub(crate) fn finish(mut self) -> Imported {
        if self.left_out > 0 {
            let problem = Problem::TooManyFindings { left_out: self.left_out };
            self.findings.push(Finding { place: Place::File, problem });
        } else if self.records.is_empty() && self.findings.is_empty() {
            self.findings.push(Finding { place: Place::File, problem: Problem::Empty });
        }
        Imported { records: self.records, findings: self.findings }
    }
}

fn content<S: Serialize>(key: &Key, said: &S) -> [u8; 32] {
    let seq = key.seq.map(|seq| seq.to_string());
    let content = Content { source: &key.source, id: &key.id, seq, at: key.at, said };
    let text = canonical::to_vec(&content)
        .expect("a record holds texts, times and lists of texts, which all have a canonical text");
    Sha256::digest(&text).into()
}

fn key_hash(source: &str, id: &str) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update((source.len() as u64).to_be_bytes());
    hasher.update(source);
    hasher.update(id);
    hasher.finalize().into()
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to a String does not fail");
        text
    })
}
