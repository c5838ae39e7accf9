//! A naive store in memory, and random operations that must end the same on both.

use std::collections::BTreeMap;
use std::sync::Arc;

use units::{Id, Timestamp};

use crate::errors::{AppendError, StoreError};
use crate::record::{
    AgreementRow, Appended, Checkpoint, Cosignature, NewAgreement, Record, Snapshot, SourceHit,
    VerifierKey,
};
use crate::scope::{Party, Scope, Visibility};
use crate::state::Store;

use super::{Dice, Place, id, new_agreement, outcome, record, sourced};

/// Lives, and operations in each.
const LIVES: u64 = 12;
const OPERATIONS: u64 = 120;

#[derive(Default)]
struct Model(BTreeMap<Id, Kept>);

struct Kept {
    new: NewAgreement,
    records: Vec<Record>,
    checkpoints: BTreeMap<u64, Checkpoint>,
    keys: Vec<VerifierKey>,
    snapshots: BTreeMap<(&'static str, u32), Snapshot>,
}

impl Kept {
    fn next(&self) -> u64 {
        self.records.len() as u64
    }

    fn row(&self) -> AgreementRow {
        let NewAgreement { id, kind, title, created } = self.new.clone();
        AgreementRow { id, kind, title, created, next: self.next() }
    }

    fn seen<'a>(&'a self, scope: &'a Scope) -> impl Iterator<Item = &'a Record> {
        self.records.iter().filter(|record| scope.sees(record.visibility))
    }
}

impl Model {
    fn reach(&mut self, scope: &Scope, agreement: &Id) -> Result<&mut Kept, StoreError> {
        let kept = self.0.get_mut(agreement).filter(|_| scope.reaches(agreement));
        kept.ok_or_else(|| StoreError::NotFound { agreement: agreement.clone() })
    }

    fn create(&mut self, scope: &Scope, new: NewAgreement) -> Result<(), StoreError> {
        if !scope.reaches(&new.id) {
            return Err(StoreError::NotFound { agreement: new.id });
        }
        if !scope.is_operator() {
            return Err(StoreError::OperatorOnly);
        }
        if self.0.contains_key(&new.id) {
            return Err(StoreError::Exists { agreement: new.id });
        }
        let kept = Kept {
            new: new.clone(),
            records: Vec::new(),
            checkpoints: BTreeMap::new(),
            keys: Vec::new(),
            snapshots: BTreeMap::new(),
        };
        self.0.insert(new.id, kept);
        Ok(())
    }

    fn append(
        &mut self,
        scope: &Scope,
        agreement: &Id,
        expected: u64,
        batch: &[Record],
    ) -> Result<Appended, AppendError> {
        let missing = || AppendError::NotFound { agreement: agreement.clone() };
        if !scope.reaches(agreement) {
            return Err(missing());
        }
        if let Some(hidden) = batch.iter().find(|record| !scope.sees(record.visibility)) {
            return Err(AppendError::Hidden { seq: hidden.seq });
        }
        let kept = self.0.get_mut(agreement).ok_or_else(missing)?;
        let first = kept.next();
        if first != expected {
            return Err(AppendError::Conflict { next: first });
        }
        kept.records.extend_from_slice(batch);
        Ok(Appended { first, next: kept.next() })
    }

    fn find_source(
        &mut self,
        scope: &Scope,
        agreement: &Id,
        keys: &[(&str, &str)],
    ) -> Result<Vec<SourceHit>, StoreError> {
        let kept = self.reach(scope, agreement)?;
        let hit = |record: &Record| {
            let key = record.source.clone()?;
            let wanted = keys.contains(&(key.source.as_str(), key.id.as_str()));
            wanted.then_some(SourceHit { seq: record.seq, key })
        };
        Ok(kept.seen(scope).filter_map(hit).collect())
    }

    fn put_checkpoint(
        &mut self,
        scope: &Scope,
        agreement: &Id,
        size: u64,
        note: &str,
    ) -> Result<(), StoreError> {
        let kept = self.reach(scope, agreement)?;
        if size > kept.next() {
            return Err(StoreError::BeyondJournal { size, next: kept.next() });
        }
        let fresh = Checkpoint { size, note: note.to_owned(), cosignatures: Vec::new() };
        let there = kept.checkpoints.entry(size).or_insert(fresh);
        if there.note == note {
            return Ok(());
        }
        Err(StoreError::Differs { name: size.to_string() })
    }

    fn put_cosignature(
        &mut self,
        scope: &Scope,
        agreement: &Id,
        new: Cosignature,
    ) -> Result<(), StoreError> {
        let kept = self.reach(scope, agreement)?;
        let size = new.size;
        let there = kept.checkpoints.get_mut(&size).ok_or(StoreError::NoCheckpoint { size })?;
        if !there.cosignatures.iter().any(|old| old.line == new.line) {
            there.cosignatures.push(new);
        }
        Ok(())
    }

    fn put_key(
        &mut self,
        scope: &Scope,
        agreement: &Id,
        key: VerifierKey,
    ) -> Result<(), StoreError> {
        let kept = self.reach(scope, agreement)?;
        match kept.keys.iter().find(|old| old.key == key.key) {
            Some(old) if (&old.name, old.holder) == (&key.name, key.holder) => Ok(()),
            Some(_) => Err(StoreError::Differs { name: key.name }),
            None => {
                kept.keys.push(key);
                Ok(())
            }
        }
    }

    fn put_snapshot(
        &mut self,
        scope: &Scope,
        agreement: &Id,
        new: Snapshot,
    ) -> Result<(), StoreError> {
        let kept = self.reach(scope, agreement)?;
        if new.next > kept.next() {
            return Err(StoreError::BeyondJournal { size: new.next, next: kept.next() });
        }
        let place = (scope.viewer(), new.format);
        if kept.snapshots.get(&place).is_none_or(|old| new.next >= old.next) {
            kept.snapshots.insert(place, new);
        }
        Ok(())
    }
}

pub(super) async fn random_operations_match_a_naive_model(place: Place<dyn Store>) {
    let mut store = place.open().await;
    for life in 0..LIVES {
        // Each life has names of its own in the same store.
        let names: Vec<Id> =
            ["a", "b", "none"].iter().map(|name| id(&format!("{name}/{life}"))).collect();
        let mut model = Model::default();
        let mut dice = Dice(life);
        for number in 0..OPERATIONS {
            let said = format!("life {life}, operation {number}");
            if dice.below(60) == 0 {
                store.close().await;
                store = place.open().await;
            }
            let scope = match dice.below(5) {
                0..3 => Scope::operator(),
                _ => Scope::party(dice.pick(&names), dice.pick(&Party::ALL)),
            };
            // The first two names are asked for more often, and the third is never made.
            let name = dice.pick(&[&names[0], &names[1], &names[0], &names[1], &names[2]]);
            let (ours, theirs) = if dice.below(2) == 0 {
                write(&store, &mut model, &mut dice, &scope, name).await
            } else {
                ask(&store, &mut model, &mut dice, &scope, name).await
            };
            assert_eq!(ours, theirs, "{said}");
        }
        compare(&store, &model).await;
    }
}

/// One random write, to both; says how each ended.
async fn write(
    store: &Arc<dyn Store>,
    model: &mut Model,
    dice: &mut Dice,
    scope: &Scope,
    name: &Id,
) -> (String, String) {
    let at = Timestamp::from_seconds(5);
    let next = model.0.get(name).map_or(0, Kept::next);
    let near = (next + dice.below(3)).saturating_sub(dice.below(3));
    match dice.below(10) {
        0 | 1 => {
            let new = NewAgreement { id: name.clone(), ..new_agreement("any") };
            if name.as_str().starts_with("none") {
                return (String::new(), String::new());
            }
            let theirs = store.create_agreement(scope, &new).await;
            (outcome(model.create(scope, new)), outcome(theirs))
        }
        2..=5 => {
            let expected = if dice.below(4) == 0 { near } else { next };
            let batch: Vec<Record> =
                (expected..expected + dice.below(5)).map(|seq| any_record(dice, seq)).collect();
            let ours = model.append(scope, name, expected, &batch);
            (outcome(ours), outcome(store.append(scope, name, expected, batch).await))
        }
        6 => {
            let note = dice.pick(&["note", "note", "another"]);
            let theirs = store.put_checkpoint(scope, name, near, note).await;
            (outcome(model.put_checkpoint(scope, name, near, note)), outcome(theirs))
        }
        7 => {
            let line = dice.pick(&["x", "y"]).to_owned();
            let new = Cosignature { size: near, key: "k".into(), line, at };
            let theirs = store.put_cosignature(scope, name, &new).await;
            (outcome(model.put_cosignature(scope, name, new)), outcome(theirs))
        }
        8 => {
            let (text, title) = (dice.pick(&["v1", "v2", "v3"]), dice.pick(&["n1", "n2"]));
            let holder = dice.pick(&[None, Some(Party::Vendor)]);
            let key = VerifierKey { name: title.into(), key: text.into(), holder, at };
            let theirs = store.put_key(scope, name, &key).await;
            (outcome(model.put_key(scope, name, key)), outcome(theirs))
        }
        _ => {
            let format = dice.pick(&[1, 2]);
            let new = Snapshot { format, next: near, bytes: vec![dice.pick(&[1, 2, 3])] };
            let theirs = store.put_snapshot(scope, name, &new).await;
            (outcome(model.put_snapshot(scope, name, new)), outcome(theirs))
        }
    }
}

fn any_record(dice: &mut Dice, seq: u64) -> Record {
    let visibility = dice.pick(&[
        Visibility::Shared,
        Visibility::Shared,
        Visibility::Only(Party::Customer),
        Visibility::Only(Party::Vendor),
    ]);
    let plain = record(seq);
    let any = match dice.below(2) {
        0 => plain,
        _ => sourced(seq, dice.pick(&["s", "t"]), dice.pick(&["1", "2"]), dice.pick(&[1, 2])),
    };
    Record { visibility, ..any }
}

/// One random question, to both; says how each ended.
async fn ask(
    store: &Arc<dyn Store>,
    model: &mut Model,
    dice: &mut Dice,
    scope: &Scope,
    name: &Id,
) -> (String, String) {
    let (from, to) = (dice.below(12), dice.below(25));
    let limit = u32::try_from(dice.below(9)).unwrap();
    let length = usize::try_from(limit).unwrap();
    match dice.below(8) {
        0 => {
            let ours = model.reach(scope, name).map(|kept| kept.row());
            (outcome(ours), outcome(store.agreement(scope, name).await))
        }
        1 | 2 => {
            let page = |kept: &mut Kept| -> Vec<Record> {
                kept.seen(scope).filter(|kept| kept.seq >= from).take(length).cloned().collect()
            };
            let ours = model.reach(scope, name).map(page);
            (outcome(ours), outcome(store.read(scope, name, from, limit).await))
        }
        3 => {
            let range = |kept: &mut Kept| -> Vec<[u8; 32]> {
                let inside = kept.records.iter().filter(|kept| (from..to).contains(&kept.seq));
                inside.map(|kept| kept.leaf).collect()
            };
            let ours = model.reach(scope, name).map(range);
            (outcome(ours), outcome(store.leaves(scope, name, from, to).await))
        }
        4 => {
            let keys = dice.pick(&[vec![("s", "1")], vec![("t", "2"), ("s", "2")], vec![]]);
            let ours = model.find_source(scope, name, &keys);
            (outcome(ours), outcome(store.find_source(scope, name, &keys).await))
        }
        5 => {
            let page = |kept: &mut Kept| -> Vec<Checkpoint> {
                kept.checkpoints.range(from..).map(|(_, kept)| kept.clone()).take(length).collect()
            };
            let ours = model.reach(scope, name).map(page);
            (outcome(ours), outcome(store.checkpoints(scope, name, from, limit).await))
        }
        6 => {
            let last = |kept: &mut Kept| {
                kept.checkpoints.range(..=to).next_back().map(|(_, kept)| kept.clone())
            };
            let ours = model.reach(scope, name).map(last);
            (outcome(ours), outcome(store.checkpoint(scope, name, to).await))
        }
        _ => {
            let format = dice.pick(&[1, 2]);
            let place = (scope.viewer(), format);
            let ours = model.reach(scope, name).map(|kept| kept.snapshots.get(&place).cloned());
            (outcome(ours), outcome(store.snapshot(scope, name, format).await))
        }
    }
}

/// Everything at the end of a life.
async fn compare(store: &Arc<dyn Store>, model: &Model) {
    let operator = Scope::operator();
    for (name, kept) in &model.0 {
        assert_eq!(store.agreement(&operator, name).await.unwrap(), kept.row());
        assert_eq!(store.read(&operator, name, 0, 10_000).await.unwrap(), kept.records);
        let checkpoints: Vec<Checkpoint> = kept.checkpoints.values().cloned().collect();
        assert_eq!(store.checkpoints(&operator, name, 0, 100).await.unwrap(), checkpoints);
        assert_eq!(store.keys(&operator, name).await.unwrap(), kept.keys);
    }
    assert!(store.integrity(&operator).await.unwrap().problems.is_empty());
}
