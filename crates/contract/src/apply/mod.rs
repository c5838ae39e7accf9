//! The fold: one event into the state. Total: an event that does not fit changes nothing it does
//! not fit; refusing is `decide`'s work, before the event is written.

mod claims;
mod common;
mod deliveries;
mod lease;
mod life;
mod money;
mod service;
mod training;

use units::{Id, Timestamp};

use crate::event::{Event, Fact, Recorded, Version};
use crate::obligation::ObligationKind as Kind;
use crate::rules;
use crate::state::{
    DocumentSigning, Effective, OfferedVersion, ProposedDocument, SignatureStamp, State,
};
use crate::terms::Agreement;

/// Applies one recorded event.
pub fn apply(state: &mut State, recorded: &Recorded) {
    let (seq, at) = (recorded.seq, recorded.at);
    state.next_seq = seq.saturating_add(1);
    crate::effective::advance(state, at);
    state.last_at = Some(at);
    match &recorded.event {
        Event::AgreementDrafted { agreement, terms_sha256 } => {
            state.drafted = Some((**agreement).clone());
            state.terms_sha256.clone_from(terms_sha256);
            crate::effective::refresh(state);
        }
        Event::VersionOffered(version) => offered(state, version, at, seq),
        Event::PartySigned(signing) => state.signings.push(signing.clone()),
        Event::AgreementTookEffect { on } => {
            state.effective = Some(Effective { seq, at, on: *on });
            let openings = with_terms(state, |agreement| rules::on_effect(agreement, at));
            state.open_all(openings, seq);
        }
        Event::DocumentProposed { document, terms_sha256, papers } => {
            let proposed = ProposedDocument {
                document: document.clone(),
                terms_sha256: terms_sha256.clone(),
                papers: papers.clone(),
                signed: alloc::collections::BTreeMap::new(),
                seq,
            };
            state.documents.insert(document.id.clone(), proposed);
        }
        Event::DocumentSigned { document, signing } => {
            if let Some(proposed) = state.documents.get_mut(document) {
                let signing = signing.clone();
                proposed.signed.insert(signing.side, DocumentSigning { at, signing });
                if proposed.signed.len() == 2 {
                    crate::effective::refresh(state);
                }
            }
        }
        Event::SignatureStamped { side, document, token } => {
            let (document, token) = (document.clone(), token.clone());
            state.stamps.push(SignatureStamp { side: *side, document, token });
        }
        Event::FactRecorded { fact, source } => {
            if let Some(source) = source
                && let Some(number) = source.seq
            {
                state.facts.sources.entry(source.source.clone()).or_default().insert(number);
            }
            apply_fact(state, fact, at, seq);
        }
        Event::SourceConflict { have, .. } => {
            state.facts.conflicts.push((have.source.clone(), have.id.clone(), seq));
        }
        Event::DeliveryAccepted { delivery, deemed } => {
            let when = if *deemed { by_silence(state, Kind::Inspect, delivery, at) } else { at };
            deliveries::accept(state, delivery, when, seq);
        }
        Event::DeliveryRejected { delivery, .. } => deliveries::reject(state, delivery, at, seq),
        Event::ObligationWaived { obligation } => {
            if let Some(index) = state.open.remove(obligation) {
                state.obligations[index].waived = Some(seq);
            }
        }
        Event::StatementSubmitted(_)
        | Event::StatementApproved { .. }
        | Event::StatementObjected { .. }
        | Event::InvoiceIssued(_)
        | Event::CreditNoteIssued(_)
        | Event::PaymentRecorded(_) => money::apply(state, &recorded.event, at, seq),
        Event::ForceMajeureDeclared { .. }
        | Event::ForceMajeureProven { .. }
        | Event::ForceMajeureEnded { .. }
        | Event::BreachReminded { .. }
        | Event::BreachCured { .. }
        | Event::TerminationNotified { .. }
        | Event::AgreementEnded { .. }
        | Event::RenewalRequested { .. }
        | Event::RenewalAgreed { .. } => life::apply(state, &recorded.event, at, seq),
        _ => claims::apply(state, &recorded.event, at, seq),
    }
}

/// When silence decided: with the last instant of the time to decide, however late it was noted.
fn by_silence(state: &State, kind: Kind, subject: &Id, at: Timestamp) -> Timestamp {
    let open = state.open_obligation(&crate::obligation::name(kind, subject.as_str()));
    match (open, &state.agreement) {
        (Some(open), Some(agreement)) => open.last_instant(agreement, state, at).min(at),
        _ => at,
    }
}

fn with_terms<T: Default>(state: &State, rule: impl FnOnce(&Agreement) -> T) -> T {
    state.agreement.as_ref().map_or_else(T::default, rule)
}

/// A version takes the place of what stood; nobody has signed it yet.
fn offered(state: &mut State, version: &Version, at: Timestamp, seq: u64) {
    let mut replaced = None;
    if let Some(terms) = &version.terms {
        replaced = state.drafted.replace((**terms).clone());
        state.terms_sha256.clone_from(&version.terms_sha256);
        crate::effective::refresh(state);
    }
    state.signings.clear();
    state.stamps.clear();
    state.versions.push(OfferedVersion { version: version.clone(), replaced, seq, at });
}

fn apply_fact(state: &mut State, fact: &Fact, at: Timestamp, seq: u64) {
    match fact {
        Fact::GuidelineProvided { version, .. } => {
            state.facts.guidelines.insert(*version, seq);
            state.close(Kind::ProvideGuideline, "", at, seq);
        }
        Fact::DataProvided { batch, quantity, sha256 } => {
            if !state.facts.manifests.insert((batch.clone(), sha256.clone())) {
                return;
            }
            let entry = state.facts.data.entry(batch.clone()).or_insert((0, seq));
            entry.0 = entry.0.saturating_add(*quantity);
            if deliveries::data_is_complete(state, batch) {
                state.close(Kind::ProvideData, batch.as_str(), at, seq);
            }
        }
        Fact::DutyFulfilled { duty } => state.close(Kind::CustomerDuty, duty.as_str(), at, seq),
        Fact::DeliverySubmitted { .. }
        | Fact::SeedCommitted { .. }
        | Fact::SeedRevealed { .. }
        | Fact::SampleDrawn { .. }
        | Fact::Inspected { .. } => deliveries::apply(state, fact, at, seq),
        Fact::TestSetSealed { .. }
        | Fact::RunFinished { .. }
        | Fact::TestSetOpened { .. }
        | Fact::ModelEvaluated { .. }
        | Fact::ModelDelivered { .. }
        | Fact::DocumentationDelivered { .. }
        | Fact::FeedbackGiven { .. }
        | Fact::RevenueReported { .. } => training::apply(state, fact, at, seq),
        Fact::JobRan { .. }
        | Fact::StorageSampled { .. }
        | Fact::NodeChanged { .. }
        | Fact::Probed { .. }
        | Fact::UpgradeAnnounced { .. }
        | Fact::Upgraded { .. } => lease::apply(state, fact, at, seq),
        Fact::ServiceDelivered { .. }
        | Fact::ImagesAnswered { .. }
        | Fact::ServiceObserved { .. }
        | Fact::AccuracyEvaluated { .. }
        | Fact::CustomModelDelivered { .. }
        | Fact::ExclusionAgreed { .. } => service::apply(state, fact, at, seq),
        Fact::SourceSealed { source, to_seq, .. } => {
            let source = state.facts.sources.entry(source.clone()).or_default();
            source.sealed_to = source.sealed_to.max(Some(*to_seq));
        }
        _ => common::apply(state, fact, at, seq),
    }
}
