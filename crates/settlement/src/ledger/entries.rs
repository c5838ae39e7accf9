//! The postings of each event. Debits first. Names of transactions are made from what they book,
//! so that booking an event again changes nothing.

use alloc::format;
use alloc::vec::Vec;

use units::{Currency, Date, Id, Money};

use super::{Account, LedgerError, Posting, Transaction, TransactionKind};
use crate::amount::total;
use crate::credit::CreditRoute;
use crate::invoice::{CreditNote, Invoice};
use crate::statement::Statement;
use crate::working::{Line, LineCode};

/// What a part of a payment settles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PaymentShare {
    /// The account that is settled: receivable, late fees, costs, prepayment or unallocated.
    pub account: Account,
    /// How much.
    pub amount: Money,
}

const fn debit(account: Account, amount: Money) -> Posting {
    Posting { account, amount }
}

const fn credit(account: Account, amount: Money) -> Posting {
    Posting { account, amount: amount.negated() }
}

fn name(kind: &str, of: &str) -> Id {
    let text: alloc::string::String = format!("{kind}/{of}").chars().take(128).collect();
    Id::new(&text).expect("a name is made of ids, and cut to their length")
}

impl Transaction {
    /// A statement was approved: fees and tax are earned. Clause: class-5.2.
    ///
    /// # Errors
    /// When an amount is out of range.
    pub fn statement_approved(statement: &Statement, on: Date) -> Result<Self, LedgerError> {
        let totals = &statement.totals;
        let postings = alloc::vec![
            debit(Account::Unbilled, totals.gross),
            credit(Account::Revenue, totals.net),
            credit(Account::TaxPayable, totals.tax),
        ];
        let id = name("statement", statement.name.as_str());
        let (kind, agreement) = (TransactionKind::StatementApproved, statement.agreement.clone());
        Self::new(id, on, kind, agreement, totals.currency, postings)
    }

    /// An invoice was issued: what is due is receivable; credits, damages and the prepayment are
    /// set off against it; a prepayment that it asks for will be owed to the customer.
    ///
    /// # Errors
    /// When an amount is out of range.
    pub fn invoice(invoice: &Invoice) -> Result<Self, LedgerError> {
        let currency = invoice.currency();
        let mut postings = alloc::vec![debit(Account::Receivable, invoice.payable)];
        for (account, amount) in set_off(currency, &invoice.adjustments)? {
            postings.push(credit(account, amount));
        }
        postings.push(credit(Account::Unbilled, invoice.gross));
        let id = name("invoice", &invoice.number.text);
        let (kind, agreement) = (TransactionKind::Invoice, invoice.agreement.clone());
        Self::new(id, invoice.issued, kind, agreement, currency, postings)
    }

    /// A credit note was issued: the fee and its tax are taken back.
    ///
    /// # Errors
    /// When an amount is out of range.
    pub fn credit_note(note: &CreditNote) -> Result<Self, LedgerError> {
        let postings = alloc::vec![
            debit(Account::Revenue, note.net),
            debit(Account::TaxPayable, note.tax),
            credit(Account::Receivable, note.gross),
        ];
        let id = name("credit-note", &note.number.text);
        let (kind, agreement) = (TransactionKind::CreditNote, note.agreement.clone());
        Self::new(id, note.issued, kind, agreement, note.gross.currency(), postings)
    }

    /// Money arrived, and what it settles. Clauses: class-5.2, lease-3.3.
    ///
    /// # Errors
    /// When the parts do not add up to the payment.
    pub fn payment(
        agreement: &Id,
        payment: &Id,
        on: Date,
        amount: Money,
        parts: &[PaymentShare],
    ) -> Result<Self, LedgerError> {
        let id = name("payment", payment.as_str());
        let sum = total(amount.currency(), parts.iter().map(|part| part.amount))?;
        if sum != amount {
            return Err(LedgerError::Parts { id, parts: sum, amount });
        }
        let mut postings = alloc::vec![debit(Account::Bank, amount)];
        postings.extend(parts.iter().map(|part| credit(part.account, part.amount)));
        let kind = TransactionKind::Payment;
        Self::new(id, on, kind, agreement.clone(), amount.currency(), postings)
    }

    /// A late fee accrued: it is owed in its own right. Clause: lease-3.4.
    ///
    /// # Errors
    /// When the amount is below zero.
    pub fn late_fee(
        agreement: &Id,
        invoice: &Id,
        on: Date,
        amount: Money,
    ) -> Result<Self, LedgerError> {
        let id = name("late-fee", &format!("{invoice}/{on}"));
        let accounts = (Account::LateFeeReceivable, Account::LateFeeIncome);
        Self::pair(id, on, TransactionKind::LateFee, agreement, accounts, amount)
    }

    /// A charge was taken from the prepayment apart from an invoice. Clause: class-5.2.
    ///
    /// # Errors
    /// When the amount is below zero.
    pub fn drawdown(
        agreement: &Id,
        reference: &Id,
        on: Date,
        amount: Money,
    ) -> Result<Self, LedgerError> {
        let id = name("drawdown", reference.as_str());
        let accounts = (Account::Prepayment, Account::Receivable);
        Self::pair(id, on, TransactionKind::Drawdown, agreement, accounts, amount)
    }

    /// What a statement gives the customer: the service credit of its period and late repairs.
    /// `None` when it gives nothing. Clauses: pb-04, lease-6.2.
    ///
    /// # Errors
    /// When an amount is out of range.
    pub fn credits_given(statement: &Statement, on: Date) -> Result<Option<Self>, LedgerError> {
        let currency = statement.totals.currency;
        let service = statement.credit.as_ref().filter(|credit| {
            // One that is lost at once is given and lost, so that the books show it.
            credit.route != CreditRoute::Unclaimed
        });
        let service = service.map(|credit| credit.line.amount.negated());
        let service = total(currency, service)?;
        let repairs = statement.late_repairs.iter().map(|line| line.amount.negated());
        let repairs = total(currency, repairs)?;
        let postings = alloc::vec![
            debit(Account::ServiceCredits, service),
            debit(Account::Damages, repairs),
            credit(Account::CreditsOwed, service),
            credit(Account::DamagesOwed, repairs),
        ];
        let id = name("credit", statement.name.as_str());
        let (kind, agreement) = (TransactionKind::ServiceCredit, statement.agreement.clone());
        let booked = Self::new(id, on, kind, agreement, currency, postings)?;
        Ok((!booked.postings.is_empty()).then_some(booked))
    }

    /// What a statement pays back, and what the customer loses at the end. `None` when neither is
    /// anything. Clauses: pb-04, class-5.2.
    ///
    /// # Errors
    /// When an amount is out of range.
    pub fn refund(statement: &Statement, on: Date) -> Result<Option<Self>, LedgerError> {
        let currency = statement.totals.currency;
        let lines: Vec<Line> =
            statement.refunds.iter().chain(&statement.forfeits).cloned().collect();
        let lost = total(currency, statement.forfeits.iter().map(|line| line.amount.negated()))?;
        let mut postings: Vec<Posting> = set_off(currency, &lines)?
            .into_iter()
            .map(|(account, amount)| credit(account, amount))
            .collect();
        postings.push(credit(Account::Bank, statement.totals.refund));
        postings.push(credit(Account::Forfeited, lost));
        let id = name("refund", statement.name.as_str());
        let (kind, agreement) = (TransactionKind::Refund, statement.agreement.clone());
        let booked = Self::new(id, on, kind, agreement, currency, postings)?;
        Ok((!booked.postings.is_empty()).then_some(booked))
    }

    /// A receivable was given up.
    ///
    /// # Errors
    /// When the amount is below zero.
    pub fn write_off(
        agreement: &Id,
        invoice: &Id,
        on: Date,
        account: Account,
        amount: Money,
    ) -> Result<Self, LedgerError> {
        let id = name("write-off", &format!("{invoice}/{}", account.code()));
        let accounts = (Account::WriteOff, account);
        Self::pair(id, on, TransactionKind::WriteOff, agreement, accounts, amount)
    }

    fn pair(
        id: Id,
        on: Date,
        kind: TransactionKind,
        agreement: &Id,
        (to, from): (Account, Account),
        amount: Money,
    ) -> Result<Self, LedgerError> {
        if amount.is_negative() {
            return Err(LedgerError::Negative { id, amount });
        }
        let postings = alloc::vec![debit(to, amount), credit(from, amount)];
        Self::new(id, on, kind, agreement.clone(), amount.currency(), postings)
    }
}

/// The accounts against which lines are set off, with their signed amounts.
fn set_off(currency: Currency, lines: &[Line]) -> Result<Vec<(Account, Money)>, LedgerError> {
    let account = |code: LineCode| match code {
        LineCode::ServiceCredit => Account::CreditsOwed,
        LineCode::LateRepair | LineCode::Damages => Account::DamagesOwed,
        _ => Account::Prepayment,
    };
    let accounts = [Account::CreditsOwed, Account::DamagesOwed, Account::Prepayment];
    let rows = accounts.into_iter().map(|of| {
        let lines = lines.iter().filter(|line| account(line.code) == of);
        Ok((of, total(currency, lines.map(|line| line.amount))?))
    });
    rows.collect()
}
