//! A process is killed without warning while it appends, again and again on the same database.
//! Every entry that it told of must be there, in its place, whole batches only.

use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

use journal::{Frontier, Hash, Tree};
use store::{Scope, Sqlite, Store as _};

use super::appender::{Order, Told, agreement, block_on, command, create, mark, start};
use crate::dice::Dice;

/// How many kills one database lives through.
const KILLS_EACH: u64 = 100;
/// How long after its first word a process may live, in milliseconds.
const LIFE: (u64, u64) = (5, 65);

/// What is known of a database: checked so far, entry by entry.
struct Known {
    frontier: Frontier,
    tree: Tree,
    /// Entries that were told of, and all entries.
    told: u64,
}

#[test]
fn no_entry_that_was_told_of_is_lost_when_the_process_is_killed() {
    let cycles = std::env::var("TALLYSTICK_KILLS").map_or(20, |count| count.parse().unwrap());
    let mut dice = Dice::new(9);
    let (mut entries, mut told) = (0, 0);
    let mut left = cycles;
    while left > 0 {
        let here = left.min(KILLS_EACH);
        let known = one_database(here, &mut dice);
        entries += known.frontier.size();
        told += known.told;
        left -= here;
    }
    println!("{cycles} kills: {told} entries told of, {entries} kept, none lost");
    assert!(told >= cycles, "each process tells of an entry before it is killed");
}

fn one_database(kills: u64, dice: &mut Dice) -> Known {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("tally.db");
    block_on(create(&database));
    let mut known = Known { frontier: Frontier::new(), tree: Tree::new(), told: 0 };
    for kill in 0..kills {
        let (name, batch) = (format!("life{kill}"), dice.range(1, 12));
        let order =
            Order { database: database.clone(), name, times: u64::MAX, batch, early: false };
        let told = live_and_die(&order, Duration::from_millis(dice.range(LIFE.0, LIFE.1)));
        block_on(check(&order, &told, &mut known));
    }
    known
}

/// Runs a process until `life` after its first word, then kills it.
fn live_and_die(order: &Order, life: Duration) -> Vec<Told> {
    let (mut child, receiver) = start(command(order, &[]));
    let first = receiver.recv().expect("the process tells of an entry");
    let mut told = vec![first];
    let end = Instant::now() + life;
    loop {
        match receiver.recv_timeout(end.saturating_duration_since(Instant::now())) {
            Ok(next) => told.push(next),
            Err(RecvTimeoutError::Timeout) => break,
            Err(RecvTimeoutError::Disconnected) => panic!("the process ended by itself"),
        }
    }
    child.kill().unwrap();
    child.wait().unwrap();
    // What was in the pipe had been told as well.
    told.extend(receiver);
    told
}

/// Checks what came since the last check.
async fn check(order: &Order, told: &[Told], known: &mut Known) {
    let scope = Scope::operator();
    let store = Sqlite::open(&order.database).await.unwrap();
    let report = store.integrity(&scope).await.unwrap();
    assert_eq!(report.problems, [], "after {}", order.name);
    let from = known.frontier.size();
    let fresh = store.read(&scope, &agreement(), from, u32::MAX).await.unwrap();
    assert_eq!(report.entries, from + fresh.len() as u64, "{}", order.name);
    let mut kept = Vec::new();
    for (seq, record) in (from..).zip(&fresh) {
        let leaf = Hash::leaf(&record.line);
        assert_eq!(record.seq, seq);
        assert_eq!(*leaf.bytes(), record.leaf, "the hash of entry {seq}");
        let event = desk::decode(seq, &record.line).unwrap().event;
        kept.push(Told { seq, leaf, mark: mark(&event).to_owned() });
        known.frontier.append(leaf);
        known.tree.append(leaf);
    }
    assert!(told.len() <= kept.len(), "{}: told {}, kept {}", order.name, told.len(), kept.len());
    assert_eq!(told, &kept[..told.len()], "{}", order.name);
    whole_batches(&kept);
    assert!(whole(&kept[..told.len()]), "a batch is told of in one word");
    let leaves = store.leaves(&scope, &agreement(), 0, u64::MAX).await.unwrap();
    let mut again = Frontier::new();
    leaves.into_iter().for_each(|leaf| again.append(Hash::new(leaf)));
    assert_eq!(again.root(), known.frontier.root());
    assert_eq!(again.root(), known.tree.root());
    known.told += told.len() as u64;
    store.close().await;
}

/// What was appended, told of or not, is whole batches in their order.
fn whole_batches(kept: &[Told]) {
    let marks = kept.iter().map(|entry| entry.mark.as_str());
    let numbers: Vec<[u64; 3]> = marks
        .map(|mark| {
            let parts: Vec<&str> = mark.split('/').collect();
            [parts[2], parts[3], parts[4]].map(|part| part.parse().unwrap())
        })
        .collect();
    for pair in numbers.windows(2) {
        let [number, index, of] = pair[0];
        let next = if index + 1 < of { (number, index + 1) } else { (number + 1, 0) };
        assert_eq!((pair[1][0], pair[1][1]), next, "after {:?}", pair[0]);
    }
    assert!(whole(kept), "half a batch was kept");
}

fn whole(entries: &[Told]) -> bool {
    entries.last().is_none_or(|last| {
        let mut parts = last.mark.rsplit('/').map(|part| part.parse::<u64>().unwrap());
        let (of, index) = (parts.next().unwrap(), parts.next().unwrap());
        index + 1 == of
    })
}
