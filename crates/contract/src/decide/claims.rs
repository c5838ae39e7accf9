//! Claims, disputes, patents, waivers: who may, in which order, after which clock.
//! Clauses: train-6.2, train-8.1, train-8.2, train-9.1, pb-06.

use alloc::string::ToString;
use alloc::vec::Vec;

use units::{Id, Money, Timestamp};

use super::{decided, exists, in_force_or_ended, one, only, party, past, unknown};
use crate::command::Action;
use crate::event::{Actor, Claim, ClaimBasis, DisputeSubject, Event};
use crate::obligation::{ObligationKind, name};
use crate::refusal::Refusal;
use crate::rules::clause;
use crate::state::{ClaimState, Dispute, State};
use crate::terms::{Agreement, LossScope, ModelOwnership, Service, Side};

/// Decides on everything about claims, disputes and patents.
pub(super) fn decide(
    state: &State,
    actor: &Actor,
    action: &Action,
    at: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    let find = |id: &Id| state.claims.get(id).ok_or_else(|| unknown("claim", id));
    match action {
        Action::RaiseClaim(claim) => raise(state, actor, claim, at),
        Action::AnswerClaim { claim, accepted } => {
            let found = find(claim)?;
            only(actor, found.claim.by.other())?;
            if found.accepted.is_some() || found.settled.is_some() {
                return Err(decided("claim", claim));
            }
            within(*accepted, &found.claim, claimed_minor(&found.claim))?;
            one(Event::ClaimAnswered { claim: claim.clone(), accepted: *accepted })
        }
        Action::AssumeDefence { claim } => {
            let found = find(claim)?;
            only(actor, found.claim.by.other())?;
            if found.notified.is_none() {
                return Err(Refusal::ComesAfter { first: "indemnity_notified" });
            }
            if found.defended.is_some() {
                return Err(decided("claim", claim));
            }
            one(Event::DefenceAssumed { claim: claim.clone() })
        }
        Action::SettleClaim { claim, amount } => {
            let found = find(claim)?;
            if found.settled.is_some() {
                return Err(decided("claim", claim));
            }
            settles(state, actor, claim, found, *amount)?;
            one(Event::ClaimSettled { claim: claim.clone(), amount: *amount })
        }
        Action::ProposePatent { proposal } => {
            shared(state)?;
            let by = party(actor)?;
            if state.patents.contains_key(proposal) {
                return Err(exists("patent", proposal));
            }
            one(Event::PatentProposed { proposal: proposal.clone(), by })
        }
        Action::AnswerPatent { proposal, joins } => {
            let found = state.patents.get(proposal).ok_or_else(|| unknown("patent", proposal))?;
            only(actor, found.by.other())?;
            if found.joins.is_some() {
                return Err(decided("patent", proposal));
            }
            one(Event::PatentAnswered { proposal: proposal.clone(), joins: *joins })
        }
        _ => dispute(state, actor, action, at),
    }
}

/// What was claimed in all, in minor units.
fn claimed_minor(claim: &Claim) -> i128 {
    claim.direct.minor().saturating_add(claim.indirect.minor())
}

fn within(amount: Money, claim: &Claim, max_minor: i128) -> Result<(), Refusal> {
    if amount.currency() != claim.direct.currency() {
        return Err(Refusal::OtherCurrency);
    }
    if amount.is_negative() {
        return Err(Refusal::NotPositive { field: "amount" });
    }
    if amount.minor() > max_minor { Err(Refusal::ExceedsClaim { max_minor }) } else { Ok(()) }
}

/// A claim is settled with at most what the other party accepted, or what a dispute about it ended
/// with; the debtor alone settles it with no less. Clauses: train-8.1, train-9.1.
fn settles(
    state: &State,
    actor: &Actor,
    name: &Id,
    found: &ClaimState,
    amount: Money,
) -> Result<(), Refusal> {
    let about = |dispute: &&Dispute| match &dispute.subject {
        DisputeSubject::Claim { claim } => claim == name,
        _ => false,
    };
    let ended = state.disputes.values().filter(about).filter_map(|dispute| dispute.ended);
    let awarded = ended.max_by_key(|(at, _)| *at).and_then(|(_, amount)| amount);
    let owed = awarded.or(found.accepted).ok_or(Refusal::ComesAfter { first: "answer_claim" })?;
    within(amount, &found.claim, owed.minor())?;
    if actor.is_of(found.claim.by.other()) && amount != owed {
        return Err(Refusal::WrongParty { need: found.claim.by });
    }
    Ok(())
}

/// Clauses: train-8.1, train-8.2, pb-06, pb-02.
fn raise(
    state: &State,
    actor: &Actor,
    claim: &Claim,
    at: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    let agreement = in_force_or_ended(state)?;
    only(actor, claim.by)?;
    if state.claims.contains_key(&claim.claim) {
        return Err(exists("claim", &claim.claim));
    }
    past(claim.occurred, at)?;
    for amount in [claim.direct, claim.indirect] {
        if amount.currency() != agreement.currency {
            return Err(Refusal::OtherCurrency);
        }
        if amount.is_negative() {
            return Err(Refusal::NotPositive { field: "amount" });
        }
    }
    let missing = claim.evidence.iter().find(|id| is_seq(id) && !is_entry(state, id));
    if let Some(evidence) = missing {
        return Err(unknown("evidence", evidence));
    }
    let liability = &agreement.liability;
    if !claim.indirect.is_zero() && liability.loss == LossScope::Direct {
        return Err(Refusal::IndirectLossExcluded);
    }
    match &claim.basis {
        ClaimBasis::Loss => {}
        ClaimBasis::Liquidated { damages } => {
            let own = agreement.training_use.liquidated_damages.is_some()
                && damages.as_str() == "training_use";
            let row = liability.liquidated.iter().find(|row| row.id == *damages);
            match row {
                Some(row) => {
                    let need = claim.by.other();
                    if row.by != need {
                        return Err(Refusal::WrongParty { need: row.by.other() });
                    }
                }
                None if own => only(actor, Side::Customer)?,
                None => return Err(unknown("damages", damages)),
            }
        }
        ClaimBasis::Indemnity { indemnity } => {
            let row = liability.indemnities.iter().find(|row| row.id == *indemnity);
            let row = row.ok_or_else(|| unknown("indemnity", indemnity))?;
            if row.by == claim.by {
                return Err(Refusal::WrongParty { need: row.by.other() });
            }
        }
    }
    one(Event::ClaimRaised(claim.clone()))
}

/// Negotiation first, then the chosen forum. A settlement takes both: the first party's word is
/// an offer, the other's same word settles. Clause: train-9.1.
fn dispute(
    state: &State,
    actor: &Actor,
    action: &Action,
    at: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    let agreement = in_force_or_ended(state)?;
    let side = party(actor)?;
    let open = |id: &Id| {
        let found = state.disputes.get(id).ok_or_else(|| unknown("dispute", id))?;
        if found.ended.is_some() { Err(decided("dispute", id)) } else { Ok(found) }
    };
    match action {
        Action::OpenDispute { dispute, subject, clause } => {
            if state.disputes.contains_key(dispute) {
                return Err(exists("dispute", dispute));
            }
            match subject {
                DisputeSubject::Statement { statement }
                    if !state.money.statements.contains_key(statement) =>
                {
                    return Err(unknown("statement", statement));
                }
                DisputeSubject::Claim { claim } if !state.claims.contains_key(claim) => {
                    return Err(unknown("claim", claim));
                }
                DisputeSubject::Measurement { evidence } if !is_entry(state, evidence) => {
                    return Err(unknown("evidence", evidence));
                }
                _ => {}
            }
            let (dispute, subject) = (dispute.clone(), subject.clone());
            one(Event::DisputeOpened { dispute, by: side, subject, clause: clause.clone() })
        }
        Action::SettleDispute { dispute, amount } => {
            let found = open(dispute)?;
            in_currency(agreement, *amount)?;
            let (dispute, amount) = (dispute.clone(), *amount);
            if found.offers.get(&side.other()) == Some(&amount) {
                return one(Event::DisputeSettled { dispute, amount });
            }
            one(Event::DisputeSettlementOffered { dispute, by: side, amount })
        }
        Action::FileDispute { dispute, docket } => {
            if open(dispute)?.filed.is_some() {
                return Err(decided("dispute", dispute));
            }
            let negotiation =
                state.open_obligation(&name(ObligationKind::Negotiate, dispute.as_str()));
            if let Some(negotiation) = negotiation {
                let until = negotiation.deadline(agreement, state, at).at;
                if at < until {
                    return Err(Refusal::ClockStillRuns { until, clause: clause("train-9.1") });
                }
            }
            one(Event::DisputeFiled { dispute: dispute.clone(), docket: docket.to_string() })
        }
        Action::RecordDecision { dispute, amount } => {
            if open(dispute)?.filed.is_none() {
                return Err(Refusal::ComesAfter { first: "file_dispute" });
            }
            in_currency(agreement, *amount)?;
            one(Event::DisputeDecided { dispute: dispute.clone(), amount: *amount })
        }
        _ => Ok(Vec::new()),
    }
}

fn in_currency(agreement: &Agreement, amount: Option<Money>) -> Result<(), Refusal> {
    match amount {
        Some(amount) if amount.currency() != agreement.currency => Err(Refusal::OtherCurrency),
        Some(amount) if amount.is_negative() => Err(Refusal::NotPositive { field: "amount" }),
        _ => Ok(()),
    }
}

/// The creditor may waive what it is owed. An invoice is corrected by a credit note alone.
pub(super) fn waive(state: &State, actor: &Actor, obligation: &Id) -> Result<Vec<Event>, Refusal> {
    in_force_or_ended(state)?;
    let open = state.open_obligation(obligation);
    let open = open.ok_or_else(|| unknown("obligation", obligation))?;
    only(actor, open.debtor.other())?;
    if open.kind == ObligationKind::Pay {
        return Err(Refusal::ComesAfter { first: "issue_credit_note" });
    }
    one(Event::ObligationWaived { obligation: obligation.clone() })
}

fn shared(state: &State) -> Result<(), Refusal> {
    let agreement = in_force_or_ended(state)?;
    match &agreement.service {
        Service::Training(terms) if matches!(terms.model, ModelOwnership::Shared(_)) => Ok(()),
        _ => Err(Refusal::NotSharedOwnership),
    }
}

/// Whether `e12` names an entry that is there.
fn is_entry(state: &State, evidence: &Id) -> bool {
    seq(evidence).is_some_and(|seq| seq < state.next_seq)
}

/// Whether evidence is named as an entry of the journal rather than by a source's own id.
fn is_seq(evidence: &Id) -> bool {
    seq(evidence).is_some()
}

fn seq(evidence: &Id) -> Option<u64> {
    evidence.as_str().strip_prefix('e')?.parse().ok()
}
