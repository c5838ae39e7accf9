//! Verification of a whole log as a stream, in memory that does not grow with it. Says which entry
//! was changed, dropped, moved or doubled, which kept checkpoint no longer fits, and which
//! signature fails. Knows nothing of what the entries say.

mod checkpoints;
mod order;
mod report;

use alloc::vec::Vec;

use units::Timestamp;

use crate::entry::{EntryError, EntryRef};
use crate::hash::Hash;
use crate::key::VerifierKey;
use crate::tree::Frontier;
use checkpoints::Checkpoints;
use order::Runs;
pub use report::{CheckpointResult, Finding, Report};

/// Findings kept in a report; the rest is counted.
const MAX_FINDINGS: usize = 1_000;

/// Reads a log entry by entry: [`LogVerifier::new`], then [`LogVerifier::record`] or
/// [`LogVerifier::entry`] for each, then [`LogVerifier::finish`].
#[derive(Debug)]
pub struct LogVerifier {
    position: u64,
    /// Over the recorded hashes: what the checkpoints were made from.
    recorded: Frontier,
    /// Over the hashes of the lines as they are; split off at the first that differs.
    computed: Option<Frontier>,
    runs: Runs,
    /// A line whose own number cannot be trusted; the next line shows which one it had.
    unsure: Option<Unsure>,
    checkpoints: Checkpoints,
    first_at: Option<Timestamp>,
    last_at: Option<Timestamp>,
    findings: Vec<Finding>,
    more: u64,
}

#[derive(Debug)]
struct Unsure {
    position: u64,
    stated: Option<u64>,
    changed: Option<(Hash, Hash)>,
}

/// Appends a record of a journal file: the leaf hash in hexadecimal, a space, the line, a newline.
pub fn write_record(out: &mut Vec<u8>, line: &[u8], leaf: &Hash) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for byte in leaf.bytes() {
        out.push(DIGITS[usize::from(byte >> 4)]);
        out.push(DIGITS[usize::from(byte & 15)]);
    }
    out.push(b' ');
    out.extend_from_slice(line);
    out.push(b'\n');
}

impl LogVerifier {
    /// Starts on the log of an origin, with the keys that the reader knows and the texts of the
    /// checkpoints that were kept or came along.
    #[must_use]
    pub fn new(origin: &str, known: &[VerifierKey], checkpoints: &[&str]) -> Self {
        let mut findings = Vec::new();
        let checkpoints = Checkpoints::new(origin, known, checkpoints, &mut findings);
        let mut verifier = Self {
            position: 0,
            recorded: Frontier::new(),
            computed: None,
            runs: Runs::default(),
            unsure: None,
            checkpoints,
            first_at: None,
            last_at: None,
            findings: Vec::new(),
            more: 0,
        };
        findings.into_iter().for_each(|finding| verifier.report(finding));
        verifier.checkpoints.reach(&verifier.recorded, None);
        verifier
    }

    /// Reads one record of a journal file, as [`write_record`] writes it, without its newline.
    pub fn record(&mut self, record: &[u8]) {
        let parts = record
            .split_at_checked(64)
            .and_then(|(digits, rest)| Some((Hash::from_hex(digits)?, rest.strip_prefix(b" ")?)));
        match parts {
            Some((recorded, line)) => self.entry(line, recorded),
            None => {
                self.report(Finding::NotRecord { position: self.position });
                // The line may still be whole after the space; its hash then stands in for the
                // recorded one, and the checkpoints decide.
                let line = record.iter().position(|byte| *byte == b'{').map(|at| &record[at..]);
                let line = line.unwrap_or(record);
                self.entry(line, Hash::leaf(line));
            }
        }
    }

    /// Reads one entry: its line, and the leaf hash that was recorded when it was appended.
    pub fn entry(&mut self, line: &[u8], recorded: Hash) {
        let leaf = Hash::leaf(line);
        let scanned = EntryRef::scan(line);
        if leaf != recorded {
            let stated = scanned.ok().map(|entry| entry.seq);
            let changed = Some((recorded, leaf));
            self.hold(Unsure { position: self.position, stated, changed });
            self.computed.get_or_insert_with(|| self.recorded.clone());
        } else {
            match scanned {
                Ok(entry) => self.numbered(&entry),
                Err(error) => {
                    self.report(unreadable(self.position, &error));
                    self.hold(Unsure { position: self.position, stated: None, changed: None });
                }
            }
        }
        self.recorded.append(recorded);
        if let Some(computed) = &mut self.computed {
            computed.append(leaf);
        }
        self.position += 1;
        if self.checkpoints.next_size() == Some(self.position) {
            self.checkpoints.reach(&self.recorded, self.computed.as_ref());
        }
    }

    fn numbered(&mut self, entry: &EntryRef<'_>) {
        if self.unsure.is_some() {
            self.settle(Some(entry.seq));
        }
        if let Some(previous) = self.runs.add(self.position, entry.seq, Some(entry.at)) {
            self.report(Finding::TimeBackwards { seq: entry.seq, at: entry.at, previous });
        }
        self.first_at = self.first_at.or(Some(entry.at));
        self.last_at = self.last_at.max(Some(entry.at));
    }

    fn hold(&mut self, unsure: Unsure) {
        self.settle(None);
        self.unsure = Some(unsure);
    }

    /// Decides which number an unsure line had: the one expected there, unless the number that it
    /// states leads on to the next line and the expected one does not.
    fn settle(&mut self, next: Option<u64>) {
        let Some(unsure) = self.unsure.take() else { return };
        let expected = self.runs.expected();
        let leads = |seq: u64| next.is_some_and(|next| seq.checked_add(1) == Some(next));
        let seq = match unsure.stated {
            Some(stated) if leads(stated) && !leads(expected) => stated,
            _ => expected,
        };
        self.runs.add(unsure.position, seq, None);
        if let Some((recorded, computed)) = unsure.changed {
            let position = unsure.position;
            self.report(Finding::Changed { seq, position, recorded, computed });
        }
    }

    fn report(&mut self, finding: Finding) {
        if self.findings.len() < MAX_FINDINGS {
            self.findings.push(finding);
        } else {
            self.more += 1;
        }
    }

    /// Ends the log and says what was found.
    #[must_use]
    pub fn finish(mut self) -> Report {
        self.settle(None);
        let order = self.runs.diagnose();
        let damaged_from = self.runs.damaged_from(self.position);
        order.into_iter().for_each(|finding| self.report(finding));
        let next_seq = self.runs.next_seq();
        let (checkpoints, found) = self.checkpoints.finish(damaged_from, next_seq);
        found.into_iter().for_each(|finding| self.report(finding));
        // Where a checkpoint fits the lines and not the hashes beside them, the lines are as
        // signed up to there.
        let lines_hold = checkpoints.iter().filter(|checkpoint| checkpoint.by_lines);
        let lines_hold = lines_hold.map(|checkpoint| checkpoint.size).max();
        for finding in &mut self.findings {
            if let Finding::Changed { seq, position, recorded, computed } = *finding
                && lines_hold.is_some_and(|size| position < size)
            {
                *finding = Finding::HashChanged { seq, position, recorded, computed };
            }
        }
        let covered = checkpoints.iter().filter(|checkpoint| checkpoint.holds);
        Report {
            entries: self.position,
            root: self.recorded.root(),
            first_at: self.first_at,
            last_at: self.last_at,
            covered: covered.map(|checkpoint| checkpoint.size).max().unwrap_or(0),
            checkpoints,
            findings: self.findings,
            more: self.more,
        }
    }
}

fn unreadable(position: u64, error: &EntryError) -> Finding {
    match *error {
        EntryError::Canonical(error) => Finding::NotCanonical { position, error },
        EntryError::Version { version } => Finding::UnknownVersion { position, version },
        EntryError::Shape { at } => Finding::NotEntry { position, at },
        _ => Finding::NotEntry { position, at: 0 },
    }
}
