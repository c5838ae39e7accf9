//! Which event opens which obligation. One function for each stage of life, each row with the
//! clause that demands it. Closing is in `apply`, beside the fact that closes.

use alloc::format;
use alloc::vec::Vec;

use units::{ClauseId, Id, Timestamp};

use crate::obligation::{Due, ObligationKind as Kind, Opening};
use crate::state::State;
use crate::terms::{Agreement, DeletionStart, DutyKind, ModelOwnership, Service, Side};

/// What is owed once both have signed.
/// Clauses: anno-3.3, anno-3.4, anno-3.6, train-3.1, train-2.2.3, class-4.1, class-3.2.1,
/// class-5.2, train-5.3.1, lease-6.3, pb-03.
pub(crate) fn on_effect(agreement: &Agreement, at: Timestamp) -> Vec<Opening> {
    let mut all = match &agreement.service {
        Service::Annotation(terms) => {
            let mut all = Vec::new();
            all.push(Opening::new(
                Kind::ProvideGuideline,
                "",
                Side::Customer,
                "anno-3.3",
                at,
                Due::After(terms.guideline.due),
            ));
            for batch in &terms.data_schedule {
                let due = Due::On(batch.due);
                let id = batch.id.as_str();
                all.push(Opening::new(Kind::ProvideData, id, Side::Customer, "anno-3.4", at, due));
            }
            let due = Due::On(terms.completion);
            all.push(Opening::new(Kind::Deliver, "", Side::Vendor, "anno-3.6", at, due));
            all
        }
        Service::Training(terms) => {
            let mut all = Vec::new();
            for data in &terms.datasets {
                let due = Due::After(data.due);
                all.push(Opening::new(
                    Kind::ProvideData,
                    data.id.as_str(),
                    data.by,
                    "train-3.1",
                    at,
                    due,
                ));
            }
            let due = Due::On(terms.delivery);
            all.push(Opening::new(Kind::Deliver, "", Side::Vendor, "train-2.2.3", at, due));
            all
        }
        Service::Lease(_) => upgrade(agreement, at).into_iter().collect(),
        Service::Classification(terms) => {
            let due = Due::After(terms.delivery);
            alloc::vec![Opening::new(Kind::Deliver, "", Side::Vendor, "class-4.1", at, due)]
        }
    };
    for duty in &agreement.customer_duties {
        let (clause, due) = (duty_clause(duty.duty), Due::After(duty.due));
        let id = duty.id.as_str();
        all.push(Opening::new(Kind::CustomerDuty, id, Side::Customer, clause, at, due));
    }
    if let Some(prepayment) = &agreement.payment.prepayment {
        let clause = match agreement.service {
            Service::Training(_) => "train-5.3.1",
            _ => "class-5.2",
        };
        let due = Due::After(prepayment.due);
        all.push(Opening::new(Kind::Prepay, "", Side::Customer, clause, at, due));
    }
    all.extend(security_report(agreement, at));
    all
}

/// The next security report. Clause: pb-03.
pub(crate) fn security_report(agreement: &Agreement, at: Timestamp) -> Option<Opening> {
    let every = Due::After(agreement.security.report_every?);
    Some(Opening::new(Kind::ReportSecurity, "", Side::Vendor, "pb-03", at, every))
}

/// The next upgrade. Clause: lease-6.3.
pub(crate) fn upgrade(agreement: &Agreement, at: Timestamp) -> Option<Opening> {
    let Service::Lease(terms) = &agreement.service else { return None };
    let every = Due::After(terms.upgrades.as_ref()?.every);
    Some(Opening::new(Kind::Upgrade, "", Side::Vendor, "lease-6.3", at, every))
}

/// The decision on a delivery. Clauses: anno-4.1.1, train-2.1.3.
pub(crate) fn inspection(agreement: &Agreement, delivery: &Id, at: Timestamp) -> Option<Opening> {
    let (period, clause) = match &agreement.service {
        Service::Annotation(terms) => (terms.acceptance.period, "anno-4.1.1"),
        Service::Training(terms) => (terms.acceptance_period, "train-2.1.3"),
        _ => return None,
    };
    let id = delivery.as_str();
    Some(Opening::new(Kind::Inspect, id, Side::Customer, clause, at, Due::After(period)))
}

/// Another try after a rejection. Clauses: anno-3.6, train-4.3.
pub(crate) fn rework(agreement: &Agreement, delivery: &Id, at: Timestamp) -> Option<Opening> {
    let (within, clause) = match &agreement.service {
        Service::Annotation(terms) => (terms.acceptance.rework_within, "anno-3.6"),
        Service::Training(terms) => (terms.round_within, "train-4.3"),
        _ => return None,
    };
    let id = delivery.as_str();
    Some(Opening::new(Kind::Rework, id, Side::Vendor, clause, at, Due::After(within)))
}

/// Documentation after a model. Clause: train-2.2.4.
pub(crate) fn documentation(agreement: &Agreement, at: Timestamp) -> Option<Opening> {
    let Service::Training(terms) = &agreement.service else { return None };
    let due = Due::After(terms.documentation.due);
    Some(Opening::new(Kind::Document, "", Side::Vendor, "train-2.2.4", at, due))
}

/// Reports of revenue from a shared model, one by each owner, from the end of each period.
/// Clause: train-6.1.3.
pub(crate) fn revenue_report(agreement: &Agreement, side: Side, at: Timestamp) -> Option<Opening> {
    let Service::Training(terms) = &agreement.service else { return None };
    let ModelOwnership::Shared(shared) = &terms.model else { return None };
    let calendar = agreement.calendar.calendar();
    let period_end = shared.report_every.after(at, &agreement.zone, calendar).at;
    let due = Due::After(shared.report_within);
    Some(Opening::new(Kind::ReportRevenue, side.code(), side, "train-6.1.3", period_end, due))
}

/// The next evaluation of the service. Clauses: class-3.1.4, class-4.2.
pub(crate) fn evaluation(agreement: &Agreement, at: Timestamp) -> Option<Opening> {
    let Service::Classification(terms) = &agreement.service else { return None };
    let due = Due::After(terms.accuracy.evaluate_every);
    Some(Opening::new(Kind::Evaluate, "", Side::Vendor, "class-4.2", at, due))
}

/// Accuracy that fell below. Clause: class-4.2.
pub(crate) fn restore_accuracy(agreement: &Agreement, at: Timestamp) -> Option<Opening> {
    let Service::Classification(terms) = &agreement.service else { return None };
    let due = Due::After(terms.accuracy.restore_within);
    Some(Opening::new(Kind::RestoreAccuracy, "", Side::Vendor, "class-4.2", at, due))
}

/// Repair of a node. Clause: lease-6.2.
pub(crate) fn repair(agreement: &Agreement, node: &str, since: Timestamp) -> Option<Opening> {
    let Service::Lease(terms) = &agreement.service else { return None };
    let due = Due::After(terms.repair_within);
    let node = subject_of(node);
    Some(Opening::new(Kind::Repair, &node, Side::Vendor, "lease-6.2", since, due))
}

/// A ticket's answer and resolution. Clauses: lease-6.1, class-3.1.5.
pub(crate) fn ticket(agreement: &Agreement, ticket: &Id, at: Timestamp) -> Vec<Opening> {
    let Some(support) = &agreement.support else { return Vec::new() };
    let clause = match agreement.service {
        Service::Classification(_) => "class-3.1.5",
        _ => "lease-6.1",
    };
    let id = ticket.as_str();
    let first = Due::After(support.first_response);
    let mut all =
        alloc::vec![Opening::new(Kind::AnswerTicket, id, Side::Vendor, clause, at, first)];
    if let Some(resolution) = support.resolution {
        let due = Due::After(resolution);
        all.push(Opening::new(Kind::ResolveTicket, id, Side::Vendor, clause, at, due));
    }
    all
}

/// What a security incident demands. Clause: pb-03.
pub(crate) fn breach(agreement: &Agreement, incident: &Id, discovered: Timestamp) -> Opening {
    let due = Due::After(agreement.security.breach_notice);
    let id = incident.as_str();
    Opening::new(Kind::NotifyBreach, id, Side::Vendor, "pb-03", discovered, due)
}

/// What a request for an audit demands. Clause: pb-08.
pub(crate) fn audit(agreement: &Agreement, audit: &Id, at: Timestamp) -> Opening {
    let due = Due::After(agreement.compliance.answer_within);
    Opening::new(Kind::AnswerAudit, audit.as_str(), Side::Vendor, "pb-08", at, due)
}

/// The clause under which the customer pays an invoice.
pub(crate) fn payment_clause(agreement: &Agreement) -> &'static str {
    match agreement.service {
        Service::Annotation(_) => "anno-4.1.1",
        Service::Training(_) => "train-5.2",
        Service::Lease(_) => "lease-3.3",
        Service::Classification(_) => "class-5.2",
    }
}

/// What the end of the agreement demands.
/// Clauses: lease-7.3, pb-07, pb-01, train-7.2, anno-5.3, train-10.2.
pub(crate) fn on_end(agreement: &Agreement, at: Timestamp) -> Vec<Opening> {
    let mut all = Vec::new();
    let ending = &agreement.termination;
    if let Some(stop) = ending.stop_use {
        let due = Due::After(stop);
        all.push(Opening::new(Kind::StopUse, "", Side::Customer, "lease-7.3", at, due));
    }
    let window = Due::After(ending.export_window);
    all.push(Opening::new(Kind::Export, "", Side::Vendor, "pb-07", at, window));
    let start = match agreement.data_rights.delete_after {
        DeletionStart::Termination => at,
        DeletionStart::Export => {
            let calendar = agreement.calendar.calendar();
            ending.export_window.after(at, &agreement.zone, calendar).at
        }
    };
    all.push(deletion(agreement, start));
    let clause = match agreement.service {
        Service::Annotation(_) => "anno-5.3",
        Service::Training(_) => "train-7.2",
        _ => "pb-03",
    };
    for side in [Side::Customer, Side::Vendor] {
        let due = Due::After(agreement.security.confidentiality_after_end);
        all.push(Opening::new(Kind::KeepSecret, side.code(), side, clause, at, due));
    }
    all
}

/// Deletion of the customer's data. Clause: pb-01.
pub(crate) fn deletion(agreement: &Agreement, start: Timestamp) -> Opening {
    let due = Due::After(agreement.data_rights.delete_within);
    Opening::new(Kind::Delete, "", Side::Vendor, "pb-01", start, due)
}

/// Notice and defence of a third party's claim. Clause: pb-06.
pub(crate) fn indemnity(
    agreement: &Agreement,
    indemnity: &Id,
    claim: &Id,
    claimant: Side,
    occurred: Timestamp,
    raised: Timestamp,
) -> Vec<Opening> {
    let promises = &agreement.liability.indemnities;
    let Some(promise) = promises.iter().find(|promise| promise.id == *indemnity) else {
        return Vec::new();
    };
    let id = claim.as_str();
    let (notice, defence) = (Due::After(promise.notice), Due::After(promise.defence));
    alloc::vec![
        Opening::new(Kind::NotifyClaim, id, claimant, "pb-06", occurred, notice),
        Opening::new(Kind::Defend, id, claimant.other(), "pb-06", raised, defence),
    ]
}

/// The clause of a customer's duty.
fn duty_clause(duty: DutyKind) -> &'static str {
    match duty {
        DutyKind::SupplyData => "class-3.2.1",
        DutyKind::ProvideKnowledge => "train-2.1.5",
        DutyKind::DescribeData => "class-3.2.2",
        DutyKind::AnswerQuestions => "anno-4.1.2",
        DutyKind::GiveFeedback => "class-3.2.3",
        DutyKind::DeIdentify => "anno-6.2",
    }
}

/// A free text as the subject of an obligation's name: other characters become `_`.
pub(crate) fn subject_of(text: &str) -> alloc::string::String {
    let allowed = |ch: char| ch.is_ascii_alphanumeric() || "-_.:/".contains(ch);
    text.chars().map(|ch| if allowed(ch) { ch } else { '_' }).collect()
}

/// A clause id from its text.
///
/// # Panics
/// Never: the ids in this crate's tables are well formed.
pub(crate) fn clause(text: &str) -> ClauseId {
    Id::new(text).expect("clause ids in the tables are well formed")
}

impl State {
    /// Opens what an event demands; a name that is still open is replaced by the new one.
    pub(crate) fn open_all(&mut self, openings: impl IntoIterator<Item = Opening>, seq: u64) {
        for opening in openings {
            let index = self.obligations.len();
            self.open.insert(opening.name.clone(), index);
            self.obligations.push(crate::obligation::Obligation {
                name: opening.name,
                kind: opening.kind,
                debtor: opening.debtor,
                clause: clause(opening.clause),
                start: opening.start,
                due: opening.due,
                opened_by: seq,
                met: None,
                waived: None,
            });
        }
    }

    /// Closes an open obligation of a kind about a subject, as met at an instant.
    pub(crate) fn close(&mut self, kind: Kind, subject: &str, at: Timestamp, seq: u64) {
        let name = crate::obligation::name(kind, subject);
        if let Some(index) = self.open.remove(&name)
            && let Some(obligation) = self.obligations.get_mut(index)
        {
            obligation.met = Some((at, seq));
        }
    }

    /// Takes back an obligation that no longer has an object.
    pub(crate) fn drop_open(&mut self, kind: Kind, subject: &str, seq: u64) {
        let name = crate::obligation::name(kind, subject);
        if let Some(index) = self.open.remove(&name)
            && let Some(obligation) = self.obligations.get_mut(index)
        {
            obligation.waived = Some(seq);
        }
    }
}

/// The name of a training round as a delivery.
#[must_use]
pub(crate) fn round_name(round: u32) -> Id {
    Id::new(&format!("round-{round}")).expect("letters and digits make an id")
}
