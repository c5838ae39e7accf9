//! The vendor's books of an agreement: every approved statement, invoice, credit note, payment and
//! accrual as a balanced transaction, computed from the journal. Clauses: class-5.2, lease-3.3,
//! lease-3.4.

use contract::event::PaymentPurpose;
use contract::terms::AllocationTarget;
use settlement::{Account, Ledger, LedgerError, PaymentShare, StatementPart, Transaction};
use units::{Date, Id};

use crate::account::{account, invoice_id};
use crate::book::{Book, DeskError};

/// The books as of a day.
///
/// # Errors
/// When an amount is out of range, or the journal holds what cannot be computed again.
pub fn books(book: &Book, as_of: Date) -> Result<Ledger, DeskError> {
    let state = &book.state;
    let agreement = state.agreement.as_ref().ok_or(contract::Refusal::NotDrafted)?;
    let zone = &agreement.zone;
    let mut all: Vec<Transaction> = Vec::new();
    for (name, found) in &state.money.statements {
        let (Some(approved), Some(settled)) = (found.approved, book.settled.get(name)) else {
            continue;
        };
        let part = match &found.objected {
            Some(objected) => StatementPart::Without(objected.lines.clone()),
            None => StatementPart::Whole,
        };
        let statement = settled.part(&part)?;
        let on = approved.date(zone);
        all.push(Transaction::statement_approved(&statement, on)?);
        all.extend(Transaction::credits_given(&statement, on)?);
        all.extend(Transaction::refund(&statement, on)?);
    }
    for invoice in &state.money.invoices {
        let number = invoice.summary.number;
        all.push(Transaction::invoice(&book.invoice(number)?)?);
        for note in book.credit_notes(number)? {
            all.push(Transaction::credit_note(&note)?);
        }
    }
    let account = account(state, agreement, as_of)?;
    for payment in &account.payments {
        let mut parts: Vec<PaymentShare> = Vec::new();
        for part in &payment.allocation.parts {
            let account = match part.target {
                AllocationTarget::Principal => Account::Receivable,
                AllocationTarget::Interest => Account::LateFeeReceivable,
                AllocationTarget::Costs => Account::CostsReceivable,
            };
            parts.push(PaymentShare { account, amount: part.amount });
        }
        parts.push(PaymentShare { account: Account::Unallocated, amount: payment.allocation.left });
        all.push(received(agreement.id.clone(), &payment.payment, payment.on, &parts)?);
    }
    for (payment, _) in &state.money.payments {
        if payment.towards == PaymentPurpose::Prepayment
            && contract::paid::prepayment_invoice(state).is_none()
        {
            let parts = [PaymentShare { account: Account::Prepayment, amount: payment.amount }];
            all.push(received(agreement.id.clone(), &payment.payment, payment.on, &parts)?);
        }
    }
    for row in &account.invoices {
        if let Some(fee) = row.late_fee.as_ref().filter(|fee| !fee.accrued.is_zero()) {
            let invoice = invoice_id(row.number);
            all.push(Transaction::late_fee(&agreement.id, &invoice, as_of, fee.accrued)?);
        }
    }
    all.retain(|transaction| transaction.on <= as_of);
    all.sort_by(|a, b| (a.on, a.kind, &a.id).cmp(&(b.on, b.kind, &b.id)));
    let mut ledger = Ledger::new(agreement.currency);
    for transaction in all {
        ledger.book(transaction)?;
    }
    Ok(ledger)
}

fn received(
    agreement: Id,
    reference: &Id,
    on: Date,
    parts: &[PaymentShare],
) -> Result<Transaction, LedgerError> {
    let mut amount = None;
    for part in parts {
        amount = Some(match amount {
            None => part.amount,
            Some(sum) => part.amount.checked_add(sum)?,
        });
    }
    let amount = amount.expect("a payment has a part");
    Transaction::payment(&agreement, reference, on, amount, parts)
}
