//! A project's inspection as either party sees it: how far it is, the sample, the result, and the
//! day on which silence accepts. Serves anno-4.1.1. Who decided which item is the customer's to
//! know.

use contract::obligation::ObligationKind;
use contract::state::State as Contract;
use contract::terms::Side;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use units::{ClauseId, Id, Timestamp};

use super::super::error::LabellingError;
use super::super::projects::Standing;
use super::super::rows::Project;
use super::terms::{annotation, code};
use super::{Drawn, Mistakes, Round, delivery_id};
use crate::people::{EnterError, Entry, Kept, Operation, People, given_for};

/// The clause of inspection and acceptance.
const ACCEPTANCE: &str = "anno-4.1.1";

/// How a project's latest delivery stands.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct InspectionView {
    /// The delivery; before it is handed over, the name that it will have.
    pub delivery: Id,
    /// Its round; 0 before it is handed over.
    pub round: u32,
    /// `planned`, `delivered`, `drawn`, `inspected`, `accepted` or `rejected`.
    pub state: String,
    /// The work item of the agreement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<Id>,
    /// The format of the files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// How many items of the project are in it.
    pub items: u64,
    /// Parties that committed to their half of the seed of the round that is, or comes next.
    pub committed: Vec<Side>,
    /// Parties that revealed it.
    pub revealed: Vec<Side>,
    /// The sample, once it is drawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sample: Option<SampleView>,
    /// What the signed rule decided, once every drawn item is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<ResultView>,
    /// Until when the customer decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
    /// Whether silence until then accepts.
    pub deemed: bool,
    /// When it was accepted, by the customer or by silence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accepted_at: Option<Timestamp>,
    /// When it was rejected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rejected_at: Option<Timestamp>,
    /// The clause of inspection and acceptance.
    pub clause: ClauseId,
    /// The entry by which it was handed over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
}

/// The sample of a round.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SampleView {
    /// Units in the lot, as the agreement counts them.
    pub lot: u64,
    /// Units that the rule wants inspected.
    pub wanted: u64,
    /// The most nonconforming units with which the plan accepts; for plans alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accept: Option<u64>,
    /// `normal`, `tightened` or `reduced`; for GB/T 2828.1 alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<String>,
    /// How many drawn items are decided.
    pub decided: u64,
    /// The drawn items, in the order of the draw.
    pub drawn: Vec<DrawnView>,
}

/// A drawn item.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct DrawnView {
    /// Its number in the project.
    pub seq: u64,
    /// What it is called in the delivered files.
    pub name: String,
    /// Whether an inspector decided it.
    pub decided: bool,
    /// Who; for the customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Whether it failed; once there is a result.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failed: Option<bool>,
    /// Labels that are missing; once there is a result.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missed: Option<u64>,
    /// Labels of nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extra: Option<u64>,
    /// Labels of another class.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wrong_class: Option<u64>,
    /// Labels that are right and off: an IoU below 0.8.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub imprecise: Option<u64>,
}

/// What the signed rule decided.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ResultView {
    /// `met`, `not_met` or `undecidable`.
    pub verdict: String,
    /// Each standard.
    pub standards: Vec<StandardResultView>,
    /// The plan's own decision on nonconforming units; for plans alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan: Option<StandardResultView>,
    /// SHA-256 of the report that is the evidence.
    pub sha256: String,
    /// The entry of the result.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
}

/// A standard with its decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StandardResultView {
    /// What was measured, as a code.
    pub metric: String,
    /// The IoU from which a match counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iou: Option<String>,
    /// The share that must be reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold: Option<String>,
    /// How many counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hits: Option<u64>,
    /// Of how many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
    /// The most nonconforming units with which the rule accepts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accept: Option<u64>,
    /// `met`, `not_met` or `undecidable`.
    pub verdict: String,
}

impl People {
    /// How a project's latest delivery stands by the journal in `state`. The entry is one for
    /// [`Operation::ReadWork`].
    ///
    /// # Errors
    /// [`EnterError::Forbidden`] for who only labels, and when the agreement is of another kind.
    pub async fn inspection(
        &self,
        entry: &Entry,
        project: &str,
        state: &Contract,
    ) -> Result<InspectionView, LabellingError> {
        given_for(entry, Operation::ReadWork)?;
        let mut kept = self.project_row(entry, project).await?;
        let standing = Standing::of(entry, &kept.row);
        if !standing.lists() {
            return Err(EnterError::Forbidden.into());
        }
        if let Some((round, true)) = self.handed(&kept, state).await? {
            kept.row.round = Some((round.row.number, round.row.round));
        }
        let round = self.round_of(&kept).await?;
        let round = round.map(|round| round.row).filter(|row| row.in_journal(state).is_some());
        let number = kept.row.round.map_or(1, |(number, _)| number);
        let mut view = bare(&kept, number, state, self.now())?;
        if let Some(row) = round {
            filled(&mut view, &row, state, standing.inspector);
        }
        Ok(view)
    }
}

/// What the journal says of a project's delivery.
fn bare(
    kept: &Kept<Project>,
    number: u32,
    state: &Contract,
    now: Timestamp,
) -> Result<InspectionView, LabellingError> {
    let terms = state.agreement.as_ref().ok_or(contract::Refusal::NotDrafted)?;
    let deemed = annotation(terms)?.acceptance.deemed;
    let delivery = delivery_id(&kept.id, number)?;
    let found = state.facts.deliveries.get(&delivery);
    let open = state.obligations.iter().rev().find(|one| {
        let of_it = one.kind == ObligationKind::Inspect && one.subject == delivery.as_str();
        of_it && one.met.is_none()
    });
    let due = open.map(|one| one.deadline(terms, state, now).at);
    let silent = due.filter(|due| deemed && *due <= now);
    let accepted_at = found.and_then(|found| found.accepted).map(|(at, _)| at).or(silent);
    let rejected_at = found.and_then(|found| found.rejected).map(|(at, _)| at);
    let code = match (accepted_at, rejected_at, found.map_or(0, |found| found.round)) {
        (Some(_), _, _) => "accepted",
        (_, Some(_), _) => "rejected",
        (_, _, 0) => "planned",
        _ => "delivered",
    };
    let round = found.map_or(0, |found| found.round);
    Ok(InspectionView {
        delivery,
        round,
        state: code.to_owned(),
        item: None,
        format: None,
        items: 0,
        committed: found.map(|f| f.commitments.keys().copied().collect()).unwrap_or_default(),
        revealed: found.map(|f| f.seeds.keys().copied().collect()).unwrap_or_default(),
        sample: None,
        result: None,
        due,
        deemed,
        accepted_at,
        rejected_at,
        clause: Id::new(ACCEPTANCE).map_err(|_| LabellingError::absent("clause"))?,
        evidence: found.filter(|f| f.round > 0).map(|f| format!("e{}", f.submitted.1)),
    })
}

/// What the project knows of the round.
fn filled(view: &mut InspectionView, row: &Round, state: &Contract, inspector: bool) {
    view.item = Some(row.item.clone());
    view.format = Some(row.format.clone());
    view.items = row.contents.iter().map(|(from, to)| to - from + 1).sum();
    let known = row.result.is_some();
    view.sample = row.sample.as_ref().map(|sample| SampleView {
        lot: sample.lot,
        wanted: sample.wanted,
        accept: sample.accept,
        severity: sample.severity.clone(),
        decided: sample.items.iter().filter(|one| one.by.is_some()).count() as u64,
        drawn: sample.items.iter().map(|one| drawn(one, inspector, known)).collect(),
    });
    let inspected = row.in_journal(state).and_then(|found| found.inspected.as_ref());
    view.result = row.result.as_ref().map(|result| ResultView {
        verdict: code(&result.verdict),
        standards: result.standards.clone(),
        plan: result.plan.clone(),
        sha256: result.sha256.clone(),
        evidence: inspected.map(|(_, _, entry)| format!("e{entry}")),
    });
    if view.state == "delivered" {
        let code = match (&view.sample, &view.result) {
            (_, Some(_)) => "inspected",
            (Some(_), None) => "drawn",
            (None, None) => "delivered",
        };
        code.clone_into(&mut view.state);
    }
}

fn drawn(one: &Drawn, inspector: bool, known: bool) -> DrawnView {
    let mistakes = one.mistakes.filter(|_| known);
    DrawnView {
        seq: one.seq,
        name: one.name.clone(),
        decided: one.by.is_some(),
        by: one.by.clone().filter(|_| inspector),
        failed: mistakes.map(Mistakes::fails),
        missed: mistakes.map(|mistakes| mistakes.missed),
        extra: mistakes.map(|mistakes| mistakes.extra),
        wrong_class: mistakes.map(|mistakes| mistakes.wrong_class),
        imprecise: mistakes.map(|mistakes| mistakes.imprecise),
    }
}
