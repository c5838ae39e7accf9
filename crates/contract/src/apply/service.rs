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
            bucket.count = bucket.count.saturating_add(*count);
            bucket.in_time = bucket.in_time.saturating_add(*in_time);
            bucket.records = bucket.records.saturating_add(1);
            bucket.last_seq = seq;
            let before = state.facts.images_total;
            state.facts.images_total = before.saturating_add(*count);
            let after = state.facts.images_total;
            let owed = with_terms(state, |agreement| {
                rules::statement_by_quantity(agreement, before, after, at)
            });
            state.open_all(owed, seq);
        }
        Fact::ServiceObserved { window, state: service } => {
            state.facts.service.push(ServiceStretch { window: *window, state: *service, seq });
        }
        Fact::ServiceDelivered { .. } if state.facts.service_delivered.is_none() => {
            state.facts.service_delivered = Some((at, seq));
            state.close(Kind::Deliver, "", at, seq);
            state.open_recurring(|agreement| rules::evaluation(agreement, at), seq);
            state.open_recurring(
                |agreement| rules::statement_of_month(agreement, at.date(&agreement.zone)),
                seq,
            );
        }
        Fact::AccuracyEvaluated { test_set, ratio, .. } => {
            let evaluation = Evaluation { test_set: test_set.clone(), ratio: *ratio, at, seq };
            state.facts.evaluations.push(evaluation);
            state.close(Kind::Evaluate, "", at, seq);
            state.open_recurring(|agreement| rules::evaluation(agreement, at), seq);
            let below = with_terms(state, |agreement| match &agreement.service {
                Service::Classification(terms) => !ratio.reaches(terms.accuracy.ongoing),
                _ => false,
            });
            if below {
                state.open_recurring(|agreement| rules::restore_accuracy(agreement, at), seq);
            } else {
                state.close(Kind::RestoreAccuracy, "", at, seq);
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
