//! A review decided: accepted, or sent back with what is wrong. What the reviewer changed is
//! measured against what was handed in.

use labelling::{Action, Hold, State, Stint, judge};
use store::CardWrite;

use super::super::again;
use super::super::error::LabellingError;
use super::super::rows::{HANDED, MAIN};
use super::super::seen::{AtItem, Seen};
use crate::people::{Operation, People, given_for};

impl People {
    /// Accepts an item that the caller reviews. The entry is one for [`Operation::Work`].
    ///
    /// # Errors
    /// [`LabellingError::NotNow`].
    pub async fn accept_item(&self, at: AtItem<'_>) -> Result<(), LabellingError> {
        given_for(at.entry, Operation::Work)?;
        let _turn = self.counting.lock().await;
        again!(self.try_accept(at))
    }

    async fn try_accept(&self, at: AtItem<'_>) -> Result<(), LabellingError> {
        let mut seen = self.see(at).await?;
        let to = Self::leads(&seen, Action::Accept)?;
        let mut cards = self.decided(&mut seen, true).await?;
        seen.item.row.hold = None;
        seen.item.row.conflicts = 0;
        cards.extend(self.moved(&mut seen, to));
        let author = seen.item.row.author.clone();
        cards.extend(self.turn_to(at.project, at.seq, author.as_deref(), to).await?);
        for person in &seen.item.row.handed_in {
            cards.extend(self.turn_to(at.project, at.seq, Some(person), to).await?);
        }
        Ok(self.write(cards, Vec::new()).await?)
    }

    /// Sends an item back to who labelled it, with what is wrong. The entry is one for
    /// [`Operation::Work`]. The labels of a consensus go back to nobody: they are corrected in
    /// review.
    ///
    /// # Errors
    /// [`LabellingError::NotNow`], or a text that is none.
    pub async fn return_item(&self, at: AtItem<'_>, text: &str) -> Result<(), LabellingError> {
        given_for(at.entry, Operation::Work)?;
        let text = text.trim();
        if text.is_empty() || text.chars().count() > 4_000 {
            return Err(LabellingError::field("text"));
        }
        let _turn = self.counting.lock().await;
        again!(self.try_return(at, text))
    }

    async fn try_return(&self, at: AtItem<'_>, text: &str) -> Result<(), LabellingError> {
        let mut seen = self.see(at).await?;
        let to = Self::leads(&seen, Action::Return)?;
        let Some(author) = seen.item.row.author.clone() else {
            return Err(LabellingError::NotNow { state: seen.state(), action: Action::Return });
        };
        let mut cards = self.decided(&mut seen, false).await?;
        cards.push(self.issue_card(&mut seen, at.caller, None, text));
        seen.item.row.hold = None;
        seen.item.row.reviewer = None;
        cards.extend(self.moved(&mut seen, to));
        cards.extend(self.turn_to(at.project, at.seq, Some(&author), State::Returned).await?);
        Ok(self.write(cards, Vec::new()).await?)
    }

    /// The days of the reviewer and of who labelled the item.
    async fn decided(
        &self,
        seen: &mut Seen,
        accepted: bool,
    ) -> Result<Vec<CardWrite>, LabellingError> {
        let (project, seq) = (seen.project.id.clone(), seen.item.row.seq);
        let reviewing = seen.state() == State::Reviewing;
        let mut cards = Vec::new();
        if reviewing {
            let stint = Stint { reviewed: 1, ..Stint::default() };
            cards.push(self.more(&project, &seen.person, &stint).await?);
        }
        let main = self.labels(&project, seq, MAIN).await?.row.document;
        let row = &seen.project.row;
        let (iou, tolerance) = (row.iou(), row.settings.keyframe_tolerance);
        let mut people: Vec<(String, String)> = Vec::new();
        people.extend(seen.item.row.author.iter().map(|who| (who.clone(), HANDED.to_owned())));
        let replicas = seen.item.row.handed_in.iter();
        people.extend(replicas.map(|who| (who.clone(), who.clone())));
        for (person, slot) in people {
            let mut stint = Stint {
                accepted: u64::from(accepted),
                returned: u64::from(!accepted),
                ..Stint::default()
            };
            if accepted {
                let work = self.labels(&project, seq, &slot).await?.row.document;
                stint.review = judge(&main.labels, &work.labels, iou, tolerance).tally;
            }
            cards.push(self.more(&project, &person, &stint).await?);
        }
        Ok(cards)
    }

    /// Gives an item to a person. The entry is one for [`Operation::ManageWork`].
    ///
    /// # Errors
    /// [`LabellingError::NotNow`], or a person who does not work here.
    pub async fn assign_item(&self, at: AtItem<'_>, person: &str) -> Result<(), LabellingError> {
        given_for(at.entry, Operation::ManageWork)?;
        self.works_here(at.caller, at.project, person).await?;
        let _turn = self.counting.lock().await;
        again!(self.try_assign(at, person))
    }

    async fn try_assign(&self, at: AtItem<'_>, person: &str) -> Result<(), LabellingError> {
        let mut seen = self.see(at).await?;
        seen.check(Action::Assign)?;
        seen.item.row.reserved = Some(person.to_owned());
        let mut cards = Vec::new();
        let state = seen.item.row.state;
        if matches!(state, State::Annotating | State::Returned) {
            let before = seen.item.row.author.take();
            seen.item.row.hold = None;
            cards
                .extend(self.turn_to(at.project, at.seq, before.as_deref(), State::Waiting).await?);
            cards.extend(self.moved(&mut seen, State::Waiting));
        } else {
            cards.push(seen.item.clone().placed().replace());
        }
        Ok(self.write(cards, Vec::new()).await?)
    }

    /// Says how early an item is labelled among those that wait: higher comes first. The entry is
    /// one for [`Operation::ManageWork`].
    ///
    /// # Errors
    /// [`LabellingError::NotNow`].
    pub async fn prioritise_item(
        &self,
        at: AtItem<'_>,
        priority: u8,
    ) -> Result<(), LabellingError> {
        given_for(at.entry, Operation::ManageWork)?;
        let _turn = self.counting.lock().await;
        again!(self.try_prioritise(at, priority))
    }

    async fn try_prioritise(&self, at: AtItem<'_>, priority: u8) -> Result<(), LabellingError> {
        let mut seen = self.see(at).await?;
        seen.check(Action::Assign)?;
        seen.item.row.priority = priority;
        Ok(self.write(vec![seen.item.placed().replace()], Vec::new()).await?)
    }

    /// Takes an item up again: it waits as if nobody had it, with the labels that it has. The entry
    /// is one for [`Operation::ManageWork`].
    ///
    /// # Errors
    /// [`LabellingError::NotNow`].
    pub async fn reopen_item(&self, at: AtItem<'_>) -> Result<(), LabellingError> {
        given_for(at.entry, Operation::ManageWork)?;
        let _turn = self.counting.lock().await;
        again!(self.try_reopen(at))
    }

    async fn try_reopen(&self, at: AtItem<'_>) -> Result<(), LabellingError> {
        let mut seen = self.see(at).await?;
        let to = Self::leads(&seen, Action::Reopen)?;
        let row = &mut seen.item.row;
        let mut people: Vec<String> = row.author.take().into_iter().collect();
        people.append(&mut row.replicas);
        row.handed_in.clear();
        row.declined.clear();
        row.hold = None::<Hold>;
        row.reserved = None;
        row.reviewer = None;
        row.skipped = None;
        row.conflicts = 0;
        let mut cards = self.moved(&mut seen, to);
        for person in people {
            cards.extend(self.turn_to(at.project, at.seq, Some(&person), State::Waiting).await?);
        }
        Ok(self.write(cards, Vec::new()).await?)
    }
}
