//! Force majeure, reminders, notice, the end, renewal. Clauses: lease-2.2, lease-7.1, lease-7.2,
//! train-10.1, pb-07.

use alloc::vec::Vec;

use units::Timestamp;

use super::with_terms;
use crate::event::{Event, TerminationGround};
use crate::obligation::{Due, ObligationKind as Kind, Opening};
use crate::rules;
use crate::state::{Ended, ForceMajeureCase, Notice, Reminder, State};

/// What has no object once the agreement has ended.
const ONLY_IN_FORCE: [Kind; 12] = [
    Kind::ProvideGuideline,
    Kind::ProvideData,
    Kind::Prepay,
    Kind::Deliver,
    Kind::Upgrade,
    Kind::Evaluate,
    Kind::RestoreAccuracy,
    Kind::ReportSecurity,
    Kind::Repair,
    Kind::Rework,
    Kind::CustomerDuty,
    Kind::Cure,
];

/// A notice that one party may give ends the agreement on its day; a proposal to end by agreement
/// does so once both name the same instant. Of several the earliest ends it, and none takes back
/// another. Clauses: train-10.1.1, lease-7.2.
fn take_notice(state: &mut State, notice: Notice) {
    if notice.ground == TerminationGround::Agreement {
        let other = state.proposed_ends.get(&notice.by.other());
        let agreed = other.is_some_and(|other| other.effective == notice.effective);
        state.proposed_ends.insert(notice.by, notice.clone());
        if !agreed {
            return;
        }
    }
    if state.notice.as_ref().is_none_or(|standing| notice.effective < standing.effective) {
        state.notice = Some(notice);
    }
}

pub(super) fn apply(state: &mut State, event: &Event, at: Timestamp, seq: u64) {
    match event {
        Event::ForceMajeureDeclared { case, side, from } => {
            let fresh = ForceMajeureCase { side: *side, from: *from, to: None, proven: false, seq };
            state.force_majeure.insert(case.clone(), fresh);
            let openings: Vec<Opening> = with_terms(state, |agreement| {
                let terms = &agreement.force_majeure;
                let (id, clause) = (case.as_str(), "lease-7.2.3");
                let (notice, proof) = (Due::After(terms.notice), Due::After(terms.proof));
                alloc::vec![
                    Opening::new(Kind::NotifyForceMajeure, id, *side, clause, *from, notice),
                    Opening::new(Kind::ProveForceMajeure, id, *side, clause, *from, proof),
                ]
            });
            state.open_all(openings, seq);
            state.close(Kind::NotifyForceMajeure, case.as_str(), at, seq);
        }
        Event::ForceMajeureProven { case, .. } => {
            if let Some(found) = state.force_majeure.get_mut(case) {
                found.proven = true;
            }
            state.close(Kind::ProveForceMajeure, case.as_str(), at, seq);
        }
        Event::ForceMajeureEnded { case, to } => {
            if let Some(found) = state.force_majeure.get_mut(case) {
                found.to = Some(*to);
            }
        }
        Event::BreachReminded { reminder, breach_by, breach, .. } => {
            let fresh = Reminder { breach_by: *breach_by, breach: *breach, at, cured: None };
            state.reminders.insert(reminder.clone(), fresh);
            let opening = with_terms(state, |agreement| {
                let due = Due::After(agreement.termination.cure);
                let id = reminder.as_str();
                Some(Opening::new(Kind::Cure, id, *breach_by, "lease-7.2.1", at, due))
            });
            state.open_all(opening, seq);
        }
        Event::BreachCured { reminder } => {
            if let Some(found) = state.reminders.get_mut(reminder) {
                found.cured = Some(at);
            }
            state.close(Kind::Cure, reminder.as_str(), at, seq);
        }
        Event::TerminationNotified { by, ground, effective, .. } => {
            let notice = Notice { seq, by: *by, ground: *ground, effective: *effective };
            take_notice(state, notice);
        }
        Event::AgreementEnded { ground } if state.ended.is_none() => {
            let named = match (ground, &state.notice, &state.agreement) {
                (TerminationGround::Expiry, _, Some(terms)) => terms.term.ends.end(&terms.zone),
                (_, Some(notice), _) => notice.effective,
                _ => at,
            };
            let ended = Ended { seq, at: named.min(at), ground: *ground };
            state.ended = Some(ended);
            state.drop_not_due(&ONLY_IN_FORCE, ended.at, seq);
            let from = ended.last_in_force();
            let openings = with_terms(state, |agreement| rules::on_end(agreement, from));
            state.open_all(openings, seq);
        }
        Event::RenewalRequested { until } => state.renewal = Some(*until),
        Event::RenewalAgreed { until } => {
            state.renewal = None;
            if let Some(agreement) = &mut state.agreement {
                agreement.term.ends = *until;
            }
            if let Some(drafted) = &mut state.drafted {
                drafted.term.ends = *until;
            }
        }
        _ => {}
    }
}
