//! The vendor's books of an agreement: double-entry postings of what was settled, invoiced, paid,
//! credited and accrued. Serves class-5.2, lease-3.3, lease-3.4, pb-04. Each transaction adds up to
//! zero and is booked once, by its name. Knows nothing of how amounts came about.

mod entries;
mod export;

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use units::{Currency, Date, Id, Money, MoneyError};

pub use entries::PaymentShare;
pub use export::{Syntax, export};

/// An account of the vendor's books.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Account {
    /// Money in the bank.
    Bank,
    /// Invoices that are not paid.
    Receivable,
    /// Approved statements that are not invoiced.
    Unbilled,
    /// Late fees that are not paid; they survive payment of the principal. Clause: lease-3.4.
    LateFeeReceivable,
    /// Costs of enforcement that are not paid.
    CostsReceivable,
    /// Money paid beforehand. Clause: class-5.2.
    Prepayment,
    /// Payments that settle nothing yet.
    Unallocated,
    /// Credits that are not used up. Clause: pb-04.
    CreditsOwed,
    /// Damages that are not paid or set off.
    DamagesOwed,
    /// Tax.
    TaxPayable,
    /// Fees.
    Revenue,
    /// Late fees. Clause: lease-3.4.
    LateFeeIncome,
    /// Costs of enforcement that the customer owes.
    CostsRecovered,
    /// Service credits given. Clause: pb-04.
    ServiceCredits,
    /// Damages given, late repairs among them. Clauses: lease-6.2, train-8.1.
    Damages,
    /// Credits and prepayments that the customer lost.
    Forfeited,
    /// Receivables given up.
    WriteOff,
}

/// The five kinds of accounts of plain-text accounting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AccountClass {
    /// What is owned or owed to the vendor.
    Assets,
    /// What the vendor owes.
    Liabilities,
    /// What was earned.
    Income,
    /// What was given up.
    Expenses,
}

/// What a transaction books.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum TransactionKind {
    /// A statement was approved. Clause: class-5.2.
    StatementApproved,
    /// An invoice was issued.
    Invoice,
    /// A credit note was issued.
    CreditNote,
    /// Money arrived.
    Payment,
    /// A late fee accrued. Clause: lease-3.4.
    LateFee,
    /// Charges were taken from the prepayment. Clause: class-5.2.
    Drawdown,
    /// A service credit was given. Clause: pb-04.
    ServiceCredit,
    /// Money was paid back.
    Refund,
    /// A receivable was given up.
    WriteOff,
}

/// A movement of one account: a debit is positive, a credit negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Posting {
    /// The account.
    pub account: Account,
    /// The amount.
    pub amount: Money,
}

/// Postings that add up to zero.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Transaction {
    /// Its name; the same name is booked once.
    pub id: Id,
    /// The day.
    pub on: Date,
    /// What it books.
    pub kind: TransactionKind,
    /// The agreement.
    pub agreement: Id,
    /// The movements, none of them zero.
    pub postings: Vec<Posting>,
}

/// Whether a transaction was booked now or before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Booked {
    /// Now.
    New,
    /// Before, in the same words.
    Already,
}

/// Why a transaction is not booked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LedgerError {
    /// The postings do not add up to zero.
    #[error("transaction {id} is out of balance by {by}")]
    Unbalanced {
        /// The transaction.
        id: Id,
        /// The sum of its postings.
        by: Money,
    },
    /// The name stands with other content.
    #[error("transaction {id} was booked before with different content")]
    Conflict {
        /// The transaction.
        id: Id,
    },
    /// An amount is below zero where only the direction of the transaction may say so.
    #[error("transaction {id} is over {amount}")]
    Negative {
        /// The transaction.
        id: Id,
        /// The amount.
        amount: Money,
    },
    /// The parts of a payment do not add up to it.
    #[error("the parts of payment {id} add up to {parts}, not {amount}")]
    Parts {
        /// The payment.
        id: Id,
        /// The sum of the parts.
        parts: Money,
        /// The payment's amount.
        amount: Money,
    },
    /// An amount is of another currency or out of range.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// The books. They are not written down: booking the transactions again gives the same books.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ledger {
    currency: Currency,
    transactions: Vec<Transaction>,
    by_id: BTreeMap<Id, usize>,
}

/// The two columns of a trial balance; their sums are equal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrialBalance {
    /// Each account with its debit or its credit balance.
    pub rows: Vec<TrialRow>,
    /// Sum of the debit balances.
    pub debit: Money,
    /// Sum of the credit balances.
    pub credit: Money,
}

/// A row of a trial balance: one of the two is zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrialRow {
    /// The account.
    pub account: Account,
    /// Its debit balance.
    pub debit: Money,
    /// Its credit balance.
    pub credit: Money,
}

impl Account {
    /// Every account with its class and its code.
    pub const ALL: &'static [(Self, AccountClass, &'static str)] = &[
        (Self::Bank, AccountClass::Assets, "bank"),
        (Self::Receivable, AccountClass::Assets, "receivable"),
        (Self::Unbilled, AccountClass::Assets, "unbilled"),
        (Self::LateFeeReceivable, AccountClass::Assets, "late-fee-receivable"),
        (Self::CostsReceivable, AccountClass::Assets, "costs-receivable"),
        (Self::Prepayment, AccountClass::Liabilities, "prepayment"),
        (Self::Unallocated, AccountClass::Liabilities, "unallocated"),
        (Self::CreditsOwed, AccountClass::Liabilities, "credits-owed"),
        (Self::DamagesOwed, AccountClass::Liabilities, "damages-owed"),
        (Self::TaxPayable, AccountClass::Liabilities, "tax-payable"),
        (Self::Revenue, AccountClass::Income, "revenue"),
        (Self::LateFeeIncome, AccountClass::Income, "late-fee-income"),
        (Self::CostsRecovered, AccountClass::Income, "costs-recovered"),
        (Self::Forfeited, AccountClass::Income, "forfeited"),
        (Self::ServiceCredits, AccountClass::Expenses, "service-credits"),
        (Self::Damages, AccountClass::Expenses, "damages"),
        (Self::WriteOff, AccountClass::Expenses, "write-off"),
    ];

    fn row(self) -> &'static (Self, AccountClass, &'static str) {
        let found = Self::ALL.iter().find(|(account, _, _)| *account == self);
        found.expect("every account has a row, as a test checks")
    }

    /// Its class.
    #[must_use]
    pub fn class(self) -> AccountClass {
        self.row().1
    }

    /// Its code in exported books.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.row().2
    }
}

impl Transaction {
    /// Checks that the postings add up to zero, and leaves out those of nothing.
    ///
    /// # Errors
    /// When they do not, or are of two currencies.
    pub fn new(
        id: Id,
        on: Date,
        kind: TransactionKind,
        agreement: Id,
        currency: Currency,
        postings: Vec<Posting>,
    ) -> Result<Self, LedgerError> {
        let by = crate::amount::total(currency, postings.iter().map(|posting| posting.amount))?;
        if !by.is_zero() {
            return Err(LedgerError::Unbalanced { id, by });
        }
        let postings = postings.into_iter().filter(|posting| !posting.amount.is_zero()).collect();
        Ok(Self { id, on, kind, agreement, postings })
    }
}

impl Ledger {
    /// Empty books.
    #[must_use]
    pub const fn new(currency: Currency) -> Self {
        Self { currency, transactions: Vec::new(), by_id: BTreeMap::new() }
    }

    /// The currency of every amount.
    #[must_use]
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// The transactions in the order in which they were booked.
    #[must_use]
    pub fn transactions(&self) -> &[Transaction] {
        &self.transactions
    }

    /// Books a transaction; one that was booked before in the same words changes nothing.
    ///
    /// # Errors
    /// When it is out of balance, or its name stands with other content.
    pub fn book(&mut self, transaction: Transaction) -> Result<Booked, LedgerError> {
        if let Some(known) = self.by_id.get(&transaction.id) {
            return match self.transactions.get(*known) {
                Some(known) if *known == transaction => Ok(Booked::Already),
                _ => Err(LedgerError::Conflict { id: transaction.id }),
            };
        }
        let Transaction { id, on, kind, agreement, postings } = transaction;
        let currency = self.currency;
        let checked = Transaction::new(id, on, kind, agreement, currency, postings)?;
        self.by_id.insert(checked.id.clone(), self.transactions.len());
        self.transactions.push(checked);
        Ok(Booked::New)
    }

    /// The balance of every account that moved; debit balances are positive. They add up to zero.
    ///
    /// # Errors
    /// When a balance is out of range.
    pub fn balances(&self) -> Result<BTreeMap<Account, Money>, MoneyError> {
        let mut balances = BTreeMap::new();
        for posting in self.transactions.iter().flat_map(|one| &one.postings) {
            let balance = balances.entry(posting.account).or_insert(Money::zero(self.currency));
            *balance = balance.checked_add(posting.amount)?;
        }
        Ok(balances)
    }

    /// The balance of one account.
    ///
    /// # Errors
    /// When it is out of range.
    pub fn balance(&self, account: Account) -> Result<Money, MoneyError> {
        let zero = Money::zero(self.currency);
        Ok(self.balances()?.get(&account).copied().unwrap_or(zero))
    }

    /// The trial balance.
    ///
    /// # Errors
    /// When a balance is out of range.
    pub fn trial_balance(&self) -> Result<TrialBalance, MoneyError> {
        let zero = Money::zero(self.currency);
        let mut trial = TrialBalance { rows: Vec::new(), debit: zero, credit: zero };
        for (account, balance) in self.balances()? {
            let (debit, credit) =
                if balance.is_negative() { (zero, balance.negated()) } else { (balance, zero) };
            trial.debit = trial.debit.checked_add(debit)?;
            trial.credit = trial.credit.checked_add(credit)?;
            trial.rows.push(TrialRow { account, debit, credit });
        }
        Ok(trial)
    }
}

#[cfg(test)]
mod tests;
