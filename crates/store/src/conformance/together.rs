//! Several writers, several handles, and the store opened again.

use std::sync::Arc;

use futures_util::future::join_all;
use units::Timestamp;

use crate::errors::{AppendError, Fault, StoreError};
use crate::record::{Cosignature, Record, Snapshot, VerifierKey};
use crate::scope::{Party, Scope};
use crate::state::Store;

use super::{Dice, Place, id, new_agreement, outcome, record, records, with_entries};

type Here = Place<dyn Store>;

pub(super) async fn acknowledged_records_are_there_after_reopening(place: Here) {
    let (operator, lease) = (Scope::operator(), id("lease-1"));
    let store = with_entries(&place, "lease-1", 5).await;
    store.close().await;
    let store = place.open().await;
    assert_eq!(store.read(&operator, &lease, 0, 10).await.unwrap(), records(0, 5));
    store.append(&operator, &lease, 5, records(5, 9)).await.unwrap();
    // This time nobody closes it.
    drop(store);
    let store = place.open().await;
    assert_eq!(store.read(&operator, &lease, 0, 10).await.unwrap(), records(0, 9));
}

pub(super) async fn rows_of_every_kind_are_there_after_reopening(place: Here) {
    let (operator, lease) = (Scope::operator(), id("lease-1"));
    let store = with_entries(&place, "lease-1", 5).await;
    let at = Timestamp::from_seconds(3);
    let cosignature = Cosignature { size: 2, key: "k".into(), line: "l".into(), at };
    let key = VerifierKey { name: "k".into(), key: "v".into(), holder: Some(Party::Vendor), at };
    let snapshot = Snapshot { format: 3, next: 4, bytes: vec![1, 2, 3] };
    store.put_checkpoint(&operator, &lease, 2, "note").await.unwrap();
    store.put_cosignature(&operator, &lease, &cosignature).await.unwrap();
    store.put_key(&operator, &lease, &key).await.unwrap();
    store.put_snapshot(&operator, &lease, &snapshot).await.unwrap();
    let before = store.agreements(&operator).await.unwrap();
    store.close().await;
    let store = place.open().await;
    assert_eq!(store.agreements(&operator).await.unwrap(), before);
    let checkpoint = store.checkpoint(&operator, &lease, 5).await.unwrap().unwrap();
    assert_eq!((checkpoint.note.as_str(), checkpoint.cosignatures), ("note", vec![cosignature]));
    assert_eq!(store.keys(&operator, &lease).await.unwrap(), [key]);
    assert_eq!(store.snapshot(&operator, &lease, 3).await.unwrap(), Some(snapshot));
}

pub(super) async fn a_conflict_leaves_the_other_appends_whole(place: Here) {
    let (store, operator) = (place.open().await, Scope::operator());
    let names: Vec<String> = (0..20).map(|number| format!("lease-{number}")).collect();
    for name in &names {
        store.create_agreement(&operator, &new_agreement(name)).await.unwrap();
    }
    // All wait in one queue; every third asks for a place that is not there.
    let appends = names.iter().enumerate().map(|(number, name)| {
        let expected = if number % 3 == 0 { 5 } else { 0 };
        let (store, operator) = (Arc::clone(&store), &operator);
        let batch = records(expected, expected + 3);
        async move { store.append(operator, &id(name), expected, batch).await }
    });
    for (number, appended) in join_all(appends).await.into_iter().enumerate() {
        match number % 3 {
            0 => assert!(matches!(appended, Err(AppendError::Conflict { next: 0 }))),
            _ => assert_eq!(appended.unwrap().next, 3),
        }
    }
    for (number, row) in (0..).zip(&names) {
        let next = store.agreement(&operator, &id(row)).await.unwrap().next;
        assert_eq!(next, if number % 3 == 0 { 0 } else { 3 });
    }
}

/// Appends batches until each was acknowledged; returns where each landed.
async fn insist(store: Arc<dyn Store>, writer: u64) -> Vec<(u64, u64)> {
    let (operator, lease) = (Scope::operator(), id("lease-1"));
    let mut dice = Dice(writer);
    let mut landed = Vec::new();
    let mut next = 0;
    for _ in 0..12 {
        let size = 1 + dice.below(4);
        loop {
            let batch = (next..next + size).map(|seq| by(writer, seq)).collect();
            match store.append(&operator, &lease, next, batch).await {
                Ok(appended) => {
                    landed.push((appended.first, appended.next));
                    next = appended.next;
                    break;
                }
                Err(AppendError::Conflict { next: now }) => next = now,
                Err(error) => panic!("{error:?}"),
            }
        }
    }
    landed
}

fn by(writer: u64, seq: u64) -> Record {
    Record { actor: format!("writer-{writer}"), ..record(seq) }
}

pub(super) async fn racing_writers_on_two_handles_keep_the_journal_dense(place: Here) {
    let store = with_entries(&place, "lease-1", 0).await;
    let second = place.open().await;
    let writers = (0..8_u64).map(|writer| {
        let store = if writer % 2 == 0 { &store } else { &second };
        tokio::spawn(insist(Arc::clone(store), writer))
    });
    let landed = join_all(writers.collect::<Vec<_>>()).await;
    let (operator, lease) = (Scope::operator(), id("lease-1"));
    let all = second.read(&operator, &lease, 0, 10_000).await.unwrap();
    let mut count = 0;
    for (writer, landed) in (0..).zip(landed) {
        for (first, next) in landed.unwrap() {
            for seq in first..next {
                assert_eq!(all[usize::try_from(seq).unwrap()], by(writer, seq));
                count += 1;
            }
        }
    }
    // What is there and what was acknowledged are the same, one for one.
    assert_eq!(count, all.len());
    let report = store.integrity(&operator).await.unwrap();
    assert_eq!((report.problems, report.entries), (Vec::new(), count as u64));
}

pub(super) async fn one_handle_sees_what_the_other_wrote(place: Here) {
    let first = with_entries(&place, "lease-1", 2).await;
    let second = place.open().await;
    let (operator, lease) = (Scope::operator(), id("lease-1"));
    assert_eq!(second.agreement(&operator, &lease).await.unwrap().next, 2);
    second.append(&operator, &lease, 2, records(2, 4)).await.unwrap();
    assert_eq!(first.read(&operator, &lease, 0, 10).await.unwrap(), records(0, 4));
    let late = first.append(&operator, &lease, 2, records(2, 3)).await;
    assert!(matches!(late, Err(AppendError::Conflict { next: 4 })));
    second.close().await;
    first.append(&operator, &lease, 4, records(4, 5)).await.unwrap();
}

pub(super) async fn a_closed_store_says_so(place: Here) {
    let store = with_entries(&place, "lease-1", 2).await;
    let (operator, lease) = (Scope::operator(), id("lease-1"));
    store.close().await;
    let closed = outcome::<(), _>(Err(StoreError::Fault(Fault::Closed)));
    assert_eq!(outcome(store.read(&operator, &lease, 0, 1).await), closed);
    assert_eq!(outcome(store.put_checkpoint(&operator, &lease, 1, "note").await), closed);
    assert_eq!(outcome(store.append(&operator, &lease, 2, records(2, 3)).await), closed);
    // Closing twice is no mistake.
    store.close().await;
}
