//! Which invoices are paid, by principal alone: payments named for an invoice go there, the rest
//! to the oldest. Late fees and the agreed order of allocation are `settlement`'s.

use alloc::collections::BTreeMap;
use alloc::string::ToString;
use alloc::vec::Vec;

use units::Date;

use crate::event::{Payment, PaymentPurpose};
use crate::obligation::{ObligationKind, name};
use crate::state::State;

/// What is left of an invoice, and the day of the latest payment that it took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Open {
    left_minor: i128,
    paid_on: Option<Date>,
}

/// Money that no invoice has taken yet.
struct Free {
    left_minor: i128,
    on: Option<Date>,
}

/// The name of the statement that asks for the prepayment.
const PREPAYMENT: &str = "prepayment";

/// The invoice that asks for the prepayment, where one was issued. Clauses: class-5.2, train-5.3.1.
#[must_use]
pub fn prepayment_invoice(state: &State) -> Option<u32> {
    let mut invoices = state.money.invoices.iter().map(|invoice| &invoice.summary);
    let found = invoices.find(|invoice| invoice.statement.as_str() == PREPAYMENT);
    found.map(|invoice| invoice.number)
}

/// What was paid beforehand, in minor units: with the prepayment named, or on its invoice.
#[must_use]
pub fn prepaid_minor(state: &State) -> i128 {
    let asked = prepayment_invoice(state).map(|number| PaymentPurpose::Invoice { number });
    let payments = state.money.payments.iter().map(|(payment, _)| payment);
    let prepaid = payments.filter(|payment| {
        payment.towards == PaymentPurpose::Prepayment || Some(payment.towards) == asked
    });
    prepaid.fold(0, |sum, payment| sum.saturating_add(payment.amount.minor()))
}

/// What is left to pay of each invoice, in minor units, by number; in the order of the series.
#[must_use]
pub fn open_minor(state: &State) -> BTreeMap<u32, i128> {
    allocate(state).into_iter().map(|(number, open)| (number, open.left_minor)).collect()
}

/// Payments in the order in which the money arrived, whatever the order of their recording: first
/// to the invoice that they name, then to the oldest. What credit notes took off beyond what had
/// to be paid counts as money too.
fn allocate(state: &State) -> BTreeMap<u32, Open> {
    let invoices = state.money.invoices.iter();
    let mut open: BTreeMap<u32, Open> = invoices
        .map(|invoice| {
            let left_minor = invoice.owed_minor();
            (invoice.summary.number, Open { left_minor, paid_on: None })
        })
        .collect();
    let over = state.money.invoices.iter().map(crate::state::Invoice::overcredited_minor);
    let over = over.fold(0_i128, i128::saturating_add);
    let mut free = alloc::vec![Free { left_minor: over, on: None }];
    let mut payments: Vec<&Payment> = state.money.payments.iter().map(|(paid, _)| paid).collect();
    payments.sort_by_key(|payment| payment.on);
    for payment in payments {
        let mut money = Free { left_minor: payment.amount.minor(), on: Some(payment.on) };
        let named = match payment.towards {
            PaymentPurpose::Invoice { number } => Some(number),
            PaymentPurpose::Open => None,
            PaymentPurpose::Prepayment => match prepayment_invoice(state) {
                Some(number) => Some(number),
                None => continue,
            },
            PaymentPurpose::Refund => continue,
        };
        if let Some(invoice) = named.and_then(|number| open.get_mut(&number)) {
            take(invoice, &mut money);
        }
        free.push(money);
    }
    let mut first = 0;
    for invoice in open.values_mut() {
        while invoice.left_minor > 0
            && let Some(money) = free.get_mut(first)
        {
            take(invoice, money);
            if money.left_minor <= 0 {
                first += 1;
            }
        }
    }
    open
}

/// Takes as much money as an invoice still needs.
fn take(invoice: &mut Open, money: &mut Free) {
    let taken = money.left_minor.min(invoice.left_minor).max(0);
    if taken > 0 {
        invoice.left_minor -= taken;
        money.left_minor -= taken;
        invoice.paid_on = invoice.paid_on.max(money.on);
    }
}

/// Invoices whose payment is still open although nothing is left to pay, each with the day on
/// which the money was there; `None` where no payment was needed.
pub(crate) fn newly_paid(state: &State) -> Vec<(u32, Option<Date>)> {
    let is_open =
        |number: &u32| state.open.contains_key(&name(ObligationKind::Pay, &number.to_string()));
    let invoices = state.money.invoices.iter().map(|invoice| invoice.summary.number);
    if !invoices.clone().any(|number| is_open(&number)) {
        return Vec::new();
    }
    let paid = allocate(state).into_iter().filter(|(_, open)| open.left_minor <= 0);
    paid.map(|(number, open)| (number, open.paid_on)).filter(|(n, _)| is_open(n)).collect()
}
