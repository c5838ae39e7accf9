//! Two processes append to one agreement at once: the journal stays dense, and nothing that either
//! was told of is lost or moved.

use std::collections::BTreeMap;

use journal::Hash;
use store::{Scope, Sqlite, Store as _};

use super::appender::{Order, Told, agreement, block_on, command, create, mark, start};

#[test]
fn two_processes_append_to_one_agreement_at_once_and_nothing_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("tally.db");
    block_on(create(&database));
    let names = ["left", "right"];
    let [left, right] = names.map(|name| {
        let (database, name) = (database.clone(), name.to_owned());
        let order = Order { database, name, times: u64::MAX, batch: 4, early: false };
        start(command(&order, &[]))
    });
    // Both are at work, and each goes on after the other's first word.
    let mut told = [&left, &right].map(|(_, receiver)| vec![receiver.recv().unwrap()]);
    let first = [told[0][0].seq, told[1][0].seq];
    for (number, (_, receiver)) in [&left, &right].into_iter().enumerate() {
        let mine = &mut told[number];
        while mine.len() < 300 || mine.last().is_none_or(|last| last.seq < first[1 - number]) {
            mine.push(receiver.recv().unwrap());
        }
    }
    for (number, (mut child, receiver)) in [left, right].into_iter().enumerate() {
        child.kill().unwrap();
        child.wait().unwrap();
        told[number].extend(receiver);
    }
    let kept: BTreeMap<u64, Told> = block_on(async {
        let store = Sqlite::open(&database).await.unwrap();
        let scope = Scope::operator();
        assert_eq!(store.integrity(&scope).await.unwrap().problems, []);
        let records = store.read(&scope, &agreement(), 0, u32::MAX).await.unwrap();
        let each = records.into_iter().map(|record| {
            let event = desk::decode(record.seq, &record.line).unwrap().event;
            let (seq, leaf) = (record.seq, Hash::leaf(&record.line));
            (seq, Told { seq, leaf, mark: mark(&event).to_owned() })
        });
        each.collect()
    });
    assert!(kept.keys().copied().eq(0..kept.len() as u64), "the sequence is dense");
    for (name, told) in names.iter().zip(&told) {
        assert!(told.is_sorted_by_key(|entry| entry.seq), "{name}");
        for entry in told {
            assert_eq!(kept.get(&entry.seq), Some(entry), "{name}");
        }
        // Marks count the batches of a process: none of its own is missing between two others.
        let own = kept.values().filter(|entry| entry.mark.contains(name));
        let own: Vec<&str> = own.map(|entry| entry.mark.as_str()).take(told.len()).collect();
        assert!(told.iter().map(|entry| entry.mark.as_str()).eq(own), "{name}");
    }
}
