//! Statements, invoices, credit notes, payments. Clauses: class-5.2, lease-3.3, train-5.2,
//! train-5.3.1.

use units::Timestamp;

use super::with_terms;
use crate::event::{Event, StatementSummary};
use crate::obligation::{Due, ObligationKind as Kind, Opening};
use crate::rules;
use crate::state::{Invoice, ObjectedPart, State, StatementState};
use crate::terms::{Agreement, Side};

pub(super) fn apply(state: &mut State, event: &Event, at: Timestamp, seq: u64) {
    match event {
        Event::StatementSubmitted(summary) => submit_statement(state, summary, at, seq),
        Event::StatementApproved { statement, deemed } => {
            let noted = at;
            let at = if *deemed {
                super::by_silence(state, Kind::ReviewStatement, statement, noted)
            } else {
                noted
            };
            state.close(Kind::ReviewStatement, statement.as_str(), at, seq);
            if let Some(found) = state.money.statements.get_mut(statement) {
                found.approved = Some(at);
            }
        }
        Event::StatementObjected { statement, lines, disputed, undisputed, .. } => {
            state.close(Kind::ReviewStatement, statement.as_str(), at, seq);
            if let Some(found) = state.money.statements.get_mut(statement) {
                let (lines, disputed, undisputed) = (lines.clone(), *disputed, *undisputed);
                found.objected = Some(ObjectedPart { lines, disputed, undisputed, at });
                found.approved = Some(at);
            }
        }
        Event::InvoiceIssued(summary) => {
            let number = alloc::string::ToString::to_string(&summary.number);
            let (due, clause) = (Due::On(summary.due), with_terms(state, payment_clause));
            let opening = Opening::new(
                Kind::Pay,
                &number,
                Side::Customer,
                clause.unwrap_or("pb-04"),
                at,
                due,
            );
            if let Some(found) = state.money.statements.get_mut(&summary.statement) {
                found.invoice = Some(summary.number);
            }
            let summary = summary.clone();
            state.money.invoices.push(Invoice { summary, at, seq, credited_minor: 0 });
            state.open_all([opening], seq);
            settle_paid_invoices(state, at, seq);
        }
        Event::CreditNoteIssued(note) => {
            let found = state.money.invoices.iter_mut();
            if let Some(invoice) = found.into_iter().find(|i| i.summary.number == note.invoice) {
                invoice.credited_minor = invoice.credited_minor.saturating_add(note.gross.minor());
            }
            state.money.credit_notes.push(note.clone());
            settle_paid_invoices(state, at, seq);
        }
        Event::PaymentRecorded(payment) => {
            state.money.payments.push((payment.clone(), seq));
            if prepaid_in_full(state) {
                let paid = paid_instant(state, payment.on);
                state.close(Kind::Prepay, "", paid, seq);
            }
            settle_paid_invoices(state, at, seq);
        }
        _ => {}
    }
}

fn payment_clause(agreement: &Agreement) -> Option<&'static str> {
    Some(rules::payment_clause(agreement))
}

fn submit_statement(state: &mut State, summary: &StatementSummary, at: Timestamp, seq: u64) {
    let id = summary.statement.clone();
    let opening = with_terms(state, |agreement| {
        let due = Due::After(agreement.payment.review);
        let side = Side::Customer;
        Some(Opening::new(Kind::ReviewStatement, id.as_str(), side, "class-5.2", at, due))
    });
    state.close(Kind::SubmitStatement, id.as_str(), at, seq);
    // The next month's is owed as long as the service runs.
    let next = summary.window.to;
    state.open_recurring(
        |agreement| {
            let day = next.date(&agreement.zone);
            let of_month = |day| rules::statement_of_month(agreement, day);
            let billed = of_month(day.first_of_month().plus_days(-1));
            billed.filter(|month| month.subject == id.as_str()).and_then(|_| of_month(day))
        },
        seq,
    );
    let fresh = StatementState {
        summary: summary.clone(),
        submitted: (at, seq),
        approved: None,
        objected: None,
        invoice: None,
    };
    state.money.statements.insert(id, fresh);
    state.open_all(opening, seq);
}

/// Closes the payment of every invoice that is covered, as of the day on which the payment that
/// covered it arrived; at once where credit notes or the prepayment left nothing to pay. The
/// day-by-day view with late fees is `settlement`'s; this asks only whether the principal is paid.
fn settle_paid_invoices(state: &mut State, at: Timestamp, seq: u64) {
    for (number, day) in crate::paid::newly_paid(state) {
        let instant = day.map_or(at, |day| paid_instant(state, day));
        state.close(Kind::Pay, &alloc::string::ToString::to_string(&number), instant, seq);
    }
}

fn prepaid_in_full(state: &State) -> bool {
    let Some(agreement) = &state.agreement else { return false };
    let Some(prepayment) = &agreement.payment.prepayment else { return false };
    let due = units::Money::from_decimal(prepayment.amount.figure, agreement.currency);
    due.is_ok_and(|due| crate::paid::prepaid_minor(state) >= due.minor())
}

/// A payment on a day counts from that day's beginning in the agreement's zone.
fn paid_instant(state: &State, day: units::Date) -> Timestamp {
    with_terms(state, |agreement| Some(day.start(&agreement.zone)))
        .or(state.last_at)
        .unwrap_or(Timestamp::from_micros(0))
}
