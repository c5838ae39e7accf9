//! What a payment settles first: costs, interest, principal, in the agreed order, the oldest debt
//! first within each. Clauses: lease-3.4, class-5.2. Where the contract is silent, Civil Code
//! art. 561: costs, then interest, then principal. Knows open amounts; knows no bank and no ledger.

use alloc::vec::Vec;

use contract::terms::AllocationTarget;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use units::{Date, Id, Money, MoneyError};

/// What is open of one invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenDebt {
    /// The invoice.
    pub invoice: Id,
    /// The day by which it was due; the earliest is settled first.
    pub due: Date,
    /// Costs of enforcement.
    pub costs: Money,
    /// Late fees and damages.
    pub interest: Money,
    /// The principal, tax included.
    pub principal: Money,
}

/// A part of a payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AllocatedPart {
    /// The invoice.
    pub invoice: Id,
    /// What of it is settled.
    pub target: AllocationTarget,
    /// How much; above zero.
    pub amount: Money,
}

/// A payment, allocated: the parts and the rest add up to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PaymentAllocation {
    /// What was settled, in order.
    pub parts: Vec<AllocatedPart>,
    /// What settles nothing yet: it stays the payer's credit.
    pub left: Money,
}

/// Why a payment cannot be allocated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AllocationError {
    /// A payment below zero.
    #[error("a payment of {amount} settles nothing")]
    NegativePayment {
        /// How much.
        amount: Money,
    },
    /// An open amount below zero.
    #[error("{amount} is open of invoice {invoice}")]
    NegativeDebt {
        /// The invoice.
        invoice: Id,
        /// How much.
        amount: Money,
    },
    /// An amount is of another currency or out of range.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// Allocates a payment. Debts come in any order. Targets that `order` does not name follow in the
/// order of the law. Clauses: lease-3.4, class-5.2.
///
/// # Errors
/// When an amount is negative or of another currency.
pub fn allocate(
    order: &[AllocationTarget],
    payment: Money,
    debts: &[OpenDebt],
) -> Result<PaymentAllocation, AllocationError> {
    if payment.is_negative() {
        return Err(AllocationError::NegativePayment { amount: payment });
    }
    let mut oldest: Vec<&OpenDebt> = debts.iter().collect();
    oldest.sort_by(|a, b| (a.due, &a.invoice).cmp(&(b.due, &b.invoice)));
    let mut left = payment;
    let mut parts = Vec::new();
    for target in full_order(order) {
        for debt in &oldest {
            let open = debt.open(target);
            if open.is_negative() {
                let invoice = debt.invoice.clone();
                return Err(AllocationError::NegativeDebt { invoice, amount: open });
            }
            let amount = left.checked_min(open)?;
            if !amount.is_zero() {
                left = left.checked_sub(amount)?;
                parts.push(AllocatedPart { invoice: debt.invoice.clone(), target, amount });
            }
        }
    }
    Ok(PaymentAllocation { parts, left })
}

/// Each target once: as agreed, then as the law has it.
fn full_order(agreed: &[AllocationTarget]) -> Vec<AllocationTarget> {
    const LAW: [AllocationTarget; 3] =
        [AllocationTarget::Costs, AllocationTarget::Interest, AllocationTarget::Principal];
    let mut order: Vec<AllocationTarget> = Vec::new();
    for target in agreed.iter().copied().chain(LAW) {
        if !order.contains(&target) {
            order.push(target);
        }
    }
    order
}

impl OpenDebt {
    const fn open(&self, target: AllocationTarget) -> Money {
        match target {
            AllocationTarget::Costs => self.costs,
            AllocationTarget::Interest => self.interest,
            AllocationTarget::Principal => self.principal,
        }
    }
}

#[cfg(test)]
mod tests;
