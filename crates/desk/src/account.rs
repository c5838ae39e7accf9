//! The account between the parties: invoices, payments in the agreed order, late fees as a
//! receivable of their own, and what the liability cap allows. Computed from the journal each
//! time, never stored. Clauses: lease-3.4, lease-8.1, pb-06, train-8.2.

use std::collections::BTreeMap;

use contract::Refusal;
use contract::event::{ClaimBasis, CreditNoteSummary, Payment, PaymentPurpose};
use contract::state::State;
use contract::terms::{Agreement, BreachKind, CarveOut, IndemnityScope, Side};
use schemars::JsonSchema;
use serde::Serialize;
use settlement::{
    AllowedClaim, AmountRule, DuePrincipal, LateFeeAccrual, LossClaim, OpenDebt, PaidFee,
    PaymentAllocation, PrincipalPayment,
};
use units::{Date, Id, Money};

use crate::book::DeskError;

/// The account as of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Account {
    /// As of which day, in the agreement's zone.
    pub as_of: Date,
    /// Each invoice with its late fee.
    pub invoices: Vec<InvoiceAccount>,
    /// Payments in order, each with what it settled.
    pub payments: Vec<AllocatedPayment>,
    /// Principal that is open.
    pub open_principal: Money,
    /// Late fees that are open.
    pub open_late_fees: Money,
    /// What was paid and settles nothing yet.
    pub unallocated: Money,
}

/// An invoice in the account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct InvoiceAccount {
    /// Its number.
    pub number: u32,
    /// What had to be paid.
    pub payable: Money,
    /// By which day.
    pub due: Date,
    /// What is open of it.
    pub open_principal: Money,
    /// Its late fee with the working, where one is agreed.
    pub late_fee: Option<LateFeeAccrual>,
    /// What is open of the late fee.
    pub open_late_fee: Money,
}

/// A payment in the account, or what a credit note gave back of one (`credit-note:2`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AllocatedPayment {
    /// Its name.
    pub payment: Id,
    /// The day on which it arrived.
    pub on: Date,
    /// How much.
    pub amount: Money,
    /// What it settled, in the agreed order.
    pub allocation: PaymentAllocation,
}

/// An account that cannot be computed.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// The agreement's rounding does not fit its currency.
    #[error("the agreed rounding does not fit the currency")]
    Scale,
    /// A late fee cannot be computed.
    #[error(transparent)]
    LateFee(#[from] settlement::LateFeeError),
    /// A payment cannot be allocated.
    #[error(transparent)]
    Allocation(#[from] settlement::AllocationError),
    /// Liability cannot be computed.
    #[error(transparent)]
    Liability(#[from] settlement::LiabilityError),
    /// An amount is of another currency or out of range.
    #[error(transparent)]
    Money(#[from] units::MoneyError),
}

/// What a computation holds while it goes through the payments.
struct Open<'a> {
    agreement: &'a Agreement,
    debts: Vec<DuePrincipal>,
    taken: BTreeMap<Id, Vec<PrincipalPayment>>,
    interest_paid: BTreeMap<Id, Money>,
}

/// What changes the account.
enum Moved<'a> {
    Note(&'a CreditNoteSummary),
    Payment(&'a Payment, u64),
}

/// Credit notes and payments up to a day, in the order of their days; of one day the notes first.
fn in_order(state: &State, as_of: Date) -> Vec<Moved<'_>> {
    let notes = state.money.credit_notes.iter();
    let notes = notes.map(|note| ((note.issued, 0, u64::from(note.number)), Moved::Note(note)));
    let payments = state.money.payments.iter();
    let payments =
        payments.map(|(payment, seq)| ((payment.on, 1, *seq), Moved::Payment(payment, *seq)));
    let mut all: Vec<_> = notes.chain(payments).filter(|((on, ..), _)| *on <= as_of).collect();
    all.sort_by_key(|(key, _)| *key);
    all.into_iter().map(|(_, moved)| moved).collect()
}

/// The account as of a day. Clauses: lease-3.4, lease-8.1.
///
/// # Errors
/// When an amount is out of range or a term cannot be computed with.
pub fn account(state: &State, agreement: &Agreement, as_of: Date) -> Result<Account, AccountError> {
    let nothing = Money::zero(agreement.currency);
    let mut open = Open::new(state, agreement);
    let mut payments = Vec::new();
    let mut unallocated = nothing;
    for moved in in_order(state, as_of) {
        let allocated = match moved {
            Moved::Note(note) => open.credit(note)?,
            Moved::Payment(payment, seq) => open.pay(state, payment, seq)?,
        };
        let Some(allocated) = allocated else { continue };
        unallocated = unallocated.checked_add(allocated.allocation.left)?;
        payments.push(allocated);
    }
    let mut invoices = Vec::new();
    let (mut open_principal, mut open_late_fees) = (nothing, nothing);
    for (debt, invoice) in open.debts.iter().zip(&state.money.invoices) {
        let (principal, accrual, interest) = open.of(debt, as_of)?;
        open_principal = open_principal.checked_add(principal)?;
        open_late_fees = open_late_fees.checked_add(interest)?;
        invoices.push(InvoiceAccount {
            number: invoice.summary.number,
            payable: invoice.summary.payable,
            due: invoice.summary.due,
            open_principal: principal,
            late_fee: accrual,
            open_late_fee: interest,
        });
    }
    Ok(Account { as_of, invoices, payments, open_principal, open_late_fees, unallocated })
}

impl<'a> Open<'a> {
    fn new(state: &State, agreement: &'a Agreement) -> Self {
        let debts = state.money.invoices.iter().map(|invoice| {
            let summary = &invoice.summary;
            // What credits and the prepayment covered leaves the same share of it as tax.
            let without_tax = Money::from_fraction(
                summary.payable.to_fraction() * share(summary.net, summary.gross),
                agreement.currency,
                agreement.rounding.mode,
            );
            DuePrincipal {
                invoice: invoice_id(summary.number),
                due: summary.due,
                with_tax: summary.payable,
                without_tax,
                evidence: vec![contract::event::evidence_id(invoice.seq)],
            }
        });
        Self {
            agreement,
            debts: debts.collect(),
            taken: BTreeMap::new(),
            interest_paid: BTreeMap::new(),
        }
    }

    /// Takes a credit note off its invoice. What it takes off beyond what is open was paid or
    /// covered before, and counts as money that arrived with it.
    fn credit(
        &mut self,
        note: &CreditNoteSummary,
    ) -> Result<Option<AllocatedPayment>, AccountError> {
        let invoice = invoice_id(note.invoice);
        let Some(debt) = self.debts.iter().find(|debt| debt.invoice == invoice) else {
            return Ok(None);
        };
        let (open, ..) = self.of(debt, note.issued)?;
        let amount = note.gross.checked_min(open)?;
        let (on, evidence) = (note.issued, credit_note_id(note.number));
        let part = PrincipalPayment { on, amount, evidence: evidence.clone() };
        self.taken.entry(invoice).or_default().push(part);
        let amount = note.gross.checked_sub(amount)?;
        if amount.is_zero() {
            return Ok(None);
        }
        let allocation = self.take(amount, on, &evidence, None)?;
        Ok(Some(AllocatedPayment { payment: evidence, on, amount, allocation }))
    }

    /// Allocates a payment by what it is for; `None` where it is for no invoice.
    fn pay(
        &mut self,
        state: &State,
        payment: &Payment,
        seq: u64,
    ) -> Result<Option<AllocatedPayment>, AccountError> {
        let only = match payment.towards {
            PaymentPurpose::Prepayment => match contract::paid::prepayment_invoice(state) {
                Some(number) => Some(invoice_id(number)),
                None => return Ok(None),
            },
            PaymentPurpose::Refund => return Ok(None),
            PaymentPurpose::Invoice { number } => Some(invoice_id(number)),
            PaymentPurpose::Open => None,
        };
        let evidence = contract::event::evidence_id(seq);
        let allocation = self.take(payment.amount, payment.on, &evidence, only.as_ref())?;
        let (amount, on, payment) = (payment.amount, payment.on, payment.payment.clone());
        Ok(Some(AllocatedPayment { payment, on, amount, allocation }))
    }

    /// Open principal, accrual and open late fee of a debt as of a day.
    fn of(
        &self,
        debt: &DuePrincipal,
        as_of: Date,
    ) -> Result<(Money, Option<LateFeeAccrual>, Money), AccountError> {
        let nothing = Money::zero(self.agreement.currency);
        let payments = self.taken.get(&debt.invoice).map_or(&[][..], Vec::as_slice);
        let Some(terms) = &self.agreement.payment.late_fee else {
            let mut left = debt.with_tax;
            for payment in payments.iter().filter(|payment| payment.on <= as_of) {
                left = left.checked_sub(payment.amount)?;
            }
            return Ok((left, None, nothing));
        };
        let calendar = self.agreement.calendar.calendar();
        let rule = rule(self.agreement)?;
        let accrual = settlement::late_fee(terms, calendar, rule, debt, payments, as_of)?;
        let paid = self.interest_paid.get(&debt.invoice).copied().unwrap_or(nothing);
        let open = accrual.accrued.checked_sub(paid)?;
        Ok((accrual.open_principal, Some(accrual), open))
    }

    /// Allocates a payment: to one invoice first where the payer named it, then to all.
    fn take(
        &mut self,
        amount: Money,
        on: Date,
        evidence: &Id,
        only: Option<&Id>,
    ) -> Result<PaymentAllocation, AccountError> {
        let mut whole = PaymentAllocation { parts: Vec::new(), left: amount };
        for named in [only, None] {
            let mut debts = Vec::new();
            for debt in &self.debts {
                if named.is_some_and(|named| *named != debt.invoice) {
                    continue;
                }
                let (principal, _, interest) = self.of(debt, on)?;
                let nothing = Money::zero(self.agreement.currency);
                debts.push(OpenDebt {
                    invoice: debt.invoice.clone(),
                    due: debt.due,
                    costs: nothing,
                    interest: if interest.is_negative() { nothing } else { interest },
                    principal: if principal.is_negative() { nothing } else { principal },
                });
            }
            let order = &self.agreement.payment.allocation;
            let part = settlement::allocate(order, whole.left, &debts)?;
            for row in &part.parts {
                self.note(row, on, evidence)?;
            }
            whole.parts.extend(part.parts);
            whole.left = part.left;
            if named.is_none() {
                break;
            }
        }
        Ok(whole)
    }

    fn note(
        &mut self,
        row: &settlement::AllocatedPart,
        on: Date,
        evidence: &Id,
    ) -> Result<(), AccountError> {
        use contract::terms::AllocationTarget;
        match row.target {
            AllocationTarget::Principal => {
                let evidence = evidence.clone();
                let payment = PrincipalPayment { on, amount: row.amount, evidence };
                self.taken.entry(row.invoice.clone()).or_default().push(payment);
            }
            AllocationTarget::Interest | AllocationTarget::Costs => {
                let nothing = Money::zero(row.amount.currency());
                let paid = self.interest_paid.entry(row.invoice.clone()).or_insert(nothing);
                *paid = paid.checked_add(row.amount)?;
            }
        }
        Ok(())
    }
}

/// What the liability cap allows of every claim, in order of time. Clauses: pb-06, train-8.2.
///
/// # Errors
/// When an amount is out of range.
pub fn liability(state: &State, agreement: &Agreement) -> Result<Vec<AllowedClaim>, AccountError> {
    let claims: Vec<LossClaim> = state
        .claims
        .values()
        .map(|claim| LossClaim {
            claim: claim.claim.claim.clone(),
            against: claim.claim.by.other(),
            at: claim.raised.0,
            ground: carve_out(agreement, claim),
            direct: claim.claim.direct,
            indirect: claim.claim.indirect,
        })
        .collect();
    let fees: Vec<PaidFee> = state
        .money
        .payments
        .iter()
        .filter(|(payment, _)| payment.by == Side::Customer)
        .map(|(payment, seq)| PaidFee {
            on: payment.on,
            amount: payment.amount,
            evidence: contract::event::evidence_id(*seq),
        })
        .collect();
    let rule = rule(agreement)?;
    Ok(settlement::liability(&agreement.liability, &agreement.zone, rule, &claims, &fees)?)
}

/// The carve-out that a claim falls under, by its breach or its promise to hold harmless.
fn carve_out(agreement: &Agreement, claim: &contract::state::ClaimState) -> Option<CarveOut> {
    if let ClaimBasis::Indemnity { indemnity } = &claim.claim.basis {
        let promises = &agreement.liability.indemnities;
        let promise = promises.iter().find(|promise| promise.id == *indemnity)?;
        return match promise.against {
            IndemnityScope::IpInfringement => Some(CarveOut::IpInfringement),
            IndemnityScope::DataProtection => Some(CarveOut::DataSecurity),
            IndemnityScope::DataLegality => None,
        };
    }
    match claim.claim.breach {
        BreachKind::Disclosure => Some(CarveOut::Confidentiality),
        BreachKind::DataBreach | BreachKind::TrainingWithoutConsent => Some(CarveOut::DataSecurity),
        BreachKind::LatePayment => Some(CarveOut::Fees),
        _ => None,
    }
}

/// Refuses to settle a claim above what the cap allows. Clause: pb-06.
pub(crate) fn guard_claim(state: &State, claim: &Id, amount: Money) -> Result<(), DeskError> {
    let Some(agreement) = &state.agreement else { return Ok(()) };
    let allowed = liability(state, agreement)?;
    match allowed.iter().find(|row| row.claim == *claim) {
        Some(row) if amount.minor() > row.allowed.minor() => {
            let allowed_minor = row.allowed.minor();
            Err(DeskError::Refused(Refusal::AboveCap { allowed_minor }))
        }
        _ => Ok(()),
    }
}

/// How amounts of an agreement are rounded.
fn rule(agreement: &Agreement) -> Result<AmountRule, AccountError> {
    AmountRule::new(agreement.currency, agreement.rounding).ok_or(AccountError::Scale)
}

/// An invoice as a debt: `invoice:3`.
pub(crate) fn invoice_id(number: u32) -> Id {
    Id::new(&format!("invoice:{number}")).expect("letters, digits and a colon make an id")
}

fn credit_note_id(number: u32) -> Id {
    Id::new(&format!("credit-note:{number}")).expect("letters, digits and a colon make an id")
}

fn share(part: Money, whole: Money) -> units::Fraction {
    match whole.minor() {
        0 => units::Fraction::whole(1),
        whole => units::Fraction::new(part.minor(), whole),
    }
}
