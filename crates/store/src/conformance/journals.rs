//! What a journal is: dense, ordered, unchanged, appended to at its end only.

use crate::errors::{AppendError, StoreError};
use crate::record::{Appended, Record, SourceHit};
use crate::scope::{Scope, Visibility};
use crate::state::{MAX_BATCH_RECORDS, MAX_LINE_BYTES, Store};

use super::{Place, id, new_agreement, outcome, record, records, sourced, with_entries};

type Here = Place<dyn Store>;

pub(super) async fn an_agreement_starts_empty(place: Here) {
    let (store, operator) = (place.open().await, Scope::operator());
    let new = new_agreement("lease-1");
    store.create_agreement(&operator, &new).await.unwrap();
    let row = store.agreement(&operator, &new.id).await.unwrap();
    assert_eq!((row.next, row.id.clone(), row.kind), (0, new.id.clone(), new.kind));
    assert_eq!((row.title, row.created), (new.title, new.created));
    assert!(store.read(&operator, &new.id, 0, 10).await.unwrap().is_empty());
    assert!(store.leaves(&operator, &new.id, 0, 10).await.unwrap().is_empty());
    assert!(store.checkpoints(&operator, &new.id, 0, 10).await.unwrap().is_empty());
    assert_eq!(store.checkpoint(&operator, &new.id, 10).await.unwrap(), None);
    assert!(store.keys(&operator, &new.id).await.unwrap().is_empty());
    assert_eq!(store.snapshot(&operator, &new.id, 1).await.unwrap(), None);
}

pub(super) async fn an_agreement_is_registered_once(place: Here) {
    let (store, operator) = (place.open().await, Scope::operator());
    store.create_agreement(&operator, &new_agreement("lease-1")).await.unwrap();
    let again = store.create_agreement(&operator, &new_agreement("lease-1")).await;
    assert!(matches!(again, Err(StoreError::Exists { agreement }) if agreement == id("lease-1")));
    // Ids differ in case.
    store.create_agreement(&operator, &new_agreement("LEASE-1")).await.unwrap();
    assert_eq!(store.agreements(&operator).await.unwrap().len(), 2);
}

pub(super) async fn records_come_back_as_they_went_in(place: Here) {
    let store = with_entries(&place, "lease-1", 0).await;
    let (operator, lease) = (Scope::operator(), id("lease-1"));
    let mut all: Vec<Record> = records(0, 4);
    all[0].line = (0..=255).collect();
    all[0].leaf = std::array::from_fn(|place| u8::try_from(place).unwrap());
    all[1] = sourced(1, "slurm:云-1", "job 17; DROP TABLE entry --'\"", 9);
    all[1].actor = "甲方\u{0}\n".into();
    all[2].line = Vec::new();
    all[2].at = units::Timestamp::from_micros(i64::MIN);
    all[3].at = units::Timestamp::from_micros(i64::MAX);
    all[3].kind = String::new();
    let appended = store.append(&operator, &lease, 0, all.clone()).await.unwrap();
    assert_eq!(appended, Appended { first: 0, next: 4 });
    assert_eq!(store.read(&operator, &lease, 0, 10).await.unwrap(), all);
}

pub(super) async fn an_append_at_the_wrong_place_says_where_the_journal_ends(place: Here) {
    let store = with_entries(&place, "lease-1", 3).await;
    let (operator, lease) = (Scope::operator(), id("lease-1"));
    for expected in [0, 2, 4, u64::MAX - 1, u64::MAX] {
        let refused = store.append(&operator, &lease, expected, vec![record_at(expected)]).await;
        assert!(matches!(refused, Err(AppendError::Conflict { next: 3 })), "{refused:?}");
    }
    assert_eq!(store.read(&operator, &lease, 0, 10).await.unwrap(), records(0, 3));
}

fn record_at(seq: u64) -> Record {
    Record { seq, ..record(0) }
}

pub(super) async fn no_records_check_the_place_only(place: Here) {
    let store = with_entries(&place, "lease-1", 3).await;
    let (operator, lease) = (Scope::operator(), id("lease-1"));
    let nothing = store.append(&operator, &lease, 3, Vec::new()).await.unwrap();
    assert_eq!(nothing, Appended { first: 3, next: 3 });
    let refused = store.append(&operator, &lease, 2, Vec::new()).await;
    assert!(matches!(refused, Err(AppendError::Conflict { next: 3 })));
}

pub(super) async fn a_batch_with_a_gap_is_refused_whole(place: Here) {
    let store = with_entries(&place, "lease-1", 1).await;
    let (operator, lease) = (Scope::operator(), id("lease-1"));
    for (wrong, expected, found) in [([1, 3], 2, 3), ([2, 3], 1, 2), ([1, 1], 2, 1)] {
        let batch = wrong.into_iter().map(record).collect();
        let refused = store.append(&operator, &lease, 1, batch).await;
        let wanted: Result<Appended, _> = Err(AppendError::NotDense { expected, found });
        assert_eq!(outcome(refused), outcome(wanted));
    }
    let limit = MAX_BATCH_RECORDS;
    let refused = store.append(&operator, &lease, 1, records(1, limit + 2)).await;
    let wanted: Result<Appended, _> = Err(AppendError::BatchTooLarge { records: limit + 1, limit });
    assert_eq!(outcome(refused), outcome(wanted));
    assert_eq!(store.agreement(&operator, &lease).await.unwrap().next, 1);
}

pub(super) async fn batches_of_every_size_come_back(place: Here) {
    let store = with_entries(&place, "lease-1", 0).await;
    let (operator, lease) = (Scope::operator(), id("lease-1"));
    let mut next = 0;
    for size in [1, 2, 3, 5, 64, 127, 128, 129, 255, 1000] {
        let appended = store.append(&operator, &lease, next, records(next, next + size)).await;
        assert_eq!(appended.unwrap(), Appended { first: next, next: next + size });
        next += size;
    }
    assert_eq!(store.read(&operator, &lease, 0, 10_000).await.unwrap(), records(0, next));
}

pub(super) async fn pages_join_to_the_whole_journal(place: Here) {
    let store = with_entries(&place, "lease-1", 25).await;
    let (operator, lease) = (Scope::operator(), id("lease-1"));
    for limit in [1, 2, 7, 24, 25, 26, u32::MAX] {
        let (mut all, mut from) = (Vec::new(), 0);
        loop {
            let page = store.read(&operator, &lease, from, limit).await.unwrap();
            let Some(last) = page.last() else { break };
            assert!(page.len() <= usize::try_from(limit).unwrap());
            from = last.seq + 1;
            all.extend(page);
        }
        assert_eq!(all, records(0, 25), "limit {limit}");
    }
    assert!(store.read(&operator, &lease, 0, 0).await.unwrap().is_empty());
    assert_eq!(store.read(&operator, &lease, 20, 3).await.unwrap(), records(20, 23));
}

pub(super) async fn a_line_may_be_long_but_not_endless(place: Here) {
    let store = with_entries(&place, "lease-1", 0).await;
    let (operator, lease) = (Scope::operator(), id("lease-1"));
    let long = |bytes: u64| Record { line: vec![7; usize::try_from(bytes).unwrap()], ..record(0) };
    let (bytes, limit) = (MAX_LINE_BYTES + 1, MAX_LINE_BYTES);
    let refused = store.append(&operator, &lease, 0, vec![long(bytes)]).await;
    let wanted: Result<Appended, _> = Err(AppendError::LineTooLarge { seq: 0, bytes, limit });
    assert_eq!(outcome(refused), outcome(wanted));
    store.append(&operator, &lease, 0, vec![long(limit)]).await.unwrap();
    assert_eq!(store.read(&operator, &lease, 0, 1).await.unwrap(), vec![long(limit)]);
}

pub(super) async fn leaves_are_cut_at_the_end(place: Here) {
    let store = with_entries(&place, "lease-1", 10).await;
    let (operator, lease) = (Scope::operator(), id("lease-1"));
    for (from, to) in [(0, 10), (0, 0), (3, 7), (7, 3), (9, 10), (10, 11), (5, u64::MAX)] {
        let wanted: Vec<_> = (from..to.min(10)).map(|seq| record(seq).leaf).collect();
        let leaves = store.leaves(&operator, &lease, from, to).await.unwrap();
        assert_eq!(leaves, wanted, "{from}..{to}");
    }
}

pub(super) async fn journals_do_not_mix(place: Here) {
    let store = with_entries(&place, "lease-1", 4).await;
    let (operator, first, second) = (Scope::operator(), id("lease-1"), id("lease-10"));
    store.create_agreement(&operator, &new_agreement("lease-10")).await.unwrap();
    let other = vec![sourced(0, "s", "1", 1), sourced(1, "s", "2", 2)];
    store.append(&operator, &second, 0, other.clone()).await.unwrap();
    assert_eq!(store.read(&operator, &first, 0, 10).await.unwrap(), records(0, 4));
    assert_eq!(store.read(&operator, &second, 0, 10).await.unwrap(), other);
    assert_eq!(store.agreement(&operator, &first).await.unwrap().next, 4);
    assert!(store.find_source(&operator, &first, &[("s", "1")]).await.unwrap().is_empty());
}

pub(super) async fn sources_are_found_by_their_whole_key(place: Here) {
    let store = with_entries(&place, "lease-1", 1).await;
    let (operator, lease) = (Scope::operator(), id("lease-1"));
    let batch = vec![
        sourced(1, "slurm", "17", 1),
        sourced(2, "slurm", "18", 1),
        sourced(3, "probe", "17", 2),
        // The source said something else under the same key: both stand.
        sourced(4, "slurm", "17", 3),
    ];
    store.append(&operator, &lease, 1, batch.clone()).await.unwrap();
    let hit =
        |seq: usize| SourceHit { seq: seq as u64, key: batch[seq - 1].source.clone().unwrap() };
    for (keys, wanted) in [
        (vec![], vec![]),
        (vec![("slurm", "17")], vec![hit(1), hit(4)]),
        (vec![("slurm", "17"), ("slurm", "17")], vec![hit(1), hit(4)]),
        (vec![("probe", "17"), ("slurm", "18")], vec![hit(2), hit(3)]),
        (vec![("probe", "18"), ("Slurm", "17"), ("", ""), ("slurm", "1")], vec![]),
    ] {
        let found = store.find_source(&operator, &lease, &keys).await.unwrap();
        assert_eq!(found, wanted, "{keys:?}");
    }
}

pub(super) async fn many_sources_are_found_at_once(place: Here) {
    let store = with_entries(&place, "lease-1", 0).await;
    let (operator, lease) = (Scope::operator(), id("lease-1"));
    let batch = (0..1500).map(|seq| sourced(seq, "slurm", &format!("job-{seq}"), 1)).collect();
    store.append(&operator, &lease, 0, batch).await.unwrap();
    let names: Vec<String> = (500..2500).map(|job| format!("job-{job}")).collect();
    let keys: Vec<_> = names.iter().map(|name| ("slurm", name.as_str())).collect();
    let found = store.find_source(&operator, &lease, &keys).await.unwrap();
    let found: Vec<u64> = found.iter().map(|hit| hit.seq).collect();
    assert_eq!(found, (500..1500).collect::<Vec<_>>());
}

pub(super) async fn numbers_beyond_every_journal_are_no_trouble(place: Here) {
    let store = with_entries(&place, "lease-1", 2).await;
    let (operator, lease) = (Scope::operator(), id("lease-1"));
    for far in [2, 1 << 32, 1 << 63, u64::MAX] {
        assert!(store.read(&operator, &lease, far, 5).await.unwrap().is_empty());
        assert!(store.leaves(&operator, &lease, far, u64::MAX).await.unwrap().is_empty());
        assert!(store.checkpoints(&operator, &lease, far, 5).await.unwrap().is_empty());
        assert_eq!(store.checkpoint(&operator, &lease, far).await.unwrap(), None);
        let refused = store.append(&operator, &lease, far, Vec::new()).await;
        assert_eq!(refused.is_ok(), far == 2, "{refused:?}");
    }
    let hidden = Record { visibility: Visibility::Only(crate::Party::Vendor), ..record(2) };
    store.append(&operator, &lease, 2, vec![hidden.clone()]).await.unwrap();
    assert_eq!(store.read(&operator, &lease, 2, 5).await.unwrap(), vec![hidden]);
}
