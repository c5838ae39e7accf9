//! What a trained model earns after delivery: licence fees where the vendor owns it, shares of
//! revenue where both do. Clauses: train-6.1.2, train-6.1.3. Knows reported revenue; knows not
//! whether a report is true, nor when it is owed (that is an obligation).
//!
//! A licence fee falls due whole on the first day of its period; periods run from the first day of
//! the licence, and each lies in exactly one settled window. Lines are above zero where the
//! customer owes, below zero where the vendor does.

use alloc::collections::BTreeMap;
use alloc::collections::btree_map::Entry;
use alloc::vec::Vec;

use contract::terms::{LicencePeriod, SharedOwnership, Side, VendorOwns};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use units::{Date, EvidenceId, Id, Money, MoneyError, Percent, Window, Zone};

use crate::amount::{AmountRule, Rated, mul, sub, total};
use crate::working::{Input, Line, LineCode};

/// The life of a licence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Licence {
    /// The first day, such as that of acceptance.
    pub first: Date,
    /// The last day; open where absent.
    pub last: Option<Date>,
    /// The evidence that it began.
    pub evidence: Vec<EvidenceId>,
}

/// Revenue that a party reported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RevenueReport {
    /// Who reported it.
    pub by: Side,
    /// What it holds already.
    pub amount: Money,
    /// The evidence of the report.
    pub evidence: EvidenceId,
}

/// The split of a period's revenue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RevenueSplit {
    /// The period.
    pub period: Window,
    /// Who has not reported; while anyone is missing, nothing is split.
    pub missing: Vec<Side>,
    /// Reported by the customer, where it did.
    pub customer: Option<Money>,
    /// Reported by the vendor, where it did.
    pub vendor: Option<Money>,
    /// Who owes; absent while a report is missing or where nobody does.
    pub owed_by: Option<Side>,
    /// The line; above zero where the customer owes, below where the vendor does.
    pub line: Option<Line>,
}

/// Why revenue cannot be split, or a licence fee not charged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RevenueError {
    /// A share below 0 % or above 100 %.
    #[error("a revenue share of {share} is not between 0% and 100%")]
    Share {
        /// The share.
        share: Percent,
    },
    /// Two reports with one evidence that are not the same.
    #[error("report {evidence} was given twice with different content")]
    Conflict {
        /// The report.
        evidence: EvidenceId,
    },
    /// Revenue below zero.
    #[error("report {evidence} is over {amount}")]
    NegativeRevenue {
        /// The report.
        evidence: EvidenceId,
        /// The revenue.
        amount: Money,
    },
    /// A licence fee below zero.
    #[error("a licence fee of {fee} is below zero")]
    NegativeFee {
        /// The fee.
        fee: units::Decimal,
    },
    /// An amount is of another currency or out of range.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// A line for each licence period that begins in the window. Clause: train-6.1.2.
///
/// # Errors
/// When the fee is negative or out of range.
pub fn licence_fees(
    terms: &VendorOwns,
    zone: &Zone,
    rule: AmountRule,
    licence: &Licence,
    window: Window,
) -> Result<Vec<Line>, RevenueError> {
    let fee = terms.licence_fee;
    if fee.is_negative() {
        return Err(RevenueError::NegativeFee { fee });
    }
    let step = match terms.period {
        LicencePeriod::Month => 1,
        LicencePeriod::Year => 12,
        LicencePeriod::Once => 0,
    };
    let mut lines = Vec::new();
    let mut charged = None;
    for number in 0_i64.. {
        let begins = licence.first.plus_months(number * step);
        // The same day again: a licence that is paid once, or the end of the calendar.
        let over = charged == Some(begins) || licence.last.is_some_and(|last| begins > last);
        if over || begins.start(zone) >= window.to {
            break;
        }
        if window.contains(begins.start(zone)) {
            let inputs = alloc::vec![Input::new("fee", fee, rule.currency().code())];
            let rated = Rated::new(fee.to_fraction(), "fee", inputs);
            let subject = Some(period_id(begins));
            let (code, evidence) = (LineCode::LicenceFee, licence.evidence.clone());
            lines.push(rule.line(code, subject, "train-6.1.2", rated, evidence)?);
        }
        charged = Some(begins);
    }
    Ok(lines)
}

/// Splits the revenue that both parties reported for a period: each keeps its share of the total,
/// and who holds more than that owes the difference, rounded once. Several reports of one party
/// add up; one that is given twice counts once. Clause: train-6.1.3.
///
/// # Errors
/// When the share is no share, revenue is negative, reports conflict, or an amount is out of
/// range.
pub fn revenue_split(
    terms: &SharedOwnership,
    rule: AmountRule,
    period: Window,
    reports: &[RevenueReport],
) -> Result<RevenueSplit, RevenueError> {
    let points = terms.customer_share.points();
    if points.is_negative() || points > units::Decimal::from(100) {
        return Err(RevenueError::Share { share: terms.customer_share });
    }
    let reports = distinct(reports)?;
    let customer = reported(rule, &reports, Side::Customer)?;
    let vendor = reported(rule, &reports, Side::Vendor)?;
    let (Some(of_customer), Some(of_vendor)) = (customer, vendor) else {
        let sides = [(Side::Customer, customer), (Side::Vendor, vendor)];
        let missing = sides.iter().filter(|side| side.1.is_none()).map(|side| side.0).collect();
        return Ok(RevenueSplit { period, missing, customer, vendor, owed_by: None, line: None });
    };
    let revenue = of_customer.checked_add(of_vendor)?.to_fraction();
    let due = mul(revenue, terms.customer_share.share())?;
    let exact = sub(of_customer.to_fraction(), due)?;
    let unit = rule.currency().code();
    let inputs = alloc::vec![
        Input::new("customer_revenue", of_customer.amount(), unit),
        Input::new("vendor_revenue", of_vendor.amount(), unit),
        Input::new("customer_share", points, "percent"),
    ];
    let formula = "customer_revenue - (customer_revenue + vendor_revenue) * customer_share";
    let evidence = reports.iter().map(|report| report.evidence.clone()).collect();
    let rated = Rated::new(exact, formula, inputs);
    let line = rule.line(LineCode::RevenueShare, None, "train-6.1.3", rated, evidence)?;
    let line = Some(line).filter(|line| !line.amount.is_zero());
    let owed_by = line.as_ref().map(|line| match line.amount.is_negative() {
        true => Side::Vendor,
        false => Side::Customer,
    });
    Ok(RevenueSplit { period, missing: Vec::new(), customer, vendor, owed_by, line })
}

fn period_id(begins: Date) -> Id {
    Id::new(&alloc::format!("licence:{begins}")).expect("a date has digits and dashes only")
}

/// Each report once, in order of its evidence.
fn distinct(reports: &[RevenueReport]) -> Result<Vec<&RevenueReport>, RevenueError> {
    let mut found: BTreeMap<&EvidenceId, &RevenueReport> = BTreeMap::new();
    for report in reports {
        if report.amount.is_negative() {
            let (evidence, amount) = (report.evidence.clone(), report.amount);
            return Err(RevenueError::NegativeRevenue { evidence, amount });
        }
        match found.entry(&report.evidence) {
            Entry::Vacant(place) => {
                place.insert(report);
            }
            Entry::Occupied(have) if *have.get() == report => {}
            Entry::Occupied(_) => {
                return Err(RevenueError::Conflict { evidence: report.evidence.clone() });
            }
        }
    }
    Ok(found.into_values().collect())
}

/// What a party reported in all; `None` where it did not report.
fn reported(
    rule: AmountRule,
    reports: &[&RevenueReport],
    side: Side,
) -> Result<Option<Money>, MoneyError> {
    let mut of_side = reports.iter().filter(|report| report.by == side).peekable();
    if of_side.peek().is_none() {
        return Ok(None);
    }
    total(rule.currency(), of_side.map(|report| report.amount)).map(Some)
}

#[cfg(test)]
mod tests;
