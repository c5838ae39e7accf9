//! The classification service: images, states, evaluations, exclusions. Clauses: class-4.1,
//! class-4.2, class-4.3, class-5.1, pb-04.

use units::Timestamp;

use super::with_terms;
use crate::event::Fact;
use crate::obligation::ObligationKind as Kind;
use crate::rules;
use crate::state::{Evaluation, Exclusion, ImageBucket, ServiceStretch, State};
use crate::terms::Service;

pub(super) fn apply(state: &mut State, fact: &Fact, at: Timestamp, seq: u64) {
    match fact {
        Fact::ImagesAnswered { class, window, count, in_time } => {
            let key = (window.from.seconds().div_euclid(3_600), *class);
            let empty =
                ImageBucket { count: 0, in_time: 0, records: 0, first_seq: seq, last_seq: seq };
            let bucket = state.facts.images.entry(key).or_insert(empty);
            bucket.count += count;
            bucket.in_time += in_time;
            bucket.records += 1;
            bucket.last_seq = seq;
        }
        Fact::ServiceObserved { window, state: service } => {
            state.facts.service.push(ServiceStretch { window: *window, state: *service, seq });
        }
        Fact::ServiceDelivered { .. } => {
            state.facts.service_delivered.get_or_insert((at, seq));
            state.close(Kind::Deliver, "", at, seq);
            let opening = with_terms(state, |agreement| rules::evaluation(agreement, at));
            state.open_all(opening, seq);
        }
        Fact::AccuracyEvaluated { test_set, ratio, .. } => {
            let evaluation = Evaluation { test_set: test_set.clone(), ratio: *ratio, at, seq };
            state.facts.evaluations.push(evaluation);
            state.close(Kind::Evaluate, "", at, seq);
            let (next, restore) = with_terms(state, |agreement| {
                let Service::Classification(terms) = &agreement.service else {
                    return (None, None);
                };
                let below = !ratio.reaches(terms.accuracy.ongoing);
                let restore = rules::restore_accuracy(agreement, at).filter(|_| below);
                (rules::evaluation(agreement, at), restore)
            });
            state.open_all(next, seq);
            match restore {
                Some(opening) if !state.open.contains_key(&opening.name) => {
                    state.open_all([opening], seq);
                }
                Some(_) => {}
                None => state.close(Kind::RestoreAccuracy, "", at, seq),
            }
        }
        Fact::CustomModelDelivered { model, ratio } => {
            state.facts.custom_models.insert(model.clone(), (*ratio, at, seq));
        }
        Fact::ExclusionAgreed { exclusion, side, window, reason } => {
            let fresh = Exclusion {
                window: *window,
                reason: *reason,
                sides: alloc::collections::BTreeSet::new(),
                seq,
            };
            let found = state.facts.exclusions.entry(exclusion.clone()).or_insert(fresh);
            if found.window == *window && found.reason == *reason {
                found.sides.insert(*side);
                found.seq = seq;
            }
        }
        _ => {}
    }
}
