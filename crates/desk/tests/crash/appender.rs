//! A process that appends to one agreement and tells of each entry on its standard output, after
//! it was told that the entry is on disk. It is this test binary once more, so that nothing has to
//! be built beside it: with a database named in its environment, the test below is that process.

use std::io::{BufRead as _, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};

use contract::event::{Actor, Event, Fact};
use contract::terms::{Purpose, Side};
use desk::{Book, DeskError, Draft};
use journal::Hash;
use store::{AppendError, NewAgreement, Scope, Sqlite, Store as _};
use units::{Id, Timestamp};

const DATABASE: &str = "TALLYSTICK_APPEND_DATABASE";
const NAME: &str = "TALLYSTICK_APPEND_NAME";
const TIMES: &str = "TALLYSTICK_APPEND_TIMES";
const BATCH: &str = "TALLYSTICK_APPEND_BATCH";
const EARLY: &str = "TALLYSTICK_APPEND_EARLY";

/// What a process shall append.
#[derive(Debug, Clone)]
pub(super) struct Order {
    pub(super) database: PathBuf,
    /// Goes into every entry, so that the entries of two processes are told apart.
    pub(super) name: String,
    /// How many batches.
    pub(super) times: u64,
    /// The most entries of a batch.
    pub(super) batch: u64,
    /// Tells of entries before it hands them over: a wrong process, for the checks to find.
    pub(super) early: bool,
}

/// An entry that a process told of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) seq: u64,
    pub(super) leaf: Hash,
    pub(super) mark: String,
}

pub(super) fn agreement() -> Id {
    Id::new("kept-1").unwrap()
}

/// An agreement whose journal stays empty.
fn empty() -> Id {
    Id::new("empty-1").unwrap()
}

/// Makes a database of empty journals.
pub(super) async fn create(database: &Path) {
    let store = Sqlite::open(database).await.unwrap();
    let created = Timestamp::from_seconds(0);
    let (kind, title) = ("lease".to_owned(), "kept".to_owned());
    for id in [agreement(), empty()] {
        let row = NewAgreement { id, kind: kind.clone(), title: title.clone(), created };
        store.create_agreement(&Scope::operator(), &row).await.unwrap();
    }
    store.close().await;
}

/// A journal that is opened at its end. What the entries before fold to is not needed to append
/// facts, and to fold it would take the time that the kills are meant for.
async fn book_at_end(store: &Sqlite, scope: &Scope) -> Book {
    let row = store.agreement(scope, &agreement()).await.unwrap();
    let mut book = Book::open(store, scope, &empty()).await.unwrap();
    book.agreement = agreement();
    book.state.next_seq = row.next;
    book
}

/// A batch says of each of its entries which of how many it is, so that half a batch shows.
fn drafts(name: &str, number: u64, of: u64) -> Vec<Draft> {
    let each = (0..of).map(|index| {
        let resource = format!("mark/{name}/{number:06}/{index}/{of}");
        let fact =
            Fact::ResourceUsed { side: Side::Vendor, purpose: Purpose::ProvideService, resource };
        let event = Event::FactRecorded { fact, source: None };
        Draft { actor: Actor::Vendor { name: name.to_owned() }, event, key: None }
    });
    each.collect()
}

/// The mark of an entry that [`drafts`] made.
pub(super) fn mark(event: &Event) -> &str {
    match event {
        Event::FactRecorded { fact: Fact::ResourceUsed { resource, .. }, .. } => resource,
        other => panic!("{other:?} was never appended"),
    }
}

async fn append(order: &Order, out: &mut impl Write) {
    let scope = Scope::operator();
    let store = Sqlite::open(&order.database).await.unwrap();
    let mut book = book_at_end(&store, &scope).await;
    for number in 0..order.times {
        let drafts = drafts(&order.name, number, 1 + number % order.batch);
        if order.early {
            let seq = book.state.next_seq;
            writeln!(out, "told {seq} {} {}", Hash::of(b""), mark(&drafts[0].event)).unwrap();
        }
        let recorded = loop {
            let at = Timestamp::from_seconds(1_800_000_000 + book.state.next_seq as i64);
            match book.append(&store, &scope, drafts.clone(), at).await {
                Err(DeskError::Append(AppendError::Conflict { .. })) => {
                    book.catch_up(&store, &scope, |_| {}).await.unwrap();
                }
                answer => break answer.unwrap(),
            }
        };
        let mut text = String::new();
        for entry in recorded {
            let line = desk::encode(entry.seq, entry.at, &entry.actor, &entry.event).unwrap();
            let leaf = Hash::leaf(&line.line());
            text.push_str(&format!("told {} {leaf} {}\n", entry.seq, mark(&entry.event)));
        }
        // One call of the system for each acknowledgement.
        if !order.early {
            out.write_all(text.as_bytes()).unwrap();
        }
    }
    store.close().await;
}

/// A command that runs the process; `wrapper` is a program that watches it.
pub(super) fn command(order: &Order, wrapper: &[&str]) -> Command {
    let program = std::env::current_exe().unwrap();
    let mut command = match wrapper.split_first() {
        Some((first, rest)) => {
            let mut command = Command::new(first);
            command.args(rest).arg(program);
            command
        }
        None => Command::new(program),
    };
    let test = "crash::appender::what_an_appending_process_tells_of_is_kept";
    command.args(["--exact", test, "--nocapture", "--test-threads=1"]);
    command.env(DATABASE, &order.database).env(NAME, &order.name);
    command.env(TIMES, order.times.to_string()).env(BATCH, order.batch.to_string());
    command.env(EARLY, order.early.to_string());
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    command
}

/// Starts the process. What it tells comes through the receiver, which ends when the process does.
pub(super) fn start(mut command: Command) -> (Child, Receiver<Told>) {
    let mut child = command.spawn().unwrap();
    let out = child.stdout.take().unwrap();
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut reader = BufReader::new(out);
        let mut line = String::new();
        // A line without its end was cut by the kill: it was never told.
        while reader.read_line(&mut line).is_ok_and(|read| read > 0) && line.ends_with('\n') {
            if let Some(told) = parse(&line) {
                let _ended = sender.send(told);
            }
            line.clear();
        }
    });
    (child, receiver)
}

fn parse(line: &str) -> Option<Told> {
    let mut words = line.trim_end().strip_prefix("told ")?.split(' ');
    let seq = words.next()?.parse().ok()?;
    let leaf = words.next()?.parse().ok()?;
    Some(Told { seq, leaf, mark: words.next()?.to_owned() })
}

pub(crate) fn block_on<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(work)
}

#[test]
fn what_an_appending_process_tells_of_is_kept() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let ordered = std::env::var_os(DATABASE).map(|database| Order {
        database: database.into(),
        name: std::env::var(NAME).unwrap(),
        times: number(TIMES).unwrap(),
        batch: number(BATCH).unwrap(),
        early: std::env::var(EARLY).is_ok_and(|early| early == "true"),
    });
    if let Some(order) = ordered {
        let mut out = std::io::stdout();
        // The harness has begun a line of its own.
        out.write_all(b"\n").unwrap();
        block_on(append(&order, &mut out));
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("tally.db");
    let order = Order { database, name: "here".to_owned(), times: 5, batch: 3, early: false };
    let mut out = Vec::new();
    let kept = block_on(async {
        create(&order.database).await;
        append(&order, &mut out).await;
        let store = Sqlite::open(&order.database).await.unwrap();
        store.read(&Scope::operator(), &agreement(), 0, 100).await.unwrap()
    });
    let told: Vec<Told> = String::from_utf8(out).unwrap().lines().filter_map(parse).collect();
    let kept: Vec<Told> = kept
        .iter()
        .map(|record| Told {
            seq: record.seq,
            leaf: Hash::new(record.leaf),
            mark: mark(&desk::decode(record.seq, &record.line).unwrap().event).to_owned(),
        })
        .collect();
    assert_eq!(told.len(), 9);
    assert_eq!(told, kept);
}
