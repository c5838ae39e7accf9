//! Rounds of training, documentation, revenue. Clauses: train-2.2.3, train-2.2.4, train-4.2,
//! train-4.3, train-6.1.3.

use alloc::vec::Vec;

use units::Timestamp;

use super::with_terms;
use crate::event::Fact;
use crate::obligation::{ObligationKind as Kind, Opening, just_before};
use crate::rules;
use crate::state::{Revenue, SealedTestSet, State};
use crate::terms::Service;

pub(super) fn apply(state: &mut State, fact: &Fact, at: Timestamp, seq: u64) {
    match fact {
        Fact::TestSetSealed { sha256, .. } => {
            state.facts.test_set =
                Some(SealedTestSet { sha256: sha256.clone(), seq, openings: Vec::new() });
        }
        Fact::TestSetOpened { round, .. } => {
            if let Some(sealed) = &mut state.facts.test_set {
                sealed.openings.push((*round, seq));
            }
        }
        Fact::RunFinished { round, parameters, data_bytes, training_seconds, report } => {
            let entry = state.facts.rounds.entry(*round).or_default();
            entry.report.clone_from(report);
            entry.run = Some((*parameters, *data_bytes, *training_seconds, seq));
        }
        Fact::ModelEvaluated { round, results, report, .. } => {
            let entry = state.facts.rounds.entry(*round).or_default();
            entry.evaluation.clone_from(report);
            entry.results = Some((results.clone(), seq));
        }
        Fact::ModelDelivered { round, .. } => {
            state.facts.rounds.entry(*round).or_default().delivered = Some((at, seq));
            if let Some(earlier) = round.checked_sub(1) {
                state.close(Kind::Rework, rules::round_name(earlier).as_str(), at, seq);
            }
            let name = rules::round_name(*round);
            let first = state.facts.documentation.is_none();
            let openings: Vec<Opening> = with_terms(state, |agreement| {
                let documentation = rules::documentation(agreement, at).filter(|_| first);
                rules::inspection(agreement, &name, at).into_iter().chain(documentation).collect()
            });
            state.open_all(openings, seq);
        }
        Fact::DocumentationDelivered { sections, .. } => {
            let complete = match state.agreement.as_ref().map(|terms| &terms.service) {
                Some(Service::Training(terms)) => {
                    terms.documentation.sections.iter().all(|section| sections.contains(section))
                }
                _ => true,
            };
            if complete {
                state.facts.documentation = Some((at, seq));
                state.close(Kind::Document, "", at, seq);
            }
        }
        Fact::FeedbackGiven { round } => {
            super::deliveries::reject(state, &rules::round_name(*round), at, seq);
        }
        Fact::RevenueReported { side, window, amount } => {
            let revenue = Revenue { side: *side, window: *window, amount: *amount, seq };
            state.facts.revenue.push(revenue);
            state.close(Kind::ReportRevenue, side.code(), at, seq);
            let opening = with_terms(state, |agreement| {
                rules::revenue_report(agreement, *side, just_before(window.to))
            });
            state.open_all(opening, seq);
        }
        _ => {}
    }
}
