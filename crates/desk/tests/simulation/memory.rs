//! A store in memory for the lives: one journal, no disk. What a store must do is decided by its
//! own conformance suite; this keeps to it where a life asks, and refuses all else.

use std::sync::Mutex;

use async_trait::async_trait;
use store::{
    AgreementRow, AppendError, Appended, AuditEntry, AuditFilter, AuditRow, Card, CardWrite,
    Checkpoint, Cosignature, Fault, Integrity, NewAgreement, Record, Register, RegisterError,
    Scope, Snapshot, SourceHit, Store, StoreError, VerifierKey, Whose,
};
use units::{Id, Timestamp};

#[derive(Default)]
pub(super) struct Memory(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    row: Option<NewAgreement>,
    records: Vec<Record>,
    checkpoints: Vec<Checkpoint>,
    keys: Vec<VerifierKey>,
}

impl Memory {
    /// The lines of the journal from an entry on.
    fn records(&self, from: u64) -> Vec<Record> {
        let kept = self.0.lock().unwrap();
        kept.records.iter().filter(|record| record.seq >= from).cloned().collect()
    }
}

impl Kept {
    fn known(&self, agreement: &Id) -> Result<&NewAgreement, StoreError> {
        let row = self.row.as_ref().filter(|row| row.id == *agreement);
        row.ok_or_else(|| StoreError::NotFound { agreement: agreement.clone() })
    }
}

#[async_trait]
impl Store for Memory {
    async fn create_agreement(&self, _: &Scope, row: &NewAgreement) -> Result<(), StoreError> {
        self.0.lock().unwrap().row = Some(row.clone());
        Ok(())
    }

    async fn agreements(&self, scope: &Scope) -> Result<Vec<AgreementRow>, StoreError> {
        let id = self.0.lock().unwrap().row.as_ref().map(|row| row.id.clone());
        match id {
            Some(id) => Ok(vec![self.agreement(scope, &id).await?]),
            None => Ok(Vec::new()),
        }
    }

    async fn agreement(&self, _: &Scope, agreement: &Id) -> Result<AgreementRow, StoreError> {
        let kept = self.0.lock().unwrap();
        let NewAgreement { id, kind, title, created } = kept.known(agreement)?.clone();
        Ok(AgreementRow { id, kind, title, created, next: kept.records.len() as u64 })
    }

    async fn append(
        &self,
        _: &Scope,
        _: &Id,
        expected_next: u64,
        records: Vec<Record>,
    ) -> Result<Appended, AppendError> {
        let mut kept = self.0.lock().unwrap();
        let first = kept.records.len() as u64;
        if first != expected_next {
            return Err(AppendError::Conflict { next: first });
        }
        kept.records.extend(records);
        Ok(Appended { first, next: kept.records.len() as u64 })
    }

    async fn read(
        &self,
        _: &Scope,
        _: &Id,
        from: u64,
        limit: u32,
    ) -> Result<Vec<Record>, StoreError> {
        let mut records = self.records(from);
        records.truncate(limit as usize);
        Ok(records)
    }

    async fn leaves(
        &self,
        _: &Scope,
        _: &Id,
        from: u64,
        to: u64,
    ) -> Result<Vec<[u8; 32]>, StoreError> {
        let records = self.records(from).into_iter().filter(|record| record.seq < to);
        Ok(records.map(|record| record.leaf).collect())
    }

    async fn find_source(
        &self,
        _: &Scope,
        _: &Id,
        keys: &[(&str, &str)],
    ) -> Result<Vec<SourceHit>, StoreError> {
        let records = self.records(0).into_iter();
        let hits = records.filter_map(|record| {
            let (seq, key) = (record.seq, record.source?);
            let asked = keys.contains(&(key.source.as_str(), key.id.as_str()));
            asked.then_some(SourceHit { seq, key })
        });
        Ok(hits.collect())
    }

    async fn put_checkpoint(
        &self,
        _: &Scope,
        _: &Id,
        size: u64,
        note: &str,
    ) -> Result<(), StoreError> {
        let row = Checkpoint { size, note: note.to_owned(), cosignatures: Vec::new() };
        self.0.lock().unwrap().checkpoints.push(row);
        Ok(())
    }

    async fn put_cosignature(&self, _: &Scope, _: &Id, _: &Cosignature) -> Result<(), StoreError> {
        Err(Fault::Closed.into())
    }

    async fn checkpoints(
        &self,
        _: &Scope,
        _: &Id,
        from: u64,
        _: u32,
    ) -> Result<Vec<Checkpoint>, StoreError> {
        let kept = self.0.lock().unwrap();
        Ok(kept.checkpoints.iter().filter(|row| row.size >= from).cloned().collect())
    }

    async fn checkpoint(
        &self,
        _: &Scope,
        _: &Id,
        size: u64,
    ) -> Result<Option<Checkpoint>, StoreError> {
        let kept = self.0.lock().unwrap();
        Ok(kept.checkpoints.iter().rfind(|row| row.size <= size).cloned())
    }

    async fn put_key(&self, _: &Scope, _: &Id, key: &VerifierKey) -> Result<(), StoreError> {
        self.0.lock().unwrap().keys.push(key.clone());
        Ok(())
    }

    async fn keys(&self, _: &Scope, _: &Id) -> Result<Vec<VerifierKey>, StoreError> {
        Ok(self.0.lock().unwrap().keys.clone())
    }

    async fn put_snapshot(&self, _: &Scope, _: &Id, _: &Snapshot) -> Result<(), StoreError> {
        Err(Fault::Closed.into())
    }

    async fn snapshot(&self, _: &Scope, _: &Id, _: u32) -> Result<Option<Snapshot>, StoreError> {
        Ok(None)
    }

    async fn drop_snapshots(&self, _: &Scope, _: &Id) -> Result<(), StoreError> {
        Err(Fault::Closed.into())
    }

    async fn integrity(&self, _: &Scope) -> Result<Integrity, StoreError> {
        Err(Fault::Closed.into())
    }

    async fn close(&self) {}
}

/// A register for lives, which have no people: it refuses all.
pub(super) struct NoRegister;

fn refused<T>() -> Result<T, RegisterError> {
    Err(Fault::Closed.into())
}

#[async_trait]
impl Register for NoRegister {
    async fn card(&self, _: &str, _: &str) -> Result<Option<Card>, RegisterError> {
        refused()
    }

    async fn card_named(&self, _: &str, _: &str) -> Result<Option<Card>, RegisterError> {
        refused()
    }

    async fn cards(
        &self,
        _: &str,
        _: Whose<'_>,
        _: Option<&str>,
        _: u32,
    ) -> Result<Vec<Card>, RegisterError> {
        refused()
    }

    async fn cards_due(
        &self,
        _: &str,
        _: Whose<'_>,
        _: Timestamp,
        _: u32,
    ) -> Result<Vec<Card>, RegisterError> {
        refused()
    }

    async fn cards_count(&self, _: &str, _: Whose<'_>) -> Result<u64, RegisterError> {
        refused()
    }

    async fn write(&self, _: Vec<CardWrite>, _: Vec<AuditEntry>) -> Result<(), RegisterError> {
        refused()
    }

    async fn audit(
        &self,
        _: AuditFilter<'_>,
        _: Option<u64>,
        _: u32,
    ) -> Result<Vec<AuditRow>, RegisterError> {
        refused()
    }

    async fn audit_drop(&self, _: Timestamp, _: Timestamp) -> Result<u64, RegisterError> {
        refused()
    }
}
