//! Late payment fee (逾期违约金): simple interest by the day on an overdue principal.
//! Clauses: lease-3.4, lease-8.1. Knows days and rates; knows nothing of invoices and accounts.
//!
//! The fee is a receivable of its own: paying the principal ends its growth and takes nothing from
//! what has accrued. It is rounded once, at its total; the rows are exact. An amount that is paid
//! on a day counts as principal up to its last day of lateness, which the inclusion decides, so
//! that a part payment reduces the principal from the day after it. No interest on interest.
//! Nothing accrues on a day of grace, whatever the inclusion says of the due day.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use contract::terms::{DayCount, DayInclusion, LateBase, LateCap, LateFee, LateRate};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use units::{
    Calendar, Date, Duration, DurationUnit, EvidenceId, Fraction, Id, Money, MoneyError, Percent,
};

use crate::amount::{AmountRule, Rated, add, mul, sub};
use crate::capped::{capped_line, with_mode};
use crate::working::{Input, Line, LineCode, Working};

/// A principal that falls due: an invoice's amount.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DuePrincipal {
    /// The invoice.
    pub invoice: Id,
    /// The last day on which payment is in time.
    pub due: Date,
    /// With tax: what is to be paid.
    pub with_tax: Money,
    /// Without tax.
    pub without_tax: Money,
    /// The evidence of the debt.
    pub evidence: Vec<EvidenceId>,
}

/// What a payment took off the principal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PrincipalPayment {
    /// The day on which it arrived.
    pub on: Date,
    /// How much of it went to the principal, tax included.
    pub amount: Money,
    /// The evidence of the payment.
    pub evidence: EvidenceId,
}

/// What has accrued up to a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LateFeeAccrual {
    /// The invoice.
    pub invoice: Id,
    /// The day up to which it was computed.
    pub as_of: Date,
    /// One row for each stretch of days with the same principal and the same length of year.
    pub rows: Vec<LateFeeRow>,
    /// The sum of the rows, exactly, before the cap.
    pub exact: Fraction,
    /// The most that it may have reached by now.
    pub cap: Option<Fraction>,
    /// Accrued in all, after the cap, rounded once. What was paid on it is not taken off.
    pub accrued: Money,
    /// What is still open of the principal, tax included.
    pub open_principal: Money,
    /// Whether days of grace rest on working days of a year that is not published yet.
    pub provisional: bool,
    /// The line; absent where nothing accrued.
    pub line: Option<Line>,
}

/// Days of lateness with the same principal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LateFeeRow {
    /// The first day that counts.
    pub from: Date,
    /// The last day that counts.
    pub to: Date,
    /// How many days.
    pub days: u32,
    /// The open principal on these days, tax included.
    pub principal: Money,
    /// How the fee of these days came about.
    pub working: Working,
}

/// Why a late fee cannot be computed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LateFeeError {
    /// The principal is negative, or below its own part without tax.
    #[error("the principal of invoice {invoice} is {with_tax}, without tax {without_tax}")]
    Principal {
        /// The invoice.
        invoice: Id,
        /// With tax.
        with_tax: Money,
        /// Without tax.
        without_tax: Money,
    },
    /// A payment below zero.
    #[error("payment {evidence} is {amount}")]
    Payment {
        /// The payment.
        evidence: EvidenceId,
        /// How much.
        amount: Money,
    },
    /// More was paid on the principal than there was.
    #[error("{paid} was paid on invoice {invoice}, which is over {with_tax}")]
    Overpaid {
        /// The invoice.
        invoice: Id,
        /// The principal.
        with_tax: Money,
        /// Paid on it.
        paid: Money,
    },
    /// A rate or share below zero.
    #[error("the agreed rate {rate} is below zero")]
    NegativeRate {
        /// The rate.
        rate: Percent,
    },
    /// Days of grace that are not counted in days.
    #[error("grace of {grace} is not counted in days")]
    Grace {
        /// The grace.
        grace: Duration,
    },
    /// An amount is of another currency or out of range.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// The fee on one principal as of a day; what is still open then is treated as paid on that day.
/// Payments after `as_of` are not looked at; their order never matters.
///
/// Clauses: lease-3.4, lease-8.1.
///
/// # Errors
/// When amounts or rates are negative, more was paid than owed, or an amount is out of range.
pub fn late_fee(
    terms: &LateFee,
    calendar: Calendar,
    rule: AmountRule,
    debt: &DuePrincipal,
    payments: &[PrincipalPayment],
    as_of: Date,
) -> Result<LateFeeAccrual, LateFeeError> {
    check_terms(terms)?;
    check_debt(debt, rule)?;
    let payments = payments_until(debt, payments, as_of)?;
    let (first, provisional) = first_day(terms, calendar, debt.due)?;
    let mut rows = Vec::new();
    let mut lpr_limit = Fraction::ZERO;
    for (from, to) in stretches(terms, debt, &payments, first, as_of) {
        let principal = open_on(terms, debt, &payments, from)?;
        if principal.is_zero() {
            continue;
        }
        let row = row(terms, debt, rule, principal, from, to)?;
        if let LateCap::Lpr(cap) = &terms.cap {
            let times = Fraction::whole(i128::from(cap.times));
            let share = mul(mul(cap.lpr.share(), times)?, years(cap_day_count(terms), from, to))?;
            lpr_limit = add(lpr_limit, mul(fee_base(terms, debt, principal)?, share)?)?;
        }
        rows.push(row);
    }
    let cap = match &terms.cap {
        LateCap::None(_) => None,
        LateCap::Principal(cap) => {
            let overdue = sub(debt.with_tax.to_fraction(), paid_by(&payments, debt.due)?)?;
            let overdue = mul(overdue, base_share(terms, debt))?;
            Some(mul(overdue, cap.share.share())?)
        }
        LateCap::Lpr(_) => Some(lpr_limit),
    };
    let exact = rows.iter().try_fold(Fraction::ZERO, |sum, row| add(sum, row.working.exact))?;
    let line = total_line(terms, rule, debt, &payments, &rows, exact, cap)?;
    let accrued = line.as_ref().map_or(Money::zero(rule.currency()), |line| line.amount);
    let paid: Vec<Money> = payments.iter().map(|payment| payment.amount).collect();
    let paid = crate::amount::total(rule.currency(), paid)?;
    Ok(LateFeeAccrual {
        invoice: debt.invoice.clone(),
        as_of,
        rows,
        exact,
        cap,
        accrued,
        open_principal: debt.with_tax.checked_sub(paid)?,
        provisional,
        line,
    })
}

/// Whether a rate is above four times the one-year LPR by the year: the yardstick of private
/// lending, which a court is likely to be asked about. A hint for review, no limit of its own: the
/// cap of the terms is. A day is 1/365 of a year. Clauses: lease-3.4, lease-8.1.
#[must_use]
pub fn exceeds_four_lpr(rate: &LateRate, lpr: Percent) -> bool {
    let (share, days_a_year) = match rate {
        LateRate::Daily(daily) => (daily.rate.share(), Fraction::whole(365)),
        LateRate::Annual(annual) => match annual.day_count {
            DayCount::Actual360 => (annual.rate.share(), Fraction::new(365, 360)),
            _ => (annual.rate.share(), Fraction::whole(1)),
        },
    };
    let yardstick = lpr.share().checked_mul(Fraction::whole(4));
    match (share.checked_mul(days_a_year), yardstick) {
        (Some(by_year), Some(yardstick)) => by_year > yardstick,
        // A rate so high that a year of it cannot be written down is above any yardstick.
        (by_year, _) => by_year.is_none(),
    }
}

fn check_terms(terms: &LateFee) -> Result<(), LateFeeError> {
    let rate = match &terms.rate {
        LateRate::Daily(daily) => daily.rate,
        LateRate::Annual(annual) => annual.rate,
    };
    let limit = match &terms.cap {
        LateCap::None(_) => rate,
        LateCap::Principal(cap) => cap.share,
        LateCap::Lpr(cap) => cap.lpr,
    };
    match [rate, limit].into_iter().find(|rate| rate.points().is_negative()) {
        Some(rate) => Err(LateFeeError::NegativeRate { rate }),
        None => Ok(()),
    }
}

fn check_debt(debt: &DuePrincipal, rule: AmountRule) -> Result<(), LateFeeError> {
    let DuePrincipal { with_tax, without_tax, .. } = *debt;
    if with_tax.currency() != rule.currency() || without_tax.currency() != rule.currency() {
        return Err(MoneyError::Currency.into());
    }
    if without_tax.is_negative() || with_tax.minor() < without_tax.minor() {
        let invoice = debt.invoice.clone();
        return Err(LateFeeError::Principal { invoice, with_tax, without_tax });
    }
    Ok(())
}

fn payments_until<'a>(
    debt: &DuePrincipal,
    payments: &'a [PrincipalPayment],
    as_of: Date,
) -> Result<Vec<&'a PrincipalPayment>, LateFeeError> {
    let mut paid = Money::zero(debt.with_tax.currency());
    let mut found: Vec<&PrincipalPayment> = payments.iter().filter(|p| p.on <= as_of).collect();
    found.sort_by(|a, b| (a.on, &a.evidence).cmp(&(b.on, &b.evidence)));
    for payment in &found {
        if payment.amount.is_negative() {
            let (evidence, amount) = (payment.evidence.clone(), payment.amount);
            return Err(LateFeeError::Payment { evidence, amount });
        }
        paid = paid.checked_add(payment.amount)?;
    }
    if paid.minor() > debt.with_tax.minor() {
        let (invoice, with_tax) = (debt.invoice.clone(), debt.with_tax);
        return Err(LateFeeError::Overpaid { invoice, with_tax, paid });
    }
    Ok(found)
}

/// The first day on which something accrues, and whether it may still move.
fn first_day(terms: &LateFee, calendar: Calendar, due: Date) -> Result<(Date, bool), LateFeeError> {
    let Some(grace) = terms.grace.filter(|grace| grace.count > 0) else {
        let with_due_day = matches!(terms.inclusion, DayInclusion::StartOnly | DayInclusion::Both);
        return Ok((if with_due_day { due } else { due.plus_days(1) }, false));
    };
    let count = i64::from(grace.count);
    let (last, provisional) = match grace.unit {
        DurationUnit::Days => (due.plus_days(count), false),
        DurationUnit::Months => (due.plus_months(count), false),
        DurationUnit::Years => (due.plus_months(12 * count), false),
        DurationUnit::WorkingDays => {
            let found = calendar.plus_working_days(due, grace.count);
            (found.date, found.provisional)
        }
        _ => return Err(LateFeeError::Grace { grace }),
    };
    Ok((last.plus_days(1), provisional))
}

/// The last day of lateness of an amount that was paid on a day; before the due day there is none.
fn last_day(terms: &LateFee, due: Date, paid: Date) -> Option<Date> {
    let with_payment_day = matches!(terms.inclusion, DayInclusion::EndOnly | DayInclusion::Both);
    (paid > due).then(|| if with_payment_day { paid } else { paid.plus_days(-1) })
}

/// The days of lateness up to `as_of`, cut where the principal or the length of the year changes.
fn stretches(
    terms: &LateFee,
    debt: &DuePrincipal,
    payments: &[&PrincipalPayment],
    first: Date,
    as_of: Date,
) -> Vec<(Date, Date)> {
    let Some(last) = last_day(terms, debt.due, as_of).filter(|last| *last >= first) else {
        return Vec::new();
    };
    let mut starts = BTreeSet::from([first]);
    for payment in payments {
        starts.extend(last_day(terms, debt.due, payment.on).map(|day| day.plus_days(1)));
    }
    let by_year = matches!(&terms.rate, LateRate::Annual(rate)
        if rate.day_count == DayCount::ActualActual);
    if by_year {
        let years = first.year()..=last.year();
        starts.extend(years.filter_map(|year| Date::new(year, 1, 1)));
    }
    let starts: Vec<Date> = starts.range(first..=last).copied().collect();
    let ends = starts.iter().skip(1).map(|next| next.plus_days(-1)).chain([last]);
    starts.iter().copied().zip(ends).collect()
}

/// The principal that is late on a day.
fn open_on(
    terms: &LateFee,
    debt: &DuePrincipal,
    payments: &[&PrincipalPayment],
    day: Date,
) -> Result<Money, MoneyError> {
    let gone = |p: &&&PrincipalPayment| last_day(terms, debt.due, p.on).is_none_or(|l| l < day);
    payments.iter().filter(gone).try_fold(debt.with_tax, |open, p| open.checked_sub(p.amount))
}

fn paid_by(payments: &[&PrincipalPayment], day: Date) -> Result<Fraction, MoneyError> {
    let before = payments.iter().filter(|payment| payment.on <= day);
    before.map(|payment| payment.amount.to_fraction()).try_fold(Fraction::ZERO, add)
}

/// How much of a yuan of principal the fee is counted on.
fn base_share(terms: &LateFee, debt: &DuePrincipal) -> Fraction {
    match terms.base {
        LateBase::WithTax => Fraction::whole(1),
        LateBase::WithoutTax => {
            let without = debt.without_tax.to_fraction();
            without.checked_div(debt.with_tax.to_fraction()).unwrap_or(Fraction::whole(1))
        }
    }
}

fn fee_base(
    terms: &LateFee,
    debt: &DuePrincipal,
    principal: Money,
) -> Result<Fraction, MoneyError> {
    mul(principal.to_fraction(), base_share(terms, debt))
}

/// The day count of a cap by the year: that of the rate, or 365 days where the rate is by the day.
const fn cap_day_count(terms: &LateFee) -> DayCount {
    match &terms.rate {
        LateRate::Daily(_) => DayCount::Actual365,
        LateRate::Annual(annual) => annual.day_count,
    }
}

fn count_days(from: Date, to: Date) -> i64 {
    to.days_since(from) + 1
}

fn year_days(day_count: DayCount, year: i16) -> i128 {
    match day_count {
        DayCount::Actual360 => 360,
        DayCount::Actual365 => 365,
        DayCount::ActualActual => 365 + i128::from(Date::new(year, 2, 29).is_some()),
    }
}

/// Days as a share of a year; both days lie in one year where its length matters.
fn years(day_count: DayCount, from: Date, to: Date) -> Fraction {
    Fraction::new(i128::from(count_days(from, to)), year_days(day_count, from.year()))
}

fn row(
    terms: &LateFee,
    debt: &DuePrincipal,
    rule: AmountRule,
    principal: Money,
    from: Date,
    to: Date,
) -> Result<LateFeeRow, MoneyError> {
    let days = count_days(from, to);
    let base = fee_base(terms, debt, principal)?;
    let mut inputs = alloc::vec![
        Input::new("base", base, rule.currency().code()),
        Input::new("days", days, "day"),
    ];
    let (formula, time, rate) = match &terms.rate {
        LateRate::Daily(daily) => {
            inputs.push(Input::new("rate", daily.rate.points(), "percent_per_day"));
            ("base * days * rate", Fraction::whole(i128::from(days)), daily.rate)
        }
        LateRate::Annual(annual) => {
            let year = year_days(annual.day_count, from.year());
            inputs.push(Input::new("rate", annual.rate.points(), "percent_per_year"));
            inputs.push(Input::new("year", year, "day"));
            ("base * days * rate / year", years(annual.day_count, from, to), annual.rate)
        }
    };
    let exact = mul(base, mul(time, rate.share())?)?;
    let working = Working { formula: String::from(formula), inputs, exact, rounding: None };
    let days = u32::try_from(days).map_err(|_| MoneyError::Range)?;
    Ok(LateFeeRow { from, to, days, principal, working })
}

fn total_line(
    terms: &LateFee,
    rule: AmountRule,
    debt: &DuePrincipal,
    payments: &[&PrincipalPayment],
    rows: &[LateFeeRow],
    exact: Fraction,
    cap: Option<Fraction>,
) -> Result<Option<Line>, MoneyError> {
    let owed = cap.map_or(exact, |cap| exact.min(cap));
    if owed.is_zero() {
        return Ok(None);
    }
    let unit = rule.currency().code();
    let named: Vec<String> = (1..=rows.len()).map(|number| format!("row_{number}")).collect();
    let mut inputs: Vec<Input> = Vec::with_capacity(rows.len() + 1);
    for (name, row) in named.iter().zip(rows) {
        inputs.push(Input::new(name, row.working.exact, unit));
    }
    let mut formula = named.join(" + ");
    if let Some(cap) = cap {
        formula = format!("min({formula}, cap)");
        inputs.push(Input::new("cap", cap, unit));
    }
    let mut evidence = debt.evidence.clone();
    evidence.extend(payments.iter().map(|payment| payment.evidence.clone()));
    evidence.sort_unstable();
    evidence.dedup();
    let rule = with_mode(rule, terms.rounding);
    let rated = Rated::new(owed, &formula, inputs);
    let subject = Some(debt.invoice.clone());
    capped_line(rule, LineCode::LateFee, subject, "lease-3.4", rated, cap, evidence).map(Some)
}

#[cfg(test)]
mod tests;
