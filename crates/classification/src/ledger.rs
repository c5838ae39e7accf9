//! The record of what was answered: a file for each customer, to which lines are added and never
//! changed, with numbers 1, 2, 3 that have no gap. A line is on disk before the answer counts. The
//! same request told twice is one line. What was refused stands in files beside, in the folder
//! `refused`: it is no usage, and no bill reads it. A file that is large or old is closed under the
//! number of its first line, and the numbers go on in the next. Serves class-5.1.

mod book;
mod closed;

use std::collections::BTreeMap;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::thread::JoinHandle;

use units::Timestamp;

use crate::line::Outcome;
use crate::queue::Class;
use book::Book;

/// Orders that one write and one wait for the disk serve at most.
const TOGETHER: usize = 256;
/// The file that one process holds while it writes here.
const LOCK: &str = "lock";
/// The folder of what was refused, below that of what was answered.
const REFUSED: &str = "refused";
/// How files of lines end.
const ENDING: &str = "jsonl";

/// What happened to one image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Who asked: small letters, digits, `-` and `_`.
    pub customer: String,
    /// The request's id.
    pub request: String,
    /// The image's place in the request, from 0.
    pub position: u32,
    /// SHA-256 of the image.
    pub sha256: [u8; 32],
    /// Bytes of the image.
    pub bytes: u64,
    /// When it was answered or refused.
    pub at: Timestamp,
    /// The class of the request.
    pub class: Class,
    /// Microseconds from the whole image at hand to the answer at hand.
    pub latency_us: u64,
    /// The model.
    pub model: String,
    /// Its version.
    pub version: String,
    /// The digest of the version's package.
    pub package: String,
    /// Whether the answer was kept from before.
    pub cached: bool,
    /// How it went.
    pub outcome: Outcome,
}

/// When a customer's file is closed and the next one begins; never, where nothing is said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Turning {
    /// With this many bytes, or the first write beyond them.
    pub bytes: Option<u64>,
    /// With each day of UTC.
    pub daily: bool,
}

/// Whether an entry made a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// It did.
    New,
    /// The same was told before.
    Before,
}

/// Why nothing was recorded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LedgerError {
    /// The disk does not take it: full, gone, broken.
    #[error("{path} cannot be written: {said}")]
    Disk {
        /// The file.
        path: PathBuf,
        /// What the system said.
        said: String,
    },
    /// The same request and place came before with another image.
    #[error("image {position} of request {request} was another image before")]
    Reused {
        /// The request.
        request: String,
        /// The place in it.
        position: u32,
    },
    /// A line in the middle of a file is not one of ours.
    #[error("{path}, line {line} is damaged, and lines follow it")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
    },
    /// Another process writes here.
    #[error("{path} is in use by another process")]
    InUse {
        /// The folder.
        path: PathBuf,
    },
    /// The name cannot be one of a file.
    #[error("{name:?} is no name of a customer")]
    Name {
        /// The name.
        name: String,
    },
    /// The service stops.
    #[error("nothing is recorded any more")]
    Closed,
}

/// What was found when the files were opened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Opened {
    /// Numbers that were given, over all customers.
    pub lines: u64,
    /// Bytes of torn ends that were cut off.
    pub mended_bytes: u64,
}

type Answer = Result<Vec<Counted>, LedgerError>;

struct Order {
    entries: Vec<Entry>,
    reply: Box<dyn FnOnce(Answer) + Send>,
}

/// See the module. One thread writes; what comes while it waits for the disk goes out together.
pub struct Ledger {
    orders: Mutex<Option<Sender<Order>>>,
    writer: Mutex<Option<JoinHandle<()>>>,
}

impl Ledger {
    /// Opens the files of a folder, mends torn ends, and begins to write. `source` names the
    /// service; a customer's lines come from `source/customer`.
    ///
    /// # Errors
    /// When a file cannot be read, is damaged within, or another process writes here.
    pub fn open(
        folder: &Path,
        source: &str,
        turning: Turning,
    ) -> Result<(Self, Opened), LedgerError> {
        fs::create_dir_all(folder).map_err(|error| disk(folder, &error))?;
        let lock = folder.join(LOCK);
        let held = File::create(&lock).map_err(|error| disk(&lock, &error))?;
        match held.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(LedgerError::InUse { path: folder.to_owned() });
            }
            Err(TryLockError::Error(error)) => return Err(disk(&lock, &error)),
        }
        let (mut books, mut opened) = (BTreeMap::new(), Opened::default());
        for answered in [true, false] {
            let folder = place(folder, answered);
            fs::create_dir_all(&folder).map_err(|error| disk(&folder, &error))?;
            for entry in fs::read_dir(&folder).map_err(|error| disk(&folder, &error))? {
                let path = entry.map_err(|error| disk(&folder, &error))?.path();
                let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
                if path.extension().is_some_and(|ending| ending == ENDING) && is_name(name) {
                    let (book, mended) = Book::open(&path, &of(source, name, answered), turning)?;
                    opened.lines += if answered { book.lines() } else { 0 };
                    opened.mended_bytes += mended;
                    books.insert((name.to_owned(), answered), book);
                }
            }
        }
        let (place, source) = (folder.to_owned(), source.to_owned());
        let shelf = Shelf { folder: place, source, turning, books };
        let (orders, inbox) = channel();
        let writer = std::thread::Builder::new().name("usage".to_owned());
        let writer = writer
            .spawn(move || {
                write_all(&inbox, shelf);
                drop(held);
            })
            .map_err(|error| disk(folder, &error))?;
        let ledger = Self { orders: Mutex::new(Some(orders)), writer: Mutex::new(Some(writer)) };
        Ok((ledger, opened))
    }

    /// Records all of these or none: images of one customer, all answered or all refused. `reply`
    /// is called when they are on disk.
    pub fn record(&self, entries: Vec<Entry>, reply: impl FnOnce(Answer) + Send + 'static) {
        let order = Order { entries, reply: Box::new(reply) };
        let orders = self.orders.lock().unwrap_or_else(PoisonError::into_inner);
        let unsent = match &*orders {
            Some(orders) => orders.send(order).err().map(|unsent| unsent.0),
            None => Some(order),
        };
        drop(orders);
        if let Some(order) = unsent {
            (order.reply)(Err(LedgerError::Closed));
        }
    }

    /// Writes what waits and ends.
    pub fn close(&self) {
        drop(self.orders.lock().unwrap_or_else(PoisonError::into_inner).take());
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(writer) = writer {
            // A writer that broke has nothing left to write.
            writer.join().unwrap_or_default();
        }
    }
}

impl Drop for Ledger {
    fn drop(&mut self) {
        self.close();
    }
}

/// Whose file, and whether it is that of what was answered.
type Whose = (String, bool);

/// The files that are open.
struct Shelf {
    folder: PathBuf,
    source: String,
    turning: Turning,
    books: BTreeMap<Whose, Book>,
}

/// Whose file an order goes to: its first entry says it.
fn whose(entries: &[Entry]) -> Option<Whose> {
    let first = entries.first()?;
    Some((first.customer.clone(), first.outcome == Outcome::Answered))
}

/// Where files lie.
fn place(folder: &Path, answered: bool) -> PathBuf {
    if answered { folder.to_owned() } else { folder.join(REFUSED) }
}

/// From whom a file's lines come.
fn of(source: &str, customer: &str, answered: bool) -> String {
    let ending = if answered { String::new() } else { format!("/{REFUSED}") };
    format!("{source}/{customer}{ending}")
}

impl Shelf {
    fn book(&mut self, whose: &Whose) -> Result<&mut Book, LedgerError> {
        let (customer, answered) = whose;
        if !is_name(customer) {
            return Err(LedgerError::Name { name: customer.clone() });
        }
        if !self.books.contains_key(whose) {
            let path = place(&self.folder, *answered).join(format!("{customer}.{ENDING}"));
            let source = of(&self.source, customer, *answered);
            let (book, _) = Book::open(&path, &source, self.turning)?;
            self.books.insert(whose.clone(), book);
        }
        self.books.get_mut(whose).ok_or(LedgerError::Closed)
    }
}

fn write_all(inbox: &Receiver<Order>, mut shelf: Shelf) {
    while let Ok(first) = inbox.recv() {
        let mut orders = vec![first];
        orders.extend(inbox.try_iter().take(TOGETHER - 1));
        let mut told = Vec::new();
        for order in orders {
            let Some(whose) = whose(&order.entries) else {
                (order.reply)(Ok(Vec::new()));
                continue;
            };
            let answer = shelf.book(&whose).and_then(|book| book.add(&order.entries));
            told.push((answer, whose, order.reply));
        }
        let mut failed = BTreeMap::new();
        for (whose, book) in &mut shelf.books {
            if let Err(error) = book.flush() {
                failed.insert(whose.clone(), error);
            }
        }
        for (answer, whose, reply) in told {
            reply(match (answer, failed.get(&whose)) {
                (Ok(_), Some(error)) => Err(error.clone()),
                (answer, _) => answer,
            });
        }
    }
}

fn is_name(name: &str) -> bool {
    let plain = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_');
    (1..=64).contains(&name.len()) && name.bytes().all(plain)
}

fn disk(path: &Path, error: &std::io::Error) -> LedgerError {
    LedgerError::Disk { path: path.to_owned(), said: error.to_string() }
}
