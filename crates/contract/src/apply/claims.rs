//! Claims, disputes and patents. Clauses: train-6.2, train-8.1, train-9.1, pb-06.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use units::Timestamp;

use super::with_terms;
use crate::event::{ClaimBasis, Event};
use crate::obligation::{Due, ObligationKind as Kind, Opening};
use crate::rules;
use crate::state::{ClaimState, Dispute, PatentProposal, State};
use crate::terms::Service;

pub(super) fn apply(state: &mut State, event: &Event, at: Timestamp, seq: u64) {
    match event {
        Event::ClaimRaised(claim) => {
            let openings: Vec<Opening> = match &claim.basis {
                ClaimBasis::Indemnity { indemnity } => with_terms(state, |agreement| {
                    let (id, by) = (&claim.claim, claim.by);
                    rules::indemnity(agreement, indemnity, id, by, claim.occurred, at)
                }),
                _ => Vec::new(),
            };
            let fresh = ClaimState {
                claim: claim.clone(),
                raised: (at, seq),
                accepted: None,
                notified: None,
                defended: None,
                settled: None,
            };
            state.claims.insert(claim.claim.clone(), fresh);
            state.open_all(openings, seq);
        }
        Event::ClaimAnswered { claim, accepted } => {
            if let Some(found) = state.claims.get_mut(claim) {
                found.accepted = Some(*accepted);
            }
        }
        Event::DefenceAssumed { claim } => {
            if let Some(found) = state.claims.get_mut(claim) {
                found.defended = Some(at);
            }
            state.close(Kind::Defend, claim.as_str(), at, seq);
        }
        Event::ClaimSettled { claim, amount } => {
            if let Some(found) = state.claims.get_mut(claim) {
                found.settled = Some(*amount);
            }
        }
        Event::DisputeOpened { dispute, by, subject, .. } => {
            let opening = with_terms(state, |agreement| {
                let due = Due::After(agreement.disputes.negotiation);
                let id = dispute.as_str();
                Some(Opening::new(Kind::Negotiate, id, by.other(), "train-9.1", at, due))
            });
            let (by, subject, opened) = (*by, subject.clone(), (at, seq));
            let offers = BTreeMap::new();
            let fresh = Dispute { by, subject, opened, offers, filed: None, ended: None };
            state.disputes.insert(dispute.clone(), fresh);
            state.open_all(opening, seq);
        }
        Event::DisputeSettlementOffered { dispute, by, amount } => {
            if let Some(found) = state.disputes.get_mut(dispute) {
                found.offers.insert(*by, *amount);
            }
        }
        Event::DisputeSettled { dispute, amount } | Event::DisputeDecided { dispute, amount } => {
            if let Some(found) = state.disputes.get_mut(dispute) {
                found.ended = Some((at, *amount));
            }
            state.close(Kind::Negotiate, dispute.as_str(), at, seq);
        }
        Event::DisputeFiled { dispute, .. } => {
            if let Some(found) = state.disputes.get_mut(dispute) {
                found.filed = Some(at);
            }
            state.drop_open(Kind::Negotiate, dispute.as_str(), seq);
        }
        Event::PatentProposed { proposal, by } => {
            let (by, joins) = (*by, None);
            state.patents.insert(proposal.clone(), PatentProposal { by, at, joins });
            let opening = with_terms(state, |agreement| match &agreement.service {
                Service::Training(terms) => match &terms.model {
                    crate::terms::ModelOwnership::Shared(shared) => {
                        let due = Due::After(shared.patent_answer);
                        let (id, kind) = (proposal.as_str(), Kind::AnswerPatent);
                        Some(Opening::new(kind, id, by.other(), "train-6.2", at, due))
                    }
                    _ => None,
                },
                _ => None,
            });
            state.open_all(opening, seq);
        }
        Event::PatentAnswered { proposal, joins } => {
            if let Some(found) = state.patents.get_mut(proposal) {
                found.joins = Some(*joins);
            }
            state.close(Kind::AnswerPatent, proposal.as_str(), at, seq);
        }
        _ => {}
    }
}
