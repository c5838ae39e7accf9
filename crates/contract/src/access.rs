//! May a party use a resource for a purpose, now? Asked before every read by a service; a refusal
//! names the clause. Clauses: pb-01, pb-02, train-3.3, class-6.1, class-6.2, lease-4.1, lease-7.3,
//! anno-5.2, pb-05.

use alloc::string::ToString;

use units::Timestamp;

use crate::refusal::Refusal;
use crate::rules::clause;
use crate::state::{Phase, State};
use crate::terms::{Agreement, OwnershipOfOutputs, Purpose, Service, Side, TrainingPolicy};

/// What is to be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resource<'a> {
    /// Data that the customer handed over.
    CustomerData,
    /// What the service made of it: labels, models, answers.
    Outputs,
    /// The vendor's technology: models, software, leased machines.
    VendorTechnology {
        /// The purpose as declared by the user of leased machines.
        declared: Option<&'a str>,
    },
}

/// Whether a party may use a resource for a purpose as of an instant.
///
/// # Errors
/// The refusal with the clause that forbids it.
pub fn may(
    state: &State,
    side: Side,
    resource: Resource<'_>,
    purpose: Purpose,
    at: Timestamp,
) -> Result<(), Refusal> {
    let Some(agreement) = &state.agreement else { return Err(Refusal::NotDrafted) };
    if matches!(state.phase(), Phase::Empty | Phase::Draft) {
        return Err(Refusal::NotInForce);
    }
    if purpose == Purpose::Disclosure {
        return discloses(state, agreement, side, resource, at);
    }
    match (resource, side) {
        (Resource::CustomerData, Side::Customer) => Ok(()),
        (Resource::CustomerData, Side::Vendor) => vendor_uses_data(state, agreement, purpose, at),
        (Resource::Outputs, side) => uses_outputs(state, agreement, side, purpose, at),
        (Resource::VendorTechnology { .. }, Side::Vendor) => Ok(()),
        (Resource::VendorTechnology { declared }, Side::Customer) => {
            customer_uses_technology(state, agreement, declared, at)
        }
    }
}

/// Secrets are shown to third parties by their owner alone, or with the owner's written consent;
/// only the customer's consent is recorded. Outputs made for the customer are shown by a vendor
/// that owns them where it may use them for others. After the end the vendor shows nothing else.
/// Clauses: train-2.1.6, train-2.2.5, train-3.2, train-7.1, lease-4.2, class-4.4, class-7.1,
/// anno-4.1.5, anno-4.2.3, anno-4.2.6, anno-5.3, pb-03.
fn discloses(
    state: &State,
    agreement: &Agreement,
    side: Side,
    resource: Resource<'_>,
    at: Timestamp,
) -> Result<(), Refusal> {
    let own = match resource {
        Resource::CustomerData => side == Side::Customer,
        Resource::VendorTechnology { .. } => side == Side::Vendor,
        Resource::Outputs => {
            let others = agreement.intellectual_property.third_party_use;
            owns_outputs(agreement, side) && (side == Side::Customer || others)
        }
    };
    if own {
        return Ok(());
    }
    let ended = state.ended.is_some_and(|ended| ended.at <= at);
    let consented = state.consents.contains_key(&Purpose::Disclosure);
    if side == Side::Vendor && !ended && consented {
        return Ok(());
    }
    let clause = match (&agreement.service, side) {
        (Service::Training(_), Side::Customer) => "train-2.1.6",
        (Service::Training(_), Side::Vendor) => "train-3.2",
        (Service::Lease(_), Side::Customer) => "lease-4.2",
        (Service::Lease(_), Side::Vendor) => "pb-03",
        (Service::Classification(_), Side::Customer) => "class-7.1",
        (Service::Classification(_), Side::Vendor) => "class-4.4",
        (Service::Annotation(_), Side::Customer) => "anno-4.1.5",
        (Service::Annotation(_), Side::Vendor) => "anno-4.2.3",
    };
    Err(not_permitted(Purpose::Disclosure, clause))
}

/// The vendor and the customer's data: what was ordered, and nothing else without consent.
/// Clauses: pb-01, pb-02, train-2.2.1, train-3.3, class-4.4, class-6.2, anno-5.2.
fn vendor_uses_data(
    state: &State,
    agreement: &Agreement,
    purpose: Purpose,
    at: Timestamp,
) -> Result<(), Refusal> {
    let ended = state.ended.filter(|ended| ended.at <= at);
    if ended.is_some() || state.facts.deleted.is_some_and(|deleted| deleted <= at) {
        return Err(not_permitted(purpose, "pb-01"));
    }
    if is_model_work(purpose) {
        return match agreement.training_use.policy {
            TrainingPolicy::Forbidden => Err(not_permitted(purpose, "pb-02")),
            TrainingPolicy::WithConsent if !state.consents.contains_key(&purpose) => {
                Err(Refusal::ConsentMissing { purpose })
            }
            TrainingPolicy::WithConsent | TrainingPolicy::Allowed => Ok(()),
        };
    }
    if purpose == Purpose::OrderedTraining && !orders_training(&agreement.service) {
        return Err(not_permitted(purpose, "pb-02"));
    }
    if agreement.data_rights.vendor_purposes.contains(&purpose) {
        return Ok(());
    }
    let clause = match agreement.service {
        Service::Training(_) => "train-3.3",
        Service::Classification(_) => "class-4.4",
        Service::Annotation(_) => "anno-5.2",
        Service::Lease(_) => "pb-01",
    };
    Err(not_permitted(purpose, clause))
}

/// Outputs belong to whom the agreement says; the other party uses them within its licence.
/// Clauses: pb-05, train-2.1.4, train-2.1.7, train-2.2.6, train-6.1, anno-5.2, class-6.1.
fn uses_outputs(
    state: &State,
    agreement: &Agreement,
    side: Side,
    purpose: Purpose,
    at: Timestamp,
) -> Result<(), Refusal> {
    if owns_outputs(agreement, side) {
        return Ok(());
    }
    match side {
        Side::Customer => customer_uses_technology(state, agreement, None, at),
        Side::Vendor if state.ended.is_some_and(|ended| ended.at <= at) => {
            Err(not_permitted(purpose, "pb-05"))
        }
        Side::Vendor => {
            let ordered = matches!(purpose, Purpose::ProvideService | Purpose::OrderedTraining);
            let others = agreement.intellectual_property.third_party_use;
            if ordered || others { Ok(()) } else { Err(not_permitted(purpose, "pb-05")) }
        }
    }
}

/// The customer and the vendor's technology: the lease's purposes, the stop-use deadline, the
/// licence that outlives the agreement. Clauses: lease-4.1, lease-7.3, class-6.1.
fn customer_uses_technology(
    state: &State,
    agreement: &Agreement,
    declared: Option<&str>,
    at: Timestamp,
) -> Result<(), Refusal> {
    if let (Service::Lease(terms), Some(declared)) = (&agreement.service, declared)
        && !terms.permits(declared)
    {
        return Err(Refusal::UseNotPermitted { purpose: declared.to_string() });
    }
    let Some(ended) = state.ended.filter(|ended| ended.at <= at) else { return Ok(()) };
    let calendar = agreement.calendar.calendar();
    let until = |duration: units::Duration| {
        duration.after(ended.last_in_force(), &agreement.zone, calendar).at
    };
    let (last, clause) = match &agreement.service {
        Service::Lease(_) => (agreement.termination.stop_use.map(until), "lease-7.3"),
        _ => (agreement.intellectual_property.licence_after_end.map(until), "class-6.1"),
    };
    match last {
        Some(last) if at < last => Ok(()),
        _ => Err(not_permitted(Purpose::ProvideService, clause)),
    }
}

fn owns_outputs(agreement: &Agreement, side: Side) -> bool {
    match agreement.intellectual_property.outputs {
        OwnershipOfOutputs::Shared => true,
        OwnershipOfOutputs::Customer => side == Side::Customer,
        OwnershipOfOutputs::Vendor => side == Side::Vendor,
    }
}

/// Whether a purpose makes or improves a model beyond the ordered one. Clause: pb-02.
const fn is_model_work(purpose: Purpose) -> bool {
    matches!(
        purpose,
        Purpose::ModelImprovement
            | Purpose::Evaluation
            | Purpose::PreLabelling
            | Purpose::LanguageModel
    )
}

/// Whether the agreement itself orders a training.
const fn orders_training(service: &Service) -> bool {
    match service {
        Service::Training(_) => true,
        Service::Classification(terms) => !terms.custom_models.is_empty(),
        Service::Annotation(_) | Service::Lease(_) => false,
    }
}

fn not_permitted(purpose: Purpose, id: &str) -> Refusal {
    Refusal::PurposeNotPermitted { purpose, clause: clause(id) }
}
