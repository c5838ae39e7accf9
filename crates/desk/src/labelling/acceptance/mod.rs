//! A project's work delivered under its agreement: handed over, drawn by both parties' seeds,
//! inspected by the customer's people in the workspace, reworked. The contract and `inspection`
//! decide; this module makes the files, keeps which items lie in them, and turns a rejected round
//! into jobs. Serves anno-3.5, anno-3.6 and anno-4.1.1.
//!
//! ```text
//! deliver ──> files + DeliverySubmitted ──> draw ──> inspect item by item ──> decide ──> Inspected
//!    ^                                                                                      │
//!    └──────────────── corrected items <── returned items <── rejected ─────────────────────┘
//! ```
//!
//! What is about to be written into the journal stands in the rows before: the round and its items,
//! and that the inspectors' labels are being judged. A process that ends in between leaves nothing
//! open to change; who comes next looks into the journal and brings the rows to the end.

mod deliver;
mod inspect;
mod rework;
mod terms;
mod view;

use std::path::{Path, PathBuf};

use contract::state::{Delivery, State as Contract};
use labelling::Hold;
use serde::{Deserialize, Serialize};
use units::{Id, Timestamp, Verdict};

use super::error::LabellingError;
use super::rows::{KeptObject, Project};
use crate::people::{Entry, Fault, Kept, People, Row};

pub use deliver::{Deliver, DeliveredFile, DeliveredView};
pub use inspect::Done;
pub use rework::{ReworkFilter, ReworkView, ReworkWanted};
pub use view::{DrawnView, InspectionView, ResultView, SampleView, StandardResultView};

/// A round of a delivery of a project.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Round {
    /// The delivery under the agreement.
    delivery: Id,
    /// Its number in the project.
    number: u32,
    round: u32,
    /// The work item of the agreement.
    item: Id,
    format: String,
    /// What the file is called, and where it is kept.
    file: String,
    object: KeptObject,
    /// The items in it, as ranges with both ends.
    contents: Vec<(u64, u64)>,
    sample: Option<Sample>,
    /// Whether what the inspectors said is being judged: it stays as it is.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    deciding: bool,
    result: Option<Outcome>,
    /// Whether the customer's decision was carried out here: accepted or rejected.
    settled: Option<bool>,
}

/// The sample of a round.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Sample {
    lot: u64,
    wanted: u64,
    accept: Option<u64>,
    severity: Option<String>,
    items: Vec<Drawn>,
}

/// A drawn item.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Drawn {
    seq: u64,
    name: String,
    /// Which inspector has it.
    hold: Option<Hold>,
    /// Who decided it.
    by: Option<String>,
    at: Option<Timestamp>,
    /// What the delivered labels lack against the inspectors'; none before the result.
    mistakes: Option<Mistakes>,
}

/// Mistakes of an item, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
struct Mistakes {
    missed: u64,
    extra: u64,
    wrong_class: u64,
    imprecise: u64,
}

/// What the rule decided.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Outcome {
    verdict: Verdict,
    /// SHA-256 of the report, as it stands in the journal.
    sha256: String,
    standards: Vec<StandardResultView>,
    /// The plan's own decision, for plans alone.
    plan: Option<StandardResultView>,
}

impl Row for Round {
    const KIND: &'static str = "delivery_round";
}

impl Mistakes {
    /// Whether the item conforms: an imprecise label is a right one.
    const fn fails(self) -> bool {
        self.missed + self.extra + self.wrong_class > 0
    }
}

impl Round {
    /// The slot of what the inspectors make of a drawn item.
    pub(super) fn slot(&self) -> String {
        format!("inspect-{}-{}", self.number, self.round)
    }

    fn drawn(&self, seq: u64) -> Option<&Drawn> {
        self.sample.as_ref()?.items.iter().find(|one| one.seq == seq)
    }

    /// The round in the journal, where it has this one.
    fn in_journal<'a>(&self, state: &'a Contract) -> Option<&'a Delivery> {
        let found = state.facts.deliveries.get(&self.delivery)?;
        (found.round == self.round).then_some(found)
    }
}

/// The name of a project's delivery under the agreement.
fn delivery_id(project: &str, number: u32) -> Result<Id, LabellingError> {
    Id::new(&format!("{project}-{number}")).map_err(|_| LabellingError::absent("project"))
}

fn round_id(project: &str, number: u32, round: u32) -> String {
    format!("{project}/delivery/{number:04}/{round:04}")
}

/// Rising numbers as ranges with both ends.
pub(super) fn ranges(numbers: &[u64]) -> Vec<(u64, u64)> {
    let mut ranges: Vec<(u64, u64)> = Vec::new();
    for number in numbers {
        match ranges.last_mut() {
            Some((_, to)) if *to + 1 == *number => *to = *number,
            _ => ranges.push((*number, *number)),
        }
    }
    ranges
}

fn within(ranges: &[(u64, u64)], number: u64) -> bool {
    ranges.iter().any(|(from, to)| (*from..=*to).contains(&number))
}

impl People {
    /// Whether the round that a project is handing over stands in the journal; none where it hands
    /// over none.
    async fn handed(
        &self,
        kept: &Kept<Project>,
        state: &Contract,
    ) -> Result<Option<(Kept<Round>, bool)>, LabellingError> {
        let Some((number, round)) = kept.row.handing else { return Ok(None) };
        let found = self.get::<Round>(&round_id(&kept.id, number, round)).await?;
        let found = found.ok_or_else(|| unreadable(&kept.id))?;
        let there = found.row.in_journal(state).is_some();
        Ok(Some((found, there)))
    }

    /// Brings a round that was being handed over to its end: what stands in the journal is with the
    /// customer, else its items are the vendor's again. Called with the turn of counting.
    async fn end_handing(
        &self,
        entry: &Entry,
        project: &str,
        state: &Contract,
    ) -> Result<Kept<Project>, LabellingError> {
        let mut kept = self.project_row(entry, project).await?;
        let Some((round, there)) = self.handed(&kept, state).await? else { return Ok(kept) };
        kept.row.handing = None;
        if there {
            kept.row.round = Some((round.row.number, round.row.round));
        } else {
            kept.row.delivered.retain(|range| !round.row.contents.contains(range));
        }
        self.write(vec![kept.replace()], Vec::new()).await?;
        self.project_row(entry, project).await
    }

    /// The latest round of a project.
    async fn round_of(&self, kept: &Kept<Project>) -> Result<Option<Kept<Round>>, LabellingError> {
        let Some((number, round)) = kept.row.round else { return Ok(None) };
        Ok(self.get::<Round>(&round_id(&kept.id, number, round)).await?)
    }

    /// The round in which an inspector decides on an item: it was drawn, and there is no result.
    pub(super) async fn inspecting(
        &self,
        kept: &Kept<Project>,
        seq: u64,
    ) -> Result<Option<Kept<Round>>, LabellingError> {
        let open = |round: &Kept<Round>| {
            let row = &round.row;
            let undecided = row.result.is_none() && !row.deciding && row.settled.is_none();
            undecided && row.drawn(seq).is_some()
        };
        Ok(self.round_of(kept).await?.filter(open))
    }

    /// Lays down the delivered file of a round in a folder, under its name.
    async fn laid_down(
        &self,
        entry: &Entry,
        round: &Round,
        folder: &Path,
    ) -> Result<PathBuf, LabellingError> {
        let bytes = self.desk(entry).get(entry.agreement(), &round.object.object()?).await?;
        tokio::fs::create_dir_all(folder).await?;
        let path = folder.join(&round.file);
        tokio::fs::write(&path, bytes).await?;
        Ok(path)
    }
}

/// A row that is not what it should be.
fn unreadable(project: &str) -> LabellingError {
    Fault::Unreadable { kind: Round::KIND, id: project.to_owned() }.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_become_the_fewest_ranges_and_back() {
        let check = |numbers: &[u64], want: &[(u64, u64)]| {
            let made = ranges(numbers);
            assert_eq!(made, want);
            for number in 0..12 {
                assert_eq!(within(&made, number), numbers.contains(&number), "{number}");
            }
        };
        check(&[], &[]);
        check(&[4], &[(4, 4)]);
        check(&[1, 2, 3, 5, 7, 8], &[(1, 3), (5, 5), (7, 8)]);
    }
}
