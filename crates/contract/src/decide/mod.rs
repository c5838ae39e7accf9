//! From a request to events, or to a refusal that says why not. Decides nothing about money but
//! that numbers are in series and sums agree; changes nothing.

mod claims;
mod facts;
mod life;
mod money;

use alloc::string::ToString;
use alloc::vec::Vec;

use units::{Id, Timestamp};

use crate::command::{Action, Command};
use crate::event::{Actor, Event};
use crate::refusal::Refusal;
use crate::state::{Phase, State};
use crate::terms::{Agreement, Side};

/// Decides on a request at an instant.
///
/// # Errors
/// A [`Refusal`] when the contract does not allow it; the state is never changed here.
pub fn decide(state: &State, command: &Command, at: Timestamp) -> Result<Vec<Event>, Refusal> {
    if let Some(last) = state.last_at.filter(|last| at < *last) {
        return Err(Refusal::BeforeLastEntry { last });
    }
    let actor = &command.actor;
    match &command.action {
        Action::Draft { agreement, terms_sha256 } => life::draft(state, agreement, terms_sha256),
        Action::Offer(version) => life::offer(state, actor, version),
        Action::Sign(signing) => life::sign(state, actor, signing, at),
        Action::ProposeDocument { document, terms_sha256, papers } => {
            life::propose_document(state, actor, (document, terms_sha256), papers.as_ref())
        }
        Action::SignDocument { document, signing } => {
            life::sign_document(state, actor, document, signing)
        }
        Action::StampSignature { side, document, token } => {
            life::stamp(state, actor, (*side, document.as_ref()), token)
        }
        Action::Record { fact, source } => facts::record(state, actor, fact, source.as_ref(), at),
        Action::NoteConflict { have, got } => {
            in_force_or_ended(state)?;
            Ok(alloc::vec![Event::SourceConflict { have: have.clone(), got: got.clone() }])
        }
        Action::Accept { delivery } => facts::accept(state, actor, delivery),
        Action::Reject { delivery, failed } => facts::reject(state, actor, delivery, failed, at),
        Action::SubmitStatement(summary) => money::submit(state, actor, summary),
        Action::ApproveStatement { statement } => money::approve(state, actor, statement, at),
        Action::ObjectToStatement { statement, lines, disputed, undisputed, reason } => {
            let objection = money::Objection {
                statement,
                lines,
                disputed: *disputed,
                undisputed: *undisputed,
                reason,
            };
            money::object(state, actor, &objection, at)
        }
        Action::IssueInvoice(summary) => money::invoice(state, actor, summary),
        Action::IssueCreditNote(note) => money::credit_note(state, actor, note),
        Action::RecordPayment(payment) => money::payment(state, payment, at),
        Action::Waive { obligation } => claims::waive(state, actor, obligation),
        Action::DeclareForceMajeure { case, from } => {
            life::declare_force_majeure(state, actor, case, *from, at)
        }
        Action::ProveForceMajeure { case, sha256 } => {
            life::prove_force_majeure(state, actor, case, sha256)
        }
        Action::EndForceMajeure { case, to } => {
            life::end_force_majeure(state, actor, case, *to, at)
        }
        Action::RemindBreach { reminder, breach, clause } => {
            life::remind(state, actor, reminder, *breach, clause)
        }
        Action::ConfirmCure { reminder } => life::confirm_cure(state, actor, reminder),
        Action::GiveNotice { ground, support, effective } => {
            life::give_notice(state, actor, *ground, support.as_ref(), *effective, at)
        }
        Action::RequestRenewal { until } => life::request_renewal(state, actor, *until, at),
        Action::AgreeRenewal => life::agree_renewal(state, actor, at),
        Action::Tick => life::tick(state, at),
        _ => claims::decide(state, actor, &command.action, at),
    }
}

/// The terms of an agreement in force.
fn in_force(state: &State) -> Result<&Agreement, Refusal> {
    match (state.phase(), &state.agreement) {
        (Phase::InForce, Some(agreement)) => Ok(agreement),
        (Phase::Ended, _) => Err(Refusal::HasEnded),
        (Phase::Empty, _) | (_, None) => Err(Refusal::NotDrafted),
        (Phase::Draft, _) => Err(Refusal::NotInForce),
    }
}

/// The terms of an agreement in force or in wind-down.
fn in_force_or_ended(state: &State) -> Result<&Agreement, Refusal> {
    match (state.phase(), &state.agreement) {
        (Phase::InForce | Phase::Ended, Some(agreement)) => Ok(agreement),
        (Phase::Empty, _) | (_, None) => Err(Refusal::NotDrafted),
        (Phase::Draft, _) => Err(Refusal::NotInForce),
    }
}

/// Refuses an actor of the other party or of none.
fn only(actor: &Actor, need: Side) -> Result<(), Refusal> {
    if actor.is_of(need) { Ok(()) } else { Err(Refusal::WrongParty { need }) }
}

/// The party of an actor; machines of the deployment are refused where a party must act.
fn party(actor: &Actor) -> Result<Side, Refusal> {
    actor.side().ok_or(Refusal::WrongParty { need: Side::Customer })
}

fn unknown(what: &'static str, name: &Id) -> Refusal {
    Refusal::Unknown { what, name: name.to_string() }
}

fn exists(what: &'static str, name: &Id) -> Refusal {
    Refusal::Exists { what, name: name.to_string() }
}

fn decided(what: &'static str, name: &Id) -> Refusal {
    Refusal::Decided { what, name: name.to_string() }
}

fn past(time: Timestamp, at: Timestamp) -> Result<(), Refusal> {
    if time <= at { Ok(()) } else { Err(Refusal::InFuture { time }) }
}

fn one(event: Event) -> Result<Vec<Event>, Refusal> {
    Ok(alloc::vec![event])
}
