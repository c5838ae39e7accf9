//! Several commands at once: decided one after the other on a copy, appended together or not at
//! all; or decided only, to show what would be recorded.

use contract::Command;
use contract::event::Recorded;
use journal::Hash;
use store::AppendError;

use crate::book::{Book, DeskError, Draft};
use crate::desk::Desk;
use crate::record::encode;

/// How often an append is tried again when somebody else was faster.
const TRIES: u32 = 16;

impl Desk {
    /// What commands would record, in their order; nothing is recorded.
    ///
    /// # Errors
    /// The refusal of the first command that is refused.
    pub fn would(&self, book: &Book, commands: &[Command]) -> Result<Vec<Recorded>, DeskError> {
        let mut ahead = book.clone();
        let mut all = Vec::new();
        let at = book.instant(self.clock.now());
        for command in commands {
            self.guard(&ahead, command)?;
            for Draft { actor, event, .. } in ahead.decide(command, at)? {
                let recorded = Recorded { seq: ahead.state.next_seq, at, actor, event };
                let entry = encode(recorded.seq, at, &recorded.actor, &recorded.event)?;
                ahead.take(&recorded, Hash::leaf(&entry.line()));
                all.push(recorded);
            }
        }
        Ok(all)
    }

    /// Carries out commands: all of them or none.
    ///
    /// # Errors
    /// The refusal of the first command that is refused, or a fault of the store.
    pub async fn execute_all(
        &self,
        book: &mut Book,
        commands: &[Command],
    ) -> Result<Vec<Recorded>, DeskError> {
        let scope = self.scope();
        let mut tries = 0;
        loop {
            let would = self.would(book, commands)?;
            let Some(at) = would.first().map(|first| first.at) else { return Ok(would) };
            let drafts = would.into_iter();
            let drafts =
                drafts.map(|Recorded { actor, event, .. }| Draft { actor, event, key: None });
            match book.append(self.store.as_ref(), &scope, drafts.collect(), at).await {
                Err(DeskError::Append(AppendError::Conflict { .. })) if tries < TRIES => {
                    tries += 1;
                    book.catch_up(self.store.as_ref(), &scope, |_| {}).await?;
                }
                Err(error) => return Err(error),
                Ok(recorded) => {
                    self.changed(book);
                    return Ok(recorded);
                }
            }
        }
    }
}
