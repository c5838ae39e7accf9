//! Force majeure, reminders, notice, the end, renewal. Clauses: lease-2.2, lease-7.1, lease-7.2,
//! train-10.1, pb-07.

use alloc::vec::Vec;

use units::Timestamp;

use super::with_terms;
use crate::event::Event;
use crate::obligation::{Due, ObligationKind as Kind, Opening};
use crate::rules;
use crate::state::{Ended, ForceMajeureCase, Notice, Reminder, State};

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
            state.notice = Some(Notice { seq, by: *by, ground: *ground, effective: *effective });
        }
        Event::AgreementEnded { ground } => {
            state.ended = Some(Ended { seq, at, ground: *ground });
            for kind in [Kind::Upgrade, Kind::Evaluate, Kind::ReportSecurity] {
                state.drop_open(kind, "", seq);
            }
            let openings = with_terms(state, |agreement| rules::on_end(agreement, at));
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
