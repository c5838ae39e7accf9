//! Invoices and credit notes: immutable data made from an approved statement. Serves class-5.2,
//! lease-3.2, lease-3.3. An invoice is never changed; a credit note is its only correction. Knows
//! no tax authority: the number of an official invoice is recorded elsewhere.

use alloc::string::String;
use alloc::vec::Vec;

use contract::terms::{Agreement, BankAccount, Party};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use units::{
    Currency, Date, Id, Money, MoneyError, Percent, amount_in_words_en, amount_in_words_zh,
};

use crate::amount::mul;
use crate::due::Due;
use crate::statement::{Statement, Words};
use crate::working::Line;

/// A number of a series that has no gaps.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Number {
    /// Its place in the series, from 1.
    pub sequence: u32,
    /// As it is printed, such as `INV-000042`.
    pub text: String,
}

/// An invoice. Nothing of it ever changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Invoice {
    /// Its number.
    pub number: Number,
    /// The agreement.
    pub agreement: Id,
    /// The statement that it bills.
    pub statement: Id,
    /// The day of issue.
    pub issued: Date,
    /// Who is paid: the vendor.
    pub seller: Party,
    /// Who pays: the customer.
    pub buyer: Party,
    /// Charges.
    pub lines: Vec<Line>,
    /// What is settled against the gross amount.
    pub adjustments: Vec<Line>,
    /// Whether the amounts of the lines hold tax.
    pub prices_include_tax: bool,
    /// Tax by rate.
    pub tax: Vec<TaxTotal>,
    /// Without tax.
    pub net: Money,
    /// With tax.
    pub gross: Money,
    /// What has to be paid.
    pub payable: Money,
    /// The gross amount in words. Clause: lease-3.2.
    pub gross_words: Words,
    /// What has to be paid, in words.
    pub payable_words: Words,
    /// By when.
    pub due: Due,
    /// Where to. Clauses: class-5.2, lease-3.3.
    pub account: BankAccount,
}

/// The tax of one rate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TaxTotal {
    /// The rate.
    pub rate: Percent,
    /// What it is counted on.
    pub net: Money,
    /// The tax.
    pub tax: Money,
}

/// A credit note: it takes back a part of an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CreditNote {
    /// Its number, in the series of credit notes.
    pub number: Number,
    /// The invoice that it corrects.
    pub invoice: Number,
    /// The agreement.
    pub agreement: Id,
    /// The day of issue.
    pub issued: Date,
    /// A code for the reason: `objection`, `service_credit`, `dispute`, `error`.
    pub reason: Id,
    /// Taken back without tax; positive.
    pub net: Money,
    /// The tax in it.
    pub tax: Money,
    /// Taken back with tax.
    pub gross: Money,
    /// The same in words.
    pub gross_words: Words,
}

/// Why an invoice or a credit note cannot be issued.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvoiceError {
    /// The statement is of another agreement.
    #[error("the statement is of agreement {of}")]
    OtherAgreement {
        /// Its agreement.
        of: Id,
    },
    /// The vendor has no account to pay to.
    #[error("the agreement names no account of the vendor")]
    NoAccount,
    /// A credit note is over nothing or less.
    #[error("a credit note over {gross} takes nothing back")]
    NothingCredited {
        /// The amount.
        gross: Money,
    },
    /// A credit note takes back more than is left of the invoice.
    #[error("{gross} is more than the {left} that is left of the invoice")]
    MoreThanLeft {
        /// The amount.
        gross: Money,
        /// What is left.
        left: Money,
    },
    /// A credit note of another invoice was counted in.
    #[error("credit note {} is of another invoice", number.text)]
    OtherInvoice {
        /// The credit note.
        number: Number,
    },
    /// An amount is of another currency or out of range.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// What is wrong with a series of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SeriesError {
    /// A number is missing.
    #[error("number {missing} is missing")]
    Gap {
        /// The first that is missing.
        missing: u32,
    },
    /// A number was used twice.
    #[error("number {number} was used twice")]
    Twice {
        /// The number.
        number: u32,
    },
    /// There is no further number.
    #[error("the series is used up")]
    Full,
}

impl Number {
    /// The number at a place of a series, printed with six digits at least.
    #[must_use]
    pub fn new(series: &Id, sequence: u32) -> Self {
        Self { sequence, text: alloc::format!("{series}-{sequence:06}") }
    }
}

impl Invoice {
    /// The invoice of an approved statement, or of its undisputed part. Clauses: class-5.2,
    /// lease-3.2, lease-3.3.
    ///
    /// # Errors
    /// When the statement is of another agreement, or the vendor has no account.
    pub fn issue(
        agreement: &Agreement,
        statement: &Statement,
        number: Number,
        issued: Date,
        due: Due,
    ) -> Result<Self, InvoiceError> {
        if statement.agreement != agreement.id {
            return Err(InvoiceError::OtherAgreement { of: statement.agreement.clone() });
        }
        let account = agreement.vendor.account.clone().ok_or(InvoiceError::NoAccount)?;
        let totals = &statement.totals;
        let rate = agreement.payment.tax.rate;
        Ok(Self {
            number,
            agreement: agreement.id.clone(),
            statement: statement.name.clone(),
            issued,
            seller: agreement.vendor.clone(),
            buyer: agreement.customer.clone(),
            lines: statement.lines.clone(),
            adjustments: statement.adjustments.clone(),
            prices_include_tax: statement.prices_include_tax,
            tax: alloc::vec![TaxTotal { rate, net: totals.net, tax: totals.tax }],
            net: totals.net,
            gross: totals.gross,
            payable: totals.due,
            gross_words: totals.gross_words.clone(),
            payable_words: totals.due_words.clone(),
            due,
            account,
        })
    }

    /// The tax of all rates.
    ///
    /// # Errors
    /// When the sum is out of range.
    pub fn total_tax(&self) -> Result<Money, MoneyError> {
        crate::amount::total(self.currency(), self.tax.iter().map(|row| row.tax))
    }

    /// The currency of every amount.
    #[must_use]
    pub const fn currency(&self) -> Currency {
        self.gross.currency()
    }

    /// What credit notes have left of the gross amount; never below zero for an invoice over more
    /// than nothing.
    ///
    /// # Errors
    /// When a note is of another invoice, or an amount is out of range.
    pub fn left(&self, notes: &[CreditNote]) -> Result<Money, InvoiceError> {
        notes.iter().try_fold(self.gross, |left, note| {
            if note.invoice != self.number || note.agreement != self.agreement {
                return Err(InvoiceError::OtherInvoice { number: note.number.clone() });
            }
            Ok(left.checked_sub(note.gross)?)
        })
    }
}

impl CreditNote {
    /// A credit note over a part of an invoice. Its tax is the same share of the invoice's tax,
    /// rounded down; the note that takes back the rest takes back the rest of the tax too.
    ///
    /// # Errors
    /// When it takes back nothing, or more than is left after `earlier`.
    pub fn issue(
        invoice: &Invoice,
        earlier: &[CreditNote],
        number: Number,
        issued: Date,
        reason: Id,
        gross: Money,
    ) -> Result<Self, InvoiceError> {
        let left = invoice.left(earlier)?;
        if gross.is_zero() || gross.is_negative() {
            return Err(InvoiceError::NothingCredited { gross });
        }
        if gross.checked_min(left)? != gross {
            return Err(InvoiceError::MoreThanLeft { gross, left });
        }
        let tax_left =
            earlier.iter().try_fold(invoice.total_tax()?, |tax, note| tax.checked_sub(note.tax))?;
        let tax = if gross == left {
            tax_left
        } else {
            let share = gross.to_fraction().checked_div(left.to_fraction());
            let exact = mul(tax_left.to_fraction(), share.ok_or(MoneyError::Range)?)?;
            let down = units::RoundingMode::Down;
            Money::checked_from_fraction(exact, gross.currency(), down)?
        };
        let gross_words = Words { zh: amount_in_words_zh(gross), en: amount_in_words_en(gross) };
        Ok(Self {
            number,
            invoice: invoice.number.clone(),
            agreement: invoice.agreement.clone(),
            issued,
            reason,
            net: gross.checked_sub(tax)?,
            tax,
            gross,
            gross_words,
        })
    }
}

/// Checks that a series begins with 1 and has neither gap nor repetition, in any order.
///
/// # Errors
/// Names the first number that is missing or used twice.
pub fn check_series(existing: &[u32]) -> Result<(), SeriesError> {
    let mut sorted = existing.to_vec();
    sorted.sort_unstable();
    for (index, number) in sorted.iter().enumerate() {
        let wanted = u32::try_from(index).ok().and_then(|index| index.checked_add(1));
        let wanted = wanted.ok_or(SeriesError::Full)?;
        match number.cmp(&wanted) {
            core::cmp::Ordering::Equal => {}
            core::cmp::Ordering::Greater => return Err(SeriesError::Gap { missing: wanted }),
            core::cmp::Ordering::Less => return Err(SeriesError::Twice { number: *number }),
        }
    }
    Ok(())
}

/// The next number of a series without gaps.
///
/// # Errors
/// When the series has a gap or a repetition already, or is used up.
pub fn next_number(existing: &[u32]) -> Result<u32, SeriesError> {
    check_series(existing)?;
    let last = u32::try_from(existing.len()).map_err(|_| SeriesError::Full)?;
    last.checked_add(1).ok_or(SeriesError::Full)
}

#[cfg(test)]
mod tests;
