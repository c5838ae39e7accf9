//! Gold items and consensus, as a manager asks for them. Gold is a copy of labels that are trusted;
//! nobody who labels can tell such an item from another. Serves anno-3.6.

use labelling::{State, choose_gold, is_gold_due};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::CardWrite;
use units::Timestamp;

use super::again;
use super::error::LabellingError;
use super::rows::{GOLD, MAIN, Project, Turn, TurnKind, keep};
use super::seen::AtItem;
use crate::people::given_for;
use crate::people::{Caller, EnterError, Entry, Kept, Operation, Outcome, People, PeopleError};

/// The most gold items of a project.
const MOST_GOLD: usize = 2_000;
/// The most items of one request.
const MOST: usize = 100;

/// Items that become gold, or are gold no more.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GoldChange {
    /// Their numbers.
    #[schemars(length(min = 1, max = 100))]
    pub items: Vec<u64>,
    /// `main`: their accepted labels become gold; `none`: they are gold no more.
    pub from: String,
}

/// What became of gold.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct GoldView {
    /// How many gold items the project has.
    pub gold: u64,
    /// Items that were left as they are: they are not accepted, or have no labels.
    pub refused: Vec<u64>,
}

/// What became of a consensus.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ConsensusView {
    /// Items whose labels are the consensus now.
    pub merged: Vec<u64>,
    /// Of those, items with something left to decide.
    pub conflicts: Vec<u64>,
    /// Items that have not two replicas or do not wait for review.
    pub refused: Vec<u64>,
}

/// At most so many hours after it was handed in, gold looks reviewed.
const HOURS: usize = 24;

impl Turn {
    /// The state as the person is shown it. Gold is never reviewed, and a turn that stays handed
    /// in for ever would tell it: it looks accepted where an item would not be drawn for review,
    /// as soon as something that was handed in later is, or after some hours.
    pub(super) fn shown(&self, project: &Kept<Project>, now: Timestamp) -> State {
        let seed = match (self.kind, self.state) {
            (TurnKind::Gold, State::Submitted) => project.seed(),
            _ => return self.state,
        };
        let Ok(seed) = seed else { return self.state };
        let (id, row) = (&project.id, &project.row);
        let share = u32::from(row.settings.review_percent) * 100;
        let drawn = is_gold_due(&seed, id, "review", self.seq, share);
        let hours = choose_gold(&seed, id, &self.person, self.seq, HOURS).unwrap_or(0);
        let hours = i64::try_from(hours).unwrap_or(0) + 1;
        let looks = !drawn
            || row.reviewed_to.is_some_and(|to| to >= self.changed)
            || now >= self.changed.plus_seconds(hours * 3_600);
        if looks { State::Accepted } else { State::Submitted }
    }
}

impl People {
    /// Makes items gold by their accepted labels, or gold no more. The entry is one for
    /// [`Operation::ManageWork`].
    ///
    /// # Errors
    /// When a field cannot be used, or there would be too many.
    pub async fn change_gold(
        &self,
        caller: &Caller,
        entry: &Entry,
        project: &str,
        change: &GoldChange,
    ) -> Result<GoldView, LabellingError> {
        given_for(entry, Operation::ManageWork)?;
        if change.items.is_empty() || change.items.len() > MOST {
            return Err(LabellingError::field("items"));
        }
        if !matches!(change.from.as_str(), "main" | "none") {
            return Err(LabellingError::field("from"));
        }
        let _turn = self.counting.lock().await;
        again!(self.try_change_gold(caller, entry, project, change))
    }

    async fn try_change_gold(
        &self,
        caller: &Caller,
        entry: &Entry,
        project: &str,
        change: &GoldChange,
    ) -> Result<GoldView, LabellingError> {
        let mut kept = self.own_project(entry, project).await?;
        let (mut cards, mut refused) = (Vec::<CardWrite>::new(), Vec::new());
        let wanted: std::collections::BTreeSet<u64> = change.items.iter().copied().collect();
        for seq in wanted {
            let mut item = self.item_row(project, seq).await?;
            let gold = change.from == "main";
            if gold {
                let main = self.labels(project, seq, MAIN).await?;
                if item.row.state != State::Accepted || main.version == 0 {
                    refused.push(seq);
                    continue;
                }
                let mut copy = self.labels(project, seq, GOLD).await?;
                copy.row = main.row;
                cards.push(keep(&copy));
                kept.row.gold.insert(seq);
            } else {
                kept.row.gold.remove(&seq);
            }
            item.row.gold = gold;
            cards.push(item.placed().replace());
        }
        if kept.row.gold.len() > MOST_GOLD {
            return Err(PeopleError::TooMany { limit: MOST_GOLD as u64 }.into());
        }
        let gold = kept.row.gold.len() as u64;
        if !cards.is_empty() {
            cards.push(kept.replace());
            let audited =
                self.about_agreement(caller, entry, "change_gold", project, Outcome::Allowed);
            self.write(cards, vec![audited]).await?;
        }
        Ok(GoldView { gold, refused })
    }

    /// Merges the replicas of items anew, by the settings of now, to a new revision. The entry is
    /// one for [`Operation::ManageWork`].
    ///
    /// # Errors
    /// When there are no items, or too many.
    pub async fn merge_replicas(
        &self,
        caller: &Caller,
        entry: &Entry,
        project: &str,
        items: &[u64],
    ) -> Result<ConsensusView, LabellingError> {
        given_for(entry, Operation::ManageWork)?;
        if items.is_empty() || items.len() > MOST {
            return Err(LabellingError::field("items"));
        }
        let _turn = self.counting.lock().await;
        let mut view =
            ConsensusView { merged: Vec::new(), conflicts: Vec::new(), refused: Vec::new() };
        for seq in items {
            let at = AtItem { caller, entry, project, seq: *seq };
            match again!(self.try_merge(at))? {
                None => view.refused.push(*seq),
                Some(conflicts) => {
                    view.merged.push(*seq);
                    if conflicts > 0 {
                        view.conflicts.push(*seq);
                    }
                }
            }
        }
        Ok(view)
    }

    /// How many conflicts are left; none where the item cannot be merged.
    async fn try_merge(&self, at: AtItem<'_>) -> Result<Option<u64>, LabellingError> {
        let mut seen = self.see(at).await?;
        if !seen.standing.manager {
            return Err(EnterError::Forbidden.into());
        }
        if seen.item.row.state != State::Submitted || seen.item.row.handed_in.len() < 2 {
            return Ok(None);
        }
        let (mut cards, document) = self.consensus_of(&mut seen, None).await?;
        seen.item.row.revision = document.revision;
        seen.item.row.counts = super::saves::counts(&document);
        seen.item.row.changed = self.now();
        let conflicts = seen.item.row.conflicts;
        cards.push(seen.item.placed().replace());
        self.write(cards, Vec::new()).await?;
        Ok(Some(conflicts))
    }
}
