//! Statements, invoices, credit notes and payments as they stand in the journal: totals and the
//! hash of the whole. What the sums are is `settlement`'s. Clauses: class-5.2, lease-3.3,
//! train-5.2.

use alloc::string::String;
use alloc::vec::Vec;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use units::{Date, Id, Money, Window};

use super::{ItemCount, Sha256};
use crate::terms::Side;

/// A statement in the journal: its totals and the hash of the whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StatementSummary {
    /// Its name within the agreement, such as `2026-03` or `milestone:signing`.
    pub statement: Id,
    /// What it covers.
    pub window: Window,
    /// The milestones that it bills.
    pub milestones: Vec<Id>,
    /// Units billed for each work item or request class.
    pub billed: Vec<ItemCount>,
    /// One-off fees that it bills.
    pub one_off: Vec<Id>,
    /// Without tax.
    pub net: Money,
    /// Tax.
    pub tax: Money,
    /// With tax.
    pub gross: Money,
    /// What has to be paid: the gross amount less credits and what is taken from the prepayment.
    pub due: Money,
    /// Taken from the prepayment.
    pub drawdown: Money,
    /// Service credits given with it.
    pub credits: Money,
    /// Number of lines.
    pub lines: u32,
    /// SHA-256 of its canonical JSON.
    pub sha256: Sha256,
}

/// An invoice in the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InvoiceSummary {
    /// Its number in the agreement's series, from 1, without gaps.
    pub number: u32,
    /// The statement that it bills.
    pub statement: Id,
    /// Without tax.
    pub net: Money,
    /// Tax.
    pub tax: Money,
    /// With tax.
    pub gross: Money,
    /// What has to be paid: the gross amount less credits and what is taken from the prepayment.
    pub payable: Money,
    /// The day of issue.
    pub issued: Date,
    /// The day by which it must be paid.
    pub due: Date,
    /// SHA-256 of its canonical JSON.
    pub sha256: Sha256,
}

/// A credit note in the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CreditNoteSummary {
    /// Its number in the agreement's series of credit notes, from 1, without gaps.
    pub number: u32,
    /// The invoice that it corrects.
    pub invoice: u32,
    /// Gross amount taken off.
    pub gross: Money,
    /// The tax in it.
    pub tax: Money,
    /// A code for the reason: `objection`, `service_credit`, `dispute`, `error`.
    pub reason: String,
    /// The day of issue.
    pub issued: Date,
    /// SHA-256 of its canonical JSON.
    pub sha256: Sha256,
}

/// Money that arrived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Payment {
    /// Its name within the agreement: the bank's reference.
    pub payment: Id,
    /// Who paid.
    pub by: Side,
    /// How much.
    pub amount: Money,
    /// The day on which it arrived.
    pub on: Date,
    /// What it is for, when the payer said so.
    pub towards: PaymentPurpose,
}

/// What a payment is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "for", rename_all = "snake_case")]
pub enum PaymentPurpose {
    /// Whatever is open, in the agreed order.
    Open,
    /// One invoice.
    Invoice {
        /// Its number.
        number: u32,
    },
    /// The prepayment.
    Prepayment,
    /// A refund from the vendor.
    Refund,
}
