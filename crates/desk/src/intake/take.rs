//! Claims into the journal: what stands there already, what contradicts it, what the contract
//! allows. Batches are appended whole; when somebody else was faster a batch is decided again.

use std::collections::HashMap;

use contract::event::{Actor, Event, Recorded};
use contract::state::State;
use contract::{Action, Refusal};
use store::{AppendError, MAX_BATCH_RECORDS, SourceKey};
use units::{Id, Timestamp};

use super::map::Claim;
use super::{ImportOptions, ImportReport, IntakeFinding, TakeProblem, command};
use crate::book::{Book, DeskError, Draft};
use crate::desk::Desk;

/// Claims of one transaction when a file is not taken in one.
const BATCH: usize = 20_000;
/// Keys looked up at once.
const KEYS: usize = 10_000;
/// How often a batch is decided again when somebody else was faster.
const TRIES: u32 = 16;

/// What one batch would append, and what it would say.
#[derive(Default)]
struct Batch {
    drafts: Vec<Draft>,
    findings: Vec<IntakeFinding>,
    taken: u64,
    duplicates: u64,
    conflicts: u64,
    conflicts_recorded: u64,
    refused: u64,
}

impl Desk {
    /// Takes claims in the order in which they come.
    pub(super) async fn take_claims(
        &self,
        book: &mut Book,
        actor: &Actor,
        claims: &[Claim],
        options: &ImportOptions,
        report: &mut ImportReport,
    ) -> Result<(), DeskError> {
        // The clock's own entries and the notes of conflicts need room beside the records.
        let room = usize::try_from(MAX_BATCH_RECORDS / 2).unwrap_or(BATCH);
        let whole = claims.len() <= room || options.strict;
        if options.strict && claims.len() > room {
            let (have, limit) = (claims.len() as u64, room as u64);
            let problem = TakeProblem::TooManyForOneStep { have, limit };
            report.findings.push(IntakeFinding::new(crate::import::Place::File, problem));
        }
        let refused_whole = options.strict && !report.is_clean();
        let size = if whole { claims.len().max(1) } else { BATCH };
        for claims in claims.chunks(size) {
            let mut tries = 0;
            loop {
                let at = book.instant(self.clock.now());
                let batch = self.decide_batch(book, actor, claims, at).await?;
                let clean = batch.refused == 0 && batch.conflicts == 0;
                let held = options.dry_run || refused_whole || (options.strict && !clean);
                if held || batch.drafts.is_empty() {
                    batch.tell(report, None);
                    break;
                }
                let drafts = batch.drafts.clone();
                match book.append(self.store.as_ref(), &self.scope(), drafts, at).await {
                    Err(DeskError::Append(AppendError::Conflict { .. })) if tries < TRIES => {
                        tries += 1;
                        book.catch_up(self.store.as_ref(), &self.scope(), |_| {}).await?;
                    }
                    Err(error) => return Err(error),
                    Ok(recorded) => {
                        self.changed(book);
                        let first = recorded.first().map(|entry| entry.seq);
                        let last = recorded.last().map(|entry| entry.seq);
                        batch.tell(report, first.zip(last));
                        break;
                    }
                }
            }
        }
        Ok(())
    }

    async fn decide_batch(
        &self,
        book: &Book,
        actor: &Actor,
        claims: &[Claim],
        at: Timestamp,
    ) -> Result<Batch, DeskError> {
        let mut standing = self.standing(&book.agreement, claims.iter().map(|c| &c.key)).await?;
        let noted = self.noted(&book.agreement, claims, &standing).await?;
        let mut noted: HashMap<(String, String), [u8; 32]> = noted;
        let mut rolling = Rolling { state: book.state.clone(), at, drafts: Vec::new() };
        rolling.tick(book)?;
        let clock = rolling.drafts.len();
        let mut batch = Batch::default();
        for claim in claims {
            let name = (claim.key.source.clone(), claim.key.id.clone());
            match (standing.get(&name), &claim.fact) {
                (Some(content), _) if *content == claim.key.content => batch.duplicates += 1,
                (Some(content), _) => {
                    let content = *content;
                    let key = conflict_key(&claim.key);
                    let known = (key.source.clone(), key.id.clone());
                    let fresh = !noted.contains_key(&known);
                    batch.conflicts += 1;
                    batch.findings.push(conflict(claim, &content));
                    if fresh {
                        let have = claim.record(&content);
                        let got = hex::encode(claim.key.content);
                        rolling.record(actor, Action::NoteConflict { have, got }, key)?;
                        noted.insert(known, claim.key.content);
                        batch.conflicts_recorded += 1;
                    }
                }
                (None, Some(fact)) => {
                    let source = Some(claim.record(&claim.key.content));
                    let action = Action::Record { fact: fact.clone(), source };
                    match rolling.record(actor, action, claim.key.clone()) {
                        Ok(()) => {
                            batch.taken += 1;
                            standing.insert(name, claim.key.content);
                        }
                        Err(refusal) => {
                            batch.refused += 1;
                            let problem = TakeProblem::Refused { refusal };
                            batch.findings.push(IntakeFinding::new(claim.place.clone(), problem));
                        }
                    }
                }
                // It contradicts a record that was itself refused; the reader reported it.
                (None, None) => {}
            }
        }
        // The clock alone changes nothing that this file asks for.
        batch.drafts = if rolling.drafts.len() > clock { rolling.drafts } else { Vec::new() };
        Ok(batch)
    }

    /// What stands in the journal under these keys.
    async fn standing<'a>(
        &self,
        agreement: &Id,
        keys: impl Iterator<Item = &'a SourceKey>,
    ) -> Result<HashMap<(String, String), [u8; 32]>, DeskError> {
        let keys: Vec<(&str, &str)> =
            keys.map(|key| (key.source.as_str(), key.id.as_str())).collect();
        let mut standing = HashMap::new();
        for keys in keys.chunks(KEYS) {
            let hits = self.store.find_source(&self.scope(), agreement, keys).await?;
            for hit in hits {
                standing.entry((hit.key.source, hit.key.id)).or_insert(hit.key.content);
            }
        }
        Ok(standing)
    }

    /// The conflicts of these claims that were noted before.
    async fn noted(
        &self,
        agreement: &Id,
        claims: &[Claim],
        standing: &HashMap<(String, String), [u8; 32]>,
    ) -> Result<HashMap<(String, String), [u8; 32]>, DeskError> {
        let differs = |claim: &&Claim| {
            let name = (claim.key.source.clone(), claim.key.id.clone());
            standing.get(&name).is_some_and(|content| *content != claim.key.content)
        };
        let keys: Vec<SourceKey> =
            claims.iter().filter(differs).map(|claim| conflict_key(&claim.key)).collect();
        self.standing(agreement, keys.iter()).await
    }
}

/// The state as it will be after the drafts, which are not appended yet.
struct Rolling {
    state: State,
    at: Timestamp,
    drafts: Vec<Draft>,
}

impl Rolling {
    /// What the clock decides first.
    fn tick(&mut self, book: &Book) -> Result<(), Refusal> {
        let clock = Actor::Deployment { name: "clock".to_owned() };
        for draft in book.decide(&command(&clock, Action::Tick), self.at)? {
            self.push(draft.actor, draft.event, None);
        }
        Ok(())
    }

    fn record(&mut self, actor: &Actor, action: Action, key: SourceKey) -> Result<(), Refusal> {
        let events = contract::decide(&self.state, &command(actor, action), self.at)?;
        let mut key = Some(key);
        for event in events {
            self.push(actor.clone(), event, key.take());
        }
        Ok(())
    }

    fn push(&mut self, actor: Actor, event: Event, key: Option<SourceKey>) {
        let recorded = Recorded { seq: self.state.next_seq, at: self.at, actor, event };
        contract::apply(&mut self.state, &recorded);
        self.drafts.push(Draft { actor: recorded.actor, event: recorded.event, key });
    }
}

impl Batch {
    fn tell(self, report: &mut ImportReport, entries: Option<(u64, u64)>) {
        report.taken += self.taken;
        report.duplicates += self.duplicates;
        report.conflicts += self.conflicts;
        report.conflicts_recorded += self.conflicts_recorded;
        report.refused += self.refused;
        report.findings.extend(self.findings);
        if let Some((first, last)) = entries {
            report.appended = true;
            let first = report.entries.map_or(first, |(begun, _)| begun);
            report.entries = Some((first, last));
        }
    }
}

/// The key of the note of a conflict: the same contradiction again is not noted again. No source's
/// own id has a control character, so that no record can take this name.
fn conflict_key(key: &SourceKey) -> SourceKey {
    let id = format!("{}\u{1f}conflict\u{1f}{}", key.id, hex::encode(key.content));
    SourceKey { source: key.source.clone(), id, content: key.content }
}

fn conflict(claim: &Claim, stands: &[u8; 32]) -> IntakeFinding {
    let problem = TakeProblem::Conflict {
        source: claim.key.source.clone(),
        id: claim.key.id.clone(),
        stands: hex::encode(stands),
        came: hex::encode(claim.key.content),
    };
    IntakeFinding::new(claim.place.clone(), problem)
}
