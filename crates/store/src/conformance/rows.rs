//! Checkpoints, cosignatures, keys, snapshots, the list of agreements and the check of it all.

use units::{Id, Timestamp};

use crate::errors::StoreError;
use crate::record::{Checkpoint, Cosignature, Integrity, Snapshot, VerifierKey};
use crate::scope::{Party, Scope};
use crate::state::Store;

use super::{Place, id, new_agreement, outcome, records, with_entries};

type Here = Place<dyn Store>;

fn key(name: &str, text: &str, holder: Option<Party>) -> VerifierKey {
    VerifierKey {
        name: name.into(),
        key: text.into(),
        holder,
        at: Timestamp::from_seconds(1_772_323_200),
    }
}

fn cosignature(size: u64, line: &str) -> Cosignature {
    let at = Timestamp::from_seconds(1_772_323_300);
    Cosignature { size, key: "customer.example/key".into(), line: line.into(), at }
}

fn snapshot(format: u32, next: u64, byte: u8) -> Snapshot {
    Snapshot { format, next, bytes: vec![byte; 100] }
}

pub(super) async fn agreements_come_in_the_order_of_their_ids(place: Here) {
    let (store, operator) = (place.open().await, Scope::operator());
    for name in ["b", "a/2", "C", "a.1"] {
        store.create_agreement(&operator, &new_agreement(name)).await.unwrap();
    }
    store.append(&operator, &id("a/2"), 0, records(0, 2)).await.unwrap();
    let rows = store.agreements(&operator).await.unwrap();
    let rows: Vec<_> = rows.iter().map(|row| (row.id.as_str(), row.next)).collect();
    assert_eq!(rows, [("C", 0), ("a.1", 0), ("a/2", 2), ("b", 0)]);
    let party = Scope::party(id("a/2"), Party::Vendor);
    let own: Vec<Id> =
        store.agreements(&party).await.unwrap().into_iter().map(|row| row.id).collect();
    assert_eq!(own, [id("a/2")]);
    let stranger = Scope::party(id("none"), Party::Vendor);
    assert!(store.agreements(&stranger).await.unwrap().is_empty());
}

pub(super) async fn a_checkpoint_is_kept_once_and_never_replaced(place: Here) {
    let store = with_entries(&place, "lease-1", 3).await;
    let (operator, lease) = (Scope::operator(), id("lease-1"));
    for size in [0, 3, 1] {
        let note = format!("note {size}\n\n— 符契 sig\n");
        store.put_checkpoint(&operator, &lease, size, &note).await.unwrap();
        store.put_checkpoint(&operator, &lease, size, &note).await.unwrap();
    }
    let other = store.put_checkpoint(&operator, &lease, 3, "another").await;
    let wanted: Result<(), _> = Err(StoreError::Differs { name: "3".into() });
    assert_eq!(outcome(other), outcome(wanted));
    let kept = store.checkpoints(&operator, &lease, 0, 10).await.unwrap();
    let notes: Vec<_> = kept.iter().map(|kept| (kept.size, kept.note.as_str())).collect();
    let wanted = [0, 1, 3].map(|size| (size, format!("note {size}\n\n— 符契 sig\n")));
    assert_eq!(notes, wanted.each_ref().map(|(size, note)| (*size, note.as_str())));
    assert_eq!(store.checkpoints(&operator, &lease, 1, 1).await.unwrap(), kept[1..2]);
}

pub(super) async fn a_checkpoint_cannot_be_ahead_of_its_journal(place: Here) {
    let store = with_entries(&place, "lease-1", 3).await;
    let (operator, lease) = (Scope::operator(), id("lease-1"));
    for size in [4, u64::MAX] {
        let refused = store.put_checkpoint(&operator, &lease, size, "note").await;
        let wanted: Result<(), _> = Err(StoreError::BeyondJournal { size, next: 3 });
        assert_eq!(outcome(refused), outcome(wanted));
        let refused = store.put_snapshot(&operator, &lease, &snapshot(1, size, 0)).await;
        let wanted: Result<(), _> = Err(StoreError::BeyondJournal { size, next: 3 });
        assert_eq!(outcome(refused), outcome(wanted));
    }
}

pub(super) async fn the_last_checkpoint_up_to_a_size_is_found(place: Here) {
    let store = with_entries(&place, "lease-1", 9).await;
    let (operator, lease) = (Scope::operator(), id("lease-1"));
    for size in [2, 5, 9] {
        store.put_checkpoint(&operator, &lease, size, &size.to_string()).await.unwrap();
    }
    for (size, wanted) in
        [(0, None), (1, None), (2, Some(2)), (4, Some(2)), (8, Some(5)), (u64::MAX, Some(9))]
    {
        let found = store.checkpoint(&operator, &lease, size).await.unwrap();
        assert_eq!(found.map(|found| found.size), wanted, "{size}");
    }
}

pub(super) async fn cosignatures_stay_with_their_checkpoint(place: Here) {
    let store = with_entries(&place, "lease-1", 3).await;
    let (operator, lease) = (Scope::operator(), id("lease-1"));
    let vendor = Scope::party(lease.clone(), Party::Vendor);
    let refused = store.put_cosignature(&operator, &lease, &cosignature(2, "a")).await;
    assert!(matches!(refused, Err(StoreError::NoCheckpoint { size: 2 })));
    for size in [1, 2, 3] {
        store.put_checkpoint(&operator, &lease, size, "note").await.unwrap();
    }
    for line in ["z", "a", "z"] {
        store.put_cosignature(&vendor, &lease, &cosignature(2, line)).await.unwrap();
    }
    let note = String::from("note");
    let bare = |size| Checkpoint { size, note: note.clone(), cosignatures: Vec::new() };
    let signed =
        Checkpoint { cosignatures: vec![cosignature(2, "z"), cosignature(2, "a")], ..bare(2) };
    let all = store.checkpoints(&vendor, &lease, 0, 10).await.unwrap();
    assert_eq!(all, [bare(1), signed.clone(), bare(3)]);
    assert_eq!(store.checkpoint(&vendor, &lease, 2).await.unwrap(), Some(signed.clone()));
    // The limit counts checkpoints, not signatures.
    assert_eq!(store.checkpoints(&vendor, &lease, 2, 2).await.unwrap(), [signed, bare(3)]);
}

pub(super) async fn keys_are_kept_in_order_and_never_renamed(place: Here) {
    let store = with_entries(&place, "lease-1", 0).await;
    let (operator, lease) = (Scope::operator(), id("lease-1"));
    let kept = [
        key("deployment", "vkey-2", None),
        key("vendor", "vkey-1", Some(Party::Vendor)),
        key("vendor", "vkey-0", Some(Party::Vendor)),
    ];
    for key in kept.iter().chain(&kept) {
        store.put_key(&operator, &lease, key).await.unwrap();
    }
    for wrong in [key("customer", "vkey-1", Some(Party::Vendor)), key("vendor", "vkey-1", None)] {
        let refused = store.put_key(&operator, &lease, &wrong).await;
        assert!(matches!(refused, Err(StoreError::Differs { .. })), "{refused:?}");
    }
    assert_eq!(store.keys(&operator, &lease).await.unwrap(), kept);
}

pub(super) async fn a_snapshot_moves_forward_only(place: Here) {
    let store = with_entries(&place, "lease-1", 9).await;
    let (operator, lease) = (Scope::operator(), id("lease-1"));
    for (put, wanted) in [
        (snapshot(1, 4, 1), snapshot(1, 4, 1)),
        (snapshot(1, 3, 2), snapshot(1, 4, 1)),
        (snapshot(1, 4, 3), snapshot(1, 4, 3)),
        (snapshot(1, 9, 4), snapshot(1, 9, 4)),
    ] {
        store.put_snapshot(&operator, &lease, &put).await.unwrap();
        assert_eq!(store.snapshot(&operator, &lease, 1).await.unwrap(), Some(wanted));
    }
    // Another format is another snapshot.
    assert_eq!(store.snapshot(&operator, &lease, 2).await.unwrap(), None);
    store.put_snapshot(&operator, &lease, &snapshot(2, 1, 5)).await.unwrap();
    assert_eq!(store.snapshot(&operator, &lease, 2).await.unwrap(), Some(snapshot(2, 1, 5)));
    assert_eq!(store.snapshot(&operator, &lease, 1).await.unwrap(), Some(snapshot(1, 9, 4)));
}

pub(super) async fn each_viewer_has_its_own_snapshot(place: Here) {
    let store = with_entries(&place, "lease-1", 9).await;
    let lease = id("lease-1");
    let party = |party| Scope::party(lease.clone(), party);
    let viewers = [Scope::operator(), party(Party::Customer), party(Party::Vendor)];
    for (byte, viewer) in (0..).zip(&viewers) {
        assert_eq!(store.snapshot(viewer, &lease, 1).await.unwrap(), None);
        store.put_snapshot(viewer, &lease, &snapshot(1, 5, byte)).await.unwrap();
    }
    for (byte, viewer) in (0..).zip(&viewers) {
        let kept = store.snapshot(viewer, &lease, 1).await.unwrap();
        assert_eq!(kept, Some(snapshot(1, 5, byte)));
    }
}

pub(super) async fn dropping_snapshots_drops_them_all(place: Here) {
    let store = with_entries(&place, "lease-1", 9).await;
    let (operator, lease) = (Scope::operator(), id("lease-1"));
    let vendor = Scope::party(lease.clone(), Party::Vendor);
    store.put_snapshot(&operator, &lease, &snapshot(1, 5, 1)).await.unwrap();
    store.put_snapshot(&vendor, &lease, &snapshot(2, 5, 1)).await.unwrap();
    store.drop_snapshots(&operator, &lease).await.unwrap();
    assert_eq!(store.snapshot(&operator, &lease, 1).await.unwrap(), None);
    assert_eq!(store.snapshot(&vendor, &lease, 2).await.unwrap(), None);
    // An older one may come back: what was newer is gone.
    store.put_snapshot(&operator, &lease, &snapshot(1, 2, 1)).await.unwrap();
    assert!(store.snapshot(&operator, &lease, 1).await.unwrap().is_some());
}

pub(super) async fn a_sound_store_has_no_problems(place: Here) {
    let store = with_entries(&place, "lease-1", 9).await;
    let operator = Scope::operator();
    store.create_agreement(&operator, &new_agreement("lease-2")).await.unwrap();
    let report = store.integrity(&operator).await.unwrap();
    assert_eq!(report, Integrity { agreements: 2, entries: 9, problems: Vec::new() });
}
