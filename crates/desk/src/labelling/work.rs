//! The way of an item through the work: taken, held, handed in, reviewed, sent back. Each step is
//! one write of the item, its turn, its project's counts and the days of the people. Serves
//! anno-3.2, anno-3.6 and anno-4.1.

mod deal;
mod hand_in;
mod manage;
mod review;

use labelling::{Action, State, Stint};
use store::CardWrite;

use super::error::LabellingError;
use super::rows::{Turn, keep, slot_id};
use super::seen::Seen;
use crate::people::{Kept, People};

pub use deal::Wanted;
pub(super) use hand_in::finished;
pub(super) use manage::{ISSUES, NewPin};
pub use manage::{IssueMistake, IssuePlace, IssueView, NewIssue};

impl People {
    /// The cards that move an item to a state: itself and the counts of its project.
    pub(super) fn moved(&self, seen: &mut Seen, to: State) -> Vec<CardWrite> {
        seen.project.row.moved(seen.item.row.state, to);
        seen.item.row.state = to;
        seen.item.row.changed = self.now();
        vec![seen.project.replace(), seen.item.clone().placed().replace()]
    }

    /// The turn of a person, set to a state; none where the person never had one.
    pub(super) async fn turn_to(
        &self,
        project: &str,
        seq: u64,
        person: Option<&str>,
        state: State,
    ) -> Result<Option<CardWrite>, LabellingError> {
        let Some(person) = person else { return Ok(None) };
        let found = self.get::<Turn>(&slot_id(project, seq, person)).await?;
        Ok(found.map(|mut turn| {
            turn.row.state = state;
            turn.row.until = None;
            turn.placed().replace()
        }))
    }

    /// A day with more on it.
    pub(super) async fn more(
        &self,
        project: &str,
        person: &str,
        stint: &Stint,
    ) -> Result<CardWrite, LabellingError> {
        let mut day = self.day(project, person).await?;
        day.row.stint.add(stint);
        Ok(keep(&day))
    }

    /// The state that an action leads to, where the table lets the caller do it.
    pub(super) fn leads(seen: &Seen, action: Action) -> Result<State, LabellingError> {
        seen.check(action)?;
        let state = seen.state();
        labelling::next_state(state, action).ok_or(LabellingError::NotNow { state, action })
    }
}

/// A turn that is new or was read.
pub(super) fn turn_card(turn: Kept<Turn>) -> CardWrite {
    keep(&turn.placed())
}
