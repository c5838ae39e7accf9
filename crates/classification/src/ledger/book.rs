//! One customer's file: its lines, the numbers, and which requests are in it.

use std::collections::{HashMap, VecDeque};
use std::fs::{File, OpenOptions};
use std::io::{BufRead as _, BufReader, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::{Answer, Counted, Entry, LedgerError, disk};
use crate::line::{self, Kept, Outcome};

/// Requests that are remembered; an older one told again makes a line, which `tally import` knows
/// as the same fact.
const REMEMBERED: usize = 1_000_000;

/// A record's id, shortened; and the beginning of its image's digest.
type Mark = [u8; 16];
type Print = [u8; 8];

/// See the module.
pub(super) struct Book {
    path: PathBuf,
    source: String,
    file: File,
    /// Bytes that are safely on disk.
    length: u64,
    /// Lines that are safely on disk.
    lines: u64,
    known: HashMap<Mark, Print>,
    order: VecDeque<Mark>,
    /// What is written next, and what it will make known.
    pending: Vec<u8>,
    fresh: Vec<Mark>,
}

fn mark(id: &str) -> Mark {
    let digest: [u8; 32] = Sha256::digest(id.as_bytes()).into();
    std::array::from_fn(|at| digest[at])
}

fn print(sha256: &[u8]) -> Print {
    std::array::from_fn(|at| sha256.get(at).copied().unwrap_or_default())
}

impl Book {
    /// Opens a file, or makes it. Gives the bytes of a torn end that were cut off.
    pub(super) fn open(path: &Path, source: &str) -> Result<(Self, u64), LedgerError> {
        let failed = |error: std::io::Error| disk(path, &error);
        let mut options = OpenOptions::new();
        let file = options.read(true).write(true).create(true).truncate(false).open(path);
        let file = file.map_err(failed)?;
        let mut book = Self {
            path: path.to_owned(),
            source: source.to_owned(),
            file: file.try_clone().map_err(failed)?,
            length: 0,
            lines: 0,
            known: HashMap::new(),
            order: VecDeque::new(),
            pending: Vec::new(),
            fresh: Vec::new(),
        };
        let mut reader = BufReader::new(file);
        let (mut text, mut read, mut torn) = (Vec::new(), 0_u64, None);
        loop {
            text.clear();
            let bytes = reader.read_until(b'\n', &mut text).map_err(failed)?;
            if bytes == 0 {
                break;
            }
            read += bytes as u64;
            match book.kept(&text) {
                Some((number, mark, print)) if torn.is_none() && number == book.lines + 1 => {
                    book.known.insert(mark, print);
                    book.remember(mark);
                    book.lines += 1;
                    book.length += bytes as u64;
                }
                // A good line behind a bad one, or behind a gap: that is no torn end.
                Some(_) => {
                    let line = torn.unwrap_or(book.lines + 1);
                    return Err(LedgerError::Damaged { path: path.to_owned(), line });
                }
                None => torn = torn.or(Some(book.lines + 1)),
            }
        }
        let mended = read - book.length;
        if mended > 0 {
            book.file.set_len(book.length).map_err(failed)?;
            book.file.sync_all().map_err(failed)?;
        }
        sync_folder(path).map_err(failed)?;
        Ok((book, mended))
    }

    pub(super) const fn lines(&self) -> u64 {
        self.lines
    }

    /// The number of a line of ours, and what it makes known.
    fn kept(&self, text: &[u8]) -> Option<(u64, Mark, Print)> {
        let kept: Kept = serde_json::from_slice(text.strip_suffix(b"\n")?).ok()?;
        let number: u64 = kept.sequence.parse().ok()?;
        let sha256 = hex::decode(&kept.sha256).ok()?;
        (kept.source == self.source).then(|| (number, mark(&kept.id), print(&sha256)))
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
        match self.put(&pending) {
            Ok(()) => {
                self.length += pending.len() as u64;
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
}

/// Makes the file's name itself last.
fn sync_folder(path: &Path) -> std::io::Result<()> {
    match path.parent() {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}
