//! Facts and the decisions on deliveries: who may record what, in which order.
//! Clauses: anno-3.3, anno-3.5, anno-3.6, anno-4.1.1, train-2.2.3, train-4.2, train-4.3, lease-4.1,
//! pb-02, pb-07.

use alloc::string::ToString;
use alloc::vec::Vec;

use units::{Duration, DurationUnit, Id, Metric, Timestamp, Window};

use super::{decided, exists, in_force, in_force_or_ended, one, only, past, unknown};
use crate::access::{Resource, may};
use crate::event::{Actor, ClaimBasis, Event, Fact, SourceRecord};
use crate::obligation::{ObligationKind, name};
use crate::refusal::Refusal;
use crate::rules::{clause, round_name};
use crate::state::State;
use crate::terms::{Agreement, DeletionStart, IndemnityScope, Purpose, Service, Side};

pub(super) fn record(
    state: &State,
    actor: &Actor,
    fact: &Fact,
    source: Option<&SourceRecord>,
    at: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    let agreement = in_force_or_ended(state)?;
    check_fact(state, agreement, actor, fact, at)?;
    one(Event::FactRecorded { fact: fact.clone(), source: source.cloned() })
}

fn check_fact(
    state: &State,
    agreement: &Agreement,
    actor: &Actor,
    fact: &Fact,
    at: Timestamp,
) -> Result<(), Refusal> {
    match fact {
        Fact::DutyFulfilled { .. }
        | Fact::AuditRequested { .. }
        | Fact::ConsentGiven { .. }
        | Fact::ConsentWithdrawn { .. }
        | Fact::ExportAccepted => only(actor, Side::Customer)?,
        Fact::DocumentationDelivered { .. }
        | Fact::SecurityReportProvided { .. }
        | Fact::AuditAnswered { .. }
        | Fact::ServiceDelivered { .. } => only(actor, Side::Vendor)?,
        // Machines of the deployment may vouch for it, the party that waits for it may not.
        Fact::ExportProvided { .. } | Fact::DataDeleted { .. } if actor.is_of(Side::Customer) => {
            return Err(Refusal::WrongParty { need: Side::Vendor });
        }
        Fact::SeedCommitted { side, .. }
        | Fact::SeedRevealed { side, .. }
        | Fact::RevenueReported { side, .. }
        | Fact::ExclusionAgreed { side, .. } => only(actor, *side)?,
        _ => {}
    }
    check_times(fact, at)?;
    match fact {
        Fact::GuidelineProvided { version, .. } => guideline(state, agreement, actor, *version),
        Fact::DataProvided { batch, quantity, sha256 } => {
            data(agreement, actor, batch, *quantity)?;
            if state.facts.manifests.contains(&(batch.clone(), sha256.clone())) {
                return Err(exists("manifest", batch));
            }
            Ok(())
        }
        Fact::DutyFulfilled { duty } => {
            let known = agreement.customer_duties.iter().any(|row| row.id == *duty);
            if known { Ok(()) } else { Err(unknown("duty", duty)) }
        }
        Fact::DeliverySubmitted { .. }
        | Fact::SeedCommitted { .. }
        | Fact::SeedRevealed { .. }
        | Fact::SampleDrawn { .. }
        | Fact::Inspected { .. } => delivery(state, agreement, actor, fact),
        Fact::TestSetSealed { .. }
        | Fact::RunFinished { .. }
        | Fact::TestSetOpened { .. }
        | Fact::ModelEvaluated { .. }
        | Fact::ModelDelivered { .. }
        | Fact::FeedbackGiven { .. }
        | Fact::DocumentationDelivered { .. }
        | Fact::RevenueReported { .. } => training(state, agreement, actor, fact),
        Fact::JobRan { .. }
        | Fact::StorageSampled { .. }
        | Fact::NodeChanged { .. }
        | Fact::UpgradeAnnounced { .. }
        | Fact::Upgraded { .. }
        | Fact::Probed { .. } => lease(agreement, fact),
        Fact::ImagesAnswered { .. }
        | Fact::AccuracyEvaluated { .. }
        | Fact::ServiceDelivered { .. } => service(agreement, fact),
        Fact::CustomModelDelivered { model, ratio } => {
            custom_model(agreement, model)?;
            part_of("hits", ratio.hits, ratio.total)
        }
        Fact::ExclusionAgreed { exclusion, side, window, reason } => {
            let found = state.facts.exclusions.get(exclusion);
            match found {
                Some(found) if found.window != *window || found.reason != *reason => {
                    Err(exists("exclusion", exclusion))
                }
                Some(found) if found.sides.contains(side) => Err(decided("exclusion", exclusion)),
                _ => Ok(()),
            }
        }
        Fact::AuditRequested { audit } => audited(state, agreement, audit, at),
        Fact::ResourceUsed { side, purpose, .. } => used(state, *side, *purpose, at),
        Fact::DataDeleted { .. } => deleted(state, agreement, at),
        Fact::UseStopped | Fact::ExportProvided { .. } => ended(state),
        Fact::ExportAccepted => {
            ended(state)?;
            let provided = state.facts.exported;
            provided.map(|_| ()).ok_or(Refusal::ComesAfter { first: "export_provided" })
        }
        Fact::IndemnityNotified { claim, scope } => indemnified(state, agreement, claim, *scope),
        _ => Ok(()),
    }
}

/// Times in a fact lie in the past, and stretches have a length.
fn check_times(fact: &Fact, at: Timestamp) -> Result<(), Refusal> {
    let stretch = |window: &Window| {
        if window.from >= window.to {
            return Err(Refusal::EmptyWindow);
        }
        past(window.to, at)
    };
    match fact {
        Fact::JobRan { window, .. } if window.to < window.from => Err(Refusal::EmptyWindow),
        Fact::JobRan { window, .. } => past(window.to, at),
        Fact::ImagesAnswered { window, .. }
        | Fact::ServiceObserved { window, .. }
        | Fact::RevenueReported { window, .. }
        | Fact::SupportRendered { window, .. } => stretch(window),
        Fact::ExclusionAgreed { window, .. } if window.from >= window.to => {
            Err(Refusal::EmptyWindow)
        }
        Fact::StorageSampled { taken, .. } => past(*taken, at),
        Fact::NodeChanged { since, .. } => past(*since, at),
        Fact::BreachDiscovered { discovered, .. } => past(*discovered, at),
        _ => Ok(()),
    }
}

/// A guideline follows the one before it. Clauses: anno-3.3, anno-4.1.3.
fn guideline(
    state: &State,
    agreement: &Agreement,
    actor: &Actor,
    version: u32,
) -> Result<(), Refusal> {
    only(actor, Side::Customer)?;
    if !matches!(agreement.service, Service::Annotation(_)) {
        return Err(Refusal::OtherKind { need: "annotation" });
    }
    let last = state.facts.guidelines.keys().next_back();
    let expected = last.map_or(1, |last| last.saturating_add(1));
    if version == expected {
        Ok(())
    } else {
        Err(Refusal::RoundOutOfOrder { expected, got: version })
    }
}

/// Only so many audits in any twelve months. Clause: pb-08.
fn audited(state: &State, agreement: &Agreement, audit: &Id, at: Timestamp) -> Result<(), Refusal> {
    if state.facts.audits.contains_key(audit) {
        return Err(exists("audit", audit));
    }
    let year = Duration::new(1, DurationUnit::Years);
    let calendar = agreement.calendar.calendar();
    let asked = state.facts.audits.values();
    let recent = asked.filter(|asked| at < year.after(**asked, &agreement.zone, calendar).at);
    let max = agreement.compliance.audits_per_year;
    let used_up = u32::try_from(recent.count()).map_or(true, |recent| recent >= max);
    if used_up { Err(Refusal::AuditsUsedUp { max }) } else { Ok(()) }
}

/// What belongs to the wind-down comes after the end. Clauses: lease-7.3, pb-07.
fn ended(state: &State) -> Result<(), Refusal> {
    state.ended.map(|_| ()).ok_or(Refusal::ComesAfter { first: "agreement_ended" })
}

/// A third party's claim is told under the promise that covers it. Clause: pb-06.
fn indemnified(
    state: &State,
    agreement: &Agreement,
    claim: &Id,
    scope: IndemnityScope,
) -> Result<(), Refusal> {
    let found = state.claims.get(claim).ok_or_else(|| unknown("claim", claim))?;
    let ClaimBasis::Indemnity { indemnity } = &found.claim.basis else {
        return Err(unknown("indemnity", claim));
    };
    let mut promises = agreement.liability.indemnities.iter();
    let covered = promises.any(|row| row.id == *indemnity && row.against == scope);
    if !covered {
        return Err(unknown("indemnity", indemnity));
    }
    if found.notified.is_some() { Err(decided("claim", claim)) } else { Ok(()) }
}

/// Clauses: anno-3.4, train-3.1.
fn data(agreement: &Agreement, actor: &Actor, batch: &Id, quantity: u64) -> Result<(), Refusal> {
    if quantity == 0 {
        return Err(Refusal::Zero { field: "quantity" });
    }
    match &agreement.service {
        Service::Annotation(terms) => {
            only(actor, Side::Customer)?;
            let known = terms.data_schedule.iter().any(|row| row.id == *batch);
            if known { Ok(()) } else { Err(unknown("batch", batch)) }
        }
        Service::Training(terms) => {
            let row = terms.datasets.iter().find(|row| row.id == *batch);
            only(actor, row.ok_or_else(|| unknown("dataset", batch))?.by)
        }
        _ => Ok(()),
    }
}

/// Clauses: anno-3.5, anno-3.6, anno-4.1.1.
fn delivery(
    state: &State,
    agreement: &Agreement,
    actor: &Actor,
    fact: &Fact,
) -> Result<(), Refusal> {
    let Service::Annotation(terms) = &agreement.service else {
        return Err(Refusal::OtherKind { need: "annotation" });
    };
    let find = |id: &Id| state.facts.deliveries.get(id).ok_or_else(|| unknown("delivery", id));
    match fact {
        Fact::DeliverySubmitted { delivery, round, items, .. } => {
            only(actor, Side::Vendor)?;
            in_force(state)?;
            let found = state.facts.deliveries.get(delivery);
            if found.is_some_and(|found| found.accepted.is_some()) {
                return Err(decided("delivery", delivery));
            }
            let handed_over = found.map_or(0, |found| found.round);
            let expected = handed_over.saturating_add(1);
            if *round != expected {
                return Err(Refusal::RoundOutOfOrder { expected, got: *round });
            }
            if handed_over > 0 && found.is_some_and(|found| found.rejected.is_none()) {
                return Err(Refusal::ComesAfter { first: "reject" });
            }
            let max = crate::rules::rounds(&terms.acceptance);
            if *round > max {
                return Err(Refusal::TooManyRounds { max, clause: clause("anno-3.6") });
            }
            if items.is_empty() || items.iter().any(|count| count.quantity == 0) {
                return Err(Refusal::Zero { field: "items" });
            }
            let missing = items.iter().find(|c| !terms.items.iter().any(|row| row.id == c.item));
            match missing {
                Some(count) => Err(unknown("item", &count.item)),
                None => Ok(()),
            }
        }
        Fact::SeedCommitted { delivery, side, .. } => {
            let found = state.facts.deliveries.get(delivery);
            // Before the first round, or between a rejected round and the next one.
            if found.is_some_and(|found| found.round > 0 && found.rejected.is_none()) {
                return Err(Refusal::SeedTooLate);
            }
            if found.is_some_and(|found| found.commitments.contains_key(side)) {
                return Err(decided("seed", delivery));
            }
            Ok(())
        }
        Fact::SeedRevealed { delivery, side, .. } => {
            let found = find(delivery)?;
            if found.round == 0 || found.rejected.is_some() {
                return Err(Refusal::ComesAfter { first: "delivery_submitted" });
            }
            for side in [*side, side.other()] {
                if !found.commitments.contains_key(&side) {
                    return Err(Refusal::SeedNotCommitted { side });
                }
            }
            if found.seeds.contains_key(side) {
                return Err(decided("seed", delivery));
            }
            Ok(())
        }
        Fact::SampleDrawn { delivery, lot, sample, .. } => {
            let found = find(delivery)?;
            for side in [Side::Customer, Side::Vendor] {
                if !found.seeds.contains_key(&side) {
                    return Err(Refusal::SeedNotCommitted { side });
                }
            }
            part_of("sample", *sample, *lot)
        }
        Fact::Inspected { delivery, round, results, .. } => {
            let found = find(delivery)?;
            if *round != found.round || found.round == 0 {
                return Err(Refusal::RoundOutOfOrder { expected: found.round, got: *round });
            }
            if found.accepted.is_some() || found.rejected.is_some() {
                return Err(decided("delivery", delivery));
            }
            let missing =
                results.iter().find(|row| !terms.items.iter().any(|item| item.id == row.item));
            match missing {
                Some(row) => Err(unknown("item", &row.item)),
                None => Ok(()),
            }
        }
        _ => Ok(()),
    }
}

/// Rounds run in order on a test set that was sealed before, each is evaluated once, and feedback
/// comes on what was delivered. Clauses: train-2.2.3, train-2.2.4, train-4.2, train-4.3,
/// train-6.1.3.
fn training(
    state: &State,
    agreement: &Agreement,
    actor: &Actor,
    fact: &Fact,
) -> Result<(), Refusal> {
    let Service::Training(terms) = &agreement.service else {
        return Err(Refusal::OtherKind { need: "training" });
    };
    let last = state.facts.rounds.keys().next_back().copied();
    match fact {
        Fact::TestSetSealed { test_set, items, .. } => {
            if *test_set != terms.test_set.id {
                return Err(Refusal::OtherTestSet { agreed: terms.test_set.id.clone() });
            }
            if state.facts.test_set.is_some() || last.is_some() {
                return Err(decided("test_set", test_set));
            }
            part_of("items", terms.test_set.items, *items)
        }
        Fact::RunFinished { round, .. } => {
            in_force(state)?;
            if state.facts.test_set.is_none() {
                return Err(Refusal::TestSetNotSealed);
            }
            let expected = last.map_or(1, |last| last.saturating_add(1));
            if *round != expected {
                return Err(Refusal::RoundOutOfOrder { expected, got: *round });
            }
            if *round > terms.max_rounds {
                let (max, clause) = (terms.max_rounds, clause("train-4.3"));
                return Err(Refusal::TooManyRounds { max, clause });
            }
            Ok(())
        }
        Fact::TestSetOpened { round, test_set, sha256, model } => {
            if *test_set != terms.test_set.id {
                return Err(Refusal::OtherTestSet { agreed: terms.test_set.id.clone() });
            }
            let sealed = state.facts.test_set.as_ref().ok_or(Refusal::TestSetNotSealed)?;
            if sealed.sha256 != *sha256 {
                return Err(Refusal::TestSetChanged { sealed: sealed.sha256.clone() });
            }
            let found = state.facts.rounds.get(round).filter(|found| found.run.is_some());
            let found = found.ok_or(Refusal::ComesAfter { first: "run_finished" })?;
            match found.report.as_ref().filter(|trained| *trained != model) {
                Some(trained) => Err(Refusal::OtherModel { trained: trained.clone() }),
                None => Ok(()),
            }
        }
        Fact::ModelEvaluated { round, test_set, .. } => {
            if *test_set != terms.test_set.id {
                return Err(Refusal::OtherTestSet { agreed: terms.test_set.id.clone() });
            }
            let found = state.facts.rounds.get(round).filter(|found| found.run.is_some());
            let found = found.ok_or(Refusal::ComesAfter { first: "run_finished" })?;
            if found.results.is_some() {
                return Err(decided("evaluation", &round_name(*round)));
            }
            Ok(())
        }
        Fact::ModelDelivered { round, .. } => {
            only(actor, Side::Vendor)?;
            let found = state.facts.rounds.get(round).filter(|round| round.run.is_some());
            let found = found.ok_or(Refusal::ComesAfter { first: "run_finished" })?;
            if found.delivered.is_some() {
                return Err(decided("round", &round_name(*round)));
            }
            Ok(())
        }
        Fact::FeedbackGiven { round } => {
            only(actor, Side::Customer)?;
            let found = state.facts.rounds.get(round).filter(|found| found.delivered.is_some());
            let found = found.ok_or(Refusal::ComesAfter { first: "model_delivered" })?;
            if found.accepted.is_some() || found.returned.is_some() {
                return Err(decided("delivery", &round_name(*round)));
            }
            Ok(())
        }
        Fact::RevenueReported { side, window, amount } => {
            if amount.is_negative() {
                return Err(Refusal::NotPositive { field: "amount" });
            }
            let mut own = state.facts.revenue.iter().filter(|row| row.side == *side);
            if own.any(|row| row.window.intersect(*window).is_some()) {
                return Err(Refusal::Exists { what: "revenue", name: side.code().to_string() });
            }
            if amount.currency() != agreement.currency {
                return Err(Refusal::OtherCurrency);
            }
            match terms.model {
                crate::terms::ModelOwnership::Shared(_) => Ok(()),
                _ => Err(Refusal::NotSharedOwnership),
            }
        }
        _ => Ok(()),
    }
}

/// Clauses: lease-1.2, lease-4.1.
fn lease(agreement: &Agreement, fact: &Fact) -> Result<(), Refusal> {
    let Service::Lease(terms) = &agreement.service else {
        return Err(Refusal::OtherKind { need: "lease" });
    };
    match fact {
        Fact::JobRan { devices, .. } if devices.is_empty() => {
            Err(Refusal::Zero { field: "devices" })
        }
        Fact::Probed { resource, .. } => {
            let server = terms.servers.iter().any(|row| row.id == *resource);
            let other = ["storage", "network"].contains(&resource.as_str());
            if server || other { Ok(()) } else { Err(unknown("resource", resource)) }
        }
        _ => Ok(()),
    }
}

/// Clauses: class-3.1.2, class-4.1, class-4.2, class-4.3.
fn service(agreement: &Agreement, fact: &Fact) -> Result<(), Refusal> {
    let Service::Classification(_) = &agreement.service else {
        return Err(Refusal::OtherKind { need: "classification" });
    };
    match fact {
        Fact::ImagesAnswered { count: 0, .. } => Err(Refusal::Zero { field: "count" }),
        Fact::ImagesAnswered { count, in_time, .. } => part_of("in_time", *in_time, *count),
        Fact::AccuracyEvaluated { ratio, .. } => part_of("hits", ratio.hits, ratio.total),
        _ => Ok(()),
    }
}

fn custom_model(agreement: &Agreement, model: &Id) -> Result<(), Refusal> {
    let Service::Classification(terms) = &agreement.service else {
        return Err(Refusal::OtherKind { need: "classification" });
    };
    let known = terms.custom_models.iter().any(|row| row.id == *model);
    if known { Ok(()) } else { Err(unknown("custom_model", model)) }
}

/// Training on customer data without consent is refused, not logged. Clause: pb-02.
fn used(state: &State, side: Side, purpose: Purpose, at: Timestamp) -> Result<(), Refusal> {
    may(state, side, Resource::CustomerData, purpose, at)
}

/// Data is not deleted while the customer may still take it out. Clauses: pb-01, pb-07.
fn deleted(state: &State, agreement: &Agreement, at: Timestamp) -> Result<(), Refusal> {
    let ended = state.ended.ok_or(Refusal::ComesAfter { first: "agreement_ended" })?;
    if state.facts.deleted.is_some() {
        return Err(Refusal::Decided { what: "data", name: "deleted".to_string() });
    }
    let waits = agreement.data_rights.delete_after == DeletionStart::Export;
    if !waits || state.facts.export_accepted.is_some() {
        return Ok(());
    }
    let window = agreement.termination.export_window;
    let until =
        window.after(ended.last_in_force(), &agreement.zone, agreement.calendar.calendar()).at;
    if at < until { Err(Refusal::ExportNotFinished { until }) } else { Ok(()) }
}

/// Clauses: anno-4.1.1, train-2.1.4.
pub(super) fn accept(state: &State, actor: &Actor, delivery: &Id) -> Result<Vec<Event>, Refusal> {
    only(actor, Side::Customer)?;
    undecided(state, delivery)?;
    one(Event::DeliveryAccepted { delivery: delivery.clone(), deemed: false })
}

/// Clauses: anno-4.1.1, train-4.3.
pub(super) fn reject(
    state: &State,
    actor: &Actor,
    delivery: &Id,
    failed: &[Metric],
    at: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    only(actor, Side::Customer)?;
    undecided(state, delivery)?;
    let agreement = in_force_or_ended(state)?;
    let inspection = state.open_obligation(&name(ObligationKind::Inspect, delivery.as_str()));
    if let Some(inspection) = inspection.filter(|_| deems_acceptance(agreement)) {
        let until = inspection.deadline(agreement, state, at).at;
        if at >= until {
            return Err(Refusal::TimeIsOver { at: until, clause: clause("anno-4.1.1") });
        }
    }
    if failed.is_empty() {
        return Err(Refusal::Zero { field: "failed" });
    }
    one(Event::DeliveryRejected { delivery: delivery.clone(), failed: failed.to_vec() })
}

fn undecided(state: &State, delivery: &Id) -> Result<(), Refusal> {
    in_force_or_ended(state)?;
    if let Some(found) = state.facts.deliveries.get(delivery).filter(|found| found.round > 0) {
        let open = found.accepted.is_none() && found.rejected.is_none();
        return if open { Ok(()) } else { Err(decided("delivery", delivery)) };
    }
    let mut rounds = state.facts.rounds.iter();
    let found = rounds.find(|(number, _)| round_name(**number) == *delivery);
    match found {
        Some((_, round)) if round.delivered.is_none() => {
            Err(Refusal::ComesAfter { first: "model_delivered" })
        }
        Some((_, round)) if round.accepted.is_none() && round.returned.is_none() => Ok(()),
        Some(_) => Err(decided("delivery", delivery)),
        None => Err(unknown("delivery", delivery)),
    }
}

/// Whether silence accepts. Clause: anno-4.1.1.
pub(super) const fn deems_acceptance(agreement: &Agreement) -> bool {
    match &agreement.service {
        Service::Annotation(terms) => terms.acceptance.deemed,
        _ => false,
    }
}

fn part_of(field: &'static str, part: u64, whole: u64) -> Result<(), Refusal> {
    if part <= whole { Ok(()) } else { Err(Refusal::PartExceedsWhole { field, part, whole }) }
}
