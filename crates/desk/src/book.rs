//! One agreement's journal, opened: the state that its entries fold to, and its Merkle tree's
//! frontier. Appending goes through here alone: decide, encode, append, apply.

use contract::event::{Actor, Event, Recorded};
use contract::state::State;
use contract::{Action, Command, Refusal};
use journal::{Frontier, Hash};
use store::{AppendError, Record, Scope, SourceKey, Store, StoreError, Visibility};
use units::{Id, Timestamp};

use crate::record::{DecodeError, decode, encode};

/// How many entries are read at once.
const PAGE: u32 = 10_000;
/// How often an append is tried again when somebody else was faster.
const TRIES: u32 = 16;

/// Why a use case did not go through. A [`Refusal`] is a normal answer; the rest are faults.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// The contract does not allow it.
    #[error("the contract does not allow it")]
    Refused(Refusal),
    /// The journal cannot be read.
    #[error("the journal cannot be read")]
    Decode(#[from] DecodeError),
    /// An entry cannot be written.
    #[error("the entry cannot be written")]
    Encode(#[from] journal::EntryError),
    /// The store failed or does not know the agreement.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The entries were not appended.
    #[error(transparent)]
    Append(AppendError),
    /// Objects cannot be kept or read.
    #[error(transparent)]
    Object(#[from] store::ObjectError),
    /// The database cannot be opened.
    #[error(transparent)]
    Open(#[from] store::OpenError),
    /// The files of the deployment cannot be opened.
    #[error(transparent)]
    Files(#[from] crate::files::FilesError),
    /// No random bytes.
    #[error(transparent)]
    Random(#[from] crate::world::NoRandomness),
    /// A period cannot be settled.
    #[error(transparent)]
    Settle(#[from] settlement::SettleError),
    /// The account cannot be computed.
    #[error(transparent)]
    Account(#[from] crate::account::AccountError),
    /// An invoice or a credit note cannot be issued.
    #[error(transparent)]
    Invoice(#[from] settlement::InvoiceError),
    /// The numbers of a series are not dense.
    #[error(transparent)]
    Series(#[from] settlement::SeriesError),
    /// A transaction of the books is out of balance.
    #[error(transparent)]
    Ledger(#[from] settlement::LedgerError),
    /// An amount is of another currency or out of range.
    #[error(transparent)]
    Money(#[from] units::MoneyError),
    /// A text names no period of the agreement.
    #[error("{text:?} names no period")]
    Period {
        /// As given.
        text: String,
    },
    /// What was recorded as a statement is not what its terms and evidence give.
    #[error("the recorded statement {statement} is not what its terms and evidence give")]
    StatementDiffers {
        /// The statement.
        statement: Id,
    },
    /// Papers cannot be made or signed.
    #[error(transparent)]
    Papers(#[from] crate::papers::PapersError),
    /// The clock was set by hand in a deployment that is no rehearsal.
    #[error("the clock can be set in a rehearsal only")]
    NotARehearsal,
    /// The signature does not belong to what is signed.
    #[error("the signature does not hold")]
    Signature,
    /// The timestamp proves nothing of the signature.
    #[error(transparent)]
    Timestamp(#[from] signing::timestamp::TimestampError),
    /// The key was not given for this party.
    #[error("the key {key} is not known for this party")]
    UnknownKey {
        /// The key's name.
        key: String,
    },
    /// Other things that have no canonical text or cannot be packed.
    #[error("{what} cannot be written")]
    Unwritable {
        /// What.
        what: &'static str,
    },
}

impl From<Refusal> for DeskError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// An agreement's journal, opened.
#[derive(Debug, Clone)]
pub struct Book {
    /// The agreement.
    pub agreement: Id,
    /// What the entries fold to.
    pub state: State,
    /// The tree over the entries.
    pub frontier: Frontier,
    /// What the last recorded statement left to the next.
    pub carry: Option<settlement::Carried>,
    /// Recorded statements as they were settled.
    pub settled: std::collections::BTreeMap<Id, crate::money::Settled>,
    /// Every recorded statement, computed again from the terms and the evidence before it.
    pub recomputed: Vec<crate::money::Recomputed>,
}

/// What to append: who did what.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Who.
    pub actor: Actor,
    /// What.
    pub event: Event,
    /// The source's record that it came from, for de-duplication.
    pub key: Option<SourceKey>,
}

impl Book {
    /// A journal without entries.
    #[must_use]
    pub fn empty(agreement: &Id) -> Self {
        Self {
            agreement: agreement.clone(),
            state: State::default(),
            frontier: Frontier::new(),
            carry: None,
            settled: std::collections::BTreeMap::new(),
            recomputed: Vec::new(),
        }
    }

    /// Folds the lines of a journal in their order, without a store.
    ///
    /// # Errors
    /// When a line cannot be read.
    pub fn replay<'a>(
        agreement: &Id,
        lines: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<Self, DeskError> {
        let mut book = Self::empty(agreement);
        for line in lines {
            let recorded = decode(book.state.next_seq, line)?;
            book.take(&recorded, Hash::leaf(line));
        }
        Ok(book)
    }

    /// Reads a journal from its beginning.
    ///
    /// # Errors
    /// When there is no such agreement, or its journal cannot be read.
    pub async fn open(store: &dyn Store, scope: &Scope, agreement: &Id) -> Result<Self, DeskError> {
        let mut book = Self::empty(agreement);
        store.agreement(scope, agreement).await?;
        book.catch_up(store, scope, |_| {}).await?;
        Ok(book)
    }

    /// Reads the entries that came since; `see` is shown each before it is applied.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub async fn catch_up(
        &mut self,
        store: &dyn Store,
        scope: &Scope,
        mut see: impl FnMut(&Recorded),
    ) -> Result<(), DeskError> {
        loop {
            let from = self.state.next_seq;
            let page = store.read(scope, &self.agreement, from, PAGE).await?;
            if page.is_empty() {
                return Ok(());
            }
            for record in page {
                let recorded = decode(record.seq, &record.line)?;
                see(&recorded);
                self.take(&recorded, Hash::new(record.leaf));
            }
        }
    }

    /// What a command would append at an instant: first what the clock decides, then the answer.
    ///
    /// # Errors
    /// The contract's refusal.
    pub fn decide(&self, command: &Command, at: Timestamp) -> Result<Vec<Draft>, Refusal> {
        let clock = Actor::Deployment { name: "clock".to_owned() };
        let tick = Command::new(clock.clone(), Action::Tick);
        let mut state = None;
        let mut drafts = Vec::new();
        for event in contract::decide(&self.state, &tick, at)? {
            let state = state.get_or_insert_with(|| self.state.clone());
            let seq = state.next_seq;
            let recorded = Recorded { seq, at, actor: clock.clone(), event };
            contract::apply(state, &recorded);
            drafts.push(Draft { actor: recorded.actor, event: recorded.event, key: None });
        }
        if command.action != Action::Tick {
            let state = state.as_ref().unwrap_or(&self.state);
            let events = contract::decide(state, command, at)?;
            let actor = &command.actor;
            drafts.extend(events.into_iter().map(|event| Draft {
                actor: actor.clone(),
                event,
                key: None,
            }));
        }
        Ok(drafts)
    }

    /// Appends at an instant and applies what was appended.
    ///
    /// # Errors
    /// [`AppendError::Conflict`] when somebody else was faster; nothing is appended then.
    pub async fn append(
        &mut self,
        store: &dyn Store,
        scope: &Scope,
        drafts: Vec<Draft>,
        at: Timestamp,
    ) -> Result<Vec<Recorded>, DeskError> {
        let first = self.state.next_seq;
        let mut records = Vec::with_capacity(drafts.len());
        let mut recorded = Vec::with_capacity(drafts.len());
        for (seq, draft) in (first..).zip(drafts) {
            let entry = encode(seq, at, &draft.actor, &draft.event)?;
            let line = entry.line();
            let leaf = Hash::leaf(&line);
            records.push(Record {
                seq,
                at,
                actor: entry.actor().to_string(),
                kind: entry.kind().to_string(),
                leaf: *leaf.bytes(),
                line,
                visibility: Visibility::Shared,
                source: draft.key,
            });
            recorded.push(Recorded { seq, at, actor: draft.actor, event: draft.event });
        }
        let leaves: Vec<[u8; 32]> = records.iter().map(|record| record.leaf).collect();
        store.append(scope, &self.agreement, first, records).await.map_err(DeskError::Append)?;
        for (recorded, leaf) in recorded.iter().zip(leaves) {
            self.take(recorded, Hash::new(leaf));
        }
        Ok(recorded)
    }

    /// Folds one entry in. A statement is computed again before it is: what it left is the next
    /// one's beginning, and whether it is right is known from then on.
    pub fn take(&mut self, recorded: &Recorded, leaf: Hash) {
        let recomputed = self.follow(recorded);
        self.recomputed.extend(recomputed);
        contract::apply(&mut self.state, recorded);
        self.frontier.append(leaf);
    }

    /// Decides and appends; when somebody else was faster, reads on and decides again.
    ///
    /// # Errors
    /// The contract's refusal, or a fault of the store.
    pub async fn execute(
        &mut self,
        store: &dyn Store,
        scope: &Scope,
        command: &Command,
        now: impl Fn() -> Timestamp,
    ) -> Result<Vec<Recorded>, DeskError> {
        for _ in 0..TRIES {
            let at = self.instant(now());
            let drafts = self.decide(command, at)?;
            match self.append(store, scope, drafts, at).await {
                Err(DeskError::Append(AppendError::Conflict { .. })) => {
                    self.catch_up(store, scope, |_| {}).await?;
                }
                answer => return answer,
            }
        }
        let at = self.instant(now());
        let drafts = self.decide(command, at)?;
        self.append(store, scope, drafts, at).await
    }

    /// The instant of the next entry: now, or the last entry's when the clock went back.
    #[must_use]
    pub fn instant(&self, now: Timestamp) -> Timestamp {
        self.state.last_at.map_or(now, |last| last.max(now))
    }
}
