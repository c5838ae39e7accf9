//! One customer's lines: those in files that were closed, the file that is written, the numbers,
//! and which requests are in them.

use std::collections::{HashMap, VecDeque};
use std::fs::{File, OpenOptions};
use std::io::{BufRead as _, BufReader, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};
use units::Timestamp;

use super::closed::{self, Closed};
use super::{Answer, Counted, Entry, LedgerError, Turning, disk};
use crate::line::{self, Kept, Outcome};

/// Requests that are remembered; an older one told again makes a line, which `tally import` knows
/// as the same fact.
const REMEMBERED: usize = 1_000_000;

/// A record's id, shortened; and the beginning of its image's digest.
type Mark = [u8; 16];
type Print = [u8; 8];

/// What a line makes known.
struct Known {
    number: u64,
    mark: Mark,
    print: Print,
    day: i64,
}

/// Seconds of a day.
const DAY: i64 = 86_400;

/// See the module.
pub(super) struct Book {
    path: PathBuf,
    source: String,
    file: File,
    turning: Turning,
    /// Bytes of the file that are safely on disk.
    length: u64,
    /// The number of the last line that is safely on disk.
    lines: u64,
    /// The number and the day of the file's first line, where it has one.
    first: Option<(u64, i64)>,
    known: HashMap<Mark, Print>,
    order: VecDeque<Mark>,
    /// What is written next, and what it will make known.
    pending: Vec<u8>,
    fresh: Vec<Mark>,
    /// The day of the first of them.
    pending_day: i64,
}

fn mark(id: &str) -> Mark {
    let digest: [u8; 32] = Sha256::digest(id.as_bytes()).into();
    std::array::from_fn(|at| digest[at])
}

fn print(sha256: &[u8]) -> Print {
    std::array::from_fn(|at| sha256.get(at).copied().unwrap_or_default())
}

fn day(at: Timestamp) -> i64 {
    at.seconds().div_euclid(DAY)
}

impl Book {
    /// Opens a file, or makes it. Gives the bytes of a torn end that were cut off.
    pub(super) fn open(
        path: &Path,
        source: &str,
        turning: Turning,
    ) -> Result<(Self, u64), LedgerError> {
        let failed = |error: std::io::Error| disk(path, &error);
        let mut options = OpenOptions::new();
        let file = options.read(true).write(true).create(true).truncate(false).open(path);
        let file = file.map_err(failed)?;
        let mut book = Self {
            path: path.to_owned(),
            source: source.to_owned(),
            file: file.try_clone().map_err(failed)?,
            turning,
            length: 0,
            lines: 0,
            first: None,
            known: HashMap::new(),
            order: VecDeque::new(),
            pending: Vec::new(),
            fresh: Vec::new(),
            pending_day: 0,
        };
        for before in closed::files(path).map_err(failed)? {
            book.read_closed(&before)?;
        }
        let (read, torn) = book.read(path, file)?;
        let mended = read - book.length;
        if torn.is_some() {
            book.file.set_len(book.length).map_err(failed)?;
            book.file.sync_all().map_err(failed)?;
        }
        closed::sync_folder(path).map_err(failed)?;
        Ok((book, mended))
    }

    /// Reads a file that was closed: whole, and behind the one before.
    fn read_closed(&mut self, before: &Closed) -> Result<(), LedgerError> {
        let Closed { path, first } = before;
        let file = File::open(path).map_err(|error| disk(path, &error))?;
        // Files before the first that is here were put away.
        if self.lines == 0 {
            self.lines = first.saturating_sub(1);
        }
        let (_, torn) = self.read(path, file)?;
        let begun = self.first.take().map(|(number, _)| number);
        self.length = 0;
        let line = torn.or_else(|| (begun != Some(*first)).then_some(1));
        line.map_or(Ok(()), |line| Err(LedgerError::Damaged { path: path.clone(), line }))
    }

    /// Reads lines until the end or the first that is torn; gives the bytes that were read, and
    /// the line of the torn one.
    fn read(&mut self, path: &Path, file: File) -> Result<(u64, Option<u64>), LedgerError> {
        let failed = |error: std::io::Error| disk(path, &error);
        let mut reader = BufReader::new(file);
        let (mut text, mut read, mut at, mut torn) = (Vec::new(), 0_u64, 0_u64, None);
        loop {
            text.clear();
            let bytes = reader.read_until(b'\n', &mut text).map_err(failed)? as u64;
            if bytes == 0 {
                return Ok((read, torn));
            }
            (read, at) = (read + bytes, at + 1);
            let Some(line) = self.kept(&text) else {
                torn = torn.or(Some(at));
                continue;
            };
            // The very first line may have any number: those before it were put away.
            let next = self.lines + 1 == line.number || (self.lines == 0 && at == 1);
            if torn.is_some() || !next {
                // A good line behind a bad one, or behind a gap: that is no torn end.
                let (path, line) = (path.to_owned(), torn.unwrap_or(at));
                return Err(LedgerError::Damaged { path, line });
            }
            self.first = self.first.or(Some((line.number, line.day)));
            self.known.insert(line.mark, line.print);
            self.remember(line.mark);
            self.lines = line.number;
            self.length += bytes;
        }
    }

    pub(super) const fn lines(&self) -> u64 {
        self.lines
    }

    /// The number of a line of ours, and what it makes known.
    fn kept(&self, text: &[u8]) -> Option<Known> {
        let kept: Kept = serde_json::from_slice(text.strip_suffix(b"\n")?).ok()?;
        let number: u64 = kept.sequence.parse().ok()?;
        let sha256 = hex::decode(&kept.sha256).ok()?;
        let (mark, print, day) = (mark(&kept.id), print(&sha256), day(kept.time));
        (kept.source == self.source).then_some(Known { number, mark, print, day })
    }

    fn remember(&mut self, mark: Mark) {
        self.order.push_back(mark);
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
    }

    /// Puts entries behind what is written next: all, or none.
    pub(super) fn add(&mut self, entries: &[Entry]) -> Answer {
        let (pending, fresh) = (self.pending.len(), self.fresh.len());
        let mut counted = Vec::with_capacity(entries.len());
        for entry in entries {
            match self.add_one(entry) {
                Ok(one) => counted.push(one),
                Err(error) => {
                    self.pending.truncate(pending);
                    for mark in self.fresh.drain(fresh..) {
                        self.known.remove(&mark);
                    }
                    return Err(error);
                }
            }
        }
        Ok(counted)
    }

    fn add_one(&mut self, entry: &Entry) -> Result<Counted, LedgerError> {
        let (mark, print) = (mark(&line::id(entry)), print(&entry.sha256));
        match self.known.get(&mark) {
            Some(before) if *before == print || entry.outcome != Outcome::Answered => {
                return Ok(Counted::Before);
            }
            Some(_) => {
                let (request, position) = (entry.request.clone(), entry.position);
                return Err(LedgerError::Reused { request, position });
            }
            None => {}
        }
        let sequence = self.lines + self.fresh.len() as u64 + 1;
        let text = line::write(entry, &self.source, sequence).map_err(|error| {
            LedgerError::Disk { path: self.path.clone(), said: error.to_string() }
        })?;
        if self.pending.is_empty() {
            self.pending_day = day(entry.at);
        }
        self.pending.extend(text);
        self.known.insert(mark, print);
        self.fresh.push(mark);
        Ok(Counted::New)
    }

    /// Writes what waits and waits for the disk. What cannot be written whole is taken back.
    pub(super) fn flush(&mut self) -> Result<(), LedgerError> {
        let (pending, fresh) = (std::mem::take(&mut self.pending), std::mem::take(&mut self.fresh));
        if fresh.is_empty() {
            return Ok(());
        }
        // Where a file cannot be closed it goes on, and the next write tries again.
        let turned = if self.is_due() { self.turn(&pending) } else { None };
        match turned.unwrap_or_else(|| self.put(&pending)) {
            Ok(()) => {
                self.length += pending.len() as u64;
                self.first = self.first.or(Some((self.lines + 1, self.pending_day)));
                self.lines += fresh.len() as u64;
                for mark in fresh {
                    self.remember(mark);
                }
                Ok(())
            }
            Err(error) => {
                for mark in fresh {
                    self.known.remove(&mark);
                }
                // Where even this fails, the next write begins at the same place again, and a
                // start after it cuts the end off.
                let _taken_back = self.file.set_len(self.length);
                Err(disk(&self.path, &error))
            }
        }
    }

    fn put(&mut self, text: &[u8]) -> std::io::Result<()> {
        self.file.set_len(self.length)?;
        self.file.seek(SeekFrom::Start(self.length))?;
        self.file.write_all(text)?;
        self.file.sync_data()
    }

    /// Whether what waits goes into a new file.
    fn is_due(&self) -> bool {
        let Turning { bytes, daily } = self.turning;
        let old = daily && self.first.is_some_and(|(_, day)| day < self.pending_day);
        let large = bytes.is_some_and(|bytes| self.length >= bytes);
        self.first.is_some() && (old || large)
    }

    /// Begins the next file with what waits; the one before is closed under its first number.
    /// Nothing where that cannot be done, else whether what waits is on disk.
    fn turn(&mut self, pending: &[u8]) -> Option<std::io::Result<()>> {
        let (first, _) = self.first?;
        // Where writing was taken back in vain, a torn end would be closed with the file.
        self.file.set_len(self.length).ok()?;
        self.file = closed::begin_next(&self.path, first, pending).ok()?;
        (self.length, self.first) = (0, None);
        Some(closed::sync_folder(&self.path))
    }
}
