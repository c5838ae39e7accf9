//! Which invoices are paid, by principal alone: payments named for an invoice go there, the rest
//! to the oldest. Late fees and the agreed order of allocation are `settlement`'s.

use alloc::collections::BTreeMap;
use alloc::string::ToString;
use alloc::vec::Vec;

use crate::event::PaymentPurpose;
use crate::obligation::{ObligationKind, name};
use crate::state::State;

/// What was paid beforehand, in minor units.
#[must_use]
pub fn prepaid_minor(state: &State) -> i128 {
    let payments = state.money.payments.iter().map(|(payment, _)| payment);
    let prepaid = payments.filter(|payment| payment.towards == PaymentPurpose::Prepayment);
    prepaid.map(|payment| payment.amount.minor()).sum()
}

/// What is left to pay of each invoice, in minor units, by number; in the order of the series.
#[must_use]
pub fn open_minor(state: &State) -> BTreeMap<u32, i128> {
    let invoices = state.money.invoices.iter();
    let mut open: BTreeMap<u32, i128> =
        invoices.map(|invoice| (invoice.summary.number, invoice.owed_minor())).collect();
    let mut free: i128 = 0;
    for (payment, _) in &state.money.payments {
        let mut left = payment.amount.minor();
        match payment.towards {
            PaymentPurpose::Invoice { number } => {
                if let Some(owed) = open.get_mut(&number) {
                    let taken = left.min((*owed).max(0));
                    *owed -= taken;
                    left -= taken;
                }
                free += left;
            }
            PaymentPurpose::Open => free += left,
            PaymentPurpose::Prepayment | PaymentPurpose::Refund => {}
        }
    }
    for owed in open.values_mut() {
        let taken = free.min((*owed).max(0));
        *owed -= taken;
        free -= taken;
    }
    open
}

/// Invoices whose payment is still open although nothing is left to pay.
pub(crate) fn newly_paid(state: &State) -> Vec<u32> {
    let is_open =
        |number: &u32| state.open.contains_key(&name(ObligationKind::Pay, &number.to_string()));
    let paid = open_minor(state).into_iter().filter(|(_, left)| *left <= 0);
    paid.map(|(number, _)| number).filter(is_open).collect()
}
