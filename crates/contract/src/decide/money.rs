//! Statements, invoices, credit notes, payments: who may, in which order, and that sums agree.
//! What the sums are is `settlement`'s. Clauses: class-5.2, lease-3.3, train-5.2.

use alloc::string::ToString;
use alloc::vec::Vec;

use units::{Id, Money, Timestamp};

use super::{decided, exists, in_force_or_ended, one, only, unknown};
use crate::event::{
    Actor, CreditNoteSummary, Event, InvoiceSummary, Payment, PaymentPurpose, StatementSummary,
};
use crate::obligation::{ObligationKind, name};
use crate::refusal::Refusal;
use crate::rules::clause;
use crate::state::{State, StatementState};
use crate::terms::Side;

pub(super) fn submit(
    state: &State,
    actor: &Actor,
    summary: &StatementSummary,
) -> Result<Vec<Event>, Refusal> {
    let agreement = in_force_or_ended(state)?;
    only(actor, Side::Vendor)?;
    let before = state.money.statements.get(&summary.statement);
    if before.is_some_and(|before| before.objected.is_none() || before.invoice.is_some()) {
        return Err(exists("statement", &summary.statement));
    }
    let amounts =
        [summary.net, summary.tax, summary.gross, summary.due, summary.drawdown, summary.credits];
    if amounts.iter().any(|amount| amount.currency() != agreement.currency) {
        return Err(Refusal::OtherCurrency);
    }
    agree("gross", sum(summary.net, summary.tax), summary.gross.minor())?;
    one(Event::StatementSubmitted(summary.clone()))
}

fn reviewed<'a>(
    state: &'a State,
    actor: &Actor,
    statement: &Id,
    at: Timestamp,
) -> Result<&'a StatementState, Refusal> {
    let agreement = in_force_or_ended(state)?;
    only(actor, Side::Customer)?;
    let found = state.money.statements.get(statement);
    let found = found.ok_or_else(|| unknown("statement", statement))?;
    if found.approved.is_some() {
        return Err(decided("statement", statement));
    }
    let review = state.open_obligation(&name(ObligationKind::ReviewStatement, statement.as_str()));
    if let Some(review) = review.filter(|_| agreement.payment.deemed_approval) {
        let until = review.deadline(agreement, state, at).at;
        if at >= until {
            return Err(Refusal::TimeIsOver { at: until, clause: clause("class-5.2") });
        }
    }
    Ok(found)
}

pub(super) fn approve(
    state: &State,
    actor: &Actor,
    statement: &Id,
    at: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    reviewed(state, actor, statement, at)?;
    one(Event::StatementApproved { statement: statement.clone(), deemed: false })
}

/// What the customer objects to.
pub(super) struct Objection<'a> {
    pub(super) statement: &'a Id,
    pub(super) lines: &'a [u32],
    pub(super) disputed: Money,
    pub(super) undisputed: Money,
    pub(super) reason: &'a str,
}

/// The undisputed part stays due. Clause: class-5.2.
pub(super) fn object(
    state: &State,
    actor: &Actor,
    objection: &Objection<'_>,
    at: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    let Objection { statement, lines, disputed, undisputed, reason } = *objection;
    let found = reviewed(state, actor, statement, at)?;
    let last = found.summary.lines;
    if lines.is_empty() {
        return Err(Refusal::Zero { field: "lines" });
    }
    if let Some(line) = lines.iter().find(|line| **line >= last) {
        return Err(Refusal::Unknown { what: "line", name: line.to_string() });
    }
    let gross = found.summary.gross;
    if disputed.currency() != gross.currency() || undisputed.currency() != gross.currency() {
        return Err(Refusal::OtherCurrency);
    }
    if disputed.minor() <= 0 {
        return Err(Refusal::NotPositive { field: "disputed" });
    }
    if undisputed.is_negative() {
        return Err(Refusal::NotPositive { field: "undisputed" });
    }
    let most = [("disputed", disputed.minor(), gross.minor())];
    let rest = [("undisputed", undisputed.minor(), gross.minor() - disputed.minor())];
    for (field, got_minor, expected_minor) in most.into_iter().chain(rest) {
        if got_minor > expected_minor {
            return Err(Refusal::AmountsDiffer { field, expected_minor, got_minor });
        }
    }
    one(Event::StatementObjected {
        statement: statement.clone(),
        lines: lines.to_vec(),
        disputed,
        undisputed,
        reason: reason.to_string(),
    })
}

/// An invoice bills what was approved, under the next number. Clause: class-5.2.
pub(super) fn invoice(
    state: &State,
    actor: &Actor,
    summary: &InvoiceSummary,
) -> Result<Vec<Event>, Refusal> {
    in_force_or_ended(state)?;
    if actor.side() == Some(Side::Customer) {
        return Err(Refusal::WrongParty { need: Side::Vendor });
    }
    let statement = state.money.statements.get(&summary.statement);
    let statement = statement.ok_or_else(|| unknown("statement", &summary.statement))?;
    if statement.approved.is_none() {
        return Err(Refusal::ComesAfter { first: "approve_statement" });
    }
    if statement.invoice.is_some() {
        return Err(decided("statement", &summary.statement));
    }
    let expected = next(state.money.invoices.len());
    if summary.number != expected {
        return Err(Refusal::OutOfSeries { expected, got: summary.number });
    }
    let amounts = [summary.net, summary.tax, summary.gross, summary.payable];
    let currency = statement.summary.gross.currency();
    if amounts.iter().any(|amount| amount.currency() != currency) {
        return Err(Refusal::OtherCurrency);
    }
    // A prepayment is asked for by an invoice without a charge: it is no fee yet.
    if summary.gross.minor() < 0 || summary.gross.minor() == 0 && summary.payable.minor() <= 0 {
        return Err(Refusal::NotPositive { field: "gross" });
    }
    agree("gross", sum(summary.net, summary.tax), summary.gross.minor())?;
    let (disputed, payable) = match &statement.objected {
        Some(objected) => (objected.disputed.minor(), objected.undisputed.minor()),
        None => (0, statement.summary.due.minor()),
    };
    agree("gross", statement.summary.gross.minor() - disputed, summary.gross.minor())?;
    agree("payable", payable, summary.payable.minor())?;
    one(Event::InvoiceIssued(summary.clone()))
}

/// A credit note never takes off more than is left. Corrections are never made otherwise.
pub(super) fn credit_note(
    state: &State,
    actor: &Actor,
    note: &CreditNoteSummary,
) -> Result<Vec<Event>, Refusal> {
    in_force_or_ended(state)?;
    if actor.side() == Some(Side::Customer) {
        return Err(Refusal::WrongParty { need: Side::Vendor });
    }
    let invoice = state.money.invoice(note.invoice);
    let Some(invoice) = invoice else {
        return Err(Refusal::Unknown { what: "invoice", name: note.invoice.to_string() });
    };
    let expected = next(state.money.credit_notes.len());
    if note.number != expected {
        return Err(Refusal::OutOfSeries { expected, got: note.number });
    }
    let currency = invoice.summary.gross.currency();
    if note.gross.currency() != currency || note.tax.currency() != currency {
        return Err(Refusal::OtherCurrency);
    }
    if note.gross.minor() <= 0 {
        return Err(Refusal::NotPositive { field: "gross" });
    }
    if note.tax.is_negative() || note.tax.minor() > note.gross.minor() {
        let (expected_minor, got_minor) = (note.gross.minor(), note.tax.minor());
        return Err(Refusal::AmountsDiffer { field: "tax", expected_minor, got_minor });
    }
    let left_minor = invoice.creditable_minor();
    if note.gross.minor() > left_minor {
        return Err(Refusal::ExceedsInvoice { left_minor });
    }
    one(Event::CreditNoteIssued(note.clone()))
}

pub(super) fn payment(
    state: &State,
    payment: &Payment,
    at: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    let agreement = in_force_or_ended(state)?;
    if state.money.payments.iter().any(|(earlier, _)| earlier.payment == payment.payment) {
        return Err(exists("payment", &payment.payment));
    }
    if payment.amount.currency() != agreement.currency {
        return Err(Refusal::OtherCurrency);
    }
    if payment.amount.minor() <= 0 {
        return Err(Refusal::NotPositive { field: "amount" });
    }
    let time = payment.on.start(&agreement.zone);
    super::past(time, at)?;
    if let PaymentPurpose::Invoice { number } = payment.towards
        && state.money.invoice(number).is_none()
    {
        return Err(Refusal::Unknown { what: "invoice", name: number.to_string() });
    }
    let need = match payment.towards {
        PaymentPurpose::Refund => Side::Vendor,
        _ => Side::Customer,
    };
    if payment.by != need {
        return Err(Refusal::WrongParty { need });
    }
    one(Event::PaymentRecorded(payment.clone()))
}

/// The number after a series of so many.
fn next(issued: usize) -> u32 {
    u32::try_from(issued).map_or(u32::MAX, |issued| issued.saturating_add(1))
}

fn sum(net: Money, tax: Money) -> i128 {
    net.minor().saturating_add(tax.minor())
}

fn agree(field: &'static str, expected_minor: i128, got_minor: i128) -> Result<(), Refusal> {
    if expected_minor == got_minor {
        return Ok(());
    }
    Err(Refusal::AmountsDiffer { field, expected_minor, got_minor })
}
