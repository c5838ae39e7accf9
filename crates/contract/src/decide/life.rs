//! From the draft to the end: signing, amendments, force majeure, reminders, notice, renewal, and
//! what the passing of time decides. Clauses: lease-2.1, lease-2.2, lease-7.1, lease-7.2,
//! train-10.1, train-11.1, pb-07.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use units::{ClauseId, Date, Id, Timestamp};

use super::{exists, in_force, one, only, party, past, unknown};
use crate::event::{Actor, Event, Papers, Signing, TerminationGround, Version};
use crate::obligation::{ObligationKind, name};
use crate::refusal::Refusal;
use crate::rules::clause;
use crate::state::{Phase, State};
use crate::terms::{Agreement, BreachKind, Document, Side};

pub(super) fn draft(
    state: &State,
    agreement: &Agreement,
    terms_sha256: &str,
) -> Result<Vec<Event>, Refusal> {
    if state.drafted.is_some() {
        return Err(Refusal::AlreadyDrafted);
    }
    let agreement = Box::new(agreement.clone());
    one(Event::AgreementDrafted { agreement, terms_sha256: terms_sha256.to_string() })
}

/// A version of the papers: whoever offers another one takes the table, and signatures on earlier
/// ones fall away.
pub(super) fn offer(
    state: &State,
    actor: &Actor,
    version: &Version,
) -> Result<Vec<Event>, Refusal> {
    let Some(standing) = &state.drafted else { return Err(Refusal::NotDrafted) };
    if state.effective.is_some() {
        return Err(Refusal::AlreadyInForce);
    }
    only(actor, version.by)?;
    let expected = state.versions.last().map_or(1, |last| last.version.number.saturating_add(1));
    if version.number != expected {
        return Err(Refusal::RoundOutOfOrder { expected, got: version.number });
    }
    match &version.terms {
        Some(terms) if terms.id != standing.id => {
            return Err(Refusal::OtherAgreement { need: standing.id.clone() });
        }
        None if version.terms_sha256 != state.terms_sha256 => {
            let (have, got) = (state.terms_sha256.clone(), version.terms_sha256.clone());
            return Err(Refusal::TermsDiffer { have, got });
        }
        _ => {}
    }
    one(Event::VersionOffered(Box::new(version.clone())))
}

/// A signature; the second one makes the agreement take effect. Where papers were offered, the
/// last version is what is signed, by the person whom it names.
pub(super) fn sign(
    state: &State,
    actor: &Actor,
    signing: &Signing,
    at: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    let Some(agreement) = &state.drafted else { return Err(Refusal::NotDrafted) };
    only(actor, signing.side)?;
    if state.signings.iter().any(|earlier| earlier.side == signing.side) {
        return Err(Refusal::AlreadySigned { side: signing.side });
    }
    if signing.terms_sha256 != state.terms_sha256 {
        let (have, got) = (state.terms_sha256.clone(), signing.terms_sha256.clone());
        return Err(Refusal::TermsDiffer { have, got });
    }
    let papers = match state.versions.last() {
        None => None,
        Some(last) => {
            let papers = last.version.papers.as_ref();
            Some(papers.ok_or(Refusal::NotReady { version: last.version.number })?)
        }
    };
    signs_papers(papers, signing)?;
    let errors: Vec<String> = crate::check::check(agreement, None)
        .into_iter()
        .filter(|problem| problem.severity == crate::form::Severity::Error)
        .map(|problem| problem.path)
        .collect();
    if !errors.is_empty() {
        return Err(Refusal::TermsHaveErrors { paths: errors });
    }
    let mut events = alloc::vec![Event::PartySigned(signing.clone())];
    if !state.signings.is_empty() {
        let on = at.date(&agreement.zone).max(agreement.term.starts);
        events.push(Event::AgreementTookEffect { on });
    }
    Ok(events)
}

/// Refuses a signature over another manifest, or by somebody whom the papers do not name.
fn signs_papers(papers: Option<&Papers>, signing: &Signing) -> Result<(), Refusal> {
    let have = papers.map(|papers| papers.sha256.clone());
    if signing.manifest_sha256 != have {
        let (have, got) = (have, signing.manifest_sha256.clone());
        return Err(Refusal::ManifestDiffers { have, got });
    }
    match papers.map(|papers| papers.signatory(signing.side)) {
        Some(need) if need != signing.signatory => {
            Err(Refusal::NotASignatory { need: need.to_string() })
        }
        _ => Ok(()),
    }
}

/// A document after the signing: only signed by both does it replace terms. A supplement so
/// settles whose joint results are. Clauses: train-11.1, class-5.1, class-6.3.
pub(super) fn propose_document(
    state: &State,
    actor: &Actor,
    (document, terms_sha256): (&Document, &str),
    papers: Option<&Papers>,
) -> Result<Vec<Event>, Refusal> {
    let agreement = in_force(state)?;
    party(actor)?;
    let named = agreement.documents.iter().any(|earlier| earlier.id == document.id);
    if named || state.documents.contains_key(&document.id) {
        return Err(exists("document", &document.id));
    }
    // What it replaces is checked against the terms as drafted: signed, it changes them.
    let drafted = state.drafted.as_ref().ok_or(Refusal::NotDrafted)?;
    let errors: Vec<String> = crate::check::check_document(drafted, document)
        .into_iter()
        .filter(|problem| problem.severity == crate::form::Severity::Error)
        .map(|problem| problem.path)
        .collect();
    if !errors.is_empty() {
        return Err(Refusal::TermsHaveErrors { paths: errors });
    }
    let (document, terms_sha256) = (document.clone(), terms_sha256.to_string());
    one(Event::DocumentProposed { document, terms_sha256, papers: papers.cloned() })
}

pub(super) fn sign_document(
    state: &State,
    actor: &Actor,
    document: &Id,
    signing: &Signing,
) -> Result<Vec<Event>, Refusal> {
    in_force(state)?;
    only(actor, signing.side)?;
    let proposed = state.documents.get(document).ok_or_else(|| unknown("document", document))?;
    if proposed.signed.contains_key(&signing.side) {
        return Err(Refusal::AlreadySigned { side: signing.side });
    }
    if signing.terms_sha256 != proposed.terms_sha256 {
        let (have, got) = (proposed.terms_sha256.clone(), signing.terms_sha256.clone());
        return Err(Refusal::TermsDiffer { have, got });
    }
    signs_papers(proposed.papers.as_ref(), signing)?;
    one(Event::DocumentSigned { document: document.clone(), signing: signing.clone() })
}

/// One stamp for a signature, kept by the party that signed: nobody else stamps it in its place.
/// Also after the end, for a signature that is to outlive the authority's certificate.
/// Clauses: train-11.1, class-5.1.
pub(super) fn stamp(
    state: &State,
    actor: &Actor,
    (side, document): (Side, Option<&Id>),
    token: &str,
) -> Result<Vec<Event>, Refusal> {
    if state.drafted.is_none() {
        return Err(Refusal::NotDrafted);
    }
    only(actor, side)?;
    if let Some(document) = document.filter(|name| !state.documents.contains_key(*name)) {
        return Err(unknown("document", document));
    }
    let name = || document.map_or_else(|| side.code().to_string(), ToString::to_string);
    if state.signing(side, document).is_none() {
        return Err(Refusal::Unknown { what: "signature", name: name() });
    }
    let mut stamps = state.stamps.iter();
    if stamps.any(|earlier| earlier.side == side && earlier.document.as_ref() == document) {
        return Err(Refusal::Exists { what: "timestamp", name: name() });
    }
    let (document, token) = (document.cloned(), token.to_string());
    one(Event::SignatureStamped { side, document, token })
}

/// Clause: lease-7.2.3.
pub(super) fn declare_force_majeure(
    state: &State,
    actor: &Actor,
    case: &Id,
    from: Timestamp,
    at: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    in_force(state)?;
    let side = party(actor)?;
    past(from, at)?;
    if state.force_majeure.contains_key(case) {
        return Err(exists("force_majeure", case));
    }
    one(Event::ForceMajeureDeclared { case: case.clone(), side, from })
}

pub(super) fn prove_force_majeure(
    state: &State,
    actor: &Actor,
    case: &Id,
    sha256: &str,
) -> Result<Vec<Event>, Refusal> {
    let found = state.force_majeure.get(case).ok_or_else(|| unknown("force_majeure", case))?;
    only(actor, found.side)?;
    if found.proven {
        return Err(super::decided("force_majeure", case));
    }
    one(Event::ForceMajeureProven { case: case.clone(), sha256: sha256.to_string() })
}

/// The hindered party tells of the end: its own clocks run on from then.
pub(super) fn end_force_majeure(
    state: &State,
    actor: &Actor,
    case: &Id,
    to: Timestamp,
    at: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    let found = state.force_majeure.get(case).ok_or_else(|| unknown("force_majeure", case))?;
    only(actor, found.side)?;
    past(to, at)?;
    if found.to.is_some() {
        return Err(super::decided("force_majeure", case));
    }
    if to <= found.from {
        return Err(Refusal::EmptyWindow);
    }
    one(Event::ForceMajeureEnded { case: case.clone(), to })
}

/// A written reminder; the cure period runs from it. Clause: lease-7.2.1.
pub(super) fn remind(
    state: &State,
    actor: &Actor,
    reminder: &Id,
    breach: BreachKind,
    of: &ClauseId,
) -> Result<Vec<Event>, Refusal> {
    in_force(state)?;
    let side = party(actor)?;
    if state.reminders.contains_key(reminder) {
        return Err(exists("reminder", reminder));
    }
    one(Event::BreachReminded {
        reminder: reminder.clone(),
        breach_by: side.other(),
        breach,
        clause: of.clone(),
    })
}

pub(super) fn confirm_cure(
    state: &State,
    actor: &Actor,
    reminder: &Id,
) -> Result<Vec<Event>, Refusal> {
    let found = state.reminders.get(reminder).ok_or_else(|| unknown("reminder", reminder))?;
    only(actor, found.breach_by.other())?;
    if found.cured.is_some() {
        return Err(super::decided("reminder", reminder));
    }
    one(Event::BreachCured { reminder: reminder.clone() })
}

/// Notice on a ground that the agreement has and that has come about. By agreement it ends once
/// both propose the same instant; a proposal of another instant is a counter-proposal.
/// Clauses: train-10.1.1, train-10.1.2, train-10.1.3, lease-7.2.1, lease-7.2.2, lease-7.2.3,
/// lease-8.1, pb-07.
pub(super) fn give_notice(
    state: &State,
    actor: &Actor,
    ground: TerminationGround,
    support: Option<&Id>,
    effective: Timestamp,
    at: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    let agreement = in_force(state)?;
    let by = party(actor)?;
    if effective < at {
        return Err(Refusal::NoticeTooShort { earliest: at, clause: clause("pb-07") });
    }
    let ending = &agreement.termination;
    let calendar = agreement.calendar.calendar();
    let support_or =
        |what: &'static str| support.ok_or(Refusal::Unknown { what, name: String::new() });
    let none = |id: &str| Refusal::GroundNotAgreed { clause: clause(id) };
    match ground {
        TerminationGround::Expiry => return Err(none("lease-7.1")),
        TerminationGround::Agreement => {}
        TerminationGround::Breach => {
            let id = support_or("reminder")?;
            let reminder = state.reminders.get(id).ok_or_else(|| unknown("reminder", id))?;
            only(actor, reminder.breach_by.other())?;
            let waived = state.open_obligation(&name(ObligationKind::Cure, id.as_str())).is_none();
            if reminder.cured.is_some() || waived {
                return Err(super::decided("reminder", id));
            }
            clock_over(state, ObligationKind::Cure, id.as_str(), at, "lease-7.2.1")?;
        }
        TerminationGround::Insolvency if !ending.insolvency => return Err(none("lease-7.2.2")),
        TerminationGround::Insolvency => {}
        TerminationGround::ForceMajeure => {
            let lasting = ending.force_majeure.ok_or_else(|| none("lease-7.2.3"))?;
            let id = support_or("force_majeure")?;
            let case = state.force_majeure.get(id).ok_or_else(|| unknown("force_majeure", id))?;
            let until = lasting.after(case.from, &agreement.zone, calendar).at;
            let over = case.to.is_some_and(|to| to < until);
            if over || at < until {
                return Err(Refusal::ClockStillRuns { until, clause: clause("lease-7.2.3") });
            }
        }
        TerminationGround::LatePayment => {
            only(actor, Side::Vendor)?;
            let late = ending.late_payment.ok_or_else(|| none("lease-8.1"))?;
            let id = support_or("invoice")?;
            let invoice = state
                .money
                .invoices
                .iter()
                .find(|invoice| invoice.summary.number.to_string() == id.as_str());
            let invoice = invoice.ok_or_else(|| unknown("invoice", id))?;
            if state.open_obligation(&name(ObligationKind::Pay, id.as_str())).is_none() {
                return Err(super::decided("invoice", id));
            }
            let due = invoice.summary.due.start(&agreement.zone);
            let until = late.after(due, &agreement.zone, calendar).at;
            if at < until {
                return Err(Refusal::ClockStillRuns { until, clause: clause("lease-8.1") });
            }
        }
        TerminationGround::Convenience => {
            let right = ending.convenience.iter().find(|right| right.by == by);
            let right = right.ok_or_else(|| none("pb-07"))?;
            let earliest = right.notice.after(at, &agreement.zone, calendar).at;
            if effective < earliest {
                return Err(Refusal::NoticeTooShort { earliest, clause: clause("pb-07") });
            }
        }
    }
    let support = support.cloned();
    let notified = Event::TerminationNotified { by, ground, support, effective };
    let mut events = alloc::vec![notified];
    let both = state
        .proposed_ends
        .get(&by.other())
        .is_some_and(|proposed| proposed.effective == effective);
    let alone = ground != TerminationGround::Agreement;
    if (alone || both) && effective <= at {
        events.push(Event::AgreementEnded { ground });
    }
    Ok(events)
}

/// Refuses while the clock of an open obligation still runs.
fn clock_over(
    state: &State,
    kind: ObligationKind,
    subject: &str,
    at: Timestamp,
    id: &str,
) -> Result<(), Refusal> {
    let Some(agreement) = &state.agreement else { return Ok(()) };
    if let Some(open) = state.open_obligation(&name(kind, subject)) {
        let until = open.deadline(agreement, state, at).at;
        if at < until {
            return Err(Refusal::ClockStillRuns { until, clause: clause(id) });
        }
    }
    Ok(())
}

/// Clause: lease-2.2.
pub(super) fn request_renewal(
    state: &State,
    actor: &Actor,
    until: Date,
    at: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    let agreement = in_force(state)?;
    only(actor, Side::Customer)?;
    if until <= agreement.term.ends {
        return Err(Refusal::EmptyWindow);
    }
    if let Some(notice) = agreement.term.renewal_notice {
        let calendar = agreement.calendar.calendar();
        let earliest_end = notice.after(at, &agreement.zone, calendar).at;
        let end = agreement.term.ends.end(&agreement.zone);
        if earliest_end > end {
            let clause = clause("lease-2.2");
            return Err(Refusal::NoticeTooShort { earliest: earliest_end, clause });
        }
    }
    one(Event::RenewalRequested { until })
}

/// Clause: lease-2.2.
pub(super) fn agree_renewal(
    state: &State,
    actor: &Actor,
    at: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    let agreement = in_force(state)?;
    only(actor, Side::Vendor)?;
    if at >= agreement.term.ends.end(&agreement.zone) {
        return Err(Refusal::HasEnded);
    }
    match state.renewal {
        Some(until) => one(Event::RenewalAgreed { until }),
        None => Err(Refusal::Unknown { what: "renewal", name: String::new() }),
    }
}

/// What the passing of time decides: deemed acceptance and approval, notice that took effect,
/// expiry. Clauses: anno-4.1.1, class-5.2, lease-7.1.
pub(super) fn tick(state: &State, at: Timestamp) -> Result<Vec<Event>, Refusal> {
    let mut events = Vec::new();
    let Some(agreement) = &state.agreement else { return Ok(events) };
    if !matches!(state.phase(), Phase::InForce | Phase::Ended) {
        return Ok(events);
    }
    for index in state.open.values() {
        let Some(open) = state.obligations.get(*index) else { continue };
        let deemed = match open.kind {
            ObligationKind::Inspect => super::facts::deems_acceptance(agreement),
            ObligationKind::ReviewStatement => agreement.payment.deemed_approval,
            _ => false,
        };
        if !deemed || at < open.deadline(agreement, state, at).at {
            continue;
        }
        let Ok(subject) = Id::new(&open.subject) else { continue };
        events.push(match open.kind {
            ObligationKind::Inspect => Event::DeliveryAccepted { delivery: subject, deemed },
            _ => Event::StatementApproved { statement: subject, deemed },
        });
    }
    if state.phase() == Phase::InForce {
        let notice = state.notice.as_ref().filter(|notice| notice.effective <= at);
        if let Some(notice) = notice {
            events.push(Event::AgreementEnded { ground: notice.ground });
        } else if at >= agreement.term.ends.end(&agreement.zone) {
            events.push(Event::AgreementEnded { ground: TerminationGround::Expiry });
        }
    }
    Ok(events)
}
