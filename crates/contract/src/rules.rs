//! Which event opens which obligation. One function for each stage of life, each row with the
//! clause that demands it. Closing is in `apply`, beside the fact that closes.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use units::{ClauseId, Date, Id, Timestamp};

use crate::obligation::{Due, ObligationKind as Kind, Opening, just_before};
use crate::state::State;
use crate::terms::{
    Acceptance, Agreement, DeletionStart, DutyKind, ModelOwnership, Plan, Service, SettlementCycle,
    Side,
};

/// What is owed once both have signed: each party may call for what the other owes.
/// Clauses: anno-3.3, anno-3.4, anno-3.6, anno-4.1.3, anno-4.2.1, anno-4.2.5, train-3.1,
/// train-2.1.1, train-2.2.3, class-4.1, class-3.2.1, class-5.2, train-5.3.1, lease-6.3, pb-03.
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

/// The statement of the month in which a day lies, where one is owed each month; named as the
/// statement is: `2026-03`. Clause: class-5.2.
pub(crate) fn statement_of_month(agreement: &Agreement, day: Date) -> Option<Opening> {
    let Service::Classification(terms) = &agreement.service else { return None };
    if matches!(terms.plan, Plan::Project(_)) {
        return None;
    }
    let SettlementCycle::Month(cycle) = &terms.settlement else { return None };
    let month = format!("{:04}-{:02}", day.year(), day.month());
    let start = just_before(crate::position::month_window(agreement, day).to);
    let due = Due::After(cycle.within);
    Some(Opening::new(Kind::SubmitStatement, &month, Side::Vendor, "class-5.2", start, due))
}

/// Statements of quantities that were reached between two totals, where one is owed for each
/// quantity done; named as the statement is: `through:100000`. Clause: class-5.2.
pub(crate) fn statement_by_quantity(
    agreement: &Agreement,
    before: u64,
    after: u64,
    at: Timestamp,
) -> Vec<Opening> {
    let Service::Classification(terms) = &agreement.service else { return Vec::new() };
    let SettlementCycle::Quantity(cycle) = &terms.settlement else { return Vec::new() };
    if cycle.images == 0 {
        return Vec::new();
    }
    // One statement may bill several quantities: only the last one that was reached is owed.
    let (done, now) = (before / cycle.images, after / cycle.images);
    if done == now {
        return Vec::new();
    }
    let subject = format!("through:{}", now * cycle.images);
    let due = Due::After(cycle.within);
    alloc::vec![Opening::new(Kind::SubmitStatement, &subject, Side::Vendor, "class-5.2", at, due)]
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

/// Another try after a rejected round; none is owed after the last that was agreed, and what
/// remains is the delivery itself. Clauses: anno-3.6, anno-4.2.5, train-4.3.
pub(crate) fn rework(
    agreement: &Agreement,
    delivery: &Id,
    round: u32,
    at: Timestamp,
) -> Option<Opening> {
    let (within, clause, rounds) = match &agreement.service {
        Service::Annotation(terms) => {
            (terms.acceptance.rework_within, "anno-3.6", rounds(&terms.acceptance))
        }
        Service::Training(terms) => (terms.round_within, "train-4.3", terms.max_rounds),
        _ => return None,
    };
    if round >= rounds {
        return None;
    }
    let id = delivery.as_str();
    Some(Opening::new(Kind::Rework, id, Side::Vendor, clause, at, Due::After(within)))
}

/// How many rounds a delivery may have: the first and its reworks. Clause: anno-3.6.
pub(crate) const fn rounds(acceptance: &Acceptance) -> u32 {
    acceptance.max_rework.saturating_add(1)
}

/// Documentation after a model. Clause: train-2.2.4.
pub(crate) fn documentation(agreement: &Agreement, at: Timestamp) -> Option<Opening> {
    let Service::Training(terms) = &agreement.service else { return None };
    let due = Due::After(terms.documentation.due);
    Some(Opening::new(Kind::Document, "", Side::Vendor, "train-2.2.4", at, due))
}

/// Reports of revenue from a shared model, one by each owner, from the end of each period; `at` is
/// the last instant before the period.
/// Clause: train-6.1.3.
pub(crate) fn revenue_report(agreement: &Agreement, side: Side, at: Timestamp) -> Option<Opening> {
    let Service::Training(terms) = &agreement.service else { return None };
    let ModelOwnership::Shared(shared) = &terms.model else { return None };
    let calendar = agreement.calendar.calendar();
    let period_end = just_before(shared.report_every.after(at, &agreement.zone, calendar).at);
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
/// Clauses: anno-4.1.4, train-2.1.2, train-5.2, lease-3.3, class-3.2.4, class-5.2.
pub(crate) fn payment_clause(agreement: &Agreement) -> &'static str {
    match agreement.service {
        Service::Annotation(_) => "anno-4.1.4",
        Service::Training(_) => "train-5.2",
        Service::Lease(_) => "lease-3.3",
        Service::Classification(_) => "class-5.2",
    }
}

/// What the end of the agreement demands, counted from the last instant in force.
/// Clauses: lease-7.3, lease-4.2, pb-07, pb-01, train-7.1, train-7.2, train-10.2, class-7.1,
/// anno-4.1.5, anno-4.2.6, anno-5.3.
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
            just_before(ending.export_window.after(at, &agreement.zone, calendar).at)
        }
    };
    all.push(deletion(agreement, start));
    let clause = match agreement.service {
        Service::Annotation(_) => "anno-5.3",
        Service::Training(_) => "train-7.2",
        Service::Lease(_) => "lease-4.2",
        Service::Classification(_) => "class-7.1",
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

/// A free text as the subject of an obligation's name. Other characters become `_`, and the text's
/// fingerprint follows, so that two names in Chinese of one length stay apart.
pub(crate) fn subject_of(text: &str) -> String {
    let allowed = |ch: char| ch.is_ascii_alphanumeric() || "-_.:/".contains(ch);
    if !text.is_empty() && text.len() <= 96 && text.chars().all(allowed) {
        return text.to_string();
    }
    let kept: String = text.chars().take(64).map(|ch| if allowed(ch) { ch } else { '_' }).collect();
    format!("{kept}-{:016x}", crate::obligation::fingerprint(text))
}

/// A clause id from its text.
///
/// # Panics
/// Never: the ids in this crate's tables are well formed.
pub(crate) fn clause(text: &str) -> ClauseId {
    Id::new(text).expect("clause ids in the tables are well formed")
}

impl State {
    /// Opens what an event demands. A name that is still open stays as it is: its clock runs since
    /// it was first owed, and saying it again neither resets nor doubles it.
    pub(crate) fn open_all(&mut self, openings: impl IntoIterator<Item = Opening>, seq: u64) {
        for opening in openings {
            if self.open.contains_key(&opening.name) {
                continue;
            }
            let index = self.obligations.len();
            self.open.insert(opening.name.clone(), index);
            self.obligations.push(crate::obligation::Obligation {
                name: opening.name,
                kind: opening.kind,
                subject: opening.subject,
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

    /// Opens what falls due again and again, as long as the agreement is in force.
    pub(crate) fn open_recurring(
        &mut self,
        rule: impl FnOnce(&Agreement) -> Option<Opening>,
        seq: u64,
    ) {
        let opening = self.agreement.as_ref().filter(|_| self.ended.is_none()).and_then(rule);
        self.open_all(opening, seq);
    }

    /// Takes out every obligation of a name, to be told anew.
    pub(crate) fn forget(&mut self, name: &Id) {
        self.obligations.retain(|row| row.name != *name);
        let rows = self.obligations.iter().enumerate();
        let open = rows.filter(|(_, row)| row.met.is_none() && row.waived.is_none());
        self.open = open.map(|(index, row)| (row.name.clone(), index)).collect();
    }

    /// Takes back, at the end of the agreement, what has no object after it and was not due yet;
    /// what was late by then stays late.
    pub(crate) fn drop_not_due(&mut self, kinds: &[Kind], at: Timestamp, seq: u64) {
        let Some(agreement) = &self.agreement else { return };
        let rows = self.open.values().filter_map(|index| self.obligations.get(*index));
        let kept = rows.filter(|row| kinds.contains(&row.kind));
        let not_due = kept.filter(|row| at < row.deadline(agreement, self, at).at);
        let names: Vec<(Kind, String)> =
            not_due.map(|row| (row.kind, row.subject.clone())).collect();
        for (kind, subject) in names {
            self.drop_open(kind, &subject, seq);
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

    /// Lets the clock of an open obligation run from another instant.
    pub(crate) fn restart(&mut self, kind: Kind, subject: &str, start: Timestamp) {
        let name = crate::obligation::name(kind, subject);
        if let Some(index) = self.open.get(&name)
            && let Some(obligation) = self.obligations.get_mut(*index)
        {
            obligation.start = start;
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
