//! Saves: operations on the labels of an item, merged with what others did meanwhile, kept with
//! their author as the item's history. Serves anno-3.2.

use std::collections::BTreeMap;

use labelling::{Action, Document, Hold, Merged, State, Stint, hold_until, merge, read_save};
use schemars::JsonSchema;
use serde::Serialize;
use store::{CardWrite, Whose};
use units::{Timestamp, Zone};

use super::again;
use super::error::LabellingError;
use super::rows::{Day, Labels, SaveRow, keep, slot_id};
use super::seen::{AtItem, Seen};
use super::view::LabelView;
use crate::people::{Kept, Operation, People, given_for};

/// What became of a save.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SaveAnswer {
    /// The revision of the labels now.
    pub revision: u64,
    /// Labels that changed since the base and not by this save.
    pub others: Vec<LabelView>,
    /// Ids of labels deleted since the base and not by this save.
    pub gone: Vec<String>,
    /// Operations that were not done.
    pub refused: Vec<RefusedView>,
    /// Whether the labels must be read anew: the base is not remembered.
    pub reload: bool,
}

/// An operation that was not done.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RefusedView {
    /// Which operation, from 0.
    pub index: u64,
    /// The label's id.
    pub id: String,
    /// Why, as a code.
    pub code: String,
    /// Which field of the label, as a path.
    pub field: String,
}

/// A save in the history.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SaveView {
    /// The revision that it made.
    pub revision: u64,
    /// When.
    pub at: Timestamp,
    /// Who, for who may know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// The version of the guideline.
    pub guideline: u32,
    /// How long the person worked for it.
    pub seconds: u64,
    /// `save`, `import` or `consensus`.
    pub what: String,
    /// Labels put.
    pub put: Vec<LabelView>,
    /// Ids deleted.
    pub deleted: Vec<String>,
}

impl People {
    /// Saves operations on an item's labels; gives what others did meanwhile. `body` is
    /// `{"base", "seconds", "operations"}`. The entry is one for [`Operation::Work`].
    ///
    /// # Errors
    /// [`LabellingError::NotNow`] where the mode table does not let the caller label it, and
    /// [`LabellingError::Body`] for what is no save. A bad operation is no error: it is listed.
    pub async fn save_labels(
        &self,
        at: AtItem<'_>,
        body: &[u8],
    ) -> Result<SaveAnswer, LabellingError> {
        given_for(at.entry, Operation::Work)?;
        let save = read_save(body)?;
        again!(self.try_save(at, &save))
    }

    async fn try_save(
        &self,
        at: AtItem<'_>,
        save: &labelling::Save,
    ) -> Result<SaveAnswer, LabellingError> {
        let mut seen = self.see(at).await?;
        let inspects = seen.inspection.is_some();
        seen.check(if inspects { Action::Inspect } else { Action::Label })?;
        let guideline = self.guideline_now(&seen.project).await?;
        let mut labels = self.labels(at.project, at.seq, &seen.slot()).await?;
        let extent = Some(&seen.item.row.extent);
        self.models_allowed(at.entry, save, &labels.row.document).await?;
        let document = &mut labels.row.document;
        let merged = merge(document, save, &seen.person, &guideline, extent);
        if merged.applied.is_empty() && save.seconds == 0 {
            return Ok(answer(merged, seen.named()));
        }
        let mut cards = Vec::new();
        if !merged.applied.is_empty() {
            cards.push(keep(&labels));
            cards.push(self.save_row(&seen, &merged, save.seconds, "save").insert());
        }
        if inspects {
            // What the customer's people do is no work of the project.
            self.write(cards, Vec::new()).await?;
            return Ok(answer(merged, seen.named()));
        }
        cards.extend(self.worked(&mut seen, save.seconds, &labels.row.document));
        let mut day = self.day(at.project, &seen.person).await?;
        let reviewing = seen.state() == State::Reviewing;
        let (label_seconds, review_seconds) =
            if reviewing { (0, save.seconds) } else { (save.seconds, 0) };
        day.row.stint.add(&Stint {
            label_seconds,
            review_seconds,
            made: merged.made,
            changed: merged.changed,
            deleted: merged.deleted,
            ..Stint::default()
        });
        cards.push(keep(&day));
        self.write(cards, Vec::new()).await?;
        Ok(answer(merged, seen.named()))
    }

    /// Keeps on an item or a turn that somebody worked on it, and for how long they hold it.
    fn worked(&self, seen: &mut Seen, seconds: u64, document: &Document) -> Vec<CardWrite> {
        let until = hold_until(self.now(), seen.project.row.settings.hold_minutes);
        let apart = seen.apart().is_some();
        let mut cards = Vec::new();
        if let Some(turn) = seen.turn.as_mut() {
            turn.row.seconds += seconds;
            turn.row.until = Some(until);
            turn.row.labels = document.labels.len() as u64;
            turn.row.changed = self.now();
            if turn.row.state == State::Returned {
                turn.row.state = State::Annotating;
            }
            cards.push(turn.clone().placed().replace());
        }
        if apart {
            return cards;
        }
        let item = &mut seen.item.row;
        item.seconds += seconds;
        item.revision = document.revision;
        item.counts = counts(document);
        item.changed = self.now();
        item.hold = Some(Hold { person: seen.person.clone(), until });
        if item.state == State::Returned {
            seen.project.row.moved(State::Returned, State::Annotating);
            item.state = State::Annotating;
            cards.push(seen.project.replace());
        }
        cards.push(seen.item.clone().placed().replace());
        cards
    }

    pub(super) fn save_row(
        &self,
        seen: &Seen,
        merged: &Merged,
        seconds: u64,
        what: &str,
    ) -> Kept<SaveRow> {
        let slot = slot_id(&seen.project.id, seen.item.row.seq, &seen.slot());
        let row = SaveRow {
            by: seen.person.clone(),
            at: self.now(),
            guideline: seen.project.row.guideline,
            revision: merged.revision,
            seconds,
            what: what.to_owned(),
            operations: merged.applied.clone(),
        };
        Kept::new(format!("{slot}/{:06}", merged.revision), slot, row)
    }

    /// The labels of a slot; new where there are none.
    pub(super) async fn labels(
        &self,
        project: &str,
        seq: u64,
        slot: &str,
    ) -> Result<Kept<Labels>, LabellingError> {
        let id = slot_id(project, seq, slot);
        let found = self.get::<Labels>(&id).await?;
        Ok(found.unwrap_or_else(|| Kept::new(id, project, Labels::default())))
    }

    /// Today of a person; new where there is none. A day is one of Shanghai.
    pub(super) async fn day(
        &self,
        project: &str,
        person: &str,
    ) -> Result<Kept<Day>, LabellingError> {
        let day = self.now().date(&Zone::shanghai()).to_string();
        let id = format!("{project}/{day}/{person}");
        let found = self.get::<Day>(&id).await?;
        let row = || Day { person: person.to_owned(), day, stint: Stint::default() };
        Ok(found.unwrap_or_else(|| Kept::new(id.clone(), project, row())))
    }

    /// The saves of an item that the caller sees, the oldest first, those behind `after`. The entry
    /// is one for [`Operation::ReadWork`].
    ///
    /// # Errors
    /// [`crate::people::PeopleError::NotFound`] where the caller sees no such item.
    pub async fn history(
        &self,
        at: AtItem<'_>,
        after: u64,
        limit: u32,
    ) -> Result<Vec<SaveView>, LabellingError> {
        given_for(at.entry, Operation::ReadWork)?;
        let seen = self.see(at).await?;
        let slot = slot_id(at.project, at.seq, &seen.slot());
        let after = format!("{slot}/{after:06}");
        let page = self.page::<SaveRow>(Whose::Owner(&slot), Some(&after), limit).await?;
        let named = seen.named();
        Ok(page.into_iter().map(|kept| view(kept.row, named)).collect())
    }
}

/// How many labels of each class there are.
pub(super) fn counts(document: &Document) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for label in &document.labels {
        *counts.entry(label.class.clone()).or_default() += 1;
    }
    counts
}

fn answer(merged: Merged, named: bool) -> SaveAnswer {
    let refused = merged.refused.into_iter().map(|refused| RefusedView {
        index: refused.index,
        id: refused.id,
        code: refused.code.code().to_owned(),
        field: refused.field,
    });
    SaveAnswer {
        revision: merged.revision,
        others: merged.others.iter().map(|label| LabelView::of(label, named)).collect(),
        gone: merged.gone,
        refused: refused.collect(),
        reload: merged.reload,
    }
}

fn view(row: SaveRow, named: bool) -> SaveView {
    let (mut put, mut deleted) = (Vec::new(), Vec::new());
    for operation in row.operations {
        match operation {
            labelling::Operation::Put(label) => put.push(LabelView::of(&label, named)),
            labelling::Operation::Delete(id) => deleted.push(id),
        }
    }
    SaveView {
        revision: row.revision,
        at: row.at,
        author: Some(row.by).filter(|_| named),
        guideline: row.guideline,
        seconds: row.seconds,
        what: row.what,
        put,
        deleted,
    }
}
