//! Nothing reaches the wrong party: each method of the trait, for each kind of stranger.

use units::{Id, Timestamp};

use crate::errors::{AppendError, StoreError};
use crate::record::{Cosignature, Record, Snapshot, VerifierKey};
use crate::scope::{Party, Scope, Visibility};
use crate::state::Store;

use super::{Place, id, new_agreement, outcome, record, sourced, with_entries};

type Here = Place<dyn Store>;

/// Calls every method that names an agreement; says how each ended.
async fn every_method(
    store: &dyn Store,
    scope: &Scope,
    agreement: &Id,
) -> Vec<(&'static str, String)> {
    let at = Timestamp::from_seconds(0);
    let cosignature = Cosignature { size: 1, key: "k".into(), line: "l".into(), at };
    let key = VerifierKey { name: "k".into(), key: "v".into(), holder: None, at };
    let snapshot = Snapshot { format: 1, next: 1, bytes: vec![1] };
    let keys = [("slurm", "1")];
    vec![
        ("agreement", outcome(store.agreement(scope, agreement).await)),
        ("append", outcome(store.append(scope, agreement, 2, vec![record(2)]).await)),
        ("append nothing", outcome(store.append(scope, agreement, 2, Vec::new()).await)),
        ("append elsewhere", outcome(store.append(scope, agreement, 7, Vec::new()).await)),
        ("read", outcome(store.read(scope, agreement, 0, 10).await)),
        ("leaves", outcome(store.leaves(scope, agreement, 0, 10).await)),
        ("find_source", outcome(store.find_source(scope, agreement, &keys).await)),
        ("find no source", outcome(store.find_source(scope, agreement, &[]).await)),
        ("put_checkpoint", outcome(store.put_checkpoint(scope, agreement, 1, "other").await)),
        ("put_cosignature", outcome(store.put_cosignature(scope, agreement, &cosignature).await)),
        ("checkpoints", outcome(store.checkpoints(scope, agreement, 0, 10).await)),
        ("checkpoint", outcome(store.checkpoint(scope, agreement, 10).await)),
        ("put_key", outcome(store.put_key(scope, agreement, &key).await)),
        ("keys", outcome(store.keys(scope, agreement).await)),
        ("put_snapshot", outcome(store.put_snapshot(scope, agreement, &snapshot).await)),
        ("snapshot", outcome(store.snapshot(scope, agreement, 1).await)),
        ("drop_snapshots", outcome(store.drop_snapshots(scope, agreement).await)),
    ]
}

fn not_found(agreement: &Id) -> String {
    outcome::<(), _>(Err(StoreError::NotFound { agreement: agreement.clone() }))
}

async fn two_agreements(place: &Here) -> std::sync::Arc<dyn Store> {
    let store = with_entries(place, "lease-1", 1).await;
    let operator = Scope::operator();
    let sourced = vec![sourced(1, "slurm", "1", 1)];
    store.append(&operator, &id("lease-1"), 1, sourced).await.unwrap();
    store.put_checkpoint(&operator, &id("lease-1"), 1, "note").await.unwrap();
    store.create_agreement(&operator, &new_agreement("lease-2")).await.unwrap();
    store
}

pub(super) async fn a_foreign_agreement_is_not_found_by_any_method(place: Here) {
    let store = two_agreements(&place).await;
    for party in Party::ALL {
        let stranger = Scope::party(id("lease-2"), party);
        for (method, ended) in every_method(store.as_ref(), &stranger, &id("lease-1")).await {
            assert_eq!(ended, not_found(&id("lease-1")), "{method}");
        }
        // Whether the id is taken is not told either.
        let create = store.create_agreement(&stranger, &new_agreement("lease-1")).await;
        assert_eq!(outcome(create), not_found(&id("lease-1")));
    }
}

pub(super) async fn a_missing_agreement_is_not_found_by_any_method(place: Here) {
    let store = two_agreements(&place).await;
    let missing = id("lease-3");
    for (method, ended) in every_method(store.as_ref(), &Scope::operator(), &missing).await {
        assert_eq!(ended, not_found(&missing), "{method}");
    }
    let party = Scope::party(missing.clone(), Party::Vendor);
    let elsewhere = Scope::party(id("lease-2"), Party::Vendor);
    for scope in [party, elsewhere] {
        for (method, ended) in every_method(store.as_ref(), &scope, &missing).await {
            let denied = outcome::<(), _>(Err(StoreError::OperatorOnly));
            let own = method == "drop_snapshots" && scope.reaches(&missing);
            assert_eq!(ended, if own { denied } else { not_found(&missing) }, "{method}");
        }
    }
}

pub(super) async fn a_refused_call_changes_nothing(place: Here) {
    let store = two_agreements(&place).await;
    let (operator, lease) = (Scope::operator(), id("lease-1"));
    let everything = async || {
        (
            store.agreements(&operator).await.unwrap(),
            store.read(&operator, &lease, 0, 10).await.unwrap(),
            store.checkpoints(&operator, &lease, 0, 10).await.unwrap(),
            store.keys(&operator, &lease).await.unwrap(),
            store.snapshot(&operator, &lease, 1).await.unwrap(),
        )
    };
    let before = everything().await;
    let stranger = Scope::party(id("lease-2"), Party::Customer);
    every_method(store.as_ref(), &stranger, &lease).await;
    assert_eq!(everything().await, before);
    // The same calls do change it for who may.
    every_method(store.as_ref(), &operator, &lease).await;
    assert_ne!(everything().await, before);
}

pub(super) async fn a_party_sees_what_is_shared_and_its_own(place: Here) {
    let store = with_entries(&place, "lease-1", 0).await;
    let (operator, lease) = (Scope::operator(), id("lease-1"));
    let kinds =
        [Visibility::Shared, Visibility::Only(Party::Customer), Visibility::Only(Party::Vendor)];
    let all: Vec<Record> = (0..30)
        .zip(kinds.into_iter().cycle())
        .map(|(seq, visibility)| {
            let name = (seq / 3).to_string();
            Record { visibility, ..sourced(seq, "slurm", &name, u8::try_from(seq).unwrap()) }
        })
        .collect();
    store.append(&operator, &lease, 0, all.clone()).await.unwrap();
    for (scope, hidden) in [
        (operator.clone(), None),
        (Scope::party(lease.clone(), Party::Customer), Some(Visibility::Only(Party::Vendor))),
        (Scope::party(lease.clone(), Party::Vendor), Some(Visibility::Only(Party::Customer))),
    ] {
        let seen = |record: &&Record| Some(record.visibility) != hidden;
        let wanted: Vec<Record> = all.iter().filter(seen).cloned().collect();
        assert_eq!(store.read(&scope, &lease, 0, 100).await.unwrap(), wanted);
        // A page is as long as asked for, whatever is hidden between.
        assert_eq!(store.read(&scope, &lease, 0, 7).await.unwrap(), wanted[..7]);
        let found = store.find_source(&scope, &lease, &[("slurm", "2")]).await.unwrap();
        let found: Vec<u64> = found.iter().map(|hit| hit.seq).collect();
        let there = all[6..9].iter().filter(seen).map(|record| record.seq);
        assert_eq!(found, there.collect::<Vec<_>>());
        // The tree is the same for all.
        assert_eq!(store.leaves(&scope, &lease, 0, 100).await.unwrap().len(), 30);
        assert_eq!(store.agreement(&scope, &lease).await.unwrap().next, 30);
    }
}

pub(super) async fn a_party_cannot_hide_a_record_from_itself(place: Here) {
    let store = with_entries(&place, "lease-1", 1).await;
    let lease = id("lease-1");
    for (next, party) in (1..).step_by(2).zip(Party::ALL) {
        let scope = Scope::party(lease.clone(), party);
        let own = Record { visibility: Visibility::Only(party), ..record(next) };
        let others = Record { visibility: Visibility::Only(party.other()), ..record(next + 1) };
        let refused = store.append(&scope, &lease, next, vec![own.clone(), others]).await;
        let hidden: Result<crate::Appended, _> = Err(AppendError::Hidden { seq: next + 1 });
        assert_eq!(outcome(refused), outcome(hidden));
        let batch = vec![own, record(next + 1)];
        store.append(&scope, &lease, next, batch).await.unwrap();
    }
}

pub(super) async fn a_party_may_not_ask_about_the_deployment(place: Here) {
    let store = with_entries(&place, "lease-1", 1).await;
    let party = Scope::party(id("lease-1"), Party::Vendor);
    let denied = outcome::<(), _>(Err(StoreError::OperatorOnly));
    assert_eq!(outcome(store.integrity(&party).await), denied);
    assert_eq!(outcome(store.drop_snapshots(&party, &id("lease-1")).await), denied);
    let create = store.create_agreement(&party, &new_agreement("lease-1")).await;
    assert_eq!(outcome(create), denied);
}
