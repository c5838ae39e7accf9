//! A review decided: accepted, or sent back with what is wrong. What the reviewer changed is
//! measured against what was handed in.

use labelling::{Action, Hold, State, Stint, judge};
use store::CardWrite;

use super::super::again;
use super::super::error::LabellingError;
use super::super::rows::{HANDED, MAIN, Turn, slot_id};
use super::super::seen::{AtItem, Seen};
use super::manage::NewPin;
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
        self.reviewed(&mut seen).await?;
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
    /// [`Operation::Work`]. The labels of a consensus go to whoever asks for work next.
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
        Self::leads(&seen, Action::Return)?;
        let issue = self.issue_card(&mut seen, at.caller.person(), NewPin::said(text));
        let mut cards = self.sent_back(&mut seen).await?;
        cards.push(issue);
        Ok(self.write(cards, Vec::new()).await?)
    }

    /// The cards by which an item goes back to who labelled it. One that nobody labelled alone
    /// goes to whoever asks next; one that was gold is none any more.
    pub(in crate::labelling) async fn sent_back(
        &self,
        seen: &mut Seen,
    ) -> Result<Vec<CardWrite>, LabellingError> {
        let mut cards = self.decided(seen, false).await?;
        let (row, project) = (&mut seen.item.row, &mut seen.project.row);
        row.hold = None;
        row.reviewer = None;
        row.handed_in.clear();
        row.gold = false;
        project.gold.remove(&row.seq);
        let (id, seq, author) = (seen.project.id.clone(), row.seq, row.author.clone());
        cards.extend(self.moved(seen, State::Returned));
        cards.extend(self.turn_to(&id, seq, author.as_deref(), State::Returned).await?);
        Ok(cards)
    }

    /// Keeps up to when what was handed in counts as reviewed: gold among it looks so too.
    async fn reviewed(&self, seen: &mut Seen) -> Result<(), LabellingError> {
        let row = &seen.item.row;
        let Some(person) = row.author.as_ref().or(row.handed_in.last()) else { return Ok(()) };
        let turn = self.get::<Turn>(&slot_id(&seen.project.id, row.seq, person)).await?;
        let handed_in = turn.map(|turn| turn.row.changed);
        seen.project.row.reviewed_to = seen.project.row.reviewed_to.max(handed_in);
        Ok(())
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
        let (iou, tolerance) = (row.iou(), row.tolerance(&seen.item.row));
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
            // The replicas are made: what is left is to correct their consensus.
            let replicated = !seen.item.row.replicas.is_empty();
            let to = if replicated { State::Returned } else { State::Waiting };
            cards.extend(self.moved(&mut seen, to));
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
