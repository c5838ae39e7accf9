//! Deliveries of annotation work, and the acceptance of deliveries and of training rounds.
//! Clauses: anno-3.4, anno-3.5, anno-3.6, anno-4.1.1.

use alloc::vec::Vec;

use units::{Id, Timestamp};

use super::with_terms;
use crate::event::Fact;
use crate::obligation::{ObligationKind as Kind, Opening};
use crate::rules;
use crate::state::{Delivery, State};
use crate::terms::{Service, Side};

pub(super) fn accept(state: &mut State, delivery: &Id, at: Timestamp, seq: u64) {
    state.close(Kind::Inspect, delivery.as_str(), at, seq);
    if let Some(found) = state.facts.deliveries.get_mut(delivery) {
        found.accepted = Some((at, seq));
        found.rejected = None;
        if ordered_is_accepted(state) {
            state.close(Kind::Deliver, "", last_submission(state), seq);
        }
        return;
    }
    let round = state.facts.rounds.iter_mut().find(|(n, _)| rules::round_name(**n) == *delivery);
    if let Some((_, round)) = round {
        round.accepted = Some((at, seq));
        let delivered = round.delivered.map_or(at, |(delivered, _)| delivered);
        state.close(Kind::Deliver, "", delivered, seq);
        let sides = [Side::Customer, Side::Vendor];
        let openings: Vec<Opening> = with_terms(state, |agreement| {
            sides.iter().filter_map(|side| rules::revenue_report(agreement, *side, at)).collect()
        });
        state.open_all(openings, seq);
    }
}

/// A rejected round closes with its seeds: the next round is sampled with new ones, since the old
/// are known to both. Clauses: anno-3.6, anno-4.1.1, train-4.3.
pub(super) fn reject(state: &mut State, delivery: &Id, at: Timestamp, seq: u64) {
    state.close(Kind::Inspect, delivery.as_str(), at, seq);
    let mut last = None;
    if let Some(found) = state.facts.deliveries.get_mut(delivery) {
        found.rejected = Some((at, seq));
        found.commitments.clear();
        found.seeds.clear();
        last = Some(found.round);
    } else if let Some((number, round)) =
        state.facts.rounds.iter_mut().find(|(n, _)| rules::round_name(**n) == *delivery)
    {
        round.returned = Some(at);
        last = Some(*number);
    }
    let opening = with_terms(state, |agreement| {
        last.and_then(|last| rules::rework(agreement, delivery, last, at))
    });
    state.open_all(opening, seq);
}

/// Whether accepted deliveries hold all that was ordered. Clauses: anno-3.6, anno-4.2.2.
fn ordered_is_accepted(state: &State) -> bool {
    let Some(Service::Annotation(terms)) = state.agreement.as_ref().map(|terms| &terms.service)
    else {
        return false;
    };
    terms.items.iter().all(|item| {
        let accepted = state.facts.deliveries.values().filter(|d| d.accepted.is_some());
        let units = accepted.flat_map(|delivery| &delivery.items);
        let of_item = units.filter(|count| count.item == item.id);
        let units = of_item.fold(0_u64, |sum, count| sum.saturating_add(count.quantity));
        units >= item.quantity
    })
}

/// When the last accepted delivery was handed over: that decides whether the work was in time.
fn last_submission(state: &State) -> Timestamp {
    let accepted = state.facts.deliveries.values().filter(|d| d.accepted.is_some());
    let last = accepted.map(|delivery| delivery.submitted.0).max();
    last.or(state.last_at).unwrap_or(Timestamp::from_micros(0))
}

/// Whether a batch or dataset holds as many units as were agreed. Clauses: anno-3.4, train-3.1.
pub(super) fn data_is_complete(state: &State, batch: &Id) -> bool {
    let have = state.facts.data.get(batch).map_or(0, |(quantity, _)| *quantity);
    let Some(agreement) = &state.agreement else { return false };
    let need = match &agreement.service {
        Service::Annotation(terms) => {
            terms.data_schedule.iter().find(|row| row.id == *batch).map(|row| row.quantity)
        }
        Service::Training(terms) => {
            terms.datasets.iter().find(|row| row.id == *batch).and_then(|row| row.records)
        }
        _ => None,
    };
    need.is_none_or(|need| have >= need)
}

pub(super) fn apply(state: &mut State, fact: &Fact, at: Timestamp, seq: u64) {
    match fact {
        Fact::DeliverySubmitted { delivery, round, items, .. } => {
            let entry = state.facts.deliveries.entry(delivery.clone());
            let found = entry.or_insert_with(|| Delivery::new(at, seq));
            found.round = *round;
            found.items.clone_from(items);
            found.submitted = (at, seq);
            found.inspected = None;
            found.rejected = None;
            state.close(Kind::Rework, delivery.as_str(), at, seq);
            let opening = with_terms(state, |agreement| rules::inspection(agreement, delivery, at));
            state.open_all(opening, seq);
        }
        Fact::SeedCommitted { delivery, side, commitment } => {
            let entry = state.facts.deliveries.entry(delivery.clone());
            let found = entry.or_insert_with(|| Delivery::new(at, seq));
            found.commitments.insert(*side, commitment.clone());
        }
        Fact::SeedRevealed { delivery, side, seed } => {
            if let Some(found) = state.facts.deliveries.get_mut(delivery) {
                found.seeds.insert(*side, seed.clone());
            }
        }
        Fact::Inspected { delivery, round, results, .. } => {
            let undecided = state.facts.deliveries.get_mut(delivery);
            if let Some(found) = undecided.filter(|found| found.accepted.is_none()) {
                found.inspected = Some((*round, results.clone(), seq));
            }
        }
        _ => {}
    }
}

impl Delivery {
    fn new(at: Timestamp, seq: u64) -> Self {
        Self {
            round: 0,
            items: Vec::new(),
            submitted: (at, seq),
            inspected: None,
            accepted: None,
            rejected: None,
            commitments: alloc::collections::BTreeMap::new(),
            seeds: alloc::collections::BTreeMap::new(),
        }
    }
}
